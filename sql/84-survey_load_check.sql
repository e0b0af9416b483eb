
-- survey load check: whether a line of a file could be a case --------------------------
--
-- The survey itself is judged by registry.check_survey(); here is what a case knows beside
-- it: where and when, by whom and how.

CREATE FUNCTION registry.survey_line_keys(OUT key text, OUT json_type text, OUT is_required boolean, OUT pattern text, OUT expected text)
	RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	SELECT k.key, k.json_type, true, k.pattern, k.expected FROM registry.survey_keys() AS k WHERE k.part = 'survey' AND k.key = 'area'
	UNION ALL
	SELECT 'submitted_at', k.json_type, true, k.pattern, 'when the survey was submitted, such as 2025-06-01T10:35:00+05:00'
	FROM registry.survey_keys() AS k WHERE k.part = 'survey' AND k.key = 'started_at'
	UNION ALL
	SELECT m.key, m.json_type, false, m.pattern, m.expected
	FROM (VALUES ('mode', 'string', '^(door|centre|mobile|telephone|self|partner)$', 'door, centre, mobile, telephone, self or partner'),
			('centre', 'number', '^[1-9]\d{0,17}$', 'the number of a centre in nser.centre'),
			('operator', 'number', '^[1-9]\d{0,17}$', 'the number of an operator in nser.operator')) AS m (key, json_type, pattern, expected);
END;
COMMENT ON FUNCTION registry.survey_line_keys() IS
	'what a line of a file of surveys must hold (area) or holds beside the keys of registry.survey_keys(): what a case knows of a survey otherwise';

CREATE FUNCTION registry.is_known_area(area registry.area_code, gazetteer registry.area_code[]) RETURNS boolean
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	known	CONSTANT registry.area_level := least(registry.level(is_known_area.area), 'tehsil');
BEGIN
	IF EXISTS (SELECT FROM nser.area AS a WHERE a.code OPERATOR(registry.=) is_known_area.area) OR registry.level(is_known_area.area) <= 'province' THEN
		RETURN true;
	END IF;
	-- what is finer than anybody has loaded there may be so
	RETURN NOT (registry.level(is_known_area.area) > 'tehsil' AND EXISTS (
			SELECT FROM nser.area AS a
			WHERE a.code OPERATOR(registry.<@) registry.ancestor(is_known_area.area, 'tehsil') AND a.level = registry.level(is_known_area.area)))
		AND (EXISTS (SELECT FROM nser.area AS a WHERE a.code OPERATOR(registry.=) registry.ancestor(is_known_area.area, known))
			 OR registry.ancestor(is_known_area.area, known) OPERATOR(registry.=) ANY (is_known_area.gazetteer));
END;
$$;
COMMENT ON FUNCTION registry.is_known_area(registry.area_code, registry.area_code[]) IS
	'whether there is such an area: in nser.area, or, where that has none of its level in its tehsil, by its tehsil or district there or in '
	'registry.gazetteer(), whose codes are given, as listing them again for each line takes long';

CREATE FUNCTION registry.check_survey_line(household_id bigint, line jsonb, gazetteer registry.area_code[],
										   OUT submitted_at timestamptz, OUT on_date date, OUT operator bigint)
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET jit = off
AS $$
DECLARE
	problems	text[];
	lives_in	registry.area_code;
BEGIN
	IF jsonb_typeof(check_survey_line.line) IS DISTINCT FROM 'object' THEN
		PERFORM registry.refuse_content('It is an object.');
	END IF;
	SELECT array_agg(format('%s: it %s.', k.key, CASE WHEN x.type = 'null' THEN 'must be given' ELSE 'is ' || k.expected END) ORDER BY k.key) INTO problems
	FROM registry.survey_line_keys() AS k
	CROSS JOIN LATERAL (SELECT coalesce(jsonb_typeof(check_survey_line.line -> k.key), 'null') AS type) AS x
	WHERE CASE WHEN x.type = 'null' THEN k.is_required ELSE x.type <> k.json_type OR (check_survey_line.line ->> k.key) !~ k.pattern END;
	IF problems IS NULL THEN
		BEGIN
			submitted_at := (check_survey_line.line ->> 'submitted_at')::timestamptz;
			lives_in := (check_survey_line.line ->> 'area')::registry.area_code;
		EXCEPTION WHEN data_exception THEN
			problems := ARRAY[CASE WHEN submitted_at IS NULL THEN 'submitted_at' ELSE 'area' END || ': there is none such.'];
		END;
	END IF;
	IF problems IS NULL AND submitted_at NOT BETWEEN '2008-01-01 00:00+05' AND now() + interval '1 day' THEN
		problems := ARRAY['submitted_at: it is from 2008 on, and not more than a day in the future.'];
	ELSIF problems IS NULL AND NOT registry.is_known_area(lives_in, check_survey_line.gazetteer) THEN
		problems := ARRAY['area: there is none such in nser.area or registry.gazetteer().'];
	END IF;
	IF problems IS NOT NULL THEN
		PERFORM registry.refuse_content(VARIADIC problems);
	END IF;
	-- a clock may be ahead
	submitted_at := least(submitted_at, now());
	on_date := registry.day_in_pakistan(submitted_at);
	operator := registry.case_operator((check_survey_line.line ->> 'operator')::bigint, NULL, lives_in, on_date);
	PERFORM registry.require_centre(registry.centre_of_line(check_survey_line.line, check_survey_line.operator), on_date);
	PERFORM registry.check_survey(check_survey_line.household_id, registry.survey_of_line(check_survey_line.line), submitted_at);
END;
$$;
COMMENT ON FUNCTION registry.check_survey_line(bigint, jsonb, registry.area_code[]) IS
	'refuse a line that could not be a case of missed_out, opened and submitted when it says: RG010, RG009, RG014 of registry.check_survey(), RG012 of '
	'its operator, and a centre or area that there is not; how long ago is no matter, as of a tablet; household_id is the number it is to get; '
	'returns when and on which day it was submitted, and its operator';

CREATE FUNCTION registry.survey_of_line(line jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN line - '{submitted_at,mode,centre,operator}'::text[];
COMMENT ON FUNCTION registry.survey_of_line(jsonb) IS 'the content of a submit that a line holds';

CREATE FUNCTION registry.centre_of_line(line jsonb, operator bigint) RETURNS bigint
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	-- as registry.open_case() has it
	RETURN coalesce((line ->> 'centre')::bigint, CASE WHEN coalesce(line ->> 'mode', 'centre') IN ('centre', 'mobile')
		THEN (SELECT o.centre_id FROM nser.operator AS o WHERE o.operator_id = centre_of_line.operator) END);
END;
$$;
COMMENT ON FUNCTION registry.centre_of_line(jsonb, bigint) IS 'the centre of a survey: its own, or that of its operator, of one made at a centre or by a vehicle';

CREATE FUNCTION registry.refusal_of_line(code text, message text, detail text, OUT column_name text, OUT reason text)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	reason := CASE
		-- the message names a household that is not there
		WHEN code ~ '^RG' THEN coalesce(nullif(detail, ''), message)
		WHEN code ~ '^54' THEN 'it is nested too deeply, or too large'
		ELSE registry.refusal_in_words(code, message, detail) END;
	column_name := CASE WHEN code = 'RG012' THEN 'operator' WHEN code = 'P0002' THEN 'centre' WHEN code IN ('RG009', 'RG014', '23505') THEN 'members'
		WHEN code ~ '^RG' THEN substring(reason FROM '^(?:(?:Member|Ended) \d+, |(?:device_)?place, )?([a-z_]+): ') END;
END;
$$;
COMMENT ON FUNCTION registry.refusal_of_line(text, text, text) IS
	'what an error says of the line it was raised for: which key, NULL where none alone, and why, without values; reason is NULL of what is no word '
	'on the line, such as a deadlock';
