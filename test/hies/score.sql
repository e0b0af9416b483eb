-- Scores, and what the report and the checks say of them.
--
-- A weight stands for so many households of the country; times the members, for
-- so many people.  The registry targets households, and poverty is told of
-- people: both are worked out, side by side.

CALL registry.score_all('hies-2015-demo', 5000);
CALL registry.score_all('ppi-pakistan-2009', NULL);
ANALYZE nser.score;

CREATE TABLE hies.scored AS
SELECT h.household_id, v.indicators, v.indicators -> 'members' AS members, f.weight,
	-- nobody lives a year on nothing: one household's expenditure is not known
	nullif(f.annual_expenditure, 0) / 12 / (v.indicators -> 'members') AS monthly_per_member,
	demo.score, ppi.score AS ppi_score, ppi.household_id IS NOT NULL AS ppi_tried
FROM nser.household AS h
JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
JOIN hies.household_fact AS f ON f.household_id = h.household_id
LEFT JOIN nser.score AS demo ON demo.household_id = v.household_id AND demo.survey_id = v.survey_id
	AND demo.formula = 'hies-2015-demo'
LEFT JOIN nser.score AS ppi ON ppi.household_id = v.household_id AND ppi.survey_id = v.survey_id
	AND ppi.formula = 'ppi-pakistan-2009';
COMMENT ON TABLE hies.scored IS 'households of the store with weight in thousandths, expenditure and scores';

-- Both ways of weighing.  Cut-off: the lowest score at or under which a quarter
-- of the weight stands.  Poverty line: the same of expenditure per member.
CREATE TABLE hies.judged AS
WITH weighed AS (
	SELECT u.unit, s.household_id, s.score, s.monthly_per_member,
		CASE u.unit WHEN 'households' THEN s.weight ELSE s.weight * s.members END AS weight
	FROM hies.scored AS s CROSS JOIN (VALUES ('households'), ('people')) AS u (unit)
	WHERE s.score IS NOT NULL AND s.monthly_per_member IS NOT NULL
), reached AS (
	SELECT unit, household_id, score, monthly_per_member, weight, sum(weight) OVER everyone AS total,
		sum(weight) OVER (PARTITION BY unit ORDER BY score) AS by_score,
		sum(weight) OVER (PARTITION BY unit ORDER BY monthly_per_member) AS by_expenditure
	FROM weighed
	WINDOW everyone AS (PARTITION BY unit)
), lines AS (
	SELECT unit, min(score) FILTER (WHERE by_score * 4 >= total) AS cutoff,
		min(monthly_per_member) FILTER (WHERE by_expenditure * 4 >= total) AS poverty_line
	FROM reached GROUP BY unit
)
SELECT r.unit, r.household_id, r.weight, r.score, r.monthly_per_member, l.cutoff, l.poverty_line,
	r.score <= l.cutoff AS eligible, r.monthly_per_member <= l.poverty_line AS poor
FROM reached AS r JOIN lines AS l USING (unit);
COMMENT ON TABLE hies.judged IS 'households with score and expenditure: poor or not, eligible or not, weighed two ways';

CREATE TABLE hies.errors AS
SELECT unit, min(cutoff) AS cutoff, min(poverty_line) AS poverty_line, count(*) AS households,
	registry.targeting_errors(poor, eligible, weight) AS errors
FROM hies.judged GROUP BY unit;
COMMENT ON TABLE hies.errors IS 'errors of targeting of hies-2015-demo against expenditure, weighed two ways';

-- Why a household has no score: the terms that have no points.
CREATE VIEW hies.unscored AS
	SELECT f.name AS formula, s.household_id, e.term, e.answer
	FROM hies.scored AS s
	CROSS JOIN registry.formula AS f
	CROSS JOIN LATERAL registry.pmt_explain(s.indicators, f.formula) AS e
	WHERE f.name IN ('hies-2015-demo', 'ppi-pakistan-2009') AND e.points IS NULL
	AND CASE f.name WHEN 'hies-2015-demo' THEN s.score ELSE s.ppi_score END IS NULL;
COMMENT ON VIEW hies.unscored IS 'households without a score and the terms for which an answer is missing';

-- The household in the middle of each tenth of the scores.
CREATE VIEW hies.example AS
	SELECT row_number() OVER (ORDER BY rank) AS tenth, household_id, score, indicators, members
	FROM (SELECT *, row_number() OVER (ORDER BY score, household_id) AS rank, count(*) OVER () AS households
		  FROM hies.scored WHERE score IS NOT NULL) AS r
	WHERE rank IN (SELECT households * (2 * tenth - 1) / 20 FROM generate_series(1, 10) AS tenth);
COMMENT ON VIEW hies.example IS 'ten households whose scores are explained';

-- Weighted shares beside published ones.
CREATE TABLE hies.published (
	what		text PRIMARY KEY,
	low			numeric NOT NULL,
	high		numeric NOT NULL,
	published	text NOT NULL,
	found		numeric
);
COMMENT ON TABLE hies.published IS 'what is published, how far from it the households here may be, and what they give';

INSERT INTO hies.published (what, published, low, high, found)
WITH household AS (SELECT weight, members, indicators FROM hies.scored),
person AS (
	SELECT s.weight, m.* FROM hies.scored AS s JOIN hies.roster AS r USING (household_id)
	CROSS JOIN LATERAL registry.members(r.roster) AS m
)
SELECT 'members of a household', '6.31, HIES 2015-16 (PBS)', 6.1, 6.5,
	sum(weight * members) / sum(weight) FROM household
UNION ALL
SELECT '% of people of 10 and older who read and write', '60, PSLM 2014-15 (PBS)', 55, 63,
	100 * sum(weight) FILTER (WHERE literate) / sum(weight) FROM person WHERE age >= 10
UNION ALL
SELECT '% of people of 10 and older who ever attended school', '62, PSLM 2014-15 (PBS)', 58, 65,
	100 * sum(weight) FILTER (WHERE ever_attended) / sum(weight) FROM person WHERE age >= 10
UNION ALL
SELECT '% of children of 5 to 16 out of school', '32, PSLM 2019-20 (PBS)', 28, 38,
	100 * sum(weight) FILTER (WHERE NOT attending_school) / sum(weight) FROM person WHERE age BETWEEN 5 AND 16
UNION ALL
SELECT '% of households with a flush toilet', '73, PSLM 2014-15 (PBS)', 70, 77,
	100 * sum(weight) FILTER (WHERE indicators ->> 'toilet' LIKE 'flush%') / sum(weight) FROM household
UNION ALL
SELECT '% of households with electricity', '91, PSLM 2019-20 (PBS)', 86, 94,
	100 * sum(weight) FILTER (WHERE indicators ->> 'electricity' <> 'none') / sum(weight) FROM household
UNION ALL
SELECT '% of households with safe water', '84, NSER Annual Report 2022-23 (BISP)', 82, 90,
	100 * sum(weight) FILTER (WHERE indicators ->> 'water' IN ('piped', 'hand_pump', 'motor_pump', 'covered_well',
		'protected_spring', 'bottled', 'filtration_plant')) / sum(weight) FROM household;
