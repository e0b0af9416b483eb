-- A release made by make_cells(), as publish() does it, of an agreement of pg_temp.agree().
CREATE FUNCTION pg_temp.make_release(agreement bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	made	bigint;
	m		record;
BEGIN
	INSERT INTO nser.release (agreement_id, release_no, definition) VALUES (agreement, 1, '{}') RETURNING release_id INTO made;
	SELECT * INTO m FROM registry.make_cells(made);
	UPDATE nser.release SET relation = 'r' || made, rows = m.rows, persons = m.persons, households = m.households, losses = m.losses, checks = m.checks
	WHERE release_id = made;
	RETURN made;
END $$;
