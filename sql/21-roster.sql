
-- roster: the members of one household at one survey --------------------------

CREATE TYPE registry.roster;

CREATE FUNCTION registry.roster_in(cstring) RETURNS registry.roster
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.roster_out(registry.roster) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.roster_recv(internal) RETURNS registry.roster
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.roster_send(registry.roster) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE TYPE registry.roster (
	INPUT = registry.roster_in,
	OUTPUT = registry.roster_out,
	RECEIVE = registry.roster_recv,
	SEND = registry.roster_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE registry.roster IS
	'members of one household at one survey, by line: [{"line": 1, "relationship": "head", "sex": "female", "age": 40}]';

CREATE FUNCTION registry.roster_from_jsonb(jsonb) RETURNS registry.roster
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.roster_from_jsonb(jsonb) IS 'cast: roster from a JSON array of members';
CREATE CAST (jsonb AS registry.roster) WITH FUNCTION registry.roster_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS registry.roster) IS 'roster from a JSON array of members';

CREATE FUNCTION registry.roster_to_jsonb(registry.roster) RETURNS jsonb
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.roster_to_jsonb(registry.roster) IS 'cast: roster as a JSON array of members';
CREATE CAST (registry.roster AS jsonb) WITH FUNCTION registry.roster_to_jsonb(registry.roster);
COMMENT ON CAST (registry.roster AS jsonb) IS 'roster as a JSON array of members';

-- Equal rosters have equal bytes; an order of rosters would mean nothing.

CREATE FUNCTION registry.roster_eq(registry.roster, registry.roster) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'byteaeq';

CREATE FUNCTION registry.roster_ne(registry.roster, registry.roster) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'byteane';

CREATE FUNCTION registry.roster_hash(registry.roster) RETURNS integer
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'hashvarlena';

CREATE FUNCTION registry.roster_hash_extended(registry.roster, bigint) RETURNS bigint
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'hashvarlenaextended';

CREATE OPERATOR registry.= (
	LEFTARG = registry.roster, RIGHTARG = registry.roster, FUNCTION = registry.roster_eq,
	COMMUTATOR = OPERATOR(registry.=), NEGATOR = OPERATOR(registry.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES
);

CREATE OPERATOR registry.<> (
	LEFTARG = registry.roster, RIGHTARG = registry.roster, FUNCTION = registry.roster_ne,
	COMMUTATOR = OPERATOR(registry.<>), NEGATOR = OPERATOR(registry.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);

CREATE OPERATOR CLASS registry.roster_hash_ops DEFAULT FOR TYPE registry.roster USING hash AS
	OPERATOR 1 registry.=,
	FUNCTION 1 registry.roster_hash(registry.roster),
	FUNCTION 2 registry.roster_hash_extended(registry.roster, bigint);

-- From rows to a roster and back.

CREATE FUNCTION registry.roster_agg_add(bytea, line integer, relationship registry.relationship, sex registry.sex,
		age integer, marital_status registry.marital_status, spouse_line integer, father_line integer,
		mother_line integer, class integer, ever_attended boolean, attending_school boolean, literate boolean,
		employment text, work text, elementary_occupation boolean, disabilities text[], chronic_diseases text[])
	RETURNS bytea
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.roster_agg_add(bytea, integer, registry.relationship, registry.sex, integer,
		registry.marital_status, integer, integer, integer, integer, boolean, boolean, boolean, text, text, boolean,
		text[], text[]) IS 'aggregate transition function';

CREATE FUNCTION registry.roster_agg_combine(bytea, bytea) RETURNS bytea
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.roster_agg_combine(bytea, bytea) IS 'aggregate combine function';

CREATE FUNCTION registry.roster_agg_final(bytea) RETURNS registry.roster
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.roster_agg_final(bytea) IS 'aggregate final function';

CREATE AGGREGATE registry.roster_agg(line integer, relationship registry.relationship, sex registry.sex,
		age integer, marital_status registry.marital_status, spouse_line integer, father_line integer,
		mother_line integer, class integer, ever_attended boolean, attending_school boolean, literate boolean,
		employment text, work text, elementary_occupation boolean, disabilities text[], chronic_diseases text[]) (
	SFUNC = registry.roster_agg_add,
	STYPE = bytea,
	SSPACE = 136,
	COMBINEFUNC = registry.roster_agg_combine,
	FINALFUNC = registry.roster_agg_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE registry.roster_agg(integer, registry.relationship, registry.sex, integer,
		registry.marital_status, integer, integer, integer, integer, boolean, boolean, boolean, text, text, boolean,
		text[], text[]) IS
	'roster of a household''s members, in any order; NULL is unknown; age in years, class completed 0 to 24; '
	'a kin''s line that is 0 or not in the roster lives elsewhere';

CREATE FUNCTION registry.members(registry.roster, OUT line integer, OUT relationship registry.relationship,
		OUT sex registry.sex, OUT age integer, OUT marital_status registry.marital_status, OUT spouse_line integer,
		OUT father_line integer, OUT mother_line integer, OUT class integer, OUT ever_attended boolean,
		OUT attending_school boolean, OUT literate boolean, OUT employment text, OUT work text,
		OUT elementary_occupation boolean, OUT disabilities text[], OUT chronic_diseases text[]) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 6 AS 'MODULE_PATHNAME', 'roster_to_members';
COMMENT ON FUNCTION registry.members(registry.roster) IS 'members of a roster, a row each, by line; NULL is unknown';
