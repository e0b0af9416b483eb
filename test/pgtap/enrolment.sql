-- Beneficiaries over 20,000 generated households: single calls agree with the views,
-- each step of the funnel leaves fewer, and what recertification finds is what
-- candidate() says.
BEGIN;
SET client_min_messages = error;
SET jit = off;
\i test/population/population.sql
CALL population.load(20000);
-- what scripts before rolled back may have been counted as empty tables
ANALYZE;
SET search_path = tap, registry, public;
SELECT setseed(0.4);
CALL registry.derive_all(NULL);
CALL registry.score_all('hies-2015-demo', NULL);
ANALYZE nser.family, nser.score, nser.quality_flag;
SELECT plan(29);

INSERT INTO nser.programme (code, name, formula, cutoff, unit) VALUES ('cash', 'Cash', 'hies-2015-demo', 32, 'family'), ('food', 'Food', 'hies-2015-demo', 45, 'household');
INSERT INTO nser.relaxation (programme, indicator, cutoff) VALUES ('cash', 'disabled_members', 37);
INSERT INTO nser.programme_rule (programme, rule_no, purpose, indicator, flag, at_least, at_most, alternative) VALUES
	('cash', 1, 'filter', NULL, 'government_employee', 1, NULL, NULL), ('cash', 2, 'filter', NULL, 'telephone_bill', 1001, NULL, NULL),
	('cash', 3, 'filter', 'landline', NULL, 1, NULL, NULL),
	('cash', 4, 'criterion', 'widows', NULL, 1, NULL, 1), ('cash', 5, 'criterion', 'children_5_16', NULL, 1, NULL, 1), ('cash', 6, 'criterion', 'rooms', NULL, 0, 3, 2);
INSERT INTO nser.person_flag (household_id, line, flag, value, source, as_of, area)
SELECT m.household_id, m.line, CASE WHEN m.line % 2 = 0 THEN 'government_employee' ELSE 'telephone_bill' END, CASE WHEN m.line % 2 = 0 THEN 1 ELSE m.household_id % 2000 END,
	'generated', '2025-01-01', m.area
FROM nser.member AS m WHERE (m.household_id * 31 + m.line) % 17 = 0;

-- what the rules say, by other means: one rule at a time, and three-valued by counting
CREATE TEMP TABLE oracle AS
	SELECT r.programme, h.household_id, r.purpose, r.alternative, r.rule_no,
		CASE WHEN r.flag IS NOT NULL THEN (SELECT count(*) > 0 FROM nser.person_flag AS f WHERE f.household_id = h.household_id AND f.flag = r.flag AND f.value >= r.at_least)
			WHEN (v.indicators -> r.indicator) IS NULL THEN NULL
			ELSE (v.indicators -> r.indicator) >= r.at_least AND (v.indicators -> r.indicator) <= coalesce(r.at_most, 999) END AS holds
	FROM nser.household AS h
	JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	CROSS JOIN nser.programme_rule AS r;
CREATE TEMP TABLE told AS
	SELECT f.household_id,
		CASE WHEN f.yes > 0 THEN false WHEN f.unknown > 0 THEN NULL ELSE true END AS passes_filters,
		CASE WHEN c.no > 0 THEN false WHEN c.unknown > 0 THEN NULL ELSE true END AS meets_criteria
	FROM (SELECT household_id, count(*) FILTER (WHERE holds) AS yes, count(*) FILTER (WHERE holds IS NULL) AS unknown
		  FROM oracle WHERE purpose = 'filter' GROUP BY 1) AS f
	JOIN (SELECT g.household_id, count(*) FILTER (WHERE g.yes = 0 AND g.unknown = 0) AS no, count(*) FILTER (WHERE g.yes = 0 AND g.unknown > 0) AS unknown
		  FROM (SELECT household_id, alternative, count(*) FILTER (WHERE holds) AS yes, count(*) FILTER (WHERE holds IS NULL) AS unknown
				FROM oracle WHERE purpose = 'criterion' GROUP BY 1, 2) AS g GROUP BY 1) AS c USING (household_id);
CREATE TEMP TABLE judged AS SELECT * FROM nser.candidacy;
SELECT is((SELECT count(*)::integer FROM judged), 40000, 'every household is judged in every programme');
SELECT is_empty('SELECT household_id FROM judged AS j JOIN told AS t USING (household_id) WHERE j.programme = ''cash''
	AND (j.passes_filters, j.meets_criteria) IS DISTINCT FROM (t.passes_filters, t.meets_criteria)', 'filters and criteria are as their rules say');
SELECT ok((SELECT count(DISTINCT (passes_filters, meets_criteria)) >= 4 FROM told), 'households of many kinds are among them');
SELECT is_empty('SELECT household_id FROM judged AS j JOIN nser.eligibility AS e USING (programme, household_id)
	WHERE (j.score, j.cutoff, j.eligible) IS DISTINCT FROM (e.score, e.cutoff, e.eligible)', 'scores and cut-offs are those of nser.eligibility');
SELECT is_empty('SELECT household_id FROM judged WHERE candidate(programme, household_id) IS DISTINCT FROM is_candidate', 'candidate() says what nser.candidacy says');
SELECT is_empty('SELECT household_id FROM judged WHERE household_id % 4 = 0 AND eligible(programme, household_id) IS DISTINCT FROM eligible', 'and eligible() too');
SELECT is_empty('SELECT * FROM nser.programme_funnel WHERE NOT (registered >= scored AND scored >= eligible AND eligible >= passes_filters
	AND passes_filters >= meets_criteria AND registered >= invited AND invited >= accepted)', 'each step of the funnel leaves fewer');
SELECT set_eq('SELECT programme, registered, scored, eligible, meets_criteria FROM nser.programme_funnel WHERE area::text = ''PK''',
	'SELECT programme, sum(registered)::bigint AS registered, sum(scored)::bigint AS scored, sum(eligible)::bigint AS eligible, sum(meets_criteria)::bigint AS meets_criteria FROM nser.programme_funnel WHERE level(area) = ''district'' GROUP BY 1',
	'districts add up to the nation');

SELECT set_eq('SELECT f.* FROM (SELECT DISTINCT ancestor(area, ''district'') AS area FROM nser.household) AS d, nser.funnel(''cash'', d.area) AS f WHERE d.area IS NOT NULL',
	'SELECT * FROM nser.programme_funnel WHERE programme = ''cash'' AND level(area) = ''district''', 'nser.funnel() of a district is its row');

-- one list of reasons, in two places
SELECT set_eq('SELECT unnest(exit_reasons())', $$SELECT (regexp_matches(pg_get_constraintdef(oid), '''(\w+)''', 'g'))[1] FROM pg_constraint
	WHERE conrelid = 'nser.enrolment'::regclass AND conname = 'enrolment_exit_reason_check'$$, 'exit_reasons() are those that nser.enrolment takes');

-- ranked: every candidate once, the poorest first; so many places, filled from the top
CREATE TEMP TABLE ranked AS SELECT * FROM rank_candidates('food', places => 500);
SELECT set_eq('SELECT household_id FROM ranked', 'SELECT household_id FROM judged WHERE programme = ''food'' AND is_candidate', 'every candidate is ranked');
SELECT is_empty('SELECT a.household_id FROM ranked AS a JOIN ranked AS b ON b.rank = a.rank + 1 WHERE b.score < a.score OR b.has_place AND NOT a.has_place', 'the poorest first');
SELECT is((SELECT count(*)::integer FROM ranked WHERE has_place), 500, 'every place is filled');

-- enrolled, surveyed anew with answers of others, and recertified
CREATE TEMP TABLE entered AS
	SELECT j.household_id, enrol(j.programme, j.household_id, CASE j.programme WHEN 'cash' THEN f.woman_line END, on_date => '2025-06-01') AS enrolment_id
	FROM judged AS j
	LEFT JOIN nser.family AS f ON j.programme = 'cash' AND f.household_id = j.household_id AND f.survey_id = j.survey_id AND f.counts
	WHERE j.is_candidate AND (j.programme = 'food' OR f.woman_line IS NOT NULL) AND j.household_id % 8 = 0
	AND candidate(j.programme, j.household_id, '2025-06-01');
INSERT INTO nser.survey (household_id, survey_id, indicators, roster, area, update_type, submitted_at)
SELECT h.household_id, 1000000 + h.household_id, complete(other.indicators, v.roster, v.land), v.roster, h.area, 'recertification', '2025-09-01 12:00+05'
FROM nser.household AS h
JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
JOIN nser.household AS o ON o.household_id = 20001 - h.household_id
JOIN nser.survey AS other ON other.household_id = o.household_id AND other.survey_id = o.current_survey
WHERE h.household_id IN (SELECT household_id FROM entered);
UPDATE nser.household AS h SET current_survey = 1000000 + h.household_id WHERE h.household_id IN (SELECT household_id FROM entered);
SELECT registry.score_survey(household_id, current_survey, 'hies-2015-demo'), registry.derive_survey(household_id, current_survey)
FROM nser.household WHERE current_survey > 1000000 \g /dev/null
SELECT recertify_household(household_id, current_survey, '2025-09-01', NULL) FROM nser.household WHERE current_survey > 1000000 \g /dev/null
SELECT is((SELECT count(*) FROM nser.certification), (SELECT count(*) FROM entered), 'every enrolment is recertified');
SELECT is_empty('SELECT e.household_id FROM nser.enrolment AS e JOIN nser.certification AS c USING (household_id, enrolment_id)
	WHERE c.outcome IS DISTINCT FROM CASE candidate(e.programme, e.household_id, ''2025-09-01'') WHEN true THEN ''kept'' WHEN false THEN ''exited'' ELSE ''unknown'' END',
	'outcomes are what candidate() says by the new survey');
SELECT is_empty('SELECT e.household_id FROM nser.enrolment AS e JOIN nser.certification AS c USING (household_id, enrolment_id)
	WHERE (e.exited_on IS NOT NULL) <> (c.outcome = ''exited'') OR (e.certified_on = ''2025-09-01'') <> (c.outcome = ''kept'')', 'and are what was done');
SELECT is((SELECT count(DISTINCT outcome)::integer FROM nser.certification), 3, 'all three outcomes are among them');

-- why a score changed: the changes add up, wherever both are known
SELECT is_empty($$
	SELECT v.household_id FROM nser.survey AS v
	JOIN nser.household AS h ON h.household_id = v.household_id AND h.current_survey > 1000000 AND v.survey_id <> h.current_survey
	JOIN nser.score AS b ON b.household_id = v.household_id AND b.survey_id = v.survey_id
	JOIN nser.score AS a ON a.household_id = v.household_id AND a.survey_id = h.current_survey
	WHERE a.score IS NOT NULL AND b.score IS NOT NULL
	AND (SELECT coalesce(sum(c.change), 0) FROM score_change(v.household_id, v.survey_id, h.current_survey, 'hies-2015-demo') AS c)
		<> a.score::numeric - b.score::numeric$$, 'changes of terms add up to that of the score');
-- bands: everyone who has a score on both days is in one cell
SELECT is((SELECT sum(households) FROM band_transitions('hies-2015-demo', '2025-06-01', '2025-12-31')),
	(SELECT count(*)::numeric FROM nser.household AS h
	 JOIN nser.score AS a ON a.household_id = h.household_id AND a.survey_id = h.current_survey AND a.score IS NOT NULL
	 WHERE EXISTS (SELECT FROM nser.survey AS v JOIN nser.score AS b USING (household_id, survey_id)
				   WHERE v.household_id = h.household_id AND v.survey_id < 1000000 AND b.score IS NOT NULL AND v.submitted_at < '2025-06-02 00:00+05')),
	'every household is in one cell of the matrix');
-- people die, leave, move out and come together: benefits go with them, and none is left behind or doubled
CREATE FUNCTION pg_temp.astray() RETURNS TABLE (what text, household_id bigint, enrolment_id bigint) LANGUAGE sql AS $$
	SELECT 'held by who lives there', e.household_id, e.enrolment_id FROM nser.enrolment AS e
	WHERE e.exited_on IS NULL AND e.line IS NOT NULL AND NOT EXISTS (
		SELECT FROM nser.member AS m WHERE m.household_id = e.household_id AND m.line = e.line AND m.valid_to IS NULL AND m.superseded_at IS NULL)
	UNION ALL SELECT 'a household is registered', e.household_id, e.enrolment_id FROM nser.enrolment AS e JOIN nser.household AS h USING (household_id)
	WHERE e.exited_on IS NULL AND h.status <> 'registered'
	UNION ALL SELECT 'one number, one benefit of a programme', min(e.household_id), min(e.enrolment_id) FROM nser.enrolment AS e
	WHERE e.exited_on IS NULL AND e.recipient IS NOT NULL AND e.line IS NOT NULL GROUP BY e.programme, e.recipient HAVING count(*) > 1
	UNION ALL SELECT 'the recipient is the holder', e.household_id, e.enrolment_id FROM nser.enrolment AS e JOIN nser.member AS m
		ON m.household_id = e.household_id AND m.line = e.line AND m.valid_to IS NULL AND m.superseded_at IS NULL
	WHERE e.exited_on IS NULL AND m.cnic IS DISTINCT FROM e.recipient
	UNION ALL SELECT 'what moved goes on elsewhere', e.household_id, e.enrolment_id FROM nser.enrolment AS e
	WHERE e.exit_reason = 'moved' AND NOT EXISTS (
		SELECT FROM nser.enrolment AS n WHERE n.programme = e.programme AND n.entry_reason = 'moved' AND n.entered_on = e.exited_on
		AND n.recipient IS NOT DISTINCT FROM e.recipient AND n.certified_on = e.certified_on AND n.household_id <> e.household_id)
$$;
SELECT is_empty('SELECT * FROM pg_temp.astray()', 'benefits are where their people are');
CREATE TEMP TABLE attempt (operation text, sqlstate text);
CREATE FUNCTION pg_temp.try(no integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	hold	record;
	other	bigint;
	rest	integer;
	code	text;
	what	text := (ARRAY['died', 'left', 'split', 'merge', 'duplicate', 'undo'])[1 + no % 6];
BEGIN
	SELECT e.household_id, coalesce(e.line, 1)::integer AS line INTO hold FROM nser.enrolment AS e
	WHERE what = 'undo' AND e.exit_reason IN ('recipient_died', 'left', 'duplicate') OR what <> 'undo' AND e.exited_on IS NULL ORDER BY random() LIMIT 1;
	-- nothing has ended yet
	IF NOT FOUND THEN
		RETURN;
	END IF;
	SELECT e.household_id INTO other FROM nser.enrolment AS e WHERE e.exited_on IS NULL AND e.household_id <> hold.household_id ORDER BY random() LIMIT 1;
	SELECT min(m.line) INTO rest FROM nser.member AS m
	WHERE m.household_id = hold.household_id AND m.line <> hold.line AND m.valid_to IS NULL AND m.superseded_at IS NULL;
	IF registry.head_line(hold.household_id) <> hold.line THEN
		rest := NULL;
	END IF;
	CASE what
		WHEN 'split' THEN PERFORM registry.split_household(hold.household_id, ARRAY[hold.line], hold.line, rest_head => rest);
		WHEN 'merge' THEN PERFORM registry.merge_households(hold.household_id, other, 'other');
		WHEN 'undo' THEN PERFORM registry.reinstate_member(hold.household_id, hold.line);
		ELSE PERFORM registry.end_member(hold.household_id, hold.line, what, registry.today() - no % 4 * 30, new_head => rest);
	END CASE;
	INSERT INTO attempt VALUES (what, 'ok');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
	INSERT INTO attempt VALUES (what, code);
END $$;
SELECT setval('nser.household_household_id_seq', 30000) \g /dev/null
SELECT pg_temp.try(no) FROM generate_series(1, 300) AS no \g /dev/null
SELECT is((SELECT count(*)::integer FROM (SELECT operation FROM attempt WHERE sqlstate = 'ok' GROUP BY 1 HAVING count(*) >= 10) AS x), 6, 'every operation was done');
SELECT is_empty('SELECT * FROM attempt WHERE sqlstate NOT IN (''ok'', ''P0002'', ''22023'', ''23505'', ''23514'', ''55000'')', 'what is refused is refused with what was wrong');
SELECT is_empty('SELECT * FROM pg_temp.astray()', 'and are so after hundreds of moves');
SELECT ok((SELECT count(DISTINCT exit_reason) >= 6 FROM nser.enrolment), 'they ended for many reasons');
-- what was undone is back, and nobody holds a benefit twice on one day
CREATE TEMP VIEW last_held AS SELECT DISTINCT ON (household_id, programme, line) * FROM nser.enrolment ORDER BY household_id, programme, line, entered_on DESC, enrolment_id DESC;
SELECT is_empty($$SELECT e.household_id FROM last_held AS e JOIN nser.member AS m ON m.household_id = e.household_id AND m.line = e.line AND m.valid_to IS NULL AND m.superseded_at IS NULL
	WHERE e.exit_reason IN ('recipient_died', 'left', 'duplicate')$$, 'who lives after all has what death took');
SELECT is_empty($$SELECT e.household_id FROM last_held AS e JOIN nser.household AS h USING (household_id)
	WHERE e.line IS NULL AND e.exit_reason = 'dissolved' AND h.status = 'registered'$$, 'and so has a household that is one again');
SELECT is_empty($$SELECT e.household_id FROM last_held AS e JOIN nser.household AS h USING (household_id) WHERE e.line IS NULL AND h.status IN ('dissolved', 'merged')
	AND e.exit_reason IN ('dissolved', 'merged')
	AND e.exited_on IS DISTINCT FROM greatest(e.entered_on, (SELECT max(m.valid_to) FROM nser.member AS m WHERE m.household_id = e.household_id AND m.superseded_at IS NULL))$$,
	'its own ends on the day the last one went');
SELECT is_empty($$SELECT a.household_id FROM nser.enrolment AS a JOIN nser.enrolment AS b ON b.programme = a.programme AND b.enrolment_id > a.enrolment_id
	AND (b.household_id, coalesce(b.line, 0)) = (a.household_id, coalesce(a.line, 0)) AND daterange(a.entered_on, a.exited_on) && daterange(b.entered_on, b.exited_on)$$,
	'no benefit is held twice on one day');
-- the rules are not blind
SET session_replication_role = replica;
DELETE FROM nser.enrolment WHERE entry_reason = 'moved';
UPDATE nser.enrolment SET line = 200 WHERE enrolment_id = (SELECT min(enrolment_id) FROM nser.enrolment WHERE exited_on IS NULL AND line IS NOT NULL);
UPDATE nser.household SET status = 'merged' WHERE household_id = (SELECT min(household_id) FROM nser.enrolment WHERE exited_on IS NULL AND line IS NULL);
UPDATE nser.enrolment SET recipient = '10101-1111111-1' WHERE enrolment_id IN (SELECT enrolment_id FROM nser.enrolment WHERE exited_on IS NULL AND line < 200 ORDER BY 1 DESC LIMIT 2);
SELECT is((SELECT count(DISTINCT what)::integer FROM pg_temp.astray()), 5, 'what is broken is seen');
SELECT * FROM finish();
ROLLBACK;
