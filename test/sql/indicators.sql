--
-- Type indicators, and the codebook
--
\set VERBOSITY default
SET search_path = registry, public;

-- the codebook: 64 positions, every answer it lists can be written and read
SELECT count(*), min(position), max(position), count(DISTINCT name) FROM codebook();
SELECT * FROM codebook() WHERE position IN (0, 4, 15, 63);
WITH answer AS (
	SELECT c.position, c.name, to_jsonb(l.label) AS value FROM codebook() AS c, unnest(c.labels) AS l (label)
	UNION ALL SELECT position, name, to_jsonb(v) FROM codebook(), generate_series(0, 254) AS v WHERE kind = 'count' AND position < 63
	UNION ALL SELECT position, name, to_jsonb(v) FROM codebook(), unnest('{false,true}'::boolean[]) AS v WHERE kind = 'flag')
SELECT count(*) AS answers,
	bool_and(jsonb_build_object(name, value)::indicators::jsonb = jsonb_build_object(name, value)) AS same_as_jsonb,
	bool_and((jsonb_build_object(name, value)::text)::indicators::text = jsonb_build_object(name, value)::text) AS same_as_text,
	bool_and((jsonb_build_object(name, value)::indicators ->> name) = (value #>> '{}')) AS same_in_words,
	bool_and(substr(indicators_send(jsonb_build_object(name, value)::indicators), position + 1, 1) <> '\xff') AS in_its_place
FROM answer;

-- spelling
SELECT ' {"toilet" : "flush_sewer", "rooms": 3, "refrigerator": true, "cows": null} '::indicators;
SELECT '{}'::indicators, '{"goats": 255}'::indicators, '{"goats": 99999999999999999999}'::indicators;

-- misspelling: says what was expected, never what was written
SELECT '{"toilet": "Fatima"}'::indicators;
SELECT '{"toilet": 7}'::indicators;
SELECT '{"rooms": "three"}'::indicators;
SELECT '{"rooms": -1}'::indicators;
SELECT '{"rooms": 1.5}'::indicators;
SELECT '{"rooms": 1e1}'::indicators;
SELECT '{"refrigerator": 1}'::indicators;
SELECT '{"refrigerator": "yes"}'::indicators;
SELECT '{"fridge": true}'::indicators;
SELECT '{"35202-1234567-1": true}'::indicators;
SELECT '{"reserved_63": 1}'::indicators;
SELECT '{"rooms": 1, "rooms": 2}'::indicators;
SELECT '["rooms"]'::indicators;
SELECT '3'::indicators;
SELECT ''::indicators;
SELECT '{"rooms": 1'::indicators;
SELECT '{"rooms": 1} '::indicators, '{"rooms": 1} x'::indicators;
SELECT '{"rooms": {"a": 1}}'::indicators;
SELECT (repeat('[', 20) || repeat(']', 20))::indicators;
SELECT ('{' || string_agg(format('"k%s": 1', i), ',') || '}')::indicators FROM generate_series(1, 300) AS i;

-- answers by name
SELECT i -> 'rooms' AS rooms, i -> 'toilet' AS code, i ->> 'toilet' AS label, i -> 'refrigerator' AS flag,
	i ->> 'refrigerator' AS in_words, i -> 'cows' AS missing, i ->> 'cows' AS missing
FROM (VALUES (indicators '{"rooms": 3, "toilet": "none", "refrigerator": false}')) AS v (i);
SELECT indicators '{}' -> 'fridge';

-- one call site, many names
SELECT name, indicators '{"rooms": 3, "toilet": "none"}' ->> name
FROM (VALUES ('rooms'), ('toilet'), ('rooms'), ('cows'), ('rooms')) AS v (name);

-- what another has, and overlaying
SELECT i @> '{"toilet": "none"}' AS has, i @> '{"toilet": "none", "cows": 1}' AS not_all, i @> '{}' AS none_asked,
	'{"toilet": "none"}' <@ i AS the_other_way, i @> i AS itself
FROM (VALUES (indicators '{"rooms": 3, "toilet": "none"}')) AS v (i);
SELECT indicators '{"rooms": 3, "toilet": "none"}' || '{"rooms": 4, "cows": 0}';

-- order and hash
CREATE TEMP TABLE answer AS
	SELECT jsonb_build_object('rooms', i % 7, 'toilet', (ARRAY['none', 'flush_pit'])[1 + i % 2])::indicators AS i
	FROM generate_series(1, 1000) AS i;
ANALYZE answer;
SELECT count(DISTINCT i) AS sorted, (SELECT count(*) FROM (SELECT i FROM answer GROUP BY i) AS g) AS hashed FROM answer;
SELECT bool_and((a < b) = (b > a) AND (a <= b) = (b >= a) AND (a = b) = NOT (a <> b)) AS consistent
FROM (SELECT DISTINCT i AS a FROM answer) AS a, (SELECT DISTINCT i AS b FROM answer) AS b;
SET enable_mergejoin = off; SET enable_nestloop = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM answer AS a JOIN answer AS b USING (i);
RESET enable_mergejoin; RESET enable_nestloop;
CREATE INDEX ON answer (i);
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT * FROM answer WHERE i = '{"rooms": 1, "toilet": "none"}';
RESET enable_seqscan;

-- binary round trip
INSERT INTO answer VALUES ('{}'), (NULL);
\copy answer TO 'results/indicators.bin' (FORMAT binary)
CREATE TEMP TABLE copied (LIKE answer);
\copy copied FROM 'results/indicators.bin' (FORMAT binary)
SELECT count(*) FROM (SELECT * FROM answer EXCEPT ALL SELECT * FROM copied) AS lost;

-- a hostile client's bytes are checked as strictly as text
CREATE TEMP VIEW nothing AS SELECT decode(repeat('ff', 64), 'hex') AS bytes;
\copy (SELECT overlay(bytes PLACING '\x08' FROM 1) FROM nothing) TO 'results/indicators.bin' (FORMAT binary)
\copy copied FROM 'results/indicators.bin' (FORMAT binary)
\copy (SELECT overlay(bytes PLACING '\x00' FROM 1) FROM nothing) TO 'results/indicators.bin' (FORMAT binary)
\copy copied FROM 'results/indicators.bin' (FORMAT binary)
\copy (SELECT overlay(bytes PLACING '\x02' FROM 16) FROM nothing) TO 'results/indicators.bin' (FORMAT binary)
\copy copied FROM 'results/indicators.bin' (FORMAT binary)
\copy (SELECT overlay(bytes PLACING '\x00' FROM 64) FROM nothing) TO 'results/indicators.bin' (FORMAT binary)
\copy copied FROM 'results/indicators.bin' (FORMAT binary)
\copy (SELECT substr(bytes, 2) FROM nothing) TO 'results/indicators.bin' (FORMAT binary)
\copy copied FROM 'results/indicators.bin' (FORMAT binary)
\copy (SELECT bytes || '\xff' FROM nothing) TO 'results/indicators.bin' (FORMAT binary)
\copy copied FROM 'results/indicators.bin' (FORMAT binary)
