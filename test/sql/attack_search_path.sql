--
-- Attack: functions, operators and tables of the reader's own, found before the real ones.
--
\set ECHO none
\i test/sharing/list.sql
CREATE SCHEMA regress_trap AUTHORIZATION regress_partner_a;
\set ECHO all
-- everything the view and open_list() use, in a schema that the reader looks in first
SET SESSION AUTHORIZATION regress_partner_a;
CREATE FUNCTION regress_trap.trapped() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE INFO 'runs as %', current_user; END $$;
CREATE FUNCTION regress_trap.clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN PERFORM regress_trap.trapped(); RETURN '2000-01-01'; END $$;
CREATE FUNCTION regress_trap.upper(daterange) RETURNS date LANGUAGE plpgsql AS $$ BEGIN PERFORM regress_trap.trapped(); RETURN '3000-01-01'; END $$;
CREATE FUNCTION regress_trap.less(timestamptz, timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM regress_trap.trapped(); RETURN true; END $$;
CREATE OPERATOR regress_trap.< (LEFTARG = timestamptz, RIGHTARG = timestamptz, FUNCTION = regress_trap.less);
CREATE FUNCTION regress_trap.same(name, name) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM regress_trap.trapped(); RETURN true; END $$;
CREATE OPERATOR regress_trap.= (LEFTARG = name, RIGHTARG = name, FUNCTION = regress_trap.same);
CREATE FUNCTION regress_trap.agreement_in_force(bigint, name) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM regress_trap.trapped(); END $$;
CREATE FUNCTION regress_trap.is_before(timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM regress_trap.trapped(); RETURN true; END $$;
CREATE FUNCTION regress_trap.length(text) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN PERFORM regress_trap.trapped(); RETURN 1; END $$;
CREATE TABLE regress_trap.list_opening AS SELECT 1::bigint AS agreement_id, 1::bigint AS release_id, session_user AS login, 'infinity'::timestamptz AS opened_at, NULL::xid8 AS opened_by;
CREATE TEMP TABLE list_opening AS SELECT * FROM regress_trap.list_opening;
GRANT ALL ON ALL TABLES IN SCHEMA regress_trap TO PUBLIC;
GRANT USAGE ON SCHEMA regress_trap TO PUBLIC;
SET search_path = regress_trap, pg_temp, pg_catalog;
SELECT count(*) AS shown FROM share.regress_partner_a_1;
SELECT agreement_id, in_force, open_until FROM share.my_agreements ORDER BY 1;
\set VERBOSITY sqlstate
SELECT registry.open_list(99, 'x');
\set VERBOSITY terse
SELECT registry.open_list(:a, 'payments') IS NOT NULL AS opened;
SELECT registry.random_key() IS NOT NULL AS made;

-- a view of the same words, made without looking whose they are, and a definer function that does not pin its path
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SET search_path = regress_trap, pg_catalog;
CREATE VIEW share.weak WITH (security_barrier = true) AS SELECT r.name FROM release.r1 AS r WHERE clock_timestamp() < '2000-01-01'::timestamptz;
RESET search_path;
CREATE FUNCTION share.weak(why text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	RETURN length(why) > 0 AND EXISTS (SELECT FROM list_opening AS t WHERE t.login = SESSION_USER);
END $$;
GRANT SELECT ON share.weak TO regress_partner_a;
GRANT EXECUTE ON FUNCTION share.weak(text) TO regress_partner_a;
SET SESSION AUTHORIZATION regress_partner_a;
SELECT true AS shown FROM share.weak LIMIT 1;
GRANT SELECT ON pg_temp.list_opening TO PUBLIC;
SET search_path = regress_trap, pg_temp, pg_catalog;
SELECT share.weak('x');
-- by which it reads what the owner reads
CREATE OR REPLACE FUNCTION regress_trap.trapped() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE INFO 'runs as %, which reads % releases', current_user, (SELECT count(*) FROM nser.release); END $$;
SELECT share.weak('x');

\set ECHO none
RESET search_path;
\i test/sharing/unlist.sql
