
-- cnic: national identity numbers ---------------------------------------------

CREATE TYPE registry.cnic;

CREATE FUNCTION registry.cnic_in(cstring) RETURNS registry.cnic
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.cnic_out(registry.cnic) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.cnic_recv(internal) RETURNS registry.cnic
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.cnic_send(registry.cnic) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE TYPE registry.cnic (
	INPUT = registry.cnic_in,
	OUTPUT = registry.cnic_out,
	RECEIVE = registry.cnic_recv,
	SEND = registry.cnic_send,
	LIKE = int8
);
COMMENT ON TYPE registry.cnic IS 'national identity number (CNIC, or B-form for a child): 35202-1234567-1';

-- A cnic is an int8 underneath: compare, sort and hash it with int8's own code.

CREATE FUNCTION registry.cnic_lt(registry.cnic, registry.cnic) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8lt';

CREATE FUNCTION registry.cnic_le(registry.cnic, registry.cnic) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8le';

CREATE FUNCTION registry.cnic_eq(registry.cnic, registry.cnic) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8eq';

CREATE FUNCTION registry.cnic_ne(registry.cnic, registry.cnic) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8ne';

CREATE FUNCTION registry.cnic_ge(registry.cnic, registry.cnic) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8ge';

CREATE FUNCTION registry.cnic_gt(registry.cnic, registry.cnic) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8gt';

CREATE FUNCTION registry.cnic_cmp(registry.cnic, registry.cnic) RETURNS integer
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'btint8cmp';

CREATE FUNCTION registry.cnic_sortsupport(internal) RETURNS void
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'btint8sortsupport';

CREATE FUNCTION registry.cnic_hash(registry.cnic) RETURNS integer
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'hashint8';

CREATE FUNCTION registry.cnic_hash_extended(registry.cnic, bigint) RETURNS bigint
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'hashint8extended';

CREATE OPERATOR registry.< (
	LEFTARG = registry.cnic, RIGHTARG = registry.cnic, FUNCTION = registry.cnic_lt,
	COMMUTATOR = OPERATOR(registry.>), NEGATOR = OPERATOR(registry.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);

CREATE OPERATOR registry.<= (
	LEFTARG = registry.cnic, RIGHTARG = registry.cnic, FUNCTION = registry.cnic_le,
	COMMUTATOR = OPERATOR(registry.>=), NEGATOR = OPERATOR(registry.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);

CREATE OPERATOR registry.= (
	LEFTARG = registry.cnic, RIGHTARG = registry.cnic, FUNCTION = registry.cnic_eq,
	COMMUTATOR = OPERATOR(registry.=), NEGATOR = OPERATOR(registry.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);

CREATE OPERATOR registry.<> (
	LEFTARG = registry.cnic, RIGHTARG = registry.cnic, FUNCTION = registry.cnic_ne,
	COMMUTATOR = OPERATOR(registry.<>), NEGATOR = OPERATOR(registry.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);

CREATE OPERATOR registry.>= (
	LEFTARG = registry.cnic, RIGHTARG = registry.cnic, FUNCTION = registry.cnic_ge,
	COMMUTATOR = OPERATOR(registry.<=), NEGATOR = OPERATOR(registry.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);

CREATE OPERATOR registry.> (
	LEFTARG = registry.cnic, RIGHTARG = registry.cnic, FUNCTION = registry.cnic_gt,
	COMMUTATOR = OPERATOR(registry.<), NEGATOR = OPERATOR(registry.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);

CREATE OPERATOR CLASS registry.cnic_ops DEFAULT FOR TYPE registry.cnic USING btree AS
	OPERATOR 1 registry.<,
	OPERATOR 2 registry.<=,
	OPERATOR 3 registry.=,
	OPERATOR 4 registry.>=,
	OPERATOR 5 registry.>,
	FUNCTION 1 registry.cnic_cmp(registry.cnic, registry.cnic),
	FUNCTION 2 registry.cnic_sortsupport(internal),
	FUNCTION 4 btequalimage(oid);

CREATE OPERATOR CLASS registry.cnic_hash_ops DEFAULT FOR TYPE registry.cnic USING hash AS
	OPERATOR 1 registry.=,
	FUNCTION 1 registry.cnic_hash(registry.cnic),
	FUNCTION 2 registry.cnic_hash_extended(registry.cnic, bigint);

CREATE FUNCTION registry.cnic(bigint) RETURNS registry.cnic
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'cnic_from_bigint';
COMMENT ON FUNCTION registry.cnic(bigint) IS 'the identity number that thirteen digits spell, checked';

CREATE CAST (bigint AS registry.cnic) WITH FUNCTION registry.cnic(bigint);
COMMENT ON CAST (bigint AS registry.cnic) IS 'the identity number that thirteen digits spell, checked';

CREATE CAST (registry.cnic AS bigint) WITHOUT FUNCTION;
COMMENT ON CAST (registry.cnic AS bigint) IS 'the thirteen digits of an identity number';
