
-- apply_changes: a roster update or correction as a whole -------------------------

CREATE FUNCTION registry.household_facts(household_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
BEGIN
	RETURN (
		SELECT concat(ROW(h.area, h.status, h.address, h.phone, registry.st_x(h.place), registry.st_y(h.place)),
			(SELECT string_agg(ROW(x.line, x.cnic, x.document, x.name, x.father_name, x.sex, x.birth_date, x.relationship, x.marital_status,
					x.spouse_line, x.father_line, x.mother_line, x.valid_to, x.end_reason)::text, '' ORDER BY x.line)
			 FROM (SELECT DISTINCT ON (m.line) m.*
				   FROM nser.member AS m
				   WHERE m.household_id = h.household_id AND m.superseded_at IS NULL
				   ORDER BY m.line, m.version DESC) AS x),
			(SELECT string_agg(ROW(r.line, r.disabilities)::text, '' ORDER BY r.line)
			 FROM nser.survey AS v CROSS JOIN LATERAL registry.members(v.roster) AS r
			 WHERE v.household_id = h.household_id AND v.survey_id = h.current_survey))
		FROM nser.household AS h
		WHERE h.household_id = household_facts.household_id);
END;
$$;
COMMENT ON FUNCTION registry.household_facts(bigint) IS
	'what a list of changes can change of a household, for comparing before and after; NULL where there is no such household';

-- The form of the list is its callers' to look at.
CREATE FUNCTION registry.do_changes(household_id bigint, content jsonb, taken_at timestamptz, by_case bigint, OUT survey_id bigint, OUT changed boolean)
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	-- a clock may be ahead
	taken_on	CONSTANT date := least((do_changes.taken_at AT TIME ZONE 'Asia/Karachi')::date, registry.today());
	listed		CONSTANT jsonb := do_changes.content -> 'changes';
	-- of one of these kinds alone, doing it tells
	tells		CONSTANT boolean := jsonb_array_length(listed) = 1
					AND listed -> 0 ->> 'change' IN ('birth', 'joined', 'death', 'left', 'disability', 'contact', 'address');
	before		text;
	position_of	integer;
	change		jsonb;
	code		text;
	problem		text;
	more		text;
	way_out		text;
BEGIN
	PERFORM registry.refuse_contradictions(do_changes.household_id, do_changes.content);
	IF NOT tells THEN
		before := registry.household_facts(do_changes.household_id);
	END IF;
	BEGIN
		FOR nth IN 1 .. jsonb_array_length(listed) LOOP
			position_of := nth;
			change := listed -> nth - 1;
			changed := registry.apply_change(do_changes.household_id, change, coalesce((change ->> 'on_date')::date, taken_on), do_changes.by_case);
		END LOOP;
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, problem = MESSAGE_TEXT, more = PG_EXCEPTION_DETAIL, way_out = PG_EXCEPTION_HINT;
		IF registry.refusal_in_words(code, problem, more) IS NULL THEN
			RAISE;
		END IF;
		RAISE EXCEPTION USING
			ERRCODE = 'RG014',
			MESSAGE = format('household %s cannot change so', do_changes.household_id),
			DETAIL = format('change %s (%s): %s', position_of, change ->> 'change', registry.refusal_in_words(code, problem, more)),
			HINT = coalesce(nullif(way_out, ''), 'Nothing was changed; correct the list, or send the case back.');
	END;

	SELECT h.current_survey INTO survey_id FROM nser.household AS h WHERE h.household_id = do_changes.household_id;
	IF NOT tells THEN
		changed := registry.household_facts(do_changes.household_id) <> before;
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.do_changes(bigint, jsonb, timestamptz, bigint) IS
	'work of registry.apply_changes() and registry.apply_case(), which lock the households: a list whose form is right, unless it contradicts '
	'itself or the household (RG009)';

CREATE FUNCTION registry.apply_changes(household_id bigint, content jsonb, taken_at timestamptz DEFAULT now(), by_case bigint DEFAULT NULL,
									   OUT survey_id bigint, OUT changed boolean)
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	touched		CONSTANT bigint[] := registry.households_of(apply_changes.household_id, apply_changes.content);
BEGIN
	-- all of them before any is changed, in order
	PERFORM FROM nser.household AS h
	WHERE h.household_id = ANY (touched)
	ORDER BY h.household_id
	FOR NO KEY UPDATE;
	IF NOT EXISTS (SELECT FROM nser.household AS h WHERE h.household_id = apply_changes.household_id) THEN
		PERFORM registry.refuse_unknown_household(apply_changes.household_id);
	END IF;
	PERFORM registry.check_form(NULL, apply_changes.content);
	SELECT d.survey_id, d.changed INTO survey_id, changed
	FROM registry.do_changes(apply_changes.household_id, apply_changes.content, apply_changes.taken_at, apply_changes.by_case) AS d;
END;
$$;
COMMENT ON FUNCTION registry.apply_changes(bigint, jsonb, timestamptz, bigint) IS
	'do a list of changes of registry.change_kinds() in its order, all or none, each from its on_date, or the day in Pakistan of taken_at; '
	'survey_id is the current survey after it, NULL of a household that was never surveyed; changed is whether anything is different; a change '
	'that an operation refuses is RG014, with the operation''s words in DETAIL and HINT';
