-- What must hold of families, of generated households and of rosters that nobody would
-- record, however they come out.
\set QUIET on
BEGIN;
SET client_min_messages = warning;
\i test/population/population.sql
CALL population.load(4000, people => false);
SET search_path = tap, registry, public;
\i test/oracle/family.sql
SELECT setseed(0.2026);

SELECT plan(20);

-- 1 to 4000: as generated.
INSERT INTO oracle.asked SELECT household_id, roster FROM nser.survey;

-- From 10001: anybody's relationship, sex, age, marital status and kin, which may be
-- unknown, elsewhere, nobody's or one's own.  A third is told by relationship alone, and of a
-- sixth the lines are such that 98 and 99 live here.
INSERT INTO oracle.asked
	SELECT m.h, roster_agg(m.line[m.l], m.relationship,
		CASE WHEN r[2] < 0.05 THEN NULL WHEN r[2] < 0.10 THEN 'transgender'
			 WHEN r[2] < 0.5 AND m.relationship IN ('spouse', 'child_in_law') THEN 'female'
			 WHEN r[2] < 0.5 AND m.relationship = 'head' THEN 'male'
			 WHEN r[2] < 0.7 THEN 'male' ELSE 'female' END::sex,
		CASE WHEN r[3] < 0.15 THEN NULL WHEN r[3] < 0.35 THEN floor(r[4] * 90)::int
			 ELSE (r[4] * 25)::int + CASE WHEN m.relationship IN ('head', 'spouse') THEN 30 WHEN m.relationship IN ('child', 'grandchild', 'nephew_or_niece') THEN 2
				WHEN m.relationship IN ('parent', 'parent_in_law', 'uncle_or_aunt') THEN 55 WHEN m.relationship = 'grandparent' THEN 75 ELSE 20 END END,
		CASE WHEN r[5] < 0.1 THEN NULL WHEN r[5] < 0.4 THEN (enum_range(NULL::marital_status))[1 + floor(r[6] * 6)::int]
			 WHEN r[5] < 0.7 AND m.relationship IN ('child', 'grandchild', 'nephew_or_niece', 'sibling') THEN 'never_married' ELSE 'married' END::marital_status,
		m.kin[1], m.kin[2], m.kin[3], NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
	FROM (
		SELECT g.*, (enum_range(NULL::relationship))[CASE WHEN r[1] < 0.02 THEN NULL WHEN l = 1 AND r[1] < 0.97 OR r[1] > 0.98 THEN 1
				ELSE 2 + floor((r[1] - 0.02) * r[16] * 13) END::int] AS relationship,
			-- mostly of those who are here
			(SELECT array_agg(CASE WHEN h % 3 = 1 OR r[6 + k] < 0.25 THEN NULL WHEN r[6 + k] < 0.4 THEN (ARRAY[0, 0, 98, 99, 77])[1 + floor(r[9 + k] * 5)::int]
				ELSE line[1 + (l - 1 + CASE WHEN r[12 + k] < 0.05 THEN 0 ELSE 1 + floor(r[9 + k] * (n - 1))::int END) % n] END ORDER BY k) FROM generate_series(1, 3) AS k) AS kin
		FROM (
			SELECT h, l, 2 + h % 5 AS n, CASE h % 6 WHEN 5 THEN '{96,97,98,99,100,101}' WHEN 4 THEN '{1,51,101,151,201,251}' ELSE '{1,2,3,4,5,6}' END::int[] AS line,
				ARRAY(SELECT random() FROM generate_series(1, 16) WHERE l > 0) AS r
			FROM generate_series(10001, 34000) AS h, generate_series(1, 2 + h % 5) AS l
			OFFSET 0
		) AS g
		OFFSET 0
	) AS m
	GROUP BY m.h;

-- From 50001: as many as a roster holds, of unknown age, whose lines lead anywhere.
INSERT INTO oracle.asked
	SELECT m.h, roster_agg(m.l, CASE WHEN m.l = 1 THEN 'head' ELSE (enum_range(NULL::relationship))[2 + floor(r[1] * 13)::int] END,
		CASE WHEN r[2] < 0.5 THEN 'male' ELSE 'female' END::sex, CASE WHEN r[3] < m.h / 4 % 4 * 0.2 THEN floor(r[3] * 99)::int END, 'married',
		CASE WHEN r[4] < 0.5 THEN ceil(r[5] * 254)::int END, CASE WHEN r[6] < 0.5 THEN ceil(r[7] * 254)::int END,
		CASE WHEN r[8] < 0.5 THEN ceil(r[9] * 254)::int END, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
	FROM (SELECT h, l, ARRAY(SELECT random() FROM generate_series(1, 9) WHERE l > 0) AS r
		  FROM generate_series(50001, 50029, 4) AS h, generate_series(1, 254) AS l OFFSET 0) AS m
	GROUP BY m.h;

-- From 100001: generated households with a few answers changed or lost.
INSERT INTO oracle.asked
	SELECT m.id, roster_agg(m.line, CASE WHEN r[1] < 0.95 THEN m.relationship WHEN r[2] < 0.8 THEN (enum_range(NULL::relationship))[1 + floor(r[2] / 0.8 * 14)::int] END,
		CASE WHEN r[3] < 0.95 THEN m.sex WHEN r[3] < 0.99 THEN 'female' END,
		CASE WHEN r[4] < 0.9 THEN m.age WHEN r[4] < 0.95 THEN 100 - m.age END,
		CASE WHEN r[5] < 0.9 THEN m.marital_status WHEN r[5] < 0.97 THEN (enum_range(NULL::marital_status))[1 + floor(r[6] * 6)::int] END,
		CASE WHEN r[7] < 0.8 THEN m.spouse_line WHEN r[7] < 0.85 THEN floor(r[8] * 6)::int END,
		CASE WHEN r[9] < 0.7 THEN m.father_line WHEN r[9] < 0.75 THEN floor(r[10] * 6)::int END,
		CASE WHEN r[11] < 0.7 THEN m.mother_line WHEN r[11] < 0.75 THEN floor(r[12] * 6)::int END,
		NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
	FROM (SELECT 100000 + s.household_id AS id, p.*, ARRAY(SELECT random() FROM generate_series(1, 12) WHERE p.line > 0) AS r
		  FROM nser.survey AS s, members(s.roster) AS p OFFSET 0) AS m
	GROUP BY m.id;
ANALYZE oracle.asked;
CALL oracle.derive();

CREATE TEMP TABLE found AS
	SELECT a.id, f.* FROM oracle.asked AS a, families(a.roster) AS f;
CREATE INDEX ON found (id);
ANALYZE found;
CREATE TEMP TABLE problem AS
	SELECT a.id, p.* FROM oracle.asked AS a, roster_problems(a.roster) AS p;

-- Everything that docs/family.md names comes up.
SELECT cmp_ok((SELECT count(*)::int FROM oracle.asked), '=', 32008, 'there are rosters to try on');
SELECT results_eq(
	$$ SELECT DISTINCT e FROM found, unnest(evidence) AS e ORDER BY e $$,
	$$ VALUES ('father_line'), ('husband_elsewhere'), ('husband_unknown'), ('marital_status_unknown'), ('mother_line'), ('mother_unclear'),
		('no_parent_here'), ('no_wife_here'), ('relationship'), ('sex_unknown'), ('spouse_line') $$,
	'every evidence and every reason comes up');
SELECT results_eq(
	$$ SELECT DISTINCT p.problem FROM problem AS p ORDER BY 1 $$,
	$$ VALUES ('kin_in_a_circle'), ('line_not_in_roster'), ('married_child'), ('no_head'), ('own_kin'), ('parent_never_married'),
		('parent_not_older'), ('parent_of_wrong_sex'), ('several_heads'), ('spouse_is_parent_or_child'), ('spouse_names_another'),
		('spouse_not_married'), ('spouse_of_same_sex'), ('spouse_without_marriage') $$,
	'and every problem');

-- The same families as plain SQL finds.
SELECT is_empty('SELECT * FROM found EXCEPT SELECT * FROM oracle.families(18)', 'families() finds no family that SQL does not');
SELECT is_empty('SELECT * FROM oracle.families(18) EXCEPT SELECT * FROM found', 'and all that SQL finds');
-- Of several things wrong with a line of kin, one is told.
SELECT is_empty($$
	(SELECT id, line, count(*) FROM problem GROUP BY id, line EXCEPT SELECT id, line, count(*) FROM oracle.problem GROUP BY id, line)
	UNION ALL
	(SELECT id, line, count(*) FROM oracle.problem GROUP BY id, line EXCEPT SELECT id, line, count(*) FROM problem GROUP BY id, line)
$$, 'roster_problems() finds as much wrong with every line as SQL does');
SELECT is_empty($$
	SELECT id, line, problem FROM problem AS p
	WHERE NOT EXISTS (SELECT FROM oracle.problem AS o WHERE o.id = p.id AND o.line IS NOT DISTINCT FROM p.line AND p.problem = ANY (o.problems))
$$, 'and nothing else');

-- Everybody is in one row, but the husband of several wives.
SELECT is_empty($$
	SELECT id, line FROM oracle.asked, members(roster) AS m
	WHERE (SELECT count(*) FROM found AS f WHERE f.id = asked.id AND m.line = ANY (f.member_lines))
		<> greatest(1, (SELECT count(*) FROM found AS f WHERE f.id = asked.id AND m.line = f.husband_line))
$$, 'every line is in one row, a husband in one of each wife');
SELECT is_empty($$
	SELECT id FROM found, LATERAL (SELECT array_agg(l ORDER BY l) AS lines FROM unnest(woman_line || child_lines || husband_line) AS l WHERE l IS NOT NULL) AS x
	WHERE family_no IS NOT NULL AND (member_lines <> x.lines OR cardinality(evidence) <> cardinality(child_lines) + (kind IN ('couple', 'couple_with_children'))::int)
	UNION ALL
	SELECT id FROM found
	WHERE family_no IS NULL AND (num_nonnulls(kind, woman_line, husband_line, counts) > 0 OR child_lines <> '{}' OR cardinality(member_lines) <> cardinality(evidence))
$$, 'woman, husband and children are the members, and there is evidence of each');
SELECT is_empty($$
	SELECT id FROM found GROUP BY id
	HAVING array_agg(family_no ORDER BY woman_line) FILTER (WHERE family_no IS NOT NULL) <> ARRAY(SELECT generate_series(1, count(family_no)::int))
	OR count(*) FILTER (WHERE family_no IS NULL) > 1
$$, 'families are numbered by the woman''s line, with one last row at most');

-- As many families as ever-married women of the age.
SELECT is_empty($$
	SELECT a.id, age FROM oracle.asked AS a, unnest(ARRAY[0, 10, 14, 16, 18, 21, 60, 150]) AS min (age), LATERAL (
		SELECT count(*) FILTER (WHERE f.counts) AS yes, count(*) FILTER (WHERE NOT f.counts) AS no FROM families(a.roster, min.age) AS f
	) AS f, LATERAL (
		SELECT count(*) FILTER (WHERE m.age >= min.age) AS yes, count(*) FILTER (WHERE m.age < min.age) AS no
		FROM members(a.roster) AS m WHERE m.sex = 'female' AND m.marital_status IN ('married', 'widowed', 'divorced', 'separated')
	) AS women
	WHERE a.id % 8 = 0 AND (f.yes, f.no) <> (women.yes, women.no)
$$, 'as many families count as there are ever-married women of the age');
SELECT is_empty($$
	SELECT a.id FROM oracle.asked AS a, composition(a.roster) AS c
	WHERE c.ever_married_women <> (SELECT count(*) FROM found AS f WHERE f.id = a.id AND f.counts)
$$, 'and as composition() counts, where it can');

-- Lines are names: other lines, the same families.
CREATE TEMP TABLE renamed AS
	SELECT a.id, how, m.line, 99 + row_number() OVER (PARTITION BY a.id, how ORDER BY CASE how WHEN 'in order' THEN m.line::float8 ELSE random() END)::int AS name
	FROM oracle.asked AS a, members(a.roster) AS m, unnest('{in order,anyhow}'::text[]) AS how
	WHERE a.id % 4 = 0
	-- where a husband's first wife is the one of the lowest line, lines are more than names
	AND (how = 'in order' OR NOT EXISTS (SELECT FROM oracle.first_wife AS w WHERE w.id = a.id AND w.wives > 1 AND NOT w.named));
CREATE INDEX ON renamed (id, how, line);
ANALYZE renamed;
CREATE FUNCTION pg_temp.name(wanted bigint, kind text, old int) RETURNS int LANGUAGE sql AS $$
	SELECT coalesce((SELECT r.name FROM renamed AS r WHERE (r.id, r.how, r.line) = (wanted, kind, old)), CASE WHEN old IN (0, 98, 99) THEN old ELSE 254 END) WHERE old IS NOT NULL
$$;
CREATE TEMP TABLE again AS
	SELECT r.id, r.how, roster_agg(r.name, m.relationship, m.sex, m.age, m.marital_status, pg_temp.name(r.id, r.how, m.spouse_line),
		pg_temp.name(r.id, r.how, m.father_line), pg_temp.name(r.id, r.how, m.mother_line),
		NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL ORDER BY random()) AS roster
	FROM renamed AS r JOIN oracle.asked AS a USING (id), LATERAL members(a.roster) AS m
	WHERE m.line = r.line
	GROUP BY r.id, r.how;
-- who is with whom and why, by the first names
CREATE FUNCTION pg_temp.told(woman int, husband int, children int[], members int[], evidence text[]) RETURNS TABLE (line int, why text) LANGUAGE sql AS $$
	SELECT woman, NULL WHERE woman IS NOT NULL
	UNION ALL SELECT husband, evidence[cardinality(evidence)] WHERE husband IS NOT NULL
	UNION ALL SELECT * FROM unnest(children, evidence[:cardinality(children)])
	UNION ALL SELECT * FROM unnest(members, evidence) WHERE woman IS NULL
$$;
CREATE TEMP TABLE told AS
	SELECT f.id, 'before' AS how, t.line, f.woman_line AS woman, f.kind, f.counts, t.why
	FROM found AS f, pg_temp.told(f.woman_line, f.husband_line, f.child_lines, f.member_lines, f.evidence) AS t
	WHERE f.id % 4 = 0
	UNION ALL
	SELECT a.id, a.how, r.line, w.line, f.kind, f.counts, t.why
	FROM again AS a
	CROSS JOIN LATERAL families(a.roster) AS f
	CROSS JOIN LATERAL pg_temp.told(f.woman_line, f.husband_line, f.child_lines, f.member_lines, f.evidence) AS t
	JOIN renamed AS r ON (r.id, r.how, r.name) = (a.id, a.how, t.line)
	LEFT JOIN renamed AS w ON (w.id, w.how, w.name) = (a.id, a.how, f.woman_line);
CREATE TEMP TABLE wrong AS
	SELECT id, 'before' AS how, line, problem FROM problem WHERE id IN (SELECT id FROM again WHERE how = 'anyhow')
	UNION
	SELECT a.id, a.how, r.line, p.problem
	FROM again AS a
	CROSS JOIN LATERAL roster_problems(a.roster) AS p
	LEFT JOIN renamed AS r ON (r.id, r.how, r.name) = (a.id, a.how, p.line)
	WHERE a.how = 'anyhow';
ANALYZE told, wrong;
SELECT cmp_ok((SELECT count(*)::int FROM again WHERE how = 'anyhow'), '>', 7500, 'nearly all rosters can be renamed anyhow');
-- each is told in both ways, or in one alone
SELECT is_empty($$
	SELECT id, line, woman, kind, counts, why FROM told WHERE how IN ('before', 'in order') GROUP BY id, line, woman, kind, counts, why HAVING count(*) <> 2
$$, 'families are the same by other lines in the same order, however the rows come');
SELECT is_empty($$
	SELECT id, line, woman, kind, counts, why FROM told WHERE how IN ('before', 'anyhow') AND id IN (SELECT id FROM again WHERE how = 'anyhow')
	GROUP BY id, line, woman, kind, counts, why HAVING count(*) <> 2
$$, 'and in any other order, where no husband''s first wife goes by hers');
SELECT is_empty('SELECT id, line, problem FROM wrong GROUP BY id, line, problem HAVING count(*) <> 2', 'and so is what is wrong');

-- Generated households contradict themselves nowhere.
SELECT is_empty('SELECT * FROM problem WHERE id <= 4000', 'nothing is wrong with generated households');
SELECT ok(bool_and(p.detail <> '' AND p.detail !~ '[.]$'), 'every problem is told in words') FROM problem AS p;

-- Counted in one scan, by several processes, as one by one.
CREATE TEMP TABLE tally AS
	SELECT count(DISTINCT id) AS households, (SELECT count(*) FROM oracle.asked, members(roster)) AS members, count(*) FILTER (WHERE counts) AS families,
		count(*) FILTER (WHERE counts AND kind = 'couple') AS couples,
		count(*) FILTER (WHERE counts AND kind = 'couple_with_children') AS couples_with_children,
		count(*) FILTER (WHERE counts AND kind = 'divorced_or_separated_woman') AS divorced_or_separated_women,
		count(*) FILTER (WHERE counts AND kind = 'widow') AS widows,
		count(*) FILTER (WHERE NOT counts) AS wives_under_age, count(*) FILTER (WHERE counts IS NULL AND family_no IS NOT NULL) AS wives_of_unknown_age,
		sum(cardinality(member_lines)) FILTER (WHERE family_no IS NULL) AS in_no_family,
		(SELECT count(*) FROM (SELECT FROM found WHERE counts GROUP BY id HAVING count(*) > 1) AS several) AS households_of_several
	FROM found;
SELECT is((SELECT family_tally(roster, 18)::text FROM oracle.asked), (SELECT ROW(tally.*)::text FROM tally), 'family_tally() counts what families() finds');
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SELECT family_tally(roster, 18)::text AS told FROM oracle.asked \gset
SELECT is(:'told', (SELECT ROW(tally.*)::text FROM tally), 'and so it does by three processes');

SELECT * FROM finish();
ROLLBACK;
