
-- share_view: what a partner reads, while it may ----------------------------------------
--
-- The view of a release shows all of its table or nothing.  Whether, is asked twice:
-- once before the table is looked at, so that neither a cheap function nor EXPLAIN
-- finds anything of rows that are not shown, and at every row by the clock, so that
-- what is open when the last day ends, ends too.

CREATE FUNCTION registry.is_before(until timestamptz) RETURNS boolean
	LANGUAGE C VOLATILE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'registry_is_before';
COMMENT ON FUNCTION registry.is_before(timestamptz) IS
	'whether an instant is still to come, by a clock that is a few milliseconds behind at most; not by the time of the statement; NULL where it is';

-- Until when, as SQL that gives NULL where the reader may not: NULL shows no rows.
CREATE FUNCTION registry.share_gate(agreement_id bigint, release_id bigint, named boolean) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN format(
		'SELECT %3$s FROM nser.agreement AS a'
		' JOIN nser.organization AS o ON o.organization_id = a.organization_id'
		' JOIN nser.release AS l ON l.agreement_id = a.agreement_id%4$s'
		' WHERE a.agreement_id = %1$s AND a.ended_at IS NULL AND o.login = SESSION_USER AND l.release_id = %2$s AND l.state = ''published'''
		' AND clock_timestamp() >= (lower(a.valid)::timestamp AT TIME ZONE ''Asia/Karachi'')',
		agreement_id, release_id,
		CASE WHEN named THEN 'least(upper(a.valid)::timestamp AT TIME ZONE ''Asia/Karachi'', t.last_opened + ''1 hour'')'
			ELSE 'upper(a.valid)::timestamp AT TIME ZONE ''Asia/Karachi''' END,
		-- on record before this transaction
		CASE WHEN named THEN format(
			' JOIN (SELECT max(x.opened_at) AS last_opened FROM nser.list_opening AS x WHERE x.agreement_id = %s AND x.release_id = %s'
			' AND x.login = SESSION_USER AND x.opened_at <= clock_timestamp()'
			' AND x.opened_by IS DISTINCT FROM pg_current_xact_id_if_assigned()) AS t ON t.last_opened IS NOT NULL', agreement_id, release_id) ELSE '' END);
COMMENT ON FUNCTION registry.share_gate(bigint, bigint, boolean) IS
	'a SELECT of the instant until which the login may read a release, no row or NULL where it may not: the agreement is its own and not ended, '
	'the release published, and, of a list of names, opened within the hour by a transaction that committed';

-- A partner may have views of its own over it: they go with it.
CREATE FUNCTION registry.drop_share_view(view name) RETURNS boolean
	LANGUAGE plpgsql
	SET lock_timeout = '5s'
	SET client_min_messages = warning
AS $$
BEGIN
	EXECUTE format('DROP VIEW IF EXISTS share.%I CASCADE', drop_share_view.view);
	RETURN true;
EXCEPTION WHEN OTHERS THEN
	-- read, or under more views of its reader's than there are locks or stack for: it stays
	RETURN false;
END;
$$;
COMMENT ON FUNCTION registry.drop_share_view(name) IS
	'drop a view of schema share, and views over it; false where somebody still reads it after five seconds, or it cannot be '
	'dropped for what depends on it; the owner''s';

CREATE FUNCTION registry.put_share_view(view name, body text) RETURNS boolean
	LANGUAGE plpgsql
	SET lock_timeout = '5s'
AS $$
BEGIN
	EXECUTE format('CREATE OR REPLACE VIEW share.%I WITH (security_barrier = true) AS %s', put_share_view.view, put_share_view.body);
	RETURN true;
EXCEPTION WHEN lock_not_available THEN
	RETURN false;
END;
$$;
COMMENT ON FUNCTION registry.put_share_view(name, text) IS
	'make or replace a view of schema share; false where somebody still reads the one before after five seconds; the owner''s';

CREATE FUNCTION registry.make_share_view(release_id bigint) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	made	record;
	shown	record;
	named	boolean;
	taken	boolean;
	free	boolean := true;
	columns	text;
	shape	text[];
BEGIN
	SELECT r.agreement_id, r.release_no, r.relation, r.rows, r.made_at, a.category, a.valid, o.login, registry.share_view_name(o.login, r.agreement_id) AS view INTO made
	FROM nser.release AS r
	JOIN nser.agreement AS a ON a.agreement_id = r.agreement_id
	JOIN nser.organization AS o ON o.organization_id = a.organization_id
	WHERE r.release_id = make_share_view.release_id;

	-- the one before, of the same agreement, makes room
	SELECT NOT EXISTS (SELECT FROM nser.release AS r
					   WHERE r.agreement_id = made.agreement_id AND r.release_id <> make_share_view.release_id AND r.view = made.view) INTO taken
	FROM pg_class AS c WHERE c.relnamespace = 'share'::regnamespace AND c.relname = made.view;
	IF taken THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_table',
			MESSAGE = format('share.%I is there already, and is not a view of agreement %s', made.view, made.agreement_id),
			HINT = 'Nothing but registry.publish() makes relations in schema share: find out who made it, and drop it.';
	END IF;
	named := made.category IN ('beneficiary_list', 'beneficiary_dimensions');
	-- with the same columns it is replaced, and what a partner has over it stays
	SELECT string_agg(format('r.%I', a.attname), ', ' ORDER BY a.attnum), array_agg((a.attname || ' ' || a.atttypid) ORDER BY a.attnum) INTO columns, shape
	FROM pg_attribute AS a
	WHERE a.attrelid = format('release.%I', made.relation)::regclass AND a.attnum > 0 AND NOT a.attisdropped;
	IF taken IS NOT NULL AND shape <> ARRAY(SELECT a.attname || ' ' || a.atttypid FROM pg_attribute AS a
			WHERE a.attrelid = format('share.%I', made.view)::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) THEN
		free := registry.drop_share_view(made.view);
	END IF;
	IF NOT (free AND registry.put_share_view(made.view, format('WITH gate (until) AS MATERIALIZED (%s) SELECT %s FROM release.%I AS r'
			' WHERE (SELECT clock_timestamp() < g.until FROM gate AS g) AND registry.is_before((SELECT g.until FROM gate AS g))',
			registry.share_gate(made.agreement_id, make_share_view.release_id, named), columns, made.relation))) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'lock_not_available',
			MESSAGE = format('share.%I is being read', made.view),
			HINT = 'The release before stays as it is; try again when its readers have ended.';
	END IF;
	-- how many rows is the partner's to know, and everybody reads comments
	EXECUTE format('COMMENT ON VIEW share.%I IS %L', made.view, format('release %s of agreement %s, %s, as it was on %s, until %s%s',
		made.release_no, made.agreement_id, made.category, to_char(made.made_at AT TIME ZONE 'Asia/Karachi', 'YYYY-MM-DD'),
		to_char(upper(made.valid) - 1, 'YYYY-MM-DD'),
		CASE WHEN named THEN '; shows rows for an hour after registry.open_list(), in another transaction' ELSE '' END));
	FOR shown IN
		SELECT a.attname AS name, coalesce(col_description(a.attrelid, a.attnum),
			(SELECT c.meaning FROM registry.share_columns() AS c WHERE c.attribute = a.attname AND c.step = 0), a.attname) AS meaning
		FROM pg_attribute AS a
		WHERE a.attrelid = format('release.%I', made.relation)::regclass AND a.attnum > 0 AND NOT a.attisdropped
	LOOP
		EXECUTE format('COMMENT ON COLUMN share.%I.%I IS %L', made.view, shown.name, shown.meaning);
	END LOOP;
	PERFORM registry.close_relation(format('share.%I', made.view)::regclass, made.login);
	EXECUTE format('GRANT USAGE ON SCHEMA share TO %I', made.login);
	EXECUTE format('GRANT SELECT ON share.my_agreements TO %I', made.login);
	IF named THEN
		EXECUTE format('GRANT EXECUTE ON FUNCTION share.open_list(bigint, text) TO %I', made.login);
	END IF;
	UPDATE nser.release AS r SET view = made.view WHERE r.release_id = make_share_view.release_id;
END;
$$;
COMMENT ON FUNCTION registry.make_share_view(bigint) IS
	'make the view of a release in schema share, in place of the one before, with comments, for the agreement''s login alone; refuses a name that '
	'something else has, and one that is read for more than five seconds; the owner''s';
