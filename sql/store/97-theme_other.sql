
-- Themes that are no shares of an answer: size, bands of scores, families; and the extremes.
CREATE VIEW nser.theme_household_size WITH (security_invoker = true) AS
	SELECT t.level, t.area, t.name, s.sex, t.households AS registered,
		CASE s.sex WHEN 'all' THEN s.surveyed - s.unknown ELSE s.rosters END AS households, s.unknown,
		CASE s.sex WHEN 'all' THEN s.members ELSE s.persons END AS members,
		round(CASE s.sex WHEN 'all' THEN s.members / nullif(s.surveyed - s.unknown, 0)::numeric ELSE s.persons / nullif(s.rosters, 0)::numeric END, 2) AS mean_size,
		round(100.0 * s.persons / nullif(s.everyone, 0), 1) AS persons_pct
	FROM nser.theme_total AS t
	CROSS JOIN LATERAL (
		SELECT x.sex, sum(t.tally[c.cell]) FILTER (WHERE c.answer = 'surveyed')::bigint AS surveyed,
			sum(t.tally[c.cell]) FILTER (WHERE c.answer = 'of_unknown_size')::bigint AS unknown,
			sum(t.tally[c.cell]) FILTER (WHERE c.answer = 'with_roster')::bigint AS rosters,
			sum(t.tally[c.cell]) FILTER (WHERE c.answer = 'members')::bigint AS members,
			sum(t.tally[c.cell]) FILTER (WHERE c.answer = 'counted')::bigint AS everyone,
			sum(t.tally[c.cell]) FILTER (WHERE c.answer = 'counted' AND x.sex IN ('all', c.sex))::bigint AS persons
		FROM registry.theme_cells() AS c
		CROSS JOIN unnest('{all,female,male,transgender}'::text[]) AS x (sex)
		WHERE c.indicator IN ('household', 'person')
		GROUP BY x.sex) AS s;
COMMENT ON VIEW nser.theme_household_size IS
	'household size: members of households with a survey that tells them; by sex, persons of rosters a household with a roster; an area that is NULL: '
	'households that state nothing so fine';
COMMENT ON COLUMN nser.theme_household_size.registered IS 'registered households, those without a survey included';
COMMENT ON COLUMN nser.theme_household_size.households IS 'the base: whose size is known; by sex, those with a roster';
COMMENT ON COLUMN nser.theme_household_size.unknown IS 'with a survey that does not tell how many they are';
COMMENT ON COLUMN nser.theme_household_size.mean_size IS 'members a household; NULL of none';
COMMENT ON COLUMN nser.theme_household_size.persons_pct IS 'of the persons of all rosters, whose sex may be unknown';

CREATE VIEW nser.theme_poverty WITH (security_invoker = true) AS
	WITH band AS (
		SELECT b.formula, b.name AS band, b.from_score,
			-- positions in scores, whose second is of 0 to 0.99
			CASE WHEN row_number() OVER lowest = 1 THEN 2 ELSE b.from_score + 2 END AS first_cell,
			coalesce(lead(b.from_score) OVER lowest + 1, 102) AS last_cell
		FROM nser.theme_band AS b
		WINDOW lowest AS (PARTITION BY b.formula ORDER BY b.from_score)
	), total AS (
		SELECT t.level, t.area, t.name, f.formula, registry.theme_scores_sum(s.scores) AS scores, sum(c.tally[x.cell])::bigint AS surveyed
		FROM nser.theme_area AS t
		JOIN nser.theme_count AS c ON c.area OPERATOR(registry.=) t.counted
		JOIN registry.theme_cells() AS x ON x.indicator = 'household' AND x.answer = 'surveyed'
		CROSS JOIN (SELECT DISTINCT o.formula FROM nser.theme_score AS o) AS f
		LEFT JOIN nser.theme_score AS s ON s.area OPERATOR(registry.=) t.counted AND s.formula = f.formula
		GROUP BY t.level, t.area, t.name, f.formula
	)
	SELECT t.level, t.area, t.name, t.formula, b.band, b.from_score, x.n AS households, x.base AS scored, x.without AS no_score,
		t.surveyed - x.without - x.base AS not_scored, round(100.0 * x.n / nullif(x.base, 0), 1) AS households_pct
	FROM total AS t
	JOIN band AS b ON b.formula = CASE WHEN EXISTS (SELECT FROM nser.theme_band AS o WHERE o.formula = t.formula) THEN t.formula ELSE '' END
	CROSS JOIN LATERAL (
		SELECT coalesce(sum(u.n) FILTER (WHERE u.cell BETWEEN b.first_cell AND b.last_cell), 0)::bigint AS n,
			coalesce(sum(u.n) FILTER (WHERE u.cell > 1), 0)::bigint AS base, coalesce(sum(u.n) FILTER (WHERE u.cell = 1), 0)::bigint AS without
		FROM unnest(t.scores) WITH ORDINALITY AS u (n, cell)) AS x;
COMMENT ON VIEW nser.theme_poverty IS
	'households by band of their current survey''s score, by formula: bands are rows of nser.theme_band; an area that is NULL: households that state nothing so fine';
COMMENT ON COLUMN nser.theme_poverty.scored IS 'the base: households with a score';
COMMENT ON COLUMN nser.theme_poverty.no_score IS 'in no band: an answer that the formula needs is missing';
COMMENT ON COLUMN nser.theme_poverty.not_scored IS 'in no band: with a survey that the formula was not applied to yet';

CREATE VIEW nser.theme_families WITH (security_invoker = true) AS
	SELECT f.level, f.area, f.name, f.kind, f.families, f.counting, f.of_unknown_age, f.children, f.base,
		round(100.0 * f.families / nullif(f.base, 0), 1) AS families_pct
	FROM (SELECT t.level, t.area, t.name, coalesce(k.kind::text, 'all') AS kind,
			coalesce(sum(m.families) FILTER (WHERE m.kind = coalesce(k.kind, m.kind)), 0)::bigint AS families,
			coalesce(sum(m.counting) FILTER (WHERE m.kind = coalesce(k.kind, m.kind)), 0)::bigint AS counting,
			coalesce(sum(m.of_unknown_age) FILTER (WHERE m.kind = coalesce(k.kind, m.kind)), 0)::bigint AS of_unknown_age,
			coalesce(sum(m.children) FILTER (WHERE m.kind = coalesce(k.kind, m.kind)), 0)::bigint AS children,
			sum(m.families)::bigint AS base
		  FROM nser.theme_area AS t
		  JOIN nser.theme_family AS m ON m.area OPERATOR(registry.=) t.counted
		  CROSS JOIN unnest(enum_range(NULL::registry.family_kind) || NULL::registry.family_kind) AS k (kind)
		  GROUP BY t.level, t.area, t.name, k.kind) AS f;
COMMENT ON VIEW nser.theme_families IS
	'families by kind, and all of them: an ever-married woman with her husband and unmarried children each; an area '
	'that is NULL: of households that state nothing so fine';
COMMENT ON COLUMN nser.theme_families.counting IS 'those that count for payment: she is 18 or older; of_unknown_age: of whom it is unknown';
COMMENT ON COLUMN nser.theme_families.children IS 'unmarried children in them, of any age';
COMMENT ON COLUMN nser.theme_families.base IS 'families of every kind';

CREATE VIEW nser.theme_extreme WITH (security_invoker = true) AS
	WITH figure AS (
		SELECT f.theme, f.measure, f.area, f.name, f.n, f.base, f.pct AS figure, f.n / nullif(f.base, 0)::numeric AS exact
		FROM nser.theme_figure AS f
		WHERE f.level = 'district' AND f.sex = 'all' AND f.is_headline
		UNION ALL
		SELECT 'household_size' AS theme, 'mean_size' AS measure, s.area, s.name, s.members, s.households, s.mean_size, s.members / nullif(s.households, 0)::numeric
		FROM nser.theme_household_size AS s
		WHERE s.level = 'district' AND s.sex = 'all'
		UNION ALL
		SELECT 'poverty ' || p.formula, p.band, p.area, p.name, p.households, p.scored, p.households_pct, p.households / nullif(p.scored, 0)::numeric
		FROM (SELECT o.*, o.from_score = min(o.from_score) OVER (PARTITION BY o.formula) AS is_lowest FROM nser.theme_poverty AS o WHERE o.level = 'district') AS p
		WHERE p.is_lowest
		UNION ALL
		SELECT 'families' AS theme, k.kind, k.area, k.name, k.families, k.base, k.families_pct, k.families / nullif(k.base, 0)::numeric
		FROM nser.theme_families AS k
		WHERE k.level = 'district' AND k.kind = 'widow'
	), placed AS (
		SELECT f.*, rank() OVER (PARTITION BY f.theme, f.is_told ORDER BY f.exact DESC, f.area) AS from_highest,
			rank() OVER (PARTITION BY f.theme, f.is_told ORDER BY f.exact, f.area) AS from_lowest
		FROM (SELECT g.*, g.base >= registry.theme_min_base() AS is_told FROM figure AS g WHERE g.area IS NOT NULL) AS f
	)
	SELECT p.theme, p.measure, e.side, e.place, p.area, p.name, p.n, p.base, p.figure
	FROM placed AS p
	CROSS JOIN LATERAL (
		SELECT 'highest' AS side, p.from_highest AS place WHERE p.is_told AND p.from_highest <= 5
		UNION ALL
		SELECT 'lowest' AS side, p.from_lowest WHERE p.is_told AND p.from_lowest <= 5
		UNION ALL
		SELECT 'left_out' AS side, NULL AS place WHERE NOT p.is_told) AS e;
COMMENT ON VIEW nser.theme_extreme IS
	'the five districts with the highest and the five with the lowest figure of each theme''s headline, of both sexes; equal ones by code; left_out: '
	'districts whose base is under registry.theme_min_base(), and which are neither';
COMMENT ON COLUMN nser.theme_extreme.theme IS 'of poverty, with the formula: the share of its lowest band';
COMMENT ON COLUMN nser.theme_extreme.place IS '1 is the highest, or the lowest; NULL of who is left out';
COMMENT ON COLUMN nser.theme_extreme.figure IS 'a percentage, or the mean size of households; places go by what it is before it is rounded';

INSERT INTO nser.report (name, subject, title, meaning, relation, sorted_by) VALUES
	('theme_household_size', 'themes', 'Household size', 'mean members a household, of those whose survey tells them, by area and sex', 'nser.theme_household_size',
	 '{level,area,name,sex}'),
	('theme_poverty', 'themes', 'Poverty bands', 'households by band of their score, by formula and area; without a score they are in no band', 'nser.theme_poverty',
	 '{level,area,name,formula,from_score}'),
	('theme_families', 'themes', 'Families', 'families by kind and area, an ever-married woman each', 'nser.theme_families', '{level,area,name,kind}'),
	('theme_extreme', 'themes', 'Highest and lowest districts',
	 'the five districts with the highest and the lowest headline of each theme, and those left out as their base is small', 'nser.theme_extreme', '{theme,side,place,area}');
