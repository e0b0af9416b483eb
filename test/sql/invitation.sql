--
-- Two-level targeting: the poorest candidates are ranked, invited and enrolled
--
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
SET datestyle = ISO;
SET client_min_messages = warning;
\set ECHO none
CALL registry.create_store();
RESET client_min_messages;
SET search_path = registry, public;
\set ECHO all

-- eight widows, in two districts; 7 and 8 are as poor as each other, and 6 has a second family
INSERT INTO nser.household (household_id, area, registered_on) SELECT h, CASE WHEN h < 4 THEN 'PK61701' ELSE 'PK70101' END::area_code, '2024-01-01' FROM generate_series(1, 8) AS h;
INSERT INTO nser.member (household_id, line, area, cnic, document, name, sex, birth_date, relationship, marital_status, valid_from)
SELECT h.household_id, l, h.area, (3020100000002 + 20 * h.household_id + 10 * l)::cnic, 'cnic', 'Woman ' || l, 'female', '1980-01-01',
	CASE l WHEN 1 THEN 'head' ELSE 'sibling' END::relationship, 'widowed', '2024-01-01'
FROM nser.household AS h CROSS JOIN LATERAL generate_series(1, CASE h.household_id WHEN 6 THEN 2 ELSE 1 END) AS l;
INSERT INTO formula (name, formula, source) VALUES ('five-a-room', '{"terms": [{"indicator": "rooms", "each": 5}]}', 'this test');
SELECT count(record_survey(h, jsonb_build_object('rooms', CASE h WHEN 8 THEN 7 ELSE h END)::indicators,
	(SELECT roster_agg(line, relationship, sex, 44, marital_status, 0, 0, 0, 0, true, false, true, 'unemployed', NULL, false, '{}', '{}')
	 FROM nser.member WHERE household_id = h), submitted_at => '2024-01-01 10:00+05'))
FROM generate_series(1, 8) AS h;
CALL score_all('five-a-room', NULL);
INSERT INTO nser.programme (code, name, formula, cutoff, valid) VALUES ('cash', 'Cash', 'five-a-room', 35, '[2024-01-01,)'), ('old', 'Old', 'five-a-room', 35, '[2010-01-01,2020-01-01)'),
	('food', 'Food', 'five-a-room', 35, '[2024-01-01,)');
INSERT INTO nser.person_flag VALUES (2, 1, 'foreign_travel', 1, 'made up', '2024-01-01', 'PK61701');
INSERT INTO nser.programme_rule (programme, rule_no, purpose, flag) VALUES ('cash', 1, 'filter', 'foreign_travel');
SELECT * FROM rank_candidates('cash');
-- quotas: of an area, of places; a household's families are not torn apart
SELECT household_id, score, lines, has_place FROM rank_candidates('cash', 'PK7', 3);
-- between equals a hash decides, which another programme draws anew, and which can be computed again
SELECT household_id, row_number() OVER (ORDER BY sha256(convert_to('cash ' || household_id, 'UTF8'))) AS rank FROM (VALUES (7), (8)) AS v (household_id) ORDER BY 2;
SELECT rank_candidates.household_id FROM rank_candidates('food') WHERE household_id > 6;
SELECT * FROM rank_candidates('no-such');
SELECT * FROM rank_candidates('cash', places => -1);

SELECT invite('cash', 'PK7', 4, '2024-03-01', '2024-03-31') AS invited;
SELECT invite('cash', 'PK6', 1, '2024-03-01') AS invited;
SELECT household_id AS hh, invitation_id AS id, line, invited_on, answer_by FROM nser.invitation ORDER BY 2;
SELECT household_id AS still_to_come FROM rank_candidates('cash');
SELECT invite('no-such');
SELECT invite('old');
SELECT invite('cash', answer_by => '2020-01-01');
SELECT invite('cash', answer_by => 'infinity');
SELECT invite('cash', places => -1);

SELECT answer_invitation(4, 1, 'accepted', '2024-03-05');
SELECT answer_invitation(5, 2, 'declined', '2024-03-06');
SELECT answer_invitation(6, 3, 'accepted', '2024-03-06', by_case => 5);
SELECT answer_invitation(5, 2, 'accepted', '2024-03-07');
SELECT answer_invitation(6, 3, 'accepted', '2024-03-07');
SELECT answer_invitation(5, 99, 'accepted', '2024-03-07');
SELECT answer_invitation(6, 4, 'perhaps');
SELECT answer_invitation(6, 4, 'accepted', '2024-01-01');
-- who comes is enrolled, invited or not, answered or not
SELECT enrol('cash', 4, 1, on_date => '2024-03-10', by_case => 6) AS id;
SELECT enrol('cash', 6, 2, on_date => '2024-03-10') AS id;
SELECT enrol('cash', 3, 1, on_date => '2024-03-10') AS id;
-- who does not come; 6 has become too rich meanwhile
INSERT INTO nser.programme_rule (programme, rule_no, purpose, indicator, at_least) VALUES ('cash', 3, 'filter', 'rooms', 6);
SELECT * FROM settle_invitations('2024-03-31');
SELECT * FROM settle_invitations('2024-04-01', 'PK7');
SELECT * FROM settle_invitations('2024-04-01');
SELECT household_id AS hh, invitation_id AS id, line, answer, answered_on, outcome, outcome_on, enrolment_id, by_case FROM nser.invitation ORDER BY 2;
DELETE FROM nser.programme_rule WHERE rule_no = 3;
-- not once more, but where it is said
SELECT household_id FROM rank_candidates('cash');
SELECT household_id, lines FROM rank_candidates('cash', again => true);
SELECT invite('cash', 'PK7', 1, again => true) AS invited;

SELECT programme, area, registered, scored, eligible, passes_filters AS passes, meets_criteria AS meets, invited, accepted, enrolled FROM nser.programme_funnel ORDER BY 1, area USING OPERATOR(registry.<);

-- of one programme and an area, from that down; the area itself once
SELECT programme, area, registered, eligible, meets_criteria AS meets FROM nser.funnel('food', 'PK6') ORDER BY area USING OPERATOR(registry.<);
SELECT programme, area, registered FROM nser.funnel(NULL, 'PK617') ORDER BY 1;
SELECT programme, area, registered FROM nser.funnel('cash', 'PK61701') ORDER BY 1;

-- who dies or leaves is waited for no more, and what the household was invited to as such ends with it
BEGIN;
INSERT INTO nser.programme (code, name, formula, cutoff, valid, unit) VALUES ('aid', 'Aid', 'five-a-room', 35, '[2024-01-01,)', 'household');
SELECT invite('food', 'PK7', on_date => '2024-05-01'), invite('aid', 'PK7', on_date => '2024-05-01') AS aid;
SELECT answer_invitation(household_id, invitation_id, 'accepted', '2024-05-05') FROM nser.invitation WHERE household_id = 6 AND programme = 'food' AND line = 2;
SELECT end_member(6, 2, 'died', '2024-05-02') > 0 AS recorded, end_member(5, 1, 'left', '2024-05-09') IS NULL AS nobody_left;
SELECT household_id AS hh, programme, line, answer, outcome, outcome_on FROM nser.invitation WHERE programme <> 'cash' AND household_id IN (5, 6) ORDER BY 1, 2, 3;
ROLLBACK;

-- history
UPDATE nser.invitation SET answer_by = answer_by + 1;
UPDATE nser.invitation SET outcome = NULL, outcome_on = NULL, enrolment_id = NULL WHERE outcome = 'enrolled';
DELETE FROM nser.invitation;
\set VERBOSITY terse
INSERT INTO nser.invitation (household_id, area, programme, line, invited_on, answer_by, outcome, outcome_on) VALUES (1, 'PK61701', 'cash', 1, '2024-01-01', '2024-02-01', 'enrolled', '2024-01-05');
INSERT INTO nser.invitation (household_id, area, programme, line, invited_on, answer_by, answer, answered_on) VALUES (1, 'PK61701', 'cash', 1, '2024-01-01', '2024-02-01', 'declined', '2024-01-05');

SET client_min_messages = warning;
DROP SCHEMA nser, share, release CASCADE;
DELETE FROM formula WHERE name = 'five-a-room';
