
-- match: what partners sent becomes cases and flags ------------------------------------
--
-- The unit's work, later than the upload, so that neither an answer nor the time it
-- takes tells a partner who is registered.  What counts is the day of a value, never
-- that of its arrival: uploads in any order come to the same end.

CREATE FUNCTION registry.known_since(household_id bigint, line integer, kind text, name text) RETURNS date
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET jit = off
AS $$
BEGIN
	-- what other partners sent is compared by itself
	RETURN greatest(
		(SELECT max((v.submitted_at AT TIME ZONE 'Asia/Karachi')::date)
		 FROM nser.survey AS v
		 WHERE v.household_id = known_since.household_id AND v.is_full),
		(SELECT max((s.taken_at AT TIME ZONE 'Asia/Karachi')::date)
		 FROM nser.update_case AS c
		 CROSS JOIN LATERAL (
			SELECT x.taken_at, x.content
			FROM nser.case_step AS x
			WHERE x.household_id = c.household_id AND x.case_id = c.case_id AND x.event = 'submit'
			ORDER BY x.step DESC LIMIT 1) AS s
		 WHERE c.household_id = known_since.household_id AND c.state = 'applied' AND c.update_type IN ('roster', 'correction')
		 AND NOT EXISTS (SELECT FROM nser.received_value AS r WHERE r.household_id = c.household_id AND r.case_id = c.case_id)
		 AND EXISTS (SELECT FROM jsonb_array_elements(s.content -> 'changes') AS x (one)
					 WHERE (known_since.line = 0 OR x.one -> 'line' = to_jsonb(known_since.line))
					 AND (x.one ->> 'change' = CASE known_since.kind WHEN 'member' THEN '' WHEN 'death' THEN 'reinstate' ELSE known_since.kind END
						  OR known_since.kind <> 'death' AND (x.one ? known_since.name OR x.one -> 'changes' ? known_since.name)))),
		CASE WHEN known_since.line = 0 THEN
			(SELECT max(s.valid_from)
			 FROM (SELECT x.valid_from, x.by_case, x.state_no > 1
						AND to_jsonb(x) -> known_since.name IS DISTINCT FROM lag(to_jsonb(x) -> known_since.name) OVER (ORDER BY x.state_no) AS differs
				   FROM nser.household_state AS x
				   WHERE x.household_id = known_since.household_id) AS s
			 WHERE s.differs
			 AND NOT EXISTS (SELECT FROM nser.received_value AS r WHERE r.household_id = known_since.household_id AND r.case_id = s.by_case))
		ELSE
			-- who was written wrong was known better when that was corrected
			(SELECT max(CASE WHEN s.was_superseded THEN (s.recorded_at AT TIME ZONE 'Asia/Karachi')::date ELSE s.valid_from END)
			 FROM (SELECT x.valid_from, x.recorded_at, x.opened_by, x.version = 1
						OR to_jsonb(x) -> known_since.name IS DISTINCT FROM lag(to_jsonb(x) -> known_since.name) OVER (ORDER BY x.version) AS differs,
						lag(x.superseded_at) OVER (ORDER BY x.version) IS NOT NULL AS was_superseded
				   FROM nser.member AS x
				   WHERE x.household_id = known_since.household_id AND x.line = known_since.line) AS s
			 WHERE s.differs
			 AND NOT EXISTS (SELECT FROM nser.received_value AS r WHERE r.household_id = known_since.household_id AND r.case_id = s.opened_by))
		END);
END;
$$;
COMMENT ON FUNCTION registry.known_since(bigint, integer, text, text) IS
	'the day in Pakistan as of which the registry knows a fact of a line, or, for line 0, of a household, otherwise than by partners: of the last full '
	'survey, of a case that was applied, or since when it is so; name is a column of nser.member or nser.household, or a key of changes of that '
	'kind; NULL: it is not known';

CREATE FUNCTION registry.known_fact(household_id bigint, line integer, name text) RETURNS jsonb
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET jit = off
AS $$
BEGIN
	IF known_fact.line = 0 THEN
		RETURN (SELECT to_jsonb(h) -> known_fact.name FROM nser.household AS h WHERE h.household_id = known_fact.household_id);
	ELSIF known_fact.name = 'disabilities' THEN
		RETURN (SELECT to_jsonb(r.disabilities)
				FROM nser.household AS h
				JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
				CROSS JOIN LATERAL registry.members(v.roster) AS r
				WHERE h.household_id = known_fact.household_id AND r.line = known_fact.line);
	END IF;
	RETURN (SELECT to_jsonb(m) -> known_fact.name
			FROM nser.member AS m
			WHERE m.household_id = known_fact.household_id AND m.line = known_fact.line AND m.valid_to IS NULL AND m.superseded_at IS NULL);
END;
$$;
COMMENT ON FUNCTION registry.known_fact(bigint, integer, text) IS
	'what the registry says of a live line, or, for line 0, of a household, as JSON; NULL or null where it does not know';

CREATE FUNCTION registry.decide_row(agreement_id bigint, upload_id uuid, row_no integer, batch bigint, state text, case_id bigint DEFAULT NULL,
									sqlstate text DEFAULT NULL, reason text DEFAULT NULL)
	RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	IF decide_row.state IN ('case', 'known') THEN
		INSERT INTO nser.received_value (household_id, agreement_id, upload_id, row_no, area, line, variable, value, as_of, source, case_id)
		SELECT h.household_id, r.agreement_id, r.upload_id, r.row_no, h.area, CASE v.unit WHEN 'person' THEN r.for_line ELSE 0 END, r.variable,
			r.value, r.as_of, a.organization_id, decide_row.case_id
		FROM nser.received_row AS r
		JOIN nser.write_back_variable AS v ON v.variable = r.variable
		JOIN nser.agreement AS a ON a.agreement_id = r.agreement_id
		JOIN nser.household AS h ON h.household_id = r.for_household
		WHERE r.agreement_id = decide_row.agreement_id AND r.upload_id = decide_row.upload_id AND r.row_no = decide_row.row_no;
	END IF;
	UPDATE nser.received_row AS r
	SET state = decide_row.state, batch = decide_row.batch, decided_at = now(), cnic = NULL, value = NULL, for_case = decide_row.case_id,
		sqlstate = decide_row.sqlstate, reason = decide_row.reason
	WHERE r.agreement_id = decide_row.agreement_id AND r.upload_id = decide_row.upload_id AND r.row_no = decide_row.row_no;
END;
$$;
COMMENT ON FUNCTION registry.decide_row(bigint, uuid, integer, bigint, text, bigint, text, text) IS
	'write what became of a row; where it says what the registry will say, or says already, with source and date to nser.received_value';

CREATE FUNCTION registry.change_error(update_type registry.update_type, household_id bigint, changes jsonb, OUT code text, OUT words text)
	LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM registry.check_changes(change_error.update_type, change_error.household_id, jsonb_build_object('changes', change_error.changes));
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, words = MESSAGE_TEXT;
	IF code !~ '^RG' THEN
		RAISE;
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.change_error(registry.update_type, bigint, jsonb) IS 'what registry.check_changes() refuses in changes of a household; NULL where nothing';

-- A household has one case at a time: what cannot be in it waits for the next run.
CREATE FUNCTION registry.match_household(household_id bigint, update_type registry.update_type, batch bigint) RETURNS bigint
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET jit = off
AS $$
DECLARE
	sent		record;
	wrong		record;
	change		jsonb;
	changes		jsonb := jsonb '[]';
	-- rows that became changes, and what is settled by a newer row
	rows		jsonb := jsonb '[]';
	settled		jsonb := jsonb '{}';
	better		record;
	opened		record;
	code		text;
	words		text;
BEGIN
	PERFORM FROM nser.household AS h WHERE h.household_id = match_household.household_id FOR NO KEY UPDATE;
	IF EXISTS (SELECT FROM nser.update_case AS c
			   WHERE c.household_id = match_household.household_id AND NOT registry.is_final(c.state) AND c.update_type <> 'grievance') THEN
		RETURN NULL;
	END IF;
	FOR sent IN
		SELECT r.agreement_id, r.upload_id, r.row_no, r.variable, r.value, r.as_of, v.kind, v.key, v.fixed,
			split_part(v.key, '.', -1) AS name, CASE v.unit WHEN 'person' THEN r.for_line::integer ELSE 0 END AS line,
			sha256(convert_to(r.value::text, 'UTF8')) AS hash,
			EXISTS (SELECT FROM registry.change_kinds() AS k WHERE k.update_type = v.update_type AND k.kind = v.kind AND k.key = 'on_date') AS is_dated
		FROM nser.received_row AS r
		JOIN nser.write_back_variable AS v ON v.variable = r.variable
		WHERE r.for_household = match_household.household_id AND r.state = 'waiting' AND v.update_type = match_household.update_type
		-- who died has no other news; of one day a hash decides, which nobody chooses
		ORDER BY v.kind = 'death', v.variable, line, r.as_of DESC, hash, r.agreement_id, r.upload_id, r.row_no
	LOOP
		-- the newest that a partner sent, here or before, and nobody turned down
		SELECT x.as_of, x.hash INTO better
		FROM (SELECT (settled -> format('%s %s', sent.variable, sent.line) ->> 'as_of')::date AS as_of,
					 (settled -> format('%s %s', sent.variable, sent.line) ->> 'hash')::bytea AS hash
			  UNION ALL
			  SELECT r.as_of, sha256(convert_to(r.value::text, 'UTF8'))
			  FROM nser.received_value AS r
			  LEFT JOIN nser.update_case AS c ON c.household_id = r.household_id AND c.case_id = r.case_id
			  WHERE r.household_id = match_household.household_id AND r.variable = sent.variable AND r.line = sent.line
			  AND coalesce(c.state NOT IN ('rejected', 'cancelled', 'expired'), true)) AS x
		WHERE x.as_of IS NOT NULL
		ORDER BY x.as_of DESC, x.hash LIMIT 1;
		IF better.as_of = sent.as_of AND better.hash = sent.hash THEN
			PERFORM registry.decide_row(sent.agreement_id, sent.upload_id, sent.row_no, match_household.batch, 'known');
			CONTINUE;
		ELSIF better.as_of > sent.as_of OR better.as_of = sent.as_of AND better.hash < sent.hash
		OR sent.as_of <= registry.known_since(match_household.household_id, sent.line, sent.kind, sent.name) THEN
			PERFORM registry.decide_row(sent.agreement_id, sent.upload_id, sent.row_no, match_household.batch, 'older');
			CONTINUE;
		ELSIF sent.value = registry.known_fact(match_household.household_id, sent.line, sent.name) THEN
			PERFORM registry.decide_row(sent.agreement_id, sent.upload_id, sent.row_no, match_household.batch, 'known');
			CONTINUE;
		END IF;

		change := jsonb_build_object('change', sent.kind) || sent.fixed
			|| CASE WHEN sent.line > 0 THEN jsonb_build_object('line', sent.line) ELSE '{}' END
			|| CASE WHEN sent.is_dated THEN jsonb_build_object('on_date', sent.as_of) ELSE '{}' END
			|| CASE WHEN strpos(sent.key, '.') > 0 THEN jsonb_build_object(split_part(sent.key, '.', 1), jsonb_build_object(sent.name, sent.value))
				ELSE jsonb_build_object(sent.key, sent.value) END;
		SELECT e.code, e.words INTO wrong FROM registry.change_error(match_household.update_type, match_household.household_id, changes || change) AS e;
		IF wrong.code IS NOT NULL THEN
			PERFORM registry.decide_row(sent.agreement_id, sent.upload_id, sent.row_no, match_household.batch, 'refused', NULL, wrong.code, wrong.words);
			CONTINUE;
		END IF;
		changes := changes || change;
		rows := rows || jsonb_build_object('agreement', sent.agreement_id, 'upload', sent.upload_id, 'row', sent.row_no);
		settled := settled || jsonb_build_object(format('%s %s', sent.variable, sent.line), jsonb_build_object('as_of', sent.as_of, 'hash', sent.hash));
		EXIT WHEN jsonb_array_length(changes) = 100;
	END LOOP;
	IF changes = '[]' THEN
		RETURN NULL;
	END IF;

	BEGIN
		SELECT o.case_id INTO opened
		FROM registry.open_case(match_household.update_type, match_household.household_id, gen_random_uuid(), mode => 'partner') AS o;
		PERFORM registry.advance_case(match_household.household_id, opened.case_id, 'screen', gen_random_uuid());
		PERFORM registry.advance_case(match_household.household_id, opened.case_id, 'submit', gen_random_uuid(), jsonb_build_object('changes', changes));
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, words = MESSAGE_TEXT;
		-- what the server is short of, or others do, is not the rows'
		IF code !~ '^RG' THEN
			RAISE;
		END IF;
		PERFORM registry.decide_row((u.one ->> 'agreement')::bigint, (u.one ->> 'upload')::uuid, (u.one ->> 'row')::integer, match_household.batch, 'refused',
			NULL, code, words)
		FROM jsonb_array_elements(rows) AS u (one);
		RETURN NULL;
	END;
	PERFORM registry.decide_row((u.one ->> 'agreement')::bigint, (u.one ->> 'upload')::uuid, (u.one ->> 'row')::integer, match_household.batch, 'case', opened.case_id)
	FROM jsonb_array_elements(rows) AS u (one);
	RETURN opened.case_id;
END;
$$;
COMMENT ON FUNCTION registry.match_household(bigint, registry.update_type, bigint) IS
	'make one case, submitted, of the facts of a type (roster or correction) that wait for a household, the newest of each; returns it, or NULL where '
	'nothing was new, or another case of the household is open, for whose end the rows wait';

-- Flags are lists of others, and no case: whom they are about is told when a programme
-- asks.  Of one day the lower value stands, in doubt for the person.
CREATE FUNCTION registry.match_flags(batch bigint) RETURNS void
	LANGUAGE plpgsql
	SET jit = off
AS $$
BEGIN
	-- one thing at a time, each by keys: what a plan would guess of all at once is far off
	UPDATE nser.received_row AS r
	SET reason = CASE WHEN s.is_known THEN 'known' WHEN s.nth = 1 AND s.is_new THEN 'flag' WHEN s.is_best AND s.is_new THEN 'known' ELSE 'older' END
	FROM (SELECT x.agreement_id, x.upload_id, x.row_no, row_number() OVER newest AS nth,
				(x.as_of, (x.value #>> '{}')::integer) = (first_value(x.as_of) OVER newest, first_value((x.value #>> '{}')::integer) OVER newest) AS is_best,
				coalesce((x.as_of, (x.value #>> '{}')::integer) = (f.as_of, f.value), false) AS is_known,
				coalesce(registry.flag_supersedes(f.as_of, f.value, x.as_of, (x.value #>> '{}')::integer), true) AS is_new
		  FROM nser.received_row AS x
		  JOIN nser.write_back_variable AS v ON v.variable = x.variable AND v.flag IS NOT NULL
		  JOIN nser.flag_source AS k ON k.agreement_id = x.agreement_id AND k.flag = v.flag
		  LEFT JOIN nser.person_flag AS f ON f.household_id = x.for_household AND f.line = x.for_line AND f.flag = v.flag AND f.source = k.source
		  WHERE x.state = 'waiting' AND x.batch = match_flags.batch
		  WINDOW newest AS (PARTITION BY x.for_household, x.for_line, v.flag, k.source
							ORDER BY x.as_of DESC, (x.value #>> '{}')::integer, x.agreement_id, x.upload_id, x.row_no)) AS s
	WHERE r.agreement_id = s.agreement_id AND r.upload_id = s.upload_id AND r.row_no = s.row_no;
	INSERT INTO nser.person_flag AS f (household_id, line, flag, value, source, as_of, area)
	SELECT h.household_id, r.for_line, v.flag, (r.value #>> '{}')::integer, k.source, r.as_of, h.area
	FROM nser.received_row AS r
	JOIN nser.write_back_variable AS v ON v.variable = r.variable
	JOIN nser.flag_source AS k ON k.agreement_id = r.agreement_id AND k.flag = v.flag
	JOIN nser.household AS h ON h.household_id = r.for_household
	WHERE r.state = 'waiting' AND r.batch = match_flags.batch AND r.reason = 'flag'
	ORDER BY h.household_id, r.for_line, v.flag, k.source
	ON CONFLICT ON CONSTRAINT person_flag_pkey DO UPDATE SET value = EXCLUDED.value, as_of = EXCLUDED.as_of
	WHERE registry.flag_supersedes(f.as_of, f.value, EXCLUDED.as_of, EXCLUDED.value);
	UPDATE nser.received_row AS r
	SET state = r.reason, reason = NULL, decided_at = now(), cnic = NULL, value = NULL
	WHERE r.state = 'waiting' AND r.batch = match_flags.batch AND r.reason IS NOT NULL;
END;
$$;
COMMENT ON FUNCTION registry.match_flags(bigint) IS
	'store the flags among the rows of a run whose people are found: the newest of each source, and none over a newer one';

CREATE FUNCTION registry.match_uploads(agreement_id bigint DEFAULT NULL, dry_run boolean DEFAULT true, OUT cases bigint, OUT changes bigint, OUT flags bigint,
									   OUT known bigint, OUT older bigint, OUT unmatched bigint, OUT refused bigint, OUT waiting bigint)
	LANGUAGE plpgsql
AS $$
DECLARE
	own_batch	bigint := nextval('nser.load_id_seq');
BEGIN
	IF match_uploads.dry_run IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'dry_run is true or false',
			HINT = 'SELECT * FROM registry.match_uploads(dry_run => false);';
	END IF;
	-- another run waits; who sends does not
	LOCK TABLE nser.received_value IN SHARE ROW EXCLUSIVE MODE;
	BEGIN
		UPDATE nser.received_row AS r
		SET for_household = x.household_id, for_line = x.line, batch = own_batch, decided_at = CASE WHEN x.outcome IS NOT NULL THEN now() END,
			state = coalesce(x.outcome, 'waiting'), cnic = CASE WHEN x.outcome IS NULL THEN r.cnic END, value = CASE WHEN x.outcome IS NULL THEN r.value END,
			sqlstate = CASE x.outcome WHEN 'refused' THEN 'RG023' END, reason = CASE x.outcome WHEN 'refused' THEN 'the agreement was breached' END
		FROM (SELECT w.agreement_id, w.upload_id, w.row_no, h.household_id, m.line,
					CASE WHEN a.end_reason = 'breached' THEN 'refused' WHEN h.household_id IS NULL THEN 'unmatched' END AS outcome
			  FROM nser.received_row AS w
			  JOIN nser.agreement AS a ON a.agreement_id = w.agreement_id
			  LEFT JOIN nser.identity AS i ON i.cnic OPERATOR(registry.=) w.cnic
			  LEFT JOIN nser.member AS m ON m.household_id = i.household_id AND m.line = i.line AND m.cnic OPERATOR(registry.=) i.cnic
				AND m.valid_to IS NULL AND m.superseded_at IS NULL
			  LEFT JOIN nser.household AS h ON h.household_id = m.household_id AND h.status = 'registered'
			  WHERE w.state = 'waiting' AND (match_uploads.agreement_id IS NULL OR w.agreement_id = match_uploads.agreement_id)) AS x
		WHERE r.agreement_id = x.agreement_id AND r.upload_id = x.upload_id AND r.row_no = x.row_no;
		PERFORM registry.match_flags(own_batch);
		-- those of all agreements for a household, as the newest is wanted
		PERFORM coalesce(registry.match_household(w.for_household, 'roster', own_batch), registry.match_household(w.for_household, 'correction', own_batch))
		FROM (SELECT DISTINCT r.for_household
			  FROM nser.received_row AS r
			  WHERE r.state = 'waiting' AND r.batch = own_batch
			  ORDER BY r.for_household) AS w;
		SELECT count(DISTINCT (r.for_household, r.for_case)) FILTER (WHERE r.state = 'case'), count(*) FILTER (WHERE r.state = 'case'),
			count(*) FILTER (WHERE r.state = 'flag'), count(*) FILTER (WHERE r.state = 'known'), count(*) FILTER (WHERE r.state = 'older'),
			count(*) FILTER (WHERE r.state = 'unmatched'), count(*) FILTER (WHERE r.state = 'refused'), count(*) FILTER (WHERE r.state = 'waiting')
		INTO cases, changes, flags, known, older, unmatched, refused, waiting
		FROM nser.received_row AS r
		WHERE r.batch = own_batch;
		IF match_uploads.dry_run THEN
			RAISE EXCEPTION USING ERRCODE = 'triggered_action_exception', MESSAGE = 'a dry run leaves nothing';
		END IF;
	EXCEPTION WHEN triggered_action_exception THEN
		IF NOT match_uploads.dry_run THEN
			RAISE;
		END IF;
	END;
END;
$$;
COMMENT ON FUNCTION registry.match_uploads(bigint, boolean) IS
	'find whom the rows that wait are about, by their numbers, and make of them cases in state submitted, mode partner, which a clerk verifies and '
	'applies, or flags; of an agreement, or, NULL, of all; nothing over what is as new; a dry run says what would come of it and leaves nothing; '
	'returns cases, with how many changes, and rows by what became of them; those that wait, for another case of the household, are looked at again in the next run; '
	'rows of an agreement that was breached are refused; the unit''s';
