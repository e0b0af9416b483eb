
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

CREATE FUNCTION registry.apply_changes(household_id bigint, content jsonb, taken_at timestamptz DEFAULT now(), by_case bigint DEFAULT NULL,
									   OUT survey_id bigint, OUT changed boolean)
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	touched		CONSTANT bigint[] := registry.households_of(apply_changes.household_id, apply_changes.content);
	-- a clock may be ahead
	taken_on	CONSTANT date := least((apply_changes.taken_at AT TIME ZONE 'Asia/Karachi')::date, registry.today());
	before		text;
	change		record;
	code		text;
	problem		text;
	more		text;
	way_out		text;
BEGIN
	-- all of them before any is changed, in order
	PERFORM FROM nser.household AS h
	WHERE h.household_id = ANY (touched)
	ORDER BY h.household_id
	FOR NO KEY UPDATE;
	before := registry.household_facts(apply_changes.household_id);
	IF before IS NULL THEN
		PERFORM registry.refuse_unknown_household(apply_changes.household_id);
	END IF;
	PERFORM registry.check_changes(NULL, apply_changes.household_id, apply_changes.content);

	BEGIN
		FOR change IN
			SELECT c.no, c.one, c.one ->> 'change' AS kind
			FROM jsonb_array_elements(apply_changes.content -> 'changes') WITH ORDINALITY AS c (one, no)
			ORDER BY c.no
		LOOP
			PERFORM registry.apply_change(apply_changes.household_id, change.one, coalesce((change.one ->> 'on_date')::date, taken_on),
				apply_changes.by_case);
		END LOOP;
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, problem = MESSAGE_TEXT, more = PG_EXCEPTION_DETAIL, way_out = PG_EXCEPTION_HINT;
		IF registry.refusal_in_words(code, problem, more) IS NULL THEN
			RAISE;
		END IF;
		RAISE EXCEPTION USING
			ERRCODE = 'RG014',
			MESSAGE = format('household %s cannot change so', apply_changes.household_id),
			DETAIL = format('change %s (%s): %s', change.no, change.kind, registry.refusal_in_words(code, problem, more)),
			HINT = coalesce(nullif(way_out, ''), 'Nothing was changed; correct the list, or send the case back.');
	END;

	SELECT h.current_survey INTO survey_id FROM nser.household AS h WHERE h.household_id = apply_changes.household_id;
	changed := registry.household_facts(apply_changes.household_id) <> before;
END;
$$;
COMMENT ON FUNCTION registry.apply_changes(bigint, jsonb, timestamptz, bigint) IS
	'do a list of changes of registry.change_kinds() in its order, all or none, each from its on_date, or the day in Pakistan of taken_at; '
	'survey_id is the current survey after it, NULL of a household that was never surveyed; changed is whether anything is different; a change '
	'that an operation refuses is RG014, with the operation''s words in DETAIL and HINT';
