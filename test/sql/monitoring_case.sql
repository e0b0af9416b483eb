--
-- Monitoring: cases from opening to their end, coverage, programmes and shocks
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

-- eight widows, in two districts of a province
UPDATE nser.update_policy SET late_by = '20 years';
INSERT INTO nser.area (code, name, source) VALUES ('PK6', 'First', 'made up'), ('PK617', 'Green', 'made up'), ('PK618', 'Red', 'made up'), ('PK61701', 'Green North', 'made up'),
	('PK61801', 'Red West', 'made up');
INSERT INTO nser.census (area, counted_on, households, source) VALUES ('PK617', '2023-03-01', 10, 'made up'), ('PK618', '2023-03-01', NULL, 'made up');
INSERT INTO nser.household (household_id, area, registered_on) SELECT h, CASE WHEN h <= 5 THEN 'PK61701' ELSE 'PK61801' END::area_code, '2024-01-01' FROM generate_series(1, 8) AS h;
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, marital_status, valid_from)
SELECT h.household_id, 1, h.area, CASE WHEN h.household_id <> 8 THEN (3020100000002 + 20 * h.household_id)::cnic END, CASE h.household_id WHEN 8 THEN 'none' ELSE 'cnic' END, 'Zainab', 'female',
	'1980-01-01', 'head', 'widowed', '2024-01-01' FROM nser.household AS h;
INSERT INTO formula (name, formula, source) VALUES ('five-a-room', '{"terms": [{"indicator": "rooms", "each": 5}]}', 'this test');
SELECT count(record_survey(h, jsonb_build_object('rooms', h)::indicators,
	(SELECT roster_agg(line, relationship, sex, 44, marital_status, 0, 0, 0, 0, true, false, true, 'unemployed', NULL, false, '{}', '{}') FROM nser.member WHERE household_id = h),
	mode => CASE WHEN h <= 3 THEN 'door' ELSE 'centre' END, submitted_at => '2024-01-01 10:00+05'))
FROM generate_series(1, 7) AS h;
CALL score_all('five-a-room', NULL);
CREATE FUNCTION pg_temp.ago(days integer) RETURNS timestamptz LANGUAGE sql RETURN (registry.today() - days + time '12:00') AT TIME ZONE 'Asia/Karachi';
CREATE FUNCTION pg_temp.step(hh bigint, event registry.case_event, days integer, content jsonb DEFAULT NULL) RETURNS registry.case_state LANGUAGE sql
BEGIN ATOMIC
	SELECT (registry.advance_case(c.household_id, c.case_id, step.event, gen_random_uuid(), step.content, 'made up', taken_at => pg_temp.ago(step.days))).state
	FROM nser.update_case AS c WHERE c.household_id = step.hh ORDER BY c.case_id DESC LIMIT 1;
END;

-- roster cases 3 and 4 are open since 40 and 7 days; of 1 the grievance is answered, of 2 not yet
SELECT household_id AS hh, state FROM (VALUES ('grievance', 1, 30), ('grievance', 2, 5), ('roster', 3, 40), ('roster', 4, 7), ('roster', 5, 8), ('roster', 6, 20)) AS v (t, h, d),
	open_case(t::update_type, h, gen_random_uuid(), taken_at => pg_temp.ago(d)) ORDER BY 1;
SELECT pg_temp.step(1, 'screen', 29);
SELECT pg_temp.step(1, 'submit', 28, '{"about": "conduct", "statement": "had to come three times"}');
SELECT pg_temp.step(1, 'verify', 22);
SELECT c.state, a.state AS now FROM nser.update_case AS c, apply_case(1, c.case_id, gen_random_uuid(), content => '{"outcome": "upheld", "answer": "one visit is enough"}', taken_at => pg_temp.ago(20)) AS a WHERE c.household_id = 1;
SELECT pg_temp.step(3, 'screen', 39);
SELECT pg_temp.step(4, 'screen', 6);
SELECT pg_temp.step(5, 'cancel', 1);
SELECT pg_temp.step(6, 'screen', 19);
SELECT pg_temp.step(6, 'submit', 18, '{"changes": [{"change": "contact", "on_date": "2024-02-01", "phone": "0300-1234567"}]}');
SELECT pg_temp.step(6, 'verify', 16);
SELECT a.state, a.no_change FROM nser.update_case AS c, apply_case(6, c.case_id, gen_random_uuid(), taken_at => pg_temp.ago(15)) AS a WHERE c.household_id = 6;

SELECT level, area, name, update_type, state, cases, opened_7, opened_30, opened_90, opened_older, heard_7, median_days, oldest_days FROM nser.case_ageing WHERE level <> 'tehsil' ORDER BY 1, 2, 4, 5;
-- the registry heard of all of them today; were one quiet for long
BEGIN;
ALTER TABLE nser.update_case DISABLE TRIGGER USER;
UPDATE nser.update_case SET stepped_at = now() - interval '31 days' WHERE household_id = 3;
UPDATE nser.update_case SET stepped_at = now() - interval '91 days', opened_on = today() - 91 WHERE household_id = 4;
SELECT update_type, state, cases, opened_7, opened_30, opened_90, opened_older, heard_7, heard_30, heard_90, heard_older, median_days, oldest_days FROM nser.case_ageing WHERE level = 'country' ORDER BY 1, 2;
ROLLBACK;
SELECT level, area, day = today() AS today, update_type, ended, applied, no_change, rejected, cancelled, expired, median_days, p90_days FROM nser.case_outcome WHERE level IN ('country', 'district') ORDER BY 1, 2, 4;
SELECT today() - day AS days_ago, update_type, event, steps, median_hours FROM nser.step_time WHERE level = 'country' ORDER BY 1 DESC, 2, 3;
SELECT level, area, today() - day AS days_ago, opened, about_case, open, answered, median_days FROM nser.grievance_flow WHERE level IN ('country', 'district') ORDER BY 1, 2, 3;
-- what an application waits for is no part of the wait before it
SELECT level, today() - day AS days_ago, uploads, late, median_hours BETWEEN 18 * 24 - 12 AND 18 * 24 + 12 AS as_taken FROM nser.upload_delay WHERE level = 'country' AND day = today() - 18;

-- offline: one is done, one waits for what is not here, one is refused
SELECT outcome, sqlstate FROM receive_submissions(jsonb_build_array(
	jsonb_build_object('request_id', '00000000-0000-0000-0000-000000000001', 'call', 'open', 'taken_at', to_char(now() - interval '30 hours', 'YYYY-MM-DD"T"HH24:MI:SS"+05:00"'),
		'update_type', 'grievance', 'household_id', 7),
	jsonb_build_object('request_id', '00000000-0000-0000-0000-000000000003', 'call', 'advance', 'taken_at', to_char(now() - interval '30 hours', 'YYYY-MM-DD"T"HH24:MI:SS"+05:00"'),
		'event', 'screen', 'after', '00000000-0000-0000-0000-000000000002'),
	jsonb_build_object('request_id', '00000000-0000-0000-0000-000000000004', 'call', 'open', 'taken_at', to_char(now() - interval '10 hours', 'YYYY-MM-DD"T"HH24:MI:SS"+05:00"'),
		'update_type', 'shock', 'household_id', 7)), 'tablet 1');
SELECT day = today() AS today, state, sqlstate, submissions, devices, median_hours FROM nser.submission_flow ORDER BY 2, 3;

-- verification: NADRA knows four of seven numbers, and writes one name otherwise
CREATE TABLE answer AS SELECT m.cnic, CASE household_id WHEN 4 THEN 'Perveen' ELSE 'Zainab' END AS name, 'female' AS sex, '1980-01-01' AS birth_date, 'true' AS alive FROM nser.member AS m WHERE m.household_id <= 4;
SELECT loaded, refused FROM load_nadra('answer');
SELECT sum(verify_household(h)) AS not_verified FROM generate_series(1, 8) AS h;
SELECT level, area, day = today() AS today, checks, verified, mismatch, not_found, no_document, verified_pct FROM nser.verification_day ORDER BY 1, 2;
SELECT area, name, sex, members, verified, mismatch, not_found, no_document, not_checked, unpayable, verified_pct FROM nser.verification_standing ORDER BY 1, 3;

-- coverage: of 10 five, of the other district the census is unknown
SELECT level, area, name, census_households, registered, gap, coverage_pct, rank FROM nser.coverage_level WHERE level <> 'division' ORDER BY 1, 2;
SELECT count(*) AS days, min(day) = (date_trunc('month', today()) - interval '1 year')::date AS from_a_year_ago, max(day) = date_trunc('month', today())::date AS to_this_month
FROM nser.coverage_month WHERE area = 'PK617';
BEGIN;
UPDATE nser.household SET registered_on = date_trunc('month', today()) - interval '2 months' WHERE household_id IN (1, 2);
SELECT date_part('year', age(date_trunc('month', today()), day)) * 12 + date_part('month', age(date_trunc('month', today()), day)) AS months_ago, registered, added, coverage_pct
FROM nser.coverage_month WHERE area = 'PK617' AND day >= date_trunc('month', today()) - interval '4 months' ORDER BY day;
ROLLBACK;
SELECT level, area, mode, registered, registered_pct, surveyed_from FROM nser.coverage_by_mode WHERE level <> 'tehsil' ORDER BY 1, 2, 3;
SELECT refresh_area_summary('five-a-room') > 0 AS counted;
SELECT level, area, name, households, members, census_households, scored, mean_score FROM nser.area_figure ORDER BY 1, 2;

-- a programme: four are invited, two come, one declines, one stays away; one of the two leaves, and is recertified before
INSERT INTO nser.programme (code, name, formula, cutoff, valid) VALUES ('cash', 'Cash', 'five-a-room', 25, '[2024-01-01,)');
SELECT invite('cash', 'PK617', 4, '2024-03-01', '2024-03-31') AS invited;
SELECT answer_invitation(i.household_id, i.invitation_id, CASE i.household_id WHEN 3 THEN 'declined' ELSE 'accepted' END, '2024-03-05') FROM nser.invitation AS i WHERE i.household_id IN (1, 3);
SELECT count(enrol('cash', h, 1, on_date => d::date)) FROM (VALUES (1, '2024-03-10'), (2, '2024-03-11')) AS v (h, d);
SELECT level, area, programme, day, sent, reached, accepted, declined, enrolled, did_not_come, open, overdue, enrolled_pct FROM nser.invitation_flow WHERE level = 'district';
SELECT * FROM settle_invitations('2024-04-01');
SELECT level, area, day, sent, reached, declined, enrolled, did_not_come, open, overdue, enrolled_pct FROM nser.invitation_flow ORDER BY 1, 2;
SELECT record_survey(2, '{}', NULL, submitted_at => '2024-05-01 10:00+05') AS without_answers;
SELECT recertify_household(h.household_id, h.current_survey, '2024-06-01', NULL) FROM nser.household AS h WHERE h.household_id IN (1, 2);
SELECT count(exit_enrolment(e.household_id, e.enrolment_id, 'withdrew', on_date => (date_trunc('month', today()) - interval '3 months')::date)) FROM nser.enrolment AS e WHERE e.household_id = 2;
SELECT level, area, programme, CASE WHEN day < '2025-01-01' THEN day END AS day, change, reason, enrolments FROM nser.enrolment_flow WHERE level IN ('country', 'district') ORDER BY 1, 2, nser.enrolment_flow.day;
SELECT level, programme, day, recertified, kept, exited, unknown, kept_pct FROM nser.recertification_flow WHERE level = 'district';
-- who left on the first of a month is not in it on that day
SELECT date_part('year', age(date_trunc('month', today()), day)) * 12 + date_part('month', age(date_trunc('month', today()), day)) AS months_ago, enrolled, entered, exited
FROM nser.enrolment_month WHERE area = 'PK617' AND day >= date_trunc('month', today()) - interval '5 months' ORDER BY day;
SELECT level, area, programme, registered, scored, eligible, eligible_pct, invited, enrolled FROM nser.funnel_level ORDER BY 2;
-- the same as where it comes from; two of the benefit are due three years after
SELECT level, area, update_type, sum(households) AS households FROM nser.due_level GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT count(*) AS differ FROM (SELECT area, month, update_type, households FROM nser.due_month EXCEPT SELECT area, day, update_type, households FROM nser.due_level WHERE level = 'district') AS d;

-- a flood takes the second district; of its three households two ask for an update, and one of them is refused it
SELECT declare_shock('River', 'flood', daterange(today() - 20, today() - 10), '{PK618}', update_window => daterange(today() - 10, today() + 50)) AS shock_id;
SELECT household_id AS hh, state FROM generate_series(7, 8) AS h, open_case('shock', h, gen_random_uuid(), taken_at => pg_temp.ago(9)) ORDER BY 1;
SELECT pg_temp.step(8, 'reject', 8);
SELECT level, area, name, shock, today() - day AS days_ago, households, cases, open, applied, ended, cases_pct, median_days FROM nser.shock_response ORDER BY 1, 2;
SELECT pg_temp.step(7, 'screen', 8);
SELECT pg_temp.step(7, 'start_interview', 8);
SELECT pg_temp.step(7, 'submit', 8, '{"answers": {"rooms": 1}, "members": [{"line": 1, "name": "Zainab", "sex": "female", "relationship": "head", "marital_status": "widowed", "disabilities": []}]}');
SELECT pg_temp.step(7, 'verify', 8);
SELECT a.state FROM nser.update_case AS c, apply_case(7, c.case_id, gen_random_uuid(), taken_at => pg_temp.ago(8)) AS a WHERE c.household_id = 7 AND c.update_type = 'shock';
SELECT level, households, cases, open, applied, ended, median_days FROM nser.shock_response WHERE area = 'PK618';

-- pairs: one is decided
INSERT INTO nser.duplicate (household_id, line, other_household, other_line, area, evidence, score) VALUES (1, 1, 2, 1, 'PK61701', '{name}', 30.25), (1, 1, 7, 1, 'PK61701', '{name}', 40);
SELECT decide_duplicate(1, 1, 7, 1, 'different');
SELECT level, area, day = today() AS today, found, open, same, different, open_score FROM nser.duplicate_flow ORDER BY 1, 2;

-- a role limited to a district: the other's cases, people and pairs are in none of its figures, and no area's beyond it are told
CREATE ROLE regress_monitor_618;
GRANT USAGE ON SCHEMA nser TO regress_monitor_618;
GRANT SELECT ON ALL TABLES IN SCHEMA nser TO regress_monitor_618;
SET client_min_messages = error;
SELECT limit_role('regress_monitor_618', 'PK618') > 0 AS limited;
RESET client_min_messages;
CREATE FUNCTION pg_temp.areas_told() RETURNS TABLE (report text, areas text, rows bigint) LANGUAGE plpgsql AS $$
DECLARE
	r	record;
BEGIN
	FOR r IN SELECT x.name, x.relation FROM nser.report AS x WHERE x.subject = 'monitoring' ORDER BY 1 LOOP
		report := r.name;
		IF 'area' IN (SELECT c.name FROM registry.report_columns(r.relation) AS c) THEN
			EXECUTE format('SELECT string_agg(DISTINCT area::text, '' '' ORDER BY area::text), count(*) FROM %s', r.relation) INTO areas, rows;
		ELSE
			EXECUTE format('SELECT ''none'', count(*) FROM %s', r.relation) INTO areas, rows;
		END IF;
		RETURN NEXT;
	END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION pg_temp.areas_told() TO regress_monitor_618;
SELECT report, areas FROM pg_temp.areas_told();
SET ROLE regress_monitor_618;
SELECT report, areas FROM pg_temp.areas_told();
SELECT level, area, registered, eligible, enrolled FROM nser.funnel_level;
SELECT level, update_type, state, cases FROM nser.case_ageing ORDER BY 1, 2, 3;
RESET ROLE;
DROP OWNED BY regress_monitor_618;
DROP ROLE regress_monitor_618;

SET client_min_messages = warning;
DROP TABLE answer;
DROP SCHEMA nser, share, release CASCADE;
DELETE FROM formula WHERE name = 'five-a-room';
