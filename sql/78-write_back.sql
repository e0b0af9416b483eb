
-- write_back: what partners may send back, how often, and by what method ------------
--
-- A partner is answered by what it sent and what it agreed to, never by who is
-- registered: so nothing can be learnt by sending numbers.  Who is meant is found
-- out later, by the unit.

CREATE FUNCTION registry.write_back_type(update_type registry.update_type, kind text, key text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT replace(k.type, ' or null', '')
		FROM registry.change_kinds() AS k
		WHERE k.update_type = write_back_type.update_type AND k.kind = write_back_type.kind AND k.key = write_back_type.key AND k.key <> 'change');
COMMENT ON FUNCTION registry.write_back_type(registry.update_type, text, text) IS
	'the type of registry.key_types() that a key of a change has; NULL where registry.change_kinds() has no such key';

CREATE FUNCTION registry.upload_errors(OUT code text, OUT meaning text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 11
BEGIN ATOMIC
	SELECT e.code, e.meaning
	FROM (VALUES
		('not_an_object', 'the row is no object'),
		('unknown_key', 'the row has a key other than cnic, variable, value and as_of'),
		('missing_key', 'cnic, variable, value or as_of is missing, or null'),
		('bad_number', 'cnic is no identity number: 13 digits, the first from 1 to 8, as 35202-1234567-1 or without hyphens'),
		('not_agreed', 'the agreement does not name the variable'),
		('bad_day', 'as_of is no day from 2000 on, as 2026-01-31'),
		('day_to_come', 'as_of is later than today in Pakistan'),
		('bad_value', 'the value is not what its variable takes'),
		('later_than_said', 'the value is a day later than as_of'),
		('twice', 'an earlier row says the same'),
		('contradicted', 'another row says otherwise of that number, variable and day')) AS e (code, meaning);
END;
COMMENT ON FUNCTION registry.upload_errors() IS
	'why rows that a partner sends come back: of their form alone, never of who is registered; no reason repeats a value';

CREATE FUNCTION registry.refuse_terms() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'RG020',
		MESSAGE = 'what is agreed about writing back stays as it is',
		HINT = 'Sign another agreement, and call registry.agree_write_back() for that; registry.end_write_back() ends this one.';
END;
$$;
COMMENT ON FUNCTION registry.refuse_terms() IS 'trigger: terms are what was agreed';

CREATE FUNCTION registry.check_write_back(agreement_id bigint, method text) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	methods	text[];
BEGIN
	-- what is handed over the owner loads
	PERFORM registry.agreement_in_force(check_write_back.agreement_id, CASE WHEN check_write_back.method <> 'file' THEN session_user END);
	SELECT t.methods INTO methods FROM nser.write_back_term AS t WHERE t.agreement_id = check_write_back.agreement_id;
	IF coalesce(check_write_back.method <> ALL (methods), true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG030',
			MESSAGE = format('the agreement takes no upload by %s', coalesce(check_write_back.method, 'NULL')),
			HINT = CASE WHEN methods IS NULL THEN 'Nothing is sent back under it.' ELSE format('It takes: %s.', array_to_string(methods, ', ')) END;
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_write_back(bigint, text) IS
	'refuse an upload by a method (jsonb, copy, file) that is not agreed (RG030), where no agreement is in force (RG023), or, but for files, it is not '
	'that of who is logged in';

CREATE FUNCTION registry.agree_write_back(agreement_id bigint, methods text[], uploads integer, period interval, max_rows integer DEFAULT 5000)
	RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	agreed	record;
	wrong	text;
BEGIN
	SELECT o.kind, o.login, r.write_back, a.ended_at INTO agreed
	FROM nser.agreement AS a
	JOIN nser.data_request AS r ON r.request_id = a.request_id
	JOIN nser.organization AS o ON o.organization_id = a.organization_id
	WHERE a.agreement_id = agree_write_back.agreement_id;
	IF NOT FOUND OR agreed.ended_at IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG023',
			MESSAGE = format('there is no agreement %s that has not ended', coalesce(agree_write_back.agreement_id::text, 'NULL')),
			HINT = 'nser.agreement lists them.';
	END IF;
	IF agreed.write_back = '{}' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = format('agreement %s names nothing to be sent back', agree_write_back.agreement_id),
			HINT = 'Name it in the request: nser.data_request.write_back, of nser.write_back_variable, as {phone,address}.';
	END IF;
	SELECT string_agg(u.variable, ', ' ORDER BY u.variable) INTO wrong
	FROM unnest(agreed.write_back) AS u (variable)
	WHERE NOT EXISTS (SELECT FROM nser.write_back_variable AS v WHERE v.variable = u.variable AND agreed.kind = ANY (v.organizations));
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = format('an organization of kind %s does not send back: %s', agreed.kind, wrong),
			HINT = 'nser.write_back_variable says what there is, and who may send it.';
	END IF;
	SELECT string_agg(v.flag, ', ' ORDER BY v.flag) INTO wrong
	FROM nser.write_back_variable AS v
	WHERE v.variable = ANY (agreed.write_back) AND v.flag IS NOT NULL
	AND NOT EXISTS (SELECT FROM nser.flag_source AS s WHERE s.agreement_id = agree_write_back.agreement_id AND s.flag = v.flag);
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = format('nser.flag_source does not have, of agreement %s: %s', agree_write_back.agreement_id, wrong),
			HINT = format('INSERT INTO nser.flag_source (source, flag, measure, holds_for, agreement_id) VALUES (''its name'', %L, NULL, ''1 year'', %s);',
						  split_part(wrong, ', ', 1), agree_write_back.agreement_id);
	END IF;

	IF NOT coalesce(agree_write_back.methods <@ '{jsonb,copy,file}' AND agree_write_back.methods <> '{}' AND agree_write_back.uploads > 0
					AND agree_write_back.period > '0' AND isfinite(agree_write_back.period) AND agree_write_back.max_rows BETWEEN 1 AND 100000, false) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'terms are methods, and how many uploads in what time, each of 1 to 100000 rows',
			HINT = 'Methods are jsonb, copy and file: SELECT registry.agree_write_back(7, ''{jsonb,copy}'', 4, ''1 month'', 5000);';
	ELSIF EXISTS (SELECT FROM nser.write_back_term AS t WHERE t.agreement_id = agree_write_back.agreement_id) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG020',
			MESSAGE = format('what is sent back under agreement %s is agreed already', agree_write_back.agreement_id),
			HINT = 'nser.write_back_term says what; other terms are another agreement.';
	END IF;

	PERFORM registry.check_partner(agreed.login);
	INSERT INTO nser.write_back_term (agreement_id, methods, uploads, period, max_rows)
	VALUES (agree_write_back.agreement_id, agree_write_back.methods, agree_write_back.uploads, agree_write_back.period, agree_write_back.max_rows);
	EXECUTE format('GRANT USAGE ON SCHEMA share TO %I', agreed.login);
	IF 'jsonb' = ANY (agree_write_back.methods) THEN
		EXECUTE format('GRANT EXECUTE ON FUNCTION share.receive(bigint, jsonb, boolean) TO %I', agreed.login);
	END IF;
	IF 'copy' = ANY (agree_write_back.methods) THEN
		EXECUTE format('GRANT EXECUTE ON FUNCTION share.receive_copy(bigint, uuid, boolean), share.discard_copy(bigint, uuid), share.check_write_back(bigint) TO %I', agreed.login);
		PERFORM registry.make_staging(agree_write_back.agreement_id, agreed.login, agree_write_back.max_rows);
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.agree_write_back(bigint, text[], integer, interval, integer) IS
	'what an agreement says of how its variables are sent back: by which methods (jsonb, copy, file), how many uploads in any stretch of time as '
	'long as period, and how many rows each at most; grants the partner''s login what that takes; RG022 where a variable is none, is not for '
	'organizations of its kind, or a flag has no source in nser.flag_source; said once';

-- A table, since COPY goes into no view without a trigger that has the owner's rights.
CREATE FUNCTION registry.make_staging(agreement_id bigint, login name, max_rows integer) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	staging	CONSTANT text := 'upload_' || make_staging.agreement_id;
BEGIN
	EXECUTE format('CREATE TABLE share.%I (LIKE nser.upload_row INCLUDING IDENTITY INCLUDING COMMENTS)', staging);
	EXECUTE format('COMMENT ON TABLE share.%I IS %L', staging, 'rows to be sent back under agreement ' || make_staging.agreement_id
		|| ': COPY them here, then share.receive_copy(); they are read by who copied them, and the registry');
	EXECUTE format('CREATE TRIGGER upload_open BEFORE INSERT ON share.%I FOR EACH STATEMENT EXECUTE FUNCTION registry.limit_staging(%L, %L)',
		staging, make_staging.agreement_id, make_staging.max_rows);
	EXECUTE format('CREATE TRIGGER upload_limited AFTER INSERT ON share.%I FOR EACH STATEMENT EXECUTE FUNCTION registry.limit_staging(%L, %L)',
		staging, make_staging.agreement_id, make_staging.max_rows);
	PERFORM registry.close_relation(format('share.%I', staging)::regclass, make_staging.login);
	-- no DELETE, with which it could lock it against everybody
	EXECUTE format('GRANT INSERT (upload_id, cnic, variable, value, as_of) ON share.%I TO %I', staging, make_staging.login);
END;
$$;
COMMENT ON FUNCTION registry.make_staging(bigint, name, integer) IS
	'make the table share.upload_<agreement>, which one login may copy into and read, and which holds at most max_rows rows';

CREATE FUNCTION registry.limit_staging() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	rows	bigint;
	bytes	bigint;
BEGIN
	PERFORM share.check_write_back(TG_ARGV[0]::bigint);
	IF TG_WHEN = 'AFTER' THEN
		EXECUTE format('SELECT count(*), sum(octet_length(concat(s.cnic, s.variable, s.value, s.as_of))) FROM share.%I AS s', TG_TABLE_NAME) INTO rows, bytes;
		IF rows > TG_ARGV[1]::bigint OR bytes > 1000 * TG_ARGV[1]::bigint THEN
			RAISE EXCEPTION USING
				ERRCODE = 'RG030',
				MESSAGE = format('an upload has at most %s rows, of 1000 bytes on average', TG_ARGV[1]),
				HINT = 'Send the rest in another upload; share.discard_copy() takes away rows of those that came to nothing.';
		END IF;
	END IF;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.limit_staging() IS
	'trigger of share.upload_<agreement>: refuses rows where no agreement is in force, and more than agreed; arguments: agreement, rows';

CREATE FUNCTION registry.end_write_back(agreement_id bigint) RETURNS void
	LANGUAGE plpgsql
	SET lock_timeout = '1s'
	SET client_min_messages = warning
AS $$
DECLARE
	staging		CONSTANT text := 'upload_' || end_write_back.agreement_id;
	its_login	name;
	granted		record;
BEGIN
	SELECT o.login INTO its_login
	FROM nser.write_back_term AS t
	JOIN nser.agreement AS a ON a.agreement_id = t.agreement_id
	JOIN nser.organization AS o ON o.organization_id = a.organization_id
	WHERE t.agreement_id = end_write_back.agreement_id;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	IF to_regclass(format('share.%I', staging)) IS NOT NULL THEN
		-- who had it, by whatever name since
		FOR granted IN
			SELECT DISTINCT CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(g.rolname) END AS grantee
			FROM pg_class AS c
			CROSS JOIN LATERAL aclexplode(c.relacl) AS x
			LEFT JOIN pg_roles AS g ON g.oid = x.grantee
			WHERE c.oid = to_regclass(format('share.%I', staging)) AND x.grantee <> c.relowner
		LOOP
			EXECUTE format('REVOKE ALL ON share.%I FROM %s CASCADE', staging, granted.grantee);
		END LOOP;
		BEGIN
			-- a partner may have views of its own over it
			EXECUTE format('DROP TABLE share.%I CASCADE', staging);
		EXCEPTION WHEN OTHERS THEN
			NULL;		-- the partner holds it, and can do nothing more with it
		END;
	END IF;
	-- of a login that sends under no other
	IF NOT EXISTS (SELECT FROM nser.write_back_term AS t
				   JOIN nser.agreement AS a ON a.agreement_id = t.agreement_id AND a.ended_at IS NULL
				   JOIN nser.organization AS o ON o.organization_id = a.organization_id AND o.login = its_login
				   WHERE t.agreement_id <> end_write_back.agreement_id)
	AND EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = its_login) THEN
		EXECUTE format('REVOKE ALL ON FUNCTION share.receive(bigint, jsonb, boolean), share.receive_copy(bigint, uuid, boolean), '
					   'share.discard_copy(bigint, uuid), share.check_write_back(bigint) FROM %I', its_login);
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.end_write_back(bigint) IS
	'take from a partner what registry.agree_write_back() gave it, with rows that were copied and not received; nothing where nothing was given; a '
	'partner who holds its table with a transaction keeps nobody waiting: the table stays, without rights, until this is called again; '
	'registry.revoke() calls it; what was received stays';
