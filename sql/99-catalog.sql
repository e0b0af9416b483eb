
-- catalog: what holds of every routine and operator ---------------------------

-- PL/pgSQL finds nothing but what is named in full, and the core's.  What needs
-- PostGIS names its schema: others may create in it, and a better match there
-- would run as the caller.  Procedures that commit cannot pin their path:
-- those six qualify everything themselves, operators too.
DO $$
DECLARE
	routine		pg_catalog.regprocedure;
BEGIN
	FOR routine IN
		SELECT p.oid FROM pg_catalog.pg_proc AS p
		JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
		WHERE p.pronamespace = 'registry'::pg_catalog.regnamespace AND p.proname NOT IN ('run_batches', 'score_all', 'derive_all', 'queue_all_duplicates', 'verify_all', 'check_quality_all')
	LOOP
		EXECUTE format('ALTER ROUTINE %s SET search_path = pg_catalog, pg_temp', routine);
	END LOOP;
END;
$$;

-- The functions under operators and classes are described as the core's are.
DO $$
DECLARE
	described	record;
BEGIN
	FOR described IN
		SELECT o.oid::pg_catalog.regoperator AS name, d.description
		FROM pg_catalog.pg_operator AS o
		JOIN (VALUES ('=', 'equal'), ('<>', 'not equal'), ('<', 'less than'), ('<=', 'less than or equal'),
					 ('>', 'greater than'), ('>=', 'greater than or equal')) AS d (name, description) ON d.name = o.oprname
		WHERE o.oprnamespace = 'registry'::pg_catalog.regnamespace
		AND pg_catalog.obj_description(o.oid, 'pg_operator') IS NULL
	LOOP
		EXECUTE format('COMMENT ON OPERATOR %s IS %L', described.name, described.description);
	END LOOP;

	FOR described IN
		SELECT p.oid::pg_catalog.regprocedure AS name, 'implementation of ' || o.oprname || ' operator' AS description
		FROM pg_catalog.pg_operator AS o JOIN pg_catalog.pg_proc AS p ON p.oid = o.oprcode
		WHERE o.oprnamespace = 'registry'::pg_catalog.regnamespace
		AND p.pronamespace = o.oprnamespace AND pg_catalog.obj_description(p.oid, 'pg_proc') IS NULL
		UNION ALL
		SELECT p.oid::pg_catalog.regprocedure, 'I/O'
		FROM pg_catalog.pg_type AS t JOIN pg_catalog.pg_proc AS p ON p.oid IN (t.typinput, t.typoutput, t.typreceive, t.typsend)
		WHERE t.typnamespace = 'registry'::pg_catalog.regnamespace AND p.pronamespace = t.typnamespace
		UNION ALL
		SELECT p.oid::pg_catalog.regprocedure, 'support for index methods'
		FROM pg_catalog.pg_amproc AS a JOIN pg_catalog.pg_proc AS p ON p.oid = a.amproc
		WHERE p.pronamespace = 'registry'::pg_catalog.regnamespace
	LOOP
		EXECUTE format('COMMENT ON FUNCTION %s IS %L', described.name, described.description);
	END LOOP;
END;
$$;
