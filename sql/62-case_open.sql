
-- case_open: who comes to a centre, and may be updated -----------------------------

-- What a survey knew of whoever lives there; of a pregnancy the household tells.
CREATE FUNCTION registry.case_priority(household_id bigint, told text[]) RETURNS text[]
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	known	record;
BEGIN
	SELECT v.indicators OPERATOR(registry.->) 'disabled_members' AS disabled, v.indicators OPERATOR(registry.->) 'elderly' AS elderly INTO known
	FROM nser.household AS h
	JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	WHERE h.household_id = case_priority.household_id;
	RETURN ARRAY(
		SELECT p.reason
		FROM unnest('{disabled,pregnant,elderly}'::text[]) WITH ORDINALITY AS p (reason, no)
		WHERE p.reason = ANY (case_priority.told) OR p.reason = 'disabled' AND known.disabled > 0 OR p.reason = 'elderly' AND known.elderly > 0
		ORDER BY p.no);
END;
$$;
COMMENT ON FUNCTION registry.case_priority(bigint, text[]) IS
	'why a household is served first: what it tells (disabled, pregnant, elderly), and what its current survey says, '
	'a disabled member or one aged 60 or older';

CREATE FUNCTION registry.refuse_update(household_id bigint, update_type registry.update_type, reason text, allowed_from date) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	whose	text := coalesce('household ' || refuse_update.household_id, 'a household that is not registered');
	words	text;
	other	record;
BEGIN
	SELECT r.meaning INTO words FROM registry.update_reasons() AS r WHERE r.reason::text = refuse_update.reason;
	IF refuse_update.reason = 'case_open' THEN
		SELECT c.case_id, c.update_type, c.state INTO other
		FROM nser.update_case AS c
		WHERE c.household_id = refuse_update.household_id AND NOT registry.is_final(c.state) AND c.update_type <> 'grievance';
		RAISE EXCEPTION USING
			ERRCODE = 'RG013',
			MESSAGE = format('another case of %s is open', whose),
			DETAIL = format('Case %s is one of %s, and is %s.', other.case_id, other.update_type, other.state),
			HINT = format('Go on with it, or registry.advance_case(%s, %s, ''cancel'', ...) ends it.', refuse_update.household_id, other.case_id);
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = CASE WHEN refuse_update.reason IN ('too_early', 'outside_shock_window') THEN 'RG004' ELSE 'RG003' END,
		MESSAGE = format('an update of type %s is not open to %s', refuse_update.update_type, whose),
		DETAIL = format('%s: %s.', refuse_update.reason, words),
		HINT = CASE WHEN refuse_update.allowed_from IS NOT NULL THEN format('It is from %s on.', to_char(refuse_update.allowed_from, 'YYYY-MM-DD'))
			ELSE 'registry.may_update() says which types are.' END;
END;
$$;
COMMENT ON FUNCTION registry.refuse_update(bigint, registry.update_type, text, date) IS
	'raises the error that tells why an update is not allowed, and from when it is';

CREATE FUNCTION registry.next_token(centre bigint, day date) RETURNS integer
	LANGUAGE plpgsql
AS $$
DECLARE
	token	integer;
BEGIN
	INSERT INTO nser.centre_token AS t (centre_id, day, last_token) VALUES (next_token.centre, next_token.day, 1)
	ON CONFLICT ON CONSTRAINT centre_token_pkey DO UPDATE SET last_token = t.last_token + 1
	RETURNING t.last_token INTO token;
	RETURN token;
END;
$$;
COMMENT ON FUNCTION registry.next_token(bigint, date) IS 'the next number in the queue of a centre on a day, from 1';

CREATE FUNCTION registry.require_centre(centre bigint, on_date date) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM nser.centre AS c WHERE c.centre_id = require_centre.centre AND c.valid @> require_centre.on_date)
	AND require_centre.centre IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('there is no centre %s on that day', require_centre.centre),
			HINT = 'nser.centre lists the centres, and when they work.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.require_centre(bigint, date) IS 'refuse a centre that there is not, or that did not work on that day; NULL is none';

CREATE FUNCTION registry.open_case(update_type registry.update_type, INOUT household_id bigint, request_id uuid,
								   area registry.area_code DEFAULT NULL, applicant registry.cnic DEFAULT NULL, centre bigint DEFAULT NULL,
								   operator bigint DEFAULT NULL, mode text DEFAULT 'centre', priority text[] DEFAULT '{}',
								   about_case bigint DEFAULT NULL, taken_at timestamptz DEFAULT now(),
								   OUT case_id bigint, OUT step integer, OUT token integer, OUT state registry.case_state, OUT repeated boolean)
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET jit = off
AS $$
DECLARE
	on_date	date;
	before	record;
	holder	record;
	verdict	record;
	lives_in registry.area_code := open_case.area;
	is_now	text;
	by_whom	bigint;
	unique_key text;
BEGIN
	PERFORM registry.check_request(open_case.request_id);
	IF open_case.update_type IS NULL OR coalesce(open_case.mode NOT IN ('door', 'centre', 'mobile', 'telephone', 'self', 'partner'), true)
	OR NOT coalesce(open_case.priority <@ '{disabled,pregnant,elderly}', false) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a case has an update type, a mode, and priorities, if any, that there are',
			HINT = 'Modes are door, centre, mobile, telephone, self and partner; priorities are disabled, pregnant and elderly.';
	END IF;

	IF open_case.household_id IS NULL THEN
		PERFORM registry.lock_request(open_case.request_id);
	ELSE
		SELECT h.area, h.status INTO lives_in, is_now FROM nser.household AS h WHERE h.household_id = open_case.household_id FOR NO KEY UPDATE;
	END IF;
	SELECT s.household_id, s.case_id, s.step, s.event, s.to_state, s.content ->> 'area' AS area, c.update_type, c.about_case, c.token, c.centre, c.mode
	INTO before
	FROM nser.case_step AS s
	JOIN nser.update_case AS c ON c.household_id = s.household_id AND c.case_id = s.case_id
	WHERE s.request_id = open_case.request_id
	LIMIT 1;
	IF FOUND THEN
		IF before.event <> 'open' OR before.update_type <> open_case.update_type OR before.household_id <> open_case.household_id
		OR before.about_case IS DISTINCT FROM open_case.about_case OR before.mode <> open_case.mode
		-- what was left open then is not told again
		OR open_case.household_id IS NULL AND (open_case.update_type <> 'missed_out' OR before.area <> open_case.area::text)
		OR before.centre IS DISTINCT FROM open_case.centre AND open_case.centre IS NOT NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = 'RG011',
				MESSAGE = 'the request id was used for another request',
				DETAIL = format('It was for step %s of case %s of household %s.', before.step, before.case_id, before.household_id),
				HINT = 'Make a new one for each request: gen_random_uuid().';
		END IF;
		household_id := before.household_id;
		case_id := before.case_id;
		step := before.step;
		token := before.token;
		state := before.to_state;
		repeated := true;
		RETURN;
	END IF;
	open_case.taken_at := registry.check_taken_at(open_case.taken_at);
	on_date := (open_case.taken_at AT TIME ZONE 'Asia/Karachi')::date;

	IF open_case.household_id IS NULL THEN
		IF open_case.update_type <> 'missed_out' OR open_case.area IS NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = 'null_value_not_allowed',
				MESSAGE = format('a case of %s needs %s', open_case.update_type,
								 CASE open_case.update_type WHEN 'missed_out' THEN 'the area the household lives in' ELSE 'a household' END),
				HINT = 'registry.open_case(''missed_out'', NULL, gen_random_uuid(), area => ''PK61701''); all other types are of a household that is registered.';
		END IF;
	ELSE
		IF is_now IS NULL THEN
			PERFORM registry.refuse_unknown_household(open_case.household_id, 'One that was never registered is NULL, with its area, in a case of missed_out.');
		END IF;
		-- of one that is registered the verdict tells
		IF open_case.update_type <> 'missed_out' OR is_now <> 'registered' THEN
			PERFORM registry.check_household_open(open_case.household_id, is_now, open_case.update_type);
		END IF;
	END IF;

	IF open_case.about_case IS NOT NULL THEN
		IF open_case.update_type NOT IN ('correction', 'grievance') THEN
			RAISE EXCEPTION USING
				ERRCODE = 'RG002',
				MESSAGE = format('a case of %s is about no other case', open_case.update_type),
				HINT = 'Cases of correction and grievance may be.';
		END IF;
		IF NOT EXISTS (SELECT FROM nser.update_case AS c
					   WHERE c.household_id = open_case.household_id AND c.case_id = open_case.about_case) THEN
			RAISE EXCEPTION USING
				ERRCODE = 'RG006',
				MESSAGE = format('household %s has no case %s to be about', open_case.household_id, open_case.about_case),
				HINT = 'nser.case_overview lists its cases.';
		END IF;
	END IF;
	by_whom := registry.case_operator(open_case.operator, open_case.household_id, lives_in, on_date);
	IF open_case.mode IN ('centre', 'mobile') THEN
		open_case.centre := coalesce(open_case.centre, (SELECT o.centre_id FROM nser.operator AS o WHERE o.operator_id = by_whom));
	END IF;
	PERFORM registry.require_centre(open_case.centre, on_date);

	IF open_case.update_type = 'missed_out' AND open_case.applicant IS NOT NULL THEN
		SELECT i.household_id, i.line INTO holder
		FROM nser.identity AS i
		WHERE i.cnic OPERATOR(registry.=) open_case.applicant
		AND registry.holder_state(i.household_id, i.line, i.cnic) = 'live';
		IF FOUND THEN
			RAISE EXCEPTION USING
				ERRCODE = 'RG003',
				MESSAGE = 'an update of type missed_out is not open to who is registered',
				DETAIL = format('already_registered: the applicant is %s.', registry.holder_in_words(holder.household_id, holder.line, 'live')),
				HINT = format('Open a case of that household: registry.open_case(''roster'', %s, gen_random_uuid()).', holder.household_id);
		END IF;
	END IF;
	SELECT v.allowed, v.reason::text AS reason, v.allowed_from INTO verdict
	FROM registry.may_update(open_case.household_id, open_case.update_type, on_date) AS v;
	IF NOT verdict.allowed THEN
		PERFORM registry.refuse_update(open_case.household_id, open_case.update_type, verdict.reason, verdict.allowed_from);
	END IF;

	IF open_case.household_id IS NULL THEN
		INSERT INTO nser.household AS h (area, status, registered_on) VALUES (open_case.area, 'requested', on_date)
		RETURNING h.household_id INTO household_id;
	END IF;
	-- a queue is of today
	IF open_case.centre IS NOT NULL AND open_case.mode IN ('centre', 'mobile') AND on_date = registry.today() THEN
		token := registry.next_token(open_case.centre, on_date);
	END IF;
	BEGIN
		INSERT INTO nser.update_case AS c (household_id, area, update_type, about_case, centre, operator, mode, priority, token, opened_on)
		SELECT h.household_id, h.area, open_case.update_type, open_case.about_case, open_case.centre, by_whom, open_case.mode,
			registry.case_priority(h.household_id, open_case.priority), open_case.token, on_date
		FROM nser.household AS h WHERE h.household_id = open_case.household_id
		RETURNING c.case_id INTO case_id;
	EXCEPTION WHEN unique_violation THEN
		-- by who did not lock the household
		GET STACKED DIAGNOSTICS unique_key = CONSTRAINT_NAME;
		IF unique_key <> 'update_case_open' THEN
			RAISE;
		END IF;
		PERFORM registry.refuse_update(open_case.household_id, open_case.update_type, 'case_open', NULL);
	END;
	INSERT INTO nser.case_step AS s (household_id, case_id, step, update_type, event, to_state, taken_at, operator, request_id)
	VALUES (open_case.household_id, open_case.case_id, 1, open_case.update_type, 'open', 'requested', open_case.taken_at, by_whom, open_case.request_id)
	RETURNING s.step, s.to_state INTO step, state;
	repeated := false;
END;
$$;
COMMENT ON FUNCTION registry.open_case(registry.update_type, bigint, uuid, registry.area_code, registry.cnic, bigint, bigint, text, text[], bigint, timestamptz) IS
	'open an update case, where registry.may_update() allows it on the Pakistan day of taken_at; missed_out takes a household of NULL and '
	'its area, and makes the household, requested until the case is applied; applicant (of missed_out) must not be registered; token: '
	'the number in the queue of the centre, NULL unless it is opened there today; about_case: of a correction or grievance; the same '
	'request_id again gives the same answer, repeated, and with other arguments RG011; errors: registry.case_errors()';
