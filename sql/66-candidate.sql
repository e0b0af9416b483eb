
-- candidate: who a programme takes, by score, filters and criteria ----------------

-- One household, as nser.candidacy says of all.  Rules are of the day; the survey is
-- the current one for today, the last of an earlier day, or the one that is given.
CREATE FUNCTION registry.judge_household(programme text, household_id bigint, on_date date, by_survey bigint DEFAULT NULL,
										 OUT survey_id bigint, OUT score double precision, OUT cutoff double precision, OUT eligible boolean,
										 OUT passes_filters boolean, OUT meets_criteria boolean, OUT is_candidate boolean)
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
BEGIN
	SELECT v.survey_id, s.score, j.cutoff, j.eligible, r.passes_filters, r.meets_criteria,
		j.eligible AND r.passes_filters AND r.meets_criteria
	INTO survey_id, score, cutoff, eligible, passes_filters, meets_criteria, is_candidate
	FROM nser.programme AS p
	JOIN nser.household AS h ON h.household_id = judge_household.household_id
	LEFT JOIN LATERAL (
		SELECT x.household_id, x.survey_id, x.area, x.indicators
		FROM nser.survey AS x
		WHERE x.household_id = h.household_id
		AND CASE WHEN judge_household.by_survey IS NOT NULL THEN x.survey_id = judge_household.by_survey
			WHEN judge_household.on_date >= registry.today() THEN x.survey_id = h.current_survey
			ELSE (x.submitted_at AT TIME ZONE 'Asia/Karachi')::date <= judge_household.on_date END
		ORDER BY x.submitted_at DESC, x.survey_id DESC
		LIMIT 1) AS v ON true
	LEFT JOIN nser.score AS s ON s.household_id = v.household_id AND s.survey_id = v.survey_id
		AND s.area OPERATOR(registry.=) v.area AND s.formula = p.formula
	LEFT JOIN nser.programme_cutoff AS c ON c.programme = p.code AND c.valid @> judge_household.on_date
	CROSS JOIN LATERAL nser.judge(p.code, coalesce(c.cutoff, p.cutoff), s.score, v.indicators, judge_household.on_date) AS j
	CROSS JOIN LATERAL nser.judge_rules(p.code, h.household_id, v.indicators, judge_household.on_date) AS r
	WHERE p.code = judge_household.programme;
END;
$$;
COMMENT ON FUNCTION registry.judge_household(text, bigint, date, bigint) IS
	'a household under a programme''s cut-off, filters and criteria of a day, whether or not the programme takes anyone in that day; '
	'NULL where a score or an answer that decides is missing; by_survey: by that survey';

CREATE FUNCTION registry.candidate(programme text, household_id bigint, on_date date DEFAULT registry.today()) RETURNS boolean
	LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
	runs		boolean;
	registered	boolean;
BEGIN
	SELECT p.valid @> candidate.on_date INTO runs FROM nser.programme AS p WHERE p.code = candidate.programme;
	IF NOT FOUND THEN
		PERFORM registry.refuse_unknown_programme(candidate.programme);
	END IF;
	SELECT h.status = 'registered' INTO registered FROM nser.household AS h WHERE h.household_id = candidate.household_id;
	IF NOT FOUND THEN
		PERFORM registry.refuse_unknown_household(candidate.household_id);
	END IF;
	IF NOT (runs AND registered) THEN
		RETURN false;
	END IF;
	RETURN (SELECT j.is_candidate FROM registry.judge_household(candidate.programme, candidate.household_id, candidate.on_date) AS j);
END;
$$;
COMMENT ON FUNCTION registry.candidate(text, bigint, date) IS
	'whether a household is eligible in a programme on a date, passes its filters and meets its criteria; NULL where that cannot be known; '
	'false where it is no longer registered or the programme does not run; nser.candidacy says it of all households today';

-- Who has the lower score is poorer; between equals a hash decides, which neither a
-- clerk nor a household can choose, and which anyone can compute again.
CREATE FUNCTION registry.rank_candidates(programme text, within registry.area_code DEFAULT 'PK', places integer DEFAULT NULL,
										 again boolean DEFAULT false)
	RETURNS TABLE (rank bigint, household_id bigint, area registry.area_code, score double precision, lines integer[], has_place boolean)
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_custom_plan
	SET jit = off
AS $$
DECLARE
	takes	text;
BEGIN
	SELECT p.unit INTO takes FROM nser.programme AS p WHERE p.code = rank_candidates.programme;
	IF NOT FOUND THEN
		PERFORM registry.refuse_unknown_programme(rank_candidates.programme);
	END IF;
	IF rank_candidates.places < 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'places are 0 or more',
			HINT = 'NULL ranks everyone, and gives everyone a place.';
	END IF;

	RETURN QUERY
	WITH candidate AS MATERIALIZED (
		SELECT c.household_id, c.area, c.survey_id, c.score
		FROM nser.candidacy AS c
		WHERE c.programme = rank_candidates.programme AND c.area OPERATOR(registry.<@) rank_candidates.within AND c.is_candidate
	), taken (household_id, line) AS MATERIALIZED (
		-- in it, or in what excludes it
		SELECT e.household_id, e.line
		FROM nser.enrolment AS e
		WHERE e.exited_on IS NULL AND e.area OPERATOR(registry.<@) rank_candidates.within
		AND (e.programme = rank_candidates.programme
			 OR EXISTS (SELECT FROM nser.programme_exclusion AS x
						WHERE (x.programme, x.other) IN ((e.programme, rank_candidates.programme), (rank_candidates.programme, e.programme))))
		UNION
		SELECT i.household_id, i.line
		FROM nser.invitation AS i
		WHERE i.programme = rank_candidates.programme AND i.area OPERATOR(registry.<@) rank_candidates.within
		AND (i.outcome IS NULL OR NOT coalesce(rank_candidates.again, false) AND i.outcome <> 'enrolled')
	), families AS MATERIALIZED (
		SELECT c.household_id, array_agg(f.woman_line::integer ORDER BY f.woman_line) AS lines
		FROM candidate AS c
		JOIN nser.family AS f ON f.household_id = c.household_id AND f.survey_id = c.survey_id AND f.counts
		JOIN nser.member AS m ON m.household_id = f.household_id AND m.line = f.woman_line AND m.valid_to IS NULL AND m.superseded_at IS NULL
		WHERE takes = 'family'
		AND NOT EXISTS (SELECT FROM taken AS t WHERE t.household_id = f.household_id AND t.line = f.woman_line)
		GROUP BY c.household_id
	), ranked AS (
		SELECT c.household_id, c.area, c.score, f.lines,
			row_number() OVER w AS rank, sum(coalesce(cardinality(f.lines), 1)) OVER w AS used
		FROM candidate AS c
		LEFT JOIN families AS f ON f.household_id = c.household_id
		WHERE (takes <> 'family' OR f.lines IS NOT NULL)
		AND NOT EXISTS (SELECT FROM taken AS t WHERE t.household_id = c.household_id AND (t.line IS NULL OR takes <> 'family'))
		WINDOW w AS (ORDER BY c.score, sha256(convert_to(rank_candidates.programme || ' ' || c.household_id, 'UTF8')), c.household_id)
	)
	SELECT r.rank, r.household_id, r.area, r.score, r.lines, coalesce(r.used <= rank_candidates.places, true)
	FROM ranked AS r
	ORDER BY r.rank;
END;
$$;
COMMENT ON FUNCTION registry.rank_candidates(text, registry.area_code, integer, boolean) IS
	'today''s candidates of a programme in an area, the poorest first; of equal scores the one first by SHA-256 of "programme household_id"; '
	'not who is in it, in what excludes it, or has an invitation (again: only an open one), nor, where persons are enrolled, a household with '
	'anyone who is: rules judge households, and registry.enrol() enters others of it; lines are the women to invite where families are '
	'enrolled; has_place: within that many places (families, or households), a household''s families all or none';
