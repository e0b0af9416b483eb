--
-- Verification: members against what NADRA answered
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET client_min_messages = warning;
CALL registry.create_store();
CREATE EXTENSION IF NOT EXISTS file_fdw;
CREATE SERVER nadra FOREIGN DATA WRAPPER file_fdw;
RESET client_min_messages;
SET search_path = registry, public;

INSERT INTO nser.household (household_id, area, registered_on) VALUES (1, 'PK61701003', '2025-01-01'), (2, 'PK61701004', '2025-01-01'), (3, 'PK702', '2025-01-01');
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, marital_status, spouse_line, father_line, mother_line, valid_from)
VALUES
	(1, 1, 'PK61701003', '30201-0000001-1', 'cnic', 'Muhammad Akram', 'male', '1980-01-01', 'head', 'married', 2, 0, 5, '2025-01-01'),
	(1, 2, 'PK61701003', '30201-0000002-2', 'cnic', 'Nasreen Bibi', 'female', '1984-03-04', 'spouse', 'married', 1, 0, 0, '2025-01-01'),
	(1, 3, 'PK61701003', '30201-0000003-3', 'b_form', 'Bilal', 'male', '2010-06-07', 'child', 'never_married', NULL, 1, 2, '2025-01-01'),
	(1, 4, 'PK61701003', '30201-0000004-4', 'b_form', 'Sana', 'female', '2012-08-09', 'child', 'never_married', NULL, 1, 2, '2025-01-01'),
	(1, 5, 'PK61701003', NULL, 'none', 'Hajra', 'female', '1950-01-01', 'parent', 'widowed', NULL, NULL, NULL, '2025-01-01'),
	(2, 1, 'PK61701004', '30201-0000011-1', 'cnic', 'Karim', 'male', '1970-02-02', 'head', 'married', 2, 0, 0, '2025-01-01'),
	(2, 2, 'PK61701004', '30201-0000012-2', 'cnic', 'Shazia', 'female', '1972-02-02', 'spouse', 'married', 1, 0, 0, '2025-01-01'),
	(2, 3, 'PK61701004', '30201-0000013-2', 'cnic', 'Rabia', 'female', '1975-02-02', 'spouse', 'married', 1, 0, 0, '2025-01-01'),
	(2, 4, 'PK61701004', '30201-0000014-3', 'cnic', 'Daud', 'male', '2000-02-02', 'child', 'never_married', NULL, 1, 3, '2025-01-01'),
	(2, 5, 'PK61701004', '30201-0000015-3', 'cnic', 'Omar', 'male', '2002-02-02', 'nephew_or_niece', 'never_married', NULL, 0, 20, '2025-01-01'),
	(2, 6, 'PK61701004', '30201-0000016-4', 'cnic', 'Maryam', 'female', '2003-02-02', 'nephew_or_niece', 'never_married', NULL, 0, 20, '2025-01-01'),
	(3, 1, 'PK702', '30201-0000021-2', 'cnic', 'Zainab', 'female', '1990-05-01', 'head', 'widowed', NULL, 0, 0, '2025-01-01'),
	(3, 2, 'PK702', '30201-0000022-1', 'cnic', 'Yusuf', 'male', NULL, 'child', 'never_married', NULL, 0, 1, '2025-01-01'),
	(3, 3, 'PK702', '30201-0000023-1', 'cnic', 'Jamil', 'male', '2012-01-01', 'child', 'never_married', NULL, 0, 1, '2025-01-01');

-- names: another clerk's spelling is no mismatch, nor a word more; another script is unknown
SELECT a, b, names_agree(a, b) FROM (VALUES ('Muhammad Akram', 'Akram Khan'), ('Nasreen Bibi', 'Nasrin'), ('Shazia Parveen', 'Shazya Perveen'), ('Shazia', 'Shazia Parveen'),
	('Abdul Rehman', 'Abdulrehman'), ('Noor ul Ain', 'Noorulain'), ('Akram Khan', 'Aslam Khan'), ('Bilal', 'Zubair'), ('Zainab', 'زینب'), ('Zainab', NULL)) AS n (a, b);
-- dates of birth: 1 January stands for a year alone
SELECT a, b, birth_dates_agree(a, b) FROM (VALUES (date '1980-05-17', date '1980-05-17'), ('1980-01-01', '1980-05-17'), ('1980-05-17', '1980-01-01'),
	('1980-05-17', '1980-05-18'), ('1980-01-01', '1981-01-01'), ('1980-05-17', NULL)) AS d (a, b);
SELECT outcome, fields, is_payable(outcome, fields) FROM (VALUES ('verified', '{}'::text[]), ('mismatch', '{alpha}'), ('mismatch', '{alpha,beta}'),
	('mismatch', '{name,alpha}'), ('mismatch', NULL), ('not_found', '{}'), ('no_document', '{}'), (NULL, NULL)) AS o (outcome, fields);

-- before there is any answer
SELECT * FROM verify_members(1);
SELECT count(*), count(last_answer), string_agg(DISTINCT reason, ', ') AS reason FROM nser.nadra_request;

-- the answers, as a file of texts
CREATE FOREIGN TABLE public.answer (cnic text, name text, sex text, birth_date text, alive text, alpha_family text, beta_family text, as_of text, found text)
SERVER nadra OPTIONS (format 'csv', program $$printf '%s\n' \
	'3020100000011,Mohd Akram,male,1980-07-15,true,A5,F1,2025-06-01,' \
	'30201-0000002-2,Nasrin,female,1984-03-04,yes,A2,F1,2025-06-01,' \
	'30201-0000003-3,Bilal,male,2010-06-08,t,F1,,2025-06-01,' \
	'30201-0000004-4,Sana,female,2012-08-09,t,F7,,2025-06-01,' \
	'30201-0000011-1,Karim,male,1970-02-02,t,A9,F2,2025-06-01,' \
	'30201-0000012-2,Shazia,female,1972-02-02,t,A8,F2,2025-06-01,' \
	'30201-0000013-2,Rabia,female,1975-02-02,t,A7,F3,2025-06-01,' \
	'30201-0000014-3,Dawood,male,2000-02-02,f,F3,,2025-06-01,' \
	'30201-0000015-3,Omar,male,2002-02-02,t,F4,,2025-06-01,' \
	'30201-0000016-4,Maryam,male,2003-02-02,t,F5,,2025-06-01,' \
	'30201-0000021-2,زینب,female,1990-05-01,t,,,2025-06-01,' \
	'30201-0000022-1,یوسف,male,2010-01-01,t,,,2025-06-01,' \
	'30201-0000023-1,,,,,,,2025-06-01,false' \
	'30201-0000031,Nobody,male,1980-01-01,t,,,2025-06-01,' \
	'90201-0000032-1,Nobody,male,1980-01-01,t,,,2025-06-01,' \
	',Nobody,male,1980-01-01,t,,,2025-06-01,' \
	'30201-0000033-1,Nobody,M,1980-01-01,t,,,2025-06-01,' \
	'30201-0000034-1,Nobody,male,2011-02-29,t,,,2025-06-01,' \
	'30201-0000035-1,Nobody,male,01/02/1980,t,,,2025-06-01,' \
	'30201-0000036-1,Nobody,male,2190-01-01,t,,,2025-06-01,' \
	'30201-0000037-1,Nobody,male,1980-01-01,perhaps,,,2025-06-01,' \
	'30201-0000038-1,Nobody,male,1980-01-01,t,,,2190-06-01,' \
	'30201-0000039-1,Somebody,male,2012-02-29,t,,,2025-06-01,' \
	'30201-0000039-1,Somebody else,male,1980-01-01,t,,,2025-06-01,' \
	'30201-0000002-2,Nasrin,female,1984-03-04,t,A2,,2025-05-01,' \
$$);
SELECT * FROM load_nadra('answer');
SELECT row_no, column_name, sqlstate, reason FROM nser.load_error WHERE source = 'public.answer' ORDER BY row_no;
SELECT cnic, found, name, sex, birth_date, alive, alpha_family AS alpha, beta_family AS beta, as_of FROM nser.nadra_record ORDER BY cnic;
-- again: nothing is new, and what was refused is refused
SELECT * FROM load_nadra('answer');

-- households: what differs, and never the values
SELECT * FROM verify_members(1);
-- Rabia is the second wife: her family by marriage is another; Omar and Maryam are of one mother, who is not here
SELECT * FROM verify_members(2);
-- another script is no mismatch; where nothing else is known either, nothing tells who it is
SELECT * FROM verify_members(3);
SELECT line, unknown FROM judge_members(3, 3) ORDER BY line;

-- a roster as it is submitted: what it leaves out of a known line is as it stands
SELECT * FROM verify_members(1, '[{"line": 1}, {"line": 3, "birth_date": "2010-06-08"}, {"line": 4, "mother_line": null, "father_line": null},
	{"line": 6, "name": "Rashida", "sex": "female", "cnic": null}, {"line": 7, "name": "Karim", "cnic": "30201-0000011-1", "sex": "male", "birth_date": "1970-01-01"}]');
SELECT * FROM verify_members(1, '[]');
SELECT * FROM verify_members(1, '{"line": 1}');
SELECT * FROM verify_members(1, '[{"name": "Nobody"}]');
SELECT * FROM verify_members(1, '[{"line": 255}]');
SELECT * FROM verify_members(1, '[{"line": 1}, {"line": 2}, {"line": 1, "cnic": null}]');
SELECT * FROM verify_members(1, '[{"line": 1, "cnic": "302010000001"}]');
SELECT * FROM verify_members(1, '[{"line": 1, "birth_date": "17 Ramadan"}]');
SELECT * FROM verify_members(99);
SELECT * FROM verify_members(NULL);

-- stored, once
SELECT verify_household(1), verify_household(2), verify_household(3);
SELECT verify_household(1, 7);
SELECT household_id AS hh, line, verification_no AS no, version, outcome, fields, unknown, by_case, as_of FROM nser.verification ORDER BY 1, 2, 3;
SELECT household_id AS hh, line, document, outcome, fields, is_payable FROM nser.member_verification ORDER BY 1, 2;
SELECT verify_household(99);

-- a verification is of a person as described then
SELECT correct_member(1, 3, '{"birth_date": "2010-06-08"}') IS NOT NULL AS roster_update;
SELECT correct_member(1, 2, '{"relationship": "other"}') IS NOT NULL AS roster_update;
SELECT line, version, outcome, fields, is_payable FROM nser.member_verification WHERE household_id = 1 ORDER BY 1;
SELECT verify_household(1, 7);
SELECT line, verification_no AS no, version, outcome, fields, by_case FROM nser.verification WHERE household_id = 1 AND line IN (2, 3) ORDER BY 1, 2;
SELECT line, version, outcome, fields, is_payable FROM nser.member_verification WHERE household_id = 1 ORDER BY 1;

-- another answer, from a typed table; an older one changes nothing
CREATE TABLE public.typed (cnic cnic, name text, sex sex, birth_date date, alive boolean, as_of timestamptz);
INSERT INTO typed VALUES ('30201-0000023-1', 'Jameel', 'male', '2012-05-05', true, '2025-07-01 12:00+05'), ('30201-0000004-4', 'Sana', 'female', '2012-08-09', false, '2025-05-01 12:00+05');
SELECT loaded, unchanged, refused FROM load_nadra('typed');
-- without a day of its own an answer is of the day that is given
CREATE TABLE public.undated AS SELECT cnic::text, name FROM typed WHERE cnic = '30201-0000004-4';
SELECT loaded, unchanged, refused FROM load_nadra('undated', '2025-05-31');
SELECT cnic, name, alive, as_of FROM nser.nadra_record WHERE cnic IN ('30201-0000004-4', '30201-0000023-1') ORDER BY 1;
CALL verify_all(2);
SELECT household_id AS hh, line, verification_no AS no, outcome FROM nser.verification WHERE household_id = 3 AND line = 3 ORDER BY 3;
SELECT task, surveys, written, finished_at IS NOT NULL AS finished FROM nser.batch_run;
CALL verify_all(0);

-- a source that has no answers, and days that cannot be
CREATE TABLE public.nothing (cnic text);
SELECT * FROM load_nadra('nothing');
SELECT * FROM load_nadra(NULL);
SELECT * FROM load_nadra('typed', NULL);
SELECT * FROM load_nadra('typed', '2190-01-01');

-- who is to be asked: no answer, or one that is too old by now
UPDATE nser.verification_policy SET answers_last = '1 day';
SELECT line, reason, last_answer FROM nser.nadra_request WHERE household_id = 3 ORDER BY 1;
INSERT INTO nser.verification_policy VALUES ('2025-01-01', '100 years');
SELECT count(*) FROM nser.nadra_request;
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, relationship, valid_from)
VALUES (1, 6, 'PK61701003', '30201-0000041-2', 'cnic', 'Rashida', 'female', 'sibling', '2025-02-01');
SELECT household_id AS hh, line, reason, last_answer FROM nser.nadra_request;

-- counted by district, sex, operator and document
INSERT INTO nser.survey (household_id, indicators, area, operator) VALUES (3, complete('{}', NULL, NULL), 'PK702', 12);
UPDATE nser.household AS h SET current_survey = v.survey_id FROM nser.survey AS v WHERE v.household_id = h.household_id AND h.household_id = 3;
SELECT district, sex, operator, document, members, verified, mismatch, mismatch_name AS name, mismatch_birth_date AS birth, mismatch_sex AS sex, mismatch_alive AS alive,
	mismatch_alpha AS alpha, mismatch_beta AS beta, not_found, unanswered, no_document AS none, not_checked, unpayable
FROM nser.verification_count ORDER BY 1, 2, 3, 4;

-- the area follows the household; the rest is history
UPDATE nser.household SET area = 'PK70201' WHERE household_id = 3;
SELECT DISTINCT area FROM nser.verification WHERE household_id = 3;
UPDATE nser.verification SET outcome = 'verified', fields = '{}' WHERE household_id = 1;
DELETE FROM nser.verification WHERE household_id = 1;
TRUNCATE nser.verification;
\set VERBOSITY terse
INSERT INTO nser.verification (household_id, line, verification_no, area, version, outcome) VALUES (1, 1, 9, 'PK61701003', 1, 'mismatch');
\set VERBOSITY default

-- who is limited to an area sees no answers, and is not told that NADRA knows nobody
SET client_min_messages = error;
CREATE ROLE regress_nser_clerk;
GRANT USAGE ON SCHEMA nser TO regress_nser_clerk;
GRANT SELECT ON ALL TABLES IN SCHEMA nser TO regress_nser_clerk;
SELECT limit_role('regress_nser_clerk', 'PK617') > 0 AS limited;
SET ROLE regress_nser_clerk;
SELECT count(*) FROM nser.nadra_record;
SELECT count(*), count(outcome) FROM nser.member_verification;
SELECT * FROM verify_members(1);
RESET ROLE;
SELECT limit_role('regress_nser_clerk', 'PK') > 0 AS limited;
SET ROLE regress_nser_clerk;
SELECT count(*) FILTER (WHERE outcome = 'verified') AS verified FROM verify_members(1);
RESET ROLE;

-- what a newer answer is silent about is as it was, in one load or in several; a death is not un-said by silence
INSERT INTO nser.household (household_id, area, registered_on) VALUES (4, 'PK61701003', '2025-01-01'), (5, 'PK702', '2025-01-01');
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, marital_status, spouse_line, valid_from)
VALUES
	(4, 1, 'PK61701003', '30201-0000051-1', 'cnic', 'Tariq', 'male', '1960-03-03', 'head', 'married', 2, '2025-01-01'),
	(4, 2, 'PK61701003', '30201-0000052-2', 'cnic', 'Salma', 'female', '1962-03-03', 'spouse', 'married', 1, '2025-01-01'),
	(4, 3, 'PK61701003', '30201-0000053-1', 'cnic', 'Rafiq', 'male', '1990-03-03', 'child', 'never_married', NULL, '2025-01-01'),
	(5, 1, 'PK702', '30201-0000061-2', 'cnic', 'Hina', 'female', '1985-03-03', 'head', 'widowed', NULL, '2025-01-01');
SET timezone = 'UTC';
CREATE TEMP TABLE registry_nadra (cnic text, found boolean, name text, sex text, birth_date date, alive boolean, as_of timestamptz);
INSERT INTO registry_nadra VALUES
	('30201-0000051-1', NULL, 'Tariq', 'male', '1960-03-03', false, '2025-08-01 12:00+05'),
	('30201-0000052-2', NULL, 'Salma', 'Female', '1962-03-03', true, '2025-07-31 20:00+00'),		-- 1 August in Pakistan
	('30201-0000052-2', NULL, 'Salma', 'female', '1962-03-03', true, '2025-08-01 12:00+05'),
	('30201-0000053-1', NULL, 'Rafiq', 'male', '1990-03-03', true, '2025-08-01 12:00+05'),
	('30201-0000061-2', NULL, 'Hina', 'female', '1985-03-03', true, '2025-08-01 12:00+05'),
	('30201-0000061-2', NULL, NULL, NULL, NULL, NULL, '2025-08-02 12:00+05');
SELECT loaded, unchanged, refused FROM load_nadra('registry_nadra');
TRUNCATE registry_nadra;
INSERT INTO registry_nadra VALUES
	('30201-0000051-1', NULL, 'Tariq Mahmood', NULL, NULL, NULL, '2025-09-01 12:00+05'),
	-- two that differ: neither
	('30201-0000052-2', NULL, 'Saima', 'female', '1962-03-03', true, '2025-09-01 12:00+05'), ('30201-0000052-2', NULL, 'Salma', 'female', '1962-03-03', true, '2025-09-01 12:00+05'),
	('30201-0000053-1', false, NULL, NULL, NULL, NULL, '2025-09-01 12:00+05');
SELECT loaded, unchanged, refused FROM load_nadra('registry_nadra');
SELECT loaded, unchanged, refused FROM load_nadra('registry_nadra');
SELECT cnic, found, name, sex, birth_date, alive, as_of FROM nser.nadra_record WHERE cnic >= '30201-0000051-1' ORDER BY 1;
SELECT count(*) AS kept FROM registry_nadra;
RESET timezone;

-- the same from a newer answer is stored where the one before had become too old
SELECT verify_household(4), verify_household(5);
UPDATE registry_nadra SET name = NULL, as_of = '2025-10-01 12:00+05' WHERE cnic = '30201-0000051-1';
SELECT loaded FROM load_nadra('registry_nadra');
SELECT verify_household(4);
SELECT line, verification_no AS no, outcome, as_of FROM nser.verification WHERE household_id = 4 AND line = 1 ORDER BY 2;
INSERT INTO nser.verification_policy VALUES ('2025-01-02', '1 day');
SELECT verify_household(4);
SELECT line, verification_no AS no, outcome, as_of FROM nser.verification WHERE household_id = 4 AND line IN (1, 2) ORDER BY 1, 2;
-- who has an old answer is asked again, and paid meanwhile
SELECT r.line, r.reason, m.is_payable FROM nser.nadra_request AS r JOIN nser.member_verification AS m USING (household_id, line) WHERE r.household_id = 4 ORDER BY 1;

-- who moves takes the verification along, but not where it was of another description
SELECT old_line, new_line FROM move_member(4, 2, 5, 'parent');
SELECT line, outcome, fields, is_payable, as_of FROM nser.member_verification WHERE household_id = 5 ORDER BY 1;
SELECT correct_member(4, 3, '{"birth_date": "1990-03-04"}') IS NOT NULL AS roster_update;
SELECT split_household(4, '{3}', 3, area => 'PK702') > 5 AS split_off;
SELECT count(*) AS members, count(outcome) AS verified FROM nser.member_verification WHERE household_id > 5;

-- of an area its own alone are read, by key
CREATE FUNCTION public.reads(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	line	text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		RETURN QUERY SELECT (regexp_match(line, '(Unique|Seq Scan|household_area|verification_pkey)'))[1];
	END LOOP;
END $$;
SET enable_seqscan = off;
SELECT DISTINCT reads FROM public.reads($$SELECT count(is_payable) FROM nser.member_verification WHERE area <@ 'PK70201'$$) WHERE reads IS NOT NULL ORDER BY 1;
RESET enable_seqscan;
DROP FUNCTION public.reads;
DROP TABLE registry_nadra;

DROP SERVER nadra CASCADE;
DROP EXTENSION file_fdw;
DROP TABLE public.typed, public.undated, public.nothing;
DROP SCHEMA nser, share, release CASCADE;
DROP ROLE regress_nser_clerk;
