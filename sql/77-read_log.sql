
-- read_log: who was given what, in chains of hashes ---------------------------------
--
-- Two chains an agreement: the partner's own and the registry's, so that a partner who
-- leaves a transaction open holds up nobody who ends the agreement.  The trigger chains
-- whatever is inserted; what is altered by one who can take triggers away shows in the
-- hashes, what is cut off shows against the heads, or against heads kept elsewhere.

CREATE FUNCTION registry.read_hash(previous bytea, agreement_id bigint, writer text, entry integer, event text, login name,
								   logged_at timestamptz, release_id bigint, ticket uuid, count bigint)
	RETURNS bytea
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN sha256(coalesce(previous, ''::bytea) || convert_to(jsonb_build_array(agreement_id, writer, entry, event, login,
		extract(epoch FROM logged_at), release_id, ticket, count)::text, 'UTF8'));
COMMENT ON FUNCTION registry.read_hash(bytea, bigint, text, integer, text, name, timestamptz, bigint, uuid, bigint) IS
	'hash of an entry of nser.read_log: SHA-256 of the hash of the entry before (NULL: of none) and of all the entry says, as a JSON array, '
	'its time as seconds since 1970';

CREATE FUNCTION registry.chain_read() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	before	record;
BEGIN
	SELECT CASE WHEN o.login = session_user THEN 'partner' ELSE 'registry' END INTO NEW.writer
	FROM nser.agreement AS a JOIN nser.organization AS o ON o.organization_id = a.organization_id
	WHERE a.agreement_id = NEW.agreement_id;
	-- of no agreement: the key refuses it
	NEW.writer := coalesce(NEW.writer, 'registry');

	-- whoever comes second waits here
	LOOP
		SELECT h.last_entry, h.last_hash INTO before
		FROM nser.read_log_head AS h
		WHERE h.agreement_id = NEW.agreement_id AND h.writer = NEW.writer
		FOR NO KEY UPDATE;
		EXIT WHEN FOUND;
		INSERT INTO nser.read_log_head (agreement_id, writer) VALUES (NEW.agreement_id, NEW.writer)
		ON CONFLICT ON CONSTRAINT read_log_head_pkey DO NOTHING;
	END LOOP;
	NEW.entry := before.last_entry + 1;
	NEW.login := session_user;
	NEW.logged_at := clock_timestamp();
	NEW.hash := registry.read_hash(before.last_hash, NEW.agreement_id, NEW.writer, NEW.entry, NEW.event, NEW.login, NEW.logged_at,
		NEW.release_id, NEW.ticket, NEW.count);
	UPDATE nser.read_log_head AS h SET last_entry = NEW.entry, last_hash = NEW.hash
	WHERE h.agreement_id = NEW.agreement_id AND h.writer = NEW.writer;
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.chain_read() IS
	'trigger: an entry follows the last of its chain, and is hashed with it; its number, login and time are not the client''s to say';

CREATE FUNCTION registry.keep_read_log() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	-- the head follows the log by the trigger of the log
	IF TG_TABLE_NAME = 'read_log_head' AND TG_OP IN ('INSERT', 'UPDATE') AND pg_trigger_depth() > 1 THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('%I.%I is a log and cannot be changed', TG_TABLE_SCHEMA, TG_TABLE_NAME),
		HINT = 'registry.log_read() adds an entry.';
END;
$$;
COMMENT ON FUNCTION registry.keep_read_log() IS 'trigger: nobody changes, deletes or empties nser.read_log, nor writes its heads but by it';

CREATE FUNCTION registry.log_read(agreement_id bigint, event text, release_id bigint DEFAULT NULL, count bigint DEFAULT NULL, ticket uuid DEFAULT NULL)
	RETURNS integer
	LANGUAGE plpgsql
AS $$
DECLARE
	entry	integer;
BEGIN
	IF NOT coalesce(log_read.event ~ '^[a-z][a-z_]{0,62}$', false) OR log_read.count < 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'an event is a word, and a count is not below 0',
			HINT = 'registry.log_read(7, ''open_list'', 12, 350); no name and no number of a person goes into the log.';
	END IF;
	INSERT INTO nser.read_log AS l (agreement_id, event, release_id, count, ticket)
	VALUES (log_read.agreement_id, log_read.event, log_read.release_id, log_read.count, log_read.ticket)
	RETURNING l.entry INTO entry;
	RETURN entry;
END;
$$;
COMMENT ON FUNCTION registry.log_read(bigint, text, bigint, bigint, uuid) IS
	'append to nser.read_log what happened under an agreement (event: a word such as request_scores, open_list, publish), of which release, '
	'how many persons or rows, by which ticket (NULL: none, or unknown); returns the entry''s number in its chain; whoever is logged in holds '
	'that chain until the transaction ends; the owner''s';

CREATE FUNCTION registry.read_log_heads(OUT agreement_id bigint, OUT writer text, OUT entry integer, OUT hash bytea) RETURNS SETOF record
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	RETURN QUERY
		SELECT h.agreement_id, h.writer, h.last_entry, h.last_hash FROM nser.read_log_head AS h ORDER BY 1, 2;
END;
$$;
COMMENT ON FUNCTION registry.read_log_heads() IS
	'the last entry and hash of each chain of nser.read_log, for keeping where nobody who keeps the registry can write';

CREATE FUNCTION registry.verify_read_log(INOUT agreement_id bigint DEFAULT NULL, heads regclass DEFAULT NULL,
										 OUT writer text, OUT entry integer, OUT problem text)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE
	SET jit = off
AS $$
DECLARE
	one		text := CASE WHEN verify_read_log.agreement_id IS NOT NULL THEN 'WHERE x.agreement_id = $1' ELSE '' END;
	missed	text;
BEGIN
	SELECT string_agg(n.name, ', ' ORDER BY n.no) INTO missed
	FROM unnest('{agreement_id,writer,entry,hash}'::text[]) WITH ORDINALITY AS n (name, no)
	WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = verify_read_log.heads AND a.attname = n.name AND NOT a.attisdropped);
	IF verify_read_log.heads IS NOT NULL AND missed IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_column',
			MESSAGE = format('the table of heads has no %s', missed),
			HINT = 'CREATE TABLE kept AS SELECT * FROM registry.read_log_heads(); makes one.';
	END IF;

	FOR agreement_id, writer, entry, problem IN EXECUTE format($query$
		WITH head AS (
			SELECT x.agreement_id, x.writer, x.last_entry, x.last_hash FROM nser.read_log_head AS x %1$s
		), kept AS (
			SELECT x.agreement_id::bigint, x.writer::text, x.entry::integer, x.hash::bytea FROM %2$s AS x %1$s
		), chained AS (
			SELECT x.*, lag(x.entry, 1, 0) OVER w AS before, lag(x.hash) OVER w AS before_hash, lead(x.entry) OVER w IS NULL AS is_last
			FROM nser.read_log AS x %1$s
			WINDOW w AS (PARTITION BY x.agreement_id, x.writer ORDER BY x.entry)
		), last AS (
			SELECT c.agreement_id, c.writer, c.entry, c.hash FROM chained AS c WHERE c.is_last
		), found AS (
			-- after a gap nobody knows what it was chained to
			SELECT c.agreement_id, c.writer, c.entry, 'altered' AS problem
			FROM chained AS c
			WHERE c.entry = c.before + 1 AND c.hash IS DISTINCT FROM registry.read_hash(c.before_hash, c.agreement_id, c.writer, c.entry, c.event,
				c.login, c.logged_at, c.release_id, c.ticket, c.count)
			UNION ALL
			SELECT c.agreement_id, c.writer, g.entry, 'missing'
			FROM chained AS c CROSS JOIN LATERAL generate_series(c.before + 1, c.entry - 1) AS g (entry)
			UNION ALL
			SELECT p.agreement_id, p.writer, CASE WHEN p.is_short THEN coalesce(p.last_entry, 0) + 1 ELSE p.at_entry END,
				CASE WHEN p.is_short THEN 'cut_off' ELSE 'head_differs' END
			FROM (
				SELECT coalesce(l.agreement_id, h.agreement_id) AS agreement_id, coalesce(l.writer, h.writer) AS writer, l.entry AS last_entry,
					coalesce(l.entry, 0) < h.last_entry AS is_short, l.entry AS at_entry
				FROM head AS h
				FULL JOIN last AS l ON l.agreement_id = h.agreement_id AND l.writer = h.writer
				WHERE h.last_entry IS DISTINCT FROM l.entry OR h.last_hash IS DISTINCT FROM l.hash
				UNION ALL
				SELECT k.agreement_id, k.writer, l.entry, l.entry IS NULL OR k.entry > l.entry, k.entry
				FROM kept AS k
				LEFT JOIN last AS l ON l.agreement_id = k.agreement_id AND l.writer = k.writer
				LEFT JOIN chained AS c ON c.agreement_id = k.agreement_id AND c.writer = k.writer AND c.entry = k.entry
				WHERE c.hash IS DISTINCT FROM k.hash AND (c.entry IS NOT NULL OR l.entry IS NULL OR k.entry > l.entry OR k.entry IS NULL)) AS p
		)
		SELECT f.agreement_id, f.writer, f.entry, f.problem
		FROM found AS f
		GROUP BY f.agreement_id, f.writer, f.entry, f.problem
		ORDER BY f.agreement_id, f.writer, f.entry, f.problem
		$query$, one, coalesce(verify_read_log.heads::text,
			'(SELECT y.agreement_id, y.writer, y.entry, y.hash FROM nser.read_log AS y WHERE false)'))
	USING verify_read_log.agreement_id
	LOOP
		RETURN NEXT;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.verify_read_log(bigint, regclass) IS
	'what is wrong with the log of one agreement, or, for NULL, of all: altered (the hash is not that of the entry and of the one before), missing, '
	'cut_off (entries are gone, from this one on), head_differs (the head, or one that was kept, has another hash); heads: a table of heads '
	'kept elsewhere, as registry.read_log_heads() gives them; no rows: nothing';
