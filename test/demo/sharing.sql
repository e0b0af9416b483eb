-- demo: two partners, what they are given, attacks, and an end.  Included by demo.sql;
-- the store belongs to demo_owner, who is no superuser.

CREATE ROLE demo_unit;
CREATE ROLE demo_committee;
CREATE ROLE demo_secretary;
CREATE ROLE demo_extractor;
CREATE ROLE demo_university;
CREATE ROLE demo_health;
SET ROLE demo_owner;
SELECT grant_duty('demo_' || d, d) FROM unnest('{unit,committee,secretary,extractor}'::text[]) AS u (d) \g /dev/null
RESET ROLE;

\qecho
\qecho '23. Two partners ask; each step of a request is another login''s'
SET SESSION AUTHORIZATION demo_unit;
SELECT nser.enter_organization('a university', 'academic', 'demo_university') AS university, nser.enter_organization('a health department', 'government', 'demo_health') AS health \gset
SELECT nser.judge_organization(:university, true), nser.judge_organization(:health, true) \g /dev/null
SELECT nser.enter_request(:university, jsonb_build_object('contact', 'the dean', 'purpose', 'a study of schooling', 'storage', 'an encrypted server', 'category', 'anonymized',
	'attributes', '{sex,age_group,attending_school}'::text[], 'level', 'tehsil', 'formula', 'hies-2015-demo', 'gratis_ground', 'research',
	'valid', daterange(today(), today() + 365))) AS study \gset
SELECT nser.enter_request(:health, jsonb_build_object('contact', 'the director', 'purpose', 'free treatment for the poor', 'storage', 'an encrypted server', 'category', 'score',
	'attributes', '{score_band}'::text[], 'area', 'PK703', 'formula', 'hies-2015-demo', 'quota', 5, 'valid', daterange(today(), today() + 365))) AS scores \gset
SELECT nser.submit_request(:study), nser.submit_request(:scores), nser.review_request(:study), nser.review_request(:scores, 20000) \g /dev/null
\set ON_ERROR_STOP off
SELECT nser.recommend_request(:study);
\set ON_ERROR_STOP on
SET SESSION AUTHORIZATION demo_committee;
SELECT nser.recommend_request(:study), nser.approve_request_once(:scores) \g /dev/null
SET SESSION AUTHORIZATION demo_secretary;
SELECT nser.approve_request(:study) \g /dev/null
SELECT nser.sign_request(:study) AS study, nser.sign_request(:scores) AS scores \gset
SET SESSION AUTHORIZATION demo_extractor;
SELECT nser.publish(:study) AS records, nser.publish(:scores) AS service \gset
RESET SESSION AUTHORIZATION;
SELECT p.price AS rupees_a_year, p.organization, p.category
FROM (SELECT r.price, o.name AS organization, r.category FROM nser.data_request AS r JOIN nser.organization AS o USING (organization_id)) AS p ORDER BY p.organization;

\qecho '24. What the university gets: every row is one of five people and five households at least; what was lost for that'
SELECT r.rows, r.losses -> 'left_out' AS left_out, (r.checks -> 'groups')::integer AS groups, (r.checks -> 'smallest_persons')::integer AS smallest_persons,
	(r.checks -> 'smallest_households')::integer AS smallest_households
FROM nser.release AS r WHERE r.release_id = :records;
SELECT l.key AS attribute, l.value ->> 'step' AS step, l.value ->> 'level' AS level, l.value ->> 'lost' AS lost
FROM nser.release AS r CROSS JOIN LATERAL jsonb_each(r.losses -> 'attributes') AS l WHERE r.release_id = :records ORDER BY 1;
SELECT format('share.%I', r.view) AS view FROM nser.release AS r WHERE r.release_id = :records \gset
SET SESSION AUTHORIZATION demo_university;
SELECT area, age_group, sex, count(*) AS persons, count(*) FILTER (WHERE attending_school = 'true') AS attending FROM :view WHERE age_group IN ('minor', 'teenage') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

\qecho '25. Attacks on it: the tables behind, the keys, statistics, another login, and a cheap function that would look before the view does'
\set ON_ERROR_STOP off
SELECT count(*) FROM nser.member;
SELECT key FROM nser.release_key;
SELECT count(*) AS statistics FROM pg_stats WHERE schemaname = 'release';
SET SESSION AUTHORIZATION demo_health;
SELECT count(*) FROM :view;
RESET SESSION AUTHORIZATION;
-- a superuser may read the view, and is not the login that it is for: a cheap function sees nothing
CREATE FUNCTION pg_temp.peek(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN RAISE WARNING 'a row was seen'; RETURN true; END $$;
SELECT count(*) AS to_another_login FROM :view WHERE pg_temp.peek(area);
\set ON_ERROR_STOP on

\qecho '26. The health department asks for scores: charged and logged first, read in another transaction, and never more than its quota'
SELECT array_agg(x.cnic::text ORDER BY x.cnic) || '89999-9999999-1'::text AS numbers
FROM (SELECT m.cnic FROM nser.member AS m WHERE m.cnic IS NOT NULL AND m.valid_to IS NULL AND m.superseded_at IS NULL ORDER BY m.household_id, m.line LIMIT 2) AS x \gset
SET SESSION AUTHORIZATION demo_health;
BEGIN;
SELECT request_scores(:scores, :'numbers') AS ticket \gset
\set ON_ERROR_STOP off
SELECT no, status, band FROM read_scores(:'ticket');
\set ON_ERROR_STOP on
ROLLBACK;
SELECT request_scores(:scores, :'numbers') AS ticket \gset
SELECT no, status, band FROM read_scores(:'ticket');
\set ON_ERROR_STOP off
SELECT request_scores(:scores, :'numbers');
\set ON_ERROR_STOP on
RESET SESSION AUTHORIZATION;
SELECT a.access, a.organization, a.times, a.category FROM subject_access((:'numbers'::text[])[1]::cnic) AS a ORDER BY 1, 2;

\qecho '27. A summary for the public: hidden counts, and what anybody can say of them from all that is shown'
SELECT suppress_table('{{3, 97}, {50, 50}}', 5, 5) AS hidden;
SELECT * FROM attack_table('{{3, 97}, {50, 50}}', '{{t, t}, {f, f}}');

\qecho '28. The university broke its agreement: from this moment on it reads nothing'
SET ROLE demo_owner;
SELECT revoke(:study) AS revoked;
RESET ROLE;
SET SESSION AUTHORIZATION demo_university;
\set ON_ERROR_STOP off
SELECT count(*) FROM :view;
\set ON_ERROR_STOP on
SELECT agreement_id, category, in_force, end_reason FROM share.my_agreements;
RESET SESSION AUTHORIZATION;
SELECT l.agreement_id, l.event, l.count FROM nser.read_log AS l ORDER BY l.agreement_id, l.writer DESC, l.entry;
SELECT count(*) AS broken_chains FROM verify_read_log();
