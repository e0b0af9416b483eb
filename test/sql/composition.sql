--
-- What a roster counts to
--
\set VERBOSITY default
SET search_path = registry, public;

CREATE FUNCTION pg_temp.count_of(roster, name text) RETURNS text LANGUAGE sql AS
	$$ SELECT to_jsonb(composition($1)) ->> $2 $$;

-- a household whole
SELECT * FROM composition(
	'[{"line": 1, "relationship": "head", "sex": "male", "age": 66, "marital_status": "married", "class": 5, "employment": "employed",
	   "elementary_occupation": true, "disabilities": ["hearing"], "chronic_diseases": [], "ever_attended": true},
	  {"line": 2, "relationship": "spouse", "sex": "female", "age": 60, "marital_status": "married", "ever_attended": false,
	   "attending_school": false, "employment": "housewife", "disabilities": [], "chronic_diseases": ["diabetes"]},
	  {"line": 3, "relationship": "child_in_law", "sex": "female", "age": 30, "marital_status": "widowed", "ever_attended": true,
	   "attending_school": false, "employment": "employed", "elementary_occupation": false, "disabilities": [], "chronic_diseases": []},
	  {"line": 4, "relationship": "grandchild", "sex": "male", "age": 5, "marital_status": "never_married", "attending_school": true,
	   "employment": "student", "disabilities": [], "chronic_diseases": []},
	  {"line": 5, "relationship": "grandchild", "sex": "transgender", "age": 16, "marital_status": "never_married", "ever_attended": false,
	   "employment": "unemployed", "disabilities": [], "chronic_diseases": []}]') \gx

-- the ages at which each count begins and ends
SELECT name, string_agg(age::text, ' ' ORDER BY age) FILTER (WHERE n = '1') AS counted
FROM unnest('{3,4,5,13,14,16,17,18,19,59,60,65,66}'::int[]) AS age,
	unnest('{dependants,children_0_13,children_5_16,children_5_13,children_4_18,elderly}'::text[]) AS name,
	pg_temp.count_of(jsonb_build_array(jsonb_build_object('line', 1, 'age', age))::roster, name) AS n
GROUP BY name ORDER BY name;
SELECT string_agg(age::text, ' ' ORDER BY age) AS workers
FROM unnest('{13,14,60,61}'::int[]) AS age
WHERE (composition(jsonb_build_array(jsonb_build_object('line', 1, 'age', age, 'employment', 'employed'))::roster)).workers = 1;
SELECT string_agg(age::text || ' ' || marital_status, ', ') AS ever_married_women
FROM unnest('{17,18}'::int[]) AS age, unnest(enum_range(NULL::marital_status)) AS marital_status
WHERE (composition(jsonb_build_array(jsonb_build_object('line', 1, 'sex', 'female', 'age', age, 'marital_status', marital_status))::roster)).ever_married_women = 1;

-- unknown where it decides, and only there
SELECT what, pg_temp.count_of(roster, name) AS n FROM (VALUES
	('age unknown', 'dependants', roster '[{"line": 1}, {"line": 2, "age": 70}]'),
	('members are known', 'members', '[{"line": 1}, {"line": 2}]'),
	('attendance of a child unknown', 'children_5_16_at_school', '[{"line": 1, "age": 6}, {"line": 2, "age": 7, "attending_school": true}]'),
	('never attended, so does not attend', 'children_5_16_at_school', '[{"line": 1, "age": 6, "ever_attended": false}]'),
	('attendance of a grown-up does not matter', 'children_5_16_at_school', '[{"line": 1, "age": 40}]'),
	('age of one who attends unknown', 'children_5_16_at_school', '[{"line": 1, "attending_school": true}]'),
	('age of one who does not attend does not matter', 'children_5_16_at_school', '[{"line": 1, "attending_school": false}]'),
	('occupation of a housewife is known', 'elementary_workers', '[{"line": 1, "employment": "housewife"}]'),
	('occupation of an employed unknown', 'elementary_workers', '[{"line": 1, "employment": "employed"}]'),
	('a man is no widow', 'widows', '[{"line": 1, "sex": "male"}]'),
	('a married member is no widow', 'widows', '[{"line": 1, "marital_status": "married"}]'),
	('marital status of a woman unknown', 'widows', '[{"line": 1, "sex": "female"}]'),
	('no disability asked', 'disabled_members', '[{"line": 1}]'),
	('no disability', 'disabled_members', '[{"line": 1, "disabilities": []}]')
) AS v (what, name, roster);

-- the head and his first wife
SELECT what, head_sex, head_age, head_class, head_ever_attended AS attended, has_female_head_or_spouse AS has_female, female_head_or_spouse_class AS class
FROM (VALUES
	('two wives: the first', roster '[{"line": 1, "relationship": "head", "sex": "male", "age": 50, "class": 10},
		{"line": 3, "relationship": "spouse", "sex": "female", "class": 8}, {"line": 2, "relationship": "spouse", "sex": "female", "ever_attended": false}]'),
	('a woman is the head', '[{"line": 1, "relationship": "head", "sex": "female", "class": 4}, {"line": 2, "relationship": "spouse", "sex": "male", "class": 9}]'),
	('a lone man', '[{"line": 1, "relationship": "head", "sex": "male", "ever_attended": false}]'),
	('class of the wife unknown', '[{"line": 1, "relationship": "head", "sex": "male"}, {"line": 2, "relationship": "spouse", "sex": "female"}]'),
	('sex of the head unknown', '[{"line": 1, "relationship": "head"}, {"line": 2, "relationship": "spouse", "sex": "female", "class": 3}]'),
	('a relationship unknown', '[{"line": 1, "relationship": "head", "sex": "male"}, {"line": 2, "sex": "female", "class": 3}]'),
	('two heads', '[{"line": 1, "relationship": "head", "sex": "male", "age": 50}, {"line": 2, "relationship": "head", "sex": "male", "age": 40}]'),
	('no head', '[{"line": 1, "relationship": "child", "sex": "male", "age": 50}]'),
	('transgender head', '[{"line": 1, "relationship": "head", "sex": "transgender", "age": 30}]')
) AS v (what, roster), composition(roster);

-- 254 members are counted
SELECT members, dependants, children_0_13 FROM composition((SELECT jsonb_agg(jsonb_build_object('line', i, 'age', 3))::roster FROM generate_series(1, 254) AS i));

-- complete: positions 40 to 62, structure and land; what cannot be derived stands
SELECT complete('{"rooms": 2, "members": 9}', '[{"line": 1, "relationship": "head", "sex": "female", "age": 40}]');
SELECT complete('{"rooms": 2, "members": 9}', NULL), complete(NULL, '[{"line": 1}]') IS NULL AS no_answers;
SELECT wall, roof, complete(jsonb_build_object('wall', wall, 'roof', roof)::indicators, NULL) ->> 'structure' AS structure
FROM (VALUES ('burnt_brick', 'girder'), ('burnt_brick', 'concrete'), ('raw_brick_or_mud', NULL), (NULL, 'wood_or_bamboo'),
	('stone', NULL), ('prefabricated', 'prefabricated'), (NULL, NULL)) AS v (wall, roof);
SELECT complete('{"structure": "pacca"}', NULL) AS answered;
SELECT land, complete('{}', NULL, land) -> 'land_kanals' AS kanals
FROM unnest('{0 marla,1 sarsai,1 kanal,1 kanal 1 sarsai,2 acre,31 acre,32 acre,1000 murabba}'::land_area[]) AS land;
SELECT complete('{"land_kanals": 3}', NULL, NULL) -> 'land_kanals' AS answered;
SELECT bool_and(complete(i, r) = complete(complete(i, r), r)) AS idempotent
FROM (VALUES (indicators '{"wall": "stone"}', roster '[{"line": 1, "age": 4}]')) AS v (i, r);

-- added up over rosters: what is known is summed, households of which it is unknown are counted
CREATE TEMP TABLE several AS SELECT r FROM (VALUES
	(roster '[{"line": 1, "relationship": "head", "sex": "female", "age": 70, "marital_status": "widowed", "disabilities": ["hearing"]},
		{"line": 2, "relationship": "grandchild", "sex": "male", "age": 8, "disabilities": []}]'),
	('[{"line": 1, "relationship": "head", "sex": "male", "marital_status": "married"}]'),
	(NULL)) AS v (r);
SELECT t.* FROM (SELECT composition_tally(r) AS state FROM several) AS s, composition_totals(s.state) AS t;
SELECT t.* FROM (SELECT composition_tally(r) AS state FROM several WHERE r IS NULL) AS s, composition_totals(s.state) AS t LIMIT 2;
SELECT (composition_tally(r))[1] AS households FROM several WHERE false;
SELECT composition_totals('{1,2,3}');
