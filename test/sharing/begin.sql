-- A store that belongs to a role that is no superuser, as docs/operations.md has it;
-- \set people N for so many generated households; test/sharing/end.sql takes all away.
SET client_min_messages = warning;
CREATE ROLE regress_owner;
SELECT format('GRANT CREATE, TEMPORARY ON DATABASE %I TO regress_owner', current_database()) \gexec
GRANT SELECT, INSERT, UPDATE, DELETE ON registry.formula TO regress_owner;
SET ROLE regress_owner;
CALL registry.create_store();
\if :{?people}
	RESET ROLE;
	\i test/population/population.sql
	CALL population.load(:people);
	ANALYZE;
	SET ROLE regress_owner;
	CALL registry.derive_all();
	CALL registry.score_all('hies-2015-demo');
	ANALYZE nser.score, nser.family;
\endif
INSERT INTO nser.programme (code, name, formula, cutoff) VALUES ('kafaalat', 'Kafaalat', 'hies-2015-demo', 32);
\i test/sharing/agree.sql
