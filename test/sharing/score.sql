-- An open score service, as publishing opens it: pg_temp.serve(agreement) makes the
-- release, counts its dimensions and opens it.
CREATE FUNCTION pg_temp.serve(agreement bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	made	bigint;
BEGIN
	INSERT INTO nser.release (agreement_id, release_no, definition) VALUES (agreement, 1, '{}') RETURNING release_id INTO made;
	PERFORM registry.make_score(made);
	PERFORM registry.check_dimensions(made);
	UPDATE nser.release SET state = 'published' WHERE release_id = made;
	RETURN made;
END $$;
