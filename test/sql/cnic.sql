--
-- Type cnic
--
\set VERBOSITY default
SET search_path = registry, public;

-- spelling: the least and the greatest too
SELECT '35202-1234567-1'::cnic, '3520212345671'::cnic, '10000-0000000-0'::cnic, '8999999999999'::cnic;

-- misspelling: never quotes the number
SELECT '35202-1234567-'::cnic;
SELECT '352021234567'::cnic;
SELECT '35202123456712'::cnic;
SELECT '05202-1234567-1'::cnic;
SELECT '9520212345671'::cnic;
SELECT '35202-123456701'::cnic;
SELECT '35202 1234567 1'::cnic;
SELECT ' 3520212345671'::cnic;
SELECT '352021234567x'::cnic;
SELECT '٣٥٢٠٢١٢٣٤٥٦٧١'::cnic;
SELECT ''::cnic;

-- casts
SELECT '35202-1234567-1'::cnic::bigint, 3520212345671::cnic, '35202-1234567-1'::cnic::text;
SELECT 999999999999::cnic;
SELECT 9000000000000::cnic;
SELECT '35202-1234567-1'::cnic = 3520212345671;

-- order, equality, hash
CREATE TEMP TABLE person (cnic cnic PRIMARY KEY);
INSERT INTO person
	SELECT format('%s-%s-%s', 10000 + i % 7, 1000000 + i, i % 10)::cnic
	FROM generate_series(1, 1000) AS i;
INSERT INTO person SELECT min(cnic::bigint)::cnic FROM person ON CONFLICT DO NOTHING;
ANALYZE person;
SELECT a < b AS lt, a <= b AS le, a = b AS eq, a <> b AS ne, a >= b AS ge, a > b AS gt
	FROM (VALUES ('10000-0000000-0'::cnic, '10000-0000000-1'::cnic), ('10000-0000000-0', '10000-0000000-0')) AS v (a, b);
EXPLAIN (COSTS OFF) SELECT * FROM person WHERE cnic = '10001-1000001-1';
SELECT cnic FROM person ORDER BY cnic DESC LIMIT 2;
SET enable_mergejoin = off; SET enable_nestloop = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM person a JOIN person b USING (cnic);
SELECT count(*) FROM person a JOIN person b USING (cnic);
RESET enable_mergejoin; RESET enable_nestloop;
CREATE INDEX person_hash ON person USING hash (cnic);
DROP INDEX person_hash;

-- a number is found through a barrier by its index
CREATE TEMP TABLE secret (cnic cnic PRIMARY KEY, shared boolean NOT NULL);
INSERT INTO secret SELECT cnic, cnic::bigint % 2 = 0 FROM person;
ANALYZE secret;
CREATE TEMP VIEW open_record WITH (security_barrier) AS SELECT cnic FROM secret WHERE shared;
EXPLAIN (COSTS OFF) SELECT * FROM open_record WHERE cnic = '10001-1000001-1';

-- binary round trip
\copy person TO 'results/cnic.bin' (FORMAT binary)
CREATE TEMP TABLE copied (LIKE person);
\copy copied FROM 'results/cnic.bin' (FORMAT binary)
SELECT count(*) AS copied, (SELECT count(*) FROM (TABLE person EXCEPT TABLE copied) AS lost) AS lost FROM copied;

-- hostile binary: out of range, too short, too long
\copy (SELECT 999999999999::bigint) TO 'results/cnic.bin' (FORMAT binary)
\copy copied FROM 'results/cnic.bin' (FORMAT binary)
\copy (SELECT 9000000000000::bigint) TO 'results/cnic.bin' (FORMAT binary)
\copy copied FROM 'results/cnic.bin' (FORMAT binary)
\copy (SELECT -3520212345671::bigint) TO 'results/cnic.bin' (FORMAT binary)
\copy copied FROM 'results/cnic.bin' (FORMAT binary)
\copy (SELECT '\x00000333'::bytea) TO 'results/cnic.bin' (FORMAT binary)
\copy copied FROM 'results/cnic.bin' (FORMAT binary)
\copy (SELECT '\x000003339e20e68700'::bytea) TO 'results/cnic.bin' (FORMAT binary)
\copy copied FROM 'results/cnic.bin' (FORMAT binary)
SELECT count(*) AS copied FROM copied;
