
-- Conditions are the owner's SQL, and run when the owner calls: registry.check_quality().
CREATE TABLE nser.quality_check (
	name		text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)?$'),
	scope		text NOT NULL CHECK (scope IN ('survey', 'change', 'member', 'shared', 'routine')),
	severity	text NOT NULL CHECK (severity IN ('error', 'warning', 'notice')),
	predicate	text NOT NULL CHECK (predicate ~ '[^[:space:]]'),
	measure		text CHECK (measure ~ '[^[:space:]]'),
	title		text NOT NULL CHECK (title ~ '[^[:space:]]'),
	words		text NOT NULL CHECK (words ~ '[^[:space:]]'),
	enabled		boolean NOT NULL DEFAULT true,
	valid		daterange NOT NULL DEFAULT daterange(NULL, NULL) CHECK (NOT isempty(valid)),
	source		text NOT NULL,
	CONSTRAINT quality_check_routine CHECK (scope <> 'routine'
		OR predicate IN ('registry.flag_rosters', 'registry.flag_members', 'registry.flag_places') AND measure IS NULL),
	-- what routines flag they also remove
	CONSTRAINT quality_check_name CHECK ((scope = 'routine') = (name LIKE 'roster.%' OR name IN ('place.area', 'place.centre', 'cnic_parity')))
);
COMMENT ON TABLE nser.quality_check IS
	'what is looked for in surveys; the owner adds his own by a row, which is tried on surveys when it is inserted: docs/quality.md';
COMMENT ON COLUMN nser.quality_check.scope IS
	'what it is asked of: survey, change (against the survey before), member (of the roster), shared (the current survey, with who has the same phone or '
	'address), or routine: what a routine flags is told here, with its severity';
COMMENT ON COLUMN nser.quality_check.predicate IS
	'condition, in SQL over the aliases of the scope, that is true where something is wrong: NULL, unknown, flags nothing; of a routine, its name';
COMMENT ON COLUMN nser.quality_check.measure IS 'a number for the words, over the same aliases; rounded to a tenth; NULL: the words hold none';
COMMENT ON COLUMN nser.quality_check.words IS 'what a flag says; % stands for the measure';
COMMENT ON COLUMN nser.quality_check.enabled IS 'false: not asked, and its flags are counted nowhere';
COMMENT ON COLUMN nser.quality_check.valid IS 'days on which it is asked';
COMMENT ON COLUMN nser.quality_check.source IS 'who says so';
COMMENT ON COLUMN nser.quality_flag.check_name IS
	'nser.quality_check.name; roster.NAME is a problem of registry.roster_problems(), place.area and place.centre are of registry.flag_places()';
CREATE INDEX quality_flag_area ON nser.quality_flag (area);
CREATE INDEX household_address ON nser.household (registry.address_hash(address)) WHERE address IS NOT NULL;

CREATE TABLE nser.quality_form (
	form_version	text PRIMARY KEY,
	least_minutes	numeric NOT NULL CHECK (least_minutes >= 0),
	most_minutes	numeric NOT NULL CHECK (most_minutes > least_minutes),
	source			text NOT NULL
);
COMMENT ON TABLE nser.quality_form IS
	'how long a survey by a version of the form takes; one that is not here takes 10 to 120 minutes';

CREATE TABLE nser.quality_policy (
	error_weight	numeric NOT NULL DEFAULT 1 CHECK (error_weight BETWEEN 0 AND 1),
	warning_weight	numeric NOT NULL DEFAULT 0.5 CHECK (warning_weight BETWEEN 0 AND 1),
	notice_weight	numeric NOT NULL DEFAULT 0.1 CHECK (notice_weight BETWEEN 0 AND 1),
	far				numeric NOT NULL DEFAULT 3.5 CHECK (far > 0),
	least_surveys	bigint NOT NULL DEFAULT 30 CHECK (least_surveys > 0),
	least_peers		bigint NOT NULL DEFAULT 8 CHECK (least_peers > 2),
	far_size_pct	numeric NOT NULL DEFAULT 25 CHECK (far_size_pct > 0),
	one_row			boolean NOT NULL DEFAULT true PRIMARY KEY CHECK (one_row)
);
COMMENT ON TABLE nser.quality_policy IS 'what scores and outliers go by; the owner may change it';
COMMENT ON COLUMN nser.quality_policy.error_weight IS 'what the gravest flag of a survey takes from it: 1 all; a warning and a notice less';
COMMENT ON COLUMN nser.quality_policy.far IS 'modified z-score beyond which an operator or centre lies far from its peers';
COMMENT ON COLUMN nser.quality_policy.least_surveys IS 'with fewer, nobody is compared';
COMMENT ON COLUMN nser.quality_policy.least_peers IS 'peers are those of the district, where there are so many, else of the province, else of the nation';
COMMENT ON COLUMN nser.quality_policy.far_size_pct IS 'mean household sizes that differ by more from the national one are far';
INSERT INTO nser.quality_policy DEFAULT VALUES;

CREATE TABLE nser.quality_measure (
	name			text PRIMARY KEY,
	kind			text NOT NULL CHECK (kind IN ('minutes', 'members', 'errors', 'flags', 'answer')),
	indicator		text,
	label			text,
	at_least		integer,
	least_difference numeric NOT NULL CHECK (least_difference >= 0),
	title			text NOT NULL,
	enabled			boolean NOT NULL DEFAULT true,
	CONSTRAINT quality_measure_answer CHECK (CASE WHEN kind = 'answer' THEN indicator IS NOT NULL AND num_nonnulls(label, at_least) = 1
		ELSE num_nonnulls(indicator, label, at_least) = 0 END)
);
COMMENT ON TABLE nser.quality_measure IS 'by what operators and centres are compared: nser.quality_outlier';
COMMENT ON COLUMN nser.quality_measure.kind IS 'mean minutes, mean members, % of surveys with an error, with any flag, or with an answer';
COMMENT ON COLUMN nser.quality_measure.label IS 'of a code, the answer whose share is taken; of a count or flag, at_least is what counts';
COMMENT ON COLUMN nser.quality_measure.least_difference IS
	'from the median, in the measure''s unit: nothing nearer is an outlier, however alike the peers are';
CREATE TRIGGER quality_measure_checked BEFORE INSERT OR UPDATE ON nser.quality_measure FOR EACH ROW
	EXECUTE FUNCTION registry.check_quality_measure();
INSERT INTO nser.quality_measure (name, kind, indicator, label, at_least, least_difference, title) VALUES
	('minutes', 'minutes', NULL, NULL, NULL, 3, 'mean minutes of a survey'),
	('members', 'members', NULL, NULL, NULL, 0.5, 'mean members of a household'),
	('errors', 'errors', NULL, NULL, NULL, 2, 'surveys with an error, %'),
	('flags', 'flags', NULL, NULL, NULL, 5, 'surveys with any flag, %'),
	('no_electricity', 'answer', 'electricity', 'none', NULL, 10, 'without electricity, %'),
	('no_toilet', 'answer', 'toilet', 'none', NULL, 10, 'without a toilet, %'),
	('refrigerator', 'answer', 'refrigerator', NULL, 1, 10, 'with a refrigerator, %'),
	('two_rooms', 'answer', 'rooms', NULL, 2, 10, 'with two rooms or more, %'),
	('land', 'answer', 'land_kanals', NULL, 1, 10, 'with land, %'),
	('disabled', 'answer', 'disabled_members', NULL, 1, 5, 'with a disabled member, %'),
	('widow', 'answer', 'widows', NULL, 1, 5, 'with a widow, %'),
	('head_schooled', 'answer', 'head_class', NULL, 1, 10, 'whose head passed a class, %');

CREATE TRIGGER quality_check_tried BEFORE INSERT OR UPDATE OF name, scope, predicate, measure, enabled ON nser.quality_check FOR EACH ROW
	EXECUTE FUNCTION registry.check_quality_check();
CREATE TRIGGER quality_check_gone AFTER DELETE OR UPDATE OF name ON nser.quality_check FOR EACH ROW
	EXECUTE FUNCTION registry.forget_check();
