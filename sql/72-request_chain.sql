
-- request_chain: steps that follow one another, each by its own duty ----------------------
--
-- As with update cases: the keys and the CHECK of nser.request_step keep a step out that
-- is not permitted, whoever records it; what is here says so in words, asks for the duty
-- and for what the request asks, and chains the steps by hashes.

CREATE FUNCTION registry.chain_request_step() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	head	record;
	before	record;
	permitted record;
BEGIN
	SELECT r.category, r.audience, r.state INTO head FROM nser.data_request AS r WHERE r.request_id = NEW.request_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG020',
			MESSAGE = format('there is no request %s', coalesce(NEW.request_id::text, 'NULL')),
			HINT = 'registry.enter_request() enters one.';
	END IF;
	SELECT s.step, s.to_state, s.hash INTO before
	FROM nser.request_step AS s WHERE s.request_id = NEW.request_id ORDER BY s.step DESC LIMIT 1;
	IF NEW.step IS DISTINCT FROM coalesce(before.step, 0) + 1 OR NEW.from_state IS DISTINCT FROM before.to_state THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG020',
			MESSAGE = format('step %s of request %s is not the next one', coalesce(NEW.step::text, 'NULL'), NEW.request_id),
			DETAIL = format('Its last step is %s.', coalesce(before.step, 0)),
			HINT = 'Read the request again, and decide again.';
	END IF;
	SELECT t.to_state, t.duties INTO permitted
	FROM registry.request_transitions() AS t WHERE t.from_state IS NOT DISTINCT FROM NEW.from_state AND t.event = NEW.event;
	IF NOT FOUND OR NEW.to_state IS DISTINCT FROM permitted.to_state THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG020',
			MESSAGE = format('request %s cannot take the step %s', NEW.request_id, coalesce(NEW.event::text, 'NULL')),
			DETAIL = format('It %s.', coalesce('is ' || before.to_state, 'was not submitted yet')),
			HINT = coalesce('It can take: ' || (SELECT string_agg(t.event::text, ', ' ORDER BY t.event) FROM registry.request_transitions() AS t
												WHERE t.from_state IS NOT DISTINCT FROM before.to_state) || '.', 'It has ended; enter another one.');
	END IF;
	-- some are for the committee alone to approve, all others for both
	IF (NEW.event IN ('approve_once', 'recommend'))
	AND (NEW.event = 'approve_once') IS DISTINCT FROM (SELECT k.approved_by = 'committee' FROM nser.share_category AS k WHERE k.category = head.category) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG020',
			MESSAGE = format('category %s cannot take the step %s', head.category, NEW.event),
			HINT = CASE NEW.event WHEN 'recommend' THEN 'The committee approves it once: approve_once.' ELSE 'The committee recommends it, the secretary approves.' END;
	END IF;

	NEW.taken_by := session_user;
	NEW.recorded_at := now();
	NEW.duty := registry.duty_of_step(NEW.request_id, permitted.duties);
	IF NEW.event IN ('reject', 'send_back', 'breach', 'revoke', 'visit', 'interview', 'review_attribute') AND coalesce(NEW.reason !~ '[^[:space:]]', true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = format('%s needs a reason', NEW.event),
			HINT = 'Say why, or what was found, without personal values: reason => ''the storage is not locked''.';
	END IF;
	IF NEW.event = 'provide' THEN
		PERFORM registry.agreement_in_force(a.agreement_id) FROM nser.agreement AS a WHERE a.request_id = NEW.request_id;
	END IF;
	-- by the rules of today: what was signed under others is not released anew
	IF NEW.event IN ('submit', 'review', 'recommend', 'approve_once', 'approve', 'sign', 'provide') THEN
		PERFORM registry.check_data_request(NEW.request_id, NEW.event);
	END IF;
	NEW.content := registry.request_content(NEW.request_id, NEW.event, NEW.content);
	NEW.content_hash := registry.content_hash(NEW.content);
	NEW.hash := registry.request_step_hash(before.hash, NEW.request_id, NEW.step, NEW.from_state, NEW.event, NEW.to_state, NEW.recorded_at,
		NEW.taken_by, NEW.duty, NEW.reason, NEW.content_hash);
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.chain_request_step() IS
	'trigger: a step follows the last one, is permitted to who is logged in by a duty that took no other duty''s step of the request, and '
	'to what is asked; it is hashed with the one before; who took it and when is not the client''s to say';

CREATE FUNCTION registry.move_request() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	UPDATE nser.data_request AS r
	SET last_step = NEW.step, state = NEW.to_state, last_hash = NEW.hash, stepped_at = NEW.recorded_at,
		price = CASE NEW.event WHEN 'review' THEN (NEW.content ->> 'price')::numeric WHEN 'submit' THEN NULL ELSE r.price END
	WHERE r.request_id = NEW.request_id AND r.last_step = NEW.step - 1;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG020',
			MESSAGE = format('step %s of request %s does not follow its head', NEW.step, NEW.request_id),
			HINT = 'SELECT * FROM registry.verify_requests() finds what is wrong with its steps.';
	END IF;
	IF NEW.event = 'sign' THEN
		INSERT INTO nser.agreement (request_id, organization_id, category, valid)
		SELECT r.request_id, r.organization_id, r.category, r.valid FROM nser.data_request AS r WHERE r.request_id = NEW.request_id;
	ELSIF NEW.to_state IN ('ended', 'breached', 'revoked') THEN
		-- by the clock: who waits in an open transaction sees it ended as well
		UPDATE nser.agreement AS a SET ended_at = clock_timestamp(), end_reason = NEW.to_state::text
		WHERE a.request_id = NEW.request_id AND a.ended_at IS NULL;
	END IF;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.move_request() IS
	'trigger: a request says what its last step says; signing makes the agreement, and ending, breach and revoking end it';

CREATE FUNCTION registry.keep_request() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	kept	record;
	taken	record;
BEGIN
	IF TG_OP = 'INSERT' THEN
		IF NEW.last_step = 0 AND NEW.state IS NULL AND NEW.last_hash IS NULL AND NEW.price IS NULL THEN
			RETURN NEW;
		END IF;
	ELSIF TG_OP = 'UPDATE' THEN
		kept := OLD;
		IF coalesce(OLD.state = 'sent_back', true) AND NEW.last_step = OLD.last_step THEN
			-- the form is the applicant's, the rest is not
			kept := NEW;
			kept.request_id := OLD.request_id;
			kept.organization_id := OLD.organization_id;
			kept.state := OLD.state;
			kept.last_hash := OLD.last_hash;
			kept.stepped_at := OLD.stepped_at;
			kept.price := OLD.price;
		ELSE
			SELECT s.event, s.to_state, s.hash, s.recorded_at, s.content INTO taken
			FROM nser.request_step AS s WHERE s.request_id = OLD.request_id AND s.step = NEW.last_step;
			IF FOUND AND NEW.last_step = OLD.last_step + 1 THEN
				kept.last_step := NEW.last_step;
				kept.state := taken.to_state;
				kept.last_hash := taken.hash;
				kept.stepped_at := taken.recorded_at;
				kept.price := CASE taken.event WHEN 'review' THEN (taken.content ->> 'price')::numeric(14, 2) WHEN 'submit' THEN NULL ELSE OLD.price END;
			END IF;
		END IF;
		IF kept OPERATOR(pg_catalog.*=) NEW THEN
			RETURN NEW;
		END IF;
	ELSIF TG_OP = 'DELETE' THEN
		IF OLD.last_step = 0 THEN
			RETURN OLD;
		END IF;
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = 'a request that was submitted follows its steps, and is not changed',
		HINT = 'Send it back to have it changed: SELECT registry.take_request_step(1, ''send_back'', reason => ''the area is too fine'').';
END;
$$;
COMMENT ON FUNCTION registry.keep_request() IS
	'trigger: a form can be changed until it is submitted, and while it is sent back; all else moves with the steps, never back';

CREATE FUNCTION registry.keep_agreement() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	asked	record;
	kept	record;
BEGIN
	SELECT r.organization_id, r.category, r.valid, r.state, r.last_step INTO asked
	FROM nser.data_request AS r WHERE r.request_id = CASE TG_OP WHEN 'INSERT' THEN NEW.request_id ELSE OLD.request_id END;
	IF TG_OP = 'INSERT' THEN
		-- made by the step that signs, and by nothing else
		IF asked.state = 'agreed' AND NEW.organization_id = asked.organization_id AND NEW.category = asked.category AND NEW.valid = asked.valid
		AND NEW.ended_at IS NULL
		AND EXISTS (SELECT FROM nser.request_step AS s
					WHERE s.request_id = NEW.request_id AND s.step = asked.last_step AND s.event = 'sign' AND s.recorded_at = now()) THEN
			NEW.signed_at := now();
			RETURN NEW;
		END IF;
	ELSIF TG_OP = 'UPDATE' THEN
		kept := OLD;
		IF OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL THEN
			NEW.ended_at := clock_timestamp();
			kept.ended_at := NEW.ended_at;
			kept.end_reason := NEW.end_reason;
		END IF;
		IF kept OPERATOR(pg_catalog.*=) NEW THEN
			RETURN NEW;
		END IF;
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = 'an agreement is made by signing a request, and changed by nothing but its end',
		HINT = 'nser.sign_request() signs; registry.revoke() and the steps end and breach end it, once.';
END;
$$;
COMMENT ON FUNCTION registry.keep_agreement() IS
	'trigger: an agreement is made by the step that signs its request, as it was signed; nothing of it changes but that it ends, once, now';

-- Whoever ends an agreement by itself has it said in the chain, too.
CREATE FUNCTION registry.follow_agreement() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	head	record;
BEGIN
	SELECT r.state, r.last_step INTO head FROM nser.data_request AS r WHERE r.request_id = NEW.request_id FOR NO KEY UPDATE;
	IF NEW.ended_at IS NOT NULL AND OLD.ended_at IS NULL AND NOT registry.is_final(head.state) THEN
		INSERT INTO nser.request_step (request_id, step, from_state, event, to_state, reason)
		SELECT NEW.request_id, head.last_step + 1, head.state, t.event, t.to_state, 'the agreement was ended'
		FROM registry.request_transitions() AS t WHERE t.from_state = head.state AND t.to_state::text = NEW.end_reason;
	END IF;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.follow_agreement() IS 'trigger: an agreement that ends ends by a step of its request';
