
-- revoke: the end of an agreement, now ------------------------------------------------

-- The rights go first, since they are asked for by every statement, whatever it sees;
-- the view goes too, if nobody holds it open.  What is left of it shows nothing.
CREATE FUNCTION registry.close_share_views(agreement_id bigint) RETURNS integer
	LANGUAGE plpgsql
AS $$
DECLARE
	shown	record;
	granted	record;
	left_over	integer := 0;
BEGIN
	FOR shown IN
		SELECT DISTINCT c.oid, c.oid::regclass AS relation, c.relname, c.relowner, c.relacl
		FROM nser.release AS r
		JOIN pg_class AS c ON c.relnamespace = 'share'::regnamespace AND c.relname = r.view AND c.relkind = 'v'
		WHERE r.agreement_id = close_share_views.agreement_id
	LOOP
		FOR granted IN
			SELECT DISTINCT CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(g.rolname) END AS grantee
			FROM aclexplode(shown.relacl) AS x
			LEFT JOIN pg_roles AS g ON g.oid = x.grantee
			WHERE x.grantee <> shown.relowner
		LOOP
			EXECUTE format('REVOKE ALL ON %s FROM %s CASCADE', shown.relation, granted.grantee);
		END LOOP;
		IF NOT registry.drop_share_view(shown.relname) THEN
			left_over := left_over + 1;
		END IF;
	END LOOP;
	RETURN left_over;
END;
$$;
COMMENT ON FUNCTION registry.close_share_views(bigint) IS
	'take every right on the views of an agreement back, and drop them; returns how many are still read and stay, without rights and rows; the owner''s';

-- However an agreement ends, its views end with it.
CREATE FUNCTION registry.end_releases(agreement_id bigint) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	UPDATE nser.release AS r SET state = 'revoked' WHERE r.agreement_id = end_releases.agreement_id AND r.state = 'published';
	PERFORM registry.end_write_back(end_releases.agreement_id);
	PERFORM registry.end_scores(end_releases.agreement_id);
	IF registry.close_share_views(end_releases.agreement_id) > 0 THEN
		RAISE WARNING USING
			MESSAGE = format('the view of agreement %s is still being read, or has too much over it, and was not dropped', end_releases.agreement_id),
			HINT = 'Nobody has a right on it any more and it shows nothing new; registry.revoke() again drops it.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.end_releases(bigint) IS
	'the end of what an agreement shows: its releases are revoked and its views lose every right and are dropped; warns of one that is still read; the owner''s';

CREATE FUNCTION registry.follow_agreement_end() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM registry.end_releases(NEW.agreement_id);
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.follow_agreement_end() IS 'trigger: when an agreement ends, by whatever step, so does what it shows';

CREATE FUNCTION registry.revoke(agreement_id bigint, reason text DEFAULT 'revoked') RETURNS boolean
	LANGUAGE plpgsql
AS $$
DECLARE
	ended	boolean;
BEGIN
	PERFORM registry.check_share_owner();
	IF NOT coalesce(revoke.reason IN ('ended', 'breached', 'revoked'), false) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'an agreement is ended, breached or revoked',
			HINT = 'SELECT registry.revoke(1, ''breached'');';
	END IF;
	-- by the order in which the steps of a request lock
	PERFORM FROM nser.data_request AS q WHERE q.request_id = (SELECT a.request_id FROM nser.agreement AS a WHERE a.agreement_id = revoke.agreement_id)
	FOR NO KEY UPDATE;
	SELECT a.ended_at IS NOT NULL INTO ended FROM nser.agreement AS a WHERE a.agreement_id = revoke.agreement_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('there is no agreement %s', coalesce(revoke.agreement_id::text, 'NULL')),
			HINT = 'nser.agreement lists them.';
	END IF;
	IF ended THEN
		PERFORM registry.end_releases(revoke.agreement_id);
		RETURN false;
	END IF;
	-- the trigger of nser.agreement does the rest
	UPDATE nser.agreement AS a SET ended_at = clock_timestamp(), end_reason = revoke.reason WHERE a.agreement_id = revoke.agreement_id;
	PERFORM registry.log_read(revoke.agreement_id, 'revoke', NULL, NULL, NULL);
	RETURN true;
END;
$$;
COMMENT ON FUNCTION registry.revoke(bigint, text) IS
	'end an agreement, now, in this transaction: ended, breached or revoked; its views lose every right and are dropped, unless somebody reads '
	'them for more than five seconds, who then sees nothing new; false where it had ended already, and a view that was left is dropped; the owner''s';
