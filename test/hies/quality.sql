-- The checks on real answers: how often each holds, against SQL on the text of the files.
-- The interviews of the files are not dated, and have no operator, phone or address.

\pset tuples_only off
\pset format aligned
\pset footer off
\pset null '-'
\pset border 1

SELECT count(*) FROM registry.check_quality() \g /dev/null

CREATE TABLE hies.quality AS
WITH line AS (
	SELECT h.household_code::bigint AS household_id, m.*,
		CASE
			WHEN m.ever_attended = 'no' OR m.highest_class = 'less than 1' THEN 0
			WHEN m.highest_class LIKE 'class %' THEN replace(m.highest_class, 'class ', '')::integer
			WHEN m.highest_class LIKE 'FA/%' THEN 12
			WHEN m.highest_class LIKE 'Poly%' THEN 13
			WHEN m.highest_class LIKE 'BA/%' THEN 14
			WHEN m.highest_class LIKE 'MA/%' OR m.highest_class ~ 'Engineering|Agriculture' THEN 16
			WHEN m.highest_class ~ 'Medicine|Law' THEN 17
			WHEN m.highest_class LIKE 'Mphil%' THEN 18
		END AS class_passed
	FROM hies.household AS h JOIN hies.member AS m USING (household_code)
	JOIN nser.household AS taken ON taken.household_id = h.household_code::bigint
	WHERE m.is_member = 'yes'
), home AS (
	SELECT h.household_code::bigint AS household_id, h.rooms::numeric AS rooms, h.owned_land_acres::numeric AS acres,
		coalesce(l.members, 0) AS members
	FROM hies.household AS h
	JOIN nser.household AS taken ON taken.household_id = h.household_code::bigint
	LEFT JOIN (SELECT household_id, count(*) AS members FROM line GROUP BY household_id) AS l ON l.household_id = taken.household_id
), again AS (
	SELECT household_id, 'rooms.many' AS check_name FROM home WHERE rooms > 8 AND rooms > 2 * members
	UNION ALL SELECT household_id, 'rooms.crowded' FROM home WHERE members > 12 * greatest(rooms, 1)
	UNION ALL SELECT household_id, 'rooms.none' FROM home WHERE rooms = 0
	UNION ALL SELECT household_id, 'members.many' FROM home WHERE members > 30
	UNION ALL SELECT household_id, 'land.large' FROM home WHERE acres > 500
	UNION ALL SELECT DISTINCT household_id, 'member.class' FROM line WHERE class_passed > greatest(age::integer - 3, 0)
	UNION ALL SELECT DISTINCT household_id, 'member.old' FROM line WHERE age::integer > 105
	UNION ALL SELECT DISTINCT household_id, 'member.young_head' FROM line WHERE relationship = 'Head' AND age::integer < 15
	UNION ALL SELECT household_id, 'address.missing' FROM home
	UNION ALL SELECT household_id, 'roster.no_head' FROM line GROUP BY 1 HAVING count(*) FILTER (WHERE relationship = 'Head') = 0
	UNION ALL SELECT household_id, 'roster.several_heads' FROM line GROUP BY 1 HAVING count(*) FILTER (WHERE relationship = 'Head') > 1
	UNION ALL SELECT DISTINCT household_id, 'roster.married_child' FROM line WHERE marital_status IN ('Currently Married', 'Widow/Widower', 'Divorced') AND age::integer < 10
)
SELECT household_id, check_name, true AS here, NULL::boolean AS there FROM again
UNION ALL
SELECT household_id, check_name, NULL, true FROM nser.quality_survey;
COMMENT ON TABLE hies.quality IS 'what plain SQL finds in the files (here), and the checks in the store (there)';

\echo
\echo 'QUALITY: HOUSEHOLDS OF HIES 2015-16 A CHECK HOLDS OF'
\echo
SELECT c.name AS check, c.severity, count(q.there) AS "found", x.counted AS "counted in the files"
FROM nser.quality_check AS c
LEFT JOIN hies.quality AS q ON q.check_name = c.name
LEFT JOIN (VALUES ('rooms.many'), ('rooms.crowded'), ('rooms.none'), ('members.many'), ('land.large'), ('member.class'), ('member.old'), ('member.young_head'),
				  ('address.missing'), ('roster.no_head'), ('roster.several_heads'), ('roster.married_child')) AS k (name) ON k.name = c.name
LEFT JOIN LATERAL (SELECT count(y.here) AS counted FROM hies.quality AS y WHERE y.check_name = k.name) AS x ON k.name IS NOT NULL
GROUP BY c.name, x.counted
HAVING count(q.there) > 0 OR x.counted IS NOT NULL
ORDER BY c.name;

-- household by household, not counts alone
DO $$
DECLARE
	wrong	text;
BEGIN
	SELECT string_agg(format('%s: %s', d.check_name, d.n), ', ') INTO wrong
	FROM (SELECT x.check_name, count(*) AS n
		  FROM (SELECT q.household_id, q.check_name FROM hies.quality AS q
				WHERE q.check_name IN ('rooms.many', 'rooms.crowded', 'rooms.none', 'members.many', 'land.large', 'member.class', 'member.old', 'member.young_head',
									   'address.missing', 'roster.no_head', 'roster.several_heads', 'roster.married_child')
				GROUP BY 1, 2
				HAVING count(q.here) <> count(q.there)) AS x
		  GROUP BY 1) AS d;
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION 'the checks and plain SQL on the files differ in households: %', wrong;
	ELSIF (SELECT count(DISTINCT q.check_name) FROM hies.quality AS q WHERE q.here) < 5 THEN
		RAISE EXCEPTION 'too few of the checks hold anywhere for the comparison to say anything';
	END IF;
END;
$$;
