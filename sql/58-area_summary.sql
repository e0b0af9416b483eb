-- area summary: what maps show of every area, counted in one pass ------------------

-- What is counted, as expressions over a survey's indicators: of a code each label,
-- of flags and counts how many know and the sum.  Sums roll up; means do not.
CREATE FUNCTION registry.summary_cells(OUT cell integer, OUT name text, OUT kind text, OUT part text, OUT expression text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 200
BEGIN ATOMIC
	SELECT (row_number() OVER (ORDER BY c.position, p.no))::integer, c.name, c.kind, p.part,
		format(p.expression, format('v.indicators OPERATOR(registry.->) %L', c.name), p.no)
	FROM registry.codebook() AS c
	CROSS JOIN LATERAL (
		SELECT l.no, l.label, 'count(*) FILTER (WHERE (%1$s) = %2$s)' FROM unnest(c.labels) WITH ORDINALITY AS l (label, no) WHERE c.kind = 'code'
		UNION ALL
		SELECT x.no, x.part, x.expression
		FROM (VALUES (1, 'known', 'count(%1$s)'), (2, 'sum', 'coalesce(sum(%1$s), 0)')) AS x (no, part, expression)
		WHERE c.kind <> 'code') AS p (no, part, expression)
	WHERE c.name NOT LIKE 'reserved%';
END;
COMMENT ON FUNCTION registry.summary_cells() IS
	'what registry.refresh_area_summary() counts: of a code every label, of flags and counts how many are known, and their sum';

CREATE FUNCTION registry.refresh_area_summary(formula text DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql
	-- two hundred counts in one statement take longer to compile than to run
	SET jit = off
AS $$
DECLARE
	today	date := registry.today();
	cells	text;
	each	registry.area_level;
	written	bigint;
BEGIN
	IF refresh_area_summary.formula IS NOT NULL THEN
		PERFORM registry.formula_to_score(refresh_area_summary.formula);
	END IF;
	SELECT string_agg(c.expression, ', ' ORDER BY c.cell) INTO cells
	FROM registry.summary_cells() AS c;

	-- one at a time; who reads does not wait
	LOCK TABLE nser.area_summary IN SHARE ROW EXCLUSIVE MODE;
	DELETE FROM nser.area_summary;
	EXECUTE format($sql$
		WITH counted AS MATERIALIZED (
			SELECT coalesce(registry.ancestor(h.area, 'union_council'), h.area) AS finest, count(*) AS households, count(h.place) AS with_place,
				count(s.score) AS scored, sum(round(s.score * 100)::bigint) AS hundredths, ARRAY[%s]::bigint[] AS tally
			FROM nser.household AS h
			LEFT JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
			LEFT JOIN nser.score AS s ON s.household_id = v.household_id AND s.survey_id = v.survey_id AND s.area OPERATOR(registry.=) v.area
				AND s.formula = $1
			WHERE h.status = 'registered'
			GROUP BY 1
		), known AS MATERIALIZED (
			SELECT a.code AS area FROM nser.area AS a WHERE a.valid @> $2 AND a.level <> 'village'
			UNION
			SELECT u.area FROM counted AS c
			CROSS JOIN LATERAL unnest('{country,province,district,tehsil,union_council}'::registry.area_level[]) AS l (level)
			CROSS JOIN LATERAL registry.ancestor(c.finest, l.level) AS u (area)
			WHERE u.area IS NOT NULL
		), part AS MATERIALIZED (
			SELECT registry.ancestor(c.finest, l.level) AS area, c.*
			FROM counted AS c
			CROSS JOIN LATERAL unnest('{country,province,district,tehsil,union_council}'::registry.area_level[]) AS l (level)
		), rolled AS (
			SELECT p.area, sum(p.households)::bigint AS households, sum(p.with_place)::bigint AS with_place,
				sum(p.scored)::bigint AS scored, sum(p.hundredths) AS hundredths
			FROM part AS p WHERE p.area IS NOT NULL GROUP BY p.area
		), cell AS (
			SELECT p.area, t.cell, sum(t.n)::bigint AS n
			FROM part AS p
			CROSS JOIN LATERAL unnest(p.tally) WITH ORDINALITY AS t (n, cell)
			WHERE p.area IS NOT NULL
			GROUP BY p.area, t.cell
		), asked AS (
			SELECT x.area, c.name, c.kind, c.part, x.n,
				sum(x.n) FILTER (WHERE c.kind = 'code' OR c.part = 'known') OVER (PARTITION BY x.area, c.name) AS known
			FROM cell AS x
			JOIN registry.summary_cells() AS c ON c.cell = x.cell
		), figure AS (
			SELECT a.area,
				jsonb_object_agg(CASE a.kind WHEN 'code' THEN a.name || '.' || a.part ELSE a.name END,
					CASE a.kind WHEN 'count' THEN round(a.n / a.known, 2) ELSE round(100 * a.n / a.known, 1) END) AS figures,
				min(a.n) FILTER (WHERE a.name = 'members') AS members
			FROM asked AS a
			WHERE a.known > 0 AND (a.kind = 'code' OR a.part = 'sum')
			GROUP BY a.area
		), family AS (
			SELECT u.area, sum(f.families)::bigint AS families
			FROM nser.family_count AS f
			CROSS JOIN LATERAL unnest('{country,province,district,tehsil,union_council}'::registry.area_level[]) AS l (level)
			CROSS JOIN LATERAL registry.ancestor(f.area, l.level) AS u (area)
			WHERE u.area IS NOT NULL
			GROUP BY u.area
		)
		INSERT INTO nser.area_summary (area, as_of, households, with_place, members, families, counted_on, census_households,
									   formula, scored, mean_score, figures)
		SELECT k.area, $2, coalesce(r.households, 0), coalesce(r.with_place, 0), f.members, m.families, c.counted_on, c.households,
			$1, CASE WHEN $1 IS NOT NULL THEN coalesce(r.scored, 0) END, round(r.hundredths / nullif(r.scored, 0) / 100.0, 2)::double precision,
			coalesce(f.figures, '{}')
		FROM known AS k
		LEFT JOIN rolled AS r ON r.area OPERATOR(registry.=) k.area
		LEFT JOIN figure AS f ON f.area OPERATOR(registry.=) k.area
		LEFT JOIN family AS m ON m.area OPERATOR(registry.=) k.area
		LEFT JOIN registry.census_on($2) AS c ON c.area OPERATOR(registry.=) k.area
		$sql$, cells) USING refresh_area_summary.formula, today;
	GET DIAGNOSTICS written = ROW_COUNT;

	-- medians do not roll up: a pass a level
	IF EXISTS (SELECT FROM nser.centre) THEN
		FOREACH each IN ARRAY '{country,province,district,tehsil,union_council}'::registry.area_level[] LOOP
			UPDATE nser.area_summary AS s
			SET mean_km = d.mean_km, median_km = d.median_km, p90_km = d.p90_km, farthest_km = d.farthest_km,
				beyond_5_km = d.beyond_5_km, beyond_10_km = d.beyond_10_km, beyond_20_km = d.beyond_20_km
			FROM registry.centre_distances(each, 'PK', today) AS d
			WHERE s.area OPERATOR(registry.=) d.area;
		END LOOP;
	END IF;
	RETURN written;
END;
$$;
COMMENT ON FUNCTION registry.refresh_area_summary(text) IS
	'count nser.area_summary anew, for every area from the nation to the union council: one pass over the current surveys of registered '
	'households, one over families, and where there are centres one a level for distances; with a formula, the mean of its scores too; '
	'returns the areas; readers see the old figures until it commits; the owner''s';
