-- Two partners put their copies side by side: by pseudonyms, then by values.
\set ECHO none
\i test/sharing/attack_records.sql
\set ECHO all
SELECT pg_temp.release(pg_temp.agree('regress_partner_a', 'anonymized', '{"attributes": ["sex", "age_group", "literate"], "level": "district"}')) AS a \gset
SELECT pg_temp.release(pg_temp.agree('regress_partner_b', 'anonymized', '{"attributes": ["sex", "age_group", "marital_status", "disabled"], "level": "province"}')) AS b \gset
SELECT pg_temp.show(('release.r' || :a)::regclass, 'a', 'regress_partner_a'), pg_temp.show(('release.r' || :b)::regclass, 'b', 'regress_partner_a') \g /dev/null
-- both are of the same people
SELECT count(*) > 15000 AS in_both FROM nser.release_subject AS s JOIN nser.release_subject AS o ON o.household_id = s.household_id AND o.release_id = :b
	CROSS JOIN unnest(s.lines) AS l (line) WHERE s.release_id = :a AND l.line = ANY (o.lines);

-- the attack: partner a was handed b's view too
SET SESSION AUTHORIZATION regress_partner_a;
SELECT count(*) AS joined FROM share.a JOIN share.b USING (person);
SELECT count(*) AS joined FROM share.a JOIN share.b ON right(a.person::text, 8) = right(b.person::text, 8) AND left(a.person::text, 8) = left(b.person::text, 8);
-- by values, a record of the one that is the only one like it, and so in the other
SELECT count(*) AS joined
FROM (SELECT age_group FROM share.a GROUP BY age_group HAVING count(*) = 1) AS a JOIN (SELECT age_group FROM share.b GROUP BY age_group HAVING count(*) = 1) AS b USING (age_group);
SELECT min(n) >= 5 AS five_at_least_everywhere FROM (SELECT count(*) AS n FROM share.a GROUP BY to_jsonb(a) - 'person') AS g;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
UPDATE nser.release SET state = 'published' WHERE release_id = :a;
SELECT (registry.check_linkage(:b) ->> 'linkage')::double precision <= 0.01 AS within_the_limit;

-- weakened: one key for both, and the values as they are
CREATE TABLE release.weak_a AS
	SELECT registry.pseudonym(sha256('one key'), m.household_id || '.' || m.line) AS person, m.area::text, m.sex::text, m.age::text, m.literate::text FROM nser.member_profile AS m;
CREATE TABLE release.weak_b AS
	SELECT registry.pseudonym(sha256('one key'), m.household_id || '.' || m.line) AS person, m.area::text, m.sex::text, m.age::text,
		(cardinality(m.disabilities) > 0)::text AS disabled FROM nser.member_profile AS m;
INSERT INTO nser.release (agreement_id, release_no, definition, relation, state)
	SELECT l.agreement_id, 2, '{}', CASE l.release_id WHEN :a THEN 'weak_a' ELSE 'weak_b' END, CASE l.release_id WHEN :a THEN 'replaced' ELSE 'made' END
	FROM nser.release AS l WHERE l.release_id IN (:a, :b) ORDER BY l.release_id;
SELECT pg_temp.show('release.weak_a', 'weak_a', 'regress_partner_a'), pg_temp.show('release.weak_b', 'weak_b', 'regress_partner_a') \g /dev/null
SET SESSION AUTHORIZATION regress_partner_a;
SELECT count(*) > 15000 AS joined_all FROM share.weak_a JOIN share.weak_b USING (person);
-- new keys would not help where the values join
SELECT count(*) > 1000 AS joined_by_values, count(*) FILTER (WHERE disabled = 'true') > 0 AS and_who_is_disabled
FROM (SELECT area, sex, age FROM share.weak_a GROUP BY 1, 2, 3 HAVING count(*) = 1) AS a
JOIN (SELECT area, sex, age, max(disabled) AS disabled FROM share.weak_b GROUP BY 1, 2, 3 HAVING count(*) = 1) AS b USING (area, sex, age);
-- and publishing refuses it
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
\set VERBOSITY sqlstate
SELECT registry.check_linkage(max(release_id)) FROM nser.release;
\set VERBOSITY default
\set ECHO none
\i test/sharing/attack_records_end.sql
