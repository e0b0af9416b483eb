
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
			WHEN coalesce(submission ->> 'taken_at' !~ '(Z|[+-][0-9]{2}(:?[0-9]{2})?)$', true) THEN '"taken_at" is missing, or without its zone'
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
	last_step	integer;
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
		SELECT (sent ->> 'household_id')::bigint AS household_id, (sent ->> 'case_id')::bigint AS case_id INTO on_case;
	END IF;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	IF sent ->> 'call' = 'advance' THEN
		follows := coalesce((sent ->> 'expected_step')::integer, follows);
		SELECT c.last_step INTO last_step
		FROM nser.update_case AS c WHERE c.household_id = on_case.household_id AND c.case_id = on_case.case_id;
		IF last_step < follows THEN
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
			SELECT on_case.household_id, on_case.case_id, a.step INTO done
			FROM registry.advance_case(on_case.household_id, on_case.case_id, (sent ->> 'event')::registry.case_event, try_submission.request_id,
				nullif(sent -> 'content', 'null'), sent ->> 'reason', (sent ->> 'operator')::bigint, (sent ->> 'taken_at')::timestamptz,
				CASE WHEN NOT try_submission.as_it_is THEN follows END) AS a;
		END IF;
		UPDATE nser.submission AS s SET state = 'done', decided_at = clock_timestamp(), sqlstate = NULL, reason = NULL,
			for_household = done.household_id, for_case = done.case_id, step = done.step
		WHERE s.request_id = try_submission.request_id;
		RETURN true;
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, words = MESSAGE_TEXT, more = PG_EXCEPTION_DETAIL;
	END;
	-- others were in the way, or the server was short of something: another time
	UPDATE nser.submission AS s SET state = CASE WHEN code ~ '^(40|53|55P03|57|58)' THEN 'waiting' ELSE 'refused' END,
		decided_at = clock_timestamp(), sqlstate = code,
		-- of other errors than the registry's own the detail may show a row
		reason = words || CASE WHEN code ~ '^RG' AND more <> '' THEN ': ' || more ELSE '' END
	WHERE s.request_id = try_submission.request_id;
	RETURN code !~ '^(40|53|55P03|57|58)';
END;
$$;
COMMENT ON FUNCTION registry.try_submission(uuid, boolean) IS
	'do a submission if what it follows is done, as_it_is even where its case has moved on since, and keep what came of it; whether it '
	'was decided';

CREATE FUNCTION registry.do_submissions() RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	ready	record;
	tried	uuid[] := '{}'::uuid[];
	decided	boolean := true;
BEGIN
	-- what was in the way once may not be now
	UPDATE nser.submission AS s SET sqlstate = NULL, reason = NULL WHERE s.state = 'waiting' AND s.sqlstate IS NOT NULL;
	WHILE decided LOOP
		decided := false;
		FOR ready IN
			SELECT s.request_id
			FROM nser.submission AS s
			WHERE s.state = 'waiting' AND s.request_id <> ALL (tried)
			AND (s.follows IS NULL OR EXISTS (SELECT FROM nser.case_step AS c WHERE c.request_id = s.follows))
			ORDER BY s.taken_at, s.device, s.sequence, s.request_id
		LOOP
			IF registry.try_submission(ready.request_id) THEN
				decided := true;
			ELSIF EXISTS (SELECT FROM nser.submission AS s WHERE s.request_id = ready.request_id AND s.sqlstate IS NOT NULL) THEN
				tried := tried || ready.request_id;
			END IF;
		END LOOP;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.do_submissions() IS 'do all that waits and whose time has come, until there is nothing more';

-- One batch at a time: what one device sent may be what another's follows.
CREATE FUNCTION registry.receive_submissions(batch jsonb, device text DEFAULT NULL)
	RETURNS TABLE (request_id uuid, outcome text, household_id bigint, case_id bigint, step integer, sqlstate text, reason text)
	LANGUAGE plpgsql
AS $$
DECLARE
	element		record;
	problem		text;
	id			uuid;
	known		jsonb;
	ids			uuid[] := '{}'::uuid[];
	was_done	uuid[];
BEGIN
	IF coalesce(jsonb_typeof(receive_submissions.batch) <> 'array', true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a batch is an array of submissions',
			HINT = 'registry.receive_submissions(''[{"request_id": "...", "call": "open", "taken_at": "2025-03-01T10:00:00+05:00", ...}]'').';
	END IF;
	PERFORM pg_advisory_xact_lock(hashtextextended('registry submissions', 0));

	FOR element IN SELECT e.value FROM jsonb_array_elements(receive_submissions.batch) WITH ORDINALITY AS e (value, no) ORDER BY e.no LOOP
		problem := registry.submission_error(element.value);
		-- what cannot be told by an id is told by what it says
		id := md5(element.value::text)::uuid;
		IF jsonb_typeof(element.value) = 'object' AND (registry.input_error('uuid', element.value ->> 'request_id')).error_code IS NULL THEN
			id := coalesce((element.value ->> 'request_id')::uuid, id);
		END IF;
		SELECT s.payload INTO known FROM nser.submission AS s WHERE s.request_id = id;
		IF FOUND AND known <> element.value THEN
			id := md5(element.value::text)::uuid;
			INSERT INTO nser.submission AS s (request_id, device, payload, decided_at, state, sqlstate, reason)
			VALUES (id, receive_submissions.device, element.value, clock_timestamp(), 'refused', 'RG011', 'the request id was used for another request')
			ON CONFLICT ON CONSTRAINT submission_pkey DO NOTHING;
		ELSIF NOT FOUND AND problem IS NOT NULL THEN
			INSERT INTO nser.submission AS s (request_id, device, payload, decided_at, state, sqlstate, reason)
			VALUES (id, receive_submissions.device, element.value, clock_timestamp(), 'refused', 'RG010', 'the submission is malformed: ' || problem);
		ELSIF NOT FOUND THEN
			INSERT INTO nser.submission AS s (request_id, device, sequence, taken_at, follows, payload, state)
			VALUES (id, receive_submissions.device, (element.value ->> 'sequence')::bigint, (element.value ->> 'taken_at')::timestamptz,
					coalesce(element.value ->> 'after', element.value ->> 'case')::uuid, element.value, 'waiting');
		END IF;
		ids := ids || id;
	END LOOP;
	was_done := ARRAY(SELECT s.request_id FROM nser.submission AS s WHERE s.request_id = ANY (ids) AND s.state = 'done');
	PERFORM registry.do_submissions();

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
	'keep what a tablet sent, do what can be done now of all that is kept, and tell of each element in their order: done, repeated (it '
	'was before), waiting (for what it follows) or refused, with SQLSTATE and reason; keys: registry.submission_fields(); each advance says what it '
	'follows by after (a request_id) or expected_step; refused as a whole only where batch is no array';

CREATE FUNCTION registry.retry_submission(request_id uuid, OUT outcome text, OUT household_id bigint, OUT case_id bigint, OUT step integer,
										  OUT sqlstate text, OUT reason text)
	LANGUAGE plpgsql
AS $$
DECLARE
	sent	record;
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended('registry submissions', 0));
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
		PERFORM registry.do_submissions();
	END IF;
	SELECT CASE WHEN sent.state = 'done' THEN 'repeated' ELSE s.state END, s.for_household, s.for_case, s.step, s.sqlstate, s.reason
	INTO outcome, household_id, case_id, step, sqlstate, reason
	FROM nser.submission AS s
	WHERE s.request_id = retry_submission.request_id;
END;
$$;
COMMENT ON FUNCTION registry.retry_submission(uuid) IS
	'try a refused submission again, as its case stands now, after somebody has looked at both; then what follows it; tells what came of it';
