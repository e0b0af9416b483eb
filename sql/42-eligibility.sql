
-- eligibility: who is at or under a programme's cut-off -----------------------

CREATE FUNCTION registry.eligible(programme text, household_id bigint, on_date date DEFAULT registry.today()) RETURNS boolean
	LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
	terms		record;
	registered	boolean;
	verdict		boolean;
BEGIN
	SELECT p.* INTO terms FROM nser.programme AS p WHERE p.code = eligible.programme;
	IF NOT FOUND THEN
		PERFORM registry.refuse_unknown_programme(eligible.programme);
	END IF;
	SELECT h.status = 'registered' INTO registered FROM nser.household AS h WHERE h.household_id = eligible.household_id;
	IF NOT FOUND THEN
		PERFORM registry.refuse_unknown_household(eligible.household_id);
	END IF;
	IF NOT (registered AND terms.valid @> on_date) THEN
		RETURN false;
	END IF;

	-- today's survey is the current one, as in nser.eligibility; an earlier day's, the
	-- last of that day in Pakistan
	SELECT j.eligible INTO verdict
	FROM (SELECT v.household_id, v.survey_id, v.area, v.indicators
		  FROM nser.household AS h
		  JOIN nser.survey AS v ON v.household_id = h.household_id
		  WHERE h.household_id = eligible.household_id
		  AND CASE WHEN eligible.on_date >= registry.today() THEN v.survey_id = h.current_survey
			  ELSE (v.submitted_at AT TIME ZONE 'Asia/Karachi')::date <= eligible.on_date END
		  ORDER BY v.submitted_at DESC, v.survey_id DESC
		  LIMIT 1) AS v
	LEFT JOIN nser.score AS s ON s.household_id = v.household_id AND s.survey_id = v.survey_id
		AND s.area OPERATOR(registry.=) v.area AND s.formula = terms.formula
	LEFT JOIN nser.programme_cutoff AS c ON c.programme = terms.code AND c.valid @> eligible.on_date
	CROSS JOIN LATERAL nser.judge(terms.code, coalesce(c.cutoff, terms.cutoff), s.score, v.indicators, eligible.on_date) AS j;
	RETURN verdict;
END;
$$;
COMMENT ON FUNCTION registry.eligible(text, bigint, date) IS
	'whether a household is eligible in a programme on a date; NULL where it has no score or an answer that decides is missing; '
	'false where it is no longer registered or the programme does not run';
