
-- centre: where people can register, and who has far to go ---------------------
--
-- Fixed centres (DRC) stand where nser.centre says; mobile ones (MRV) where their
-- stop of the day is, and nowhere on other days.

CREATE FUNCTION registry.centre_is_somewhere() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	found_in	registry.area_code;
BEGIN
	IF TG_TABLE_NAME = 'centre_stop' THEN
		IF EXISTS (SELECT FROM nser.centre AS c WHERE c.centre_id = NEW.centre_id AND c.kind = 'fixed') THEN
			RAISE EXCEPTION USING
				ERRCODE = 'check_violation',
				MESSAGE = format('centre %s is fixed and makes no stops', NEW.centre_id),
				HINT = 'A vehicle is a centre of kind mobile.';
		END IF;
	ELSIF NEW.kind = 'fixed' THEN
		IF EXISTS (SELECT FROM nser.centre_stop AS s WHERE s.centre_id = NEW.centre_id) THEN
			RAISE EXCEPTION USING
				ERRCODE = 'check_violation',
				MESSAGE = format('centre %s has made stops and cannot become fixed', NEW.centre_id),
				HINT = 'End it (valid), and enter the fixed centre as another.';
		END IF;
	END IF;
	IF TG_OP = 'UPDATE' THEN
		-- moved, and the area not said anew
		IF NEW.area OPERATOR(registry.=) OLD.area AND (registry.st_x(NEW.place) IS DISTINCT FROM registry.st_x(OLD.place)
													   OR registry.st_y(NEW.place) IS DISTINCT FROM registry.st_y(OLD.place)) THEN
			found_in := registry.area_at(NEW.place);
			IF NOT found_in OPERATOR(registry.<@) NEW.area AND NOT NEW.area OPERATOR(registry.<@) found_in THEN
				NEW.area := found_in;
			END IF;
		END IF;
	END IF;
	IF NEW.area IS NULL THEN
		NEW.area := registry.area_at(NEW.place);
	END IF;
	IF NEW.area IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'not_null_violation',
			MESSAGE = 'the area of the centre is not given, and no known boundary holds its place',
			HINT = 'Give the area, such as PK61701, or load boundaries first: registry.load_boundaries().';
	END IF;
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.centre_is_somewhere() IS
	'trigger: the area of a centre or stop is that of its place where none is given, or where the place alone is changed to one outside it; '
	'refused where neither is known; fixed centres make no stops';

CREATE FUNCTION registry.check_level(level registry.area_level, within registry.area_code) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	IF check_level.level IS NULL OR check_level.level = 'division' OR check_level.within IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a level whose areas have codes, and an area to look in, must be given',
			HINT = 'Levels are country, province, district, tehsil, union_council and village; PK is the nation.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_level(registry.area_level, registry.area_code) IS
	'refuse a level or area that is missing, and divisions, which have no code';

SELECT pg_catalog.set_config('search_path', format('pg_catalog, %s, pg_temp', e.extnamespace::regnamespace), true)
FROM pg_extension AS e WHERE e.extname = 'postgis'::name;

CREATE FUNCTION registry.centres_on(on_date date DEFAULT NULL)
	RETURNS TABLE (centre_id bigint, name text, kind text, area registry.area_code, opens time, closes time,
				   place geometry, last_day date)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 700
AS $$
DECLARE
	day		CONSTANT date := coalesce(centres_on.on_date, registry.today());
BEGIN
	RETURN QUERY
	SELECT c.centre_id, c.name, c.kind, c.area, c.opens, c.closes, c.place, upper(c.valid) - 1
	FROM nser.centre AS c
	WHERE c.kind = 'fixed' AND c.valid @> day
	UNION ALL
	SELECT c.centre_id, c.name, c.kind, s.area, coalesce(s.opens, c.opens), coalesce(s.closes, c.closes), s.place,
		   least(upper(s.during), upper(c.valid)) - 1
	FROM nser.centre AS c
	JOIN nser.centre_stop AS s ON s.centre_id = c.centre_id AND s.during @> day
	WHERE c.kind = 'mobile' AND c.valid @> day
	ORDER BY 1;
END;
$$;
COMMENT ON FUNCTION registry.centres_on(date) IS
	'centres that stand somewhere on a day, today in Pakistan by default: fixed ones, and mobile ones at their stop of that day; whatever the '
	'day of the week; last_day is the last on which it stands there, NULL if no end is known; opens and closes are times in Pakistan, NULL unknown';

CREATE FUNCTION registry.nearest_centres(near geometry, n integer DEFAULT 3, on_date date DEFAULT NULL, of_kind text DEFAULT NULL)
	RETURNS TABLE (centre_id bigint, name text, kind text, area registry.area_code, km double precision, opens time, closes time,
				   next_open date, place geometry)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 3
AS $$
DECLARE
	day		CONSTANT date := coalesce(nearest_centres.on_date, registry.today());
	point	CONSTANT nser.household.place%TYPE := registry.point_of(nearest_centres.near);
BEGIN
	IF coalesce(nearest_centres.n < 1, true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'nearest_centres needs a number of centres, 1 or more',
			HINT = 'SELECT * FROM registry.nearest_centres(registry.place(67.78, 26.73), 3);';
	ELSIF nearest_centres.of_kind NOT IN ('fixed', 'mobile') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'there is no such kind of centre',
			HINT = 'Kinds are fixed and mobile; NULL is both.';
	ELSIF NOT isfinite(day) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'nearest_centres needs a day of the calendar',
			HINT = 'NULL, the default, is today.';
	ELSIF point IS NULL THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT s.centre_id, s.name, s.kind, s.area, s.km, s.opens, s.closes,
		   (SELECT min(day + d.later) FROM generate_series(0, 6) AS d (later)
			WHERE coalesce(day + d.later <= s.last_day, true) AND extract(isodow FROM day + d.later)::smallint = ANY (c.open_days)),
		   s.place
	FROM (SELECT o.*, registry.metres(o.place, point) / 1000 AS km
		  FROM registry.centres_on(day) AS o
		  WHERE nearest_centres.of_kind IS NULL OR o.kind = nearest_centres.of_kind
		  ORDER BY km, o.centre_id
		  LIMIT nearest_centres.n) AS s
	JOIN nser.centre AS c ON c.centre_id = s.centre_id
	ORDER BY s.km, s.centre_id;
END;
$$;
COMMENT ON FUNCTION registry.nearest_centres(geometry, integer, date, text) IS
	'the n centres nearest to a place of those that stand somewhere on a day, today in Pakistan by default, as the crow flies on the '
	'spheroid, the lower centre_id first where they are equally far; next_open is the first of its open days from then on, NULL where it '
	'leaves before or opens more than a week later; none for a place that is NULL; refuses n < 1, kinds but fixed and mobile, and infinity';

-- To any point of a cell, no centre is the nearest that stands farther from the
-- cell's middle than the nearest one and twice the way from the middle to a corner.
-- Asked of cells of 0.1 degrees first, then of what is left by those of 0.02 in them.
CREATE FUNCTION registry.centres_by_cell(cols double precision[], lins double precision[], on_date date)
	RETURNS TABLE (col double precision, lin double precision, places geometry[])
	LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
	RETURN QUERY
	WITH standing AS MATERIALIZED (
		SELECT o.place FROM registry.centres_on(centres_by_cell.on_date) AS o
	), small AS MATERIALIZED (
		SELECT u.col, u.lin, floor(u.col / 5) AS in_col, floor(u.lin / 5) AS in_lin, registry.place((u.col + 0.5) / 50, (u.lin + 0.5) / 50) AS middle,
			   1.01 * greatest(registry.metres(registry.place((u.col + 0.5) / 50, (u.lin + 0.5) / 50), registry.place(u.col / 50, u.lin / 50)),
							   registry.metres(registry.place((u.col + 0.5) / 50, (u.lin + 0.5) / 50), registry.place(u.col / 50, (u.lin + 1) / 50))) AS reach
		FROM unnest(centres_by_cell.cols, centres_by_cell.lins) AS u (col, lin)
	), large AS MATERIALIZED (
		SELECT u.col, u.lin, registry.place((u.col + 0.5) / 10, (u.lin + 0.5) / 10) AS middle,
			   1.01 * greatest(registry.metres(registry.place((u.col + 0.5) / 10, (u.lin + 0.5) / 10), registry.place(u.col / 10, u.lin / 10)),
							   registry.metres(registry.place((u.col + 0.5) / 10, (u.lin + 0.5) / 10), registry.place(u.col / 10, (u.lin + 1) / 10))) AS reach
		FROM (SELECT DISTINCT s.in_col, s.in_lin FROM small AS s) AS u (col, lin)
	), near AS MATERIALIZED (
		SELECT x.col, x.lin, array_agg(x.place) AS places
		FROM (SELECT l.col, l.lin, l.reach, s.place, m.metres, min(m.metres) OVER (PARTITION BY l.col, l.lin) AS least
			  FROM large AS l
			  CROSS JOIN standing AS s
			  CROSS JOIN LATERAL (SELECT registry.metres(l.middle, s.place) OFFSET 0) AS m (metres)) AS x
		WHERE x.metres <= x.least + 2 * x.reach
		GROUP BY x.col, x.lin
	)
	SELECT s.col, s.lin, c.places
	FROM small AS s
	JOIN near AS n ON n.col = s.in_col AND n.lin = s.in_lin
	CROSS JOIN LATERAL (
		SELECT array_agg(y.place)
		FROM (SELECT x.place, x.metres, min(x.metres) OVER () AS least
			  FROM (SELECT p.place, registry.metres(s.middle, p.place) AS metres FROM unnest(n.places) AS p (place) OFFSET 0) AS x) AS y
		WHERE y.metres <= y.least + 2 * s.reach) AS c (places);
END;
$$;
COMMENT ON FUNCTION registry.centres_by_cell(double precision[], double precision[], date) IS
	'for cells of 0.02 degrees, by fifty times the degrees east and north of their south-western corners: the places of the centres of a '
	'day, today if NULL, of which one is the nearest to any point of the cell';

SET LOCAL search_path = pg_catalog, pg_temp;

CREATE FUNCTION registry.centre_distances(level registry.area_level DEFAULT 'union_council', within registry.area_code DEFAULT 'PK',
										  on_date date DEFAULT NULL)
	RETURNS TABLE (area registry.area_code, name text, households bigint, with_place bigint, people bigint,
				   mean_km double precision, median_km double precision, p90_km double precision, farthest_km double precision,
				   beyond_5_km bigint, beyond_10_km bigint, beyond_20_km bigint)
	LANGUAGE plpgsql STABLE
	SET work_mem = '256MB'
	SET jit = off
	SET plan_cache_mode = force_custom_plan
AS $$
BEGIN
	PERFORM registry.check_level(centre_distances.level, centre_distances.within);
	RETURN QUERY
	WITH living AS (
		SELECT registry.ancestor(h.area, centre_distances.level) AS unit, h.place,
			   v.indicators OPERATOR(registry.->) 'members' AS members,
			   floor(registry.st_x(h.place) * 50) AS col, floor(registry.st_y(h.place) * 50) AS lin
		FROM nser.household AS h
		LEFT JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
		WHERE h.status = 'registered' AND h.area OPERATOR(registry.<@) centre_distances.within
	), near AS MATERIALIZED (
		SELECT b.col, b.lin, b.places
		FROM (SELECT array_agg(c.col) AS cols, array_agg(c.lin) AS lins
			  FROM (SELECT DISTINCT floor(registry.st_x(h.place) * 50) AS col, floor(registry.st_y(h.place) * 50) AS lin
					FROM nser.household AS h
					WHERE h.status = 'registered' AND h.area OPERATOR(registry.<@) centre_distances.within AND h.place IS NOT NULL) AS c) AS d
		CROSS JOIN LATERAL registry.centres_by_cell(d.cols, d.lins, centre_distances.on_date) AS b
	), measured AS (
		SELECT l.unit, l.members, l.place IS NOT NULL AS has_place,
			   (SELECT min(registry.metres(l.place, p.place)) FROM unnest(n.places) AS p (place)) / 1000 AS km
		FROM living AS l
		LEFT JOIN near AS n ON n.col = l.col AND n.lin = l.lin
		OFFSET 0		-- once, not for each of the figures below
	)
	SELECT m.unit, (SELECT a.name FROM nser.area AS a WHERE a.code OPERATOR(registry.=) m.unit),
		   count(*), count(*) FILTER (WHERE m.has_place), sum(m.members),
		   avg(m.km), percentile_cont(0.5) WITHIN GROUP (ORDER BY m.km), percentile_cont(0.9) WITHIN GROUP (ORDER BY m.km), max(m.km),
		   CASE WHEN count(m.km) > 0 THEN count(*) FILTER (WHERE m.km > 5) END,
		   CASE WHEN count(m.km) > 0 THEN count(*) FILTER (WHERE m.km > 10) END,
		   CASE WHEN count(m.km) > 0 THEN count(*) FILTER (WHERE m.km > 20) END
	FROM measured AS m
	GROUP BY m.unit
	ORDER BY m.unit;
END;
$$;
COMMENT ON FUNCTION registry.centre_distances(registry.area_level, registry.area_code, date) IS
	'how far registered households have to the nearest centre standing somewhere on a day, today by default: kilometres on the spheroid from each '
	'household''s own place, by stated area of a level, in the last row (area NULL) of those stated coarser; people by current surveys, NULL '
	'where none is known; kilometres and the households beyond them are of the households with a place, NULL without places or centres';
