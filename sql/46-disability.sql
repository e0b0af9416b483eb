
-- disability: what a roster update says of a member's disabilities --------------

-- They are of surveys, not of nser.member: so the household's roster is recorded anew
-- with them, and what counts the disabled follows.
CREATE FUNCTION registry.record_disability(household_id bigint, line integer, disabilities text[], on_date date DEFAULT registry.today(),
										   by_case bigint DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	known		text[];
BEGIN
	PERFORM registry.lock_households(ARRAY[record_disability.household_id], ARRAY[record_disability.household_id]);
	PERFORM registry.check_date(record_disability.on_date);
	PERFORM registry.require_member(record_disability.household_id, record_disability.line, record_disability.on_date);
	PERFORM registry.check_disabilities(record_disability.disabilities);
	PERFORM registry.require_agreement(record_disability.household_id);
	SELECT r.disabilities INTO known
	FROM nser.household AS h
	JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	LEFT JOIN registry.members(v.roster) AS r ON r.line = record_disability.line
	WHERE h.household_id = record_disability.household_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('household %s was never surveyed, and disabilities are answers of a survey', record_disability.household_id),
			HINT = 'The survey to come asks for them.';
	END IF;
	-- the same, in any order, is nothing new
	IF known @> record_disability.disabilities AND record_disability.disabilities @> known
	OR known IS NULL AND record_disability.disabilities IS NULL THEN
		RETURN NULL;
	END IF;
	RETURN registry.record_roster(record_disability.household_id, record_disability.on_date, by_case => record_disability.by_case,
		disabled_line => record_disability.line, disabilities => record_disability.disabilities, agrees => true);
END;
$$;
COMMENT ON FUNCTION registry.record_disability(bigint, integer, text[], date, bigint) IS
	'the disabilities of a member from on_date on, by the labels of a roster, NULL unknown, {} none: a roster update has them, and so '
	'disabled_members, scores and relaxations follow; returns its survey_id, NULL where the last survey said so already; refused where '
	'the household was never surveyed';

CREATE FUNCTION registry.check_disabilities(disabilities text[]) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	expected	text;
BEGIN
	SELECT e.detail INTO expected
	FROM registry.input_error('registry.roster', jsonb_build_array(jsonb_build_object('line', 1,
			'disabilities', to_jsonb(check_disabilities.disabilities)))::text) AS e
	WHERE e.message IS NOT NULL;
	IF FOUND OR array_position(check_disabilities.disabilities, NULL) IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a disability is not one of its labels',
			HINT = coalesce(regexp_replace(expected, '^Member 1: e', 'E'), 'None is an empty array, {}; NULL is unknown.');
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_disabilities(text[]) IS 'refuse disabilities that a roster has no labels for; NULL is unknown';
