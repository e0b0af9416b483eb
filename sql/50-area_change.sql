
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
			-- others of the merged areas may have the same digits, and do not where
			-- what lies in them is loaded, without these
			IF EXISTS (SELECT FROM nser.area_change AS c
					   WHERE c.changed_on = area_step.changed_on AND c.new_area OPERATOR(registry.=) into_area[1]
					   AND c.old_area OPERATOR(registry.<>) changed
					   AND (registry.area_was(registry.rebase(area_step.code, changed, c.old_area), area_step.changed_on - 1)
							OR NOT registry.level_was(c.old_area, registry.level(area_step.code), area_step.changed_on - 1))) THEN
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

CREATE FUNCTION registry.level_was(within registry.area_code, level registry.area_level, on_date date) RETURNS boolean
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	RETURN EXISTS (SELECT FROM nser.area AS a
				   WHERE a.code OPERATOR(registry.<@) within AND a.level = level_was.level AND a.valid @> level_was.on_date)
		OR EXISTS (SELECT FROM nser.area_past AS p
				   WHERE p.code OPERATOR(registry.<@) within AND registry.level(p.code) = level_was.level AND p.valid @> level_was.on_date);
END;
$$;
COMMENT ON FUNCTION registry.level_was(registry.area_code, registry.area_level, date) IS
	'whether areas of a level within an area are known to have been there on a day';

CREATE FUNCTION registry.area_dates(code registry.area_code, OUT began date, OUT ended date)
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	SELECT max(c.changed_on) INTO began
	FROM nser.area_change AS c
	WHERE c.new_area OPERATOR(registry.=) area_dates.code
	AND NOT EXISTS (SELECT FROM nser.area_change AS k
					WHERE k.changed_on = c.changed_on AND k.old_area OPERATOR(registry.=) c.new_area);
	SELECT min(c.changed_on) INTO ended
	FROM nser.area_change AS c
	WHERE area_dates.code OPERATOR(registry.<@) c.old_area
	AND NOT EXISTS (SELECT FROM nser.area_change AS k
					WHERE k.changed_on = c.changed_on AND k.new_area OPERATOR(registry.=) c.old_area)
	AND NOT EXISTS (SELECT FROM nser.area_change AS k
					WHERE k.changed_on >= c.changed_on AND area_dates.code OPERATOR(registry.<@) k.new_area
					AND k.new_area OPERATOR(registry.<@) c.old_area);
END;
$$;
COMMENT ON FUNCTION registry.area_dates(registry.area_code) IS
	'the days on which an area began, and ended with what it lies in, by the changes recorded, whether it is loaded or not; NULL: by none';

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
	IF area_on.on_date IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'what an area is depends on the day',
			HINT = 'registry.area_on(area, registry.today()) is what it is today.';
	END IF;
	IF day IS NULL THEN
		-- a code that is no more means its area on its last day
		SELECT least(registry.today(), upper(a.valid) - 1, d.ended - 1) INTO day
		FROM registry.area_dates(area_on.area) AS d
		LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) area_on.area;
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

-- What is checked before it is changed is seen only once others are done.
CREATE FUNCTION registry.lock_areas() RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	-- an older snapshot would not see what others brought meanwhile
	IF current_setting('transaction_isolation') <> 'read committed' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_transaction_state',
			MESSAGE = 'areas can only be loaded or changed in a READ COMMITTED transaction';
	END IF;
	LOCK TABLE nser.area, nser.area_change IN SHARE ROW EXCLUSIVE MODE;
END;
$$;
COMMENT ON FUNCTION registry.lock_areas() IS 'one load of boundaries, or change of areas, at a time: reading goes on';

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
	IF NOT isfinite(changed_on) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a change has a day of the calendar',
			HINT = 'SELECT registry.record_area_change(''2025-07-01'', ''{PK617}'', ''{PK617,PK637}''); is a split.';
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
	CROSS JOIN LATERAL registry.area_dates(x.code) AS d
	-- the change itself may have been recorded already
	LEFT JOIN LATERAL (
		SELECT min(c.changed_on) AS day FROM nser.area_change AS c
		WHERE c.changed_on <= check_area_change.changed_on AND x.code OPERATOR(registry.=) ANY (ARRAY[c.old_area, c.new_area])
		AND NOT (c.changed_on = check_area_change.changed_on AND c.old_area OPERATOR(registry.=) ANY (old_areas)
				 AND c.new_area OPERATOR(registry.=) ANY (new_areas))) AS k ON true
	CROSS JOIN LATERAL (SELECT least(upper(a.valid), d.ended) AS ended, lower(coalesce(f.valid, a.valid)) AS began) AS e
	CROSS JOIN LATERAL (SELECT CASE
		WHEN x.is_old AND e.ended < changed_on OR x.is_new AND e.ended <= changed_on THEN format('%s ended on %s', x.code, e.ended)
		WHEN x.is_old AND NOT x.is_new AND lower(a.valid) >= changed_on
			THEN format('%s is loaded as of %s, when it should be no more', x.code, lower(a.valid))
		WHEN x.is_old AND d.began >= changed_on THEN format('%s began on %s only', x.code, d.began)
		-- one without a date was always there
		WHEN x.is_new AND NOT x.is_old AND (lower_inf(coalesce(f.valid, a.valid)) OR e.began < changed_on)
			THEN format('%s was there before', x.code)
		WHEN x.is_new AND NOT x.is_old AND e.began > changed_on THEN format('%s began on %s only', x.code, e.began)
		WHEN x.is_new AND NOT x.is_old AND k.day IS NOT NULL THEN format('%s stands in a change of %s', x.code, k.day)
		END AS reason) AS w
	WHERE w.reason IS NOT NULL
	ORDER BY x.code LIMIT 1;
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('on %s the change cannot be: %s', changed_on, wrong),
			HINT = 'Codes are never reused. One that takes in another stands among the old areas and is the new one. '
				'One that began that day is loaded with valid_from, or not yet.';
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
			HINT = 'The same change recorded again replaces its shares; registry.undo_area_change() takes back one that was wrong.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_area_change(date, registry.area_code[], registry.area_code[]) IS
	'refuse a change of areas that is incomplete, of many to many, of several levels, or contradicts what is known of the areas';

-- A renumbering may be recorded again, or undone; a coarser one took along what turns
-- out to have a change of its own.
CREATE FUNCTION registry.drop_copies(changed_on date, old_areas registry.area_code[], new_areas registry.area_code[]) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	WITH dropped AS (
		DELETE FROM nser.area AS a
		USING nser.area_change AS c, nser.area AS o
		WHERE c.changed_on = drop_copies.changed_on AND c.basis = 'whole'
		AND EXISTS (SELECT FROM unnest(old_areas) AS u WHERE u OPERATOR(registry.<@) c.old_area)
		AND o.code OPERATOR(registry.<@) c.old_area AND upper(o.valid) = drop_copies.changed_on
		AND a.code OPERATOR(registry.=) registry.rebase(o.code, c.old_area, c.new_area)
		AND lower(a.valid) = drop_copies.changed_on AND a.loaded_at = o.loaded_at
		AND coalesce(registry.st_equals(a.geom, o.geom), a.geom IS NULL AND o.geom IS NULL)
		AND (o.code OPERATOR(registry.<@) ANY (old_areas) OR a.code OPERATOR(registry.<@) ANY (new_areas))
		RETURNING o.code, a.source_code
	)
	UPDATE nser.area AS a SET source_code = d.source_code
	FROM dropped AS d
	WHERE a.code OPERATOR(registry.=) d.code AND a.source_code IS NULL;
END;
$$;
COMMENT ON FUNCTION registry.drop_copies(date, registry.area_code[], registry.area_code[]) IS
	'delete areas that a renumbering of old_areas, or of what holds them, made of these; their source''s codes go back';

CREATE FUNCTION registry.undo_area_change(changed_on date, old_areas registry.area_code[], new_areas registry.area_code[]) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	later	date;
BEGIN
	PERFORM registry.lock_areas();
	IF (SELECT count(*) FROM nser.area_change AS c
		WHERE c.changed_on = undo_area_change.changed_on
		AND (c.old_area OPERATOR(registry.=) ANY (old_areas) OR c.new_area OPERATOR(registry.=) ANY (new_areas)))
	   IS DISTINCT FROM (SELECT count(*) FROM nser.area_change AS c
		WHERE c.changed_on = undo_area_change.changed_on
		AND c.old_area OPERATOR(registry.=) ANY (old_areas) AND c.new_area OPERATOR(registry.=) ANY (new_areas)
		HAVING count(*) = greatest(cardinality(old_areas), cardinality(new_areas))) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('no such change is recorded on %s', coalesce(changed_on::text, 'a day')),
			HINT = 'nser.area_change has the changes; one is undone with all its areas.';
	END IF;
	SELECT min(c.changed_on) INTO later
	FROM nser.area_change AS c
	WHERE c.changed_on > undo_area_change.changed_on AND c.old_area OPERATOR(registry.<@) ANY (new_areas);
	IF later IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('a change of %s is of what began, or went on, by this one', later),
			HINT = 'Undo the later change first.';
	END IF;

	PERFORM registry.drop_copies(changed_on, old_areas, new_areas);
	IF cardinality(old_areas) > 1 THEN
		PERFORM registry.drop_union(changed_on, old_areas, new_areas[1]);
	END IF;
	DELETE FROM nser.area_change AS c
	WHERE c.changed_on = undo_area_change.changed_on
	AND c.old_area OPERATOR(registry.=) ANY (old_areas) AND c.new_area OPERATOR(registry.=) ANY (new_areas);
	UPDATE nser.area AS a SET valid = daterange(lower(a.valid), (registry.area_dates(a.code)).ended)
	FROM unnest(old_areas) AS o
	WHERE a.code OPERATOR(registry.<@) o AND o OPERATOR(registry.<>) ALL (new_areas) AND upper(a.valid) = undo_area_change.changed_on;
END;
$$;
COMMENT ON FUNCTION registry.undo_area_change(date, registry.area_code[], registry.area_code[]) IS
	'take back registry.record_area_change(): what it ended goes on, and what it made of other areas is gone; boundaries that were loaded, '
	'and households that moved, stay as they are; what holds the areas, and was renumbered that day, is to be recorded again';
