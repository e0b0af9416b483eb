
-- request_step: entering a request, and taking it on --------------------------------------

-- Keys are columns of the form; values are read as the columns' types are.
CREATE FUNCTION registry.form_columns(asks jsonb) RETURNS name[]
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	unknown	text;
	columns	name[];
BEGIN
	IF coalesce(jsonb_typeof(form_columns.asks) <> 'object', true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a request is a JSON object',
			HINT = 'As {"contact": "the director", "purpose": "a study", "category": "summary", "valid": "[2026-01-01,2027-01-01)"}.';
	END IF;
	SELECT string_agg(quote_literal(left(k.key, 40)), ', ' ORDER BY k.key) FILTER (WHERE a.attname IS NULL),
		array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE a.attname IS NOT NULL)
	INTO unknown, columns
	FROM jsonb_object_keys(form_columns.asks) AS k (key)
	LEFT JOIN pg_attribute AS a ON a.attrelid = 'nser.data_request'::regclass AND a.attname = k.key AND a.attnum > 0 AND NOT a.attisdropped
		AND a.attname <> ALL ('{request_id,organization_id,state,last_step,last_hash,stepped_at,price}');
	IF unknown IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('the form has no %s', unknown),
			HINT = 'nser.data_request has its fields, but for what the steps write.';
	END IF;
	RETURN columns;
END;
$$;
COMMENT ON FUNCTION registry.form_columns(jsonb) IS 'the fields of the form of a request that a JSON object has; refuses others, and what is no object';

-- The server would show the row, and who asks is in it.
CREATE FUNCTION registry.refuse_form(code text, broken text) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = refuse_form.code,
		MESSAGE = format('the form breaks the rule %s', refuse_form.broken),
		HINT = 'The constraints of nser.data_request say what its fields may hold.';
END;
$$;
COMMENT ON FUNCTION registry.refuse_form(text, text) IS 'raises the error of a form that a constraint refused, without the row';

CREATE FUNCTION registry.enter_request(organization_id bigint, asks jsonb) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	columns	text;
	missing	text;
	entered	bigint;
BEGIN
	IF NOT EXISTS (SELECT FROM nser.organization AS o WHERE o.organization_id = enter_request.organization_id) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('there is no organization %s', coalesce(enter_request.organization_id::text, 'NULL')),
			HINT = 'nser.organization lists them; registry.enter_organization() enters one.';
	END IF;
	-- a field that is null is one left empty
	enter_request.asks := jsonb_strip_nulls(enter_request.asks);
	SELECT string_agg(quote_ident(c.name), ', ' ORDER BY c.no) INTO columns
	FROM unnest(registry.form_columns(enter_request.asks)) WITH ORDINALITY AS c (name, no);
	SELECT string_agg(n.name, ', ' ORDER BY n.no) INTO missing
	FROM unnest('{contact,purpose,category,valid}'::text[]) WITH ORDINALITY AS n (name, no)
	WHERE NOT enter_request.asks ? n.name;
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = format('the form lacks %s', missing),
			HINT = 'Who asks, for what purpose, which category, and from when until when are always stated.';
	END IF;
	EXECUTE format('INSERT INTO nser.data_request (organization_id, %1$s) SELECT $1, %1$s FROM jsonb_populate_record(NULL::nser.data_request, $2) RETURNING request_id',
				   columns)
	INTO entered USING enter_request.organization_id, enter_request.asks;
	RETURN entered;
EXCEPTION WHEN check_violation OR not_null_violation OR foreign_key_violation THEN
	GET STACKED DIAGNOSTICS columns = CONSTRAINT_NAME, missing = COLUMN_NAME;
	PERFORM registry.refuse_form(SQLSTATE, coalesce(nullif(columns, ''), missing));
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.enter_request(bigint, jsonb) IS
	'enter the form of an organization''s request, by the names of nser.data_request, and return its number; nothing is checked but the '
	'form until it is submitted; refuses fields that the form has not, and one without contact, purpose, category or period';

CREATE FUNCTION registry.amend_request(request_id bigint, asks jsonb) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	columns	text;
	field	text;
BEGIN
	SELECT string_agg(format('%1$I = f.%1$I', c.name), ', ' ORDER BY c.no) INTO columns
	FROM unnest(registry.form_columns(amend_request.asks)) WITH ORDINALITY AS c (name, no);
	IF columns IS NOT NULL THEN
		EXECUTE format('UPDATE nser.data_request AS r SET %s FROM jsonb_populate_record(NULL::nser.data_request, $1) AS f WHERE r.request_id = $2', columns)
		USING amend_request.asks, amend_request.request_id;
	END IF;
	PERFORM FROM nser.data_request AS r WHERE r.request_id = amend_request.request_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG020',
			MESSAGE = format('there is no request %s', coalesce(amend_request.request_id::text, 'NULL')),
			HINT = 'registry.enter_request() enters one.';
	END IF;
EXCEPTION WHEN check_violation OR not_null_violation OR foreign_key_violation THEN
	GET STACKED DIAGNOSTICS columns = CONSTRAINT_NAME, field = COLUMN_NAME;
	PERFORM registry.refuse_form(SQLSTATE, coalesce(nullif(columns, ''), field));
END;
$$;
COMMENT ON FUNCTION registry.amend_request(bigint, jsonb) IS
	'change fields of a request''s form, before it is submitted or while it is sent back; refuses any other time, and fields that the form has not';

CREATE FUNCTION registry.enter_organization(name text, kind registry.organization_kind, login name, affiliate_of bigint DEFAULT NULL,
											implementer boolean DEFAULT false) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	entered	bigint;
BEGIN
	INSERT INTO nser.organization AS o (name, kind, login, affiliate_of, implementer)
	VALUES (enter_organization.name, enter_organization.kind, enter_organization.login, enter_organization.affiliate_of, enter_organization.implementer)
	RETURNING o.organization_id INTO entered;
	RETURN entered;
END;
$$;
COMMENT ON FUNCTION registry.enter_organization(text, registry.organization_kind, name, bigint, boolean) IS
	'enter an organization, which is not yet known to keep data safe, and return its number; affiliate_of: the one it belongs to; '
	'implementer: whether it carries out a programme for BISP''s beneficiaries';

CREATE FUNCTION registry.judge_organization(organization_id bigint, keeps_safe boolean) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	UPDATE nser.organization AS o SET keeps_safe = judge_organization.keeps_safe WHERE o.organization_id = judge_organization.organization_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('there is no organization %s', coalesce(judge_organization.organization_id::text, 'NULL')),
			HINT = 'nser.organization lists them.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.judge_organization(bigint, boolean) IS
	'say whether an organization can keep data safe, as the unit found; NULL: not known, and nothing of its is reviewed';

CREATE FUNCTION registry.take_request_step(request_id bigint, event registry.request_event, reason text DEFAULT NULL, content jsonb DEFAULT NULL,
										   expected_step integer DEFAULT NULL, OUT step integer, OUT state registry.request_state)
	LANGUAGE plpgsql
AS $$
DECLARE
	head	record;
BEGIN
	SELECT r.state, r.last_step INTO head FROM nser.data_request AS r WHERE r.request_id = take_request_step.request_id FOR NO KEY UPDATE;
	IF take_request_step.expected_step <> head.last_step THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG020',
			MESSAGE = format('request %s is not where it was expected', take_request_step.request_id),
			DETAIL = format('Its last step is %s, it is %s; the step expected is %s.', head.last_step, head.state, take_request_step.expected_step),
			HINT = 'Read the request again, and decide again.';
	END IF;
	-- one that there is not, or may not be, is refused by the trigger
	INSERT INTO nser.request_step AS s (request_id, step, from_state, event, to_state, reason, content)
	VALUES (take_request_step.request_id, coalesce(head.last_step, 0) + 1, head.state, take_request_step.event,
			registry.next_request_state(head.state, take_request_step.event), take_request_step.reason, take_request_step.content)
	RETURNING s.step, s.to_state INTO step, state;
END;
$$;
COMMENT ON FUNCTION registry.take_request_step(bigint, registry.request_event, text, jsonb, integer) IS
	'take a request on by an event, as who is logged in; returns the step and the state it led to; reason is needed of reject, send_back, '
	'breach, revoke, visit, interview and review_attribute; content: as registry.request_content() has it; expected_step (NULL: any) '
	'refuses a request that has moved on since; errors: registry.share_errors()';

CREATE FUNCTION registry.take_agreement_step(agreement_id bigint, event registry.request_event, reason text DEFAULT NULL, content jsonb DEFAULT NULL,
											 OUT step integer, OUT state registry.request_state)
	LANGUAGE plpgsql
AS $$
DECLARE
	asked	bigint;
BEGIN
	SELECT a.request_id INTO asked FROM nser.agreement AS a WHERE a.agreement_id = take_agreement_step.agreement_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG020',
			MESSAGE = format('there is no agreement %s', coalesce(take_agreement_step.agreement_id::text, 'NULL')),
			HINT = 'nser.agreement lists them.';
	END IF;
	SELECT t.step, t.state INTO step, state
	FROM registry.take_request_step(asked, take_agreement_step.event, take_agreement_step.reason, take_agreement_step.content) AS t;
END;
$$;
COMMENT ON FUNCTION registry.take_agreement_step(bigint, registry.request_event, text, jsonb) IS
	'registry.take_request_step() of the request of an agreement: provide, with each release; spot_check; and end, breach or revoke, after '
	'which nothing is shown any more, from that moment on';

CREATE FUNCTION registry.sign_request(request_id bigint, expected_step integer DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM registry.take_request_step(sign_request.request_id, 'sign', NULL, NULL, sign_request.expected_step);
	RETURN (SELECT a.agreement_id FROM nser.agreement AS a WHERE a.request_id = sign_request.request_id);
END;
$$;
COMMENT ON FUNCTION registry.sign_request(bigint, integer) IS 'sign a request that was approved, as the secretary, and return the agreement it makes';
