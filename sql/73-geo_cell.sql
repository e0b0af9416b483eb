
-- geo_cell: coarse cells for geo-tagged records --------------------------------------
--
-- A quarter of a degree each way, some 25 km, cut by the border of the tehsil: what
-- is stated of the cell is in its code, so that nobody can cut it anew and compare.

CREATE FUNCTION registry.geo_cell(tehsil registry.area_code, lon double precision, lat double precision) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN CASE WHEN registry.level(tehsil) = 'tehsil' THEN format('%s-%sE%sN', tehsil, floor(lon * 4)::integer, floor(lat * 4)::integer) END;
COMMENT ON FUNCTION registry.geo_cell(registry.area_code, double precision, double precision) IS
	'the cell of a place in a tehsil, by degrees east and north: the tehsil and the quarter degrees east and north that begin it, such as '
	'PK60901-288E121N from 72 E 30.25 N; NULL where the area is no tehsil';

CREATE FUNCTION registry.geo_cells(within registry.area_code, at_least integer)
	RETURNS TABLE (household_id bigint, cell text)
	LANGUAGE plpgsql STABLE
	SET jit = off
AS $$
BEGIN
	IF geo_cells.within IS NULL OR NOT coalesce(geo_cells.at_least > 0, false) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'cells are asked for in an area, and of so many households at least',
			HINT = 'Write registry.geo_cells(''PK6'', 5).';
	END IF;
	RETURN QUERY
	SELECT c.household_id, c.cell
	FROM (SELECT p.household_id, p.cell, count(*) OVER (PARTITION BY p.cell) AS households
		  FROM (SELECT h.household_id, registry.geo_cell(registry.ancestor(h.area, 'tehsil'), registry.st_x(h.place), registry.st_y(h.place)) AS cell
				FROM nser.household AS h
				JOIN nser.household_place AS f ON f.household_id = h.household_id
				WHERE h.status = 'registered' AND h.place IS NOT NULL
				-- all of the tehsil counts, however little of it was asked for
				AND h.area OPERATOR(registry.<@) coalesce(registry.ancestor(geo_cells.within, 'tehsil'), geo_cells.within)
				-- a place elsewhere than is stated would make a cell of its own
				AND registry.ancestor(f.place_area, 'tehsil') OPERATOR(registry.=) registry.ancestor(h.area, 'tehsil')) AS p
		  WHERE p.cell IS NOT NULL) AS c
	WHERE c.households >= geo_cells.at_least;
END;
$$;
COMMENT ON FUNCTION registry.geo_cells(registry.area_code, integer) IS
	'registered households of an area whose place lies in the tehsil they state, and its cell; left out are cells with fewer households in the '
	'whole registry, whatever a release would show of them; places are found by registry.fill_places()';
