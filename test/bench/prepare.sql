-- prepare: N households with surveys, and the same answers for the peers.

CREATE EXTENSION registry CASCADE;
CREATE EXTENSION pg_prewarm;
CALL registry.create_store();
\ir ../population/population.sql
CALL population.load(:n, people => false);

CREATE SCHEMA bench;

-- What the peers read: the thirteen answers the formula asks for, and nothing else.
CREATE TABLE bench.narrow AS
	SELECT s.household_id,
		(s.indicators OPERATOR(registry.->) 'dependants')::smallint AS dependants,
		(s.indicators OPERATOR(registry.->) 'head_class')::smallint AS head_class,
		(s.indicators OPERATOR(registry.->) 'children_5_16')::smallint AS children_5_16,
		(s.indicators OPERATOR(registry.->) 'children_5_16_at_school')::smallint AS children_5_16_at_school,
		(s.indicators OPERATOR(registry.->) 'rooms')::smallint AS rooms,
		(s.indicators OPERATOR(registry.->) 'members')::smallint AS members,
		(s.indicators OPERATOR(registry.->) 'toilet')::smallint AS toilet,
		(s.indicators OPERATOR(registry.->) 'electricity')::smallint AS electricity,
		(s.indicators OPERATOR(registry.->) 'gas')::smallint AS gas,
		(s.indicators OPERATOR(registry.->) 'internet')::smallint AS internet,
		(s.indicators OPERATOR(registry.->) 'mobile_phone')::smallint AS mobile_phone,
		(s.indicators OPERATOR(registry.->) 'computer')::smallint AS computer,
		(s.indicators OPERATOR(registry.->) 'landline')::smallint AS landline
	FROM nser.survey AS s;

-- And all of the codebook's, in its order, as a survey table with columns would be.
DO $$
BEGIN
	EXECUTE (SELECT 'CREATE TABLE bench.wide AS SELECT s.household_id, '
				|| string_agg(format('(s.indicators OPERATOR(registry.->) %1$L)::smallint AS %1$I', c.name), ', ' ORDER BY c.position)
				|| ' FROM nser.survey AS s'
			 FROM registry.codebook() AS c WHERE c.name NOT LIKE 'reserved%');
END;
$$;

-- Row by row, as an application would have it.
CREATE FUNCTION bench.score(dependants smallint, head_class smallint, children_5_16 smallint, children_5_16_at_school smallint,
							rooms smallint, members smallint, toilet smallint, electricity smallint, gas smallint,
							internet smallint, mobile_phone smallint, computer smallint, landline smallint)
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

-- Read in no time, so that two processes take what starting the second takes.
CREATE TABLE bench.small AS SELECT i FROM generate_series(1, 2000) AS i;

-- The stored scores' peer: an equal table, key included.
CREATE TABLE bench.score (LIKE nser.score INCLUDING ALL);

VACUUM (ANALYZE) nser.household, nser.survey, bench.narrow, bench.wide, bench.small;
SELECT pg_prewarm(c.oid) FROM pg_class AS c
	WHERE c.oid IN ('nser.household'::regclass, 'nser.household_pkey'::regclass, 'nser.survey'::regclass,
					'nser.survey_pkey'::regclass, 'bench.narrow'::regclass, 'bench.wide'::regclass) \g /dev/null

-- Before any is timed: all give the same scores, of the same households.
SELECT format('%s %s', sum(round(registry.pmt_score(s.indicators, f.formula) * 10)::bigint),
			  count(registry.pmt_score(s.indicators, f.formula))) AS by_registry
	FROM nser.survey AS s, registry.formula AS f WHERE f.name = 'hies-2015-demo' \gset
SELECT format('%s %s', sum(round((:case) * 10)::bigint), count(:case)) AS by_case FROM bench.narrow \gset
SELECT format('%s %s', sum(round((:case) * 10)::bigint), count(:case)) AS by_wide FROM bench.wide \gset
SELECT format('%s %s', sum(round(x.score * 10)::bigint), count(x.score)) AS by_plpgsql
	FROM (SELECT bench.score(dependants, head_class, children_5_16, children_5_16_at_school, rooms, members, toilet, electricity,
							 gas, internet, mobile_phone, computer, landline) AS score
		  FROM bench.narrow OFFSET 0) AS x \gset
SELECT :'by_registry' = :'by_case' AND :'by_registry' = :'by_wide' AND :'by_registry' = :'by_plpgsql' AS same \gset
\if :same
	\echo :by_registry
\else
	\warn 'the engines disagree (sum of scores in tenths, how many): registry' :by_registry ', CASE' :by_case ', wide CASE' :by_wide ', PL/pgSQL' :by_plpgsql
	\quit 1
\endif
