-- Attack: a hidden cell is what its total and the others leave, and a cell that is most
-- of its total tells of the few who are not in it.
\set ECHO none
\set people 6000
\i test/sharing/begin.sql
\i test/sharing/make_release.sql
\set ECHO all
\set VERBOSITY terse
SELECT pg_temp.make_release(pg_temp.agree('regress_partner_a', 'summary', '{"attributes": ["household_size", "score_band"], "level": "province"}')) AS one \gset
-- what the partner does with his table, by attribute and by area
CREATE FUNCTION pg_temp.subtract(relation regclass) RETURNS TABLE (by text, recovered bigint, few_others bigint) LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('
		WITH t AS (SELECT area::text AS area, level, area_name, household_size AS a, score_band AS b, count AS n FROM %s),
		line AS (
			SELECT ''score_band'' AS by, t.n AS total, o.n FROM t JOIN t AS o USING (area, level, a) WHERE t.b = ''all'' AND o.b <> ''all'' AND t.area_name IS NOT DISTINCT FROM o.area_name
			UNION ALL
			SELECT ''household_size'', t.n, o.n FROM t JOIN t AS o USING (area, level, b) WHERE t.a = ''all'' AND o.a <> ''all'' AND t.area_name IS NOT DISTINCT FROM o.area_name),
		alone AS (
			SELECT ''score_band'' AS by, area || level || coalesce(area_name, '''') || a AS line, count(*) FILTER (WHERE b <> ''all'' AND n IS NULL) AS hidden,
				bool_and(n IS NOT NULL) FILTER (WHERE b = ''all'') AS total FROM t GROUP BY 2
			UNION ALL
			SELECT ''household_size'', area || level || coalesce(area_name, '''') || b, count(*) FILTER (WHERE a <> ''all'' AND n IS NULL),
				bool_and(n IS NOT NULL) FILTER (WHERE a = ''all'') FROM t GROUP BY 2
			UNION ALL
			SELECT ''province'', a || '' '' || b, count(*) FILTER (WHERE level = ''province'' AND n IS NULL), bool_and(n IS NOT NULL) FILTER (WHERE level = ''country'') FROM t GROUP BY 2)
		SELECT x.by, count(*) FILTER (WHERE x.total AND x.hidden = 1),
			(SELECT count(*) FROM line AS l WHERE l.by = x.by AND l.total - l.n < 10)
		FROM alone AS x GROUP BY x.by ORDER BY x.by', relation);
END $$;
SELECT * FROM pg_temp.subtract('release.r1');
-- nor do all lines together tell
SELECT count(*) > 0 AS hidden, min(width) >= 10 AS wide FROM registry.attack(ARRAY[:one]) ;

-- on a weak table, where only small cells are hidden, it succeeds
CREATE TABLE release.weak AS
SELECT r.area, r.area_name, r.level, r.household_size, r.score_band, CASE WHEN c.count >= 10 THEN c.count END AS count
FROM release.r1 AS r JOIN nser.cube_cell AS c ON c.area OPERATOR(registry.=) r.area AND c.level = r.level
	AND coalesce(CASE WHEN r.level = 'division' THEN r.area_name END, '') = coalesce(c.division, '')
	AND c."values" = array_remove(ARRAY[r.household_size, r.score_band], 'all')
	AND c.attributes = array_remove(ARRAY[CASE WHEN r.household_size <> 'all' THEN 'household_size' END,
		CASE WHEN r.score_band <> 'all' THEN 'score_band@hies-2015-demo' END], NULL);
SELECT by, recovered > 0 AS recovered, few_others > 0 AS few_others FROM pg_temp.subtract('release.weak');
BEGIN;
UPDATE nser.cube_cell SET hidden = count < 10;
SELECT count(*) FILTER (WHERE width = 0) > 0 AS given_away, count(*) FILTER (WHERE width < 10) > 0 AS narrow FROM registry.attack(ARRAY[:one], false);
ROLLBACK;
\set ECHO none
\i test/sharing/end.sql
