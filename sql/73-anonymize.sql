
-- anonymize: records that show as much as k and l allow -------------------------------
--
-- Each attribute has the same step for all records.  A step loses the part of the
-- attribute's entropy that it hides; what the attributes lose counts alike, and a
-- record left out loses all.

CREATE FUNCTION registry.share_base(release_id bigint, attributes text[], levels text[], within registry.area_code, cells integer) RETURNS void
	LANGUAGE plpgsql
	SET work_mem = '256MB'
	SET jit = off
	SET client_min_messages = warning
AS $$
BEGIN
	DROP TABLE IF EXISTS pg_temp.registry_share_base, pg_temp.registry_share_value;
	EXECUTE format('
		CREATE TEMPORARY TABLE registry_share_base ON COMMIT DROP AS
		SELECT row_number() OVER (ORDER BY q.household_id, q.line)::integer AS no, dense_rank() OVER (ORDER BY q.household_id)::integer - 1 AS household,
			q.*, registry.ancestor(q.area, ''tehsil'')::text AS "area/tehsil", registry.ancestor(q.area, ''district'')::text AS "area/district",
			-- two provinces may have one of a name
			registry.ancestor(q.area, ''province'')::text || ''-'' || d.division AS "area/division", registry.ancestor(q.area, ''province'')::text AS "area/province",
			%s AS "area/cell"
		FROM (%s) AS q
		LEFT JOIN nser.area AS d ON d.code OPERATOR(registry.=) registry.ancestor(q.area, ''district'')
		%s
		ORDER BY q.household_id, q.line',
		CASE WHEN 'cell' = ANY (share_base.levels) THEN 'coalesce(c.cell, registry.ancestor(q.area, ''tehsil'')::text)' ELSE 'NULL::text' END,
		registry.share_source(share_base.release_id, share_base.attributes, 'person', true),
		CASE WHEN 'cell' = ANY (share_base.levels) THEN format('LEFT JOIN registry.geo_cells(%L, %L) AS c ON c.household_id = q.household_id',
			share_base.within, share_base.cells) ELSE '' END);
	CREATE TEMPORARY TABLE registry_share_value (attribute text NOT NULL, code integer NOT NULL, chain text[] NOT NULL, persons bigint NOT NULL) ON COMMIT DROP;
	ANALYZE pg_temp.registry_share_base;
END;
$$;
COMMENT ON FUNCTION registry.share_base(bigint, text[], text[], registry.area_code, integer) IS
	'makes the temporary table of what records may show, every step of every attribute and the levels of areas as a column each; '
	'cells are of so many households at least';

-- Codes of an attribute for registry.least_coarse(): a code for each chain of what it
-- shows, step by step, as what is unknown at one may be known at the next.
CREATE FUNCTION registry.share_codes(attribute text, columns name[], OUT codes integer[], OUT size integer, OUT coarser integer[], OUT losses integer[])
	LANGUAGE plpgsql
	SET work_mem = '256MB'
	SET jit = off
AS $$
DECLARE
	chain	text := (SELECT string_agg(format('b.%I', c.name), ', ' ORDER BY c.no) FROM unnest(share_codes.columns) WITH ORDINALITY AS c (name, no));
BEGIN
	EXECUTE format('INSERT INTO pg_temp.registry_share_value (attribute, code, chain, persons)
					SELECT $1, row_number() OVER (ORDER BY g.chain COLLATE "C"), g.chain, g.persons
					FROM (SELECT ARRAY[%1$s] AS chain, count(*) AS persons FROM pg_temp.registry_share_base AS b GROUP BY %1$s) AS g', chain)
	USING share_codes.attribute;
	EXECUTE format('SELECT array_agg(v.code ORDER BY b.no)
					FROM pg_temp.registry_share_base AS b
					JOIN pg_temp.registry_share_value AS v ON v.attribute = $1 AND v.chain = ARRAY[%s]', chain)
	USING share_codes.attribute INTO codes;

	SELECT 1 + count(*) INTO size FROM pg_temp.registry_share_value AS v WHERE v.attribute = share_codes.attribute;
	WITH value AS (
		SELECT c.step, v.code, v.persons, v.chain[c.step] AS shown, sum(v.persons) OVER (PARTITION BY c.step, v.chain[c.step]) AS alike,
			sum(v.persons) OVER (PARTITION BY c.step) AS everybody, dense_rank() OVER (PARTITION BY c.step ORDER BY v.chain[c.step] COLLATE "C") AS place
		FROM pg_temp.registry_share_value AS v
		CROSS JOIN generate_series(1, cardinality(share_codes.columns)) AS c (step)
		WHERE v.attribute = share_codes.attribute
	), coded AS (
		SELECT x.step, x.code, CASE WHEN x.shown IS NULL THEN 0 ELSE x.place END AS becomes FROM value AS x
		UNION ALL
		SELECT s.step, 0, 0 FROM generate_series(1, cardinality(share_codes.columns)) AS s (step)
	), lost AS (
		-- numeric: the sum is the same in any order
		SELECT x.step, coalesce(sum(x.persons * ln(x.alike / x.persons)) / nullif(sum(x.persons * ln(x.everybody / x.persons)), 0), 0) AS part
		FROM value AS x GROUP BY x.step
	)
	SELECT (SELECT array_agg(d.becomes ORDER BY d.step, d.code) FROM coded AS d),
		(SELECT array_agg(round(least(o.part, 1) * 1000000) ORDER BY o.step) FROM lost AS o)
	INTO coarser, losses;
END;
$$;
COMMENT ON FUNCTION registry.share_codes(text, name[]) IS
	'what registry.least_coarse() needs to know of an attribute of the temporary table of registry.share_base(): a code for each record, '
	'how many codes there are, what each becomes at each step, and the part of the entropy that a step loses, in millionths';

CREATE FUNCTION registry.refuse_records(message text, hint text) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'RG024', MESSAGE = refuse_records.message, HINT = refuse_records.hint;
END;
$$;
COMMENT ON FUNCTION registry.refuse_records(text, text) IS 'raises the error that says why records cannot be shown anonymously, RG024, and what to ask for instead';
