
-- land_area: land in the revenue department's units ---------------------------

CREATE TYPE registry.land_area;

CREATE FUNCTION registry.land_area_in(cstring) RETURNS registry.land_area
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.land_area_out(registry.land_area) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.land_area_recv(internal) RETURNS registry.land_area
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.land_area_send(registry.land_area) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE TYPE registry.land_area (
	INPUT = registry.land_area_in,
	OUTPUT = registry.land_area_out,
	RECEIVE = registry.land_area_recv,
	SEND = registry.land_area_send,
	LIKE = int8
);
COMMENT ON TYPE registry.land_area IS
	'area of land, exact to the sarsai: 2 acre 3 kanal 5 marla (1 murabba = 25 acre, 1 acre = 8 kanal, 1 kanal = 20 marla, 1 marla = 9 sarsai)';

-- A land area is an int8 underneath, and compared, sorted and hashed as one.

CREATE FUNCTION registry.land_area_lt(registry.land_area, registry.land_area) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8lt';

CREATE FUNCTION registry.land_area_le(registry.land_area, registry.land_area) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8le';

CREATE FUNCTION registry.land_area_eq(registry.land_area, registry.land_area) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8eq';

CREATE FUNCTION registry.land_area_ne(registry.land_area, registry.land_area) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8ne';

CREATE FUNCTION registry.land_area_ge(registry.land_area, registry.land_area) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8ge';

CREATE FUNCTION registry.land_area_gt(registry.land_area, registry.land_area) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8gt';

CREATE FUNCTION registry.land_area_cmp(registry.land_area, registry.land_area) RETURNS integer
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'btint8cmp';

CREATE FUNCTION registry.land_area_sortsupport(internal) RETURNS void
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'btint8sortsupport';

CREATE FUNCTION registry.land_area_hash(registry.land_area) RETURNS integer
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'hashint8';

CREATE FUNCTION registry.land_area_hash_extended(registry.land_area, bigint) RETURNS bigint
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'hashint8extended';

CREATE OPERATOR registry.< (
	LEFTARG = registry.land_area, RIGHTARG = registry.land_area, FUNCTION = registry.land_area_lt,
	COMMUTATOR = OPERATOR(registry.>), NEGATOR = OPERATOR(registry.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);

CREATE OPERATOR registry.<= (
	LEFTARG = registry.land_area, RIGHTARG = registry.land_area, FUNCTION = registry.land_area_le,
	COMMUTATOR = OPERATOR(registry.>=), NEGATOR = OPERATOR(registry.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);

CREATE OPERATOR registry.= (
	LEFTARG = registry.land_area, RIGHTARG = registry.land_area, FUNCTION = registry.land_area_eq,
	COMMUTATOR = OPERATOR(registry.=), NEGATOR = OPERATOR(registry.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);

CREATE OPERATOR registry.<> (
	LEFTARG = registry.land_area, RIGHTARG = registry.land_area, FUNCTION = registry.land_area_ne,
	COMMUTATOR = OPERATOR(registry.<>), NEGATOR = OPERATOR(registry.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);

CREATE OPERATOR registry.>= (
	LEFTARG = registry.land_area, RIGHTARG = registry.land_area, FUNCTION = registry.land_area_ge,
	COMMUTATOR = OPERATOR(registry.<=), NEGATOR = OPERATOR(registry.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);

CREATE OPERATOR registry.> (
	LEFTARG = registry.land_area, RIGHTARG = registry.land_area, FUNCTION = registry.land_area_gt,
	COMMUTATOR = OPERATOR(registry.<), NEGATOR = OPERATOR(registry.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);

CREATE OPERATOR CLASS registry.land_area_ops DEFAULT FOR TYPE registry.land_area USING btree AS
	OPERATOR 1 registry.<,
	OPERATOR 2 registry.<=,
	OPERATOR 3 registry.=,
	OPERATOR 4 registry.>=,
	OPERATOR 5 registry.>,
	FUNCTION 1 registry.land_area_cmp(registry.land_area, registry.land_area),
	FUNCTION 2 registry.land_area_sortsupport(internal),
	FUNCTION 4 btequalimage(oid);

CREATE OPERATOR CLASS registry.land_area_hash_ops DEFAULT FOR TYPE registry.land_area USING hash AS
	OPERATOR 1 registry.=,
	FUNCTION 1 registry.land_area_hash(registry.land_area),
	FUNCTION 2 registry.land_area_hash_extended(registry.land_area, bigint);

CREATE FUNCTION registry.land_area(bigint) RETURNS registry.land_area
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'land_area_from_bigint';
COMMENT ON FUNCTION registry.land_area(bigint) IS 'an area of so many sarsai, checked';

CREATE CAST (bigint AS registry.land_area) WITH FUNCTION registry.land_area(bigint);
COMMENT ON CAST (bigint AS registry.land_area) IS 'an area of so many sarsai, checked';

CREATE CAST (registry.land_area AS bigint) WITHOUT FUNCTION;
COMMENT ON CAST (registry.land_area AS bigint) IS 'an area in sarsai (a ninth of a marla)';

-- Arithmetic is exact; what does not fit, or would be below zero, is an error.

CREATE FUNCTION registry.land_area_add(registry.land_area, registry.land_area) RETURNS registry.land_area
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.land_area_subtract(registry.land_area, registry.land_area) RETURNS registry.land_area
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE OPERATOR registry.+ (
	LEFTARG = registry.land_area, RIGHTARG = registry.land_area, FUNCTION = registry.land_area_add,
	COMMUTATOR = OPERATOR(registry.+)
);
COMMENT ON OPERATOR registry.+ (registry.land_area, registry.land_area) IS 'both areas together';

CREATE OPERATOR registry.- (
	LEFTARG = registry.land_area, RIGHTARG = registry.land_area, FUNCTION = registry.land_area_subtract
);
COMMENT ON OPERATOR registry.- (registry.land_area, registry.land_area) IS
	'what is left of the first area without the second; an error where that is less than nothing';

CREATE AGGREGATE registry.sum(registry.land_area) (
	SFUNC = registry.land_area_add,
	STYPE = registry.land_area,
	COMBINEFUNC = registry.land_area_add,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE registry.sum(registry.land_area) IS 'all areas together; NULL where there is none';

CREATE FUNCTION registry.land_area_smaller(registry.land_area, registry.land_area) RETURNS registry.land_area
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8smaller';
COMMENT ON FUNCTION registry.land_area_smaller(registry.land_area, registry.land_area) IS 'the smaller of two areas';

CREATE FUNCTION registry.land_area_larger(registry.land_area, registry.land_area) RETURNS registry.land_area
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8larger';
COMMENT ON FUNCTION registry.land_area_larger(registry.land_area, registry.land_area) IS 'the larger of two areas';

CREATE AGGREGATE registry.min(registry.land_area) (
	SFUNC = registry.land_area_smaller,
	STYPE = registry.land_area,
	COMBINEFUNC = registry.land_area_smaller,
	SORTOP = OPERATOR(registry.<),
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE registry.min(registry.land_area) IS 'the smallest area';

CREATE AGGREGATE registry.max(registry.land_area) (
	SFUNC = registry.land_area_larger,
	STYPE = registry.land_area,
	COMBINEFUNC = registry.land_area_larger,
	SORTOP = OPERATOR(registry.>),
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE registry.max(registry.land_area) IS 'the largest area';

-- Conversions.  A literal with a point is numeric: every operator here is exact.

CREATE FUNCTION registry.acres(area registry.land_area) RETURNS numeric
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN trim_scale(area::bigint::numeric / 1440.0);
COMMENT ON FUNCTION registry.acres(registry.land_area) IS 'an area in acres (8 kanal, 160 marla)';

CREATE FUNCTION registry.kanals(area registry.land_area) RETURNS numeric
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN trim_scale(area::bigint::numeric / 180.0);
COMMENT ON FUNCTION registry.kanals(registry.land_area) IS 'an area in kanals (20 marla)';

CREATE FUNCTION registry.marlas(area registry.land_area) RETURNS numeric
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN trim_scale(area::bigint::numeric / 9.0);
COMMENT ON FUNCTION registry.marlas(registry.land_area) IS 'an area in marlas (9 sarsai)';

CREATE FUNCTION registry.square_feet(area registry.land_area, marla_square_feet numeric DEFAULT 272.25) RETURNS numeric
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN trim_scale(area::bigint::numeric * marla_square_feet / 9.0);
COMMENT ON FUNCTION registry.square_feet(registry.land_area, numeric) IS
	'an area in square feet, by the square feet of a marla: 272.25, or 225 or 250 as some cities count';

-- A foot is 0.3048 m, so a square foot is exactly 0.09290304 square metres.
CREATE FUNCTION registry.square_metres(area registry.land_area, marla_square_feet numeric DEFAULT 272.25) RETURNS numeric
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN trim_scale(area::bigint::numeric * marla_square_feet * 0.09290304 / 9.0);
COMMENT ON FUNCTION registry.square_metres(registry.land_area, numeric) IS
	'an area in square metres, by the square feet of a marla: 272.25, or 225 or 250 as some cities count';
