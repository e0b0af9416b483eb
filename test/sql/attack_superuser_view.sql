--
-- Attack: views over views, by the rights of a superuser or of another partner.
--
\set ECHO none
\i test/sharing/list.sql
SELECT current_user AS superuser \gset
CREATE SCHEMA regress_chain;
GRANT USAGE, CREATE ON SCHEMA regress_chain TO regress_partner_a, regress_partner_b;
\set ECHO all
SET SESSION AUTHORIZATION regress_partner_a;
SELECT registry.open_list(:a, 'payments') IS NOT NULL AS opened;
-- a partner's own view over its share view, given to another: who is logged in is asked at the bottom
CREATE VIEW regress_chain.of_a AS SELECT name FROM share.regress_partner_a_1 UNION ALL SELECT count::text FROM share.regress_partner_a_2;
CREATE FUNCTION regress_chain.of_a() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM regress_chain.of_a';
GRANT SELECT ON regress_chain.of_a TO PUBLIC;
SELECT count(*) > 30 AS shown_to_a FROM regress_chain.of_a;
SET SESSION AUTHORIZATION regress_partner_b;
SELECT count(*) AS shown_to_b, regress_chain.of_a() AS by_a_definer_function FROM regress_chain.of_a;
-- a superuser's view over it
RESET SESSION AUTHORIZATION;
CREATE VIEW regress_chain.of_superuser AS SELECT * FROM regress_chain.of_a;
GRANT SELECT ON regress_chain.of_superuser TO regress_partner_b;
SET SESSION AUTHORIZATION regress_partner_b;
SELECT count(*) AS shown_to_b FROM regress_chain.of_superuser;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
CREATE VIEW share.weak WITH (security_barrier = true) AS SELECT r.name FROM release.r1 AS r
	WHERE EXISTS (SELECT FROM nser.agreement AS a WHERE a.agreement_id = 1 AND a.ended_at IS NULL);
GRANT SELECT ON share.weak TO regress_partner_a;
SET SESSION AUTHORIZATION regress_partner_a;
CREATE VIEW regress_chain.of_weak AS SELECT * FROM share.weak;
GRANT SELECT ON regress_chain.of_weak TO PUBLIC;
SET SESSION AUTHORIZATION regress_partner_b;
SELECT count(*) > 30 AS shown_to_b FROM regress_chain.of_weak;

-- a superuser's view of what is below: it shows everything, and nothing more is published to who reads it
RESET SESSION AUTHORIZATION;
DROP VIEW regress_chain.of_weak, share.weak;
CREATE VIEW regress_chain.below AS SELECT * FROM release.r1;
CREATE VIEW regress_chain.above AS SELECT * FROM regress_chain.below;
GRANT SELECT ON regress_chain.above TO regress_partner_b;
SET SESSION AUTHORIZATION regress_partner_b;
SELECT count(*) > 30 AS shown_to_b FROM regress_chain.above;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT pg_temp.agree('regress_partner_b', 'beneficiary_list', '{"programme": "kafaalat"}') AS b \gset
SELECT registry.partner_beyond('regress_partner_b');
SET SESSION AUTHORIZATION regress_extractor;
\set VERBOSITY default
SELECT nser.publish(:b);
\set VERBOSITY terse
-- what a superuser publishes, or an owner who is one, would be read by a superuser's rights
RESET SESSION AUTHORIZATION;
DROP SCHEMA regress_chain CASCADE;
SELECT registry.publish(:b);
ALTER SCHEMA release OWNER TO :superuser;
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.publish(:b);
RESET SESSION AUTHORIZATION;
ALTER SCHEMA release OWNER TO regress_owner;
BEGIN;
SELECT format('GRANT %I TO regress_owner', :'superuser') \gexec
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.publish(:b);
ROLLBACK;
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.publish(:b) > 0 AS published;

\set ECHO none
\i test/sharing/unlist.sql
