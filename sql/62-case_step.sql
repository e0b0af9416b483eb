
-- case_step: what happens to a case that is open -------------------------------------

CREATE FUNCTION registry.check_household_open(household_id bigint, status text, update_type registry.update_type) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	-- a wrong death may have dissolved it, and of any household one may complain
	IF status = 'registered' AND update_type <> 'missed_out' OR update_type = 'grievance' OR status = 'requested' AND update_type = 'missed_out'
	OR status IN ('merged', 'dissolved') AND update_type = 'correction' THEN
		RETURN;
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'RG015',
		MESSAGE = format('household %s is %s', household_id, CASE status WHEN 'requested' THEN 'only requested' ELSE status END),
		HINT = CASE status WHEN 'requested' THEN 'A case of missed_out registers it.'
			WHEN 'registered' THEN 'It is surveyed by a case of another type, such as cyclic.'
			ELSE 'Find the household its members live in now; a case of correction undoes what was wrong.' END;
END;
$$;
COMMENT ON FUNCTION registry.check_household_open(bigint, text, registry.update_type) IS
	'refuse a household that has no cases of this type: merged, dissolved, or only requested; for missed_out one that is registered';

CREATE FUNCTION registry.check_reach(update_type registry.update_type, household_id bigint, content jsonb, operator bigint, on_date date)
	RETURNS void
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
BEGIN
	IF check_reach.operator IS NULL OR check_reach.update_type = 'grievance' THEN
		RETURN;
	END IF;
	IF check_reach.update_type IN ('roster', 'correction') THEN
		PERFORM registry.case_operator(check_reach.operator, h.household_id, h.area, check_reach.on_date)
		FROM nser.household AS h
		WHERE h.household_id = ANY (registry.households_of(check_reach.household_id, check_reach.content))
		ORDER BY h.household_id;
	END IF;
	-- where they go to live, by a change or by a survey
	PERFORM registry.case_operator(check_reach.operator, check_reach.household_id, x.area::registry.area_code, check_reach.on_date)
	FROM (SELECT check_reach.content ->> 'area' AS area
		  UNION ALL
		  SELECT c.one ->> 'area' FROM jsonb_array_elements(check_reach.content -> 'changes') AS c (one)) AS x
	WHERE x.area IS NOT NULL;
END;
$$;
COMMENT ON FUNCTION registry.check_reach(registry.update_type, bigint, jsonb, bigint, date) IS
	'refuse content by which an operator would change households of other areas, or move one there (RG012); no operator reaches all';

CREATE FUNCTION registry.check_step(household_id bigint, case_id bigint, update_type registry.update_type, state registry.case_state,
									event registry.case_event, reason text, content jsonb)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	its_case	text := format('case %s of household %s', case_id, household_id);
BEGIN
	IF registry.is_final(state) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG007',
			MESSAGE = format('%s has ended', its_case),
			DETAIL = format('It is %s.', state),
			HINT = 'registry.open_case() opens another.';
	END IF;
	IF registry.next_state(update_type, state, event) IS NULL THEN
		IF NOT EXISTS (SELECT FROM registry.transitions() AS t WHERE t.update_type = check_step.update_type AND t.event = check_step.event) THEN
			RAISE EXCEPTION USING
				ERRCODE = 'RG002',
				MESSAGE = format('%s is not for cases of %s', event, update_type),
				HINT = 'registry.transitions() lists what is.';
		END IF;
		RAISE EXCEPTION USING
			ERRCODE = 'RG001',
			MESSAGE = format('%s cannot take the event %s', its_case, event),
			DETAIL = format('It is a case of %s, and is %s.', update_type, state),
			HINT = format('It can take: %s.', (
				SELECT string_agg(t.event::text, ', ' ORDER BY t.event)
				FROM registry.transitions() AS t WHERE t.update_type = check_step.update_type AND t.from_state = check_step.state));
	END IF;
	IF event IN ('reject', 'cancel', 'send_back') AND coalesce(reason !~ '[^[:space:]]', true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG010',
			MESSAGE = format('%s needs a reason', event),
			HINT = 'Say why, without personal values: reason => ''a member was left out''.';
	END IF;
	IF event = 'submit' AND content IS NULL OR event NOT IN ('submit', 'apply') AND content IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG010',
			MESSAGE = format('%s %s content', event, CASE event WHEN 'submit' THEN 'needs' ELSE 'has no' END),
			HINT = 'What submit is given is what is applied.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_step(bigint, bigint, registry.update_type, registry.case_state, registry.case_event, text, jsonb) IS
	'refuse an event that a case cannot take, or that comes without its reason or content';

-- The one writer of steps but the first.  Household, then case: whoever changes both
-- locks them in this order.
CREATE FUNCTION registry.take_step(household_id bigint, case_id bigint, event registry.case_event, request_id uuid, content jsonb, reason text,
								   operator bigint, taken_at timestamptz, expected_step integer,
								   OUT step integer, OUT state registry.case_state, OUT repeated boolean)
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET jit = off
AS $$
DECLARE
	done	record;
	home	record;
	head	record;
	by_whom	bigint;
	holds	jsonb := take_step.content;
	members	jsonb;
	at		timestamptz := take_step.taken_at;
	on_date	date;
BEGIN
	PERFORM registry.check_request(take_step.request_id);
	SELECT h.area, h.status INTO home FROM nser.household AS h WHERE h.household_id = take_step.household_id FOR NO KEY UPDATE;
	SELECT s.household_id, s.case_id, s.step, s.event, s.to_state, s.reason, s.content_hash INTO done
	FROM nser.case_step AS s
	WHERE s.request_id = take_step.request_id
	LIMIT 1;
	IF FOUND THEN
		IF done.household_id IS DISTINCT FROM take_step.household_id OR done.case_id IS DISTINCT FROM take_step.case_id
		OR done.event IS DISTINCT FROM take_step.event OR done.reason IS DISTINCT FROM take_step.reason
		-- of verify the content is the registry's own
		OR done.event <> 'verify' AND done.content_hash IS DISTINCT FROM registry.content_hash(take_step.content) THEN
			RAISE EXCEPTION USING
				ERRCODE = 'RG011',
				MESSAGE = 'the request id was used for another request',
				DETAIL = format('It was for step %s of case %s of household %s.', done.step, done.case_id, done.household_id),
				HINT = 'Make a new one for each request: gen_random_uuid().';
		END IF;
		step := done.step;
		state := done.to_state;
		repeated := true;
		RETURN;
	END IF;

	IF home.status IS NULL THEN
		PERFORM registry.refuse_unknown_household(take_step.household_id, 'registry.open_case() tells the household of a case.');
	END IF;
	SELECT c.update_type, c.state, c.last_step, (
			-- sees no step that came while this waited: nobody waits here, who holds the household
			SELECT s.taken_at FROM nser.case_step AS s
			WHERE s.household_id = c.household_id AND s.case_id = c.case_id AND s.step = c.last_step) AS taken_at INTO head
	FROM nser.update_case AS c
	WHERE c.household_id = take_step.household_id AND c.case_id = take_step.case_id
	FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG006',
			MESSAGE = format('household %s has no case %s', take_step.household_id, coalesce(take_step.case_id::text, 'NULL')),
			HINT = 'nser.case_overview lists its cases.';
	END IF;
	IF take_step.event IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'an event must be given',
			HINT = 'registry.transitions() lists the events of each update type and state.';
	END IF;
	IF take_step.expected_step <> head.last_step AND NOT registry.is_final(head.state) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG008',
			MESSAGE = format('case %s of household %s is not where it was expected', take_step.case_id, take_step.household_id),
			DETAIL = format('Its last step is %s, it is %s; the step expected is %s.', head.last_step, head.state, take_step.expected_step),
			HINT = 'Read the case again, and decide again.';
	END IF;
	PERFORM registry.check_step(take_step.household_id, take_step.case_id, head.update_type, head.state, take_step.event, take_step.reason, holds);
	-- what ends a case that waits is for nobody in particular, and always possible
	IF take_step.event NOT IN ('reject', 'cancel', 'expire') THEN
		PERFORM registry.check_household_open(take_step.household_id, home.status, head.update_type);
	END IF;
	IF take_step.event <> 'expire' THEN
		at := registry.check_taken_at(at, head.taken_at);
		on_date := (at AT TIME ZONE 'Asia/Karachi')::date;
		by_whom := registry.case_operator(take_step.operator, take_step.household_id, home.area, on_date);
	END IF;

	IF take_step.event = 'submit' THEN
		PERFORM registry.check_content(head.update_type, take_step.household_id, holds, at);
		PERFORM registry.check_reach(head.update_type, take_step.household_id, holds, by_whom, on_date);
	ELSIF take_step.event = 'apply' AND by_whom IS NOT NULL THEN
		PERFORM registry.check_reach(head.update_type, take_step.household_id, s.content, by_whom, on_date)
		FROM (SELECT x.content FROM nser.case_step AS x
			  WHERE x.household_id = take_step.household_id AND x.case_id = take_step.case_id AND x.event = 'submit'
			  ORDER BY x.step DESC LIMIT 1) AS s;
	ELSIF take_step.event = 'verify' AND head.update_type <> 'grievance' THEN
		-- a list of changes has none
		IF head.update_type NOT IN ('roster', 'correction') THEN
			SELECT s.content -> 'members' INTO members
			FROM nser.case_step AS s
			WHERE s.household_id = take_step.household_id AND s.case_id = take_step.case_id AND s.event = 'submit'
			ORDER BY s.step DESC LIMIT 1;
		END IF;
		SELECT jsonb_build_object('members', coalesce(jsonb_agg(
			jsonb_build_object('line', v.line, 'outcome', v.outcome, 'fields', coalesce(v.fields, '{}')) ORDER BY v.line), '[]')) INTO holds
		FROM registry.verify_members(take_step.household_id, members) AS v;
	END IF;
	INSERT INTO nser.case_step AS s (household_id, case_id, step, update_type, from_state, event, to_state, taken_at, operator, request_id, reason, content)
	VALUES (take_step.household_id, take_step.case_id, head.last_step + 1, head.update_type, head.state, take_step.event,
			registry.next_state(head.update_type, head.state, take_step.event), at, by_whom, take_step.request_id, take_step.reason, holds)
	RETURNING s.step, s.to_state INTO step, state;
	repeated := false;
END;
$$;
COMMENT ON FUNCTION registry.take_step(bigint, bigint, registry.case_event, uuid, jsonb, text, bigint, timestamptz, integer) IS
	'record the next step of a case, with the household and the case locked, or say what the same request did before; submit has its '
	'content checked, and verify looks up what NADRA says of the members, of a list of changes of who lives there now; expected_step '
	'(NULL: any) is the last step the client has seen; not for clients: an apply by it applies nothing, which registry.verify_chain() tells; '
	'errors: registry.case_errors()';

CREATE FUNCTION registry.advance_case(household_id bigint, case_id bigint, event registry.case_event, request_id uuid, content jsonb DEFAULT NULL,
									  reason text DEFAULT NULL, operator bigint DEFAULT NULL, taken_at timestamptz DEFAULT now(),
									  expected_step integer DEFAULT NULL, OUT step integer, OUT state registry.case_state, OUT repeated boolean)
	LANGUAGE plpgsql
AS $$
DECLARE
	took	record;
BEGIN
	IF advance_case.event IN ('open', 'apply', 'expire') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG001',
			MESSAGE = format('%s is not taken by advance_case', advance_case.event),
			HINT = format('registry.%s() does it.', CASE advance_case.event WHEN 'open' THEN 'open_case' WHEN 'apply' THEN 'apply_case' ELSE 'expire_cases' END);
	END IF;
	took := registry.take_step(advance_case.household_id, advance_case.case_id, advance_case.event, advance_case.request_id, advance_case.content,
							   advance_case.reason, advance_case.operator, advance_case.taken_at, advance_case.expected_step);
	step := took.step;
	state := took.state;
	repeated := took.repeated;
END;
$$;
COMMENT ON FUNCTION registry.advance_case(bigint, bigint, registry.case_event, uuid, jsonb, text, bigint, timestamptz, integer) IS
	'take a case on by an event: screen, start_interview, submit (with content, for good), verify, reject, cancel or send_back (with a '
	'reason); returns the step and the state it led to; the same request_id again gives the same answer, repeated; expected_step refuses '
	'a case that has moved on since; errors: registry.case_errors()';

-- Whoever works on a household now keeps it: it is looked at the next time.
CREATE FUNCTION registry.expire_cases(on_date date DEFAULT registry.today(), within registry.area_code DEFAULT 'PK') RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	stale	record;
	before	timestamptz;
	expired	bigint := 0;
BEGIN
	IF coalesce(expire_cases.on_date > registry.today(), true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'cases expire on a day that is not in the future',
			HINT = 'SELECT registry.expire_cases(); expires those of today.';
	END IF;
	before := (expire_cases.on_date + interval '1 day' - coalesce(
		-- a day without a policy has the defaults
		(SELECT p.expire_after FROM nser.update_policy AS p WHERE p.valid @> expire_cases.on_date), '30 days')) AT TIME ZONE 'Asia/Karachi';

	FOR stale IN
		SELECT c.household_id, c.case_id
		FROM nser.update_case AS c
		WHERE c.state IN ('requested', 'screened', 'interviewing') AND c.stepped_at < before AND c.area OPERATOR(registry.<@) expire_cases.within
		ORDER BY c.household_id, c.case_id
	LOOP
		PERFORM FROM nser.household AS h WHERE h.household_id = stale.household_id FOR NO KEY UPDATE SKIP LOCKED;
		CONTINUE WHEN NOT FOUND;
		-- it may have been taken on before the lock was ours
		PERFORM FROM nser.update_case AS c
		WHERE c.household_id = stale.household_id AND c.case_id = stale.case_id AND c.stepped_at < before
		AND c.state IN ('requested', 'screened', 'interviewing')
		FOR NO KEY UPDATE SKIP LOCKED;
		CONTINUE WHEN NOT FOUND;
		PERFORM registry.take_step(stale.household_id, stale.case_id, 'expire', gen_random_uuid(), NULL, NULL, NULL,
			least(now(), (expire_cases.on_date + 1)::timestamp AT TIME ZONE 'Asia/Karachi'), NULL);
		expired := expired + 1;
	END LOOP;
	RETURN expired;
END;
$$;
COMMENT ON FUNCTION registry.expire_cases(date, registry.area_code) IS
	'expire the cases of an area that have waited for the household longer than the policy of that day (nser.update_policy.expire_after) '
	'since the registry heard last of them; returns how many; those that somebody works on now are left for the next time; what waits for the '
	'registry, submitted or verified, never expires; a household that was only requested stays so';
