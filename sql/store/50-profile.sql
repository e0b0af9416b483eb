
-- Every indicator of the codebook as a column, in its order and with its comment.
DECLARE
	indicator	record;
BEGIN
	EXECUTE (
		SELECT format('CREATE VIEW nser.household_profile WITH (security_invoker = true) AS
			SELECT h.household_id, v.survey_id, h.area, h.registered_on, v.submitted_at, v.land, %s
			FROM nser.household AS h
			JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
			WHERE h.status = ''registered''',
			string_agg(format(CASE c.kind
								WHEN 'code' THEN 'v.indicators OPERATOR(registry.->>) %1$L AS %1$I'
								WHEN 'flag' THEN '(v.indicators OPERATOR(registry.->) %1$L)::boolean AS %1$I'
								ELSE 'v.indicators OPERATOR(registry.->) %1$L AS %1$I'
							  END, c.name), ', ' ORDER BY c.position))
		FROM registry.codebook() AS c
		WHERE c.name NOT LIKE 'reserved%');

	FOR indicator IN SELECT c.name, c.meaning FROM registry.codebook() AS c WHERE c.name NOT LIKE 'reserved%' LOOP
		EXECUTE format('COMMENT ON COLUMN nser.household_profile.%I IS %L', indicator.name, indicator.meaning);
	END LOOP;
END;
COMMENT ON VIEW nser.household_profile IS 'registered households with every indicator of their current survey as a labelled column';

CREATE VIEW nser.member_profile WITH (security_invoker = true) AS
	SELECT h.household_id, v.survey_id, h.area, r.line, m.name, m.cnic, m.document, m.birth_date,
		r.relationship, r.sex, r.age, r.marital_status, r.spouse_line, r.father_line, r.mother_line,
		r.class, r.ever_attended, r.attending_school, r.literate, r.employment, r.work, r.elementary_occupation,
		r.disabilities, r.chronic_diseases
	FROM nser.household AS h
	JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	CROSS JOIN LATERAL registry.members(v.roster) AS r
	LEFT JOIN nser.member AS m ON m.household_id = h.household_id AND m.line = r.line
		AND m.valid_to IS NULL AND m.superseded_at IS NULL
	WHERE h.status = 'registered';
COMMENT ON VIEW nser.member_profile IS 'members of registered households as their current survey found them, with name and number';

CREATE VIEW nser.family_profile WITH (security_invoker = true) AS
	SELECT f.household_id, f.survey_id, f.area, f.family_no, f.kind, f.counts,
		f.woman_line, w.name AS woman, w.cnic AS woman_cnic, w.birth_date AS woman_birth_date,
		f.husband_line, m.name AS husband, m.cnic AS husband_cnic,
		f.child_lines, cardinality(f.child_lines) AS children, d.evidence
	FROM nser.household AS h
	JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	JOIN nser.family AS f ON f.household_id = v.household_id AND f.survey_id = v.survey_id
	LEFT JOIN LATERAL registry.families(v.roster) AS d ON d.woman_line = f.woman_line
	LEFT JOIN nser.member AS w ON w.household_id = f.household_id AND w.line = f.woman_line
		AND w.valid_to IS NULL AND w.superseded_at IS NULL
	LEFT JOIN nser.member AS m ON m.household_id = f.household_id AND m.line = f.husband_line
		AND m.valid_to IS NULL AND m.superseded_at IS NULL
	WHERE h.status = 'registered';
COMMENT ON VIEW nser.family_profile IS
	'families of registered households by their current survey, with the names and numbers of wife and husband, and on what '
	'evidence children and husband were placed';

CREATE VIEW nser.family_count WITH (security_invoker = true) AS
	SELECT f.area, f.kind, count(*) AS families,
		count(*) FILTER (WHERE f.counts) AS counting,
		count(*) FILTER (WHERE f.counts IS NULL) AS of_unknown_age,
		sum(cardinality(f.child_lines)) AS children
	FROM nser.household AS h
	JOIN nser.family AS f ON f.household_id = h.household_id AND f.survey_id = h.current_survey
	WHERE h.status = 'registered'
	GROUP BY f.area, f.kind;
COMMENT ON VIEW nser.family_count IS
	'families of registered households by area, as fine as known, and kind; for a district, sum those WHERE area <@ ''PK617''';
