-- What a colleague reads.  Prints nothing that differs from run to run.

\pset footer off
\pset null '-'
\pset border 1

\echo
\echo 'HIES 2015-16 IN THE REGISTRY'
\echo
\echo 'Data: half of the Household Integrated Economic Survey 2015-16 of the Pakistan Bureau of'
\echo 'Statistics, 12,122 households, through the R package PSLM2015 (GPL-2); weights post-stratified to'
\echo 'the census of 2017.  The points of hies-2015-demo were fitted on these very data, to show how'
\echo 'scoring works.  They are not BISP''s, and a score here says nothing of who is eligible for anything.'

\echo
\echo '1. What became of every row'
\echo
SELECT source AS "file", rows, loaded, refused AS "in nser.load_error" FROM hies.accounting ORDER BY source;

\echo 'Why rows were refused.  A household goes in whole or not at all; people who are not members of the'
\echo 'household are left out, and their household goes in without them.'
\echo
SELECT source AS "file", coalesce(column_name, '') AS "column", sqlstate, reason, count(*) AS rows
FROM nser.load_error GROUP BY 1, 2, 3, 4 ORDER BY 1, count(*) DESC, 2, 4;

\echo 'What was loaded, weighted, beside what is published.'
\echo
SELECT what, round(found, 1 + (found < 10)::integer) AS here, published FROM hies.published ORDER BY what;

\echo 'Kept as recorded, though odd: whoever wants to clean starts here.'
\echo
SELECT 'class passed within 3 years of birth and later' AS what, count(*) AS people
FROM hies.member_fact JOIN nser.household USING (household_id) WHERE class > greatest(age - 3, 0)
UNION ALL
SELECT 'father or mother less than 12 years older', count(*)
FROM hies.member_fact AS m JOIN nser.household USING (household_id)
JOIN hies.member_fact AS p ON p.household_id = m.household_id AND p.line IN (m.father_line, m.mother_line)
WHERE p.age - m.age < 12
UNION ALL
SELECT 'spouse''s line is of nobody', count(*)
FROM hies.member_fact AS m JOIN nser.household USING (household_id)
WHERE m.spouse_line BETWEEN 1 AND 97
AND NOT EXISTS (SELECT FROM hies.member_fact AS s WHERE s.household_id = m.household_id AND s.line = m.spouse_line)
UNION ALL
SELECT 'married, or nikah, younger than 12', count(*)
FROM hies.member_fact JOIN nser.household USING (household_id)
WHERE marital_status <> 'never_married' AND age < 12
ORDER BY people DESC;

\echo '2. Scores by hies-2015-demo (demonstration points, not BISP''s)'
\echo
SELECT count(*) AS households, count(score) AS scored, count(*) - count(score) AS "without a score",
	min(score) AS lowest, percentile_disc(0.5) WITHIN GROUP (ORDER BY score) AS median, max(score) AS highest
FROM hies.scored;

\echo 'Why there is no score: an unknown answer is never taken for the poorest.'
\echo
SELECT term AS "no answer for", count(*) AS households
FROM hies.unscored WHERE formula = 'hies-2015-demo' GROUP BY term ORDER BY 2 DESC, 1;

\echo 'The poorest quarter by score: the lowest score at or under which a quarter stands, and the share'
\echo 'that stands there (scores are discrete, so a little more than 25 %).  First a quarter of households,'
\echo 'which is what the registry targets; then of the people who live in them.'
\echo
SELECT e.unit AS "quarter of", e.cutoff AS "cut-off", j.share AS "% at or under it",
	round(e.poverty_line) AS "poverty line, Rs a member a month"
FROM hies.errors AS e
JOIN (SELECT unit, round(100 * sum(weight) FILTER (WHERE eligible) / sum(weight), 2) AS share
	  FROM hies.judged GROUP BY unit) AS j USING (unit)
ORDER BY e.unit;

\echo 'Against the poorest quarter by expenditure per member, in % of everyone: inclusion = poor and'
\echo 'eligible, undercoverage = poor only, leakage = eligible only, exclusion = neither.  Exclusion error:'
\echo 'of the poor, the % missed.  Inclusion error: of the eligible, the % not poor.'
\echo
SELECT unit AS "quarter of", households AS "households compared", (errors).inclusion, (errors).undercoverage,
	(errors).leakage, (errors).exclusion, (errors).exclusion_error AS "exclusion error",
	(errors).inclusion_error AS "inclusion error"
FROM hies.errors ORDER BY unit;

\echo '3. Ten scores explained: the household in the middle of each tenth'
\echo
SELECT CASE WHEN e.n = 1 THEN x.tenth::text ELSE '' END AS tenth,
	CASE e.n
		WHEN 1 THEN format('%s, %s', x.indicators ->> 'province', x.indicators ->> 'region')
		WHEN 2 THEN format('%s members', x.members)
		ELSE ''
	END AS "where, who", CASE WHEN e.n = 1 THEN to_char(x.score, 'FM990.00') ELSE '' END AS score,
	e.term, e.answer, e.points
FROM hies.example AS x
JOIN registry.formula AS f ON f.name = 'hies-2015-demo'
CROSS JOIN LATERAL registry.pmt_explain(x.indicators, f.formula) WITH ORDINALITY AS e (term, answer, points, n)
ORDER BY x.tenth, e.n;

\echo '4. Scores by ppi-pakistan-2009 (M. Schreiner, published points)'
\echo
\echo 'It asks for goods that HIES does not ask about, so no household has a score, and each is told why.'
\echo
SELECT count(*) AS households, count(ppi_score) AS scored FROM hies.scored;

SELECT term AS "no answer for", count(*) AS households
FROM hies.unscored WHERE formula = 'ppi-pakistan-2009' GROUP BY term ORDER BY 2 DESC, 1;
