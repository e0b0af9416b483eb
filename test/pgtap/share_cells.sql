-- Bounds of hidden cells against every table there is, for small ones; protection that
-- holds on a thousand; the same pattern whatever the order.
BEGIN;
SELECT plan(15);
SET client_min_messages = warning;
SELECT setseed(0.25);

-- every table of 2 x 3 with these margins, and the cells that are shown as they are
CREATE FUNCTION pg_temp.enumerate(counts bigint[], hidden boolean[], OUT "row" int, OUT col int, OUT low bigint, OUT high bigint)
	RETURNS SETOF record LANGUAGE sql AS $$
	WITH t AS (
		SELECT ARRAY[[a, b, counts[1][1] + counts[1][2] + counts[1][3] - a - b],
			[counts[1][1] + counts[2][1] - a, counts[1][2] + counts[2][2] - b,
			 counts[2][1] + counts[2][2] + counts[2][3] - (counts[1][1] + counts[2][1] - a) - (counts[1][2] + counts[2][2] - b)]] AS x
		FROM generate_series(0, counts[1][1] + counts[2][1]) AS a, generate_series(0, counts[1][2] + counts[2][2]) AS b),
	allowed AS (
		SELECT t.x FROM t
		WHERE NOT EXISTS (SELECT FROM generate_series(1, 2) AS r, generate_series(1, 3) AS c
						  WHERE t.x[r][c] < 0 OR NOT hidden[r][c] AND t.x[r][c] <> counts[r][c]))
	SELECT r, c, min(a.x[r][c]), max(a.x[r][c]) FROM allowed AS a, generate_series(1, 2) AS r, generate_series(1, 3) AS c
	WHERE hidden[r][c] GROUP BY r, c
$$;
CREATE TEMP TABLE small_table AS
SELECT n, ARRAY[[x[1], x[2], x[3]], [x[4], x[5], x[6]]] AS counts, ARRAY[[h[1], h[2], h[3]], [h[4], h[5], h[6]]] AS hidden
FROM (SELECT n, ARRAY(SELECT (random() * 8 + n - n)::bigint FROM generate_series(1, 6)) AS x,
		ARRAY(SELECT random() + n - n < 0.7 FROM generate_series(1, 6)) AS h FROM generate_series(1, 120) AS n) AS s;
SELECT cmp_ok(count(DISTINCT counts::text), '>', 110::bigint, 'the tables are not all the same') FROM small_table;
SELECT is_empty($$
	(SELECT t.n, a.* FROM small_table AS t, registry.attack_table(t.counts, t.hidden) AS a
	 EXCEPT SELECT t.n, e.* FROM small_table AS t, pg_temp.enumerate(t.counts, t.hidden) AS e)
	UNION ALL
	(SELECT t.n, e.* FROM small_table AS t, pg_temp.enumerate(t.counts, t.hidden) AS e
	 EXCEPT SELECT t.n, a.* FROM small_table AS t, registry.attack_table(t.counts, t.hidden) AS a)
$$, 'attack_table() says what all 2 x 3 tables say');
SELECT isnt_empty('SELECT FROM small_table AS t, registry.attack_table(t.counts, t.hidden) AS a WHERE a.low = a.high', 'some of which are given away');
SELECT isnt_empty('SELECT FROM small_table AS t, registry.attack_table(t.counts, t.hidden) AS a WHERE a.low < a.high', 'and some not');

-- the same table as a cube of two areas and one attribute, through moves and the solver
CREATE FUNCTION pg_temp.as_cube(counts bigint[], hidden boolean[]) RETURNS TABLE ("row" int, col int, low bigint, high bigint, exact boolean)
	LANGUAGE sql AS $$
	SELECT p.node, p."values"[1] + 1, p.low, p.high, p.exact
	FROM registry.protect_cube('{-1,0,0}', '{3}', '{1,1,1,2,2,2}', '{0,1,2,0,1,2}',
		ARRAY[counts[1][1], counts[1][2], counts[1][3], counts[2][1], counts[2][2], counts[2][3]]::int[], '{1}', '{1}', '{0,1,1}',
		'{4,5,6,8,9,10}', ARRAY[hidden[1][1], hidden[1][2], hidden[1][3], hidden[2][1], hidden[2][2], hidden[2][3]],
		1, 3, false, true, 60000) AS p
	WHERE p.hidden
$$;
SELECT is_empty($$
	SELECT t.n, c.* FROM small_table AS t, pg_temp.as_cube(t.counts, t.hidden) AS c
	LEFT JOIN LATERAL registry.attack_table(t.counts, t.hidden) AS a ON a."row" = c."row" AND a.col = c.col
	WHERE t.n <= 60 AND (a.low, a.high, true) IS DISTINCT FROM (c.low, c.high, c.exact)
$$, 'protect_cube() finds the same bounds, and says that they are exact');
SELECT results_eq('SELECT count(*) FROM small_table AS t, pg_temp.as_cube(t.counts, t.hidden) WHERE t.n <= 60',
	'SELECT count(*) FROM small_table AS t, unnest(t.hidden) AS h WHERE h AND t.n <= 60', 'of every hidden cell');

-- 2 x 2 x 2, whose tables with all margins of two attributes have one parameter: the
-- linear bounds and the whole ones are by enumeration of it
CREATE TEMP TABLE cubic AS
SELECT n, ARRAY(SELECT (random() * 12 + n - n)::int FROM generate_series(1, 8)) AS x FROM generate_series(1, 100) AS n;
SELECT is_empty($$
	SELECT c.n, c.x, p."values", p.low, p.high, p.exact
	FROM cubic AS c
	CROSS JOIN LATERAL registry.protect_cube('{-1}', '{2,2,2}', '{0,0,0,0,0,0,0,0}', '{0,0,0,0,0,1,0,1,0,0,1,1,1,0,0,1,0,1,1,1,0,1,1,1}', c.x,
		'{7}', '{0}', '{0}', '{0,1,3,4,9,10,12,13}', '{t,t,t,t,t,t,t,t}', 1, 4, false, true, 60000) AS p
	CROSS JOIN LATERAL (SELECT least(c.x[1], c.x[4], c.x[6], c.x[7]) AS down, least(c.x[2], c.x[3], c.x[5], c.x[8]) AS up) AS t
	CROSS JOIN LATERAL (SELECT (p."values"[1] + p."values"[2] + p."values"[3]) % 2 = 0 AS even) AS e
	WHERE p.hidden AND ((p.low, p.high, p.exact) IS DISTINCT FROM (p.count - CASE WHEN e.even THEN t.down ELSE t.up END,
		p.count + CASE WHEN e.even THEN t.up ELSE t.down END, true))
$$, 'bounds of 2 x 2 x 2 with all margins are those of its one parameter');

-- two tables that overlap, a and b, a and c, of three areas: moves through what no table
-- has together reach no further than the solver, which reaches as far
CREATE TEMP TABLE overlap AS
SELECT n, ARRAY(SELECT (random() * random() * 20 + n - n)::int FROM generate_series(1, 24)) AS x FROM generate_series(1, 40) AS n;
CREATE TEMP TABLE judged AS
SELECT o.n, p.*
FROM overlap AS o
CROSS JOIN LATERAL registry.protect_cube('{-1,0,0,0}', '{2,2,2}',
	ARRAY(SELECT 1 + i / 8 FROM generate_series(0, 23) AS i), ARRAY(SELECT i >> b & 1 FROM generate_series(0, 23) AS i, generate_series(0, 2) AS b ORDER BY i, b),
	o.x, '{3,5}', '{1,1}', '{0,1,1,1}', '{}', '{}', 4, 4, true, true, 60000) AS p;
SELECT cmp_ok(count(DISTINCT n), '>', 20::bigint, 'overlapping tables hide') FROM judged WHERE hidden;
SELECT is_empty('SELECT n, node, "values", count, low, high FROM judged WHERE hidden AND NOT exact', 'and moves and solver agree on every bound');

-- a thousand tables, of 3 x 3 to 6 x 6
CREATE TEMP TABLE random_table AS
SELECT n, t.counts
FROM generate_series(1, 1000) AS n
CROSS JOIN LATERAL (
	SELECT array_agg(x.line) AS counts
	FROM (SELECT array_agg((random() * random() * 120)::bigint) AS line
		  FROM generate_series(0, (3 + n % 4) * (3 + n / 4 % 4) - 1) AS i GROUP BY i % (3 + n % 4)) AS x) AS t;
CREATE FUNCTION pg_temp.suppress(counts bigint[]) RETURNS boolean[] LANGUAGE plpgsql AS $$
BEGIN
	RETURN registry.suppress_table(counts, 5, 5);
EXCEPTION WHEN SQLSTATE 'RG025' THEN
	RETURN NULL;
END $$;
CREATE TEMP TABLE suppressed AS SELECT n, counts, pg_temp.suppress(counts) AS hidden FROM random_table;
SELECT cmp_ok(count(hidden), '>', 990::bigint, 'of 1,000 random tables nearly all can be protected, the others are refused') FROM suppressed;
SELECT is_empty('SELECT s.n, a.* FROM suppressed AS s, registry.attack_table(s.counts, s.hidden) AS a WHERE a.high - a.low < 5',
	'no hidden cell of them can be told closer than by 5');
SELECT is_empty($$
	SELECT s.n FROM suppressed AS s, generate_subscripts(s.counts, 1) AS r, generate_subscripts(s.counts, 2) AS c
	WHERE NOT s.hidden[r][c] AND (s.counts[r][c] < 5
		OR (SELECT sum(s.counts[r][x]) FROM generate_subscripts(s.counts, 2) AS x) - s.counts[r][c] < 5
		OR (SELECT sum(s.counts[x][c]) FROM generate_subscripts(s.counts, 1) AS x) - s.counts[r][c] < 5)
$$, 'and none is shown that is small, or leaves little');
SELECT isnt_empty($$
	SELECT FROM suppressed AS s, LATERAL registry.attack_table(s.counts, (SELECT array_agg(x.line ORDER BY x.r) FROM (
		SELECT r, array_agg(s.counts[r][c] < 5 ORDER BY c) AS line
		FROM generate_subscripts(s.counts, 1) AS r, generate_subscripts(s.counts, 2) AS c GROUP BY r) AS x)) AS a
	WHERE a.low = a.high
$$, 'where small cells alone are hidden, some are given away');

-- the same cube whatever the order of its rows
CREATE TEMP TABLE base AS
SELECT 1 + i % 6 AS node, i / 6 % 3 AS a, i / 18 % 4 AS b, (3 + random() * 60)::int AS count FROM generate_series(0, 71) AS i;
CREATE FUNCTION pg_temp.pattern(seed float8) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(p.hidden::text, ',' ORDER BY p.cell)
	FROM (SELECT array_agg(b.node) AS nodes, array_agg(b.count) AS counts,
			(SELECT array_agg(x.v) FROM (SELECT unnest(ARRAY[c.a, c.b]) AS v FROM base AS c ORDER BY md5(c.ctid::text || seed)) AS x) AS numbers
		  FROM (SELECT * FROM base AS c ORDER BY md5(c.ctid::text || seed)) AS b) AS s,
	registry.protect_cube('{-1,0,0,0,0,0,0}', '{3,4}', s.nodes, s.numbers, s.counts, '{3}', '{1}', '{0,1,1,1,1,1,1}', '{}', '{}', 5, 5, true, false, 60000) AS p
$$;
SELECT is(count(DISTINCT pg_temp.pattern(i)), 1::bigint, 'a cube has the same pattern in any order of its rows') FROM generate_series(1, 20) AS i;
SELECT matches(pg_temp.pattern(1), 'true', 'which hides something');

SELECT * FROM finish();
ROLLBACK;
