-- Tables of some, less tables of some more: limits that hold each other tell of who is
-- between them; their tables are judged as one, or the last one waits.
\set ECHO none
\set people 12000
\i test/sharing/begin.sql
\i test/sharing/make_release.sql
CREATE FUNCTION pg_temp.told(level text, limits jsonb[]) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
	made	bigint;
	told	bigint[];
BEGIN
	CREATE TEMP TABLE counted (no integer, area text, count bigint) ON COMMIT DROP;
	FOR n IN 1 .. cardinality(limits) LOOP
		made := pg_temp.make_release(pg_temp.agree('regress_partner_a', 'custom_analysis', jsonb_build_object('level', level) || limits[n]));
		EXECUTE format('INSERT INTO counted SELECT %s, concat(r.level, r.area, r.area_name), r.count FROM release.r%s AS r', n, made);
	END LOOP;
	-- two: the greater less the lesser; three: both less all
	SELECT array_agg(d.few ORDER BY d.few) INTO told
	FROM (SELECT CASE WHEN cardinality(limits) = 2 THEN b.count - a.count ELSE a.count + b.count - c.count END AS few
		  FROM counted AS a JOIN counted AS b ON b.area = a.area AND b.no = 2 LEFT JOIN counted AS c ON c.area = a.area AND c.no = 3
		  WHERE a.no = 1) AS d WHERE d.few BETWEEN 1 AND 9;
	RETURN told;
END $$;
CREATE FUNCTION pg_temp.ranges(VARIADIC ranges text[]) RETURNS jsonb[] LANGUAGE sql AS
	$$ SELECT array_agg(jsonb_build_object('score_range', r) ORDER BY n) FROM unnest(ranges) WITH ORDINALITY AS u (r, n) $$;
\set ECHO all
-- one range within another, by province
BEGIN;
SELECT pg_temp.told('province', pg_temp.ranges('[0,32)', '[0,32.2)')) IS NULL AS safe;
ROLLBACK;
-- both less their union: who is in both
BEGIN;
SELECT pg_temp.told('country', pg_temp.ranges('[0,28.52)', '[28.49,40)', '[0,40)')) IS NULL AS safe;
ROLLBACK;
-- and by what both are told by: few of those between are women
BEGIN;
SELECT count(pg_temp.make_release(pg_temp.agree('regress_partner_a', 'custom_analysis', jsonb_build_object('level', 'country', 'attributes', '{head_sex}'::text[], 'score_range', r)))) AS made
FROM unnest('{"[0,32)","[0,32.3)"}'::text[]) AS r;
SELECT count(*) FILTER (WHERE c."values"[1] = 'female' AND NOT c.hidden) < 2 AS safe FROM nser.cube_cell AS c
WHERE c.attributes[1] = 'head_sex' AND c.attributes[2] LIKE 'only: %' AND c."values"[2] = 'true' AND cardinality(c.attributes) = 2;
ROLLBACK;
-- not few: all three are there
BEGIN;
SELECT pg_temp.told('country', pg_temp.ranges('[0,20)', '[19.5,40)', '[0,40)')) IS NULL AS safe;
SELECT count(*) = 3 AS shown FROM nser.release WHERE losses ->> 'left_out' = '[]';
ROLLBACK;
\set ECHO none
\i test/sharing/end.sql
