-- Attack: the difference of two tables that overlap: by other attributes, other levels,
-- of some and of all, and of two days.
\set ECHO none
\set people 6000
\i test/sharing/begin.sql
\i test/sharing/make_release.sql
\set ECHO all
\set VERBOSITY terse
-- cells that one release hides and another shows, of the same unit, with the same count
CREATE FUNCTION pg_temp.differences(OUT shown_elsewhere bigint, OUT compared bigint) LANGUAGE sql AS $$
	SELECT count(*) FILTER (WHERE a.hidden AND NOT b.hidden), count(*)
	FROM nser.cube_cell AS a JOIN nser.cube_cell AS b ON b.snapshot_id <> a.snapshot_id AND b.attributes = a.attributes AND b."values" = a."values"
		AND b.level = a.level AND b.area OPERATOR(registry.=) a.area AND b.division IS NOT DISTINCT FROM a.division AND b.count = a.count
	WHERE (SELECT s.unit FROM nser.snapshot AS s WHERE s.snapshot_id = a.snapshot_id) = (SELECT s.unit FROM nser.snapshot AS s WHERE s.snapshot_id = b.snapshot_id)
$$;
SELECT pg_temp.make_release(pg_temp.agree('regress_partner_a', 'summary', '{"attributes": ["household_size", "score_band"], "level": "province"}')) AS one \gset
SELECT pg_temp.make_release(pg_temp.agree('regress_partner_b', 'summary', '{"attributes": ["household_size", "toilet"], "level": "province"}')) AS two \gset
SELECT pg_temp.make_release(pg_temp.agree('regress_partner_c', 'map', '{"attributes": ["household_size"], "level": "district"}')) AS three \gset
SELECT pg_temp.make_release(pg_temp.agree('regress_partner_d', 'summary', '{"attributes": ["sex"], "level": "province"}')) AS four \gset
SELECT pg_temp.make_release(pg_temp.agree('regress_partner_e', 'summary', '{"attributes": ["sex"], "level": "province", "member_types": ["child"]}')) AS five \gset
-- one snapshot of households and one of persons, in which a count is shown to all or to none
SELECT unit, count(DISTINCT snapshot_id) AS snapshots, count(*) AS tables FROM nser.cube_table JOIN nser.snapshot USING (snapshot_id) GROUP BY unit ORDER BY unit;
SELECT count(*) > 0 AS common, count(*) FILTER (WHERE a.count IS DISTINCT FROM b.count) AS differ
FROM release.r1 AS a JOIN release.r2 AS b ON b.area OPERATOR(registry.=) a.area AND b.level = a.level
	AND b.area_name IS NOT DISTINCT FROM a.area_name AND b.household_size = a.household_size
WHERE a.score_band = 'all' AND b.toilet = 'all';
-- where the children and everybody are shown, the others are not few
SELECT count(*) > 0 AS common, count(*) FILTER (WHERE every.count - part.count < 10) AS few_others
FROM release.r5 AS part JOIN release.r4 AS every ON every.area OPERATOR(registry.=) part.area AND every.level = part.level
	AND every.area_name IS NOT DISTINCT FROM part.area_name AND every.sex = part.sex WHERE every.count > 0 AND part.count > 0;
-- all of it together
SELECT count(*) > 0 AS hidden, min(width) >= 10 AS wide FROM registry.attack(NULL, false);

-- a household goes, and the next table is of another day: what was hidden and counts
-- the same is hidden still
UPDATE nser.household SET status = 'dissolved' WHERE household_id = (SELECT max(household_id) FROM nser.household);
UPDATE nser.share_policy SET snapshot_lasts = '0';
SELECT pg_temp.make_release(pg_temp.agree('regress_partner_f', 'summary', '{"attributes": ["score_band"], "level": "province"}')) AS six \gset
SELECT count(DISTINCT snapshot_id) AS snapshots, count(*) AS tables FROM nser.cube_table;
SELECT shown_elsewhere, compared > 0 AS compared FROM pg_temp.differences();
SELECT count(*) > 0 AS hidden, min(width) >= 10 AS wide FROM registry.attack(NULL, false);

-- a table that is judged for itself, as if nobody had seen the others, shows what they hide
BEGIN;
CREATE TEMP TABLE seen AS SELECT * FROM nser.cube_cell WHERE snapshot_id = 1;
DELETE FROM nser.cube_cell;
DELETE FROM nser.cube_table;
DELETE FROM nser.cube_base;
DELETE FROM nser.cube_household;
DELETE FROM nser.snapshot;
SELECT pg_temp.make_release(pg_temp.agree('regress_partner_g', 'summary', '{"attributes": ["score_band", "toilet"], "level": "province"}')) AS seven \gset
SELECT count(*) FILTER (WHERE a.hidden AND NOT b.hidden) > 0 AS shown_elsewhere
FROM seen AS a JOIN nser.cube_cell AS b ON b.attributes = a.attributes AND b."values" = a."values"
	AND b.level = a.level AND b.area OPERATOR(registry.=) a.area AND b.division IS NOT DISTINCT FROM a.division AND b.count = a.count;
ROLLBACK;
\set ECHO none
\i test/sharing/end.sql
