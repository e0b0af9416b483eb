
-- Union councils with households in them, numbered as the door-to-door rounds
-- numbered them: union council by union council.
CREATE EXTENSION registry CASCADE;
CALL registry.create_store();
SELECT registry.approximate_areas() \g /dev/null

\set features `eval "$BENCH_FEATURES"`
INSERT INTO nser.area (code, name, source, geom)
	SELECT (u.tehsil || to_char(row_number() OVER (PARTITION BY u.tehsil ORDER BY u.no), 'FM000'))::registry.area_code, u.name, 'bench', u.geom
	FROM (SELECT f.no, f.feature #>> '{properties,adm3_pcode}' AS tehsil, f.feature #>> '{properties,uc_name}' AS name,
				 registry.polygons(f.feature -> 'geometry') AS geom
		  FROM jsonb_array_elements((:'features')::jsonb -> 'features') WITH ORDINALITY AS f (feature, no)) AS u;
\unset features

INSERT INTO nser.area (code, name, source, geom)
	WITH seed AS MATERIALIZED (
		SELECT t.code, (ST_Dump(ST_GeneratePoints(t.geom, 5 - (row_number() OVER (ORDER BY t.code) % 577 < 358)::integer, 1))).geom AS centre
		FROM nser.area AS t
		WHERE t.level = 'tehsil' AND NOT EXISTS (SELECT FROM nser.area AS u WHERE u.level = 'union_council')
	), numbered AS MATERIALIZED (
		SELECT (s.code::text || to_char(row_number() OVER (PARTITION BY s.code ORDER BY s.centre), 'FM000'))::registry.area_code AS code, s.centre
		FROM seed AS s
	)
	SELECT s.code, 'Union council ' || s.code, 'bench', ST_Multi(ST_Segmentize(v.cell, ST_Perimeter(v.cell) / 34))
	FROM registry.voronoi_cells((SELECT array_agg(x.centre) FROM numbered AS x)) AS v (cell)
	JOIN numbered AS s ON ST_Intersects(v.cell, s.centre);

INSERT INTO nser.household (area, place)
	SELECT u.code, u.place
	FROM (SELECT x.code, (ST_Dump(ST_GeneratePoints(x.geom, ceil(:n / 2527.0)::integer, 1))).geom AS place
		  FROM nser.area AS x WHERE x.level = 'union_council') AS u
	ORDER BY u.code, md5(u.place::text)
	LIMIT :n;
ANALYZE nser.area, nser.household;
