-- limit_role: staff who see the people of one area --------------------------------
--
-- One constant policy a table and role: no setting, which anyone may set, and no
-- subquery, which would be run for every query and could not be distributed.  The
-- comparison is leakproof, so that no function of the reader's sees a row before
-- it does, and it is a range of an index where there is one.

CREATE FUNCTION registry.role_limits(OUT role name, OUT area registry.area_code, OUT tables name[]) RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 50
BEGIN ATOMIC
	-- grouped as a text: pg_upgrade makes functions before it makes how areas compare
	SELECT l.role, l.area::registry.area_code, array_agg(l.tablename ORDER BY l.tablename)
	FROM (SELECT r.role, p.tablename,
			-- the server may leave the schema out; what was not written here may show or let in anything
			coalesce(CASE WHEN p.with_check IS NULL OR p.with_check = p.qual THEN substring(replace(p.qual, 'OPERATOR(registry.<@)', '<@') FROM
				'^\(+area <@ ''(PK[0-9]*)''::(?:registry\.)?area_code\)+(?: AND \(other_area <@ ''\1''::(?:registry\.)?area_code\)\))?$') END, 'PK') AS area
		  FROM pg_policies AS p
		  CROSS JOIN LATERAL unnest(p.roles) AS r (role)
		  WHERE p.schemaname = 'nser'::name AND p.permissive = 'PERMISSIVE' AND r.role <> 'public'::name) AS l
	GROUP BY l.role, l.area;
END;
COMMENT ON FUNCTION registry.role_limits() IS
	'roles with a policy on tables of the store, the area it limits them to, and the tables; PK is the nation, and stands for any policy '
	'that registry.limit_role() did not make';

-- Of other areas a limited role sees nobody, which is not that nobody is there.
CREATE FUNCTION registry.seen_areas() RETURNS registry.area_code[]
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	IF NOT row_security_active('nser.household') THEN
		RETURN '{PK}'::registry.area_code[];
	END IF;
	RETURN ARRAY(SELECT l.area FROM registry.role_limits() AS l WHERE 'household' = ANY (l.tables) AND pg_has_role(l.role, 'USAGE'));
END;
$$;
COMMENT ON FUNCTION registry.seen_areas() IS
	'areas whose households whoever asks may see, all of them: PK unless row security limits the role; empty where it sees nobody';

-- They do not ask whether rows are hidden: a histogram of places shows where all homes are.
CREATE FUNCTION registry.place_statistics(role name) RETURNS text
	LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT string_agg(p.oid::regprocedure::text, ', ' ORDER BY p.oid::regprocedure::text)
	FROM pg_roles AS r
	JOIN pg_extension AS e ON e.extname = 'postgis'::name
	JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'::"char"
	JOIN pg_proc AS p ON p.oid = d.objid
	WHERE r.rolname = place_statistics.role
	AND p.proname IN ('st_estimatedextent'::name, '_postgis_selectivity'::name, '_postgis_join_selectivity'::name, '_postgis_stats'::name,
					  '_postgis_index_extent'::name)
	AND EXISTS (SELECT FROM pg_roles AS m WHERE pg_has_role(r.oid, m.oid, 'MEMBER') AND has_function_privilege(m.oid, p.oid, 'EXECUTE'));
END;
COMMENT ON FUNCTION registry.place_statistics(name) IS
	'functions by which PostGIS tells a role of all places of a table, whatever row security hides; NULL: none; PUBLIC has them until they are revoked';

-- Views that read what row security guards, by whatever other views.
CREATE FUNCTION registry.guarded_views() RETURNS SETOF oid
	LANGUAGE sql STABLE ROWS 20
BEGIN ATOMIC
	WITH RECURSIVE reader (oid) AS (
		SELECT c.oid FROM pg_class AS c
		WHERE c.relrowsecurity AND c.relnamespace = (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname = 'nser'::name)
		UNION
		SELECT w.ev_class
		FROM reader AS r
		JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid AND d.classid = 'pg_rewrite'::regclass
		JOIN pg_rewrite AS w ON w.oid = d.objid
	)
	SELECT r.oid FROM reader AS r
	JOIN pg_class AS c ON c.oid = r.oid
	-- a view that asks its reader's rights shows what he may see anyway; a stored one shows what it was filled with
	WHERE c.relkind = 'm' OR c.relkind = 'v' AND NOT coalesce(
		(SELECT o.option_value::boolean FROM pg_options_to_table(c.reloptions) AS o WHERE o.option_name = 'security_invoker'), false);
END;
COMMENT ON FUNCTION registry.guarded_views() IS
	'views, of any schema, that show rows of guarded tables of the store by their owner''s rights, and materialized ones';

CREATE FUNCTION registry.role_beyond(role name, area registry.area_code, OUT reason text) RETURNS SETOF text
	LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
	SELECT format(CASE WHEN m.rolname = role_beyond.role THEN '%2$s' ELSE 'may become "%1$s", which %2$s' END, m.rolname, w.why)
	FROM pg_roles AS r
	JOIN pg_roles AS m ON pg_has_role(r.oid, m.oid, 'MEMBER')
	CROSS JOIN LATERAL (
		SELECT 'is a superuser' WHERE m.rolsuper
		UNION ALL
		SELECT 'bypasses row security' WHERE m.rolbypassrls
		UNION ALL
		SELECT 'may grant itself other roles' WHERE m.rolcreaterole
		UNION ALL
		SELECT 'may copy the whole cluster' WHERE m.rolreplication
		UNION ALL
		SELECT 'reaches the server''s files'
		WHERE m.rolname IN ('pg_read_server_files'::name, 'pg_write_server_files'::name, 'pg_execute_server_program'::name)
		UNION ALL
		SELECT 'owns schema nser, or what is in it'
		WHERE EXISTS (SELECT FROM pg_namespace AS n
					  WHERE n.nspname = 'nser'::name
					  AND (n.nspowner = m.oid
						   OR EXISTS (SELECT FROM pg_class AS c WHERE c.relnamespace = n.oid AND c.relowner = m.oid)
						   OR EXISTS (SELECT FROM pg_proc AS p WHERE p.pronamespace = n.oid AND p.proowner = m.oid)))
		UNION ALL
		SELECT format('is limited to %s', l.area)
		FROM registry.role_limits() AS l
		WHERE l.role = m.rolname AND m.rolname <> role_beyond.role AND NOT (l.area OPERATOR(registry.<@) role_beyond.area)
		UNION ALL
		-- row security does not ask who truncates; a trigger or a key runs as somebody else
		SELECT format('has TRUNCATE, TRIGGER or REFERENCES on %s', t.tables)
		FROM (SELECT string_agg('nser.' || c.relname::text, ', ' ORDER BY c.relname) AS tables
			  FROM pg_class AS c
			  WHERE c.relnamespace = (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname = 'nser'::name) AND c.relrowsecurity
			  AND NOT m.rolsuper AND NOT pg_has_role(m.oid, c.relowner, 'MEMBER')
			  AND (has_table_privilege(m.oid, c.oid, 'TRUNCATE, TRIGGER') OR has_any_column_privilege(m.oid, c.oid, 'REFERENCES'))) AS t
		WHERE t.tables IS NOT NULL
		UNION ALL
		SELECT 'may create in schema nser'
		FROM pg_namespace AS n
		WHERE n.nspname = 'nser'::name AND NOT m.rolsuper AND NOT pg_has_role(m.oid, n.nspowner, 'MEMBER') AND has_schema_privilege(m.oid, n.oid, 'CREATE')
		UNION ALL
		SELECT format('reads by their owner''s rights %s', t.views)
		FROM (SELECT string_agg(c.relnamespace::regnamespace || '.' || c.relname, ', ' ORDER BY c.relnamespace::regnamespace::text, c.relname) AS views
			  FROM registry.guarded_views() AS v (oid)
			  JOIN pg_class AS c ON c.oid = v.oid
			  WHERE role_beyond.area OPERATOR(registry.<>) 'PK' AND NOT m.rolsuper AND NOT pg_has_role(m.oid, c.relowner, 'MEMBER')
			  AND has_any_column_privilege(m.oid, c.oid, 'SELECT')) AS t
		WHERE t.views IS NOT NULL
		UNION ALL
		-- what every role has is told once
		SELECT format('is shown rows by the policy "%s" for PUBLIC on %s', p.policyname, 'nser.' || p.tablename::text)
		FROM pg_policies AS p
		WHERE p.schemaname = 'nser'::name AND p.permissive = 'PERMISSIVE' AND 'public'::name = ANY (p.roles) AND m.rolname = role_beyond.role
		UNION ALL
		SELECT 'may read PostGIS''s statistics of places'
		WHERE role_beyond.area OPERATOR(registry.<>) 'PK' AND m.rolname = role_beyond.role AND NOT m.rolsuper
		AND registry.place_statistics(m.rolname) IS NOT NULL
	) AS w (why)
	WHERE r.rolname = role_beyond.role;
END;
COMMENT ON FUNCTION registry.role_beyond(name, registry.area_code) IS
	'why a role sees more of the store than an area, whatever its policies say: a row a reason, in words; none where it does not';

CREATE FUNCTION registry.check_limited_role(role name) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = check_limited_role.role) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('there is no role "%s"', coalesce(check_limited_role.role, 'NULL')),
			HINT = 'CREATE ROLE makes one; the name is written as in pg_roles: registry.limit_role(''staff_lahore'', ''PK617'').';
	END IF;
	IF EXISTS (SELECT FROM pg_class AS c
			   WHERE c.relnamespace = 'nser'::regnamespace AND c.relrowsecurity AND NOT pg_has_role(c.relowner, 'USAGE')) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = 'only the owner of the store limits roles',
			HINT = 'SET ROLE to the owner of schema nser first.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_limited_role(name) IS
	'raises an error where there is no such role, or who asks does not own the tables of the store';

CREATE FUNCTION registry.unlimit_role(role name) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	policy	record;
	removed	bigint := 0;
BEGIN
	PERFORM registry.check_limited_role(unlimit_role.role);
	FOR policy IN
		SELECT p.polname, c.oid::regclass AS relation,
			(SELECT string_agg(quote_ident(o.rolname), ', ') FROM pg_roles AS o WHERE o.oid = ANY (p.polroles) AND o.oid <> r.oid) AS others
		FROM pg_policy AS p
		JOIN pg_class AS c ON c.oid = p.polrelid
		JOIN pg_roles AS r ON r.rolname = unlimit_role.role AND r.oid = ANY (p.polroles)
		WHERE c.relnamespace = 'nser'::regnamespace
		ORDER BY c.relname
	LOOP
		-- of several roles' policy, the others keep it
		EXECUTE CASE WHEN policy.others IS NULL THEN format('DROP POLICY %I ON %s', policy.polname, policy.relation)
			ELSE format('ALTER POLICY %I ON %s TO %s', policy.polname, policy.relation, policy.others) END;
		removed := removed + 1;
	END LOOP;
	RETURN removed;
END;
$$;
COMMENT ON FUNCTION registry.unlimit_role(name) IS
	'take away the area a role was limited to, so that it sees no rows of people at all; returns how many policies it lost; the owner''s';

CREATE FUNCTION registry.limit_role(role name, area registry.area_code) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	beyond	text;
	guarded	record;
	made	bigint := 0;
BEGIN
	PERFORM registry.check_limited_role(limit_role.role);
	IF limit_role.area IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'limit_role needs an area',
			HINT = 'registry.limit_role(''staff_lahore'', ''PK617''); PK is the nation, and registry.unlimit_role() takes all away.';
	END IF;
	SELECT string_agg(b.reason, '; ' ORDER BY b.reason) INTO beyond
	FROM registry.role_beyond(limit_role.role, limit_role.area) AS b
	WHERE b.reason <> 'may read PostGIS''s statistics of places';
	IF beyond IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('role "%s" cannot be limited to %s', limit_role.role, limit_role.area),
			DETAIL = format('It %s.', beyond),
			HINT = 'Take that right or membership away first, as by REVOKE TRUNCATE, REFERENCES, TRIGGER ON ALL TABLES IN SCHEMA nser.';
	END IF;
	-- its members see what it sees
	SELECT format('"%s", which is limited to %s', l.role, l.area) INTO beyond
	FROM registry.role_limits() AS l
	WHERE l.role <> limit_role.role AND pg_has_role(l.role, limit_role.role, 'MEMBER')
	AND NOT (limit_role.area OPERATOR(registry.<@) l.area)
	ORDER BY l.role LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('role "%s" cannot be limited to %s', limit_role.role, limit_role.area),
			DETAIL = format('It has as a member %s, and would see more.', beyond),
			HINT = 'Take that membership or limit away first.';
	END IF;

	-- a superuser's to take away, and from all; so it is said, not refused
	SELECT registry.place_statistics(limit_role.role) INTO beyond;
	IF beyond IS NOT NULL AND limit_role.area OPERATOR(registry.<>) 'PK' THEN
		RAISE WARNING USING
			MESSAGE = format('role "%s" may read PostGIS''s statistics of places, which row security does not hide', limit_role.role),
			HINT = format('As superuser: REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC;', beyond);
	END IF;

	PERFORM registry.unlimit_role(limit_role.role);
	-- what says of no area whose it is, is for who sees all; of a pair, both are seen or none
	FOR guarded IN
		SELECT c.oid::regclass AS relation,
			-- its own, unless a role that was renamed since left it
			(SELECT n.name
			 FROM (SELECT limit_role.role AS name, 1 AS no UNION ALL SELECT (i || ' ' || limit_role.role)::name, i FROM generate_series(2, 1000) AS i) AS n
			 WHERE NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid AND p.polname = n.name)
			 ORDER BY n.no LIMIT 1) AS policy,
			CASE
				WHEN limit_role.area OPERATOR(registry.=) 'PK' THEN 'true'
				ELSE string_agg(format('%I OPERATOR(registry.<@) %L::registry.area_code', a.attname, limit_role.area), ' AND ' ORDER BY a.attname)
					FILTER (WHERE a.attname IS NOT NULL)
			END AS condition
		FROM pg_class AS c
		LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname IN ('area', 'other_area')
		WHERE c.relnamespace = 'nser'::regnamespace AND c.relrowsecurity
		GROUP BY c.oid, c.relname
		HAVING limit_role.area OPERATOR(registry.=) 'PK' OR bool_or(a.attname = 'area')
		ORDER BY c.relname
	LOOP
		EXECUTE format('CREATE POLICY %I ON %s TO %I USING (%s) WITH CHECK (%s)', guarded.policy, guarded.relation,
					   limit_role.role, guarded.condition, guarded.condition);
		made := made + 1;
	END LOOP;
	RETURN made;
END;
$$;
COMMENT ON FUNCTION registry.limit_role(name, registry.area_code) IS
	'of the store, let a role see and write the rows of people of one area and no others, in place of the area it had; PK: of all; '
	'returns on how many tables; gives no rights, which GRANT does; refuses a role that would see more all the same, and warns of one that may read PostGIS''s statistics; the owner''s; '
	'locks each table for a moment against all use';
