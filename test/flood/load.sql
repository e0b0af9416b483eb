-- Boundaries, households that do not exist, and the flood declared.
INSERT INTO nser.area (code, name, source, geom)
SELECT (p ->> format('adm%s_pcode', n))::area_code, p ->> format('adm%s_en', n), s.file, polygons(f -> 'geometry')
FROM source AS s
CROSS JOIN LATERAL substring(s.file FROM 'adm(.)$') AS n
CROSS JOIN LATERAL jsonb_array_elements(s.geojson -> 'features') AS f
CROSS JOIN LATERAL (SELECT f -> 'properties' AS p) AS x
WHERE n IS NOT NULL;

-- forty in each tehsil, every fifth without a place, every tenth stated by the district alone
INSERT INTO nser.household (area, registered_on, place)
SELECT CASE WHEN d.path[1] % 10 = 0 THEN parent(a.code) ELSE a.code END, '2021-01-01', CASE WHEN d.path[1] % 5 > 0 THEN d.geom END
FROM nser.area AS a
CROSS JOIN LATERAL ST_Dump(ST_GeneratePoints(a.geom, 40, 2022)) AS d
WHERE a.level = 'tehsil';
ANALYZE nser.area, nser.household;

SELECT clock_timestamp() AS began \gset
SELECT declare_shock('Monsoon floods 2022', 'flood', '[2022-06-14,2022-09-30]', update_window => '[2022-09-01,2100-01-01)',
	polygon => (SELECT st_union(array_agg(polygons(f -> 'geometry')))
				FROM source AS s CROSS JOIN LATERAL jsonb_array_elements(s.geojson -> 'features') AS f WHERE s.file ~ '^events')) AS shock_id \gset
SELECT format('figure: the flood''s %s polygons over 744 areas and %s households are declared in %s s',
	(SELECT ST_NumGeometries(polygon) FROM nser.shock), (SELECT count(*) FROM nser.household),
	round(extract(epoch FROM clock_timestamp() - :'began'::timestamptz), 1)) AS figure \gset
\echo :figure
