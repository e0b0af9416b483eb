-- analyst: docs/tutorial_analyst.md, step by step.
--
--	createdb tutorial && psql -X -d tutorial -f test/tutorial/analyst.sql

SET client_min_messages = warning;
\set ECHO all
\pset footer off
\pset null '?'
SET timezone = 'Asia/Karachi';

-- 1. an empty database
CREATE EXTENSION registry CASCADE;
CALL registry.create_store();
SET search_path = registry, public;

-- 2. 5,000 generated households of one district
\set ECHO none
\ir ../population/population.sql
\set ECHO all
CALL population.load(5000, district => 'PK703');

-- 3. what is derived: families and scores
CALL registry.derive_all();
CALL registry.score_all('hies-2015-demo');
ANALYZE nser.survey, nser.score, nser.family;

-- 4. households, as columns
SELECT household_id, area, members, rooms, toilet, electricity, land FROM nser.household_profile ORDER BY household_id LIMIT 5;
SELECT line, name, relationship, sex, age, class, coalesce(work, employment) AS does FROM nser.member_profile WHERE household_id = 4 ORDER BY line;

-- 5. by answers
SELECT count(*) AS households, sum(members) AS people FROM nser.household_profile WHERE toilet = 'none' AND members >= 8;
SELECT count(*) AS households FROM nser.survey AS v JOIN nser.household AS h ON h.household_id = v.household_id AND h.current_survey = v.survey_id
WHERE v.indicators @> '{"toilet": "none", "electricity": "none"}' AND v.indicators -> 'members' >= 8;

-- 6. by tehsil
SELECT ancestor(p.area, 'tehsil') AS tehsil, count(*) AS households, sum(p.members) AS people, round(avg(p.members), 2) AS mean_size,
	round(100 * avg((p.toilet = 'none')::integer), 1) AS no_toilet_pct,
	round(100.0 * sum(p.children_4_18_out_of_school) / sum(p.children_4_18) FILTER (WHERE p.children_4_18_out_of_school IS NOT NULL), 1) AS out_of_school_pct
FROM nser.household_profile AS p GROUP BY 1 ORDER BY 1;

-- 7. scores, and why one is what it is
SELECT count(*) AS households, count(s.score) AS scored, round(avg(s.score)::numeric, 1) AS mean FROM nser.score AS s;
SELECT x.term, x.answer, x.points
FROM nser.survey AS v JOIN formula AS f ON f.name = 'hies-2015-demo' CROSS JOIN LATERAL pmt_explain(v.indicators, f.formula) AS x
WHERE v.household_id = 4;

-- 8. what a cut-off would reach, before there is a programme
SELECT c.cutoff, count(*) FILTER (WHERE s.score <= c.cutoff) AS households, sum(v.indicators -> 'members') FILTER (WHERE s.score <= c.cutoff) AS people,
	sum(v.indicators -> 'ever_married_women') FILTER (WHERE s.score <= c.cutoff) AS families
FROM nser.score AS s JOIN nser.survey AS v USING (household_id, survey_id) CROSS JOIN (VALUES (25), (32), (40)) AS c (cutoff)
GROUP BY c.cutoff ORDER BY c.cutoff;
SELECT cutoff_for(pmt_tally(s.score), 500) AS cutoff_for_500_households FROM nser.score AS s;

-- 9. who is eligible, by a programme and its relaxation
INSERT INTO nser.programme (code, name, formula, cutoff, source) VALUES ('example', 'an example', 'hies-2015-demo', 32, 'this tutorial');
INSERT INTO nser.relaxation (programme, indicator, at_least, cutoff, source) VALUES ('example', 'disabled_members', 1, 37, 'this tutorial');
SELECT ancestor(e.area, 'tehsil') AS tehsil, count(*) FILTER (WHERE e.eligible) AS eligible, count(*) FILTER (WHERE NOT e.eligible) AS not_eligible,
	count(*) FILTER (WHERE e.eligible IS NULL) AS unknown, round(100.0 * count(*) FILTER (WHERE e.eligible) / count(*), 1) AS eligible_pct
FROM nser.eligibility AS e WHERE e.programme = 'example' GROUP BY 1 ORDER BY 1;

-- 10. what another measure says of the same households
SELECT t.* FROM (
	SELECT targeting_errors(pmt_score(v.indicators, f.formula) <= 39, e.eligible) AS errors
	FROM nser.eligibility AS e JOIN nser.survey AS v USING (household_id, survey_id) JOIN formula AS f ON f.name = 'ppi-pakistan-2009'
	WHERE e.programme = 'example') AS x, LATERAL (SELECT (x.errors).*) AS t;

-- 11. families
SELECT kind, sum(families) AS families, sum(counting) AS count_for_payment, sum(children) AS children FROM nser.family_count GROUP BY kind ORDER BY kind;
SELECT family_no, kind, woman, husband, child_lines, counts FROM nser.family_profile
WHERE household_id = (SELECT min(f.household_id) FROM nser.family AS f WHERE f.family_no = 2) ORDER BY family_no;

-- 12. who may be registered twice
INSERT INTO nser.household (area) SELECT area FROM nser.household WHERE household_id = 4 RETURNING household_id AS again \gset
SELECT register_member(:again, m.name, m.sex, 'head', father_name => m.father_name, birth_date => m.birth_date) FROM nser.member AS m WHERE m.household_id = 4 AND m.line = 1 \g /dev/null
SELECT count_names() \g /dev/null
SELECT d.line, d.other_household, d.other_line, d.score, d.evidence FROM find_duplicates(:again) AS d;

-- 13. coverage against the census
INSERT INTO nser.census (area, counted_on, households, population, source)
	SELECT g.code, g.counted_on, g.households, g.population, 'Pakistan Bureau of Statistics' FROM gazetteer() AS g WHERE g.counted_on IS NOT NULL;
SELECT approximate_areas() \g /dev/null
SELECT c.area, c.name, c.census_households, c.registered, round(c.coverage_pct::numeric, 1) AS coverage_pct, c.rank FROM coverage('tehsil', '2025-12-31', 'PK703') AS c ORDER BY c.rank;

-- 14. a map
SELECT placed, disagreeing FROM fill_places();
SELECT refresh_area_summary('hies-2015-demo') > 0 AS refreshed;
SELECT i.code, i.name, i.households, round(i.mean_score::numeric, 1) AS mean_score, round(i.toilet_none::numeric, 1) AS toilet_none FROM nser.map_indicator AS i WHERE i.area <@ 'PK703' AND i.level = 'tehsil' ORDER BY i.code;
SELECT f #>> '{properties,code}' AS code, f #>> '{properties,name}' AS name, f #>> '{properties,mean_score}' AS mean_score, f #>> '{geometry,type}' AS shape
FROM jsonb_array_elements(map_geojson('indicator', 'PK703') -> 'features') AS f ORDER BY 1;
\pset tuples_only on
\pset format unaligned
SELECT map_geojson('indicator', 'PK703') \g dadu.geojson
\pset format aligned
\pset tuples_only off
\! head -c 60 dadu.geojson; echo; rm dadu.geojson

-- 15. what the registry's own reports say
SELECT refresh_themes() AS areas;
SELECT subject, count(*) AS reports FROM nser.report GROUP BY subject ORDER BY subject;
SELECT report_query('theme_latrine', 'PK703', 'tehsil') \gexec
CALL check_quality_all();
SELECT name, severity, flags FROM nser.quality_found WHERE flags > 0 ORDER BY flags DESC, name LIMIT 3;

-- 16. an update: a daughter is born
UPDATE nser.update_policy SET late_by = '100 years';
SELECT v.update_type, m.allowed, m.reason, m.allowed_from FROM unnest('{roster,cyclic,recertification}'::update_type[]) AS v (update_type) CROSS JOIN LATERAL may_update(4, v.update_type, '2025-06-15') AS m;
SELECT case_id FROM open_case('roster', 4, md5('open')::uuid, taken_at => '2025-06-15 10:00') \gset
SELECT step, state FROM advance_case(4, :case_id, 'screen', md5('screen')::uuid, taken_at => '2025-06-15 10:05');
SELECT step, state FROM advance_case(4, :case_id, 'submit', md5('submit')::uuid, taken_at => '2025-06-15 10:20',
	content => '{"changes": [{"change": "birth", "name": "Hira", "sex": "female", "birth_date": "2025-06-03", "mother_line": 2, "disabilities": []}]}');
SELECT step, state FROM advance_case(4, :case_id, 'verify', md5('verify')::uuid, taken_at => '2025-06-15 11:00');
SELECT step, state, no_change FROM apply_case(4, :case_id, md5('apply')::uuid, taken_at => '2025-06-15 11:10');

-- 17. what moved with it, and the past
SELECT term, answer_before, answer_after, points_before, points_after, change
FROM score_change(4, 4, (SELECT current_survey FROM nser.household WHERE household_id = 4), 'hies-2015-demo');
SELECT line, name, since FROM household_as_of(4, '2025-06-02') ORDER BY line;
SELECT line, name, since FROM household_as_of(4, '2025-06-15') WHERE line > 5;
SELECT change, line, on_date, update_type FROM household_changes(4) WHERE by_case = :case_id;
