--
-- Loads of survey files: staged in chunks, applied in batches, resumed after a break
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET timezone = 'Asia/Karachi';
SET client_min_messages = warning;
CALL registry.create_store();
RESET client_min_messages;
SET search_path = registry, public;
UPDATE nser.update_policy SET late_by = '10 years';
INSERT INTO nser.programme (code, name, unit, formula, cutoff) VALUES ('TEST', 'of the test', 'family', 'hies-2015-demo', 32);
INSERT INTO nser.centre (centre_id, name, kind, area, valid) VALUES (7, 'vehicle of the test', 'mobile', 'PK61701', daterange('2024-01-01', NULL));
INSERT INTO nser.operator (operator_id, centre_id, area, valid) VALUES (8, 7, 'PK617', daterange('2024-01-01', NULL)), (9, 7, 'PK617', daterange('2020-01-01', NULL));

-- four households, as good as they come
CREATE TABLE public.survey_line (row_no bigint, line jsonb);
INSERT INTO public.survey_line VALUES
(1, '{"area": "PK61701003", "submitted_at": "2025-06-01T10:35:00+05:00", "started_at": "2025-06-01T10:00:00+05:00", "mode": "centre", "centre": 7, "operator": 8,
	"address": "House 4, Street 2", "phone": "0300-1234567", "place": {"lon": 72.5, "lat": 33.2}, "land": "2 acre 3 kanal", "form_version": "2025.1",
	"answers": {"rooms": 2, "toilet": "flush_sewer", "electricity": "own_meter", "gas": "none", "internet": false, "mobile_phone": true, "computer": false, "landline": false},
	"members": [{"line": 1, "name": "Karim", "cnic": "35202-1234567-1", "sex": "male", "birth_date": "1980-05-17", "relationship": "head", "marital_status": "married", "spouse_line": 2, "class": 10, "disabilities": ["hearing"], "chronic_diseases": []},
		{"line": 2, "name": "Zainab", "father_name": "Aslam", "cnic": "35202-1234567-2", "sex": "female", "age": 40, "relationship": "spouse", "marital_status": "married", "spouse_line": 1, "mother_line": 98, "literate": true},
		{"line": 3, "name": "Bilal", "cnic": "35202-1234567-3", "document": "b_form", "sex": "male", "birth_date": "2012-01-01", "relationship": "child", "marital_status": "never_married", "father_line": 1, "mother_line": 2, "attending_school": true}]}'),
(2, '{"area": "PK61701", "submitted_at": "2025-06-02T10:35:00+05:00", "mode": "door", "device_place": {"lon": 72.5, "lat": 33.2}, "answers": {},
	"members": [{"line": 1, "name": "Nasreen", "sex": "female", "relationship": "head", "marital_status": "widowed", "document": "none"}]}'),
(3, '{"area": "PK617", "submitted_at": "2025-06-03T10:35:00+05:00", "operator": 8, "answers": {"rooms": 1}, "ended": [],
	"members": [{"line": 5, "name": "Aslam", "cnic": "3520212345675", "sex": "transgender", "relationship": "head"}, {"line": 7, "name": "Daood", "cnic": "35202-1234567-8", "sex": "male", "relationship": "parent", "marital_status": "widowed"}]}'),
(4, '{"area": "PK6", "submitted_at": "2025-06-04T10:35:00+05:00", "land": null, "centre": null, "answers": {"rooms": 1},
	"members": [{"line": 1, "name": "Samina", "sex": "female", "relationship": "head", "marital_status": "married", "spouse_line": 0}]}');

-- everything that a registered household is, but its numbers and the hour
CREATE FUNCTION public.all_there_is() RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, registry, public AS $$
BEGIN
	RETURN (SELECT string_agg(x.row, E'\n' ORDER BY x.row) FROM (
		SELECT 'household ' || (to_jsonb(h) - '{household_id,current_survey,recorded_at}'::text[])::text AS row FROM nser.household AS h WHERE h.status = 'registered'
		UNION ALL SELECT 'member ' || (to_jsonb(m) - '{household_id,recorded_at,opened_by}'::text[])::text FROM nser.member AS m
		UNION ALL SELECT 'identity ' || i.cnic || i.line FROM nser.identity AS i
		UNION ALL SELECT 'survey ' || (to_jsonb(s) - '{household_id,survey_id,recorded_at,by_case}'::text[])::text || (s.survey_id = h.current_survey)::text
			FROM nser.survey AS s JOIN nser.household AS h USING (household_id)
		UNION ALL SELECT 'family ' || (to_jsonb(f) - '{household_id,survey_id}'::text[])::text FROM nser.family AS f
		UNION ALL SELECT 'score ' || (to_jsonb(s) - '{household_id,survey_id,scored_at}'::text[])::text FROM nser.score AS s
		UNION ALL SELECT 'flag ' || (to_jsonb(q) - '{household_id,survey_id,found_at}'::text[])::text FROM nser.quality_flag AS q
		UNION ALL SELECT 'place ' || (to_jsonb(p) - '{household_id}'::text[])::text FROM nser.household_place AS p
		UNION ALL SELECT 'verification ' || (to_jsonb(v) - '{household_id,verified_at,by_case}'::text[])::text FROM nser.verification AS v) AS x);
END;
$$;
CREATE PROCEDURE public.by_load() LANGUAGE plpgsql AS $$
DECLARE
	load	bigint;
BEGIN
	SELECT b.load_id INTO load FROM registry.begin_load('four.jsonl', sha256('four'), 4, 1000) AS b;
	INSERT INTO nser.survey_load_line SELECT load, s.row_no, s.line, NULL FROM public.survey_line AS s;
	PERFORM registry.stage_chunk(load, 4);
	PERFORM registry.apply_load(load);
END;
$$;
CREATE PROCEDURE public.by_cases() LANGUAGE plpgsql AS $$
DECLARE
	l	jsonb;
	c	record;
	at	timestamptz;
BEGIN
	FOR l IN SELECT s.line FROM public.survey_line AS s ORDER BY s.row_no LOOP
		at := l ->> 'submitted_at';
		c := registry.open_case('missed_out', NULL, gen_random_uuid(), (l ->> 'area')::registry.area_code, NULL, (l ->> 'centre')::bigint,
			(l ->> 'operator')::bigint, coalesce(l ->> 'mode', 'centre'), taken_at => at);
		PERFORM registry.advance_case(c.household_id, c.case_id, 'screen', gen_random_uuid(), taken_at => at),
			registry.advance_case(c.household_id, c.case_id, 'start_interview', gen_random_uuid(), taken_at => at),
			registry.advance_case(c.household_id, c.case_id, 'submit', gen_random_uuid(), registry.survey_of_line(l), taken_at => at),
			registry.advance_case(c.household_id, c.case_id, 'verify', gen_random_uuid(), taken_at => at),
			registry.apply_case(c.household_id, c.case_id, gen_random_uuid(), taken_at => at);
	END LOOP;
END;
$$;

-- by a load, together and one by one, they become what they become by cases
BEGIN;
CALL by_cases();
SELECT all_there_is() AS cases \gset
ROLLBACK;
BEGIN;
CALL by_load();
SELECT all_there_is() AS together \gset
ROLLBACK;
BEGIN;
-- what fails together is done one by one
CREATE FUNCTION pg_temp.fail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF (SELECT count(*) FROM added) > 4 THEN
		RAISE EXCEPTION USING ERRCODE = 'unique_violation', MESSAGE = 'somebody claimed a number meanwhile';
	END IF;
	RETURN NULL;
END;
$$;
CREATE TRIGGER fail AFTER INSERT ON nser.member REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.fail();
CALL by_load();
SELECT all_there_is() AS alone \gset
ROLLBACK;
SELECT :'together' = :'cases' AS together_as_cases, :'alone' = :'cases' AS alone_as_cases, length(:'cases') > 5000 AS is_much;

-- rows are copied in order, chunk by chunk, and each of them once
SELECT * FROM begin_load('a.jsonl', sha256('a'), 5, 100);
BEGIN;
COPY nser.survey_load_line (load_id, row_no, payload, problem) FROM stdin;
3	1	{"area": "PK61701"}	\N
3	2	{"area": "PK61702"}	\N
\.
SELECT stage_chunk(3, 2);
COMMIT;
-- one that broke before it was kept
BEGIN;
INSERT INTO nser.survey_load_line VALUES (3, 3, '{}', NULL);
ROLLBACK;
SELECT * FROM begin_load('renamed.jsonl', sha256('a'), 5, 100);
SELECT * FROM apply_load(3);
INSERT INTO nser.survey_load_line VALUES (3, 2, '{}', NULL);
INSERT INTO nser.survey_load_line VALUES (3, 6, '{}', NULL);
INSERT INTO nser.survey_load_line VALUES (99, 1, '{}', NULL);
BEGIN;
INSERT INTO nser.survey_load_line VALUES (3, 3, '{}', NULL), (3, 5, '{}', NULL);
SELECT stage_chunk(3, 5);
ROLLBACK;
-- as many, and others
BEGIN;
INSERT INTO nser.survey_load_line VALUES (3, 3, '{}', NULL), (3, 5, '{}', NULL);
SELECT stage_chunk(3, 4);
ROLLBACK;
SELECT stage_chunk(3, 2);
SELECT stage_chunk(3, NULL);
BEGIN;
INSERT INTO nser.survey_load_line VALUES (3, 3, '{}', NULL), (3, 4, NULL, 'blank'), (3, 5, '[]', NULL);
SELECT stage_chunk(3, 5);
COMMIT;
SELECT * FROM begin_load('a.jsonl', sha256('a'), 5, 100);
SELECT * FROM apply_load(3, 2);
SELECT * FROM begin_load('a.jsonl', sha256('a'), 5, 100);
SELECT discard_load(3);
SELECT * FROM apply_load(3, 2);
SELECT * FROM apply_load(3, 2);
SELECT * FROM apply_load(3);
SELECT * FROM begin_load('a.jsonl', sha256('a'), 5, 100);
SELECT * FROM load_refusals(3);
SELECT source, digest = sha256('a') AS digest, rows, bytes, staged, decided, applied, refused, blank, begun_by = session_user AS own, finished_at IS NOT NULL AS finished
FROM nser.survey_load WHERE load_id = 3;
SELECT count(*) FROM nser.survey_load_row;

-- what is wrong is told by its place, and never by its value
CREATE FUNCTION pg_temp.load(name text, VARIADIC payloads text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	load	bigint;
BEGIN
	SELECT b.load_id INTO load FROM registry.begin_load(load.name, sha256(load.name::bytea), cardinality(payloads), 1) AS b;
	INSERT INTO nser.survey_load_line SELECT load, p.no, CASE WHEN p.one NOT LIKE '!%' THEN p.one END, substr(CASE WHEN p.one LIKE '!%' THEN p.one END, 2)
	FROM unnest(payloads) WITH ORDINALITY AS p (one, no);
	PERFORM registry.stage_chunk(load, cardinality(payloads));
	PERFORM registry.apply_load(load);
	RETURN load;
END;
$$;
CREATE FUNCTION pg_temp.but(line_no bigint, changes jsonb) RETURNS text LANGUAGE sql RETURN
	(SELECT s.line || changes FROM public.survey_line AS s WHERE s.row_no = line_no);
SELECT pg_temp.load('bad.jsonl',
	'no JSON', '{"area": "\u0000"}', '!too_long', '!not_utf8', '!nul', '!blank', repeat('[', 100000), 'null', '{"area": "PK61701", "area": 3}',
	pg_temp.but(2, '{"area": "PK99901"}'), pg_temp.but(2, '{"area": "PK69901"}'), pg_temp.but(2, '{"area": "Lahore"}'),
	pg_temp.but(2, '{"submitted_at": "yesterday"}'), pg_temp.but(2, '{"submitted_at": "2025-02-31T10:00:00+05:00"}'),
	pg_temp.but(2, '{"submitted_at": "2007-12-31T10:00:00+05:00"}'), pg_temp.but(2, '{"submitted_at": "2199-12-31T10:00:00+05:00"}'),
	pg_temp.but(2, '{"mode": "letter"}'), pg_temp.but(2, '{"centre": 99}'), pg_temp.but(2, '{"centre": 1.5}'), pg_temp.but(2, '{"operator": 99}'),
	pg_temp.but(2, '{"operator": 8, "area": "PK618"}'), pg_temp.but(2, '{"submitted_at": "2023-06-01T10:00:00+05:00", "centre": 7}'),
	pg_temp.but(2, '{"addres": "House 4"}'), pg_temp.but(2, '{"Karim Bakhsh": "House 4"}'), pg_temp.but(2, '{"phone": "0300-1234"}'),
	pg_temp.but(2, '{"place": {"lon": 2.3, "lat": 48.9}}'), pg_temp.but(2, '{"place": {"lon": 1e400, "lat": 48.9}}'), pg_temp.but(2, '{"place": "here"}'),
	pg_temp.but(2, '{"answers": {"rooms": "many"}}'), pg_temp.but(2, '{"members": []}'), pg_temp.but(2, '{"members": [3]}'),
	pg_temp.but(2, '{"members": [{"line": 1, "name": "Karim", "cnic": "35202-12345", "sex": "male", "relationship": "head"}]}'),
	pg_temp.but(2, '{"members": [{"line": 1, "name": "Karim", "sex": "male", "relationship": "head"}, {"line": 1, "name": "Aslam", "sex": "male", "relationship": "child"}]}'),
	pg_temp.but(2, '{"members": [{"line": 1, "name": "Karim", "sex": "male", "relationship": "child"}]}'),
	pg_temp.but(2, '{"ended": [{"line": 3, "reason": "died"}]}'), pg_temp.but(2, '{"started_at": "2025-06-03T10:00:00+05:00"}'),
	-- the operator's own centre was not there yet
	pg_temp.but(2, '{"submitted_at": "2023-06-01T10:00:00+05:00", "mode": "centre", "operator": 9}')) AS bad \gset
SELECT * FROM load_refusals(:bad);
SELECT applied, refused, blank FROM nser.survey_load WHERE load_id = :bad;
SELECT row_no, left(row::text, 40) AS row FROM nser.load_error WHERE load_id = :bad AND row_no < 9 ORDER BY 1;
SELECT count(*) FROM nser.household;

-- whose number is registered is not registered again, and of two lines the first is good
SELECT pg_temp.load('good.jsonl', pg_temp.but(1, '{}'), pg_temp.but(2, '{}'), pg_temp.but(1, '{"area": "PK61702"}'), pg_temp.but(3, '{}'),
	pg_temp.but(3, '{"members": [{"line": 1, "name": "Rafiq", "cnic": "35202-1234567-9", "sex": "male", "relationship": "head"}, {"line": 2, "name": "Daood", "cnic": "35202-1234567-8", "sex": "male", "relationship": "parent"}]}'),
	pg_temp.but(4, '{"members": [{"line": 1, "name": "Rafiq", "cnic": "35202-1234567-9", "sex": "male", "relationship": "head"}]}')) AS good \gset
SELECT * FROM load_refusals(:good);
SELECT pg_temp.load('again.jsonl', pg_temp.but(1, '{}'), pg_temp.but(3, '{"operator": null}')) AS again \gset
SELECT * FROM load_refusals(:again);
-- who had left comes back so
SELECT household_id AS was FROM nser.identity WHERE cnic OPERATOR(registry.=) '35202-1234567-8' \gset
SELECT end_member(:was, 7, 'left', '2025-07-01') IS NOT NULL AS left;
SELECT pg_temp.load('back.jsonl', pg_temp.but(4, '{"submitted_at": "2025-08-01T10:00:00+05:00", "members": [{"line": 1, "name": "Daood", "cnic": "35202-1234567-8", "sex": "male", "relationship": "head"}]}')) AS back \gset
SELECT applied, refused FROM nser.survey_load WHERE load_id = :back;
SELECT household_id = :was AS there, line, end_reason FROM nser.member WHERE cnic OPERATOR(registry.=) '35202-1234567-8' AND superseded_at IS NULL ORDER BY 1;

-- an empty file is done at once
SELECT load_id AS empty, next_row, state FROM begin_load('empty.jsonl', sha256(''), 0, 0) \gset
SELECT :'state' AS state;
SELECT * FROM apply_load(:empty);
-- what a stream was is known at its end
SELECT load_id AS stream, next_row, state FROM begin_load('standard input') \gset
SELECT apply_load(:stream);
INSERT INTO nser.survey_load_line VALUES (:stream, 1, '{}', NULL);
SELECT stage_chunk(:stream, 1);
SELECT end_stream(:stream, sha256('s'), 2, 3);
SELECT end_stream(:stream, sha256('good.jsonl'), 1, 3) = :good AS is_known, (SELECT count(*) FROM nser.survey_load WHERE load_id = :stream) AS kept;
SELECT end_stream(:stream, sha256('good.jsonl'), 1, 3) = :good AS is_repeated;
-- and one that broke is forgotten with the next
SELECT load_id AS broken FROM begin_load('standard input') \gset
INSERT INTO nser.survey_load_line VALUES (:broken, 1, '{}', NULL);
SELECT load_id AS stream FROM begin_load('standard input') \gset
SELECT count(*) FROM nser.survey_load WHERE load_id = :broken;
INSERT INTO nser.survey_load_line VALUES (:stream, 1, '{}', NULL);
SELECT stage_chunk(:stream, 1);
SELECT end_stream(:stream, sha256('s'), 1, 3) = :stream AS is_new;
SELECT discard_load(:stream);
SELECT discard_load(:stream);

-- wrong input
SELECT * FROM begin_load(' ', sha256('a'), 5, 100);
SELECT * FROM begin_load('a.jsonl', 'abc', 5, 100);
SELECT * FROM begin_load('a.jsonl', sha256('a'), -5, 100);
SELECT * FROM begin_load('a.jsonl', sha256('a'));
SELECT * FROM begin_load('a.jsonl', sha256('a'), 6, 100);
SELECT * FROM apply_load(3, 0);
SELECT * FROM apply_load(NULL);
SELECT * FROM load_refusals(NULL);
INSERT INTO nser.survey_load_row VALUES (3, 1, 'a', 'nul');

-- a loader of its own: what it needs, and no table
CREATE ROLE regress_loader LOGIN;
CREATE ROLE regress_other_loader LOGIN;
SELECT grant_loader('regress_loader'), grant_loader('regress_other_loader');
SELECT grant_loader('regress_nobody');
SET SESSION AUTHORIZATION regress_loader;
SELECT load_id AS own, next_row, state FROM nser.begin_load('own.jsonl', sha256('own'), 1, 10) \gset
INSERT INTO nser.survey_load_line VALUES (:own, 1, '{"area": "PK6", "submitted_at": "2025-06-04T10:35:00+05:00", "answers": {}, "members": [{"line": 1, "name": "Rukhsana", "sex": "female", "relationship": "head"}]}', NULL);
SELECT nser.stage_chunk(:own, 1);
SELECT * FROM nser.apply_load(:own);
SELECT * FROM nser.load_refusals(:own);
SELECT * FROM nser.load_refusals(:bad);
SELECT count(*) FROM nser.survey_load;
SELECT count(*) FROM nser.survey_load_line;
SELECT count(*) FROM nser.household;
SELECT count(*) FROM nser.load_error;
SELECT registry.apply_load(:own);
SET SESSION AUTHORIZATION regress_other_loader;
SELECT * FROM nser.begin_load('own.jsonl', sha256('own'), 1, 10);
INSERT INTO nser.survey_load_line VALUES (:own, 2, '{}', NULL);
RESET SESSION AUTHORIZATION;
-- nor does the owner take over rows that a loader says are his file's
SELECT * FROM begin_load('own.jsonl', sha256('own'), 1, 10);
SELECT load_id AS streamed FROM begin_load('stream') \gset
INSERT INTO nser.survey_load_line VALUES (:streamed, 1, '{}', NULL);
SELECT stage_chunk(:streamed, 1);
SELECT end_stream(:streamed, sha256('own'), 1, 10) = :own AS taken_over;
SELECT count(*) AS kept FROM nser.survey_load WHERE load_id = :streamed;
SELECT begun_by, applied FROM nser.survey_load WHERE load_id = :own;
SELECT revoke_loader('regress_loader');
SET SESSION AUTHORIZATION regress_loader;
SELECT * FROM nser.begin_load('own.jsonl', sha256('own'), 1, 10);
RESET SESSION AUTHORIZATION;

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
DROP TABLE public.survey_line CASCADE;
DROP FUNCTION public.all_there_is();
DROP PROCEDURE public.by_load();
DROP PROCEDURE public.by_cases();
DROP ROLE regress_loader, regress_other_loader;
