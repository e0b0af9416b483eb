
-- hazard: who lives where a disaster is to be expected ------------------------------

CREATE FUNCTION registry.check_hazard(kind text, level text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	kinds		CONSTANT text[] := ARRAY['flood', 'drought', 'landslide', 'earthquake'];
	levels		CONSTANT text[] := ARRAY['low', 'medium', 'high'];
BEGIN
	IF check_hazard.kind <> ALL (kinds) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'unknown kind of hazard',
			HINT = format('Kinds are %s.', array_to_string(kinds, ', '));
	END IF;
	IF check_hazard.level <> ALL (levels) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'unknown level of hazard',
			HINT = format('Levels are %s.', array_to_string(levels, ', '));
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_hazard(text, text) IS 'refuse a kind or level of hazard that there is not; NULL is any';

CREATE FUNCTION registry.load_hazard_zones(kind text, geojson jsonb, level_property text DEFAULT 'level', name_property text DEFAULT 'name',
										   source text DEFAULT NULL, OUT load_id bigint, OUT loaded bigint, OUT refused bigint)
	LANGUAGE plpgsql
AS $$
DECLARE
	load_source	CONSTANT text := coalesce(load_hazard_zones.source, 'geojson');
	feature		record;
	shape		nser.hazard_zone.geom%TYPE;
	zone_level	text;
	other		bigint;
	wrong		text;
	at_column	text;
	code		text;
BEGIN
	PERFORM registry.check_hazard(load_hazard_zones.kind);
	IF load_hazard_zones.kind IS NULL OR coalesce(load_hazard_zones.geojson ->> 'type' <> 'FeatureCollection'
			OR jsonb_typeof(load_hazard_zones.geojson -> 'features') <> 'array', true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'hazard zones are a kind and a GeoJSON FeatureCollection',
			HINT = 'Pass ''flood'' and {"type": "FeatureCollection", "features": [...]}.';
	END IF;

	load_id := nextval('nser.load_id_seq');
	loaded := 0;
	refused := 0;
	FOR feature IN
		SELECT f.value, f.no, f.value -> 'geometry' AS geometry, f.value -> 'properties' ->> load_hazard_zones.name_property AS name
		FROM jsonb_array_elements(load_hazard_zones.geojson -> 'features') WITH ORDINALITY AS f (value, no)
		ORDER BY f.no
	LOOP
		zone_level := lower(btrim(feature.value -> 'properties' ->> load_hazard_zones.level_property));
		wrong := NULL;
		shape := NULL;
		code := '22023';
		at_column := 'geometry';
		IF coalesce(zone_level NOT IN ('low', 'medium', 'high'), true) THEN
			at_column := load_hazard_zones.level_property;
			wrong := 'the level is not one of low, medium, high';
		ELSIF coalesce(jsonb_typeof(feature.geometry) <> 'object', true) THEN
			wrong := 'there is no geometry';
		ELSE
			BEGIN
				shape := registry.polygons(feature.geometry);
			EXCEPTION WHEN OTHERS THEN		-- PostGIS has an internal error for wrong input
				wrong := 'the geometry is no GeoJSON geometry';
			END;
			IF wrong IS NOT NULL THEN
				NULL;
			ELSIF coalesce(registry.st_isempty(shape), true) THEN
				wrong := 'the geometry holds no polygon';
			ELSIF NOT registry.in_pakistan(shape) THEN
				wrong := 'the geometry is not in Pakistan: degrees east, from 60 to 78.5, then degrees north, from 23 to 37.5';
			ELSE
				SELECT min(z.zone_id) INTO other
				FROM nser.hazard_zone AS z
				WHERE z.kind = load_hazard_zones.kind AND registry.boxes_meet(z.geom, shape) AND registry.st_equals(z.geom, shape);
				IF other IS NOT NULL THEN
					code := '23505';
					wrong := format('zone %s of that kind is the same polygon; delete it first to replace it', other);
				END IF;
			END IF;
		END IF;

		IF wrong IS NULL THEN
			INSERT INTO nser.hazard_zone (kind, level, name, source, geom)
			VALUES (load_hazard_zones.kind, zone_level, feature.name, load_source, shape);
			loaded := loaded + 1;
		ELSE
			INSERT INTO nser.load_error (load_id, row_no, source, column_name, sqlstate, reason, row)
			VALUES (load_hazard_zones.load_id, feature.no, load_source, at_column, code, wrong,
				CASE WHEN jsonb_typeof(feature.value) = 'object' AND pg_column_size(feature.value) > 4000
					THEN feature.value - 'geometry' ELSE feature.value END);
			refused := refused + 1;
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.load_hazard_zones(text, jsonb, text, text, text) IS
	'load hazard zones of a kind (flood, drought, landslide, earthquake) from a GeoJSON FeatureCollection, whose level_property is low, '
	'medium or high; good features in, each bad one in nser.load_error with the reason; refuses what is no FeatureCollection';

CREATE FUNCTION registry.prepare_hazard_lists(kind text DEFAULT NULL, level text DEFAULT NULL, min_share double precision DEFAULT 0.5)
	RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	zone		record;
	written		bigint;
	total		bigint := 0;
BEGIN
	PERFORM registry.check_hazard(prepare_hazard_lists.kind, prepare_hazard_lists.level);
	PERFORM registry.check_min_share(prepare_hazard_lists.min_share);
	FOR zone IN
		SELECT z.zone_id FROM nser.hazard_zone AS z
		WHERE (prepare_hazard_lists.kind IS NULL OR z.kind = prepare_hazard_lists.kind)
		AND (prepare_hazard_lists.level IS NULL OR z.level = prepare_hazard_lists.level)
		ORDER BY z.zone_id
		FOR UPDATE
	LOOP
		WITH found AS MATERIALIZED (
			SELECT f.household_id, f.area, f.found_by
			FROM nser.hazard_zone AS z
			CROSS JOIN LATERAL registry.households_in(z.geom, prepare_hazard_lists.min_share) AS f
			WHERE z.zone_id = zone.zone_id
		), removed AS (
			DELETE FROM nser.hazard_household AS k
			WHERE k.zone_id = zone.zone_id AND NOT EXISTS (SELECT FROM found AS f WHERE f.household_id = k.household_id)
			RETURNING true
		), stored AS (
			INSERT INTO nser.hazard_household AS k (household_id, zone_id, area, found_by)
			SELECT f.household_id, zone.zone_id, f.area, f.found_by FROM found AS f
			ON CONFLICT ON CONSTRAINT hazard_household_pkey DO UPDATE SET found_by = EXCLUDED.found_by
			WHERE k.found_by <> EXCLUDED.found_by
			RETURNING true
		)
		SELECT (SELECT count(*) FROM removed) + (SELECT count(*) FROM stored) INTO written;
		UPDATE nser.hazard_zone AS z SET prepared_at = now() WHERE z.zone_id = zone.zone_id;
		total := total + written;
	END LOOP;
	RETURN total;
END;
$$;
COMMENT ON FUNCTION registry.prepare_hazard_lists(text, text, double precision) IS
	'list who lives in each hazard zone of a kind and level, NULL being all, as registry.households_in() finds them; writes only what is '
	'new or changed and removes who is there no more: returns how many rows that were';
