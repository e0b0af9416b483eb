
-- The facts have one source, for a household as for all.  Grouped after the join:
-- so a district's are found by key, and a nation's by merging indexes.  The survey
-- itself is joined last: whoever does not ask of appeals is spared it.
CREATE FUNCTION nser.update_facts_on(on_date date)
	RETURNS TABLE (household_id bigint, area registry.area_code, registered boolean, beneficiary boolean,
				   score double precision, cutoff double precision, last_survey date, last_certified date,
				   shock_window daterange, appeal_condition boolean, open_case registry.update_type)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000000
BEGIN ATOMIC
	SELECT h.household_id, h.area,
		h.status = 'registered',
		h.certified_on IS NOT NULL,
		s.score,
		s.cutoff,
		coalesce(h.surveyed_on, '-infinity'),
		h.certified_on,
		-- as registry.shock_window()
		(SELECT w.update_window
		 FROM nser.shock_household AS k JOIN nser.shock AS w ON w.shock_id = k.shock_id
		 WHERE k.household_id = h.household_id
		 ORDER BY CASE WHEN update_facts_on.on_date <@ w.update_window THEN 0 WHEN lower(w.update_window) > update_facts_on.on_date THEN 1 ELSE 2 END,
			 CASE WHEN lower(w.update_window) > update_facts_on.on_date THEN lower(w.update_window) END,
			 coalesce(upper(w.update_window), 'infinity') DESC, w.shock_id
		 LIMIT 1),
		(SELECT CASE WHEN bool_or((v.indicators OPERATOR(registry.->) a.indicator) >= a.at_least) THEN true
				WHEN NOT coalesce(bool_or((v.indicators OPERATOR(registry.->) a.indicator) IS NULL), false) THEN false END
		 FROM nser.appeal_condition AS a),
		c.update_type
	FROM (
		-- of several certifications, the first to fall due
		SELECT b.household_id, b.area, b.status, b.current_survey, b.surveyed_on, min(e.certified_on) AS certified_on
		FROM nser.household AS b
		LEFT JOIN nser.enrolment AS e ON e.household_id = b.household_id AND e.exited_on IS NULL
			AND e.programme = ANY (ARRAY(SELECT p.code FROM nser.programme AS p WHERE p.recertifies))
		GROUP BY b.household_id) AS h
	LEFT JOIN nser.update_case AS c ON c.household_id = h.household_id AND NOT registry.is_final(c.state) AND c.update_type <> 'grievance'
	LEFT JOIN (
		SELECT p.code, p.formula, coalesce(d.cutoff, p.cutoff) AS cutoff
		FROM nser.update_policy AS u
		JOIN nser.programme AS p ON p.code = u.programme
		LEFT JOIN nser.programme_cutoff AS d ON d.programme = p.code AND d.valid @> update_facts_on.on_date
		WHERE u.valid @> update_facts_on.on_date) AS p ON true
	LEFT JOIN LATERAL (
		-- a relaxation that may apply makes the cut-off unknown, where it decides
		SELECT x.score, CASE WHEN j.eligible IS NOT NULL OR x.score IS NULL THEN j.cutoff END AS cutoff
		FROM nser.survey AS y
		LEFT JOIN nser.score AS x ON x.household_id = y.household_id AND x.survey_id = y.survey_id AND x.area OPERATOR(registry.=) y.area
			AND x.formula = p.formula
		CROSS JOIN LATERAL nser.judge(p.code, p.cutoff, x.score, y.indicators, update_facts_on.on_date) AS j
		WHERE p.code IS NOT NULL AND y.household_id = h.household_id AND y.survey_id = h.current_survey) AS s ON true
	LEFT JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey;
END;
COMMENT ON FUNCTION nser.update_facts_on(date) IS
	'what the rules of updates ask of every household: shocks, cut-off and policy are that day''s, all else is as it is now';

CREATE VIEW nser.update_fact WITH (security_invoker = true) AS
	SELECT f.household_id, f.area,
		ROW(f.registered, f.beneficiary, f.score, f.cutoff, f.last_survey, f.last_certified, f.shock_window, f.appeal_condition,
			f.open_case)::registry.update_facts AS facts
	FROM nser.update_facts_on(registry.today()) AS f;
COMMENT ON VIEW nser.update_fact IS 'what the rules of updates ask of every household, today: an argument of registry.update_verdict()';

CREATE VIEW nser.due WITH (security_invoker = true) AS
	SELECT v.household_id, v.area, v.update_type, (v.verdict).allowed_from AS due_on,
		date_trunc('month', (v.verdict).allowed_from)::date AS month,
		nullif(v.last_survey, '-infinity') AS last_survey, v.last_certified
	FROM (
		-- of no fact that these two types do not need
		SELECT f.household_id, f.area, f.registered, f.beneficiary, f.score, f.cutoff, f.last_survey, f.last_certified, f.open_case, t.update_type,
			registry.update_verdict_once(t.update_type,
				ROW(f.registered, f.beneficiary, f.score, f.cutoff, f.last_survey, f.last_certified, NULL, NULL, f.open_case)::registry.update_facts,
				(SELECT registry.policy_on(registry.today())), (SELECT registry.today())) AS verdict
		FROM nser.update_facts_on(registry.today()) AS f
		CROSS JOIN LATERAL (SELECT CASE WHEN f.beneficiary THEN 'recertification'::registry.update_type ELSE 'cyclic' END AS update_type) AS t) AS v
	WHERE isfinite((v.verdict).allowed_from)
	-- too early comes before what is unknown, so that its day is judged too
	AND (v.score IS NULL OR v.cutoff IS NOT NULL OR (v.verdict).allowed
		 OR (registry.update_verdict(v.update_type,
				ROW(v.registered, v.beneficiary, v.score, v.cutoff, v.last_survey, v.last_certified, NULL, NULL, v.open_case)::registry.update_facts,
				(SELECT registry.policy_on(registry.today())), (v.verdict).allowed_from)).allowed);
COMMENT ON VIEW nser.due IS
	'who is due, now or later, for a cyclic update or recertification, by the policy of today: registered households in whose way nothing '
	'stands but time; one with an open case is not here, nor one of whom something that decides is unknown';
COMMENT ON COLUMN nser.due.due_on IS 'the first day it may have it; today where that is past';
COMMENT ON COLUMN nser.due.month IS 'of due_on, its first day';
COMMENT ON COLUMN nser.due.last_survey IS 'day of the last full survey; NULL: never surveyed in full, and so due at once';
COMMENT ON COLUMN nser.due.last_certified IS 'of a beneficiary, the certification that falls due first; NULL of others';

CREATE VIEW nser.due_month WITH (security_invoker = true) AS
	SELECT d.area, d.month, d.update_type, count(*) AS households
	FROM (SELECT coalesce(registry.ancestor(x.area, 'district'), x.area) AS area, x.month, x.update_type FROM nser.due AS x) AS d
	GROUP BY d.area, d.month, d.update_type;
COMMENT ON VIEW nser.due_month IS 'how many households are due for what, by district and month';
COMMENT ON COLUMN nser.due_month.area IS 'the district; of households known more coarsely, the area they state';
COMMENT ON COLUMN nser.due_month.month IS 'its first day; this month holds who has been due for long';
