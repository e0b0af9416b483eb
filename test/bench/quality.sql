CREATE EXTENSION registry CASCADE;
CALL registry.create_store();
\ir ../population/population.sql
CALL population.load(:n);
SET session_replication_role = replica;
INSERT INTO nser.operator (operator_id) SELECT g.n FROM generate_series(1, greatest(:n / 2000, 20)) AS g (n);
UPDATE nser.survey SET operator = 1 + household_id % greatest(:n / 2000, 20), centre = 1 + household_id % greatest(:n / 10000, 10),
	started_at = CASE WHEN household_id % 40 = 0 THEN submitted_at - interval '5 minutes' ELSE started_at END,
	indicators = CASE WHEN household_id % 50 = 0 THEN indicators OPERATOR(registry.||) '{"electricity": "none", "lighting": "kerosene", "refrigerator": true}' ELSE indicators END;
SET session_replication_role = origin;
VACUUM ANALYZE;

CREATE TEMP TABLE clock (at timestamptz);
CREATE FUNCTION pg_temp.start() RETURNS void LANGUAGE sql AS 'DELETE FROM clock; INSERT INTO clock VALUES (clock_timestamp())';
CREATE FUNCTION pg_temp.took(what text, n bigint) RETURNS text LANGUAGE sql AS $$
	SELECT format('%s: %s, %s us each', what, n, round(1e6 * extract(epoch FROM clock_timestamp() - at) / greatest(n, 1), 1)) FROM clock
$$;

SELECT array_agg(name) FILTER (WHERE scope <> 'routine') AS own, array_agg(name) FILTER (WHERE scope = 'survey') AS survey,
	array_agg(name) FILTER (WHERE scope = 'member') AS member, array_agg(name) FILTER (WHERE scope = 'shared') AS shared,
	array_agg(name) FILTER (WHERE scope = 'change') AS change FROM nser.quality_check \gset

SELECT pg_temp.start() \g /dev/null
SELECT count(s.indicators OPERATOR(registry.->) 'rooms') AS n FROM nser.survey AS s JOIN nser.household AS h USING (household_id) \gset
SELECT pg_temp.took('floor: surveys read beside their households', :n);
SELECT pg_temp.start() \g /dev/null
SELECT count(m.line) AS members FROM nser.survey AS s CROSS JOIN LATERAL registry.members(s.roster) AS m \g /dev/null
SELECT pg_temp.took('floor: surveys whose rosters are expanded', :n);
SELECT pg_temp.start() \g /dev/null
SELECT count(*) FROM registry.check_quality(checks => :'survey') \g /dev/null
SELECT pg_temp.took('surveys asked the checks of scope survey', :n);
SELECT pg_temp.start() \g /dev/null
SELECT count(*) FROM registry.check_quality(checks => :'change') \g /dev/null
SELECT pg_temp.took('of scope change', :n);
SELECT pg_temp.start() \g /dev/null
SELECT count(*) FROM registry.check_quality(checks => :'member') \g /dev/null
SELECT pg_temp.took('of scope member', :n);
SELECT pg_temp.start() \g /dev/null
SELECT count(*) FROM registry.check_quality(checks => :'shared') \g /dev/null
SELECT pg_temp.took('of scope shared', :n);
SELECT pg_temp.start() \g /dev/null
SELECT count(*) FROM registry.check_quality() \g /dev/null
SELECT pg_temp.took('all checks, routines included, nothing new', :n);
-- as autovacuum would
ANALYZE nser.quality_flag;
SELECT pg_temp.start() \g /dev/null
CALL registry.check_quality_all(20000);
SELECT pg_temp.took('all checks, in batches of 20,000', :n);
SELECT pg_temp.start() \g /dev/null
SELECT count(*) FROM generate_series(1, 200) AS g (n) CROSS JOIN LATERAL registry.check_quality(household_id => g.n * 7) AS c \g /dev/null
SELECT pg_temp.took('calls for one household', 200);
SELECT pg_temp.start() \g /dev/null
SELECT count(*) FROM generate_series(1, 200) AS g (n) CROSS JOIN LATERAL registry.check_quality(household_id => g.n * 7, checks => :'survey') AS c \g /dev/null
SELECT pg_temp.took('calls for one household, scope survey alone', 200);
SELECT pg_temp.start() \g /dev/null
SELECT count(*) FROM nser.quality_operator \g /dev/null
SELECT pg_temp.took('surveys in nser.quality_operator', :n);
SELECT pg_temp.start() \g /dev/null
SELECT count(*) FROM nser.quality_outlier \g /dev/null
SELECT pg_temp.took('surveys in nser.quality_outlier, 12 measures', :n);
SELECT pg_temp.start() \g /dev/null
SELECT registry.draw_spot_check('bench', share => 0.01, strata => 'operator') \g /dev/null
SELECT pg_temp.took('surveys drawn from, by operator', :n);
