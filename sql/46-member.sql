
-- member: births, deaths and departures, and who is head ------------------------

-- Overrides of relationships are for lines that are restated, and no others.
CREATE FUNCTION registry.check_overrides(relationships jsonb, lines integer[]) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	IF jsonb_typeof(relationships) <> 'object'
	OR EXISTS (SELECT FROM jsonb_object_keys(relationships) AS k (line) WHERE k.line <> ALL (check_overrides.lines::text[])) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'relationships are for lines whose relationship is restated',
			HINT = 'Write {"3": "sibling"}, by the lines before the change.';
	END IF;
	IF EXISTS (SELECT FROM jsonb_each_text(relationships) AS k (line, relationship)
			   WHERE coalesce(k.relationship <> ALL (enum_range(NULL::registry.relationship)::text[]), true)) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a relationship is not one of its labels',
			HINT = format('They are %s.', array_to_string(enum_range(NULL::registry.relationship), ', '));
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_overrides(jsonb, integer[]) IS
	'refuse overrides for lines whose relationship is not restated, and such as are no relationships';

-- End lines of a household; those who stay are restated to a new head, where the head
-- is among them, and a widowed spouse is written down.  A household nobody is left in
-- is dissolved.
CREATE FUNCTION registry.end_lines(household_id bigint, lines integer[], reason text, roster registry.roster, new_head integer,
								   on_date date, by_case bigint)
	RETURNS void
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	old_head	integer;
	restated	jsonb := jsonb '{}';
	stays		record;
	who			integer;
BEGIN
	FOREACH who IN ARRAY end_lines.lines LOOP
		PERFORM registry.require_member(end_lines.household_id, who, end_lines.on_date);
	END LOOP;
	IF end_lines.new_head = ANY (end_lines.lines) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('line %s of household %s goes, and cannot be the head of those who stay', end_lines.new_head, end_lines.household_id),
			HINT = 'Say which line heads those who stay.';
	END IF;
	old_head := registry.head_line(end_lines.household_id);
	UPDATE nser.member AS m SET valid_to = end_lines.on_date, end_reason = end_lines.reason, closed_by = end_lines.by_case
	WHERE m.household_id = end_lines.household_id AND m.line = ANY (end_lines.lines) AND m.valid_to IS NULL AND m.superseded_at IS NULL;
	PERFORM registry.end_enrolments(end_lines.household_id, end_lines.lines, end_lines.reason, end_lines.on_date, end_lines.by_case);
	IF NOT EXISTS (SELECT FROM nser.member AS m
				   WHERE m.household_id = end_lines.household_id AND m.valid_to IS NULL AND m.superseded_at IS NULL) THEN
		IF end_lines.new_head IS NOT NULL THEN
			PERFORM registry.require_member(end_lines.household_id, end_lines.new_head);
		END IF;
		UPDATE nser.household AS h SET status = 'dissolved' WHERE h.household_id = end_lines.household_id;
		RETURN;
	END IF;

	IF old_head = ANY (end_lines.lines) THEN
		IF end_lines.new_head IS NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = 'invalid_parameter_value',
				MESSAGE = format('line %s is the head of household %s, where others stay', old_head, end_lines.household_id),
				HINT = 'Say which line heads those who stay.';
		END IF;
		PERFORM registry.require_member(end_lines.household_id, end_lines.new_head, end_lines.on_date);
	ELSIF end_lines.new_head IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('line %s, the head of household %s, stays', old_head, end_lines.household_id),
			HINT = 'registry.change_head() changes who is head.';
	END IF;

	IF end_lines.new_head IS NOT NULL THEN
		SELECT coalesce(jsonb_object_agg(r.line, r.relationship), '{}') INTO restated
		FROM registry.relationships(end_lines.roster, end_lines.new_head) AS r
		JOIN registry.members(end_lines.roster) AS p ON p.line = r.line AND p.relationship IS DISTINCT FROM r.relationship;
	END IF;
	FOR stays IN
		SELECT m.line, m.relationship, m.marital_status, m.spouse_line,
			(restated ->> p.line::text)::registry.relationship AS restated, w.lost, w.next_spouse
		FROM registry.members(end_lines.roster) AS p
		JOIN nser.member AS m ON m.household_id = end_lines.household_id AND m.line = p.line AND m.valid_to IS NULL AND m.superseded_at IS NULL
		CROSS JOIN LATERAL (
			-- a husband whose other wife lives is no widower
			SELECT end_lines.reason = 'died' AND p.marital_status = 'married'
					AND (coalesce(p.spouse_line = ANY (end_lines.lines), false)
						 OR p.spouse_line IS NULL AND coalesce(bool_or(x.spouse_line = p.line AND x.line = ANY (end_lines.lines)), false)) AS lost,
				min(x.line) FILTER (WHERE x.spouse_line = p.line AND x.line <> ALL (end_lines.lines)) AS next_spouse
			FROM registry.members(end_lines.roster) AS x
			WHERE x.marital_status = 'married' AND x.line <> p.line) AS w
		WHERE restated ? p.line::text OR w.lost
		ORDER BY m.line
	LOOP
		PERFORM registry.restate_member(end_lines.household_id, stays.line, coalesce(stays.restated, stays.relationship),
			CASE WHEN stays.lost AND stays.next_spouse IS NULL THEN 'widowed' ELSE stays.marital_status END,
			CASE WHEN stays.lost THEN stays.next_spouse ELSE stays.spouse_line END, end_lines.on_date, end_lines.by_case);
	END LOOP;
	PERFORM registry.update_recipients(end_lines.household_id);
END;
$$;
COMMENT ON FUNCTION registry.end_lines(bigint, integer[], text, registry.roster, integer, date, bigint) IS
	'end lines of a household; roster is the one before; who stays is restated, or the household dissolved';

CREATE FUNCTION registry.restate_member(household_id bigint, line integer, relationship registry.relationship,
										marital_status registry.marital_status, spouse_line integer, on_date date, by_case bigint)
	RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	version		integer;
	since		date;
BEGIN
	-- a death that is recorded late restates who has changed meanwhile from then on
	SELECT m.version, CASE WHEN restate_member.on_date IS NOT NULL THEN greatest(m.valid_from, restate_member.on_date) END INTO version, since
	FROM nser.member AS m
	WHERE m.household_id = restate_member.household_id AND m.line = restate_member.line AND m.valid_to IS NULL AND m.superseded_at IS NULL
	AND (m.relationship IS DISTINCT FROM restate_member.relationship OR m.marital_status IS DISTINCT FROM restate_member.marital_status
		 OR m.spouse_line IS DISTINCT FROM restate_member.spouse_line);
	IF FOUND THEN
		PERFORM registry.next_version(restate_member.household_id, restate_member.line, version,
			jsonb_build_object('relationship', restate_member.relationship, 'marital_status', restate_member.marital_status,
							   'spouse_line', restate_member.spouse_line),
			since, restate_member.by_case);
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.restate_member(bigint, integer, registry.relationship, registry.marital_status, integer, date, bigint) IS
	'write the next version of a member whose relationship, marital status or spouse changed, from on_date or the row''s own date, '
	'or, where that is NULL, as a correction; nothing where they did not';

CREATE FUNCTION registry.register_member(household_id bigint, name text, sex registry.sex, relationship registry.relationship,
		cnic registry.cnic DEFAULT NULL, document text DEFAULT NULL, birth_date date DEFAULT NULL, father_name text DEFAULT NULL,
		marital_status registry.marital_status DEFAULT NULL, spouse_line integer DEFAULT NULL, father_line integer DEFAULT NULL,
		mother_line integer DEFAULT NULL, on_date date DEFAULT registry.today(), by_case bigint DEFAULT NULL, disabilities text[] DEFAULT NULL)
	RETURNS integer
	LANGUAGE plpgsql
AS $$
DECLARE
	number_of	text := coalesce(register_member.document, CASE WHEN register_member.cnic IS NULL THEN 'none' ELSE 'cnic' END);
	new_line	integer;
	other_head	integer;
BEGIN
	PERFORM registry.lock_households(ARRAY[register_member.household_id], ARRAY[register_member.household_id]);
	PERFORM registry.check_date(register_member.on_date);
	PERFORM registry.check_document(register_member.cnic, number_of);
	IF register_member.disabilities IS NOT NULL THEN
		PERFORM registry.check_disabilities(register_member.disabilities);
	END IF;
	IF coalesce(register_member.name !~ '[^[:space:]]', true) OR register_member.relationship IS NULL
	OR register_member.birth_date NOT BETWEEN '1850-01-01' AND register_member.on_date THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a member has a name, a relationship to the head, and a date of birth from 1850 to on_date';
	END IF;
	PERFORM registry.require_kin(register_member.household_id, register_member.spouse_line, register_member.father_line, register_member.mother_line);

	other_head := registry.head_line(register_member.household_id);
	IF (register_member.relationship = 'head') = (other_head IS NOT NULL) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'check_violation',
			MESSAGE = format('household %s would have %s', register_member.household_id, CASE WHEN other_head IS NULL THEN 'no head' ELSE '2 heads' END),
			HINT = 'Register the head first; registry.change_head() changes who it is.';
	END IF;

	PERFORM registry.require_agreement(register_member.household_id);
	new_line := registry.next_line(register_member.household_id, 1);
	INSERT INTO nser.member (household_id, line, area, cnic, document, name, father_name, sex, birth_date, relationship, marital_status,
							 spouse_line, father_line, mother_line, valid_from, opened_by)
	SELECT h.household_id, new_line, h.area, register_member.cnic, number_of, register_member.name, register_member.father_name,
		register_member.sex, register_member.birth_date, register_member.relationship, register_member.marital_status,
		register_member.spouse_line, register_member.father_line, register_member.mother_line, register_member.on_date, register_member.by_case
	FROM nser.household AS h
	WHERE h.household_id = register_member.household_id;
	IF register_member.marital_status = 'married' AND register_member.spouse_line <> 0 THEN
		PERFORM registry.write_marriage(register_member.household_id, new_line, register_member.spouse_line,
			register_member.on_date, register_member.by_case);
	END IF;
	PERFORM registry.warn_of_parity(register_member.household_id, new_line, register_member.cnic, register_member.sex);
	PERFORM registry.record_roster(register_member.household_id, register_member.on_date, by_case => register_member.by_case,
		disabled_line => new_line, disabilities => register_member.disabilities, agrees => true);
	RETURN new_line;
END;
$$;
COMMENT ON FUNCTION registry.register_member(bigint, text, registry.sex, registry.relationship, registry.cnic, text, date, text,
		registry.marital_status, integer, integer, integer, date, bigint, text[]) IS
	'register a person in a household, the head first, on the next line nobody had, which it returns; '
	'a household that was surveyed gets a roster update, which says the disabilities, too: NULL unknown, {} none';

CREATE FUNCTION registry.end_member(household_id bigint, line integer, reason text, on_date date DEFAULT registry.today(),
									new_head integer DEFAULT NULL, by_case bigint DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM registry.lock_households(ARRAY[end_member.household_id], ARRAY[end_member.household_id]);
	PERFORM registry.check_date(end_member.on_date);
	IF coalesce(end_member.reason NOT IN ('died', 'left', 'duplicate'), true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a member ends as died, left or duplicate',
			HINT = 'registry.move_member() moves a person to another household.';
	END IF;
	IF end_member.new_head IS NOT NULL THEN
		PERFORM registry.require_agreement(end_member.household_id, end_member.line, restates => true);
	END IF;
	PERFORM registry.end_lines(end_member.household_id, ARRAY[end_member.line], end_member.reason,
		registry.live_roster(end_member.household_id, end_member.on_date), end_member.new_head, end_member.on_date, end_member.by_case);
	RETURN registry.record_roster(end_member.household_id, end_member.on_date, by_case => end_member.by_case);
END;
$$;
COMMENT ON FUNCTION registry.end_member(bigint, integer, text, date, integer, bigint) IS
	'a member died, left the registry or is a duplicate; the spouse of who died is widowed, the last to go dissolves the household; '
	'returns the survey_id of the roster update, NULL where there is none';

CREATE FUNCTION registry.change_head(household_id bigint, new_head integer, relationships jsonb DEFAULT NULL,
									 on_date date DEFAULT registry.today(), by_case bigint DEFAULT NULL)
	RETURNS TABLE (line integer, relationship registry.relationship, evidence text)
	LANGUAGE plpgsql
AS $$
DECLARE
	before		registry.roster;
	restated	record;
BEGIN
	PERFORM registry.lock_households(ARRAY[change_head.household_id], ARRAY[change_head.household_id]);
	PERFORM registry.check_date(change_head.on_date);
	PERFORM registry.require_member(change_head.household_id, change_head.new_head, change_head.on_date);
	PERFORM registry.require_agreement(change_head.household_id, restates => true);
	before := registry.live_roster(change_head.household_id, change_head.on_date);
	PERFORM registry.check_overrides(change_head.relationships, (SELECT array_agg(m.line) FROM registry.members(before) AS m));

	FOR restated IN
		SELECT r.line, r.relationship, r.evidence, m.marital_status, m.spouse_line
		FROM registry.relationships(before, change_head.new_head, change_head.relationships) AS r
		JOIN nser.member AS m ON m.household_id = change_head.household_id AND m.line = r.line
			AND m.valid_to IS NULL AND m.superseded_at IS NULL
		ORDER BY r.line
	LOOP
		PERFORM registry.restate_member(change_head.household_id, restated.line, restated.relationship,
			restated.marital_status, restated.spouse_line, change_head.on_date, change_head.by_case);
		line := restated.line;
		relationship := restated.relationship;
		evidence := restated.evidence;
		RETURN NEXT;
	END LOOP;
	PERFORM registry.record_roster(change_head.household_id, change_head.on_date, by_case => change_head.by_case);
END;
$$;
COMMENT ON FUNCTION registry.change_head(bigint, integer, jsonb, date, bigint) IS
	'make a member the head, and restate what everyone is to the new head: by relationships ({"3": "sibling"}), the lines of spouses '
	'and parents, or what both were to the old head; else other; returns that, with its evidence';
