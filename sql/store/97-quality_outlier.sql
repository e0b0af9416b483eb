
-- Operators and centres far from their peers.  By medians, which a few bad ones do not
-- move; totals are integers, so that no order of rows matters.
CREATE VIEW nser.quality_outlier WITH (security_invoker = true) AS
	WITH tally AS (
		SELECT v.centre, v.operator, m.name AS measure, count(x.value) AS surveys, sum(x.value) AS total
		FROM nser.survey AS v
		LEFT JOIN (SELECT q.household_id, q.survey_id, bool_or(c.severity = 'error') AS has_error
				   FROM nser.quality_flag AS q
				   JOIN nser.quality_check AS c ON c.name = q.check_name AND c.enabled AND c.valid @> registry.today()
				   GROUP BY q.household_id, q.survey_id) AS w ON w.household_id = v.household_id AND w.survey_id = v.survey_id
		CROSS JOIN nser.quality_measure AS m
		CROSS JOIN LATERAL (SELECT CASE m.kind
			WHEN 'minutes' THEN extract(epoch FROM v.submitted_at - v.started_at)::bigint
			WHEN 'members' THEN v.indicators OPERATOR(registry.->) 'members'
			WHEN 'errors' THEN coalesce(w.has_error, false)::integer
			WHEN 'flags' THEN (w.has_error IS NOT NULL)::integer
			ELSE CASE WHEN m.label IS NULL THEN ((v.indicators OPERATOR(registry.->) m.indicator) >= m.at_least)::integer
				ELSE ((v.indicators OPERATOR(registry.->>) m.indicator) = m.label)::integer END END AS value) AS x
		-- other surveys carry answers over
		WHERE m.enabled AND v.is_full AND num_nonnulls(v.centre, v.operator) > 0
		GROUP BY v.centre, v.operator, m.name
	), unit AS (
		SELECT 'operator' AS unit, t.operator AS id, t.measure, sum(t.surveys)::bigint AS surveys, sum(t.total) AS total
		FROM tally AS t WHERE t.operator IS NOT NULL GROUP BY t.operator, t.measure
		UNION ALL
		SELECT 'centre' AS unit, t.centre AS id, t.measure, sum(t.surveys)::bigint, sum(t.total)
		FROM tally AS t WHERE t.centre IS NOT NULL GROUP BY t.centre, t.measure
	), known AS (
		SELECT u.unit, u.id, u.measure, m.title, m.least_difference, u.surveys, coalesce(c.area, o.area, 'PK') AS area, c.name,
			-- rounded, as equal shares of different totals must be equal
			round(u.total * CASE WHEN m.kind IN ('minutes', 'members') THEN 1 ELSE 100 END
				/ (u.surveys * CASE m.kind WHEN 'minutes' THEN 60 ELSE 1 END)::numeric, 6) AS value
		FROM unit AS u
		JOIN nser.quality_measure AS m ON m.name = u.measure
		LEFT JOIN nser.operator AS o ON u.unit = 'operator' AND o.operator_id = u.id
		LEFT JOIN nser.centre AS c ON c.centre_id = CASE u.unit WHEN 'centre' THEN u.id ELSE o.centre_id END
		WHERE u.surveys >= (SELECT p.least_surveys FROM nser.quality_policy AS p)
	), among AS (
		SELECT k.*, l.level AS peer_level, registry.ancestor(k.area, l.level) AS peer_area
		FROM known AS k
		CROSS JOIN (VALUES ('district'::registry.area_level), ('province'), ('country')) AS l (level)
		WHERE registry.ancestor(k.area, l.level) IS NOT NULL
	), middle AS (
		SELECT a.unit, a.measure, a.peer_area, count(*) AS peers, percentile_cont(0.5) WITHIN GROUP (ORDER BY a.value)::numeric AS median
		FROM among AS a
		GROUP BY a.unit, a.measure, a.peer_area
		HAVING count(*) >= (SELECT p.least_peers FROM nser.quality_policy AS p)
	), spread AS (
		SELECT a.unit, a.measure, a.peer_area, m.peers, m.median,
			percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(a.value - m.median))::numeric AS mad, avg(abs(a.value - m.median)) AS mean_deviation
		FROM among AS a
		JOIN middle AS m ON m.unit = a.unit AND m.measure = a.measure AND m.peer_area OPERATOR(registry.=) a.peer_area
		GROUP BY a.unit, a.measure, a.peer_area, m.peers, m.median
	), judged AS (
		SELECT DISTINCT ON (a.unit, a.id, a.measure) a.*, s.peers, s.median, s.mad, s.mean_deviation,
			CASE WHEN s.mad > 0 THEN 0.6745 * (a.value - s.median) / s.mad
				WHEN s.mean_deviation > 0 THEN (a.value - s.median) / (1.253314 * s.mean_deviation) END AS z
		FROM among AS a
		JOIN spread AS s ON s.unit = a.unit AND s.measure = a.measure AND s.peer_area OPERATOR(registry.=) a.peer_area
		ORDER BY a.unit, a.id, a.measure, a.peer_level DESC
	)
	SELECT j.unit, j.id, j.name, j.area, j.measure, j.title, j.surveys, round(j.value, 1) AS value, round(j.median, 1) AS median,
		round(j.mad, 2) AS mad, CASE WHEN j.mad > 0 THEN 'mad' ELSE 'mean_deviation' END AS spread_by, round(j.z, 1) AS z, j.peers, j.peer_area
	FROM judged AS j
	WHERE abs(j.z) > (SELECT p.far FROM nser.quality_policy AS p) AND abs(j.value - j.median) >= j.least_difference;
COMMENT ON VIEW nser.quality_outlier IS
	'operators and centres whose full surveys lie far from their peers in a measure of nser.quality_measure: by the modified z-score, 0.6745 times the '
	'difference from the median over the median absolute deviation (mad), and where more than half are alike, so that it is 0, by the mean one '
	'(spread_by), as Iglewicz and Hoaglin do; who has too few surveys or peers (nser.quality_policy) is not compared; name: of the centre';
COMMENT ON COLUMN nser.quality_outlier.peer_area IS 'whose operators or centres it is compared with, itself among them';

INSERT INTO nser.report (name, subject, title, meaning, relation, sorted_by) VALUES
	('quality_outlier', 'quality', 'Operators and centres far from their peers',
	 'Modified z-scores beyond the policy''s; who has too few surveys or peers is not compared.', 'nser.quality_outlier', '{unit,id,measure}');
