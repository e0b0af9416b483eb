
-- make_cells: tables of a release, of the snapshot that all share ---------------------

-- The snapshot a table can be made of: the newest, while it lasts, if what its tables
-- are counted by still counts the same; or a new one.
CREATE FUNCTION registry.snapshot_for(keys text[], finest registry.area_level) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	unit_of		text := registry.cell_unit(snapshot_for.keys);
	policy		record;
	newest		record;
	joined		text[];
	depth		registry.area_level;
	fresh		bigint;
BEGIN
	-- what another released meanwhile must be seen
	IF current_setting('transaction_isolation') <> 'read committed' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_transaction_state',
			MESSAGE = format('cells are made in a transaction that is READ COMMITTED, not %s', upper(current_setting('transaction_isolation'))),
			HINT = 'Publish in a transaction of its own, as BEGIN ISOLATION LEVEL READ COMMITTED.';
	END IF;
	LOCK TABLE nser.snapshot IN SHARE ROW EXCLUSIVE MODE;
	SELECT p.cell_outside, p.cell_width, p.snapshot_lasts INTO policy FROM registry.share_policy_on() AS p;
	SELECT s.snapshot_id, s.attributes, s.finest INTO newest
	FROM nser.snapshot AS s
	WHERE s.unit = unit_of AND s.threshold = policy.cell_outside AND s.width = policy.cell_width
	AND s.made_at + policy.snapshot_lasts >= now()
	ORDER BY s.snapshot_id DESC LIMIT 1;
	IF FOUND AND newest.attributes @> array_remove(snapshot_for.keys, 'total') AND newest.finest >= snapshot_for.finest THEN
		RETURN newest.snapshot_id;
	END IF;

	joined := ARRAY(SELECT DISTINCT k COLLATE "C" FROM unnest(newest.attributes || snapshot_for.keys) AS k WHERE k <> 'total' ORDER BY 1);
	joined := CASE WHEN joined = '{}' THEN '{total}' ELSE joined END;
	depth := greatest(newest.finest, snapshot_for.finest, 'district');
	INSERT INTO nser.snapshot (unit, attributes, finest, threshold, width)
	VALUES (unit_of, joined, depth, policy.cell_outside, policy.cell_width)
	RETURNING snapshot_id INTO fresh;
	PERFORM registry.count_base(fresh, unit_of, joined, depth);
	IF newest.snapshot_id IS NULL THEN
		RETURN fresh;
	END IF;

	-- counted by what the newest is: the same rows, or the registry has moved on
	IF NOT EXISTS (
		SELECT FROM (
			SELECT coalesce(registry.ancestor(b.area, newest.finest), b.area) AS area, coalesce(b.division, '') AS division,
				ARRAY(SELECT coalesce(b."values"[array_position(joined, k.k)], 'all') FROM unnest(newest.attributes) WITH ORDINALITY AS k (k, n) ORDER BY k.n) AS v,
				sum(b.count) AS count
			FROM nser.cube_base AS b WHERE b.snapshot_id = fresh GROUP BY 1, 2, 3) AS new
		FULL JOIN nser.cube_base AS old ON old.area OPERATOR(registry.=) new.area AND coalesce(old.division, '') = new.division
			AND old."values" = new.v AND old.snapshot_id = newest.snapshot_id
		WHERE (old.snapshot_id = newest.snapshot_id OR old.snapshot_id IS NULL) AND old.count IS DISTINCT FROM new.count) THEN
		DELETE FROM nser.cube_base AS b WHERE b.snapshot_id = newest.snapshot_id;
		DELETE FROM nser.cube_household AS b WHERE b.snapshot_id = newest.snapshot_id;
		UPDATE nser.cube_base AS b SET snapshot_id = newest.snapshot_id WHERE b.snapshot_id = fresh;
		UPDATE nser.cube_household AS b SET snapshot_id = newest.snapshot_id WHERE b.snapshot_id = fresh;
		DELETE FROM nser.snapshot AS s WHERE s.snapshot_id = fresh;
		UPDATE nser.snapshot AS s SET attributes = joined, finest = depth WHERE s.snapshot_id = newest.snapshot_id;
		RETURN newest.snapshot_id;
	END IF;
	DELETE FROM nser.cube_base AS b WHERE b.snapshot_id = fresh;
	DELETE FROM nser.cube_household AS b WHERE b.snapshot_id = fresh;
	UPDATE nser.snapshot AS s SET attributes = snapshot_for.keys, finest = greatest(snapshot_for.finest, 'district') WHERE s.snapshot_id = fresh;
	PERFORM registry.count_base(fresh, unit_of, snapshot_for.keys, greatest(snapshot_for.finest, 'district'));
	RETURN fresh;
END;
$$;
COMMENT ON FUNCTION registry.snapshot_for(text[], registry.area_level) IS
	'the snapshot that a table by these keys, down to this level, is made of: the newest while it lasts and counts the same, or a new one; others wait';

CREATE FUNCTION registry.refuse_narrow(cells integer, exact integer, named text, until date DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	-- in another one nobody has seen what is beside them
	later	text := coalesce(' Or wait until the snapshot is over, on ' || to_char(refuse_narrow.until, 'YYYY-MM-DD') || '.', '');
BEGIN
	IF refuse_narrow.exact > 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG025',
			MESSAGE = format('%s hidden cells could be told too closely', refuse_narrow.cells),
			DETAIL = format('They are %s.', refuse_narrow.named),
			HINT = 'Ask for fewer attributes, for such with fewer values, or for a coarser level.' || later;
	ELSIF refuse_narrow.cells > 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG031',
			MESSAGE = format('%s hidden cells could not be proved safe, in time or at this size', refuse_narrow.cells),
			DETAIL = format('They are %s.', refuse_narrow.named),
			HINT = 'Ask for fewer attributes or a coarser level, or give nser.share_policy.solve_within more time.' || later;
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.refuse_narrow(integer, integer, text, date) IS
	'refuse to publish where hidden cells are narrow: RG025 where some are so exactly, RG031 where that could not be found out in time; until: the last day of the snapshot';

-- Cells that have just come are in no statistics, and are too many to look up one by one.
CREATE FUNCTION registry.make_cells(release_id bigint, OUT rows bigint, OUT persons bigint, OUT households bigint, OUT losses jsonb, OUT checks jsonb)
	LANGUAGE plpgsql
	SET enable_nestloop = off
AS $$
DECLARE
	asked		record;
	keys		text[];
	unit_of		text;
	depth		registry.area_level;
	snapshot	bigint;
	tables		text[];
	levels		registry.area_level[];
	narrow		record;
	relation	text := 'r' || make_cells.release_id;
	columns		text[];
BEGIN
	SELECT r.request_id, r.category, r.audience, r.area, r.level, r.attributes INTO STRICT asked
	FROM nser.release AS x JOIN nser.agreement AS a USING (agreement_id) JOIN nser.data_request AS r USING (request_id)
	WHERE x.release_id = make_cells.release_id;
	IF asked.category NOT IN ('summary', 'custom_analysis', 'map') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = format('a release of category %s is not of cells', asked.category),
			HINT = 'Cells are made for summary, custom_analysis and map.';
	END IF;
	keys := registry.cell_keys(asked.request_id);
	unit_of := registry.cell_unit(keys);
	depth := CASE asked.audience WHEN 'public' THEN least(asked.level, 'district') ELSE asked.level END;
	snapshot := registry.snapshot_for(keys, depth);

	INSERT INTO nser.cube_table (snapshot_id, release_id, attributes, finest) VALUES (snapshot, make_cells.release_id, keys, depth);
	SELECT array_agg(t.attributes::text ORDER BY t.attributes::text, t.finest), array_agg(t.finest ORDER BY t.attributes::text, t.finest) INTO tables, levels
	FROM nser.cube_table AS t WHERE t.snapshot_id = snapshot;

	-- a table all of whose cells are there was judged when they came
	IF NOT EXISTS (SELECT FROM nser.cube_table AS t
				   WHERE t.snapshot_id = snapshot AND t.release_id <> make_cells.release_id AND t.attributes @> keys AND t.finest >= depth) THEN
		WITH judged AS MATERIALIZED (SELECT j.* FROM registry.judge_cube(snapshot, tables, levels, true, false) AS j),
		put AS (
			INSERT INTO nser.cube_cell (snapshot_id, attributes, "values", level, area, division, count, hidden)
			SELECT snapshot, j.attributes, j."values", j.level, j.area, j.division, j.count, j.hidden FROM judged AS j
			WHERE NOT EXISTS (SELECT FROM nser.cube_cell AS c
							  WHERE c.snapshot_id = snapshot AND c.attributes = j.attributes AND c.level = j.level AND c.area OPERATOR(registry.=) j.area
							  AND c.division IS NOT DISTINCT FROM j.division AND c."values" = j."values"))
		SELECT count(*)::integer AS cells, count(*) FILTER (WHERE j.exact)::integer AS exact,
			string_agg(format('%s %s', j.area, j."values"), ', ' ORDER BY j.level, j.area, j.attributes, j."values") FILTER (WHERE j.place <= 5) AS named
		INTO narrow
		FROM (SELECT k.*, row_number() OVER (ORDER BY k.level, k.area, k.attributes, k."values") AS place FROM judged AS k
			  WHERE k.high - k.low < (SELECT s.width FROM nser.snapshot AS s WHERE s.snapshot_id = snapshot)) AS j;
		PERFORM registry.refuse_narrow(narrow.cells, narrow.exact, narrow.named,
			(SELECT s.made_at + (registry.share_policy_on()).snapshot_lasts FROM nser.snapshot AS s WHERE s.snapshot_id = snapshot)::date);
	END IF;

	columns := ARRAY(SELECT DISTINCT a FROM unnest(asked.attributes) AS a WHERE a <> 'area' ORDER BY 1);
	EXECUTE format('CREATE TABLE release.%I AS
		SELECT c.area, CASE c.level WHEN ''division'' THEN c.division ELSE n.name END AS area_name, c.level%s,
			CASE WHEN NOT c.hidden THEN c.count END AS count,
			CASE WHEN NOT c.hidden AND NOT o.hidden THEN round(100.0 * c.count / nullif(o.count, 0), 1) END AS percent
		FROM nser.cube_cell AS c
		-- everybody of the area whom the table is of
		LEFT JOIN nser.cube_cell AS o ON o.snapshot_id = c.snapshot_id AND o.level = c.level AND o.area OPERATOR(registry.=) c.area
			AND o.division IS NOT DISTINCT FROM c.division AND o.attributes = $3 AND o."values" = $4
		LEFT JOIN nser.area AS n ON n.code OPERATOR(registry.=) c.area AND n.level = c.level
		WHERE c.snapshot_id = $1 AND c.attributes <@ $2 AND c.attributes @> $3 AND ($3 = ''{}'' OR c."values"[array_position(c.attributes, $3[1])] = ''true'')
		AND c.attributes <> ''{total}'' AND c.level <= $5 AND c.area OPERATOR(registry.<@) $6 AND (c.level <> ''division'' OR c.division IS NOT NULL)
		ORDER BY c.level, c.area, c.attributes, c."values"', relation,
		(SELECT string_agg(format(', coalesce(c."values"[array_position(c.attributes, %L)], ''all'') AS %I', k.k, a.a), '' ORDER BY a.n)
		 FROM unnest(columns) WITH ORDINALITY AS a (a, n) JOIN unnest(keys) AS k (k) ON split_part(k.k, '@', 1) = a.a))
	USING snapshot, keys, ARRAY(SELECT k FROM unnest(keys) AS k WHERE k LIKE 'only: %'),
		ARRAY(SELECT 'true' FROM unnest(keys) AS k WHERE k LIKE 'only: %'), depth, asked.area;
	GET DIAGNOSTICS rows = ROW_COUNT;
	PERFORM registry.comment_cells(relation, columns, unit_of);

	EXECUTE format('SELECT jsonb_build_object(''hidden'', count(*) FILTER (WHERE r.count IS NULL), ''cells'', count(*)), max(r.count)
		FROM release.%I AS r', relation) INTO losses, persons;
	IF unit_of = 'household' THEN
		households := persons;
		persons := NULL;
	END IF;
	losses := losses || jsonb_build_object('left_out', (
		-- a table that is not there at its finest level is coarser than what was asked for
		SELECT coalesce(jsonb_agg(t.level ORDER BY t.level), '[]')
		FROM unnest(enum_range('country'::registry.area_level, depth)) AS t (level)
		WHERE NOT EXISTS (SELECT FROM nser.cube_cell AS c WHERE c.snapshot_id = snapshot AND c.attributes = keys AND c.level = t.level)));
	SELECT jsonb_build_object('snapshot', s.snapshot_id, 'threshold', s.threshold, 'width', s.width) INTO checks
	FROM nser.snapshot AS s WHERE s.snapshot_id = snapshot;
END;
$$;
COMMENT ON FUNCTION registry.make_cells(bigint) IS
	'make table release.r<id> of a release of a summary, custom analysis or map: counts by area and attributes, with all totals, NULL where hidden; '
	'losses: cells, hidden, left_out (levels at which the full table would be of small cells mostly); refuses narrow cells (RG025, RG031); '
	'persons, or households: the greatest count that is shown, as one that is not would be told by it';

CREATE FUNCTION registry.comment_cells(relation name, columns text[], unit text) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	described	record;
BEGIN
	EXECUTE format('COMMENT ON TABLE release.%I IS %L', comment_cells.relation,
		format('counts of %ss by area and attributes, with all totals', comment_cells.unit));
	FOR described IN
		SELECT d.name, d.meaning FROM (VALUES
			('area', 'P-code; of a division its province; coarser than the level for those of whom no finer area is known'),
			('area_name', 'name of the area, NULL where not known'), ('level', 'level of the area'),
			('count', 'how many ' || comment_cells.unit || 's; NULL where hidden'),
			('percent', 'of all in the area, NULL where the count or that of all is hidden')) AS d (name, meaning)
		UNION ALL
		SELECT c, s.meaning || '; all: a total' FROM unnest(comment_cells.columns) AS c
		JOIN registry.share_columns() AS s ON s.attribute = c AND s.step = 0
	LOOP
		EXECUTE format('COMMENT ON COLUMN release.%I.%I IS %L', comment_cells.relation, described.name, described.meaning);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.comment_cells(name, text[], text) IS 'say what the columns of a table of cells are';
