
-- name: phonetic keys of names --------------------------------------------------

CREATE FUNCTION registry.name_key(text) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'registry_name_key';
COMMENT ON FUNCTION registry.name_key(text) IS
	'what the spellings of a Pakistani name in Roman script agree in, word by word; titles, courtesy words and Muhammad are '
	'left out where another word remains; NULL where there is no Latin letter';

CREATE FUNCTION registry.given_key(text) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'registry_given_key';
COMMENT ON FUNCTION registry.given_key(text) IS 'the first word of name_key(): a name without the family''s';

CREATE FUNCTION registry.name_agreement(text, text) RETURNS real
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'registry_name_agreement';
COMMENT ON FUNCTION registry.name_agreement(text, text) IS
	'the share of words that the keys of two names have in common: 1 where they are the same words in any order, '
	'0 where none is or each has one of its own';

-- Where pg_trgm is, is not known before it is installed: its functions are bound here,
-- and follow it if it is moved.
CREATE FUNCTION registry.trigram_schema() RETURNS regnamespace
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN (SELECT e.extnamespace::regnamespace FROM pg_extension AS e WHERE e.extname = 'pg_trgm'::name);
COMMENT ON FUNCTION registry.trigram_schema() IS 'the schema pg_trgm is in; an index by trigrams names its operator class';

DO $$
BEGIN
	EXECUTE format('CREATE FUNCTION registry.name_similarity(text, text) RETURNS real
		LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN %s.similarity($1, $2)', registry.trigram_schema()::text);
	EXECUTE format('CREATE FUNCTION registry.resembles(text, text) RETURNS boolean
		LANGUAGE sql STABLE STRICT PARALLEL SAFE RETURN $1 OPERATOR(%s.%%) $2', registry.trigram_schema()::text);
END;
$$;
COMMENT ON FUNCTION registry.name_similarity(text, text) IS 'the share of trigrams that two texts have in common: similarity() of pg_trgm';
COMMENT ON FUNCTION registry.resembles(text, text) IS
	'whether two texts have many trigrams in common: operator % of pg_trgm, which its indexes know';
