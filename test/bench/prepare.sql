-- prepare: N households with surveys, and the same answers for the peers.

CREATE EXTENSION registry CASCADE;
CREATE EXTENSION pg_prewarm;
CALL registry.create_store();
\ir ../population/population.sql
CALL population.load(:n, people => false);

CREATE SCHEMA bench;
INSERT INTO registry.formula (name, formula, source) VALUES ('bench-scorecard', :'scorecard', 'stand-in points, only to time them');

-- What the peers read: a column for each answer that a formula asks for, and no other.
DO $$
DECLARE
	card	record;
BEGIN
	FOR card IN SELECT * FROM (VALUES
		('hies', '{dependants,head_class,children_5_16,children_5_16_at_school,rooms,members,toilet,electricity,gas,internet,mobile_phone,computer,landline}'::text[]),
		('scorecard', '{dependants,head_ever_attended,head_class,children_5_16,children_5_16_at_school,rooms,members,toilet,refrigerator,freezer,washing_machine,air_conditioner,air_cooler,geyser,heater,cooking_stove,cooking_range,microwave,car,tractor,motorcycle,television,buffaloes,cows,goats,sheep,land_kanals}')) AS c (name, columns)
	LOOP
		EXECUTE format('CREATE TABLE bench.%I AS SELECT %s FROM nser.survey AS s', card.name,
			(SELECT string_agg(format('(s.indicators OPERATOR(registry.->) %1$L)::smallint AS %1$I', c), ', ' ORDER BY n)
			 FROM unnest(card.columns) WITH ORDINALITY AS u (c, n)));
	END LOOP;
END;
$$;

\ir plpgsql.sql

-- Read in no time, so that two processes take what starting the second takes.
CREATE TABLE bench.small AS SELECT i FROM generate_series(1, 2000) AS i;

-- The stored scores' peer: an equal table, key included.
CREATE TABLE bench.score (LIKE nser.score INCLUDING ALL);

VACUUM (ANALYZE) nser.household, nser.survey, bench.hies, bench.scorecard, bench.small;
SELECT pg_prewarm(c.oid) FROM pg_class AS c
	WHERE c.oid IN ('nser.household'::regclass, 'nser.household_pkey'::regclass, 'nser.survey'::regclass,
					'nser.survey_pkey'::regclass, 'bench.hies'::regclass, 'bench.scorecard'::regclass) \g /dev/null
