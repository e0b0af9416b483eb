
-- check: floors, a little below what was measured --------------------------------

DO $$
DECLARE
	enough		real := (SELECT w.weight FROM nser.duplicate_weight AS w WHERE w.evidence = 'enough');
	recall		numeric;
	precise		numeric;
	respelled	numeric;
BEGIN
	SELECT round(100.0 * count(*) FILTER (WHERE j.planted AND j.score >= enough) / count(*) FILTER (WHERE j.planted), 1),
		round(100.0 * count(*) FILTER (WHERE j.planted AND j.score >= enough) / greatest(count(*) FILTER (WHERE j.score >= enough), 1), 1),
		round(100.0 * count(*) FILTER (WHERE j.names = 'respelled' AND j.birth = 'as before' AND j.score >= enough)
			/ count(*) FILTER (WHERE j.names = 'respelled' AND j.birth = 'as before'), 1)
	INTO recall, precise, respelled
	FROM planted.judged AS j;
	IF recall < 85 OR precise < 96 OR respelled < 94 THEN
		RAISE EXCEPTION 'recall % %% (at least 85), of names respelled alone % %% (94), precision % %% (96)', recall, respelled, precise;
	END IF;
END;
$$;

-- no look-up shows a name
SELECT count(*) = 0 AS "no name is shown"
FROM planted.found AS f CROSS JOIN LATERAL unnest(f.evidence) AS e
WHERE NOT EXISTS (SELECT FROM nser.duplicate_weight AS w WHERE w.evidence = e);

\pset tuples_only on
\pset format unaligned
SELECT format('figure: of %s people registered twice among %s members, %s %% are found; of the pairs found, %s %% are right',
	count(*) FILTER (WHERE j.planted), (SELECT count(*) FROM nser.member),
	round(100.0 * count(*) FILTER (WHERE j.planted AND j.score >= w.weight) / count(*) FILTER (WHERE j.planted), 1),
	round(100.0 * count(*) FILTER (WHERE j.planted AND j.score >= w.weight) / count(*) FILTER (WHERE j.score >= w.weight), 1))
FROM planted.judged AS j
JOIN nser.duplicate_weight AS w ON w.evidence = 'enough';
\pset tuples_only off
\pset format aligned
