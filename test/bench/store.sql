-- store: one round of storing every score, into a table that has its key.

TRUNCATE nser.score;
VACUUM (ANALYZE) nser.score;
CHECKPOINT;
\timing on
\echo first 1
CALL registry.score_all('hies-2015-demo');
\timing off
VACUUM (ANALYZE) nser.score;

TRUNCATE bench.score;
VACUUM (ANALYZE) bench.score;
CHECKPOINT;
\timing on
\echo bare 1
INSERT INTO bench.score SELECT * FROM nser.score;
\timing off

CHECKPOINT;
\timing on
\echo nothing 1
CALL registry.score_all('hies-2015-demo');
\timing off

\pset tuples_only on
\pset format unaligned
SELECT format('written %s', array_agg(r.written ORDER BY r.run_id) = ARRAY[(SELECT count(*) FROM nser.survey), 0])
FROM (SELECT x.run_id, x.written FROM nser.batch_run AS x ORDER BY x.run_id DESC LIMIT 2) AS r;
