
-- place_flag: surveys whose place disagrees with what they state ----------------
--
-- place.area: the point lies neither in the stated area nor in one that holds it
-- or is held by it.  Of a survey at the door that is where the tablet was, else
-- the household's place; the current survey alone is asked, since the area of the
-- earlier ones follows the household.  place.centre: the tablet was far from the
-- fixed centre the survey is said to have been made at.

CREATE FUNCTION registry.flag_placed(households bigint[], within registry.area_code DEFAULT 'PK', centre_km double precision DEFAULT 2)
	RETURNS bigint
	LANGUAGE plpgsql
	SET plan_cache_mode = force_custom_plan
	SET enable_seqscan = on
	SET enable_hashjoin = on
	SET enable_mergejoin = on
	SET work_mem = '128MB'
	SET jit = off
AS $$
DECLARE
	today	CONSTANT date := registry.today();
	-- of all: every number there may be
	first	CONSTANT bigint := coalesce((SELECT min(u.household_id) FROM unnest(flag_placed.households) AS u (household_id)), -9223372036854775808);
	last	CONSTANT bigint := coalesce((SELECT max(u.household_id) FROM unnest(flag_placed.households) AS u (household_id)), 9223372036854775807);
	flags	bigint;
BEGIN
	IF first = last THEN
		PERFORM registry.plan_for_one();
	END IF;
	WITH found_at AS (
		-- where the household's place has been found to lie
		SELECT h.household_id, v.survey_id, h.area, h.place AS point, p.place_area
		FROM nser.household_place AS p
		JOIN nser.household AS h ON h.household_id = p.household_id AND h.place IS NOT NULL
		JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
		WHERE h.area OPERATOR(registry.<@) flag_placed.within
		AND p.household_id BETWEEN first AND last AND h.household_id BETWEEN first AND last
		AND (flag_placed.households IS NULL OR h.household_id = ANY (flag_placed.households))
		AND coalesce(NOT p.place_area OPERATOR(registry.<@) p.area AND NOT p.area OPERATOR(registry.<@) p.place_area, true)
		AND (v.mode <> 'door' OR v.device_place IS NULL
			 OR registry.st_x(v.device_place) = registry.st_x(h.place) AND registry.st_y(v.device_place) = registry.st_y(h.place))
		UNION ALL
		-- the tablet was elsewhere
		SELECT s.household_id, s.survey_id, s.area, s.point, s.place_area
		FROM (SELECT h.household_id, v.survey_id, h.area, v.device_place AS point,
					 (SELECT c.code
					  FROM (SELECT a.code, a.geom FROM nser.area AS a
							WHERE registry.boxes_meet(a.geom, v.device_place) AND a.valid @> today
							ORDER BY a.is_approximate, a.level DESC, a.code
							OFFSET 0) AS c
					  WHERE registry.st_intersects(c.geom, v.device_place)
					  LIMIT 1) AS place_area
			  FROM nser.household AS h
			  JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
			  WHERE v.mode = 'door' AND v.device_place IS NOT NULL
			  AND h.area OPERATOR(registry.<@) flag_placed.within
			  AND h.household_id BETWEEN first AND last
			  AND (flag_placed.households IS NULL OR h.household_id = ANY (flag_placed.households))
			  AND (h.place IS NULL
				   OR registry.st_x(v.device_place) <> registry.st_x(h.place) OR registry.st_y(v.device_place) <> registry.st_y(h.place))
			  OFFSET 0) AS s
		WHERE coalesce(NOT s.place_area OPERATOR(registry.<@) s.area AND NOT s.area OPERATOR(registry.<@) s.place_area, true)
	), found AS MATERIALIZED (
		SELECT s.household_id, s.survey_id, s.area, 'place.area' AS check_name,
			   concat(CASE WHEN s.place_area IS NULL THEN 'the place lies outside every known boundary'
					ELSE format('the place lies in another %s',
						(SELECT replace(min(l.level)::text, '_', ' ')
						 FROM unnest('{province,district,tehsil,union_council,village}'::registry.area_level[]) AS l (level)
						 WHERE registry.ancestor(s.place_area, l.level) OPERATOR(registry.<>) registry.ancestor(s.area, l.level))) END,
				CASE WHEN NOT b.holds THEN format(', %s km from the stated %s',
					round((registry.metres(b.geom, s.point) / 1000)::numeric, 1), replace(b.level::text, '_', ' ')) END) AS detail
		FROM found_at AS s
		-- the boundary of the stated area, or of the next above that has one, surveyed if any is
		LEFT JOIN LATERAL (
			SELECT a.code, a.level, a.geom, registry.st_intersects(a.geom, s.point) AS holds
			FROM nser.area AS a
			WHERE a.code OPERATOR(registry.=) ANY (registry.lineage(s.area))
			AND a.geom IS NOT NULL AND a.valid @> today
			ORDER BY a.is_approximate, a.level DESC
			LIMIT 1) AS b ON true
		WHERE coalesce(NOT (b.holds AND b.code OPERATOR(registry.=) s.area), s.place_area IS NOT NULL)
		UNION ALL
		SELECT v.household_id, v.survey_id, v.area, 'place.centre',
			   format('the tablet was %s km from the centre', round((registry.metres(c.place, v.device_place) / 1000)::numeric, 1))
		-- by households, whose areas have an index
		FROM nser.household AS h
		JOIN nser.survey AS v ON v.household_id = h.household_id
		JOIN nser.centre AS c ON c.centre_id = v.centre AND c.kind = 'fixed'
		WHERE v.mode = 'centre' AND v.device_place IS NOT NULL
		AND h.area OPERATOR(registry.<@) flag_placed.within
		AND h.household_id BETWEEN first AND last
		AND (flag_placed.households IS NULL OR h.household_id = ANY (flag_placed.households))
		AND registry.metres(c.place, v.device_place) > flag_placed.centre_km * 1000
	), gone AS (
		-- sets, which no estimate makes compare each with each
		DELETE FROM nser.quality_flag AS q
		USING (SELECT y.household_id, y.survey_id, y.check_name FROM nser.quality_flag AS y
			   WHERE y.check_name IN ('place.area', 'place.centre')
			   AND y.area OPERATOR(registry.<@) flag_placed.within
			   AND y.household_id BETWEEN first AND last
			   AND (flag_placed.households IS NULL OR y.household_id = ANY (flag_placed.households))
			   EXCEPT SELECT x.household_id, x.survey_id, x.check_name FROM found AS x) AS z
		WHERE q.household_id = z.household_id AND q.survey_id = z.survey_id AND q.check_name = z.check_name
	), kept AS (
		INSERT INTO nser.quality_flag AS q (household_id, survey_id, check_name, area, detail)
		SELECT x.household_id, x.survey_id, x.check_name, x.area, x.detail
		FROM found AS x
		WHERE NOT EXISTS (SELECT FROM nser.quality_flag AS y
						  WHERE y.household_id = x.household_id AND y.survey_id = x.survey_id AND y.check_name = x.check_name
						  AND y.area OPERATOR(registry.=) x.area AND y.detail = x.detail)
		ON CONFLICT ON CONSTRAINT quality_flag_pkey DO UPDATE
		SET detail = EXCLUDED.detail, area = EXCLUDED.area, found_at = EXCLUDED.found_at
	)
	SELECT count(*) INTO flags FROM found;
	RETURN flags;
END;
$$;
COMMENT ON FUNCTION registry.flag_placed(bigint[], registry.area_code, double precision) IS
	'work of registry.flag_places(): of these households, or of all of an area if NULL; returns how many flags there are';

CREATE FUNCTION registry.flag_places(within registry.area_code DEFAULT 'PK', household_id bigint DEFAULT NULL,
									 centre_km double precision DEFAULT 2)
	RETURNS bigint
	LANGUAGE plpgsql
AS $$
BEGIN
	IF flag_places.within IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'flag_places needs an area',
			HINT = 'SELECT registry.flag_places(''PK617''); PK, the default, is the nation.';
	ELSIF NOT coalesce(flag_places.centre_km BETWEEN 0 AND 'infinity', false) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'centre_km is a distance in kilometres, 0 or more',
			HINT = 'SELECT registry.flag_places(centre_km => 5);';
	END IF;
	RETURN registry.flag_placed(CASE WHEN flag_places.household_id IS NOT NULL THEN ARRAY[flag_places.household_id] END,
								flag_places.within, flag_places.centre_km);
END;
$$;
COMMENT ON FUNCTION registry.flag_places(registry.area_code, bigint, double precision) IS
	'flag surveys of an area, or of one household, in nser.quality_flag: place.area where the point lies in another area than the stated, '
	'with the level at which they part and the kilometres from the stated one''s boundary, and place.centre where the tablet was more '
	'than centre_km from the fixed centre; removes flags that hold no more; returns how many there are; '
	'the places of households are those in nser.household_place';
