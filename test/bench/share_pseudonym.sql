CREATE EXTENSION registry CASCADE;
CREATE ROLE bench_share_owner;
CREATE ROLE bench_share_partner;
GRANT SELECT ON registry.formula TO bench_share_owner;
SELECT format('GRANT CREATE ON DATABASE %I TO bench_share_owner', current_database()) \gexec
SET ROLE bench_share_owner;
CALL registry.create_store();
RESET ROLE;
-- an agreement as it is after the steps of a request, and people without households
SET session_replication_role = replica;
INSERT INTO nser.organization (organization_id, name, kind, login) VALUES (1, 'x', 'academic', 'bench_share_partner');
INSERT INTO nser.data_request (request_id, organization_id, contact, purpose, category, attributes, valid, state, last_step)
VALUES (1, 1, 'x', 'x', 'anonymized', '{sex,age_group,score_band}', daterange(registry.today(), registry.today() + 9), 'provided', 1);
INSERT INTO nser.agreement (agreement_id, request_id, organization_id, category, valid) VALUES (1, 1, 1, 'anonymized', daterange(registry.today(), registry.today() + 9));
INSERT INTO nser.release (release_id, agreement_id, release_no, state, relation, definition) VALUES (1, 1, 1, 'published', 'r1', '{}');
INSERT INTO nser.release_subject (household_id, release_id, area, lines)
SELECT n, 1, ('PK' || 601 + n % 36 || '01')::registry.area_code, '{1,2,3,4,5}' FROM generate_series(1, :n / 5) AS n;
RESET session_replication_role;
SET ROLE bench_share_owner;
SELECT registry.agreement_key(1) \g /dev/null
ANALYZE nser.release_subject;

CREATE FUNCTION pg_temp.took(command text, times integer) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
	at		timestamptz;
	took	double precision[] := '{}';
BEGIN
	FOR i IN 0 .. times LOOP
		at := clock_timestamp();
		EXECUTE command;
		-- the first is to warm up
		CONTINUE WHEN i = 0;
		took := took || extract(epoch FROM clock_timestamp() - at)::double precision;
	END LOOP;
	-- the quickest: others slow it down, nobody speeds it up
	RETURN (SELECT min(t) FROM unnest(took) AS t);
END $$;
CREATE TEMP TABLE value AS SELECT s.household_id || '.' || l AS value FROM nser.release_subject AS s, unnest(s.lines) AS l;
ANALYZE value;
SELECT format('pseudonyms: %s, %s ns each', count(*), round(1e9 * (pg_temp.took('SELECT count(registry.pseudonym(k.key, v.value)) FROM value AS v, (SELECT registry.agreement_key(1) AS key OFFSET 0) AS k', 3)
	- pg_temp.took('SELECT count(v.value) FROM value AS v, (SELECT registry.agreement_key(1) AS key OFFSET 0) AS k', 3)) / count(*))) FROM value;
SELECT format('trace() among %s people and %s households: %s ms', count(*), count(*) / 5, round(1e3 * pg_temp.took('SELECT FROM registry.trace(gen_random_uuid())', 3))) FROM value;

CREATE TABLE release.r1 AS
SELECT registry.pseudonym(k.key, v.value) AS person, ('PK' || 601 + n % 36 || '0' || 1 + n % 4)::registry.area_code AS area,
	(ARRAY['male', 'female'])[1 + n % 2] AS sex, (ARRAY['minor', 'teenage', 'adult', 'old-age'])[1 + n % 3] AS age_group,
	(ARRAY['0-16.17', '16.18-32', '32.01-100'])[1 + n % 3] AS score_band
FROM (SELECT registry.agreement_key(1) AS key OFFSET 0) AS k, (SELECT value, row_number() OVER () AS n FROM value) AS v ORDER BY 1;
CREATE INDEX ON release.r1 (area);
CREATE INDEX ON release.r1 (person);
ANALYZE release.r1;
SELECT registry.make_share_view(1) \g /dev/null
RESET ROLE;
GRANT USAGE ON SCHEMA release TO bench_share_partner;
GRANT SELECT ON release.r1 TO bench_share_partner;
-- both by the partner's login, by turns
SET SESSION AUTHORIZATION bench_share_partner;
SELECT format('%s: table %s ms, view %s ms, %s times', t.what, round(t.table_took::numeric, 3), round(t.view_took::numeric, 3), round((t.view_took / t.table_took)::numeric, 2))
FROM (SELECT q.what, min(1e3 * pg_temp.took(format(q.command, 'release.r1'), q.times)) AS table_took,
		min(1e3 * pg_temp.took(format(q.command, 'share.bench_share_partner_1'), q.times)) AS view_took
	FROM (VALUES (1, 'one person', 'SELECT * FROM %s WHERE person = (SELECT gen_random_uuid())', 200),
		(2, 'a tehsil, by its index', 'SELECT count(DISTINCT person) FROM %s WHERE area OPERATOR(registry.=) ''PK60901''', 5),
		(3, 'a district', 'SELECT count(*) FROM %s WHERE area OPERATOR(registry.<@) ''PK610''', 5),
		(4, 'a province, by groups', 'SELECT sex, age_group, count(*) FROM %s WHERE area OPERATOR(registry.<@) ''PK6'' GROUP BY 1, 2', 3),
		(5, 'by a scan of all', 'SELECT count(*) FROM %s WHERE sex = ''female'' AND age_group = ''adult''', 3)) AS q (no, what, command, times)
	CROSS JOIN generate_series(1, 5)
	GROUP BY q.no, q.what ORDER BY q.no) AS t;
RESET SESSION AUTHORIZATION;
