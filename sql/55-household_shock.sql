
-- household_shock: what hits one household, and the evidence ----------------------
--
-- These do not open the update type shock, which is for disaster-hit areas: they
-- are recorded for programmes that ask about them.

CREATE FUNCTION registry.shock_documents() RETURNS TABLE (kind text, document text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 12
BEGIN ATOMIC
	SELECT d.kind, d.document
	FROM (VALUES
		('illness', 'medical_certificate'), ('illness', 'hospital_record'), ('illness', 'disability_certificate'),
		('unemployment', 'termination_letter'), ('unemployment', 'employer_letter'),
		('breadwinner_death', 'death_certificate'), ('breadwinner_death', 'nadra_cancellation'),
		('breadwinner_death', 'union_council_letter'),
		('illness', 'self_declared'), ('unemployment', 'self_declared'), ('breadwinner_death', 'self_declared'))
		AS d (kind, document);
END;
COMMENT ON FUNCTION registry.shock_documents() IS
	'what may be shown as evidence of a household''s own shock, by kind; self_declared is the household''s word alone';

-- The last survey before that day that has the line.  What it says is no proof: an
-- illness may begin after it.  So it is told, and nothing is refused for it.
CREATE FUNCTION registry.shock_borne_out(household_id bigint, kind text, line integer, happened_on date) RETURNS boolean
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	RETURN (
		SELECT CASE shock_borne_out.kind
			WHEN 'illness' THEN
				cardinality(r.disabilities) > 0 OR cardinality(r.chronic_diseases) > 0
			ELSE r.work IS NOT NULL OR r.employment = 'employed' END
		FROM nser.survey AS v
		CROSS JOIN LATERAL registry.members(v.roster) AS r
		WHERE v.household_id = shock_borne_out.household_id AND r.line = shock_borne_out.line
		AND (v.submitted_at AT TIME ZONE 'Asia/Karachi')::date <= shock_borne_out.happened_on
		ORDER BY v.submitted_at DESC, v.survey_id DESC LIMIT 1);
END;
$$;
COMMENT ON FUNCTION registry.shock_borne_out(bigint, text, integer, date) IS
	'whether the last survey before a household''s own shock agrees: a disability or chronic disease for illness, else employed or with '
	'work; NULL where no survey had the line, or it did not say';

CREATE FUNCTION registry.record_household_shock(household_id bigint, kind text, line integer, happened_on date, document text,
												document_no text DEFAULT NULL, detail text DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	documents	text;
	who			record;
	new_id		bigint;
BEGIN
	PERFORM registry.lock_households(ARRAY[record_household_shock.household_id], ARRAY[record_household_shock.household_id]);
	SELECT string_agg(d.document, ', ' ORDER BY d.document) INTO documents
	FROM registry.shock_documents() AS d WHERE d.kind = record_household_shock.kind;
	IF documents IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'unknown kind of shock of a household',
			HINT = format('Kinds are %s; what hits whole areas is declared by registry.declare_shock().',
				(SELECT string_agg(DISTINCT d.kind, ', ' ORDER BY d.kind) FROM registry.shock_documents() AS d));
	END IF;
	IF NOT EXISTS (SELECT FROM registry.shock_documents() AS d
				   WHERE d.kind = record_household_shock.kind AND d.document = record_household_shock.document) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('unknown document for %s', record_household_shock.kind),
			HINT = format('Documents are %s.', documents);
	END IF;

	SELECT m.birth_date, m.valid_to, m.end_reason INTO who
	FROM nser.member AS m
	WHERE m.household_id = record_household_shock.household_id AND m.line = record_household_shock.line AND m.superseded_at IS NULL
	ORDER BY m.version DESC LIMIT 1;
	IF NOT FOUND OR coalesce(who.end_reason IN ('moved', 'duplicate'), false) THEN
		PERFORM registry.require_member(record_household_shock.household_id, record_household_shock.line);
	END IF;
	IF coalesce(record_household_shock.happened_on > registry.today()
				OR record_household_shock.happened_on < coalesce(who.birth_date, '1900-01-01'), true) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'happened_on must be given, not lie in the future, nor before the birth of whom it happened to',
			HINT = 'Give the first day, or the first that is known.';
	END IF;
	IF record_household_shock.kind = 'breadwinner_death' THEN
		IF who.end_reason IS DISTINCT FROM 'died' THEN
			RAISE EXCEPTION USING
				ERRCODE = 'object_not_in_prerequisite_state',
				MESSAGE = format('line %s of household %s is not registered as dead', record_household_shock.line, record_household_shock.household_id),
				HINT = format('Record the death first: registry.end_member(%s, %s, ''died'', ...).',
					record_household_shock.household_id, record_household_shock.line);
		END IF;
		IF record_household_shock.happened_on <> who.valid_to THEN
			RAISE EXCEPTION USING
				ERRCODE = 'invalid_parameter_value',
				MESSAGE = format('line %s of household %s is registered as dead from another day',
					record_household_shock.line, record_household_shock.household_id),
				HINT = 'Give the day that registry.end_member() was given.';
		END IF;
	ELSIF record_household_shock.happened_on > who.valid_to THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('line %s of household %s had ended by then: %s',
				record_household_shock.line, record_household_shock.household_id, who.end_reason),
			HINT = 'happened_on is a day on which the member lived there.';
	END IF;

	INSERT INTO nser.household_shock AS s (household_id, area, kind, line, happened_on, document, document_no, borne_out, detail)
	SELECT h.household_id, h.area, record_household_shock.kind, record_household_shock.line, record_household_shock.happened_on,
		record_household_shock.document, record_household_shock.document_no,
		registry.shock_borne_out(record_household_shock.household_id, record_household_shock.kind, record_household_shock.line,
								 record_household_shock.happened_on),
		record_household_shock.detail
	FROM nser.household AS h WHERE h.household_id = record_household_shock.household_id
	-- of one kind, line and day, and of deaths whatever the day
	ON CONFLICT DO NOTHING
	RETURNING s.household_shock_id INTO new_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'unique_violation',
			MESSAGE = format('that shock of line %s of household %s is recorded already',
				record_household_shock.line, record_household_shock.household_id),
			HINT = 'SELECT * FROM nser.household_shock shows it.';
	END IF;
	RETURN new_id;
END;
$$;
COMMENT ON FUNCTION registry.record_household_shock(bigint, text, integer, date, text, text, text) IS
	'record a shock of one registered household: illness or unemployment of the member on a line, or the death of the breadwinner, who '
	'must have been ended as died on that day; document is one of registry.shock_documents(); returns its number; it says whether the '
	'last survey bears it out, and does not open the update type shock, which is for disaster-hit areas';
