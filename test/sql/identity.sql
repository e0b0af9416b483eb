--
-- Identity: a number is held by one person of the whole registry
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET client_min_messages = warning;
CALL registry.create_store();
RESET client_min_messages;
SET search_path = registry, public;
INSERT INTO nser.household (household_id, area) SELECT i, 'PK617' FROM generate_series(1, 4) AS i;

-- whoever is registered claims the number
SELECT register_member(1, 'Akram', 'male', 'head', '30201-0000001-1', birth_date => '1980-01-01', on_date => '2025-01-01') AS line;
SELECT register_member(1, 'Nasreen', 'female', 'spouse', '30201-0000002-2', marital_status => 'married', spouse_line => 1, on_date => '2025-01-01') AS line;
SELECT * FROM nser.identity ORDER BY cnic;

-- registered elsewhere: refused, with the way out
SELECT register_member(2, 'Nasreen', 'female', 'head', '30201-0000002-2');
SELECT register_member(1, 'Nasreen', 'female', 'sibling', '30201-0000002-2');
INSERT INTO nser.member (household_id, line, area, cnic, document, name) VALUES (2, 1, 'PK617', '30201-0000002-2', 'cnic', 'Nasreen');
SELECT register_member(2, 'Yusuf', 'male', 'head', on_date => '2025-01-01') AS line;
SELECT old_line, new_line, new_relationship FROM move_member(1, 2, 2, 'sibling', on_date => '2025-02-01');
SELECT household_id, line, version, end_reason FROM nser.member WHERE cnic = '30201-0000002-2' ORDER BY 1, 2, 3;
SELECT household_id, line FROM nser.identity WHERE cnic = '30201-0000002-2';

-- who left keeps the number, and may be moved in
SELECT end_member(2, 2, 'left', '2025-03-01');
SELECT register_member(3, 'Nasreen', 'female', 'head', '30201-0000002-2', on_date => '2025-04-01');
SELECT new_line FROM move_member(2, 2, 3, 'head', on_date => '2025-04-01');
-- who died keeps it for good
SELECT end_member(3, 1, 'died', '2025-05-01');
SELECT register_member(4, 'Nasreen', 'female', 'head', '30201-0000002-2');
SELECT * FROM move_member(3, 1, 4, 'head');
-- a duplicate, too, until its number is taken from it
SELECT register_member(4, 'Nasreen', 'female', 'head', on_date => '2025-05-02') AS line;
SELECT reinstate_member(3, 1);
SELECT end_member(3, 1, 'duplicate', '2025-05-02');
SELECT correct_cnic(4, 1, '30201-0000002-2');
SELECT correct_cnic(3, 1, NULL);
SELECT correct_cnic(4, 1, '30201-0000002-2');
SELECT household_id, line, version, cnic, document, end_reason, superseded_at IS NOT NULL AS superseded FROM nser.member WHERE household_id IN (3, 4) ORDER BY 1, 2, 3;

-- a mistyped number: every row that stands with it is superseded, and it is free
SELECT register_member(2, 'Salma', 'female', 'spouse', '30201-0000003-4', on_date => '2025-01-01') AS line;
SELECT line, relationship FROM change_head(2, 3, on_date => '2025-06-01');
SELECT correct_cnic(2, 3, '30201-0000001-1');
SELECT correct_cnic(2, 3, '30201-0000004-4', by_case => 9);
SELECT version, cnic, relationship, valid_from, valid_to, end_reason, superseded_at IS NOT NULL AS superseded, opened_by, closed_by
FROM nser.member WHERE household_id = 2 AND line = 3 ORDER BY 1;
SELECT register_member(4, 'Salma', 'female', 'sibling', '30201-0000003-4', on_date => '2025-06-01') AS line;
SELECT correct_cnic(2, 3, NULL, 'cnic');
SELECT correct_cnic(2, 2, '30201-0000005-4');
SELECT correct_cnic(2, 9, NULL);
SELECT * FROM nser.identity ORDER BY cnic;

-- not even bulk SQL frees a number silently
DELETE FROM nser.identity WHERE cnic = '30201-0000001-1';
UPDATE nser.identity SET household_id = 4, line = 9 WHERE cnic = '30201-0000001-1';
UPDATE nser.identity SET cnic = '30201-0000006-1' WHERE cnic = '30201-0000001-1';
TRUNCATE nser.identity;
UPDATE nser.member SET valid_to = '2025-07-01', end_reason = 'left' WHERE household_id = 1 AND line = 1 AND valid_to IS NULL;
DELETE FROM nser.identity WHERE cnic = '30201-0000001-1';
UPDATE nser.identity SET household_id = 4, line = 9 WHERE cnic = '30201-0000001-1';
-- where no row that stands has it, the number waits for who frees it
BEGIN;
UPDATE nser.member SET superseded_at = now() WHERE household_id = 1 AND line = 1;
SELECT register_member(2, 'Akram', 'male', 'sibling', '30201-0000001-1', on_date => '2025-07-01');
ROLLBACK;
BEGIN;
UPDATE nser.member SET superseded_at = now() WHERE household_id = 1 AND line = 1;
DELETE FROM nser.identity WHERE cnic = '30201-0000001-1';
SELECT register_member(2, 'Akram', 'male', 'sibling', '30201-0000001-1', on_date => '2025-07-01') AS line;
ROLLBACK;
-- but a move by bulk SQL takes it along
BEGIN;
UPDATE nser.member SET valid_to = '2025-07-01', end_reason = 'moved' WHERE household_id = 4 AND line = 2;
INSERT INTO nser.member (household_id, line, area, cnic, document, name, relationship) VALUES (1, 3, 'PK617', '30201-0000003-4', 'cnic', 'Salma', 'head');
SELECT household_id, line FROM nser.identity WHERE cnic = '30201-0000003-4';
ROLLBACK;

-- nor is one held for nobody
INSERT INTO nser.identity VALUES ('30201-0000090-1', 1, 9);
INSERT INTO nser.identity VALUES ('30201-0000090-1', 1, 1);

-- a number that is corrected after a move is free, also of the rows that moved
BEGIN;
SELECT register_member(2, 'Adil', 'male', 'child', '30201-0000091-1', on_date => '2025-01-01') AS line;
SELECT new_line FROM move_member(2, 4, 4, 'other', on_date => '2025-02-01');
SELECT identity_error('30201-0000091-1', 4, 3) AS own, identity_error('30201-0000091-1', 1, 9) AS elsewhere;
SELECT correct_cnic(4, 3, '30201-0000092-1');
SELECT household_id, line, version, cnic, valid_from, valid_to, end_reason, superseded_at IS NOT NULL AS superseded FROM nser.member WHERE name = 'Adil' ORDER BY 1, 2, 3;
SELECT register_member(4, 'Adeel', 'male', 'other', '30201-0000091-1', on_date => '2025-02-01') AS line;
-- a row ended by hand as moved or changed: who takes the number, and what helps
UPDATE nser.member SET valid_to = '2025-07-01', end_reason = 'changed' WHERE household_id = 4 AND line = 4;
SELECT identity_error('30201-0000091-1', 1, 9);
SAVEPOINT refused;
SELECT register_member(1, 'Adeel', 'male', 'head', '30201-0000091-1');
ROLLBACK TO refused;
UPDATE nser.member SET valid_to = '2025-07-01', end_reason = 'moved' WHERE household_id = 4 AND line = 3 AND superseded_at IS NULL;
SELECT identity_error('30201-0000092-1', 1, 9);
INSERT INTO nser.member (household_id, line, area, cnic, document, name) VALUES (1, 9, 'PK617', '30201-0000092-1', 'cnic', 'Adil');
ROLLBACK;
-- a line has one number, whichever rows stand
BEGIN;
INSERT INTO nser.member (household_id, line, area, cnic, document, name, valid_to, end_reason) VALUES (1, 9, 'PK617', '30201-0000093-1', 'cnic', 'One', current_date, 'changed');
INSERT INTO nser.member (household_id, line, version, area, cnic, document, name, superseded_at) VALUES (1, 9, 2, 'PK617', '30201-0000093-1', 'cnic', 'One', now());
INSERT INTO nser.member (household_id, line, version, area, cnic, document, name) VALUES (1, 9, 3, 'PK617', '30201-0000094-1', 'cnic', 'Two');
ROLLBACK;

-- a line is never another person's
INSERT INTO nser.member (household_id, line, version, area, document, name) VALUES (1, 1, 3, 'PK617', 'none', 'Another');
INSERT INTO nser.member (household_id, line, version, area, document, name) VALUES (2, 1, 4, 'PK617', 'none', 'Another');
BEGIN;
UPDATE nser.member SET valid_to = '2025-07-01', end_reason = 'changed' WHERE household_id = 2 AND line = 3 AND valid_to IS NULL AND superseded_at IS NULL;
INSERT INTO nser.member (household_id, line, version, area, cnic, document, name) VALUES (2, 3, 5, 'PK617', '30201-0000007-1', 'cnic', 'Another');
ROLLBACK;
INSERT INTO nser.member (household_id, line, version, area, document, name) VALUES (2, 3, 5, 'PK617', 'none', 'Another');
INSERT INTO nser.member (household_id, line, version, area, document, name) VALUES (4, 9, 2, 'PK617', 'none', 'Another');

-- a load of which one row is bad keeps the good ones; a number it has twice it finds itself
CREATE TEMP TABLE load (no bigint, household_id bigint, line smallint, cnic cnic, name text);
INSERT INTO load VALUES (1, 1, 7, '30201-0000010-1', 'A'), (2, 1, 8, '30201-0000004-4', 'B'), (3, 2, 7, NULL, 'C'), (4, 3, 9, '30201-0000010-1', 'D');
CREATE TEMP TABLE judged AS
	SELECT l.*, coalesce(identity_error(l.cnic, l.household_id, l.line),
		CASE WHEN l.cnic IS NOT NULL AND row_number() OVER (PARTITION BY l.cnic ORDER BY l.no) > 1 THEN 'the number stands twice in this load' END) AS reason
	FROM load AS l;
INSERT INTO nser.member (household_id, line, area, cnic, document, name)
	SELECT household_id, line, 'PK617', cnic, CASE WHEN cnic IS NULL THEN 'none' ELSE 'cnic' END, name FROM judged WHERE reason IS NULL;
INSERT INTO nser.load_error (load_id, row_no, source, column_name, sqlstate, reason, row)
	SELECT 1, no, 'load', 'cnic', '23505', reason, to_jsonb(j) - 'reason' FROM judged AS j WHERE reason IS NOT NULL;
SELECT row_no, reason FROM nser.load_error ORDER BY row_no;
SELECT household_id, line, name FROM nser.member WHERE name IN ('A', 'B', 'C', 'D') ORDER BY 1, 2;
-- without asking, the whole statement is refused, twice in it as well
INSERT INTO nser.member (household_id, line, area, cnic, document, name) VALUES (1, 11, 'PK617', '30201-0000011-1', 'cnic', 'E'), (1, 12, 'PK617', '30201-0000011-1', 'cnic', 'F');
SELECT identity_error('30201-0000010-1', 1, 7) AS own, identity_error('30201-0000012-1', 1, 7) AS free, identity_error(NULL, 1, 7) AS none;

-- the last digit against the sex warns, and flags the survey; it never refuses
SELECT s AS sex, cnic_sex_differs('30201-0000020-1', s) AS odd, cnic_sex_differs('30201-0000020-2', s) AS even, cnic_sex_differs(NULL, s) AS none
FROM unnest(enum_range(NULL::sex) || NULL::sex) AS s;
SELECT record_survey(4, '{}', '[{"line": 1, "relationship": "head"}, {"line": 2, "relationship": "sibling"}]') > 0 AS recorded;
SELECT register_member(4, 'Zahid', 'male', 'child', '30201-0000021-2', on_date => '2025-06-02') AS line;
SELECT q.household_id, q.check_name, q.lines, q.detail, q.survey_id = h.current_survey AS on_current FROM nser.quality_flag AS q JOIN nser.household AS h USING (household_id) WHERE check_name = 'cnic_parity';
SELECT flag_members(4, 4) AS flagged;
SELECT correct_cnic(4, 3, '30201-0000021-1');
BEGIN;
SELECT correct_member(4, 3, '{"sex": "female"}') > 0 AS recorded;
SELECT q.lines, q.survey_id = h.current_survey AS on_current FROM nser.quality_flag AS q JOIN nser.household AS h USING (household_id) WHERE check_name = 'cnic_parity';
ROLLBACK;
SELECT flag_members(1, 1000) AS flagged;
SELECT count(*) FROM nser.quality_flag WHERE check_name = 'cnic_parity';
-- a flag is of the current survey alone
BEGIN;
INSERT INTO nser.quality_flag (household_id, survey_id, check_name, area, lines, detail)
SELECT 4, min(survey_id), 'cnic_parity', 'PK617', '{3}', 'of an older survey' FROM nser.survey WHERE household_id = 4;
SELECT flag_members(4, 4) AS flagged;
SELECT count(*) FROM nser.quality_flag WHERE check_name = 'cnic_parity';
ROLLBACK;

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
