-- plpgsql: both formulas row by row, as an application would have them: over columns
-- made for it, and over the answers as they are stored.

CREATE FUNCTION bench.score_hies(
		dependants smallint, head_class smallint, children_5_16 smallint, children_5_16_at_school smallint, rooms
		smallint, members smallint, toilet smallint, electricity smallint, gas smallint, internet smallint,
		mobile_phone smallint, computer smallint, landline smallint)
	RETURNS double precision
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
	score	double precision := 0;
BEGIN
	IF dependants <= 2 THEN score := 13.8;
	ELSIF dependants <= 4 THEN score := 7.5;
	ELSIF dependants <= 6 THEN score := 3.2;
	END IF;

	IF head_class > 10 THEN score := score + 14.1;
	ELSIF head_class > 5 THEN score := score + 4.6;
	ELSIF head_class > 0 THEN score := score + 1.7;
	END IF;

	IF children_5_16 = 0 THEN score := score + 4.8;
	ELSIF children_5_16_at_school = 0 THEN NULL;
	ELSIF children_5_16_at_school < children_5_16 THEN score := score + 1.9;
	ELSE score := score + 5.7;
	END IF;

	IF rooms * 10 > members * 4 THEN score := score + 15.1;
	ELSIF rooms * 10 > members * 3 THEN score := score + 7.8;
	ELSIF rooms * 10 > members * 2 THEN score := score + 3.4;
	END IF;

	IF toilet <= 4 THEN score := score + 7.5;
	ELSIF toilet <> 7 THEN score := score + 3.9;
	END IF;

	IF electricity > 1 THEN score := score + 4.7; END IF;
	IF gas > 1 THEN score := score + 8.0; END IF;
	IF internet = 1 THEN score := score + 6.5; END IF;
	IF mobile_phone = 1 THEN score := score + 6.2; END IF;
	IF computer = 1 THEN score := score + 5.0; END IF;
	IF landline = 1 THEN score := score + 13.4; END IF;
	RETURN score;
END;
$$;

CREATE FUNCTION bench.score_scorecard(
		dependants smallint, head_ever_attended smallint, head_class smallint, children_5_16 smallint,
		children_5_16_at_school smallint, rooms smallint, members smallint, toilet smallint, refrigerator smallint,
		freezer smallint, washing_machine smallint, air_conditioner smallint, air_cooler smallint, geyser smallint,
		heater smallint, cooking_stove smallint, cooking_range smallint, microwave smallint, car smallint, tractor
		smallint, motorcycle smallint, television smallint, buffaloes smallint, cows smallint, goats smallint, sheep
		smallint, land_kanals smallint)
	RETURNS double precision
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	score	double precision := 0;
BEGIN
	IF dependants <= 2 THEN score := 13;
	ELSIF dependants <= 4 THEN score := 8;
	ELSIF dependants <= 6 THEN score := 4;
	ELSIF dependants IS NULL THEN RETURN NULL;
	END IF;

	IF head_ever_attended = 0 THEN NULL;
	ELSIF head_ever_attended IS NULL OR head_class IS NULL THEN RETURN NULL;
	ELSIF head_class <= 5 THEN score := score + 2;
	ELSIF head_class <= 10 THEN score := score + 4.5;
	ELSE score := score + 9.5;
	END IF;

	IF children_5_16 IS NULL OR children_5_16_at_school IS NULL THEN RETURN NULL;
	ELSIF children_5_16 = 0 THEN score := score + 5;
	ELSIF children_5_16_at_school = 0 THEN NULL;
	ELSIF children_5_16_at_school < children_5_16 THEN score := score + 2;
	ELSE score := score + 6;
	END IF;

	IF rooms IS NULL OR members IS NULL THEN RETURN NULL;
	ELSIF rooms * 10 > members * 4 THEN score := score + 11.5;
	ELSIF rooms * 10 > members * 3 THEN score := score + 7;
	ELSIF rooms * 10 > members * 2 THEN score := score + 3;
	END IF;

	IF toilet <= 4 THEN score := score + 5;
	ELSIF toilet <= 6 THEN score := score + 2;
	ELSIF toilet = 8 THEN score := score + 1;
	ELSIF toilet IS NULL THEN RETURN NULL;
	END IF;

	IF refrigerator = 1 OR freezer = 1 OR washing_machine = 1 THEN score := score + 8;
	ELSIF refrigerator IS NULL OR freezer IS NULL OR washing_machine IS NULL THEN RETURN NULL;
	END IF;

	IF air_conditioner = 1 OR air_cooler = 1 OR geyser = 1 OR heater = 1 THEN score := score + 7;
	ELSIF air_conditioner IS NULL OR air_cooler IS NULL OR geyser IS NULL OR heater IS NULL THEN RETURN NULL;
	END IF;

	IF cooking_stove = 1 OR cooking_range = 1 OR microwave = 1 THEN score := score + 6;
	ELSIF cooking_stove IS NULL OR cooking_range IS NULL OR microwave IS NULL THEN RETURN NULL;
	END IF;

	IF (car = 1 OR tractor = 1) AND motorcycle = 1 THEN score := score + 14;
	ELSIF ((car = 1 OR tractor = 1) AND motorcycle = 1) IS NULL THEN RETURN NULL;
	ELSIF car = 1 OR tractor = 1 THEN score := score + 11;
	ELSIF car IS NULL OR tractor IS NULL OR motorcycle IS NULL THEN RETURN NULL;
	ELSIF motorcycle = 1 THEN score := score + 5;
	END IF;

	IF television = 1 THEN score := score + 4.5;
	ELSIF television IS NULL THEN RETURN NULL;
	END IF;

	IF buffaloes > 0 AND (cows > 0 OR goats > 0 OR sheep > 0) THEN score := score + 5;
	ELSIF (buffaloes > 0 AND (cows > 0 OR goats > 0 OR sheep > 0)) IS NULL THEN RETURN NULL;
	ELSIF buffaloes > 0 THEN score := score + 4;
	ELSIF cows > 0 OR goats > 0 OR sheep > 0 THEN score := score + 3;
	ELSIF cows IS NULL OR goats IS NULL OR sheep IS NULL THEN RETURN NULL;
	END IF;

	IF land_kanals > 100 THEN score := score + 8.5;
	ELSIF land_kanals > 0 THEN score := score + 4;
	ELSIF land_kanals IS NULL THEN RETURN NULL;
	END IF;
	RETURN score;
END;
$$;

-- The same two over the answers as they are stored: each argument a variable.
DO $$
DECLARE
	peer	record;
BEGIN
	FOR peer IN SELECT replace(p.proname, 'score_', '') AS card, p.proargnames AS answers, p.proisstrict AS needs_all, p.prosrc AS body
				FROM pg_proc AS p WHERE p.pronamespace = 'bench'::regnamespace
	LOOP
		EXECUTE format('CREATE FUNCTION bench.stored_%s(i registry.indicators) RETURNS double precision LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS %L',
			peer.card,
			overlay(overlay(peer.body
				PLACING CASE WHEN peer.needs_all THEN format('BEGIN IF num_nulls(%s) > 0 THEN RETURN NULL; END IF; ', array_to_string(peer.answers, ', ')) ELSE 'BEGIN' END
					FROM position('BEGIN' IN peer.body) FOR length('BEGIN'))
				PLACING (SELECT 'DECLARE ' || string_agg(format('%I smallint := i OPERATOR(registry.->) %L; ', a, a), '') FROM unnest(peer.answers) AS a)
					FROM position('DECLARE' IN peer.body) FOR length('DECLARE')));
	END LOOP;
END;
$$;
