--
-- Attack: ask for one number after another, until all who are registered are known
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
CREATE ROLE regress_public;
SET ROLE regress_owner;
-- for Lahore alone; household 2 is registered in Karachi
SELECT pg_temp.agree('regress_partner_a', 'score', '{"attributes": ["score"], "area": "PK617", "quota": 40}') AS a \gset
SELECT pg_temp.serve(:a) AS a_release \gset
SELECT registry.allow_public('regress_public', 'hies-2015-demo', 40, '0') AS front \gset

-- the score service: who is elsewhere, and who is nowhere, are answered alike, to the byte
SET SESSION AUTHORIZATION regress_partner_a;
SELECT registry.request_scores(:a, ARRAY['30201-0000002-2', '30201-0000009-9', 'no number']) AS ticket \gset
SELECT DISTINCT to_jsonb(s) - '{no,cnic}'::text[] AS told FROM registry.read_scores(:'ticket') AS s;
-- twenty more, and twenty, and no more today; all charged, found or not
SELECT registry.request_scores(:a, ARRAY(SELECT (3020100000000 + i)::text FROM generate_series(1, 20) AS i)) AS first \gset
SELECT count(*) AS asked, count(*) FILTER (WHERE status = 'found') AS found FROM registry.read_scores(:'first');
SELECT registry.request_scores(:a, ARRAY(SELECT (3020100000000 + i)::text FROM generate_series(21, 40) AS i));
SELECT registry.request_scores(:a, ARRAY(SELECT (3020100000000 + i)::text FROM generate_series(21, 37) AS i)) IS NOT NULL AS the_rest;
SELECT registry.request_scores(:a, '{3020100000038}');
-- what is refused says nothing of the number
SELECT registry.request_scores(:a, '{30201-0000001-1}');
-- tickets cannot be guessed, and another's is as good as none
SELECT count(*) FILTER (WHERE substr(t::text, 15, 1) = '4') AS random FROM (SELECT :'ticket'::uuid AS t) AS x;

-- the public: three answers, none of which is a score, and a count that nothing turns back
SET SESSION AUTHORIZATION regress_public;
DO $$
DECLARE
	found	text[] := '{}';
	asked	integer := 0;
	told	text;
BEGIN
	FOR i IN 1 .. 1000 LOOP
		-- each question in a transaction of its own that is rolled back
		BEGIN
			told := registry.public_status((3020100000000 + i)::text);
			RAISE EXCEPTION 'take it back';
		EXCEPTION
			WHEN raise_exception THEN
				asked := asked + 1;
				IF told <> 'not_registered' THEN
					found := found || (i || ' ' || told);
				END IF;
			WHEN SQLSTATE 'RG028' THEN
				EXIT;
		END;
	END LOOP;
	RAISE NOTICE '% questions answered: %', asked, found;
END $$;
BEGIN;
SELECT registry.public_status('30201-0000001-1');
ROLLBACK;
SELECT registry.public_status('30201-0000002-2');
-- nothing of the counter is the public's
\set VERBOSITY terse
SELECT setval(format('nser.public_count_%s_%s', :front, (registry.today() - '2000-01-01'::date) % 32)::regclass, 1);
SELECT registry.charge_public(:front, 1000000);
SELECT * FROM registry.public_use();
\set VERBOSITY default
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
-- what was asked is counted: the 40, and those that were refused
SELECT login, asked FROM registry.public_use();
SELECT sum(count) AS asked FROM nser.read_log;
-- yesterday's count is kept, and today's begins anew
SELECT setval(registry.day_counter('public_count_' || :front, registry.today() - 1)::regclass, (registry.today() - 1 - '2000-01-01'::date) * 1000000000::bigint + 7) > 0 AS yesterday;
SELECT setval(registry.day_counter('public_count_' || :front, registry.today())::regclass, (registry.today() - 32 - '2000-01-01'::date) * 1000000000::bigint + 40) > 0 AS of_32_days_ago;
SET SESSION AUTHORIZATION regress_public;
SELECT registry.public_status('30201-0000002-2');
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT registry.today() - day AS days_ago, asked FROM registry.public_use();

-- weakened: a counter in a table
CREATE TABLE nser.weak_count (asked integer);
INSERT INTO nser.weak_count VALUES (0);
CREATE FUNCTION share.weak_status(number text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE nser.weak_count SET asked = asked + 1;
	IF (SELECT c.asked > 40 FROM nser.weak_count AS c) THEN
		RAISE EXCEPTION USING ERRCODE = 'RG028', MESSAGE = 'the questions of the day are used';
	END IF;
	RETURN CASE WHEN EXISTS (SELECT FROM nser.identity AS i WHERE i.cnic::text = weak_status.number) THEN 'registered' ELSE 'not_registered' END;
END $$;
SET SESSION AUTHORIZATION regress_public;
DO $$
DECLARE
	asked	integer := 0;
BEGIN
	FOR i IN 1 .. 1000 LOOP
		BEGIN
			PERFORM share.weak_status((3020100000000 + i)::text);
			RAISE EXCEPTION 'take it back';
		EXCEPTION WHEN raise_exception THEN
			asked := asked + 1;
		END;
	END LOOP;
	RAISE NOTICE '% questions answered', asked;
END $$;
-- weakened: an answer that says why there is none
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
CREATE FUNCTION share.weak_score(number text) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT coalesce((SELECT CASE WHEN m.area OPERATOR(registry.<@) 'PK617' THEN 'found' ELSE 'not of your area' END FROM nser.member AS m WHERE m.cnic::text = weak_score.number), 'not_found');
END;
SET SESSION AUTHORIZATION regress_partner_a;
SELECT n, share.weak_score(n) FROM unnest('{30201-0000002-2,30201-0000009-9}'::text[]) AS n;

-- and, where partners' own sessions look up: the counters of the work that was done for who is elsewhere
SET SESSION AUTHORIZATION DEFAULT;
CREATE VIEW public.work AS SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) AS people FROM pg_stat_xact_all_tables WHERE schemaname = 'nser' AND relname IN ('identity', 'member');
GRANT SELECT ON public.work TO regress_partner_a;
SET ROLE regress_owner;
DELETE FROM nser.quota_use;
SET SESSION AUTHORIZATION regress_partner_a;
SET enable_seqscan = off;
SELECT registry.request_scores(:a, '{30201-0000002-2}') AS elsewhere, registry.request_scores(:a, '{30201-0000009-9}') AS nowhere \gset
BEGIN;
SELECT people FROM public.work \gset
SELECT status FROM registry.read_scores(:'elsewhere');
SELECT people - :people > 0 AS elsewhere_seen FROM public.work;
COMMIT;
BEGIN;
SELECT people FROM public.work \gset
SELECT status FROM registry.read_scores(:'nowhere');
SELECT people - :people > 0 AS nowhere_seen FROM public.work;
COMMIT;
-- which a job of the registry that looks up for them takes away
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
UPDATE nser.score_service SET by_job = true;
SET SESSION AUTHORIZATION regress_partner_a;
SELECT registry.request_scores(:a, '{30201-0000002-2}') AS elsewhere \gset
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT registry.settle_tickets() AS settled;
SET SESSION AUTHORIZATION regress_partner_a;
BEGIN;
SELECT people FROM public.work \gset
SELECT status FROM registry.read_scores(:'elsewhere');
SELECT people - :people > 0 AS elsewhere_seen FROM public.work;
COMMIT;

-- debug_print_plan is anybody's to set, and would show constants of foreign keys' own checks: no definer function leaves it on
SET SESSION AUTHORIZATION DEFAULT;
SELECT p.oid::regprocedure AS shows_plans FROM pg_proc AS p
WHERE p.prosecdef AND p.pronamespace IN ('share'::regnamespace, 'nser'::regnamespace) AND p.proname !~ '^weak_'
AND NOT coalesce('debug_print_plan=off' = ANY (p.proconfig), false);

DROP VIEW public.work;
\set ECHO none
\i test/sharing/end.sql
DROP OWNED BY regress_partner_a, regress_public;
DROP ROLE regress_partner_a, regress_public;
