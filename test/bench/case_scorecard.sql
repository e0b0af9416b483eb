-- The formula of scorecard.json by hand, over one integer column an answer (a label's
-- code, 0 or 1 for a flag): the same text for PostgreSQL and DuckDB.  As in the formula,
-- a missing answer that decides makes the whole NULL: hence no bare ELSE.
  CASE WHEN dependants <= 2 THEN 13::float8 WHEN dependants <= 4 THEN 8::float8 WHEN dependants <= 6 THEN 4::float8 WHEN dependants > 6 THEN 0::float8 END
+ CASE WHEN head_ever_attended = 0 THEN 0::float8 WHEN head_ever_attended = 1 THEN
	CASE WHEN head_class <= 5 THEN 2::float8 WHEN head_class <= 10 THEN 4.5::float8 WHEN head_class > 10 THEN 9.5::float8 END END
+ CASE WHEN children_5_16 = 0 THEN 5::float8 WHEN children_5_16_at_school = 0 THEN 0::float8
	WHEN children_5_16_at_school * 1000 <= children_5_16 * 999 THEN 2::float8
	WHEN children_5_16_at_school * 1000 > children_5_16 * 999 THEN 6::float8 END
+ CASE WHEN rooms * 10 <= members * 2 THEN 0::float8 WHEN rooms * 10 <= members * 3 THEN 3::float8 WHEN rooms * 10 <= members * 4 THEN 7::float8
	WHEN rooms * 10 > members * 4 THEN 11.5::float8 END
+ CASE WHEN toilet <= 4 THEN 5::float8 WHEN toilet <= 6 THEN 2::float8 WHEN toilet = 7 THEN 0::float8 WHEN toilet = 8 THEN 1::float8 END
+ CASE WHEN refrigerator = 1 OR freezer = 1 OR washing_machine = 1 THEN 8::float8 WHEN refrigerator = 0 AND freezer = 0 AND washing_machine = 0 THEN 0::float8 END
+ CASE WHEN air_conditioner = 1 OR air_cooler = 1 OR geyser = 1 OR heater = 1 THEN 7::float8
	WHEN air_conditioner = 0 AND air_cooler = 0 AND geyser = 0 AND heater = 0 THEN 0::float8 END
+ CASE WHEN cooking_stove = 1 OR cooking_range = 1 OR microwave = 1 THEN 6::float8 WHEN cooking_stove = 0 AND cooking_range = 0 AND microwave = 0 THEN 0::float8 END
+ CASE WHEN (car = 1 OR tractor = 1) AND motorcycle = 1 THEN 14::float8
	WHEN ((car = 1 OR tractor = 1) AND motorcycle = 1) IS NOT NULL THEN
		CASE WHEN car = 1 OR tractor = 1 THEN 11::float8
			WHEN car = 0 AND tractor = 0 THEN CASE WHEN motorcycle = 1 THEN 5::float8 WHEN motorcycle = 0 THEN 0::float8 END END END
+ CASE WHEN television = 1 THEN 4.5::float8 WHEN television = 0 THEN 0::float8 END
+ CASE WHEN buffaloes > 0 AND (cows > 0 OR goats > 0 OR sheep > 0) THEN 5::float8
	WHEN (buffaloes > 0 AND (cows > 0 OR goats > 0 OR sheep > 0)) IS NOT NULL THEN
		CASE WHEN buffaloes > 0 THEN 4::float8
			WHEN buffaloes = 0 THEN CASE WHEN cows > 0 OR goats > 0 OR sheep > 0 THEN 3::float8 WHEN cows = 0 AND goats = 0 AND sheep = 0 THEN 0::float8 END END END
+ CASE WHEN land_kanals = 0 THEN 0::float8 WHEN land_kanals <= 100 THEN 4::float8 WHEN land_kanals > 100 THEN 8.5::float8 END
