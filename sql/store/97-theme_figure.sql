
-- The areas whose figures a counted area goes into.  What is stated coarser than a level
-- has no area there, so that every level adds up to the nation.
CREATE VIEW nser.theme_area WITH (security_invoker = true) AS
	SELECT p.counted, p.level, p.area, p.name
	FROM (SELECT c.area AS counted, l.level, registry.ancestor(c.area, l.level) AS area, CASE WHEN l.level = 'country' THEN 'Pakistan' ELSE a.name END AS name
		  FROM nser.theme_count AS c
		  CROSS JOIN unnest('{country,province,district,tehsil,union_council}'::registry.area_level[]) AS l (level)
		  LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) registry.ancestor(c.area, l.level)
		  UNION ALL
		  SELECT c.area AS counted, 'division' AS level, registry.ancestor(c.area, 'province') AS area, d.division AS name
		  FROM nser.theme_count AS c
		  LEFT JOIN nser.area AS d ON d.code OPERATOR(registry.=) registry.ancestor(c.area, 'district')) AS p
	-- what is stated coarser is the nation's
	WHERE coalesce(p.area, 'PK') OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.theme_area IS
	'areas of every level that each area of nser.theme_count lies in; a role of registry.limit_role() is told of those that lie inside its own alone';
COMMENT ON COLUMN nser.theme_area.area IS 'NULL where households state nothing so fine; of a division its province';
COMMENT ON COLUMN nser.theme_area.name IS 'of a division, NULL where the district''s is unknown';

CREATE VIEW nser.theme_total WITH (security_invoker = true) AS
	SELECT t.level, t.area, t.name, sum(c.households)::bigint AS households, registry.theme_sum(c.tally) AS tally
	FROM nser.theme_area AS t
	JOIN nser.theme_count AS c ON c.area OPERATOR(registry.=) t.counted
	GROUP BY t.level, t.area, t.name;
COMMENT ON VIEW nser.theme_total IS 'nser.theme_count added up, at every level';

-- Which cells a measure adds up is worked out once, before any area is looked at.
CREATE VIEW nser.theme_figure WITH (security_invoker = true) AS
	SELECT t.level, t.area, t.name, m.sex, m.theme, m.measure, m.unit, m.is_headline, x.n, x.base, y.unknown,
		round(100.0 * x.n / nullif(x.base, 0), 1) AS pct
	FROM nser.theme_total AS t
	CROSS JOIN (
		SELECT h.theme, h.measure, h.unit, h.is_headline, s.sex,
			array_agg(c.cell) FILTER (WHERE c.answer <> 'unknown') AS known, array_agg(c.answer = ANY (h.answers)) FILTER (WHERE c.answer <> 'unknown') AS holds,
			array_agg(c.cell) FILTER (WHERE c.answer = 'unknown') AS unknown
		FROM registry.themes() AS h
		JOIN registry.theme_cells() AS c ON c.indicator = h.indicator
		-- of all, those too whose sex is unknown
		CROSS JOIN LATERAL (SELECT 'all' AS sex UNION ALL SELECT c.sex WHERE c.sex <> 'unknown') AS s
		GROUP BY h.theme, h.measure, h.unit, h.is_headline, s.sex) AS m
	CROSS JOIN LATERAL (SELECT coalesce(sum(t.tally[k.cell]) FILTER (WHERE k.holds), 0)::bigint AS n, sum(t.tally[k.cell])::bigint AS base
						FROM unnest(m.known, m.holds) AS k (cell, holds)) AS x
	CROSS JOIN LATERAL (SELECT sum(t.tally[k.cell])::bigint AS unknown FROM unnest(m.unknown) AS k (cell)) AS y;
COMMENT ON VIEW nser.theme_figure IS 'every measure of registry.themes() at every level, a row each; the views nser.theme_NAME have a theme''s side by side';
COMMENT ON COLUMN nser.theme_figure.area IS 'NULL: stated coarser than the level; of a division its province';
COMMENT ON COLUMN nser.theme_figure.n IS 'of whom it holds; base: of whom it is known; unknown: of whom it is not, or not whether they are of the age';
COMMENT ON COLUMN nser.theme_figure.pct IS 'n of base; NULL where base is 0';

-- A theme a view: a count for each measure, the base by its unit's name, percentages; a
-- measure that is asked of others than the headline has a base of its own.
DECLARE
	each	record;
	measure	record;
BEGIN
	FOR each IN
		SELECT t.theme, t.unit, max(t.measure) FILTER (WHERE t.is_headline) AS headline, max(t.base) FILTER (WHERE t.is_headline) AS base,
			max(t.definition) FILTER (WHERE t.is_headline) AS definition,
			string_agg(format('min(f.n) FILTER (WHERE f.measure = %1$L) AS %1$I', t.measure), ', ' ORDER BY t.is_headline DESC, t.no) AS counts,
			string_agg(format('min(f.base) FILTER (WHERE f.measure = %L) AS %I', t.measure,
				CASE WHEN t.is_headline THEN t.unit || 's' ELSE t.measure || '_of' END), ', ' ORDER BY t.is_headline DESC, t.no)
				FILTER (WHERE t.is_headline OR NOT t.shares_base) AS bases,
			string_agg(format('min(f.pct) FILTER (WHERE f.measure = %L) AS %I', t.measure, t.measure || '_pct'), ', ' ORDER BY t.is_headline DESC, t.no) AS pcts
		FROM (SELECT m.*, m.indicator = first_value(m.indicator) OVER (PARTITION BY m.theme ORDER BY m.is_headline DESC) AS shares_base
			  FROM registry.themes() WITH ORDINALITY AS m (theme, measure, unit, is_headline, indicator, answers, asked_of, holds, base, definition, no)) AS t
		GROUP BY t.theme, t.unit
	LOOP
		EXECUTE format('CREATE VIEW nser.%I WITH (security_invoker = true) AS
			SELECT f.level, f.area, f.name, %s %s, %s, min(f.unknown) FILTER (WHERE f.measure = %L) AS unknown, %s
			FROM nser.theme_figure AS f WHERE f.theme = %L GROUP BY f.level, f.area, f.name, f.sex',
			'theme_' || each.theme, CASE each.unit WHEN 'person' THEN 'f.sex,' END, each.counts, each.bases, each.headline, each.pcts, each.theme);
		EXECUTE format('COMMENT ON VIEW nser.%I IS %L', 'theme_' || each.theme, format(
			'%s: %s, of %s; at every level; an area that is NULL: households that state nothing so fine; percentages are NULL of nobody',
			replace(each.theme, '_', ' '), each.definition, each.base));
		EXECUTE format('COMMENT ON COLUMN nser.%I.%I IS %L', 'theme_' || each.theme, each.unit || 's', 'the base: ' || each.base);
		EXECUTE format('COMMENT ON COLUMN nser.%I.unknown IS %L', 'theme_' || each.theme, 'in no base: it is unknown of them');
		FOR measure IN SELECT t.measure, t.definition FROM registry.themes() AS t WHERE t.theme = each.theme LOOP
			EXECUTE format('COMMENT ON COLUMN nser.%I.%I IS %L', 'theme_' || each.theme, measure.measure, measure.definition);
		END LOOP;
		INSERT INTO nser.report (name, subject, title, meaning, relation, sorted_by)
		VALUES ('theme_' || each.theme, 'themes', initcap(left(each.theme, 1)) || replace(substr(each.theme, 2), '_', ' '),
			format('%s, of %s, by area%s; unknown: in no base', each.definition, each.base, CASE each.unit WHEN 'person' THEN ' and sex' ELSE '' END),
			'nser.theme_' || each.theme, CASE each.unit WHEN 'person' THEN '{level,area,name,sex}' ELSE '{level,area,name}' END::text[]);
	END LOOP;
END;
