--
-- Updates: may a household have one, why not, and from when
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET timezone = 'UTC';
SET client_min_messages = warning;
CALL registry.create_store();
RESET client_min_messages;
SET search_path = registry, public;

SELECT * FROM update_reasons();

-- the rules alone: a household's facts, by the default policy, on 22 November 2026
CREATE TEMP TABLE example (no integer, of text, type update_type, facts update_facts);
INSERT INTO example VALUES
	(1, 'missed out', 'missed_out', ROW(false, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL)),
	(2, 'registered', 'missed_out', ROW(true, false, 40, 32, '2025-01-10', NULL, NULL, NULL, NULL)),
	(3, 'missed out, and asked already', 'missed_out', ROW(false, false, NULL, NULL, NULL, NULL, NULL, NULL, 'missed_out')),
	(4, 'registered', 'roster', ROW(true, true, 20, 32, '2025-01-10', '2025-01-10', NULL, NULL, NULL)),
	(5, 'not registered', 'roster', ROW(false, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL)),
	(6, 'registered, another case open', 'roster', ROW(true, true, 20, 32, '2025-01-10', '2025-01-10', NULL, NULL, 'cyclic')),
	(7, 'in a flood', 'shock', ROW(true, true, 20, 32, '2025-01-10', '2025-01-10', '[2026-09-01,2026-11-22]', NULL, NULL)),
	(8, 'in a flood whose window opens', 'shock', ROW(true, true, 20, 32, '2025-01-10', '2025-01-10', '[2026-12-01,2027-02-28]', NULL, NULL)),
	(9, 'in a flood whose window closed', 'shock', ROW(true, true, 20, 32, '2025-01-10', '2025-01-10', '[2026-09-01,2026-11-21]', NULL, NULL)),
	(10, 'in no flood', 'shock', ROW(true, true, 20, 32, '2025-01-10', '2025-01-10', NULL, NULL, NULL)),
	(11, 'a widow''s, above the cut-off', 'appeal', ROW(true, false, 40, 32, '2025-01-10', NULL, NULL, true, NULL)),
	(12, 'no beneficiary, two years on', 'cyclic', ROW(true, false, 40, 32, '2024-11-22', NULL, NULL, NULL, NULL)),
	(13, 'a day less', 'cyclic', ROW(true, false, 40, 32, '2024-11-23', NULL, NULL, NULL, NULL)),
	(14, 'never surveyed in full', 'cyclic', ROW(true, false, NULL, NULL, '-infinity', NULL, NULL, NULL, NULL)),
	(15, 'a beneficiary', 'cyclic', ROW(true, true, 20, 32, '2020-01-10', '2020-01-10', NULL, NULL, NULL)),
	(16, 'a beneficiary, three years on', 'recertification', ROW(true, true, 20, 32, '2020-01-10', '2023-11-22', NULL, NULL, NULL)),
	(17, 'a day less', 'recertification', ROW(true, true, 20, 32, '2020-01-10', '2023-11-23', NULL, NULL, NULL)),
	(18, 'no beneficiary', 'recertification', ROW(true, false, 20, 32, '2020-01-10', NULL, NULL, NULL, NULL)),
	(19, 'not known whether a beneficiary', 'cyclic', ROW(true, NULL, 40, 32, '2020-01-10', NULL, NULL, NULL, NULL)),
	(20, 'the same, and too early all the same', 'cyclic', ROW(true, NULL, 40, 32, '2025-01-10', NULL, NULL, NULL, NULL)),
	(21, 'registered, another case open', 'correction', ROW(true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'roster')),
	(22, 'registered', 'correction', ROW(true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)),
	(23, 'anybody', 'grievance', NULL);
SELECT e.no, e.of, e.type, v.*
FROM example AS e CROSS JOIN LATERAL update_verdict(e.type, e.facts, NULL, '2026-11-22') AS v
ORDER BY e.no;

-- every type, of nobody and on no day; and of no type
SELECT t, v.* FROM unnest(enum_range(NULL::update_type) || NULL::update_type) AS t, update_verdict(t, NULL, NULL, NULL) AS v;

-- appeals, once launched
SELECT a.condition, a.beneficiary, v.allowed, v.reason
FROM (VALUES (true, false), (false, false), (true, true), (NULL, false)) AS a (condition, beneficiary),
	update_verdict('appeal', ROW(true, a.beneficiary, NULL, NULL, NULL, NULL, NULL, a.condition, NULL)::update_facts,
		ROW(NULL, NULL, true, NULL)::update_policy, '2026-11-22') AS v;
-- cyclic for those above the cut-off alone; a word that is not known is the stricter
SELECT p.cyclic_for, s.score, s.cutoff, v.allowed, v.reason
FROM (VALUES ('non_beneficiary'), ('above_cutoff'), ('everybody')) AS p (cyclic_for),
	(VALUES (32.01, 32), (32, 32), (NULL, 32), (40, NULL), ('NaN'::float8, 32)) AS s (score, cutoff),
	update_verdict('cyclic', ROW(true, false, s.score, s.cutoff, '2020-01-01', NULL, NULL, NULL, NULL)::update_facts,
		ROW(NULL, NULL, NULL, p.cyclic_for)::update_policy, '2026-11-22') AS v;
-- a month that has no such day ends on its last; later than midnight is the next day; never is infinity
SELECT w.last_survey, w.every, v.reason, v.allowed_from
FROM (VALUES ('2024-02-29'::date, NULL::interval), ('2024-02-29', '4 years'), ('2024-12-31', '2 months'), ('2026-11-21', '1 day'),
		('2026-11-21', '1 day 00:00:01'), ('2026-11-22', '-1 day'), ('2026-11-22', '2147483647 months'), ('-infinity', '2147483647 months'),
		('infinity', '2 years'), ('5874897-12-31', '1 day'), (NULL, '2 years')) AS w (last_survey, every),
	update_verdict('cyclic', ROW(true, false, NULL, NULL, w.last_survey, NULL, NULL, NULL, NULL)::update_facts,
		ROW(w.every, NULL, NULL, NULL)::update_policy, '2026-11-22') AS v;
-- windows
SELECT w.shock_window, v.reason, v.allowed_from
FROM (VALUES ('empty'::daterange), ('(,)'), ('(,2026-11-22)'), ('(,2026-11-22]'), ('[2026-11-22,)'), ('[2026-11-23,)'), ('[infinity,]')) AS w (shock_window),
	update_verdict('shock', ROW(true, NULL, NULL, NULL, NULL, NULL, w.shock_window, NULL, NULL)::update_facts, NULL, '2026-11-22') AS v;
-- what is stored as a column, or comes from a domain, is read as well
CREATE TABLE kept (facts update_facts, policy update_policy);
INSERT INTO kept VALUES (ROW(true, true, 20, 32, '2020-01-10', '2023-11-23', '[2026-12-01,)', true, NULL), ROW('2 years', '1 year', true, repeat('x', 5000))), (NULL, NULL);
SELECT v.* FROM kept AS k CROSS JOIN LATERAL update_verdict('recertification', k.facts, k.policy, '2026-11-22') AS v;
DROP TABLE kept;
CREATE DOMAIN strict_facts AS update_facts CHECK ((VALUE).registered IS NOT NULL);
SELECT v.* FROM update_verdict('roster', ROW(true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::strict_facts, NULL, NULL) AS v;
DROP DOMAIN strict_facts;

-- the store: 1 to 9 are registered, of two districts; 10 has asked to be
INSERT INTO nser.household (household_id, area, registered_on, status)
SELECT h, CASE WHEN h < 6 THEN 'PK617' ELSE 'PK705' END::area_code, '2020-01-01', CASE WHEN h < 10 THEN 'registered' ELSE 'requested' END FROM generate_series(1, 10) AS h;
INSERT INTO nser.survey (household_id, survey_id, indicators, area, submitted_at, update_type, is_full) VALUES
	(1, 1, '{"widows": 0, "elderly": 0}', 'PK617', '2024-02-28 20:00+00', 'missed_out', true),		-- the 29th in Pakistan
	(1, 2, '{"widows": 1, "elderly": 0}', 'PK617', '2026-05-01 10:00+05', 'roster', false),
	(2, 1, '{"widows": 0, "elderly": 2}', 'PK617', '2020-01-01 10:00+05', 'missed_out', true),
	(2, 2, '{"widows": 0, "elderly": 0}', 'PK617', '2025-06-30 10:00+05', 'cyclic', true),
	(3, 1, '{"widows": 0}', 'PK617', '2021-03-01 10:00+05', 'missed_out', true),
	(4, 1, '{}', 'PK617', '2021-03-01 10:00+05', 'missed_out', false),
	(6, 1, '{}', 'PK705', '2021-03-01 10:00+05', 'missed_out', true);
UPDATE nser.household SET current_survey = CASE household_id WHEN 1 THEN 2 WHEN 2 THEN 2 ELSE 1 END WHERE household_id IN (1, 2, 3, 4, 6);
INSERT INTO nser.programme (code, name, formula, cutoff, recertifies) VALUES
	('cash', 'Cash', 'hies-2015-demo', 32, true), ('nutrition', 'Nutrition', 'hies-2015-demo', 32, true), ('meals', 'School meals', 'hies-2015-demo', 100, false);
-- as they are after the cases and enrolments that others test
SET session_replication_role = replica;
INSERT INTO nser.enrolment (household_id, area, programme, unit, line, entered_on, entry_reason, certified_on, exited_on, exit_reason) VALUES
	(3, 'PK617', 'cash', 'family', 1, '2021-05-01', 'eligible', '2024-05-01', NULL, NULL),
	(3, 'PK617', 'nutrition', 'person', 2, '2023-08-15', 'eligible', '2023-08-15', NULL, NULL),		-- falls due first
	(2, 'PK617', 'meals', 'household', NULL, '2021-05-01', 'loaded', '2021-05-01', NULL, NULL),		-- makes nobody a beneficiary
	(6, 'PK705', 'cash', 'family', 1, '2021-05-01', 'eligible', '2021-05-01', '2024-05-01', 'no_longer_eligible');
INSERT INTO nser.update_case (household_id, area, update_type, last_step, state, no_change) VALUES
	(5, 'PK617', 'roster', 2, 'screened', NULL), (6, 'PK705', 'grievance', 1, 'requested', NULL), (6, 'PK705', 'roster', 5, 'applied', true),
	(10, 'PK705', 'missed_out', 1, 'requested', NULL);
INSERT INTO nser.shock (shock_id, name, kind, during, update_window, min_share) VALUES
	(1, 'Floods', 'flood', '[2026-06-14,2026-09-30]', '[2026-09-01,2026-12-31]', 0.5),
	(2, 'Next floods', 'flood', '[2027-06-14,2027-09-30]', '[2027-09-01,2027-12-31]', 0.5);
INSERT INTO nser.shock_household (household_id, shock_id, area, found_by) VALUES (7, 1, 'PK705', 'area'), (7, 2, 'PK705', 'area'), (8, 2, 'PK705', 'area');
RESET session_replication_role;

-- the day of the last full survey follows what is inserted, late or many at once, and is nobody's to write
SELECT household_id, surveyed_on FROM nser.household WHERE surveyed_on IS NOT NULL ORDER BY 1;
BEGIN;
INSERT INTO nser.survey (household_id, indicators, area, submitted_at, is_full)
SELECT h, '{}', CASE WHEN h < 6 THEN 'PK617' ELSE 'PK705' END::area_code, d, f FROM generate_series(9, 1, -1) AS h,
	(VALUES ('2025-06-29 18:59+00'::timestamptz, true), ('2025-06-29 19:00+00', true), ('2023-01-01 10:00+05', true), ('2026-10-01 10:00+05', false)) AS d (d, f);
SELECT surveyed_on, array_agg(household_id ORDER BY household_id) FROM nser.household GROUP BY 1 ORDER BY 1;
ROLLBACK;
UPDATE nser.household SET surveyed_on = '2026-01-01' WHERE household_id = 1;
UPDATE nser.household SET surveyed_on = NULL WHERE household_id = 1;
UPDATE nser.household SET surveyed_on = '2026-01-01' WHERE household_id = 4;
INSERT INTO nser.household (household_id, area, surveyed_on) VALUES (11, 'PK617', '2026-01-01');
-- what is written as it was is no change; one that a load left out comes with the next survey, however late that is
UPDATE nser.household SET surveyed_on = surveyed_on, address = address WHERE household_id = 1;
BEGIN;
SET session_replication_role = replica;
UPDATE nser.household SET surveyed_on = NULL WHERE household_id = 1 RETURNING surveyed_on;
RESET session_replication_role;
INSERT INTO nser.survey (household_id, indicators, area, submitted_at) VALUES (1, '{}', 'PK617', '2015-01-01 10:00+05');
SELECT surveyed_on FROM nser.household WHERE household_id = 1;
ROLLBACK;
-- neither by who sees the household and not its surveys, nor by who sees the survey and not the household
CREATE ROLE regress_nser_half;
GRANT USAGE ON SCHEMA nser TO regress_nser_half;
GRANT SELECT, INSERT, UPDATE ON nser.household, nser.survey, nser.household_place TO regress_nser_half;
CREATE POLICY half ON nser.household TO regress_nser_half USING (true);
SET ROLE regress_nser_half;
UPDATE nser.household SET surveyed_on = NULL WHERE household_id = 1;
RESET ROLE;
DROP POLICY half ON nser.household;
CREATE POLICY half ON nser.survey TO regress_nser_half USING (true);
SET ROLE regress_nser_half;
INSERT INTO nser.survey (household_id, indicators, area, submitted_at, is_full) VALUES (1, '{}', 'PK617', '2026-01-01 10:00+05', true);
RESET ROLE;
DROP POLICY half ON nser.survey;
DROP OWNED BY regress_nser_half;
DROP ROLE regress_nser_half;

SELECT * FROM update_facts_of(1, '2026-11-22');
SELECT * FROM may_update(1, 'cyclic', '2026-02-27');
SELECT h AS household, t.type, v.*
FROM (VALUES (1, 'cyclic'::update_type), (2, 'cyclic'), (2, 'recertification'), (3, 'cyclic'), (3, 'recertification'), (4, 'cyclic'), (5, 'roster'), (5, 'grievance'),
		(6, 'cyclic'), (6, 'missed_out'), (7, 'shock'), (8, 'shock'), (9, 'shock'), (9, 'correction'), (1, 'appeal'), (10, 'missed_out'), (10, 'roster')) AS t (h, type)
CROSS JOIN LATERAL may_update(t.h, t.type, '2026-06-30') AS v;
-- the shock's window that holds the day, or the next
SELECT d AS on_date, v.* FROM unnest('{2026-08-31,2026-09-01,2026-12-31,2027-01-01,2028-01-01}'::date[]) AS d, may_update(7, 'shock', d) AS v;
-- who is not registered has no number; one that there is not is refused
SELECT * FROM may_update(NULL, 'missed_out', '2026-11-22');
SELECT * FROM may_update(NULL, 'roster', '2026-11-22');
SELECT * FROM may_update(99, 'roster', '2026-11-22');
SELECT * FROM may_update(1, NULL, '2026-11-22');
SELECT * FROM may_update(1, 'cyclic', NULL);

-- policy is dated: from 2027 on appeals are taken, and cyclic updates come after 18 months for those above a cut-off
UPDATE nser.update_policy SET valid = daterange(NULL, '2027-01-01');
INSERT INTO nser.update_policy (valid, cyclic_every, appeal_launched, cyclic_for, programme, source)
VALUES ('[2027-01-01,)', '18 months', true, 'above_cutoff', 'cash', 'a circular');
SELECT d AS on_date, p.* FROM unnest('{2026-12-31,2027-01-01}'::date[]) AS d, policy_on(d) AS p;
SELECT h AS household, v.* FROM generate_series(1, 4) AS h, may_update(h, 'appeal', '2027-01-01') AS v;
INSERT INTO nser.score (household_id, survey_id, score, area, formula) VALUES (2, 2, 35, 'PK617', 'hies-2015-demo'), (1, 2, 30, 'PK617', 'hies-2015-demo');
-- 2 may have a cut-off of 37: nobody knows whether it has a disabled member
INSERT INTO nser.relaxation (programme, indicator, cutoff) VALUES ('cash', 'disabled_members', 37);
SELECT h AS household, (update_facts_of(h, '2027-01-01')).score, (update_facts_of(h, '2027-01-01')).cutoff, v.* FROM generate_series(1, 4) AS h, may_update(h, 'cyclic', '2027-01-01') AS v;
-- the cut-off is that of the day
INSERT INTO nser.programme_cutoff (programme, valid, cutoff) VALUES ('cash', '[2027-06-01,)', 16);
SELECT d AS on_date, (update_facts_of(1, d)).cutoff, v.* FROM unnest('{2027-05-31,2027-06-01}'::date[]) AS d, may_update(1, 'cyclic', d) AS v;
DELETE FROM nser.programme_cutoff;
-- a day without a row has the defaults
DELETE FROM nser.update_policy WHERE valid @> '2027-01-01'::date;
SELECT policy_on('2027-01-01'), v.* FROM may_update(2, 'cyclic', '2027-06-29') AS v;
-- refused: two for a day, no time at all, a word that is not known, a cut-off of nothing
INSERT INTO nser.update_policy (valid) VALUES ('[2026-12-01,2027-06-01)');
INSERT INTO nser.update_policy (valid, cyclic_every) VALUES ('[2027-01-01,)', '0');
INSERT INTO nser.update_policy (valid, cyclic_for) VALUES ('[2027-01-01,)', 'everybody');
INSERT INTO nser.update_policy (valid, cyclic_for) VALUES ('[2027-01-01,)', 'above_cutoff');
INSERT INTO nser.appeal_condition (indicator) VALUES ('widowers');

-- who is due, today and later; the wait is in days here, so that it is the same every day
UPDATE nser.update_policy SET valid = daterange(NULL, NULL), cyclic_every = '730 days', recertify_every = '1095 days';
SET session_replication_role = replica;
UPDATE nser.survey SET submitted_at = (today() - 730 + CASE household_id WHEN 1 THEN 40 WHEN 2 THEN 1 ELSE 0 END + time '12:00') AT TIME ZONE 'Asia/Karachi'
WHERE is_full AND NOT (household_id = 2 AND survey_id = 1);
UPDATE nser.household AS h SET surveyed_on = (SELECT max((v.submitted_at AT TIME ZONE 'Asia/Karachi')::date) FROM nser.survey AS v WHERE v.household_id = h.household_id AND v.is_full);
UPDATE nser.enrolment SET certified_on = today() - 1095 + 20 WHERE household_id = 3 AND programme = 'nutrition';
UPDATE nser.enrolment SET certified_on = today() - 1095 + 30 WHERE household_id = 3 AND programme = 'cash';
RESET session_replication_role;
SELECT d.household_id, d.area, d.update_type, d.due_on - today() AS days, d.month = date_trunc('month', d.due_on) AS month_is_first,
	d.last_survey - today() AS surveyed, d.last_certified - today() AS certified
FROM nser.due AS d ORDER BY d.household_id;
-- the same, one by one
SELECT d.household_id, d.update_type, v.reason, v.allowed_from = d.due_on AS agrees
FROM nser.due AS d CROSS JOIN LATERAL may_update(d.household_id, d.update_type) AS v ORDER BY d.household_id;
-- of 2 it is not known whether it is above the cut-off, and the day is not yet there: it is not due
UPDATE nser.update_policy SET cyclic_for = 'above_cutoff', programme = 'cash';
SELECT v.* FROM may_update(2, 'cyclic') AS w CROSS JOIN LATERAL may_update(2, 'cyclic', w.allowed_from) AS v WHERE w.reason = 'too_early' AND v.reason <> 'allowed';
SELECT d.household_id, d.update_type FROM nser.due AS d ORDER BY d.household_id;
UPDATE nser.update_policy SET cyclic_for = 'non_beneficiary', programme = NULL;
SELECT m.area, m.update_type, sum(m.households) AS households, bool_and(m.month >= date_trunc('month', today())) AS from_this_month_on
FROM nser.due_month AS m GROUP BY m.area, m.update_type ORDER BY 1, 2;
-- for a district's staff: theirs
CREATE ROLE regress_registry_due;
GRANT USAGE ON SCHEMA nser TO regress_registry_due;
GRANT SELECT ON ALL TABLES IN SCHEMA nser TO regress_registry_due;
SET client_min_messages = error;
SELECT limit_role('regress_registry_due', 'PK705') > 0 AS limited;
RESET client_min_messages;
SET ROLE regress_registry_due;
SELECT d.household_id, d.area FROM nser.due AS d ORDER BY d.household_id;
SELECT * FROM may_update(1, 'cyclic');
RESET ROLE;
DROP OWNED BY regress_registry_due;
DROP ROLE regress_registry_due;

-- of many: verdicts by reason, the policy and the day taken once
SELECT (v.verdict).reason, count(*)
FROM (SELECT update_verdict('cyclic', f.facts, (SELECT policy_on(today())), (SELECT today())) AS verdict FROM nser.update_fact AS f OFFSET 0) AS v
GROUP BY 1 ORDER BY 1;

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
