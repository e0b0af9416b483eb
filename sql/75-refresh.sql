
-- refresh: what two releases of one partner tell by their difference -------------------

-- Who is who in both, with what each shows; only for the owner to count.
CREATE FUNCTION registry.share_follow(old_release bigint, new_release bigint) RETURNS void
	LANGUAGE plpgsql
	SET work_mem = '256MB'
	SET jit = off
	SET client_min_messages = warning
AS $$
DECLARE
	item	record;
	coded	bigint;
	stored	bigint;
	-- nobody is looked up by what is sensitive
	sensitive	text[] := ARRAY(SELECT t.attribute FROM nser.share_attribute AS t WHERE t.sensitive);
BEGIN
	DROP TABLE IF EXISTS pg_temp.registry_share_side;
	CREATE TEMPORARY TABLE registry_share_side (is_new boolean NOT NULL, household_id bigint NOT NULL, line smallint NOT NULL, person uuid NOT NULL,
		alike text[] NOT NULL, shown text[] NOT NULL, told text[] NOT NULL) ON COMMIT DROP;
	FOR item IN
		SELECT s.is_new, l.release_id, l.agreement_id, l.relation,
			(SELECT string_agg(CASE WHEN s.is_new THEN c.another ELSE c.one END, ', ' ORDER BY c.name)
			 FROM registry.shared_columns(share_follow.old_release, share_follow.new_release) AS c
			 WHERE NOT c.name = ANY (sensitive)) AS alike,
			(SELECT string_agg(format('r.%I', a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute AS a
			 WHERE a.attrelid = to_regclass('release.' || quote_ident(l.relation)) AND a.attnum > 0 AND NOT a.attisdropped
			 AND NOT a.attname::text = ANY ('{person,household,area_name}' || sensitive)) AS shown,
			(SELECT string_agg(format('r.%I', a.attname), ', ' ORDER BY a.attname) FROM pg_attribute AS a
			 WHERE a.attrelid = to_regclass('release.' || quote_ident(l.relation)) AND NOT a.attisdropped AND a.attname::text = ANY (sensitive)) AS told
		FROM (VALUES (false, share_follow.old_release), (true, share_follow.new_release)) AS s (is_new, release_id)
		JOIN nser.release AS l ON l.release_id = s.release_id
	LOOP
		-- whichever key it was made with
		EXECUTE format('INSERT INTO pg_temp.registry_share_side (is_new, household_id, line, person, alike, shown, told)
						SELECT $1, s.household_id, m.line, r.person, ARRAY[%s]::text[], ARRAY[%s]::text[], ARRAY[%s]::text[]
						FROM nser.release_subject AS s
						CROSS JOIN unnest(s.lines) AS m (line)
						CROSS JOIN (SELECT k.key FROM nser.release_key AS k WHERE k.agreement_id = $3 UNION SELECT registry.agreement_key($3)) AS k
						JOIN release.%I AS r ON r.person = registry.pseudonym(k.key, s.household_id || ''.'' || m.line)
						WHERE s.release_id = $2', coalesce(item.alike, ''), coalesce(item.shown, ''), coalesce(item.told, ''), item.relation)
		USING item.is_new, item.release_id, item.agreement_id;
		GET DIAGNOSTICS coded = ROW_COUNT;
		EXECUTE format('SELECT count(*) FROM release.%I', item.relation) INTO stored;
		IF coded <> stored THEN
			RAISE EXCEPTION USING
				ERRCODE = 'RG027',
				MESSAGE = format('who is in release %s cannot be found by the keys of its agreement', item.release_id),
				DETAIL = format('%s of %s records.', coded, stored),
				HINT = 'What cannot be compared is held back: nser.release_key and nser.release_subject are kept as long as a partner may have the release.';
		END IF;
	END LOOP;
	ANALYZE pg_temp.registry_share_side;
END;
$$;
COMMENT ON FUNCTION registry.share_follow(bigint, bigint) IS
	'makes the temporary table of who is in two releases of records, under which pseudonym, and what each shows of her; refused (RG027) '
	'where not all of them can be found';

CREATE FUNCTION registry.refresh_difference(old_release bigint, new_release bigint, k integer, l integer,
											OUT groups_exposed bigint, OUT paths_exposed bigint, OUT followed boolean)
	LANGUAGE plpgsql
	SET work_mem = '256MB'
	SET jit = off
	SET client_min_messages = warning
AS $$
DECLARE
	few		text;
	made	record;
	told	boolean;
	keyed	boolean := true;
	households	bigint;
BEGIN
	DROP VIEW IF EXISTS pg_temp.registry_share_pair;
	PERFORM registry.share_follow(refresh_difference.old_release, refresh_difference.new_release);
	CREATE TEMPORARY VIEW registry_share_pair AS
		SELECT coalesce(o.household_id, n.household_id) AS household_id, o.alike AS old_alike, n.alike AS new_alike, o.shown AS old_shown, n.shown AS new_shown,
			o.told AS old_told, n.told AS new_told,
			o.person = n.person AS followed
		FROM (SELECT x.* FROM pg_temp.registry_share_side AS x WHERE NOT x.is_new) AS o
		FULL JOIN (SELECT x.* FROM pg_temp.registry_share_side AS x WHERE x.is_new) AS n ON n.household_id = o.household_id AND n.line = o.line;
	-- who is in a group of one release and not of the other
	SELECT count(*) INTO groups_exposed
	FROM (SELECT FROM (SELECT p.household_id, p.old_alike AS alike FROM pg_temp.registry_share_pair AS p WHERE p.old_alike IS DISTINCT FROM p.new_alike
					   UNION ALL
					   SELECT p.household_id, p.new_alike FROM pg_temp.registry_share_pair AS p WHERE p.old_alike IS DISTINCT FROM p.new_alike) AS c
		  WHERE c.alike IS NOT NULL
		  GROUP BY c.alike HAVING count(*) < refresh_difference.k OR count(DISTINCT c.household_id) < refresh_difference.k) AS e;
	SELECT coalesce(bool_or(p.followed), false) INTO followed FROM pg_temp.registry_share_pair AS p;
	IF followed THEN
		-- what is sensitive keeps its l values on each way too
		SELECT coalesce(string_agg(format(' OR count(DISTINCT p.%s[%s]) BETWEEN 1 AND %s', x.side, x.place, refresh_difference.l - 1), ''), '') INTO few
		FROM (SELECT c.side, generate_series(1, c.told) AS place
			  FROM (SELECT CASE WHEN d.is_new THEN 'new_told' ELSE 'old_told' END AS side, max(cardinality(d.told)) AS told
					FROM pg_temp.registry_share_side AS d GROUP BY d.is_new) AS c) AS x;
		EXECUTE format('SELECT count(*) FROM (SELECT FROM pg_temp.registry_share_pair AS p GROUP BY p.old_shown, p.new_shown
						HAVING count(*) < $1 OR count(DISTINCT p.household_id) < $1%s) AS e', few)
		USING refresh_difference.k INTO paths_exposed;
		-- where both tell households, one is followed by all its members together
		FOR made IN SELECT l.relation FROM nser.release AS l WHERE l.release_id IN (refresh_difference.old_release, refresh_difference.new_release) LOOP
			EXECUTE format('SELECT EXISTS (SELECT FROM release.%I AS r WHERE to_jsonb(r) ->> ''household'' IS NOT NULL)', made.relation) INTO told;
			keyed := keyed AND told;
		END LOOP;
		IF keyed THEN
			SELECT count(*) INTO households
			FROM (SELECT FROM (SELECT array_agg(ROW(p.old_shown, p.old_told)::text ORDER BY ROW(p.old_shown, p.old_told)::text COLLATE "C") FILTER (WHERE p.old_shown IS NOT NULL) AS was,
						array_agg(ROW(p.new_shown, p.new_told)::text ORDER BY ROW(p.new_shown, p.new_told)::text COLLATE "C") FILTER (WHERE p.new_shown IS NOT NULL) AS is_now
					FROM pg_temp.registry_share_pair AS p GROUP BY p.household_id) AS h
				  GROUP BY h.was, h.is_now HAVING count(*) < refresh_difference.k) AS e;
			paths_exposed := paths_exposed + households;
		END IF;
	END IF;
	DROP VIEW pg_temp.registry_share_pair;
	DROP TABLE pg_temp.registry_share_side;
END;
$$;
COMMENT ON FUNCTION registry.refresh_difference(bigint, bigint, integer, integer) IS
	'what two releases of records tell by their difference: groups, by what both show of all, of which fewer than k persons or households, and some, are in '
	'one and not in the other; where pseudonyms can be followed from one to the other, the ways from what one shows to what the other does, gone '
	'and come included, that fewer than k go, or with fewer than l values of what is sensitive, else NULL';

CREATE FUNCTION registry.check_refresh(release_id bigint) RETURNS jsonb
	LANGUAGE plpgsql
AS $$
DECLARE
	policy	record;
	earlier	record;
	told	record;
	refreshes	integer := 0;
	beside	integer := 0;
BEGIN
	SELECT p.k, p.l INTO policy FROM registry.share_policy_on() AS p;
	FOR earlier IN
		-- whoever belongs to the partner may read them side by side; what was revoked may have been kept
		SELECT l.release_id, l.agreement_id = n.agreement_id AS own
		FROM nser.release AS n
		JOIN nser.agreement AS a ON a.agreement_id = n.agreement_id AND a.category IN ('anonymized', 'geo_tagged')
		JOIN nser.agreement AS b ON b.category IN ('anonymized', 'geo_tagged') AND registry.partner_of(b.organization_id) = registry.partner_of(a.organization_id)
		JOIN nser.release AS l ON l.agreement_id = b.agreement_id AND l.release_id < n.release_id AND l.state IN ('published', 'replaced', 'revoked')
		WHERE n.release_id = check_refresh.release_id AND to_regclass('release.' || quote_ident(l.relation)) IS NOT NULL
		ORDER BY l.release_id DESC
	LOOP
		SELECT d.groups_exposed, d.paths_exposed INTO told FROM registry.refresh_difference(earlier.release_id, check_refresh.release_id, policy.k, policy.l) AS d;
		IF NOT coalesce(told.groups_exposed + coalesce(told.paths_exposed, 0) = 0, false) THEN
			RAISE EXCEPTION USING
				ERRCODE = 'RG027',
				MESSAGE = format('release %s less release %s would tell of fewer persons or households than may be told of', check_refresh.release_id, earlier.release_id),
				DETAIL = format('Groups that differ by fewer than %s: %s; ways that so few pseudonyms go from what the one shows to what the other does: %s.',
					policy.k, told.groups_exposed, coalesce(told.paths_exposed::text, 'none can be followed')),
				HINT = CASE WHEN NOT earlier.own THEN 'The partner has that one too: ask for other attributes or a coarser level of areas, so that both show less alike.'
					WHEN told.groups_exposed = 0 THEN 'A new key for the agreement''s pseudonyms, so that nobody is followed, lets the refresh go out.'
					ELSE 'Keep the release before until more has changed, or ask for a coarser level of areas.' END;
		END IF;
		refreshes := refreshes + earlier.own::integer;
		beside := beside + (NOT earlier.own)::integer;
	END LOOP;
	RETURN jsonb_build_object('refreshes', refreshes, 'beside', beside);
END;
$$;
COMMENT ON FUNCTION registry.check_refresh(bigint) IS
	'against how many earlier releases of its agreement a release of records was compared, and beside of the other agreements of the partner and '
	'its affiliates; held back (RG027) where a difference tells of fewer than k persons or households, by who is in a group or by a pseudonym '
	'that is followed';
