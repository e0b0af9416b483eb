
-- nadra load: NADRA's answers from a table, or a foreign table, into the store ------
--
-- Nothing is asked over a network here.  A load is judged as a whole, column by
-- column, by patterns: no row at a time, and no value in a reason.

CREATE FUNCTION registry.is_day(text) RETURNS boolean
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN CASE WHEN $1 !~ '^(18[5-9]|19[0-9]|2[01][0-9])[0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T].*)?$' THEN false
		ELSE substr($1, 6, 5) !~ '^(0[469]|11)-31|^02-3'
			AND (substr($1, 6, 5) <> '02-29' OR left($1, 4)::integer % 4 = 0 AND (left($1, 4)::integer % 100 <> 0 OR left($1, 4)::integer % 400 = 0))
	END;
COMMENT ON FUNCTION registry.is_day(text) IS 'whether a text begins with a day there is, from 1850 to 2199: 1980-05-17, alone or with a time of day after it';

CREATE FUNCTION registry.nadra_columns(source regclass) RETURNS text
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	columns	text;
BEGIN
	SELECT string_agg(CASE
			WHEN a.attname IS NULL THEN format('NULL::text AS %I', c.name)
			-- a time of day is of no account
			WHEN a.atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype) THEN format('s.%1$I::date::text AS %1$I', c.name)
			ELSE format('nullif(btrim(s.%1$I::text), '''') AS %1$I', c.name) END, ', ' ORDER BY c.no) INTO columns
	FROM unnest('{cnic,found,name,father_name,sex,birth_date,alive,alpha_family,beta_family,as_of}'::text[]) WITH ORDINALITY AS c (name, no)
	LEFT JOIN pg_attribute AS a ON a.attrelid = nadra_columns.source AND a.attname = c.name AND a.attnum > 0 AND NOT a.attisdropped
	HAVING count(a.attname) FILTER (WHERE c.name = 'cnic') > 0 AND count(a.attname) > 1;
	IF columns IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_column',
			MESSAGE = format('%s has no column cnic, or none of an answer', coalesce(nadra_columns.source::text, 'NULL')),
			HINT = 'Its columns are cnic and any of found, name, father_name, sex, birth_date, alive, alpha_family, beta_family and as_of, as text or typed.';
	END IF;
	RETURN columns;
END;
$$;
COMMENT ON FUNCTION registry.nadra_columns(regclass) IS 'the columns of an answer of NADRA as texts, for a SELECT: those that the source does not have are NULL';

CREATE FUNCTION registry.load_nadra(source regclass, as_of date DEFAULT registry.today(),
									OUT load_id bigint, OUT loaded bigint, OUT unchanged bigint, OUT refused bigint)
	LANGUAGE plpgsql
	SET datestyle = 'ISO, YMD'
	SET jit = off
AS $$
DECLARE
	columns	CONSTANT text := registry.nadra_columns(load_nadra.source);
BEGIN
	IF load_nadra.as_of IS NULL OR load_nadra.as_of NOT BETWEEN '2000-01-01' AND registry.today() THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'as_of is the day of the answers that do not say theirs, from 2000 to today',
			HINT = 'SELECT * FROM registry.load_nadra(''answers'', ''2025-11-01'');';
	END IF;
	load_id := nextval('nser.load_id_seq');

	EXECUTE format($sql$
		CREATE TEMP TABLE registry_nadra ON COMMIT DROP AS
		SELECT s.*, b.column_name, b.column_name IS NULL AS is_good, NULL::text AS reason,
			CASE WHEN b.column_name IS NULL THEN replace(s.cnic, '-', '')::bigint END AS number,
			CASE WHEN b.column_name IS NULL THEN coalesce(left(s.as_of, 10)::date, %3$L) END AS day
		FROM (SELECT row_number() OVER () AS row_no, %1$s FROM %2$s AS s) AS s
		CROSS JOIN LATERAL (SELECT CASE
			WHEN coalesce(s.cnic !~ '^[1-8][0-9]{12}$|^[1-8][0-9]{4}-[0-9]{7}-[0-9]$', true) THEN 'cnic'
			WHEN NOT registry.is_day(s.as_of) OR s.as_of < '2000' OR left(s.as_of, 10) > %4$L THEN 'as_of'
			WHEN lower(s.found) NOT IN ('t', 'true', 'y', 'yes', '1', 'f', 'false', 'n', 'no', '0') THEN 'found'
			WHEN lower(s.alive) NOT IN ('t', 'true', 'y', 'yes', '1', 'f', 'false', 'n', 'no', '0') THEN 'alive'
			WHEN lower(s.sex) NOT IN ('male', 'female', 'transgender') THEN 'sex'
			WHEN NOT registry.is_day(s.birth_date) OR left(s.birth_date, 10) > %4$L THEN 'birth_date' END
			OFFSET 0) AS b (column_name)		-- judged once
		$sql$, columns, load_nadra.source, load_nadra.as_of, registry.today()::text);

	-- one number twice: the newer answer; of two that differ on one day, nobody knows which
	WITH ranked AS (
		SELECT n.row_no, row_number() OVER w AS nth, n.day = first_value(n.day) OVER w AS is_same_day,
			x.answer = first_value(x.answer) OVER w AS is_same
		FROM pg_temp.registry_nadra AS n
		CROSS JOIN LATERAL (SELECT ROW(n.found, n.name, n.father_name, n.sex, n.birth_date, n.alive, n.alpha_family, n.beta_family)::text) AS x (answer)
		WHERE n.is_good
		WINDOW w AS (PARTITION BY n.number ORDER BY n.day DESC, n.row_no)
	)
	UPDATE pg_temp.registry_nadra AS n
	SET is_good = false, column_name = CASE WHEN r.is_same_day AND NOT r.is_same THEN 'cnic' END,
		reason = CASE WHEN r.is_same_day AND NOT r.is_same THEN 'the number stands twice in this load, on one day, with different answers' END
	FROM ranked AS r
	WHERE r.nth > 1 AND n.row_no = r.row_no;

	INSERT INTO nser.load_error (load_id, row_no, source, column_name, sqlstate, reason, row)
	SELECT load_nadra.load_id, n.row_no, load_nadra.source::text, n.column_name, CASE WHEN n.reason IS NULL THEN '22P02' ELSE '23505' END,
		coalesce(n.reason, CASE n.column_name
			WHEN 'cnic' THEN 'cnic is no identity number: 13 digits, the first from 1 to 8, as 35202-1234567-1 or without hyphens'
			WHEN 'sex' THEN 'sex is not male, female or transgender'
			WHEN 'birth_date' THEN 'birth_date is no day from 1850 to today, as 1980-05-17'
			WHEN 'as_of' THEN 'as_of is no day from 2000 to today, as 2025-11-01'
			ELSE n.column_name || ' is not true or false' END),
		to_jsonb(n) - '{row_no,column_name,is_good,reason,number,day}'::text[]
	FROM pg_temp.registry_nadra AS n
	WHERE n.column_name IS NOT NULL;
	GET DIAGNOSTICS refused = ROW_COUNT;

	-- sorted, so that two loads do not wait for each other in a circle
	INSERT INTO nser.nadra_record AS r (cnic, found, name, father_name, sex, birth_date, alive, alpha_family, beta_family, as_of, load_id)
	SELECT n.number::registry.cnic, coalesce(n.found::boolean, true), n.name, n.father_name, lower(n.sex)::registry.sex, left(n.birth_date, 10)::date,
		n.alive::boolean, n.alpha_family, n.beta_family, n.day, load_nadra.load_id
	FROM pg_temp.registry_nadra AS n
	WHERE n.is_good
	ORDER BY n.number
	ON CONFLICT ON CONSTRAINT nadra_record_pkey DO UPDATE
	SET found = EXCLUDED.found, name = EXCLUDED.name, father_name = EXCLUDED.father_name, sex = EXCLUDED.sex, birth_date = EXCLUDED.birth_date,
		alive = EXCLUDED.alive, alpha_family = EXCLUDED.alpha_family, beta_family = EXCLUDED.beta_family, as_of = EXCLUDED.as_of,
		load_id = EXCLUDED.load_id
	WHERE r.as_of < EXCLUDED.as_of
	OR r.as_of = EXCLUDED.as_of
		AND (r.found, r.name, r.father_name, r.sex, r.birth_date, r.alive, r.alpha_family, r.beta_family) IS DISTINCT FROM
			(EXCLUDED.found, EXCLUDED.name, EXCLUDED.father_name, EXCLUDED.sex, EXCLUDED.birth_date, EXCLUDED.alive, EXCLUDED.alpha_family,
			 EXCLUDED.beta_family);
	GET DIAGNOSTICS loaded = ROW_COUNT;
	SELECT count(*) - loaded - refused INTO unchanged FROM pg_temp.registry_nadra AS n;
	DROP TABLE pg_temp.registry_nadra;
END;
$$;
COMMENT ON FUNCTION registry.load_nadra(regclass, date) IS
	'NADRA''s answers from a table or foreign table with columns cnic and any of found, name, father_name, sex, birth_date, alive, '
	'alpha_family, beta_family and as_of, text or typed; as_of is the day of rows that do not say theirs. An answer stands until a newer '
	'day''s, or another of the same day; rows that cannot be read are in nser.load_error, with reasons that quote nothing; returns how many '
	'were stored, were known or older, and were refused';
