-- Uploads of anything: whatever a partner sends is answered by its form, the same whoever
-- is registered; and what it comes to is the same in any order of arrival.
BEGIN;
SET client_min_messages = error;
SET jit = off;
\i test/population/population.sql
CALL population.load(200);
ANALYZE;
-- parts that are not here yet
DO $do$ BEGIN
	IF to_regprocedure('registry.agreement_in_force(bigint, name)') IS NULL THEN
		CREATE FUNCTION registry.agreement_in_force(agreement_id bigint, login name DEFAULT NULL) RETURNS void LANGUAGE sql AS '';
	END IF;
	IF to_regprocedure('registry.log_read(bigint, text, bigint, bigint, uuid)') IS NULL THEN
		CREATE FUNCTION registry.log_read(bigint, text, bigint, bigint, uuid) RETURNS void LANGUAGE sql AS '';
	END IF;
END $do$;
SET search_path = tap, registry, public;
SELECT setseed(0.6);
SELECT plan(20);

-- as if two requests had gone through all their steps
SET session_replication_role = replica;
INSERT INTO nser.organization (organization_id, name, kind, login) VALUES (1, 'one partner', 'government', 'regress_one'), (2, 'another partner', 'government', 'regress_two');
INSERT INTO nser.data_request (request_id, organization_id, contact, purpose, category, write_back, valid)
SELECT o, o, 'the director', 'a trial', 'beneficiary_list', '{phone,address,marital_status,name,father_name,disability,vehicle,electricity_bill}', daterange(today(), today() + 99)
FROM generate_series(1, 2) AS o;
INSERT INTO nser.agreement (agreement_id, request_id, organization_id, category, valid) SELECT request_id, request_id, organization_id, category, valid FROM nser.data_request;
DO $do$ BEGIN
	IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'nser.data_request'::regclass AND attname = 'state') THEN
		UPDATE nser.data_request SET state = 'agreed', last_step = 1;
	END IF;
END $do$;
RESET session_replication_role;
INSERT INTO nser.write_back_term (agreement_id, methods, uploads, period, max_rows) SELECT a, '{file}', 10000, '1 month', 5000 FROM generate_series(1, 2) AS a;
INSERT INTO nser.flag_source (source, flag, agreement_id) SELECT format('list %s', a), f, a FROM generate_series(1, 2) AS a, unnest('{vehicle,electricity_bill}'::text[]) AS f;
CREATE FUNCTION pg_temp.sent(agreement bigint, n integer, rows jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	upload	jsonb := jsonb_build_object('upload_id', lpad(n::text, 32, '0')::uuid, 'rows', rows);
	tried	record;
	done	record;
BEGIN
	SELECT * INTO tried FROM registry.take_upload(agreement, upload, 'file', true);
	-- in a transaction before
	UPDATE nser.upload AS u SET tried_in = '3' WHERE u.upload_id = lpad(n::text, 32, '0')::uuid;
	SELECT * INTO done FROM registry.take_upload(agreement, upload, 'file', false);
	IF (tried.rows, tried.good, tried.errors) IS DISTINCT FROM (done.rows, done.good, done.errors) THEN
		RAISE EXCEPTION 'the real one is answered otherwise than the dry run';
	END IF;
	RETURN to_jsonb(done);
END $$;

-- hostile rows: anything at every key, and rows that are no rows
CREATE TEMP TABLE nasty (no serial, value jsonb);
INSERT INTO nasty (value) VALUES ('null'), ('true'), ('0'), ('-1'), ('1e308'), ('1e-300'), ('123456789012345678901234567890'), ('""'), ('" "'), ('"\u00a0"'), ('[]'), ('{}'),
	('[null]'), ('{"cnic": "30201-0000001-1"}'), ('"30201-0000001-1"'), ('"3020100000011"'), ('3020100000011'), ('"30201-0000001-1 "'), ('"0301-2222222"'), ('"2026-01-31"'),
	('"2026-02-30"'), ('"0000-00-00"'), ('"infinity"'), ('"today"'), ('"2026-01-31T00:00:00"'), ('"phone"'), ('"vehicle"'), ('"name"'), ('"disability"'), ('"PHONE"'), ('["visual_full"]'),
	('["visual_full", "visual_full"]'), ('[["visual_full"]]'), ('"''; DROP TABLE nser.household; --"'), ('"%s %I $1"'), ('"married"'), ('"\ud83d\ude00"'), ('"محمد"'), ('17'), ('2.0');
INSERT INTO nasty (value) VALUES (to_jsonb(repeat('x', 200000))), ((repeat('[', 2000) || repeat(']', 2000))::jsonb), ((repeat('{"a":', 2000) || '1' || repeat('}', 2000))::jsonb),
	((SELECT jsonb_object_agg('k' || i, i) FROM generate_series(1, 5000) AS i)), ((SELECT jsonb_agg(i) FROM generate_series(1, 5000) AS i)),
	('{"cnic": "30201-0000001-1", "cnic": "30201-0000002-1"}');
CREATE TEMP TABLE hostile AS
SELECT i AS no, CASE WHEN i % 10 = 0 THEN (SELECT value FROM nasty WHERE no = 1 + i / 10 % 46)
	ELSE (SELECT jsonb_object_agg(k.key, n.value) FROM (
			SELECT k.key, CASE WHEN random() < 0.75 THEN (CASE k.key WHEN 'cnic' THEN 15 WHEN 'variable' THEN 26 + (random() * 3)::integer WHEN 'value' THEN 19 ELSE 20 END)
				ELSE 1 + (random() * 45)::integer END AS pick
			FROM unnest('{cnic,variable,value,as_of}'::text[]) AS k (key) WHERE random() < 0.98 OR i < 0) AS k JOIN nasty AS n ON n.no = k.pick) END AS row
FROM generate_series(1, 1500) AS i;
CREATE TEMP TABLE answered AS SELECT pg_temp.sent(1, 100, (SELECT jsonb_agg(coalesce(row, '{}') ORDER BY no) FROM hostile)) AS a;
SELECT is((SELECT (a ->> 'rows')::integer FROM answered), 1500, 'no row of anything stops an upload');
SELECT is((SELECT (a ->> 'good')::integer + jsonb_array_length(a -> 'errors') FROM answered), 1500, 'every row is good, or comes back');
SELECT set_eq('SELECT DISTINCT e ->> ''reason'' ~ ''^the value must be|^'' AND length(e ->> ''reason'') < 200 FROM answered, jsonb_array_elements(a -> ''errors'') AS e', ARRAY[true], 'reasons are short');
SELECT is_empty('SELECT e FROM answered, jsonb_array_elements(a -> ''errors'') AS e WHERE e ->> ''code'' NOT IN (SELECT code FROM upload_errors())', 'with codes that are listed');
SELECT cmp_ok((SELECT count(DISTINCT e ->> 'code') FROM answered, jsonb_array_elements(a -> 'errors') AS e), '>=', 8::bigint, 'of many kinds');
SELECT is_empty('SELECT e FROM answered, jsonb_array_elements(a -> ''errors'') AS e WHERE e ->> ''reason'' NOT IN
	(SELECT meaning FROM upload_errors() UNION SELECT ''the value must be '' || expected FROM key_types() UNION SELECT ''the value must be a whole number from 0 to 999999999'')',
	'and none repeats what was sent');
SELECT is((SELECT count(*) FROM nser.received_row), (SELECT (a ->> 'good')::bigint FROM answered), 'and the good ones are kept');
SELECT throws_ok(format('SELECT take_upload(1, %L, ''file'', true)', u), 'RG030', NULL, 'an upload that is none: ' || left(u::text, 30))
FROM (VALUES ('null'::jsonb), ('7'), ('"a"'), ('[[]]'), ('{"rows": [1]}'), ('{"upload_id": {"a": 1}, "rows": [1]}')) AS v (u);

-- the answer says nothing of who is registered: the same upload about them, and about nobody
CREATE TEMP TABLE people AS
SELECT row_number() OVER (ORDER BY household_id, line) AS no, household_id, line, cnic FROM nser.member WHERE cnic IS NOT NULL AND valid_to IS NULL AND superseded_at IS NULL
ORDER BY household_id, line LIMIT 60;
CREATE TEMP TABLE pool AS
SELECT i AS no, 1 + (random() * 59)::integer AS who, v.variable, today() - (random() * 12)::integer - CASE WHEN random() < 0.1 THEN 4000 ELSE 0 END AS as_of, 1 + (i / 40) AS upload,
	CASE v.variable WHEN 'phone' THEN to_jsonb('0301-000000' || (random() * 4)::integer) WHEN 'address' THEN to_jsonb('Street ' || (random() * 4)::integer)
		WHEN 'name' THEN to_jsonb('Name ' || chr(65 + (random() * 3)::integer)) WHEN 'father_name' THEN to_jsonb('Father ' || chr(65 + (random() * 3)::integer))
		WHEN 'disability' THEN CASE WHEN random() < 0.5 THEN '["visual_full"]'::jsonb ELSE '["physical_limb"]' END
		ELSE to_jsonb((random() * 5)::integer) END AS value
FROM generate_series(0, 479) AS i CROSS JOIN LATERAL (SELECT (ARRAY['phone', 'address', 'name', 'father_name', 'vehicle', 'electricity_bill'])[1 + (random() * 5)::integer + 0 * i] AS variable) AS v;
CREATE FUNCTION pg_temp.rows(of_upload integer, registered boolean) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_object('cnic', CASE WHEN registered THEN p.cnic::text ELSE format('89999-%s-1', lpad(p.no::text, 7, '0')) END,
		'variable', l.variable, 'value', l.value, 'as_of', l.as_of) ORDER BY l.no)
	FROM pool AS l JOIN people AS p ON p.no = l.who WHERE l.upload = of_upload
$$;
CREATE FUNCTION pg_temp.settle() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM registry.advance_case(c.household_id, c.case_id, 'verify', gen_random_uuid()) FROM nser.update_case AS c WHERE c.state = 'submitted';
	PERFORM registry.apply_case(c.household_id, c.case_id, gen_random_uuid()) FROM nser.update_case AS c WHERE c.state = 'verified';
END $$;
CREATE FUNCTION pg_temp.end_after(seed integer) RETURNS TABLE (state text, rows_waiting bigint) LANGUAGE plpgsql AS $$
DECLARE
	one	integer;
BEGIN
	FOR one IN SELECT u FROM generate_series(1, 12) AS u ORDER BY CASE WHEN seed = 0 THEN u::text ELSE md5(u || ' ' || seed) END LOOP
		PERFORM pg_temp.sent(1 + one % 2, one, pg_temp.rows(one, true));
		-- now and then the unit matches, and now and then a clerk works
		IF hashint4(one + 100 * seed) % 3 = 0 THEN PERFORM registry.match_uploads(dry_run => false); END IF;
		IF hashint4(one + 100 * seed) % 5 = 0 THEN PERFORM pg_temp.settle(); END IF;
	END LOOP;
	FOR one IN 1 .. 6 LOOP
		PERFORM registry.match_uploads(dry_run => false);
		PERFORM pg_temp.settle();
	END LOOP;
	RETURN QUERY SELECT
		(SELECT string_agg(concat_ws('|', h.household_id, h.phone, h.address), E'\n' ORDER BY h.household_id) FROM nser.household AS h)
		|| (SELECT string_agg(concat_ws('|', m.household_id, m.line, m.name, m.father_name), E'\n' ORDER BY m.household_id, m.line)
			FROM nser.member AS m WHERE m.valid_to IS NULL AND m.superseded_at IS NULL)
		|| (SELECT string_agg(concat_ws('|', f.household_id, f.line, f.flag, f.source, f.value, f.as_of), E'\n' ORDER BY f.household_id, f.line, f.flag, f.source) FROM nser.person_flag AS f),
		(SELECT count(*) FROM nser.received_row AS r WHERE r.state = 'waiting');
END $$;
DELETE FROM nser.received_row;
-- a rollback would take tests back, too: what came of it is kept by psql
SAVEPOINT fresh;
CREATE TEMP TABLE told AS
SELECT u, pg_temp.sent(1, u, pg_temp.rows(u, true)) AS of_people, pg_temp.sent(1, 1000 + u, pg_temp.rows(u, false)) AS of_nobody FROM generate_series(1, 12) AS u;
SELECT count(*) FILTER (WHERE of_people IS DISTINCT FROM of_nobody) AS differ, string_agg(of_people ->> 'errors', ' ') ~ 'contradicted' AS some_come_back FROM told \gset
SELECT unmatched, cases, flags, refused FROM match_uploads(dry_run => false) \gset
ROLLBACK TO fresh;
SELECT is(:differ, 0, 'an upload about people is answered as one about nobody');
SELECT ok(:'some_come_back', 'rows that come back are among them');
SELECT ok(:unmatched > 200 AND :cases > 10 AND :flags > 50 AND :refused = 0, 'though the one is matched, and the other not');

-- uploads in any order come to the same end
SELECT md5((e).state) AS first, (e).rows_waiting AS waiting FROM (SELECT pg_temp.end_after(0) AS e) AS x \gset
ROLLBACK TO fresh;
SELECT md5((e).state) AS second FROM (SELECT pg_temp.end_after(1) AS e) AS x \gset
ROLLBACK TO fresh;
SELECT md5((e).state) AS third FROM (SELECT pg_temp.end_after(2) AS e) AS x \gset
ROLLBACK TO fresh;
SELECT md5((e).state) AS fourth FROM (SELECT pg_temp.end_after(3) AS e) AS x \gset
SELECT is(ARRAY[:'second', :'third', :'fourth'], ARRAY[:'first', :'first', :'first'], 'four orders of arrival come to one end');
SELECT is(:waiting, 0, 'and nothing waits');
SELECT set_has('SELECT DISTINCT state FROM nser.received_row', $$ VALUES ('case'), ('flag'), ('known'), ('older') $$, 'after all kinds of outcomes');
SELECT is((SELECT count(*) FROM nser.received_row WHERE cnic IS NOT NULL OR value IS NOT NULL), 0::bigint, 'numbers and values are erased from the rows');
SELECT * FROM finish();
ROLLBACK;
