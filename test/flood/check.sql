-- The same by PostGIS alone: polygon by polygon as the file has them, none cut.
CREATE TEMP TABLE flood AS
SELECT (ST_Dump(ST_Union(ST_MakeValid(ST_SetSRID(ST_GeomFromGeoJSON(f ->> 'geometry'), 4326))))).geom
FROM source AS s CROSS JOIN LATERAL jsonb_array_elements(s.geojson -> 'features') AS f WHERE s.file ~ '^events';
CREATE INDEX ON flood USING gist (geom);
ANALYZE flood;

CREATE TEMP TABLE direct AS
SELECT a.code, a.level, sum(ST_Area(ST_Intersection(a.geom, f.geom)::geography)) / 1e6 AS km2, ST_Area(a.geom::geography) / 1e6 AS whole
FROM nser.area AS a JOIN flood AS f ON ST_Intersects(a.geom, f.geom)
GROUP BY a.code;

CREATE FUNCTION pg_temp.expect(what text, holds boolean) RETURNS text
	LANGUAGE plpgsql
AS $$
BEGIN
	IF holds IS NOT TRUE THEN
		RAISE EXCEPTION 'the flood: %', what;
	END IF;
	RETURN 'ok: ' || what;
END;
$$;

SELECT pg_temp.expect(format('every area of level %s that PostGIS finds under it, and no other, within half a per cent', d.level),
	count(*) = count(d.code) AND count(*) = count(x.area) AND bool_and(abs(x.km2 - d.km2) <= 0.005 * d.km2)
	AND bool_and(abs(x.share - d.km2 / d.whole) <= 0.005))
FROM direct AS d FULL JOIN nser.shock_area AS x ON x.area = d.code AND x.shock_id = 1
GROUP BY d.level ORDER BY d.level;

SELECT pg_temp.expect('it is of 2022: districts of Sindh and Balochistan suffered most',
	(SELECT sum(km2) FILTER (WHERE code <@ 'PK7' OR code <@ 'PK2') > 0.8 * sum(km2) FROM direct WHERE level = 'district'));

SELECT format('figure: %s districts under it, %s km2; from PostGIS alone they differ by %s %% at most, the total by %s %%',
	count(*), round(sum(x.km2)::numeric), round((max(abs(x.km2 / d.km2 - 1)) * 100)::numeric, 4),
	round((abs(sum(x.km2) / sum(d.km2) - 1) * 100)::numeric, 6))
FROM direct AS d JOIN nser.shock_area AS x ON x.area = d.code AND x.shock_id = 1
WHERE d.level = 'district';

-- who lives there: every point against every polygon that it may lie in
CREATE TEMP TABLE hit AS
SELECT DISTINCT h.household_id, 'point' AS found_by
FROM flood AS f JOIN nser.household AS h ON ST_Intersects(f.geom, h.place)
UNION ALL
SELECT h.household_id, 'area'
FROM nser.household AS h JOIN direct AS d ON d.code = h.area
WHERE h.place IS NULL AND d.km2 / d.whole >= 0.5;

SELECT pg_temp.expect('the households found are PostGIS''s, each by point or by area',
	count(*) > 1000 AND count(*) FILTER (WHERE h.found_by = 'area') > 100 AND bool_and(h.found_by IS NOT DISTINCT FROM k.found_by))
FROM hit AS h FULL JOIN nser.shock_household AS k USING (household_id);
SELECT pg_temp.expect('the summary counts each household once',
	(SELECT count(*) FROM hit) = (SELECT sum(by_point + by_area) FROM nser.shock_summary));
SELECT pg_temp.expect('and tells apart who is outside and who is undecided',
	(SELECT sum(outside) FROM nser.shock_summary) > 1000 AND (SELECT sum(undecided) FROM nser.shock_summary) > 1000
	AND NOT EXISTS (SELECT FROM nser.shock_summary WHERE share = 0 AND undecided > 0));
SELECT format('figure: households hit: %s by point, %s by area; %s undecided, in areas less than half under it',
	count(*) FILTER (WHERE found_by = 'point'), count(*) FILTER (WHERE found_by = 'area'), (SELECT sum(undecided) FROM nser.shock_summary))
FROM hit;
SELECT pg_temp.expect('nothing is written when nothing has changed', (SELECT written = 0 FROM find_shock_households(1)));
