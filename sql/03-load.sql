
-- load: judging values before they are cast -----------------------------------
--
-- A bulk load keeps its good rows: it asks this of each value that only a type's
-- input function can judge, and stores the others in nser.load_error.

CREATE FUNCTION registry.input_error(type regtype, value text, OUT error_code text, OUT message text, OUT detail text)
	LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
	EXECUTE format('SELECT CAST($1 AS %s)', input_error.type) USING input_error.value;
EXCEPTION WHEN OTHERS THEN		-- PostGIS, for one, has an internal error for wrong input
	GET STACKED DIAGNOSTICS error_code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	-- the messages of other types quote the value, which may be a person's
	IF NOT EXISTS (SELECT FROM pg_type AS t
				   WHERE t.oid = input_error.type AND t.typnamespace = 'registry'::regnamespace AND t.typtype = 'b' AND t.typelem = 0) THEN
		message := format('invalid input for type %s', input_error.type);
		detail := NULL;
	END IF;
	detail := nullif(detail, '');
END;
$$;
COMMENT ON FUNCTION registry.input_error(regtype, text) IS
	'what is wrong with a value as input of a type, without quoting it; all NULL where nothing is; '
	'what a column adds to its type, such as the kind of a geometry, is not judged';

-- What a load takes may be of any type: a time of day is of no account, but where the day
-- is that in Pakistan.
CREATE FUNCTION registry.text_columns(source regclass, names text[]) RETURNS text
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	RETURN (
		SELECT string_agg(CASE
				WHEN a.attname IS NULL THEN format('NULL::text AS %I', c.name)
				WHEN a.atttypid = 'timestamp'::regtype THEN format('s.%1$I::date::text AS %1$I', c.name)
				WHEN a.atttypid = 'timestamptz'::regtype THEN format('(s.%1$I AT TIME ZONE ''Asia/Karachi'')::date::text AS %1$I', c.name)
				ELSE format('nullif(btrim(s.%1$I::text), '''') AS %1$I', c.name) END, ', ' ORDER BY c.no)
		FROM unnest(text_columns.names) WITH ORDINALITY AS c (name, no)
		LEFT JOIN pg_attribute AS a ON a.attrelid = text_columns.source AND a.attname = c.name AND a.attnum > 0 AND NOT a.attisdropped
		-- the first is who a row is about
		HAVING count(a.attname) FILTER (WHERE c.no = 1) > 0);
END;
$$;
COMMENT ON FUNCTION registry.text_columns(regclass, text[]) IS
	'columns of a source s as texts, for a SELECT, empty ones NULL: those that it does not have are NULL, and all is NULL without the first';
