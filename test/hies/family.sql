-- Families of the rosters: found by the lines of spouse, father and mother, as PBS asks for
-- them, and found again by relationship to the head alone, as if nobody had asked.  How far
-- the second can be trusted is how far the registry's rules by relationship can.

-- Of families found by relationship alone, in % the same woman, husband and children as by
-- lines; of the children, in % with the same mother: these may only rise.  Of the children, in
-- % with another mother: it may only fall.
\set families_floor 87.0
\set children_floor 90.8
\set wrong_ceiling 0.8

\pset footer off
\pset null '-'
\pset border 1

\ir ../oracle/family.sql

CREATE TABLE hies.told AS
	SELECT 'lines' AS told_by, household_id, roster FROM hies.roster
	UNION ALL
	SELECT 'relationship', r.household_id,
		registry.roster_agg(m.line, m.relationship, m.sex, m.age, m.marital_status, NULL, NULL, NULL, m.class,
							m.ever_attended, m.attending_school, m.literate, m.employment, m.work,
							m.elementary_occupation, m.disabilities, m.chronic_diseases)
	FROM hies.roster AS r CROSS JOIN LATERAL registry.members(r.roster) AS m
	GROUP BY r.household_id;
COMMENT ON TABLE hies.told IS 'rosters with the lines of kin, and without them';

CREATE TABLE hies.family AS
	SELECT t.told_by, t.household_id, f.* FROM hies.told AS t CROSS JOIN LATERAL registry.families(t.roster) AS f;
CREATE INDEX ON hies.family (household_id);
COMMENT ON TABLE hies.family IS 'families of the rosters, with those in none, by lines and by relationship alone';

-- With whom somebody is, as what, and why: a row a person, and for a husband a row a wife.
CREATE TABLE hies.placed AS
	SELECT f.told_by, f.household_id, p.line, p.part, f.woman_line, p.evidence
	FROM hies.family AS f
	CROSS JOIN LATERAL (
		SELECT f.woman_line, 'woman', NULL::text
		UNION ALL
		SELECT f.husband_line, 'husband', f.evidence[cardinality(f.evidence)]
		UNION ALL
		SELECT c.line, 'child', c.evidence
		FROM unnest(f.child_lines, f.evidence[:cardinality(f.child_lines)]) AS c (line, evidence)
		UNION ALL
		SELECT c.line, 'none', c.evidence
		FROM unnest(f.member_lines, f.evidence) AS c (line, evidence) WHERE f.family_no IS NULL
	) AS p (line, part, evidence)
	WHERE p.line IS NOT NULL;
CREATE INDEX ON hies.placed (household_id, line);
COMMENT ON TABLE hies.placed IS 'everybody''s place in a family, or why there is none, by lines and by relationship alone';
ANALYZE hies.told, hies.family, hies.placed;

CREATE TABLE hies.compared AS
	SELECT l.household_id, l.woman_line, l.kind, l.counts, r.kind AS kind_by_relationship,
		l.husband_line IS NOT DISTINCT FROM r.husband_line AS same_husband, l.child_lines = r.child_lines AS same_children
	FROM hies.family AS l JOIN hies.family AS r USING (household_id, woman_line)
	WHERE l.told_by = 'lines' AND r.told_by = 'relationship';
COMMENT ON TABLE hies.compared IS 'families by lines beside the same woman''s by relationship alone';

CREATE TABLE hies.compared_person AS
	SELECT l.household_id, l.line, l.part, m.relationship,
		EXISTS (SELECT FROM hies.placed AS r
				WHERE (r.told_by, r.household_id, r.line, r.part, r.woman_line)
					= ('relationship', l.household_id, l.line, l.part, l.woman_line)) AS alike,
		EXISTS (SELECT FROM hies.placed AS r
				WHERE (r.told_by, r.household_id, r.line, r.part)
					= ('relationship', l.household_id, l.line, 'none')) AS not_placed
	FROM hies.placed AS l
	JOIN hies.roster AS h USING (household_id)
	JOIN LATERAL registry.members(h.roster) AS m ON m.line = l.line
	WHERE l.told_by = 'lines' AND l.part IN ('husband', 'child');
COMMENT ON TABLE hies.compared_person IS
	'husbands of wives, and children, by lines: does relationship alone put them in the same family?';

-- Families that count, of each household.
CREATE TABLE hies.several AS
	SELECT s.household_id, s.weight, count(*) FILTER (WHERE f.counts) AS families
	FROM hies.scored AS s JOIN hies.family AS f USING (household_id)
	WHERE f.told_by = 'lines'
	GROUP BY s.household_id, s.weight;
COMMENT ON TABLE hies.several IS 'how many families of a household count, with its weight';

\echo
\echo 'FAMILIES IN HIES 2015-16'
\echo
\echo '5. Families by the lines of spouse, father and mother; those that count have a woman of at least 18'
\echo
SELECT f.kind, count(*) AS families, count(*) FILTER (WHERE f.counts) AS "that count",
	round(100.0 * count(*) FILTER (WHERE f.counts) / sum(count(*) FILTER (WHERE f.counts)) OVER (), 1) AS "%",
	round(100.0 * sum(s.weight) FILTER (WHERE f.counts) / sum(sum(s.weight) FILTER (WHERE f.counts)) OVER (), 1)
		AS "weighted %",
	round(avg(cardinality(f.child_lines)), 2) AS "children each",
	count(*) FILTER (WHERE f.husband_line IS NULL AND f.kind <= 'couple_with_children') AS "husband not here"
FROM hies.family AS f JOIN hies.scored AS s USING (household_id)
WHERE f.told_by = 'lines' AND f.family_no IS NOT NULL
GROUP BY f.kind ORDER BY f.kind;

SELECT CASE WHEN least(n.families, 4) = 4 THEN '4 and more' ELSE n.families::text END AS "families of a household",
	count(*) AS households, round(100 * sum(n.weight) / sum(sum(n.weight)) OVER (), 1) AS "weighted %"
FROM hies.several AS n
GROUP BY 1 ORDER BY 1;

SELECT round(100 * sum(n.weight) FILTER (WHERE n.families > 1) / sum(n.weight), 1) AS "% with more than one, weighted"
FROM hies.several AS n;

\echo 'On what evidence, by lines and by relationship alone.'
\echo
SELECT p.part AS "who", p.evidence, count(*) FILTER (WHERE p.told_by = 'lines') AS "by lines",
	count(*) FILTER (WHERE p.told_by = 'relationship') AS "by relationship alone"
FROM (SELECT told_by, part, evidence FROM hies.placed WHERE part <> 'woman'
	  UNION ALL
	  SELECT told_by, 'husband', evidence[cardinality(evidence)] FROM hies.family
	  WHERE husband_line IS NULL AND kind <= 'couple_with_children') AS p
GROUP BY p.part, p.evidence ORDER BY p.part, 3 DESC, p.evidence;

\echo '6. By relationship alone, against by lines'
\echo
SELECT coalesce(c.kind::text, 'all') AS "kind, by lines", count(*) AS families,
	round(100 * avg((c.same_husband AND c.same_children)::integer), 1) AS "the same, %",
	round(100 * avg(c.same_husband::integer), 1) AS "same husband, %",
	round(100 * avg(c.same_children::integer), 1) AS "same children, %",
	round(100 * avg((c.kind = c.kind_by_relationship)::integer), 1) AS "same kind, %"
FROM hies.compared AS c GROUP BY ROLLUP (c.kind) ORDER BY c.kind;

\echo 'Husbands of wives, and children, by lines: where does relationship alone put them?'
\echo
SELECT c.part AS "who", coalesce(c.relationship::text, 'all') AS relationship, count(*) AS people,
	round(100 * avg(c.alike::integer), 1) AS "alike, %", round(100 * avg(c.not_placed::integer), 1) AS "not placed, %",
	round(100 * avg((NOT c.alike AND NOT c.not_placed)::integer), 1) AS "placed differently, %"
FROM hies.compared_person AS c
GROUP BY c.part, ROLLUP (c.relationship) ORDER BY c.part DESC, c.relationship;

\echo 'In no family by lines: and by relationship alone?'
\echo
SELECT l.evidence AS "why in none, by lines", count(*) AS people,
	count(*) FILTER (WHERE r.part = 'none') AS "in none, too",
	count(*) FILTER (WHERE r.part = 'husband') AS "a husband", count(*) FILTER (WHERE r.part = 'child') AS "a child"
FROM hies.placed AS l JOIN hies.placed AS r USING (household_id, line)
WHERE l.told_by = 'lines' AND r.told_by = 'relationship' AND l.part = 'none'
GROUP BY l.evidence ORDER BY 2 DESC, 1;

\echo '7. Rosters that contradict themselves'
\echo
SELECT p.problem, count(*) AS times, count(DISTINCT r.household_id) AS households
FROM hies.roster AS r CROSS JOIN LATERAL registry.roster_problems(r.roster) AS p
GROUP BY p.problem ORDER BY 2 DESC, 1;

-- What must hold.

\pset tuples_only on
\pset format unaligned
\echo 'Checked of families:'

-- A household's rosters are told apart by the sign.
INSERT INTO oracle.asked
	SELECT CASE told_by WHEN 'lines' THEN household_id ELSE -household_id END, roster FROM hies.told;
CALL oracle.derive();
SELECT hies.check_that(
	format('the families of %s rosters, with lines of kin and without, are those that plain SQL finds', count(DISTINCT x.id)),
	bool_and(x.found = 2))
FROM (
	SELECT f.id, count(*) AS found
	FROM (
		SELECT * FROM oracle.families(18)
		UNION ALL
		SELECT CASE told_by WHEN 'lines' THEN household_id ELSE -household_id END, family_no, kind, woman_line,
			husband_line, child_lines, evidence, member_lines, counts
		FROM hies.family
	) AS f
	GROUP BY f.id, f.*
) AS x;

SELECT hies.check_that('family_tally() counts what families() finds, one by one',
	(t.tally).households = (SELECT count(*) FROM hies.roster)
	AND (t.tally).members = (SELECT count(*) FROM nser.member)
	AND (t.tally).families = f.families
	AND (t.tally).couples = f.couples AND (t.tally).couples_with_children = f.couples_with_children
	AND (t.tally).divorced_or_separated_women = f.divorced_or_separated_women AND (t.tally).widows = f.widows
	AND (t.tally).in_no_family = f.in_no_family
	AND (t.tally).households_of_several = (SELECT count(*) FROM hies.several WHERE families > 1))
FROM (SELECT registry.family_tally(roster, 18) AS tally FROM hies.roster) AS t, (
	SELECT count(*) FILTER (WHERE counts) AS families,
		count(*) FILTER (WHERE counts AND kind = 'couple') AS couples,
		count(*) FILTER (WHERE counts AND kind = 'couple_with_children') AS couples_with_children,
		count(*) FILTER (WHERE counts AND kind = 'divorced_or_separated_woman') AS divorced_or_separated_women,
		count(*) FILTER (WHERE counts AND kind = 'widow') AS widows,
		sum(cardinality(member_lines)) FILTER (WHERE family_no IS NULL) AS in_no_family
	FROM hies.family WHERE told_by = 'lines'
) AS f;

SELECT hies.check_that('as many families count as the files have ever-married women of 18 and older',
	sum(c.ever_married_women) = (SELECT count(*) FROM hies.family WHERE told_by = 'lines' AND counts))
FROM hies.counted AS c JOIN nser.household USING (household_id);

SELECT hies.check_that(format('by relationship alone at least %s %% of families are the same', :families_floor),
	100 * avg((same_husband AND same_children)::integer) >= :families_floor)
FROM hies.compared;

SELECT hies.check_that(
	format('and at least %s %% of children are with the same mother, at most %s %% with another', :children_floor, :wrong_ceiling),
	100 * avg(alike::integer) >= :children_floor AND 100 * avg((NOT alike AND NOT not_placed)::integer) <= :wrong_ceiling)
FROM hies.compared_person WHERE part = 'child';

SELECT format('figure: by relationship alone %s %% of %s families are the same, and %s %% of %s children with the same mother',
	f.same, f.families, p.alike, p.children)
FROM (SELECT round(100 * avg((same_husband AND same_children)::integer), 1) AS same, count(*) AS families FROM hies.compared) AS f,
	(SELECT round(100 * avg(alike::integer), 1) AS alike, count(*) AS children FROM hies.compared_person WHERE part = 'child') AS p;
