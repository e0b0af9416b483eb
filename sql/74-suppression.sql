
-- suppression: which cells of a table to hide, and what an attacker can still tell ----
--
-- Of a table by two attributes whose margins are public.  Of cubes over areas: 75-cube.

CREATE FUNCTION registry.suppress_table(counts bigint[], threshold integer, min_interval integer) RETURNS boolean[]
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'registry_suppress_table';
COMMENT ON FUNCTION registry.suppress_table(bigint[], integer, integer) IS
	'which cells of a table without its margins to hide, these being public: counts below threshold, 0 too, those whose complement in row or '
	'column is, and as many more as it takes that no hidden count can be told closer than by min_interval; RG025 where the margins leave no way';

CREATE FUNCTION registry.attack_table(counts bigint[], hidden boolean[], OUT "row" integer, OUT col integer, OUT low bigint, OUT high bigint)
	RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100 COST 10000 AS 'MODULE_PATHNAME', 'registry_attack_table';
COMMENT ON FUNCTION registry.attack_table(bigint[], boolean[]) IS
	'the least and greatest count that each hidden cell can have, from 1, for who knows the margins, the other cells, and that none is below 0: '
	'exact, each being reached by a table of whole counts';
