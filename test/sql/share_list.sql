--
-- Lists of beneficiaries: who is on one, compared with the store by another query.
--
\set ECHO none
\set people 3000
\set VERBOSITY terse
\set SHOW_CONTEXT never
\i test/sharing/begin.sql
\i test/sharing/families.sql
RESET ROLE;
CREATE ROLE "regress Partner ""x""";
CREATE ROLE regress_partner_with_a_name_that_is_as_long_as_a_name_can_be_xx;
SET ROLE regress_owner;
-- households as a whole: the recipient is the head, another member, somebody who is gone, or nobody
INSERT INTO nser.programme (code, name, formula, cutoff, unit) VALUES ('ration', 'Ration', 'hies-2015-demo', 40, 'household');
INSERT INTO nser.enrolment (household_id, area, programme, unit, recipient, entered_on, entry_reason, certified_on)
SELECT h.household_id, h.area, 'ration', 'household', CASE h.household_id % 4 WHEN 0 THEN m.cnic WHEN 1 THEN o.cnic WHEN 2 THEN '11111-1111111-1' END,
	registry.today(), 'loaded', registry.today()
FROM nser.household AS h
JOIN nser.member AS m ON m.household_id = h.household_id AND m.relationship = 'head' AND m.valid_to IS NULL AND m.superseded_at IS NULL
LEFT JOIN nser.member AS o ON o.household_id = h.household_id AND o.line = 2 AND o.valid_to IS NULL AND o.superseded_at IS NULL
WHERE h.household_id % 7 = 0 AND h.status = 'registered';
\set ECHO all
SELECT pg_temp.agree('regress Partner "x"', 'beneficiary_list', '{"programme": "kafaalat", "with_cnic": true, "area": "PK6", "score_range": "[0,40]"}') AS narrow \gset
SELECT pg_temp.agree('regress Partner "x"', 'beneficiary_dimensions', '{"programme": "kafaalat", "with_cnic": true, "member_types": ["elderly", "disabled"], "attributes": ["age_group", "disabled"]}') AS old \gset
SELECT pg_temp.agree('regress_partner_with_a_name_that_is_as_long_as_a_name_can_be_xx', 'beneficiary_dimensions', '{"programme": "ration", "with_cnic": true, "attributes": ["relationship"]}') AS ration \gset
SELECT pg_temp.agree('regress Partner "x"', 'beneficiary_dimensions', '{"programme": "ration", "with_cnic": true, "member_types": ["child"], "attributes": ["age_group"]}') AS children \gset
SELECT pg_temp.agree('regress Partner "x"', 'beneficiary_list', '{"programme": "kafaalat", "area": "PK999"}') AS nobody \gset
SET SESSION AUTHORIZATION regress_extractor;
SELECT count(nser.publish(n)) AS published FROM unnest(ARRAY[:narrow, :old, :ration, :children, :nobody]) AS n;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT release_id, relation, view, rows > 0 AS some, rows = persons AS once FROM nser.release ORDER BY 1;

-- within the area and score, as the store has them
CREATE TEMP VIEW expected AS
SELECT m.name, h.address, m.cnic::text FROM nser.enrolment AS e
JOIN nser.household AS h ON h.household_id = e.household_id AND h.status = 'registered'
JOIN nser.member AS m ON m.household_id = e.household_id AND m.line = e.line AND m.valid_to IS NULL AND m.superseded_at IS NULL
JOIN nser.score AS s ON s.household_id = h.household_id AND s.survey_id = h.current_survey AND s.formula = 'hies-2015-demo'
WHERE e.programme = 'kafaalat' AND e.exited_on IS NULL AND h.area::text LIKE 'PK6%' AND s.score <= 40;
SELECT count(*) AS differ FROM ((SELECT name, address, cnic::text FROM release.r1 EXCEPT ALL TABLE expected) UNION ALL (TABLE expected EXCEPT ALL SELECT name, address, cnic::text FROM release.r1)) AS d;
SELECT poverty_level FROM release.r1 GROUP BY 1 ORDER BY 1;
-- of families: the woman who is old, or disabled
SELECT age_group, disabled FROM release.r2 GROUP BY 1, 2 ORDER BY 1, 2;
-- of households: who receives, else the head
SELECT count(*) FILTER (WHERE relationship = 'head') > 0 AS heads, count(*) FILTER (WHERE relationship <> 'head') > 0 AS others, count(*) AS rows,
	(SELECT count(*) FROM nser.enrolment WHERE programme = 'ration') AS households FROM release.r3;
SELECT count(*) AS wrong FROM release.r3 AS r
WHERE relationship <> 'head' AND NOT EXISTS (SELECT FROM nser.enrolment AS e WHERE e.programme = 'ration' AND e.recipient OPERATOR(registry.=) r.cnic);
SELECT age_group FROM release.r4 GROUP BY 1 ORDER BY 1;
SELECT count(*) AS nobody FROM release.r5;
-- a person is on a list once
SELECT count(*) AS twice FROM (SELECT FROM release.r3 WHERE cnic IS NOT NULL GROUP BY cnic HAVING count(*) > 1) AS d;

-- by its login, whatever the name
SET SESSION AUTHORIZATION 'regress Partner "x"';
SELECT registry.open_list(:narrow, 'a trial') IS NOT NULL AS opened;
SELECT count(*) > 0 AS shown FROM share."regress Partner ""x""_1";
SELECT agreement_id, view FROM share.my_agreements ORDER BY 1;
SET SESSION AUTHORIZATION regress_partner_with_a_name_that_is_as_long_as_a_name_can_be_xx;
SELECT registry.open_list(:ration, 'a trial') IS NOT NULL AS opened;
SELECT count(*) > 0 AS shown FROM share.agreement_3;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT registry.make_list(NULL);
SELECT registry.make_list(99);

\set ECHO none
\i test/sharing/end.sql
DROP OWNED BY "regress Partner ""x""", regress_partner_with_a_name_that_is_as_long_as_a_name_can_be_xx;
DROP ROLE "regress Partner ""x""", regress_partner_with_a_name_that_is_as_long_as_a_name_can_be_xx;
