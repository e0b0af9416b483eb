
-- case_chain: steps that follow one another, and a head that follows them ----------
--
-- The keys and the CHECK of nser.case_step keep a step out that is not permitted,
-- whoever records it.  What is here says so in words before they do, and chains the
-- steps by hashes, from which a later change of what is stored is found.

CREATE FUNCTION registry.content_hash(content jsonb) RETURNS bytea
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN sha256(convert_to(content::text, 'UTF8'));
COMMENT ON FUNCTION registry.content_hash(jsonb) IS 'SHA-256 of content, as jsonb writes it; NULL where there is none';

-- As a JSON array: no two steps are written alike, and neither the time zone nor any
-- other setting is in it.  The area is not, for it follows the household; content is
-- by its hash, and can be taken out with the chain left whole.
CREATE FUNCTION registry.step_hash(previous bytea, household_id bigint, case_id bigint, step integer, update_type registry.update_type,
								   from_state registry.case_state, event registry.case_event, to_state registry.case_state,
								   taken_at timestamptz, recorded_at timestamptz, taken_by name, operator bigint, request_id uuid,
								   reason text, content_hash bytea)
	RETURNS bytea
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN sha256(coalesce(previous, ''::bytea) || convert_to(jsonb_build_array(household_id, case_id, step, update_type, from_state, event, to_state,
		extract(epoch FROM taken_at), extract(epoch FROM recorded_at), taken_by, operator, request_id, reason, encode(content_hash, 'hex'))::text, 'UTF8'));
COMMENT ON FUNCTION registry.step_hash(bytea, bigint, bigint, integer, registry.update_type, registry.case_state, registry.case_event,
		registry.case_state, timestamptz, timestamptz, name, bigint, uuid, text, bytea) IS
	'hash of a step: SHA-256 of the hash of the step before (NULL: of none) and of all the step says, written as a JSON array, times as seconds since 1970, '
	'content by its own SHA-256';

CREATE FUNCTION registry.opened_as(centre bigint, operator bigint, mode text, priority text[], token integer, about_case bigint, opened_on date)
	RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN jsonb_build_object('centre', centre, 'operator', operator, 'mode', mode, 'priority', priority, 'token', token,
							  'about_case', about_case, 'opened_on', opened_on);
COMMENT ON FUNCTION registry.opened_as(bigint, bigint, text, text[], integer, bigint, date) IS
	'what a case says for good: the content of its first step, which has the area of that day besides';

CREATE FUNCTION registry.chain_step() RETURNS trigger
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	head	record;
	before	record;
BEGIN
	SELECT c.area, c.update_type, c.centre, c.operator, c.mode, c.priority, c.token, c.about_case, c.opened_on INTO head
	FROM nser.update_case AS c
	WHERE c.household_id = NEW.household_id AND c.case_id = NEW.case_id
	FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG006',
			MESSAGE = format('household %s has no case %s', coalesce(NEW.household_id::text, 'NULL'), coalesce(NEW.case_id::text, 'NULL')),
			HINT = 'registry.open_case() opens one.';
	END IF;

	-- a statement's earlier rows are here already, the head follows at its end
	SELECT s.step, s.to_state, s.hash INTO before
	FROM nser.case_step AS s
	WHERE s.household_id = NEW.household_id AND s.case_id = NEW.case_id
	ORDER BY s.step DESC LIMIT 1;
	IF NEW.step IS DISTINCT FROM coalesce(before.step, 0) + 1 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG008',
			MESSAGE = format('step %s of case %s of household %s is not the next one', coalesce(NEW.step::text, 'NULL'), NEW.case_id, NEW.household_id),
			DETAIL = format('Its last step is %s.', coalesce(before.step, 0)),
			HINT = 'registry.advance_case() takes the next step.';
	END IF;
	IF NEW.update_type IS DISTINCT FROM head.update_type OR NEW.from_state IS DISTINCT FROM before.to_state
	OR NOT coalesce(registry.next_state(NEW.update_type, NEW.from_state, NEW.event) = NEW.to_state, false) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG001',
			MESSAGE = format('step %s of case %s of household %s is not permitted', NEW.step, NEW.case_id, NEW.household_id),
			DETAIL = format('It is a case of %s and %s.', head.update_type, coalesce('is ' || before.to_state::text, 'has no step yet')),
			HINT = 'registry.transitions() lists the steps there are.';
	END IF;

	-- what a case says of itself is chained, too
	IF NEW.event = 'open' THEN
		NEW.content := registry.opened_as(head.centre, head.operator, head.mode, head.priority, head.token, head.about_case, head.opened_on)
			|| jsonb_build_object('area', head.area::text);
	END IF;
	NEW.content_hash := registry.content_hash(NEW.content);
	NEW.area := head.area;
	NEW.recorded_at := now();
	NEW.taken_by := session_user;
	NEW.hash := registry.step_hash(before.hash, NEW.household_id, NEW.case_id, NEW.step, NEW.update_type, NEW.from_state, NEW.event, NEW.to_state,
		NEW.taken_at, NEW.recorded_at, NEW.taken_by, NEW.operator, NEW.request_id, NEW.reason, NEW.content_hash);
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.chain_step() IS
	'trigger: a step follows the last one, is permitted, and is hashed with it; who took it, when it was recorded, and what the case is '
	'that it opens is not the client''s to say';

-- After the row, so that one that ON CONFLICT leaves out moves nothing.
CREATE FUNCTION registry.move_head() RETURNS trigger
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
BEGIN
	UPDATE nser.update_case AS c SET last_step = NEW.step, state = NEW.to_state, last_hash = NEW.hash, stepped_at = NEW.recorded_at
	WHERE c.household_id = NEW.household_id AND c.case_id = NEW.case_id AND c.last_step = NEW.step - 1;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG008',
			MESSAGE = format('step %s of case %s of household %s does not follow the head of the case', NEW.step, NEW.case_id, NEW.household_id),
			HINT = 'SELECT * FROM registry.verify_chain() finds what is wrong with its steps.';
	END IF;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.move_head() IS 'trigger: the head of a case says what its last step says';

CREATE FUNCTION registry.keep_case() RETURNS trigger
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	kept	record;
	taken	record;
BEGIN
	IF TG_OP = 'INSERT' THEN
		IF NEW.last_step = 0 AND NEW.state = 'requested' AND NEW.last_hash IS NULL AND NEW.survey_id IS NULL AND NEW.no_change IS NULL THEN
			RETURN NEW;
		END IF;
	ELSIF TG_OP = 'UPDATE' THEN
		kept := OLD;
		kept.area := NEW.area;
		SELECT s.to_state, s.hash, s.recorded_at INTO taken
		FROM nser.case_step AS s
		WHERE s.household_id = OLD.household_id AND s.case_id = OLD.case_id AND s.step = NEW.last_step;
		IF FOUND AND NEW.last_step = OLD.last_step + 1 THEN
			kept.last_step := NEW.last_step;
			kept.state := taken.to_state;
			kept.last_hash := taken.hash;
			kept.stepped_at := taken.recorded_at;
		ELSIF FOUND AND OLD.state = 'applied' AND taken.recorded_at = now() THEN
			-- what applying it did, once, by the transaction that applied it
			kept.survey_id := coalesce(OLD.survey_id, NEW.survey_id);
			kept.no_change := coalesce(OLD.no_change, NEW.no_change);
		END IF;
		IF kept OPERATOR(pg_catalog.*=) NEW THEN
			RETURN NEW;
		END IF;
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('rows of %I.%I follow the steps of the cases', TG_TABLE_SCHEMA, TG_TABLE_NAME),
		HINT = 'registry.open_case() opens a case, registry.advance_case() takes its next step.';
END;
$$;
COMMENT ON FUNCTION registry.keep_case() IS
	'trigger: a case begins without steps, its head moves on with them and never back, and nothing else about it changes';
