--
-- Attack: SET ROLE, memberships, and default privileges.
--
\set ECHO none
\i test/sharing/list.sql
\set ECHO all
SET SESSION AUTHORIZATION regress_partner_a;
SELECT registry.open_list(:a, 'payments') IS NOT NULL AS opened;
SELECT count(*) > 30 AS names, (SELECT count(*) FROM share.regress_partner_a_2) AS cells FROM share.regress_partner_a_1;
SET SESSION AUTHORIZATION regress_partner_b;
SET ROLE regress_owner;
SET ROLE regress_partner_a;
SET ROLE regress_extractor;
SELECT set_config('role', 'regress_owner', false);
-- a member of the partner's role, by SET ROLE or without, is not who it was given to
RESET SESSION AUTHORIZATION;
GRANT regress_partner_a TO regress_partner_b;
SET SESSION AUTHORIZATION regress_partner_b;
SELECT count(*) AS names, (SELECT count(*) FROM share.regress_partner_a_2) AS cells FROM share.regress_partner_a_1;
SET ROLE regress_partner_a;
SELECT session_user, current_user, count(*) AS names, (SELECT count(*) FROM share.regress_partner_a_2) AS cells FROM share.regress_partner_a_1;
SELECT count(*) AS agreements FROM share.my_agreements;
\set VERBOSITY sqlstate
SELECT registry.open_list(:a, 'payments');
\set VERBOSITY terse
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
CREATE VIEW share.weak WITH (security_barrier = true) AS SELECT r.name FROM release.r1 AS r
	WHERE EXISTS (SELECT FROM nser.agreement AS a JOIN nser.organization AS o USING (organization_id) WHERE a.agreement_id = 1 AND o.login = CURRENT_USER);
GRANT SELECT ON share.weak TO regress_partner_a;
SET SESSION AUTHORIZATION regress_partner_b;
SET ROLE regress_partner_a;
SELECT session_user, current_user, count(*) > 30 AS shown FROM share.weak;
-- nor is anything published to her while she is a member
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
DROP VIEW share.weak;
SELECT pg_temp.agree('regress_partner_b', 'beneficiary_list', '{"programme": "kafaalat"}') AS b \gset
SET SESSION AUTHORIZATION regress_extractor;
\set VERBOSITY default
SELECT nser.publish(:b);
\set VERBOSITY terse
RESET SESSION AUTHORIZATION;
REVOKE regress_partner_a FROM regress_partner_b;

-- default privileges of the owner, everywhere and in these schemas, are undone
SET ROLE regress_owner;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO regress_partner_a;
ALTER DEFAULT PRIVILEGES IN SCHEMA release GRANT SELECT ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA share GRANT SELECT ON TABLES TO regress_partner_a WITH GRANT OPTION;
CREATE TABLE release.weak (name text);
CREATE VIEW share.weak AS SELECT * FROM release.weak;
CREATE VIEW pg_temp.readers AS
	SELECT c.oid::regclass::text AS relation, count(*) FILTER (WHERE r.rolname LIKE 'regress_partner_%') AS partners, count(*) > 2 AS others
	FROM pg_class AS c CROSS JOIN pg_roles AS r
	WHERE c.relnamespace IN ('share'::regnamespace, 'release'::regnamespace) AND c.relkind IN ('r', 'v') AND c.relname <> 'my_agreements'
	AND NOT r.rolsuper AND r.oid > 16383 AND r.rolname <> 'regress_owner' AND has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
	GROUP BY 1;
SELECT relation, partners, others FROM pg_temp.readers ORDER BY relation COLLATE "C";
DROP VIEW share.weak;
DROP TABLE release.weak;
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.publish(:b) > 0 AS published;
RESET SESSION AUTHORIZATION;
SELECT relation, partners, has_table_privilege('regress_partner_a', relation, 'SELECT') AS by_a, has_table_privilege('regress_partner_b', relation, 'SELECT') AS by_b,
	has_table_privilege('regress_partner_b', relation, 'SELECT WITH GRANT OPTION') AS on_by_b
FROM pg_temp.readers ORDER BY relation COLLATE "C";
-- what cannot be undone is refused
GRANT regress_owner TO regress_partner_b;
SET SESSION AUTHORIZATION regress_extractor;
\set VERBOSITY default
SELECT nser.refresh(:b);
RESET SESSION AUTHORIZATION;
REVOKE regress_owner FROM regress_partner_b;
GRANT pg_read_all_data TO regress_partner_b;
SET SESSION AUTHORIZATION regress_extractor;
\set VERBOSITY terse
SELECT nser.refresh(:b);
RESET SESSION AUTHORIZATION;
REVOKE pg_read_all_data FROM regress_partner_b;
-- and what is granted otherwise than by default privileges
SET ROLE regress_owner;
BEGIN;
CREATE TABLE release.weak (name text, address text);
GRANT SELECT (address) ON release.weak TO regress_extractor;
\set VERBOSITY default
SELECT registry.close_relation('release.weak', 'regress_partner_b');
\set VERBOSITY terse
ROLLBACK;
-- the partner gives nothing on
SET SESSION AUTHORIZATION regress_partner_b;
SET client_min_messages = warning;
GRANT SELECT ON share.regress_partner_b_3 TO regress_partner_a;
SET client_min_messages = notice;
SELECT has_table_privilege('regress_partner_a', 'share.regress_partner_b_3', 'SELECT') AS given;

\set ECHO none
\i test/sharing/unlist.sql
