
-- Where each household's point lies, as far as boundaries are known.  Derived, so
-- without foreign keys; the stated area is kept by a trigger.
CREATE TABLE nser.household_place (
	household_id	bigint PRIMARY KEY,
	area			registry.area_code NOT NULL,
	place_area		registry.area_code
);
COMMENT ON TABLE nser.household_place IS
	'the finest known area in which a household''s place lies, beside the one it states: registry.fill_places()';
COMMENT ON COLUMN nser.household_place.area IS 'what the household states: nser.household.area';
COMMENT ON COLUMN nser.household_place.place_area IS 'NULL where no boundary holds the place';
CREATE INDEX household_place_point ON nser.household USING gist (place);

-- As text, because the geometry's own comparison is not on the path.  After
-- household_moved, by name.
CREATE TRIGGER household_placed AFTER UPDATE OF place, area ON nser.household FOR EACH ROW
	WHEN (OLD.area OPERATOR(registry.<>) NEW.area OR OLD.place::text IS DISTINCT FROM NEW.place::text)
	EXECUTE FUNCTION registry.place_follows_household();
