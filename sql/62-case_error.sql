
-- case_error: what is refused of a case, and by what code ---------------------------
--
-- A class of SQLSTATEs of the extension's own, RG: a client tells by the code what to
-- do, and the case is as it was.

CREATE FUNCTION registry.case_errors(OUT sqlstate text, OUT condition text, OUT meaning text, OUT what_to_do text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 16
BEGIN ATOMIC
	SELECT e.sqlstate, e.condition, e.meaning, e.what_to_do
	FROM (VALUES
		('RG001', 'wrong_state', 'the event is not permitted in the state the case is in', 'take one of the events that the hint names'),
		('RG002', 'wrong_type', 'the event or the content is not for cases of this update type', 'open a case of the type that it is for'),
		('RG003', 'update_not_allowed', 'the rules do not allow the update; the detail says why', 'tell the household why; nothing is recorded'),
		('RG004', 'window_closed', 'it is too early, or outside the window of the shock', 'come again from the day that the hint names, if there is one'),
		('RG005', 'unknown_household', 'there is no such household', 'look it up again'),
		('RG006', 'unknown_case', 'the household has no such case', 'look it up in nser.case_overview'),
		('RG007', 'case_ended', 'the case is applied, rejected, cancelled or expired already', 'open another case'),
		('RG008', 'stale_version', 'the case has moved on since the client read it', 'read it again, and decide again'),
		('RG009', 'roster_contradicts_itself', 'the members cannot be what the content says they are to one another, or have changed since', 'ask the household, and submit again'),
		('RG010', 'malformed_content', 'something is missing from the content, or is not what it should be', 'correct it, and submit again'),
		('RG011', 'request_reused', 'the request id was used for another request', 'make a new one for each request: gen_random_uuid()'),
		('RG012', 'operator_not_allowed', 'the operator is unknown, not valid on that day, or not for that area', 'let another operator do it, or correct nser.operator'),
		('RG013', 'case_open', 'another case of the household is open', 'end that one first'),
		('RG014', 'change_refused', 'the registry refuses a change of the list; the detail says which and why', 'send the case back, and correct the change'),
		('RG015', 'household_not_registered', 'the household is merged, dissolved, or only requested', 'find the household its members live in now'),
		('RG016', 'too_late', 'the step was taken too long ago to be recorded', 'take it again, as of today'))
		AS e (sqlstate, condition, meaning, what_to_do)
	ORDER BY 1;
END;
COMMENT ON FUNCTION registry.case_errors() IS
	'the SQLSTATEs by which cases are refused, what each means and what to do; after each of them everything is as it was';

CREATE FUNCTION registry.check_taken_at(taken_at timestamptz, follows timestamptz DEFAULT NULL) RETURNS timestamptz
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	late_by	interval;
BEGIN
	-- the clock of a tablet may go wrong by a little
	IF coalesce(check_taken_at.taken_at > now() + interval '1 day' OR check_taken_at.taken_at < '2008-01-01 00:00+05', true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'taken_at must be given, from 2008 on, and not lie more than a day in the future',
			HINT = 'Set the clock of the device.';
	ELSIF check_taken_at.taken_at < check_taken_at.follows - interval '1 hour' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'taken_at must not be before the step that it follows was taken',
			HINT = 'Set the clock of the device.';
	END IF;
	SELECT p.late_by INTO late_by FROM nser.update_policy AS p WHERE p.valid @> registry.today();
	-- a day without a policy has the defaults
	late_by := coalesce(late_by, '60 days');
	IF check_taken_at.taken_at < now() - late_by THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG016',
			MESSAGE = 'the step was taken too long ago to be recorded',
			DETAIL = format('A step reaches the registry within %s.', late_by),
			HINT = 'Take it again, as of today; nser.update_policy.late_by says how late is too late.';
	END IF;
	RETURN least(check_taken_at.taken_at, now());
END;
$$;
COMMENT ON FUNCTION registry.check_taken_at(timestamptz, timestamptz) IS
	'when a step was taken, by a clock that may be a day fast: never later than now; refuses a time that is missing, more than a day in '
	'the future, over an hour before that of the step it follows, or longer ago than nser.update_policy.late_by of today (RG016)';

-- Of two who wait for each other's rows each decides by what the other did, so each
-- statement must see what was committed before it.
CREATE FUNCTION registry.check_request(request_id uuid) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	IF check_request.request_id IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'a request id must be given',
			HINT = 'Make one for each request, and send it again with the same one: gen_random_uuid().';
	ELSIF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'active_sql_transaction',
			MESSAGE = format('cases are not taken on in a transaction that is %s', current_setting('transaction_isolation')),
			HINT = 'Use BEGIN ISOLATION LEVEL READ COMMITTED: whoever waited for a case must see what became of it.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_request(uuid) IS 'refuse a request id of NULL, and a transaction that does not see what others commit meanwhile';

-- Of two calls of one request the second waits, and is then answered by what the first
-- did: by the lock of the household, or, where there is none yet, by one of so few
-- that a transaction may open as many cases as it likes.
CREATE FUNCTION registry.lock_request(request_id uuid) RETURNS void
	LANGUAGE sql
	RETURN pg_advisory_xact_lock(hashtext('registry request'), hashtext(request_id::text) & 1023);
COMMENT ON FUNCTION registry.lock_request(uuid) IS 'wait for whoever makes a household by the same request now, or by one of a thousandth of all others';

CREATE FUNCTION registry.case_operator(operator bigint, household_id bigint, area registry.area_code, on_date date) RETURNS bigint
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	own		record;
	acting	record;
	problem	text;
BEGIN
	SELECT o.operator_id, o.area, o.valid INTO own FROM nser.operator AS o WHERE o.login = session_user;
	IF case_operator.operator IS NULL AND own.operator_id IS NULL THEN
		RETURN NULL;
	END IF;
	acting := own;
	IF case_operator.operator <> own.operator_id THEN
		problem := 'Who is logged in is another operator.';
	ELSIF own.operator_id IS NULL THEN
		SELECT o.operator_id, o.area, o.valid INTO acting FROM nser.operator AS o WHERE o.operator_id = case_operator.operator;
		IF NOT FOUND THEN
			problem := 'There is no such operator.';
		END IF;
	END IF;
	IF problem IS NULL AND NOT acting.valid @> case_operator.on_date THEN
		problem := format('The operator was not valid on %s.', to_char(case_operator.on_date, 'YYYY-MM-DD'));
	ELSIF problem IS NULL AND NOT case_operator.area OPERATOR(registry.<@) acting.area THEN
		problem := 'The operator is for other areas.';
	END IF;
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG012',
			MESSAGE = format('operator %s may not enter data of %s on that day', coalesce(case_operator.operator, own.operator_id),
							 coalesce('household ' || case_operator.household_id, 'that household')),
			DETAIL = problem,
			HINT = 'nser.operator says who may enter data, where and when.';
	END IF;
	RETURN acting.operator_id;
END;
$$;
COMMENT ON FUNCTION registry.case_operator(bigint, bigint, registry.area_code, date) IS
	'the operator of a step: the one given, else the one who logs in as this role, else NULL; refused where the operator may not enter '
	'data of a household of that area on that day';
