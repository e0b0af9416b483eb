-- The same rules a second time, in plain SQL and PL/pgSQL over jsonb, to check the
-- C against.  Slow and simple: it shares no code and no table with it.

CREATE SCHEMA oracle;

-- How many of the members a condition holds for; unknown where it is for any.
CREATE FUNCTION oracle.count(holds boolean[]) RETURNS int LANGUAGE sql IMMUTABLE
	RETURN (SELECT CASE WHEN bool_and(h IS NOT NULL) THEN count(*) FILTER (WHERE h) END FROM unnest(holds) AS h);

CREATE FUNCTION oracle.composition(registry.roster,
		OUT members integer, OUT dependants integer, OUT children_0_13 integer, OUT children_5_16 integer,
		OUT children_5_16_at_school integer, OUT children_5_13 integer, OUT children_5_13_at_school integer,
		OUT children_4_18 integer, OUT children_4_18_out_of_school integer, OUT head_sex text, OUT head_age integer,
		OUT head_class integer, OUT female_head_or_spouse_class integer, OUT has_female_head_or_spouse boolean,
		OUT ever_married_women integer, OUT elementary_workers integer, OUT workers integer,
		OUT disabled_members integer, OUT chronically_ill_members integer, OUT widows integer, OUT elderly integer,
		OUT transgender_members integer, OUT head_ever_attended boolean)
	LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
	WITH m AS (
		SELECT r.line, r.relationship, r.sex, r.age, r.marital_status,
			coalesce(r.ever_attended, CASE WHEN r.class > 0 THEN true END) AS ever_attended,
			coalesce(r.attending_school, CASE WHEN NOT r.ever_attended AND coalesce(r.class, 0) >= 0 THEN false END) AS attends,
			coalesce(r.class, CASE WHEN NOT r.ever_attended THEN 0 END) AS class,
			r.employment = 'employed' AS employed,
			coalesce(r.elementary_occupation, CASE WHEN r.employment <> 'employed' THEN false END) AS elementary,
			cardinality(r.disabilities) > 0 AS disabled, cardinality(r.chronic_diseases) > 0 AS ill,
			r.marital_status NOT IN ('never_married', 'nikah_only') AS ever_married,
			r.relationship IN ('head', 'spouse') AND r.sex = 'female' AS female_head_or_spouse
		FROM registry.members($1) AS r
	),
	head AS (SELECT m.* FROM m WHERE m.relationship = 'head' AND (SELECT count(*) FROM m AS x WHERE x.relationship = 'head') = 1),
	-- the female head, else the first wife; nobody where someone unknown may come before
	wife AS (
		SELECT c.class
		FROM m AS c
		WHERE c.female_head_or_spouse
		AND (c.relationship = 'head'
			 OR NOT EXISTS (SELECT FROM m AS x WHERE x.female_head_or_spouse IS NULL
							AND (x.relationship IS DISTINCT FROM 'spouse' OR x.line < c.line)))
		ORDER BY c.relationship, c.line
		LIMIT 1
	)
	SELECT count(*)::int,
		oracle.count(array_agg(m.age < 18 OR m.age > 65)),
		oracle.count(array_agg(m.age <= 13)),
		oracle.count(array_agg(m.age BETWEEN 5 AND 16)),
		oracle.count(array_agg(m.age BETWEEN 5 AND 16 AND m.attends)),
		oracle.count(array_agg(m.age BETWEEN 5 AND 13)),
		oracle.count(array_agg(m.age BETWEEN 5 AND 13 AND m.attends)),
		oracle.count(array_agg(m.age BETWEEN 4 AND 18)),
		oracle.count(array_agg(m.age BETWEEN 4 AND 18 AND NOT m.attends)),
		(SELECT sex::text FROM head), (SELECT age FROM head), (SELECT class FROM head),
		(SELECT class FROM wife), bool_or(m.female_head_or_spouse) OR CASE WHEN bool_or(m.female_head_or_spouse IS NULL) THEN NULL ELSE false END,
		oracle.count(array_agg(m.sex = 'female' AND m.age >= 18 AND m.ever_married)),
		oracle.count(array_agg(m.elementary)),
		oracle.count(array_agg(m.age BETWEEN 14 AND 60 AND m.employed)),
		oracle.count(array_agg(m.disabled)),
		oracle.count(array_agg(m.ill)),
		oracle.count(array_agg(m.sex = 'female' AND m.marital_status = 'widowed')),
		oracle.count(array_agg(m.age >= 60)),
		oracle.count(array_agg(m.sex = 'transgender')),
		(SELECT ever_attended FROM head)
	FROM m;
END;

-- An answer as a number: true 1, false 0; NULL where missing or a label.
CREATE FUNCTION oracle.number(answer jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE
	RETURN CASE jsonb_typeof(answer) WHEN 'number' THEN answer::numeric WHEN 'boolean' THEN answer::boolean::int END;

CREATE FUNCTION oracle.any_of(answers jsonb, names jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE
	RETURN (SELECT CASE WHEN bool_or(oracle.number(answers -> n) > 0) THEN true
						WHEN bool_or(answers -> n IS NULL) THEN NULL ELSE false END FROM jsonb_array_elements_text(names) AS n);

CREATE FUNCTION oracle.all_of(answers jsonb, names jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE
	RETURN (SELECT CASE WHEN bool_or(oracle.number(answers -> n) = 0) THEN false
						WHEN bool_or(answers -> n IS NULL) THEN NULL ELSE true END FROM jsonb_array_elements_text(names) AS n);

CREATE FUNCTION oracle.holds(answers jsonb, wanted jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	name text; want jsonb; one boolean; verdict boolean := true;
BEGIN
	FOR name, want IN SELECT * FROM jsonb_each(wanted) LOOP
		one := CASE
			WHEN name = 'any_of' THEN oracle.any_of(answers, want)
			WHEN name = 'all_of' THEN oracle.all_of(answers, want)
			WHEN answers -> name IS NULL THEN NULL
			WHEN jsonb_typeof(want) = 'string' THEN answers -> name = want
			WHEN jsonb_typeof(want) = 'array' THEN want @> (answers -> name)
			WHEN jsonb_typeof(want) = 'boolean' THEN (oracle.number(answers -> name) > 0) = want::boolean
			ELSE oracle.number(answers -> name) BETWEEN coalesce((want ->> 'min')::int, 0) AND coalesce((want ->> 'max')::int, 254)
		END;
		verdict := verdict AND one;
	END LOOP;
	RETURN verdict;
END $$;

CREATE FUNCTION oracle.band(value numeric, bands jsonb, otherwise numeric) RETURNS numeric LANGUAGE sql IMMUTABLE
	RETURN coalesce((SELECT (b.band ->> 1)::numeric FROM jsonb_array_elements(bands) WITH ORDINALITY AS b (band, n)
					 WHERE b.band ->> 0 IS NULL OR value <= (b.band ->> 0)::numeric ORDER BY b.n LIMIT 1), otherwise);

CREATE FUNCTION oracle.points(answers jsonb, term jsonb) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	answer		jsonb := answers -> (term ->> 'indicator');
	per			numeric := oracle.number(answers -> (term ->> 'per'));
	otherwise	numeric := (term ->> 'otherwise')::numeric;
	missing		numeric := coalesce(term ->> 'when_missing', term ->> 'unknown')::numeric;
	holds		boolean;
	kind		text;
BEGIN
	IF term ? 'first_of' THEN
		FOR i IN 0 .. jsonb_array_length(term -> 'first_of') - 1 LOOP
			holds := oracle.holds(answers, term -> 'first_of' -> i -> 'when');
			IF holds IS NULL THEN RETURN missing; END IF;
			IF holds THEN RETURN (term -> 'first_of' -> i ->> 'points')::numeric; END IF;
		END LOOP;
		RETURN otherwise;
	ELSIF term ? 'any_of' OR term ? 'all_of' THEN
		holds := CASE WHEN term ? 'any_of' THEN oracle.any_of(answers, term -> 'any_of') ELSE oracle.all_of(answers, term -> 'all_of') END;
		RETURN CASE WHEN holds IS NULL THEN missing WHEN holds THEN (term ->> 'points')::numeric ELSE coalesce(otherwise, 0) END;
	ELSIF answer IS NULL OR (term ? 'per' AND per IS NULL) THEN
		RETURN missing;
	ELSIF term ? 'per' THEN
		RETURN CASE WHEN per = 0 THEN (term ->> 'when_zero')::numeric
			ELSE oracle.band(oracle.number(answer) / per, term -> 'bands', otherwise) END;
	ELSIF term ? 'bands' THEN
		RETURN oracle.band(oracle.number(answer), term -> 'bands', otherwise);
	ELSIF term ? 'labels' THEN
		RETURN coalesce((term -> 'labels' ->> (answer #>> '{}'))::numeric, otherwise);
	ELSIF term ? 'each' THEN
		RETURN (term ->> 'each')::numeric * least(oracle.number(answer), coalesce((term ->> 'up_to')::int, 254));
	END IF;
	RETURN CASE WHEN oracle.number(answer) > 0 THEN (term ->> 'points')::numeric ELSE coalesce(otherwise, 0) END;
END $$;

CREATE FUNCTION oracle.score(answers jsonb, formula jsonb) RETURNS double precision LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	part	jsonb := formula;
	total	numeric;
	holds	boolean;
BEGIN
	FOR i IN 0 .. coalesce(jsonb_array_length(formula -> 'variants'), 0) - 1 LOOP
		holds := oracle.holds(answers, formula -> 'variants' -> i -> 'when');
		IF holds IS NULL THEN RETURN NULL; END IF;
		IF holds THEN part := formula -> 'variants' -> i; EXIT; END IF;
	END LOOP;
	IF part -> 'terms' IS NULL THEN RETURN NULL; END IF;

	total := coalesce((part ->> 'base')::numeric, 0);
	FOR i IN 0 .. jsonb_array_length(part -> 'terms') - 1 LOOP
		total := total + oracle.points(answers, part -> 'terms' -> i);
	END LOOP;
	-- least() and greatest() pass over NULL
	IF total IS NULL THEN RETURN NULL; END IF;
	RETURN round(least(greatest(total, coalesce((formula -> 'range' ->> 0)::numeric, 0)), coalesce((formula -> 'range' ->> 1)::numeric, 100)), 2);
END $$;

-- Random parts of formulas.

CREATE FUNCTION oracle.pick(kinds text) RETURNS text LANGUAGE sql VOLATILE AS
	$$ SELECT name FROM registry.codebook() WHERE kind ~ kinds AND position < 63 ORDER BY random() LIMIT 1 $$;

CREATE FUNCTION oracle.random_points() RETURNS numeric LANGUAGE sql VOLATILE AS
	$$ SELECT round((random() * 30 - 8)::numeric, floor(random() * 5)::int) $$;

CREATE FUNCTION oracle.random_group() RETURNS jsonb LANGUAGE sql VOLATILE AS
	$$ SELECT jsonb_agg(DISTINCT oracle.pick('flag|count')) FROM generate_series(0, floor(random() * 3)::int) $$;

CREATE FUNCTION oracle.random_when() RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE wanted jsonb := '{}'; asked text; labels text[]; n int;
BEGIN
	FOR i IN 0 .. floor(random() * 2)::int LOOP
		n := floor(random() * 6);
		asked := oracle.pick(CASE WHEN n < 2 THEN 'code' WHEN n = 2 THEN 'flag|count' ELSE 'count' END);
		SELECT c.labels INTO labels FROM registry.codebook() AS c WHERE c.name = asked;
		wanted := wanted || CASE n
			WHEN 0 THEN jsonb_build_object(asked, labels[1 + floor(random() * cardinality(labels))::int])
			WHEN 1 THEN jsonb_build_object(asked, to_jsonb(labels[1:1 + floor(random() * cardinality(labels))::int]))
			WHEN 2 THEN jsonb_build_object(asked, random() < 0.5)
			WHEN 3 THEN jsonb_build_object(asked, jsonb_build_object('min', floor(random() * 4)::int))
			WHEN 4 THEN jsonb_build_object(asked, jsonb_build_object('min', 1, 'max', 1 + floor(random() * 4)::int))
			ELSE jsonb_build_object(CASE WHEN random() < 0.5 THEN 'any_of' ELSE 'all_of' END, oracle.random_group())
		END;
	END LOOP;
	RETURN wanted;
END $$;

CREATE FUNCTION oracle.random_bands(step numeric) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
	SELECT jsonb_agg(jsonb_build_array(round(i * step, 4), oracle.random_points()) ORDER BY i) || jsonb_build_array(jsonb_build_array(NULL, oracle.random_points()))
	FROM generate_series(0, 1 + floor(random() * 4)::int) AS i
$$;

CREATE FUNCTION oracle.random_term() RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	form	int := floor(random() * 8);
	code	text := oracle.pick('code');
	term	jsonb;
BEGIN
	term := CASE form
		WHEN 0 THEN jsonb_build_object('indicator', oracle.pick('count'), 'bands', oracle.random_bands(1))
		WHEN 1 THEN jsonb_build_object('indicator', oracle.pick('count'), 'per', 'members', 'bands', oracle.random_bands(0.3333), 'when_zero', oracle.random_points())
		WHEN 2 THEN jsonb_build_object('indicator', code, 'labels',
			(SELECT jsonb_object_agg(l, oracle.random_points()) FROM registry.codebook() AS c, unnest(c.labels) AS l WHERE c.name = code AND (random() < 0.7 OR l = c.labels[1])))
		WHEN 3 THEN jsonb_build_object('indicator', oracle.pick('flag|count'), 'points', oracle.random_points())
		WHEN 4 THEN jsonb_build_object('indicator', oracle.pick('count'), 'each', oracle.random_points(), 'up_to', 1 + floor(random() * 9)::int)
		WHEN 5 THEN jsonb_build_object('any_of', oracle.random_group(), 'points', oracle.random_points())
		WHEN 6 THEN jsonb_build_object('all_of', oracle.random_group(), 'points', oracle.random_points())
		ELSE jsonb_build_object('first_of',
			(SELECT jsonb_agg(jsonb_build_object('when', oracle.random_when(), 'points', oracle.random_points())) FROM generate_series(0, floor(random() * 3)::int)))
	END;
	IF form IN (2, 3, 5, 6, 7) AND random() < 0.7 THEN
		term := term || jsonb_build_object('otherwise', oracle.random_points());
	END IF;
	IF random() < 0.6 THEN
		term := term || jsonb_build_object(CASE form WHEN 7 THEN 'unknown' ELSE 'when_missing' END, oracle.random_points());
	END IF;
	RETURN term;
END $$;

CREATE FUNCTION oracle.random_terms() RETURNS jsonb LANGUAGE sql VOLATILE AS
	$$ SELECT jsonb_build_object('base', oracle.random_points() + 20, 'terms', jsonb_agg(oracle.random_term())) FROM generate_series(0, floor(random() * 6)::int) $$;

CREATE FUNCTION oracle.random_formula() RETURNS jsonb LANGUAGE sql VOLATILE AS $$
	SELECT oracle.random_terms() || CASE WHEN random() < 0.3 THEN jsonb_build_object('variants',
			jsonb_build_array(oracle.random_terms() || jsonb_build_object('when', oracle.random_when()), oracle.random_terms() || jsonb_build_object('when', oracle.random_when())))
		ELSE '{}' END || CASE WHEN random() < 0.2 THEN '{"range": [10, 60.5]}' ELSE '{}' END::jsonb
$$;
