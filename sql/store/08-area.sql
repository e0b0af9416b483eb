
-- Areas hold no people.  Codes are never reused; households name theirs without a
-- foreign key, since a registry begins before its boundaries are known.
CREATE TABLE nser.area (
	code			registry.area_code PRIMARY KEY,
	level			registry.area_level NOT NULL GENERATED ALWAYS AS (registry.level(code)) STORED,
	name			text CHECK (name ~ '[^[:space:]]'),
	division		text CHECK (division ~ '[^[:space:]]'),
	source_code		text,
	source			text NOT NULL,
	is_approximate	boolean NOT NULL DEFAULT false,
	valid			daterange NOT NULL DEFAULT daterange(NULL, NULL) CHECK (NOT isempty(valid)),
	km2				double precision,
	loaded_at		timestamptz NOT NULL DEFAULT now()
);
EXECUTE format('ALTER TABLE nser.area ADD COLUMN geom %s.geometry(MultiPolygon, 4326)', registry.postgis_schema());
CREATE INDEX area_geom ON nser.area USING gist (geom);
CREATE UNIQUE INDEX area_source_code ON nser.area (registry.parent(code), source_code) WHERE source_code IS NOT NULL;
COMMENT ON TABLE nser.area IS 'provinces, districts, tehsils, union councils and villages with their boundaries: registry.load_boundaries()';
COMMENT ON COLUMN nser.area.level IS 'of the code; a division has none and is a name of districts';
COMMENT ON COLUMN nser.area.name IS 'NULL where the source does not know it';
COMMENT ON COLUMN nser.area.division IS 'of districts; those of a district are in its division';
COMMENT ON COLUMN nser.area.source_code IS 'the source''s own code, where the P-code was minted for it';
COMMENT ON COLUMN nser.area.is_approximate IS 'drawn around the centre by registry.approximate_areas(), not surveyed';
COMMENT ON COLUMN nser.area.valid IS 'from when until when the area is as it stands here';
COMMENT ON COLUMN nser.area.km2 IS 'of the boundary, on the spheroid';
COMMENT ON COLUMN nser.area.geom IS 'boundary, WGS 84; NULL where none is known';

CREATE TABLE nser.area_past (
	code			registry.area_code NOT NULL,
	valid			daterange NOT NULL CHECK (NOT isempty(valid)),
	name			text,
	division		text,
	source_code		text,
	source			text NOT NULL,
	is_approximate	boolean NOT NULL,
	km2				double precision,
	PRIMARY KEY (code, valid)
);
EXECUTE format('ALTER TABLE nser.area_past ADD COLUMN geom %s.geometry(MultiPolygon, 4326)', registry.postgis_schema());
COMMENT ON TABLE nser.area_past IS 'areas as they were before boundaries of a later date were loaded, or others merged into them';

CREATE TABLE nser.area_change (
	changed_on		date NOT NULL,
	old_area		registry.area_code NOT NULL,
	new_area		registry.area_code NOT NULL,
	old_share		double precision NOT NULL CHECK (old_share > 0 AND old_share <= 1),
	new_share		double precision NOT NULL CHECK (new_share > 0 AND new_share <= 1),
	basis			text NOT NULL CHECK (basis IN ('whole', 'given', 'households', 'boundary')),
	source			text,
	recorded_at		timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (changed_on, old_area, new_area)
);
CREATE INDEX area_change_old ON nser.area_change (old_area, changed_on);
CREATE INDEX area_change_new ON nser.area_change (new_area, changed_on);
COMMENT ON TABLE nser.area_change IS
	'splits and merges: registry.record_area_change(); an area that keeps its code and loses a part stands on both sides';
COMMENT ON COLUMN nser.area_change.old_share IS 'part of the old area''s households that went to the new one';
COMMENT ON COLUMN nser.area_change.new_share IS 'part of the new area''s households that came from the old one';
COMMENT ON COLUMN nser.area_change.basis IS
	'what the shares rest on: whole (all of it), given, households (registered: of a split by their places, of a merge by '
	'the area they state) or boundary (square kilometres)';

-- Emptied when a load ends; nothing here is worth a write-ahead log.
CREATE UNLOGGED TABLE nser.boundary_row (
	load_id			bigint NOT NULL,
	row_no			integer NOT NULL,
	feature			jsonb NOT NULL,
	source_code		text,
	parent			registry.area_code,
	code			registry.area_code,
	name			text,
	division		text,
	km2				double precision,
	during			daterange,
	column_name		text,
	sqlstate		text,
	reason			text,
	remark			text,
	PRIMARY KEY (load_id, row_no)
);
EXECUTE format('ALTER TABLE nser.boundary_row ADD COLUMN geom %s.geometry(MultiPolygon, 4326)', registry.postgis_schema());
CREATE INDEX boundary_row_geom ON nser.boundary_row USING gist (geom);
COMMENT ON TABLE nser.boundary_row IS 'features of a collection while registry.load_boundaries() judges them';
COMMENT ON COLUMN nser.boundary_row.during IS 'the days on which it must not overlap others of its level';
COMMENT ON COLUMN nser.boundary_row.reason IS 'why it is refused; NULL where it is not';
COMMENT ON COLUMN nser.boundary_row.remark IS 'what is said of one that is loaded, or joined to another; NULL nothing';

CREATE TABLE nser.census (
	area			registry.area_code NOT NULL,
	counted_on		date NOT NULL,
	households		bigint CHECK (households >= 0),
	population		bigint CHECK (population >= 0),
	source			text NOT NULL,
	PRIMARY KEY (area, counted_on)
);
COMMENT ON TABLE nser.census IS 'what censuses counted, by area: the floor that registry.coverage() is measured against';
COMMENT ON COLUMN nser.census.counted_on IS 'day of reference of the census';
COMMENT ON COLUMN nser.census.households IS 'NULL where not published';

CREATE TABLE nser.area_alias (
	area			registry.area_code NOT NULL,
	name			text NOT NULL CHECK (name ~ '[^[:space:]]'),
	source			text,
	PRIMARY KEY (area, name)
);
COMMENT ON TABLE nser.area_alias IS 'other names and spellings of areas, by which registry.match_areas() finds them too';
