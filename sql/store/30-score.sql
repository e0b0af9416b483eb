
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
	EXECUTE FUNCTION registry.scores_follow_household();

CREATE TABLE nser.score_run (
	run_id			bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	formula			text NOT NULL,
	next_household	bigint,
	last_household	bigint NOT NULL,
	surveys			bigint NOT NULL DEFAULT 0,
	written			bigint NOT NULL DEFAULT 0,
	started_at		timestamptz NOT NULL DEFAULT now(),
	updated_at		timestamptz NOT NULL DEFAULT now(),
	finished_at		timestamptz
);
CREATE UNIQUE INDEX score_run_unfinished ON nser.score_run (formula) WHERE finished_at IS NULL;
COMMENT ON TABLE nser.score_run IS 'progress of registry.score_all(); a run that was interrupted goes on where it stopped';
COMMENT ON COLUMN nser.score_run.next_household IS 'first household_id not yet scored; NULL when all are';
COMMENT ON COLUMN nser.score_run.surveys IS 'surveys looked at so far';
COMMENT ON COLUMN nser.score_run.written IS 'scores stored so far: the new and the changed';
