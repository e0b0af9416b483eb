
CREATE TABLE nser.area_summary (
	area			registry.area_code PRIMARY KEY,
	as_of			date NOT NULL,
	households		bigint NOT NULL,
	with_place		bigint NOT NULL,
	members			bigint,
	families		bigint,
	counted_on		date,
	census_households bigint,
	formula			text,
	scored			bigint,
	mean_score		double precision,
	mean_km			double precision,
	median_km		double precision,
	p90_km			double precision,
	farthest_km		double precision,
	beyond_5_km		bigint,
	beyond_10_km	bigint,
	beyond_20_km	bigint,
	figures			jsonb NOT NULL
);
COMMENT ON TABLE nser.area_summary IS
	'figures of registered households of every area, country to union council, for the maps of staff: registry.refresh_area_summary(); '
	'small areas tell of few people: nothing here is for outside';
COMMENT ON COLUMN nser.area_summary.as_of IS 'day on which it was counted, in Pakistan';
COMMENT ON COLUMN nser.area_summary.households IS 'registered, by the area they state; of the country, those included that state nothing finer';
COMMENT ON COLUMN nser.area_summary.members IS 'of current surveys; NULL where no survey tells';
COMMENT ON COLUMN nser.area_summary.families IS 'of current surveys; NULL where none is stored: registry.derive_all()';
COMMENT ON COLUMN nser.area_summary.census_households IS 'registry.census_on(); NULL where unknown';
COMMENT ON COLUMN nser.area_summary.mean_score IS 'of the scored households by the formula; NULL where there are none';
COMMENT ON COLUMN nser.area_summary.mean_km IS 'distances to the nearest centre, of households with a place: registry.centre_distances()';
COMMENT ON COLUMN nser.area_summary.figures IS
	'of those whose answer is known: a flag''s percentage {"refrigerator": 31.2}, a count''s mean {"rooms": 2.14}, each label''s percentage '
	'{"toilet.none": 12.9}; a name is absent where nobody''s answer is known';

-- For QGIS: one key, one shape in WGS 84, all for staff.  The figures are the last
-- that registry.refresh_area_summary() counted.
CREATE VIEW nser.map_area WITH (security_invoker = true) AS
	SELECT a.code::text AS code, a.code AS area, a.level::text AS level, a.name, a.division, a.is_approximate, a.km2, a.geom
	FROM nser.area AS a
	WHERE a.geom IS NOT NULL AND a.valid @> registry.today();
COMMENT ON VIEW nser.map_area IS 'boundaries of the areas of today; key code; filter by level';
COMMENT ON COLUMN nser.map_area.area IS 'the code as registry.area_code, for WHERE area <@ ''PK617''';
COMMENT ON COLUMN nser.map_area.is_approximate IS 'true: drawn around the centre, not surveyed';

CREATE VIEW nser.map_coverage WITH (security_invoker = true) AS
	SELECT a.code, a.area, a.level, a.name, a.is_approximate, s.as_of, s.counted_on, s.census_households, s.households AS registered,
		s.census_households - s.households AS gap,
		round(100.0 * s.households / nullif(s.census_households, 0), 1)::double precision AS coverage_pct, a.geom
	FROM nser.map_area AS a
	JOIN nser.area_summary AS s ON s.area OPERATOR(registry.=) a.area;
COMMENT ON VIEW nser.map_coverage IS 'registered households against the census, by area; key code; NULL where the census is unknown; for staff';

DECLARE
	columns	text;
BEGIN
	SELECT string_agg(format('(s.figures ->> %L)::double precision AS %I', f.name, replace(f.name, '.', '_')), ', ' ORDER BY f.cell) INTO columns
	FROM (SELECT c.cell, CASE c.kind WHEN 'code' THEN c.name || '.' || c.part ELSE c.name END AS name
		  FROM registry.summary_cells() AS c WHERE c.kind = 'code' OR c.part = 'sum') AS f;
	EXECUTE format('CREATE VIEW nser.map_indicator WITH (security_invoker = true) AS
		SELECT a.code, a.area, a.level, a.name, a.is_approximate, s.as_of, s.households, s.members AS people, s.families,
			s.formula, s.scored, s.mean_score, s.figures, a.geom, %s
		FROM nser.map_area AS a
		JOIN nser.area_summary AS s ON s.area OPERATOR(registry.=) a.area', columns);
END;
COMMENT ON VIEW nser.map_indicator IS
	'figures of every indicator by area, a column each: toilet_none is figures ->> ''toilet.none''; key code; NULL where nobody''s answer is known; for staff';

CREATE VIEW nser.map_distance WITH (security_invoker = true) AS
	SELECT a.code, a.area, a.level, a.name, a.is_approximate, s.as_of, s.households, s.with_place, s.mean_km, s.median_km, s.p90_km,
		s.farthest_km, s.beyond_5_km, s.beyond_10_km, s.beyond_20_km, a.geom
	FROM nser.map_area AS a
	JOIN nser.area_summary AS s ON s.area OPERATOR(registry.=) a.area;
COMMENT ON VIEW nser.map_distance IS
	'how far households live from the nearest centre, in kilometres as the crow flies, by area; key code; NULL where no place is known; for staff';

CREATE VIEW nser.map_shock WITH (security_invoker = true) AS
	SELECT s.shock_id || ' ' || a.code AS key, s.shock_id, s.name AS shock, s.kind, lower(s.during) AS began, CASE WHEN NOT upper_inf(s.during) THEN upper(s.during) - 1 END AS ended, a.code, a.area, a.level, a.name,
		a.is_approximate, x.is_declared, x.share, x.km2, a.geom
	FROM nser.shock AS s
	JOIN nser.shock_area AS x ON x.shock_id = s.shock_id
	JOIN nser.map_area AS a ON a.area OPERATOR(registry.=) x.area;
COMMENT ON VIEW nser.map_shock IS 'areas hit by shocks, with the share and square kilometres under water or whatever it was; key key; for staff';

CREATE VIEW nser.map_centre WITH (security_invoker = true) AS
	SELECT c.centre_id, c.name, c.kind, coalesce(t.area, c.area)::text AS code, coalesce(t.area, c.area) AS area,
		coalesce(t.opens, c.opens)::text AS opens, coalesce(t.closes, c.closes)::text AS closes,
		CASE WHEN NOT upper_inf(t.during) THEN upper(t.during) - 1 END AS last_day, coalesce(t.place, c.place) AS geom
	FROM nser.centre AS c
	LEFT JOIN nser.centre_stop AS t ON t.centre_id = c.centre_id AND c.kind = 'mobile' AND t.during @> registry.today()
	WHERE c.valid @> registry.today() AND (c.kind = 'fixed' OR t.centre_id IS NOT NULL);
COMMENT ON VIEW nser.map_centre IS 'registration centres of today, mobile ones where they stand; key centre_id';

CREATE VIEW nser.map_hazard WITH (security_invoker = true) AS
	SELECT z.zone_id, z.kind, z.level, z.name, z.source, z.prepared_at, z.geom
	FROM nser.hazard_zone AS z;
COMMENT ON VIEW nser.map_hazard IS 'standing hazard zones; key zone_id';

CREATE VIEW nser.map_household WITH (security_invoker = true) AS
	SELECT h.household_id, h.area::text AS code, h.area, p.place_area::text AS found_code, h.place AS geom
	FROM nser.household AS h
	LEFT JOIN nser.household_place AS p ON p.household_id = h.household_id
	WHERE h.status = 'registered' AND h.place IS NOT NULL;
COMMENT ON VIEW nser.map_household IS 'where registered households live: people''s homes, for staff alone; key household_id; who reads is not logged';
COMMENT ON COLUMN nser.map_household.found_code IS 'the area in which the point lies; NULL where no boundary holds it, or registry.fill_places() has not run';
