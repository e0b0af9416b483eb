--
-- Attack: COPY, cursors and prepared statements, before a list is opened and after it was revoked.
--
\set ECHO none
\i test/sharing/list.sql
\set ECHO all
SET SESSION AUTHORIZATION regress_partner_a;
-- nothing before it is opened, by whatever way
COPY (SELECT * FROM share.regress_partner_a_1) TO STDOUT;
COPY share.regress_partner_a_1 TO STDOUT;
COPY release.r1 TO STDOUT;
\set VERBOSITY sqlstate
COPY (SELECT * FROM share.regress_partner_a_1) TO PROGRAM 'cat';
\set VERBOSITY terse
BEGIN;
DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT name FROM share.regress_partner_a_1;
FETCH ALL FROM c;
COMMIT;
FETCH BACKWARD ALL FROM c;
CLOSE c;
CREATE TEMP TABLE kept AS SELECT * FROM share.regress_partner_a_1;
SELECT count(*) FROM kept;
SELECT query_to_xml('SELECT * FROM share.regress_partner_a_1', false, false, '')::text ~ '<row' AS by_xml;
PREPARE p AS SELECT count(*) > 0 AS shown FROM share.regress_partner_a_1;
EXECUTE p;
SET plan_cache_mode = force_generic_plan;
PREPARE q AS SELECT count(*) > 0 AS shown FROM share.regress_partner_a_1;
EXECUTE q;
-- a cursor that was open when the list was opened by its own transaction
BEGIN;
DECLARE c CURSOR FOR SELECT name FROM share.regress_partner_a_1;
SELECT registry.open_list(:a, 'payments') IS NOT NULL AS opened;
FETCH ALL FROM c;
COMMIT;
-- on record, it is shown, by each
EXECUTE p;
EXECUTE q;
COPY (SELECT count(*) > 0 FROM share.regress_partner_a_1) TO STDOUT;
BEGIN;
DECLARE c CURSOR FOR SELECT count(*) > 0 AS shown FROM share.regress_partner_a_1;
FETCH ALL FROM c;
COMMIT;

-- revoked: what was prepared is refused, as it is asked for its rights again
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.revoke(:a, 'revoked');
SET SESSION AUTHORIZATION regress_partner_a;
EXECUTE p;
EXECUTE q;
COPY (SELECT * FROM share.regress_partner_a_1) TO STDOUT;
DECLARE c CURSOR WITH HOLD FOR SELECT name FROM share.regress_partner_a_1;

-- a view that does not ask, and keeps its rights: what was prepared goes on
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
CREATE VIEW share.weak WITH (security_barrier = true) AS SELECT * FROM release.r1;
GRANT SELECT ON share.weak TO regress_partner_a;
SET SESSION AUTHORIZATION regress_partner_a;
PREPARE w AS SELECT count(*) > 0 AS shown FROM share.weak;
EXECUTE w;
BEGIN;
DECLARE c CURSOR FOR SELECT count(*) > 0 AS shown FROM share.weak;
FETCH ALL FROM c;
COMMIT;
COPY (SELECT count(*) > 0 FROM share.weak) TO STDOUT;

\set ECHO none
\i test/sharing/unlist.sql
