
-- source_flag: what lists of others say of people -------------------------------------

CREATE FUNCTION registry.flag_supersedes(was_as_of date, was_value integer, as_of date, value integer) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN as_of > was_as_of OR as_of = was_as_of AND value < was_value;
COMMENT ON FUNCTION registry.flag_supersedes(date, integer, date, integer) IS
	'whether a flag takes the place of another of the same source: the newer one does; of one day the lower value, in doubt for the person: so the '
	'order in which they arrive decides nothing';

CREATE FUNCTION registry.keep_past_flags() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	IF TG_OP = 'UPDATE' THEN
		INSERT INTO nser.person_flag_past (household_id, line, flag, value, source, as_of, area)
		SELECT w.household_id, w.line, w.flag, w.value, w.source, w.as_of, h.area
		FROM was AS w
		-- the household of before, where it moved since
		JOIN nser.household AS h ON h.household_id = w.household_id
		WHERE NOT EXISTS (SELECT FROM is_now AS n
						  WHERE (n.household_id, n.line, n.flag, n.value, n.source, n.as_of) = (w.household_id, w.line, w.flag, w.value, w.source, w.as_of));
	ELSE
		INSERT INTO nser.person_flag_past (household_id, line, flag, value, source, as_of, area)
		SELECT w.household_id, w.line, w.flag, w.value, w.source, w.as_of, h.area
		FROM was AS w
		JOIN nser.household AS h ON h.household_id = w.household_id;
	END IF;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.keep_past_flags() IS 'trigger of nser.person_flag: keeps what it said before; another area of the household is no change';

CREATE FUNCTION registry.flag_columns(source regclass) RETURNS text
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	columns	CONSTANT text := registry.text_columns(flag_columns.source, '{cnic,flag,value,as_of}');
BEGIN
	IF columns IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_column',
			MESSAGE = format('%s has no column cnic', coalesce(flag_columns.source::text, 'NULL')),
			HINT = 'Its columns are cnic and any of flag, value and as_of, as text or typed.';
	END IF;
	RETURN columns;
END;
$$;
COMMENT ON FUNCTION registry.flag_columns(regclass) IS 'the columns of a list of flags as texts, for a SELECT: those that the source does not have are NULL';

-- A list of the whole country names many who are not registered: those are counted, and
-- nothing of them is kept.
CREATE FUNCTION registry.load_flags(source text, relation regclass, as_of date DEFAULT registry.today(),
									OUT load_id bigint, OUT loaded bigint, OUT unchanged bigint, OUT unmatched bigint, OUT refused bigint)
	LANGUAGE plpgsql
	SET datestyle = 'ISO, YMD'
	SET jit = off
AS $$
DECLARE
	columns		CONSTANT text := registry.flag_columns(load_flags.relation);
	only_flag	text;
	flags		bigint;
	staged		text;
BEGIN
	SELECT count(*), min(s.flag) INTO flags, only_flag FROM nser.flag_source AS s WHERE s.source = load_flags.source;
	IF flags = 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = 'there is no such source of flags',
			HINT = 'INSERT INTO nser.flag_source (source, flag, measure, holds_for) VALUES (''excise department'', ''vehicle'', NULL, ''1 year'');';
	END IF;
	IF load_flags.as_of IS NULL OR load_flags.as_of NOT BETWEEN '2000-01-01' AND registry.today() THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'as_of is the day of the rows that do not say theirs, from 2000 to today',
			HINT = 'SELECT * FROM registry.load_flags(''excise department'', ''vehicles'', ''2025-11-01'');';
	END IF;
	load_id := nextval('nser.load_id_seq');
	-- a name that no table of the session has
	staged := 'registry_flags_' || load_id;

	EXECUTE format($sql$
		CREATE TEMP TABLE %5$I ON COMMIT DROP AS
		SELECT s.*, b.column_name, CASE WHEN b.column_name IS NULL THEN replace(s.cnic, '-', '')::bigint END AS number,
			coalesce(s.flag, %6$L) AS its_flag, CASE WHEN b.column_name IS NULL THEN coalesce(s.value::integer, 1) END AS its_value,
			CASE WHEN b.column_name IS NULL THEN coalesce(left(s.as_of, 10)::date, %3$L) END AS day
		FROM (SELECT row_number() OVER () AS row_no, %1$s FROM %2$s AS s) AS s
		CROSS JOIN LATERAL (SELECT CASE
			WHEN coalesce(s.cnic !~ '^[1-8][0-9]{12}$|^[1-8][0-9]{4}-[0-9]{7}-[0-9]$', true) THEN 'cnic'
			WHEN NOT EXISTS (SELECT FROM nser.flag_source AS k WHERE k.source = %7$L AND k.flag = coalesce(s.flag, %6$L)) THEN 'flag'
			WHEN s.value !~ '^[0-9]{1,9}$' THEN 'value'
			WHEN NOT registry.is_day(s.as_of) OR s.as_of < '2000' OR left(s.as_of, 10) > %4$L THEN 'as_of' END
			OFFSET 0) AS b (column_name)		-- judged once
		$sql$, columns, load_flags.relation, load_flags.as_of, registry.today()::text, staged, CASE WHEN flags = 1 THEN only_flag END, load_flags.source);

	EXECUTE format($sql$
		INSERT INTO nser.load_error (load_id, row_no, source, column_name, sqlstate, reason, row)
		SELECT $1, n.row_no, $2, n.column_name, '22P02', CASE n.column_name
				WHEN 'cnic' THEN 'cnic is no identity number: 13 digits, the first from 1 to 8, as 35202-1234567-1 or without hyphens'
				WHEN 'flag' THEN 'flag is none of the source''s in nser.flag_source'
				WHEN 'value' THEN 'value is no whole number from 0 to 999999999'
				ELSE 'as_of is no day from 2000 to today, as 2025-11-01' END,
			to_jsonb(n) - '{row_no,column_name,number,its_flag,its_value,day}'::text[]
		FROM pg_temp.%I AS n
		WHERE n.column_name IS NOT NULL
		$sql$, staged) USING load_flags.load_id, load_flags.relation::text;
	GET DIAGNOSTICS refused = ROW_COUNT;
	EXECUTE format($sql$
		SELECT count(*) FROM pg_temp.%I AS n
		WHERE n.column_name IS NULL
		AND NOT EXISTS (SELECT FROM nser.identity AS i
						JOIN nser.member AS m ON m.household_id = i.household_id AND m.line = i.line AND m.cnic OPERATOR(registry.=) i.cnic
							AND m.valid_to IS NULL AND m.superseded_at IS NULL
						WHERE i.cnic OPERATOR(registry.=) n.number::registry.cnic)
		$sql$, staged) INTO unmatched;

	-- of one number and day twice, the lower value, as between loads
	EXECUTE format($sql$
		INSERT INTO nser.person_flag AS f (household_id, line, flag, value, source, as_of, area)
		SELECT DISTINCT ON (i.household_id, i.line, n.its_flag) i.household_id, i.line, n.its_flag, n.its_value, $1, n.day, m.area
		FROM pg_temp.%I AS n
		JOIN nser.identity AS i ON i.cnic OPERATOR(registry.=) n.number::registry.cnic
		JOIN nser.member AS m ON m.household_id = i.household_id AND m.line = i.line AND m.cnic OPERATOR(registry.=) i.cnic
			AND m.valid_to IS NULL AND m.superseded_at IS NULL
		WHERE n.column_name IS NULL
		ORDER BY i.household_id, i.line, n.its_flag, n.day DESC, n.its_value
		ON CONFLICT ON CONSTRAINT person_flag_pkey DO UPDATE SET value = EXCLUDED.value, as_of = EXCLUDED.as_of
		WHERE registry.flag_supersedes(f.as_of, f.value, EXCLUDED.as_of, EXCLUDED.value)
		$sql$, staged) USING load_flags.source;
	GET DIAGNOSTICS loaded = ROW_COUNT;
	EXECUTE format('SELECT count(*) FROM pg_temp.%I', staged) INTO unchanged;
	unchanged := unchanged - loaded - unmatched - refused;
	EXECUTE format('DROP TABLE pg_temp.%I', staged);
END;
$$;
COMMENT ON FUNCTION registry.load_flags(text, regclass, date) IS
	'flags of a source of nser.flag_source from a table or foreign table with columns cnic and any of flag (unless the source has one), value (1 unless '
	'given) and as_of, text or typed; as_of is the day of rows that do not say theirs. None takes the place of a newer one of that source; what it replaces is in '
	'nser.person_flag_past; rows that cannot be read are in nser.load_error, with reasons that quote nothing; returns how many were stored, were known or '
	'older, are of nobody who is registered, and were refused';
