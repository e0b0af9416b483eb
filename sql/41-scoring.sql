
-- scoring: scores of the surveys in the store ----------------------------------

-- Rows of history stay as they are, but for the area, which follows the household,
-- and the end marks of a member, which are set once.
CREATE FUNCTION registry.refuse_change() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	kept	record;
BEGIN
	IF TG_OP = 'UPDATE' THEN
		kept := OLD;
		kept.area := NEW.area;
		IF TG_TABLE_NAME = 'member' THEN
			-- what the registry no longer says stays as it was said
			IF OLD.superseded_at IS NULL THEN
				kept.valid_to := coalesce(OLD.valid_to, NEW.valid_to);
				kept.superseded_at := NEW.superseded_at;
				kept.closed_by := coalesce(OLD.closed_by, NEW.closed_by);
				kept.end_reason := coalesce(OLD.end_reason, NEW.end_reason);
				IF OLD.valid_to IS NULL AND NEW.valid_to IS NOT NULL THEN
					NEW.ended_at := greatest(now(), OLD.recorded_at);
					kept.ended_at := NEW.ended_at;
				END IF;
			END IF;
		END IF;
		-- of a decision, the area of either household
		IF kept OPERATOR(pg_catalog.*=) NEW
		OR TG_TABLE_NAME = 'duplicate_decision' AND to_jsonb(kept) - 'other_area' = to_jsonb(NEW) - 'other_area'
		-- of a step, what is generated comes later
		OR TG_TABLE_NAME = 'case_step' AND (to_jsonb(kept) - 'after_step')::text = (to_jsonb(NEW) - 'after_step')::text THEN
			RETURN NEW;
		END IF;
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('rows of %I.%I are history and cannot be changed or deleted', TG_TABLE_SCHEMA, TG_TABLE_NAME),
		HINT = format('Record %s instead.', TG_ARGV[0]);
END;
$$;
COMMENT ON FUNCTION registry.refuse_change() IS 'trigger: keeps history; its argument says what to record instead';

CREATE FUNCTION registry.refuse_incomplete() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'check_violation',
		CONSTRAINT = TG_NAME,
		MESSAGE = format('indicators of a survey of household %s disagree with its roster or land', NEW.household_id),
		HINT = 'Store registry.complete(indicators, roster, land), or call registry.record_survey().';
END;
$$;
COMMENT ON FUNCTION registry.refuse_incomplete() IS 'trigger: indicators agree with the roster and land they are stored with';

CREATE FUNCTION registry.derived_follow_household() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	UPDATE nser.score AS s SET area = NEW.area WHERE s.household_id = NEW.household_id;
	UPDATE nser.family AS f SET area = NEW.area WHERE f.household_id = NEW.household_id;
	UPDATE nser.quality_flag AS q SET area = NEW.area WHERE q.household_id = NEW.household_id;
	UPDATE nser.household_place AS p SET area = NEW.area WHERE p.household_id = NEW.household_id;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.derived_follow_household() IS
	'trigger: the area of what is derived, scores, families and flags, is that of the household';

-- The formula of a name, for scoring: no one can change or delete it until this
-- transaction ends.
CREATE FUNCTION registry.formula_to_score(name text) RETURNS registry.pmt_formula
	LANGUAGE plpgsql STRICT
AS $$
DECLARE
	found_formula	registry.pmt_formula;
BEGIN
	PERFORM pg_advisory_xact_lock_shared(registry.formula_lock(formula_to_score.name));
	SELECT f.formula INTO found_formula FROM registry.formula AS f WHERE f.name = formula_to_score.name;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('there is no formula "%s"', formula_to_score.name),
			HINT = 'SELECT name, source FROM registry.formula lists them.';
	END IF;
	RETURN found_formula;
END;
$$;
COMMENT ON FUNCTION registry.formula_to_score(text) IS 'a formula by name, kept as it is until the transaction ends';

CREATE FUNCTION registry.refuse_unknown_formula() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM registry.formula_to_score(NEW.formula);
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.refuse_unknown_formula() IS 'trigger: a programme names a formula that there is';

CREATE FUNCTION registry.score_survey(household_id bigint, survey_id bigint, formula text) RETURNS double precision
	LANGUAGE plpgsql STRICT
AS $$
DECLARE
	scored	record;
BEGIN
	-- who moves the household waits, and then takes this score along
	PERFORM FROM nser.household AS h WHERE h.household_id = score_survey.household_id FOR KEY SHARE;
	SELECT v.area, registry.pmt_score(v.indicators, registry.formula_to_score(score_survey.formula)) AS score INTO scored
	FROM nser.survey AS v
	WHERE v.household_id = score_survey.household_id AND v.survey_id = score_survey.survey_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('household %s has no survey %s', score_survey.household_id, score_survey.survey_id);
	END IF;

	INSERT INTO nser.score AS s (household_id, survey_id, score, area, formula)
	VALUES (score_survey.household_id, score_survey.survey_id, scored.score, scored.area, score_survey.formula)
	ON CONFLICT ON CONSTRAINT score_pkey DO UPDATE SET score = EXCLUDED.score, scored_at = EXCLUDED.scored_at
	WHERE s.score IS DISTINCT FROM EXCLUDED.score;
	RETURN scored.score;
END;
$$;
COMMENT ON FUNCTION registry.score_survey(bigint, bigint, text) IS
	'score one survey with a formula, store the score and return it; NULL where an answer is missing';

-- Scores are written where there is none or it differs, and nowhere else.  The
-- plain INSERT is a third cheaper than ON CONFLICT; a row that someone stores
-- meanwhile makes it fail, and the range is done again.  All tables are read by
-- their keys, side by side: the cost is that of the range, whatever the size of
-- the tables and however old their statistics.
CREATE FUNCTION registry.score_range(formula text, first_household bigint, last_household bigint,
									 OUT surveys bigint, OUT written bigint)
	LANGUAGE plpgsql STRICT
	SET plan_cache_mode = force_custom_plan
	SET enable_seqscan = off
	SET enable_indexscan = on
	SET enable_bitmapscan = off
	SET enable_hashjoin = off
	SET enable_nestloop = off
AS $$
DECLARE
	to_apply	registry.pmt_formula := registry.formula_to_score(score_range.formula);
	broken		text;
BEGIN
	FOR attempt IN 1 .. 10 LOOP
		BEGIN
			-- the first time there is nothing to compare with, and a page at a time is cheaper
			IF NOT EXISTS (SELECT FROM nser.score AS s
						   WHERE s.household_id BETWEEN first_household AND last_household
						   AND s.formula = score_range.formula) THEN
				PERFORM set_config('enable_indexscan', 'off', true), set_config('enable_bitmapscan', 'on', true);
				INSERT INTO nser.score (household_id, survey_id, score, area, formula)
				SELECT v.household_id, v.survey_id, registry.pmt_score(v.indicators, to_apply), v.area, score_range.formula
				FROM nser.survey AS v
				WHERE v.household_id BETWEEN first_household AND last_household;
				GET DIAGNOSTICS written = ROW_COUNT;
				surveys := written;
				RETURN;
			END IF;

			WITH compared AS MATERIALIZED (
				SELECT v.household_id, v.survey_id, v.area, registry.pmt_score(v.indicators, to_apply) AS score,
					   s.household_id IS NULL AS is_new, s.score AS stored, s.area AS stored_area
				FROM nser.survey AS v
				LEFT JOIN nser.score AS s ON s.household_id = v.household_id AND s.survey_id = v.survey_id
					AND s.formula = score_range.formula
					AND s.household_id BETWEEN first_household AND last_household
				WHERE v.household_id BETWEEN first_household AND last_household
			), changed AS (
				UPDATE nser.score AS s SET score = c.score, area = c.area, scored_at = now()
				FROM compared AS c
				-- an area differs where the household moved while it was being scored
				WHERE NOT c.is_new AND (c.stored IS DISTINCT FROM c.score OR c.stored_area OPERATOR(registry.<>) c.area)
				AND s.household_id = c.household_id AND s.survey_id = c.survey_id AND s.formula = score_range.formula
				AND s.household_id BETWEEN first_household AND last_household
				RETURNING true
			), added AS (
				INSERT INTO nser.score (household_id, survey_id, score, area, formula)
				SELECT c.household_id, c.survey_id, c.score, c.area, score_range.formula FROM compared AS c WHERE c.is_new
				RETURNING true
			)
			SELECT (SELECT count(*) FROM compared), (SELECT count(*) FROM changed) + (SELECT count(*) FROM added)
			INTO surveys, written;
			RETURN;
		EXCEPTION WHEN unique_violation THEN
			-- once more, with what is there now
			GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
			IF broken <> 'score_pkey' THEN
				RAISE;
			END IF;
		END;
	END LOOP;
	RAISE EXCEPTION USING
		ERRCODE = 'serialization_failure',
		MESSAGE = format('households %s to %s are being scored by others all the time', first_household, last_household);
END;
$$;
COMMENT ON FUNCTION registry.score_range(text, bigint, bigint) IS
	'score the surveys of a range of households; writes only scores that are new or changed, and counts them';

CREATE PROCEDURE registry.score_all(formula text, batch integer DEFAULT 50000)
	LANGUAGE plpgsql
AS $$
BEGIN
	IF formula IS NULL OR batch OPERATOR(pg_catalog.<=) 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'score_all needs the name of a formula, and a batch of at least 1 household',
			HINT = 'CALL registry.score_all(''hies-2015-demo''); a batch of NULL does all in one transaction.';
	END IF;
	PERFORM registry.formula_to_score(score_all.formula);
	CALL registry.run_batches('score', score_all.formula, batch);
END;
$$;
COMMENT ON PROCEDURE registry.score_all(text, integer) IS
	'score every survey with a formula, the current and the earlier, committing each batch of households; goes on where an '
	'interrupted run stopped; nser.batch_run shows the progress; a batch of NULL is one transaction';

-- Its signature has a point, whose type is in PostGIS's schema.
SELECT pg_catalog.set_config('search_path', format('pg_catalog, %s, pg_temp', e.extnamespace::regnamespace), true)
FROM pg_extension AS e WHERE e.extname = 'postgis'::name;

CREATE FUNCTION registry.record_survey(household_id bigint, answers registry.indicators, roster registry.roster,
									   land registry.land_area DEFAULT NULL,
									   update_type registry.update_type DEFAULT 'missed_out',
									   submitted_at timestamptz DEFAULT now(), mode text DEFAULT 'centre',
									   is_full boolean DEFAULT true, centre bigint DEFAULT NULL, operator bigint DEFAULT NULL,
									   form_version text DEFAULT NULL, device_place geometry DEFAULT NULL,
									   started_at timestamptz DEFAULT NULL, by_case bigint DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	recorded	bigint;
	lives_in	registry.area_code;
	is_now		text;
	broken		text;
BEGIN
	-- two surveys of a household come one after the other, to tell which is the later
	SELECT h.area, h.status INTO lives_in, is_now
	FROM nser.household AS h WHERE h.household_id = record_survey.household_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM registry.refuse_unknown_household(record_survey.household_id);
	END IF;
	IF is_now <> 'registered' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('household %s is %s', record_survey.household_id, is_now),
			HINT = 'Survey the household its members live in now.';
	END IF;

	BEGIN
		INSERT INTO nser.survey (household_id, indicators, area, submitted_at, update_type, land, mode, roster, is_full,
								 centre, operator, form_version, device_place, started_at, by_case)
		VALUES (record_survey.household_id, registry.complete(record_survey.answers, record_survey.roster, record_survey.land),
				lives_in, record_survey.submitted_at, record_survey.update_type, record_survey.land, record_survey.mode, record_survey.roster,
				record_survey.is_full, record_survey.centre, record_survey.operator, record_survey.form_version, record_survey.device_place,
				record_survey.started_at, record_survey.by_case)
		RETURNING survey_id INTO recorded;
	EXCEPTION WHEN not_null_violation OR check_violation THEN
		-- the server's message would show the row
		GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
		RAISE EXCEPTION USING
			ERRCODE = SQLSTATE,
			MESSAGE = format('the survey of household %s cannot be stored', record_survey.household_id),
			DETAIL = CASE WHEN broken <> '' THEN format('It violates "%s".', broken) ELSE 'The answers, the date, the update type and the mode must be given.' END,
			HINT = 'Modes are door, centre, mobile, telephone, self and partner.';
	END;

	-- one that arrives late, from an offline tablet, does not replace a later one
	UPDATE nser.household AS h SET current_survey = recorded
	WHERE h.household_id = record_survey.household_id
	AND NOT EXISTS (SELECT FROM nser.survey AS v
					WHERE v.household_id = h.household_id AND v.survey_id = h.current_survey
					AND v.submitted_at > record_survey.submitted_at);
	PERFORM registry.derive_recorded(record_survey.household_id, recorded, record_survey.is_full);
	RETURN recorded;
END;
$$;
COMMENT ON FUNCTION registry.record_survey(bigint, registry.indicators, registry.roster, registry.land_area,
		registry.update_type, timestamptz, text, boolean, bigint, bigint, text, geometry, timestamptz, bigint) IS
	'store a survey of a household, with the counts and families of its roster, and make it the current one; returns its survey_id; '
	'centre, operator and case are those it was made at, by and under, device_place a point in WGS 84 where the tablet was; of these NULL is unknown';

SET LOCAL search_path = pg_catalog, pg_temp;
