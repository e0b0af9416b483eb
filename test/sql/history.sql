--
-- History: what was true on a day, as the registry knew it on another
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

-- Registered in January 2025.  In April it is learnt that Akram died on 1 March; in
-- June that Omar, too, had left in May; in July that Omar's name was misspelled.
INSERT INTO nser.household (household_id, area, registered_on, recorded_at, phone, address)
VALUES (1, 'PK61701003', '2025-01-10', '2025-01-10 10:00', '0300-1234567', 'House 7');
INSERT INTO nser.member (household_id, line, version, area, document, name, sex, birth_date, relationship, marital_status, spouse_line, father_line,
	mother_line, valid_from, recorded_at, valid_to, end_reason, ended_at, superseded_at, opened_by, closed_by)
VALUES
	(1, 1, 1, 'PK61701003', 'none', 'Akram', 'male', '1950-01-01', 'head', 'married', 2, 0, 0, '2025-01-10', '2025-01-10 10:00', '2025-03-01', 'died', '2025-04-05 10:00', NULL, 1, 2),
	(1, 2, 1, 'PK61701003', 'none', 'Nasreen', 'female', '1955-01-01', 'spouse', 'married', 1, 0, 0, '2025-01-10', '2025-01-10 10:00', '2025-03-01', 'changed', '2025-04-05 10:00', NULL, 1, 2),
	(1, 3, 1, 'PK61701003', 'none', 'Umar', 'male', '2000-01-01', 'child', 'never_married', NULL, 1, 2, '2025-01-10', '2025-01-10 10:00', '2025-03-01', 'changed', '2025-04-05 10:00', '2025-07-05 10:00', 1, 2);
INSERT INTO nser.member (household_id, line, version, area, document, name, sex, birth_date, relationship, marital_status, spouse_line, father_line,
	mother_line, valid_from, recorded_at, valid_to, end_reason, ended_at, superseded_at, opened_by, closed_by)
VALUES
	(1, 2, 2, 'PK61701003', 'none', 'Nasreen', 'female', '1955-01-01', 'head', 'widowed', NULL, 0, 0, '2025-03-01', '2025-04-05 10:00', NULL, NULL, NULL, NULL, 2, NULL),
	(1, 3, 2, 'PK61701003', 'none', 'Umar', 'male', '2000-01-01', 'child', 'never_married', NULL, 1, 2, '2025-03-01', '2025-04-05 10:00', '2025-05-20', 'left', '2025-06-05 10:00', '2025-07-05 10:00', 2, 3);
INSERT INTO nser.member (household_id, line, version, area, document, name, sex, birth_date, relationship, marital_status, spouse_line, father_line,
	mother_line, valid_from, recorded_at, valid_to, end_reason, opened_by, closed_by)
VALUES
	(1, 3, 3, 'PK61701003', 'none', 'Omar', 'male', '2000-01-01', 'child', 'never_married', NULL, 1, 2, '2025-01-10', '2025-07-05 10:00', '2025-03-01', 'changed', 4, 2);
INSERT INTO nser.member (household_id, line, version, area, document, name, sex, birth_date, relationship, marital_status, spouse_line, father_line,
	mother_line, valid_from, recorded_at, valid_to, end_reason, opened_by, closed_by)
VALUES
	(1, 3, 4, 'PK61701003', 'none', 'Omar', 'male', '2000-01-01', 'child', 'never_married', NULL, 1, 2, '2025-03-01', '2025-07-05 10:00', '2025-05-20', 'left', 4, 3);
-- It moved on 15 February, which was told on 20 February; and on 1 June, when the phone was another too.
INSERT INTO nser.household_state (household_id, state_no, area, valid_from, recorded_at, by_case, status, lived_in, address, phone)
VALUES (1, 1, 'PK61701003', '2025-02-15', '2025-02-20 10:00', 5, 'registered', 'PK61701003', 'House 12', '0300-1234567');
INSERT INTO nser.household_state (household_id, state_no, area, valid_from, recorded_at, by_case, status, lived_in, address, phone)
VALUES (1, 3, 'PK61701003', '2025-06-01', '2025-06-05 10:00', 3, 'registered', 'PK61701004', 'House 30', '0333-7654321');
-- the first state, which the second overrules, was written with it
SELECT state_no, valid_from, recorded_at, by_case, status, lived_in, address, phone FROM nser.household_state ORDER BY 1;
UPDATE nser.household SET area = 'PK61701004', address = 'House 30', phone = '0333-7654321' WHERE household_id = 1;
SELECT count(*) AS states FROM nser.household_state;

-- 15 April: the death is known by then, and was not on 15 March
SELECT area, address, line, version, name, relationship, marital_status, since, opened_by FROM household_as_of(1, '2025-04-15', '2025-04-15 12:00');
SELECT line, version, name, relationship, marital_status, since, opened_by FROM household_as_of(1, '2025-03-15', '2025-03-15 12:00');
SELECT line, version, name, relationship, marital_status, since, opened_by FROM household_as_of(1, '2025-03-15', '2025-04-15 12:00');
-- on the day itself, and the day before
SELECT line, version, name FROM household_as_of(1, '2025-03-01', '2025-04-15 12:00');
SELECT line, version, name FROM household_as_of(1, '2025-02-28', '2025-04-15 12:00');
-- Umar lived there on 1 June, as known on 1 June; not, as known since
SELECT line, version, name FROM household_as_of(1, '2025-06-01', '2025-06-01 12:00');
SELECT line, version, name FROM household_as_of(1, '2025-06-01', '2025-06-06 12:00');
-- his name in April, as known in June and in July
SELECT line, version, name FROM household_as_of(1, '2025-04-15', '2025-06-30 12:00') WHERE line = 3;
SELECT line, version, name FROM household_as_of(1, '2025-04-15', '2025-07-30 12:00') WHERE line = 3;
-- to the second
SELECT count(*) FROM household_as_of(1, '2025-04-15', '2025-04-05 09:59:59.999999') WHERE version = 2;
SELECT count(*) FROM household_as_of(1, '2025-04-15', '2025-04-05 10:00:00') WHERE version = 2;
-- where it lived: of 18 February, on that day and later
SELECT v, k, (SELECT DISTINCT concat_ws(', ', status, area, address, phone) FROM household_as_of(1, v, k)) AS state
FROM (VALUES (date '2025-01-15', timestamptz '2025-01-15 12:00'), ('2025-02-18', '2025-02-18 12:00'), ('2025-02-18', '2025-02-25 12:00'),
	('2025-06-02', '2025-06-02 12:00'), ('2025-06-02', '2025-06-06 12:00'), ('2025-05-31', '2025-06-06 12:00')) AS d (v, k);
-- a day before it registered, and a moment before it was known
SELECT count(*) FROM household_as_of(1, '2025-01-09');
SELECT count(*) FROM household_as_of(1, '2025-04-15', '2025-01-10 09:59');
SELECT * FROM household_as_of(2);
SELECT * FROM household_as_of(1, NULL);

-- the first survey counts from the day it was taken, once it had arrived
INSERT INTO nser.survey (household_id, survey_id, indicators, area, submitted_at, recorded_at)
VALUES (1, 100, complete('{}', NULL, NULL), 'PK61701004', '2025-05-10 10:00', '2025-05-12 10:00');
SELECT v, k, (SELECT DISTINCT survey_id FROM household_as_of(1, v, k)) AS survey
FROM (VALUES (date '2025-05-09', timestamptz '2025-05-13 12:00'), ('2025-05-10', '2025-05-11 12:00'), ('2025-05-10', '2025-05-13 12:00')) AS d (v, k);

-- who changed what, when, under which case
SELECT changed_at, change, line, on_date, by_case FROM household_changes(1);
SELECT * FROM household_changes(2);
-- by keys, however small the tables were
ANALYZE nser.household, nser.household_state, nser.member, nser.survey;
BEGIN;
CREATE TEMP TABLE before ON COMMIT DROP AS SELECT x.relid, x.seq_scan FROM pg_stat_xact_user_tables AS x WHERE x.schemaname = 'nser';
SELECT count(*) > 0 AS told FROM household_changes(1);
SELECT count(*) > 0 AS lived FROM household_as_of(1);
SELECT x.relname FROM pg_stat_xact_user_tables AS x JOIN before AS b ON b.relid = x.relid WHERE x.seq_scan > b.seq_scan;
COMMIT;

-- by the operations: an end is dated by the day it was recorded, and a state by its change
INSERT INTO nser.household (household_id, area, registered_on, recorded_at, phone) VALUES (2, 'PK61701003', '2025-01-10', '2025-01-10 10:00', '0300-1234567');
SELECT register_member(2, 'Karim', 'male', 'head', birth_date => '1985-01-01', on_date => '2025-02-01') AS line;
UPDATE nser.household SET phone = '0345-1111111', place = place(74.3, 31.5) WHERE household_id = 2;
UPDATE nser.household SET phone = '0345-1111111' WHERE household_id = 2;
SELECT state_no, valid_from = today() AS from_today, recorded_at = '2025-01-10 10:00' AS as_registered, status, lived_in, phone, place IS NOT NULL AS has_place
FROM nser.household_state WHERE household_id = 2 ORDER BY 1;
SELECT end_member(2, 1, 'died', '2025-03-01') IS NULL AS no_survey;
SELECT ended_at > recorded_at - interval '1 day' AS ended_now, valid_to FROM nser.member WHERE household_id = 2;
SELECT state_no, valid_from = today() AS from_today, status FROM nser.household_state WHERE household_id = 2 ORDER BY 1;
SELECT status, line FROM household_as_of(2);
-- before anything of that was known
SELECT status, phone, line FROM household_as_of(2, today(), '2025-01-11');
SELECT reinstate_member(2, 1) IS NULL AS no_survey;
SELECT version, valid_to, ended_at IS NOT NULL AS has_end, superseded_at IS NOT NULL AS superseded FROM nser.member WHERE household_id = 2 ORDER BY 1;
SELECT status, line, name, version FROM household_as_of(2);
SELECT status, line, name, version FROM household_as_of(2, '2025-04-01');
SELECT end_member(2, 1, 'left', '2025-03-02') IS NULL AS no_survey;
SELECT version, valid_to, ended_at > superseded_at AS later, ended_at IS NOT NULL AS has_end FROM nser.member WHERE household_id = 2 ORDER BY 1;
SELECT change, line, on_date = today() AS today, by_case FROM household_changes(2);
UPDATE nser.member SET ended_at = '2025-01-01' WHERE household_id = 2 AND version = 2;

-- requested, until the survey; moved, and given another code where it stands
INSERT INTO nser.household (household_id, area, registered_on, recorded_at, status) VALUES (3, 'PK61701', '2025-01-10', '2025-01-10 10:00', 'requested');
UPDATE nser.household SET status = 'registered', registered_on = '2025-01-20' WHERE household_id = 3;
INSERT INTO nser.area_change (changed_on, old_area, new_area, old_share, new_share, basis) VALUES ('2025-05-01', 'PK61701', 'PK61750', 1, 1, 'whole');
UPDATE nser.household SET area = 'PK61750' WHERE household_id = 3;
SELECT state_no, valid_from, status, area, lived_in FROM nser.household_state WHERE household_id = 3 ORDER BY 1;
SELECT status, area FROM household_as_of(3, '2025-01-15');
SELECT status, area FROM household_as_of(3, '2025-01-25');
UPDATE nser.household SET area = 'PK702' WHERE household_id = 3;
SELECT state_no, valid_from = today() AS from_today, lived_in FROM nser.household_state WHERE household_id = 3 ORDER BY 1;
SELECT status, area FROM household_as_of(3, '2025-01-25');

-- who moves within an area that lost a part, and keeps its code, has moved; what is where it stood has not
INSERT INTO nser.area_change (changed_on, old_area, new_area, old_share, new_share, basis) VALUES
	('2025-06-01', 'PK703', 'PK703', 0.9, 1, 'given'), ('2025-06-01', 'PK703', 'PK750', 0.1, 1, 'given');
INSERT INTO nser.household (household_id, area, registered_on, recorded_at, place)
SELECT h, 'PK70301', '2025-01-10', '2025-01-10 10:00', CASE h WHEN 6 THEN place(67.8, 26.7) END FROM generate_series(4, 6) AS h;
UPDATE nser.household SET area = 'PK70302' WHERE household_id = 4;
UPDATE nser.household SET area = 'PK75001' WHERE household_id IN (5, 6);
SELECT household_id, state_no, area, lived_in FROM nser.household_state WHERE household_id BETWEEN 4 AND 6 ORDER BY 1, 2;

-- that all left is told after the phone was another: it ended on their day, and had that phone then, too; nor did it end
INSERT INTO nser.household (household_id, area, registered_on, recorded_at, phone) VALUES (7, 'PK702', '2025-01-10', '2025-01-10 10:00', '0300-1234567');
SELECT register_member(7, 'Salma', 'female', 'head', birth_date => '1985-01-01', on_date => '2025-02-01') AS line;
SELECT change_household(7, '{"phone": "0333-7654321"}', '2025-06-01') AS changed;
SELECT end_member(7, 1, 'left', '2025-04-01') IS NULL AS no_survey;
SELECT state_no, valid_from, status, phone FROM nser.household_state WHERE household_id = 7 ORDER BY 1;
SELECT d AS on_date, status, phone, line FROM unnest('{2025-03-31,2025-04-01,2025-06-01}'::date[]) AS d, household_as_of(7, d);
SELECT change, line, on_date FROM household_changes(7);
SELECT reinstate_member(7, 1) IS NULL AS no_survey;
SELECT d AS on_date, status, phone, line FROM unnest('{2025-03-31,2025-04-01,2025-06-01}'::date[]) AS d, household_as_of(7, d);
SELECT change, on_date FROM household_changes(7) WHERE change LIKE 'household%';

-- where it always stood becomes known: nothing changed yet; once there are states, that is one too
INSERT INTO nser.household (household_id, area, registered_on, recorded_at) SELECT h, 'PK702', '2025-01-10', '2025-01-10 10:00' FROM generate_series(8, 9) AS h;
UPDATE nser.household SET phone = '0300-1234567' WHERE household_id = 9;
UPDATE nser.household SET place = place(67.8, 26.7) WHERE household_id IN (8, 9);
SELECT household_id, state_no, phone, place IS NOT NULL AS has_place FROM nser.household_state WHERE household_id IN (8, 9) ORDER BY 1, 2;
UPDATE nser.household SET place = place(67.9, 26.7) WHERE household_id = 8;
SELECT household_id, state_no, round(registry.st_x(place)::numeric, 1) AS lon FROM nser.household_state WHERE household_id = 8 ORDER BY 1, 2;

-- history stays
UPDATE nser.household_state SET address = 'House 1' WHERE household_id = 1;
DELETE FROM nser.household_state WHERE household_id = 1;
TRUNCATE nser.household_state;

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
