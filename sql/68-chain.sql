
-- chain: whether the steps of cases are as they were recorded -----------------------
--
-- Keys and triggers keep the steps from everyone but who can take these away.  What such
-- a one alters shows in the hashes; a chain that was cut off or written anew shows
-- against heads that were kept elsewhere.

CREATE FUNCTION registry.chain_heads(within registry.area_code DEFAULT 'PK', since timestamptz DEFAULT NULL,
									 OUT household_id bigint, OUT case_id bigint, OUT step integer, OUT hash bytea)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_custom_plan
AS $$
BEGIN
	RETURN QUERY
		SELECT c.household_id, c.case_id, c.last_step, c.last_hash
		FROM nser.update_case AS c
		WHERE c.area OPERATOR(registry.<@) chain_heads.within
		AND (chain_heads.since IS NULL
			 OR EXISTS (SELECT FROM nser.case_step AS s
						WHERE s.household_id = c.household_id AND s.case_id = c.case_id AND s.step = c.last_step AND s.recorded_at >= chain_heads.since));
END;
$$;
COMMENT ON FUNCTION registry.chain_heads(registry.area_code, timestamptz) IS
	'the last step and hash of each case of an area, for keeping where nobody who keeps the registry can write; since: only those with a '
	'step recorded at or after that time';

CREATE FUNCTION registry.verify_chain(INOUT household_id bigint DEFAULT NULL, heads regclass DEFAULT NULL,
									  OUT case_id bigint, OUT step integer, OUT problem text)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE
	SET jit = off
AS $$
DECLARE
	one		text := CASE WHEN verify_chain.household_id IS NOT NULL THEN 'WHERE x.household_id = $1' ELSE '' END;
	missed	text;
BEGIN
	SELECT string_agg(n.name, ', ' ORDER BY n.no) INTO missed
	FROM unnest('{household_id,case_id,step,hash}'::text[]) WITH ORDINALITY AS n (name, no)
	WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = verify_chain.heads AND a.attname = n.name AND NOT a.attisdropped);
	IF verify_chain.heads IS NOT NULL AND missed IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_column',
			MESSAGE = format('the table of heads has no %s', missed),
			HINT = 'CREATE TABLE kept AS SELECT * FROM registry.chain_heads(); makes one.';
	END IF;

	-- in the order of the key, once, each step beside the one before
	FOR household_id, case_id, step, problem IN EXECUTE format($query$
		WITH head AS (
			SELECT x.household_id, x.case_id, x.update_type, x.last_step, x.last_hash, x.state, x.no_change,
				registry.opened_as(x.centre, x.operator, x.mode, x.priority, x.token, x.about_case, x.opened_on) AS opened
			FROM nser.update_case AS x %1$s
		), kept AS (
			SELECT x.household_id::bigint, x.case_id::bigint, x.step::integer, x.hash::bytea FROM %2$s AS x %1$s
		), chained AS (
			SELECT x.*, lag(x.step, 1, 0) OVER w AS before, lag(x.hash) OVER w AS before_hash, lag(x.to_state) OVER w AS before_state,
				lead(x.step) OVER w IS NULL AS is_last
			FROM nser.case_step AS x %1$s
			WINDOW w AS (PARTITION BY x.household_id, x.case_id ORDER BY x.step)
		), judged AS (
			SELECT s.household_id, s.case_id, s.step, s.before, s.hash, s.to_state, s.is_last,
				-- after a gap nobody knows what it was chained to
				s.step = s.before + 1 AND s.hash IS DISTINCT FROM registry.step_hash(s.before_hash, s.household_id, s.case_id, s.step, s.update_type,
					s.from_state, s.event, s.to_state, s.taken_at, s.recorded_at, s.taken_by, s.operator, s.request_id, s.reason, s.content_hash)
					OR s.content IS NOT NULL AND registry.content_hash(s.content) IS DISTINCT FROM s.content_hash AS is_altered,
				s.content IS NULL AND s.content_hash IS NOT NULL AS is_erased,
				NOT coalesce(registry.next_state(s.update_type, s.from_state, s.event) = s.to_state, false)
					OR s.step = s.before + 1 AND s.from_state IS DISTINCT FROM s.before_state AS is_illegal,
				s.update_type, CASE WHEN s.step = 1 THEN s.content - 'area' END AS opened
			FROM chained AS s
		)
		SELECT p.household_id, p.case_id, p.step, p.problem
		FROM (
			SELECT j.household_id, j.case_id, j.step, 'altered' AS problem FROM judged AS j WHERE j.is_altered
			UNION ALL
			SELECT j.household_id, j.case_id, j.step, 'erased' FROM judged AS j WHERE j.is_erased
			UNION ALL
			SELECT j.household_id, j.case_id, j.step, 'not_permitted' FROM judged AS j WHERE j.is_illegal
			UNION ALL
			SELECT j.household_id, j.case_id, g.step, 'missing'
			FROM judged AS j CROSS JOIN LATERAL generate_series(j.before + 1, j.step - 1) AS g (step)
			WHERE j.step > j.before + 1
			UNION ALL
			-- the case says another last step than there is
			SELECT coalesce(j.household_id, h.household_id), coalesce(j.case_id, h.case_id),
				CASE WHEN coalesce(j.step, 0) < h.last_step THEN coalesce(j.step, 0) + 1 ELSE j.step END,
				CASE WHEN coalesce(j.step, 0) < h.last_step THEN 'cut_off' ELSE 'head_differs' END
			FROM head AS h
			FULL JOIN (SELECT x.* FROM judged AS x WHERE x.is_last) AS j ON j.household_id = h.household_id AND j.case_id = h.case_id
			WHERE h.last_step IS DISTINCT FROM j.step OR h.last_hash IS DISTINCT FROM j.hash OR h.state IS DISTINCT FROM j.to_state
			OR h.update_type IS DISTINCT FROM j.update_type
			UNION ALL
			-- or another centre, token or day than it was opened with
			SELECT j.household_id, j.case_id, j.step, 'head_differs'
			FROM judged AS j JOIN head AS h ON h.household_id = j.household_id AND h.case_id = j.case_id
			WHERE j.opened <> h.opened
			UNION ALL
			SELECT h.household_id, h.case_id, h.last_step, 'not_applied' FROM head AS h WHERE h.state = 'applied' AND h.no_change IS NULL
			UNION ALL
			-- and a head that was kept another than the step has
			SELECT k.household_id, k.case_id,
				CASE WHEN l.last_step IS NULL OR k.step > l.last_step THEN coalesce(l.last_step, 0) + 1 ELSE k.step END,
				CASE WHEN l.last_step IS NULL OR k.step > l.last_step THEN 'cut_off' ELSE 'head_differs' END
			FROM kept AS k
			LEFT JOIN (SELECT x.household_id, x.case_id, max(x.step) AS last_step FROM judged AS x GROUP BY 1, 2) AS l
				ON l.household_id = k.household_id AND l.case_id = k.case_id
			LEFT JOIN judged AS j ON j.household_id = k.household_id AND j.case_id = k.case_id AND j.step = k.step
			WHERE j.hash IS DISTINCT FROM k.hash AND (j.step IS NOT NULL OR l.last_step IS NULL OR k.step > l.last_step OR k.step IS NULL)
		) AS p
		GROUP BY p.household_id, p.case_id, p.step, p.problem
		ORDER BY p.household_id, p.case_id, p.step, p.problem
		$query$, one, coalesce(verify_chain.heads::text, '(SELECT y.household_id, y.case_id, y.step, y.hash FROM nser.case_step AS y WHERE false)'))
	USING verify_chain.household_id
	LOOP
		RETURN NEXT;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.verify_chain(bigint, regclass) IS
	'what is wrong with the steps of one household''s cases, or, for NULL, of all: altered (the hash is not that of the step and of the one '
	'before), missing, cut_off (later steps are gone, from this one on), head_differs (the case, or a head that was kept, has another hash '
	'or state than the last step, or says of itself what it was not opened with), not_permitted, not_applied (a step says '
	'applied, and nothing applied it), erased (its content was taken out, and the chain is whole); heads: a table of heads kept elsewhere, '
	'as registry.chain_heads() gives them; no rows: nothing';
