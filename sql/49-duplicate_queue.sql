
-- duplicate queue: pairs for review, decided, merged and undone -------------------

-- A move writes the same person on a new line, from the day on which the old one
-- ended as moved, with what the registry knew.  Who had left first is not followed.
CREATE FUNCTION registry.told_apart(household_id bigint, line smallint, other_household bigint, other_line smallint) RETURNS boolean
	LANGUAGE plpgsql STABLE STRICT
	SET enable_seqscan = off
AS $$
BEGIN
	RETURN EXISTS (
		WITH RECURSIVE lived (side, household_id, line) AS (
			VALUES (1, told_apart.household_id, told_apart.line), (2, told_apart.other_household, told_apart.other_line)
			UNION
			SELECT l.side, o.household_id, o.line
			FROM lived AS l
			JOIN nser.member AS m ON m.household_id = l.household_id AND m.line = l.line AND m.version = 1
			-- by the index, however few the statistics say have moved
			CROSS JOIN LATERAL (
				SELECT x.* FROM nser.member AS x
				WHERE x.end_reason = 'moved' AND x.valid_to = m.valid_from AND x.name = m.name
				OFFSET 0) AS o
			WHERE (o.father_name, o.birth_date, o.sex, o.cnic::bigint) IS NOT DISTINCT FROM (m.father_name, m.birth_date, m.sex, m.cnic::bigint)
		)
		SELECT FROM lived AS a
		JOIN lived AS b ON b.side <> a.side
		JOIN nser.duplicate AS d ON d.household_id = a.household_id AND d.line = a.line
			AND d.other_household = b.household_id AND d.other_line = b.line
		WHERE d.state = 'different');
END;
$$;
COMMENT ON FUNCTION registry.told_apart(bigint, smallint, bigint, smallint) IS
	'whether two members were decided to be different people, where they live or where they lived before they moved';

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
	WHERE NOT registry.told_apart(p.household_id, p.line, p.other_household, p.other_line)
	-- who moves the household waits, and then takes the pair along
	FOR KEY SHARE OF h
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

CREATE FUNCTION registry.queue_range(first_household bigint, last_household bigint,
									 OUT surveys bigint, OUT written bigint)
	LANGUAGE plpgsql STRICT
AS $$
DECLARE
	part	bigint[];
BEGIN
	surveys := 0;
	written := 0;
	LOOP
		part := ARRAY(SELECT h.household_id FROM nser.household AS h
					  WHERE h.household_id BETWEEN coalesce(part[cardinality(part)] + 1, first_household) AND last_household
					  ORDER BY h.household_id LIMIT 50);
		EXIT WHEN cardinality(part) = 0;
		surveys := surveys + cardinality(part);
		written := written + registry.queue_duplicates(part);
		EXIT WHEN part[cardinality(part)] >= last_household;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.queue_range(bigint, bigint) IS
	'queue_duplicates() for a range of households, some 50 at a time; counts the households, as surveys, and the pairs that were added';

CREATE PROCEDURE registry.queue_all_duplicates(batch integer DEFAULT 500)
	LANGUAGE plpgsql
AS $$
BEGIN
	CALL registry.run_batches('duplicates', '', batch);
END;
$$;
COMMENT ON PROCEDURE registry.queue_all_duplicates(integer) IS
	'queue_duplicates() for every household, committing each batch; goes on where an interrupted run stopped; nser.batch_run '
	'shows the progress; a batch of NULL is one transaction';

-- A pair of the queue, in whichever order its two are named, locked.
CREATE FUNCTION registry.queued_duplicate(household_id bigint, line integer, other_household bigint, other_line integer,
										  OUT first_household bigint, OUT first_line smallint,
										  OUT second_household bigint, OUT second_line smallint,
										  OUT area registry.area_code, OUT state text,
										  OUT ended_household bigint, OUT ended_line smallint, OUT decided_at timestamptz)
	LANGUAGE plpgsql
AS $$
BEGIN
	SELECT d.household_id, d.line, d.other_household, d.other_line, d.area, d.state, d.ended_household, d.ended_line, d.decided_at
	INTO first_household, first_line, second_household, second_line, area, state, ended_household, ended_line, decided_at
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
										  decision text, reason text DEFAULT NULL, new_head integer DEFAULT NULL,
										  by_case bigint DEFAULT NULL)
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

	-- households before pairs, as who moves one does
	PERFORM registry.lock_households(ARRAY[decide_duplicate.household_id, decide_duplicate.other_household], '{}');
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
		SELECT p.household_id, p.line,
			(SELECT m.end_reason FROM nser.member AS m WHERE m.household_id = p.household_id AND m.line = p.line AND m.superseded_at IS NULL
			 ORDER BY m.version DESC LIMIT 1) AS end_reason INTO gone
		FROM (VALUES (decide_duplicate.household_id, decide_duplicate.line),
					 (decide_duplicate.other_household, decide_duplicate.other_line)) AS p (household_id, line)
		WHERE NOT EXISTS (SELECT FROM nser.member AS m WHERE m.household_id = p.household_id AND m.line = p.line
						  AND m.valid_to IS NULL AND m.superseded_at IS NULL)
		LIMIT 1;
		IF FOUND THEN
			RAISE EXCEPTION USING
				ERRCODE = 'object_not_in_prerequisite_state',
				MESSAGE = format('line %s of household %s has ended, so nothing is left to merge', gone.line, gone.household_id),
				HINT = CASE gone.end_reason
					WHEN 'moved' THEN 'registry.queue_duplicates() of the household moved to queues the pair again.'
					ELSE 'nser.member.end_reason tells why; decide "different" to settle the pair.'
				END;
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
		-- the one who goes takes no husband or child along
		IF decide_duplicate.household_id = decide_duplicate.other_household THEN
			SELECT r.line INTO gone
			FROM registry.members(registry.live_roster(decide_duplicate.household_id, registry.today())) AS r
			WHERE decide_duplicate.other_line IN (r.spouse_line, r.father_line, r.mother_line)
			ORDER BY r.line LIMIT 1;
			IF FOUND THEN
				RAISE EXCEPTION USING
					ERRCODE = 'object_not_in_prerequisite_state',
					MESSAGE = format('line %s of household %s has line %s as spouse, father or mother', gone.line,
						decide_duplicate.household_id, decide_duplicate.other_line),
					HINT = format('Give it line %s first, by registry.correct_member().', decide_duplicate.line);
			END IF;
		END IF;
		PERFORM registry.keep_benefits(decide_duplicate.other_household, decide_duplicate.other_line,
			decide_duplicate.household_id, decide_duplicate.line, decide_duplicate.by_case);
		PERFORM registry.end_member(household_id => decide_duplicate.other_household, line => decide_duplicate.other_line,
			reason => 'duplicate', new_head => decide_duplicate.new_head, by_case => decide_duplicate.by_case);
	END IF;

	UPDATE nser.duplicate AS d SET
		state = decide_duplicate.decision,
		ended_household = CASE WHEN decide_duplicate.decision = 'same' THEN decide_duplicate.other_household END,
		ended_line = CASE WHEN decide_duplicate.decision = 'same' THEN decide_duplicate.other_line END
	WHERE d.household_id = pair.first_household AND d.line = pair.first_line
	AND d.other_household = pair.second_household AND d.other_line = pair.second_line;
	PERFORM registry.note_duplicate(pair.first_household, pair.first_line, pair.second_household, pair.second_line,
		decide_duplicate.decision, decide_duplicate.reason);
END;
$$;
COMMENT ON FUNCTION registry.decide_duplicate(bigint, integer, bigint, integer, text, text, integer, bigint) IS
	'settle a queued pair: "different", or "same", which keeps the first named and ends the second as a duplicate (with another '
	'head for its household, where that was the head); its benefits go on at the first, unless that holds the programme';

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
	ended	text;
BEGIN
	PERFORM registry.lock_households(ARRAY[undo_duplicate.household_id, undo_duplicate.other_household], '{}');
	SELECT * INTO STRICT pair FROM registry.queued_duplicate(undo_duplicate.household_id, undo_duplicate.line,
		undo_duplicate.other_household, undo_duplicate.other_line) AS d;
	IF pair.state = 'open' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('line %s of household %s and line %s of household %s have no decision to undo',
				pair.first_line, pair.first_household, pair.second_line, pair.second_household),
			HINT = 'registry.decide_duplicate() makes one.';
	END IF;

	-- reinstated before, by hand, the line is live, or ended otherwise or by a later decision: that stands
	SELECT m.end_reason INTO ended
	FROM nser.member AS m
	WHERE m.household_id = pair.ended_household AND m.line = pair.ended_line AND m.superseded_at IS NULL
	ORDER BY m.version DESC LIMIT 1;
	IF ended = 'duplicate' AND NOT EXISTS (
		SELECT FROM nser.duplicate AS d
		WHERE ((d.household_id, d.line) = (pair.ended_household, pair.ended_line)
			   OR (d.other_household, d.other_line) = (pair.ended_household, pair.ended_line))
		AND (d.ended_household, d.ended_line) = (pair.ended_household, pair.ended_line) AND d.decided_at > pair.decided_at)
	THEN
		IF EXISTS (SELECT FROM nser.household AS h WHERE h.household_id = pair.ended_household AND h.status = 'merged') THEN
			RAISE EXCEPTION USING
				ERRCODE = 'object_not_in_prerequisite_state',
				MESSAGE = format('line %s of household %s cannot be a member again, as the household was merged into another',
					pair.ended_line, pair.ended_household),
				HINT = 'The decision stands: register the person with registry.register_member() where the others live; '
					   'registry.correct_cnic() first takes the number, if there is one, from that line.';
		END IF;
		PERFORM registry.reinstate_member(household_id => pair.ended_household, line => pair.ended_line::integer);
	END IF;
	PERFORM registry.return_benefits(pair.ended_household, pair.ended_line, k.household_id, k.line)
	FROM (VALUES (pair.first_household, pair.first_line), (pair.second_household, pair.second_line)) AS k (household_id, line)
	WHERE (k.household_id, k.line) <> (pair.ended_household, pair.ended_line);
	UPDATE nser.duplicate AS d SET
		state = 'open', ended_household = NULL, ended_line = NULL
	WHERE d.household_id = pair.first_household AND d.line = pair.first_line
	AND d.other_household = pair.second_household AND d.other_line = pair.second_line;
	PERFORM registry.note_duplicate(pair.first_household, pair.first_line, pair.second_household, pair.second_line,
		'undone', undo_duplicate.reason);
END;
$$;
COMMENT ON FUNCTION registry.undo_duplicate(bigint, integer, bigint, integer, text) IS
	'take back the decision on a pair, which is open again; who was ended as a duplicate is a member again, if not already, and gets back '
	'what the other holds still';

CREATE FUNCTION registry.sign_decision() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	NEW.decided_by := session_user;
	NEW.decided_at := now();
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.sign_decision() IS 'trigger: a decision bears the name of who made it, and the time';

CREATE FUNCTION registry.keep_pair() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	kept	record := OLD;
BEGIN
	kept.area := NEW.area;
	kept.other_area := NEW.other_area;
	IF NEW.state <> OLD.state THEN
		NEW.decided_at := CASE WHEN NEW.state <> 'open' THEN now() END;
		NEW.decided_by := CASE WHEN NEW.state <> 'open' THEN session_user END;
		kept.state := NEW.state;
		kept.decided_at := NEW.decided_at;
		kept.decided_by := NEW.decided_by;
		kept.ended_household := NEW.ended_household;
		kept.ended_line := NEW.ended_line;
	END IF;
	IF kept OPERATOR(pg_catalog.*=) NEW THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('of rows of %I.%I nothing changes but the decision, and the area', TG_TABLE_SCHEMA, TG_TABLE_NAME),
		HINT = 'registry.decide_duplicate() and registry.undo_duplicate() change the decision, and sign it.';
END;
$$;
COMMENT ON FUNCTION registry.keep_pair() IS
	'trigger: a pair stays as it was found, but for its area and what is decided, with the name of who decides';
