
-- attack: what can be told of hidden cells, from everything that is shown -------------

CREATE FUNCTION registry.attack(releases bigint[] DEFAULT NULL, all_bounds boolean DEFAULT true,
								OUT snapshot_id bigint, OUT unit text, OUT level registry.area_level, OUT area registry.area_code, OUT division text,
								OUT attributes text[], OUT "values" text[], OUT low bigint, OUT high bigint, OUT width bigint, OUT exact boolean)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE ROWS 1000
AS $$
BEGIN
	IF attack.releases IS NOT NULL AND EXISTS (SELECT FROM unnest(attack.releases) AS r
			WHERE NOT EXISTS (SELECT FROM nser.cube_table AS t WHERE t.release_id = r)) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'not all of these are releases of cells',
			HINT = 'SELECT release_id FROM nser.cube_table lists them; NULL stands for all.';
	END IF;
	RETURN QUERY
	SELECT s.snapshot_id, s.unit, j.level, j.area, j.division, j.attributes, j."values", j.low, j.high, j.high - j.low, j.exact
	FROM nser.snapshot AS s
	CROSS JOIN LATERAL registry.judge_cube(s.snapshot_id, '{}', '{}', false, attack.all_bounds) AS j
	WHERE EXISTS (SELECT FROM nser.cube_table AS t WHERE t.snapshot_id = s.snapshot_id AND (attack.releases IS NULL OR t.release_id = ANY (attack.releases)))
	AND j.hidden
	ORDER BY s.snapshot_id, j.level, j.area, j.division, j.attributes, j."values";
END;
$$;
COMMENT ON FUNCTION registry.attack(bigint[], boolean) IS
	'hidden cells of the snapshots of these releases, or of all, with what whoever has every table of them, public or not, and those of other snapshots '
	'where counts are the same, can tell: low and high are reached by whole tables, so the interval is never narrower; exact: nor wider, by the solver; '
	'of small counts that nobody got, those that values that never meet tell exactly; all_bounds false solves for narrow ones alone';
