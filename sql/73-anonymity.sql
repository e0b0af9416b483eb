
-- anonymity: how many share what is shown ---------------------------------------------

-- A list of columns as SQL, each checked to be one of the relation.
CREATE FUNCTION registry.column_list(relation regclass, columns name[]) RETURNS text
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	wrong	text;
BEGIN
	IF column_list.relation IS NULL OR column_list.columns IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'a relation and its columns must not be NULL',
			HINT = 'Write registry.anonymity(''release.r7'', ''{area,sex,age_group}'', ''household'').';
	END IF;
	IF NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = column_list.relation AND c.relkind = ANY ('{r,p,v,m,f}'::"char"[])) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'wrong_object_type',
			MESSAGE = format('%s has no rows that could be counted', column_list.relation),
			HINT = 'Name a table or a view.';
	END IF;
	SELECT string_agg(coalesce(c.name::text, 'NULL'), ', ' ORDER BY c.no) INTO wrong
	FROM unnest(column_list.columns) WITH ORDINALITY AS c (name, no)
	WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = column_list.relation AND a.attname = c.name AND a.attnum > 0 AND NOT a.attisdropped);
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_column',
			MESSAGE = format('relation %s has no such column: %s', column_list.relation, wrong),
			HINT = 'Name columns of it, such as ''{area,sex,age_group}''.';
	END IF;
	RETURN (SELECT coalesce(string_agg(DISTINCT format('r.%I', c.name), ', '), 'NULL::text') FROM unnest(column_list.columns) AS c (name));
END;
$$;
COMMENT ON FUNCTION registry.column_list(regclass, name[]) IS
	'columns of a relation as a list in SQL, of a relation called r, in order of their names; a constant where there are none; refused: a column it '
	'does not have, and what has no rows';

CREATE FUNCTION registry.column_places(columns name[]) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT string_agg('c' || p.place, ', ') FROM generate_series(1, (SELECT greatest(count(DISTINCT c.name), 1) FROM unnest(columns) AS c (name))) AS p (place));
COMMENT ON FUNCTION registry.column_places(name[]) IS 'names for the columns of registry.column_list(), by their places: c1, c2';

CREATE FUNCTION registry.anonymity(relation regclass, quasi_identifiers name[], household name DEFAULT NULL,
								   OUT groups bigint, OUT smallest_persons bigint, OUT smallest_households bigint,
								   OUT persons_under_2 bigint, OUT persons_under_3 bigint, OUT persons_under_5 bigint)
	LANGUAGE plpgsql STABLE
	SET work_mem = '256MB'
	SET jit = off
AS $$
DECLARE
	shown	text := registry.column_list(anonymity.relation, anonymity.quasi_identifiers);
	-- by names of their own: a column may have any
	places	text := registry.column_places(anonymity.quasi_identifiers);
	source	text := format('SELECT count(*) AS persons, NULL::bigint AS households FROM %s AS r GROUP BY %s', anonymity.relation, shown);
BEGIN
	IF anonymity.household IS NOT NULL THEN
		-- one that is not known counts as a person, and as no household
		source := format('SELECT sum(s.persons)::bigint AS persons, count(s.household) AS households
						  FROM (SELECT %1$s, %2$s, count(*) FROM %3$s AS r GROUP BY %1$s, %2$s) AS s (%4$s, household, persons)
						  GROUP BY %4$s', shown, registry.column_list(anonymity.relation, ARRAY[anonymity.household]), anonymity.relation, places);
	END IF;
	EXECUTE format('SELECT count(*), min(g.persons), min(g.households), coalesce(sum(g.persons) FILTER (WHERE g.persons < 2), 0)::bigint,
						coalesce(sum(g.persons) FILTER (WHERE g.persons < 3), 0)::bigint, coalesce(sum(g.persons) FILTER (WHERE g.persons < 5), 0)::bigint
					FROM (%s) AS g WHERE g.persons > 0', source)
	INTO groups, smallest_persons, smallest_households, persons_under_2, persons_under_3, persons_under_5;
END;
$$;
COMMENT ON FUNCTION registry.anonymity(regclass, name[], name) IS
	'how anonymous records are, a row a person: groups that share all the columns given (NULL is a value), the fewest persons and households '
	'of one, and persons in groups of fewer than 2, 3 and 5; households NULL where no column tells them; the fewest NULL where there are no '
	'records; by the rights of who asks; refused: columns there are not, and what is no table or view';

CREATE FUNCTION registry.diversity(relation regclass, quasi_identifiers name[], sensitive name) RETURNS bigint
	LANGUAGE plpgsql STABLE
	SET work_mem = '256MB'
	SET jit = off
AS $$
DECLARE
	shown	text := registry.column_list(diversity.relation, diversity.quasi_identifiers);
	told	text := registry.column_list(diversity.relation, ARRAY[diversity.sensitive]);
	fewest	bigint;
BEGIN
	EXECUTE format('SELECT min(g.known) FROM (SELECT count(s.told) AS known
						FROM (SELECT %1$s, %2$s FROM %3$s AS r GROUP BY %1$s, %2$s) AS s (%4$s, told) GROUP BY %4$s) AS g WHERE g.known > 0',
		shown, told, diversity.relation, registry.column_places(diversity.quasi_identifiers)) INTO fewest;
	RETURN fewest;
END;
$$;
COMMENT ON FUNCTION registry.diversity(regclass, name[], name) IS
	'the fewest different values of a sensitive column in a group that shares the columns given, unknown (NULL) being none; a group in which '
	'nothing is known tells nothing and is left aside; NULL where there is no other; refused: columns there are not';

-- What C tries every way of showing records for: see src/anonymity_search.c.
CREATE FUNCTION registry.least_coarse(household integer[], codes integer[], steps integer[], sizes integer[], coarser integer[], losses integer[],
									  weights integer[], sensitive integer[], public_step integer[], k integer, l integer, max_left bigint,
									  OUT step integer[], OUT left_out integer[], OUT loss integer, OUT tried integer)
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000000 AS 'MODULE_PATHNAME', 'anonymity_least_coarse';
COMMENT ON FUNCTION registry.least_coarse(integer[], integer[], integer[], integer[], integer[], integer[], integer[], integer[], integer[], integer, integer, bigint) IS
	'of records in order of their households (numbered from 0), with the codes (from 0, which is NULL) of each attribute one after the other, '
	'the step of each attribute (from 0; its number of steps where it is not shown) that loses least, where every group holds k persons and '
	'households and l values of what is sensitive (1, else 0), the records left out for that (from 1), the loss in millionths, and how many '
	'ways were tried; coarser: of each attribute and step what each code becomes; losses: of each step, millionths; '
	'public_step: how coarse the totals are that others have, of whose every value those left out are k persons and households too; '
	'NULL where no way holds';
