-- The SQLSTATEs by which cases are refused, as the table in docs/case.md.
SELECT line FROM (
	SELECT 0 AS no, '' AS sqlstate, '| SQLSTATE | condition | what it means | what to do |' AS line
	UNION ALL SELECT 1, '', '|---|---|---|---|'
	UNION ALL
	SELECT 2, e.sqlstate, format('| `%s` | %s | %s | %s |', e.sqlstate, e.condition, e.meaning, e.what_to_do)
	FROM registry.case_errors() AS e) AS t
ORDER BY no, sqlstate;
