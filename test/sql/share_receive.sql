--
-- Writing back: what partners send is tried, received, matched, and becomes cases
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
\set ECHO none
\i test/sharing/begin.sql
CREATE FUNCTION pg_temp.breach(agreement bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_temp.as_login('regress_secretary', format('SELECT nser.breach_agreement(%L, ''it was sold'')', breach.agreement));
END $$;
RESET ROLE;
CREATE ROLE regress_partner_a;
CREATE ROLE regress_partner_b;
SET ROLE regress_owner;
\set ECHO all
SET datestyle = ISO;
SET timezone = 'Asia/Karachi';
RESET client_min_messages;

-- seven households; of all but the sixth, line 1 is known by a survey of March 2024
INSERT INTO nser.household (household_id, area, registered_on, phone, address)
SELECT h, 'PK61701003', '2023-01-01', '0300-1111111', 'Street 1' FROM generate_series(1, 7) AS h;
INSERT INTO nser.member (household_id, line, area, cnic, document, name, father_name, sex, birth_date, relationship, marital_status, valid_from)
SELECT h, l, 'PK61701003', (3020100000000 + h * 10 + l)::registry.cnic, 'cnic', CASE l WHEN 1 THEN 'Karim' ELSE 'Zainab' END, 'Rahim',
	(CASE l WHEN 1 THEN 'male' ELSE 'female' END)::registry.sex, '1980-01-01', (CASE l WHEN 1 THEN 'head' ELSE 'spouse' END)::registry.relationship, 'married', '2023-01-01'
FROM generate_series(1, 7) AS h, generate_series(1, 2) AS l;
SELECT count(registry.record_survey(h, '{}', '[{"line": 1, "relationship": "head", "sex": "male", "age": 44, "marital_status": "married", "spouse_line": 2},
	{"line": 2, "relationship": "spouse", "sex": "female", "age": 44, "marital_status": "married", "spouse_line": 1}]', submitted_at => '2024-03-01 12:00+05'))
FROM generate_series(1, 5) AS h;
-- a row of an upload, and an upload
CREATE FUNCTION pg_temp.row(who integer, variable text, value jsonb, as_of text) RETURNS jsonb LANGUAGE sql
	RETURN jsonb_build_object('cnic', format('30201-%s-%s', lpad(((who / 10) % 10000000)::text, 7, '0'), who % 10), 'variable', variable, 'value', value, 'as_of', as_of);
CREATE FUNCTION pg_temp.upload(n integer, VARIADIC rows jsonb[]) RETURNS jsonb LANGUAGE sql
	RETURN jsonb_build_object('upload_id', lpad(n::text, 32, '0')::uuid, 'rows', to_jsonb(rows));
SELECT pg_temp.upload(1, pg_temp.row(11, 'phone', '"0301-2222222"', '2025-06-01'));

-- what is agreed: variables in the request, how often and how in its terms
SELECT pg_temp.agree('regress_partner_a', 'beneficiary_list',
	'{"write_back": ["phone", "address", "death", "marital_status", "disability", "name", "document_number", "electricity_bill"]}') AS a \gset
SELECT pg_temp.agree('regress_partner_b', 'beneficiary_list', '{"write_back": ["phone"]}') AS b \gset
SELECT pg_temp.agree('regress_partner_b', 'beneficiary_list') AS nothing \gset
SELECT pg_temp.agree('regress_partner_c', 'anonymized', '{"attributes": ["sex"], "write_back": ["phone", "vehicle"]}', 'local_ngo') AS ngo \gset
SELECT registry.agree_write_back(999, '{jsonb}', 1, '1 month');
SELECT registry.agree_write_back(:nothing, '{jsonb}', 1, '1 month');
SELECT registry.agree_write_back(:ngo, '{jsonb}', 1, '1 month');
SELECT registry.agree_write_back(:a, '{jsonb}', 1, '1 month');
INSERT INTO nser.flag_source (source, flag, measure, holds_for, agreement_id) VALUES ('a power company', 'electricity_bill', 'rupees a month', '1 year', :a);
SELECT registry.agree_write_back(:a, '{carrier pigeon}', 1, '1 month');
SELECT registry.agree_write_back(:a, '{jsonb}', 1, '-1 month');
-- whoever default privileges let read, or the partner is a member of
ALTER DEFAULT PRIVILEGES IN SCHEMA share GRANT SELECT ON TABLES TO regress_unit;
SELECT registry.agree_write_back(:a, '{jsonb,copy,file}', 100, '1 month', 30);
ALTER DEFAULT PRIVILEGES IN SCHEMA share REVOKE SELECT ON TABLES FROM regress_unit;
SELECT has_table_privilege('regress_unit', format('share.upload_%s', :a), 'SELECT') AS opened;
SELECT registry.agree_write_back(:b, '{jsonb,file}', 2, '1 month', 5);
SELECT registry.agree_write_back(:a, '{jsonb}', 1000, '1 month');
SELECT registry.check_write_back(:nothing, 'file');
UPDATE nser.write_back_term SET uploads = 1000;
DELETE FROM nser.write_back_term;
-- a target is a key of a change that there is, or a flag
INSERT INTO nser.write_back_variable (variable, meaning, unit, update_type, kind, key) VALUES ('score', 'a score', 'household', 'roster', 'score', 'score');

-- every kind of bad row comes back, by what it looks like alone
SET SESSION AUTHORIZATION regress_partner_a;
CREATE TEMP TABLE bad AS
SELECT pg_temp.upload(1,
	pg_temp.row(11, 'phone', '"0301-2222222"', '2025-06-01'), '7', 'null', '[]', '"a"', '{}', '[[[[{"cnic": 1}]]]]',
	'{"cnic": "30201-0000001-1", "variable": "phone", "value": "0301-2222222", "as_of": "2025-06-01", "household_id": 1}',
	'{"cnic": null, "variable": "phone", "value": "0301-2222222", "as_of": "2025-06-01"}',
	'{"cnic": "30201-0000001-1", "variable": "phone", "value": null, "as_of": "2025-06-01"}',
	'{"cnic": {"a": ["30201-0000001-1"]}, "variable": "phone", "value": "0301-2222222", "as_of": "2025-06-01"}',
	'{"cnic": "90201-0000001-1", "variable": "phone", "value": "0301-2222222", "as_of": "2025-06-01"}',
	'{"cnic": 3020100000011.5, "variable": "phone", "value": "0301-2222222", "as_of": "2025-06-01"}',
	pg_temp.row(11, 'birth_date', '"1980-01-01"', '2025-06-01'), pg_temp.row(11, 'pmt_score', '1', '2025-06-01'),
	pg_temp.row(11, 'phone', '"0301-2222223"', '2025-02-29'), pg_temp.row(11, 'phone', '"0301-2222223"', 'infinity'),
	pg_temp.row(11, 'phone', '"0301-2222223"', '1999-12-31'), pg_temp.row(11, 'phone', '"0301-2222223"', '2999-12-31'),
	pg_temp.row(11, 'phone', '"042-111"', '2025-06-02'), pg_temp.row(11, 'marital_status', '"happy"', '2025-06-02'),
	pg_temp.row(11, 'death', '"2025-06-03"', '2025-06-02'), pg_temp.row(11, 'electricity_bill', '-1', '2025-06-02'),
	pg_temp.row(11, 'electricity_bill', '1e300', '2025-06-02'), pg_temp.row(11, 'disability', '{"a": 1}', '2025-06-02'),
	pg_temp.row(11, 'phone', '"+923012222222"', '2025-06-01'),
	pg_temp.row(21, 'address', '"Street 2"', '2025-06-01'), pg_temp.row(21, 'address', '"Street 3"', '2025-06-01')) AS upload;
SELECT r.state, r.rows, r.good FROM bad, registry.receive(:a, upload) AS r;
SELECT e.* FROM bad, registry.receive(:a, upload) AS r, jsonb_to_recordset(r.errors) AS e ("row" integer, code text, reason text);

-- as a whole
SELECT * FROM registry.receive(:a, NULL);
SELECT * FROM registry.receive(:a, '[]');
SELECT * FROM registry.receive(:a, '{"upload_id": "1", "rows": [1]}');
SELECT * FROM registry.receive(:a, '{"upload_id": "00000000-0000-0000-0000-000000000001", "rows": 1}');
SELECT * FROM registry.receive(:a, '{"upload_id": "00000000-0000-0000-0000-000000000001", "rows": []}');
SELECT * FROM registry.receive(:a, '{"upload_id": "00000000-0000-0000-0000-000000000001", "rows": [1], "dry_run": false}');
SELECT * FROM registry.receive(:a, jsonb_build_object('upload_id', gen_random_uuid(), 'rows', (SELECT jsonb_agg(i) FROM generate_series(1, 31) AS i)));
SELECT * FROM registry.receive(:a, pg_temp.upload(2, '1'), NULL);

-- a real one is of the same content as one that was tried in a transaction before
SELECT * FROM registry.receive(:a, pg_temp.upload(3, pg_temp.row(11, 'phone', '"0301-2222222"', '2025-06-01')), false);
BEGIN;
SELECT state FROM registry.receive(:a, pg_temp.upload(3, pg_temp.row(11, 'phone', '"0301-2222222"', '2025-06-01')));
SAVEPOINT tried;
SELECT state FROM registry.receive(:a, pg_temp.upload(3, pg_temp.row(11, 'phone', '"0301-2222222"', '2025-06-01')), false);
ROLLBACK TO tried;
COMMIT;
SELECT state FROM registry.receive(:a, pg_temp.upload(3, pg_temp.row(11, 'phone', '"0301-3333333"', '2025-06-01')), false);
SELECT * FROM registry.receive(:a, pg_temp.upload(3, pg_temp.row(11, 'phone', '"0301-2222222"', '2025-06-01')), false);
-- the same again is answered, and another under its id refused
SELECT * FROM registry.receive(:a, pg_temp.upload(3, pg_temp.row(11, 'phone', '"0301-2222222"', '2025-06-01')), false);
SELECT * FROM registry.receive(:a, pg_temp.upload(3, pg_temp.row(11, 'phone', '"0301-2222222"', '2025-06-01')));
SELECT * FROM registry.receive(:a, pg_temp.upload(3, pg_temp.row(11, 'phone', '"0301-3333333"', '2025-06-01')));
-- another's agreement, and what is not agreed
SELECT * FROM registry.receive(:b, pg_temp.upload(3, pg_temp.row(11, 'phone', '"0301-2222222"', '2025-06-01')));
SELECT * FROM registry.receive(999, pg_temp.upload(3, pg_temp.row(11, 'phone', '"0301-2222222"', '2025-06-01')));
SELECT * FROM registry.take_upload(:a, pg_temp.upload(3, '1'), 'jsonb', true);
SELECT * FROM nser.received_row;

-- COPY into a table that this login alone writes and reads
SELECT format('upload_%s', :a) AS staging \gset
COPY share.:staging (upload_id, cnic, variable, value, as_of) FROM stdin;
00000000-0000-0000-0000-000000000004	3020100000021	phone	03012222222	2025-06-01
00000000-0000-0000-0000-000000000004	30201-0000002-2	disability	["visual_full"]	2025-06-01
00000000-0000-0000-0000-000000000004	30201-0000002-2	electricity_bill	4500	2025-06-01
00000000-0000-0000-0000-000000000004	30201-0000002-1	electricity_bill	4500.5	2025-06-01
00000000-0000-0000-0000-000000000004	\N	\N	\N	\N
00000000-0000-0000-0000-000000000004	30201-0000002-2	disability	[[[["visual_full"]]]]	2025-06-01
\.
SELECT * FROM share.receive_copy(:a, lpad('4', 32, '0')::uuid);
SELECT state, rows, good FROM share.receive_copy(:a, lpad('4', 32, '0')::uuid, false);
SELECT state, rows, good FROM share.receive_copy(:a, lpad('4', 32, '0')::uuid, false);
SELECT count(*) FROM share.:staging;
SELECT * FROM share.receive_copy(:a, lpad('5', 32, '0')::uuid);
INSERT INTO share.:staging (upload_id) SELECT gen_random_uuid() FROM generate_series(1, 31);
INSERT INTO share.:staging (upload_id, value) VALUES (gen_random_uuid(), repeat('x', 30001));
UPDATE share.:staging SET value = 1;
SET SESSION AUTHORIZATION regress_partner_b;
SELECT * FROM share.:staging;
INSERT INTO share.:staging (upload_id) SELECT gen_random_uuid();
SELECT * FROM registry.take_staged(:a, lpad('4', 32, '0')::uuid, true);
SELECT * FROM share.receive_copy(:a, lpad('4', 32, '0')::uuid);
SELECT * FROM share.receive_copy(:b, lpad('4', 32, '0')::uuid);

-- as many as are agreed: tried, and received
SELECT state FROM registry.receive(:b, pg_temp.upload(1, pg_temp.row(31, 'phone', '"0301-4444444"', '2025-06-01')));
SELECT state FROM registry.receive(:b, pg_temp.upload(2, pg_temp.row(31, 'phone', '"0301-5555555"', '2025-07-01'), pg_temp.row(51, 'phone', '"0301-5555555"', '2025-07-01')));
SELECT state FROM registry.receive(:b, pg_temp.upload(3, '1'));
SELECT state FROM registry.receive(:b, pg_temp.upload(2, pg_temp.row(31, 'phone', '"0301-5555555"', '2025-07-01'), pg_temp.row(51, 'phone', '"0301-5555555"', '2025-07-01')), false);
SELECT state FROM registry.receive(:b, pg_temp.upload(1, pg_temp.row(31, 'phone', '"0301-4444444"', '2025-06-01')), false);
SELECT state FROM registry.receive(:b, pg_temp.upload(3, '1'));
SELECT state FROM registry.receive(:b, pg_temp.upload(3, '1'), false);
-- the same numbers of nobody: nothing tells
SELECT r.state, r.rows, r.good, r.errors FROM registry.receive(:b, pg_temp.upload(4, pg_temp.row(99999931, 'phone', '"0301-4444444"', '2025-06-01'))) AS r;

-- the unit's work: what is about whom, and newer
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT * FROM registry.match_uploads(dry_run => NULL);
SELECT * FROM registry.take_upload(:b, pg_temp.upload(3, '1'), 'copy', true);
SELECT * FROM registry.load_upload(:a, NULL, NULL);
SELECT * FROM registry.match_uploads();
SELECT count(*) FROM nser.update_case;
SELECT * FROM registry.match_uploads(dry_run => false);
SELECT agreement_id = :a AS is_a, ltrim(upload_id::text, '0-') AS upload, row_no, variable, cnic, value, state, for_household AS hh, for_line AS line
FROM nser.received_row ORDER BY 1, 2, 3;
SELECT c.household_id AS hh, c.update_type, c.state, c.mode, s.content FROM nser.update_case AS c
JOIN nser.case_step AS s ON s.household_id = c.household_id AND s.case_id = c.case_id AND s.event = 'submit' ORDER BY 1;
SELECT * FROM nser.person_flag;
-- a clerk verifies and applies
CREATE FUNCTION pg_temp.apply() RETURNS bigint LANGUAGE sql AS $$
	SELECT count(registry.advance_case(c.household_id, c.case_id, 'verify', gen_random_uuid())) FROM nser.update_case AS c WHERE c.state = 'submitted';
	SELECT count(registry.apply_case(c.household_id, c.case_id, gen_random_uuid())) FROM nser.update_case AS c WHERE c.state = 'verified';
$$;
SELECT pg_temp.apply();
SELECT household_id, phone FROM nser.household ORDER BY 1;
SELECT household_id, line, variable, value, as_of, o.name AS source, case_id IS NOT NULL AS has_case
FROM nser.received_value AS v JOIN nser.organization AS o ON o.organization_id = v.source ORDER BY 1, 2, 3;

-- from here on in one call, as files: tried before, received, matched
CREATE FUNCTION pg_temp.send(n integer, VARIADIC rows jsonb[]) RETURNS TABLE (variable text, as_of date, state text, reason text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM registry.take_upload(1, pg_temp.upload(send.n, VARIADIC rows), 'file', true);
	UPDATE nser.upload AS u SET tried_in = '3' WHERE u.upload_id = lpad(send.n::text, 32, '0')::uuid;
	PERFORM registry.take_upload(1, pg_temp.upload(send.n, VARIADIC rows), 'file', false);
	PERFORM registry.match_uploads(dry_run => false);
	RETURN QUERY SELECT r.variable, r.as_of, r.state, concat_ws(': ', r.sqlstate, r.reason) FROM nser.received_row AS r
		WHERE r.upload_id = lpad(send.n::text, 32, '0')::uuid ORDER BY r.row_no;
END $$;
-- older than the survey; than what a partner sent; said already; the same day twice, of two members of one household
SELECT * FROM pg_temp.send(10, pg_temp.row(41, 'phone', '"0301-6666666"', '2024-03-01'), pg_temp.row(31, 'phone', '"0301-6666666"', '2025-06-30'),
	pg_temp.row(32, 'phone', '"0301-5555555"', '2025-08-01'), pg_temp.row(12, 'phone', '"0301-7777777"', '2025-09-01'), pg_temp.row(11, 'phone', '"0301-8888888"', '2025-09-01'));
-- who was said to be so on 1 August was not otherwise on 15 July
SELECT * FROM pg_temp.send(11, pg_temp.row(31, 'phone', '"0301-6666666"', '2025-07-15'));
-- nobody, and who is gone; a correction waits for the roster update of its household
SELECT pg_temp.apply();
SELECT * FROM pg_temp.send(12, pg_temp.row(99999931, 'phone', '"0301-6666666"', '2025-09-01'), pg_temp.row(42, 'death', '"2025-09-01"', '2025-09-03'),
	pg_temp.row(42, 'name', '"Zainab Bibi"', '2025-09-03'), pg_temp.row(41, 'name', '"Karim Khan"', '2025-09-03'), pg_temp.row(41, 'document_number', '"30201-0000005-1"', '2025-09-03'));
SELECT pg_temp.apply();
SELECT household_id, update_type, state, no_change FROM nser.update_case WHERE household_id = 4 ORDER BY case_id;
SELECT * FROM registry.match_uploads(dry_run => false);
SELECT s.content FROM nser.case_step AS s JOIN nser.update_case AS c USING (household_id, case_id) WHERE c.household_id = 4 AND c.state = 'submitted' AND s.event = 'submit';
-- a clerk turns it down: what it said counts no more, and what is older does
SELECT s.state FROM nser.update_case AS c, LATERAL registry.advance_case(c.household_id, c.case_id, 'reject', gen_random_uuid(), reason => 'not so') AS s
WHERE c.household_id = 4 AND c.state = 'submitted';
SELECT * FROM pg_temp.send(13, pg_temp.row(41, 'name', '"Karim Ali"', '2025-09-02'), pg_temp.row(42, 'phone', '"0301-9999999"', '2025-10-01'));
SELECT pg_temp.apply();
SELECT line, version, name, valid_to, end_reason, superseded_at IS NOT NULL AS is_past FROM nser.member WHERE household_id = 4 ORDER BY line, version;
-- what the office wrote since is newer
SELECT registry.correct_member(5, 1, '{"name": "Karim Shah"}') IS NOT NULL AS is_written;
SELECT registry.change_household(5, '{"address": "Street 9"}', '2025-10-01');
SELECT * FROM pg_temp.send(14, pg_temp.row(51, 'name', '"Karim Ali"', '2025-10-02'), pg_temp.row(51, 'address', '"Street 8"', '2025-10-01'), pg_temp.row(52, 'address', '"Street 7"', '2025-10-02'));
-- a change that the household cannot have is refused alone, and the others become a case
SELECT * FROM pg_temp.send(15, pg_temp.row(71, 'death', '"1979-01-01"', '2025-10-02'), pg_temp.row(71, 'address', '"Street 8"', '2025-10-02'));
-- of an agreement that was breached nothing more is believed
SELECT state FROM registry.take_upload(:a, pg_temp.upload(16, pg_temp.row(61, 'phone', '"0301-9999999"', '2025-10-02')), 'file', true);
SELECT state FROM registry.take_upload(:a, pg_temp.upload(16, pg_temp.row(61, 'phone', '"0301-9999999"', '2025-10-02')), 'file', false);
SELECT pg_temp.breach(:a);
SELECT * FROM registry.match_uploads(dry_run => false);
SELECT sqlstate, reason FROM nser.received_row WHERE upload_id = lpad('16', 32, '0')::uuid;

-- a file that was handed over is the owner's to load
UPDATE nser.upload SET received_at = received_at - interval '2 months', tried_at = tried_at - interval '2 months' WHERE agreement_id = :b;
CREATE TEMP TABLE file (upload_id uuid, row_no integer, cnic registry.cnic, variable text, value text, as_of date);
INSERT INTO file VALUES (lpad('20', 32, '0')::uuid, 1, '3020100000061', 'phone', '0301-1010101', '2025-11-01'), (lpad('20', 32, '0')::uuid, 2, NULL, 'phone', '', NULL);
SELECT * FROM registry.load_upload(:b, lpad('20', 32, '0')::uuid, 'file');
SELECT state, rows, good FROM registry.load_upload(:b, lpad('20', 32, '0')::uuid, 'file', false);
SELECT * FROM registry.load_upload(:b, lpad('20', 32, '0')::uuid, 'nser.household');
SELECT * FROM registry.load_upload(:a, lpad('20', 32, '0')::uuid, 'file');

-- a partner's own views over its table, and another name of its login, keep no agreement; nothing that it copied is left
SELECT pg_temp.agree('regress_partner_a', 'summary', '{"write_back": ["phone"]}') AS d \gset
SELECT pg_temp.agree('regress_partner_b', 'summary', '{"write_back": ["phone"]}') AS e \gset
SELECT registry.agree_write_back(:d, '{jsonb,copy}', 4, '1 day', 100), registry.agree_write_back(:e, '{jsonb,copy}', 4, '1 day', 100);
SELECT 'upload_' || :d AS staging_d, 'upload_' || :e AS staging_e \gset
SET SESSION AUTHORIZATION regress_partner_a;
INSERT INTO share.:staging_d (upload_id, cnic) SELECT lpad(i::text, 32, '0')::uuid, '30201-0000001-1' FROM generate_series(1, 2) AS i;
CREATE TEMP VIEW mine AS SELECT * FROM share.:staging_d;
-- what came to nothing it takes away by name, and cannot lock its table against a dump
SELECT share.discard_copy(:d, lpad('1', 32, '0')::uuid), share.discard_copy(:d, NULL);
SELECT upload_id, cnic FROM mine;
DELETE FROM share.:staging_d;
BEGIN;
LOCK TABLE share.:staging_d IN ACCESS EXCLUSIVE MODE;
ROLLBACK;
\set VERBOSITY sqlstate
SELECT share.discard_copy(:e, lpad('2', 32, '0')::uuid);
\set VERBOSITY default
RESET SESSION AUTHORIZATION;
ALTER ROLE regress_partner_b RENAME TO regress_partner_b2;
SET ROLE regress_owner;
SELECT registry.revoke(:d), registry.revoke(:e);
SELECT to_regclass('share.' || :'staging_d') AS d, to_regclass('share.' || :'staging_e') AS e;
RESET ROLE;
ALTER ROLE regress_partner_b2 RENAME TO regress_partner_b;
SET ROLE regress_owner;

-- after the end nothing is sent, nor read
SELECT registry.end_write_back(:a), registry.end_write_back(:a), registry.end_write_back(:nothing);
SELECT pg_temp.set_period(:b, daterange(registry.today() - 9, registry.today()));
SET SESSION AUTHORIZATION regress_partner_a;
SELECT * FROM share.:staging;
SELECT * FROM registry.receive(:a, pg_temp.upload(3, '1'));
SET SESSION AUTHORIZATION regress_partner_b;
SELECT * FROM registry.receive(:b, pg_temp.upload(9, '1'));
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT event, count(*), sum(count) AS rows FROM nser.read_log WHERE event ~ '^upload' GROUP BY 1 ORDER BY 1;

\set ECHO none
RESET ROLE;
\i test/sharing/end.sql
DROP OWNED BY regress_partner_a, regress_partner_b;
DROP ROLE regress_partner_a, regress_partner_b;
