--
-- Lists of changes: roster updates and corrections, each kind with what follows from it
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
	SELECT m.household_id AS hh, m.line, m.version AS v, m.name, m.sex, m.birth_date, m.relationship, m.marital_status, m.spouse_line AS spouse,
		m.father_line AS father, m.mother_line AS mother, m.valid_from, m.valid_to, m.end_reason, m.opened_by, m.closed_by
	FROM nser.member AS m WHERE m.superseded_at IS NULL ORDER BY 1, 2, 3;
CREATE VIEW pg_temp.live AS
	SELECT hh, line, v, name, relationship, marital_status, spouse, father, mother, valid_from, opened_by FROM pg_temp.who WHERE valid_to IS NULL;
CREATE VIEW pg_temp.home AS
	SELECT h.household_id AS hh, h.status, h.area, h.phone, h.address, registry.st_x(h.place) AS lon, v.update_type, v.by_case,
		v.indicators -> 'members' AS members, v.indicators -> 'disabled_members' AS disabled, v.indicators -> 'widows' AS widows, s.score,
		(SELECT count(*) FROM nser.family AS f WHERE f.household_id = h.household_id AND f.survey_id = v.survey_id) AS families
	FROM nser.household AS h
	LEFT JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	LEFT JOIN nser.score AS s ON s.household_id = v.household_id AND s.survey_id = v.survey_id
	ORDER BY 1;
-- everything the store holds of people, in one number
CREATE FUNCTION pg_temp.everything() RETURNS bigint LANGUAGE sql AS $$
	SELECT sum(hashtextextended(t.line, 0))::numeric % 1000000007
	FROM (SELECT h::text AS line FROM nser.household AS h UNION ALL SELECT m::text FROM nser.member AS m UNION ALL SELECT i::text FROM nser.identity AS i
		  UNION ALL SELECT v::text FROM nser.survey AS v UNION ALL SELECT f::text FROM nser.family AS f UNION ALL SELECT s::text FROM nser.score AS s
		  UNION ALL SELECT x::text FROM nser.household_state AS x UNION ALL SELECT q::text FROM nser.quality_flag AS q
		  UNION ALL SELECT d::text FROM nser.duplicate AS d) AS t
$$;
-- how it is refused: by which code, in which words, with the store as it was
CREATE FUNCTION pg_temp.refused(household_id bigint, changes jsonb, of_type text DEFAULT 'roster', checked boolean DEFAULT true,
								OUT code text, OUT message text, OUT detail text, OUT hint text, OUT untouched boolean) LANGUAGE plpgsql AS $$
DECLARE before bigint := pg_temp.everything();
BEGIN
	BEGIN
		IF checked THEN
			PERFORM registry.check_changes(of_type::registry.update_type, household_id, CASE WHEN jsonb_typeof(changes) = 'array' THEN jsonb_build_object('changes', changes) ELSE changes END);
			message := 'passed the check; ';
		END IF;
		PERFORM registry.apply_changes(household_id, CASE WHEN jsonb_typeof(changes) = 'array' THEN jsonb_build_object('changes', changes) ELSE changes END, '2025-12-01 10:00+05', 900);
		message := 'NOT REFUSED';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
		message := coalesce(message, '') || SQLERRM;
	END;
	untouched := before = pg_temp.everything();
END $$;
CREATE FUNCTION pg_temp.change(household_id bigint, by_case bigint, changes jsonb, of_type text DEFAULT 'roster', OUT of_case bigint, OUT has_survey boolean, OUT changed boolean)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM registry.check_changes(of_type::registry.update_type, household_id, jsonb_build_object('changes', changes));
	SELECT change.by_case, a.survey_id IS NOT NULL, a.changed INTO of_case, has_survey, changed
	FROM registry.apply_changes(household_id, jsonb_build_object('changes', changes), '2025-12-01 10:00+05', by_case) AS a;
END $$;
\set ECHO all

-- three houses: Akbar's is a joint family; Zainab, a widow, heads 2; Karim, a widower, 3; 4 was never surveyed
INSERT INTO nser.household (household_id, area, registered_on, phone, address, recorded_at, place) VALUES
	(1, 'PK61701003', '2024-01-01', '0300-0000001', 'Street 1', '2024-01-01', registry.place(73.2, 33.1)), (2, 'PK61701003', '2024-01-01', NULL, NULL, '2024-01-01', NULL),
	(3, 'PK61701004', '2024-01-01', NULL, NULL, '2024-01-01', NULL), (4, 'PK61701003', '2024-01-01', NULL, NULL, '2024-01-01', NULL);
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, marital_status, spouse_line, father_line, mother_line, valid_from, recorded_at)
VALUES
	(1, 1, 'PK61701003', '30201-0000001-1', 'cnic', 'Akbar', 'male', '1955-01-01', 'head', 'married', 2, 0, 0, '2024-01-01', '2024-01-01'),
	(1, 2, 'PK61701003', '30201-0000002-2', 'cnic', 'Rabia', 'female', '1958-01-01', 'spouse', 'married', 1, 0, 0, '2024-01-01', '2024-01-01'),
	(1, 3, 'PK61701003', '30201-0000003-1', 'cnic', 'Imran', 'male', '1980-01-01', 'child', 'married', 4, 1, 2, '2024-01-01', '2024-01-01'),
	(1, 4, 'PK61701003', NULL, 'none', 'Noor', 'female', '1984-01-01', 'child_in_law', 'married', 3, 0, 0, '2024-01-01', '2024-01-01'),
	(1, 5, 'PK61701003', NULL, 'none', 'Asad', 'male', '2008-01-01', 'grandchild', 'never_married', NULL, 3, 4, '2024-01-01', '2024-01-01'),
	(1, 6, 'PK61701003', NULL, 'none', 'Tariq', 'male', '1986-01-01', 'child', 'never_married', NULL, 1, 2, '2024-01-01', '2024-01-01'),
	(2, 1, 'PK61701003', '30201-0000004-2', 'cnic', 'Zainab', 'female', '1990-05-01', 'head', 'widowed', NULL, 0, 2, '2024-01-01', '2024-01-01'),
	(2, 2, 'PK61701003', NULL, 'none', 'Hajra', 'female', '1960-01-01', 'parent', 'widowed', NULL, NULL, NULL, '2024-01-01', '2024-01-01'),
	(2, 3, 'PK61701003', NULL, 'none', 'Sana', 'female', '2016-03-01', 'child', 'never_married', NULL, 0, 1, '2024-01-01', '2024-01-01'),
	(3, 1, 'PK61701004', '30201-0000005-1', 'cnic', 'Karim', 'male', '1985-01-01', 'head', 'widowed', NULL, 0, 0, '2024-01-01', '2024-01-01'),
	(3, 2, 'PK61701004', NULL, 'none', 'Bilal', 'male', '2010-01-01', 'child', 'never_married', NULL, 1, 0, '2024-01-01', '2024-01-01'),
	(4, 1, 'PK61701003', NULL, 'none', 'Maryam', 'female', '1950-01-01', 'head', 'widowed', NULL, 0, 0, '2024-01-01', '2024-01-01');
SELECT setval('nser.household_household_id_seq', 99);
SELECT record_survey(h, '{"province": "punjab", "region": "rural", "rooms": 2, "toilet": "dry_pit", "electricity": "own_meter", "gas": "none",
		"internet": false, "mobile_phone": true, "computer": false, "landline": false}',
	(SELECT roster_agg(line, relationship, sex, extract(year FROM age('2024-01-01', birth_date))::integer, marital_status, spouse_line, father_line, mother_line,
		5, true, false, true, 'employed', 'regular', false, '{}', '{}') FROM nser.member WHERE household_id = h), '2 kanal',
	submitted_at => '2024-01-01 10:00+05') AS survey_id
FROM generate_series(1, 3) AS h;
SELECT score_survey(h, h, 'hies-2015-demo') FROM generate_series(1, 3) AS h;
SELECT * FROM pg_temp.home;
SELECT * FROM pg_temp.wrong();

-- the kinds there are
SELECT update_type, kind, meaning FROM change_kinds() WHERE key = 'change';
SELECT kind, key, type, required, meaning FROM change_kinds() WHERE kind IN ('marriage', 'member') AND key <> 'change' ORDER BY 1, strpos(key, '.') > 0;
SELECT * FROM key_types();
-- none has a type that there is not, nor lacks an operation
SELECT k.kind, k.key, k.type FROM change_kinds() AS k WHERE replace(k.type, ' or null', '') NOT IN (SELECT t.type FROM key_types() AS t);

-- a birth: the father is the mother's husband, and the child a grandchild of the head
SELECT * FROM pg_temp.change(1, 101, '[{"change": "birth", "name": "Ayesha", "sex": "female", "birth_date": "2025-11-10", "mother_line": 4, "disabilities": []}]');
SELECT * FROM pg_temp.live WHERE hh = 1 AND line = 7;
SELECT hh, update_type, by_case, members, score, families FROM pg_temp.home WHERE hh = 1;
-- by the father alone, or where the mother is nothing to the head; of a widow's child the father is not known; where neither lives there, the relationship is said
BEGIN;
SELECT * FROM pg_temp.change(1, 102, '[{"change": "birth", "name": "Child", "sex": "male", "birth_date": "2025-11-11", "father_line": 1, "cnic": "30201-0000031-1"}]');
SELECT * FROM pg_temp.change(2, 103, '[{"change": "birth", "name": "Child", "sex": "male", "birth_date": "2025-11-11", "mother_line": 1}]');
SELECT * FROM pg_temp.change(3, 104, '[{"change": "birth", "name": "Child", "sex": "male", "birth_date": "2025-11-11", "relationship": "nephew_or_niece"}]');
SELECT * FROM pg_temp.change(1, 139, '[{"change": "joined", "name": "Wife", "sex": "female", "relationship": "other", "marital_status": "married", "spouse_line": 6},
	{"change": "birth", "name": "Child", "sex": "male", "birth_date": "2025-11-11", "mother_line": 9}]');
SELECT who.*, m.document FROM pg_temp.live AS who JOIN nser.member AS m ON m.household_id = hh AND m.line = who.line AND m.version = v WHERE who.name = 'Child';
SELECT * FROM pg_temp.wrong();
ROLLBACK;

-- a bride who was not registered; each row says by which case
SELECT * FROM pg_temp.change(1, 105, '[{"change": "marriage", "line": 6, "spouse": {"name": "Sadia", "sex": "female", "birth_date": "1990-01-01", "disabilities": []}, "on_date": "2025-11-12"}]');
SELECT * FROM pg_temp.who WHERE hh = 1 AND line IN (6, 8);
SELECT hh, update_type, by_case, members, score, families FROM pg_temp.home WHERE hh = 1;
SELECT * FROM pg_temp.wrong();
-- one of another household, who takes a child along
BEGIN;
SELECT * FROM pg_temp.change(3, 106, '[{"change": "marriage", "line": 1, "spouse_household": 2, "spouse_line": 1, "with_lines": [3], "new_head": 2, "on_date": "2025-11-13"}]');
SELECT * FROM pg_temp.live WHERE hh IN (2, 3);
SELECT hh, update_type, by_case, members, score, families FROM pg_temp.home WHERE hh IN (2, 3);
SELECT * FROM pg_temp.wrong();
-- among members: the divorced marry again; a second wife, and he goes on naming the first
SELECT * FROM pg_temp.change(3, 107, '[{"change": "divorce", "line": 1, "on_date": "2025-11-14"}]');
SELECT * FROM pg_temp.live WHERE hh = 3 AND line IN (1, 3);
SELECT * FROM pg_temp.change(3, 108, '[{"change": "marriage", "line": 3, "spouse_line": 1, "on_date": "2025-11-15"},
	{"change": "joined", "name": "Second", "sex": "female", "relationship": "other", "marital_status": "divorced", "on_date": "2025-11-15"},
	{"change": "marriage", "line": 1, "spouse_line": 5, "relationship": "spouse", "on_date": "2025-11-16"}]');
SELECT * FROM pg_temp.live WHERE hh = 3;
SELECT hh, members, score, families FROM pg_temp.home WHERE hh = 3;
SELECT * FROM pg_temp.wrong();
ROLLBACK;
-- a husband who lives elsewhere, and a status without a spouse
BEGIN;
SELECT * FROM pg_temp.change(2, 109, '[{"change": "marriage", "line": 1, "spouse_line": 0}]');
SELECT * FROM pg_temp.change(2, 110, '[{"change": "marital_status", "line": 1, "marital_status": "separated", "spouse_line": 0}]');
SELECT * FROM pg_temp.live WHERE hh = 2 AND line = 1;
ROLLBACK;

-- a death: the head's; in the same list the house is set right after it
SELECT * FROM pg_temp.change(1, 111, '[{"change": "death", "line": 1, "on_date": "2025-11-15", "new_head": 3}, {"change": "new_head", "new_head": 2, "on_date": "2025-11-20"}]');
SELECT * FROM pg_temp.who WHERE hh = 1 AND valid_from >= '2025-11-15' OR hh = 1 AND line = 1;
SELECT hh, update_type, by_case, members, widows, score, families FROM pg_temp.home WHERE hh = 1;
SELECT * FROM pg_temp.wrong();

-- disabilities: counted, decisive for a programme that relaxes its cut-off, and carried by the updates that follow
INSERT INTO nser.programme (code, name, formula, cutoff) VALUES ('demo', 'Demonstration', 'hies-2015-demo', 32);
INSERT INTO nser.relaxation (programme, indicator, cutoff) VALUES ('demo', 'disabled_members', 37);
SELECT eligible('demo', 1);
SELECT * FROM pg_temp.change(1, 112, '[{"change": "disability", "line": 2, "disabilities": ["visual_full", "hearing"]}]');
SELECT hh, update_type, by_case, members, disabled, score, eligible('demo', 1) FROM pg_temp.home WHERE hh = 1;
SELECT * FROM pg_temp.change(1, 113, '[{"change": "disability", "line": 2, "disabilities": ["hearing", "visual_full"]}]');
SELECT * FROM pg_temp.change(1, 114, '[{"change": "left", "line": 5, "on_date": "2025-11-25"}]');
SELECT hh, update_type, by_case, members, disabled FROM pg_temp.home WHERE hh = 1;
SELECT * FROM pg_temp.change(1, 115, '[{"change": "disability", "line": 2, "disabilities": null}, {"change": "disability", "line": 3, "disabilities": ["other"]}]');
SELECT r.line, r.disabilities FROM nser.household AS h JOIN nser.survey AS v USING (household_id) CROSS JOIN LATERAL members(v.roster) AS r
WHERE h.household_id = 1 AND v.survey_id = h.current_survey;
SELECT record_disability(1, 3, '{}', by_case => 116) > 0 AS recorded, record_disability(1, 3, '{}') AS again;
SELECT record_disability(1, 3, '{limp}');
SELECT record_disability(1, 3, '{NULL}');
SELECT record_disability(1, 9, '{}');
SELECT record_disability(1, 3, '{}', '2999-01-01');
SELECT record_disability(4, 1, '{other}');

-- a sex as it is registered now
SELECT * FROM pg_temp.change(1, 117, '[{"change": "gender", "line": 6, "sex": "transgender"}]');
SELECT hh, line, v, name, sex, valid_from, valid_to, end_reason, opened_by FROM pg_temp.who WHERE hh = 1 AND line = 6;
SELECT * FROM pg_temp.wrong();

-- phone, address, area and place, each with the date and the case; the same again is no change
SELECT * FROM pg_temp.change(1, 118, '[{"change": "contact", "phone": "0300-0000002", "on_date": "2025-11-26"}]');
SELECT * FROM pg_temp.change(1, 119, '[{"change": "contact", "phone": "+92 300 0000002"}]');
SELECT * FROM pg_temp.change(1, 120, '[{"change": "address", "address": "Street 2", "on_date": "2025-11-20"}]');
-- only said more finely: the place stays; in another area it is not known
SELECT * FROM pg_temp.change(1, 121, '[{"change": "address", "area": "PK617010030012", "on_date": "2025-11-28"}]');
SELECT hh, area, phone, address, lon FROM pg_temp.home WHERE hh = 1;
SELECT * FROM pg_temp.change(1, 122, '[{"change": "address", "area": "PK61702001", "on_date": "2025-11-29"}]');
SELECT hh, area, phone, address, lon FROM pg_temp.home WHERE hh = 1;
SELECT * FROM pg_temp.change(1, 123, '[{"change": "address", "address": "Street 3", "place": {"lon": 73.3, "lat": 33.2}}, {"change": "contact", "phone": null}]');
SELECT state_no, valid_from, recorded_at = '2024-01-01' AS from_the_start, by_case, status, area, lived_in, address, phone, registry.st_x(place) AS lon
FROM nser.household_state WHERE household_id = 1 ORDER BY 1;
SELECT DISTINCT area FROM nser.member WHERE household_id = 1 UNION SELECT area FROM nser.survey WHERE household_id = 1 UNION SELECT area FROM nser.score WHERE household_id = 1;
SELECT change_household(1, '{"address": "Street 3"}') AS again, change_household(1, '{"address": null}', by_case => 124) AS unknown;
SELECT change_household(1, '{"status": "merged"}');
SELECT change_household(1, '{}');
SELECT change_household(1, NULL);
SELECT change_household(1, '{"area": null}');
SELECT change_household(1, '{"phone": "12"}');
SELECT change_household(1, '{"place": {"lon": 33, "lat": 73}}');
SELECT change_household(1, '{"phone": null}', '2999-01-01');
SELECT change_household(99, '{"phone": null}');

-- a household splits off, one joins, a member moves, and comes back
SELECT * FROM pg_temp.change(1, 125, '[{"change": "split", "lines": [3, 4, 7], "new_head": 3, "address": "Street 4", "phone": "0300-0000003"}]');
SELECT * FROM pg_temp.live WHERE hh IN (1, 100);
SELECT hh, status, area, phone, address, update_type, by_case, members, score FROM pg_temp.home WHERE hh IN (1, 100);
SELECT * FROM pg_temp.change(1, 126, '[{"change": "merge", "from_household": 100, "head_relationship": "child"}]');
SELECT hh, status, by_case, members, score FROM pg_temp.home WHERE hh IN (1, 100);
SELECT * FROM pg_temp.change(2, 127, '[{"change": "move", "line": 3, "to_household": 3, "relationship": "other"}]');
SELECT * FROM pg_temp.change(2, 128, '[{"change": "move", "line": 3, "from_household": 3, "relationship": "child", "mother_line": 1}]');
SELECT * FROM pg_temp.live WHERE hh = 2;
SELECT hh, status, by_case, members FROM pg_temp.home WHERE hh IN (2, 3);
SELECT * FROM pg_temp.wrong();
BEGIN;
SELECT * FROM pg_temp.change(3, 129, '[{"change": "merge", "into_household": 2, "head_relationship": "other"}]');
SELECT hh, status, by_case, members FROM pg_temp.home WHERE hh IN (2, 3);
SELECT * FROM pg_temp.wrong();
ROLLBACK;
-- a person found missing
SELECT * FROM pg_temp.change(4, 130, '[{"change": "joined", "name": "Daud", "sex": "male", "relationship": "grandchild", "birth_date": "2005-01-01", "cnic": "30201-0000009-1", "on_date": "2025-11-02"}]');
SELECT * FROM pg_temp.live WHERE hh = 4;

-- corrections: a wrong death, a wrong name, a mistyped number, a person who is there twice
SELECT * FROM pg_temp.change(1, 131, '[{"change": "reinstate", "line": 1}]', 'correction');
SELECT * FROM pg_temp.live WHERE hh = 1 AND line < 3;
SELECT * FROM pg_temp.change(4, 132, '[{"change": "member", "line": 2, "changes": {"name": "Dawood", "birth_date": "2006-01-01"}}, {"change": "cnic", "line": 2, "cnic": "30201-0000011-1"}]', 'correction');
SELECT hh, line, v, name, birth_date, valid_from, opened_by FROM pg_temp.who WHERE hh = 4 AND line = 2;
SELECT household_id, line, cnic FROM nser.identity WHERE household_id = 4;
SELECT * FROM pg_temp.change(4, 133, '[{"change": "member", "line": 2, "changes": {"name": "Dawood"}}]', 'correction');
SELECT * FROM pg_temp.change(4, 134, '[{"change": "contact", "phone": "0300-0000004"}, {"change": "address", "address": "Street 5"}]', 'correction');
SELECT * FROM pg_temp.change(3, 135, '[{"change": "duplicate", "line": 2, "kept_household": 4, "kept_line": 2}]', 'correction');
SELECT * FROM pg_temp.who WHERE hh = 3 AND line = 2;
-- of a pair in the queue, that is the decision
BEGIN;
INSERT INTO nser.duplicate (household_id, line, other_household, other_line, area, other_area, score, evidence) VALUES (2, 2, 4, 1, 'PK61701003', 'PK61701003', 12, '{}');
SELECT * FROM pg_temp.change(2, 137, '[{"change": "duplicate", "line": 2, "kept_household": 4, "kept_line": 1}]', 'correction');
SELECT hh, line, end_reason, closed_by FROM pg_temp.who WHERE hh = 2 AND line = 2;
SELECT d.state, d.ended_household, d.ended_line, c.reason FROM nser.duplicate AS d JOIN nser.duplicate_decision AS c USING (household_id, line, other_household, other_line);
SELECT (pg_temp.refused(2, '[{"change": "duplicate", "line": 4, "kept_household": 4, "kept_line": 9}]', 'correction')).*;
SELECT * FROM pg_temp.wrong();
ROLLBACK;
SELECT * FROM pg_temp.wrong();

-- of who comes and was not asked they are unknown, and so is their number
BEGIN;
SELECT * FROM pg_temp.change(1, 138, '[{"change": "birth", "name": "Child", "sex": "male", "birth_date": "2025-11-11", "mother_line": 8}]');
SELECT hh, members, disabled FROM pg_temp.home WHERE hh = 1;
ROLLBACK;

-- refused: what is no list, and what no kind has
SELECT c.what, r.code, r.message, r.hint, r.untouched
FROM (VALUES (1, 'null'::jsonb), (2, '{}'), (3, '{"changes": []}'), (4, '{"changes": {}}'), (5, '{"changes": [{"change": "contact", "phone": null}], "note": 1}'),
	(6, '"changes"')) AS c (no, what), pg_temp.refused(2, c.what) AS r ORDER BY c.no;
SELECT c.what, r.code, r.message, r.untouched
FROM (VALUES (1, '[{"change": "flood"}]'::jsonb), (2, '[1]'), (3, '[{}]'), (4, '[{"change": 7}]'),
	(5, '[{"change": "death", "line": 3, "reason": "x"}]'), (6, '[{"change": "death"}]'), (7, '[{"change": "death", "line": "3"}]'),
	(8, '[{"change": "death", "line": 0}]'), (9, '[{"change": "death", "line": 255}]'), (10, '[{"change": "death", "line": 2.5}]'),
	(11, '[{"change": "death", "line": 3, "on_date": "2999-01-01"}]'), (12, '[{"change": "death", "line": 3, "on_date": "1899-12-31"}]'),
	(13, '[{"change": "death", "line": 3, "on_date": "2025-02-30"}]'), (14, '[{"change": "death", "line": 3, "on_date": null}]'),
	(15, '[{"change": "contact", "phone": "secret"}]'), (16, '[{"change": "contact"}]'), (17, '[{"change": "address"}]'),
	(18, '[{"change": "address", "area": "secret"}]'), (19, '[{"change": "address", "place": {"lon": 10, "lat": 30}}]'),
	(20, '[{"change": "address", "address": ""}]'),
	(21, '[{"change": "birth", "name": "X", "sex": "girl", "birth_date": "2025-11-01", "mother_line": 1}]'),
	(22, '[{"change": "birth", "name": "X", "sex": "female", "birth_date": "2025-11-01"}]'),
	(23, '[{"change": "birth", "name": "X", "sex": "female", "birth_date": "2025-11-01", "mother_line": 1, "cnic": "secret"}]'),
	(24, '[{"change": "birth", "name": "X", "sex": "female", "birth_date": "2025-11-01", "mother_line": 1, "document": "cnic"}]'),
	(42, '[{"change": "marriage", "line": 1, "spouse": {"name": "X", "sex": "male", "document": "b_form"}}]'),
	(25, '[{"change": "marriage", "line": 1}]'), (26, '[{"change": "marriage", "line": 1, "spouse_line": 2, "spouse": {"name": "X", "sex": "male"}}]'),
	(27, '[{"change": "marriage", "line": 1, "spouse": {"name": "X"}}]'), (28, '[{"change": "marriage", "line": 1, "spouse": {"name": "X", "sex": "male", "cinc": 1}}]'),
	(29, '[{"change": "marriage", "line": 1, "spouse": 7}]'), (30, '[{"change": "marriage", "line": 1, "spouse_household": 3}]'),
	(31, '[{"change": "marriage", "line": 1, "spouse_line": 2, "new_head": 2}]'), (32, '[{"change": "marital_status", "line": 1, "marital_status": "single"}]'),
	(33, '[{"change": "disability", "line": 1, "disabilities": ["limp"]}]'), (34, '[{"change": "disability", "line": 1}]'),
	(35, '[{"change": "split", "lines": [], "new_head": 1}]'), (36, '[{"change": "split", "lines": [2, 2], "new_head": 2}]'),
	(37, '[{"change": "split", "lines": [2], "new_head": 2, "relationships": {"3": "boss"}}]'), (38, '[{"change": "merge", "head_relationship": "child"}]'),
	(39, '[{"change": "move", "line": 2, "relationship": "child", "to_household": 3, "from_household": 3}]'), (40, '[{"change": "move", "line": 2, "relationship": "child", "to_household": -3}]'),
	(41, '[{"change": "contact", "phone": null}, {"change": "death", "lines": 3}]'), (43, '[{"change": "death", "line": 3, "Ahmed Khan": "secret"}]')) AS c (no, what), pg_temp.refused(2, c.what) AS r ORDER BY c.no;
SELECT c.what, r.code, r.message, r.hint, r.untouched
FROM (VALUES (1, '[{"change": "member", "line": 2}]'::jsonb), (2, '[{"change": "member", "line": 2, "changes": {}}]'), (3, '[{"change": "member", "line": 2, "changes": {"cnic": "secret"}}]'),
	(4, '[{"change": "member", "line": 2, "changes": {"name": null}}]'), (5, '[{"change": "cnic", "line": 2, "cnic": "secret"}]'), (6, '[{"change": "cnic", "line": 2, "cnic": null, "document": "cnic"}]'),
	(7, '[{"change": "death", "line": 2}]')) AS c (no, what), pg_temp.refused(2, c.what, 'correction') AS r ORDER BY c.no;
-- texts and lists have an end
SELECT c.changes, r.code, r.message FROM (VALUES (301, 10, 1), (300, 201, 1), (300, 200, 100)) AS c (address, name, changes)
CROSS JOIN LATERAL (SELECT jsonb_agg(CASE n WHEN 0 THEN jsonb_build_object('change', 'joined', 'name', repeat('a', c.name), 'sex', 'male', 'relationship', 'other')
		ELSE jsonb_build_object('change', 'address', 'address', repeat('a', c.address)) END) AS list FROM generate_series(0, c.changes) AS n) AS l
CROSS JOIN LATERAL pg_temp.refused(2, l.list) AS r;
SELECT (pg_temp.refused(2, '[{"change": "reinstate", "line": 2}]')).*;
SELECT (pg_temp.refused(2, '[{"change": "contact", "phone": null}]', 'shock')).*;
SELECT check_changes('roster', 2, '{"changes": [{"change": "death", "line": 0, "new_head": 300}]}');

-- refused: what contradicts itself, or dates of birth
SELECT c.what, r.code, r.message, r.untouched
FROM (VALUES (1, '[{"change": "death", "line": 3}, {"change": "marriage", "line": 3, "spouse_line": 0}]'::jsonb),
	(2, '[{"change": "marriage", "line": 3, "spouse_line": 0, "on_date": "2025-11-10"}, {"change": "death", "line": 3, "on_date": "2025-11-09"}]'),
	(3, '[{"change": "death", "line": 3}, {"change": "death", "line": 3}]'), (4, '[{"change": "left", "line": 3}, {"change": "split", "lines": [2, 3], "new_head": 2}]'),
	(5, '[{"change": "split", "lines": [2, 3], "new_head": 2}, {"change": "new_head", "new_head": 2}]'),
	(6, '[{"change": "merge", "into_household": 3, "head_relationship": "other"}, {"change": "contact", "phone": null}]'),
	(7, '[{"change": "marriage", "line": 1, "spouse_line": 1}]'), (8, '[{"change": "death", "line": 1, "new_head": 1}]'),
	(9, '[{"change": "split", "lines": [2], "new_head": 3}]'), (10, '[{"change": "split", "lines": [1], "new_head": 1, "rest_head": 1}]'),
	(11, '[{"change": "birth", "name": "X", "sex": "male", "birth_date": "2025-11-10", "mother_line": 1, "father_line": 1}]'),
	(12, '[{"change": "birth", "name": "X", "sex": "male", "birth_date": "2025-11-10", "mother_line": 1, "on_date": "2025-11-09"}]'),
	(13, '[{"change": "birth", "name": "X", "sex": "male", "birth_date": "1985-01-10", "mother_line": 1}]'),
	(14, '[{"change": "death", "line": 4, "on_date": "2015-01-01"}]'), (15, '[{"change": "move", "line": 3, "to_household": 2, "relationship": "child"}]'),
	(16, '[{"change": "birth", "name": "X", "sex": "male", "birth_date": "2025-11-10", "mother_line": 1, "cnic": "30201-0000041-1"},
		{"change": "birth", "name": "Y", "sex": "male", "birth_date": "2025-11-10", "mother_line": 1, "cnic": "3020100000411"}]'),
	(17, '[{"change": "marriage", "line": 1, "spouse": {"name": "X", "sex": "male", "birth_date": "2025-11-10"}, "on_date": "2025-11-09"}]'))
	AS c (no, what), pg_temp.refused(2, c.what) AS r ORDER BY c.no;
SELECT (pg_temp.refused(2, '[{"change": "duplicate", "line": 2, "kept_line": 2}]', 'correction')).*;
-- a sex that no survey could be taken with: of a mother, of a wife; after other changes it is judged when its turn comes
SELECT c.what, r.code, r.message, r.detail, r.untouched
FROM (VALUES (1, 2, '[{"change": "gender", "line": 1, "sex": "male"}]'::jsonb), (2, 1, '[{"change": "gender", "line": 2, "sex": "male"}]'),
	(3, 2, '[{"change": "contact", "phone": null}, {"change": "gender", "line": 1, "sex": "male"}]')) AS c (no, hh, what), pg_temp.refused(c.hh, c.what) AS r ORDER BY c.no;
BEGIN;
SELECT * FROM pg_temp.change(2, 142, '[{"change": "gender", "line": 1, "sex": "transgender"}]');
ROLLBACK;
-- the same sex, name or marriage again writes nothing
BEGIN;
SELECT count(*) AS rows, (SELECT count(*) FROM nser.survey) AS surveys FROM nser.member;
SELECT * FROM pg_temp.change(2, 143, '[{"change": "gender", "line": 1, "sex": "female"}]');
SELECT correct_member(2, 1, '{"name": "Zainab", "birth_date": "1990-05-01"}'), correct_member(1, 1, '{"marital_status": "married", "spouse_line": 2}', '2025-12-01');
SELECT count(*) AS rows, (SELECT count(*) FROM nser.survey) AS surveys FROM nser.member;
ROLLBACK;
-- a clock that is ahead: the day is today
BEGIN;
SELECT changed FROM apply_changes(2, '{"changes": [{"change": "address", "address": "Street 9"}]}', now() + interval '1 day');
ROLLBACK;
-- not refused: married, and dead later
BEGIN;
SELECT * FROM pg_temp.change(2, 136, '[{"change": "marriage", "line": 2, "spouse_line": 0, "on_date": "2025-11-09"}, {"change": "death", "line": 2, "on_date": "2025-11-10"}]');
ROLLBACK;

-- refused by the operation that does it: which change, and in its words; what was done before it is undone
SELECT c.what, r.code, r.message, r.detail, r.hint, r.untouched
FROM (VALUES (1, '[{"change": "contact", "phone": "0300-0000009"}, {"change": "death", "line": 1}]'::jsonb), (2, '[{"change": "death", "line": 9}]'),
	(3, '[{"change": "marriage", "line": 1, "spouse_line": 2}]'), (4, '[{"change": "birth", "name": "X", "sex": "female", "birth_date": "2025-11-01", "mother_line": 1, "cnic": "30201-0000001-1"}]'),
	(5, '[{"change": "move", "line": 3, "to_household": 98, "relationship": "child"}]'), (6, '[{"change": "joined", "name": "X", "sex": "male", "relationship": "head"}]'),
	(7, '[{"change": "divorce", "line": 1, "on_date": "2023-12-31"}]'), (8, '[{"change": "split", "lines": [1, 2, 4], "new_head": 1}]'),
	(9, '[{"change": "merge", "into_household": 100, "head_relationship": "child"}]'))
	AS c (no, what), pg_temp.refused(2, c.what) AS r ORDER BY c.no;
SELECT (pg_temp.refused(4, '[{"change": "disability", "line": 1, "disabilities": ["other"]}]')).*;
SELECT (pg_temp.refused(4, '[{"change": "reinstate", "line": 1}]', 'correction')).*;
SELECT (pg_temp.refused(100, '[{"change": "contact", "phone": null}]')).*;
SELECT (pg_temp.refused(98, '[{"change": "contact", "phone": null}]')).*;
SELECT (pg_temp.refused(NULL, '[{"change": "contact", "phone": null}]')).*;
-- as whoever calls it sees it
SELECT * FROM apply_changes(2, '{"changes": [{"change": "contact", "phone": "0300-0000009"}, {"change": "death", "line": 1, "on_date": "2025-11-30"}]}');
SELECT check_changes('roster', 2, '{"changes": [{"change": "death", "line": 4}, {"change": "left", "line": 4}]}');
-- who applies what was never checked is refused as well, without the value
SELECT (pg_temp.refused(2, '[{"change": "death", "line": "secret"}]', checked => false)).*;
SELECT * FROM pg_temp.wrong();

-- dates and numbers are judged by their letters where that is enough, and as their types judge them
CREATE TEMP TABLE said AS
	SELECT 'date' AS type, to_char(d, 'YYYY-MM-DD') AS word FROM generate_series(timestamp '1899-12-20', now()::timestamp + interval '40 days', interval '1 day') AS d
	UNION ALL SELECT 'date', format('%s-%s-%s', y, lpad(m::text, 2, '0'), lpad(d::text, 2, '0'))
		FROM unnest('{1899,1900,1999,2000,2001,2024,2026,9999}'::integer[]) AS y, generate_series(0, 13) AS m, unnest('{0,1,28,29,30,31,32}'::integer[]) AS d
	UNION ALL SELECT 'date', unnest('{2024-1-01,24-01-01,20240101,2024-01-01 ,2024-01-01T00:00,today,infinity,"2024-02-30 BC",٢٠٢٤-01-01,""}'::text[])
	UNION ALL SELECT 'number', format('%s%s', d, rest) FROM generate_series(0, 9) AS d,
		unnest('{5202-1234567-1,520212345671,5202 1234567 1,5202-12345671,5202-1234567-,5202-1234567-12,"5202-1234567-1 ",5202-123456a-1}'::text[]) AS rest
	UNION ALL SELECT 'phone', format('%s%s%s', prefix, d, rest) FROM unnest('{0,+92,+92 ,0092,"",1}'::text[]) AS prefix, generate_series(0, 9) AS d,
		unnest('{00-1234567,001234567,00 1234567,00-123456,00-12345678,99-1234567,0a-1234567}'::text[]) AS rest
	UNION ALL SELECT t.type, concat(a.a, b.b) FROM unnest('{number,phone,date}'::text[]) AS t (type), unnest('{" ",-,+,0}'::text[]) AS a (a), unnest('{" ",-,1,x}'::text[]) AS b (b);
SELECT s.type, count(*) > 90 AS many, count(*) FILTER (WHERE s.fits) > 4 AS some, count(*) FILTER (WHERE s.fits <> s.reads) AS differ
FROM (SELECT x.type, key_error(x.type, to_jsonb(x.word)) IS NULL AS fits, CASE x.type WHEN 'number' THEN reads_as('registry.cnic', x.word)
			WHEN 'phone' THEN reads_as('registry.mobile_number', x.word)
			ELSE coalesce(x.word ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' AND reads_as('date', x.word) AND x.word BETWEEN '1900-01-01' AND to_char(today(), 'YYYY-MM-DD'), false) END AS reads
	  FROM said AS x) AS s
GROUP BY s.type ORDER BY s.type;
-- as one value they say what the list says
SELECT count(*) AS differ FROM (
	SELECT k.kind, k.update_type::text, k.key, k.type, k.required FROM change_kinds() AS k
	EXCEPT SELECT f.key, t.key, w.key, w.value ->> 'type', (w.value -> 'required')::boolean
	FROM jsonb_each(change_forms()) AS f, jsonb_each(f.value) AS t, jsonb_each(t.value) AS w) AS x;
SELECT (SELECT count(*) FROM jsonb_each(change_forms()) AS f, jsonb_each(f.value) AS t, jsonb_each(t.value)) - (SELECT count(*) FROM change_kinds()) AS more;
-- a dotted key is one of an object, and none of the change itself
SELECT check_form('correction', '{"changes": [{"change": "member", "line": 1, "changes": {"name": "A"}, "changes.name": {"x": 1}}]}');
SELECT check_form('roster', '{"changes": [{"change": "marriage", "line": 1, "spouse": {"name": "S"}, "spouse.sex": "female"}]}');

-- the households a list touches, in the order in which they are locked
SELECT households_of(7, '{"changes": [{"change": "move", "to_household": 3}, {"change": "marriage", "spouse_household": 12}, {"change": "merge", "into_household": 3}]}');
SELECT households_of(7, '{}'), households_of(7, NULL);

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
