--
-- Areas that split, merge and are renumbered; areas by the names people write
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET client_min_messages = warning;
\set ECHO none
CALL registry.create_store();
SET search_path = registry, public;
CREATE FUNCTION pg_temp.boxes(VARIADIC boxes text[]) RETURNS jsonb LANGUAGE sql AS $$
	-- "CODE west south east north", in tenths of a degree from 70 east, 30 north
	SELECT jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_agg(jsonb_build_object('type', 'Feature', 'properties', jsonb_build_object('code', b[1], 'name', b[1] || ' Box'),
		'geometry', st_asgeojson(st_makeenvelope(70 + b[2]::float8 / 10, 30 + b[3]::float8 / 10, 70 + b[4]::float8 / 10, 30 + b[5]::float8 / 10, 4326))::jsonb) ORDER BY n))
	FROM unnest(boxes) WITH ORDINALITY AS u (w, n) CROSS JOIN LATERAL string_to_array(w, ' ') AS b $$;
CREATE VIEW pg_temp.change AS
	SELECT changed_on, old_area, new_area, round(old_share::numeric, 4) AS old_share, round(new_share::numeric, 4) AS new_share, basis, source
	FROM nser.area_change ORDER BY 1, 2, 3;
\set ECHO all
SELECT loaded, refused FROM load_boundaries('province', pg_temp.boxes('PK6 0 0 20 10'));
SELECT loaded, refused FROM load_boundaries('district', pg_temp.boxes('PK601 0 0 10 10', 'PK602 10 0 15 10', 'PK603 15 0 20 10'));
SELECT loaded, refused FROM load_boundaries('tehsil', pg_temp.boxes('PK60101 0 0 5 10', 'PK60102 5 0 10 10', 'PK60201 10 0 15 10', 'PK60301 15 0 20 10'));

-- a split with boundaries: PK601 keeps the west, PK637 begins; shares by square kilometres
SELECT loaded, refused FROM load_boundaries('district', pg_temp.boxes('PK601 0 0 7.5 10', 'PK637 7.5 0 10 10'), valid_from => '2020-01-01');
SELECT record_area_change('2020-01-01', '{PK601}', '{PK601,PK637}', source => 'a gazette');
-- its second tehsil was split too, by shares that are given; PK60102 is no more
SELECT record_area_change('2020-01-01', '{PK60102}', '{PK60103,PK63701}', '{0.4,0.6}');
-- a merge: PK603 goes into PK602; and a renumbering
SELECT record_area_change('2021-01-01', '{PK602,PK603}', '{PK602}', '{0.25,0.75}');
SELECT record_area_change('2022-01-01', '{PK637}', '{PK640}');
SELECT * FROM pg_temp.change;
SELECT code, name, valid FROM nser.area WHERE NOT (lower_inf(valid) AND upper_inf(valid)) ORDER BY code;

-- what was there before is kept as it was
SELECT code, valid, round(p.km2::numeric) AS km2 FROM nser.area_past AS p ORDER BY code, valid;

-- what an area is on another day: itself, parts, through several changes, and back
SELECT a.code AS area, a.on_date, a.as_of, r.code, round(r.share::numeric, 6) AS share
FROM (VALUES
	(1, 'PK601', '2019-12-31', '2019-01-01'), (2, 'PK601', '2020-01-01', '2019-01-01'), (3, 'PK601', '2026-01-01', '2019-01-01'), (4, 'PK637', '2026-01-01', NULL),
	(5, 'PK640', '2019-01-01', NULL), (6, 'PK601', '2019-01-01', NULL), (7, 'PK602', '2019-01-01', NULL), (8, 'PK603', '2026-01-01', NULL),
	(9, 'PK602', '2026-01-01', '2019-01-01'), (10, 'PK60102', '2026-01-01', NULL),
	-- below what changed: kept with what keeps its code; renumbered with what moves as a whole; not told apart in a merge
	(11, 'PK60101', '2026-01-01', '2019-01-01'), (12, 'PK60101007', '2026-01-01', '2019-01-01'), (13, 'PK63701005', '2026-01-01', '2021-01-01'),
	(14, 'PK64001005', '2021-06-01', NULL), (15, 'PK60301', '2026-01-01', NULL), (16, 'PK60302', '2026-01-01', NULL), (17, 'PK60201', '2019-01-01', NULL),
	(18, 'PK60102003', '2026-01-01', NULL), (19, 'PK6', '2019-01-01', NULL), (20, 'PK701', '2019-01-01', NULL), (21, NULL, '2019-01-01', NULL)) AS a (no, code, on_date, as_of)
CROSS JOIN LATERAL area_on(a.code::area_code, a.on_date::date, a.as_of::date) AS r
ORDER BY a.no, r.code;

-- totals of before the changes by the areas of after them, and back: nothing is lost
CREATE TEMP TABLE totals (area area_code, counted_on date, total numeric);
INSERT INTO totals VALUES ('PK601', '2019-06-01', 100000), ('PK602', '2019-06-01', 30000), ('PK603', '2019-06-01', 20000), ('PK701', '2019-06-01', 7);
CREATE TEMP TABLE recoded AS
	SELECT r.code, sum(t.total * r.share) AS total FROM totals AS t CROSS JOIN LATERAL area_on(t.area, '2022-06-01', t.counted_on) AS r GROUP BY 1;
SELECT code, round(total::numeric, 6) AS total FROM recoded ORDER BY code;
SELECT round(sum(total)::numeric, 6) AS all_of_it FROM recoded;
SELECT r.code, round(sum(c.total * r.share)::numeric, 6) AS total
FROM recoded AS c CROSS JOIN LATERAL area_on(c.code, '2019-06-01', '2022-06-01') AS r GROUP BY 1 ORDER BY 1;
-- the same at the finer level, where one part is of nobody knows where
SELECT r.code, round(sum(t.total * r.share)::numeric, 6) AS total
FROM (VALUES ('PK60102'::area_code, 10), ('PK60102003', 5), ('PK60101', 1)) AS t (area, total) CROSS JOIN LATERAL area_on(t.area, '2022-06-01', '2019-06-01') AS r GROUP BY 1 ORDER BY 1;

-- households, by their places, weigh more than land, once there are 30
INSERT INTO nser.household (household_id, area, place)
SELECT n, CASE WHEN n <= 40 THEN 'PK601' WHEN n <= 44 THEN 'PK60102' ELSE 'PK60102009' END::area_code,
	CASE WHEN n <= 32 THEN registry.place(70.1 + n / 1000.0, 30.5) WHEN n <= 40 THEN registry.place(70.8 + n / 1000.0, 30.5) END
FROM generate_series(1, 50) AS n;
SELECT record_area_change('2020-01-01', '{PK601}', '{PK601,PK637}', source => 'a gazette');
SELECT * FROM pg_temp.change WHERE old_area = 'PK601';
SELECT round(sum(share)::numeric, 9) AS whole FROM area_on('PK601', '2020-06-01', '2019-06-01');

-- households follow: by place, by the whole, or they stay and are counted
INSERT INTO nser.household (household_id, area) VALUES (101, 'PK60101'), (102, 'PK63702004'), (103, 'PK603'), (104, 'PK60301'), (105, 'PK60302'), (106, 'PK601');
INSERT INTO nser.member (household_id, line, area, document, name) VALUES (102, 1, 'PK63702004', 'none', 'A Member');
SELECT * FROM recode_households('2020-01-01');
SELECT area, count(*) FROM nser.household GROUP BY 1 ORDER BY 1;
SELECT * FROM recode_households('2021-01-01');
SELECT * FROM recode_households('2022-01-01');
SELECT household_id, area FROM nser.household WHERE household_id > 100 ORDER BY 1;
SELECT area FROM nser.member WHERE household_id = 102;
SELECT * FROM recode_households('2022-01-01');
SELECT * FROM recode_households('2019-01-01');
SELECT * FROM recode_households(today() + 1);

-- with the finest boundary that holds the place, where tehsils of the new district are loaded
SELECT loaded, refused FROM load_boundaries('tehsil', pg_temp.boxes('PK64001 7.5 0 10 10'), valid_from => '2022-01-01');
SELECT record_area_change('2023-01-01', '{PK640}', '{PK641,PK642}', '{0.5,0.5}');
SELECT loaded, refused FROM load_boundaries('district', pg_temp.boxes('PK641 7.5 0 10 5', 'PK642 7.5 5 10 10'), valid_from => '2023-01-01');
SELECT loaded, refused FROM load_boundaries('tehsil', pg_temp.boxes('PK64101 7.5 0 10 5'), valid_from => '2023-01-01');
INSERT INTO nser.household (household_id, area, place) VALUES (201, 'PK64001', registry.place(70.8, 30.2)), (202, 'PK640', registry.place(70.8, 30.8)), (203, 'PK640', registry.place(75, 30));
SELECT record_area_change('2023-01-01', '{PK640}', '{PK641,PK642}');
SELECT * FROM recode_households('2023-01-01');
SELECT household_id, area FROM nser.household WHERE household_id > 200 ORDER BY 1;

-- what lies below and was not recorded follows the place, though its old boundary reaches over the new one
SELECT loaded, refused FROM load_boundaries('district', pg_temp.boxes('PK601 0 0 3 10', 'PK650 3 0 7.5 10'), valid_from => '2023-03-01');
SELECT record_area_change('2023-03-01', '{PK601}', '{PK601,PK650}', '{0.5,0.5}');
INSERT INTO nser.household (household_id, area, place) VALUES (301, 'PK60101004', registry.place(70.4, 30.5)), (302, 'PK60101004', registry.place(70.2, 30.5)), (303, 'PK60101004', NULL);
SELECT * FROM recode_households('2023-03-01');
SELECT household_id, area FROM nser.household WHERE household_id > 300 ORDER BY 1;

-- a source's codes go along with a renumbering, within the parent too, so that the next load finds them
INSERT INTO nser.area (code, source_code, source) VALUES ('PK60201001', 's1', 'test'), ('PK60201002', 's2', 'test');
SELECT record_area_change('2023-05-01', '{PK60201001}', '{PK60201009}');
SELECT record_area_change('2023-06-01', '{PK60201}', '{PK60207}');
SELECT code, source_code, valid FROM nser.area WHERE code <@ 'PK60201' AND code <> 'PK60201' OR code <@ 'PK60207' ORDER BY code;

-- a merge weighs by the households stated, if enough, else by land
BEGIN;
SELECT record_area_change('2024-01-01', '{PK641,PK642}', '{PK643}');
INSERT INTO nser.household (household_id, area) SELECT 1000 + n, CASE WHEN n <= 10 THEN 'PK64101' ELSE 'PK642' END::area_code FROM generate_series(1, 40) AS n;
DELETE FROM nser.area_change WHERE changed_on = '2024-01-01';
SELECT record_area_change('2024-01-01', '{PK641,PK642}', '{PK643}');
SELECT old_area, new_area, round(new_share::numeric, 4) AS new_share, basis FROM pg_temp.change WHERE changed_on = '2024-01-01';
SELECT * FROM area_on('PK64101', '2024-06-01');
ROLLBACK;

-- refusals
SELECT record_area_change('2024-01-01', '{PK602,PK601}', '{PK602,PK644}');
SELECT record_area_change('2024-01-01', '{PK602}', '{PK644,PK60201}');
SELECT record_area_change('2024-01-01', '{PK602}', '{PK602}');
SELECT record_area_change('2024-01-01', '{PK602}', '{PK644,PK644}');
SELECT record_area_change('2024-01-01', '{PK}', '{PK6}');
SELECT record_area_change(NULL, '{PK602}', '{PK644}');
SELECT record_area_change('2024-01-01', '{PK602}', '{}');
SELECT record_area_change('2024-01-01', '{PK602}', '{PK644,NULL}');
SELECT record_area_change('2024-01-01', '{PK602}', '{PK644,PK645}', '{0.5}');
SELECT record_area_change('2024-01-01', '{PK602}', '{PK644,PK645}', '{0.5,0.6}');
SELECT record_area_change('2024-01-01', '{PK602}', '{PK644,PK645}', '{1,0}');
SELECT record_area_change('2024-01-01', '{PK602}', '{PK644,PK645}');
SELECT record_area_change('2024-01-01', '{PK603}', '{PK644}');
SELECT record_area_change('2024-01-01', '{PK602}', '{PK637}');
SELECT record_area_change('2024-01-01', '{PK602}', '{PK601}');
SELECT record_area_change('2022-06-01', '{PK601}', '{PK601,PK641}', '{0.5,0.5}');
UPDATE nser.area SET valid = '[2010-01-01,)' WHERE code = 'PK60101';
SELECT record_area_change('2024-01-01', '{PK60201}', '{PK60101}');
SELECT record_area_change('2020-01-01', '{PK601}', '{PK601,PK644}', '{0.5,0.5}');

-- who waits for another sees what it did: it is locked before it is checked
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT record_area_change(NULL, '{PK602}', '{PK644}');
ROLLBACK;
BEGIN;
SELECT record_area_change('2024-02-01', '{PK601}', '{PK601,PK690}', '{0.5,0.5}');
SELECT count(*) AS locked FROM pg_locks WHERE pid = pg_backend_pid() AND mode = 'ShareRowExclusiveLock' AND relation IN ('nser.area'::regclass, 'nser.area_change'::regclass);
ROLLBACK;
SELECT record_area_change('infinity', '{PK602}', '{PK644}');

-- a merge of what is not known below: nobody guesses, and all are in the merged area, whose boundary is the union
SELECT loaded, refused FROM load_boundaries('province', pg_temp.boxes('PK8 30 0 60 10'));
SELECT loaded, refused FROM load_boundaries('district', pg_temp.boxes('PK801 30 0 40 10', 'PK802 40 0 50 10', 'PK804 50 0 60 10'));
SELECT loaded, refused FROM load_boundaries('tehsil', pg_temp.boxes('PK80101 30 0 32 10', 'PK80102 32 0 34 10', 'PK80104 34 0 36 10', 'PK80105 36 0 38 10', 'PK80106 38 0 40 10',
	'PK80201 40 0 45 10', 'PK80202 45 0 50 10', 'PK80401 50 0 53 10', 'PK80402 53 0 60 10'));
INSERT INTO nser.household (household_id, area) SELECT 2000 + n, CASE WHEN n <= 10 THEN 'PK80101001' WHEN n <= 20 THEN 'PK80101' ELSE 'PK80102002' END::area_code FROM generate_series(1, 40) AS n;
SELECT record_area_change('2020-07-01', '{PK80101,PK80102}', '{PK80103}');
SELECT area_on('PK80101001', '2021-01-01'), area_on('PK80102002', '2021-01-01');
SELECT * FROM recode_households('2020-07-01');
SELECT area, count(*) FROM nser.household WHERE household_id > 2000 GROUP BY 1 ORDER BY 1;
SELECT a.valid, a.is_approximate, st_equals(a.geom, st_makeenvelope(73, 30, 73.4, 31, 4326)) AS is_union FROM nser.area AS a WHERE code = 'PK80103';
-- by then no household tells where it came from: the shares stay
SELECT record_area_change('2020-07-01', '{PK80101,PK80102}', '{PK80103}');
SELECT old_area, new_share, basis FROM pg_temp.change WHERE new_area = 'PK80103';
-- where the areas of that level are known on all sides, the digits tell
BEGIN;
INSERT INTO nser.area (code, source) VALUES ('PK80104001', 'test'), ('PK80105002', 'test');
SELECT record_area_change('2020-07-01', '{PK80104,PK80105}', '{PK80104}');
SELECT area_on('PK80105002', '2021-01-01'), area_on('PK80105001', '2021-01-01'), area_on('PK801050020001', '2021-01-01');
ROLLBACK;

-- a code that was there, or has a change, does not begin
SELECT record_area_change('2020-07-01', '{PK80104}', '{PK80105}');
SELECT record_area_change('2020-08-01', '{PK80991}', '{PK80992}');
SELECT record_area_change('2020-08-01', '{PK80992}', '{PK80994}');
SELECT record_area_change('2020-09-01', '{PK80993}', '{PK80992}');
SELECT record_area_change('2020-08-01', '{PK80993}', '{PK80992}');
SELECT record_area_change('2020-08-01', '{PK80991}', '{PK80992}');

-- a district and a tehsil of it renumbered on one day, in either order: one area each
UPDATE nser.area SET source_code = 's-' || code WHERE code <@ 'PK802';
BEGIN;
SELECT record_area_change('2020-07-01', '{PK80201}', '{PK81202}');
SELECT record_area_change('2020-07-01', '{PK802}', '{PK812}');
SELECT record_area_change('2020-07-01', '{PK80202}', '{PK81201}');
SELECT code, name, source_code, valid FROM nser.area WHERE code <@ 'PK802' OR code <@ 'PK812' ORDER BY code;
ROLLBACK;
SELECT record_area_change('2020-07-01', '{PK802}', '{PK812}');
SELECT record_area_change('2020-07-01', '{PK80201}', '{PK81202}');
SELECT record_area_change('2020-07-01', '{PK80202}', '{PK81201}');
SELECT code, name, source_code, valid FROM nser.area WHERE code <@ 'PK802' OR code <@ 'PK812' ORDER BY code;

-- what has ended is not loaded as of today, nor what lies in it, loaded before or not; and what begins, begins that day
SELECT loaded, refused FROM load_boundaries('district', pg_temp.boxes('PK802 40 0 50 10'));
SELECT loaded, refused FROM load_boundaries('tehsil', pg_temp.boxes('PK80203 40 0 41 10'));
SELECT record_area_change('2020-07-01', '{PK803}', '{PK813}');
SELECT loaded, refused FROM load_boundaries('district', pg_temp.boxes('PK803 40 1 41 2'));
SELECT loaded, refused FROM load_boundaries('district', pg_temp.boxes('PK813 40 0 41 10'), valid_from => '2020-06-30', tolerance => 0.999);
SELECT row ->> 'type' AS type, sqlstate, reason FROM nser.load_error WHERE load_id > (SELECT max(load_id) - 4 FROM nser.load_error) ORDER BY load_id;
BEGIN;
DELETE FROM nser.area WHERE code <@ 'PK8' AND code <> 'PK8';
SELECT loaded, refused FROM load_boundaries('district', pg_temp.boxes('PK803 40 0 41 10'), valid_from => '2019-01-01');
SELECT loaded, refused FROM load_boundaries('district', pg_temp.boxes('PK813 40 0 41 10'));
SELECT code, valid FROM nser.area WHERE code <@ 'PK8' ORDER BY code;
ROLLBACK;
BEGIN;
SELECT record_area_change('2020-07-01', '{PK719}', '{PK799}');
SELECT approximate_areas() > 0 AS drawn;
SELECT count(*) FILTER (WHERE code <@ 'PK719') AS ended, count(*) FILTER (WHERE code <@ 'PK720') > 0 AS others FROM nser.area WHERE is_approximate;
ROLLBACK;

-- a split says which parts went with the new area, and have no change of their own
SET client_min_messages = notice;
BEGIN;
SELECT loaded FROM load_boundaries('district', pg_temp.boxes('PK804 50 0 53 10', 'PK805 53 0 60 10'), valid_from => '2020-07-01');
SELECT record_area_change('2020-07-01', '{PK804}', '{PK804,PK805}');
SELECT record_area_change('2020-07-01', '{PK80402}', '{PK80502}');
SELECT record_area_change('2020-07-01', '{PK804}', '{PK804,PK805}');
ROLLBACK;
SET client_min_messages = warning;

-- a change that was wrong is taken back: nothing is left of it
BEGIN;
CREATE TEMP VIEW everything AS
	SELECT code, name, division, source_code, valid, km2, geom::text AS geom, 'now' AS since FROM nser.area UNION ALL SELECT code, name, division, source_code, valid, km2, geom::text, 'past' FROM nser.area_past
	UNION ALL SELECT old_area, new_area::text, NULL, NULL, daterange(changed_on, NULL), old_share, NULL, 'change' FROM nser.area_change;
CREATE TEMP TABLE before AS TABLE everything;
SELECT record_area_change('2020-07-02', '{PK80104,PK80105}', '{PK80104}');
SELECT record_area_change('2020-07-02', '{PK80401,PK80402}', '{PK80403}');
SELECT record_area_change('2020-07-02', '{PK812}', '{PK819}');
SELECT record_area_change('2020-07-02', '{PK80106}', '{PK80107,PK80108}', '{0.5,0.5}');
SELECT count(*) > 0 AS changed FROM (TABLE everything EXCEPT TABLE before) AS e;
SELECT undo_area_change('2020-07-02', '{PK80104,PK80105}', '{PK80104}'), undo_area_change('2020-07-02', '{PK80401,PK80402}', '{PK80403}');
SELECT undo_area_change('2020-07-02', '{PK812}', '{PK819}'), undo_area_change('2020-07-02', '{PK80106}', '{PK80107,PK80108}');
SELECT * FROM ((TABLE everything EXCEPT TABLE before) UNION ALL (TABLE before EXCEPT TABLE everything)) AS e;
SELECT undo_area_change('2020-07-02', '{PK812}', '{PK819}');
ROLLBACK;
SELECT undo_area_change('2020-01-01', '{PK601}', '{PK601}');
SELECT undo_area_change('2020-01-01', '{PK601}', '{PK601,PK637}');

SELECT area_on('PK602', NULL);

-- names: exact, in another order, in part, by alias, by spelling; else reported, never guessed
INSERT INTO nser.area (code, name, source) VALUES ('PK721', 'South Karachi', 'test'), ('PK729', 'West Karachi', 'test'), ('PK714', 'Malir Karachi', 'test'),
	('PK717', 'Naushahro Feroze', 'test'), ('PK709', 'Kambar Shahdad Kot', 'test'), ('PK210', 'Kalat', 'test'), ('PK209', 'Kachhi', 'test'),
	('PK211', 'Kech', 'test'), ('PK520', 'Lower Dir', 'test'), ('PK535', 'Upper Dir', 'test'), ('PK509', 'D. I. Khan', 'test'), ('PK103', 'Jhelum Valley', 'test'),
	('PK725', 'Tando Muhammad Khan', 'test'), ('PK20703', 'Usta Mohammad', 'test'), ('PK528', NULL, 'test');
INSERT INTO nser.area_alias VALUES ('PK509', 'Dera Ismail Khan', 'test');
SELECT no, written, code, name, how, round(likeness::numeric, 2) AS likeness FROM match_areas(ARRAY['KARACHI SOUTH', 'west', 'Malir District', 'Naushahro-Feroze', 'Qambar Shahdadkot',
	'Qalat', 'Kachi', 'kech', 'Dir', 'Dir (Lower)', 'D.I.Khan', 'dera ismail khan', 'Jhelum', 'Karachi', 'Usta Muhammad', 'East Karachi', '', NULL, 'Malir', 'قلات']);
SELECT * FROM match_areas('{Noshero Feroz}', within => 'PK7');
SELECT * FROM match_areas('{Noshero Feroz}', within => 'PK2');
SELECT code, name, how FROM match_areas('{Usta Muhammad}', 'tehsil', 'PK2');
-- one area is not two names' in one list, unless they are the same words; the better evidence has it
SELECT written, code, how FROM match_areas('{Noshero Feroz,Naushahro Feroze,Qambar Shahdadkot,Kambar-Shahdadkot,Karachi West,West Karachi,Kallat,Kallut}');
-- two that are as near
BEGIN;
INSERT INTO nser.area (code, name, source) VALUES ('PK105', 'Kotli', 'test'), ('PK106', 'Kotla', 'test');
SELECT * FROM match_areas('{Kotle,Kottli}');
ROLLBACK;
-- an area that is no more is not found
SELECT name, how FROM match_areas('{PK637 Box,PK602 Box}', within => 'PK6');
SELECT * FROM match_areas('{}');
SELECT * FROM match_areas('{Poonch}', 'division');
SELECT * FROM match_areas('{Poonch}', NULL);
SELECT * FROM match_areas('{Poonch}', within => NULL);

DROP SCHEMA nser, share, release CASCADE;
