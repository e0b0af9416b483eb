
-- change_kind: what a list of changes may hold -----------------------------------
--
-- The one list of kinds and their keys: it is what check_changes() reads, and what
-- documentation shows.

CREATE FUNCTION registry.change_kinds(OUT update_type registry.update_type, OUT kind text, OUT key text, OUT type text,
									  OUT required boolean, OUT meaning text)
	RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 120
BEGIN ATOMIC
	SELECT k.update_type, k.kind, x.key, x.type, x.required, x.meaning
	FROM (VALUES
		('roster'::registry.update_type, 'birth', true, 'a child is born to a member'), ('roster', 'marriage', true, 'a member marries'),
		('roster', 'death', true, 'a member died'), ('roster', 'divorce', true, 'a member is divorced'),
		('roster', 'marital_status', true, 'another change of marital status'),
		('roster', 'disability', true, 'a member''s disabilities'), ('roster', 'gender', true, 'a member''s sex as registered now'),
		('roster', 'contact', true, 'another phone'), ('roster', 'address', true, 'another address, area or place'),
		('roster', 'split', true, 'members become a household of their own'), ('roster', 'merge', true, 'two households become one'),
		('roster', 'move', true, 'a member moves to another household, or from it'), ('roster', 'new_head', true, 'another head'),
		('roster', 'left', true, 'a member left the registry'), ('roster', 'joined', true, 'a person found missing'),
		('correction', 'reinstate', false, 'a death or departure was recorded by mistake'),
		('correction', 'member', false, 'a member was written wrong'), ('correction', 'cnic', false, 'a number was mistyped'),
		('correction', 'contact', true, 'the phone was wrong'), ('correction', 'address', true, 'address, area or place was wrong'),
		('correction', 'duplicate', true, 'a member is registered twice')) AS k (update_type, kind, dated, meaning)
	CROSS JOIN LATERAL (
		SELECT 'change' AS key, 'kind' AS type, true AS required, k.meaning
		UNION ALL
		SELECT 'on_date', 'date', false, 'since when; the day it was taken, unless given' WHERE k.dated
		UNION ALL
		SELECT f.key, f.type, f.required, f.meaning
		FROM (VALUES
			('birth', 'name', 'name', true, 'of the child'), ('birth', 'sex', 'sex', true, 'of the child'),
			('birth', 'birth_date', 'date', true, 'on on_date or before'),
			('birth', 'mother_line', 'kin', false, 'the mother''s line; 0 elsewhere'),
			('birth', 'father_line', 'kin', false, 'the father''s line; the mother''s husband, unless given'),
			('birth', 'relationship', 'relationship', false, 'to the head; by what the mother or father is, unless given'),
			('birth', 'cnic', 'number', false, 'the child''s number'), ('birth', 'document', 'document', false, 'what the number is from'),
			('birth', 'father_name', 'name', false, 'the father''s name'),
			('birth', 'disabilities', 'disabilities', false, 'the child''s; [] none, unknown unless given'),
			('marriage', 'line', 'line', true, 'who marries'),
			('marriage', 'spouse_line', 'kin', false, 'a member, or a line of spouse_household; 0 who lives elsewhere'),
			('marriage', 'spouse', 'object', false, 'a spouse who is not registered yet'),
			('marriage', 'spouse.name', 'name', true, 'of the spouse'), ('marriage', 'spouse.sex', 'sex', true, 'of the spouse'),
			('marriage', 'spouse.birth_date', 'date', false, 'of the spouse'),
			('marriage', 'spouse.father_name', 'name', false, 'of the spouse'), ('marriage', 'spouse.cnic', 'number', false, 'of the spouse'),
			('marriage', 'spouse.document', 'document', false, 'what the number is from'),
			('marriage', 'spouse.disabilities', 'disabilities', false, 'of the spouse; [] none, unknown unless given'),
			('marriage', 'spouse_household', 'household', false, 'where the spouse lived'),
			('marriage', 'relationship', 'relationship', false, 'of the spouse to the head; by what the line is, unless given'),
			('marriage', 'with_lines', 'lines', false, 'lines of spouse_household who come along'),
			('marriage', 'new_head', 'line', false, 'who heads those who stay in spouse_household'),
			('death', 'line', 'line', true, 'who died'), ('death', 'new_head', 'line', false, 'who heads those who stay'),
			('divorce', 'line', 'line', true, 'one of the two'),
			('marital_status', 'line', 'line', true, 'whose'), ('marital_status', 'marital_status', 'marital_status', true, 'what it is now'),
			('marital_status', 'spouse_line', 'kin', false, 'the spouse''s line; 0 elsewhere'),
			('disability', 'line', 'line', true, 'whose'),
			('disability', 'disabilities', 'disabilities or null', true, 'all there are now; [] none, null unknown'),
			('gender', 'line', 'line', true, 'whose'), ('gender', 'sex', 'sex', true, 'what it is now'),
			('contact', 'phone', 'phone or null', true, 'null: none'),
			('address', 'address', 'text or null', false, 'in words'), ('address', 'area', 'area', false, 'as fine as known'),
			('address', 'place', 'place or null', false, 'degrees east and north; unknown in another area, unless given'),
			('split', 'lines', 'lines', true, 'who goes'), ('split', 'new_head', 'line', true, 'who of them heads the new household'),
			('split', 'relationships', 'relationships', false, 'to the new head, where lines do not tell'),
			('split', 'area', 'area', false, 'where they live'), ('split', 'address', 'text', false, 'where they live'),
			('split', 'phone', 'phone', false, 'theirs'), ('split', 'rest_head', 'line', false, 'who heads those who stay'),
			('merge', 'into_household', 'household', false, 'the household they join; or'),
			('merge', 'from_household', 'household', false, 'the household that joins them'),
			('merge', 'head_relationship', 'relationship', true, 'of the head who joins to the head who stays'),
			('merge', 'relationships', 'relationships', false, 'to the head who stays, where lines do not tell'),
			('move', 'line', 'line', true, 'who moves: a line where the member lived'),
			('move', 'to_household', 'household', false, 'the household the member joins; or'),
			('move', 'from_household', 'household', false, 'the household the member comes from'),
			('move', 'relationship', 'relationship', true, 'to the head there'),
			('move', 'marital_status', 'marital_status', false, 'where it changes with that'),
			('move', 'spouse_line', 'kin', false, 'the spouse''s line there'), ('move', 'father_line', 'kin', false, 'the father''s line there'),
			('move', 'mother_line', 'kin', false, 'the mother''s line there'),
			('move', 'with_lines', 'lines', false, 'who comes along'),
			('move', 'new_head', 'line', false, 'who heads those who stay'),
			('move', 'relationships', 'relationships', false, 'of with_lines to the head there, where lines do not tell'),
			('new_head', 'new_head', 'line', true, 'who is head'),
			('new_head', 'relationships', 'relationships', false, 'to the new head, where lines do not tell'),
			('left', 'line', 'line', true, 'who left'), ('left', 'new_head', 'line', false, 'who heads those who stay'),
			('joined', 'name', 'name', true, 'of the person'), ('joined', 'sex', 'sex', true, 'of the person'),
			('joined', 'relationship', 'relationship', true, 'to the head'), ('joined', 'birth_date', 'date', false, 'of the person'),
			('joined', 'cnic', 'number', false, 'of the person'), ('joined', 'document', 'document', false, 'what the number is from'),
			('joined', 'father_name', 'name', false, 'of the person'), ('joined', 'marital_status', 'marital_status', false, 'of the person'),
			('joined', 'spouse_line', 'kin', false, 'the spouse''s line'), ('joined', 'father_line', 'kin', false, 'the father''s line'),
			('joined', 'mother_line', 'kin', false, 'the mother''s line'),
			('joined', 'disabilities', 'disabilities', false, 'of the person; [] none, unknown unless given'),
			('reinstate', 'line', 'line', true, 'who lives there after all'),
			('reinstate', 'relationship', 'relationship', false, 'to the head of today'),
			('member', 'line', 'line', true, 'who'), ('member', 'changes', 'object', true, 'what is right'),
			('member', 'changes.name', 'name', false, 'the name'), ('member', 'changes.father_name', 'name or null', false, 'the father''s name'),
			('member', 'changes.sex', 'sex or null', false, 'the sex'), ('member', 'changes.birth_date', 'date or null', false, 'the date of birth'),
			('member', 'changes.relationship', 'relationship', false, 'to the head'),
			('member', 'changes.marital_status', 'marital_status or null', false, 'the marital status'),
			('member', 'changes.spouse_line', 'kin or null', false, 'the spouse''s line'),
			('member', 'changes.father_line', 'kin or null', false, 'the father''s line'),
			('member', 'changes.mother_line', 'kin or null', false, 'the mother''s line'),
			('cnic', 'line', 'line', true, 'whose number, also of who died or left'), ('cnic', 'cnic', 'number or null', true, 'what is right; null: none'),
			('cnic', 'document', 'document', false, 'what it is from'),
			('duplicate', 'line', 'line', true, 'the record that ends'),
			('duplicate', 'kept_line', 'line', true, 'the record that is kept'),
			('duplicate', 'kept_household', 'household', false, 'where that is; here, unless given'),
			('duplicate', 'new_head', 'line', false, 'who heads those who stay'))
			AS f (kind, key, type, required, meaning)
		WHERE f.kind = k.kind) AS x;
END;
COMMENT ON FUNCTION registry.change_kinds() IS
	'the kinds of changes of roster updates and corrections, and the keys of each: type is that of the value, "or null" where that is '
	'accepted; a key with a dot is one of an object';

-- For checks: of a constant, which a session computes once, one kind is looked up.
CREATE FUNCTION registry.change_forms() RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT jsonb_object_agg(t.kind, t.of_type)
	FROM (SELECT f.kind, jsonb_object_agg(f.update_type, f.keys) AS of_type
		  FROM (SELECT k.kind, k.update_type, jsonb_object_agg(k.key, jsonb_build_object('type', k.type, 'required', k.required)) AS keys
				FROM registry.change_kinds() AS k
				GROUP BY k.kind, k.update_type) AS f
		  GROUP BY f.kind) AS t;
END;
COMMENT ON FUNCTION registry.change_forms() IS
	'registry.change_kinds() as one value: {"death": {"roster": {"line": {"type": "line", "required": true}}}}';

CREATE FUNCTION registry.key_types(OUT type text, OUT expected text)
	RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 19
BEGIN ATOMIC
	SELECT t.type, t.expected
	FROM (VALUES ('kind', 'a kind'), ('text', 'text that is not empty, of at most 300 characters'),
		('name', 'a name, of at most 200 characters'),
		('date', 'a date from 1900 to today, as 2026-01-31'), ('line', 'a line, 1 to 254'), ('kin', 'a line, 1 to 254, or 0'),
		('lines', 'an array of lines, 1 to 254, none twice'), ('household', 'the number of a household'),
		('number', 'a number as 35202-1234567-1'), ('document', 'cnic, b_form or none'), ('phone', 'a mobile number as 0300-1234567'),
		('area', 'the code of an area as PK61701003'), ('place', '{"lon": 67.78, "lat": 26.73}, in Pakistan'),
		('sex', array_to_string(enum_range(NULL::registry.sex), ', ')),
		('marital_status', array_to_string(enum_range(NULL::registry.marital_status), ', ')),
		('relationship', array_to_string(enum_range(NULL::registry.relationship), ', ')),
		('relationships', 'relationships by line, as {"3": "sibling"}'),
		('disabilities', 'an array of labels of disabilities, as ["visual_full"]'), ('object', 'an object')) AS t (type, expected);
END;
COMMENT ON FUNCTION registry.key_types() IS 'the types of registry.change_kinds(), and what a value of each is';

-- Nothing is cast that was not looked at: the server's own message would repeat it.
CREATE FUNCTION registry.key_error(type text, value jsonb) RETURNS text
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	base	text := replace(key_error.type, ' or null', '');
	word	text := CASE WHEN jsonb_typeof(key_error.value) = 'string' THEN key_error.value #>> '{}' END;
	shape	text := coalesce(jsonb_typeof(key_error.value), 'null');
	fits	boolean;
BEGIN
	-- without a query, as far as it goes: this is asked of every key
	IF shape = 'null' THEN
		fits := base <> key_error.type;
	ELSIF base IN ('line', 'kin') THEN
		fits := shape = 'number' AND key_error.value::text ~ '^[0-9]{1,3}$'
			AND key_error.value BETWEEN CASE base WHEN 'line' THEN '1' ELSE '0' END::jsonb AND '254';
	ELSIF base = 'lines' THEN
		fits := shape = 'array' AND jsonb_array_length(key_error.value) BETWEEN 1 AND 254
			AND (SELECT bool_and(registry.key_error('line', u.one) IS NULL) AND count(DISTINCT u.one) = count(*)
				 FROM jsonb_array_elements(key_error.value) AS u (one));
	ELSIF base = 'relationships' THEN
		fits := shape = 'object' AND (
			SELECT coalesce(bool_and(j.key ~ '^[0-9]{1,3}$' AND registry.key_error('relationship', j.value) IS NULL), true)
			FROM jsonb_each(key_error.value) AS j (key, value));
	ELSE
		fits := CASE base
			WHEN 'text' THEN word ~ '[^[:space:]]' AND length(word) <= 300
			WHEN 'name' THEN word ~ '[^[:space:]]' AND length(word) <= 200
			WHEN 'kind' THEN word IS NOT NULL
			WHEN 'household' THEN shape = 'number' AND key_error.value::text ~ '^[1-9][0-9]{0,17}$'
			WHEN 'sex' THEN word = ANY (enum_range(NULL::registry.sex)::text[])
			WHEN 'marital_status' THEN word = ANY (enum_range(NULL::registry.marital_status)::text[])
			WHEN 'relationship' THEN word = ANY (enum_range(NULL::registry.relationship)::text[])
			WHEN 'document' THEN word IN ('cnic', 'b_form', 'none')
			WHEN 'object' THEN shape = 'object'
			WHEN 'date' THEN CASE WHEN word ~ '^(19|[2-9][0-9])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN
				word <= to_char(registry.today(), 'YYYY-MM-DD')
				AND (substr(word, 9) <= '28' OR substr(word, 9)::integer <= extract(day FROM
					make_date(left(word, 4)::integer, substr(word, 6, 2)::integer, 1) + interval '1 month -1 day')) END
			-- spelt as they are printed, they need no asking
			WHEN 'number' THEN word ~ '^[1-8][0-9]{4}-[0-9]{7}-[0-9]$' OR registry.reads_as('registry.cnic', word)
			WHEN 'phone' THEN word ~ '^03[0-9]{2}-[0-9]{7}$' OR registry.reads_as('registry.mobile_number', word)
			WHEN 'area' THEN registry.reads_as('registry.area_code', word)
			WHEN 'place' THEN shape = 'object' AND key_error.value - '{lon,lat}'::text[] = '{}'
				AND jsonb_typeof(key_error.value -> 'lon') = 'number' AND jsonb_typeof(key_error.value -> 'lat') = 'number'
				AND key_error.value -> 'lon' BETWEEN '60' AND '78.5' AND key_error.value -> 'lat' BETWEEN '23' AND '37.5'
			WHEN 'disabilities' THEN shape = 'array'
				AND (key_error.value = '[]'
					 OR registry.reads_as('registry.roster', jsonb_build_array(jsonb_build_object('line', 1, 'disabilities', key_error.value))::text))
		END;
	END IF;
	IF coalesce(fits, false) THEN
		RETURN NULL;
	END IF;
	RETURN (SELECT 'must be ' || t.expected || CASE WHEN base <> key_error.type THEN ', or null' ELSE '' END
			FROM registry.key_types() AS t WHERE t.type = base);
END;
$$;
COMMENT ON FUNCTION registry.key_error(text, jsonb) IS
	'what a value of a type of registry.key_types() must be, where it is not; NULL where it is; the value is never said';

CREATE FUNCTION registry.reads_as(type regtype, value text) RETURNS boolean
	LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
	RETURN (SELECT e.error_code IS NULL FROM registry.input_error(reads_as.type, reads_as.value) AS e);
END;
$$;
COMMENT ON FUNCTION registry.reads_as(regtype, text) IS 'whether a type reads a value; NULL of NULL';
