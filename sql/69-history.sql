
-- history: what was true on a day, as the registry knew it on another ---------------
--
-- Every row says two things: since and until when it was so in the world, and since
-- and until when the registry said so.  An end that was not known yet is none.

-- The state that a first change overrules is the row as it stands, whoever writes.
-- Plans are kept from when the table was small: so by keys.
CREATE FUNCTION registry.begin_household_state() RETURNS trigger
	LANGUAGE plpgsql
	SET enable_seqscan = off
	SET jit = off
AS $$
DECLARE
	last_no	integer;
BEGIN
	SELECT max(s.state_no) INTO last_no FROM nser.household_state AS s WHERE s.household_id = NEW.household_id;
	IF last_no IS NULL THEN
		INSERT INTO nser.household_state (household_id, state_no, area, valid_from, recorded_at, status, lived_in, address, phone, place)
		SELECT h.household_id, 1, h.area, h.registered_on, h.recorded_at, h.status, h.area, h.address, h.phone, h.place
		FROM nser.household AS h
		WHERE h.household_id = NEW.household_id AND h.recorded_at <> NEW.recorded_at;
		IF FOUND THEN
			NEW.state_no := 2;
		END IF;
	END IF;
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.begin_household_state() IS
	'trigger: before the first state of a household that is recorded later than it, the one it had, as state 1';

-- By another code in the same place nothing changed, and the states of millions would
-- not be worth their room: the state goes on, and is told by the code of today.  The
-- place is the same where its point is, or where all of the old area went to the new
-- and the rest of the code agrees: who moves within an area that changed has moved.
CREATE FUNCTION registry.keep_household_state() RETURNS trigger
	LANGUAGE plpgsql
	SET enable_seqscan = off
	SET jit = off
AS $$
DECLARE
	last_no		integer;
	last_from	date;
	is_kept		boolean;
	since		date := registry.today();
	earlier		record;
BEGIN
	IF OLD.status = NEW.status AND OLD.address IS NOT DISTINCT FROM NEW.address
	AND OLD.phone::bigint IS NOT DISTINCT FROM NEW.phone::bigint AND OLD.place::text IS NOT DISTINCT FROM NEW.place::text
	AND EXISTS (SELECT FROM nser.area_change AS c
				WHERE c.old_area OPERATOR(registry.<>) c.new_area
				AND OLD.area OPERATOR(registry.<@) c.old_area AND NEW.area OPERATOR(registry.<@) c.new_area
				AND (NEW.place IS NOT NULL
					 OR c.old_share = 1 AND registry.rebase(OLD.area, c.old_area, c.new_area) OPERATOR(registry.<@) NEW.area)) THEN
		RETURN NULL;
	END IF;

	SELECT s.state_no, s.valid_from, s.status = NEW.status AND s.lived_in OPERATOR(registry.=) NEW.area
		AND s.address IS NOT DISTINCT FROM NEW.address AND s.phone::bigint IS NOT DISTINCT FROM NEW.phone::bigint
		AND s.place::text IS NOT DISTINCT FROM NEW.place::text INTO last_no, last_from, is_kept
	FROM nser.household_state AS s
	WHERE s.household_id = NEW.household_id
	ORDER BY s.state_no DESC LIMIT 1;
	IF is_kept THEN
		RETURN NULL;		-- who changed it has said since when, and by which case
	END IF;
	-- where it always stood is found for all of them at once
	IF last_no IS NULL AND OLD.place IS NULL AND OLD.status = NEW.status AND OLD.area OPERATOR(registry.=) NEW.area
	AND OLD.address IS NOT DISTINCT FROM NEW.address AND OLD.phone::bigint IS NOT DISTINCT FROM NEW.phone::bigint THEN
		RETURN NULL;
	END IF;
	IF last_no IS NULL THEN
		INSERT INTO nser.household_state (household_id, state_no, area, valid_from, recorded_at, status, lived_in, address, phone, place)
		VALUES (NEW.household_id, 1, NEW.area, OLD.registered_on, OLD.recorded_at, OLD.status, OLD.area, OLD.address, OLD.phone, OLD.place);
		last_no := 1;
		last_from := OLD.registered_on;
	END IF;

	-- a household ends when the last one goes, which may be recorded late; and where
	-- that was a mistake it never did
	IF OLD.status = 'requested' AND NEW.status = 'registered' THEN
		since := NEW.registered_on;
	ELSIF NEW.status IN ('dissolved', 'merged') AND OLD.status <> NEW.status THEN
		SELECT greatest(NEW.registered_on, coalesce(max(m.valid_to), since)) INTO since
		FROM nser.member AS m
		WHERE m.household_id = NEW.household_id AND m.superseded_at IS NULL;
	ELSIF OLD.status IN ('dissolved', 'merged') AND NEW.status = 'registered' THEN
		SELECT min(s.valid_from) INTO since
		FROM nser.household_state AS s
		WHERE s.household_id = NEW.household_id
		AND s.state_no > (SELECT max(x.state_no) FROM nser.household_state AS x
						  WHERE x.household_id = NEW.household_id AND x.status NOT IN ('dissolved', 'merged'));
		since := coalesce(since, last_from);
	END IF;
	-- what else changed after that day did, of a household that was this by then
	IF OLD.status <> NEW.status AND since < last_from THEN
		FOR earlier IN
			SELECT greatest(s.valid_from, since) AS valid_from, s.lived_in, s.address, s.phone, s.place
			FROM nser.household_state AS s
			WHERE s.household_id = NEW.household_id AND s.valid_from < last_from
			AND NOT EXISTS (SELECT FROM nser.household_state AS o
							WHERE o.household_id = s.household_id AND o.state_no > s.state_no AND o.valid_from <= greatest(s.valid_from, since))
			ORDER BY s.valid_from
		LOOP
			last_no := last_no + 1;
			INSERT INTO nser.household_state (household_id, state_no, area, valid_from, recorded_at, status, lived_in, address, phone, place)
			VALUES (NEW.household_id, last_no, NEW.area, earlier.valid_from, greatest(now(), OLD.recorded_at), NEW.status, earlier.lived_in,
					earlier.address, earlier.phone, earlier.place);
		END LOOP;
		since := last_from;
	END IF;
	INSERT INTO nser.household_state (household_id, state_no, area, valid_from, recorded_at, status, lived_in, address, phone, place)
	VALUES (NEW.household_id, last_no + 1, NEW.area, since, greatest(now(), OLD.recorded_at), NEW.status, NEW.area, NEW.address, NEW.phone, NEW.place);
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.keep_household_state() IS
	'trigger: what a household was before its first change, and each state since: from today on, its end from when the last member '
	'went, with what changed after that day once more; not where only its area has another code by nser.area_change, nor where the newest '
	'state says so already, nor where all that changed yet is that its place became known';

CREATE FUNCTION registry.household_as_of(household_id bigint, valid_at date DEFAULT registry.today(), known_at timestamptz DEFAULT now(),
		OUT status text, OUT area registry.area_code, OUT address text, OUT phone registry.mobile_number, OUT survey_id bigint,
		OUT line integer, OUT version integer, OUT name text, OUT cnic registry.cnic, OUT document text, OUT sex registry.sex,
		OUT birth_date date, OUT relationship registry.relationship, OUT marital_status registry.marital_status,
		OUT spouse_line integer, OUT father_line integer, OUT mother_line integer, OUT since date, OUT opened_by bigint)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE ROWS 6
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET enable_hashjoin = off
	SET enable_mergejoin = off
	SET jit = off
AS $$
DECLARE
	known	record;
	state	record;
BEGIN
	IF valid_at IS NULL OR known_at IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'valid_at and known_at must be given',
			HINT = 'SELECT * FROM registry.household_as_of(1, ''2025-06-30'', ''2025-07-15''); left out they are today and now.';
	END IF;
	SELECT h.recorded_at, h.registered_on, h.status, h.area, h.address, h.phone,
		(SELECT max(s.state_no) FROM nser.household_state AS s WHERE s.household_id = h.household_id) AS last_no INTO known
	FROM nser.household AS h WHERE h.household_id = household_as_of.household_id;
	IF NOT FOUND THEN
		PERFORM registry.refuse_unknown_household(household_as_of.household_id);
	END IF;
	IF known.recorded_at > known_at THEN
		RETURN;
	END IF;

	IF known.last_no IS NULL THEN
		IF known.registered_on <= valid_at THEN
			status := known.status;
			area := known.area;
			address := known.address;
			phone := known.phone;
		END IF;
	ELSE
		-- the last that was recorded overrules the others from its own day on
		SELECT s.status, CASE WHEN s.state_no = known.last_no THEN known.area ELSE s.lived_in END AS area, s.address, s.phone INTO state
		FROM nser.household_state AS s
		WHERE s.household_id = household_as_of.household_id AND s.recorded_at <= known_at AND s.valid_from <= valid_at
		ORDER BY s.state_no DESC LIMIT 1;
		status := state.status;
		area := state.area;
		address := state.address;
		phone := state.phone;
	END IF;
	SELECT v.survey_id INTO survey_id
	FROM nser.survey AS v
	WHERE v.household_id = household_as_of.household_id AND v.recorded_at <= known_at
	AND (v.submitted_at AT TIME ZONE 'Asia/Karachi')::date <= valid_at
	ORDER BY v.submitted_at DESC, v.survey_id DESC LIMIT 1;

	FOR line, version, name, cnic, document, sex, birth_date, relationship, marital_status, spouse_line, father_line, mother_line, since, opened_by IN
		SELECT DISTINCT ON (m.line) m.line, m.version, m.name, m.cnic, m.document, m.sex, m.birth_date, m.relationship, m.marital_status,
			m.spouse_line, m.father_line, m.mother_line, m.valid_from, m.opened_by
		FROM nser.member AS m
		WHERE m.household_id = household_as_of.household_id
		AND m.recorded_at <= known_at AND (m.superseded_at IS NULL OR m.superseded_at > known_at)
		AND m.valid_from <= valid_at
		AND (m.valid_to IS NULL OR valid_at < m.valid_to OR coalesce(m.ended_at, m.recorded_at) > known_at)
		ORDER BY m.line, m.version DESC
	LOOP
		RETURN NEXT;
	END LOOP;
	IF line IS NULL AND status IS NOT NULL THEN
		RETURN NEXT;
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.household_as_of(bigint, date, timestamptz) IS
	'a household as it was on a day, as far as the registry knew at a moment: a row a member, or one with line NULL where nobody lived '
	'there; no rows before anything was known of it; status, area, address and phone are NULL for days before it registered; survey_id is '
	'the last that was taken by that day and had arrived; area is by today''s code while that state lasts; since is valid_from of the row';

-- A word for each change, and no values.
CREATE FUNCTION registry.household_changes(household_id bigint, OUT changed_at timestamptz, OUT change text, OUT line integer,
		OUT on_date date, OUT by_case bigint, OUT update_type registry.update_type, OUT operator bigint, OUT taken_by name)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE ROWS 50
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET enable_hashjoin = off
	SET enable_mergejoin = off
	SET jit = off
AS $$
BEGIN
	PERFORM FROM nser.household AS h WHERE h.household_id = household_changes.household_id;
	IF NOT FOUND THEN
		PERFORM registry.refuse_unknown_household(household_changes.household_id);
	END IF;
	RETURN QUERY
		WITH change AS (
			SELECT h.recorded_at AS at, 1 AS rank, 'household: recorded' AS what, NULL::integer AS line, h.registered_on AS day, NULL::bigint AS by_case
			FROM nser.household AS h WHERE h.household_id = household_changes.household_id
			UNION ALL
			SELECT s.recorded_at, 5, 'household: ' || concat_ws(', ',
					CASE WHEN s.status <> b.status THEN s.status END,
					CASE WHEN s.lived_in OPERATOR(registry.<>) b.lived_in THEN 'area' END,
					CASE WHEN s.address IS DISTINCT FROM b.address THEN 'address' END,
					CASE WHEN s.phone::bigint IS DISTINCT FROM b.phone::bigint THEN 'phone' END,
					CASE WHEN s.place::text IS DISTINCT FROM b.place::text THEN 'place' END),
				NULL, s.valid_from, s.by_case
			FROM nser.household_state AS s
			CROSS JOIN LATERAL (
				-- what was said of that day before
				SELECT x.status, x.lived_in, x.address, x.phone, x.place FROM nser.household_state AS x
				WHERE x.household_id = s.household_id AND x.state_no < s.state_no AND x.valid_from <= s.valid_from
				ORDER BY x.state_no DESC LIMIT 1) AS b
			WHERE s.household_id = household_changes.household_id
			-- of an end that is told late, once
			AND (s.status <> b.status OR NOT EXISTS (
				SELECT FROM nser.household_state AS x
				WHERE x.household_id = s.household_id AND x.state_no < s.state_no AND x.valid_from = s.valid_from
				AND x.lived_in OPERATOR(registry.=) s.lived_in AND x.address IS NOT DISTINCT FROM s.address
				AND x.phone::bigint IS NOT DISTINCT FROM s.phone::bigint AND x.place::text IS NOT DISTINCT FROM s.place::text))
			UNION ALL
			SELECT m.recorded_at, 4, CASE WHEN m.version = 1 THEN 'member: written' WHEN b.end_reason <> 'changed' AND (m.valid_to IS NULL OR m.ended_at IS NOT NULL)
					THEN 'member: reinstated' WHEN b.version IS NOT NULL THEN 'member: corrected' ELSE 'member: changed' END,
				m.line::integer, m.valid_from, m.opened_by
			FROM nser.member AS m
			LEFT JOIN LATERAL (
				-- what it overruled
				SELECT x.version, x.end_reason FROM nser.member AS x
				WHERE x.household_id = m.household_id AND x.line = m.line AND x.version < m.version
				AND x.superseded_at = m.recorded_at AND x.valid_from = m.valid_from
				ORDER BY x.version DESC LIMIT 1) AS b ON true
			WHERE m.household_id = household_changes.household_id
			UNION ALL
			-- what ended as changed goes on in the next row
			SELECT coalesce(m.ended_at, m.recorded_at), 3, 'member: ' || m.end_reason, m.line::integer, m.valid_to, m.closed_by
			FROM nser.member AS m
			WHERE m.household_id = household_changes.household_id AND m.end_reason <> 'changed' AND (m.ended_at IS NOT NULL OR m.version = 1)
			UNION ALL
			SELECT v.recorded_at, 6, 'survey: ' || CASE WHEN v.is_full THEN 'full' ELSE 'roster' END, NULL,
				(v.submitted_at AT TIME ZONE 'Asia/Karachi')::date, v.by_case
			FROM nser.survey AS v WHERE v.household_id = household_changes.household_id
			UNION ALL
			SELECT c.recorded_at, 2, 'case: ' || c.event, NULL, (c.taken_at AT TIME ZONE 'Asia/Karachi')::date, c.case_id
			FROM nser.case_step AS c WHERE c.household_id = household_changes.household_id
		)
		SELECT c.at, c.what, c.line, c.day, c.by_case, u.update_type, s.operator, s.taken_by
		FROM change AS c
		LEFT JOIN nser.update_case AS u ON u.household_id = household_changes.household_id AND u.case_id = c.by_case
		LEFT JOIN LATERAL (
			-- who took the step by which it was written
			SELECT t.operator, t.taken_by, t.step FROM nser.case_step AS t
			WHERE t.household_id = household_changes.household_id AND t.case_id = c.by_case AND t.recorded_at <= c.at
			AND (c.rank <> 2 OR c.what = 'case: ' || t.event)
			ORDER BY t.step DESC LIMIT 1) AS s ON true
		ORDER BY c.at, c.rank, s.step, c.line NULLS FIRST, c.day;
END;
$$;
COMMENT ON FUNCTION registry.household_changes(bigint) IS
	'what was changed in a household, the newest last: when it was recorded, a word for it, the line, since when it was so, and the case, '
	'the operator and the login by which it was; these are NULL where it was done without a case';
