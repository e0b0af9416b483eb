
-- What offline tablets sent, until it is done: then the step has it.  People's data:
-- the owner's only.
CREATE TABLE nser.submission (
	request_id		uuid PRIMARY KEY,
	device			text,
	sequence		bigint,
	taken_at		timestamptz,
	follows			uuid,
	payload			jsonb,
	payload_hash	bytea NOT NULL,
	received_at		timestamptz NOT NULL DEFAULT now(),
	decided_at		timestamptz,
	state			text NOT NULL CHECK (state IN ('waiting', 'done', 'refused')),
	sqlstate		text,
	reason			text,
	for_household	bigint,
	for_case		bigint,
	step			integer,
	CONSTRAINT submission_refused_has_reason CHECK (state <> 'refused' OR sqlstate IS NOT NULL AND reason IS NOT NULL),
	CONSTRAINT submission_done_has_step CHECK ((state = 'done') = (step IS NOT NULL)),
	CONSTRAINT submission_kept_until_done CHECK ((state = 'done') = (payload IS NULL))
);
-- Apart, so that none is scanned as a whole where another has the key.
CREATE INDEX submission_follows ON nser.submission (follows) WHERE state = 'waiting' AND follows IS NOT NULL;
CREATE INDEX submission_of_case ON nser.submission (for_household, for_case) WHERE state = 'waiting' AND for_case IS NOT NULL;
CREATE INDEX submission_hindered ON nser.submission (request_id) WHERE state = 'waiting' AND sqlstate IS NOT NULL;
COMMENT ON TABLE nser.submission IS
	'steps of cases that arrived from offline tablets: registry.receive_submissions(); what was refused can be tried again: registry.retry_submission()';
COMMENT ON COLUMN nser.submission.request_id IS
	'made by the tablet; of what came without one, or with one of something else, a hash of it';
COMMENT ON COLUMN nser.submission.sequence IS 'the tablet''s own number, if it has one';
COMMENT ON COLUMN nser.submission.follows IS 'the request that must be done before; NULL where it names its case itself, or opens one';
COMMENT ON COLUMN nser.submission.payload IS 'as it arrived, until it is done';
COMMENT ON COLUMN nser.submission.payload_hash IS 'SHA-256 of it, by which what is sent again is told from what is not the same';
COMMENT ON COLUMN nser.submission.decided_at IS 'when it was last done or refused; NULL never yet';
COMMENT ON COLUMN nser.submission.state IS 'waiting: for what it follows, which is not here yet; done; refused, with its sqlstate and reason';
COMMENT ON COLUMN nser.submission.for_household IS
	'whose case it is, where it says so itself, and once it is done; for_case and step: which step it became';
