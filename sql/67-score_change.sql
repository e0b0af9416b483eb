
-- score_change: what moved a score, and who moved up or down with it -----------------

CREATE FUNCTION registry.score_change(household_id bigint, from_survey bigint, to_survey bigint, formula text, all_terms boolean DEFAULT false)
	RETURNS TABLE (term text, answer_before text, answer_after text, points_before numeric, points_after numeric, change numeric)
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	absent		bigint;
	to_explain	registry.pmt_formula;
BEGIN
	SELECT f.formula INTO to_explain FROM registry.formula AS f WHERE f.name = score_change.formula;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('there is no formula "%s"', coalesce(score_change.formula, 'NULL')),
			HINT = 'SELECT name, source FROM registry.formula lists them.';
	END IF;
	SELECT u.survey_id INTO absent
	FROM unnest(ARRAY[score_change.from_survey, score_change.to_survey]) AS u (survey_id)
	WHERE NOT EXISTS (SELECT FROM nser.survey AS v WHERE v.household_id = score_change.household_id AND v.survey_id = u.survey_id)
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('household %s has no survey %s', coalesce(score_change.household_id::text, 'NULL'), coalesce(absent::text, 'NULL')),
			HINT = 'SELECT survey_id, submitted_at FROM nser.survey lists them.';
	END IF;

	RETURN QUERY
	WITH explained AS (
		-- a formula may ask the same twice: the second is compared with the second
		SELECT v.survey_id, x.no, x.term, x.answer, x.points, row_number() OVER (PARTITION BY v.survey_id, x.term ORDER BY x.no) AS nth
		FROM (SELECT DISTINCT s.survey_id, s.indicators
			  FROM nser.survey AS s
			  WHERE s.household_id = score_change.household_id AND s.survey_id IN (score_change.from_survey, score_change.to_survey)) AS v
		CROSS JOIN LATERAL registry.pmt_explain(v.indicators, to_explain) WITH ORDINALITY AS x (term, answer, points, no)
	)
	SELECT coalesce(a.term, b.term), b.answer, a.answer, b.points, a.points,
		CASE WHEN b.term IS NULL THEN a.points WHEN a.term IS NULL THEN -b.points ELSE a.points - b.points END
	FROM (SELECT e.* FROM explained AS e WHERE e.survey_id = score_change.from_survey) AS b
	FULL JOIN (SELECT e.* FROM explained AS e WHERE e.survey_id = score_change.to_survey) AS a ON a.term = b.term AND a.nth = b.nth
	WHERE score_change.all_terms OR b.term IS NULL OR a.term IS NULL
	OR (b.answer, b.points) IS DISTINCT FROM (a.answer, a.points)
	ORDER BY coalesce(b.no, a.no), b.no NULLS LAST;
END;
$$;
COMMENT ON FUNCTION registry.score_change(bigint, bigint, bigint, text, boolean) IS
	'why a score changed between two surveys of a household: the terms whose answer or points moved, or all, and by how much; where both have '
	'a score the changes add up to the difference of what they sum to; a term of a variant that does not apply has no answer and no points; '
	'change is NULL where an answer is missing';

CREATE FUNCTION registry.band_transitions(formula text, from_date date, to_date date, within registry.area_code DEFAULT 'PK')
	RETURNS TABLE (band_before registry.poverty_level, band_after registry.poverty_level, households bigint, pct numeric)
	LANGUAGE plpgsql STABLE
	SET jit = off
AS $$
BEGIN
	PERFORM registry.check_span(band_transitions.from_date, band_transitions.to_date);
	RETURN QUERY
	SELECT registry.poverty_band(b.score), registry.poverty_band(a.score), count(*),
		round(100 * count(*) / sum(count(*)) OVER (PARTITION BY registry.poverty_band(b.score)), 1)
	FROM nser.scores_on(band_transitions.formula, band_transitions.from_date, band_transitions.within) AS b
	JOIN nser.scores_on(band_transitions.formula, band_transitions.to_date, band_transitions.within) AS a ON a.household_id = b.household_id
	WHERE b.score IS NOT NULL AND a.score IS NOT NULL
	GROUP BY 1, 2
	ORDER BY 1, 2;
END;
$$;
COMMENT ON FUNCTION registry.band_transitions(text, date, date, registry.area_code) IS
	'households by the band of the Poverty Scorecard they were in on one day and are in on another, of an area and still registered, whose last '
	'surveys of both days have a score; pct is of band_before, in per cent; says nothing of scores by another formula than the Scorecard''s';

CREATE FUNCTION registry.check_span(from_date date, to_date date) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	IF coalesce(from_date < '1900-01-01' OR to_date > '2999-12-31' OR from_date > to_date, true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'two days from 1900 to 2999 are compared, of which the first is not the later',
			HINT = 'Write from_date => ''2024-06-30'', to_date => ''2025-06-30''.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_span(date, date) IS 'refuse two days that are missing, before 1900, after 2999 or the wrong way round';

CREATE FUNCTION registry.graduates(programme text, from_date date, to_date date, within registry.area_code DEFAULT 'PK')
	RETURNS TABLE (district registry.area_code, eligible_before bigint, above_cutoff bigint, recertified_out bigint)
	LANGUAGE plpgsql STABLE
	SET jit = off
AS $$
DECLARE
	terms	record;
BEGIN
	PERFORM registry.check_span(graduates.from_date, graduates.to_date);
	SELECT p.code, p.formula, nser.cutoff_on(p.code, graduates.from_date) AS cutoff_before, nser.cutoff_on(p.code, graduates.to_date) AS cutoff_after INTO terms
	FROM nser.programme AS p WHERE p.code = graduates.programme;
	IF NOT FOUND THEN
		PERFORM registry.refuse_unknown_programme(graduates.programme);
	END IF;
	RETURN QUERY
	SELECT x.district, count(*) FILTER (WHERE x.was_eligible), count(*) FILTER (WHERE x.was_eligible AND x.is_eligible IS false),
		count(*) FILTER (WHERE x.is_out)
	FROM (SELECT coalesce(registry.ancestor(a.area, 'district'), a.area) AS district, jb.eligible AS was_eligible, ja.eligible AS is_eligible, false AS is_out
		  FROM nser.scores_on(terms.formula, graduates.from_date, graduates.within) AS b
		  JOIN nser.scores_on(terms.formula, graduates.to_date, graduates.within) AS a ON a.household_id = b.household_id
		  CROSS JOIN LATERAL nser.judge(terms.code, terms.cutoff_before, b.score, b.indicators, graduates.from_date) AS jb
		  CROSS JOIN LATERAL nser.judge(terms.code, terms.cutoff_after, a.score, a.indicators, graduates.to_date) AS ja
		  UNION ALL
		  SELECT coalesce(registry.ancestor(e.area, 'district'), e.area), NULL, NULL, true
		  FROM nser.enrolment AS e
		  WHERE e.programme = terms.code AND e.exit_reason = 'recertified_out' AND e.area OPERATOR(registry.<@) graduates.within
		  AND e.exited_on > graduates.from_date AND e.exited_on <= graduates.to_date) AS x
	GROUP BY x.district
	HAVING count(*) FILTER (WHERE x.was_eligible OR x.is_out) > 0
	ORDER BY x.district;
END;
$$;
COMMENT ON FUNCTION registry.graduates(text, date, date, registry.area_code) IS
	'by district: households that were eligible in a programme on one day, how many of these are above their cut-off on another, and the '
	'enrolments that recertification ended after the first day, until the second; who is known to live in a province alone counts there';
