-- duplicate: N households with people, some registered twice; how long a look-up
-- takes, and who is found.

CREATE EXTENSION registry CASCADE;
CREATE EXTENSION pg_prewarm;
CALL registry.create_store();
\ir ../population/population.sql
CALL population.load(:n);
SET search_path = registry, public;
\ir ../duplicates/spelling.sql
\ir ../duplicates/plant.sql
SELECT registry.count_names() AS names \gset
VACUUM (ANALYZE) nser.member, nser.household, nser.name_part;
SELECT pg_prewarm(c.oid) FROM pg_class AS c
	WHERE c.relnamespace = 'nser'::regnamespace AND c.relname ~ '^(member|household|name_part)' AND c.relkind IN ('r', 'i') \g /dev/null

\ir duplicate_time.sql
\ir ../duplicates/find.sql
\ir ../duplicates/report.sql
