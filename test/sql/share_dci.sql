--
-- The face of a standard: searches that are charged and logged, and a household in its words
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
\pset format unaligned
\pset tuples_only on
SET datestyle = ISO;
SET timezone = 'Asia/Karachi';
\set ECHO none
\i test/sharing/begin.sql
\i test/sharing/score.sql
\i test/sharing/one.sql
\set ECHO all
RESET client_min_messages;
RESET ROLE;
CREATE ROLE regress_partner_a;
CREATE ROLE regress_partner_b;
SET ROLE regress_owner;
SELECT pg_temp.agree('regress_partner_a', 'score', '{"attributes": ["score"], "quota": 20}') AS a, pg_temp.agree('regress_partner_b', 'score', '{"attributes": ["score_band"], "quota": 4000}') AS b \gset
SELECT pg_temp.serve(:a) AS a_release \gset
SELECT pg_temp.serve(:b) AS b_release \gset
-- a message as the standard has it, and one changed at a path
RESET ROLE;
CREATE FUNCTION public.search(numbers text[], path text[] DEFAULT '{}', other jsonb DEFAULT NULL) RETURNS jsonb LANGUAGE sql
	RETURN jsonb_set_lax(jsonb_build_object(
		'header', '{"version": "1.0.0", "message_id": "m1", "message_ts": "2025-03-01T09:00:00+05:00", "action": "search", "sender_id": "spmis.example.org", "receiver_id": "nser"}'::jsonb,
		'message', jsonb_build_object('transaction_id', 't1', 'search_request', (
			SELECT jsonb_agg(jsonb_build_object('reference_id', 'r' || no, 'timestamp', '2025-03-01T09:00:00Z', 'search_criteria', jsonb_build_object(
				'version', '1.0.0', 'reg_type', 'ns:org:RegistryType:Social', 'reg_record_type', 'spdci-extensions-dci:Group', 'query_type', 'idtype-value',
				'query', jsonb_build_object('type', 'UIN', 'value', number)), 'locale', 'eng') ORDER BY no)
			FROM unnest(numbers) WITH ORDINALITY AS n (number, no)))), path, other, true, 'delete_key');
CREATE FUNCTION public.status(id text, path text[] DEFAULT '{}', other jsonb DEFAULT NULL) RETURNS jsonb LANGUAGE sql
	RETURN jsonb_set_lax(jsonb_build_object('header', '{"message_id": "m2", "message_ts": "2025-03-01T09:00:05Z", "action": "txn-status", "sender_id": "spmis.example.org"}'::jsonb,
		'message', jsonb_build_object('transaction_id', 't2', 'txnstatus_request', jsonb_build_object('reference_id', 's1', 'txn_type', 'search',
			'attribute_type', 'correlation_id', 'attribute_value', id))), path, other, true, 'delete_key');
-- answers without what differs from run to run
CREATE FUNCTION public.shown(answer jsonb) RETURNS text LANGUAGE sql
	RETURN regexp_replace(regexp_replace(answer::text, '\d{4}-\d\d-\d\dT[0-9:]+Z', '(time)', 'g'), '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', '(id)', 'g');
SET ROLE regress_owner;

-- acknowledged, charged, logged; answered in another transaction
SET SESSION AUTHORIZATION regress_partner_a;
SELECT registry.search_json(public.search('{30201-0000001-1,3020100000022,30201-0009999-1,nobody}')) AS ack \gset
SELECT public.shown(:'ack');
SELECT :'ack'::jsonb #>> '{message,correlation_id}' AS id \gset
SELECT jsonb_pretty(public.shown(registry.search_json(public.status(:'id')))::jsonb);
-- the same ticket by the other door
SELECT no, status, score FROM registry.read_scores(:'id');
-- not at once
BEGIN;
SELECT registry.search_json(public.search('{30201-0000001-1}')) #>> '{message,correlation_id}' AS own \gset
SELECT public.shown(registry.search_json(public.status(:'own')));
ROLLBACK;
-- what is wrong with one request is said of that one, and not charged
SELECT registry.search_json(public.search('{30201-0000001-1,30201-0000001-2,30201-0000001-1,30201-0000001-1,30201-0000001-1,30201-0000001-1,30201-0000001-1,30201-0000001-1}')
	#- '{message,search_request,0,reference_id}') IS NOT NULL AS charged_seven;
SELECT registry.search_json(jsonb_set(jsonb_set(jsonb_set(jsonb_set(jsonb_set(jsonb_set(public.search(array_fill('30201-0000001-2'::text, '{8}')),
	'{message,search_request,1,reference_id}', '"r1"'), '{message,search_request,2,timestamp}', '"2025-13-01T09:00:00Z"'),
	'{message,search_request,3,search_criteria,query_type}', '"predicate"'), '{message,search_request,4,search_criteria,pagination}', '{"page_number": 2, "page_size": 1}'),
	'{message,search_request,5,search_criteria,sort}', '{}'), '{message,search_request,6}', '7')) #>> '{message,correlation_id}' AS mixed \gset
SELECT r ->> 'reference_id', r ->> 'status', r ->> 'status_reason_code', jsonb_array_length(r #> '{data,reg_records}')
FROM jsonb_array_elements(registry.search_json(public.status(:'mixed')) #> '{message,txnstatus_response,txn_status,search_response}') AS r;
-- the quota: 13 of 20 are used
SELECT public.shown(registry.search_json(public.search(array_fill('30201-0000001-1'::text, '{8}'))));

-- bands; another's correlation id
SET SESSION AUTHORIZATION regress_partner_b;
SELECT registry.search_json(public.search('{30201-0000001-1,30201-0000002-2}')) #>> '{message,correlation_id}' AS b_id \gset
SELECT jsonb_path_query_array(registry.search_json(public.status(:'b_id')), '$.message.txnstatus_response.txn_status.search_response[*].data.reg_records[*]');
SELECT public.shown(registry.search_json(public.status(:'id')));

-- what is wrong with a message: codes of the standard, in words that hold none of its values
SELECT path, other, registry.search_json(public.search('{30201-0000001-1}', path, other)) #>> '{message,error,code}', registry.search_json(public.search('{30201-0000001-1}', path, other)) #>> '{message,error,message}'
FROM (VALUES (1, '{header}'::text[], NULL::jsonb), (2, '{header}', '[]'), (3, '{message}', '7'), (4, '{header,version}', '"2.0.0"'), (5, '{header,is_msg_encrypted}', 'true'), (6, '{header,message_id}', NULL),
	(7, '{header,message_id}', to_jsonb(repeat('x', 100))), (8, '{header,sender_id}', '{"a": 1}'), (9, '{header,message_ts}', '"yesterday"'), (10, '{message,transaction_id}', '""'),
	(11, '{header,action}', '"subscribe"'), (12, '{header,action}', NULL), (13, '{header,total_count}', '2'), (14, '{message,search_request}', NULL), (15, '{message,search_request}', '{}'),
	(16, '{message,search_request}', '[]'), (17, '{message,search_request}', '[1, null, "x", []]'), (18, '{message,search_request,0,search_criteria}', NULL),
	(19, '{message,search_request,0,search_criteria,query,value}', '3020100000011'), (20, '{message,search_request,0,search_criteria,query,value}', to_jsonb(repeat('9', 5000))),
	(21, '{message,search_request,0,search_criteria,query}', '"30201-0000001-1"'), (22, '{message,search_request,0,search_criteria,query,type}', '"MOBILE"'),
	(23, '{message,search_request,0,search_criteria,reg_record_type}', '"spdci-extensions-dci:Member"'), (24, '{message,search_request,0,search_criteria,reg_type}', '"ns:org:RegistryType:Civil"'),
	(25, '{header,meta}', '{"agreement_id": 99999999999999999999999}'), (26, '{header,meta}', '{"agreement_id": "1; DROP TABLE"}'),
	(27, '{message,search_request}', (SELECT jsonb_agg(i) FROM generate_series(1, 5001) AS i))) AS v (no, path, other)
WHERE length(other::text) < 5000 OR other IS NULL ORDER BY no;
SELECT registry.search_json(public.search('{30201-0000001-1}', '{message,search_request}', (SELECT jsonb_agg(i) FROM generate_series(1, 5001) AS i))) #> '{message,error}';
SELECT public.shown(registry.search_json(v)) FROM (VALUES ('null'::jsonb), ('[]'), ('7'), ('{}'), (NULL)) AS v (v);
SELECT path, registry.search_json(public.status(:'b_id', path, other)) #> '{message,error}'
FROM (VALUES ('{message,txnstatus_request}'::text[], NULL::jsonb), ('{message,txnstatus_request}', '[]'), ('{message,txnstatus_request,txn_type}', '"subscribe"'),
	('{message,txnstatus_request,attribute_type}', '"transaction_id"'), ('{message,txnstatus_request,attribute_value}', '"30201-0000001-1"'),
	('{message,txnstatus_request,attribute_value}', to_jsonb(gen_random_uuid()))) AS v (path, other);
-- anything anywhere in a message is answered, and none of it repeated
WITH RECURSIVE place AS (
	SELECT '{}'::text[] AS path, m AS value, m AS message FROM (VALUES (public.search('{30201-0000001-1}')), (public.status(:'b_id'))) AS v (m)
	UNION ALL
	SELECT p.path || c.key, c.value, p.message
	FROM place AS p CROSS JOIN LATERAL (
		SELECT e.key, e.value FROM jsonb_each(CASE jsonb_typeof(p.value) WHEN 'object' THEN p.value ELSE '{}' END) AS e
		UNION ALL
		SELECT (e.no - 1)::text, e.value FROM jsonb_array_elements(CASE jsonb_typeof(p.value) WHEN 'array' THEN p.value ELSE '[]' END) WITH ORDINALITY AS e (value, no)) AS c
), answered AS (
	SELECT registry.search_json(jsonb_set(p.message, p.path, o.other))::text AS answer
	FROM place AS p
	CROSS JOIN (VALUES ('null'::jsonb), ('true'), ('-1'), ('1e300'), ('0.5'), ('""'), ('"Zainab"'), ('"30201-0000001-1"'), ('[]'), ('{}'), ('[[[null]]]'), ('{"type": {"a": [1]}, "value": "Zainab"}'),
		(to_jsonb(repeat('Zainab', 1000))), ('"2025-02-30T25:00:00Z"'), ('"%s\\n''"')) AS o (other)
	WHERE p.path <> '{}'
)
SELECT count(*) > 500 AS many, count(*) FILTER (WHERE answer !~ '"ack_status": "(ACK|ERR)"' AND answer !~ '"search_response"') AS no_answer,
	count(*) FILTER (WHERE answer ~ 'unavailable') AS caught,
	count(*) FILTER (WHERE answer ~ 'Zainab' AND answer !~ '"receiver_id": "Zainab"' AND answer !~ '"transaction_id": "Zainab"') AS repeated
FROM answered;
-- in a transaction that cannot log, or does not see what ended
BEGIN READ ONLY;
SELECT registry.search_json(public.search('{30201-0000001-1}')) #> '{message,error}';
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT registry.search_json(public.search('{30201-0000001-1}')) #> '{message,error}';
ROLLBACK;
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT agreement_id, entry, event, count FROM nser.read_log WHERE entry < 4 ORDER BY 1, 2;
-- of two agreements one is named; without one there is none
SELECT pg_temp.agree('regress_partner_b', 'score', '{"attributes": ["score"]}') AS c \gset
SELECT pg_temp.serve(:c) AS c_release \gset
SET SESSION AUTHORIZATION regress_partner_b;
SELECT registry.search_json(public.search('{30201-0000001-1}')) #> '{message,error}';
SELECT registry.search_json(public.search('{30201-0000001-1}', '{header,meta}', jsonb_build_object('agreement_id', :c))) #> '{message,ack_status}';
SELECT registry.search_json(public.search('{30201-0000001-1}', '{header,meta}', jsonb_build_object('agreement_id', :a))) #> '{message,error}';
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
ALTER TABLE nser.agreement DISABLE TRIGGER USER;
UPDATE nser.agreement SET ended_at = now(), end_reason = 'ended';
ALTER TABLE nser.agreement ENABLE TRIGGER USER;
SET SESSION AUTHORIZATION regress_partner_b;
SELECT registry.search_json(public.search('{30201-0000001-1}')) #> '{message,error}';
SELECT public.shown(registry.search_json(public.status(:'b_id')));
-- a household by name is not for partners
\set VERBOSITY sqlstate
SELECT registry.subject_json('30201-0000001-1');
\set VERBOSITY default
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT jsonb_pretty(registry.subject_json('30201-0000001-1', 'hies-2015-demo'));
SELECT registry.subject_json('30201-0000002-2');
SELECT registry.subject_json('30201-0009999-1');
SELECT r, registry.dci_relationship(r, 'male'), registry.dci_relationship(r, 'female'), registry.dci_relationship(r, 'transgender'), registry.dci_relationship(r, NULL) FROM unnest(enum_range(NULL::registry.relationship)) AS r;
RESET ROLE;
DROP FUNCTION public.search(text[], text[], jsonb), public.status(text, text[], jsonb), public.shown(jsonb);

\set ECHO none
\i test/sharing/end.sql
DROP OWNED BY regress_partner_a, regress_partner_b;
DROP ROLE regress_partner_a, regress_partner_b;
