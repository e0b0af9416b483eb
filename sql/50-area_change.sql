
-- area change: splits, merges and renumberings ------------------------------------
--
-- Each level's codes that change have a change of their own.  What lies below one
-- and has none is carried along where its digits tell where to: code NULL is the
-- part of which nobody knows, so that totals stay whole.

CREATE FUNCTION registry.rebase(code registry.area_code, from_area registry.area_code, to_area registry.area_code) RETURNS registry.area_code
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN (to_area::text || substr(code::text, length(from_area::text) + 1))::registry.area_code;
COMMENT ON FUNCTION registry.rebase(registry.area_code, registry.area_code, registry.area_code) IS
	'the code of an area in from_area, with its finer digits below to_area: PK61701003 from PK617 to PK637 is PK63701003';

CREATE FUNCTION registry.area_step(code registry.area_code, changed_on date, forward boolean)
	RETURNS TABLE (new_code registry.area_code, share double precision)
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	changed		registry.area_code;		-- the finest that changed and holds the code
	into_area	registry.area_code[];
	shares		double precision[];
	whole		boolean;
	could_be	registry.area_code[];
BEGIN
	SELECT array_agg(x.this ORDER BY x.this DESC) INTO into_area
	FROM (SELECT CASE WHEN area_step.forward THEN c.old_area ELSE c.new_area END AS this FROM nser.area_change AS c
		  WHERE c.changed_on = area_step.changed_on) AS x
	WHERE area_step.code OPERATOR(registry.<@) x.this;
	changed := into_area[1];
	IF changed IS NULL THEN
		new_code := area_step.code;
		share := 1;
		RETURN NEXT;
		RETURN;
	END IF;

	SELECT array_agg(x.other ORDER BY x.other), array_agg(x.part ORDER BY x.other), bool_and(x.old_share = 1)
	INTO into_area, shares, whole
	FROM (SELECT CASE WHEN area_step.forward THEN c.new_area ELSE c.old_area END AS other,
			CASE WHEN area_step.forward THEN c.old_share ELSE c.new_share END AS part, c.old_share
		  FROM nser.area_change AS c
		  WHERE c.changed_on = area_step.changed_on
		  AND changed OPERATOR(registry.=) CASE WHEN area_step.forward THEN c.old_area ELSE c.new_area END) AS x;
	IF changed OPERATOR(registry.=) area_step.code THEN
		RETURN QUERY SELECT u.code, u.part FROM unnest(into_area, shares) AS u (code, part);
		RETURN;
	END IF;

	-- below it: one that keeps its code keeps the finer ones, those that were there before
	share := 1;
	IF area_step.forward THEN
		IF changed OPERATOR(registry.=) ANY (into_area) THEN
			new_code := area_step.code;
		ELSIF whole THEN
			new_code := registry.rebase(area_step.code, changed, into_area[1]);
			-- others of the merged areas may have the same digits
			IF EXISTS (SELECT FROM nser.area_change AS c
					   WHERE c.changed_on = area_step.changed_on AND c.new_area OPERATOR(registry.=) into_area[1]
					   AND c.old_area OPERATOR(registry.<>) changed
					   AND registry.area_was(registry.rebase(area_step.code, changed, c.old_area), area_step.changed_on - 1)) THEN
				new_code := NULL;
			END IF;
		END IF;
	ELSIF cardinality(into_area) = 1 THEN
		IF whole OR into_area[1] OPERATOR(registry.=) changed THEN
			new_code := registry.rebase(area_step.code, changed, into_area[1]);
		END IF;
	ELSE
		SELECT array_agg(b.code) INTO could_be
		FROM (SELECT registry.rebase(area_step.code, changed, u) AS code FROM unnest(into_area) AS u) AS b
		WHERE registry.area_was(b.code, area_step.changed_on - 1);
		IF cardinality(could_be) = 1 THEN
			new_code := could_be[1];
		END IF;
	END IF;
	RETURN NEXT;
END;
$$;
COMMENT ON FUNCTION registry.area_step(registry.area_code, date, boolean) IS
	'what an area becomes by the changes of one day, or was before them; code NULL where that is not known';

CREATE FUNCTION registry.area_was(code registry.area_code, on_date date) RETURNS boolean
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	RETURN EXISTS (SELECT FROM nser.area AS a WHERE a.code OPERATOR(registry.=) area_was.code AND a.valid @> area_was.on_date)
		OR EXISTS (SELECT FROM nser.area_past AS p WHERE p.code OPERATOR(registry.=) area_was.code AND p.valid @> area_was.on_date);
END;
$$;
COMMENT ON FUNCTION registry.area_was(registry.area_code, date) IS 'whether an area is known to have been there on a day';

CREATE FUNCTION registry.area_on(area registry.area_code, on_date date, as_of date DEFAULT NULL)
	RETURNS TABLE (code registry.area_code, share double precision)
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	codes	registry.area_code[] := ARRAY[area_on.area];
	shares	double precision[] := ARRAY[1.0::double precision];
	day		date := area_on.as_of;
	changed	date;
BEGIN
	IF day IS NULL THEN
		-- a code that is no more means its area on its last day
		SELECT least(current_date, min(e.ended) - 1) INTO day
		FROM (SELECT upper(a.valid) AS ended FROM nser.area AS a WHERE a.code OPERATOR(registry.=) area_on.area
			  UNION ALL
			  SELECT c.changed_on FROM nser.area_change AS c
			  WHERE area_on.area OPERATOR(registry.<@) c.old_area
			  AND NOT EXISTS (SELECT FROM nser.area_change AS k
							  WHERE k.changed_on = c.changed_on AND k.new_area OPERATOR(registry.=) c.old_area)
			  AND NOT EXISTS (SELECT FROM nser.area_change AS k
							  WHERE k.changed_on >= c.changed_on AND area_on.area OPERATOR(registry.<@) k.new_area
							  AND k.new_area OPERATOR(registry.<@) c.old_area)) AS e;
	END IF;

	LOOP
		SELECT CASE WHEN area_on.on_date >= day THEN min(c.changed_on) ELSE max(c.changed_on) END INTO changed
		FROM nser.area_change AS c
		CROSS JOIN unnest(codes) AS u
		WHERE CASE WHEN area_on.on_date >= day THEN c.changed_on > day AND c.changed_on <= area_on.on_date AND u OPERATOR(registry.<@) c.old_area
			  ELSE c.changed_on <= day AND c.changed_on > area_on.on_date AND u OPERATOR(registry.<@) c.new_area END;
		EXIT WHEN changed IS NULL;
		-- ways that part may meet again
		SELECT array_agg(x.code ORDER BY x.code), array_agg(x.share ORDER BY x.code) INTO codes, shares
		FROM (SELECT s.new_code AS code, sum(w.share * s.share) AS share
			  FROM unnest(codes, shares) AS w (code, share)
			  CROSS JOIN LATERAL registry.area_step(w.code, changed, area_on.on_date >= day) AS s
			  GROUP BY s.new_code) AS x;
		day := CASE WHEN area_on.on_date >= day THEN changed ELSE changed - 1 END;
	END LOOP;
	RETURN QUERY SELECT u.code, u.share FROM unnest(codes, shares) AS u (code, share);
END;
$$;
COMMENT ON FUNCTION registry.area_on(registry.area_code, date, date) IS
	'what an area, as it was on as_of (NULL: today, or its last day), is on another day, earlier or later: itself with share 1 where nothing '
	'changed; code NULL holds the share of which it is not known; shares add up to 1';

CREATE FUNCTION registry.check_area_change(changed_on date, old_areas registry.area_code[], new_areas registry.area_code[]) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	wrong	text;
BEGIN
	IF changed_on IS NULL OR coalesce(cardinality(old_areas), 0) = 0 OR coalesce(cardinality(new_areas), 0) = 0
	OR EXISTS (SELECT FROM unnest(old_areas || new_areas) AS u WHERE u IS NULL) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'a change has a date, old areas and new areas',
			HINT = 'SELECT registry.record_area_change(''2025-07-01'', ''{PK617}'', ''{PK617,PK637}''); is a split.';
	END IF;
	IF cardinality(old_areas) > 1 AND cardinality(new_areas) > 1 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a change is of one area into several, of several into one, or of one into one',
			HINT = 'Record what several areas become by their parts one level down, such as tehsils, each of which goes to one area.';
	END IF;
	IF (SELECT count(DISTINCT registry.level(u)) <> 1 OR bool_or(registry.level(u) = 'country') FROM unnest(old_areas || new_areas) AS u)
	OR (SELECT count(*) <> count(DISTINCT u) FROM unnest(old_areas) AS u) OR (SELECT count(*) <> count(DISTINCT u) FROM unnest(new_areas) AS u)
	OR cardinality(old_areas || new_areas) = 2 AND old_areas[1] OPERATOR(registry.=) new_areas[1] THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'the areas of a change are of one level, below the country, and each stands once',
			HINT = 'Record the change of districts and that of their tehsils one after the other, with the same date.';
	END IF;

	SELECT w.reason INTO wrong
	FROM (SELECT u AS code, u OPERATOR(registry.=) ANY (old_areas) AS is_old, u OPERATOR(registry.=) ANY (new_areas) AS is_new
		  FROM unnest(old_areas || new_areas) AS u) AS x
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) x.code
	LEFT JOIN LATERAL (SELECT p.valid FROM nser.area_past AS p WHERE p.code OPERATOR(registry.=) x.code ORDER BY p.valid LIMIT 1) AS f ON true
	CROSS JOIN LATERAL (SELECT CASE
		WHEN x.is_old AND upper(a.valid) < changed_on OR x.is_new AND upper(a.valid) <= changed_on
			THEN format('%s ended on %s', x.code, upper(a.valid))
		WHEN x.is_old AND NOT x.is_new AND lower(a.valid) >= changed_on
			THEN format('%s is loaded as of %s, when it should be no more', x.code, lower(a.valid))
		WHEN x.is_new AND NOT x.is_old AND (lower(a.valid) < changed_on OR f.valid @> (changed_on - 1)) THEN format('%s was there before', x.code)
		WHEN x.is_new AND NOT x.is_old AND lower(coalesce(f.valid, a.valid)) > changed_on
			THEN format('%s began on %s only', x.code, lower(coalesce(f.valid, a.valid)))
		END AS reason) AS w
	WHERE w.reason IS NOT NULL
	ORDER BY x.code LIMIT 1;
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('on %s the change cannot be: %s', changed_on, wrong),
			HINT = 'Codes are never reused. One that takes in another stands among the old areas and is the new one.';
	END IF;
	SELECT format('%s to %s', c.old_area, c.new_area) INTO wrong
	FROM nser.area_change AS c
	WHERE c.changed_on = check_area_change.changed_on
	AND (c.old_area OPERATOR(registry.=) ANY (old_areas)) <> (c.new_area OPERATOR(registry.=) ANY (new_areas))
	ORDER BY c.old_area, c.new_area LIMIT 1;
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'unique_violation',
			MESSAGE = format('another change of these areas is recorded on %s: %s', changed_on, wrong),
			HINT = 'Delete it from nser.area_change if it was wrong. The same change recorded again replaces its shares.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_area_change(date, registry.area_code[], registry.area_code[]) IS
	'refuse a change of areas that is incomplete, of many to many, of several levels, or contradicts what is known of the areas';
