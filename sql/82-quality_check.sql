
-- quality check: the pass over surveys, and what it writes -------------------------

-- Flags of the checks of one scope.  What holds already is not written again, and keeps
-- the time at which it was found.
CREATE FUNCTION registry.run_checks(scope text, checks text[], first_household bigint, last_household bigint, within registry.area_code,
									households bigint[])
	RETURNS TABLE (check_name text, flags bigint, added bigint, removed bigint)
	LANGUAGE plpgsql
	SET jit = off
	SET work_mem = '128MB'
AS $$
DECLARE
	names		text[];
	words		text[];
	measured	boolean[];
	tests		text;
	mentioned	text;
BEGIN
	-- numbered within the statement; of a measure a tenth is enough
	SELECT array_agg(c.name ORDER BY c.name), array_agg(c.words ORDER BY c.name), array_agg(c.measure IS NOT NULL ORDER BY c.name),
		string_agg(format(E'CASE WHEN (%s\n) THEN %s END', c.predicate,
			CASE WHEN c.measure IS NULL THEN quote_literal(c.no) ELSE format(E'concat(%L, round((%s\n)::numeric, 1))', c.no || ' ', c.measure) END),
			E',\n' ORDER BY c.name),
		string_agg(concat(c.predicate, ' ', c.measure), ' ')
	INTO names, words, measured, tests, mentioned
	FROM (SELECT k.*, row_number() OVER (ORDER BY k.name) AS no FROM nser.quality_check AS k
		  WHERE k.name = ANY (run_checks.checks) AND k.scope = run_checks.scope) AS c;

	FOR check_name, flags, added, removed IN EXECUTE format($sql$
		WITH judged AS (
			SELECT h.household_id, s.survey_id, %s AS line, array_remove(ARRAY[%s], NULL) AS failed
			%s
			OFFSET 0
		), found AS MATERIALIZED (
			SELECT k.household_id, k.survey_id, k.no, ($5)[k.no] AS check_name, coalesce(k.lines, '{}') AS lines,
				CASE WHEN ($7)[k.no] THEN replace(($6)[k.no], '%%', coalesce(trim_scale(k.measure)::text, 'unknown')) ELSE ($6)[k.no] END AS detail
			FROM (SELECT j.household_id, j.survey_id, split_part(f.told, ' ', 1)::integer AS no,
					array_agg(DISTINCT j.line ORDER BY j.line) FILTER (WHERE j.line IS NOT NULL) AS lines,
					max(nullif(split_part(f.told, ' ', 2), '')::numeric) AS measure
				  FROM judged AS j CROSS JOIN LATERAL unnest(j.failed) AS f (told)
				  WHERE j.failed <> '{}'
				  GROUP BY 1, 2, 3) AS k
		), gone AS (
			-- sets, which no estimate makes compare each with each
			DELETE FROM nser.quality_flag AS q
			USING (SELECT y.household_id, y.survey_id, y.check_name FROM nser.quality_flag AS y
				   WHERE y.check_name = ANY ($5) AND y.area OPERATOR(registry.<@) $3 AND %s
				   EXCEPT SELECT x.household_id, x.survey_id, x.check_name FROM found AS x) AS z
			WHERE q.household_id = z.household_id AND q.survey_id = z.survey_id AND q.check_name = z.check_name
			RETURNING q.check_name
		), wanted AS (
			-- who moves a household waits, and then takes its flags along
			SELECT x.household_id, x.survey_id, x.check_name, h.area, x.lines, x.detail
			FROM found AS x
			JOIN nser.household AS h ON h.household_id = x.household_id
			WHERE NOT EXISTS (SELECT FROM nser.quality_flag AS y
							  WHERE y.household_id = x.household_id AND y.survey_id = x.survey_id AND y.check_name = x.check_name
							  AND y.area OPERATOR(registry.=) h.area AND y.lines = x.lines AND y.detail = x.detail)
			FOR KEY SHARE OF h
		), stored AS (
			INSERT INTO nser.quality_flag AS q (household_id, survey_id, check_name, area, lines, detail)
			SELECT w.household_id, w.survey_id, w.check_name, w.area, w.lines, w.detail FROM wanted AS w
			ON CONFLICT ON CONSTRAINT quality_flag_pkey DO UPDATE SET area = EXCLUDED.area, lines = EXCLUDED.lines, detail = EXCLUDED.detail
			RETURNING q.check_name, q.xmax = 0 AS is_new
		)
		SELECT n.name, coalesce(f.n, 0), coalesce(a.n, 0), coalesce(r.n, 0)
		FROM unnest($5) AS n (name)
		LEFT JOIN (SELECT x.check_name, count(*) AS n FROM found AS x GROUP BY 1) AS f ON f.check_name = n.name
		LEFT JOIN (SELECT x.check_name, count(*) FILTER (WHERE x.is_new) AS n FROM stored AS x GROUP BY 1) AS a ON a.check_name = n.name
		LEFT JOIN (SELECT x.check_name, count(*) AS n FROM gone AS x GROUP BY 1) AS r ON r.check_name = n.name
		$sql$,
		CASE WHEN run_checks.scope = 'member' THEN 'm.line' ELSE 'NULL::integer' END, tests,
		registry.quality_source(run_checks.scope, mentioned, run_checks.households IS NOT NULL),
		CASE WHEN run_checks.households IS NULL THEN 'y.household_id BETWEEN $1 AND $2' ELSE 'y.household_id = ANY ($4)' END)
	USING run_checks.first_household, run_checks.last_household, run_checks.within, run_checks.households, names, words, measured
	LOOP
		RETURN NEXT;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.run_checks(text, text[], bigint, bigint, registry.area_code, bigint[]) IS
	'evaluate checks of one scope in one pass over a range of households of an area, or over the households that are listed, and write nser.quality_flag; '
	'flags: how many hold now; added: new ones; removed: those that hold no more';

-- Which of several it was, when a pass failed: each is run alone, and what it wrote undone.
CREATE FUNCTION registry.blame_check(scope text, checks text[], first_household bigint, last_household bigint, within registry.area_code,
									 households bigint[])
	RETURNS text
	LANGUAGE plpgsql
AS $$
DECLARE
	each	text;
BEGIN
	FOREACH each IN ARRAY blame_check.checks LOOP
		BEGIN
			PERFORM FROM registry.run_checks(blame_check.scope, ARRAY[each], blame_check.first_household, blame_check.last_household,
											 blame_check.within, blame_check.households);
		EXCEPTION WHEN data_exception OR cardinality_violation OR syntax_error_or_access_rule_violation THEN
			RETURN each;
		END;
	END LOOP;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.blame_check(text, text[], bigint, bigint, registry.area_code, bigint[]) IS
	'the first of these checks that fails on a survey; NULL where none does; the caller''s transaction ends by an error, and nothing stays written';

CREATE FUNCTION registry.check_quality_of(first_household bigint, last_household bigint, within registry.area_code, households bigint[],
										  checks text[])
	RETURNS TABLE (check_name text, severity text, flags bigint, added bigint, removed bigint)
	LANGUAGE plpgsql
AS $$
DECLARE
	today	CONSTANT date := registry.today();
	part	record;
	state	text;
BEGIN
	PERFORM registry.require_check_owner();
	FOR part IN
		SELECT c.scope, array_agg(c.name ORDER BY c.name) AS names, array_agg(DISTINCT c.predicate) AS routines
		FROM nser.quality_check AS c
		WHERE c.enabled AND c.valid @> today AND (check_quality_of.checks IS NULL OR c.name = ANY (check_quality_of.checks))
		GROUP BY c.scope
		ORDER BY c.scope
	LOOP
		IF part.scope <> 'routine' THEN
			BEGIN
				RETURN QUERY
				SELECT r.check_name, c.severity, r.flags, r.added, r.removed
				FROM registry.run_checks(part.scope, part.names, check_quality_of.first_household, check_quality_of.last_household,
										 check_quality_of.within, check_quality_of.households) AS r
				JOIN nser.quality_check AS c ON c.name = r.check_name
				ORDER BY r.check_name;
			EXCEPTION WHEN data_exception OR cardinality_violation OR syntax_error_or_access_rule_violation THEN
				GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE;
				RAISE EXCEPTION USING
					ERRCODE = state,
					MESSAGE = format('check %s failed on a survey', coalesce(registry.blame_check(part.scope, part.names,
						check_quality_of.first_household, check_quality_of.last_household, check_quality_of.within, check_quality_of.households), part.scope)),
					HINT = 'Correct its predicate, or UPDATE nser.quality_check SET enabled = false; nothing was written.';
			END;
		ELSE
			IF 'registry.flag_rosters' = ANY (part.routines) THEN
				PERFORM registry.flag_rosters(check_quality_of.first_household, check_quality_of.last_household, NULL,
											  check_quality_of.within, check_quality_of.households);
			END IF;
			IF 'registry.flag_members' = ANY (part.routines) THEN
				PERFORM registry.flag_members(check_quality_of.first_household, check_quality_of.last_household,
											  check_quality_of.within, check_quality_of.households);
			END IF;
			IF 'registry.flag_places' = ANY (part.routines) THEN
				-- a range of a batch is small enough to be listed
				PERFORM registry.flag_placed(coalesce(check_quality_of.households, CASE WHEN check_quality_of.first_household > -9223372036854775808 THEN
					ARRAY(SELECT h.household_id FROM nser.household AS h
						  WHERE h.household_id BETWEEN check_quality_of.first_household AND check_quality_of.last_household) END),
					check_quality_of.within);
			END IF;
			RETURN QUERY
			SELECT c.name, c.severity, count(q.household_id), NULL::bigint, NULL::bigint
			FROM nser.quality_check AS c
			LEFT JOIN nser.quality_flag AS q ON q.check_name = c.name AND q.area OPERATOR(registry.<@) check_quality_of.within
				AND q.household_id BETWEEN check_quality_of.first_household AND check_quality_of.last_household
				AND (check_quality_of.households IS NULL OR q.household_id = ANY (check_quality_of.households))
			WHERE c.name = ANY (part.names)
			GROUP BY c.name
			ORDER BY c.name;
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.check_quality_of(bigint, bigint, registry.area_code, bigint[], text[]) IS
	'work of registry.check_quality(): a pass a scope over a range of households of an area, or over those that are listed';

CREATE FUNCTION registry.check_quality(within registry.area_code DEFAULT 'PK', household_id bigint DEFAULT NULL, since date DEFAULT NULL,
									   checks text[] DEFAULT NULL)
	RETURNS TABLE (check_name text, severity text, flags bigint, added bigint, removed bigint)
	LANGUAGE plpgsql
AS $$
DECLARE
	unknown		text;
	households	bigint[];
	first		bigint := -9223372036854775808;
	last		bigint := 9223372036854775807;
BEGIN
	IF check_quality.within IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'check_quality needs an area',
			HINT = 'SELECT * FROM registry.check_quality(''PK617''); PK, the default, is the nation.';
	END IF;
	SELECT min(k.name) INTO unknown FROM unnest(check_quality.checks) AS k (name)
	WHERE NOT EXISTS (SELECT FROM nser.quality_check AS c WHERE c.name = k.name);
	IF unknown IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('there is no check %s', unknown),
			HINT = 'SELECT name, title FROM nser.quality_check lists them.';
	END IF;

	IF check_quality.household_id IS NOT NULL THEN
		households := ARRAY[check_quality.household_id];
	ELSIF check_quality.since IS NOT NULL THEN
		households := ARRAY(SELECT DISTINCT v.household_id FROM nser.survey AS v
							WHERE v.recorded_at >= check_quality.since::timestamp AT TIME ZONE 'Asia/Karachi'
							AND v.area OPERATOR(registry.<@) check_quality.within);
	END IF;
	IF households IS NOT NULL THEN
		SELECT min(k.n), max(k.n) INTO first, last FROM unnest(households) AS k (n);
	END IF;
	RETURN QUERY SELECT q.check_name, q.severity, q.flags, q.added, q.removed
	FROM registry.check_quality_of(coalesce(first, 0), coalesce(last, 0), check_quality.within, households, check_quality.checks) AS q;

	-- until when surveys were asked: the scores count no others
	IF check_quality.within OPERATOR(registry.=) 'PK' AND check_quality.household_id IS NULL AND check_quality.checks IS NULL AND
		(check_quality.since IS NULL OR
		 EXISTS (SELECT FROM nser.batch_run AS b WHERE b.task = 'quality' AND b.finished_at IS NOT NULL
				 AND b.started_at >= check_quality.since::timestamp AT TIME ZONE 'Asia/Karachi')) THEN
		INSERT INTO nser.batch_run (task, formula, last_household, finished_at) VALUES ('quality', '', coalesce(last, 0), clock_timestamp());
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_quality(registry.area_code, bigint, date, text[]) IS
	'ask the checks of nser.quality_check, or those that are named, of the surveys of an area, of one household, or of the households with a survey '
	'recorded since a day in Pakistan, in one pass a scope, and write nser.quality_flag; flags: how many hold now, added and removed: what changed, '
	'NULL where a routine keeps its own flags; of the nation, it says in nser.batch_run until when surveys were asked; the owner''s';

CREATE FUNCTION registry.check_quality_range(first_household bigint, last_household bigint, OUT surveys bigint, OUT written bigint)
	LANGUAGE plpgsql
AS $$
BEGIN
	SELECT count(*) INTO surveys FROM nser.survey AS v
	WHERE v.household_id BETWEEN check_quality_range.first_household AND check_quality_range.last_household;
	SELECT coalesce(sum(q.added + q.removed), 0)::bigint INTO written
	FROM registry.check_quality_of(check_quality_range.first_household, check_quality_range.last_household, 'PK', NULL, NULL) AS q;
END;
$$;
COMMENT ON FUNCTION registry.check_quality_range(bigint, bigint) IS
	'registry.check_quality() of a range of households; counts the surveys, and the flags that were added and removed, but for those of routines';

CREATE PROCEDURE registry.check_quality_all(batch integer DEFAULT 100000)
	LANGUAGE plpgsql
AS $$
BEGIN
	CALL registry.run_batches('quality', '', batch);
END;
$$;
COMMENT ON PROCEDURE registry.check_quality_all(integer) IS
	'the checks of every survey, committing each batch of households; goes on where an interrupted run stopped; '
	'nser.batch_run shows the progress; a batch of NULL is one transaction; the owner''s';
