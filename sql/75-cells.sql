
-- cells: what tables are counted by, and the counts of a snapshot ---------------------
--
-- An attribute of a table has a key: its name, with the formula where it is of a score.
-- Whom a table is limited to is one more attribute, "only: {...}", true or false: so a
-- table of some is judged together with the table of all.

CREATE FUNCTION registry.cell_keys(request_id bigint) RETURNS text[]
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	limits	jsonb;
	keys	text[];
	wrong	text;
BEGIN
	SELECT jsonb_strip_nulls(jsonb_build_object('score_range', r.score_range, 'formula', CASE WHEN r.score_range IS NOT NULL THEN r.formula END,
			'programme', r.programme, 'member_types', CASE WHEN cardinality(r.member_types) > 0 THEN
				to_jsonb(ARRAY(SELECT DISTINCT t FROM unnest(r.member_types) AS t ORDER BY t)) END)),
		ARRAY(SELECT DISTINCT a || CASE WHEN a LIKE 'score%' THEN '@' || coalesce(r.formula, '') ELSE '' END FROM unnest(r.attributes) AS a
			  WHERE a <> 'area' ORDER BY 1)
	INTO limits, keys
	FROM nser.data_request AS r WHERE r.request_id = cell_keys.request_id;
	-- a head stands for a household: heads are counted as households, in their cube, or not at all
	IF limits -> 'member_types' = '["head"]' AND registry.cell_unit(keys) = 'household' THEN
		limits := limits - 'member_types';
	ELSIF limits -> 'member_types' ? 'head' OR 'relationship' = ANY (keys) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = 'persons are not counted by who is the head, as these are the households',
			HINT = 'Ask for households, by head_sex or head_age.';
	END IF;
	SELECT min(k) INTO wrong FROM unnest(keys) AS k
	WHERE split_part(k, '@', 1) = 'score'
	OR split_part(k, '@', 1) NOT IN (SELECT c.attribute FROM registry.share_columns() AS c WHERE c.step = 0);
	IF wrong IS NOT NULL OR cardinality(keys) > 3 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = CASE WHEN wrong IS NULL THEN 'a table is counted by three attributes at most'
						ELSE format('cells are not counted by %s', split_part(wrong, '@', 1)) END,
			HINT = 'Ask for up to three attributes with few values, as {sex, age_group, score_band}; areas come by themselves.';
	END IF;
	keys := CASE WHEN limits = '{}' THEN keys ELSE keys || ('only: ' || limits::text) END;
	RETURN CASE WHEN keys = '{}' THEN '{total}' ELSE keys END;
END;
$$;
COMMENT ON FUNCTION registry.cell_keys(bigint) IS
	'keys of what the table of a request is counted by, with whom it is limited to, or total; refused are exact scores and more than three attributes (RG022)';

CREATE FUNCTION registry.cell_unit(keys text[]) RETURNS text
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	RETURN CASE WHEN EXISTS (SELECT FROM unnest(cell_unit.keys) AS k LEFT JOIN nser.share_attribute AS a ON a.attribute = split_part(k, '@', 1)
							 WHERE a.unit = 'person' OR k LIKE 'only: %"member_types"%') THEN 'person' ELSE 'household' END;
END;
$$;
COMMENT ON FUNCTION registry.cell_unit(text[]) IS 'what is counted by such keys: person where one of them is of persons, or household';

CREATE FUNCTION registry.cell_of_household(key text) RETURNS boolean
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	RETURN CASE WHEN cell_of_household.key LIKE 'only: %' THEN registry.cell_unit(ARRAY[cell_of_household.key]) = 'household'
			AND NOT EXISTS (SELECT FROM nser.programme AS p WHERE p.code = substr(cell_of_household.key, 7)::jsonb ->> 'programme' AND p.unit <> 'household')
		ELSE registry.cell_unit(ARRAY[cell_of_household.key]) = 'household' END;
END;
$$;
COMMENT ON FUNCTION registry.cell_of_household(text) IS 'whether all persons of a household have the same value of a key';

CREATE FUNCTION registry.cell_formula(key text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN cell_formula.key LIKE 'only: %' THEN substr(cell_formula.key, 7)::jsonb ->> 'formula' ELSE nullif(split_part(cell_formula.key, '@', 2), '') END;
COMMENT ON FUNCTION registry.cell_formula(text) IS 'the formula whose scores a key is of, NULL where of none';

CREATE FUNCTION registry.cell_expression(key text, unit text) RETURNS text
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	limits	jsonb;
	result	text;
BEGIN
	IF cell_expression.key = 'total' THEN
		RETURN '''all''';
	ELSIF cell_expression.key LIKE 'only: %' THEN
		limits := substr(cell_expression.key, 7)::jsonb;
		-- as registry.share_source() has it: of persons, the enrolled ones
		RETURN format('coalesce(%s, false)::text', concat_ws(' AND ',
			CASE WHEN limits ? 'score_range' THEN format('s.score::numeric <@ %L::numrange', limits ->> 'score_range') END,
			CASE WHEN limits ? 'programme' THEN format('EXISTS (SELECT FROM nser.enrolment AS e WHERE e.household_id = h.household_id
				AND e.programme = %L AND e.exited_on IS NULL%s)', limits ->> 'programme',
				CASE WHEN cell_expression.unit = 'person' AND NOT registry.cell_of_household(cell_expression.key)
					AND EXISTS (SELECT FROM nser.programme AS p WHERE p.code = limits ->> 'programme' AND p.unit <> 'household')
					THEN ' AND e.line = m.line' END) END,
			CASE WHEN limits ? 'member_types' THEN format('(%s)',
				registry.share_members(ARRAY(SELECT t FROM jsonb_array_elements_text(limits -> 'member_types') AS t))) END));
	END IF;
	SELECT format('coalesce(%s, ''unknown'')', c.expression) INTO STRICT result
	FROM registry.share_columns() AS c WHERE c.attribute = split_part(cell_expression.key, '@', 1) AND c.step = 0;
	RETURN result;
END;
$$;
COMMENT ON FUNCTION registry.cell_expression(text, text) IS
	'a key as SQL over h (nser.household_profile), m (nser.member_profile) where the unit is person, and s (nser.score) where it has a formula: '
	'its value as text, unknown for NULL';

CREATE FUNCTION registry.count_base(snapshot_id bigint, unit text, keys text[], finest registry.area_level) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	rows		bigint;
	formulas	text[] := ARRAY(SELECT DISTINCT registry.cell_formula(k) FROM unnest(count_base.keys) AS k WHERE registry.cell_formula(k) IS NOT NULL ORDER BY 1);
	source		text;
	"values"	text;
	of_household	text;
	of_person	text;
	also		text := '';
BEGIN
	-- a household has one score by a formula
	source := concat('nser.household_profile AS h', CASE count_base.unit WHEN 'person' THEN ' JOIN nser.member_profile AS m ON m.household_id = h.household_id' END,
		(SELECT string_agg(format(' LEFT JOIN nser.score AS f%s ON f%1$s.household_id = h.household_id AND f%1$s.survey_id = h.survey_id
			AND f%1$s.area OPERATOR(registry.=) h.area AND f%1$s.formula = %L', n, f), '' ORDER BY n) FROM unnest(formulas) WITH ORDINALITY AS u (f, n)),
		(SELECT string_agg(format(' CROSS JOIN LATERAL (SELECT %s AS v%s) AS k%s', registry.cell_expression(k, count_base.unit),
			concat(n, ' FROM (SELECT f' || array_position(formulas, registry.cell_formula(k)) || '.score) AS s'), n), '' ORDER BY n)
		 FROM unnest(count_base.keys) WITH ORDINALITY AS u (k, n)));
	SELECT string_agg('v' || n, ', ' ORDER BY n), string_agg(', v' || n, '' ORDER BY n) FILTER (WHERE registry.cell_of_household(k)),
		string_agg('v' || n, ', ' ORDER BY n) FILTER (WHERE NOT registry.cell_of_household(k))
	INTO "values", of_household, of_person FROM unnest(count_base.keys) WITH ORDINALITY AS u (k, n);
	IF count_base.unit = 'person' THEN
		-- a household once for each value, and for any, of what its persons differ in
		also := format('
		WITH held AS (
			INSERT INTO nser.cube_household (snapshot_id, area, "values", households)
			SELECT $1, c.area, ARRAY[%s]::text[], count(*)
			FROM (SELECT coalesce(registry.ancestor(h.area, $2), h.area) AS area, h.household_id, %1$s FROM %s
				  GROUP BY 1, 2%s, CUBE (%s)) AS c GROUP BY c.area, %1$s)', "values", source, of_household, of_person);
	END IF;
	EXECUTE format('%s
		INSERT INTO nser.cube_base (snapshot_id, area, division, "values", count)
		SELECT $1, c.area, d.division, c."values", c.count
		FROM (SELECT coalesce(registry.ancestor(h.area, $2), h.area) AS area, ARRAY[%s]::text[] AS "values", count(*)::integer AS count
			  FROM %s GROUP BY 1, 2) AS c
		LEFT JOIN nser.area AS d ON d.code OPERATOR(registry.=) registry.ancestor(c.area, ''district'')', also, "values", source)
	USING count_base.snapshot_id, count_base.finest;
	GET DIAGNOSTICS rows = ROW_COUNT;
	RETURN rows;
END;
$$;
COMMENT ON FUNCTION registry.count_base(bigint, text, text[], registry.area_level) IS
	'count households, or persons with their households, by area, as fine as asked, and keys, into nser.cube_base and cube_household; returns the rows of the first';

CREATE FUNCTION registry.area_path(area registry.area_code, division text, finest registry.area_level) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY(SELECT CASE l.level WHEN 'division' THEN coalesce(registry.ancestor(area, 'province'), area)::text || '/' || coalesce(division, '')
							ELSE coalesce(registry.ancestor(area, l.level), area)::text || '/' END
				 FROM unnest(enum_range('country'::registry.area_level, finest)) WITH ORDINALITY AS l (level, n) ORDER BY l.n);
COMMENT ON FUNCTION registry.area_path(registry.area_code, text, registry.area_level) IS
	'an area and all it lies in, from the country down: CODE/ or, of a division, PROVINCE/NAME; the last code again where no finer is known';

CREATE FUNCTION registry.judge_cube(snapshot_id bigint, tables text[], levels registry.area_level[], may_hide boolean, all_bounds boolean,
									OUT attributes text[], OUT "values" text[], OUT level registry.area_level, OUT area registry.area_code, OUT division text,
									OUT count bigint, OUT hidden boolean, OUT low bigint, OUT high bigint, OUT exact boolean)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE ROWS 10000
AS $$
DECLARE
	snapshot	record;
	solve_ms	integer;
	parents		integer[];
	node_levels	integer[];
	node_names	text[];
	labels		text[];
	firsts		integer[];
	sizes		integer[];
	nodes		integer[];
	numbers		integer[];
	counts		integer[];
	bits		integer[] := ARRAY[]::integer[];
	depths		integer[] := ARRAY[]::integer[];
	seen		integer[] := ARRAY[]::integer[];
	seen_bits	integer[];
	seen_depths	integer[];
	seen_hidden	boolean[] := ARRAY[]::boolean[];
	strides		integer[];
	block		integer := 1;
	household_dims		integer := -1;
	household_nodes		integer[] := ARRAY[]::integer[];
	household_values	integer[] := ARRAY[]::integer[];
	households	integer[] := ARRAY[]::integer[];
BEGIN
	SELECT s.unit, s.attributes AS keys, s.finest, s.threshold, s.width, s.made_at INTO STRICT snapshot FROM nser.snapshot AS s WHERE s.snapshot_id = judge_cube.snapshot_id;
	SELECT least(1000 * extract(epoch FROM p.solve_within), 3600000)::integer INTO solve_ms FROM registry.share_policy_on() AS p;

	WITH path AS MATERIALIZED (
		SELECT registry.area_path(a.area, a.division, snapshot.finest) AS path
		FROM (SELECT DISTINCT b.area, b.division FROM nser.cube_base AS b WHERE b.snapshot_id = judge_cube.snapshot_id) AS a),
	node AS MATERIALIZED (
		SELECT x.path, (row_number() OVER (ORDER BY x.path COLLATE "C") - 1)::integer AS node
		FROM (SELECT DISTINCT p.path[1:d] AS path FROM path AS p, generate_subscripts(p.path, 1) AS d) AS x)
	SELECT array_agg(coalesce(u.node, -1) ORDER BY n.node), array_agg(cardinality(n.path) - 1 ORDER BY n.node),
		array_agg(n.path[cardinality(n.path)] ORDER BY n.node)
	INTO parents, node_levels, node_names
	FROM node AS n LEFT JOIN node AS u ON u.path = n.path[1:cardinality(n.path) - 1] AND cardinality(n.path) > 1;

	SELECT array_agg(v.label ORDER BY v.d, v.label COLLATE "C") INTO labels
	FROM (SELECT DISTINCT d, b."values"[d] AS label FROM nser.cube_base AS b, generate_subscripts(b."values", 1) AS d
		  WHERE b.snapshot_id = judge_cube.snapshot_id) AS v;
	SELECT array_agg(v.size ORDER BY v.d), array_agg(v.first ORDER BY v.d) INTO sizes, firsts
	FROM (SELECT x.d, x.size::integer, (sum(x.size) OVER (ORDER BY x.d) - x.size)::integer AS first
		  FROM (SELECT d, count(DISTINCT b."values"[d]) AS size FROM nser.cube_base AS b, generate_subscripts(b."values", 1) AS d
				WHERE b.snapshot_id = judge_cube.snapshot_id GROUP BY d) AS x) AS v;

	-- together, or not at all: what was shown stays shown
	IF cardinality(sizes) > 8 OR cardinality(parents) * exp((SELECT sum(ln(z + 1::float8)) FROM unnest(sizes) AS z)) > 8000001 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG031',
			MESSAGE = 'the tables of the snapshot are too large to be judged together',
			DETAIL = format('They are by %s attributes, of %s areas.', cardinality(sizes), cardinality(parents)),
			HINT = format('Ask for attributes that others asked for, or a coarser level; or wait until the snapshot is over, on %s.',
				to_char(snapshot.made_at + (registry.share_policy_on()).snapshot_lasts, 'YYYY-MM-DD'));
	END IF;
	strides := ARRAY[]::integer[];
	FOR d IN 1 .. cardinality(sizes) LOOP
		strides := strides || block;
		block := block * (sizes[d] + 1);
	END LOOP;

	WITH leaf AS (
		SELECT n.name, n.node::integer - 1 AS node FROM unnest(node_names) WITH ORDINALITY AS n (name, node)
		WHERE node_levels[n.node] = array_position(enum_range(NULL::registry.area_level), snapshot.finest) - 1),
	base AS (
		SELECT l.node, b.count, row_number() OVER () AS n,
			ARRAY(SELECT array_position(labels[firsts[d] + 1 : firsts[d] + sizes[d]], b."values"[d]) - 1 FROM generate_subscripts(b."values", 1) AS d ORDER BY d) AS v
		FROM nser.cube_base AS b JOIN leaf AS l ON l.name = b.area::text || '/'
		WHERE b.snapshot_id = judge_cube.snapshot_id)
	SELECT array_agg(b.node ORDER BY b.n), array_agg(b.count ORDER BY b.n),
		(SELECT array_agg(x.v ORDER BY x.n, x.d) FROM (SELECT c.n, u.d, u.v FROM base AS c, unnest(c.v) WITH ORDINALITY AS u (v, d)) AS x)
	INTO nodes, counts, numbers FROM base AS b;
	IF snapshot.unit = 'person' THEN
		household_dims := (SELECT coalesce(sum(1 << (n::integer - 1)), 0) FROM unnest(snapshot.keys) WITH ORDINALITY AS k (k, n) WHERE registry.cell_of_household(k.k));
		WITH leaf AS (
			SELECT n.name, n.node::integer - 1 AS node FROM unnest(node_names) WITH ORDINALITY AS n (name, node)
			WHERE node_levels[n.node] = array_position(enum_range(NULL::registry.area_level), snapshot.finest) - 1),
		held AS (
			SELECT l.node, b.households, row_number() OVER () AS n, b."values"
			FROM nser.cube_household AS b JOIN leaf AS l ON l.name = b.area::text || '/'
			WHERE b.snapshot_id = judge_cube.snapshot_id)
		SELECT coalesce(array_agg(b.node ORDER BY b.n), '{}'), coalesce(array_agg(b.households ORDER BY b.n), '{}'),
			(SELECT coalesce(array_agg(coalesce(v.no - firsts[u.d] - 1, -1) ORDER BY c.n, u.d), '{}')
			 FROM held AS c CROSS JOIN LATERAL unnest(c."values") WITH ORDINALITY AS u (label, d)
			 LEFT JOIN unnest(labels) WITH ORDINALITY AS v (label, no) ON v.label = u.label AND v.no > firsts[u.d] AND v.no <= firsts[u.d] + sizes[u.d])
		INTO household_nodes, households, household_values FROM held AS b;
	END IF;

	-- a table of several keys comes as one text of them, as an array
	SELECT coalesce(array_agg(x.bits), '{}'), coalesce(array_agg(x.depth), '{}') INTO bits, depths
	FROM (SELECT coalesce((SELECT sum(1 << (array_position(snapshot.keys, k) - 1)) FROM unnest(t.keys::text[]) AS k), 0)::integer AS bits,
			array_position(enum_range(NULL::registry.area_level), t.level) - 1 AS depth
		  FROM unnest(judge_cube.tables, judge_cube.levels) AS t (keys, level)) AS x;

	-- what was seen: of this snapshot, and of others where the count is the same
	IF EXISTS (SELECT FROM nser.cube_cell AS c JOIN nser.snapshot AS s USING (snapshot_id) WHERE s.unit = snapshot.unit) THEN
		-- the tables they are of alone: by all attributes together there are millions of cells
		SELECT coalesce(array_agg(x.bits), '{}'), coalesce(array_agg(6), '{}') INTO seen_bits, seen_depths
		FROM (SELECT DISTINCT coalesce((SELECT sum(1 << (array_position(snapshot.keys, k) - 1)) FROM unnest(c.attributes) AS k), 0)::integer AS bits
			  FROM nser.cube_cell AS c JOIN nser.snapshot AS s USING (snapshot_id) WHERE s.unit = snapshot.unit AND c.attributes <@ snapshot.keys) AS x;
		WITH part AS (
			-- a cell's number, from that of its area's total
			SELECT k.key, v.label, (v.no - firsts[k.d] - 1 - sizes[k.d])::integer * strides[k.d] AS part
			FROM unnest(snapshot.keys) WITH ORDINALITY AS k (key, d), unnest(labels) WITH ORDINALITY AS v (label, no)
			WHERE v.no > firsts[k.d] AND v.no <= firsts[k.d] + sizes[k.d]),
		place AS MATERIALIZED (
			SELECT c.attributes, c."values", (block - 1 + coalesce(sum(p.part), 0))::integer AS place
			FROM (SELECT DISTINCT c.attributes, c."values" FROM nser.cube_cell AS c JOIN nser.snapshot AS s USING (snapshot_id)
				  WHERE s.unit = snapshot.unit AND c.attributes <@ snapshot.keys) AS c
			LEFT JOIN LATERAL unnest(c.attributes, c."values") AS u (key, label) ON true
			LEFT JOIN part AS p ON p.key = u.key AND p.label = u.label
			GROUP BY c.attributes, c."values" HAVING count(p.part) = count(u.key))
		SELECT coalesce(array_agg(x.cell ORDER BY x.cell), '{}'), coalesce(array_agg(x.hidden ORDER BY x.cell), '{}') INTO seen, seen_hidden
		FROM (SELECT p.cell, bool_and(c.hidden) AS hidden
			  FROM nser.cube_cell AS c
			  JOIN nser.snapshot AS s ON s.snapshot_id = c.snapshot_id AND s.unit = snapshot.unit
			  JOIN place AS a ON a.attributes = c.attributes AND a."values" = c."values"
			  JOIN unnest(node_names, node_levels) WITH ORDINALITY AS n (name, level, no)
			  ON n.name = c.area::text || '/' || coalesce(c.division, '') AND (enum_range(NULL::registry.area_level))[n.level + 1] = c.level
			  JOIN registry.protect_cube(parents, sizes, nodes, numbers, counts, seen_bits, seen_depths, node_levels, '{}', '{}',
										 1, 1, false, false, 0) AS p ON p.cell = (n.no - 1)::integer * block + a.place
			  WHERE c.snapshot_id = judge_cube.snapshot_id OR c.count = p.count
			  GROUP BY p.cell) AS x;
	END IF;

	RETURN QUERY
	SELECT ARRAY(SELECT snapshot.keys[d] FROM generate_subscripts(p."values", 1) AS d WHERE p."values"[d] >= 0 ORDER BY d),
		ARRAY(SELECT labels[firsts[d] + p."values"[d] + 1] FROM generate_subscripts(p."values", 1) AS d WHERE p."values"[d] >= 0 ORDER BY d),
		(enum_range(NULL::registry.area_level))[node_levels[p.node + 1] + 1], split_part(node_names[p.node + 1], '/', 1)::registry.area_code,
		nullif(substr(node_names[p.node + 1], position('/' IN node_names[p.node + 1]) + 1), ''),
		p.count, p.hidden, p.low, p.high, p.exact
	FROM registry.protect_cube(parents, sizes, nodes, numbers, counts, bits, depths, node_levels, seen, seen_hidden,
							   snapshot.threshold, snapshot.width, judge_cube.may_hide, judge_cube.all_bounds, solve_ms,
							   household_dims, household_nodes, household_values, households,
							   (SELECT coalesce(sum(1 << (n::integer - 1)), 0)::integer FROM unnest(snapshot.keys) WITH ORDINALITY AS k (k, n) WHERE k LIKE 'only: %')) AS p;
END;
$$;
COMMENT ON FUNCTION registry.judge_cube(bigint, text[], registry.area_level[], boolean, boolean) IS
	'the cells of tables of a snapshot, each table being keys as text of an array, down to its level, judged with all that was seen before; low and '
	'high of the hidden ones, of witnesses, and exact where the solver found nothing beyond; may_hide: hide until all are wide enough; RG031 where they are too many for that';
