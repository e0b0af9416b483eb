
-- reinstatement: ends that were recorded by mistake, undone ------------------------

-- Who was widowed by a death alone is married again, on every row since the last that
-- names the spouse; not who remarried, moved or divorced meanwhile.
CREATE FUNCTION registry.undo_widowing(household_id bigint, line integer, spouse_line integer, died_on date, by_case bigint) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	widowed		record;
	rows_since	record;
	since		integer;
BEGIN
	FOR widowed IN
		SELECT DISTINCT ON (p.line) p.line::integer AS line, p.version, p.marital_status, p.spouse_line
		FROM nser.member AS p
		LEFT JOIN LATERAL (
			SELECT r.spouse_line
			FROM nser.survey AS v CROSS JOIN LATERAL registry.members(v.roster) AS r
			WHERE v.household_id = p.household_id AND v.is_full AND r.line = p.line
			ORDER BY v.submitted_at DESC, v.survey_id DESC LIMIT 1) AS a ON true
		WHERE p.household_id = undo_widowing.household_id AND p.line <> undo_widowing.line AND p.superseded_at IS NULL
		AND p.end_reason = 'changed' AND p.valid_to >= undo_widowing.died_on AND coalesce(p.marital_status, 'married') = 'married'
		AND (coalesce(p.spouse_line, a.spouse_line) = undo_widowing.line OR p.spouse_line IS NULL AND p.line = undo_widowing.spouse_line)
		ORDER BY p.line, p.version DESC
	LOOP
		SELECT array_agg(m.version ORDER BY m.version) AS versions, bool_or(m.marital_status = 'widowed') AS is_widowed,
			bool_and(coalesce(m.marital_status = 'widowed', false))
				AND bool_or(m.valid_to IS NULL OR m.end_reason IN ('died', 'left')) AS by_that_alone INTO rows_since
		FROM nser.member AS m
		WHERE m.household_id = undo_widowing.household_id AND m.line = widowed.line AND m.version > widowed.version AND m.superseded_at IS NULL;
		IF rows_since.by_that_alone THEN
			UPDATE nser.member AS m SET superseded_at = greatest(now(), m.recorded_at), closed_by = coalesce(m.closed_by, undo_widowing.by_case)
			WHERE m.household_id = undo_widowing.household_id AND m.line = widowed.line AND m.version = ANY (rows_since.versions);
			FOREACH since IN ARRAY rows_since.versions LOOP
				PERFORM registry.next_version(undo_widowing.household_id, widowed.line, since,
					jsonb_build_object('marital_status', widowed.marital_status, 'spouse_line', widowed.spouse_line), NULL, undo_widowing.by_case);
			END LOOP;
		ELSIF rows_since.is_widowed THEN
			RAISE WARNING 'line % of household % was widowed by that death, and has changed since', widowed.line, undo_widowing.household_id
				USING HINT = 'registry.correct_member() writes what the marital status is now.';
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.undo_widowing(bigint, integer, integer, date, bigint) IS
	'who was widowed by the death of a line, which was not, is married again; spouse_line is the spouse''s the line named; '
	'a warning where the widowed has changed since';

CREATE FUNCTION registry.reinstate_member(household_id bigint, line integer, relationship registry.relationship DEFAULT NULL,
										  by_case bigint DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	ended		record;
	head		record;
	before		registry.roster;
	was			registry.relationship;
	comes_back	registry.relationship := reinstate_member.relationship;
	mourned		bigint;
BEGIN
	PERFORM registry.lock_households(ARRAY[reinstate_member.household_id], '{}');
	SELECT m.version, m.relationship, m.valid_to, m.end_reason INTO ended
	FROM nser.member AS m
	WHERE m.household_id = reinstate_member.household_id AND m.line = reinstate_member.line AND m.superseded_at IS NULL
	ORDER BY m.version DESC LIMIT 1;
	IF NOT FOUND THEN
		PERFORM registry.require_member(reinstate_member.household_id, reinstate_member.line);
	END IF;
	IF coalesce(ended.end_reason NOT IN ('died', 'left', 'duplicate'), true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('line %s of household %s %s', reinstate_member.line, reinstate_member.household_id,
							 CASE WHEN ended.end_reason = 'moved' THEN 'has moved' ELSE 'is live' END),
			HINT = 'Only an end as died, left or duplicate is undone; who moved moves back by registry.move_member().';
	END IF;

	-- a programme may have paid for it: that it never was is for whoever recorded it to say
	SELECT s.household_shock_id INTO mourned
	FROM nser.household_shock AS s
	WHERE s.household_id = reinstate_member.household_id AND s.line = reinstate_member.line AND s.kind = 'breadwinner_death';
	IF ended.end_reason = 'died' AND FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('the death of line %s of household %s is recorded as a shock of the household',
							 reinstate_member.line, reinstate_member.household_id),
			HINT = format('Withdraw that first: DELETE FROM nser.household_shock WHERE household_shock_id = %s.', mourned);
	END IF;

	before := registry.live_roster(reinstate_member.household_id, registry.today(), ARRAY[reinstate_member.line]);
	SELECT r.relationship INTO was FROM registry.members(before) AS r WHERE r.line = reinstate_member.line;
	SELECT m.line, m.relationship IS NULL OR coalesce(p.relationship = 'head', m.version = 1) OR m.valid_from < ended.valid_to AS was_head INTO head
	FROM nser.member AS m
	LEFT JOIN nser.member AS p ON p.household_id = m.household_id AND p.line = m.line AND p.version = m.version - 1
	WHERE m.household_id = reinstate_member.household_id AND m.valid_to IS NULL AND m.superseded_at IS NULL
	AND m.line = registry.head_line(reinstate_member.household_id);
	IF comes_back IS NULL THEN
		comes_back := CASE
			WHEN head.line IS NULL THEN 'head'
			WHEN was IS DISTINCT FROM 'head' AND head.was_head THEN ended.relationship
			ELSE coalesce((SELECT r.relationship FROM registry.relationships(before, head.line) AS r
						   WHERE r.line = reinstate_member.line AND r.evidence = 'lines'), 'other')
		END;
	END IF;
	UPDATE nser.household AS h SET status = 'registered'
	WHERE h.household_id = reinstate_member.household_id AND h.status = 'dissolved';
	IF EXISTS (SELECT FROM nser.household AS h WHERE h.household_id = reinstate_member.household_id AND h.status = 'merged') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('household %s is merged', reinstate_member.household_id),
			HINT = 'registry.correct_cnic() takes the number from that line; register the person where the others live.';
	END IF;
	PERFORM registry.next_version(reinstate_member.household_id, reinstate_member.line, ended.version,
		jsonb_build_object('valid_to', NULL, 'end_reason', NULL, 'closed_by', NULL,
			'relationship', CASE WHEN ended.relationship IS NULL THEN comes_back ELSE ended.relationship END), NULL, reinstate_member.by_case);
	-- what the member was until then stays so; what it is now, it is since
	PERFORM registry.restate_member(m.household_id, m.line::integer, comes_back, m.marital_status, m.spouse_line::integer, ended.valid_to, reinstate_member.by_case)
	FROM nser.member AS m
	WHERE m.household_id = reinstate_member.household_id AND m.line = reinstate_member.line AND m.valid_to IS NULL AND m.superseded_at IS NULL;
	PERFORM registry.reinstate_enrolments(reinstate_member.household_id, reinstate_member.line, ended.end_reason, ended.valid_to, reinstate_member.by_case);

	IF ended.end_reason = 'died' THEN
		PERFORM registry.undo_widowing(reinstate_member.household_id, reinstate_member.line, r.spouse_line, ended.valid_to, reinstate_member.by_case)
		FROM registry.members(before) AS r
		WHERE r.line = reinstate_member.line;
	END IF;
	-- whose spouse died meanwhile is widowed since
	PERFORM registry.restate_member(m.household_id, m.line::integer, m.relationship, 'widowed', NULL, s.valid_to, reinstate_member.by_case)
	FROM nser.member AS m
	JOIN registry.members(before) AS r ON r.line = m.line
	JOIN LATERAL (SELECT x.valid_to, x.end_reason FROM nser.member AS x
				  WHERE x.household_id = m.household_id AND x.line = r.spouse_line AND x.superseded_at IS NULL
				  ORDER BY x.version DESC LIMIT 1) AS s ON s.end_reason = 'died'
	WHERE m.household_id = reinstate_member.household_id AND m.line = reinstate_member.line
	AND m.valid_to IS NULL AND m.superseded_at IS NULL AND r.marital_status = 'married'
	AND NOT EXISTS (SELECT FROM registry.members(before) AS w
					JOIN nser.member AS y ON y.household_id = m.household_id AND y.line = w.line AND y.valid_to IS NULL AND y.superseded_at IS NULL
					WHERE w.spouse_line = m.line AND w.marital_status = 'married');
	RETURN registry.record_roster(reinstate_member.household_id, registry.today(), by_case => reinstate_member.by_case);
END;
$$;
COMMENT ON FUNCTION registry.reinstate_member(bigint, integer, registry.relationship, bigint) IS
	'undo an end (died, left, duplicate) that was recorded by mistake, and the widowing by it; where there is another head by now, '
	'relationship says what the member is, else lines of spouses and parents, else it is other; returns the survey_id of the roster '
	'update; refused while the death is recorded as a shock of the household';
