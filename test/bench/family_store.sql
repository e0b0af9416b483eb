-- family_store: one round of storing the families of every survey, into a table that has its
-- key, and into one that gets it after.

TRUNCATE nser.family, bench.family;
VACUUM (ANALYZE) nser.family, bench.family;
CHECKPOINT;
\set family nser.family
\timing on
\echo family store 1
:store;
\timing off
VACUUM (ANALYZE) nser.family;
CHECKPOINT;
\timing on
\echo family bare 1
INSERT INTO bench.family SELECT * FROM nser.family;
\timing off

TRUNCATE bench.family;
ALTER TABLE bench.family DROP CONSTRAINT family_pkey;
CHECKPOINT;
\set family bench.family
\timing on
\echo family keyless 1
:store;
\echo family key 1
ALTER TABLE bench.family ADD CONSTRAINT family_pkey PRIMARY KEY (household_id, survey_id, family_no);
\timing off

TRUNCATE nser.family;
VACUUM (ANALYZE) nser.family;
CHECKPOINT;
\timing on
\echo family derive 1
CALL registry.derive_all();
\echo family again 1
CALL registry.derive_all();
\timing off
