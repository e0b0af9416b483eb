-- demo: what is public of a district, and the page that is made of it.  Included by
-- demo.sql; the logins are those of sharing.sql.

\qecho
\qecho '31. Eleven more districts, a thousand households each, and seven summaries that anybody may read, through every step of a request'
-- three whose answers were not whole are asked again: what is unknown of so few would hide more
SELECT record_survey(x.household_id, v.indicators, v.roster, v.land)
FROM (SELECT u.household_id, 100 + row_number() OVER (ORDER BY u.household_id) AS answers_of
	  FROM (SELECT p.household_id FROM nser.household_profile AS p WHERE p.members IS NULL
			UNION SELECT m.household_id FROM nser.member_profile AS m WHERE m.literate IS NULL) AS u) AS x
JOIN nser.household AS h ON h.household_id = x.answers_of
JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey \g /dev/null
SELECT format('CALL population.load(1000, first => %s, district => %L)', 1000000 + 10000 * n, code)
FROM (SELECT g.code::text AS code, row_number() OVER (ORDER BY g.code) AS n FROM gazetteer() AS g
	  WHERE level(g.code) = 'district' AND g.code <@ 'PK7' AND g.code::text NOT IN ('PK702', 'PK703')) AS d WHERE n <= 11 \gexec
CALL derive_all();
CALL score_all('hies-2015-demo');
ANALYZE;
CREATE ROLE demo_office;
SET SESSION AUTHORIZATION demo_unit;
SELECT nser.enter_organization('the office of statistics', 'government', 'demo_office') AS office \gset
SELECT nser.judge_organization(:office, true) \g /dev/null
SELECT array_agg(nser.enter_request(:office, jsonb_build_object('contact', 'the statistician', 'purpose', 'profiles of districts', 'category', 'summary',
	'audience', 'public', 'storage', 'published', 'level', 'district', 'attributes', string_to_array(t.attributes, ' '), 'formula', 'hies-2015-demo',
	'valid', daterange(today(), today() + 365))) ORDER BY t.no) AS asked
FROM unnest('{score_band,household_size,region,structure,age_group literate,lighting,age_group employment}'::text[])
	WITH ORDINALITY AS t (attributes, no) \gset
SELECT nser.submit_request(r) FROM unnest(:'asked'::bigint[]) AS r \g /dev/null
-- what the seventeen dimensions do not have is judged singly
SELECT nser.review_attributes((:'asked'::bigint[])[4], '{structure}', 'how people live'), nser.review_attributes((:'asked'::bigint[])[6], '{lighting}', 'how people live') \g /dev/null
SELECT nser.review_request(r) FROM unnest(:'asked'::bigint[]) AS r \g /dev/null
SET SESSION AUTHORIZATION demo_committee;
SELECT nser.recommend_request(r) FROM unnest(:'asked'::bigint[]) AS r \g /dev/null
SET SESSION AUTHORIZATION demo_secretary;
SELECT nser.approve_request(r) FROM unnest(:'asked'::bigint[]) AS r \g /dev/null
SELECT array_agg(nser.sign_request(r)) AS agreed FROM unnest(:'asked'::bigint[]) AS r \gset
SET SESSION AUTHORIZATION demo_extractor;
SELECT count(nser.publish(a)) AS released FROM unnest(:'agreed'::bigint[]) AS a;
RESET SESSION AUTHORIZATION;
SELECT c.unit, count(*) AS cells, count(*) FILTER (WHERE c.is_hidden) AS hidden, min(c.count) FILTER (WHERE c.count > 0) AS smallest_shown FROM share.public_cell AS c GROUP BY c.unit ORDER BY c.unit;

\qecho '32. A login that may see that, and nothing else: what the page of Dadu is made of'
CREATE ROLE demo_page LOGIN;
SET ROLE demo_owner;
SELECT grant_public('demo_page') \g /dev/null
SET SESSION AUTHORIZATION demo_page;
\set ON_ERROR_STOP off
SELECT count(*) FROM nser.household;
\set ON_ERROR_STOP on
SELECT s.section, s.label, s.count, s.percent, s.province_percent FROM share.profile_sections('PK703') AS s WHERE s.section IN ('literacy', 'lighting', 'score') ORDER BY s.no, s.row_no;
SELECT d.indicator, d.highest AS place, d.name, d.percent FROM share.profile_districts() AS d WHERE d.highest <= 3 AND d.indicator IN ('literate', 'kacha') ORDER BY d.no, d.highest;
RESET SESSION AUTHORIZATION;
