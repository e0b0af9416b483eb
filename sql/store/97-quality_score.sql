
-- Flags of checks that are asked today: what else stands is history, and counts nowhere.
CREATE VIEW nser.quality_survey WITH (security_invoker = true) AS
	SELECT q.household_id, q.survey_id, q.area, registry.day_in_pakistan(v.submitted_at) AS day, v.centre, v.operator, v.mode,
		q.check_name, c.severity, c.title, q.detail, q.lines, q.found_at
	FROM nser.quality_flag AS q
	JOIN nser.quality_check AS c ON c.name = q.check_name AND c.enabled AND c.valid @> registry.today()
	JOIN nser.survey AS v ON v.household_id = q.household_id AND v.survey_id = q.survey_id;
COMMENT ON VIEW nser.quality_survey IS 'what was found in each survey, in words, with its severity; a row a flag';

CREATE VIEW nser.quality_tally WITH (security_invoker = true) AS
	SELECT registry.day_in_pakistan(v.submitted_at) AS day, v.centre, v.operator, count(*) AS surveys,
		count(*) FILTER (WHERE w.gravest = 3) AS with_error, count(*) FILTER (WHERE w.gravest = 2) AS with_warning,
		count(*) FILTER (WHERE w.gravest = 1) AS with_notice, coalesce(sum(w.flags), 0)::bigint AS flags,
		coalesce(sum(w.weight), 0) AS taken, count(*) FILTER (WHERE w.gravest IS NULL AND v.recorded_at <= a.until IS NOT TRUE) AS not_asked
	FROM nser.survey AS v
	CROSS JOIN (SELECT max(b.started_at) AS until FROM nser.batch_run AS b WHERE b.task = 'quality' AND b.finished_at IS NOT NULL) AS a
	LEFT JOIN (
		SELECT q.household_id, q.survey_id, count(*) AS flags, max(s.rank) AS gravest, max(s.weight) AS weight
		FROM nser.quality_flag AS q
		JOIN nser.quality_check AS c ON c.name = q.check_name AND c.enabled AND c.valid @> registry.today()
		JOIN (SELECT x.severity, x.rank, x.weight
			  FROM nser.quality_policy AS p
			  CROSS JOIN LATERAL (VALUES ('error', 3, p.error_weight), ('warning', 2, p.warning_weight), ('notice', 1, p.notice_weight)) AS x (severity, rank, weight)
			 ) AS s ON s.severity = c.severity
		GROUP BY q.household_id, q.survey_id) AS w ON w.household_id = v.household_id AND w.survey_id = v.survey_id
	GROUP BY 1, 2, 3;
COMMENT ON VIEW nser.quality_tally IS
	'surveys and what was found in them, by day in Pakistan, centre and operator: the scores are taken from it; with_warning: a warning and no error, '
	'with_notice: a notice and nothing graver; taken: sum of the weight of each survey''s gravest flag; not_asked: '
	'nothing is found, and they were recorded since the checks were last asked of the nation: in no score';

CREATE VIEW nser.quality_operator WITH (security_invoker = true) AS
	SELECT coalesce(o.operator_id, t.operator) AS operator, o.centre_id AS centre, c.name AS centre_name, c.area, coalesce(t.surveys, 0) AS surveys,
		coalesce(t.with_error, 0) AS with_error, coalesce(t.with_warning, 0) AS with_warning, coalesce(t.with_notice, 0) AS with_notice,
		coalesce(t.not_asked, 0) AS not_asked,
		round(100 - 100.0 * t.with_error / nullif(t.surveys - t.not_asked, 0), 1) AS without_error_pct, round(100 * (1 - t.taken / nullif(t.surveys - t.not_asked, 0)), 1) AS score
	FROM nser.operator AS o
	FULL JOIN (SELECT q.operator, sum(q.surveys)::bigint AS surveys, sum(q.with_error)::bigint AS with_error, sum(q.with_warning)::bigint AS with_warning,
					sum(q.with_notice)::bigint AS with_notice, sum(q.taken) AS taken, sum(q.not_asked)::bigint AS not_asked
			   FROM nser.quality_tally AS q WHERE q.operator IS NOT NULL GROUP BY q.operator) AS t ON t.operator = o.operator_id
	LEFT JOIN nser.centre AS c ON c.centre_id = o.centre_id;
COMMENT ON VIEW nser.quality_operator IS
	'score of each operator''s surveys, 0 to 100: 100 where nothing was found, less by the weight (nser.quality_policy) of each survey''s gravest flag; '
	'of surveys of which checks were asked (not_asked: were not yet); NULL without; area: of the operator''s centre';

CREATE VIEW nser.quality_centre WITH (security_invoker = true) AS
	SELECT coalesce(c.centre_id, t.centre) AS centre, c.name, c.area, coalesce(t.surveys, 0) AS surveys, coalesce(t.operators, 0) AS operators,
		coalesce(t.with_error, 0) AS with_error, coalesce(t.with_warning, 0) AS with_warning, coalesce(t.with_notice, 0) AS with_notice,
		coalesce(t.not_asked, 0) AS not_asked,
		round(100 - 100.0 * t.with_error / nullif(t.surveys - t.not_asked, 0), 1) AS without_error_pct, round(100 * (1 - t.taken / nullif(t.surveys - t.not_asked, 0)), 1) AS score
	FROM nser.centre AS c
	FULL JOIN (SELECT q.centre, sum(q.surveys)::bigint AS surveys, count(DISTINCT q.operator) AS operators, sum(q.with_error)::bigint AS with_error,
					sum(q.with_warning)::bigint AS with_warning, sum(q.with_notice)::bigint AS with_notice, sum(q.taken) AS taken, sum(q.not_asked)::bigint AS not_asked
			   FROM nser.quality_tally AS q WHERE q.centre IS NOT NULL GROUP BY q.centre) AS t ON t.centre = c.centre_id;
COMMENT ON VIEW nser.quality_centre IS 'score of each centre''s surveys, as of nser.quality_operator; operators: that entered them';

CREATE VIEW nser.quality_day WITH (security_invoker = true) AS
	SELECT q.day, sum(q.surveys)::bigint AS surveys, sum(q.with_error)::bigint AS with_error, sum(q.with_warning)::bigint AS with_warning,
		sum(q.with_notice)::bigint AS with_notice, sum(q.not_asked)::bigint AS not_asked,
		round(100 - 100.0 * sum(q.with_error) / nullif(sum(q.surveys - q.not_asked), 0), 1) AS without_error_pct,
		round(100 * (1 - sum(q.taken) / nullif(sum(q.surveys - q.not_asked), 0)), 1) AS score
	FROM nser.quality_tally AS q
	GROUP BY q.day;
COMMENT ON VIEW nser.quality_day IS 'score of the surveys submitted on each day in Pakistan, as of nser.quality_operator; a day without surveys has no row';

CREATE VIEW nser.quality_found WITH (security_invoker = true) AS
	SELECT c.name, c.severity, c.title, count(q.household_id) AS flags, count(DISTINCT q.household_id) AS households, max(q.found_at) AS last_found
	FROM nser.quality_check AS c
	LEFT JOIN nser.quality_flag AS q ON q.check_name = c.name
	WHERE c.enabled AND c.valid @> registry.today()
	GROUP BY c.name;
COMMENT ON VIEW nser.quality_found IS 'how often each check that is asked today holds; surveys, and households';

CREATE VIEW nser.quality_size WITH (security_invoker = true) AS
	SELECT registry.level(s.area) AS level, s.area, a.name, s.as_of, s.households, m.mean AS mean_members, m.national AS national_mean,
		round(m.difference, 1) AS difference_pct, CASE WHEN s.households >= p.least_surveys THEN abs(m.difference) > p.far_size_pct END AS is_far
	FROM nser.area_summary AS s
	CROSS JOIN nser.quality_policy AS p
	LEFT JOIN nser.area_summary AS n ON n.area OPERATOR(registry.=) 'PK'::registry.area_code
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) s.area
	CROSS JOIN LATERAL (SELECT x.mean, x.national, 100 * (x.mean / nullif(x.national, 0) - 1) AS difference
						FROM (SELECT (s.figures ->> 'members')::numeric AS mean, (n.figures ->> 'members')::numeric AS national) AS x) AS m;
COMMENT ON VIEW nser.quality_size IS
	'mean household size of each area against the national one, as registry.refresh_area_summary() last counted them; is_far: by nser.quality_policy, '
	'NULL with too few households, and to who may not see the nation''s row of nser.area_summary';

INSERT INTO nser.report (name, subject, title, meaning, relation, sorted_by) VALUES
	('quality_found', 'quality', 'What was found, by check', 'Flags and households of every check that is asked today.', 'nser.quality_found', '{-flags,name}'),
	('quality_survey', 'quality', 'What was found, survey by survey', 'A row a flag; for staff who correct.', 'nser.quality_survey', '{household_id,survey_id,check_name}'),
	('quality_operator', 'quality', 'Quality by operator', 'Surveys by their gravest flag, and the score of those that were checked; NULL without.', 'nser.quality_operator', '{score,operator}'),
	('quality_centre', 'quality', 'Quality by centre', 'Surveys by their gravest flag, and the score of those that were checked; NULL without.', 'nser.quality_centre', '{score,centre}'),
	('quality_day', 'quality', 'Quality by day', 'Surveys by their gravest flag, and the score of those that were checked, by day of submission.', 'nser.quality_day', '{day}'),
	('quality_tally', 'quality', 'Quality by day, centre and operator', 'Surveys by their gravest flag: what the scores are taken from.', 'nser.quality_tally', '{day,centre,operator}'),
	('quality_size', 'quality', 'Household size against the nation', 'Mean members of each area''s households; NULL where none is known.', 'nser.quality_size', '{level,area}');
