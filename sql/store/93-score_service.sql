
-- Whoever asks is known by the login, and answered by the ticket.
CREATE TABLE nser.quota_use (
	partner			bigint NOT NULL REFERENCES nser.organization,
	day				date NOT NULL,
	used			integer NOT NULL CHECK (used > 0),
	PRIMARY KEY (partner, day)
);
COMMENT ON TABLE nser.quota_use IS 'numbers that each partner asked for on a day of Pakistan''s, its affiliates and all agreements together';
COMMENT ON COLUMN nser.quota_use.partner IS 'the topmost organization: registry.partner_of()';

CREATE TABLE nser.score_ticket (
	ticket			uuid PRIMARY KEY,
	agreement_id	bigint NOT NULL REFERENCES nser.agreement,
	writer			text NOT NULL,
	entry			integer NOT NULL,
	login			name NOT NULL DEFAULT session_user,
	requested_at	timestamptz NOT NULL DEFAULT clock_timestamp(),
	xact			xid8 NOT NULL DEFAULT pg_current_xact_id(),
	asked			integer NOT NULL CHECK (asked > 0),
	numbers			text[],
	request			jsonb,
	settled_at		timestamptz,
	-- no ticket without its entry
	FOREIGN KEY (agreement_id, writer, entry) REFERENCES nser.read_log
);
CREATE INDEX score_ticket_open ON nser.score_ticket (agreement_id, requested_at) WHERE numbers IS NOT NULL;
COMMENT ON TABLE nser.score_ticket IS 'requests for scores; people''s data: the owner''s only';
COMMENT ON COLUMN nser.score_ticket.entry IS 'the entry of nser.read_log that says so';
COMMENT ON COLUMN nser.score_ticket.xact IS 'the transaction that asked, in which nothing is read';
COMMENT ON COLUMN nser.score_ticket.numbers IS 'what was asked for, as it was written; taken out after an hour, when nobody can read the answer any more';
COMMENT ON COLUMN nser.score_ticket.settled_at IS 'when the numbers were looked up, into nser.score_answer; NULL: not yet';
COMMENT ON COLUMN nser.score_ticket.request IS 'of a search_json(): what to answer it by; NULL of request_scores(), and after an hour';

CREATE TABLE nser.score_answer (
	household_id	bigint NOT NULL,
	ticket			uuid NOT NULL REFERENCES nser.score_ticket,
	no				integer NOT NULL CHECK (no > 0),
	area			registry.area_code NOT NULL,
	line			smallint NOT NULL,
	survey_id		bigint,
	score			double precision,
	band			text,
	PRIMARY KEY (household_id, ticket, no),
	FOREIGN KEY (household_id, area) REFERENCES nser.household (household_id, area) ON UPDATE CASCADE,
	CONSTRAINT score_answer_one CHECK (num_nonnulls(score, band) = num_nonnulls(survey_id))
);
CREATE INDEX score_answer_ticket ON nser.score_answer (ticket, no);
COMMENT ON TABLE nser.score_answer IS 'what each ticket told of whom: the persons'' own record, registry.subject_access() reads it';
COMMENT ON COLUMN nser.score_answer.no IS 'place of the number in the request, the first where it is repeated';
COMMENT ON COLUMN nser.score_answer.score IS 'what was told: the score, or its band; neither: nothing was, of who was asked for, as far as is on record';

CREATE TRIGGER score_ticket_history BEFORE UPDATE OR DELETE ON nser.score_ticket FOR EACH ROW
	EXECUTE FUNCTION registry.keep_ticket();
CREATE TRIGGER score_ticket_kept BEFORE TRUNCATE ON nser.score_ticket FOR EACH STATEMENT
	EXECUTE FUNCTION registry.keep_ticket();
CREATE TRIGGER score_answer_history BEFORE UPDATE OR DELETE ON nser.score_answer FOR EACH ROW
	EXECUTE FUNCTION registry.refuse_change('another request');
CREATE TRIGGER score_answer_kept BEFORE TRUNCATE ON nser.score_answer FOR EACH STATEMENT
	EXECUTE FUNCTION registry.refuse_change('another request');

-- A partner who reads looks up by its own session, whose counters and buffers tell of
-- work that was done for a number that is registered and not told of.
CREATE TABLE nser.score_service (
	by_job			boolean NOT NULL DEFAULT false,
	one_row			boolean NOT NULL DEFAULT true PRIMARY KEY CHECK (one_row)
);
INSERT INTO nser.score_service DEFAULT VALUES;
COMMENT ON TABLE nser.score_service IS 'how the score service works';
COMMENT ON COLUMN nser.score_service.by_job IS 'whether numbers are looked up by a job of the registry alone, registry.settle_tickets(), and a ticket is read when it has';

-- Partners reach the store by these alone.
CREATE FUNCTION share.request_scores(agreement_id bigint, numbers text[]) RETURNS uuid
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT registry.take_score_request(request_scores.agreement_id, request_scores.numbers);
END;
COMMENT ON FUNCTION share.request_scores(bigint, text[]) IS 'see registry.request_scores()';

CREATE FUNCTION share.read_scores(ticket uuid, OUT no integer, OUT cnic text, OUT status text, OUT score double precision, OUT band text)
	RETURNS SETOF record
	LANGUAGE sql SECURITY DEFINER ROWS 1000 SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT s.no, s.cnic, s.status, s.score, s.band FROM registry.answer_ticket(read_scores.ticket) AS s;
END;
COMMENT ON FUNCTION share.read_scores(uuid) IS 'see registry.read_scores()';

CREATE FUNCTION share.search_json(request jsonb) RETURNS jsonb
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT registry.answer_search(search_json.request);
END;
COMMENT ON FUNCTION share.search_json(jsonb) IS 'see registry.search_json()';
REVOKE EXECUTE ON FUNCTION share.request_scores(bigint, text[]), share.read_scores(uuid), share.search_json(jsonb) FROM PUBLIC;
