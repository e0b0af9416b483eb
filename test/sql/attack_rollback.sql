--
-- Attack: ask for a score, learn it, and roll back what says so
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
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
SET ROLE regress_owner;
SELECT pg_temp.agree('regress_partner_a', 'score', '{"attributes": ["score"], "quota": 100}') AS a \gset
SELECT pg_temp.serve(:a) AS a_release \gset
-- what anybody may see of the work of a session, of which only what is added counts
RESET ROLE;
CREATE VIEW public.work AS
	SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FILTER (WHERE relname IN ('identity', 'member', 'household', 'survey', 'score')) AS people,
		sum(n_tup_ins) FILTER (WHERE relname = 'score_answer') AS answers
	FROM pg_stat_xact_all_tables WHERE schemaname = 'nser';
GRANT SELECT ON public.work TO regress_partner_a;

-- in the transaction that asks nothing is told, and nothing is done by which the registered could be told from others
SET SESSION AUTHORIZATION regress_partner_a;
BEGIN;
SELECT * FROM public.work \gset
SELECT registry.request_scores(:a, '{30201-0000001-1}') AS ticket \gset
SELECT people - :people AS people_read, answers - :answers AS answers FROM public.work;
SELECT * FROM registry.read_scores(:'ticket');
ROLLBACK;
BEGIN;
SELECT * FROM public.work \gset
SELECT registry.request_scores(:a, '{30201-0009999-9}') AS ticket \gset
SELECT people - :people AS people_read, answers - :answers AS answers FROM public.work;
ROLLBACK;
SELECT * FROM registry.read_scores(:'ticket');
-- nor with savepoints: a subtransaction that has ended is still the same transaction
BEGIN;
SAVEPOINT s;
SELECT registry.request_scores(:a, '{30201-0000001-1}') AS ticket \gset
RELEASE SAVEPOINT s;
SAVEPOINT t;
SELECT * FROM registry.read_scores(:'ticket');
ROLLBACK TO SAVEPOINT t;
SELECT registry.search_json(jsonb_build_object('header', '{"message_id": "m", "message_ts": "2025-03-01T09:00:05Z", "action": "txn-status", "sender_id": "s"}'::jsonb, 'message',
	jsonb_build_object('transaction_id', 't', 'txnstatus_request', jsonb_build_object('txn_type', 'search', 'attribute_type', 'correlation_id', 'attribute_value', :'ticket')))) #>> '{message,error,code}' AS by_json;
ROLLBACK;
-- nor in blocks, with exceptions that are caught
DO $$
DECLARE
	ticket	uuid;
	told	text;
BEGIN
	BEGIN
		ticket := registry.request_scores(1, '{30201-0000001-1}');
	EXCEPTION WHEN division_by_zero THEN
		NULL;
	END;
	BEGIN
		SELECT s.status INTO told FROM registry.read_scores(ticket) AS s;
	EXCEPTION WHEN OTHERS THEN
		told := SQLSTATE;
	END;
	RAISE NOTICE 'told: %', told;
	RAISE EXCEPTION 'take it all back';
END $$;
-- a transaction of its own, inside a procedure, is another one; and it has committed
DO $$
DECLARE
	ticket	uuid;
	told	text;
BEGIN
	ticket := registry.request_scores(1, '{30201-0000001-1}');
	COMMIT;
	SELECT s.status INTO told FROM registry.read_scores(ticket) AS s;
	RAISE NOTICE 'told: %', told;
	ROLLBACK;
END $$;
-- so for what was told there is an entry, of what was rolled back there is none; and the charge
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT entry, event, login, count FROM nser.read_log;
SELECT used FROM nser.quota_use;
-- the reading was rolled back, and the person's record has it all the same
SELECT count(*) AS answers FROM nser.score_answer;
SELECT access, organization, times FROM registry.subject_access('30201-0000001-1');
-- to ask, read and roll back the reading, again and again, from a cursor too, takes nothing back
SET SESSION AUTHORIZATION regress_partner_a;
SELECT registry.request_scores(:a, '{30201-0000001-2}') AS ticket \gset
BEGIN;
DECLARE told CURSOR FOR SELECT * FROM registry.read_scores(:'ticket');
FETCH told;
ROLLBACK;
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT access, organization, times FROM registry.subject_access('30201-0000001-2');
SELECT registry.settle_tickets() AS settled;
SELECT access, organization, times FROM registry.subject_access('30201-0000001-2') ORDER BY 1;
SELECT * FROM registry.verify_read_log();
-- nor does a score that goes before the reading is done again: she was asked for, and stays on record
SET SESSION AUTHORIZATION regress_partner_a;
SELECT registry.request_scores(:a, '{30201-0000002-2}') AS ticket \gset
BEGIN;
SELECT status, score FROM registry.read_scores(:'ticket');
ROLLBACK;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
UPDATE nser.score SET score = 40 WHERE household_id = 2;
-- what is not promised: until a reading commits, within the hour, the next is of the score as it is then
SET SESSION AUTHORIZATION regress_partner_a;
BEGIN;
SELECT status, score FROM registry.read_scores(:'ticket');
ROLLBACK;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
DELETE FROM nser.score WHERE household_id = 2;
SELECT registry.settle_tickets() AS settled;
SELECT access, organization, times FROM registry.subject_access('30201-0000002-2');
-- where a job looks up it has committed before anybody reads, and nothing is read twice
UPDATE nser.score_service SET by_job = true;
SET SESSION AUTHORIZATION regress_partner_a;
SELECT registry.request_scores(:a, '{30201-0000001-1}') AS ticket \gset
\set VERBOSITY sqlstate
SELECT status, score FROM registry.read_scores(:'ticket');
\set VERBOSITY default
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT registry.settle_tickets() AS settled;
SET SESSION AUTHORIZATION regress_partner_a;
BEGIN;
SELECT status, score FROM registry.read_scores(:'ticket');
ROLLBACK;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
UPDATE nser.score SET score = 50 WHERE household_id = 1;
SET SESSION AUTHORIZATION regress_partner_a;
SELECT status, score FROM registry.read_scores(:'ticket');
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
UPDATE nser.score_service SET by_job = false;
UPDATE nser.score SET score = 16.17 WHERE household_id = 1;

-- weakened: one call that logs, charges and answers
CREATE FUNCTION share.weak_score(agreement_id bigint, number text) RETURNS double precision LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	given	uuid := registry.take_score_request(weak_score.agreement_id, ARRAY[weak_score.number]);
BEGIN
	PERFORM registry.look_up_scores(given, weak_score.agreement_id, ARRAY[weak_score.number]);
	RETURN (SELECT s.score FROM nser.score_answer AS s WHERE s.ticket = given);
END $$;
SET SESSION AUTHORIZATION regress_partner_a;
BEGIN;
SELECT share.weak_score(:a, '30201-0000001-1');
ROLLBACK;
-- weakened: a ticket alone, but looked up when it is asked for
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
CREATE FUNCTION share.weak_ticket(agreement_id bigint, number text) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	given	uuid := registry.take_score_request(weak_ticket.agreement_id, ARRAY[weak_ticket.number]);
BEGIN
	PERFORM registry.look_up_scores(given, weak_ticket.agreement_id, ARRAY[weak_ticket.number]);
	RETURN given;
END $$;
SET SESSION AUTHORIZATION regress_partner_a;
BEGIN;
SELECT * FROM public.work \gset
SELECT share.weak_ticket(:a, '30201-0000001-1') IS NOT NULL AS registered;
SELECT people - :people > 0 AS people_read, answers - :answers AS answers FROM public.work;
ROLLBACK;
BEGIN;
SELECT * FROM public.work \gset
SELECT share.weak_ticket(:a, '30201-0009999-9') IS NOT NULL AS not_registered;
SELECT people - :people > 0 AS people_read, answers - :answers AS answers FROM public.work;
ROLLBACK;
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT max(entry) AS entries_of_all_that FROM nser.read_log;

RESET ROLE;
DROP VIEW public.work;
\set ECHO none
\i test/sharing/end.sql
DROP OWNED BY regress_partner_a;
DROP ROLE regress_partner_a;
