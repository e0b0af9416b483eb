--
-- Attack: EXPLAIN, the planner's estimates, and the statistics views.
--
\set ECHO none
\i test/sharing/list.sql
SELECT cnic AS number FROM release.r1 WHERE cnic IS NOT NULL ORDER BY name COLLATE "C" LIMIT 1 \gset
SELECT name AS common FROM release.r1 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1 \gset
\set ECHO all
-- all that EXPLAIN says of a statement, but for the time it took and the words asked for
SET SESSION AUTHORIZATION regress_partner_a;
CREATE FUNCTION pg_temp.plan(command text, asked text, options text DEFAULT 'ANALYZE, VERBOSE, BUFFERS OFF, TIMING OFF, SUMMARY OFF') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line	text;
	plan	text := '';
BEGIN
	FOR line IN EXECUTE format('EXPLAIN (%s) ' || command, options, asked) LOOP
		plan := plan || replace(line, asked, 'ASKED') || E'\n';
	END LOOP;
	RETURN plan;
END $$;
-- a number that is on the list that was not opened, and one that is not: told alike; nothing of the list was run
SELECT pg_temp.plan('SELECT FROM share.regress_partner_a_1 WHERE cnic OPERATOR(registry.=) %2$L', :'number')
	= pg_temp.plan('SELECT FROM share.regress_partner_a_1 WHERE cnic OPERATOR(registry.=) %2$L', '11111-1111111-1') AS alike;
SELECT pg_temp.plan('SELECT FROM share.regress_partner_a_1 WHERE name = %2$L', :'common')
	= pg_temp.plan('SELECT FROM share.regress_partner_a_1 WHERE name = %2$L', 'nobody of this name') AS alike;
SELECT pg_temp.plan('SELECT FROM share.regress_partner_a_1 WHERE name = %2$L', :'common') ~ 'Scan on release\.r1[^\n]*never executed' AS list_not_looked_at;
-- estimates alone
SELECT count(DISTINCT pg_temp.plan('SELECT FROM share.regress_partner_a_1 WHERE name = %2$L', w, 'COSTS')) AS answers FROM unnest(ARRAY[:'common', 'nobody of this name']) AS w;
SELECT count(DISTINCT pg_temp.plan('SELECT FROM share.regress_partner_a_1 WHERE name > %2$L', w, 'COSTS')) AS answers FROM unnest(ARRAY['Bbbbb', 'Mmmmm', 'Zzzzz']) AS w;
SELECT count(DISTINCT pg_temp.plan('SELECT FROM share.regress_partner_a_1 WHERE cnic OPERATOR(registry.>) %2$L', w, 'COSTS')) AS answers FROM unnest(ARRAY['11111-1111111-1', '41111-1111111-1']) AS w;
-- what the statistics views show of releases: nothing, but for how many rows a table has
SELECT count(*) AS columns FROM pg_stats WHERE schemaname IN ('release', 'nser', 'share');
SELECT count(*) AS extended FROM pg_stats_ext WHERE schemaname IN ('release', 'nser');
SELECT count(*) FROM pg_statistic;
SELECT n_live_tup >= 0 AS counted FROM pg_stat_all_tables WHERE schemaname = 'release' AND relname = 'r1';
SELECT count(*) FROM pg_stats_ext_exprs WHERE schemaname IN ('release', 'nser');

-- the same list without the gate before it, and with the statistics that a table has otherwise
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
CREATE TABLE release.weak AS SELECT * FROM release.r1;
CREATE INDEX ON release.weak (cnic);
ANALYZE release.weak;
CREATE VIEW share.weak WITH (security_barrier = true) AS SELECT r.name, r.address, r.poverty_level, r.cnic FROM release.weak AS r
	WHERE clock_timestamp() < (SELECT max(t.opened_at) + '1 hour' FROM nser.list_opening AS t WHERE t.login = SESSION_USER);
GRANT SELECT ON share.weak TO regress_partner_a;
SET SESSION AUTHORIZATION regress_partner_a;
SELECT pg_temp.plan('SELECT FROM share.weak WHERE cnic OPERATOR(registry.=) %2$L', :'number')
	= pg_temp.plan('SELECT FROM share.weak WHERE cnic OPERATOR(registry.=) %2$L', '11111-1111111-1') AS alike;
SELECT count(DISTINCT pg_temp.plan('SELECT FROM share.weak WHERE name > %2$L', w, 'COSTS')) AS answers FROM unnest(ARRAY['Bbbbb', 'Mmmmm', 'Zzzzz']) AS w;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
GRANT USAGE ON SCHEMA release TO regress_partner_a;
GRANT SELECT ON release.weak TO regress_partner_a;
SET SESSION AUTHORIZATION regress_partner_a;
SELECT count(*) AS columns, bool_or(histogram_bounds IS NOT NULL) AS with_names FROM pg_stats WHERE schemaname = 'release';

\set ECHO none
\i test/sharing/unlist.sql
