-- Hundreds of surveys by clerks who know nothing, and operations between them: whatever
-- is applied leaves the registry in order, what is refused leaves it alone, and the
-- survey and the members say the same.
BEGIN;
SET client_min_messages = error;
SET log_min_messages = error;
\i test/population/population.sql
CALL population.load(120, district => 'PK510');
SET search_path = tap, registry, public;
\i test/household/wrong.sql
SELECT setseed(0.4711);
SELECT setval('nser.household_household_id_seq', 1000);
CALL registry.score_all('hies-2015-demo', NULL);
SELECT plan(9);

-- what a tablet would send of a household in which nothing has changed
CREATE FUNCTION pg_temp.survey(household bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('land', min(v.land)::text, 'answers', (
			SELECT jsonb_object_agg(a.key, a.value) FROM nser.survey AS s CROSS JOIN LATERAL jsonb_each(s.indicators::jsonb) AS a
			JOIN codebook() AS c ON c.name = a.key AND c.position < 40 AND c.name <> 'structure'
			WHERE s.household_id = household AND s.survey_id = min(v.survey_id)),
		'members', jsonb_agg((r.object - 'age') || jsonb_strip_nulls(jsonb_build_object('name', m.name, 'cnic', m.cnic::text, 'document', m.document,
			'birth_date', m.birth_date, 'age', CASE WHEN m.birth_date IS NULL THEN r.object -> 'age' END))))
	FROM nser.household AS h
	JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	CROSS JOIN LATERAL jsonb_array_elements(v.roster::jsonb) AS r (object)
	JOIN nser.member AS m ON m.household_id = h.household_id AND m.line = (r.object ->> 'line')::integer AND m.valid_to IS NULL AND m.superseded_at IS NULL
	WHERE h.household_id = household
$$;

CREATE TEMP TABLE attempt (no integer, household_id bigint, kind text, sqlstate text, detail text, survey_id bigint, no_change boolean);

CREATE FUNCTION pg_temp.everything(household bigint) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT md5(concat((SELECT string_agg(m::text, '|' ORDER BY m.line, m.version) FROM nser.member AS m WHERE m.household_id = household),
		(SELECT string_agg(v::text, '|' ORDER BY v.survey_id) FROM nser.survey AS v WHERE v.household_id = household),
		(SELECT h::text FROM nser.household AS h WHERE h.household_id = household),
		(SELECT string_agg(i::text, '|' ORDER BY i.cnic) FROM nser.identity AS i WHERE i.household_id = household)))
$$;

CREATE FUNCTION pg_temp.try(no integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	h		bigint := (SELECT household_id FROM nser.household WHERE household_id < 40 AND status = 'registered' ORDER BY random() LIMIT 1);
	content	jsonb := pg_temp.survey(h);
	kind	text := ('{same,drop,end,add,marry,head,rename,renumber,child,operation,late}'::text[])[1 + floor(random() * 11)::integer];
	-- today, and one after the other
	taken	timestamptz := CASE kind WHEN 'late' THEN now() - interval '1 year' ELSE greatest(
		today()::timestamp AT TIME ZONE 'Asia/Karachi' + no * interval '1 microsecond', (SELECT max(v.submitted_at) FROM nser.survey AS v WHERE v.household_id = h)) END;
	n		integer := jsonb_array_length(content -> 'members');
	one		integer := floor(random() * n)::integer;
	two		integer := floor(random() * n)::integer;
	line	integer := content #> ARRAY['members', one::text, 'line'];
	line2	integer := content #> ARRAY['members', two::text, 'line'];
	next	integer := next_line(h, 1);
	number	text := (3020100000001 + 10 * (no - floor(random() * 30)::integer))::cnic;
	before	text := pg_temp.everything(h);
	code	text;
	why		text;
	done	record;
BEGIN
	CASE kind
		WHEN 'same', 'late' THEN NULL;
		WHEN 'drop' THEN content := content #- ARRAY['members', one::text];
		WHEN 'end' THEN content := (content #- ARRAY['members', one::text])
			|| jsonb_build_object('ended', jsonb_build_array(jsonb_build_object('line', line, 'reason', ('{died,left}'::text[])[1 + no % 2], 'on_date', today() - no % 9)));
		WHEN 'add' THEN content := jsonb_insert(content, '{members,0}', jsonb_build_object('line', next + no % 3, 'name', 'Nobody ' || no, 'sex', 'male', 'relationship', 'other', 'cnic', number));
		WHEN 'child' THEN content := jsonb_insert(content, '{members,0}', jsonb_build_object('line', next, 'name', 'Nobody ' || no, 'sex', 'female', 'relationship', 'child',
			'birth_date', '2024-01-01', 'marital_status', 'never_married', 'father_line', line, 'mother_line', line2));
		WHEN 'marry' THEN content := jsonb_set(jsonb_set(content, ARRAY['members', one::text], (content #> ARRAY['members', one::text]) || jsonb_build_object('marital_status', 'married', 'spouse_line', line2)),
			ARRAY['members', two::text], (content #> ARRAY['members', two::text]) || jsonb_build_object('marital_status', 'married', 'spouse_line', line));
		WHEN 'head' THEN content := jsonb_set(content, '{members}', (SELECT jsonb_agg(m || jsonb_build_object('relationship', CASE WHEN (m ->> 'line')::integer = line THEN 'head'
			WHEN m ->> 'relationship' = 'head' THEN 'other' ELSE m ->> 'relationship' END)) FROM jsonb_array_elements(content -> 'members') AS m));
		WHEN 'rename' THEN content := jsonb_set(content, ARRAY['members', one::text, 'name'], to_jsonb('Nobody ' || no));
		WHEN 'renumber' THEN content := jsonb_set(content, ARRAY['members', one::text], (content #> ARRAY['members', one::text]) || jsonb_build_object('cnic', number, 'document', 'cnic'));
		WHEN 'operation' THEN
			IF random() < 0.5 THEN
				PERFORM end_member(h, line, 'left', today(), CASE WHEN line <> line2 THEN line2 END);
			ELSE
				PERFORM register_member(h, 'Nobody ' || no, 'male', 'other', on_date => today());
			END IF;
			INSERT INTO attempt VALUES (no, h, kind, 'ok');
			RETURN;
	END CASE;
	PERFORM check_content('cyclic', h, content, taken);
	SELECT a.survey_id, a.no_change INTO done FROM apply_survey(h, content, 'cyclic', taken_at => taken, by_case => no) AS a;
	INSERT INTO attempt VALUES (no, h, kind, 'ok', NULL, done.survey_id, done.no_change);

	-- lines that differ from the survey, and what the next roster update would make of it
	IF kind <> 'late' THEN
		INSERT INTO attempt
		SELECT no, h, kind, 'differs', d.line::text FROM survey_differences(h) AS d
		UNION ALL
		SELECT no, h, kind, 'roster', (a.*)::text
		FROM (SELECT r.line, r.relationship, r.sex, r.age, r.marital_status, r.class, r.employment, r.disabilities FROM nser.survey AS v CROSS JOIN LATERAL members(v.roster) AS r
			  WHERE v.household_id = h AND v.survey_id = done.survey_id
			  EXCEPT
			  SELECT r.line, r.relationship, r.sex, r.age, r.marital_status, r.class, r.employment, r.disabilities FROM members(live_roster(h, today())) AS r) AS a;
	END IF;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, why = PG_EXCEPTION_DETAIL;
	INSERT INTO attempt VALUES (no, h, kind, code, CASE WHEN before <> pg_temp.everything(h) THEN 'changed' ELSE why END);
END $$;

SELECT pg_temp.try(no) FROM generate_series(1, 600) AS no;

SELECT is_empty('SELECT * FROM pg_temp.wrong()', 'what must hold, holds');
SELECT is_empty($$SELECT kind, sqlstate, detail FROM attempt WHERE sqlstate NOT IN ('ok', 'RG009', 'RG014') AND coalesce(detail !~ '^members: nobody is named|has the same number', true) AND NOT (kind = 'operation' AND sqlstate IN ('22023', '55000', '23514', 'P0002'))$$,
	'surveys are refused for contradictions and numbers, and the survey and the members say the same');
SELECT is_empty($$SELECT * FROM attempt WHERE detail = 'changed'$$, 'what is refused changes nothing');
SELECT is_empty($$SELECT no, kind FROM attempt WHERE sqlstate = 'ok' AND no_change <> (kind IN ('same', 'late')) AND kind NOT IN ('marry', 'head', 'renumber')$$,
	'a survey that says the same is no change, and one that says other is');
SELECT ok((SELECT count(DISTINCT kind) = 11 AND count(*) > 300 FROM attempt WHERE sqlstate = 'ok'), 'of every kind some are applied');
SELECT ok((SELECT count(*) > 50 FROM attempt WHERE sqlstate = 'RG009'), 'and many are refused');
SELECT is_empty($$SELECT a.no FROM attempt AS a JOIN nser.survey AS v USING (household_id, survey_id)
	LEFT JOIN nser.score AS s ON s.household_id = v.household_id AND s.survey_id = v.survey_id WHERE a.kind <> 'late' AND s.survey_id IS NULL$$, 'every survey is scored as the one before');
SELECT is_empty($$SELECT cnic FROM nser.member WHERE valid_to IS NULL AND superseded_at IS NULL GROUP BY 1 HAVING count(cnic) > 1$$, 'no number is held twice');

-- the rules are not blind
SET session_replication_role = replica;
UPDATE nser.member AS m SET relationship = 'servant', recorded_at = now() - interval '1 day' FROM (
	SELECT a.household_id FROM attempt AS a JOIN nser.household AS h USING (household_id) WHERE h.current_survey = a.survey_id AND a.household_id < 40 ORDER BY 1 LIMIT 1) AS x
WHERE m.household_id = x.household_id AND m.valid_to IS NULL AND m.superseded_at IS NULL AND m.relationship = 'head';
SELECT is((SELECT count(*)::integer FROM nser.household AS h CROSS JOIN LATERAL survey_differences(h.household_id) AS d WHERE h.household_id < 40), 1, 'a difference is seen');

SELECT * FROM finish();
ROLLBACK;
