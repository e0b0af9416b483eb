--
-- Pseudonyms: what they are made of, who has the keys, and whose a found one is.
--
\set ECHO none
\set people 300
\set VERBOSITY terse
\set SHOW_CONTEXT never
\i test/sharing/begin.sql
RESET ROLE;
CREATE ROLE regress_partner_a;
CREATE ROLE regress_partner_b;
CREATE ROLE regress_analyst;
SET ROLE regress_owner;
\set ECHO all

-- test vectors 1 and 5 of RFC 4231: the first 16 bytes, but for the version and variant
SELECT registry.pseudonym(decode(repeat('0b', 20), 'hex'), 'Hi There') AS vector_1, registry.pseudonym(decode(repeat('0c', 20), 'hex'), 'Test With Truncation') AS vector_5;

-- against HMAC as RFC 2104 writes it, for keys of every size and values of many, one call site with other keys all the time
CREATE FUNCTION pg_temp.hmac(key bytea, value bytea) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	inner_pad	bytea := decode(repeat('36', 64), 'hex');
	outer_pad	bytea := decode(repeat('5c', 64), 'hex');
	hash		bytea;
BEGIN
	FOR i IN 0 .. octet_length(key) - 1 LOOP
		inner_pad := set_byte(inner_pad, i, get_byte(inner_pad, i) # get_byte(key, i));
		outer_pad := set_byte(outer_pad, i, get_byte(outer_pad, i) # get_byte(key, i));
	END LOOP;
	hash := sha256(outer_pad || sha256(inner_pad || value));
	hash := set_byte(set_byte(hash, 6, get_byte(hash, 6) & 15 | 128), 8, get_byte(hash, 8) & 63 | 128);
	RETURN encode(substr(hash, 1, 16), 'hex')::uuid;
END $$;
SELECT count(*), count(DISTINCT registry.pseudonym(k.key, v.value)) AS different,
	count(*) FILTER (WHERE registry.pseudonym(k.key, v.value) <> pg_temp.hmac(k.key, convert_to(v.value, 'UTF8'))) AS wrong
FROM (SELECT substr(sha256(n::text::bytea) || sha256((-n)::text::bytea), 1, n) AS key FROM generate_series(16, 64) AS n) AS k
CROSS JOIN (SELECT repeat('ن', n / 2) || repeat('x', n % 2) AS value FROM generate_series(0, 130) AS n) AS v;
DO $$
DECLARE
	key		bytea;
	wrong	integer := 0;
BEGIN
	FOR n IN 1 .. 50 LOOP
		key := substr(sha256((n / 2)::text::bytea), 1, 16 + n % 3);
		wrong := wrong + (registry.pseudonym(key, '1.1') <> pg_temp.hmac(key, '1.1'))::integer;
	END LOOP;
	RAISE INFO 'wrong by a call site of PL/pgSQL: %', wrong;
END $$;

-- wrong keys, and none
SELECT registry.pseudonym(decode(repeat('0b', 15), 'hex'), '1');
SELECT registry.pseudonym(decode(repeat('0b', 65), 'hex'), '1');
SELECT registry.pseudonym('', '1');
SELECT registry.pseudonym(NULL, '1') IS NULL AND registry.pseudonym(registry.random_key(), NULL) IS NULL AS unknown;
-- an error does not leave a key behind, or half a one
SELECT registry.pseudonym(k.key, '1') = pg_temp.hmac(k.key, '1') AS same FROM (SELECT registry.random_key() AS key OFFSET 0) AS k;
SELECT count(DISTINCT registry.random_key()) AS keys, min(octet_length(registry.random_key())) AS bytes FROM generate_series(1, 100);

-- keys of two agreements
SELECT pg_temp.agree('regress_partner_a', 'anonymized', '{"attributes": ["sex", "age_group"], "level": "district"}') AS a \gset
SELECT pg_temp.agree('regress_partner_b', 'anonymized', '{"attributes": ["sex", "age_group"], "level": "district"}') AS b \gset
SELECT registry.agreement_key(:a) = registry.agreement_key(:a) AS stays, registry.agreement_key(:a) <> registry.agreement_key(:b) AS is_its_own;
SELECT registry.agreement_key(0);
SELECT registry.rotate_key(NULL);
CREATE TEMP TABLE before AS SELECT registry.agreement_key(:a) AS key;
SELECT registry.rotate_key(:a), registry.agreement_key(:a) <> (SELECT key FROM before) AS is_new;

-- readable by the owner alone: not by who reads the nation; without the policy she would
GRANT USAGE ON SCHEMA nser TO regress_analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA nser TO regress_analyst;
SELECT registry.limit_role('regress_analyst', 'PK') > 0 AS sees_the_nation;
SET SESSION AUTHORIZATION regress_analyst;
SELECT count(*) > 0 AS households, (SELECT count(*) FROM nser.release_key) AS keys FROM nser.household;
SELECT registry.agreement_key(:a);
SELECT registry.rotate_key(:a);
RESET SESSION AUTHORIZATION;
BEGIN;
DROP POLICY release_key_hidden ON nser.release_key;
SET SESSION AUTHORIZATION regress_analyst;
SELECT count(*) AS keys_without_the_policy FROM nser.release_key;
RESET SESSION AUTHORIZATION;
ROLLBACK;
SET ROLE regress_owner;

-- whose copy: people and households, of now and of an older key, of releases that show them and of such as are gone
INSERT INTO nser.release (release_id, agreement_id, release_no, relation, definition) VALUES (101, :a, 1, 'r101', '{}'), (102, :a, 2, 'r102', '{}'), (103, :b, 1, 'r103', '{}');
INSERT INTO nser.release_subject (household_id, release_id, area, lines)
SELECT h.household_id, r.release_id, h.area, CASE WHEN r.release_id <> 102 THEN '{1,2}'::smallint[] END
FROM nser.household AS h CROSS JOIN nser.release AS r;
CREATE TABLE release.r101 AS SELECT registry.pseudonym(b.key, h.household_id::text) AS household, registry.pseudonym(b.key, h.household_id || '.1') AS person FROM nser.household AS h CROSS JOIN before AS b;
CREATE TABLE release.r102 AS SELECT registry.pseudonym(registry.agreement_key(:a), m.household_id || '.' || m.line) AS person FROM nser.member AS m;
SELECT t.agreement_id = :a AS is_a, t.organization_id, t.key_no, t.release_ids, t.household_id, t.line FROM registry.trace(registry.pseudonym((SELECT key FROM before), '7.1')) AS t;
SELECT t.agreement_id = :a AS is_a, t.organization_id, t.key_no, t.release_ids, t.household_id, t.line FROM registry.trace(registry.pseudonym((SELECT key FROM before), '7')) AS t;
SELECT t.agreement_id = :a AS is_a, t.organization_id, t.key_no, t.release_ids, t.household_id, t.line FROM registry.trace(registry.pseudonym(registry.agreement_key(:a), '7.3')) AS t;
SELECT t.agreement_id = :b AS is_b, t.organization_id, t.key_no, t.release_ids, t.household_id, t.line FROM registry.trace(registry.pseudonym(registry.agreement_key(:b), '9.2')) AS t;
SELECT count(*) AS of_none FROM registry.trace(gen_random_uuid());
SELECT count(*) AS of_nobody_known FROM registry.trace(registry.pseudonym(registry.agreement_key(:b), '9.77'));
-- of everybody, each is traced to the one it is of
SELECT count(*) > 100 AS many, bool_and((SELECT array_agg(t.household_id || '.' || t.line) FROM registry.trace(registry.pseudonym(registry.agreement_key(:a), m.household_id || '.' || m.line)) AS t)
	= ARRAY[m.household_id || '.' || m.line]) AS right FROM nser.member AS m WHERE m.household_id % 10 = 0 AND m.superseded_at IS NULL;

\set ECHO none
DROP TABLE release.r101, release.r102;
\i test/sharing/end.sql
DROP ROLE regress_partner_a, regress_partner_b, regress_analyst;
