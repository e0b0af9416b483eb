-- Everything that a load writes of a household, a line each.
SET datestyle = ISO;
SET timezone = 'Asia/Karachi';
SET jit = off;
CREATE TEMP TABLE state AS
SELECT jsonb_build_object('household', to_jsonb(h) - '{household_id,current_survey,recorded_at}'::text[],
		'members', m.all, 'holders', i.all, 'survey', to_jsonb(v) - '{household_id,survey_id,recorded_at}'::text[], 'families', f.all, 'scores', s.all, 'flags', q.all,
		'current', h.current_survey = v.survey_id)::text AS line
FROM nser.household AS h
LEFT JOIN nser.survey AS v ON v.household_id = h.household_id
LEFT JOIN (SELECT m.household_id, jsonb_agg(to_jsonb(m) - '{household_id,recorded_at}'::text[] ORDER BY m.line, m.version) AS all
		   FROM nser.member AS m GROUP BY 1) AS m ON m.household_id = h.household_id
LEFT JOIN (SELECT i.household_id, jsonb_agg(i.cnic::text || ' ' || i.line ORDER BY i.line) AS all
		   FROM nser.identity AS i GROUP BY 1) AS i ON i.household_id = h.household_id
LEFT JOIN (SELECT f.household_id, jsonb_agg(to_jsonb(f) - '{household_id,survey_id}'::text[] ORDER BY f.survey_id, f.family_no) AS all
		   FROM nser.family AS f GROUP BY 1) AS f ON f.household_id = h.household_id
LEFT JOIN (SELECT s.household_id, jsonb_agg(to_jsonb(s) - '{household_id,survey_id,scored_at}'::text[] ORDER BY s.survey_id, s.formula) AS all
		   FROM nser.score AS s GROUP BY 1) AS s ON s.household_id = h.household_id
LEFT JOIN (SELECT q.household_id, jsonb_agg(to_jsonb(q) - '{household_id,survey_id,found_at}'::text[] ORDER BY q.survey_id, q.check_name) AS all
		   FROM nser.quality_flag AS q GROUP BY 1) AS q ON q.household_id = h.household_id
WHERE h.household_id <= :until;
SELECT line FROM state ORDER BY md5(line), line;
