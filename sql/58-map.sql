-- maps: vector tiles and GeoJSON, for staff -----------------------------------------
--
-- Every layer is a view of schema nser, which QGIS reads too.  Nothing here is for
-- outside: the cells of small areas tell of people.

SELECT pg_catalog.set_config('search_path', format('pg_catalog, %s, pg_temp', e.extnamespace::regnamespace), true)
FROM pg_extension AS e WHERE e.extname = 'postgis'::name;

CREATE FUNCTION registry.tile_envelope(z integer, x integer, y integer, margin double precision) RETURNS geometry
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN st_tileenvelope(z, x, y, 'SRID=3857;LINESTRING(-20037508.342789244 -20037508.342789244,20037508.342789244 20037508.342789244)'::geometry, margin);
COMMENT ON FUNCTION registry.tile_envelope(integer, integer, integer, double precision) IS
	'the square of a web map''s tile in Web Mercator: zoom, column from the west, row from the north; larger by a share of its side';

CREATE FUNCTION registry.tile_box(z integer, x integer, y integer) RETURNS geometry
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN st_transform(registry.tile_envelope(z, x, y, 0.015625::double precision), 4326);
COMMENT ON FUNCTION registry.tile_box(integer, integer, integer) IS
	'what a web map''s tile shows and the margin it draws around it, WGS 84';

-- Every corner of a border moves to the same place in both areas that share it, so
-- that they still meet; a line simplified by its shape would part from its neighbour.
CREATE FUNCTION registry.tile_shape(shape geometry, step double precision, z integer, x integer, y integer) RETURNS geometry
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN st_asmvtgeom(st_transform(st_snaptogrid(shape, 0::double precision, 0::double precision, step, step), 3857),
		box2d(registry.tile_envelope(z, x, y, 0::double precision)), 4096, 64, true);
COMMENT ON FUNCTION registry.tile_shape(geometry, double precision, integer, integer, integer) IS
	'a shape in WGS 84 as a tile draws it, its corners first moved to a grid of so many degrees (0: not); NULL where nothing is left';

CREATE FUNCTION registry.geojson(shape geometry) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_asgeojson(shape, 5, 0)::jsonb;
COMMENT ON FUNCTION registry.geojson(geometry) IS 'a shape as GeoJSON, with five digits of degrees: a metre';

SET LOCAL search_path = pg_catalog, pg_temp;

CREATE FUNCTION registry.map_layers(OUT layer text, OUT relation name, OUT shape text, OUT key name, OUT properties name[]) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 8
BEGIN ATOMIC
	VALUES ('area'::text, 'map_area'::name, 'area'::text, 'code'::name,
			'{code,level,name,division,is_approximate,km2}'::name[]),
		('coverage', 'map_coverage', 'area', 'code',
			'{code,level,name,is_approximate,as_of,counted_on,census_households,registered,gap,coverage_pct}'),
		('indicator', 'map_indicator', 'area', 'code',
			'{code,level,name,is_approximate,as_of,households,people,families,formula,scored,mean_score,figures}'),
		('distance', 'map_distance', 'area', 'code',
			'{code,level,name,is_approximate,as_of,households,with_place,mean_km,median_km,p90_km,farthest_km,beyond_5_km,beyond_10_km,beyond_20_km}'),
		('shock', 'map_shock', 'area', 'key',
			'{key,shock_id,shock,kind,began,ended,code,level,name,is_approximate,is_declared,share,km2}'),
		('centre', 'map_centre', 'point', 'centre_id', '{centre_id,name,kind,code,opens,closes,last_day}'),
		('hazard', 'map_hazard', 'zone', 'zone_id', '{zone_id,kind,level,name,source,prepared_at}'),
		('household', 'map_household', 'home', 'household_id', '{household_id,code,found_code}');
END;
COMMENT ON FUNCTION registry.map_layers() IS
	'the layers of registry.map_tile() and map_geojson(): their view in schema nser, its key, and what they tell of each shape';

CREATE FUNCTION registry.map_layer(layer text, OUT relation name, OUT shape text, OUT key name, OUT properties name[])
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	SELECT l.relation, l.shape, l.key, l.properties INTO relation, shape, key, properties
	FROM registry.map_layers() AS l WHERE l.layer = map_layer.layer;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('there is no layer "%s"', coalesce(map_layer.layer, 'NULL')),
			HINT = format('Layers are %s.', (SELECT string_agg(l.layer, ', ') FROM registry.map_layers() AS l));
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.map_layer(text) IS 'a layer by name; an error that lists them where there is none';

CREATE FUNCTION registry.map_tile(layer text, z integer, x integer, y integer) RETURNS bytea
	LANGUAGE plpgsql STABLE
	SET jit = off
AS $$
DECLARE
	today	date := registry.today();
	drawn	record;
	level	registry.area_level;
	pixel	double precision;
	source	text;
	tile	bytea;
BEGIN
	SELECT * INTO drawn FROM registry.map_layer(map_tile.layer) AS l;
	IF NOT coalesce(z BETWEEN 0 AND 22 AND x BETWEEN 0 AND (1 << z) - 1 AND y BETWEEN 0 AND (1 << z) - 1, false) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('there is no tile %s/%s/%s', coalesce(z::text, 'NULL'), coalesce(x::text, 'NULL'), coalesce(y::text, 'NULL')),
			HINT = 'Zoom is 0 to 22, column and row 0 to 2^zoom - 1: registry.map_tile(''coverage'', 7, 90, 52) shows Lahore.';
	END IF;
	level := CASE WHEN z <= 5 THEN 'province' WHEN z <= 8 THEN 'district' WHEN z <= 10 THEN 'tehsil' ELSE 'union_council' END::registry.area_level;
	pixel := 360::double precision / 256 / (1 << z);

	IF drawn.shape = 'home' AND z < 12 THEN
		RETURN '\x'::bytea;
	ELSIF drawn.shape = 'home' AND z < 14 THEN
		-- as many as live within four pixels, in one point; of a lone house, nothing
		source := $sql$
			SELECT g.households, registry.tile_shape(registry.place((g.lon + 0.5) * $4 * 4, (g.lat + 0.5) * $4 * 4), 0, $1, $2, $3) AS geom
			FROM (SELECT count(*) AS households, floor(registry.st_x(v.geom) / ($4 * 4)) AS lon, floor(registry.st_y(v.geom) / ($4 * 4)) AS lat
				  FROM nser.%2$I AS v
				  WHERE registry.boxes_meet(v.geom, registry.tile_box($1, $2, $3))
				  GROUP BY 2, 3
				  HAVING count(*) >= 5) AS g$sql$;
	ELSIF drawn.shape = 'area' THEN
		-- of the level, and where it is not known, the finest that is
		source := $sql$
			SELECT %3$s, registry.tile_shape(v.geom, $4 / 2, $1, $2, $3) AS geom
			FROM nser.%2$I AS v
			WHERE v.area OPERATOR(registry.=) ANY (ARRAY(
				SELECT a.code FROM nser.area AS a
				WHERE registry.boxes_meet(a.geom, registry.tile_box($1, $2, $3)) AND a.level <= $5 AND a.valid @> $6
				AND (a.level = $5 OR NOT EXISTS (
					SELECT FROM nser.area AS b
					WHERE b.code OPERATOR(registry.>) a.code AND b.code OPERATOR(registry.<=) registry.area_last(a.code)
					AND b.level <= $5 AND b.geom IS NOT NULL AND b.valid @> $6))))$sql$;
	ELSE
		source := format($sql$
			SELECT %%3$s, registry.tile_shape(v.geom, %s, $1, $2, $3) AS geom
			FROM nser.%%2$I AS v
			WHERE registry.boxes_meet(v.geom, registry.tile_box($1, $2, $3))$sql$, CASE drawn.shape WHEN 'zone' THEN '$4 / 2' ELSE '0' END);
	END IF;
	-- a home is shown without whose it is
	EXECUTE format('SELECT registry.st_asmvt(t, %1$L::text, 4096, ''geom''::text) FROM (' || source || ') AS t WHERE t.geom IS NOT NULL',
		map_tile.layer, drawn.relation,
		(SELECT string_agg(format('v.%I', p.name), ', ') FROM unnest(drawn.properties) AS p (name)
		 WHERE drawn.shape <> 'home' OR p.name <> drawn.key))
		INTO tile USING z, x, y, pixel, level, today;
	RETURN coalesce(tile, '\x'::bytea);
END;
$$;
COMMENT ON FUNCTION registry.map_tile(text, integer, integer, integer) IS
	'a layer''s vector tile (MVT) of a web map, for staff, never for outside; areas are provinces to zoom 5, districts to 8, tehsils to 10, then union '
	'councils, or the finest known there; corners are moved to a grid of half a pixel, the same for neighbours, before the tile is cut out; households are '
	'counted in cells of four pixels from zoom 12, where at least five live, and are points without a key from 14; empty where there is nothing; '
	'refuses an unknown layer or tile; who reads is not logged';

CREATE FUNCTION registry.map_geojson(layer text, area registry.area_code DEFAULT 'PK', level registry.area_level DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql STABLE
	SET jit = off
AS $$
DECLARE
	drawn		record;
	within		registry.area_level := registry.level(map_geojson.area);
	shown		registry.area_level := coalesce(map_geojson.level, CASE within WHEN 'country' THEN 'province' WHEN 'province' THEN 'district'
		WHEN 'district' THEN 'tehsil' WHEN 'tehsil' THEN 'union_council' ELSE 'village' END::registry.area_level);
	features	jsonb;
BEGIN
	SELECT * INTO drawn FROM registry.map_layer(map_geojson.layer) AS l;
	IF within IS NULL OR shown = 'division' OR shown < within THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('there is no map of level %s within %s', shown, coalesce(map_geojson.area::text, 'NULL')),
			HINT = 'Ask for an area and a finer level that has boundaries: registry.map_geojson(''coverage'', ''PK6'', ''district'').';
	END IF;
	IF drawn.shape = 'home' AND within < 'tehsil' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('households are shown within a tehsil, and %s is a %s', map_geojson.area, within),
			HINT = 'registry.map_geojson(''household'', ''PK61701''), or registry.map_tile().';
	END IF;

	EXECUTE format($sql$
		SELECT jsonb_agg(jsonb_build_object('type', 'Feature', 'id', v.%2$I, 'geometry', registry.geojson(v.geom),
			'properties', (to_jsonb(p) - 'figures') || coalesce(to_jsonb(p) -> 'figures', '{}')) ORDER BY v.%2$I)
		FROM nser.%1$I AS v
		CROSS JOIN LATERAL (SELECT %3$s) AS p
		WHERE %4$s$sql$, drawn.relation, drawn.key,
		(SELECT string_agg(format('v.%I', p.name), ', ') FROM unnest(drawn.properties) AS p (name)),
		CASE drawn.shape
			WHEN 'area' THEN 'v.area OPERATOR(registry.<@) $1 AND v.level = $2::text'
			WHEN 'zone' THEN '$1 OPERATOR(registry.=) ''PK'' OR EXISTS (SELECT FROM nser.area AS a
				WHERE a.code OPERATOR(registry.=) $1 AND registry.st_intersects(a.geom, v.geom))'
			ELSE 'v.area OPERATOR(registry.<@) $1'
		END) INTO features USING map_geojson.area, shown;
	RETURN jsonb_build_object('type', 'FeatureCollection', 'features', coalesce(features, '[]'));
END;
$$;
COMMENT ON FUNCTION registry.map_geojson(text, registry.area_code, registry.area_level) IS
	'a layer within an area as a GeoJSON FeatureCollection, for staff, never for outside: areas of a level (NULL: the next finer), zones that meet the '
	'area''s boundary, centres or, within a tehsil, households; boundaries whole, to the metre; is_approximate tells what was not surveyed; '
	'households have their household_id; who reads is not logged';
