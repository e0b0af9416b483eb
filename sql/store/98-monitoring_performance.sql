
-- Performance: who took surveys where and when, and how long that took.  Surveys come
-- in by time, so that a summary of each range of blocks finds the days asked for.
CREATE INDEX survey_day ON nser.survey USING brin (registry.day_in_pakistan(submitted_at)) WITH (pages_per_range = 32, autosummarize);
CREATE INDEX case_step_day ON nser.case_step USING brin (registry.day_in_pakistan(taken_at)) WITH (pages_per_range = 32, autosummarize);

CREATE VIEW nser.survey_taken WITH (security_invoker = true) AS
	SELECT s.area, registry.day_in_pakistan(s.submitted_at) AS day, extract(hour FROM s.submitted_at AT TIME ZONE 'Asia/Karachi')::integer AS hour,
		s.centre, s.operator, s.mode, s.update_type, s.is_full,
		CASE WHEN s.is_full THEN extract(epoch FROM s.submitted_at - s.started_at)::double precision / 60 END AS minutes,
		s.submitted_at, s.recorded_at, s.by_case
	FROM nser.survey AS s;
COMMENT ON VIEW nser.survey_taken IS 'when each survey was taken, by whom and how long that took; what the views of performance count';
COMMENT ON COLUMN nser.survey_taken.area IS 'where the household lives';
COMMENT ON COLUMN nser.survey_taken.day IS 'of submission, in Pakistan; hour: of the day, 0 to 23';
COMMENT ON COLUMN nser.survey_taken.is_full IS 'false: written by an update of the roster, of which no questions were asked anew';
COMMENT ON COLUMN nser.survey_taken.minutes IS 'from start to submission of a full survey; NULL where the start is unknown';

-- Counted at each level by one pass a level; a reader who asks for one level has one.
CREATE VIEW nser.performance_day WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, g.day, g.surveys, g.updates, g.door, g.centre, g.mobile, g.telephone, g.self, g.partner,
		g.centres, g.operators, round(g.by_operators / nullif(g.operators, 0)::numeric, 1) AS surveys_an_operator,
		g.timed, round(g.minutes[1]::numeric, 1) AS median_minutes, round(g.minutes[2]::numeric, 1) AS p90_minutes
	FROM (SELECT l.level, registry.ancestor(t.area, l.level) AS area, t.day,
			count(*) FILTER (WHERE t.is_full) AS surveys,
			count(*) FILTER (WHERE NOT t.is_full) AS updates,
			count(*) FILTER (WHERE t.is_full AND t.mode = 'door') AS door,
			count(*) FILTER (WHERE t.is_full AND t.mode = 'centre') AS centre,
			count(*) FILTER (WHERE t.is_full AND t.mode = 'mobile') AS mobile,
			count(*) FILTER (WHERE t.is_full AND t.mode = 'telephone') AS telephone,
			count(*) FILTER (WHERE t.is_full AND t.mode = 'self') AS self,
			count(*) FILTER (WHERE t.is_full AND t.mode = 'partner') AS partner,
			count(DISTINCT t.centre) FILTER (WHERE t.is_full) AS centres,
			count(DISTINCT t.operator) FILTER (WHERE t.is_full) AS operators,
			count(t.operator) FILTER (WHERE t.is_full) AS by_operators,
			count(t.minutes) AS timed,
			percentile_cont('{0.5,0.9}'::double precision[]) WITHIN GROUP (ORDER BY t.minutes) AS minutes
		  FROM nser.survey_taken AS t
		  CROSS JOIN unnest('{country,province,district,tehsil}'::registry.area_level[]) AS l (level)
		  GROUP BY 1, 2, 3) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.performance_day IS
	'surveys by area, where households live, and day: how many, by which mode, and how long they took; a day without any has no row, nor has what is '
	'stated coarser than the level; a limited role is told of areas inside its own; of a nation ask for days and a level: years at every level are minutes';
COMMENT ON COLUMN nser.performance_day.surveys IS 'full ones; updates: surveys that updates of a roster wrote, which are in none of the columns that follow';
COMMENT ON COLUMN nser.performance_day.centres IS 'that took any, or whose vans did';
COMMENT ON COLUMN nser.performance_day.operators IS 'known, that took any; surveys_an_operator: those they took to each, NULL where none is known';
COMMENT ON COLUMN nser.performance_day.timed IS 'whose start is known: the median and the ninth decile of their minutes follow, NULL where there is none';

CREATE VIEW nser.performance_type WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, g.day, g.mode, g.update_type, g.surveys, g.timed,
		round(g.minutes[1]::numeric, 1) AS median_minutes, round(g.minutes[2]::numeric, 1) AS p90_minutes
	FROM (SELECT l.level, registry.ancestor(t.area, l.level) AS area, t.day, t.mode, t.update_type, count(*) AS surveys, count(t.minutes) AS timed,
			percentile_cont('{0.5,0.9}'::double precision[]) WITHIN GROUP (ORDER BY t.minutes) AS minutes
		  FROM nser.survey_taken AS t
		  CROSS JOIN unnest('{country,province,district,tehsil}'::registry.area_level[]) AS l (level)
		  WHERE t.is_full
		  GROUP BY 1, 2, 3, 4, 5) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.performance_type IS 'full surveys by area, day, mode and type of update, and how long they took; as nser.performance_day';
COMMENT ON COLUMN nser.performance_type.timed IS 'whose start is known; NULL follows where there is none';

CREATE VIEW nser.performance_hour WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, g.day, g.hour, g.surveys, g.operators, g.timed,
		round(g.minutes[1]::numeric, 1) AS median_minutes, round(g.minutes[2]::numeric, 1) AS p90_minutes
	FROM (SELECT l.level, registry.ancestor(t.area, l.level) AS area, t.day, t.hour, count(*) AS surveys, count(DISTINCT t.operator) AS operators,
			count(t.minutes) AS timed, percentile_cont('{0.5,0.9}'::double precision[]) WITHIN GROUP (ORDER BY t.minutes) AS minutes
		  FROM nser.survey_taken AS t
		  CROSS JOIN unnest('{country,province,district,tehsil}'::registry.area_level[]) AS l (level)
		  WHERE t.is_full
		  GROUP BY 1, 2, 3, 4) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.performance_hour IS
	'full surveys by area, day and hour in which they were submitted, in Pakistan, and how long they took; an hour without any has no row; as nser.performance_day';
COMMENT ON COLUMN nser.performance_hour.hour IS '0 to 23: 9 is from 9:00 until 10:00';
COMMENT ON COLUMN nser.performance_hour.operators IS 'known, that submitted any in it';

CREATE VIEW nser.performance_centre WITH (security_invoker = true) AS
	SELECT w.area, a.name, g.centre, c.name AS centre_name, c.kind, g.day, g.surveys, g.updates, g.operators,
		round(g.by_operators / nullif(g.operators, 0)::numeric, 1) AS surveys_an_operator, g.first_at::time AS first_at, g.last_at::time AS last_at,
		g.timed, round(g.minutes[1]::numeric, 1) AS median_minutes, round(g.minutes[2]::numeric, 1) AS p90_minutes
	FROM (SELECT t.centre, t.day, count(*) FILTER (WHERE t.is_full) AS surveys, count(*) FILTER (WHERE NOT t.is_full) AS updates,
			count(DISTINCT t.operator) FILTER (WHERE t.is_full) AS operators, count(t.operator) FILTER (WHERE t.is_full) AS by_operators,
			min(t.submitted_at AT TIME ZONE 'Asia/Karachi') AS first_at, max(t.submitted_at AT TIME ZONE 'Asia/Karachi') AS last_at, count(t.minutes) AS timed,
			percentile_cont('{0.5,0.9}'::double precision[]) WITHIN GROUP (ORDER BY t.minutes) AS minutes
		  FROM nser.survey_taken AS t
		  WHERE t.centre IS NOT NULL
		  GROUP BY t.centre, t.day) AS g
	LEFT JOIN nser.centre AS c ON c.centre_id = g.centre
	LEFT JOIN nser.centre_stop AS s ON s.centre_id = g.centre AND c.kind = 'mobile' AND s.during @> g.day
	CROSS JOIN LATERAL (SELECT coalesce(s.area, c.area, 'PK') AS area) AS w
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) w.area
	WHERE w.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.performance_centre IS
	'surveys by centre and day, wherever the households live; what was taken at the door without a centre is in nser.performance_day alone; a limited role '
	'is told of centres that stand in its area, and of the households that it sees';
COMMENT ON COLUMN nser.performance_centre.area IS 'where it stood that day; of a van without a stop where it is based; PK where the centre is not in nser.centre';
COMMENT ON COLUMN nser.performance_centre.surveys IS 'full ones; updates: surveys that updates of a roster wrote';
COMMENT ON COLUMN nser.performance_centre.first_at IS 'time of day in Pakistan of the first submission; last_at: of the last';
COMMENT ON COLUMN nser.performance_centre.timed IS 'whose start is known; NULL follows where there is none';

CREATE VIEW nser.performance_operator WITH (security_invoker = true) AS
	SELECT w.area, a.name, g.operator, o.centre_id AS centre, c.name AS centre_name, g.day, g.surveys, g.updates,
		round(nullif(extract(epoch FROM g.last_at - g.first_at), 0) / 3600, 1) AS hours,
		g.timed, round(g.minutes[1]::numeric, 1) AS median_minutes, round(g.minutes[2]::numeric, 1) AS p90_minutes
	FROM (SELECT t.operator, t.day, count(*) FILTER (WHERE t.is_full) AS surveys, count(*) FILTER (WHERE NOT t.is_full) AS updates,
			min(t.submitted_at - coalesce(t.minutes, 0) * interval '1 minute') AS first_at, max(t.submitted_at) AS last_at, count(t.minutes) AS timed,
			percentile_cont('{0.5,0.9}'::double precision[]) WITHIN GROUP (ORDER BY t.minutes) AS minutes
		  FROM nser.survey_taken AS t
		  WHERE t.operator IS NOT NULL
		  GROUP BY t.operator, t.day) AS g
	LEFT JOIN nser.operator AS o ON o.operator_id = g.operator
	LEFT JOIN nser.centre AS c ON c.centre_id = o.centre_id
	CROSS JOIN LATERAL (SELECT coalesce(c.area, o.area, 'PK') AS area) AS w
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) w.area
	WHERE w.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.performance_operator IS
	'surveys by operator and day; a limited role is told of operators of centres in its area, and of the households that it sees';
COMMENT ON COLUMN nser.performance_operator.area IS
	'of the centre; where there is none, that for which the operator works; PK where the operator is not in nser.operator';
COMMENT ON COLUMN nser.performance_operator.hours IS 'from the start of the first, or its submission where the start is unknown, to the last submission of the day; NULL of one whose start is unknown';
COMMENT ON COLUMN nser.performance_operator.timed IS 'whose start is known; NULL follows where there is none';

CREATE VIEW nser.centre_idle WITH (security_invoker = true) AS
	SELECT w.area, a.name, c.centre_id AS centre, c.name AS centre_name, c.kind, w.day, w.opens, w.closes, t.last_token AS tokens
	FROM nser.centre AS c
	CROSS JOIN generate_series(1, 365) AS d (ago)
	LEFT JOIN nser.centre_stop AS s ON s.centre_id = c.centre_id AND c.kind = 'mobile' AND s.during @> registry.today() - d.ago
	CROSS JOIN LATERAL (SELECT registry.today() - d.ago AS day, coalesce(s.area, c.area) AS area, coalesce(s.opens, c.opens) AS opens,
							coalesce(s.closes, c.closes) AS closes) AS w
	LEFT JOIN nser.centre_token AS t ON t.centre_id = c.centre_id AND t.day = w.day
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) w.area
	WHERE c.valid @> w.day AND extract(isodow FROM w.day)::smallint = ANY (c.open_days) AND (c.kind = 'fixed' OR s.centre_id IS NOT NULL)
	AND w.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[])
	AND NOT EXISTS (SELECT FROM (SELECT DISTINCT x.centre, x.day FROM nser.survey_taken AS x
								 WHERE x.centre IS NOT NULL AND x.day >= (SELECT registry.today() - 365)) AS y
					WHERE y.centre = c.centre_id AND y.day = w.day);
COMMENT ON VIEW nser.centre_idle IS
	'days of the last 365, until yesterday, on which a centre was open and took no survey of any kind; holidays are not known here; a van is open where and '
	'when it has a stop; to a limited role a centre that served other areas'' households alone looks idle';
COMMENT ON COLUMN nser.centre_idle.tokens IS 'given out that day all the same; NULL none';

CREATE VIEW nser.upload_delay WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, g.day, g.uploads, g.late, round(100.0 * g.late / g.uploads, 1) AS late_pct,
		round(g.hours[1]::numeric, 1) AS median_hours, round(g.hours[2]::numeric, 1) AS p90_hours, round(g.longest::numeric, 1) AS longest_hours
	FROM (SELECT l.level, registry.ancestor(t.area, l.level) AS area, t.day, count(*) AS uploads,
			count(*) FILTER (WHERE registry.day_in_pakistan(t.recorded_at) > t.day) AS late,
			percentile_cont('{0.5,0.9}'::double precision[]) WITHIN GROUP (ORDER BY t.hours) AS hours, max(t.hours) AS longest
		  FROM (SELECT c.area, registry.day_in_pakistan(c.taken_at) AS day, c.recorded_at,
					extract(epoch FROM c.recorded_at - c.taken_at)::double precision / 3600 AS hours
				FROM nser.case_step AS c WHERE c.event = 'submit'
				UNION ALL
				SELECT s.area, s.day, s.recorded_at, extract(epoch FROM s.recorded_at - s.submitted_at)::double precision / 3600 AS hours
				FROM nser.survey_taken AS s WHERE s.by_case IS NULL) AS t
		  CROSS JOIN unnest('{country,province,district,tehsil}'::registry.area_level[]) AS l (level)
		  GROUP BY 1, 2, 3) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.upload_delay IS
	'how long submissions of cases, and surveys without a case, took to reach the registry, by area and the day on which they were taken; surveys that '
	'were loaded from before count by the day of the load';
COMMENT ON COLUMN nser.upload_delay.late IS 'that reached the registry on a later day than they were taken, in Pakistan';
