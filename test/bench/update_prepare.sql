-- update_prepare: N households with people, and cases that are opened and screened.

CREATE EXTENSION registry CASCADE;
CREATE EXTENSION pg_prewarm;
CALL registry.create_store();
\ir ../population/population.sql
CALL population.load(:n);
CALL registry.derive_all();
CALL registry.score_all('hies-2015-demo');
INSERT INTO nser.programme (code, name, formula, cutoff) VALUES ('demo', 'demonstration programme', 'hies-2015-demo', 32);
SELECT registry.approximate_areas() \g /dev/null
SELECT registry.fill_places() \g /dev/null
VACUUM (ANALYZE);

CREATE SCHEMA bench;
-- What each case is to change: women who can bear, people who are no head, someone.
CREATE TABLE bench.change AS
	SELECT row_number() OVER (ORDER BY picked.household_id * 2654435761 % 4294967296) AS no, picked.household_id, picked.content
	FROM (SELECT h.household_id, jsonb_build_object('changes', jsonb_build_array(CASE
				WHEN k.kind < 5 THEN jsonb_build_object('change', 'birth', 'name', 'Newborn', 'sex', 'female',
					'birth_date', registry.today() - 20, 'mother_line', w.line, 'on_date', registry.today() - 10)
				WHEN k.kind < 7 THEN jsonb_build_object('change', 'death', 'line', o.line, 'on_date', registry.today() - 3)
				WHEN k.kind < 9 THEN jsonb_build_object('change', 'contact', 'phone', '0300-' || lpad((h.household_id % 10000000)::text, 7, '0'))
				ELSE jsonb_build_object('change', 'disability', 'line', o.line, 'disabilities', '["lower_limb", "hearing"]'::jsonb) END)) AS content
		  FROM nser.household AS h
		  CROSS JOIN LATERAL (SELECT abs(hashint8(h.household_id)::bigint) % 10 AS kind) AS k
		  JOIN LATERAL (SELECT m.line FROM nser.member AS m
						WHERE m.household_id = h.household_id AND m.sex = 'female' AND m.marital_status = 'married' AND m.valid_to IS NULL
						AND m.birth_date < registry.today() - 7000
						ORDER BY m.line LIMIT 1) AS w ON true
		  JOIN LATERAL (SELECT m.line FROM nser.member AS m
						WHERE m.household_id = h.household_id AND m.relationship <> 'head' AND m.valid_to IS NULL
						ORDER BY m.line DESC LIMIT 1) AS o ON true
		  WHERE h.household_id % greatest(:n / (:cases * 3), 1) = 0 OR :n < :cases * 3) AS picked
	LIMIT :cases;
CREATE UNIQUE INDEX ON bench.change (no);
CREATE TABLE bench.ready (no bigint PRIMARY KEY, household_id bigint, case_id bigint, content jsonb);
CREATE SEQUENCE bench.next;
CREATE SEQUENCE bench.birth;
CREATE SEQUENCE bench.floor;

-- A thousand in a transaction; after the first the planner is told that there are
-- cases, as autovacuum would.
CREATE PROCEDURE bench.open()
	LANGUAGE plpgsql
AS $$
DECLARE
	opened	bigint;
	one		record;
BEGIN
	FOR one IN SELECT c.no, c.household_id, c.content FROM bench.change AS c ORDER BY c.no LOOP
		SELECT o.case_id INTO opened FROM registry.open_case('roster', one.household_id, gen_random_uuid()) AS o;
		PERFORM registry.advance_case(one.household_id, opened, 'screen', gen_random_uuid());
		INSERT INTO bench.ready VALUES (one.no, one.household_id, opened, one.content);
		IF one.no % 1000 = 0 THEN
			COMMIT;
			IF one.no = 1000 THEN
				ANALYZE nser.update_case, nser.case_step;
			END IF;
		END IF;
	END LOOP;
END;
$$;
CALL bench.open();

-- The rows that a birth writes, without keys to other tables, checks or triggers.
CREATE TABLE bench.bare_member (LIKE nser.member INCLUDING INDEXES);
CREATE TABLE bench.bare_survey (LIKE nser.survey INCLUDING INDEXES INCLUDING IDENTITY);
CREATE TABLE bench.bare_family (LIKE nser.family INCLUDING INDEXES);
CREATE TABLE bench.bare_score (LIKE nser.score INCLUDING INDEXES);
CREATE TABLE bench.bare_step (LIKE nser.case_step INCLUDING INDEXES);
VACUUM (ANALYZE);
SELECT pg_prewarm(c.oid) FROM pg_class AS c
	WHERE c.relnamespace = 'nser'::regnamespace AND c.relkind IN ('r', 'i') \g /dev/null
