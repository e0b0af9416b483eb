-- Registration centres: where they stand, which is near, who has far to go, where more would help.
\set VERBOSITY terse
SET client_min_messages = warning;
SET extra_float_digits = 0;
SET datestyle = ISO;
CALL registry.create_store();
SET search_path = registry, public;
-- sixteen union councils, squares of a tenth of a degree, and a village without a boundary
INSERT INTO nser.area (code, name, source, geom) SELECT ('PK60101' || lpad((1 + 4 * y + x)::text, 3, '0'))::area_code, format('Square %s/%s', x, y), 'made up',
	polygons(st_makeenvelope(72 + x / 10.0, 31 + y / 10.0, 72.1 + x / 10.0, 31.1 + y / 10.0, 4326)) FROM generate_series(0, 3) AS x, generate_series(0, 3) AS y;

-- A centre's area is that of its place, unless it is given; one of the two must be known.
INSERT INTO nser.centre (centre_id, name, kind, place, opens, closes, open_days, valid) VALUES
	(1, 'Corner', 'fixed', registry.place(72.05, 31.05), '09:00', '17:00', '{1,2,3,4,5}', '[2023-02-01,)'),
	(2, 'Closed', 'fixed', registry.place(72.15, 31.05), NULL, NULL, '{1,2,3,4,5,6}', '[2023-02-01,2024-01-01)'),
	(3, 'To come', 'fixed', registry.place(72.35, 31.35), NULL, NULL, '{1}', '[2200-01-01,)');
INSERT INTO nser.centre (centre_id, name, kind, area, opens, closes, open_days, valid) VALUES
	(4, 'Vehicle', 'mobile', 'PK60101', '10:00', '15:00', '{1,2,3,4,5,6,7}', '[2023-02-01,)');
INSERT INTO nser.centre_stop (centre_id, during, place, opens) VALUES
	(4, '[2026-03-02,2026-03-05]', registry.place(72.33, 31.05), '11:00'), (4, '[2026-03-09,2026-03-12)', registry.place(72.05, 31.35), NULL);
INSERT INTO nser.centre (centre_id, name, kind, place) VALUES (9, 'Nowhere', 'fixed', registry.place(60.5, 24));
INSERT INTO nser.centre (centre_id, name, kind) VALUES (9, 'Nowhere', 'mobile');
INSERT INTO nser.centre_stop (centre_id, during, place) VALUES (4, '[2026-04-01,2026-04-05]', registry.place(60.5, 24));
INSERT INTO nser.centre_stop (centre_id, during, place) VALUES (1, '[2026-04-01,2026-04-05]', registry.place(72.05, 31.05));
INSERT INTO nser.centre_stop (centre_id, during, place) VALUES (4, '[2026-03-05,2026-03-06]', registry.place(72.05, 31.05));
UPDATE nser.centre SET place = registry.place(72.15, 31.15), area = NULL WHERE centre_id = 2;
SELECT centre_id, name, area FROM nser.centre ORDER BY 1;
INSERT INTO nser.centre (centre_id, name, kind, area, place) VALUES (9, 'Empty', 'fixed', 'PK60101', 'SRID=4326;POINT EMPTY');
INSERT INTO nser.centre_stop (centre_id, during, area, place) VALUES (4, '[2026-04-01,2026-04-05]', 'PK60101', st_setsrid(st_makepoint('NaN', 'NaN'), 4326));
-- a vehicle that has stopped stays one; a centre that moves takes its area along, unless it is given or holds the new place
UPDATE nser.centre SET kind = 'fixed', place = registry.place(72.05, 31.05) WHERE centre_id = 4;
BEGIN;
UPDATE nser.centre SET place = registry.place(72.25, 31.05) WHERE centre_id = 1 RETURNING area;
UPDATE nser.centre SET place = registry.place(72.05, 31.05), area = 'PK60102' WHERE centre_id = 1 RETURNING area;
UPDATE nser.centre SET place = registry.place(60.5, 24) WHERE centre_id = 1 RETURNING area;
UPDATE nser.centre SET area = 'PK60101' WHERE centre_id = 1 RETURNING area;
UPDATE nser.centre SET place = registry.place(72.05, 31.05) WHERE centre_id = 1 RETURNING area;
UPDATE nser.centre_stop SET place = registry.place(72.05, 31.35) WHERE during @> '2026-03-03'::date RETURNING area;
ROLLBACK;
SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute ON (attrelid, attnum) = (adrelid, adnum) WHERE adrelid = 'nser.centre'::regclass AND attname = 'valid';
SELECT centre_id, during, area FROM nser.centre_stop ORDER BY 1, 2;

-- Which stand where on a day, whatever the day of the week: the vehicle is nowhere between its stops.
SELECT d, centre_id, name, kind, area, opens, closes, st_astext(place) AS place, last_day
FROM unnest('{2023-12-31,2024-01-01,2026-03-05,2026-03-06,2026-03-09}'::date[]) AS d, centres_on(d) ORDER BY 1, 2;
SELECT count(*) AS today FROM centres_on();

-- The nearest, and when it opens: Corner after the week end, the vehicle only while it is there.
SELECT centre_id, name, kind, area, round(km::numeric, 3) AS km, opens, closes, next_open, st_astext(place) AS place
	FROM nearest_centres(registry.place(72.3, 31.05), 3, '2026-03-05');
SELECT name, round(km::numeric, 3) AS km, next_open FROM nearest_centres(registry.place(72.3, 31.05), on_date => '2026-03-07');
SELECT name, next_open FROM nearest_centres(registry.place(72.3, 31.05), 5, '2023-12-31');
SELECT name, km FROM nearest_centres(registry.place(72.3, 31.05), 5, '2026-03-05', 'fixed') WHERE kind <> 'fixed';
SELECT count(*) FROM nearest_centres(registry.place(72.3, 31.05), 1, '2026-03-06', 'mobile');
SELECT count(*) FROM nearest_centres(NULL);
SELECT * FROM nearest_centres(registry.place(72.3, 31.05), 0);
SELECT * FROM nearest_centres(registry.place(72.3, 31.05), NULL);
SELECT * FROM nearest_centres(registry.place(72.3, 31.05), 1, NULL, 'drc');
SELECT * FROM nearest_centres(registry.place(72.3, 31.05), 1, 'infinity');
SELECT * FROM nearest_centres(registry.place(72.3, 31.05), 1, '-infinity');
SELECT * FROM nearest_centres(st_setsrid(st_makepoint(72, 31), 0));
-- equally far: the lower number
INSERT INTO nser.centre (centre_id, name, kind, place, valid) VALUES
	(6, 'North', 'fixed', registry.place(72.2, 31.25), '[2020-01-01,2021-01-01)'), (5, 'Beside', 'fixed', registry.place(72.2, 31.25), '[2020-01-01,2021-01-01)');
SELECT name FROM nearest_centres(registry.place(72.3, 31.05), 1, '2020-06-01');

-- Who has far to go, as by comparing every household with every centre.
INSERT INTO nser.household (household_id, area, place)
	SELECT i, ('PK60101' || lpad((1 + 4 * y + x)::text, 3, '0'))::area_code, CASE WHEN i % 10 > 0 THEN
		registry.place(72 + x / 10.0 + (i * 7919 % 1000) / 10001.0, 31 + y / 10.0 + (i * 104729 % 1000) / 10001.0) END
	FROM generate_series(1, 600) AS i, LATERAL (SELECT i % 4 AS x, (i * 31 % 17) % 4 AS y) AS s;
INSERT INTO nser.household (household_id, area, place, status) VALUES
	(700, 'PK60101', registry.place(72.3, 31.3), 'registered'), (701, 'PK60101016', registry.place(60.5, 24), 'merged'), (702, 'PK60102001', NULL, 'registered'),
	(703, 'PK60101016', registry.place(73.9, 33), 'registered');
INSERT INTO nser.survey (household_id, survey_id, indicators, roster, area)
	SELECT h.household_id, h.household_id, complete('{}', r.roster), r.roster, h.area
	FROM nser.household AS h, LATERAL (SELECT roster_agg(l, CASE WHEN l = 1 THEN 'head' ELSE 'child' END::relationship, 'male', 30, NULL, NULL, NULL, NULL,
		NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) AS roster FROM generate_series(1, 1 + h.household_id::integer % 7) AS l) AS r
	WHERE h.household_id % 11 > 0;
UPDATE nser.household SET current_survey = household_id WHERE household_id % 11 > 0;
CREATE VIEW far AS
	SELECT h.household_id, ancestor(h.area, 'union_council') AS area, h.place, v.indicators -> 'members' AS members,
		(SELECT min(st_distance(h.place::geography, c.place::geography)) / 1000 FROM centres_on('2026-03-05') AS c) AS km
	FROM nser.household AS h LEFT JOIN nser.survey AS v ON (v.household_id, v.survey_id) = (h.household_id, h.current_survey) WHERE h.status = 'registered';
SELECT area, name, households, with_place, people, round(mean_km::numeric, 2) AS mean, round(median_km::numeric, 2) AS median, round(p90_km::numeric, 2) AS p90,
	round(farthest_km::numeric, 2) AS farthest, beyond_5_km, beyond_10_km, beyond_20_km FROM centre_distances(on_date => '2026-03-05');
SELECT count(*) AS differ FROM (
	SELECT area, households, with_place, people, round(mean_km::numeric, 6), round(median_km::numeric, 6), round(p90_km::numeric, 6), round(farthest_km::numeric, 6), beyond_5_km, beyond_10_km, beyond_20_km
	FROM centre_distances(on_date => '2026-03-05')
	EXCEPT
	SELECT area, count(*), count(place), sum(members), round(avg(km)::numeric, 6), round(percentile_cont(0.5) WITHIN GROUP (ORDER BY km)::numeric, 6),
		round(percentile_cont(0.9) WITHIN GROUP (ORDER BY km)::numeric, 6), round(max(km)::numeric, 6),
		CASE WHEN count(km) > 0 THEN count(*) FILTER (WHERE km > 5) END, CASE WHEN count(km) > 0 THEN count(*) FILTER (WHERE km > 10) END, CASE WHEN count(km) > 0 THEN count(*) FILTER (WHERE km > 20) END
	FROM far GROUP BY area) AS x;
SELECT area, households, with_place, people, round(mean_km::numeric, 2) AS mean, beyond_5_km FROM centre_distances('tehsil', 'PK601', '2026-03-05');
-- no centre at all
SELECT area, households, mean_km, farthest_km, beyond_5_km FROM centre_distances('country', 'PK', '1999-01-01');
SELECT * FROM centre_distances('division');
SELECT * FROM centre_distances('tehsil', NULL);

-- Where more would help: each step the best of all candidates, by trying every one.
UPDATE nser.household SET status = 'dissolved' WHERE household_id = 703;
CREATE TEMP TABLE plan AS SELECT * FROM plan_centres(4, 'PK601', 'union_council', '2026-03-06');
SELECT step, area, name, round(st_x(place)::numeric, 4) AS lon, round(st_y(place)::numeric, 4) AS lat, households_nearer, people_nearer,
	round(mean_km_before::numeric, 3) AS before, round(mean_km_after::numeric, 3) AS after FROM plan;
SELECT step, reason FROM plan;
CREATE TEMP TABLE cell AS
	WITH h AS (SELECT f.*, coalesce(members, (SELECT round(avg(members)) FROM far)) AS people, st_x(place) AS x, st_y(place) AS y FROM far AS f)
	SELECT count(*) AS households, sum(people) AS people, registry.place(avg(x), avg(y)) AS place FROM h WHERE place IS NOT NULL GROUP BY floor(x * 50), floor(y * 50)
	UNION ALL
	SELECT count(*), sum(people), (SELECT registry.place(avg(o.x), avg(o.y)) FROM h AS o WHERE o.area = h.area) FROM h WHERE place IS NULL AND area <@ 'PK60101' GROUP BY area;
CREATE TEMP TABLE tried AS
	SELECT s.step, c.area, (SELECT sum(d.people * least((SELECT min(round(st_distance(d.place::geography, p.place::geography)))
			FROM (SELECT place FROM centres_on('2026-03-06') UNION ALL SELECT place FROM plan WHERE plan.step < s.step) AS p),
			round(st_distance(d.place::geography, c.place::geography)))) / sum(d.people) / 1000 FROM cell AS d) AS mean_km
	FROM generate_series(1, 4) AS s (step), (SELECT area, registry.place(avg(st_x(place)), avg(st_y(place))) AS place FROM far WHERE area IS NOT NULL AND place IS NOT NULL GROUP BY area) AS c;
SELECT count(*) AS tried FROM tried;
SELECT p.step, p.area = b.area AS best, abs(p.mean_km_after - b.mean_km) < 0.001 AS as_far, p.mean_km_after < p.mean_km_before AS nearer,
	coalesce(p.mean_km_before = lag(p.mean_km_after) OVER (ORDER BY p.step), true) AS follows
FROM plan AS p JOIN LATERAL (SELECT t.area, t.mean_km FROM tried AS t WHERE t.step = p.step ORDER BY t.mean_km, t.area LIMIT 1) AS b ON true ORDER BY 1;
SELECT count(*) AS differ FROM (SELECT step, area, reason FROM plan EXCEPT SELECT step, area, reason FROM plan_centres(4, 'PK601', 'union_council', '2026-03-06')) AS x;
-- without a centre to begin with; and no more steps than gain anything
SELECT step, area, people_nearer, mean_km_before, round(mean_km_after::numeric, 3) AS after, reason FROM plan_centres(2, 'PK60101', on_date => '1999-01-01');
SELECT count(*) < 100 AS stops, count(*) > 4 AS and_goes_on FROM plan_centres(100, 'PK60101', on_date => '2026-03-06');
SELECT count(*) FROM plan_centres(1, 'PK7');
SELECT * FROM plan_centres(0);
SELECT * FROM plan_centres(1, 'PK6', 'division');

-- No size known: households are counted, not people.  Two districts, 190 km apart: a site is for who is within 100 km.
-- Stated coarser than the level and without a place: inside what is stated, or left out where that is not known.
DELETE FROM nser.centre_stop; DELETE FROM nser.centre;
INSERT INTO nser.area (code, name, source, geom) VALUES ('PK301', 'West', 'made up', polygons(st_makeenvelope(62, 26, 62.2, 26.2, 4326))),
	('PK30101', 'Tehsil', 'made up', polygons(st_makeenvelope(62, 26, 62.2, 26.2, 4326))), ('PK302', 'East', 'made up', polygons(st_makeenvelope(64, 26, 64.2, 26.2, 4326)));
INSERT INTO nser.household (household_id, area, place) SELECT 1000 + i, 'PK30101', registry.place(62.05, 26.05) FROM generate_series(1, 22) AS i;
INSERT INTO nser.household (household_id, area, place) SELECT 1100 + i, 'PK30201', registry.place(64.05, 26.05) FROM generate_series(1, 5) AS i;
INSERT INTO nser.household (household_id, area) SELECT 1200 + i, 'PK301' FROM generate_series(1, 3) AS i;
INSERT INTO nser.household (household_id, area) SELECT 1300 + i, 'PK3' FROM generate_series(1, 4) AS i;
SELECT step, area, households_nearer, people_nearer, mean_km_before, round(mean_km_after::numeric, 1) AS after, reason FROM plan_centres(3, 'PK3', 'tehsil');
INSERT INTO nser.centre (name, kind, place, area) VALUES ('Far', 'fixed', registry.place(66, 26), 'PK3');
SELECT step, area, households_nearer, people_nearer, round(mean_km_before::numeric, 1) AS before, round(mean_km_after::numeric, 1) AS after, reason FROM plan_centres(3, 'PK3', 'tehsil');

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
