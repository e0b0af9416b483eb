
-- dimension_account: what a partner has had, ever ------------------------------------
--
-- A partner's agreements add up, and those of its affiliates: what was shown once is
-- known for good, whether its agreement has ended or not.

CREATE FUNCTION registry.check_dimensions(release_id bigint) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	all_locked	CONSTANT integer := (SELECT count(*) FROM nser.dimension AS d WHERE d.locked);
	most_exact	CONSTANT integer := 3;
	as_good		CONSTANT numeric := 5;		-- points
	asked		record;
	account		record;
	narrowest	numeric;
BEGIN
	IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'active_sql_transaction',
			MESSAGE = format('dimensions are not counted in a transaction that is %s', current_setting('transaction_isolation')),
			HINT = 'Use BEGIN ISOLATION LEVEL READ COMMITTED: it must see what was published meanwhile.';
	END IF;
	SELECT a.agreement_id, registry.partner_of(a.organization_id) AS partner INTO asked
	FROM nser.release AS l JOIN nser.agreement AS a ON a.agreement_id = l.agreement_id
	WHERE l.release_id = check_dimensions.release_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('there is no release %s', coalesce(check_dimensions.release_id::text, 'NULL')),
			HINT = 'nser.release lists them.';
	END IF;
	-- two releases to one partner at once would each not see the other, nor whom it came to belong to meanwhile
	LOOP
		PERFORM FROM nser.organization AS o WHERE o.organization_id = asked.partner FOR NO KEY UPDATE;
		SELECT a.agreement_id, registry.partner_of(a.organization_id) AS partner, asked.partner AS locked INTO asked
		FROM nser.agreement AS a WHERE a.agreement_id = asked.agreement_id;
		EXIT WHEN asked.partner = asked.locked;
	END LOOP;

	SELECT count(DISTINCT x.dimension) FILTER (WHERE x.locked) AS locked, bool_or(x.exact) AS exact,
		coalesce(string_agg(DISTINCT x.dimension, ', ') FILTER (WHERE x.locked AND NOT x.is_new), 'none') AS had,
		coalesce(string_agg(DISTINCT x.dimension, ', ') FILTER (WHERE x.locked AND x.is_new), 'none') AS adds,
		coalesce(bool_or(x.exact) FILTER (WHERE x.is_new), false) AS adds_exact
	INTO account
	FROM (
		SELECT p.dimension, p.locked, p.exact, p.agreement_id = asked.agreement_id AS is_new
		FROM nser.partner_dimension AS p
		WHERE p.partner = asked.partner AND (p.shown OR p.agreement_id = asked.agreement_id)) AS x;
	-- of whoever is named, by name or number, each range says whether the score is in it: all their ends cut the scores in pieces
	SELECT min(c.width) INTO narrowest
	FROM (
		SELECT lead(e.score) OVER (ORDER BY e.score) - e.score AS width
		FROM (
			SELECT DISTINCT w.score
			FROM nser.agreement AS a
			JOIN nser.data_request AS r ON r.request_id = a.request_id
			CROSS JOIN LATERAL unnest(ARRAY[greatest(coalesce(lower(r.score_range), 0), 0), least(coalesce(upper(r.score_range), 100), 100)]) AS w (score)
			WHERE a.category IN ('score', 'beneficiary_list', 'beneficiary_dimensions') AND r.score_range IS NOT NULL
			AND registry.partner_of(a.organization_id) = asked.partner
			AND (a.agreement_id = asked.agreement_id OR EXISTS (
				SELECT FROM nser.release AS l WHERE l.agreement_id = a.agreement_id AND l.state IN ('published', 'replaced', 'revoked')))) AS e) AS c;
	account.exact := account.exact OR coalesce(narrowest < as_good, false);

	IF account.locked >= all_locked THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG026',
			MESSAGE = format('the partner would have all %s locked dimensions', all_locked),
			DETAIL = format('Under other agreements, its affiliates'' too, it has had: %s. This one has: %s.', account.had, account.adds),
			HINT = 'Leave out a dimension that it has not had; nser.partner_dimension lists them. What was shown once counts for good.';
	ELSIF account.exact AND account.locked > most_exact THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG026',
			MESSAGE = format('the partner would have exact scores and %s locked dimensions, more than %s', account.locked, most_exact),
			DETAIL = format('Under other agreements, its affiliates'' too, it has had: %s. This one has: %s%s.', account.had, account.adds,
				CASE WHEN account.adds_exact THEN ', and the score' ELSE '' END),
			HINT = 'Give the score in bands, attribute score_band, wider ranges of it, or fewer locked dimensions; nser.partner_dimension lists what it has had.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_dimensions(bigint) IS
	'refuse a release, RG026, by which its partner, affiliates counted as one, would have had all locked dimensions, or exact scores and more than three of '
	'them, over all agreements ever; a range of scores narrower than five points is as good as the score, and so are several of lists and services '
	'whose ends are nearer than that; summaries and maps for the public are not counted; locks the partner until the transaction ends; the owner''s';
