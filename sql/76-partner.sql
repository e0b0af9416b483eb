
-- partner: a login that reads what it was given, and nothing else --------------------

-- Views read by their owner's rights: a superuser's would read everything.
CREATE FUNCTION registry.check_share_owner() RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	IF EXISTS (SELECT FROM pg_roles AS m WHERE m.rolsuper AND pg_has_role(current_user, m.oid, 'MEMBER')) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = 'a superuser, or who may become one, does not publish',
			DETAIL = 'Views for partners read by the rights of who makes them.',
			HINT = 'SET ROLE to the owner of schema nser, a role that is no superuser: docs/operations.md shows how to make one.';
	END IF;
	IF (SELECT count(*) FROM pg_namespace AS n JOIN pg_roles AS o ON o.oid = n.nspowner
		WHERE n.nspname IN ('nser', 'share', 'release') AND o.rolname = current_user) <> 3 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = 'only the owner of the store publishes and revokes',
			HINT = 'SET ROLE to the owner of schemas nser, share and release; an extractor calls nser.publish().';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_share_owner() IS
	'refuse whoever is not the owner of schemas nser, share and release, or is a superuser or a member of one';

CREATE FUNCTION registry.partner_beyond(login name) RETURNS SETOF text
	LANGUAGE plpgsql STABLE ROWS 1
AS $$
BEGIN
	RETURN QUERY
	WITH RECURSIVE source (oid) AS (
		-- the store, releases, and views over them
		SELECT c.oid FROM pg_class AS c WHERE c.relnamespace IN ('nser'::regnamespace, 'release'::regnamespace)
		UNION
		SELECT w.ev_class
		FROM source AS s
		JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = s.oid AND d.classid = 'pg_rewrite'::regclass
		JOIN pg_rewrite AS w ON w.oid = d.objid
		-- a view over a share view shows its login alone anything
		WHERE EXISTS (SELECT FROM pg_class AS c WHERE c.oid = s.oid AND c.relnamespace <> 'share'::regnamespace)
	), shown AS (
		SELECT c.oid, c.relnamespace, c.relname, c.relowner FROM source AS s JOIN pg_class AS c ON c.oid = s.oid
		WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
		-- in schema share: what is another's
		AND (c.relnamespace <> 'share'::regnamespace
			 OR EXISTS (SELECT FROM nser.release AS r
						JOIN nser.agreement AS a ON a.agreement_id = r.agreement_id
						JOIN nser.organization AS o ON o.organization_id = a.organization_id
						WHERE r.view = c.relname AND o.login <> partner_beyond.login))
	)
	SELECT format(CASE WHEN m.rolname = partner_beyond.login THEN '%2$s' ELSE 'may become "%1$s", which %2$s' END, m.rolname, w.why)
	FROM pg_roles AS r
	JOIN pg_roles AS m ON pg_has_role(r.oid, m.oid, 'MEMBER') AND (m.oid = r.oid OR NOT r.rolsuper)
	CROSS JOIN LATERAL (
		SELECT 'is a superuser' AS why WHERE m.rolsuper
		UNION ALL
		SELECT 'bypasses row security' WHERE m.rolbypassrls
		UNION ALL
		SELECT 'may grant itself other roles' WHERE m.rolcreaterole
		UNION ALL
		SELECT 'may copy the whole cluster' WHERE m.rolreplication
		UNION ALL
		SELECT 'reaches the server''s files, statistics or all data'
		WHERE m.rolname IN ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program', 'pg_read_all_data', 'pg_write_all_data',
							'pg_read_all_stats', 'pg_monitor')
		UNION ALL
		SELECT format('owns schema %s, or what is in it', n.nspname)
		FROM pg_namespace AS n
		WHERE n.nspname IN ('nser', 'share', 'release', 'registry')
		AND (n.nspowner = m.oid OR EXISTS (SELECT FROM pg_class AS c WHERE c.relnamespace = n.oid AND c.relowner = m.oid)
			 OR EXISTS (SELECT FROM pg_proc AS p WHERE p.pronamespace = n.oid AND p.proowner = m.oid))
		UNION ALL
		SELECT format('may use schema %s', n.nspname)
		FROM pg_namespace AS n
		WHERE n.nspname IN ('nser', 'release') AND NOT m.rolsuper AND has_schema_privilege(m.oid, n.oid, 'USAGE, CREATE')
		UNION ALL
		SELECT format('may create in schema %s', n.nspname)
		FROM pg_namespace AS n
		WHERE n.nspname IN ('share', 'registry') AND NOT m.rolsuper AND has_schema_privilege(m.oid, n.oid, 'CREATE')
		UNION ALL
		SELECT 'is the login of another organization'
		WHERE m.rolname <> partner_beyond.login AND EXISTS (SELECT FROM nser.organization AS o WHERE o.login = m.rolname)
		UNION ALL
		SELECT format('has rights on %s%s', t.some, CASE WHEN t.more > 0 THEN format(' and %s more', t.more) END)
		FROM (SELECT string_agg(x.name, ', ' ORDER BY x.no) FILTER (WHERE x.no <= 3) AS some, count(*) - 3 AS more
			  FROM (SELECT s.relnamespace::regnamespace || '.' || s.relname::text AS name,
						row_number() OVER (ORDER BY s.relnamespace::regnamespace::text, s.relname) AS no
					FROM shown AS s
					WHERE NOT m.rolsuper AND s.relowner <> m.oid AND NOT pg_has_role(m.oid, s.relowner, 'MEMBER')
					AND (has_table_privilege(m.oid, s.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
						 OR has_any_column_privilege(m.oid, s.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))) AS x) AS t
		WHERE t.some IS NOT NULL
		UNION ALL
		SELECT format('runs by the owner''s rights %s', t.routines)
		FROM (SELECT string_agg(p.oid::regprocedure::text, ', ' ORDER BY p.oid::regprocedure::text) AS routines
			  FROM pg_proc AS p
			  JOIN pg_namespace AS o ON o.nspname = 'nser' AND o.nspowner = p.proowner
			  WHERE p.prosecdef AND p.pronamespace NOT IN ('share'::regnamespace, 'nser'::regnamespace) AND NOT m.rolsuper AND NOT pg_has_role(m.oid, p.proowner, 'MEMBER')
			  AND has_schema_privilege(m.oid, p.pronamespace, 'USAGE') AND has_function_privilege(m.oid, p.oid, 'EXECUTE')) AS t
		WHERE t.routines IS NOT NULL
	) AS w
	WHERE r.rolname = partner_beyond.login
	UNION ALL
	SELECT 'is no role' WHERE NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = partner_beyond.login);
END;
$$;
COMMENT ON FUNCTION registry.partner_beyond(name) IS
	'why a login could read more than the views of its agreements, a row a reason, in words; none where it cannot';

CREATE FUNCTION registry.check_partner(login name) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	beyond	text;
BEGIN
	SELECT string_agg(b.reason, '; ' ORDER BY b.reason) INTO beyond FROM registry.partner_beyond(check_partner.login) AS b (reason);
	IF beyond IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('nothing is published to login "%s"', check_partner.login),
			DETAIL = format('It %s.', beyond),
			HINT = 'A partner''s login has no rights but its share views: CREATE ROLE partner_x LOGIN, and no GRANT besides.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_partner(name) IS 'refuse a login that registry.partner_beyond() has something to say of';

-- Default privileges may have let others in.
CREATE FUNCTION registry.close_relation(relation regclass, login name DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	granted	record;
	readers	text;
BEGIN
	FOR granted IN
		SELECT DISTINCT CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(g.rolname) END AS grantee
		FROM pg_class AS c
		CROSS JOIN LATERAL aclexplode(c.relacl) AS x
		LEFT JOIN pg_roles AS g ON g.oid = x.grantee
		WHERE c.oid = close_relation.relation AND x.grantee <> c.relowner
	LOOP
		EXECUTE format('REVOKE ALL ON %s FROM %s CASCADE', close_relation.relation, granted.grantee);
	END LOOP;
	IF close_relation.login IS NOT NULL THEN
		EXECUTE format('GRANT SELECT ON %s TO %I', close_relation.relation, close_relation.login);
	END IF;

	SELECT string_agg(format('"%s"', m.rolname), ', ' ORDER BY m.rolname) INTO readers
	FROM pg_roles AS m
	CROSS JOIN pg_class AS c
	WHERE c.oid = close_relation.relation AND NOT m.rolsuper AND NOT pg_has_role(m.oid, c.relowner, 'MEMBER')
	-- who reads all data of the cluster is to it what a superuser is
	AND NOT pg_has_role(m.oid, 'pg_read_all_data', 'MEMBER') AND NOT pg_has_role(m.oid, 'pg_write_all_data', 'MEMBER')
	AND (has_table_privilege(m.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
		 OR has_any_column_privilege(m.oid, c.oid, 'INSERT, UPDATE, REFERENCES')
		 OR has_any_column_privilege(m.oid, c.oid, 'SELECT')
			AND NOT coalesce((SELECT pg_has_role(m.oid, p.oid, 'MEMBER') FROM pg_roles AS p WHERE p.rolname = close_relation.login), false));
	IF readers IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = 'others than the partner would have rights on what is published',
			DETAIL = format('They are %s.', readers),
			HINT = 'Look for ALTER DEFAULT PRIVILEGES of the owner, and for memberships.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.close_relation(regclass, name) IS
	'of a relation that was just made, take back what default privileges gave to others, let one login read it, if any, and refuse where anybody '
	'else has a right on it but superusers, members of the owner, and who reads all data of the cluster';
