
-- receive: uploads of partners, tried and then taken ---------------------------------
--
-- Nothing here looks at people: only at the rows, the agreement, and what the same
-- partner sent before.

CREATE FUNCTION registry.judge_upload(variables text[], rows jsonb, on_date date)
	RETURNS TABLE (row_no integer, code text, reason text, cnic bigint, variable text, value jsonb, as_of date)
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_custom_plan
	SET datestyle = 'ISO, YMD'
	SET jit = off
AS $$
BEGIN
	RETURN QUERY
	WITH agreed AS MATERIALIZED (
		SELECT v.variable, registry.write_back_type(v.update_type, v.kind, v.key) AS type
		FROM nser.write_back_variable AS v
		WHERE v.variable = ANY (judge_upload.variables)
	), told AS MATERIALIZED (
		SELECT r.no::integer AS no, r.one ->> 'cnic' AS cnic, a.variable, a.type, r.one -> 'value' AS value, r.one ->> 'as_of' AS as_of, CASE
				WHEN jsonb_typeof(r.one) <> 'object' THEN 'not_an_object'
				WHEN r.one - '{cnic,variable,value,as_of}'::text[] <> '{}' THEN 'unknown_key'
				WHEN num_nulls(r.one ->> 'cnic', r.one ->> 'variable', r.one ->> 'value', r.one ->> 'as_of') > 0 THEN 'missing_key'
				WHEN r.one ->> 'cnic' !~ '^[1-8][0-9]{12}$|^[1-8][0-9]{4}-[0-9]{7}-[0-9]$' THEN 'bad_number'
				WHEN a.variable IS NULL THEN 'not_agreed'
				WHEN r.one ->> 'as_of' !~ '^2[0-9]{3}-[0-9]{2}-[0-9]{2}$' OR NOT registry.is_day(r.one ->> 'as_of') THEN 'bad_day'
				WHEN r.one ->> 'as_of' > judge_upload.on_date::text THEN 'day_to_come'
				WHEN a.type IS NULL THEN
					-- of a flag
					CASE WHEN jsonb_typeof(r.one -> 'value') <> 'number' OR r.one ->> 'value' !~ '^[0-9]{1,9}$' THEN 'bad_value' END
				WHEN registry.key_error(a.type, r.one -> 'value') IS NOT NULL THEN 'bad_value'
				WHEN a.type = 'date' AND r.one ->> 'value' > r.one ->> 'as_of' THEN 'later_than_said'
			END AS code
		FROM jsonb_array_elements(judge_upload.rows) WITH ORDINALITY AS r (one, no)
		LEFT JOIN agreed AS a ON a.variable = r.one ->> 'variable'
	), written AS MATERIALIZED (
		-- one way of writing a number
		SELECT t.no, t.variable, replace(t.cnic, '-', '')::bigint AS number, t.as_of::date AS day, CASE t.type
				WHEN 'phone' THEN to_jsonb((t.value #>> '{}')::registry.mobile_number::text)
				WHEN 'number' THEN to_jsonb((t.value #>> '{}')::registry.cnic::text)
				ELSE t.value END AS value
		FROM told AS t
		WHERE t.code IS NULL
	), compared AS (
		SELECT w.*, row_number() OVER (same_day ORDER BY w.no) AS nth,
			min(w.value::text) OVER same_day <> max(w.value::text) OVER same_day AS differs
		FROM written AS w
		WINDOW same_day AS (PARTITION BY w.number, w.variable, w.day)
	)
	SELECT t.no, e.code, CASE WHEN e.code = 'bad_value' THEN 'the value ' || coalesce(
				(SELECT 'must be ' || k.expected FROM registry.key_types() AS k WHERE k.type = t.type), 'must be a whole number from 0 to 999999999')
			ELSE e.meaning END, c.number, t.variable, c.value, c.day
	FROM told AS t
	LEFT JOIN compared AS c ON c.no = t.no
	LEFT JOIN registry.upload_errors() AS e ON e.code = coalesce(t.code, CASE WHEN c.differs THEN 'contradicted' WHEN c.nth > 1 THEN 'twice' END)
	ORDER BY t.no;
END;
$$;
COMMENT ON FUNCTION registry.judge_upload(text[], jsonb, date) IS
	'rows of an upload, by what is agreed to be sent: code and reason (registry.upload_errors()) of what comes back, NULL of what is good; it '
	'depends on the rows alone';

CREATE FUNCTION registry.upload_form_error(upload jsonb, max_rows integer) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	RETURN CASE
		WHEN coalesce(jsonb_typeof(upload) <> 'object', true) THEN 'it is no object'
		WHEN upload - '{upload_id,rows}'::text[] <> '{}' THEN 'it has a key other than upload_id and rows'
		WHEN coalesce(jsonb_typeof(upload -> 'upload_id') <> 'string' OR upload ->> 'upload_id' !~
					  '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$', true) THEN 'its upload_id is no uuid'
		WHEN coalesce(jsonb_typeof(upload -> 'rows') <> 'array', true) THEN 'its rows are no array'
		WHEN jsonb_array_length(upload -> 'rows') NOT BETWEEN 1 AND max_rows THEN format('it has no rows, or more than the %s agreed', max_rows)
	END;
END;
$$;
COMMENT ON FUNCTION registry.upload_form_error(jsonb, integer) IS 'what is wrong with an upload as a whole, without quoting it; NULL where nothing is';

CREATE FUNCTION registry.check_upload_quota(agreement_id bigint, dry_run boolean) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	agreed	record;
	done	bigint;
BEGIN
	SELECT t.uploads, t.period INTO agreed FROM nser.write_back_term AS t WHERE t.agreement_id = check_upload_quota.agreement_id;
	IF check_upload_quota.dry_run THEN
		-- what was tried and left
		DELETE FROM nser.upload AS u
		WHERE u.agreement_id = check_upload_quota.agreement_id AND u.received_at IS NULL AND u.tried_at < now() - interval '7 days';
	END IF;
	SELECT count(*) INTO done
	FROM nser.upload AS u
	WHERE u.agreement_id = check_upload_quota.agreement_id
	AND CASE WHEN check_upload_quota.dry_run THEN u.received_at IS NULL ELSE u.received_at > now() - agreed.period END;
	IF done >= agreed.uploads THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG028',
			MESSAGE = CASE WHEN check_upload_quota.dry_run THEN 'as many uploads as are agreed are tried, and not received'
				ELSE 'as many uploads as are agreed were received' END,
			DETAIL = format('The agreement is about %s in %s.', agreed.uploads, agreed.period),
			HINT = CASE WHEN check_upload_quota.dry_run THEN 'Send one of them with dry_run => false, or wait: one that was left is forgotten after 7 days.'
				ELSE 'Send it again later, under the same upload_id.' END;
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_upload_quota(bigint, boolean) IS
	'refuse one upload more than the terms of an agreement allow in their period (RG028); of tries, as many may wait to be followed by the real one';

CREATE FUNCTION registry.take_upload(agreement_id bigint, upload jsonb, method text, dry_run boolean,
									 OUT state text, OUT rows integer, OUT good integer, OUT errors jsonb)
	LANGUAGE plpgsql
AS $$
DECLARE
	id			uuid;
	own_hash	bytea;
	agreed		record;
	sent		record;
	problem		text;
BEGIN
	PERFORM registry.check_write_back(take_upload.agreement_id, take_upload.method);
	IF take_upload.dry_run IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'dry_run is true or false',
			HINT = 'An upload is tried first: SELECT * FROM registry.receive(7, ''{"upload_id": "...", "rows": [...]}'', dry_run => true);';
	END IF;
	-- uploads of an agreement come one after the other, whatever the isolation
	UPDATE nser.write_back_term AS t SET calls = t.calls + 1 WHERE t.agreement_id = take_upload.agreement_id
	RETURNING t.max_rows INTO agreed;
	problem := registry.upload_form_error(take_upload.upload, agreed.max_rows);
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG030',
			MESSAGE = 'the upload cannot be read: ' || problem,
			HINT = 'Write {"upload_id": "<a uuid>", "rows": [{"cnic": "35202-1234567-1", "variable": "phone", "value": "0300-1234567", "as_of": "2026-01-31"}]}.';
	END IF;
	id := (take_upload.upload ->> 'upload_id')::uuid;
	own_hash := registry.content_hash(take_upload.upload -> 'rows');
	SELECT u.content_hash, u.rows, u.good, u.received_at, u.tried_in INTO sent
	FROM nser.upload AS u
	WHERE u.agreement_id = take_upload.agreement_id AND u.upload_id = id;

	IF sent.received_at IS NULL THEN
		IF take_upload.dry_run THEN
			IF sent.rows IS NULL THEN
				PERFORM registry.check_upload_quota(take_upload.agreement_id, true);
			END IF;
		ELSE
			IF sent.rows IS NULL OR sent.content_hash <> own_hash OR sent.tried_in = pg_current_xact_id() THEN
				RAISE EXCEPTION USING
					ERRCODE = 'RG030',
					MESSAGE = 'the upload was not tried as it is, in a transaction before',
					HINT = 'Send it with dry_run => true, look at what comes back, and then send the same with dry_run => false.';
			END IF;
			PERFORM registry.check_upload_quota(take_upload.agreement_id, false);
		END IF;
		state := CASE WHEN take_upload.dry_run THEN 'tried' ELSE 'received' END;
		DELETE FROM nser.upload_error AS e WHERE e.agreement_id = take_upload.agreement_id AND e.upload_id = id;
		INSERT INTO nser.upload AS u (agreement_id, upload_id, method, content_hash, rows, good)
		VALUES (take_upload.agreement_id, id, take_upload.method, own_hash, jsonb_array_length(take_upload.upload -> 'rows'), 0)
		ON CONFLICT ON CONSTRAINT upload_pkey DO UPDATE
		SET method = EXCLUDED.method, content_hash = EXCLUDED.content_hash, rows = EXCLUDED.rows, good = 0,
			tried_at = CASE WHEN take_upload.dry_run THEN EXCLUDED.tried_at ELSE u.tried_at END,
			tried_by = CASE WHEN take_upload.dry_run THEN EXCLUDED.tried_by ELSE u.tried_by END,
			tried_in = CASE WHEN take_upload.dry_run THEN EXCLUDED.tried_in ELSE u.tried_in END;
		WITH judged AS MATERIALIZED (
			SELECT j.*
			FROM nser.agreement AS a
			JOIN nser.data_request AS r ON r.request_id = a.request_id
			CROSS JOIN LATERAL registry.judge_upload(r.write_back, take_upload.upload -> 'rows', registry.today()) AS j
			WHERE a.agreement_id = take_upload.agreement_id
		), bad AS (
			INSERT INTO nser.upload_error (agreement_id, upload_id, row_no, code, reason)
			SELECT take_upload.agreement_id, id, j.row_no, j.code, j.reason FROM judged AS j WHERE j.code IS NOT NULL
		), kept AS (
			INSERT INTO nser.received_row (agreement_id, upload_id, row_no, variable, as_of, cnic, value)
			SELECT take_upload.agreement_id, id, j.row_no, j.variable, j.as_of, j.cnic::registry.cnic, j.value
			FROM judged AS j
			WHERE j.code IS NULL AND NOT take_upload.dry_run
		)
		UPDATE nser.upload AS u
		SET good = (SELECT count(*) FROM judged AS j WHERE j.code IS NULL),
			received_at = CASE WHEN NOT take_upload.dry_run THEN now() END, received_by = CASE WHEN NOT take_upload.dry_run THEN session_user END
		WHERE u.agreement_id = take_upload.agreement_id AND u.upload_id = id;
	ELSIF sent.content_hash <> own_hash THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG030',
			MESSAGE = 'another upload was received under that upload_id',
			HINT = 'Make a new one for each upload: gen_random_uuid().';
	ELSE
		state := 'repeated';
	END IF;

	SELECT u.rows, u.good INTO take_upload.rows, take_upload.good
	FROM nser.upload AS u
	WHERE u.agreement_id = take_upload.agreement_id AND u.upload_id = id;
	SELECT coalesce(jsonb_agg(jsonb_build_object('row', e.row_no, 'code', e.code, 'reason', e.reason) ORDER BY e.row_no), '[]') INTO take_upload.errors
	FROM nser.upload_error AS e
	WHERE e.agreement_id = take_upload.agreement_id AND e.upload_id = id;
	PERFORM registry.log_read(take_upload.agreement_id, 'upload_' || take_upload.state, NULL, take_upload.rows, id);
END;
$$;
COMMENT ON FUNCTION registry.take_upload(bigint, jsonb, text, boolean) IS
	'try an upload of a partner, or receive one that was tried as it is in an earlier transaction: {"upload_id": uuid, "rows": [{"cnic", "variable", '
	'"value", "as_of"}]}; method: jsonb, copy, or file, which the owner loads; state: tried, received, or repeated where it was received before; errors are '
	'the rows that come back: row (from 1), code and reason of their form; the others wait for registry.match_uploads(), and what becomes '
	'of them is not answered: it would say who is registered; RG023, RG028 (over what is agreed), RG030 (not tried, or malformed as a whole)';

CREATE FUNCTION registry.receive(agreement_id bigint, upload jsonb, dry_run boolean DEFAULT true,
								 OUT state text, OUT rows integer, OUT good integer, OUT errors jsonb)
	LANGUAGE plpgsql
AS $$
BEGIN
	SELECT r.state, r.rows, r.good, r.errors INTO receive.state, receive.rows, receive.good, receive.errors
	FROM share.receive(receive.agreement_id, receive.upload, receive.dry_run) AS r;
END;
$$;
COMMENT ON FUNCTION registry.receive(bigint, jsonb, boolean) IS 'what a partner who is logged in sends back under its agreement: registry.take_upload()';

-- Texts of a table as values of JSON: what is no number or array where one belongs stays
-- text, and comes back.
CREATE FUNCTION registry.upload_of(source regclass, upload_id uuid) RETURNS jsonb
	LANGUAGE plpgsql
	SET jit = off
AS $$
DECLARE
	rows	jsonb;
BEGIN
	IF (SELECT count(*) FROM pg_attribute AS a WHERE a.attrelid = upload_of.source AND NOT a.attisdropped
		AND a.attname IN ('upload_id', 'row_no', 'cnic', 'variable', 'value', 'as_of')) < 6 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_column',
			MESSAGE = format('%s does not have the columns of an upload', coalesce(upload_of.source::text, 'NULL')),
			HINT = 'Its columns are upload_id, row_no, cnic, variable, value and as_of, as text or typed.';
	END IF;
	EXECUTE format($sql$
		SELECT coalesce(jsonb_agg(jsonb_build_object('cnic', s.cnic::text, 'variable', s.variable::text, 'as_of', s.as_of::text, 'value', CASE
				WHEN v.flag IS NOT NULL AND s.value::text ~ '^[0-9]{1,9}$' THEN to_jsonb(s.value::text::integer)
				WHEN registry.write_back_type(v.update_type, v.kind, v.key) = 'disabilities' AND s.value::text ~ '^[[]"?[a-z_", ]*[]]$' AND length(s.value::text) < 300
					AND registry.reads_as('jsonb', s.value::text) THEN s.value::text::jsonb
				ELSE to_jsonb(s.value::text) END) ORDER BY s.row_no), '[]')
		FROM %s AS s
		LEFT JOIN nser.write_back_variable AS v ON v.variable = s.variable::text
		WHERE s.upload_id = $1
		$sql$, upload_of.source) INTO rows USING upload_of.upload_id;
	RETURN jsonb_build_object('upload_id', upload_of.upload_id, 'rows', rows);
END;
$$;
COMMENT ON FUNCTION registry.upload_of(regclass, uuid) IS
	'the rows of an upload in a table or foreign table with columns upload_id, row_no, cnic, variable, value and as_of, as registry.take_upload() takes them';

CREATE FUNCTION registry.take_staged(agreement_id bigint, upload_id uuid, dry_run boolean,
									 OUT state text, OUT rows integer, OUT good integer, OUT errors jsonb)
	LANGUAGE plpgsql
AS $$
DECLARE
	staging	CONSTANT name := 'upload_' || take_staged.agreement_id;
	sent	record;
BEGIN
	PERFORM registry.check_write_back(take_staged.agreement_id, 'copy');
	SELECT u.rows, u.good INTO sent
	FROM nser.upload AS u
	WHERE u.agreement_id = take_staged.agreement_id AND u.upload_id = take_staged.upload_id AND u.received_at IS NOT NULL;
	IF FOUND THEN
		-- received, its rows are gone from there
		state := 'repeated';
		rows := sent.rows;
		good := sent.good;
		SELECT coalesce(jsonb_agg(jsonb_build_object('row', e.row_no, 'code', e.code, 'reason', e.reason) ORDER BY e.row_no), '[]') INTO take_staged.errors
		FROM nser.upload_error AS e
		WHERE e.agreement_id = take_staged.agreement_id AND e.upload_id = take_staged.upload_id;
		RETURN;
	END IF;
	-- what is copied meanwhile would be taken away unread
	EXECUTE format('LOCK TABLE share.%I IN SHARE ROW EXCLUSIVE MODE', staging);
	SELECT t.state, t.rows, t.good, t.errors INTO take_staged.state, take_staged.rows, take_staged.good, take_staged.errors
	FROM registry.take_upload(take_staged.agreement_id, registry.upload_of(format('share.%I', staging)::regclass, take_staged.upload_id), 'copy',
		take_staged.dry_run) AS t;
	IF take_staged.state = 'received' THEN
		EXECUTE format('DELETE FROM share.%I AS s WHERE s.upload_id = $1', staging) USING take_staged.upload_id;
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.take_staged(bigint, uuid, boolean) IS
	'registry.take_upload() of what was copied into share.upload_<agreement> under an upload_id; rows are told by their place among them, from 1';

CREATE FUNCTION registry.discard_staged(agreement_id bigint, upload_id uuid) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	discarded	bigint;
BEGIN
	PERFORM registry.check_write_back(discard_staged.agreement_id, 'copy');
	EXECUTE format('DELETE FROM share.%I AS s WHERE s.upload_id = $1', 'upload_' || discard_staged.agreement_id) USING discard_staged.upload_id;
	GET DIAGNOSTICS discarded = ROW_COUNT;
	RETURN discarded;
END;
$$;
COMMENT ON FUNCTION registry.discard_staged(bigint, uuid) IS 'take away what was copied into share.upload_<agreement> under an upload_id, and was not received; returns how many rows';

CREATE FUNCTION registry.load_upload(agreement_id bigint, upload_id uuid, source regclass, dry_run boolean DEFAULT true,
									 OUT state text, OUT rows integer, OUT good integer, OUT errors jsonb)
	LANGUAGE plpgsql
AS $$
BEGIN
	SELECT t.state, t.rows, t.good, t.errors INTO load_upload.state, load_upload.rows, load_upload.good, load_upload.errors
	FROM registry.take_upload(load_upload.agreement_id, registry.upload_of(load_upload.source, load_upload.upload_id), 'file', load_upload.dry_run) AS t;
END;
$$;
COMMENT ON FUNCTION registry.load_upload(bigint, uuid, regclass, boolean) IS
	'registry.take_upload() of a file that a partner handed over, as a table or foreign table with columns upload_id, row_no, cnic, variable, '
	'value and as_of; the owner''s';
