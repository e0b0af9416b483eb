-- Figures, and what must hold of them; a failure ends the script.
\pset tuples_only on
\pset format unaligned
SELECT format('%s: %s features, %s areas loaded, %s refused, %s remarked, %s s', run, features, loaded, refused, remarked, round(seconds, 1))
FROM loads ORDER BY load_id;
SELECT format('figure: %s provinces, districts and tehsils load, %s refused; of %s union councils %s areas, %s refused; leniently %s and %s',
	(SELECT sum(loaded) FROM loads WHERE run LIKE 'adm%'), (SELECT sum(refused) FROM loads WHERE run LIKE 'adm%'),
	s.features, s.loaded, s.refused, l.loaded, l.refused)
FROM loads AS s, loads AS l WHERE s.run = 'uc strict' AND l.run = 'uc lenient';
-- named by what is wrong, not by whom it is wrong with
SELECT format('figure: %s: %s', d.run, string_agg(format('%s %s', d.n, d.kind), ', ' ORDER BY d.n DESC))
FROM (SELECT l.load_id, l.run, k.kind, count(*) AS n
	  FROM loads AS l JOIN nser.load_error AS e USING (load_id)
	  CROSS JOIN LATERAL (SELECT CASE
		WHEN e.reason ~ '^its code stands \d+ times' THEN 'code stands more than once'
		WHEN e.reason ~ 'under other names' THEN 'code stands under several names'
		WHEN e.reason ~ 'outside its parent' THEN 'outside the parent'
		WHEN e.reason ~ '^it overlaps' THEN 'overlaps another'
		WHEN e.reason ~ 'joined to feature' THEN 'joined to another part'
		WHEN e.reason ~ 'name is not known' THEN 'name not known'
		ELSE e.reason END AS kind) AS k
	  WHERE l.run IN ('uc strict', 'uc lenient')
	  GROUP BY l.load_id, l.run, k.kind) AS d
GROUP BY d.load_id, d.run ORDER BY d.load_id;
\pset tuples_only off
\pset format aligned

\ir must.sql

\o /dev/null
SELECT pg_temp.must('7 provinces, 160 districts and 577 tehsils load, none refused or remarked',
	(SELECT array_agg(loaded ORDER BY load_id) FROM loads WHERE run LIKE 'adm%') = '{7,160,577}'
	AND (SELECT sum(refused + remarked) = 0 FROM loads WHERE run LIKE 'adm%'));
SELECT pg_temp.must('every feature of the union councils is loaded, joined or refused with its reason: ' || run,
	features = 2527 AND features = loaded + refused
		+ (SELECT count(*) FROM nser.load_error AS e WHERE e.load_id = l.load_id AND e.reason ~ 'joined to feature')
	AND refused = (SELECT count(*) FROM nser.load_error AS e WHERE e.load_id = l.load_id AND e.sqlstate <> '01000'))
FROM loads AS l WHERE level = 'union_council';
SELECT pg_temp.must('233 features whose code stands more than once are each named, counted from the file''s own codes',
	(SELECT count(*) = 233 AND bool_and(sqlstate = '23505') FROM nser.load_error JOIN loads USING (load_id) WHERE run = 'uc strict' AND reason ~ 'stands \d+ times'));
SELECT pg_temp.must('a name is unknown where the source writes Unknown_ or (urban)',
	(SELECT count(*) > 90 AND bool_and(row -> 'properties' ->> 'uc_name' ~ '^(Unknown|\()') FROM nser.load_error JOIN loads USING (load_id)
	 WHERE run = 'uc strict' AND reason = 'its name is not known'));
SELECT pg_temp.must('no geometry stands in a reason', (SELECT bool_and(length(reason) < 200 AND reason !~ 'coordinates|POLYGON') FROM nser.load_error));
SELECT pg_temp.must('what is loaded leniently keeps the codes of the strict load', NOT EXISTS (
	SELECT FROM strict_codes AS s LEFT JOIN nser.area AS a ON a.code = s.code WHERE a.source_code IS DISTINCT FROM s.source_code));
SELECT pg_temp.must('loaded again, all codes stay', NOT EXISTS (
	SELECT FROM lenient_codes AS s FULL JOIN nser.area AS a ON a.code = s.code WHERE (a.level = 'union_council' OR a.code IS NULL) AND a.source_code IS DISTINCT FROM s.source_code));
SELECT pg_temp.must('areas nest: each has its parent, and lies in it', NOT EXISTS (
	SELECT FROM nser.area AS a LEFT JOIN nser.area AS p ON p.code = parent(a.code)
	WHERE a.level <> 'province' AND (p.code IS NULL
		OR st_area(st_difference(a.geom, p.geom)::geography) > CASE WHEN a.level = 'union_council' THEN 0.101 ELSE 0.0101 END * st_area(a.geom::geography))));
SELECT pg_temp.must('tehsils make up their district, and districts their province, to a thousandth', NOT EXISTS (
	SELECT FROM nser.area AS p JOIN nser.area AS a ON parent(a.code) = p.code
	WHERE p.level IN ('province', 'district') GROUP BY p.code HAVING abs(sum(a.km2) / min(p.km2) - 1) > 0.001));
SELECT pg_temp.must('every tehsil''s representative point is in it, in no other, and in its district and province', NOT EXISTS (
	SELECT FROM nser.area AS t JOIN nser.area AS a ON a.level <> 'union_council' AND st_contains(a.geom, st_pointonsurface(t.geom))
	WHERE t.level = 'tehsil' GROUP BY t.code HAVING array_agg(a.code ORDER BY a.code) <> ARRAY[parent(parent(t.code)), parent(t.code), t.code]));
SELECT pg_temp.must('no two areas of a level overlap by more than the tolerance', NOT EXISTS (
	SELECT FROM nser.area AS a JOIN nser.area AS b ON a.level = b.level AND a.code < b.code AND st_intersects(a.geom, b.geom)
	WHERE st_area(st_intersection(a.geom, b.geom)::geography) / 1e6 > CASE WHEN a.level = 'union_council' THEN 0.101 ELSE 0.0101 END * least(a.km2, b.km2)));
SELECT pg_temp.must('every district has its division', (SELECT count(DISTINCT division) >= 38 AND count(division) = 160 FROM nser.area WHERE level = 'district'));
\o
