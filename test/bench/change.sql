-- change: one round of scoring again after one household in twenty, the :round-th,
-- was surveyed anew and has a room more.

WITH renewed AS (
	INSERT INTO nser.survey (household_id, indicators, area, update_type, land, mode, roster)
		SELECT s.household_id,
			registry.complete(s.indicators OPERATOR(registry.||)
				jsonb_build_object('rooms', coalesce(s.indicators OPERATOR(registry.->) 'rooms', 0) + 1)::registry.indicators,
				s.roster, s.land),
			s.area, 'cyclic', s.land, s.mode, s.roster
		FROM nser.household AS h
		JOIN nser.survey AS s ON s.household_id = h.household_id AND s.survey_id = h.current_survey
		WHERE h.household_id % 20 = :round
		RETURNING household_id, survey_id
)
UPDATE nser.household AS h SET current_survey = r.survey_id FROM renewed AS r WHERE r.household_id = h.household_id;
VACUUM (ANALYZE) nser.household, nser.survey, nser.score;
CHECKPOINT;
\timing on
\echo changed 1
CALL registry.score_all('hies-2015-demo');
\timing off

\pset tuples_only on
\pset format unaligned
SELECT format('written %s', r.written = (SELECT count(*) FROM nser.household AS h WHERE h.household_id % 20 = :round))
FROM nser.batch_run AS r
ORDER BY r.run_id DESC LIMIT 1;
