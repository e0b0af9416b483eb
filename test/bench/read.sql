-- read: one round of what reads.  Each line of time follows the name of what it times.
-- -v card -v formula -v case -v columns

SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET jit = off;

-- A new session maps each page of shared memory when it first touches it: not timed.
SET max_parallel_workers_per_gather = 0;
SET enable_indexonlyscan = off;
SELECT count(*) FROM nser.survey;
SELECT count(*) FROM bench.:card;
RESET enable_indexonlyscan;
SELECT count(*) FROM nser.survey;
\timing on

\echo :card count 1
SELECT count(*) FROM nser.survey;
\echo :card score 1
SELECT avg(registry.pmt_score(s.indicators, (SELECT f.formula FROM registry.formula AS f WHERE f.name = :'formula')))
	FROM nser.survey AS s;
\echo :card case 1
SELECT avg(:case) FROM bench.:card;
\echo :card plpgsql 1
SELECT avg(bench.score_:card(:columns)) FROM bench.:card;

\echo :card stored 1
SELECT avg(bench.stored_:card(s.indicators)) FROM nser.survey AS s;

SET max_parallel_workers_per_gather = 1;
\echo :card start 2
SELECT count(*) FROM bench.small;
\echo :card count 2
SELECT count(*) FROM nser.survey;
\echo :card score 2
SELECT avg(registry.pmt_score(s.indicators, (SELECT f.formula FROM registry.formula AS f WHERE f.name = :'formula')))
	FROM nser.survey AS s;
\echo :card case 2
SELECT avg(:case) FROM bench.:card;
\echo :card plpgsql 2
SELECT avg(bench.score_:card(:columns)) FROM bench.:card;
\echo :card stored 2
SELECT avg(bench.stored_:card(s.indicators)) FROM nser.survey AS s;

-- Were there really two?  Lines that a plan of two has and a plan of one has not.
\timing off
EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) SELECT count(*) FROM bench.small;
EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) SELECT count(*) FROM nser.survey;
EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF)
	SELECT avg(registry.pmt_score(s.indicators, (SELECT f.formula FROM registry.formula AS f WHERE f.name = :'formula')))
	FROM nser.survey AS s;
EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) SELECT avg(:case) FROM bench.:card;
