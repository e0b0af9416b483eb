
-- trace: whose copy a pseudonym is of -------------------------------------------------

-- Which of the releases of an agreement show a pseudonym: a key says who, not when.
CREATE FUNCTION registry.releases_showing(pseudonym uuid, agreement_id bigint) RETURNS bigint[]
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	made	record;
	seen	boolean;
	showing	bigint[] := ARRAY[]::bigint[];
BEGIN
	FOR made IN
		SELECT r.release_id, c.oid::regclass AS relation,
			string_agg(format('x.%I OPERATOR(pg_catalog.=) $1', a.attname), ' OR ' ORDER BY a.attnum) AS condition
		FROM nser.release AS r
		JOIN pg_class AS c ON c.relnamespace = 'release'::regnamespace AND c.relname = r.relation
		JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname IN ('household', 'person') AND a.atttypid = 'uuid'::regtype AND NOT a.attisdropped
		WHERE r.agreement_id = releases_showing.agreement_id
		GROUP BY r.release_id, c.oid
		ORDER BY r.release_id
	LOOP
		EXECUTE format('SELECT EXISTS (SELECT FROM %s AS x WHERE %s)', made.relation, made.condition) INTO seen USING releases_showing.pseudonym;
		IF seen THEN
			showing := showing || made.release_id;
		END IF;
	END LOOP;
	RETURN showing;
END;
$$;
COMMENT ON FUNCTION registry.releases_showing(uuid, bigint) IS
	'releases of an agreement that show a pseudonym of a person or household; empty: none, or their tables are gone; the owner''s';

CREATE FUNCTION registry.trace(pseudonym uuid, OUT agreement_id bigint, OUT organization_id bigint, OUT key_no integer, OUT release_ids bigint[],
							   OUT household_id bigint, OUT line integer) RETURNS SETOF record
	LANGUAGE plpgsql STABLE ROWS 1
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT k.agreement_id, a.organization_id, k.key_no, registry.releases_showing(trace.pseudonym, k.agreement_id), p.household_id, p.line::integer
	FROM nser.release_key AS k
	JOIN nser.agreement AS a ON a.agreement_id = k.agreement_id
	JOIN (
		-- of everybody where no lines are told: of whoever ever had a line
		SELECT s.agreement_id, s.household_id, l.line
		FROM (SELECT r.agreement_id, x.household_id, x.lines
			  FROM nser.release_subject AS x
			  JOIN nser.release AS r ON r.release_id = x.release_id) AS s
		CROSS JOIN LATERAL unnest(s.lines) AS l (line)
		UNION
		SELECT r.agreement_id, x.household_id, m.line
		FROM nser.release_subject AS x
		JOIN nser.release AS r ON r.release_id = x.release_id
		JOIN nser.member AS m ON m.household_id = x.household_id
		WHERE x.lines IS NULL
		UNION
		SELECT r.agreement_id, x.household_id, NULL
		FROM nser.release_subject AS x
		JOIN nser.release AS r ON r.release_id = x.release_id
		) AS p ON p.agreement_id = k.agreement_id
	WHERE registry.pseudonym(k.key, CASE WHEN p.line IS NULL THEN p.household_id::text ELSE p.household_id || '.' || p.line END) = trace.pseudonym
	ORDER BY k.agreement_id, k.key_no;
END;
$$;
COMMENT ON FUNCTION registry.trace(uuid) IS
	'whose copy a pseudonym is of: the agreement, its organization, the number of the key, the releases that show it, and which household or '
	'person it is (line NULL: the household); every key is tried on everybody who is in a release under it; no row: it is none of ours; the owner''s';
