-- Checks against independent SQL over generated households with planted defects; pieces
-- against the whole; scores, outliers and draws worked out another way.
BEGIN;
SELECT plan(31);
SET client_min_messages = warning;
SET search_path = tap, public, registry;
\ir ../population/population.sql
CALL population.load(4000);
SET session_replication_role = replica;

-- centres and operators: forty of one province, a hundred surveys each
INSERT INTO nser.centre (centre_id, name, kind, area) SELECT c, 'Centre ' || c, 'mobile', ('PK6010' || 1 + c % 2)::area_code FROM generate_series(1, 10) AS c;
INSERT INTO nser.operator (operator_id, centre_id) SELECT o, 1 + o % 10 FROM generate_series(1, 40) AS o;
UPDATE nser.survey SET operator = 1 + household_id % 40, centre = 1 + (1 + household_id % 40) % 10;
-- defects, many answers unknown
UPDATE nser.survey SET started_at = submitted_at - make_interval(mins => (household_id % 17)::integer) WHERE household_id % 13 = 0;
UPDATE nser.survey SET indicators = indicators || '{"electricity": "none", "lighting": "kerosene", "refrigerator": true}' WHERE household_id % 11 = 0;
UPDATE nser.survey SET indicators = indicators || '{"dwelling": "apartment", "cows": 3}' WHERE household_id % 23 = 0;
UPDATE nser.survey SET indicators = indicators || '{"rooms": 0}' WHERE household_id % 29 = 0;
UPDATE nser.survey SET land = (land::bigint + 7200)::land_area WHERE household_id % 31 = 0;
UPDATE nser.survey SET submitted_at = submitted_at + interval '13 hours', started_at = started_at + interval '13 hours' WHERE household_id % 37 = 0;
UPDATE nser.household SET phone = '0300-7654321' WHERE household_id % 41 = 0;
UPDATE nser.household SET address = CASE WHEN household_id % 2 = 0 THEN 'Gali  7' END WHERE household_id % 43 = 0;
UPDATE nser.household SET area = 'PK60101001', address = 'Camp, Tent Road' WHERE household_id % 47 = 0;
UPDATE nser.survey AS v SET area = h.area FROM nser.household AS h WHERE h.household_id = v.household_id;
UPDATE nser.survey SET roster = (SELECT jsonb_agg(CASE WHEN (m ->> 'line')::integer = 1 THEN m || '{"class": 16, "age": 14}' ELSE m END) FROM jsonb_array_elements(roster::jsonb) AS m)::roster WHERE household_id % 53 = 0;
-- a survey of the year after, some with a household much larger
INSERT INTO nser.survey (household_id, survey_id, indicators, area, submitted_at, started_at, land, operator, centre, recorded_at)
SELECT household_id, 100000 + household_id, indicators || format('{"members": %s}', least((indicators -> 'members') + household_id % 9, 254))::jsonb::indicators, area,
	submitted_at + interval '400 days', submitted_at + interval '400 days' - interval '25 minutes', land, operator, centre, '2030-01-01' FROM nser.survey WHERE household_id % 59 = 0;
UPDATE nser.household SET current_survey = 100000 + household_id WHERE household_id % 59 = 0;
SET session_replication_role = origin;
ANALYZE;

SELECT sum(added) > 1000 AS many FROM check_quality() \gset
SELECT ok(:'many', 'many flags are found');

-- what each check means, said once more
CREATE TEMP VIEW told AS SELECT v.*, v.indicators::jsonb AS j, h.phone, h.address, h.current_survey, h.area AS lives,
	extract(epoch FROM v.submitted_at) - extract(epoch FROM v.started_at) AS seconds FROM nser.survey AS v JOIN nser.household AS h USING (household_id);
CREATE TEMP VIEW again AS
	SELECT household_id, survey_id, 'duration.short' AS check_name FROM told WHERE seconds < 600 AND is_full
	UNION ALL SELECT household_id, survey_id, 'duration.night' FROM told WHERE to_char(submitted_at AT TIME ZONE 'Asia/Karachi', 'HH24')::integer IN (22, 23, 0, 1, 2, 3, 4, 5) AND is_full AND mode <> 'self' AND seconds IS NOT NULL
	UNION ALL SELECT household_id, survey_id, 'assets.electricity' FROM told WHERE j ->> 'electricity' = 'none' AND coalesce(j ->> 'lighting', '') <> 'solar'
		AND EXISTS (SELECT FROM jsonb_each(j) AS e WHERE e.key IN ('refrigerator', 'freezer', 'washing_machine', 'air_conditioner', 'air_cooler', 'microwave', 'television') AND e.value = 'true')
	UNION ALL SELECT household_id, survey_id, 'livestock.apartment' FROM told WHERE j ->> 'dwelling' = 'apartment'
		AND (SELECT count(*) = 5 AND sum(e.value::integer) > 0 FROM jsonb_each(j) AS e WHERE e.key IN ('buffaloes', 'cows', 'goats', 'sheep', 'camels'))
	UNION ALL SELECT household_id, survey_id, 'rooms.none' FROM told WHERE j -> 'rooms' = '0'
	UNION ALL SELECT household_id, survey_id, 'rooms.crowded' FROM told WHERE (j ->> 'members')::numeric / greatest((j ->> 'rooms')::numeric, 1) > 12
	UNION ALL SELECT household_id, survey_id, 'land.kanals' FROM told WHERE land IS NOT NULL AND least((land::bigint + 179) / 180, 254) <> coalesce((j ->> 'land_kanals')::integer, -1)
	UNION ALL SELECT household_id, survey_id, 'phone.shared' FROM told WHERE survey_id = current_survey AND phone::bigint IN (SELECT phone::bigint FROM nser.household GROUP BY 1 HAVING count(*) >= 6)
	UNION ALL SELECT household_id, survey_id, 'address.short' FROM told WHERE survey_id = current_survey AND length(regexp_replace(address, '[ .,/#-]', '', 'g')) <= 9
	UNION ALL SELECT household_id, survey_id, 'address.missing' FROM told WHERE survey_id = current_survey AND address IS NULL
	UNION ALL SELECT household_id, survey_id, 'address.shared' FROM (SELECT t.*, count(address) OVER (PARTITION BY lives, upper(regexp_replace(address, '[ .,/#-]', '', 'g'))) AS n
		FROM told AS t WHERE survey_id = current_survey) AS t WHERE n > 40 AND address IS NOT NULL
	UNION ALL SELECT household_id, survey_id, 'member.class' FROM told WHERE EXISTS (SELECT FROM jsonb_array_elements(roster::jsonb) AS m WHERE (m ->> 'class')::integer > 0 AND (m ->> 'class')::integer + 3 > (m ->> 'age')::integer)
	UNION ALL SELECT b.household_id, b.survey_id, 'size.drift' FROM told AS a JOIN told AS b USING (household_id) WHERE b.survey_id = a.survey_id + 100000
		AND abs((b.j ->> 'members')::integer - (a.j ->> 'members')::integer) > 3 AND abs((b.j ->> 'members')::integer - (a.j ->> 'members')::integer) > floor((a.j ->> 'members')::integer / 2.0);

SELECT set_eq(format('SELECT household_id, survey_id FROM nser.quality_flag WHERE check_name = %L', c.name), format('SELECT household_id, survey_id FROM again WHERE check_name = %L', c.name),
	format('%s finds what plain SQL finds: %s', c.name, (SELECT count(*) > 0 FROM nser.quality_flag AS q WHERE q.check_name = c.name)))
FROM unnest('{duration.short,duration.night,assets.electricity,livestock.apartment,rooms.none,rooms.crowded,land.kanals,phone.shared,address.short,address.missing,address.shared,member.class,size.drift}'::text[]) AS c (name);
SELECT is_empty($$SELECT DISTINCT a.check_name FROM again AS a EXCEPT SELECT q.check_name FROM nser.quality_flag AS q$$, 'and none of these is empty');
SELECT is((SELECT count(DISTINCT check_name) FROM again), 13::bigint, 'of all thirteen something is found');

-- pieces make the whole: areas, households, and what was recorded since a day
CREATE TEMP TABLE whole AS SELECT household_id, survey_id, check_name, area::text, lines, detail FROM nser.quality_flag;
DELETE FROM nser.quality_flag;
SELECT count(*) FROM (SELECT DISTINCT ancestor(area, 'province') AS area FROM nser.household OFFSET 0) AS p CROSS JOIN LATERAL check_quality(p.area) AS c \g /dev/null
SELECT bag_eq('SELECT household_id, survey_id, check_name, area::text, lines, detail FROM nser.quality_flag', 'TABLE whole', 'province by province finds what the nation finds');
DELETE FROM nser.quality_flag WHERE household_id <= 100;
SELECT count(*) FROM generate_series(1, 100) AS g (n) CROSS JOIN LATERAL check_quality(household_id => g.n) AS c \g /dev/null
SELECT bag_eq('SELECT household_id, survey_id, check_name, area::text, lines, detail FROM nser.quality_flag', 'TABLE whole', 'household by household too');
DELETE FROM nser.quality_flag WHERE household_id % 59 = 0;
SELECT count(*) FROM check_quality(since => '2030-01-01') \g /dev/null
SELECT bag_eq('SELECT household_id, survey_id, check_name, area::text, lines, detail FROM nser.quality_flag', 'TABLE whole', 'and those with a survey since a day');
SELECT count(*) FROM check_quality_range(1, 1500) \g /dev/null
SELECT count(*) FROM check_quality_range(1501, 4000) \g /dev/null
SELECT bag_eq('SELECT household_id, survey_id, check_name, area::text, lines, detail FROM nser.quality_flag', 'TABLE whole', 'and ranges write nothing else');

-- scores by the definition
SELECT results_eq('SELECT operator, surveys, score FROM nser.quality_operator ORDER BY operator', $$
	SELECT v.operator, count(*), round(100 * avg(1 - (SELECT coalesce(max(CASE c.severity WHEN 'error' THEN 1 WHEN 'warning' THEN 0.5 ELSE 0.1 END), 0)
		FROM nser.quality_flag AS q JOIN nser.quality_check AS c ON c.name = q.check_name WHERE q.household_id = v.household_id AND q.survey_id = v.survey_id)), 1)
	FROM nser.survey AS v GROUP BY v.operator ORDER BY v.operator$$, 'operators'' scores are what they are said to be');
SELECT is((SELECT sum(surveys) FROM nser.quality_centre), (SELECT count(*)::numeric FROM nser.survey), 'centres'' surveys add up');
SELECT is((SELECT sum(surveys) FROM nser.quality_day), (SELECT count(*)::numeric FROM nser.survey), 'and days''');
SELECT is((SELECT sum(with_error) FROM nser.quality_day), (SELECT count(DISTINCT (household_id, survey_id))::numeric FROM nser.quality_survey WHERE severity = 'error'), 'days'' errors are surveys with one');

-- who is not asked is in no score
SAVEPOINT asked;
DELETE FROM nser.batch_run;
DELETE FROM nser.quality_flag;
SELECT results_eq('SELECT sum(surveys), sum(not_asked), count(score) FROM nser.quality_day', 'SELECT count(*)::numeric, count(*)::numeric, 0::bigint FROM nser.survey', 'before the checks were asked there is no score');
ROLLBACK TO asked;
SELECT is((SELECT sum(not_asked) FROM nser.quality_operator), 0::numeric, 'after it all surveys are in one');

-- outliers: an operator in a hurry is found, alone; where most are alike, the mean deviation decides
SET session_replication_role = replica;
UPDATE nser.survey SET started_at = submitted_at - make_interval(secs => 1500 + operator * 10);
SELECT is_empty($$SELECT id FROM nser.quality_outlier WHERE measure = 'minutes' AND unit = 'operator'$$, 'nobody lies far of those who differ a little');
UPDATE nser.survey SET started_at = submitted_at - interval '8 minutes' WHERE operator = 7;
SELECT results_eq($$SELECT id, value, spread_by, peers FROM nser.quality_outlier WHERE measure = 'minutes' AND unit = 'operator'$$, $$VALUES (7::bigint, 8.0, 'mad', 40::bigint)$$, 'who is in a hurry is found');
SELECT is((SELECT z FROM nser.quality_outlier WHERE measure = 'minutes' AND unit = 'operator'),
	(WITH m AS (SELECT operator, avg(extract(epoch FROM submitted_at - started_at)) / 60 AS x FROM nser.survey GROUP BY 1), d AS (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) AS median FROM m)
	 SELECT round((0.6745 * (8 - min(d.median)) / percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(m.x - d.median)))::numeric, 1) FROM m, d), 'with its modified z-score');
UPDATE nser.survey SET started_at = submitted_at - make_interval(mins => CASE operator WHEN 7 THEN 8 WHEN 8 THEN 23 ELSE 25 END);
SELECT results_eq($$SELECT id, spread_by FROM nser.quality_outlier WHERE measure = 'minutes' AND unit = 'operator'$$, $$VALUES (7::bigint, 'mean_deviation')$$, 'where the others are alike, too; two minutes are no difference');
UPDATE nser.quality_policy SET least_surveys = 1000;
SELECT is_empty('SELECT id FROM nser.quality_outlier', 'with few surveys nobody is compared');

SELECT * FROM finish();
ROLLBACK;
