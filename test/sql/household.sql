--
-- Operations on households: each keeps history, lines, heads, numbers and rosters right
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

\i test/household/wrong.sql
CREATE VIEW pg_temp.who AS
	SELECT m.household_id AS hh, m.line, m.version AS v, m.name, m.relationship, m.marital_status, m.spouse_line AS spouse, m.father_line AS father,
		m.mother_line AS mother, m.valid_from, m.valid_to, m.end_reason, m.superseded_at IS NOT NULL AS superseded
	FROM nser.member AS m ORDER BY 1, 2, 3;
CREATE VIEW pg_temp.home AS
	SELECT h.household_id AS hh, h.status, v.update_type, v.is_full, r.line, m.name, r.relationship, r.age, r.marital_status, r.spouse_line AS spouse,
		r.father_line AS father, r.mother_line AS mother, r.class, s.score
	FROM nser.household AS h
	JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	CROSS JOIN LATERAL members(v.roster) AS r
	JOIN nser.member AS m ON m.household_id = h.household_id AND m.line = r.line AND m.valid_to IS NULL AND m.superseded_at IS NULL
	LEFT JOIN nser.score AS s ON s.household_id = v.household_id AND s.survey_id = v.survey_id
	ORDER BY 1, 5;
\set ECHO all

-- four houses: Zainab, a widow, heads 1; Karim, a widower, heads 2; 3 is a joint family; in 4 one person lives alone
INSERT INTO nser.household (household_id, area, registered_on) VALUES (1, 'PK61701003', '2024-01-01'), (2, 'PK61701004', '2024-01-01'),
	(3, 'PK61701003', '2024-01-01'), (4, 'PK61701003', '2024-01-01');
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, marital_status, spouse_line, father_line, mother_line, valid_from)
VALUES
	(1, 1, 'PK61701003', '30201-0000001-2', 'cnic', 'Zainab', 'female', '1990-05-01', 'head', 'widowed', NULL, 0, 2, '2024-01-01'),
	(1, 2, 'PK61701003', '30201-0000002-4', 'cnic', 'Hajra', 'female', '1960-01-01', 'parent', 'widowed', NULL, NULL, NULL, '2024-01-01'),
	(1, 3, 'PK61701003', '30201-0000003-1', 'b_form', 'Omar', 'male', '2012-03-01', 'child', 'never_married', NULL, 0, 1, '2024-01-01'),
	(1, 4, 'PK61701003', NULL, 'none', 'Sana', 'female', '2016-03-01', 'child', 'never_married', NULL, 0, 1, '2024-01-01'),
	(2, 1, 'PK61701004', '30201-0000004-1', 'cnic', 'Karim', 'male', '1985-01-01', 'head', 'widowed', NULL, 0, 0, '2024-01-01'),
	(2, 2, 'PK61701004', NULL, 'none', 'Bilal', 'male', '2010-01-01', 'child', 'never_married', NULL, 1, 0, '2024-01-01'),
	(3, 1, 'PK61701003', '30201-0000005-1', 'cnic', 'Akbar', 'male', '1955-01-01', 'head', 'married', 2, 0, 0, '2024-01-01'),
	(3, 2, 'PK61701003', '30201-0000006-2', 'cnic', 'Rabia', 'female', '1958-01-01', 'spouse', 'married', 1, 0, 0, '2024-01-01'),
	(3, 3, 'PK61701003', '30201-0000007-1', 'cnic', 'Imran', 'male', '1980-01-01', 'child', 'married', 4, 1, 2, '2024-01-01'),
	(3, 4, 'PK61701003', NULL, 'none', 'Noor', 'female', '1984-01-01', 'child_in_law', 'married', 3, 0, 0, '2024-01-01'),
	(3, 5, 'PK61701003', NULL, 'none', 'Asad', 'male', '2008-01-01', 'grandchild', 'never_married', NULL, 3, 4, '2024-01-01'),
	(3, 6, 'PK61701003', NULL, 'none', 'Tariq', 'male', '1986-01-01', 'child', 'never_married', NULL, 1, 2, '2024-01-01'),
	(3, 7, 'PK61701003', NULL, 'none', 'Gul', 'female', '1970-01-01', 'servant', 'divorced', NULL, 0, 0, '2024-01-01'),
	(4, 1, 'PK61701003', '30201-0000008-2', 'cnic', 'Maryam', 'female', '1950-01-01', 'head', 'widowed', NULL, 0, 0, '2024-01-01');
SELECT setval('nser.household_household_id_seq', 99);
SELECT h AS hh, record_survey(h, '{"province": "punjab", "region": "rural", "rooms": 2, "toilet": "dry_pit", "electricity": "own_meter", "gas": "none",
		"internet": false, "mobile_phone": true, "computer": false, "landline": false}',
	(SELECT roster_agg(line, relationship, sex, 40, marital_status, spouse_line, father_line, mother_line, line * 2, true, false, true,
		'employed', 'regular', false, '{}', '{}') FROM nser.member WHERE household_id = h), '2 kanal', submitted_at => '2024-01-01 10:00+05') AS survey_id
FROM generate_series(1, 3) AS h;
SELECT score_survey(h, h, 'hies-2015-demo') FROM generate_series(1, 3) AS h;
SELECT * FROM pg_temp.wrong();

-- a birth: the next line, and a roster update with the age of that day
SELECT register_member(3, 'Ayesha', 'female', 'grandchild', birth_date => '2025-10-01', marital_status => 'never_married',
	father_line => 3, mother_line => 4, on_date => '2025-10-03') AS line;
SELECT * FROM pg_temp.home WHERE hh = 3;
SELECT * FROM pg_temp.wrong();
-- a bride: the marriage is written on both rows
BEGIN;
SELECT register_member(3, 'Sadia', 'female', 'child_in_law', marital_status => 'married', spouse_line => 6, on_date => '2025-10-04') AS line;
SELECT line, v, name, relationship, marital_status, spouse, valid_from, end_reason FROM pg_temp.who WHERE hh = 3 AND line IN (6, 9);
SELECT * FROM pg_temp.wrong();
ROLLBACK;
-- in a house that was never surveyed there is no roster to update; in a new one the head comes first
SELECT register_member(4, 'Daud', 'male', 'grandchild', '30201-0000009-1', birth_date => '2005-01-01', on_date => '2024-01-02') AS line;
SELECT current_survey FROM nser.household WHERE household_id = 4;
-- who comes back, here or elsewhere, has not ended: nor do we know since when we would
BEGIN;
INSERT INTO nser.member (household_id, line, area, document, name, relationship, valid_from, valid_to, end_reason, ended_at) VALUES
	(4, 3, 'PK61701003', 'none', 'Here', 'other', '2024-01-01', '2025-01-01', 'left', now()), (4, 4, 'PK61701003', 'none', 'There', 'other', '2024-01-01', '2025-01-01', 'left', now());
SELECT reinstate_member(4, 3) AS survey_id;
SELECT new_line FROM move_member(4, 4, 2, 'other');
SELECT household_id, line, version, valid_to, end_reason, ended_at IS NULL AS no_end_known FROM nser.member WHERE name IN ('Here', 'There') ORDER BY 1 DESC, 2, 3;
ROLLBACK;
-- refused: no head, two heads, kin who is not there, wrong document, born later, no name, no such household
INSERT INTO nser.household (household_id, area) VALUES (5, 'PK61701003');
SELECT register_member(5, 'Nadia', 'female', 'child');
SELECT register_member(3, 'Nadia', 'female', 'head');
SELECT register_member(3, 'Nadia', 'female', 'child', father_line => 9);
SELECT register_member(3, 'Nadia', 'female', 'child', document => 'cnic');
SELECT register_member(3, 'Nadia', 'female', 'child', birth_date => '2025-10-02', on_date => '2025-10-01');
SELECT register_member(3, '', 'female', 'child');
SELECT register_member(99, 'Nadia', 'female', 'child');
SELECT register_member(NULL, 'Nadia', 'female', 'child');
SELECT register_member(3, 'Nadia', 'female', 'child', on_date => '2999-01-01');
-- 254 lines, and no more
BEGIN;
INSERT INTO nser.member (household_id, line, area, document, name, relationship) VALUES (4, 254, 'PK61701003', 'none', 'Last', 'other');
SELECT register_member(4, 'Nadia', 'female', 'child');
ROLLBACK;
-- a survey of people whom nser.member does not have
BEGIN;
SELECT record_survey(4, '{}', '[{"line": 1, "relationship": "head"}, {"line": 2}, {"line": 3}]') > 0 AS recorded;
SELECT register_member(4, 'Nadia', 'female', 'child');
ROLLBACK;
SELECT * FROM pg_temp.wrong();

-- a death: the head's, so others need a head; his wife is widowed, and everyone restated
SELECT end_member(3, 1, 'died', '2025-10-10');
SELECT end_member(3, 1, 'died', '2025-10-10', new_head => 1);
SELECT end_member(3, 1, 'died', '2025-10-10', new_head => 9);
SELECT end_member(3, 1, 'fled', '2025-10-10', new_head => 3);
SELECT end_member(3, 1, 'died', '2023-10-10', new_head => 3);
SELECT end_member(3, 7, 'left', '2025-10-10', new_head => 3);
SELECT end_member(3, 1, 'died', '2025-10-10', new_head => 3, by_case => 77) > 0 AS recorded;
SELECT * FROM pg_temp.who WHERE hh = 3;
SELECT * FROM pg_temp.home WHERE hh = 3;
SELECT DISTINCT opened_by, closed_by FROM nser.member WHERE household_id = 3 AND (closed_by IS NOT NULL OR opened_by IS NOT NULL) ORDER BY 1, 2;
SELECT update_type, is_full, by_case FROM nser.survey WHERE household_id = 3 ORDER BY survey_id;
SELECT * FROM pg_temp.wrong();
SELECT end_member(3, 1, 'left');
-- the same day, the next head dies too, and that is undone
BEGIN;
SELECT end_member(3, 3, 'died', '2025-10-10', new_head => 6) > 0 AS recorded;
SELECT reinstate_member(3, 3) > 0 AS recorded;
SELECT line, v, name, relationship, marital_status, spouse, valid_from, valid_to, end_reason, superseded FROM pg_temp.who WHERE hh = 3 AND line IN (3, 4, 8);
SELECT * FROM pg_temp.wrong();
ROLLBACK;
-- it was a mistake: he comes back, as the head's father by lines; his wife is married, and the head stays until changed
SELECT reinstate_member(3, 1) > 0 AS recorded;
SELECT reinstate_member(3, 1);
SELECT reinstate_member(3, 200);
SELECT * FROM pg_temp.who WHERE hh = 3 AND line < 3;
SELECT * FROM change_head(3, 1, on_date => '2025-10-12');
SELECT * FROM pg_temp.wrong();

-- another head: by the lines of spouses and parents; overrides; unknown is other
SELECT * FROM change_head(3, 4, on_date => '2025-10-13');
SELECT * FROM change_head(3, 1, '{"7": "other", "6": "sibling"}', '2025-10-14');
SELECT * FROM change_head(3, 3, '{"7": "servant", "9": "child"}', '2025-10-15');
SELECT * FROM change_head(3, 3, '{"7": "maid"}', '2025-10-15');
SELECT * FROM change_head(3, 9);
SELECT * FROM change_head(3, 3, on_date => '2025-10-01');
SELECT * FROM pg_temp.wrong();

-- a widowed head remarries into another house: her small children go along, her mother heads who stays
BEGIN;
SELECT hh, line, v, name, relationship, marital_status, spouse, mother, valid_from, valid_to, end_reason
FROM pg_temp.who WHERE hh IN (1, 2);
SELECT * FROM move_member(1, 1, 2, 'spouse', 'married', spouse_line => 1, new_head => 2, with_lines => '{4}', on_date => '2025-11-01');
SELECT hh, line, v, name, relationship, marital_status, spouse, mother, valid_from, valid_to, end_reason
FROM pg_temp.who WHERE hh IN (1, 2);
SELECT hh, line, name, relationship, age, marital_status, spouse, mother, class, score FROM pg_temp.home WHERE hh IN (1, 2);
SELECT household_id, line FROM nser.identity WHERE cnic = '30201-0000001-2';
SELECT * FROM pg_temp.wrong();
ROLLBACK;
-- or they all stay with their grandmother
BEGIN;
SELECT * FROM move_member(1, 1, 2, 'spouse', 'married', spouse_line => 1, new_head => 2, on_date => '2025-11-01');
SELECT * FROM pg_temp.home WHERE hh IN (1, 2);
SELECT * FROM pg_temp.wrong();
-- and she comes back, on another line: the children are hers again by a call
SELECT new_line FROM move_member(2, 3, 1, 'child', 'divorced', mother_line => 2, on_date => '2025-12-01');
SELECT correct_member(1, 3, '{"mother_line": 5}', '2025-12-01') > 0 AS recorded;
SELECT line, name, relationship, marital_status, spouse, mother FROM pg_temp.home WHERE hh = 1;
ROLLBACK;
-- or all go, and the house is dissolved
BEGIN;
SELECT * FROM move_member(1, 1, 2, 'spouse', 'married', spouse_line => 1, with_lines => '{2,3,4}', on_date => '2025-11-01');
SELECT status FROM nser.household WHERE household_id = 1;
SELECT * FROM pg_temp.home WHERE hh IN (1, 2);
SELECT * FROM pg_temp.wrong();
ROLLBACK;
-- a second wife: he names the first
BEGIN;
SELECT * FROM move_member(1, 1, 3, 'spouse', 'married', spouse_line => 1, new_head => 2, on_date => '2025-11-01');
SELECT * FROM pg_temp.who WHERE hh = 3 AND line IN (1, 2, 9) AND valid_to IS NULL AND NOT superseded;
SELECT * FROM pg_temp.wrong();
-- when the first dies, he is no widower
SELECT end_member(3, 2, 'died', '2025-11-02') > 0 AS recorded;
SELECT * FROM pg_temp.who WHERE hh = 3 AND line IN (1, 2, 9) AND NOT superseded AND valid_from > '2025-10-12';
SELECT * FROM pg_temp.wrong();
ROLLBACK;
-- refused
SELECT * FROM move_member(1, 1, 2, 'spouse', 'married', spouse_line => 1);
SELECT * FROM move_member(1, 1, 2, 'spouse', spouse_line => 1, new_head => 2);
SELECT * FROM move_member(1, 1, 2, 'spouse', 'married', spouse_line => 7, new_head => 2);
SELECT * FROM move_member(1, 1, 2, 'head', new_head => 2);
SELECT * FROM move_member(1, 1, 1, 'spouse');
SELECT * FROM move_member(1, 9, 2, 'other');
SELECT * FROM move_member(1, 3, 2, 'other', with_lines => '{9}');
SELECT * FROM move_member(1, 3, 2, NULL);
SELECT * FROM move_member(1, 3, 98, 'other');
SELECT * FROM move_member(1, 3, 2, 'other', relationships => '{"4": "child"}');
SELECT * FROM move_member(1, 3, 2, 'other', on_date => '2023-12-31');
SELECT * FROM pg_temp.wrong();

-- who left the registry comes back elsewhere: the old row now says moved
SELECT end_member(1, 3, 'left', '2025-06-01') > 0 AS recorded;
SELECT * FROM move_member(1, 3, 3, 'other', on_date => '2025-10-20');
SELECT * FROM pg_temp.who WHERE name = 'Omar';
SELECT line, name, class, score FROM pg_temp.home WHERE hh = 3;
SELECT * FROM pg_temp.wrong();

-- a son and his own become a household of their own: no answers but where it is, and so no score
SELECT * FROM split_household(3, '{3,4,5,8}', 3, address => 'Street 4', on_date => '2025-10-21') AS hh \gset
SELECT area, registered_on, status, address, phone FROM nser.household WHERE household_id = :hh;
SELECT * FROM pg_temp.home WHERE hh IN (3, :hh);
SELECT indicators ->> 'province' AS province, indicators ->> 'region' AS region, indicators -> 'rooms' AS rooms, indicators -> 'members' AS members
FROM nser.survey JOIN nser.household ON current_survey = survey_id AND nser.household.household_id = nser.survey.household_id
WHERE nser.household.household_id IN (3, :hh) ORDER BY nser.household.household_id;
SELECT * FROM pg_temp.wrong();
-- refused: all of them, the head not among them or not replaced, nobody, ended lines
SELECT split_household(3, '{1,2,6,7,9}', 1);
SELECT split_household(3, '{2,6}', 2, rest_head => 1);
SELECT split_household(3, '{2,6}', 1);
SELECT split_household(3, '{1,6}', 1);
SELECT split_household(3, '{}', 1);
SELECT split_household(3, '{3}', 3);
SELECT split_household(3, '{2,6}', 2, '{"1": "child"}');

-- the head goes, and a son heads who stays
BEGIN;
SELECT split_household(3, '{1,2}', 2, '{"1": "spouse"}', area => 'PK70101', rest_head => 6, on_date => '2025-10-22') > 0 AS split;
SELECT * FROM pg_temp.home WHERE hh >= 3;
SELECT * FROM pg_temp.wrong();
ROLLBACK;

-- they come back: merged under the father
SELECT * FROM merge_households(:hh, 3, 'child', on_date => '2025-10-25');
SELECT status FROM nser.household WHERE household_id = :hh;
SELECT * FROM pg_temp.home WHERE hh = 3;
SELECT * FROM pg_temp.wrong();
SELECT * FROM merge_households(3, 3, 'child');
SELECT * FROM merge_households(3, 2, 'head');
SELECT * FROM merge_households(:hh, 3, 'child');
SELECT * FROM merge_households(5, 3, 'child');
SELECT * FROM move_member(3, 6, :hh, 'child');
BEGIN;
UPDATE nser.household SET status = 'merged' WHERE household_id = 4;
UPDATE nser.member SET valid_to = '2025-01-01', end_reason = 'died' WHERE household_id = 4 AND line = 2;
SELECT reinstate_member(4, 2);
ROLLBACK;

-- recorded late, and a child was born since: it is restated from its own date
BEGIN;
SELECT register_member(3, 'Hina', 'female', 'grandchild', birth_date => '2025-10-28', father_line => 10, mother_line => 11, on_date => '2025-10-30') AS line;
SELECT end_member(3, 1, 'died', '2025-10-26', new_head => 10) > 0 AS recorded;
SELECT line, v, name, relationship, marital_status, valid_from, valid_to, end_reason FROM pg_temp.who WHERE hh = 3 AND line IN (1, 2, 14) AND NOT superseded AND valid_from > '2025-10-12';
SELECT * FROM pg_temp.wrong();
ROLLBACK;

-- the last to go dissolves a household, and reopens it
SELECT end_member(2, 2, 'left', '2025-10-01') > 0 AS recorded;
SELECT end_member(2, 1, 'died', '2025-10-02');
SELECT status FROM nser.household WHERE household_id = 2;
SELECT end_member(2, 1, 'left');
SELECT reinstate_member(2, 1) > 0 AS recorded;
SELECT line, name, relationship, marital_status, father, class FROM pg_temp.home WHERE hh = 2;
SELECT reinstate_member(2, 2) > 0 AS recorded;
SELECT line, name, relationship, marital_status, father, class FROM pg_temp.home WHERE hh = 2;
SELECT reinstate_member(1, 3);
-- they leave together, the house is dissolved, and they come back to another
BEGIN;
SELECT end_member(2, 2, 'left', '2025-10-03') > 0 AS recorded;
SELECT end_member(2, 1, 'left', '2025-10-04');
SAVEPOINT refused;
SELECT * FROM move_member(2, 1, 3, 'sibling', with_lines => '{2}', new_head => 1, on_date => '2025-11-03');
ROLLBACK TO refused;
SELECT * FROM move_member(2, 1, 3, 'sibling', with_lines => '{2}', on_date => '2025-11-03');
SELECT line, name, relationship, father, class FROM pg_temp.home WHERE hh = 3 AND line > 13;
SELECT hh, line, v, name, valid_to, end_reason, superseded FROM pg_temp.who WHERE hh = 2;
SELECT status FROM nser.household WHERE household_id = 2;
SELECT * FROM pg_temp.wrong();
ROLLBACK;
SELECT * FROM pg_temp.wrong();

-- what only the survey knows: nser.member has names and dates, and the lines of kin are not lost by an end that is undone
BEGIN;
INSERT INTO nser.household (household_id, area) VALUES (6, 'PK61701003');
INSERT INTO nser.member (household_id, line, area, document, name, valid_from)
SELECT 6, i, 'PK61701003', 'none', 'Nobody ' || i, '2024-01-01' FROM generate_series(1, 4) AS i;
SELECT record_survey(6, '{"province": "punjab", "region": "rural"}', '[{"line": 1, "relationship": "head", "sex": "male", "age": 40, "marital_status": "married", "spouse_line": 2},
	{"line": 2, "relationship": "spouse", "sex": "female", "age": 38, "marital_status": "married", "spouse_line": 1},
	{"line": 3, "relationship": "child", "sex": "male", "age": 10, "marital_status": "never_married", "father_line": 1, "mother_line": 2},
	{"line": 4, "relationship": "child", "sex": "female", "age": 1, "marital_status": "never_married", "father_line": 1, "mother_line": 2}]',
	submitted_at => '2024-01-01 10:00+05') > 0 AS recorded;
CREATE TEMP VIEW family AS SELECT f.* FROM nser.household AS h
	JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey CROSS JOIN LATERAL families(v.roster) AS f WHERE h.household_id = 6;
CREATE TEMP TABLE before AS SELECT * FROM family;
SELECT end_member(6, 2, 'duplicate', '2025-01-02') > 0 AS recorded;
SELECT line, name, spouse, father, mother FROM pg_temp.home WHERE hh = 6;
SELECT reinstate_member(6, 2) > 0 AS recorded;
SELECT * FROM family EXCEPT SELECT * FROM before;
-- a death that is undone, where the widow's row has changed twice since
SELECT end_member(6, 2, 'died', '2025-01-02') > 0 AS recorded;
SELECT correct_cnic(6, 1, '30201-0000061-1');
SELECT correct_member(6, 1, '{"father_name": "Somebody"}', '2025-02-01') > 0 AS recorded;
SELECT reinstate_member(6, 2) > 0 AS recorded;
SELECT line, v, marital_status, spouse, valid_from, valid_to, end_reason, superseded FROM pg_temp.who WHERE hh = 6 AND line < 3;
SELECT * FROM family EXCEPT SELECT * FROM before;
-- who remarried is not unmarried: a warning
SELECT end_member(6, 2, 'died', '2025-03-02') > 0 AS recorded;
SELECT correct_member(6, 1, '{"marital_status": "married", "spouse_line": 0}', '2025-04-02') > 0 AS recorded;
SELECT reinstate_member(6, 2) > 0 AS recorded;
-- ages grow from the survey that asked them, also through operations on the way
SELECT line, age = 40 + extract(year FROM age(current_date, '2024-01-01'))::integer AS grown FROM pg_temp.home WHERE hh = 6 AND line = 1;
SELECT split_household(6, '{3,4}', 3, on_date => '2025-12-31') AS hh7 \gset
SELECT line, age FROM pg_temp.home WHERE hh = :hh7;
SELECT register_member(:hh7, 'Nobody 5', 'male', 'sibling', on_date => '2026-01-01') AS line;
SELECT line, relationship, age, marital_status FROM pg_temp.home WHERE hh = :hh7;
-- a second head is refused, and the first is found where only the survey has it
SAVEPOINT refused;
SELECT register_member(6, 'Another', 'male', 'head');
ROLLBACK TO refused;
SELECT end_member(6, 1, 'died', '2026-01-02');
ROLLBACK TO refused;
SELECT * FROM merge_households(6, :hh7, 'parent', on_date => '2026-01-02');
ROLLBACK;

-- marriage, divorce and kin without a move; a correction supersedes, a change ends
BEGIN;
SELECT register_member(4, 'Shazia', 'female', 'child', birth_date => '1978-01-01', on_date => '2025-01-01') AS line;
SELECT correct_member(4, 2, '{"mother_line": 3, "name": "Dawood"}') IS NULL AS never_surveyed;
SELECT register_member(4, 'Jamil', 'male', 'child_in_law', on_date => '2025-01-02') AS line;
SELECT correct_member(4, 3, '{"marital_status": "married", "spouse_line": 4}', '2025-02-01', by_case => 5);
SELECT correct_member(4, 4, '{"marital_status": "divorced"}', '2025-03-01');
SELECT * FROM pg_temp.who WHERE hh = 4;
SELECT * FROM pg_temp.wrong();
ROLLBACK;
SELECT correct_member(4, 2, '{"cnic": "30201-0000099-1"}');
SELECT correct_member(4, 2, '{}');
SELECT correct_member(4, 2, NULL);
SELECT correct_member(4, 2, '{"sex": "unheard of"}');
SELECT correct_member(4, 2, '{"name": null}');
SELECT correct_member(4, 2, '{"birth_date": "1700-01-01"}');
SELECT correct_member(4, 2, '{"mother_line": 2}');
SELECT correct_member(4, 2, '{"mother_line": 9}');
SELECT correct_member(4, 2, '{"relationship": "head"}');
SELECT correct_member(4, 9, '{"relationship": "child"}');
\set VERBOSITY terse
INSERT INTO nser.member (household_id, line, area, document, name, birth_date) VALUES (4, 9, 'PK61701003', 'none', 'Old', '0080-01-01');
\set VERBOSITY default

-- a full survey that is newer than the rows: nothing is decided for it, and the lines are brought up to date
BEGIN;
INSERT INTO nser.household (household_id, area) VALUES (7, 'PK61701003');
INSERT INTO nser.member (household_id, line, area, document, name, relationship, marital_status, spouse_line, father_line, valid_from, recorded_at)
VALUES (7, 1, 'PK61701003', 'none', 'Husband', 'head', 'married', 2, NULL, '2024-01-01', '2024-01-01'),
	(7, 2, 'PK61701003', 'none', 'Wife', 'spouse', 'married', 1, NULL, '2024-01-01', '2024-01-01'),
	(7, 3, 'PK61701003', 'none', 'Son', 'child', 'never_married', NULL, 1, '2024-01-01', '2024-01-01'),
	(7, 4, 'PK61701003', 'none', 'Gone', 'other', NULL, NULL, NULL, '2024-01-01', '2024-01-01');
SELECT record_survey(7, '{}', '[{"line": 1, "relationship": "head", "marital_status": "divorced"}, {"line": 2, "relationship": "other", "marital_status": "married", "spouse_line": 1},
	{"line": 3, "relationship": "child", "marital_status": "never_married", "father_line": 1}]', submitted_at => '2025-01-01 10:00+05') > 0 AS recorded;
SAVEPOINT refused;
SELECT register_member(7, 'Daughter', 'female', 'child');
ROLLBACK TO refused;
SELECT change_head(7, 3);
ROLLBACK TO refused;
SELECT split_household(7, '{3}', 3);
ROLLBACK TO refused;
SELECT * FROM move_member(7, 3, 4, 'other');
ROLLBACK TO refused;
SELECT * FROM merge_households(7, 4, 'other');
ROLLBACK TO refused;
SELECT end_member(7, 1, 'died', '2025-01-01', new_head => 2);
ROLLBACK TO refused;
SELECT end_member(7, 4, 'left', '2024-06-01');
SELECT * FROM survey_differences(7);
SELECT correct_member(7, 1, '{"marital_status": "divorced"}', '2024-06-01') > 0 AS recorded;
SELECT line, relationship, marital_status, spouse, father FROM pg_temp.home WHERE hh = 7;
SELECT register_member(7, 'Daughter', 'female', 'child') AS line;
SELECT * FROM pg_temp.wrong();
ROLLBACK;

-- what members are to a new head by relationship alone: both as they were to the old one
SELECT n AS new_head, string_agg(format('%s is %s', m, relationship_to(n, m)), ', ' ORDER BY m) AS members
FROM unnest(enum_range(NULL::relationship)) AS n, unnest(enum_range(NULL::relationship)) AS m
WHERE relationship_to(n, m) IS NOT NULL AND n <> 'head' AND m <> 'servant' GROUP BY n ORDER BY n;
-- where that leaves several answers, the lines of others may tell
SELECT * FROM relationships('[{"line": 1, "relationship": "head"}, {"line": 2, "relationship": "child"}, {"line": 3, "relationship": "child"},
	{"line": 4, "relationship": "child_in_law", "spouse_line": 3}, {"line": 5, "relationship": "grandchild", "father_line": 3},
	{"line": 6, "relationship": "grandchild"}, {"line": 7, "relationship": "servant"}]', 2);
-- whose parents are a man's parents-in-law, where he has two wives?
SELECT * FROM relationships('[{"line": 1, "relationship": "head"}, {"line": 2, "relationship": "spouse"}, {"line": 3, "relationship": "spouse"},
	{"line": 4, "relationship": "parent_in_law"}, {"line": 5, "relationship": "child"}]', 3);
-- brothers whose father died: his line still tells
SELECT * FROM relationships('[{"line": 2, "relationship": "head", "father_line": 1}, {"line": 3, "relationship": "other", "father_line": 1},
	{"line": 4, "relationship": "other", "father_line": 3}, {"line": 5, "relationship": "other", "father_line": 98},
	{"line": 6, "relationship": "other", "father_line": 0}]', 3);

\set VERBOSITY terse
-- Husband and wife die, and both were a mistake: married again, whichever is undone first; in between, widowed.
INSERT INTO nser.household (household_id, area) VALUES (2100, 'PK61701003');
INSERT INTO nser.member (household_id, line, area, document, name, sex, relationship, marital_status, spouse_line, mother_line) VALUES
	(2100, 1, 'PK61701003', 'none', 'Bashir', 'male', 'head', 'married', 2, 0), (2100, 2, 'PK61701003', 'none', 'Amina', 'female', 'spouse', 'married', 1, 0),
	(2100, 3, 'PK61701003', 'none', 'Naveed', 'male', 'child', 'never_married', 0, 2);
SELECT record_survey(2100, '{}', live_roster(2100, current_date)) > 0 AS recorded;
CREATE FUNCTION pg_temp.undone(first integer, second integer) RETURNS TABLE (after text, line smallint, marital_status marital_status, spouse smallint, ended text)
LANGUAGE plpgsql AS $$
DECLARE who integer;
BEGIN
	PERFORM end_member(2100, 1, 'died', new_head => 3), end_member(2100, 2, 'died');
	FOREACH who IN ARRAY ARRAY[first, second] LOOP
		PERFORM reinstate_member(2100, who);
		RETURN QUERY SELECT 'back: ' || who, m.line, m.marital_status, m.spouse_line, m.end_reason FROM nser.member AS m
			WHERE m.household_id = 2100 AND m.superseded_at IS NULL AND m.line < 3 AND m.end_reason IS DISTINCT FROM 'changed' ORDER BY 2;
	END LOOP;
	PERFORM change_head(2100, 1);
END $$;
SELECT * FROM pg_temp.undone(1, 2);
SELECT * FROM pg_temp.undone(2, 1);

-- Who cannot be married to each other is not; who goes heads nobody.
SELECT register_member(2100, 'Salma', 'female', 'other', marital_status => 'married', spouse_line => 2);
SELECT correct_member(2100, 3, '{"marital_status": "married", "spouse_line": 2}');
SELECT correct_member(2100, 3, '{"name": " "}');
SELECT end_member(2100, 1, 'died', new_head => 1);

-- A death that is recorded late makes nobody younger; numbers that came with a load are passed over.
INSERT INTO nser.household (household_id, area) VALUES (2000, 'PK61701003');
INSERT INTO nser.member (household_id, line, area, document, name, sex, birth_date, relationship, marital_status, spouse_line, valid_from) VALUES
	(2000, 1, 'PK61701003', 'none', 'Anwar', 'male', '2000-01-01', 'head', 'married', 2, '2023-01-01'),
	(2000, 2, 'PK61701003', 'none', 'Saima', 'female', '2007-06-01', 'spouse', 'married', 1, '2023-01-01'),
	(2000, 3, 'PK61701003', 'none', 'Sughra', 'female', '1940-01-01', 'grandparent', 'widowed', 0, '2023-01-01');
SELECT record_survey(2000, '{}', live_roster(2000, '2026-01-01'), submitted_at => '2026-01-01 12:00+05') > 0 AS recorded;
SELECT end_member(2000, 3, 'died', '2024-06-01') > 0 AS updated;
SELECT m.line, m.age, f.counts FROM nser.household AS h JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	CROSS JOIN LATERAL members(v.roster) AS m LEFT JOIN nser.family AS f ON f.survey_id = v.survey_id AND f.woman_line = m.line
	WHERE h.household_id = 2000 ORDER BY 1;
SELECT end_member(2000, 1, 'died', '1899-12-31');
SELECT setval('nser.household_household_id_seq', 1999) > 0 AS behind;
SELECT split_household(2000, '{2}', 2) AS new_household;

-- a line that a survey names as kin is nobody's yet, and no newcomer's
INSERT INTO nser.household (household_id, area) VALUES (2001, 'PK61701003');
INSERT INTO nser.member (household_id, line, area, document, name, sex, relationship, marital_status, valid_from) VALUES
	(2001, 1, 'PK61701003', 'none', 'Ali', 'male', 'head', 'married', '2023-01-01'), (2001, 2, 'PK61701003', 'none', 'Nur', 'male', 'other', 'married', '2023-01-01');
SELECT record_survey(2001, '{}', '[{"line": 1, "relationship": "head", "sex": "male", "age": 40, "marital_status": "married", "spouse_line": 0},
	{"line": 2, "relationship": "other", "sex": "male", "age": 30, "marital_status": "married", "spouse_line": 3}]') > 0 AS recorded;
SELECT register_member(2001, 'Sana', 'female', 'other', marital_status => 'never_married') AS line;

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
