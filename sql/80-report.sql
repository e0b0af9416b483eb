
-- report: what the registry prints, by name ---------------------------------------------
--
-- A report is a view and a row of nser.report that names it.  What a reader may narrow it
-- by follows from its columns: area, level and day.  The statement is made anew each
-- time from the catalog, so that nothing a row says is ever run as it stands.

CREATE FUNCTION registry.report_columns(relation text, OUT name name, OUT type regtype) RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	SELECT a.attname, a.atttypid::regtype
	FROM pg_class AS c
	JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	WHERE c.oid = to_regclass(report_columns.relation)::oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
	ORDER BY a.attnum;
END;
COMMENT ON FUNCTION registry.report_columns(text) IS 'columns of a view or table, in order, and their types; no rows where there is none of that name';

CREATE FUNCTION registry.check_report() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	columns	name[];
BEGIN
	BEGIN
		columns := ARRAY(SELECT c.name FROM registry.report_columns(NEW.relation) AS c);
	EXCEPTION WHEN invalid_name OR syntax_error OR feature_not_supported THEN
		columns := '{}';		-- no name, or one of another database
	END;
	IF columns = '{}' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_table',
			MESSAGE = format('report %s names no view', NEW.name),
			HINT = 'Create the view first and name it with its schema, as nser.theme_literacy.';
	END IF;
	IF EXISTS (SELECT FROM unnest(NEW.sorted_by) AS s (key) WHERE coalesce(regexp_replace(s.key, '^-', '') <> ALL (columns), true)) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_column',
			MESSAGE = format('report %s is sorted by what %s does not have', NEW.name, NEW.relation),
			HINT = 'sorted_by holds names of its columns, with - in front where the greatest comes first, as {-day,area}.';
	END IF;
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.check_report() IS 'trigger of nser.report: the view is there, and has what the report is sorted by';

CREATE FUNCTION registry.report_query(report text, within registry.area_code DEFAULT NULL, level registry.area_level DEFAULT NULL,
									  since date DEFAULT NULL, until date DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql STABLE
	-- a day is written the one way that every reader's settings read alike
	SET datestyle = ISO
AS $$
DECLARE
	asked	record;
	source	text;
	columns	name[];
	types	regtype[];
	missing	text;
BEGIN
	SELECT r.name, r.relation, r.sorted_by INTO asked FROM nser.report AS r WHERE r.name = report_query.report;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = 'there is no such report',
			HINT = 'SELECT name, title FROM nser.report lists them.';
	END IF;
	IF since > until THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a report goes from a day until the same or a later one',
			HINT = 'Both are included: since => ''2026-01-01'', until => ''2026-01-31''.';
	END IF;

	SELECT array_agg(c.name), array_agg(c.type) INTO columns, types FROM registry.report_columns(asked.relation) AS c;
	SELECT format('%I.%I', n.nspname, c.relname) INTO source
	FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
	WHERE c.oid = to_regclass(asked.relation);
	IF columns IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_table',
			MESSAGE = format('the view of report %s is not there any more', asked.name),
			HINT = format('Create %s again, or delete the row of nser.report.', asked.relation);
	END IF;
	IF EXISTS (SELECT FROM unnest(asked.sorted_by) AS s (key) WHERE regexp_replace(s.key, '^-', '') <> ALL (columns)) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_column',
			MESSAGE = format('the view of report %s has no longer what it is sorted by', asked.name),
			HINT = format('It has %s; sorted_by of nser.report names some of them.', array_to_string(columns, ', '));
	END IF;

	missing := CASE
		WHEN within IS NOT NULL AND types[array_position(columns, 'area')] IS DISTINCT FROM 'registry.area_code'::regtype THEN 'areas'
		WHEN level IS NOT NULL AND coalesce(types[array_position(columns, 'level')] NOT IN ('registry.area_level'::regtype, 'text'::regtype), true) THEN 'levels'
		WHEN num_nonnulls(since, until) > 0 AND types[array_position(columns, 'day')] IS DISTINCT FROM 'date'::regtype THEN 'days' END;
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('report %s has no %s to be narrowed by', asked.name, missing),
			HINT = format('It has %s.', array_to_string(columns, ', '));
	END IF;

	RETURN concat(format('SELECT * FROM %s', source),
		(SELECT ' WHERE ' || string_agg(c.condition, ' AND ' ORDER BY c.no)
		 FROM (VALUES (1, CASE WHEN within IS NOT NULL THEN format('area OPERATOR(registry.<@) %L::registry.area_code', within) END),
					  (2, CASE WHEN level IS NOT NULL THEN format('level::text = %L', level) END),
					  (3, CASE WHEN since IS NOT NULL THEN format('day >= %L::date', since) END),
					  (4, CASE WHEN until IS NOT NULL THEN format('day <= %L::date', until) END)) AS c (no, condition)
		 WHERE c.condition IS NOT NULL),
		(SELECT ' ORDER BY ' || string_agg(format('%I%s', regexp_replace(s.key, '^-', ''), CASE WHEN s.key LIKE '-%' THEN ' DESC' END), ', ' ORDER BY s.no)
		 FROM unnest(asked.sorted_by) WITH ORDINALITY AS s (key, no)));
END;
$$;
COMMENT ON FUNCTION registry.report_query(text, registry.area_code, registry.area_level, date, date) IS
	'the statement that prints a report of nser.report, of what lies within an area, of one level, from a day until another, both included; NULL: of all; '
	'refused is what the report does not have; in psql: SELECT registry.report_query(''coverage'', level => ''district'') \gexec';
