
-- unknown: what a call is about, and is not there ---------------------------------

CREATE FUNCTION registry.refuse_unknown_household(household_id bigint, hint text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	words	CONSTANT text := format('there is no household %s', coalesce(refuse_unknown_household.household_id::text, 'NULL'));
BEGIN
	IF refuse_unknown_household.hint IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'RG005', MESSAGE = words;
	END IF;
	RAISE EXCEPTION USING ERRCODE = 'RG005', MESSAGE = words, HINT = refuse_unknown_household.hint;
END;
$$;
COMMENT ON FUNCTION registry.refuse_unknown_household(bigint, text) IS 'raises the error of a household that there is not, RG005';

CREATE FUNCTION registry.refuse_unknown_programme(programme text) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'undefined_object',
		MESSAGE = format('there is no programme "%s"', coalesce(refuse_unknown_programme.programme, 'NULL')),
		HINT = 'SELECT code, name FROM nser.programme lists them.';
END;
$$;
COMMENT ON FUNCTION registry.refuse_unknown_programme(text) IS 'raises the error of a programme that there is not, undefined_object';
