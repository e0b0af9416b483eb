-- Every tenth family is a beneficiary of Kafaalat, by a list there was before.
SET ROLE regress_owner;
INSERT INTO nser.enrolment (household_id, area, programme, unit, line, recipient, entered_on, entry_reason, certified_on, survey_id)
SELECT f.household_id, h.area, 'kafaalat', 'family', f.woman_line, m.cnic, registry.today() - 30, 'loaded', registry.today() - 30, f.survey_id
FROM nser.family AS f
JOIN nser.household AS h ON h.household_id = f.household_id AND h.current_survey = f.survey_id AND h.status = 'registered'
JOIN nser.member AS m ON m.household_id = f.household_id AND m.line = f.woman_line AND m.valid_to IS NULL AND m.superseded_at IS NULL
WHERE f.counts AND f.household_id % 10 = 0;
