--
-- Cases: opened where the rules allow it, taken on step by step, and no other way
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

-- a request id of a number
CREATE FUNCTION pg_temp.r(n integer) RETURNS uuid LANGUAGE sql RETURN lpad(n::text, 32, '0')::uuid;
CREATE VIEW pg_temp.head AS
	SELECT household_id AS hh, case_id AS id, update_type, state, last_step AS step, last_hash IS NOT NULL AS hashed, survey_id, no_change
	FROM nser.update_case ORDER BY 1, 2;
CREATE VIEW pg_temp.steps AS
	SELECT household_id AS hh, case_id AS id, step, from_state, event, to_state, reason, content IS NOT NULL AS content
	FROM nser.case_step ORDER BY 1, 2, 3;

-- steps of other days are recorded below
UPDATE nser.update_policy SET late_by = '10 years';
-- 1 and 2 are registered, and 2 was surveyed in full a year ago; 3 was merged, 4 is dissolved; 5 was surveyed three years ago
INSERT INTO nser.household (household_id, area, registered_on, status) VALUES (1, 'PK61701003', '2023-01-01', 'registered'),
	(2, 'PK61701004', '2023-01-01', 'registered'), (3, 'PK61701003', '2023-01-01', 'merged'), (4, 'PK61701003', '2023-01-01', 'dissolved'),
	(5, 'PK70101', '2022-01-01', 'registered');
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, marital_status, valid_from) VALUES
	(1, 1, 'PK61701003', '30201-0000001-2', 'cnic', 'Zainab', 'female', '1990-05-01', 'head', 'widowed', '2023-01-01'),
	(2, 1, 'PK61701004', '30201-0000002-1', 'cnic', 'Karim', 'male', '1955-01-01', 'head', 'widowed', '2023-01-01'),
	(5, 1, 'PK70101', '30201-0000003-1', 'cnic', 'Imran', 'male', '1980-01-01', 'head', 'never_married', '2022-01-01');
SELECT setval('nser.household_household_id_seq', 99);
SELECT record_survey(h, '{"province": "punjab"}', roster_agg(1, 'head', 'male', a, 'widowed', 0, 0, 0, 5, true, false, true, 'employed', 'regular', false, d, '{}'),
	submitted_at => registry.today() - years * interval '1 year') AS survey_id
FROM (VALUES (2, 70, '{}'::text[], 1), (5, 44, '{visual_full}', 3)) AS v (h, a, d, years) GROUP BY h, years, d, a ORDER BY h;
INSERT INTO nser.centre (name, kind, area, valid, place) VALUES ('Lahore', 'fixed', 'PK61701', '[2023-01-01,)', registry.place(74.3, 31.5)),
	('Van', 'mobile', 'PK617', '[2023-01-01,2024-01-01)', NULL);
INSERT INTO nser.operator (login, centre_id, area, valid) VALUES (NULL, 1, 'PK617', '[2023-01-01,)'), (NULL, 1, 'PK617', '[2023-01-01,2024-01-01)');

-- a year's questions in one call: who waits, and who is served first
SELECT * FROM open_case('roster', 1, pg_temp.r(1), centre => 1);
SELECT * FROM open_case('roster', 2, pg_temp.r(2), centre => 1);
SELECT * FROM open_case('cyclic', 5, pg_temp.r(3), centre => 1, priority => '{pregnant}');
SELECT * FROM open_case('missed_out', NULL, pg_temp.r(4), area => 'PK61701003', operator => 1);
SELECT household_id, area, status, registered_on = today() AS today FROM nser.household WHERE household_id = 100;
SELECT centre, place, token, priority, household_id, case_id, area, update_type, state FROM nser.case_queue ORDER BY centre, place;
-- the same request is the same case, however often it is sent
SELECT * FROM open_case('missed_out', NULL, pg_temp.r(4), area => 'PK61701003', operator => 1);
SELECT count(*) FROM nser.household WHERE status = 'requested';
SELECT * FROM open_case('missed_out', 1, pg_temp.r(4));
SELECT * FROM open_case('grievance', NULL, pg_temp.r(4));
SELECT * FROM advance_case(1, 1, 'screen', pg_temp.r(4));
-- a case of long ago has no queue
BEGIN;
SELECT token, state FROM open_case('grievance', 1, pg_temp.r(5), centre => 1, taken_at => '2023-06-01 10:00+05');
SELECT opened_on, stepped_at = now() AS heard_now FROM nser.update_case WHERE update_type = 'grievance';
ROLLBACK;

-- not open: by the rules, by what there is, by who asks
SELECT open_case('roster', 1, pg_temp.r(10));
SELECT open_case('missed_out', 1, pg_temp.r(10));
SELECT open_case('missed_out', NULL, pg_temp.r(10), area => 'PK701', applicant => '30201-0000001-2');
SELECT count(*) FROM nser.household;
SELECT advance_case(1, 1, 'cancel', pg_temp.r(11), reason => 'came for another reason');
SELECT open_case('missed_out', 1, pg_temp.r(10));
SELECT open_case('shock', 1, pg_temp.r(10));
SELECT open_case('appeal', 1, pg_temp.r(10));
SELECT advance_case(2, 2, 'cancel', pg_temp.r(12), reason => 'came for another reason');
DO $$
DECLARE
	hint	text;
BEGIN
	PERFORM registry.open_case('cyclic', 2, pg_temp.r(10));
EXCEPTION WHEN SQLSTATE 'RG004' THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RAISE NOTICE '%; %', SQLERRM, regexp_replace(hint, '[0-9]{4}-[0-9]{2}-[0-9]{2}', 'a day in a year');
END $$;
SELECT open_case('roster', 3, pg_temp.r(10));
SELECT open_case('roster', 4, pg_temp.r(10));
SELECT open_case('roster', 100, pg_temp.r(10));
SELECT open_case('roster', 77, pg_temp.r(10));
SELECT open_case('roster', NULL, pg_temp.r(10));
SELECT open_case('missed_out', NULL, pg_temp.r(10));
SELECT open_case('roster', 1, NULL);
SELECT open_case('roster', 1, pg_temp.r(10), mode => 'horse');
SELECT open_case('roster', 1, pg_temp.r(10), priority => '{friend}');
SELECT open_case('roster', 1, pg_temp.r(10), about_case => 1);
SELECT open_case('grievance', 1, pg_temp.r(10), about_case => 3);
SELECT open_case('roster', 1, pg_temp.r(10), centre => 9);
SELECT open_case('roster', 1, pg_temp.r(10), centre => 2);
SELECT open_case('roster', 1, pg_temp.r(10), operator => 9);
SELECT open_case('roster', 1, pg_temp.r(10), operator => 2, taken_at => '2024-06-01 10:00+05');
SELECT open_case('roster', 5, pg_temp.r(10), operator => 1);
SELECT open_case('roster', 1, pg_temp.r(10), taken_at => now() + interval '2 days');
SELECT open_case('roster', 1, pg_temp.r(10), taken_at => 'infinity');
SELECT open_case('roster', 1, pg_temp.r(10), taken_at => NULL);
-- a role that is an operator is no other
CREATE ROLE regress_registry_clerk SUPERUSER;
INSERT INTO nser.operator (login, centre_id, area) VALUES ('regress_registry_clerk', NULL, 'PK617');
SET SESSION AUTHORIZATION regress_registry_clerk;
SELECT open_case('roster', 1, pg_temp.r(10), operator => 1);
BEGIN;
SELECT state FROM open_case('grievance', 1, pg_temp.r(10));
SELECT operator, taken_by FROM nser.case_step WHERE request_id = pg_temp.r(10);
ROLLBACK;
RESET SESSION AUTHORIZATION;
SELECT * FROM pg_temp.head;

-- a case, from the counter to the door of the registry
SELECT setval('nser.update_case_case_id_seq', 49);
SELECT * FROM open_case('roster', 1, pg_temp.r(20), centre => 1);
SELECT * FROM advance_case(1, 50, 'verify', pg_temp.r(21));
SELECT * FROM advance_case(1, 50, 'screen', pg_temp.r(21));
SELECT * FROM advance_case(1, 50, 'start_interview', pg_temp.r(22), expected_step => 1);
SELECT * FROM advance_case(1, 50, 'start_interview', pg_temp.r(22), expected_step => 2);
SELECT * FROM advance_case(1, 50, 'submit', pg_temp.r(23));
SELECT * FROM advance_case(1, 50, 'submit', pg_temp.r(23), '{"changes": 7}');
SELECT * FROM advance_case(1, 50, 'submit', pg_temp.r(23), '{"changes": [{"change": "contact", "on_date": "2025-01-01", "phone": "0300-1234567"}]}');
SELECT * FROM advance_case(1, 50, 'send_back', pg_temp.r(24));
SELECT * FROM advance_case(1, 50, 'send_back', pg_temp.r(24), reason => ' ');
SELECT * FROM advance_case(1, 50, 'send_back', pg_temp.r(24), reason => 'the number was another');
SELECT * FROM advance_case(1, 50, 'submit', pg_temp.r(25), '{"changes": [{"change": "contact", "on_date": "2025-01-01", "phone": "0300-7654321"}]}');
SELECT * FROM advance_case(1, 50, 'verify', pg_temp.r(26), '{"members": []}');
SELECT * FROM advance_case(1, 50, 'verify', pg_temp.r(26));
SELECT content ? 'members' AS verified, jsonb_array_length(content -> 'members') AS members FROM nser.case_step WHERE request_id = pg_temp.r(26);
SELECT * FROM pg_temp.steps WHERE id = 50;
SELECT household_id, case_id, update_type, state, has_ended, last_step, submitted_step FROM nser.case_overview WHERE case_id = 50;
-- sent again: the answer of then
SELECT * FROM advance_case(1, 50, 'screen', pg_temp.r(21));
SELECT * FROM advance_case(1, 50, 'verify', pg_temp.r(26), expected_step => 1);
SELECT * FROM advance_case(1, 50, 'submit', pg_temp.r(23), '{"changes": [{"change": "contact", "on_date": "2025-01-01", "phone": "0300-1111111"}]}');
SELECT * FROM advance_case(1, 50, 'cancel', pg_temp.r(21), reason => 'no');
SELECT * FROM open_case('roster', 1, pg_temp.r(21));
-- not by this way, and not there
SELECT * FROM advance_case(1, 50, 'apply', pg_temp.r(27));
SELECT * FROM advance_case(1, 50, 'expire', pg_temp.r(27));
SELECT * FROM advance_case(1, 50, 'open', pg_temp.r(27));
SELECT * FROM advance_case(1, 99, 'screen', pg_temp.r(27));
SELECT * FROM advance_case(2, 50, 'screen', pg_temp.r(27));
SELECT * FROM advance_case(77, 50, 'screen', pg_temp.r(27));
SELECT * FROM advance_case(NULL, 50, 'screen', pg_temp.r(27));
SELECT * FROM advance_case(1, NULL, 'screen', pg_temp.r(27));
SELECT * FROM advance_case(1, 50, NULL, pg_temp.r(27));
SELECT * FROM advance_case(1, 50, 'reject', NULL, reason => 'no');
SELECT * FROM advance_case(1, 50, 'reject', pg_temp.r(27), reason => 'no', taken_at => '1999-01-01');
SELECT * FROM advance_case(1, 50, 'reject', pg_temp.r(27), reason => 'no', operator => 2, taken_at => '2024-06-01 10:00+05');
SELECT * FROM advance_case(1, 1, 'screen', pg_temp.r(27));
-- a complaint needs no interview, and may be about a case that ended
SELECT * FROM open_case('grievance', 1, pg_temp.r(30), about_case => 1);
SELECT * FROM advance_case(1, 51, 'screen', pg_temp.r(31));
SELECT * FROM advance_case(1, 51, 'start_interview', pg_temp.r(32));
SELECT * FROM advance_case(1, 51, 'submit', pg_temp.r(32), '{"about": "conduct", "statement": "had to come three times"}');
SELECT * FROM advance_case(1, 51, 'verify', pg_temp.r(33));
SELECT content FROM nser.case_step WHERE request_id = pg_temp.r(33);
-- who was merged meanwhile: the case can end, and nothing else
UPDATE nser.household SET status = 'merged' WHERE household_id = 5;
SELECT advance_case(5, 3, 'screen', pg_temp.r(40));
SELECT advance_case(5, 3, 'cancel', pg_temp.r(40), reason => 'lives elsewhere now');

-- illegal steps, by bulk SQL of the owner: each in words, and all of them leave everything as it was
CREATE TEMP TABLE before AS SELECT md5(string_agg(c::text, '' ORDER BY c::text)) || (SELECT md5(string_agg(s::text, '' ORDER BY s::text)) FROM nser.case_step AS s) AS all
	FROM nser.update_case AS c;
\set step 'household_id, case_id, step, update_type, from_state, event, to_state'
INSERT INTO nser.case_step (:step) VALUES (1, 50, 8, 'roster', 'verified', 'start_interview', 'interviewing');
INSERT INTO nser.case_step (:step) VALUES (1, 50, 8, 'roster', 'verified', 'verify', 'applied');
INSERT INTO nser.case_step (:step) VALUES (1, 50, 8, 'roster', 'submitted', 'verify', 'verified');
INSERT INTO nser.case_step (:step) VALUES (1, 50, 8, 'roster', NULL, 'open', 'requested');
INSERT INTO nser.case_step (:step) VALUES (1, 50, 8, 'cyclic', 'verified', 'apply', 'applied');
INSERT INTO nser.case_step (:step) VALUES (1, 50, 8, 'roster', 'verified', 'apply', NULL);
INSERT INTO nser.case_step (:step) VALUES (1, 50, 10, 'roster', 'verified', 'apply', 'applied');
INSERT INTO nser.case_step (:step) VALUES (1, 50, 7, 'roster', 'submitted', 'reject', 'rejected');
INSERT INTO nser.case_step (:step) VALUES (1, 50, NULL, 'roster', 'verified', 'apply', 'applied');
INSERT INTO nser.case_step (:step) VALUES (1, 99, 1, 'roster', NULL, 'open', 'requested');
INSERT INTO nser.case_step (:step) VALUES (1, 1, 3, 'roster', 'cancelled', 'apply', 'applied');
-- several rows: the second does not follow the first
INSERT INTO nser.case_step (:step) VALUES (1, 50, 8, 'roster', 'verified', 'send_back', 'interviewing'), (1, 50, 9, 'roster', 'verified', 'apply', 'applied');
INSERT INTO nser.case_step (:step) SELECT household_id, case_id, step + 1, update_type, 'verified', 'apply', 'applied' FROM nser.case_step WHERE case_id = 50;
-- ON CONFLICT: what is left out moves nothing, and nothing is overwritten
INSERT INTO nser.case_step (:step, request_id) VALUES (1, 50, 8, 'roster', 'verified', 'reject', 'rejected', pg_temp.r(26)) ON CONFLICT DO NOTHING;
INSERT INTO nser.case_step AS s (:step, request_id) VALUES (1, 50, 8, 'roster', 'verified', 'reject', 'rejected', pg_temp.r(26))
	ON CONFLICT (request_id, household_id) DO UPDATE SET to_state = 'rejected';
COPY nser.case_step (household_id, case_id, step, update_type, from_state, event, to_state) FROM STDIN;
1	50	8	roster	verified	apply	rejected
\.
UPDATE nser.case_step SET to_state = 'rejected' WHERE case_id = 50 AND step = 7;
UPDATE nser.case_step SET content = '{}' WHERE case_id = 50 AND event = 'submit';
UPDATE nser.case_step SET hash = '\x00', taken_at = now() WHERE case_id = 50;
UPDATE nser.case_step SET area = 'PK701' WHERE case_id = 50;
DELETE FROM nser.case_step WHERE case_id = 50 AND step = 7;
TRUNCATE nser.case_step CASCADE;
UPDATE nser.update_case SET state = 'applied', no_change = true WHERE case_id = 50;
UPDATE nser.update_case SET last_step = 1, state = 'requested' WHERE case_id = 50;
UPDATE nser.update_case SET last_step = last_step + 1, state = 'applied', no_change = true WHERE case_id = 50;
UPDATE nser.update_case SET survey_id = 1 WHERE case_id = 50;
UPDATE nser.update_case SET update_type = 'cyclic' WHERE case_id = 50;
UPDATE nser.update_case SET last_hash = '\x00' WHERE case_id = 50;
UPDATE nser.update_case SET priority = '{disabled}' WHERE case_id = 50;
DELETE FROM nser.update_case WHERE case_id = 50;
TRUNCATE nser.update_case CASCADE;
INSERT INTO nser.update_case (household_id, area, update_type, last_step, state) VALUES (2, 'PK61701004', 'roster', 2, 'screened');
-- a case without steps does not outlive its transaction
INSERT INTO nser.update_case (household_id, area, update_type) VALUES (2, 'PK61701004', 'roster');
SELECT md5(string_agg(c::text, '' ORDER BY c::text)) || (SELECT md5(string_agg(s::text, '' ORDER BY s::text)) FROM nser.case_step AS s) = (SELECT "all" FROM before) AS as_it_was
	FROM nser.update_case AS c;

-- the keys and the CHECK keep them out without the triggers, too
\set VERBOSITY terse
BEGIN;
ALTER TABLE nser.case_step DISABLE TRIGGER USER;
SAVEPOINT s;
INSERT INTO nser.case_step (:step, area, hash) VALUES (1, 50, 8, 'roster', 'verified', 'start_interview', 'interviewing', 'PK61701003', '');
ROLLBACK TO s;
INSERT INTO nser.case_step (:step, area, hash) VALUES (1, 50, 8, 'roster', 'submitted', 'verify', 'verified', 'PK61701003', '');
ROLLBACK TO s;
INSERT INTO nser.case_step (:step, area, hash) VALUES (1, 50, 8, 'roster', NULL, 'open', 'requested', 'PK61701003', '');
ROLLBACK TO s;
INSERT INTO nser.case_step (:step, area, hash) VALUES (1, 50, 8, 'cyclic', 'verified', 'apply', 'applied', 'PK61701003', '');
ROLLBACK TO s;
INSERT INTO nser.case_step (:step, area, hash) VALUES (1, 50, 7, 'roster', 'verified', 'reject', 'rejected', 'PK61701003', '');
ROLLBACK TO s;
INSERT INTO nser.case_step (:step, area, hash) VALUES (1, 50, 10, 'roster', 'verified', 'reject', 'rejected', 'PK61701003', '');
ROLLBACK;
\set VERBOSITY default

-- what bulk SQL may do: legal steps, several at once, hashed and told by whom by the registry itself
BEGIN;
INSERT INTO nser.case_step (:step, reason, hash, taken_by, recorded_at) VALUES (1, 50, 8, 'roster', 'verified', 'send_back', 'interviewing', 'wrong', '\x00', 'nobody', '2000-01-01'),
	(1, 50, 9, 'roster', 'interviewing', 'cancel', 'cancelled', 'gone', '\x00', 'nobody', '2000-01-01');
SELECT step, length(hash) AS bytes, taken_by = session_user AS by_me, recorded_at = now() AS now FROM nser.case_step WHERE case_id = 50 AND step > 7;
SELECT * FROM pg_temp.head WHERE id = 50;
SELECT * FROM verify_chain();
ROLLBACK;
-- applied by hand: nothing was applied, and nothing says so but who applies it, once
BEGIN;
INSERT INTO nser.case_step (:step) VALUES (1, 50, 8, 'roster', 'verified', 'apply', 'applied');
SELECT * FROM pg_temp.head WHERE id = 50;
SELECT * FROM verify_chain();
SELECT step, state, repeated FROM take_step(1, 51, 'apply', pg_temp.r(51), '{}', NULL, NULL, now(), NULL);
SELECT * FROM verify_chain();
UPDATE nser.update_case SET survey_id = 1, no_change = false WHERE case_id = 50;
SELECT * FROM pg_temp.head WHERE id = 50;
SAVEPOINT s;
UPDATE nser.update_case SET survey_id = 2 WHERE case_id = 50;
ROLLBACK TO s;
UPDATE nser.update_case SET no_change = true WHERE case_id = 50;
ROLLBACK TO s;
SELECT * FROM advance_case(1, 50, 'cancel', pg_temp.r(50), reason => 'too late');
ROLLBACK;

-- the area follows the household
UPDATE nser.household SET area = 'PK702' WHERE household_id = 1;
SELECT DISTINCT c.area, s.area FROM nser.update_case AS c JOIN nser.case_step AS s USING (household_id, case_id) WHERE household_id = 1;
SELECT * FROM verify_chain();

-- what waits for the household expires, what waits for the registry does not; by when the registry heard of it
SELECT array_agg(DISTINCT from_state ORDER BY from_state) FROM transitions() WHERE event = 'expire';
-- the indexes say so too, and depend on no function
SELECT indexrelid::regclass AS index, pg_get_expr(indpred, indrelid) AS of FROM pg_index WHERE indrelid = 'nser.update_case'::regclass AND indpred IS NOT NULL ORDER BY 1::text;
SELECT state FROM open_case('roster', 2, pg_temp.r(60), taken_at => now() - interval '31 days');
SELECT * FROM advance_case(1, 50, 'send_back', pg_temp.r(61), reason => 'ask again');
SELECT expire_cases();
UPDATE nser.update_policy SET expire_after = '1 microsecond';
SELECT expire_cases(today() - 1);
SELECT expire_cases(within => 'PK5');
SELECT expire_cases(today() + 2);
SELECT expire_cases();
SELECT expire_cases();
SELECT household_id, state, last_step FROM nser.update_case WHERE state = 'expired' ORDER BY 1, case_id;
SELECT household_id, status FROM nser.household WHERE household_id = 100;

-- a step reaches the registry in time, in order, and is not of tomorrow
UPDATE nser.update_policy SET late_by = DEFAULT;
SELECT open_case('grievance', 1, pg_temp.r(70), taken_at => now() - interval '61 days');
SELECT state FROM open_case('grievance', 1, pg_temp.r(70), taken_at => now() - interval '59 days');
SELECT case_id AS c FROM nser.case_step WHERE request_id = pg_temp.r(70) \gset
SELECT advance_case(1, :c, 'screen', pg_temp.r(71), taken_at => now() - interval '59 days 2 hours');
SELECT state FROM advance_case(1, :c, 'screen', pg_temp.r(71), taken_at => now() - interval '59 days 30 minutes');
SELECT state FROM advance_case(1, :c, 'submit', pg_temp.r(72), '{"about": "data", "statement": "no"}', taken_at => now() + interval '20 hours');
SELECT step, taken_at = recorded_at AS as_of_now FROM nser.case_step WHERE case_id = :c ORDER BY step;
SELECT opened_on = stepped_at::date AS of_one_day, stepped_at > now() - interval '1 hour' AS heard_now FROM nser.update_case WHERE case_id = :c;
-- no policy: 60 days
BEGIN;
DELETE FROM nser.update_policy;
SELECT open_case('grievance', 1, pg_temp.r(73), taken_at => now() - interval '61 days');
ROLLBACK;
\set VERBOSITY terse
UPDATE nser.update_policy SET late_by = '0 days';
UPDATE nser.update_policy SET late_by = '10 years';
SELECT open_case('grievance', 1, pg_temp.r(74), taken_at => NULL);
INSERT INTO nser.case_step (:step, taken_at) VALUES (1, :c, 4, 'grievance', 'submitted', 'verify', 'verified', 'infinity');
\set VERBOSITY default

-- the same request with other words is another one
SELECT step, repeated FROM open_case('missed_out', NULL, pg_temp.r(80), area => 'PK61701003', mode => 'mobile');
SELECT repeated FROM open_case('missed_out', NULL, pg_temp.r(80), area => 'PK61701003', mode => 'mobile');
\set VERBOSITY sqlstate
SELECT open_case('missed_out', NULL, pg_temp.r(80), area => 'PK70101', mode => 'mobile');
SELECT open_case('missed_out', NULL, pg_temp.r(80), area => 'PK61701003');
SELECT open_case('missed_out', NULL, pg_temp.r(80), area => 'PK61701003', mode => 'mobile', centre => 1);
SELECT open_case('missed_out', NULL, pg_temp.r(80), area => 'PK61701003', mode => 'mobile', about_case => 1);
SELECT open_case('missed_out', 1, pg_temp.r(80), mode => 'mobile');
SELECT open_case('grievance', NULL, pg_temp.r(70));
-- whoever waited must see what became of the case
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT open_case('missed_out', NULL, pg_temp.r(81), area => 'PK61701003');
ROLLBACK;
\set VERBOSITY default
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT advance_case(1, :c, 'cancel', pg_temp.r(82), reason => 'no');
ROLLBACK;
-- many in one transaction: the locks do not run out
BEGIN;
INSERT INTO nser.household (household_id, area, registered_on) SELECT h, 'PK701', '2023-01-01' FROM generate_series(100001, 102000) AS h;
SELECT count(open_case('grievance', h, gen_random_uuid())) FROM generate_series(100001, 102000) AS h;
UPDATE nser.update_policy SET expire_after = '1 microsecond';
SELECT count(*) < 10 AS few FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory';
SELECT expire_cases(within => 'PK701');
SELECT count(open_case('missed_out', NULL, gen_random_uuid(), area => 'PK701')) FROM generate_series(1, 1100) AS h;
SELECT count(*) <= 1024 AS few FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory';
ROLLBACK;
-- who was registered otherwise meanwhile is surveyed by a case of another type; a repeat is answered without its content, too
BEGIN;
UPDATE nser.household AS h SET status = 'registered' FROM nser.case_step AS s WHERE s.request_id = pg_temp.r(80) AND h.household_id = s.household_id;
SELECT household_id AS h, case_id AS m FROM nser.case_step WHERE request_id = pg_temp.r(80) \gset
ALTER TABLE nser.case_step DISABLE TRIGGER USER;
UPDATE nser.case_step SET content = NULL WHERE request_id IN (pg_temp.r(72), pg_temp.r(80));
SELECT repeated FROM open_case('missed_out', NULL, pg_temp.r(80), area => 'PK61701003', mode => 'mobile');
SELECT repeated FROM advance_case(1, :c, 'submit', pg_temp.r(72), '{"about": "data", "statement": "no"}');
\set VERBOSITY sqlstate
SELECT advance_case(:h, :m, 'screen', pg_temp.r(83));
ROLLBACK;
\set VERBOSITY default

-- an operator changes no household of other areas by a list, and moves none there
UPDATE nser.operator SET area = 'PK702' WHERE operator_id = 1;
INSERT INTO nser.household (household_id, area, registered_on) VALUES (200, 'PK702', '2023-01-01'), (201, 'PK702', '2023-01-01'), (202, 'PK703', '2023-01-01');
INSERT INTO nser.member (household_id, line, area, document, name, sex, birth_date, relationship, valid_from)
SELECT h, 1, CASE h WHEN 202 THEN 'PK703' ELSE 'PK702' END::area_code, 'none', 'Karim', 'male', '1980-01-01', 'head', '2023-01-01' FROM generate_series(200, 202) AS h;
SELECT case_id AS c FROM open_case('roster', 200, pg_temp.r(90), operator => 1) \gset
SELECT state FROM advance_case(200, :c, 'screen', pg_temp.r(91), operator => 1);
SELECT advance_case(200, :c, 'submit', pg_temp.r(92), '{"changes": [{"change": "merge", "from_household": 202, "head_relationship": "sibling"}]}', operator => 1);
SELECT advance_case(200, :c, 'submit', pg_temp.r(92), '{"changes": [{"change": "address", "area": "PK703"}]}', operator => 1);
SELECT state FROM advance_case(200, :c, 'submit', pg_temp.r(92), '{"changes": [{"change": "merge", "from_household": 202, "head_relationship": "sibling"}]}');
SELECT state FROM advance_case(200, :c, 'verify', pg_temp.r(93));
SELECT apply_case(200, :c, pg_temp.r(94), operator => 1);
SELECT state FROM advance_case(200, :c, 'send_back', pg_temp.r(95), reason => 'another household was meant');
SELECT state FROM advance_case(200, :c, 'submit', pg_temp.r(96), '{"changes": [{"change": "merge", "from_household": 201, "head_relationship": "sibling"}]}', operator => 1);
-- who may not see all of the store is the operator he is
GRANT USAGE ON SCHEMA nser TO regress_registry_clerk;
GRANT SELECT ON nser.operator TO regress_registry_clerk;
ALTER ROLE regress_registry_clerk NOSUPERUSER;
UPDATE nser.operator SET valid = '[2023-01-01,)' WHERE login = 'regress_registry_clerk';
SET SESSION AUTHORIZATION regress_registry_clerk;
SELECT case_operator(NULL, 1, 'PK617', '2025-01-01') IS NOT NULL AS known;
RESET SESSION AUTHORIZATION;
REVOKE ALL ON nser.operator FROM regress_registry_clerk;
REVOKE ALL ON SCHEMA nser FROM regress_registry_clerk;
-- who was only requested comes again
SELECT household_id, step, state, repeated FROM open_case('missed_out', 100, pg_temp.r(63));
SELECT * FROM case_errors();
DROP ROLE regress_registry_clerk;
SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
