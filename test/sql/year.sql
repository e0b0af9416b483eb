--
-- A year in the life of ten households
--
-- Surveys of before stand in test/update/before_year.sql: households 1 to 9 in a village of
-- Dadu, PK703010010001, all made up.  Each case is opened, screened, interviewed, submitted,
-- verified and applied on its day by pg_temp.happens().
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET client_min_messages = warning;
\set ECHO none
CALL registry.create_store();
\i test/update/happens.sql
\i test/update/before_year.sql
SET search_path = registry, public;
\set ECHO all

-- who they are on New Year's Day 2025
SELECT * FROM pg_temp.home ORDER BY hh;

-- January: the tenth family comes to the centre in Dadu; the youngest has no document
SELECT * FROM pg_temp.happens('2025-01-08', 'missed_out', NULL, '{
	"answers": {"province": "sindh", "region": "rural", "rooms": 1, "toilet": "none", "electricity": "none", "gas": "none",
		"internet": false, "mobile_phone": true, "computer": false, "landline": false},
	"land": "0 acre", "phone": "0300-1234510", "address": "Village Rukan",
	"members": [
		{"line": 1, "name": "Yaqoob", "cnic": "41204-0000101-1", "sex": "male", "birth_date": "1990-02-01", "relationship": "head", "marital_status": "married", "spouse_line": 2, "ever_attended": false, "disabilities": []},
		{"line": 2, "name": "Sakina", "cnic": "41204-0000102-2", "sex": "female", "birth_date": "1993-04-01", "relationship": "spouse", "marital_status": "married", "spouse_line": 1, "ever_attended": false, "disabilities": []},
		{"line": 3, "name": "Rano", "sex": "female", "birth_date": "2019-05-01", "relationship": "child", "marital_status": "never_married", "father_line": 1, "mother_line": 2, "ever_attended": false, "attending_school": false, "disabilities": []}]}',
	area => 'PK703010010001');
-- poor enough: the mother is enrolled
SELECT enrol('kafaalat', 10, 2, on_date => '2025-01-20') > 0 AS enrolled;

-- February: a daughter is born to household 3
SELECT * FROM pg_temp.happens('2025-02-12', 'roster', 3, '{"changes": [{"change": "birth", "name": "Hira", "sex": "female", "birth_date": "2025-02-01", "mother_line": 2, "on_date": "2025-02-01"}]}');

SELECT update_type, (submitted_at AT TIME ZONE 'Asia/Karachi')::date AS day, is_full, by_case, indicators -> 'members' AS members FROM nser.survey WHERE household_id = 3 ORDER BY survey_id;

-- the head of household 4 is reported dead; his wife heads it
SELECT * FROM pg_temp.happens('2025-02-20', 'roster', 4, '{"changes": [{"change": "death", "line": 1, "new_head": 2, "on_date": "2025-02-15"}]}');

-- March: three years after they were enrolled, households 1 and 2 are recertified: one is as poor as it was
SELECT * FROM may_update(1, 'recertification', '2025-02-28');
SELECT * FROM pg_temp.happens('2025-03-04', 'recertification', 1, pg_temp.survey(1));
-- the other has another house, with a flush, gas and a computer
SELECT * FROM pg_temp.happens('2025-03-05', 'recertification', 2, pg_temp.survey(2, '{"toilet": "flush_sewer", "electricity": "own_meter", "gas": "own_meter", "rooms": 6, "internet": true, "computer": true, "landline": true}'));
SELECT programme, household_id, line, entered_on, certified_on, exited_on, exit_reason FROM nser.enrolment ORDER BY household_id, enrolment_id;

-- household 6 was surveyed in June 2023, and is no beneficiary: two years have not passed
SELECT * FROM may_update(6, 'cyclic', '2025-03-10');
SELECT * FROM pg_temp.happens('2025-03-10', 'cyclic', 6, pg_temp.survey(6));
-- nor is an appeal open to anyone yet
SELECT * FROM pg_temp.happens('2025-03-11', 'appeal', 6, pg_temp.survey(6));

-- May: the man of household 4 lives: a complaint, and the correction it leads to
SELECT * FROM pg_temp.happens('2025-05-06', 'grievance', 4, '{"about": "data", "statement": "He works in Karachi, and is alive."}',
	answer => '{"outcome": "upheld", "answer": "He was seen by the operator; a correction follows."}');
SELECT * FROM pg_temp.happens('2025-05-06', 'correction', 4, '{"changes": [{"change": "reinstate", "line": 1}]}');
SELECT * FROM pg_temp.happens('2025-05-06', 'roster', 4, '{"changes": [{"change": "new_head", "new_head": 1, "on_date": "2025-02-15"}]}');
SELECT * FROM pg_temp.members(4);

-- June: now two years have passed, and household 6 has become poor enough
SELECT * FROM pg_temp.happens('2025-06-16', 'cyclic', 6, pg_temp.survey(6, '{"rooms": 1, "toilet": "none", "electricity": "none", "gas": "none", "internet": false, "computer": false, "landline": false}'));
SELECT term, answer_before, answer_after, points_before, points_after, change
FROM nser.household AS h
CROSS JOIN LATERAL score_change(6, (SELECT min(survey_id) FROM nser.survey WHERE household_id = 6), h.current_survey, 'hies-2015-demo')
WHERE h.household_id = 6;
SELECT enrol('kafaalat', 6, 2, on_date => '2025-06-20') > 0 AS enrolled;

-- August: a flood
SELECT declare_shock('flood of the year', 'flood', '[2025-08-25,2025-09-20]', areas => '{PK70301}', update_window => '[2025-09-15,2025-12-31]') AS shock;
SELECT * FROM pg_temp.happens('2025-09-01', 'shock', 5, pg_temp.survey(5));
SELECT * FROM pg_temp.happens('2025-09-16', 'shock', 5, pg_temp.survey(5, '{"rooms": 1, "toilet": "none", "electricity": "none"}'));

-- October: a daughter of household 7 marries into household 8
SELECT * FROM pg_temp.happens('2025-10-10', 'roster', 7, '{"changes": [{"change": "move", "line": 3, "to_household": 8, "relationship": "child_in_law", "marital_status": "married", "spouse_line": 3, "on_date": "2025-10-04"}]}');

-- November: the elder son of household 9 builds a house of his own, and its people are household 11
SELECT * FROM pg_temp.happens('2025-11-12', 'roster', 9, '{"changes": [{"change": "split", "lines": [3, 4, 5], "new_head": 3, "on_date": "2025-11-01"}]}');

-- December: a telephone, as it was; a death in household 2
SELECT * FROM pg_temp.happens('2025-12-01', 'roster', 3, '{"changes": [{"change": "contact", "phone": "0300-1234503"}]}');
SELECT * FROM pg_temp.happens('2025-12-20', 'roster', 2, '{"changes": [{"change": "death", "line": 3, "on_date": "2025-12-18"}]}');

-- who they are on New Year's Eve
SELECT * FROM pg_temp.home ORDER BY hh;

-- every case of the year, and under what case what was changed
SELECT c.opened_on, c.household_id AS hh, c.update_type, c.state, c.last_step AS steps, c.no_change
FROM nser.update_case AS c ORDER BY c.opened_on, c.case_id;

-- household 4 at Easter, as it was known then, and as it is known now
SELECT line, name, relationship, marital_status FROM household_as_of(4, '2025-04-20', (SELECT min(recorded_at) FROM nser.case_step WHERE household_id = 4 AND event = 'apply')) ORDER BY line;
SELECT line, name, relationship, marital_status FROM household_as_of(4, '2025-04-20') ORDER BY line;

-- New Year's Day 2026: who may come for what, or from when
SELECT h AS hh, t.type, v.reason, v.allowed_from
FROM generate_series(1, 11) AS h
CROSS JOIN LATERAL (SELECT CASE WHEN (update_facts_of(h, '2026-01-01')).beneficiary THEN 'recertification' ELSE 'cyclic' END::update_type AS type) AS t
CROSS JOIN LATERAL may_update(h, t.type, '2026-01-01') AS v;

-- nothing was altered
SELECT count(*) AS problems FROM verify_chain();

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
