--
-- Reports by name: what is refused, how each is narrowed, and that nothing a row or a reader says is run as it stands
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS nser, share, release CASCADE;
CALL registry.create_store();
RESET client_min_messages;
SET search_path = registry, public;

-- the owner's own: a view and a row
CREATE VIEW nser.visit WITH (security_invoker = true) AS
	SELECT * FROM (VALUES ('district'::area_level, 'PK617'::area_code, 'Green', date '2024-03-04', 3::bigint), ('district', 'PK618', 'Red', '2024-03-04', 5),
		('tehsil', 'PK61701', 'Green North', '2024-03-05', 1), ('province', 'PK6', 'First', '2024-03-05', 9)) AS v (level, area, name, day, visits);
INSERT INTO nser.report (name, subject, title, meaning, relation, sorted_by) VALUES ('visits', 'ours', 'Visits', 'Visits by area and day.', 'nser.visit', '{-visits,area}');
SELECT report_query('visits');
SELECT report_query('visits', 'PK617');
SELECT report_query('visits', level => 'district');
SELECT report_query('visits', since => '2024-03-05');
SELECT report_query('visits', until => '2024-03-04');
SELECT report_query('visits', 'PK6', 'district', '2024-03-04', '2024-03-04');
-- each of them runs, and narrows
SELECT report_query('visits') \gexec
SELECT report_query('visits', 'PK617') \gexec
SELECT report_query('visits', level => 'district') \gexec
SELECT report_query('visits', since => '2024-03-05') \gexec
SELECT report_query('visits', 'PK6', 'district', '2024-03-04', '2024-03-04') \gexec
-- days are written the one way that everybody's settings read alike
SET datestyle = 'SQL, DMY';
SELECT report_query('visits', since => '03/04/2024', until => 'infinity');
SET datestyle = ISO;

-- every report there is can be asked for, whole and by all that it has
CREATE FUNCTION pg_temp.runs(query text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN EXECUTE query; RETURN true; END $$;
SELECT count(*) > 20 AS reports, bool_and(pg_temp.runs(report_query(r.name))) AS run FROM nser.report AS r;
SELECT bool_and(pg_temp.runs(report_query(r.name, CASE WHEN 'area' = ANY (c.names) THEN 'PK6'::area_code END, CASE WHEN 'level' = ANY (c.names) THEN 'district'::area_level END,
	CASE WHEN 'day' = ANY (c.names) THEN date '2024-01-01' END, CASE WHEN 'day' = ANY (c.names) THEN date '2024-01-31' END))) AS run
FROM nser.report AS r CROSS JOIN LATERAL (SELECT array_agg(x.name) AS names FROM report_columns(r.relation) AS x) AS c;
-- names stand in their schema, and columns of one meaning have one type
SELECT r.name FROM nser.report AS r WHERE r.relation !~ '^nser\.[a-z_]+$';
SELECT r.name, c.name, c.type FROM nser.report AS r CROSS JOIN LATERAL report_columns(r.relation) AS c
WHERE c.type <> CASE c.name WHEN 'area' THEN 'area_code'::regtype WHEN 'level' THEN 'area_level' WHEN 'day' THEN 'date' WHEN 'name' THEN 'text' WHEN 'sex' THEN 'text' ELSE c.type END;

-- refused: no such report, and what this one does not have
SELECT report_query('visit');
SELECT report_query(NULL);
SELECT report_query('visits''; DROP TABLE nser.report; --');
SELECT report_query('visits', since => '2024-03-05', until => '2024-03-04');
CREATE VIEW nser.bare AS SELECT 1 AS n;
CREATE VIEW nser.misnamed AS SELECT 'PK617'::text AS area, 3 AS level, now() AS day;
INSERT INTO nser.report (name, subject, title, meaning, relation) VALUES ('bare', 'ours', 'Bare', 'One.', 'nser.bare'), ('misnamed', 'ours', 'Misnamed', 'None of them.', 'nser.misnamed');
SELECT report_query('bare');
SELECT report_query('bare', 'PK');
SELECT report_query('bare', level => 'district');
SELECT report_query('bare', since => '2024-01-01');
SELECT report_query('misnamed', 'PK');
SELECT report_query('misnamed', level => 'district');
SELECT report_query('misnamed', until => '2024-01-01');

-- a row names a view by its name alone: what is more is no name
INSERT INTO nser.report (name, subject, title, meaning, relation) VALUES ('x', 'ours', 'x', 'x', 'nser.nothing');
INSERT INTO nser.report (name, subject, title, meaning, relation) VALUES ('x', 'ours', 'x', 'x', 'nser.visit; DROP TABLE nser.report');
INSERT INTO nser.report (name, subject, title, meaning, relation) VALUES ('x', 'ours', 'x', 'x', '(SELECT cnic FROM nser.member)');
INSERT INTO nser.report (name, subject, title, meaning, relation) VALUES ('x', 'ours', 'x', 'x', 'nser.visit, nser.member');
INSERT INTO nser.report (name, subject, title, meaning, relation) VALUES ('x', 'ours', 'x', 'x', 'elsewhere.nser.visit');
INSERT INTO nser.report (name, subject, title, meaning, relation) VALUES ('x', 'ours', 'x', 'x', '');
INSERT INTO nser.report (name, subject, title, meaning, relation) VALUES ('x', 'ours', 'x', 'x', '"');
-- nor what is no view or table, or in no schema
INSERT INTO nser.report (name, subject, title, meaning, relation) VALUES ('x', 'ours', 'x', 'x', 'nser.report_pkey');
INSERT INTO nser.report (name, subject, title, meaning, relation) VALUES ('x', 'ours', 'x', 'x', 'visit');
INSERT INTO nser.report (name, subject, title, meaning, relation, sorted_by) VALUES ('x', 'ours', 'x', 'x', 'nser.visit', '{visits,"area; DROP TABLE nser.report"}');
INSERT INTO nser.report (name, subject, title, meaning, relation, sorted_by) VALUES ('x', 'ours', 'x', 'x', 'nser.visit', '{--visits}');
INSERT INTO nser.report (name, subject, title, meaning, relation, sorted_by) VALUES ('x', 'ours', 'x', 'x', 'nser.visit', '{NULL}');
INSERT INTO nser.report (name, subject, title, meaning, relation, sorted_by) VALUES ('x', 'ours', 'x', 'x', 'nser.visit', '{1}');
INSERT INTO nser.report (name, subject, title, meaning, relation) VALUES ('X y', 'ours', 'x', 'x', 'nser.visit');
INSERT INTO nser.report (name, subject, title, meaning, relation) VALUES ('x', 'ours', ' ', 'x', 'nser.visit');
-- names that look like statements stay names
CREATE VIEW nser."visit; DROP TABLE nser.report" AS SELECT 1 AS "n""; DROP TABLE nser.report; --", 2 AS "-minus";
INSERT INTO nser.report (name, subject, title, meaning, relation, sorted_by)
VALUES ('hostile', 'ours', 'x', 'x', 'nser."visit; DROP TABLE nser.report"', ARRAY['-n"; DROP TABLE nser.report; --', '--minus']);
SELECT report_query('hostile');
SELECT report_query('hostile') \gexec
SELECT report_query('hostile', 'PK');

-- another schema in front changes nothing
CREATE SCHEMA visit_trap;
CREATE TABLE visit_trap.pg_class (oid oid, relname name, relnamespace oid, relkind "char");
SET search_path = visit_trap, pg_catalog, registry;
SELECT report_query('visits', 'PK617');
SET search_path = registry, public;
DROP SCHEMA visit_trap CASCADE;

-- a view that goes, and one that comes back as another
DROP VIEW nser.visit;
SELECT report_query('visits');
SELECT report_query('visits', 'PK617');
CREATE VIEW nser.visit AS SELECT 'PK617'::area_code AS area, 7 AS calls;
SELECT report_query('visits');
UPDATE nser.report SET sorted_by = '{-calls}' WHERE name = 'visits';
SELECT report_query('visits', 'PK617') \gexec
DELETE FROM nser.report WHERE name = 'visits';
SELECT report_query('visits');

-- who reads the list reads the figures by his own rights alone
CREATE ROLE regress_report_reader;
GRANT USAGE ON SCHEMA nser TO regress_report_reader;
SET ROLE regress_report_reader;
SELECT report_query('coverage');
RESET ROLE;
GRANT SELECT ON nser.report TO regress_report_reader;
SET ROLE regress_report_reader;
SELECT report_query('coverage');
SELECT report_query('coverage') \gexec
RESET ROLE;
DROP OWNED BY regress_report_reader;
DROP ROLE regress_report_reader;

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
