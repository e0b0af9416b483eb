-- partner: docs/tutorial_partner.md, step by step.
--
--	createdb tutorial && psql -X -d tutorial -f test/tutorial/partner.sql
--
-- Makes the logins tutorial_*, which roles.sql drops.  Each part connects as whoever acts.

\set ECHO none
\pset footer off
\pset null '?'
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT current_user AS superuser \gset
SET client_min_messages = warning;
CREATE EXTENSION registry CASCADE;
CREATE ROLE tutorial_owner;
CREATE ROLE tutorial_unit LOGIN;
CREATE ROLE tutorial_committee LOGIN;
CREATE ROLE tutorial_secretary LOGIN;
CREATE ROLE tutorial_extractor LOGIN;
CREATE ROLE tutorial_university LOGIN;
CREATE ROLE tutorial_health LOGIN;
SELECT format('GRANT CREATE, TEMPORARY ON DATABASE %I TO tutorial_owner', current_database()) \gexec
GRANT SELECT, INSERT, UPDATE, DELETE ON registry.formula TO tutorial_owner;
SET ROLE tutorial_owner;
CALL registry.create_store();
RESET ROLE;
\ir ../population/population.sql
CALL population.load(5000, district => 'PK703');
DROP SCHEMA population CASCADE;
ANALYZE;
SET ROLE tutorial_owner;
CALL registry.derive_all();
CALL registry.score_all('hies-2015-demo');
SELECT registry.grant_duty('tutorial_' || d, d) FROM unnest('{unit,committee,secretary,extractor}'::text[]) AS d \g /dev/null
RESET ROLE;
SELECT array_agg(x.cnic::text ORDER BY x.cnic) || '89999-9999999-1'::text AS numbers, min(x.cnic::text) AS number
FROM (SELECT m.cnic FROM nser.member AS m WHERE m.cnic IS NOT NULL AND m.valid_to IS NULL AND m.superseded_at IS NULL ORDER BY m.household_id, m.line LIMIT 2) AS x \gset
\set ECHO queries

-- 1. what is asked for, and what the form is told
\c - tutorial_unit
\qecho '\n-- tutorial_unit'
SELECT nser.enter_organization('a university', 'academic', 'tutorial_university') AS university \gset
SELECT nser.judge_organization(:university, true) \g /dev/null
\set ON_ERROR_STOP off
SELECT nser.enter_request(:university, '{"contact": "the dean", "purpose": "a study of schooling", "storage": "an encrypted server", "category": "anonymized",
	"attributes": ["sex", "age_group", "name"], "level": "tehsil", "gratis_ground": "research", "valid": "[2026-01-01,2100-01-01)"}') AS request \gset
SELECT nser.submit_request(:request);
\set ON_ERROR_STOP on

-- 2. the same, as it can be granted
SELECT nser.enter_request(:university, jsonb_build_object('contact', 'the dean', 'purpose', 'a study of schooling', 'storage', 'an encrypted server', 'category', 'anonymized',
	'attributes', '{sex,age_group,attending_school}'::text[], 'level', 'tehsil', 'gratis_ground', 'research', 'valid', daterange(registry.today(), registry.today() + 365))) AS study \gset
SELECT nser.submit_request(:study), nser.review_request(:study) \g /dev/null
\set ON_ERROR_STOP off
SELECT nser.recommend_request(:study);
\set ON_ERROR_STOP on
\c - tutorial_committee
\qecho '\n-- tutorial_committee'
SELECT nser.recommend_request(:study) \g /dev/null
\c - tutorial_secretary
\qecho '\n-- tutorial_secretary'
SELECT nser.approve_request(:study) \g /dev/null
SELECT nser.sign_request(:study) AS agreement \gset
\set study_agreement :agreement

-- 3. signed, and not yet provided
\c - tutorial_university
\qecho '\n-- tutorial_university'
\set ON_ERROR_STOP off
SELECT agreement_id, category, in_force, view FROM share.my_agreements;
\set ON_ERROR_STOP on
\c - tutorial_extractor
\qecho '\n-- tutorial_extractor'
SELECT nser.publish(:agreement) AS release \gset

-- 4. reading, as any client on libpq does
\c - tutorial_university
\qecho '\n-- tutorial_university'
SELECT agreement_id, category, in_force, release_no, view, rows FROM share.my_agreements;
\d share.tutorial_university_1
SELECT area, age_group, count(*) AS persons, round(100.0 * count(*) FILTER (WHERE attending_school = 'true') / count(*), 1) AS attending_pct
FROM share.tutorial_university_1 WHERE age_group IN ('minor', 'teenage') GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) AS rows, count(DISTINCT person) AS persons FROM share.tutorial_university_1;
\copy (SELECT area, age_group, attending_school FROM share.tutorial_university_1 ORDER BY 1, 2, 3 LIMIT 3) TO STDOUT CSV HEADER

-- 5. what is refused
\set ON_ERROR_STOP off
SELECT count(*) FROM nser.member;
SELECT registry.request_scores(:agreement, '{35202-1234567-1}');
\c - tutorial_health
\qecho '\n-- tutorial_health'
SELECT count(*) FROM share.tutorial_university_1;
\set ON_ERROR_STOP on

-- 6. scores against numbers: another partner, another category
\c - tutorial_unit
\qecho '\n-- tutorial_unit'
SELECT nser.enter_organization('a health department', 'government', 'tutorial_health') AS health \gset
SELECT nser.judge_organization(:health, true) \g /dev/null
SELECT nser.enter_request(:health, jsonb_build_object('contact', 'the director', 'purpose', 'free treatment for the poor', 'storage', 'an encrypted server', 'category', 'score',
	'attributes', '{score_band}'::text[], 'area', 'PK703', 'formula', 'hies-2015-demo', 'quota', 5, 'write_back', '{phone,disability}'::text[],
	'valid', daterange(registry.today(), registry.today() + 365))) AS request \gset
SELECT nser.submit_request(:request) \g /dev/null
SELECT nser.review_request(:request, 5000) \g /dev/null
\c - tutorial_committee
\qecho '\n-- tutorial_committee'
SELECT nser.approve_request_once(:request) \g /dev/null
\c - tutorial_secretary
\qecho '\n-- tutorial_secretary'
SELECT nser.sign_request(:request) AS agreement \gset
\c - tutorial_extractor
\qecho '\n-- tutorial_extractor'
SELECT nser.publish(:agreement) AS service \gset
\c - tutorial_health
\qecho '\n-- tutorial_health'
SELECT registry.request_scores(:agreement, :'numbers') AS ticket \gset
\set ECHO none
\qecho 'SELECT no, status, band FROM registry.read_scores(:''ticket'');'
SELECT no, status, band FROM registry.read_scores(:'ticket');
\set ECHO queries

\set ON_ERROR_STOP off
BEGIN;
SELECT registry.request_scores(:agreement, ARRAY[:'number']) AS early \gset
\set ECHO none
\qecho 'SELECT no, status, band FROM registry.read_scores(:''early'');'
SELECT no, status, band FROM registry.read_scores(:'early');
\set ECHO queries
ROLLBACK;
SELECT registry.request_scores(:agreement, :'numbers');
\c - tutorial_university
\qecho '\n-- tutorial_university'
\set ECHO none
\qecho 'SELECT no, status, band FROM registry.read_scores(:''ticket'');'
SELECT no, status, band FROM registry.read_scores(:'ticket');
\set ECHO queries
\set ON_ERROR_STOP on

-- 7. sending values back
\c - :superuser
\qecho '\n-- the store''s owner'
SET ROLE tutorial_owner;
SELECT registry.agree_write_back(:agreement, '{jsonb}', uploads => 4, period => '1 month', max_rows => 5000) \g /dev/null
\c - tutorial_health
\qecho '\n-- tutorial_health'
SELECT jsonb_build_object('upload_id', '5f0c9a52-0000-4000-8000-000000000001', 'rows', jsonb_build_array(
	jsonb_build_object('cnic', :'number', 'variable', 'phone', 'value', '0390-1234567', 'as_of', '2025-06-01'),
	jsonb_build_object('cnic', :'number', 'variable', 'phone', 'value', '042-111', 'as_of', '2025-06-01'))) AS upload \gset
SELECT * FROM registry.receive(:agreement, :'upload', dry_run => true);
SELECT jsonb_set(:'upload', '{rows}', (:'upload'::jsonb -> 'rows') - 1) AS upload \gset
\set ON_ERROR_STOP off
SELECT * FROM registry.receive(:agreement, :'upload', dry_run => false);
\set ON_ERROR_STOP on
SELECT * FROM registry.receive(:agreement, :'upload', dry_run => true);
SELECT * FROM registry.receive(:agreement, :'upload', dry_run => false);

-- 8. the end
\c - tutorial_secretary
\qecho '\n-- tutorial_secretary'
SELECT nser.breach_agreement(:study_agreement, 'the records were passed on') \g /dev/null
\c - tutorial_university
\qecho '\n-- tutorial_university'
SELECT agreement_id, in_force, end_reason FROM share.my_agreements;
\set ON_ERROR_STOP off
SELECT count(*) FROM share.tutorial_university_1;
\set ON_ERROR_STOP on
\set ECHO none
