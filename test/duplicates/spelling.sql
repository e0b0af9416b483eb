
-- spelling: how a name comes to be written otherwise ----------------------------
--
-- Not by the rules of registry.name_key(): by the generator's lists of spellings,
-- by what romanisations of Urdu do (ee or i, oo or u, q or k, double or single),
-- and by slips of the finger.

CREATE SCHEMA planted;
COMMENT ON SCHEMA planted IS 'people registered twice on purpose, to see who is found';

-- The lists that the generator spells from, word by word.
CREATE TABLE planted.spelling (word text NOT NULL, other text NOT NULL);
INSERT INTO planted.spelling
	WITH line AS (
		SELECT lower(btrim(regexp_replace(e, '\s+', ' ', 'g'))) AS names
		FROM pg_proc AS p
		CROSS JOIN LATERAL regexp_matches(pg_get_functiondef(p.oid), '\{([^}]*)\}', 'g') AS m
		CROSS JOIN LATERAL unnest(string_to_array(m[1], ',')) AS e
		WHERE p.pronamespace = 'population'::regnamespace AND p.proname IN ('male_name', 'female_name', 'surname')
		UNION
		SELECT unnest('{muhammad/mohammad/mohd/mohammed/md/muhammed,bibi/bebe/bibi,begum/begam,khatoon/khatun,
			akhtar/akhter,jan/jaan,bano/banu,khan/khaan}'::text[])
	)
	SELECT DISTINCT a, b
	FROM line AS l
	CROSS JOIN LATERAL unnest(string_to_array(l.names, '/')) AS a
	CROSS JOIN LATERAL unnest(string_to_array(l.names, '/')) AS b
	WHERE a <> b;
CREATE INDEX ON planted.spelling (word);

-- One romanisation for another, the first that applies from a drawn one on.
CREATE FUNCTION planted.romanise(word text, draw integer) RETURNS text
	LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
	rules	CONSTANT text[] := '{ee>i,i>ee,oo>u,u>oo,kh>k,q>k,k$>q,w>v,v>w,ai>e,ei>ai,ou>au,gh>g,ph>f,f>ph,z>zz,([bdlmnst])\1>\1,ah$>a,
		a$>ah,aa>a,a>aa,ya>ia,ia>iya,ed$>ad,ar$>er,sh>sch,c>k,y$>i,i$>y,an$>aan}';
	rule	text;
	written	text;
BEGIN
	FOR i IN 0 .. cardinality(rules) - 1 LOOP
		rule := btrim(rules[1 + (draw + i) % cardinality(rules)], E' \n\t');
		written := regexp_replace(word, split_part(rule, '>', 1), split_part(rule, '>', 2));
		IF written <> word THEN
			RETURN written;
		END IF;
	END LOOP;
	RETURN word;
END;
$$;

CREATE FUNCTION planted.respell(name text, draw integer) RETURNS text
	LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
	words	text[] := string_to_array(lower(name), ' ');
	other	text;
BEGIN
	FOR i IN 1 .. cardinality(words) LOOP
		SELECT s.other INTO other FROM planted.spelling AS s WHERE s.word = words[i] ORDER BY hashtextextended(s.other, draw) LIMIT 1;
		-- two in three by the lists, where they know the word
		IF other IS NULL OR (draw + i) % 3 = 0 THEN
			other := planted.romanise(words[i], draw + i);
		END IF;
		words[i] := other;
	END LOOP;
	RETURN initcap(array_to_string(words, ' '));
END;
$$;

-- A slip: two letters in each other's place, one dropped, doubled, or a neighbour's key.
CREATE FUNCTION planted.mistype(name text, draw integer) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT
AS $$
DECLARE
	words	text[] := string_to_array(lower(name), ' ');
	-- not in Muhammad, Bibi and the like, which are left out anyway
	at_word	integer := (SELECT i FROM generate_subscripts(words, 1) AS i
						ORDER BY words[i] ~ '^(m[uo]h|bibi|beg|khan|mai$)', (i * 7 + draw) % 5 LIMIT 1);
	w		text := words[at_word];
	at		integer := 2 + (draw / 8) % greatest(length(w) - 2, 1);
BEGIN
	words[at_word] := CASE draw % 4
		WHEN 0 THEN overlay(w placing reverse(substr(w, at, 2)) from at)
		WHEN 1 THEN overlay(w placing '' from at for 1)
		WHEN 2 THEN overlay(w placing repeat(substr(w, at, 1), 2) from at for 1)
		ELSE overlay(w placing translate(substr(w, at, 1), 'abcdefghijklmnopqrstuvwxyz', 'snvfrgjhukjknmipwtdryciztx') from at for 1)
	END;
	RETURN initcap(array_to_string(words, ' '));
END;
$$;

-- A word left out or another put in: the family's, Muhammad, bibi for begum.
CREATE FUNCTION planted.reword(name text, draw integer) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT
	RETURN CASE
		WHEN name ~* '^(muh|moh|md )' AND name ~ ' ' THEN regexp_replace(name, '^\S+ ', '')
		WHEN name ~* ' (bibi|begum|begam|khatoon|khatun|mai)$' THEN regexp_replace(name, '\S+$', (ARRAY['Bibi', 'Begum', 'Mai', ''])[1 + draw % 4])
		WHEN name ~ ' ' AND draw % 2 = 0 THEN regexp_replace(name, ' \S+$', '')
		WHEN draw % 3 = 0 THEN name || ' Khan'
		ELSE 'Muhammad ' || name
	END;
