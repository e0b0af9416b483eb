-- The verdict of every combination of facts, policy and day that a rule can tell
-- apart, against the rules written a second time in SQL; and its arithmetic of dates
-- against the server's.
\set QUIET on
BEGIN;
SET client_min_messages = warning;
SET jit = off;
SET search_path = tap, registry, public;
\i test/oracle/oracle.sql
\i test/oracle/update.sql
SELECT setseed(0.61);
SELECT plan(16);

-- On, before and after each border: 2026-11-22 is two years after 2024-11-22, and so on.
CREATE TEMP TABLE fact AS
	SELECT ROW(registered, beneficiary, score, cutoff, last_survey, last_certified, shock_window, appeal_condition, open_case)::update_facts AS facts
	FROM (VALUES (true), (false), (NULL)) AS r (registered)
	CROSS JOIN (VALUES (true), (false), (NULL)) AS b (beneficiary)
	CROSS JOIN (VALUES (NULL, NULL::double precision), (NULL, 32), (20, 32), (32, 32), (32.01, 32), (40, NULL), ('NaN', 32), (20, 'NaN'))
		AS s (score, cutoff)
	CROSS JOIN (VALUES (NULL::date), ('-infinity'), ('2024-11-22'), ('2024-11-23'), ('infinity')) AS l (last_survey)
	CROSS JOIN (VALUES (NULL::date), ('-infinity'), ('2023-11-22'), ('2023-11-23')) AS c (last_certified)
	CROSS JOIN (VALUES (NULL::daterange), ('empty'), ('[2026-11-22,2026-11-23)'), ('[2026-11-23,)'), ('(,2026-11-22)'), ('(,)')) AS w (shock_window)
	CROSS JOIN (VALUES (true), (false), (NULL)) AS a (appeal_condition)
	CROSS JOIN (VALUES (NULL::update_type), ('roster')) AS o (open_case)
	UNION ALL SELECT NULL;
CREATE TEMP TABLE policy AS
	SELECT CASE WHEN no > 0 THEN ROW(cyclic_every, recertify_every, appeal_launched, cyclic_for)::update_policy END AS policy
	FROM (VALUES
		(0, NULL::interval, NULL::interval, NULL::boolean, NULL),
		(1, NULL, '3 years', true, 'non_beneficiary'),
		(2, '2 years 12 hours', NULL, NULL, 'above_cutoff'),
		(3, '1 year', '-1 day', true, 'whoever comes')) AS p (no, cyclic_every, recertify_every, appeal_launched, cyclic_for);
CREATE TEMP TABLE other AS
	SELECT type, policy, on_date
	FROM (SELECT unnest(enum_range(NULL::update_type)) UNION ALL SELECT NULL) AS t (type), policy,
		(VALUES (NULL::date), ('2026-11-22')) AS d (on_date);

CREATE TEMP TABLE answer AS
	SELECT t.type, reason, count(*) AS answers, count(*) FILTER (WHERE wrong) AS wrong
	FROM fact AS f CROSS JOIN other AS t
	CROSS JOIN LATERAL (SELECT update_verdict(t.type, f.facts, t.policy, t.on_date) AS v OFFSET 0) AS v
	CROSS JOIN LATERAL (SELECT oracle.update_reason(t.type, f.facts, t.policy, t.on_date) AS reason OFFSET 0) AS o
	CROSS JOIN LATERAL (
		SELECT (v.v).reason IS DISTINCT FROM o.reason OR (v.v).allowed IS DISTINCT FROM (o.reason = 'allowed')
			OR (v.v).allowed_from IS DISTINCT FROM oracle.allowed_from(o.reason, t.type, f.facts, t.policy, t.on_date) AS wrong) AS w
	GROUP BY t.type, o.reason;
SELECT diag(format('truth table: %s combinations', sum(answers))) FROM answer;
SELECT is(sum(answers)::bigint, (SELECT count(*) FROM fact) * (SELECT count(*) FROM other), 'every combination is answered') FROM answer;
SELECT cmp_ok((SELECT sum(answers) FROM answer), '>', 3000000::numeric, 'there are millions of them');
SELECT is_empty('SELECT type, reason, wrong FROM answer WHERE wrong > 0', 'each as the rules say');
SELECT is((SELECT count(DISTINCT reason) FROM answer), (SELECT count(*) FROM update_reasons()), 'every reason is given');
SELECT results_eq('SELECT reason FROM update_reasons()', 'SELECT unnest(enum_range(NULL::update_reason))', 'and has words, in order');
-- what each type can be told: no more, no less
SELECT bag_eq('SELECT type, count(*)::integer FROM answer WHERE type IS NOT NULL GROUP BY type', $$VALUES
	('missed_out'::update_type, 4), ('roster', 4), ('shock', 6), ('appeal', 7), ('cyclic', 7), ('recertification', 6), ('correction', 2), ('grievance', 1)$$,
	'and each type has its own');
-- a comparison that cannot fail would be worth nothing: a day later some answers differ
SELECT isnt_empty($$SELECT FROM fact AS f, other AS t WHERE random() < 0.1 AND
	(update_verdict(t.type, f.facts, t.policy, t.on_date + 1)).reason <> oracle.update_reason(t.type, f.facts, t.policy, t.on_date)$$,
	'of another day the rules say something else');

-- Dates: month ends, leap years, before the common era, parts of a day, backwards.
CREATE TEMP TABLE wait AS
	SELECT CASE WHEN random() < 0.5 THEN date '2000-01-28' + (random() * 20000)::integer ELSE date '4713-01-01 BC' + (random() * 100000000)::integer END AS since,
		make_interval(months => CASE WHEN random() < 0.2 THEN 0 ELSE (random() * 200 - 40)::integer END,
			days => CASE WHEN random() < 0.6 THEN 0 ELSE (random() * 2000 - 1000)::integer END,
			secs => CASE WHEN random() < 0.6 THEN 0 ELSE round((random() * 400000 - 200000)::numeric, CASE WHEN random() < 0.5 THEN 0 ELSE 6 END) END) AS every
	FROM generate_series(1, 200000);
UPDATE wait SET since = (date_trunc('month', since) + interval '1 month - 1 day')::date WHERE random() < 0.3 AND since > '4712-01-01 BC' AND since < '200000-01-01';
SELECT is_empty($$
	SELECT since, every FROM wait
	WHERE since > '4680-01-01 BC' AND (update_verdict('cyclic', ROW(true, false, NULL, NULL, since, NULL, NULL, NULL, NULL)::update_facts,
		ROW(every, NULL, NULL, NULL)::update_policy, '-infinity')).allowed_from IS DISTINCT FROM oracle.first_day(since + every)
$$, 'a wait ends when the server says it does');
SELECT cmp_ok((SELECT count(*)::integer FROM wait WHERE since > '4680-01-01 BC' AND since <= '0001-12-31 BC'), '>', 500, 'also before the common era');
SELECT cmp_ok((SELECT count(*)::integer FROM wait WHERE date_part('day', since + every) < date_part('day', since)
	AND date_part('day', every) = 0 AND extract(epoch FROM every)::bigint % 86400 = 0), '>', 500, 'and where a month is too short');
SELECT is_empty($$
	SELECT since, every FROM wait, LATERAL (SELECT oracle.first_day(since + every) AS first) AS o
	WHERE since > '4680-01-01 BC' AND ((update_verdict('recertification', ROW(true, true, NULL, NULL, NULL, since, NULL, NULL, NULL)::update_facts,
		ROW(NULL, every, NULL, NULL)::update_policy, o.first)).reason <> 'allowed'
	OR (update_verdict('recertification', ROW(true, true, NULL, NULL, NULL, since, NULL, NULL, NULL)::update_facts,
		ROW(NULL, every, NULL, NULL)::update_policy, o.first - 1)).reason <> 'too_early')
$$, 'on its first day it is allowed, and the day before it is not');

-- What the server refuses is an answer here: limits of dates, of intervals, and all between.
CREATE TEMP TABLE limits AS
	SELECT d AS since, make_interval(months => m, days => n, secs => s) AS every, m, n, s
	FROM (VALUES (date '-infinity'), ('4714-11-24 BC'), ('0001-01-01 BC'), ('2026-11-22'), ('294276-12-31'), ('5874897-12-31'), ('infinity')) AS d (d),
		(VALUES (0), (1), (-1), (2147483647), (-2147483648), (70000000), (-70000000)) AS m (m),
		(VALUES (0), (1), (-1), (2147483647), (-2147483648)) AS n (n),
		(VALUES (0::double precision), (9223372036854), (-9223372036854), (0.000001)) AS s (s);
SELECT is_empty($$
	SELECT since, every FROM limits CROSS JOIN LATERAL (
		SELECT (update_verdict('cyclic', ROW(true, false, NULL, NULL, since, NULL, NULL, NULL, NULL)::update_facts,
			ROW(every, NULL, NULL, NULL)::update_policy, '-infinity')).* OFFSET 0) AS v
	WHERE v.allowed_from IS NULL OR v.reason NOT IN ('allowed', 'too_early')
	OR since IN ('-infinity', 'infinity') AND v.allowed_from <> since
	OR m = 2147483647 AND n >= 0 AND s >= 0 AND since <> '-infinity' AND v.allowed_from <> 'infinity'
	OR m = -2147483648 AND n <= 0 AND s <= 0 AND since <> 'infinity' AND v.allowed_from <> '-infinity'
	OR v.reason <> CASE WHEN v.allowed_from > '-infinity' THEN 'too_early' ELSE 'allowed' END::update_reason
$$, 'no wait is an error: what no date can hold is infinity');
SELECT is((SELECT count(*)::integer FROM limits WHERE isfinite(since)
	AND (update_verdict('cyclic', ROW(true, false, NULL, NULL, since, NULL, NULL, NULL, NULL)::update_facts,
		ROW(every, NULL, NULL, NULL)::update_policy, '-infinity')).allowed_from IS DISTINCT FROM since
	AND m = 0 AND n = 0 AND s = 0), 0, 'no wait ends at once');

-- of 17 on, an interval may be infinite itself
SELECT CASE WHEN current_setting('server_version_num')::integer < 170000 THEN skip('infinite intervals came with 17', 1) ELSE is_empty($$
	SELECT i.every, d.since FROM (VALUES ('infinity'), ('-infinity')) AS i (every), (VALUES (date '-infinity'), ('2026-11-22'), ('infinity')) AS d (since)
	CROSS JOIN LATERAL (SELECT update_verdict('cyclic', ROW(true, false, NULL, NULL, d.since, NULL, NULL, NULL, NULL)::update_facts,
		ROW(i.every::interval, NULL, NULL, NULL)::update_policy, '-infinity') AS v OFFSET 0) AS v
	WHERE (v.v).allowed_from IS DISTINCT FROM CASE WHEN isfinite(d.since) THEN i.every::date ELSE d.since END
	$$, 'an infinite wait has no end, or none at all') END;

-- The store: the view and the single call have the same facts.
\i test/population/population.sql
CALL population.load(300);
SET LOCAL session_replication_role = replica;
UPDATE nser.survey SET started_at = NULL, is_full = household_id % 9 > 0, submitted_at = now() - household_id * interval '5 days';
UPDATE nser.household AS h SET surveyed_on = (SELECT max((v.submitted_at AT TIME ZONE 'Asia/Karachi')::date) FROM nser.survey AS v WHERE v.household_id = h.household_id AND v.is_full);
INSERT INTO nser.programme (code, name, formula, cutoff, recertifies)
VALUES ('cash', 'Cash', 'hies-2015-demo', 40, true), ('meals', 'Meals', 'hies-2015-demo', 100, false);
INSERT INTO nser.relaxation (programme, indicator, cutoff) VALUES ('cash', 'disabled_members', 60);
INSERT INTO nser.enrolment (household_id, area, programme, unit, line, entered_on, entry_reason, certified_on, exited_on, exit_reason)
SELECT h.household_id, h.area, p.programme, 'person', 1 + n, '2020-01-01', 'eligible', registry.today() - 9 * (h.household_id * (2 + n))::integer,
	CASE WHEN h.household_id % 10 = 1 THEN registry.today() END, CASE WHEN h.household_id % 10 = 1 THEN 'left' END
FROM nser.household AS h, (VALUES ('cash'), ('meals')) AS p (programme), generate_series(0, 1) AS n
WHERE h.household_id % 3 = 1 AND p.programme = 'cash' OR h.household_id % 3 = 2 AND p.programme = 'meals';
INSERT INTO nser.update_case (household_id, area, update_type, last_step, state, no_change)
SELECT h.household_id, h.area, c.type, 1, c.state, c.no_change
FROM nser.household AS h, (VALUES (5, 'roster'::update_type, 'submitted'::case_state, NULL), (6, 'grievance', 'screened', NULL), (7, 'roster', 'applied', true))
	AS c (k, type, state, no_change) WHERE h.household_id % 8 = c.k;
INSERT INTO nser.shock (shock_id, name, kind, during, update_window, min_share)
SELECT n, 'Flood ' || n, 'flood', daterange(d, d + 30), daterange(d, d + 30), 0.5 FROM generate_series(1, 5) AS n, LATERAL (SELECT registry.today() + 20 * (n - 3) AS d) AS x;
INSERT INTO nser.shock_household (household_id, shock_id, area, found_by)
SELECT h.household_id, n, h.area, 'area' FROM nser.household AS h, generate_series(1, 5) AS n WHERE (h.household_id * n) % 4 = 1;
UPDATE nser.household SET status = 'dissolved' WHERE household_id % 50 = 0;
UPDATE nser.household SET current_survey = NULL WHERE household_id % 50 = 1;
UPDATE nser.update_policy SET cyclic_for = 'above_cutoff', programme = 'cash';
RESET session_replication_role;
CALL registry.score_all('hies-2015-demo', NULL);
SELECT is_empty($$
	SELECT household_id FROM nser.update_fact AS f WHERE to_jsonb(update_facts_of(f.household_id)) <> to_jsonb(f.facts)
	OR (f.facts).shock_window IS DISTINCT FROM shock_window(f.household_id, today())
$$, 'nser.update_fact, update_facts_of() and shock_window() agree');
SELECT results_eq($$SELECT household_id, update_type, due_on FROM nser.due ORDER BY 1$$, $$
	SELECT h.household_id, t.type, v.allowed_from
	FROM nser.household AS h, (VALUES ('cyclic'::update_type), ('recertification')) AS t (type), LATERAL may_update(h.household_id, t.type) AS v
	WHERE v.allowed OR v.reason = 'too_early' AND (may_update(h.household_id, t.type, v.allowed_from)).allowed ORDER BY 1$$,
	'who is due is who may have an update, now or by waiting');

SELECT * FROM finish();
ROLLBACK;
