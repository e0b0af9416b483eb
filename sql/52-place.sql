
-- place: in which area a point lies, and where each household's does -----------
--
-- An area holds its boundary too.  What was surveyed goes before what is approximate,
-- however coarse: a drawn tehsil may lie in the wrong district.  Of several of one
-- level, on a shared border or where boundaries overlap, the lowest code is taken:
-- the same point is always in the same area.  registry.area_at() answers for one point, registry.fill_places()
-- the same for the nation, polygon by polygon over the index of points.

SELECT pg_catalog.set_config('search_path', format('pg_catalog, %s, pg_temp', e.extnamespace::regnamespace), true)
FROM pg_extension AS e WHERE e.extname = 'postgis'::name;

CREATE FUNCTION registry.point_of(place geometry) RETURNS geometry
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	IF registry.st_geometrytype(point_of.place) <> 'ST_Point' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('a place is a point, not %s', substr(registry.st_geometrytype(point_of.place), 4)),
			HINT = 'registry.place(67.78, 26.73) is a place by degrees east and north.';
	ELSIF registry.st_isempty(point_of.place) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'the point is empty',
			HINT = 'A place that is not known is NULL; registry.place(67.78, 26.73) is one that is.';
	ELSIF registry.st_srid(point_of.place) = 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'the point does not say in what coordinates it is given',
			HINT = 'Write registry.place(67.78, 26.73), or ST_SetSRID(place, 4326).';
	ELSIF registry.st_srid(point_of.place) = 4326 THEN
		RETURN registry.st_force2d(point_of.place);
	END IF;
	RETURN registry.st_force2d(registry.st_transform(point_of.place, 4326));
END;
$$;
COMMENT ON FUNCTION registry.point_of(geometry) IS
	'a place in WGS 84, transformed where it is given otherwise, without height; NULL of NULL; refuses what is no point, is empty, or has no SRID';

CREATE FUNCTION registry.area_at(place geometry, finest registry.area_level DEFAULT 'village') RETURNS registry.area_code
	LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
DECLARE
	point	CONSTANT nser.household.place%TYPE := registry.point_of(area_at.place);
BEGIN
	IF coalesce(area_at.finest = 'division', true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = CASE WHEN area_at.finest IS NULL THEN 'area_at needs a level' ELSE 'a division has no code' END,
			HINT = 'Ask for the district; column division of nser.area names the division it is in.';
	END IF;
	-- one after the other, surveyed and finest first, until one holds it
	RETURN (SELECT c.code
			FROM (SELECT a.code, a.geom
				  FROM nser.area AS a
				  WHERE registry.boxes_meet(a.geom, point) AND a.level <= area_at.finest
				  AND a.valid @> registry.today()
				  ORDER BY a.is_approximate, a.level DESC, a.code
				  OFFSET 0) AS c
			WHERE registry.st_intersects(c.geom, point)
			LIMIT 1);
END;
$$;
COMMENT ON FUNCTION registry.area_at(geometry, registry.area_level) IS
	'the area in which a place lies: of the areas of nser.area valid today, at most as fine as finest, the finest whose surveyed boundary '
	'holds it, boundary included, and where none does the finest approximate one; of several of one level the lowest code; NULL where none '
	'holds it; refuses what is no point, is empty, has no SRID, and finest = division or NULL; other coordinates are transformed';

SET LOCAL search_path = pg_catalog, pg_temp;

-- The finest surveyed boundary at or above the stated area, or else the finest, is
-- where most are.  A place in it is final where no rival holds it too: what area_at()
-- would ask before.  One pass over the households in their order, whatever that is:
-- to sort them by area first, so that polygons stay prepared, costs more than it saves.
CREATE FUNCTION registry.place_as_stated(target regclass, within registry.area_code, on_date date) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	found_here	bigint;
BEGIN
	EXECUTE format('
		WITH stated AS MATERIALIZED (
			SELECT s.area, f.code, f.level, f.is_approximate, f.geom
			FROM (SELECT DISTINCT h.area FROM nser.household AS h WHERE h.area OPERATOR(registry.<@) $1) AS s
			CROSS JOIN LATERAL (
				SELECT a.code, a.level, a.is_approximate, a.geom
				FROM nser.area AS a
				WHERE a.code OPERATOR(registry.=) ANY (registry.lineage(s.area))
				AND a.geom IS NOT NULL AND a.valid @> $2
				ORDER BY a.is_approximate, a.level DESC
				LIMIT 1) AS f
		), rival AS MATERIALIZED (
			SELECT s.code AS of, a.geom, b.of[1] AS west, b.of[2] AS south, b.of[3] AS east, b.of[4] AS north
			FROM (SELECT DISTINCT ON (t.code) t.code, t.level, t.is_approximate, t.geom FROM stated AS t ORDER BY t.code) AS s
			JOIN nser.area AS a ON registry.boxes_meet(a.geom, s.geom) AND a.valid @> $2
				AND (a.is_approximate < s.is_approximate OR a.is_approximate = s.is_approximate
					 AND (a.level > s.level OR a.level = s.level AND a.code OPERATOR(registry.<) s.code))
			CROSS JOIN LATERAL (SELECT registry.bounds(a.geom)) AS b (of)
		), usable AS MATERIALIZED (
			SELECT s.area, s.code, s.geom
			FROM stated AS s
			LEFT JOIN (SELECT r.of, count(*) AS rivals FROM rival AS r GROUP BY r.of) AS r ON r.of OPERATOR(registry.=) s.code
			-- of a whole province there are too many to ask
			WHERE coalesce(r.rivals, 0) <= 64
		)
		INSERT INTO %s (household_id, area, place_area)
		SELECT h.household_id, h.area, h.code
		FROM (SELECT x.household_id, x.area, x.place, registry.st_x(x.place) AS lon, registry.st_y(x.place) AS lat, s.code, s.geom
			  FROM nser.household AS x
			  -- DISTINCT tells the planner that it is small and unique: it is what is hashed
			  JOIN (SELECT DISTINCT ON (u.area) u.area, u.code, u.geom FROM usable AS u ORDER BY u.area) AS s
				ON s.area OPERATOR(registry.=) x.area
			  WHERE x.place IS NOT NULL AND x.area OPERATOR(registry.<@) $1
			  OFFSET 0) AS h
		WHERE registry.st_intersects(h.geom, h.place)
		AND NOT EXISTS (SELECT FROM rival AS r
						WHERE r.of OPERATOR(registry.=) h.code
						AND h.lon BETWEEN r.west AND r.east AND h.lat BETWEEN r.south AND r.north
						AND registry.st_intersects(r.geom, h.place))', place_as_stated.target)
	USING place_as_stated.within, place_as_stated.on_date;
	GET DIAGNOSTICS found_here = ROW_COUNT;
	RETURN found_here;
END;
$$;
COMMENT ON FUNCTION registry.place_as_stated(regclass, registry.area_code, date) IS
	'work of registry.fill_places(): places into target the households that are where they say; returns how many';

-- Polygon by polygon over the index of points.
CREATE FUNCTION registry.place_level(target regclass, points regclass, level registry.area_level, is_approximate boolean, on_date date)
	RETURNS bigint
	LANGUAGE plpgsql
	SET enable_seqscan = off
AS $$
DECLARE
	found_here	bigint;
BEGIN
	EXECUTE format('
		INSERT INTO %s (household_id, area, place_area)
		SELECT DISTINCT ON (h.household_id) h.household_id, h.area, a.code
		FROM nser.area AS a
		CROSS JOIN LATERAL (SELECT p.household_id, p.area FROM %s AS p
							WHERE registry.st_intersects(a.geom, p.place) OFFSET 0) AS h
		WHERE a.level = $1 AND a.is_approximate = $2 AND a.valid @> $3
		ORDER BY h.household_id, a.code', place_level.target, place_level.points)
	USING place_level.level, place_level.is_approximate, place_level.on_date;
	GET DIAGNOSTICS found_here = ROW_COUNT;
	RETURN found_here;
END;
$$;
COMMENT ON FUNCTION registry.place_level(regclass, regclass, registry.area_level, boolean, date) IS
	'work of registry.fill_places(): places into target those of points that lie in an area of a level, surveyed or approximate; returns how many';

-- Points that are not placed yet, with an index of their own.
CREATE FUNCTION registry.places_left(target regclass, points regclass, within registry.area_code) RETURNS regclass
	LANGUAGE plpgsql
	SET enable_nestloop = off
AS $$
DECLARE
	name	CONSTANT text := CASE WHEN places_left.points::text LIKE '%registry_points_a' THEN 'registry_points_b' ELSE 'registry_points_a' END;
BEGIN
	EXECUTE format('
		CREATE TEMP TABLE %I ON COMMIT DROP AS
		SELECT p.household_id, p.area, p.place FROM %s AS p
		WHERE p.place IS NOT NULL AND p.area OPERATOR(registry.<@) %L
		AND NOT EXISTS (SELECT FROM %s AS t WHERE t.household_id = p.household_id)',
		name, places_left.points, places_left.within, places_left.target);
	EXECUTE format('CREATE INDEX ON pg_temp.%I USING gist (place)', name);
	IF places_left.points <> 'nser.household'::regclass THEN
		EXECUTE format('DROP TABLE %s', places_left.points);
	END IF;
	RETURN 'pg_temp.' || name;
END;
$$;
COMMENT ON FUNCTION registry.places_left(regclass, regclass, registry.area_code) IS
	'work of registry.fill_places(): a temporary table, with an index, of the points that target does not have; drops the one before';

-- Those who are where they say, then level by level from the finest, surveyed ones
-- before approximate: what is placed, the next does not look at.  The first time rows
-- go straight into the table, whose indexes are made after.
-- Locks are taken in the order in which others need them: who loads boundaries then
-- recodes, who records a survey or moves a household then places and flags it.
CREATE FUNCTION registry.fill_places(within registry.area_code DEFAULT 'PK', OUT places bigint, OUT placed bigint,
									 OUT outside bigint, OUT written bigint, OUT disagreeing bigint)
	LANGUAGE plpgsql
	SET work_mem = '256MB'
	SET maintenance_work_mem = '256MB'
	SET jit = off
AS $$
DECLARE
	today		CONSTANT date := registry.today();
	target		regclass := 'nser.household_place';
	points		regclass := 'nser.household';
	nation		CONSTANT boolean := coalesce(fill_places.within OPERATOR(registry.=) 'PK', false);
	looked_at	bigint := CASE WHEN nation THEN 0 ELSE -1 END;		-- how many were placed when points was made
	first_time	boolean;
	of_level	registry.area_level;
	approximate	boolean;
	gone		bigint;
BEGIN
	IF fill_places.within IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'fill_places needs an area',
			HINT = 'SELECT * FROM registry.fill_places(''PK617''); PK, the default, is the nation.';
	END IF;
	LOCK TABLE nser.area IN SHARE MODE;
	LOCK TABLE nser.household IN EXCLUSIVE MODE;
	first_time := nation AND NOT EXISTS (SELECT FROM nser.household_place)
		AND (SELECT pg_has_role(c.relowner, 'USAGE') FROM pg_class AS c WHERE c.oid = target);
	IF first_time THEN
		BEGIN
			-- who reads it now may wait for us later: then as any other time
			LOCK TABLE nser.household_place IN ACCESS EXCLUSIVE MODE NOWAIT;
			first_time := NOT EXISTS (SELECT FROM nser.household_place);
		EXCEPTION WHEN lock_not_available THEN
			first_time := false;
		END;
	END IF;
	IF first_time THEN
		ALTER TABLE nser.household_place DROP CONSTRAINT household_place_pkey;
		DROP INDEX IF EXISTS nser.household_place_found;
	ELSE
		LOCK TABLE nser.household_place IN SHARE ROW EXCLUSIVE MODE;
		CREATE TEMP TABLE registry_placed (household_id bigint, area registry.area_code, place_area registry.area_code) ON COMMIT DROP;
		target := to_regclass('pg_temp.registry_placed');
	END IF;

	-- nobody changes them meanwhile: when as many are placed, none is left
	SELECT count(h.place) INTO places FROM nser.household AS h WHERE h.area OPERATOR(registry.<@) fill_places.within;
	-- where the table is in the order of areas, polygon by polygon is cheaper
	placed := 0;
	IF NOT nation OR coalesce((SELECT abs(s.correlation) < 0.9 FROM pg_stats AS s
							   WHERE s.schemaname = 'nser' AND s.tablename = 'household' AND s.attname = 'area'), true) THEN
		placed := registry.place_as_stated(target, fill_places.within, today);
	END IF;
	FOR of_level, approximate IN
		SELECT a.level, a.is_approximate FROM nser.area AS a
		WHERE a.geom IS NOT NULL AND a.valid @> today
		GROUP BY a.level, a.is_approximate
		ORDER BY a.is_approximate, a.level DESC
	LOOP
		EXIT WHEN placed = places;
		IF placed > looked_at THEN
			points := registry.places_left(target, points, fill_places.within);
			looked_at := placed;
		END IF;
		placed := placed + registry.place_level(target, points, of_level, approximate, today);
	END LOOP;
	outside := 0;
	IF placed <> places THEN
		IF placed > looked_at THEN
			points := registry.places_left(target, points, fill_places.within);
		END IF;
		EXECUTE format('INSERT INTO %s (household_id, area) SELECT p.household_id, p.area FROM %s AS p WHERE p.place IS NOT NULL', target, points);
		GET DIAGNOSTICS outside = ROW_COUNT;
	END IF;
	places := placed + outside;
	IF points <> 'nser.household'::regclass THEN
		EXECUTE format('DROP TABLE %s', points);
	END IF;

	IF first_time THEN
		ALTER TABLE nser.household_place ADD CONSTRAINT household_place_pkey PRIMARY KEY (household_id);
		CREATE INDEX household_place_found ON nser.household_place (place_area);
		ANALYZE nser.household_place;
		written := places;
	ELSE
		EXECUTE format('
			INSERT INTO nser.household_place (household_id, area, place_area)
			SELECT n.household_id, n.area, n.place_area
			FROM %s AS n
			LEFT JOIN nser.household_place AS p ON p.household_id = n.household_id
			WHERE p.household_id IS NULL OR p.area OPERATOR(registry.<>) n.area
			OR NOT coalesce(p.place_area OPERATOR(registry.=) n.place_area, p.place_area IS NULL AND n.place_area IS NULL)
			ORDER BY n.household_id
			ON CONFLICT ON CONSTRAINT household_place_pkey DO UPDATE SET area = EXCLUDED.area, place_area = EXCLUDED.place_area', target);
		GET DIAGNOSTICS written = ROW_COUNT;
		EXECUTE format('DROP TABLE %s', target);
		IF nation THEN
			DELETE FROM nser.household_place AS p
			WHERE NOT EXISTS (SELECT FROM nser.household AS h WHERE h.household_id = p.household_id AND h.place IS NOT NULL);
		ELSE
			-- by the key, since area has no index here; of households that are no more, the nation's
			DELETE FROM nser.household_place AS p
			WHERE p.household_id = ANY (ARRAY(SELECT h.household_id FROM nser.household AS h
											  WHERE h.area OPERATOR(registry.<@) fill_places.within AND h.place IS NULL));
		END IF;
		GET DIAGNOSTICS gone = ROW_COUNT;
		written := written + gone;
	END IF;
	disagreeing := registry.flag_places(fill_places.within);
END;
$$;
COMMENT ON FUNCTION registry.fill_places(registry.area_code) IS
	'place every household of an area that has a point, as registry.area_at() would, into nser.household_place; writes only what is new or '
	'changed; counts households with a place, those in some area, those outside all, rows written or deleted, and surveys flagged '
	'because their place disagrees with their area or centre: registry.flag_places(); who writes of households or areas meanwhile waits';
