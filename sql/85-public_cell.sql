
-- public_cell: who may read what has been released to the public ------------------------

CREATE FUNCTION registry.check_public_reader(role name) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = check_public_reader.role) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('there is no role "%s"', coalesce(check_public_reader.role, 'NULL')),
			HINT = 'Roles are named one by one, never PUBLIC: CREATE ROLE web_page LOGIN, then registry.grant_public(''web_page'').';
	END IF;
	IF NOT EXISTS (SELECT FROM pg_namespace AS n WHERE n.nspname = 'share' AND pg_has_role(n.nspowner, 'USAGE')) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = 'only the owner of the store says who reads what is public',
			HINT = 'SET ROLE to the owner of schema share first.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_public_reader(name) IS
	'raises an error where there is no such role, or who asks does not own schema share';

CREATE FUNCTION registry.grant_public(role name) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM registry.check_public_reader(grant_public.role);
	EXECUTE format('GRANT USAGE ON SCHEMA share TO %I', grant_public.role);
	EXECUTE format('GRANT SELECT ON share.public_cell, share.public_area TO %I', grant_public.role);
	-- by its own rights: they read nothing but those
	EXECUTE format('GRANT EXECUTE ON FUNCTION share.profile_sections(registry.area_code), share.profile_districts() TO %I', grant_public.role);
END;
$$;
COMMENT ON FUNCTION registry.grant_public(name) IS
	'let a role read share.public_cell and share.public_area, which is all that a district''s profile is made from, and call the functions that shape it; '
	'refused for PUBLIC; the owner''s';

CREATE FUNCTION registry.revoke_public(role name) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM registry.check_public_reader(revoke_public.role);
	EXECUTE format('REVOKE ALL ON share.public_cell, share.public_area FROM %I', revoke_public.role);
	EXECUTE format('REVOKE ALL ON FUNCTION share.profile_sections(registry.area_code), share.profile_districts() FROM %I', revoke_public.role);
	-- a partner goes on reading its own
	IF NOT EXISTS (SELECT FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS x JOIN pg_roles AS r ON r.oid = x.grantee
				   WHERE c.relnamespace = 'share'::regnamespace AND r.rolname = revoke_public.role) THEN
		EXECUTE format('REVOKE USAGE ON SCHEMA share FROM %I', revoke_public.role);
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.revoke_public(name) IS 'take back what registry.grant_public() gave; the owner''s';
