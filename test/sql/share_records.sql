-- Records under pseudonyms, at the steps that k and l allow.
\set ECHO none
\set people 3000
\i test/sharing/begin.sql
RESET ROLE;
SET ROLE regress_owner;
CREATE FUNCTION pg_temp.release(agreement bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	id	bigint;
BEGIN
	INSERT INTO nser.release (agreement_id, release_no, definition)
	SELECT agreement, 1 + count(*), '{}' FROM nser.release WHERE agreement_id = agreement RETURNING release_id INTO id;
	UPDATE nser.release SET relation = 'r' || id WHERE release_id = id;
	RETURN id;
END $$;
CREATE FUNCTION pg_temp.publish(id bigint) RETURNS void LANGUAGE sql AS
	$$ UPDATE nser.release AS l SET losses = m.losses, checks = m.checks, rows = m.rows, state = 'published' FROM registry.make_records(id) AS m WHERE l.release_id = id $$;
\set ECHO all
\set SHOW_CONTEXT never
-- what a request allows, as a query
\pset format unaligned
SELECT pg_temp.release(pg_temp.agree_unchecked('regress_partner_a', 'anonymized', '{"attributes": ["sex"], "area": "PK6", "score_range": "[0,32]", "member_types": ["woman", "elderly"]}')) AS source \gset
SELECT registry.share_source(:source, '{sex,age_group,score_band}') AS persons, registry.share_source(:source, '{score_band}', 'household') AS households \gx
SELECT registry.share_source(:source, '{marital_status}', 'person', true);
SELECT pg_temp.release(pg_temp.agree_unchecked('regress_partner_a', 'beneficiary_list', '{"formula": null, "programme": "kafaalat", "member_types": ["head"]}')) AS listed \gset
SELECT registry.share_source(:listed, '{}'), registry.share_source(:listed, '{}', 'household') \gx
\pset format aligned
-- whose the enrolment is, while it lasts
INSERT INTO nser.enrolment (household_id, area, programme, unit, line, entered_on, entry_reason, certified_on, exited_on, exit_reason)
	SELECT h.household_id, h.area, 'kafaalat', 'family', 1, '2020-01-01', 'loaded', '2020-01-01', CASE h.household_id WHEN 7 THEN '2021-01-01'::date END,
		CASE h.household_id WHEN 7 THEN 'withdrew' END FROM nser.household AS h WHERE h.household_id IN (5, 6, 7);
SELECT registry.share_source(:listed, '{}') AS persons, registry.share_source(:listed, '{household_size}', 'household') AS households \gset
SELECT p.household_id, p.line FROM (:persons) AS p ORDER BY 1;
SELECT h.household_id, h.line FROM (:households) AS h ORDER BY 1;
-- rows are those of the area, the scores and the members that were asked for, by hand
SELECT registry.share_source(:source, '{}') AS persons \gset
SELECT count(*) > 100 AS many, bool_and(m.area OPERATOR(registry.<@) 'PK6' AND s.score <= 32 AND (m.sex = 'female' AND m.age >= 18 OR m.age >= 60)) AS asked_for,
	count(*) = (SELECT count(*) FROM nser.member_profile AS m JOIN nser.score AS s USING (household_id) WHERE m.area OPERATOR(registry.<@) 'PK6' AND s.score <= 32
		AND (m.sex = 'female' AND m.age >= 18 OR m.age >= 60)) AS all_of_them
FROM (:persons) AS p JOIN nser.member_profile AS m USING (household_id, line) JOIN nser.score AS s USING (household_id);
SELECT registry.share_source(:source, '{sex}', 'household');
SELECT registry.share_source(:source, '{sex,sex}');
SELECT registry.share_source(:source, '{sex,cnic,area,NULL}');
SELECT registry.share_source(:source, '{sex}', 'family');
SELECT registry.share_source(:source, NULL);
SELECT registry.share_source(0, '{sex}');
BEGIN;
ALTER TABLE nser.data_request DISABLE TRIGGER data_request_follows;
UPDATE nser.data_request SET formula = NULL;
SELECT registry.share_source(:source, '{score_band}');
ROLLBACK;
-- every fragment is SQL that runs, keeps NULL, and tells no more than the step before
SELECT pg_temp.release(pg_temp.agree_unchecked('regress_partner_a', 'anonymized', '{"area": "PK2"}')) AS province \gset
SELECT registry.share_source(:province, array_agg(DISTINCT c.attribute ORDER BY c.attribute), 'person', true) AS every_step FROM registry.share_columns() AS c \gset
CREATE TABLE nser.every_step AS
	SELECT e.no, v.key, v.value FROM (SELECT row_number() OVER () AS no, q.* FROM (:every_step) AS q) AS e, jsonb_each_text(to_jsonb(e)) AS v;
SELECT count(DISTINCT no) > 500 AS people, count(DISTINCT key) > 100 AS steps, count(*) FILTER (WHERE value IS NULL) > 500 AS unknown FROM nser.every_step;
SELECT DISTINCT c.attribute, c.step AS tells_more_at
FROM registry.share_columns() AS c
JOIN nser.every_step AS f ON f.key = CASE c.step WHEN 1 THEN c.attribute ELSE format('%s/%s', c.attribute, c.step - 1) END
JOIN nser.every_step AS v ON v.no = f.no AND v.key = format('%s/%s', c.attribute, c.step)
WHERE c.step > 0
GROUP BY c.attribute, c.step, f.value HAVING count(DISTINCT coalesce(v.value, 'NULL')) > 1 OR (f.value IS NULL) <> (count(v.value) = 0);
DROP TABLE nser.every_step;
-- no attribute of the list is without a fragment
SELECT t.attribute FROM nser.share_attribute AS t WHERE t.attribute <> 'area' AND NOT EXISTS (SELECT FROM registry.share_columns() AS c WHERE c.attribute = t.attribute AND c.step = 0);

-- anonymized records: k and l are reached on what is stored, and what it took is told
SELECT pg_temp.release(pg_temp.agree_unchecked('regress_partner_a', 'anonymized',
	'{"attributes": ["age_group", "marital_status", "score", "disabled", "area"], "level": "village", "with_household": true}')) AS a \gset
SELECT rows, persons, households, jsonb_pretty(losses) AS losses, jsonb_pretty(checks) AS checks FROM registry.make_records(:a) \gx
SELECT a.attname, format_type(a.atttypid, a.atttypmod), col_description(a.attrelid, a.attnum) FROM pg_attribute AS a
	WHERE a.attrelid = ('release.r' || :a)::regclass AND a.attnum > 0 ORDER BY a.attnum;
SELECT format('release.r%s', :a) AS a_table \gset
SELECT count(DISTINCT person) = count(*) AS one_pseudonym_each, count(household) AS keys FROM :a_table;
-- rows lie in the order of pseudonyms, not of households
SELECT count(*) AS out_of_order FROM (SELECT person < lag(person) OVER (ORDER BY ctid) AS wrong FROM :a_table) AS o WHERE wrong;
SELECT count(*) AS households, sum(cardinality(lines)) AS persons FROM nser.release_subject WHERE release_id = :a;
-- a household is told where its records are as alike as any: here each has one
SELECT pg_temp.release(pg_temp.agree_unchecked('regress_partner_a', 'anonymized', '{"attributes": ["sex", "household_size"], "level": "province", "member_types": ["head"], "with_household": true}')) AS heads \gset
SELECT rows, households, losses #> '{attributes,area}' AS area, checks -> 'household_key' AS key, checks -> 'fingerprint_households' AS fingerprint FROM registry.make_records(:heads);
SELECT format('release.r%s', :heads) AS heads_table \gset
SELECT count(*) = count(DISTINCT household) AND count(*) = count(DISTINCT person) AS keyed FROM :heads_table;

-- geo-tagged: cells of a quarter degree within tehsils, of five registered households at least
SELECT registry.geo_cell('PK60901', 72, 30.25), registry.geo_cell('PK60901', 72.2499, 30.4999), registry.geo_cell('PK60901', 72.25, 30.5), registry.geo_cell('PK609', 72, 30.25);
SELECT pg_temp.release(pg_temp.agree_unchecked('regress_partner_b', 'geo_tagged', '{"attributes": ["age_group"], "level": "tehsil", "area": "PK6"}')) AS g \gset
SELECT losses, checks FROM registry.make_records(:g) \gx
-- one tehsil with places: four cells, one of four households, and one place that lies elsewhere
UPDATE nser.household SET area = 'PK60901', place = registry.place(72.1 + 0.25 * (household_id % 3), 30.1) WHERE household_id <= 900;
UPDATE nser.household SET place = registry.place(73.1, 30.1) WHERE household_id IN (1, 2, 3, 4);
INSERT INTO nser.household_place (household_id, area, place_area)
	SELECT h.household_id, h.area, CASE WHEN h.household_id = 900 THEN 'PK60902'::registry.area_code ELSE h.area END FROM nser.household AS h WHERE h.household_id <= 900
	ON CONFLICT (household_id) DO UPDATE SET place_area = EXCLUDED.place_area;
SELECT c.cell, count(*) AS households, bool_or(c.household_id IN (1, 2, 3, 4, 900)) AS wrong FROM registry.geo_cells('PK60901', 5) AS c GROUP BY c.cell ORDER BY c.cell COLLATE "C";
SELECT count(*) AS all_of_the_tehsil FROM registry.geo_cells('PK60901003', 5) AS c;
SELECT registry.geo_cells('PK6', 0);
SELECT registry.geo_cells(NULL, 5);
SELECT pg_temp.release(pg_temp.agree_unchecked('regress_partner_b', 'geo_tagged', '{"attributes": ["age_group"], "level": "tehsil", "area": "PK60901"}')) AS g \gset
SELECT losses, checks FROM registry.make_records(:g) \gx
SELECT format('release.r%s', :g) AS g_table \gset
SELECT area, cell, count(*) FROM :g_table GROUP BY 1, 2 ORDER BY 3;
-- coarser than a tehsil there are no cells
SELECT pg_temp.release(pg_temp.agree_unchecked('regress_partner_b', 'geo_tagged', '{"level": "district", "area": "PK6"}')) AS g \gset
SELECT losses FROM registry.make_records(:g);

-- what cannot be
SELECT registry.make_records(pg_temp.release(pg_temp.agree_unchecked('regress_partner_a', 'anonymized', '{"member_types": ["child", "disabled"]}')));
SELECT registry.make_records(pg_temp.release(pg_temp.agree_unchecked('regress_partner_a', 'anonymized', '{"score_range": "[-2,-1]"}')));
SELECT h.area AS village FROM nser.household AS h GROUP BY h.area HAVING count(*) BETWEEN 1 AND 4 ORDER BY h.area LIMIT 1 \gset
\set VERBOSITY terse
SELECT registry.make_records(pg_temp.release(pg_temp.agree_unchecked('regress_partner_a', 'anonymized', jsonb_build_object('area', :'village', 'level', 'village'))));
\set VERBOSITY default
SELECT registry.make_records(pg_temp.release(pg_temp.agree_unchecked('regress_partner_a', 'summary')));
SELECT registry.make_records(0);
BEGIN;
DELETE FROM nser.share_policy;
SELECT registry.make_records(pg_temp.release(pg_temp.agree_unchecked('regress_partner_a', 'anonymized')));
ROLLBACK;
-- a policy may ask for more
BEGIN;
UPDATE nser.share_policy SET k = 200, max_loss = 0;
SELECT pg_temp.release(pg_temp.agree_unchecked('regress_partner_a', 'anonymized', '{"attributes": ["sex", "age_group", "literate"], "level": "tehsil"}')) AS more \gset
SELECT losses, checks FROM registry.make_records(:more) \gx
ROLLBACK;

-- two partners' values, and a refresh
SELECT pg_temp.publish(pg_temp.release(pg_temp.agree_unchecked('regress_partner_a', 'anonymized', '{"attributes": ["sex", "literate", "disabled"], "level": "province"}')));
SELECT pg_temp.agree_unchecked('regress_partner_b', 'anonymized', '{"attributes": ["sex", "age_group", "disabled"], "level": "district"}') AS second \gset
SELECT pg_temp.release(:second) AS second_release \gset
SELECT pg_temp.publish(:second_release);
SELECT max(release_id) FILTER (WHERE release_id <> :second_release) AS first_release FROM nser.release WHERE state = 'published' \gset
SELECT name, step FROM registry.release_steps(:second_release);
SELECT * FROM registry.shared_columns(:first_release, :second_release);
SELECT * FROM registry.linkage(:first_release, :second_release);
SELECT registry.check_linkage(:second_release);
SELECT registry.linkage(:first_release, 0);
-- the same people again: nothing to tell; one household less: too much
SELECT pg_temp.release(:second) AS again \gset
UPDATE nser.release SET state = 'made' WHERE release_id = :again;
UPDATE nser.release AS l SET losses = m.losses FROM registry.make_records(:again) AS m WHERE l.release_id = :again;
SELECT registry.check_refresh(:again);
SELECT pg_temp.release(:second) AS less \gset
UPDATE nser.household SET status = 'merged' WHERE household_id = 1500;
UPDATE nser.release AS l SET losses = m.losses FROM registry.make_records(:less) AS m WHERE l.release_id = :less;
SELECT registry.check_refresh(:less);
\set ECHO none
RESET ROLE;
DROP FUNCTION IF EXISTS pg_temp.publish(bigint), pg_temp.release(bigint);
\i test/sharing/end.sql
