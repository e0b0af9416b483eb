
-- monitoring: the day of a moment, and performance over a whole period ------------------

-- An index may hold it.
CREATE FUNCTION registry.day_in_pakistan(at timestamptz) RETURNS date
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'registry_day_in_pakistan';
COMMENT ON FUNCTION registry.day_in_pakistan(timestamptz) IS
	'the day in Pakistan, whatever the time zone of the session: (at AT TIME ZONE ''Asia/Karachi'')::date, without its errors, so that what is asked for by '
	'day is found by an index for a limited role, too; NULL of NULL';

-- Medians of days do not add up to that of a month: a period is counted by itself.
CREATE FUNCTION registry.performance_of_areas(since date, until date, level registry.area_level DEFAULT 'district',
										  OUT area registry.area_code, OUT name text, OUT surveys bigint, OUT updates bigint, OUT days bigint, OUT operator_days bigint,
										  OUT surveys_an_operator_day numeric, OUT timed bigint, OUT median_minutes numeric, OUT p90_minutes numeric)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 200
	SET jit = off
AS $$
BEGIN
	RETURN QUERY
	SELECT g.area, a.name, g.surveys, g.updates, g.days, g.operator_days, round(g.by_operators / nullif(g.operator_days, 0)::numeric, 1),
		g.timed, round(g.minutes[1]::numeric, 1), round(g.minutes[2]::numeric, 1)
	FROM (SELECT registry.ancestor(t.area, performance_of_areas.level) AS area, count(*) FILTER (WHERE t.is_full) AS surveys, count(*) FILTER (WHERE NOT t.is_full) AS updates,
			count(DISTINCT t.day) FILTER (WHERE t.is_full) AS days,
			count(DISTINCT (t.operator, t.day)) FILTER (WHERE t.is_full AND t.operator IS NOT NULL) AS operator_days,
			count(t.operator) FILTER (WHERE t.is_full) AS by_operators, count(t.minutes) AS timed,
			percentile_cont('{0.5,0.9}'::double precision[]) WITHIN GROUP (ORDER BY t.minutes) AS minutes
		  FROM nser.survey_taken AS t
		  WHERE t.day BETWEEN performance_of_areas.since AND performance_of_areas.until
		  GROUP BY 1) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[])
	ORDER BY g.area;
END;
$$;
COMMENT ON FUNCTION registry.performance_of_areas(date, date, registry.area_level) IS
	'surveys from a day until another, both included, by area of a level (a division has none), where households live: nser.performance_day of the whole period; '
	'days on which any was taken; operator_days: those of each known operator; NULL where no start or operator is known; no rows where a day is NULL';

CREATE FUNCTION registry.performance_of_centres(since date, until date, within registry.area_code DEFAULT 'PK',
											OUT area registry.area_code, OUT name text, OUT centre bigint, OUT centre_name text, OUT kind text, OUT surveys bigint, OUT updates bigint,
											OUT days bigint, OUT surveys_a_day numeric, OUT operators bigint, OUT timed bigint, OUT median_minutes numeric, OUT p90_minutes numeric)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 600
	SET jit = off
AS $$
BEGIN
	RETURN QUERY
	SELECT w.area, a.name, g.centre, c.name, c.kind, g.surveys, g.updates, g.days, round(g.surveys / nullif(g.days, 0)::numeric, 1), g.operators,
		g.timed, round(g.minutes[1]::numeric, 1), round(g.minutes[2]::numeric, 1)
	FROM (SELECT t.centre, count(*) FILTER (WHERE t.is_full) AS surveys, count(*) FILTER (WHERE NOT t.is_full) AS updates,
			count(DISTINCT t.day) FILTER (WHERE t.is_full) AS days, count(DISTINCT t.operator) FILTER (WHERE t.is_full) AS operators, count(t.minutes) AS timed,
			percentile_cont('{0.5,0.9}'::double precision[]) WITHIN GROUP (ORDER BY t.minutes) AS minutes
		  FROM nser.survey_taken AS t
		  WHERE t.day >= performance_of_centres.since AND t.day <= performance_of_centres.until AND t.centre IS NOT NULL
		  GROUP BY t.centre) AS g
	LEFT JOIN nser.centre AS c ON c.centre_id = g.centre
	CROSS JOIN LATERAL (SELECT coalesce(c.area, 'PK') AS area) AS w
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) w.area
	WHERE w.area OPERATOR(registry.<@) performance_of_centres.within AND w.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[])
	ORDER BY w.area, g.centre;
END;
$$;
COMMENT ON FUNCTION registry.performance_of_centres(date, date, registry.area_code) IS
	'surveys from a day until another, both included, by centre of an area, where it is based: nser.performance_centre of the whole period; surveys_a_day: to a day on '
	'which it took any; NULL where no start or operator is known; no rows where an argument is NULL';

CREATE FUNCTION registry.performance_of_operators(since date, until date, within registry.area_code DEFAULT 'PK',
											  OUT area registry.area_code, OUT name text, OUT operator bigint, OUT centre bigint, OUT centre_name text, OUT surveys bigint,
											  OUT updates bigint, OUT days bigint, OUT surveys_a_day numeric, OUT timed bigint, OUT median_minutes numeric, OUT p90_minutes numeric)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1400
	SET jit = off
AS $$
BEGIN
	RETURN QUERY
	SELECT w.area, a.name, g.operator, o.centre_id, c.name, g.surveys, g.updates, g.days, round(g.surveys / nullif(g.days, 0)::numeric, 1),
		g.timed, round(g.minutes[1]::numeric, 1), round(g.minutes[2]::numeric, 1)
	FROM (SELECT t.operator, count(*) FILTER (WHERE t.is_full) AS surveys, count(*) FILTER (WHERE NOT t.is_full) AS updates,
			count(DISTINCT t.day) FILTER (WHERE t.is_full) AS days, count(t.minutes) AS timed,
			percentile_cont('{0.5,0.9}'::double precision[]) WITHIN GROUP (ORDER BY t.minutes) AS minutes
		  FROM nser.survey_taken AS t
		  WHERE t.day >= performance_of_operators.since AND t.day <= performance_of_operators.until AND t.operator IS NOT NULL
		  GROUP BY t.operator) AS g
	LEFT JOIN nser.operator AS o ON o.operator_id = g.operator
	LEFT JOIN nser.centre AS c ON c.centre_id = o.centre_id
	CROSS JOIN LATERAL (SELECT coalesce(c.area, o.area, 'PK') AS area) AS w
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) w.area
	WHERE w.area OPERATOR(registry.<@) performance_of_operators.within AND w.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[])
	ORDER BY w.area, g.operator;
END;
$$;
COMMENT ON FUNCTION registry.performance_of_operators(date, date, registry.area_code) IS
	'surveys from a day until another, both included, by operator of an area, as nser.performance_operator has it: that of the whole period; surveys_a_day: to a day on '
	'which the operator took any; NULL where no start is known; no rows where an argument is NULL';
