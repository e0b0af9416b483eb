--
-- A score against a number: asked for, charged and logged, and read after the commit
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET timezone = 'Asia/Karachi';
\set ECHO none
\i test/sharing/begin.sql
\i test/sharing/score.sql
\set ECHO all
RESET client_min_messages;
-- logins of partners, as a superuser makes them
RESET ROLE;
CREATE ROLE regress_partner_a;
CREATE ROLE regress_partner_b;
CREATE ROLE regress_stranger;
SET ROLE regress_owner;
-- 1 and 2 in Lahore, poor and not; 3 in Karachi; 4 dissolved; 5 without a score; 6 of a member who died
INSERT INTO nser.household (household_id, area, registered_on, status) VALUES (1, 'PK61701003', '2023-01-01', 'registered'), (2, 'PK61701004', '2023-01-01', 'registered'),
	(3, 'PK70101', '2023-01-01', 'registered'), (4, 'PK61701003', '2023-01-01', 'dissolved'), (5, 'PK61701003', '2023-01-01', 'registered'), (6, 'PK61701003', '2023-01-01', 'registered');
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, valid_from)
SELECT h, l, area, (3020100000000 + h * 10 + l)::registry.cnic, 'cnic', 'Zainab', CASE l WHEN 1 THEN 'female' ELSE 'male' END::registry.sex,
	CASE l WHEN 1 THEN date '1950-05-01' ELSE '2000-01-01' END, CASE l WHEN 1 THEN 'head' ELSE 'child' END::registry.relationship, '2023-01-01'
FROM nser.household CROSS JOIN LATERAL (SELECT household_id AS h) AS x CROSS JOIN generate_series(1, 2) AS l;
UPDATE nser.member SET valid_to = '2024-01-01', end_reason = 'died' WHERE household_id = 6 AND line = 1;
INSERT INTO nser.survey (household_id, survey_id, indicators, area, roster, submitted_at)
SELECT household_id, household_id * 100, registry.complete('{}', r.roster, NULL), area, r.roster, '2023-01-01'
FROM nser.household
CROSS JOIN LATERAL (SELECT registry.roster_agg(l, CASE l WHEN 1 THEN 'head' ELSE 'child' END::registry.relationship, CASE l WHEN 1 THEN 'female' ELSE 'male' END::registry.sex,
	CASE l WHEN 1 THEN 73 ELSE 23 END, 'never_married', 0, 0, 0, 5, true, false, true, 'employed', 'regular', false, CASE WHEN household_id = 2 AND l = 2 THEN '{visual_full}' ELSE '{}' END::text[], '{}') AS roster
	FROM generate_series(1, 2) AS l) AS r;
UPDATE nser.household SET current_survey = household_id * 100;
INSERT INTO nser.score (household_id, survey_id, area, formula, score) SELECT household_id, household_id * 100, area, 'hies-2015-demo', household_id * 10 + 0.25
FROM nser.household WHERE household_id <> 5;

SELECT pg_temp.agree('regress_partner_a', 'score', '{"attributes": ["score"], "area": "PK617", "quota": 25}') AS a \gset
SELECT pg_temp.agree('regress_partner_b', 'score', '{"attributes": ["score_band"], "quota": 5000, "formula": "hies-2015-demo"}') AS b \gset
-- nothing before it is open
SET SESSION AUTHORIZATION regress_partner_a;
SELECT registry.request_scores(:a, '{30201-0000011-1}');
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT pg_temp.serve(:a) AS a_release, pg_temp.serve(:b) AS b_release \gset
SELECT rows, persons, households, losses, checks FROM registry.make_score(:b_release);

-- every way to write it; who is elsewhere, dissolved, without a score, dead, unknown, or no number at all
SET SESSION AUTHORIZATION regress_partner_a;
SELECT registry.request_scores(:a, ARRAY['30201-0000001-1', '3020100000011', '30201-0000002-2', '30201-0000003-1', '30201-0000004-1', '30201-0000005-1',
	'30201-0000006-1', '30201-0000006-2', '30201-0009999-1', 'Robert''); DROP TABLE', '', NULL, '30201-0000001-1', repeat('9', 100)]) AS ticket \gset
SELECT no, cnic, status, score, band FROM registry.read_scores(:'ticket');
-- the same again, as often as one likes
SELECT count(*), count(score) FROM registry.read_scores(:'ticket');
-- bands
SET SESSION AUTHORIZATION regress_partner_b;
SELECT registry.request_scores(:b, '{30201-0000001-1,30201-0000001-2,30201-0000003-1,30201-0000005-1}') AS other \gset
SELECT no, cnic, status, score, band FROM registry.read_scores(:'other');

-- looked up when it is read, and not before; what was found then is the answer
SELECT registry.request_scores(:b, '{30201-0000003-2}') AS unread \gset
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT t.settled_at IS NOT NULL AS settled, (SELECT count(*) FROM nser.score_answer AS s WHERE s.ticket = t.ticket) AS answers
FROM nser.score_ticket AS t WHERE t.ticket IN (:'other', :'unread') ORDER BY t.requested_at;
UPDATE nser.score SET score = 99 WHERE household_id = 1;
SET SESSION AUTHORIZATION regress_partner_b;
SELECT no, status, band FROM registry.read_scores(:'other') WHERE no = 1;
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
UPDATE nser.score SET score = 10.25 WHERE household_id = 1;
SET SESSION AUTHORIZATION regress_partner_b;

-- another's ticket, no ticket, another's agreement, no agreement: the same words
SELECT * FROM registry.read_scores(:'ticket');
SELECT * FROM registry.read_scores(gen_random_uuid());
SELECT * FROM registry.read_scores(NULL);
\set VERBOSITY sqlstate
SELECT registry.request_scores(:a, '{30201-0000001-1}');
SELECT registry.request_scores(999, '{30201-0000001-1}');
SELECT registry.request_scores(NULL, '{30201-0000001-1}');
\set VERBOSITY default
-- not in the transaction that asked, nor in one that does not see what has ended
BEGIN;
SELECT registry.request_scores(:b, '{30201-0000001-1}') AS own \gset
SELECT * FROM registry.read_scores(:'own');
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT registry.request_scores(:b, '{30201-0000001-1}');
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT * FROM registry.read_scores(:'other');
ROLLBACK;
BEGIN READ ONLY;
SELECT registry.request_scores(:b, '{30201-0000001-1}');
ROLLBACK;
BEGIN READ ONLY;
SELECT count(*) FROM registry.read_scores(:'other');
ROLLBACK;
-- what is no list of numbers
SELECT registry.request_scores(:b, NULL);
SELECT registry.request_scores(:b, '{}');
SELECT registry.request_scores(:b, '{{1,2},{3,4}}');
SELECT registry.request_scores(:b, array_fill('1'::text, '{5001}'));
-- who has no right reaches nothing: not the door, not what is behind it
SET SESSION AUTHORIZATION regress_stranger;
SELECT registry.request_scores(:b, '{30201-0000001-1}');
SET SESSION AUTHORIZATION regress_partner_b;
SELECT registry.take_score_request(:b, '{30201-0000001-1}');
SELECT registry.charge_quota(:b, 1);
SELECT registry.log_read(:b, 'nothing');
SELECT count(*) FROM nser.score_answer;
-- through a group, nobody is known
RESET SESSION AUTHORIZATION;
GRANT regress_partner_b TO regress_stranger;
SET SESSION AUTHORIZATION regress_stranger;
SET ROLE regress_partner_b;
\set VERBOSITY sqlstate
SELECT registry.request_scores(:b, '{30201-0000001-1}');
\set VERBOSITY default
SELECT * FROM registry.read_scores(:'other');
RESET SESSION AUTHORIZATION;

-- the quota: 14 of 25 are used, and what goes over is refused whole
SET SESSION AUTHORIZATION regress_partner_a;
SELECT registry.request_scores(:a, array_fill('x'::text, '{12}'));
SELECT registry.request_scores(:a, array_fill('x'::text, '{11}')) IS NOT NULL AS the_rest;
SELECT registry.request_scores(:a, '{x}');
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT o.name, q.used, q.day = registry.today() AS today FROM nser.quota_use AS q JOIN nser.organization AS o ON o.organization_id = q.partner ORDER BY 1;
-- kept of it: the log without a number, the answers for the persons' own record
SELECT writer, entry, event, login, release_id = :a_release AS release, ticket = :'ticket' AS ticket, count FROM nser.read_log WHERE agreement_id = :a ORDER BY entry;
SELECT household_id, no, line, score, band FROM nser.score_answer WHERE ticket = :'ticket' ORDER BY no;
SELECT * FROM registry.verify_read_log();
-- nobody writes it
UPDATE nser.score_ticket SET login = 'regress_partner_b' WHERE ticket = :'ticket';
UPDATE nser.score_ticket SET numbers = NULL, request = NULL WHERE ticket = :'ticket';
DELETE FROM nser.score_ticket;
TRUNCATE nser.score_ticket CASCADE;
UPDATE nser.score_answer SET score = 1;
DELETE FROM nser.score_answer;
-- it follows the household
UPDATE nser.household SET area = 'PK61702' WHERE household_id = 2;
SELECT area FROM nser.score_answer WHERE household_id = 2;

-- an hour later, nobody reads it; the next reading takes the numbers out, and looks up what nobody read, for the persons' own record
ALTER TABLE nser.score_ticket DISABLE TRIGGER score_ticket_history;
UPDATE nser.score_ticket SET requested_at = clock_timestamp() - interval '61 minutes' WHERE ticket IN (:'other', :'unread');
ALTER TABLE nser.score_ticket ENABLE TRIGGER score_ticket_history;
SET SESSION AUTHORIZATION regress_partner_b;
SELECT * FROM registry.read_scores(:'other');
SELECT registry.request_scores(:b, '{30201-0000001-1}') AS last \gset
SELECT no, status, band FROM registry.read_scores(:'last');
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT ticket = :'last' AS last, asked, numbers, settled_at IS NOT NULL AS settled FROM nser.score_ticket WHERE agreement_id = :b ORDER BY requested_at, asked;
SELECT household_id, line, band FROM nser.score_answer WHERE ticket = :'unread';
UPDATE nser.score_ticket SET settled_at = NULL WHERE ticket = :'last';
-- where a job of the registry looks up, a partner's own session never does
UPDATE nser.score_service SET by_job = true;
SET SESSION AUTHORIZATION regress_partner_b;
SELECT registry.request_scores(:b, '{30201-0000001-1}') AS later \gset
SELECT no, status, band FROM registry.read_scores(:'later');
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT registry.settle_tickets() > 0 AS settled, registry.settle_tickets() AS again;
SET SESSION AUTHORIZATION regress_partner_b;
SELECT no, status, band FROM registry.read_scores(:'later');
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
UPDATE nser.score_service SET by_job = false;

-- when the agreement ends, or its last day is over, tickets of before are over, too
ALTER TABLE nser.agreement DISABLE TRIGGER USER;
UPDATE nser.agreement SET ended_at = now(), end_reason = 'revoked' WHERE agreement_id = :b;
ALTER TABLE nser.agreement ENABLE TRIGGER USER;
SET SESSION AUTHORIZATION regress_partner_b;
SELECT * FROM registry.read_scores(:'last');
\set VERBOSITY sqlstate
SELECT registry.request_scores(:b, '{30201-0000001-1}');
\set VERBOSITY default
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
ALTER TABLE nser.agreement DISABLE TRIGGER USER;
UPDATE nser.agreement SET ended_at = NULL, end_reason = NULL, valid = daterange(registry.today() - 9, registry.today()) WHERE agreement_id = :b;
ALTER TABLE nser.agreement ENABLE TRIGGER USER;
SET SESSION AUTHORIZATION regress_partner_b;
SELECT * FROM registry.read_scores(:'last');
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
ALTER TABLE nser.agreement DISABLE TRIGGER USER;
UPDATE nser.agreement SET valid = daterange(registry.today() - 9, registry.today() + 9) WHERE agreement_id = :b;
ALTER TABLE nser.agreement ENABLE TRIGGER USER;
SELECT registry.grant_scores('regress_partner_b', false);
SET SESSION AUTHORIZATION regress_partner_b;
SELECT * FROM registry.read_scores(:'last');
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;

-- of an agreement of another category, and of a release of one
SELECT pg_temp.agree('regress_partner_a', 'summary') AS c \gset
INSERT INTO nser.release (agreement_id, release_no, definition, state) VALUES (:c, 1, '{}', 'published') RETURNING release_id AS c_release \gset
SELECT registry.make_score(:c_release);
SELECT registry.make_score(NULL);
SET SESSION AUTHORIZATION regress_partner_a;
SELECT registry.request_scores(:c, '{30201-0000001-1}');
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;

-- who of a household, and what scores, an agreement is for
INSERT INTO nser.enrolment (household_id, area, programme, unit, line, entered_on, entry_reason, certified_on, recipient)
VALUES (1, 'PK61701003', 'kafaalat', 'person', 1, '2024-01-01', 'eligible', '2024-01-01', '30201-0000001-1');
CREATE FUNCTION pg_temp.found(asks jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	agreed	bigint := pg_temp.agree_unchecked('regress_partner_a', 'score', asks || '{"attributes": ["score_band"]}');
	given	uuid := gen_random_uuid();
BEGIN
	INSERT INTO nser.score_ticket (ticket, agreement_id, writer, entry, asked) VALUES (given, agreed, 'registry', registry.log_read(agreed, 'trial', NULL, 12, given), 12);
	PERFORM registry.look_up_scores(given, agreed, ARRAY(SELECT (3020100000000 + h * 10 + l)::text FROM generate_series(1, 6) AS h, generate_series(1, 2) AS l));
	RETURN (SELECT string_agg(household_id || '.' || line, ' ' ORDER BY household_id, line) FROM nser.score_answer AS s WHERE s.ticket = given AND s.survey_id IS NOT NULL);
END $$;
SELECT asks, pg_temp.found(asks) AS told FROM (VALUES ('{}'::jsonb), ('{"area": "PK7"}'), ('{"score_range": "[0,20.25]"}'), ('{"score_range": "(10.25,)"}'), ('{"programme": "kafaalat"}'),
	('{"member_types": ["head"]}'), ('{"member_types": ["woman", "disabled"]}'), ('{"member_types": ["child"]}'), ('{"member_types": ["elderly"]}'),
	('{"formula": "none"}')) AS v (asks);
-- a text is a number by the same rule as the type has
SELECT count(*) AS numbers, count(*) FILTER (WHERE (registry.cnic_or_null(t) IS NULL) IS DISTINCT FROM (e.error_code IS NOT NULL)) AS differ
FROM (VALUES ('30201-0000001-1'), ('3020100000011'), ('0020100000011'), ('9020100000011'), ('8999999999999'), ('1000000000000'), ('30201-00000011'), (' 3020100000011'),
	('3020100000011 '), (E'3020100000011\n'), ('30201_0000001_1'), (''), ('３020100000011'), ('302010000001'), ('30201000000111')) AS v (t)
CROSS JOIN LATERAL registry.input_error('registry.cnic', t) AS e;

RESET ROLE;
\set ECHO none
\i test/sharing/end.sql
DROP OWNED BY regress_partner_a, regress_partner_b, regress_stranger;
DROP ROLE regress_partner_a, regress_partner_b, regress_stranger;
