
-- composition: what a roster counts to ----------------------------------------

CREATE FUNCTION registry.composition(registry.roster,
		OUT members integer, OUT dependants integer, OUT children_0_13 integer, OUT children_5_16 integer,
		OUT children_5_16_at_school integer, OUT children_5_13 integer, OUT children_5_13_at_school integer,
		OUT children_4_18 integer, OUT children_4_18_out_of_school integer, OUT head_sex text, OUT head_age integer,
		OUT head_class integer, OUT female_head_or_spouse_class integer, OUT has_female_head_or_spouse boolean,
		OUT ever_married_women integer, OUT elementary_workers integer, OUT workers integer,
		OUT disabled_members integer, OUT chronically_ill_members integer, OUT widows integer, OUT elderly integer,
		OUT transgender_members integer, OUT head_ever_attended boolean) RETURNS record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roster_composition';
COMMENT ON FUNCTION registry.composition(registry.roster) IS
	'counts of a roster, named as in the codebook; NULL where a fact that a count needs is unknown for any member';

CREATE FUNCTION registry.complete(registry.indicators, registry.roster, land registry.land_area DEFAULT NULL)
	RETURNS registry.indicators
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'indicators_complete';
COMMENT ON FUNCTION registry.complete(registry.indicators, registry.roster, registry.land_area) IS
	'the answers with what follows from them: structure from wall and roof, the counts of the roster, kanals of the land; '
	'where roster or land is NULL, what the answers say of it stands';

-- Added up over many rosters.

CREATE FUNCTION registry.composition_tally_add(bigint[], registry.roster) RETURNS bigint[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.composition_tally_add(bigint[], registry.roster) IS 'aggregate transition function';

CREATE FUNCTION registry.composition_tally_combine(bigint[], bigint[]) RETURNS bigint[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.composition_tally_combine(bigint[], bigint[]) IS 'aggregate combine function';

CREATE FUNCTION registry.composition_tally_final(bigint[]) RETURNS bigint[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.composition_tally_final(bigint[]) IS 'aggregate final function';

CREATE AGGREGATE registry.composition_tally(registry.roster) (
	SFUNC = registry.composition_tally_add,
	STYPE = bigint[],
	COMBINEFUNC = registry.composition_tally_combine,
	FINALFUNC = registry.composition_tally_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE registry.composition_tally(registry.roster) IS
	'counts of many rosters, added up, for registry.composition_totals()';

CREATE FUNCTION registry.composition_totals(bigint[], OUT name text, OUT total bigint, OUT unknown_households bigint)
	RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20 AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.composition_totals(bigint[]) IS
	'what registry.composition_tally() counted, a row a count of the codebook: the sum over households where it is known, '
	'and how many households there are where it is not';
