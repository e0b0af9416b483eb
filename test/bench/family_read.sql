-- family_read: one round of what reads.  Each line of time follows the name of what it times.

SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET work_mem = '1GB';
-- the peers' best here: rows come by household, and grouping needs no hash
SET enable_hashagg = off;
SET jit = off;
\set rosters nser.survey
\set members bench.member

-- A new session maps each page of shared memory when it first touches it: not timed.
SET max_parallel_workers_per_gather = 0;
SELECT count(*) FROM nser.survey;
SELECT count(line) FROM bench.member;
SELECT count(line) FROM bench.household;
\timing on

\echo family count 1
SELECT count(*) FROM nser.survey;
\echo family registry 1
:registry;
\echo family kinds 1
SELECT registry.family_tally(s.roster, 18) FROM nser.survey AS s;
\echo family join 1
:join;
\echo family group 1
:group;
\echo family plpgsql 1
:plpgsql;

SET max_parallel_workers_per_gather = 1;
\echo family count 2
SELECT count(*) FROM nser.survey;
\echo family registry 2
:registry;
\echo family kinds 2
SELECT registry.family_tally(s.roster, 18) FROM nser.survey AS s;
\echo family join 2
:join;
\echo family group 2
:group;
\echo family plpgsql 2
:plpgsql;

-- Were there really two?
\timing off
EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) :registry;
EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) :plpgsql;
