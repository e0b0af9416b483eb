
-- subject_question: who of the unit asked for people's own records -----------------------
--
-- Of nobody is it told about whom: whoever reads the count need not know.

CREATE FUNCTION registry.count_questions_of(login name) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	asker	bigint;
BEGIN
	SELECT a.asker_id INTO asker FROM nser.subject_asker AS a WHERE a.login = count_questions_of.login;
	IF NOT FOUND THEN
		INSERT INTO nser.subject_asker AS a (login) VALUES (count_questions_of.login) RETURNING a.asker_id INTO asker;
	END IF;
	PERFORM registry.make_day_counters('subject_count_' || asker, 'nser.subject_asker.asker_id',
		'questions of a login for people''s own records on a day: registry.subject_use() reads it');
END;
$$;
COMMENT ON FUNCTION registry.count_questions_of(name) IS 'have the questions of a login counted: registry.grant_duty() does so of the unit; the owner''s';

CREATE FUNCTION registry.count_subject_question() RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	asker	bigint;
BEGIN
	SELECT a.asker_id INTO asker FROM nser.subject_asker AS a WHERE a.login = session_user;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG021',
			MESSAGE = format('the questions of login "%s" are not counted', session_user),
			HINT = format('The owner of the store grants the duty once more: SELECT registry.grant_duty(%L, ''unit'');', session_user);
	END IF;
	PERFORM registry.count_up('subject_count_' || asker);
END;
$$;
COMMENT ON FUNCTION registry.count_subject_question() IS
	'count that who is logged in asks for a person''s own record, for good whatever becomes of the transaction; refuses who is not counted (RG021); the owner''s';

CREATE FUNCTION registry.subject_use(OUT login name, OUT day date, OUT asked bigint) RETURNS SETOF record
	LANGUAGE plpgsql
AS $$
BEGIN
	RETURN QUERY
		SELECT a.login, c.day, c.counted FROM nser.subject_asker AS a CROSS JOIN LATERAL registry.day_counts('subject_count_' || a.asker_id) AS c
		ORDER BY 1, 2;
END;
$$;
COMMENT ON FUNCTION registry.subject_use() IS
	'questions for people''s own records by login and day, of the last 32 days, those that were rolled back included; keep it elsewhere for longer; the owner''s';
