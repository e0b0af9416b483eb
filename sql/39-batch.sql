
-- batch: the nation, a range of households at a time ---------------------------
--
-- A procedure that commits cannot pin its search_path: every name and operator
-- here is qualified, and the work is done in functions that pin their own.

CREATE FUNCTION registry.check_batch(task text, batch integer) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	caller	text := CASE check_batch.task WHEN 'score' THEN 'score_all' WHEN 'derive' THEN 'derive_all'
				WHEN 'duplicates' THEN 'queue_all_duplicates' WHEN 'verify' THEN 'verify_all' WHEN 'quality' THEN 'check_quality_all' ELSE 'run_batches' END;
BEGIN
	IF check_batch.batch <= 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('%s needs a batch of at least 1 household', caller),
			HINT = format('CALL registry.%s(); a batch of NULL does all in one transaction.', caller);
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_batch(text, integer) IS 'refuse a batch without households, with which a run would never end';

-- One household at a time, planning would be most of the work: the plan is kept, and
-- goes by keys, whatever the size of the tables when it was made.
CREATE FUNCTION registry.plan_for_one() RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM set_config(s.name, s.value, true)
	FROM (VALUES ('plan_cache_mode', 'force_generic_plan'), ('enable_seqscan', 'off'), ('enable_hashjoin', 'off'),
				 ('enable_mergejoin', 'off')) AS s (name, value);
END;
$$;
COMMENT ON FUNCTION registry.plan_for_one() IS
	'until the calling function ends, which must set each of these itself: plans are kept and go by keys, as is good for one household';

CREATE PROCEDURE registry.run_batches(task text, formula text, batch integer)
	LANGUAGE plpgsql
AS $$
DECLARE
	run			bigint;
	first_one	bigint;
	last_one	bigint;
	batch_last	bigint;
	sparse		boolean := false;
	finished	boolean;
	again		boolean;
	-- not a record: a temporary table of that name would come first
	looked_at	bigint;
	stored		bigint;
BEGIN
	PERFORM registry.check_batch(run_batches.task, run_batches.batch);
	LOOP
		INSERT INTO nser.batch_run (task, formula, next_household, last_household)
		SELECT run_batches.task, run_batches.formula, pg_catalog.min(h.household_id), pg_catalog.max(h.household_id)
		FROM nser.household AS h
		HAVING pg_catalog.min(h.household_id) IS NOT NULL
		ON CONFLICT DO NOTHING;
		-- one that others began may have passed what came since: another run follows
		again := NOT FOUND;

		LOOP
			-- whoever else works on this run waits here, and goes on after us
			SELECT r.run_id, r.next_household, r.last_household INTO run, first_one, last_one
			FROM nser.batch_run AS r
			WHERE r.task OPERATOR(pg_catalog.=) run_batches.task AND r.formula OPERATOR(pg_catalog.=) run_batches.formula
			AND r.finished_at IS NULL
			FOR UPDATE;
			EXIT WHEN run IS NULL;

			-- so many numbers hold no more households; where they hold far fewer, count
			batch_last := last_one;
			IF batch OPERATOR(pg_catalog.<=) (last_one::numeric OPERATOR(pg_catalog.-) first_one::numeric) THEN
				batch_last := first_one OPERATOR(pg_catalog.+) batch OPERATOR(pg_catalog.-) 1;
				IF sparse THEN
					SELECT h.household_id INTO batch_last
					FROM nser.household AS h
					WHERE h.household_id OPERATOR(pg_catalog.>=) first_one AND h.household_id OPERATOR(pg_catalog.<=) last_one
					ORDER BY h.household_id
					OFFSET batch OPERATOR(pg_catalog.-) 1 LIMIT 1;
					batch_last := coalesce(batch_last, last_one);
				END IF;
			END IF;

			IF task OPERATOR(pg_catalog.=) 'score' THEN
				SELECT s.surveys, s.written INTO looked_at, stored FROM registry.score_range(run_batches.formula, first_one, batch_last) AS s;
			ELSIF task OPERATOR(pg_catalog.=) 'duplicates' THEN
				SELECT q.surveys, q.written INTO looked_at, stored FROM registry.queue_range(first_one, batch_last) AS q;
			ELSIF task OPERATOR(pg_catalog.=) 'verify' THEN
				SELECT v.surveys, v.written INTO looked_at, stored FROM registry.verify_range(first_one, batch_last) AS v;
			ELSIF task OPERATOR(pg_catalog.=) 'quality' THEN
				SELECT c.surveys, c.written INTO looked_at, stored FROM registry.check_quality_range(first_one, batch_last) AS c;
			ELSE
				SELECT d.surveys, d.written INTO looked_at, stored FROM registry.derive_range(first_one, batch_last) AS d;
			END IF;
			sparse := (looked_at OPERATOR(pg_catalog.*) 2) OPERATOR(pg_catalog.<) batch;
			finished := batch_last OPERATOR(pg_catalog.>=) last_one;
			UPDATE nser.batch_run AS r SET
				next_household = CASE WHEN NOT finished THEN batch_last OPERATOR(pg_catalog.+) 1 END,
				surveys = r.surveys OPERATOR(pg_catalog.+) looked_at,
				written = r.written OPERATOR(pg_catalog.+) stored,
				updated_at = pg_catalog.clock_timestamp(),
				finished_at = CASE WHEN finished THEN pg_catalog.clock_timestamp() END
			WHERE r.run_id OPERATOR(pg_catalog.=) run;
			EXIT WHEN finished;
			IF batch IS NOT NULL THEN
				COMMIT;
			END IF;
		END LOOP;
		EXIT WHEN NOT again OR run IS NULL;
	END LOOP;
END;
$$;
COMMENT ON PROCEDURE registry.run_batches(text, text, integer) IS
	'the work of score_all(), derive_all(), queue_all_duplicates(), verify_all() and check_quality_all(), restartable: task is score, '
	'with a formula, or derive, duplicates, verify or quality, with the formula empty';
