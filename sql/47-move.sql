
-- move: members who go to another household, alone or as a household -------------

-- What those who move together are to the head of another household, where one of
-- them is "relationship" to that head.  The head takes part as one more line.
CREATE FUNCTION registry.relationships_elsewhere(roster registry.roster, line integer, relationship registry.relationship,
												 lines integer[], overrides jsonb,
												 OUT old_line integer, OUT new_relationship registry.relationship, OUT evidence text)
	RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 6
BEGIN ATOMIC
	WITH own AS (
		SELECT m.line, r.relationship, m.sex, m.marital_status, m.spouse_line, m.father_line, m.mother_line
		FROM registry.members(relationships_elsewhere.roster) AS m
		JOIN registry.relationships(relationships_elsewhere.roster, relationships_elsewhere.line) AS r ON r.line = m.line
		WHERE m.line = ANY (relationships_elsewhere.lines)
	), head AS (
		SELECT min(g.line) AS line
		FROM generate_series(1, 254) AS g (line)
		WHERE NOT EXISTS (SELECT FROM own AS o WHERE g.line IN (o.line, o.spouse_line, o.father_line, o.mother_line))
	), together AS (
		SELECT registry.roster_agg(p.line, p.relationship, p.sex, NULL, p.marital_status, p.spouse_line, p.father_line, p.mother_line,
			NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) AS roster
		FROM (SELECT o.line, o.relationship, o.sex, o.marital_status, o.spouse_line, o.father_line, o.mother_line FROM own AS o
			  UNION ALL
			  SELECT h.line, registry.relationship_to(relationships_elsewhere.relationship, 'head'), NULL, NULL, NULL, NULL, NULL
			  FROM head AS h WHERE relationships_elsewhere.relationship <> 'head') AS p
	)
	SELECT r.line, r.relationship, r.evidence
	FROM head AS h CROSS JOIN together AS t
	CROSS JOIN LATERAL registry.relationships(t.roster,
		CASE relationships_elsewhere.relationship WHEN 'head' THEN relationships_elsewhere.line ELSE h.line END,
		coalesce(relationships_elsewhere.overrides, '{}')
			|| jsonb_build_object(relationships_elsewhere.line::text, relationships_elsewhere.relationship)) AS r
	WHERE r.line = ANY (relationships_elsewhere.lines);
END;
COMMENT ON FUNCTION registry.relationships_elsewhere(registry.roster, integer, registry.relationship, integer[], jsonb) IS
	'what lines of a roster are to the head of another household, to whom one of them is what relationship says; evidence as in relationships()';

-- Lines of a household, ended as moved, go on in another: changes has what differs
-- there, by old line.  Kin who come along keep their links; others live elsewhere,
-- but where households are reunited: who lived elsewhere may be there.
CREATE FUNCTION registry.take_in(from_household bigint, to_household bigint, lines integer[], roster registry.roster, changes jsonb,
								 on_date date, by_case bigint, reunited boolean DEFAULT false)
	RETURNS integer[]
	LANGUAGE plpgsql
AS $$
DECLARE
	old_lines	integer[] := ARRAY(SELECT u.line FROM unnest(take_in.lines) AS u (line) ORDER BY u.line);
	first_line	integer := registry.next_line(take_in.to_household, cardinality(take_in.lines));
BEGIN
	WITH moved AS (
		SELECT u.old_line, u.no + first_line - 1 AS new_line
		FROM unnest(old_lines) WITH ORDINALITY AS u (old_line, no)
	), placed AS (
		SELECT DISTINCT ON (m.line) m.line, m.version, t.new_line, jsonb_build_object(
			'marital_status', p.marital_status,
			'spouse_line', CASE WHEN p.spouse_line > 0 OR NOT take_in.reunited AND p.spouse_line = 0 THEN coalesce(s.new_line, 0) END,
			'father_line', CASE WHEN p.father_line > 0 OR NOT take_in.reunited AND p.father_line = 0 THEN coalesce(f.new_line, 0) END,
			'mother_line', CASE WHEN p.mother_line > 0 OR NOT take_in.reunited AND p.mother_line = 0 THEN coalesce(d.new_line, 0) END) AS kin
		FROM moved AS t
		JOIN nser.member AS m ON m.household_id = take_in.from_household AND m.line = t.old_line AND m.superseded_at IS NULL
		JOIN registry.members(take_in.roster) AS p ON p.line = t.old_line
		LEFT JOIN moved AS s ON s.old_line = p.spouse_line
		LEFT JOIN moved AS f ON f.old_line = p.father_line
		LEFT JOIN moved AS d ON d.old_line = p.mother_line
		ORDER BY m.line, m.version DESC
	)
	INSERT INTO nser.member
	SELECT r.*
	FROM placed AS x
	JOIN nser.member AS m ON m.household_id = take_in.from_household AND m.line = x.line AND m.version = x.version
	JOIN nser.household AS h ON h.household_id = take_in.to_household
	CROSS JOIN LATERAL jsonb_populate_record(m, jsonb_build_object(
			'household_id', h.household_id, 'line', x.new_line, 'version', 1, 'area', h.area::text,
			'valid_from', take_in.on_date, 'valid_to', NULL, 'end_reason', NULL, 'recorded_at', now(), 'superseded_at', NULL,
			'ended_at', NULL, 'opened_by', take_in.by_case, 'closed_by', NULL)
		|| x.kin || (take_in.changes -> x.line::text)) AS r;
	PERFORM registry.carry_enrolments(take_in.from_household, take_in.to_household, old_lines,
		ARRAY(SELECT generate_series(first_line, first_line + cardinality(take_in.lines) - 1)), take_in.on_date, take_in.by_case);
	PERFORM registry.carry_verifications(take_in.from_household, take_in.to_household, old_lines,
		ARRAY(SELECT generate_series(first_line, first_line + cardinality(take_in.lines) - 1)));
	RETURN ARRAY(SELECT generate_series(first_line, first_line + cardinality(take_in.lines) - 1));
END;
$$;
COMMENT ON FUNCTION registry.take_in(bigint, bigint, integer[], registry.roster, jsonb, date, bigint, boolean) IS
	'write members who moved into their new household, on new lines, which it returns in the order of the old';

CREATE FUNCTION registry.move_member(household_id bigint, line integer, to_household bigint, relationship registry.relationship,
		marital_status registry.marital_status DEFAULT NULL, spouse_line integer DEFAULT NULL, father_line integer DEFAULT NULL,
		mother_line integer DEFAULT NULL, new_head integer DEFAULT NULL, with_lines integer[] DEFAULT '{}',
		relationships jsonb DEFAULT NULL, on_date date DEFAULT registry.today(), by_case bigint DEFAULT NULL)
	RETURNS TABLE (old_line integer, new_line integer, new_relationship registry.relationship, evidence text)
	LANGUAGE plpgsql
AS $$
DECLARE
	lines		integer[] := ARRAY(SELECT DISTINCT u.line FROM unnest(move_member.line || move_member.with_lines) AS u (line) ORDER BY u.line);
	absent		integer[];
	before		registry.roster;
	who			integer;
	changes		jsonb;
	main		jsonb := jsonb '{}';
	new_lines	integer[];
	married		boolean;
BEGIN
	IF move_member.household_id = move_member.to_household THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('line %s lives in household %s already', move_member.line, move_member.household_id);
	END IF;
	PERFORM registry.lock_households(ARRAY[move_member.household_id, move_member.to_household], ARRAY[move_member.to_household]);
	PERFORM registry.check_date(move_member.on_date);
	IF move_member.relationship IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'the relationship to the head of the new household must be given';
	END IF;
	PERFORM registry.require_kin(move_member.to_household, move_member.spouse_line, move_member.father_line, move_member.mother_line);

	PERFORM registry.require_agreement(move_member.household_id);
	PERFORM registry.require_agreement(move_member.to_household);
	-- who had left turns out to have moved, on the day of leaving
	SELECT coalesce(array_agg(x.line), '{}') INTO absent
	FROM (SELECT DISTINCT ON (m.line) m.line, m.end_reason, m.valid_to
		  FROM nser.member AS m
		  WHERE m.household_id = move_member.household_id AND m.line = ANY (lines) AND m.superseded_at IS NULL
		  ORDER BY m.line, m.version DESC) AS x
	WHERE x.end_reason = 'left' AND x.valid_to <= move_member.on_date;
	before := registry.live_roster(move_member.household_id, move_member.on_date, absent);
	PERFORM registry.check_overrides(move_member.relationships, array_remove(lines, move_member.line));
	FOREACH who IN ARRAY lines LOOP
		IF who <> ALL (absent) THEN
			PERFORM registry.require_member(move_member.household_id, who, move_member.on_date);
		END IF;
	END LOOP;
	-- and takes along what ended by that
	PERFORM registry.reinstate_enrolments(m.household_id, m.line::integer, m.end_reason, m.valid_to, move_member.by_case)
	FROM nser.member AS m
	WHERE m.household_id = move_member.household_id AND m.line = ANY (absent) AND m.superseded_at IS NULL AND m.end_reason = 'left';
	PERFORM registry.next_version(m.household_id, m.line::integer, m.version, jsonb_build_object('end_reason', 'moved'), NULL, move_member.by_case)
	FROM nser.member AS m
	WHERE m.household_id = move_member.household_id AND m.line = ANY (absent) AND m.superseded_at IS NULL AND m.end_reason = 'left';
	IF lines <@ absent THEN
		IF move_member.new_head IS NOT NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = 'invalid_parameter_value',
				MESSAGE = format('who moves had left household %s before, whose head stays', move_member.household_id);
		END IF;
	ELSE
		PERFORM registry.end_lines(move_member.household_id, ARRAY(SELECT u.line FROM unnest(lines) AS u (line) WHERE u.line <> ALL (absent)),
			'moved', before, move_member.new_head, move_member.on_date, move_member.by_case);
	END IF;

	-- a new marital status comes with its own spouse, or none that is known
	IF move_member.marital_status IS NOT NULL THEN
		main := jsonb_build_object('marital_status', move_member.marital_status, 'spouse_line', move_member.spouse_line);
	END IF;
	main := main || jsonb_strip_nulls(jsonb_build_object('spouse_line', move_member.spouse_line,
		'father_line', move_member.father_line, 'mother_line', move_member.mother_line));
	SELECT jsonb_object_agg(r.old_line, jsonb_build_object('relationship', r.new_relationship, 'evidence', r.evidence)
			|| CASE WHEN r.old_line = move_member.line THEN main ELSE '{}' END) INTO changes
	FROM registry.relationships_elsewhere(before, move_member.line, move_member.relationship, lines, move_member.relationships) AS r;
	new_lines := registry.take_in(move_member.household_id, move_member.to_household, lines, before, changes,
		move_member.on_date, move_member.by_case);

	IF move_member.spouse_line <> 0 THEN
		SELECT m.marital_status = 'married' INTO married
		FROM nser.member AS m
		WHERE m.household_id = move_member.to_household AND m.line = new_lines[array_position(lines, move_member.line)]
		AND m.valid_to IS NULL AND m.superseded_at IS NULL;
		IF married IS NOT TRUE THEN
			RAISE EXCEPTION USING
				ERRCODE = 'invalid_parameter_value',
				MESSAGE = format('line %s of household %s is not married, and has a spouse', move_member.line, move_member.household_id),
				HINT = 'Pass marital_status => ''married''.';
		END IF;
		PERFORM registry.write_marriage(move_member.to_household, new_lines[array_position(lines, move_member.line)],
			move_member.spouse_line, move_member.on_date, move_member.by_case);
	END IF;

	IF NOT lines <@ absent THEN
		PERFORM registry.record_roster(move_member.household_id, move_member.on_date, by_case => move_member.by_case);
	END IF;
	PERFORM registry.record_roster(move_member.to_household, move_member.on_date, move_member.household_id, lines, new_lines, move_member.by_case);
	RETURN QUERY
		SELECT u.old_line, u.new_line, (changes -> u.old_line::text ->> 'relationship')::registry.relationship,
			changes -> u.old_line::text ->> 'evidence'
		FROM unnest(lines, new_lines) AS u (old_line, new_line);
END;
$$;
COMMENT ON FUNCTION registry.move_member(bigint, integer, bigint, registry.relationship, registry.marital_status, integer, integer,
		integer, integer, integer[], jsonb, date, bigint) IS
	'a member, and with_lines, move to another household: relationship, spouse, father and mother are the member''s there; new_head heads '
	'those who stay, where the head moves; who had left the registry may come back so; numbers go along';

CREATE FUNCTION registry.split_household(household_id bigint, lines integer[], new_head integer, relationships jsonb DEFAULT NULL,
		area registry.area_code DEFAULT NULL, address text DEFAULT NULL, phone registry.mobile_number DEFAULT NULL,
		rest_head integer DEFAULT NULL, on_date date DEFAULT registry.today(), by_case bigint DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	go			integer[] := ARRAY(SELECT DISTINCT u.line FROM unnest(split_household.lines) AS u (line) ORDER BY u.line);
	before		registry.roster;
	split_off	bigint;
	new_lines	integer[];
BEGIN
	PERFORM registry.lock_households(ARRAY[split_household.household_id], ARRAY[split_household.household_id]);
	PERFORM registry.check_date(split_household.on_date);
	IF coalesce(split_household.new_head <> ALL (go), true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'the head of the new household is not one of its lines';
	END IF;
	PERFORM registry.check_overrides(split_household.relationships, array_remove(go, split_household.new_head));
	PERFORM registry.require_agreement(split_household.household_id);
	before := registry.live_roster(split_household.household_id, split_household.on_date);
	PERFORM registry.end_lines(split_household.household_id, go, 'moved', before, split_household.rest_head,
		split_household.on_date, split_household.by_case);
	IF EXISTS (SELECT FROM nser.household AS h WHERE h.household_id = split_household.household_id AND h.status = 'dissolved') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('nobody would be left in household %s', split_household.household_id),
			HINT = 'A household that moves as a whole gets a new area and address.';
	END IF;

	-- numbers that came with a load are passed over
	PERFORM setval(pg_get_serial_sequence('nser.household', 'household_id'), max(h.household_id))
	FROM nser.household AS h
	HAVING max(h.household_id) >= (SELECT s.last_value FROM nser.household_household_id_seq AS s);
	INSERT INTO nser.household (area, registered_on, address, phone)
	SELECT coalesce(split_household.area, h.area), split_household.on_date, split_household.address, split_household.phone
	FROM nser.household AS h
	WHERE h.household_id = split_household.household_id
	RETURNING nser.household.household_id INTO split_off;
	new_lines := registry.take_in(split_household.household_id, split_off, go, before,
		(SELECT jsonb_object_agg(r.line, jsonb_build_object('relationship', r.relationship))
		 FROM registry.relationships(before, split_household.new_head, split_household.relationships) AS r WHERE r.line = ANY (go)),
		split_household.on_date, split_household.by_case);
	PERFORM registry.carry_shocks(split_household.household_id, split_off);
	PERFORM registry.record_roster(split_household.household_id, split_household.on_date, by_case => split_household.by_case);
	PERFORM registry.record_roster(split_off, split_household.on_date, split_household.household_id, go, new_lines, split_household.by_case);
	RETURN split_off;
END;
$$;
COMMENT ON FUNCTION registry.split_household(bigint, integer[], integer, jsonb, registry.area_code, text, registry.mobile_number,
		integer, date, bigint) IS
	'lines of a household become one of their own, under new_head; rest_head heads those who stay, where the head goes; '
	'returns the new household_id; without an area of its own, it is where the old one is; shocks that hit the old one hit it too; it '
	'has no score until it is surveyed';

CREATE FUNCTION registry.merge_households(from_household bigint, into_household bigint, head_relationship registry.relationship,
		relationships jsonb DEFAULT NULL, on_date date DEFAULT registry.today(), by_case bigint DEFAULT NULL)
	RETURNS TABLE (old_line integer, new_line integer, relationship registry.relationship, evidence text)
	LANGUAGE plpgsql
AS $$
DECLARE
	lines		integer[];
	head		integer;
	before		registry.roster;
	restated	jsonb;
	new_lines	integer[];
BEGIN
	IF merge_households.from_household = merge_households.into_household OR merge_households.head_relationship IS NULL
	OR merge_households.head_relationship = 'head' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a household is merged into another, whose head stays',
			HINT = 'head_relationship is what the head of the first is to the head of the second.';
	END IF;
	PERFORM registry.lock_households(ARRAY[merge_households.from_household, merge_households.into_household],
									 ARRAY[merge_households.from_household, merge_households.into_household]);
	PERFORM registry.check_date(merge_households.on_date);
	SELECT array_agg(m.line ORDER BY m.line) INTO lines
	FROM nser.member AS m
	WHERE m.household_id = merge_households.from_household AND m.valid_to IS NULL AND m.superseded_at IS NULL;
	head := registry.head_line(merge_households.from_household);
	IF head IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('household %s has no head', merge_households.from_household),
			HINT = 'nser.member must hold the members of a household before they can change.';
	END IF;
	PERFORM registry.check_overrides(merge_households.relationships, array_remove(lines, head));
	PERFORM registry.require_agreement(merge_households.from_household);
	PERFORM registry.require_agreement(merge_households.into_household);
	before := registry.live_roster(merge_households.from_household, merge_households.on_date);

	SELECT jsonb_object_agg(r.old_line, jsonb_build_object('relationship', r.new_relationship, 'evidence', r.evidence)) INTO restated
	FROM registry.relationships_elsewhere(before, head, merge_households.head_relationship, lines, merge_households.relationships) AS r;
	PERFORM registry.end_lines(merge_households.from_household, lines, 'moved', before, NULL, merge_households.on_date, merge_households.by_case);
	UPDATE nser.household AS h SET status = 'merged' WHERE h.household_id = merge_households.from_household;
	new_lines := registry.take_in(merge_households.from_household, merge_households.into_household, lines, before, restated,
		merge_households.on_date, merge_households.by_case, reunited => true);
	PERFORM registry.carry_shocks(merge_households.from_household, merge_households.into_household);
	PERFORM registry.record_roster(merge_households.into_household, merge_households.on_date, merge_households.from_household, lines, new_lines,
		merge_households.by_case);

	RETURN QUERY
		SELECT u.old_line, u.new_line, (restated -> u.old_line::text ->> 'relationship')::registry.relationship,
			restated -> u.old_line::text ->> 'evidence'
		FROM unnest(lines, new_lines) AS u (old_line, new_line);
END;
$$;
COMMENT ON FUNCTION registry.merge_households(bigint, bigint, registry.relationship, jsonb, date, bigint) IS
	'everyone of a household moves into another, whose head stays; head_relationship is what their head is to that head; '
	'returns old and new lines, and what each is to the head there, with its evidence; shocks that hit the first hit the second too';
