--
-- Proxy means test scores
--
\set VERBOSITY default
SET search_path = registry, public;

CREATE FUNCTION pg_temp.term(term text, answers indicators) RETURNS double precision LANGUAGE sql AS
	$$ SELECT pmt_score($2, format('{"base": 10, "terms": [%s]}', $1)::pmt_formula) $$;

-- each form, at its edges; a missing answer scores NULL, never 0
SELECT form, string_agg(coalesce(pg_temp.term(term, answers)::text, 'NULL'), ' ' ORDER BY n) AS scores FROM (VALUES
	('bands: 1 2 3 missing', '{"indicator": "rooms", "bands": [[1, 5], [2, 7.25], [null, 9]]}',
		ARRAY['{"rooms": 1}', '{"rooms": 2}', '{"rooms": 3}', '{}']),
	('labels: listed, otherwise, missing', '{"indicator": "toilet", "labels": {"none": 1, "dry_pit": 2}, "otherwise": 3}',
		ARRAY['{"toilet": "none"}', '{"toilet": "other"}', '{}']),
	('labels: not listed, no otherwise', '{"indicator": "toilet", "labels": {"none": 1}}', ARRAY['{"toilet": "other"}']),
	('flag: true false missing', '{"indicator": "internet", "points": 6.5}', ARRAY['{"internet": true}', '{"internet": false}', '{}']),
	('count as a flag: 2 0', '{"indicator": "cows", "points": 6, "otherwise": -1}', ARRAY['{"cows": 2}', '{"cows": 0}']),
	('each up to 10: 0 3 10 11 missing', '{"indicator": "goats", "each": 0.5, "up_to": 10}',
		ARRAY['{"goats": 0}', '{"goats": 3}', '{"goats": 10}', '{"goats": 11}', '{}']),
	('ratio .2, over .2, over nothing, missing', '{"indicator": "rooms", "per": "members", "bands": [[0.2, 1], [null, 2]], "when_zero": 3}',
		ARRAY['{"rooms": 1, "members": 5}', '{"rooms": 201, "members": 254}', '{"rooms": 1, "members": 0}', '{"rooms": 1}', '{"members": 1}']),
	('ratio of large counts, exactly a third', '{"indicator": "rooms", "per": "members", "bands": [[0.3333, 1], [0.3334, 2], [null, 3]]}',
		ARRAY['{"rooms": 80, "members": 240}', '{"rooms": 83, "members": 249}', '{"rooms": 1, "members": 3}']),
	('ratio over nothing, not said', '{"indicator": "rooms", "per": "members", "bands": [[null, 2]]}', ARRAY['{"rooms": 1, "members": 0}']),
	('any: one, none, one and unknown, none and unknown', '{"any_of": ["car", "tractor"], "points": 4}',
		ARRAY['{"car": false, "tractor": true}', '{"car": false, "tractor": false}', '{"car": true}', '{"car": false}']),
	('all: both, one, one not and unknown, one and unknown', '{"all_of": ["car", "tractor"], "points": 4}',
		ARRAY['{"car": true, "tractor": true}', '{"car": false, "tractor": true}', '{"car": false}', '{"car": true}']),
	('when_missing', '{"indicator": "rooms", "bands": [[null, 9]], "when_missing": 1.5}', ARRAY['{}', '{"rooms": 1}']),
	('first: row 1, row 2, neither, unknown', '{"first_of": [{"when": {"region": "urban", "rooms": {"min": 3}}, "points": 1},
		{"when": {"any_of": ["car", "cows"]}, "points": 2}], "otherwise": 3, "unknown": 4}',
		ARRAY['{"region": "urban", "rooms": 3}', '{"region": "rural", "cows": 1}', '{"rooms": 2, "car": false, "cows": 0}', '{"region": "urban"}']),
	('first: unknown not said', '{"first_of": [{"when": {"region": "urban"}, "points": 1}], "otherwise": 3}', ARRAY['{}', '{"region": "rural"}']),
	('first: a list of labels, all of, not', '{"first_of": [{"when": {"province": ["punjab", "sindh"], "all_of": ["car", "cows"], "internet": false}, "points": 1}], "otherwise": 3}',
		ARRAY['{"province": "sindh", "car": true, "cows": 1, "internet": false}', '{"province": "balochistan"}', '{"province": "sindh", "car": true, "cows": 1}'])
) AS v (form, term, list), unnest(list) WITH ORDINALITY AS l (text, n), LATERAL (SELECT text::indicators AS answers) AS a
GROUP BY form, v.term ORDER BY form;

-- variants: the first that matches, else the top; unknown which
SELECT answers, pmt_score(answers::indicators, '{"variants": [{"when": {"region": "urban"}, "terms": [{"indicator": "rooms", "each": 2}], "base": 1},
	{"when": {"province": "sindh"}, "terms": [{"indicator": "rooms", "each": 3}]}], "terms": [{"indicator": "rooms", "each": 5}], "base": 50}')
FROM unnest(ARRAY['{"rooms": 2, "region": "urban", "province": "sindh"}', '{"rooms": 2, "region": "rural", "province": "sindh"}',
	'{"rooms": 2, "region": "rural", "province": "punjab"}', '{"rooms": 2}']) AS answers;
SELECT pmt_score('{"rooms": 2, "region": "rural"}', '{"variants": [{"when": {"region": "urban"}, "terms": [{"indicator": "rooms", "each": 2}]}]}') AS no_variant_matches;

-- sums are exact, clamped to the range and rounded half away from zero
SELECT pmt_score('{"rooms": 1}', '{"terms": [{"indicator": "rooms", "each": 90}], "base": 20}') AS above,
	pmt_score('{"rooms": 1}', '{"terms": [{"indicator": "rooms", "each": -90}], "base": 20}') AS below,
	pmt_score('{"rooms": 1}', '{"terms": [{"indicator": "rooms", "each": 1}], "range": [20, 60]}') AS floor,
	pmt_score('{"rooms": 1}', '{"terms": [{"indicator": "rooms", "each": 0.0049}]}') AS down,
	pmt_score('{"rooms": 1}', '{"terms": [{"indicator": "rooms", "each": 0.005}]}') AS half,
	pmt_score('{"rooms": 3}', '{"terms": [{"indicator": "rooms", "each": 0.1}]}') = 0.3 AS exact;

-- explaining: points add up to the score
SELECT * FROM pmt_explain('{"rooms": 3, "toilet": "none", "car": true, "cows": 0}', '{"base": 0.5, "terms": [
	{"indicator": "rooms", "each": 0.3333}, {"indicator": "toilet", "labels": {"none": 0}}, {"any_of": ["car", "tractor"], "points": 4},
	{"name": "livestock", "first_of": [{"when": {"cows": true}, "points": 1}], "otherwise": -0.1}]}');
SELECT * FROM pmt_explain('{"rooms": 3}', '{"terms": [{"indicator": "rooms", "each": 50}, {"indicator": "cows", "points": 1, "when_missing": 2}]}');
SELECT * FROM pmt_explain('{"rooms": 3, "members": 0}', '{"terms": [{"indicator": "rooms", "per": "members", "bands": [[null, 1]]}, {"indicator": "cows", "points": 1}]}');
SELECT * FROM pmt_explain('{"rooms": 3}', '{"variants": [{"when": {"region": "urban"}, "terms": [{"indicator": "rooms", "each": 2}]}]}');

-- every answer that decides is shown, though one name or answer is within another
SELECT * FROM pmt_explain('{"cooking_fuel": "gas", "gas": "own_meter", "disabled_members": 0, "members": 3, "elementary_workers": 0, "workers": 0}', '{"terms": [
	{"first_of": [{"when": {"cooking_fuel": "gas", "gas": "none"}, "points": 9}], "otherwise": 1},
	{"any_of": ["disabled_members", "members"], "points": 2}, {"all_of": ["elementary_workers", "workers"], "points": 2}]}');

-- ratios stay exact to the largest band
SELECT bool_and(pmt_score(jsonb_build_object('rooms', 1, 'members', m)::indicators, '{"terms": [{"indicator": "rooms", "per": "members", "bands": [[100000, 1], [null, 2]]}]}') = 1) AS all_in_the_first
FROM generate_series(1, 254) AS m;

-- a formula may ask for an error instead
SELECT pmt_score('{"rooms": 3}', '{"name": "strict", "when_missing": "error", "terms": [{"indicator": "rooms", "each": 1}, {"indicator": "cows", "points": 1}]}');
SELECT pmt_score('{"rooms": 3}', '{"name": "strict", "when_missing": "error", "variants": [{"when": {"region": "urban"}, "terms": [{"indicator": "rooms", "each": 1}]}]}');

-- points that are not public
SELECT pmt_score('{}', formula) FROM formula WHERE name = 'psc-2010';
SELECT pmt_explain('{}', formula) FROM formula WHERE name = 'psc-2010';

-- shipped formulas at their ends: worst and best attainable
SELECT f.name, pmt_score(worst::indicators, f.formula) AS worst, pmt_score(best::indicators, f.formula) AS best
FROM formula AS f JOIN (VALUES
	('ppi-pakistan-2009',
	 '{"province": "balochistan", "children_0_13": 7, "children_5_13": 5, "children_5_13_at_school": 4, "elementary_workers": 3, "has_female_head_or_spouse": true, "female_head_or_spouse_class": 0, "water": "surface", "toilet": "none", "refrigerator": false, "freezer": false, "television": false, "motorcycle": false, "car": false, "rickshaw": false}',
	 '{"province": "islamabad", "children_0_13": 0, "children_5_13": 0, "children_5_13_at_school": 0, "elementary_workers": 0, "has_female_head_or_spouse": true, "female_head_or_spouse_class": 10, "water": "piped", "toilet": "flush_sewer", "refrigerator": true, "television": true, "car": true}'),
	('hies-2015-demo',
	 '{"dependants": 7, "head_class": 0, "children_5_16": 4, "children_5_16_at_school": 0, "rooms": 1, "members": 5, "toilet": "none", "electricity": "none", "gas": "none", "internet": false, "mobile_phone": false, "computer": false, "landline": false}',
	 '{"dependants": 2, "head_class": 11, "children_5_16": 4, "children_5_16_at_school": 4, "rooms": 5, "members": 5, "toilet": "flush_pit", "electricity": "extension", "gas": "own_meter", "internet": true, "mobile_phone": true, "computer": true, "landline": true}')
) AS v (name, worst, best) USING (name) ORDER BY name;
-- published: no data on the wife's education counts 0; no points for AJK and GB
SELECT term, answer, points FROM formula, pmt_explain('{"province": "gilgit_baltistan", "has_female_head_or_spouse": true}', formula)
WHERE name = 'ppi-pakistan-2009' AND term IN ('province', 'female head or spouse''s education');

-- bands of the Poverty Scorecard
SELECT score, poverty_band(score) FROM unnest('{0,11,11.99,12,18.99,19,23.99,24,100,100.01,-0.01,NaN,NULL}'::float8[]) AS score;

-- one call site, many formulas: more than it keeps compiled, in and out of line
CREATE TEMP TABLE formulas AS
	SELECT i, format('{"source": %s, "terms": [{"indicator": "rooms", "each": %s}]}', to_json(repeat('x', CASE WHEN i % 2 = 0 THEN 5000 ELSE 0 END)), i)::pmt_formula AS f
	FROM generate_series(1, 6) AS i;
SELECT bool_and(pmt_score(jsonb_build_object('rooms', r)::indicators, f) = r * i) AS right_one
FROM generate_series(1, 10) AS r, formulas;
SELECT bool_and(pmt_score(jsonb_build_object('rooms', r)::indicators, f) = r * i) AS right_one
FROM formulas, generate_series(1, 10) AS r;
DO $$
DECLARE total float8 := 0; f registry.pmt_formula;
BEGIN
	FOR i IN 1..9 LOOP
		f := format('{"terms": [{"indicator": "rooms", "each": %s}]}', i);
		total := total + registry.pmt_score('{"rooms": 2}', f);
	END LOOP;
	RAISE NOTICE '%', total;
END $$;
UPDATE formulas SET f = '{"terms": [{"indicator": "rooms", "each": 7}]}' WHERE i = 2;
SELECT pmt_score('{"rooms": 2}', f) FROM formulas WHERE i = 2;
