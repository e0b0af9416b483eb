--
-- Lists of others as flags of people, which programmes filter by while they are young enough
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
\set ECHO none
\i test/sharing/begin.sql
\set ECHO all
SET datestyle = ISO;
SET timezone = 'Asia/Karachi';
RESET client_min_messages;
INSERT INTO nser.household (household_id, area, registered_on) SELECT h, 'PK61701003', '2023-01-01' FROM generate_series(1, 4) AS h;
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, relationship, valid_from)
SELECT h, 1, 'PK61701003', (3020100000001 + h * 10)::registry.cnic, 'cnic', 'Karim', 'male', 'head', '2023-01-01' FROM generate_series(1, 4) AS h;
SELECT count(registry.record_survey(h, '{}', '[{"line": 1, "relationship": "head", "sex": "male", "age": 44}]', submitted_at => '2024-03-01 12:00+05')) FROM generate_series(1, 4) AS h;
SELECT registry.end_member(4, 1, 'died', '2025-01-01');

-- sources are data: what a value is, and how long it holds
SELECT * FROM registry.load_flags('excise department', 'nser.household');
INSERT INTO nser.flag_source (source, flag, measure, holds_for) VALUES ('excise department', 'vehicle', NULL, '1 year'),
	('telephone company', 'telephone_bill', 'rupees a month', '6 months'), ('revenue board', 'bank_balance', 'thousands of rupees', '1 year'),
	('revenue board', 'foreign_travel', 'journeys in five years', NULL);
INSERT INTO nser.flag_source (source, flag, holds_for) VALUES ('a list', 'vehicle', '-1 day');

-- a list, with rows of every kind; who is not registered, or died, is counted, and not kept
CREATE TEMP TABLE vehicles (cnic text, value text, as_of text);
INSERT INTO vehicles VALUES ('30201-0000001-1', NULL, '2026-02-01'), ('3020100000021', '2', '2026-02-01 10:00'), ('3020100000021', '3', '2026-02-01'), (' 3020100000021 ', '1', '2026-01-01'),
	('3020100000041', '1', '2026-02-01'), ('8999999999999', '1', '2026-02-01'), (NULL, '1', '2026-02-01'), ('30201', '1', '2026-02-01'), ('9020100000011', '1', NULL),
	('3020100000031', '1.5', NULL), ('3020100000031', '-1', NULL), ('3020100000031', 'two', NULL), ('3020100000031', '99999999999999999999', NULL), ('3020100000031', '1', '2026-02-30'),
	('3020100000031', '1', '2999-01-01'), ('3020100000031', '1', 'yesterday');
SELECT * FROM registry.load_flags('excise department', 'vehicles');
SELECT row_no, column_name, sqlstate, reason, row FROM nser.load_error ORDER BY 1;
SELECT * FROM nser.person_flag ORDER BY 1;
-- the same again: nothing is new; an older list: nothing is replaced
SELECT * FROM registry.load_flags('excise department', 'vehicles');
UPDATE vehicles SET as_of = '2025-06-01', value = '7';
SELECT * FROM registry.load_flags('excise department', 'vehicles');
-- a newer one: what was said before is history
DELETE FROM vehicles WHERE cnic IS NULL OR cnic !~ '1$';
UPDATE vehicles SET as_of = '2026-06-01', value = '4';
SELECT * FROM registry.load_flags('excise department', 'vehicles');
SELECT * FROM nser.person_flag ORDER BY 1;
SELECT household_id, line, flag, value, source, as_of, replaced_by = session_user AS by_me FROM nser.person_flag_past ORDER BY 1, past_id;

-- a source with several flags says which; days with a time are those of Pakistan
CREATE TEMP TABLE accounts (cnic registry.cnic, flag text, value integer, as_of timestamptz);
INSERT INTO accounts VALUES ('3020100000031', 'bank_balance', 900, '2026-03-01 22:00Z'), ('3020100000031', 'foreign_travel', 2, '2026-03-01 22:00Z'),
	('3020100000031', 'vehicle', 2, '2026-03-01 22:00Z'), ('3020100000011', NULL, 2, '2026-03-01 22:00Z');
SELECT * FROM registry.load_flags('revenue board', 'accounts');
SELECT row_no, column_name, reason FROM nser.load_error WHERE source LIKE '%accounts' ORDER BY 1;
SELECT flag, value, as_of FROM nser.person_flag WHERE household_id = 3 ORDER BY 1;
SELECT * FROM registry.load_flags('revenue board', 'nser.programme');
SELECT * FROM registry.load_flags('revenue board', NULL);
SELECT * FROM registry.load_flags('revenue board', 'accounts', '2999-01-01');
SELECT * FROM registry.load_flags('revenue board', 'accounts', NULL);

-- of one day the lower value stands, whichever comes first; another source is one by itself
CREATE TEMP TABLE bills (cnic text, value text);
INSERT INTO nser.flag_source (source, flag, measure, holds_for) VALUES ('another company', 'telephone_bill', 'rupees a month', '6 months');
INSERT INTO bills VALUES ('3020100000021', '1001'), ('3020100000031', '800'), ('3020100000011', '5000');
SELECT loaded, unchanged FROM registry.load_flags('telephone company', 'bills', '2026-05-01');
UPDATE bills SET value = value::integer + CASE WHEN cnic = '3020100000021' THEN -1 ELSE 300 END;
SELECT loaded, unchanged FROM registry.load_flags('telephone company', 'bills', '2026-05-01');
DELETE FROM bills WHERE cnic <> '3020100000031';
SELECT loaded, unchanged FROM registry.load_flags('another company', 'bills', '2026-08-15');
SELECT household_id, value, source, as_of FROM nser.person_flag WHERE flag = 'telephone_bill' ORDER BY 1, 3;

-- who moves takes them along, and what the area is called is no change
SELECT count(*) FROM nser.person_flag_past;
UPDATE nser.household SET area = 'PK617' WHERE household_id = 1;
SELECT count(*) FROM nser.person_flag_past;
SELECT household_id, flag, area FROM nser.person_flag WHERE household_id = 1 ORDER BY 2;

-- a programme's filter: who pays more than 1000 rupees a month, to whichever company, while that is not too long ago
INSERT INTO nser.programme_rule (programme, rule_no, purpose, flag, at_least) VALUES ('kafaalat', 1, 'filter', 'telephone_bill', 1001);
SELECT r.day, string_agg(h::text, ', ' ORDER BY h) FILTER (WHERE j.passes_filters) AS passes
FROM (VALUES ('2026-04-30'::date), ('2026-05-01'), ('2026-08-14'), ('2026-08-15'), ('2026-10-31'), ('2026-11-01'), ('2027-02-14'), ('2027-02-15')) AS r (day)
CROSS JOIN generate_series(1, 3) AS h
CROSS JOIN LATERAL nser.judge_rules('kafaalat', h, '{}', r.day) AS j
GROUP BY 1 ORDER BY 1;
-- today, by the view that programmes enrol from: a list that is too old does not count, one without an end does
UPDATE nser.person_flag SET as_of = registry.today() - CASE source WHEN 'another company' THEN 400 ELSE 30 END WHERE flag = 'telephone_bill';
SELECT household_id, passes_filters, registry.candidate('kafaalat', household_id) AS is_candidate FROM nser.candidacy WHERE programme = 'kafaalat' AND household_id < 4 ORDER BY 1;
UPDATE nser.flag_source SET holds_for = NULL WHERE source = 'another company';
SELECT household_id, passes_filters FROM nser.candidacy WHERE programme = 'kafaalat' AND household_id < 4 ORDER BY 1;
UPDATE nser.flag_source SET holds_for = '1 day';
SELECT household_id, passes_filters FROM nser.candidacy WHERE programme = 'kafaalat' AND household_id < 4 ORDER BY 1;
-- and so says the count of each step
SELECT registered, scored, eligible, passes_filters FROM nser.funnel('kafaalat', 'PK') WHERE area::text = 'PK';

\set ECHO none
\i test/sharing/end.sql
