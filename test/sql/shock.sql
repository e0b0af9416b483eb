--
-- Shocks: who was hit, by point and by area; shocks of one household
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET timezone = 'Asia/Karachi';
SET client_min_messages = warning;
CALL registry.create_store();
RESET client_min_messages;
SET search_path = registry, public;

-- a district of two tehsils side by side, a degree each; one union council, the west half of the first, has a boundary
CREATE FUNCTION pg_temp.box(west double precision, south double precision, east double precision, north double precision) RETURNS geometry
	LANGUAGE sql RETURN ST_Multi(ST_MakeEnvelope(west, south, east, north, 4326));
INSERT INTO nser.area (code, name, source, geom) VALUES
	('PK7', 'Sindh', 'by hand', pg_temp.box(66, 24, 72, 29)),
	('PK701', 'Left', 'by hand', pg_temp.box(68, 26, 70, 27)),
	('PK702', 'Right', 'by hand', pg_temp.box(70, 26, 71, 27)),
	('PK70101', 'West', 'by hand', pg_temp.box(68, 26, 69, 27)),
	('PK70102', 'East', 'by hand', pg_temp.box(69, 26, 70, 27)),
	('PK70201', 'Far', 'by hand', pg_temp.box(70, 26, 71, 27)),
	('PK70101001', 'One', 'by hand', pg_temp.box(68, 26, 68.5, 27));
INSERT INTO nser.area (code, name, source) VALUES ('PK70101002', 'Two', 'by hand');
INSERT INTO nser.household (household_id, area, registered_on, place) VALUES
	(1, 'PK70101001', '2020-01-01', registry.place(68.2, 26.5)),
	(2, 'PK70101002', '2020-01-01', registry.place(68.7, 26.5)),
	(3, 'PK70101002', '2020-01-01', NULL),			-- its union council has no boundary
	(4, 'PK70101001', '2020-01-01', NULL),
	(5, 'PK70102001', '2020-01-01', registry.place(69.3, 26.5)),
	(6, 'PK70102001', '2020-01-01', registry.place(68.6, 26.5)),	-- states one tehsil, stands in another
	(7, 'PK701', '2020-01-01', NULL),
	(8, 'PK70201001', '2020-01-01', NULL),
	(9, 'PK70101001', '2022-08-20', registry.place(68.2, 26.6)),	-- registered while it was there
	(10, 'PK70101', '2020-01-01', registry.place(69, 26.5)),		-- on the border
	(11, 'PK70101001', '2020-01-01', registry.place(68.3, 26.5)),
	(12, 'PK801', '2020-01-01', NULL),				-- nothing there has a boundary
	(13, 'PK70201001', '2020-01-01', registry.place(68.5, 26)),	-- in a corner
	(14, 'PK70102', '2020-01-01', NULL),
	(15, 'PK701', '2020-01-01', NULL);
UPDATE nser.household SET status = 'dissolved' WHERE household_id = 11;

-- what lies under a shape: the whole of one area, two fifths of another; a few metres are rounded away
SELECT area, round(share::numeric, 4) AS share, round(km2::numeric) AS km2 FROM areas_under(pg_temp.box(68, 26, 69.4, 27)) ORDER BY area;
-- who lives there: 3 and 4 in areas wholly under it; 7 and 15, whose district is, by seven tenths; 10 on the border; not 14
SELECT * FROM households_in(pg_temp.box(68, 26, 69.4, 27)) ORDER BY 1;
SELECT * FROM households_in(pg_temp.box(68, 26, 69.4, 27), 0.8) ORDER BY 1;
-- the finest boundary decides: half of the tehsil is under this and all of union council 1, but 3 is known by the tehsil alone
SELECT * FROM households_in(pg_temp.box(68, 26, 68.5, 27), 1) ORDER BY 1;
-- the border is inside, and all of an area is a share of 1, however the shape is cut in pieces
WITH round AS (
	SELECT ST_Buffer(ST_SetSRID(ST_MakePoint(68.2, 26.5), 4326), 0.9, 500) AS g
)
SELECT (SELECT ST_NPoints(g) FROM round) AS corners, u.area, u.share
FROM round, areas_under(round.g) AS u WHERE u.area <@ 'PK70101001';
SELECT household_id FROM households_in(pg_temp.box(69, 26, 70, 27)) WHERE found_by = 'point' ORDER BY 1;
-- pieces of a shape meet over 1, and it is found once; a hole is not inside
SELECT household_id FROM households_in(ST_Difference(pg_temp.box(68, 26, 69, 27), pg_temp.box(68.1, 26.4, 68.25, 26.7))) WHERE found_by = 'point' ORDER BY 1;
-- coordinates of another system
SELECT count(*) FROM households_in(ST_Transform(pg_temp.box(68, 26, 69.4, 27), 3857)) WHERE found_by = 'point';
SELECT count(*) FROM households_in(NULL);
SELECT count(*) FROM households_in(registry.place(68.2, 26.5));
SELECT count(*) FROM households_in(pg_temp.box(26, 68, 27, 69));
SELECT count(*) FROM households_in(pg_temp.box(68, 26, 69, 27), 0);
SELECT count(*) FROM households_in(pg_temp.box(68, 26, 69, 27), 'NaN');

-- by polygon; open until next year
SELECT declare_shock('Monsoon floods 2022', 'flood', '[2022-06-14,2022-09-30]', polygon => pg_temp.box(68, 26, 69.4, 27),
	update_window => '[2022-09-01,2100-01-01)', source => 'by hand') AS shock_id;
SELECT shock_id, name, kind, during, update_window, min_share, found_at IS NOT NULL AS found FROM nser.shock;
SELECT area, is_declared, round(share::numeric, 4) AS share, round(km2::numeric) AS km2 FROM nser.shock_area WHERE shock_id = 1 ORDER BY area;
SELECT household_id, area, found_by FROM nser.shock_household WHERE shock_id = 1 ORDER BY 1;
-- nothing has changed; 9 registered later
SELECT * FROM find_shock_households(1);
-- a corrected point, and one found
UPDATE nser.household SET place = registry.place(70.5, 26.5) WHERE household_id = 1;
UPDATE nser.household SET place = registry.place(69.6, 26.5) WHERE household_id = 3;
UPDATE nser.household SET place = registry.place(68.4, 26.5) WHERE household_id = 4;
-- a place that was known and is another now: until someone says that it was a mistake, 1 has moved away
SELECT household_id, moved_at IS NOT NULL AS has_moved FROM nser.household WHERE household_id IN (1, 3, 4) ORDER BY 1;
UPDATE nser.household SET moved_at = NULL WHERE household_id = 1;
SELECT * FROM find_shock_households(1);
SELECT household_id, area, found_by FROM nser.shock_household WHERE shock_id = 1 ORDER BY 1;
-- who had the update, and who is registered no more, stays
BEGIN;
INSERT INTO nser.survey (household_id, area, indicators, update_type, submitted_at)
	VALUES (2, 'PK70101002', complete('{}', NULL, NULL), 'shock', '2022-10-01 10:00+05');
UPDATE nser.household SET place = registry.place(70.5, 26.5) WHERE household_id IN (2, 10);
UPDATE nser.household SET moved_at = NULL WHERE household_id IN (2, 10);
UPDATE nser.household SET status = 'dissolved' WHERE household_id = 6;
SELECT * FROM find_shock_households(1);
SELECT array_agg(household_id ORDER BY household_id) FROM nser.shock_household WHERE shock_id = 1;
SELECT array_agg(household_id ORDER BY household_id) FROM nser.shock_open WHERE shock_id = 1;
ROLLBACK;
-- 10 and 13 move away and stay; 8 and 14 move in, by another area and another place, and are not added; 7 is told more finely
BEGIN;
UPDATE nser.household SET area = 'PK801', place = NULL WHERE household_id = 10;
UPDATE nser.household SET place = registry.place(70.5, 26.5) WHERE household_id = 13;
UPDATE nser.household SET area = 'PK70101' WHERE household_id IN (7, 8);
UPDATE nser.household SET place = registry.place(69.9, 26.5) WHERE household_id = 14;
UPDATE nser.household SET place = registry.place(68.9, 26.5) WHERE household_id = 14;
SELECT array_agg(household_id ORDER BY household_id) AS moved FROM nser.household WHERE moved_at IS NOT NULL;
SELECT * FROM find_shock_households(1);
SELECT array_agg(household_id ORDER BY household_id) FROM nser.shock_household WHERE shock_id = 1;
-- all of them mistakes
UPDATE nser.household SET moved_at = NULL;
SELECT * FROM find_shock_households(1);
SELECT array_agg(household_id ORDER BY household_id) FROM nser.shock_household WHERE shock_id = 1;
ROLLBACK;
-- the polygon is withdrawn
BEGIN;
UPDATE nser.shock SET polygon = NULL WHERE shock_id = 1;
SELECT * FROM find_shock_households(1);
SELECT (SELECT count(*) FROM nser.shock_area), (SELECT count(*) FROM nser.shock_household);
ROLLBACK;

-- by areas: where the place lies decides, by the area's boundary, whatever nser.household_place says
INSERT INTO nser.household_place AS p (household_id, area, place_area)
SELECT h.household_id, 'PK70201', 'PK70201' FROM nser.household AS h
ON CONFLICT (household_id) DO UPDATE SET area = EXCLUDED.area, place_area = EXCLUDED.place_area;
SELECT declare_shock('Drought', 'drought', '[2022-01-01,2022-12-31]', '{PK70101}') AS shock_id;
SELECT household_id, found_by FROM nser.shock_household WHERE shock_id = 2 ORDER BY 1;
-- 21 and 25 are off the coast, where no boundary tells; 23 and 24 are told by the boundaries of others
BEGIN;
INSERT INTO nser.household (household_id, area, registered_on, place) VALUES
	(21, 'PK70101001', '2020-01-01', registry.place(65, 24)),
	(22, 'PK70201001', '2020-01-01', registry.place(65, 24)),
	(23, 'PK70101001', '2020-01-01', registry.place(68.9, 26.5)),
	(24, 'PK70101002', '2020-01-01', registry.place(69.9, 26.5)),
	(25, 'PK70101002', '2020-01-01', registry.place(65, 24));
SELECT * FROM households_declared('{PK70101001}') ORDER BY 1;
SELECT * FROM households_declared('{PK70101002}') ORDER BY 1;
-- of one without a boundary, the boundaries in it tell
UPDATE nser.area SET geom = NULL WHERE code = 'PK70101';
SELECT * FROM households_declared('{PK70101}') ORDER BY 1;
ROLLBACK;
-- a union council without a boundary: no point tells that 2 is there, and it says so; 6 does not say so
SELECT declare_shock('Epidemic', 'epidemic', '[2022-01-01,2022-12-31]', '{PK70101002}') AS shock_id;
-- one inside the other, and a polygon as well: each household once
SELECT declare_shock('Both', 'other', '[2022-01-01,2100-01-01)', '{PK701,PK70101,PK70201}', pg_temp.box(70.4, 26, 70.6, 27), min_share => 1) AS shock_id;
SELECT shock_id, household_id, found_by FROM nser.shock_household WHERE shock_id > 2 ORDER BY 1, 2;
SELECT area, is_declared, round(share::numeric, 4) AS share, round(km2::numeric) AS km2 FROM nser.shock_area WHERE shock_id = 4 ORDER BY area;
-- declared after its window: found once, for the record
SELECT * FROM find_shock_households(2);
SELECT * FROM find_shock_households(99);
SELECT * FROM find_shock_households(NULL);

-- where no code of the level is known any will do, and the stated area decides
BEGIN;
DELETE FROM nser.area WHERE level = 'district' OR code <@ 'PK70102';
SELECT declare_shock('Landslide', 'landslide', '[2022-01-01,2022-12-31]', '{PK801}') AS shock_id;
SELECT household_id, found_by FROM nser.shock_household ORDER BY shock_id DESC, 1 LIMIT 1;
ROLLBACK;
-- another number: the area counts once, who lives there has not moved, and the number that has ended is refused, with what lay in it
BEGIN;
SELECT record_area_change(today(), '{PK70101}', '{PK70109}');
SELECT * FROM recode_households(today());
SELECT area, round(share::numeric, 4) AS share FROM areas_under(pg_temp.box(68, 26, 69.4, 27)) WHERE level(area) = 'tehsil' ORDER BY 1;
SELECT array_agg(household_id ORDER BY household_id) FROM nser.household WHERE moved_at IS NOT NULL AND household_id <> 1;
SELECT area, name, round(share::numeric, 4) AS share, round(km2::numeric) AS km2, by_point, by_area FROM nser.shock_summary WHERE shock_id = 1 ORDER BY area;
SELECT * FROM find_shock_households(1);
SELECT area, name, round(share::numeric, 4) AS share, round(km2::numeric) AS km2, by_point, by_area FROM nser.shock_summary WHERE shock_id = 1 ORDER BY area;
-- 2 was hit by area, and states the new number now
UPDATE nser.shock SET update_window = '[2022-01-01,2100-01-01)' WHERE shock_id = 3;
SELECT * FROM find_shock_households(3);
SELECT household_id, area, found_by FROM nser.shock_household WHERE shock_id = 3;
SAVEPOINT declared;
SELECT declare_shock('X', 'flood', '[2022-01-01,2022-02-01]', '{PK70101,PK70109,PK70101002}');
ROLLBACK TO declared;
-- of a declared area tehsils of today alone
SELECT declare_shock('X', 'flood', '[2022-01-01,2022-02-01]', '{PK701}') AS shock_id \gset
SELECT area, by_point, by_area FROM nser.shock_summary WHERE shock_id = :shock_id ORDER BY area;
ROLLBACK;
-- boundaries that are drawn, not surveyed
BEGIN;
UPDATE nser.area SET is_approximate = true WHERE code IN ('PK70101', 'PK70102');
SELECT declare_shock('Drawn', 'other', '[2022-01-01,2022-12-31]', '{PK70101}', pg_temp.box(69.5, 26, 69.6, 27)) IS NOT NULL AS declared;
ROLLBACK;

-- what it did to each tehsil, with families and members where they are known
SELECT record_survey(6, '{}', '[{"line": 1, "relationship": "head", "sex": "female", "age": 40, "marital_status": "widowed"},
	{"line": 2, "relationship": "child", "sex": "male", "age": 9, "marital_status": "never_married", "mother_line": 1}]') IS NOT NULL AS surveyed;
SELECT area, name, is_declared, round(share::numeric, 4) AS share, round(km2::numeric) AS km2, by_point, by_area, outside, undecided, families, members
FROM nser.shock_summary WHERE shock_id = 1 ORDER BY area;
-- the same before families are derived
BEGIN;
DELETE FROM nser.family;
SELECT area, families, members FROM nser.shock_summary WHERE shock_id = 1 AND families IS NOT NULL;
ROLLBACK;
SELECT shock_id AS id, area, name, is_declared, round(share::numeric, 4) AS share, by_point, by_area, outside, undecided, families, members
FROM nser.shock_summary WHERE shock_id > 1 ORDER BY 1, 2;
SELECT shock_id, name, array_agg(household_id ORDER BY household_id) AS open_to FROM nser.shock_open GROUP BY 1, 2 ORDER BY 1;

-- the window of a household: the one that holds the day, else the next, else the last; none without a shock
SELECT d AS on_date, shock_window(6, d) FROM unnest('{2021-12-31,2022-08-31,2022-09-01,2023-01-01,2101-01-01}'::date[]) AS d;
SELECT shock_window(8, '2022-01-01'), shock_window(12, '2022-01-01'), shock_window(6, NULL);

-- refused
SELECT declare_shock(' ', 'flood', '[2022-01-01,2022-02-01]', '{PK701}');
SELECT declare_shock('X', 'fire', '[2022-01-01,2022-02-01]', '{PK701}');
SELECT declare_shock('X', 'flood', NULL, '{PK701}');
SELECT declare_shock('X', 'flood', 'empty', '{PK701}');
SELECT declare_shock('X', 'flood', '[2022-01-01,)', '{PK701}');
SELECT declare_shock('X', 'flood', '[2022-01-01,2022-02-01]', '{PK701}', update_window => '[2021-12-31,2022-02-01]');
SELECT declare_shock('X', 'flood', '[2022-01-01,2022-02-01]', '{PK701}', update_window => 'empty');
SELECT declare_shock('X', 'flood', '[2022-01-01,2022-02-01]', '{PK701}', min_share => 1.01);
SELECT declare_shock('X', 'flood', '[2022-01-01,2022-02-01]');
SELECT declare_shock('X', 'flood', '[2022-01-01,2022-02-01]', '{}');
SELECT declare_shock('X', 'flood', '[2022-01-01,2022-02-01]', '{PK70109,PK70101,NULL,PK709}');
SELECT declare_shock('X', 'flood', '[2022-01-01,2022-02-01]', polygon => 'SRID=4326;POLYGON EMPTY');
SELECT declare_shock('X', 'flood', '[2022-01-01,2022-02-01]', polygon => pg_temp.box(68, 26, 90, 27));
SELECT declare_shock('Drought', 'flood', '[2022-01-01,2022-02-01]', '{PK701}');
SELECT declare_shock('X', 'flood', '[-infinity,2022-02-01]', '{PK701}');
SELECT declare_shock('X', 'flood', '[2022-01-01,infinity]', '{PK701}');
SELECT declare_shock('X', 'flood', '[2022-01-01,2022-02-01]', '{PK701}', update_window => '[infinity,)');
SELECT declare_shock('X', 'flood', '[2022-01-01,2022-02-01]', polygon => 'SRID=4326;POLYGON((68 26, 69 26, 69 27, NaN 27, 68 26))');
SELECT declare_shock('X', 'flood', '[2022-01-01,2022-02-01]', polygon => 'SRID=4326;CURVEPOLYGON(CIRCULARSTRING(68 26, 69 27, 68 26))');
SELECT declare_shock('X', 'flood', '[2022-01-01,2022-02-01]', polygon => 'SRID=99999;POLYGON((68 26, 69 26, 69 27, 68 26))');
SELECT count(*) FROM nser.shock;

-- shocks of one household: who was ill, and who died
INSERT INTO nser.member (household_id, line, area, document, name, sex, birth_date, relationship, marital_status, spouse_line, valid_from) VALUES
	(2, 1, 'PK70101002', 'none', 'Akram', 'male', '1970-01-01', 'head', 'married', 2, '2020-01-01'),
	(2, 2, 'PK70101002', 'none', 'Nasreen', 'female', NULL, 'spouse', 'married', 1, '2020-01-01'),
	(2, 3, 'PK70101002', 'none', 'Bilal', 'male', '2001-01-01', 'child', 'never_married', NULL, '2020-01-01');
SELECT record_survey(2, '{}', '[{"line": 1, "relationship": "head", "sex": "male", "age": 50, "marital_status": "married", "spouse_line": 2,
		"employment": "employed", "work": "day_labour", "disabilities": [], "chronic_diseases": ["diabetes"]},
	{"line": 2, "relationship": "spouse", "sex": "female", "age": 45, "marital_status": "married", "spouse_line": 1, "employment": "housewife",
		"disabilities": [], "chronic_diseases": []},
	{"line": 3, "relationship": "child", "sex": "male", "age": 19, "marital_status": "never_married"}]', submitted_at => '2020-01-01 10:00+05') IS NOT NULL AS surveyed;
SELECT record_household_shock(2, 'illness', 1, '2021-05-01', 'medical_certificate', 'A-17') AS shock;
SELECT record_household_shock(2, 'illness', 2, '2021-05-01', 'self_declared') AS shock;
SELECT record_household_shock(2, 'illness', 3, '2021-05-01', 'hospital_record') AS shock;
SELECT record_household_shock(2, 'illness', 1, '2019-05-01', 'self_declared', detail => 'before the first survey') AS shock;
SELECT record_household_shock(2, 'unemployment', 1, '2021-06-01', 'employer_letter') AS shock;
SELECT record_household_shock(2, 'unemployment', 2, '2021-06-01', 'self_declared') AS shock;
SELECT record_household_shock(2, 'breadwinner_death', 1, '2022-03-01', 'death_certificate');
SELECT end_member(2, 1, 'died', '2022-03-01', new_head => 2) IS NOT NULL AS ended;
SELECT record_household_shock(2, 'breadwinner_death', 1, '2022-03-02', 'death_certificate');
SELECT record_household_shock(2, 'breadwinner_death', 1, '2022-03-01', 'death_certificate') AS shock;
-- recorded late: he was ill before
SELECT record_household_shock(2, 'illness', 1, '2022-02-01', 'hospital_record') AS shock;
SELECT line, kind, happened_on, document, document_no, borne_out, area FROM nser.household_shock ORDER BY household_shock_id;
SELECT * FROM nser.household_shock_count;
-- nobody dies twice, and who is recorded as dead stays so while the household has it as a shock
INSERT INTO nser.household_shock (household_id, area, kind, line, happened_on, document)
	VALUES (2, 'PK70101002', 'breadwinner_death', 1, '2022-03-05', 'death_certificate');
SELECT reinstate_member(2, 1);
BEGIN;
DELETE FROM nser.household_shock WHERE kind = 'breadwinner_death';
SELECT reinstate_member(2, 1) IS NOT NULL AS reinstated;
ROLLBACK;
-- who splits off, far away, was hit too; merged again, each shock once; it stays when found anew
BEGIN;
SELECT split_household(2, '{3}', 3, area => 'PK801') AS split_off \gset
SELECT shock_id, area, found_by, carried_from FROM nser.shock_household WHERE household_id = :split_off ORDER BY 1;
SELECT by_point, by_area, written FROM find_shock_households(1);
SELECT count(*) FROM nser.shock_open WHERE household_id = :split_off;
ROLLBACK;
BEGIN;
SELECT split_household(2, '{3}', 3, area => 'PK801') AS split_off \gset
DELETE FROM nser.shock_household WHERE household_id = 2 AND shock_id = 1;
SELECT count(*) FROM merge_households(:split_off, 2, 'child');
SELECT shock_id, found_by, carried_from = :split_off AS carried FROM nser.shock_household WHERE household_id = 2 ORDER BY 1;
UPDATE nser.household SET place = registry.place(70.5, 26.5) WHERE household_id = 2;
UPDATE nser.household SET moved_at = NULL WHERE household_id = 2;
SELECT by_point, by_area, written FROM find_shock_households(1);
ROLLBACK;
-- none of it opens the update type shock
SELECT count(*) FROM nser.shock_open WHERE household_id = 2 AND shock_id > 4;
-- refused
SELECT record_household_shock(99, 'illness', 1, '2021-05-01', 'self_declared');
SELECT record_household_shock(11, 'illness', 1, '2021-05-01', 'self_declared');
SELECT record_household_shock(2, 'flood', 1, '2021-05-01', 'self_declared');
SELECT record_household_shock(2, NULL, 1, '2021-05-01', 'self_declared');
SELECT record_household_shock(2, 'illness', 1, '2021-05-01', 'death_certificate');
SELECT record_household_shock(2, 'illness', 1, '2021-05-01', NULL);
SELECT record_household_shock(2, 'illness', 9, '2021-05-01', 'self_declared');
SELECT record_household_shock(2, 'illness', 3, '2000-12-31', 'self_declared');
SELECT record_household_shock(2, 'illness', 3, current_date + 2, 'self_declared');
SELECT record_household_shock(2, 'illness', 3, NULL, 'self_declared');
SELECT record_household_shock(2, 'unemployment', 1, '2022-03-02', 'self_declared');
SELECT record_household_shock(2, 'illness', 1, '2021-05-01', 'self_declared');

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
