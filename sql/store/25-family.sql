
-- Derived from rosters, so without foreign keys; the area is kept by a trigger.
-- The evidence is not kept: a survey never changes, and registry.families() tells.
CREATE TABLE nser.family (
	household_id	bigint NOT NULL,
	survey_id		bigint NOT NULL,
	area			registry.area_code NOT NULL,
	family_no		smallint NOT NULL,
	woman_line		smallint NOT NULL,
	husband_line	smallint,
	counts			boolean,
	kind			registry.family_kind NOT NULL,
	child_lines		integer[] NOT NULL,
	PRIMARY KEY (household_id, survey_id, family_no)
);
COMMENT ON TABLE nser.family IS
	'families of surveys, derived: registry.families(roster); written when a survey is recorded, and by registry.derive_all()';
COMMENT ON COLUMN nser.family.family_no IS 'number within the survey, by the woman''s line';
COMMENT ON COLUMN nser.family.woman_line IS 'the ever-married woman: there are as many families as such women';
COMMENT ON COLUMN nser.family.husband_line IS 'NULL where he lives elsewhere, is not known, or there is none';
COMMENT ON COLUMN nser.family.counts IS 'whether it counts for payment: false where she is under 18, NULL where her age is unknown';
COMMENT ON COLUMN nser.family.child_lines IS 'unmarried children, of any age';

CREATE TABLE nser.quality_flag (
	household_id	bigint NOT NULL,
	survey_id		bigint NOT NULL,
	check_name		text NOT NULL,
	area			registry.area_code NOT NULL,
	lines			integer[] NOT NULL DEFAULT '{}',
	detail			text NOT NULL,
	found_at		timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (household_id, survey_id, check_name)
);
CREATE INDEX quality_flag_place ON nser.quality_flag (area) WHERE check_name IN ('place.area', 'place.centre');
COMMENT ON TABLE nser.quality_flag IS 'what checks found in surveys';
COMMENT ON COLUMN nser.quality_flag.check_name IS 'the check; roster.NAME is a problem of registry.roster_problems(); place.area and place.centre are of registry.flag_places()';
COMMENT ON COLUMN nser.quality_flag.lines IS 'lines of the roster that it is about';
COMMENT ON COLUMN nser.quality_flag.detail IS 'what is wrong, in words, without personal values';
