--
-- Type area_code
--
\set VERBOSITY default
SET search_path = registry, public;

-- spelling: one of each level, and what the hierarchy makes of it
SELECT a, level(a), parent(a), area_last(a)
	FROM unnest('{PK,PK6,PK617,PK61701,PK61701003,PK617010030012,pk617,Pk1,pK999999999999}'::area_code[]) AS a;

-- misspelling
SELECT ''::area_code;
SELECT 'P'::area_code;
SELECT '617'::area_code;
SELECT 'IN617'::area_code;
SELECT 'PK61'::area_code;
SELECT 'PK6170'::area_code;
SELECT 'PK617010'::area_code;
SELECT 'PK6170100'::area_code;
SELECT 'PK6170100300'::area_code;
SELECT 'PK6170100300123'::area_code;
SELECT 'PK 617'::area_code;
SELECT 'PK617 '::area_code;
SELECT 'PK61x'::area_code;
SELECT 'PK-6'::area_code;

-- a group of zeros, inside or written out at the end
SELECT 'PK0'::area_code;
SELECT 'PK017'::area_code;
SELECT 'PK600'::area_code;
SELECT 'PK60001'::area_code;
SELECT 'PK61700'::area_code;
SELECT 'PK61700003'::area_code;
SELECT 'PK617010000012'::area_code;
SELECT 'PK617010030000'::area_code;
SELECT 'PK600000000000'::area_code;

-- ancestors: itself at its own level, nothing below it, no code for a division
SELECT l, ancestor('PK61701003', l) FROM unnest(enum_range(NULL::area_level)) AS l WHERE l <> 'division' ORDER BY l;
SELECT ancestor('PK', 'country'), ancestor('PK', 'province');
SELECT lineage('PK61701003'), lineage('PK'), lineage(NULL);
SELECT ancestor('PK61701003', 'division');

-- containment: reflexive, never upwards, the country has all
SELECT a, b, a <@ b AS "<@", b @> a AS "@>"
	FROM (VALUES ('PK617'::area_code, 'PK617'::area_code), ('PK61701', 'PK617'), ('PK617', 'PK61701'), ('PK618', 'PK617'), ('PK61801', 'PK617'),
				 ('PK617999999999', 'PK617'), ('PK618010010001', 'PK617'), ('PK6', 'PK'), ('PK', 'PK'), ('PK', 'PK6'), ('PK7', 'PK6')) AS v (a, b);

-- casts
SELECT 'PK617'::area_code::text, 'PK617'::text::area_code;

-- 3 provinces, 4 districts each, 3 tehsils, 5 union councils, 6 villages; all levels
CREATE TABLE place (code area_code PRIMARY KEY, households integer NOT NULL);
INSERT INTO place
	SELECT ('PK' || p || lpad(d::text, 2, '0') || lpad(t::text, 2, '0') || lpad(u::text, 3, '0') || lpad(v::text, 4, '0'))::area_code, 100
	FROM generate_series(5, 7) AS p, generate_series(11, 14) AS d, generate_series(1, 3) AS t,
		 generate_series(1, 5) AS u, generate_series(1, 6) AS v;
INSERT INTO place SELECT DISTINCT ancestor(code, l), 0 FROM place, unnest('{country,province,district,tehsil,union_council}'::area_level[]) AS l;
ANALYZE place;
SELECT level(code), count(*), min(code::text), max(code::text) FROM place GROUP BY 1 ORDER BY 1;

-- order: an area right before what lies in it; equality, hash
SELECT a < b AS lt, a <= b AS le, a = b AS eq, a <> b AS ne, a >= b AS ge, a > b AS gt
	FROM (VALUES ('PK6'::area_code, 'PK611'::area_code), ('PK6', 'pk6')) AS v (a, b);
SELECT code FROM place ORDER BY code LIMIT 7;
SET enable_mergejoin = off; SET enable_nestloop = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM place a JOIN place b USING (code);
SELECT count(*) FROM place a JOIN place b USING (code);
RESET enable_mergejoin; RESET enable_nestloop;
CREATE INDEX place_hash ON place USING hash (code);

-- the index, both ways round: a constant
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE code <@ 'PK612';
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE 'PK612' @> code;
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE area_code_contained_by(code, 'PK612');
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE area_code_contains('PK612', code);
SELECT count(*) FROM place WHERE code <@ 'PK612';
SELECT count(*) FROM place WHERE 'PK612' @> code;

-- a parameter; NULL has nothing in it
SET plan_cache_mode = force_generic_plan;
PREPARE inside(area_code) AS SELECT count(*) FROM place WHERE code <@ $1;
EXPLAIN (COSTS OFF) EXECUTE inside('PK612');
EXECUTE inside('PK612');
EXECUTE inside('PK');
EXECUTE inside(NULL);
RESET plan_cache_mode;
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE code <@ NULL;

-- another table's column, a subquery, an index of several columns, one that runs backwards
CREATE TABLE survey (survey_id integer PRIMARY KEY, area area_code NOT NULL, entered date NOT NULL);
INSERT INTO survey
	SELECT row_number() OVER (), code, date '2023-02-01' + i
	FROM place, generate_series(1, 20) AS i WHERE level(code) = 'village';
CREATE INDEX survey_area ON survey (area DESC, entered);
ANALYZE survey;
EXPLAIN (COSTS OFF) SELECT count(*) FROM place JOIN survey ON area <@ code WHERE place.code = 'PK61202003';
SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_material = off;
EXPLAIN (COSTS OFF) SELECT code, count(*) FROM (VALUES ('PK612'::area_code), ('PK6'), ('PK613')) AS v (code) JOIN survey ON area <@ v.code GROUP BY 1;
SELECT code, count(*) FROM (VALUES ('PK612'::area_code), ('PK6'), ('PK613'), (NULL)) AS v (code) LEFT JOIN survey ON area <@ v.code GROUP BY 1 ORDER BY 1;
EXPLAIN (COSTS OFF) SELECT count(*) FROM (VALUES ('PK612'::area_code), ('PK6')) AS v (code) JOIN survey ON v.code @> area;
SELECT count(*) FROM survey WHERE area <@ (SELECT max(code::text)::area_code FROM place WHERE households = 0) AND entered = '2023-02-02';
RESET enable_hashjoin; RESET enable_mergejoin; RESET enable_seqscan; RESET enable_bitmapscan; RESET enable_material;
EXPLAIN (COSTS OFF) SELECT * FROM survey WHERE area <@ 'PK612' AND entered = '2023-02-02';

-- a domain of the type
CREATE DOMAIN district_code AS area_code CHECK (level(VALUE) = 'district');
CREATE TEMP TABLE district (code district_code PRIMARY KEY);
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT * FROM district WHERE code <@ 'PK6';
RESET enable_seqscan;

-- no range: the containers of an area, a volatile bound, an index of another order
CREATE FUNCTION any_district() RETURNS area_code LANGUAGE sql VOLATILE RETURN CASE WHEN random() < 1 THEN 'PK612'::area_code END;
CREATE FUNCTION area_code_backward_cmp(a area_code, b area_code) RETURNS integer LANGUAGE sql IMMUTABLE RETURN -area_code_cmp(a, b);
CREATE OPERATOR CLASS backward_ops FOR TYPE area_code USING btree AS
	OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 area_code_backward_cmp(area_code, area_code);
CREATE TEMP TABLE backward AS SELECT code FROM place;
CREATE INDEX ON backward (code backward_ops);
SET enable_seqscan = off; SET enable_indexonlyscan = off;
EXPLAIN (COSTS OFF) SELECT households FROM place WHERE 'PK61201' <@ code;
EXPLAIN (COSTS OFF) SELECT households FROM place WHERE code <@ any_district();
EXPLAIN (COSTS OFF) SELECT code FROM backward WHERE code <@ 'PK612';
RESET enable_seqscan; RESET enable_indexonlyscan;
SELECT code FROM place WHERE 'PK61201' <@ code ORDER BY 1;
DROP TABLE backward;
DROP OPERATOR FAMILY backward_ops USING btree CASCADE;
DROP FUNCTION area_code_backward_cmp, any_district;

-- estimates within a factor of two of the truth
CREATE FUNCTION estimate(query text) RETURNS TABLE (rows bigint, estimated bigint) LANGUAGE plpgsql AS $$
DECLARE
	plan	json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
	estimated := plan -> 0 -> 'Plan' ->> 'Plan Rows';
	EXECUTE 'SELECT count(*) FROM (' || query || ') AS q' INTO rows;
	RETURN NEXT;
END;
$$;
SELECT query, rows, estimated BETWEEN rows / 2 AND rows * 2 AS near FROM unnest(ARRAY[
	$$SELECT * FROM survey WHERE area <@ 'PK'$$,
	$$SELECT * FROM survey WHERE area <@ 'PK6'$$,
	$$SELECT * FROM survey WHERE 'PK6' @> area$$,
	$$SELECT * FROM survey WHERE area_code_contained_by(area, 'PK6')$$,
	$$SELECT * FROM survey WHERE area_code_contains('PK6', area)$$,
	$$SELECT * FROM survey WHERE area <@ 'PK612'$$,
	$$SELECT * FROM survey WHERE area <@ 'PK61202'$$,
	$$SELECT * FROM survey WHERE area <@ 'PK61202003'$$,
	$$SELECT * FROM survey WHERE area <@ 'PK612020030004'$$,
	$$SELECT * FROM survey WHERE NOT area <@ 'PK6'$$,
	$$SELECT * FROM survey WHERE area <@ NULL$$,
	$$SELECT * FROM place WHERE code <@ 'PK612'$$,
	$$SELECT * FROM survey JOIN place ON area <@ code$$,
	$$SELECT * FROM survey JOIN place ON code @> area$$,
	$$SELECT * FROM place WHERE 'PK612020030004' <@ code$$,
	$$SELECT * FROM survey WHERE EXISTS (SELECT FROM place WHERE area <@ code)$$]) AS query, estimate(query);

-- what nobody knows about is no error
CREATE TEMP TABLE blank (code area_code);
SELECT count(*) FROM blank JOIN survey ON area <@ code;
SELECT count(*) FROM blank a JOIN blank b ON a.code <@ b.code;
INSERT INTO blank VALUES (NULL), (NULL);
ANALYZE blank;
SELECT count(*) FROM blank JOIN survey ON area <@ code;
SELECT count(*) FROM blank WHERE code <@ 'PK6';

-- through a barrier, the index is still used: <@ is leakproof
CREATE VIEW open_survey WITH (security_barrier) AS SELECT * FROM survey WHERE extract(day FROM entered) < 15;
EXPLAIN (COSTS OFF) SELECT * FROM open_survey WHERE area <@ 'PK61202003';
EXPLAIN (COSTS OFF) SELECT * FROM open_survey WHERE 'PK61202003' @> area;
BEGIN;
ALTER FUNCTION area_code_contained_by NOT LEAKPROOF;
EXPLAIN (COSTS OFF) SELECT * FROM open_survey WHERE area <@ 'PK61202003';
ROLLBACK;

-- binary round trip
\copy place TO 'results/area.bin' (FORMAT binary)
CREATE TEMP TABLE copied (LIKE place);
\copy copied FROM 'results/area.bin' (FORMAT binary)
SELECT count(*) AS copied, (SELECT count(*) FROM (TABLE place EXCEPT TABLE copied) AS lost) AS lost FROM copied;

-- hostile binary: below zero, beyond twelve digits, a group of zeros, too short, too long
CREATE TEMP TABLE received (code area_code);
\copy (SELECT -617000000000::bigint) TO 'results/area.bin' (FORMAT binary)
\copy received FROM 'results/area.bin' (FORMAT binary)
\copy (SELECT 1000000000000::bigint) TO 'results/area.bin' (FORMAT binary)
\copy received FROM 'results/area.bin' (FORMAT binary)
\copy (SELECT 617::bigint) TO 'results/area.bin' (FORMAT binary)
\copy received FROM 'results/area.bin' (FORMAT binary)
\copy (SELECT 17000000000::bigint) TO 'results/area.bin' (FORMAT binary)
\copy received FROM 'results/area.bin' (FORMAT binary)
\copy (SELECT 600010000000::bigint) TO 'results/area.bin' (FORMAT binary)
\copy received FROM 'results/area.bin' (FORMAT binary)
\copy (SELECT 617010000012::bigint) TO 'results/area.bin' (FORMAT binary)
\copy received FROM 'results/area.bin' (FORMAT binary)
\copy (SELECT 617000030012::bigint) TO 'results/area.bin' (FORMAT binary)
\copy received FROM 'results/area.bin' (FORMAT binary)
\copy (SELECT '\x0000008f'::bytea) TO 'results/area.bin' (FORMAT binary)
\copy received FROM 'results/area.bin' (FORMAT binary)
\copy (SELECT '\x000000000000000000'::bytea) TO 'results/area.bin' (FORMAT binary)
\copy received FROM 'results/area.bin' (FORMAT binary)
SELECT count(*) AS received FROM received;

DROP VIEW open_survey;
DROP TABLE place, survey;
DROP DOMAIN district_code CASCADE;
DROP FUNCTION estimate;
