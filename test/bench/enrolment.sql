CREATE EXTENSION registry CASCADE;
CALL registry.create_store();
\ir ../population/population.sql
CALL population.load(:n);
CALL registry.derive_all();
CALL registry.score_all('hies-2015-demo');
INSERT INTO nser.programme (code, name, formula, cutoff) VALUES ('cash', 'Cash', 'hies-2015-demo', 32), ('plain', 'Plain', 'hies-2015-demo', 32);
INSERT INTO nser.relaxation (programme, indicator, cutoff) VALUES ('cash', 'disabled_members', 37);
INSERT INTO nser.programme_rule (programme, rule_no, purpose, indicator, flag, at_least, alternative) VALUES
	('cash', 1, 'filter', NULL, 'government_employee', 1, NULL), ('cash', 2, 'filter', NULL, 'foreign_travel', 1, NULL), ('cash', 3, 'filter', NULL, 'vehicle', 1, NULL),
	('cash', 4, 'filter', NULL, 'telephone_bill', 1001, NULL), ('cash', 5, 'filter', NULL, 'executive_fee', 1, NULL),
	('cash', 6, 'criterion', 'widows', NULL, 1, 1), ('cash', 7, 'criterion', 'children_5_16', NULL, 1, 1);
INSERT INTO nser.person_flag (household_id, line, flag, source, as_of, area)
SELECT m.household_id, m.line, (ARRAY['government_employee', 'foreign_travel', 'vehicle', 'executive_fee'])[1 + m.household_id % 4], 'generated', '2025-01-01', m.area
FROM nser.member AS m WHERE (m.household_id * 31 + m.line) % 25 = 0;
ANALYZE;

CREATE TEMP TABLE clock (at timestamptz);
CREATE FUNCTION pg_temp.start() RETURNS void LANGUAGE sql AS 'DELETE FROM clock; INSERT INTO clock VALUES (clock_timestamp())';
CREATE FUNCTION pg_temp.took(what text, n bigint) RETURNS text LANGUAGE sql AS $$
	SELECT format('%s: %s, %s us each', what, n, round(1e6 * extract(epoch FROM clock_timestamp() - at) / greatest(n, 1), 1)) FROM clock
$$;

SELECT pg_temp.start() \g /dev/null
SELECT count(*) AS n FROM (SELECT is_candidate FROM nser.candidacy WHERE programme = 'plain' OFFSET 0) AS c \gset
SELECT pg_temp.took('households in nser.candidacy, no rules', :n);
SELECT pg_temp.start() \g /dev/null
SELECT count(*) AS n FROM (SELECT is_candidate FROM nser.candidacy WHERE programme = 'cash' OFFSET 0) AS c \gset
SELECT pg_temp.took('households in nser.candidacy, 5 filters and 2 criteria', :n);
SELECT pg_temp.start() \g /dev/null
SELECT count(*) AS n FROM registry.rank_candidates('cash') \gset
SELECT pg_temp.took('candidates ranked', :n);
SELECT pg_temp.start() \g /dev/null
SELECT registry.invite('cash', places => 2000) AS n \gset
SELECT pg_temp.took('households that invite() chose 2,000 families from', (SELECT count(*) FROM nser.household));
SELECT pg_temp.start() \g /dev/null
SELECT count(registry.candidate('cash', h.household_id)) AS n FROM nser.household AS h WHERE h.household_id <= 5000 \gset
SELECT pg_temp.took('calls of candidate()', :n);
SELECT pg_temp.start() \g /dev/null
SELECT count(registry.enrol('cash', i.household_id, i.line)) AS n FROM nser.invitation AS i \gset
SELECT pg_temp.took('calls of enrol()', :n);
SELECT pg_temp.start() \g /dev/null
SELECT count(registry.recertify_household(h.household_id, h.current_survey, registry.today(), NULL)) AS n
FROM nser.household AS h WHERE h.household_id IN (SELECT e.household_id FROM nser.enrolment AS e) \gset
SELECT pg_temp.took('calls of recertify_household()', :n);
SELECT pg_temp.start() \g /dev/null
SELECT count(*) AS n FROM nser.household \gset
SELECT count(*) FROM nser.programme_funnel \g /dev/null
SELECT pg_temp.took('households in nser.programme_funnel', :n);
SELECT pg_temp.start() \g /dev/null
SELECT count(*) FROM registry.band_transitions('hies-2015-demo', '2026-01-01', registry.today()) \g /dev/null
SELECT pg_temp.took('households in band_transitions()', :n);
SELECT pg_temp.start() \g /dev/null
SELECT count(*) FROM nser.household AS h CROSS JOIN LATERAL registry.score_change(h.household_id, h.current_survey, h.current_survey, 'hies-2015-demo', true) AS c
WHERE h.household_id <= 2000 \g /dev/null
SELECT pg_temp.took('calls of score_change()', 2000);
