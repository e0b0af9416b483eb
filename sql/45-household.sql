
-- household: what the operations on households are made of ---------------------
--
-- A change of members ends rows and writes the next; then the household's roster
-- is recorded anew, from who lives there and what the last survey knew of them.

-- Always in the order of their numbers: two moves in opposite directions wait for
-- each other, and never in a circle.
CREATE FUNCTION registry.lock_households(household_ids bigint[], registered bigint[]) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	home		record;
	refused		record;
	usable		integer := 0;
BEGIN
	FOR home IN
		SELECT h.household_id, h.status
		FROM nser.household AS h
		WHERE h.household_id = ANY (lock_households.household_ids)
		ORDER BY h.household_id
		FOR NO KEY UPDATE
	LOOP
		IF home.status = 'registered' OR home.household_id <> ALL (lock_households.registered) THEN
			usable := usable + 1;
		END IF;
	END LOOP;
	-- who is named twice, too, is looked at more closely
	IF usable = cardinality(lock_households.household_ids) THEN
		RETURN;
	END IF;

	SELECT i.household_id, h.status INTO refused
	FROM unnest(lock_households.household_ids) AS i (household_id)
	LEFT JOIN nser.household AS h ON h.household_id = i.household_id
	WHERE h.household_id IS NULL OR h.status <> 'registered' AND i.household_id = ANY (lock_households.registered)
	LIMIT 1;
	IF FOUND THEN
		IF refused.status IS NULL THEN
			PERFORM registry.refuse_unknown_household(refused.household_id);
		END IF;
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('household %s is %s', refused.household_id, refused.status);
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.lock_households(bigint[], bigint[]) IS
	'lock households for a change of their members, in order; the second list must be registered still';

CREATE FUNCTION registry.check_date(on_date date) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	IF on_date IS NULL OR on_date > registry.today() OR on_date < '1900-01-01' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'on_date must be given, from 1900 on, and not lie in the future';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_date(date) IS 'refuse a date that is missing, still to come, or before 1900';

CREATE FUNCTION registry.check_document(cnic registry.cnic, document text) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	IF coalesce(document NOT IN ('cnic', 'b_form', 'none') OR (document = 'none') <> (cnic IS NULL), true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'the number and the document it is from do not agree',
			HINT = 'Documents are cnic and b_form, with a number, and none, without.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_document(registry.cnic, text) IS 'refuse a number without its document, and a document without its number';

CREATE FUNCTION registry.warn_of_parity(household_id bigint, line integer, cnic registry.cnic, sex registry.sex) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	IF registry.cnic_sex_differs(warn_of_parity.cnic, warn_of_parity.sex) THEN
		RAISE WARNING 'the last digit of the number of household %, line % is not of that sex',
			warn_of_parity.household_id, warn_of_parity.line
			USING HINT = 'It is odd for men and even for women; check both with the card.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.warn_of_parity(bigint, integer, registry.cnic, registry.sex) IS
	'warn where the last digit of a number is the other sex''s';

CREATE FUNCTION registry.require_member(household_id bigint, line integer, on_date date DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	latest	record;
BEGIN
	SELECT m.valid_from, m.end_reason INTO latest
	FROM nser.member AS m
	WHERE m.household_id = require_member.household_id AND m.line = require_member.line AND m.superseded_at IS NULL
	ORDER BY m.version DESC LIMIT 1;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('household %s has no line %s', require_member.household_id, coalesce(require_member.line::text, 'NULL')),
			HINT = 'nser.member must hold the members of a household before they can change.';
	END IF;
	IF latest.end_reason IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('line %s of household %s has ended: %s', require_member.line, require_member.household_id, latest.end_reason),
			HINT = CASE WHEN latest.end_reason = 'moved' THEN 'Who moved goes on in another household, on a line there.'
				ELSE 'registry.reinstate_member() undoes an end that was recorded by mistake.' END;
	END IF;
	IF require_member.on_date < latest.valid_from THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('line %s of household %s has changed since that date', require_member.line, require_member.household_id),
			HINT = format('on_date is %s at the earliest.', latest.valid_from);
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.require_member(bigint, integer, date) IS
	'refuse a line that is nobody''s, has ended, or stands as it is only since a later date';

CREATE FUNCTION registry.require_kin(household_id bigint, VARIADIC kin integer[]) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	one		integer;
BEGIN
	FOREACH one IN ARRAY require_kin.kin LOOP
		IF one <> 0 THEN
			PERFORM registry.require_member(require_kin.household_id, one);
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.require_kin(bigint, integer[]) IS
	'refuse lines of kin that are nobody''s or have ended; 0 and NULL are elsewhere and unknown';

-- A correction (on_date NULL) supersedes the row; a change in the world ends it.
CREATE FUNCTION registry.next_version(household_id bigint, line integer, version integer, changes jsonb, on_date date, by_case bigint)
	RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	IF next_version.on_date IS NULL THEN
		UPDATE nser.member AS m SET superseded_at = greatest(now(), m.recorded_at), closed_by = coalesce(m.closed_by, next_version.by_case)
		WHERE m.household_id = next_version.household_id AND m.line = next_version.line AND m.version = next_version.version
		AND m.superseded_at IS NULL;
	ELSE
		PERFORM registry.require_member(next_version.household_id, next_version.line, next_version.on_date);
		UPDATE nser.member AS m SET valid_to = next_version.on_date, end_reason = 'changed', closed_by = next_version.by_case
		WHERE m.household_id = next_version.household_id AND m.line = next_version.line AND m.version = next_version.version;
	END IF;

	INSERT INTO nser.member
	SELECT r.*
	FROM nser.member AS m
	CROSS JOIN LATERAL jsonb_populate_record(m,
		jsonb_build_object(
			'version', (SELECT max(x.version) + 1 FROM nser.member AS x WHERE x.household_id = m.household_id AND x.line = m.line),
			'recorded_at', now(), 'superseded_at', NULL, 'ended_at', NULL, 'opened_by', next_version.by_case)
		|| CASE WHEN next_version.on_date IS NOT NULL OR m.valid_to IS NULL THEN jsonb_build_object('closed_by', NULL) ELSE '{}' END
		|| CASE WHEN next_version.on_date IS NOT NULL
			THEN jsonb_build_object('valid_from', next_version.on_date, 'valid_to', NULL, 'end_reason', NULL) ELSE '{}' END
		|| next_version.changes) AS r
	WHERE m.household_id = next_version.household_id AND m.line = next_version.line AND m.version = next_version.version;
END;
$$;
COMMENT ON FUNCTION registry.next_version(bigint, integer, integer, jsonb, date, bigint) IS
	'write the next version of a line, with the changes: from on_date, or, where that is NULL, as a correction';

CREATE FUNCTION registry.next_line(household_id bigint, how_many integer) RETURNS integer
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	last_line	integer;
BEGIN
	SELECT coalesce(max(x.line), 0) INTO last_line
	FROM (SELECT m.line FROM nser.member AS m WHERE m.household_id = next_line.household_id
		  UNION ALL
		  -- nor one that a survey names as kin, who would be the new one
		  SELECT greatest(r.line, r.spouse_line, r.father_line, r.mother_line) FROM nser.survey AS v CROSS JOIN LATERAL registry.members(v.roster) AS r
		  WHERE v.household_id = next_line.household_id) AS x;
	IF last_line + next_line.how_many > 254 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'program_limit_exceeded',
			MESSAGE = format('household %s has no line left for %s more', next_line.household_id, next_line.how_many),
			DETAIL = format('A household has 254 lines, none is used twice, and its last is %s.', last_line);
	END IF;
	RETURN last_line + 1;
END;
$$;
COMMENT ON FUNCTION registry.next_line(bigint, integer) IS 'the first of so many lines that nobody of the household ever had, or was named by as kin';

-- Relationships, marital status and kin's lines are those of nser.member; what it does
-- not know, the household's own last full survey may: roster updates write 0 for kin who
-- went, who may come back.  Schooling, work and health are as last asked, wherever that
-- was.  An age grows from the full survey that asked it; of who came since, from then.
CREATE FUNCTION registry.live_roster(household_id bigint, on_date date, also integer[] DEFAULT '{}',
									 from_household bigint DEFAULT NULL, from_lines integer[] DEFAULT '{}', lines integer[] DEFAULT '{}')
	RETURNS registry.roster
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET enable_hashjoin = off
	SET enable_mergejoin = off
	SET jit = off
AS $$
DECLARE
	stray		integer;
	composed	registry.roster;
BEGIN
	SELECT min(r.line) INTO stray
	FROM nser.household AS h
	JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	CROSS JOIN LATERAL registry.members(v.roster) AS r
	WHERE h.household_id = live_roster.household_id
	AND r.line <> ALL (ARRAY(SELECT m.line::integer FROM nser.member AS m WHERE m.household_id = live_roster.household_id));
	IF stray IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('line %s of the current survey of household %s is not in nser.member', stray, live_roster.household_id),
			HINT = 'Insert everyone of the roster into nser.member first.';
	END IF;

	WITH present AS (
		SELECT DISTINCT ON (m.line) m.line, m.relationship, m.sex, m.birth_date, m.marital_status, m.spouse_line, m.father_line, m.mother_line
		FROM nser.member AS m
		WHERE m.household_id = live_roster.household_id AND m.superseded_at IS NULL
		AND (m.valid_to IS NULL OR m.line = ANY (live_roster.also))
		ORDER BY m.line, m.version DESC
	), known AS (
		SELECT p.line, live_roster.household_id AS at_household, p.line::integer AS at_line FROM present AS p
		UNION ALL
		SELECT u.line, live_roster.from_household, u.at_line FROM unnest(live_roster.lines, live_roster.from_lines) AS u (line, at_line)
	), fact AS (
		SELECT k.line AS of_line, v.submitted_at, v.survey_id, v.is_full,
			v.is_full AND k.at_household = live_roster.household_id AS is_own, r.*
		FROM known AS k
		JOIN nser.survey AS v ON v.household_id = k.at_household
		CROSS JOIN LATERAL registry.members(v.roster) AS r
		WHERE r.line = k.at_line
	), last AS (
		SELECT DISTINCT ON (f.of_line) f.* FROM fact AS f ORDER BY f.of_line, f.submitted_at DESC, f.survey_id DESC
	), asked AS (
		SELECT DISTINCT ON (f.of_line) f.*
		FROM fact AS f
		ORDER BY f.of_line, f.is_full DESC, CASE WHEN f.is_full THEN f.submitted_at END DESC, f.submitted_at, f.survey_id DESC
	)
	SELECT registry.roster_agg(p.line::integer,
		coalesce(p.relationship, CASE WHEN a.is_own THEN a.relationship END),
		coalesce(p.sex, f.sex),
		CASE WHEN p.birth_date IS NULL AND a.age IS NOT NULL THEN
				least(greatest(a.age + extract(year FROM age(live_roster.on_date, (a.submitted_at AT TIME ZONE 'Asia/Karachi')::date)), 0), 150)::integer
			WHEN p.birth_date <= live_roster.on_date THEN least(extract(year FROM age(live_roster.on_date, p.birth_date)), 150)::integer END,
		coalesce(p.marital_status, CASE WHEN a.is_own THEN a.marital_status END),
		coalesce(p.spouse_line, CASE WHEN a.is_own AND coalesce(p.marital_status = a.marital_status, true) THEN a.spouse_line END)::integer,
		coalesce(p.father_line, CASE WHEN a.is_own THEN a.father_line END)::integer,
		coalesce(p.mother_line, CASE WHEN a.is_own THEN a.mother_line END)::integer,
		f.class, f.ever_attended, f.attending_school, f.literate, f.employment, f.work, f.elementary_occupation,
		f.disabilities, f.chronic_diseases) INTO composed
	FROM present AS p
	LEFT JOIN last AS f ON f.of_line = p.line
	LEFT JOIN asked AS a ON a.of_line = p.line;
	RETURN composed;
END;
$$;
COMMENT ON FUNCTION registry.live_roster(bigint, date, integer[], bigint, integer[], integer[]) IS
	'who lives in a household, and those of also, with what surveys knew of them: of lines that came from another household, its surveys';
