
-- survey load: a file of surveys, copied in chunks and applied in batches -----------------
--
-- A file is told by its digest, and a row by its line.  Rows are staged in order, each
-- chunk in a transaction that says how far it came; they are decided in order, each batch
-- in a transaction that removes them.  So after a break it is known what is missing, and
-- nothing is there twice.

CREATE FUNCTION registry.require_load(load_id bigint) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM nser.survey_load AS l
				   WHERE l.load_id = require_load.load_id AND (l.begun_by = session_user OR pg_has_role(session_user, (
						SELECT n.nspowner FROM pg_namespace AS n WHERE n.nspname = 'nser'), 'USAGE'))) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('login "%s" has no load %s', session_user, coalesce(require_load.load_id::text, 'NULL')),
			HINT = 'registry.begin_load() begins one, and nser.survey_load lists those that were begun.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.require_load(bigint) IS 'refuse a load that there is not, or that another login began; the store''s owner may go on with any';

-- Held by the session, so that it ends with it: whoever comes next goes on.
CREATE FUNCTION registry.lock_load(load_id bigint, for_session boolean) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	subject	CONSTANT integer := hashtext('registry survey load');
	number	CONSTANT integer := hashint8(lock_load.load_id);
BEGIN
	IF NOT (CASE WHEN lock_load.for_session THEN pg_try_advisory_lock(subject, number) ELSE pg_try_advisory_xact_lock(subject, number) END) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_in_use',
			MESSAGE = format('load %s is being worked on by another session', lock_load.load_id),
			HINT = 'Wait until that has ended; what it leaves undone is gone on with by the same command.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.lock_load(bigint, boolean) IS 'keep a load for this session, or this transaction, or say that another works on it (55006)';

-- A digest is what its login says: nobody, not even the owner, goes on from rows that
-- another copied.
CREATE FUNCTION registry.load_of(digest bytea, rows bigint DEFAULT NULL, bytes bigint DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	known	record;
BEGIN
	SELECT l.load_id, l.rows, l.bytes, l.begun_by INTO known FROM nser.survey_load AS l WHERE l.digest = load_of.digest;
	IF known.begun_by <> session_user THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('login "%s" began load %s of this file', known.begun_by, known.load_id),
			HINT = format('That login goes on with it; as long as none of its rows is decided, it or the owner may forget it: nser.discard_load(%s).', known.load_id);
	END IF;
	IF known.rows <> load_of.rows OR known.bytes <> load_of.bytes THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('load %s of the same digest has other rows or bytes', known.load_id),
			HINT = 'A digest is of one file: one of the two was not counted rightly.';
	END IF;
	RETURN known.load_id;
END;
$$;
COMMENT ON FUNCTION registry.load_of(bytea, bigint, bigint) IS
	'the load of a digest, NULL where there is none; refused where another login began it, or it has other rows or bytes than are told';

CREATE FUNCTION registry.begin_load(source text, digest bytea DEFAULT NULL, rows bigint DEFAULT NULL, bytes bigint DEFAULT NULL,
									OUT load_id bigint, OUT next_row bigint, OUT state text, OUT decided bigint)
	LANGUAGE plpgsql
AS $$
DECLARE
	broken	bigint;
BEGIN
	IF coalesce(begin_load.source !~ '[^[:space:]]', true) OR num_nonnulls(begin_load.digest, begin_load.rows, begin_load.bytes) NOT IN (0, 3)
	OR octet_length(begin_load.digest) <> 32 OR begin_load.rows < 0 OR begin_load.bytes < 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a load has the name of its file, and of that the SHA-256, 32 bytes, the rows and the bytes, or none of the three',
			HINT = 'SELECT * FROM registry.begin_load(''surveys.jsonl'', sha256(''...''), 1000, 4000000); a stream has only a name.';
	END IF;
	-- a stream that broke is not taken up again
	FOR broken IN SELECT l.load_id FROM nser.survey_load AS l WHERE l.digest IS NULL AND l.begun_by = session_user ORDER BY l.load_id FOR UPDATE SKIP LOCKED LOOP
		IF pg_try_advisory_xact_lock(hashtext('registry survey load'), hashint8(broken)) THEN
			DELETE FROM nser.survey_load AS l WHERE l.load_id = broken;
		END IF;
	END LOOP;
	INSERT INTO nser.survey_load AS l (source, digest, rows, bytes) VALUES (begin_load.source, begin_load.digest, begin_load.rows, begin_load.bytes)
	-- who began it at the same time is waited for
	ON CONFLICT ON CONSTRAINT survey_load_digest_key DO NOTHING
	RETURNING l.load_id INTO load_id;
	IF load_id IS NULL THEN
		load_id := registry.load_of(begin_load.digest, begin_load.rows, begin_load.bytes);
	END IF;
	PERFORM registry.lock_load(begin_load.load_id, true);
	SELECT l.staged + 1, l.decided, CASE WHEN l.finished_at IS NOT NULL THEN 'done' WHEN l.staged = l.rows THEN 'staged' ELSE 'staging' END
	INTO next_row, decided, state
	FROM nser.survey_load AS l
	WHERE l.load_id = begin_load.load_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_in_use',
			MESSAGE = 'the load of this file was discarded just now',
			HINT = 'Begin it again.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.begin_load(text, bytea, bigint, bigint) IS
	'begin a load of a file of surveys, or take up that of the same digest that the same login began: its number, the first row that is to be copied, and whether it is '
	'staging, staged (all is copied) or done; decided: how many rows of it were already; all three of digest, rows and bytes are NULL of a '
	'stream, of which registry.end_stream() tells them; the load is this session''s until it ends, and refused (55006) while it is another''s';

CREATE FUNCTION registry.stage_line() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	IF nser.stage_line(NEW.load_id, NEW.row_no, NEW.payload, NEW.problem) IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('there is no load %s of this login that waits for row %s', coalesce(NEW.load_id::text, 'NULL'), coalesce(NEW.row_no::text, 'NULL')),
			HINT = 'registry.begin_load() tells the load, and the first row that is missing.';
	END IF;
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.stage_line() IS 'trigger of nser.survey_load_line: a row that is copied there is staged, where it belongs to a load of this login';

CREATE FUNCTION registry.stage_chunk(load_id bigint, last_row bigint) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	came_to	bigint;
BEGIN
	PERFORM registry.require_load(stage_chunk.load_id);
	SELECT l.staged INTO came_to FROM nser.survey_load AS l WHERE l.load_id = stage_chunk.load_id FOR NO KEY UPDATE;
	IF coalesce(stage_chunk.last_row, 0) <= came_to OR NOT (
		SELECT count(*) = stage_chunk.last_row - came_to AND max(r.row_no) = stage_chunk.last_row FROM nser.survey_load_row AS r
		WHERE r.load_id = stage_chunk.load_id AND r.row_no > came_to) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('rows %s to %s of load %s were not all copied, or others were', came_to + 1, coalesce(stage_chunk.last_row::text, 'NULL'),
							 stage_chunk.load_id),
			HINT = 'Copy them in order, and call registry.stage_chunk() in the same transaction.';
	END IF;
	UPDATE nser.survey_load AS l SET staged = stage_chunk.last_row WHERE l.load_id = stage_chunk.load_id;
	RETURN stage_chunk.last_row;
END;
$$;
COMMENT ON FUNCTION registry.stage_chunk(bigint, bigint) IS
	'after COPY of the next rows of a load into nser.survey_load_line, in the same transaction: keep that they are there up to last_row, which is '
	'returned; refuses a gap';

CREATE FUNCTION registry.end_stream(load_id bigint, digest bytea, rows bigint, bytes bigint, OUT same_as bigint)
	LANGUAGE plpgsql
AS $$
BEGIN
	-- it was told, and who did has not heard
	IF NOT EXISTS (SELECT FROM nser.survey_load AS s WHERE s.load_id = end_stream.load_id AND s.digest IS NULL) THEN
		same_as := registry.load_of(end_stream.digest);
		IF same_as IS NOT NULL THEN
			RETURN;
		END IF;
	END IF;
	PERFORM registry.require_load(end_stream.load_id);
	IF coalesce(octet_length(end_stream.digest) <> 32 OR end_stream.bytes < 0, true)
	OR NOT EXISTS (SELECT FROM nser.survey_load AS l
				   WHERE l.load_id = end_stream.load_id AND l.digest IS NULL AND l.staged IS NOT DISTINCT FROM end_stream.rows) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('load %s is no stream of so many rows that is not ended yet', end_stream.load_id),
			HINT = 'rows is what was copied: SELECT registry.end_stream(7, sha256(''...''), 1000, 4000000);';
	END IF;
	BEGIN
		UPDATE nser.survey_load AS l SET digest = end_stream.digest, rows = end_stream.rows, bytes = end_stream.bytes
		WHERE l.load_id = end_stream.load_id;
		same_as := end_stream.load_id;
	EXCEPTION WHEN unique_violation THEN
		same_as := registry.load_of(end_stream.digest);
		DELETE FROM nser.survey_load AS l WHERE l.load_id = end_stream.load_id;
	END;
END;
$$;
COMMENT ON FUNCTION registry.end_stream(bigint, bytea, bigint, bigint) IS
	'tell what a stream was that has been copied to its end; returns the load to go on with: itself, or an earlier one of the same digest, and then '
	'what was copied again is dropped';

CREATE FUNCTION registry.discard_load(load_id bigint) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	dropped	bigint;
BEGIN
	PERFORM registry.require_load(discard_load.load_id);
	PERFORM registry.lock_load(discard_load.load_id, false);
	IF (SELECT l.decided > 0 OR l.finished_at IS NOT NULL FROM nser.survey_load AS l WHERE l.load_id = discard_load.load_id FOR UPDATE) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('rows of load %s are applied or refused already', discard_load.load_id),
			HINT = 'Go on with it: registry.apply_load().';
	END IF;
	SELECT l.staged INTO dropped FROM nser.survey_load AS l WHERE l.load_id = discard_load.load_id;
	DELETE FROM nser.survey_load AS l WHERE l.load_id = discard_load.load_id;
	RETURN dropped;
END;
$$;
COMMENT ON FUNCTION registry.discard_load(bigint) IS 'forget a load of which nothing was applied or refused yet, with its rows, of which it returns the number';

CREATE FUNCTION registry.load_refusals(load_id bigint, OUT row_no bigint, OUT column_name text, OUT sqlstate text, OUT reason text)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	PERFORM registry.require_load(load_refusals.load_id);
	RETURN QUERY
		SELECT e.row_no, e.column_name, e.sqlstate, e.reason FROM nser.load_error AS e WHERE e.load_id = load_refusals.load_id ORDER BY e.row_no;
END;
$$;
COMMENT ON FUNCTION registry.load_refusals(bigint) IS 'rows of a load that were refused, and why, without anybody''s data: that is in nser.load_error';

CREATE FUNCTION registry.loader_routines() RETURNS SETOF regprocedure
	LANGUAGE plpgsql STABLE ROWS 7
AS $$
BEGIN
	RETURN QUERY
		SELECT p.oid::regprocedure FROM pg_proc AS p
		WHERE p.pronamespace = 'nser'::regnamespace
		AND p.proname IN ('stage_line', 'begin_load', 'stage_chunk', 'end_stream', 'apply_load', 'load_refusals', 'discard_load')
		ORDER BY p.proname;
END;
$$;
COMMENT ON FUNCTION registry.loader_routines() IS 'what a loader may call, besides COPY into nser.survey_load_line';

CREATE FUNCTION registry.grant_loader(login name) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	routine	regprocedure;
BEGIN
	PERFORM registry.check_duty_login(grant_loader.login);
	EXECUTE format('GRANT USAGE ON SCHEMA nser TO %I', grant_loader.login);
	EXECUTE format('GRANT INSERT ON nser.survey_load_line TO %I', grant_loader.login);
	FOR routine IN SELECT registry.loader_routines() LOOP
		EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', routine, grant_loader.login);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.grant_loader(name) IS
	'let a login load surveys: EXECUTE on registry.loader_routines(), INSERT into nser.survey_load_line, and USAGE on schema nser; it reads no '
	'table by that; the owner''s; refuses who can have no duty (RG021)';

CREATE FUNCTION registry.revoke_loader(login name) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	routine	regprocedure;
BEGIN
	EXECUTE format('REVOKE INSERT ON nser.survey_load_line FROM %I', revoke_loader.login);
	FOR routine IN SELECT registry.loader_routines() LOOP
		EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM %I', routine, revoke_loader.login);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.revoke_loader(name) IS 'what registry.grant_loader() gave is taken away; USAGE on schema nser stays';
