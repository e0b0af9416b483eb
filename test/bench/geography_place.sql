
-- Filling places: all points against all polygons, and the peers in the same run.
CREATE SCHEMA bench;
CREATE TABLE bench.took (what text, round integer, ms double precision, points bigint);

CREATE PROCEDURE bench.time(what text, statement text, rounds integer, before text DEFAULT NULL)
	LANGUAGE plpgsql
AS $$
DECLARE
	started	timestamptz;
	points	bigint;
BEGIN
	FOR round IN 1 .. rounds LOOP
		IF before IS NOT NULL THEN
			EXECUTE before;
		END IF;
		COMMIT;
		started := clock_timestamp();
		EXECUTE statement INTO points;
		COMMIT;
		INSERT INTO bench.took VALUES (what, round, extract(epoch FROM clock_timestamp() - started) * 1000, points);
	END LOOP;
END;
$$;

SET jit = off;
SET max_parallel_workers_per_gather = 0;
VACUUM ANALYZE nser.household, nser.area;

CALL bench.time('count', 'SELECT count(place) FROM nser.household', 5);
CALL bench.time('point', 'SELECT count(registry.area_at(h.place)) FROM (SELECT x.place FROM nser.household AS x
	WHERE x.household_id % greatest((SELECT count(*) FROM nser.household) / 20000, 1) = 0) AS h', 5);
CALL bench.time('join', 'SELECT count(*) FROM nser.area AS a JOIN nser.household AS h ON ST_Intersects(a.geom, h.place)
	WHERE a.level = ''union_council''', 5);
CALL bench.time('fill', 'SELECT f.places FROM registry.fill_places() AS f', 5, 'TRUNCATE nser.household_place');
VACUUM ANALYZE nser.household_place;
CALL bench.time('again', 'SELECT f.places FROM registry.fill_places() AS f', 3);

DO $$
BEGIN
	IF EXISTS (SELECT FROM nser.household AS h LEFT JOIN nser.household_place AS p USING (household_id)
			   WHERE h.household_id % greatest((SELECT count(*) FROM nser.household) / 20000, 1) = 0
			   AND p.place_area::text IS DISTINCT FROM registry.area_at(h.place)::text) THEN
		RAISE EXCEPTION 'fill_places() and area_at() disagree';
	END IF;
END;
$$;

\pset footer off
\pset null ''
\echo
SELECT (SELECT count(*) FROM nser.household) AS households, count(*) AS "union councils", round(avg(ST_NPoints(a.geom)), 1) AS "corners each"
FROM nser.area AS a WHERE a.level = 'union_council';
\echo Where households are, one process
SELECT w.title AS "places", round((percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms / t.points) * 1e6)::numeric) AS "ns a point",
	round(1e3 / percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms / t.points)) AS "points a second",
	w.target, CASE WHEN w.target IS NOT NULL THEN CASE WHEN percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms / t.points) <= 1 / 300.0 THEN 'yes' ELSE 'NO' END END AS met
FROM (VALUES (1, 'count', 'count(place)', NULL), (2, 'point', 'registry.area_at(place), point by point', NULL),
			 (3, 'join', 'count(*) of polygons JOIN households', NULL),
			 (4, 'fill', 'registry.fill_places(), the first time', 'at least 300,000'), (5, 'again', 'registry.fill_places(), nothing changed', NULL)) AS w (no, what, title, target)
JOIN bench.took AS t USING (what)
GROUP BY w.no, w.title, w.target
ORDER BY w.no;
