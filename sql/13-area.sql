
-- area_code: places in the administrative hierarchy ---------------------------

CREATE TYPE registry.area_code;

CREATE FUNCTION registry.area_code_in(cstring) RETURNS registry.area_code
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.area_code_out(registry.area_code) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.area_code_recv(internal) RETURNS registry.area_code
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.area_code_send(registry.area_code) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE TYPE registry.area_code (
	INPUT = registry.area_code_in,
	OUTPUT = registry.area_code_out,
	RECEIVE = registry.area_code_recv,
	SEND = registry.area_code_send,
	LIKE = int8
);
COMMENT ON TYPE registry.area_code IS
	'administrative area by P-code: PK country, PK6 province, PK617 district, PK61701 tehsil, PK61701003 union council, PK617010030012 village';

-- An area code is an int8 underneath, and compared, sorted and hashed as one: an
-- area comes right before all that lies in it.

CREATE FUNCTION registry.area_code_lt(registry.area_code, registry.area_code) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8lt';

CREATE FUNCTION registry.area_code_le(registry.area_code, registry.area_code) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8le';

CREATE FUNCTION registry.area_code_eq(registry.area_code, registry.area_code) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8eq';

CREATE FUNCTION registry.area_code_ne(registry.area_code, registry.area_code) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8ne';

CREATE FUNCTION registry.area_code_ge(registry.area_code, registry.area_code) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8ge';

CREATE FUNCTION registry.area_code_gt(registry.area_code, registry.area_code) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8gt';

CREATE FUNCTION registry.area_code_cmp(registry.area_code, registry.area_code) RETURNS integer
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'btint8cmp';

CREATE FUNCTION registry.area_code_sortsupport(internal) RETURNS void
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'btint8sortsupport';

CREATE FUNCTION registry.area_code_hash(registry.area_code) RETURNS integer
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'hashint8';

CREATE FUNCTION registry.area_code_hash_extended(registry.area_code, bigint) RETURNS bigint
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'hashint8extended';

CREATE OPERATOR registry.< (
	LEFTARG = registry.area_code, RIGHTARG = registry.area_code, FUNCTION = registry.area_code_lt,
	COMMUTATOR = OPERATOR(registry.>), NEGATOR = OPERATOR(registry.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);

CREATE OPERATOR registry.<= (
	LEFTARG = registry.area_code, RIGHTARG = registry.area_code, FUNCTION = registry.area_code_le,
	COMMUTATOR = OPERATOR(registry.>=), NEGATOR = OPERATOR(registry.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);

CREATE OPERATOR registry.= (
	LEFTARG = registry.area_code, RIGHTARG = registry.area_code, FUNCTION = registry.area_code_eq,
	COMMUTATOR = OPERATOR(registry.=), NEGATOR = OPERATOR(registry.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);

CREATE OPERATOR registry.<> (
	LEFTARG = registry.area_code, RIGHTARG = registry.area_code, FUNCTION = registry.area_code_ne,
	COMMUTATOR = OPERATOR(registry.<>), NEGATOR = OPERATOR(registry.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);

CREATE OPERATOR registry.>= (
	LEFTARG = registry.area_code, RIGHTARG = registry.area_code, FUNCTION = registry.area_code_ge,
	COMMUTATOR = OPERATOR(registry.<=), NEGATOR = OPERATOR(registry.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);

CREATE OPERATOR registry.> (
	LEFTARG = registry.area_code, RIGHTARG = registry.area_code, FUNCTION = registry.area_code_gt,
	COMMUTATOR = OPERATOR(registry.<), NEGATOR = OPERATOR(registry.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);

CREATE OPERATOR CLASS registry.area_code_ops DEFAULT FOR TYPE registry.area_code USING btree AS
	OPERATOR 1 registry.<,
	OPERATOR 2 registry.<=,
	OPERATOR 3 registry.=,
	OPERATOR 4 registry.>=,
	OPERATOR 5 registry.>,
	FUNCTION 1 registry.area_code_cmp(registry.area_code, registry.area_code),
	FUNCTION 2 registry.area_code_sortsupport(internal),
	FUNCTION 4 btequalimage(oid);

CREATE OPERATOR CLASS registry.area_code_hash_ops DEFAULT FOR TYPE registry.area_code USING hash AS
	OPERATOR 1 registry.=,
	FUNCTION 1 registry.area_code_hash(registry.area_code),
	FUNCTION 2 registry.area_code_hash_extended(registry.area_code, bigint);

-- The hierarchy.  A division has no code: nser.area names it.

CREATE FUNCTION registry.area_last(registry.area_code) RETURNS registry.area_code
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'area_code_last';
COMMENT ON FUNCTION registry.area_last(registry.area_code) IS
	'the last code that could lie in an area: a bound for range scans (code >= area AND code <= area_last(area)), not a place that exists';

CREATE FUNCTION registry.parent(registry.area_code) RETURNS registry.area_code
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'area_code_parent';
COMMENT ON FUNCTION registry.parent(registry.area_code) IS 'the area one level up; NULL for the country';

CREATE FUNCTION registry.level(registry.area_code) RETURNS registry.area_level
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'area_code_level';
COMMENT ON FUNCTION registry.level(registry.area_code) IS 'the level of an area; never division, which has no code';

CREATE FUNCTION registry.ancestor(registry.area_code, registry.area_level) RETURNS registry.area_code
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'area_code_ancestor';
COMMENT ON FUNCTION registry.ancestor(registry.area_code, registry.area_level) IS
	'the area of a level that an area lies in, itself at its own level; NULL where the area is coarser than the level';

CREATE FUNCTION registry.lineage(area registry.area_code) RETURNS registry.area_code[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY[registry.ancestor(area, 'village'), registry.ancestor(area, 'union_council'), registry.ancestor(area, 'tehsil'),
				 registry.ancestor(area, 'district'), registry.ancestor(area, 'province'), registry.ancestor(area, 'country')];
COMMENT ON FUNCTION registry.lineage(registry.area_code) IS
	'an area and all it lies in, from the village to the country; NULL for levels finer than it: code = ANY (registry.lineage(area))';

-- Containment.  The support functions turn it into a range of a btree index.

CREATE FUNCTION registry.area_code_contained_by_support(internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.area_code_contained_by_support(internal) IS 'planner support for area_code_contained_by';

CREATE FUNCTION registry.area_code_contains_support(internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.area_code_contains_support(internal) IS 'planner support for area_code_contains';

CREATE FUNCTION registry.area_code_contained_by_sel(internal, oid, internal, integer) RETURNS double precision
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.area_code_contained_by_sel(internal, oid, internal, integer) IS
	'restriction selectivity of <@ for area codes';

CREATE FUNCTION registry.area_code_contained_by_joinsel(internal, oid, internal, smallint, internal) RETURNS double precision
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.area_code_contained_by_joinsel(internal, oid, internal, smallint, internal) IS
	'join selectivity of <@ for area codes';

CREATE FUNCTION registry.area_code_contains_sel(internal, oid, internal, integer) RETURNS double precision
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.area_code_contains_sel(internal, oid, internal, integer) IS
	'restriction selectivity of @> for area codes';

CREATE FUNCTION registry.area_code_contains_joinsel(internal, oid, internal, smallint, internal) RETURNS double precision
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.area_code_contains_joinsel(internal, oid, internal, smallint, internal) IS
	'join selectivity of @> for area codes';

CREATE FUNCTION registry.area_code_contained_by(registry.area_code, registry.area_code) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE SUPPORT registry.area_code_contained_by_support AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.area_code_contains(registry.area_code, registry.area_code) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE SUPPORT registry.area_code_contains_support AS 'MODULE_PATHNAME';

CREATE OPERATOR registry.<@ (
	LEFTARG = registry.area_code, RIGHTARG = registry.area_code, FUNCTION = registry.area_code_contained_by,
	COMMUTATOR = OPERATOR(registry.@>),
	RESTRICT = registry.area_code_contained_by_sel, JOIN = registry.area_code_contained_by_joinsel
);
COMMENT ON OPERATOR registry.<@ (registry.area_code, registry.area_code) IS
	'the first area lies in the second, or is it';

CREATE OPERATOR registry.@> (
	LEFTARG = registry.area_code, RIGHTARG = registry.area_code, FUNCTION = registry.area_code_contains,
	COMMUTATOR = OPERATOR(registry.<@),
	RESTRICT = registry.area_code_contains_sel, JOIN = registry.area_code_contains_joinsel
);
COMMENT ON OPERATOR registry.@> (registry.area_code, registry.area_code) IS
	'the second area lies in the first, or is it';
