-- The themes of the annual report, against the same figures from the text of the files.

\pset tuples_only on
\pset format unaligned

CALL registry.derive_all(NULL);
SELECT hies.check_that('areas are counted', registry.refresh_themes(true) > 0);

-- of every household of the store: by the labels of the file, NULL where they do not tell
CREATE TEMP TABLE by_hand AS
WITH home AS (
	SELECT h.household_code::bigint AS household_id, left(h.psu, 1) AS digit, h.weight::numeric AS weight,
		CASE WHEN h.water IN ('piped water', 'hand pump', 'motorized pumping/tubewell', 'closed well', 'mineral water', 'filtration plant') THEN true
			WHEN h.water IN ('open well', 'pound/canal/river/stream', 'tanker/truck/water be arer', 'others') THEN false END AS safe,
		CASE WHEN h.electricity LIKE 'yes%' THEN true WHEN h.electricity = 'no' THEN false END AS electricity,
		CASE WHEN h.toilet LIKE 'flush%' THEN true WHEN h.toilet LIKE 'dry%' OR h.toilet LIKE 'no %' THEN false END AS formal,
		CASE WHEN h.toilet LIKE 'no %' THEN true WHEN h.toilet LIKE 'dry%' OR h.toilet LIKE 'flush%' THEN false END AS open
	FROM hies.household AS h
	WHERE EXISTS (SELECT FROM nser.household AS s WHERE s.household_id = h.household_code::bigint)
), person AS (
	SELECT m.*, x.digit, x.weight, m.age::integer AS years
	FROM home AS x JOIN hies.member AS m ON m.household_code::bigint = x.household_id
	WHERE m.is_member = 'yes'
)
SELECT p.area::text AS area, 'all' AS sex, f.measure, count(*) FILTER (WHERE f.holds) AS n, count(f.holds) AS base, round(100 * sum(x.weight) FILTER (WHERE f.holds) / sum(x.weight) FILTER (WHERE f.holds IS NOT NULL), 1) AS weighted
FROM home AS x
CROSS JOIN LATERAL (VALUES ('safe', x.safe), ('electricity', x.electricity), ('formal', x.formal), ('open', x.open)) AS f (measure, holds)
JOIN hies.province AS v ON v.psu_digit = x.digit
CROSS JOIN LATERAL (VALUES (v.area::text), ('PK')) AS p (area)
GROUP BY 1, 2, 3
UNION ALL
SELECT a.area, s.sex, f.measure, count(*) FILTER (WHERE f.holds), count(f.holds), round(100 * sum(x.weight) FILTER (WHERE f.holds) / nullif(sum(x.weight) FILTER (WHERE f.holds IS NOT NULL), 0), 1)
FROM person AS x
JOIN hies.province AS v ON v.psu_digit = x.digit
CROSS JOIN LATERAL (VALUES (v.area::text), ('PK')) AS a (area)
CROSS JOIN LATERAL (VALUES ('all'), (lower(x.sex))) AS s (sex)
CROSS JOIN LATERAL (VALUES
	('out_of_school', CASE WHEN x.years BETWEEN 4 AND 18 THEN coalesce(x.attending, 'no') <> 'yes' END),
	('never_enrolled', CASE WHEN x.years BETWEEN 4 AND 18 THEN x.ever_attended = 'no' END),
	('employed', CASE WHEN x.years BETWEEN 14 AND 60 THEN 'yes' IN (x.worked_last_month, x.activity) END)) AS f (measure, holds)
GROUP BY 1, 2, 3;

SELECT hies.check_that(format('%s %s, by sex and province: those of the file (%s figures)', measure, theme, count(*)),
	bool_and(h.n IS NOT DISTINCT FROM f.n AND h.base IS NOT DISTINCT FROM f.base) AND count(*) > 1)
FROM nser.theme_figure AS f
LEFT JOIN by_hand AS h USING (measure)
WHERE f.level IN ('country', 'province') AND f.area::text = h.area AND f.sex = h.sex AND f.measure IN (SELECT measure FROM by_hand)
GROUP BY theme, measure ORDER BY theme, measure;
SELECT hies.check_that(format('and none of %s figures is left out', count(*)), bool_and(f.n IS NOT NULL))
FROM by_hand AS h
LEFT JOIN nser.theme_figure AS f ON f.level IN ('country', 'province') AND f.area::text = h.area AND f.sex = h.sex AND f.measure = h.measure
WHERE h.base > 0;
SELECT hies.check_that('household size, by province', bool_and(s.members = c.members AND s.households = c.households) AND count(*) > 4)
FROM nser.theme_household_size AS s
JOIN (SELECT h.area::text AS area, sum(c.members) AS members, count(*) AS households FROM hies.counted AS c JOIN nser.household AS h USING (household_id) GROUP BY 1) AS c
	ON c.area = s.area::text
WHERE s.level = 'province' AND s.sex = 'all';
SELECT hies.check_that('bands, by the scores of the store', bool_and(p.households = (SELECT count(*) FROM hies.scored AS s WHERE registry.poverty_band(s.score)::text = p.band))
	AND sum(p.households) = max(p.scored) AND max(p.scored + p.no_score) = (SELECT count(*) FROM hies.scored))
FROM nser.theme_poverty AS p WHERE p.level = 'country' AND p.formula = 'hies-2015-demo';
SELECT hies.check_that('families, as they were derived', bool_and(f.families = (SELECT sum(c.families) FROM nser.family_count AS c WHERE c.kind::text = f.kind)) AND count(*) = 4)
FROM nser.theme_families AS f WHERE f.level = 'country' AND f.kind <> 'all' AND f.families > 0;
SELECT hies.check_that('what HIES does not ask is unknown of all', bool_and(n = 0 AND base = 0 AND unknown > 30000 AND pct IS NULL) AND count(*) = 2)
FROM nser.theme_figure WHERE level = 'country' AND sex = 'all' AND measure IN ('disabled', 'chronically_ill');
SELECT hies.check_that(format('C and the definitions in SQL agree on all %s figures of provinces', count(*)), bool_and(f.n = c.n AND f.base = c.base AND f.unknown = c.unknown))
FROM registry.count_themes('province') AS c
LEFT JOIN nser.theme_figure AS f ON f.level = 'province' AND f.area::text = c.area::text AND f.sex = c.sex AND f.theme = c.theme AND f.measure = c.measure;

\pset tuples_only off
\pset format aligned
\echo
\echo 'Themes of the nation, unweighted as the registry counts, and weighted to the nation; the annual report'
\echo 'prints 84 % safe water; it is of the registry, and this of a survey of 2015-16.'
\echo
SELECT f.theme, f.measure, f.n, f.base, f.pct AS "%", h.weighted AS "weighted %"
FROM nser.theme_figure AS f
JOIN by_hand AS h ON h.measure = f.measure AND h.area = 'PK' AND h.sex = f.sex
WHERE f.level = 'country' AND f.sex = 'all' ORDER BY f.theme, f.is_headline DESC, f.measure;
