
-- population: households that do not exist, in any number ----------------------
--
--	psql -f test/population/population.sql
--	CALL population.load(100000);
--
-- Household k of seed s has the same people, answers and place in every run and
-- whatever the number of households: chunks may be loaded in any order, by
-- several sessions.  Nobody here is real, and no weight or rate is BISP's own.

\ir province.sql
\ir names.sql
\ir household.sql
\ir member.sql
\ir answer.sql
\ir place.sql
\ir load.sql
