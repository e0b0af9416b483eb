
-- boundary: features of a GeoJSON collection, each judged by itself ---------------
--
-- A load stages its features in nser.boundary_row, and each judgement gives a reason
-- to those it refuses; the first reason stands.  registry.load_boundaries() takes
-- over what is left without one.

SELECT pg_catalog.set_config('search_path', format('pg_catalog, %s, pg_temp', registry.postgis_schema()), true);

CREATE FUNCTION registry.boundary_shape(geojson jsonb, OUT shape geometry, OUT error_code text, OUT reason text, OUT remark text)
	LANGUAGE plpgsql STABLE
	SET client_min_messages = warning
AS $$
DECLARE
	box		double precision[];
BEGIN
	IF coalesce(jsonb_typeof(boundary_shape.geojson), 'null') = 'null' THEN
		error_code := '22004';
		reason := 'it has no geometry';
		RETURN;
	END IF;
	BEGIN
		IF boundary_shape.geojson ->> 'type' NOT IN ('Polygon', 'MultiPolygon', 'GeometryCollection') THEN
			error_code := '22023';
			reason := format('it is a %s, not a polygon', left(boundary_shape.geojson ->> 'type', 20));
			RETURN;
		END IF;
		box := registry.bounds(registry.st_geomfromgeojson(boundary_shape.geojson));
		IF box[1] IS NULL THEN
			error_code := '22023';
			reason := 'its geometry is empty';
		ELSIF registry.in_pakistan(registry.st_geomfromgeojson(boundary_shape.geojson)) THEN
			shape := registry.polygons(boundary_shape.geojson);
		ELSE
			error_code := '22003';
			reason := 'it does not lie in Pakistan, 60 to 78.5 degrees east and 23 to 37.5 north: ' || CASE
				WHEN registry.in_pakistan(registry.box(box[2], box[1], box[4], box[3]))
					THEN 'longitude must come first, then latitude'
				WHEN box[3] > 180 OR box[4] > 90 OR box[1] < -180 OR box[2] < -90
					THEN 'these are no degrees, transform it to WGS 84, as with ogr2ogr -t_srs EPSG:4326'
				ELSE 'check its coordinates' END;
		END IF;
	EXCEPTION WHEN OTHERS THEN		-- PostGIS has an internal error for wrong input
		error_code := '22023';
		reason := 'its geometry cannot be read: rings are closed, of four points or more, each point [longitude, latitude]';
	END;
	IF error_code IS NULL AND (shape IS NULL OR registry.st_isempty(shape)) THEN
		shape := NULL;
		error_code := '22023';
		reason := 'no polygon is left of it when it is made valid';
	ELSIF error_code IS NULL AND NOT registry.st_isvalid(registry.st_geomfromgeojson(boundary_shape.geojson)) THEN
		remark := 'made valid: its boundary crossed or touched itself';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.boundary_shape(jsonb) IS
	'a GeoJSON geometry as a valid multipolygon in Pakistan, or why it is none (without quoting it); and a remark where it was mended';

SET LOCAL search_path = pg_catalog, pg_temp;

CREATE FUNCTION registry.stage_boundaries(load bigint, level registry.area_level, geojson jsonb, code_property text, name_property text,
										  parent_property text, division_property text) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	is_minted	CONSTANT boolean := stage_boundaries.parent_property IS NOT NULL;
	-- the property that holds a P-code, and of which level
	property	CONSTANT text := coalesce(stage_boundaries.parent_property, stage_boundaries.code_property);
	expected	CONSTANT registry.area_level := (CASE
					WHEN NOT is_minted THEN stage_boundaries.level::text
					WHEN stage_boundaries.level = 'village' THEN 'union_council'
					ELSE 'tehsil' END)::registry.area_level;
	item		record;
	written		text;
	b			nser.boundary_row%ROWTYPE;
	empty_row	nser.boundary_row%ROWTYPE;
BEGIN
	FOR item IN
		SELECT f.feature, f.row_no, f.feature -> 'properties' AS properties
		FROM jsonb_array_elements(stage_boundaries.geojson -> 'features') WITH ORDINALITY AS f (feature, row_no)
	LOOP
		b := empty_row;
		b.load_id := stage_boundaries.load;
		b.row_no := item.row_no;
		b.feature := item.feature;
		b.source_code := nullif(regexp_replace(item.properties ->> stage_boundaries.code_property, '^\s+|\s+$', '', 'g'), '');
		-- blanks of every alphabet
		b.name := btrim(regexp_replace(item.properties ->> stage_boundaries.name_property, '\s+', ' ', 'g'));
		IF stage_boundaries.name_property IS NOT NULL
		AND coalesce(b.name = '' OR b.name ~* '^unknown' OR b.name ~ '^\([^()]*\)$', true) THEN
			b.name := NULL;
			b.remark := 'its name is not known';
		END IF;
		b.division := nullif(btrim(regexp_replace(item.properties ->> stage_boundaries.division_property, '\s+', ' ', 'g')), '');

		written := nullif(regexp_replace(item.properties ->> property, '^\s+|\s+$', '', 'g'), '');
		IF item.feature ->> 'type' IS DISTINCT FROM 'Feature' THEN
			b.sqlstate := '22023';
			b.reason := 'it is no Feature';
		ELSIF b.source_code IS NULL THEN
			b.column_name := stage_boundaries.code_property;
			b.sqlstate := '22004';
			b.reason := 'it has no code';
		ELSIF length(b.source_code) > 100 THEN
			b.source_code := NULL;
			b.column_name := stage_boundaries.code_property;
			b.sqlstate := '22001';
			b.reason := 'its code is longer than 100 characters';
		ELSIF written IS NULL THEN
			b.column_name := property;
			b.sqlstate := '22004';
			b.reason := 'it has no parent';
		ELSE
			SELECT i.error_code, concat_ws(': ', i.message, i.detail) INTO b.sqlstate, b.reason
			FROM registry.input_error('registry.area_code', written) AS i;
			b.reason := CASE WHEN b.sqlstate IS NOT NULL THEN b.reason END;
			IF b.reason IS NULL AND registry.level(written::registry.area_code) <> expected THEN
				b.sqlstate := '22023';
				b.reason := format('%s is a code of level %s, and %s was expected', written::registry.area_code,
								   registry.level(written::registry.area_code), expected);
			END IF;
			IF b.reason IS NOT NULL THEN
				b.column_name := property;
			ELSIF is_minted THEN
				b.parent := written::registry.area_code;
			ELSE
				b.code := written::registry.area_code;
				b.parent := registry.parent(b.code);
				b.source_code := NULL;
			END IF;
		END IF;

		IF b.reason IS NULL THEN
			SELECT s.shape, s.error_code, s.reason, concat_ws('; ', b.remark, s.remark) INTO b.geom, b.sqlstate, b.reason, b.remark
			FROM registry.boundary_shape(item.feature -> 'geometry') AS s;
			b.column_name := CASE WHEN b.reason IS NOT NULL THEN 'geometry' END;
			b.remark := nullif(b.remark, '');
			b.km2 := registry.km2(b.geom);
			IF b.km2 < 1e-6 THEN		-- one square metre
				b.column_name := 'geometry';
				b.sqlstate := '22023';
				b.reason := 'no area is left of it';
			END IF;
		END IF;
		INSERT INTO nser.boundary_row SELECT b.*;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.stage_boundaries(bigint, registry.area_level, jsonb, text, text, text, text) IS
	'the features of a collection into nser.boundary_row, with what is wrong with each one''s code, parent''s code and geometry';

CREATE FUNCTION registry.judge_boundaries(load bigint, level registry.area_level, is_minted boolean, join_parts boolean, valid_from date,
										  tolerance double precision) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	day		CONSTANT date := coalesce(judge_boundaries.valid_from, registry.today());
BEGIN
	-- a source's own code keeps the code that was minted for it
	UPDATE nser.boundary_row AS b SET code = a.code
	FROM nser.area AS a
	WHERE b.load_id = judge_boundaries.load AND judge_boundaries.is_minted
	AND registry.parent(a.code) OPERATOR(registry.=) b.parent AND a.source_code = b.source_code;

	UPDATE nser.boundary_row AS b SET sqlstate = '23503', column_name = 'parent',
		reason = coalesce((SELECT CASE WHEN upper(a.valid) <= day THEN format('its parent %s ended on %s', b.parent, upper(a.valid))
								  ELSE format('its parent %s is loaded as of %s, which is later', b.parent, lower(a.valid)) END
						   FROM nser.area AS a WHERE a.code OPERATOR(registry.=) b.parent), format('its parent %s is not loaded', b.parent))
	WHERE b.load_id = judge_boundaries.load AND b.reason IS NULL AND judge_boundaries.level <> 'province' AND NOT registry.area_was(b.parent, day);

	WITH alike AS (
		SELECT array_agg(b.row_no ORDER BY b.row_no) AS rows, min(b.row_no) FILTER (WHERE b.reason IS NOT NULL) AS refused,
			count(DISTINCT b.name) + count(DISTINCT 1) FILTER (WHERE b.name IS NULL) > 1 AS named_differently
		FROM nser.boundary_row AS b
		WHERE b.load_id = judge_boundaries.load AND b.parent IS NOT NULL
		GROUP BY b.parent, b.source_code, CASE WHEN NOT judge_boundaries.is_minted THEN b.code END
		HAVING count(*) > 1
	)
	UPDATE nser.boundary_row AS b
	SET column_name = 'code', sqlstate = '23505',
		reason = CASE
			WHEN NOT judge_boundaries.join_parts THEN format('its code stands %s times, in the features %s', cardinality(x.rows), array_to_string(x.rows, ', '))
			WHEN x.named_differently THEN format('its code stands under other names too, in the features %s', array_to_string(x.rows, ', '))
			ELSE format('feature %s of the same code is refused, and would be missing', x.refused) END
	FROM alike AS x
	WHERE b.load_id = judge_boundaries.load AND b.row_no = ANY (x.rows) AND b.reason IS NULL
	AND (NOT judge_boundaries.join_parts OR x.named_differently OR x.refused IS NOT NULL);

	-- the first part becomes the whole; the others stay to be accounted for, without a shape
	WITH joined AS (
		SELECT min(b.row_no) AS first_row, array_agg(b.row_no) AS rows, registry.polygons(registry.st_union(array_agg(b.geom ORDER BY b.row_no))) AS geom
		FROM nser.boundary_row AS b
		WHERE b.load_id = judge_boundaries.load AND b.reason IS NULL
		GROUP BY b.parent, b.source_code, CASE WHEN NOT judge_boundaries.is_minted THEN b.code END
		HAVING count(*) > 1
	)
	UPDATE nser.boundary_row AS b
	SET geom = CASE WHEN b.row_no = j.first_row THEN j.geom END,
		km2 = CASE WHEN b.row_no = j.first_row THEN registry.km2(j.geom) END,
		remark = CASE WHEN b.row_no = j.first_row THEN b.remark ELSE format('joined to feature %s, a part of the same area', j.first_row) END
	FROM joined AS j
	WHERE b.load_id = judge_boundaries.load AND b.row_no = ANY (j.rows);

	-- dates: an area that has ended, and one that began later, stay as they were
	UPDATE nser.boundary_row AS b
	SET during = CASE WHEN w.reason IS NULL THEN daterange(coalesce(judge_boundaries.valid_from, greatest(day, lower(a.valid), d.began)), e.ended) END,
		column_name = CASE WHEN w.reason IS NOT NULL THEN 'valid_from' END,
		sqlstate = CASE WHEN w.reason IS NOT NULL THEN '22008' END,
		reason = w.reason
	FROM nser.boundary_row AS x
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) x.code
	CROSS JOIN LATERAL registry.area_dates(x.code) AS d
	CROSS JOIN LATERAL (SELECT least(upper(a.valid), d.ended) AS ended) AS e
	CROSS JOIN LATERAL (SELECT CASE
		WHEN day >= e.ended THEN format('%s ended on %s', x.code, e.ended)
		WHEN judge_boundaries.valid_from < lower(a.valid) AND NOT a.is_approximate
			THEN format('%s is loaded as of %s, which is later', x.code, lower(a.valid))
		WHEN judge_boundaries.valid_from < d.began THEN format('%s began on %s only', x.code, d.began)
		END AS reason) AS w
	WHERE b.load_id = judge_boundaries.load AND b.reason IS NULL AND x.load_id = b.load_id AND x.row_no = b.row_no;

	-- nesting, unless the parent's boundary is unknown or a guess
	UPDATE nser.boundary_row AS b
	SET column_name = 'geometry', sqlstate = '23514',
		reason = format('%s %% of it lies outside its parent %s', round((100 * x.outside)::numeric, 1), concat_ws(' ', b.parent, '(' || x.name || ')'))
	FROM (SELECT c.row_no, a.name, 1 - registry.km2(registry.st_intersection(c.geom, a.geom)) / c.km2 AS outside
		  FROM nser.boundary_row AS c
		  JOIN nser.area AS a ON a.code OPERATOR(registry.=) c.parent
		  WHERE c.load_id = judge_boundaries.load AND c.reason IS NULL AND c.geom IS NOT NULL
		  AND a.geom IS NOT NULL AND NOT a.is_approximate
		  OFFSET 0) AS x
	WHERE b.load_id = judge_boundaries.load AND b.row_no = x.row_no AND x.outside > judge_boundaries.tolerance + 1e-9;
END;
$$;
COMMENT ON FUNCTION registry.judge_boundaries(bigint, registry.area_level, boolean, boolean, date, double precision) IS
	'refuse staged features whose parent is unknown or not of that day, whose code stands twice, whose dates contradict what is loaded, or who do not '
	'nest; joins parts where asked; is_minted: codes are the source''s own';

-- The later feature gives way.  An area of before that is loaded again does not
-- count, unless its new boundary is refused: then what overlaps the old one goes too,
-- and all is judged again.
CREATE FUNCTION registry.judge_overlaps(load bigint, level registry.area_level, tolerance double precision) RETURNS void
	LANGUAGE plpgsql
	SET enable_mergejoin = off
	SET jit = off
AS $$
DECLARE
	later		integer[];
	earlier		integer[];		-- NULL: an area of before
	replaced_by	integer[];		-- of an area of before
	other		registry.area_code[];
	share		double precision[];
	refused		integer[];
	pairs		integer[];		-- for which pair each
	remaining	integer[] := ARRAY[]::integer[];	-- whose old boundary is taken to stay
BEGIN
	SELECT array_agg(o.later ORDER BY o.later, o.earlier NULLS FIRST, o.other),
		array_agg(o.earlier ORDER BY o.later, o.earlier NULLS FIRST, o.other),
		array_agg(r.row_no ORDER BY o.later, o.earlier NULLS FIRST, o.other),
		array_agg(o.other ORDER BY o.later, o.earlier NULLS FIRST, o.other),
		array_agg(o.share ORDER BY o.later, o.earlier NULLS FIRST, o.other)
	INTO later, earlier, replaced_by, other, share
	FROM (
		SELECT b.row_no AS later, x.earlier, x.other,
			registry.km2(registry.st_intersection(b.geom, x.geom)) / nullif(least(b.km2, x.km2), 0) AS share
		FROM nser.boundary_row AS b
		CROSS JOIN LATERAL (
			SELECT c.row_no AS earlier, NULL::registry.area_code AS other, c.geom, c.km2
			FROM nser.boundary_row AS c
			WHERE c.load_id = b.load_id AND c.row_no < b.row_no AND c.reason IS NULL AND c.during && b.during
			AND registry.st_intersects(c.geom, b.geom)
			UNION ALL
			SELECT NULL, a.code, a.geom, a.km2
			FROM nser.area AS a
			WHERE a.level = judge_overlaps.level AND NOT a.is_approximate AND a.valid && b.during
			AND b.code OPERATOR(registry.=) a.code IS NOT TRUE
			AND registry.st_intersects(a.geom, b.geom)) AS x
		WHERE b.load_id = judge_overlaps.load AND b.reason IS NULL AND b.geom IS NOT NULL
		OFFSET 0) AS o
	LEFT JOIN nser.boundary_row AS r ON r.load_id = judge_overlaps.load AND r.code OPERATOR(registry.=) o.other AND r.reason IS NULL AND r.geom IS NOT NULL
	WHERE o.share > judge_overlaps.tolerance + 1e-9;

	LOOP
		refused := ARRAY[]::integer[];
		pairs := ARRAY[]::integer[];
		FOR i IN 1 .. coalesce(cardinality(later), 0) LOOP
			CONTINUE WHEN later[i] = ANY (refused);
			IF earlier[i] IS NOT NULL AND earlier[i] <> ALL (refused)
			OR earlier[i] IS NULL AND (replaced_by[i] IS NULL OR replaced_by[i] = ANY (remaining)) THEN
				refused := refused || later[i];
				pairs := pairs || i;
			END IF;
		END LOOP;
		EXIT WHEN refused <@ remaining;
		remaining := remaining || refused;
	END LOOP;

	UPDATE nser.boundary_row AS b
	SET column_name = 'geometry', sqlstate = '23P01',
		reason = format('it overlaps %s %s, by %s %% of the smaller of the two', y.code, coalesce('(' || y.name || ')', 'without a name'),
						round((100 * share[x.i])::numeric, 1))
	FROM unnest(refused, pairs) AS x (row_no, i)
	CROSS JOIN LATERAL (
		SELECT c.code, c.name FROM nser.boundary_row AS c WHERE c.load_id = judge_overlaps.load AND c.row_no = earlier[x.i]
		UNION ALL
		SELECT a.code, a.name FROM nser.area AS a WHERE earlier[x.i] IS NULL AND a.code OPERATOR(registry.=) other[x.i]) AS y
	WHERE b.load_id = judge_overlaps.load AND b.row_no = x.row_no;
END;
$$;
COMMENT ON FUNCTION registry.judge_overlaps(bigint, registry.area_level, double precision) IS
	'refuse staged features that overlap an area of their level, or an earlier feature, by more than tolerance of the smaller one''s '
	'square kilometres';
