-- The counts of the rosters and the scores, worked out once more in plain SQL
-- from the text of the files, for every household of the store.

\pset tuples_only on
\pset format unaligned

CREATE TABLE hies.counted AS
WITH line AS (
	SELECT m.household_code::bigint AS household_id, m.line::integer AS line, m.age::integer AS age, m.relationship,
		m.sex = 'Female' AS female,
		m.marital_status IN ('Currently Married', 'Widow/Widower', 'Divorced') AS ever_married,
		m.marital_status = 'Widow/Widower' AS widowed, m.ever_attended = 'yes' AS ever_attended,
		coalesce(m.attending, 'no') = 'yes' AS attending,
		'yes' IN (m.worked_last_month, m.activity) AS works, m.occupation,
		CASE
			WHEN m.ever_attended = 'no' OR m.highest_class = 'less than 1' THEN 0
			WHEN m.highest_class LIKE 'class %' THEN replace(m.highest_class, 'class ', '')::integer
			WHEN m.highest_class LIKE 'FA/%' THEN 12
			WHEN m.highest_class LIKE 'Poly%' THEN 13
			WHEN m.highest_class LIKE 'BA/%' THEN 14
			WHEN m.highest_class LIKE 'MA/%' OR m.highest_class ~ 'Engineering|Agriculture' THEN 16
			WHEN m.highest_class ~ 'Medicine|Law' THEN 17
			WHEN m.highest_class LIKE 'Mphil%' THEN 18
		END AS class
	FROM hies.member AS m
	WHERE m.is_member = 'yes'
)
SELECT household_id,
	count(*) AS members,
	count(*) FILTER (WHERE age NOT BETWEEN 18 AND 65) AS dependants,
	count(*) FILTER (WHERE age < 14) AS children_0_13,
	count(*) FILTER (WHERE age BETWEEN 5 AND 16) AS children_5_16,
	count(*) FILTER (WHERE age BETWEEN 5 AND 16 AND attending) AS children_5_16_at_school,
	count(*) FILTER (WHERE age BETWEEN 5 AND 13) AS children_5_13,
	count(*) FILTER (WHERE age BETWEEN 5 AND 13 AND attending) AS children_5_13_at_school,
	count(*) FILTER (WHERE age BETWEEN 4 AND 18) AS children_4_18,
	count(*) FILTER (WHERE age BETWEEN 4 AND 18 AND NOT attending) AS children_4_18_out_of_school,
	min(CASE WHEN female THEN 'female' ELSE 'male' END) FILTER (WHERE relationship = 'Head') AS head_sex,
	min(age) FILTER (WHERE relationship = 'Head') AS head_age,
	min(class) FILTER (WHERE relationship = 'Head') AS head_class,
	(array_agg(class ORDER BY relationship, line) FILTER (WHERE female AND relationship IN ('Head', 'Spouse')))[1]
		AS female_head_or_spouse_class,
	bool_or(female AND relationship IN ('Head', 'Spouse')) AS has_female_head_or_spouse,
	count(*) FILTER (WHERE female AND ever_married AND age >= 18) AS ever_married_women,
	-- elementary occupations by what their titles say, not by the list of titles
	count(*) FILTER (WHERE works AND occupation ~* ('labourer|cleaners and helpers|cleaning workers|vehicle cleaners|'
		'animal-drawn|pedal vehicle|elementary|fast food|freight|garbage|launderers|hand packers|kitchen helpers|'
		'package deliverers|meter readers|odd job|refuse|shelf|street and related|street vendors|firewood'))
		AS elementary_workers,
	count(*) FILTER (WHERE works AND age BETWEEN 14 AND 60) AS workers,
	NULL::integer AS disabled_members,
	NULL::integer AS chronically_ill_members,
	count(*) FILTER (WHERE female AND widowed) AS widows,
	count(*) FILTER (WHERE age >= 60) AS elderly,
	0 AS transgender_members,
	bool_or(ever_attended) FILTER (WHERE relationship = 'Head') AS head_ever_attended
FROM line
GROUP BY household_id;
ALTER TABLE hies.counted ADD PRIMARY KEY (household_id);
COMMENT ON TABLE hies.counted IS 'composition of every household of the file, in plain SQL';

-- Names and values alike, all 23 of them.
WITH compared AS (
	SELECT claim.key, claim.value IS NOT DISTINCT FROM nullif(to_jsonb(c) -> claim.key, 'null') AS same
	FROM nser.household AS h
	JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	JOIN hies.counted AS c ON c.household_id = h.household_id
	CROSS JOIN LATERAL registry.composition(v.roster) AS composed
	CROSS JOIN LATERAL (SELECT key, nullif(value, 'null') AS value FROM jsonb_each(to_jsonb(composed))) AS claim
)
SELECT hies.check_that(format('%s counts of each of %s rosters are those of the files (not: %s)', count(DISTINCT key),
		(SELECT count(*) FROM nser.household),
		coalesce(string_agg(DISTINCT key, ', ') FILTER (WHERE NOT same), 'none')),
	bool_and(same) AND count(DISTINCT key) = 23 AND count(*) = 23 * (SELECT count(*) FROM nser.household))
FROM compared;

SELECT hies.check_that('and the indicators hold the same counts',
	bool_and(v.indicators @> (SELECT jsonb_object_agg(key, value) FROM jsonb_each(jsonb_strip_nulls(to_jsonb(c)))
							  WHERE key <> 'household_id')::registry.indicators))
FROM hies.counted AS c JOIN nser.survey AS v USING (household_id);

SELECT hies.check_that('the rosters of the store and the aggregate are those that JSON gives',
	bool_and(v.roster = r.roster AND r.roster = r.roster::jsonb::registry.roster))
FROM nser.survey AS v JOIN hies.roster AS r USING (household_id);

SELECT hies.check_that('no member of a household that was loaded is left out',
	bool_and(c.members = m.members) AND count(*) = (SELECT count(*) FROM nser.household))
FROM hies.counted AS c
JOIN (SELECT household_id, count(*) AS members FROM nser.member GROUP BY household_id) AS m USING (household_id);

-- The score by the published table of points (demonstration points), by hand.
SELECT hies.check_that(format('the scores of all %s households are those that CASE gives, to the hundredth', count(*)),
	bool_and(s.score::numeric IS NOT DISTINCT FROM by_hand.score) AND count(*) = (SELECT count(*) FROM nser.household))
FROM hies.scored AS s
JOIN hies.household AS h ON h.household_code = s.household_id::text
JOIN hies.counted AS c ON c.household_id = s.household_id
CROSS JOIN LATERAL (
	SELECT CASE WHEN c.dependants >= 7 THEN 0 WHEN c.dependants >= 5 THEN 3.2 WHEN c.dependants >= 3 THEN 7.5
				ELSE 13.8 END
		+ CASE WHEN c.head_class = 0 THEN 0 WHEN c.head_class <= 5 THEN 1.7 WHEN c.head_class <= 10 THEN 4.6
			   WHEN c.head_class > 10 THEN 14.1 END
		+ CASE WHEN c.children_5_16 = 0 THEN 4.8 WHEN c.children_5_16_at_school = 0 THEN 0
			   WHEN c.children_5_16_at_school < c.children_5_16 THEN 1.9 ELSE 5.7 END
		+ CASE WHEN h.rooms::numeric / c.members <= 0.2 THEN 0 WHEN h.rooms::numeric / c.members <= 0.3 THEN 3.4
			   WHEN h.rooms::numeric / c.members <= 0.4 THEN 7.8 WHEN h.rooms IS NOT NULL THEN 15.1 END
		+ CASE WHEN h.toilet LIKE 'flush%' THEN 7.5 WHEN h.toilet LIKE 'dry%' THEN 3.9
			   WHEN h.toilet LIKE 'no %' THEN 0 END
		+ CASE WHEN h.electricity LIKE 'yes%' THEN 4.7 WHEN h.electricity = 'no' THEN 0 END
		+ CASE WHEN h.gas LIKE 'yes%' THEN 8.0 WHEN h.gas = 'no' THEN 0 END
		+ CASE h.internet WHEN 'yes' THEN 6.5 WHEN 'no' THEN 0 END
		+ CASE h.mobile WHEN 'yes' THEN 6.2 WHEN 'no' THEN 0 END
		+ CASE WHEN 'yes' IN (h.desktop, h.laptop) THEN 5.0 WHEN h.desktop = 'no' AND h.laptop = 'no' THEN 0 END
		+ CASE h.landline WHEN 'yes' THEN 13.4 WHEN 'no' THEN 0 END AS score
) AS by_hand;
