--
-- Members who may be one person: found, queued, decided, undone
--
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET search_path = registry, public;
CALL create_store();

-- how birth dates and places agree
SELECT a, b, birth_agreement(a, b)
FROM (VALUES ('1980-05-17'::date, '1980-05-17'::date), ('1980-01-01', '1980-01-01'), ('1980-05-03', '1980-03-05'), ('1980-05-17', '1981-05-17'),
			 ('1980-05-17', '1980-01-01'), ('1980-05-17', '1981-06-01'), ('1980-05-17', '1990-05-17'), ('1980-01-01', '1981-01-01'),
			 ('1980-05-17', NULL), ('infinity', 'infinity'), ('-infinity', '1980-05-17')) AS v (a, b);
SELECT day_and_month_swapped('1980-05-03'), day_and_month_swapped('1980-05-17') AS no_month, day_and_month_swapped('1980-05-05') AS the_same,
	day_and_month_swapped('infinity') AS none, day_and_month_swapped('0001-02-01 BC') AS before_christ;
SELECT a, b, area_agreement(a, b)
FROM (VALUES ('PK617010030012'::area_code, 'PK617010030012'::area_code), ('PK617010030012', 'PK617010030013'), ('PK61701003', 'PK61701004'),
			 ('PK61701', 'PK617'), ('PK617', 'PK6'), ('PK617', 'PK7'), ('PK', 'PK617')) AS v (a, b);

-- people, some of them twice; nobody here exists
INSERT INTO nser.household (household_id, area, phone) VALUES
	(1, 'PK617010030012', '0390-1234567'), (2, 'PK617010030013', '0390-7654321'), (3, 'PK70101002', NULL), (4, 'PK61702001', '0390-1234567'),
	(5, 'PK50101001', NULL), (6, 'PK50101001', NULL);
INSERT INTO nser.member (household_id, line, area, document, cnic, name, father_name, sex, birth_date, relationship, marital_status) VALUES
	(1, 1, 'PK617010030012', 'cnic', '30202-1234567-1', 'Muhammad Imran', 'Abdul Rehman', 'male', '1980-05-17', 'head', 'married'),
	(1, 2, 'PK617010030012', 'none', NULL, 'Fatima Bibi', 'Yousaf', 'female', '1984-03-05', 'spouse', 'married'),
	(1, 3, 'PK617010030012', 'none', NULL, 'Hassan', 'Muhammad Imran', 'male', '2015-01-09', 'child', 'never_married'),
	(1, 4, 'PK617010030012', 'none', NULL, 'Hussain', 'Muhammad Imran', 'male', '2015-01-09', 'child', 'never_married'),
	-- another spelling, no document, next village
	(2, 1, 'PK617010030013', 'none', NULL, 'Emran', 'Abdur Rahman', 'male', '1980-05-17', 'head', 'married'),
	-- day and month swapped, begum for bibi, another province
	(3, 1, 'PK70101002', 'none', NULL, 'Fatimah Begum', 'Muhammad Yusuf', 'female', '1984-05-03', 'head', 'divorced'),
	-- the same telephone, the child not named quite the same, the year alone known
	(4, 1, 'PK61702001', 'none', NULL, 'Nasreen', 'Ghulam Rasool', 'female', '1970-01-01', 'head', 'widowed'),
	(4, 2, 'PK61702001', 'none', NULL, 'Hasan Raza', 'Imran', 'male', '2015-01-01', 'grandchild', 'never_married'),
	-- another man of the name, with a number of his own
	(5, 1, 'PK50101001', 'cnic', '10101-1111111-1', 'Muhammad Imran', 'Abdul Rehman', 'male', '1980-05-18', 'head', 'never_married'),
	(6, 1, 'PK50101001', 'none', NULL, U&'\0639\0645\0631\0627\0646', NULL, 'male', NULL, 'head', 'never_married');

SELECT count_names();
SELECT key, members FROM nser.name_part ORDER BY members DESC, key COLLATE "C" LIMIT 5;
SELECT evidence, weight FROM nser.duplicate_weight WHERE evidence IN ('enough', 'name_rare') ORDER BY 1;

SELECT line, other_household, other_line, score, evidence FROM find_duplicates(1);
SELECT * FROM find_duplicates(2);
SELECT * FROM find_duplicates(ARRAY[3, 4, 5, 6]::bigint[]);
-- a pair that weighs less than enough: day and month swapped, in another province; a number of his own speaks against a man
SELECT * FROM find_duplicates(3, 10);
SELECT * FROM find_duplicates(5, 5);
SELECT count(*) AS none FROM find_duplicates(8);
SELECT count(*) AS none FROM find_duplicates(NULL::bigint);

-- a number that two have, as only a load without triggers can leave it, is enough alone
BEGIN;
SET LOCAL session_replication_role = replica;
INSERT INTO nser.household (household_id, area) VALUES (7, 'PK40101001');
INSERT INTO nser.member (household_id, line, area, document, cnic, name, father_name, sex, birth_date, relationship)
	VALUES (7, 1, 'PK40101001', 'cnic', '10101-1111111-1', 'Bilal', 'Nazir', 'male', '1991-07-02', 'head');
SELECT * FROM find_duplicates(7);
ROLLBACK;
-- a pair in one household: a line entered twice, but not twins, who share all but the name
BEGIN;
INSERT INTO nser.member (household_id, line, area, document, name, father_name, sex, birth_date, relationship)
	VALUES (1, 5, 'PK617010030012', 'none', 'Hasan', 'M. Imran', 'male', '2015-01-09', 'child');
SELECT * FROM find_duplicates(1) WHERE other_household = 1;
ROLLBACK;
-- names in another script are alike by trigrams alone
BEGIN;
INSERT INTO nser.member (household_id, line, area, document, name, sex, birth_date, relationship) VALUES
	(5, 2, 'PK50101001', 'none', U&'\0639\0645\0631\0627\0646 \0639\0644\06CC', 'male', '1988-10-20', 'other'),
	(6, 2, 'PK50101001', 'none', U&'\0639\0645\0631\0627\0646 \0639\0644\06CC', 'male', '1988-10-20', 'other');
SELECT * FROM find_duplicates(6);
ROLLBACK;
-- a number that many households have is no evidence
BEGIN;
INSERT INTO nser.household (household_id, area, phone) SELECT i, 'PK7', '0390-1234567' FROM generate_series(11, 14) AS i;
SELECT * FROM find_duplicates(1, 10) WHERE line = 3;
ROLLBACK;

-- an absurd date harms nobody's look-up: where the store refuses it no longer, it is passed over
BEGIN;
ALTER TABLE nser.member DROP CONSTRAINT IF EXISTS member_birth_date_check;
INSERT INTO nser.member (household_id, line, area, document, name, father_name, sex, birth_date, relationship) VALUES
	(5, 2, 'PK50101001', 'none', 'Imran', 'Abdul Rehman', 'male', '4713-06-01 BC', 'other'),
	(5, 3, 'PK50101001', 'none', 'Imran', 'Abdul Rehman', 'male', '5874897-12-31', 'other'),
	(5, 4, 'PK50101001', 'none', 'Imran', 'Abdul Rehman', 'male', 'infinity', 'other'),
	(5, 5, 'PK50101001', 'none', 'Imran', 'Abdul Rehman', 'male', '-infinity', 'other');
SELECT line, other_line, evidence FROM find_duplicates(5, 25) WHERE other_household = 5 AND line > 1;
ROLLBACK;
-- where a place is known no better than the province, the province is not looked through: the telephone and the number still tell
BEGIN;
INSERT INTO nser.household (household_id, area, phone) VALUES (8, 'PK6', NULL), (9, 'PK', '0390-7654321'), (10, 'PK617', NULL);
INSERT INTO nser.member (household_id, line, area, document, name, father_name, sex, birth_date, relationship) VALUES
	(8, 1, 'PK6', 'none', 'Nasreen', NULL, 'female', '1970-01-01', 'head'),
	(9, 1, 'PK', 'none', 'Imran', NULL, 'male', '1980-01-01', 'head'),
	(10, 1, 'PK617', 'none', 'Nasreen', 'Rahim', 'female', '1970-01-01', 'head');
SELECT household_id, other_household, evidence FROM find_duplicates('{8,9}'::bigint[], 10);
-- on 1 January a district is too many
SELECT household_id, other_household, evidence FROM find_duplicates('{10}'::bigint[], 8);
ROLLBACK;
-- what is enough must be said
BEGIN;
DELETE FROM nser.duplicate_weight WHERE evidence = 'enough';
SELECT find_duplicates(1);
ROLLBACK;

-- the queue: a pair stands once, whoever is asked about
SELECT queue_duplicates(1, 14), queue_duplicates(2), queue_duplicates(ARRAY[1, 2, 3, 4]::bigint[], 14) AS again;
SELECT household_id, line, other_household, other_line, state, score, name, other_name, birth_date, other_birth_date
FROM nser.duplicate_review ORDER BY score DESC;

-- decided: the first named is kept
SELECT decide_duplicate(2, 1, 1, 1, 'same');
SELECT decide_duplicate(1, 1, 2, 1, 'same', 'same photograph');
SELECT household_id, line, version, end_reason, valid_to IS NULL AS lives FROM nser.member WHERE (household_id, line) IN ((1, 1), (2, 1));
SELECT state, ended_household, ended_line FROM nser.duplicate WHERE (household_id, other_household) = (1, 2);
SELECT count(*) AS found_again FROM find_duplicates(1) WHERE other_household = 2;
SELECT decide_duplicate(1, 1, 2, 1, 'different');

-- undone, from either side, and decided otherwise
SELECT undo_duplicate(2, 1, 1, 1, 'two photographs after all');
SELECT household_id, line, version, end_reason, valid_to IS NULL AS lives FROM nser.member WHERE (household_id, line) = (2, 1) ORDER BY version;
SELECT undo_duplicate(1, 1, 2, 1);
SELECT decide_duplicate(1, 1, 2, 1, 'different');
SELECT queue_duplicates(1) AS not_queued_again;
SELECT undo_duplicate(1, 1, 2, 1);
SELECT decision_no, decision, ended_household, ended_line, reason FROM nser.duplicate_decision ORDER BY decision_no;

-- refused
SELECT decide_duplicate(1, 1, 2, 1, 'perhaps');
SELECT decide_duplicate(1, 1, 5, 1, 'same');
SELECT undo_duplicate(1, NULL, 5, 1);
SELECT end_member(1, 2, 'died');
SELECT decide_duplicate(1, 2, 3, 1, 'same');
SELECT count(*) AS left_to_review FROM nser.duplicate_review WHERE (household_id, line) = (1, 2);
SELECT decide_duplicate(1, 2, 3, 1, 'different');
UPDATE nser.duplicate_decision SET decision = 'same';
DELETE FROM nser.duplicate_decision;
\set VERBOSITY terse
INSERT INTO nser.duplicate (household_id, line, other_household, other_line, area, evidence, score) VALUES (2, 1, 1, 1, 'PK617010030013', '{}', 1);

\set VERBOSITY default

-- taken back where the line was reinstated by hand: the pair is open again, and can be decided
SELECT decide_duplicate(1, 1, 2, 1, 'same');
SELECT reinstate_member(2, 1);
SELECT undo_duplicate(1, 1, 2, 1);
SELECT decide_duplicate(1, 1, 2, 1, 'same');
-- reinstated and died: the death stands
SELECT reinstate_member(2, 1);
SELECT end_member(2, 1, 'died');
SELECT undo_duplicate(1, 1, 2, 1);
SELECT d.state, m.end_reason FROM nser.duplicate AS d
	JOIN nser.member AS m ON (m.household_id, m.line) = (2, 1) AND m.superseded_at IS NULL
	WHERE (d.household_id, d.other_household) = (1, 2);
-- reinstated, and ended by a decision on another pair: that decision stands
SELECT reinstate_member(2, 1);
SELECT decide_duplicate(1, 1, 2, 1, 'same');
SELECT reinstate_member(2, 1);
INSERT INTO nser.duplicate (household_id, line, other_household, other_line, area, evidence, score) VALUES (2, 1, 5, 1, 'PK617010030013', '{}', 20);
SELECT decide_duplicate(5, 1, 2, 1, 'same');
SELECT undo_duplicate(1, 1, 2, 1);
SELECT state, ended_household, other_household FROM nser.duplicate WHERE 2 IN (household_id, other_household) ORDER BY household_id;
SELECT undo_duplicate(5, 1, 2, 1);
SELECT valid_to IS NULL AS lives FROM nser.member WHERE (household_id, line) = (2, 1) AND superseded_at IS NULL;
-- merged meanwhile: nobody can be a member there
SELECT register_member(2, 'Rashid', 'male', 'other', birth_date => '1999-09-09') AS line;
SELECT decide_duplicate(1, 1, 2, 1, 'same', new_head => 2);
SELECT new_line FROM merge_households(2, 5, 'other');
SELECT undo_duplicate(1, 1, 2, 1);
SELECT state FROM nser.duplicate WHERE (household_id, other_household) = (1, 2);

-- decided for good, wherever the two move; who was not decided is queued again where they live
INSERT INTO nser.household (household_id, area) VALUES (21, 'PK61701003'), (22, 'PK61701003'), (23, 'PK61701003'), (24, 'PK61701003');
INSERT INTO nser.member (household_id, line, area, document, name, father_name, sex, birth_date, relationship, valid_from)
	SELECT h, l, 'PK61701003', 'none', (ARRAY['Kamran', 'Shazia'])[l], 'Latif', (ARRAY['male', 'female']::registry.sex[])[l],
		(ARRAY['1977-03-21', '1979-11-02']::date[])[l], (ARRAY['head', 'sibling']::registry.relationship[])[l], '2020-01-01'
	FROM unnest('{21,22}'::bigint[]) AS h CROSS JOIN unnest('{1,2}'::smallint[]) AS l;
INSERT INTO nser.member (household_id, line, area, document, name, sex, birth_date, relationship) VALUES
	(23, 1, 'PK61701003', 'none', 'Gulab', 'male', '1950-06-06', 'head'), (24, 1, 'PK61701003', 'none', 'Yaqub', 'male', '1951-07-07', 'head');
SELECT queue_duplicates(21, 15);
SELECT decide_duplicate(21, 1, 22, 1, 'different', 'cousins');
SELECT new_line FROM move_member(22, 1, 23, 'other', with_lines => '{2}');
SELECT household_id, line, other_household, other_line FROM find_duplicates('{21}'::bigint[], 15);
SELECT queue_duplicates(23, 15) AS only_shazia;
SELECT decide_duplicate(21, 2, 22, 2, 'same');
SELECT new_line FROM move_member(21, 1, 24, 'other', new_head => 2);
SELECT new_line FROM move_member(23, 2, 24, 'other');
SELECT line, other_household, other_line FROM find_duplicates(24, 15);
SELECT queue_duplicates('{21,22,23,24}'::bigint[], 15) AS not_queued_again;

-- a decision bears the name of who makes it, and a pair stays as it was found
BEGIN;
INSERT INTO nser.duplicate_decision (household_id, line, other_household, other_line, decision_no, area, decision, decided_by, decided_at)
	VALUES (21, 1, 22, 1, 2, 'PK61701003', 'undone', 'somebody_else', '2001-01-01');
SELECT decided_by = session_user AS by_whom, decided_at = now() AS just_now FROM nser.duplicate_decision WHERE household_id = 21 AND decision_no = 2;
UPDATE nser.duplicate SET state = 'different', decided_by = 'somebody_else', decided_at = '2001-01-01' WHERE (household_id, line) = (21, 2);
SELECT DISTINCT decided_by = session_user AS by_whom, decided_at = now() AS just_now FROM nser.duplicate WHERE (household_id, line) = (21, 2);
ROLLBACK;
UPDATE nser.duplicate SET score = 99 WHERE household_id = 21;
UPDATE nser.duplicate SET decided_by = 'somebody_else' WHERE (household_id, line) = (21, 1);
UPDATE nser.household SET area = 'PK61701009' WHERE household_id = 21;
SELECT DISTINCT area FROM nser.duplicate WHERE household_id = 21;

-- the whole registry, a batch at a time, going on where it was interrupted
INSERT INTO nser.household (household_id, area) SELECT i, 'PK61702007' FROM generate_series(31, 90) AS i;
INSERT INTO nser.member (household_id, line, area, document, name, father_name, sex, birth_date, relationship)
	SELECT h.household_id, 1, h.area, 'none', 'Waqas', 'Basharat', 'male', '1966-02-03'::date + (h.household_id % 30 * 1000)::integer, 'head'
	FROM nser.household AS h WHERE h.household_id BETWEEN 31 AND 90;
CALL queue_all_duplicates(0);
CALL queue_all_duplicates(40);
SELECT task, next_household, last_household, surveys, written, finished_at IS NOT NULL AS finished FROM nser.batch_run;
SELECT count(*) AS pairs FROM nser.duplicate WHERE household_id > 30;
CALL queue_all_duplicates(NULL);
SELECT surveys, written FROM nser.batch_run ORDER BY run_id DESC LIMIT 1;
INSERT INTO nser.household (household_id, area) VALUES (91, 'PK61702007');
INSERT INTO nser.member (household_id, line, area, document, name, father_name, sex, birth_date, relationship)
	VALUES (91, 1, 'PK61702007', 'none', 'Waqas', 'Basharat', 'male', '1966-02-03', 'head');
INSERT INTO nser.batch_run (task, formula, next_household, last_household) VALUES ('duplicates', '', 80, 91);
CALL queue_all_duplicates();
SELECT surveys, written, finished_at IS NOT NULL AS finished FROM nser.batch_run ORDER BY run_id OFFSET 2;

-- words that fewer than five have are not kept, and tell what one does that four have
SELECT count_names();
SELECT key, members FROM nser.name_part ORDER BY members DESC, key COLLATE "C";
SELECT evidence, weight FROM nser.duplicate_weight WHERE evidence = 'name_rare';

-- names with slips are looked up by trigrams among the names, and people by the names or the day
INSERT INTO nser.household (household_id, area) SELECT i, ('PK6170' || i % 9 + 1)::area_code FROM generate_series(101, 5100) AS i;
INSERT INTO nser.member (household_id, line, area, document, name, father_name, birth_date, relationship)
	SELECT h.household_id, 1, h.area, 'none', translate((h.household_id % 1000 * 7919)::text, '0123456789', 'bdfghjklmn'),
		translate((h.household_id % 1000 * 6131)::text, '0123456789', 'bdfghjklmn'), '1980-01-01'::date + (h.household_id * 17 % 9973)::integer, 'head'
	FROM nser.household AS h WHERE h.household_id > 100;
SELECT count_names() > 1000 AS many;
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT key, members FROM nser.name_part WHERE bits < 17 AND resembles(key, 'abdrhmn');
EXPLAIN (COSTS OFF) SELECT line FROM nser.member
	WHERE given_key(name) = ANY ('{imrn,amrn}') AND given_key(father_name) = ANY ('{abdrhmn}') AND birth_date BETWEEN '1978-05-17' AND '1982-05-17'
	AND area >= 'PK617'::area_code AND area <= 'PK617999999999'::area_code AND valid_to IS NULL AND superseded_at IS NULL;
EXPLAIN (COSTS OFF) SELECT line FROM nser.member
	WHERE birth_date = '1980-05-17' AND area >= 'PK617'::area_code AND area <= 'PK617999999999'::area_code AND valid_to IS NULL AND superseded_at IS NULL;
RESET enable_seqscan;

-- of two lines of one household, the one that is ended is nobody's kin
INSERT INTO nser.household (household_id, area) VALUES (6001, 'PK61703004');
INSERT INTO nser.member (household_id, line, area, document, name, father_name, sex, birth_date, relationship, marital_status, mother_line) VALUES
	(6001, 1, 'PK61703004', 'none', 'Gul Made-Up', NULL, 'male', '1950-03-04', 'head', 'widowed', NULL),
	(6001, 2, 'PK61703004', 'none', 'Zubaida Bibi', 'Gul', 'female', '1980-02-03', 'child', 'widowed', NULL),
	(6001, 3, 'PK61703004', 'none', 'Zubaida', 'Gul', 'female', '1980-02-03', 'child', 'widowed', NULL),
	(6001, 4, 'PK61703004', 'none', 'Asad', NULL, 'male', '2010-01-05', 'grandchild', 'never_married', 2);
SELECT queue_duplicates(6001, 5) > 0 AS queued;
SELECT decide_duplicate(6001, 3, 6001, 2, 'same');
SELECT decide_duplicate(6001, 2, 6001, 3, 'same');

-- benefits of the line that ends go on at the one that is kept, here as elsewhere, unless that holds the programme; undone, they go back
INSERT INTO nser.household (household_id, area, registered_on) VALUES (6002, 'PK61703004', '2022-01-01'), (6003, 'PK61703004', '2022-01-01');
INSERT INTO nser.member (household_id, line, area, document, cnic, name, father_name, sex, birth_date, relationship, marital_status, valid_from) VALUES
	(6002, 1, 'PK61703004', 'cnic', '30202-0000021-2', 'Shahnaz Made-Up', 'Yar', 'female', '1981-02-03', 'head', 'widowed', '2022-01-01'),
	(6002, 2, 'PK61703004', 'none', NULL, 'Shahnaz Made-Up', 'Yar', 'female', '1981-02-03', 'sibling', 'widowed', '2022-01-01'),
	(6003, 1, 'PK61703004', 'none', NULL, 'Shahnaz Made-Up', 'Yar', 'female', '1981-02-03', 'head', 'widowed', '2022-01-01'),
	(6003, 2, 'PK61703004', 'none', NULL, 'Tariq Made-Up', 'Yar', 'male', '2001-02-03', 'child', 'never_married', '2022-01-01');
SELECT queue_duplicates(6002, 5) > 0 AS queued;
INSERT INTO nser.programme (code, name, formula, cutoff, unit) VALUES ('pension', 'Pension', 'hies-2015-demo', 32, 'person'), ('health', 'Health', 'hies-2015-demo', 32, 'person'),
	('food', 'Food', 'hies-2015-demo', 32, 'household');
SELECT count(enrol(p, h, l, 'manual', '2023-01-01', note => 'decision 12'))
FROM (VALUES ('pension', 6003, 1), ('health', 6003, 1), ('food', 6003, NULL), ('health', 6002, 2), ('pension', 6003, 2)) AS v (p, h, l);
INSERT INTO nser.person_flag VALUES (6003, 1, 'vehicle', 1, 'made up', '2023-01-01', 'PK61703004');
CREATE VIEW pg_temp.benefit AS
	SELECT household_id AS hh, line, programme, recipient, entry_reason, exited_on IS NULL AS open, exit_reason FROM nser.enrolment WHERE household_id > 6000 ORDER BY 1, enrolment_id;
BEGIN;
SELECT decide_duplicate(6002, 1, 6002, 2, 'same'), decide_duplicate(6002, 1, 6003, 1, 'same', new_head => 2);
SELECT * FROM pg_temp.benefit;
SELECT household_id AS hh, line, flag FROM nser.person_flag ORDER BY 1, 2;
SELECT undo_duplicate(6003, 1, 6002, 1), undo_duplicate(6002, 2, 6002, 1);
SELECT * FROM pg_temp.benefit WHERE open;
ROLLBACK;
-- what has ended at the kept line since stays ended
BEGIN;
SELECT decide_duplicate(6002, 1, 6003, 1, 'same', new_head => 2);
SELECT exit_enrolment(6002, enrolment_id, 'fraud') FROM nser.enrolment WHERE household_id = 6002 AND line = 1 AND programme = 'pension';
SELECT reinstate_member(6003, 1) IS NULL AS by_hand;
SELECT undo_duplicate(6003, 1, 6002, 1);
SELECT * FROM pg_temp.benefit WHERE open;
ROLLBACK;

DROP SCHEMA nser, share, release CASCADE;
