CREATE EXTENSION registry CASCADE;
CALL registry.create_store();
\ir ../population/population.sql
CALL population.load(:n);
CALL registry.derive_all();
CALL registry.score_all('hies-2015-demo');
ANALYZE;
-- agreements as they are after the steps of a request
SET session_replication_role = replica;
INSERT INTO nser.organization (name, kind, login) VALUES ('bench', 'government', 'bench');
INSERT INTO nser.data_request (organization_id, contact, purpose, category, attributes, level, formula, valid, state, last_step)
SELECT 1, 'bench', 'bench', 'summary', a.attributes, a.level::registry.area_level, 'hies-2015-demo', daterange(registry.today(), registry.today() + 1), 'agreed', 1
FROM (VALUES (1, ARRAY['score_band', 'household_size', 'toilet'], 'district'), (2, ARRAY['score_band', 'household_size', 'electricity'], 'district'))
	AS a (n, attributes, level) ORDER BY a.n;
INSERT INTO nser.agreement (request_id, organization_id, category, valid) SELECT request_id, 1, category, valid FROM nser.data_request ORDER BY request_id;
RESET session_replication_role;
INSERT INTO nser.release (agreement_id, release_no, definition) SELECT agreement_id, 1, '{}' FROM nser.agreement ORDER BY agreement_id;

CREATE TEMP TABLE clock (at timestamptz);
CREATE FUNCTION pg_temp.start() RETURNS void LANGUAGE sql AS 'DELETE FROM clock; INSERT INTO clock VALUES (clock_timestamp())';
CREATE FUNCTION pg_temp.took(what text, losses jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT format('%s: %s s %s', what, round(extract(epoch FROM clock_timestamp() - at), 1), nullif(losses::text, '{}')) FROM clock
$$;
SELECT pg_temp.start() \g /dev/null
SELECT losses FROM registry.make_cells(1) \gset
SELECT pg_temp.took('figure: protected summary by district x score_band x household_size x toilet', :'losses');
SELECT level, count(*) AS cells, count(count) AS shown FROM release.r1 GROUP BY level ORDER BY level;
SELECT pg_temp.start() \g /dev/null
SELECT count(*) AS hidden, min(width) AS narrowest FROM registry.attack(NULL, false) \gset
SELECT pg_temp.took('figure: attack on its ' || :hidden || ' hidden cells, the narrowest ' || :narrowest || ' wide');
