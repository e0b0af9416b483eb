
-- exposure: which areas and households lie under a shape --------------------------
--
-- A flood's extent has thousands of polygons, one of them with 30,000 corners: it
-- is cut into pieces, and each finds its households in the index of places.

SELECT pg_catalog.set_config('search_path', format('pg_catalog, %s, pg_temp', e.extnamespace::regnamespace), true)
FROM pg_extension AS e WHERE e.extname = 'postgis'::name;

CREATE FUNCTION registry.check_min_share(min_share double precision) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	IF coalesce(NOT (check_min_share.min_share > 0 AND check_min_share.min_share <= 1), true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'min_share is above 0 and at most 1',
			HINT = 'It is the share of an area that must be hit for those known by the area alone: 0.5 is half of it.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_min_share(double precision) IS 'refuse a share of an area that is missing, 0 or less, or above 1';

-- A shape as the registry works with it.
CREATE FUNCTION registry.check_shape(shape geometry) RETURNS geometry
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	checked		check_shape.shape%TYPE;
BEGIN
	BEGIN
		-- made valid, a corner that is no number would be left out
		IF registry.st_perimeter(check_shape.shape) < 'Infinity' THEN
			checked := registry.polygons(check_shape.shape);
		ELSIF check_shape.shape IS NOT NULL THEN
			RAISE EXCEPTION USING MESSAGE = 'a corner is not finite';
		END IF;
	EXCEPTION WHEN OTHERS THEN		-- PostGIS has an internal error for wrong input
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('the shape cannot be used: %s', SQLERRM),
			HINT = 'Pass polygons with straight edges and finite coordinates, in an SRID that spatial_ref_sys has.';
	END;
	IF coalesce(registry.st_isempty(checked), true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'the shape holds no polygon',
			HINT = 'Pass polygons: registry.polygons(''{"type": "Polygon", "coordinates": [...]}''::jsonb) reads GeoJSON.';
	END IF;
	IF NOT registry.in_pakistan(checked) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'the shape is not in Pakistan',
			HINT = 'Coordinates are degrees east, from 60 to 78.5, then degrees north, from 23 to 37.5; others need their SRID.';
	END IF;
	RETURN checked;
END;
$$;
COMMENT ON FUNCTION registry.check_shape(geometry) IS
	'a shape as a valid multipolygon in WGS 84; refused where it has no polygon or some part far outside Pakistan, a corner that is not '
	'finite, curves, or an unknown SRID';

CREATE FUNCTION registry.areas_under(shape geometry)
	RETURNS TABLE (area registry.area_code, share double precision, km2 double precision)
	LANGUAGE plpgsql STABLE
	SET jit = off
AS $$
DECLARE
	checked		areas_under.shape%TYPE := registry.check_shape(areas_under.shape);
BEGIN
	RETURN QUERY
	WITH piece AS MATERIALIZED (
		SELECT p.geom FROM registry.st_subdivide(checked, 256) AS p (geom)
	), overlap AS (
		SELECT a.code, sum(CASE WHEN registry.st_covers(a.geom, p.geom) THEN registry.km2(p.geom)
								ELSE registry.km2(registry.polygons(registry.st_intersection(a.geom, p.geom))) END) AS km2
		FROM piece AS p
		JOIN nser.area AS a ON registry.st_intersects(a.geom, p.geom) AND a.valid @> registry.today()
		GROUP BY a.code
	), part AS (
		SELECT o.code, a.geom, o.km2, registry.km2(a.geom) AS whole
		FROM overlap AS o JOIN nser.area AS a ON a.code OPERATOR(registry.=) o.code
	)
	SELECT o.code, s.share, CASE s.share WHEN 1 THEN o.whole ELSE o.km2 END
	FROM part AS o
	CROSS JOIN LATERAL (
		-- edges cut in two bend a little less: all of an area is all of it
		SELECT CASE WHEN o.km2 > 0.99 * o.whole AND registry.st_covers(checked, o.geom) THEN 1
			ELSE least(o.km2 / o.whole, 1) END AS share) AS s
	WHERE o.km2 > 0;
END;
$$;
COMMENT ON FUNCTION registry.areas_under(geometry) IS
	'areas of every level, of those valid today, that lie under a shape: share of the area, 0 to 1, and how much of it, in square kilometres on the '
	'spheroid; none of those whose boundary is not known; refuses a shape without polygons or far outside Pakistan';

CREATE FUNCTION registry.households_at(shape geometry)
	RETURNS TABLE (household_id bigint, area registry.area_code)
	LANGUAGE plpgsql STABLE
	SET jit = off
AS $$
BEGIN
	RETURN QUERY
	WITH piece AS MATERIALIZED (
		SELECT p.geom FROM registry.st_subdivide(registry.check_shape(households_at.shape), 256) AS p (geom)
	)
	-- a place where pieces meet is found by each
	SELECT DISTINCT h.household_id, h.area
	FROM piece AS p
	JOIN nser.household AS h ON registry.st_intersects(p.geom, h.place)
	WHERE h.status = 'registered';
END;
$$;
COMMENT ON FUNCTION registry.households_at(geometry) IS
	'registered households whose place is in a shape or on its border, each once; refuses a shape without polygons or far outside Pakistan';

CREATE FUNCTION registry.households_stated_in(areas registry.area_code[])
	RETURNS TABLE (household_id bigint, area registry.area_code)
	LANGUAGE plpgsql STABLE
	SET jit = off
AS $$
BEGIN
	RETURN QUERY
	WITH given AS MATERIALIZED (
		SELECT DISTINCT g.area FROM unnest(households_stated_in.areas) AS g (area)
	), stated AS MATERIALIZED (
		-- where the parent is given too, its range holds this one's
		SELECT DISTINCT h.area
		FROM given AS x
		JOIN nser.household AS h ON h.area OPERATOR(registry.<@) x.area AND h.place IS NULL
		WHERE NOT EXISTS (SELECT FROM given AS y WHERE y.area OPERATOR(registry.=) registry.parent(x.area))
	)
	SELECT h.household_id, h.area
	FROM stated AS s
	CROSS JOIN LATERAL (
		SELECT a.code
		FROM unnest('{province,district,tehsil,union_council,village}'::registry.area_level[]) AS l (level)
		JOIN nser.area AS a ON a.code OPERATOR(registry.=) registry.ancestor(s.area, l.level) AND a.geom IS NOT NULL
			AND a.valid @> registry.today()
		ORDER BY l.level DESC LIMIT 1) AS known
	JOIN given AS x ON x.area OPERATOR(registry.=) known.code
	JOIN nser.household AS h ON h.area OPERATOR(registry.=) s.area AND h.place IS NULL
	WHERE h.status = 'registered';
END;
$$;
COMMENT ON FUNCTION registry.households_stated_in(registry.area_code[]) IS
	'registered households without a place whose stated area, or the finest above it with a boundary valid today, is one of these';

CREATE FUNCTION registry.households_in(shape geometry, min_share double precision DEFAULT 0.5)
	RETURNS TABLE (household_id bigint, area registry.area_code, found_by text)
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	PERFORM registry.check_min_share(households_in.min_share);
	RETURN QUERY SELECT h.household_id, h.area, 'point' FROM registry.households_at(households_in.shape) AS h;
	RETURN QUERY SELECT h.household_id, h.area, 'area' FROM registry.households_stated_in(ARRAY(
		SELECT u.area FROM registry.areas_under(households_in.shape) AS u WHERE u.share >= households_in.min_share)) AS h;
END;
$$;
COMMENT ON FUNCTION registry.households_in(geometry, double precision) IS
	'registered households under a shape, each once: by point those whose place is in it or on its border; by area those without '
	'a place whose stated area, or the finest above it with a boundary valid today, lies under it by min_share of its square kilometres; '
	'refuses a shape without polygons or far outside Pakistan';

-- Who lives in the areas a declaration names.  Their boundaries decide, asked anew:
-- nser.household_place may be older than they are.  Of one without a boundary those
-- of the areas in it do, and the stated area where no boundary tells.
CREATE FUNCTION registry.households_declared(areas registry.area_code[])
	RETURNS TABLE (household_id bigint, area registry.area_code, found_by text)
	LANGUAGE plpgsql STABLE
	SET jit = off
AS $$
BEGIN
	RETURN QUERY
	WITH declared AS MATERIALIZED (
		-- one that has ended since still lies where it lay
		SELECT g.area, a.geom, a.geom IS NOT NULL AS has_boundary
		FROM (SELECT DISTINCT g.area FROM unnest(households_declared.areas) AS g (area)) AS g
		LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	), boundary AS MATERIALIZED (
		SELECT d.geom FROM declared AS d WHERE d.has_boundary
		UNION ALL
		SELECT a.geom
		FROM declared AS d
		JOIN nser.area AS a ON a.code OPERATOR(registry.<@) d.area AND a.geom IS NOT NULL AND a.valid @> registry.today()
		WHERE NOT d.has_boundary
	), inside AS MATERIALIZED (
		SELECT DISTINCT h.household_id, h.area
		FROM boundary AS b
		JOIN nser.household AS h ON registry.st_intersects(b.geom, h.place)
		WHERE h.status = 'registered'
	), stated AS (
		SELECT h.household_id, h.area
		FROM declared AS d
		JOIN nser.household AS h ON h.area OPERATOR(registry.<@) d.area AND h.place IS NULL
		WHERE h.status = 'registered'
		UNION
		-- off the coast or in a gap; of one without a boundary, in no area but those above it
		SELECT h.household_id, h.area
		FROM declared AS d
		JOIN nser.household AS h ON h.area OPERATOR(registry.<@) d.area AND h.place IS NOT NULL
		WHERE h.status = 'registered'
		AND NOT EXISTS (SELECT FROM inside AS i WHERE i.household_id = h.household_id)
		AND NOT EXISTS (SELECT FROM nser.area AS a
						WHERE registry.st_intersects(a.geom, h.place) AND a.valid @> registry.today()
						AND (d.has_boundary OR NOT a.code OPERATOR(registry.@>) d.area))
	)
	SELECT i.household_id, i.area, 'point' FROM inside AS i
	UNION ALL
	SELECT s.household_id, s.area, 'area' FROM stated AS s;
END;
$$;
COMMENT ON FUNCTION registry.households_declared(registry.area_code[]) IS
	'registered households that live in these areas, each once: by point where the area''s boundary, or where it has none that of an area '
	'in it, holds the place; by area those who state it and have no place, or one of which no boundary tells whether it lies there: in '
	'no known area at all or, of an area without a boundary, in none but those above it';

SET LOCAL search_path = pg_catalog, pg_temp;
