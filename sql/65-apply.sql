
-- apply: what a verified case says becomes what the registry says ----------------

CREATE FUNCTION registry.check_content(update_type registry.update_type, household_id bigint, content jsonb, taken_at timestamptz) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	is_now	text;
BEGIN
	SELECT h.status INTO is_now FROM nser.household AS h WHERE h.household_id = check_content.household_id;
	IF NOT FOUND THEN
		PERFORM registry.refuse_unknown_household(check_content.household_id);
	END IF;
	PERFORM registry.check_household_open(check_content.household_id, is_now, check_content.update_type);
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
	'else (RG014), a household that is unknown (RG005) or not registered (RG015); asked when a case is submitted, and again when it is applied';

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

-- What the household has become since, a survey knows nothing of, and would undo.  Of
-- who had left it is no news that they moved.
CREATE FUNCTION registry.check_unchanged(household_id bigint, taken_at timestamptz, asked_at timestamptz, by_case bigint) RETURNS void
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET jit = off
AS $$
DECLARE
	lines	text;
BEGIN
	WITH written AS MATERIALIZED (
		SELECT m.line, w.of_case, w.recorded_at
		FROM nser.member AS m
		CROSS JOIN LATERAL (
			VALUES (m.opened_by, CASE WHEN coalesce(m.end_reason <> 'moved' OR m.ended_at IS NOT NULL, true) THEN m.recorded_at END),
				(m.closed_by, m.ended_at),
				(m.closed_by, CASE WHEN coalesce(m.end_reason NOT IN ('left', 'moved'), true) THEN m.superseded_at END)) AS w (of_case, recorded_at)
		WHERE m.household_id = check_unchanged.household_id AND w.recorded_at IS NOT NULL AND w.of_case IS DISTINCT FROM check_unchanged.by_case
	), other AS MATERIALIZED (
		SELECT w.of_case, coalesce(
			(SELECT s.taken_at FROM nser.case_step AS s
			 WHERE s.household_id = check_unchanged.household_id AND s.case_id = w.of_case AND s.event = 'submit'
			 ORDER BY s.step DESC LIMIT 1),
			-- of another household's case, the roster update that it wrote here
			(SELECT max(v.submitted_at) FROM nser.survey AS v
			 WHERE v.household_id = check_unchanged.household_id AND v.by_case = w.of_case)) AS taken_at
		FROM (SELECT DISTINCT x.of_case FROM written AS x WHERE x.of_case IS NOT NULL) AS w
	)
	SELECT string_agg(x.line::text, ', ' ORDER BY x.line) INTO lines
	FROM (SELECT DISTINCT w.line
		  FROM written AS w LEFT JOIN other AS o ON o.of_case = w.of_case
		  WHERE w.recorded_at > check_unchanged.asked_at OR o.taken_at > check_unchanged.taken_at) AS x;
	IF lines IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG009',
			MESSAGE = format('household %s has changed since the survey', check_unchanged.household_id),
			DETAIL = format('Others have written of line %s.', lines),
			HINT = 'Send the case back: the household is asked again.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_unchanged(bigint, timestamptz, timestamptz, bigint) IS
	'refuse a survey (RG009) where members were written by another case that was submitted after the survey (taken_at), or by another or none '
	'and recorded after the case was opened, or last sent back (asked_at); who had left before, and turns out to have moved, is no hindrance';

CREATE FUNCTION registry.refusal_in_words(code text, message text, detail text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	RETURN CASE
		WHEN code ~ '^(RG|40|42501|53|54|55P03|57|58|XX)' AND code <> '54000' THEN NULL
		-- the server's own messages repeat values
		WHEN code ~ '^22' AND code <> '22023' THEN 'it has a value that cannot be read'
		ELSE message || CASE WHEN detail <> '' AND (code !~ '^23' OR detail ~ '^It is held by') THEN '. ' || detail ELSE '' END END;
END;
$$;
COMMENT ON FUNCTION registry.refusal_in_words(text, text, text) IS
	'what an operation that failed so has to say of what it was to do, without values; NULL of what is no word on it, such as a deadlock, a right '
	'that is missing or a server that stops, and of what is one of registry.case_errors() already';

-- The step comes first, and with it all that forbids it; what fails after it takes the
-- step back, and the case stays verified.
CREATE FUNCTION registry.apply_case(household_id bigint, case_id bigint, request_id uuid, operator bigint DEFAULT NULL,
		taken_at timestamptz DEFAULT now(), expected_step integer DEFAULT NULL, content jsonb DEFAULT NULL,
		OUT step integer, OUT state registry.case_state, OUT survey_id bigint, OUT no_change boolean, OUT repeated boolean)
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	-- a clock may be ahead
	taken_on	CONSTANT date := least((apply_case.taken_at AT TIME ZONE 'Asia/Karachi')::date, registry.today());
	touched		bigint[];
	done		record;
	of_case		record;
	submitted	record;
	code		text;
	refused		text;
	why			text;
	way_out		text;
BEGIN
	-- all households that the content touches, in order: no circle
	SELECT array_agg(u.household_id) INTO touched
	FROM nser.case_step AS x CROSS JOIN LATERAL unnest(registry.households_of(x.household_id, x.content)) AS u (household_id)
	WHERE x.household_id = apply_case.household_id AND x.case_id = apply_case.case_id AND x.event = 'submit';
	IF touched <> ARRAY[apply_case.household_id] THEN
		PERFORM FROM nser.household AS h
		WHERE h.household_id = ANY (touched)
		ORDER BY h.household_id
		FOR NO KEY UPDATE;
	END IF;
	done := registry.take_step(apply_case.household_id, apply_case.case_id, 'apply', apply_case.request_id, apply_case.content, NULL,
		apply_case.operator, apply_case.taken_at, apply_case.expected_step);
	step := done.step;
	state := done.state;
	repeated := done.repeated;
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
		-- of a list the form, as steps are written by SQL, too; what the household has become is asked by who does it
		IF of_case.update_type IN ('roster', 'correction') THEN
			PERFORM registry.check_form(of_case.update_type, submitted.content);
		ELSE
			PERFORM registry.check_content(of_case.update_type, apply_case.household_id, submitted.content, submitted.taken_at);
		END IF;
		BEGIN
			IF of_case.update_type IN ('roster', 'correction') THEN
				done := registry.do_changes(apply_case.household_id, submitted.content, submitted.taken_at, apply_case.case_id);
				survey_id := done.survey_id;
				no_change := NOT done.changed;
			ELSE
				IF NOT registry.is_late_survey(apply_case.household_id, submitted.taken_at) THEN
					PERFORM registry.check_unchanged(apply_case.household_id, submitted.taken_at, (
						SELECT max(x.recorded_at) FROM nser.case_step AS x
						WHERE x.household_id = apply_case.household_id AND x.case_id = apply_case.case_id AND x.event IN ('open', 'send_back')),
						apply_case.case_id);
				END IF;
				SELECT a.survey_id, a.no_change INTO apply_case.survey_id, apply_case.no_change
				FROM registry.apply_survey(apply_case.household_id, submitted.content, of_case.update_type, of_case.mode, of_case.centre,
					coalesce(submitted.operator, of_case.operator), submitted.taken_at, apply_case.case_id) AS a;
			END IF;
			PERFORM registry.verify_household(apply_case.household_id, apply_case.case_id);
			IF of_case.update_type = 'recertification' THEN
				-- by the survey that is current: one that came late decides nothing
				PERFORM registry.recertify_household(h.household_id, h.current_survey, taken_on, apply_case.case_id)
				FROM nser.household AS h WHERE h.household_id = apply_case.household_id;
			END IF;
		EXCEPTION WHEN OTHERS THEN
			-- somebody else's number was claimed meanwhile, for one
			GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, refused = MESSAGE_TEXT, why = PG_EXCEPTION_DETAIL, way_out = PG_EXCEPTION_HINT;
			IF registry.refusal_in_words(code, refused, why) IS NULL THEN
				RAISE;
			END IF;
			RAISE EXCEPTION USING
				ERRCODE = 'RG014',
				MESSAGE = format('the registry refuses the %s of household %s',
					CASE WHEN of_case.update_type IN ('roster', 'correction') THEN of_case.update_type::text ELSE 'survey' END, apply_case.household_id),
				DETAIL = registry.refusal_in_words(code, refused, why),
				HINT = way_out;
		END;
	END IF;

	UPDATE nser.update_case AS c SET survey_id = apply_case.survey_id, no_change = apply_case.no_change
	WHERE c.household_id = apply_case.household_id AND c.case_id = apply_case.case_id;
END;
$$;
COMMENT ON FUNCTION registry.apply_case(bigint, bigint, uuid, bigint, timestamptz, integer, jsonb) IS
	'apply a verified case: members, identity, survey, families, scores, verification and recertification in one transaction; returns the step, '
	'the survey it wrote (NULL for a grievance), and whether it left the household as it was; a request that is repeated is answered and not done '
	'again; content is the answer to a grievance; what is refused leaves the case verified, and everything as it was';
