-- From what the files say to what the registry stores, for rows without a fault;
-- then the faults that only show when the lines of a household are read together.
--
-- A blank is unknown: NULL, never 0 or "no".  What the questionnaire skips on
-- purpose is known all the same; each such rule stands where it is applied.

CREATE TABLE hies.member_fact AS
SELECT m.row_no, m.household_code::bigint AS household_id, m.line::integer AS line,
	kin.value::registry.relationship AS relationship,
	sex.value::registry.sex AS sex,
	m.age::integer AS age,
	CASE WHEN m.birth_day::integer > 0 AND m.birth_month::integer > 0 THEN
		ARRAY[m.birth_year::integer, m.birth_month::integer, m.birth_day::integer] END AS birth,
	marital.value::registry.marital_status AS marital_status,

	-- Only the currently married are asked for a spouse; who is not has none here
	-- (nikah without rukhsati: not yet living together).  98 and 99 stay as they
	-- are: dead, and not in the roster.
	coalesce(m.spouse_line::integer, CASE WHEN marital.value <> 'married' THEN 0 END) AS spouse_line,
	m.father_line::integer AS father_line,
	m.mother_line::integer AS mother_line,

	-- Education is asked of members of 4 and older; of the younger ones nothing is
	-- known, and no count needs it.  Who never attended has no class and does not
	-- attend: those questions are skipped.
	coalesce(class.value::integer, CASE WHEN m.ever_attended = 'no' THEN 0 END) AS class,
	m.ever_attended = 'yes' AS ever_attended,
	coalesce(m.attending = 'yes', CASE WHEN m.ever_attended = 'no' THEN false END) AS attending_school,

	-- Reading and writing with understanding, of 10 and older; who cannot read is not asked to write.
	m.can_read = 'yes' AND m.can_write = 'yes' AS literate,

	-- Work is asked of 10 and older.
	CASE WHEN m.worked_last_month = 'yes' OR activity.value = 'employed' THEN 'employed'
		 WHEN m.attending = 'yes' AND (m.age::integer < 10 OR activity.value = 'unemployed') THEN 'student'
		 ELSE activity.value END AS employment,
	status.value AS work,

	-- The younger, and who does not work, are in no occupation at all.
	CASE WHEN m.worked_last_month = 'yes' OR activity.value = 'employed' THEN occupation.major_group = 9
		 WHEN m.age::integer < 10 OR activity.value IS NOT NULL THEN false END AS elementary_occupation,

	m.status_in_employment = 'Own cultivator' AS cultivates_own_land
FROM hies.member AS m
LEFT JOIN hies.label AS kin ON (kin.source, kin.column_name) = ('hies_member', 'relationship')
	AND kin.label = m.relationship
LEFT JOIN hies.label AS sex ON (sex.source, sex.column_name) = ('hies_member', 'sex') AND sex.label = m.sex
LEFT JOIN hies.label AS marital ON (marital.source, marital.column_name) = ('hies_member', 'marital_status')
	AND marital.label = m.marital_status
LEFT JOIN hies.label AS class ON (class.source, class.column_name) = ('hies_member', 'highest_class')
	AND class.label = m.highest_class
LEFT JOIN hies.label AS activity ON (activity.source, activity.column_name) = ('hies_member', 'activity')
	AND activity.label = m.activity
LEFT JOIN hies.label AS status ON (status.source, status.column_name) = ('hies_member', 'status_in_employment')
	AND status.label = m.status_in_employment
LEFT JOIN hies.occupation ON occupation.label = m.occupation
WHERE NOT EXISTS (SELECT FROM hies.fault AS f WHERE f.source = 'hies_member' AND f.row_no = m.row_no);
ALTER TABLE hies.member_fact ADD PRIMARY KEY (household_id, line);
COMMENT ON TABLE hies.member_fact IS 'members as the registry will know them; NULL is unknown';

INSERT INTO hies.fault (source, row_no, household_code, column_name, sqlstate, reason)
SELECT 'hies_member', row_no, household_id::text, 'birth_day', '22008', 'no such day in that month'
FROM hies.member_fact
WHERE birth[3] > extract(day FROM make_date(birth[1], birth[2], 1) + interval '1 month' - interval '1 day')
ORDER BY row_no;

INSERT INTO hies.fault (source, row_no, household_code, column_name, sqlstate, reason)
SELECT 'hies_member', m.row_no, m.household_id::text, kin.column_name, '23514', 'nobody is their own kin'
FROM hies.member_fact AS m
CROSS JOIN LATERAL (VALUES ('spouse_line', m.spouse_line), ('father_line', m.father_line),
						   ('mother_line', m.mother_line)) AS kin (column_name, line)
WHERE kin.line = m.line
ORDER BY m.row_no, kin.column_name;

INSERT INTO hies.fault (source, row_no, household_code, column_name, sqlstate, reason)
SELECT 'hies_member', m.row_no, m.household_id::text, kin.column_name, '23514', kin.reason
FROM hies.member_fact AS m
CROSS JOIN LATERAL (VALUES ('father_line', m.father_line, 'male', 'the father''s line is a woman''s'),
						   ('mother_line', m.mother_line, 'female', 'the mother''s line is a man''s'))
	AS kin (column_name, line, sex, reason)
JOIN hies.member_fact AS parent ON parent.household_id = m.household_id AND parent.line = kin.line
	AND parent.sex <> kin.sex::registry.sex
ORDER BY m.row_no, kin.column_name;

-- A household: its labels become answers by their columns' names, the rest by hand.
CREATE TABLE hies.household_fact AS
WITH sound AS MATERIALIZED (
	SELECT h.* FROM hies.household AS h
	WHERE NOT EXISTS (SELECT FROM hies.fault AS f WHERE f.source = 'hies_household' AND f.row_no = h.row_no)
)
SELECT h.row_no, h.household_code::bigint AS household_id, province.area::registry.area_code AS area,
	labels.answers - '{mobile,desktop,laptop}'::text[]
		|| jsonb_strip_nulls(jsonb_build_object(
			'province', province.province,
			'rooms', h.rooms::integer,
			'mobile_phone', labels.answers -> 'mobile',
			'computer', (labels.answers -> 'desktop')::boolean OR (labels.answers -> 'laptop')::boolean)) AS answers,
	land.sarsai,
	(h.weight::numeric * 1000)::bigint AS weight,
	h.annual_expenditure::numeric AS annual_expenditure
FROM sound AS h
JOIN hies.province ON province.psu_digit = left(h.psu, 1)
CROSS JOIN LATERAL (
	SELECT coalesce(jsonb_object_agg(c.column_name,
			CASE WHEN l.value IN ('true', 'false') THEN l.value::jsonb ELSE to_jsonb(l.value) END)
			FILTER (WHERE l.value IS NOT NULL), '{}') AS answers
	FROM jsonb_each_text(to_jsonb(h)) AS c (column_name, label)
	JOIN hies.label AS l ON l.source = 'hies_household' AND l.column_name = c.column_name AND l.label = c.label
) AS labels
-- Land.  Section 6 asks every household whether it owns farm land, and for acres
-- only where it does: blank is none.  It is unknown where a member cultivates
-- his own land all the same (7 of 863 such households), so hardly an owner is
-- lost.  An eighth of an acre is a kanal of 180 sarsai and stands in the file
-- cut to two decimals: what is that near to whole kanals is meant so.
CROSS JOIN LATERAL (
	SELECT (CASE
			WHEN h.owned_land_acres IS NULL THEN
				CASE WHEN NOT EXISTS (SELECT FROM hies.member_fact AS m
									  WHERE m.household_id = h.household_code::bigint AND m.cultivates_own_land)
					 THEN 0 END
			WHEN abs(acres * 8 - round(acres * 8)) <= 0.04 THEN round(acres * 8) * 180
			ELSE round(acres * 1440) END)::bigint AS sarsai
	FROM (SELECT h.owned_land_acres::numeric) AS a (acres)
) AS land;
ALTER TABLE hies.household_fact ADD PRIMARY KEY (household_id);
COMMENT ON TABLE hies.household_fact IS 'households as the registry will know them, with their weight in thousandths';

INSERT INTO hies.fault (source, row_no, household_code, column_name, sqlstate, reason)
SELECT 'hies_household', h.row_no, h.household_id::text, NULL, '23514', 'its roster has not exactly one head'
FROM hies.household_fact AS h
WHERE (SELECT count(*) FROM hies.member_fact AS m
	   WHERE m.household_id = h.household_id AND m.relationship = 'head') <> 1
-- what is wrong with its lines is said there
AND NOT EXISTS (SELECT FROM hies.fault AS f
				WHERE f.household_code = h.household_id::text AND f.refuses_household)
ORDER BY h.row_no;
