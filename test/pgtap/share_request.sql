-- Whatever logins try, in whatever order, through the functions and by raw SQL: no
-- request gets further than its steps allow, and no login does two duties' work.
BEGIN;
SET client_min_messages = error;
SELECT plan(13);
SELECT setseed(0.6);
CREATE ROLE regress_tap_a;
CREATE ROLE regress_tap_b;
CREATE ROLE regress_tap_c;
CREATE ROLE regress_tap_d;
CREATE ROLE regress_tap_e;
CREATE ROLE regress_tap_f;
CREATE ROLE regress_tap_g;
-- a has one duty, b two, c three; f none
SELECT registry.grant_duty(('regress_tap_' || left(g, 1))::name, substr(g, 3))
FROM unnest('{a_unit,b_unit,b_committee,c_committee,c_secretary,c_extractor,d_secretary,d_monitor,e_extractor,e_unit,g_monitor}'::text[]) AS g;
INSERT INTO nser.organization (organization_id, name, kind, login, keeps_safe)
	SELECT n, 'organization ' || n, k.kind, 'regress_tap_login_' || n, n % 5 > 0
	FROM generate_series(1, 12) AS n JOIN LATERAL (SELECT (enum_range(NULL::registry.organization_kind))[CASE n % 2 WHEN 0 THEN 1 ELSE 1 + n % 6 END] AS kind) AS k ON true;
INSERT INTO nser.data_request (organization_id, contact, purpose, storage, formula, category, audience, attributes, valid)
	SELECT 1 + n % 12, 'x', 'x', 'x', 'hies-2015-demo', (enum_range(NULL::registry.share_category))[1 + n % 8], CASE n % 3 WHEN 0 THEN 'public' ELSE 'private' END::registry.audience,
		CASE n % 5 WHEN 0 THEN '{tenure}'::text[] WHEN 1 THEN '{sex,age_group}' ELSE '{}' END, '[2000-01-01,2100-01-01)'
	FROM generate_series(1, 80) AS n;

CREATE TEMP TABLE tried (answer text, times bigint);
CREATE FUNCTION pg_temp.try() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	login	text := 'regress_tap_' || (ARRAY['a','b','c','d','e','f','g'])[1 + floor(random() * 7)::int];
	event	registry.request_event;
	asked	bigint;
	head	record;
	to_be	registry.request_state := (enum_range(NULL::registry.request_state))[1 + floor(random() * 12)::int];
	how		double precision := random();
	answer	text;
BEGIN
	SELECT r.request_id, r.state, r.last_step INTO head FROM nser.data_request AS r
	WHERE random() < 0.02 OR NOT coalesce(registry.is_final(r.state), false) ORDER BY random() LIMIT 1;
	asked := head.request_id;
	-- mostly a step that there is and ends nothing, so that some get far
	SELECT t.event INTO event FROM registry.request_transitions() AS t
	WHERE t.from_state IS NOT DISTINCT FROM head.state AND (random() < 0.04 OR t.event NOT IN ('reject', 'withdraw', 'send_back', 'end', 'breach', 'revoke')) ORDER BY random() LIMIT 1;
	IF event IS NULL OR how < 0.1 THEN
		event := (enum_range(NULL::registry.request_event))[1 + floor(random() * 17)::int];
	END IF;
	-- as staff of the store's owner would: the login is who it is, the rights are the owner's
	EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', login);
	IF how < 0.25 THEN
		answer := 'raw ' || pg_temp.raw(asked, head.last_step + (random() < 0.8)::int, head.state, event, to_be);
	ELSE
		answer := 'step ' || pg_temp.step(asked, event);
	END IF;
	RESET SESSION AUTHORIZATION;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
CREATE FUNCTION pg_temp.raw(bigint, integer, registry.request_state, registry.request_event, registry.request_state) RETURNS text LANGUAGE sql SECURITY DEFINER AS $$
	INSERT INTO nser.request_step (request_id, step, from_state, event, to_state, reason, taken_by, duty, hash, recorded_at)
	VALUES ($1, $2, $3, $4, $5, 'x', 'regress_tap_a', 'unit', '\x00', '2001-01-01') RETURNING event::text $$;
CREATE FUNCTION pg_temp.step(bigint, registry.request_event) RETURNS text LANGUAGE sql SECURITY DEFINER AS $$
	SELECT (registry.take_request_step($1, $2, 'x', CASE $2 WHEN 'review' THEN '{"households": 10}' WHEN 'review_attribute' THEN '{"attributes": ["tenure"]}'
		WHEN 'spot_check' THEN '{"outcome": "in_order"}' END::jsonb)).state::text $$;
-- the temporary schema is the session's own
DO $$
BEGIN
	EXECUTE format('GRANT USAGE ON SCHEMA %I TO regress_tap_a, regress_tap_b, regress_tap_c, regress_tap_d, regress_tap_e, regress_tap_f, regress_tap_g', pg_my_temp_schema()::regnamespace);
END $$;
INSERT INTO tried SELECT t, count(*) FROM (SELECT pg_temp.try() AS t FROM generate_series(1, 6000)) AS x GROUP BY 1;

SELECT cmp_ok((SELECT count(*) FROM nser.agreement), '>', 5::bigint, 'some got as far as an agreement');
SELECT cmp_ok((SELECT count(*) FROM tried WHERE answer LIKE 'RG02%'), '>=', 3::bigint, 'and were refused for step, duty and content');
SELECT cmp_ok((SELECT count(DISTINCT s.event) FROM nser.request_step AS s), '>=', 14::bigint, 'nearly every step was taken by somebody');
SELECT is_empty('SELECT * FROM registry.verify_requests()', 'the chain is whole, permitted and signed');
SELECT is_empty('SELECT request_id, taken_by FROM nser.request_step GROUP BY 1, 2 HAVING count(DISTINCT duty) > 1', 'no login did two duties'' work on a request');
SELECT is_empty($$SELECT s.request_id FROM nser.request_step AS s WHERE s.event <> 'revoke' AND NOT EXISTS (SELECT FROM nser.duty AS d WHERE d.login = s.taken_by AND d.duty = s.duty)$$, 'each step was taken by who had the duty');
SELECT is_empty($$SELECT s.request_id FROM nser.request_step AS s WHERE s.taken_by = 'regress_tap_f' AND s.event <> 'revoke'$$, 'none by who has no duty');
SELECT is_empty($$SELECT a.agreement_id FROM nser.agreement AS a WHERE (SELECT count(*) FROM nser.request_step AS s WHERE s.request_id = a.request_id AND s.event IN ('review', 'sign')) < 2
	OR NOT EXISTS (SELECT FROM nser.request_step AS s WHERE s.request_id = a.request_id AND s.event IN ('approve', 'approve_once'))
	OR 2 > (SELECT count(DISTINCT s.taken_by) FROM nser.request_step AS s WHERE s.request_id = a.request_id AND s.event IN ('review', 'recommend', 'approve_once', 'approve', 'sign'))$$,
	'no agreement without review, approval and signature, by different logins');
SELECT is_empty($$SELECT a.agreement_id FROM nser.agreement AS a JOIN nser.data_request AS r USING (request_id) JOIN nser.organization AS o ON o.organization_id = r.organization_id
	JOIN nser.share_category AS k ON k.category = r.category
	WHERE r.audience = 'private' AND (o.keeps_safe IS NOT TRUE OR o.kind <> ALL (k.kinds)) OR r.audience = 'public' AND NOT k.is_public$$, 'none for whom the category is not, or who cannot keep data safe');
SELECT is_empty($$SELECT a.agreement_id FROM nser.agreement AS a JOIN nser.data_request AS r USING (request_id) WHERE 'tenure' = ANY (r.attributes)
	AND NOT EXISTS (SELECT FROM nser.request_step AS s WHERE s.request_id = a.request_id AND s.event = 'review_attribute')$$, 'none with an attribute that was not reviewed singly');
SELECT is_empty($$SELECT r.request_id FROM nser.data_request AS r LEFT JOIN nser.agreement AS a USING (request_id)
	WHERE (r.state IN ('agreed', 'provided')) IS DISTINCT FROM (a.agreement_id IS NOT NULL AND a.ended_at IS NULL) AND (r.state IS NOT NULL OR a.agreement_id IS NOT NULL)$$, 'an agreement lives as long as its request is agreed or provided');
SELECT is_empty($$SELECT s.request_id FROM nser.request_step AS s WHERE s.recorded_at <> now()$$, 'nobody said when');
SELECT is_empty($$SELECT r.request_id FROM nser.data_request AS r JOIN nser.share_category AS k USING (category) WHERE r.state IN ('recommended', 'approved', 'agreed', 'provided')
	AND (r.price IS NULL) IS DISTINCT FROM (k.price_rule = 'case_by_case')$$, 'each that a formula prices has its price');
SELECT * FROM finish();
ROLLBACK;
