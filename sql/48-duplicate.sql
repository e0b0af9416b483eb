
-- duplicate: members who may be one person --------------------------------------

CREATE FUNCTION registry.day_and_month_swapped(date) RETURNS date
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'registry_day_and_month_swapped';
COMMENT ON FUNCTION registry.day_and_month_swapped(date) IS
	'3 May for 5 March: a date whose day and month have changed places; NULL where that is no other date';

CREATE FUNCTION registry.birth_agreement(date, date) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'registry_birth_agreement';
COMMENT ON FUNCTION registry.birth_agreement(date, date) IS
	'how two birth dates agree or differ, in words of nser.duplicate_weight; NULL where one is unknown';

CREATE FUNCTION registry.area_agreement(registry.area_code, registry.area_code) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'registry_area_agreement';
COMMENT ON FUNCTION registry.area_agreement(registry.area_code, registry.area_code) IS
	'the finest area that two places share, in words of nser.duplicate_weight; NULL where one is known no better than the country';

CREATE FUNCTION registry.count_names() RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	counted		bigint;
BEGIN
	WITH name AS MATERIALIZED (
		SELECT registry.name_key(m.name) AS keys, count(*) AS members
		FROM nser.member AS m WHERE m.valid_to IS NULL AND m.superseded_at IS NULL GROUP BY 1
		UNION ALL
		SELECT registry.name_key(m.father_name), count(*)
		FROM nser.member AS m WHERE m.valid_to IS NULL AND m.superseded_at IS NULL GROUP BY 1
	), part AS MATERIALIZED (
		SELECT w.word, sum(n.members)::bigint AS members
		FROM name AS n CROSS JOIN LATERAL (SELECT DISTINCT u FROM unnest(string_to_array(n.keys, ' ')) AS u) AS w (word)
		GROUP BY w.word
		-- a word that a few have would name them
		HAVING sum(n.members) >= 5
	), gone AS (
		DELETE FROM nser.name_part AS p WHERE p.key NOT IN (SELECT w.word FROM part AS w)
	), written AS (
		INSERT INTO nser.name_part AS p (key, members, bits)
		SELECT w.word, w.members, greatest(2, log(2, t.names / w.members))
		FROM part AS w CROSS JOIN (SELECT sum(n.members) AS names FROM name AS n WHERE n.keys IS NOT NULL) AS t
		ON CONFLICT (key) DO UPDATE SET members = EXCLUDED.members, bits = EXCLUDED.bits
		WHERE (p.members, p.bits) IS DISTINCT FROM (EXCLUDED.members, EXCLUDED.bits)
	)
	SELECT count(*) INTO counted FROM part;

	ANALYZE nser.household, nser.member, nser.name_part;
	-- so many people, so many that agree by chance
	UPDATE nser.duplicate_weight AS w SET weight = x.weight
	FROM (SELECT count(*) AS members, count(registry.name_key(m.name)) + count(registry.name_key(m.father_name)) AS names
		  FROM nser.member AS m WHERE m.valid_to IS NULL AND m.superseded_at IS NULL) AS c
	CROSS JOIN LATERAL (VALUES
		('enough', greatest(20, round(log(2, greatest(c.members, 1)) + 5, 1))::real),
		('name_rare', least(12, greatest(2, round(log(2, greatest(c.names, 1) / 4.0), 1)))::real)) AS x (evidence, weight)
	WHERE w.evidence = x.evidence AND w.weight <> x.weight;
	RETURN counted;
END;
$$;
COMMENT ON FUNCTION registry.count_names() IS
	'count the words of members'' and fathers'' names into nser.name_part, reading every member, and analyze the tables; '
	'returns how many words five or more have, which alone are kept; call it after a bulk load, and now and then';

-- Candidates come by indexes alone, whatever the tables'' statistics say: the cost
-- of a look-up is that of its probes.  Each branch is one way for two records of a
-- person to meet; what they are worth is decided afterwards, for all alike.
CREATE FUNCTION registry.find_duplicates(households bigint[], at_least real DEFAULT NULL)
	RETURNS TABLE (household_id bigint, line smallint, other_household bigint, other_line smallint, evidence text[], score real)
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET enable_hashjoin = off
	SET enable_mergejoin = off
	SET enable_material = off
	SET jit = off
	SET max_parallel_workers_per_gather = 0
	SET pg_trgm.similarity_threshold = 0.25
AS $$
#variable_conflict use_column
DECLARE
	weights		jsonb;
	enough		real;
	far			real;		-- what two distant records of about one age may have beside their names
	unknown		real;		-- what a word tells that few have
BEGIN
	SELECT jsonb_object_agg(w.evidence, w.weight) INTO weights FROM nser.duplicate_weight AS w;
	enough := coalesce(find_duplicates.at_least, (weights ->> 'enough')::real);
	IF enough IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = 'nser.duplicate_weight does not say how much evidence is enough',
			HINT = 'Insert its row "enough", with 20; registry.count_names() then sets it.';
	END IF;
	far := coalesce((weights ->> 'birth_day')::real, 0) + coalesce((weights ->> 'province')::real, 0) + coalesce((weights ->> 'sex')::real, 0);
	unknown := coalesce((weights ->> 'name_rare')::real, 8);

	RETURN QUERY
	WITH subject AS MATERIALIZED (
		SELECT m.household_id, m.line, m.area, m.name, m.father_name, m.sex, m.birth_date, m.cnic,
			string_to_array(registry.name_key(m.name), ' ') AS name_words,
			string_to_array(registry.name_key(m.father_name), ' ') AS father_words,
			registry.day_and_month_swapped(m.birth_date) AS swapped_date,
			-- days from an absurd date may be no date
			CASE WHEN m.birth_date > '1000-01-01' THEN m.birth_date - 731 END AS born_from,
			CASE WHEN m.birth_date < '3000-01-01' THEN m.birth_date + 731 END AS born_to,
			extract(doy FROM m.birth_date) = 1 AS heaped,
			CASE WHEN p.others <= 4 THEN p.sharing END AS phone_mates
		FROM nser.member AS m
		JOIN nser.household AS h ON h.household_id = m.household_id
		-- a number that many households have tells nothing
		CROSS JOIN LATERAL (
			SELECT array_agg(x.household_id) AS sharing, count(*) AS others
			FROM (SELECT y.household_id FROM nser.household AS y
				  WHERE y.phone OPERATOR(registry.=) h.phone AND y.household_id <> h.household_id LIMIT 5) AS x) AS p
		WHERE m.household_id = ANY (find_duplicates.households)
		AND m.valid_to IS NULL AND m.superseded_at IS NULL
	), word AS MATERIALIZED (
		SELECT u.word, least(coalesce(p.bits, unknown), 12) AS bits,
			ARRAY(SELECT q.key FROM nser.name_part AS q
				  WHERE registry.resembles(q.key, u.word) AND q.key <> u.word AND q.bits < 17
				  ORDER BY registry.name_similarity(q.key, u.word) DESC, q.members DESC, q.key LIMIT 10) AS near
		FROM (SELECT DISTINCT v.word FROM subject AS s CROSS JOIN LATERAL unnest(s.name_words || s.father_words) AS v (word)) AS u
		LEFT JOIN nser.name_part AS p ON p.key = u.word
	), told AS MATERIALIZED (
		-- a name in another script tells what one does that is not counted yet
		SELECT s.*, coalesce(n.bits, 8) AS name_bits, n.near AS name_near,
			CASE WHEN s.father_words IS NULL THEN 8 ELSE coalesce(f.bits, 0) END AS father_bits, f.near AS father_near,
			-- NULL where the place is known no better: a province is too many to look through
			registry.ancestor(s.area, 'district') AS district,
			-- on 1 January very many are born
			registry.ancestor(s.area, CASE WHEN s.heaped THEN 'union_council' ELSE 'district' END::registry.area_level) AS around
		FROM subject AS s
		CROSS JOIN LATERAL (
			SELECT sum(w.bits) AS bits, ARRAY(SELECT x FROM word AS y CROSS JOIN LATERAL unnest(y.near) AS x WHERE y.word = ANY (s.name_words)) AS near
			FROM word AS w WHERE w.word = ANY (s.name_words)) AS n
		CROSS JOIN LATERAL (
			SELECT sum(w.bits) AS bits, ARRAY(SELECT x FROM word AS y CROSS JOIN LATERAL unnest(y.near) AS x WHERE y.word = ANY (s.father_words)) AS near
			-- the family's name tells once, with the own
			FROM word AS w WHERE w.word = ANY (s.father_words) AND w.word <> ALL (coalesce(s.name_words, '{}'))) AS f
	), candidate AS (
		-- the names, the father's perhaps with a slip, and about the birth date, in the district
		SELECT s.household_id, s.line, o.household_id AS other_household, o.line AS other_line
		FROM told AS s
		JOIN nser.member AS o ON registry.given_key(o.name) = ANY (s.name_words)
			AND registry.given_key(o.father_name) = ANY (s.father_words || s.father_near)
			AND o.birth_date BETWEEN s.born_from AND s.born_to
			AND o.area OPERATOR(registry.>=) s.district AND o.area OPERATOR(registry.<=) registry.area_last(s.district)
			AND o.valid_to IS NULL AND o.superseded_at IS NULL
		UNION
		-- the own with a slip
		SELECT s.household_id, s.line, o.household_id, o.line
		FROM told AS s
		JOIN nser.member AS o ON registry.given_key(o.name) = ANY (s.name_near)
			AND registry.given_key(o.father_name) = ANY (s.father_words)
			AND o.birth_date BETWEEN s.born_from AND s.born_to
			AND o.area OPERATOR(registry.>=) s.district AND o.area OPERATOR(registry.<=) registry.area_last(s.district)
			AND o.valid_to IS NULL AND o.superseded_at IS NULL
		UNION
		-- the same anywhere, on the day
		SELECT s.household_id, s.line, o.household_id, o.line
		FROM told AS s
		JOIN nser.member AS o ON registry.given_key(o.name) = ANY (s.name_near)
			AND registry.given_key(o.father_name) = ANY (s.father_words)
			AND o.birth_date = s.birth_date AND NOT s.heaped
			AND o.valid_to IS NULL AND o.superseded_at IS NULL
		UNION
		-- the names, where one of the two has no birth date or no father's name
		SELECT s.household_id, s.line, o.household_id, o.line
		FROM told AS s
		JOIN nser.member AS o ON registry.given_key(o.name) = ANY (s.name_words)
			AND registry.given_key(o.father_name) = ANY (s.father_words)
			AND o.birth_date IS NULL
			AND o.area OPERATOR(registry.>=) s.district AND o.area OPERATOR(registry.<=) registry.area_last(s.district)
			AND o.valid_to IS NULL AND o.superseded_at IS NULL
		UNION
		SELECT s.household_id, s.line, o.household_id, o.line
		FROM told AS s
		JOIN nser.member AS o ON registry.given_key(o.name) = ANY (s.name_words)
			AND registry.given_key(o.father_name) = ANY (s.father_words)
			AND s.birth_date IS NULL
			AND o.area OPERATOR(registry.>=) s.district AND o.area OPERATOR(registry.<=) registry.area_last(s.district)
			AND o.valid_to IS NULL AND o.superseded_at IS NULL
		UNION
		SELECT s.household_id, s.line, o.household_id, o.line
		FROM told AS s
		JOIN nser.member AS o ON registry.given_key(o.name) = ANY (s.name_words)
			AND registry.given_key(o.father_name) IS NULL
			AND o.birth_date BETWEEN s.born_from AND s.born_to
			AND o.area OPERATOR(registry.>=) s.district AND o.area OPERATOR(registry.<=) registry.area_last(s.district)
			AND o.valid_to IS NULL AND o.superseded_at IS NULL
		UNION
		-- names so rare that they tell anywhere
		SELECT s.household_id, s.line, o.household_id, o.line
		FROM told AS s
		JOIN nser.member AS o ON registry.given_key(o.name) = ANY (s.name_words)
			AND registry.given_key(o.father_name) = ANY (s.father_words)
			AND o.birth_date BETWEEN s.born_from AND s.born_to
			AND o.valid_to IS NULL AND o.superseded_at IS NULL
		WHERE s.name_bits + s.father_bits + far >= enough
		UNION
		-- the birth date, or day and month swapped, in the district, whatever the names
		SELECT s.household_id, s.line, o.household_id, o.line
		FROM told AS s
		JOIN nser.member AS o ON o.birth_date = ANY (ARRAY[s.birth_date, s.swapped_date])
			AND o.area OPERATOR(registry.>=) s.around AND o.area OPERATOR(registry.<=) registry.area_last(s.around)
			AND o.valid_to IS NULL AND o.superseded_at IS NULL
		UNION
		-- the birth date and the name, anywhere and whatever the father's
		SELECT s.household_id, s.line, o.household_id, o.line
		FROM told AS s
		CROSS JOIN LATERAL unnest(s.name_words) AS w (word)
		CROSS JOIN LATERAL (VALUES (s.birth_date), (s.swapped_date)) AS b (day)
		JOIN nser.member AS o ON NOT s.heaped AND o.birth_date = b.day
			AND registry.given_key(o.name) = w.word
			AND o.valid_to IS NULL AND o.superseded_at IS NULL
		UNION
		SELECT s.household_id, s.line, o.household_id, o.line
		FROM told AS s
		JOIN nser.member AS o ON o.household_id = ANY (s.phone_mates)
			AND o.valid_to IS NULL AND o.superseded_at IS NULL
		UNION
		SELECT s.household_id, s.line, o.household_id, o.line
		FROM told AS s
		JOIN nser.member AS o ON o.cnic OPERATOR(registry.=) s.cnic
			AND o.valid_to IS NULL AND o.superseded_at IS NULL
	), compared AS (
		SELECT s.household_id, s.line, c.other_household, c.other_line, s.name_bits, s.father_bits, s.name AS s_name, s.father_name AS s_father_name,
			o.name, o.father_name, s.birth_date AS s_birth_date, o.birth_date, s.area AS s_area, o.area, s.sex AS s_sex, o.sex,
			s.cnic AS s_cnic, o.cnic, c.other_household = ANY (s.phone_mates) AS phone_mate,
			registry.name_agreement(s.name, o.name) AS name_agreement
		FROM candidate AS c
		JOIN told AS s ON s.household_id = c.household_id AND s.line = c.line
		JOIN nser.member AS o ON o.household_id = c.other_household AND o.line = c.other_line
			AND o.valid_to IS NULL AND o.superseded_at IS NULL
		WHERE (c.household_id, c.line) <> (c.other_household, c.other_line)
		OFFSET 0
	), alike AS (
		SELECT c.*,
			CASE WHEN c.name_agreement = 0 THEN registry.name_similarity(c.s_name, c.name) ELSE c.name_agreement END AS name_share,
			CASE WHEN c.cnic OPERATOR(registry.=) c.s_cnic THEN 'cnic' WHEN c.cnic OPERATOR(registry.<>) c.s_cnic THEN 'cnic_differs' END AS by_cnic
		FROM compared AS c
		WHERE c.name_agreement > 0 OR registry.name_similarity(c.s_name, c.name) >= 0.35 OR c.cnic OPERATOR(registry.=) c.s_cnic
		OFFSET 0
	), agreed AS (
		SELECT a.*,
			CASE WHEN a.name_agreement = 1 THEN 'name' WHEN a.name_agreement > 0 THEN 'name_part' WHEN a.name_share >= 0.35 THEN 'name_like' END AS by_name,
			CASE WHEN f.agreement = 1 THEN 'father_name' WHEN f.agreement > 0 THEN 'father_name_part'
				WHEN f.share >= 0.35 THEN 'father_name_like' WHEN f.share IS NOT NULL THEN 'father_name_differs' END AS by_father,
			f.share AS father_share,
			registry.birth_agreement(a.s_birth_date, a.birth_date) AS by_birth,
			CASE WHEN a.household_id = a.other_household THEN 'household' ELSE registry.area_agreement(a.s_area, a.area) END AS by_area,
			CASE WHEN a.sex = a.s_sex THEN 'sex' WHEN a.sex <> a.s_sex THEN 'sex_differs' END AS by_sex,
			CASE WHEN a.phone_mate THEN 'mobile' END AS by_mobile
		FROM alike AS a
		CROSS JOIN LATERAL (SELECT registry.name_agreement(a.s_father_name, a.father_name) AS agreement) AS x
		CROSS JOIN LATERAL (SELECT x.agreement, CASE WHEN x.agreement > 0 THEN x.agreement
				ELSE registry.name_similarity(a.s_father_name, a.father_name) END AS share) AS f
		-- in one household brothers and sisters share the father, and twins the day
		WHERE a.household_id <> a.other_household OR a.name_agreement = 1
		OFFSET 0
	), scored AS (
		SELECT g.household_id, g.line, g.other_household, g.other_line,
			array_remove(ARRAY[g.by_cnic, g.by_mobile, g.by_name, g.by_father, g.by_birth, g.by_area, g.by_sex], NULL) AS evidence,
			coalesce((weights ->> g.by_cnic)::real, 0) + coalesce((weights ->> g.by_mobile)::real, 0)
				+ coalesce((weights ->> g.by_birth)::real, 0) + coalesce((weights ->> g.by_area)::real, 0) + coalesce((weights ->> g.by_sex)::real, 0)
				+ coalesce((weights ->> g.by_name)::real * g.name_bits * g.name_share, 0)
				+ coalesce((weights ->> g.by_father)::real
					* CASE WHEN g.by_father = 'father_name_differs' THEN 1 ELSE g.father_bits * g.father_share END, 0) AS score
		FROM agreed AS g
	)
	SELECT d.household_id, d.line, d.other_household, d.other_line, d.evidence, round(d.score::numeric, 1)::real
	FROM scored AS d
	WHERE d.score >= enough
	ORDER BY d.household_id, d.line, d.score DESC, d.other_household, d.other_line;
END;
$$;
COMMENT ON FUNCTION registry.find_duplicates(bigint[], real) IS
	'for the living members of households, who else may be the same person: with the evidence, in words of '
	'nser.duplicate_weight, and its weight; never a name';

CREATE FUNCTION registry.find_duplicates(household_id bigint, at_least real DEFAULT NULL)
	RETURNS TABLE (line smallint, other_household bigint, other_line smallint, evidence text[], score real)
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	RETURN QUERY
	SELECT d.line, d.other_household, d.other_line, d.evidence, d.score
	FROM registry.find_duplicates(ARRAY[find_duplicates.household_id], find_duplicates.at_least) AS d;
END;
$$;
COMMENT ON FUNCTION registry.find_duplicates(bigint, real) IS
	'for each living member of a household, who else may be the same person: with the evidence, in words of '
	'nser.duplicate_weight, and its weight; never a name';
