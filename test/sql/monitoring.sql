--
-- Monitoring: surveys by place, day, hour and who took them, and the wait before them
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET timezone = 'Asia/Karachi';
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS nser, share, release CASCADE;
CALL registry.create_store();
RESET client_min_messages;
SET search_path = registry, public;

-- nobody is there yet: no report has a row
\set ECHO none
SELECT string_agg(format('SELECT %L AS report, count(*) AS rows FROM %s', r.name, r.relation), ' UNION ALL ' ORDER BY r.name) AS all_reports
FROM nser.report AS r WHERE r.subject = 'monitoring' \gset
SELECT count(*) > 25 AS reports, sum(rows) AS rows FROM (:all_reports) AS every;
\set ECHO all

-- the day in Pakistan is that of the server's calendar, its summer times included, and nothing makes it fail
SELECT count(*) AS moments, count(*) FILTER (WHERE day_in_pakistan(t) <> (t AT TIME ZONE 'Asia/Karachi')::date) AS differ, count(DISTINCT t AT TIME ZONE 'Asia/Karachi' - t AT TIME ZONE 'UTC') AS offsets
FROM generate_series(timestamptz '1900-01-01 00:00:00+00', '2050-01-01', '5 hours 59 minutes 59 seconds') AS t;
SELECT t, day_in_pakistan(t) FROM (VALUES (timestamptz '-infinity'), ('infinity'), (NULL), ('4714-11-24 00:00:00+00 BC'), ('294276-12-31 23:59:59.999999+00'), ('2024-03-04 18:59:59.999999+00'),
	('2024-03-04 19:00:00+00'), ('2008-07-01 18:00:00+00')) AS v (t);
SELECT p.proleakproof FROM pg_proc AS p WHERE p.oid = 'day_in_pakistan(timestamptz)'::regprocedure;

-- two districts; a centre in each, and a van that stands for three days in Green South
UPDATE nser.update_policy SET late_by = '20 years';
INSERT INTO nser.area (code, name, source) VALUES ('PK6', 'First', 'made up'), ('PK617', 'Green', 'made up'), ('PK61701', 'Green North', 'made up'),
	('PK61702', 'Green South', 'made up'), ('PK618', 'Red', 'made up'), ('PK61801', 'Red', 'made up');
INSERT INTO nser.centre (name, kind, area, valid, opens, closes, place) VALUES ('Green', 'fixed', 'PK61701', '[2024-01-01,)', '09:00', '17:00', registry.place(74.3, 31.5)),
	('Van', 'mobile', 'PK617', '[2024-01-01,)', '09:00', '17:00', NULL), ('Red', 'fixed', 'PK61801', '[2024-01-01,)', '09:00', '17:00', registry.place(75.3, 31.5));
INSERT INTO nser.centre_stop (centre_id, during, area, opens, closes, place) VALUES (2, '[2024-03-04,2024-03-07)', 'PK61702', '10:00', '15:00', registry.place(74.4, 31.5));
INSERT INTO nser.operator (centre_id, area, valid) VALUES (1, 'PK617', '[2024-01-01,)'), (1, 'PK617', '[2024-01-01,)'), (2, 'PK617', '[2024-01-01,)'), (NULL, 'PK618', '[2024-01-01,)');
INSERT INTO nser.household (household_id, area, registered_on)
SELECT h, CASE h WHEN 3 THEN 'PK61702001' WHEN 4 THEN 'PK61801001' WHEN 7 THEN 'PK6' ELSE 'PK61701001' END::area_code, '2024-03-01' FROM generate_series(1, 12) AS h;
-- 1 was sent a second before midnight in Pakistan, 2 at midnight; the starts of 3, 7 and 8 are unknown
SELECT count(record_survey(h, '{"rooms": 2}', NULL, update_type => t::update_type, submitted_at => at, mode => m, centre => c, operator => o, started_at => at - took))
FROM (VALUES (1, 'missed_out', timestamptz '2024-03-04 18:59:59+00', 'centre', 1, 1, interval '30 minutes'), (2, 'missed_out', '2024-03-04 19:00:00+00', 'centre', 1, 1, '20 minutes'),
	(3, 'missed_out', '2024-03-05 10:00+05', 'mobile', 2, 3, NULL), (4, 'missed_out', '2024-03-05 10:40+05', 'door', NULL, 4, '40 minutes'),
	(5, 'shock', '2024-03-05 11:00+05', 'centre', 1, 2, '10 minutes'), (6, 'cyclic', '2024-03-05 12:00+05', 'centre', 1, NULL, '30 minutes'),
	(7, 'missed_out', '2024-03-05 13:00+05', 'telephone', NULL, NULL, NULL), (8, 'missed_out', '2024-03-06 12:00+05', 'self', 9, 9, NULL)) AS v (h, t, at, m, c, o, took);
-- no questions were asked for this one
SELECT record_survey(1, '{"rooms": 2}', NULL, update_type => 'roster', submitted_at => '2024-03-06 09:00+05', centre => 1, operator => 2, is_full => false) AS survey_id;

SELECT level, area, name, day, surveys, updates, centre, mobile, door, telephone AS phone, self, centres, operators, surveys_an_operator, timed, median_minutes, p90_minutes
FROM nser.performance_day ORDER BY 1, 2, 4;
SELECT level, area, mode, update_type, surveys, timed, median_minutes FROM nser.performance_type WHERE day = '2024-03-05' AND level IN ('province', 'district') ORDER BY 1, 2, 3, 4;
SELECT day, hour, surveys, operators, timed, median_minutes, p90_minutes FROM nser.performance_hour WHERE area = 'PK617' ORDER BY 1, 2;
SELECT * FROM nser.performance_centre ORDER BY area, centre, day;
SELECT * FROM nser.performance_operator ORDER BY operator, day;
-- a period is counted by itself: of 10, 20, 30 and 30 minutes in Green; days are those of operators
SELECT * FROM registry.performance_of_areas('2024-03-04', '2024-03-06');
SELECT area, surveys, days, operator_days, surveys_an_operator_day AS a_day, median_minutes FROM registry.performance_of_areas('2024-03-05', '2024-03-05', 'province');
SELECT * FROM registry.performance_of_centres('2024-03-04', '2024-03-06', 'PK6');
SELECT * FROM registry.performance_of_operators('2024-03-04', '2024-03-06', 'PK617');
SELECT count(*) AS backwards FROM registry.performance_of_areas('2024-03-06', '2024-03-04');
SELECT count(*) AS endless FROM registry.performance_of_areas('2024-03-06', NULL);
-- whose clock and calendar is read does not matter
BEGIN;
SET LOCAL timezone = 'America/New_York';
SET LOCAL datestyle = 'SQL, DMY';
SELECT to_char(day, 'YYYY-MM-DD') AS day, surveys, median_minutes FROM nser.performance_day WHERE area = 'PK617' ORDER BY 1;
SELECT centre, to_char(day, 'YYYY-MM-DD') AS day, first_at FROM nser.performance_centre ORDER BY 1, 2;
SELECT registry.report_query('performance', since => '2024-03-05', until => '2024-03-05');
ROLLBACK;


-- random surveys are counted as by hand, and every level adds up to the one above
BEGIN;
SELECT setseed(0.7);
INSERT INTO nser.household (household_id, area, registered_on)
SELECT 100 + h, ('PK6' || (17 + h % 3) || '0' || (1 + h % 2) || '00' || (1 + h % 5))::area_code, '2024-01-01' FROM generate_series(1, 300) AS h;
INSERT INTO nser.survey (household_id, indicators, area, submitted_at, started_at, centre, operator, mode, update_type, is_full)
SELECT r.household_id, '{}', r.area, r.at, CASE WHEN r.b > 0.2 THEN r.at - r.b * interval '2 hours' END, CASE WHEN r.a > 0.1 THEN 1 + (r.a * 7)::integer END,
	CASE WHEN r.b > 0.1 THEN 1 + (r.b * 5)::integer END, ('{door,centre,mobile,telephone,self,partner}'::text[])[1 + floor(r.a * 6)::integer], 'cyclic', r.c > 0.2
FROM (SELECT h.household_id, h.area, random() AS a, random() AS b, random() AS c, '2024-05-01 00:00+05'::timestamptz + random() * interval '10 days' AS at
	  FROM nser.household AS h CROSS JOIN generate_series(1, 5) WHERE h.household_id > 100) AS r;
-- hours east of Greenwich are added, no time zone is asked; a median is what stands in the middle
CREATE VIEW pg_temp.by_hand AS
	SELECT s.*, (s.submitted_at AT TIME ZONE 'UTC' + interval '5 hours')::date AS day, date_part('hour', s.submitted_at AT TIME ZONE 'UTC' + interval '5 hours') AS hour,
		date_part('epoch', s.submitted_at - s.started_at) / 60 AS minutes
	FROM nser.survey AS s;
CREATE FUNCTION pg_temp.middle(minutes double precision[]) RETURNS numeric LANGUAGE sql
	RETURN (SELECT round(avg(m)::numeric, 1) FROM (SELECT m, row_number() OVER (ORDER BY m) AS no, count(*) OVER () AS n FROM unnest(minutes) AS m WHERE m IS NOT NULL) AS o
			WHERE no IN ((n + 1) / 2, n / 2 + 1));
SELECT p.level, count(*) AS rows, sum(p.surveys + p.updates) AS surveys,
	count(*) FILTER (WHERE (p.surveys, p.updates, p.partner, p.centres, p.operators, p.timed, p.median_minutes) IS DISTINCT FROM
		(SELECT ROW(count(*) FILTER (WHERE b.is_full), count(*) FILTER (WHERE NOT b.is_full), count(*) FILTER (WHERE b.is_full AND b.mode = 'partner'),
			count(DISTINCT b.centre) FILTER (WHERE b.is_full), count(DISTINCT b.operator) FILTER (WHERE b.is_full), count(b.minutes) FILTER (WHERE b.is_full),
			pg_temp.middle(array_agg(b.minutes) FILTER (WHERE b.is_full)))
		 FROM pg_temp.by_hand AS b WHERE b.day = p.day AND b.area <@ p.area)) AS wrong
FROM nser.performance_day AS p WHERE p.day >= '2024-05-01' GROUP BY 1 ORDER BY 1;
SELECT level, sum(surveys) AS surveys, count(DISTINCT hour) AS hours FROM nser.performance_hour WHERE day >= '2024-05-01' GROUP BY 1 ORDER BY 1;
SELECT count(*) AS wrong FROM nser.performance_hour AS p
WHERE p.surveys <> (SELECT count(*) FROM pg_temp.by_hand AS b WHERE b.is_full AND b.day = p.day AND b.hour = p.hour AND b.area <@ p.area);
SELECT sum(surveys) = (SELECT count(*) FROM nser.survey WHERE is_full AND centre IS NOT NULL) AS all_of_centres,
	(SELECT sum(surveys) FROM nser.performance_operator) = (SELECT count(*) FROM nser.survey WHERE is_full AND operator IS NOT NULL) AS all_of_operators FROM nser.performance_centre;
ROLLBACK;

-- what is asked for by day is found by its summary of blocks, and one level is counted
CREATE FUNCTION pg_temp.plan_has(query text, what text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	line	text;
	found	boolean := false;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		found := found OR line ~ what;
	END LOOP;
	RETURN found;
END $$;
BEGIN;
SET LOCAL enable_seqscan = off;
SELECT relation, pg_temp.plan_has(registry.report_query(name, since => '2024-03-05', until => '2024-03-06'), 'Bitmap Index Scan on survey_day') AS by_day
FROM nser.report WHERE name ~ '^performance' ORDER BY 1;
SELECT pg_temp.plan_has('SELECT * FROM nser.survey_taken WHERE day BETWEEN ''2024-03-05'' AND ''2024-03-06''', 'Bitmap Index Scan on survey_day') AS by_day;
SELECT pg_temp.plan_has(registry.report_query('step_time', since => '2024-03-05'), 'Bitmap Index Scan on case_step_day') AS by_day;
SELECT name, pg_temp.plan_has(registry.report_query(name, level => 'district'), 'Filter: \(\(level\)::text = ''district''::text\)') AS at_one_level
FROM nser.report WHERE name IN ('performance', 'performance_type', 'performance_hour', 'upload_delay', 'case_ageing', 'case_outcome', 'step_time', 'grievance_flow', 'verification_day',
	'invitation_flow', 'enrolment_flow', 'enrolment_month', 'recertification_flow', 'shock_response', 'duplicate_flow', 'coverage', 'coverage_month', 'coverage_by_mode') ORDER BY 1;
ROLLBACK;

-- idle: open, and without a survey; one sent at midnight is of the day that begins
BEGIN;
UPDATE nser.centre SET open_days = '{1,2,3,4,5,6,7}', valid = '[2020-01-01,)' WHERE centre_id <= 2;
UPDATE nser.centre SET open_days = '{1}', valid = '[2020-01-01,)' WHERE centre_id = 3;
INSERT INTO nser.centre (name, kind, area, valid, open_days, place) VALUES ('Former', 'fixed', 'PK61801', daterange('2020-01-01', today() - 360), '{1,2,3,4,5,6,7}', registry.place(75.4, 31.5));
INSERT INTO nser.centre_stop (centre_id, during, area, place) VALUES (2, daterange(today() - 10, today() - 5), 'PK61702', registry.place(74.4, 31.5));
SELECT centre_name, name, count(*) AS days, min(day) = today() - 365 AS from_first, max(day) = today() - 1 AS to_yesterday, opens, tokens FROM nser.centre_idle WHERE centre <> 3
GROUP BY 1, 2, 6, 7 ORDER BY 1;
SELECT count(*) = (SELECT count(*) FROM generate_series(today() - 365, today() - 1, '1 day') AS d WHERE to_char(d, 'Dy') = 'Mon') AS all_mondays,
	bool_and(to_char(day, 'Dy') = 'Mon') AS mondays_alone FROM nser.centre_idle WHERE centre = 3;
SELECT count(record_survey(h, '{"rooms": 2}', NULL, submitted_at => at, centre => 1)) FROM (VALUES (9, (today() - 1)::timestamp AT TIME ZONE 'Asia/Karachi'),
	(10, (today() - 2)::timestamp AT TIME ZONE 'Asia/Karachi' - interval '1 second')) AS v (h, at);
SELECT count(*) AS days, count(*) FILTER (WHERE day IN (today() - 1, today() - 3)) AS on_these FROM nser.centre_idle WHERE centre = 1;
ROLLBACK;

-- waiting: numbers of one Monday, and what became of each
CREATE FUNCTION pg_temp.queue(hh bigint, token integer, priority text[], VARIADIC steps text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	id		bigint;
	state	registry.case_state;
	step	text[];
BEGIN
	INSERT INTO nser.update_case (household_id, area, update_type, centre, mode, priority, token, opened_on)
	SELECT h.household_id, h.area, 'roster', 1, 'centre', queue.priority, queue.token, '2024-03-04' FROM nser.household AS h WHERE h.household_id = queue.hh
	RETURNING case_id INTO id;
	FOR n IN 1..cardinality(steps) LOOP
		step := string_to_array(steps[n], ' ');
		INSERT INTO nser.case_step AS s (household_id, case_id, step, update_type, from_state, event, to_state, taken_at, reason, content)
		VALUES (queue.hh, id, n, 'roster', state, step[1]::registry.case_event, registry.next_state('roster', state, step[1]::registry.case_event),
			coalesce(step[3], '2024-03-04')::date + step[2]::time AT TIME ZONE 'Asia/Karachi', 'made up', CASE step[1] WHEN 'submit' THEN '{}'::jsonb END)
		RETURNING s.to_state INTO state;
	END LOOP;
END $$;
SELECT pg_temp.queue(1, 1, '{}', 'open 09:00', 'screen 09:05', 'start_interview 09:20');
SELECT pg_temp.queue(2, 2, '{disabled,elderly}', 'open 09:10', 'screen 09:12', 'start_interview 09:15');
SELECT pg_temp.queue(5, 3, '{}', 'open 09:30', 'screen 09:35', 'start_interview 10:30');
SELECT pg_temp.queue(6, 4, '{}', 'open 09:40', 'screen 09:45', 'cancel 10:10');
SELECT pg_temp.queue(8, 5, '{}', 'open 10:00', 'screen 10:05', 'reject 10:06');
SELECT pg_temp.queue(9, 6, '{}', 'open 15:00', 'screen 15:05', 'start_interview 09:00 2024-03-05');
SELECT pg_temp.queue(10, 7, '{}', 'open 15:30');
-- of a roster nothing need be asked; its tablet's clock went back
SELECT pg_temp.queue(11, 8, '{}', 'open 16:00', 'screen 16:05', 'submit 15:59');
-- one of today
SELECT token, state FROM open_case('roster', 12, gen_random_uuid(), centre => 1, priority => '{pregnant}');
SELECT token, priority, opened_at, served_at, outcome, minutes FROM nser.token_case WHERE day = '2024-03-04' ORDER BY 1;
-- of 0, 20 and 60 minutes
SELECT area, name, centre_name, has_priority, tokens, served, served_later AS later, turned_away, "left", waiting, left_pct, median_minutes AS median, p90_minutes AS p90, longest_minutes AS longest
FROM nser.token_wait WHERE day = '2024-03-04' ORDER BY has_priority;
SELECT has_priority, tokens, served, waiting, median_minutes, waiting_minutes BETWEEN 0 AND 5 AS waiting_minutes FROM nser.token_wait WHERE day = today();
SELECT level, day, update_type, event, steps, median_hours, p90_hours FROM nser.step_time WHERE level = 'country' AND day < today() ORDER BY 2, 4;

-- uploads: of the submission above, which is of 2024, and of the surveys that no case wrote
SELECT level, area, day, uploads, late, late_pct, median_hours > 10000 AS hours FROM nser.upload_delay WHERE level = 'district' ORDER BY 2, 3;
-- a role limited to a district is told of that district: not the nation's figures as if they were all, nor a centre of the other's as idle
CREATE ROLE regress_monitor_618;
GRANT USAGE ON SCHEMA nser TO regress_monitor_618;
GRANT SELECT ON ALL TABLES IN SCHEMA nser TO regress_monitor_618;
SET client_min_messages = error;
SELECT limit_role('regress_monitor_618', 'PK618') > 0 AS limited;
RESET client_min_messages;
SET ROLE regress_monitor_618;
SELECT seen_areas();
SELECT level, area, name, day, surveys, operators, median_minutes FROM nser.performance_day ORDER BY 1, 2, 4;
SELECT count(*) AS of_hours FROM nser.performance_hour;
SELECT count(*) AS of_centres FROM nser.performance_centre;
SELECT area, surveys FROM registry.performance_of_areas('2024-01-01', '2024-12-31');
SELECT count(*) AS of_centres FROM registry.performance_of_centres('2024-01-01', '2024-12-31');
SELECT operator, surveys FROM registry.performance_of_operators('2024-01-01', '2024-12-31');
SELECT operator, surveys FROM nser.performance_operator;
SELECT DISTINCT centre_name AS idle FROM nser.centre_idle;
SELECT count(*) AS tokens FROM nser.token_wait;
SELECT DISTINCT level, area FROM nser.upload_delay ORDER BY 1, 2;
SELECT level, area, registered FROM nser.coverage_level ORDER BY 1, 2;
SELECT level, area, mode, registered, registered_pct FROM nser.coverage_by_mode ORDER BY 1, 2;
-- days are found by the summary of blocks here, too: nothing of the condition could tell what is hidden
SET enable_seqscan = off;
SELECT pg_temp.plan_has('SELECT * FROM nser.performance_day WHERE day >= ''2024-03-05''', 'Bitmap Index Scan on survey_day') AS by_day;
RESET enable_seqscan;
RESET ROLE;
SELECT seen_areas();
-- nobody limits this one, and it sees nobody
SELECT unlimit_role('regress_monitor_618') > 0 AS unlimited;
SET ROLE regress_monitor_618;
SELECT seen_areas();
SELECT count(*) FROM nser.performance_day;
RESET ROLE;
DROP OWNED BY regress_monitor_618;
DROP ROLE regress_monitor_618;

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
