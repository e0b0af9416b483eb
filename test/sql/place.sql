-- Where points lie: one, all households, and one that changes.  Squares for areas.
\set VERBOSITY terse
SET client_min_messages = warning;
CALL registry.create_store();
SET search_path = registry, public;
INSERT INTO nser.area (code, source, geom) SELECT code::area_code, 'made up', polygons(st_makeenvelope(w, s, e, n, 4326)) FROM (VALUES
	('PK6', 70, 30, 74, 34), ('PK601', 70, 30, 72, 34), ('PK602', 72, 30, 74, 34), ('PK60101', 70, 30, 72, 32), ('PK60102', 70, 32, 72, 34),
	('PK60101001', 70, 30, 71, 32), ('PK60101002', 71, 30, 72, 32)) AS a (code, w, s, e, n);
INSERT INTO nser.area (code, source) VALUES ('PK60201', 'made up');
-- one that was, and one still to come
INSERT INTO nser.area (code, source, valid, geom) SELECT c::area_code, 'made up', v::daterange, polygons(st_makeenvelope(72, 30, 74, 34, 4326))
	FROM (VALUES ('PK60202', '[2000-01-01,2020-01-01)'), ('PK60203', '[2200-01-01,)')) AS x (c, v);

-- The finest; of those that share a border the lowest; none outside.
SELECT p, area_at(st_geomfromtext(p, 4326)), area_at(st_geomfromtext(p, 4326), 'tehsil') AS tehsil, area_at(st_geomfromtext(p, 4326), 'country') AS country
FROM unnest('{POINT(70.5 31),POINT(71 31),POINT(71 32),POINT(72 32),POINT(72 33),POINT(70 30),POINT(74 34),POINT(70.5 33),POINT(73 31),POINT(69.999 31),POINT(60.5 24)}'::text[]) AS p;
SELECT area_at(NULL), area_at(st_transform(registry.place(70.5, 31), 32642)), area_at(st_setsrid(st_makepoint(70.5, 31, 300), 4326));
SELECT area_at(st_setsrid(st_makepoint(70.5, 31), 0));
SELECT area_at('SRID=4326;POINT EMPTY');
SELECT area_at('SRID=4326;LINESTRING(70 30, 71 31)');
SELECT area_at(registry.place(70.5, 31), 'division');
SELECT area_at(registry.place(70.5, 31), NULL);

-- What is no place in Pakistan is not stored.
INSERT INTO nser.household (area, place) VALUES ('PK60101', 'SRID=4326;POINT EMPTY');
INSERT INTO nser.household (area, place) VALUES ('PK60101', st_setsrid(st_makepoint('NaN', 'NaN'), 4326));
INSERT INTO nser.household (area, place) VALUES ('PK60101', st_setsrid(st_makepoint(70, 'NaN'), 4326));
INSERT INTO nser.household (area, place) VALUES ('PK60101', st_setsrid(st_makepoint('Infinity', 30), 4326));
INSERT INTO nser.household (area, place) VALUES ('PK60101', registry.place(700, -900));
INSERT INTO nser.household (area, place) VALUES ('PK60101', registry.place(31, 70.5));
INSERT INTO nser.household (household_id, area) VALUES (899, 'PK60101');
INSERT INTO nser.survey (household_id, indicators, area, device_place) VALUES (899, '{}', 'PK60101', 'SRID=4326;POINT EMPTY');
INSERT INTO nser.survey (household_id, indicators, area, device_place) VALUES (899, '{}', 'PK60101', registry.place(31, 70.5));
DELETE FROM nser.household;

-- The nation, on and off borders and outside: as area_at() says.
INSERT INTO nser.household (household_id, area, place)
	SELECT row_number() OVER (), 'PK60101001', registry.place(69.5 + x / 4.0, 29.5 + y / 4.0) FROM generate_series(0, 20) AS x, generate_series(0, 20) AS y;
INSERT INTO nser.household (household_id, area) VALUES (900, 'PK60102');
SELECT * FROM fill_places();
CREATE VIEW wrong AS SELECT household_id FROM nser.household AS h FULL JOIN nser.household_place AS p USING (household_id)
	WHERE (p.household_id IS NULL) <> (h.place IS NULL) OR p.area <> h.area OR area_at(h.place)::text IS DISTINCT FROM p.place_area::text;
SELECT count(*) AS wrong FROM wrong;
-- the table in the order of areas: another way to the same
TRUNCATE nser.household_place;
ANALYZE nser.household;
SELECT abs(correlation) > 0.9 AS ordered FROM pg_stats WHERE (schemaname, tablename, attname) = ('nser', 'household', 'area');
SELECT * FROM fill_places();
SELECT count(*) AS wrong FROM wrong;
SELECT place_area, count(*) FROM nser.household_place GROUP BY 1 ORDER BY 1;
SELECT conname, contype FROM pg_constraint WHERE conrelid = 'nser.household_place'::regclass AND contype = 'p';

-- Again: nothing is written, then only what changed.  What was loaded since, what lost its place, what is stale.
SELECT * FROM fill_places();
INSERT INTO nser.household (household_id, area, place) VALUES (901, 'PK60101002', registry.place(71.5, 31)), (902, 'PK602', registry.place(60.5, 24));
SELECT count(*) AS wrong FROM wrong;
UPDATE nser.household_place SET place_area = 'PK7' WHERE household_id = 5;
UPDATE nser.household_place SET place_area = NULL, area = 'PK7' WHERE household_id = 6;
INSERT INTO nser.household_place VALUES (900, 'PK60102', 'PK60102'), (7777, 'PK60101', 'PK60101');
SELECT places, placed, outside, written FROM fill_places();
SELECT count(*) AS wrong FROM wrong;
-- of one area alone
INSERT INTO nser.household (household_id, area, place) VALUES (903, 'PK60201', registry.place(73, 31)), (904, 'PK60101', registry.place(71, 32));
SELECT places, placed, outside, written FROM fill_places('PK602');
SELECT household_id, place_area FROM nser.household_place WHERE household_id > 900 ORDER BY 1;
SELECT places, placed, outside, written FROM fill_places('PK60101');
SELECT count(*) AS wrong FROM wrong;
SELECT places, placed, outside, written FROM fill_places('PK7');
SELECT place_household(NULL) IS NULL AS nothing;
\set VERBOSITY sqlstate
SELECT * FROM fill_places(NULL);
\set VERBOSITY terse
SELECT * FROM fill_places(NULL);
SELECT flag_places(NULL);
SELECT flag_places(centre_km => NULL);
SELECT flag_places(centre_km => -1);
SELECT flag_places(centre_km => 'NaN');
-- new boundaries: what lies in them changes
INSERT INTO nser.area (code, source, geom) VALUES ('PK60102001', 'made up', polygons(st_makeenvelope(70, 32, 71, 34, 4326)));
SELECT places, placed, outside, written FROM fill_places();
SELECT count(*) AS wrong FROM wrong;

-- A household that moves, or whose place becomes known or is withdrawn; a load leaves it to fill_places().
UPDATE nser.household SET place = registry.place(71.5, 31) WHERE household_id = 900;
UPDATE nser.household SET place = NULL WHERE household_id = 901;
UPDATE nser.household SET area = 'PK602' WHERE household_id = 5;
UPDATE nser.household SET place = registry.place(73, 31), area = 'PK602' WHERE household_id = 6;
SELECT * FROM nser.household_place WHERE household_id IN (5, 6, 900, 901) ORDER BY 1;
SELECT count(*) AS wrong FROM wrong;

-- Surveys that disagree: the household's place, or the tablet's at the door; only the current one is asked.
ALTER TABLE nser.household_state DISABLE TRIGGER USER; DELETE FROM nser.household_state; ALTER TABLE nser.household_state ENABLE TRIGGER USER;
DELETE FROM nser.household_place; DELETE FROM nser.household;
INSERT INTO nser.centre (centre_id, name, kind, place) VALUES (1, 'Centre', 'fixed', registry.place(70.5, 31));
INSERT INTO nser.centre (centre_id, name, kind, area) VALUES (2, 'Vehicle', 'mobile', 'PK601');
INSERT INTO nser.household (household_id, area, place) SELECT i, a::area_code, st_geomfromtext(p, 4326) FROM (VALUES
	(1, 'PK60101001', 'POINT(70.9 31)'),		-- where it says
	(2, 'PK60101001', 'POINT(71.1 31)'),		-- in the next union council
	(3, 'PK60101', 'POINT(71.5 31)'),			-- in one of its own
	(4, 'PK60101002', 'POINT(71 31)'),			-- on the border with the lower code
	(5, 'PK60101001', 'POINT(73 31)'),			-- in another district
	(6, 'PK60101001', 'POINT(60.5 24)'),			-- outside all
	(7, 'PK60201', 'POINT(71.5 31)'),			-- its own boundary is not known, its district's is
	(8, 'PK701', 'POINT(71.5 31)'),				-- nothing is known of where it says
	(9, 'PK701', 'POINT(60.5 24)'),				-- nor of where it is
	(10, 'PK60201', 'POINT(73 31)'),			-- in its district, whose tehsils are not known
	(11, 'PK60101001', NULL), (12, 'PK60101001', 'POINT(73 31)'), (13, 'PK60101001', 'POINT(70.5 31)')) AS x (i, a, p);
INSERT INTO nser.survey (household_id, survey_id, indicators, area, mode, device_place, centre)
	SELECT household_id, household_id, '{}', area, 'telephone', NULL, NULL FROM nser.household WHERE household_id < 11;
INSERT INTO nser.survey (household_id, survey_id, indicators, area, mode, device_place, centre) VALUES
	(11, 11, '{}', 'PK60101001', 'door', registry.place(71.5, 31), NULL), (12, 12, '{}', 'PK60101001', 'door', registry.place(70.5, 31), NULL),
	(13, 13, '{}', 'PK60101001', 'centre', registry.place(70.53, 31), 1), (13, 113, '{}', 'PK60101001', 'centre', registry.place(70.51, 31), 1),
	(13, 213, '{}', 'PK60101001', 'centre', registry.place(73, 31), 2), (13, 313, '{}', 'PK60101001', 'door', registry.place(73, 31), NULL);
UPDATE nser.household SET current_survey = household_id;
INSERT INTO nser.quality_flag (household_id, survey_id, check_name, area, detail) VALUES
	(1, 1, 'place.area', 'PK60101001', 'no longer so'), (1, 1, 'roster.no_head', 'PK60101001', 'not ours'), (2, 2, 'place.area', 'PK60101001', 'said otherwise');
SELECT * FROM fill_places();
SELECT household_id, survey_id, check_name, area, detail FROM nser.quality_flag ORDER BY 1, 2, 3;
CREATE TEMP TABLE before AS SELECT xmin::text AS x, ctid::text AS t FROM nser.quality_flag;
SELECT * FROM fill_places();
SELECT count(*) FROM (TABLE before EXCEPT ALL SELECT xmin::text, ctid::text FROM nser.quality_flag) AS rewritten;
SELECT flag_places(centre_km => 0.5), flag_places('PK602'), flag_places('PK', 13);

-- One that moves, or is put where it lives, is flagged and freed at once; so is one whose survey is recorded.
UPDATE nser.household SET place = registry.place(70.2, 31) WHERE household_id = 2;
UPDATE nser.household SET area = 'PK602' WHERE household_id IN (1, 5);
SELECT household_id, survey_id, check_name, area, detail FROM nser.quality_flag WHERE household_id IN (1, 2, 5) ORDER BY 1, 2, 3;
INSERT INTO nser.household (household_id, area, place) VALUES (20, 'PK60101001', registry.place(71.1, 31)), (21, 'PK60101001', NULL);
SELECT record_survey(20, '{}', '[{"line": 1, "relationship": "head", "sex": "male", "age": 45}]') > 0 AS recorded,
	record_survey(21, '{}', '[{"line": 1, "relationship": "head", "sex": "male", "age": 45}]') > 0 AS recorded;
SELECT * FROM nser.household_place WHERE household_id IN (20, 21);
SELECT household_id, check_name, detail FROM nser.quality_flag WHERE household_id IN (20, 21) AND check_name LIKE 'place.%' ORDER BY 1, 2, 3;

-- One statement for many: those that move keep the area found, those put elsewhere or never placed are looked up.
DELETE FROM nser.quality_flag; DELETE FROM nser.household_place; UPDATE nser.household SET current_survey = NULL;
INSERT INTO nser.household (household_id, area, place)
	SELECT 100000 + i, 'PK60101001', CASE WHEN i % 10 > 0 THEN registry.place(70 + i % 2 + i / 30000.0, 31) END FROM generate_series(1, 10001) AS i;
INSERT INTO nser.survey (household_id, survey_id, indicators, area, mode)
	SELECT household_id, household_id, '{}', area, 'telephone' FROM nser.household WHERE household_id > 100000;
UPDATE nser.household SET current_survey = household_id WHERE household_id > 100000;
SELECT count(*) AS as_before FROM nser.household_place;
SELECT places, placed, outside FROM fill_places('PK60101001');
SELECT area, count(*) FROM nser.quality_flag GROUP BY area;
UPDATE nser.household_place SET place_area = 'PK60102' WHERE household_id = 100001;
DELETE FROM nser.household_place WHERE household_id = 100003;
UPDATE nser.household SET area = 'PK60101002', place = CASE WHEN household_id % 10 = 7 THEN registry.place(70.5, 33) ELSE place END WHERE household_id > 100000;
SELECT count(*) AS wrong, min(household_id) FROM wrong WHERE household_id > 100000;
SELECT q.area, p.place_area, q.detail, count(*) FROM nser.quality_flag AS q JOIN nser.household_place AS p USING (household_id) GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 1;
SELECT flag_places('PK60101002') AS as_at_once, (SELECT count(*) FROM nser.quality_flag WHERE area <@ 'PK60101002') AS flags;
-- the trigger looks at rows that change, and at nothing else
UPDATE nser.household SET address = 'a street' WHERE household_id = 100003;
SELECT count(*) AS wrong FROM wrong WHERE household_id = 100003;

-- What was surveyed goes before what is approximate: a drawn tehsil beyond the border of its surveyed district.
DELETE FROM nser.quality_flag; DELETE FROM nser.household_place; UPDATE nser.household SET current_survey = NULL; DELETE FROM nser.score;
INSERT INTO nser.area (code, source, geom) VALUES ('PK303', 'surveyed', polygons(st_makeenvelope(62, 25, 63, 26, 4326))), ('PK304', 'surveyed', polygons(st_makeenvelope(63, 25, 64, 26, 4326)));
INSERT INTO nser.area (code, source, is_approximate, geom) VALUES ('PK30301', 'drawn', true, polygons(st_makeenvelope(62, 25, 63.5, 26, 4326))),
	('PK30401', 'drawn', true, polygons(st_makeenvelope(63.5, 25, 64.5, 26, 4326)));
SELECT x, area_at(registry.place(x, 25.5)), area_at(registry.place(x, 25.5), 'tehsil') AS tehsil FROM unnest('{62.5,63.2,63.7,64.2}'::float8[]) AS x;
INSERT INTO nser.household (household_id, area, place)
	SELECT 200000 + row_number() OVER (), a::area_code, registry.place(x, 25.5) FROM unnest('{PK303,PK304,PK30301,PK30401,PK3}'::text[]) AS a, unnest('{62.5,63,63.2,63.7,64.2}'::float8[]) AS x;
INSERT INTO nser.survey (household_id, survey_id, indicators, area, mode) SELECT household_id, household_id, '{}', area, 'telephone' FROM nser.household WHERE household_id > 200000;
-- the tablet at the door, elsewhere than the household
INSERT INTO nser.household (household_id, area, place) VALUES (200100, 'PK304', registry.place(63.7, 25.5)), (200101, 'PK304', NULL);
INSERT INTO nser.survey (household_id, survey_id, indicators, area, mode, device_place) SELECT i, i, '{}', 'PK304', 'door', registry.place(63.2, 25.5) FROM generate_series(200100, 200101) AS i;
UPDATE nser.household SET current_survey = household_id WHERE household_id > 200000;
SELECT count(*) AS wrong FROM wrong WHERE household_id > 200000;
SELECT places, placed, outside FROM fill_places('PK3');
SELECT count(*) AS wrong FROM wrong WHERE household_id > 200000;
TRUNCATE nser.household_place;
SELECT places > 9000 AS all, placed + outside = places AS whole FROM fill_places();
SELECT count(*) AS wrong FROM wrong;
SELECT h.area, p.place_area, q.detail, count(*) FROM nser.household AS h JOIN nser.household_place AS p USING (household_id) JOIN nser.quality_flag AS q USING (household_id)
	WHERE household_id > 200000 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT count(*) AS tablets FROM nser.quality_flag WHERE household_id >= 200100;
SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'nser.household_place'::regclass ORDER BY 1;

-- A roster update says nothing of places, and becomes current: as if the household were placed anew, whatever was there.
INSERT INTO nser.household (household_id, area, place) VALUES (50, 'PK60101001', registry.place(70.5, 31)), (51, 'PK60101001', registry.place(73, 31)),
	(52, 'PK60101001', registry.place(70.5, 31)), (53, 'PK60101001', NULL), (54, 'PK60101001', NULL), (55, 'PK60101001', registry.place(70.5, 31)),
	(56, 'PK60101001', registry.place(73, 31)), (57, 'PK60101001', registry.place(70.5, 31)), (58, 'PK60101001', registry.place(69.5, 31));
SELECT count(record_survey(h.household_id, '{}', '[{"line": 1, "relationship": "head", "sex": "male", "age": 45}]', mode => d.mode, device_place => d.place)) AS surveyed
FROM nser.household AS h
CROSS JOIN LATERAL (SELECT CASE WHEN h.household_id IN (55, 56) THEN 'door' ELSE 'centre' END AS mode,
	CASE h.household_id WHEN 55 THEN registry.place(73, 31) WHEN 56 THEN registry.place(70.6, 31) END AS place) AS d
WHERE h.household_id BETWEEN 50 AND 58;
-- one that was loaded and not placed, one of which a place is left, one that moves, to where another is wrong
DELETE FROM nser.household_place WHERE household_id = 52;
INSERT INTO nser.household_place VALUES (54, 'PK60101001', 'PK602');
UPDATE nser.household SET place = registry.place(73, 31) WHERE household_id = 57;
CREATE TEMP VIEW placed AS
	SELECT h.household_id, p.area, p.place_area, q.check_name, q.detail, q.survey_id = h.current_survey AS is_current
	FROM nser.household AS h
	LEFT JOIN nser.household_place AS p USING (household_id)
	LEFT JOIN nser.quality_flag AS q ON q.household_id = h.household_id AND q.check_name LIKE 'place.%'
	WHERE h.household_id BETWEEN 50 AND 58 ORDER BY 1, q.survey_id;
TABLE placed;
SELECT count(record_survey(h.household_id, '{}', '[{"line": 1, "relationship": "head", "sex": "male", "age": 45}]', update_type => 'roster', is_full => false)) AS updated
FROM nser.household AS h WHERE h.household_id BETWEEN 50 AND 58;
TABLE placed;
CREATE TEMP TABLE left_so AS TABLE placed;
SELECT count(place_household(i)) AS placed_anew FROM generate_series(50, 58) AS i;
SELECT count(*) AS differ FROM ((TABLE placed EXCEPT TABLE left_so) UNION ALL (TABLE left_so EXCEPT TABLE placed)) AS x;

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
