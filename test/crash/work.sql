-- What each clerk does over and over: opens a case of a household, takes it on by its
-- next step, and in the end applies it, where there is registry.apply_case().
CREATE EXTENSION registry CASCADE;
CALL registry.create_store();
CREATE SCHEMA crash;
CREATE TABLE crash.answered (request_id uuid);
SET search_path = registry, public;

INSERT INTO nser.household (household_id, area, registered_on) SELECT h, 'PK61701003', '2023-01-01' FROM generate_series(1, 60) AS h;
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, marital_status, valid_from)
SELECT h, l, 'PK61701003', (3020100000000 + h * 100 + l * 10 + l % 2)::cnic, 'cnic', 'Karim', CASE l WHEN 1 THEN 'male' ELSE 'female' END::sex, '1980-01-01',
	CASE l WHEN 1 THEN 'head' ELSE 'sibling' END::relationship, 'never_married', '2023-01-01'
FROM generate_series(1, 60) AS h, generate_series(1, 2) AS l;
SELECT setval('nser.household_household_id_seq', 60);
SELECT count(record_survey(h, '{"province": "punjab", "region": "rural", "rooms": 2}',
	(SELECT roster_agg(line, relationship, sex, 40, marital_status, NULL, NULL, NULL, 5, true, false, true, 'employed', 'regular', false, '{}', '{}')
	 FROM nser.member WHERE household_id = h), submitted_at => '2023-01-01 10:00+05'))
FROM generate_series(1, 60) AS h;

CREATE FUNCTION crash.work(client integer, n integer) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	request	uuid := gen_random_uuid();
	-- households are shared, so that clerks also meet
	house	bigint := 1 + (n * 7 + client * 3) % 60;
	now_is	record;
	applies	boolean := EXISTS (SELECT FROM pg_proc WHERE proname = 'apply_case' AND pronamespace = 'registry'::regnamespace);
BEGIN
	SELECT c.case_id, c.state INTO now_is FROM nser.update_case AS c
	WHERE c.household_id = house AND NOT registry.is_final(c.state) AND c.update_type <> 'grievance';
	IF NOT FOUND THEN
		PERFORM registry.open_case('roster', house, request);
	ELSIF now_is.state = 'verified' AND applies THEN
		EXECUTE 'SELECT registry.apply_case($1, $2, $3)' USING house, now_is.case_id, request;
	ELSE
		PERFORM registry.advance_case(house, now_is.case_id,
			CASE now_is.state WHEN 'requested' THEN 'screen' WHEN 'screened' THEN 'submit' WHEN 'submitted' THEN 'verify' ELSE 'reject' END::registry.case_event, request,
			-- a phone that tells of which request it is
			content => CASE now_is.state WHEN 'screened' THEN jsonb_build_object('changes', jsonb_build_array(
				jsonb_build_object('change', 'contact', 'on_date', '2025-01-01', 'phone', '0300-' || lpad((n * 10 + client)::text, 7, '0')))) END,
			reason => CASE now_is.state WHEN 'verified' THEN 'nothing applies it' END);
	END IF;
	RETURN request;
END $$;
