
-- duplicate queue: pairs for review, decided, merged and undone -------------------

CREATE FUNCTION registry.queue_duplicates(households bigint[], at_least real DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	added	bigint;
BEGIN
	INSERT INTO nser.duplicate (household_id, line, other_household, other_line, area, evidence, score)
	SELECT p.household_id, p.line, p.other_household, p.other_line, h.area, p.evidence, p.score
	FROM (
		-- a pair that is found from both sides stands once
		SELECT DISTINCT ON (o.household_id, o.line, o.other_household, o.other_line) o.*
		FROM registry.find_duplicates(queue_duplicates.households, queue_duplicates.at_least) AS d
		CROSS JOIN LATERAL (
			SELECT d.household_id, d.line, d.other_household, d.other_line, d.evidence, d.score
			WHERE (d.household_id, d.line) < (d.other_household, d.other_line)
			UNION ALL
			SELECT d.other_household, d.other_line, d.household_id, d.line, d.evidence, d.score
			WHERE (d.household_id, d.line) > (d.other_household, d.other_line)) AS o
		ORDER BY o.household_id, o.line, o.other_household, o.other_line, o.score DESC) AS p
	JOIN nser.household AS h ON h.household_id = p.household_id
	ON CONFLICT DO NOTHING;
	GET DIAGNOSTICS added = ROW_COUNT;
	RETURN added;
END;
$$;
COMMENT ON FUNCTION registry.queue_duplicates(bigint[], real) IS
	'find who in these households may be registered twice, and queue the pairs for review, but for those that were queued or '
	'decided before; returns how many were added';

CREATE FUNCTION registry.queue_duplicates(household_id bigint, at_least real DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql
AS $$
BEGIN
	RETURN registry.queue_duplicates(ARRAY[queue_duplicates.household_id], queue_duplicates.at_least);
END;
$$;
COMMENT ON FUNCTION registry.queue_duplicates(bigint, real) IS
	'find who in a household may be registered twice, and queue the pairs for review, but for those that were queued or decided '
	'before; returns how many were added';

-- A pair of the queue, in whichever order its two are named, locked.
CREATE FUNCTION registry.queued_duplicate(household_id bigint, line integer, other_household bigint, other_line integer,
										  OUT first_household bigint, OUT first_line smallint,
										  OUT second_household bigint, OUT second_line smallint,
										  OUT area registry.area_code, OUT state text,
										  OUT ended_household bigint, OUT ended_line smallint)
	LANGUAGE plpgsql
AS $$
BEGIN
	SELECT d.household_id, d.line, d.other_household, d.other_line, d.area, d.state, d.ended_household, d.ended_line
	INTO first_household, first_line, second_household, second_line, area, state, ended_household, ended_line
	FROM nser.duplicate AS d
	WHERE (d.household_id, d.line, d.other_household, d.other_line)
		= (queued_duplicate.household_id, queued_duplicate.line, queued_duplicate.other_household, queued_duplicate.other_line)
	OR (d.household_id, d.line, d.other_household, d.other_line)
		= (queued_duplicate.other_household, queued_duplicate.other_line, queued_duplicate.household_id, queued_duplicate.line)
	FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('line %s of household %s and line %s of household %s are not queued as duplicates',
				coalesce(queued_duplicate.line::text, 'NULL'), coalesce(queued_duplicate.household_id::text, 'NULL'),
				coalesce(queued_duplicate.other_line::text, 'NULL'), coalesce(queued_duplicate.other_household::text, 'NULL')),
			HINT = 'registry.queue_duplicates() queues the pairs of a household; nser.duplicate lists them.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.queued_duplicate(bigint, integer, bigint, integer) IS
	'a pair of nser.duplicate, in whichever order its two are named, locked until the transaction ends';

CREATE FUNCTION registry.decide_duplicate(household_id bigint, line integer, other_household bigint, other_line integer,
										  decision text, reason text DEFAULT NULL, new_head integer DEFAULT NULL)
	RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	pair	record;
	gone	record;
BEGIN
	IF decide_duplicate.decision IS NULL OR decide_duplicate.decision NOT IN ('same', 'different') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a decision on two records is "same" or "different"',
			HINT = 'Where they are the same person, the first named is kept and the second ended.';
	END IF;

	SELECT * INTO STRICT pair FROM registry.queued_duplicate(decide_duplicate.household_id, decide_duplicate.line,
		decide_duplicate.other_household, decide_duplicate.other_line) AS d;
	IF pair.state <> 'open' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('line %s of household %s and line %s of household %s have been decided: %s',
				pair.first_line, pair.first_household, pair.second_line, pair.second_household, pair.state),
			HINT = 'registry.undo_duplicate() opens the pair again.';
	END IF;

	IF decide_duplicate.decision = 'same' THEN
		SELECT p.household_id, p.line INTO gone
		FROM (VALUES (decide_duplicate.household_id, decide_duplicate.line),
					 (decide_duplicate.other_household, decide_duplicate.other_line)) AS p (household_id, line)
		WHERE NOT EXISTS (SELECT FROM nser.member AS m WHERE m.household_id = p.household_id AND m.line = p.line
						  AND m.valid_to IS NULL AND m.superseded_at IS NULL)
		LIMIT 1;
		IF FOUND THEN
			RAISE EXCEPTION USING
				ERRCODE = 'object_not_in_prerequisite_state',
				MESSAGE = format('line %s of household %s has ended, so nothing is left to merge', gone.line, gone.household_id),
				HINT = 'nser.member.end_reason tells why; decide "different" to settle the pair.';
		END IF;
		IF EXISTS (SELECT FROM nser.member AS m WHERE m.household_id = decide_duplicate.other_household AND m.line = decide_duplicate.other_line
				   AND m.valid_to IS NULL AND m.superseded_at IS NULL AND m.cnic IS NOT NULL)
		AND EXISTS (SELECT FROM nser.member AS m WHERE m.household_id = decide_duplicate.household_id AND m.line = decide_duplicate.line
					AND m.valid_to IS NULL AND m.superseded_at IS NULL AND m.cnic IS NULL) THEN
			RAISE EXCEPTION USING
				ERRCODE = 'check_violation',
				MESSAGE = format('line %s of household %s has the identity number of the two', decide_duplicate.other_line, decide_duplicate.other_household),
				HINT = 'Name it first, so that it is kept: the number stays with it.';
		END IF;
		PERFORM registry.end_member(household_id => decide_duplicate.other_household, line => decide_duplicate.other_line,
			reason => 'duplicate', new_head => decide_duplicate.new_head);
	END IF;

	UPDATE nser.duplicate AS d SET
		state = decide_duplicate.decision, decided_at = now(), decided_by = session_user,
		ended_household = CASE WHEN decide_duplicate.decision = 'same' THEN decide_duplicate.other_household END,
		ended_line = CASE WHEN decide_duplicate.decision = 'same' THEN decide_duplicate.other_line END
	WHERE d.household_id = pair.first_household AND d.line = pair.first_line
	AND d.other_household = pair.second_household AND d.other_line = pair.second_line;
	PERFORM registry.note_duplicate(pair.first_household, pair.first_line, pair.second_household, pair.second_line,
		decide_duplicate.decision, decide_duplicate.reason);
END;
$$;
COMMENT ON FUNCTION registry.decide_duplicate(bigint, integer, bigint, integer, text, text, integer) IS
	'settle a queued pair: "different", or "same", which keeps the first named and ends the second as a duplicate (with another '
	'head for its household, where that was the head)';

-- After nser.duplicate was brought up to date: its decision, for good.
CREATE FUNCTION registry.note_duplicate(household_id bigint, line integer, other_household bigint, other_line integer,
										decision text, reason text) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	INSERT INTO nser.duplicate_decision (household_id, line, other_household, other_line, decision_no, area, decision,
										 ended_household, ended_line, reason)
	SELECT d.household_id, d.line, d.other_household, d.other_line,
		1 + (SELECT count(*) FROM nser.duplicate_decision AS x
			 WHERE x.household_id = d.household_id AND x.line = d.line
			 AND x.other_household = d.other_household AND x.other_line = d.other_line),
		d.area, note_duplicate.decision, d.ended_household, d.ended_line, note_duplicate.reason
	FROM nser.duplicate AS d
	WHERE d.household_id = note_duplicate.household_id AND d.line = note_duplicate.line
	AND d.other_household = note_duplicate.other_household AND d.other_line = note_duplicate.other_line;
END;
$$;
COMMENT ON FUNCTION registry.note_duplicate(bigint, integer, bigint, integer, text, text) IS
	'add a decision on a pair of nser.duplicate to its history, nser.duplicate_decision';

CREATE FUNCTION registry.undo_duplicate(household_id bigint, line integer, other_household bigint, other_line integer,
										reason text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	pair	record;
BEGIN
	SELECT * INTO STRICT pair FROM registry.queued_duplicate(undo_duplicate.household_id, undo_duplicate.line,
		undo_duplicate.other_household, undo_duplicate.other_line) AS d;
	IF pair.state = 'open' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('line %s of household %s and line %s of household %s have no decision to undo',
				pair.first_line, pair.first_household, pair.second_line, pair.second_household),
			HINT = 'registry.decide_duplicate() makes one.';
	END IF;

	IF pair.state = 'same' THEN
		PERFORM registry.reinstate_member(household_id => pair.ended_household, line => pair.ended_line::integer);
	END IF;
	UPDATE nser.duplicate AS d SET
		state = 'open', decided_at = NULL, decided_by = NULL, ended_household = NULL, ended_line = NULL
	WHERE d.household_id = pair.first_household AND d.line = pair.first_line
	AND d.other_household = pair.second_household AND d.other_line = pair.second_line;
	PERFORM registry.note_duplicate(pair.first_household, pair.first_line, pair.second_household, pair.second_line,
		'undone', undo_duplicate.reason);
END;
$$;
COMMENT ON FUNCTION registry.undo_duplicate(bigint, integer, bigint, integer, text) IS
	'take back the decision on a pair, which is open again; who was ended as a duplicate is a member again';
