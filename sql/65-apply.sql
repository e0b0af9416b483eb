
-- apply: what a verified case says becomes what the registry says ----------------

CREATE FUNCTION registry.require_registered(update_type registry.update_type, household_id bigint) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	is_now	text;
BEGIN
	SELECT h.status INTO is_now FROM nser.household AS h WHERE h.household_id = require_registered.household_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG005',
			MESSAGE = format('there is no household %s', coalesce(require_registered.household_id::text, 'NULL'));
	END IF;
	-- a correction may be what registers it again, and a grievance changes nothing
	IF is_now <> (CASE require_registered.update_type WHEN 'missed_out' THEN 'requested' ELSE 'registered' END)
	AND require_registered.update_type NOT IN ('correction', 'grievance') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG015',
			MESSAGE = format('household %s is %s', require_registered.household_id, is_now),
			HINT = CASE is_now
				WHEN 'merged' THEN 'Its people live in another household: open a case there.'
				WHEN 'dissolved' THEN 'Nobody is left; a correction with {"change": "reinstate"} undoes an end that was a mistake.'
				WHEN 'requested' THEN 'It is registered by its case of missed_out.'
				ELSE 'It is surveyed by a case of another type, such as cyclic.' END;
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.require_registered(registry.update_type, bigint) IS
	'refuse a household that is merged, dissolved or only requested (RG015); for missed_out one that is registered; '
	'a correction or grievance may be about any; RG005 where there is none';

CREATE FUNCTION registry.check_content(update_type registry.update_type, household_id bigint, content jsonb, taken_at timestamptz) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM registry.require_registered(check_content.update_type, check_content.household_id);
	IF check_content.update_type IN ('roster', 'correction') THEN
		PERFORM registry.check_changes(check_content.update_type, check_content.household_id, check_content.content);
	ELSIF check_content.update_type = 'grievance' THEN
		IF coalesce(jsonb_typeof(check_content.content) <> 'object'
			OR jsonb_typeof(check_content.content -> 'about') <> 'string' OR jsonb_typeof(check_content.content -> 'statement') <> 'string'
			OR check_content.content - '{about,statement}'::text[] <> '{}'
			OR check_content.content ->> 'about' NOT IN ('exclusion', 'score', 'payment', 'data', 'conduct', 'other')
			OR check_content.content ->> 'statement' !~ '[^[:space:]]', true) THEN
			RAISE EXCEPTION USING
				ERRCODE = 'RG010',
				MESSAGE = 'the content is malformed',
				DETAIL = 'A grievance is about exclusion, score, payment, data, conduct or other, and has a statement.',
				HINT = 'Write {"about": "payment", "statement": "..."}.';
		END IF;
	ELSE
		PERFORM registry.check_survey(check_content.household_id, check_content.content, check_content.taken_at);
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_content(registry.update_type, bigint, jsonb, timestamptz) IS
	'refuse what cannot be applied: malformed content (RG010), a roster that contradicts itself or the registry (RG009), a number of somebody '
	'else (RG014), a household that is not registered (RG015); asked when a case is submitted, and again when it is applied';

CREATE FUNCTION registry.check_answer(content jsonb) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	IF coalesce(jsonb_typeof(check_answer.content) <> 'object'
		OR jsonb_typeof(check_answer.content -> 'outcome') <> 'string' OR jsonb_typeof(check_answer.content -> 'answer') <> 'string'
		OR check_answer.content - '{outcome,answer}'::text[] <> '{}'
		OR check_answer.content ->> 'outcome' NOT IN ('upheld', 'not_upheld', 'referred')
		OR check_answer.content ->> 'answer' !~ '[^[:space:]]', true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG010',
			MESSAGE = 'the content is malformed',
			DETAIL = 'A grievance is answered: upheld, not_upheld or referred, and in words.',
			HINT = 'Write {"outcome": "upheld", "answer": "..."}.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_answer(jsonb) IS 'refuse what is no answer to a grievance: {"outcome": upheld, not_upheld or referred, "answer": words}';

-- The step comes first, and with it the locks and all that forbids it; what fails
-- after it takes the step back, and the case stays verified.
CREATE FUNCTION registry.apply_case(household_id bigint, case_id bigint, request_id uuid, operator bigint DEFAULT NULL,
		taken_at timestamptz DEFAULT now(), expected_step integer DEFAULT NULL, content jsonb DEFAULT NULL,
		OUT step integer, OUT state registry.case_state, OUT survey_id bigint, OUT no_change boolean, OUT repeated boolean)
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	taken_on	CONSTANT date := (apply_case.taken_at AT TIME ZONE 'Asia/Karachi')::date;
	of_case		record;
	submitted	record;
	refused		text;
	why			text;
	way_out		text;
BEGIN
	-- those a list of changes names are locked with its own, in order: no circle
	PERFORM FROM nser.household AS h
	WHERE h.household_id IN (
		SELECT u.household_id
		FROM nser.case_step AS x CROSS JOIN LATERAL unnest(registry.households_of(x.household_id, x.content)) AS u (household_id)
		WHERE x.household_id = apply_case.household_id AND x.case_id = apply_case.case_id AND x.event = 'submit' AND x.update_type IN ('roster', 'correction'))
	ORDER BY h.household_id
	FOR NO KEY UPDATE;
	SELECT t.step, t.state, t.repeated INTO apply_case.step, apply_case.state, apply_case.repeated
	FROM registry.take_step(apply_case.household_id, apply_case.case_id, 'apply', apply_case.request_id, apply_case.content, NULL,
		apply_case.operator, apply_case.taken_at, apply_case.expected_step) AS t;
	SELECT c.update_type, c.mode, c.centre, c.operator, c.survey_id, c.no_change INTO of_case
	FROM nser.update_case AS c
	WHERE c.household_id = apply_case.household_id AND c.case_id = apply_case.case_id;
	IF apply_case.repeated THEN
		survey_id := of_case.survey_id;
		no_change := of_case.no_change;
		RETURN;
	END IF;
	IF of_case.update_type <> 'grievance' AND apply_case.content IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG002',
			MESSAGE = format('a case of %s is applied as it was submitted', of_case.update_type),
			HINT = 'Leave content out; what was submitted wrongly is sent back, and submitted anew.';
	END IF;

	SELECT s.content, s.taken_at, s.operator INTO submitted
	FROM nser.case_step AS s
	WHERE s.household_id = apply_case.household_id AND s.case_id = apply_case.case_id AND s.event = 'submit'
	ORDER BY s.step DESC LIMIT 1;
	no_change := true;
	IF of_case.update_type = 'grievance' THEN
		PERFORM registry.check_answer(apply_case.content);
	ELSE
		PERFORM registry.check_content(of_case.update_type, apply_case.household_id, submitted.content, submitted.taken_at);
		IF of_case.update_type IN ('roster', 'correction') THEN
			SELECT a.survey_id, NOT a.changed INTO apply_case.survey_id, apply_case.no_change
			FROM registry.apply_changes(apply_case.household_id, submitted.content, submitted.taken_at, apply_case.case_id) AS a;
		ELSE
			BEGIN
				SELECT a.survey_id, a.no_change INTO apply_case.survey_id, apply_case.no_change
				FROM registry.apply_survey(apply_case.household_id, submitted.content, of_case.update_type, of_case.mode, of_case.centre,
					coalesce(submitted.operator, of_case.operator), submitted.taken_at, apply_case.case_id) AS a;
			EXCEPTION WHEN unique_violation OR object_not_in_prerequisite_state THEN
				-- somebody else's number was claimed meanwhile, for one
				GET STACKED DIAGNOSTICS refused = MESSAGE_TEXT, why = PG_EXCEPTION_DETAIL, way_out = PG_EXCEPTION_HINT;
				RAISE EXCEPTION USING
					ERRCODE = 'RG014',
					MESSAGE = format('the registry refuses the survey of household %s', apply_case.household_id),
					DETAIL = concat_ws('. ', nullif(refused, ''), nullif(why, '')),
					HINT = way_out;
			END;
		END IF;
		PERFORM registry.verify_household(apply_case.household_id, apply_case.case_id);
		IF of_case.update_type = 'recertification' THEN
			-- by the survey that is current: one that came late decides nothing
			PERFORM registry.recertify_household(h.household_id, h.current_survey, taken_on, apply_case.case_id)
			FROM nser.household AS h WHERE h.household_id = apply_case.household_id;
		END IF;
	END IF;

	UPDATE nser.update_case AS c SET survey_id = apply_case.survey_id, no_change = apply_case.no_change
	WHERE c.household_id = apply_case.household_id AND c.case_id = apply_case.case_id;
END;
$$;
COMMENT ON FUNCTION registry.apply_case(bigint, bigint, uuid, bigint, timestamptz, integer, jsonb) IS
	'apply a verified case: members, identity, survey, families, scores, verification and recertification in one transaction; returns the step, '
	'the survey it wrote (NULL for a grievance), and whether it left the household as it was; a request that is repeated is answered and not done '
	'again; content is the answer to a grievance; what is refused leaves the case verified, and everything as it was';
