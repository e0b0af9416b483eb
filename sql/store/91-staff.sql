
-- What staff of sharing may do: functions that run as the store's owner, each for the
-- logins that registry.grant_duty() gave its duty, and whose step the trigger judges by
-- who is logged in.
CREATE FUNCTION nser.enter_organization(name text, kind registry.organization_kind, login name, affiliate_of bigint DEFAULT NULL,
										implementer boolean DEFAULT false) RETURNS bigint
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT registry.require_duty('unit');
	SELECT registry.enter_organization(enter_organization.name, enter_organization.kind, enter_organization.login, enter_organization.affiliate_of,
									   enter_organization.implementer);
END;
COMMENT ON FUNCTION nser.enter_organization(text, registry.organization_kind, name, bigint, boolean) IS 'registry.enter_organization(), for the unit';

CREATE FUNCTION nser.judge_organization(organization_id bigint, keeps_safe boolean) RETURNS void
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT registry.require_duty('unit');
	SELECT registry.judge_organization(judge_organization.organization_id, judge_organization.keeps_safe);
END;
COMMENT ON FUNCTION nser.judge_organization(bigint, boolean) IS 'registry.judge_organization(), for the unit';

CREATE FUNCTION nser.enter_request(organization_id bigint, asks jsonb) RETURNS bigint
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT registry.require_duty('unit');
	SELECT registry.enter_request(enter_request.organization_id, enter_request.asks);
END;
COMMENT ON FUNCTION nser.enter_request(bigint, jsonb) IS 'registry.enter_request(), for the unit';

CREATE FUNCTION nser.amend_request(request_id bigint, asks jsonb) RETURNS void
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT registry.require_duty('unit');
	SELECT registry.amend_request(amend_request.request_id, amend_request.asks);
END;
COMMENT ON FUNCTION nser.amend_request(bigint, jsonb) IS 'registry.amend_request(), for the unit';

CREATE FUNCTION nser.submit_request(request_id bigint, expected_step integer DEFAULT NULL) RETURNS registry.request_state
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT t.state FROM registry.take_request_step(submit_request.request_id, 'submit', expected_step => submit_request.expected_step) AS t;
END;
COMMENT ON FUNCTION nser.submit_request(bigint, integer) IS 'hand a request in, for the unit: from here on its form is kept as it is';

CREATE FUNCTION nser.record_visit(request_id bigint, found text) RETURNS registry.request_state
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT t.state FROM registry.take_request_step(record_visit.request_id, 'visit', record_visit.found) AS t;
END;
COMMENT ON FUNCTION nser.record_visit(bigint, text) IS 'record a visit to who asks, and what was found, for the unit; without personal values';

CREATE FUNCTION nser.record_interview(request_id bigint, found text) RETURNS registry.request_state
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT t.state FROM registry.take_request_step(record_interview.request_id, 'interview', record_interview.found) AS t;
END;
COMMENT ON FUNCTION nser.record_interview(bigint, text) IS 'record an interview of who asks, and what was found, for the unit; without personal values';

CREATE FUNCTION nser.review_attributes(request_id bigint, attributes text[], reason text) RETURNS registry.request_state
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT t.state FROM registry.take_request_step(review_attributes.request_id, 'review_attribute', review_attributes.reason,
												   jsonb_build_object('attributes', review_attributes.attributes)) AS t;
END;
COMMENT ON FUNCTION nser.review_attributes(bigint, text[], text) IS 'record why attributes outside the 17 dimensions are shared, which were reviewed singly, for the unit';

CREATE FUNCTION nser.review_request(request_id bigint, households bigint DEFAULT NULL, price numeric DEFAULT NULL, expected_step integer DEFAULT NULL)
	RETURNS registry.request_state
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT t.state FROM registry.take_request_step(review_request.request_id, 'review', NULL,
		jsonb_strip_nulls(jsonb_build_object('households', review_request.households, 'price', review_request.price)), review_request.expected_step) AS t;
END;
COMMENT ON FUNCTION nser.review_request(bigint, bigint, numeric, integer) IS
	'find a request in order, for the unit; households: how many it is about, by default as many as it names; price: rupees, of one judged case by case';

CREATE FUNCTION nser.send_back_request(request_id bigint, reason text, expected_step integer DEFAULT NULL) RETURNS registry.request_state
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT t.state FROM registry.take_request_step(send_back_request.request_id, 'send_back', send_back_request.reason,
												   expected_step => send_back_request.expected_step) AS t;
END;
COMMENT ON FUNCTION nser.send_back_request(bigint, text, integer) IS 'send a request back to have its form changed, for whose turn it is: unit, committee or secretary';

CREATE FUNCTION nser.reject_request(request_id bigint, reason text, expected_step integer DEFAULT NULL) RETURNS registry.request_state
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT t.state FROM registry.take_request_step(reject_request.request_id, 'reject', reject_request.reason,
												   expected_step => reject_request.expected_step) AS t;
END;
COMMENT ON FUNCTION nser.reject_request(bigint, text, integer) IS 'reject a request for good, for whose turn it is: unit, committee or secretary';

CREATE FUNCTION nser.withdraw_request(request_id bigint) RETURNS registry.request_state
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT t.state FROM registry.take_request_step(withdraw_request.request_id, 'withdraw') AS t;
END;
COMMENT ON FUNCTION nser.withdraw_request(bigint) IS 'record that a request was withdrawn, for the unit';

CREATE FUNCTION nser.recommend_request(request_id bigint, expected_step integer DEFAULT NULL) RETURNS registry.request_state
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT t.state FROM registry.take_request_step(recommend_request.request_id, 'recommend', expected_step => recommend_request.expected_step) AS t;
END;
COMMENT ON FUNCTION nser.recommend_request(bigint, integer) IS 'recommend a request that was reviewed, for the committee';

CREATE FUNCTION nser.approve_request_once(request_id bigint, expected_step integer DEFAULT NULL) RETURNS registry.request_state
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT t.state FROM registry.take_request_step(approve_request_once.request_id, 'approve_once', expected_step => approve_request_once.expected_step) AS t;
END;
COMMENT ON FUNCTION nser.approve_request_once(bigint, integer) IS 'approve a request of a category that the committee approves alone, for the committee';

CREATE FUNCTION nser.approve_request(request_id bigint, expected_step integer DEFAULT NULL) RETURNS registry.request_state
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT t.state FROM registry.take_request_step(approve_request.request_id, 'approve', expected_step => approve_request.expected_step) AS t;
END;
COMMENT ON FUNCTION nser.approve_request(bigint, integer) IS 'approve a request that was recommended, for the secretary';

CREATE FUNCTION nser.sign_request(request_id bigint, expected_step integer DEFAULT NULL) RETURNS bigint
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT registry.sign_request(sign_request.request_id, sign_request.expected_step);
END;
COMMENT ON FUNCTION nser.sign_request(bigint, integer) IS 'sign a request that was approved, for the secretary; returns the agreement';

CREATE FUNCTION nser.spot_check(agreement_id bigint, outcome text, found text DEFAULT NULL) RETURNS registry.request_state
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT t.state FROM registry.take_agreement_step(spot_check.agreement_id, 'spot_check', spot_check.found,
													 jsonb_build_object('outcome', spot_check.outcome)) AS t;
END;
COMMENT ON FUNCTION nser.spot_check(bigint, text, text) IS
	'record how a partner keeps what it was given, for the monitor: in_order, lacking or not_admitted; without personal values';

CREATE FUNCTION nser.end_agreement(agreement_id bigint) RETURNS registry.request_state
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT t.state FROM registry.take_agreement_step(end_agreement.agreement_id, 'end') AS t;
END;
COMMENT ON FUNCTION nser.end_agreement(bigint) IS 'end an agreement before its last day, for the unit; nothing is shown any more';

CREATE FUNCTION nser.breach_agreement(agreement_id bigint, reason text, penalty numeric DEFAULT NULL) RETURNS registry.request_state
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT t.state FROM registry.take_agreement_step(breach_agreement.agreement_id, 'breach', breach_agreement.reason,
		CASE WHEN breach_agreement.penalty IS NOT NULL THEN jsonb_build_object('penalty', breach_agreement.penalty) END) AS t;
END;
COMMENT ON FUNCTION nser.breach_agreement(bigint, text, numeric) IS
	'end an agreement at once that a partner broke, for the secretary or monitor; penalty: rupees, as the agreement sets them; without personal values';

CREATE FUNCTION nser.read_requests(state registry.request_state DEFAULT NULL)
	RETURNS TABLE (request_id bigint, organization text, kind registry.organization_kind, is_state registry.request_state, last_step integer,
				   stepped_at timestamptz, price numeric, agreement_id bigint, form jsonb)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT r.request_id, o.name, o.kind, r.state, r.last_step, r.stepped_at, r.price, a.agreement_id,
		to_jsonb(r) - '{request_id,state,last_step,last_hash,stepped_at,price}'::text[]
	FROM nser.data_request AS r
	JOIN nser.organization AS o ON o.organization_id = r.organization_id
	LEFT JOIN nser.agreement AS a ON a.request_id = r.request_id
	WHERE (read_requests.state IS NULL OR r.state = read_requests.state)
	AND EXISTS (SELECT FROM nser.duty AS d WHERE d.login = session_user AND d.valid @> registry.today())
	ORDER BY r.request_id;
END;
COMMENT ON FUNCTION nser.read_requests(registry.request_state) IS 'requests in a state, NULL: in any, with their forms, for whoever has a duty today';

CREATE FUNCTION nser.read_request_steps(request_id bigint)
	RETURNS TABLE (step integer, event registry.request_event, to_state registry.request_state, recorded_at timestamptz, taken_by name, duty text,
				   reason text, content jsonb)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT s.step, s.event, s.to_state, s.recorded_at, s.taken_by, s.duty, s.reason, s.content
	FROM nser.request_step AS s
	WHERE s.request_id = read_request_steps.request_id
	AND EXISTS (SELECT FROM nser.duty AS d WHERE d.login = session_user AND d.valid @> registry.today())
	ORDER BY s.step;
END;
COMMENT ON FUNCTION nser.read_request_steps(bigint) IS 'the steps of a request, for whoever has a duty today';

CREATE FUNCTION nser.read_request_problems(request_id bigint, on_event registry.request_event DEFAULT 'review') RETURNS SETOF text
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT p.problem
	FROM registry.request_problems(read_request_problems.request_id, read_request_problems.on_event) AS p (problem)
	WHERE EXISTS (SELECT FROM nser.duty AS d WHERE d.login = session_user AND d.valid @> registry.today());
END;
COMMENT ON FUNCTION nser.read_request_problems(bigint, registry.request_event) IS 'what stands in the way of a request, for whoever has a duty today';

INSERT INTO nser.duty_routine (duty, routine)
SELECT w.duty, p.oid::regprocedure::text
FROM (VALUES
	('enter_organization', '{unit}'::text[]), ('judge_organization', '{unit}'), ('enter_request', '{unit}'), ('amend_request', '{unit}'),
	('submit_request', '{unit}'), ('record_visit', '{unit}'), ('record_interview', '{unit}'), ('review_attributes', '{unit}'),
	('review_request', '{unit}'), ('withdraw_request', '{unit}'), ('end_agreement', '{unit}'),
	('send_back_request', '{unit,committee,secretary}'), ('reject_request', '{unit,committee,secretary}'),
	('recommend_request', '{committee}'), ('approve_request_once', '{committee}'),
	('approve_request', '{secretary}'), ('sign_request', '{secretary}'),
	('spot_check', '{monitor}'), ('breach_agreement', '{secretary,monitor}'),
	('read_requests', '{unit,committee,secretary,extractor,monitor}'), ('read_request_steps', '{unit,committee,secretary,extractor,monitor}'),
	('read_request_problems', '{unit,committee,secretary,extractor,monitor}')) AS x (name, duties)
JOIN pg_proc AS p ON p.proname = x.name AND p.pronamespace = 'nser'::regnamespace
CROSS JOIN LATERAL unnest(x.duties) AS w (duty);
CREATE TRIGGER duty_routine_changed AFTER INSERT OR UPDATE OR DELETE ON nser.duty_routine FOR EACH ROW EXECUTE FUNCTION registry.record_share_change();

DECLARE
	routine	text;
BEGIN
	FOR routine IN SELECT DISTINCT r.routine FROM nser.duty_routine AS r ORDER BY 1 LOOP
		EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', routine);
	END LOOP;
END;
