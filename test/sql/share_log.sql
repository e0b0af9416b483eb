--
-- The log of reading: chained, for good, and what a monitor and a person are told of it
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
RESET ROLE;
CREATE ROLE regress_partner_a;
CREATE ROLE regress_partner_b;
CREATE ROLE regress_public;
CREATE ROLE regress_monitor;
CREATE ROLE regress_clerk;
CREATE ROLE regress_uncounted;
SET ROLE regress_owner;
-- 1 and 2 live together; 3 came to them from a household of her own
INSERT INTO nser.household (household_id, area, registered_on) VALUES (1, 'PK61701003', '2023-01-01'), (2, 'PK61701003', '2023-01-01'), (3, 'PK61701003', '2023-01-01');
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, valid_from, recorded_at) VALUES
	(1, 1, 'PK61701003', '30201-0000001-1', 'cnic', 'Karim', 'male', '1980-01-01', 'head', '2023-01-01', '2023-01-01'),
	(1, 2, 'PK61701003', '30201-0000001-2', 'cnic', 'Zainab', 'female', '1984-01-01', 'spouse', '2023-01-01', '2023-01-01'),
	(2, 1, 'PK61701003', '30201-0000002-2', 'cnic', 'Rabia', 'female', '1960-01-01', 'head', '2023-01-01', '2023-01-01');
INSERT INTO nser.survey (household_id, survey_id, indicators, area, roster, submitted_at)
SELECT h.household_id, h.household_id, registry.complete('{}', r.roster, NULL), h.area, r.roster, '2023-01-01'
FROM nser.household AS h
CROSS JOIN (SELECT registry.roster_agg(1, 'head', 'male', 43, 'married', 0, 0, 0, 5, true, false, true, 'employed', 'regular', false, '{}', '{}') AS roster) AS r;
UPDATE nser.household SET current_survey = household_id;
INSERT INTO nser.score (household_id, survey_id, area, formula, score) VALUES (1, 1, 'PK61701003', 'hies-2015-demo', 16.17), (2, 2, 'PK61701003', 'hies-2015-demo', 32.01),
	(3, 3, 'PK61701003', 'hies-2015-demo', 5);
INSERT INTO nser.programme (code, name, formula, cutoff) VALUES ('nashonuma', 'Nashonuma', 'hies-2015-demo', 16.17), ('narrow', 'Narrow', 'hies-2015-demo', 17);
SELECT pg_temp.agree('regress_partner_a', 'score', '{"attributes": ["score"]}') AS a, pg_temp.agree('regress_partner_b', 'beneficiary_list', '{"with_cnic": true, "programme": "kafaalat"}') AS b \gset
SELECT pg_temp.serve(:a) AS a_release \gset
INSERT INTO nser.release (agreement_id, release_no, definition, state) VALUES (:b, 1, '{}', 'published') RETURNING release_id AS b_release \gset
INSERT INTO nser.release_subject (household_id, release_id, area, lines) VALUES (1, :b_release, 'PK61701003', '{2}'), (2, :b_release, 'PK61701003', NULL);

-- what is said of an entry, and what is not the writer's to say
SELECT registry.log_read(:a, 'publish', :a_release) AS first, registry.log_read(:a, 'spot_check', NULL, 0) AS second, registry.log_read(:b, 'open_list', :b_release, 2) AS other;
INSERT INTO nser.read_log (agreement_id, writer, entry, event, login, logged_at, hash, count) VALUES (:b, 'partner', 70, 'open_list', 'nobody', '2001-01-01', '\x00', 2), (:b, 'partner', 70, 'open_list', 'nobody', '2001-01-01', '\x00', 3);
SET SESSION AUTHORIZATION regress_partner_a;
SELECT registry.request_scores(:a, '{30201-0000001-1,30201-0000001-2,30201-0000002-2}') AS ticket \gset
SELECT count(*) FROM registry.read_scores(:'ticket');
SELECT registry.request_scores(:a, '{30201-0000001-1}') AS again \gset
SELECT count(*) FROM registry.read_scores(:'again');
-- and one that is not read
SELECT registry.request_scores(:a, '{30201-0000001-2}') IS NOT NULL AS asked;
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT agreement_id, writer, entry, event, login, logged_at > now() - interval '1 minute' AS now, release_id, count, octet_length(hash) AS hashed FROM nser.read_log ORDER BY 1, 2, 3;
SELECT agreement_id, writer, entry, octet_length(hash) AS hashed FROM registry.read_log_heads();
SELECT registry.log_read(:a, 'Nobody reads this: 30201-0000001-1');
SELECT registry.log_read(:a, 'publish', 999);
SELECT registry.log_read(:a, 'publish', NULL, -1);
SELECT registry.log_read(999, 'publish');
SELECT registry.log_read(NULL, 'publish');
UPDATE nser.read_log SET count = 0;
DELETE FROM nser.read_log;
TRUNCATE nser.read_log CASCADE;
UPDATE nser.read_log_head SET last_entry = 1;
INSERT INTO nser.read_log_head (agreement_id, writer) VALUES (:b, 'partner');
DELETE FROM nser.read_log_head;
TRUNCATE nser.read_log_head;
SELECT count(*) AS nothing_wrong FROM registry.verify_read_log();

-- one who can take the triggers away is found out: altered, taken out, cut off, written anew
RESET ROLE;
CREATE TABLE public.kept AS SELECT * FROM registry.read_log_heads();
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE nser.read_log SET count = 1 WHERE agreement_id = :a AND writer = 'partner' AND entry = 1;
SELECT * FROM registry.verify_read_log();
SELECT * FROM registry.verify_read_log(:b);
ROLLBACK;
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE nser.read_log SET login = 'somebody' WHERE agreement_id = :a AND writer = 'partner' AND entry = 2;
SELECT * FROM registry.verify_read_log(:a);
ROLLBACK;
BEGIN;
SET LOCAL session_replication_role = replica;
DELETE FROM nser.read_log WHERE agreement_id = :a AND entry = 1;
SELECT * FROM registry.verify_read_log();
ROLLBACK;
BEGIN;
SET LOCAL session_replication_role = replica;
DELETE FROM nser.read_log WHERE agreement_id = :b AND entry > 1;
SELECT * FROM registry.verify_read_log();
-- and the head with them: only what was kept elsewhere knows
UPDATE nser.read_log_head AS h SET last_entry = 1, last_hash = l.hash FROM nser.read_log AS l WHERE l.agreement_id = h.agreement_id AND l.writer = h.writer AND l.agreement_id = :b AND l.entry = 1;
SELECT * FROM registry.verify_read_log();
SELECT * FROM registry.verify_read_log(NULL, 'public.kept');
DELETE FROM nser.read_log WHERE agreement_id = :b;
DELETE FROM nser.read_log_head WHERE agreement_id = :b;
SELECT * FROM registry.verify_read_log();
SELECT * FROM registry.verify_read_log(:b, 'public.kept');
ROLLBACK;
BEGIN;
-- a whole chain anew, hashes and all
SET LOCAL session_replication_role = replica;
UPDATE nser.read_log SET count = 9, hash = registry.read_hash(NULL, agreement_id, writer, entry, event, login, logged_at, release_id, ticket, 9) WHERE agreement_id = :a AND writer = 'partner' AND entry = 1;
UPDATE nser.read_log AS l SET hash = registry.read_hash(p.hash, l.agreement_id, l.writer, l.entry, l.event, l.login, l.logged_at, l.release_id, l.ticket, l.count)
FROM nser.read_log AS p WHERE p.agreement_id = l.agreement_id AND p.writer = l.writer AND p.entry = 1 AND l.entry = 2 AND l.agreement_id = :a AND l.writer = 'partner';
UPDATE nser.read_log_head AS h SET last_hash = l.hash FROM nser.read_log AS l WHERE l.agreement_id = h.agreement_id AND l.writer = h.writer AND l.entry = h.last_entry;
SELECT * FROM registry.verify_read_log();
SELECT * FROM registry.verify_read_log(NULL, 'public.kept');
ROLLBACK;
ALTER TABLE public.kept RENAME entry TO number;
SELECT * FROM registry.verify_read_log(NULL, 'public.kept');
DROP TABLE public.kept;
SET ROLE regress_owner;

-- her own record: a release she is in, and who asked for her score, or her household's
SELECT access, organization, day = registry.today() AS today, times, category, purpose, shown, since <= now() AS since, until > now() AS goes_on FROM registry.subject_access('30201-0000001-2') ORDER BY 1, 4;
-- the husband is in no list; the neighbour's whole household is
SELECT access, organization, times, category FROM registry.subject_access('30201-0000001-1') ORDER BY 1, 3;
SELECT access, organization, times, category FROM registry.subject_access('30201-0000002-2') ORDER BY 1, 3;
SELECT count(*) FROM registry.subject_access('30201-0009999-1');
-- who left before the release was made is not in it; what was replaced was shown until then
UPDATE nser.release SET made_at = '2022-12-31' WHERE release_id = :b_release;
SELECT access FROM registry.subject_access('30201-0000001-2') ORDER BY 1;
UPDATE nser.release SET made_at = '2024-01-01', state = 'replaced' WHERE release_id = :b_release;
INSERT INTO nser.release (agreement_id, release_no, definition, state, made_at) VALUES (:b, 2, '{}', 'published', '2024-06-01');
SELECT access, since, until FROM registry.subject_access('30201-0000001-2') WHERE category = 'beneficiary_list' AND access = 'could_read';

-- the public: not registered, under verification, or a band, of no less than five points
SELECT registry.allow_public('regress_public', 'hies-2015-demo', 6, '0');
SET SESSION AUTHORIZATION regress_public;
SELECT t, registry.public_status(t) FROM (VALUES ('30201-0000001-1'), ('3020100000022'), ('30201-0009999-1'), ('nobody')) AS v (t);
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT household_id, state FROM registry.open_case('roster', 2, gen_random_uuid());
SET SESSION AUTHORIZATION regress_public;
SELECT registry.public_status('3020100000022');
SELECT registry.public_status(NULL);
SELECT registry.public_status('30201-0000001-1');
SET SESSION AUTHORIZATION regress_partner_a;
SELECT registry.public_status('30201-0000001-1');
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT s, registry.public_band(s, 'hies-2015-demo', 5) AS band, registry.public_band(s, 'hies-2015-demo', 0.5) AS finer, registry.public_band(s, 'none', 5) AS of_none
FROM unnest('{0,16.17,16.18,17,17.01,32,32.01,100}'::float[]) AS s;
-- when it takes its time, it takes it for every answer
SELECT registry.allow_public('regress_public', 'hies-2015-demo', 100, '200 milliseconds') AS same_front;
SET SESSION AUTHORIZATION regress_public;
SELECT clock_timestamp() AS began \gset
SELECT registry.public_status('nobody'), registry.public_status('30201-0000001-1');
SELECT clock_timestamp() - :'began'::timestamptz >= interval '400 milliseconds' AS took_its_time;
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT registry.allow_public('regress_public', 'hies-2015-demo', 0);
SELECT registry.allow_public('regress_public', 'hies-2015-demo', 9, '1 minute');
SELECT registry.allow_public('regress_public', 'hies-2015-demo', NULL);
SELECT registry.allow_public('regress_nobody', 'hies-2015-demo', 1);
UPDATE nser.public_front SET valid = daterange('2020-01-01', '2021-01-01');
SET SESSION AUTHORIZATION regress_public;
SELECT registry.public_status('30201-0000001-1');
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT login, day = registry.today() AS today, asked FROM registry.public_use();

-- a monitor has what is granted, which tells of no person, and the unit a person's record
SELECT registry.grant_duty('regress_monitor', 'monitor') > 0 AS granted;
SET SESSION AUTHORIZATION regress_monitor;
SELECT organization, writer, entry, event, login, count FROM nser.monitor_log(registry.today()) ORDER BY 1, 2, 3;
SELECT count(*) FROM nser.monitor_log(registry.today() + 1);
SELECT release_id, organization, category, release_no, state, rows FROM nser.monitor_release();
SELECT partner, used FROM nser.monitor_quota();
SELECT partner, agreement_id, dimension, locked, exact, shown FROM nser.monitor_dimension();
SELECT login, asked FROM nser.monitor_public();
SELECT count(*) FROM nser.monitor_heads();
SELECT * FROM nser.monitor_check();
SELECT * FROM nser.subject_access('30201-0000001-1');
SELECT * FROM registry.subject_access('30201-0000001-1');
SELECT * FROM nser.read_log;
SET SESSION AUTHORIZATION DEFAULT;
SET ROLE regress_owner;
SELECT registry.grant_duty('regress_clerk', 'unit') > 0 AS granted;
SET SESSION AUTHORIZATION regress_clerk;
SELECT access, organization FROM nser.subject_access('30201-0000002-2') ORDER BY 1;
-- each question of the unit is counted, of whom it was is not; no rollback takes one back, and where none can be counted nothing is told
SELECT count(*) FROM nser.subject_access('30201-0009999-1');
BEGIN;
SELECT count(*) FROM nser.subject_access('30201-0000001-1');
SAVEPOINT s;
SELECT count(*) FROM nser.subject_access('30201-0000001-2');
ROLLBACK TO s;
ROLLBACK;
BEGIN READ ONLY;
SELECT count(*) FROM nser.subject_access('30201-0000001-1');
ROLLBACK;
SELECT * FROM nser.subject_asker;
SELECT * FROM registry.subject_use();
SELECT * FROM nser.monitor_subject();
SET SESSION AUTHORIZATION regress_monitor;
SELECT login, day = registry.today() AS today, asked FROM nser.monitor_subject();
SELECT count(*) FROM nser.subject_access('30201-0000001-1');
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
-- a duty that was written by hand, and is not counted
INSERT INTO nser.duty (login, duty) VALUES ('regress_uncounted', 'unit');
GRANT USAGE ON SCHEMA nser TO regress_uncounted;
GRANT EXECUTE ON FUNCTION nser.subject_access(registry.cnic) TO regress_uncounted;
SET SESSION AUTHORIZATION regress_uncounted;
SELECT count(*) FROM nser.subject_access('30201-0000001-1');
-- a duty that is over, has not begun, or is another's, whose role was set
RESET SESSION AUTHORIZATION;
GRANT regress_clerk, regress_monitor TO regress_public;
SET ROLE regress_owner;
SELECT count(registry.grant_duty(v.login, v.duty, daterange(registry.today() + v.from_day, registry.today() + v.from_day + 5)))
FROM (VALUES ('regress_clerk', 'unit', -9), ('regress_monitor', 'monitor', 2)) AS v (login, duty, from_day);
SET SESSION AUTHORIZATION regress_clerk;
SELECT count(*) FROM nser.subject_access('30201-0000001-1');
SELECT * FROM nser.match_uploads();
SET SESSION AUTHORIZATION regress_monitor;
SELECT count(*) FROM nser.monitor_log();
SELECT count(*) FROM nser.monitor_subject();
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
SELECT count(registry.grant_duty(v.login, v.duty)) FROM (VALUES ('regress_clerk', 'unit'), ('regress_monitor', 'monitor')) AS v (login, duty);
SET SESSION AUTHORIZATION regress_public;
SET ROLE regress_clerk;
SELECT count(*) FROM nser.subject_access('30201-0000001-1');
SELECT * FROM nser.match_uploads();
SET ROLE regress_monitor;
SELECT count(*) FROM nser.monitor_release();
RESET ROLE;
SET SESSION AUTHORIZATION regress_clerk;
\set VERBOSITY sqlstate
SELECT nser.publish(:a);
SELECT nser.refresh(:a);
\set VERBOSITY default
SET SESSION AUTHORIZATION DEFAULT;

\set ECHO none
\i test/sharing/end.sql
DROP OWNED BY regress_partner_a, regress_partner_b, regress_public, regress_monitor, regress_clerk, regress_uncounted;
DROP ROLE regress_partner_a, regress_partner_b, regress_public, regress_monitor, regress_clerk, regress_uncounted;
