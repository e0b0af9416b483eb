-- Checks of surveys: rows, one pass, and what is written.  Nobody here is real.
\set VERBOSITY terse
SET client_min_messages = warning;
SET timezone = 'Asia/Karachi';
SET datestyle = 'ISO';
CALL registry.create_store();
RESET client_min_messages;

INSERT INTO nser.household (household_id, area, address, phone)
SELECT n, CASE WHEN n < 9 THEN 'PK61701003' ELSE 'PK61702001' END::registry.area_code,
	CASE n WHEN 2 THEN 'H-7' WHEN 3 THEN NULL ELSE 'House ' || n || ', Made-Up Lane' END,
	CASE WHEN n <= 6 THEN '0300-1234567' END::registry.mobile_number
FROM generate_series(1, 10) AS n;

CREATE FUNCTION pg_temp.survey(hh bigint, answers text, minutes integer DEFAULT 30, hour integer DEFAULT 11, land registry.land_area DEFAULT '0 kanal',
	members integer DEFAULT 2, roster registry.roster DEFAULT NULL, on_day date DEFAULT '2025-03-03')
	RETURNS bigint LANGUAGE sql AS $$
	INSERT INTO nser.survey (household_id, survey_id, indicators, roster, area, submitted_at, started_at, land, form_version, centre, operator, recorded_at)
	SELECT hh, hh * 10 + (SELECT count(*) FROM nser.survey AS v WHERE v.household_id = hh),
		registry.complete(answers::jsonb::registry.indicators, r.roster, land), r.roster, h.area, t.at, t.at - make_interval(mins => minutes), land, 'v1', 1, 7, t.at
	FROM nser.household AS h
	CROSS JOIN (SELECT coalesce(roster, (SELECT jsonb_agg(jsonb_build_object('line', l, 'relationship', CASE l WHEN 1 THEN 'head' ELSE 'other' END,
		'sex', 'male', 'age', 30 + l, 'marital_status', 'never_married', 'ever_attended', true, 'attending_school', false, 'class', 5)) FROM generate_series(1, members) AS l)::registry.roster) AS roster) AS r
	CROSS JOIN (SELECT (on_day + make_interval(hours => hour)) AT TIME ZONE 'Asia/Karachi' AS at) AS t
	WHERE h.household_id = hh;
	UPDATE nser.household AS h SET current_survey = (SELECT max(v.survey_id) FROM nser.survey AS v WHERE v.household_id = hh) WHERE h.household_id = hh
	RETURNING h.current_survey
$$;
\o /dev/null
SELECT pg_temp.survey(1, '{"region": "rural", "rooms": 2, "electricity": "own_meter", "refrigerator": true}');
SELECT pg_temp.survey(2, '{"region": "rural", "rooms": 0, "electricity": "none", "lighting": "kerosene", "refrigerator": true, "television": false}', 4, 23);
SELECT pg_temp.survey(3, '{"region": "rural", "rooms": 2, "electricity": "none", "lighting": "solar", "television": true, "gas": "none", "cooking_fuel": "gas"}', 200);
SELECT pg_temp.survey(4, '{"region": "urban", "rooms": 12, "dwelling": "apartment", "buffaloes": 1, "cows": 70, "goats": 0, "sheep": 0, "camels": 0, "tractor": true}');
SELECT pg_temp.survey(5, '{"region": "rural", "rooms": 1, "electricity": "none", "lighting": "electricity"}', land => '600 acre', members => 14);
SELECT pg_temp.survey(6, '{"rooms": 3}', roster => '[
	{"line": 1, "relationship": "head", "sex": "female", "age": 12, "marital_status": "never_married", "ever_attended": false, "attending_school": true, "class": 10},
	{"line": 2, "relationship": "sibling", "sex": "male", "age": 110, "marital_status": "never_married", "class": 5},
	{"line": 4, "relationship": "sibling", "sex": "male", "age": 6, "marital_status": "never_married", "class": 4}]');
SELECT pg_temp.survey(7, '{"region": "rural", "rooms": 2}', members => 3);
SELECT pg_temp.survey(7, '{"region": "urban", "rooms": 2}', members => 9, on_day => '2025-09-09');
-- unknown answers are no fault, and a roster update is judged neither by its minutes nor its hour
SELECT pg_temp.survey(8, '{}', members => NULL);
SELECT pg_temp.survey(9, '{"rooms": 2, "electricity": "none"}', roster => '[{"line": 1, "relationship": "child", "sex": "male", "age": 30, "marital_status": "never_married"}]');
\o
-- in a union council of which nearly all is urban
INSERT INTO nser.area_summary (area, as_of, with_place, households, figures) VALUES ('PK61701003', '2025-04-01', 0, 500, '{"region.urban": 98.7, "members": 7.1}'), ('PK', '2025-04-01', 0, 900, '{"members": 5.2}'),
	('PK61702001', '2025-04-01', 0, 29, '{"region.urban": 100, "members": 5.0}');
SELECT * FROM registry.check_quality() WHERE flags > 0 AND added IS NOT NULL;
SELECT check_name, severity, flags, added, removed FROM registry.check_quality() WHERE flags > 0 AND added IS NULL;
SELECT household_id AS hh, survey_id, day, check_name, severity, lines, detail FROM nser.quality_survey ORDER BY 1, 2, 4;

-- Asked again nothing is written; what holds no more goes, and what stays keeps its time.
CREATE TEMP TABLE before AS SELECT household_id, survey_id, check_name, found_at, xmin::text AS x FROM nser.quality_flag;
SELECT sum(added) AS added, sum(removed) AS removed FROM registry.check_quality();
SELECT count(*) AS rewritten FROM nser.quality_flag AS q FULL JOIN before AS b USING (household_id, survey_id, check_name, found_at) WHERE q.xmin::text IS DISTINCT FROM b.x;
UPDATE nser.household SET address = 'House 2, Made-Up Lane', phone = NULL WHERE household_id = 2;
SELECT check_name, flags, added, removed FROM registry.check_quality(household_id => 2) WHERE flags + added + removed > 0;
SELECT check_name, flags, added, removed FROM registry.check_quality('PK61701') WHERE added + removed > 0;
-- of another area nothing is touched
SELECT sum(flags) AS flags, sum(added) AS added, sum(removed) AS removed FROM registry.check_quality('PK61702') WHERE added IS NOT NULL;
INSERT INTO nser.quality_form VALUES ('v1', 3, 20, 'made up');
SELECT check_name, flags, added, removed FROM registry.check_quality(since => '2025-09-01', checks => '{duration.short,duration.long}');
SELECT check_name, flags, added, removed FROM registry.check_quality(checks => '{duration.long,duration.short}');
SELECT detail, found_at = now() AS found_now FROM nser.quality_flag WHERE household_id = 3 AND check_name = 'duration.long';
-- other words are written, and it was found when it was found
UPDATE nser.quality_check SET words = 'it has % rooms' WHERE name = 'rooms.many';
SELECT flags, added, removed FROM registry.check_quality(checks => '{rooms.many}');
SELECT q.detail, q.found_at = b.found_at AS kept FROM nser.quality_flag AS q JOIN before AS b USING (household_id, survey_id, check_name) WHERE check_name = 'rooms.many';
SELECT registry.address_hash('House 7, Made-Up Lane') = registry.address_hash('HOUSE 7 made up lane.') AS same, registry.address_hash('House 7') = registry.address_hash('House 17') AS other,
	registry.address_hash(NULL) AS none;
-- who moves takes the flags along
SELECT count(*) FROM nser.quality_flag WHERE household_id = 4 AND area OPERATOR(registry.<>) 'PK61701003';
UPDATE nser.household SET area = 'PK61702001' WHERE household_id = 4;
SELECT DISTINCT area FROM nser.quality_flag WHERE household_id = 4;

-- The batches of a nation find the same.
CREATE TEMP TABLE found AS SELECT household_id, survey_id, check_name, detail, lines FROM nser.quality_flag;
DELETE FROM nser.quality_flag;
CALL registry.check_quality_all(3);
SELECT count(*) AS differ FROM (SELECT household_id, survey_id, check_name, detail, lines FROM nser.quality_flag) AS q FULL JOIN found AS f USING (household_id, survey_id, check_name, detail, lines)
WHERE q.* IS NULL OR f.* IS NULL;
SELECT task, surveys, written > 0 AS written, finished_at IS NOT NULL AS finished FROM nser.batch_run;
CALL registry.check_quality_all(0);

-- The owner's own.
INSERT INTO nser.quality_check (name, scope, severity, predicate, measure, title, words, source)
VALUES ('rooms.two', 'survey', 'notice', 'a.rooms = 2 -- exactly', 'a.rooms * 1.04', 'two rooms', 'it has % rooms, scaled', 'a test');
SELECT check_name, flags, added FROM registry.check_quality(checks => '{rooms.two}');
SELECT detail FROM nser.quality_flag WHERE check_name = 'rooms.two' LIMIT 1;
UPDATE nser.quality_check SET enabled = false WHERE name = 'rooms.two';
SELECT count(*) AS told, (SELECT count(*) FROM nser.quality_flag WHERE check_name = 'rooms.two') AS kept FROM nser.quality_survey WHERE check_name = 'rooms.two';
-- without a measure, % is a letter like others
INSERT INTO nser.quality_check (name, scope, severity, predicate, title, words, source) VALUES ('rooms.three', 'survey', 'notice', 'a.rooms = 3', 'three', '100% three', 'a test');
SELECT flags FROM registry.check_quality(checks => '{rooms.three}');
SELECT detail FROM nser.quality_flag WHERE check_name = 'rooms.three';
DELETE FROM nser.quality_check WHERE name IN ('rooms.two', 'rooms.three');
SELECT count(*) FROM nser.quality_flag WHERE check_name IN ('rooms.two', 'rooms.three');

-- Refused as they are entered.
\set VERBOSITY default
\set SHOW_CONTEXT never
CREATE FUNCTION pg_temp.try(predicate text, measure text DEFAULT NULL, scope text DEFAULT 'survey') RETURNS void LANGUAGE sql AS $$
	INSERT INTO nser.quality_check (name, scope, severity, predicate, measure, title, words, source) VALUES ('mine', scope, 'notice', predicate, measure, 'mine', 'mine', 'a test')
$$;
SELECT pg_temp.try('a.rooms >');
SELECT pg_temp.try('a.rooms');
SELECT pg_temp.try('a.rooms > 1', 'a.dwelling');
SELECT pg_temp.try('a.bedrooms > 1');
SELECT pg_temp.try('rooms_of(s) > 1');
SELECT pg_temp.try('count(*) > 1');
SELECT pg_temp.try('m.age > 1');
SELECT pg_temp.try('true) THEN true END; DELETE FROM nser.score; SELECT CASE WHEN (true');
SELECT pg_temp.try('EXISTS (WITH gone AS (DELETE FROM nser.score RETURNING 1) SELECT FROM gone)');
SELECT pg_temp.try('h.address::integer > 1');
SELECT pg_temp.try('registry.flag_nothing', scope => 'routine');
INSERT INTO nser.quality_check (name, scope, severity, predicate, title, words, source) VALUES ('roster.mine', 'survey', 'notice', 'true', 'mine', 'mine', 'a test');
-- unknown rooms, light and ages flag nothing
\o /dev/null
BEGIN;
SELECT pg_temp.survey(1, '{"electricity": "none", "refrigerator": true}', members => 14, roster => (SELECT jsonb_agg(jsonb_build_object('line', l, 'relationship', CASE l WHEN 1 THEN 'head' ELSE 'other' END, 'sex', 'male',
	'age', NULL, 'marital_status', 'never_married', 'ever_attended', true, 'attending_school', false, 'class', 5)) FROM generate_series(1, 14) AS l)::registry.roster, on_day => '2025-10-10');
SELECT count(*) FROM registry.check_quality(household_id => 1);
\o
SELECT q.check_name FROM nser.quality_flag AS q JOIN nser.household AS h ON h.household_id = q.household_id AND h.current_survey = q.survey_id
WHERE q.household_id = 1 AND q.check_name IN ('rooms.crowded', 'assets.electricity', 'member.class');
-- flags do not outlive the name they were found by
UPDATE nser.quality_check SET name = 'size.changed' WHERE name = 'size.drift';
SELECT count(*) FROM nser.quality_flag WHERE check_name = 'size.drift';
ROLLBACK;
INSERT INTO nser.quality_measure (name, kind, indicator, label, least_difference, title) VALUES ('mine', 'answer', 'toilet', 'golden', 1, 'mine');
SELECT registry.check_quality(checks => '{rooms.none,rooms.nine}');
SELECT registry.check_quality(NULL);

-- One that fails on a survey that came later names itself, and nothing of the pass stays.
SELECT pg_temp.try('100 / (a.rooms - 77) > 5');
\o /dev/null
SELECT pg_temp.survey(10, '{"rooms": 77}');
\o
SELECT count(*) FROM registry.check_quality();
SELECT count(*) FROM nser.quality_flag WHERE household_id = 10;
UPDATE nser.quality_check SET enabled = false WHERE name = 'mine';
SELECT check_name, flags, added FROM registry.check_quality(household_id => 10) WHERE flags > 0 AND added > 0;

-- What routines flag is asked for in the same call, and pairs that wait for review.
INSERT INTO nser.centre (centre_id, name, kind, area, place) VALUES (1, 'Made-Up Centre', 'fixed', 'PK61701', registry.place(73, 31)), (2, 'Idle Centre', 'mobile', 'PK61702', NULL);
INSERT INTO nser.household (household_id, area, address) SELECT n, 'PK61702001', 'House ' || n || ', Made-Up Lane' FROM generate_series(11, 12) AS n;
INSERT INTO nser.survey (household_id, survey_id, indicators, area, centre, device_place, submitted_at) SELECT n, n * 10, '{}', 'PK61702001', CASE n WHEN 11 THEN 1 END,
	CASE n WHEN 11 THEN registry.place(73.1, 31) END, '2025-03-03 12:00+05' FROM generate_series(11, 12) AS n;
UPDATE nser.household SET current_survey = household_id * 10 WHERE household_id > 10;
SET client_min_messages = error;
INSERT INTO nser.member (household_id, line, area, document, cnic, name, sex) VALUES (11, 1, 'PK61702001', 'cnic', '35202-0000001-1', 'Woman Made-Up', 'female'), (12, 1, 'PK61702001', 'none', NULL, 'Woman Made-Up', 'female');
RESET client_min_messages;
DELETE FROM nser.quality_flag WHERE household_id IN (11, 12);
INSERT INTO nser.duplicate (household_id, line, other_household, other_line, area, evidence, score) VALUES (11, 1, 12, 1, 'PK61702001', '{name}', 30);
SELECT count(*) FROM registry.check_quality('PK61702') \g /dev/null
SELECT household_id, check_name, severity, detail FROM nser.quality_survey WHERE household_id IN (11, 12) ORDER BY 1, 2;
UPDATE nser.duplicate SET state = 'different', decided_at = now(), decided_by = 'somebody';
SELECT check_name, flags, removed FROM registry.check_quality(household_id => 12, checks => '{duplicate.person}');
SELECT check_name, flags, removed FROM registry.check_quality(checks => '{duplicate.person,place.centre,cnic_parity}');

-- It is the owner's SQL: nobody else runs it, or writes it, whatever rights he was given.
CREATE ROLE regress_quality_clerk;
GRANT USAGE ON SCHEMA nser TO regress_quality_clerk;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA nser TO regress_quality_clerk;
SET ROLE regress_quality_clerk;
SELECT count(*) FROM registry.check_quality();
SELECT pg_temp.try('true');
UPDATE nser.quality_check SET predicate = 'true' WHERE name = 'rooms.none';
SELECT count(*) AS flags FROM nser.quality_survey;
RESET ROLE;

-- Scores: of the surveys of operator 7, weighed by the gravest flag.
INSERT INTO nser.operator (operator_id, centre_id) VALUES (7, 1), (8, 1);
SELECT operator, centre_name, area, surveys, with_error, with_warning, with_notice, without_error_pct, score FROM nser.quality_operator ORDER BY 1;
SELECT * FROM nser.quality_centre ORDER BY 1;
SELECT * FROM nser.quality_day ORDER BY 1;
UPDATE nser.quality_policy SET warning_weight = 0, notice_weight = 0;
SELECT without_error_pct = score AS errors_alone FROM nser.quality_operator WHERE operator = 7;
SELECT name, flags, households FROM nser.quality_found WHERE flags > 1 ORDER BY 2 DESC, 1;
SELECT area, households, mean_members, national_mean, difference_pct, is_far FROM nser.quality_size ORDER BY households;
SELECT registry.report_query('quality_day', since => '2025-04-01');
-- days are found by the index that has them
SET enable_seqscan = off;
CREATE TEMP TABLE plan (line text);
DO $$ DECLARE name text; line text; BEGIN FOREACH name IN ARRAY '{quality_day,quality_survey,quality_tally}'::text[] LOOP
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || registry.report_query(name, since => '2025-04-01') LOOP INSERT INTO plan VALUES (name || line); END LOOP; END LOOP; END $$;
SELECT substring(line FROM '^[a-z_]+') AS report FROM plan WHERE line ~ 'Index Scan on survey_day' ORDER BY 1;
RESET enable_seqscan;
SELECT name FROM nser.report WHERE subject = 'quality' AND registry.report_query(name) ~ 'ORDER BY' ORDER BY 1;

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
DROP OWNED BY regress_quality_clerk;
DROP ROLE regress_quality_clerk;
