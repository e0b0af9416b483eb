--
-- Beneficiaries: who enters a programme, who is recertified, who moves and who leaves
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET client_min_messages = warning;
\set ECHO none
CALL registry.create_store();
RESET client_min_messages;
SET search_path = registry, public;
CREATE VIEW pg_temp.benefit AS
	SELECT e.household_id AS hh, e.enrolment_id AS id, e.programme, e.line, e.recipient, e.entered_on, e.entry_reason, e.certified_on, e.exited_on, e.exit_reason,
		e.survey_id, e.opened_by AS opened, e.closed_by AS closed
	FROM nser.enrolment AS e ORDER BY 1, 2;
\set ECHO all

-- a joint family (1) of two couples, a widow (2) with a son, and an old couple (3)
INSERT INTO nser.household (household_id, area, registered_on) VALUES (1, 'PK61701003', '2024-01-01'), (2, 'PK61701004', '2024-01-01'), (3, 'PK70101', '2024-01-01');
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, marital_status, spouse_line, father_line, mother_line, valid_from)
VALUES
	(1, 1, 'PK61701003', '30201-0000005-1', 'cnic', 'Akbar', 'male', '1955-01-01', 'head', 'married', 2, 0, 0, '2024-01-01'),
	(1, 2, 'PK61701003', '30201-0000006-2', 'cnic', 'Rabia', 'female', '1958-01-01', 'spouse', 'married', 1, 0, 0, '2024-01-01'),
	(1, 3, 'PK61701003', '30201-0000007-1', 'cnic', 'Imran', 'male', '1980-01-01', 'child', 'married', 4, 1, 2, '2024-01-01'),
	(1, 4, 'PK61701003', NULL, 'none', 'Noor', 'female', '1984-01-01', 'child_in_law', 'married', 3, 0, 0, '2024-01-01'),
	(1, 5, 'PK61701003', NULL, 'none', 'Asad', 'male', '2014-01-01', 'grandchild', 'never_married', NULL, 3, 4, '2024-01-01'),
	(2, 1, 'PK61701004', '30201-0000001-2', 'cnic', 'Zainab', 'female', '1985-05-01', 'head', 'widowed', NULL, 0, 0, '2024-01-01'),
	(2, 2, 'PK61701004', NULL, 'none', 'Omar', 'male', '2012-03-01', 'child', 'never_married', NULL, 0, 1, '2024-01-01'),
	(3, 1, 'PK70101', '40201-0000001-1', 'cnic', 'Karim', 'male', '1950-01-01', 'head', 'married', 2, 0, 0, '2024-01-01'),
	(3, 2, 'PK70101', '40201-0000002-2', 'cnic', 'Maryam', 'female', '1952-01-01', 'spouse', 'married', 1, 0, 0, '2024-01-01');
SELECT setval('nser.household_household_id_seq', 99);
SELECT h AS hh, record_survey(h, '{"province": "punjab", "region": "rural", "rooms": 1, "toilet": "none", "electricity": "none", "gas": "none",
		"internet": false, "mobile_phone": true, "computer": false, "landline": false, "car": false}',
	(SELECT roster_agg(line, relationship, sex, date_part('year', age('2024-01-01', birth_date))::integer, marital_status, spouse_line, father_line, mother_line, 0, true, false, true,
		'unemployed', NULL, false, '{}', '{}') FROM nser.member WHERE household_id = h), NULL, submitted_at => '2024-01-01 10:00+05') AS survey_id
FROM generate_series(1, 3) AS h;
SELECT household_id, woman_line, kind, counts FROM nser.family ORDER BY 1, 2;
SELECT h, score_survey(h, h, 'hies-2015-demo') FROM generate_series(1, 3) AS h;

-- made-up programmes: for families, households and persons; filters, and poor with children or widows
INSERT INTO nser.programme (code, name, formula, cutoff, valid, unit, recertifies) VALUES
	('cash', 'Cash', 'hies-2015-demo', 36, '[2024-01-01,)', 'family', true), ('food', 'Food', 'hies-2015-demo', 40, '[2024-01-01,)', 'household', true),
	('school', 'School', 'hies-2015-demo', 36, '[2024-01-01,)', 'person', false), ('old', 'Old', 'hies-2015-demo', 32, '[2010-01-01,2020-01-01)', 'household', true);
INSERT INTO nser.programme_rule (programme, rule_no, purpose, indicator, flag, at_least, at_most, alternative, source) VALUES
	('cash', 1, 'filter', NULL, 'government_employee', 1, NULL, NULL, 'made up'), ('cash', 2, 'filter', NULL, 'telephone_bill', 1001, NULL, NULL, 'made up'),
	('cash', 3, 'filter', 'car', NULL, 1, NULL, NULL, 'made up'),
	('food', 1, 'criterion', 'children_5_16', NULL, 1, NULL, 1, 'made up'), ('food', 2, 'criterion', 'widows', NULL, 1, NULL, 1, 'made up'),
	('food', 3, 'criterion', 'rooms', NULL, 0, 2, 2, 'made up');
SELECT programme, household_id, score, cutoff, eligible, passes_filters, meets_criteria, is_candidate FROM nser.candidacy ORDER BY 1, 2;
SELECT candidate('food', 1), candidate('food', 3) AS no_child_or_widow, candidate('old', 1) AS closed, candidate('cash', 1, '2023-01-01') AS too_early;
SELECT candidate('no-such', 1);
SELECT candidate('food', 99);
-- three-valued: who is excluded or does not meet one number is out, whatever else is unknown
SELECT what, r.* FROM (VALUES ('nothing known', '{}'), ('no child, widows unknown', '{"children_5_16": 0, "rooms": 1}'), ('a widow', '{"widows": 1, "rooms": 2}'),
	('neither', '{"children_5_16": 0, "widows": 0}'), ('rooms too many', '{"rooms": 3}'), ('a child, rooms unknown', '{"children_5_16": 2}')) AS v (what, answers),
	nser.judge_rules('food', 1, answers::indicators, '2025-01-01') AS r;
SELECT what, r.* FROM (VALUES ('not asked', '{}'), ('a car', '{"car": true}'), ('none', '{"car": false}')) AS v (what, answers),
	nser.judge_rules('cash', 1, answers::indicators, '2025-01-01') AS r;
-- flags: of a live member, from their day on, and by how much
BEGIN;
INSERT INTO nser.person_flag VALUES (1, 3, 'telephone_bill', 1000, 'made up', '2025-01-01', 'PK61701003'), (2, 1, 'government_employee', 1, 'made up', '2025-01-01', 'PK61701004');
SELECT household_id, passes_filters FROM nser.candidacy WHERE programme = 'cash' ORDER BY 1;
UPDATE nser.person_flag SET value = 1001 WHERE household_id = 1;
SELECT household_id, passes_filters, candidate('cash', household_id, '2024-12-31') AS before FROM nser.candidacy WHERE programme = 'cash' ORDER BY 1;
SELECT enrol('cash', 2, 1);
ROLLBACK;
-- rules that cannot be
\set VERBOSITY terse
INSERT INTO nser.programme_rule (programme, rule_no, purpose, indicator) VALUES ('cash', 9, 'filter', 'no_such');
INSERT INTO nser.programme_rule (programme, rule_no, purpose, indicator, flag) VALUES ('cash', 9, 'filter', 'car', 'vehicle');
INSERT INTO nser.programme_rule (programme, rule_no, purpose, indicator) VALUES ('cash', 9, 'criterion', 'car');
INSERT INTO nser.programme_rule (programme, rule_no, purpose, indicator, alternative) VALUES ('cash', 9, 'filter', 'car', 1);
\set VERBOSITY default

-- a cut-off of its own time: 16.17, then what the programme has now
INSERT INTO nser.programme_cutoff (programme, valid, cutoff, source) VALUES ('cash', '[2024-01-01,2024-07-01)', 16.17, 'made up');
SELECT nser.cutoff_on('cash', '2024-03-01') AS then, nser.cutoff_on('cash', '2024-07-01') AS now, eligible('cash', 2, '2024-03-01'), eligible('cash', 2, '2024-07-01') AS later;
SELECT cutoff, is_candidate FROM judge_household('cash', 2, '2024-03-01');
\set VERBOSITY terse
INSERT INTO nser.programme_cutoff (programme, valid, cutoff) VALUES ('cash', '[2024-06-01,2025-01-01)', 20);
\set VERBOSITY default
INSERT INTO nser.programme_cutoff (programme, valid, cutoff) VALUES ('food', '[2024-06-01,2025-01-01)', 45);

-- enrolling: two families of one house, one woman without a number; a household, by its first woman's; a child
SELECT enrol('cash', 1, 2, on_date => '2024-08-01', by_case => 7) AS id;
SELECT enrol('cash', 1, 4, on_date => '2024-08-01') AS id;
SELECT enrol('food', 1, on_date => '2024-08-01') AS id;
SELECT enrol('school', 2, 2, on_date => '2024-08-01') AS id;
SELECT enrol('cash', 2, 1, on_date => '2024-08-01') AS id;
SELECT * FROM pg_temp.benefit;
SELECT programme, household_id, line, has_number, payable FROM nser.beneficiary ORDER BY 2, enrolment_id;

-- refused
SELECT enrol('no-such', 1);
SELECT enrol('cash', 99, 1);
SELECT enrol('cash', NULL, 1);
SELECT enrol('old', 1);
SELECT enrol('cash', 1);
SELECT enrol('food', 1, 2);
SELECT enrol('cash', 1, 3);
SELECT enrol('cash', 1, 9);
SELECT enrol('cash', 1, 2);
SELECT enrol('food', 3);
SELECT enrol('food', 3, entry_reason => 'manual');
SELECT enrol('food', 3, entry_reason => 'friend');
SELECT enrol('cash', 3, 2, on_date => '2999-01-01');
SELECT enrol('cash', 3, 2, on_date => '2024-02-01');
-- by a code of its own; a day before the household or the line was as it is
SELECT enrol('cash', 99, 1);
\echo :LAST_ERROR_SQLSTATE
SELECT candidate('food', 99);
\echo :LAST_ERROR_SQLSTATE
SELECT eligible('food', 99);
\echo :LAST_ERROR_SQLSTATE
SELECT enrol('food', 3, entry_reason => 'manual', note => 'decision 12', on_date => '2023-12-31');
BEGIN;
UPDATE nser.programme SET valid = '[2020-01-01,)' WHERE code = 'school';
UPDATE nser.household SET registered_on = '2023-01-01' WHERE household_id = 3;
SELECT enrol('school', 3, 2, entry_reason => 'manual', note => 'decision 12', on_date => '2023-12-31');
ROLLBACK;
-- known by now to be none
BEGIN;
UPDATE nser.programme SET cutoff = 10 WHERE code = 'school';
INSERT INTO nser.programme_cutoff (programme, valid, cutoff) VALUES ('school', '[2024-01-01,2025-01-01)', 36);
SELECT candidate('school', 2, '2024-08-01'), candidate('school', 2) AS today;
SELECT enrol('school', 2, 2, on_date => '2024-08-01');
ROLLBACK;
BEGIN;
UPDATE nser.household SET status = 'requested' WHERE household_id = 3;
SELECT enrol('cash', 3, 2);
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
BEGIN;
UPDATE nser.score SET score = NULL WHERE household_id = 3;
SELECT enrol('cash', 3, 2);
ROLLBACK;
BEGIN;
UPDATE nser.score SET score = 50 WHERE household_id = 3;
SELECT enrol('cash', 3, 2);
ROLLBACK;
-- by decision of a committee, all the same
SELECT enrol('food', 3, entry_reason => 'manual', note => 'decision 12 of the district committee', on_date => '2024-08-01') AS id;
-- benefits that may not be held at once: by a line, its household, or a number anywhere
BEGIN;
INSERT INTO nser.programme_exclusion VALUES ('school', 'food');
\set VERBOSITY terse
SAVEPOINT once;
INSERT INTO nser.programme_exclusion VALUES ('food', 'school');
ROLLBACK TO once;
\set VERBOSITY default
SELECT enrol('school', 1, 5);
ROLLBACK;
BEGIN;
INSERT INTO nser.programme_exclusion VALUES ('school', 'cash');
SELECT enrol('school', 1, 5) > 0 AS another_line;
SELECT enrol('school', 1, 2);
ROLLBACK;

-- history: rows are ended, once
UPDATE nser.enrolment SET entered_on = '2024-08-02' WHERE household_id = 1;
DELETE FROM nser.enrolment;
UPDATE nser.enrolment SET certified_on = '2025-01-01' WHERE household_id = 1;
SET client_min_messages = warning;
TRUNCATE nser.enrolment CASCADE;
RESET client_min_messages;
UPDATE nser.programme SET code = 'cash2' WHERE code = 'cash';
SELECT DISTINCT programme FROM nser.enrolment ORDER BY 1;
UPDATE nser.programme SET code = 'cash' WHERE code = 'cash2';
SELECT exit_enrolment(2, 4, 'withdrew', '2024-09-01', by_case => 8);
SELECT exit_enrolment(2, 4, 'withdrew');
SELECT exit_enrolment(2, 99, 'withdrew');
SELECT exit_enrolment(2, 5, 'bored');
SELECT exit_enrolment(2, 5, 'fraud', '2024-01-01');
UPDATE nser.enrolment SET exited_on = NULL, exit_reason = NULL WHERE enrolment_id = 4;
SELECT enrol('school', 2, 2, on_date => '2024-08-15');
-- what was held until later stands in the way as well: here, and of the same number elsewhere
BEGIN;
INSERT INTO nser.programme_exclusion VALUES ('school', 'food');
INSERT INTO nser.enrolment (household_id, area, programme, unit, line, recipient, entered_on, entry_reason, certified_on, exited_on, exit_reason)
VALUES (3, 'PK70101', 'school', 'person', 2, '40201-0000002-2', '2024-08-01', 'loaded', '2024-08-01', '2024-12-01', 'left'),
	(3, 'PK70101', 'cash', 'family', 2, '30201-0000006-2', '2024-08-01', 'loaded', '2024-08-01', '2024-12-01', 'left');
SELECT exit_enrolment(3, enrolment_id, 'withdrew', '2024-10-01') FROM nser.enrolment WHERE household_id = 3 AND programme = 'food';
SELECT exit_enrolment(1, enrolment_id, 'withdrew', '2024-10-01') FROM nser.enrolment WHERE household_id = 1 AND programme = 'cash' AND line = 2;
SAVEPOINT ended;
SELECT enrol('food', 3, entry_reason => 'manual', note => 'decision 12', on_date => '2024-11-30');
ROLLBACK TO ended;
SELECT enrol('food', 3, entry_reason => 'manual', note => 'decision 12', on_date => '2024-12-01') > 0 AS entered;
SELECT enrol('cash', 1, 2, on_date => '2024-11-30');
ROLLBACK TO ended;
SELECT enrol('cash', 1, 2, on_date => '2024-12-01') > 0 AS entered;
ROLLBACK;
-- whom a programme enrols stays while anyone is
UPDATE nser.programme SET unit = 'household' WHERE code = 'cash';
BEGIN;
UPDATE nser.programme SET unit = 'household' WHERE code = 'old';
UPDATE nser.programme SET unit = 'family', recertifies = true WHERE code = 'cash';
ROLLBACK;
SELECT enrol('school', 2, 2, on_date => '2024-09-01') AS id;

-- held at once: by a household, a line, and one number in two households
BEGIN;
INSERT INTO nser.enrolment (household_id, area, programme, unit, line, recipient, entered_on, entry_reason, certified_on)
VALUES (3, 'PK70101', 'cash', 'family', 2, '30201-0000006-2', '2024-09-09', 'loaded', '2024-09-09');
SELECT held_by, household_id AS hh, programme, line, other_household AS other_hh, other_programme, other_line, since, is_excluded
FROM nser.benefit_overlap ORDER BY 2, enrolment_id, other_enrolment;
-- of one programme: of a household, and of a line of it, as whom it enrols has changed
SET session_replication_role = replica;
UPDATE nser.programme SET unit = 'person' WHERE code = 'food';
SET session_replication_role = origin;
INSERT INTO nser.enrolment (household_id, area, programme, unit, line, entered_on, entry_reason, certified_on)
VALUES (3, 'PK70101', 'food', 'person', 2, '2024-09-10', 'loaded', '2024-09-10');
SELECT held_by, programme, line, other_line, is_excluded FROM nser.benefit_overlap WHERE household_id = 3 AND programme = other_programme;
ROLLBACK;

-- recertification: kept, exited, and unknown, which stays and is flagged
CREATE FUNCTION pg_temp.resurvey(hh bigint, answers indicators, on_day timestamptz) RETURNS bigint LANGUAGE sql AS $$
	SELECT record_survey(hh, '{"province": "punjab", "region": "rural", "rooms": 1, "toilet": "none", "electricity": "none", "gas": "none",
		"internet": false, "mobile_phone": true, "computer": false, "landline": false, "car": false}'::indicators || answers,
		(SELECT v.roster FROM nser.survey AS v WHERE v.household_id = hh AND v.survey_id = hh), NULL, 'recertification', on_day)
$$;
BEGIN;
SELECT pg_temp.resurvey(1, '{}', '2025-08-01 10:00+05') AS survey_id \gset
SELECT score_survey(1, :survey_id, 'hies-2015-demo');
SELECT recertify_household(1, :survey_id, '2025-08-01', 11);
SELECT household_id AS hh, enrolment_id AS id, certification_no AS no, certified_on, outcome, reason, score, cutoff, by_case FROM nser.certification ORDER BY 1, 2;
SELECT hh, id, line, certified_on, exited_on, survey_id = :survey_id AS by_this FROM pg_temp.benefit WHERE hh = 1;
-- a tablet that comes late takes nothing back; certifications are history
SELECT recertify_household(1, 1, '2025-07-01', 12);
SELECT count(*) FROM nser.certification;
SAVEPOINT kept;
DELETE FROM nser.certification;
ROLLBACK TO kept;
UPDATE nser.certification SET outcome = 'exited', reason = 'filtered';
ROLLBACK;
BEGIN;
SELECT pg_temp.resurvey(1, '{"rooms": 6, "toilet": "flush_sewer", "electricity": "own_meter", "gas": "own_meter", "internet": true, "computer": true, "landline": true}', '2025-08-01 10:00+05') AS survey_id \gset
SELECT score_survey(1, :survey_id, 'hies-2015-demo');
SELECT recertify_household(1, :survey_id, '2025-08-01', 11);
SELECT enrolment_id AS id, outcome, reason, score, cutoff FROM nser.certification ORDER BY 1;
SELECT hh, id, line, certified_on, exited_on, exit_reason, closed FROM pg_temp.benefit WHERE hh = 1;
SELECT * FROM graduates('cash', '2024-08-01', '2025-12-31');
ROLLBACK;
BEGIN;
SELECT pg_temp.resurvey(1, '{"car": true}', '2025-08-01 10:00+05') AS survey_id \gset
SELECT recertify_household(1, :survey_id, '2025-08-01', 11);
SELECT enrolment_id AS id, outcome, reason, score, cutoff FROM nser.certification ORDER BY 1;
SELECT hh, id, line, certified_on, exited_on, exit_reason FROM pg_temp.benefit WHERE hh = 1;
ROLLBACK;
SELECT recertify_household(1, 99, '2025-08-01', 11);
SELECT recertify_household(99, 1, '2025-08-01', 11);

-- a number that came later, and one that was mistyped, reach the benefit
SELECT correct_cnic(1, 4, '30201-0000008-2');
SELECT correct_cnic(1, 2, '30201-0000009-2');
SELECT hh, id, programme, line, recipient FROM pg_temp.benefit WHERE hh = 1;

-- a split: her benefit goes with her, and is not paid twice; what is known of people goes along
INSERT INTO nser.person_flag VALUES (1, 3, 'government_employee', 1, 'made up', '2025-01-01', 'PK61701003');
SELECT split_household(1, '{3,4,5}', 3, on_date => '2025-09-01', by_case => 13) AS new_hh \gset
SELECT hh, id, programme, line, recipient, entered_on, entry_reason, certified_on, exited_on, exit_reason FROM pg_temp.benefit WHERE hh IN (1, :new_hh);
SELECT household_id = :new_hh AS there, line, flag, area FROM nser.person_flag ORDER BY 1;
SELECT household_id = :new_hh AS there, r.passes_filters FROM nser.household, nser.judge_rules('cash', household_id, '{"car": false}', '2025-09-01') AS r
WHERE household_id IN (1, :new_hh) ORDER BY 1;
-- a merger back: both families' benefits in one house; what was the household's own ends
SELECT enrol('food', :new_hh, entry_reason => 'manual', note => 'decision 13 of the district committee', on_date => '2025-09-02') > 0 AS entered;
SELECT count(*) FROM merge_households(:new_hh, 1, 'child', on_date => '2025-10-01');
SELECT hh = 1 AS first_house, programme, line, entered_on, entry_reason, certified_on, exited_on, exit_reason FROM pg_temp.benefit WHERE hh IN (1, :new_hh) ORDER BY id;
-- a death ends hers, and finds the household's another recipient; undone, hers goes on
SELECT end_member(1, 2, 'died', '2025-11-01', by_case => 14) > 0 AS recorded;
SELECT id, programme, line, recipient, entered_on, entry_reason, exited_on, exit_reason FROM pg_temp.benefit WHERE hh = 1;
SELECT reinstate_member(1, 2) > 0 AS recorded;
SELECT id, programme, line, recipient, entered_on, entry_reason, exited_on, exit_reason FROM pg_temp.benefit WHERE hh = 1 AND line = 2;
-- what ended otherwise since stays ended, however often she dies on that day
BEGIN;
SELECT exit_enrolment(1, max(enrolment_id), 'fraud', '2025-11-01') FROM nser.enrolment WHERE household_id = 1 AND line = 2;
SELECT end_member(1, 2, 'died', '2025-11-01') > 0 AS recorded;
SELECT reinstate_member(1, 2) > 0 AS recorded;
SELECT entered_on, entry_reason, exited_on, exit_reason FROM pg_temp.benefit WHERE hh = 1 AND line = 2;
ROLLBACK;
-- the household's own ends on the day the last one went, though the head's death is recorded last
BEGIN;
SELECT enrol('food', 2, entry_reason => 'manual', note => 'decision 14', on_date => '2024-08-01') > 0 AS entered;
SELECT end_member(2, 2, 'left', '2025-11-10') > 0 AS recorded, end_member(2, 1, 'died', '2025-11-05') IS NULL AS nobody_left;
SELECT programme, line, exited_on, exit_reason FROM pg_temp.benefit WHERE hh = 2 AND programme = 'food';
SELECT reinstate_member(2, 1) > 0 AS recorded;
SELECT programme, line, entered_on, entry_reason, exited_on FROM pg_temp.benefit WHERE hh = 2 AND exited_on IS NULL;
ROLLBACK;
-- the last to go takes the household's along
SELECT end_member(3, 1, 'died', '2025-11-01', new_head => 2) > 0 AS recorded;
SELECT end_member(3, 2, 'left', '2025-11-02') IS NULL AS nobody_left;
SELECT programme, line, exited_on, exit_reason FROM pg_temp.benefit WHERE hh = 3;
-- a marriage brings together what may not be held at once: both are kept, and the later is not paid
BEGIN;
SELECT setval('nser.household_household_id_seq', 199) > 0 AS set;
INSERT INTO nser.household (household_id, area, registered_on) VALUES (4, 'PK61701004', '2024-01-01');
SELECT register_member(4, 'Hina', 'female', 'head', '30201-0000011-2', birth_date => '1990-01-01', marital_status => 'widowed', on_date => '2024-01-01') AS line;
INSERT INTO nser.programme_exclusion VALUES ('cash', 'food');
INSERT INTO nser.enrolment (household_id, area, programme, unit, line, recipient, entered_on, entry_reason, certified_on)
VALUES (4, 'PK61701004', 'cash', 'family', 1, '30201-0000011-2', '2024-08-01', 'loaded', '2024-08-01'),
	(2, 'PK61701004', 'food', 'household', NULL, '30201-0000001-2', '2024-08-02', 'loaded', '2024-08-02');
CREATE TABLE pg_temp.told AS SELECT m.cnic::text, m.name, m.sex::text, m.birth_date::text, true AS alive FROM nser.member AS m WHERE m.cnic IS NOT NULL AND m.household_id IN (2, 4);
SELECT * FROM load_nadra('pg_temp.told');
CALL verify_all(NULL);
SELECT count(*) AS moved FROM move_member(4, 1, 2, 'other', on_date => '2025-11-10');
SELECT household_id AS hh, programme, line, other_programme, other_line, is_excluded FROM nser.benefit_overlap WHERE household_id = 2 AND is_excluded ORDER BY enrolment_id, other_enrolment;
SELECT verify_household(2) AS not_verified;
SELECT programme, line, entered_on, payable FROM nser.beneficiary WHERE household_id = 2 ORDER BY entered_on, enrolment_id;
SELECT exit_enrolment(2, enrolment_id, 'withdrew') FROM nser.enrolment WHERE household_id = 2 AND exited_on IS NULL AND programme = 'food';
SELECT programme, line, payable FROM nser.beneficiary WHERE household_id = 2 ORDER BY entered_on, enrolment_id;
-- who had left, and turns out to have moved, takes hers along too
SELECT end_member(2, 3, 'left', '2025-11-15') > 0 AS recorded;
SELECT new_line FROM move_member(2, 3, 1, 'other', on_date => '2025-11-20');
SELECT hh, programme, recipient, entered_on, entry_reason, exited_on, exit_reason FROM pg_temp.benefit WHERE programme = 'cash' AND recipient::text = '30201-0000011-2';
ROLLBACK;
-- a survey finds the household's first recipient
BEGIN;
SELECT count(*) FROM nser.enrolment WHERE household_id = 1 AND exited_on IS NULL AND programme = 'food';
UPDATE nser.enrolment SET recipient = NULL WHERE household_id = 1 AND exited_on IS NULL AND programme = 'food';
SELECT derive_survey(1, current_survey) AS families FROM nser.household WHERE household_id = 1;
SELECT programme, recipient FROM pg_temp.benefit WHERE hh = 1 AND exited_on IS NULL AND line IS NULL;
ROLLBACK;
-- a household that moves takes them along
UPDATE nser.household SET area = 'PK70101' WHERE household_id = 1;
SELECT DISTINCT area FROM nser.enrolment WHERE household_id = 1;
SELECT hh, id FROM pg_temp.benefit WHERE exited_on < entered_on OR (exited_on IS NULL) <> (exit_reason IS NULL);

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
