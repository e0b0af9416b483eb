
-- report: how many of the planted were found, and how many of the found were planted

\pset footer off
SELECT weight AS enough FROM nser.duplicate_weight WHERE evidence = 'enough' \gset

\echo
\echo Found of those registered twice, at :enough or more, by what was changed
SELECT changed, count(*) AS planted, count(*) FILTER (WHERE found) AS found, round(100.0 * avg(found::integer), 1) AS "recall %"
FROM (SELECT coalesce(score >= :enough::real, false) AS found, names, birth, place FROM planted.judged WHERE planted) AS j
CROSS JOIN LATERAL (VALUES (1, 'names: ' || names), (2, 'birth date: ' || birth), (3, 'place: ' || place), (4, 'all')) AS c (part, changed)
GROUP BY part, changed
ORDER BY part, 4 DESC, changed;

\echo
\echo Whatever is asked for
SELECT t.score AS "score at least",
	count(*) FILTER (WHERE planted) AS planted, count(*) FILTER (WHERE NOT planted) AS others,
	round(100.0 * count(*) FILTER (WHERE planted) / (SELECT count(*) FROM planted.pair), 1) AS "recall %",
	round(100.0 * count(*) FILTER (WHERE planted) / greatest(count(*), 1), 1) AS "precision %"
FROM planted.judged AS j
JOIN (SELECT (:enough + d)::real AS score FROM generate_series(-4, 6, 2) AS d) AS t ON j.score >= t.score
GROUP BY t.score
ORDER BY t.score;
