
-- linkage: whether the values of two releases join ------------------------------------

CREATE FUNCTION registry.release_steps(release_id bigint) RETURNS TABLE (name text, step text, shown_as name)
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	made	record;
BEGIN
	-- a list says no steps: its areas are as fine as was asked for
	SELECT l.relation, l.losses,
		CASE WHEN q.category IN ('beneficiary_list', 'beneficiary_dimensions') THEN CASE q.level WHEN 'country' THEN 'all' ELSE q.level::text END END AS level
	INTO made
	FROM nser.release AS l
	JOIN nser.agreement AS a ON a.agreement_id = l.agreement_id
	JOIN nser.data_request AS q ON q.request_id = a.request_id
	WHERE l.release_id = release_steps.release_id;
	IF made.relation IS NULL OR to_regclass(format('release.%I', made.relation)) IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('release %s has no records to compare', coalesce(release_steps.release_id::text, 'NULL')),
			HINT = 'nser.release lists releases; those of records have a relation, kept in schema release.';
	END IF;
	RETURN QUERY
	SELECT CASE a.attname WHEN 'poverty_level' THEN 'score_band' ELSE a.attname END::text, coalesce(made.losses #>> ARRAY['attributes', a.attname, 'level'], made.losses #>> ARRAY['attributes', a.attname, 'step'],
		CASE a.attname WHEN 'area' THEN made.level END, '0'), a.attname
	FROM pg_attribute AS a
	WHERE a.attrelid = to_regclass(format('release.%I', made.relation)) AND a.attnum > 0 AND NOT a.attisdropped
	-- names and numbers are nobody's values, and a pseudonym is another's with another partner
	AND a.attname NOT IN ('person', 'household', 'area_name', 'cell', 'name', 'address', 'cnic')
	-- a list's poverty level is the band of the score, and may be there twice
	AND NOT (a.attname = 'poverty_level' AND EXISTS (SELECT FROM pg_attribute AS b WHERE b.attrelid = a.attrelid AND b.attname = 'score_band'))
	ORDER BY a.attnum;
END;
$$;
COMMENT ON FUNCTION registry.release_steps(bigint) IS
	'attributes of a release by which records can be compared, with the step each shows, an area''s being its level, and the column it is shown as: a list''s poverty_level is score_band; of a list, which says none, the '
	'level that was asked for, and 0; refused: a release without a table';

-- An area of a release at a level that is no finer, as SQL over r.
CREATE FUNCTION registry.coarser_area(step text, level text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE
		WHEN level = 'cell' THEN 'coalesce(r.cell, r.area)'
		WHEN step = level OR step = 'cell' AND level = 'tehsil' THEN 'r.area'
		-- a division has no code, but its name
		WHEN level = 'division' THEN '(SELECT d.division FROM nser.area AS d WHERE d.code OPERATOR(registry.=) registry.ancestor(r.area::registry.area_code, ''district''))'
		WHEN step = 'division' THEN format('(SELECT min(registry.ancestor(d.code, %L)::text) FROM nser.area AS d WHERE d.division = r.area)', level)
		ELSE format('registry.ancestor(r.area::registry.area_code, %L)::text', level) END;
COMMENT ON FUNCTION registry.coarser_area(text, text) IS
	'SQL over r, a release that shows areas at a step, of the area at a level that is as coarse or coarser: cell, tehsil, district, division or province';

-- Both sides of a column that two releases show, as finely as both do.
CREATE FUNCTION registry.shared_columns(release bigint, other bigint) RETURNS TABLE (name text, one text, another text)
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	levels	text[] := '{cell,tehsil,district,division,province,all}'::text[];
BEGIN
	RETURN QUERY
	SELECT s.name,
		CASE WHEN s.name = 'area' THEN registry.coarser_area(s.one_step, s.coarser) WHEN s.one_step = s.coarser THEN format('r.%I', s.one_shown)
			ELSE format('registry.coarser_value(%L, %s, r.%I)', s.name, s.coarser, s.one_shown) END,
		CASE WHEN s.name = 'area' THEN registry.coarser_area(s.other_step, s.coarser) WHEN s.other_step = s.coarser THEN format('r.%I', s.other_shown)
			ELSE format('registry.coarser_value(%L, %s, r.%I)', s.name, s.coarser, s.other_shown) END
	FROM (SELECT a.name, a.step AS one_step, b.step AS other_step, a.shown_as AS one_shown, b.shown_as AS other_shown,
			CASE WHEN a.name <> 'area' THEN greatest(a.step::integer, b.step::integer)::text
				WHEN a.step = 'cell' AND b.step = 'cell' THEN 'cell'
				-- a cell's row has its tehsil beside it; what is finer than that is in lists alone
				ELSE levels[greatest(array_position(levels, a.step), array_position(levels, b.step), 2)] END AS coarser
		  FROM registry.release_steps(shared_columns.release) AS a
		  JOIN registry.release_steps(shared_columns.other) AS b ON b.name = a.name) AS s
	WHERE s.coarser <> 'all';
END;
$$;
COMMENT ON FUNCTION registry.shared_columns(bigint, bigint) IS
	'columns that two releases show, and what is compared, as SQL over r: attributes at the coarser of both steps, areas at the coarser of both levels';

CREATE FUNCTION registry.linkage(release bigint, other bigint, OUT share double precision, OUT columns text[])
	LANGUAGE plpgsql STABLE
	SET work_mem = '256MB'
	SET jit = off
AS $$
DECLARE
	one		text;
	another	text;
	same	record;
	source	regclass;
	target	regclass;
BEGIN
	SELECT string_agg(s.one, ', ' ORDER BY s.name), string_agg(s.another, ', ' ORDER BY s.name), coalesce(array_agg(s.name ORDER BY s.name), '{}')
	INTO one, another, columns
	FROM registry.shared_columns(linkage.release, linkage.other) AS s;
	SELECT format('release.%I', a.relation)::regclass, format('release.%I', b.relation)::regclass INTO source, target
	FROM nser.release AS a, nser.release AS b WHERE a.release_id = linkage.release AND b.release_id = linkage.other;
	IF columns = '{}' THEN
		share := 0;
		RETURN;
	END IF;

	EXECUTE format('SELECT (SELECT count(*) FROM (SELECT ARRAY[%1$s]::text[] AS shown FROM %3$s AS r GROUP BY 1 HAVING count(*) = 1) AS a
						JOIN (SELECT ARRAY[%2$s]::text[] AS shown FROM %4$s AS r GROUP BY 1 HAVING count(*) = 1) AS b ON b.shown = a.shown)::double precision
						/ nullif((SELECT count(*) FROM %3$s), 0)', one, another, source, target)
	INTO share;
	-- where both tell households, their members together may join what no one of them does
	SELECT count(*) = 2 AS keyed INTO same FROM pg_attribute AS a
	WHERE a.attrelid IN (source, target) AND a.attname = 'household' AND NOT a.attisdropped;
	IF source <> target AND same.keyed THEN
		EXECUTE format('
			WITH a AS (SELECT h.shown, max(h.persons) AS persons FROM (SELECT array_agg(x.shown ORDER BY x.shown COLLATE "C") AS shown, count(*) AS persons
					FROM (SELECT r.household, ROW(%1$s)::text AS shown FROM %3$s AS r WHERE r.household IS NOT NULL) AS x GROUP BY x.household) AS h
					GROUP BY h.shown HAVING count(*) = 1),
				b AS (SELECT h.shown FROM (SELECT array_agg(x.shown ORDER BY x.shown COLLATE "C") AS shown
					FROM (SELECT r.household, ROW(%2$s)::text AS shown FROM %4$s AS r WHERE r.household IS NOT NULL) AS x GROUP BY x.household) AS h
					GROUP BY h.shown HAVING count(*) = 1)
			SELECT greatest($1, (SELECT coalesce(sum(a.persons), 0) FROM a JOIN b ON b.shown = a.shown)::double precision / nullif((SELECT count(*) FROM %3$s), 0))',
			one, another, source, target)
		USING share INTO share;
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.linkage(bigint, bigint) IS
	'the share of the records of a release, 0 to 1, that match exactly one record of another and are matched by no other, by the columns both '
	'show, or whose household does by all its members together; NULL where the release has no records; 0 where they show nothing alike';

CREATE FUNCTION registry.check_linkage(release_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	allowed	CONSTANT double precision := (registry.share_policy_on()).max_linkage;
	worst	record;
BEGIN
	SELECT count(*) AS releases, max(m.share) AS share, (array_agg(m.release_id ORDER BY m.share DESC NULLS LAST, m.release_id))[1] AS release_id,
		(array_agg(array_to_string(m.columns, ', ') ORDER BY m.share DESC NULLS LAST, m.release_id))[1] AS columns
	INTO worst
	FROM (WITH before AS MATERIALIZED (
			-- a service has no table: compared with none, in whatever order the planner asks
			SELECT l.release_id, greatest(1, coalesce(n.rows::double precision / nullif(l.rows, 0), 1)) AS times
			FROM nser.release AS l
			JOIN nser.release AS n ON n.release_id = check_linkage.release_id
			JOIN nser.agreement AS a ON a.agreement_id = l.agreement_id
			WHERE l.release_id < check_linkage.release_id AND l.state IN ('published', 'replaced', 'revoked')
			AND a.category IN ('anonymized', 'geo_tagged', 'beneficiary_list', 'beneficiary_dimensions')
			AND to_regclass('release.' || quote_ident(l.relation)) IS NOT NULL)
		  -- of the smaller release's records: those of a small one may all be in a large one
		  SELECT b.release_id, least(1, k.share * b.times) AS share, k.columns
		  FROM before AS b
		  CROSS JOIN LATERAL registry.linkage(check_linkage.release_id, b.release_id) AS k) AS m;
	IF coalesce(worst.share, 0) > allowed THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG027',
			MESSAGE = format('records of release %s match those of release %s', check_linkage.release_id, worst.release_id),
			DETAIL = format('%s %% match uniquely by %s; %s %% may.', round(100 * worst.share::numeric, 2), worst.columns, round(100 * allowed::numeric, 2)),
			HINT = 'Ask for fewer attributes, or a coarser level of areas; nser.share_policy has the limit.';
	END IF;
	RETURN jsonb_build_object('linkage', coalesce(worst.share, 0), 'releases', worst.releases);
END;
$$;
COMMENT ON FUNCTION registry.check_linkage(bigint) IS
	'the highest share of a release''s records that match uniquely those of any earlier release of records or lists, to whichever partner, and '
	'against how many releases; refused (RG027) where it is above max_linkage of nser.share_policy';
