
-- By what duplicates are looked for.  Both serve living rows alone: what has ended
-- is nobody's duplicate.
CREATE INDEX member_names ON nser.member
	(registry.given_key(name), registry.given_key(father_name), birth_date, area)
	WHERE valid_to IS NULL AND superseded_at IS NULL;
CREATE INDEX member_birth ON nser.member (birth_date, area, registry.given_key(name))
	WHERE valid_to IS NULL AND superseded_at IS NULL AND birth_date IS NOT NULL;
-- Where who moved lived before: there what was decided stands.
CREATE INDEX member_moved ON nser.member (valid_to, name) WHERE end_reason = 'moved';
CREATE INDEX household_phone ON nser.household (phone) WHERE phone IS NOT NULL;

-- Names are few beside people: a slip of the pen is looked up among them, by
-- trigrams, and people then by the names found.  Not among the rarest, fewer than
-- one in 131,072, which are slips themselves: so the index stays small.  What fewer
-- than five have is not kept at all: a list of it would name them.
CREATE TABLE nser.name_part (
	key			text PRIMARY KEY,
	members		bigint NOT NULL CHECK (members >= 5),
	bits		real NOT NULL
);
EXECUTE format('CREATE INDEX name_part_trigrams ON nser.name_part USING gin (key %s.gin_trgm_ops) WHERE bits < 17', registry.trigram_schema()::text);
COMMENT ON TABLE nser.name_part IS
	'words of registry.name_key() among members'' and fathers'' names, and how many have each, if five at least: registry.count_names() brings it up to date';
COMMENT ON COLUMN nser.name_part.bits IS
	'what it tells when two people share it: the binary logarithm of one in how many, at least 2; more than 12 count as 12';

CREATE TABLE nser.duplicate_weight (
	evidence	text PRIMARY KEY,
	weight		real NOT NULL,
	meaning		text NOT NULL
);
COMMENT ON TABLE nser.duplicate_weight IS
	'what each agreement and difference of two people adds to the score of registry.find_duplicates(): '
	'the binary logarithm of how much likelier it is of one person than of two; the owner may change it';
INSERT INTO nser.duplicate_weight (evidence, weight, meaning) VALUES
	('enough', 20, 'what a pair must weigh to be found: set by registry.count_names() to the binary logarithm of the members, and 5 more'),
	('name_rare', 8, 'a word that is not in nser.name_part: set by registry.count_names() to what a word tells that four have, at most 12'),
	('cnic', 60, 'the same identity number: enough alone'),
	('cnic_differs', -12, 'both have a number, and another'),
	('mobile', 9, 'their households share a mobile number with at most 3 others'),
	('name', 1, 'the same words by registry.name_key(); times what the name tells'),
	('name_part', 0.8, 'a word is missing or added; times the share of words in common and what the name tells'),
	('name_like', 0.7, 'no word in common, but similar by trigrams; times the similarity and what the name tells'),
	('father_name', 1, 'as of the name'),
	('father_name_part', 0.7, 'as of the name'),
	('father_name_like', 0.7, 'as of the name'),
	('father_name_differs', -6, 'both are known, and neither the same nor similar'),
	('birth_date', 14, 'the same day, month and year'),
	('birth_date_heaped', 7, 'both on the same 1 January, which often stands for a year alone'),
	('birth_date_swapped', 11, 'day and month changed places'),
	('birth_day', 7, 'the same day and month, at most two years apart, not 1 January'),
	('birth_part', 4, 'the same year, and the same month or day of the month, not 1 January'),
	('birth_year', 5, 'the same year, one of the two on 1 January'),
	('birth_near', 1, 'at most two years apart, one of the two on 1 January'),
	('birth_close', -4, 'at most two years apart, but on other days'),
	('birth_differs', -9, 'more than two years apart'),
	('village', 13, 'the same village'),
	('union_council', 11, 'the same union council'),
	('tehsil', 8, 'the same tehsil'),
	('district', 6, 'the same district'),
	('province', 1, 'the same province'),
	('elsewhere', -2, 'different provinces'),
	('household', 11, 'lines of one household'),
	('sex', 1, 'the same sex'),
	('sex_differs', -8, 'not the same sex');

CREATE TABLE nser.duplicate (
	household_id	bigint NOT NULL,
	line			smallint NOT NULL,
	other_household	bigint NOT NULL,
	other_line		smallint NOT NULL,
	area			registry.area_code NOT NULL,
	other_area		registry.area_code NOT NULL,
	evidence		text[] NOT NULL,
	score			real NOT NULL,
	state			text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'same', 'different')),
	found_at		timestamptz NOT NULL DEFAULT now(),
	decided_at		timestamptz,
	decided_by		name,
	ended_household	bigint,
	ended_line		smallint,
	PRIMARY KEY (household_id, line, other_household, other_line),
	FOREIGN KEY (household_id, area) REFERENCES nser.household (household_id, area) ON UPDATE CASCADE,
	CONSTRAINT duplicate_pair_once CHECK ((household_id, line) < (other_household, other_line)),
	CONSTRAINT duplicate_decided CHECK ((state = 'open') = (decided_at IS NULL) AND (state = 'open') = (decided_by IS NULL)),
	CONSTRAINT duplicate_same_ends_one CHECK ((state = 'same') = (ended_line IS NOT NULL) AND (ended_line IS NULL) = (ended_household IS NULL))
);
CREATE INDEX duplicate_other ON nser.duplicate (other_household, other_line);
CREATE INDEX duplicate_open ON nser.duplicate (score DESC) WHERE state = 'open';
COMMENT ON TABLE nser.duplicate IS
	'pairs of members who may be one person, for review: registry.queue_duplicates() adds, registry.decide_duplicate() settles';
CREATE TRIGGER duplicate_other_area BEFORE INSERT ON nser.duplicate FOR EACH ROW
	EXECUTE FUNCTION registry.fill_other_area();
CREATE TRIGGER duplicate_as_found BEFORE UPDATE ON nser.duplicate FOR EACH ROW
	EXECUTE FUNCTION registry.keep_pair();
COMMENT ON COLUMN nser.duplicate.other_household IS 'the second of the pair: that of the higher household and line, so that a pair stands once';
COMMENT ON COLUMN nser.duplicate.other_area IS 'of the other household, so that row security shows a pair where both may be seen; kept by triggers';
COMMENT ON COLUMN nser.duplicate.evidence IS 'what agrees, in words of nser.duplicate_weight';
COMMENT ON COLUMN nser.duplicate.state IS 'open; same: one of the two was ended as a duplicate; different: looked at, and not one person';
COMMENT ON COLUMN nser.duplicate.ended_household IS 'where same: whose line was ended, with ended_line';

CREATE TABLE nser.duplicate_decision (
	household_id	bigint NOT NULL,
	line			smallint NOT NULL,
	other_household	bigint NOT NULL,
	other_line		smallint NOT NULL,
	decision_no		integer NOT NULL CHECK (decision_no > 0),
	area			registry.area_code NOT NULL,
	other_area		registry.area_code NOT NULL,
	decision		text NOT NULL CHECK (decision IN ('same', 'different', 'undone')),
	decided_by		name NOT NULL DEFAULT session_user,
	decided_at		timestamptz NOT NULL DEFAULT now(),
	ended_household	bigint,
	ended_line		smallint,
	reason			text,
	PRIMARY KEY (household_id, line, other_household, other_line, decision_no),
	FOREIGN KEY (household_id, area) REFERENCES nser.household (household_id, area) ON UPDATE CASCADE
);
CREATE INDEX duplicate_decision_other ON nser.duplicate_decision (other_household);
COMMENT ON TABLE nser.duplicate_decision IS 'every decision on a pair of nser.duplicate, those that were undone included';
COMMENT ON COLUMN nser.duplicate_decision.other_area IS 'as of nser.duplicate';
COMMENT ON COLUMN nser.duplicate_decision.reason IS 'in the reviewer''s words';

CREATE TRIGGER duplicate_decision_other_area BEFORE INSERT ON nser.duplicate_decision FOR EACH ROW
	EXECUTE FUNCTION registry.fill_other_area();
CREATE TRIGGER duplicate_decision_signed BEFORE INSERT ON nser.duplicate_decision FOR EACH ROW
	EXECUTE FUNCTION registry.sign_decision();
CREATE TRIGGER duplicate_decision_history BEFORE UPDATE OR DELETE ON nser.duplicate_decision FOR EACH ROW
	EXECUTE FUNCTION registry.refuse_change('another decision');
CREATE TRIGGER duplicate_decision_kept BEFORE TRUNCATE ON nser.duplicate_decision FOR EACH STATEMENT
	EXECUTE FUNCTION registry.refuse_change('another decision');

-- Households name each other's pairs without a key, which could not be distributed.
CREATE TRIGGER household_moved_other AFTER UPDATE OF area ON nser.household FOR EACH ROW
	WHEN (OLD.area OPERATOR(registry.<>) NEW.area)
	EXECUTE FUNCTION registry.pairs_follow_household();

-- An open pair of which one has ended meanwhile needs no review; a settled one shows both.
CREATE VIEW nser.duplicate_review WITH (security_invoker = true) AS
	SELECT d.household_id, d.line, d.other_household, d.other_line, d.state, d.score, d.evidence,
		a.name, b.name AS other_name, a.father_name, b.father_name AS other_father_name, a.sex, b.sex AS other_sex,
		a.birth_date, b.birth_date AS other_birth_date, a.cnic, b.cnic AS other_cnic, a.area, b.area AS other_area,
		h.phone, o.phone AS other_phone, a.valid_to, b.valid_to AS other_valid_to, d.found_at, d.decided_at, d.decided_by
	FROM nser.duplicate AS d
	JOIN nser.household AS h ON h.household_id = d.household_id
	JOIN nser.household AS o ON o.household_id = d.other_household
	CROSS JOIN LATERAL (SELECT m.* FROM nser.member AS m
		WHERE m.household_id = d.household_id AND m.line = d.line AND m.superseded_at IS NULL ORDER BY m.version DESC LIMIT 1) AS a
	CROSS JOIN LATERAL (SELECT m.* FROM nser.member AS m
		WHERE m.household_id = d.other_household AND m.line = d.other_line AND m.superseded_at IS NULL ORDER BY m.version DESC LIMIT 1) AS b
	WHERE d.state <> 'open' OR (a.valid_to IS NULL AND b.valid_to IS NULL);
COMMENT ON VIEW nser.duplicate_review IS 'pairs that may be one person, side by side, for who reviews them';
