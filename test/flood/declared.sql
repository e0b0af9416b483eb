-- The districts of Sindh that were declared in August 2022, and who lives there.
CREATE FUNCTION pg_temp.expect(what text, holds boolean) RETURNS text
	LANGUAGE plpgsql
AS $$
BEGIN
	IF holds IS NOT TRUE THEN
		RAISE EXCEPTION 'the declaration: %', what;
	END IF;
	RETURN 'ok: ' || what;
END;
$$;

SELECT declare_shock('Calamity-hit Sindh 2022', 'flood', '[2022-06-14,2022-09-30]', array_agg(DISTINCT area),
	update_window => '[2022-09-01,2100-01-01)') AS shock_id
FROM declaration WHERE event LIKE 'PK-2022-FLOOD-SINDH-%' \gset

CREATE TEMP TABLE hit AS
SELECT DISTINCT h.household_id, CASE WHEN h.place IS NULL THEN 'area' ELSE 'point' END AS found_by
FROM nser.shock_area AS x
JOIN nser.area AS a ON a.code = x.area
JOIN nser.household AS h ON ST_Intersects(a.geom, h.place) OR h.place IS NULL AND ancestor(h.area, 'district') = x.area
WHERE x.shock_id = :shock_id;
CREATE TEMP VIEW told AS
SELECT count(*) > 1000 AND count(*) FILTER (WHERE h.found_by = 'area') > 100 AND bool_and(h.found_by IS NOT DISTINCT FROM k.found_by) AS as_postgis
FROM hit AS h FULL JOIN (SELECT * FROM nser.shock_household WHERE shock_id = :shock_id) AS k USING (household_id);
SELECT pg_temp.expect('households that are not placed yet are found by the boundaries', as_postgis) FROM told;

-- placed before the districts' boundaries were loaded: in the province alone
INSERT INTO nser.household_place (household_id, area, place_area)
SELECT h.household_id, h.area, ancestor(h.area, 'province') FROM nser.household AS h WHERE h.place IS NOT NULL;
SELECT pg_temp.expect('found anew', (SELECT by_point > 1000 AND written = 0 FROM find_shock_households(:shock_id)));
SELECT pg_temp.expect('and the same ones when they were placed by coarser boundaries', as_postgis) FROM told;
SELECT format('figure: the %s districts of Sindh declared in August 2022 hold %s %% of what was flooded there',
	(SELECT count(*) FROM nser.shock_area WHERE shock_id = :shock_id),
	round((100 * sum(x.km2) FILTER (WHERE y.area IS NOT NULL) / sum(x.km2))::numeric))
FROM nser.shock_area AS x LEFT JOIN nser.shock_area AS y ON y.shock_id = :shock_id AND y.area = x.area
WHERE x.shock_id = 1 AND level(x.area) = 'district' AND x.area <@ 'PK7';
