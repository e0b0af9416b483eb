
-- apply_change: a list of changes, done ------------------------------------------

-- What a child or spouse of someone is to the head.
CREATE FUNCTION registry.relationship_by(link text, known registry.relationship) RETURNS registry.relationship
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE link
	WHEN 'child' THEN CASE
		WHEN known IN ('head', 'spouse') THEN 'child'::registry.relationship
		WHEN known IN ('child', 'child_in_law') THEN 'grandchild'
		WHEN known IN ('sibling', 'sibling_in_law') THEN 'nephew_or_niece'
		WHEN known = 'parent' THEN 'sibling'
		WHEN known = 'parent_in_law' THEN 'sibling_in_law'
		WHEN known = 'grandparent' THEN 'uncle_or_aunt'
		WHEN known = 'servant' THEN 'servant'
		ELSE 'other' END
	WHEN 'spouse' THEN CASE
		WHEN known = 'head' THEN 'spouse'::registry.relationship
		WHEN known = 'child' THEN 'child_in_law'
		WHEN known = 'sibling' THEN 'sibling_in_law'
		WHEN known IN ('parent', 'grandparent', 'uncle_or_aunt', 'parent_in_law', 'sibling_in_law', 'servant') THEN known
		ELSE 'other' END
END;
COMMENT ON FUNCTION registry.relationship_by(text, registry.relationship) IS
	'what the child or spouse (link) of someone is to the head, by what that person is: as registry.relationships() has it; else other';

-- What lines of a member and a husband are, where nser.member leaves it open.
CREATE FUNCTION registry.stands_as(household_id bigint, line integer, on_date date, OUT relationship registry.relationship,
								   OUT marital_status registry.marital_status, OUT spouse_line integer)
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	SELECT m.relationship, m.marital_status, m.spouse_line INTO relationship, marital_status, spouse_line
	FROM nser.member AS m
	WHERE m.household_id = stands_as.household_id AND m.line = stands_as.line AND m.valid_to IS NULL AND m.superseded_at IS NULL;
	IF FOUND AND (relationship IS NULL OR marital_status IS NULL OR marital_status = 'married' AND spouse_line IS NULL) THEN
		SELECT r.relationship, r.marital_status, r.spouse_line INTO relationship, marital_status, spouse_line
		FROM registry.members(registry.live_roster(stands_as.household_id, stands_as.on_date)) AS r
		WHERE r.line = stands_as.line;
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.stands_as(bigint, integer, date) IS
	'relationship, marital status and spouse of a live member, by nser.member, else the last full survey; NULLs where there is none';

CREATE FUNCTION registry.apply_birth(household_id bigint, change jsonb, on_date date, by_case bigint) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	mother		integer := (apply_birth.change ->> 'mother_line')::integer;
	father		integer := (apply_birth.change ->> 'father_line')::integer;
	by_mother	record;
	related		registry.relationship := (apply_birth.change ->> 'relationship')::registry.relationship;
BEGIN
	SELECT s.relationship, s.marital_status, s.spouse_line INTO by_mother
	FROM registry.stands_as(apply_birth.household_id, mother, apply_birth.on_date) AS s;
	IF father IS NULL AND by_mother.marital_status IN ('married', 'separated') THEN
		father := by_mother.spouse_line;
		-- he may have gone meanwhile
		IF father > 0 AND NOT EXISTS (SELECT FROM nser.member AS m WHERE m.household_id = apply_birth.household_id AND m.line = father
									  AND m.valid_to IS NULL AND m.superseded_at IS NULL) THEN
			father := 0;
		END IF;
	END IF;
	IF related IS NULL THEN
		related := registry.relationship_by('child', by_mother.relationship);
		IF related = 'other' AND father > 0 THEN
			SELECT s.relationship INTO related FROM registry.stands_as(apply_birth.household_id, father, apply_birth.on_date) AS s;
			related := registry.relationship_by('child', related);
		END IF;
	END IF;
	PERFORM registry.register_member(apply_birth.household_id, apply_birth.change ->> 'name', (apply_birth.change ->> 'sex')::registry.sex, related,
		cnic => (apply_birth.change ->> 'cnic')::registry.cnic,
		document => coalesce(apply_birth.change ->> 'document', CASE WHEN apply_birth.change ? 'cnic' THEN 'b_form' END),
		birth_date => (apply_birth.change ->> 'birth_date')::date, father_name => apply_birth.change ->> 'father_name',
		marital_status => 'never_married', father_line => father, mother_line => mother,
		on_date => apply_birth.on_date, by_case => apply_birth.by_case, disabilities => registry.labels_of(apply_birth.change -> 'disabilities'));
END;
$$;
COMMENT ON FUNCTION registry.apply_birth(bigint, jsonb, date, bigint) IS
	'register a newborn child: the father is the mother''s husband, and the relationship follows from a parent''s, unless they are given';

CREATE FUNCTION registry.apply_marriage(household_id bigint, change jsonb, on_date date, by_case bigint) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	who			integer := (apply_marriage.change ->> 'line')::integer;
	spouse		integer := (apply_marriage.change ->> 'spouse_line')::integer;
	stands		record;
	of_spouse	record;
	-- what the spouse is to the head
	related		registry.relationship := (apply_marriage.change ->> 'relationship')::registry.relationship;
BEGIN
	SELECT s.relationship, s.marital_status INTO stands FROM registry.stands_as(apply_marriage.household_id, who, apply_marriage.on_date) AS s;
	IF apply_marriage.change ? 'spouse' THEN
		PERFORM registry.register_member(apply_marriage.household_id, s.name, s.sex::registry.sex,
			coalesce(related, registry.relationship_by('spouse', stands.relationship)),
			cnic => s.cnic::registry.cnic, document => s.document, birth_date => s.birth_date, father_name => s.father_name,
			marital_status => 'married', spouse_line => who, on_date => apply_marriage.on_date, by_case => apply_marriage.by_case,
			disabilities => registry.labels_of(s.disabilities))
		FROM jsonb_to_record(apply_marriage.change -> 'spouse')
			AS s (name text, sex text, cnic text, document text, birth_date date, father_name text, disabilities jsonb);
	ELSIF apply_marriage.change ? 'spouse_household' THEN
		PERFORM registry.move_member((apply_marriage.change ->> 'spouse_household')::bigint, spouse, apply_marriage.household_id,
			coalesce(related, registry.relationship_by('spouse', stands.relationship)), 'married', spouse_line => who,
			new_head => (apply_marriage.change ->> 'new_head')::integer, with_lines => registry.lines_of(apply_marriage.change -> 'with_lines'),
			on_date => apply_marriage.on_date, by_case => apply_marriage.by_case);
	ELSE
		SELECT s.marital_status INTO of_spouse FROM registry.stands_as(apply_marriage.household_id, spouse, apply_marriage.on_date) AS s;
		-- a husband who is married already goes on naming his first wife: it is written with the other
		IF spouse > 0 AND (related IS NOT NULL OR stands.marital_status = 'married') AND of_spouse.marital_status IS DISTINCT FROM 'married' THEN
			PERFORM registry.correct_member(apply_marriage.household_id, spouse, jsonb_strip_nulls(jsonb_build_object(
				'marital_status', 'married', 'spouse_line', who, 'relationship', related)), apply_marriage.on_date, apply_marriage.by_case);
		ELSE
			PERFORM registry.correct_member(apply_marriage.household_id, who, jsonb_build_object('marital_status', 'married', 'spouse_line', spouse),
				apply_marriage.on_date, apply_marriage.by_case);
		END IF;
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.apply_marriage(bigint, jsonb, date, bigint) IS
	'a member marries a member, a person who is registered by it, or a member of another household, who moves in';

CREATE FUNCTION registry.apply_duplicate(household_id bigint, change jsonb, on_date date, by_case bigint) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	gone		integer := (apply_duplicate.change ->> 'line')::integer;
	kept		integer := (apply_duplicate.change ->> 'kept_line')::integer;
	kept_in		bigint := coalesce((apply_duplicate.change ->> 'kept_household')::bigint, apply_duplicate.household_id);
	head		integer := (apply_duplicate.change ->> 'new_head')::integer;
BEGIN
	PERFORM registry.require_member(kept_in, kept);
	-- a pair that waits for a reviewer is settled by it
	IF EXISTS (SELECT FROM nser.duplicate AS d
			   WHERE d.state = 'open'
			   AND (d.household_id = apply_duplicate.household_id AND d.line = gone AND d.other_household = kept_in AND d.other_line = kept
					OR d.household_id = kept_in AND d.line = kept AND d.other_household = apply_duplicate.household_id AND d.other_line = gone)) THEN
		PERFORM registry.decide_duplicate(kept_in, kept, apply_duplicate.household_id, gone, 'same',
			reason => 'update case ' || apply_duplicate.by_case, new_head => head, by_case => apply_duplicate.by_case);
	ELSE
		PERFORM registry.end_member(apply_duplicate.household_id, gone, 'duplicate', apply_duplicate.on_date, head, apply_duplicate.by_case);
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.apply_duplicate(bigint, jsonb, date, bigint) IS
	'end a member who is registered twice, and settle the pair, where it is queued; kept_line, of kept_household, must live there';

-- These are not in SQL: each call would be planned anew.
CREATE FUNCTION registry.lines_of(value jsonb) RETURNS integer[]
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	RETURN ARRAY(SELECT u.one::text::integer FROM jsonb_array_elements(coalesce(lines_of.value, '[]')) AS u (one));
END;
$$;
COMMENT ON FUNCTION registry.lines_of(jsonb) IS 'lines of a JSON array; none of NULL';

CREATE FUNCTION registry.labels_of(value jsonb) RETURNS text[]
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	IF jsonb_typeof(labels_of.value) = 'array' THEN
		RETURN ARRAY(SELECT u.label FROM jsonb_array_elements_text(labels_of.value) AS u (label));
	END IF;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.labels_of(jsonb) IS 'labels of a JSON array, as {} where it is empty; NULL of null and NULL';

CREATE FUNCTION registry.households_of(household_id bigint, content jsonb) RETURNS bigint[]
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET enable_hashjoin = off
	SET enable_mergejoin = off
	SET jit = off
AS $$
BEGIN
	-- most lists are of the household alone
	IF NOT coalesce(households_of.content ? 'members', false) AND NOT coalesce(households_of.content @?
		'$.changes[*].keyvalue() ? (@.key like_regex "_household$")', true) THEN
		RETURN ARRAY[households_of.household_id];
	END IF;
	RETURN ARRAY(
		SELECT households_of.household_id
		UNION
		SELECT (c.one ->> k.key)::bigint
		FROM jsonb_array_elements(CASE WHEN jsonb_typeof(households_of.content -> 'changes') = 'array' THEN households_of.content -> 'changes' ELSE '[]' END)
			AS c (one)
		CROSS JOIN (VALUES ('spouse_household'), ('to_household'), ('from_household'), ('into_household'), ('kept_household')) AS k (key)
		WHERE jsonb_typeof(c.one -> k.key) = 'number' AND registry.key_error('household', c.one -> k.key) IS NULL
		UNION
		SELECT i.household_id
		FROM jsonb_array_elements(CASE WHEN jsonb_typeof(households_of.content -> 'members') = 'array' THEN households_of.content -> 'members' ELSE '[]' END)
			AS m (one)
		JOIN nser.identity AS i ON i.cnic OPERATOR(registry.=)
			CASE WHEN registry.reads_as('registry.cnic', m.one ->> 'cnic') THEN (m.one ->> 'cnic')::registry.cnic END
		ORDER BY 1);
END;
$$;
COMMENT ON FUNCTION registry.households_of(bigint, jsonb) IS
	'the households that a list of changes touches, or that hold the numbers of a survey''s members: who locks them all at once, in that order, '
	'waits in no circle';

CREATE FUNCTION registry.apply_change(household_id bigint, change jsonb, on_date date, by_case bigint) RETURNS boolean
	LANGUAGE plpgsql
AS $$
DECLARE
	home	bigint := apply_change.household_id;
	said	jsonb := apply_change.change;
	since	date := apply_change.on_date;
	owner	bigint := apply_change.by_case;
	who		integer := (said ->> 'line')::integer;
	head	integer := (said ->> 'new_head')::integer;
	changes	boolean;
BEGIN
	CASE said ->> 'change'
		WHEN 'birth' THEN
			PERFORM registry.apply_birth(home, said, since, owner);
			changes := true;
		WHEN 'joined' THEN
			PERFORM registry.register_member(home, s.name, s.sex::registry.sex, s.relationship::registry.relationship,
				cnic => s.cnic::registry.cnic, document => s.document, birth_date => s.birth_date, father_name => s.father_name,
				marital_status => s.marital_status::registry.marital_status, spouse_line => s.spouse_line, father_line => s.father_line,
				mother_line => s.mother_line, on_date => since, by_case => owner, disabilities => registry.labels_of(s.disabilities))
			FROM jsonb_to_record(said) AS s (name text, sex text, relationship text, cnic text, document text, birth_date date, father_name text,
				marital_status text, spouse_line integer, father_line integer, mother_line integer, disabilities jsonb);
			changes := true;
		WHEN 'marriage' THEN
			PERFORM registry.apply_marriage(home, said, since, owner);
		WHEN 'death' THEN
			PERFORM registry.end_member(home, who, 'died', since, head, owner);
			changes := true;
		WHEN 'left' THEN
			PERFORM registry.end_member(home, who, 'left', since, head, owner);
			changes := true;
		WHEN 'divorce' THEN
			PERFORM registry.correct_member(home, who, '{"marital_status": "divorced"}', since, owner);
		WHEN 'marital_status' THEN
			PERFORM registry.correct_member(home, who, said - '{change,line,on_date}'::text[], since, owner);
		WHEN 'gender' THEN
			PERFORM registry.check_gender(home, who, (said ->> 'sex')::registry.sex);
			PERFORM registry.correct_member(home, who, said - '{change,line,on_date}'::text[], since, owner);
		WHEN 'disability' THEN
			changes := registry.record_disability(home, who, registry.labels_of(said -> 'disabilities'), since, owner) IS NOT NULL;
		WHEN 'contact', 'address' THEN
			changes := registry.change_household(home, said - '{change,on_date}'::text[], since, owner);
		WHEN 'split' THEN
			PERFORM registry.split_household(home, registry.lines_of(said -> 'lines'), head, said -> 'relationships',
				(said ->> 'area')::registry.area_code, said ->> 'address', (said ->> 'phone')::registry.mobile_number,
				(said ->> 'rest_head')::integer, since, owner);
		WHEN 'merge' THEN
			PERFORM registry.merge_households(coalesce((said ->> 'from_household')::bigint, home), coalesce((said ->> 'into_household')::bigint, home),
				(said ->> 'head_relationship')::registry.relationship, said -> 'relationships', since, owner);
		WHEN 'move' THEN
			PERFORM registry.move_member(coalesce((said ->> 'from_household')::bigint, home), who, coalesce((said ->> 'to_household')::bigint, home),
				(said ->> 'relationship')::registry.relationship, (said ->> 'marital_status')::registry.marital_status,
				(said ->> 'spouse_line')::integer, (said ->> 'father_line')::integer, (said ->> 'mother_line')::integer, head,
				registry.lines_of(said -> 'with_lines'), said -> 'relationships', since, owner);
		WHEN 'new_head' THEN
			PERFORM registry.change_head(home, head, said -> 'relationships', since, owner);
		WHEN 'reinstate' THEN
			PERFORM registry.reinstate_member(home, who, (said ->> 'relationship')::registry.relationship, owner);
		WHEN 'member' THEN
			PERFORM registry.correct_member(home, who, said -> 'changes', NULL, owner);
		WHEN 'cnic' THEN
			PERFORM registry.correct_cnic(home, who, (said ->> 'cnic')::registry.cnic, said ->> 'document', owner);
		WHEN 'duplicate' THEN
			PERFORM registry.apply_duplicate(home, said, since, owner);
	END CASE;
	RETURN changes;
END;
$$;
COMMENT ON FUNCTION registry.apply_change(bigint, jsonb, date, bigint) IS
	'do one change of a list that registry.check_changes() has passed, by the operation that does it; whether anything is different, NULL where '
	'only comparing tells';
