
-- What was read, or could be from then on, an entry each.  No personal value is in it.
CREATE TABLE nser.read_log (
	agreement_id	bigint NOT NULL REFERENCES nser.agreement,
	writer			text NOT NULL CHECK (writer IN ('partner', 'registry')),
	entry			integer NOT NULL CHECK (entry > 0),
	event			text NOT NULL CHECK (event ~ '^[a-z][a-z_]{0,62}$'),
	login			name NOT NULL,
	logged_at		timestamptz NOT NULL,
	release_id		bigint REFERENCES nser.release,
	ticket			uuid,
	count			bigint CHECK (count >= 0),
	hash			bytea NOT NULL,
	PRIMARY KEY (agreement_id, writer, entry)
);
CREATE INDEX read_log_release ON nser.read_log (release_id, event) WHERE release_id IS NOT NULL;
COMMENT ON TABLE nser.read_log IS 'the log of reading, chained by hashes: registry.log_read() appends, registry.verify_read_log() checks it';
COMMENT ON COLUMN nser.read_log.writer IS 'whose chain: that of the partner''s own login, or the registry''s';
COMMENT ON COLUMN nser.read_log.event IS 'what happened: request_scores, open_list, publish and the like';
COMMENT ON COLUMN nser.read_log.login IS 'who was logged in; logged_at: when, by the clock and not by the transaction';
COMMENT ON COLUMN nser.read_log.count IS 'numbers that were asked for, or rows; NULL where nothing was counted';
COMMENT ON COLUMN nser.read_log.hash IS 'SHA-256 of the entry before''s hash and of this entry';

CREATE TABLE nser.read_log_head (
	agreement_id	bigint NOT NULL,
	writer			text NOT NULL,
	last_entry		integer NOT NULL DEFAULT 0 CHECK (last_entry >= 0),
	last_hash		bytea,
	PRIMARY KEY (agreement_id, writer),
	-- of a transaction's end, when the entry is there
	FOREIGN KEY (agreement_id, writer, last_entry) REFERENCES nser.read_log DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE nser.read_log_head IS 'the last entry of each chain of nser.read_log; whoever appends locks it';

CREATE TRIGGER read_log_chained BEFORE INSERT ON nser.read_log FOR EACH ROW
	EXECUTE FUNCTION registry.chain_read();
CREATE TRIGGER read_log_history BEFORE UPDATE OR DELETE ON nser.read_log FOR EACH ROW
	EXECUTE FUNCTION registry.keep_read_log();
CREATE TRIGGER read_log_kept BEFORE TRUNCATE ON nser.read_log FOR EACH STATEMENT
	EXECUTE FUNCTION registry.keep_read_log();
CREATE TRIGGER read_log_head_follows BEFORE INSERT OR UPDATE OR DELETE ON nser.read_log_head FOR EACH ROW
	EXECUTE FUNCTION registry.keep_read_log();
CREATE TRIGGER read_log_head_kept BEFORE TRUNCATE ON nser.read_log_head FOR EACH STATEMENT
	EXECUTE FUNCTION registry.keep_read_log();
