-- Which records of two releases match uniquely, and what two releases tell by their difference.
\set ECHO none
\set people 1500
\i test/sharing/begin.sql
RESET ROLE;
SET client_min_messages = warning;
DROP ROLE IF EXISTS regress_partner_s, regress_partner_t;
CREATE ROLE regress_partner_s;
CREATE ROLE regress_partner_t;
SET ROLE regress_owner;
\i test/sharing/records.sql
\set SHOW_CONTEXT never
\set ECHO all
-- releases by hand: five of one, and five of another, that show what stands in losses
SELECT pg_temp.agree('regress_partner_a', 'anonymized') AS a, pg_temp.agree('regress_partner_b', 'anonymized') AS b, pg_temp.agree('regress_partner_b', 'beneficiary_dimensions') AS list \gset
CREATE TABLE release.w1 (person uuid, household uuid, area text, sex text, age_group text, water text);
CREATE TABLE release.w2 (person uuid, household uuid, area text, sex text, age_group text, toilet text);
CREATE TABLE release.w3 (name text, address text, cnic text, sex text);
INSERT INTO release.w1 VALUES
	('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000a1', 'PK60901', 'female', 'adult', 'piped'),
	('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-0000000000a1', 'PK60901', 'male', 'minor', 'piped'),
	('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-0000000000a2', 'PK60901', 'female', 'adult', 'piped'),
	('00000000-0000-0000-0000-000000000004', '00000000-0000-0000-0000-0000000000a3', 'PK60902', 'male', 'minor', NULL),
	('00000000-0000-0000-0000-000000000005', NULL, 'PK70301', NULL, 'adult', 'piped');
INSERT INTO release.w2 VALUES
	('00000000-0000-0000-0000-000000000011', '00000000-0000-0000-0000-0000000000b1', 'PK609', 'female', 'adult', 'none'),
	('00000000-0000-0000-0000-000000000012', '00000000-0000-0000-0000-0000000000b1', 'PK609', 'male', 'minor', 'none'),
	('00000000-0000-0000-0000-000000000013', '00000000-0000-0000-0000-0000000000b2', 'PK609', 'female', 'adult', 'none'),
	('00000000-0000-0000-0000-000000000014', '00000000-0000-0000-0000-0000000000b3', 'PK609', 'male', 'minor', 'other'),
	('00000000-0000-0000-0000-000000000015', NULL, 'PK703', NULL, 'adult', 'none');
INSERT INTO release.w3 VALUES ('A', 'a street', NULL, NULL), ('B', 'a street', NULL, 'male'), ('C', 'a street', NULL, 'male');
INSERT INTO nser.release (agreement_id, release_no, definition, relation, state, losses) VALUES
	(:a, 1, '{}', 'w1', 'published', '{"attributes": {"area": {"level": "tehsil"}, "sex": {"step": 0}, "age_group": {"step": 0}, "water": {"step": 0}}}'),
	(:b, 1, '{}', 'w2', 'made', '{"attributes": {"area": {"level": "district"}, "sex": {"step": 0}, "age_group": {"step": 0}, "toilet": {"step": 0}}}'),
	(:list, 1, '{}', 'w3', 'made', '{}');
-- areas at the coarser level, NULL as a value; one record matches by itself, two
-- more by being alone in their household, and two by being together
SELECT * FROM registry.shared_columns(1, 2);
SELECT * FROM registry.linkage(1, 2);
UPDATE release.w2 SET household = NULL;
SELECT * FROM registry.linkage(1, 2);
SELECT * FROM registry.linkage(2, 1);
-- a list shows names, which are nobody's values, and steps that it does not say
SELECT * FROM registry.linkage(1, 3);
-- another step is compared at the coarser of both, a hidden area is not
UPDATE nser.release SET losses = '{"attributes": {"area": {"level": "all"}, "sex": {"step": 0}, "age_group": {"step": 1}, "toilet": {"step": 0}}}' WHERE release_id = 2;
UPDATE release.w2 SET age_group = CASE age_group WHEN 'minor' THEN 'under 18' WHEN 'adult' THEN '18 or more' END;
SELECT * FROM registry.linkage(1, 2);
SELECT * FROM registry.linkage(2, 1);
UPDATE nser.release SET losses = '{"attributes": {"area": {"level": "division"}, "sex": {"step": 0}, "age_group": {"step": 1}, "toilet": {"step": 0}}}' WHERE release_id = 2;
SELECT * FROM registry.shared_columns(1, 2);
-- by division, whose name is shown, from either side; by province, above it; and cells by their own
BEGIN;
INSERT INTO nser.area (code, name, division, source) VALUES ('PK609', 'A district', 'One', 'made up'), ('PK703', 'Another', 'Two', 'made up');
UPDATE release.w2 SET area = (SELECT d.division FROM nser.area AS d WHERE d.code::text = w2.area);
SELECT * FROM registry.linkage(1, 2);
SELECT share FROM registry.linkage(2, 1);
UPDATE nser.release SET losses = jsonb_set(losses, '{attributes,area,level}', '"province"') WHERE release_id = 1;
UPDATE release.w1 SET area = left(area, 3);
SELECT * FROM registry.linkage(1, 2);
SELECT one, another FROM registry.shared_columns(1, 2) WHERE name = 'area';
UPDATE nser.release SET losses = jsonb_set(losses, '{attributes,area,level}', '"cell"') WHERE release_id IN (1, 2);
SELECT one, another FROM registry.shared_columns(1, 2) WHERE name = 'area';
UPDATE nser.release SET losses = jsonb_set(losses, '{attributes,area,level}', '"tehsil"') WHERE release_id = 2;
SELECT one, another FROM registry.shared_columns(1, 2) WHERE name = 'area';
-- the poverty level of a list is the band of the score by another name
ALTER TABLE release.w3 ADD COLUMN area text, ADD COLUMN poverty_level text;
ALTER TABLE release.w2 ADD COLUMN score_band text;
UPDATE nser.release SET losses = jsonb_set(losses, '{attributes,score_band}', '{"step": 1}') WHERE release_id = 2;
SELECT * FROM registry.release_steps(3);
SELECT * FROM registry.shared_columns(2, 3) WHERE name = 'score_band';
ROLLBACK;
-- of every person, what a finer step shows becomes what each coarser one does
CREATE FUNCTION pg_temp.coarsened(OUT compared bigint, OUT wrong bigint) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE (SELECT format('SELECT %s * count(*), sum(%s) FROM nser.household_profile AS h JOIN nser.member_profile AS m USING (household_id) LEFT JOIN nser.score AS s USING (household_id)',
			count(*), string_agg(format('(registry.coarser_value(%L, %s, %s) IS DISTINCT FROM %s)::int', f.attribute, c.step, f.expression, c.expression), ' + '))
		FROM registry.share_columns() AS f JOIN registry.share_columns() AS c ON c.attribute = f.attribute AND c.step >= f.step
		WHERE EXISTS (SELECT FROM registry.share_columns() AS x WHERE x.attribute = f.attribute AND x.step = 1)) INTO compared, wrong;
END $$;
SELECT compared > 100000 AS many, wrong FROM pg_temp.coarsened();
UPDATE release.w2 SET age_group = CASE age_group WHEN 'under 18' THEN 'minor' WHEN '18 or more' THEN 'adult' END;
TRUNCATE release.w3;
SELECT * FROM registry.linkage(3, 1);
SELECT registry.linkage(1, NULL);
-- at most 1 in 100 may match; earlier ones alone count, that anybody reads or read
UPDATE nser.release SET losses = '{"attributes": {"area": {"level": "district"}, "sex": {"step": 0}, "age_group": {"step": 0}, "toilet": {"step": 0}}}' WHERE release_id = 2;
SELECT registry.check_linkage(2);
SELECT registry.check_linkage(1);
UPDATE nser.release SET state = 'revoked' WHERE release_id = 1;
SELECT registry.check_linkage(2);
UPDATE nser.release SET state = 'made' WHERE release_id = 1;
SELECT registry.check_linkage(2);
UPDATE nser.release SET state = 'published' WHERE release_id = 1;
UPDATE nser.share_policy SET max_linkage = 0.2;
SELECT registry.check_linkage(2);
-- one of five in a small one is many, though it is one of a hundred of this
BEGIN;
INSERT INTO release.w2 (area, sex, age_group) SELECT 'PK609', 'male', 'minor' FROM generate_series(1, 95);
UPDATE nser.release SET rows = CASE release_id WHEN 1 THEN 5 ELSE 100 END WHERE release_id IN (1, 2);
UPDATE nser.share_policy SET max_linkage = 0.1;
SELECT share FROM registry.linkage(2, 1);
SELECT registry.check_linkage(2);
ROLLBACK;
BEGIN;
DELETE FROM nser.share_policy;
SELECT registry.check_linkage(2);
ROLLBACK;
BEGIN;
DELETE FROM nser.share_policy;
SELECT registry.check_refresh(2);
ROLLBACK;

-- a refresh: who changes her group does it with others, or not at all
SELECT pg_temp.agree('regress_partner_c', 'anonymized', '{"attributes": ["sex", "household_size"], "level": "country"}') AS c \gset
SELECT pg_temp.release(:c) AS one \gset
UPDATE nser.release SET state = 'published' WHERE release_id = :one;
SELECT pg_temp.release(:c) AS two \gset
SELECT * FROM registry.refresh_difference(:one, :two, 5, 2);
SELECT format('release.r%s', :one) AS one_table, format('release.r%s', :two) AS two_table \gset
-- one of the new release shows another group
BEGIN;
UPDATE :two_table SET household_size = CASE household_size WHEN '1-3' THEN '4-6' ELSE '1-3' END WHERE person = (SELECT min(person::text)::uuid FROM :two_table);
SELECT * FROM registry.refresh_difference(:one, :two, 5, 2);
SELECT registry.check_refresh(:two);
ROLLBACK;
-- many do: groups differ enough, but a pseudonym that is followed shows both
BEGIN;
UPDATE :two_table AS t SET household_size = '7+' FROM (SELECT person FROM :two_table WHERE household_size = '4-6' ORDER BY person LIMIT 60) AS s WHERE s.person = t.person;
UPDATE :two_table AS t SET household_size = '1-3' FROM (SELECT person FROM :one_table WHERE household_size = '7+' ORDER BY person LIMIT 3) AS s WHERE s.person = t.person;
UPDATE :two_table AS t SET household_size = '1-3' FROM (SELECT person FROM :two_table WHERE household_size = '4-6' ORDER BY person LIMIT 60) AS s WHERE s.person = t.person;
SELECT groups_exposed, paths_exposed > 0 AS paths_exposed, followed FROM registry.refresh_difference(:one, :two, 5, 2);
-- under another key nobody is: the groups alone are compared, and who is who is still found
INSERT INTO nser.release_key (agreement_id, key_no, key) VALUES (:c, 99, sha256('another key'));
CREATE TEMP TABLE key AS SELECT registry.agreement_key(:c) AS key UNION SELECT k.key FROM nser.release_key AS k WHERE k.agreement_id = :c;
UPDATE :one_table AS r SET person = registry.pseudonym(sha256('another key'), s.household_id || '.' || l.line)
FROM nser.release_subject AS s, unnest(s.lines) AS l (line), pg_temp.key AS k
WHERE s.release_id = :one AND r.person = registry.pseudonym(k.key, s.household_id || '.' || l.line);
SELECT * FROM registry.refresh_difference(:one, :two, 5, 2);
SELECT registry.check_refresh(:two);
ROLLBACK;
SELECT registry.check_refresh(:two);
-- that another step is shown hides nobody: sizes are compared as the coarser has them
BEGIN;
INSERT INTO nser.release_key (agreement_id, key_no, key) VALUES (:c, 99, sha256('another key'));
CREATE TEMP TABLE key AS SELECT registry.agreement_key(:c) AS key UNION SELECT k.key FROM nser.release_key AS k WHERE k.agreement_id = :c;
UPDATE :one_table AS r SET person = registry.pseudonym(sha256('another key'), s.household_id || '.' || l.line)
FROM nser.release_subject AS s, unnest(s.lines) AS l (line), pg_temp.key AS k
WHERE s.release_id = :one AND r.person = registry.pseudonym(k.key, s.household_id || '.' || l.line);
UPDATE :two_table SET household_size = registry.coarser_value('household_size', 1, household_size);
UPDATE nser.release SET losses = jsonb_set(losses, '{attributes,household_size,step}', '1') WHERE release_id = :two;
SELECT * FROM registry.refresh_difference(:one, :two, 5, 2);
UPDATE :two_table SET household_size = CASE household_size WHEN '7+' THEN '1-6' ELSE '7+' END WHERE person = (SELECT min(person::text)::uuid FROM :two_table);
SELECT * FROM registry.refresh_difference(:one, :two, 5, 2);
ROLLBACK;
-- what cannot be compared is held back
BEGIN;
DELETE FROM nser.release_subject WHERE release_id = :one AND household_id = (SELECT min(household_id) FROM nser.release_subject WHERE release_id = :one);
DO $$ BEGIN PERFORM registry.check_refresh(max(release_id)) FROM nser.release; EXCEPTION WHEN SQLSTATE 'RG027' THEN RAISE WARNING '%', SQLERRM; END $$;
ROLLBACK;
SELECT registry.check_refresh(0);
-- after a score service, which has no table to compare with, records are published as ever
SELECT pg_temp.agree('regress_partner_s', 'score', '{"attributes": ["score_band"], "quota": 10000}') AS service,
	pg_temp.agree('regress_partner_t', 'anonymized', '{"attributes": ["sex", "age_group"], "level": "country"}') AS records \gset
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.publish(:service) IS NOT NULL AS service, nser.publish(:records) IS NOT NULL AS records;
RESET SESSION AUTHORIZATION;
\set ECHO none
RESET ROLE;
\i test/sharing/end.sql
DROP OWNED BY regress_partner_s, regress_partner_t;
DROP ROLE regress_partner_s, regress_partner_t;
