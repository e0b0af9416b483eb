
-- area: found by the names people write ------------------------------------------

CREATE FUNCTION registry.area_words(name text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN coalesce(
		nullif(btrim(regexp_replace(regexp_replace(lower(name), '[[:punct:][:space:]]+', ' ', 'g'),
			'\m(district|distt|dist|zilla|zila|tehsil|tahsil|taluka|taluk|agency|province)\M *', '', 'g')), ''),
		nullif(btrim(regexp_replace(lower(name), '[[:punct:][:space:]]+', ' ', 'g')), ''));
COMMENT ON FUNCTION registry.area_words(text) IS
	'the words of an area''s name in small letters, without punctuation, and without words for its level where others remain; NULL where it has none';

-- Not name_key(), which is for people: it leaves out Muhammad, and the vowels that
-- tell Kech from Kachhi.
CREATE FUNCTION registry.area_spelling(name text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN regexp_replace(translate(
		regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(registry.area_words(name),
			'([[:alpha:]]{3})e\M', '\1', 'g'),
			'ph', 'f', 'g'), 'ck|q', 'k', 'g'),
			'ee|ea|ii|ie', 'i', 'g'), 'oo|ou|au|aw|ow|oa', 'u', 'g'), 'ai|ay|ei|ey', 'i', 'g'),
			'(?<![sc])h| ', '', 'g'), 'weoy', 'viui'), '(.)\1+', '\1', 'g');
COMMENT ON FUNCTION registry.area_spelling(text) IS
	'what the spellings of a place name mostly agree in: one letter for those that are exchanged, none doubled, no blanks; compared by trigrams';

CREATE FUNCTION registry.match_areas(names text[], level registry.area_level DEFAULT 'district', within registry.area_code DEFAULT 'PK')
	RETURNS TABLE (no integer, written text, code registry.area_code, name text, how text, likeness real)
	LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_column
DECLARE
	-- what tells apart two places of one name
	apart	CONSTANT text[] := string_to_array('upper lower north south east west central middle bala payan city urban rural saddar sadar cantonment cantt khas valley', ' ');
BEGIN
	IF match_areas.level IS NULL OR match_areas.level IN ('country', 'division') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'areas that have a code are matched: provinces, districts, tehsils, union councils or villages',
			HINT = 'registry.match_areas(ARRAY[''Karachi south''], ''district'', ''PK7'') looks among the districts of Sindh.';
	END IF;
	IF match_areas.within IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'names are matched within an area',
			HINT = 'within => ''PK7'' looks in Sindh alone; left out, it is the whole country.';
	END IF;
	RETURN QUERY
	WITH known AS MATERIALIZED (
		SELECT a.code, a.name, k.words, string_to_array(k.words, ' ') AS word_list, replace(k.words, ' ', '') AS run_together, k.spelling,
			translate(k.spelling, 'aiu', '') AS consonants, ARRAY(SELECT u FROM unnest(apart) AS u WHERE u = ANY (string_to_array(k.words, ' '))) AS marks
		FROM nser.area AS a
		CROSS JOIN LATERAL (SELECT registry.area_words(a.name) AS words, registry.area_spelling(a.name) AS spelling) AS k
		WHERE a.level = match_areas.level AND a.code OPERATOR(registry.<@) match_areas.within AND k.words IS NOT NULL
		AND (upper_inf(a.valid) OR upper(a.valid) > registry.today())
	), asked AS MATERIALIZED (
		SELECT q.words, string_to_array(q.words, ' ') AS word_list, replace(q.words, ' ', '') AS run_together, q.spelling,
			translate(q.spelling, 'aiu', '') AS consonants, ARRAY(SELECT u FROM unnest(apart) AS u WHERE u = ANY (string_to_array(q.words, ' '))) AS marks
		FROM (SELECT DISTINCT registry.area_words(w) AS words, registry.area_spelling(w) AS spelling
			  FROM unnest(match_areas.names) AS w) AS q
		WHERE q.words IS NOT NULL
	), likely AS MATERIALIZED (
		SELECT q.words, k.code, k.name, 1 AS rank, 'exact' AS how, 1::real AS likeness
		FROM asked AS q JOIN known AS k ON k.run_together = q.run_together
		UNION ALL
		SELECT DISTINCT q.words, k.code, k.name, 2, 'alias', 1::real
		FROM asked AS q
		JOIN nser.area_alias AS s ON replace(registry.area_words(s.name), ' ', '') = q.run_together
		JOIN known AS k ON k.code OPERATOR(registry.=) s.area
		UNION ALL
		-- the same words, or some of them
		SELECT q.words, k.code, k.name, CASE WHEN q.word_list @> k.word_list THEN 3 ELSE 4 END, 'words',
			(length(q.run_together)::real / length(k.run_together))::real
		FROM asked AS q JOIN known AS k ON q.word_list <@ k.word_list
		UNION ALL
		SELECT q.words, k.code, k.name, 5, 'similar', registry.name_similarity(q.spelling, k.spelling)
		FROM asked AS q CROSS JOIN known AS k
		WHERE q.marks = k.marks AND registry.name_similarity(q.spelling, k.spelling) >= 0.3
	), first_choice AS (
		-- the best kind of evidence decides, where one area alone has it
		SELECT DISTINCT ON (l.words) l.words, l.rank, l.how, l.code, l.name, l.likeness,
			count(*) OVER best AS equals,
			-- what else is written much like it
			(SELECT max(o.likeness) FROM likely AS o WHERE o.words = l.words AND o.rank = 5 AND o.code OPERATOR(registry.<>) l.code) AS second
		FROM likely AS l
		WINDOW best AS (PARTITION BY l.words, l.rank)
		ORDER BY l.words, l.rank, l.likeness DESC, l.code
	), judged AS MATERIALIZED (
		SELECT q.words, q.spelling, f.rank, f.likeness, v.how, f.code
		FROM asked AS q
		LEFT JOIN first_choice AS f ON f.words = q.words
		LEFT JOIN known AS k ON k.code OPERATOR(registry.=) f.code
		CROSS JOIN LATERAL (SELECT CASE
			WHEN f.rank IS NULL THEN 'unknown'
			WHEN f.rank < 5 THEN CASE WHEN f.equals > 1 OR f.rank = 4 AND k.marks <> q.marks THEN 'ambiguous' ELSE f.how END
			WHEN f.likeness < 0.6 AND (k.consonants <> q.consonants OR length(q.consonants) < 3) THEN 'unknown'
			WHEN f.likeness < coalesce(f.second, 0) + 0.2 THEN 'ambiguous'
			ELSE f.how END AS how) AS v
	), held AS MATERIALIZED (
		-- one area is not two places of a list: the better evidence has it, or nobody
		SELECT j.words, j.spelling, j.code, j.likeness,
			CASE WHEN j.how NOT IN ('ambiguous', 'unknown') AND j.rank > 2 AND EXISTS (
					SELECT FROM judged AS o
					WHERE o.code OPERATOR(registry.=) j.code AND o.how NOT IN ('ambiguous', 'unknown') AND o.spelling <> j.spelling
					AND NOT (string_to_array(o.words, ' ') @> string_to_array(j.words, ' ') AND string_to_array(o.words, ' ') <@ string_to_array(j.words, ' '))
					AND o.rank <= j.rank) THEN 'ambiguous'
				ELSE j.how END AS how
		FROM judged AS j
	)
	SELECT w.no::integer, w.written, c.code, coalesce(c.name, CASE WHEN h.how = 'ambiguous' THEN (
				SELECT string_agg(DISTINCT l.name, ', ' ORDER BY l.name) FROM likely AS l
				WHERE l.words = h.words AND l.rank = (SELECT min(m.rank) FROM likely AS m WHERE m.words = h.words)
				AND (l.rank < 5 OR l.likeness >= (SELECT max(m.likeness) - 0.2 FROM likely AS m WHERE m.words = h.words))) END),
		coalesce(h.how, 'unknown'), CASE WHEN c.code IS NOT NULL THEN h.likeness END
	FROM unnest(match_areas.names) WITH ORDINALITY AS w (written, no)
	LEFT JOIN held AS h ON h.words = registry.area_words(w.written)
	LEFT JOIN known AS c ON c.code OPERATOR(registry.=) h.code AND h.how NOT IN ('ambiguous', 'unknown')
	ORDER BY w.no;
END;
$$;
COMMENT ON FUNCTION registry.match_areas(text[], registry.area_level, registry.area_code) IS
	'areas of a level, within an area, by names as written in declarations and news: how is exact (but for case, blanks and words such as '
	'district), alias (nser.area_alias), words (the same in another order, or some that only one area has), similar (in spelling, and clearly '
	'ahead of every other), ambiguous (name lists the candidates) or unknown, both with code NULL; likeness is from 0 to 1; an area '
	'that one name has by better evidence, or two by the same, is given to no other by words or spelling';
