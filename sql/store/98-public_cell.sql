
-- What has been released to the public, and nothing else: counts of summaries and maps
-- whose release is in force, and outlines down to the district.  Read by the rights of
-- the owner; who may look is named by registry.grant_public().
CREATE VIEW share.public_cell WITH (security_barrier = true) AS
	WITH shown AS (
		-- nothing is told apart by area: pg_upgrade makes what functions read before it makes how areas compare
		SELECT t.snapshot_id, t.attributes AS keys, ARRAY(SELECT k FROM unnest(t.attributes) AS k WHERE k LIKE 'only: %') AS only_keys,
			least(t.finest, 'district') AS finest, q.area
		FROM nser.agreement AS a
		JOIN nser.data_request AS q ON q.request_id = a.request_id AND q.category = a.category AND q.audience = 'public'
		JOIN nser.release AS r ON r.agreement_id = a.agreement_id AND r.state = 'published'
		JOIN nser.cube_table AS t ON t.release_id = r.release_id
		WHERE a.category IN ('summary', 'map') AND a.ended_at IS NULL
		AND clock_timestamp() >= lower(a.valid)::timestamp AT TIME ZONE 'Asia/Karachi'
		AND clock_timestamp() < upper(a.valid)::timestamp AT TIME ZONE 'Asia/Karachi')
	SELECT s.snapshot_id AS snapshot, registry.day_in_pakistan(s.made_at) AS counted_on, s.unit, c.level, c.area,
		CASE c.level WHEN 'country' THEN 'Pakistan' WHEN 'division' THEN c.division ELSE n.name END AS area_name, c.division,
		k.attributes, k.formula, k.limited_to, CASE WHEN NOT c.hidden THEN c.count END AS count, c.hidden AS is_hidden
	FROM nser.cube_cell AS c
	JOIN nser.snapshot AS s ON s.snapshot_id = c.snapshot_id
	LEFT JOIN nser.area AS n ON n.code OPERATOR(registry.=) c.area AND n.level = c.level
	CROSS JOIN LATERAL (
		SELECT coalesce(jsonb_object_agg(split_part(u.key, '@', 1), u.value) FILTER (WHERE u.key NOT LIKE 'only: %'), '{}') AS attributes,
			max(registry.cell_formula(u.key)) AS formula, max(substr(u.key, 7)) FILTER (WHERE u.key LIKE 'only: %')::jsonb AS limited_to
		FROM unnest(c.attributes, c."values") AS u (key, value)) AS k
	WHERE EXISTS (
		SELECT FROM shown AS x
		WHERE x.snapshot_id = c.snapshot_id AND c.level <= x.finest AND c.area OPERATOR(registry.<@) x.area
		AND c.attributes <@ x.keys AND c.attributes @> x.only_keys
		AND (x.only_keys = '{}' OR c."values"[array_position(c.attributes, x.only_keys[1])] = 'true'))
	AND c.attributes <> '{total}' AND (c.level <> 'division' OR c.division IS NOT NULL);
COMMENT ON VIEW share.public_cell IS
	'counts of summaries and maps that are released to the public and in force, with all totals; registry.grant_public() says who may read it';
COMMENT ON COLUMN share.public_cell.snapshot IS 'what was counted at once has the same number; the greatest is the newest';
COMMENT ON COLUMN share.public_cell.counted_on IS 'day in Pakistan of which the count is';
COMMENT ON COLUMN share.public_cell.unit IS 'what is counted: household or person';
COMMENT ON COLUMN share.public_cell.area IS 'P-code; of a division its province; coarser than the level for those of whom no finer area is known';
COMMENT ON COLUMN share.public_cell.area_name IS 'NULL where not known';
COMMENT ON COLUMN share.public_cell.attributes IS 'what the count is of, {} for all: {"sex": "female", "age_group": "adult"}';
COMMENT ON COLUMN share.public_cell.formula IS 'whose scores are meant; NULL where none are';
COMMENT ON COLUMN share.public_cell.limited_to IS 'whom the table is limited to: score_range, programme, member_types; NULL: everybody';
COMMENT ON COLUMN share.public_cell.count IS 'NULL where hidden';

CREATE VIEW share.public_area WITH (security_barrier = true) AS
	SELECT a.code, a.level, a.name, a.division, a.is_approximate,
		registry.outline(a.geom, CASE a.level WHEN 'province' THEN 2000 ELSE 800 END) AS outline, registry.view_box(a.geom) AS view_box
	FROM nser.area AS a
	WHERE a.level IN ('province', 'district') AND a.valid @> registry.today()
	UNION ALL
	SELECT 'PK' AS code, 'country' AS level, 'Pakistan' AS name, NULL AS division, bool_or(p.is_approximate) AS is_approximate, registry.outline(registry.st_union(array_agg(p.geom)), 4000),
		registry.view_box(registry.st_union(array_agg(p.geom)))
	FROM nser.area AS p
	WHERE p.level = 'province' AND p.valid @> registry.today();
COMMENT ON VIEW share.public_area IS
	'the country, provinces and districts as they stand today, with outlines for small maps; registry.grant_public() says who may read it';
COMMENT ON COLUMN share.public_area.name IS 'NULL where not known';
COMMENT ON COLUMN share.public_area.division IS 'of districts';
COMMENT ON COLUMN share.public_area.is_approximate IS 'the outline is drawn around centres, not surveyed';
COMMENT ON COLUMN share.public_area.outline IS
	'path data of SVG, simplified, in metres of Web Mercator (EPSG:3857), the same for all; NULL where no boundary is known';
COMMENT ON COLUMN share.public_area.view_box IS 'left, top, width and height of the outline';
REVOKE ALL ON share.public_cell, share.public_area FROM PUBLIC;

-- What a profile shows, by the rights of who asks: those two views are all they read.
CREATE FUNCTION share.profile_sections(area registry.area_code)
	RETURNS TABLE (no integer, section text, unit text, english text, urdu text, counted_on date, formula text, row_no bigint, label text, label_urdu text,
				   count bigint, of_all bigint, percent numeric, province_percent numeric, nation_percent numeric)
	LANGUAGE sql STABLE ROWS 60
BEGIN ATOMIC
	WITH cell AS MATERIALIZED (
		SELECT c.* FROM share.public_cell AS c
		-- those of whom no finer area is known have cells of the level, with the area of their province: nobody's district
		WHERE c.limited_to IS NULL AND c.level IN ('country', 'province', 'district') AND registry.level(c.area) = c.level
		AND (c.area OPERATOR(registry.=) 'PK' OR c.area OPERATOR(registry.=) registry.ancestor(profile_sections.area, 'province')
			 OR c.area OPERATOR(registry.=) profile_sections.area)),
	line AS (
		-- every value of each attribute, by each of the other
		SELECT s.no, s.section, s.unit, s.given || s.counted || w.words AS cell, s.given || CASE WHEN s.counted = '{}' THEN '{}' ELSE w.words END AS base,
			w.place, w.english, w.urdu
		FROM registry.profile_sections() AS s
		CROSS JOIN LATERAL (
			SELECT jsonb_build_object(l.attribute, l.value) || CASE WHEN m.attribute IS NULL THEN '{}' ELSE jsonb_build_object(m.attribute, m.value) END AS words,
				l.place * 100 + coalesce(m.place, 0) AS place, concat_ws(', ', l.english, m.english) AS english, concat_ws('، ', l.urdu, m.urdu) AS urdu
			FROM registry.public_labels() AS l
			LEFT JOIN registry.public_labels() AS m ON m.attribute = s.by[2] AND (NOT s.only_values ? m.attribute OR s.only_values -> m.attribute ? m.value)
			WHERE l.attribute = s.by[1] AND (NOT s.only_values ? l.attribute OR s.only_values -> l.attribute ? l.value)) AS w),
	newest AS (
		-- all rows of a section, and what they are a part of, were counted at once, by one formula
		SELECT DISTINCT ON (l.no) l.no, c.snapshot, c.counted_on, c.formula
		FROM line AS l
		JOIN cell AS c ON c.unit = l.unit AND c.attributes = l.cell AND c.level = 'district'
		ORDER BY l.no, c.snapshot DESC, c.formula),
	part AS (
		SELECT l.no, l.place, l.english, l.urdu, c.level, c.count, b.count AS of_all, round(100.0 * c.count / nullif(b.count, 0), 1) AS percent
		FROM line AS l
		JOIN newest AS n ON n.no = l.no
		JOIN cell AS c ON c.unit = l.unit AND c.attributes = l.cell AND c.snapshot = n.snapshot AND c.formula IS NOT DISTINCT FROM n.formula
		JOIN cell AS b ON b.unit = l.unit AND b.attributes = l.base AND b.snapshot = c.snapshot AND b.level = c.level AND b.area OPERATOR(registry.=) c.area
			AND b.formula IS NULL)
	SELECT s.no, s.section, s.unit, s.english, s.urdu, n.counted_on, n.formula, row_number() OVER (PARTITION BY s.no ORDER BY d.place), d.english, d.urdu,
		d.count, d.of_all, d.percent, p.percent, c.percent
	FROM registry.profile_sections() AS s
	LEFT JOIN newest AS n ON n.no = s.no
	-- that nobody is unknown goes without saying
	LEFT JOIN part AS d ON d.no = s.no AND d.level = 'district' AND NOT (d.place = 9900 AND coalesce(d.count, 1) = 0)
	LEFT JOIN part AS p ON p.no = s.no AND p.place = d.place AND p.level = 'province'
	LEFT JOIN part AS c ON c.no = s.no AND c.place = d.place AND c.level = 'country'
	ORDER BY s.no, d.place;
END;
COMMENT ON FUNCTION share.profile_sections(registry.area_code) IS
	'what is public of a district, a row a value: count and of_all, percentages of it, the province and the nation, each NULL where one of its two counts is '
	'hidden or was not released; a section of which nothing is public has one row, label NULL; reads share.public_cell by the rights of who asks';

CREATE FUNCTION share.profile_districts()
	RETURNS TABLE (no integer, indicator text, english text, urdu text, unit text, counted_on date, formula text, area registry.area_code, name text,
				   count bigint, of_all bigint, percent numeric, highest bigint, lowest bigint, shown bigint)
	LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
	WITH cell AS MATERIALIZED (
		SELECT c.* FROM share.public_cell AS c
		WHERE c.limited_to IS NULL AND c.level = 'district' AND registry.level(c.area) = 'district'),
	newest AS (
		SELECT DISTINCT ON (i.no) i.no, c.snapshot, c.formula
		FROM registry.profile_indicators() AS i
		JOIN cell AS c ON c.unit = i.unit AND c.attributes = i.cell
		ORDER BY i.no, c.snapshot DESC, c.formula)
	SELECT x.no, x.indicator, x.english, x.urdu, x.unit, x.counted_on, x.formula, x.area, x.area_name, x.count, x.of_all, x.percent,
		CASE WHEN x.percent IS NOT NULL THEN row_number() OVER (PARTITION BY x.no ORDER BY x.percent DESC NULLS LAST, x.area::text) END,
		CASE WHEN x.percent IS NOT NULL THEN row_number() OVER (PARTITION BY x.no ORDER BY x.percent NULLS LAST, x.area::text) END,
		count(x.percent) OVER (PARTITION BY x.no)
	FROM (SELECT i.no, i.indicator, i.english, i.urdu, i.unit, c.counted_on, c.formula, c.area, c.area_name, c.count, b.count AS of_all,
			round(100.0 * c.count / nullif(b.count, 0), 1) AS percent
		  FROM registry.profile_indicators() AS i
		  JOIN newest AS n ON n.no = i.no
		  JOIN cell AS c ON c.unit = i.unit AND c.attributes = i.cell AND c.snapshot = n.snapshot AND c.formula IS NOT DISTINCT FROM n.formula
		  JOIN cell AS b ON b.unit = i.unit AND b.attributes = i.base AND b.snapshot = c.snapshot AND b.area OPERATOR(registry.=) c.area AND b.formula IS NULL) AS x
	ORDER BY x.no, x.area::text;
END;
COMMENT ON FUNCTION share.profile_districts() IS
	'districts by each indicator of registry.profile_indicators(): percent, and its place from the highest and from the lowest of shown districts; NULL '
	'where a count is hidden, which has no place; reads share.public_cell by the rights of who asks';
REVOKE ALL ON FUNCTION share.profile_sections(registry.area_code), share.profile_districts() FROM PUBLIC;
