
-- survey load apply: what was copied becomes households ----------------------------------
--
-- A line is judged as the content of a case of missed_out is, by the same function, and
-- written in batches by what writes that, too.  A line whose numbers somebody holds, or
-- held, or an earlier line of the batch has, is written alone, in its turn.

CREATE FUNCTION registry.enter_household(household_id bigint, line jsonb, submitted_at timestamptz, on_date date, operator bigint) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	content	CONSTANT jsonb := registry.survey_of_line(line);
	written	bigint;
BEGIN
	-- as it is from the start: it never was another
	INSERT INTO nser.household (household_id, area, status, registered_on, phone, address, place)
	VALUES (enter_household.household_id, (content ->> 'area')::registry.area_code, 'requested', enter_household.on_date,
			(content ->> 'phone')::registry.mobile_number, content ->> 'address',
			registry.place((content #>> '{place,lon}')::double precision, (content #>> '{place,lat}')::double precision));
	SELECT a.survey_id INTO written
	FROM registry.apply_survey(enter_household.household_id, content, 'missed_out', coalesce(line ->> 'mode', 'centre'),
		registry.centre_of_line(line, enter_household.operator), enter_household.operator, enter_household.submitted_at) AS a;
	PERFORM registry.verify_household(enter_household.household_id);
	RETURN written;
END;
$$;
COMMENT ON FUNCTION registry.enter_household(bigint, jsonb, timestamptz, date, bigint) IS
	'register one household by a line that registry.check_survey_line() has passed, as a case of missed_out does; returns its survey';

-- The twin of registry.apply_survey() and what it calls, for many of whom nobody was
-- ever registered.
CREATE FUNCTION registry.enter_households(households bigint[], lines jsonb[], submitted timestamptz[], operators bigint[]) RETURNS void
	LANGUAGE plpgsql
	SET plan_cache_mode = force_custom_plan
	SET jit = off
AS $$
DECLARE
	first	CONSTANT bigint := (SELECT min(u.id) FROM unnest(enter_households.households) AS u (id));
	last	CONSTANT bigint := (SELECT max(u.id) FROM unnest(enter_households.households) AS u (id));
	surveys	CONSTANT bigint[] := ARRAY(SELECT nextval('nser.survey_survey_id_seq') FROM unnest(enter_households.households));
BEGIN
	INSERT INTO nser.household (household_id, area, status, registered_on, current_survey, phone, address, place)
	SELECT u.id, (u.line ->> 'area')::registry.area_code, 'registered', registry.day_in_pakistan(u.at), u.survey,
		(u.line ->> 'phone')::registry.mobile_number, u.line ->> 'address',
		registry.place((u.line #>> '{place,lon}')::double precision, (u.line #>> '{place,lat}')::double precision)
	FROM unnest(enter_households.households, surveys, enter_households.lines, enter_households.submitted) AS u (id, survey, line, at)
	ORDER BY u.id;

	WITH told AS MATERIALIZED (
		SELECT u.id, u.survey, u.line, u.at, u.operator, registry.day_in_pakistan(u.at) AS on_date,
			(u.line ->> 'area')::registry.area_code AS area, (u.line ->> 'land')::registry.land_area AS land
		FROM unnest(enter_households.households, surveys, enter_households.lines, enter_households.submitted, enter_households.operators)
			AS u (id, survey, line, at, operator)
	), plan AS MATERIALIZED (
		SELECT t.id, t.area, t.on_date, r.*
		FROM told AS t
		CROSS JOIN LATERAL registry.reconcile_members(t.id, registry.survey_of_line(t.line), t.on_date) AS r
	), member AS (
		INSERT INTO nser.member (household_id, line, version, area, cnic, document, name, father_name, sex, birth_date, relationship, marital_status,
								 spouse_line, father_line, mother_line, valid_from)
		SELECT p.id, p.line, 1, p.area, p.cnic, p.document, p.name, p.father_name, p.sex, p.birth_date, p.relationship, p.marital_status,
			p.spouse_line, p.father_line, p.mother_line, p.on_date
		FROM plan AS p
		ORDER BY p.id, p.line
	), composed AS (
		SELECT p.id, jsonb_agg(p.facts)::registry.roster AS roster FROM plan AS p GROUP BY p.id
	)
	INSERT INTO nser.survey (household_id, survey_id, indicators, area, submitted_at, update_type, land, mode, roster, is_full, centre, operator,
							 form_version, device_place, started_at)
	SELECT t.id, t.survey, registry.complete((t.line -> 'answers')::registry.indicators, c.roster, t.land), t.area, t.at, 'missed_out', t.land,
		coalesce(t.line ->> 'mode', 'centre'), c.roster, true, registry.centre_of_line(t.line, t.operator), t.operator, t.line ->> 'form_version',
		registry.place((t.line #>> '{device_place,lon}')::double precision, (t.line #>> '{device_place,lat}')::double precision),
		(t.line ->> 'started_at')::timestamptz
	FROM told AS t JOIN composed AS c ON c.id = t.id
	ORDER BY t.id;

	PERFORM registry.derive_range(first, last);
	PERFORM registry.place_households(enter_households.households);
	PERFORM registry.flag_placed(enter_households.households);
	PERFORM registry.score_range(f.formula, first, last)
	FROM (SELECT DISTINCT p.formula FROM nser.programme AS p WHERE p.valid @> registry.today()) AS f;
	PERFORM registry.verify_range(first, last);
END;
$$;
COMMENT ON FUNCTION registry.enter_households(bigint[], jsonb[], timestamptz[], bigint[]) IS
	'register households by lines that registry.check_survey_line() has passed, and of whose numbers nobody holds or held one: each list has an '
	'element a household; numbers are those of nser.household, in one piece: what others made between them is derived, scored and verified again';

CREATE FUNCTION registry.refuse_line(load_id bigint, row_no bigint, code text, message text, detail text, line jsonb) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	said	record;
BEGIN
	SELECT r.column_name, r.reason INTO said FROM registry.refusal_of_line(refuse_line.code, refuse_line.message, refuse_line.detail) AS r;
	INSERT INTO nser.load_error (load_id, row_no, source, column_name, sqlstate, reason, row)
	SELECT l.load_id, refuse_line.row_no, l.source, said.column_name, refuse_line.code, said.reason, refuse_line.line
	FROM nser.survey_load AS l WHERE l.load_id = refuse_line.load_id;
END;
$$;
COMMENT ON FUNCTION registry.refuse_line(bigint, bigint, text, text, text, jsonb) IS 'keep a line that an error was raised for in nser.load_error, with the reason';

CREATE FUNCTION registry.apply_rows(load_id bigint, last_row bigint, OUT applied bigint, OUT refused bigint, OUT blank bigint)
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET jit = off
AS $$
DECLARE
	staged		record;
	said		record;
	line		jsonb;
	household	bigint;
	code		text;
	message		text;
	detail		text;
	-- those that can be read, and which of them are written alone
	rows		bigint[] := '{}'::bigint[];
	households	bigint[] := '{}'::bigint[];
	lines		jsonb[] := '{}'::jsonb[];
	submitted	timestamptz[] := '{}'::timestamptz[];
	operators	bigint[] := '{}'::bigint[];
	alone		integer[];
	gazetteer	CONSTANT registry.area_code[] := ARRAY(SELECT g.code FROM registry.gazetteer() AS g);
BEGIN
	applied := 0;
	refused := 0;
	blank := 0;
	FOR staged IN
		SELECT r.row_no, r.payload, r.problem
		FROM nser.survey_load_row AS r
		-- what was decided is dead, and passed over for as long as anybody may still see it
		WHERE r.load_id = apply_rows.load_id AND r.row_no <= apply_rows.last_row
		AND r.row_no > (SELECT l.decided FROM nser.survey_load AS l WHERE l.load_id = apply_rows.load_id)
		ORDER BY r.row_no
	LOOP
		IF staged.problem = 'blank' THEN
			blank := blank + 1;
			CONTINUE;
		END IF;
		line := NULL;
		code := NULL;
		IF staged.problem IS NOT NULL THEN
			code := CASE staged.problem WHEN 'too_long' THEN '54000' ELSE '22021' END;
			detail := CASE staged.problem WHEN 'too_long' THEN 'the line is longer than 1048576 bytes' WHEN 'nul' THEN 'the line has a NUL in it'
				ELSE 'the line is not UTF-8' END;
		ELSE
			BEGIN
				line := staged.payload::jsonb;
				household := nextval('nser.household_household_id_seq');
				said := registry.check_survey_line(household, line, gazetteer);
			EXCEPTION WHEN OTHERS THEN
				GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
				-- of the server, and not of the line: the batch is done again
				IF (registry.refusal_of_line(code, message, detail)).reason IS NULL THEN
					RAISE;
				END IF;
			END;
			IF line IS NULL THEN
				detail := 'the line is no JSON, or has a value that no text can hold';
			END IF;
		END IF;
		IF code IS NULL THEN
			rows := rows || staged.row_no;
			households := households || household;
			lines := lines || line;
			submitted := submitted || said.submitted_at;
			operators := operators || said.operator;
		ELSIF line IS NULL THEN
			INSERT INTO nser.load_error (load_id, row_no, source, sqlstate, reason, row)
			SELECT l.load_id, staged.row_no, l.source, code, detail, to_jsonb(staged.payload)
			FROM nser.survey_load AS l WHERE l.load_id = apply_rows.load_id;
			refused := refused + 1;
		ELSE
			PERFORM registry.refuse_line(apply_rows.load_id, staged.row_no, code, message, detail, line);
			refused := refused + 1;
		END IF;
	END LOOP;

	SELECT coalesce(array_agg(DISTINCT n.no ORDER BY n.no), '{}') INTO alone
	FROM (SELECT u.no::integer AS no, m.cnic, row_number() OVER (PARTITION BY m.cnic::bigint ORDER BY u.no) AS nth
		  FROM unnest(lines) WITH ORDINALITY AS u (line, no)
		  CROSS JOIN LATERAL jsonb_to_recordset(u.line -> 'members') AS m (cnic registry.cnic)
		  WHERE m.cnic IS NOT NULL) AS n
	WHERE n.nth > 1 OR EXISTS (SELECT FROM nser.identity AS i WHERE i.cnic OPERATOR(registry.=) n.cnic);
	IF cardinality(alone) < cardinality(rows) THEN
		BEGIN
			PERFORM registry.enter_households(array_agg(u.household ORDER BY u.no), array_agg(u.line ORDER BY u.no), array_agg(u.at ORDER BY u.no),
											  array_agg(u.operator ORDER BY u.no))
			FROM unnest(households, lines, submitted, operators) WITH ORDINALITY AS u (household, line, at, operator, no)
			WHERE u.no <> ALL (alone);
			applied := cardinality(rows) - cardinality(alone);
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
			IF (registry.refusal_of_line(code, message, detail)).reason IS NULL THEN
				RAISE;
			END IF;
			-- one of them cannot be stored, or somebody claimed a number meanwhile
			alone := ARRAY(SELECT generate_subscripts(rows, 1));
		END;
	END IF;
	FOR i IN 1 .. cardinality(alone) LOOP
		BEGIN
			said := registry.check_survey_line(households[alone[i]], lines[alone[i]], gazetteer);
			PERFORM registry.enter_household(households[alone[i]], lines[alone[i]], said.submitted_at, said.on_date, said.operator);
			applied := applied + 1;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
			IF (registry.refusal_of_line(code, message, detail)).reason IS NULL THEN
				RAISE;
			END IF;
			PERFORM registry.refuse_line(apply_rows.load_id, rows[alone[i]], code, message, detail, lines[alone[i]]);
			refused := refused + 1;
		END;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.apply_rows(bigint, bigint) IS
	'work of registry.apply_load(): the staged rows of a load up to last_row become households, or rows of nser.load_error, each with its reason; '
	'how many of each, and how many were blank; what the server, and no line, is the cause of is raised';

-- Plans are made by what tables were when they were last looked at, and a load into an
-- empty store is ahead of whoever does that by the minute.
CREATE FUNCTION registry.look_at_grown() RETURNS integer
	LANGUAGE plpgsql
AS $$
DECLARE
	grown	regclass;
	looked	integer := 0;
BEGIN
	FOR grown IN
		SELECT c.oid::regclass FROM pg_class AS c
		WHERE c.oid = ANY ('{nser.household,nser.member,nser.identity,nser.survey,nser.family,nser.score,nser.verification,nser.household_place}'::regclass[])
		AND pg_relation_size(c.oid) / current_setting('block_size')::bigint > 4 * greatest(c.relpages, 4)
		ORDER BY c.oid
	LOOP
		EXECUTE format('ANALYZE (SKIP_LOCKED) %s', grown);
		looked := looked + 1;
	END LOOP;
	RETURN looked;
END;
$$;
COMMENT ON FUNCTION registry.look_at_grown() IS
	'ANALYZE those of the tables that a load writes which are over four times as large as when that was done last; returns how many';

CREATE FUNCTION registry.apply_load(load_id bigint, batch integer DEFAULT 500, OUT decided bigint, OUT applied bigint, OUT refused bigint,
									OUT blank bigint, OUT finished boolean)
	LANGUAGE plpgsql
AS $$
DECLARE
	head	record;
	done	record;
	last	bigint;
BEGIN
	IF coalesce(apply_load.batch NOT BETWEEN 1 AND 10000, true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a batch is of 1 to 10000 rows',
			HINT = 'SELECT * FROM registry.apply_load(7, 500); until it says that it is finished.';
	END IF;
	PERFORM registry.require_load(apply_load.load_id);
	PERFORM registry.lock_load(apply_load.load_id, false);
	SELECT l.staged, l.rows, l.decided, l.finished_at INTO head
	FROM nser.survey_load AS l WHERE l.load_id = apply_load.load_id FOR NO KEY UPDATE;
	IF coalesce(head.staged < head.rows, true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('load %s is not copied whole: row %s is the next', apply_load.load_id, head.staged + 1),
			HINT = 'registry-report load goes on with it; or copy the rest, or registry.discard_load() forgets it.';
	END IF;
	IF head.finished_at IS NULL THEN
		PERFORM registry.look_at_grown();
		-- as many as fit into the memory a batch is given
		SELECT max(r.row_no) INTO last
		FROM (SELECT x.row_no, sum(octet_length(x.payload)) OVER (ORDER BY x.row_no) AS bytes
			  FROM nser.survey_load_row AS x
			  WHERE x.load_id = apply_load.load_id AND x.row_no > head.decided
			  ORDER BY x.row_no LIMIT apply_load.batch) AS r
		WHERE coalesce(r.bytes, 0) < 33554432 OR r.row_no = head.decided + 1;
		SELECT a.applied, a.refused, a.blank INTO done FROM registry.apply_rows(apply_load.load_id, last) AS a;
		DELETE FROM nser.survey_load_row AS r WHERE r.load_id = apply_load.load_id AND r.row_no > head.decided AND r.row_no <= last;
		UPDATE nser.survey_load AS l
		SET decided = coalesce(last, l.decided), applied = l.applied + done.applied, refused = l.refused + done.refused, blank = l.blank + done.blank,
			finished_at = CASE WHEN coalesce(last, l.decided) = l.rows THEN clock_timestamp() END
		WHERE l.load_id = apply_load.load_id;
	END IF;
	SELECT l.decided, l.applied, l.refused, l.blank, l.finished_at IS NOT NULL INTO decided, applied, refused, blank, finished
	FROM nser.survey_load AS l WHERE l.load_id = apply_load.load_id;
END;
$$;
COMMENT ON FUNCTION registry.apply_load(bigint, integer) IS
	'decide the next rows of a load that is copied whole, batch of them or as many as hold 32 MiB: good ones become registered households with members, survey, '
	'families, scores and verification, bad ones rows of nser.load_error; returns how many rows of the load are decided, applied, refused and blank by '
	'now, and whether that is all: call it again until it is, each call a transaction';
