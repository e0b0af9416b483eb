-- What a crash must not leave behind; a row for each thing that is wrong.
SET search_path = registry, public;
SELECT 'answered, and not there: ' || request_id FROM crash.answered AS a WHERE NOT EXISTS (SELECT FROM nser.case_step AS s WHERE s.request_id = a.request_id);
SELECT format('the chain of case %s is broken at step %s: %s', case_id, step, problem) FROM verify_chain();
SELECT format('case %s is %s, and its last step says otherwise', case_id, c.state) FROM nser.update_case AS c
WHERE NOT EXISTS (SELECT FROM nser.case_step AS s WHERE s.household_id = c.household_id AND s.case_id = c.case_id AND s.step = c.last_step AND s.to_state = c.state AND s.hash = c.last_hash);
SELECT 'two open cases of household ' || household_id FROM nser.update_case WHERE NOT is_final(state) AND update_type <> 'grievance' GROUP BY household_id HAVING count(*) > 1;
-- applied is applied, by the last content submitted
SELECT format('case %s is applied, and the household has another phone', c.case_id)
FROM (SELECT DISTINCT ON (household_id) * FROM nser.update_case WHERE state = 'applied' ORDER BY household_id, case_id DESC) AS c
JOIN nser.case_overview AS o USING (household_id, case_id)
JOIN nser.case_step AS s ON s.household_id = c.household_id AND s.case_id = c.case_id AND s.step = o.submitted_step
JOIN nser.household AS h ON h.household_id = c.household_id
WHERE h.phone IS DISTINCT FROM (s.content #>> '{changes,0,phone}')::mobile_number
OR EXISTS (SELECT FROM pg_proc WHERE proname = 'apply_case' AND pronamespace = 'registry'::regnamespace) AND c.survey_id IS NOT NULL
	AND NOT EXISTS (SELECT FROM nser.survey AS v WHERE v.household_id = c.household_id AND v.survey_id = c.survey_id);
-- and what was not applied has left nothing
SELECT 'a phone that no applied case gave: household ' || h.household_id FROM nser.household AS h
WHERE h.phone IS NOT NULL AND NOT EXISTS (SELECT FROM nser.update_case AS c WHERE c.household_id = h.household_id AND c.state = 'applied');
