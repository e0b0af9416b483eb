--
-- Type land_area
--
\set VERBOSITY default
SET search_path = registry, public;

-- spelling: any units in any order, one or many, any case, space or none
SELECT spelling, spelling::land_area, spelling::land_area::bigint AS sarsai
	FROM unnest('{2 acre 3 kanal 5 marla 4 sarsai,1 murabba,1 acre,1 kanal,1 marla,1 sarsai,0 acre,0 acre 0 marla,
				  4 SARSAI 5 Marlas 3 kanals 2 Acres,2acre3kanal5marla4sarsai,  2  acre  ,25 marla,9 sarsais,3 murabbas 1 acre,
				  2.5 kanal,2.50000000000 kanal,0.125 acre,12.5 acre,0.00025 murabba,0.0125 acre,007 kanal}'::text[]) AS spelling;
SELECT '6405119470038038 acre 6 kanal 7 sarsai'::land_area::bigint, '6405119470038037 acre 7 kanal 19 marla 8 sarsai'::land_area,
	   '9223372036854775807 sarsai'::land_area;

-- misspelling
SELECT ''::land_area;
SELECT '  '::land_area;
SELECT '5'::land_area;
SELECT 'acre'::land_area;
SELECT '2 hectare'::land_area;
SELECT '2 acress'::land_area;
SELECT '2 acr'::land_area;
SELECT '2 acre, 3 kanal'::land_area;
SELECT '2. acre'::land_area;
SELECT '.5 acre'::land_area;
SELECT '1.2.3 acre'::land_area;
SELECT '1e3 acre'::land_area;
SELECT '+1 acre'::land_area;
SELECT '2 acre 3'::land_area;
SELECT E'2\tacre'::land_area;
SELECT '٢ acre'::land_area;

-- a unit given twice, less than nothing, parts of a sarsai
SELECT '2 acre 1 kanal 3 acres'::land_area;
SELECT '-2 acre'::land_area;
SELECT '2 acre -3 kanal'::land_area;
SELECT '0.3 marla'::land_area;
SELECT '1 acre 0.5 sarsai'::land_area;
SELECT '0.000001 murabba'::land_area;
SELECT '0.5 marla 0.5 sarsai'::land_area;

-- more than fits
SELECT '9223372036854775808 sarsai'::land_area;
SELECT '6405119470038039 acre'::land_area;
SELECT '6405119470038038 acre 6 kanal 8 sarsai'::land_area;
SELECT '256204778801521.55 murabba'::land_area;
SELECT '256204778801521.999 murabba'::land_area;
SELECT '99999999999999999999999999 acre'::land_area;

-- casts
SELECT 1440::bigint::land_area, '1 murabba'::land_area::bigint, '8 kanal'::land_area::text;
SELECT (-1)::bigint::land_area;

-- arithmetic
SELECT '7 kanal 19 marla'::land_area + '1 marla'::land_area AS sum, '1 acre'::land_area - '1 sarsai'::land_area AS difference,
	   '1 acre'::land_area - '8 kanal'::land_area AS nothing;
SELECT '1 acre'::land_area - '8 kanal 1 sarsai'::land_area;
SELECT '9223372036854775807 sarsai'::land_area + '1 sarsai'::land_area;

-- conversion: an acre is 43,560 square feet
SELECT acres(land), kanals(land), marlas(land), square_feet(land), square_metres(land)
	FROM unnest('{1 acre,1 marla,1 sarsai,12.5 acre,0 marla,1 murabba}'::land_area[]) AS land;
SELECT square_feet('5 marla', 225), square_feet('5 marla', 250), square_metres('5 marla', marla_square_feet => 225);
SELECT acres(NULL), square_feet(NULL), square_feet('1 acre', NULL) IS NULL AS unknown;

-- order, equality, hash
CREATE TEMP TABLE plot (land land_area);
INSERT INTO plot SELECT (i * i % 9973)::bigint::land_area FROM generate_series(1, 20000) AS i;
INSERT INTO plot VALUES (NULL);
CREATE INDEX ON plot (land);
ANALYZE plot;
SELECT a < b AS lt, a <= b AS le, a = b AS eq, a <> b AS ne, a >= b AS ge, a > b AS gt
	FROM (VALUES ('1 kanal'::land_area, '21 marla'::land_area), ('1 kanal', '20 marla')) AS v (a, b);
SELECT land FROM plot WHERE land IS NOT NULL ORDER BY land DESC LIMIT 1;
EXPLAIN (COSTS OFF) SELECT * FROM plot WHERE land < '1 marla';
SET enable_mergejoin = off; SET enable_nestloop = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM plot a JOIN plot b USING (land);
RESET enable_mergejoin; RESET enable_nestloop;
CREATE INDEX plot_hash ON plot USING hash (land);
DROP INDEX plot_hash;

-- the least and the greatest
SELECT min(land), max(land) FROM plot;
SELECT max(land) FROM plot WHERE false;

-- sum: NULL of nothing, the same in parallel, refused where it does not fit
SELECT sum(land), sum(land)::bigint AS sarsai, sum(land::bigint) = sum(land)::bigint AS same FROM plot;
SELECT sum(land) FROM plot WHERE false;
SELECT sum(land) FROM (VALUES ('9223372036854775807 sarsai'::land_area), ('1 sarsai')) AS plot (land);
CREATE TABLE parallel_plot AS TABLE plot;
ALTER TABLE parallel_plot SET (parallel_workers = 2);
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT sum(land) FROM parallel_plot;
SELECT sum(land) = (SELECT sum(land) FROM plot) AS same FROM parallel_plot;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET max_parallel_workers_per_gather;
DROP TABLE parallel_plot;

-- text round trip of every value up to 3 acre
SELECT count(*) AS wrong FROM generate_series(0, 4320) AS i WHERE i::bigint::land_area::text::land_area::bigint <> i;

-- binary round trip
\copy plot TO 'results/land.bin' (FORMAT binary)
CREATE TEMP TABLE copied (LIKE plot);
\copy copied FROM 'results/land.bin' (FORMAT binary)
SELECT count(*) AS copied, (SELECT count(*) FROM (TABLE plot EXCEPT TABLE copied) AS lost) AS lost FROM copied;

-- hostile binary: below zero, too short, too long
\copy (SELECT -1::bigint) TO 'results/land.bin' (FORMAT binary)
\copy copied FROM 'results/land.bin' (FORMAT binary)
\copy (SELECT '\x8000000000000000'::bytea) TO 'results/land.bin' (FORMAT binary)
\copy copied FROM 'results/land.bin' (FORMAT binary)
\copy (SELECT '\x000005a0'::bytea) TO 'results/land.bin' (FORMAT binary)
\copy copied FROM 'results/land.bin' (FORMAT binary)
\copy (SELECT '\x00000000000005a000'::bytea) TO 'results/land.bin' (FORMAT binary)
\copy copied FROM 'results/land.bin' (FORMAT binary)
SELECT count(*) AS copied FROM copied;
