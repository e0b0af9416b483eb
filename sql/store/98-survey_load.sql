
-- Loads of survey files: registry.begin_load().  Names of files are nobody's data.
CREATE TABLE nser.survey_load (
	load_id			bigint PRIMARY KEY DEFAULT nextval('nser.load_id_seq'),
	source			text NOT NULL CHECK (source ~ '[^[:space:]]'),
	digest			bytea UNIQUE CHECK (octet_length(digest) = 32),
	rows			bigint CHECK (rows >= 0),
	bytes			bigint CHECK (bytes >= 0),
	staged			bigint NOT NULL DEFAULT 0,
	decided			bigint NOT NULL DEFAULT 0,
	applied			bigint NOT NULL DEFAULT 0 CHECK (applied >= 0),
	refused			bigint NOT NULL DEFAULT 0 CHECK (refused >= 0),
	blank			bigint NOT NULL DEFAULT 0 CHECK (blank >= 0),
	begun_by		name NOT NULL DEFAULT session_user,
	begun_at		timestamptz NOT NULL DEFAULT now(),
	finished_at		timestamptz,
	CONSTRAINT survey_load_known CHECK (num_nonnulls(digest, rows, bytes) IN (0, 3)),
	CONSTRAINT survey_load_in_order CHECK (decided >= 0 AND decided <= staged AND staged <= rows),
	CONSTRAINT survey_load_adds_up CHECK (applied + refused + blank = decided),
	CONSTRAINT survey_load_finished CHECK (finished_at IS NULL OR decided = rows)
);
COMMENT ON TABLE nser.survey_load IS 'files of surveys that were loaded, or are being: registry.begin_load() and registry.apply_load() write it';
COMMENT ON COLUMN nser.survey_load.source IS 'the file, as who loads it calls it';
COMMENT ON COLUMN nser.survey_load.digest IS 'SHA-256 of the file, which is what tells files apart; NULL while a stream is being read';
COMMENT ON COLUMN nser.survey_load.rows IS 'lines of the file, blank ones too';
COMMENT ON COLUMN nser.survey_load.staged IS 'rows from the first that have been copied to the server; decided: of these, those applied, refused or passed over';
COMMENT ON COLUMN nser.survey_load.applied IS 'households registered';
COMMENT ON COLUMN nser.survey_load.refused IS 'rows in nser.load_error';
COMMENT ON COLUMN nser.survey_load.begun_by IS 'who was logged in, and goes on with it; the owner may apply or discard it';

-- As they came, until they are decided: people's data, and the owner's only.
CREATE TABLE nser.survey_load_row (
	load_id			bigint NOT NULL REFERENCES nser.survey_load ON DELETE CASCADE,
	row_no			bigint NOT NULL CHECK (row_no > 0),
	payload			text CONSTRAINT survey_load_row_length CHECK (octet_length(payload) <= 1048576),
	problem			text CHECK (problem IN ('blank', 'too_long', 'not_utf8', 'nul')),
	PRIMARY KEY (load_id, row_no),
	CONSTRAINT survey_load_row_one CHECK (num_nonnulls(payload, problem) = 1)
);
COMMENT ON TABLE nser.survey_load_row IS 'lines that were copied to the server and are not decided yet; registry.apply_load() removes them';
COMMENT ON COLUMN nser.survey_load_row.row_no IS 'line of the file, from 1';
COMMENT ON COLUMN nser.survey_load_row.payload IS 'the line, at most 1 MiB; NULL of one that could not be sent';
COMMENT ON COLUMN nser.survey_load_row.problem IS 'why it could not be sent: blank, too_long, not_utf8 or nul, which no text holds';

-- What a loader may do: functions that run as the store's owner, each of its own loads.
CREATE FUNCTION nser.stage_line(load_id bigint, row_no bigint, payload text, problem text) RETURNS bigint
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	INSERT INTO nser.survey_load_row (load_id, row_no, payload, problem)
	SELECT l.load_id, stage_line.row_no, stage_line.payload, stage_line.problem
	FROM nser.survey_load AS l
	WHERE l.load_id = stage_line.load_id
	AND (l.begun_by = session_user
		 OR pg_has_role(session_user, (SELECT n.nspowner FROM pg_namespace AS n WHERE n.nspname = 'nser'::name), 'USAGE'))
	AND stage_line.row_no > l.staged AND (l.rows IS NULL OR l.rows >= stage_line.row_no)
	RETURNING row_no;
END;
COMMENT ON FUNCTION nser.stage_line(bigint, bigint, text, text) IS
	'stage a row of a load that who is logged in may go on with: what COPY into nser.survey_load_line calls; NULL where there is no such load, or the row is not to come';

CREATE FUNCTION nser.begin_load(source text, digest bytea DEFAULT NULL, rows bigint DEFAULT NULL, bytes bigint DEFAULT NULL,
								OUT load_id bigint, OUT next_row bigint, OUT state text, OUT decided bigint)
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT b.load_id, b.next_row, b.state, b.decided
	FROM registry.begin_load(begin_load.source, begin_load.digest, begin_load.rows, begin_load.bytes) AS b;
END;
COMMENT ON FUNCTION nser.begin_load(text, bytea, bigint, bigint) IS 'registry.begin_load(), for a loader';

CREATE FUNCTION nser.stage_chunk(load_id bigint, last_row bigint) RETURNS bigint
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT registry.stage_chunk(stage_chunk.load_id, stage_chunk.last_row);
END;
COMMENT ON FUNCTION nser.stage_chunk(bigint, bigint) IS 'registry.stage_chunk(), for a loader';

CREATE FUNCTION nser.end_stream(load_id bigint, digest bytea, rows bigint, bytes bigint, OUT same_as bigint)
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT registry.end_stream(end_stream.load_id, end_stream.digest, end_stream.rows, end_stream.bytes);
END;
COMMENT ON FUNCTION nser.end_stream(bigint, bytea, bigint, bigint) IS 'registry.end_stream(), for a loader';

CREATE FUNCTION nser.apply_load(load_id bigint, batch integer DEFAULT 500, OUT decided bigint, OUT applied bigint, OUT refused bigint,
								OUT blank bigint, OUT finished boolean)
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT a.decided, a.applied, a.refused, a.blank, a.finished FROM registry.apply_load(apply_load.load_id, apply_load.batch) AS a;
END;
COMMENT ON FUNCTION nser.apply_load(bigint, integer) IS 'registry.apply_load(), for a loader';

CREATE FUNCTION nser.load_refusals(load_id bigint, OUT row_no bigint, OUT column_name text, OUT sqlstate text, OUT reason text)
	RETURNS SETOF record
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT r.row_no, r.column_name, r.sqlstate, r.reason FROM registry.load_refusals(load_refusals.load_id) AS r;
END;
COMMENT ON FUNCTION nser.load_refusals(bigint) IS 'registry.load_refusals(), for a loader';

CREATE FUNCTION nser.discard_load(load_id bigint) RETURNS bigint
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT registry.discard_load(discard_load.load_id);
END;
COMMENT ON FUNCTION nser.discard_load(bigint) IS 'registry.discard_load(), for a loader';

REVOKE ALL ON FUNCTION nser.stage_line(bigint, bigint, text, text), nser.begin_load(text, bytea, bigint, bigint), nser.stage_chunk(bigint, bigint),
	nser.end_stream(bigint, bytea, bigint, bigint), nser.apply_load(bigint, integer), nser.load_refusals(bigint), nser.discard_load(bigint) FROM PUBLIC;

-- Row security and COPY do not go together: a loader copies into a view that shows it nothing.
CREATE VIEW nser.survey_load_line WITH (security_invoker = true) AS
	SELECT r.load_id, r.row_no, r.payload, r.problem FROM nser.survey_load_row AS r;
COMMENT ON VIEW nser.survey_load_line IS 'where rows of a load are copied to: COPY nser.survey_load_line (load_id, row_no, payload, problem) FROM STDIN';
CREATE TRIGGER survey_load_line_staged INSTEAD OF INSERT ON nser.survey_load_line FOR EACH ROW EXECUTE FUNCTION registry.stage_line();
