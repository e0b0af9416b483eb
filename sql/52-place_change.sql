
-- place_change: households that change, placed and flagged at once --------------

CREATE FUNCTION registry.place_households(households bigint[]) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	DELETE FROM nser.household_place AS p
	WHERE p.household_id = ANY (place_households.households)
	AND NOT EXISTS (SELECT FROM nser.household AS h WHERE h.household_id = p.household_id AND h.place IS NOT NULL);
	INSERT INTO nser.household_place AS p (household_id, area, place_area)
	SELECT h.household_id, h.area, registry.area_at(h.place)
	FROM nser.household AS h
	WHERE h.household_id = ANY (place_households.households) AND h.place IS NOT NULL
	ON CONFLICT ON CONSTRAINT household_place_pkey DO UPDATE SET area = EXCLUDED.area, place_area = EXCLUDED.place_area
	WHERE p.area OPERATOR(registry.<>) EXCLUDED.area
	OR NOT coalesce(p.place_area OPERATOR(registry.=) EXCLUDED.place_area, p.place_area IS NULL AND EXCLUDED.place_area IS NULL);
END;
$$;
COMMENT ON FUNCTION registry.place_households(bigint[]) IS
	'work of registry.place_household() and of a trigger: places households as registry.fill_places() does, without flags';

-- One household, when its survey changes.
CREATE FUNCTION registry.place_household(household_id bigint) RETURNS void
	LANGUAGE plpgsql STRICT
AS $$
BEGIN
	-- who changes the place waits, and then places it anew
	PERFORM FROM nser.household AS h WHERE h.household_id = place_household.household_id FOR NO KEY UPDATE;
	PERFORM registry.place_households(ARRAY[place_household.household_id]);
	PERFORM registry.flag_placed(ARRAY[place_household.household_id]);
END;
$$;
COMMENT ON FUNCTION registry.place_household(bigint) IS
	'place one household as registry.fill_places() does, and flag its surveys where they disagree; nothing of NULL';

-- A roster update says nothing of places: where the household was placed, and nothing
-- was wrong with its area, it is left alone.  Triggers place a household whose place or area changes.
CREATE FUNCTION registry.is_placed_quietly(household_id bigint, survey_id bigint) RETURNS boolean
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
BEGIN
	RETURN coalesce((
		SELECT v.device_place IS NULL AND CASE WHEN h.place IS NULL THEN p.household_id IS NULL
			ELSE p.area OPERATOR(registry.=) h.area
				AND (p.place_area OPERATOR(registry.<@) h.area OR h.area OPERATOR(registry.<@) p.place_area) END
			AND NOT EXISTS (SELECT FROM nser.quality_flag AS q WHERE q.household_id = h.household_id AND q.check_name = 'place.area')
		FROM nser.household AS h
		JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = is_placed_quietly.survey_id
		LEFT JOIN nser.household_place AS p ON p.household_id = h.household_id
		WHERE h.household_id = is_placed_quietly.household_id), false);
END;
$$;
COMMENT ON FUNCTION registry.is_placed_quietly(bigint, bigint) IS
	'whether a roster update leaves a household''s place alone: it has none, or one that was found in its area, by the boundaries of then, no '
	'survey of it is flagged place.area, and this one does not say where the tablet was; place.centre and new boundaries are flag_places()''s '
	'and fill_places()''s';

-- One pass for all rows of a statement: a district that is recoded is many.  EXCEPT
-- rather than a join, whose plan would be kept from the first statement's few rows.
CREATE FUNCTION registry.places_follow_households() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	at_once		CONSTANT integer := 10000;
	changed		bigint[];
	elsewhere	bigint[];
	batch		bigint[];
BEGIN
	changed := ARRAY(SELECT x.household_id
		FROM (SELECT n.household_id, n.area, registry.st_x(n.place), registry.st_y(n.place) FROM household_now AS n
			  EXCEPT SELECT o.household_id, o.area, registry.st_x(o.place), registry.st_y(o.place) FROM household_before AS o) AS x
		ORDER BY x.household_id);
	IF cardinality(changed) = 0 THEN
		RETURN NULL;
	END IF;
	-- who only moves stays in the area found, if one was looked for
	elsewhere := ARRAY(SELECT x.household_id
		FROM (SELECT n.household_id, registry.st_x(n.place), registry.st_y(n.place) FROM household_now AS n
			  EXCEPT SELECT o.household_id, registry.st_x(o.place), registry.st_y(o.place) FROM household_before AS o
			  UNION
			  SELECT h.household_id, NULL, NULL FROM nser.household AS h
			  WHERE h.household_id = ANY (changed) AND h.place IS NOT NULL
			  AND NOT EXISTS (SELECT FROM nser.household_place AS p WHERE p.household_id = h.household_id)) AS x
		ORDER BY x.household_id);
	FOR nth IN 1 .. (cardinality(elsewhere) + at_once - 1) / at_once LOOP
		batch := elsewhere[(nth - 1) * at_once + 1 : nth * at_once];
		PERFORM registry.place_households(batch);
	END LOOP;
	FOR nth IN 1 .. (cardinality(changed) + at_once - 1) / at_once LOOP
		batch := changed[(nth - 1) * at_once + 1 : nth * at_once];
		PERFORM registry.flag_placed(batch);
	END LOOP;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.places_follow_households() IS
	'trigger: households whose place changes are placed anew, and the surveys of those whose place or area changes are flagged anew';
