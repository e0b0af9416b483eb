-- Themes: what C counts is what the definitions in SQL say, whatever is unknown; every
-- level adds up to the nation; and counting only what changed comes to the same as
-- counting all, after any sequence of operations.
BEGIN;
SET client_min_messages = error;
SET log_min_messages = error;
\i test/population/population.sql
CALL population.load(150);
SET search_path = tap, registry, public;
SELECT setseed(0.8171);
SELECT setval('nser.household_household_id_seq', 1000);
INSERT INTO nser.area (code, name, division, source)
	SELECT d.code, 'District ' || d.code::text, CASE WHEN random() < 0.8 THEN 'Division ' || left(d.code::text, 4) END, 'made up'
	FROM (SELECT DISTINCT ancestor(h.area, 'district') AS code FROM nser.household AS h) AS d WHERE d.code IS NOT NULL
	ON CONFLICT (code) DO UPDATE SET division = EXCLUDED.division;
SELECT plan(20);

-- answers and members of whom anything may be unknown
CREATE FUNCTION pg_temp.one_of(VARIADIC labels text[]) RETURNS text LANGUAGE sql VOLATILE RETURN labels[1 + floor(random() * (cardinality(labels) + 1))::integer];
CREATE FUNCTION pg_temp.maybe() RETURNS boolean LANGUAGE sql VOLATILE RETURN (ARRAY[true, false])[1 + floor(random() * 3)::integer];
CREATE FUNCTION pg_temp.answers() RETURNS indicators LANGUAGE sql VOLATILE AS $$
	SELECT jsonb_strip_nulls(jsonb_object_agg(c.name, CASE c.kind WHEN 'code' THEN to_jsonb(pg_temp.one_of(VARIADIC c.labels)) ELSE to_jsonb((ARRAY[0, 0, 1, 3])[1 + floor(random() * 5)::integer]) END))::indicators
	FROM codebook() AS c WHERE c.name IN ('wall', 'roof', 'water', 'toilet', 'electricity', 'buffaloes', 'cows', 'goats', 'sheep', 'camels')
$$;
CREATE FUNCTION pg_temp.people(n integer) RETURNS roster LANGUAGE sql VOLATILE AS $$
	SELECT roster_agg(i, CASE WHEN i = 1 THEN 'head' ELSE 'other' END::relationship, pg_temp.one_of('male', 'female', 'transgender')::sex,
		CASE WHEN random() < 0.9 THEN floor(random() * 80)::integer END, pg_temp.one_of('never_married', 'married', 'widowed')::marital_status, NULL, NULL, NULL,
		NULL, pg_temp.maybe(), pg_temp.maybe(), pg_temp.maybe(), pg_temp.one_of('employed', 'seeking', 'student'), NULL, NULL,
		CASE WHEN random() < 0.7 THEN CASE WHEN random() < 0.3 THEN '{hearing,other}' ELSE '{}' END::text[] END,
		CASE WHEN random() < 0.7 THEN CASE WHEN random() < 0.3 THEN '{diabetes}' ELSE '{}' END::text[] END)
	FROM generate_series(1, n) AS i
$$;
CREATE TEMP TABLE seen (household_id bigint, answers indicators, people roster);
INSERT INTO seen SELECT h.household_id, pg_temp.answers(), CASE WHEN random() < 0.9 THEN pg_temp.people(1 + floor(random() * 9)::integer + (h.household_id * 0)::integer) END
FROM nser.household AS h WHERE h.household_id BETWEEN 41 AND 150;
SELECT count(record_survey(s.household_id, s.answers, s.people)) FROM seen AS s;
-- some state their tehsil, district, province or nothing
UPDATE nser.household SET area = ancestor(area, (ARRAY['tehsil', 'district', 'province', 'country']::area_level[])[1 + household_id % 4]) WHERE household_id % 7 = 0;
CALL score_all('hies-2015-demo', NULL);
CALL derive_all(NULL);
ANALYZE nser.household, nser.survey, nser.score, nser.family, nser.member;
SELECT cmp_ok(refresh_themes(true), '>', 40::bigint, 'areas are counted');
ANALYZE nser.theme_count, nser.theme_score, nser.theme_family;

-- of a level what the views tell and what plain SQL counts, where they differ
CREATE FUNCTION pg_temp.wrong(of_level area_level) RETURNS SETOF text LANGUAGE sql STABLE AS $$
	SELECT f.x FROM (SELECT concat_ws(' ', area, sex, theme, measure, n, base, unknown) AS x FROM nser.theme_figure WHERE level = of_level AND base + unknown > 0) AS f
	FULL JOIN (SELECT concat_ws(' ', area, sex, theme, measure, n, base, unknown) AS x FROM count_themes(of_level) WHERE base + unknown > 0) AS c USING (x)
	WHERE f IS NULL OR c IS NULL
$$;
SELECT is_empty(format('SELECT * FROM pg_temp.wrong(%L)', l), format('C and SQL agree on every figure of every %s', l))
FROM unnest('{country,province,district,tehsil,union_council}'::area_level[]) AS l;
SELECT cmp_ok(count(*), '=', 0::bigint, 'no figure lacks those of whom it is unknown') FROM nser.theme_figure
WHERE level = 'country' AND sex = 'all' AND theme <> 'chronic_disease_household' AND (unknown = 0 OR n = 0 OR n = base);
SELECT is_empty($$
	SELECT c.indicator FROM theme_cells() AS c JOIN codebook() AS b ON b.name = c.indicator AND b.kind = 'code'
	GROUP BY c.indicator, b.labels HAVING array_agg(c.answer ORDER BY c.cell) <> ARRAY['unknown'] || b.labels
	UNION ALL SELECT t.theme || '.' || t.measure FROM themes() AS t CROSS JOIN unnest(t.answers) AS a (answer)
	WHERE NOT EXISTS (SELECT FROM theme_cells() AS c WHERE c.indicator = t.indicator AND c.answer = a.answer AND (c.sex IS NULL) = (t.unit = 'household'))
$$, 'cells are the codebook''s labels, and every definition finds its cells');
SELECT is_empty($$SELECT l FROM unnest('{structure,water,latrine}'::text[]) AS l JOIN themes() AS t ON t.theme = l
	CROSS JOIN LATERAL unnest(t.answers) AS a (answer) GROUP BY l HAVING count(*) <> count(DISTINCT a.answer)
	OR count(*) <> (SELECT count(*) FROM theme_cells() AS c WHERE c.indicator = min(t.indicator) AND c.answer <> 'unknown')$$,
	'labels of structure, water and toilet are each in one measure of their theme');

-- the aggregate: in any order, in parts, and by workers
SELECT is((SELECT theme_tally(v.indicators, v.roster ORDER BY random()) FROM nser.survey AS v),
	(SELECT theme_sum(t.tally) FROM (SELECT theme_tally(v.indicators, v.roster) AS tally FROM nser.survey AS v GROUP BY v.survey_id % 7) AS t), 'in any order, and in parts');
CREATE FUNCTION pg_temp.plan_of(statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN ' || statement; END $$;
SELECT theme_tally(indicators, roster) AS alone FROM nser.survey \gset
-- pages that another test filled and rolled back are no measure
SET LOCAL seq_page_cost = 0;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT isnt_empty($$SELECT 1 FROM pg_temp.plan_of('SELECT registry.theme_tally(indicators, roster) FROM nser.survey') AS p (line) WHERE line ~ 'Partial Aggregate'$$, 'workers count parts');
SELECT is(theme_tally(indicators, roster), :'alone'::bigint[], 'and come to the same') FROM nser.survey;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- totals: of any level the same
SELECT is_empty($$
	SELECT theme, measure, sex FROM nser.theme_figure GROUP BY theme, measure, sex, level
	EXCEPT SELECT theme, measure, sex FROM nser.theme_figure WHERE level = 'country'$$, 'levels tell of the same measures');
CREATE FUNCTION pg_temp.unequal() RETURNS SETOF text LANGUAGE sql STABLE AS $$
	SELECT 'figure' FROM (SELECT level, theme, measure, sex, sum(n) AS n, sum(base) AS base, sum(unknown) AS unknown FROM nser.theme_figure GROUP BY 1, 2, 3, 4) AS f
	GROUP BY theme, measure, sex HAVING count(*) <> 6 OR count(DISTINCT (n, base, unknown)) <> 1
	UNION ALL
	SELECT 'size' FROM (SELECT level, sex, sum(registered) AS r, sum(members) AS m, sum(households) AS h FROM nser.theme_household_size GROUP BY 1, 2) AS f
	GROUP BY sex HAVING count(*) <> 6 OR count(DISTINCT (r, m, h)) <> 1
	UNION ALL
	SELECT 'band' FROM (SELECT level, formula, band, sum(households) AS h, sum(scored) AS s, sum(no_score) AS o, sum(not_scored) AS t FROM nser.theme_poverty GROUP BY 1, 2, 3) AS f
	GROUP BY formula, band HAVING count(*) <> 6 OR count(DISTINCT (h, s, o, t)) <> 1
	UNION ALL
	SELECT 'kind' FROM (SELECT level, kind, sum(families) AS f, sum(children) AS c, sum(base) AS b FROM nser.theme_families GROUP BY 1, 2) AS f
	GROUP BY kind HAVING count(*) <> 6 OR count(DISTINCT (f, c, b)) <> 1
$$;
SELECT is_empty('SELECT * FROM pg_temp.unequal()', 'every level adds up to the nation');
SELECT is_empty($$SELECT 1 FROM nser.theme_poverty GROUP BY level, area, name, formula, scored HAVING sum(households) <> scored
	UNION ALL SELECT 1 FROM nser.theme_families GROUP BY level, area, name HAVING sum(families) FILTER (WHERE kind <> 'all') <> max(families) FILTER (WHERE kind = 'all')$$,
	'bands add up to the scored, and kinds to the families');
-- bands and families by plain SQL
SELECT is_empty($$
	(SELECT p.band, p.households FROM nser.theme_poverty AS p WHERE p.level = 'country' AND p.households > 0
	 EXCEPT SELECT poverty_band(s.score)::text, count(*) FROM nser.household AS h JOIN nser.score AS s ON s.household_id = h.household_id AND s.survey_id = h.current_survey
		WHERE h.status = 'registered' AND s.score IS NOT NULL GROUP BY 1)
	UNION ALL
	(SELECT f.kind::text, f.families FROM nser.theme_families AS f WHERE f.level = 'country' AND f.kind <> 'all' AND f.families > 0
	 EXCEPT SELECT c.kind::text, sum(c.families)::bigint FROM nser.family_count AS c GROUP BY 1)$$, 'bands and families are those of the store');

-- What is stored, without when.
CREATE FUNCTION pg_temp.stored() RETURNS text LANGUAGE sql STABLE AS $$
	SELECT md5(concat((SELECT string_agg(concat_ws(' ', area, households, tally), '|' ORDER BY area::text) FROM nser.theme_count),
		(SELECT string_agg(s::text, '|' ORDER BY area::text, formula) FROM nser.theme_score AS s),
		(SELECT string_agg(f::text, '|' ORDER BY area::text, kind) FROM nser.theme_family AS f)))
$$;
CREATE TEMP TABLE attempt (no integer, kind text, done boolean, counted bigint, same boolean);
CREATE FUNCTION pg_temp.try(no integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	kind	text := ('{survey,late,end,all_end,register,move_area,member,split,merge,score,unscore,derive,underive,new,status,recode}'::text[])[1 + no % 16];
	h		bigint := (SELECT household_id FROM nser.household WHERE status = 'registered' AND household_id < 41 AND household_id % 7 <> 0 ORDER BY random() LIMIT 1);
	other	bigint := (SELECT household_id FROM nser.household WHERE status = 'registered' AND household_id <> h AND household_id < 41 ORDER BY random() LIMIT 1);
	elsewhere	area_code := (SELECT area FROM nser.household ORDER BY random() LIMIT 1);
	line	integer := (SELECT m.line FROM nser.member AS m WHERE m.household_id = h AND m.valid_to IS NULL AND m.superseded_at IS NULL AND m.relationship <> 'head' ORDER BY random() LIMIT 1);
	head	integer := (SELECT m.line FROM nser.member AS m WHERE m.household_id = h AND m.valid_to IS NULL AND m.superseded_at IS NULL AND m.relationship = 'head');
	done	boolean := true;
	counted	bigint;
	partly	text;
	same	boolean;
BEGIN
	BEGIN
		CASE kind
			WHEN 'survey' THEN PERFORM record_survey(40 + ceil(random() * 100)::bigint, pg_temp.answers(), pg_temp.people(1 + no % 5));
			WHEN 'late' THEN PERFORM record_survey(41, pg_temp.answers(), pg_temp.people(3), submitted_at => now() - interval '3 years');
			WHEN 'end' THEN PERFORM end_member(h, line, 'died');
			WHEN 'all_end' THEN PERFORM end_member(h, m.line, 'left')
				FROM (SELECT n.line, n.relationship FROM nser.member AS n WHERE n.household_id = h AND n.valid_to IS NULL AND n.superseded_at IS NULL
					  ORDER BY n.relationship = 'head', n.line) AS m;
			WHEN 'register' THEN PERFORM register_member(h, 'New Child', 'female', 'other', birth_date => today() - 40);
			WHEN 'move_area' THEN PERFORM change_household(h, jsonb_build_object('area', elsewhere));
			WHEN 'member' THEN PERFORM move_member(h, line, other, 'other');
			WHEN 'split' THEN PERFORM split_household(h, ARRAY[line], line, area => elsewhere);
			WHEN 'merge' THEN PERFORM merge_households(h, other, 'other');
			WHEN 'score' THEN CALL score_all((ARRAY['hies-2015-demo', 'ppi-pakistan-2009'])[1 + floor(random() * 2)::integer], NULL);
			WHEN 'unscore' THEN DELETE FROM nser.score AS s WHERE s.household_id % 17 = no % 17;
			WHEN 'derive' THEN CALL derive_all(NULL);
			WHEN 'underive' THEN DELETE FROM nser.family AS f WHERE f.household_id % 19 = no % 19;
			WHEN 'new' THEN
				-- of nothing that is derived, whose own mark would do
				UPDATE nser.household AS x SET area = elsewhere
				WHERE x.household_id = (SELECT max(y.household_id) FROM nser.household AS y WHERE y.current_survey IS NULL AND y.status = 'registered');
				INSERT INTO nser.household (area) SELECT area FROM nser.household ORDER BY random() LIMIT 1;
			WHEN 'status' THEN UPDATE nser.household AS x SET status = CASE x.status WHEN 'registered' THEN 'dissolved' ELSE 'registered' END WHERE x.household_id = 41 + no % 90;
			WHEN 'recode' THEN
				PERFORM record_area_change(today(), ARRAY[ancestor(elsewhere, 'tehsil')], ARRAY[left(elsewhere::text, 5) || (90 + no % 10)]::area_code[]);
				PERFORM recode_households(today());
		END CASE;
	EXCEPTION WHEN OTHERS THEN
		done := false;
	END;
	IF no % 3 = 0 THEN
		RETURN;		-- marks of several add up
	END IF;
	counted := refresh_themes();
	partly := pg_temp.stored();
	-- taken back, so that what was counted in parts stays what the next part is added to
	BEGIN
		PERFORM refresh_themes(true);
		same := partly = pg_temp.stored();
		RAISE EXCEPTION USING ERRCODE = 'TH000';
	EXCEPTION WHEN SQLSTATE 'TH000' THEN
		INSERT INTO attempt VALUES (no, kind, done, counted, same);
	END;
END;
$$;
SELECT count(pg_temp.try(n)) FROM generate_series(1, 160) AS n;
SELECT is_empty('SELECT no, kind FROM attempt WHERE NOT same', 'counting what changed is counting all, after any sequence of operations');
SELECT ok(count(*) > 100 AND avg(counted) < 40 AND count(*) FILTER (WHERE counted > 0) > 60, 'and few areas are counted: ' || round(avg(counted), 1)) FROM attempt;
SELECT is_empty('SELECT a.kind FROM attempt AS a GROUP BY 1 HAVING NOT bool_or(a.done)', 'every operation was done');
-- that the test can fail
SET CONSTRAINTS ALL IMMEDIATE;
SAVEPOINT unmarked;
ALTER TABLE nser.household DISABLE TRIGGER theme_changed;
UPDATE nser.household SET status = 'dissolved' WHERE household_id = (SELECT min(household_id) FROM nser.household WHERE status = 'registered');
DO $$ BEGIN PERFORM refresh_themes(); END $$;
SELECT count(*) AS missed FROM pg_temp.wrong('country') \gset
ROLLBACK TO unmarked;
SELECT cmp_ok(:missed, '>', 0, 'without its mark a change is not seen');
SELECT * FROM finish();
ROLLBACK;
