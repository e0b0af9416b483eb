-- One pass over the members, a set of lines as the bits of a number (lines of generated
-- members are less than 64); a join only for children without a mother here.  PostgreSQL
-- and DuckDB read the same text but for bit_count().
WITH fathered AS (
	SELECT c.household_id, bit_or(1::bigint << f.spouse_line::integer) AS mothers, count(*) AS children
	FROM :members AS c
	JOIN :members AS f ON f.household_id = c.household_id AND f.line = c.father_line
	WHERE c.marital_status IN (1, 6) AND coalesce(c.mother_line, 0) = 0 AND c.father_line > 0 AND f.spouse_line > 0
	GROUP BY c.household_id
),
household AS (
	SELECT household_id, :composition,
		coalesce(bit_or(1::bigint << line::integer) FILTER (WHERE sex = 2 AND marital_status = 2 AND age >= 18), 0) AS wives,
		coalesce(bit_or(1::bigint << mother_line::integer) FILTER (WHERE marital_status IN (1, 6) AND mother_line > 0), 0) AS mothers,
		coalesce(bit_or(1::bigint << spouse_line::integer) FILTER (WHERE sex = 2 AND marital_status = 2 AND spouse_line > 0), 0) AS husbands,
		count(*) FILTER (WHERE sex = 2 AND marital_status >= 4 AND marital_status <= 5 AND age >= 18) AS divorced_or_separated_women,
		count(*) FILTER (WHERE sex = 2 AND marital_status = 3 AND age >= 18) AS widows,
		count(*) FILTER (WHERE CASE WHEN marital_status IN (1, 6) THEN mother_line > 0 ELSE sex = 2 END) AS placed
	FROM :members AS p GROUP BY household_id
)
SELECT sum(:bits(wives & ~(h.mothers | coalesce(f.mothers, 0)))) AS couples,
	sum(:bits(wives & (h.mothers | coalesce(f.mothers, 0)))) AS couples_with_children,
	sum(divorced_or_separated_women), sum(widows),
	sum(members - placed - coalesce(f.children, 0) - :bits(husbands)) AS in_no_family,
	sum(members), sum(dependants), sum(children_0_13), sum(children_5_16), sum(children_5_16_at_school),
	sum(ever_married_women), sum(widowed), sum(elderly), sum(disabled_members), sum(workers)
FROM household AS h LEFT JOIN fathered AS f ON f.household_id = h.household_id
