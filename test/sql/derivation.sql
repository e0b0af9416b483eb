-- Families in the store: written with a survey, for the nation, and again where rules or rows changed.
\set VERBOSITY terse
SET client_min_messages = warning;
CALL registry.create_store();
RESET client_min_messages;
INSERT INTO nser.household (household_id, area) VALUES (1, 'PK61701003'), (2, 'PK61702'), (3, 'PK70101');

-- A survey is recorded with its families, and flagged where its roster contradicts itself.
SELECT registry.record_survey(1, '{}', '[
	{"line": 1, "relationship": "head", "sex": "male", "age": 45, "marital_status": "married", "spouse_line": 2},
	{"line": 2, "relationship": "spouse", "sex": "female", "age": 40, "marital_status": "married", "spouse_line": 1},
	{"line": 3, "relationship": "child", "sex": "female", "age": 8, "marital_status": "never_married", "mother_line": 2},
	{"line": 4, "relationship": "parent", "sex": "female", "age": 70, "marital_status": "widowed"}]') AS survey_id;
SELECT registry.record_survey(2, '{}', '[
	{"line": 1, "relationship": "head", "sex": "female", "age": 50, "marital_status": "widowed"},
	{"line": 2, "relationship": "child", "sex": "male", "age": 51, "marital_status": "never_married", "mother_line": 1},
	{"line": 3, "relationship": "child", "sex": "male", "age": 52, "marital_status": "never_married", "mother_line": 1, "spouse_line": 3}]') AS survey_id;
SELECT household_id, survey_id, area, family_no, kind, woman_line, husband_line, child_lines, counts FROM nser.family ORDER BY 1, 2, 4;
SELECT household_id, survey_id, check_name, area, lines, detail FROM nser.quality_flag ORDER BY 1, 2, 3;

-- With names, and the evidence of today's rules.
INSERT INTO nser.member (household_id, line, area, document, name) VALUES
	(1, 1, 'PK61701003', 'none', 'Husband Made-Up'), (1, 2, 'PK61701003', 'none', 'Wife Made-Up');
SELECT household_id, family_no, kind, counts, woman, husband, children, evidence FROM nser.family_profile ORDER BY 1, 2;
SELECT * FROM nser.family_count ORDER BY area, kind;

-- The same roster, stored without record_survey(), by a bulk load: no families yet.
INSERT INTO nser.survey (household_id, survey_id, indicators, area, roster)
	SELECT 3, 100, indicators, 'PK70101', roster FROM nser.survey WHERE household_id = 1;
UPDATE nser.household SET current_survey = 100 WHERE household_id = 3;
CALL registry.derive_all(2);
SELECT task, formula, next_household, last_household, surveys, written, finished_at IS NOT NULL AS finished FROM nser.batch_run ORDER BY run_id;
SELECT household_id, family_no, kind, area FROM nser.family ORDER BY 1, 2;

-- Nothing changed, nothing is written.
CREATE TEMP TABLE before AS SELECT xmin::text AS x, ctid::text AS t FROM nser.family UNION ALL SELECT xmin::text, ctid::text FROM nser.quality_flag;
CALL registry.derive_all();
SELECT surveys, written FROM nser.batch_run ORDER BY run_id DESC LIMIT 1;
SELECT count(*) FROM (TABLE before EXCEPT ALL (SELECT xmin::text AS x, ctid::text AS t FROM nser.family UNION ALL SELECT xmin::text, ctid::text FROM nser.quality_flag)) AS rewritten;

-- What is wrong, surplus or missing is put right, by one survey or all.
UPDATE nser.family SET kind = 'widow', area = 'PK7' WHERE (household_id, family_no) = (1, 1);
INSERT INTO nser.family (household_id, survey_id, area, family_no, kind, woman_line, child_lines)
	SELECT household_id, survey_id, area, 9, kind, 9, '{}' FROM nser.family WHERE household_id = 3 LIMIT 1;
DELETE FROM nser.family WHERE household_id = 2;
DELETE FROM nser.quality_flag WHERE check_name = 'roster.own_kin';
INSERT INTO nser.quality_flag (household_id, survey_id, check_name, area, detail)
	SELECT household_id, survey_id, n, area, 'made up' FROM nser.survey, unnest('{roster.no_head,another_check}'::text[]) AS n WHERE household_id = 2;
SELECT registry.derive_survey(3, 100);
CALL registry.derive_all(NULL);
SELECT surveys, written FROM nser.batch_run ORDER BY run_id DESC LIMIT 1;
SELECT household_id, family_no, kind, woman_line, area FROM nser.family ORDER BY 1, 2;
SELECT household_id, check_name, detail FROM nser.quality_flag ORDER BY 1, 2;

-- A household that moves takes its families and flags along.
UPDATE nser.household SET area = 'PK70102' WHERE household_id IN (1, 2);
SELECT DISTINCT area FROM (SELECT household_id, area FROM nser.family UNION ALL SELECT household_id, area FROM nser.quality_flag) AS x WHERE household_id IN (1, 2);

-- A roster that is not known, and refusals.
SELECT registry.record_survey(3, '{}', NULL) AS survey_id;
SELECT survey_id, check_name, detail FROM nser.quality_flag WHERE household_id = 3;
BEGIN;
UPDATE nser.household SET status = 'merged' WHERE household_id = 3;
SELECT registry.record_survey(3, '{}', NULL) AS survey_id;
ROLLBACK;
SELECT registry.derive_survey(3, 999);
SELECT registry.derive_survey(NULL, 1);
CALL registry.derive_all(0);
CALL registry.run_batches('no such task', '', 10);
CALL registry.run_batches('derive', '', 0);

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
