
-- enrolment: who enters a programme, and who leaves it ------------------------------

-- The CHECK of nser.enrolment has them too: a function there is called by every statement.
CREATE FUNCTION registry.exit_reasons() RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY['recertified_out', 'no_longer_eligible', 'recipient_died', 'left', 'moved', 'merged', 'dissolved', 'duplicate',
				 'fraud', 'withdrew', 'programme_ended', 'mistake'];
COMMENT ON FUNCTION registry.exit_reasons() IS
	'why an enrolment ends: recertified_out, no_longer_eligible (found otherwise), recipient_died, left (the registry), moved (it goes on in '
	'another household, or at the other of two lines that were one person), merged, dissolved (the household), duplicate, fraud, withdrew, programme_ended, mistake';

-- Rows are ended, once.  While they are open they are certified anew, which
-- nser.certification has, and the recipient follows the number of the holder.
CREATE FUNCTION registry.keep_enrolment() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	kept	record;
BEGIN
	IF TG_OP = 'UPDATE' THEN
		kept := OLD;
		kept.area := NEW.area;
		IF OLD.exited_on IS NULL THEN
			kept.exited_on := NEW.exited_on;
			kept.exit_reason := NEW.exit_reason;
			kept.closed_by := NEW.closed_by;
			kept.recipient := NEW.recipient;
			IF NEW.certified_on >= OLD.certified_on AND EXISTS (
				SELECT FROM nser.certification AS c
				WHERE c.household_id = NEW.household_id AND c.enrolment_id = NEW.enrolment_id
				AND c.certified_on = NEW.certified_on AND c.survey_id = NEW.survey_id AND c.outcome = 'kept') THEN
				kept.certified_on := NEW.certified_on;
				kept.survey_id := NEW.survey_id;
				kept.carried_from := NEW.carried_from;
			END IF;
		END IF;
		-- a programme that gets another code takes its rows along
		IF NEW.programme <> OLD.programme AND NOT EXISTS (SELECT FROM nser.programme AS p WHERE p.code = OLD.programme) THEN
			kept.programme := NEW.programme;
		END IF;
		IF kept OPERATOR(pg_catalog.*=) NEW THEN
			RETURN NEW;
		END IF;
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = 'rows of nser.enrolment are history: they are ended, once, and never changed or deleted',
		HINT = 'registry.exit_enrolment() ends one, registry.enrol() enters another; certified_on follows nser.certification.';
END;
$$;
COMMENT ON FUNCTION registry.keep_enrolment() IS
	'trigger: of an enrolment only the end is written, once, and, while it is open, the recipient and what a certification says';

CREATE FUNCTION registry.recipient_of(household_id bigint, line integer) RETURNS registry.cnic
	LANGUAGE plpgsql STABLE COST 10000
AS $$
BEGIN
	RETURN (
		SELECT m.cnic
		FROM nser.household AS h
		JOIN nser.member AS m ON m.household_id = h.household_id AND m.valid_to IS NULL AND m.superseded_at IS NULL
		LEFT JOIN nser.family AS f ON f.household_id = h.household_id AND f.survey_id = h.current_survey AND f.woman_line = m.line AND f.counts
		WHERE h.household_id = recipient_of.household_id
		AND CASE WHEN recipient_of.line IS NULL THEN f.woman_line IS NOT NULL OR m.relationship = 'head' ELSE m.line = recipient_of.line END
		-- a woman before the head, the first of those who have a number
		ORDER BY m.cnic IS NULL, f.family_no NULLS LAST
		LIMIT 1);
END;
$$;
COMMENT ON FUNCTION registry.recipient_of(bigint, integer) IS
	'the number of who receives for a line, the woman of a family or a person; where line is NULL, for a household: the first woman of its '
	'families who has one, else the head; NULL where there is none';

CREATE FUNCTION registry.update_recipients(household_id bigint) RETURNS void
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	benefit		record;
	receives	registry.cnic;
BEGIN
	-- after every survey: one by one, as most households have none, and no plan is to look beyond the household
	FOR benefit IN
		SELECT e.enrolment_id, e.line::integer, e.recipient
		FROM nser.enrolment AS e
		WHERE e.household_id = update_recipients.household_id AND e.exited_on IS NULL
	LOOP
		-- who is on the way to another household takes the number along
		CONTINUE WHEN benefit.line IS NOT NULL AND NOT EXISTS (
			SELECT FROM nser.member AS m
			WHERE m.household_id = update_recipients.household_id AND m.line = benefit.line AND m.valid_to IS NULL AND m.superseded_at IS NULL);
		-- while the number is that of one who lives there, a household keeps its recipient
		CONTINUE WHEN EXISTS (
			SELECT FROM nser.member AS m
			WHERE m.household_id = update_recipients.household_id AND m.cnic::bigint = benefit.recipient::bigint AND m.line = coalesce(benefit.line, m.line)
			AND m.valid_to IS NULL AND m.superseded_at IS NULL);
		receives := registry.recipient_of(update_recipients.household_id, benefit.line);
		IF receives::bigint IS DISTINCT FROM benefit.recipient::bigint THEN
			UPDATE nser.enrolment AS e SET recipient = receives
			WHERE e.household_id = update_recipients.household_id AND e.enrolment_id = benefit.enrolment_id;
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.update_recipients(bigint) IS
	'write the recipients of a household''s open enrolments anew, where there was none, a number was corrected, or its holder is gone; one who '
	'lives there and has the number still stays it';

CREATE FUNCTION registry.enrol(programme text, household_id bigint, line integer DEFAULT NULL, entry_reason text DEFAULT 'eligible',
							   on_date date DEFAULT registry.today(), by_case bigint DEFAULT NULL, note text DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	terms		record;
	home		record;
	judged		record;
	refused_as	text;
	receives	registry.cnic;
	held		record;
	entered		bigint;
	whom		text := CASE WHEN enrol.line IS NULL THEN '' ELSE format('line %s of ', enrol.line) END || format('household %s', coalesce(enrol.household_id::text, 'NULL'));
BEGIN
	SELECT p.code, p.unit, p.valid INTO terms FROM nser.programme AS p WHERE p.code = enrol.programme;
	IF NOT FOUND THEN
		PERFORM registry.refuse_unknown_programme(enrol.programme);
	END IF;
	SELECT h.area, h.status, h.current_survey, h.registered_on INTO home
	FROM nser.household AS h WHERE h.household_id = enrol.household_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM registry.refuse_unknown_household(enrol.household_id);
	END IF;
	IF home.status <> 'registered' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG015',
			MESSAGE = format('household %s is %s', enrol.household_id, home.status),
			HINT = 'Enrol who lives there in the household they live in now.';
	END IF;
	PERFORM registry.check_date(enrol.on_date);
	IF enrol.on_date < home.registered_on THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('household %s was registered later', enrol.household_id),
			HINT = format('on_date is %s at the earliest.', home.registered_on);
	END IF;
	IF coalesce(enrol.entry_reason NOT IN ('eligible', 'manual'), true) OR enrol.entry_reason = 'manual' AND coalesce(enrol.note !~ '[^[:space:]]', true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'an entry is eligible, or manual with a note',
			HINT = 'Write entry_reason => ''manual'', note => ''decision 12 of the district committee''.';
	END IF;
	IF NOT terms.valid @> enrol.on_date THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('programme "%s" takes nobody in on %s', enrol.programme, enrol.on_date),
			HINT = format('It does in %s.', terms.valid);
	END IF;
	PERFORM registry.check_unit(terms.unit, enrol.household_id, enrol.line, home.current_survey, enrol.on_date);

	SELECT j.* INTO judged FROM registry.judge_household(enrol.programme, enrol.household_id, enrol.on_date) AS j;
	IF judged.is_candidate IS NOT true THEN
		refused_as := registry.judged_as(judged.score, judged.eligible, judged.passes_filters, judged.meets_criteria);
	ELSIF enrol.on_date < registry.today() THEN
		-- who is known to be none by now does not enter by what was known then
		SELECT registry.judged_as(j.score, j.eligible, j.passes_filters, j.meets_criteria) INTO refused_as
		FROM registry.judge_household(enrol.programme, enrol.household_id, registry.today()) AS j
		WHERE j.is_candidate IS false;
	END IF;
	IF enrol.entry_reason = 'eligible' AND refused_as IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'check_violation',
			MESSAGE = format('household %s is not one for programme "%s"%s', enrol.household_id, enrol.programme,
				CASE WHEN judged.is_candidate THEN ' any more' END),
			DETAIL = CASE refused_as
				WHEN 'above_cutoff' THEN 'Its score is above its cut-off.'
				WHEN 'filtered' THEN 'A filter excludes it.'
				WHEN 'criteria_not_met' THEN 'It does not meet the criteria.'
				WHEN 'no_score' THEN 'It has no score.'
				ELSE 'An answer that decides is missing.' END,
			HINT = 'registry.judge_household(programme, household_id, on_date) tells more; an entry without all that is manual, with a note.';
	END IF;
	IF EXISTS (SELECT FROM nser.enrolment AS e
			   WHERE e.household_id = enrol.household_id AND e.programme = enrol.programme AND coalesce(e.line, 0) = coalesce(enrol.line, 0)
			   AND (e.exited_on IS NULL OR e.exited_on > enrol.on_date)) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'unique_violation',
			MESSAGE = format('%s is in programme "%s" on %s already', whom, enrol.programme, enrol.on_date),
			HINT = 'SELECT * FROM nser.enrolment tells since when, and until when.';
	END IF;
	receives := registry.recipient_of(enrol.household_id, enrol.line);
	SELECT e.household_id INTO held
	FROM nser.enrolment AS e
	WHERE e.recipient OPERATOR(registry.=) receives AND e.programme = enrol.programme
	AND e.household_id <> enrol.household_id AND (e.exited_on IS NULL OR e.exited_on > enrol.on_date)
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'unique_violation',
			MESSAGE = format('the recipient for %s is in programme "%s" on %s already, in household %s', whom, enrol.programme, enrol.on_date, held.household_id),
			HINT = 'SELECT * FROM nser.enrolment tells since when, and until when.';
	END IF;
	SELECT registry.excluding_programme(enrol.programme, enrol.household_id, enrol.line, receives, enrol.on_date) AS programme INTO held;
	IF held.programme IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'exclusion_violation',
			MESSAGE = format('%s cannot be in programme "%s" beside "%s"', whom, enrol.programme, held.programme),
			DETAIL = 'The other is held by that line, by the household as a whole, or by the same recipient elsewhere.',
			HINT = 'registry.exit_enrolment() ends the one, nser.programme_exclusion lists what may not be held at once.';
	END IF;

	INSERT INTO nser.enrolment AS e (household_id, area, programme, unit, line, recipient, entered_on, entry_reason, certified_on, survey_id, note, opened_by)
	VALUES (enrol.household_id, home.area, enrol.programme, terms.unit, enrol.line, receives,
			enrol.on_date, enrol.entry_reason, enrol.on_date, judged.survey_id, enrol.note, enrol.by_case)
	RETURNING e.enrolment_id INTO entered;
	-- the household may have been invited as such, and the person named now
	UPDATE nser.invitation AS i SET outcome = 'enrolled', outcome_on = greatest(enrol.on_date, i.invited_on), enrolment_id = entered, by_case = enrol.by_case
	WHERE i.household_id = enrol.household_id AND i.programme = enrol.programme AND i.outcome IS NULL AND coalesce(i.line, enrol.line, 0) = coalesce(enrol.line, 0);
	RETURN entered;
END;
$$;
COMMENT ON FUNCTION registry.enrol(text, bigint, integer, text, date, bigint, text) IS
	'enter a household, the family of a woman (line) or a person (line), as the programme enrols, and settle its invitation; entry_reason is '
	'eligible (score, filters and criteria of on_date, and not known to be otherwise today) or manual, with a note; returns the enrolment_id; '
	'without a number the recipient is NULL, and paid nothing; refused: a programme that takes nobody in, a day before the household or the '
	'line was as it is, who is no candidate, in it from that day on already, be it elsewhere, or in one that excludes it';

CREATE FUNCTION registry.check_unit(unit text, household_id bigint, line integer, current_survey bigint, on_date date) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	IF (check_unit.unit = 'household') <> (check_unit.line IS NULL) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('this programme enrols a %s', check_unit.unit),
			HINT = CASE check_unit.unit WHEN 'household' THEN 'Leave line out.' WHEN 'family' THEN 'Say the line of its woman.' ELSE 'Say the line of the person.' END;
	END IF;
	IF check_unit.line IS NOT NULL THEN
		PERFORM registry.require_member(check_unit.household_id, check_unit.line, check_unit.on_date);
	END IF;
	IF check_unit.unit = 'family' AND NOT EXISTS (
		SELECT FROM nser.family AS f
		WHERE f.household_id = check_unit.household_id AND f.survey_id = check_unit.current_survey AND f.woman_line = check_unit.line AND f.counts) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'check_violation',
			MESSAGE = format('line %s of household %s is not the woman of a family that counts', check_unit.line, check_unit.household_id),
			HINT = 'SELECT woman_line, counts FROM nser.family lists the families of the current survey: ever-married women of 18 and older.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_unit(text, bigint, integer, bigint, date) IS
	'refuse a line that is not what the programme enrols: none for a household, a woman of a family that counts, a member; and one that stands '
	'as it is only since a later day';

CREATE FUNCTION registry.judged_as(score double precision, eligible boolean, passes_filters boolean, meets_criteria boolean) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE
		WHEN eligible AND passes_filters AND meets_criteria THEN 'eligible'
		WHEN NOT eligible THEN 'above_cutoff'
		WHEN NOT passes_filters THEN 'filtered'
		WHEN NOT meets_criteria THEN 'criteria_not_met'
		WHEN score IS NULL THEN 'no_score'
		ELSE 'unknown_answer'
	END;
COMMENT ON FUNCTION registry.judged_as(double precision, boolean, boolean, boolean) IS
	'what judge_household() found, in one of the words of nser.certification.reason; what is known to be wrong comes before what is unknown';

CREATE FUNCTION registry.excluding_programme(programme text, household_id bigint, line integer, recipient registry.cnic, on_date date)
	RETURNS text
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	RETURN (
		SELECT min(x.other)
		FROM (SELECT p.other FROM nser.programme_exclusion AS p WHERE p.programme = excluding_programme.programme
			  UNION ALL SELECT p.programme FROM nser.programme_exclusion AS p WHERE p.other = excluding_programme.programme) AS x
		WHERE EXISTS (SELECT FROM nser.enrolment AS e
					  WHERE e.household_id = excluding_programme.household_id AND e.programme = x.other
					  AND (e.exited_on IS NULL OR e.exited_on > excluding_programme.on_date)
					  AND (e.line = excluding_programme.line OR e.line IS NULL OR excluding_programme.line IS NULL))
		OR EXISTS (SELECT FROM nser.enrolment AS e
				   WHERE e.recipient OPERATOR(registry.=) excluding_programme.recipient AND e.programme = x.other
				   AND (e.exited_on IS NULL OR e.exited_on > excluding_programme.on_date)));
END;
$$;
COMMENT ON FUNCTION registry.excluding_programme(text, bigint, integer, registry.cnic, date) IS
	'a programme that excludes another, and is held on a day or later by that line, by its household as a whole, or by that recipient '
	'anywhere; NULL if there is none';

CREATE FUNCTION registry.exit_enrolment(household_id bigint, enrolment_id bigint, reason text, on_date date DEFAULT registry.today(),
										by_case bigint DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	was		record;
BEGIN
	PERFORM registry.lock_households(ARRAY[exit_enrolment.household_id], '{}');
	SELECT e.entered_on, e.exited_on, e.exit_reason INTO was
	FROM nser.enrolment AS e WHERE e.household_id = exit_enrolment.household_id AND e.enrolment_id = exit_enrolment.enrolment_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('household %s has no enrolment %s', exit_enrolment.household_id, coalesce(exit_enrolment.enrolment_id::text, 'NULL')),
			HINT = 'SELECT enrolment_id, programme FROM nser.enrolment lists them.';
	END IF;
	IF coalesce(exit_enrolment.reason <> ALL (registry.exit_reasons()), true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'unknown reason of an exit',
			HINT = format('Reasons are %s.', array_to_string(registry.exit_reasons(), ', '));
	END IF;
	PERFORM registry.check_date(exit_enrolment.on_date);
	IF was.exited_on IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('enrolment %s of household %s has ended: %s', exit_enrolment.enrolment_id, exit_enrolment.household_id, was.exit_reason),
			HINT = 'registry.enrol() enters whom it was of again.';
	END IF;
	IF exit_enrolment.on_date < was.entered_on THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('enrolment %s of household %s was entered later', exit_enrolment.enrolment_id, exit_enrolment.household_id),
			HINT = format('on_date is %s at the earliest.', was.entered_on);
	END IF;
	UPDATE nser.enrolment AS e SET exited_on = exit_enrolment.on_date, exit_reason = exit_enrolment.reason, closed_by = exit_enrolment.by_case
	WHERE e.household_id = exit_enrolment.household_id AND e.enrolment_id = exit_enrolment.enrolment_id;
END;
$$;
COMMENT ON FUNCTION registry.exit_enrolment(bigint, bigint, text, date, bigint) IS
	'end an open enrolment on a day, for one of registry.exit_reasons()';
