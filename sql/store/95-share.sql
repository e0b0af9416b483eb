
-- What partners use, and what staff with a duty may have done, by the owner's rights:
-- each does one thing, for who is logged in.
CREATE VIEW share.my_agreements WITH (security_barrier = true) AS
	SELECT a.agreement_id, a.category, lower(a.valid) AS valid_from, upper(a.valid) - 1 AS valid_until,
		a.ended_at IS NULL AND clock_timestamp() >= lower(a.valid)::timestamp AT TIME ZONE 'Asia/Karachi'
			AND clock_timestamp() < upper(a.valid)::timestamp AT TIME ZONE 'Asia/Karachi' AS in_force,
		a.end_reason, r.release_no, (r.made_at AT TIME ZONE 'Asia/Karachi')::date AS released_on, 'share.' || quote_ident(r.view) AS view, r.rows,
		(SELECT max(t.opened_at) + interval '1 hour' FROM nser.list_opening AS t
		 WHERE t.agreement_id = a.agreement_id AND t.release_id = r.release_id AND t.login = SESSION_USER) AS open_until
	FROM nser.agreement AS a
	JOIN nser.organization AS o ON o.organization_id = a.organization_id
	LEFT JOIN nser.release AS r ON r.agreement_id = a.agreement_id AND r.state = 'published'
	WHERE o.login = SESSION_USER;
COMMENT ON VIEW share.my_agreements IS 'agreements of who is logged in: what it may read, until when, how much, and of what day';
COMMENT ON COLUMN share.my_agreements.valid_until IS 'last day in Pakistan on which anything is shown';
COMMENT ON COLUMN share.my_agreements.in_force IS 'whether it is, now';
COMMENT ON COLUMN share.my_agreements.end_reason IS 'ended, breached or revoked before its last day; NULL: none of these';
COMMENT ON COLUMN share.my_agreements.released_on IS 'the day of which the data is';
COMMENT ON COLUMN share.my_agreements.view IS 'what to read; NULL where nothing is published, or it is a service';
COMMENT ON COLUMN share.my_agreements.rows IS 'how many rows it has';
COMMENT ON COLUMN share.my_agreements.open_until IS 'of a list of names: until when it is open, by registry.open_list(); NULL: it was never opened';

CREATE FUNCTION share.open_list(agreement_id bigint, why text) RETURNS uuid
	LANGUAGE sql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT registry.open_list_as(agreement_id, why);
END;
COMMENT ON FUNCTION share.open_list(bigint, text) IS 'registry.open_list() calls it: partners''';
REVOKE ALL ON FUNCTION share.open_list(bigint, text) FROM PUBLIC;

CREATE FUNCTION nser.publish(agreement_id bigint) RETURNS bigint
	LANGUAGE sql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT registry.require_duty('extractor');
	SELECT registry.publish(agreement_id);
END;
COMMENT ON FUNCTION nser.publish(bigint) IS 'registry.publish() for who has the duty of extractor';
REVOKE ALL ON FUNCTION nser.publish(bigint) FROM PUBLIC;

CREATE FUNCTION nser.refresh(agreement_id bigint) RETURNS bigint
	LANGUAGE sql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT registry.require_duty('extractor');
	SELECT registry.refresh(agreement_id);
END;
COMMENT ON FUNCTION nser.refresh(bigint) IS 'registry.refresh() for who has the duty of extractor';
REVOKE ALL ON FUNCTION nser.refresh(bigint) FROM PUBLIC;

CREATE FUNCTION nser.revoke(agreement_id bigint, reason text) RETURNS boolean
	LANGUAGE sql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	-- EXECUTE outlives the last day of a duty
	SELECT registry.require_duty('extractor', 'secretary', 'monitor');
	SELECT registry.revoke(agreement_id, reason);
END;
COMMENT ON FUNCTION nser.revoke(bigint, text) IS 'registry.revoke() for who has a duty that ends agreements';
REVOKE ALL ON FUNCTION nser.revoke(bigint, text) FROM PUBLIC;

INSERT INTO nser.duty_routine (duty, routine)
	SELECT w.duty, p.oid::regprocedure::text
	FROM (VALUES ('publish', 'extractor'), ('refresh', 'extractor'), ('revoke', 'extractor'), ('revoke', 'secretary'), ('revoke', 'monitor')) AS w (name, duty)
	JOIN pg_proc AS p ON p.proname = w.name AND p.pronamespace = 'nser'::regnamespace;
