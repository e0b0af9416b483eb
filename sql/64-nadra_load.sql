
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
	names	CONSTANT text[] := '{cnic,found,name,father_name,sex,birth_date,alive,alpha_family,beta_family,as_of}'::text[];
	columns	CONSTANT text := registry.text_columns(nadra_columns.source, names);
BEGIN
	IF columns IS NULL
	OR NOT EXISTS (SELECT FROM pg_attribute AS a
				   WHERE a.attrelid = nadra_columns.source AND a.attname = ANY (names[2:]) AND a.attnum > 0 AND NOT a.attisdropped) THEN
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
	staged	text;
	rounds	integer;
	added	bigint;
BEGIN
	IF load_nadra.as_of IS NULL OR load_nadra.as_of NOT BETWEEN '2000-01-01' AND registry.today() THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'as_of is the day of the answers that do not say theirs, from 2000 to today',
			HINT = 'SELECT * FROM registry.load_nadra(''answers'', ''2025-11-01'');';
	END IF;
	load_id := nextval('nser.load_id_seq');
	-- a name that no table of the session has
	staged := 'registry_nadra_' || load_id;

	EXECUTE format($sql$
		CREATE TEMP TABLE %5$I ON COMMIT DROP AS
		SELECT s.*, b.column_name, b.column_name IS NULL AS is_good, NULL::text AS reason, 1 AS nth,
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
		$sql$, columns, load_nadra.source, load_nadra.as_of, registry.today()::text, staged);

	-- one number twice: one answer after the other; of those that differ on one day, nobody knows which
	EXECUTE format($sql$
		WITH told AS (
			SELECT n.row_no, dense_rank() OVER (PARTITION BY n.number ORDER BY n.day) AS nth,
				row_number() OVER (PARTITION BY n.number, n.day ORDER BY n.row_no) > 1 AS is_copy,
				min(n.answer) OVER same_day = max(n.answer) OVER same_day AS is_same
			FROM (SELECT x.row_no, x.number, x.day, count(*) OVER (PARTITION BY x.number) > 1 AS is_again,
					ROW(coalesce(x.found::boolean, true), x.name, x.father_name, lower(x.sex), left(x.birth_date, 10), x.alive::boolean,
						x.alpha_family, x.beta_family)::text AS answer
				  FROM pg_temp.%1$I AS x
				  WHERE x.is_good) AS n
			WHERE n.is_again
			WINDOW same_day AS (PARTITION BY n.number, n.day)
		)
		UPDATE pg_temp.%1$I AS n
		SET nth = t.nth, is_good = t.is_same AND NOT t.is_copy, column_name = CASE WHEN NOT t.is_same THEN 'cnic' END,
			reason = CASE WHEN NOT t.is_same THEN 'the number stands twice in this load, on one day, with different answers' END
		FROM told AS t
		WHERE n.row_no = t.row_no
		$sql$, staged);

	EXECUTE format($sql$
		INSERT INTO nser.load_error (load_id, row_no, source, column_name, sqlstate, reason, row)
		SELECT $1, n.row_no, $2, n.column_name, CASE WHEN n.reason IS NULL THEN '22P02' ELSE '23505' END,
			coalesce(n.reason, CASE n.column_name
				WHEN 'cnic' THEN 'cnic is no identity number: 13 digits, the first from 1 to 8, as 35202-1234567-1 or without hyphens'
				WHEN 'sex' THEN 'sex is not male, female or transgender'
				WHEN 'birth_date' THEN 'birth_date is no day from 1850 to today, as 1980-05-17'
				WHEN 'as_of' THEN 'as_of is no day from 2000 to today, as 2025-11-01'
				ELSE n.column_name || ' is not true or false' END),
			to_jsonb(n) - '{row_no,column_name,is_good,reason,nth,number,day}'::text[]
		FROM pg_temp.%I AS n
		WHERE n.column_name IS NOT NULL
		$sql$, staged) USING load_nadra.load_id, load_nadra.source::text;
	GET DIAGNOSTICS refused = ROW_COUNT;

	-- another load waits
	LOCK TABLE nser.nadra_record IN SHARE ROW EXCLUSIVE MODE;
	loaded := 0;
	EXECUTE format('SELECT max(n.nth) FROM pg_temp.%I AS n WHERE n.is_good', staged) INTO rounds;
	FOR nth IN 1 .. coalesce(rounds, 0) LOOP
		-- what a newer answer is silent about is as it was: a death above all
		EXECUTE format($sql$
			INSERT INTO nser.nadra_record AS r (cnic, found, name, father_name, sex, birth_date, alive, alpha_family, beta_family, as_of, load_id)
			SELECT n.number::registry.cnic, coalesce(n.found::boolean, true), n.name, n.father_name, lower(n.sex)::registry.sex,
				left(n.birth_date, 10)::date, n.alive::boolean, n.alpha_family, n.beta_family, n.day, $1
			FROM pg_temp.%I AS n
			WHERE n.is_good AND n.nth = $2
			ORDER BY n.number
			ON CONFLICT ON CONSTRAINT nadra_record_pkey DO UPDATE
			SET found = EXCLUDED.found, as_of = EXCLUDED.as_of, load_id = EXCLUDED.load_id,
				name = coalesce(EXCLUDED.name, CASE WHEN EXCLUDED.found THEN r.name END),
				father_name = coalesce(EXCLUDED.father_name, CASE WHEN EXCLUDED.found THEN r.father_name END),
				sex = coalesce(EXCLUDED.sex, CASE WHEN EXCLUDED.found THEN r.sex END),
				birth_date = coalesce(EXCLUDED.birth_date, CASE WHEN EXCLUDED.found THEN r.birth_date END),
				alive = coalesce(EXCLUDED.alive, CASE WHEN EXCLUDED.found THEN r.alive END),
				alpha_family = coalesce(EXCLUDED.alpha_family, CASE WHEN EXCLUDED.found THEN r.alpha_family END),
				beta_family = coalesce(EXCLUDED.beta_family, CASE WHEN EXCLUDED.found THEN r.beta_family END)
			WHERE r.as_of < EXCLUDED.as_of
			OR r.as_of = EXCLUDED.as_of
				AND (r.found, r.name, r.father_name, r.sex, r.birth_date, r.alive, r.alpha_family, r.beta_family) IS DISTINCT FROM (EXCLUDED.found,
					coalesce(EXCLUDED.name, CASE WHEN EXCLUDED.found THEN r.name END),
					coalesce(EXCLUDED.father_name, CASE WHEN EXCLUDED.found THEN r.father_name END),
					coalesce(EXCLUDED.sex, CASE WHEN EXCLUDED.found THEN r.sex END),
					coalesce(EXCLUDED.birth_date, CASE WHEN EXCLUDED.found THEN r.birth_date END),
					coalesce(EXCLUDED.alive, CASE WHEN EXCLUDED.found THEN r.alive END),
					coalesce(EXCLUDED.alpha_family, CASE WHEN EXCLUDED.found THEN r.alpha_family END),
					coalesce(EXCLUDED.beta_family, CASE WHEN EXCLUDED.found THEN r.beta_family END))
			$sql$, staged) USING load_nadra.load_id, nth;
		GET DIAGNOSTICS added = ROW_COUNT;
		loaded := loaded + added;
	END LOOP;
	EXECUTE format('SELECT count(*) FROM pg_temp.%I', staged) INTO unchanged;
	unchanged := unchanged - loaded - refused;
	EXECUTE format('DROP TABLE pg_temp.%I', staged);
END;
$$;
COMMENT ON FUNCTION registry.load_nadra(regclass, date) IS
	'NADRA''s answers from a table or foreign table with columns cnic and any of found, name, father_name, sex, birth_date, alive, '
	'alpha_family, beta_family and as_of, text or typed; as_of is the day of rows that do not say theirs. An answer stands until a newer '
	'day''s, or another of the same day; what that is silent about is as it was, but where NADRA no longer knows the number; of answers for '
	'a number that differ on one day none is taken; rows that cannot be read are in nser.load_error, with reasons that quote nothing; '
	'returns how many were stored, were known or older, and were refused';
