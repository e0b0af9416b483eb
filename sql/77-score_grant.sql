
-- score_grant: who may call the score service ------------------------------------------
--
-- Publishing lets a login call it, the end of its last service takes that away.

CREATE FUNCTION registry.make_score(release_id bigint, OUT rows bigint, OUT persons bigint, OUT households bigint, OUT losses jsonb, OUT checks jsonb)
	LANGUAGE plpgsql
AS $$
DECLARE
	service	record;
BEGIN
	SELECT a.agreement_id, a.category, o.login, r.quota, 'score' = ANY (r.attributes) AS is_exact INTO service
	FROM nser.release AS l
	JOIN nser.agreement AS a ON a.agreement_id = l.agreement_id
	JOIN nser.data_request AS r ON r.request_id = a.request_id
	JOIN nser.organization AS o ON o.organization_id = a.organization_id
	WHERE l.release_id = make_score.release_id;
	IF service.category IS DISTINCT FROM 'score' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = format('release %s is not of a score service', coalesce(make_score.release_id::text, 'NULL')),
			HINT = 'nser.agreement says of which category an agreement is.';
	END IF;
	PERFORM registry.grant_scores(service.login);
	rows := NULL;
	persons := NULL;
	households := NULL;
	losses := '{}';
	checks := jsonb_build_object('quota', service.quota, 'exact', service.is_exact);
END;
$$;
COMMENT ON FUNCTION registry.make_score(bigint) IS
	'open the service of a release of category score: lets the organization''s login call request_scores(), read_scores() and search_json(); no table and no '
	'rows, so those are NULL; the owner''s';

CREATE FUNCTION registry.grant_scores(login name, allowed boolean DEFAULT true) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	calls	CONSTANT text := 'share.request_scores(bigint, text[]), share.read_scores(uuid), share.search_json(jsonb)';
BEGIN
	IF grant_scores.allowed THEN
		EXECUTE format('GRANT USAGE ON SCHEMA share TO %I', grant_scores.login);
		EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', calls, grant_scores.login);
	ELSE
		EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM %I', calls, grant_scores.login);
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.grant_scores(name, boolean) IS
	'let a login call the score service, or no more; what it may ask is judged at every call all the same; the owner''s';

CREATE FUNCTION registry.end_scores(agreement_id bigint) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	its_login	name;
BEGIN
	SELECT o.login INTO its_login
	FROM nser.agreement AS a
	JOIN nser.organization AS o ON o.organization_id = a.organization_id
	JOIN pg_roles AS r ON r.rolname = o.login
	WHERE a.agreement_id = end_scores.agreement_id AND a.category = 'score' AND NOT EXISTS (
		SELECT FROM nser.agreement AS b JOIN nser.release AS l ON l.agreement_id = b.agreement_id AND l.state = 'published'
		WHERE b.organization_id = a.organization_id AND b.agreement_id <> a.agreement_id AND b.category = 'score' AND b.ended_at IS NULL
		AND upper(b.valid) > registry.today());
	IF FOUND THEN
		PERFORM registry.grant_scores(its_login, false);
	END IF;
EXCEPTION WHEN OTHERS THEN
	NULL;		-- another grant at the same time: what it may ask is judged at every call
END;
$$;
COMMENT ON FUNCTION registry.end_scores(bigint) IS
	'where an agreement of category score ended, and its login has no other service that is open: let it call none; registry.end_releases() calls it';
