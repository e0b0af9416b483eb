--
-- Publishing and revoking: from an agreement to a partner's view, and what is refused.
--
\set ECHO none
\set people 3000
\set VERBOSITY terse
\set SHOW_CONTEXT never
\i test/sharing/begin.sql
\i test/sharing/families.sql
RESET ROLE;
CREATE ROLE regress_partner_a;
CREATE ROLE regress_partner_b;
CREATE ROLE regress_partner_c;
CREATE ROLE regress_reader;
SET ROLE regress_owner;
\set ECHO all
SELECT pg_temp.agree('regress_partner_a', 'beneficiary_list', '{"programme": "kafaalat"}') AS a \gset
SELECT pg_temp.agree('regress_partner_b', 'beneficiary_dimensions', '{"programme": "kafaalat", "with_cnic": true, "attributes": ["sex", "rooms", "area", "score_band"], "level": "district"}') AS b \gset
SELECT pg_temp.agree('regress_partner_c', 'score', '{"quota": 10}') AS c \gset

-- by who has the duty; nobody else may
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.publish(:a) AS r_a \gset
SELECT nser.publish(:b) AS r_b \gset
SELECT nser.publish(:c) AS r_c \gset
SELECT registry.publish(:a);
SET SESSION AUTHORIZATION regress_partner_a;
SELECT nser.publish(:a);
SELECT registry.publish(:a);
RESET SESSION AUTHORIZATION;
SELECT registry.publish(:a);
SET ROLE regress_owner;
SELECT release_id, release_no, state, relation, view, rows, persons, rows > households AS of_families, checks FROM nser.release ORDER BY 1;
SELECT definition ->> 'version' AS version, definition -> 'request' ->> 'programme' AS programme, definition -> 'policy' ->> 'k' AS k FROM nser.release ORDER BY release_id LIMIT 1;
\d share.regress_partner_a_1
SELECT a.attname, a.atttypid::regtype, col_description(a.attrelid, a.attnum) FROM pg_attribute AS a WHERE a.attrelid = 'share.regress_partner_b_2'::regclass AND a.attnum > 0 ORDER BY a.attnum;
SELECT c.relname, c.reloptions, 
	(SELECT string_agg(concat_ws(' ', nullif(x.grantee, 0)::regrole, x.privilege_type), ', ' ORDER BY x.grantee::regrole::text) FROM aclexplode(c.relacl) AS x WHERE x.grantee <> c.relowner) AS rights,
	regexp_replace(obj_description(c.oid), '\d{4}-\d\d-\d\d', 'DATE', 'g') AS comment
FROM pg_class AS c WHERE c.relnamespace = 'share'::regnamespace AND c.relkind = 'v' ORDER BY 1;
-- what is listed is who is enrolled, by name
SELECT count(*) AS rows, count(*) FILTER (WHERE e.household_id IS NULL) AS strangers, count(DISTINCT (r.name, r.address, r.cnic)) AS people
FROM release.r2 AS r
LEFT JOIN (nser.member AS m JOIN nser.household AS h USING (household_id) JOIN nser.enrolment AS e ON e.household_id = m.household_id AND e.line = m.line AND e.exited_on IS NULL)
	ON m.cnic::bigint IS NOT DISTINCT FROM r.cnic::bigint AND m.name = r.name AND h.address IS NOT DISTINCT FROM r.address;
SELECT poverty_level, score_band, count(*) FROM release.r2 GROUP BY 1, 2 ORDER BY 1;
SELECT registry.level(area), count(*) > 0 AS some FROM release.r2 GROUP BY 1;
SELECT count(*) AS households, sum(cardinality(lines)) AS persons FROM nser.release_subject WHERE release_id = :r_a;

-- the partner: nothing before the list is opened, in another transaction, and why is said
SET SESSION AUTHORIZATION regress_partner_a;
SELECT agreement_id, category, valid_until - valid_from AS days, in_force, end_reason, release_no, released_on = registry.today() AS of_today, view, rows, open_until FROM share.my_agreements;
SELECT count(*) FROM share.regress_partner_a_1;
SELECT registry.open_list(:a, ' ');
SELECT registry.open_list(:a, NULL);
\set VERBOSITY sqlstate
SELECT registry.open_list(:b, 'payments');
SELECT registry.open_list(NULL, 'payments');
SELECT registry.open_list(99, 'payments');
\set VERBOSITY terse
BEGIN;
SELECT registry.open_list(:a, 'payments') IS NOT NULL AS opened;
SELECT count(*) AS in_its_own_transaction FROM share.regress_partner_a_1;
SAVEPOINT s;
SELECT registry.open_list(:a, 'payments') IS NOT NULL AS opened;
RELEASE s;
SELECT count(*) AS nor_by_a_savepoint FROM share.regress_partner_a_1;
ROLLBACK;
SELECT count(*) AS rolled_back FROM share.regress_partner_a_1;
SELECT registry.open_list(:a, 'payments of the quarter') IS NOT NULL AS opened;
SELECT count(*) AS opened FROM share.regress_partner_a_1;
SELECT open_until > now() + interval '59 minutes' AS for_an_hour FROM share.my_agreements;
SELECT count(*) FROM share.regress_partner_b_2;
SELECT count(*) FROM release.r1;
SELECT count(*) FROM nser.release_key;
INSERT INTO nser.list_opening (agreement_id, release_id, why) VALUES (:a, :r_a, 'mine');
DELETE FROM share.regress_partner_a_1;
-- a score service has no view
SET SESSION AUTHORIZATION regress_partner_c;
SELECT agreement_id, category, in_force, release_no, view, rows FROM share.my_agreements;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT event, login, release_id = :r_a AS of_a, count, ticket IS NOT NULL AS has_ticket FROM nser.read_log WHERE agreement_id = :a ORDER BY event DESC;
-- nobody else sees rows by that view, not the owner, nor a member of the partner's role
SELECT count(*) AS by_the_owner FROM share.regress_partner_a_1;
RESET ROLE;
GRANT regress_partner_a TO regress_reader;
SET SESSION AUTHORIZATION regress_reader;
SELECT count(*) AS by_a_member FROM share.regress_partner_a_1;
SELECT count(*) AS agreements_of_a_member FROM share.my_agreements;
RESET SESSION AUTHORIZATION;
REVOKE regress_partner_a FROM regress_reader;
SET ROLE regress_owner;

-- the next release, under the same view, which has to be opened anew; what the partner has over it stays
SET SESSION AUTHORIZATION regress_partner_a;
CREATE TEMP VIEW mine AS SELECT name FROM share.regress_partner_a_1;
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.publish(:a);
UPDATE nser.enrolment SET exited_on = registry.today();
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
UPDATE nser.enrolment SET exited_on = registry.today(), exit_reason = 'withdrew' WHERE household_id % 100 = 0;
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.refresh(:a) > :r_a AS is_next;
SET SESSION AUTHORIZATION regress_partner_a;
SELECT count(*) AS before_it_is_opened FROM share.regress_partner_a_1;
SELECT registry.open_list(:a, 'payments of the quarter') IS NOT NULL AS opened;
SELECT count(*) = (SELECT rows FROM share.my_agreements) AS opened, count(*) < 400 AS fewer FROM share.regress_partner_a_1;
SELECT count(*) = (SELECT rows FROM share.my_agreements) AS by_its_own_view FROM mine;
SELECT release_no FROM share.my_agreements;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT release_no, state FROM nser.release WHERE agreement_id = :a ORDER BY 1;

-- whose duty is over ends nothing, though it may still run what it could
SELECT registry.grant_duty('regress_extractor', 'extractor', '[2020-01-01,2021-01-01)');
SELECT pg_temp.as_login('regress_extractor', format('SELECT nser.revoke(%s, ''revoked'')', :a));
SELECT registry.grant_duty('regress_extractor', 'extractor');

-- the end, by another transaction too: no right, no view
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.revoke(:a, 'because');
SELECT nser.revoke(99, 'revoked');
SELECT nser.revoke(:a, 'revoked'), nser.revoke(:a, 'revoked') AS again;
\set VERBOSITY sqlstate
SELECT nser.refresh(:a);
SET SESSION AUTHORIZATION regress_partner_a;
SELECT count(*) FROM share.regress_partner_a_1;
\set VERBOSITY terse
SELECT count(*) FROM mine;
SELECT in_force, end_reason, view, rows FROM share.my_agreements;
\set VERBOSITY sqlstate
SELECT registry.open_list(:a, 'once more');
\set VERBOSITY terse
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT release_no, state FROM nser.release WHERE agreement_id = :a ORDER BY 1;
SELECT to_regclass('share.regress_partner_a_1') IS NULL AS no_view, to_regclass('release.r1') IS NOT NULL AS kept_for_the_record;

-- what is not published
SELECT pg_temp.agree('regress_partner_a', 'beneficiary_list', '{"programme": "kafaalat"}') AS n \gset
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.refresh(:n);
\set VERBOSITY sqlstate
SELECT nser.publish(NULL);
SELECT nser.publish(99);
\set VERBOSITY terse
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
BEGIN;
CREATE TABLE share.regress_partner_a_4 ();
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.publish(:n);
ROLLBACK;
BEGIN;
DELETE FROM nser.share_policy;
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.publish(:n);
ROLLBACK;
BEGIN;
SELECT pg_temp.set_period(:n, daterange(registry.today() - 9, registry.today()));
SET SESSION AUTHORIZATION regress_extractor;
\set VERBOSITY sqlstate
SELECT nser.publish(:n);
ROLLBACK;
\set VERBOSITY default
-- a column that nobody agreed to: a maker that shows the telephone
BEGIN;
RESET ROLE;
CREATE OR REPLACE FUNCTION registry.make_list(release_id bigint, OUT rows bigint, OUT persons bigint, OUT households bigint, OUT losses jsonb, OUT checks jsonb)
	LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TABLE release.r%s AS SELECT m.name, h.address, h.phone FROM nser.member AS m JOIN nser.household AS h USING (household_id)', make_list.release_id);
END $$;
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.publish(:n);
ROLLBACK;
-- logins with more than share views, each reason by itself
CREATE FUNCTION pg_temp.reasons() RETURNS SETOF text LANGUAGE sql AS 'SELECT registry.partner_beyond(''regress_partner_a'') ORDER BY 1';
SELECT * FROM pg_temp.reasons();
BEGIN;
RESET ROLE;
ALTER ROLE regress_partner_a BYPASSRLS CREATEROLE REPLICATION;
GRANT USAGE, CREATE ON SCHEMA nser TO regress_partner_a;
GRANT USAGE ON SCHEMA release TO PUBLIC;
GRANT CREATE ON SCHEMA share, registry TO regress_reader;
GRANT regress_reader, regress_partner_b, pg_read_all_stats TO regress_partner_a;
GRANT SELECT (area) ON nser.household TO regress_reader;
CREATE VIEW public.regress_all AS SELECT * FROM nser.household_profile;
GRANT SELECT ON public.regress_all TO regress_partner_a;
SELECT * FROM pg_temp.reasons();
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.publish(:n);
ROLLBACK;
BEGIN;
RESET ROLE;
GRANT regress_owner TO regress_reader;
GRANT regress_reader TO regress_partner_a;
SELECT * FROM pg_temp.reasons();
ROLLBACK;
BEGIN;
RESET ROLE;
CREATE FUNCTION public.regress_households() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM nser.household';
ALTER FUNCTION public.regress_households() OWNER TO regress_owner;
SELECT * FROM pg_temp.reasons();
ROLLBACK;
BEGIN;
RESET ROLE;
ALTER ROLE regress_partner_a SUPERUSER;
SELECT * FROM pg_temp.reasons();
ROLLBACK;
SELECT * FROM registry.partner_beyond('regress_nobody');
-- the owner: as a superuser, or who may become one
BEGIN;
RESET ROLE;
ALTER ROLE regress_owner SUPERUSER;
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.publish(:n);
ROLLBACK;
RESET SESSION AUTHORIZATION;
SELECT registry.publish(:n);
-- nothing was left of what was refused
SELECT count(*) AS releases FROM nser.release;
SELECT count(*) AS tables FROM pg_class WHERE relnamespace = 'release'::regnamespace AND relkind = 'r';

-- a score service can be called no more when the last of a login's has ended, not before
SELECT pg_temp.agree('regress_partner_c', 'score', '{"quota": 20}') AS c_too \gset
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.publish(:c_too) > 0 AS another, nser.revoke(:c, 'revoked');
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT count(*) AS still FROM pg_proc AS p WHERE p.pronamespace = 'share'::regnamespace AND p.proname IN ('request_scores', 'read_scores', 'search_json') AND has_function_privilege('regress_partner_c', p.oid, 'EXECUTE');
SELECT registry.revoke(:c_too);
SELECT count(*) AS no_more FROM pg_proc AS p WHERE p.pronamespace = 'share'::regnamespace AND has_function_privilege('regress_partner_c', p.oid, 'EXECUTE');
-- a chain of views that is too deep for DROP keeps no agreement: its rights are gone, and what is left shows nothing
SELECT registry.share_view_name('upload', 6), registry.share_view_name('uploads', 6), registry.share_view_name(repeat('x', 62)::name, 6);
RESET ROLE;
SET max_stack_depth = '300kB';		-- of thousands, with what a server has
SET SESSION AUTHORIZATION regress_partner_b;
DO $$ BEGIN
	CREATE TEMP VIEW v0 AS SELECT name FROM share.regress_partner_b_2;
	FOR i IN 1 .. 1000 LOOP
		EXECUTE format('CREATE TEMP VIEW v%s AS SELECT name FROM v%s', i, i - 1);
	END LOOP;
END $$;
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.revoke(:b, 'revoked');
SET SESSION AUTHORIZATION regress_partner_b;
\set VERBOSITY sqlstate
SELECT count(*) FROM share.regress_partner_b_2;
SELECT count(*) FROM v0;
\set VERBOSITY terse
DO $$ BEGIN
	FOR i IN REVERSE 1000 .. 0 LOOP
		EXECUTE format('DROP VIEW v%s', i);
	END LOOP;
END $$;
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.revoke(:b, 'revoked') AS again;
RESET SESSION AUTHORIZATION;
RESET max_stack_depth;
SET ROLE regress_owner;
SELECT state, to_regclass('share.regress_partner_b_2') IS NULL AS no_view FROM nser.release WHERE release_id = :r_b;

\set ECHO none
\i test/sharing/end.sql
DROP ROLE regress_partner_a, regress_partner_b, regress_partner_c, regress_reader;
