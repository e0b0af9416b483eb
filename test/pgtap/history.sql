-- What the registry says of the past is what it said then: random histories, each
-- operation in a transaction of its own, against what stood in the tables after it;
-- and against a replay, day by day, of a log that the test itself keeps.
--
-- It commits, so it works in a database of its own.
\set QUIET 1
SET client_min_messages = error;
SELECT current_database() AS home \gset
DROP DATABASE IF EXISTS registry_history;
CREATE DATABASE registry_history;
\c registry_history
SET client_min_messages = error;
SET log_min_messages = error;
CREATE EXTENSION registry CASCADE;
CREATE SCHEMA tap;
CREATE EXTENSION pgtap SCHEMA tap;
CALL registry.create_store();
SET search_path = tap, registry, public;
SELECT setseed(0.4119);
SELECT plan(7);

CREATE TABLE public.attempt (operation text, sqlstate text);
CREATE TABLE public.snapshot (no integer, household_id bigint, taken_at timestamptz, day date, shown jsonb);
CREATE TABLE public.event (no integer, household_id bigint, line integer, operation text, name text, on_date date, at timestamptz);
CREATE TABLE public.model (household_id bigint, line integer, day date, name text, PRIMARY KEY (household_id, line, day));

INSERT INTO nser.household (household_id, area, registered_on, address, phone)
SELECT i, 'PK61701003', '2025-01-01', 'House ' || i, '0300-1234567' FROM generate_series(1, 8) AS i;
INSERT INTO nser.member (household_id, line, area, document, name, sex, birth_date, relationship, marital_status, spouse_line, valid_from)
SELECT i, n, 'PK61701003', 'none', 'Member ' || i || n, CASE n % 2 WHEN 1 THEN 'male' ELSE 'female' END::sex, '1990-01-01',
	CASE n WHEN 1 THEN 'head' WHEN 2 THEN 'spouse' ELSE 'sibling' END::relationship, CASE WHEN n < 3 THEN 'married' ELSE 'never_married' END::marital_status,
	CASE n WHEN 1 THEN 2 WHEN 2 THEN 1 END, '2025-01-01'
FROM generate_series(1, 8) AS i CROSS JOIN generate_series(1, 4) AS n;
SELECT setval('nser.household_household_id_seq', 100);

-- what stands, in the form of household_as_of()
CREATE FUNCTION public.shown_now(household bigint) RETURNS jsonb LANGUAGE sql AS $$
	SELECT coalesce(jsonb_agg(to_jsonb(x) ORDER BY x.line), '[]')
	FROM (SELECT h.status, h.area, h.address, h.phone, h.current_survey AS survey_id, m.line, m.version, m.name, m.cnic, m.document, m.sex, m.birth_date,
			m.relationship, m.marital_status, m.spouse_line, m.father_line, m.mother_line, m.valid_from AS since, m.opened_by
		  FROM nser.household AS h
		  LEFT JOIN nser.member AS m ON m.household_id = h.household_id AND m.valid_to IS NULL AND m.superseded_at IS NULL
		  WHERE h.household_id = household) AS x
$$;
CREATE FUNCTION public.shown_then(household bigint, day date, at timestamptz) RETURNS jsonb LANGUAGE sql AS $$
	SELECT coalesce(jsonb_agg(to_jsonb(a) ORDER BY a.line), '[]') FROM registry.household_as_of(household, day, at) AS a
$$;
CREATE FUNCTION public.somebody(household bigint, reason text DEFAULT 'live') RETURNS integer LANGUAGE sql VOLATILE AS $$
	SELECT m.line::integer FROM nser.member AS m
	WHERE m.household_id = household AND coalesce(m.end_reason, 'live') = reason AND m.superseded_at IS NULL ORDER BY random(), m.line LIMIT 1
$$;

CREATE FUNCTION public.try(operation text, no integer) RETURNS void LANGUAGE plpgsql SET search_path = registry, public AS $$
DECLARE
	h		bigint := (SELECT household_id FROM nser.household ORDER BY random() LIMIT 1);
	other	bigint := (SELECT household_id FROM nser.household ORDER BY random() LIMIT 1);
	line	integer := somebody(h);
	line2	integer := somebody(h);
	day		date := registry.today() - floor(random() * 60)::integer;
	kin		relationship := (enum_range(NULL::relationship))[2 + floor(random() * 13)::integer];
	number	cnic := (3020100000001 + 10 * no)::cnic;
	code	text;
BEGIN
	CASE operation
		WHEN 'register' THEN PERFORM register_member(h, 'Nobody ' || no, 'male', kin, number, birth_date => '2020-01-01', on_date => day, by_case => no);
		WHEN 'end' THEN PERFORM end_member(h, line, ('{died,left}'::text[])[1 + no % 2], day, new_head => CASE WHEN line = registry.head_line(h) THEN line2 END, by_case => no);
		WHEN 'reinstate' THEN PERFORM reinstate_member(h, somebody(h, ('{died,left}'::text[])[1 + floor(random() * 2)::integer]));
		WHEN 'head' THEN PERFORM change_head(h, line, on_date => day);
		WHEN 'move' THEN PERFORM move_member(h, line, other, kin, new_head => CASE WHEN line = registry.head_line(h) THEN line2 END, on_date => day);
		WHEN 'return' THEN PERFORM move_member(h, somebody(h, 'left'), other, kin, on_date => registry.today());
		WHEN 'split' THEN PERFORM split_household(h, ARRAY[line, line2], line, on_date => day);
		WHEN 'merge' THEN IF random() < 0.1 THEN PERFORM merge_households(h, other, kin, on_date => day); END IF;
		WHEN 'amend' THEN PERFORM correct_member(h, line, jsonb_build_object('name', 'Name ' || no), CASE WHEN random() < 0.5 THEN day END);
		WHEN 'marital' THEN PERFORM correct_member(h, line, jsonb_build_object('marital_status', (enum_range(NULL::marital_status))[1 + no % 3]), day);
		WHEN 'number' THEN PERFORM correct_cnic(h, line, number);
		WHEN 'address' THEN UPDATE nser.household SET address = 'House ' || no WHERE household_id = h;
		WHEN 'moves' THEN UPDATE nser.household SET area = CASE WHEN random() < 0.5 THEN 'PK702' ELSE 'PK61701' END::area_code,
				phone = (3001000000 + no)::mobile_number WHERE household_id = h;
		WHEN 'survey' THEN PERFORM record_survey(h, '{}', live_roster(h, registry.today()), submitted_at => now() - random() * interval '20 days');
	END CASE;
	INSERT INTO attempt VALUES (operation, 'ok');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
	INSERT INTO attempt VALUES (operation, code);
END $$;

CREATE PROCEDURE public.live_on(how_many integer) LANGUAGE plpgsql AS $$
DECLARE
	does	text[] := '{register,end,end,reinstate,reinstate,head,move,return,return,split,merge,amend,marital,number,address,moves,survey,register}';
BEGIN
	FOR nth IN 1 .. how_many LOOP
		PERFORM public.try(does[1 + floor(random() * cardinality(does))::integer], nth);
		-- who changed, and a few who did not
		INSERT INTO public.snapshot
		SELECT nth, x.household_id, now(), registry.today(), x.shown
		FROM (SELECT h.household_id, public.shown_now(h.household_id) AS shown FROM nser.household AS h) AS x
		WHERE random() < 0.1 OR x.shown IS DISTINCT FROM (SELECT s.shown FROM public.snapshot AS s
			WHERE s.household_id = x.household_id ORDER BY s.no DESC LIMIT 1);
		COMMIT;
	END LOOP;
END $$;
CALL public.live_on(500);

SELECT is((SELECT count(*)::integer FROM (SELECT operation FROM attempt WHERE sqlstate = 'ok' GROUP BY 1 HAVING count(*) >= 1) AS x), 14, 'every operation was done');
SELECT cmp_ok((SELECT count(*) FROM snapshot), '>', 500::bigint, 'and left much to compare');
SELECT is_empty($$
	SELECT s.no, s.household_id FROM snapshot AS s WHERE shown_then(s.household_id, s.day, s.taken_at) IS DISTINCT FROM s.shown
$$, 'what stood at each moment is what household_as_of() says of it');
SELECT is_empty($$
	SELECT h.household_id FROM nser.household AS h WHERE shown_then(h.household_id, registry.today(), now()) IS DISTINCT FROM shown_now(h.household_id)
$$, 'and what stands today is as of today');

-- Days: the log is of lines 3 and on of new households, which no survey has; each event
-- overwrites the days it is about.
INSERT INTO nser.household (household_id, area, registered_on) SELECT i, 'PK61701003', '2025-01-01' FROM generate_series(201, 203) AS i;
INSERT INTO nser.member (household_id, line, area, document, name, sex, relationship, valid_from)
SELECT i, n, 'PK61701003', 'none', 'First ' || n, 'male', CASE n WHEN 1 THEN 'head' ELSE 'other' END::relationship, '2025-01-01'
FROM generate_series(201, 203) AS i CROSS JOIN generate_series(1, 3) AS n;

CREATE PROCEDURE public.keep_log(how_many integer) LANGUAGE plpgsql AS $$
DECLARE
	does	text[] := '{register,change,change,correct,end,reinstate}';
	one		text;
	h		bigint;
	who		integer;
	day		date;
	label	text;
BEGIN
	FOR nth IN 1 .. how_many LOOP
		one := does[1 + floor(random() * cardinality(does))::integer];
		h := 201 + floor(random() * 3)::integer;
		who := 2 + floor(random() * 4)::integer;
		day := date '2025-02-01' + floor(random() * 40)::integer;
		label := 'Name ' || nth;
		BEGIN
			CASE one
				WHEN 'register' THEN who := registry.register_member(h, label, 'male', 'other', on_date => day);
				WHEN 'change' THEN PERFORM registry.correct_member(h, who, jsonb_build_object('name', label), day);
				WHEN 'correct' THEN PERFORM registry.correct_member(h, who, jsonb_build_object('name', label));
				WHEN 'end' THEN PERFORM registry.end_member(h, who, 'left', day);
				WHEN 'reinstate' THEN PERFORM registry.reinstate_member(h, who);
			END CASE;
			INSERT INTO public.event VALUES (nth, h, who, one, label, day, now());
		EXCEPTION WHEN OTHERS THEN
			NULL;
		END;
		COMMIT;
	END LOOP;
END $$;
CALL public.keep_log(400);
SELECT cmp_ok((SELECT min(n) FROM (SELECT count(*) AS n FROM event GROUP BY operation) AS x), '>=', 5::bigint, 'events of every kind were logged');

CREATE FUNCTION public.replay() RETURNS TABLE (no integer, household bigint, day date, known timestamptz, expected text, got text)
	LANGUAGE plpgsql AS $$
DECLARE
	e		record;
BEGIN
	INSERT INTO public.model SELECT i, n, d, 'First ' || n
	FROM generate_series(201, 203) AS i CROSS JOIN generate_series(1, 3) AS n CROSS JOIN generate_series('2025-01-28', '2025-03-20', interval '1 day') AS d;
	INSERT INTO public.model SELECT i, n, d, NULL
	FROM generate_series(201, 203) AS i CROSS JOIN generate_series(4, 254) AS n CROSS JOIN generate_series('2025-01-28', '2025-03-20', interval '1 day') AS d
	WHERE n <= (SELECT max(x.line) FROM public.event AS x WHERE x.household_id = i);
	FOR e IN SELECT * FROM public.event AS x ORDER BY x.no LOOP
		CASE
			WHEN e.operation IN ('register', 'change') THEN
				UPDATE public.model AS m SET name = e.name WHERE m.household_id = e.household_id AND m.line = e.line AND m.day >= e.on_date;
			WHEN e.operation = 'correct' THEN
				UPDATE public.model AS m SET name = e.name WHERE m.household_id = e.household_id AND m.line = e.line AND m.name IS NOT NULL;
			WHEN e.operation = 'end' THEN
				UPDATE public.model AS m SET name = NULL WHERE m.household_id = e.household_id AND m.line = e.line AND m.day >= e.on_date;
			ELSE
				-- back since the end, by the last name
				UPDATE public.model AS m SET name = coalesce(
					(SELECT x.name FROM public.event AS x WHERE x.household_id = e.household_id AND x.line = e.line AND x.no < e.no
					 AND x.operation IN ('register', 'change', 'correct') ORDER BY x.no DESC LIMIT 1), 'First ' || e.line)
				WHERE m.household_id = e.household_id AND m.line = e.line
				AND m.day >= (SELECT x.on_date FROM public.event AS x WHERE x.household_id = e.household_id AND x.line = e.line AND x.no < e.no
							  AND x.operation = 'end' ORDER BY x.no DESC LIMIT 1);
		END CASE;
		RETURN QUERY
			SELECT e.no, e.household_id, d.day, e.at, (SELECT string_agg(m.line || m.name, ',' ORDER BY m.line) FROM public.model AS m
					WHERE m.household_id = e.household_id AND m.day = d.day AND m.name IS NOT NULL),
				(SELECT string_agg(a.line || a.name, ',' ORDER BY a.line) FROM registry.household_as_of(e.household_id, d.day, e.at) AS a)
			FROM (SELECT DISTINCT m.day FROM public.model AS m) AS d;
	END LOOP;
END $$;
CREATE TABLE public.replayed AS SELECT * FROM public.replay();
SELECT is_empty('SELECT * FROM replayed WHERE expected IS DISTINCT FROM got LIMIT 5', 'of each day, as known after each event, it says what a replay says');
SELECT cmp_ok((SELECT count(*) FROM replayed), '>', 3000::bigint, 'of many days');

SELECT * FROM finish();
\c :home
DROP DATABASE registry_history;
