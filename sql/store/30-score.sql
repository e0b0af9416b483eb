
-- No foreign keys: a run writes millions of rows, and the area is kept by a trigger.
CREATE TABLE nser.score (
	household_id	bigint NOT NULL,
	survey_id		bigint NOT NULL,
	score			double precision CHECK (score BETWEEN 0 AND 100),
	scored_at		timestamptz NOT NULL DEFAULT now(),
	area			registry.area_code NOT NULL,
	formula			text NOT NULL,
	PRIMARY KEY (household_id, survey_id, formula)
);
COMMENT ON TABLE nser.score IS 'scores of surveys by formula, derived; written by registry.score_survey() and score_all()';
COMMENT ON COLUMN nser.score.score IS '0 to 100, low = poor; NULL where an answer the formula needs is missing';
COMMENT ON COLUMN nser.score.formula IS 'name in registry.formula';

CREATE TRIGGER household_moved AFTER UPDATE OF area ON nser.household FOR EACH ROW
	WHEN (OLD.area OPERATOR(registry.<>) NEW.area)
	EXECUTE FUNCTION registry.derived_follow_household();
