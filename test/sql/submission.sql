--
-- Offline tablets: what they send arrives late, in any order, in pieces and twice
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET timezone = 'Asia/Karachi';
SET client_min_messages = warning;
CALL registry.create_store();
RESET client_min_messages;
SET search_path = registry, public;

-- what is sent below was recorded long ago
UPDATE nser.update_policy SET late_by = '10 years';
INSERT INTO nser.household (household_id, area, registered_on) SELECT h, 'PK61701003', '2023-01-01' FROM generate_series(1, 4) AS h;
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, valid_from)
SELECT h, 1, 'PK61701003', (3020100000001 + h * 10)::cnic, 'cnic', 'Karim', 'male', '1980-01-01', 'head', '2023-01-01' FROM generate_series(1, 4) AS h;
SELECT setval('nser.household_household_id_seq', 99);

-- what two tablets recorded in a week without a network: request ids are made of the
-- household's number and the step's
CREATE FUNCTION pg_temp.r(n integer) RETURNS uuid LANGUAGE sql RETURN lpad(n::text, 32, '0')::uuid;
CREATE FUNCTION pg_temp.open(n integer, kind update_type, household bigint) RETURNS jsonb LANGUAGE sql
	RETURN jsonb_strip_nulls(jsonb_build_object('request_id', pg_temp.r(n), 'call', 'open', 'taken_at', '2025-03-01T09:00:00+05:00', 'update_type', kind,
		'household_id', household, 'area', CASE WHEN household IS NULL THEN 'PK61701003' END, 'sequence', n));
CREATE FUNCTION pg_temp.step(n integer, event case_event, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql
	RETURN jsonb_build_object('request_id', pg_temp.r(n), 'call', 'advance', 'taken_at', format('2025-03-01T09:%s:00+05:00', 10 + n % 10), 'event', event,
		'after', pg_temp.r(n - 1), 'sequence', n) || more;
CREATE TEMP TABLE sent (device text, no integer, submission jsonb);
INSERT INTO sent
SELECT device, row_number() OVER (), s
FROM (VALUES ('A', 1::bigint), ('B', 2), ('A', 3), ('B', NULL)) AS h (device, household)
CROSS JOIN LATERAL (SELECT 10 * coalesce(household, 9)::integer AS n, CASE WHEN household IS NULL THEN 'missed_out' WHEN household = 3 THEN 'grievance' ELSE 'roster' END::update_type AS kind) AS k
CROSS JOIN LATERAL (VALUES
	(pg_temp.open(n, kind, household)),
	-- by what it follows, or by the case and the step it expects
	(pg_temp.step(n + 1, 'screen')),
	(CASE WHEN kind <> 'grievance' THEN pg_temp.step(n + 2, 'start_interview') - 'after' || jsonb_build_object('case', pg_temp.r(n), 'expected_step', 2) END),
	(pg_temp.step(n + 3, 'submit', CASE kind
		WHEN 'roster' THEN '{"content": {"changes": [{"change": "contact", "on_date": "2025-03-01", "phone": "0300-1234567"}]}}'::jsonb
		WHEN 'grievance' THEN '{"content": {"about": "conduct", "statement": "had to come three times"}}'
		ELSE '{"content": {"answers": {}, "members": [{"line": 1, "name": "Zainab", "sex": "female", "relationship": "head", "document": "none"}]}}' END)
		|| CASE kind WHEN 'grievance' THEN jsonb_build_object('after', pg_temp.r(n + 1)) ELSE '{}' END)) AS v (s)
WHERE s IS NOT NULL;
-- one case ends, and the same tablet opens another of that household
INSERT INTO sent VALUES ('B', 90, pg_temp.step(24, 'cancel', '{"reason": "came back"}')),
	('B', 91, pg_temp.open(25, 'roster', 2) || jsonb_build_object('after', pg_temp.r(24))), ('B', 92, pg_temp.step(26, 'screen'));
SELECT device, count(*) FROM sent GROUP BY 1 ORDER BY 1;

-- where everything is, in words that no order of arrival changes
CREATE FUNCTION pg_temp.end_state() RETURNS text LANGUAGE sql RETURN (
	SELECT string_agg(format('%s %s %s: %s', c.update_type, c.state, h.status, s.steps), E'\n' ORDER BY s.steps)
	FROM nser.update_case AS c
	JOIN nser.household AS h USING (household_id)
	CROSS JOIN LATERAL (SELECT string_agg(format('%s %s %s', ltrim(x.request_id::text, '0-'), x.event, left(md5(x.content::text), 4)), ', ' ORDER BY x.step) AS steps
						FROM nser.case_step AS x WHERE x.household_id = c.household_id AND x.case_id = c.case_id) AS s);

-- in order, once
BEGIN;
SELECT no, outcome, household_id, step, sqlstate FROM sent, receive_submissions(jsonb_build_array(submission), device) AS r ORDER BY no;
SELECT pg_temp.end_state() AS expected \gset
SELECT pg_temp.end_state();
SELECT state, count(*) FROM nser.submission GROUP BY 1;
ROLLBACK;

-- shuffled, in pieces, and everything up to three times: the end is the same, each order beginning from nothing
SELECT setseed(0.42);
CREATE TEMP TABLE tried (no integer, end_state text, waiting bigint, refused bigint, twice bigint);
DO $$
DECLARE
	piece	jsonb;
	answer	text;
BEGIN
	FOR trial IN 1 .. 60 LOOP
		BEGIN
			FOR piece IN
				SELECT jsonb_agg(s.submission ORDER BY s.chance)
				FROM (SELECT submission, random() AS chance, device FROM sent CROSS JOIN generate_series(1, 1 + trial % 3)) AS s
				GROUP BY s.device, floor(s.chance * (1 + trial % 7))
				ORDER BY random()
			LOOP
				PERFORM registry.receive_submissions(piece);
			END LOOP;
			RAISE EXCEPTION USING MESSAGE = concat_ws('|', pg_temp.end_state(), (SELECT count(*) FROM nser.submission WHERE state = 'waiting'),
				(SELECT count(*) FROM nser.submission WHERE state = 'refused'), (SELECT count(*) FROM registry.verify_chain()));
		EXCEPTION WHEN raise_exception THEN
			GET STACKED DIAGNOSTICS answer = MESSAGE_TEXT;
			INSERT INTO tried VALUES (trial, split_part(answer, '|', 1), split_part(answer, '|', 2)::bigint, split_part(answer, '|', 3)::bigint, split_part(answer, '|', 4)::bigint);
		END;
	END LOOP;
END $$;
SELECT count(*), count(DISTINCT end_state) AS ends, bool_and(end_state = :'expected') AS as_expected, sum(waiting) AS waiting, sum(refused) AS refused, sum(twice) AS broken FROM tried;

-- what waits, waits: the last first, then again, then what it follows
SELECT outcome, household_id, step FROM receive_submissions((SELECT jsonb_agg(submission) FROM sent WHERE no IN (2, 4)));
SELECT outcome, household_id, step FROM receive_submissions((SELECT jsonb_agg(submission) FROM sent WHERE no IN (2, 4)));
SELECT outcome, household_id, step FROM receive_submissions((SELECT jsonb_agg(submission) FROM sent WHERE no = 1));
SELECT outcome, household_id, step FROM receive_submissions((SELECT jsonb_agg(submission ORDER BY no) FROM sent WHERE no <= 4));
SELECT outcome, household_id, step FROM receive_submissions((SELECT jsonb_agg(submission ORDER BY no) FROM sent WHERE no <= 4));

-- a clash: a clerk has cancelled the case, and opened another, while the tablet was away
SELECT outcome, step FROM receive_submissions(jsonb_build_array(pg_temp.open(41, 'roster', 4), pg_temp.step(42, 'screen')));
SELECT case_id AS c FROM nser.update_case WHERE household_id = 4 \gset
SELECT step FROM advance_case(4, :c, 'start_interview', pg_temp.r(1000));
SELECT outcome, sqlstate, replace(reason, :'c', '*') AS reason FROM receive_submissions(jsonb_build_array(pg_temp.step(43, 'start_interview'), pg_temp.step(44, 'cancel', '{"reason": "not at home"}')));
SELECT ltrim(request_id::text, '0-') AS request, state, sqlstate FROM nser.submission WHERE request_id IN (pg_temp.r(43), pg_temp.r(44)) ORDER BY 1;
-- somebody has looked at both: no interview again, but what follows it, as the case stands
SELECT outcome, step, sqlstate, replace(reason, :'c', '*') AS reason FROM retry_submission(pg_temp.r(43));
SELECT outcome, step, sqlstate FROM retry_submission(pg_temp.r(44));
SELECT step FROM open_case('roster', 4, pg_temp.r(1001), taken_at => '2025-03-02 08:00+05');
SELECT case_id AS c FROM nser.case_step WHERE request_id = pg_temp.r(1001) \gset
SELECT state FROM advance_case(4, :c, 'screen', pg_temp.r(1002));
SELECT state FROM advance_case(4, :c, 'start_interview', pg_temp.r(1003));
SELECT outcome, sqlstate, replace(reason, :'c', '*') AS reason FROM receive_submissions(jsonb_build_array(jsonb_build_object('request_id', pg_temp.r(45), 'call', 'advance', 'event', 'cancel',
	'taken_at', '2025-03-02T09:00Z', 'household_id', 4, 'case_id', :c, 'expected_step', 2, 'reason', 'not at home')));
SELECT outcome, step, sqlstate FROM retry_submission(pg_temp.r(45));
SELECT outcome, step, sqlstate FROM retry_submission(pg_temp.r(45));
SELECT retry_submission(pg_temp.r(46));
-- what the rules do not allow is refused, and what follows it waits until it is done
SELECT outcome, sqlstate, regexp_replace(reason, 'Case [0-9]+', 'Case *') AS reason FROM receive_submissions(jsonb_build_array(pg_temp.step(52, 'screen'), pg_temp.open(51, 'missed_out', 1) - 'area'));
SELECT outcome, step, sqlstate FROM receive_submissions(jsonb_build_array(pg_temp.step(52, 'screen')));

-- malformed: kept with the reason, also without an id; none stops the others
SELECT outcome, household_id, step, sqlstate, reason FROM receive_submissions(jsonb_build_array(
	'null'::jsonb, '7'::jsonb, '[]'::jsonb, '{}'::jsonb, '{"call": "apply"}'::jsonb, '{"call": "open"}'::jsonb, pg_temp.open(61, 'roster', 3) - 'taken_at',
	pg_temp.open(62, 'roster', 3) || '{"request_id": "x"}', pg_temp.open(63, 'roster', 3) || '{"updatetype": "roster"}',
	pg_temp.open(64, 'roster', 3) || '{"update_type": "ROSTER", "area": "Lahore"}', pg_temp.open(65, 'roster', 3) || '{"taken_at": "2025-03-01T09:00:00"}',
	pg_temp.open(66, 'roster', 3) || '{"taken_at": "2045-03-01T09:00:00Z"}', pg_temp.open(67, 'roster', 3) || '{"priority": ["friend"]}',
	pg_temp.open(68, 'roster', 3) || '{"household_id": 1.5}', pg_temp.open(69, 'roster', 3) || '{"household_id": {"a": 1}}',
	pg_temp.step(71, 'screen') - 'after', pg_temp.step(72, 'screen') - 'after' || '{"household_id": 3, "case_id": 1}', pg_temp.step(73, 'screen') - 'event',
	pg_temp.open(74, 'roster', 3) || '{"applicant": "30201-00000"}',
	pg_temp.open(75, 'roster', 3) || '{"mode": "horse"}', pg_temp.open(76, 'roster', 77), pg_temp.open(77, 'grievance', 3)));
-- once is enough: 6 without an id are told by what they say
SELECT count(*) FILTER (WHERE payload ->> 'request_id' IS NULL), count(*) FROM nser.submission WHERE sqlstate = 'RG010';
SELECT count(*) FROM receive_submissions('[null, 7, [], {}, {"call": "apply"}, {"call": "open"}]') WHERE outcome = 'refused';
SELECT count(*) FILTER (WHERE payload ->> 'request_id' IS NULL), count(*) FROM nser.submission WHERE sqlstate = 'RG010';
SELECT receive_submissions('{}');
SELECT receive_submissions(NULL);
SELECT count(*) FROM receive_submissions('[]');
-- an id that is used for something else: both are kept, the first is done
SELECT outcome, sqlstate, reason FROM receive_submissions(jsonb_build_array(pg_temp.open(77, 'grievance', 4), pg_temp.open(77, 'grievance', 3)));
SELECT state, payload IS NOT NULL AS kept FROM nser.submission WHERE payload ->> 'request_id' = pg_temp.r(77)::text OR request_id = pg_temp.r(77) ORDER BY 1;
SELECT r.outcome, r.sqlstate FROM nser.submission AS s CROSS JOIN LATERAL retry_submission(s.request_id) AS r WHERE s.sqlstate = 'RG011';
-- the last answer did not arrive, so the tablet sends later what it sent at once
SELECT step, repeated FROM open_case('grievance', 2, pg_temp.r(80), mode => 'mobile', taken_at => '2025-03-03 10:00+05');
SELECT outcome, step FROM receive_submissions(jsonb_build_array(pg_temp.open(80, 'grievance', 2)));
SELECT count(*) FROM nser.case_step WHERE request_id = pg_temp.r(80);
-- one that names two cases, or two places in one; that follows itself; whose time is no time
SELECT outcome, step FROM receive_submissions(jsonb_build_array(pg_temp.open(81, 'grievance', 1), pg_temp.open(85, 'grievance', 3)));
SELECT outcome, sqlstate, reason FROM receive_submissions(jsonb_build_array(
	pg_temp.step(82, 'screen', jsonb_build_object('household_id', 3)),
	pg_temp.step(82, 'screen', jsonb_build_object('case', pg_temp.r(85), 'request_id', pg_temp.r(820))),
	pg_temp.step(82, 'screen', '{"expected_step": 0, "request_id": "00000000-0000-0000-0000-000000000821"}'),
	pg_temp.step(83, 'screen', jsonb_build_object('after', pg_temp.r(83))),
	pg_temp.open(84, 'grievance', 1) || '{"taken_at": "yesterday 10:00Z"}', pg_temp.open(840, 'grievance', 1) || '{"taken_at": "2025-03-01+05"}'));
-- who expects a step of a case that has ended does not wait for ever, and what expects one that is done is done
SELECT outcome, step FROM receive_submissions(jsonb_build_array(
	pg_temp.step(88, 'cancel', jsonb_build_object('case', pg_temp.r(85), 'expected_step', 2, 'reason', 'no')) - 'after',
	pg_temp.step(89, 'cancel', jsonb_build_object('case', pg_temp.r(85), 'expected_step', 7, 'reason', 'no')) - 'after'));
SELECT outcome, step FROM receive_submissions(jsonb_build_array(pg_temp.step(86, 'screen')));
SELECT ltrim(request_id::text, '0-') AS request, state, sqlstate FROM nser.submission WHERE request_id IN (pg_temp.r(88), pg_temp.r(89)) ORDER BY 1;
-- what a clerk does in the meantime is seen at night
SELECT outcome FROM receive_submissions(jsonb_build_array(pg_temp.step(87, 'screen', jsonb_build_object('after', pg_temp.r(810)))));
SELECT case_id AS c FROM open_case('grievance', 1, pg_temp.r(810), taken_at => '2025-03-01 09:00+05') \gset
SELECT outcome FROM receive_submissions('[]');
SELECT do_submissions();
SELECT state FROM nser.submission WHERE request_id = pg_temp.r(87);
-- longer ago than the policy allows
UPDATE nser.update_policy SET late_by = DEFAULT;
SELECT outcome, sqlstate FROM receive_submissions(jsonb_build_array(pg_temp.step(88, 'submit', jsonb_build_object('after', pg_temp.r(87), 'request_id', pg_temp.r(822), 'content', '{"about": "data", "statement": "no"}'::jsonb))));
UPDATE nser.update_policy SET late_by = '10 years';
-- a batch is of some length, and the locks do not run out
SELECT receive_submissions((SELECT jsonb_agg(n) FROM generate_series(1, 5001) AS n));
INSERT INTO nser.household (household_id, area, registered_on) SELECT h, 'PK61701003', '2023-01-01' FROM generate_series(10001, 11500) AS h;
SELECT outcome, count(*) FROM receive_submissions((SELECT jsonb_agg(pg_temp.open(h, 'grievance', h)) FROM generate_series(10001, 11500) AS h)) GROUP BY 1;
SELECT count(*) < 20 AS few FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory';
-- what the server is short of is not the submission's fault: the batch is whole, or not at all
BEGIN;
CREATE FUNCTION pg_temp.short() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53200', MESSAGE = 'out of shared memory'; END $$;
CREATE TRIGGER short BEFORE INSERT ON nser.case_step FOR EACH ROW EXECUTE FUNCTION pg_temp.short();
SELECT receive_submissions(jsonb_build_array(pg_temp.open(830, 'grievance', 1)));
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT receive_submissions(jsonb_build_array(pg_temp.open(830, 'grievance', 1)));
ROLLBACK;
SELECT count(*) FROM nser.submission WHERE request_id = pg_temp.r(830);
SELECT * FROM verify_chain();
SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
