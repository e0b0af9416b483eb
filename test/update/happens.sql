-- For scripts that tell what happens to households: a whole case in one line.

-- requests have names here; a client makes random ones
CREATE FUNCTION pg_temp.request(name text) RETURNS uuid LANGUAGE sql RETURN md5(name)::uuid;

CREATE FUNCTION pg_temp.happens(day date, type registry.update_type, household bigint, content jsonb, area registry.area_code DEFAULT NULL, answer jsonb DEFAULT NULL,
								OUT household_id bigint, OUT case_id bigint, OUT steps integer, OUT state registry.case_state, OUT no_change boolean)
	LANGUAGE plpgsql
AS $$
DECLARE
	at		CONSTANT timestamptz := (day + time '10:00') AT TIME ZONE 'Asia/Karachi';
	name	CONSTANT text := concat_ws(' ', day, type, household, content);
BEGIN
	SELECT o.household_id, o.case_id INTO household_id, case_id
	FROM registry.open_case(type, household, pg_temp.request(name || ' open'), area => area, taken_at => at) AS o;
	PERFORM registry.advance_case(household_id, case_id, 'screen', pg_temp.request(name || ' screen'), taken_at => at + interval '5 minutes');
	IF type NOT IN ('roster', 'correction', 'grievance') THEN
		PERFORM registry.advance_case(household_id, case_id, 'start_interview', pg_temp.request(name || ' interview'), taken_at => at + interval '10 minutes');
	END IF;
	PERFORM registry.advance_case(household_id, case_id, 'submit', pg_temp.request(name || ' submit'), content, taken_at => at + interval '30 minutes');
	PERFORM registry.advance_case(household_id, case_id, 'verify', pg_temp.request(name || ' verify'), taken_at => at + interval '1 hour');
	SELECT a.step, a.state, a.no_change INTO steps, state, no_change
	FROM registry.apply_case(household_id, case_id, pg_temp.request(name || ' apply'), taken_at => at + interval '2 hours', content => answer) AS a;
END;
$$;

-- A full survey of a household as it is, with other answers where they changed.
CREATE FUNCTION pg_temp.survey(household bigint, answers jsonb DEFAULT '{}') RETURNS jsonb
	LANGUAGE sql
RETURN (SELECT jsonb_build_object('answers', (SELECT jsonb_object_agg(k.key, k.value) FROM jsonb_each(v.indicators::jsonb || answers) AS k
			JOIN registry.codebook() AS c ON c.name = k.key WHERE c.position < 40 AND c.name NOT IN ('structure')), 'land', v.land::text,
		'members', jsonb_agg(jsonb_strip_nulls(r.value || jsonb_build_object('name', m.name, 'cnic', m.cnic::text, 'document', m.document, 'birth_date', m.birth_date))))
	FROM nser.household AS h
	JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	CROSS JOIN LATERAL jsonb_array_elements(v.roster::jsonb) AS r (value)
	JOIN nser.member AS m ON m.household_id = h.household_id AND m.line = (r.value ->> 'line')::int AND m.valid_to IS NULL AND m.superseded_at IS NULL
	WHERE h.household_id = household
	GROUP BY v.household_id, v.survey_id);
