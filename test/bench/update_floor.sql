SELECT nextval('bench.floor') AS no \gset
BEGIN;
INSERT INTO bench.bare_member SELECT (m).* FROM (SELECT jsonb_populate_record(m, jsonb_build_object('version', :no + 100)) AS m FROM nser.member AS m WHERE m.household_id = :no LIMIT 1) AS x;
INSERT INTO bench.bare_survey SELECT (s).* FROM (SELECT jsonb_populate_record(s, jsonb_build_object('survey_id', :no + 100000000)) AS s FROM nser.survey AS s WHERE s.household_id = :no LIMIT 1) AS x;
INSERT INTO bench.bare_family SELECT f.* FROM nser.family AS f WHERE f.household_id = :no;
INSERT INTO bench.bare_score SELECT s.* FROM nser.score AS s WHERE s.household_id = :no;
COMMIT;
