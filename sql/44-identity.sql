
-- identity: a number is held by one person of the whole registry ---------------
--
-- nser.identity is the one authority.  Whoever inserts members claims their
-- numbers, and bulk loads do as well as single calls.  A number follows its
-- holder who moves; who died or left keeps it; none is freed but by a correction.

CREATE FUNCTION registry.holder_state(household_id bigint, line integer, cnic registry.cnic) RETURNS text
	LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
	state	text;
BEGIN
	SELECT coalesce(m.end_reason, 'live') INTO state
	FROM nser.member AS m
	WHERE m.household_id = holder_state.household_id AND m.line = holder_state.line AND m.superseded_at IS NULL
	AND m.cnic OPERATOR(registry.=) holder_state.cnic
	ORDER BY m.version DESC LIMIT 1;
	RETURN state;
END;
$$;
COMMENT ON FUNCTION registry.holder_state(bigint, integer, registry.cnic) IS
	'of who holds a number: live, died, left, moved, duplicate or changed; NULL where no row that stands has the number';

CREATE FUNCTION registry.holder_in_words(household_id bigint, line integer, state text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format('household %s, line %s, %s', household_id, line,
	CASE state WHEN 'live' THEN 'who lives there' WHEN 'died' THEN 'who died' WHEN 'left' THEN 'who left'
		WHEN 'moved' THEN 'who moved' WHEN 'duplicate' THEN 'a duplicate' WHEN 'changed' THEN 'whose row ended as changed' ELSE 'where no member has it' END);
COMMENT ON FUNCTION registry.holder_in_words(bigint, integer, text) IS 'who holds a number, for messages';

CREATE FUNCTION registry.way_out(household_id bigint, line integer, state text, to_household bigint) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN state IN ('live', 'left') AND household_id IS DISTINCT FROM to_household THEN
		format('registry.move_member(%s, %s, %s, ...) moves that person here.', household_id, line, coalesce(to_household::text, 'household_id'))
	WHEN state = 'live' THEN 'One of the two is mistyped, or a duplicate; registry.correct_cnic() corrects a number.'
	WHEN state IS NULL THEN 'Who deletes that row of nser.identity frees the number.'
	WHEN state = 'changed' THEN format('registry.correct_cnic(%s, %s, ...) corrects a mistyped number.', household_id, line)
	ELSE format('registry.reinstate_member(%1$s, %2$s) undoes that, registry.correct_cnic(%1$s, %2$s, ...) a mistyped number.', household_id, line)
END;
COMMENT ON FUNCTION registry.way_out(bigint, integer, text, bigint) IS 'what to do where a number is held already, for hints';

CREATE FUNCTION registry.identity_error(cnic registry.cnic, household_id bigint, line integer) RETURNS text
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	holder	record;
BEGIN
	SELECT i.household_id, i.line, registry.holder_state(i.household_id, i.line, i.cnic) AS state INTO holder
	FROM nser.identity AS i
	WHERE i.cnic OPERATOR(registry.=) identity_error.cnic;
	-- who moved lets it go to the household moved to
	IF NOT FOUND OR holder.state = 'moved' OR holder.household_id = identity_error.household_id AND holder.line = identity_error.line THEN
		RETURN NULL;
	END IF;
	RETURN format('the number is held by %s', registry.holder_in_words(holder.household_id, holder.line, holder.state));
END;
$$;
COMMENT ON FUNCTION registry.identity_error(registry.cnic, bigint, integer) IS
	'why that member may not have the number, without repeating it; NULL if it is free, the member''s own or NULL; '
	'a bulk load asks this of its rows, and looks itself for a number that it has twice';

-- The plan is kept from the first statement on, whatever its size: so by keys.
CREATE FUNCTION registry.claim_numbers() RETURNS trigger
	LANGUAGE plpgsql
	SET enable_seqscan = off
	SET enable_hashjoin = off
	SET enable_mergejoin = off
AS $$
DECLARE
	refused		record;
	claims		bigint;
	claimed		bigint;
	numbers		bigint;
	locked		bigint;
BEGIN
	-- a line is never another person's
	SELECT a.household_id, a.line, a.version, p.version AS previous, p.superseded_at, p.end_reason INTO refused
	FROM added AS a
	LEFT JOIN nser.member AS p ON p.household_id = a.household_id AND p.line = a.line AND p.version = a.version - 1
	CROSS JOIN LATERAL (
		SELECT EXISTS (SELECT FROM nser.member AS x
					   WHERE x.household_id = a.household_id AND x.line = a.line AND x.version < a.version AND x.superseded_at IS NULL
					   AND x.cnic IS NOT NULL AND x.cnic::bigint IS DISTINCT FROM a.cnic::bigint) AS another) AS n
	WHERE a.version > 1
	AND (p.version IS NULL
		 OR p.superseded_at IS NULL AND p.end_reason IS DISTINCT FROM 'changed'
		 OR a.superseded_at IS NULL AND n.another)
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'check_violation',
			CONSTRAINT = TG_NAME,
			MESSAGE = format('version %s of household %s, line %s cannot follow what is there',
							 refused.version, refused.household_id, refused.line),
			DETAIL = CASE
				WHEN refused.previous IS NULL THEN format('There is no version %s.', refused.version - 1)
				WHEN refused.superseded_at IS NOT NULL OR refused.end_reason = 'changed' THEN 'The number is another.'
				ELSE format('Version %s has %s.', refused.previous, coalesce('ended: ' || refused.end_reason, 'not ended'))
			END,
			HINT = 'A line is one person''s for good: the next version follows one that ended as changed, with the same number, '
				   'or one that was superseded.';
	END IF;

	SELECT count(*), count(DISTINCT a.cnic::bigint) INTO claims, numbers
	FROM added AS a
	WHERE a.cnic IS NOT NULL AND a.superseded_at IS NULL AND coalesce(a.end_reason, 'live') NOT IN ('changed', 'moved');

	FOR attempt IN 1 .. 100 LOOP
		-- sorted, so that two loads do not wait for each other in a circle
		INSERT INTO nser.identity (cnic, household_id, line)
		SELECT a.cnic, a.household_id, a.line
		FROM added AS a
		WHERE a.cnic IS NOT NULL AND a.superseded_at IS NULL AND coalesce(a.end_reason, 'live') NOT IN ('changed', 'moved')
		ORDER BY a.cnic
		ON CONFLICT ON CONSTRAINT identity_pkey DO NOTHING;
		GET DIAGNOSTICS claimed = ROW_COUNT;
		IF claimed = claims THEN
			RETURN NULL;
		END IF;

		-- what was there stays until this commits; what went meanwhile is claimed again
		PERFORM FROM nser.identity AS i
		WHERE i.cnic OPERATOR(registry.=) ANY (ARRAY(
			SELECT a.cnic FROM added AS a
			WHERE a.cnic IS NOT NULL AND a.superseded_at IS NULL AND coalesce(a.end_reason, 'live') NOT IN ('changed', 'moved')))
		ORDER BY i.cnic
		FOR KEY SHARE;
		GET DIAGNOSTICS locked = ROW_COUNT;
		EXIT WHEN locked = numbers;
	END LOOP;
	IF locked < numbers THEN
		RAISE EXCEPTION USING
			ERRCODE = 'serialization_failure',
			MESSAGE = 'numbers of the members are claimed and freed at the same time',
			HINT = 'Try again.';
	END IF;

	-- some had a holder: the member's own line, one that has moved, or another
	UPDATE nser.identity AS i SET household_id = a.household_id, line = a.line
	FROM added AS a
	WHERE i.cnic OPERATOR(registry.=) a.cnic
	AND a.superseded_at IS NULL AND coalesce(a.end_reason, 'live') NOT IN ('changed', 'moved')
	AND (i.household_id <> a.household_id OR i.line <> a.line)
	AND registry.holder_state(i.household_id, i.line, i.cnic) = 'moved';

	SELECT a.household_id, a.line, i.household_id AS held_by, i.line AS held_line,
		registry.holder_state(i.household_id, i.line, i.cnic) AS state INTO refused
	FROM added AS a JOIN nser.identity AS i ON i.cnic OPERATOR(registry.=) a.cnic
	WHERE a.superseded_at IS NULL AND coalesce(a.end_reason, 'live') NOT IN ('changed', 'moved')
	AND (i.household_id <> a.household_id OR i.line <> a.line)
	ORDER BY a.household_id, a.line
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'unique_violation',
			CONSTRAINT = 'identity_pkey',
			MESSAGE = format('the number of household %s, line %s is registered already', refused.household_id, refused.line),
			DETAIL = format('It is held by %s.', registry.holder_in_words(refused.held_by, refused.held_line, refused.state)),
			HINT = registry.way_out(refused.held_by, refused.held_line, refused.state, refused.household_id);
	END IF;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.claim_numbers() IS
	'trigger: members that are inserted claim their numbers, and a line stays one person''s';

CREATE FUNCTION registry.keep_number() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	-- held by who has it; freed when no row of the holder that stands does; another's when the holder moved there
	IF TG_OP = 'INSERT' THEN
		IF registry.holder_state(NEW.household_id, NEW.line, NEW.cnic) IS NOT NULL THEN
			RETURN NEW;
		END IF;
	ELSIF TG_OP = 'DELETE' THEN
		IF registry.holder_state(OLD.household_id, OLD.line, OLD.cnic) IS NULL THEN
			RETURN OLD;
		END IF;
	ELSIF TG_OP = 'UPDATE' THEN
		IF OLD.cnic OPERATOR(registry.=) NEW.cnic
		AND (OLD.household_id = NEW.household_id AND OLD.line = NEW.line
			 OR registry.holder_state(OLD.household_id, OLD.line, OLD.cnic) = 'moved'
			 AND registry.holder_state(NEW.household_id, NEW.line, NEW.cnic) IS NOT NULL) THEN
			RETURN NEW;
		END IF;
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('rows of %I.%I follow the members who hold the numbers', TG_TABLE_SCHEMA, TG_TABLE_NAME),
		HINT = 'registry.move_member() takes a number along, registry.correct_cnic() corrects one.';
END;
$$;
COMMENT ON FUNCTION registry.keep_number() IS 'trigger: a number is held by a member who has it, and stays with that member, who may have moved';

CREATE FUNCTION registry.cnic_sex_differs(cnic registry.cnic, sex registry.sex) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE sex
	WHEN 'male' THEN cnic::bigint % 2 = 0
	WHEN 'female' THEN cnic::bigint % 2 = 1
	-- transgender holders choose
	WHEN 'transgender' THEN false
END;
COMMENT ON FUNCTION registry.cnic_sex_differs(registry.cnic, registry.sex) IS
	'whether the last digit is the other sex''s: odd is male, even female; worth a second look, no error';

-- One pass over a range, so that a nation is flagged in batches.
CREATE FUNCTION registry.flag_members(first_household bigint, last_household bigint, within registry.area_code DEFAULT 'PK',
									  households bigint[] DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql
	SET plan_cache_mode = auto
	SET enable_seqscan = on
	SET enable_hashjoin = on
	SET enable_mergejoin = on
	SET jit = off
AS $$
DECLARE
	flagged		bigint;
BEGIN
	IF first_household = last_household THEN
		PERFORM registry.plan_for_one();
		-- nothing is wrong with most, and nothing was
		IF NOT EXISTS (SELECT FROM nser.quality_flag AS q WHERE q.household_id = flag_members.first_household AND q.check_name = 'cnic_parity')
		AND NOT EXISTS (SELECT FROM nser.member AS m
						WHERE m.household_id = flag_members.first_household AND m.valid_to IS NULL AND m.superseded_at IS NULL
						AND registry.cnic_sex_differs(m.cnic, m.sex)) THEN
			RETURN 0;
		END IF;
	END IF;
	WITH odd AS MATERIALIZED (
		SELECT h.household_id, h.current_survey AS survey_id, h.area, array_agg(m.line ORDER BY m.line) AS lines
		FROM nser.household AS h
		JOIN nser.member AS m ON m.household_id = h.household_id AND m.valid_to IS NULL AND m.superseded_at IS NULL
		WHERE h.household_id BETWEEN flag_members.first_household AND flag_members.last_household
		AND m.household_id BETWEEN flag_members.first_household AND flag_members.last_household
		AND h.area OPERATOR(registry.<@) flag_members.within
		AND (flag_members.households IS NULL OR h.household_id = ANY (flag_members.households))
		AND h.current_survey IS NOT NULL AND registry.cnic_sex_differs(m.cnic, m.sex)
		GROUP BY h.household_id
	), gone AS (
		DELETE FROM nser.quality_flag AS q
		USING nser.household AS h
		WHERE q.household_id BETWEEN flag_members.first_household AND flag_members.last_household AND q.check_name = 'cnic_parity'
		AND h.household_id = q.household_id AND h.area OPERATOR(registry.<@) flag_members.within
		AND (flag_members.households IS NULL OR q.household_id = ANY (flag_members.households))
		AND NOT EXISTS (SELECT FROM odd AS o WHERE o.household_id = q.household_id AND o.survey_id = q.survey_id)
	), stored AS (
		INSERT INTO nser.quality_flag AS q (household_id, survey_id, check_name, area, lines, detail)
		SELECT o.household_id, o.survey_id, 'cnic_parity', o.area, o.lines,
			'the last digit of the number is odd for a woman, or even for a man'
		FROM odd AS o
		ON CONFLICT ON CONSTRAINT quality_flag_pkey DO UPDATE SET lines = EXCLUDED.lines, area = EXCLUDED.area, found_at = EXCLUDED.found_at
		WHERE q.lines IS DISTINCT FROM EXCLUDED.lines OR NOT q.area OPERATOR(registry.=) EXCLUDED.area
	)
	SELECT count(*) INTO flagged FROM odd AS o;
	RETURN flagged;
END;
$$;
COMMENT ON FUNCTION registry.flag_members(bigint, bigint, registry.area_code, bigint[]) IS
	'flag members of a range of households, in an area, of these households alone where they are given, whose number is the other '
	'sex''s (cnic_parity), on the current survey; '
	'returns how many households have one';

-- Every row that stands with the wrong number, also where the holder lived before, is
-- superseded by one with the right one; then nothing holds the wrong one.
CREATE FUNCTION registry.correct_cnic(household_id bigint, line integer, cnic registry.cnic, document text DEFAULT NULL,
									  by_case bigint DEFAULT NULL)
	RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	number_of	text := coalesce(correct_cnic.document, CASE WHEN correct_cnic.cnic IS NULL THEN 'none' ELSE 'cnic' END);
	latest		record;
	wrong		record;
BEGIN
	PERFORM registry.lock_households(ARRAY(
		SELECT correct_cnic.household_id
		UNION
		SELECT o.household_id
		FROM nser.member AS m JOIN nser.member AS o ON o.cnic OPERATOR(registry.=) m.cnic AND o.superseded_at IS NULL
		WHERE m.household_id = correct_cnic.household_id AND m.line = correct_cnic.line AND m.superseded_at IS NULL), '{}');
	PERFORM registry.check_document(correct_cnic.cnic, number_of);
	SELECT m.cnic, m.document, m.sex, m.end_reason INTO latest
	FROM nser.member AS m
	WHERE m.household_id = correct_cnic.household_id AND m.line = correct_cnic.line AND m.superseded_at IS NULL
	ORDER BY m.version DESC LIMIT 1;
	IF NOT FOUND OR latest.end_reason = 'moved' THEN
		PERFORM registry.require_member(correct_cnic.household_id, correct_cnic.line);
	END IF;

	IF latest.document = number_of AND latest.cnic::bigint IS NOT DISTINCT FROM correct_cnic.cnic::bigint THEN
		RETURN;
	END IF;

	-- all at once: a version may follow one that is superseded
	FOR wrong IN
		WITH wrong AS (
			UPDATE nser.member AS m SET superseded_at = greatest(now(), m.recorded_at),
				closed_by = coalesce(m.closed_by, correct_cnic.by_case)
			WHERE m.superseded_at IS NULL
			AND (m.household_id = correct_cnic.household_id AND m.line = correct_cnic.line
				 AND m.cnic::bigint IS NOT DISTINCT FROM latest.cnic::bigint
				 AND (m.cnic IS NOT NULL OR m.end_reason IS DISTINCT FROM 'changed')
				 OR m.cnic OPERATOR(registry.=) latest.cnic AND m.end_reason IN ('moved', 'changed'))
			RETURNING m.household_id, m.line, m.version
		)
		SELECT w.household_id, w.line::integer, w.version FROM wrong AS w ORDER BY w.household_id, w.line, w.version
	LOOP
		PERFORM registry.next_version(wrong.household_id, wrong.line, wrong.version,
			jsonb_build_object('cnic', correct_cnic.cnic::text, 'document', number_of), NULL, correct_cnic.by_case);
	END LOOP;
	IF latest.cnic IS NOT NULL AND latest.cnic::bigint IS DISTINCT FROM correct_cnic.cnic::bigint THEN
		DELETE FROM nser.identity AS i
		WHERE i.cnic OPERATOR(registry.=) latest.cnic AND i.household_id = correct_cnic.household_id AND i.line = correct_cnic.line;
	END IF;

	PERFORM registry.update_recipients(correct_cnic.household_id);
	PERFORM registry.warn_of_parity(correct_cnic.household_id, correct_cnic.line, correct_cnic.cnic, latest.sex);
	PERFORM registry.flag_members(correct_cnic.household_id, correct_cnic.household_id);
END;
$$;
COMMENT ON FUNCTION registry.correct_cnic(bigint, integer, registry.cnic, text, bigint) IS
	'correct a mistyped number, NULL for none, also of who died or left: the rows with the wrong one are superseded, and it is free';
