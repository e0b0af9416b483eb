
-- collisions: how many of a list of real names share a key -----------------------

CREATE TABLE planted.listed (source text, kind text, gender text, name text, script text);
\copy planted.listed FROM pstdin WITH (FORMAT csv, HEADER)
\echo Of the listed names in Roman script
SELECT count(*) AS words, count(DISTINCT name_key(word)) AS keys,
	(SELECT max(c) FROM (SELECT count(*) AS c FROM (SELECT DISTINCT lower(l.name) AS w FROM planted.listed AS l WHERE l.name ~ '^[A-Za-z]+$') AS v
		GROUP BY name_key(v.w)) AS x) AS "most of one key"
FROM (SELECT DISTINCT lower(name) AS word FROM planted.listed WHERE name ~ '^[A-Za-z]+$') AS w;
