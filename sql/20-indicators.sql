
-- indicators: what a household answered, and what was counted of it ------------

CREATE TYPE registry.indicators;

CREATE FUNCTION registry.indicators_in(cstring) RETURNS registry.indicators
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.indicators_out(registry.indicators) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.indicators_recv(internal) RETURNS registry.indicators
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.indicators_send(registry.indicators) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE TYPE registry.indicators (
	INPUT = registry.indicators_in,
	OUTPUT = registry.indicators_out,
	RECEIVE = registry.indicators_recv,
	SEND = registry.indicators_send,
	INTERNALLENGTH = 64,
	ALIGNMENT = char
);
COMMENT ON TYPE registry.indicators IS
	'answers of a household by the codebook: {"rooms": 3, "toilet": "flush_sewer", "refrigerator": true}; keys absent are missing';

CREATE FUNCTION registry.codebook(OUT "position" integer, OUT name text, OUT kind text, OUT dimension text,
								  OUT labels text[], OUT meaning text) RETURNS SETOF record
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 64 AS 'MODULE_PATHNAME', 'registry_codebook';
COMMENT ON FUNCTION registry.codebook() IS
	'the indicators: position, name, kind (code, count, flag), sharing dimension, labels by code from 1, meaning';

CREATE FUNCTION registry.indicators_from_jsonb(jsonb) RETURNS registry.indicators
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.indicators_from_jsonb(jsonb) IS 'cast: answers from a JSON object';
CREATE CAST (jsonb AS registry.indicators) WITH FUNCTION registry.indicators_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS registry.indicators) IS 'answers from a JSON object';

CREATE FUNCTION registry.indicators_to_jsonb(registry.indicators) RETURNS jsonb
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.indicators_to_jsonb(registry.indicators) IS 'cast: answers as a JSON object, missing ones left out';
CREATE CAST (registry.indicators AS jsonb) WITH FUNCTION registry.indicators_to_jsonb(registry.indicators);
COMMENT ON CAST (registry.indicators AS jsonb) IS 'answers as a JSON object, missing ones left out';

-- Answers by name.

CREATE FUNCTION registry.indicators_number(registry.indicators, text) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE OPERATOR registry.-> (
	LEFTARG = registry.indicators, RIGHTARG = text, FUNCTION = registry.indicators_number
);
COMMENT ON OPERATOR registry.->(registry.indicators, text) IS
	'answer as a number: a count, a label''s code, 0 or 1 for a flag; NULL when missing';

CREATE FUNCTION registry.indicators_label(registry.indicators, text) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE OPERATOR registry.->> (
	LEFTARG = registry.indicators, RIGHTARG = text, FUNCTION = registry.indicators_label
);
COMMENT ON OPERATOR registry.->>(registry.indicators, text) IS 'answer in words; NULL when missing';

CREATE FUNCTION registry.indicators_contains(registry.indicators, registry.indicators) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.indicators_contained(registry.indicators, registry.indicators) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE OPERATOR registry.@> (
	LEFTARG = registry.indicators, RIGHTARG = registry.indicators, FUNCTION = registry.indicators_contains,
	COMMUTATOR = OPERATOR(registry.<@), RESTRICT = matchingsel, JOIN = matchingjoinsel
);
COMMENT ON OPERATOR registry.@>(registry.indicators, registry.indicators) IS 'has every answer of';

CREATE OPERATOR registry.<@ (
	LEFTARG = registry.indicators, RIGHTARG = registry.indicators, FUNCTION = registry.indicators_contained,
	COMMUTATOR = OPERATOR(registry.@>), RESTRICT = matchingsel, JOIN = matchingjoinsel
);
COMMENT ON OPERATOR registry.<@(registry.indicators, registry.indicators) IS 'has no answers but those of';

CREATE FUNCTION registry.indicators_overlay(registry.indicators, registry.indicators) RETURNS registry.indicators
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE OPERATOR registry.|| (
	LEFTARG = registry.indicators, RIGHTARG = registry.indicators, FUNCTION = registry.indicators_overlay
);
COMMENT ON OPERATOR registry.||(registry.indicators, registry.indicators) IS
	'answers of the second, and those of the first that it does not give';

-- Order of the bytes, which means nothing but makes DISTINCT, joins and statistics work.

CREATE FUNCTION registry.indicators_lt(registry.indicators, registry.indicators) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.indicators_le(registry.indicators, registry.indicators) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.indicators_eq(registry.indicators, registry.indicators) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.indicators_ne(registry.indicators, registry.indicators) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.indicators_ge(registry.indicators, registry.indicators) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.indicators_gt(registry.indicators, registry.indicators) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.indicators_cmp(registry.indicators, registry.indicators) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.indicators_hash(registry.indicators) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.indicators_hash_extended(registry.indicators, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE OPERATOR registry.< (
	LEFTARG = registry.indicators, RIGHTARG = registry.indicators, FUNCTION = registry.indicators_lt,
	COMMUTATOR = OPERATOR(registry.>), NEGATOR = OPERATOR(registry.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);

CREATE OPERATOR registry.<= (
	LEFTARG = registry.indicators, RIGHTARG = registry.indicators, FUNCTION = registry.indicators_le,
	COMMUTATOR = OPERATOR(registry.>=), NEGATOR = OPERATOR(registry.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);

CREATE OPERATOR registry.= (
	LEFTARG = registry.indicators, RIGHTARG = registry.indicators, FUNCTION = registry.indicators_eq,
	COMMUTATOR = OPERATOR(registry.=), NEGATOR = OPERATOR(registry.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);

CREATE OPERATOR registry.<> (
	LEFTARG = registry.indicators, RIGHTARG = registry.indicators, FUNCTION = registry.indicators_ne,
	COMMUTATOR = OPERATOR(registry.<>), NEGATOR = OPERATOR(registry.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);

CREATE OPERATOR registry.>= (
	LEFTARG = registry.indicators, RIGHTARG = registry.indicators, FUNCTION = registry.indicators_ge,
	COMMUTATOR = OPERATOR(registry.<=), NEGATOR = OPERATOR(registry.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);

CREATE OPERATOR registry.> (
	LEFTARG = registry.indicators, RIGHTARG = registry.indicators, FUNCTION = registry.indicators_gt,
	COMMUTATOR = OPERATOR(registry.<), NEGATOR = OPERATOR(registry.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);

CREATE OPERATOR CLASS registry.indicators_ops DEFAULT FOR TYPE registry.indicators USING btree AS
	OPERATOR 1 registry.<,
	OPERATOR 2 registry.<=,
	OPERATOR 3 registry.=,
	OPERATOR 4 registry.>=,
	OPERATOR 5 registry.>,
	FUNCTION 1 registry.indicators_cmp(registry.indicators, registry.indicators),
	FUNCTION 4 btequalimage(oid);

CREATE OPERATOR CLASS registry.indicators_hash_ops DEFAULT FOR TYPE registry.indicators USING hash AS
	OPERATOR 1 registry.=,
	FUNCTION 1 registry.indicators_hash(registry.indicators),
	FUNCTION 2 registry.indicators_hash_extended(registry.indicators, bigint);
