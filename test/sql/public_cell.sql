-- What has been released to the public: all of that, nothing else, and to whom.
\set ECHO none
\set people 3000
\i test/sharing/begin.sql
RESET ROLE;
CREATE ROLE regress_office;
CREATE ROLE regress_page;
CREATE ROLE regress_partner_a;
SET ROLE regress_owner;
\set ECHO all
\set VERBOSITY terse
SELECT pg_temp.agree('regress_office', 'summary', '{"audience": "public", "level": "division", "attributes": ["household_size"]}') AS size \gset
SELECT pg_temp.agree('regress_office', 'map', '{"audience": "public", "level": "province", "attributes": ["structure"]}') AS structure \gset
SELECT pg_temp.agree('regress_office', 'summary', '{"audience": "public", "level": "province", "attributes": ["score_band"], "area": "PK7"}') AS score \gset
SELECT pg_temp.agree('regress_office', 'summary', '{"audience": "public", "level": "province", "attributes": ["age_group"]}') AS age \gset
-- what is not for the public
SELECT pg_temp.agree('regress_partner_a', 'summary', '{"audience": "private", "level": "country", "attributes": ["tenure"]}') AS private \gset
SELECT count(*) AS before FROM share.public_cell;
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.publish(:size) AS r_size, nser.publish(:score) AS r_score, nser.publish(:structure) AS r_structure, nser.publish(:age) AS r_age \gset
SELECT nser.publish(:private) AS r_private \gset
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;

-- as the tables of the releases have it, no row more and none less, hidden where they hide
CREATE TEMP VIEW released AS
	SELECT 'household' AS unit, r.area, r.level, r.area_name, jsonb_strip_nulls(jsonb_build_object('household_size', nullif(r.household_size, 'all'))) AS attributes, r.count FROM release.r1 AS r
	UNION SELECT 'household', r.area, r.level, r.area_name, jsonb_strip_nulls(jsonb_build_object('structure', nullif(r.structure, 'all'))), r.count FROM release.r3 AS r
	UNION SELECT 'household', r.area, r.level, r.area_name, jsonb_strip_nulls(jsonb_build_object('score_band', nullif(r.score_band, 'all'))), r.count FROM release.r2 AS r
	UNION SELECT 'person', r.area, r.level, r.area_name, jsonb_strip_nulls(jsonb_build_object('age_group', nullif(r.age_group, 'all'))), r.count FROM release.r4 AS r;
SELECT count(*) > 50 AS many, count(*) FILTER (WHERE r.attributes IS NULL) AS not_released, count(*) FILTER (WHERE c.attributes IS NULL) AS not_shown,
	count(*) FILTER (WHERE r.count IS DISTINCT FROM c.count) AS other, count(*) FILTER (WHERE c.is_hidden) > 0 AS some_hidden,
	count(*) FILTER (WHERE c.is_hidden <> (c.count IS NULL)) AS wrongly_hidden
FROM released AS r
FULL JOIN share.public_cell AS c ON c.unit = r.unit AND c.area OPERATOR(registry.=) r.area AND c.level = r.level
	AND (c.level <> 'division' OR c.division = r.area_name) AND c.attributes = r.attributes;
SELECT min(level), max(level), array_agg(DISTINCT counted_on = registry.today()) AS today, array_agg(DISTINCT unit ORDER BY unit) AS units FROM share.public_cell;
SELECT attributes ? 'score_band' AS of_scores, array_agg(DISTINCT formula) AS formulas, min(level) AS coarsest, bool_and(area OPERATOR(registry.<@) 'PK7') AS in_sindh
FROM share.public_cell GROUP BY 1 ORDER BY 1;
SELECT count(*) AS of_the_private_one FROM share.public_cell WHERE attributes ? 'tenure';
SELECT attributes, count > 0 AS count FROM share.public_cell WHERE level = 'country' AND unit = 'household' ORDER BY attributes;

-- whom a table is limited to is said; another snapshot is another number
SELECT pg_temp.agree('regress_office', 'summary', '{"audience": "public", "level": "country", "attributes": ["age_group"], "score_range": "[0,32]"}') AS poor \gset
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.publish(:poor) AS r_poor \gset
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT limited_to, bool_and(c.count IS NOT DISTINCT FROM r.count) AS as_released, count(*) > 0 AS rows
FROM share.public_cell AS c
JOIN release.r6 AS r ON r.area OPERATOR(registry.=) c.area AND r.level = c.level AND (c.level <> 'division' OR c.division = r.area_name)
	AND coalesce(c.attributes ->> 'age_group', 'all') = r.age_group
WHERE limited_to IS NOT NULL GROUP BY limited_to;

-- who may read it is named, one by one
SELECT registry.grant_public('public');
SELECT registry.grant_public('regress_nobody_of_that_name');
SELECT registry.grant_public(NULL);
SET SESSION AUTHORIZATION regress_page;
SELECT count(*) FROM share.public_cell;
SELECT registry.grant_public('regress_page');
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT registry.grant_public('regress_page'), registry.grant_public('regress_partner_a');
SET SESSION AUTHORIZATION regress_page;
SELECT count(*) > 0 AS cells, count(DISTINCT registry.ancestor(area, 'province')) AS provinces FROM share.public_cell;
SELECT count(*) > 0 AS areas FROM share.public_area;
SELECT count(*) FROM nser.cube_cell;
SELECT count(*) FROM release.r1;
SELECT count(*) > 0 AS sections, count(label) AS rows FROM share.profile_sections('PK703');
-- a function of its own sees no hidden count, nor a row that is not public
CREATE FUNCTION pg_temp.peek(jsonb, bigint) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$
BEGIN IF $1 ? 'tenure' OR $2 < 10 AND $2 > 0 THEN RAISE WARNING 'seen'; END IF; RETURN true; END $$;
SELECT count(*) > 0 AS peeked FROM share.public_cell WHERE pg_temp.peek(attributes, count);
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
-- a partner that may read what is public has no right beyond
SELECT * FROM registry.partner_beyond('regress_partner_a');
SELECT registry.revoke_public('regress_page'), registry.revoke_public('regress_partner_a');
SELECT has_schema_privilege('regress_page', 'share', 'USAGE') AS page, has_schema_privilege('regress_partner_a', 'share', 'USAGE') AS partner,
	has_table_privilege('regress_page', 'share.public_cell', 'SELECT') AS reads;

-- what is over, or revoked, is not there any more, nor what it alone showed
SELECT registry.revoke(:structure) AS revoked;
SELECT count(*) FILTER (WHERE attributes ? 'structure') AS by_structure, count(*) FILTER (WHERE attributes ? 'household_size') > 0 AS by_size FROM share.public_cell;
SELECT pg_temp.set_period(:size, daterange(registry.today() - 10, registry.today())), pg_temp.set_period(:score, daterange(registry.today() + 1, registry.today() + 9)),
	pg_temp.set_period(:poor, daterange(registry.today() - 10, registry.today())), pg_temp.set_period(:age, daterange(registry.today() - 10, registry.today()));
SELECT count(*) FROM share.public_cell;

-- the tables of a profile; every value that it names is one that is counted
SELECT * FROM registry.profile_tables();
SELECT l.attribute, l.value FROM registry.public_labels() AS l
JOIN registry.codebook() AS c ON c.name = l.attribute WHERE l.value NOT IN ('unknown') AND NOT l.value = ANY (c.labels);
SELECT i.indicator FROM registry.profile_indicators() AS i WHERE NOT EXISTS (SELECT FROM registry.profile_sections() AS s WHERE s.section = i.section)
OR NOT i.cell @> i.base OR EXISTS (SELECT FROM jsonb_each_text(i.cell) AS v WHERE NOT EXISTS (SELECT FROM registry.public_labels() AS l WHERE l.attribute = v.key AND l.value = v.value));

-- areas: outlines in one projection, without anything finer than districts
RESET ROLE;
SET client_min_messages = error;
SELECT registry.approximate_areas() > 700 AS drawn;
SELECT level, count(*), bool_and(is_approximate) AS approximate, bool_and(outline ~ '^M [-0-9]') AS outlines FROM share.public_area GROUP BY level ORDER BY level;
SELECT code, name, division, view_box FROM share.public_area WHERE code OPERATOR(registry.=) 'PK703';
SELECT registry.outline(registry.box(67, 26, 68, 27), 10), registry.view_box(registry.box(67, 26, 68, 27)), registry.outline(NULL, 10) IS NULL AS of_none;
\set ECHO none
DROP OWNED BY regress_page, regress_office, regress_partner_a;
\i test/sharing/end.sql
DROP ROLE regress_page, regress_office, regress_partner_a;
