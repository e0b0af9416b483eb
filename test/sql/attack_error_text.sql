--
-- Attack: error messages that quote what may not be read.
--
\set ECHO none
\i test/sharing/list.sql
SELECT cnic AS number FROM release.r1 WHERE cnic IS NOT NULL ORDER BY name COLLATE "C" LIMIT 1 \gset
\set ECHO all
SET SESSION AUTHORIZATION regress_partner_a;
-- what a statement is answered, kept to be compared
CREATE TEMP TABLE heard (no serial, message text);
CREATE FUNCTION pg_temp.hear(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	said	text;
	detail	text;
	hint	text;
	state	text;
BEGIN
	EXECUTE command;
	RETURN 'nothing';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS said = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, state = RETURNED_SQLSTATE;
	INSERT INTO heard (message) VALUES (concat_ws(' ', said, detail, hint));
	RETURN state;
END $$;
-- casts that fail on a value say which
SELECT pg_temp.hear('SELECT FROM share.regress_partner_a_1 WHERE name::integer = 1');
SELECT pg_temp.hear('SELECT FROM share.regress_partner_a_1 WHERE address::date = now()');
SELECT pg_temp.hear('SELECT xmlparse(DOCUMENT name) FROM share.regress_partner_a_1');
SELECT pg_temp.hear('SELECT registry.cnic_in(address::cstring) FROM share.regress_partner_a_1');
-- errors of what a partner can call; another's agreement and none are told alike
SELECT pg_temp.hear(format('SELECT registry.open_list(%L, %L)', n, why)) FROM (VALUES (:a + 1, 'x'), (99999, 'x'), (NULL, 'x'), (:a, '')) AS c (n, why);
SELECT pg_temp.hear('SELECT share.open_list(99999, ''x'')');
SELECT pg_temp.hear(format('SELECT registry.trace(%L)', gen_random_uuid()));
SELECT pg_temp.hear('SELECT registry.agreement_key(1)');
SELECT pg_temp.hear('SELECT registry.make_list(1)');
SELECT pg_temp.hear('SELECT registry.partner_beyond(''regress_partner_b'')');
SELECT pg_temp.hear('TABLE release.r1');
RESET SESSION AUTHORIZATION;
GRANT SELECT ON heard TO regress_owner;
SELECT count(*) AS messages, count(*) FILTER (WHERE EXISTS (SELECT FROM release.r1 AS r WHERE position(r.name IN h.message) > 0 OR position(r.address IN h.message) > 0
	OR position(r.cnic::text IN h.message) > 0 OR position(r.cnic::bigint::text IN h.message) > 0)) AS that_tell FROM heard AS h;

-- the same, where rows are hidden one by one
SET ROLE regress_owner;
CREATE VIEW share.weak AS SELECT r.name, r.address, r.poverty_level, r.cnic FROM release.r1 AS r
	WHERE EXISTS (SELECT FROM nser.list_opening AS t WHERE t.login = SESSION_USER AND r.name IS NOT NULL);
GRANT SELECT ON share.weak TO regress_partner_a;
SET SESSION AUTHORIZATION regress_partner_a;
TRUNCATE heard;
SELECT pg_temp.hear('SELECT FROM share.weak WHERE name::integer = 1');
RESET SESSION AUTHORIZATION;
SELECT count(*) AS messages, count(*) FILTER (WHERE EXISTS (SELECT FROM release.r1 AS r WHERE position(r.name IN h.message) > 0)) AS that_tell FROM heard AS h;

\set ECHO none
\i test/sharing/unlist.sql
