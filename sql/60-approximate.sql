
-- approximate: areas drawn from the gazetteer, where no boundary is known -------

-- A tehsil is what lies nearer to its centre than to another's, as far out as a
-- disc of 1.7 times its size reaches; districts and provinces are made of
-- their tehsils.  So they nest, and everyone's own centre is at home.
CREATE FUNCTION registry.approximate_areas() RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	drawn	bigint;
BEGIN
	WITH seed AS MATERIALIZED (
		SELECT g.code, g.name, registry.place(g.lon, g.lat) AS centre,
			   registry.disc(registry.place(g.lon, g.lat), sqrt(1.7 * g.km2 / pi()) * 1000) AS reach
		FROM registry.gazetteer() AS g
		WHERE g.lon IS NOT NULL
	), ground AS MATERIALIZED (
		SELECT registry.st_union(array_agg(s.reach)) AS shape FROM seed AS s
	), tehsil AS MATERIALIZED (
		SELECT s.code, registry.polygons(registry.st_intersection(v.cell, g.shape)) AS geom
		FROM registry.voronoi_cells((SELECT array_agg(x.centre ORDER BY x.code) FROM seed AS x)) AS v (cell)
		JOIN seed AS s ON registry.st_intersects(v.cell, s.centre)
		CROSS JOIN ground AS g
	), outline AS (
		SELECT registry.ancestor(t.code, l.level) AS code, registry.polygons(registry.st_union(array_agg(t.geom ORDER BY t.code))) AS geom
		FROM tehsil AS t
		CROSS JOIN (VALUES ('province'::registry.area_level), ('district'), ('tehsil')) AS l (level)
		GROUP BY registry.ancestor(t.code, l.level)
	)
	INSERT INTO nser.area (code, name, division, source, is_approximate, valid, km2, geom)
	SELECT o.code, g.name, g.division, 'registry.gazetteer()', true, daterange(d.began, d.ended), registry.km2(o.geom), o.geom
	FROM outline AS o
	JOIN registry.gazetteer() AS g ON g.code OPERATOR(registry.=) o.code
	-- what is no more by a recorded change stays so
	CROSS JOIN LATERAL registry.area_dates(o.code) AS d
	WHERE d.ended <= registry.today() IS NOT TRUE
	ORDER BY o.code
	ON CONFLICT ON CONSTRAINT area_pkey DO NOTHING;
	GET DIAGNOSTICS drawn = ROW_COUNT;

	IF drawn > 0 THEN
		RAISE NOTICE 'the boundaries of % areas are approximate: what lies nearest to a tehsil''s centre', drawn
			USING HINT = 'registry.load_boundaries() replaces them by surveyed ones.';
	END IF;
	RETURN drawn;
END;
$$;
COMMENT ON FUNCTION registry.approximate_areas() IS
	'draw provinces, districts and tehsils around the centres of registry.gazetteer(), where nser.area has none and no change ended them; they say that '
	'they are approximate (is_approximate): for trials and first looks, not for deciding who was hit by a flood; returns how many';
