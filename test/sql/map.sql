--
-- Maps: figures by area, layers, tiles and GeoJSON
--
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS nser, share, release CASCADE;
CALL registry.create_store();
RESET client_min_messages;
SET search_path = registry, public;

-- a province of two districts that meet in a winding border, the first with two tehsils
CREATE TEMP TABLE border AS
	SELECT string_agg(format('%s %s', 71 + 0.02 * sin(n) + 0.01 * sin(n * 7), 30 + n / 100.0), ', ' ORDER BY n) AS up,
		string_agg(format('%s %s', 71 + 0.02 * sin(n) + 0.01 * sin(n * 7), 30 + n / 100.0), ', ' ORDER BY n DESC) AS down
	FROM generate_series(0, 100) AS n;
INSERT INTO nser.area (code, name, division, source, is_approximate, geom)
	SELECT code, name, division, 'made up', approximate, st_multi(st_geomfromtext(format(shape, CASE WHEN shape LIKE '%%71.00_,%%' THEN up ELSE down END), 4326))
	FROM border, (VALUES
		('PK6'::area_code, 'Province', NULL, false, 'POLYGON((70 30, 72 30, 72 31, 70 31, 70 30))'),
		('PK601', 'West', 'Upper', false, 'POLYGON((70 30, 70 31, %s, 70 30))'),
		('PK602', 'East', 'Upper', true, 'POLYGON((72 30, 72 31, %s, 72 30))'),
		('PK60101', 'South-west', NULL, false, 'POLYGON((70 30, 70.9 30, 70.9 30.5, 70 30.5, 70 30))'),
		('PK60102', 'North-west', NULL, false, 'POLYGON((70 30.5, 70.9 30.5, 70.9 31, 70 31, 70 30.5))')) AS v (code, name, division, approximate, shape);
SELECT code, st_isvalid(geom) AS valid, round(st_area(geom)::numeric, 3) AS area FROM nser.map_area ORDER BY code;
SELECT round(st_area(st_intersection(a.geom, b.geom))::numeric, 9) AS overlap FROM nser.map_area AS a, nser.map_area AS b WHERE a.code = 'PK601' AND b.code = 'PK602';
INSERT INTO nser.census (area, counted_on, households, source) VALUES ('PK601', '2023-03-01', 10, 'made up'), ('PK602', '2023-03-01', 4, 'made up');

-- seven households; one states its province alone, one has no survey, one is gone
INSERT INTO nser.household (household_id, area, registered_on, place, status)
	SELECT n, (ARRAY['PK60101001', 'PK60101001', 'PK60102', 'PK602', 'PK602', 'PK6', 'PK602'])[n]::area_code, '2024-01-01',
		CASE WHEN n <> 5 THEN registry.place(70.1 + n * 0.2, 30.2) END, CASE WHEN n = 7 THEN 'merged' ELSE 'registered' END
	FROM generate_series(1, 7) AS n;
SELECT count(record_survey(v.id, v.answers::indicators, format('[{"line": 1, "relationship": "head", "sex": "female", "age": %s, "marital_status": "widowed", "ever_attended": false}]', 40 + v.id)::roster)) AS surveys
FROM (VALUES (1, '{"refrigerator": true, "rooms": 1, "toilet": "none", "electricity": "own_meter", "gas": "none", "internet": false, "mobile_phone": true,
		"computer": false, "landline": false}'), (2, '{"refrigerator": false, "rooms": 2, "toilet": "none"}'),
	(3, '{"refrigerator": false, "rooms": 4, "toilet": "dry_pit"}'), (4, '{"rooms": 3}'), (6, '{"refrigerator": true, "toilet": "flush_sewer"}')) AS v (id, answers);

-- summed up, not averaged: West's mean of rooms is 7 / 3, not that of its tehsils' means
SELECT refresh_area_summary();
SELECT area, households, with_place, members, families, census_households, figures -> 'refrigerator' AS refrigerator, figures -> 'rooms' AS rooms,
	figures -> 'toilet.none' AS no_toilet, figures -> 'toilet.dry_pit' AS dry_pit, figures ? 'toilet.none' AS toilet_known, mean_score
FROM nser.area_summary ORDER BY area;
SELECT figures - (SELECT array_agg(k) FROM jsonb_object_keys(figures) AS k WHERE k ~ '^toilet') AS nothing, jsonb_object_agg(k, figures -> k) FILTER (WHERE k ~ '^toilet') AS toilets
FROM nser.area_summary, jsonb_object_keys(figures) AS k WHERE area = 'PK60102' GROUP BY figures;
-- every figure of every area, counted again from the profile's view of it
SELECT count(*) AS figures, count(*) FILTER (WHERE s.figures -> c.name IS DISTINCT FROM to_jsonb(d.figure)) AS other
FROM nser.area_summary AS s
JOIN codebook() AS c ON c.kind <> 'code' AND c.name NOT LIKE 'reserved%'
CROSS JOIN LATERAL (
	SELECT CASE c.kind WHEN 'count' THEN round(avg(v.indicators -> c.name), 2) ELSE round(100 * avg(v.indicators -> c.name), 1) END AS figure
	FROM nser.household AS h JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	WHERE h.status = 'registered' AND h.area <@ s.area) AS d;
-- with a formula, and again: nothing is left of the last time
CALL score_all('hies-2015-demo', NULL);
SELECT refresh_area_summary('hies-2015-demo'), refresh_area_summary('hies-2015-demo') AS again;
SELECT area, formula, scored, mean_score FROM nser.area_summary WHERE area IN ('PK', 'PK60101') ORDER BY area;
SELECT refresh_area_summary('no-such');
-- a score of another area than its household's is not the household's
BEGIN;
UPDATE nser.score SET area = 'PK602' WHERE household_id = 1;
SELECT refresh_area_summary('hies-2015-demo');
SELECT area, scored FROM nser.area_summary WHERE area IN ('PK', 'PK60101') ORDER BY area;
ROLLBACK;

-- the views, for QGIS: one geometry each, a unique key, WGS 84
SELECT l.layer, l.relation, l.key, g.f_geometry_column, g.srid, g.type,
	(SELECT count(*) FROM unnest(l.properties) AS p (name) WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = ('nser.' || l.relation)::regclass AND a.attname = p.name)) AS missing,
	(SELECT count(*) FROM pg_attribute AS a WHERE a.attrelid = ('nser.' || l.relation)::regclass AND a.atttypid = 'geometry'::regtype) AS geometries
FROM map_layers() AS l JOIN geometry_columns AS g ON g.f_table_schema = 'nser' AND g.f_table_name = l.relation ORDER BY 1;
SELECT code, level, name, is_approximate, census_households, registered, gap, coverage_pct FROM nser.map_coverage ORDER BY code;
SELECT code, people, rooms, refrigerator, toilet_none FROM nser.map_indicator ORDER BY code;

-- centres, of today alone, shocks and hazard zones
INSERT INTO nser.centre (centre_id, name, kind, area, place, valid) VALUES
	(1, 'Fixed', 'fixed', 'PK60101', registry.place(70.4, 30.3), '[2024-01-01,)'), (2, 'Closed', 'fixed', 'PK60101', registry.place(70.4, 30.3), '[2024-01-01,2025-01-01)'),
	(3, 'Van', 'mobile', 'PK601', NULL, '[2024-01-01,)'), (4, 'Van in its garage', 'mobile', 'PK601', NULL, '[2024-01-01,)');
INSERT INTO nser.centre_stop (centre_id, during, area, opens, closes, place) VALUES (3, '[2024-01-01,2099-01-01)', 'PK602', '09:00', '15:00', registry.place(71.5, 30.5));
INSERT INTO nser.shock (shock_id, name, kind, during, update_window, min_share) VALUES (1, 'Flood', 'flood', '[2026-07-01,2026-09-01)', '[2026-07-01,2026-12-31)', 0.5);
INSERT INTO nser.shock_area (shock_id, area, is_declared, share, km2) VALUES (1, 'PK602', true, 0.25, 2600), (1, 'PK60101', false, 0.1, 400);
INSERT INTO nser.hazard_zone (zone_id, kind, level, source, geom) SELECT 1, 'flood', 'high', 'made up', geom FROM nser.area WHERE code = 'PK60102';
SELECT centre_id, name, code, opens, last_day, st_astext(geom) FROM nser.map_centre ORDER BY 1;
SELECT key, shock, began, ended, level, is_declared, share, km2, is_approximate FROM nser.map_shock ORDER BY key;
SELECT zone_id, kind, level FROM nser.map_hazard;
SELECT refresh_area_summary();
SELECT area, mean_km > 0 AS mean_km, farthest_km >= median_km AS farthest FROM nser.area_summary WHERE area IN ('PK60101', 'PK60101001') ORDER BY area;
SELECT map_geojson('centre', 'PK602'), jsonb_array_length(map_geojson('hazard') -> 'features') AS all_zones,
	jsonb_array_length(map_geojson('hazard', 'PK60101') -> 'features') AS touching, jsonb_array_length(map_geojson('hazard', 'PK602') -> 'features') AS none,
	map_geojson('shock', 'PK6') #> '{features,0,properties}' AS shock;

-- GeoJSON
SELECT jsonb_pretty(map_geojson('area', 'PK601') #- '{features,1}');
SELECT (f -> 'properties') - 'as_of' AS properties FROM jsonb_array_elements(map_geojson('coverage', 'PK6') -> 'features') AS f;
SELECT f #> '{properties,toilet.none}' AS no_toilet, f #> '{properties,figures}' AS figures FROM jsonb_array_elements(map_geojson('indicator', 'PK6', 'tehsil') -> 'features') AS f;
SELECT map_geojson('household', 'PK60101');
SELECT map_geojson('area', 'PK60101'), map_geojson('centre', 'PK7');
SELECT map_geojson('household');
SELECT map_geojson('coverage', 'PK601', 'province');
SELECT map_geojson('coverage', 'PK6', 'division');
SELECT map_geojson('coverage', NULL);
SELECT map_geojson('people');

-- tiles: what is in them by zoom; where the level is not known, the finest that is
CREATE FUNCTION pg_temp.tile_of(z integer, lon double precision, lat double precision, OUT x integer, OUT y integer) LANGUAGE sql AS $$
	SELECT floor((lon + 180) / 360 * (1 << z))::integer, floor((1 - ln(tan(radians(lat)) + 1 / cos(radians(lat))) / pi()) / 2 * (1 << z))::integer
$$;
-- a text in a tile stands behind its length
CREATE FUNCTION pg_temp.codes(layer text, z integer, lon double precision, lat double precision) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(a.code::text, ' ' ORDER BY a.code)
	FROM pg_temp.tile_of(z, lon, lat) AS p, map_tile(layer, z, p.x, p.y) AS t (tile), nser.area AS a
	WHERE position(convert_to(chr(10) || chr(length(a.code::text)) || a.code::text, 'UTF8') IN t.tile) > 0
$$;
SELECT z, pg_temp.codes('area', z, 70.9, 30.4) AS area, pg_temp.codes('coverage', z, 70.9, 30.4) AS coverage, pg_temp.codes('indicator', z, 70.9, 30.4) AS indicator,
	pg_temp.codes('distance', z, 70.9, 30.4) AS distance
FROM unnest('{0,5,6,8,9,11,14,22}'::integer[]) AS z;
SELECT z, length(map_tile('household', z, p.x, p.y)) > 0 AS households FROM unnest('{0,9,10,13,14}'::integer[]) AS z, pg_temp.tile_of(z, 70.3, 30.2) AS p;
-- four in a cell are not shown before they are points, five are from zoom 12; whose homes they are is in GeoJSON alone
INSERT INTO nser.household (household_id, area, registered_on, place) SELECT n, 'PK60101001', '2024-01-01', registry.place(70.301, 30.201) FROM generate_series(21, 24) AS n;
SELECT z, position('households' IN map_tile('household', z, p.x, p.y)) > 0 AS cells FROM unnest('{11,12,13,14}'::integer[]) AS z, pg_temp.tile_of(z, 70.3, 30.2) AS p;
INSERT INTO nser.household (household_id, area, registered_on, place) VALUES (25, 'PK60101001', '2024-01-01', registry.place(70.301, 30.201));
SELECT z, position('households' IN map_tile('household', z, p.x, p.y)) > 0 AS cells, position('found_code' IN map_tile('household', z, p.x, p.y)) > 0 AS points,
	position('household_id' IN map_tile('household', z, p.x, p.y)) > 0 AS keys
FROM unnest('{11,12,13,14}'::integer[]) AS z, pg_temp.tile_of(z, 70.3, 30.2) AS p;
SELECT count(f #> '{properties,household_id}') FROM jsonb_array_elements(map_geojson('household', 'PK60101') -> 'features') AS f;
SELECT layer, length(map_tile(layer, 7, p.x, p.y)) > 0 AS here, map_tile(layer, 7, 0, 0) AS elsewhere FROM map_layers() AS l, pg_temp.tile_of(7, 70.9, 30.4) AS p WHERE layer <> 'household';
-- neighbours still meet: no gap, no overlap, where a line simplified by its own shape leaves both
CREATE FUNCTION pg_temp.drawn(code text, z integer) RETURNS geometry LANGUAGE sql AS $$
	SELECT tile_shape(a.geom, 180 / 256.0 / (1 << z), z, p.x, p.y) FROM nser.map_area AS a, pg_temp.tile_of(z, 70.9, 30.4) AS p WHERE a.code = drawn.code
$$;
SELECT z, st_npoints(pg_temp.drawn('PK601', z)) AS corners, st_area(st_intersection(pg_temp.drawn('PK601', z), pg_temp.drawn('PK602', z))) AS overlap,
	st_area(st_symdifference(st_union(pg_temp.drawn('PK601', z), pg_temp.drawn('PK602', z)), pg_temp.drawn('PK6', z))) AS apart
FROM unnest('{4,5,6,7,8,9}'::integer[]) AS z;
SELECT count(*) FILTER (WHERE st_area(st_symdifference(st_union(st_simplifypreservetopology(a.geom, t / 1000.0), st_simplifypreservetopology(b.geom, t / 1000.0)), p.geom)) > 0.00001) > 0 AS apart
FROM generate_series(5, 40) AS t, nser.map_area AS a, nser.map_area AS b, nser.map_area AS p WHERE a.code = 'PK601' AND b.code = 'PK602' AND p.code = 'PK6';
SELECT map_tile('people', 5, 22, 13);
SELECT map_tile('area', 5, 32, 13);
SELECT map_tile('area', 23, 0, 0);
SELECT map_tile('area', -1, 0, 0);
SELECT map_tile('area', NULL, 0, 0);
SELECT map_tile('area"; DROP TABLE nser.area; --', 5, 22, 13);
SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
