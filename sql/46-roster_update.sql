
-- roster_update: the roster of a household whose members changed, recorded anew --

-- Where nser.member knows what everyone is, no roster is composed.
CREATE FUNCTION registry.head_line(household_id bigint) RETURNS integer
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	head		integer;
	is_known	boolean;
BEGIN
	SELECT min(m.line) FILTER (WHERE m.relationship = 'head'), bool_and(m.relationship IS NOT NULL) INTO head, is_known
	FROM nser.member AS m
	WHERE m.household_id = head_line.household_id AND m.valid_to IS NULL AND m.superseded_at IS NULL;
	IF is_known THEN
		RETURN head;
	END IF;
	RETURN (SELECT min(r.line) FROM registry.members(registry.live_roster(head_line.household_id, registry.today())) AS r WHERE r.relationship = 'head');
END;
$$;
COMMENT ON FUNCTION registry.head_line(bigint) IS 'the line of a household''s head, by nser.member, else by its last full survey; NULL if there is none';

CREATE FUNCTION registry.record_roster(household_id bigint, on_date date, from_household bigint DEFAULT NULL,
									   from_lines integer[] DEFAULT '{}', lines integer[] DEFAULT '{}', by_case bigint DEFAULT NULL,
									   disabled_line integer DEFAULT NULL, disabilities text[] DEFAULT NULL, agrees boolean DEFAULT false)
	RETURNS bigint
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	heads		bigint;
	live		integer[];
	ever		integer[];
	latest		date;
	asked		timestamptz;
	composed	registry.roster;
	before		record;
	answers		registry.indicators;
	recorded	bigint;
	taken_at	timestamptz;
BEGIN
	-- under a case it is of the moment the case was submitted, however late that arrives
	SELECT s.taken_at INTO taken_at
	FROM nser.case_step AS s
	WHERE s.household_id IN (record_roster.household_id, record_roster.from_household) AND s.case_id = record_roster.by_case AND s.event = 'submit'
	ORDER BY s.step DESC LIMIT 1;
	taken_at := coalesce(taken_at, now());
	-- ages never go back, however late a change is recorded
	SELECT array_agg(DISTINCT m.line), max(greatest(m.valid_from, m.valid_to)) FILTER (WHERE m.superseded_at IS NULL),
		(SELECT max(v.submitted_at) FROM nser.survey AS v WHERE v.household_id = record_roster.household_id AND v.is_full) INTO ever, latest, asked
	FROM nser.member AS m
	WHERE m.household_id = record_roster.household_id;
	composed := registry.live_roster(record_roster.household_id, greatest(least(record_roster.on_date, (taken_at AT TIME ZONE 'Asia/Karachi')::date), latest,
		(asked AT TIME ZONE 'Asia/Karachi')::date), '{}', record_roster.from_household, record_roster.from_lines, record_roster.lines);
	-- kin who used to live here live elsewhere now
	WITH r AS MATERIALIZED (
		SELECT m.*, CASE WHEN m.line = record_roster.disabled_line THEN record_roster.disabilities ELSE m.disabilities END AS disabled
		FROM registry.members(composed) AS m
	), l AS MATERIALIZED (
		SELECT count(*) FILTER (WHERE r.relationship = 'head') AS heads, array_agg(r.line) AS lines FROM r
	), ended AS MATERIALIZED (
		SELECT ARRAY(SELECT u.line FROM unnest(ever) AS u (line) WHERE u.line <> ALL (l.lines)) AS lines FROM l
	)
	SELECT min(l.heads), min(l.lines), registry.roster_agg(r.line, r.relationship, r.sex, r.age, r.marital_status,
		CASE WHEN r.spouse_line = ANY (e.lines) THEN 0 ELSE r.spouse_line END,
		CASE WHEN r.father_line = ANY (e.lines) THEN 0 ELSE r.father_line END,
		CASE WHEN r.mother_line = ANY (e.lines) THEN 0 ELSE r.mother_line END,
		r.class, r.ever_attended, r.attending_school, r.literate, r.employment, r.work, r.elementary_occupation,
		r.disabled, r.chronic_diseases) INTO heads, live, composed
	FROM r CROSS JOIN l CROSS JOIN ended AS e;
	IF live IS NULL THEN
		RETURN NULL;
	END IF;
	IF heads <> 1 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'check_violation',
			MESSAGE = format('household %s would have %s', record_roster.household_id, CASE WHEN heads = 0 THEN 'no head' ELSE heads || ' heads' END),
			HINT = 'A household has one head; registry.change_head() changes who it is.';
	END IF;

	SELECT v.household_id, v.survey_id, v.indicators, v.land, v.submitted_at, h.area INTO before
	FROM nser.household AS h
	JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	WHERE h.household_id IN (record_roster.household_id, record_roster.from_household)
	ORDER BY h.household_id <> record_roster.household_id LIMIT 1;
	IF NOT FOUND THEN
		RETURN NULL;		-- never surveyed: the survey to come has the roster
	END IF;
	-- what the caller wrote since it asked is newer than the survey, unless that is of a day to come
	IF (NOT record_roster.agrees OR before.submitted_at > now())
	AND EXISTS (SELECT FROM registry.survey_differences(record_roster.household_id) AS d WHERE d.line = ANY (live)) THEN
		RETURN NULL;		-- the other lines it differs in come first
	END IF;
	answers := before.indicators;
	IF before.household_id <> record_roster.household_id THEN
		-- where it lives is known, and nothing else
		SELECT jsonb_strip_nulls(jsonb_build_object(
				'province', CASE WHEN registry.ancestor(h.area, 'province') OPERATOR(registry.=) registry.ancestor(before.area, 'province')
					THEN before.indicators OPERATOR(registry.->>) 'province' END,
				'region', CASE WHEN h.area OPERATOR(registry.=) before.area
					THEN before.indicators OPERATOR(registry.->>) 'region' END))::registry.indicators INTO answers
		FROM nser.household AS h WHERE h.household_id = record_roster.household_id;
	END IF;

	recorded := registry.record_survey(record_roster.household_id, answers, composed,
		land => CASE WHEN before.household_id = record_roster.household_id THEN before.land END, update_type => 'roster',
		submitted_at => greatest(taken_at, CASE WHEN before.household_id = record_roster.household_id THEN before.submitted_at END),
		is_full => false, by_case => record_roster.by_case);
	PERFORM registry.score_survey(record_roster.household_id, recorded, s.formula)
	FROM nser.score AS s
	WHERE s.household_id = before.household_id AND s.survey_id = before.survey_id;
	RETURN recorded;
END;
$$;
COMMENT ON FUNCTION registry.record_roster(bigint, date, bigint, integer[], integer[], bigint, integer, text[], boolean) IS
	'record a roster update of a household whose members changed, and score it by the formulas it had scores of; disabilities are '
	'disabled_line''s now, NULL unknown, {} none; by_case is the update case; agrees: registry.require_agreement() was asked; NULL where '
	'neither it nor from_household was surveyed, or the current survey differs in other lines still';
