-- The peers' counts of each household, missing where a fact is; for both their forms, and
-- for PostgreSQL and DuckDB alike.
	count(*) AS members,
	count(*) FILTER (WHERE age < 18 OR age > 65) AS dependants,
	count(*) FILTER (WHERE age <= 13) AS children_0_13,
	count(*) FILTER (WHERE age BETWEEN 5 AND 16) AS children_5_16,
	CASE WHEN count(*) FILTER (WHERE age BETWEEN 5 AND 16 AND attends IS NULL) = 0
		 THEN count(*) FILTER (WHERE age BETWEEN 5 AND 16 AND attends) END AS children_5_16_at_school,
	count(*) FILTER (WHERE sex = 2 AND marital_status BETWEEN 2 AND 5 AND age >= 18) AS ever_married_women,
	count(*) FILTER (WHERE sex = 2 AND marital_status = 3) AS widowed,
	count(*) FILTER (WHERE age >= 60) AS elderly,
	CASE WHEN count(disabled) = count(*) THEN count(*) FILTER (WHERE disabled) END AS disabled_members,
	count(*) FILTER (WHERE employed AND age BETWEEN 14 AND 60) AS workers
