-- A store of generated households in a dozen districts of Sindh, and what a profile is
-- made of released to the public, through all steps; \set households N a district.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE EXTENSION registry CASCADE;
\i test/sharing/begin.sql
RESET ROLE;
\i test/population/population.sql
SELECT format('CALL population.load(%s, first => %s, district => %L)', CASE code WHEN 'PK703' THEN :dadu ELSE :households END, 1 + 100000 * n, code)
FROM (SELECT g.code::text AS code, row_number() OVER (ORDER BY g.code) AS n FROM registry.gazetteer() AS g
	  WHERE registry.level(g.code) = 'district' AND g.code OPERATOR(registry.<@) 'PK7' AND g.code::text <> 'PK701') AS d WHERE n <= 12 \gexec
SELECT registry.approximate_areas() \g /dev/null
ANALYZE;
SET ROLE regress_owner;
CALL registry.derive_all();
CALL registry.score_all('hies-2015-demo');
ANALYZE nser.score, nser.family;
RESET ROLE;
CREATE ROLE regress_office;
SET ROLE regress_owner;
SELECT count(pg_temp.as_login('regress_extractor', format('SELECT nser.publish(%s)',
	pg_temp.agree('regress_office', 'summary', jsonb_build_object('audience', 'public', 'level', 'district', 'attributes', string_to_array(t.attributes, ' ')))))) AS released
FROM unnest('{score_band,household_size,structure,region,lighting,age_group literate,age_group attending_school,age_group employment}'::text[]) AS t (attributes);
RESET ROLE;
CREATE ROLE regress_page LOGIN;
CREATE ROLE regress_nobody LOGIN;
SET ROLE regress_owner;
SELECT registry.grant_public('regress_page') \g /dev/null
RESET ROLE;
