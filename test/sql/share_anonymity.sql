-- How many share what is shown: counts that can be checked by hand, and what is refused.
SET client_min_messages = warning;
SET search_path = public;
CREATE TABLE shown (household bigint, area text, sex text, age_group text, disabled text);
INSERT INTO shown VALUES
	(1, 'PK6', 'female', 'adult', 'false'), (1, 'PK6', 'female', 'adult', 'true'), (1, 'PK6', 'male', 'minor', 'false'),
	(2, 'PK6', 'female', 'adult', 'false'), (2, 'PK6', 'male', 'minor', NULL), (3, 'PK6', 'female', NULL, NULL),
	(3, 'PK6', 'female', NULL, NULL), (3, NULL, 'male', 'old-age', 'true'), (NULL, 'PK6', 'male', 'minor', 'false');

-- NULL is a value of its own, and nobody's household is no household
SELECT * FROM registry.anonymity('shown', '{area,sex,age_group}', 'household');
SELECT * FROM registry.anonymity('shown', '{area,sex,age_group}');
SELECT g.*, count(*) AS persons, count(DISTINCT household) AS households FROM shown, LATERAL (SELECT area, sex, age_group) AS g GROUP BY 1, 2, 3 ORDER BY 4, 5, 1, 2;
-- the columns may be in any order, and be the household itself
SELECT registry.anonymity('shown', '{age_group,sex,area}', 'household') = registry.anonymity('shown', '{area,sex,age_group}', 'household') AS same;
SELECT * FROM registry.anonymity('shown', '{household}', 'household');
-- nothing shown: everybody is one group; nobody there: none
SELECT * FROM registry.anonymity('shown', '{}', 'household');
SELECT * FROM registry.anonymity('shown', '{}');
CREATE TABLE nobody (LIKE shown);
SELECT * FROM registry.anonymity('nobody', '{sex}', 'household');
SELECT * FROM registry.anonymity('nobody', '{}');

-- values that are known; where none is, nothing is told
SELECT registry.diversity('shown', '{area,sex,age_group}', 'disabled') AS by_three, registry.diversity('shown', '{sex}', 'disabled') AS by_sex,
	registry.diversity('shown', '{}', 'disabled') AS of_all, registry.diversity('nobody', '{sex}', 'disabled') AS of_nobody;

-- a household by its members: 1 and 2 are alike but for one adult more, 4 is like 2
INSERT INTO shown VALUES (4, 'PK6', 'male', 'minor', 'false'), (4, 'PK6', 'female', 'adult', 'false');
SELECT * FROM registry.household_anonymity('shown', '{area,sex,age_group}', 'household');
SELECT * FROM registry.household_anonymity('shown', '{area,sex,age_group,disabled}', 'household', '{disabled}');
SELECT * FROM registry.household_anonymity('shown', '{}', 'household');
SELECT * FROM registry.household_anonymity('nobody', '{sex}', 'household');

-- a column may have any name, and be nobody's SQL
CREATE TABLE odd ("registry_persons" text, "a""b; DROP TABLE shown" text, "Sex" text);
INSERT INTO odd VALUES ('1', 'x', 'm'), ('1', 'x', 'm'), ('2', 'x', 'm');
SELECT * FROM registry.anonymity('odd', '{registry_persons,"a\"b; DROP TABLE shown",Sex}');

CREATE TABLE odder (registry_household text, registry_persons text, registry_told text, household text, persons text, c1 text, c2 text, r text, s text, " " text);
INSERT INTO odder SELECT 'a', 'b', 'c', h, 'd', 'e', 'f', 'g', 'h', h FROM unnest('{x,x,y}'::text[]) AS u (h);
SELECT * FROM registry.anonymity('odder', '{registry_household,registry_persons,registry_told,persons,c1,c2,r,s}', 'household');
SELECT * FROM registry.anonymity('odder', '{c2,c2,c1}', ' ');
SELECT registry.diversity('odder', '{registry_told,c1,c2,r,s}', 'household');
-- a view and a temporary table are tables as any, whatever they are called
CREATE VIEW "shown; --" AS SELECT * FROM shown;
SELECT registry.anonymity('"shown; --"', '{sex}', 'household') = registry.anonymity('shown', '{sex}', 'household') AS same;
CREATE TEMPORARY TABLE pg_attribute (attname text);
INSERT INTO pg_temp.pg_attribute VALUES ('x'), ('x');
SELECT * FROM registry.anonymity('pg_temp.pg_attribute', '{attname}');
SELECT smallest_persons FROM registry.anonymity('pg_catalog.pg_attribute', '{attrelid,attnum}');
DROP TABLE pg_temp.pg_attribute;

\set VERBOSITY default
\set SHOW_CONTEXT never
-- what has no rows, what is not there, and what one may not read
CREATE INDEX shown_sex ON shown (sex);
CREATE SEQUENCE counted;
CREATE TYPE pair AS (sex text);
SELECT registry.anonymity('shown_sex', '{sex}');
SELECT registry.anonymity('counted', '{last_value}');
SELECT registry.anonymity('pair', '{sex}');
SELECT registry.anonymity(4294967295::oid::regclass, '{sex}');
CREATE FOREIGN DATA WRAPPER regress_nothing;
CREATE SERVER regress_nowhere FOREIGN DATA WRAPPER regress_nothing;
CREATE FOREIGN TABLE far (sex text) SERVER regress_nowhere;
SELECT registry.anonymity('far', '{sex}');
CREATE TABLE unequal (told json);
\set VERBOSITY sqlstate
SELECT registry.anonymity('unequal', '{told}');
\set VERBOSITY default
CREATE ROLE regress_nobody;
SET ROLE regress_nobody;
SELECT registry.anonymity('shown', '{sex}');
SELECT registry.anonymity('"shown; --"', '{sex}', 'household');
RESET ROLE;
DROP ROLE regress_nobody;
DROP FOREIGN TABLE far;
DROP SERVER regress_nowhere;
DROP FOREIGN DATA WRAPPER regress_nothing;
DROP VIEW "shown; --";
DROP SEQUENCE counted;
DROP TYPE pair;
DROP TABLE odder, unequal;
SELECT registry.anonymity('shown', '{area,cnic}', 'household');
SELECT registry.anonymity('shown', '{area,NULL}');
SELECT registry.anonymity('shown', '{area}', 'hh');
SELECT registry.anonymity(NULL, '{area}');
SELECT registry.anonymity('shown', NULL);
SELECT registry.anonymity('shown', '{ctid}');
SELECT registry.diversity('shown', '{area}', NULL);
SELECT registry.household_anonymity('shown', '{area}', NULL);

-- The way that loses least: eight people of four households, two of an area that is
-- one too small, which coarsens (code 1 and 2 become 1) or is not shown.
SELECT * FROM registry.least_coarse('{0,0,1,1,2,2,3,3}', '{1,1,1,1,2,2,2,2}', '{2}', '{3}', '{0,1,2,0,1,1}', '{0,500000}', '{1}', '{0}', '{0}', 2, 1, 0);
SELECT * FROM registry.least_coarse('{0,0,1,1,2,2,3,3}', '{1,1,1,1,2,2,2,2}', '{2}', '{3}', '{0,1,2,0,1,1}', '{0,500000}', '{1}', '{0}', '{0}', 3, 1, 0);
SELECT * FROM registry.least_coarse('{0,0,1,1,2,2,3,3}', '{1,1,1,1,2,2,2,2}', '{1}', '{3}', '{0,1,2}', '{0}', '{1}', '{0}', '{0}', 5, 1, 8);
-- of equal losses, what comes first is finer: here one of two must not be shown
SELECT * FROM registry.least_coarse('{0,1,2,3}', '{1,1,2,2,1,2,1,2}', '{1,1}', '{3,3}', '{0,1,2,0,1,2}', '{0,0}', '{1,1}', '{0,0}', '{0,0}', 2, 1, 0);
SELECT * FROM registry.least_coarse('{0,1,2,3}', '{1,1,2,2,1,2,1,2}', '{1,1}', '{3,3}', '{0,1,2,0,1,2}', '{0,0}', '{1,2}', '{0,0}', '{0,0}', 2, 1, 0);
-- a sensitive attribute groups nobody, but needs two values known; not shown, it needs none
SELECT * FROM registry.least_coarse('{0,1,2,3}', '{1,1,2,2,1,2,1,1}', '{1,1}', '{3,3}', '{0,1,2,0,1,2}', '{0,0}', '{1,1}', '{0,1}', '{0,0}', 2, 2, 0);
SELECT * FROM registry.least_coarse('{0,1,2,3}', '{1,1,2,2,1,2,0,0}', '{1,1}', '{3,3}', '{0,1,2,0,1,2}', '{0,0}', '{1,1}', '{0,1}', '{0,0}', 2, 2, 0);
-- One rare record is never left out alone: the smallest group goes with it, or it is
-- hidden with all; ten people of ten households, one of a kind.
SELECT * FROM registry.least_coarse('{0,1,2,3,4,5,6,7,8,9}', '{1,1,1,1,1,2,2,2,2,3}', '{1}', '{4}', '{0,1,2,3}', '{0}', '{1}', '{0}', '{0}', 2, 1, 9);
SELECT * FROM registry.least_coarse('{0,1,2,3,4,5,6,7,8,9}', '{1,1,1,1,1,2,2,2,2,3,1,1,1,1,1,1,2,2,2,2}', '{1,1}', '{4,3}', '{0,1,2,3,0,1,2}', '{0,0}', '{1,1}', '{0,0}', '{0,0}', 2, 1, 9);
-- totals that others have are of the two kinds together: the smallest of them goes with it
SELECT * FROM registry.least_coarse('{0,1,2,3,4,5,6,7,8,9}', '{1,1,1,1,1,2,2,2,2,3}', '{2}', '{4}', '{0,1,2,3,0,1,1,1}', '{0,900000}', '{1}', '{0}', '{1}', 2, 1, 9);
SELECT * FROM registry.least_coarse('{}', '{}', '{1}', '{2}', '{0,1}', '{0}', '{1}', '{0}', '{0}', 2, 1, 0);
SELECT * FROM registry.least_coarse('{0,1}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', 2, 1, 0);
SELECT * FROM registry.least_coarse('{0,1}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', 3, 1, 0);

-- what is no such list
SELECT registry.least_coarse('{1,0}', '{1,1}', '{1}', '{2}', '{0,1}', '{0}', '{1}', '{0}', '{0}', 2, 1, 0);
SELECT registry.least_coarse('{0,NULL}', '{1,1}', '{1}', '{2}', '{0,1}', '{0}', '{1}', '{0}', '{0}', 2, 1, 0);
SELECT registry.least_coarse('{{0,0}}', '{1,1}', '{1}', '{2}', '{0,1}', '{0}', '{1}', '{0}', '{0}', 2, 1, 0);
SELECT registry.least_coarse('{0,0}', '{1,2}', '{1}', '{2}', '{0,1}', '{0}', '{1}', '{0}', '{0}', 2, 1, 0);
SELECT registry.least_coarse('{0,0}', '{1,-1}', '{1}', '{2}', '{0,1}', '{0}', '{1}', '{0}', '{0}', 2, 1, 0);
SELECT registry.least_coarse('{0,0}', '{1}', '{1}', '{2}', '{0,1}', '{0}', '{1}', '{0}', '{0}', 2, 1, 0);
SELECT registry.least_coarse('{0,0}', '{1,1}', '{1}', '{2}', '{0,9}', '{0}', '{1}', '{0}', '{0}', 2, 1, 0);
SELECT registry.least_coarse('{0,0}', '{1,1}', '{1}', '{2}', '{0}', '{0}', '{1}', '{0}', '{0}', 2, 1, 0);
SELECT registry.least_coarse('{0,0}', '{1,1}', '{0}', '{2}', '{0,1}', '{0}', '{1}', '{0}', '{0}', 2, 1, 0);
SELECT registry.least_coarse('{0,0}', '{1,1}', '{1}', '{2147483647}', '{0,1}', '{0}', '{1}', '{0}', '{0}', 2, 1, 0);
SELECT registry.least_coarse('{0,0}', '{1,1}', '{1}', '{2}', '{0,1}', '{1000001}', '{1}', '{0}', '{0}', 2, 1, 0);
SELECT registry.least_coarse('{0,0}', '{1,1}', '{1}', '{2}', '{0,1}', '{0}', '{1,1}', '{0}', '{0}', 2, 1, 0);
SELECT registry.least_coarse('{0,0}', '{1,1}', '{1}', '{2}', '{0,1}', '{0}', '{1}', '{2}', '{0}', 2, 1, 0);
SELECT registry.least_coarse('{0,0}', '{1,1}', '{1}', '{2}', '{0,1}', '{0}', '{1}', '{0}', '{0}', 0, 1, 0);
SELECT registry.least_coarse('{0,0}', '{1,1}', '{1}', '{2}', '{0,1}', '{0}', '{1}', '{0}', '{0}', 2, 1, -1);
SELECT registry.least_coarse('{0}', array_fill(0, ARRAY[21]), array_fill(1, ARRAY[21]), array_fill(1, ARRAY[21]), array_fill(0, ARRAY[21]), array_fill(0, ARRAY[21]),
	array_fill(1, ARRAY[21]), array_fill(0, ARRAY[21]), array_fill(0, ARRAY[21]), 2, 1, 0);
SELECT registry.least_coarse('{0}', array_fill(0, ARRAY[65]), array_fill(1, ARRAY[65]), array_fill(1, ARRAY[65]), array_fill(0, ARRAY[65]), array_fill(0, ARRAY[65]),
	array_fill(1, ARRAY[65]), array_fill(0, ARRAY[65]), array_fill(0, ARRAY[65]), 2, 1, 0);
DROP TABLE shown, nobody, odd;
