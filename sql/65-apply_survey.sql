
-- apply_survey: a full survey becomes what the registry says ---------------------
--
-- What the survey says of a known person and differs is, of name, father's name, sex
-- and date of birth, a mistake that is corrected on every row of the line; of marital
-- status, relationship and kin, a change.  What it leaves open stays as it is known.

CREATE FUNCTION registry.reconcile_members(household_id bigint, content jsonb, on_date date, is_late boolean DEFAULT false,
		OUT line integer, OUT version integer, OUT is_corrected boolean, OUT is_changed boolean, OUT end_reason text, OUT since date, OUT later date,
		OUT name text, OUT father_name text, OUT sex registry.sex, OUT birth_date date, OUT relationship registry.relationship,
		OUT marital_status registry.marital_status, OUT spouse_line integer, OUT father_line integer, OUT mother_line integer,
		OUT cnic registry.cnic, OUT document text, OUT facts jsonb)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE ROWS 6
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET jit = off
AS $$
BEGIN
	RETURN QUERY
		WITH asked AS MATERIALIZED (
			SELECT (m.object ->> 'line')::integer AS line, m.object, r.*
			FROM jsonb_array_elements(reconcile_members.content -> 'members') AS m (object)
			CROSS JOIN LATERAL jsonb_to_record(m.object) AS r (name text, father_name text, cnic registry.cnic, document text, sex registry.sex,
				birth_date date, age integer, relationship registry.relationship, marital_status registry.marital_status,
				spouse_line integer, father_line integer, mother_line integer)
		), held AS MATERIALIZED (
			SELECT m.line::integer, m.version, m.valid_from, m.name, m.father_name, m.sex, m.birth_date, m.relationship, m.marital_status,
				m.spouse_line::integer, m.father_line::integer, m.mother_line::integer
			FROM nser.member AS m
			WHERE m.household_id = reconcile_members.household_id AND m.valid_to IS NULL AND m.superseded_at IS NULL AND NOT is_late
		), gone AS MATERIALIZED (
			-- who is named neither as member nor as ended has left
			SELECT h.line, h.relationship, coalesce(e.reason, 'left') AS reason, coalesce(e.on_date, reconcile_members.on_date) AS on_date
			FROM held AS h
			LEFT JOIN jsonb_to_recordset(coalesce(nullif(reconcile_members.content -> 'ended', 'null'), '[]')) AS e (line integer, reason text, on_date date)
				ON e.line = h.line
			WHERE NOT EXISTS (SELECT FROM asked AS a WHERE a.line = h.line)
		), ever AS (
			-- 0 lives elsewhere; PBS: 98 has died, 99 lives elsewhere
			SELECT ARRAY[0, 98, 99] || coalesce(array_agg(DISTINCT m.line::integer), '{}') AS lines
			FROM nser.member AS m WHERE m.household_id = reconcile_members.household_id
		), present AS (
			SELECT array_agg(a.line) AS lines FROM asked AS a
		), merged AS (
			SELECT a.line, h.version, h.valid_from, a.object, a.cnic, a.document, a.age, d.on_date AS widowed_on,
				h.name AS was_name, h.father_name AS was_father_name, h.sex AS was_sex, h.birth_date AS was_birth_date,
				h.relationship AS was_relationship, h.marital_status AS was_marital_status, h.spouse_line AS was_spouse_line,
				h.father_line AS was_father_line, h.mother_line AS was_mother_line,
				a.name, coalesce(a.father_name, h.father_name) AS father_name, a.sex, coalesce(a.birth_date, h.birth_date) AS birth_date,
				a.relationship, coalesce(a.marital_status, CASE WHEN d.line IS NULL OR w.names THEN h.marital_status ELSE 'widowed' END) AS marital_status,
				-- a new marital status ends the old spouse's line, and so does a death
				coalesce(a.spouse_line, CASE WHEN d.line IS NULL AND coalesce(a.marital_status = h.marital_status, true) THEN h.spouse_line END) AS spouse_line,
				coalesce(a.father_line, h.father_line) AS father_line, coalesce(a.mother_line, h.mother_line) AS mother_line
			FROM asked AS a
			LEFT JOIN held AS h ON h.line = a.line
			LEFT JOIN gone AS d ON d.line = h.spouse_line AND d.reason = 'died' AND h.marital_status = 'married'
			-- a husband whose other wife lives is no widower
			CROSS JOIN LATERAL (
				SELECT EXISTS (SELECT FROM asked AS x LEFT JOIN held AS y ON y.line = x.line
							   WHERE x.line <> a.line AND coalesce(x.spouse_line, y.spouse_line) = a.line
							   AND coalesce(x.marital_status, y.marital_status) = 'married') AS names) AS w
		)
		SELECT m.line, m.version,
			m.version IS NOT NULL AND (m.name, m.father_name, m.sex, m.birth_date)
				IS DISTINCT FROM (m.was_name, m.was_father_name, m.was_sex, m.was_birth_date),
			m.version IS NOT NULL AND (m.relationship, m.marital_status, k.spouse_line, k.father_line, k.mother_line)
				IS DISTINCT FROM (m.was_relationship, m.was_marital_status, m.was_spouse_line, m.was_father_line, m.was_mother_line),
			NULL::text,
			greatest(m.valid_from, d.since),
			CASE WHEN greatest(m.valid_from, d.since) < reconcile_members.on_date AND coalesce(m.marital_status <> 'widowed' OR m.widowed_on IS NULL, true)
				AND (m.marital_status, k.spouse_line, k.father_line, k.mother_line)
					IS DISTINCT FROM (m.was_marital_status, m.was_spouse_line, m.was_father_line, m.was_mother_line) THEN reconcile_members.on_date END,
			m.name, m.father_name, m.sex, m.birth_date, m.relationship, m.marital_status, k.spouse_line, k.father_line, k.mother_line,
			m.cnic, coalesce(m.document, CASE WHEN m.cnic IS NULL THEN 'none' ELSE 'cnic' END),
			(m.object - '{name,father_name,cnic,document,birth_date,age,marital_status,spouse_line,father_line,mother_line}'::text[])
			|| jsonb_strip_nulls(jsonb_build_object(
				'age', CASE WHEN m.birth_date IS NULL THEN m.age
					ELSE least(extract(year FROM age(reconcile_members.on_date, m.birth_date)), 150)::integer END,
				'marital_status', m.marital_status,
				-- kin who lived here once live elsewhere now
				'spouse_line', CASE WHEN k.spouse_line = ANY (p.lines) OR k.spouse_line <> ALL (e.lines) THEN k.spouse_line WHEN k.spouse_line IS NOT NULL THEN 0 END,
				'father_line', CASE WHEN k.father_line = ANY (p.lines) OR k.father_line <> ALL (e.lines) THEN k.father_line WHEN k.father_line IS NOT NULL THEN 0 END,
				'mother_line', CASE WHEN k.mother_line = ANY (p.lines) OR k.mother_line <> ALL (e.lines) THEN k.mother_line WHEN k.mother_line IS NOT NULL THEN 0 END))
		FROM merged AS m CROSS JOIN present AS p CROSS JOIN ever AS e
		-- who lives elsewhere by the survey, and lived here once, is still told by the line
		CROSS JOIN LATERAL (SELECT
			CASE WHEN m.spouse_line = ANY (p.lines) OR m.spouse_line NOT IN (0, 98, 99) THEN m.spouse_line
				WHEN m.spouse_line IS NOT NULL THEN coalesce(CASE WHEN m.widowed_on IS NULL AND m.marital_status = m.was_marital_status
					AND m.was_spouse_line <> ALL (p.lines) THEN m.was_spouse_line END, 0) END AS spouse_line,
			CASE WHEN m.father_line = ANY (p.lines) OR m.father_line NOT IN (0, 98, 99) THEN m.father_line
				WHEN m.father_line IS NOT NULL THEN coalesce(CASE WHEN m.was_father_line <> ALL (p.lines) THEN m.was_father_line END, 0) END AS father_line,
			CASE WHEN m.mother_line = ANY (p.lines) OR m.mother_line NOT IN (0, 98, 99) THEN m.mother_line
				WHEN m.mother_line IS NOT NULL THEN coalesce(CASE WHEN m.was_mother_line <> ALL (p.lines) THEN m.was_mother_line END, 0) END AS mother_line) AS k
		-- widows, and whom a new head restates, are so from the death on; what else changed is so from the survey on
		CROSS JOIN LATERAL (SELECT coalesce(CASE
			WHEN m.marital_status = 'widowed' AND m.widowed_on IS NOT NULL THEN m.widowed_on
			WHEN m.relationship <> m.was_relationship THEN (SELECT g.on_date FROM gone AS g WHERE g.relationship = 'head' LIMIT 1)
			END, reconcile_members.on_date) AS since) AS d
		UNION ALL
		SELECT g.line, h.version, false, false, g.reason, greatest(h.valid_from, g.on_date), NULL,
			NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
		FROM gone AS g JOIN held AS h ON h.line = g.line;
END;
$$;
COMMENT ON FUNCTION registry.reconcile_members(bigint, jsonb, date, boolean) IS
	'what a full survey does to the lines of a household: those it names, as they are to be (version is of the live row, NULL for a new line), '
	'with facts, the member of the survey''s roster; and live lines that end (end_reason). What changes does so on since, and where later is not '
	'NULL the relationship alone, the rest then. A late survey does nothing, and has a roster';

-- An age that is told may be rounded, and does not go back.
CREATE FUNCTION registry.ages_differ(household_id bigint, before registry.roster, after registry.roster, days integer) RETURNS boolean
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET jit = off
AS $$
BEGIN
	RETURN EXISTS (
		SELECT FROM registry.members(ages_differ.before) AS b
		JOIN registry.members(ages_differ.after) AS a ON a.line = b.line
		WHERE coalesce(a.age NOT BETWEEN b.age AND b.age + greatest(ages_differ.days, 0) / 365 + 1, a.age IS DISTINCT FROM b.age)
		AND NOT EXISTS (SELECT FROM nser.member AS m
						WHERE m.household_id = ages_differ.household_id AND m.line = a.line AND m.birth_date IS NOT NULL
						AND m.valid_to IS NULL AND m.superseded_at IS NULL));
END;
$$;
COMMENT ON FUNCTION registry.ages_differ(bigint, registry.roster, registry.roster, integer) IS
	'whether the age of a member without a date of birth went back between two rosters, grew by more than a year above the days between them, or '
	'became known or unknown';

CREATE FUNCTION registry.verdicts_differ(household_id bigint, before bigint, after bigint) RETURNS boolean
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET jit = off
AS $$
BEGIN
	RETURN EXISTS (
		SELECT FROM nser.programme AS p
		LEFT JOIN nser.programme_cutoff AS c ON c.programme = p.code AND c.valid @> registry.today()
		JOIN nser.survey AS b ON b.household_id = verdicts_differ.household_id AND b.survey_id = verdicts_differ.before
		JOIN nser.survey AS a ON a.household_id = verdicts_differ.household_id AND a.survey_id = verdicts_differ.after
		LEFT JOIN nser.score AS s ON s.household_id = b.household_id AND s.survey_id = b.survey_id AND s.formula = p.formula
		LEFT JOIN nser.score AS t ON t.household_id = a.household_id AND t.survey_id = a.survey_id AND t.formula = p.formula
		CROSS JOIN LATERAL nser.judge(p.code, coalesce(c.cutoff, p.cutoff), s.score, b.indicators, registry.today()) AS j
		CROSS JOIN LATERAL nser.judge(p.code, coalesce(c.cutoff, p.cutoff), t.score, a.indicators, registry.today()) AS k
		-- one that was not scored is no word
		WHERE p.valid @> registry.today() AND s.survey_id IS NOT NULL AND j.eligible IS DISTINCT FROM k.eligible);
END;
$$;
COMMENT ON FUNCTION registry.verdicts_differ(bigint, bigint, bigint) IS
	'whether a programme of today finds a household eligible by one of two surveys and not by the other';

CREATE FUNCTION registry.apply_survey(household_id bigint, content jsonb, update_type registry.update_type, mode text DEFAULT 'centre',
		centre bigint DEFAULT NULL, operator bigint DEFAULT NULL, taken_at timestamptz DEFAULT now(), by_case bigint DEFAULT NULL,
		OUT survey_id bigint, OUT no_change boolean)
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET jit = off
	SET enable_hashjoin = off
	SET enable_mergejoin = off
AS $$
DECLARE
	taken_on	CONSTANT date := least((apply_survey.taken_at AT TIME ZONE 'Asia/Karachi')::date, registry.today());
	answers		CONSTANT registry.indicators := (apply_survey.content -> 'answers')::registry.indicators;
	land		CONSTANT registry.land_area := (apply_survey.content ->> 'land')::registry.land_area;
	device		CONSTANT jsonb := nullif(apply_survey.content -> 'device_place', 'null');
	contact		CONSTANT jsonb := jsonb_strip_nulls(jsonb_build_object('address', apply_survey.content -> 'address', 'phone', apply_survey.content -> 'phone',
		'area', apply_survey.content -> 'area', 'place', apply_survey.content -> 'place'));
	is_late		CONSTANT boolean := registry.is_late_survey(apply_survey.household_id, apply_survey.taken_at);
	is_new		boolean;
	moved		boolean := false;
	renumbered	boolean := false;
	written		bigint := 0;
	previous	record;
	other		record;
	composed	registry.roster;
	ended		jsonb;
BEGIN
	PERFORM registry.lock_households(ARRAY[apply_survey.household_id], '{}');
	-- what it was before
	SELECT v.survey_id, v.indicators, v.roster, v.land, v.submitted_at INTO previous
	FROM nser.household AS h
	JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	WHERE h.household_id = apply_survey.household_id;
	UPDATE nser.household AS h SET status = 'registered', registered_on = taken_on
	WHERE h.household_id = apply_survey.household_id AND h.status = 'requested';
	is_new := FOUND;

	IF is_late THEN
		SELECT jsonb_agg(r.facts)::registry.roster INTO composed
		FROM registry.reconcile_members(apply_survey.household_id, apply_survey.content, taken_on, true) AS r;
	ELSE
		IF contact <> '{}' THEN
			moved := registry.change_household(apply_survey.household_id, contact, taken_on, apply_survey.by_case);
		END IF;

		-- numbers first: those of people who had left come along, and mistyped ones are corrected
		FOR other IN
			SELECT i.household_id, i.line, NULL::integer AS of_line, i.cnic, NULL AS document
			FROM jsonb_to_recordset(apply_survey.content -> 'members') AS a (line integer, cnic registry.cnic)
			JOIN nser.identity AS i ON i.cnic OPERATOR(registry.=) a.cnic
			WHERE (i.household_id, i.line) IS DISTINCT FROM (apply_survey.household_id, a.line::smallint)
			UNION ALL
			SELECT m.household_id, m.line, a.line, a.cnic, coalesce(a.document, 'cnic')
			FROM jsonb_to_recordset(apply_survey.content -> 'members') AS a (line integer, cnic registry.cnic, document text)
			JOIN nser.member AS m ON m.household_id = apply_survey.household_id AND m.line = a.line AND m.valid_to IS NULL AND m.superseded_at IS NULL
			WHERE a.cnic IS NOT NULL AND (m.cnic::bigint IS DISTINCT FROM a.cnic::bigint OR m.document <> coalesce(a.document, m.document))
		LOOP
			IF other.of_line IS NULL THEN
				PERFORM registry.lock_households(ARRAY[other.household_id], '{}');
				PERFORM registry.next_version(m.household_id, m.line::integer, m.version, '{"end_reason": "moved"}', NULL, apply_survey.by_case)
				FROM nser.member AS m
				WHERE m.household_id = other.household_id AND m.line = other.line AND m.superseded_at IS NULL AND m.end_reason = 'left';
			ELSE
				PERFORM registry.correct_cnic(apply_survey.household_id, other.of_line, other.cnic, other.document, apply_survey.by_case);
				renumbered := true;
			END IF;
		END LOOP;

		-- all lines in one pass: what no longer stands is closed, and the rows that do are written after
		WITH plan AS MATERIALIZED (
			SELECT r.* FROM registry.reconcile_members(apply_survey.household_id, apply_survey.content, taken_on) AS r
		), closed AS (
			UPDATE nser.member AS m SET
				superseded_at = CASE WHEN p.is_corrected THEN greatest(now(), m.recorded_at) END,
				valid_to = CASE WHEN p.is_corrected THEN m.valid_to ELSE p.since END,
				end_reason = CASE WHEN p.is_corrected THEN m.end_reason ELSE coalesce(p.end_reason, 'changed') END,
				closed_by = coalesce(m.closed_by, apply_survey.by_case)
			FROM plan AS p
			WHERE m.household_id = apply_survey.household_id AND m.line = p.line AND m.superseded_at IS NULL
			AND (p.is_corrected OR m.version = p.version AND (p.is_changed OR p.end_reason IS NOT NULL))
			RETURNING m.line, m.version, m.valid_from, m.valid_to, m.end_reason, m.cnic, m.document, m.relationship, m.marital_status,
				m.spouse_line, m.father_line, m.mother_line, m.superseded_at IS NOT NULL AS is_corrected
		), now_so AS (
			-- as it should have been written
			SELECT p.line, c.version AS follows, c.cnic, c.document, p.name, p.father_name, p.sex, p.birth_date, c.relationship, c.marital_status,
				c.spouse_line, c.father_line, c.mother_line, c.valid_from,
				CASE WHEN c.version = p.version AND p.is_changed THEN p.since ELSE c.valid_to END AS valid_to,
				CASE WHEN c.version = p.version AND p.is_changed THEN 'changed' ELSE c.end_reason END AS end_reason
			FROM closed AS c JOIN plan AS p ON p.line = c.line
			WHERE c.is_corrected
			UNION ALL
			SELECT p.line, c.version, c.cnic, c.document, p.name, p.father_name, p.sex, p.birth_date, p.relationship, c.marital_status,
				c.spouse_line, c.father_line, c.mother_line, p.since, p.later, 'changed'
			FROM closed AS c JOIN plan AS p ON p.line = c.line AND p.version = c.version
			WHERE p.is_changed AND p.later IS NOT NULL
			UNION ALL
			SELECT p.line, c.version, c.cnic, c.document, p.name, p.father_name, p.sex, p.birth_date, p.relationship, p.marital_status,
				p.spouse_line::smallint, p.father_line::smallint, p.mother_line::smallint, coalesce(p.later, p.since), NULL, NULL
			FROM closed AS c JOIN plan AS p ON p.line = c.line AND p.version = c.version
			WHERE p.is_changed
			UNION ALL
			SELECT p.line, 0, p.cnic, p.document, p.name, p.father_name, p.sex, p.birth_date, p.relationship, p.marital_status,
				p.spouse_line::smallint, p.father_line::smallint, p.mother_line::smallint, taken_on, NULL, NULL
			FROM plan AS p
			WHERE p.version IS NULL
		), entered AS (
			INSERT INTO nser.member (household_id, line, version, area, cnic, document, name, father_name, sex, birth_date, relationship,
									 marital_status, spouse_line, father_line, mother_line, valid_from, valid_to, end_reason, opened_by, closed_by)
			SELECT apply_survey.household_id, n.line, coalesce(l.version, 0) + row_number() OVER (PARTITION BY n.line ORDER BY n.follows, n.valid_to NULLS LAST),
				h.area, n.cnic, n.document, n.name, n.father_name, n.sex, n.birth_date, n.relationship, n.marital_status,
				n.spouse_line, n.father_line, n.mother_line, n.valid_from, n.valid_to, n.end_reason, apply_survey.by_case,
				CASE WHEN n.valid_to IS NOT NULL THEN apply_survey.by_case END
			FROM now_so AS n
			JOIN nser.household AS h ON h.household_id = apply_survey.household_id
			CROSS JOIN LATERAL (SELECT max(m.version) AS version FROM nser.member AS m
								WHERE m.household_id = apply_survey.household_id AND m.line = n.line) AS l
			RETURNING true
		)
		SELECT (SELECT count(*) FROM closed) + (SELECT count(*) FROM entered),
			(SELECT jsonb_agg(p.facts)::registry.roster FROM plan AS p WHERE p.end_reason IS NULL),
			(SELECT jsonb_agg(jsonb_build_object('line', p.line, 'reason', p.end_reason, 'since', p.since)) FROM plan AS p WHERE p.end_reason IS NOT NULL)
		INTO written, composed, ended;
		IF ended IS NOT NULL THEN
			PERFORM registry.end_enrolments(apply_survey.household_id, array_agg(e.line), e.reason, e.since, apply_survey.by_case)
			FROM jsonb_to_recordset(ended) AS e (line integer, reason text, since date)
			GROUP BY e.reason, e.since;
		END IF;
	END IF;

	-- after the roster updates that were recorded since it was taken, and which it has passed: it goes on from them
	survey_id := registry.record_survey(apply_survey.household_id, answers, composed, land, apply_survey.update_type,
		CASE WHEN is_late THEN apply_survey.taken_at ELSE greatest(apply_survey.taken_at, previous.submitted_at) END,
		apply_survey.mode, true, apply_survey.centre, apply_survey.operator, apply_survey.content ->> 'form_version',
		registry.place((device ->> 'lon')::double precision, (device ->> 'lat')::double precision),
		(apply_survey.content ->> 'started_at')::timestamptz, apply_survey.by_case);
	PERFORM registry.score_survey(apply_survey.household_id, apply_survey.survey_id, f.formula)
	FROM (SELECT s.formula FROM nser.score AS s
		  WHERE s.household_id = apply_survey.household_id AND s.survey_id = previous.survey_id
		  UNION
		  SELECT p.formula FROM nser.programme AS p WHERE p.valid @> registry.today()) AS f;

	-- everyone grows older: the same answers are those that would count the old roster as it was
	no_change := is_late OR NOT is_new AND NOT moved AND NOT renumbered AND written = 0
		AND coalesce(registry.complete(answers, previous.roster, land) OPERATOR(registry.=) previous.indicators
			AND land::bigint IS NOT DISTINCT FROM previous.land::bigint
			AND (SELECT jsonb_agg(m - 'age') FROM jsonb_array_elements(composed::jsonb) AS m)
				= (SELECT jsonb_agg(m - 'age') FROM jsonb_array_elements(previous.roster::jsonb) AS m), false)
		AND NOT registry.ages_differ(apply_survey.household_id, previous.roster, composed,
			taken_on - (previous.submitted_at AT TIME ZONE 'Asia/Karachi')::date)
		AND NOT registry.verdicts_differ(apply_survey.household_id, previous.survey_id, apply_survey.survey_id);
	IF is_late THEN
		RAISE NOTICE 'household % has been surveyed since: this survey is stored as history', apply_survey.household_id
			USING HINT = 'Members and contact are left as they are, and the current survey stays.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.apply_survey(bigint, jsonb, registry.update_type, text, bigint, bigint, timestamptz, bigint) IS
	'write what a full survey says, which registry.check_survey() has passed: members, address, phone, area and place, and the survey itself, with '
	'its families and scores; a requested household is registered from then on. Live members it names neither as members nor as ended have left. '
	'Returns the survey, and whether it left all as it was but ages, which grow, without a programme''s verdict that follows them. One older than another full survey is stored, and changes nothing else';
