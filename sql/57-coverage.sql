-- coverage: registered households against those a census counted -------------------
--
-- Everything is told in the areas of today, so that a trend goes on across a split:
-- a count of before is re-coded, and households state areas of today.

CREATE FUNCTION registry.census_on(on_date date DEFAULT NULL, within registry.area_code DEFAULT 'PK')
	RETURNS TABLE (area registry.area_code, counted_on date, households bigint)
	LANGUAGE plpgsql STABLE
	SET jit = off
AS $$
DECLARE
	today	date := registry.today();
	codes	registry.area_code[];
	dates	date[];
	counts	bigint[];
	finer	registry.area_level;
BEGIN
	WITH told AS (
		SELECT n.code, c.counted_on, sum(c.households * n.share) AS households, bool_or(n.changed) AS changed
		FROM (SELECT x.area, x.counted_on, x.households,
				EXISTS (SELECT FROM nser.area_change AS g
						WHERE g.changed_on > x.counted_on AND g.changed_on <= today
						AND (g.old_area OPERATOR(registry.<@) x.area OR g.old_area OPERATOR(registry.@>) x.area)) AS changed
			  FROM nser.census AS x
			  WHERE x.counted_on <= coalesce(census_on.on_date, today) AND x.households IS NOT NULL) AS c
		CROSS JOIN LATERAL (
			SELECT c.area, 1::double precision, false WHERE NOT c.changed
			UNION ALL
			SELECT r.code, r.share, true FROM registry.area_on(c.area, today, c.counted_on) AS r (code, share) WHERE c.changed) AS n (code, share, changed)
		GROUP BY n.code, c.counted_on
	), whole AS (
		SELECT DISTINCT ON (t.code) t.code, t.counted_on, round(t.households)::bigint AS households
		FROM told AS t
		-- of a merger, all that went into it was counted
		WHERE NOT t.changed OR NOT EXISTS (
			SELECT FROM registry.area_on(t.code, t.counted_on, today) AS r (code, share)
			WHERE NOT EXISTS (SELECT FROM nser.census AS x
							  WHERE x.area OPERATOR(registry.=) r.code AND x.counted_on = t.counted_on AND x.households IS NOT NULL))
		ORDER BY t.code, t.counted_on DESC
	)
	SELECT array_agg(w.code), array_agg(w.counted_on), array_agg(w.households) INTO codes, dates, counts FROM whole AS w;

	FOREACH finer IN ARRAY '{village,union_council,tehsil,district,province}'::registry.area_level[] LOOP
		SELECT codes || array_agg(s.area), dates || array_agg(s.counted_on), counts || array_agg(s.households) INTO codes, dates, counts
		FROM (SELECT registry.parent(a.code) AS area, min(k.counted_on) AS counted_on, sum(k.households)::bigint AS households
			  FROM (SELECT x.code FROM nser.area AS x WHERE x.level = finer AND x.valid @> today
					UNION
					-- a census may know parts that were not loaded, but for those that are gone
					SELECT x.code
					FROM (SELECT k.code FROM unnest(codes) AS k (code) WHERE registry.level(k.code) = finer
						  UNION
						  SELECT c.area FROM nser.census AS c
						  WHERE registry.level(c.area) = finer
						  AND NOT EXISTS (SELECT FROM nser.area_change AS g
										  WHERE g.changed_on > c.counted_on AND g.changed_on <= today AND g.old_area OPERATOR(registry.@>) c.area)) AS x
					WHERE NOT EXISTS (SELECT FROM nser.area AS o WHERE o.code OPERATOR(registry.=) x.code AND NOT o.valid @> today)) AS a
			  LEFT JOIN unnest(codes, dates, counts) AS k (area, counted_on, households) ON k.area OPERATOR(registry.=) a.code
			  GROUP BY registry.parent(a.code)
			  HAVING bool_and(k.area IS NOT NULL)) AS s
		WHERE NOT EXISTS (SELECT FROM unnest(codes) AS k (area) WHERE k.area OPERATOR(registry.=) s.area);
	END LOOP;

	RETURN QUERY SELECT k.area, k.counted_on, k.households
	FROM unnest(codes, dates, counts) AS k (area, counted_on, households)
	WHERE k.area OPERATOR(registry.<@) census_on.within;
END;
$$;
COMMENT ON FUNCTION registry.census_on(date, registry.area_code) IS
	'households of every area of today by its last census on or before a date (NULL: today in Pakistan): its own count, re-coded where '
	'it was split or merged since, else the sum of its parts where all that nser.area or nser.census know have one (counted_on: the earliest '
	'of theirs); no row where unknown';

-- One scan of the households, whatever the number of dates.
CREATE FUNCTION registry.coverage_at(level registry.area_level, within registry.area_code, dates date[])
	RETURNS TABLE (on_date date, area registry.area_code, name text, counted_on date, census_households bigint, registered bigint,
				   gap bigint, coverage_pct double precision, rank integer)
	LANGUAGE plpgsql STABLE
	-- a row each is expected of the dates: by that, thousands of areas would be joined row by row
	SET enable_nestloop = off
	SET jit = off
AS $$
DECLARE
	today	date := registry.today();
	-- a division is a name of districts
	by_name	boolean := coverage_at.level = 'division';
	base	registry.area_level := CASE WHEN coverage_at.level = 'division' THEN 'district' ELSE coverage_at.level END;
	seen	CONSTANT registry.area_code[] := registry.seen_areas();
BEGIN
	IF coverage_at.level IS NULL OR coverage_at.within IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'coverage needs a level and an area',
			HINT = 'SELECT * FROM registry.coverage(''tehsil'', within => ''PK617''); PK is the nation.';
	END IF;
	IF registry.level(coverage_at.within) > coverage_at.level THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('there is no %s within %s, which is a %s', coverage_at.level, coverage_at.within, registry.level(coverage_at.within)),
			HINT = 'Ask for a finer level, or within a coarser area: registry.coverage(''tehsil'', within => ''PK617'').';
	END IF;

	RETURN QUERY
	WITH counted AS MATERIALIZED (
		-- by the first of the dates on which it was registered; what is stated coarser is PK's
		SELECT coalesce(registry.ancestor(g.area, base), 'PK') AS code, g.step, sum(g.households)::bigint AS households
		FROM (SELECT h.area, width_bucket(h.registered_on - 1, coverage_at.dates) + 1 AS step, count(*) AS households
			  FROM nser.household AS h
			  WHERE h.status = 'registered' AND h.area OPERATOR(registry.<@) coverage_at.within
			  AND h.registered_on <= coverage_at.dates[cardinality(coverage_at.dates)]
			  GROUP BY h.area, width_bucket(h.registered_on - 1, coverage_at.dates)) AS g
		GROUP BY 1, 2
	), registered AS MATERIALIZED (
		SELECT c.code, d.step, sum(c.households)::bigint AS households
		FROM counted AS c
		JOIN generate_series(1, cardinality(coverage_at.dates)) AS d (step) ON c.step <= d.step
		GROUP BY c.code, d.step
	), census AS MATERIALIZED (
		SELECT d.step, c.area AS code, c.counted_on, c.households
		FROM unnest(coverage_at.dates) WITH ORDINALITY AS d (on_date, step)
		CROSS JOIN LATERAL registry.census_on(d.on_date, coverage_at.within) AS c
		WHERE registry.level(c.area) = base
	), place AS (
		SELECT p.code, CASE WHEN by_name THEN registry.ancestor(p.code, 'province')
						WHEN base = 'country' OR p.code OPERATOR(registry.<>) 'PK' THEN p.code END AS area,
			CASE WHEN by_name THEN a.division ELSE a.name END AS name,
			-- what it was is counted with what it became
			coalesce(NOT a.valid @> today, false) AS is_past
		FROM (SELECT x.code FROM nser.area AS x
			  WHERE x.level = base AND x.valid @> today AND x.code OPERATOR(registry.<@) coverage_at.within
			  UNION SELECT x.code FROM census AS x
			  UNION SELECT x.code FROM counted AS x) AS p
		LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) p.code AND a.level = base
	), told AS (
		SELECT d.on_date, p.area, p.name, min(c.counted_on) AS counted_on,
			CASE WHEN bool_and(c.code IS NOT NULL OR p.is_past) THEN sum(c.households)::bigint END AS census_households,
			coalesce(sum(r.households), 0)::bigint AS registered
		FROM place AS p
		CROSS JOIN unnest(coverage_at.dates) WITH ORDINALITY AS d (on_date, step)
		LEFT JOIN census AS c ON c.code OPERATOR(registry.=) p.code AND c.step = d.step
		LEFT JOIN registered AS r ON r.code OPERATOR(registry.=) p.code AND r.step = d.step
		GROUP BY d.on_date, p.area, p.name
		HAVING p.area IS NULL OR p.area OPERATOR(registry.<@) ANY (seen)
			OR p.name IS NOT NULL AND bool_and(p.code OPERATOR(registry.<@) ANY (seen))
	)
	SELECT t.on_date, t.area, t.name, CASE WHEN t.census_households IS NOT NULL THEN t.counted_on END, t.census_households, t.registered,
		t.census_households - t.registered, round(100.0 * t.registered / nullif(t.census_households, 0), 1)::double precision,
		CASE WHEN t.census_households > 0 THEN
			rank() OVER (PARTITION BY t.on_date, coalesce(t.census_households, 0) > 0
				ORDER BY t.registered / nullif(t.census_households, 0)::numeric, t.census_households - t.registered DESC)::integer END AS rank
	FROM told AS t
	WHERE t.area IS NOT NULL OR t.registered > 0
	ORDER BY t.on_date, rank, t.area, t.name;
END;
$$;
COMMENT ON FUNCTION registry.coverage_at(registry.area_level, registry.area_code, date[]) IS
	'registry.coverage() on several dates, which ascend, by one scan of the households';

CREATE FUNCTION registry.coverage(level registry.area_level DEFAULT 'district', on_date date DEFAULT NULL,
								  within registry.area_code DEFAULT 'PK')
	RETURNS TABLE (area registry.area_code, name text, counted_on date, census_households bigint, registered bigint, gap bigint,
				   coverage_pct double precision, rank integer)
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	RETURN QUERY
	SELECT c.area, c.name, c.counted_on, c.census_households, c.registered, c.gap, c.coverage_pct, c.rank
	FROM registry.coverage_at(coverage.level, coverage.within,
							  ARRAY[coalesce(coverage.on_date, registry.today())]) AS c;
END;
$$;
COMMENT ON FUNCTION registry.coverage(registry.area_level, date, registry.area_code) IS
	'households registered until a date (NULL: today in Pakistan), by the area they state, against the last census on or before it, of the areas '
	'of today; gap = census - registered, negative where more are registered than were counted; rank 1 is the lowest coverage, ties by the larger gap; '
	'NULL and no rank where the census is unknown; the row without an area holds households stated coarser than the level, so that the sum is that of all; '
	'a division is its province''s code and its name; a household that is merged or dissolved today is in none of the dates; '
	'a role of registry.limit_role() is told of areas that lie inside its own alone, and counts the households it sees';

CREATE FUNCTION registry.coverage_over_time(since date, until date DEFAULT NULL, step interval DEFAULT '1 year',
											level registry.area_level DEFAULT 'province', within registry.area_code DEFAULT 'PK')
	RETURNS TABLE (on_date date, area registry.area_code, name text, counted_on date, census_households bigint, registered bigint,
				   gap bigint, coverage_pct double precision, rank integer)
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	last_day	date := coalesce(coverage_over_time.until, registry.today());
	dates		date[];
BEGIN
	-- '1 month -29 days' would go back from some dates, and never end
	IF NOT coalesce(isfinite(coverage_over_time.since) AND isfinite(last_day) AND coverage_over_time.since <= last_day
		AND coverage_over_time.step >= interval '1 day'
		AND least(extract(year FROM coverage_over_time.step), extract(month FROM coverage_over_time.step), extract(day FROM coverage_over_time.step),
				  extract(hour FROM coverage_over_time.step), extract(minute FROM coverage_over_time.step),
				  extract(second FROM coverage_over_time.step)) >= 0, false) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'coverage_over_time needs a first date not after the last, both finite, and a step forward of at least a day',
			HINT = 'SELECT * FROM registry.coverage_over_time(''2023-02-01'', ''2026-02-01'', ''1 year'');';
	END IF;
	SELECT array_agg(d::date ORDER BY d) INTO dates
	FROM generate_series(coverage_over_time.since::timestamp, last_day::timestamp, coverage_over_time.step) AS d;
	RETURN QUERY SELECT c.* FROM registry.coverage_at(coverage_over_time.level, coverage_over_time.within, dates) AS c;
END;
$$;
COMMENT ON FUNCTION registry.coverage_over_time(date, date, interval, registry.area_level, registry.area_code) IS
	'registry.coverage() on the first date and every step after it until the last (NULL: today in Pakistan), each against the census of its time';
