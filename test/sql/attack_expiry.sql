--
-- Attack: reading on after the last moment, in an open transaction, by a cursor, in a DO block.
--
\set ECHO none
\i test/sharing/list.sql
-- the last moment of a list that is open is one second from now; of an agreement it is midnight, by the same condition
CREATE PROCEDURE pg_temp.open_for_a_moment() LANGUAGE sql AS
	'UPDATE nser.list_opening SET opened_at = clock_timestamp() - interval ''1 hour'' + interval ''1 second''';
SET SESSION AUTHORIZATION regress_partner_a;
SELECT registry.open_list(:a, 'payments') AS ticket \gset
RESET SESSION AUTHORIZATION;
GRANT EXECUTE ON PROCEDURE pg_temp.open_for_a_moment() TO PUBLIC;
\set ECHO all
-- by statements of a transaction, and a cursor of it
RESET SESSION AUTHORIZATION;
CALL pg_temp.open_for_a_moment();
SET SESSION AUTHORIZATION regress_partner_a;
BEGIN;
DECLARE c CURSOR FOR SELECT 'a name' AS shown FROM share.regress_partner_a_1;
FETCH 1 FROM c;
SELECT count(*) > 30 AS shown FROM share.regress_partner_a_1;
SELECT pg_sleep(1.05);
FETCH 1 FROM c;
SELECT count(*) AS shown FROM share.regress_partner_a_1;
COMMIT;
-- in one statement, which sleeps between the rows
RESET SESSION AUTHORIZATION;
CALL pg_temp.open_for_a_moment();
SET SESSION AUTHORIZATION regress_partner_a;
SELECT count(*) BETWEEN 1 AND 5 AS shown_until_then FROM share.regress_partner_a_1 AS r, LATERAL (SELECT pg_sleep(0.4) FROM (SELECT r.name) AS x) AS slept;
-- in a DO block, at one time of statement
RESET SESSION AUTHORIZATION;
CALL pg_temp.open_for_a_moment();
SET SESSION AUTHORIZATION regress_partner_a;
DO $$
DECLARE
	shown	boolean[];
BEGIN
	shown := ARRAY[EXISTS (SELECT FROM share.regress_partner_a_1)];
	PERFORM pg_sleep(1.05);
	shown := shown || EXISTS (SELECT FROM share.regress_partner_a_1);
	RAISE INFO 'shown: %', shown;
END $$;
-- an agreement whose last day was yesterday, and one whose first is tomorrow, while the list is open
SELECT registry.open_list(:a, 'payments') IS NOT NULL AS opened;
SELECT count(*) > 30 AS shown FROM share.regress_partner_a_1;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT count(pg_temp.set_period(n, daterange(registry.today() - 9, registry.today()))) FROM unnest(ARRAY[:a, :cells]) AS n \g /dev/null
SET SESSION AUTHORIZATION regress_partner_a;
SELECT count(*) AS names, (SELECT count(*) FROM share.regress_partner_a_2) AS cells, (SELECT bool_or(in_force) FROM share.my_agreements) AS in_force FROM share.regress_partner_a_1;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT count(pg_temp.set_period(n, daterange(registry.today() + 1, registry.today() + 9))) FROM unnest(ARRAY[:a, :cells]) AS n \g /dev/null
SET SESSION AUTHORIZATION regress_partner_a;
SELECT count(*) AS names, (SELECT count(*) FROM share.regress_partner_a_2) AS cells, (SELECT bool_or(in_force) FROM share.my_agreements) AS in_force FROM share.regress_partner_a_1;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT count(pg_temp.set_period(n, daterange(registry.today(), registry.today() + 1))) FROM unnest(ARRAY[:a, :cells]) AS n \g /dev/null
SET SESSION AUTHORIZATION regress_partner_a;
SELECT count(*) > 30 AS names_on_the_last_day, (SELECT count(*) FROM share.regress_partner_a_2) AS cells FROM share.regress_partner_a_1;

-- the same view by the time of the transaction, and by that of the statement
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
\set ECHO none
SELECT format('CREATE VIEW share.weak WITH (security_barrier = true) AS %s', replace(replace(pg_get_viewdef('share.regress_partner_a_1'), 'clock_timestamp()', 'now()'), 'registry.is_before', 'now() < ')) \gexec
SELECT format('CREATE VIEW share.weak_too WITH (security_barrier = true) AS %s', replace(replace(pg_get_viewdef('share.regress_partner_a_1'), 'clock_timestamp()', 'statement_timestamp()'), 'registry.is_before', 'statement_timestamp() < ')) \gexec
\set ECHO all
GRANT SELECT ON share.weak, share.weak_too TO regress_partner_a;
RESET SESSION AUTHORIZATION;
CALL pg_temp.open_for_a_moment();
SET SESSION AUTHORIZATION regress_partner_a;
BEGIN;
DECLARE c CURSOR FOR SELECT 'a name' AS shown FROM share.weak;
FETCH 1 FROM c;
SELECT pg_sleep(1.05);
FETCH 1 FROM c;
SELECT count(*) > 30 AS shown FROM share.weak;
COMMIT;
RESET SESSION AUTHORIZATION;
CALL pg_temp.open_for_a_moment();
SET SESSION AUTHORIZATION regress_partner_a;
DO $$
DECLARE
	shown	boolean[];
BEGIN
	shown := ARRAY[EXISTS (SELECT FROM share.weak_too)];
	PERFORM pg_sleep(1.05);
	shown := shown || EXISTS (SELECT FROM share.weak_too);
	RAISE INFO 'shown: %', shown;
END $$;

\set ECHO none
\i test/sharing/unlist.sql
