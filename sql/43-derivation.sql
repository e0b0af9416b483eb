
-- derivation: the families of surveys, stored, and what is wrong with rosters --

-- What is wrong with rosters, in one pass over a range, or over some households of it.
CREATE FUNCTION registry.flag_rosters(first_household bigint, last_household bigint, survey bigint DEFAULT NULL,
									  within registry.area_code DEFAULT 'PK', households bigint[] DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql
	SET plan_cache_mode = force_custom_plan
	SET enable_seqscan = on
	SET enable_hashjoin = on
	SET enable_mergejoin = on
	SET jit = off
AS $$
DECLARE
	flags	bigint;
BEGIN
	IF first_household = last_household THEN
		PERFORM registry.plan_for_one();
	END IF;
	WITH found AS MATERIALIZED (
		SELECT v.household_id, v.survey_id, v.area, 'roster.' || p.problem AS check_name,
			   array_agg(DISTINCT p.line ORDER BY p.line) FILTER (WHERE p.line IS NOT NULL) AS lines,
			   string_agg(p.detail, '; ' ORDER BY p.line, p.detail) AS detail
		-- by households, whose areas have an index
		FROM nser.household AS h
		JOIN nser.survey AS v ON v.household_id = h.household_id
		CROSS JOIN LATERAL (
			SELECT r.problem, r.line, r.detail FROM registry.roster_problems(v.roster) AS r
			UNION ALL
			SELECT 'missing', NULL, 'the survey has no roster' WHERE v.roster IS NULL) AS p
		WHERE v.household_id BETWEEN flag_rosters.first_household AND flag_rosters.last_household
		AND (flag_rosters.survey IS NULL OR v.survey_id = flag_rosters.survey)
		AND h.household_id BETWEEN flag_rosters.first_household AND flag_rosters.last_household
		AND h.area OPERATOR(registry.<@) flag_rosters.within
		AND (flag_rosters.households IS NULL OR h.household_id = ANY (flag_rosters.households))
		GROUP BY v.household_id, v.survey_id, v.area, p.problem
	), gone AS (
		DELETE FROM nser.quality_flag AS q
		WHERE q.household_id BETWEEN flag_rosters.first_household AND flag_rosters.last_household
		AND (flag_rosters.survey IS NULL OR q.survey_id = flag_rosters.survey)
		AND q.area OPERATOR(registry.<@) flag_rosters.within
		AND (flag_rosters.households IS NULL OR q.household_id = ANY (flag_rosters.households))
		AND q.check_name LIKE 'roster.%'
		AND NOT EXISTS (SELECT FROM found AS x
						WHERE x.household_id = q.household_id AND x.survey_id = q.survey_id AND x.check_name = q.check_name)
	), stored AS (
		INSERT INTO nser.quality_flag AS q (household_id, survey_id, check_name, area, lines, detail)
		SELECT x.household_id, x.survey_id, x.check_name, x.area, coalesce(x.lines, '{}'), x.detail
		FROM found AS x
		WHERE NOT EXISTS (SELECT FROM nser.quality_flag AS y
						  WHERE y.household_id = x.household_id AND y.survey_id = x.survey_id AND y.check_name = x.check_name
						  AND y.area OPERATOR(registry.=) x.area AND y.lines = coalesce(x.lines, '{}') AND y.detail = x.detail)
		ON CONFLICT ON CONSTRAINT quality_flag_pkey DO UPDATE
		SET lines = EXCLUDED.lines, detail = EXCLUDED.detail, area = EXCLUDED.area, found_at = EXCLUDED.found_at
	)
	SELECT count(*) INTO flags FROM found AS x;
	RETURN flags;
END;
$$;
COMMENT ON FUNCTION registry.flag_rosters(bigint, bigint, bigint, registry.area_code, bigint[]) IS
	'flag what registry.roster_problems() finds in the surveys of a range of households, or one of them, in an area, of these households '
	'alone where they are given; removes flags that hold no more; returns how many there are';

-- Families and flags are written where there are none or they differ, and nowhere
-- else.  The first time there is nothing to compare with; should someone store
-- one meanwhile, the range is compared after all.
CREATE FUNCTION registry.derive_range(first_household bigint, last_household bigint, survey bigint DEFAULT NULL,
									  OUT surveys bigint, OUT written bigint)
	LANGUAGE plpgsql
	SET plan_cache_mode = force_custom_plan
	SET enable_seqscan = off
	SET enable_hashjoin = on
	SET enable_mergejoin = on
	SET jit = off
AS $$
BEGIN
	IF first_household = last_household THEN
		PERFORM registry.plan_for_one();
	END IF;
	IF survey IS NULL THEN
		SELECT count(*) INTO surveys FROM nser.survey AS v WHERE v.household_id BETWEEN first_household AND last_household;
	END IF;

	BEGIN
		IF NOT EXISTS (SELECT FROM nser.family AS f
					   WHERE f.household_id BETWEEN first_household AND last_household AND (survey IS NULL OR f.survey_id = survey)) THEN
			INSERT INTO nser.family (household_id, survey_id, family_no, kind, woman_line, husband_line, child_lines, counts, area)
			SELECT d.household_id, d.survey_id, (d.f).family_no, (d.f).kind, (d.f).woman_line, (d.f).husband_line,
				   (d.f).child_lines, (d.f).counts, d.area
			FROM (SELECT v.household_id, v.survey_id, v.area, registry.families(v.roster) AS f
				  FROM nser.survey AS v
				  WHERE v.household_id BETWEEN first_household AND last_household AND (survey IS NULL OR v.survey_id = survey)
				  OFFSET 0) AS d
			WHERE (d.f).family_no IS NOT NULL;
			GET DIAGNOSTICS written = ROW_COUNT;
		END IF;
	EXCEPTION WHEN unique_violation THEN
		written := NULL;
	END;

	IF written IS NULL THEN
		WITH derived AS MATERIALIZED (
			SELECT v.household_id, v.survey_id, v.area, registry.families(v.roster) AS f
			FROM nser.survey AS v
			WHERE v.household_id BETWEEN first_household AND last_household AND (survey IS NULL OR v.survey_id = survey)
		), stored AS (
			INSERT INTO nser.family AS x (household_id, survey_id, family_no, kind, woman_line, husband_line, child_lines, counts, area)
			SELECT d.household_id, d.survey_id, (d.f).family_no, (d.f).kind, (d.f).woman_line, (d.f).husband_line,
				   (d.f).child_lines, (d.f).counts, d.area
			FROM derived AS d
			-- what stays as it is is not locked: clerks work on
			LEFT JOIN nser.family AS y ON y.household_id = d.household_id AND y.survey_id = d.survey_id AND y.family_no = (d.f).family_no
				AND y.household_id BETWEEN first_household AND last_household AND y.area OPERATOR(registry.=) d.area
			WHERE (d.f).family_no IS NOT NULL
			AND (y.kind, y.woman_line, y.husband_line, y.child_lines, y.counts)
				IS DISTINCT FROM ((d.f).kind, (d.f).woman_line::smallint, (d.f).husband_line::smallint, (d.f).child_lines, (d.f).counts)
			ON CONFLICT ON CONSTRAINT family_pkey DO UPDATE
			SET kind = EXCLUDED.kind, woman_line = EXCLUDED.woman_line, husband_line = EXCLUDED.husband_line,
				child_lines = EXCLUDED.child_lines, counts = EXCLUDED.counts, area = EXCLUDED.area
			RETURNING true
		), removed AS (
			DELETE FROM nser.family AS x
			WHERE x.household_id BETWEEN first_household AND last_household AND (survey IS NULL OR x.survey_id = survey)
			AND NOT EXISTS (SELECT FROM derived AS d
							WHERE d.household_id = x.household_id AND d.survey_id = x.survey_id AND (d.f).family_no = x.family_no)
			RETURNING true
		)
		SELECT (SELECT count(*) FROM stored) + (SELECT count(*) FROM removed) INTO written;
	END IF;

	-- nothing is wrong with most
	IF survey IS NOT NULL AND first_household = last_household
	AND NOT EXISTS (SELECT FROM nser.survey AS v
					WHERE v.household_id = first_household AND v.survey_id = survey
					AND (v.roster IS NULL OR EXISTS (SELECT FROM registry.roster_problems(v.roster) AS r)))
	AND NOT EXISTS (SELECT FROM nser.quality_flag AS q
					WHERE q.household_id = first_household AND q.survey_id = survey AND q.check_name LIKE 'roster.%') THEN
		PERFORM registry.flag_members(first_household, last_household);
		RETURN;
	END IF;

	PERFORM registry.flag_rosters(first_household, last_household, survey);
	PERFORM registry.flag_members(first_household, last_household);
END;
$$;
COMMENT ON FUNCTION registry.derive_range(bigint, bigint, bigint) IS
	'families, and flags of what is wrong with rosters and numbers, of the surveys of a range of households, or one of '
	'them; writes only what is new or changed, and counts the families, and, of a range, the surveys';

CREATE FUNCTION registry.derive_recorded(household_id bigint, survey_id bigint, is_full boolean) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM registry.derive_range(derive_recorded.household_id, derive_recorded.household_id, derive_recorded.survey_id);
	IF derive_recorded.is_full OR NOT registry.is_placed_quietly(derive_recorded.household_id, derive_recorded.survey_id) THEN
		PERFORM registry.place_household(derive_recorded.household_id);
	END IF;
	PERFORM registry.update_recipients(derive_recorded.household_id);
END;
$$;
COMMENT ON FUNCTION registry.derive_recorded(bigint, bigint, boolean) IS
	'work of registry.derive_survey() and registry.record_survey(), which lock the household, for a survey that there is';

CREATE FUNCTION registry.derive_survey(household_id bigint, survey_id bigint) RETURNS bigint
	LANGUAGE plpgsql STRICT
AS $$
DECLARE
	is_full		boolean;
BEGIN
	-- who moves the household waits, and then takes what is derived along
	PERFORM FROM nser.household AS h WHERE h.household_id = derive_survey.household_id FOR KEY SHARE;
	SELECT v.is_full INTO is_full
	FROM nser.survey AS v
	WHERE v.household_id = derive_survey.household_id AND v.survey_id = derive_survey.survey_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('household %s has no survey %s', derive_survey.household_id, derive_survey.survey_id);
	END IF;

	PERFORM registry.derive_recorded(derive_survey.household_id, derive_survey.survey_id, is_full);
	RETURN (SELECT count(*) FROM nser.family AS f
			WHERE f.household_id = derive_survey.household_id AND f.survey_id = derive_survey.survey_id);
END;
$$;
COMMENT ON FUNCTION registry.derive_survey(bigint, bigint) IS
	'store the families of a survey''s roster, flag what is wrong with roster, numbers and place, place the household, of a roster update only '
	'where that may find something, and find who receives its benefits; '
	'returns how many families there are';

CREATE PROCEDURE registry.derive_all(batch integer DEFAULT 50000)
	LANGUAGE plpgsql
AS $$
BEGIN
	CALL registry.run_batches('derive', '', batch);
END;
$$;
COMMENT ON PROCEDURE registry.derive_all(integer) IS
	'families of every survey, the current and the earlier, committing each batch of households; goes on where an interrupted '
	'run stopped; nser.batch_run shows the progress; a batch of NULL is one transaction';
