
-- request_verify: whether the steps of requests are as they were taken --------------------

CREATE FUNCTION registry.request_heads(OUT request_id bigint, OUT step integer, OUT hash bytea) RETURNS SETOF record
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	RETURN QUERY SELECT r.request_id, r.last_step, r.last_hash FROM nser.data_request AS r WHERE r.last_step > 0 ORDER BY r.request_id;
END;
$$;
COMMENT ON FUNCTION registry.request_heads() IS
	'the last step and hash of each request that was submitted, for keeping where nobody who keeps the registry can write';

CREATE FUNCTION registry.verify_requests(INOUT request_id bigint DEFAULT NULL, heads regclass DEFAULT NULL, OUT step integer, OUT problem text)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE
	SET datestyle = 'ISO, YMD'
	SET intervalstyle = 'postgres'
	SET timezone = 'UTC'
AS $$
DECLARE
	missed	text;
BEGIN
	SELECT string_agg(n.name, ', ' ORDER BY n.no) INTO missed
	FROM unnest('{request_id,step,hash}'::text[]) WITH ORDINALITY AS n (name, no)
	WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = verify_requests.heads AND a.attname = n.name AND NOT a.attisdropped);
	IF verify_requests.heads IS NOT NULL AND missed IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_column',
			MESSAGE = format('the table of heads has no %s', missed),
			HINT = 'CREATE TABLE kept AS SELECT * FROM registry.request_heads(); makes one.';
	END IF;

	FOR request_id, step, problem IN EXECUTE format($query$
		WITH head AS (
			SELECT r.request_id, r.state, r.last_step, r.last_hash, to_jsonb(r) AS form, r.organization_id, r.category, r.valid
			FROM nser.data_request AS r WHERE $1 IS NULL OR r.request_id = $1
		), chained AS (
			SELECT s.*, lag(s.step, 1, 0) OVER w AS before, lag(s.hash) OVER w AS before_hash, lag(s.to_state) OVER w AS before_state,
				lead(s.step) OVER w IS NULL AS is_last
			FROM nser.request_step AS s WHERE $1 IS NULL OR s.request_id = $1
			WINDOW w AS (PARTITION BY s.request_id ORDER BY s.step)
		), handed_in AS (
			SELECT DISTINCT ON (c.request_id) c.request_id, c.step, c.content FROM chained AS c WHERE c.event = 'submit' ORDER BY c.request_id, c.step DESC
		), found AS (
			-- after a gap nobody knows what it was chained to
			SELECT c.request_id, c.step, 'altered' AS problem FROM chained AS c
			WHERE c.step = c.before + 1 AND c.hash IS DISTINCT FROM registry.request_step_hash(c.before_hash, c.request_id, c.step, c.from_state, c.event,
				c.to_state, c.recorded_at, c.taken_by, c.duty, c.reason, c.content_hash)
			OR registry.content_hash(c.content) IS DISTINCT FROM c.content_hash
			UNION ALL
			SELECT c.request_id, c.step, 'not_permitted' FROM chained AS c
			WHERE registry.next_request_state(c.from_state, c.event) IS DISTINCT FROM c.to_state
			OR c.step = c.before + 1 AND c.from_state IS DISTINCT FROM c.before_state
			UNION ALL
			-- of two duties one login may do one
			SELECT c.request_id, c.step, 'duties_mixed' FROM chained AS c
			WHERE EXISTS (SELECT FROM chained AS x WHERE x.request_id = c.request_id AND x.taken_by = c.taken_by AND x.step < c.step AND x.duty <> c.duty)
			UNION ALL
			SELECT c.request_id, g.step, 'missing'
			FROM chained AS c CROSS JOIN LATERAL generate_series(c.before + 1, c.step - 1) AS g (step)
			UNION ALL
			SELECT coalesce(h.request_id, c.request_id), CASE WHEN coalesce(c.step, 0) < h.last_step THEN coalesce(c.step, 0) + 1 ELSE c.step END,
				CASE WHEN coalesce(c.step, 0) < h.last_step THEN 'cut_off' ELSE 'head_differs' END
			FROM head AS h
			FULL JOIN (SELECT x.* FROM chained AS x WHERE x.is_last) AS c ON c.request_id = h.request_id
			WHERE c.step IS NOT NULL AND (h.last_step IS DISTINCT FROM c.step OR h.last_hash IS DISTINCT FROM c.hash OR h.state IS DISTINCT FROM c.to_state)
			OR c.step IS NULL AND h.last_step > 0
			UNION ALL
			-- what was signed is what was handed in last
			SELECT h.request_id, f.step, 'form_differs' FROM head AS h JOIN handed_in AS f ON f.request_id = h.request_id
			WHERE h.state <> 'sent_back'
			AND EXISTS (SELECT FROM jsonb_each(f.content) AS e WHERE h.form -> e.key IS DISTINCT FROM e.value)
			UNION ALL
			SELECT coalesce(a.request_id, h.request_id), h.last_step, 'agreement_differs'
			FROM head AS h
			FULL JOIN (SELECT y.* FROM nser.agreement AS y WHERE $1 IS NULL OR y.request_id = $1) AS a ON a.request_id = h.request_id
			WHERE (a.request_id IS NOT NULL) IS DISTINCT FROM coalesce(h.state IN ('agreed', 'provided', 'ended', 'breached', 'revoked'), false)
			OR a.organization_id <> h.organization_id OR a.category <> h.category OR a.valid <> h.valid
			OR a.request_id IS NOT NULL AND a.end_reason IS DISTINCT FROM CASE WHEN h.state IN ('ended', 'breached', 'revoked') THEN h.state::text END
			UNION ALL
			SELECT k.request_id, k.step, CASE WHEN c.step IS NULL THEN 'cut_off' ELSE 'head_differs' END
			FROM %s AS k LEFT JOIN chained AS c ON c.request_id = k.request_id AND c.step = k.step
			WHERE ($1 IS NULL OR k.request_id = $1) AND c.hash IS DISTINCT FROM k.hash
		)
		SELECT f.request_id, f.step, f.problem FROM found AS f GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
		$query$, coalesce(verify_requests.heads::text, '(SELECT y.request_id, y.step, y.hash FROM nser.request_step AS y WHERE false)'))
	USING verify_requests.request_id
	LOOP
		RETURN NEXT;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.verify_requests(bigint, regclass) IS
	'what is wrong with the steps of one request, or, for NULL, of all: altered (the hash is not that of the step and of the one before), '
	'missing, cut_off (later steps are gone, from this one on), head_differs (the request, or a head that was kept, has another hash or '
	'state than the step), not_permitted, duties_mixed (a login took steps of two duties), form_differs (the request is not what was '
	'handed in), agreement_differs (the agreement is not what was signed, or ended otherwise); heads: a table of heads kept elsewhere, as '
	'registry.request_heads() gives them; no rows: nothing';
