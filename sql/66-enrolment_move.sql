
-- enrolments follow their people: ends, moves and ends that were a mistake -----------

CREATE FUNCTION registry.end_enrolments(household_id bigint, lines integer[], reason text, on_date date, by_case bigint) RETURNS void
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	empty		boolean;
BEGIN
	-- most households benefit from nothing, and are invited to nothing
	PERFORM FROM nser.enrolment AS e WHERE e.household_id = end_enrolments.household_id AND e.exited_on IS NULL
	UNION ALL
	SELECT FROM nser.invitation AS i WHERE i.household_id = end_enrolments.household_id AND i.outcome IS NULL
	LIMIT 1;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	empty := NOT EXISTS (SELECT FROM nser.member AS m
						 WHERE m.household_id = end_enrolments.household_id AND m.valid_to IS NULL AND m.superseded_at IS NULL);
	-- those of who moved are carried; a death may be recorded late, after who went later
	UPDATE nser.enrolment AS e
	SET exited_on = greatest(e.entered_on, CASE WHEN e.line IS NOT NULL THEN end_enrolments.on_date ELSE (
			SELECT max(m.valid_to) FROM nser.member AS m WHERE m.household_id = e.household_id AND m.superseded_at IS NULL) END),
		closed_by = end_enrolments.by_case,
		exit_reason = CASE
			WHEN e.line IS NOT NULL THEN CASE end_enrolments.reason WHEN 'died' THEN 'recipient_died' ELSE end_enrolments.reason END
			WHEN end_enrolments.reason = 'moved' THEN 'merged' ELSE 'dissolved' END
	WHERE e.household_id = end_enrolments.household_id AND e.exited_on IS NULL
	AND CASE WHEN e.line IS NULL THEN empty ELSE e.line = ANY (end_enrolments.lines) AND end_enrolments.reason <> 'moved' END;
	UPDATE nser.invitation AS i
	SET outcome = 'not_eligible', outcome_on = greatest(end_enrolments.on_date, i.invited_on, i.answered_on), by_case = end_enrolments.by_case
	WHERE i.household_id = end_enrolments.household_id AND i.outcome IS NULL
	AND CASE WHEN i.line IS NULL THEN empty ELSE i.line = ANY (end_enrolments.lines) AND end_enrolments.reason <> 'moved' END;
END;
$$;
COMMENT ON FUNCTION registry.end_enrolments(bigint, integer[], text, date, bigint) IS
	'after lines of a household ended as died, left, duplicate or moved: end their enrolments (recipient_died, left, duplicate; of who moved '
	'registry.carry_enrolments() does), and, where nobody is left, the household''s own (dissolved, or merged where they moved), on the day the '
	'last one went; on the day of entry at the earliest; open invitations, of the same, are settled as not_eligible; '
	'registry.update_recipients() then finds who receives for those who stay';

CREATE FUNCTION registry.carry_enrolment(household_id bigint, enrolment_id bigint, to_household bigint, new_line integer, on_date date, by_case bigint)
	RETURNS void
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	carried	record;
BEGIN
	UPDATE nser.enrolment AS e SET exited_on = greatest(carry_enrolment.on_date, e.entered_on), exit_reason = 'moved', closed_by = carry_enrolment.by_case
	WHERE e.household_id = carry_enrolment.household_id AND e.enrolment_id = carry_enrolment.enrolment_id
	RETURNING e.* INTO carried;
	INSERT INTO nser.enrolment (household_id, area, programme, unit, line, recipient, entered_on, entry_reason, certified_on, survey_id,
								carried_from, opened_by)
	SELECT h.household_id, h.area, carried.programme, carried.unit, carry_enrolment.new_line, carried.recipient, carried.exited_on, 'moved',
		carried.certified_on, carried.survey_id, coalesce(carried.carried_from, nullif(carried.household_id, h.household_id)), carry_enrolment.by_case
	FROM nser.household AS h WHERE h.household_id = carry_enrolment.to_household
	ON CONFLICT DO NOTHING;
END;
$$;
COMMENT ON FUNCTION registry.carry_enrolment(bigint, bigint, bigint, integer, date, bigint) IS
	'end an open enrolment of a line as moved; it goes on at another line, here or elsewhere, with the same recipient and certification';

-- The benefit is hers, and goes where she goes, even into a house that holds what
-- excludes it; a household's own is not carried, as the one that took its people in is
-- judged by itself.
CREATE FUNCTION registry.carry_enrolments(from_household bigint, to_household bigint, old_lines integer[], new_lines integer[], on_date date, by_case bigint)
	RETURNS void
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
BEGIN
	-- what is known of people goes along, or a move would get them past a filter
	WITH gone AS (
		DELETE FROM nser.person_flag AS f
		WHERE f.household_id = carry_enrolments.from_household AND f.line = ANY (carry_enrolments.old_lines)
		RETURNING f.*
	)
	INSERT INTO nser.person_flag (household_id, line, flag, value, source, as_of, area)
	SELECT h.household_id, u.new_line, f.flag, f.value, f.source, f.as_of, h.area
	FROM unnest(carry_enrolments.old_lines, carry_enrolments.new_lines) AS u (old_line, new_line)
	JOIN gone AS f ON f.line = u.old_line
	JOIN nser.household AS h ON h.household_id = carry_enrolments.to_household
	ON CONFLICT DO NOTHING;

	PERFORM registry.carry_enrolment(x.household_id, x.enrolment_id, carry_enrolments.to_household, x.new_line, carry_enrolments.on_date, carry_enrolments.by_case)
	FROM (SELECT e.household_id, e.enrolment_id, u.new_line
		  FROM nser.enrolment AS e
		  JOIN unnest(carry_enrolments.old_lines, carry_enrolments.new_lines) AS u (old_line, new_line) ON u.old_line = e.line
		  WHERE e.household_id = carry_enrolments.from_household AND e.exited_on IS NULL
		  ORDER BY e.enrolment_id) AS x;
	-- nobody answers there any more
	UPDATE nser.invitation AS i
	SET outcome = 'did_not_come', outcome_on = greatest(carry_enrolments.on_date, i.invited_on), by_case = carry_enrolments.by_case
	WHERE i.household_id = carry_enrolments.from_household AND i.outcome IS NULL AND i.line = ANY (carry_enrolments.old_lines);
END;
$$;
COMMENT ON FUNCTION registry.carry_enrolments(bigint, bigint, integer[], integer[], date, bigint) IS
	'after lines of a household went on as new_lines of another: their open enrolments end as moved and go on there, with the same '
	'recipient and certification, whatever is held there; the rows of nser.person_flag move there; invitations to the old household end; an '
	'enrolment of the household itself stays where it is';

-- The last row of a programme tells how things stood: what ended for another reason
-- since then stays ended.
CREATE FUNCTION registry.reinstate_enrolments(household_id bigint, line integer, reason text, ended_on date, by_case bigint) RETURNS void
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
BEGIN
	INSERT INTO nser.enrolment (household_id, area, programme, unit, line, recipient, entered_on, entry_reason, certified_on, survey_id, carried_from, opened_by)
	SELECT e.household_id, e.area, e.programme, e.unit, e.line, e.recipient, e.exited_on, 'reinstated', e.certified_on, e.survey_id, e.carried_from,
		reinstate_enrolments.by_case
	FROM nser.enrolment AS e
	JOIN nser.household AS h ON h.household_id = e.household_id
	WHERE e.household_id = reinstate_enrolments.household_id
	AND CASE WHEN e.line IS NULL THEN e.exit_reason = 'dissolved' AND h.status = 'registered'
		ELSE e.line = reinstate_enrolments.line AND e.exited_on = greatest(reinstate_enrolments.ended_on, e.entered_on)
			AND e.exit_reason = CASE reinstate_enrolments.reason WHEN 'died' THEN 'recipient_died' ELSE reinstate_enrolments.reason END END
	AND NOT EXISTS (SELECT FROM nser.enrolment AS n
					WHERE n.household_id = e.household_id AND n.programme = e.programme AND coalesce(n.line, 0) = coalesce(e.line, 0)
					AND (n.entered_on, n.enrolment_id) > (e.entered_on, e.enrolment_id))
	ORDER BY e.enrolment_id
	ON CONFLICT DO NOTHING;
END;
$$;
COMMENT ON FUNCTION registry.reinstate_enrolments(bigint, integer, text, date, bigint) IS
	'after the end of a line (died, left or duplicate) was undone: what was ended by it, and the household''s own where that was dissolved and '
	'is registered again, goes on from the day it ended, in rows of its own, unless it was entered again since; nor does what was ended '
	'otherwise since';

-- Two lines were one person: what the line that goes holds is hers all the same.
CREATE FUNCTION registry.keep_benefits(ended_household bigint, ended_line integer, kept_household bigint, kept_line integer, by_case bigint) RETURNS void
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
BEGIN
	-- a copy, as the two may turn out to be two
	INSERT INTO nser.person_flag (household_id, line, flag, value, source, as_of, area)
	SELECT h.household_id, keep_benefits.kept_line, f.flag, f.value, f.source, f.as_of, h.area
	FROM nser.person_flag AS f
	JOIN nser.household AS h ON h.household_id = keep_benefits.kept_household
	WHERE f.household_id = keep_benefits.ended_household AND f.line = keep_benefits.ended_line
	ON CONFLICT DO NOTHING;
	PERFORM registry.carry_enrolment(x.household_id, x.enrolment_id, keep_benefits.kept_household, keep_benefits.kept_line, registry.today(),
		keep_benefits.by_case)
	FROM (SELECT e.household_id, e.enrolment_id
		  FROM nser.enrolment AS e
		  WHERE e.household_id = keep_benefits.ended_household AND e.line = keep_benefits.ended_line AND e.exited_on IS NULL
		  AND NOT EXISTS (SELECT FROM nser.enrolment AS k
						  WHERE k.household_id = keep_benefits.kept_household AND k.line = keep_benefits.kept_line
						  AND k.programme = e.programme AND k.exited_on IS NULL)
		  ORDER BY e.enrolment_id) AS x;
	PERFORM registry.update_recipients(keep_benefits.kept_household);
END;
$$;
COMMENT ON FUNCTION registry.keep_benefits(bigint, integer, bigint, integer, bigint) IS
	'before a line ends as the duplicate of another: its open enrolments go on at the line that is kept, unless that holds the programme, and what '
	'nser.person_flag says of it is said of that, too';

CREATE FUNCTION registry.return_benefits(ended_household bigint, ended_line integer, kept_household bigint, kept_line integer) RETURNS void
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
BEGIN
	PERFORM registry.carry_enrolment(x.household_id, x.enrolment_id, return_benefits.ended_household, return_benefits.ended_line, registry.today(), NULL)
	FROM (SELECT k.household_id, k.enrolment_id
		  FROM nser.enrolment AS k
		  JOIN nser.member AS m ON m.household_id = return_benefits.ended_household AND m.line = return_benefits.ended_line
			AND m.valid_to IS NULL AND m.superseded_at IS NULL
		  WHERE k.household_id = return_benefits.kept_household AND k.line = return_benefits.kept_line AND k.exited_on IS NULL AND k.entry_reason = 'moved'
		  AND EXISTS (SELECT FROM nser.enrolment AS e
					  WHERE e.household_id = return_benefits.ended_household AND e.line = return_benefits.ended_line
					  AND e.programme = k.programme AND e.exit_reason = 'moved' AND e.exited_on = k.entered_on)
		  ORDER BY k.enrolment_id) AS x;
	PERFORM registry.update_recipients(return_benefits.ended_household);
END;
$$;
COMMENT ON FUNCTION registry.return_benefits(bigint, integer, bigint, integer) IS
	'after a line that had ended as the duplicate of another was reinstated, and is live: what registry.keep_benefits() carried goes back, while '
	'it is open';

-- A programme that enrols others would leave benefits that nobody can hold.
CREATE FUNCTION registry.refuse_unit() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	IF EXISTS (SELECT FROM nser.enrolment AS e WHERE e.programme = OLD.code AND e.exited_on IS NULL) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('programme "%s" enrols a %s, and has some', OLD.code, OLD.unit),
			HINT = 'registry.exit_enrolment() ends an enrolment; a programme for others gets a code of its own.';
	END IF;
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.refuse_unit() IS 'trigger: whom a programme enrols does not change while anyone is enrolled';
