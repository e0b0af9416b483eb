-- Nine households of a village, as they were registered before 2025; all made up.

-- the story is told long after it happened
UPDATE nser.update_policy SET late_by = '10 years';

CREATE TEMP TABLE person (hh bigint, line int, name text, sex registry.sex, born date, relationship registry.relationship,
	marital registry.marital_status, spouse int, father int, mother int);
INSERT INTO person VALUES
	(1, 1, 'Shazia', 'female', '1984-01-10', 'head', 'widowed', NULL, 0, 0), (1, 2, 'Nadeem', 'male', '2012-03-01', 'child', 'never_married', NULL, 0, 1),
	(1, 3, 'Mehak', 'female', '2015-06-01', 'child', 'never_married', NULL, 0, 1),
	(2, 1, 'Aslam', 'male', '1970-01-10', 'head', 'married', 2, 0, 0), (2, 2, 'Kausar', 'female', '1974-01-10', 'spouse', 'married', 1, 0, 0),
	(2, 3, 'Bashiran', 'female', '1945-01-10', 'parent', 'widowed', NULL, 0, 0),
	(3, 1, 'Karim', 'male', '1992-01-10', 'head', 'married', 2, 0, 0), (3, 2, 'Rabia', 'female', '1995-01-10', 'spouse', 'married', 1, 0, 0),
	(4, 1, 'Ghulam', 'male', '1965-01-10', 'head', 'married', 2, 0, 0), (4, 2, 'Zeenat', 'female', '1968-01-10', 'spouse', 'married', 1, 0, 0),
	(5, 1, 'Liaqat', 'male', '1980-01-10', 'head', 'married', 2, 0, 0), (5, 2, 'Shamim', 'female', '1983-01-10', 'spouse', 'married', 1, 0, 0),
	(6, 1, 'Rafiq', 'male', '1986-01-10', 'head', 'married', 2, 0, 0), (6, 2, 'Parveen', 'female', '1988-01-10', 'spouse', 'married', 1, 0, 0),
	(6, 3, 'Amna', 'female', '2010-01-10', 'child', 'never_married', NULL, 1, 2), (6, 4, 'Danish', 'male', '2013-01-10', 'child', 'never_married', NULL, 1, 2),
	(7, 1, 'Hanif', 'male', '1972-01-10', 'head', 'married', 2, 0, 0), (7, 2, 'Naseem', 'female', '1976-01-10', 'spouse', 'married', 1, 0, 0),
	(7, 3, 'Saima', 'female', '2003-01-10', 'child', 'never_married', NULL, 1, 2),
	(8, 1, 'Rahim', 'male', '1971-01-10', 'head', 'married', 2, 0, 0), (8, 2, 'Zubaida', 'female', '1975-01-10', 'spouse', 'married', 1, 0, 0),
	(8, 3, 'Waseem', 'male', '2000-01-10', 'child', 'never_married', NULL, 1, 2),
	(9, 1, 'Yousaf', 'male', '1955-01-10', 'head', 'married', 2, 0, 0), (9, 2, 'Rehana', 'female', '1958-01-10', 'spouse', 'married', 1, 0, 0),
	(9, 3, 'Junaid', 'male', '1982-01-10', 'child', 'married', 4, 1, 2), (9, 4, 'Fozia', 'female', '1985-01-10', 'child_in_law', 'married', 3, 0, 0),
	(9, 5, 'Ayan', 'male', '2014-01-10', 'grandchild', 'never_married', NULL, 3, 4), (9, 6, 'Irfan', 'male', '1990-01-10', 'child', 'never_married', NULL, 1, 2);

INSERT INTO nser.household (household_id, area, registered_on, phone, address)
	SELECT DISTINCT hh, 'PK703010010001'::registry.area_code, '2022-02-01'::date, ('0300-123450' || hh)::registry.mobile_number, 'Village Rukan' FROM person;
SELECT setval('nser.household_household_id_seq', 9) \g /dev/null
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, marital_status, spouse_line, father_line, mother_line, valid_from)
	SELECT hh, line, 'PK703010010001', format('41204-%s-%s', lpad((hh * 10 + line)::text, 7, '0'), CASE sex WHEN 'male' THEN 1 ELSE 2 END)::registry.cnic,
		CASE WHEN born > '2007-01-01' THEN 'b_form' ELSE 'cnic' END, name, sex, born, relationship, marital, spouse, father, mother, '2022-02-01'
	FROM person;

-- full surveys, of 6 in June 2023, else of February 2022
SELECT registry.record_survey(p.hh, CASE WHEN p.hh IN (6, 7) THEN '{"province": "sindh", "region": "rural", "rooms": 4, "toilet": "flush_pit", "electricity": "own_meter", "gas": "own_meter",
			"internet": true, "mobile_phone": true, "computer": true, "landline": false}'
		WHEN p.hh IN (1, 2) THEN '{"province": "sindh", "region": "rural", "rooms": 1, "toilet": "none", "electricity": "none", "gas": "none",
			"internet": false, "mobile_phone": false, "computer": false, "landline": false}'
		ELSE '{"province": "sindh", "region": "rural", "rooms": 1, "toilet": "none", "electricity": "own_meter", "gas": "none",
			"internet": false, "mobile_phone": true, "computer": false, "landline": false}' END::registry.indicators,
	registry.roster_agg(p.line, p.relationship, p.sex, extract(year FROM age(d.day, p.born))::int, p.marital, p.spouse, p.father, p.mother,
		CASE WHEN p.born < '1990-01-01' THEN 5 END, p.born < '1990-01-01', p.born BETWEEN '2008-01-01' AND '2017-01-01', true, NULL, NULL, NULL, '{}', '{}'),
	'0 acre', submitted_at => (d.day + time '10:00') AT TIME ZONE 'Asia/Karachi') AS survey
FROM person AS p CROSS JOIN LATERAL (SELECT CASE p.hh WHEN 6 THEN '2023-06-15'::date ELSE '2022-02-10' END AS day) AS d
GROUP BY p.hh, d.day ORDER BY p.hh \g /dev/null
SELECT registry.score_survey(h.household_id, h.current_survey, 'hies-2015-demo') FROM nser.household AS h ORDER BY 1 \g /dev/null
INSERT INTO nser.programme (code, name, formula, cutoff, source) VALUES ('kafaalat', 'cash for the woman of the family', 'hies-2015-demo', 32, 'threshold of this story');
SELECT registry.enrol('kafaalat', h, l, 'manual', '2022-03-01', note => 'of the list of 2021') FROM (VALUES (1, 1), (2, 2)) AS e (h, l) \g /dev/null

CREATE VIEW pg_temp.home AS
	SELECT h.household_id AS hh, h.status, string_agg(m.name, ', ' ORDER BY m.line) AS who, s.score,
		(SELECT string_agg(e.programme, ', ') FROM nser.enrolment AS e WHERE e.household_id = h.household_id AND e.exited_on IS NULL) AS benefits
	FROM nser.household AS h
	JOIN nser.member AS m ON m.household_id = h.household_id AND m.valid_to IS NULL AND m.superseded_at IS NULL
	LEFT JOIN nser.score AS s ON s.household_id = h.household_id AND s.survey_id = h.current_survey AND s.formula = 'hies-2015-demo'
	GROUP BY h.household_id, h.status, s.score;

CREATE FUNCTION pg_temp.members(household bigint) RETURNS TABLE (line smallint, version int, name text, relationship registry.relationship,
		marital_status registry.marital_status, valid_from date, valid_to date, end_reason text, superseded boolean)
	LANGUAGE sql
BEGIN ATOMIC
	SELECT m.line, m.version, m.name, m.relationship, m.marital_status, m.valid_from, m.valid_to, m.end_reason, m.superseded_at IS NOT NULL
	FROM nser.member AS m WHERE m.household_id = household ORDER BY m.line, m.version;
END;
