
-- area recode: changes recorded with their shares, and households moved -------------

-- What a part of a split weighs, or of a merge: households where enough have a
-- place, and else square kilometres.  A part that weighs nothing is none.
CREATE FUNCTION registry.area_weights(changed_on date, old_areas registry.area_code[], new_areas registry.area_code[],
									  OUT weights double precision[], OUT basis text)
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	basis := 'households';
	IF cardinality(old_areas) > 1 THEN
		SELECT array_agg(n.households::double precision ORDER BY o.nth) INTO weights
		FROM unnest(old_areas) WITH ORDINALITY AS o (code, nth)
		CROSS JOIN LATERAL (SELECT count(*) AS households FROM nser.household AS h
							WHERE h.area OPERATOR(registry.<@) o.code AND h.status = 'registered') AS n;
	ELSE
		SELECT array_agg(coalesce(n.households, 0)::double precision ORDER BY o.nth) INTO weights
		FROM unnest(new_areas) WITH ORDINALITY AS o (code, nth)
		LEFT JOIN (
			SELECT p.code, count(*) AS households
			FROM (SELECT DISTINCT ON (h.household_id) h.household_id, s.code
				  -- where households have been moved already, they are in the new ones
				  FROM nser.household AS h
				  JOIN nser.area AS s ON s.code OPERATOR(registry.=) ANY (new_areas) AND NOT s.is_approximate AND s.valid @> changed_on
					AND registry.st_intersects(s.geom, h.place)
				  WHERE h.status = 'registered'
				  AND EXISTS (SELECT FROM unnest(old_areas || new_areas) AS u WHERE h.area OPERATOR(registry.<@) u)
				  ORDER BY h.household_id, s.code) AS p
			GROUP BY p.code) AS n ON n.code OPERATOR(registry.=) o.code;
	END IF;
	IF (SELECT sum(w) >= 30 AND min(w) > 0 FROM unnest(weights) AS w) THEN
		RETURN;
	END IF;

	basis := 'boundary';
	WITH shape AS (
		SELECT a.code, a.valid, a.km2, a.geom FROM nser.area AS a WHERE NOT a.is_approximate AND a.geom IS NOT NULL
		UNION ALL
		SELECT p.code, p.valid, p.km2, p.geom FROM nser.area_past AS p WHERE NOT p.is_approximate AND p.geom IS NOT NULL
	)
	SELECT CASE WHEN bool_and(x.km2 > 0) THEN array_agg(x.km2 ORDER BY x.nth) END INTO weights
	FROM (SELECT o.nth, CASE WHEN cardinality(old_areas) > 1 OR b.geom IS NULL THEN s.km2
							 ELSE registry.km2(registry.st_intersection(s.geom, b.geom)) END AS km2
		  FROM unnest(CASE WHEN cardinality(old_areas) > 1 THEN old_areas ELSE new_areas END) WITH ORDINALITY AS o (code, nth)
		  LEFT JOIN shape AS s ON s.code OPERATOR(registry.=) o.code
			AND s.valid @> CASE WHEN cardinality(old_areas) > 1 THEN changed_on - 1 ELSE changed_on END
		  -- of one that keeps its code, the boundary of before, where it is known
		  LEFT JOIN shape AS b ON b.code OPERATOR(registry.=) old_areas[1] AND b.valid @> (changed_on - 1)
			AND NOT (b.valid @> changed_on AND b.code OPERATOR(registry.=) ANY (new_areas))) AS x
	HAVING count(x.km2) = count(*);
END;
$$;
COMMENT ON FUNCTION registry.area_weights(date, registry.area_code[], registry.area_code[]) IS
	'what the new areas of a split, or the old ones of a merge, weigh against each other, and on what basis: 30 registered households or '
	'more, else square kilometres; weights NULL where neither is known';

CREATE FUNCTION registry.join_boundaries(changed_on date, old_areas registry.area_code[], new_area registry.area_code, source text) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	is_one	CONSTANT boolean := new_area OPERATOR(registry.=) ANY (old_areas);
	merged	nser.area%ROWTYPE;
BEGIN
	WITH shape AS (
		SELECT a.code, a.valid, a.division, a.is_approximate, a.geom FROM nser.area AS a
		UNION ALL
		SELECT p.code, p.valid, p.division, p.is_approximate, p.geom FROM nser.area_past AS p
	)
	SELECT registry.polygons(registry.st_union(array_agg(s.geom ORDER BY s.code))), bool_or(s.is_approximate),
		CASE WHEN count(DISTINCT s.division) = 1 THEN min(s.division) END
	INTO merged.geom, merged.is_approximate, merged.division
	FROM shape AS s
	WHERE s.code OPERATOR(registry.=) ANY (old_areas) AND s.valid @> (changed_on - 1)
	HAVING count(s.geom) = cardinality(old_areas);
	IF merged.geom IS NULL THEN
		RETURN;
	END IF;

	INSERT INTO nser.area_past (code, valid, name, division, source_code, source, is_approximate, km2, geom)
	SELECT a.code, daterange(lower(a.valid), changed_on), a.name, a.division, a.source_code, a.source, a.is_approximate, a.km2, a.geom
	FROM nser.area AS a
	WHERE is_one AND a.code OPERATOR(registry.=) new_area AND a.valid @> changed_on AND lower(a.valid) = changed_on IS NOT TRUE;
	INSERT INTO nser.area AS a (code, division, source, is_approximate, valid, km2, geom)
	SELECT new_area, merged.division, coalesce(join_boundaries.source, 'registry.record_area_change()'), merged.is_approximate,
		daterange(changed_on, d.ended), registry.km2(merged.geom), merged.geom
	FROM registry.area_dates(new_area) AS d
	ON CONFLICT ON CONSTRAINT area_pkey DO UPDATE
	SET source = coalesce(join_boundaries.source, a.source), is_approximate = EXCLUDED.is_approximate,
		valid = daterange(lower(EXCLUDED.valid), upper(a.valid)), km2 = EXCLUDED.km2, geom = EXCLUDED.geom, loaded_at = EXCLUDED.loaded_at
	-- what was loaded with the date stands
	WHERE a.geom IS NULL OR is_one AND a.valid @> changed_on AND lower(a.valid) = changed_on IS NOT TRUE;
END;
$$;
COMMENT ON FUNCTION registry.join_boundaries(date, registry.area_code[], registry.area_code, text) IS
	'the boundary of a merged area, where none of that date is loaded and all old ones have theirs: their union; what it was before into '
	'nser.area_past';

CREATE FUNCTION registry.drop_union(changed_on date, old_areas registry.area_code[], new_area registry.area_code) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	is_union	boolean;
BEGIN
	WITH shape AS (
		SELECT a.code, a.valid, a.geom FROM nser.area AS a UNION ALL SELECT p.code, p.valid, p.geom FROM nser.area_past AS p
	)
	SELECT registry.st_equals(a.geom, (SELECT registry.polygons(registry.st_union(array_agg(s.geom ORDER BY s.code))) FROM shape AS s
									   WHERE s.code OPERATOR(registry.=) ANY (old_areas) AND s.valid @> (changed_on - 1)))
	INTO is_union
	FROM nser.area AS a
	WHERE a.code OPERATOR(registry.=) new_area AND lower(a.valid) = changed_on;
	IF is_union IS NOT TRUE THEN
		RETURN;
	END IF;
	DELETE FROM nser.area AS a WHERE a.code OPERATOR(registry.=) new_area;
	WITH before AS (
		DELETE FROM nser.area_past AS p WHERE p.code OPERATOR(registry.=) new_area AND upper(p.valid) = changed_on RETURNING p.*
	)
	INSERT INTO nser.area (code, name, division, source_code, source, is_approximate, valid, km2, geom)
	SELECT b.code, b.name, b.division, b.source_code, b.source, b.is_approximate, daterange(lower(b.valid), d.ended), b.km2, b.geom
	FROM before AS b CROSS JOIN LATERAL registry.area_dates(b.code) AS d;
END;
$$;
COMMENT ON FUNCTION registry.drop_union(date, registry.area_code[], registry.area_code) IS
	'take back registry.join_boundaries(), where the boundary is still the union';

CREATE FUNCTION registry.record_area_change(changed_on date, old_areas registry.area_code[], new_areas registry.area_code[],
											share double precision[] DEFAULT NULL, source text DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql
AS $$
DECLARE
	parts	CONSTANT integer := greatest(cardinality(old_areas), cardinality(new_areas));
	shares	double precision[] := record_area_change.share;
	rests_on	text := 'given';
	recorded	record;
	unrecorded	text;
	renumbered	registry.area_code[];
	source_codes	text[];
BEGIN
	PERFORM registry.lock_areas();
	PERFORM registry.check_area_change(changed_on, old_areas, new_areas);
	IF shares IS NOT NULL
	AND (cardinality(shares) <> parts
		 OR (SELECT bool_and(s > 0 AND s <= 1) AND abs(sum(s) - 1) < 0.000001 FROM unnest(shares) AS s) IS NOT TRUE) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'share is what part of the households each new area of a split took, or each old one of a merge brought; they add up to 1',
			HINT = 'For a split into two: share => ''{0.7,0.3}'', in the order of the areas.';
	END IF;
	IF parts = 1 THEN
		shares := '{1}';
		rests_on := 'whole';
	ELSIF shares IS NULL THEN
		SELECT w.weights, w.basis INTO shares, rests_on FROM registry.area_weights(changed_on, old_areas, new_areas) AS w;
		-- households that have moved tell no more where they came from
		IF rests_on = 'boundary' AND cardinality(old_areas) > 1 THEN
			SELECT array_agg(c.new_share ORDER BY o.nth) AS shares, min(c.basis) AS basis INTO recorded
			FROM unnest(old_areas) WITH ORDINALITY AS o (code, nth)
			JOIN nser.area_change AS c ON c.changed_on = record_area_change.changed_on AND c.old_area OPERATOR(registry.=) o.code
				AND c.new_area OPERATOR(registry.=) new_areas[1]
			WHERE c.basis IN ('given', 'households')
			HAVING count(*) = parts;
			IF recorded.shares IS NOT NULL THEN
				shares := recorded.shares;
				rests_on := recorded.basis;
			END IF;
		END IF;
		IF shares IS NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = 'object_not_in_prerequisite_state',
				MESSAGE = 'neither households with places nor boundaries tell the shares of this change',
				HINT = 'Give them, as share => ''{0.7,0.3}''. Where the old code lives on, loading the boundaries with valid_from first will do; where it '
					'ends, load them after this, and record a split again without shares: they are worked out.';
		END IF;
		SELECT array_agg(s.weight / t.total ORDER BY s.nth) INTO shares
		FROM unnest(shares) WITH ORDINALITY AS s (weight, nth)
		CROSS JOIN (SELECT sum(u) AS total FROM unnest(shares) AS u) AS t;
	END IF;
	-- the last is the rest, so that totals stay whole
	shares[parts] := 1 - coalesce((SELECT sum(s) FROM unnest(shares[1 : parts - 1]) AS s), 0);

	DELETE FROM nser.area_change AS c
	WHERE c.changed_on = record_area_change.changed_on
	AND c.old_area OPERATOR(registry.=) ANY (old_areas) AND c.new_area OPERATOR(registry.=) ANY (new_areas);
	INSERT INTO nser.area_change (changed_on, old_area, new_area, old_share, new_share, basis, source)
	SELECT record_area_change.changed_on, old_areas[least(n, cardinality(old_areas))], new_areas[least(n, cardinality(new_areas))],
		CASE WHEN cardinality(new_areas) > 1 THEN shares[n] ELSE 1 END, CASE WHEN cardinality(old_areas) > 1 THEN shares[n] ELSE 1 END,
		rests_on, record_area_change.source
	FROM generate_series(1, parts) AS n;

	-- what lies in an area that is no more is no more by its code
	UPDATE nser.area AS a SET valid = daterange(lower(a.valid), record_area_change.changed_on)
	FROM unnest(old_areas) AS o
	WHERE a.code OPERATOR(registry.<@) o AND o OPERATOR(registry.<>) ALL (new_areas)
	AND a.valid @> record_area_change.changed_on AND (lower_inf(a.valid) OR lower(a.valid) < record_area_change.changed_on);
	PERFORM registry.drop_copies(changed_on, old_areas, new_areas);
	IF cardinality(old_areas) > 1 THEN
		PERFORM registry.join_boundaries(changed_on, old_areas, new_areas[1], source);
	END IF;

	-- under another number an area is what it was, with all that lies in it and has
	-- no change of its own
	IF parts = 1 THEN
		INSERT INTO nser.area (code, name, division, source, is_approximate, valid, km2, loaded_at, geom)
		SELECT n.code, a.name, a.division, coalesce(record_area_change.source, a.source), a.is_approximate,
			daterange(record_area_change.changed_on, d.ended), a.km2, a.loaded_at, a.geom
		FROM nser.area AS a
		CROSS JOIN LATERAL (SELECT registry.rebase(a.code, old_areas[1], new_areas[1]) AS code) AS n
		CROSS JOIN LATERAL registry.area_dates(n.code) AS d
		WHERE a.code OPERATOR(registry.<@) old_areas[1] AND upper(a.valid) = record_area_change.changed_on
		AND NOT EXISTS (SELECT FROM nser.area_change AS c
						WHERE c.changed_on = record_area_change.changed_on AND a.code OPERATOR(registry.<@) c.old_area
						AND c.old_area OPERATOR(registry.<@) old_areas[1] AND c.old_area OPERATOR(registry.<>) old_areas[1])
		ON CONFLICT (code) DO NOTHING;
		WITH given_up AS (
			UPDATE nser.area AS a SET source_code = NULL
			FROM nser.area AS o
			WHERE o.code OPERATOR(registry.=) a.code AND a.code OPERATOR(registry.<@) old_areas[1]
			AND upper(a.valid) = record_area_change.changed_on AND a.source_code IS NOT NULL
			AND EXISTS (SELECT FROM nser.area AS n
						WHERE n.code OPERATOR(registry.=) registry.rebase(a.code, old_areas[1], new_areas[1]) AND n.source_code IS NULL)
			-- what has a change of its own keeps it for that
			AND NOT EXISTS (SELECT FROM nser.area_change AS c
							WHERE c.changed_on = record_area_change.changed_on AND a.code OPERATOR(registry.<@) c.old_area
							AND c.old_area OPERATOR(registry.<@) old_areas[1] AND c.old_area OPERATOR(registry.<>) old_areas[1])
			RETURNING a.code, o.source_code
		)
		SELECT array_agg(g.code), array_agg(g.source_code) INTO renumbered, source_codes FROM given_up AS g;
		UPDATE nser.area AS a SET source_code = g.source_code
		FROM unnest(renumbered, source_codes) AS g (code, source_code)
		WHERE a.code OPERATOR(registry.=) registry.rebase(g.code, old_areas[1], new_areas[1]) AND a.source_code IS NULL;
	END IF;

	IF cardinality(new_areas) > 1 THEN
		SELECT string_agg(t.code::text, ', ' ORDER BY t.code) INTO unrecorded
		FROM nser.area AS t
		WHERE t.code OPERATOR(registry.<@) old_areas[1] AND registry.parent(t.code) OPERATOR(registry.=) old_areas[1]
		AND NOT t.is_approximate AND t.valid @> (record_area_change.changed_on - 1)
		AND NOT EXISTS (SELECT FROM nser.area_change AS c
						WHERE c.changed_on = record_area_change.changed_on AND c.old_area OPERATOR(registry.=) t.code)
		AND EXISTS (SELECT FROM nser.area AS n
					WHERE n.code OPERATOR(registry.=) ANY (new_areas) AND n.code OPERATOR(registry.<>) old_areas[1] AND NOT n.is_approximate
					AND n.valid @> record_area_change.changed_on AND registry.st_intersects(n.geom, t.geom)
					AND registry.km2(registry.st_intersection(n.geom, t.geom)) > t.km2 / 2);
		IF unrecorded IS NOT NULL THEN
			RAISE NOTICE 'more than half lies in a new area now, of %', unrecorded
				USING HINT = 'Record what they become too, with the same date.';
		END IF;
	END IF;
	RETURN rests_on;
END;
$$;
COMMENT ON FUNCTION registry.record_area_change(date, registry.area_code[], registry.area_code[], double precision[], text) IS
	'a split (one area into several, the old code may be among them), a merge (several into one, which may be one of them) or a renumbering, '
	'from a day on; share is what part of the households each went or came from, else worked out: returns the basis, see '
	'nser.area_change; ends the areas that are no more, with all that lies in them, and begins the new; what is renumbered takes its '
	'boundary and all that lies in it along, but for what has a change of its own that day; what is merged has the union, where no '
	'boundary of that date is loaded; recorded again, it is replaced, but for shares of a merge that only households told';

CREATE FUNCTION registry.recode_households(changed_on date, OUT moved bigint, OUT left_behind bigint)
	LANGUAGE plpgsql STRICT
AS $$
BEGIN
	IF recode_households.changed_on > registry.today() THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('the change of %s is still to come', recode_households.changed_on),
			HINT = 'Households move on the day of the change, or later.';
	END IF;
	WITH old AS MATERIALIZED (
		SELECT DISTINCT c.old_area FROM nser.area_change AS c WHERE c.changed_on = recode_households.changed_on
	), stated AS MATERIALIZED (
		SELECT s.area, (SELECT o.old_area FROM old AS o WHERE s.area OPERATOR(registry.<@) o.old_area ORDER BY o.old_area DESC LIMIT 1) AS old_area
		FROM (SELECT DISTINCT h.area FROM old AS o JOIN nser.household AS h ON h.area OPERATOR(registry.<@) o.old_area) AS s
	), step AS MATERIALIZED (
		SELECT s.area, s.old_area, array_agg(t.new_code) AS codes
		FROM stated AS s CROSS JOIN LATERAL registry.area_step(s.area, recode_households.changed_on, true) AS t
		GROUP BY s.area, s.old_area
	), split AS MATERIALIZED (
		-- where the code alone does not tell: an area that was split, or what lies in
		-- it if no change of its own level says which parts left
		SELECT t.area, t.old_area
		FROM step AS t
		WHERE cardinality(t.codes) > 1 OR t.codes[1] IS NULL
		OR t.codes[1] OPERATOR(registry.=) t.area
		AND (SELECT count(*) > 1 FROM nser.area_change AS c
			 WHERE c.changed_on = recode_households.changed_on AND c.old_area OPERATOR(registry.=) t.old_area)
		AND NOT EXISTS (SELECT FROM old AS o WHERE o.old_area OPERATOR(registry.<@) t.old_area
						AND registry.level(o.old_area) > registry.level(t.old_area) AND registry.level(o.old_area) <= registry.level(t.area))
	), inside AS MATERIALIZED (
		-- area by area over the index of places
		SELECT DISTINCT ON (h.household_id) h.household_id, h.place, c.old_area, c.new_area
		FROM nser.area_change AS c
		JOIN nser.area AS n ON n.code OPERATOR(registry.=) c.new_area AND NOT n.is_approximate AND n.valid @> recode_households.changed_on
		JOIN nser.household AS h ON registry.st_intersects(n.geom, h.place)
		JOIN split AS s ON s.area OPERATOR(registry.=) h.area AND s.old_area OPERATOR(registry.=) c.old_area
		WHERE c.changed_on = recode_households.changed_on
		ORDER BY h.household_id, c.new_area
	), merged AS MATERIALIZED (
		-- what went into one area as a whole is there, if nobody knows where in it
		SELECT h.household_id, c.new_area
		FROM step AS t
		CROSS JOIN LATERAL (SELECT (array_agg(k.new_area))[1] AS new_area FROM nser.area_change AS k
							WHERE k.changed_on = recode_households.changed_on AND k.old_area OPERATOR(registry.=) t.old_area
							HAVING count(*) = 1) AS c
		JOIN nser.household AS h ON h.area OPERATOR(registry.=) t.area
		WHERE t.codes[1] IS NULL AND NOT EXISTS (SELECT FROM inside AS i WHERE i.household_id = h.household_id)
	), changed AS (
		UPDATE nser.household AS h SET area = x.area
		FROM (-- as fine as boundaries in the new area tell
			  SELECT i.household_id, coalesce(f.code, i.new_area) AS area
			  FROM inside AS i
			  LEFT JOIN LATERAL (
				SELECT a.code FROM nser.area AS a
				WHERE a.code OPERATOR(registry.<@) i.new_area AND NOT a.is_approximate AND a.valid @> recode_households.changed_on
				AND registry.st_intersects(a.geom, i.place)
				ORDER BY a.level DESC, a.code LIMIT 1) AS f ON true
			  WHERE i.new_area OPERATOR(registry.<>) i.old_area
			  UNION ALL
			  SELECT m.household_id, m.new_area FROM merged AS m
			  UNION ALL
			  SELECT k.household_id, t.codes[1]
			  FROM step AS t JOIN nser.household AS k ON k.area OPERATOR(registry.=) t.area
			  WHERE t.codes[1] OPERATOR(registry.<>) t.area AND NOT EXISTS (SELECT FROM split AS s WHERE s.area OPERATOR(registry.=) t.area)) AS x
		WHERE h.household_id = x.household_id AND h.area OPERATOR(registry.<>) x.area
		RETURNING true
	)
	SELECT (SELECT count(*) FROM changed),
		(SELECT count(*) FROM nser.household AS h JOIN split AS s ON s.area OPERATOR(registry.=) h.area)
			- (SELECT count(*) FROM inside) - (SELECT count(*) FROM merged)
	INTO moved, left_behind;
END;
$$;
COMMENT ON FUNCTION registry.recode_households(date) IS
	'households stated in an area that changed on a day move to the new one: with their finer digits where it went as a whole, and else by '
	'their place, into the finest area whose boundary holds it; of a merge, into the merged area at least; left_behind counts those of '
	'whom nothing tells, and who stay as they are';
