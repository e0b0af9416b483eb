-- read: one round of what reads.  Each line of time follows the name of what it times.

SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET jit = off;
\timing on

SET max_parallel_workers_per_gather = 0;
\echo count 1
SELECT count(*) FROM nser.survey;
\echo score 1
SELECT avg(registry.pmt_score(s.indicators, (SELECT f.formula FROM registry.formula AS f WHERE f.name = 'hies-2015-demo')))
	FROM nser.survey AS s;
\echo case 1
SELECT avg(:case) FROM bench.narrow;
\echo wide 1
SELECT avg(:case) FROM bench.wide;
\echo plpgsql 1
SELECT avg(bench.score(dependants, head_class, children_5_16, children_5_16_at_school, rooms, members, toilet, electricity,
					   gas, internet, mobile_phone, computer, landline)) FROM bench.narrow;

SET max_parallel_workers_per_gather = 1;
\echo start 2
SELECT count(*) FROM bench.small;
\echo count 2
SELECT count(*) FROM nser.survey;
\echo score 2
SELECT avg(registry.pmt_score(s.indicators, (SELECT f.formula FROM registry.formula AS f WHERE f.name = 'hies-2015-demo')))
	FROM nser.survey AS s;
\echo case 2
SELECT avg(:case) FROM bench.narrow;

-- Were there really two?  Lines that a plan of two has and a plan of one has not.
\timing off
EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) SELECT count(*) FROM bench.small;
EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) SELECT count(*) FROM nser.survey;
EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF)
	SELECT avg(registry.pmt_score(s.indicators, (SELECT f.formula FROM registry.formula AS f WHERE f.name = 'hies-2015-demo')))
	FROM nser.survey AS s;
EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) SELECT avg(:case) FROM bench.narrow;
