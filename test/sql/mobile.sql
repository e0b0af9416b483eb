--
-- Type mobile_number
--
\set VERBOSITY default
SET search_path = registry, public;

-- spelling: all of one number
SELECT spelling, spelling::mobile_number
	FROM unnest('{03001234567,0300-1234567,0300 1234567,+923001234567,+92300-1234567,+92 300 1234567,+92-300-1234567,
				  +92 300-1234567,+92-300 1234567,+92 3001234567,00923001234567,0092 300 1234567,0092-300-1234567}'::text[]) AS spelling;
SELECT '03000000000'::mobile_number, '03999999999'::mobile_number;

-- misspelling: never quotes the number
SELECT '3001234567'::mobile_number;
SELECT '923001234567'::mobile_number;
SELECT '0300-123456'::mobile_number;
SELECT '0300-12345678'::mobile_number;
SELECT '042-35761999'::mobile_number;
SELECT '0400-1234567'::mobile_number;
SELECT '+913001234567'::mobile_number;
SELECT '+92 0300 1234567'::mobile_number;
SELECT '+92  300 1234567'::mobile_number;
SELECT '0-300-1234567'::mobile_number;
SELECT '0300--1234567'::mobile_number;
SELECT '0300-123-4567'::mobile_number;
SELECT ' 03001234567'::mobile_number;
SELECT '03001234567 '::mobile_number;
SELECT '0300.1234567'::mobile_number;
SELECT '+92'::mobile_number;
SELECT ''::mobile_number;

-- casts
SELECT '0300-1234567'::mobile_number::bigint, 3001234567::mobile_number, '+923001234567'::mobile_number::text;
SELECT 2999999999::mobile_number;
SELECT 4000000000::mobile_number;

-- order, equality, hash
CREATE TEMP TABLE phone (number mobile_number PRIMARY KEY);
INSERT INTO phone SELECT (3000000000 + i * 9999991)::mobile_number FROM generate_series(0, 99) AS i;
INSERT INTO phone VALUES ('+92 300 0000000') ON CONFLICT DO NOTHING;
ANALYZE phone;
SELECT a < b AS lt, a <= b AS le, a = b AS eq, a <> b AS ne, a >= b AS ge, a > b AS gt
	FROM (VALUES ('0300-1234567'::mobile_number, '0301-1234567'::mobile_number), ('0300-1234567', '+923001234567')) AS v (a, b);
SELECT number FROM phone ORDER BY number DESC LIMIT 2;
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT * FROM phone WHERE number = '+92 300 0000000';
SELECT * FROM phone WHERE number = '+92 300 0000000';
RESET enable_seqscan;
SET enable_mergejoin = off; SET enable_nestloop = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM phone a JOIN phone b USING (number);
SELECT count(*) FROM phone a JOIN phone b USING (number);
RESET enable_mergejoin; RESET enable_nestloop;
CREATE INDEX phone_hash ON phone USING hash (number);
DROP INDEX phone_hash;

-- binary round trip
\copy phone TO 'results/mobile.bin' (FORMAT binary)
CREATE TEMP TABLE copied (LIKE phone);
\copy copied FROM 'results/mobile.bin' (FORMAT binary)
SELECT count(*) AS copied, (SELECT count(*) FROM (TABLE phone EXCEPT TABLE copied) AS lost) AS lost FROM copied;

-- hostile binary: out of range, too short, too long
\copy (SELECT 2999999999::bigint) TO 'results/mobile.bin' (FORMAT binary)
\copy copied FROM 'results/mobile.bin' (FORMAT binary)
\copy (SELECT 4000000000::bigint) TO 'results/mobile.bin' (FORMAT binary)
\copy copied FROM 'results/mobile.bin' (FORMAT binary)
\copy (SELECT -3001234567::bigint) TO 'results/mobile.bin' (FORMAT binary)
\copy copied FROM 'results/mobile.bin' (FORMAT binary)
\copy (SELECT '\xb2d05e00'::bytea) TO 'results/mobile.bin' (FORMAT binary)
\copy copied FROM 'results/mobile.bin' (FORMAT binary)
\copy (SELECT '\x00000000b2e334870a'::bytea) TO 'results/mobile.bin' (FORMAT binary)
\copy copied FROM 'results/mobile.bin' (FORMAT binary)
SELECT count(*) AS copied FROM copied;
