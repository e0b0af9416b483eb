-- Declarations name districts as newspapers do: each is found, or reported.
CREATE TABLE declaration (event text, declared_on date, province text, written text, pcode text, name text, source text);
\copy declaration FROM PSTDIN (FORMAT csv, HEADER)

CREATE TABLE matched AS
	SELECT e.event, m.written, m.code, m.name, m.how, m.likeness, p.code AS province
	FROM (SELECT event, province, array_agg(written) AS names FROM declaration GROUP BY 1, 2) AS e
	JOIN nser.area AS p ON p.level = 'province' AND p.name = e.province
	CROSS JOIN LATERAL match_areas(e.names, 'district', p.code) AS m;

\ir must.sql

SELECT format('figure: names of declarations: %s', string_agg(format('%s %s', n, how), ', ' ORDER BY n DESC))
FROM (SELECT how, count(*) AS n FROM matched GROUP BY how) AS m \g (format=unaligned tuples_only=on)
\o /dev/null
SELECT pg_temp.must('every name with a district''s code in the file has that code, and the others are reported unknown',
	(SELECT count(*) = (SELECT count(*) FROM declaration) AND bool_and(m.code::text IS NOT DISTINCT FROM d.pcode AND (m.code IS NULL) = (m.how = 'unknown'))
	 FROM declaration AS d JOIN matched AS m USING (event, written)));
SELECT pg_temp.must('Usta Muhammad is no district, but one tehsil of Balochistan',
	(SELECT how = 'unknown' AND code IS NULL FROM matched WHERE written = 'Usta Muhammad')
	AND (SELECT name = 'Usta Mohammad' AND how = 'similar' FROM match_areas('{Usta Muhammad}', 'tehsil', 'PK2')));
SELECT pg_temp.must('all districts are found by their own names',
	(SELECT count(*) = 160 AND bool_and(m.how = 'exact' AND m.code = x.codes[m.no])
	 FROM (SELECT array_agg(name ORDER BY code) AS names, array_agg(code ORDER BY code) AS codes FROM nser.area WHERE level = 'district') AS x
	 CROSS JOIN LATERAL match_areas(x.names) AS m));

-- strict: a district that is not known is not taken for another
CREATE TABLE wrong (name text, taken_for text, how text);
DO $$
DECLARE
	away	record;
BEGIN
	FOR away IN SELECT code, name FROM nser.area WHERE level = 'district' LOOP
		UPDATE nser.area SET name = NULL WHERE code = away.code;
		INSERT INTO wrong SELECT away.name, m.name, m.how FROM match_areas(ARRAY[away.name]) AS m WHERE m.code IS NOT NULL;
		UPDATE nser.area SET name = away.name WHERE code = away.code;
	END LOOP;
END;
$$;
SELECT pg_temp.must('no district that is taken away is matched to another', NOT EXISTS (SELECT FROM wrong));
\o
