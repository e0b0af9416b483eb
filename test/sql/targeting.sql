--
-- Histograms of scores, cut-offs and errors of targeting
--
\set VERBOSITY default
SET search_path = registry, public;

-- the tally is exact: a count for each hundredth
SELECT array_length(t, 1) AS bins, t[1] AS at_0, t[3201] AS at_32, t[3202] AS at_32_01, t[10001] AS at_100, (SELECT sum(n) FROM unnest(t) AS n) AS all
FROM (SELECT pmt_tally(score) AS t FROM unnest('{0,32,32,32.01,100,NULL}'::float8[]) AS score) AS v;
SELECT bool_and(t[i + 1] = 1) AS each_in_its_own
FROM (SELECT pmt_tally((i::numeric / 100)::float8) AS t FROM generate_series(0, 10000) AS i) AS v, generate_series(0, 10000) AS i;
SELECT t[3201] AS weighted, (SELECT sum(n) FROM unnest(t) AS n) AS all
FROM (SELECT pmt_tally(score, weight) AS t FROM (VALUES (32::float8, 441605::bigint), (32, 1), (50, 7), (NULL, 5), (60, NULL)) AS v (score, weight)) AS v;
SELECT pmt_tally(1) IS NULL AS of_no_rows FROM generate_series(1, 0);

-- the same however it is computed
CREATE TABLE scored AS SELECT (i * 7919 % 10001)::float8 / 100 AS score, i % 5000 AS weight FROM generate_series(1, 100000) AS i;
ANALYZE scored;
SET max_parallel_workers_per_gather = 0;
SELECT pmt_tally(score, weight) AS serial FROM scored \gset
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
EXPLAIN (COSTS OFF) SELECT pmt_tally(score, weight) FROM scored;
SELECT pmt_tally(score, weight) = :'serial' AS same FROM scored;
SELECT sum(n) FROM unnest(:'serial'::bigint[]) AS n;
RESET max_parallel_workers_per_gather; RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size;
DROP TABLE scored;

-- no scores
SELECT pmt_tally(100.01);
SELECT pmt_tally('NaN');
SELECT pmt_tally(50, -1);
SELECT pmt_tally(50, weight) FROM unnest('{9223372036854775807,1}'::bigint[]) AS weight;

-- the state is not for others to make up
SELECT pmt_tally_add('{1,2}', 3);
CREATE AGGREGATE pg_temp.forged(float8) (SFUNC = pmt_tally_add, STYPE = bigint[], INITCOND = '{1,2}');
SELECT pg_temp.forged(1);
CREATE AGGREGATE pg_temp.forged_nulls(float8) (SFUNC = pmt_tally_add, STYPE = bigint[], INITCOND = '{NULL}');
SELECT pg_temp.forged_nulls(1);

-- the cut-off that a number of families affords: whole ties or none of them
SELECT families, cutoff_for(tally, families)
FROM (SELECT pmt_tally(score) AS tally FROM unnest('{10,20,20,30.55}'::float8[]) AS score) AS t, unnest('{0,1,2,3,4,100}'::bigint[]) AS families;

-- errors: of everyone, of the poor missed, of the eligible who are not poor
SELECT (targeting_errors(poor, eligible)).*
FROM (VALUES (true, true), (true, true), (true, false), (false, true), (false, false), (NULL, true), (true, NULL)) AS v (poor, eligible);
SELECT (targeting_errors(poor, eligible, weight)).*
FROM (VALUES (true, true, 2500), (true, false, 500), (false, true, 1000), (false, false, 6000), (true, true, NULL)) AS v (poor, eligible, weight);
SELECT (targeting_errors(false, false)).*;
SELECT targeting_errors(true, true, -1);
