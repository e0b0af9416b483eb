
-- correction: members as they are, or should have been written -------------------

-- A full survey that is newer than a row may know better: nobody decides for it.
CREATE FUNCTION registry.survey_differences(household_id bigint, OUT line integer, OUT is_restated boolean) RETURNS SETOF record
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
BEGIN
	RETURN QUERY
		WITH survey AS (
			SELECT v.submitted_at, v.roster
			FROM nser.household AS h
			JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
			WHERE h.household_id = survey_differences.household_id AND v.is_full
		), latest AS (
			SELECT DISTINCT ON (m.line) m.line::integer, m.recorded_at, m.valid_to, m.relationship, m.marital_status,
				m.spouse_line, m.father_line, m.mother_line
			FROM nser.member AS m
			WHERE m.household_id = survey_differences.household_id AND m.superseded_at IS NULL
			ORDER BY m.line, m.version DESC
		), live AS (
			SELECT coalesce(array_agg(l.line), '{}') AS lines FROM latest AS l WHERE l.valid_to IS NULL
		), compared AS (
			SELECT l.line, r.line IS NOT NULL AS is_asked, l.valid_to IS NULL AS is_live,
				l.recorded_at < s.submitted_at AS is_older, l.valid_to < (s.submitted_at AT TIME ZONE 'Asia/Karachi')::date AS has_ended_before,
				r.relationship <> l.relationship AS relationship,
				coalesce(r.marital_status <> l.marital_status, false)
				OR EXISTS (
					SELECT FROM (VALUES (r.spouse_line, l.spouse_line), (r.father_line, l.father_line),
										(r.mother_line, l.mother_line)) AS k (asked, held)
					-- whose line is not of the household lives elsewhere
					WHERE k.asked IS NOT NULL AND k.held IS NOT NULL
					AND CASE WHEN k.asked = ANY (v.lines) THEN k.asked ELSE 0 END
						<> CASE WHEN k.held = ANY (v.lines) THEN k.held ELSE 0 END) AS other
			FROM survey AS s CROSS JOIN live AS v CROSS JOIN latest AS l
			LEFT JOIN registry.members(s.roster) AS r ON r.line = l.line
		)
		SELECT c.line, c.is_live AND c.is_asked AND NOT c.other
		FROM compared AS c
		WHERE CASE
			WHEN c.is_live THEN c.is_older AND (NOT c.is_asked OR coalesce(c.relationship, false) OR c.other)
			ELSE c.is_asked AND c.has_ended_before
		END;
END;
$$;
COMMENT ON FUNCTION registry.survey_differences(bigint) IS
	'lines of which the current survey, full and newer than the row, says other than nser.member of who lives there, relationships, '
	'marital status or kin; is_restated: of the relationship alone';

CREATE FUNCTION registry.require_agreement(household_id bigint, but_line integer DEFAULT NULL, restates boolean DEFAULT false) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	lines	text;
BEGIN
	SELECT string_agg(d.line::text, ', ' ORDER BY d.line) INTO lines
	FROM registry.survey_differences(require_agreement.household_id) AS d
	WHERE d.line IS DISTINCT FROM require_agreement.but_line AND NOT (d.is_restated AND require_agreement.restates);
	IF lines IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('the current survey of household %s does not agree with nser.member: line %s', require_agreement.household_id, lines),
			HINT = 'registry.correct_member(), end_member() and reinstate_member() bring the lines up to date; a survey that is wrong is recorded anew.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.require_agreement(bigint, integer, boolean) IS
	'refuse a change while the current survey differs from nser.member, but for one line, and, where all are restated, relationships';

-- A marriage is written with both; who names a spouse who lives there goes on naming
-- her: she is the first.
CREATE FUNCTION registry.write_marriage(household_id bigint, line integer, spouse_line integer, on_date date, by_case bigint)
	RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	spouse	record;
BEGIN
	IF EXISTS (
		SELECT FROM nser.member AS a JOIN nser.member AS b ON b.household_id = a.household_id AND b.line = write_marriage.spouse_line
		WHERE a.household_id = write_marriage.household_id AND a.line = write_marriage.line
		AND a.valid_to IS NULL AND a.superseded_at IS NULL AND b.valid_to IS NULL AND b.superseded_at IS NULL
		AND (a.sex = b.sex AND a.sex <> 'transgender'
			 OR a.line IN (b.father_line, b.mother_line) OR b.line IN (a.father_line, a.mother_line))) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('line %s and line %s of household %s cannot be married to each other', write_marriage.line,
							 write_marriage.spouse_line, write_marriage.household_id),
			DETAIL = 'They are of one sex, or parent and child.';
	END IF;
	SELECT m.relationship, EXISTS (
			SELECT FROM nser.member AS w
			WHERE w.household_id = m.household_id AND w.line = m.spouse_line AND w.line <> m.line
			AND w.valid_to IS NULL AND w.superseded_at IS NULL) AS names_one, m.spouse_line INTO spouse
	FROM nser.member AS m
	WHERE m.household_id = write_marriage.household_id AND m.line = write_marriage.spouse_line
	AND m.valid_to IS NULL AND m.superseded_at IS NULL;
	PERFORM registry.restate_member(write_marriage.household_id, write_marriage.spouse_line, spouse.relationship, 'married',
		CASE WHEN spouse.names_one THEN spouse.spouse_line ELSE write_marriage.line END, write_marriage.on_date, write_marriage.by_case);
END;
$$;
COMMENT ON FUNCTION registry.write_marriage(bigint, integer, integer, date, bigint) IS
	'write on the spouse''s row, too, that a member is married to spouse_line';

CREATE FUNCTION registry.correct_member(household_id bigint, line integer, changes jsonb, on_date date DEFAULT NULL, by_case bigint DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	-- who a person is stands on every row; the rest is of the last
	person		text[] := ARRAY['name', 'father_name', 'sex', 'birth_date'];
	state		jsonb := correct_member.changes - person;
	given		record;
	was			record;
	before		registry.roster;
	version		integer;
	wrong		integer[];
	wrong_version	integer;
	fits		boolean;
	former		record;
	rows_before	bigint;
	differs		boolean;
	recorded	bigint;
BEGIN
	PERFORM registry.lock_households(ARRAY[correct_member.household_id], ARRAY[correct_member.household_id]);
	IF correct_member.on_date IS NOT NULL THEN
		PERFORM registry.check_date(correct_member.on_date);
	END IF;
	PERFORM registry.require_member(correct_member.household_id, correct_member.line, correct_member.on_date);
	IF coalesce(jsonb_typeof(correct_member.changes) <> 'object' OR correct_member.changes = '{}', true)
	OR EXISTS (SELECT FROM jsonb_object_keys(correct_member.changes) AS k (name)
			   WHERE k.name <> ALL (person || '{relationship,marital_status,spouse_line,father_line,mother_line}')) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'changes are of a member''s name, sex, date of birth, relationship, marital status and kin',
			HINT = 'Keys are name, father_name, sex, birth_date, relationship, marital_status, spouse_line, father_line and mother_line.';
	END IF;
	BEGIN
		SELECT r.name, r.sex, r.birth_date, r.marital_status, r.spouse_line::integer, r.father_line::integer, r.mother_line::integer
		INTO given
		FROM jsonb_populate_record(NULL::nser.member, correct_member.changes) AS r;
		fits := NOT coalesce(correct_member.changes ? 'name' AND coalesce(given.name !~ '[^[:space:]]', true)
			OR given.birth_date NOT BETWEEN '1850-01-01' AND coalesce(correct_member.on_date, registry.today()), false);
	EXCEPTION WHEN data_exception THEN
		fits := false;		-- the server's own message would repeat the value
	END;
	IF NOT fits THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'changes have a value that a member cannot have';
	END IF;
	IF correct_member.line IN (given.spouse_line, given.father_line, given.mother_line) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('line %s of household %s is not its own kin', correct_member.line, correct_member.household_id);
	END IF;
	PERFORM registry.require_kin(correct_member.household_id, given.spouse_line, given.father_line, given.mother_line);

	before := registry.live_roster(correct_member.household_id, coalesce(correct_member.on_date, registry.today()));
	SELECT r.marital_status, r.spouse_line INTO was FROM registry.members(before) AS r WHERE r.line = correct_member.line;
	IF given.marital_status IS DISTINCT FROM was.marital_status AND state ? 'marital_status' AND NOT state ? 'spouse_line' THEN
		state := state || '{"spouse_line": null}';
	END IF;
	SELECT array_agg(m.version ORDER BY m.version), max(m.version),
		bool_or(to_jsonb(jsonb_populate_record(m, CASE WHEN m.valid_to IS NULL THEN correct_member.changes || state
			ELSE correct_member.changes - '{relationship,marital_status,spouse_line,father_line,mother_line}'::text[] END)) <> to_jsonb(m))
	INTO wrong, version, differs
	FROM nser.member AS m
	WHERE m.household_id = correct_member.household_id AND m.line = correct_member.line AND m.superseded_at IS NULL
	AND (m.valid_to IS NULL OR correct_member.on_date IS NULL AND correct_member.changes ?| person);
	-- the same again is nothing new, unless a newer survey says other
	IF NOT differs AND NOT EXISTS (SELECT FROM registry.survey_differences(correct_member.household_id) AS d WHERE d.line = correct_member.line) THEN
		wrong := '{}';
	END IF;
	SELECT count(*) INTO rows_before FROM nser.member AS m WHERE m.household_id = correct_member.household_id;
	IF correct_member.on_date IS NULL THEN
		UPDATE nser.member AS m SET superseded_at = greatest(now(), m.recorded_at), closed_by = coalesce(m.closed_by, correct_member.by_case)
		WHERE m.household_id = correct_member.household_id AND m.line = correct_member.line AND m.version = ANY (wrong);
	END IF;
	FOREACH wrong_version IN ARRAY wrong LOOP
		PERFORM registry.next_version(correct_member.household_id, correct_member.line, wrong_version,
			CASE wrong_version WHEN version THEN correct_member.changes || state
				ELSE correct_member.changes - '{relationship,marital_status,spouse_line,father_line,mother_line}'::text[] END,
			correct_member.on_date, correct_member.by_case);
	END LOOP;

	-- marriages and divorces are of two
	IF given.spouse_line <> 0 AND coalesce(given.marital_status, was.marital_status) = 'married' THEN
		PERFORM registry.write_marriage(correct_member.household_id, correct_member.line, given.spouse_line,
			correct_member.on_date, correct_member.by_case);
	ELSIF given.marital_status = 'divorced' AND was.marital_status = 'married' THEN
		FOR former IN
			SELECT m.line::integer AS line, m.relationship,
				(SELECT min(x.line) FROM registry.members(before) AS x
				 WHERE x.spouse_line = r.line AND x.marital_status = 'married' AND x.line NOT IN (r.line, correct_member.line)) AS next_spouse
			FROM registry.members(before) AS r
			JOIN nser.member AS m ON m.household_id = correct_member.household_id AND m.line = r.line AND m.valid_to IS NULL AND m.superseded_at IS NULL
			WHERE r.line <> correct_member.line AND r.marital_status = 'married'
			AND (r.spouse_line = correct_member.line OR r.spouse_line IS NULL AND r.line = was.spouse_line)
		LOOP
			PERFORM registry.restate_member(correct_member.household_id, former.line, former.relationship,
				CASE WHEN former.next_spouse IS NULL THEN given.marital_status ELSE was.marital_status END, former.next_spouse,
				correct_member.on_date, correct_member.by_case);
		END LOOP;
	END IF;
	IF rows_before = (SELECT count(*) FROM nser.member AS m WHERE m.household_id = correct_member.household_id) THEN
		RETURN NULL;
	END IF;
	recorded := registry.record_roster(correct_member.household_id, coalesce(correct_member.on_date, registry.today()),
		by_case => correct_member.by_case);
	IF correct_member.changes ? 'sex' THEN
		PERFORM registry.warn_of_parity(m.household_id, m.line::integer, m.cnic, m.sex)
		FROM nser.member AS m
		WHERE m.household_id = correct_member.household_id AND m.line = correct_member.line AND m.valid_to IS NULL AND m.superseded_at IS NULL;
		PERFORM registry.flag_members(correct_member.household_id, correct_member.household_id);
	END IF;
	RETURN recorded;
END;
$$;
COMMENT ON FUNCTION registry.correct_member(bigint, integer, jsonb, date, bigint) IS
	'what changed of a member on on_date, or, where that is NULL, was wrong: marriages and divorces, which are written with both, kin, '
	'relationship, name, sex and date of birth; returns the survey_id of the roster update, NULL where there is none; what stands so '
	'already is not written again, unless the current survey, being newer, differs';
