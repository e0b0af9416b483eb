-- Spot checks: surveys drawn by a seed, taken again, compared.  Nobody here is real.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET timezone = 'Asia/Karachi';
SET datestyle = 'ISO';
SET search_path = public, registry;
CALL registry.create_store();
RESET client_min_messages;

-- what others compute from the seed
SELECT encode(registry.spot_check_key('dice 4 2 6', 17, 42), 'hex') = encode(sha256('dice 4 2 6:17:42'), 'hex') AS as_published;

-- centre 1 has 100 surveys, centre 2 twenty, centre 3 one, and two name none
INSERT INTO nser.household (household_id, area) SELECT n, CASE WHEN n % 2 = 0 THEN 'PK61701' ELSE 'PK70101' END::registry.area_code FROM generate_series(1, 125) AS n;
INSERT INTO nser.survey (household_id, survey_id, indicators, area, centre, operator, submitted_at, is_full)
SELECT h.household_id, h.household_id + 1000, (format('{"members": 2, "rooms": %s, "toilet": "%s", "refrigerator": %s}', 1 + n % 4, CASE WHEN n % 3 = 0 THEN 'none' ELSE 'flush_pit' END, (n % 5 = 0)::text))::jsonb::registry.indicators,
	h.area, CASE WHEN n <= 100 THEN 1 WHEN n <= 120 THEN 2 WHEN n = 121 THEN 3 END, n % 3, '2025-03-03 12:00+05', n < 124
FROM nser.household AS h CROSS JOIN LATERAL (SELECT h.household_id::integer AS n) AS x;
UPDATE nser.household SET current_survey = household_id + 1000;

SELECT registry.draw_spot_check('dice 4 2 6', share => 0.1) AS draw \gset
SELECT stratum, surveys, drawn, interviewed FROM nser.spot_check_progress WHERE draw_id = :draw ORDER BY 1;
SELECT strata, share, size, surveys FROM nser.spot_check WHERE draw_id = :draw;
-- by size: one of each, the rest by what is left, and no survey that is not full
SELECT registry.draw_spot_check('dice 4 2 6', size => 23) AS sized \gset
SELECT stratum, surveys, drawn FROM nser.spot_check_progress WHERE draw_id = :sized ORDER BY 1;
SELECT registry.draw_spot_check('dice 4 2 6', size => 4) AS least \gset
SELECT sum(drawn) AS drawn, count(*) AS strata FROM nser.spot_check_progress WHERE draw_id = :least;
SELECT registry.draw_spot_check('all of them', size => 1000, strata => 'none') AS all \gset
SELECT stratum, surveys, drawn FROM nser.spot_check_progress WHERE draw_id = :all;
SELECT registry.draw_spot_check('dice 4 2 6', 'PK6', share => 0.2, strata => 'province') AS of_area \gset
SELECT stratum, surveys, drawn FROM nser.spot_check_progress WHERE draw_id = :of_area;

-- The same seed draws the same, whatever the order of rows, the plan and the time zone; another seed others.
CREATE TABLE public.shuffled AS SELECT * FROM nser.survey ORDER BY md5(household_id::text);
SET session_replication_role = replica; DELETE FROM nser.survey; INSERT INTO nser.survey SELECT * FROM public.shuffled; SET session_replication_role = origin;
DROP TABLE public.shuffled;
SET enable_hashjoin = off; SET enable_indexscan = off; SET enable_bitmapscan = off; SET timezone = 'America/New_York';
SELECT registry.draw_spot_check('dice 4 2 6', share => 0.1) AS again, registry.draw_spot_check('dice 4 2 5', share => 0.1) AS other \gset
RESET enable_hashjoin; RESET enable_indexscan; RESET enable_bitmapscan; SET timezone = 'Asia/Karachi';
SELECT count(*) FILTER (WHERE a.n IS NULL OR b.n IS NULL) AS differ
FROM (SELECT household_id, count(*) AS n FROM nser.spot_check_survey WHERE draw_id = :draw GROUP BY 1) AS a
FULL JOIN (SELECT household_id, count(*) AS n FROM nser.spot_check_survey WHERE draw_id = :again GROUP BY 1) AS b USING (household_id) ;
SELECT count(*) < 14 AS others_are_drawn FROM nser.spot_check_survey AS a JOIN nser.spot_check_survey AS b USING (household_id) WHERE a.draw_id = :draw AND b.draw_id = :other;
SELECT household_id FROM nser.spot_check_survey WHERE draw_id = :draw AND stratum <> '1' ORDER BY 1;

-- Of equal remainders, thirds here, the first stratum has what is over, however many digits they are written with.
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE nser.survey SET is_full = household_id <= 24, centre = CASE WHEN household_id <= 11 THEN 1 WHEN household_id <= 22 THEN 2 ELSE 3 END;
SET LOCAL session_replication_role = origin;
SELECT registry.draw_spot_check('thirds', size => 10) AS thirds \gset
SELECT stratum, surveys, drawn FROM nser.spot_check_progress WHERE draw_id = :thirds ORDER BY 1;
ROLLBACK;

-- Refused.
SELECT registry.draw_spot_check(' ', share => 0.1);
SELECT registry.draw_spot_check('x');
SELECT registry.draw_spot_check('x', share => 0.1, size => 5);
SELECT registry.draw_spot_check('x', share => 1.5);
SELECT registry.draw_spot_check('x', size => 0);
SELECT registry.draw_spot_check('x', size => 3);
SELECT registry.draw_spot_check('x', size => 3, strata => 'street');
SELECT registry.draw_spot_check('x', 'PK5', size => 3);
SELECT registry.draw_spot_check('x', share => 0.5, since => '2025-03-04');
SELECT count(*) AS draws FROM nser.spot_check;

-- Re-interviews, of everybody: rooms one more in a tenth, no toilet told by fewer.
SELECT count(registry.record_reinterview(:all, s.household_id, s.survey_id,
	(format('{"rooms": %s, "toilet": "%s", "refrigerator": %s, "freezer": false}', (v.indicators -> 'rooms') + (s.household_id % 10 = 0)::integer,
			CASE WHEN s.household_id % 6 = 0 THEN 'none' ELSE 'flush_pit' END, (s.household_id % 5 = 0)::text))::jsonb::registry.indicators,
	operator => 9, interviewed_on => '2025-03-10'))
FROM nser.spot_check_survey AS s JOIN nser.survey AS v USING (household_id, survey_id) WHERE s.draw_id = :all AND s.household_id <= 120;
SELECT question, kind, interviews, both_times, differing, differing_pct, kappa, mean_difference, mean_change
FROM nser.spot_check_question WHERE draw_id = :all AND question IN ('rooms', 'toilet', 'refrigerator', 'freezer', 'members') ORDER BY 1;
-- the same kappa by hand: none told by 40, then by 20 of them
SELECT round((po - pe) / (1 - pe), 3) AS kappa FROM (SELECT (20 + 80) / 120.0 AS po, (40 * 20 + 80 * 100) / (120.0 * 120) AS pe) AS x;
SELECT trim_scale(registry.kappa('{1,2,1,2}', '{1,2,1,2}')) AS agree, trim_scale(registry.kappa('{1,1,2,2}', '{1,2,1,2}')) AS chance, trim_scale(registry.kappa('{1,1,2,2}', '{2,2,1,1}')) AS opposed,
	registry.kappa('{1,1}', '{1,1}') AS alike, trim_scale(registry.kappa('{1,NULL,2}', '{1,2,2}')) AS known, registry.kappa('{NULL}', '{1}') AS unknown, registry.kappa(NULL, NULL) AS nobody;
SELECT operator, interviews, both_times, differing, differing_pct FROM nser.spot_check_operator WHERE draw_id = :all ORDER BY 1;
SELECT stratum, drawn, interviewed, interviewed_pct FROM nser.spot_check_progress WHERE draw_id = :all;
-- the registry is as it was
SELECT count(*) FROM nser.survey WHERE indicators ->> 'freezer' IS NOT NULL;
-- with a roster its counts are compared
SELECT registry.record_reinterview(:draw, 121, 1121, '{}', '[{"line": 1, "relationship": "head", "sex": "male", "age": 40}]');
SELECT question, both_times, mean_difference, mean_change FROM nser.spot_check_question WHERE draw_id = :draw AND question IN ('members', 'rooms') ORDER BY 1;

SELECT registry.record_reinterview(:draw, 999, 1999, '{}');
SELECT registry.record_reinterview(:all, 1, 1001, '{}');
SELECT registry.record_reinterview(:all, 121, 1121, NULL);
SELECT registry.record_reinterview(:all, 121, 1121, '{}', interviewed_on => '2025-03-02');
SELECT registry.record_reinterview(:all, 121, 1121, '{}', operator => 1);
UPDATE nser.spot_check_interview SET indicators = '{}' WHERE household_id = 1;
-- who moves takes it along
UPDATE nser.household SET area = 'PK618' WHERE household_id = 1;
SELECT DISTINCT s.area, r.area FROM nser.spot_check_survey AS s JOIN nser.spot_check_interview AS r USING (household_id) WHERE household_id = 1;
SELECT registry.report_query('spot_check_question');

-- Staff of an area see theirs.
CREATE ROLE regress_spot_check_clerk;
GRANT USAGE ON SCHEMA nser TO regress_spot_check_clerk;
GRANT SELECT ON ALL TABLES IN SCHEMA nser TO regress_spot_check_clerk;
SET client_min_messages = error;
SELECT registry.limit_role('regress_spot_check_clerk', 'PK6') \g /dev/null
SET ROLE regress_spot_check_clerk;
SELECT count(*) AS surveys, (SELECT count(*) FROM nser.spot_check_interview) AS interviews, bool_and(area <@ 'PK6') AS theirs FROM nser.spot_check_survey WHERE draw_id = :all;
RESET ROLE;

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
DROP OWNED BY regress_spot_check_clerk;
DROP ROLE regress_spot_check_clerk;
