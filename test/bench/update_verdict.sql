-- update_verdict: verdicts over N households, against the same rules in SQL and in
-- PL/pgSQL; who is due; and the call of one.  -v n=HOUSEHOLDS
CREATE EXTENSION registry CASCADE;
CALL registry.create_store();
\ir ../population/population.sql
CALL population.load(:n, people => false);

-- A quarter are beneficiaries, a twentieth were hit, one in a hundred has a case open, a
-- fifth had a roster update since; as if cases and enrolments had left them so.
SET session_replication_role = replica;
INSERT INTO nser.programme (code, name, formula, cutoff) VALUES ('cash', 'Cash', 'hies-2015-demo', 32);
INSERT INTO nser.enrolment (household_id, area, programme, unit, entered_on, entry_reason, certified_on)
	SELECT h.household_id, h.area, 'cash', 'household', h.registered_on, 'eligible', h.registered_on + (h.household_id % 700)::integer
	FROM nser.household AS h WHERE h.household_id % 4 = 0;
INSERT INTO nser.update_case (household_id, area, update_type, last_step)
	SELECT h.household_id, h.area, 'roster', 1 FROM nser.household AS h WHERE h.household_id % 100 = 3;
INSERT INTO nser.survey (household_id, indicators, roster, area, update_type, is_full)
	SELECT v.household_id, v.indicators, v.roster, v.area, 'roster', false FROM nser.survey AS v WHERE v.household_id % 5 = 0;
INSERT INTO nser.shock (shock_id, name, kind, during, update_window, min_share)
	VALUES (1, 'Floods', 'flood', '[2025-06-14,2025-09-30]', '[2025-06-14,2025-12-31]', 0.5);
INSERT INTO nser.shock_household (household_id, shock_id, area, found_by)
	SELECT h.household_id, 1, h.area, 'area' FROM nser.household AS h WHERE h.household_id % 20 = 1;
RESET session_replication_role;

CREATE SCHEMA bench;
CREATE SCHEMA oracle;
\ir ../oracle/update.sql
CREATE TABLE bench.fact AS
	SELECT f.household_id, ROW(f.registered, f.beneficiary, f.score, f.cutoff, f.last_survey, f.last_certified, f.shock_window,
		f.appeal_condition, f.open_case)::registry.update_facts AS facts
	FROM nser.update_facts_on('2025-07-01') AS f;
CREATE TABLE bench.took (what text, round integer, ms double precision, points bigint);
-- by CALL: a statement each, timed with its commit
CREATE PROCEDURE bench.time(what text, statement text, rounds integer)
	LANGUAGE plpgsql
AS $$
DECLARE
	started	timestamptz;
	points	bigint;
BEGIN
	FOR round IN 1 .. rounds LOOP
		COMMIT;
		started := clock_timestamp();
		EXECUTE statement INTO points;
		COMMIT;
		INSERT INTO bench.took VALUES (what, round, extract(epoch FROM clock_timestamp() - started) * 1000, points);
	END LOOP;
END;
$$;

-- The peer: the two types' rules, as a back end would write them.
CREATE FUNCTION bench.verdict(type registry.update_type, f registry.update_facts, p registry.update_policy, on_date date,
							  OUT allowed boolean, OUT reason registry.update_reason, OUT allowed_from date)
	LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
	since	date := CASE WHEN type = 'cyclic' THEN f.last_survey ELSE f.last_certified END;
BEGIN
	allowed := false;
	IF f.open_case IS NOT NULL THEN
		reason := 'case_open';
	ELSIF NOT f.registered THEN
		reason := 'not_registered';
	ELSIF type = 'cyclic' AND f.beneficiary THEN
		reason := 'is_beneficiary';
	ELSIF type = 'recertification' AND NOT f.beneficiary THEN
		reason := 'not_beneficiary';
	ELSIF f.registered IS NULL OR f.beneficiary IS NULL OR since IS NULL THEN
		reason := 'unknown_fact';
	ELSE
		allowed_from := since + CASE WHEN type = 'cyclic' THEN p.cyclic_every ELSE p.recertify_every END;
		allowed := allowed_from <= on_date;
		reason := CASE WHEN allowed THEN 'allowed' ELSE 'too_early' END;
		allowed_from := greatest(allowed_from, on_date);
	END IF;
END;
$$;

SET jit = off;
SET max_parallel_workers_per_gather = 0;
VACUUM ANALYZE;
SELECT format('SELECT count(*) FILTER (WHERE (registry.update_verdict(''cyclic'', f.facts, (SELECT registry.policy_on(%1$L)), %1$L)).allowed) FROM bench.fact AS f', d) AS verdict,
	format('SELECT count(*) FILTER (WHERE (registry.update_verdict(''shock'', f.facts, (SELECT registry.policy_on(%1$L)), %1$L)).allowed) FROM bench.fact AS f', d) AS shock,
	format('SELECT count(*) FILTER (WHERE (v.v).reason = ''allowed'' AND (v.v).allowed_from = %1$L) FROM (SELECT registry.update_verdict(''cyclic'', f.facts, (SELECT registry.policy_on(%1$L)), %1$L) AS v FROM bench.fact AS f OFFSET 0) AS v', d) AS fields,
	format('SELECT count(*) FILTER (WHERE oracle.update_reason(''cyclic'', f.facts, p.policy, %1$L) = ''allowed'') FROM bench.fact AS f, (SELECT registry.policy_on(%1$L) AS policy OFFSET 0) AS p', d) AS in_sql,
	format('SELECT count(*) FILTER (WHERE (bench.verdict(''cyclic'', f.facts, (SELECT registry.policy_on(%1$L)), %1$L)).allowed) FROM bench.fact AS f', d) AS in_plpgsql
FROM (VALUES ('2025-07-01'::date)) AS o (d) \gset
SELECT registry.ancestor(h.area, 'district') AS district, registry.ancestor(h.area, 'province') AS province
	FROM nser.household AS h GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1 OFFSET 3 \gset
SELECT format('SELECT count(*) FROM nser.due AS d WHERE d.area OPERATOR(registry.<@) %L', :'province') AS of_province,
	format('SELECT count(*) FROM nser.due AS d WHERE d.area OPERATOR(registry.<@) %L', :'district') AS of_district \gset

CALL bench.time('count', 'SELECT count(f.facts) FROM bench.fact AS f', 5);
CALL bench.time('verdict', :'verdict', 5);
CALL bench.time('shock', :'shock', 5);
CALL bench.time('fields', :'fields', 5);
CALL bench.time('sql', :'in_sql', 3);
CALL bench.time('plpgsql', :'in_plpgsql', 3);
CALL bench.time('households', 'SELECT count(*) FROM nser.household AS h', 5);
CALL bench.time('due', 'SELECT count(*) FROM nser.due', 3);
CALL bench.time('due province', :'of_province', 3);
CALL bench.time('due district', :'of_district', 5);
CALL bench.time('facts', 'SELECT count(f.facts) FROM nser.update_fact AS f', 3);

\echo Verdicts of updates, one process
SELECT w.title AS work, max(t.points) AS answer, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms)::numeric, 1) AS ms,
	round((percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms) * 1e6 / w.of)::numeric) AS "ns a household",
	w.target, CASE WHEN w.target <> '' THEN CASE WHEN percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms) * 1e6 / w.of <= w.most THEN 'yes' ELSE 'NO' END END AS met
FROM (VALUES (1, 'count', 'count(facts), the floor', '', 0, :n), (2, 'verdict', 'verdicts, cyclic', '1 million a second', 1000, :n),
		(3, 'shock', 'verdicts, shock', '1 million a second', 1000, :n), (4, 'fields', 'verdicts, two fields read, OFFSET 0', '1 million a second', 1000, :n),
		(5, 'sql', 'SQL CASE, the reason alone', '', 0, :n), (6, 'plpgsql', 'PL/pgSQL, two types alone', '', 0, :n),
		(7, 'households', 'count(*) of nser.household', '', 0, :n), (8, 'due', 'nser.due, facts and verdict', '1 million a second', 1000, :n), (9, 'facts', 'nser.update_fact, all nine facts', '', 0, :n))
	AS w (no, what, title, target, most, of)
JOIN bench.took AS t USING (what)
GROUP BY w.no, w.title, w.target, w.most, w.of
ORDER BY w.no;

\echo Who is due in an area
SELECT t.what AS area, max(t.points) AS due, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms)::numeric, 1) AS ms,
	round((percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms) * 1e6 / max(t.points))::numeric) AS "ns a household due"
FROM bench.took AS t WHERE t.what LIKE 'due %' GROUP BY t.what ORDER BY 2;

SELECT count(DISTINCT t.points) = 1 AS "C, SQL and PL/pgSQL agree" FROM bench.took AS t WHERE t.what IN ('verdict', 'fields', 'sql', 'plpgsql');

-- One household, as a centre asks: the time inside the server.
DO $$
DECLARE
	households	bigint := (SELECT max(h.household_id) FROM nser.household AS h);
	started		timestamptz;
BEGIN
	FOR attempt IN 1 .. 2000 LOOP
		started := clock_timestamp();
		PERFORM v.allowed FROM registry.may_update(1 + (attempt * 7919::bigint) % households, 'cyclic') AS v;
		INSERT INTO bench.took VALUES ('may_update', attempt, extract(epoch FROM clock_timestamp() - started) * 1000, 1);
	END LOOP;
END;
$$;
SELECT 'may_update()' AS "one household", round((percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms) * 1000)::numeric) AS "p50 us",
	round((percentile_cont(0.99) WITHIN GROUP (ORDER BY t.ms) * 1000)::numeric) AS "p99 us"
FROM bench.took AS t WHERE t.what = 'may_update';
