
-- request: the life of a request for data, as a state machine ---------------------------

CREATE TYPE registry.request_state AS ENUM
	('submitted', 'sent_back', 'reviewed', 'recommended', 'approved', 'agreed', 'provided', 'ended', 'breached', 'revoked', 'rejected', 'withdrawn');
COMMENT ON TYPE registry.request_state IS
	'where a request for data stands, and the agreement made of it; it ends as ended, breached, revoked, rejected or withdrawn';

CREATE TYPE registry.request_event AS ENUM
	('submit', 'visit', 'interview', 'review_attribute', 'review', 'send_back', 'recommend', 'approve_once', 'approve', 'sign', 'provide',
	 'spot_check', 'end', 'breach', 'revoke', 'reject', 'withdraw');
COMMENT ON TYPE registry.request_event IS 'what happens to a request for data; registry.request_transitions() says to what it leads, and whose duty it is';

-- Ending in haste is for whoever can write there: a leak does not wait for a duty.
CREATE FUNCTION registry.request_transitions(OUT from_state registry.request_state, OUT event registry.request_event,
											 OUT to_state registry.request_state, OUT duties text[])
	RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 32
BEGIN ATOMIC
	SELECT t.from_state, t.event, t.to_state, t.duties
	FROM (VALUES
		(NULL::registry.request_state, 'submit'::registry.request_event, 'submitted'::registry.request_state, '{unit}'::text[]),

		('submitted', 'visit', 'submitted', '{unit}'),
		('submitted', 'interview', 'submitted', '{unit}'),
		('submitted', 'review_attribute', 'submitted', '{unit}'),
		('submitted', 'review', 'reviewed', '{unit}'),
		('submitted', 'send_back', 'sent_back', '{unit}'),
		('submitted', 'reject', 'rejected', '{unit}'),
		('submitted', 'withdraw', 'withdrawn', '{unit}'),

		-- what is changed goes the whole way again
		('sent_back', 'submit', 'submitted', '{unit}'),
		('sent_back', 'reject', 'rejected', '{unit}'),
		('sent_back', 'withdraw', 'withdrawn', '{unit}'),

		('reviewed', 'recommend', 'recommended', '{committee}'),
		('reviewed', 'approve_once', 'approved', '{committee}'),
		('reviewed', 'send_back', 'sent_back', '{committee}'),
		('reviewed', 'reject', 'rejected', '{committee}'),
		('reviewed', 'withdraw', 'withdrawn', '{unit}'),

		('recommended', 'approve', 'approved', '{secretary}'),
		('recommended', 'send_back', 'sent_back', '{secretary}'),
		('recommended', 'reject', 'rejected', '{secretary}'),
		('recommended', 'withdraw', 'withdrawn', '{unit}'),

		('approved', 'sign', 'agreed', '{secretary}'),
		('approved', 'reject', 'rejected', '{secretary}'),
		('approved', 'withdraw', 'withdrawn', '{unit}'),

		('agreed', 'provide', 'provided', '{extractor}'),
		('agreed', 'end', 'ended', '{unit}'),
		('agreed', 'breach', 'breached', '{secretary,monitor}'),
		('agreed', 'revoke', 'revoked', '{}'),

		-- each release, and each look at how it is kept
		('provided', 'provide', 'provided', '{extractor}'),
		('provided', 'spot_check', 'provided', '{monitor}'),
		('provided', 'end', 'ended', '{unit}'),
		('provided', 'breach', 'breached', '{secretary,monitor}'),
		('provided', 'revoke', 'revoked', '{}'))
		AS t (from_state, event, to_state, duties);
END;
COMMENT ON FUNCTION registry.request_transitions() IS
	'every step a request for data can take, and by whose duty, any of those; no duty: by whoever may write there; from_state is NULL where '
	'the form is handed in';

CREATE FUNCTION registry.next_request_state(from_state registry.request_state, event registry.request_event) RETURNS registry.request_state
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT t.to_state FROM registry.request_transitions() AS t
			WHERE t.from_state IS NOT DISTINCT FROM next_request_state.from_state AND t.event = next_request_state.event);
COMMENT ON FUNCTION registry.next_request_state(registry.request_state, registry.request_event) IS
	'the state an event leads to, NULL where it is not permitted; from_state is NULL for a request that was not handed in yet';

CREATE FUNCTION registry.is_final(registry.request_state) RETURNS boolean
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN $1 IN ('ended', 'breached', 'revoked', 'rejected', 'withdrawn');
COMMENT ON FUNCTION registry.is_final(registry.request_state) IS 'whether a request in this state, or its agreement, has ended';

-- As a JSON array, for the same reasons as registry.step_hash().
CREATE FUNCTION registry.request_step_hash(previous bytea, request_id bigint, step integer, from_state registry.request_state,
										   event registry.request_event, to_state registry.request_state, recorded_at timestamptz,
										   taken_by name, duty text, reason text, content_hash bytea)
	RETURNS bytea
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN sha256(coalesce(previous, ''::bytea) || convert_to(jsonb_build_array(request_id, step, from_state, event, to_state,
		extract(epoch FROM recorded_at), taken_by, duty, reason, encode(content_hash, 'hex'))::text, 'UTF8'));
COMMENT ON FUNCTION registry.request_step_hash(bytea, bigint, integer, registry.request_state, registry.request_event, registry.request_state,
		timestamptz, name, text, text, bytea) IS
	'hash of a step of a request: SHA-256 of the hash of the step before (NULL: of none) and of all the step says, written as a JSON array, '
	'the time as seconds since 1970, content by its own SHA-256';

-- All of the row but what the steps write, columns of later parts too; written alike
-- whatever the settings of who asks.
CREATE FUNCTION registry.request_form(request_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE
	SET datestyle = 'ISO, YMD'
	SET intervalstyle = 'postgres'
	SET timezone = 'UTC'
AS $$
BEGIN
	RETURN (SELECT to_jsonb(r) - '{request_id,state,last_step,last_hash,stepped_at,price}'::text[]
			FROM nser.data_request AS r WHERE r.request_id = request_form.request_id);
END;
$$;
COMMENT ON FUNCTION registry.request_form(bigint) IS
	'the form of a request, as its submit step keeps it for good; NULL for a request that there is not';
