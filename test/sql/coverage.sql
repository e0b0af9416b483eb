--
-- Coverage: registered households against the census, by level and over time
--
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS nser, share, release CASCADE;
CALL registry.create_store();
RESET client_min_messages;
SET search_path = registry, public;

-- two provinces; the second division of the first has an uncounted tehsil
INSERT INTO nser.area (code, name, division, source) VALUES
	('PK6', 'First', NULL, 'made up'), ('PK601', 'North', 'Upper', 'made up'), ('PK602', 'South', 'Lower', 'made up'), ('PK603', 'West', 'Lower', 'made up'),
	('PK60201', 'South one', NULL, 'made up'), ('PK60202', 'South two', NULL, 'made up'), ('PK60301', 'West one', NULL, 'made up'), ('PK60302', 'West two', NULL, 'made up'),
	('PK7', 'Second', NULL, 'made up'), ('PK701', 'Empty', 'Shore', 'made up');
INSERT INTO nser.census (area, counted_on, households, source) VALUES
	('PK601', '2017-03-15', 8, 'made up'), ('PK601', '2023-03-01', 10, 'made up'),
	('PK60201', '2023-03-01', 4, 'made up'), ('PK60202', '2017-03-15', 2, 'made up'),
	('PK60301', '2023-03-01', 5, 'made up'), ('PK60302', '2023-03-01', NULL, 'made up'),
	('PK701', '2023-03-01', 3, 'made up'), ('PK701', '2030-01-01', 99, 'made up'),
	('PK604', '2023-03-01', 0, 'made up');
INSERT INTO nser.household (household_id, area, registered_on, status)
	SELECT n, CASE WHEN n <= 4 THEN 'PK60101' WHEN n <= 6 THEN 'PK60201' WHEN n <= 9 THEN 'PK60202001' WHEN n = 10 THEN 'PK603' WHEN n = 11 THEN 'PK6' ELSE 'PK' END::area_code,
		'2023-01-01'::date + n * 100, CASE WHEN n = 4 THEN 'dissolved' ELSE 'registered' END
	FROM generate_series(1, 12) AS n;

-- of every area by its last census: its own count, or the sum of its parts where all are known
SELECT * FROM census_on('2026-01-01') ORDER BY area;
SELECT * FROM census_on('2018-01-01', 'PK6') ORDER BY area;
SELECT * FROM census_on('2010-01-01');

-- lowest coverage first; without a rank what is unknown, none among 99 counted in a later census, and those stated coarser
SELECT * FROM coverage('district', '2026-01-01');
SELECT * FROM coverage('division', '2026-01-01');
SELECT * FROM coverage('province', '2026-01-01');
SELECT * FROM coverage('country', '2026-01-01');
SELECT * FROM coverage('tehsil', '2026-01-01', 'PK602');
SELECT * FROM coverage('union_council', '2026-01-01', 'PK602');
SELECT * FROM coverage('district', '2023-07-01', 'PK6');
SELECT level, (SELECT sum(registered) FROM coverage(level, '2026-06-01')) FROM unnest(enum_range(NULL::area_level)) AS level;

-- over time, by one scan: the same as day by day
SELECT on_date, area, census_households, registered, coverage_pct, rank
FROM coverage_over_time('2017-01-01', '2026-01-01', '3 years', 'district', 'PK602') ;
SELECT count(*) AS rows, count(*) FILTER (WHERE t IS DISTINCT FROM d) AS other
FROM (SELECT c.* FROM coverage_over_time('2023-01-01', '2026-05-31', '1 month', 'division') AS c WHERE c.registered > 0 OR c.census_households IS NOT NULL) AS t
FULL JOIN (SELECT d::date AS on_date, c.* FROM generate_series('2023-01-01', '2026-05-31', interval '1 month') AS d CROSS JOIN LATERAL coverage('division', d::date) AS c
	  WHERE c.registered > 0 OR c.census_households IS NOT NULL) AS d
	ON t.on_date = d.on_date AND (t.area, t.name) IS NOT DISTINCT FROM (d.area, d.name);

-- across a split: North was 10, of which 4 in ten went to the new district
UPDATE nser.area SET valid = '[,2024-07-01)' WHERE code = 'PK601';
INSERT INTO nser.area (code, name, division, source, valid) VALUES ('PK605', 'North-east', 'Upper', 'made up', '[2024-07-01,)'), ('PK606', 'North-west', 'Upper', 'made up', '[2024-07-01,)');
INSERT INTO nser.area_change (changed_on, old_area, new_area, old_share, new_share, basis) VALUES
	('2024-07-01', 'PK601', 'PK605', 0.4, 1, 'given'), ('2024-07-01', 'PK601', 'PK606', 0.6, 1, 'given');
UPDATE nser.household SET area = 'PK605' WHERE area = 'PK60101';
-- one still states what it was
INSERT INTO nser.household (household_id, area, registered_on) VALUES (13, 'PK601', '2025-01-01');
SELECT * FROM coverage('district', '2026-01-01', 'PK6');
SELECT * FROM coverage('division', '2026-01-01', 'PK6');
-- a merger of which one half was not counted is unknown
INSERT INTO nser.area (code, name, division, source) VALUES ('PK702', 'Merged', 'Shore', 'made up');
INSERT INTO nser.area_change (changed_on, old_area, new_area, old_share, new_share, basis) VALUES
	('2024-07-01', 'PK701', 'PK702', 1, 0.5, 'whole'), ('2024-07-01', 'PK703', 'PK702', 1, 0.5, 'whole');
UPDATE nser.area SET valid = '[,2024-07-01)' WHERE code = 'PK701';
SELECT * FROM coverage('district', '2026-01-01', 'PK7');
INSERT INTO nser.census (area, counted_on, households, source) VALUES ('PK703', '2023-03-01', 7, 'made up');
SELECT * FROM coverage('district', '2026-01-01', 'PK7');
-- what went into it is no part any more
SELECT * FROM census_on('2026-01-01', 'PK7') ORDER BY area;

-- a part that the census knows and nser.area does not belongs to the sum, and keeps it from being told
INSERT INTO nser.area (code, name, source) VALUES ('PK801', 'Partly loaded', 'made up'), ('PK80101', 'One', 'made up'), ('PK80102', 'Two', 'made up');
INSERT INTO nser.census (area, counted_on, households, source) VALUES
	('PK80101', '2023-03-01', 5, 'made up'), ('PK80102', '2023-03-01', 4, 'made up'), ('PK80103', '2023-03-01', 6, 'made up');
SELECT * FROM census_on('2026-01-01', 'PK801') ORDER BY area;
INSERT INTO nser.census (area, counted_on, households, source) VALUES ('PK80104', '2023-03-01', NULL, 'made up');
SELECT * FROM census_on('2026-01-01', 'PK801') ORDER BY area;

-- refusals
SELECT * FROM coverage('province', within => 'PK601');
SELECT * FROM coverage('division', within => 'PK601');
SELECT * FROM coverage(NULL);
SELECT * FROM coverage_over_time('2026-01-01', '2025-01-01');
SELECT * FROM coverage_over_time(NULL);
SELECT * FROM coverage_over_time('2025-01-01', '2026-01-01', '1 hour');
-- from the last of January it goes back to the 30th, for ever
SELECT * FROM coverage_over_time('2025-01-31', '2026-01-01', '1 mon -29 days');
SELECT * FROM coverage_over_time('-infinity', '2026-01-01');
SELECT * FROM coverage_over_time('2025-01-31', 'infinity');
SELECT on_date, area FROM coverage_over_time('2025-01-31', '2025-04-01', '1 mon 1 day', 'country');
SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
