-- README's "Getting started": test/docs/run.sh holds it to the answers here.
\set ECHO none
SET client_min_messages = warning;
\set SHOW_CONTEXT never
\set ECHO all
CALL registry.create_store();
SET search_path = registry, public;

-- a household in a union council of Lahore district, and who lives there
INSERT INTO nser.household (household_id, area, phone)
	VALUES (1, 'PK61701003', '0300-1234567');
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, marital_status)
	VALUES (1, 1, 'PK61701003', '35202-1234567-1', 'cnic', 'Akram', 'male', '1980-03-01', 'head', 'married'),
		   (1, 2, 'PK61701003', '35202-7654321-2', 'cnic', 'Nasreen', 'female', '1984-07-15', 'spouse', 'married'),
		   (1, 3, 'PK61701003', NULL, 'none', 'Bilal', 'male', '2015-01-09', 'child', 'never_married');

-- their survey: answers, roster, land; the roster's counts are added to the answers
SELECT record_survey(1,
	'{"province": "punjab", "region": "rural", "rooms": 1, "toilet": "dry_pit", "electricity": "own_meter", "gas": "none",
	  "internet": false, "mobile_phone": true, "computer": false, "landline": false}',
	'[{"line": 1, "relationship": "head", "sex": "male", "age": 44, "marital_status": "married", "spouse_line": 2,
	   "ever_attended": true, "class": 3, "disabilities": []},
	  {"line": 2, "relationship": "spouse", "sex": "female", "age": 40, "marital_status": "married", "spouse_line": 1,
	   "ever_attended": false, "disabilities": ["hearing"]},
	  {"line": 3, "relationship": "child", "sex": "male", "age": 9, "marital_status": "never_married", "mother_line": 2,
	   "attending_school": false, "disabilities": []}]',
	'2 kanal') AS survey_id;

-- who of the household is a family, and on what evidence
SELECT family_no, kind, woman, husband, child_lines, evidence FROM nser.family_profile WHERE household_id = 1;

-- its score, 0 to 100, low = poor; stored, and explained
SELECT score_survey(1, 1, 'hies-2015-demo');
SELECT e.*
FROM nser.survey, formula, pmt_explain(indicators, formula) AS e
WHERE household_id = 1 AND survey_id = 1 AND name = 'hies-2015-demo';

-- a programme of yours, with a higher cut-off where a member is disabled
INSERT INTO nser.programme (code, name, formula, cutoff) VALUES ('demo', 'Demonstration', 'hies-2015-demo', 32);
INSERT INTO nser.relaxation (programme, indicator, cutoff) VALUES ('demo', 'disabled_members', 40);
SELECT eligible('demo', 1);

-- every answer as a labelled column, the counts of the roster among them
SELECT members, dependants, toilet, land_kanals, children_5_16, children_5_16_at_school, disabled_members
FROM nser.household_profile WHERE household_id = 1;

-- nobody is registered twice
INSERT INTO nser.household (household_id, area) VALUES (2, 'PK61701004');
SELECT register_member(2, 'Nasreen', 'female', 'head', '35202-7654321-2');

-- wrong input says what was expected, and never repeats a person's number
SELECT '35202-123456-1'::cnic;
\set ECHO none
DROP SCHEMA nser, share, release CASCADE;
