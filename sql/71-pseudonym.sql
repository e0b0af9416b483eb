
-- pseudonym: who is meant, to whoever has the key alone -------------------------------
--
-- Of a person the value is household_id || '.' || line, of a household household_id.
-- Each agreement has keys of its own, so two partners' pseudonyms never meet.

CREATE FUNCTION registry.pseudonym(key bytea, value text) RETURNS uuid
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5 AS 'MODULE_PATHNAME', 'registry_pseudonym';
COMMENT ON FUNCTION registry.pseudonym(bytea, text) IS
	'the first 16 bytes of HMAC-SHA-256 of the bytes of a value, as a uuid of version 8; refuses a key of less than 16 or more than 64 bytes; NULL where either is';

CREATE FUNCTION registry.random_key() RETURNS bytea
	LANGUAGE C VOLATILE PARALLEL SAFE AS 'MODULE_PATHNAME', 'registry_random_key';
COMMENT ON FUNCTION registry.random_key() IS '32 bytes of the server''s strong random source';

CREATE FUNCTION registry.rotate_key(agreement_id bigint) RETURNS integer
	LANGUAGE plpgsql
AS $$
DECLARE
	key_no	integer;
BEGIN
	-- one at a time
	PERFORM FROM nser.agreement AS a WHERE a.agreement_id = rotate_key.agreement_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('there is no agreement %s', coalesce(rotate_key.agreement_id::text, 'NULL')),
			HINT = 'nser.agreement lists them.';
	END IF;
	INSERT INTO nser.release_key AS k (agreement_id, key_no, key)
	SELECT rotate_key.agreement_id, coalesce(max(l.key_no), 0) + 1, registry.random_key()
	FROM nser.release_key AS l WHERE l.agreement_id = rotate_key.agreement_id
	RETURNING k.key_no INTO key_no;
	RETURN key_no;
END;
$$;
COMMENT ON FUNCTION registry.rotate_key(bigint) IS
	'make the next key of an agreement, and return its number, from 1: releases made from now on have other pseudonyms, which join with none '
	'before; older keys are kept, for registry.trace(); the owner''s';

CREATE FUNCTION registry.agreement_key(agreement_id bigint) RETURNS bytea
	LANGUAGE plpgsql
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM nser.release_key AS k WHERE k.agreement_id = agreement_key.agreement_id) THEN
		-- asks again behind the lock
		PERFORM FROM nser.agreement AS a WHERE a.agreement_id = agreement_key.agreement_id FOR NO KEY UPDATE;
		IF NOT EXISTS (SELECT FROM nser.release_key AS k WHERE k.agreement_id = agreement_key.agreement_id) THEN
			PERFORM registry.rotate_key(agreement_key.agreement_id);
		END IF;
	END IF;
	RETURN (SELECT k.key FROM nser.release_key AS k WHERE k.agreement_id = agreement_key.agreement_id ORDER BY k.key_no DESC LIMIT 1);
END;
$$;
COMMENT ON FUNCTION registry.agreement_key(bigint) IS
	'the key in use of an agreement, which is made when it is first asked for; whoever has it can tell who its pseudonyms are: the owner''s';
