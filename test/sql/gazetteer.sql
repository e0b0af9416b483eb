-- gazetteer: names and centres, and areas drawn around them.
SET search_path = registry, public;
SET client_min_messages = warning;
CALL create_store();
RESET client_min_messages;
\pset null '?'

SELECT level(g.code), count(*), count(DISTINCT g.code) AS codes, count(g.name) AS names, count(DISTINCT g.division) AS divisions,
	count(g.lon) AS centres, count(g.households) AS counted
FROM gazetteer() AS g
GROUP BY level(g.code)
ORDER BY level(g.code);
SELECT * FROM gazetteer() AS g WHERE g.code <@ 'PK703' OR g.code @> 'PK703' ORDER BY g.code;

-- what is not counted is not there, and what is, is whole
SELECT count(*) FROM gazetteer() AS g
WHERE (g.counted_on IS NULL, g.households IS NULL, g.population IS NULL) NOT IN ((true, true, true), (false, false, false))
	OR g.population / g.households NOT BETWEEN 3 AND 12;
-- nobody without a parent, nothing outside Pakistan, no name twice in a district
SELECT count(*) FROM gazetteer() AS g WHERE level(g.code) <> 'province' AND NOT EXISTS (SELECT FROM gazetteer() AS p WHERE p.code = parent(g.code));
SELECT min(g.lon) > 60.5 AND max(g.lon) < 77.5 AND min(g.lat) > 23.5 AND max(g.lat) < 37 AS inside FROM gazetteer() AS g;
SELECT parent(g.code), g.name FROM gazetteer() AS g GROUP BY 1, 2 HAVING count(*) > 1;

-- An area with a boundary keeps it; the others are drawn, and say so.
INSERT INTO nser.area (code, name, source, geom)
	VALUES ('PK40101', 'Islamabad', 'by hand', polygons(ST_MakeEnvelope(72.8, 33.5, 73.4, 33.8, 4326)));
SELECT approximate_areas();
SELECT approximate_areas() AS again;
SELECT a.level, count(*), count(*) FILTER (WHERE a.is_approximate) AS approximate, count(a.division) AS with_division, bool_and(ST_IsValid(a.geom)) AS valid
FROM nser.area AS a
GROUP BY a.level
ORDER BY a.level;
-- everyone's centre is at home, children lie in their parents and fill them, neighbours do not overlap
SELECT count(*) AS centres_at_home
FROM gazetteer() AS g JOIN nser.area AS a ON a.code @> g.code AND a.is_approximate
WHERE ST_Contains(a.geom, ST_SetSRID(ST_MakePoint(g.lon, g.lat), 4326));
SELECT p.level, count(*), max(abs(p.km2 - c.km2) / p.km2) < 1e-9 AS filled
FROM nser.area AS p
JOIN (SELECT parent(x.code) AS code, sum(x.km2) AS km2 FROM nser.area AS x WHERE x.is_approximate GROUP BY 1) AS c USING (code)
WHERE p.code NOT IN ('PK4', 'PK401')
GROUP BY p.level
ORDER BY p.level;
SELECT count(*) AS overlaps
FROM nser.area AS a JOIN nser.area AS b ON b.level = a.level AND b.code > a.code AND a.geom && b.geom AND b.is_approximate
WHERE a.level = 'tehsil' AND a.is_approximate AND ST_Area(ST_Intersection(a.geom, b.geom)) > 1e-9;
-- together little larger than the truth
SELECT round(sum(a.km2)::numeric / sum(g.km2)::numeric, 2) AS drawn_to_true
FROM nser.area AS a JOIN gazetteer() AS g USING (code) WHERE a.level = 'tehsil' AND a.is_approximate;

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
