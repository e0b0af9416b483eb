-- Two refreshes less each other: who left in between, and what was said of her.
\set ECHO none
\i test/sharing/attack_records.sql
\set ECHO all
SELECT pg_temp.agree('regress_partner_a', 'anonymized', '{"attributes": ["age_group", "marital_status", "disabled"], "level": "country"}') AS agreement \gset
SELECT pg_temp.release(:agreement) AS before \gset
UPDATE nser.release SET state = 'published' WHERE release_id = :before;
SELECT pg_temp.show(('release.r' || :before)::regclass, 'before', 'regress_partner_a') \g /dev/null
-- one household moves abroad, as everybody knows: one of it is disabled, as nobody does
CREATE TEMP TABLE abroad AS
	SELECT m.household_id, count(*) AS members, count(*) FILTER (WHERE cardinality(m.disabilities) > 0) AS disabled FROM nser.member_profile AS m
	JOIN nser.release_subject AS s ON s.household_id = m.household_id AND s.release_id = :before AND m.line::smallint = ANY (s.lines)
	GROUP BY m.household_id HAVING count(*) BETWEEN 3 AND 5 AND count(*) FILTER (WHERE cardinality(m.disabilities) > 0) = 1 ORDER BY m.household_id LIMIT 1;
UPDATE nser.household SET status = 'dissolved' WHERE household_id = (SELECT household_id FROM abroad);
SELECT pg_temp.release(:agreement) AS after \gset

-- the attack needs the refresh, which is held back
SELECT groups_exposed > 0 AS groups, paths_exposed > 0 AS pseudonyms, followed FROM registry.refresh_difference(:before, :after, 5, 2);
\set VERBOSITY sqlstate
SELECT registry.check_refresh(:after);
\set VERBOSITY default
SET SESSION AUTHORIZATION regress_partner_a;
SELECT count(*) > 1000 AS reads_the_one_before FROM share.before;
SELECT count(*) FROM share.after;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
-- nor is it had by asking anew: for oneself, or through an affiliate; another partner may ask as much
SELECT pg_temp.release(pg_temp.agree('regress_partner_a', 'anonymized', '{"attributes": ["age_group", "marital_status", "disabled"], "level": "country"}')) AS anew,
	pg_temp.agree('regress_partner_b', 'anonymized', '{"attributes": ["age_group", "marital_status", "disabled"], "level": "country"}') AS b \gset
SELECT pg_temp.release(:b) AS beside \gset
SELECT groups_exposed > 0 AS groups, paths_exposed, followed FROM registry.refresh_difference(:before, :anew, 5, 2);
\set VERBOSITY sqlstate
SELECT registry.check_refresh(:anew);
SELECT registry.check_refresh(:beside);
BEGIN;
UPDATE nser.organization AS o SET affiliate_of = a.organization_id FROM nser.organization AS a WHERE o.login = 'regress_partner_b' AND a.login = 'regress_partner_a';
SELECT registry.check_refresh(:beside);
ROLLBACK;
-- nor once the first one was revoked: a copy may have been kept
BEGIN;
UPDATE nser.release SET state = 'revoked' WHERE release_id = :before;
SELECT registry.check_refresh(:anew);
ROLLBACK;
\set VERBOSITY default
-- what differs by many, or is of others, goes out beside it
SELECT pg_temp.release(pg_temp.agree('regress_partner_a', 'anonymized', '{"attributes": ["electricity"], "level": "country", "member_types": ["head"]}')) AS heads \gset
SELECT registry.check_refresh(:heads);
-- a change of many households goes through, once nobody can be followed
DELETE FROM nser.release_subject WHERE release_id = :after;
UPDATE nser.household SET status = 'dissolved' WHERE household_id BETWEEN 1000 AND 1800;
SELECT pg_temp.release(:agreement) AS later \gset
SELECT groups_exposed FROM registry.refresh_difference(:before, :later, 5, 2);
UPDATE nser.household SET status = 'registered' WHERE household_id BETWEEN 1000 AND 1800;

-- Where households are told, one is followed by all its members together: forty households
-- of two or three, made by hand, of whom seven each lose one.
CREATE FUNCTION pg_temp.keyed(agreement bigint, of_two integer, of_three integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	id	bigint;
BEGIN
	INSERT INTO nser.release (agreement_id, release_no, definition, state)
	SELECT agreement, 1 + count(*), '{}', 'made' FROM nser.release WHERE agreement_id = agreement RETURNING release_id INTO id;
	UPDATE nser.release SET relation = 'r' || id WHERE release_id = id;
	INSERT INTO nser.release_subject (household_id, release_id, area, lines)
	SELECT h.household_id, id, h.area, (ARRAY[1, 2, 3])[1:CASE WHEN h.no <= 20 THEN 2 - (h.no <= of_two)::int ELSE 3 - (h.no <= 20 + of_three)::int END]
	FROM (SELECT x.household_id, x.area, row_number() OVER (ORDER BY x.household_id) AS no FROM nser.household AS x) AS h WHERE h.no <= 40;
	EXECUTE format('CREATE TABLE release.r%1$s AS
		SELECT registry.pseudonym(k.key, s.household_id || ''.'' || l.line) AS person, registry.pseudonym(k.key, s.household_id::text) AS household,
			''PK''::text AS area, ''own_meter''::text AS electricity
		FROM nser.release_subject AS s, unnest(s.lines) AS l (line), (SELECT registry.agreement_key(%2$s) AS key) AS k WHERE s.release_id = %1$s', id, agreement);
	RETURN id;
END $$;
SELECT pg_temp.agree('regress_partner_b', 'anonymized', '{"attributes": ["electricity"], "level": "country", "with_household": true}') AS keyed \gset
SELECT pg_temp.keyed(:keyed, 0, 0) AS one, pg_temp.keyed(:keyed, 0, 0) AS again, pg_temp.keyed(:keyed, 7, 0) AS seven, pg_temp.keyed(:keyed, 6, 1) AS one_of_three \gset
SELECT * FROM registry.refresh_difference(:one, :again, 5, 2);
SELECT * FROM registry.refresh_difference(:one, :seven, 5, 2);
-- persons are seven, but one household went from three to two
SELECT * FROM registry.refresh_difference(:one, :one_of_three, 5, 2);

-- weakened: published unchecked
SELECT pg_temp.show(('release.r' || :after)::regclass, 'after', 'regress_partner_a') \g /dev/null
GRANT SELECT ON abroad TO regress_partner_a;
SET SESSION AUTHORIZATION regress_partner_a;
SELECT count(*) = max(a.members) AS all_of_the_household, count(*) FILTER (WHERE b.disabled = 'true') = max(a.disabled) AS and_who_is_disabled
FROM share.before AS b, abroad AS a WHERE NOT EXISTS (SELECT FROM share.after AS n WHERE n.person = b.person);
-- without pseudonyms the counts say the same
SELECT sum(b.n - coalesce(n.n, 0)) = max(a.disabled) AS told
FROM (SELECT age_group, marital_status, count(*) AS n FROM share.before WHERE disabled = 'true' GROUP BY 1, 2) AS b
LEFT JOIN (SELECT age_group, marital_status, count(*) AS n FROM share.after WHERE disabled = 'true' GROUP BY 1, 2) AS n USING (age_group, marital_status), abroad AS a;
\set ECHO none
\i test/sharing/attack_records_end.sql
