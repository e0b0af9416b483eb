-- What must hold of generated households and random formulas, however they come out.
\set QUIET on
\! mkdir -p results
BEGIN;
SET client_min_messages = warning;
\i test/population/population.sql
CALL population.load(3000);
ANALYZE nser.survey;
SET search_path = tap, registry, public;
\i test/oracle/oracle.sql
SELECT setseed(0.2026);

SELECT plan(21);

-- Rosters with unknown facts, as nobody would generate them.
CREATE TEMP TABLE odd AS
	SELECT h, (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
			'line', l * 3,
			'relationship', CASE WHEN random() < 0.9 THEN (enum_range(NULL::relationship))[CASE WHEN random() < 0.4 THEN 1 ELSE 1 + floor(random() * 4) END::int] END,
			'sex', CASE WHEN random() < 0.9 THEN (enum_range(NULL::sex))[1 + floor(random() * 2.05)::int] END,
			'age', CASE WHEN random() < 0.9 THEN floor(random() * 80)::int END,
			'marital_status', CASE WHEN random() < 0.8 THEN (enum_range(NULL::marital_status))[1 + floor(random() * 6)::int] END,
			'class', CASE WHEN random() < 0.7 THEN floor(random() * 17)::int END,
			'ever_attended', CASE WHEN random() < 0.7 THEN random() < 0.6 END,
			'attending_school', CASE WHEN random() < 0.8 THEN random() < 0.5 END,
			'employment', CASE WHEN random() < 0.8 THEN (ARRAY['employed', 'student', 'housewife'])[1 + floor(random() * 3)::int] END,
			'elementary_occupation', CASE WHEN random() < 0.6 THEN random() < 0.3 END,
			'disabilities', CASE WHEN random() < 0.8 THEN CASE WHEN random() < 0.9 THEN '[]' ELSE '["hearing", "other"]' END::jsonb END,
			'chronic_diseases', CASE WHEN random() < 0.8 THEN CASE WHEN random() < 0.8 THEN '[]' ELSE '["diabetes"]' END::jsonb END)))
			FROM generate_series(1, 1 + h % 7) AS l)::roster AS roster
	FROM generate_series(1, 3000) AS h;

CREATE TEMP TABLE household AS
	SELECT household_id AS id, indicators, roster FROM nser.survey
	UNION ALL SELECT 100000 + h, complete('{}', roster), roster FROM odd;
SELECT cmp_ok((SELECT count(*)::int FROM household), '=', 6000, 'there are households to try on');
SELECT cmp_ok((SELECT count(*)::int FROM odd, composition(roster) AS c WHERE c.dependants IS NULL), '>', 500, 'many of them with unknown facts');

-- What a roster counts to is what SQL counts, unknown where SQL says unknown.
SELECT is_empty($$
	SELECT id FROM household, composition(roster) AS c, oracle.composition(roster) AS o WHERE to_jsonb(c) <> to_jsonb(o)
$$, 'composition() counts as SQL does');
SELECT is_empty($$
	SELECT id FROM household, composition(roster) AS c
	WHERE EXISTS (SELECT FROM jsonb_each_text(to_jsonb(c)) AS f WHERE (complete(indicators, roster) ->> f.key) IS DISTINCT FROM f.value)
$$, 'complete() fills in what composition() counts');
SELECT is_empty('SELECT id FROM household WHERE complete(indicators, roster) <> indicators AND id < 100000', 'complete() changes nothing that is complete');
SELECT is_empty($$
	SELECT h FROM odd, LATERAL (SELECT roster_agg(m.line, m.relationship, m.sex, m.age, m.marital_status, m.spouse_line, m.father_line,
		m.mother_line, m.class, m.ever_attended, m.attending_school, m.literate, m.employment, m.work, m.elementary_occupation,
		m.disabilities, m.chronic_diseases ORDER BY random()) AS again FROM members(roster) AS m) AS a
	WHERE again <> roster
$$, 'roster_agg() of members() in any order is the roster');

-- Round trips.
SELECT is_empty('SELECT id FROM household WHERE indicators::text::indicators <> indicators OR indicators::jsonb::indicators <> indicators', 'indicators: text and jsonb round trips');
SELECT is_empty('SELECT id FROM household WHERE roster::text::roster <> roster OR roster::jsonb::roster <> roster', 'roster: text and jsonb round trips');
\copy household TO 'results/properties.bin' (FORMAT binary)
CREATE TEMP TABLE copied (LIKE household);
\copy copied FROM 'results/properties.bin' (FORMAT binary)
SELECT is_empty('SELECT id FROM household JOIN copied AS c USING (id) WHERE c.indicators <> household.indicators OR c.roster <> household.roster', 'binary round trips');
SELECT results_eq('SELECT count(*) FROM copied', 'SELECT count(*) FROM household', 'and none is lost');

-- Formulas: those shipped, and random ones of every form.
CREATE TEMP TABLE formulas AS
	SELECT name, formula FROM registry.formula WHERE name <> 'psc-2010'
	UNION ALL SELECT 'random ' || i, oracle.random_formula()::pmt_formula FROM generate_series(1, 150) AS i;
CREATE TEMP TABLE scored AS
	SELECT f.name, h.id, h.indicators, f.formula, pmt_score(h.indicators, f.formula) AS score
	FROM formulas AS f, (SELECT * FROM household WHERE id % 40 = 7) AS h;
ANALYZE scored;
SELECT cmp_ok((SELECT count(DISTINCT name)::int FROM scored WHERE score IS NOT NULL AND score NOT IN (0, 100)), '>', 100, 'most formulas tell households apart');
SELECT cmp_ok((SELECT count(*)::int FROM scored WHERE score IS NULL), '>', 1000, 'many scores are NULL');
SELECT is_empty('SELECT name, id FROM scored WHERE score IS DISTINCT FROM oracle.score(indicators::jsonb, formula::jsonb)', 'pmt_score() is what a plain reading of the formula gives');
SELECT is_empty($$
	SELECT name, id FROM scored, LATERAL (SELECT CASE WHEN bool_and(e.points IS NOT NULL) THEN sum(e.points)::float8 END AS total FROM pmt_explain(indicators, formula) AS e) AS e
	WHERE score IS DISTINCT FROM total
$$, 'points of pmt_explain() add up to the score, or one is NULL');
SELECT is_empty('SELECT name FROM formulas WHERE formula::text::pmt_formula <> formula', 'formulas: text round trip');
SELECT is_empty('SELECT name, id FROM scored WHERE score <> round(score::numeric, 2)::float8 OR score NOT BETWEEN 0 AND 100', 'scores are hundredths from 0 to 100');

-- The same in any plan, row order and number of processes.
-- (A function's query would get no workers.)
\set total 'SELECT sum(score::numeric) || '' '' || count(*) || '' '' || count(score) || '' '' || md5(pmt_tally(score)::text) AS total FROM (SELECT pmt_score(indicators, (SELECT formula FROM registry.formula WHERE name = ''hies-2015-demo'')) AS score FROM nser.survey) AS s'
SET max_parallel_workers_per_gather = 0;
:total \gset serial_
SET jit = on; SET jit_above_cost = 0; SET jit_optimize_above_cost = 0; SET jit_inline_above_cost = 0;
:total \gset jit_
SELECT is(:'jit_total'::text, :'serial_total', 'scores are the same compiled just in time');
RESET jit; RESET jit_above_cost; RESET jit_optimize_above_cost; RESET jit_inline_above_cost;
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
:total \gset parallel_
SELECT is(:'parallel_total'::text, :'serial_total', 'scores are the same by three processes');
CREATE TEMP TABLE plan (line text);
DO $$
DECLARE line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF) SELECT pmt_tally(pmt_score(indicators, (SELECT formula FROM registry.formula WHERE name = ''hies-2015-demo''))) FROM nser.survey' LOOP
		INSERT INTO plan VALUES (line);
	END LOOP;
END $$;
SELECT ok(EXISTS (SELECT FROM plan WHERE line ~ 'Workers Launched: [12]'), 'and there were three, or two');
SET enable_seqscan = off; SET max_parallel_workers_per_gather = 0;
:total \gset key_
SELECT is(:'key_total'::text, :'serial_total', 'scores are the same in the order of the key');
RESET enable_seqscan;
SELECT results_eq(
	$$ SELECT household_id, pmt_score(v.indicators, f.formula) FROM registry.formula AS f, (SELECT * FROM nser.survey ORDER BY hashint8(household_id)) AS v WHERE f.name = 'hies-2015-demo' ORDER BY 1 $$,
	$$ SELECT household_id, pmt_score(indicators, (SELECT formula FROM registry.formula WHERE name = 'hies-2015-demo')) FROM nser.survey ORDER BY 1 $$,
	'scores are the same in any order, with the formula joined');

SELECT * FROM finish();
ROLLBACK;
