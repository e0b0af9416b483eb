--
-- The chain of hashes: what a superuser alters, deletes, cuts off or writes anew is found
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET client_min_messages = warning;
CALL registry.create_store();
RESET client_min_messages;
SET search_path = registry, public;

CREATE FUNCTION pg_temp.r(n integer) RETURNS uuid LANGUAGE sql RETURN lpad(n::text, 32, '0')::uuid;
INSERT INTO nser.household (household_id, area, registered_on) VALUES (1, 'PK61701003', '2023-01-01'), (2, 'PK70101', '2023-01-01'), (3, 'PK70101', '2023-01-01');
SELECT household_id, case_id, step FROM generate_series(1, 3) AS h, open_case('grievance', h, pg_temp.r(h * 10));
SELECT step, state FROM generate_series(1, 3) AS h, advance_case(h, h, 'screen', pg_temp.r(h * 10 + 1));
SELECT step, state FROM generate_series(1, 2) AS h, advance_case(h, h, 'submit', pg_temp.r(h * 10 + 2), '{"about": "conduct", "statement": "came three times, 1.0"}');
SELECT step, state FROM advance_case(1, 1, 'verify', pg_temp.r(13));
SELECT step, state FROM advance_case(1, 1, 'send_back', pg_temp.r(14), reason => 'which centre?');
SELECT * FROM verify_chain();

-- heads, for keeping elsewhere
SELECT household_id, case_id, step, length(hash) AS bytes FROM chain_heads() ORDER BY 1, 2;
SELECT household_id, case_id, step FROM chain_heads('PK7') ORDER BY 1;
SELECT count(*) FILTER (WHERE since = '-infinity') AS all, count(*) FILTER (WHERE since > now()) AS none
FROM unnest('{-infinity,2100-01-01}'::timestamptz[]) AS since, chain_heads(since => since);
CREATE TABLE kept AS SELECT * FROM chain_heads();
SELECT * FROM verify_chain(heads => 'kept');
-- the registry goes on; what was kept stays true
SELECT step, state FROM advance_case(2, 2, 'verify', pg_temp.r(23));
SELECT * FROM verify_chain(heads => 'kept');

-- settings do not matter, and neither does an area that changed
UPDATE nser.household SET area = 'PK702' WHERE household_id = 2;
SET timezone = 'Asia/Tokyo';
SET datestyle = 'SQL, DMY';
SET bytea_output = 'escape';
SET extra_float_digits = -10;
SET intervalstyle = 'sql_standard';
SELECT * FROM verify_chain(heads => 'kept');
RESET timezone;
SET datestyle = ISO;
RESET bytea_output;
RESET extra_float_digits;
RESET intervalstyle;
-- no two steps are written alike
SELECT count(DISTINCT h) FROM (VALUES ('a', 'b', 1), ('ab', '', 1), ('a', NULL, 1), (NULL, 'a', 1), ('a', 'null', 1), ('a', 'b', 11)) AS v (reason, content, step),
	step_hash(NULL, 1, 1, step, 'roster', NULL, 'open', 'requested', 'epoch', 'epoch', 'x', NULL, NULL, reason, content_hash(to_jsonb(content))) AS h;
-- a known one, by the rule alone
SELECT hash = sha256('\x00'::bytea || convert_to('[1, 2, 3, "roster", "requested", "screen", "screened", 86400.500000, 0.000000, "clerk", 7, "00000000-0000-0000-0000-000000000001", null, "c0ffee"]', 'UTF8')) AS as_documented
FROM step_hash('\x00', 1, 2, 3, 'roster', 'requested', 'screen', 'screened', '1970-01-02 00:00:00.5+00', 'epoch', 'clerk', 7, pg_temp.r(1), NULL, '\xc0ffee') AS hash;
SELECT content_hash('{"a": 1.0}') = sha256('{"a": 1.0}') AS as_documented;

-- every column of a step that is altered is found out, one after the other
CREATE FUNCTION pg_temp.tamper(what text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	problems text;
BEGIN
	BEGIN
		SET LOCAL session_replication_role = replica;
		EXECUTE what;
		SELECT concat(string_agg(format('%s/%s/%s %s', household_id, case_id, step, problem), ', '), ' | ',
			(SELECT string_agg(format('%s/%s/%s %s', household_id, case_id, step, problem), ', ') FROM registry.verify_chain(heads => 'kept')))
		INTO problems FROM registry.verify_chain();
		RAISE EXCEPTION USING ERRCODE = 'P0099', MESSAGE = problems;
	EXCEPTION WHEN SQLSTATE 'P0099' THEN
		RETURN NEXT SQLERRM;
	END;
END $$;
SELECT a.attname, t.problems FROM (VALUES ('taken_at', 'taken_at + interval ''1 microsecond'''), ('recorded_at', 'now() - interval ''1 day'''), ('taken_by', '''somebody'''),
	('operator', '7'), ('request_id', 'gen_random_uuid()'), ('reason', '''another'''), ('content', '''{"about": "conduct", "statement": "came three times, 1.00"}'''),
	('content_hash', '''\x00'''), ('hash', '''\x00''')) AS a (attname, to_value),
	pg_temp.tamper(format('UPDATE nser.case_step SET %I = %s WHERE household_id = 1 AND step = 3', a.attname, a.to_value)) AS t (problems);
SELECT pg_temp.tamper('UPDATE nser.case_step SET content = jsonb_set(content, ''{n}'', ''1.0'') WHERE household_id = 2 AND step = 3');
-- another event, or type: by the rules, too; these keep the CHECK in force
SELECT pg_temp.tamper('UPDATE nser.case_step SET event = ''cancel'', to_state = ''cancelled'' WHERE household_id = 1 AND step = 2');
SELECT pg_temp.tamper('UPDATE nser.case_step SET update_type = ''roster'' WHERE household_id = 3');
-- the middle is gone; the end; the end with the head set back; all of it; the case without its steps, the steps without their case
SELECT pg_temp.tamper('DELETE FROM nser.case_step WHERE household_id = 1 AND step IN (2, 3)');
SELECT pg_temp.tamper('DELETE FROM nser.case_step WHERE household_id = 1 AND step = 1');
SELECT pg_temp.tamper('DELETE FROM nser.case_step WHERE household_id = 1 AND step >= 4');
SELECT pg_temp.tamper('WITH d AS (DELETE FROM nser.case_step WHERE household_id = 1 AND step >= 4)
	UPDATE nser.update_case AS c SET last_step = 3, state = s.to_state, last_hash = s.hash FROM nser.case_step AS s
	WHERE c.household_id = 1 AND s.household_id = 1 AND s.step = 3');
SELECT pg_temp.tamper('WITH d AS (DELETE FROM nser.case_step WHERE household_id = 1) DELETE FROM nser.update_case WHERE household_id = 1');
SELECT pg_temp.tamper('DELETE FROM nser.case_step WHERE household_id = 3');
SELECT pg_temp.tamper('DELETE FROM nser.update_case WHERE household_id = 3');
-- written anew from the second step on, with right hashes: against what was kept alone
SELECT pg_temp.tamper($t$DO $d$
DECLARE
	s	nser.case_step;
	b	bytea;
BEGIN
	FOR s IN SELECT * FROM nser.case_step WHERE household_id = 1 ORDER BY step LOOP
		IF s.step = 3 THEN s.content := '{"about": "conduct", "statement": "all is well"}'; END IF;
		s.content_hash := registry.content_hash(s.content);
		b := registry.step_hash(b, s.household_id, s.case_id, s.step, s.update_type, s.from_state, s.event, s.to_state, s.taken_at, s.recorded_at, s.taken_by,
			s.operator, s.request_id, s.reason, s.content_hash);
		UPDATE nser.case_step SET content = s.content, content_hash = s.content_hash, hash = b WHERE household_id = 1 AND step = s.step;
	END LOOP;
	UPDATE nser.update_case SET last_hash = b WHERE household_id = 1;
END $d$$t$);
-- the head says another state, or hash
SELECT pg_temp.tamper('UPDATE nser.update_case SET last_step = 1, state = ''requested'' WHERE household_id = 1');
SELECT pg_temp.tamper('UPDATE nser.update_case SET last_hash = ''\x00'' WHERE household_id = 2');
-- what the case says of itself
SELECT a.attname, t.problems FROM (VALUES ('mode', '''door'''), ('centre', '9'), ('token', '9'), ('priority', '''{disabled}'''), ('about_case', '1'), ('opened_on', 'opened_on - 1'),
	('operator', '9')) AS a (attname, to_value), pg_temp.tamper(format('UPDATE nser.update_case SET %I = %s WHERE household_id = 2', a.attname, a.to_value)) AS t (problems);
-- content that was taken out leaves the chain whole; other content with its own hash does not
SELECT pg_temp.tamper('UPDATE nser.case_step SET content = NULL WHERE household_id = 1 AND step IN (1, 3)');
SELECT pg_temp.tamper('UPDATE nser.case_step SET content = ''{}'', content_hash = registry.content_hash(''{}'') WHERE household_id = 1 AND step = 3');
SELECT pg_temp.tamper('UPDATE nser.case_step SET content = ''{}'', content_hash = registry.content_hash(''{}'') WHERE household_id = 1 AND step = 2');
-- a kept head that says nothing
SELECT pg_temp.tamper('UPDATE kept SET step = NULL WHERE household_id = 3');
-- of one household only
SELECT pg_temp.tamper('UPDATE nser.case_step SET reason = ''x''');
SET session_replication_role = replica;
UPDATE nser.case_step SET reason = 'x' WHERE household_id = 1 AND step = 2;
RESET session_replication_role;
SELECT * FROM verify_chain(1);
SELECT * FROM verify_chain(2);
-- nobody goes on with a chain that was cut off
SET session_replication_role = replica;
DELETE FROM nser.case_step WHERE household_id = 3 AND step = 2;
RESET session_replication_role;
SELECT advance_case(3, 3, 'submit', pg_temp.r(33), '{"about": "conduct", "statement": "came three times"}');
INSERT INTO nser.case_step (household_id, case_id, step, update_type, from_state, event, to_state, reason) VALUES (3, 3, 2, 'grievance', 'requested', 'cancel', 'cancelled', 'no');
-- heads of another form
CREATE TABLE other AS SELECT household_id, step FROM kept;
SELECT verify_chain(heads => 'other');
DROP TABLE kept, other;
SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
