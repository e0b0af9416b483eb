-- Hidden cells of a table whose margins are public, and what can be told of them.
\set VERBOSITY terse
SET client_min_messages = warning;

SELECT registry.suppress_table('{{3, 97}, {50, 50}}', 5, 5);
SELECT registry.suppress_table('{{3, 97, 40}, {50, 50, 60}, {70, 80, 90}}', 5, 5);
-- nothing is small
SELECT registry.suppress_table('{{30, 40}, {50, 60}}', 5, 5);
-- 0 is small, and so is what is left beside 400
SELECT registry.suppress_table('{{0, 40, 60}, {50, 60, 70}, {55, 65, 75}}', 5, 5);
SELECT registry.suppress_table('{{2, 400, 1}, {50, 60, 70}, {55, 65, 75}}', 5, 5);
-- an interval wider than the cheapest rectangle gives
SELECT registry.suppress_table('{{3, 6, 100}, {8, 9, 90}, {70, 80, 90}}', 5, 5) AS five,
	registry.suppress_table('{{3, 6, 100}, {8, 9, 90}, {70, 80, 90}}', 5, 40) AS forty;

-- each bound is reached
SELECT * FROM registry.attack_table('{{3, 97}, {50, 50}}', '{{t, t}, {t, t}}');
SELECT * FROM registry.attack_table('{{3, 97, 40}, {50, 50, 60}, {70, 80, 90}}',
	registry.suppress_table('{{3, 97, 40}, {50, 50, 60}, {70, 80, 90}}', 5, 5));
SELECT * FROM registry.attack_table('{{3, 97}, {50, 50}}', '{{f, f}, {f, f}}');

-- a row, or too little to go round
SELECT registry.suppress_table('{{3, 97, 40}}', 5, 5);
SELECT registry.suppress_table('{{1, 1}, {2, 1}}', 5, 5);
SELECT registry.suppress_table('{{100}}', 5, 5);
-- an empty table has no dimensions
SELECT registry.suppress_table('{}', 5, 5);

-- what is no table
SELECT registry.suppress_table('{1, 2}', 5, 5);
SELECT registry.suppress_table('{{1, NULL}}', 5, 5);
SELECT registry.suppress_table('{{1, -1}}', 5, 5);
SELECT registry.suppress_table('{{9223372036854775807, 1}}', 5, 5);
SELECT registry.suppress_table('{{1, 2}}', 0, 5);
SELECT registry.suppress_table('{{1, 2}}', 5, 0);
SELECT * FROM registry.attack_table('{{1, 2}}', '{t, f}');
SELECT * FROM registry.attack_table('{{1, 2}}', '{{t, NULL}}');
SELECT * FROM registry.attack_table('{{1, 2}}', '{{t, f, t}}');
SELECT registry.suppress_table(NULL, 5, 5) IS NULL AS null_in_null_out;

-- the cube's own arrays are checked too
SELECT * FROM registry.protect_cube('{-1,0,0}', '{2}', '{1,1,2,2}', '{0,1,0,1}', '{3,97,50,50}', '{1}', '{1}', '{0,1,1}', '{}', '{}', 5, 5, true, true, 1000);
-- the first of two attributes is 1 of nobody of whom the second is 0: less one another, by the third, 3 would be told
SELECT count(*) FILTER (WHERE NOT hidden) < 2 AS safe, count(*) > 0 AS some FROM registry.protect_cube('{-1}', '{2,2,2}', '{0,0,0,0,0,0}', '{0,0,0,0,0,1,0,1,0,0,1,1,1,1,0,1,1,1}',
	'{100,120,3,197,80,90}', '{5,6}', '{0,0}', '{0}', '{}', '{}', 10, 10, true, true, 5000) WHERE "values" IN ('{1,-1,0}', '{-1,1,0}');
-- nor does it help that a table is left out: of the second, two values that never meet tell who has both others
SELECT count(*) FILTER (WHERE NOT hidden) < 2 AS safe, count(*) > 0 AS some FROM registry.protect_cube('{-1,0,0,0,0}', '{2,2}', '{1,1,1,2,2,2,3,3,3,4,4,4}', '{0,1,1,0,1,1,0,1,1,0,1,1,0,1,1,0,1,1,0,1,1,0,1,1}',
	'{50,50,2,60,60,3,70,70,1,40,40,2}', '{3}', '{1}', '{0,1,1,1,1}', '{}', '{}', 5, 5, true, true, 5000) WHERE node = 1 AND "values" IN ('{1,-1}', '{-1,0}');
-- or, of more values, who are all but a few
SELECT count(*) FILTER (WHERE NOT hidden) < 2 AS safe, count(*) > 0 AS some FROM registry.protect_cube('{-1,0,0,0,0}', '{2,3}', '{1,1,1,1,1,2,2,2,2,2,3,3,3,3,3,4,4,4,4,4}',
	'{0,1,0,2,1,0,1,1,1,2,0,1,0,2,1,0,1,1,1,2,0,1,0,2,1,0,1,1,1,2,0,1,0,2,1,0,1,1,1,2}', '{50,40,60,1,1,55,45,70,30,20,52,41,63,33,27,58,47,66,29,31}', '{1,2}', '{1,1}',
	'{0,1,1,1,1}', '{}', '{}', 5, 5, true, true, 5000) WHERE node = 1 AND "values" IN ('{1,-1}', '{-1,0}');
-- and what is told so tells of more: 6 of the first two, and 6 of the third, who never meet, of 13
SELECT count(*) FILTER (WHERE NOT hidden) < 2 AS safe, count(*) > 0 AS some FROM registry.protect_cube('{-1,0,0,0,0}', '{2,2,2}', '{1,1,1,1,2,2,3,3,3,3,4,4,4,4}',
	'{1,0,0,0,1,0,1,1,0,0,0,1,0,1,0,1,1,0,1,0,0,0,1,0,1,1,0,0,0,1,1,0,0,0,1,0,1,1,0,0,0,1}', '{3,7,5,2,14,22,61,7,74,6,65,52,12,8}', '{4,3,2}', '{1,1,0}', '{0,1,1,1,1}',
	'{}', '{}', 5, 7, true, false, 60000) WHERE node = 3 AND "values" IN ('{0,0,-1}', '{-1,-1,1}');
-- of three attributes the tables by each two, with that of all three above, would tell that 2 have all three, though that is left out
SELECT count(*) FILTER (WHERE hidden) > 0 AS safe FROM registry.protect_cube('{-1,0,0}', '{2,2,2}', '{1,1,1,1,1,1,1,2,2,2,2,2,2,2}',
	'{0,0,0,1,0,0,0,1,0,1,1,0,0,0,1,1,0,1,0,1,1,0,0,0,1,0,0,1,1,0,0,0,1,1,0,1,0,1,1,1,1,1}', '{66,5,20,40,12,15,79,4,2,49,4,20,40,6}', '{7}', '{1}', '{0,1,1}',
	'{}', '{}', 3, 3, true, true, 60000);
-- of a table that is left out nothing is there, nor what was seen of it on another day: what is missing would have changed
SELECT array_agg(cell) AS the_total FROM registry.protect_cube('{-1}', '{24}', array_fill(0, '{24}'), ARRAY(SELECT generate_series(0, 23)),
	ARRAY(SELECT 1 + n % 4 + CASE WHEN n > 20 THEN 60 ELSE 0 END FROM generate_series(0, 23) AS n), '{1}', '{0}', '{0}', '{0,1,2,3,24}', '{t,t,t,t,f}', 5, 5, true, false, 5000);
-- what is out of time is refused then and there, however large it is
SET statement_timeout = '10s';
SELECT count(*) FROM (SELECT array_agg(n ORDER BY n, v) AS nodes, array_agg(5 + (n * 7919 + v * 104729) % 60 ORDER BY n, v) AS counts, array_agg(v ORDER BY n, v) AS numbers
	FROM generate_series(1, 600) AS n, generate_series(0, 999) AS v) AS b
CROSS JOIN LATERAL registry.protect_cube(array_prepend(-1, array_fill(0, '{600}')), '{1000}', b.nodes, b.numbers, b.counts, '{1}', '{1}',
	array_prepend(0, array_fill(1, '{600}')), '{}', '{}', 10, 10, true, false, 0) AS p;
RESET statement_timeout;
SELECT count(*) FROM registry.protect_cube('{0}', '{2}', '{0}', '{0}', '{3}', '{1}', '{1}', '{0}', '{}', '{}', 5, 5, true, true, 1000);
SELECT count(*) FROM registry.protect_cube('{-1,0,0,1}', '{2}', '{}', '{}', '{}', '{1}', '{1}', '{0,1,1,2}', '{}', '{}', 5, 5, true, true, 1000);
SELECT count(*) FROM registry.protect_cube('{-1}', '{0}', '{}', '{}', '{}', '{1}', '{1}', '{0}', '{}', '{}', 5, 5, true, true, 1000);
SELECT count(*) FROM registry.protect_cube('{-1}', '{2000000000,2000000000}', '{}', '{}', '{}', '{1}', '{1}', '{0}', '{}', '{}', 5, 5, true, true, 1000);
SELECT count(*) FROM registry.protect_cube('{-1}', '{2,2,2,2,2,2,2,2,2}', '{}', '{}', '{}', '{1}', '{1}', '{0}', '{}', '{}', 5, 5, true, true, 1000);
SELECT count(*) FROM registry.protect_cube('{-1}', '{2}', '{0,0}', '{0,1}', '{3}', '{1}', '{1}', '{0}', '{}', '{}', 5, 5, true, true, 1000);
SELECT count(*) FROM registry.protect_cube('{-1}', '{2}', '{0}', '{2}', '{3}', '{1}', '{1}', '{0}', '{}', '{}', 5, 5, true, true, 1000);
SELECT count(*) FROM registry.protect_cube('{-1}', '{2}', '{7}', '{1}', '{3}', '{1}', '{1}', '{0}', '{}', '{}', 5, 5, true, true, 1000);
SELECT count(*) FROM registry.protect_cube('{-1}', '{2}', '{0,0}', '{1,1}', '{3,4}', '{1}', '{1}', '{0}', '{}', '{}', 5, 5, true, true, 1000);
SELECT count(*) FROM registry.protect_cube('{-1}', '{2}', '{0,0}', '{0,1}', '{2000000000,2000000000}', '{1}', '{1}', '{0}', '{}', '{}', 5, 5, true, true, 1000);
SELECT count(*) FROM registry.protect_cube('{-1}', '{2}', '{0}', '{1}', '{3}', '{4}', '{1}', '{0}', '{}', '{}', 5, 5, true, true, 1000);
SELECT count(*) FROM registry.protect_cube('{-1}', '{2}', '{0}', '{1}', '{3}', '{1}', '{1}', '{9}', '{}', '{}', 5, 5, true, true, 1000);
SELECT count(*) FROM registry.protect_cube('{-1}', '{2}', '{0}', '{1}', '{3}', '{1}', '{1}', '{0}', '{99}', '{t}', 5, 5, true, true, 1000);
SELECT count(*) FROM registry.protect_cube('{-1}', '{2}', '{0}', '{1}', '{3}', '{1}', '{1}', '{0}', '{1}', '{t,f}', 5, 5, true, true, 1000);
SELECT count(*) FROM registry.protect_cube('{-1}', '{2}', '{0}', '{1}', '{3}', '{1}', '{1}', '{0}', '{}', '{}', 0, 5, true, true, 1000);
-- the solver gives way to whoever cancels, and the session goes on
CREATE TEMP TABLE base AS
SELECT 1 + i % 40 AS node, i / 40 % 4 AS a, i / 160 % 4 AS b, i / 640 % 3 AS c, 4 + i * 7919 % 37 AS count FROM generate_series(0, 40 * 48 - 1) AS i;
SET statement_timeout = '1s';
SELECT count(*) FROM registry.protect_cube('{-1}' || array_fill(0, ARRAY[40]), '{4,4,3}', ARRAY(SELECT node FROM base ORDER BY ctid),
	ARRAY(SELECT v FROM base, unnest(ARRAY[a, b, c]) WITH ORDINALITY AS u (v, n) ORDER BY base.ctid, n), ARRAY(SELECT count FROM base ORDER BY ctid),
	'{7}', '{1}', '{0}' || array_fill(1, ARRAY[40]), '{}', '{}', 10, 10, true, true, 60000);
RESET statement_timeout;
-- nor is what hangs together searched for long
SET statement_timeout = '300ms';
SELECT count(*) FROM registry.protect_cube('{-1}' || array_fill(0, ARRAY[60]), array_fill(3, ARRAY[7]), ARRAY(SELECT 1 + n / 200 FROM generate_series(0, 11999) AS n),
	ARRAY(SELECT (n % 200) / (3 ^ d)::integer % 3 FROM generate_series(0, 11999) AS n, generate_series(0, 6) AS d ORDER BY n, d), array_fill(3, ARRAY[12000]), '{127}', '{1}',
	'{0}' || array_fill(1, ARRAY[60]), ARRAY(SELECT n FROM generate_series(16384, 32000) AS n), array_fill(true, ARRAY[15617]), 5, 5000, false, true, 600000);
RESET statement_timeout;
SELECT clock_timestamp() AS since \gset
SELECT count(*) FROM registry.protect_cube('{-1}' || array_fill(0, ARRAY[60]), array_fill(3, ARRAY[7]), ARRAY(SELECT 1 + n / 200 FROM generate_series(0, 11999) AS n),
	ARRAY(SELECT (n % 200) / (3 ^ d)::integer % 3 FROM generate_series(0, 11999) AS n, generate_series(0, 6) AS d ORDER BY n, d), array_fill(3, ARRAY[12000]), '{127}', '{1}',
	'{0}' || array_fill(1, ARRAY[60]), ARRAY(SELECT n FROM generate_series(16384, 32000) AS n), array_fill(true, ARRAY[15617]), 5, 5000, false, true, 300);
SELECT clock_timestamp() - :'since' < interval '30 s' AS soon;
-- without time for what to hide there is no table
SELECT count(*) FROM registry.protect_cube('{-1,0,0}', '{2}', '{1,1,2,2}', '{0,1,0,1}', '{3,97,50,50}', '{1}', '{1}', '{0,1,1}', '{}', '{}', 5, 5, true, true, 0);
-- areas of eight levels
SELECT count(*) FROM registry.protect_cube('{-1,0,1,2,3,4,5,6}', '{2}', '{}', '{}', '{}', '{1}', '{1}', '{0,1,2,3,4,5,6,6}', '{}', '{}', 5, 5, true, true, 1000);
-- 30 persons of one household are few, and so are those who are not they
SELECT p.node, p."values", p.hidden FROM registry.protect_cube('{-1,0,0}', '{3}', '{1,1,1,2,2,2}', '{0,1,2,0,1,2}', '{30,40,50,60,70,80}', '{1}', '{1}', '{0,1,1}', '{}', '{}',
	5, 5, true, false, 60000, 0, '{1,1,1,1,2,2,2,2}', '{0,1,2,-1,0,1,2,-1}', '{1,10,10,10,20,20,20,20}') AS p ORDER BY p.cell;
SELECT count(*) FILTER (WHERE hidden) FROM registry.protect_cube('{-1,0,0}', '{3}', '{1,1,1,2,2,2}', '{0,1,2,0,1,2}', '{30,40,50,60,70,80}', '{1}', '{1}', '{0,1,1}', '{}', '{}',
	5, 5, true, false, 60000);
SELECT count(*) FROM registry.protect_cube('{-1}', '{2}', '{0}', '{1}', '{3}', '{1}', '{1}', '{0}', '{}', '{}', 5, 5, true, true, 1000, 2, '{}', '{}', '{}');
SELECT count(*) FROM registry.protect_cube('{-1}', '{2}', '{0}', '{1}', '{3}', '{1}', '{1}', '{0}', '{}', '{}', 5, 5, true, true, 1000, 1, '{0}', '{-1}', '{3}');
-- or, when its time is up, leaves what it did not come to as not exact
SELECT count(*) > 0 AS some, bool_and(high - low >= 10) AS wide, bool_and(exact) AS exact FROM registry.protect_cube('{-1}' || array_fill(0, ARRAY[40]), '{4,4,3}',
	ARRAY(SELECT node FROM base ORDER BY ctid),
	ARRAY(SELECT v FROM base, unnest(ARRAY[a, b, c]) WITH ORDINALITY AS u (v, n) ORDER BY base.ctid, n), ARRAY(SELECT count FROM base ORDER BY ctid),
	'{7}', '{1}', '{0}' || array_fill(1, ARRAY[40]), '{}', '{}', 10, 10, true, true, 3000) WHERE hidden;
RESET client_min_messages;
