
-- score_service: a score against a number, asked for first and read after ------------
--
-- A request charges the quota, writes the log and gives a ticket.  It looks nobody up:
-- whoever rolls it back would know by the counters of his transaction who was found.
-- The ticket is read in another transaction, which sees it only when the first has
-- committed; what it finds is stored, once.  What a partner calls runs as itself and
-- reaches the store by definer functions of schema share; what those call is here, and
-- has no rights of its own.

CREATE FUNCTION registry.cnic_or_null(number text) RETURNS registry.cnic
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN CASE WHEN length(number) <= 15 AND number ~ '^([1-8][0-9]{4}-[0-9]{7}-[0-9]|[1-8][0-9]{12})$' THEN number::registry.cnic END;
COMMENT ON FUNCTION registry.cnic_or_null(text) IS 'the identity number that a text spells; NULL where it spells none, and never an error';

-- A standby can write no log; a snapshot of yesterday would show an agreement that was
-- ended since.
CREATE FUNCTION registry.check_live_read() RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	IF pg_is_in_recovery() THEN
		RAISE EXCEPTION USING
			ERRCODE = 'read_only_sql_transaction',
			MESSAGE = 'a standby gives no scores',
			HINT = 'Ask the primary server: what is read is logged there.';
	ELSIF current_setting('transaction_read_only') = 'on' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'read_only_sql_transaction',
			MESSAGE = 'scores are not given in a read-only transaction',
			HINT = 'What is asked for and read is logged: use BEGIN READ WRITE.';
	ELSIF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'active_sql_transaction',
			MESSAGE = format('scores are not given in a transaction that is %s', current_setting('transaction_isolation')),
			HINT = 'Use BEGIN ISOLATION LEVEL READ COMMITTED: it must see what has ended meanwhile.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_live_read() IS 'refuse on a standby, and in a transaction that cannot write, or does not see what others commit meanwhile';

CREATE FUNCTION registry.charge_quota(agreement_id bigint, numbers integer) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	on_date	CONSTANT date := (clock_timestamp() AT TIME ZONE 'Asia/Karachi')::date;
	agreed	record;
BEGIN
	SELECT registry.partner_of(a.organization_id) AS partner, r.quota INTO STRICT agreed
	FROM nser.agreement AS a JOIN nser.data_request AS r ON r.request_id = a.request_id
	WHERE a.agreement_id = charge_quota.agreement_id;
	IF charge_quota.numbers <= agreed.quota THEN
		INSERT INTO nser.quota_use AS q (partner, day, used) VALUES (agreed.partner, on_date, charge_quota.numbers)
		ON CONFLICT ON CONSTRAINT quota_use_pkey DO UPDATE SET used = q.used + charge_quota.numbers
		WHERE q.used + charge_quota.numbers <= agreed.quota;
		IF FOUND THEN
			RETURN;
		END IF;
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'RG028',
		MESSAGE = format('%s more are beyond the quota of the day', charge_quota.numbers),
		DETAIL = format('Agreement %s has %s a day, of which the partner and its affiliates, under all their agreements, used %s.', charge_quota.agreement_id,
			agreed.quota, coalesce((SELECT q.used FROM nser.quota_use AS q WHERE q.partner = agreed.partner AND q.day = on_date), 0)),
		HINT = 'Ask for fewer, or tomorrow: the day is Pakistan''s. Nothing was looked up.';
END;
$$;
COMMENT ON FUNCTION registry.charge_quota(bigint, integer) IS
	'charge so many numbers to the partner''s quota of today, by the clock, affiliates and all agreements counted as one; what goes over that of '
	'the agreement is refused whole, RG028; the owner''s';

-- The rows of those numbers that may be told: one by one the same question, whatever the answer.
CREATE FUNCTION registry.look_up_scores(ticket uuid, agreement_id bigint, numbers text[]) RETURNS void
	LANGUAGE plpgsql
	SET jit = off
AS $$
DECLARE
	asked	record;
	band	text;
BEGIN
	SELECT r.area, r.formula, r.score_range, r.member_types, r.programme, 'score' = ANY (r.attributes) AS is_exact INTO STRICT asked
	FROM nser.agreement AS a JOIN nser.data_request AS r ON r.request_id = a.request_id
	WHERE a.agreement_id = look_up_scores.agreement_id;
	SELECT c.expression INTO STRICT band FROM registry.share_columns() AS c WHERE c.attribute = 'score_band' AND c.step = 0;

	EXECUTE format($query$
		INSERT INTO nser.score_answer (household_id, ticket, no, area, line, survey_id, score, band)
		SELECT h.household_id, $1, n.no, h.area, m.line, s.survey_id, CASE WHEN $2 THEN s.score END, CASE WHEN NOT $2 THEN %s END
		FROM (SELECT registry.cnic_or_null(u.number) AS cnic, min(u.no)::integer AS no
			  FROM unnest($3) WITH ORDINALITY AS u (number, no) GROUP BY 1) AS n
		JOIN nser.identity AS i ON i.cnic OPERATOR(registry.=) n.cnic
		JOIN nser.member AS m ON m.household_id = i.household_id AND m.line = i.line AND m.cnic OPERATOR(registry.=) i.cnic
			AND m.valid_to IS NULL AND m.superseded_at IS NULL
		JOIN nser.household AS h ON h.household_id = m.household_id AND h.status = 'registered'
		JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
		JOIN nser.score AS s ON s.household_id = v.household_id AND s.survey_id = v.survey_id AND s.area OPERATOR(registry.=) v.area AND s.formula = $5
		WHERE s.score IS NOT NULL AND h.area OPERATOR(registry.<@) $4 AND ($6 IS NULL OR $6 @> s.score::numeric)
		AND ($8 OR EXISTS (
			SELECT FROM registry.members(v.roster) AS r
			-- of today, where the survey's ages are those of its day
			CROSS JOIN LATERAL (SELECT m.relationship, m.sex, coalesce(extract(year FROM age(registry.today()::timestamp, m.birth_date::timestamp))::integer, r.age) AS age, r.disabilities) AS m
			WHERE r.line = i.line AND (%s)))
		AND ($7 IS NULL OR EXISTS (
			SELECT FROM nser.enrolment AS e
			WHERE e.household_id = h.household_id AND e.programme = $7 AND e.exited_on IS NULL AND coalesce(e.line, m.line) = m.line))
		$query$, band, coalesce(registry.share_members(asked.member_types), 'true'))
	USING look_up_scores.ticket, asked.is_exact, look_up_scores.numbers, asked.area, asked.formula, asked.score_range, asked.programme, asked.member_types = '{}';
	-- who was asked for and is not told of is on her record, too: a reading that was rolled back may have told
	INSERT INTO nser.score_answer (household_id, ticket, no, area, line)
	SELECT DISTINCT ON (m.household_id, n.no) m.household_id, look_up_scores.ticket, n.no, h.area, m.line
	FROM (SELECT registry.cnic_or_null(u.number) AS cnic, min(u.no)::integer AS no
		  FROM unnest(look_up_scores.numbers) WITH ORDINALITY AS u (number, no) GROUP BY 1) AS n
	JOIN nser.member AS m ON m.cnic OPERATOR(registry.=) n.cnic
	JOIN nser.household AS h ON h.household_id = m.household_id
	ORDER BY m.household_id, n.no, m.recorded_at DESC
	ON CONFLICT ON CONSTRAINT score_answer_pkey DO NOTHING;
END;
$$;
COMMENT ON FUNCTION registry.look_up_scores(uuid, bigint, text[]) IS
	'write to nser.score_answer, for the ticket and for the persons'' own record, who of the numbers may be told under the agreement: live members of '
	'registered households of its area, score range, member types and programme that have a score by its formula; the owner''s';

CREATE FUNCTION registry.settle_tickets(agreement_id bigint DEFAULT NULL, of_age interval DEFAULT '0') RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	waiting	record;
	settled	bigint := 0;
BEGIN
	FOR waiting IN
		SELECT t.ticket, t.agreement_id, t.numbers, t.settled_at FROM nser.score_ticket AS t
		WHERE t.numbers IS NOT NULL AND t.requested_at <= clock_timestamp() - settle_tickets.of_age
		AND (t.settled_at IS NULL OR t.requested_at < clock_timestamp() - interval '1 hour')
		AND (settle_tickets.agreement_id IS NULL OR t.agreement_id = settle_tickets.agreement_id)
		ORDER BY t.requested_at
		FOR NO KEY UPDATE SKIP LOCKED
	LOOP
		IF waiting.settled_at IS NULL THEN
			PERFORM registry.look_up_scores(waiting.ticket, waiting.agreement_id, waiting.numbers);
			UPDATE nser.score_ticket AS t SET settled_at = clock_timestamp() WHERE t.ticket = waiting.ticket;
			settled := settled + 1;
		END IF;
		-- what nobody can read any more need not be kept
		UPDATE nser.score_ticket AS t SET numbers = NULL, request = NULL
		WHERE t.ticket = waiting.ticket AND t.requested_at < clock_timestamp() - interval '1 hour';
	END LOOP;
	RETURN settled;
END;
$$;
COMMENT ON FUNCTION registry.settle_tickets(bigint, interval) IS
	'look up what tickets of an agreement (NULL: of all) asked for that were given so long ago, and store it for the persons'' own record; of those older than an '
	'hour take the numbers out; returns how many were looked up; the owner''s: by a job every second where nser.score_service says by_job, else once a night';

CREATE FUNCTION registry.take_score_request(agreement_id bigint, numbers text[], request jsonb DEFAULT NULL) RETURNS uuid
	LANGUAGE plpgsql
AS $$
DECLARE
	most	CONSTANT integer := 5000;
	ticket	CONSTANT uuid := gen_random_uuid();
	asked	integer := cardinality(take_score_request.numbers);
	service	record;
	entry	integer;
BEGIN
	PERFORM registry.check_live_read();
	PERFORM registry.agreement_in_force(take_score_request.agreement_id, session_user);
	SELECT a.category, l.release_id,
		a.ended_at IS NULL AND a.valid @> (clock_timestamp() AT TIME ZONE 'Asia/Karachi')::date AS is_in_force INTO service
	FROM nser.agreement AS a
	LEFT JOIN nser.release AS l ON l.agreement_id = a.agreement_id AND l.state = 'published'
	WHERE a.agreement_id = take_score_request.agreement_id;
	IF service.category <> 'score' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = format('agreement %s is not for scores', take_score_request.agreement_id),
			DETAIL = format('It is for %s.', service.category),
			HINT = 'share.my_agreements lists yours, and what each is for.';
	-- the day of a transaction that was begun yesterday is over
	ELSIF service.release_id IS NULL OR NOT service.is_in_force THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG023',
			MESSAGE = format('the service of agreement %s is not open', take_score_request.agreement_id),
			HINT = 'registry.publish() opens it, until the last day of the agreement.';
	ELSIF coalesce(asked NOT BETWEEN 1 AND most OR array_ndims(take_score_request.numbers) <> 1, true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('a request has 1 to %s numbers', most),
			HINT = 'registry.request_scores(7, ''{35202-1234567-1}''); longer lists go in several requests.';
	END IF;

	PERFORM registry.charge_quota(take_score_request.agreement_id, asked);
	entry := registry.log_read(take_score_request.agreement_id, CASE WHEN take_score_request.request IS NULL THEN 'request_scores' ELSE 'search' END,
		service.release_id, asked, ticket);
	INSERT INTO nser.score_ticket (ticket, agreement_id, writer, entry, asked, numbers, request)
	VALUES (ticket, take_score_request.agreement_id, 'partner', entry, asked,
		(SELECT array_agg(left(u.number, 40) ORDER BY u.no) FROM unnest(take_score_request.numbers) WITH ORDINALITY AS u (number, no)),
		take_score_request.request);
	RETURN ticket;
END;
$$;
COMMENT ON FUNCTION registry.take_score_request(bigint, text[], jsonb) IS
	'what share.request_scores() does, by the rights of the store''s owner: 1 to 5,000 numbers, all charged, whether they are registered, repeated, NULL or '
	'no numbers; nobody is looked up; request: what a search was, to answer it by; NULL: none';

CREATE FUNCTION registry.answer_ticket(ticket uuid, OUT no integer, OUT cnic text, OUT status text, OUT score double precision, OUT band text)
	RETURNS SETOF record
	LANGUAGE plpgsql ROWS 1000
AS $$
DECLARE
	asked	record;
BEGIN
	PERFORM registry.check_live_read();
	SELECT t.agreement_id, t.numbers, t.settled_at IS NOT NULL AS is_settled INTO asked
	FROM nser.score_ticket AS t
	JOIN nser.agreement AS a ON a.agreement_id = t.agreement_id
	-- whoever sees a row of another transaction sees that it has committed
	WHERE t.ticket = answer_ticket.ticket AND t.xact IS DISTINCT FROM pg_current_xact_id_if_assigned()
	AND t.login = session_user AND t.numbers IS NOT NULL AND t.requested_at > clock_timestamp() - interval '1 hour'
	AND a.ended_at IS NULL AND a.valid @> (clock_timestamp() AT TIME ZONE 'Asia/Karachi')::date
	AND EXISTS (SELECT FROM nser.release AS l WHERE l.agreement_id = a.agreement_id AND l.state = 'published')
	AND (t.settled_at IS NOT NULL OR NOT EXISTS (SELECT FROM nser.score_service AS c WHERE c.by_job))
	FOR NO KEY UPDATE OF t;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG029',
			MESSAGE = 'the ticket cannot be read',
			HINT = 'A ticket is read by the login that asked, in a later transaction than it was given in, within an hour, and while the agreement is in force; '
				'where a job looks up, a moment later.';
	END IF;
	PERFORM registry.agreement_in_force(asked.agreement_id, session_user);
	IF NOT asked.is_settled THEN
		PERFORM registry.look_up_scores(answer_ticket.ticket, asked.agreement_id, asked.numbers);
		UPDATE nser.score_ticket AS t SET settled_at = clock_timestamp() WHERE t.ticket = answer_ticket.ticket;
		PERFORM registry.settle_tickets(asked.agreement_id, '1 hour');
	END IF;
	RETURN QUERY
		SELECT n.no::integer, n.number, CASE WHEN s.no IS NULL THEN 'not_found' ELSE 'found' END, s.score, s.band
		FROM (
			-- a number that is repeated is answered once, and shown as often as it was asked for
			SELECT u.no, u.number, min(u.no) OVER (PARTITION BY coalesce(registry.cnic_or_null(u.number)::bigint, -u.no)) AS first
			FROM unnest(asked.numbers) WITH ORDINALITY AS u (number, no)) AS n
		LEFT JOIN nser.score_answer AS s ON s.ticket = answer_ticket.ticket AND s.no = n.first AND s.survey_id IS NOT NULL
		ORDER BY n.no;
END;
$$;
COMMENT ON FUNCTION registry.answer_ticket(uuid) IS
	'what share.read_scores() does, by the rights of the store''s owner: the first time it looks up and stores what it finds, which is the answer ever '
	'after; whatever makes a ticket unreadable is refused in the same words, RG029';

CREATE FUNCTION registry.keep_ticket() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	kept	record;
BEGIN
	IF TG_OP = 'UPDATE' THEN
		kept := OLD;
		kept.settled_at := coalesce(OLD.settled_at, NEW.settled_at);
		IF num_nonnulls(NEW.numbers, NEW.request) = 0 AND NEW.settled_at IS NOT NULL AND OLD.requested_at < clock_timestamp() - interval '1 hour' THEN
			kept.numbers := NULL;
			kept.request := NULL;
		END IF;
		IF kept OPERATOR(pg_catalog.*=) NEW THEN
			RETURN NEW;
		END IF;
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('%I.%I is a log and cannot be changed', TG_TABLE_SCHEMA, TG_TABLE_NAME),
		HINT = 'registry.settle_tickets() takes numbers and request out, after an hour and no sooner.';
END;
$$;
COMMENT ON FUNCTION registry.keep_ticket() IS 'trigger: nobody changes or deletes a request for scores; what was asked for may be taken out after an hour';

-- what partners call

CREATE FUNCTION registry.request_scores(agreement_id bigint, numbers text[]) RETURNS uuid
	LANGUAGE plpgsql
AS $$
BEGIN
	RETURN share.request_scores(request_scores.agreement_id, request_scores.numbers);
END;
$$;
COMMENT ON FUNCTION registry.request_scores(bigint, text[]) IS
	'ask for the scores of 1 to 5,000 identity numbers under an agreement of category score: a ticket, which registry.read_scores() reads once the '
	'transaction has committed; every number is charged to the day''s quota and logged, found or not; refused: RG028 beyond the quota, RG023 '
	'without an agreement in force, a standby';

CREATE FUNCTION registry.read_scores(ticket uuid, OUT no integer, OUT cnic text, OUT status text, OUT score double precision, OUT band text)
	RETURNS SETOF record
	LANGUAGE plpgsql ROWS 1000
AS $$
BEGIN
	RETURN QUERY SELECT s.no, s.cnic, s.status, s.score, s.band FROM share.read_scores(read_scores.ticket) AS s;
END;
$$;
COMMENT ON FUNCTION registry.read_scores(uuid) IS
	'the answers of a ticket in the order of the numbers, to the login that asked, for an hour: found, with the score (0 to 100, low = poor) or its band, '
	'as agreed; not_found where there is no such number, no member, no score, or none that the agreement covers; refused: RG029';
