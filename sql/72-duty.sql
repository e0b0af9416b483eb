
-- duty: who does what of sharing ------------------------------------------------------
--
-- A duty is of who is logged in, session_user: SET ROLE lends rights, and no duty.  Each
-- duty may run its own definer functions in schema nser and nothing else; that one login
-- does one duty's steps of a request is for registry.chain_request_step() to see.

CREATE FUNCTION registry.has_duty(duty text, login name DEFAULT session_user) RETURNS boolean
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	RETURN EXISTS (SELECT FROM nser.duty AS d
				   WHERE d.login = has_duty.login AND d.duty = has_duty.duty AND d.valid @> registry.today());
END;
$$;
COMMENT ON FUNCTION registry.has_duty(text, name) IS 'whether a login has a duty today, in Pakistan; by default who is logged in, whatever role was set';

CREATE FUNCTION registry.require_duty(VARIADIC duties text[]) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM unnest(require_duty.duties) AS w (duty) WHERE registry.has_duty(w.duty)) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG021',
			MESSAGE = format('login "%s" has not the duty %s', session_user, array_to_string(require_duty.duties, ' or ', 'NULL')),
			HINT = format('The owner of the store grants it: SELECT registry.grant_duty(%L, %L); to another login than did other steps of the request.',
						  session_user, coalesce(require_duty.duties[1], 'unit'));
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.require_duty(text[]) IS
	'refuse who is logged in without any of these duties today (RG021): unit, committee, secretary, extractor or monitor; the owner and a superuser '
	'are refused too';

-- Of a request, the duty of a login that may take the step: one only, that of its
-- earlier steps, whatever others it has.
CREATE FUNCTION registry.duty_of_step(request_id bigint, duties text[], login name DEFAULT session_user) RETURNS text
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	own		text;
	earlier	text;
BEGIN
	SELECT s.duty INTO earlier
	FROM nser.request_step AS s
	WHERE s.request_id = duty_of_step.request_id AND s.taken_by = duty_of_step.login AND s.duty IS NOT NULL
	LIMIT 1;
	SELECT w.duty INTO own
	FROM unnest(duty_of_step.duties) WITH ORDINALITY AS w (duty, no)
	WHERE registry.has_duty(w.duty, duty_of_step.login) AND w.duty = coalesce(earlier, w.duty)
	ORDER BY w.no LIMIT 1;
	-- none is asked for: whoever may write there
	IF own IS NOT NULL OR duty_of_step.duties = '{}' THEN
		RETURN own;
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'RG021',
		MESSAGE = format('login "%s" may not take this step of request %s', duty_of_step.login, duty_of_step.request_id),
		DETAIL = coalesce('It took a step of this request as ' || earlier || '.', 'It has not the duty.'),
		HINT = format('It is for %s; who reviews, recommends, approves, extracts and monitors are different logins for one request.',
					  array_to_string(duty_of_step.duties, ' or '));
END;
$$;
COMMENT ON FUNCTION registry.duty_of_step(bigint, text[], name) IS
	'the duty, of those that a step is for, by which a login may take it; NULL where the step is for everybody and it has none; refused '
	'(RG021) where it has none of them, or took a step of the same request by another duty';

CREATE FUNCTION registry.check_duty_login(login name) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	problem	text;
BEGIN
	SELECT CASE WHEN r.rolsuper THEN 'is a superuser'
				WHEN r.rolcreaterole THEN 'may grant itself other roles'
				WHEN pg_has_role(r.oid, n.nspowner, 'MEMBER') THEN 'is or may become the owner of the store'
				WHEN EXISTS (SELECT FROM nser.organization AS o WHERE o.login = r.rolname) THEN 'is the login of a partner'
				WHEN EXISTS (SELECT FROM nser.organization AS o JOIN pg_roles AS p ON p.rolname = o.login
							 WHERE pg_has_role(r.oid, p.oid, 'MEMBER')) THEN 'may become the login of a partner' END
	INTO problem
	FROM pg_roles AS r CROSS JOIN pg_namespace AS n
	WHERE r.rolname = check_duty_login.login AND n.nspname = 'nser';
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('there is no role "%s"', coalesce(check_duty_login.login, 'NULL')),
			HINT = 'CREATE ROLE makes one; the name is written as in pg_roles: registry.grant_duty(''clerk_one'', ''unit'').';
	ELSIF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG021',
			MESSAGE = format('role "%s" can have no duty', check_duty_login.login),
			DETAIL = format('It %s.', problem),
			HINT = 'Give each duty a login of its own, with no other rights on the store.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_duty_login(name) IS
	'refuse a role that there is not, and one that can have no duty: a superuser, the owner of the store or its member, one that may grant '
	'itself roles, and the login of a partner or its member';

CREATE FUNCTION registry.keep_duty() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	-- nobody becomes a partner meanwhile; a lock that nobody but the owner can take
	LOCK TABLE nser.duty_routine IN SHARE UPDATE EXCLUSIVE MODE;
	PERFORM registry.check_duty_login(NEW.login);
	NEW.granted_by := session_user;
	NEW.granted_at := now();
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.keep_duty() IS 'trigger: a duty is of a login that can have one; who granted it is not the client''s to say';

CREATE FUNCTION registry.grant_duty(login name, duty text, valid daterange DEFAULT daterange(registry.today(), NULL)) RETURNS integer
	LANGUAGE plpgsql
AS $$
DECLARE
	granted	integer := 0;
	routine	regprocedure;
BEGIN
	PERFORM registry.check_duty_login(grant_duty.login);
	IF NOT coalesce(grant_duty.duty IN ('unit', 'committee', 'secretary', 'extractor', 'monitor') AND NOT isempty(grant_duty.valid), false) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a duty is unit, committee, secretary, extractor or monitor, for days that there are',
			HINT = 'registry.grant_duty(''clerk_one'', ''unit'', daterange(''2026-01-01'', NULL)).';
	END IF;
	INSERT INTO nser.duty AS d (login, duty, valid) VALUES (grant_duty.login, grant_duty.duty, grant_duty.valid)
	ON CONFLICT ON CONSTRAINT duty_pkey DO UPDATE SET valid = excluded.valid;

	IF grant_duty.duty = 'unit' THEN
		PERFORM registry.count_questions_of(grant_duty.login);
	END IF;
	EXECUTE format('GRANT USAGE ON SCHEMA nser TO %I', grant_duty.login);
	FOR routine IN
		SELECT to_regprocedure(r.routine) FROM nser.duty_routine AS r WHERE r.duty = grant_duty.duty ORDER BY r.routine
	LOOP
		-- one that is not there any more is not granted
		CONTINUE WHEN routine IS NULL;
		EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', routine, grant_duty.login);
		granted := granted + 1;
	END LOOP;
	RETURN granted;
END;
$$;
COMMENT ON FUNCTION registry.grant_duty(name, text, daterange) IS
	'give a login a duty of sharing (unit, committee, secretary, extractor, monitor) for some days, by default from today on, in place of '
	'the days it had: USAGE on schema nser, and EXECUTE on the functions that nser.duty_routine lists, of which it returns the number; call '
	'it again after an upgrade; the unit''s questions for people''s own records are counted; the owner''s; refuses who can have none (RG021)';

CREATE FUNCTION registry.revoke_duty(login name, duty text) RETURNS integer
	LANGUAGE plpgsql
AS $$
DECLARE
	revoked	integer := 0;
	routine	regprocedure;
BEGIN
	-- the days it had stay known
	UPDATE nser.duty AS d SET valid = d.valid * daterange(NULL, registry.today())
	WHERE d.login = revoke_duty.login AND d.duty = revoke_duty.duty AND coalesce(lower(d.valid), '-infinity') < registry.today();
	IF NOT FOUND THEN
		DELETE FROM nser.duty AS d WHERE d.login = revoke_duty.login AND d.duty = revoke_duty.duty;
		IF NOT FOUND THEN
			RAISE EXCEPTION USING
				ERRCODE = 'no_data_found',
				MESSAGE = format('login "%s" has not the duty %s', coalesce(revoke_duty.login, 'NULL'), coalesce(revoke_duty.duty, 'NULL')),
				HINT = 'nser.duty lists who has which.';
		END IF;
	END IF;
	FOR routine IN
		SELECT to_regprocedure(r.routine) FROM nser.duty_routine AS r
		WHERE r.duty = revoke_duty.duty
		AND NOT EXISTS (SELECT FROM nser.duty_routine AS o JOIN nser.duty AS d ON d.duty = o.duty
						WHERE o.routine = r.routine AND d.login = revoke_duty.login AND d.valid && daterange(registry.today(), NULL))
		ORDER BY r.routine
	LOOP
		CONTINUE WHEN routine IS NULL OR NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = revoke_duty.login);
		EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM %I', routine, revoke_duty.login);
		revoked := revoked + 1;
	END LOOP;
	RETURN revoked;
END;
$$;
COMMENT ON FUNCTION registry.revoke_duty(name, text) IS
	'end a login''s duty at once, and take away EXECUTE on what no other duty of its needs, of which it returns the number; USAGE on schema '
	'nser stays; the owner''s; refuses a duty that it never had';
