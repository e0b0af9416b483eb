-- jit: the CASE compiled.  In a session of its own: workers load what their leader has
-- loaded, and the compiler is large.

SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET jit_above_cost = 0;
SET jit_inline_above_cost = 0;
SET jit_optimize_above_cost = 0;
SET jit = on;
SET max_parallel_workers_per_gather = 0;
SELECT avg(:case) FROM bench.:card;
\timing on
\echo :card jit 1
SELECT avg(:case) FROM bench.:card;
SET max_parallel_workers_per_gather = 1;
\echo :card jit 2
SELECT avg(:case) FROM bench.:card;
