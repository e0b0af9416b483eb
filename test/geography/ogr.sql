-- Loaded again from what ogr2ogr made: every district is there, in the same place.
CREATE TABLE by_psql AS SELECT code, name, division, geom FROM nser.area WHERE level = 'district';

\ir must.sql

\o /dev/null
SELECT pg_temp.must('ogr2ogr''s table of the GeoJSON loads whole',
	(SELECT loaded = 160 AND refused + remarked = 0
	 FROM load_boundaries('district', features('public.ogr_geojson'), 'adm2_pcode', 'adm2_en', division_property => 'division', source => 'ogr2ogr')));
SELECT pg_temp.must('and is the same to the last digit',
	(SELECT count(*) = 160 AND bool_and(st_equals(a.geom, b.geom) AND a.name = b.name AND a.division = b.division AND a.source = 'ogr2ogr')
	 FROM nser.area AS a JOIN by_psql AS b USING (code)));
SELECT pg_temp.must('the shapefile is in metres', (SELECT min(st_xmax(geom)) > 1000 AND min(st_srid(geom)) = 32642 FROM public.ogr_shapefile));
SELECT pg_temp.must('ogr2ogr''s table of the shapefile loads whole',
	(SELECT loaded = 160 AND refused = 0
	 FROM load_boundaries('district', features('public.ogr_shapefile'), 'adm2_pcode', 'adm2_en', division_property => 'division', source => 'shapefile')));
SELECT pg_temp.must('and differs by less than a millionth of each district',
	(SELECT count(*) = 160 AND bool_and(a.source = 'shapefile' AND st_area(st_symdifference(a.geom, b.geom)) < 1e-6 * st_area(b.geom))
	 FROM nser.area AS a JOIN by_psql AS b USING (code)));
\o
SELECT format('figure: 160 districts by ogr2ogr from GeoJSON: the same; from a shapefile in UTM 42: %s parts in a billion of their area differ',
	round((sum(st_area(st_symdifference(a.geom, b.geom))) / sum(st_area(b.geom)) * 1e9)::numeric, 2)) AS "x"
FROM nser.area AS a JOIN by_psql AS b USING (code) \g (format=unaligned tuples_only=on)
