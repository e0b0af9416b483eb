-- The SQLSTATEs by which sharing is refused, as the table in docs.
SELECT line FROM (
	SELECT 0 AS no, '' AS sqlstate, '| SQLSTATE | condition | what it means | what to do |' AS line
	UNION ALL SELECT 1, '', '|---|---|---|---|'
	UNION ALL
	SELECT 2, e.sqlstate, format('| `%s` | %s | %s | %s |', e.sqlstate, e.condition, e.meaning, e.what_to_do)
	FROM registry.share_errors() AS e) AS t
ORDER BY no, sqlstate;
