
-- centre_plan: where more centres would cut the distance most -------------------
--
-- A greedy p-median: of all candidates, the one that takes most off the sum of
-- people times metres to their nearest centre, then the next given that one.
-- Sums are of whole people, whole metres and millionths of
-- a degree: exact, so that ties are ties.
-- Candidates are the areas of a level, each at the middle of its households, or at
-- a point inside where that lies beyond the boundary.  Demand are cells of 0.02
-- degrees, about 2 km, at the middle of the places in them; households without a
-- place stand at their area's site, or inside the area if it is coarser than the level.
-- Who has no known size weighs as the mean; where none is known, all weigh the same.
-- No site counts for who is farther than 100 km from it: the pairs of cells and sites
-- would be too many, and nobody goes so far.

SELECT pg_catalog.set_config('search_path', format('pg_catalog, %s, pg_temp', e.extnamespace::regnamespace), true)
FROM pg_extension AS e WHERE e.extname = 'postgis'::name;

CREATE FUNCTION registry.plan_centres(n integer, within registry.area_code DEFAULT 'PK',
									  level registry.area_level DEFAULT 'union_council', on_date date DEFAULT NULL)
	RETURNS TABLE (step integer, area registry.area_code, name text, place geometry, households_nearer bigint, people_nearer bigint,
				   mean_km_before double precision, mean_km_after double precision, reason text)
	LANGUAGE plpgsql
	SET work_mem = '256MB'
	SET jit = off
AS $$
DECLARE
	scratch		CONSTANT text := 'pg_temp.registry_plan';		-- written so, because there are no such tables to check against
	nowhere		CONSTANT bigint := 100000000;		-- metres: farther than anything is from anything
	reach		CONSTANT bigint := 100000;		-- metres
	most_pairs	CONSTANT bigint := 20000000;	-- about 2 GB
	pairs		bigint;
	has_sizes	boolean;
	nearer		text;
	gain		numeric;
	km_before	numeric;
	km_after	numeric;
	farthest	bigint;
BEGIN
	PERFORM registry.check_level(plan_centres.level, plan_centres.within);
	IF coalesce(plan_centres.n < 1, true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'plan_centres needs a number of centres, 1 or more',
			HINT = 'SELECT * FROM registry.plan_centres(5, ''PK617'');';
	END IF;

	CREATE TEMP TABLE registry_plan_household ON COMMIT DROP AS
	SELECT x.unit, x.stated, x.col, x.lin, count(*) AS households, sum(x.members) AS members, count(*) - count(x.members) AS unknown,
		   sum(round(registry.st_x(x.place) * 1000000)::bigint) / 1000000 AS lon, sum(round(registry.st_y(x.place) * 1000000)::bigint) / 1000000 AS lat
	FROM (SELECT registry.ancestor(h.area, plan_centres.level) AS unit, h.place,
				 CASE WHEN h.place IS NULL AND registry.ancestor(h.area, plan_centres.level) IS NULL THEN h.area END AS stated,
				 v.indicators OPERATOR(registry.->) 'members' AS members,
				 floor(registry.st_x(h.place) * 50) AS col, floor(registry.st_y(h.place) * 50) AS lin
		  FROM nser.household AS h
		  LEFT JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
		  WHERE h.status = 'registered' AND h.area OPERATOR(registry.<@) plan_centres.within) AS x
	GROUP BY x.unit, x.stated, x.col, x.lin;
	EXECUTE format('SELECT coalesce(sum(p.members) > 0, false) FROM %1$s_household AS p', scratch) INTO has_sizes;

	EXECUTE format('
	CREATE TEMP TABLE %1$s_site ON COMMIT DROP AS
	SELECT u.unit, a.name, CASE
			WHEN u.middle IS NULL OR NOT registry.st_intersects(a.geom, u.middle) THEN coalesce(registry.st_pointonsurface(a.geom), u.middle)
			ELSE u.middle END AS place
	FROM (SELECT p.unit, registry.place((sum(p.lon) / sum(p.households) FILTER (WHERE p.col IS NOT NULL))::double precision,
									   (sum(p.lat) / sum(p.households) FILTER (WHERE p.col IS NOT NULL))::double precision) AS middle
		  FROM %1$s_household AS p
		  WHERE p.unit IS NOT NULL
		  GROUP BY p.unit) AS u
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) u.unit', scratch);
	EXECUTE format('CREATE INDEX ON %1$s_site USING gist (place)', scratch);
	EXECUTE format('ANALYZE %1$s_site', scratch);

	EXECUTE format('
	CREATE TEMP TABLE %1$s_demand ON COMMIT DROP AS
	WITH demand AS MATERIALIZED (
		SELECT x.households, x.members + x.unknown * greatest(round(sum(x.members) OVER () / nullif(sum(x.households - x.unknown) OVER (), 0)), 1)::bigint AS people, x.place
		  FROM (SELECT sum(p.households)::bigint AS households, coalesce(sum(p.members), 0)::bigint AS members, sum(p.unknown)::bigint AS unknown,
					   registry.place((sum(p.lon) / sum(p.households))::double precision, (sum(p.lat) / sum(p.households))::double precision) AS place
				FROM %1$s_household AS p
				WHERE p.col IS NOT NULL
				GROUP BY p.col, p.lin
				UNION ALL
				SELECT p.households, coalesce(p.members, 0), p.unknown, s.place
				FROM %1$s_household AS p
				JOIN %1$s_site AS s ON s.unit OPERATOR(registry.=) p.unit
				WHERE p.col IS NULL AND s.place IS NOT NULL
				UNION ALL
				SELECT p.households, coalesce(p.members, 0), p.unknown, registry.st_pointonsurface(a.geom)
				FROM %1$s_household AS p
				JOIN nser.area AS a ON a.code OPERATOR(registry.=) p.stated AND a.geom IS NOT NULL) AS x
	), near AS MATERIALIZED (
		SELECT b.col, b.lin, b.places
		FROM (SELECT array_agg(c.col) AS cols, array_agg(c.lin) AS lins
			  FROM (SELECT DISTINCT floor(registry.st_x(d.place) * 50) AS col, floor(registry.st_y(d.place) * 50) AS lin FROM demand AS d) AS c) AS c
		CROSS JOIN LATERAL registry.centres_by_cell(c.cols, c.lins, $1) AS b
	)
	SELECT row_number() OVER () AS cell, d.households, d.people, d.place,
		   coalesce((SELECT round(min(registry.metres(d.place, p.place)))::bigint FROM unnest(b.places) AS p (place)), $2) AS metres
	FROM demand AS d
	LEFT JOIN near AS b ON b.col = floor(registry.st_x(d.place) * 50) AND b.lin = floor(registry.st_y(d.place) * 50)', scratch)
	USING plan_centres.on_date, nowhere;
	EXECUTE format('ALTER TABLE %1$s_demand ADD PRIMARY KEY (cell)', scratch);
	EXECUTE format('ANALYZE %1$s_demand', scratch);

	-- what a site can bring nearer lies within reach, and no farther than the centre it has
	EXECUTE format('
	CREATE TEMP TABLE %1$s_pair ON COMMIT DROP AS
	SELECT p.unit, p.cell, p.metres
	FROM (SELECT s.unit, d.cell, d.metres AS has, round(registry.metres(s.place, d.place))::bigint AS metres
		  FROM %1$s_demand AS d
		  CROSS JOIN LATERAL (SELECT registry.st_x(d.place) AS lon, registry.st_y(d.place) AS lat, least(d.metres, $1) / 110000.0::double precision AS up OFFSET 0) AS r
		  JOIN %1$s_site AS s ON registry.boxes_meet(s.place, registry.box(
				r.lon - r.up / cos(radians(least(abs(r.lat) + r.up, 89))), r.lat - r.up,
				r.lon + r.up / cos(radians(least(abs(r.lat) + r.up, 89))), r.lat + r.up))
		  WHERE s.place IS NOT NULL
		  OFFSET 0) AS p
	WHERE p.metres < p.has AND p.metres <= $1
	LIMIT $2 + 1', scratch) USING reach, most_pairs;
	GET DIAGNOSTICS pairs = ROW_COUNT;
	IF pairs > most_pairs THEN
		RAISE EXCEPTION USING
			ERRCODE = 'program_limit_exceeded',
			MESSAGE = format('there are more than %s pairs of a site and people within %s km of it', most_pairs, reach / 1000),
			HINT = 'Plan province by province, or at a coarser level.';
	END IF;
	EXECUTE format('CREATE INDEX ON %1$s_pair (unit)', scratch);
	EXECUTE format('ANALYZE %1$s_pair', scratch);

	FOR step_no IN 1 .. plan_centres.n LOOP
		EXECUTE format('
		SELECT p.unit, sum(d.people * (d.metres - p.metres)) AS gain, sum(d.households)::bigint AS households, sum(d.people)::bigint AS people
		FROM %1$s_pair AS p
		JOIN %1$s_demand AS d ON d.cell = p.cell AND p.metres < d.metres
		GROUP BY p.unit
		ORDER BY gain DESC, p.unit
		LIMIT 1', scratch) INTO area, gain, households_nearer, people_nearer;
		EXIT WHEN coalesce(gain, 0) <= 0;

		EXECUTE format('SELECT CASE WHEN max(d.metres) < $1 THEN sum(d.people * d.metres) / sum(d.people) / 1000 END FROM %1$s_demand AS d', scratch)
			INTO km_before USING nowhere;
		EXECUTE format('SELECT max(d.metres) FROM %1$s_demand AS d JOIN %1$s_pair AS p
			ON p.cell = d.cell AND p.metres < d.metres AND p.unit OPERATOR(registry.=) $1', scratch) INTO farthest USING area;
		EXECUTE format('UPDATE %1$s_demand AS d SET metres = p.metres FROM %1$s_pair AS p
			WHERE p.cell = d.cell AND p.metres < d.metres AND p.unit OPERATOR(registry.=) $1', scratch) USING area;
		EXECUTE format('SELECT CASE WHEN max(d.metres) < $1 THEN sum(d.people * d.metres) / sum(d.people) / 1000 END FROM %1$s_demand AS d', scratch)
			INTO km_after USING nowhere;

		step := step_no;
		EXECUTE format('SELECT s.name, s.place FROM %1$s_site AS s WHERE s.unit OPERATOR(registry.=) $1', scratch) INTO name, place USING area;
		mean_km_before := km_before;
		mean_km_after := km_after;
		people_nearer := CASE WHEN has_sizes THEN people_nearer END;
		nearer := CASE WHEN has_sizes THEN format('%s people', people_nearer) ELSE format('%s households', households_nearer) END;
		reason := CASE WHEN km_before IS NOT NULL
			THEN format('%s, up to %s km from a centre now, get a nearer one; the mean distance of all falls from %s to %s km.',
				nearer, round(farthest / 1000.0, 1), round(km_before, 1), round(km_after, 1))
			WHEN km_after IS NULL THEN format('%s get a centre, or a nearer one; others still have none within %s km.', nearer, reach / 1000)
			ELSE format('%s get a centre, or a nearer one; with it the mean distance is %s km.', nearer, round(km_after, 1)) END;
		RETURN NEXT;
	END LOOP;
	EXECUTE format('DROP TABLE %1$s_household, %1$s_site, %1$s_demand, %1$s_pair', scratch);
END;
$$;
COMMENT ON FUNCTION registry.plan_centres(integer, registry.area_code, registry.area_level, date) IS
	'where n more centres would cut the mean distance of people to their nearest centre most, one after the other, beside those standing on a '
	'day, today by default: the sites are the areas of a level that hold registered households; kilometres on the spheroid, people-weighted, '
	'or household-weighted and people_nearer NULL where no size is known; a site counts for who is within 100 km; households without a '
	'place stand at the site of their area, or inside it if it is coarser, and are left out where that has neither boundary nor places; '
	'fewer rows where no site gains anything; mean_km_before and mean_km_after are NULL while some have no centre; refuses n < 1, and '
	'more than 20 million pairs of site and cell; needs TEMPORARY on the database, and does not run on a standby';

SET LOCAL search_path = pg_catalog, pg_temp;
