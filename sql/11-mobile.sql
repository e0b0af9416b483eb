
-- mobile_number: mobile telephone numbers -------------------------------------

CREATE TYPE registry.mobile_number;

CREATE FUNCTION registry.mobile_number_in(cstring) RETURNS registry.mobile_number
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.mobile_number_out(registry.mobile_number) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.mobile_number_recv(internal) RETURNS registry.mobile_number
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.mobile_number_send(registry.mobile_number) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE TYPE registry.mobile_number (
	INPUT = registry.mobile_number_in,
	OUTPUT = registry.mobile_number_out,
	RECEIVE = registry.mobile_number_recv,
	SEND = registry.mobile_number_send,
	LIKE = int8
);
COMMENT ON TYPE registry.mobile_number IS 'Pakistani mobile number: 0300-1234567; reads +92 300 1234567 and 00923001234567 too';

-- A mobile number is an int8 underneath, and compared, sorted and hashed as one.

CREATE FUNCTION registry.mobile_number_lt(registry.mobile_number, registry.mobile_number) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8lt';

CREATE FUNCTION registry.mobile_number_le(registry.mobile_number, registry.mobile_number) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8le';

CREATE FUNCTION registry.mobile_number_eq(registry.mobile_number, registry.mobile_number) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8eq';

CREATE FUNCTION registry.mobile_number_ne(registry.mobile_number, registry.mobile_number) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8ne';

CREATE FUNCTION registry.mobile_number_ge(registry.mobile_number, registry.mobile_number) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8ge';

CREATE FUNCTION registry.mobile_number_gt(registry.mobile_number, registry.mobile_number) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8gt';

CREATE FUNCTION registry.mobile_number_cmp(registry.mobile_number, registry.mobile_number) RETURNS integer
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'btint8cmp';

CREATE FUNCTION registry.mobile_number_sortsupport(internal) RETURNS void
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'btint8sortsupport';

CREATE FUNCTION registry.mobile_number_hash(registry.mobile_number) RETURNS integer
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'hashint8';

CREATE FUNCTION registry.mobile_number_hash_extended(registry.mobile_number, bigint) RETURNS bigint
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'hashint8extended';

CREATE OPERATOR registry.< (
	LEFTARG = registry.mobile_number, RIGHTARG = registry.mobile_number, FUNCTION = registry.mobile_number_lt,
	COMMUTATOR = OPERATOR(registry.>), NEGATOR = OPERATOR(registry.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);

CREATE OPERATOR registry.<= (
	LEFTARG = registry.mobile_number, RIGHTARG = registry.mobile_number, FUNCTION = registry.mobile_number_le,
	COMMUTATOR = OPERATOR(registry.>=), NEGATOR = OPERATOR(registry.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);

CREATE OPERATOR registry.= (
	LEFTARG = registry.mobile_number, RIGHTARG = registry.mobile_number, FUNCTION = registry.mobile_number_eq,
	COMMUTATOR = OPERATOR(registry.=), NEGATOR = OPERATOR(registry.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);

CREATE OPERATOR registry.<> (
	LEFTARG = registry.mobile_number, RIGHTARG = registry.mobile_number, FUNCTION = registry.mobile_number_ne,
	COMMUTATOR = OPERATOR(registry.<>), NEGATOR = OPERATOR(registry.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);

CREATE OPERATOR registry.>= (
	LEFTARG = registry.mobile_number, RIGHTARG = registry.mobile_number, FUNCTION = registry.mobile_number_ge,
	COMMUTATOR = OPERATOR(registry.<=), NEGATOR = OPERATOR(registry.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);

CREATE OPERATOR registry.> (
	LEFTARG = registry.mobile_number, RIGHTARG = registry.mobile_number, FUNCTION = registry.mobile_number_gt,
	COMMUTATOR = OPERATOR(registry.<), NEGATOR = OPERATOR(registry.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);

CREATE OPERATOR CLASS registry.mobile_number_ops DEFAULT FOR TYPE registry.mobile_number USING btree AS
	OPERATOR 1 registry.<,
	OPERATOR 2 registry.<=,
	OPERATOR 3 registry.=,
	OPERATOR 4 registry.>=,
	OPERATOR 5 registry.>,
	FUNCTION 1 registry.mobile_number_cmp(registry.mobile_number, registry.mobile_number),
	FUNCTION 2 registry.mobile_number_sortsupport(internal),
	FUNCTION 4 btequalimage(oid);

CREATE OPERATOR CLASS registry.mobile_number_hash_ops DEFAULT FOR TYPE registry.mobile_number USING hash AS
	OPERATOR 1 registry.=,
	FUNCTION 1 registry.mobile_number_hash(registry.mobile_number),
	FUNCTION 2 registry.mobile_number_hash_extended(registry.mobile_number, bigint);

CREATE FUNCTION registry.mobile_number(bigint) RETURNS registry.mobile_number
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'mobile_number_from_bigint';
COMMENT ON FUNCTION registry.mobile_number(bigint) IS 'the mobile number that ten national digits spell, 3001234567, checked';

CREATE CAST (bigint AS registry.mobile_number) WITH FUNCTION registry.mobile_number(bigint);
COMMENT ON CAST (bigint AS registry.mobile_number) IS 'the mobile number that ten national digits spell, 3001234567, checked';

CREATE CAST (registry.mobile_number AS bigint) WITHOUT FUNCTION;
COMMENT ON CAST (registry.mobile_number AS bigint) IS 'the ten national digits of a mobile number: 3001234567';
