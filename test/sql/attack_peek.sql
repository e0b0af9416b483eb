--
-- Attack: a cheap function in WHERE, which is called for rows before they are judged.
--
\set ECHO none
\i test/sharing/list.sql
\set ECHO all
-- a list of which nothing is to be seen yet
SET SESSION AUTHORIZATION regress_partner_a;
CREATE TEMP TABLE seen (name text);
CREATE FUNCTION pg_temp.peek(name text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS 'BEGIN INSERT INTO seen VALUES (peek.name); RETURN true; END';
SELECT count(*) AS shown FROM share.regress_partner_a_1 WHERE pg_temp.peek(name);
SELECT count(*) AS shown FROM share.regress_partner_a_1 AS a JOIN share.regress_partner_a_1 AS b ON pg_temp.peek(a.name || b.name);
SELECT count(*) AS shown FROM (SELECT 1) AS one LEFT JOIN share.regress_partner_a_1 AS a ON pg_temp.peek(a.name) WHERE a.name IS NOT NULL;
SELECT name FROM share.regress_partner_a_1 WHERE pg_temp.peek(name) ORDER BY pg_temp.peek(address) LIMIT 1;
SELECT count(*) AS peeked FROM seen;

-- the same rows, hidden by a condition a row and without a barrier
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
CREATE VIEW share.weak AS SELECT r.name, r.address, r.poverty_level, r.cnic FROM release.r1 AS r
	WHERE EXISTS (SELECT FROM nser.list_opening AS t WHERE t.login = SESSION_USER AND r.name IS NOT NULL);
GRANT SELECT ON share.weak TO regress_partner_a;
SET SESSION AUTHORIZATION regress_partner_a;
SELECT count(*) AS shown FROM share.weak WHERE pg_temp.peek(name);
SELECT count(*) > 30 AS peeked FROM seen;
RESET SESSION AUTHORIZATION;
SELECT count(*) AS not_of_the_list FROM seen WHERE name NOT IN (SELECT name FROM release.r1);
-- with a barrier they are hidden again
ALTER VIEW share.weak SET (security_barrier = true);
SET SESSION AUTHORIZATION regress_partner_a;
TRUNCATE seen;
SELECT count(*) AS shown FROM share.weak WHERE pg_temp.peek(name);
SELECT count(*) AS peeked FROM seen;

\set ECHO none
\i test/sharing/unlist.sql
