
-- duplicate_area: the areas of both households of a pair, by which row security judges

-- Who is limited to an area does not see the pairs whose other half is outside, so
-- they would keep the old one; run as the extension's owner, it would run the store's triggers.
CREATE FUNCTION registry.pairs_follow_household() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	IF row_security_active('nser.duplicate') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = 'only the owner of the store changes the area of a household',
			HINT = 'What follows it may be hidden from whom row security limits: let a back end that works as the owner change it.';
	END IF;
	UPDATE nser.duplicate AS d SET other_area = NEW.area WHERE d.other_household = NEW.household_id;
	UPDATE nser.duplicate_decision AS d SET other_area = NEW.area WHERE d.other_household = NEW.household_id;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.pairs_follow_household() IS
	'trigger: pairs of possible duplicates know the areas of both households; refuses whom row security keeps from some of them';

CREATE FUNCTION registry.fill_other_area() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	-- who moves the household waits, and then takes the pair along
	SELECT h.area INTO NEW.other_area
	FROM nser.household AS h WHERE h.household_id = NEW.other_household FOR KEY SHARE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('there is no household %s', NEW.other_household);
	END IF;
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.fill_other_area() IS 'trigger: the area of the second household of a pair, which must be there';
