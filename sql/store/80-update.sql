
CREATE TABLE nser.update_policy (
	valid			daterange PRIMARY KEY CHECK (NOT isempty(valid)),
	cyclic_every	interval NOT NULL DEFAULT '2 years' CHECK (cyclic_every > '0' AND isfinite(cyclic_every)),
	recertify_every	interval NOT NULL DEFAULT '3 years' CHECK (recertify_every > '0' AND isfinite(recertify_every)),
	appeal_launched	boolean NOT NULL DEFAULT false,
	cyclic_for		text NOT NULL DEFAULT 'non_beneficiary' CHECK (cyclic_for IN ('non_beneficiary', 'above_cutoff')),
	programme		text REFERENCES nser.programme ON UPDATE CASCADE,
	expire_after	interval NOT NULL DEFAULT '30 days' CHECK (expire_after > '0' AND isfinite(expire_after)),
	late_by			interval NOT NULL DEFAULT '60 days' CHECK (late_by > '0' AND isfinite(late_by)),
	source			text,
	CONSTRAINT update_policy_one_a_day EXCLUDE USING gist (valid WITH &&),
	CONSTRAINT update_policy_has_cutoff CHECK (cyclic_for <> 'above_cutoff' OR programme IS NOT NULL)
);
COMMENT ON TABLE nser.update_policy IS 'the rules'' own figures by day: registry.policy_on(); a day has one row, or the defaults';
COMMENT ON COLUMN nser.update_policy.valid IS 'the days on which it holds';
COMMENT ON COLUMN nser.update_policy.cyclic_every IS 'time from a full survey to the next; a roster update does not count';
COMMENT ON COLUMN nser.update_policy.recertify_every IS 'time from one certification of a beneficiary to the next';
COMMENT ON COLUMN nser.update_policy.appeal_launched IS 'whether appeals are taken at all';
COMMENT ON COLUMN nser.update_policy.cyclic_for IS
	'who has cyclic updates: non_beneficiary, or of them above_cutoff, who has no score or one above the programme''s cut-off';
COMMENT ON COLUMN nser.update_policy.programme IS 'whose scores and cut-offs the facts are; NULL: none, and so no household has either';
COMMENT ON COLUMN nser.update_policy.expire_after IS 'time after which a case expires that waits for its household';
COMMENT ON COLUMN nser.update_policy.late_by IS 'how long after it was taken a step may reach the registry, as from a tablet that was offline';
INSERT INTO nser.update_policy (valid, source)
VALUES (daterange(NULL, NULL), 'NSER Annual Report FY2022-23: cyclic after 2 years, recertification after 3, appeals not launched');

CREATE TABLE nser.appeal_condition (
	indicator		text PRIMARY KEY,
	at_least		integer NOT NULL DEFAULT 1 CHECK (at_least BETWEEN 0 AND 254),
	source			text,
	-- refuses a name that is not in the codebook
	CONSTRAINT appeal_condition_indicator CHECK ((registry.indicators '{}' OPERATOR(registry.->) indicator) IS NULL)
);
COMMENT ON TABLE nser.appeal_condition IS 'whose appeal is heard: who meets one of these, by the current survey';
COMMENT ON COLUMN nser.appeal_condition.indicator IS 'name of the codebook whose answer decides';
COMMENT ON COLUMN nser.appeal_condition.at_least IS 'lowest answer that meets it; a flag is 1, a label its code';
INSERT INTO nser.appeal_condition (indicator, source)
VALUES ('widows', 'reported of the design of 2023'), ('elderly', 'reported of the design of 2023');
