--
-- Staff of an area: what a limited role can and cannot see.  Every attack is also
-- made on something weaker, where it succeeds: so the test can fail.
--
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS nser, share, release CASCADE;
DROP ROLE IF EXISTS regress_nser_owner, regress_nser_all, regress_nser_617, regress_nser_61701, regress_nser_none, regress_nser_clerk, regress_nser_wide, regress_nser_former;
CREATE ROLE regress_nser_owner;
CREATE ROLE regress_nser_all;
CREATE ROLE regress_nser_617;
CREATE ROLE regress_nser_61701;
CREATE ROLE regress_nser_none;
CREATE ROLE regress_nser_clerk IN ROLE regress_nser_617;
CREATE ROLE regress_nser_wide;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_nser_owner', current_database()) \gexec
GRANT SELECT, INSERT, UPDATE, DELETE ON registry.formula TO regress_nser_owner;
GRANT USAGE, CREATE ON SCHEMA public TO regress_nser_owner, regress_nser_617;
SET SESSION AUTHORIZATION regress_nser_owner;
CALL registry.create_store();
SET search_path = registry, public;

-- three households in a district, one in the next, one far away; made-up people
INSERT INTO nser.household (household_id, area, registered_on, phone) VALUES
	(1, 'PK61701003', '2024-01-01', '0300-1234567'), (2, 'PK61701003', '2024-01-01', NULL), (3, 'PK61702001', '2024-01-01', NULL),
	(4, 'PK61801001', '2024-01-01', '0300-1234567'), (5, 'PK7', '2024-01-01', NULL);
INSERT INTO nser.member (household_id, line, area, cnic, document, name, father_name, sex, birth_date, relationship, marital_status, valid_from)
	SELECT h.household_id, 1, h.area, ('3520210000' || h.household_id || '11')::cnic, 'cnic', CASE WHEN h.household_id IN (1, 2, 4) THEN 'Made Up' ELSE 'Other Name' END, 'Also Invented', 'female',
		CASE WHEN h.household_id IN (1, 2, 4) THEN '1980-03-04'::date ELSE '1970-05-06' END, 'head', 'widowed', '2024-01-01'
	FROM nser.household AS h;
UPDATE nser.household SET place = registry.place(74 + household_id * 0.01, 31);
SELECT count(record_survey(h.household_id, '{"province": "punjab", "region": "rural", "rooms": 2}',
	'[{"line": 1, "relationship": "head", "sex": "female", "age": 44, "marital_status": "widowed"}]', NULL)) FROM nser.household AS h;
INSERT INTO nser.programme (code, name, formula, cutoff) VALUES ('demo', 'Demonstration', 'hies-2015-demo', 32);
CALL score_all('hies-2015-demo', NULL);
INSERT INTO nser.duplicate (household_id, line, other_household, other_line, area, evidence, score) VALUES
	(1, 1, 2, 1, 'PK61701003', '{name}', 30), (1, 1, 3, 1, 'PK61701003', '{name}', 30), (1, 1, 4, 1, 'PK61701003', '{name}', 30), (3, 1, 5, 1, 'PK61702001', '{name}', 30);
SELECT household_id, other_household, area, other_area FROM nser.duplicate ORDER BY 1, 2;
SELECT decide_duplicate(1, 1, 4, 1, 'different');
INSERT INTO nser.load_error (load_id, row_no, source, sqlstate, reason, row) VALUES (1, 1, 'file', '22P02', 'a reason', '{"name": "somebody"}');
ANALYZE nser.household, nser.member, nser.survey;
GRANT USAGE ON SCHEMA nser TO regress_nser_all, regress_nser_617, regress_nser_61701, regress_nser_none, regress_nser_clerk;
GRANT SELECT ON ALL TABLES IN SCHEMA nser TO regress_nser_all, regress_nser_617, regress_nser_61701, regress_nser_none;
GRANT INSERT, UPDATE, DELETE ON nser.household, nser.member, nser.identity, nser.score, nser.family, nser.quality_flag, nser.household_place,
	nser.duplicate, nser.duplicate_decision TO regress_nser_617;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA nser TO regress_nser_617;

-- PostGIS tells everybody where all homes are, until a superuser revokes that
SELECT limit_role('regress_nser_617', 'PK617') > 0 AS limited;
SELECT beyond FROM nser.role_limit;
SELECT place_statistics('regress_nser_617') AS statistics \gset
SET SESSION AUTHORIZATION regress_nser_617;
SELECT round(st_xmax(st_estimatedextent('nser', 'household', 'place'))::numeric, 2) AS home_outside;
RESET SESSION AUTHORIZATION;
REVOKE EXECUTE ON FUNCTION :statistics FROM PUBLIC;
SET SESSION AUTHORIZATION regress_nser_617;
SELECT st_estimatedextent('nser', 'household', 'place');
SELECT _postgis_stats('nser.household', 'place');
SET SESSION AUTHORIZATION regress_nser_owner;
SELECT place_statistics('regress_nser_617');

-- who may be limited, and to what
SELECT limit_role('regress_nser_all', 'PK') > limit_role('regress_nser_617', 'PK61801') AS more_for_the_nation;
SELECT limit_role('regress_nser_617', 'PK617') = limit_role('regress_nser_61701', 'PK61701') AS as_many;
SELECT role, area, cardinality(tables) > 10 AS tables, 'identity' = ANY (tables) AS identity, beyond FROM nser.role_limit ORDER BY role;
-- a policy of somebody else's counts as the nation
CREATE POLICY other ON nser.score TO regress_nser_61701 USING (area <@ 'PK61701' OR area <@ 'PK7');
SELECT role, area, tables FROM nser.role_limit WHERE role = 'regress_nser_61701' AND area = 'PK';
DROP POLICY other ON nser.score;
-- and one that lets in more than it shows; not one that takes away
CREATE POLICY other ON nser.score TO regress_nser_61701 USING (area <@ 'PK61701') WITH CHECK (true);
SELECT role, area, tables FROM nser.role_limit WHERE role = 'regress_nser_61701' AND area = 'PK';
DROP POLICY other ON nser.score;
CREATE POLICY other ON nser.score AS RESTRICTIVE TO regress_nser_61701 USING (score > 0);
SELECT role, area, tables FROM nser.role_limit WHERE role = 'regress_nser_61701' AND area = 'PK';
DROP POLICY other ON nser.score;
-- of what several roles share, one is taken out
CREATE POLICY other ON nser.score TO regress_nser_none, regress_nser_all USING (true);
SELECT unlimit_role('regress_nser_none'), unlimit_role('regress_nser_none') AS again;
SELECT roles FROM pg_policies WHERE schemaname = 'nser' AND policyname = 'other';
DROP POLICY other ON nser.score;
SELECT limit_role('nobody', 'PK617');
SELECT limit_role('regress_nser_617', NULL);
SELECT limit_role('regress_nser_617', 'Lahore');
\set VERBOSITY default
SELECT limit_role('regress_nser_owner', 'PK617');
\set VERBOSITY terse
SELECT unlimit_role('nobody');
RESET SESSION AUTHORIZATION;
\set VERBOSITY default
SELECT limit_role('regress_nser_wide', 'PK617');
GRANT regress_nser_owner TO regress_nser_wide;
SELECT limit_role('regress_nser_wide', 'PK617');
REVOKE regress_nser_owner FROM regress_nser_wide;
ALTER ROLE regress_nser_wide BYPASSRLS;
SELECT limit_role('regress_nser_wide', 'PK617');
ALTER ROLE regress_nser_wide NOBYPASSRLS CREATEROLE REPLICATION;
SELECT limit_role('regress_nser_wide', 'PK617');
ALTER ROLE regress_nser_wide NOCREATEROLE NOREPLICATION NOINHERIT;
GRANT regress_nser_617, pg_read_server_files TO regress_nser_wide;
SELECT limit_role('regress_nser_wide', 'PK61701');
GRANT TRUNCATE ON nser.household TO regress_nser_617;
SELECT limit_role('regress_nser_617', 'PK617');
SELECT role, area, beyond FROM nser.role_limit WHERE role = 'regress_nser_617';
REVOKE TRUNCATE ON nser.household FROM regress_nser_617;
REVOKE regress_nser_617, pg_read_server_files FROM regress_nser_wide;
-- rights on a column, on the schema, for everybody, and views of who sees all, one beneath another too
CREATE POLICY everybody ON nser.survey USING (true);
SELECT limit_role('regress_nser_wide', 'PK617');
SELECT DISTINCT beyond FROM nser.role_limit;
DROP POLICY everybody ON nser.survey;
GRANT REFERENCES (household_id) ON nser.household TO regress_nser_wide;
GRANT CREATE ON SCHEMA nser TO regress_nser_wide;
SELECT limit_role('regress_nser_wide', 'PK617');
REVOKE REFERENCES (household_id) ON nser.household FROM regress_nser_wide;
REVOKE CREATE ON SCHEMA nser FROM regress_nser_wide;
CREATE VIEW public.seen_profile AS SELECT * FROM nser.household_profile;
CREATE MATERIALIZED VIEW public.seen_kept AS SELECT household_id FROM nser.household;
CREATE VIEW public.seen_own WITH (security_invoker = on) AS SELECT * FROM public.seen_profile;
CREATE VIEW public.seen_areas AS SELECT * FROM nser.area;
GRANT SELECT (household_id) ON public.seen_profile TO regress_nser_wide;
GRANT SELECT ON public.seen_kept, public.seen_own, public.seen_areas TO regress_nser_wide;
SELECT limit_role('regress_nser_wide', 'PK617');
SELECT limit_role('regress_nser_wide', 'PK') > 0 AS all_are_seen_anyway;
DROP VIEW public.seen_own, public.seen_profile, public.seen_areas;
DROP MATERIALIZED VIEW public.seen_kept;
SELECT limit_role('regress_nser_wide', 'PK617') > 0 AS limited;
GRANT regress_nser_617 TO regress_nser_61701;
SELECT limit_role('regress_nser_617', 'PK6');
REVOKE regress_nser_617 FROM regress_nser_61701;
SELECT count(*) FROM unnest('{superuser}'::text[]) WHERE EXISTS (SELECT FROM role_beyond((SELECT rolname FROM pg_roles WHERE oid = 10), 'PK617') WHERE reason LIKE 'is a superuser%');
\set VERBOSITY terse
SET SESSION AUTHORIZATION regress_nser_617;
SELECT limit_role('regress_nser_617', 'PK');
CREATE POLICY mine ON nser.household USING (true);
ALTER TABLE nser.household DISABLE ROW LEVEL SECURITY;

-- what each sees: nobody's, one tehsil's, one district's (by membership too), the nation's
RESET SESSION AUTHORIZATION;
CREATE FUNCTION public.seen() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	relation	regclass;
	n			bigint;
	seen		text;
BEGIN
	FOREACH relation IN ARRAY '{nser.household,nser.member,nser.identity,nser.survey,nser.score,nser.family,nser.duplicate,nser.duplicate_decision,nser.load_error,nser.household_profile,nser.member_profile,nser.family_count,nser.eligibility,nser.duplicate_review,nser.map_household}'::regclass[] LOOP
		EXECUTE format('SELECT count(*) FROM %s', relation) INTO n;
		seen := concat_ws(' ', seen, replace(relation::text, 'nser.', '') || '=' || n);
	END LOOP;
	RETURN seen;
END $$;
SET ROLE regress_nser_none; SELECT public.seen();
SET ROLE regress_nser_61701; SELECT public.seen();
SET ROLE regress_nser_617; SELECT public.seen();
SET ROLE regress_nser_clerk; SELECT public.seen();
SET ROLE regress_nser_all; SELECT public.seen();
SET ROLE regress_nser_owner; SELECT public.seen();
RESET ROLE;

-- attacks: from here on as the district's role
SET SESSION AUTHORIZATION regress_nser_617;
SET ROLE regress_nser_all;
SET row_security = off;
SELECT count(*) FROM nser.household;
RESET row_security;
SELECT array_agg(household_id ORDER BY 1) FROM nser.household WHERE area <@ 'PK' OR true;
SELECT count(*) FROM nser.household AS h RIGHT JOIN nser.member AS m USING (household_id) WHERE h.household_id IS NULL OR m.household_id > 3;
SELECT count(*) FROM nser.household AS h FULL JOIN generate_series(1, 5) AS g (n) ON g.n = h.household_id WHERE h.household_id IS NOT NULL;
SELECT household_id FROM nser.member WHERE cnic = '3520210000411';
SELECT household_id, other_household FROM nser.duplicate ORDER BY 1, 2;
SELECT household_id, other_household, other_name FROM nser.duplicate_review ORDER BY 1, 2;
COPY nser.household (household_id, area) TO STDOUT;
COPY (SELECT household_id FROM nser.survey ORDER BY 1) TO STDOUT;
COPY nser.household (household_id, area) FROM STDIN;
\.
-- functions
SELECT eligible('demo', 1) IS NULL AS unknown, eligible('demo', 2, '2020-01-01') AS before;
SELECT eligible('demo', 4);
SELECT line, other_household, other_line FROM find_duplicates(1, 1::real);
SELECT count(*) FROM find_duplicates(ARRAY[1, 2, 3, 4, 5]::bigint[], 1::real) WHERE 4 IN (household_id, other_household);
SELECT identity_error('3520210000411', 1, 1);
-- of a province it sees a part, which is no figure of the province
SELECT area, registered FROM coverage('province');
SELECT area, registered FROM coverage('division');
SELECT area, registered FROM coverage('district');
SELECT holder_state(4, 1, '3520210000411');
SELECT jsonb_array_length(map_geojson('household', 'PK61801') -> 'features') AS homes_outside, jsonb_array_length(map_geojson('household', 'PK61701') -> 'features') AS inside;
SELECT refresh_area_summary();
-- members of the role are told the same, the nation's of all, and who is not limited yet, nothing
RESET SESSION AUTHORIZATION;
SET ROLE regress_nser_clerk;
SELECT area, registered FROM coverage('district');
SET ROLE regress_nser_all;
SELECT area, registered FROM coverage('district');
SET ROLE regress_nser_none;
SELECT area, registered FROM coverage('district');
RESET ROLE;
-- a division of whose districts all are inside, and one of which one is not
BEGIN;
INSERT INTO nser.area (code, name, division, source) VALUES ('PK617', 'Inside', 'Own', 'made up'), ('PK618', 'Outside', 'Other', 'made up');
SET LOCAL ROLE regress_nser_617;
SELECT area, name, registered FROM coverage('division');
RESET ROLE;
UPDATE nser.area SET division = 'Own' WHERE code = 'PK618';
SET LOCAL ROLE regress_nser_617;
SELECT area, name, registered FROM coverage('division');
ROLLBACK;
-- the owner is told of the household outside
SET ROLE regress_nser_owner;
SELECT line, other_household, other_line FROM find_duplicates(1, 1::real) ORDER BY other_household;
SELECT identity_error('3520210000411', 1, 1);
SELECT area, registered FROM coverage('province');
SELECT jsonb_array_length(map_geojson('household', 'PK61801') -> 'features') AS homes_outside;
RESET ROLE;
SET SESSION AUTHORIZATION regress_nser_617;
-- cheaper than any other condition, and it tells what it is shown
CREATE FUNCTION public.leak(bigint) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN RAISE NOTICE 'leak: household %', $1; RETURN true; END $$;
SET client_min_messages = notice;
SELECT count(*) FROM nser.household WHERE public.leak(household_id);
SELECT count(*) FROM nser.household_profile WHERE public.leak(household_id);
SELECT count(*) FROM nser.household WHERE 1 / (household_id - 4) < 2;
SELECT count(*) FROM nser.household WHERE 1 / (household_id - 3) < 2;
-- the same where the rows are limited by a view that is no barrier
RESET SESSION AUTHORIZATION;
SET ROLE regress_nser_owner;
CREATE VIEW nser.weak AS SELECT household_id FROM nser.household WHERE area <@ 'PK617';
CREATE VIEW nser.weaker AS SELECT * FROM nser.household;
GRANT SELECT ON nser.weak, nser.weaker TO regress_nser_617;
SET ROLE regress_nser_617;
SELECT count(*) FROM nser.weak WHERE public.leak(household_id);
SELECT count(*) AS owners_view_shows_all FROM nser.weaker;
RESET ROLE;
DROP VIEW nser.weak, nser.weaker;
SET client_min_messages = warning;
-- and without row security
ALTER TABLE nser.household DISABLE ROW LEVEL SECURITY;
SET ROLE regress_nser_617;
SELECT count(*) AS all_households FROM nser.household;
SELECT count(*) FROM nser.household WHERE 1 / (household_id - 4) < 2;
RESET ROLE;
ALTER TABLE nser.household ENABLE ROW LEVEL SECURITY;

-- plans, prepared statements and cursors are made anew for each role
PREPARE counted AS SELECT count(*) FROM nser.household;
EXECUTE counted;
SET ROLE regress_nser_617;
EXECUTE counted;
SET ROLE regress_nser_61701;
EXECUTE counted;
RESET ROLE;
EXECUTE counted;
BEGIN;
SET LOCAL ROLE regress_nser_617;
DECLARE c CURSOR FOR SELECT household_id FROM nser.household ORDER BY 1;
RESET ROLE;
FETCH ALL FROM c;
ROLLBACK;
SET SESSION AUTHORIZATION regress_nser_617;
-- how many rows were kept from it, it is told, and no more
EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off) SELECT * FROM nser.member;
SELECT count(*) AS statistics FROM pg_stats WHERE schemaname = 'nser' AND tablename IN ('household', 'member', 'survey');
SELECT count(*) AS extended FROM pg_stats_ext WHERE schemaname = 'nser' AND tablename = 'survey';
SELECT count(*) AS expressions FROM pg_stats_ext_exprs WHERE schemaname = 'nser' AND tablename = 'survey';
SET SESSION AUTHORIZATION regress_nser_owner;
SELECT count(*) > 0 AS statistics FROM pg_stats WHERE schemaname = 'nser' AND tablename IN ('household', 'member', 'survey');
SELECT count(*) > 0 AS expressions FROM pg_stats_ext_exprs WHERE schemaname = 'nser' AND tablename = 'survey';

-- writing: inside, and not outside
SET SESSION AUTHORIZATION regress_nser_617;
INSERT INTO nser.household (household_id, area) VALUES (11, 'PK61703001');
INSERT INTO nser.household (household_id, area) VALUES (12, 'PK61801001');
INSERT INTO nser.household (household_id, area) VALUES (12, 'PK6');
UPDATE nser.household SET area = 'PK61801001' WHERE household_id = 11;
UPDATE nser.household SET area = 'PK61704001' WHERE household_id = 11;
UPDATE nser.household SET phone = NULL WHERE household_id >= 4 RETURNING household_id;
UPDATE nser.household SET area = 'PK61703001' WHERE household_id = 3;
DELETE FROM nser.household WHERE household_id = 5 RETURNING household_id;
INSERT INTO nser.member (household_id, line, area, document, name, sex, valid_from) VALUES (11, 1, 'PK61703001', 'none', 'Made Up', 'male', '2024-01-01');
INSERT INTO nser.member (household_id, line, area, document, name, sex, valid_from) VALUES (4, 2, 'PK61801001', 'none', 'Made Up', 'male', '2024-01-01');
INSERT INTO nser.member (household_id, line, area, document, name, sex, valid_from) VALUES (4, 2, 'PK61704001', 'none', 'Made Up', 'male', '2024-01-01');
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, valid_from) VALUES (11, 2, 'PK61703001', '3520210000999', 'cnic', 'Made Up', 'male', '2024-01-01');
INSERT INTO nser.duplicate (household_id, line, other_household, other_line, area, evidence, score) VALUES (2, 1, 4, 1, 'PK61701003', '{name}', 30);
TRUNCATE nser.household CASCADE;
SELECT household_id FROM nser.household WHERE household_id = 1 FOR UPDATE;
-- a score has no key to its household: one that was moved to a household outside counts for nobody
RESET SESSION AUTHORIZATION;
SELECT survey_id AS outside FROM nser.survey WHERE household_id = 5 \gset
BEGIN;
DELETE FROM nser.score WHERE household_id = 5;
SET LOCAL ROLE regress_nser_617;
UPDATE nser.score SET household_id = 5, survey_id = :outside, score = 1 WHERE household_id = 2 RETURNING area;
RESET ROLE;
SELECT household_id, score, eligible FROM nser.eligibility WHERE household_id = 5;
ROLLBACK;
-- a pair follows both its households
UPDATE nser.household SET area = 'PK61703001' WHERE household_id = 3;
SELECT household_id, other_household, area, other_area FROM nser.duplicate ORDER BY 1, 2;
UPDATE nser.household SET area = 'PK61701004' WHERE household_id = 4;
UPDATE nser.duplicate_decision SET decision = 'same';
SET ROLE regress_nser_617;
SELECT household_id, other_household, other_area, decision FROM nser.duplicate_decision;
SELECT household_id, other_household FROM nser.duplicate ORDER BY 1, 2;
RESET ROLE;

-- households of a district are a range of an index, for the limited too
INSERT INTO nser.household (household_id, area) SELECT 100 + n, format('PK6%s01001', lpad((n / 500 + 1)::text, 2, '0'))::area_code FROM generate_series(1, 20000) AS n;
VACUUM ANALYZE nser.household;
SET ROLE regress_nser_617;
SET enable_bitmapscan = off;
SET max_parallel_workers_per_gather = 0;
EXPLAIN (COSTS off) SELECT count(*) FROM nser.household;
EXPLAIN (COSTS off) SELECT count(*) FROM nser.household WHERE area <@ 'PK61701';
SET ROLE regress_nser_all;
EXPLAIN (COSTS off) SELECT count(*) FROM nser.household WHERE area <@ 'PK617';
RESET ROLE;

-- another area in place of the first, and none
SET SESSION AUTHORIZATION regress_nser_owner;
SELECT limit_role('regress_nser_617', 'PK618') > 0 AS replaced;
SET SESSION AUTHORIZATION regress_nser_617;
SELECT array_agg(DISTINCT ancestor(area, 'district')) FROM nser.household;
SET SESSION AUTHORIZATION regress_nser_owner;
SELECT unlimit_role('regress_nser_617') > 0 AS taken, unlimit_role('regress_nser_617') AS again;
SET SESSION AUTHORIZATION regress_nser_617;
SELECT count(*) FROM nser.household;
RESET SESSION AUTHORIZATION;
SELECT count(*) AS policies FROM pg_policies WHERE 'regress_nser_617' = ANY (roles);
-- a role that was renamed keeps its policies, and leaves its name to another
ALTER ROLE regress_nser_61701 RENAME TO regress_nser_former;
CREATE ROLE regress_nser_61701;
SELECT limit_role('regress_nser_61701', 'PK618') = limit_role('regress_nser_61701', 'PK702') AS limited, limit_role('regress_nser_former', 'PK61702') > 0 AS former;
SELECT role, area, beyond FROM nser.role_limit WHERE role IN ('regress_nser_61701', 'regress_nser_former') ORDER BY role;
GRANT EXECUTE ON FUNCTION :statistics TO PUBLIC;
DROP SCHEMA nser, share, release CASCADE;
DROP FUNCTION public.seen(), public.leak(bigint);
DROP OWNED BY regress_nser_owner, regress_nser_all, regress_nser_617, regress_nser_61701, regress_nser_none, regress_nser_clerk, regress_nser_wide, regress_nser_former;
DROP ROLE regress_nser_owner, regress_nser_all, regress_nser_617, regress_nser_61701, regress_nser_none, regress_nser_clerk, regress_nser_wide, regress_nser_former;
