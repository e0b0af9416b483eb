-- A score is a sum: what is known of its answers gives the others back.
\set ECHO none
\i test/sharing/attack_records.sql
\set ECHO all
-- the points of the formula, which may be known to anybody; six answers are looked for
CREATE TABLE release.points AS
	SELECT e::boolean AS electricity, g::boolean AS gas, i::boolean AS internet, m::boolean AS mobile, c::boolean AS computer, l::boolean AS landline,
		e * 4.7 + g * 8.0 + i * 6.5 + m * 6.2 + c * 5.0 + l * 13.4 AS points
	FROM generate_series(0, 1) AS e, generate_series(0, 1) AS g, generate_series(0, 1) AS i, generate_series(0, 1) AS m, generate_series(0, 1) AS c, generate_series(0, 1) AS l;
-- of the other five: the points that what is shown of one leaves possible; where it is not shown, any
CREATE TABLE release.other (answer text, shown text, points numeric);
INSERT INTO release.other VALUES ('dependants', '0', 13.8), ('dependants', '1-2', 13.8), ('dependants', '3-5', 7.5), ('dependants', '3-5', 3.2), ('dependants', '6+', 3.2),
	('dependants', '6+', 0), ('dependants', 'none', 13.8), ('head_class', '0', 0), ('head_class', '1-5', 1.7), ('head_class', '6-10', 4.6), ('head_class', '11+', 14.1),
	('head_class', 'none', 0), ('children_5_16_at_school', NULL, 4.8), ('children_5_16_at_school', NULL, 0), ('children_5_16_at_school', NULL, 1.9),
	('children_5_16_at_school', NULL, 5.7), ('rooms', NULL, 0), ('rooms', NULL, 3.4), ('rooms', NULL, 7.8), ('rooms', NULL, 15.1), ('toilet', NULL, 7.5), ('toilet', NULL, 3.9), ('toilet', NULL, 0);
GRANT USAGE ON SCHEMA release TO regress_partner_a;
GRANT SELECT ON release.points, release.other TO regress_partner_a;

SELECT pg_temp.release(pg_temp.agree_unchecked('regress_partner_a', 'anonymized',
	'{"attributes": ["score", "toilet", "rooms", "head_class", "dependants", "members"], "level": "country", "member_types": ["head"]}')) AS a \gset
SELECT pg_temp.show(('release.r' || :a)::regclass, 'a', 'regress_partner_a') \g /dev/null
SELECT jsonb_object_agg(key, value -> 'step') AS steps FROM nser.release, jsonb_each(losses -> 'attributes') WHERE release_id = :a AND key <> 'area';

-- the attack: answers that what is shown leaves no choice of; a score is a band
SET SESSION AUTHORIZATION regress_partner_a;
SELECT count(*) AS exact_scores FROM share.a WHERE score_band ~ '^[0-9.]+$';
WITH shown AS (
	SELECT to_jsonb(a) ->> 'score_band' AS score_band, to_jsonb(a) ->> 'dependants' AS dependants, to_jsonb(a) ->> 'head_class' AS head_class, count(*) AS records
	FROM share.a AS a WHERE score_band IS NOT NULL GROUP BY 1, 2, 3
), sums AS (
	SELECT s.*, d.points + h.points + c.points + r.points + t.points AS points
	FROM shown AS s
	JOIN release.other AS d ON d.answer = 'dependants' AND (d.shown = s.dependants OR s.dependants IS NULL OR s.dependants = 'some')
	JOIN release.other AS h ON h.answer = 'head_class' AND (h.shown = s.head_class OR s.head_class IS NULL OR s.head_class = 'some')
	JOIN release.other AS c ON c.answer = 'children_5_16_at_school' JOIN release.other AS r ON r.answer = 'rooms' JOIN release.other AS t ON t.answer = 'toilet'
), ways AS (
	SELECT s.score_band, s.dependants, s.head_class, s.records, count(DISTINCT p.*) AS ways
	FROM sums AS s JOIN release.points AS p ON s.points + p.points
		BETWEEN split_part(s.score_band, '-', 1)::numeric AND split_part(s.score_band, '-', 2)::numeric
	GROUP BY 1, 2, 3, 4
)
SELECT coalesce(sum(records) FILTER (WHERE ways = 1), 0) AS inverted, min(ways) AS fewest_ways, sum(records) AS records FROM ways;
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;

-- weakened: the exact score, and what it was made of but for those six
CREATE TABLE release.weak AS
	SELECT row_number() OVER () AS record, s.score, registry.pmt_score(h.known, f.formula)::numeric AS of_the_known
	FROM nser.score AS s
	JOIN nser.survey AS v USING (household_id, survey_id)
	JOIN registry.formula AS f ON f.name = s.formula
	CROSS JOIN LATERAL (SELECT (v.indicators::jsonb || '{"electricity": "none", "gas": "none", "internet": false, "mobile_phone": false, "computer": false, "landline": false}')::registry.indicators AS known) AS h
	WHERE s.score IS NOT NULL;
SELECT pg_temp.show('release.weak', 'weak', 'regress_partner_a') \g /dev/null
SET SESSION AUTHORIZATION regress_partner_a;
SELECT round(avg((ways = 1)::int), 1) AS share_inverted, min(ways) AS fewest_ways
FROM (SELECT w.record, count(*) AS ways FROM share.weak AS w JOIN release.points AS p ON abs(w.of_the_known + p.points - w.score::numeric) < 0.05 GROUP BY w.record) AS t;
\set ECHO none
\i test/sharing/attack_records_end.sql
