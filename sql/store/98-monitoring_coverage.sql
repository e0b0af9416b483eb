
-- Coverage: registry.coverage() and registry.coverage_over_time() at every level, and
-- by which mode those registered were surveyed.
CREATE VIEW nser.coverage_level WITH (security_invoker = true) AS
	SELECT l.level, c.area, c.name, c.counted_on, c.census_households, c.registered, c.gap, round(c.coverage_pct::numeric, 1) AS coverage_pct, c.rank
	FROM unnest('{country,province,division,district,tehsil}'::registry.area_level[]) AS l (level)
	CROSS JOIN LATERAL registry.coverage(l.level) AS c;
COMMENT ON VIEW nser.coverage_level IS
	'registered households of today against the census: registry.coverage() of each level, each of which reads all households; rank 1 is the lowest of '
	'the level; a row without an area holds what is stated coarser than the level';

CREATE VIEW nser.coverage_month WITH (security_invoker = true) AS
	SELECT l.level, c.area, c.name, c.on_date AS day, c.counted_on, c.census_households, c.registered,
		c.registered - lag(c.registered) OVER (PARTITION BY l.level, c.area, c.name ORDER BY c.on_date) AS added, c.gap,
		round(c.coverage_pct::numeric, 1) AS coverage_pct
	FROM unnest('{country,province,division,district,tehsil}'::registry.area_level[]) AS l (level)
	CROSS JOIN LATERAL registry.coverage_over_time((date_trunc('month', registry.today()) - interval '12 months')::date, registry.today(), '1 month', l.level) AS c;
COMMENT ON VIEW nser.coverage_month IS
	'coverage on the first of this month and of the twelve before it: registry.coverage_over_time() of each level, each of which reads all households; '
	'for other days and steps call that';
COMMENT ON COLUMN nser.coverage_month.added IS 'registered since the row before, of those that still are; NULL in the first';

CREATE VIEW nser.coverage_by_mode WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, g.mode, g.registered, round(100.0 * g.registered / g.of_all, 1) AS registered_pct, g.surveyed_from, g.surveyed_until
	FROM (SELECT m.level, m.area, m.mode, m.registered, sum(m.registered) OVER (PARTITION BY m.level, m.area) AS of_all, m.surveyed_from, m.surveyed_until
		  FROM (SELECT l.level, registry.ancestor(f.area, l.level) AS area, f.mode, sum(f.registered)::bigint AS registered,
					min(f.surveyed_from) AS surveyed_from, max(f.surveyed_until) AS surveyed_until
				FROM (SELECT h.area, v.mode, count(*) AS registered, min(h.surveyed_on) AS surveyed_from, max(h.surveyed_on) AS surveyed_until
					  FROM nser.household AS h
					  LEFT JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
					  WHERE h.status = 'registered'
					  GROUP BY h.area, v.mode) AS f
				CROSS JOIN unnest('{country,province,district,tehsil}'::registry.area_level[]) AS l (level)
				GROUP BY 1, 2, 3) AS m) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.coverage_by_mode IS
	'registered households by area and the mode of their current survey; a nation''s surveys are read for it, whatever area is asked for';
COMMENT ON COLUMN nser.coverage_by_mode.mode IS 'of the current survey, be it full or an update of the roster; NULL of those never surveyed';
COMMENT ON COLUMN nser.coverage_by_mode.registered_pct IS 'of the registered households of the area';
COMMENT ON COLUMN nser.coverage_by_mode.surveyed_from IS 'first and, surveyed_until, last day of their last full surveys; NULL where there is none';

CREATE VIEW nser.area_figure WITH (security_invoker = true) AS
	SELECT registry.level(s.area) AS level, s.area, a.name, s.as_of, s.households, s.members, s.families, s.census_households, s.with_place,
		s.formula, s.scored, round(s.mean_score::numeric, 2) AS mean_score, round(s.median_km::numeric, 1) AS median_km, round(s.p90_km::numeric, 1) AS p90_km, s.beyond_20_km
	FROM nser.area_summary AS s
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) s.area;
COMMENT ON VIEW nser.area_figure IS 'what registry.refresh_area_summary() counted last, without the indicators: households, people, scores, distance to the nearest centre';
COMMENT ON COLUMN nser.area_figure.as_of IS 'day on which it was counted, in Pakistan';
COMMENT ON COLUMN nser.area_figure.beyond_20_km IS 'households that live farther from the nearest centre';

CREATE VIEW nser.duplicate_flow WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, g.day, g.found, g.open, g.same, g.different, g.open_score
	FROM (SELECT l.level, registry.ancestor(d.area, l.level) AS area, registry.day_in_pakistan(d.found_at) AS day, count(*) AS found,
			count(*) FILTER (WHERE d.state = 'open') AS open,
			count(*) FILTER (WHERE d.state = 'same') AS same,
			count(*) FILTER (WHERE d.state = 'different') AS different,
			round((max(d.score) FILTER (WHERE d.state = 'open'))::numeric, 1) AS open_score
		  FROM nser.duplicate AS d
		  CROSS JOIN unnest('{country,province,district,tehsil}'::registry.area_level[]) AS l (level)
		  GROUP BY 1, 2, 3) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.duplicate_flow IS
	'pairs that may be one person by area of the first of the two and the day in Pakistan on which they were found, and what was decided until now; a limited '
	'role is told of pairs of which it sees both';
COMMENT ON COLUMN nser.duplicate_flow.open_score IS 'the greatest of those still open; NULL where none is';
