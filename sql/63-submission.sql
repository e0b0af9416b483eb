
-- submission: steps of cases from tablets that were offline --------------------------
--
-- They arrive late, in any order, and more than once.  Each is kept when it arrives,
-- and done when what it follows is done: the request it names, or the step it expects.
-- So the order of arrival decides nothing.

CREATE FUNCTION registry.submission_fields(OUT key text, OUT type regtype, OUT of_call text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 21
BEGIN ATOMIC
	SELECT f.key, f.type, f.of_call
	FROM (VALUES
		('request_id', 'uuid'::regtype, 'both'), ('call', 'text', 'both'), ('taken_at', 'timestamptz', 'both'), ('sequence', 'bigint', 'both'),
		('operator', 'bigint', 'both'), ('household_id', 'bigint', 'both'), ('after', 'uuid', 'both'),
		('update_type', 'registry.update_type', 'open'), ('area', 'registry.area_code', 'open'), ('applicant', 'registry.cnic', 'open'),
		('centre', 'bigint', 'open'), ('mode', 'text', 'open'), ('priority', 'jsonb', 'open'), ('about_case', 'bigint', 'open'),
		('case', 'uuid', 'advance'), ('case_id', 'bigint', 'advance'), ('expected_step', 'integer', 'advance'),
		('event', 'registry.case_event', 'advance'), ('content', 'jsonb', 'advance'), ('reason', 'text', 'advance')) AS f (key, type, of_call);
END;
COMMENT ON FUNCTION registry.submission_fields() IS 'keys of a submission, the types of their values, and of which call they are: open, advance or both';

CREATE FUNCTION registry.submission_error(submission jsonb) RETURNS text
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	problem	text;
BEGIN
	IF coalesce(jsonb_typeof(submission) <> 'object', true) THEN
		RETURN 'it is not an object';
	END IF;
	IF coalesce(submission ->> 'call' NOT IN ('open', 'advance'), true) THEN
		RETURN '"call" is neither open nor advance';
	END IF;
	SELECT string_agg(CASE
			-- a misspelt key would be lost
			WHEN f.key IS NULL THEN format('it has a key that %s has not', submission ->> 'call')
			ELSE format('"%s" is not a value of type %s', f.key, f.type) END, '; ' ORDER BY f.key) INTO problem
	FROM jsonb_each(submission) AS e
	LEFT JOIN registry.submission_fields() AS f ON f.key = e.key AND f.of_call IN ('both', submission ->> 'call')
	WHERE f.key IS NULL
	OR f.type <> 'jsonb'::regtype AND jsonb_typeof(e.value) <> 'null'
		AND (jsonb_typeof(e.value) NOT IN ('string', 'number') OR (registry.input_error(f.type, e.value #>> '{}')).error_code IS NOT NULL)
	OR f.key = 'priority' AND NOT (jsonb_typeof(e.value) = 'array' AND e.value <@ '["disabled", "pregnant", "elderly"]');
	IF problem IS NULL THEN
		problem := CASE
			WHEN submission ->> 'request_id' IS NULL THEN 'it has no "request_id"'
			-- without a zone it would be another time in another session
			WHEN coalesce(submission ->> 'taken_at' !~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)$', true)
				THEN '"taken_at" is missing, or is no full date and time with its zone'
			WHEN (submission ->> 'after')::uuid = (submission ->> 'request_id')::uuid THEN 'it follows itself'
			WHEN submission ->> 'call' = 'open' AND submission ->> 'update_type' IS NULL THEN 'it has no "update_type"'
			WHEN submission ->> 'call' = 'open' THEN NULL
			WHEN submission ->> 'event' IS NULL THEN 'it has no "event"'
			WHEN submission ->> 'after' IS NULL AND submission ->> 'case' IS NULL
				AND (submission ->> 'household_id' IS NULL OR submission ->> 'case_id' IS NULL) THEN 'it names no case'
			WHEN submission ->> 'after' IS NULL AND submission ->> 'expected_step' IS NULL THEN 'it does not say what it follows'
		END;
	END IF;
	RETURN problem;
END;
$$;
COMMENT ON FUNCTION registry.submission_error(jsonb) IS 'what is wrong with the form of a submission, without quoting a value; NULL where nothing is';

CREATE FUNCTION registry.try_submission(request_id uuid, as_it_is boolean DEFAULT false) RETURNS boolean
	LANGUAGE plpgsql
AS $$
DECLARE
	sent		jsonb;
	on_case		record;
	follows		integer;
	head		record;
	at			timestamptz;
	done		record;
	code		text;
	words		text;
	more		text;
BEGIN
	SELECT s.payload INTO sent FROM nser.submission AS s WHERE s.request_id = try_submission.request_id;
	IF sent ->> 'after' IS NOT NULL THEN
		SELECT s.household_id, s.case_id, s.step INTO on_case FROM nser.case_step AS s WHERE s.request_id = (sent ->> 'after')::uuid;
		follows := on_case.step;
		IF NOT FOUND AND try_submission.as_it_is THEN
			-- the case is that of what comes before what it follows
			WITH RECURSIVE up (request_id) AS (
				SELECT (sent ->> 'after')::uuid
				UNION
				SELECT s.follows FROM up AS u JOIN nser.submission AS s ON s.request_id = u.request_id WHERE s.follows IS NOT NULL
			)
			SELECT s.household_id, s.case_id, s.step INTO on_case FROM up AS u JOIN nser.case_step AS s ON s.request_id = u.request_id LIMIT 1;
		END IF;
	ELSIF sent ->> 'case' IS NOT NULL THEN
		SELECT s.household_id, s.case_id, s.step INTO on_case
		FROM nser.case_step AS s WHERE s.request_id = (sent ->> 'case')::uuid AND s.event = 'open';
	ELSE
		SELECT (sent ->> 'household_id')::bigint AS household_id, (sent ->> 'case_id')::bigint AS case_id, NULL::integer AS step INTO on_case;
	END IF;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	IF sent ->> 'call' = 'advance' THEN
		follows := coalesce((sent ->> 'expected_step')::integer, follows);
		SELECT c.last_step, registry.is_final(c.state) AS has_ended, o.request_id AS opened_by, l.taken_at INTO head
		FROM nser.update_case AS c
		JOIN nser.case_step AS o ON o.household_id = c.household_id AND o.case_id = c.case_id AND o.step = 1
		JOIN nser.case_step AS l ON l.household_id = c.household_id AND l.case_id = c.case_id AND l.step = c.last_step
		WHERE c.household_id = on_case.household_id AND c.case_id = on_case.case_id;
		IF head.last_step < follows AND NOT head.has_ended THEN
			RETURN false;		-- what it expects is still to come
		END IF;
	END IF;

	BEGIN
		IF sent ->> 'call' = 'open' THEN
			SELECT o.household_id, o.case_id, o.step INTO done
			FROM registry.open_case((sent ->> 'update_type')::registry.update_type, (sent ->> 'household_id')::bigint, try_submission.request_id,
				(sent ->> 'area')::registry.area_code, (sent ->> 'applicant')::registry.cnic, (sent ->> 'centre')::bigint,
				(sent ->> 'operator')::bigint, coalesce(sent ->> 'mode', 'mobile'),
				ARRAY(SELECT p.value FROM jsonb_array_elements_text(coalesce(sent -> 'priority', '[]')) AS p), (sent ->> 'about_case')::bigint,
				(sent ->> 'taken_at')::timestamptz) AS o;
		ELSE
			IF (sent ->> 'household_id')::bigint <> on_case.household_id OR (sent ->> 'case_id')::bigint <> on_case.case_id
			OR (sent ->> 'case')::uuid <> head.opened_by THEN
				RAISE EXCEPTION USING ERRCODE = 'RG010', MESSAGE = 'the submission is malformed: it names two cases';
			ELSIF sent ->> 'after' IS NOT NULL AND on_case.step <> follows AND NOT try_submission.as_it_is THEN
				RAISE EXCEPTION USING ERRCODE = 'RG010', MESSAGE = 'the submission is malformed: it follows one step, and expects another';
			END IF;
			at := (sent ->> 'taken_at')::timestamptz;
			IF try_submission.as_it_is THEN
				at := greatest(at, head.taken_at);		-- as the case stands now, it follows that
			END IF;
			SELECT on_case.household_id, on_case.case_id, a.step INTO done
			FROM registry.advance_case(on_case.household_id, on_case.case_id, (sent ->> 'event')::registry.case_event, try_submission.request_id,
				nullif(sent -> 'content', 'null'), sent ->> 'reason', (sent ->> 'operator')::bigint, at,
				CASE WHEN NOT try_submission.as_it_is THEN follows END) AS a;
		END IF;
		UPDATE nser.submission AS s SET state = 'done', payload = NULL, decided_at = clock_timestamp(), sqlstate = NULL, reason = NULL,
			for_household = done.household_id, for_case = done.case_id, step = done.step
		WHERE s.request_id = try_submission.request_id;
		RETURN true;
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, words = MESSAGE_TEXT, more = PG_EXCEPTION_DETAIL;
		-- what the server is short of, or the transaction is not, it is for all of the batch
		IF code ~ '^(25|53)' THEN
			RAISE;
		END IF;
	END;
	-- others were in the way: another time
	UPDATE nser.submission AS s SET state = CASE WHEN code ~ '^(40|55P03|57|58)' THEN 'waiting' ELSE 'refused' END,
		decided_at = clock_timestamp(), sqlstate = code,
		-- of other errors than the registry's own the detail may show a row
		reason = words || CASE WHEN code ~ '^RG' AND more <> '' THEN ': ' || more ELSE '' END
	WHERE s.request_id = try_submission.request_id;
	RETURN code !~ '^(40|55P03|57|58)';
END;
$$;
COMMENT ON FUNCTION registry.try_submission(uuid, boolean) IS
	'do a submission if what it follows is done, as_it_is even where its case has moved on since, and keep what came of it; whether it '
	'was decided; an error of class 53, as of memory or locks, or 25, of the transaction, is the caller''s';

CREATE FUNCTION registry.followers(request_id uuid) RETURNS uuid[]
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET jit = off
AS $$
DECLARE
	done	record;
	opening	uuid;
BEGIN
	-- one by one, each by its key
	SELECT s.for_household, s.for_case INTO done FROM nser.submission AS s WHERE s.request_id = followers.request_id AND s.state = 'done';
	SELECT s.request_id INTO opening
	FROM nser.case_step AS s
	WHERE s.household_id = done.for_household AND s.case_id = done.for_case AND s.step = 1;
	RETURN ARRAY(
		SELECT s.request_id FROM nser.submission AS s WHERE s.state = 'waiting' AND s.follows = followers.request_id
		UNION ALL
		SELECT s.request_id FROM nser.submission AS s WHERE s.state = 'waiting' AND s.follows = opening
		UNION ALL
		SELECT s.request_id FROM nser.submission AS s
		WHERE s.state = 'waiting' AND s.for_household = done.for_household AND s.for_case = done.for_case);
END;
$$;
COMMENT ON FUNCTION registry.followers(uuid) IS 'the submissions that wait for a request, or for a step of the case that it was done on';

CREATE FUNCTION registry.do_submissions(sent uuid[] DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET jit = off
AS $$
DECLARE
	ready	uuid[];
	one		uuid;
	next	uuid[];
	done	bigint := 0;
BEGIN
	LOCK TABLE nser.submission IN SHARE ROW EXCLUSIVE MODE;
	IF do_submissions.sent IS NULL THEN
		next := ARRAY(SELECT s.request_id FROM nser.submission AS s WHERE s.state = 'waiting');
	ELSE
		-- what was in the way of others once may not be now
		next := do_submissions.sent || ARRAY(SELECT s.request_id FROM nser.submission AS s WHERE s.state = 'waiting' AND s.sqlstate IS NOT NULL);
	END IF;
	WHILE next <> '{}' LOOP
		ready := ARRAY(SELECT s.request_id FROM nser.submission AS s WHERE s.request_id = ANY (next) AND s.state = 'waiting'
					   ORDER BY s.taken_at, s.device, s.sequence, s.request_id);
		next := '{}';
		FOREACH one IN ARRAY ready LOOP
			IF registry.try_submission(one) THEN
				next := next || registry.followers(one);
				done := done + 1;
			END IF;
		END LOOP;
	END LOOP;
	RETURN done;
END;
$$;
COMMENT ON FUNCTION registry.do_submissions(uuid[]) IS
	'do those of the submissions that wait whose time has come, what others were in the way of, and then what follows them; NULL: all that '
	'wait, which is for the night, when somebody may have taken their cases on otherwise; returns how many were decided';

-- One batch at a time: what one device sent may be what another's follows.
CREATE FUNCTION registry.receive_submissions(batch jsonb, device text DEFAULT NULL)
	RETURNS TABLE (request_id uuid, outcome text, household_id bigint, case_id bigint, step integer, sqlstate text, reason text)
	LANGUAGE plpgsql
AS $$
DECLARE
	element		record;
	problem		text;
	id			uuid;
	own_hash	bytea;
	known		bytea;
	ids			uuid[] := '{}'::uuid[];
	was_done	uuid[];
BEGIN
	IF coalesce(jsonb_typeof(receive_submissions.batch) <> 'array', true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a batch is an array of submissions',
			HINT = 'registry.receive_submissions(''[{"request_id": "...", "call": "open", "taken_at": "2025-03-01T10:00:00+05:00", ...}]'').';
	END IF;
	IF jsonb_array_length(receive_submissions.batch) > 5000 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG010',
			MESSAGE = format('a batch of %s submissions is too long', jsonb_array_length(receive_submissions.batch)),
			HINT = 'Send it in pieces of at most 5000; the order of the pieces does not matter.';
	END IF;
	-- none that others can hold who may not write here
	LOCK TABLE nser.submission IN SHARE ROW EXCLUSIVE MODE;

	FOR element IN SELECT e.value FROM jsonb_array_elements(receive_submissions.batch) WITH ORDINALITY AS e (value, no) ORDER BY e.no LOOP
		problem := registry.submission_error(element.value);
		-- what cannot be told by an id is told by what it says
		id := md5(element.value::text)::uuid;
		IF jsonb_typeof(element.value) = 'object' AND (registry.input_error('uuid', element.value ->> 'request_id')).error_code IS NULL THEN
			id := coalesce((element.value ->> 'request_id')::uuid, id);
		END IF;
		own_hash := registry.content_hash(element.value);
		SELECT s.payload_hash INTO known FROM nser.submission AS s WHERE s.request_id = id;
		IF FOUND AND known <> own_hash THEN
			id := md5(element.value::text)::uuid;
			INSERT INTO nser.submission AS s (request_id, device, payload, payload_hash, decided_at, state, sqlstate, reason)
			VALUES (id, receive_submissions.device, element.value, own_hash, clock_timestamp(), 'refused', 'RG011', 'the request id was used for another request')
			ON CONFLICT ON CONSTRAINT submission_pkey DO NOTHING;
		ELSIF NOT FOUND AND problem IS NOT NULL THEN
			INSERT INTO nser.submission AS s (request_id, device, payload, payload_hash, decided_at, state, sqlstate, reason)
			VALUES (id, receive_submissions.device, element.value, own_hash, clock_timestamp(), 'refused', 'RG010', 'the submission is malformed: ' || problem);
		ELSIF NOT FOUND THEN
			INSERT INTO nser.submission AS s (request_id, device, sequence, taken_at, follows, for_household, for_case, payload, payload_hash, state)
			VALUES (id, receive_submissions.device, (element.value ->> 'sequence')::bigint, (element.value ->> 'taken_at')::timestamptz,
					coalesce(element.value ->> 'after', element.value ->> 'case')::uuid,
					CASE WHEN element.value ? 'case_id' THEN (element.value ->> 'household_id')::bigint END, (element.value ->> 'case_id')::bigint,
					element.value, own_hash, 'waiting');
		END IF;
		ids := ids || id;
	END LOOP;
	was_done := ARRAY(SELECT s.request_id FROM nser.submission AS s WHERE s.request_id = ANY (ids) AND s.state = 'done');
	PERFORM registry.do_submissions(ids);

	RETURN QUERY
		SELECT s.request_id,
			-- sent before, or twice in this batch
			CASE WHEN s.state = 'done' AND (s.request_id = ANY (was_done) OR s.request_id = ANY (ids[: i.no - 1])) THEN 'repeated' ELSE s.state END,
			s.for_household, s.for_case, s.step, s.sqlstate, s.reason
		FROM unnest(ids) WITH ORDINALITY AS i (id, no)
		JOIN nser.submission AS s ON s.request_id = i.id
		ORDER BY i.no;
END;
$$;
COMMENT ON FUNCTION registry.receive_submissions(jsonb, text) IS
	'keep what a tablet sent, do what can be done now of it and of what follows it, and tell of each element in their order: done, repeated '
	'(it was before), waiting (for what it follows) or refused, with SQLSTATE and reason; keys: registry.submission_fields(); each advance says what it '
	'follows by after (a request_id) or expected_step; refused as a whole only where batch is no array or has over 5000 '
	'elements; where the server runs short of something (class 53), or the transaction is not READ COMMITTED (25), nothing of it is kept: '
	'send it again';

CREATE FUNCTION registry.retry_submission(request_id uuid, OUT outcome text, OUT household_id bigint, OUT case_id bigint, OUT step integer,
										  OUT sqlstate text, OUT reason text)
	LANGUAGE plpgsql
AS $$
DECLARE
	sent	record;
BEGIN
	LOCK TABLE nser.submission IN SHARE ROW EXCLUSIVE MODE;
	SELECT s.payload, s.state INTO sent FROM nser.submission AS s WHERE s.request_id = retry_submission.request_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = 'there is no such submission',
			HINT = 'nser.submission lists them: those that were refused are WHERE state = ''refused''.';
	END IF;
	-- of a malformed one, or one under another's id, nothing can come
	IF sent.state <> 'done' AND registry.submission_error(sent.payload) IS NULL
	AND (sent.payload ->> 'request_id')::uuid = retry_submission.request_id THEN
		PERFORM registry.try_submission(retry_submission.request_id, true);
		-- with what waits for it
		PERFORM registry.do_submissions(registry.followers(retry_submission.request_id));
	END IF;
	SELECT CASE WHEN sent.state = 'done' THEN 'repeated' ELSE s.state END, s.for_household, s.for_case, s.step, s.sqlstate, s.reason
	INTO outcome, household_id, case_id, step, sqlstate, reason
	FROM nser.submission AS s
	WHERE s.request_id = retry_submission.request_id;
END;
$$;
COMMENT ON FUNCTION registry.retry_submission(uuid) IS
	'try a refused submission again, as its case stands now, after somebody has looked at both; then what follows it; tells what came of it';
