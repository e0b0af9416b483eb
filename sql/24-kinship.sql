
-- kinship: what is wrong with a roster's links, and who everyone is to another head

CREATE FUNCTION registry.roster_problems(registry.roster, OUT problem text, OUT line integer, OUT detail text)
	RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1 AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.roster_problems(registry.roster) IS
	'where a roster contradicts itself, by line, in words; families() takes none of it for evidence';

-- When the head changes, or members join another household, relationships are
-- restated: by the lines of spouses and parents as far as these reach, else by
-- what both were to the old head, where that leaves one answer.

CREATE FUNCTION registry.relationship_to(new_head registry.relationship, member registry.relationship) RETURNS registry.relationship
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN new_head = 'head'::registry.relationship OR member = 'servant'::registry.relationship THEN member
	ELSE (
		SELECT t.becomes
		FROM (VALUES
			('spouse'::registry.relationship, 'head'::registry.relationship, 'spouse'::registry.relationship),
			('spouse', 'child', 'child'), ('spouse', 'grandchild', 'grandchild'), ('spouse', 'parent', 'parent_in_law'),
			('spouse', 'sibling', 'sibling_in_law'), ('spouse', 'nephew_or_niece', 'nephew_or_niece'),
			('spouse', 'child_in_law', 'child_in_law'), ('spouse', 'parent_in_law', 'parent'),
			('child', 'head', 'parent'), ('child', 'spouse', 'parent'), ('child', 'child', 'sibling'),
			('child', 'parent', 'grandparent'), ('child', 'sibling', 'uncle_or_aunt'),
			('child', 'sibling_in_law', 'uncle_or_aunt'), ('child', 'parent_in_law', 'grandparent'),
			('grandchild', 'head', 'grandparent'), ('grandchild', 'spouse', 'grandparent'),
			('parent', 'head', 'child'), ('parent', 'spouse', 'child_in_law'), ('parent', 'child', 'grandchild'),
			('parent', 'sibling', 'child'), ('parent', 'nephew_or_niece', 'grandchild'),
			('sibling', 'head', 'sibling'), ('sibling', 'spouse', 'sibling_in_law'), ('sibling', 'child', 'nephew_or_niece'),
			('sibling', 'parent', 'parent'), ('sibling', 'sibling', 'sibling'), ('sibling', 'grandparent', 'grandparent'),
			('sibling', 'uncle_or_aunt', 'uncle_or_aunt'),
			('nephew_or_niece', 'head', 'uncle_or_aunt'), ('nephew_or_niece', 'spouse', 'uncle_or_aunt'),
			('child_in_law', 'head', 'parent_in_law'), ('child_in_law', 'spouse', 'parent_in_law'),
			('child_in_law', 'child_in_law', 'sibling_in_law'),
			('sibling_in_law', 'head', 'sibling_in_law'),
			('parent_in_law', 'head', 'child_in_law'), ('parent_in_law', 'spouse', 'child'), ('parent_in_law', 'child', 'grandchild'),
			('grandparent', 'head', 'grandchild'), ('grandparent', 'sibling', 'grandchild'),
			('uncle_or_aunt', 'head', 'nephew_or_niece'), ('uncle_or_aunt', 'sibling', 'nephew_or_niece')
		) AS t (new_head, member, becomes)
		WHERE t.new_head = relationship_to.new_head AND t.member = relationship_to.member)
END;
COMMENT ON FUNCTION registry.relationship_to(registry.relationship, registry.relationship) IS
	'what a member is to a new head, from what both were to the old one; NULL where that leaves several answers';

-- A line that is not in the roster still tells who has the same father; 0, and PBS's
-- 98 and 99 where nobody has that line, are nobody in particular.
CREATE FUNCTION registry.relationships(roster registry.roster, new_head integer, overrides jsonb DEFAULT NULL,
									   OUT line integer, OUT relationship registry.relationship, OUT evidence text)
	RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 6
BEGIN ATOMIC
	WITH RECURSIVE person AS MATERIALIZED (
		SELECT m.line, m.relationship, m.sex, m.marital_status, m.spouse_line, m.father_line, m.mother_line
		FROM registry.members(relationships.roster) AS m
	), parent (of_line, line) AS MATERIALIZED (
		SELECT p.line, k.line
		FROM person AS p
		CROSS JOIN LATERAL (VALUES (p.father_line), (p.mother_line)) AS k (line)
		WHERE k.line NOT IN (0, p.line) AND (k.line NOT IN (98, 99) OR EXISTS (SELECT FROM person AS x WHERE x.line = k.line))
	), couple (of_line, line) AS MATERIALIZED (
		SELECT p.line, p.spouse_line
		FROM person AS p JOIN person AS s ON s.line = p.spouse_line
		WHERE p.line <> s.line AND coalesce(p.marital_status, 'married') IN ('married', 'separated')
	), link (kind, of_line, line) AS MATERIALIZED (
		SELECT 'parent', p.of_line, p.line FROM parent AS p
		UNION SELECT 'child', p.line, p.of_line FROM parent AS p
		UNION SELECT 'sibling', a.of_line, b.of_line FROM parent AS a JOIN parent AS b ON b.line = a.line AND b.of_line <> a.of_line
		UNION SELECT 'spouse', c.of_line, c.line FROM couple AS c
		UNION SELECT 'spouse', c.line, c.of_line FROM couple AS c
	), step (kind, known, becomes) AS MATERIALIZED (
		-- the spouse, child, parent or sibling of someone whose relationship is known
		VALUES ('spouse', 'head'::registry.relationship, 'spouse'::registry.relationship), ('child', 'head', 'child'),
			('parent', 'head', 'parent'), ('sibling', 'head', 'sibling'),
			('child', 'spouse', 'child'), ('parent', 'spouse', 'parent_in_law'), ('sibling', 'spouse', 'sibling_in_law'),
			('spouse', 'child', 'child_in_law'), ('child', 'child', 'grandchild'), ('child', 'child_in_law', 'grandchild'),
			('spouse', 'parent', 'parent'), ('parent', 'parent', 'grandparent'), ('sibling', 'parent', 'uncle_or_aunt'),
			('child', 'parent', 'sibling'), ('spouse', 'sibling', 'sibling_in_law'), ('child', 'sibling', 'nephew_or_niece'),
			('spouse', 'sibling_in_law', 'sibling_in_law'), ('child', 'sibling_in_law', 'nephew_or_niece'),
			('spouse', 'uncle_or_aunt', 'uncle_or_aunt'), ('spouse', 'grandparent', 'grandparent'),
			('spouse', 'parent_in_law', 'parent_in_law')
	), reached (line, relationship, steps) AS (
		SELECT relationships.new_head, 'head'::registry.relationship, 0
		UNION
		SELECT l.line, s.becomes, r.steps + 1
		FROM reached AS r
		JOIN link AS l ON l.of_line = r.line
		JOIN step AS s ON s.kind = l.kind AND s.known = r.relationship
		WHERE r.steps < 3
	), by_lines AS MATERIALIZED (
		SELECT DISTINCT ON (r.line) r.line, r.relationship FROM reached AS r ORDER BY r.line, r.steps, r.relationship
	), by_relationship AS MATERIALIZED (
		SELECT p.line, CASE
			-- whose parents, where the old head has several wives?
			WHEN 'parent_in_law' IN (h.relationship, p.relationship) AND p.relationship <> 'head'
				AND (SELECT count(*) > 1 FROM person AS w WHERE w.relationship = 'spouse') THEN NULL
			-- both parents of the old head, or of his wife
			WHEN h.relationship IN ('parent', 'parent_in_law') AND p.relationship = h.relationship AND p.sex <> h.sex
				AND p.marital_status = 'married' AND h.marital_status = 'married' THEN 'spouse'::registry.relationship
			ELSE registry.relationship_to(h.relationship, p.relationship)
		END AS relationship
		FROM person AS p JOIN person AS h ON h.line = relationships.new_head
		WHERE NOT EXISTS (SELECT FROM by_lines AS b WHERE b.line = p.line)
	), by_both AS (
		SELECT DISTINCT ON (l.line) l.line, s.becomes AS relationship
		FROM by_relationship AS r
		JOIN link AS l ON l.of_line = r.line
		JOIN step AS s ON s.kind = l.kind AND s.known = r.relationship
		ORDER BY l.line, s.becomes
	)
	SELECT p.line,
		coalesce(o.relationship, l.relationship, r.relationship, b.relationship, 'other'),
		CASE
			WHEN o.relationship IS NOT NULL THEN 'override'
			WHEN l.relationship IS NOT NULL THEN 'lines'
			WHEN coalesce(r.relationship, b.relationship) IS NOT NULL THEN 'relationship'
			ELSE 'unknown'
		END
	FROM person AS p
	LEFT JOIN by_lines AS l ON l.line = p.line
	LEFT JOIN by_relationship AS r ON r.line = p.line
	LEFT JOIN by_both AS b ON b.line = p.line
	CROSS JOIN LATERAL (SELECT (relationships.overrides ->> p.line::text)::registry.relationship AS relationship) AS o
	ORDER BY p.line;
END;
COMMENT ON FUNCTION registry.relationships(registry.roster, integer, jsonb) IS
	'what everyone of a roster is to another head, and how that is known: override (overrides is {"line": "relationship"}), '
	'lines, relationship (to the old head), or unknown, which makes it other';
