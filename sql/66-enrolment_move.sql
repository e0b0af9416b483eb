
-- enrolments follow their people: ends, moves and ends that were a mistake -----------

CREATE FUNCTION registry.end_enrolments(household_id bigint, lines integer[], reason text, on_date date, by_case bigint) RETURNS void
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	empty		boolean;
BEGIN
	-- most households benefit from nothing
	PERFORM FROM nser.enrolment AS e WHERE e.household_id = end_enrolments.household_id AND e.exited_on IS NULL LIMIT 1;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	empty := NOT EXISTS (SELECT FROM nser.member AS m
						 WHERE m.household_id = end_enrolments.household_id AND m.valid_to IS NULL AND m.superseded_at IS NULL);
	-- those of who moved are carried; a death may be recorded late
	UPDATE nser.enrolment AS e
	SET exited_on = greatest(end_enrolments.on_date, e.entered_on), closed_by = end_enrolments.by_case,
		exit_reason = CASE
			WHEN e.line IS NOT NULL THEN CASE end_enrolments.reason WHEN 'died' THEN 'recipient_died' ELSE end_enrolments.reason END
			WHEN end_enrolments.reason = 'moved' THEN 'merged' ELSE 'dissolved' END
	WHERE e.household_id = end_enrolments.household_id AND e.exited_on IS NULL
	AND CASE WHEN e.line IS NULL THEN empty ELSE e.line = ANY (end_enrolments.lines) AND end_enrolments.reason <> 'moved' END;
END;
$$;
COMMENT ON FUNCTION registry.end_enrolments(bigint, integer[], text, date, bigint) IS
	'after lines of a household ended as died, left, duplicate or moved: end their enrolments (recipient_died, left, duplicate; of who moved '
	'registry.carry_enrolments() does), and, where nobody is left, the household''s own (dissolved, or merged where they moved); on the day of '
	'entry at the earliest; registry.update_recipients() then finds who receives for those who stay';

-- The benefit is hers, and goes where she goes; a household's own is not carried, as
-- the one that took its people in is judged by itself.
CREATE FUNCTION registry.carry_enrolments(from_household bigint, to_household bigint, old_lines integer[], new_lines integer[], on_date date, by_case bigint)
	RETURNS void
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	moves	record;
BEGIN
	-- what is known of people goes along, or a move would get them past a filter
	INSERT INTO nser.person_flag (household_id, line, flag, value, source, as_of, area)
	SELECT h.household_id, u.new_line, f.flag, f.value, f.source, f.as_of, h.area
	FROM unnest(carry_enrolments.old_lines, carry_enrolments.new_lines) AS u (old_line, new_line)
	JOIN nser.person_flag AS f ON f.household_id = carry_enrolments.from_household AND f.line = u.old_line
	JOIN nser.household AS h ON h.household_id = carry_enrolments.to_household
	ON CONFLICT DO NOTHING;

	FOR moves IN
		SELECT e.enrolment_id, e.programme, e.unit, e.recipient, e.certified_on, e.survey_id, e.carried_from, u.new_line,
			greatest(carry_enrolments.on_date, e.entered_on) AS moved_on
		FROM nser.enrolment AS e
		JOIN unnest(carry_enrolments.old_lines, carry_enrolments.new_lines) AS u (old_line, new_line) ON u.old_line = e.line
		WHERE e.household_id = carry_enrolments.from_household AND e.exited_on IS NULL
		ORDER BY e.enrolment_id
	LOOP
		UPDATE nser.enrolment AS e SET exited_on = moves.moved_on, exit_reason = 'moved', closed_by = carry_enrolments.by_case
		WHERE e.household_id = carry_enrolments.from_household AND e.enrolment_id = moves.enrolment_id;
		INSERT INTO nser.enrolment (household_id, area, programme, unit, line, recipient, entered_on, entry_reason, certified_on, survey_id,
									carried_from, opened_by)
		SELECT h.household_id, h.area, moves.programme, moves.unit, moves.new_line, moves.recipient, moves.moved_on, 'moved', moves.certified_on,
			moves.survey_id, coalesce(moves.carried_from, carry_enrolments.from_household), carry_enrolments.by_case
		FROM nser.household AS h WHERE h.household_id = carry_enrolments.to_household
		ON CONFLICT DO NOTHING;
	END LOOP;
	-- nobody answers there any more
	UPDATE nser.invitation AS i SET outcome = 'did_not_come', outcome_on = greatest(carry_enrolments.on_date, i.invited_on), by_case = carry_enrolments.by_case
	WHERE i.household_id = carry_enrolments.from_household AND i.outcome IS NULL AND i.line = ANY (carry_enrolments.old_lines);
END;
$$;
COMMENT ON FUNCTION registry.carry_enrolments(bigint, bigint, integer[], integer[], date, bigint) IS
	'after lines of a household went on as new_lines of another: their open enrolments end as moved and go on there, with the same '
	'recipient and certification, and what nser.person_flag says of them is said there too; invitations to the old household end; an '
	'enrolment of the household itself stays where it is';

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
	WHERE e.household_id = reinstate_enrolments.household_id AND e.exited_on = greatest(reinstate_enrolments.ended_on, e.entered_on)
	AND CASE WHEN e.line IS NULL THEN e.exit_reason = 'dissolved'
		ELSE e.line = reinstate_enrolments.line AND e.exit_reason = CASE reinstate_enrolments.reason WHEN 'died' THEN 'recipient_died' ELSE reinstate_enrolments.reason END END
	ORDER BY e.enrolment_id
	ON CONFLICT DO NOTHING;
END;
$$;
COMMENT ON FUNCTION registry.reinstate_enrolments(bigint, integer, text, date, bigint) IS
	'after the end of a line (died, left or duplicate) was undone: what was ended by it goes on from that day, in rows of its own';
