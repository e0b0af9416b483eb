--
-- Type pmt_formula: what it can say, and what is refused
--
\set VERBOSITY default
\set SHOW_CONTEXT never
SET search_path = registry, public;

-- every form, in one spelling
SELECT '{"name":"all forms","source":"made up","direction":"higher_is_better_off","range":[0,100.0],
  "terms":[
	{"indicator":"dependants","bands":[[2,13.8],[4,7.5],[null,0]]},
	{"indicator":"rooms","bands":[[2,1]],"otherwise":2.0000},
	{"indicator":"rooms","per":"members","bands":[[0.2,0],[null,15.1]],"when_missing":1},
	{"indicator":"toilet","labels":{"flush_sewer":7.5,"none":-1},"otherwise":0},
	{"indicator":"internet","points":6.5,"otherwise":-0.5},
	{"indicator":"cows","points":2},
	{"indicator":"buffaloes","each":0.5,"up_to":10},
	{"any_of":["refrigerator","freezer"],"points":12},
	{"name":"both","all_of":["car","motorcycle"],"points":3,"otherwise":1},
	{"first_of":[{"when":{"province":["punjab","sindh"],"region":"urban","any_of":["cows","goats"]},"points":4},
				 {"when":{"head_class":{"min":1,"max":5},"internet":false,"all_of":["car","sheep"]},"points":6}],"otherwise":0,"unknown":0}
  ],"base":1.5,"when_missing":"error",
  "variants":[{"when":{"region":"urban"},"terms":[{"indicator":"rooms","each":1}],"base":2}]}'::pmt_formula;

-- refusals name the term and what is wrong
SELECT '{"terms": [{"indicator": "rooms", "bands": [[1, 0], [null, 5]]}, {"indicator": "room", "points": 1}]}'::pmt_formula;
\set VERBOSITY sqlstate
SELECT '{"terms": []}'::pmt_formula;
\set VERBOSITY default
CREATE FUNCTION pg_temp.refusal(formula text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text;
BEGIN
	PERFORM formula::registry.pmt_formula;
	RETURN 'accepted';
EXCEPTION WHEN invalid_text_representation THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN detail;
END $$;
\pset format unaligned
\pset tuples_only on
SELECT pg_temp.refusal(format('{"terms": [%s]}', term)) FROM unnest(ARRAY[
	'3',
	'{}',
	'{"indicator": "rooms"}',
	'{"indicator": "rooms", "any_of": ["cows"], "points": 1}',
	'{"indicator": "rooms", "points": 1, "each": 1}',
	'{"indicator": 4, "points": 1}',
	'{"indicator": "reserved_63", "points": 1}',
	'{"indicator": "rooms", "bands": []}',
	'{"indicator": "rooms", "bands": [[1, 2, 3]]}',
	'{"indicator": "rooms", "bands": [[3, 1], [2, 2], [null, 3]]}',
	'{"indicator": "rooms", "bands": [[2, 1], [2, 2], [null, 3]]}',
	'{"indicator": "rooms", "bands": [[null, 1], [2, 2]]}',
	'{"indicator": "rooms", "bands": [[1, 1], [2, 2]]}',
	'{"indicator": "rooms", "bands": [[1, 1], [null, 2]], "otherwise": 3}',
	'{"indicator": "rooms", "bands": [["1", 1], [null, 2]]}',
	'{"indicator": "toilet", "bands": [[1, 1], [null, 2]]}',
	'{"indicator": "rooms", "bands": [[1, 1.23456], [null, 2]]}',
	'{"indicator": "rooms", "bands": [[1, 1.23450], [null, 2]]}',
	'{"indicator": "rooms", "bands": [[1, 1e2], [null, 2]]}',
	'{"indicator": "rooms", "bands": [[1, 100001], [null, 2]]}',
	'{"indicator": "rooms", "bands": [[1, 99999999999999999999999], [null, 2]]}',
	'{"indicator": "rooms", "bands": [[1, true], [null, 2]]}',
	'{"indicator": "rooms", "labels": {"one": 1}}',
	'{"indicator": "toilet", "labels": {}}',
	'{"indicator": "toilet", "labels": {"flush": 1}}',
	'{"indicator": "toilet", "labels": {"none": "0"}}',
	'{"indicator": "toilet", "points": 3}',
	'{"indicator": "internet", "each": 3}',
	'{"indicator": "cows", "each": 3, "up_to": 0}',
	'{"indicator": "cows", "each": 3, "up_to": 2.5}',
	'{"indicator": "cows", "each": 9999}',
	'{"indicator": "cows", "points": 3, "up_to": 2}',
	'{"indicator": "rooms", "per": "members", "points": 1}',
	'{"indicator": "rooms", "per": "member", "bands": [[null, 1]]}',
	'{"indicator": "rooms", "per": "internet", "bands": [[null, 1]]}',
	'{"indicator": "rooms", "bands": [[null, 1]], "when_zero": 1}',
	'{"any_of": [], "points": 1}',
	'{"any_of": ["toilet"], "points": 1}',
	'{"any_of": ["cows", "dogs"], "points": 1}',
	'{"any_of": ["cows"]}',
	'{"any_of": ["cows"], "all_of": ["goats"], "points": 1}',
	'{"first_of": []}',
	'{"first_of": [{"points": 1}]}',
	'{"first_of": [{"when": {}, "points": 1}]}',
	'{"first_of": [{"when": {"cows": true}}]}',
	'{"first_of": [{"when": {"cows": 1}, "points": 1}]}',
	'{"first_of": [{"when": {"cows": {}}, "points": 1}]}',
	'{"first_of": [{"when": {"cows": {"min": 3, "max": 2}}, "points": 1}]}',
	'{"first_of": [{"when": {"cows": {"over": 3}}, "points": 1}]}',
	'{"first_of": [{"when": {"internet": {"min": 1}}, "points": 1}]}',
	'{"first_of": [{"when": {"toilet": true}, "points": 1}]}',
	'{"first_of": [{"when": {"toilet": ["none", "flush"]}, "points": 1}]}',
	'{"first_of": [{"when": {"any_of": ["toilet"]}, "points": 1}]}',
	'{"first_of": [{"when": {"cows": true}, "points": 1, "otherwise": 2}]}',
	'{"name": 3, "indicator": "cows", "points": 1}',
	'{"indicator": "cows", "points": 1, "weight": 2}',
	'{"indicator": "cows", "points": 1, "name indicator": 2}',
	'{"indicator": "cows", "points": 1, "": 2}',
	'{"indicator": "cows", "points": 1, "when_missing": null}',
	'{"first_of": [{"when": {"cows": {"min max": 200}}, "points": 9}]}',
	'{"indicator": "rooms", "per": "members", "bands": [[9000000000000, 1], [null, 2]]}',
	'{"indicator": "rooms", "per": "members", "bands": [[100000, 1], [null, 2]]}',
	'{"name": "سسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسسس", "indicator": "cow", "points": 1}'
]) WITH ORDINALITY AS t (term, n) ORDER BY n;
SELECT pg_temp.refusal(formula) FROM unnest(ARRAY[
	'',
	'[]',
	'{}',
	'{"terms": []}',
	'{"terms": {"indicator": "cows"}}',
	'{"terms": [{"indicator": "cows", "points": 1}], "bass": 1}',
	'{"terms": [{"indicator": "cows", "points": 1}], "base": "1"}',
	'{"terms": [{"indicator": "cows", "points": 1}], "name": 1}',
	'{"terms": [{"indicator": "cows", "points": 1}], "direction": "lower_is_better_off"}',
	'{"terms": [{"indicator": "cows", "points": 1}], "when_missing": "zero"}',
	'{"terms": [{"indicator": "cows", "points": 1}], "range": [0]}',
	'{"terms": [{"indicator": "cows", "points": 1}], "range": [10, 5]}',
	'{"terms": [{"indicator": "cows", "points": 1}], "range": [0, 200]}',
	'{"terms": [{"indicator": "cows", "points": 1}], "range": [-1, 100]}',
	'{"terms": [{"indicator": "cows", "points": 1}], "terms": []}',
	'{"variants": []}',
	'{"variants": [{"terms": [{"indicator": "cows", "points": 1}]}]}',
	'{"variants": [{"when": {"region": "urban"}}]}',
	'{"variants": [{"when": {"region": "urban"}, "terms": [{"indicator": "cow", "points": 1}]}]}',
	'{"variants": [{"when": {"region": "urban"}, "terms": [{"indicator": "cows", "points": 1}]}]}',
	'{"variants": [{"when": {"region": "urban"}, "terms": [{"indicator": "cows", "points": 1}]}], "base": 3}'
]) WITH ORDINALITY AS t (formula, n) ORDER BY n;
\pset format aligned
\pset tuples_only off

-- shipped formulas, each with its source; theirs and those that scores cite stay
SELECT name, source, effective, shipped FROM formula ORDER BY name;
UPDATE formula SET source = 'me' WHERE name = 'hies-2015-demo';
DELETE FROM formula WHERE name = 'psc-2010';
INSERT INTO formula (name, formula, source) VALUES ('mine', '{"name": "other", "terms": [{"indicator": "cows", "points": 1}]}', 'me');
INSERT INTO formula (name, formula, source) VALUES ('mine', '{"terms": [{"indicator": "cows", "points": 1}]}', 'me');
UPDATE formula SET formula = '{"terms": [{"indicator": "cows", "points": 2}]}' WHERE name = 'mine';
UPDATE formula SET source = 'me and you', effective = '[2026-01-01,)' WHERE name = 'mine';
UPDATE formula SET shipped = true WHERE name = 'mine';
INSERT INTO formula (name, formula, source, shipped) VALUES ('ours', '{"terms": [{"indicator": "cows", "points": 1}]}', 'me', true);
DELETE FROM formula WHERE name = 'mine';

-- equality, jsonb, binary round trip
SELECT f = f::text::pmt_formula AS text, f = f::jsonb::pmt_formula AS jsonb_orders_keys, f <> '{"terms": [{"indicator": "cows", "points": 1}]}' AS other
FROM (SELECT formula AS f FROM formula WHERE name = 'psc-2010') AS v;
CREATE TEMP TABLE kept AS SELECT formula FROM formula;
\copy kept TO 'results/formula.bin' (FORMAT binary)
CREATE TEMP TABLE copied (LIKE kept);
\copy copied FROM 'results/formula.bin' (FORMAT binary)
SELECT count(*), (SELECT count(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM copied) AS l) AS lost FROM copied;
SELECT count(DISTINCT pmt_formula_send(formula)) FROM kept;

-- a hostile client's bytes: version, no formula, none, a NUL
\copy (SELECT '\x02'::bytea || substr(pmt_formula_send(formula), 2) FROM kept LIMIT 1) TO 'results/formula.bin' (FORMAT binary)
\copy copied FROM 'results/formula.bin' (FORMAT binary)
\copy (SELECT '\x01'::bytea || convert_to('{"terms": [{"indicator": "room", "points": 1}]}', 'utf8')) TO 'results/formula.bin' (FORMAT binary)
\copy copied FROM 'results/formula.bin' (FORMAT binary)
\copy (SELECT '\x01'::bytea) TO 'results/formula.bin' (FORMAT binary)
\copy copied FROM 'results/formula.bin' (FORMAT binary)
\copy (SELECT '\x017b7d00'::bytea) TO 'results/formula.bin' (FORMAT binary)
\copy copied FROM 'results/formula.bin' (FORMAT binary)
\copy (SELECT ''::bytea) TO 'results/formula.bin' (FORMAT binary)
\copy copied FROM 'results/formula.bin' (FORMAT binary)
SELECT count(*) FROM copied;
