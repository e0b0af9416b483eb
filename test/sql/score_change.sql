--
-- Which answers moved a score, and who moved between the bands
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
\set ECHO all

INSERT INTO nser.household (household_id, area) SELECT h, CASE WHEN h < 5 THEN 'PK617' ELSE 'PK701' END::area_code FROM generate_series(1, 8) AS h;
INSERT INTO nser.survey (household_id, survey_id, area, submitted_at, indicators) VALUES
	(1, 1, 'PK617', '2024-01-01 10:00+05', '{"province": "punjab", "region": "rural", "rooms": 1, "toilet": "none", "electricity": "none", "gas": "none", "internet": false,
		"mobile_phone": false, "computer": false, "landline": false, "members": 6, "dependants": 5, "head_class": 0, "children_5_16": 2, "children_5_16_at_school": 1}'),
	(1, 2, 'PK617', '2025-01-01 10:00+05', '{"province": "punjab", "region": "rural", "rooms": 2, "toilet": "dry_pit", "electricity": "none", "gas": "none", "internet": false,
		"mobile_phone": true, "computer": false, "landline": false, "members": 5, "dependants": 4, "head_class": 0, "children_5_16": 2, "children_5_16_at_school": 2}'),
	(1, 3, 'PK617', '2025-06-01 10:00+05', '{"rooms": 2}');
SELECT score_survey(1, s, 'hies-2015-demo') FROM generate_series(1, 3) AS s;
SELECT * FROM score_change(1, 1, 2, 'hies-2015-demo');
SELECT sum(c.change) AS changes, (SELECT a.score - b.score FROM nser.score AS a, nser.score AS b WHERE a.survey_id = 2 AND b.survey_id = 1) AS difference
FROM score_change(1, 1, 2, 'hies-2015-demo') AS c;
SELECT count(*) AS terms, sum(change) FROM score_change(1, 1, 2, 'hies-2015-demo', all_terms => true);
SELECT count(*) AS nothing FROM score_change(1, 2, 2, 'hies-2015-demo');
-- an answer that is missing
SELECT * FROM score_change(1, 2, 3, 'hies-2015-demo') LIMIT 3;
-- variants: terms of either, side by side, and a term asked twice
INSERT INTO formula (name, formula, source) VALUES ('variants-of-rooms', '{"base": 3, "terms": [{"indicator": "rooms", "each": 2}, {"indicator": "rooms", "each": 1, "up_to": 4}, {"indicator": "cows", "each": 5}],
	"variants": [{"when": {"region": "urban"}, "terms": [{"indicator": "rooms", "each": 4}, {"any_of": ["car"], "points": 30}]}]}', 'this test');
INSERT INTO nser.survey (household_id, survey_id, area, submitted_at, indicators) VALUES
	(2, 4, 'PK617', '2024-01-01 10:00+05', '{"region": "rural", "rooms": 2, "cows": 1}'), (2, 5, 'PK617', '2025-01-01 10:00+05', '{"region": "urban", "rooms": 3, "car": true}');
SELECT s, score_survey(2, s, 'variants-of-rooms') FROM generate_series(4, 5) AS s;
SELECT * FROM score_change(2, 4, 5, 'variants-of-rooms', all_terms => true);
SELECT sum(change) FROM score_change(2, 4, 5, 'variants-of-rooms');
-- refused
SELECT * FROM score_change(1, 1, 2, 'no-such');
SELECT * FROM score_change(1, 1, 4, 'variants-of-rooms');
SELECT * FROM score_change(NULL, 1, 2, 'variants-of-rooms');

-- bands: who moved, who stayed; whose last survey of a day has no score is not counted
INSERT INTO formula (name, formula, source) VALUES ('bands-of-rooms', '{"terms": [{"indicator": "rooms", "each": 5}]}', 'this test');
INSERT INTO nser.survey (household_id, survey_id, area, submitted_at, indicators)
SELECT h, 10 * h + n, CASE WHEN h < 5 THEN 'PK617' ELSE 'PK701' END::area_code, ('2024-01-01 02:00+05'::timestamptz + n * interval '1 year'),
	jsonb_build_object('rooms', CASE WHEN n = 0 THEN 2 WHEN h % 2 = 0 THEN h ELSE 2 END)::indicators
FROM generate_series(3, 8) AS h CROSS JOIN generate_series(0, 1) AS n;
INSERT INTO nser.survey (household_id, survey_id, area, submitted_at, indicators) VALUES (3, 99, 'PK617', '2025-02-01 10:00+05', '{}');
UPDATE nser.household AS h SET current_survey = (SELECT max(survey_id) FROM nser.survey AS v WHERE v.household_id = h.household_id);
CALL score_all('bands-of-rooms', NULL);
SELECT * FROM band_transitions('bands-of-rooms', '2024-06-30', '2025-06-30');
SELECT * FROM band_transitions('bands-of-rooms', '2024-06-30', '2025-06-30', 'PK7');
SELECT * FROM band_transitions('bands-of-rooms', '2024-06-30', '2025-01-15', 'PK6');
-- a survey of two at night counts on the day it is in Pakistan
SELECT count(*) FROM band_transitions('bands-of-rooms', '2023-12-31', '2025-01-15');
SELECT * FROM band_transitions('bands-of-rooms', '2025-06-30', '2024-06-30');
SELECT * FROM band_transitions('bands-of-rooms', NULL, '2024-06-30');
SELECT * FROM band_transitions('bands-of-rooms', '2024-06-30', '5874897-12-31');
SELECT * FROM band_transitions('bands-of-rooms', '4000-01-01 BC', '2024-06-30');

-- graduates of a programme
INSERT INTO nser.programme (code, name, formula, cutoff) VALUES ('cash', 'Cash', 'bands-of-rooms', 20);
SELECT * FROM graduates('cash', '2024-06-30', '2025-06-30');
SELECT * FROM graduates('cash', '2024-06-30', '2025-06-30', 'PK7');
INSERT INTO nser.programme_cutoff (programme, valid, cutoff) VALUES ('cash', '[2025-01-01,2025-12-31]', 40);
SELECT * FROM graduates('cash', '2024-06-30', '2025-06-30');
SELECT * FROM graduates('no-such', '2024-06-30', '2025-06-30');

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
DELETE FROM formula WHERE name IN ('bands-of-rooms', 'variants-of-rooms');
