-- The codebook as the table in docs/indicators.md.
SELECT '| position | name | kind | dimension | answers | meaning |'
UNION ALL SELECT '|---:|---|---|---|---|---|';
SELECT format('| %s | `%s` | %s | %s | %s | %s |', position, name, kind, dimension,
	CASE WHEN name LIKE 'reserved%' THEN '' WHEN kind = 'code' THEN (SELECT string_agg(format('%s `%s`', n, label), ', ' ORDER BY n) FROM unnest(labels) WITH ORDINALITY AS l (label, n))
		WHEN kind = 'flag' THEN '`true`, `false`' ELSE '0 to 254' END, meaning)
FROM registry.codebook() ORDER BY position;
