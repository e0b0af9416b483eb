--
-- The store: from a survey to a score and who is eligible
--
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SELECT postgis_version() <> '' AS postgis;
CALL registry.create_store();
SELECT layout FROM nser.store_version;
RESET client_min_messages;
CALL registry.create_store();
CALL registry.upgrade_store();
SET search_path = registry, public;

-- one household from end to end
INSERT INTO nser.household (household_id, area, registered_on, phone, address)
	VALUES (1, 'PK61701003', '2024-02-01', '0300-1234567', 'Street 3');
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, marital_status, spouse_line, valid_from)
	VALUES (1, 1, 'PK61701003', '35202-1234567-1', 'cnic', 'Muhammad Made-Up', 'male', '1980-01-01', 'head', 'married', 2, '2024-02-01'),
		   (1, 2, 'PK61701003', '35202-1234567-2', 'cnic', 'Fatima Made-Up', 'female', '1984-01-01', 'spouse', 'married', 1, '2024-02-01'),
		   (1, 3, 'PK61701003', NULL, 'none', 'Ali Made-Up', 'male', '2015-01-01', 'child', 'never_married', NULL, '2024-02-01');
SELECT record_survey(1,
	'{"province": "punjab", "region": "rural", "rooms": 1, "toilet": "none", "electricity": "own_meter", "gas": "none", "internet": false,
	  "mobile_phone": true, "computer": false, "landline": false, "wall": "raw_brick_or_mud"}',
	'[{"line": 1, "relationship": "head", "sex": "male", "age": 44, "class": 3, "ever_attended": true},
	  {"line": 2, "relationship": "spouse", "sex": "female", "age": 40, "ever_attended": false, "attending_school": false},
	  {"line": 3, "relationship": "child", "sex": "male", "age": 9, "attending_school": false}]',
	'1 acre', 'missed_out', '2024-02-01 10:00+05') AS survey_id \gset
SELECT score_survey(1, :survey_id, 'hies-2015-demo');
SELECT household_id, area, score, formula FROM nser.score;
SELECT term, answer, points FROM nser.survey, formula, pmt_explain(indicators, formula) WHERE household_id = 1 AND name = 'hies-2015-demo';
SELECT rooms, toilet, mobile_phone, structure, land_kanals, members, dependants, children_5_16_at_school, head_class, disabled_members
FROM nser.household_profile WHERE household_id = 1;
SELECT line, name, cnic, relationship, age, class, attending_school FROM nser.member_profile WHERE household_id = 1;

-- the profile has every indicator, labelled and described
SELECT count(*) AS indicators, count(c.name) AS columns, count(col_description('nser.household_profile'::regclass, a.attnum)) AS described
FROM codebook() AS c LEFT JOIN pg_attribute AS a ON a.attrelid = 'nser.household_profile'::regclass AND a.attname = c.name
WHERE c.position < 63;

-- who is eligible: a made-up programme
INSERT INTO nser.programme (code, name, formula, cutoff, valid) VALUES ('demo', 'Demonstration', 'hies-2015-demo', 32, '[2023-01-01,)');
SELECT eligible('demo', 1), eligible('demo', 1, '2022-12-31') AS not_begun, eligible('demo', 1, '2024-01-30') AS not_surveyed_yet;
SELECT programme, household_id, score, cutoff, eligible FROM nser.eligibility;

-- relaxations: above the cut-off only where one applies, and unknown where its answer is missing
INSERT INTO nser.relaxation (programme, indicator, cutoff, valid) VALUES ('demo', 'disabled_members', 37, '[2024-12-11,)');
INSERT INTO nser.relaxation (programme, indicator, cutoff) VALUES ('demo', 'disabled_member', 37);
SELECT what, j.* FROM (VALUES
	('at the cut-off', 32, '{}'), ('above, none disabled', 32.01, '{"disabled_members": 0}'), ('above, one disabled', 32.01, '{"disabled_members": 1}'),
	('at the relaxed', 37, '{"disabled_members": 2}'), ('above both', 37.01, '{"disabled_members": 2}'), ('above, not asked', 33, '{}'),
	('above both, not asked', 38, '{}'), ('no score', NULL, '{"disabled_members": 2}')) AS v (what, score, answers),
	nser.judge('demo', 32, score, answers::indicators, '2025-01-01') AS j;
SELECT * FROM nser.judge('demo', 32, 33, '{"disabled_members": 1}', '2024-12-10');

-- refusals, nothing quoted
SELECT eligible('no-such', 1);
SELECT eligible('demo', 99);
SELECT score_survey(1, 99, 'hies-2015-demo');
SELECT score_survey(1, :survey_id, 'no-such');
SELECT score_survey(1, :survey_id, 'psc-2010');
SELECT record_survey(99, '{}', NULL);
CALL score_all('no-such');
CALL score_all('psc-2010');
CALL score_all('hies-2015-demo', 0);
CALL score_all(NULL);
DELETE FROM formula WHERE name = 'mine';

-- what cannot be stored: counts that disagree with the roster, a number without its document
\set VERBOSITY terse
INSERT INTO nser.survey (household_id, indicators, area, roster) VALUES (1, '{"members": 2}', 'PK61701003', '[{"line": 1}]');
INSERT INTO nser.survey (household_id, indicators, area) VALUES (1, '{}', 'PK6');
INSERT INTO nser.member (household_id, line, area, cnic, document, name) VALUES (1, 4, 'PK61701003', '35202-1234567-3', 'none', 'x');
INSERT INTO nser.member (household_id, line, area, document, name) VALUES (1, 3, 'PK61701003', 'none', 'x');
INSERT INTO nser.identity VALUES ('35202-1234567-1', 2, 1);
UPDATE nser.household SET current_survey = 99 WHERE household_id = 1;

-- history: surveys and members are never changed or deleted, only ended, once
\set VERBOSITY default
UPDATE nser.survey SET mode = 'door';
DELETE FROM nser.survey;
SET client_min_messages = warning;
TRUNCATE nser.survey CASCADE;
RESET client_min_messages;
UPDATE nser.member SET name = 'y' WHERE line = 3;
DELETE FROM nser.member WHERE line = 3;
UPDATE nser.member SET valid_to = '2026-01-01', end_reason = 'changed' WHERE line = 3;
UPDATE nser.member SET valid_to = '2026-01-02' WHERE line = 3;
UPDATE nser.member SET valid_to = NULL, end_reason = NULL WHERE line = 3;
INSERT INTO nser.member (household_id, line, version, area, document, name, valid_from) VALUES (1, 3, 2, 'PK61701003', 'none', 'Ali', '2026-01-01');
-- what was superseded stays as it was said
BEGIN;
UPDATE nser.member SET superseded_at = now() WHERE line = 3 AND valid_to IS NULL;
UPDATE nser.member SET valid_to = '2026-01-03', end_reason = 'died' WHERE line = 3 AND valid_to IS NULL;
ROLLBACK;

-- a household that moves takes its surveys, members and scores along
UPDATE nser.household SET area = 'PK70101' WHERE household_id = 1;
SELECT h.area, v.area AS survey, m.area AS members, s.area AS score
FROM nser.household AS h JOIN nser.survey AS v USING (household_id) JOIN nser.score AS s USING (household_id)
JOIN (SELECT DISTINCT household_id, area FROM nser.member) AS m USING (household_id);

-- a late survey from an offline tablet does not become the current one
SELECT record_survey(1, '{"rooms": 2}', NULL, submitted_at => '2023-12-01 10:00+05') > :survey_id AS recorded;
SELECT current_survey = :survey_id AS still_current FROM nser.household WHERE household_id = 1;

-- all households: in batches, only what is new or changed is written
INSERT INTO nser.household (household_id, area, registered_on) SELECT i * 10, 'PK617', '2024-01-01' FROM generate_series(1, 25) AS i;
SELECT count(record_survey(household_id, jsonb_build_object('rooms', household_id % 4, 'head_class', CASE WHEN household_id % 30 > 0 THEN 5 END)::indicators, NULL))
FROM nser.household WHERE household_id > 1;
INSERT INTO formula (name, formula, source) VALUES ('made-up', '{"terms": [{"indicator": "rooms", "each": 10}, {"indicator": "head_class", "each": 1}]}', 'this test');
CALL score_all('made-up', 10);
SELECT formula, next_household, last_household, surveys, written, finished_at IS NOT NULL AS finished FROM nser.batch_run;
SELECT count(*), count(score), sum(score) FROM nser.score WHERE formula = 'made-up';
SELECT max(xmin::text::bigint) AS last_write FROM nser.score \gset
CALL score_all('made-up', 10);
SELECT max(xmin::text::bigint) = :last_write AS nothing_written FROM nser.score;
UPDATE nser.score SET score = 1 WHERE formula = 'made-up' AND household_id IN (20, 30, 40);
SELECT record_survey(50, '{"rooms": 9, "head_class": 1}', NULL) > 0 AS surveyed_again;
CALL score_all('made-up', NULL);
SELECT surveys, written FROM nser.batch_run ORDER BY run_id;
SELECT count(*) AS wrong FROM nser.score AS s JOIN nser.survey AS v USING (household_id, survey_id), formula AS f
WHERE s.formula = f.name AND s.score IS DISTINCT FROM pmt_score(v.indicators, f.formula);

-- interrupted, it goes on where it stopped; batches of NULL may be rolled back whole
INSERT INTO nser.batch_run (task, formula, next_household, last_household, surveys, written) VALUES ('score', 'made-up', 200, 250, 20, 0);
UPDATE nser.score SET score = 2 WHERE formula = 'made-up' AND household_id IN (20, 200);
CALL score_all('made-up', 3);
SELECT household_id, score FROM nser.score WHERE formula = 'made-up' AND household_id IN (20, 200);
BEGIN;
CALL score_all('made-up', NULL);
SELECT surveys, written FROM nser.batch_run ORDER BY run_id DESC LIMIT 1;
ROLLBACK;
BEGIN;
CALL score_all('made-up', 3);
ROLLBACK;

-- a path set to mislead finds nothing to capture: score_all qualifies its operators too
CREATE SCHEMA evil;
CREATE FUNCTION evil.less(bigint, bigint) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'captured'; END $$;
CREATE FUNCTION evil.same(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'captured'; END $$;
CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.same);
CREATE OPERATOR evil.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.less);
CREATE OPERATOR evil.>= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.less);
CREATE OPERATOR evil.<= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.less);
CREATE OPERATOR evil.+ (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.less);
CREATE FUNCTION evil.min(bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'captured'; END $$;
SET search_path = evil, pg_catalog;
SELECT 1::bigint = 1::bigint AS shown_to_capture;
CALL registry.score_all('made-up', 7);
SELECT registry.eligible('demo', 1), registry.score_survey(1, :survey_id, 'hies-2015-demo');
SET search_path = registry, public;
DROP SCHEMA evil CASCADE;

-- a formula that scores or programmes cite stays
UPDATE formula SET formula = '{"terms": [{"indicator": "rooms", "each": 11}]}' WHERE name = 'made-up';
DELETE FROM formula WHERE name = 'made-up';
INSERT INTO formula (name, formula, source) VALUES ('draft', '{"terms": [{"indicator": "rooms", "each": 10}]}', 'this test');
INSERT INTO nser.programme (code, name, formula, cutoff) VALUES ('draft', 'Draft', 'draft', 20);
DELETE FROM formula WHERE name = 'draft';
DELETE FROM nser.programme WHERE code = 'draft';
DELETE FROM formula WHERE name = 'draft';
TRUNCATE formula;
INSERT INTO nser.programme (code, name, formula, cutoff) VALUES ('typo', 'Typo', 'hies-2015-dmeo', 20);
BEGIN ISOLATION LEVEL REPEATABLE READ;
DELETE FROM formula WHERE name = 'made-up';
ROLLBACK;

-- the planner knows how common an answer is
ANALYZE nser.survey;
SELECT count(*) AS estimated_expressions FROM pg_stats_ext_exprs WHERE schemaname = 'nser';

-- a refused survey does not show its answers
SELECT record_survey(1, '{"rooms": 3}', NULL, mode => 'pigeon');
SELECT record_survey(1, NULL, '[{"line": 1}]');
SELECT record_survey(NULL, '{}', NULL);

-- eligible() says what nser.eligibility says, whatever became of the household and the time zone
SELECT e.household_id, e.eligible, eligible('demo', e.household_id) IS NOT DISTINCT FROM e.eligible AS same
FROM nser.eligibility AS e WHERE e.household_id IN (1, 10) AND e.programme = 'demo' ORDER BY 1;
UPDATE nser.household SET current_survey = NULL WHERE household_id = 1;
SELECT eligible('demo', 1) AS no_current_survey;
UPDATE nser.household SET current_survey = :survey_id, status = 'dissolved' WHERE household_id = 1;
SELECT eligible('demo', 1) AS dissolved, (SELECT count(*) FROM nser.household_profile WHERE household_id = 1) AS in_profile;
UPDATE nser.household SET status = 'registered' WHERE household_id = 1;
INSERT INTO nser.programme (code, name, formula, cutoff) VALUES ('all', 'Everyone', 'hies-2015-demo', 100);
SET TimeZone = 'UTC';
SELECT eligible('all', 1, '2024-01-31') AS before, eligible('all', 1, '2024-02-01') AS on_the_day, eligible('all', 1, 'infinity') AS for_ever;
SET TimeZone = 'PST8PDT';
SELECT eligible('all', 1, '2024-01-31') AS before, eligible('all', 1, '2024-02-01') AS on_the_day;

-- households numbered to the last, and far apart
INSERT INTO nser.household (household_id, area) VALUES (9223372036854775807, 'PK617'), (-9223372036854775808, 'PK617');
SELECT record_survey(h, '{"rooms": 1, "head_class": 1}', NULL) > 0 AS stored FROM unnest('{9223372036854775807,-9223372036854775808}'::bigint[]) AS h;
CALL score_all('made-up', 1);
CALL score_all('made-up');
SELECT count(*) AS unscored FROM nser.survey AS v WHERE NOT EXISTS (SELECT FROM nser.score AS s WHERE s.household_id = v.household_id AND s.survey_id = v.survey_id AND s.formula = 'made-up');

-- judging values before they are cast
SELECT (input_error(type, value)).* FROM (VALUES
	('registry.roster'::regtype, '[{"line": 1}]'), ('registry.roster', '[{"line": 1, "age": "Fatima"}]'), ('registry.cnic', '35202-1234567'),
	('integer', 'Fatima'), ('date', '2026-02-30'), ('registry.sex', 'Fatima'), ('registry.cnic[]', '{35202-1234567-1'),
	('geometry', 'POINT(35202-1234567-1'), ('regclass', 'Fatima')) AS v (type, value);

-- the extension refuses to go while the store is there
\set VERBOSITY terse
DROP EXTENSION registry;
SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
-- a schema that only looks like a store is not read
CREATE SCHEMA nser;
CREATE FUNCTION nser.captured() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'captured'; END $$;
CREATE VIEW nser.programme AS SELECT nser.captured() AS formula;
CREATE TABLE nser.score (formula text);
DELETE FROM formula WHERE NOT shipped;
DROP SCHEMA nser CASCADE;
CALL registry.upgrade_store();
