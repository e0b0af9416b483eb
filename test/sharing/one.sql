-- One household of two in Lahore, score 16.17, and one in Karachi, score 60.
INSERT INTO nser.household (household_id, area, registered_on) VALUES (1, 'PK61701003', '2023-01-01'), (2, 'PK70101', '2023-01-01');
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, marital_status, valid_from) VALUES
	(1, 1, 'PK61701003', '30201-0000001-1', 'cnic', 'Karim', 'male', '1980-01-01', 'head', 'married', '2023-01-01'),
	(1, 2, 'PK61701003', '30201-0000001-2', 'cnic', 'Zainab', 'female', '1984-01-01', 'spouse', 'married', '2023-01-01'),
	(1, 3, 'PK61701003', NULL, 'none', 'Bilal', 'male', '2015-01-01', 'child', 'never_married', '2023-01-01'),
	(2, 1, 'PK70101', '30201-0000002-2', 'cnic', 'Rabia', 'transgender', '1960-01-01', 'head', NULL, '2023-01-01');
INSERT INTO nser.survey (household_id, survey_id, indicators, area, roster, submitted_at)
SELECT h.household_id, h.household_id, registry.complete('{}', r.roster, NULL), h.area, r.roster, '2023-01-01'
FROM nser.household AS h
CROSS JOIN (SELECT registry.roster_agg(1, 'head', 'male', 43, 'married', 0, 0, 0, 5, true, false, true, 'employed', 'regular', false, '{visual_full}', '{}') AS roster) AS r;
UPDATE nser.household SET current_survey = household_id;
INSERT INTO nser.score (household_id, survey_id, area, formula, score) SELECT household_id, household_id, area, 'hies-2015-demo', CASE household_id WHEN 1 THEN 16.17 ELSE 60 END FROM nser.household;
