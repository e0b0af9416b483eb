-- hies-2015-demo by hand, over one integer column an answer (a label's code, 0 or 1 for
-- a flag): the same text for PostgreSQL and DuckDB.  As in the formula, one missing
-- answer makes the whole NULL: hence no bare ELSE.
  CASE WHEN dependants <= 2 THEN 13.8::float8 WHEN dependants <= 4 THEN 7.5::float8 WHEN dependants <= 6 THEN 3.2::float8 WHEN dependants > 6 THEN 0::float8 END
+ CASE WHEN head_class = 0 THEN 0::float8 WHEN head_class <= 5 THEN 1.7::float8 WHEN head_class <= 10 THEN 4.6::float8 WHEN head_class > 10 THEN 14.1::float8 END
+ CASE WHEN children_5_16 = 0 THEN 4.8::float8 WHEN children_5_16_at_school = 0 THEN 0::float8
	WHEN children_5_16_at_school * 1000 <= children_5_16 * 999 THEN 1.9::float8
	WHEN children_5_16_at_school * 1000 > children_5_16 * 999 THEN 5.7::float8 END
+ CASE WHEN rooms * 10 <= members * 2 THEN 0::float8 WHEN rooms * 10 <= members * 3 THEN 3.4::float8 WHEN rooms * 10 <= members * 4 THEN 7.8::float8
	WHEN rooms * 10 > members * 4 THEN 15.1::float8 END
+ CASE WHEN toilet <= 4 THEN 7.5::float8 WHEN toilet = 7 THEN 0::float8 WHEN toilet IS NOT NULL THEN 3.9::float8 END
+ CASE WHEN electricity = 1 THEN 0::float8 WHEN electricity IS NOT NULL THEN 4.7::float8 END
+ CASE WHEN gas = 1 THEN 0::float8 WHEN gas IS NOT NULL THEN 8.0::float8 END
+ CASE WHEN internet = 1 THEN 6.5::float8 WHEN internet = 0 THEN 0::float8 END
+ CASE WHEN mobile_phone = 1 THEN 6.2::float8 WHEN mobile_phone = 0 THEN 0::float8 END
+ CASE WHEN computer = 1 THEN 5.0::float8 WHEN computer = 0 THEN 0::float8 END
+ CASE WHEN landline = 1 THEN 13.4::float8 WHEN landline = 0 THEN 0::float8 END
