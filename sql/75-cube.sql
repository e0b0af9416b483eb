
-- cube: counts by areas and attributes, and which of them are hidden ------------------
--
-- What a cube is, and how its hidden counts are proved safe, is said in src/cube.h.
-- An attacker is taken to know every cell that is shown, that none is below 0, the
-- threshold, and what he himself adds to a cell: which raises its lower bound to 1 and
-- leaves the upper one.  So with a width of the threshold, no hidden cell can be told
-- from one that would have been shown.

CREATE FUNCTION registry.protect_cube(parents integer[], sizes integer[], nodes integer[], base_values integer[], counts integer[],
									  tables integer[], levels integer[], node_levels integer[], seen_cells integer[], seen_hidden boolean[],
									  threshold integer, width integer, may_hide boolean, all_bounds boolean, within_ms integer,
									  household_dims integer DEFAULT -1, household_nodes integer[] DEFAULT '{}',
									  household_values integer[] DEFAULT '{}', households integer[] DEFAULT '{}', limits integer DEFAULT 0,
									  OUT cell integer, OUT node integer, OUT "values" integer[], OUT count bigint, OUT hidden boolean,
									  OUT low bigint, OUT high bigint, OUT exact boolean)
	RETURNS SETOF record
	LANGUAGE C STABLE STRICT PARALLEL SAFE ROWS 10000 COST 1000000 AS 'MODULE_PATHNAME', 'registry_protect_cube';
COMMENT ON FUNCTION registry.protect_cube(integer[], integer[], integer[], integer[], integer[], integer[], integer[], integer[], integer[], boolean[],
										  integer, integer, boolean, boolean, integer, integer, integer[], integer[], integer[], integer) IS
	'hide cells of a cube until what is hidden cannot be told closer than by width: parents of areas in the order of a tree (-1 the first), '
	'numbers of values of each attribute, base cells (leaf, values from 0, count), tables (a bit an attribute) down to levels, cells others saw; '
	'gives what is tabulated (value -1: all), low and high being reached by whole tables, exact where nothing is beyond; may_hide false attacks what was '
	'seen, and gives as hidden what others tell of, too; all_bounds solves for every hidden cell, not narrow ones alone; within_ms bounds the search, RG031 where may_hide and it was '
	'not enough; of persons households that hold them, of which there must be a threshold, too: attributes one household has one value of as '
	'bits (-1: none are told), and leaf, values (-1 of others: all) and how many; limits as bits: attributes that say whom a table is of, of which an attacker knows what any number of '
	'them exclude, where of others he knows pairs';
