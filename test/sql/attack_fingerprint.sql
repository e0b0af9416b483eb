-- A neighbour's household is looked for by its members together.
\set ECHO none
\i test/sharing/attack_records.sql
\set ECHO all
SELECT pg_temp.release(pg_temp.agree('regress_partner_a', 'anonymized',
	'{"attributes": ["sex", "age_group", "marital_status", "disabled"], "level": "province", "with_household": true}')) AS a \gset
SELECT pg_temp.show(('release.r' || :a)::regclass, 'a', 'regress_partner_a') \g /dev/null
-- what everybody in the street knows of a household, but not who is disabled
CREATE TEMP TABLE neighbour AS
	SELECT m.sex::text, CASE WHEN m.age <= 12 THEN 'minor' WHEN m.age <= 17 THEN 'teenage' WHEN m.age <= 59 THEN 'adult' ELSE 'old-age' END AS age_group,
		m.marital_status::text, cardinality(m.disabilities) > 0 AS disabled
	FROM nser.member_profile AS m
	WHERE m.household_id = (SELECT d.household_id FROM nser.member_profile AS d GROUP BY d.household_id
		HAVING count(*) = 7 AND bool_or(cardinality(d.disabilities) > 0) ORDER BY d.household_id LIMIT 1);
GRANT SELECT ON neighbour TO regress_partner_a;

SET SESSION AUTHORIZATION regress_partner_a;
-- the attack: a household whose members are these
SELECT count(DISTINCT a.household) AS households_told FROM share.a;
SELECT count(*) AS found FROM (SELECT array_agg(a.age_group || a.marital_status ORDER BY a.age_group || a.marital_status) AS members FROM share.a WHERE household IS NOT NULL GROUP BY household) AS h
	WHERE h.members = (SELECT array_agg(n.age_group || n.marital_status ORDER BY n.age_group || n.marital_status) FROM neighbour AS n);
-- rows that follow each other are not of one household either: no more neighbours than by chance
SELECT count(*) FILTER (WHERE l.age_group = 'minor' AND l.next = 'minor')::numeric / nullif(count(*) FILTER (WHERE l.age_group = 'minor'), 0)
	BETWEEN 0.85 * s.share AND 1.15 * s.share AS as_by_chance
FROM (SELECT age_group, lead(age_group) OVER () AS next FROM share.a) AS l, (SELECT avg((age_group = 'minor')::int) AS share FROM share.a) AS s GROUP BY s.share;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT checks ->> 'household_key' AS key, (checks ->> 'unique_households')::int > 100 AS for_these_were_unique FROM nser.release WHERE release_id = :a;

-- weakened: k holds for each person, and households are told
CREATE TABLE release.weak AS
	SELECT md5(m.household_id::text) AS household, m.sex::text, CASE WHEN m.age <= 12 THEN 'minor' WHEN m.age <= 17 THEN 'teenage' WHEN m.age <= 59 THEN 'adult' ELSE 'old-age' END AS age_group,
		m.marital_status::text, cardinality(m.disabilities) > 0 AS disabled FROM nser.member_profile AS m;
DELETE FROM release.weak AS w USING (SELECT sex, age_group, marital_status FROM release.weak GROUP BY 1, 2, 3 HAVING count(*) < 5) AS g
	WHERE w.sex = g.sex AND w.age_group = g.age_group AND w.marital_status = g.marital_status;
SELECT pg_temp.show('release.weak', 'weak', 'regress_partner_a') \g /dev/null
SELECT smallest_persons >= 5 AS five_persons FROM registry.anonymity('release.weak', '{sex,age_group,marital_status}');
SET SESSION AUTHORIZATION regress_partner_a;
WITH h AS (SELECT household, array_agg(concat(sex, age_group, marital_status) ORDER BY concat(sex, age_group, marital_status)) AS members,
			count(*) FILTER (WHERE disabled) AS disabled FROM share.weak GROUP BY household)
SELECT count(*) AS found, max(h.disabled) = (SELECT count(*) FROM neighbour WHERE disabled) AS and_who_is_disabled FROM h
	WHERE h.members = (SELECT array_agg(concat(sex, age_group, marital_status) ORDER BY concat(sex, age_group, marital_status)) FROM neighbour);
-- rows in the order of the roster tell households without a key
SELECT count(*) FILTER (WHERE l.age_group = 'minor' AND l.next = 'minor')::numeric / nullif(count(*) FILTER (WHERE l.age_group = 'minor'), 0)
	BETWEEN 0.85 * s.share AND 1.15 * s.share AS as_by_chance
FROM (SELECT age_group, lead(age_group) OVER () AS next FROM share.weak) AS l, (SELECT avg((age_group = 'minor')::int) AS share FROM share.weak) AS s GROUP BY s.share;
\set ECHO none
\i test/sharing/attack_records_end.sql
