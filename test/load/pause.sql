-- A server that stops at a row of a chunk, or late in a batch, so that a load can be cut
-- off there: until whoever cuts it off says where it is to stop next.
CREATE SCHEMA pause;
CREATE TABLE pause.at (row_no bigint, decided bigint);
CREATE FUNCTION pause.in_chunk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM pause.at AS p WHERE p.row_no = NEW.row_no) THEN
		PERFORM pg_sleep(100);
	END IF;
	RETURN NEW;
END;
$$;
CREATE TRIGGER pause BEFORE INSERT ON nser.survey_load_row FOR EACH ROW EXECUTE FUNCTION pause.in_chunk();
-- members, identities and surveys are written, and to be lost
CREATE FUNCTION pause.in_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM pause.at AS p JOIN nser.survey_load AS l ON l.decided = p.decided AND l.staged = l.rows) THEN
		PERFORM pg_sleep(100);
	END IF;
	RETURN NULL;
END;
$$;
CREATE TRIGGER pause BEFORE INSERT ON nser.family FOR EACH STATEMENT EXECUTE FUNCTION pause.in_batch();
