
-- recertification: whether beneficiaries stay ----------------------------------------

-- A programme that takes nobody in any more still recertifies those it has.
CREATE FUNCTION registry.recertify_household(household_id bigint, survey_id bigint, on_date date, by_case bigint) RETURNS void
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	due			record;
	judged		record;
	found_as	text;
	now_is		text;
BEGIN
	PERFORM registry.lock_households(ARRAY[recertify_household.household_id], '{}');
	PERFORM FROM nser.survey AS v
	WHERE v.household_id = recertify_household.household_id AND v.survey_id = recertify_household.survey_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('household %s has no survey %s', recertify_household.household_id, coalesce(recertify_household.survey_id::text, 'NULL'));
	END IF;
	PERFORM registry.check_date(recertify_household.on_date);

	FOR due IN
		SELECT e.enrolment_id, e.programme, e.unit, e.line
		FROM nser.enrolment AS e
		JOIN nser.programme AS p ON p.code = e.programme AND p.recertifies
		-- a tablet that comes late takes nothing back
		WHERE e.household_id = recertify_household.household_id AND e.exited_on IS NULL AND e.certified_on <= recertify_household.on_date
		ORDER BY e.enrolment_id
	LOOP
		SELECT j.score, j.cutoff, j.eligible, j.passes_filters, j.meets_criteria INTO judged
		FROM registry.judge_household(due.programme, recertify_household.household_id, recertify_household.on_date, recertify_household.survey_id) AS j;
		found_as := registry.judged_as(judged.score, judged.eligible, judged.passes_filters, judged.meets_criteria);
		-- families are those of the roster: without one nobody knows
		IF found_as = 'eligible' AND due.unit = 'family' AND NOT EXISTS (
			SELECT FROM nser.family AS f
			WHERE f.household_id = recertify_household.household_id AND f.survey_id = recertify_household.survey_id
			AND f.woman_line = due.line AND f.counts IS NOT false) THEN
			found_as := CASE WHEN (SELECT v.roster IS NULL FROM nser.survey AS v
								   WHERE v.household_id = recertify_household.household_id AND v.survey_id = recertify_household.survey_id)
				THEN 'unknown_answer' ELSE 'no_family' END;
		END IF;
		now_is := CASE WHEN found_as = 'eligible' THEN 'kept' WHEN found_as IN ('no_score', 'unknown_answer') THEN 'unknown' ELSE 'exited' END;

		INSERT INTO nser.certification (household_id, enrolment_id, certification_no, area, certified_on, survey_id, outcome, reason, score, cutoff, by_case)
		SELECT h.household_id, due.enrolment_id,
			1 + (SELECT count(*) FROM nser.certification AS c WHERE c.household_id = h.household_id AND c.enrolment_id = due.enrolment_id),
			h.area, recertify_household.on_date, recertify_household.survey_id, now_is, found_as, judged.score, judged.cutoff, recertify_household.by_case
		FROM nser.household AS h
		WHERE h.household_id = recertify_household.household_id;
		IF now_is <> 'unknown' THEN
			UPDATE nser.enrolment AS e SET
				certified_on = CASE WHEN now_is = 'kept' THEN recertify_household.on_date ELSE e.certified_on END,
				survey_id = CASE WHEN now_is = 'kept' THEN recertify_household.survey_id ELSE e.survey_id END,
				carried_from = CASE WHEN now_is = 'exited' THEN e.carried_from END,
				exited_on = CASE WHEN now_is = 'exited' THEN greatest(recertify_household.on_date, e.entered_on) END,
				exit_reason = CASE WHEN now_is = 'exited' THEN 'recertified_out' END,
				closed_by = CASE WHEN now_is = 'exited' THEN recertify_household.by_case END
			WHERE e.household_id = recertify_household.household_id AND e.enrolment_id = due.enrolment_id;
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.recertify_household(bigint, bigint, date, bigint) IS
	'judge every open enrolment of a household, in programmes that recertify, by a survey and the rules of on_date: kept, which certifies it '
	'anew; exited, as recertified_out; or unknown, where a score or an answer is missing, which leaves it as it is; nser.certification has '
	'the outcomes; who was certified since on_date is left alone';
