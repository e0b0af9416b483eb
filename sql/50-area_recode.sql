
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

CREATE FUNCTION registry.record_area_change(changed_on date, old_areas registry.area_code[], new_areas registry.area_code[],
											share double precision[] DEFAULT NULL, source text DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql
AS $$
DECLARE
	parts	CONSTANT integer := greatest(cardinality(old_areas), cardinality(new_areas));
	shares	double precision[] := record_area_change.share;
	rests_on	text := 'given';
	renumbered	registry.area_code[];
	source_codes	text[];
BEGIN
	PERFORM registry.check_area_change(changed_on, old_areas, new_areas);
	LOCK TABLE nser.area_change IN SHARE ROW EXCLUSIVE MODE;
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
		IF shares IS NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = 'object_not_in_prerequisite_state',
				MESSAGE = 'neither households with places nor boundaries tell the shares of this change',
				HINT = 'Give them, as share => ''{0.7,0.3}'', or load the boundaries with valid_from first; recorded again without shares, they are worked out.';
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
	UPDATE nser.area AS a SET valid = daterange(record_area_change.changed_on, upper(a.valid))
	WHERE a.code OPERATOR(registry.=) ANY (new_areas) AND a.code OPERATOR(registry.<>) ALL (old_areas) AND lower_inf(a.valid);

	-- under another number an area is what it was, with all that lies in it
	IF parts = 1 THEN
		INSERT INTO nser.area (code, name, division, source, is_approximate, valid, km2, geom)
		SELECT registry.rebase(a.code, old_areas[1], new_areas[1]), a.name, a.division, coalesce(record_area_change.source, a.source),
			a.is_approximate, daterange(record_area_change.changed_on, NULL), a.km2, a.geom
		FROM nser.area AS a
		WHERE a.code OPERATOR(registry.<@) old_areas[1] AND upper(a.valid) = record_area_change.changed_on
		ON CONFLICT (code) DO NOTHING;
		WITH given_up AS (
			UPDATE nser.area AS a SET source_code = NULL
			FROM nser.area AS o
			WHERE o.code OPERATOR(registry.=) a.code AND a.code OPERATOR(registry.<@) old_areas[1]
			AND upper(a.valid) = record_area_change.changed_on AND a.source_code IS NOT NULL
			RETURNING a.code, o.source_code
		)
		SELECT array_agg(g.code), array_agg(g.source_code) INTO renumbered, source_codes FROM given_up AS g;
		UPDATE nser.area AS a SET source_code = g.source_code
		FROM unnest(renumbered, source_codes) AS g (code, source_code)
		WHERE a.code OPERATOR(registry.=) registry.rebase(g.code, old_areas[1], new_areas[1]) AND a.source_code IS NULL;
	END IF;
	RETURN rests_on;
END;
$$;
COMMENT ON FUNCTION registry.record_area_change(date, registry.area_code[], registry.area_code[], double precision[], text) IS
	'a split (one area into several, the old code may be among them), a merge (several into one, which may be one of them) or a renumbering, '
	'from a day on; share is what part of the households each went or came from, else worked out: returns the basis, see '
	'nser.area_change; ends the areas that are no more, with all that lies in them, and begins the new; what is renumbered takes its '
	'boundary and all that lies in it along; recorded again, it is replaced';

CREATE FUNCTION registry.recode_households(changed_on date, OUT moved bigint, OUT left_behind bigint)
	LANGUAGE plpgsql STRICT
AS $$
BEGIN
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
			  SELECT k.household_id, t.codes[1]
			  FROM step AS t JOIN nser.household AS k ON k.area OPERATOR(registry.=) t.area
			  WHERE t.codes[1] OPERATOR(registry.<>) t.area AND NOT EXISTS (SELECT FROM split AS s WHERE s.area OPERATOR(registry.=) t.area)) AS x
		WHERE h.household_id = x.household_id AND h.area OPERATOR(registry.<>) x.area
		RETURNING true
	)
	SELECT (SELECT count(*) FROM changed),
		(SELECT count(*) FROM nser.household AS h JOIN split AS s ON s.area OPERATOR(registry.=) h.area) - (SELECT count(*) FROM inside)
	INTO moved, left_behind;
END;
$$;
COMMENT ON FUNCTION registry.recode_households(date) IS
	'households stated in an area that changed on a day move to the new one: with their finer digits where it went as a whole, and else by '
	'their place, into the finest area whose boundary holds it; left_behind counts those of whom neither tells, and who stay as they are';
