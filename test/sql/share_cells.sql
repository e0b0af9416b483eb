-- Tables of summaries and maps: what is hidden, left out, refused, and the same for all.
\set ECHO none
\set people 6000
\i test/sharing/begin.sql
\i test/sharing/make_release.sql
\set ECHO all
\set VERBOSITY terse
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_a', 'summary',
	'{"attributes": ["score_band", "household_size"], "level": "village", "audience": "public"}')) AS one \gset
SELECT rows > 0 AS rows, persons, households, losses, checks - 'snapshot' AS checks FROM nser.release WHERE release_id = :one;
-- a public table goes down to the district at most, and every count that is shown is large, but of
-- pairs of values that are nowhere in the country
SELECT max(level) <= 'district' AS coarse, min(count) FILTER (WHERE count > 0) >= 10 AS large, count(*) FILTER (WHERE count IS NULL) > 0 AS some_hidden,
	count(*) FILTER (WHERE count IS NULL AND percent IS NOT NULL) AS percent_of_hidden FROM release.r1;
SELECT * FROM release.r1 WHERE level = 'country' ORDER BY household_size, score_band;
-- all margins of all attributes are there, and add up where nothing is hidden
SELECT sum(count) = (SELECT count FROM release.r1 WHERE level = 'country' AND household_size = 'all' AND score_band = 'all') AS adds_up
FROM release.r1 WHERE level = 'country' AND household_size <> 'all' AND score_band = 'all';
SELECT a.attname, col_description(a.attrelid, a.attnum) FROM pg_attribute AS a
WHERE a.attrelid = 'release.r1'::regclass AND a.attnum > 0 ORDER BY a.attnum;
-- what is hidden is as wide as declared
SELECT count(*) > 0 AS hidden, min(width) >= 10 AS wide FROM registry.attack(NULL, false);
SELECT count(*) FROM registry.attack('{1}', false) WHERE width < 10;

-- another table of the same snapshot: of persons there is one of their own
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_b', 'custom_analysis', '{"attributes": ["sex", "age_group", "disabled"], "level": "province"}')) AS two \gset
SELECT count(DISTINCT snapshot_id) AS snapshots, count(DISTINCT unit) AS units FROM nser.snapshot;
SELECT level, sex, age_group, count IS NULL AS hidden FROM release.r2 WHERE disabled = 'true' AND level = 'country' ORDER BY sex, age_group;
SELECT min(width) >= 10 AS wide FROM registry.attack(ARRAY[:two], false);
-- the same asked for by another partner is the same
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_c', 'map', '{"attributes": ["household_size"], "level": "province"}')) AS three \gset
SELECT count(*) > 0 AS rows, count(*) FILTER (WHERE r.count IS DISTINCT FROM o.count) AS other
FROM release.r3 AS r LEFT JOIN release.r1 AS o ON o.area OPERATOR(registry.=) r.area AND o.level = r.level AND o.area_name IS NOT DISTINCT FROM r.area_name
	AND o.household_size = r.household_size AND o.score_band = 'all';
-- a part of the country shows what the whole shows
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_d', 'map', '{"attributes": ["household_size"], "level": "district", "area": "PK6"}')) AS four \gset
SELECT bool_and(area OPERATOR(registry.<@) 'PK6') AS inside, min(level) AS coarsest FROM release.r4;
-- nothing but totals
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_e', 'map', '{"level": "province"}')) AS five \gset
SELECT area, level, count, percent FROM release.r5 WHERE level = 'country';
-- of some, whose complement is judged with them
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_f', 'summary',
	'{"attributes": ["household_size"], "level": "province", "score_range": "[0,32]", "formula": "hies-2015-demo"}')) AS six \gset
SELECT household_size, count > 0 AS counted FROM release.r6 WHERE level = 'country' ORDER BY 1;
SELECT count(*) AS shown_with_few_others FROM release.r6 AS r JOIN release.r3 AS o ON o.area OPERATOR(registry.=) r.area
	AND o.level = r.level AND o.area_name IS NOT DISTINCT FROM r.area_name AND o.household_size = r.household_size WHERE o.count - r.count < 10;
SELECT min(width) >= 10 AS wide FROM registry.attack(NULL, false);

-- refused
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_g', 'summary', '{"attributes": ["score"]}'));
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_g', 'summary', '{"attributes": ["cnic"]}'));
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_g', 'summary', '{"attributes": ["sex", "age_group", "disabled", "literate"]}'));
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_g', 'anonymized', '{"attributes": ["sex"]}'));
SELECT registry.refuse_narrow(2, 1, 'PK617 {a}');
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT registry.refuse_narrow(2, 0, 'PK617 {a}', '2027-01-31');
\set VERBOSITY terse
SELECT * FROM registry.attack('{0}');
BEGIN;
DELETE FROM nser.share_policy;
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_g', 'summary', '{"attributes": ["sex"]}'));
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_g', 'summary', '{"attributes": ["sex"]}'));
ROLLBACK;
-- a solver without time decides nothing, and nothing is published on that
BEGIN;
UPDATE nser.cube_cell SET hidden = count < 10 WHERE snapshot_id = 1;
UPDATE nser.share_policy SET solve_within = '1 microsecond';
SELECT count(*) > 0 AS undecided FROM registry.attack('{1}', false) WHERE width < 10 AND NOT exact;
ROLLBACK;

-- as if nothing had been released
CREATE FUNCTION pg_temp.forget() RETURNS void LANGUAGE sql AS $$
	DELETE FROM nser.cube_cell;
	DELETE FROM nser.cube_table;
	DELETE FROM nser.cube_base;
	DELETE FROM nser.cube_household;
	DELETE FROM nser.snapshot;
$$;
-- heads are the households, and counted as these, in their cube
BEGIN;
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_a', 'summary', '{"attributes": ["household_size"], "level": "district"}')) AS a \gset
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_b', 'summary', '{"attributes": ["household_size"], "level": "district", "member_types": ["head"]}')) AS b \gset
SELECT count(*) > 0 AS cells, count(*) FILTER (WHERE a.count IS DISTINCT FROM b.count) AS differ
FROM release.r:a AS a JOIN release.r:b AS b ON b.area OPERATOR(registry.=) a.area AND b.level = a.level AND b.area_name IS NOT DISTINCT FROM a.area_name AND b.household_size = a.household_size;
SAVEPOINT refused;
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_c', 'summary', '{"attributes": ["relationship"], "level": "district"}'));
ROLLBACK TO refused;
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_c', 'summary', '{"attributes": ["sex"], "level": "district", "member_types": ["head"]}'));
ROLLBACK;
-- all children but the minors are the teenagers: the two tables are judged as one, in
-- which no adult is a child, as everybody knows
BEGIN;
SELECT pg_temp.forget() \g /dev/null
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_a', 'summary', '{"attributes": ["age_group"], "level": "district"}')) AS a \gset
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_b', 'summary', '{"level": "district", "member_types": ["child"]}')) AS b \gset
WITH age AS (
	SELECT area, level, area_name, max(count) FILTER (WHERE age_group = 'minor') AS minor, max(count) FILTER (WHERE age_group = 'teenage') AS teenage
	FROM release.r:a GROUP BY area, level, area_name)
SELECT count(*) FILTER (WHERE b.count IS NOT NULL) > 0 AS compared, count(*) FILTER (WHERE b.count IS NOT NULL AND a.minor IS NOT NULL AND a.teenage IS NULL) AS told
FROM release.r:b AS b JOIN age AS a ON a.area OPERATOR(registry.=) b.area AND a.level = b.level AND a.area_name IS NOT DISTINCT FROM b.area_name;
-- both together nobody has, as nobody asked
SELECT count(*) AS kept FROM nser.cube_cell WHERE attributes[1] = 'age_group' AND attributes[2] LIKE 'only: %';
ROLLBACK;
-- nor does land by one coarseness show what another hides
BEGIN;
SELECT pg_temp.forget() \g /dev/null
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_a', 'summary', '{"attributes": ["land_kanals"], "level": "district"}')) AS a \gset
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_b', 'summary', '{"attributes": ["land_band"], "level": "district"}')) AS b \gset
SELECT count(*) > 0 AS same, count(*) FILTER (WHERE (a.count IS NULL) <> (b.count IS NULL)) AS told
FROM release.r:a AS a JOIN release.r:b AS b ON b.area OPERATOR(registry.=) a.area AND b.level = a.level AND b.area_name IS NOT DISTINCT FROM a.area_name
	AND (a.land_kanals, b.land_band) IN (('0', 'none'), ('41+', 'more than 40 kanals'), ('unknown', 'unknown'));
ROLLBACK;
-- persons of few households are few
BEGIN;
SELECT pg_temp.forget() \g /dev/null
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_a', 'summary', '{"attributes": ["sex", "household_size"], "level": "province"}')) AS a \gset
CREATE TEMP TABLE person AS
SELECT h.household_id, registry.ancestor(h.area, 'province') AS province, coalesce(registry.ancestor(h.area, 'district'), h.area) AS area,
	CASE WHEN h.members <= 3 THEN '1-3' WHEN h.members <= 6 THEN '4-6' ELSE '7+' END AS household_size, m.sex::text AS sex
FROM nser.household_profile AS h JOIN nser.member_profile AS m USING (household_id);
WITH held AS (
	SELECT province, coalesce(household_size, 'all') AS household_size, coalesce(sex, 'all') AS sex, count(*) AS persons, count(DISTINCT household_id) AS households
	FROM person GROUP BY province, CUBE (household_size, sex))
SELECT count(*) FILTER (WHERE r.count > 0) > 0 AS shown, count(*) FILTER (WHERE h.households < 10 AND h.persons >= 10) > 0 AS many_of_few,
	count(*) FILTER (WHERE h.households < 10 AND r.count > 0) AS told
FROM release.r:a AS r JOIN held AS h ON h.province OPERATOR(registry.=) r.area AND h.household_size = r.household_size AND h.sex = r.sex
WHERE r.level = 'province';
SELECT count(*) > 0 AS rows, count(*) FILTER (WHERE b.households IS DISTINCT FROM h.households) AS wrong
FROM nser.cube_household AS b
FULL JOIN (SELECT area, household_size, sex, count(DISTINCT household_id) AS households FROM person GROUP BY area, household_size, CUBE (sex)) AS h
	ON h.area OPERATOR(registry.=) b.area AND ARRAY[h.household_size, h.sex] = b."values";
ROLLBACK;
-- of a programme of women the women are counted, as records have them
BEGIN;
SELECT pg_temp.forget() \g /dev/null
\i test/sharing/families.sql
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_a', 'summary', '{"attributes": ["literate"], "level": "country", "programme": "kafaalat"}')) AS a \gset
SELECT count = (SELECT count(DISTINCT (household_id, line)) FROM nser.enrolment WHERE exited_on IS NULL) AS enrolled FROM release.r:a WHERE literate = 'all';
ROLLBACK;
-- what cannot be judged with all of its snapshot waits for the next
CREATE FUNCTION pg_temp.refused(agreement bigint, OUT code text, OUT hint text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_temp.make_release(refused.agreement);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, hint = PG_EXCEPTION_HINT;
	hint := regexp_replace(hint, '\d{4}-\d\d-\d\d', '(a day)');
END $$;
BEGIN;
SELECT pg_temp.forget() \g /dev/null
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_a', 'summary', '{"attributes": ["household_size", "score_band", "toilet"], "level": "country"}')) AS a \gset
SELECT * FROM pg_temp.refused(pg_temp.agree_unchecked('regress_partner_b', 'summary', '{"attributes": ["land_band", "head_class", "head_age"], "level": "village"}'));
ROLLBACK;
-- women and adults are who the request means by them
BEGIN;
SELECT pg_temp.forget() \g /dev/null
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_a', 'summary', '{"level": "country", "member_types": ["woman"]}')) AS a \gset
SELECT pg_temp.make_release(pg_temp.agree_unchecked('regress_partner_b', 'summary', '{"level": "country", "member_types": ["adult"]}')) AS b \gset
SELECT (SELECT count FROM release.r:a) = count(*) FILTER (WHERE sex = 'female' AND age >= 18) AS women,
	(SELECT count FROM release.r:b) = count(*) FILTER (WHERE age BETWEEN 18 AND 59) AS adults FROM nser.member_profile;
ROLLBACK;
\set ECHO none
\i test/sharing/end.sql
