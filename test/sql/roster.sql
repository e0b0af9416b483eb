--
-- Type roster, and its ways to rows and back
--
\set VERBOSITY default
SET search_path = registry, public;

-- spelling: sorted by line, unknown facts left out
SELECT '[{"sex": "female", "line": 2, "relationship": "spouse", "work": null},
		 {"line": 1, "relationship": "head", "sex": "male", "age": 45, "marital_status": "married", "spouse_line": 2,
		  "father_line": 98, "mother_line": 0, "class": 10, "ever_attended": true, "attending_school": false,
		  "literate": true, "employment": "employed", "work": "day_labour", "elementary_occupation": true,
		  "disabilities": ["hearing", "lower_limb"], "chronic_diseases": []}]'::roster;

-- every label of every vocabulary, and the enums mirror them
WITH label AS (
	SELECT 'relationship' AS fact, unnest(enum_range(NULL::relationship))::text AS label
	UNION ALL SELECT 'sex', unnest(enum_range(NULL::sex))::text
	UNION ALL SELECT 'marital_status', unnest(enum_range(NULL::marital_status))::text
	UNION ALL SELECT 'employment', unnest('{employed,seeking,retired,student,housewife,disabled,unemployed}'::text[])
	UNION ALL SELECT 'work', unnest('{regular,seasonal,day_labour,self_agri,self_non_agri}'::text[]))
SELECT fact, count(*), bool_and(jsonb_build_array(jsonb_build_object('line', 1, fact, label))::roster::jsonb
	= jsonb_build_array(jsonb_build_object('line', 1, fact, label))) AS same
FROM label GROUP BY fact ORDER BY fact;
SELECT '[{"line": 1, "disabilities": ["upper_limb", "lower_limb", "mental", "speech", "hearing", "visual_partial",
		"visual_full", "other"], "chronic_diseases": ["diabetes", "hypertension", "heart_disease", "respiratory",
		"tuberculosis", "hepatitis", "kidney_disease", "cancer", "other"]}]'::roster;

-- misspelling: says which member and what was expected, never what was written
SELECT '[{"line": 1, "sex": "Fatima"}]'::roster;
SELECT '[{"line": 1}, {"line": 2, "relationship": 1}]'::roster;
SELECT '[{"line": 1, "age": 151}]'::roster;
SELECT '[{"line": 1, "age": 4.5}]'::roster;
SELECT '[{"line": 1, "class": 25}]'::roster;
SELECT '[{"line": 1, "literate": "yes"}]'::roster;
SELECT '[{"line": 1, "disabilities": "hearing"}]'::roster;
SELECT '[{"line": 1, "chronic_diseases": ["diabetes", "flu"]}]'::roster;
SELECT '[{"line": 1, "cnic": "35202-1234567-1"}]'::roster;
SELECT '[{"line": 1, "3520212345671": 1}]'::roster;
SELECT '[{"line": 0}]'::roster;
SELECT '[{"line": 255}]'::roster;
SELECT '[{"age": 4}]'::roster;
SELECT '[{"line": 1}, {"line": 1}]'::roster;
SELECT '[3]'::roster;
SELECT '[]'::roster;
SELECT '{"line": 1}'::roster;
SELECT '[{"line": 1}'::roster;
SELECT jsonb_agg(jsonb_build_object('line', 1))::roster FROM generate_series(1, 255);

-- from rows and back, in any order of rows
CREATE TEMP TABLE line AS SELECT * FROM members(
	'[{"line": 1, "relationship": "head", "sex": "male", "age": 45, "disabilities": [], "employment": "employed"},
	  {"line": 2, "relationship": "spouse", "sex": "female", "age": 40, "spouse_line": 1, "chronic_diseases": ["diabetes"]},
	  {"line": 3, "relationship": "child", "sex": "transgender", "age": 12, "attending_school": true, "work": "seasonal"},
	  {"line": 51}]');
SELECT * FROM line;
SELECT roster_agg(line, relationship, sex, age, marital_status, spouse_line, father_line, mother_line, class,
	ever_attended, attending_school, literate, employment, work, elementary_occupation, disabilities, chronic_diseases
	ORDER BY -line) AS roster FROM line \gset
SELECT :'roster';
SELECT count(*) AS lost FROM (SELECT * FROM line EXCEPT SELECT * FROM members(:'roster')) AS l;

-- in parallel, in windows, of no rows
CREATE TABLE many_lines AS SELECT h, l AS line, (h + l) % 100 AS age FROM generate_series(1, 500) AS h, generate_series(1, 1 + h % 30) AS l;
ANALYZE many_lines;
\set rosters 'SELECT h, roster_agg(line, NULL, NULL, age, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) AS r FROM many_lines GROUP BY h'
SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE serial AS :rosters;
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
EXPLAIN (COSTS OFF) :rosters;
SELECT bool_and(s.r = p.r) AS same, count(*) FROM serial AS s JOIN (:rosters) AS p USING (h);
RESET parallel_leader_participation; RESET max_parallel_workers_per_gather; RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size;
SELECT jsonb_array_length(roster_agg(line, NULL, NULL, age, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
	OVER (ORDER BY line)::jsonb) AS so_far FROM many_lines WHERE h = 8;
SELECT roster_agg(line, NULL, NULL, age, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) IS NULL AS none
FROM many_lines WHERE false;
DROP TABLE many_lines;

-- rows that are no members
CREATE FUNCTION pg_temp.one(line int, age int DEFAULT NULL, class int DEFAULT NULL, employment text DEFAULT NULL, disabilities text[] DEFAULT NULL)
	RETURNS roster LANGUAGE sql AS $$
	SELECT roster_agg($1, NULL, NULL, $2, NULL, NULL, NULL, NULL, $3, NULL, NULL, NULL, $4, NULL, NULL, $5, NULL) $$;
SELECT pg_temp.one(NULL);
SELECT pg_temp.one(0);
SELECT pg_temp.one(255);
SELECT pg_temp.one(1, -1);
SELECT pg_temp.one(1, 151);
SELECT pg_temp.one(1, 40, 25);
SELECT pg_temp.one(1, 40, 10, 'farmer');
SELECT pg_temp.one(1, 40, 10, 'employed', '{hearing,NULL}');
SELECT roster_agg(1, NULL, NULL, age, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
FROM generate_series(1, 2) AS age;
SELECT roster_agg(1 + i % 254, NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
FROM generate_series(1, 255) AS i;

-- the state is not for others to make up
SELECT roster_agg_final('\x0100000000000000');
CREATE FUNCTION pg_temp.forge(bytea, int) RETURNS bytea LANGUAGE sql AS $$ SELECT '\xffffff7f'::bytea || decode(repeat('ff', 32), 'hex') $$;
CREATE AGGREGATE pg_temp.forged(int) (SFUNC = pg_temp.forge, STYPE = bytea, FINALFUNC = roster_agg_final);
SELECT pg_temp.forged(1);
CREATE OR REPLACE FUNCTION pg_temp.forge(bytea, int) RETURNS bytea LANGUAGE sql AS $$ SELECT '\x02000000'::bytea || decode(repeat('ff', 32), 'hex') $$;
SELECT pg_temp.forged(1);
CREATE OR REPLACE FUNCTION pg_temp.forge(bytea, int) RETURNS bytea LANGUAGE sql AS $$ SELECT ''::bytea $$;
SELECT pg_temp.forged(1);

-- equality
SELECT '[{"line": 1}, {"line": 2}]'::roster = '[{"line": 2}, {"line": 1}]' AS same, '[{"line": 1}]'::roster <> '[{"line": 1, "age": 0}]' AS other;
SELECT count(*) FROM (SELECT '[{"line": 1}]'::roster UNION SELECT '[{"line": 1}]' UNION SELECT '[{"line": 2}]') AS r;

-- binary round trip
CREATE TEMP TABLE kept (r roster);
INSERT INTO kept VALUES (:'roster'), ('[{"line": 254, "age": 150}]'), (NULL);
INSERT INTO kept SELECT jsonb_agg(jsonb_build_object('line', i, 'age', i % 90))::roster FROM generate_series(1, 254) AS i;
\copy kept TO 'results/roster.bin' (FORMAT binary)
CREATE TEMP TABLE copied (LIKE kept);
\copy copied FROM 'results/roster.bin' (FORMAT binary)
SELECT count(*) FROM (SELECT r FROM kept EXCEPT ALL SELECT r FROM copied) AS lost;

-- a hostile client's bytes: version, length, none, line, order, sex, age, facts, lists
CREATE TEMP VIEW two AS SELECT roster_send('[{"line": 1}, {"line": 2}]') AS bytes;
\copy (SELECT overlay(bytes PLACING '\x02' FROM 1) FROM two) TO 'results/roster.bin' (FORMAT binary)
\copy copied FROM 'results/roster.bin' (FORMAT binary)
\copy (SELECT substr(bytes, 1, 20) FROM two) TO 'results/roster.bin' (FORMAT binary)
\copy copied FROM 'results/roster.bin' (FORMAT binary)
\copy (SELECT substr(bytes, 1, 1) FROM two) TO 'results/roster.bin' (FORMAT binary)
\copy copied FROM 'results/roster.bin' (FORMAT binary)
\copy (SELECT overlay(bytes PLACING '\x00' FROM 2) FROM two) TO 'results/roster.bin' (FORMAT binary)
\copy copied FROM 'results/roster.bin' (FORMAT binary)
\copy (SELECT overlay(bytes PLACING '\x02' FROM 2) FROM two) TO 'results/roster.bin' (FORMAT binary)
\copy copied FROM 'results/roster.bin' (FORMAT binary)
\copy (SELECT overlay(bytes PLACING '\x04' FROM 4) FROM two) TO 'results/roster.bin' (FORMAT binary)
\copy copied FROM 'results/roster.bin' (FORMAT binary)
\copy (SELECT overlay(bytes PLACING '\x97' FROM 6) FROM two) TO 'results/roster.bin' (FORMAT binary)
\copy copied FROM 'results/roster.bin' (FORMAT binary)
\copy (SELECT overlay(bytes PLACING '\x0c' FROM 13) FROM two) TO 'results/roster.bin' (FORMAT binary)
\copy copied FROM 'results/roster.bin' (FORMAT binary)
\copy (SELECT overlay(bytes PLACING '\x02' FROM 14) FROM two) TO 'results/roster.bin' (FORMAT binary)
\copy copied FROM 'results/roster.bin' (FORMAT binary)
\copy (SELECT overlay(bytes PLACING '\x0104' FROM 16) FROM two) TO 'results/roster.bin' (FORMAT binary)
\copy copied FROM 'results/roster.bin' (FORMAT binary)
SELECT count(*) FROM copied;
