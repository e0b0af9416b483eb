
-- contact: a household's address, area, place and phone -------------------------

CREATE FUNCTION registry.check_contact(changes jsonb) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	wrong	text;
BEGIN
	IF coalesce(jsonb_typeof(check_contact.changes) <> 'object' OR check_contact.changes = '{}', true)
	OR EXISTS (SELECT FROM jsonb_object_keys(check_contact.changes) AS k (name) WHERE k.name NOT IN ('address', 'phone', 'area', 'place')) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'changes are of a household''s address, phone, area and place',
			HINT = 'Write {"phone": "0300-1234567"}; keys are address, phone, area and place; null is unknown.';
	END IF;
	SELECT format('%s %s', c.key, registry.key_error(c.type, c.value)) INTO wrong
	FROM (SELECT j.key, j.value, CASE j.key WHEN 'address' THEN 'text or null' WHEN 'phone' THEN 'phone or null'
				WHEN 'area' THEN 'area' ELSE 'place or null' END AS type
		  FROM jsonb_each(check_contact.changes) AS j (key, value)) AS c
	WHERE registry.key_error(c.type, c.value) IS NOT NULL
	ORDER BY c.key LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = wrong,
			HINT = 'Write {"area": "PK61701003", "address": "Street 4", "place": {"lon": 67.78, "lat": 26.73}}.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_contact(jsonb) IS 'refuse changes of a household that it cannot have, without saying them';

-- The states before and after are written here, with the date and the case; the
-- trigger on nser.household, which knows neither, finds them there.
CREATE FUNCTION registry.change_household(household_id bigint, changes jsonb, on_date date DEFAULT registry.today(), by_case bigint DEFAULT NULL)
	RETURNS boolean
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
DECLARE
	new_area	registry.area_code;
	new_phone	registry.mobile_number;
	new_place	nser.household.place%TYPE;
	elsewhere	boolean;
	was			record;
	latest		record;
BEGIN
	PERFORM registry.lock_households(ARRAY[change_household.household_id], ARRAY[change_household.household_id]);
	PERFORM registry.check_date(change_household.on_date);
	PERFORM registry.check_contact(change_household.changes);
	SELECT h.area, h.registered_on, h.recorded_at, h.status, h.address, h.phone, h.place INTO was
	FROM nser.household AS h
	WHERE h.household_id = change_household.household_id;

	new_area := coalesce((change_household.changes ->> 'area')::registry.area_code, was.area);
	new_phone := CASE WHEN change_household.changes ? 'phone' THEN (change_household.changes ->> 'phone')::registry.mobile_number ELSE was.phone END;
	-- an area that is only stated finer or coarser has not moved anyone
	elsewhere := NOT (new_area OPERATOR(registry.<@) was.area OR was.area OPERATOR(registry.<@) new_area);
	IF change_household.changes ? 'place' THEN
		new_place := registry.place((change_household.changes -> 'place' ->> 'lon')::double precision,
									(change_household.changes -> 'place' ->> 'lat')::double precision);
	ELSIF NOT elsewhere THEN
		new_place := was.place;
	END IF;
	IF NOT change_household.changes ? 'address' AND NOT elsewhere THEN
		change_household.changes := change_household.changes || jsonb_build_object('address', was.address);
	END IF;
	IF was.area OPERATOR(registry.=) new_area
	AND was.phone::bigint IS NOT DISTINCT FROM new_phone::bigint
	AND was.address IS NOT DISTINCT FROM change_household.changes ->> 'address'
	AND registry.st_x(was.place) IS NOT DISTINCT FROM registry.st_x(new_place)
	AND registry.st_y(was.place) IS NOT DISTINCT FROM registry.st_y(new_place) THEN
		RETURN false;
	END IF;

	SELECT s.state_no, s.valid_from INTO latest
	FROM nser.household_state AS s
	WHERE s.household_id = change_household.household_id
	ORDER BY s.state_no DESC LIMIT 1;
	IF NOT FOUND THEN
		INSERT INTO nser.household_state (household_id, state_no, area, valid_from, recorded_at, status, lived_in, address, phone, place)
		VALUES (change_household.household_id, 1, was.area, was.registered_on, was.recorded_at, was.status, was.area, was.address, was.phone, was.place);
		SELECT 1 AS state_no, was.registered_on AS valid_from INTO latest;
	END IF;
	-- of what is told late, only what has not changed since
	INSERT INTO nser.household_state (household_id, state_no, area, valid_from, by_case, status, lived_in, address, phone, place)
	VALUES (change_household.household_id, latest.state_no + 1, was.area, greatest(change_household.on_date, latest.valid_from),
			change_household.by_case, was.status, new_area, change_household.changes ->> 'address', new_phone, new_place);
	UPDATE nser.household AS h SET area = new_area, address = change_household.changes ->> 'address', phone = new_phone, place = new_place
	WHERE h.household_id = change_household.household_id;
	RETURN true;
END;
$$;
COMMENT ON FUNCTION registry.change_household(bigint, jsonb, date, bigint) IS
	'a household''s address, phone, area and place ({"lon": 67.78, "lat": 26.73}) from on_date on, or from its last change where that is '
	'later; null is unknown; in another area, address and place are unknown unless given; what hangs off the household follows its area; '
	'returns whether anything was different';
