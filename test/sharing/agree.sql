-- The four logins that agree, and provide; called as the owner of the store, within
-- a session of a superuser.
RESET ROLE;
CREATE ROLE regress_unit;
CREATE ROLE regress_committee;
CREATE ROLE regress_secretary;
CREATE ROLE regress_extractor;
SET ROLE regress_owner;
SELECT count(registry.grant_duty('regress_' || d.duty, d.duty)) AS duties FROM unnest('{unit,committee,secretary,extractor}'::text[]) AS d (duty) \gset

-- What a login asks for and is answered, as text; whoever called goes on as before.
CREATE FUNCTION pg_temp.as_login(login name, command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	session	name := session_user;
	role	name := current_user;
	answer	text;
BEGIN
	EXECUTE format('SET SESSION AUTHORIZATION %I', as_login.login);
	EXECUTE as_login.command INTO answer;
	EXECUTE format('SET SESSION AUTHORIZATION %I', session);
	IF role <> session THEN
		EXECUTE format('SET ROLE %I', role);
	END IF;
	RETURN answer;
END $$;

-- An agreement of a partner's login, by words of nser.data_request, through every step
-- that there is for it: it is signed, and nothing is provided yet.
CREATE FUNCTION pg_temp.agree(login name, category registry.share_category, asks jsonb DEFAULT '{}', kind registry.organization_kind DEFAULT 'government')
	RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	partner	bigint;
	asked	bigint;
	singly	text[];
BEGIN
	INSERT INTO nser.organization (name, kind, login, keeps_safe) VALUES (agree.login, agree.kind, agree.login, true)
		ON CONFLICT (name) DO UPDATE SET keeps_safe = true RETURNING organization_id INTO partner;
	asked := pg_temp.as_login('regress_unit', format('SELECT nser.enter_request(%L, %L)', partner, jsonb_build_object(
		'contact', 'the director', 'purpose', 'a trial', 'category', agree.category, 'storage', 'an encrypted server', 'formula', 'hies-2015-demo',
		'valid', daterange(registry.today(), registry.today() + 365),
		'programme', CASE WHEN agree.category IN ('beneficiary_list', 'beneficiary_dimensions') THEN 'kafaalat' END) || jsonb_strip_nulls(agree.asks)));
	PERFORM pg_temp.as_login('regress_unit', format('SELECT nser.submit_request(%L)', asked));
	SELECT array_agg(t.attribute) INTO singly
	FROM nser.data_request AS r JOIN nser.share_attribute AS t ON t.attribute = ANY (r.attributes) AND (t.dimension IS NULL OR NOT t.reviewed)
	WHERE r.request_id = asked;
	IF singly IS NOT NULL THEN
		PERFORM pg_temp.as_login('regress_unit', format('SELECT nser.review_attributes(%L, %L, ''the trial needs it'')', asked, singly));
	END IF;
	PERFORM pg_temp.as_login('regress_unit', format('SELECT nser.review_request(%L, %L)', asked, CASE agree.category WHEN 'score' THEN 1000 END));
	IF agree.category = 'score' THEN
		PERFORM pg_temp.as_login('regress_committee', format('SELECT nser.approve_request_once(%L)', asked));
	ELSE
		PERFORM pg_temp.as_login('regress_committee', format('SELECT nser.recommend_request(%L)', asked));
		PERFORM pg_temp.as_login('regress_secretary', format('SELECT nser.approve_request(%L)', asked));
	END IF;
	RETURN pg_temp.as_login('regress_secretary', format('SELECT nser.sign_request(%L)', asked));
END $$;

-- As if the period of an agreement had been another: the owner's, by taking the triggers off.
CREATE FUNCTION pg_temp.set_period(agreement bigint, period daterange) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	SET CONSTRAINTS ALL IMMEDIATE;
	ALTER TABLE nser.agreement DISABLE TRIGGER agreement_signed;
	ALTER TABLE nser.data_request DISABLE TRIGGER data_request_follows;
	UPDATE nser.agreement SET valid = set_period.period WHERE agreement_id = set_period.agreement;
	UPDATE nser.data_request AS r SET valid = set_period.period FROM nser.agreement AS a WHERE a.agreement_id = set_period.agreement AND a.request_id = r.request_id;
	ALTER TABLE nser.data_request ENABLE TRIGGER data_request_follows;
	ALTER TABLE nser.agreement ENABLE TRIGGER agreement_signed;
	SET CONSTRAINTS ALL DEFERRED;
END $$;

-- What no request could come to: for tests of what stands behind those checks.
CREATE FUNCTION pg_temp.agree_unchecked(login name, category registry.share_category, asks jsonb DEFAULT '{}', kind registry.organization_kind DEFAULT 'government')
	RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	agreed	bigint := pg_temp.agree(agree_unchecked.login, 'summary', '{"audience": "public"}', agree_unchecked.kind);
	words	jsonb := '{"audience": "private"}' || jsonb_strip_nulls(agree_unchecked.asks) || jsonb_build_object('category', agree_unchecked.category);
BEGIN
	SET CONSTRAINTS ALL IMMEDIATE;
	ALTER TABLE nser.agreement DISABLE TRIGGER agreement_signed;
	ALTER TABLE nser.data_request DISABLE TRIGGER data_request_follows;
	EXECUTE format('UPDATE nser.data_request AS r SET %s FROM jsonb_populate_record(NULL::nser.data_request, $1) AS f, nser.agreement AS a WHERE a.agreement_id = $2 AND r.request_id = a.request_id',
		(SELECT string_agg(format('%1$I = f.%1$I', k), ', ') FROM jsonb_object_keys(words) AS k)) USING words, agreed;
	UPDATE nser.agreement AS a SET category = r.category, valid = r.valid FROM nser.data_request AS r WHERE r.request_id = a.request_id AND a.agreement_id = agreed;
	ALTER TABLE nser.data_request ENABLE TRIGGER data_request_follows;
	ALTER TABLE nser.agreement ENABLE TRIGGER agreement_signed;
	SET CONSTRAINTS ALL DEFERRED;
	RETURN agreed;
END $$;
