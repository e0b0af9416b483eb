
-- invitation: the poorest candidates are asked to come ---------------------------------

CREATE FUNCTION registry.keep_invitation() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	kept	record;
BEGIN
	IF TG_OP = 'UPDATE' THEN
		kept := OLD;
		kept.area := NEW.area;
		IF OLD.answer IS NULL AND OLD.outcome IS NULL THEN
			kept.answer := NEW.answer;
			kept.answered_on := NEW.answered_on;
		END IF;
		IF OLD.outcome IS NULL THEN
			kept.outcome := NEW.outcome;
			kept.outcome_on := NEW.outcome_on;
			kept.enrolment_id := NEW.enrolment_id;
			kept.by_case := NEW.by_case;
		END IF;
		IF NEW.programme <> OLD.programme AND NOT EXISTS (SELECT FROM nser.programme AS p WHERE p.code = OLD.programme) THEN
			kept.programme := NEW.programme;
		END IF;
		IF kept OPERATOR(pg_catalog.*=) NEW THEN
			RETURN NEW;
		END IF;
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = 'rows of nser.invitation are history: an answer and an outcome are written, once, and nothing else',
		HINT = 'registry.invite(..., again => true) invites once more those whose invitation came to nothing.';
END;
$$;
COMMENT ON FUNCTION registry.keep_invitation() IS 'trigger: of an invitation only the answer and the outcome are written, each once';

CREATE FUNCTION registry.invite(programme text, within registry.area_code DEFAULT 'PK', places integer DEFAULT NULL,
								on_date date DEFAULT registry.today(), answer_by date DEFAULT NULL, again boolean DEFAULT false)
	RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	terms	record;
	invited	bigint;
BEGIN
	-- two who invite at once would give the same places away
	SELECT p.valid INTO terms FROM nser.programme AS p WHERE p.code = invite.programme FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM registry.refuse_unknown_programme(invite.programme);
	END IF;
	PERFORM registry.check_date(invite.on_date);
	IF NOT (terms.valid @> invite.on_date AND terms.valid @> registry.today()) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('programme "%s" takes nobody in now', invite.programme),
			HINT = format('It does in %s.', terms.valid);
	END IF;
	IF invite.answer_by < invite.on_date OR invite.answer_by > '2999-12-31' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'answer_by is not before the day of the invitation, and not after 2999',
			HINT = 'Without one, 30 days are given.';
	END IF;
	INSERT INTO nser.invitation (household_id, area, programme, line, invited_on, answer_by)
	SELECT r.household_id, r.area, invite.programme, l.line, invite.on_date, coalesce(invite.answer_by, invite.on_date + 30)
	FROM registry.rank_candidates(invite.programme, invite.within, invite.places, invite.again) AS r
	LEFT JOIN LATERAL unnest(r.lines) AS l (line) ON true
	WHERE r.has_place
	ORDER BY r.rank, l.line;
	GET DIAGNOSTICS invited = ROW_COUNT;
	RETURN invited;
END;
$$;
COMMENT ON FUNCTION registry.invite(text, registry.area_code, integer, date, date, boolean) IS
	'invite the poorest candidates of an area, as registry.rank_candidates() ranks them, into so many places (NULL: all), who have until '
	'answer_by, NULL being 30 days, to come; again: those too whose invitation came to nothing; returns how many families, or households, '
	'were invited; a call an area gives each its quota';

CREATE FUNCTION registry.answer_invitation(household_id bigint, invitation_id bigint, answer text, on_date date DEFAULT registry.today(),
										   by_case bigint DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	was		record;
BEGIN
	IF coalesce(answer_invitation.answer NOT IN ('accepted', 'declined'), true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'an answer is accepted or declined';
	END IF;
	PERFORM registry.check_date(answer_invitation.on_date);
	PERFORM registry.lock_households(ARRAY[answer_invitation.household_id], '{}');
	SELECT i.invited_on, i.answer, i.outcome INTO was
	FROM nser.invitation AS i WHERE i.household_id = answer_invitation.household_id AND i.invitation_id = answer_invitation.invitation_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('household %s has no invitation %s', answer_invitation.household_id, coalesce(answer_invitation.invitation_id::text, 'NULL')),
			HINT = 'SELECT invitation_id, programme FROM nser.invitation lists them.';
	END IF;
	IF coalesce(was.outcome, was.answer) IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('invitation %s of household %s has been answered or settled: %s', answer_invitation.invitation_id,
				answer_invitation.household_id, coalesce(was.outcome, was.answer)),
			HINT = 'registry.enrol() takes in who comes all the same, as long as there is a place.';
	END IF;
	IF answer_invitation.on_date < was.invited_on THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('invitation %s of household %s is of a later day', answer_invitation.invitation_id, answer_invitation.household_id),
			HINT = format('on_date is %s at the earliest.', was.invited_on);
	END IF;
	UPDATE nser.invitation AS i SET answer = answer_invitation.answer, answered_on = answer_invitation.on_date, by_case = answer_invitation.by_case,
		outcome = CASE answer_invitation.answer WHEN 'declined' THEN 'declined' END,
		outcome_on = CASE answer_invitation.answer WHEN 'declined' THEN answer_invitation.on_date END
	WHERE i.household_id = answer_invitation.household_id AND i.invitation_id = answer_invitation.invitation_id;
END;
$$;
COMMENT ON FUNCTION registry.answer_invitation(bigint, bigint, text, date, bigint) IS
	'write down the answer to an open invitation, accepted or declined, which settles it; registry.enrol() settles one that was accepted';

CREATE FUNCTION registry.settle_invitations(on_date date DEFAULT registry.today(), within registry.area_code DEFAULT 'PK',
											OUT did_not_come bigint, OUT not_eligible bigint)
	LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM registry.check_date(settle_invitations.on_date);
	WITH settled AS (
		UPDATE nser.invitation AS i SET outcome_on = settle_invitations.on_date, enrolment_id = e.enrolment_id,
			outcome = CASE WHEN e.enrolment_id IS NOT NULL THEN 'enrolled' WHEN c.is_candidate IS false OR h.status <> 'registered' THEN 'not_eligible'
				ELSE 'did_not_come' END
		FROM nser.invitation AS o
		JOIN nser.household AS h ON h.household_id = o.household_id
		LEFT JOIN nser.candidacy AS c ON c.household_id = o.household_id AND c.programme = o.programme
		-- by someone who enrolled while others invited
		LEFT JOIN nser.enrolment AS e ON e.household_id = o.household_id AND e.programme = o.programme AND coalesce(e.line, 0) = coalesce(o.line, 0)
			AND e.exited_on IS NULL
		WHERE o.outcome IS NULL AND o.answer_by < settle_invitations.on_date AND o.area OPERATOR(registry.<@) settle_invitations.within
		AND i.household_id = o.household_id AND i.invitation_id = o.invitation_id AND i.outcome IS NULL
		RETURNING i.outcome
	)
	SELECT count(*) FILTER (WHERE s.outcome = 'did_not_come'), count(*) FILTER (WHERE s.outcome = 'not_eligible')
	INTO did_not_come, not_eligible
	FROM settled AS s;
END;
$$;
COMMENT ON FUNCTION registry.settle_invitations(date, registry.area_code) IS
	'settle the open invitations of an area whose answer_by has passed, answered or not: not_eligible who is no candidate any more, '
	'did_not_come everyone else, also where that is unknown; counts both; one who is in the programme all the same was enrolled';
