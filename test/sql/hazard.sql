--
-- Hazard zones, and the lists of who lives in them
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET client_min_messages = warning;
CALL registry.create_store();
RESET client_min_messages;
SET search_path = registry, public;

INSERT INTO nser.area (code, name, source, geom) VALUES
	('PK70101', 'West', 'by hand', ST_Multi(ST_MakeEnvelope(68, 26, 69, 27, 4326))),
	('PK70102', 'East', 'by hand', ST_Multi(ST_MakeEnvelope(69, 26, 70, 27, 4326)));
INSERT INTO nser.household (household_id, area, place, phone, address) VALUES
	(1, 'PK70101001', registry.place(68.2, 26.5), '0300-1234567', 'by the canal'),
	(2, 'PK70101001', registry.place(68.7, 26.5), NULL, NULL),
	(3, 'PK70101', NULL, NULL, NULL),
	(4, 'PK70102', registry.place(69.5, 26.5), NULL, NULL),
	(5, 'PK701', NULL, NULL, NULL);
INSERT INTO nser.member (household_id, line, area, document, name, relationship, sex, marital_status)
	VALUES (1, 1, 'PK70101001', 'none', 'Zainab', 'head', 'female', 'widowed');
SELECT record_survey(1, '{}', '[{"line": 1, "relationship": "head", "sex": "female", "age": 61, "marital_status": "widowed", "disabilities": ["hearing"]},
	{"line": 2, "relationship": "child", "sex": "male", "age": 3, "marital_status": "never_married", "mother_line": 1, "disabilities": []}]') IS NOT NULL AS surveyed;
SELECT record_survey(2, '{}', '[{"line": 1, "relationship": "head", "sex": "male", "marital_status": "never_married"}]') IS NOT NULL AS surveyed;

-- good zones in, each bad one with its reason
SELECT loaded, refused FROM load_hazard_zones('flood', '{"type": "FeatureCollection", "features": [
	{"type": "Feature", "properties": {"level": "High", "name": "River bank"}, "geometry": {"type": "Polygon", "coordinates": [[[68.1,26.4],[68.3,26.4],[68.3,26.6],[68.1,26.6],[68.1,26.4]]]}},
	{"type": "Feature", "properties": {"level": "low", "name": "Plain"}, "geometry": {"type": "Polygon", "coordinates": [[[68,26],[69,26],[69,27],[68,27],[68,26]]]}},
	{"type": "Feature", "properties": {"level": "severe"}, "geometry": {"type": "Polygon", "coordinates": [[[68,26],[69,26],[69,27],[68,26]]]}},
	{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [[[68,26],[69,26],[69,27],[68,26]]]}},
	{"type": "Feature", "properties": {"level": "low"}, "geometry": null},
	{"type": "Feature", "properties": {"level": "low"}, "geometry": {"type": "Point", "coordinates": [68.5,26.5]}},
	{"type": "Feature", "properties": {"level": "low"}, "geometry": {"type": "Polygon", "coordinates": [[[68,26],"x"]]}},
	{"type": "Feature", "properties": {"level": "low"}, "geometry": {"type": "Polygon", "coordinates": [[[26,68],[27,68],[27,69],[26,68]]]}},
	{"type": "Feature", "properties": {"level": "low"}, "geometry": {"type": "Polygon", "coordinates": [[[69,26],[69,27],[68,27],[68,26],[69,26]]]}}]}');
SELECT row_no, source, column_name, sqlstate, reason FROM nser.load_error ORDER BY row_no;
-- of a large one the row is kept without its geometry; of one that is no object, as it is
SELECT loaded, refused FROM load_hazard_zones('drought', jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_build_array(
	jsonb_build_object('type', 'Feature', 'properties', '{"level": "severe"}'::jsonb, 'geometry', jsonb_build_object('type', 'LineString',
		'coordinates', (SELECT jsonb_agg(jsonb_build_array(68 + n / 1000.0, 26)) FROM generate_series(1, 999) AS n))),
	repeat('x', 5000))));
SELECT row_no, reason, jsonb_typeof(row) AS type, row ? 'geometry' AS with_geometry FROM nser.load_error WHERE load_id = (SELECT max(load_id) FROM nser.load_error) ORDER BY 1;
SELECT loaded, refused FROM load_hazard_zones('landslide', '{"type": "FeatureCollection", "features": [
	{"type": "Feature", "properties": {"risk": "medium", "slope": "Hill"}, "geometry": {"type": "Polygon", "coordinates": [[[68,26],[70,26],[70,27],[68,27],[68,26]]]}}]}',
	'risk', 'slope', 'survey of slopes');
SELECT zone_id, kind, level, name, source, ST_GeometryType(geom), prepared_at FROM nser.hazard_zone ORDER BY 1;
SELECT load_hazard_zones('fire', '{"type": "FeatureCollection", "features": []}');
SELECT load_hazard_zones('flood', '{"type": "Feature"}');
SELECT load_hazard_zones('flood', '{"type": "FeatureCollection", "features": {}}');
SELECT load_hazard_zones(NULL, '{"type": "FeatureCollection", "features": []}');
SELECT load_hazard_zones('flood', NULL);

-- the lists; what stays as it is is not written again
SELECT prepare_hazard_lists('flood', 'high');
SELECT prepare_hazard_lists();
SELECT prepare_hazard_lists();
SELECT zone_id, household_id, area, found_by FROM nser.hazard_household ORDER BY 1, 2;
SELECT zone_id, prepared_at IS NOT NULL AS prepared FROM nser.hazard_zone ORDER BY 1;
-- one moves out of the zone, and another's place becomes known
UPDATE nser.household SET place = registry.place(69.7, 26.5) WHERE household_id = 2;
UPDATE nser.household SET place = registry.place(68.5, 26.5) WHERE household_id = 3;
SELECT prepare_hazard_lists('flood');
SELECT zone_id, household_id, found_by FROM nser.hazard_household ORDER BY 1, 2;
-- there is none of that kind
SELECT prepare_hazard_lists('drought');
SELECT prepare_hazard_lists('fire');
SELECT prepare_hazard_lists(level => 'severe');
SELECT prepare_hazard_lists(min_share => 2);

-- for the disaster staff: each household once a kind, at the highest level
SELECT zone, kind, level, household_id AS hh, found_by, phone, address, head, members, disabled_members AS disabled, elderly,
	children_under_5 AS under_5, families
FROM nser.hazard_list ORDER BY kind, hh;
SELECT * FROM nser.hazard_summary ORDER BY area, kind, level;
-- a zone goes, and its list with it
DELETE FROM nser.hazard_zone WHERE zone_id = 1;
SELECT zone, level, household_id FROM nser.hazard_list WHERE kind = 'flood' ORDER BY 3;

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
