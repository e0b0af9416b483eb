
-- household_key: whether the members of one household may be told together ------------

CREATE FUNCTION registry.household_anonymity(relation regclass, shown name[], household name, sensitive name[] DEFAULT '{}',
											 OUT households bigint, OUT fingerprints bigint, OUT smallest bigint,
											 OUT households_under_2 bigint, OUT households_under_5 bigint, OUT least_diverse bigint)
	LANGUAGE plpgsql STABLE
	SET work_mem = '256MB'
	SET jit = off
AS $$
DECLARE
	plain	name[] := ARRAY(SELECT c.name FROM unnest(household_anonymity.shown) AS c (name) WHERE NOT c.name = ANY (household_anonymity.sensitive));
	told	name[] := ARRAY(SELECT c.name FROM unnest(household_anonymity.shown) AS c (name) WHERE c.name = ANY (household_anonymity.sensitive));
BEGIN
	EXECUTE format('
		WITH household AS (
			SELECT array_agg(m.plain ORDER BY m.plain COLLATE "C") AS plain, array_agg(m.told ORDER BY m.plain COLLATE "C", m.told COLLATE "C") AS told
			FROM (SELECT %2$s AS household, ROW(%3$s)::text AS plain, ROW(%4$s)::text AS told FROM %1$s AS r WHERE %2$s IS NOT NULL) AS m
			GROUP BY m.household
		), fingerprint AS (
			SELECT h.plain, h.told, count(*) AS households FROM household AS h GROUP BY h.plain, h.told
		), diverse AS (
			SELECT count(*) AS ways FROM fingerprint AS f GROUP BY f.plain
		)
		SELECT coalesce(sum(f.households), 0)::bigint, count(*), min(f.households), coalesce(sum(f.households) FILTER (WHERE f.households < 2), 0)::bigint,
			coalesce(sum(f.households) FILTER (WHERE f.households < 5), 0)::bigint, %5$s
		FROM fingerprint AS f',
		household_anonymity.relation, registry.column_list(household_anonymity.relation, ARRAY[household_anonymity.household]),
		registry.column_list(household_anonymity.relation, plain), registry.column_list(household_anonymity.relation, told),
		CASE WHEN told = '{}' THEN 'NULL::bigint' ELSE '(SELECT min(d.ways) FROM diverse AS d)' END)
	INTO households, fingerprints, smallest, households_under_2, households_under_5, least_diverse;
END;
$$;
COMMENT ON FUNCTION registry.household_anonymity(regclass, name[], name, name[]) IS
	'how many households share a fingerprint, which is what is shown of all their members together, in any order: households, fingerprints, '
	'the fewest households of one, and households in those of fewer than 2 and 5; least_diverse: the fewest ways of the sensitive columns '
	'among households alike in the others, NULL where none is sensitive; rows whose household is NULL are left aside; refused: columns there are not';
