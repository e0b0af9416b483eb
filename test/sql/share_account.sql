--
-- What a partner has had: all agreements, its affiliates', ever
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET timezone = 'Asia/Karachi';
\set ECHO none
\i test/sharing/begin.sql
\i test/sharing/score.sql
\set ECHO all
RESET client_min_messages;
-- an attribute of each locked dimension
CREATE TEMP TABLE locked AS
	SELECT d.number, d.dimension, min(a.attribute) AS attribute FROM nser.dimension AS d JOIN nser.share_attribute AS a ON a.dimension = d.dimension AND a.reviewed
	WHERE d.locked GROUP BY 1, 2;
SELECT string_agg(number || ' ' || dimension, ', ' ORDER BY number) FROM locked;
-- a release of records with the locked dimensions of these numbers, and other attributes
CREATE FUNCTION pg_temp.release(login name, numbers int[], others text[] DEFAULT '{}', category registry.share_category DEFAULT 'anonymized', asks jsonb DEFAULT '{}') RETURNS bigint
	LANGUAGE plpgsql AS $$
DECLARE
	agreed	bigint := pg_temp.agree_unchecked(release.login, release.category, release.asks || jsonb_build_object('attributes',
		(SELECT array_agg(l.attribute) FROM locked AS l WHERE l.number = ANY (release.numbers)) || release.others));
	made	bigint;
BEGIN
	INSERT INTO nser.release (agreement_id, release_no, definition) VALUES (agreed, 1, '{}') RETURNING release_id INTO made;
	PERFORM registry.check_dimensions(made);
	UPDATE nser.release SET state = 'published' WHERE release_id = made;
	RETURN made;
END $$;

-- nine, by three agreements; the tenth never, not even when all have ended
SELECT pg_temp.release('regress_partner_a', '{8,9,10,11}') AS first, pg_temp.release('regress_partner_a', '{11,12,13,14}') AS second, pg_temp.release('regress_partner_a', '{15,16}') AS third;
SELECT pg_temp.release('regress_partner_a', '{17}');
ALTER TABLE nser.agreement DISABLE TRIGGER USER;
UPDATE nser.agreement SET ended_at = now(), end_reason = 'ended';
ALTER TABLE nser.agreement ENABLE TRIGGER USER;
UPDATE nser.release SET state = 'revoked';
SELECT pg_temp.release('regress_partner_a', '{17}');
SELECT pg_temp.release('regress_partner_a', '{8,16}') IS NOT NULL AS what_it_had;
-- an affiliate is the same partner, and the affiliate's own affiliate
INSERT INTO nser.organization (name, kind, login, affiliate_of) SELECT 'regress_partner_b', 'academic', 'regress_partner_b', organization_id FROM nser.organization WHERE name = 'regress_partner_a';
INSERT INTO nser.organization (name, kind, login, affiliate_of) SELECT 'regress_partner_c', 'business', 'regress_partner_c', organization_id FROM nser.organization WHERE name = 'regress_partner_b';
SELECT pg_temp.release('regress_partner_c', '{17}');
-- another partner is not
SELECT pg_temp.release('regress_partner_d', '{17}') IS NOT NULL AS another;
-- all ten at once
SELECT pg_temp.release('regress_partner_e', '{8,9,10,11,12,13,14,15,16,17}');

-- an exact score with three, not with four; by a service, by an attribute, by a narrow range
SELECT pg_temp.release('regress_partner_f', '{8,9,10}', '{score}') IS NOT NULL AS three;
SELECT pg_temp.release('regress_partner_f', '{11}');
SELECT pg_temp.release('regress_partner_f', '{8}', '{score_band}') IS NOT NULL AS the_same_again;
SELECT pg_temp.release('regress_partner_g', '{8,9,10,11}', '{score_band}') IS NOT NULL AS in_bands;
SELECT pg_temp.release('regress_partner_g', '{}', '{score}', 'score');
SELECT pg_temp.release('regress_partner_g', '{}', '{score_band}', 'score') IS NOT NULL AS service_in_bands;
SELECT pg_temp.release('regress_partner_g', '{}', '{area}', 'anonymized', '{"score_range": "[10,14.99]"}');
SELECT pg_temp.release('regress_partner_g', '{}', '{area}', 'anonymized', '{"score_range": "[,4]"}');
SELECT pg_temp.release('regress_partner_g', '{}', '{area}', 'anonymized', '{"score_range": "[0,32]"}') IS NOT NULL AS wide;
-- several ranges, of people who are named: their ends cut the scores in pieces
SELECT pg_temp.release('regress_partner_l', '{8,9,10,11}', '{area}', 'beneficiary_dimensions', '{"score_range": "[0,32]"}') IS NOT NULL AS first_range;
SELECT pg_temp.release('regress_partner_l', '{}', '{area}', 'beneficiary_list', '{"score_range": "[0,20]"}') IS NOT NULL AS twelve_points;
SELECT pg_temp.release('regress_partner_l', '{}', '{area}', 'anonymized', '{"score_range": "[0,16.17]"}') IS NOT NULL AS nobody_named;
SELECT pg_temp.release('regress_partner_l', '{}', '{area}', 'score', '{"score_range": "[0,16.17]"}');
-- first the score, then a fourth dimension, of an affiliate
SELECT pg_temp.release('regress_partner_h', '{8,9}', '{score}') IS NOT NULL AS score_and_two;
INSERT INTO nser.organization (name, kind, login, affiliate_of) SELECT 'regress_partner_i', 'academic', 'regress_partner_i', organization_id FROM nser.organization WHERE name = 'regress_partner_h';
SELECT pg_temp.release('regress_partner_i', '{10,11}');
SELECT pg_temp.release('regress_partner_i', '{10}') IS NOT NULL AS the_third;

-- summaries for one partner count, those for the public are everybody's; what was never shown does not count
SELECT pg_temp.release('regress_partner_j', '{8,9,10,11,12,13,14,15,16}', '{}', 'custom_analysis') IS NOT NULL AS analysis;
SELECT pg_temp.release('regress_partner_j', '{17}', '{}', 'summary', '{"audience": "public"}') IS NOT NULL AS public_summary;
SELECT pg_temp.release('regress_partner_j', '{17}', '{}', 'anonymized', '{"audience": "public"}');
SELECT pg_temp.release('regress_partner_j', '{17}', '{}', 'summary');
SELECT pg_temp.release('regress_partner_k', '{8,9,10,11,12,13,14,15,16}') AS k \gset
UPDATE nser.release SET state = 'made' WHERE release_id = :k;
SELECT pg_temp.release('regress_partner_k', '{17}') IS NOT NULL AS was_not_shown_yet;
-- outside the 17 nothing is counted
SELECT pg_temp.release('regress_partner_k', '{8}', (SELECT array_agg(attribute) FROM nser.share_attribute WHERE dimension IS NULL)) IS NOT NULL AS outside;

SELECT (SELECT o.name FROM nser.organization AS o WHERE o.organization_id = p.partner) AS partner, category, dimension, locked, exact, shown, cardinality(attributes) AS attributes
FROM nser.partner_dimension AS p WHERE p.organization_id IN (SELECT organization_id FROM nser.organization WHERE name ~ '[hi]$') ORDER BY agreement_id, dimension;
SELECT registry.check_dimensions(99999);
SELECT registry.check_dimensions(NULL);
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT registry.check_dimensions(:k);
ROLLBACK;

DROP TABLE locked;
\set ECHO none
\i test/sharing/end.sql
