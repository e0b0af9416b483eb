
-- check_survey: whether what a full survey says can be applied -------------------
--
-- Asked when it is submitted, while the household can still be asked again, and once
-- more when it is applied: the registry may have changed meanwhile.

CREATE FUNCTION registry.survey_keys(OUT part text, OUT key text, OUT json_type text, OUT type text, OUT is_required boolean,
									 OUT pattern text, OUT expected text, OUT longest integer) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 43
BEGIN ATOMIC
	SELECT k.part, k.key, k.json_type, k.type, k.is_required, k.pattern, k.expected || coalesce(', of at most ' || l.longest || ' characters', ''), l.longest
	FROM (VALUES
		('survey', 'answers', 'object', 'registry.indicators', true, NULL::text, 'an object of answers by registry.codebook()'),
		('survey', 'members', 'array', NULL::text, true, NULL, 'an array of everyone who lives in the household'),
		('survey', 'ended', 'array', NULL, false, NULL, 'an array of members who died or left, with the day'),
		('survey', 'land', 'string', 'registry.land_area', false, NULL, 'agricultural land owned, such as 2 acre 3 kanal'),
		('survey', 'address', 'string', NULL, false, '[^[:space:]]', 'where it lives, in words'),
		('survey', 'phone', 'string', 'registry.mobile_number', false, NULL, 'a mobile number such as 0300-1234567'),
		('survey', 'area', 'string', 'registry.area_code', false, NULL, 'a code such as PK61701003'),
		('survey', 'place', 'object', NULL, false, NULL, 'where the dwelling stands: lon and lat'),
		('survey', 'device_place', 'object', NULL, false, NULL, 'where the tablet was: lon and lat'),
		('survey', 'started_at', 'string', 'timestamptz', false, '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)$',
			'when the interview began, such as 2025-06-01T10:00:00+05:00'),
		('survey', 'form_version', 'string', NULL, false, '[^[:space:]]', 'the version of the form'),
		('place', 'lon', 'number', 'double precision', true, NULL, 'degrees east, such as 74.3'),
		('place', 'lat', 'number', 'double precision', true, NULL, 'degrees north, such as 31.5'),
		('ended', 'line', 'number', NULL, true, '^([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-4])$', 'a line from 1 to 254'),
		('ended', 'reason', 'string', NULL, true, '^(died|left)$', 'died or left'),
		('ended', 'on_date', 'string', 'date', false, '^\d{4}-\d\d-\d\d$', 'a date such as 2025-06-01; that of the survey, if absent'),
		('ended', 'new_head', 'number', NULL, false, '^([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-4])$', 'the line of the head, where it was the head who ended'),
		('members', 'line', 'number', NULL, true, '^([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-4])$', 'a line from 1 to 254'),
		('members', 'name', 'string', NULL, true, '[^[:space:]]', 'a name'),
		('members', 'father_name', 'string', NULL, false, '[^[:space:]]', 'a name'),
		('members', 'cnic', 'string', 'registry.cnic', false, NULL, 'an identity number such as 35202-1234567-1'),
		('members', 'document', 'string', NULL, false, '^(cnic|b_form|none)$', 'cnic or b_form, with a number, or none, without'),
		('members', 'sex', 'string', 'registry.sex', true, NULL, 'male, female or transgender'),
		('members', 'birth_date', 'string', 'date', false, '^\d{4}-\d\d-\d\d$', 'a date such as 1990-05-17'),
		('members', 'age', 'number', NULL, false, NULL, 'full years, where the date of birth is not known'),
		('members', 'relationship', 'string', 'registry.relationship', true, NULL, 'a relationship to the head, such as child'),
		('members', 'marital_status', 'string', 'registry.marital_status', false, NULL, 'a marital status, such as married'),
		('members', 'spouse_line', 'number', NULL, false, '^\d+$', 'the line of the husband or first wife; 0 lives elsewhere'),
		('members', 'father_line', 'number', NULL, false, '^\d+$', 'the line of the father; 0 lives elsewhere'),
		('members', 'mother_line', 'number', NULL, false, '^\d+$', 'the line of the mother; 0 lives elsewhere'),
		('members', 'class', 'number', NULL, false, NULL, 'classes completed, 0 to 24'),
		('members', 'ever_attended', 'boolean', NULL, false, NULL, 'true or false'),
		('members', 'attending_school', 'boolean', NULL, false, NULL, 'true or false'),
		('members', 'literate', 'boolean', NULL, false, NULL, 'true or false'),
		('members', 'employment', 'string', NULL, false, NULL, 'a label, such as employed'),
		('members', 'work', 'string', NULL, false, NULL, 'a label, such as regular'),
		('members', 'elementary_occupation', 'boolean', NULL, false, NULL, 'true or false'),
		('members', 'disabilities', 'array', NULL, false, NULL, 'an array of labels, [] where there is none'),
		('members', 'chronic_diseases', 'array', NULL, false, NULL, 'an array of labels, [] where there is none'))
		AS k (part, key, json_type, type, is_required, pattern, expected)
	LEFT JOIN (VALUES ('name', 200), ('father_name', 200), ('address', 300), ('form_version', 50)) AS l (key, longest) ON l.key = k.key;
END;
COMMENT ON FUNCTION registry.survey_keys() IS
	'the keys of a full survey as content of a case: of itself, a place, and the elements of members and ended; what each must be, '
	'and how many characters a text has at most';

CREATE FUNCTION registry.survey_parts(content jsonb, OUT part text, OUT no integer, OUT position_in text, OUT object jsonb) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT 'survey', 0, NULL::text, survey_parts.content
	UNION ALL
	SELECT l.part, (l.first + e.no)::integer, format('%s %s', l.word, e.no), e.object
	FROM (VALUES ('members', 'Member', 0), ('ended', 'Ended', 1000)) AS l (part, word, first)
	CROSS JOIN LATERAL jsonb_array_elements(CASE WHEN jsonb_typeof(survey_parts.content -> l.part) = 'array'
		THEN survey_parts.content -> l.part ELSE '[]' END) WITH ORDINALITY AS e (object, no)
	UNION ALL
	SELECT 'place', 2000, p.key, survey_parts.content -> p.key
	FROM (VALUES ('place'), ('device_place')) AS p (key)
	WHERE jsonb_typeof(survey_parts.content -> p.key) = 'object';
END;
COMMENT ON FUNCTION registry.survey_parts(jsonb) IS
	'work of registry.check_survey(): what of a survey has keys, in order, and where it stands: Member 3, Ended 1, place; NULL is the survey itself';

CREATE FUNCTION registry.refuse_content(VARIADIC problems text[]) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'RG010',
		MESSAGE = 'the content is malformed',
		DETAIL = array_to_string(problems[1:20], ' '),
		HINT = 'registry.survey_keys() lists the keys of a full survey: {"answers": {"rooms": 3}, "members": [{"line": 1, "name": "...", '
			   '"sex": "female", "relationship": "head"}]}.';
END;
$$;
COMMENT ON FUNCTION registry.refuse_content(text[]) IS 'raise RG010, malformed_content, with the first 20 sentences that say what is wrong and where';

CREATE FUNCTION registry.check_survey_shape(content jsonb) RETURNS void
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	problems	text[];
	fits		boolean := true;
BEGIN
	IF jsonb_typeof(check_survey_shape.content) IS DISTINCT FROM 'object' THEN
		PERFORM registry.refuse_content('It is an object.');
	END IF;
	WITH part AS MATERIALIZED (
		SELECT p.part, p.no, p.position_in, p.object, jsonb_typeof(p.object) = 'object' AS is_object FROM registry.survey_parts(check_survey_shape.content) AS p
	), key AS MATERIALIZED (
		SELECT k.* FROM registry.survey_keys() AS k
	)
	SELECT array_agg(concat_ws(', ', x.position_in, x.key) || x.words ORDER BY x.no, x.position_in, x.key) INTO problems
	FROM (SELECT p.no, p.position_in, NULL AS key, ': it is an object.' AS words FROM part AS p WHERE NOT p.is_object
		  UNION ALL
		  -- a misspelt key must not be lost; one that may be a person's name is not shown
		  SELECT p.no, p.position_in, CASE WHEN k.key IS NOT NULL OR e.key ~ '^[a-z][a-z0-9_]{1,30}$' THEN e.key ELSE 'one key' END,
			CASE WHEN k.key IS NULL THEN ': there is no such key.' ELSE format(': it is %s.', k.expected) END
		  FROM part AS p
		  CROSS JOIN LATERAL jsonb_each(CASE WHEN p.is_object THEN p.object ELSE '{}' END) AS e
		  LEFT JOIN key AS k ON k.part = p.part AND k.key = e.key
		  WHERE k.key IS NULL OR jsonb_typeof(e.value) NOT IN (k.json_type, 'null')
		  OR jsonb_typeof(e.value) <> 'null' AND ((e.value #>> '{}') !~ k.pattern OR length(e.value #>> '{}') > k.longest)
		  UNION ALL
		  SELECT p.no, p.position_in, k.key, ': it must be given.'
		  FROM part AS p JOIN key AS k ON k.part = p.part AND k.is_required
		  WHERE p.is_object AND coalesce(jsonb_typeof(p.object -> k.key), 'null') = 'null'
		  UNION ALL
		  SELECT 0, NULL, 'members', ': nobody is named.' WHERE check_survey_shape.content -> 'members' = '[]'
		  UNION ALL
		  SELECT 0, NULL, p.part, ': there are more than 254.' FROM part AS p WHERE p.position_in IN ('Member 255', 'Ended 255')) AS x;
	IF problems IS NOT NULL THEN
		PERFORM registry.refuse_content(VARIADIC problems);
	END IF;

	-- all values at once; which of them it was is asked where one is wrong
	BEGIN
		PERFORM (check_survey_shape.content -> 'answers')::registry.indicators, (check_survey_shape.content ->> 'land')::registry.land_area,
			(check_survey_shape.content ->> 'phone')::registry.mobile_number, (check_survey_shape.content ->> 'area')::registry.area_code,
			(check_survey_shape.content ->> 'started_at')::timestamptz,
			(check_survey_shape.content #>> '{place,lon}')::double precision, (check_survey_shape.content #>> '{place,lat}')::double precision,
			(check_survey_shape.content #>> '{device_place,lon}')::double precision, (check_survey_shape.content #>> '{device_place,lat}')::double precision;
		PERFORM FROM jsonb_to_recordset(check_survey_shape.content -> 'members') AS m (cnic registry.cnic, sex registry.sex, birth_date date,
			relationship registry.relationship, marital_status registry.marital_status);
		PERFORM FROM jsonb_to_recordset(coalesce(nullif(check_survey_shape.content -> 'ended', 'null'), '[]')) AS e (on_date date);
		PERFORM jsonb_agg(m.object - '{name,father_name,cnic,document,birth_date}'::text[])::registry.roster
		FROM jsonb_array_elements(check_survey_shape.content -> 'members') AS m (object);
	EXCEPTION WHEN data_exception OR undefined_object THEN
		fits := false;
	END;
	IF NOT fits THEN
		SELECT array_agg(x.words ORDER BY x.no, x.words) INTO problems
		FROM (SELECT p.no, concat_ws(', ', p.position_in, k.key)
				|| CASE WHEN k.type = 'registry.indicators' THEN format(': %s. %s', i.message, i.detail) ELSE format(': it is %s.', k.expected) END AS words
			  FROM registry.survey_parts(check_survey_shape.content) AS p
			  JOIN registry.survey_keys() AS k ON k.part = p.part AND k.type IS NOT NULL
			  CROSS JOIN LATERAL registry.input_error(k.type::regtype, p.object ->> k.key) AS i
			  WHERE i.error_code IS NOT NULL) AS x;
		-- else it is a fact of the roster
		PERFORM registry.refuse_content(VARIADIC coalesce(problems, (
			SELECT ARRAY[format('%s. %s', i.message, i.detail)]
			FROM registry.input_error('registry.roster', (SELECT jsonb_agg(m.object - '{name,father_name,cnic,document,birth_date}'::text[])::text
				FROM jsonb_array_elements(check_survey_shape.content -> 'members') AS m (object))) AS i)));
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_survey_shape(jsonb) IS
	'refuse content of a full survey that is malformed (RG010): keys that are none or missing, and values that cannot be; says where each stands';

CREATE FUNCTION registry.is_late_survey(household_id bigint, taken_at timestamptz) RETURNS boolean
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET jit = off
AS $$
BEGIN
	-- a survey that was passed by a roster update stands after that, and was taken before
	RETURN EXISTS (SELECT FROM nser.survey AS v
				   WHERE v.household_id = is_late_survey.household_id AND v.is_full AND v.submitted_at > is_late_survey.taken_at
				   AND coalesce((SELECT s.taken_at FROM nser.case_step AS s
								 WHERE s.household_id = v.household_id AND s.case_id = v.by_case AND s.event = 'submit'
								 ORDER BY s.step DESC LIMIT 1), v.submitted_at) > is_late_survey.taken_at);
END;
$$;
COMMENT ON FUNCTION registry.is_late_survey(bigint, timestamptz) IS
	'whether the household was surveyed in full since, by when the cases of its surveys were submitted: the survey of a tablet that was lost is history, and overrules nobody';

-- What it says against itself, and against the lines of nser.member.  Of what
-- registry.roster_problems() finds, all is refused that can be in no household; who is
-- a parent and never married, or married before 10, is flagged as ever: it is unlikely
-- and may be so, and who could not enter it would enter something else.  Where the registry
-- knows of changes after the survey, the household is asked again.
CREATE FUNCTION registry.check_survey(household_id bigint, content jsonb, taken_at timestamptz) RETURNS void
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET jit = off
AS $$
DECLARE
	taken_on	CONSTANT date := least((check_survey.taken_at AT TIME ZONE 'Asia/Karachi')::date, registry.today());
	is_late		boolean;
	malformed	text[];
	wrong		text[];
	taken		text[];
	way_out		text;
BEGIN
	PERFORM registry.check_survey_shape(check_survey.content);
	is_late := registry.is_late_survey(check_survey.household_id, check_survey.taken_at);

	WITH asked AS MATERIALIZED (
		SELECT r.*
		FROM ROWS FROM (jsonb_to_recordset(check_survey.content -> 'members') AS (line integer, name text, cnic registry.cnic, document text,
			sex registry.sex, birth_date date, relationship registry.relationship, marital_status registry.marital_status, spouse_line integer))
			WITH ORDINALITY AS r (line, name, cnic, document, sex, birth_date, relationship, marital_status, spouse_line, no)
	), gone AS MATERIALIZED (
		SELECT e.*
		FROM jsonb_to_recordset(coalesce(nullif(check_survey.content -> 'ended', 'null'), '[]'))
			AS e (line integer, reason text, on_date date, new_head integer)
	), held AS MATERIALIZED (
		SELECT DISTINCT ON (m.line) m.line::integer, m.end_reason, m.valid_from, m.valid_to, m.cnic, m.name, m.sex, m.birth_date
		FROM nser.member AS m
		WHERE m.household_id = check_survey.household_id AND m.superseded_at IS NULL
		ORDER BY m.line, m.version DESC
	), holder AS (
		SELECT a.no, i.household_id, i.line, registry.holder_state(i.household_id, i.line, i.cnic) AS state
		FROM asked AS a
		JOIN nser.identity AS i ON i.cnic OPERATOR(registry.=) a.cnic
		WHERE (i.household_id, i.line) IS DISTINCT FROM (check_survey.household_id, a.line::smallint)
	), problem (code, words, hint) AS (
		SELECT 1, format('Member %s, cnic: member %s has the same number.', max(a.no), min(a.no)), NULL::text
		FROM asked AS a WHERE a.cnic IS NOT NULL GROUP BY a.cnic::bigint HAVING count(*) > 1
		UNION ALL
		SELECT 1, format('Member %s, document: the number and the document it is from do not agree.', a.no), NULL
		FROM asked AS a WHERE (a.document = 'none') <> (a.cnic IS NULL)
		UNION ALL
		SELECT 1, format('Member %s, birth_date: it is from 1850 on, and not after the survey.', a.no), NULL
		FROM asked AS a WHERE a.birth_date NOT BETWEEN '1850-01-01' AND taken_on
		UNION ALL
		SELECT 1, format('Ended line %s, on_date: it is from 1900 on, and not after the survey.', g.line), NULL
		FROM gone AS g WHERE g.on_date NOT BETWEEN '1900-01-01' AND taken_on
		UNION ALL
		SELECT 1, p.key || ': it is not in Pakistan.', NULL
		FROM (VALUES ('place'), ('device_place')) AS p (key)
		WHERE NOT registry.in_pakistan(registry.place((check_survey.content -> p.key ->> 'lon')::double precision,
													  (check_survey.content -> p.key ->> 'lat')::double precision))
		UNION ALL
		SELECT 1, 'started_at: it is not after the survey was submitted.', NULL
		WHERE (check_survey.content ->> 'started_at')::timestamptz > check_survey.taken_at
		UNION ALL
		SELECT 2, format('Line %s has ended, and is a member, too.', g.line), NULL
		FROM gone AS g WHERE EXISTS (SELECT FROM asked AS a WHERE a.line = g.line)
		UNION ALL
		SELECT 2, format('Line %s has ended twice.', g.line), NULL
		FROM gone AS g GROUP BY g.line HAVING count(*) > 1
		UNION ALL
		SELECT 2, format('Line %s is said to be the new head, and line %s is.', g.new_head, a.line), NULL
		FROM gone AS g JOIN asked AS a ON a.relationship = 'head' AND a.line <> g.new_head
		UNION ALL
		SELECT 2, format('Line %s is married to line %s, who has died.', a.line, g.line), NULL
		FROM asked AS a JOIN gone AS g ON g.line = a.spouse_line AND g.reason = 'died' WHERE a.marital_status = 'married'
		UNION ALL
		-- against the registry, where the survey is the newer
		SELECT 2, format('Line %s has ended: %s.', h.line, h.end_reason), NULL
		FROM asked AS a JOIN held AS h ON h.line = a.line WHERE NOT is_late AND h.end_reason IS NOT NULL
		UNION ALL
		SELECT 2, format('Line %s has changed on %s, after the survey.', h.line, greatest(h.valid_from, h.valid_to)), NULL
		FROM held AS h WHERE NOT is_late AND greatest(h.valid_from, h.valid_to) > taken_on
		UNION ALL
		SELECT 2, format('Line %s is nobody''s, and new people have lines after %s.', a.line, l.highest), NULL
		FROM asked AS a
		CROSS JOIN (SELECT max(m.line) AS highest FROM nser.member AS m WHERE m.household_id = check_survey.household_id) AS l
		WHERE NOT is_late AND a.line <= l.highest AND NOT EXISTS (SELECT FROM held AS h WHERE h.line = a.line)
		-- who was never entered keeps the line of the roster
		AND NOT EXISTS (SELECT FROM nser.household AS h
						JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
						CROSS JOIN LATERAL registry.members(v.roster) AS r
						WHERE h.household_id = check_survey.household_id AND r.line = a.line)
		UNION ALL
		SELECT 2, format('Line %s is another person''s.', a.line), NULL
		FROM asked AS a JOIN held AS h ON h.line = a.line
		-- one of these may have been wrong
		WHERE NOT is_late AND coalesce((a.cnic::bigint <> h.cnic::bigint)::integer, 0) + coalesce((a.sex <> h.sex)::integer, 0)
			+ coalesce((a.birth_date <> h.birth_date)::integer, 0) + coalesce((registry.name_key(a.name) <> registry.name_key(h.name))::integer, 0) > 1
		UNION ALL
		-- names may be corrected, and people not exchanged
		SELECT 2, format('Line %s has the name of line %s.', a.line, o.line), NULL
		FROM asked AS a
		JOIN held AS h ON h.line = a.line AND coalesce(registry.name_key(a.name) <> registry.name_key(h.name), a.name <> h.name)
		JOIN held AS o ON o.line <> a.line AND o.end_reason IS NULL AND coalesce(registry.name_key(o.name) = registry.name_key(a.name), o.name = a.name)
		WHERE NOT is_late AND (a.cnic::bigint = h.cnic::bigint) IS NOT TRUE
		UNION ALL
		SELECT 2, format('Line %s has ended, and was not live.', g.line), NULL
		FROM gone AS g LEFT JOIN held AS h ON h.line = g.line WHERE NOT is_late AND (h.line IS NULL OR h.end_reason IS NOT NULL)
		UNION ALL
		SELECT 2, format('Line %s has ended before %s, since when it stands as it is.', h.line, h.valid_from), NULL
		FROM gone AS g JOIN held AS h ON h.line = g.line AND h.end_reason IS NULL WHERE NOT is_late AND g.on_date < h.valid_from
		UNION ALL
		-- who left the registry comes back so, and takes the number along
		SELECT 3, format('Member %s, cnic: the number is held by %s.', x.no, registry.holder_in_words(x.household_id, x.line, x.state)),
			registry.way_out(x.household_id, x.line, x.state, check_survey.household_id)
		FROM holder AS x WHERE NOT is_late AND x.state IS DISTINCT FROM 'left' AND x.state IS DISTINCT FROM 'moved'
	)
	SELECT array_agg(p.words) FILTER (WHERE p.code = 1), array_agg(p.words) FILTER (WHERE p.code = 2),
		array_agg(p.words) FILTER (WHERE p.code = 3), min(p.hint) INTO malformed, wrong, taken, way_out
	FROM problem AS p;
	IF malformed IS NOT NULL THEN
		PERFORM registry.refuse_content(VARIADIC malformed);
	END IF;
	IF wrong IS NULL THEN
		SELECT array_agg(upper(left(p.detail, 1)) || substr(p.detail, 2) || '.') INTO wrong
		FROM (SELECT jsonb_agg(r.facts)::registry.roster AS roster
			  FROM registry.reconcile_members(check_survey.household_id, check_survey.content, taken_on, is_late) AS r
			  WHERE r.end_reason IS NULL) AS x
		CROSS JOIN LATERAL registry.roster_problems(x.roster) AS p
		WHERE p.problem NOT IN ('parent_never_married', 'married_child')
		-- separated people may live under one roof, and say so
		AND NOT (p.problem IN ('spouse_without_marriage', 'spouse_not_married')
				 AND EXISTS (SELECT FROM registry.members(x.roster) AS m JOIN registry.members(x.roster) AS s ON s.line = m.spouse_line
							 WHERE m.line = p.line AND 'separated' IN (m.marital_status, s.marital_status)));
	END IF;
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG009',
			MESSAGE = format('the roster of household %s contradicts itself, or what the registry knows', check_survey.household_id),
			DETAIL = array_to_string(wrong[1:20], ' '),
			HINT = 'A known person keeps the line of nser.member; new people get lines that nobody had; kin on no line have 0.';
	END IF;
	IF taken IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG014',
			MESSAGE = format('the survey of household %s has a number of somebody else', check_survey.household_id),
			DETAIL = array_to_string(taken[1:20], ' '),
			HINT = way_out;
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_survey(bigint, jsonb, timestamptz) IS
	'refuse a full survey that is malformed (RG010), contradicts itself or the lines of nser.member (RG009), or has a number that somebody '
	'else holds (RG014); one older than another full survey is history, and not compared with nser.member';
