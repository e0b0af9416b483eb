-- Where 100,000 points lie: one by one, in bulk, and by brute force; and points where areas meet.
CREATE TEMP TABLE point AS
	SELECT row_number() OVER () AS id, (st_dump(st_generatepoints(a.geom, 14100, 7))).geom AS place FROM nser.area AS a WHERE a.level = 'province'
	UNION ALL
	-- some are abroad, or at sea
	SELECT 1000000 + row_number() OVER (), (st_dump(st_generatepoints(st_makeenvelope(60.5, 23.5, 78, 37, 4326), 2000, 7))).geom;
UPDATE point SET id = n.id FROM (SELECT p.ctid, row_number() OVER (ORDER BY p.place) AS id FROM point AS p) AS n WHERE n.ctid = point.ctid;

-- brute force: all areas that contain the point, the surveyed, the finest and then the lowest
CREATE TEMP TABLE truth AS
	SELECT p.id, (SELECT a.code FROM nser.area AS a WHERE st_contains(a.geom, p.place) ORDER BY a.is_approximate, a.level DESC, a.code LIMIT 1) AS code FROM point AS p;

-- stated rightly, coarsely, or wrongly: that must not matter
INSERT INTO nser.household (household_id, area, place)
	SELECT p.id, CASE p.id % 3 WHEN 0 THEN coalesce(t.code, 'PK') WHEN 1 THEN coalesce(ancestor(t.code, 'district'), 'PK6') ELSE 'PK70301' END, p.place
	FROM point AS p JOIN truth AS t USING (id);
ANALYZE nser.household, point, truth;

\o /dev/null
SELECT * FROM fill_places();
SELECT pg_temp.must('100,000 points and more are where brute force says, in bulk',
	(SELECT count(*) > 100000 AND count(*) FILTER (WHERE f.place_area IS DISTINCT FROM t.code) = 0 AND count(t.code) BETWEEN 98700 AND 100800
	 FROM truth AS t JOIN nser.household_place AS f ON f.household_id = t.id));
SELECT pg_temp.must('and one by one',
	(SELECT count(*) = 0 FROM truth AS t JOIN point AS p USING (id) WHERE area_at(p.place) IS DISTINCT FROM t.code));
SELECT pg_temp.must('as fine as asked',
	(SELECT count(*) = 0 FROM point AS p WHERE p.id % 20 = 0 AND area_at(p.place, 'district') IS DISTINCT FROM
		(SELECT a.code FROM nser.area AS a WHERE a.level = 'district' AND st_contains(a.geom, p.place))));
SELECT pg_temp.must('every tehsil''s representative point comes home', NOT EXISTS (
	SELECT FROM nser.area AS t WHERE t.level = 'tehsil' AND area_at(st_pointonsurface(t.geom), 'tehsil') IS DISTINCT FROM t.code));

-- Corners that neighbours share: always the lowest of the finest, in bulk as one by one.
CREATE TEMP TABLE corner AS
	SELECT 2000000 + row_number() OVER () AS id, d.geom AS place
	FROM (SELECT DISTINCT (st_dumppoints(a.geom)).geom FROM nser.area AS a WHERE a.level = 'tehsil') AS d
	ORDER BY d.geom LIMIT 5000;
INSERT INTO nser.household (household_id, area, place) SELECT c.id, 'PK', c.place FROM corner AS c;
ANALYZE corner;
SELECT * FROM fill_places();
SELECT pg_temp.must('a point on a border is in the lowest of the finest areas that meet there', (
	SELECT count(*) = 0 FROM corner AS c JOIN nser.household_place AS f ON f.household_id = c.id
	WHERE f.place_area IS DISTINCT FROM (SELECT a.code FROM nser.area AS a WHERE st_intersects(a.geom, c.place) ORDER BY a.is_approximate, a.level DESC, a.code LIMIT 1)
	OR area_at(c.place) IS DISTINCT FROM f.place_area));
SELECT pg_temp.must('some corners are of several areas', (SELECT max(n) > 1 FROM (SELECT count(*) AS n FROM corner AS c JOIN nser.area AS a ON a.level = 'tehsil' AND st_intersects(a.geom, c.place) GROUP BY c.id) AS m));
\o
