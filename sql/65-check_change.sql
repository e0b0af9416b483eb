
-- check_change: lists of changes, before anything is done by them ----------------

-- Refused here, at submit, while whoever wrote the list is there to ask.
CREATE FUNCTION registry.check_form(update_type registry.update_type, content jsonb) RETURNS void
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	change		jsonb;
	of_kind		text;
	forms		jsonb;
	of_type		registry.update_type;
	keys		jsonb;
	given		jsonb;
	part		text;
	wrong		record;
	form		text;
BEGIN
	IF check_form.update_type NOT IN ('roster', 'correction') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG002',
			MESSAGE = format('a list of changes is not for cases of type %s', check_form.update_type),
			HINT = 'Cases of type roster and correction have one; the others have a survey.';
	END IF;
	IF coalesce(jsonb_typeof(check_form.content) <> 'object' OR check_form.content - 'changes' <> '{}'
				OR coalesce(jsonb_typeof(check_form.content -> 'changes') <> 'array', true)
				OR check_form.content -> 'changes' = '[]', true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG010',
			MESSAGE = 'the content is not a list of changes',
			HINT = 'Write {"changes": [{"change": "death", "line": 3, "on_date": "2026-01-31"}]}.';
	END IF;

	IF jsonb_array_length(check_form.content -> 'changes') > 100 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG010',
			MESSAGE = 'a list has at most 100 changes',
			HINT = 'Open another case for the rest.';
	END IF;

	FOR nth IN 1 .. jsonb_array_length(check_form.content -> 'changes') LOOP
		change := check_form.content -> 'changes' -> nth - 1;
		of_kind := coalesce(CASE WHEN jsonb_typeof(change -> 'change') = 'string' THEN change ->> 'change' END, '');
		forms := registry.change_forms() -> of_kind;
		IF forms IS NULL OR jsonb_typeof(change) <> 'object' THEN
			RAISE EXCEPTION USING
				ERRCODE = 'RG010',
				MESSAGE = format('change %s has no kind that there is', nth),
				HINT = format('Kinds are %s.', (SELECT string_agg(DISTINCT k.kind, ', ') FROM registry.change_kinds() AS k
												WHERE k.update_type = coalesce(check_form.update_type, k.update_type)));
		END IF;
		of_type := CASE WHEN forms ? check_form.update_type::text THEN check_form.update_type WHEN forms ? 'roster' THEN 'roster' ELSE 'correction' END;
		IF of_type <> check_form.update_type THEN
			RAISE EXCEPTION USING
				ERRCODE = 'RG002',
				MESSAGE = format('change %s (%s) is not for cases of type %s', nth, of_kind, check_form.update_type),
				HINT = format('It is for those of type %s.', of_type);
		END IF;

		keys := forms -> of_type::text;
		-- a dotted key is one of an object, and of no change itself
		SELECT jsonb_object_agg(CASE WHEN strpos(j.key, '.') > 0 THEN '?' ELSE j.key END, j.value) INTO given FROM jsonb_each(change) AS j (key, value);
		FOREACH part IN ARRAY '{spouse,changes}'::text[] LOOP
			IF jsonb_typeof(change -> part) = 'object' THEN
				given := given || coalesce((SELECT jsonb_object_agg(part || '.' || j.key, j.value) FROM jsonb_each(change -> part) AS j (key, value)), '{}');
			END IF;
		END LOOP;
		SELECT coalesce(g.key, w.key) AS key, CASE
			WHEN w.key IS NULL THEN 'is not one of its keys'
			WHEN g.key IS NULL THEN 'is missing'
			ELSE registry.key_error(w.form ->> 'type', g.value) END AS problem INTO wrong
		FROM jsonb_each(given) AS g (key, value)
		FULL JOIN jsonb_each(keys) AS w (key, form) ON w.key = g.key
		WHERE CASE
			WHEN w.key IS NULL THEN true
			WHEN g.key IS NULL THEN (w.form -> 'required')::boolean
				AND (strpos(w.key, '.') = 0 OR jsonb_typeof(change -> split_part(w.key, '.', 1)) = 'object')
			ELSE registry.key_error(w.form ->> 'type', g.value) IS NOT NULL END
		ORDER BY w.key IS NULL DESC, g.key IS NULL DESC, 1 LIMIT 1;
		IF FOUND THEN
			RAISE EXCEPTION USING
				ERRCODE = 'RG010',
				-- what may be a person's name is not shown
				MESSAGE = format('change %s (%s): %s %s', nth, of_kind,
					CASE WHEN wrong.key ~ '^[a-z][a-z0-9_.]{1,30}$' THEN format('"%s"', wrong.key) ELSE 'one key' END, wrong.problem),
				HINT = format('Its keys are %s; registry.change_kinds() says what each is.',
					(SELECT string_agg(k.key, ', ') FROM registry.change_kinds() AS k WHERE k.update_type = of_type AND k.kind = of_kind));
		END IF;

		form := registry.form_error(of_kind, change);
		IF form IS NOT NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = 'RG010',
				MESSAGE = format('change %s (%s): %s', nth, of_kind, form),
				HINT = 'registry.change_kinds() says what each key is.';
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.check_form(registry.update_type, jsonb) IS
	'refuse a list of changes that is not well formed (RG010), or has a kind that is not for the update type (RG002), by the position and the '
	'key, never the value; an update_type of NULL allows the kinds of both types';

CREATE FUNCTION registry.check_changes(update_type registry.update_type, household_id bigint, content jsonb) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	PERFORM registry.check_form(check_changes.update_type, check_changes.content);
	PERFORM registry.refuse_contradictions(check_changes.household_id, check_changes.content);
END;
$$;
COMMENT ON FUNCTION registry.check_changes(registry.update_type, bigint, jsonb) IS
	'refuse a list of changes that is not well formed (RG010), has a kind that is not for the update type (RG002), or contradicts itself '
	'or dates of birth of the household (RG009), by the position and the key, never the value; an update_type of NULL allows the kinds of '
	'both types; {"changes": [{"change": "death", "line": 3}]}; registry.change_kinds() lists kinds and keys';

CREATE FUNCTION registry.form_error(kind text, change jsonb) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	RETURN coalesce(CASE kind
		WHEN 'birth' THEN CASE WHEN NOT change ? 'relationship' AND coalesce(change -> 'mother_line', '0') = '0' AND coalesce(change -> 'father_line', '0') = '0'
			THEN 'a parent who lives there, or the relationship, must be given' END
		WHEN 'marriage' THEN CASE
			WHEN change ? 'spouse' = change ? 'spouse_line' THEN 'the spouse is either a person or a line'
			WHEN change ? 'spouse_household' AND coalesce(change -> 'spouse_line', '0') = '0' THEN 'of spouse_household, the spouse''s line must be given'
			WHEN change ?| '{with_lines,new_head}' AND NOT change ? 'spouse_household' THEN 'with_lines and new_head are of spouse_household'
			WHEN change -> 'spouse_line' = '0' AND change ? 'relationship' THEN 'who lives elsewhere has no relationship to the head' END
		WHEN 'address' THEN CASE WHEN NOT change ?| '{address,area,place}' THEN 'address, area or place must be given' END
		WHEN 'merge' THEN CASE WHEN change ? 'into_household' = change ? 'from_household' THEN 'either into_household or from_household must be given' END
		WHEN 'move' THEN CASE WHEN change ? 'to_household' = change ? 'from_household' THEN 'either to_household or from_household must be given' END
		WHEN 'member' THEN CASE WHEN change -> 'changes' = '{}' THEN '"changes" must not be empty' END
	END,
	-- a document needs a number, and a number that none is from is none
	CASE WHEN change ? 'document' AND (change ->> 'document' = 'none') <> (change ->> 'cnic' IS NULL)
		OR change -> 'spouse' ? 'document' AND (change -> 'spouse' ->> 'document' = 'none') <> (change -> 'spouse' ->> 'cnic' IS NULL)
		THEN 'the number and the document it is from do not agree' END);
END;
$$;
COMMENT ON FUNCTION registry.form_error(text, jsonb) IS
	'what is wrong with the keys of a change taken together, each being right; NULL where nothing is';

-- Lines that a change names, in the case's own household; is_end: who is gone after it.
CREATE FUNCTION registry.lines_named(kind text, change jsonb, OUT line integer, OUT is_end boolean, OUT is_kin boolean)
	RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 3
BEGIN ATOMIC
	SELECT (change ->> k.key)::integer,
		k.key = 'line' AND kind IN ('death', 'left', 'move', 'duplicate'), k.key IN ('father_line', 'mother_line')
	FROM (VALUES ('line'), ('spouse_line'), ('father_line'), ('mother_line'), ('new_head'), ('rest_head')) AS k (key)
	WHERE (change ->> k.key)::integer > 0
	-- who heads those who split off goes, too
	AND NOT (kind = 'split' AND k.key = 'new_head')
	AND CASE
		-- where the member moves to or comes from, other lines are meant
		WHEN change ? 'from_household' THEN k.key IN ('spouse_line', 'father_line', 'mother_line')
		WHEN change ? 'to_household' THEN k.key IN ('line', 'new_head')
		WHEN change ? 'spouse_household' THEN k.key = 'line'
		ELSE true END
	UNION ALL
	SELECT u.one::text::integer, true, false
	FROM (VALUES ('lines'), ('with_lines')) AS k (key)
	CROSS JOIN LATERAL jsonb_array_elements(coalesce(change -> k.key, '[]')) AS u (one)
	WHERE NOT change ?| '{from_household,spouse_household}';
END;
COMMENT ON FUNCTION registry.lines_named(text, jsonb) IS
	'lines of the household itself that a change of a list names; is_end: who does not live there after it; is_kin: a parent';

-- No survey could be taken of the household again: it would contradict itself.
CREATE FUNCTION registry.gender_error(household_id bigint, line integer, sex registry.sex) RETURNS text
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
BEGIN
	RETURN (
		SELECT format('line %s is the %s of line %s', gender_error.line, CASE
			WHEN m.father_line = gender_error.line AND gender_error.sex = 'female' THEN 'father'
			WHEN m.mother_line = gender_error.line AND gender_error.sex = 'male' THEN 'mother'
			ELSE 'spouse' END, m.line)
		FROM nser.member AS own
		JOIN nser.member AS m ON m.household_id = own.household_id AND m.line <> own.line AND m.valid_to IS NULL AND m.superseded_at IS NULL
		WHERE own.household_id = gender_error.household_id AND own.line = gender_error.line AND own.valid_to IS NULL AND own.superseded_at IS NULL
		AND own.sex IS DISTINCT FROM gender_error.sex
		AND (m.father_line = gender_error.line AND gender_error.sex = 'female' OR m.mother_line = gender_error.line AND gender_error.sex = 'male'
			 OR (m.spouse_line = gender_error.line OR own.spouse_line = m.line) AND 'married' IN (own.marital_status, m.marital_status)
				AND m.sex = gender_error.sex AND m.sex <> 'transgender')
		ORDER BY m.line LIMIT 1);
END;
$$;
COMMENT ON FUNCTION registry.gender_error(bigint, integer, registry.sex) IS
	'the live line that a member cannot be father, mother or spouse of as one of that sex, in words; NULL where there is none';

CREATE FUNCTION registry.check_gender(household_id bigint, line integer, sex registry.sex) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	problem	text := registry.gender_error(check_gender.household_id, check_gender.line, check_gender.sex);
BEGIN
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = problem,
			HINT = 'Correct that first, or end the marriage.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_gender(bigint, integer, registry.sex) IS 'refuse what registry.gender_error() finds';

-- Of several things that are wrong, the first by its words.
CREATE FUNCTION registry.contradiction(household_id bigint, change jsonb, is_first boolean) RETURNS text
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	said		CONSTANT jsonb := contradiction.change;
	kind		CONSTANT text := said ->> 'change';
	since		CONSTANT date := (said ->> 'on_date')::date;
	born		CONSTANT date := (said ->> 'birth_date')::date;
	home		CONSTANT text := contradiction.household_id::text;
	problem		text;
	other		text;
	youngest	date;
BEGIN
	problem := CASE
		WHEN said -> 'spouse_line' = said -> 'line' AND NOT said ?| '{spouse_household,to_household,from_household}' THEN 'line and spouse_line are one person'
		WHEN said -> 'new_head' = said -> 'line' AND kind IN ('death', 'left', 'duplicate') OR said ? 'to_household' AND said -> 'new_head' = said -> 'line'
			THEN 'who goes heads nobody who stays'
		WHEN kind = 'split' AND NOT said -> 'lines' @> (said -> 'new_head') THEN 'the new head is not among those who go'
		WHEN kind = 'split' AND said -> 'lines' @> (said -> 'rest_head') THEN 'who goes heads nobody who stays'
		WHEN said -> 'mother_line' = said -> 'father_line' AND (said ->> 'mother_line')::integer > 0 THEN 'father and mother are one person'
		WHEN born > coalesce(since, registry.today()) THEN 'born after on_date'
		WHEN (said -> 'spouse' ->> 'birth_date')::date > coalesce(since, registry.today()) THEN 'born after on_date'
		WHEN home IN (said ->> 'spouse_household', said ->> 'to_household', said ->> 'from_household', said ->> 'into_household')
			THEN 'the other household is the household itself'
		WHEN kind = 'duplicate' AND said -> 'kept_line' = said -> 'line' AND coalesce(said ->> 'kept_household', home) = home
			THEN 'the record kept is the record that ends' END;
	-- whose birth is earlier than what is said of them
	IF since IS NOT NULL OR born IS NOT NULL THEN
		SELECT max(m.birth_date) INTO youngest
		FROM nser.member AS m
		WHERE m.household_id = contradiction.household_id AND m.valid_to IS NULL AND m.superseded_at IS NULL;
	END IF;
	IF since < youngest OR born <= youngest THEN
		SELECT min(least(CASE WHEN n.is_kin AND born <= m.birth_date THEN format('the child is not younger than line %s', m.line) END,
						 CASE WHEN since < m.birth_date THEN format('line %s was not born by then', m.line) END)) INTO other
		FROM registry.lines_named(kind, said) AS n
		JOIN nser.member AS m ON m.household_id = contradiction.household_id AND m.line = n.line AND m.valid_to IS NULL AND m.superseded_at IS NULL;
	END IF;
	problem := least(problem, other);
	-- what is done before it may end the marriage
	IF contradiction.is_first AND kind = 'gender' THEN
		problem := least(problem, registry.gender_error(contradiction.household_id, (said ->> 'line')::integer, (said ->> 'sex')::registry.sex));
	END IF;
	RETURN problem;
END;
$$;
COMMENT ON FUNCTION registry.contradiction(bigint, jsonb, boolean) IS
	'what is wrong with a well-formed change by itself, with the dates of birth of the household it is of, and, of the first of a list, its '
	'marriages; NULL where nothing is';

CREATE FUNCTION registry.refuse_contradictions(household_id bigint, content jsonb) RETURNS void
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	listed	CONSTANT jsonb := refuse_contradictions.content -> 'changes';
	no		bigint := 1;
	kind	text := listed -> 0 ->> 'change';
	problem	text;
BEGIN
	IF jsonb_array_length(listed) = 1 THEN
		problem := registry.contradiction(refuse_contradictions.household_id, listed -> 0, true);
	ELSE
		WITH change AS MATERIALIZED (
			SELECT c.no, c.one ->> 'change' AS kind, c.one, (c.one ->> 'on_date')::date AS on_date
			FROM jsonb_array_elements(listed) WITH ORDINALITY AS c (one, no)
		), named AS MATERIALIZED (
			SELECT c.no, c.kind, c.on_date, n.line, n.is_end
			FROM change AS c CROSS JOIN LATERAL registry.lines_named(c.kind, c.one) AS n
		), numbered AS (
			SELECT c.no, c.kind, c.one ->> 'cnic' AS cnic FROM change AS c WHERE c.one ? 'cnic'
			UNION ALL
			SELECT c.no, c.kind, c.one -> 'spouse' ->> 'cnic' FROM change AS c WHERE c.one -> 'spouse' ? 'cnic'
		), found AS (
			SELECT n.no, n.kind, format('line %s is gone by change %s (%s)', n.line, e.no, e.kind) AS problem
			FROM named AS n JOIN named AS e ON e.line = n.line AND e.is_end AND e.no <> n.no
			WHERE e.no < n.no OR NOT n.is_end AND n.on_date > e.on_date
			UNION ALL
			SELECT c.no, c.kind, format('the household is another''s by change %s (merge)', e.no)
			FROM change AS c JOIN change AS e ON e.no < c.no AND e.one ? 'into_household'
			UNION ALL
			SELECT c.no, c.kind, registry.contradiction(refuse_contradictions.household_id, c.one, c.no = 1) FROM change AS c
			UNION ALL
			SELECT b.no, b.kind, format('the number is that of change %s, too', a.no)
			FROM numbered AS a JOIN numbered AS b ON b.no > a.no AND b.cnic::registry.cnic OPERATOR(registry.=) a.cnic::registry.cnic
		)
		SELECT f.no, f.kind, f.problem INTO no, kind, problem FROM found AS f WHERE f.problem IS NOT NULL ORDER BY f.no, f.problem LIMIT 1;
	END IF;
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG009',
			MESSAGE = format('change %s (%s): %s', no, kind, problem),
			HINT = 'Changes are done in the order of the list; each must be possible after those before it.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.refuse_contradictions(bigint, jsonb) IS
	'refuse a well-formed list of changes that cannot all be true, among themselves and with the dates of birth of the household (RG009)';
