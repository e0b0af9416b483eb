-- Times: the least of three runs each, in ns a household, or as it says.
SET jit = off;
SET search_path = public, registry;
CREATE FUNCTION ns(statement text, per numeric, before text DEFAULT NULL) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
	began	timestamptz;
	took	numeric;
	least_of	numeric;
BEGIN
	FOR i IN 1 .. 3 LOOP
		IF before IS NOT NULL THEN
			EXECUTE before;
		END IF;
		began := clock_timestamp();
		EXECUTE statement;
		took := extract(epoch FROM clock_timestamp() - began) * 1e9 / per;
		least_of := least(least_of, took);
	END LOOP;
	RETURN round(least_of);
END;
$$;
SELECT count(*) AS households FROM nser.household \gset
SELECT count(DISTINCT theme_area(area)) AS areas FROM nser.household \gset
\echo :households households, :areas areas
\pset footer off
SELECT 'floor: count(*) of households and their current surveys' AS what,
	ns('SELECT count(*), count(v.indicators), count(v.roster) FROM nser.household AS h JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey', :households) AS "ns a household"
UNION ALL SELECT 'and theme_tally() of all, of the nation', ns('SELECT theme_tally(v.indicators, v.roster) FROM nser.household AS h JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey', :households)
UNION ALL SELECT 'theme_tally() of surveys, without the join', ns('SELECT theme_tally(v.indicators, v.roster) FROM nser.survey AS v', :households)
UNION ALL SELECT 'the same scan, counting', ns('SELECT count(v.indicators), count(v.roster) FROM nser.survey AS v', :households)
UNION ALL SELECT 'refresh_themes(true): answers, scores and families', ns('SELECT refresh_themes(true)', :households)
UNION ALL SELECT 'the peer: count_themes(''tehsil''), SQL over the profiles', ns('SELECT count(*) FROM count_themes(''tehsil'')', :households);

-- 1 % of the households, all of three areas
CREATE TEMP TABLE chosen AS SELECT h.household_id, h.current_survey
FROM nser.household AS h
JOIN (SELECT DISTINCT theme_area(x.area) AS area FROM nser.household AS x ORDER BY 1 LIMIT 3) AS f ON f.area = theme_area(h.area)
ORDER BY h.household_id LIMIT :households / 100;
SELECT count(*) AS households FROM chosen \gset chosen_
SELECT format('refresh_themes() after %s households of 3 areas changed', :chosen_households) AS what,
	round(ns('SELECT refresh_themes()', 1, 'UPDATE nser.household AS h SET current_survey = NULL FROM chosen AS o WHERE o.household_id = h.household_id;
		UPDATE nser.household AS h SET current_survey = o.current_survey FROM chosen AS o WHERE o.household_id = h.household_id') / 1e6, 1) AS ms
UNION ALL SELECT 'refresh_themes() where nothing changed', round(ns('SELECT refresh_themes()', 1) / 1e6, 1);

-- what who changes one pays: the same updates with and without the trigger, by turns
CREATE PROCEDURE change_one(n integer) LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. n LOOP
		UPDATE nser.household SET phone = phone WHERE household_id = i;
		UPDATE nser.household SET status = CASE status WHEN 'registered' THEN 'dissolved' ELSE 'registered' END WHERE household_id = i;
	END LOOP;
END;
$$;
CREATE TEMP TABLE paid (marked boolean, us numeric);
DO $$
BEGIN
	FOR i IN 1 .. 6 LOOP
		EXECUTE format('ALTER TABLE nser.household %s TRIGGER theme_changed', CASE i % 2 WHEN 0 THEN 'ENABLE' ELSE 'DISABLE' END);
		INSERT INTO paid VALUES (i % 2 = 0, public.ns('CALL change_one(2000)', 4000) / 1000);
		SET CONSTRAINTS ALL IMMEDIATE;
	END LOOP;
END;
$$;
SELECT CASE WHEN marked THEN 'with marks' ELSE 'without' END AS "an update of one household", round(min(us), 1) AS microseconds FROM paid GROUP BY marked ORDER BY marked;
