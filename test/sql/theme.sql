--
-- Themes of the annual report: figures, levels, extremes, marks, who sees what
--
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS nser, share, release CASCADE;
CALL registry.create_store();
RESET client_min_messages;
SET search_path = registry, public;

INSERT INTO nser.area (code, name, division, source) VALUES ('PK6', 'Punjab', NULL, 'made up'), ('PK601', 'West', 'Upper', 'made up'), ('PK602', 'East', 'Upper', 'made up'),
	('PK603', 'South', 'Lower', 'made up'), ('PK60101', 'West town', NULL, 'made up'), ('PK60101001', 'Bazaar', NULL, 'made up');
-- the definitions, as the report prints them
SELECT theme, measure, unit, is_headline AS headline, holds, base FROM themes() WHERE theme <> 'water_source' ORDER BY theme, is_headline DESC, measure COLLATE "C";
SELECT indicator, count(*) AS cells, min(cell) AS first, bool_and(sex IS NULL) AS of_households FROM theme_cells() GROUP BY indicator ORDER BY first;

-- a widow's household in the bazaar, a large one in the town, one that states its district alone, one without a survey, one that is gone
INSERT INTO nser.household (household_id, area, registered_on, status) VALUES (1, 'PK601010010001', '2024-01-01', 'registered'), (2, 'PK60101', '2024-01-01', 'registered'),
	(3, 'PK602', '2024-01-01', 'registered'), (4, 'PK6', '2024-01-01', 'registered'), (5, 'PK602', '2024-01-01', 'merged');
SELECT registry.record_survey(1, '{"wall": "burnt_brick", "roof": "concrete", "water": "hand_pump", "toilet": "flush_pit", "electricity": "extension", "cows": 0, "goats": 2, "buffaloes": 0, "sheep": 0}',
	'[{"line": 1, "relationship": "head", "sex": "female", "age": 40, "marital_status": "widowed", "literate": false, "employment": "employed", "disabilities": [], "chronic_diseases": ["diabetes"]},
	  {"line": 2, "relationship": "child", "sex": "male", "age": 10, "marital_status": "never_married", "literate": true, "attending_school": true, "ever_attended": true, "disabilities": ["hearing"], "chronic_diseases": []}]');
SELECT registry.record_survey(2, '{"wall": "burnt_brick", "roof": "girder", "water": "tanker", "toilet": "none", "electricity": "none", "cows": 0, "goats": 0, "buffaloes": 0, "sheep": 0, "camels": 0}',
	'[{"line": 1, "relationship": "head", "sex": "male", "age": 60, "marital_status": "married", "literate": true, "employment": "retired", "disabilities": [], "chronic_diseases": []},
	  {"line": 2, "relationship": "spouse", "sex": "female", "age": 61, "marital_status": "married", "spouse_line": 1, "literate": false, "employment": "employed"},
	  {"line": 3, "relationship": "child", "sex": "female", "age": 18, "marital_status": "never_married", "father_line": 1, "mother_line": 2, "literate": true, "ever_attended": true, "attending_school": false, "disabilities": []},
	  {"line": 4, "relationship": "child", "sex": "transgender", "age": 14, "marital_status": "never_married", "ever_attended": false},
	  {"line": 5, "relationship": "other", "age": 4, "marital_status": "never_married"},
	  {"line": 6, "relationship": "other", "sex": "male", "marital_status": "never_married", "literate": true}]');
SELECT registry.record_survey(3, '{"electricity": "own_meter", "rooms": 1}', NULL);

-- what was never counted is not there; then everything is, and nothing changed
SELECT count(*) FROM nser.theme_literacy;
SELECT refresh_themes(), refresh_themes() AS again;
SELECT area, households, tally[1] AS surveyed, tally[2] AS with_roster FROM nser.theme_count ORDER BY area USING OPERATOR(registry.<);
SELECT level, area, name, sex, registered, households, unknown, members, mean_size, persons_pct FROM nser.theme_household_size WHERE level IN ('country', 'district') ORDER BY level, area USING OPERATOR(registry.<), sex;
SELECT * FROM nser.theme_literacy WHERE level IN ('country', 'division') OR level = 'district' AND sex = 'all' ORDER BY level, area USING OPERATOR(registry.<), name, sex;
SELECT sex, out_of_school, never_enrolled, persons, never_enrolled_of, unknown, out_of_school_pct FROM nser.theme_out_of_school WHERE level = 'country' ORDER BY sex;
SELECT sex, employed, persons, unknown, employed_pct FROM nser.theme_employment WHERE level = 'country' ORDER BY sex;
SELECT sex, disabled, persons, unknown, disabled_pct FROM nser.theme_disability WHERE level = 'country' ORDER BY sex;
SELECT with_disabled, households, unknown, with_disabled_pct FROM nser.theme_disability_household WHERE level = 'country';
SELECT sex, chronically_ill, persons, unknown, chronically_ill_pct FROM nser.theme_chronic_disease WHERE level = 'country' ORDER BY sex;
SELECT level, area, pacca, kacha, households, unknown, pacca_pct, kacha_pct FROM nser.theme_structure WHERE level IN ('country', 'tehsil') ORDER BY level, area USING OPERATOR(registry.<);
SELECT safe, other, households, unknown, safe_pct, other_pct FROM nser.theme_water WHERE level = 'country';
SELECT hand_pump, tanker, piped, households, hand_pump_pct, piped_pct FROM nser.theme_water_source WHERE level = 'country';
SELECT electricity, own_meter, extension, households, unknown, electricity_pct FROM nser.theme_electricity WHERE level = 'country';
SELECT formal, informal, open, households, unknown, formal_pct, open_pct FROM nser.theme_latrine WHERE level = 'country';
-- goats settle it for one; of the other every kind is told; the third says nothing
SELECT livestock, goats, camels, households, camels_of, unknown, livestock_pct, camels_pct FROM nser.theme_livestock WHERE level = 'country';

-- bands: the owner's own, without counting anew
CALL score_all('hies-2015-demo', NULL);
INSERT INTO nser.score (household_id, survey_id, score, area, formula) SELECT v.household_id, v.survey_id, CASE v.household_id WHEN 1 THEN 11.99 WHEN 2 THEN 12 END, v.area, 'test' FROM nser.survey AS v WHERE v.household_id < 3;
SELECT refresh_themes();
SELECT level, area, formula, band, households, scored, no_score, not_scored, households_pct FROM nser.theme_poverty WHERE level IN ('country', 'division') AND formula = 'test' ORDER BY level, area USING OPERATOR(registry.<), name, from_score;
INSERT INTO nser.theme_band (formula, from_score, name) VALUES ('test', 5, 'poor'), ('test', 12, 'not poor');
SELECT formula, band, households, scored, no_score, not_scored FROM nser.theme_poverty WHERE level = 'country' ORDER BY formula, from_score;
SELECT kind, families, counting, children, base, families_pct FROM nser.theme_families WHERE level = 'country' ORDER BY kind;

-- extremes: thirty at least, in order of the code where they are equal
INSERT INTO nser.household (household_id, area, registered_on) SELECT 1000 + d * 100 + n, ('PK6' || d + 10)::area_code, '2024-01-01' FROM generate_series(1, 8) AS d, generate_series(1, 30) AS n;
SELECT count(record_survey(h.household_id, format('{"electricity": %s}', CASE WHEN h.household_id % 100 <= least((h.household_id - 1000) / 100, 6) THEN '"own_meter"' ELSE '"none"' END)::indicators, NULL)) FROM nser.household AS h WHERE h.household_id > 1000;
SELECT refresh_themes() > 7 AS counted;
SELECT side, place, area, n, base, figure FROM nser.theme_extreme WHERE theme = 'electricity' ORDER BY side, place, area USING OPERATOR(registry.<);
SELECT theme, count(*) FILTER (WHERE side = 'left_out') AS left_out FROM nser.theme_extreme GROUP BY theme ORDER BY theme;

-- marks: of what changed alone, one an area and statement
DELETE FROM nser.household WHERE household_id IN (4);
UPDATE nser.household SET phone = '03001234567' WHERE household_id = 1;
SELECT area, count(*) FROM nser.theme_mark GROUP BY area;
SELECT refresh_themes();
SELECT count(*) AS left FROM nser.theme_count WHERE area = 'PK6';
UPDATE nser.household SET area = 'PK602' WHERE household_id = 2;
SELECT DISTINCT area FROM nser.theme_mark ORDER BY area USING OPERATOR(registry.<);
SELECT refresh_themes();
CALL score_all('ppi-pakistan-2009', NULL);
SELECT count(*) AS marks, count(DISTINCT area) AS areas FROM nser.theme_mark;
SELECT refresh_themes() > 9 AS counted;
TRUNCATE nser.score;
SELECT count(*) = (SELECT count(*) FROM nser.theme_count) AS all_marked FROM nser.theme_mark;
SELECT refresh_themes() > 9 AS counted;
SELECT count(*) AS scores FROM nser.theme_score;

-- who is limited to an area is told of what lies inside it, and marks what he changes without a right on the marks
CREATE ROLE regress_theme;
GRANT USAGE ON SCHEMA nser, registry TO regress_theme;
GRANT SELECT ON ALL TABLES IN SCHEMA nser TO regress_theme;
GRANT INSERT (area) ON nser.household TO regress_theme;
SELECT setval('nser.household_household_id_seq', 5000);
SET client_min_messages = error;
SELECT limit_role('regress_theme', 'PK601') > 0 AS limited;
RESET client_min_messages;
SET ROLE regress_theme;
SELECT DISTINCT level, area FROM nser.theme_electricity ORDER BY level, area USING OPERATOR(registry.<);
SELECT DISTINCT area FROM nser.theme_extreme;
SELECT count(*) FROM nser.theme_poverty WHERE NOT area <@ 'PK601' OR area IS NULL;
SELECT refresh_themes();
INSERT INTO nser.theme_mark VALUES ('PK601');
INSERT INTO nser.household (area) VALUES ('PK60101');
RESET ROLE;
SELECT area, count(*) FROM nser.theme_mark GROUP BY area;

-- reports
SELECT count(*) AS reports FROM nser.report WHERE subject = 'themes';
SELECT report_query('theme_literacy', 'PK601', 'tehsil');
SELECT report_query(name) IS NULL AS bad FROM nser.report WHERE subject = 'themes' GROUP BY 1;

-- wrong input
SELECT refresh_themes(NULL);
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT refresh_themes();
ROLLBACK;
SELECT theme_tally_add(NULL, NULL, NULL);
SELECT theme_sum(t) FROM (VALUES ('{1,2}'::bigint[])) AS v (t);
SELECT theme_sum(array_fill(1::bigint, ARRAY[n]) || NULL::bigint) FROM (SELECT max(cell) - 1 FROM theme_cells()) AS c (n);
SELECT theme_sum(array_fill(9223372036854775807, ARRAY[n])) FROM (SELECT max(cell) FROM theme_cells()) AS c (n), generate_series(1, 2);
SELECT theme_scores_sum('{}');
SELECT theme_scores(101);
SELECT theme_scores(s) IS NULL AS none, (theme_scores(s))[1] AS unscored FROM (VALUES (NULL::float8)) AS v (s);
SELECT count_themes('division');
INSERT INTO nser.theme_band VALUES ('x', 101, 'none');
DROP OWNED BY regress_theme;
DROP ROLE regress_theme;
SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
