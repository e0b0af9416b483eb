
-- family: who of a household is one --------------------------------------------
--
-- docs/family.md states the rules.

CREATE FUNCTION registry.families(registry.roster, min_age integer DEFAULT 18,
		OUT family_no integer, OUT kind registry.family_kind, OUT woman_line integer, OUT husband_line integer,
		OUT child_lines integer[], OUT evidence text[], OUT member_lines integer[], OUT counts boolean)
	RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 2 AS 'MODULE_PATHNAME', 'roster_families';
COMMENT ON FUNCTION registry.families(registry.roster, integer) IS
	'families of a roster, one for each ever-married woman, and last the members of none; counts is false where she is '
	'younger than min_age years; evidence says how each of child_lines was placed, then how the husband was found';

CREATE TYPE registry.family_totals AS (
	households					bigint,
	members						bigint,
	families					bigint,
	couples						bigint,
	couples_with_children		bigint,
	divorced_or_separated_women	bigint,
	widows						bigint,
	wives_under_age				bigint,
	wives_of_unknown_age		bigint,
	in_no_family				bigint,
	households_of_several		bigint
);
COMMENT ON TYPE registry.family_totals IS
	'families that count for payment, of each kind; women whose families do not or may not; members of no family; '
	'households of more than one family';

CREATE FUNCTION registry.family_tally_add(bigint[], registry.roster, min_age integer) RETURNS bigint[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.family_tally_add(bigint[], registry.roster, integer) IS 'aggregate transition function';

CREATE FUNCTION registry.family_tally_combine(bigint[], bigint[]) RETURNS bigint[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.family_tally_combine(bigint[], bigint[]) IS 'aggregate combine function';

CREATE FUNCTION registry.family_tally_final(bigint[]) RETURNS registry.family_totals
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.family_tally_final(bigint[]) IS 'aggregate final function';

CREATE AGGREGATE registry.family_tally(registry.roster, min_age integer) (
	SFUNC = registry.family_tally_add,
	STYPE = bigint[],
	COMBINEFUNC = registry.family_tally_combine,
	FINALFUNC = registry.family_tally_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE registry.family_tally(registry.roster, integer) IS
	'families of many rosters, counted: SELECT (registry.family_tally(roster, 18)).* FROM nser.survey; what is NULL is not counted';
