
-- case: the life of an update, as a state machine ---------------------------------

CREATE TYPE registry.case_state AS ENUM
	('requested', 'screened', 'interviewing', 'submitted', 'verified', 'applied', 'rejected', 'cancelled', 'expired');
COMMENT ON TYPE registry.case_state IS
	'where an update case stands; it ends as applied, rejected, cancelled or expired';

CREATE TYPE registry.case_event AS ENUM
	('open', 'screen', 'start_interview', 'submit', 'verify', 'apply', 'reject', 'cancel', 'send_back', 'expire');
COMMENT ON TYPE registry.case_event IS 'what happens to an update case; registry.transitions() says to what it leads';

CREATE FUNCTION registry.next_state(update_type registry.update_type, from_state registry.case_state, event registry.case_event)
	RETURNS registry.case_state
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'case_next_state';
COMMENT ON FUNCTION registry.next_state(registry.update_type, registry.case_state, registry.case_event) IS
	'the state an event leads to, NULL where it is not permitted; from_state is NULL for a case that is being opened';

CREATE FUNCTION registry.transitions(OUT update_type registry.update_type, OUT from_state registry.case_state,
									 OUT event registry.case_event, OUT to_state registry.case_state)
	RETURNS SETOF record
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 150 AS 'MODULE_PATHNAME', 'case_transitions';
COMMENT ON FUNCTION registry.transitions() IS 'every step an update case can take, a row an update type; from_state is NULL where a case is opened';

-- Not STRICT, so that it is inlined; it is NULL of NULL all the same.
CREATE FUNCTION registry.is_final(registry.case_state) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN $1 IN ('applied', 'rejected', 'cancelled', 'expired');
COMMENT ON FUNCTION registry.is_final(registry.case_state) IS 'whether a case in this state has ended';
