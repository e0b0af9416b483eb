
-- load: the households into the store ------------------------------------------

-- Drop a table's indexes and keys, and return the statements that make them again.
CREATE FUNCTION population.drop_indexes(relation regclass) RETURNS text[]
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	made	record;
	again	text[] := '{}';
BEGIN
	FOR made IN
		SELECT i.indexrelid::regclass AS index, pg_get_indexdef(i.indexrelid) AS definition,
			c.conname AS key, pg_get_constraintdef(c.oid) AS key_definition
		FROM pg_index AS i
		LEFT JOIN pg_constraint AS c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x')
		WHERE i.indrelid = relation
		ORDER BY i.indexrelid
	LOOP
		IF made.key IS NULL THEN
			EXECUTE format('DROP INDEX %s', made.index);
			again := again || made.definition;
		ELSE
			EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', relation, made.key);
			again := again || format('ALTER TABLE %s ADD CONSTRAINT %I %s', relation, made.key, made.key_definition);
		END IF;
	END LOOP;
	RETURN again;
END;
$$;
COMMENT ON FUNCTION population.drop_indexes(regclass) IS
	'drop the indexes and keys of a table; returns the statements that make them again';

-- Households first to first + households - 1 of a seed, in chunks.  Without people,
-- nser.member and nser.identity stay empty; surveys have their rosters all the same.
-- A superuser's load skips the foreign keys and triggers, whose work it does itself:
-- keys hold by construction, numbers are entered in nser.identity, and the day of the
-- survey in nser.household; check.sql verifies them.  A large one into an empty store
-- makes the indexes on people at the end: numbers come in no order.
CREATE PROCEDURE population.load(households bigint, first bigint DEFAULT 1, seed bigint DEFAULT 1,
								 district text DEFAULT NULL, people boolean DEFAULT true)
	LANGUAGE plpgsql
	SET work_mem = '128MB'
	SET jit = off
	SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
	chunk		CONSTANT bigint := 10000;
	last		CONSTANT bigint := first + households - 1;
	a			bigint := first;
	b			bigint;
	role_before	text := current_setting('session_replication_role');
	superuser	CONSTANT boolean := current_setting('is_superuser')::boolean;
	put_back	text[];
	statement	text;
BEGIN
	IF superuser THEN
		PERFORM set_config('session_replication_role', 'replica', true);
	END IF;

	IF superuser AND people AND households >= 50000 AND NOT EXISTS (SELECT FROM nser.member) AND NOT EXISTS (SELECT FROM nser.identity) THEN
		put_back := population.drop_indexes('nser.member') || population.drop_indexes('nser.identity');
	END IF;

	WHILE a <= last LOOP
		b := least(a + chunk - 1, last);

		INSERT INTO nser.household (household_id, area, registered_on, surveyed_on, current_survey, phone, place, address)
			SELECT h.household_id, h.area::registry.area_code, h.surveyed, CASE WHEN superuser THEN h.surveyed END, h.household_id,
				-- a few phones serve many households; prefix 039 is, as far as known, nobody's
				CASE
					WHEN population.draw(h.home, 0) < 80 THEN NULL
					WHEN population.draw(h.home, 0) < 86 THEN (3900000000 + (h.home >> 20 & 255))::registry.mobile_number
					ELSE (3900001000 + (h.home >> 12 & 2147483647) % 99990000)::registry.mobile_number
				END,
				population.point(h.uc, t.lon, t.lat, t.half_width, t.half_height, h.urban, h.home2),
				population.address(h.uc, h.village, h.urban, h.home2)
			FROM (SELECT x.*, population.hash(x.household_id, 0, seed, 41) AS home, population.hash(x.household_id, 0, seed, 42) AS home2
				  FROM population.household(a, b, seed, district) AS x OFFSET 0) AS h
			JOIN population.tehsil AS t ON t.code OPERATOR(registry.=) registry.ancestor(h.area::registry.area_code, 'tehsil');

		WITH person AS MATERIALIZED (
			SELECT * FROM population.member(a, b, seed, district)
		),
		answered AS MATERIALIZED (
			SELECT x.household_id, x.area::registry.area_code, x.surveyed,
				x.answers::registry.indicators, x.land::registry.land_area,
				population.hash(x.household_id, 0, seed, 43) AS visit
			FROM population.answer(a, b, seed, district) AS x
		),
		member AS (
			INSERT INTO nser.member (household_id, line, area, cnic, document, name, father_name, sex, birth_date,
									 relationship, marital_status, spouse_line, father_line, mother_line, valid_from, recorded_at)
				SELECT m.household_id, m.line, v.area, m.cnic::registry.cnic, m.document,
					g.name || CASE WHEN m.sex = 'female' THEN '' ELSE f.name END, fg.name || ff.name,
					m.sex, m.birth_date, m.relationship,
					m.marital_status, m.spouse_line, m.father_line, m.mother_line,
					m.surveyed, (m.surveyed + time '17:00') AT TIME ZONE 'Asia/Karachi'
				FROM person AS m
				JOIN answered AS v ON v.household_id = m.household_id
				JOIN population.given AS g ON g.sex = CASE WHEN m.sex = 'female' THEN 'female' ELSE 'male' END AND g.no = m.given_no
				JOIN population.family AS f ON f.province = m.province AND f.no = m.family_no
				JOIN population.given AS fg ON fg.sex = 'male' AND fg.no = m.father_given_no
				JOIN population.family AS ff ON ff.province = m.province AND ff.no = m.father_family_no
				WHERE people
		),
		identity AS (
			INSERT INTO nser.identity (cnic, household_id, line)
				SELECT m.cnic::registry.cnic, m.household_id, m.line
				FROM person AS m
				WHERE people AND superuser AND m.cnic IS NOT NULL
				ORDER BY m.cnic
		)
		INSERT INTO nser.survey (household_id, survey_id, indicators, area, submitted_at, started_at, land, mode,
								 form_version, device_place, roster)
			SELECT v.household_id, v.household_id, registry.complete(v.answers, r.roster, v.land), v.area,
				v.began + make_interval(mins => 14 + population.draw(v.visit, 0) * 40 / 1024), v.began, v.land,
				CASE WHEN population.draw(v.visit, 1) < 720 THEN 'centre' WHEN population.draw(v.visit, 1) < 920 THEN 'door' ELSE 'mobile' END,
				'2023.1', CASE WHEN population.draw(v.visit, 1) >= 720 THEN h.place END, r.roster
			FROM (SELECT x.*, (x.surveyed + make_time(9 + population.draw(x.visit, 2) * 7 / 1024, population.draw(x.visit, 3) * 60 / 1024, 0))
					AT TIME ZONE 'Asia/Karachi' AS began
				  FROM answered AS x) AS v
			JOIN (SELECT m.household_id,
					registry.roster_agg(m.line, m.relationship, m.sex, m.age,
						m.marital_status, m.spouse_line, m.father_line, m.mother_line, m.class,
						m.ever_attended, m.attending_school, m.literate, m.employment, m.work, m.elementary_occupation,
						m.disabilities, m.chronic_diseases) AS roster
				  FROM person AS m
				  GROUP BY m.household_id) AS r ON r.household_id = v.household_id
			JOIN nser.household AS h ON h.household_id = v.household_id
			ORDER BY v.household_id;

		a := b + 1;
	END LOOP;

	FOREACH statement IN ARRAY coalesce(put_back, '{}') LOOP
		EXECUTE statement;
	END LOOP;

	PERFORM setval('nser.household_household_id_seq', last) FROM nser.household_household_id_seq AS s WHERE s.last_value < last;
	PERFORM setval('nser.survey_survey_id_seq', last) FROM nser.survey_survey_id_seq AS s WHERE s.last_value < last;
	PERFORM set_config('session_replication_role', role_before, true);
END;
$$;
COMMENT ON PROCEDURE population.load(bigint, bigint, bigint, text, boolean) IS
	'load so many generated households, from the given number on, into the store';
