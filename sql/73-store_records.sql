
-- store_records: anonymized records as they are released ------------------------------

CREATE FUNCTION registry.store_records(relation name, agreement_id bigint, level text, within registry.area_code, with_household boolean, keyed boolean,
									   names text[], sources text[]) RETURNS void
	LANGUAGE plpgsql
	SET work_mem = '256MB'
	SET jit = off
	SET client_min_messages = warning
AS $$
DECLARE
	target	text := format('release.%I', store_records.relation);
	shown	text := CASE store_records.level WHEN 'all' THEN format('%L::text', store_records.within) WHEN 'cell' THEN 'b."area/tehsil"'
				ELSE format('b.%I', 'area/' || store_records.level) END;
	column_name	record;
BEGIN
	DROP VIEW IF EXISTS pg_temp.registry_share_stored;
	DROP TABLE IF EXISTS pg_temp.registry_share_person;
	CREATE TEMPORARY TABLE registry_share_person (no integer NOT NULL, household_id bigint NOT NULL, person uuid NOT NULL, household uuid) ON COMMIT DROP;
	-- the key goes as a value: a statement's text is kept in logs
	EXECUTE 'INSERT INTO pg_temp.registry_share_person (no, household_id, person, household)
			 SELECT b.no, b.household_id, registry.pseudonym(k.key, b.household_id || ''.'' || b.line), CASE WHEN $2 THEN registry.pseudonym(k.key, b.household_id::text) END
			 FROM pg_temp.registry_share_base AS b CROSS JOIN (SELECT registry.agreement_key($1) AS key) AS k'
	USING store_records.agreement_id, store_records.keyed;

	-- in the order of pseudonyms: rows side by side tell of no household; made by its query,
	-- since rows that are inserted go wherever there is room
	EXECUTE format('CREATE TABLE %s AS SELECT p.person%s, %s AS area, (%s)::text AS area_name%s%s
					FROM pg_temp.registry_share_base AS b JOIN pg_temp.registry_share_person AS p ON p.no = b.no%s ORDER BY p.person',
		target, CASE WHEN store_records.with_household THEN ', p.household' ELSE '' END, shown,
		CASE store_records.level WHEN 'division' THEN 'substr(b."area/division", strpos(b."area/division", ''-'') + 1)' ELSE 'a.name' END,
		CASE store_records.level WHEN 'cell' THEN ', nullif(b."area/cell", b."area/tehsil") AS cell' ELSE '' END,
		coalesce((SELECT string_agg(format(', b.%I::text AS %I', s.source, s.name), '' ORDER BY s.no)
				  FROM unnest(store_records.sources, store_records.names) WITH ORDINALITY AS s (source, name, no)), ''),
		CASE store_records.level WHEN 'division' THEN '' ELSE format(' LEFT JOIN nser.area AS a ON a.code::text = %s', shown) END);
	EXECUTE format('ALTER TABLE %s ALTER COLUMN person SET NOT NULL', target);
	EXECUTE format('ANALYZE %s', target);
	EXECUTE format('CREATE TEMPORARY VIEW registry_share_stored AS SELECT r.*, p.household_id AS registry_household FROM %s AS r
					JOIN pg_temp.registry_share_person AS p ON p.person = r.person', target);

	EXECUTE format('COMMENT ON TABLE %s IS %L', target, 'records of persons, at the steps that nser.release says');
	FOR column_name IN
		SELECT c.name, c.meaning
		FROM (VALUES ('person', 'pseudonym of this agreement: the same person in its later releases, and nobody in another partner''s'),
				('area', format('area of residence, level %s; NULL where it is not known so finely', store_records.level)), ('area_name', 'its name; NULL where not known')
			 ) AS c (name, meaning)
		UNION ALL SELECT 'household', 'pseudonym of the household; NULL of all where its members together would tell it' WHERE store_records.with_household
		UNION ALL SELECT 'cell', 'quarter degrees east and north that begin it, within the tehsil; NULL where it has few households, or the place is not known'
			WHERE store_records.level = 'cell'
		UNION ALL
		SELECT s.name, c.meaning || '; NULL where unknown'
		FROM unnest(store_records.names, store_records.sources) AS s (name, source)
		JOIN registry.share_columns() AS c ON c.attribute = s.name AND s.source = CASE c.step WHEN 0 THEN s.name ELSE format('%s/%s', s.name, c.step) END
	LOOP
		EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', target, column_name.name, column_name.meaning);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.store_records(name, bigint, text, registry.area_code, boolean, boolean, text[], text[]) IS
	'creates the table of a release of records out of the temporary table of registry.share_base(), whose columns sources it shows by the names '
	'given, under the pseudonyms of an agreement, and a temporary view of it with the households it is of';
