
-- What partners may send back is data: a key of registry.change_kinds(), or a flag.
CREATE TABLE nser.write_back_variable (
	variable		text PRIMARY KEY CHECK (variable ~ '^[a-z][a-z_]*$'),
	meaning			text NOT NULL CHECK (meaning ~ '[^[:space:]]'),
	unit			text NOT NULL CHECK (unit IN ('household', 'person')),
	update_type		registry.update_type,
	kind			text,
	key				text,
	fixed			jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(fixed) = 'object'),
	flag			text CHECK (flag <> ''),
	organizations	registry.organization_kind[] NOT NULL DEFAULT '{government,semi_autonomous}',
	-- a change has a type of its own, and a flag is of a person
	CONSTRAINT write_back_target CHECK (CASE WHEN flag IS NULL THEN registry.write_back_type(update_type, kind, key) IS NOT NULL
										ELSE num_nonnulls(update_type, kind, key) = 0 AND unit = 'person' END)
);
INSERT INTO nser.write_back_variable (variable, meaning, unit, update_type, kind, key, fixed) VALUES
	('phone', 'the household''s mobile number', 'household', 'roster', 'contact', 'phone', '{}'),
	('address', 'where in its area the household lives, in words', 'household', 'roster', 'address', 'address', '{}'),
	('death', 'the day on which a person died', 'person', 'roster', 'death', 'on_date', '{}'),
	('marital_status', 'a person''s marital status', 'person', 'roster', 'marital_status', 'marital_status', '{}'),
	('disability', 'all disabilities that a person has', 'person', 'roster', 'disability', 'disabilities', '{}'),
	('name', 'a person''s name as it should be written', 'person', 'correction', 'member', 'changes.name', '{}'),
	('father_name', 'the father''s name as it should be written', 'person', 'correction', 'member', 'changes.father_name', '{}'),
	('birth_date', 'the day on which a person was born', 'person', 'correction', 'member', 'changes.birth_date', '{}'),
	('document_number', 'the number of a person''s identity card, where another was written', 'person', 'correction', 'cnic', 'cnic', '{"document": "cnic"}');
INSERT INTO nser.write_back_variable (variable, meaning, unit, flag, organizations) VALUES
	('government_employee', '1 who is paid by a government', 'person', 'government_employee', '{government,semi_autonomous}'),
	('foreign_travel', 'journeys abroad in the last five years', 'person', 'foreign_travel', '{government,semi_autonomous}'),
	('vehicle', 'vehicles registered in a person''s name', 'person', 'vehicle', '{government,semi_autonomous}'),
	('electricity_bill', 'rupees a month, of meters in a person''s name', 'person', 'electricity_bill', '{government,semi_autonomous,business}'),
	('telephone_bill', 'rupees a month', 'person', 'telephone_bill', '{government,semi_autonomous,business}'),
	('bank_balance', 'thousands of rupees that a person has in banks, on average over a year', 'person', 'bank_balance',
	 '{government,semi_autonomous,business}');
COMMENT ON TABLE nser.write_back_variable IS
	'what partners may send back: a member''s or household''s fact, which a case of update_type changes, or a flag of nser.person_flag; an agreement names those it is about';
COMMENT ON COLUMN nser.write_back_variable.kind IS 'of registry.change_kinds(), as key, which the value is put at; fixed: what else the change says';
COMMENT ON COLUMN nser.write_back_variable.flag IS 'the flag whose value it is, 0 or more; NULL of a fact';
COMMENT ON COLUMN nser.write_back_variable.organizations IS 'the kinds of organizations that may send it';

-- How often and by what method is agreed once; what is to be otherwise is another agreement.
CREATE TABLE nser.write_back_term (
	agreement_id	bigint PRIMARY KEY REFERENCES nser.agreement,
	methods			text[] NOT NULL CHECK (methods <@ '{jsonb,copy,file}' AND cardinality(methods) > 0),
	uploads			integer NOT NULL CHECK (uploads > 0),
	period			interval NOT NULL CHECK (period > '0' AND isfinite(period)),
	max_rows		integer NOT NULL CHECK (max_rows BETWEEN 1 AND 100000),
	agreed_at		timestamptz NOT NULL DEFAULT now(),
	agreed_by		name NOT NULL DEFAULT session_user,
	calls			bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE nser.write_back_term IS 'how often, by what methods and how much partners send back under an agreement: registry.agree_write_back()';
COMMENT ON COLUMN nser.write_back_term.methods IS 'jsonb: share.receive(); copy: COPY into a table of its own in schema share; file: the owner loads what was handed over';
COMMENT ON COLUMN nser.write_back_term.uploads IS 'how many in any stretch of time as long as period';
COMMENT ON COLUMN nser.write_back_term.max_rows IS 'rows at most of one upload';
COMMENT ON COLUMN nser.write_back_term.calls IS 'how often anything was sent, tries too: whoever counts it up comes one after the other';
CREATE TRIGGER write_back_term_kept BEFORE UPDATE OF agreement_id, methods, uploads, period, max_rows, agreed_at, agreed_by OR DELETE
	ON nser.write_back_term FOR EACH ROW EXECUTE FUNCTION registry.refuse_terms();
CREATE TRIGGER write_back_terms_kept BEFORE TRUNCATE ON nser.write_back_term FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_terms();

CREATE TABLE nser.upload (
	agreement_id	bigint NOT NULL REFERENCES nser.write_back_term,
	upload_id		uuid NOT NULL,
	method			text NOT NULL CHECK (method IN ('jsonb', 'copy', 'file')),
	content_hash	bytea NOT NULL,
	rows			integer NOT NULL,
	good			integer NOT NULL,
	tried_at		timestamptz NOT NULL DEFAULT now(),
	tried_by		name NOT NULL DEFAULT session_user,
	tried_in		xid8 NOT NULL DEFAULT pg_current_xact_id(),
	received_at		timestamptz,
	received_by		name,
	PRIMARY KEY (agreement_id, upload_id),
	CONSTRAINT upload_received CHECK ((received_at IS NULL) = (received_by IS NULL))
);
COMMENT ON TABLE nser.upload IS 'what partners sent back: tried, and received in a later transaction';
COMMENT ON COLUMN nser.upload.content_hash IS 'SHA-256 of it: what is received is what was tried, and what is sent again is answered and not done again';
COMMENT ON COLUMN nser.upload.good IS 'rows that are well formed; whether anybody registered is meant by them is not told';
COMMENT ON COLUMN nser.upload.tried_in IS 'the transaction, as that which receives it must be another';
COMMENT ON COLUMN nser.upload.received_at IS 'NULL: only tried';

CREATE TABLE nser.upload_error (
	agreement_id	bigint NOT NULL,
	upload_id		uuid NOT NULL,
	row_no			integer NOT NULL,
	code			text NOT NULL,
	reason			text NOT NULL,
	PRIMARY KEY (agreement_id, upload_id, row_no),
	FOREIGN KEY (agreement_id, upload_id) REFERENCES nser.upload ON DELETE CASCADE
);
COMMENT ON TABLE nser.upload_error IS 'rows that a partner has back, with the reason, which is of their form alone; registry.upload_errors() lists the codes';

-- The form of share.upload_<agreement>, in texts, so that a bad row stops no COPY.
CREATE TABLE nser.upload_row (
	upload_id		uuid NOT NULL,
	row_no			bigint GENERATED ALWAYS AS IDENTITY,
	cnic			text,
	variable		text,
	value			text,
	as_of			text,
	CONSTRAINT upload_row_is_form CHECK (false)
);
COMMENT ON TABLE nser.upload_row IS 'what the tables look like that partners copy rows into: registry.agree_write_back(); it holds none itself';
COMMENT ON COLUMN nser.upload_row.upload_id IS 'a uuid of its own for each upload';
COMMENT ON COLUMN nser.upload_row.cnic IS 'identity number, as 35202-1234567-1 or without hyphens';
COMMENT ON COLUMN nser.upload_row.variable IS 'as the agreement names it';
COMMENT ON COLUMN nser.upload_row.value IS 'a number, text or day; disabilities as ["visual_full"]';
COMMENT ON COLUMN nser.upload_row.as_of IS 'the day on which it was so, as 2026-01-31';
CREATE TRIGGER upload_open BEFORE INSERT ON nser.upload_row FOR EACH STATEMENT EXECUTE FUNCTION registry.limit_staging('0', '0');
CREATE TRIGGER upload_limited AFTER INSERT ON nser.upload_row FOR EACH STATEMENT EXECUTE FUNCTION registry.limit_staging('0', '0');

-- People's data until a row is decided, of people who are not registered too: the owner's only.
CREATE TABLE nser.received_row (
	agreement_id	bigint NOT NULL,
	upload_id		uuid NOT NULL,
	row_no			integer NOT NULL,
	variable		text NOT NULL REFERENCES nser.write_back_variable,
	as_of			date NOT NULL,
	cnic			registry.cnic,
	value			jsonb,
	state			text NOT NULL DEFAULT 'waiting'
					CHECK (state IN ('waiting', 'case', 'flag', 'known', 'older', 'unmatched', 'refused')),
	sqlstate		text,
	reason			text,
	batch			bigint,
	decided_at		timestamptz,
	for_household	bigint,
	for_line		smallint,
	for_case		bigint,
	PRIMARY KEY (agreement_id, upload_id, row_no),
	FOREIGN KEY (agreement_id, upload_id) REFERENCES nser.upload,
	CONSTRAINT received_row_erased CHECK ((state = 'waiting') = (cnic IS NOT NULL) AND (state = 'waiting') = (value IS NOT NULL)),
	CONSTRAINT received_row_refused CHECK (state <> 'refused' OR sqlstate IS NOT NULL AND reason IS NOT NULL),
	CONSTRAINT received_row_case CHECK ((state = 'case') = (for_case IS NOT NULL))
);
CREATE INDEX received_row_waiting ON nser.received_row (for_household) WHERE state = 'waiting';
CREATE INDEX received_row_batch ON nser.received_row (batch);
COMMENT ON TABLE nser.received_row IS
	'rows that partners sent, and what registry.match_uploads() made of them; number and value are erased with that, and stay in nser.received_value or nser.person_flag';
COMMENT ON COLUMN nser.received_row.as_of IS 'the day on which it was so, as the partner knows it';
COMMENT ON COLUMN nser.received_row.state IS
	'waiting: to be matched, or for another case of the household to end; case; flag; known: it says so already; older: than what is there; '
	'unmatched: nobody who is registered; refused, with sqlstate and reason';
COMMENT ON COLUMN nser.received_row.batch IS 'the run of registry.match_uploads() that decided it';
COMMENT ON COLUMN nser.received_row.for_household IS 'whom it is about; for_line: who of them has the number; for_case: the case it became a change of';

CREATE TABLE nser.received_value (
	household_id	bigint NOT NULL,
	agreement_id	bigint NOT NULL,
	upload_id		uuid NOT NULL,
	row_no			integer NOT NULL,
	area			registry.area_code NOT NULL,
	line			smallint NOT NULL CHECK (line BETWEEN 0 AND 254),
	variable		text NOT NULL REFERENCES nser.write_back_variable,
	value			jsonb NOT NULL,
	as_of			date NOT NULL,
	source			bigint NOT NULL REFERENCES nser.organization,
	recorded_at		timestamptz NOT NULL DEFAULT now(),
	case_id			bigint,
	PRIMARY KEY (household_id, agreement_id, upload_id, row_no),
	FOREIGN KEY (household_id, area) REFERENCES nser.household (household_id, area) ON UPDATE CASCADE,
	FOREIGN KEY (household_id, case_id) REFERENCES nser.update_case (household_id, case_id)
);
CREATE INDEX received_value_of ON nser.received_value (household_id, variable, line);
COMMENT ON TABLE nser.received_value IS 'facts of households and members that partners sent, with source and date, and the case that changes them';
COMMENT ON COLUMN nser.received_value.line IS 'of whom; 0: of the household';
COMMENT ON COLUMN nser.received_value.case_id IS 'NULL: the registry said so already, and has it from this source too';

-- What a list said before is history; who moves takes the rows that stand along.
CREATE TABLE nser.person_flag_past (
	household_id	bigint NOT NULL,
	past_id			bigint GENERATED BY DEFAULT AS IDENTITY,
	line			smallint NOT NULL,
	flag			text NOT NULL,
	value			integer NOT NULL,
	source			text NOT NULL,
	as_of			date NOT NULL,
	area			registry.area_code NOT NULL,
	replaced_at		timestamptz NOT NULL DEFAULT now(),
	replaced_by		name NOT NULL DEFAULT session_user,
	PRIMARY KEY (household_id, past_id),
	FOREIGN KEY (household_id, area) REFERENCES nser.household (household_id, area) ON UPDATE CASCADE
);
COMMENT ON TABLE nser.person_flag_past IS 'rows of nser.person_flag as they were until replaced_at: replaced, taken away, or carried to another line';
CREATE TRIGGER person_flag_replaced AFTER UPDATE ON nser.person_flag REFERENCING OLD TABLE AS was NEW TABLE AS is_now FOR EACH STATEMENT
	EXECUTE FUNCTION registry.keep_past_flags();
CREATE TRIGGER person_flag_gone AFTER DELETE ON nser.person_flag REFERENCING OLD TABLE AS was FOR EACH STATEMENT
	EXECUTE FUNCTION registry.keep_past_flags();
ALTER TABLE nser.flag_source ADD COLUMN agreement_id bigint REFERENCES nser.agreement;
COMMENT ON COLUMN nser.flag_source.agreement_id IS 'under which it is sent back; NULL: a list that registry.load_flags() loads';
CREATE UNIQUE INDEX flag_source_agreement ON nser.flag_source (agreement_id, flag) WHERE agreement_id IS NOT NULL;

-- What a partner's login may call; what it says is of its rows and its agreement alone.
CREATE FUNCTION share.receive(agreement_id bigint, upload jsonb, dry_run boolean DEFAULT true,
							  OUT state text, OUT rows integer, OUT good integer, OUT errors jsonb)
	LANGUAGE sql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT t.state, t.rows, t.good, t.errors
	FROM registry.take_upload(receive.agreement_id, receive.upload, 'jsonb', receive.dry_run) AS t;
END;
COMMENT ON FUNCTION share.receive(bigint, jsonb, boolean) IS
	'registry.take_upload() of what the partner who is logged in sends: {"upload_id": a uuid, "rows": [{"cnic", "variable", "value", "as_of"}]}';

CREATE FUNCTION share.receive_copy(agreement_id bigint, upload_id uuid, dry_run boolean DEFAULT true,
								   OUT state text, OUT rows integer, OUT good integer, OUT errors jsonb)
	LANGUAGE sql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT t.state, t.rows, t.good, t.errors
	FROM registry.take_staged(receive_copy.agreement_id, receive_copy.upload_id, receive_copy.dry_run) AS t;
END;
COMMENT ON FUNCTION share.receive_copy(bigint, uuid, boolean) IS
	'registry.take_upload() of the rows of an upload that the partner who is logged in copied into share.upload_<agreement>; received, they leave it';

CREATE FUNCTION share.discard_copy(agreement_id bigint, upload_id uuid) RETURNS bigint
	LANGUAGE sql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT registry.discard_staged(discard_copy.agreement_id, discard_copy.upload_id);
END;
COMMENT ON FUNCTION share.discard_copy(bigint, uuid) IS
	'take away the rows of an upload that the partner who is logged in copied into share.upload_<agreement>, and that came to nothing; returns how many';

CREATE FUNCTION share.check_write_back(agreement_id bigint) RETURNS void
	LANGUAGE sql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT registry.check_write_back(check_write_back.agreement_id, 'copy');
END;
COMMENT ON FUNCTION share.check_write_back(bigint) IS 'refuse a login that may send nothing back under an agreement now; asked by the trigger of share.upload_<agreement>';

-- What the unit's login may call, once its duty grants it.
CREATE FUNCTION nser.match_uploads(agreement_id bigint DEFAULT NULL, dry_run boolean DEFAULT true, OUT cases bigint, OUT changes bigint, OUT flags bigint,
								   OUT known bigint, OUT older bigint, OUT unmatched bigint, OUT refused bigint, OUT waiting bigint)
	LANGUAGE sql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
BEGIN ATOMIC
	SELECT registry.require_duty('unit');
	SELECT m.cases, m.changes, m.flags, m.known, m.older, m.unmatched, m.refused, m.waiting
	FROM registry.match_uploads(match_uploads.agreement_id, match_uploads.dry_run) AS m;
END;
COMMENT ON FUNCTION nser.match_uploads(bigint, boolean) IS 'registry.match_uploads() for the unit';
REVOKE ALL ON FUNCTION share.receive(bigint, jsonb, boolean), share.receive_copy(bigint, uuid, boolean), share.discard_copy(bigint, uuid),
	share.check_write_back(bigint), nser.match_uploads(bigint, boolean) FROM PUBLIC;

INSERT INTO nser.duty_routine (duty, routine)
	SELECT 'unit', p.oid::regprocedure::text FROM pg_proc AS p WHERE p.pronamespace = 'nser'::regnamespace AND p.proname = 'match_uploads';
