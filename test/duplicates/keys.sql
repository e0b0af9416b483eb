
-- keys: do the spellings of a name share a key, and different names not? ----------

\echo Spellings of the lists that the generator spells from: one name, one key?
CREATE TABLE planted.name AS
	SELECT DISTINCT btrim(regexp_replace(e, '\s+', ' ', 'g')) AS spellings
	FROM pg_proc AS p
	CROSS JOIN LATERAL regexp_matches(pg_get_functiondef(p.oid), '\{([^}]*)\}', 'g') AS m
	CROSS JOIN LATERAL unnest(string_to_array(m[1], ',')) AS e
	WHERE p.pronamespace = 'population'::regnamespace AND p.proname IN ('male_name', 'female_name', 'surname');
CREATE TABLE planted.spelled AS
	SELECT DISTINCT split_part(n.spellings, '/', 1) AS name, s AS spelling, name_key(s) AS key
	FROM planted.name AS n CROSS JOIN LATERAL unnest(string_to_array(n.spellings, '/')) AS s;

\pset footer off
SELECT count(DISTINCT name) AS names, count(DISTINCT spelling) AS spellings,
	round(100.0 * avg((key = name_key(name))::integer), 1) AS "have the name's key, %",
	(SELECT count(*) FROM (SELECT s.name FROM planted.spelled AS s WHERE s.spelling = s.name
		AND EXISTS (SELECT FROM planted.spelled AS o
					WHERE o.spelling = o.name AND o.name <> s.name AND o.key = s.key)) AS x) AS "share it with another name"
FROM planted.spelled;

\echo Keys that two names share
SELECT key, string_agg(name, ', ' ORDER BY name) AS names
FROM planted.spelled WHERE spelling = name GROUP BY key HAVING count(*) > 1 ORDER BY count(*) DESC, key COLLATE "C" LIMIT 15;

DO $$
BEGIN
	IF (SELECT avg((s.key = registry.name_key(s.name))::integer) FROM planted.spelled AS s) < 0.95 THEN
		RAISE EXCEPTION 'fewer than 95 in 100 spellings have the key of their name';
	END IF;
END;
$$;
