-- Releases of records as publishing makes them, and a view of one for a partner's login.
CREATE FUNCTION pg_temp.release(agreement bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	id	bigint;
BEGIN
	INSERT INTO nser.release (agreement_id, release_no, definition)
	SELECT agreement, 1 + count(*), '{}' FROM nser.release WHERE agreement_id = agreement RETURNING release_id INTO id;
	UPDATE nser.release SET relation = 'r' || id WHERE release_id = id;
	UPDATE nser.release AS l SET losses = m.losses, checks = m.checks, rows = m.rows, state = 'made' FROM registry.make_records(id) AS m WHERE l.release_id = id;
	RETURN id;
END $$;
CREATE FUNCTION pg_temp.show(relation regclass, view name, login name) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE VIEW share.%I WITH (security_barrier) AS SELECT * FROM %s', view, relation);
	EXECUTE format('GRANT USAGE ON SCHEMA share TO %I', login);
	EXECUTE format('GRANT SELECT ON share.%I TO %I', view, login);
END $$;
