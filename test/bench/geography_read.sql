
-- Households of an area by its code: the cost is that of the answer.  The same
-- district in a table of a tenth of the households, and in that of all.
CREATE TABLE bench.few (household_id bigint PRIMARY KEY, area registry.area_code NOT NULL);
CREATE TABLE bench.district AS
	SELECT registry.ancestor(h.area, 'district') AS code, count(*) AS households
	FROM nser.household AS h GROUP BY 1 ORDER BY 2 DESC LIMIT 1 OFFSET 3;
SELECT d.code AS district, registry.ancestor(d.code, 'province') AS province FROM bench.district AS d \gset
SELECT h.area AS union_council FROM nser.household AS h WHERE h.area OPERATOR(registry.<@) :'district' ORDER BY h.area LIMIT 1 \gset
INSERT INTO bench.few
	SELECT h.household_id, h.area FROM nser.household AS h
	WHERE h.area OPERATOR(registry.<@) :'district' OR h.household_id % 10 = 0;
CREATE INDEX ON bench.few (area);
VACUUM ANALYZE bench.few;

SELECT format('SELECT count(h.household_id) FROM nser.household AS h WHERE h.area OPERATOR(registry.<@) %L', :'union_council') AS in_union_council,
	format('SELECT count(h.household_id) FROM nser.household AS h WHERE h.area OPERATOR(registry.<@) %L', :'district') AS in_district,
	format('SELECT count(h.household_id) FROM nser.household AS h WHERE h.area OPERATOR(registry.<@) %L', :'province') AS in_province,
	format('SELECT count(h.household_id) FROM bench.few AS h WHERE h.area OPERATOR(registry.<@) %L', :'district') AS in_few \gset
CALL bench.time('union council', :'in_union_council', 20);
CALL bench.time('district', :'in_district', 20);
CALL bench.time('few', :'in_few', 20);
CALL bench.time('province', :'in_province', 5);

\echo Households of an area: WHERE area <@ code, one process
SELECT w.title AS "households", max(t.points) AS "in the answer", max(w.size) AS "in the table",
	round(percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms)::numeric, 2) AS ms,
	round((percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms) * 1e6 / max(t.points))::numeric) AS "ns a household in the answer"
FROM (SELECT 1, 'union council', 'of a union council', count(*) FROM nser.household
	  UNION ALL SELECT 2, 'district', 'of a district', count(*) FROM nser.household
	  UNION ALL SELECT 3, 'few', 'of that district, among a tenth of the others', count(*) FROM bench.few
	  UNION ALL SELECT 4, 'province', 'of its province', count(*) FROM nser.household) AS w (no, what, title, size)
JOIN bench.took AS t USING (what)
GROUP BY w.no, w.title
ORDER BY w.no;

-- The tile that a district fills best, at the zoom at which it does.
SELECT registry.refresh_area_summary() \g /dev/null
CREATE TABLE bench.tile AS
	SELECT z.z, floor((ST_X(c.c) + 180) / 360 * 2 ^ z.z)::integer AS x,
		floor((1 - ln(tan(radians(ST_Y(c.c))) + 1 / cos(radians(ST_Y(c.c)))) / pi()) / 2 * 2 ^ z.z)::integer AS y
	FROM (SELECT ST_Centroid(a.geom) AS c FROM nser.area AS a JOIN bench.district AS d ON a.code OPERATOR(registry.=) d.code) AS c
	CROSS JOIN (VALUES (5), (8), (12), (14)) AS z (z);
DO $$
DECLARE
	tile	record;
	started	timestamptz;
	bytes	integer;
BEGIN
	FOR tile IN SELECT t.*, l.layer FROM bench.tile AS t CROSS JOIN (VALUES ('area'), ('coverage'), ('indicator'), ('household')) AS l (layer), generate_series(1, 10) LOOP
		started := clock_timestamp();
		bytes := length(registry.map_tile(tile.layer, tile.z, tile.x, tile.y));
		INSERT INTO bench.took VALUES (format('tile %s %s', tile.layer, tile.z), 1, extract(epoch FROM clock_timestamp() - started) * 1000, bytes);
	END LOOP;
END;
$$;
\echo Map tiles
SELECT split_part(t.what, ' ', 2) AS layer, split_part(t.what, ' ', 3)::integer AS zoom, max(t.points) AS bytes,
	round(percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms)::numeric, 1) AS "p50 ms", round(max(t.ms)::numeric, 1) AS "max ms",
	'p50 under 50 ms' AS target, CASE WHEN percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms) < 50 THEN 'yes' ELSE 'NO' END AS met
FROM bench.took AS t WHERE t.what LIKE 'tile %'
GROUP BY 1, 2 ORDER BY 1, 2;
