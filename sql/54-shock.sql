
-- shock: what hit whole areas, and whom ------------------------------------------

SELECT pg_catalog.set_config('search_path', format('pg_catalog, %s, pg_temp', e.extnamespace::regnamespace), true)
FROM pg_extension AS e WHERE e.extname = 'postgis'::name;

CREATE FUNCTION registry.declare_shock(name text, kind text, during daterange, areas registry.area_code[] DEFAULT NULL,
									   polygon geometry DEFAULT NULL, update_window daterange DEFAULT NULL,
									   min_share double precision DEFAULT 0.5, source text DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	kinds		CONSTANT text[] := ARRAY['flood', 'drought', 'earthquake', 'epidemic', 'landslide', 'other'];
	open_in		CONSTANT daterange := coalesce(declare_shock.update_window, declare_shock.during);
	shape		declare_shock.polygon%TYPE;
	unknown		text;
	ended		text;
	drawn		bigint;
	new_id		bigint;
BEGIN
	IF coalesce(declare_shock.name !~ '[^[:space:]]', true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a shock has a name',
			HINT = 'Name it as the declaration does: Monsoon floods 2022.';
	END IF;
	IF coalesce(declare_shock.kind <> ALL (kinds), true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'unknown kind of shock',
			HINT = format('Kinds are %s.', array_to_string(kinds, ', '));
	END IF;
	IF coalesce(isempty(declare_shock.during) OR NOT isfinite(lower(declare_shock.during))
				OR NOT isfinite(upper(declare_shock.during)), true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'during has a first and a last day',
			HINT = 'Write [2022-06-14,2022-09-30]; of one that goes on, the last day that is expected.';
	END IF;
	IF isempty(open_in) OR coalesce(NOT isfinite(lower(open_in)), true) OR lower(open_in) < lower(declare_shock.during) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'update_window has a first day, and none before the shock',
			HINT = 'Write [2022-09-01,2023-02-28]; without one the window is the time of the shock itself.';
	END IF;
	PERFORM registry.check_min_share(declare_shock.min_share);
	IF coalesce(cardinality(declare_shock.areas), 0) = 0 AND declare_shock.polygon IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a shock has areas, a polygon, or both',
			HINT = 'Pass areas => ''{PK702,PK71503}'', or polygon => a geometry.';
	END IF;
	-- codes are taken as they come where no area of their level is known yet
	SELECT string_agg(coalesce(d.area::text, 'NULL'), ', ' ORDER BY d.no) INTO unknown
	FROM unnest(declare_shock.areas) WITH ORDINALITY AS d (area, no)
	WHERE d.area IS NULL
	OR NOT EXISTS (SELECT FROM nser.area AS a WHERE a.code OPERATOR(registry.=) d.area)
		AND EXISTS (SELECT FROM nser.area AS a WHERE a.level = registry.level(d.area));
	IF unknown IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('unknown areas: %s', unknown),
			HINT = 'SELECT code, name FROM nser.area lists those that are known.';
	END IF;
	SELECT string_agg(d.area::text, ', ' ORDER BY d.no) INTO ended
	FROM unnest(declare_shock.areas) WITH ORDINALITY AS d (area, no)
	WHERE EXISTS (SELECT FROM nser.area AS a WHERE a.code OPERATOR(registry.@>) d.area AND NOT a.valid @> registry.today());
	IF ended IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('areas that are not valid today: %s', ended),
			HINT = 'registry.area_on(code, registry.today()) tells what an area of another day is now; households state the codes of today.';
	END IF;
	IF declare_shock.polygon IS NOT NULL THEN
		shape := registry.check_shape(declare_shock.polygon);
	END IF;

	INSERT INTO nser.shock AS s (name, kind, during, update_window, min_share, source, polygon)
	VALUES (declare_shock.name, declare_shock.kind, declare_shock.during, open_in, declare_shock.min_share, declare_shock.source, shape)
	ON CONFLICT ON CONSTRAINT shock_name_key DO NOTHING
	RETURNING s.shock_id INTO new_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'unique_violation',
			MESSAGE = 'a shock of that name is declared already',
			HINT = 'registry.find_shock_households() finds its households anew; another shock needs another name.';
	END IF;
	INSERT INTO nser.shock_area (shock_id, area, is_declared)
	SELECT DISTINCT new_id, d.area, true FROM unnest(declare_shock.areas) AS d (area);
	PERFORM registry.find_shock_households(new_id);
	SELECT count(*) INTO drawn
	FROM nser.shock_area AS x JOIN nser.area AS a ON a.code OPERATOR(registry.=) x.area AND a.is_approximate
	WHERE x.shock_id = new_id AND (x.is_declared OR x.share >= declare_shock.min_share);
	IF drawn > 0 THEN
		RAISE NOTICE 'the boundaries of % areas of this shock are approximate', drawn
			USING HINT = 'Who was hit by them is a guess: load surveyed ones, registry.load_boundaries(), and find anew, registry.find_shock_households().';
	END IF;
	RETURN new_id;
END;
$$;
COMMENT ON FUNCTION registry.declare_shock(text, text, daterange, registry.area_code[], geometry, daterange, double precision, text) IS
	'declare a shock by areas, a polygon or both, and find who was hit: who lives in one of the areas or under the polygon; returns its '
	'shock_id; update_window NULL is during; refuses what is unknown, unbounded, not valid today or outside Pakistan, and a name that is '
	'taken; says so where boundaries are approximate';

-- Who registers after the first day was surveyed in the state the shock left, and
-- is not hit as registered: nobody gains a window by registering in a flooded place,
-- nor by moving into one.
CREATE FUNCTION registry.find_shock_households(shock_id bigint, OUT by_point bigint, OUT by_area bigint, OUT registered_later bigint,
											   OUT written bigint)
	LANGUAGE plpgsql
	SET jit = off
AS $$
DECLARE
	shock		record;
BEGIN
	SELECT s.polygon, s.update_window, s.min_share, lower(s.during) AS began, s.declared_at, s.found_at INTO shock
	FROM nser.shock AS s WHERE s.shock_id = find_shock_households.shock_id
	FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('there is no shock %s', coalesce(find_shock_households.shock_id::text, 'NULL')),
			HINT = 'SELECT shock_id, name FROM nser.shock lists them.';
	END IF;
	-- one declared late, for the record, finds its households once
	IF upper(shock.update_window) <= registry.today() AND shock.found_at IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('the update window of shock %s has closed', find_shock_households.shock_id),
			HINT = 'Who was hit is history now; a new update_window in nser.shock opens it again.';
	END IF;

	-- of a polygon that was withdrawn nothing is left
	DELETE FROM nser.shock_area AS x WHERE x.shock_id = find_shock_households.shock_id AND NOT x.is_declared;
	UPDATE nser.shock_area AS x
	SET share = CASE WHEN shock.polygon IS NOT NULL AND a.geom IS NOT NULL THEN 0 END,
		km2 = CASE WHEN shock.polygon IS NOT NULL AND a.geom IS NOT NULL THEN 0 END
	FROM nser.shock_area AS y LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) y.area
	WHERE x.shock_id = find_shock_households.shock_id AND y.shock_id = x.shock_id AND y.area OPERATOR(registry.=) x.area;
	IF shock.polygon IS NOT NULL THEN
		INSERT INTO nser.shock_area (shock_id, area, is_declared, share, km2)
		SELECT find_shock_households.shock_id, u.area, false, u.share, u.km2 FROM registry.areas_under(shock.polygon) AS u
		ON CONFLICT ON CONSTRAINT shock_area_pkey DO UPDATE SET share = EXCLUDED.share, km2 = EXCLUDED.km2;
	END IF;

	WITH hit AS (
		SELECT d.household_id, d.area, d.found_by
		FROM registry.households_declared(ARRAY(
			SELECT x.area FROM nser.shock_area AS x WHERE x.shock_id = find_shock_households.shock_id AND x.is_declared)) AS d
		UNION ALL
		SELECT p.household_id, p.area, 'point' FROM registry.households_at(shock.polygon) AS p WHERE shock.polygon IS NOT NULL
		UNION ALL
		SELECT s.household_id, s.area, 'area'
		FROM registry.households_stated_in(ARRAY(
			SELECT x.area FROM nser.shock_area AS x
			WHERE x.shock_id = find_shock_households.shock_id AND x.share >= shock.min_share)) AS s
	), found AS MATERIALIZED (
		SELECT f.household_id, f.area, f.found_by, h.registered_on > shock.began AS is_later,
			coalesce(h.moved_at > shock.declared_at, false) AS has_moved
		FROM (SELECT i.household_id, i.area, max(i.found_by) AS found_by FROM hit AS i GROUP BY i.household_id, i.area) AS f
		JOIN nser.household AS h ON h.household_id = f.household_id
	), removed AS (
		-- who is registered no more was hit all the same, who moved since was where it
		-- lived, and who had the update had it
		DELETE FROM nser.shock_household AS k
		USING nser.household AS h
		WHERE k.shock_id = find_shock_households.shock_id AND h.household_id = k.household_id AND h.status = 'registered'
		-- who states an area by its new number does not state the declared one
		AND NOT (k.found_by = 'area' AND EXISTS (
			SELECT FROM nser.shock_area AS x JOIN nser.area AS a ON a.code OPERATOR(registry.=) x.area
			WHERE x.shock_id = k.shock_id AND x.is_declared AND NOT a.valid @> registry.today()))
		AND k.carried_from IS NULL AND coalesce(h.moved_at <= shock.declared_at, true)
		AND NOT EXISTS (SELECT FROM found AS f WHERE f.household_id = k.household_id AND NOT f.is_later)
		AND NOT EXISTS (SELECT FROM nser.survey AS v
						WHERE v.household_id = k.household_id AND v.update_type = 'shock'
						AND (v.submitted_at AT TIME ZONE 'Asia/Karachi')::date <@ shock.update_window)
		RETURNING true
	), stored AS (
		INSERT INTO nser.shock_household AS k (household_id, shock_id, area, found_by)
		SELECT f.household_id, find_shock_households.shock_id, f.area, f.found_by
		FROM found AS f WHERE NOT f.is_later AND NOT f.has_moved
		ON CONFLICT ON CONSTRAINT shock_household_pkey DO UPDATE SET found_by = EXCLUDED.found_by
		WHERE k.found_by <> EXCLUDED.found_by
		RETURNING true
	)
	SELECT count(*) FILTER (WHERE f.found_by = 'point' AND NOT f.is_later AND NOT f.has_moved),
		count(*) FILTER (WHERE f.found_by = 'area' AND NOT f.is_later AND NOT f.has_moved),
		count(*) FILTER (WHERE f.is_later), (SELECT count(*) FROM removed) + (SELECT count(*) FROM stored)
	INTO by_point, by_area, registered_later, written
	FROM found AS f;
	UPDATE nser.shock AS s SET found_at = now() WHERE s.shock_id = find_shock_households.shock_id;
END;
$$;
COMMENT ON FUNCTION registry.find_shock_households(bigint) IS
	'find anew who a shock hit, after points, boundaries or its own row were corrected: households by point and by area, those that '
	'registered after its first day and so do not count, and the rows written; who has moved since the declaration '
	'(nser.household.moved_at) is neither added nor removed, and not counted; who is registered no more, had its shock update, or came by '
	'a split or merge, stays; refused when the update window has closed';

-- What stood where it stands now by another number has not moved; nor has what is
-- told more finely.
CREATE FUNCTION registry.note_move() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	IF coalesce(OLD.place::text <> NEW.place::text, false)
	OR NOT NEW.area OPERATOR(registry.<@) OLD.area
		AND NOT EXISTS (SELECT FROM nser.area_change AS c
						WHERE OLD.area OPERATOR(registry.<@) c.old_area AND NEW.area OPERATOR(registry.<@) c.new_area) THEN
		NEW.moved_at := now();
	END IF;
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.note_move() IS
	'trigger: a household whose known place becomes another, or whose area becomes one neither in it nor, by nser.area_change, its '
	'successor, has moved';

-- The people were hit, and they live there now.
CREATE FUNCTION registry.carry_shocks(from_household bigint, to_household bigint) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	INSERT INTO nser.shock_household AS k (household_id, shock_id, area, found_by, carried_from)
	SELECT h.household_id, f.shock_id, h.area, f.found_by, f.household_id
	FROM nser.shock_household AS f JOIN nser.household AS h ON h.household_id = carry_shocks.to_household
	WHERE f.household_id = carry_shocks.from_household
	ON CONFLICT ON CONSTRAINT shock_household_pkey DO UPDATE SET carried_from = EXCLUDED.carried_from WHERE k.carried_from IS NULL;
END;
$$;
COMMENT ON FUNCTION registry.carry_shocks(bigint, bigint) IS
	'the shocks that hit a household hit another too, into which its people were split off or merged; none twice';

CREATE FUNCTION registry.shock_window(household_id bigint, on_date date) RETURNS daterange
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	RETURN (SELECT s.update_window
			FROM nser.shock_household AS k JOIN nser.shock AS s ON s.shock_id = k.shock_id
			WHERE k.household_id = shock_window.household_id
			ORDER BY CASE WHEN shock_window.on_date <@ s.update_window THEN 0 WHEN lower(s.update_window) > shock_window.on_date THEN 1 ELSE 2 END,
				CASE WHEN lower(s.update_window) > shock_window.on_date THEN lower(s.update_window) END,
				coalesce(upper(s.update_window), 'infinity') DESC, s.shock_id
			LIMIT 1);
END;
$$;
COMMENT ON FUNCTION registry.shock_window(bigint, date) IS
	'the update window of a shock that hit the household: the one that holds on_date (of several, the last to close), else the next to '
	'open, else the last that closed; NULL where no declared shock hit it, so that outside every window is told from no shock';

SET LOCAL search_path = pg_catalog, pg_temp;
