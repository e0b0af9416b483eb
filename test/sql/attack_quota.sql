--
-- Attack: a partner raises its own quota
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET timezone = 'Asia/Karachi';
\set ECHO none
\i test/sharing/begin.sql
\i test/sharing/score.sql
\i test/sharing/one.sql
\set ECHO all
RESET client_min_messages;
RESET ROLE;
CREATE ROLE regress_partner_a;
CREATE ROLE regress_partner_b;
SELECT format('GRANT CREATE, TEMPORARY ON DATABASE %I TO regress_partner_a', current_database()) \gexec
SET ROLE regress_owner;
-- an affiliate, and two agreements more, one of them larger
SELECT pg_temp.agree('regress_partner_a', 'score', '{"attributes": ["score_band"], "quota": 10}') AS a, pg_temp.agree('regress_partner_a', 'score', '{"attributes": ["score_band"], "quota": 10}') AS other,
	pg_temp.agree('regress_partner_b', 'score', '{"attributes": ["score_band"], "quota": 15}') AS b \gset
UPDATE nser.organization SET affiliate_of = (SELECT organization_id FROM nser.organization WHERE name = 'regress_partner_a') WHERE name = 'regress_partner_b';
SELECT pg_temp.serve(:a) AS a_release, pg_temp.serve(:other) AS other_release, pg_temp.serve(:b) AS b_release \gset

SET SESSION AUTHORIZATION regress_partner_a;
-- by hand
\set VERBOSITY terse
UPDATE nser.data_request SET quota = 1000000;
UPDATE nser.quota_use SET used = 0;
DELETE FROM nser.quota_use;
TRUNCATE nser.quota_use;
INSERT INTO nser.quota_use VALUES (1, '2020-01-01', 1);
SELECT registry.charge_quota(:a, -1000);
SELECT registry.make_score(:a_release);
SELECT registry.grant_scores('regress_partner_a');
\set VERBOSITY default
-- by a setting, a time zone, a day of its own
SET registry.quota = 1000000;
SELECT set_config('nser.quota', '1000000', false);
SET timezone = 'Pacific/Kiritimati';
-- by things of the same name, and operators that are always true, first on the path
CREATE SCHEMA regress_mine;
GRANT USAGE ON SCHEMA regress_mine TO PUBLIC;
CREATE TABLE regress_mine.quota_use (partner bigint, day date, used integer);
CREATE TEMP TABLE quota_use (partner bigint, day date, used integer);
CREATE FUNCTION regress_mine.always(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN true;
CREATE FUNCTION regress_mine.cardinality(text[]) RETURNS integer LANGUAGE sql IMMUTABLE RETURN 0;
CREATE OPERATOR regress_mine.<= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = regress_mine.always);
SET search_path = regress_mine, pg_temp, pg_catalog;
SELECT registry.request_scores(:a, array_fill('30201-0000001-1'::text, '{7}')) AS ticket \gset
SELECT registry.request_scores(:a, array_fill('30201-0000001-1'::text, '{4}'));
RESET search_path;
RESET timezone;
-- by what is counted: repeated, NULL, empty and none
SELECT registry.request_scores(:a, ARRAY['30201-0000001-1', '30201-0000001-1', NULL, '']);
SELECT registry.request_scores(:a, '[0:3]={30201-0000001-1,30201-0000001-1,30201-0000001-1,30201-0000001-1}');
SELECT registry.request_scores(:a, '{{30201-0000001-1},{30201-0000001-1},{30201-0000001-1},{30201-0000001-1}}');
-- by another agreement: it has no quota beside the first
SELECT registry.request_scores(:other, array_fill('30201-0000001-1'::text, '{4}'));
SELECT registry.request_scores(:other, array_fill('30201-0000001-1'::text, '{3}')) IS NOT NULL AS the_rest;
-- by the affiliate: its larger quota holds for both, and is no more on top
SET SESSION AUTHORIZATION regress_partner_b;
SELECT registry.request_scores(:b, array_fill('30201-0000001-1'::text, '{6}'));
SELECT registry.request_scores(:b, array_fill('30201-0000001-1'::text, '{5}')) IS NOT NULL AS the_rest;
SELECT registry.request_scores(:b, '{30201-0000001-1}');
-- by rolling back what it was charged for: that gives no answers
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT used FROM nser.quota_use;
UPDATE nser.quota_use SET used = 14;
SET SESSION AUTHORIZATION regress_partner_b;
BEGIN;
SELECT registry.request_scores(:b, '{30201-0000001-1}') AS ticket \gset
ROLLBACK;
SELECT * FROM registry.read_scores(:'ticket');
-- by the standard's face
SELECT registry.search_json(jsonb_build_object('header', '{"message_id": "m", "message_ts": "2025-03-01T09:00:05Z", "action": "search", "sender_id": "s", "meta": {"quota": 1000}}'::jsonb, 'message',
	jsonb_build_object('transaction_id', 't', 'search_request', (SELECT jsonb_agg(jsonb_build_object('reference_id', i::text, 'timestamp', '2025-03-01T09:00:05Z',
		'search_criteria', '{"query_type": "idtype-value", "query": {"type": "UIN", "value": "30201-0000001-1"}}'::jsonb)) FROM generate_series(1, 2) AS i)))) #>> '{message,error,code}' AS by_json;
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT agreement_id, sum(count) AS asked FROM nser.read_log GROUP BY 1 ORDER BY 1;

-- weakened: counted by agreement, as one would think of first
CREATE FUNCTION share.weak_charge(agreement_id bigint, numbers integer) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF weak_charge.numbers + (SELECT coalesce(sum(l.count), 0) FROM nser.read_log AS l WHERE l.agreement_id = weak_charge.agreement_id)
		<= (SELECT r.quota FROM nser.agreement AS a JOIN nser.data_request AS r ON r.request_id = a.request_id WHERE a.agreement_id = weak_charge.agreement_id) THEN
		RETURN 'charged';
	END IF;
	RETURN 'refused';
END $$;
SET SESSION AUTHORIZATION regress_partner_a;
SELECT share.weak_charge(:a, 3) AS first, share.weak_charge(:other, 7) AS second, share.weak_charge(:b, 10) AS affiliate;
-- and by the caller's path: the operator that is always true lets a million pass
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
CREATE FUNCTION share.weak_path(numbers integer) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	RETURN CASE WHEN weak_path.numbers <= 10 THEN 'charged' ELSE 'refused' END;
END $$;
SET SESSION AUTHORIZATION regress_partner_a;
SELECT share.weak_path(1000000);
SET search_path = regress_mine, pg_catalog;
SELECT share.weak_path(1000000);
RESET search_path;

SET SESSION AUTHORIZATION DEFAULT;
\set ECHO none
\i test/sharing/end.sql
SET client_min_messages = warning;
DROP OWNED BY regress_partner_a, regress_partner_b CASCADE;
DROP ROLE regress_partner_a, regress_partner_b;
