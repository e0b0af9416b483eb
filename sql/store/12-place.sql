
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
CREATE INDEX household_place_found ON nser.household_place (place_area);

-- After household_moved, which is for each row.
CREATE TRIGGER household_placed AFTER UPDATE ON nser.household REFERENCING OLD TABLE AS household_before NEW TABLE AS household_now
	FOR EACH STATEMENT EXECUTE FUNCTION registry.places_follow_households();
