-- By joins of the members with themselves: husband by spouse_line, child by mother_line, else
-- with the wife whom the father names.  PostgreSQL and DuckDB read the same text.
WITH child AS (
	SELECT c.household_id, c.mother_line AS mother FROM :members AS c WHERE c.marital_status IN (1, 6) AND c.mother_line > 0
	UNION ALL
	SELECT c.household_id, f.spouse_line
	FROM :members AS c
	JOIN :members AS f ON f.household_id = c.household_id AND f.line = c.father_line
	WHERE c.marital_status IN (1, 6) AND coalesce(c.mother_line, 0) = 0 AND c.father_line > 0 AND f.spouse_line > 0
),
mother AS (
	SELECT c.household_id, c.mother, count(*) AS children FROM child AS c GROUP BY c.household_id, c.mother
),
family AS (
	SELECT w.marital_status, w.age, m.children, h.spouse_line = w.line AS first
	FROM :members AS w
	LEFT JOIN mother AS m ON m.household_id = w.household_id AND m.mother = w.line
	LEFT JOIN :members AS h ON h.household_id = w.household_id AND h.line = w.spouse_line AND h.sex <> 2 AND h.marital_status = 2
	WHERE w.sex = 2 AND w.marital_status BETWEEN 2 AND 5
),
household AS (
	SELECT :composition FROM :members AS p GROUP BY p.household_id
)
SELECT f.couples, f.couples_with_children, f.divorced_or_separated_women, f.widows, h.members - f.placed AS in_no_family, h.*
FROM (
	SELECT count(*) FILTER (WHERE f.age >= 18 AND f.marital_status = 2 AND f.children IS NULL) AS couples,
		count(*) FILTER (WHERE f.age >= 18 AND f.marital_status = 2 AND f.children > 0) AS couples_with_children,
		count(*) FILTER (WHERE f.age >= 18 AND f.marital_status >= 4) AS divorced_or_separated_women,
		count(*) FILTER (WHERE f.age >= 18 AND f.marital_status = 3) AS widows,
		count(*) + count(*) FILTER (WHERE f.first) + coalesce(sum(f.children), 0) AS placed
	FROM family AS f
) AS f, (
	SELECT sum(members) AS members, sum(dependants), sum(children_0_13), sum(children_5_16), sum(children_5_16_at_school),
		sum(ever_married_women), sum(widowed), sum(elderly), sum(disabled_members), sum(workers)
	FROM household
) AS h
