
-- theme refresh: counting anew what changed -------------------------------------------

-- The areas that tallies are kept of.
CREATE FUNCTION registry.theme_area(registry.area_code) RETURNS registry.area_code
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(registry.ancestor($1, 'union_council'), $1);
COMMENT ON FUNCTION registry.theme_area(registry.area_code) IS 'the area in whose row of nser.theme_count a household of an area is: its union council, or what is known';

-- What became of a household contributes to the area of its own row, and a score or a
-- family to its own, while that is the household's: so who changes rows knows, without
-- asking, which areas to mark.
CREATE FUNCTION registry.count_areas(areas registry.area_code[]) RETURNS bigint
	LANGUAGE plpgsql
	SET jit = off
	SET work_mem = '64MB'
	SET enable_seqscan = on
	SET enable_hashjoin = on
	SET enable_mergejoin = on
AS $$
DECLARE
	home	text := 'nser.household AS h';
	counted	bigint;
BEGIN
	IF areas IS NOT NULL THEN
		home := 'unnest($1) AS m (area) JOIN nser.household AS h ON h.area OPERATOR(registry.>=) m.area AND h.area OPERATOR(registry.<=)
			CASE WHEN registry.level(m.area) = ''union_council'' THEN registry.area_last(m.area) ELSE m.area END';
		PERFORM set_config(s.name, 'off', true) FROM unnest('{enable_seqscan,enable_hashjoin,enable_mergejoin}'::text[]) AS s (name);
	END IF;

	-- one statement, so that the three tell of one moment
	EXECUTE format($sql$
		WITH scored AS (
			INSERT INTO nser.theme_score (area, formula, scores)
			SELECT registry.theme_area(h.area), s.formula, registry.theme_scores(s.score)
			FROM %1$s
			JOIN nser.score AS s ON s.household_id = h.household_id AND s.survey_id = h.current_survey AND s.area OPERATOR(registry.=) h.area
			WHERE h.status = 'registered'
			GROUP BY 1, 2
		), settled AS (
			INSERT INTO nser.theme_family (area, kind, families, counting, of_unknown_age, children)
			SELECT registry.theme_area(h.area), f.kind, count(*), count(*) FILTER (WHERE f.counts), count(*) FILTER (WHERE f.counts IS NULL),
				sum(cardinality(f.child_lines))
			FROM %1$s
			JOIN nser.family AS f ON f.household_id = h.household_id AND f.survey_id = h.current_survey AND f.area OPERATOR(registry.=) h.area
			WHERE h.status = 'registered'
			GROUP BY 1, 2
		)
		INSERT INTO nser.theme_count (area, households, tally)
		SELECT registry.theme_area(h.area), count(*), registry.theme_tally(v.indicators, v.roster)
		FROM %1$s
		LEFT JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
		WHERE h.status = 'registered'
		GROUP BY 1
		$sql$, home) USING areas;
	GET DIAGNOSTICS counted = ROW_COUNT;
	RETURN counted;
END;
$$;
COMMENT ON FUNCTION registry.count_areas(registry.area_code[]) IS
	'the work of registry.refresh_themes(): rows of areas of which there are none; NULL: of all; returns how many have households';

CREATE FUNCTION registry.refresh_themes(full boolean DEFAULT false) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	areas	registry.area_code[];
BEGIN
	IF refresh_themes.full IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'refresh_themes counts all areas anew, or those that changed: true or false',
			HINT = 'SELECT registry.refresh_themes(); counts those that changed.';
	END IF;
	IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'active_sql_transaction',
			MESSAGE = format('themes are not counted in a transaction that is %s', current_setting('transaction_isolation')),
			HINT = 'Count in one that is READ COMMITTED: who reads may be in any.';
	END IF;
	-- one at a time; who reads, or changes a household, does not wait
	LOCK TABLE nser.theme_count IN SHARE ROW EXCLUSIVE MODE;
	-- a change that is not committed by now keeps its mark, for the next time; one that is, is seen by what counts, which begins after this
	WITH taken AS (
		DELETE FROM nser.theme_mark AS m RETURNING m.area
	)
	SELECT array_agg(DISTINCT registry.theme_area(t.area)) INTO areas FROM taken AS t;
	-- where it is of many areas, all are faster read in order; what was loaded before the first time may have left no mark
	IF refresh_themes.full OR NOT EXISTS (SELECT FROM nser.theme_count) OR cardinality(areas) > (SELECT count(*) FROM nser.theme_count) / 3 THEN
		DELETE FROM nser.theme_score;
		DELETE FROM nser.theme_family;
		DELETE FROM nser.theme_count;
		RETURN registry.count_areas(NULL);
	END IF;
	IF areas IS NULL THEN
		RETURN 0;
	END IF;
	DELETE FROM nser.theme_score AS s WHERE s.area OPERATOR(registry.=) ANY (areas);
	DELETE FROM nser.theme_family AS f WHERE f.area OPERATOR(registry.=) ANY (areas);
	DELETE FROM nser.theme_count AS c WHERE c.area OPERATOR(registry.=) ANY (areas);
	RETURN registry.count_areas(areas);
END;
$$;
COMMENT ON FUNCTION registry.refresh_themes(boolean) IS
	'count the themes of areas in which anything changed since the last time, or with full of all areas: both come to the same; in one transaction, and readers '
	'see the old figures until it commits; returns how many areas with households were counted; refused in a transaction that is not READ COMMITTED; the owner''s';

CREATE FUNCTION registry.count_themes(level registry.area_level DEFAULT 'country')
	RETURNS TABLE (area registry.area_code, sex text, theme text, measure text, n bigint, base bigint, unknown bigint)
	LANGUAGE plpgsql STABLE
	SET jit = off
AS $$
DECLARE
	part	record;
BEGIN
	FOR part IN
		SELECT t.unit, array_agg(t.theme ORDER BY t.theme, t.measure) AS themes, array_agg(t.measure ORDER BY t.theme, t.measure) AS measures,
			string_agg(format('count(*) FILTER (WHERE (%1$s) AND (%2$s)), count(*) FILTER (WHERE (%1$s) AND (%2$s) IS NOT NULL), '
				'count(*) FILTER (WHERE (%1$s) IS NULL OR (%1$s) AND (%2$s) IS NULL)', coalesce(t.asked_of, 'true'), t.holds), ', '
				ORDER BY t.theme, t.measure) AS counts
		FROM registry.themes() AS t
		GROUP BY t.unit
	LOOP
		FOR area, sex, theme, measure, n, base, unknown IN EXECUTE format($sql$
			SELECT c.area, s.sex, t.theme, t.measure, sum(c.counts[t.no * 3 - 2])::bigint, sum(c.counts[t.no * 3 - 1])::bigint, sum(c.counts[t.no * 3])::bigint
			FROM (SELECT registry.ancestor(p.area, $1) AS area, %s AS sex, ARRAY[%s] AS counts FROM nser.%I AS p GROUP BY 1, 2) AS c
			CROSS JOIN unnest($2, $3) WITH ORDINALITY AS t (theme, measure, no)
			CROSS JOIN LATERAL (VALUES ('all'), (c.sex)) AS s (sex)
			WHERE s.sex IS NOT NULL
			GROUP BY 1, 2, 3, 4
			$sql$, CASE part.unit WHEN 'person' THEN 'p.sex::text' ELSE 'NULL::text' END, part.counts,
			CASE part.unit WHEN 'person' THEN 'member_profile' ELSE 'household_profile' END)
		USING count_themes.level, part.themes, part.measures
		LOOP
			RETURN NEXT;
		END LOOP;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.count_themes(registry.area_level) IS
	'what nser.theme_figure tells of a level, counted by the SQL of registry.themes() from profiles: of this moment, slow, and there to check by; never of divisions; '
	'area NULL: stated coarser than the level';
