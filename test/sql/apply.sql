--
-- Applying cases: what full surveys do to members, numbers, surveys and scores
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET timezone = 'Asia/Karachi';
SET client_min_messages = warning;
\set ECHO none
CALL registry.create_store();
RESET client_min_messages;
SET search_path = registry, public;

\i test/household/wrong.sql
-- the past is told below
UPDATE nser.update_policy SET late_by = '10 years';
CREATE VIEW pg_temp.who AS
	SELECT m.household_id AS hh, m.line, m.version AS v, m.name, m.relationship, m.marital_status, m.spouse_line AS spouse, m.father_line AS father,
		m.mother_line AS mother, m.valid_from, m.valid_to, m.end_reason, m.superseded_at IS NOT NULL AS superseded
	FROM nser.member AS m ORDER BY 1, 2, 3;
CREATE VIEW pg_temp.home AS
	SELECT h.household_id AS hh, v.update_type, v.submitted_at::date AS day, r.line, m.name, r.relationship, r.age, r.marital_status,
		r.spouse_line AS spouse, r.father_line AS father, r.mother_line AS mother, r.class, s.score
	FROM nser.household AS h
	JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	CROSS JOIN LATERAL members(v.roster) AS r
	JOIN nser.member AS m ON m.household_id = h.household_id AND m.line = r.line AND m.valid_to IS NULL AND m.superseded_at IS NULL
	LEFT JOIN nser.score AS s ON s.household_id = v.household_id AND s.survey_id = v.survey_id AND s.formula = 'hies-2015-demo'
	ORDER BY 1, 4;

-- a case with all steps up to verified, whose numbers are those of its request
CREATE FUNCTION pg_temp.verified(household_id bigint, case_id bigint, update_type registry.update_type, content jsonb, taken_at timestamptz)
	RETURNS registry.case_state LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO nser.update_case (household_id, case_id, area, update_type, mode, centre, operator)
	SELECT h.household_id, $2, h.area, $3, 'mobile', 7, 70 FROM nser.household AS h WHERE h.household_id = $1;
	INSERT INTO nser.case_step (household_id, case_id, step, area, update_type, from_state, event, to_state, taken_at, operator, content)
	SELECT $1, $2, s.step, h.area, $3, s.from_state, s.event, s.to_state, $5, 71, CASE s.event WHEN 'submit' THEN $4 END
	FROM nser.household AS h,
		(VALUES (1, NULL::registry.case_state, 'open'::registry.case_event, 'requested'::registry.case_state), (2, 'requested', 'screen', 'screened'),
			(3, 'screened', 'start_interview', 'interviewing'), (4, 'interviewing', 'submit', 'submitted'), (5, 'submitted', 'verify', 'verified'))
			AS s (step, from_state, event, to_state)
	WHERE h.household_id = $1 AND $3 <> 'grievance'
	UNION ALL
	SELECT $1, $2, s.step, h.area, $3, s.from_state, s.event, s.to_state, $5, 71, CASE s.event WHEN 'submit' THEN $4 END
	FROM nser.household AS h,
		(VALUES (1, NULL::registry.case_state, 'open'::registry.case_event, 'requested'::registry.case_state), (2, 'requested', 'screen', 'screened'),
			(3, 'screened', 'submit', 'submitted'), (4, 'submitted', 'verify', 'verified')) AS s (step, from_state, event, to_state)
	WHERE h.household_id = $1 AND $3 = 'grievance'
	ORDER BY 3;
	RETURN (SELECT c.state FROM nser.update_case AS c WHERE c.household_id = $1 AND c.case_id = $2);
END $$;
-- everything there is, in one word
CREATE FUNCTION pg_temp.all_of_it() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	relation	regclass;
	part		text;
	whole		text := '';
BEGIN
	FOR relation IN SELECT c.oid FROM pg_class AS c WHERE c.relnamespace = 'nser'::regnamespace AND c.relkind = 'r' ORDER BY c.relname LOOP
		EXECUTE format('SELECT md5(coalesce(string_agg(t::text, ''|'' ORDER BY t::text), '''')) FROM %s AS t', relation) INTO part;
		whole := whole || part;
	END LOOP;
	RETURN md5(whole);
END $$;
-- the same request in other words each time, and what it is told
CREATE FUNCTION pg_temp.told(statement text) RETURNS TABLE (code text, message text, detail text, hint text, left_alone boolean) LANGUAGE plpgsql AS $$
DECLARE
	before	text := pg_temp.all_of_it();
BEGIN
	BEGIN
		EXECUTE statement;
		code := 'done';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	END;
	left_alone := before = pg_temp.all_of_it();
	RETURN NEXT;
END $$;
CREATE FUNCTION pg_temp.request(n integer) RETURNS uuid LANGUAGE sql RETURN ('00000000-0000-0000-0000-' || lpad($1::text, 12, '0'))::uuid;
\set answers '{"province": "punjab", "region": "rural", "rooms": 2, "toilet": "dry_pit", "electricity": "own_meter", "gas": "none", "internet": false, "mobile_phone": true, "computer": false, "landline": false}'
\set ECHO all

INSERT INTO nser.programme (code, name, formula, cutoff, valid) VALUES ('grant', 'a grant', 'hies-2015-demo', 60, daterange('2020-01-01', NULL));

-- a household that was missed out is registered from nothing; two have no document
INSERT INTO nser.household (household_id, area, status) VALUES (1, 'PK61701003', 'requested');
SELECT pg_temp.verified(1, 1, 'missed_out', jsonb_build_object('answers', jsonb :'answers', 'land', '2 kanal', 'phone', '0300-1234567', 'address', 'Street 3',
	'place', jsonb '{"lon": 74.3, "lat": 31.5}', 'device_place', jsonb '{"lon": 74.31, "lat": 31.51}',
	'started_at', '2022-03-01T10:00:00+05:00', 'form_version', '2022.1', 'members', jsonb '[
	{"line": 1, "name": "Akbar", "cnic": "30201-0000005-1", "sex": "male", "birth_date": "1955-01-01", "relationship": "head", "marital_status": "married", "spouse_line": 2, "father_line": 0, "mother_line": 0, "class": 5, "ever_attended": true, "disabilities": []},
	{"line": 2, "name": "Rabia", "cnic": "30201-0000006-2", "sex": "female", "birth_date": "1958-01-01", "relationship": "spouse", "marital_status": "married", "spouse_line": 1, "father_line": 0, "mother_line": 0, "disabilities": []},
	{"line": 3, "name": "Imran", "cnic": "30201-0000007-1", "document": "b_form", "sex": "male", "birth_date": "2004-06-15", "relationship": "child", "marital_status": "never_married", "father_line": 1, "mother_line": 2, "class": 8, "disabilities": []},
	{"line": 4, "name": "Noor", "sex": "female", "age": 14, "attending_school": true, "relationship": "child", "marital_status": "never_married", "father_line": 1, "mother_line": 2, "disabilities": []},
	{"line": 5, "name": "Hajra", "document": "none", "sex": "female", "relationship": "parent", "marital_status": "widowed", "father_line": 98, "mother_line": 98, "age": 85, "disabilities": ["visual_full"]}]'),
	'2022-03-01 11:00+05');
SELECT * FROM apply_case(1, 1, pg_temp.request(1));
-- the same request again is answered, not done
SELECT * FROM apply_case(1, 1, pg_temp.request(1));
SELECT status, registered_on, phone, address, st_x(place), current_survey FROM nser.household WHERE household_id = 1;
SELECT line, version, cnic, document, name, birth_date, mother_line, valid_from, opened_by FROM nser.member WHERE household_id = 1 ORDER BY line;
SELECT * FROM pg_temp.home;
SELECT update_type, is_full, mode, centre, operator, by_case, form_version, started_at, submitted_at, land, st_x(device_place) AS lon
FROM nser.survey WHERE household_id = 1;
SELECT family_no, kind, woman_line, husband_line, child_lines FROM nser.family WHERE household_id = 1 ORDER BY 1;
SELECT state, last_step, survey_id, no_change FROM nser.update_case WHERE household_id = 1;
SELECT * FROM pg_temp.wrong();

-- two years later the same: nothing has changed but ages, and the survey is recorded all the same
SELECT pg_temp.verified(1, 2, 'cyclic', content || '{"started_at": null, "device_place": null}', '2024-03-05 11:00+05')
FROM nser.case_step WHERE household_id = 1 AND case_id = 1 AND event = 'submit';
-- an age that is told leaps: that is a change
BEGIN;
SELECT state FROM advance_case(1, 2, 'send_back', pg_temp.request(201), reason => 'an age was told wrong', taken_at => '2024-03-06 10:00+05');
SELECT a.state FROM nser.case_step AS s, advance_case(1, 2, 'submit', pg_temp.request(202), jsonb_set(s.content, '{members,3,age}', '54'), taken_at => '2024-03-06 11:00+05') AS a
WHERE s.household_id = 1 AND s.case_id = 2 AND s.event = 'submit';
SELECT state FROM advance_case(1, 2, 'verify', pg_temp.request(203));
SELECT no_change FROM apply_case(1, 2, pg_temp.request(2));
ROLLBACK;
SELECT * FROM apply_case(1, 2, pg_temp.request(2));
SELECT line, name, age FROM pg_temp.home;
SELECT count(*) AS rows FROM nser.member;
SELECT * FROM pg_temp.wrong();

-- a flood: another house, the number of rooms is another, a grandmother's birth date is known, a name was wrong, Noor has a number by now
SELECT pg_temp.verified(1, 3, 'shock', jsonb_build_object('answers', jsonb :'answers' || '{"rooms": 1}', 'land', '2 kanal', 'area', 'PK61701004', 'address', 'Camp 2',
	'members', jsonb '[
	{"line": 1, "name": "Akbar", "sex": "male", "relationship": "head", "class": 5, "disabilities": []},
	{"line": 2, "name": "Rabia", "sex": "female", "relationship": "spouse", "disabilities": []},
	{"line": 3, "name": "Imran Khan", "sex": "male", "relationship": "child", "class": 10, "disabilities": []},
	{"line": 4, "name": "Noor", "cnic": "30201-0000009-2", "document": "b_form", "sex": "female", "age": 17, "relationship": "child", "disabilities": []},
	{"line": 5, "name": "Hajra", "sex": "female", "birth_date": "1937-05-01", "relationship": "parent", "disabilities": ["visual_full"]}]'),
	'2025-08-20 11:00+05');
SELECT * FROM apply_case(1, 3, pg_temp.request(3));
SELECT line, version, cnic, document, name, birth_date, valid_from, valid_to, superseded_at IS NOT NULL AS superseded, opened_by, closed_by
FROM nser.member WHERE household_id = 1 AND line > 2 ORDER BY 1, 2;
SELECT area, address FROM nser.household WHERE household_id = 1;
SELECT * FROM pg_temp.home;
SELECT * FROM pg_temp.wrong();

-- recertification: the head has died, the son is head and has married, the daughter has gone, the grandmother is not named
INSERT INTO nser.enrolment (household_id, area, programme, unit, line, recipient, entered_on, entry_reason, certified_on)
	VALUES (1, 'PK61701004', 'grant', 'family', 2, '30201-0000006-2', '2022-04-01', 'eligible', '2022-04-01'),
		   (1, 'PK61701004', 'grant', 'family', 1, '30201-0000005-1', '2022-04-01', 'eligible', '2022-04-01');
SELECT pg_temp.verified(1, 4, 'recertification', jsonb_build_object('answers', jsonb :'answers', 'members', jsonb '[
	{"line": 2, "name": "Rabia", "sex": "female", "relationship": "parent", "disabilities": []},
	{"line": 3, "name": "Imran Khan", "sex": "male", "relationship": "head", "marital_status": "married", "spouse_line": 6, "class": 10, "disabilities": []},
	{"line": 6, "name": "Sadia", "cnic": "30201-0000010-2", "sex": "female", "birth_date": "2006-01-01", "relationship": "spouse", "marital_status": "married", "spouse_line": 3, "father_line": 0, "mother_line": 0, "disabilities": []}]',
	'ended', jsonb '[{"line": 1, "reason": "died", "on_date": "2025-10-01", "new_head": 3}, {"line": 4, "reason": "left"}]'),
	'2025-11-05 11:00+05');
SELECT step, state, no_change, repeated FROM apply_case(1, 4, pg_temp.request(4), taken_at => '2025-11-07 10:00+05', expected_step => 5);
SELECT * FROM pg_temp.who WHERE hh = 1 AND NOT superseded;
SELECT * FROM pg_temp.home;
SELECT kind, woman_line, husband_line, child_lines FROM nser.family AS f JOIN nser.household AS h ON survey_id = current_survey ORDER BY family_no;
SELECT line, certified_on, exited_on, exit_reason FROM nser.enrolment ORDER BY line;
SELECT * FROM survey_differences(1);
SELECT * FROM pg_temp.wrong();

-- that death was a mistake: it is undone as ever
BEGIN;
SELECT reinstate_member(1, 1) > 0 AS recorded;
SELECT line, v, name, relationship, marital_status, spouse, valid_from, valid_to FROM pg_temp.who WHERE hh = 1 AND NOT superseded AND line < 3;
SELECT * FROM pg_temp.wrong();
ROLLBACK;

-- a survey from a tablet that was lost for a year is history: nobody comes to life again
SELECT pg_temp.verified(1, 5, 'cyclic', content || '{"answers": {"rooms": 9}, "phone": "0300-7654321"}', '2024-09-01 11:00+05')
FROM nser.case_step WHERE household_id = 1 AND case_id = 1 AND event = 'submit';
SELECT step, no_change FROM apply_case(1, 5, pg_temp.request(5));
SELECT submitted_at::date, update_type, indicators -> 'rooms' AS rooms, survey_id = current_survey AS is_current,
	(SELECT count(*) FROM nser.score AS s WHERE s.household_id = v.household_id AND s.survey_id = v.survey_id) AS scores
FROM nser.survey AS v JOIN nser.household AS h USING (household_id) ORDER BY 1;
SELECT phone FROM nser.household;
SELECT * FROM pg_temp.wrong();

-- a grievance changes nothing but has an answer
SELECT pg_temp.verified(1, 6, 'grievance', '{"about": "score", "statement": "The score is too high."}', '2025-11-08 11:00+05');
SELECT code, message, detail, left_alone FROM pg_temp.told('SELECT apply_case(1, 6, pg_temp.request(6))');
SELECT code, message, detail, left_alone FROM pg_temp.told($$SELECT apply_case(1, 6, pg_temp.request(6), content => '{"outcome": "perhaps", "answer": "Yes."}')$$);
SELECT * FROM apply_case(1, 6, pg_temp.request(6), content => '{"outcome": "not_upheld", "answer": "It is by the formula."}');
SELECT content FROM nser.case_step WHERE case_id = 6 AND event = 'apply';

-- a list of changes goes through the operations
SELECT pg_temp.verified(1, 7, 'roster', '{"changes": [{"change": "death", "line": 2, "on_date": "2025-12-01"}]}', '2025-12-02 11:00+05');
SELECT state, no_change, survey_id FROM apply_case(1, 7, pg_temp.request(7)) \gset
SELECT :'state' AS state, :'no_change'::boolean AS no_change, current_survey = :survey_id AS is_current FROM nser.household WHERE household_id = 1;
SELECT line, name, relationship, age, marital_status, spouse, father, mother, class, score FROM pg_temp.home;
-- and the operations go on as ever
SELECT register_member(1, 'Bilal', 'male', 'child', birth_date => '2025-12-02', marital_status => 'never_married', father_line => 3, mother_line => 6,
	on_date => '2025-12-05') AS line;
SELECT end_member(1, 7, 'left', '2025-12-06') > 0 AS recorded;
SELECT * FROM change_head(1, 6, on_date => '2025-12-07');
SELECT * FROM pg_temp.wrong();

-- of several wives one dies: the husband is no widower, and names the other; who had left comes back on a line of her own; a number is corrected
INSERT INTO nser.household (household_id, area, registered_on) VALUES (2, 'PK61701003', '2022-01-01'), (3, 'PK61701003', '2022-01-01');
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, marital_status, spouse_line, valid_from) VALUES
	(2, 1, 'PK61701003', '30201-0000021-1', 'cnic', 'Karim', 'male', '1970-01-01', 'head', 'married', 2, '2022-01-01'),
	(2, 2, 'PK61701003', NULL, 'none', 'Zainab', 'female', '1972-01-01', 'spouse', 'married', 1, '2022-01-01'),
	(2, 3, 'PK61701003', NULL, 'none', 'Maryam', 'female', '1980-01-01', 'spouse', 'married', 1, '2022-01-01'),
	(3, 1, 'PK61701003', '30201-0000031-1', 'cnic', 'Daud', 'male', '1970-01-01', 'head', 'widowed', NULL, '2022-01-01'),
	(3, 2, 'PK61701003', '30201-0000032-2', 'cnic', 'Shazia', 'female', '1999-01-01', 'child', 'never_married', NULL, '2022-01-01');
SELECT end_member(3, 2, 'left', '2024-01-01');
SELECT pg_temp.verified(2, 20, 'cyclic', jsonb_build_object('answers', jsonb :'answers', 'members', jsonb '[
	{"line": 1, "name": "Karim", "cnic": "30201-0000023-1", "sex": "male", "relationship": "head"},
	{"line": 3, "name": "Maryam", "sex": "female", "relationship": "spouse"},
	{"line": 4, "name": "Shazia", "cnic": "30201-0000032-2", "sex": "female", "relationship": "other", "marital_status": "never_married"}]',
	'ended', jsonb '[{"line": 2, "reason": "died", "on_date": "2024-05-01"}]'), '2025-02-01 11:00+05');
SELECT state, no_change FROM apply_case(2, 20, pg_temp.request(20));
SELECT household_id, line, version, cnic, name, marital_status, spouse_line, valid_from, valid_to, end_reason, superseded_at IS NOT NULL AS superseded
FROM nser.member WHERE household_id IN (2, 3) ORDER BY 1, 2, 3;
SELECT cnic, household_id, line FROM nser.identity WHERE household_id IN (2, 3) ORDER BY 1;
SELECT * FROM survey_differences(2);
SELECT * FROM pg_temp.wrong();

-- what is malformed is refused where it is submitted, with its place and never its value
\set members '[{"line": 1, "name": "Karim", "sex": "male", "relationship": "head"}, {"line": 3, "name": "Maryam", "sex": "female", "relationship": "spouse"}]'
SELECT detail FROM (VALUES
	('"no object"'), ('{}'), ('{"answers": {}, "members": []}'), ('{"answers": {"romms": 2}, "members": :m}'), ('{"answers": {"rooms": "two"}, "members": :m}'),
	('{"answer": {}, "answers": [], "members": {}, "Ahmed": 1}'),
	('{"answers": {}, "members": [7, {"line": 0, "nam": "K", "name": " ", "sex": "m", "birth_date": "1.2.1990", "relationship": "head"}]}'),
	('{"answers": {}, "members": [{"line": 1, "name": "K", "sex": "man", "cnic": "123", "birth_date": "1990-02-31", "relationship": "boss", "marital_status": "single"}]}'),
	('{"answers": {}, "members": [{"line": 1, "name": "K", "sex": "male", "relationship": "head", "class": 77}]}'),
	('{"answers": {}, "members": [{"line": 1, "name": "K", "sex": "male", "relationship": "head", "disabilities": ["blind"]}]}'),
	('{"answers": {}, "members": [{"line": 1, "name": "K", "sex": "male", "relationship": "head", "birth_date": "2025-06-02", "document": "cnic"}, {"line": 1, "name": "L", "sex": "male", "relationship": "child", "cnic": "30201-0000041-1"}, {"line": 5, "name": "M", "sex": "male", "relationship": "child", "cnic": "30201-0000041-1"}]}'),
	('{"answers": {}, "members": :m, "ended": [{"line": 4, "reason": "moved"}, {"line": 300, "reason": "died", "on_date": "yesterday"}]}'),
	('{"answers": {}, "members": :m, "ended": [{"line": 4, "reason": "left", "on_date": "2025-06-02"}]}'),
	('{"answers": {}, "members": :m, "land": "some", "phone": "123", "area": "PK0", "place": {"lon": 31.5, "lat": 74.3}}'),
	('{"answers": {}, "members": :m, "place": {"lon": 1e400, "lat": 74.3}}'),
	('{"answers": {}, "members": :m, "place": null, "ended": null, "phone": null, "land": null, "started_at": null}'),
	('{"answers": {}, "members": :m, "place": {"lon": 31.5, "lat": 74.3}, "device_place": {"lon": "east", "height": 3}, "started_at": "2025-06-01"}'),
	('{"answers": {}, "members": :m, "place": {"lon": 31.5, "lat": 74.3}, "started_at": "2025-06-01T12:00:00+05:00"}'))
	AS c (content)
CROSS JOIN LATERAL pg_temp.told(format('SELECT check_content(''cyclic'', 2, %L, ''2025-06-01 11:00+05'')', replace(c.content, ':m', :'members'))) AS t;
SELECT DISTINCT code, message, left_alone
FROM pg_temp.told('SELECT check_content(''cyclic'', 2, NULL, now())') UNION SELECT code, message, left_alone FROM pg_temp.told('SELECT check_content(''cyclic'', 2, ''{}'', now())');
SELECT code, detail, hint FROM pg_temp.told($$SELECT check_content('grievance', 2, '{"about": "weather", "statement": "It rains."}', now())$$);
SELECT code FROM pg_temp.told($$SELECT check_content('roster', 2, '{}', now())$$);

-- texts have an end, and so have lists
SELECT code, detail FROM (VALUES
	(jsonb_build_object('address', repeat('a', 301), 'form_version', repeat('1', 51))),
	(jsonb_build_object('members', jsonb_build_array(jsonb_build_object('line', 1, 'name', repeat('a', 201), 'father_name', repeat('a', 201), 'sex', 'male', 'relationship', 'head')))),
	(jsonb_build_object('members', (SELECT jsonb_agg(jsonb_build_object('line', least(n, 254), 'name', 'A', 'sex', 'male', 'relationship', 'head')) FROM generate_series(1, 255) AS n))))
	AS c (content)
CROSS JOIN LATERAL pg_temp.told(format('SELECT check_content(''cyclic'', 2, %L, ''2025-06-01 11:00+05'')',
	jsonb_build_object('answers', jsonb '{}', 'members', jsonb :'members') || c.content)) AS t;

-- what contradicts itself, or the registry
SELECT code, detail FROM (VALUES
	('[{"line": 1, "relationship": "child"}, {"line": 3, "relationship": "spouse"}, {"line": 4}]', '[]'),
	('[{"line": 1, "relationship": "head"}, {"line": 3, "relationship": "head"}, {"line": 4}]', '[]'),
	('[{"line": 1, "relationship": "head"}, {"line": 2}, {"line": 3}, {"line": 4}, {"line": 7}]', '[]'),
	('[{"line": 1, "relationship": "head"}, {"line": 3, "father_line": 3}, {"line": 4, "mother_line": 9}]', '[]'),
	('[{"line": 1, "relationship": "head", "marital_status": "never_married"}, {"line": 3}, {"line": 4, "father_line": 3}]', '[]'),
	('[{"line": 1, "relationship": "head"}, {"line": 3, "mother_line": 4}, {"line": 4, "age": 26}]', '[]'),
	('[{"line": 1, "relationship": "head"}, {"line": 3}, {"line": 4, "name": "Parveen", "cnic": "30201-0000042-2"}]', '[]'),
	('[{"line": 1, "relationship": "head"}, {"line": 3}]', '[{"line": 3, "reason": "left"}, {"line": 2, "reason": "left"}, {"line": 4, "reason": "died", "on_date": "2024-01-01", "new_head": 3}]'),
	('[{"line": 1, "relationship": "head", "marital_status": "married", "spouse_line": 3}, {"line": 4}]', '[{"line": 3, "reason": "died"}, {"line": 3, "reason": "left"}]'),
	('[{"line": 1, "relationship": "head"}, {"line": 3}, {"line": 4}, {"line": 5, "cnic": "30201-0000031-1", "sex": "male"}]', '[]'),
	-- people are not exchanged; a number tells who it is
	('[{"line": 1}, {"line": 3, "name": "Shazia"}, {"line": 4, "name": "Maryam"}]', '[]'),
	('[{"line": 1}, {"line": 3}, {"line": 4, "name": "Maryam", "cnic": "30201-0000032-2"}]', '[]'),
	-- these are flagged, and not refused
	('[{"line": 1, "relationship": "head"}, {"line": 3}, {"line": 4, "father_line": 98}, {"line": 5, "mother_line": 4}, {"line": 6, "age": 8, "marital_status": "married"}]', '[]'),
	('[{"line": 1, "relationship": "head", "marital_status": "separated", "spouse_line": 3}, {"line": 3, "marital_status": "separated"}, {"line": 4}]', '[]'))
	AS c (members, ended)
CROSS JOIN LATERAL pg_temp.told(format('SELECT check_content(''cyclic'', 2, %L, ''2025-06-01 11:00+05'')',
	(SELECT jsonb_build_object('answers', jsonb '{}', 'ended', c.ended::jsonb, 'members', jsonb_agg(coalesce(
		(SELECT jsonb_strip_nulls(jsonb_build_object('name', name, 'sex', sex, 'relationship', relationship)) FROM nser.member
		 WHERE household_id = 2 AND line = (m ->> 'line')::integer AND valid_to IS NULL AND superseded_at IS NULL),
		'{"name": "New", "sex": "female", "relationship": "other"}') || m)) FROM jsonb_array_elements(c.members::jsonb) AS m))) AS t;

-- when it is applied the household is no longer what it was: nothing is half done, and the case stays verified
SELECT pg_temp.verified(2, 21, 'cyclic', jsonb_build_object('answers', jsonb :'answers', 'members', jsonb :'members' || '[{"line": 5, "name": "New", "cnic": "30201-0000051-2", "sex": "female", "relationship": "other"}]'), '2025-06-01 11:00+05');
BEGIN;
SELECT end_member(2, 3, 'left', '2025-05-01') > 0 AS recorded;
SELECT * FROM pg_temp.told('SELECT apply_case(2, 21, pg_temp.request(21))') \gx
ROLLBACK;
BEGIN;
SELECT register_member(2, 'Daud', 'male', 'child', on_date => '2025-06-02') AS line;
SELECT * FROM pg_temp.told('SELECT apply_case(2, 21, pg_temp.request(21))') \gx
ROLLBACK;
-- a roster update that says nothing else of them is no hindrance: the survey comes after it, and is current
BEGIN;
SELECT count(*) FROM change_head(2, 1, on_date => '2025-05-01');
SELECT state, no_change FROM apply_case(2, 21, pg_temp.request(21));
SELECT update_type, is_full FROM nser.household AS h JOIN nser.survey AS v ON v.survey_id = current_survey WHERE h.household_id = 2;
SELECT * FROM pg_temp.wrong();
ROLLBACK;
BEGIN;
SELECT register_member(3, 'Nadia', 'female', 'child', '30201-0000051-2', on_date => '2025-05-01') AS line;
SELECT * FROM pg_temp.told('SELECT apply_case(2, 21, pg_temp.request(21))') \gx
ROLLBACK;
BEGIN;
SELECT count(*) FROM merge_households(2, 3, 'sibling', on_date => '2025-03-01');
SELECT code, message, left_alone FROM pg_temp.told('SELECT apply_case(2, 21, pg_temp.request(21))');
ROLLBACK;
-- whatever an operation refuses is refused of the case
BEGIN;
CREATE FUNCTION pg_temp.no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE invalid_parameter_value USING MESSAGE = 'not this one'; END$$;
CREATE TRIGGER no BEFORE INSERT ON nser.survey FOR EACH ROW EXECUTE FUNCTION pg_temp.no();
SELECT code, message, detail, left_alone FROM pg_temp.told('SELECT apply_case(2, 21, pg_temp.request(21))');
ROLLBACK;
SELECT code, message, left_alone FROM pg_temp.told($$SELECT apply_case(2, 21, pg_temp.request(21), content => '{}')$$);
SELECT code, left_alone FROM pg_temp.told('SELECT apply_case(2, 21, pg_temp.request(21), expected_step => 4)');
SELECT code, left_alone FROM pg_temp.told('SELECT apply_case(2, 99, pg_temp.request(21))');
SELECT code, left_alone FROM pg_temp.told('SELECT apply_case(99, 21, pg_temp.request(21))');
SELECT state, last_step, survey_id FROM nser.update_case WHERE case_id = 21;
SELECT state, no_change FROM apply_case(2, 21, pg_temp.request(21));
SELECT code, left_alone FROM pg_temp.told('SELECT apply_case(2, 21, pg_temp.request(22))');
-- Shazia was named neither as member nor as ended: she has left
SELECT line, name, end_reason, valid_to FROM nser.member WHERE household_id = 2 AND superseded_at IS NULL AND end_reason = 'left';
SELECT * FROM pg_temp.wrong();

-- a roster update that wrote no member is no hindrance; a survey that stands after it was taken before, and so was the next
SELECT pg_temp.verified(2, 22, 'roster', '{"changes": [{"change": "disability", "line": 1, "disabilities": ["other"]}]}', '2025-09-10 11:00+05');
SELECT no_change FROM apply_case(2, 22, pg_temp.request(22));
SELECT content AS content FROM nser.case_step WHERE household_id = 2 AND case_id = 21 AND event = 'submit' \gset
SELECT pg_temp.verified(2, 23, 'cyclic', :'content', '2025-09-05 11:00+05');
SELECT state FROM apply_case(2, 23, pg_temp.request(23));
SELECT pg_temp.verified(2, 24, 'cyclic', :'content', '2025-09-07 11:00+05');
SELECT state FROM apply_case(2, 24, pg_temp.request(24));
SELECT by_case, update_type, submitted_at::date, survey_id = current_survey AS is_current
FROM nser.survey AS v JOIN nser.household AS h USING (household_id) WHERE household_id = 2 ORDER BY survey_id DESC LIMIT 3;
SELECT is_late_survey(2, '2025-09-07 10:59+05') AS late, is_late_survey(2, '2025-09-07 11:01+05') AS not_late;

-- a survey waits, and a bride moves in meanwhile: who did not know of her does not send her away, and the household is asked again
INSERT INTO nser.household (household_id, area, registered_on) VALUES (4, 'PK61701003', '2022-01-01'), (5, 'PK61701003', '2022-01-01');
INSERT INTO nser.member (household_id, line, area, document, name, sex, relationship, marital_status, valid_from) VALUES
	(4, 1, 'PK61701003', 'none', 'Salim', 'male', 'head', 'widowed', '2022-01-01'), (4, 2, 'PK61701003', 'none', 'Waqar', 'male', 'child', 'never_married', '2022-01-01'),
	(5, 1, 'PK61701003', 'none', 'Jamal', 'male', 'head', 'widowed', '2022-01-01'), (5, 2, 'PK61701003', 'none', 'Gul', 'female', 'child', 'never_married', '2022-01-01'),
	(5, 3, 'PK61701003', 'none', 'Badar', 'male', 'child', 'never_married', '2022-01-01');
\set members '[{"line": 1, "name": "Salim", "sex": "male", "relationship": "head", "marital_status": "widowed"}, {"line": 2, "name": "Waqar", "sex": "male", "relationship": "child", "marital_status": "never_married"}]'
SELECT pg_temp.verified(4, 40, 'cyclic', jsonb_build_object('answers', jsonb :'answers', 'members', jsonb :'members'), '2025-06-01 11:00+05');
SELECT pg_temp.verified(5, 41, 'roster', '{"changes": [{"change": "move", "line": 2, "to_household": 4, "relationship": "child_in_law", "marital_status": "married",
	"spouse_line": 2, "on_date": "2025-05-20"}]}', '2025-05-25 11:00+05');
SELECT state FROM apply_case(5, 41, pg_temp.request(41));
SELECT * FROM pg_temp.told('SELECT apply_case(4, 40, pg_temp.request(40))') \gx
SELECT state FROM advance_case(4, 40, 'send_back', pg_temp.request(401), reason => 'a bride has moved in', taken_at => '2025-06-05 10:00+05');
SELECT state FROM advance_case(4, 40, 'submit', pg_temp.request(402), jsonb_build_object('answers', jsonb :'answers', 'members', jsonb :'members' #- '{1,marital_status}'
	|| '[{"line": 3, "name": "Gul", "sex": "female", "relationship": "child_in_law"}]'), taken_at => '2025-06-05 11:00+05');
SELECT state FROM advance_case(4, 40, 'verify', pg_temp.request(403));
SELECT state FROM apply_case(4, 40, pg_temp.request(40));
SELECT line, v, name, marital_status, spouse, valid_from FROM pg_temp.who WHERE hh = 4 AND valid_to IS NULL ORDER BY line;
-- one that reaches the registry late: what was submitted after it is known by then, of this household or of another
SELECT pg_temp.verified(5, 42, 'roster', '{"changes": [{"change": "move", "line": 3, "to_household": 4, "relationship": "other", "on_date": "2025-06-08"}]}', '2025-06-20 11:00+05');
SELECT state FROM apply_case(5, 42, pg_temp.request(42));
SELECT pg_temp.verified(4, 43, 'cyclic', jsonb_build_object('answers', jsonb :'answers', 'members', jsonb :'members' #- '{1,marital_status}'
	|| '[{"line": 3, "name": "Gul", "sex": "female", "relationship": "child_in_law"}]'), '2025-06-10 11:00+05');
SELECT code, message, detail FROM pg_temp.told('SELECT apply_case(4, 43, pg_temp.request(43))');
SELECT pg_temp.verified(5, 44, 'cyclic', jsonb_build_object('answers', jsonb :'answers', 'members', jsonb '[{"line": 1, "name": "Jamal", "sex": "male", "relationship": "head"}]'),
	'2025-06-10 11:00+05');
SELECT code, message, detail FROM pg_temp.told('SELECT apply_case(5, 44, pg_temp.request(44))');
SELECT * FROM pg_temp.wrong();

-- only ages have grown; where a programme finds otherwise by them, that is a change
\set content '{"members": [{"line": 1, "name": "Jamil", "sex": "male", "birth_date": "1965-06-01", "relationship": "head", "marital_status": "never_married", "father_line": 0, "mother_line": 0, "class": 5, "ever_attended": true, "disabilities": []}]}'
INSERT INTO nser.household (household_id, area, status) VALUES (6, 'PK61701003', 'requested');
SELECT pg_temp.verified(6, 60, 'missed_out', :'content' || jsonb_build_object('answers', jsonb :'answers'), '2025-05-01 11:00+05');
SELECT state, no_change FROM apply_case(6, 60, pg_temp.request(60));
SELECT pg_temp.verified(6, 61, 'cyclic', :'content' || jsonb_build_object('answers', jsonb :'answers'), '2025-07-01 11:00+05');
BEGIN;
SELECT state, no_change FROM apply_case(6, 61, pg_temp.request(61));
ROLLBACK;
INSERT INTO nser.programme (code, name, formula, cutoff, valid) VALUES ('old', 'for the old', 'hies-2015-demo', 1, daterange('2020-01-01', NULL));
INSERT INTO nser.relaxation (programme, indicator, cutoff) VALUES ('old', 'elderly', 100);
SELECT state, no_change FROM apply_case(6, 61, pg_temp.request(61));

-- what SQL wrote into a step, and nobody judged, is not applied
CREATE FUNCTION pg_temp.written(content jsonb, reason text DEFAULT 'a trial') RETURNS TABLE (code text, message text) LANGUAGE plpgsql AS $$
DECLARE
	opened	bigint;
	said	record;
BEGIN
	SELECT o.case_id INTO opened FROM open_case('roster', 6, gen_random_uuid()) AS o;
	PERFORM advance_case(6, opened, 'screen', gen_random_uuid());
	INSERT INTO nser.case_step (household_id, case_id, step, update_type, from_state, event, to_state, content)
		VALUES (6, opened, 3, 'roster', 'screened', 'submit', 'submitted', written.content);
	PERFORM advance_case(6, opened, 'verify', gen_random_uuid());
	SELECT t.code, t.message INTO said FROM pg_temp.told(format('SELECT apply_case(6, %s, gen_random_uuid())', opened)) AS t;
	PERFORM advance_case(6, opened, 'cancel', gen_random_uuid(), reason => written.reason);
	RETURN QUERY SELECT said.code, said.message;
END $$;
SELECT c.content, w.code, w.message
FROM (VALUES (jsonb '{"changes": [{"change": "cnic", "line": 1}]}'), ('{"changes": []}'), ('{"changes": {}}'), ('{"x": 1}'), ('{"changes": [{"change": "death"}]}')) AS c (content)
CROSS JOIN LATERAL pg_temp.written(c.content) AS w;

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
