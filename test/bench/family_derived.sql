-- The families of every survey, into :family.
INSERT INTO :family (household_id, survey_id, family_no, kind, woman_line, husband_line, child_lines, counts, area)
	SELECT d.household_id, d.survey_id, (d.f).family_no, (d.f).kind, (d.f).woman_line, (d.f).husband_line, (d.f).child_lines, (d.f).counts,
		d.area
	FROM (SELECT v.household_id, v.survey_id, v.area, registry.families(v.roster) AS f FROM nser.survey AS v OFFSET 0) AS d
	WHERE (d.f).family_no IS NOT NULL
