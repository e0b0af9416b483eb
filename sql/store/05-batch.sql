
CREATE TABLE nser.batch_run (
	run_id			bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	task			text NOT NULL CHECK (task IN ('score', 'derive', 'duplicates', 'verify', 'quality')),
	formula			text NOT NULL,
	next_household	bigint,
	last_household	bigint NOT NULL,
	surveys			bigint NOT NULL DEFAULT 0,
	written			bigint NOT NULL DEFAULT 0,
	started_at		timestamptz NOT NULL DEFAULT now(),
	updated_at		timestamptz NOT NULL DEFAULT now(),
	finished_at		timestamptz
);
CREATE UNIQUE INDEX batch_run_unfinished ON nser.batch_run (task, formula) WHERE finished_at IS NULL;
COMMENT ON TABLE nser.batch_run IS 'progress of registry.score_all(), derive_all(), queue_all_duplicates(), verify_all() and check_quality_all(); a run that was interrupted goes on where it stopped';
COMMENT ON COLUMN nser.batch_run.formula IS 'name in registry.formula; empty where there is none to apply';
COMMENT ON COLUMN nser.batch_run.next_household IS 'first household_id not yet done; NULL when all are';
COMMENT ON COLUMN nser.batch_run.surveys IS 'surveys looked at so far; households, where duplicates are queued or members verified';
COMMENT ON COLUMN nser.batch_run.written IS 'rows stored so far: the new and the changed';
