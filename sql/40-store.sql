
-- store: the tables that hold people ------------------------------------------
--
-- They are ordinary tables of whoever calls create_store(), not the extension's
-- own: DROP EXTENSION then refuses instead of deleting a nation's data, and
-- pg_dump dumps them like any other.  The body is sql/store/*.sql, in order.

CREATE FUNCTION registry.postgis_schema() RETURNS regnamespace
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN (SELECT e.extnamespace::regnamespace FROM pg_extension AS e WHERE e.extname = 'postgis'::name);
COMMENT ON FUNCTION registry.postgis_schema() IS 'the schema PostGIS is in; what needs its types or functions names it';

CREATE PROCEDURE registry.create_store()
	LANGUAGE plpgsql
AS $store$
BEGIN
@STORE@
END;
$store$;
COMMENT ON PROCEDURE registry.create_store() IS
	'create schema nser: households, members, surveys, scores and programmes, owned by the caller';

CREATE PROCEDURE registry.upgrade_store()
	LANGUAGE plpgsql
AS $$
DECLARE
	newest	CONSTANT integer := 1;
	layout	integer;
BEGIN
	IF pg_catalog.to_regclass('nser.store_version') IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_table',
			MESSAGE = 'there is no store to upgrade',
			HINT = 'CALL registry.create_store() creates one.';
	END IF;

	SELECT v.layout INTO STRICT layout FROM nser.store_version AS v;
	IF layout > newest THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('the store has layout %s, and this version of the extension knows layouts up to %s', layout, newest),
			HINT = 'Install the newer release and run ALTER EXTENSION registry UPDATE.';
	END IF;
	RAISE NOTICE 'the store has layout %, the newest', layout;
END;
$$;
COMMENT ON PROCEDURE registry.upgrade_store() IS 'bring schema nser to the layout of the installed extension';
