-- Attack: work out hidden cells of a table from its totals.  3/97/50/50 at k = 5.
SET client_min_messages = warning;

-- on weak tables it succeeds: the small cell alone is hidden, and its row tells it
SELECT 'alone' AS hidden, * FROM registry.attack_table('{{3, 97}, {50, 50}}', '{{t, f}, {f, f}}')
-- its row is hidden, and the columns tell both
UNION ALL SELECT 'its row', * FROM registry.attack_table('{{3, 97}, {50, 50}}', '{{t, t}, {f, f}}')
UNION ALL SELECT 'its column', * FROM registry.attack_table('{{3, 97}, {50, 50}}', '{{t, f}, {t, f}}')
UNION ALL SELECT 'three', * FROM registry.attack_table('{{3, 97}, {50, 50}}', '{{t, t}, {t, f}}');

-- as registry.suppress_table() hides it, nobody knows
SELECT * FROM registry.attack_table('{{3, 97}, {50, 50}}', registry.suppress_table('{{3, 97}, {50, 50}}', 5, 5));

-- a rectangle whose corners are small holds its cells close: wide enough is asked for
SELECT 'weak' AS hidden, * FROM registry.attack_table('{{1, 1, 90}, {1, 2, 80}, {70, 80, 90}}', '{{t, t, f}, {t, t, f}, {f, f, f}}');
SELECT min(high - low) AS narrowest FROM registry.attack_table('{{1, 1, 90}, {1, 2, 80}, {70, 80, 90}}',
	registry.suppress_table('{{1, 1, 90}, {1, 2, 80}, {70, 80, 90}}', 5, 5));

-- a thousand tables with totals: where small cells alone are hidden, many are given away
SELECT setseed(0.5) \g /dev/null
CREATE TEMP TABLE many AS
SELECT n, t.counts, t.small
FROM generate_series(1, 1000) AS n
CROSS JOIN LATERAL (
	SELECT array_agg(x.line ORDER BY x.r) AS counts, array_agg(x.small ORDER BY x.r) AS small
	FROM (SELECT i % 4 AS r, array_agg(c.count ORDER BY i) AS line, array_agg(c.count < 5 ORDER BY i) AS small
		  FROM generate_series(0, 4 * (4 + n % 3) - 1) AS i CROSS JOIN LATERAL (SELECT (random() * random() * 150 + i - i)::bigint AS count) AS c
		  GROUP BY 1) AS x) AS t;
SELECT count(*) FILTER (WHERE a.low = a.high) > 500 AS many_given_away FROM many AS m, registry.attack_table(m.counts, m.small) AS a;
SELECT count(DISTINCT m.n) AS tables, min(a.high - a.low) >= 5 AS wide
FROM many AS m, registry.attack_table(m.counts, registry.suppress_table(m.counts, 5, 5)) AS a;
RESET client_min_messages;
