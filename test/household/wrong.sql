-- What must hold after every operation; a row is a violation.
CREATE FUNCTION pg_temp.wrong() RETURNS TABLE (rule text, household_id bigint, line smallint) LANGUAGE sql AS $$
	WITH live AS (SELECT m.* FROM nser.member AS m WHERE m.valid_to IS NULL AND m.superseded_at IS NULL)
	SELECT 'one live row a line', l.household_id, l.line FROM live AS l GROUP BY l.household_id, l.line HAVING count(*) > 1
	UNION ALL SELECT 'one head', l.household_id, NULL FROM live AS l GROUP BY l.household_id HAVING count(*) FILTER (WHERE l.relationship = 'head') <> 1
	UNION ALL SELECT 'who lives in a household lives in a registered one', l.household_id, l.line FROM live AS l
		JOIN nser.household AS h USING (household_id) WHERE h.status <> 'registered'
	UNION ALL SELECT 'a holder has the number', i.household_id, i.line FROM nser.identity AS i WHERE NOT EXISTS (
		SELECT FROM nser.member AS m WHERE m.cnic = i.cnic AND m.household_id = i.household_id AND m.line = i.line AND m.superseded_at IS NULL
		AND coalesce(m.end_reason, 'live') NOT IN ('changed', 'moved'))
	UNION ALL SELECT 'a number has its holder', m.household_id, m.line FROM nser.member AS m
		WHERE m.cnic IS NOT NULL AND m.superseded_at IS NULL AND coalesce(m.end_reason, 'live') NOT IN ('changed', 'moved')
		AND NOT EXISTS (SELECT FROM nser.identity AS i WHERE i.cnic = m.cnic AND i.household_id = m.household_id AND i.line = m.line)
	UNION ALL SELECT 'versions without gaps', m.household_id, m.line FROM nser.member AS m GROUP BY m.household_id, m.line HAVING max(m.version) <> count(*)
	UNION ALL SELECT 'a line is one person''s', m.household_id, m.line FROM nser.member AS m WHERE m.superseded_at IS NULL
		GROUP BY m.household_id, m.line HAVING count(DISTINCT m.name) > 1
	UNION ALL SELECT 'rows that stand follow each other', m.household_id, m.line FROM nser.member AS m
		JOIN nser.member AS n ON n.household_id = m.household_id AND n.line = m.line AND n.version > m.version AND n.superseded_at IS NULL
		WHERE m.superseded_at IS NULL AND (m.valid_to IS NULL OR n.valid_from < m.valid_to)
	UNION ALL SELECT 'the roster is of who lives there', coalesce(r.household_id, l.household_id), coalesce(r.line, l.line)
		FROM (SELECT v.household_id, x.line::smallint, x.relationship FROM nser.household AS h JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
			  CROSS JOIN LATERAL members(v.roster) AS x WHERE h.status = 'registered') AS r
		FULL JOIN (SELECT l.* FROM live AS l JOIN nser.household AS h USING (household_id) WHERE h.current_survey IS NOT NULL) AS l
			ON l.household_id = r.household_id AND l.line = r.line
		WHERE r.line IS NULL OR l.line IS NULL OR r.relationship <> l.relationship
	UNION ALL SELECT 'the last full survey is of its day', h.household_id, NULL FROM nser.household AS h
		WHERE h.surveyed_on IS DISTINCT FROM (SELECT max((v.submitted_at AT TIME ZONE 'Asia/Karachi')::date) FROM nser.survey AS v
											  WHERE v.household_id = h.household_id AND v.is_full)
	UNION ALL SELECT 'a line has one number', m.household_id, m.line FROM nser.member AS m WHERE m.superseded_at IS NULL
		GROUP BY m.household_id, m.line HAVING count(DISTINCT m.cnic::bigint) > 1
	UNION ALL SELECT 'a number that stands has a holder', m.household_id, m.line FROM nser.member AS m
		WHERE m.cnic IS NOT NULL AND m.superseded_at IS NULL AND NOT EXISTS (SELECT FROM nser.identity AS i WHERE i.cnic = m.cnic)
$$;
