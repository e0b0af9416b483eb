
-- boundary load: codes for what has none, areas replaced, GeoJSON from tables --------

CREATE FUNCTION registry.mint_codes(load bigint, level registry.area_level) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	digits	CONSTANT integer := CASE mint_codes.level WHEN 'village' THEN 4 WHEN 'union_council' THEN 3 ELSE 2 END;
BEGIN
	-- a code is never reused, so the count goes on after the last
	UPDATE nser.boundary_row AS b
	SET code = CASE WHEN m.nth < 10 ^ digits THEN (b.parent::text || lpad(m.nth::text, digits, '0'))::registry.area_code END,
		column_name = CASE WHEN m.nth >= 10 ^ digits THEN 'code' END,
		sqlstate = CASE WHEN m.nth >= 10 ^ digits THEN '54000' END,
		reason = CASE WHEN m.nth >= 10 ^ digits THEN format('%s has no code left: all up to %s are taken', b.parent, repeat('9', digits)) END
	FROM (SELECT c.row_no, coalesce(l.last, 0) + row_number() OVER (
				PARTITION BY c.parent ORDER BY CASE WHEN c.source_code ~ '^\d{1,18}$' THEN c.source_code::bigint END, c.source_code COLLATE "C") AS nth
		  FROM nser.boundary_row AS c
		  LEFT JOIN LATERAL (
			SELECT max(right(a.code::text, digits)::integer) AS last FROM nser.area AS a
			WHERE a.level = mint_codes.level AND a.code OPERATOR(registry.<@) c.parent) AS l ON true
		  WHERE c.load_id = mint_codes.load AND c.reason IS NULL AND c.geom IS NOT NULL AND c.code IS NULL) AS m
	WHERE b.load_id = mint_codes.load AND b.row_no = m.row_no;
END;
$$;
COMMENT ON FUNCTION registry.mint_codes(bigint, registry.area_level) IS
	'P-codes for staged features with a source''s own code: within the parent, from 1 up or after the last, in the order of the source''s '
	'codes, the numbers among them by value; refuses those for whom no digits are left';

CREATE FUNCTION registry.store_boundaries(load bigint, source text, valid_from date) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	stored	bigint;
BEGIN
	INSERT INTO nser.area_past (code, valid, name, division, source_code, source, is_approximate, km2, geom)
	SELECT a.code, daterange(lower(a.valid), store_boundaries.valid_from), a.name, a.division, a.source_code, a.source, a.is_approximate, a.km2, a.geom
	FROM nser.boundary_row AS b
	JOIN nser.area AS a ON a.code OPERATOR(registry.=) b.code
	WHERE b.load_id = store_boundaries.load AND b.reason IS NULL AND b.geom IS NOT NULL
	AND NOT a.is_approximate AND (lower_inf(a.valid) OR lower(a.valid) < store_boundaries.valid_from) AND store_boundaries.valid_from IS NOT NULL;

	-- what this source does not know is kept; a code of which a change is recorded
	-- begins and ends with that
	INSERT INTO nser.area AS a (code, name, division, source_code, source, is_approximate, valid, km2, geom)
	SELECT b.code, b.name, b.division, b.source_code, store_boundaries.source, false,
		daterange(coalesce(store_boundaries.valid_from, d.began), d.ended), b.km2, b.geom
	FROM nser.boundary_row AS b
	CROSS JOIN LATERAL registry.area_dates(b.code) AS d
	WHERE b.load_id = store_boundaries.load AND b.reason IS NULL AND b.geom IS NOT NULL
	ON CONFLICT (code) DO UPDATE
	SET name = coalesce(EXCLUDED.name, a.name), division = coalesce(EXCLUDED.division, a.division),
		source_code = coalesce(EXCLUDED.source_code, a.source_code), source = EXCLUDED.source, is_approximate = false,
		valid = daterange(coalesce(store_boundaries.valid_from, lower(a.valid)), least(upper(a.valid), upper(EXCLUDED.valid))),
		km2 = EXCLUDED.km2, geom = EXCLUDED.geom, loaded_at = EXCLUDED.loaded_at;
	GET DIAGNOSTICS stored = ROW_COUNT;
	RETURN stored;
END;
$$;
COMMENT ON FUNCTION registry.store_boundaries(bigint, text, date) IS
	'staged features that nothing speaks against into nser.area; with a later date, what they replace into nser.area_past; returns how many';

-- Nesting is judged upwards; what lies in an area that came anew is told of only.
CREATE FUNCTION registry.remark_children(load bigint, tolerance double precision) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	UPDATE nser.boundary_row AS b
	SET remark = concat_ws('; ', b.remark, format('more than the tolerance lies outside it now, of %s%s', array_to_string(x.children[:5], ', '),
			' and ' || nullif(greatest(cardinality(x.children) - 5, 0), 0) || ' more'))
	FROM (SELECT p.row_no, array_agg(c.code ORDER BY c.code) AS children
		  FROM nser.boundary_row AS p
		  JOIN nser.area AS c ON c.code OPERATOR(registry.<@) p.code AND registry.parent(c.code) OPERATOR(registry.=) p.code
		  WHERE p.load_id = remark_children.load AND p.reason IS NULL AND p.geom IS NOT NULL
		  AND c.geom IS NOT NULL AND NOT c.is_approximate AND c.valid @> lower(p.during)
		  AND c.km2 - registry.km2(registry.st_intersection(c.geom, p.geom)) > (remark_children.tolerance + 1e-9) * c.km2
		  GROUP BY p.row_no) AS x
	WHERE b.load_id = remark_children.load AND b.row_no = x.row_no;
END;
$$;
COMMENT ON FUNCTION registry.remark_children(bigint, double precision) IS
	'a remark on each loaded feature of whose surveyed parts one level down more than tolerance lies outside it';

CREATE FUNCTION registry.load_boundaries(level registry.area_level, geojson jsonb, code_property text DEFAULT 'code',
		name_property text DEFAULT 'name', parent_property text DEFAULT NULL, division_property text DEFAULT NULL,
		valid_from date DEFAULT NULL, tolerance double precision DEFAULT 0.01, join_parts boolean DEFAULT false,
		source text DEFAULT 'geojson', OUT load_id bigint, OUT loaded bigint, OUT refused bigint, OUT remarked bigint)
	LANGUAGE plpgsql
AS $$
DECLARE
	stray	text;
BEGIN
	IF load_boundaries.level IS NULL OR load_boundaries.level IN ('country', 'division') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'boundaries are those of provinces, districts, tehsils, union councils or villages',
			HINT = 'A division is a property of districts: registry.load_boundaries(''district'', ..., division_property => ''division'').';
	END IF;
	IF load_boundaries.geojson ->> 'type' IS DISTINCT FROM 'FeatureCollection'
	OR jsonb_typeof(load_boundaries.geojson -> 'features') IS DISTINCT FROM 'array' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'boundaries are given as a GeoJSON FeatureCollection',
			HINT = 'It begins with {"type": "FeatureCollection", "features": [; registry.features(''a_table'') makes one of any table with polygons.';
	END IF;
	IF load_boundaries.division_property IS NOT NULL AND load_boundaries.level <> 'district' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a division is a property of districts',
			HINT = 'Load the districts with it: what lies in a district is in its division.';
	END IF;
	IF load_boundaries.parent_property IS NOT NULL AND load_boundaries.level NOT IN ('union_council', 'village') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'codes are minted for union councils and villages only',
			HINT = 'Provinces, districts and tehsils have national P-codes, such as PK6, PK617 and PK61701: name their property as code_property.';
	END IF;
	IF (load_boundaries.tolerance >= 0 AND load_boundaries.tolerance < 1) IS NOT TRUE THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'tolerance is a share, from 0 and below 1',
			HINT = '0.01 lets one per cent of an area lie outside its parent or on another.';
	END IF;
	IF load_boundaries.code_property IS NULL OR load_boundaries.source IS NULL OR load_boundaries.join_parts IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'code_property, source and join_parts must be given',
			HINT = 'code_property => ''adm2_pcode'' names the property that holds the code.';
	END IF;
	IF load_boundaries.valid_from > registry.today() OR NOT isfinite(load_boundaries.valid_from) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'valid_from is a day of the past, or today',
			HINT = 'Load boundaries to come on the day they come: today''s would be gone until then.';
	END IF;
	-- a misspelled property would refuse every feature, or lose every name
	SELECT p.name INTO stray
	FROM (VALUES (load_boundaries.code_property), (load_boundaries.name_property), (load_boundaries.parent_property),
				 (load_boundaries.division_property)) AS p (name)
	WHERE p.name IS NOT NULL AND jsonb_array_length(load_boundaries.geojson -> 'features') > 0
	AND NOT EXISTS (SELECT FROM jsonb_array_elements(load_boundaries.geojson -> 'features') AS f WHERE (f -> 'properties') ? p.name)
	LIMIT 1;
	IF stray IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('no feature has a property "%s"', stray),
			HINT = coalesce('The properties of the first are '
							|| (SELECT string_agg(k, ', ') FROM jsonb_object_keys(CASE jsonb_typeof(load_boundaries.geojson #> '{features,0,properties}')
									WHEN 'object' THEN load_boundaries.geojson #> '{features,0,properties}' ELSE '{}' END) AS k) || '.',
							'Features carry codes and names in "properties".') || ' Without names, name_property is NULL.';
	END IF;

	PERFORM registry.lock_areas();
	load_id := nextval('nser.load_id_seq');
	PERFORM registry.stage_boundaries(load_id, load_boundaries.level, load_boundaries.geojson, load_boundaries.code_property,
		load_boundaries.name_property, load_boundaries.parent_property, load_boundaries.division_property);
	ANALYZE nser.boundary_row;
	PERFORM registry.judge_boundaries(load_id, load_boundaries.level, load_boundaries.parent_property IS NOT NULL, load_boundaries.join_parts,
		load_boundaries.valid_from, load_boundaries.tolerance);
	PERFORM registry.mint_codes(load_id, load_boundaries.level);
	PERFORM registry.judge_overlaps(load_id, load_boundaries.level, load_boundaries.tolerance);
	loaded := registry.store_boundaries(load_id, load_boundaries.source, load_boundaries.valid_from);
	PERFORM registry.remark_children(load_id, load_boundaries.tolerance);

	INSERT INTO nser.load_error (load_id, row_no, source, column_name, sqlstate, reason, row)
	SELECT b.load_id, b.row_no, load_boundaries.source, b.column_name,
		coalesce(b.sqlstate, '01000'), coalesce(b.reason, b.remark),
		CASE WHEN pg_column_size(b.feature) <= 4000 THEN b.feature WHEN jsonb_typeof(b.feature) = 'object' THEN b.feature - 'geometry' END
	FROM nser.boundary_row AS b
	WHERE b.load_id = load_boundaries.load_id AND (b.reason IS NOT NULL OR b.remark IS NOT NULL);
	SELECT count(b.reason), count(*) FILTER (WHERE b.reason IS NULL AND b.remark IS NOT NULL) INTO refused, remarked
	FROM nser.boundary_row AS b WHERE b.load_id = load_boundaries.load_id;
	DELETE FROM nser.boundary_row AS b WHERE b.load_id = load_boundaries.load_id;
	ANALYZE nser.area;
END;
$$;
COMMENT ON FUNCTION registry.load_boundaries(registry.area_level, jsonb, text, text, text, text, date, double precision, boolean, text) IS
	'areas of a level from a GeoJSON FeatureCollection in WGS 84: the good features in, each other one in nser.load_error with the reason, '
	'and remarks there with sqlstate 01000; with parent_property, codes are the source''s own, and P-codes are minted; with valid_from, '
	'what was there before is kept in nser.area_past; tolerance is the share of an area that may lie outside its parent or on another; '
	'join_parts joins features of one code and name; loaded counts areas, refused and remarked count features';

CREATE FUNCTION registry.features(relation regclass, geometry_column name DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	shapes		name[];
	properties	text;
	answer		jsonb;
BEGIN
	SELECT array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE a.is_shape),
		string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE NOT a.is_shape)
	INTO shapes, properties
	FROM (SELECT x.attname, x.attnum, t.typname = 'geometry' AND t.typnamespace = registry.postgis_schema() AS is_shape
		  FROM pg_attribute AS x JOIN pg_type AS t ON t.oid = x.atttypid
		  WHERE x.attrelid = features.relation AND x.attnum > 0 AND NOT x.attisdropped) AS a;
	IF features.geometry_column IS NOT NULL THEN
		shapes := ARRAY(SELECT s FROM unnest(shapes) AS s WHERE s = features.geometry_column);
	END IF;
	IF coalesce(cardinality(shapes), 0) <> 1 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_column',
			MESSAGE = format('%s has %s geometry columns%s', coalesce(features.relation::text, 'NULL'), coalesce(cardinality(shapes), 0),
							 ' named "' || features.geometry_column || '"'),
			HINT = 'Name one of several: registry.features(''nser.area'', ''geom''). ogr2ogr -f PostgreSQL makes a table with one.';
	END IF;

	-- as polygons() does, one without an SRID is taken for WGS 84
	EXECUTE format($sql$
		SELECT jsonb_build_object('type', 'FeatureCollection', 'features', coalesce(jsonb_agg(jsonb_build_object('type', 'Feature',
			'properties', (SELECT to_jsonb(p.*) FROM (SELECT %1$s) AS p),
			'geometry', registry.st_asgeojson(CASE WHEN registry.st_srid(t.%2$I) IN (0, 4326) THEN t.%2$I
											  ELSE registry.st_transform(t.%2$I, 4326) END, 15)) %4$s), '[]'))
		FROM %3$s AS t$sql$, properties, shapes[1], features.relation,
		-- a view's rows have no place of their own
		(SELECT CASE WHEN c.relkind IN ('r', 'm') THEN 'ORDER BY t.ctid' END FROM pg_class AS c WHERE c.oid = features.relation))
	INTO answer;
	RETURN answer;
END;
$$;
COMMENT ON FUNCTION registry.features(regclass, name) IS
	'a table with a geometry column, such as ogr2ogr makes, as a GeoJSON FeatureCollection in WGS 84, whole doubles, its other columns as '
	'properties; a table''s features are in the order of its rows: for registry.load_boundaries()';
