-- The generated households as lines of a file of surveys, and each store as text, a
-- household a line, without the numbers that it gave them.

CREATE VIEW population.survey_line AS
	SELECT v.household_id, jsonb_strip_nulls(jsonb_build_object('area', h.area::text, 'address', h.address, 'phone', h.phone::text,
		'place', CASE WHEN h.place IS NOT NULL THEN jsonb_build_object('lon', st_x(h.place), 'lat', st_y(h.place)) END,
		'device_place', CASE WHEN v.device_place IS NOT NULL THEN jsonb_build_object('lon', st_x(v.device_place), 'lat', st_y(v.device_place)) END,
		'land', v.land::text, 'mode', v.mode, 'form_version', v.form_version, 'started_at', v.started_at, 'submitted_at', v.submitted_at,
		'answers', v.indicators::jsonb,
		'members', (SELECT jsonb_agg(jsonb_strip_nulls((r.one - 'age') || jsonb_build_object('age', CASE WHEN m.birth_date IS NULL THEN r.one -> 'age' END,
						'name', m.name, 'father_name', m.father_name, 'cnic', m.cnic::text, 'document', m.document, 'birth_date', m.birth_date)) ORDER BY m.line)
					FROM jsonb_array_elements(v.roster::jsonb) AS r (one)
					JOIN nser.member AS m ON m.household_id = v.household_id AND m.line = (r.one ->> 'line')::integer))) AS line
	FROM nser.survey AS v
	JOIN nser.household AS h ON h.household_id = v.household_id AND h.current_survey = v.survey_id;
