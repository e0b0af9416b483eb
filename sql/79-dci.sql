
-- dci: the face of a standard --------------------------------------------------------
--
-- In the field names of the Digital Convergence Initiative's social registry interface,
-- 1.0.0, for a web layer to pass through.  A search is a request for scores, charged and
-- logged as any: it is acknowledged with a correlation id, the ticket; asked for its
-- status in a later transaction it answers.  Of what is wrong with a message the answer
-- tells in the standard's codes, and never in the message's own words.

CREATE FUNCTION registry.dci_text(value jsonb, most integer DEFAULT 99) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN jsonb_typeof(value) = 'string' AND length(value #>> '{}') BETWEEN 1 AND most THEN value #>> '{}' END;
COMMENT ON FUNCTION registry.dci_text(jsonb, integer) IS 'the text of a field; NULL where it is missing, no text, empty or longer than the standard has it';

CREATE FUNCTION registry.dci_is_time(value jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(registry.dci_text(value, 40)
		~ '^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)$', false);
COMMENT ON FUNCTION registry.dci_is_time(jsonb) IS 'whether a field is a time of ISO 8601, with its zone';

CREATE FUNCTION registry.dci_now() RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
COMMENT ON FUNCTION registry.dci_now() IS 'the time of the transaction in ISO 8601';

CREATE FUNCTION registry.dci_acknowledge(correlation_id text, code text DEFAULT NULL, message text DEFAULT NULL) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN jsonb_build_object('message', jsonb_build_object('ack_status', CASE WHEN code IS NULL THEN 'ACK' ELSE 'ERR' END, 'timestamp', registry.dci_now(),
			'correlation_id', coalesce(correlation_id, ''))
		|| CASE WHEN code IS NULL THEN '{}' ELSE jsonb_build_object('error', jsonb_build_object('code', code, 'message', message)) END);
COMMENT ON FUNCTION registry.dci_acknowledge(text, text, text) IS
	'the standard''s acknowledgement of a message, ACK with its correlation id, or ERR with an error code and its meaning';

CREATE FUNCTION registry.dci_item_problem(item jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE
		WHEN registry.dci_text(item -> 'reference_id') IS NULL THEN 'rjct.reference_id.invalid'
		WHEN NOT registry.dci_is_time(item -> 'timestamp') THEN 'rjct.timestamp.invalid'
		WHEN coalesce(item #>> '{search_criteria,query_type}', '') <> 'idtype-value'
			OR coalesce(item #>> '{search_criteria,reg_type}', 'ns:org:RegistryType:Social') <> 'ns:org:RegistryType:Social'
			OR coalesce(item #>> '{search_criteria,reg_record_type}', 'spdci-extensions-dci:Group') NOT IN ('spdci-extensions-dci:Group', 'Group')
			OR NOT coalesce(item #>> '{search_criteria,query,type}' IN ('UIN', 'NIN', 'NationalID', 'CNIC'), false)
			OR registry.dci_text(item #> '{search_criteria,query,value}') IS NULL THEN 'rjct.search_criteria.invalid'
		WHEN item #> '{search_criteria,sort}' IS NOT NULL AND jsonb_typeof(item #> '{search_criteria,sort}') <> 'array' THEN 'rjct.sort.invalid'
		-- one number has one record
		WHEN item #> '{search_criteria,pagination}' IS NOT NULL AND NOT coalesce(item #> '{search_criteria,pagination,page_number}' = '1'
			AND item #>> '{search_criteria,pagination,page_size}' ~ '^[1-9]\d{0,8}$', false) THEN 'rjct.pagination.invalid'
	END;
COMMENT ON FUNCTION registry.dci_item_problem(jsonb) IS
	'the standard''s code of what is wrong with one search request; NULL: nothing; a number that is none is not looked at here, and answered like one '
	'that is not registered';

CREATE FUNCTION registry.dci_header_problem(request jsonb, OUT code text, OUT message text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT p.code, p.message
	FROM (VALUES
		(1, 'err.request.bad', 'a message is an object with header and message',
			coalesce(jsonb_typeof(dci_header_problem.request -> 'header') <> 'object' OR jsonb_typeof(dci_header_problem.request -> 'message') <> 'object', true)),
		(2, 'err.version.not_supported', 'rjct.version.invalid: the version is 1.0.0',
			coalesce(dci_header_problem.request #> '{header,version}', '"1.0.0"') <> '"1.0.0"'),
		(3, 'err.encryption.invalid', 'messages are not encrypted', coalesce(dci_header_problem.request #> '{header,is_msg_encrypted}', 'false') <> 'false'),
		(4, 'err.request.bad', 'header.message_id is a text of 1 to 99 characters', registry.dci_text(dci_header_problem.request #> '{header,message_id}') IS NULL),
		(5, 'err.sender_id.invalid', 'header.sender_id is a text of 1 to 99 characters', registry.dci_text(dci_header_problem.request #> '{header,sender_id}') IS NULL),
		(6, 'err.request.bad', 'rjct.message_ts.invalid: header.message_ts is a time with its zone',
			NOT registry.dci_is_time(dci_header_problem.request #> '{header,message_ts}')),
		(7, 'err.request.bad', 'message.transaction_id is a text of 1 to 99 characters', registry.dci_text(dci_header_problem.request #> '{message,transaction_id}') IS NULL),
		(8, 'err.request.bad', 'rjct.action.not_supported: header.action is search or txn-status',
			NOT coalesce(dci_header_problem.request #>> '{header,action}' IN ('search', 'txn-status', 'txn_status', 'status'), false)))
		AS p (no, code, message, holds)
	WHERE p.holds
	ORDER BY p.no LIMIT 1;
END;
COMMENT ON FUNCTION registry.dci_header_problem(jsonb) IS 'the standard''s error code of what is wrong with a message as a whole, and what it means; NULL: nothing';

CREATE FUNCTION registry.take_search(request jsonb) RETURNS jsonb
	LANGUAGE plpgsql
AS $$
DECLARE
	most	CONSTANT integer := 5000;
	sent	CONSTANT jsonb := take_search.request #> '{message,search_request}';
	given	CONSTANT jsonb := take_search.request #> '{header,meta,agreement_id}';
	agreed	bigint[];
	items	jsonb;
	numbers	text[];
BEGIN
	IF jsonb_typeof(sent) IS DISTINCT FROM 'array' OR jsonb_array_length(sent) = 0 THEN
		RETURN registry.dci_acknowledge(NULL, 'err.request.bad', 'message.search_request is an array of requests');
	ELSIF jsonb_array_length(sent) > most THEN
		RETURN registry.dci_acknowledge(NULL, 'err.request.bad', format('rjct.total_count.limit_exceeded: a message has at most %s requests', most));
	ELSIF take_search.request #> '{header,total_count}' IS NOT NULL
	AND take_search.request #> '{header,total_count}' <> to_jsonb(jsonb_array_length(sent)) THEN
		RETURN registry.dci_acknowledge(NULL, 'err.request.bad', 'rjct.total_count.invalid: header.total_count is the number of requests');
	END IF;
	SELECT array_agg(a.agreement_id) INTO agreed
	FROM nser.agreement AS a
	JOIN nser.organization AS o ON o.organization_id = a.organization_id
	JOIN nser.release AS l ON l.agreement_id = a.agreement_id AND l.state = 'published'
	WHERE o.login = session_user AND a.category = 'score' AND a.ended_at IS NULL AND a.valid @> (clock_timestamp() AT TIME ZONE 'Asia/Karachi')::date
	AND (given IS NULL OR given = to_jsonb(a.agreement_id));
	IF agreed IS NULL THEN
		RETURN registry.dci_acknowledge(NULL, 'err.request.forbidden', 'no score service is open to this login');
	ELSIF cardinality(agreed) > 1 THEN
		RETURN registry.dci_acknowledge(NULL, 'err.request.bad', 'header.meta.agreement_id says under which agreement, as there are several');
	END IF;

	-- those with nothing wrong are numbered in order
	SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('reference_id', j.reference_id, 'code', j.code, 'no', CASE WHEN j.code IS NULL THEN j.no END)) ORDER BY j.place),
		array_agg(j.value ORDER BY j.place) FILTER (WHERE j.code IS NULL)
	INTO items, numbers
	FROM (
		SELECT c.place, c.reference_id, c.code, c.value, count(*) FILTER (WHERE c.code IS NULL) OVER (ORDER BY c.place) AS no
		FROM (
			SELECT s.place, registry.dci_text(s.item -> 'reference_id') AS reference_id, registry.dci_text(s.item #> '{search_criteria,query,value}') AS value,
				CASE WHEN row_number() OVER (PARTITION BY s.item -> 'reference_id' ORDER BY s.place) > 1 THEN 'rjct.reference_id.duplicate'
					ELSE registry.dci_item_problem(s.item) END AS code
			FROM jsonb_array_elements(sent) WITH ORDINALITY AS s (item, place)) AS c) AS j;
	IF numbers IS NULL THEN
		RETURN registry.dci_acknowledge(NULL, 'err.request.bad', format('rjct.errors.too_many: no request can be answered, the first for %s', items #>> '{0,code}'));
	END IF;
	RETURN registry.dci_acknowledge(registry.take_score_request(agreed[1], numbers,
		jsonb_build_object('transaction_id', registry.dci_text(take_search.request #> '{message,transaction_id}'), 'items', items))::text);
END;
$$;
COMMENT ON FUNCTION registry.take_search(jsonb) IS 'of registry.search_json(), a search: the acknowledgement, whose correlation_id is the ticket';

CREATE FUNCTION registry.tell_search(request jsonb) RETURNS jsonb
	LANGUAGE plpgsql
AS $$
DECLARE
	asked	CONSTANT jsonb := tell_search.request #> '{message,txnstatus_request}';
	id		CONSTANT text := registry.dci_text(asked -> 'attribute_value');
	kept	record;
	answers	jsonb;
BEGIN
	IF coalesce(asked ->> 'txn_type', '') <> 'search' OR coalesce(asked ->> 'attribute_type', '') <> 'correlation_id'
	OR NOT coalesce(id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', false) THEN
		RETURN registry.dci_acknowledge(NULL, 'err.request.bad', 'message.txnstatus_request has txn_type search, attribute_type correlation_id, and its value');
	END IF;
	SELECT t.request, q.formula INTO kept
	FROM nser.score_ticket AS t
	JOIN nser.agreement AS a ON a.agreement_id = t.agreement_id
	JOIN nser.data_request AS q ON q.request_id = a.request_id
	WHERE t.ticket = id::uuid AND t.login = session_user AND t.request IS NOT NULL;
	IF NOT FOUND THEN
		RETURN registry.dci_acknowledge(id, 'err.request.not_found', 'no such search, or it cannot be read any more, or not yet');
	END IF;
	SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('reference_id', coalesce(i.item ->> 'reference_id', ''), 'timestamp', registry.dci_now(),
			'status', CASE WHEN i.item ? 'code' THEN 'rjct' ELSE 'succ' END, 'status_reason_code', i.item ->> 'code', 'locale', 'eng'))
		|| CASE WHEN i.item ? 'code' THEN '{}' ELSE jsonb_build_object(
			'data', jsonb_build_object('version', '1.0.0', 'reg_type', 'ns:org:RegistryType:Social', 'reg_record_type', 'spdci-extensions-dci:Group', 'reg_records',
				CASE WHEN s.status = 'found' THEN jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('@type', 'spdci:Group', 'group_type', 'household',
					'poverty_score', s.score, 'poverty_score_type', kept.formula,
					'additional_attributes', CASE WHEN s.band IS NOT NULL THEN jsonb_build_array(jsonb_build_object('poverty_score_band', s.band)) END)))
				ELSE '[]' END),
			'pagination', jsonb_build_object('page_size', 1, 'page_number', 1, 'total_count', (s.status = 'found')::integer)) END ORDER BY i.place)
	INTO answers
	FROM jsonb_array_elements(kept.request -> 'items') WITH ORDINALITY AS i (item, place)
	LEFT JOIN registry.answer_ticket(id::uuid) AS s ON s.no = (i.item ->> 'no')::integer;
	RETURN jsonb_build_object(
		'header', jsonb_build_object('version', '1.0.0', 'message_id', gen_random_uuid(), 'message_ts', registry.dci_now(), 'action', 'txn-on-status', 'status', 'succ',
			'total_count', jsonb_array_length(answers), 'completed_count', jsonb_array_length(answers), 'is_msg_encrypted', false,
			'receiver_id', registry.dci_text(tell_search.request #> '{header,sender_id}')),
		'message', jsonb_build_object('transaction_id', registry.dci_text(tell_search.request #> '{message,transaction_id}'), 'correlation_id', id,
			'txnstatus_response', jsonb_build_object('txn_type', 'search', 'txn_status', jsonb_build_object(
				'transaction_id', kept.request -> 'transaction_id', 'correlation_id', id, 'search_response', answers))));
END;
$$;
COMMENT ON FUNCTION registry.tell_search(jsonb) IS 'of registry.search_json(), the status of a search: its answers, one a reference_id';

CREATE FUNCTION registry.answer_search(request jsonb) RETURNS jsonb
	LANGUAGE plpgsql
AS $$
DECLARE
	problem	record;
BEGIN
	SELECT p.code, p.message INTO problem FROM registry.dci_header_problem(answer_search.request) AS p;
	IF problem.code IS NOT NULL THEN
		RETURN registry.dci_acknowledge(NULL, problem.code, problem.message);
	ELSIF answer_search.request #>> '{header,action}' = 'search' THEN
		RETURN registry.take_search(answer_search.request);
	END IF;
	RETURN registry.tell_search(answer_search.request);
EXCEPTION
	WHEN SQLSTATE 'RG028' THEN
		RETURN registry.dci_acknowledge(NULL, 'err.request.too_many_requests', 'the quota of the day is used, and nothing was looked up');
	WHEN SQLSTATE 'RG029' THEN
		RETURN registry.dci_acknowledge(NULL, 'err.request.not_found', 'no such search, or it cannot be read any more, or not yet');
	WHEN SQLSTATE 'RG022' OR SQLSTATE 'RG023' THEN
		RETURN registry.dci_acknowledge(NULL, 'err.request.forbidden', 'no score service is open to this login');
	WHEN OTHERS THEN
		-- whatever it says may carry a value
		RETURN registry.dci_acknowledge(NULL, 'err.service.unavailable', 'the registry does not answer now, or not in this transaction or on this server');
END;
$$;
COMMENT ON FUNCTION registry.answer_search(jsonb) IS 'what share.search_json() does, by the rights of the store''s owner';

CREATE FUNCTION registry.search_json(request jsonb) RETURNS jsonb
	LANGUAGE plpgsql
AS $$
BEGIN
	RETURN share.search_json(search_json.request);
END;
$$;
COMMENT ON FUNCTION registry.search_json(jsonb) IS
	'answer a message of the Digital Convergence Initiative''s social registry interface, 1.0.0: action search (query_type idtype-value, type UIN, NIN, NationalID or '
	'CNIC) is acknowledged with a correlation_id, and charged and logged as registry.request_scores() is; action txn-status of that id, in a later '
	'transaction, answers each reference_id with a Group and its poverty_score, or band, or no record; header.meta.agreement_id where there are '
	'several agreements of category score; what is wrong is told in the standard''s codes, never as an error';
