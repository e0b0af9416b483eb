--
-- Boundaries: each feature of a collection loaded, or refused with its reason
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET client_min_messages = warning;
\set ECHO none
CALL registry.create_store();
SET search_path = registry, public;

-- a square of so many tenths of a degree, from its south-west corner in tenths from 70 east, 30 north
CREATE FUNCTION pg_temp.box(x float8, y float8, w float8 DEFAULT 1, h float8 DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT st_asgeojson(st_makeenvelope(70 + x / 10, 30 + y / 10, 70 + (x + w) / 10, 30 + (y + coalesce(h, w)) / 10, 4326))::jsonb $$;
CREATE FUNCTION pg_temp.feature(geometry jsonb, code text, name text DEFAULT NULL, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('type', 'Feature', 'geometry', geometry, 'properties', jsonb_build_object('code', code, 'name', name) || more) $$;
CREATE FUNCTION pg_temp.collection(VARIADIC features jsonb[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('type', 'FeatureCollection', 'features', to_jsonb(features)) $$;
CREATE VIEW pg_temp.area AS
	SELECT code, name, division, source_code, source, is_approximate, valid, round(km2::numeric, 2) AS km2 FROM nser.area ORDER BY code;
CREATE VIEW pg_temp.error AS
	SELECT load_id, row_no, column_name, sqlstate, reason, row -> 'properties' ->> 'code' AS code FROM nser.load_error ORDER BY load_id, row_no;
\set ECHO all

-- from the province down; a division is a property of districts
SELECT * FROM load_boundaries('province', pg_temp.collection(pg_temp.feature(pg_temp.box(0, 0, 10), 'PK6', '  Square   Land ')));
SELECT * FROM load_boundaries('district', pg_temp.collection(
	pg_temp.feature(pg_temp.box(0, 0, 5, 10), 'PK601', 'West', '{"div": "One"}'),
	pg_temp.feature(pg_temp.box(5, 0, 5, 10), 'PK602', 'East', '{"div": "Two"}')), division_property => 'div', source => 'made by hand');
SELECT * FROM pg_temp.area;

-- every way of being wrong, each feature by itself: the first reason stands
SELECT * FROM load_boundaries('tehsil', pg_temp.collection(
	pg_temp.feature(pg_temp.box(0, 0), 'PK60101', 'Good'),
	pg_temp.feature(pg_temp.box(1, 0), NULL, 'No code'),
	pg_temp.feature(pg_temp.box(1, 0), 'XX60102', 'No P-code'),
	pg_temp.feature(pg_temp.box(1, 0), 'PK601', 'Another level'),
	pg_temp.feature(pg_temp.box(1, 0), 'PK60901', 'No parent'),
	pg_temp.feature(NULL, 'PK60103', 'No geometry'),
	pg_temp.feature('{"type": "Point", "coordinates": [70.5, 30.5]}', 'PK60104', 'A point'),
	pg_temp.feature('{"type": "Polygon", "coordinates": []}', 'PK60105', 'Empty'),
	pg_temp.feature('{"type": "Polygon", "coordinates": [[[70, 30], [70.1, 30]]]}', 'PK60106', 'Two points'),
	pg_temp.feature('{"type": "Polygon", "coordinates": "here"}', 'PK60107', 'No coordinates'),
	pg_temp.feature('{"type": "Polygon", "coordinates": [[[30, 70], [30.1, 70], [30.1, 70.1], [30, 70]]]}', 'PK60108', 'Swapped'),
	pg_temp.feature('{"type": "Polygon", "coordinates": [[[7792364, 3503549], [7803496, 3503549], [7803496, 3516415], [7792364, 3503549]]]}', 'PK60109', 'Metres'),
	pg_temp.feature('{"type": "Polygon", "coordinates": [[[10, 50], [10.1, 50], [10.1, 50.1], [10, 50]]]}', 'PK60110', 'Elsewhere'),
	pg_temp.feature('{"type": "Polygon", "coordinates": [[[70.2, 30], [70.3, 30], [70.2, 30], [70.2, 30]]]}', 'PK60111', 'A line in truth'),
	pg_temp.feature('{"type": "Polygon", "coordinates": [[[59, 30], [59.1, 30], [59.1, 30.1], [59, 30]]]}', 'PK60121', 'In the west'),
	pg_temp.feature('{"type": "Polygon", "coordinates": [[[79, 30], [79.1, 30], [79.1, 30.1], [79, 30]]]}', 'PK60122', 'In the east'),
	pg_temp.feature('{"type": "Polygon", "coordinates": [[[70, 22], [70.1, 22], [70.1, 22.1], [70, 22]]]}', 'PK60123', 'In the south'),
	pg_temp.feature('{"type": "Polygon", "coordinates": [[[70, 38], [70.1, 38], [70.1, 38.1], [70, 38]]]}', 'PK60124', 'In the north'),
	pg_temp.feature(pg_temp.box(4.5, 0), 'PK60112', 'Half outside'),
	pg_temp.feature(pg_temp.box(0.5, 0), 'PK60113', 'On the good one'),
	pg_temp.feature(pg_temp.box(1.2, 0), 'PK60114', 'On the refused one only'),
	pg_temp.feature(pg_temp.box(3, 3), 'PK60115', 'Twice'),
	pg_temp.feature(pg_temp.box(4, 3), 'PK60115', 'Twice'),
	'"no feature"', '{"type": "Feature"}',
	pg_temp.feature('{"type": "Polygon", "coordinates": [[[70.2, 30.5], [70.3, 30.6], [70.3, 30.5], [70.2, 30.6], [70.2, 30.5]]]}', 'PK60116', 'Bow tie'),
	pg_temp.feature(pg_temp.box(0, 7), 'PK60117', 'Unknown_62'), pg_temp.feature(pg_temp.box(0, 8), 'PK60118', '(urban)'),
	pg_temp.feature(pg_temp.box(0, 9), 'PK60119', '  '), pg_temp.feature(pg_temp.box(1, 9), 'PK60120', 'Chak (urban)')));
SELECT * FROM pg_temp.error;
SELECT code, name, km2 FROM pg_temp.area WHERE code <@ 'PK601';
SELECT count(*) AS left_behind FROM nser.boundary_row;
SELECT row_no, row ? 'geometry' AS whole FROM nser.load_error WHERE row_no IN (2, 24) ORDER BY row_no;

-- parts of one area are joined where that is asked for, and only whole
SELECT * FROM load_boundaries('tehsil', pg_temp.collection(
	pg_temp.feature(pg_temp.box(0, 0), 'PK60201', 'Two parts'), pg_temp.feature(pg_temp.box(5, 0), 'PK60202', 'Three parts'),
	pg_temp.feature(pg_temp.box(6, 0), 'PK60202', 'Three parts'), pg_temp.feature(pg_temp.box(8, 5), 'PK60202', 'Three parts'),
	pg_temp.feature(pg_temp.box(6, 2), 'PK60203', 'One name'), pg_temp.feature(pg_temp.box(7, 2), 'PK60203', 'Other name'),
	pg_temp.feature(pg_temp.box(6, 3), 'PK60204', 'A part is missing'), pg_temp.feature(NULL, 'PK60204', 'A part is missing')),
	join_parts => true);
SELECT row_no, sqlstate, reason FROM pg_temp.error WHERE load_id = 4;
SELECT code, name, st_numgeometries(geom) AS parts, round(a.km2::numeric, 2) AS km2 FROM nser.area AS a WHERE code <@ 'PK602' ORDER BY code;

-- codes are minted in the order of the source's, and stay when it is loaded again, whatever else comes
SELECT * FROM load_boundaries('union_council', pg_temp.collection(
	pg_temp.feature(pg_temp.box(0.0, 0, 0.1), '100', 'Hundred', '{"tehsil": "PK60101"}'), pg_temp.feature(pg_temp.box(0.1, 0, 0.1), '20', 'Twenty', '{"tehsil": "PK60101"}'),
	pg_temp.feature(pg_temp.box(0.2, 0, 0.1), 'B-7', 'B seven', '{"tehsil": "PK60101"}'), pg_temp.feature(pg_temp.box(0.3, 0, 0.1), '3', 'Unknown_3', '{"tehsil": "PK60101"}'),
	pg_temp.feature(pg_temp.box(0.4, 0, 0.1), '4', 'No such parent', '{"tehsil": "PK60199"}'), pg_temp.feature(pg_temp.box(0.4, 0, 0.1), '5', 'Wrong parent', '{"tehsil": "PK601"}'),
	pg_temp.feature(pg_temp.box(0.4, 0, 0.1), '6', 'No parent')), parent_property => 'tehsil');
SELECT code, source_code, name FROM pg_temp.area WHERE code <@ 'PK60101' AND code <> 'PK60101';
SELECT row_no, column_name, sqlstate, reason FROM pg_temp.error WHERE load_id = 5;
SELECT loaded, refused FROM load_boundaries('union_council', pg_temp.collection(
	pg_temp.feature(pg_temp.box(0.5, 0, 0.1), '1', 'One', '{"tehsil": "PK60101"}'), pg_temp.feature(pg_temp.box(0.1, 0, 0.2, 0.1), '20', 'Twenty', '{"tehsil": "PK60101"}'),
	pg_temp.feature(pg_temp.box(0.2, 0, 0.1), '8', 'On Twenty', '{"tehsil": "PK60101"}'),
	pg_temp.feature(pg_temp.box(0.3, 0, 0.1), '3', 'Three', '{"tehsil": "PK60101"}')), parent_property => 'tehsil');
-- the new boundary of Twenty lies on B-7, which is not loaded again and stays; then nothing bars number 8 but B-7
SELECT row_no, sqlstate, reason FROM pg_temp.error WHERE load_id = 6;
SELECT code, source_code, name FROM pg_temp.area WHERE code <@ 'PK60101' AND code <> 'PK60101';

-- 999 union councils is all that three digits hold
INSERT INTO nser.area (code, source) VALUES ('PK60117999', 'test');
SELECT loaded, refused FROM load_boundaries('union_council', pg_temp.collection(pg_temp.feature(pg_temp.box(0, 7, 0.5), '1', 'One more', '{"tehsil": "PK60117"}')),
	parent_property => 'tehsil');
SELECT reason FROM pg_temp.error WHERE load_id = 7;
-- villages: four digits
SELECT loaded, refused FROM load_boundaries('village', pg_temp.collection(
	pg_temp.feature(pg_temp.box(0.0, 0, 0.05), 'k1', 'Kot', '{"uc": "PK60101003"}'), pg_temp.feature(pg_temp.box(0.05, 0, 0.05), 'k2', 'Kot Two', '{"uc": "PK60101003"}')),
	parent_property => 'uc');
SELECT code, name FROM pg_temp.area WHERE level(code) = 'village';

-- two areas change places with their boundaries: neither is refused for what the other was
SELECT loaded, refused FROM load_boundaries('district', pg_temp.collection(
	pg_temp.feature(pg_temp.box(5, 0, 5, 10), 'PK601', 'West'), pg_temp.feature(pg_temp.box(0, 0, 5, 10), 'PK602', 'East')), source => 'swapped');
-- but where one of them cannot come, the other cannot either
SELECT loaded, refused FROM load_boundaries('district', pg_temp.collection(
	pg_temp.feature(pg_temp.box(0, 0, 5, 10), 'PK601', 'West'), pg_temp.feature(NULL, 'PK602', 'East')));
SELECT row_no, reason FROM pg_temp.error WHERE load_id = 10;
SELECT loaded, refused FROM load_boundaries('district', pg_temp.collection(
	pg_temp.feature(pg_temp.box(4, 0, 5, 10), 'PK603', 'New'), pg_temp.feature(pg_temp.box(0, 0, 4, 10), 'PK602', 'East'), pg_temp.feature(pg_temp.box(9, 0, 1, 10), 'PK601', 'West')));

-- in turn: PK601 may not move onto PK603, so it stays, and PK604 may not come in its place
SELECT loaded, refused FROM load_boundaries('district', pg_temp.collection(
	pg_temp.feature(pg_temp.box(9, 0, 1, 10), 'PK604', 'In its place'), pg_temp.feature(pg_temp.box(4, 0, 2, 10), 'PK601', 'West')));
SELECT row_no, reason FROM pg_temp.error WHERE load_id = 12;

-- a later date keeps what was before; an earlier one is refused
SELECT loaded, refused FROM load_boundaries('district', pg_temp.collection(pg_temp.feature(pg_temp.box(9, 0, 1, 9), 'PK601', NULL)), valid_from => '2024-07-01', source => 'gazette');
SELECT loaded, refused FROM load_boundaries('district', pg_temp.collection(pg_temp.feature(pg_temp.box(9, 0, 1, 8), 'PK601', 'West End')), valid_from => '2024-07-01');
SELECT loaded, refused FROM load_boundaries('district', pg_temp.collection(pg_temp.feature(pg_temp.box(9, 0, 1, 7), 'PK601', 'West')), valid_from => '2020-01-01');
SELECT reason FROM pg_temp.error WHERE load_id = 15;
SELECT code, name, division, source, valid, km2 FROM pg_temp.area WHERE code = 'PK601';
SELECT code, name, division, source, valid, round(km2::numeric, 2) AS km2 FROM nser.area_past;

-- what is only approximate is replaced, and bars nothing: no overlap, no nesting
UPDATE nser.area SET is_approximate = true WHERE code IN ('PK602', 'PK603');
SELECT loaded, refused FROM load_boundaries('district', pg_temp.collection(pg_temp.feature(pg_temp.box(0, 0, 8, 10), 'PK602', 'East')), valid_from => '2025-01-01');
SELECT loaded, refused FROM load_boundaries('tehsil', pg_temp.collection(pg_temp.feature(pg_temp.box(8.5, 7), 'PK60301', 'Below a guess')), tolerance => 0);
SELECT code, is_approximate, valid FROM pg_temp.area WHERE code IN ('PK602', 'PK603');
SELECT count(*) AS guesses_kept FROM nser.area_past WHERE is_approximate;

-- names and divisions that a source does not have stay as they were
SELECT loaded, remarked FROM load_boundaries('district', pg_temp.collection(pg_temp.feature(pg_temp.box(0, 0, 7, 10), 'PK602', 'Unknown')));
SELECT loaded, remarked FROM load_boundaries('district', pg_temp.collection(pg_temp.feature(pg_temp.box(0, 0, 6, 10), 'PK602')), name_property => NULL);
SELECT name, division FROM pg_temp.area WHERE code = 'PK602';
SELECT * FROM load_boundaries('district', '{"type": "FeatureCollection", "features": []}');

-- any table with one geometry column is a collection, whatever its projection
CREATE TEMP TABLE surveyed (fid serial PRIMARY KEY, adm2 text, label text, shape geometry(Polygon, 32642));
INSERT INTO surveyed (adm2, label, shape) SELECT 'PK604', 'Measured', st_transform(st_geomfromgeojson(pg_temp.box(7, 0, 1, 10)), 32642);
SELECT loaded, refused FROM load_boundaries('district', features('surveyed'), 'adm2', 'label');
SELECT code, name, km2 FROM pg_temp.area WHERE code = 'PK604';
SELECT f -> 'properties' AS properties, f -> 'geometry' ->> 'type' AS type, round((f #>> '{geometry,coordinates,0,0,0}')::numeric, 9) AS lon
FROM jsonb_array_elements(features('surveyed') -> 'features') AS f;
SELECT jsonb_array_length(features('nser.area', 'geom') -> 'features') = count(*) AS all_areas FROM nser.area;
ALTER TABLE surveyed ADD COLUMN centre geometry;
SELECT features('surveyed');
SELECT features('surveyed', 'centre') -> 'features' -> 0 -> 'geometry' AS no_shape;
SELECT features('surveyed', 'label');
SELECT features('nser.census');

-- what is no collection, or a property nobody has, stops the load
SELECT load_boundaries('district', pg_temp.feature(pg_temp.box(0, 0), 'PK601'));
SELECT load_boundaries('district', NULL);
SELECT load_boundaries('division', '{}');
SELECT load_boundaries('country', '{}');
SELECT load_boundaries(NULL, '{}');
SELECT load_boundaries('tehsil', '{"type": "FeatureCollection", "features": []}', division_property => 'div');
SELECT load_boundaries('tehsil', '{"type": "FeatureCollection", "features": []}', parent_property => 'district');
SELECT load_boundaries('tehsil', '{"type": "FeatureCollection", "features": []}', tolerance => 1);
SELECT load_boundaries('tehsil', '{"type": "FeatureCollection", "features": []}', tolerance => 'NaN');
SELECT load_boundaries('tehsil', '{"type": "FeatureCollection", "features": []}', code_property => NULL);
SELECT load_boundaries('district', pg_temp.collection(pg_temp.feature(pg_temp.box(0, 0), 'PK601')), 'pcode');
SELECT load_boundaries('district', pg_temp.collection('{}'), 'pcode');
SELECT load_boundaries('district', pg_temp.collection('{"type": "Feature", "properties": 5}'), 'pcode');
SELECT load_boundaries('district', pg_temp.collection('7'), 'pcode');
SELECT loaded, refused FROM load_boundaries('district', pg_temp.collection(pg_temp.feature('"here"', 'PK605'), pg_temp.feature('[]', 'PK606'), pg_temp.feature('{}', 'PK607'), '{"type": "Feature", "properties": [1]}'));
SELECT row_no, reason FROM pg_temp.error WHERE load_id = (SELECT max(load_id) FROM pg_temp.error);

-- what would have stopped the whole load is refused, or mended, by itself
UPDATE nser.area SET is_approximate = true, valid = '(,2020-01-01)' WHERE code = 'PK60119';
SELECT loaded, refused FROM load_boundaries('tehsil', pg_temp.collection(pg_temp.feature(pg_temp.box(0, 9), 'PK60119', 'Ended')), valid_from => '2025-01-01', tolerance => 0.99);
SELECT reason FROM pg_temp.error WHERE load_id = (SELECT max(load_id) FROM pg_temp.error);
SELECT loaded, refused FROM load_boundaries('district', pg_temp.collection(
	pg_temp.feature(pg_temp.box(6, 9, 0.5), 'PK611', E'\t', '{"div": "　"}'), pg_temp.feature(pg_temp.box(6, 8, 0.5), 'PK612', '　'),
	pg_temp.feature(pg_temp.box(6, 7, 0.5), 'PK613', E'　Two\t　Words ', '{"div": "　One　"}'),
	pg_temp.feature('{"type": "Polygon", "coordinates": [[[70.6, 30.1], [70.6, 30.100000001], [70.600000001, 30.1], [70.6, 30.1]]]}', 'PK614', 'Sliver'),
	to_jsonb(repeat('no feature', 1000))), division_property => 'div', tolerance => 0.5);
SELECT code, name, division FROM pg_temp.area WHERE code IN ('PK611', 'PK612', 'PK613') ORDER BY code;
SELECT row_no, sqlstate, reason FROM pg_temp.error WHERE load_id = (SELECT max(load_id) FROM pg_temp.error);
SELECT loaded, refused FROM load_boundaries('union_council', pg_temp.collection(
	pg_temp.feature(pg_temp.box(0.9, 0.9, 0.1), (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 300) AS n), 'Long', '{"tehsil": "PK60101"}')), parent_property => 'tehsil');
SELECT sqlstate, reason FROM pg_temp.error WHERE load_id = (SELECT max(load_id) FROM pg_temp.error);

-- what lies in an area that came anew is told of
SELECT loaded, refused, remarked FROM load_boundaries('district', pg_temp.collection(pg_temp.feature(pg_temp.box(0, 0, 5.5, 7), 'PK602', 'East')), tolerance => 0.5);
SELECT sqlstate, reason FROM pg_temp.error WHERE load_id = (SELECT max(load_id) FROM pg_temp.error);

-- a day to come, or none; a snapshot that does not see what others loaded
SELECT load_boundaries('district', pg_temp.collection(pg_temp.feature(pg_temp.box(0, 0), 'PK601')), valid_from => today() + 1);
SELECT load_boundaries('district', pg_temp.collection(pg_temp.feature(pg_temp.box(0, 0), 'PK601')), valid_from => '-infinity');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT load_boundaries('district', pg_temp.collection(pg_temp.feature(pg_temp.box(0, 0), 'PK601')));
ROLLBACK;

-- a column may be called what it likes
CREATE TEMP TABLE lettered (p text, t text, geom geometry);
INSERT INTO lettered VALUES ('PK601', 'West', st_geomfromgeojson(pg_temp.box(0, 0)));
SELECT features('lettered') #> '{features,0,properties}' AS properties;

DROP SCHEMA nser, share, release CASCADE;
