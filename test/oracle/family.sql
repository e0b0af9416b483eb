-- The rules of docs/family.md a second time, in plain SQL over rows: of many rosters at
-- once, step by step, each step a table that can be looked at.
--
--	INSERT INTO oracle.asked SELECT household_id, roster FROM ...;
--	CALL oracle.derive();
--	SELECT * FROM oracle.families(18);
--
-- Slow and simple; it shares no code with the C.

CREATE SCHEMA IF NOT EXISTS oracle;

CREATE TABLE oracle.asked (id bigint PRIMARY KEY, roster registry.roster NOT NULL);

-- By which relationships a wife and her husband are known, and a child and its mother.
CREATE TABLE oracle.couple (wife registry.relationship, husband registry.relationship);
INSERT INTO oracle.couple VALUES
	('head', 'spouse'), ('child_in_law', 'child'), ('child', 'child_in_law'),
	('sibling_in_law', 'sibling'), ('sibling', 'sibling_in_law'), ('parent', 'parent'),
	('parent_in_law', 'parent_in_law'), ('grandparent', 'grandparent'), ('uncle_or_aunt', 'uncle_or_aunt');
CREATE TABLE oracle.mothering (child registry.relationship, mother registry.relationship);
INSERT INTO oracle.mothering VALUES
	('head', 'parent'), ('sibling', 'parent'), ('grandchild', 'child'), ('grandchild', 'child_in_law'),
	('nephew_or_niece', 'sibling'), ('nephew_or_niece', 'sibling_in_law'), ('sibling_in_law', 'parent_in_law'),
	('uncle_or_aunt', 'grandparent');

CREATE PROCEDURE oracle.derive() LANGUAGE plpgsql AS $$
BEGIN
	DROP TABLE IF EXISTS oracle.person, oracle.head, oracle.link, oracle.tie, oracle.named, oracle.wife,
		oracle.first_wife, oracle.child, oracle.family, oracle.problem;

	-- Who has married, and who is married, where it is known; a child of less than 10 has not.
	CREATE TABLE oracle.person AS
		SELECT a.id, m.line, m.relationship, m.sex, m.age, m.marital_status, m.spouse_line, m.father_line, m.mother_line,
			CASE WHEN m.marital_status IS NULL AND m.age < 10 THEN false
				 ELSE m.marital_status NOT IN ('never_married', 'nikah_only') END AS ever_married,
			CASE WHEN m.marital_status IS NULL AND m.age < 10 THEN false ELSE m.marital_status = 'married' END AS married,
			m.sex IN ('male', 'transgender') AS may_be_husband
		FROM oracle.asked AS a, registry.members(a.roster) AS m;
	ALTER TABLE oracle.person ADD PRIMARY KEY (id, line);
	ANALYZE oracle.person;

	-- The head, where there is exactly one: otherwise relationships are evidence of nothing.
	CREATE TABLE oracle.head AS
		SELECT p.id, min(p.line) AS line FROM oracle.person AS p WHERE p.relationship = 'head'
		GROUP BY p.id HAVING count(*) = 1;

	-- A row for each line of kin: is that person here, and what cannot be?
	CREATE TABLE oracle.link AS
		SELECT p.id, p.line, k.kind, k.kin_line, q.line IS NOT NULL AS here,
			array_remove(CASE
				WHEN q.line = p.line THEN ARRAY['own_kin']
				WHEN q.line IS NULL THEN ARRAY[CASE WHEN k.kin_line NOT IN (0, 98, 99) THEN 'line_not_in_roster' END]
				WHEN k.kind = 'spouse' THEN ARRAY[
					CASE WHEN p.sex = q.sex AND p.sex <> 'transgender' THEN 'spouse_of_same_sex' END,
					CASE WHEN NOT q.married AND p.marital_status IS DISTINCT FROM 'nikah_only' THEN 'spouse_not_married' END,
					CASE WHEN NOT p.married AND p.marital_status IS DISTINCT FROM 'nikah_only' THEN 'spouse_without_marriage' END]
				ELSE ARRAY[
					CASE WHEN q.sex = CASE k.kind WHEN 'father' THEN 'female' ELSE 'male' END::registry.sex THEN 'parent_of_wrong_sex' END,
					CASE WHEN q.age <= p.age THEN 'parent_not_older' END,
					CASE WHEN NOT q.ever_married THEN 'parent_never_married' END]
			END, NULL) AS problems
		FROM oracle.person AS p
		CROSS JOIN LATERAL (VALUES ('spouse', p.spouse_line), ('father', p.father_line), ('mother', p.mother_line)) AS k (kind, kin_line)
		LEFT JOIN oracle.person AS q ON q.id = p.id AND q.line = k.kin_line
		WHERE k.kin_line IS NOT NULL;
	CREATE INDEX ON oracle.link (id, line);
	ANALYZE oracle.link;

	-- Somebody is their own ancestor, by links that nothing else is wrong with.
	WITH RECURSIVE up AS (
		SELECT l.id, l.line, l.kin_line AS ancestor FROM oracle.link AS l WHERE l.kind <> 'spouse' AND l.here AND l.problems = '{}'
		UNION
		SELECT up.id, up.line, l.kin_line FROM up
		JOIN oracle.link AS l ON l.id = up.id AND l.line = up.ancestor AND l.kind <> 'spouse' AND l.here AND l.problems = '{}'
	)
	UPDATE oracle.link AS l SET problems = '{kin_in_a_circle}'
	FROM up WHERE l.kind <> 'spouse' AND l.here AND l.problems = '{}' AND up.id = l.id AND up.line = l.kin_line AND up.ancestor = l.line;

	-- Parent and child, whichever way round: by lines that can be, and as the head's child or parent.
	CREATE TABLE oracle.tie AS
		SELECT l.id, l.line AS a, l.kin_line AS b FROM oracle.link AS l WHERE l.kind <> 'spouse' AND l.here AND l.problems = '{}'
		UNION
		SELECT p.id, p.line, h.line FROM oracle.head AS h JOIN oracle.person AS p USING (id) WHERE p.relationship IN ('child', 'parent');
	INSERT INTO oracle.tie SELECT t.id, t.b, t.a FROM oracle.tie AS t;
	UPDATE oracle.link AS l SET problems = l.problems || '{spouse_is_parent_or_child}'
	FROM oracle.tie AS t
	WHERE l.kind = 'spouse' AND l.here AND l.problems <> '{own_kin}' AND (t.id, t.a, t.b) = (l.id, l.line, l.kin_line);

	-- Whose spouse is known by their own line: here (or elsewhere: NULL).  Where his wife's line
	-- says otherwise, or she has none and two name her, his is overruled.
	CREATE TABLE oracle.named AS
		SELECT l.id, l.line, CASE WHEN l.here THEN l.kin_line END AS spouse,
			l.here AND p.sex = 'female' AND q.sex IS DISTINCT FROM 'female' AS hers, p.may_be_husband AND q.sex = 'female' AS his,
			false AS overruled
		FROM oracle.link AS l
		JOIN oracle.person AS p USING (id, line)
		LEFT JOIN oracle.person AS q ON (q.id, q.line) = (l.id, l.kin_line)
		WHERE l.kind = 'spouse' AND (NOT l.here OR l.problems = '{}') AND p.married IS NOT FALSE;
	CREATE INDEX ON oracle.named (id, line);
	ANALYZE oracle.named;
	UPDATE oracle.named AS n SET overruled = true
	WHERE n.his AND coalesce(
		(SELECT w.spouse IS DISTINCT FROM n.line FROM oracle.named AS w WHERE (w.id, w.line) = (n.id, n.spouse)),
		EXISTS (SELECT FROM oracle.named AS m WHERE m.id = n.id AND m.his AND m.spouse = n.spouse AND m.line <> n.line));

	-- Married women and their husbands.
	CREATE TABLE oracle.wife AS
		WITH woman AS (SELECT p.* FROM oracle.person AS p WHERE p.sex = 'female' AND p.married),
		by_hers AS (SELECT w.id, w.line, n.spouse AS husband FROM woman AS w JOIN oracle.named AS n USING (id, line) WHERE n.hers),
		by_his AS (
			SELECT w.id, w.line, n.line AS husband
			FROM woman AS w JOIN oracle.named AS n ON n.id = w.id AND n.spouse = w.line AND n.his AND NOT n.overruled
			WHERE NOT EXISTS (SELECT FROM oracle.named AS x WHERE (x.id, x.line) = (w.id, w.line))
		),
		by_line AS (SELECT * FROM by_hers UNION ALL SELECT * FROM by_his),
		elsewhere AS (SELECT n.id, n.line FROM oracle.named AS n WHERE n.spouse IS NULL),
		-- of whose spouse no line tells, and who is married, or may be
		open AS (
			SELECT p.id, p.line, p.relationship, p.sex, p.married, p.may_be_husband
			FROM oracle.person AS p JOIN oracle.head AS h USING (id)
			WHERE p.married IS NOT FALSE
			AND NOT EXISTS (SELECT FROM oracle.named AS x WHERE x.id = p.id AND p.line IN (x.line, x.spouse) AND NOT x.overruled)
		),
		by_relationship AS (
			SELECT w.id, min(w.line) AS line, min(m.line) AS husband
			FROM oracle.couple AS c
			JOIN open AS w ON w.relationship = c.wife AND (w.sex = 'female' OR w.sex IS NULL)
			JOIN open AS m ON m.id = w.id AND m.relationship = c.husband AND m.sex IS DISTINCT FROM 'female' AND m.line <> w.line
			GROUP BY w.id, c.wife HAVING count(*) = 1 AND bool_and(w.sex = 'female' AND w.married AND m.married AND m.may_be_husband)
			UNION ALL
			SELECT w.id, w.line, h.line
			FROM open AS w JOIN oracle.head AS h USING (id) JOIN oracle.person AS p ON (p.id, p.line) = (h.id, h.line)
			WHERE w.relationship = 'spouse' AND w.sex = 'female' AND w.married AND p.married AND p.may_be_husband
		)
		SELECT w.id, w.line, coalesce(l.husband, r.husband) AS husband,
			CASE WHEN l.husband IS NOT NULL THEN 'spouse_line' WHEN e.line IS NOT NULL THEN 'husband_elsewhere'
				 WHEN r.husband IS NOT NULL THEN 'relationship' ELSE 'husband_unknown' END AS evidence
		FROM woman AS w
		LEFT JOIN by_line AS l USING (id, line)
		LEFT JOIN elsewhere AS e USING (id, line)
		LEFT JOIN by_relationship AS r ON (r.id, r.line) = (w.id, w.line);
	ALTER TABLE oracle.wife ADD PRIMARY KEY (id, line);

	CREATE TABLE oracle.first_wife AS
		SELECT DISTINCT ON (w.id, w.husband) w.id, w.husband, w.line, count(*) OVER (PARTITION BY w.id, w.husband) AS wives,
			n.line IS NOT NULL AS named
		FROM oracle.wife AS w LEFT JOIN oracle.named AS n ON n.id = w.id AND n.line = w.husband AND n.spouse = w.line
		WHERE w.husband IS NOT NULL
		ORDER BY w.id, w.husband, n.line, w.line;
	ALTER TABLE oracle.first_wife ADD PRIMARY KEY (id, husband);
	ANALYZE oracle.wife, oracle.first_wife;

	-- The unmarried: their mother's line, or why there is none.
	CREATE TABLE oracle.child AS
		WITH unmarried AS (
			SELECT p.id, p.line, p.relationship, p.age, h.line AS head,
				mother.kin_line AS mother, mother.here AS mother_here, father.kin_line AS father, father.here AS father_here
			FROM oracle.person AS p
			LEFT JOIN oracle.head AS h USING (id)
			LEFT JOIN oracle.link AS mother ON (mother.id, mother.line, mother.kind) = (p.id, p.line, 'mother')
				AND (NOT mother.here OR mother.problems = '{}')
			LEFT JOIN oracle.link AS father ON (father.id, father.line, father.kind) = (p.id, p.line, 'father')
				AND (NOT father.here OR father.problems = '{}')
			WHERE NOT p.ever_married
		),
		-- by relationship, where neither is here by line
		related AS (
			-- the head's own
			SELECT u.id, u.line, CASE WHEN p.sex = 'female' THEN CASE WHEN p.ever_married AND u.mother IS NULL THEN p.line END
									  WHEN u.father IS NULL AND p.may_be_husband THEN w.line END AS woman, true AS sure
			FROM unmarried AS u
			JOIN oracle.person AS p ON p.id = u.id AND p.line = u.head
			LEFT JOIN oracle.first_wife AS w ON w.id = u.id AND w.husband = u.head
			WHERE u.relationship = 'child' AND (p.age <= u.age) IS NOT TRUE
			UNION ALL
			SELECT u.id, u.line, p.line, coalesce(p.sex = 'female' AND p.ever_married, false)
			FROM unmarried AS u
			JOIN oracle.mothering AS m ON m.child = u.relationship
			JOIN oracle.person AS p ON p.id = u.id AND p.relationship = m.mother
				AND (p.sex = 'female' OR p.sex IS NULL) AND p.ever_married IS NOT FALSE
			WHERE u.head IS NOT NULL AND u.mother IS NULL AND (p.age - u.age BETWEEN 15 AND 50) IS NOT FALSE
		),
		found AS (
			SELECT r.id, r.line, min(r.woman) AS woman, count(r.woman) AS women, bool_and(r.sure) AS sure FROM related AS r GROUP BY r.id, r.line
		),
		placed AS (
			SELECT u.*,
				CASE WHEN u.mother_here THEN 'mother_line' WHEN u.father_here THEN 'father_line' ELSE 'relationship' END AS evidence,
				CASE WHEN u.mother_here THEN m.line WHEN u.father_here THEN w.line WHEN f.women = 1 AND f.sure THEN f.woman END AS woman,
				f.women, f.sure
			FROM unmarried AS u
			LEFT JOIN oracle.person AS m ON m.id = u.id AND m.line = u.mother AND m.sex = 'female' AND m.ever_married
			LEFT JOIN oracle.first_wife AS w ON w.id = u.id AND w.husband = u.father
			LEFT JOIN found AS f ON f.id = u.id AND f.line = u.line
		)
		SELECT p.id, p.line, p.woman,
			CASE WHEN p.woman IS NOT NULL THEN p.evidence
				 WHEN p.evidence = 'relationship' AND (p.women > 1 OR p.women = 1 AND NOT p.sure) THEN 'mother_unclear'
				 ELSE 'no_parent_here' END AS evidence
		FROM placed AS p;
	CREATE INDEX ON oracle.child (id, woman);
	ANALYZE oracle.child;

	CREATE TABLE oracle.family AS
		SELECT p.id, row_number() OVER (PARTITION BY p.id ORDER BY p.line)::integer AS family_no,
			CASE p.marital_status
				WHEN 'married' THEN CASE WHEN c.lines IS NULL THEN 'couple' ELSE 'couple_with_children' END
				WHEN 'widowed' THEN 'widow' ELSE 'divorced_or_separated_woman' END::registry.family_kind AS kind,
			p.line AS woman_line, w.husband AS husband_line, coalesce(c.lines, '{}') AS child_lines,
			coalesce(c.evidence, '{}') || array_remove(ARRAY[w.evidence], NULL) AS evidence,
			(SELECT array_agg(l ORDER BY l) FROM unnest(p.line || c.lines || w.husband) AS l WHERE l IS NOT NULL) AS member_lines,
			p.age AS woman_age
		FROM oracle.person AS p
		LEFT JOIN oracle.wife AS w USING (id, line)
		LEFT JOIN LATERAL (SELECT array_agg(c.line ORDER BY c.line) AS lines, array_agg(c.evidence ORDER BY c.line) AS evidence
						   FROM oracle.child AS c WHERE c.id = p.id AND c.woman = p.line) AS c ON true
		WHERE p.sex = 'female' AND p.ever_married;
	CREATE INDEX ON oracle.family (id);
	INSERT INTO oracle.family
		SELECT p.id, NULL, NULL, NULL, NULL, '{}', array_agg(w.why ORDER BY p.line), array_agg(p.line ORDER BY p.line), NULL
		FROM oracle.person AS p
		LEFT JOIN oracle.child AS c USING (id, line)
		CROSS JOIN LATERAL (SELECT CASE
			WHEN p.ever_married IS NULL THEN 'marital_status_unknown'
			WHEN NOT p.ever_married THEN c.evidence
			WHEN p.sex IS NULL THEN 'sex_unknown'
			ELSE 'no_wife_here' END AS why) AS w
		WHERE NOT EXISTS (SELECT FROM oracle.family AS f WHERE f.id = p.id AND p.line = ANY (f.member_lines))
		GROUP BY p.id;

	-- A row for each thing that is wrong, and all that is wrong with it.
	CREATE TABLE oracle.problem AS
		SELECT l.id, l.line, l.problems FROM oracle.link AS l WHERE l.problems <> '{}'
		UNION ALL
		SELECT n.id, n.line, '{spouse_names_another}' FROM oracle.named AS n WHERE n.overruled
		UNION ALL
		SELECT p.id, p.line, '{married_child}' FROM oracle.person AS p WHERE p.ever_married AND p.age < 10
		UNION ALL
		SELECT a.id, NULL, ARRAY[CASE WHEN h.heads = 0 THEN 'no_head' ELSE 'several_heads' END]
		FROM oracle.asked AS a, LATERAL (SELECT count(*) AS heads FROM oracle.person AS p WHERE p.id = a.id AND p.relationship = 'head') AS h
		WHERE h.heads <> 1;
	CREATE INDEX ON oracle.problem (id);
END $$;

-- As registry.families() has it, with the household.
CREATE FUNCTION oracle.families(min_age integer)
	RETURNS TABLE (id bigint, family_no integer, kind registry.family_kind, woman_line integer, husband_line integer,
		child_lines integer[], evidence text[], member_lines integer[], counts boolean)
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY SELECT f.id, f.family_no, f.kind, f.woman_line, f.husband_line, f.child_lines, f.evidence, f.member_lines,
		f.woman_age >= families.min_age
	FROM oracle.family AS f;
END $$;
