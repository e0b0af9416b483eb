-- demo: one district, from an empty database to who is eligible and why.
--
--	make demo
--
-- Run by psql in an empty database, from any folder.  The output is the same every
-- time: test/demo/run.sh compares it with demo.out.

\set QUIET on
\pset footer off
\pset null '?'
\set VERBOSITY default
SET client_min_messages = warning;

CREATE EXTENSION registry CASCADE;
-- the store is of a role that is no superuser, or nothing could be shared from it
CREATE ROLE demo_owner;
SELECT format('GRANT CREATE ON DATABASE %I TO demo_owner', current_database()) \gexec
GRANT SELECT, INSERT, UPDATE, DELETE ON registry.formula TO demo_owner;
SET ROLE demo_owner;
CALL registry.create_store();
RESET ROLE;
\ir ../population/population.sql
SET search_path = registry, public;

\qecho 'A district of 20,000 generated households.  Nobody here exists, and no number is a person''s.'
CALL population.load(20000, district => 'PK703');
CALL registry.derive_all();
CALL registry.score_all('hies-2015-demo');
SELECT count_names() \g /dev/null
ANALYZE nser.survey, nser.score, nser.family;

\qecho
\qecho '1. The district, by tehsil'
SELECT coalesce(ancestor(h.area, 'tehsil')::text, 'district') AS tehsil, count(*) AS households, sum(p.members) AS members,
	round(avg(p.members), 2) AS mean_size, round(100 * avg((p.region = 'urban')::integer)) AS urban_pct,
	round(100.0 * sum(p.children_4_18_out_of_school) / sum(p.children_4_18) FILTER (WHERE p.children_4_18_out_of_school IS NOT NULL)) AS out_of_school_pct
FROM nser.household AS h
JOIN nser.household_profile AS p USING (household_id)
GROUP BY ROLLUP (ancestor(h.area, 'tehsil'))
ORDER BY ancestor(h.area, 'tehsil');

\qecho '2. Who lives there: scores by hies-2015-demo, a demonstration fitted on HIES 2015-16, not BISP''s.'
\qecho '   The names of the bands are the Poverty Scorecard''s: by these points they say nothing of anyone''s poverty.'
SELECT coalesce(poverty_band(s.score)::text, 'no score') AS band, count(*) AS households,
	round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS pct, sum(v.indicators -> 'members') AS people
FROM nser.score AS s
JOIN nser.survey AS v USING (household_id, survey_id)
GROUP BY poverty_band(s.score)
ORDER BY poverty_band(s.score);

INSERT INTO nser.programme (code, name, formula, cutoff, source)
	VALUES ('demo', 'demonstration programme', 'hies-2015-demo', 32, 'threshold for this demonstration');
INSERT INTO nser.relaxation (programme, indicator, at_least, cutoff, source)
	VALUES ('demo', 'disabled_members', 1, 37, 'threshold for this demonstration');

\qecho '3. Eligible for a made-up programme at 32 or below, and at 37 where a member is disabled'
SELECT coalesce(ancestor(e.area, 'tehsil')::text, 'district') AS tehsil,
	count(*) FILTER (WHERE e.eligible) AS eligible,
	count(*) FILTER (WHERE e.eligible AND e.score > 32) AS of_these_relaxed,
	count(*) FILTER (WHERE NOT e.eligible) AS not_eligible,
	count(*) FILTER (WHERE e.eligible IS NULL) AS unknown,
	round(100.0 * count(*) FILTER (WHERE e.eligible) / count(*), 1) AS eligible_pct
FROM nser.eligibility AS e
WHERE e.programme = 'demo'
GROUP BY ROLLUP (ancestor(e.area, 'tehsil'))
ORDER BY ancestor(e.area, 'tehsil');

\qecho '4. What a budget buys: the highest cut-off that so many families can be paid for'
WITH bought AS MATERIALIZED (
	SELECT b.families, cutoff_for(t.tally, b.families) AS cutoff
	FROM (SELECT pmt_tally(s.score) AS tally FROM nser.score AS s) AS t
	CROSS JOIN (VALUES (500), (1000), (2000), (4000), (8000)) AS b (families)
)
SELECT b.families AS paid_for, b.cutoff,
	(SELECT count(*) FROM nser.score AS s WHERE s.score <= b.cutoff) AS at_or_below,
	(SELECT count(*) FROM nser.score AS s WHERE s.score <= b.cutoff + 0.5) AS half_a_point_more
FROM bought AS b
ORDER BY b.families;

-- A joint household that is eligible by the relaxation alone.
SELECT e.household_id AS household
FROM nser.eligibility AS e
JOIN nser.household_profile AS p USING (household_id)
WHERE e.programme = 'demo' AND e.eligible AND e.score > 32 AND p.members BETWEEN 7 AND 9
	AND p.ever_married_women = 2 AND p.children_5_16 = 2 AND p.children_5_16_at_school = 1
ORDER BY e.household_id
LIMIT 1 \gset

\qecho '5. One household (made up)'
SELECT m.line, m.name, m.cnic, m.relationship, m.age, m.spouse_line AS spouse, m.mother_line AS mother,
	m.class, coalesce(m.work, m.employment, '') AS does, array_to_string(m.disabilities, ', ') AS disability
FROM nser.member_profile AS m
WHERE m.household_id = :household
ORDER BY m.line;

\qecho '6. Its families, on what evidence the children and the husband were placed, and which count for payment'
SELECT f.family_no AS no, f.kind, f.woman, f.husband, f.child_lines, f.evidence, f.counts
FROM nser.family_profile AS f
WHERE f.household_id = :household
ORDER BY f.family_no;

\qecho '   and those of the district'
SELECT coalesce(f.kind::text, 'all') AS kind, sum(f.families) AS families, sum(f.counting) AS count_for_payment, sum(f.children) AS unmarried_children
FROM nser.family_count AS f
GROUP BY ROLLUP (f.kind)
ORDER BY f.kind;

\qecho '7. Its score explained: the points add up to it'
SELECT coalesce(x.term, 'score') AS term, coalesce(x.answer, '') AS answer, sum(x.points) AS points
FROM nser.survey AS v
JOIN registry.formula AS f ON f.name = 'hies-2015-demo'
CROSS JOIN LATERAL pmt_explain(v.indicators, f.formula) WITH ORDINALITY AS x (term, answer, points, no)
WHERE v.household_id = :household
GROUP BY GROUPING SETS ((x.no, x.term, x.answer), ())
ORDER BY x.no;

\qecho '8. Why some have no score: a missing answer is never taken for the poorest one'
SELECT x.term, count(*) AS households_without_this_answer
FROM nser.score AS s
JOIN nser.survey AS v USING (household_id, survey_id)
JOIN registry.formula AS f ON f.name = s.formula
CROSS JOIN LATERAL pmt_explain(v.indicators, f.formula) AS x
WHERE s.score IS NULL AND x.points IS NULL
GROUP BY x.term
ORDER BY count(*) DESC, x.term;

\qecho '9. The same households by the published points of ppi-pakistan-2009 (Schreiner): another scale'
SELECT coalesce(poverty_band(s.score)::text, 'no score') AS band_by_hies_demo,
	round(avg(p.score)::numeric, 1) AS mean_ppi,
	round(percentile_cont(0.1) WITHIN GROUP (ORDER BY p.score)::numeric, 1) AS lowest_tenth,
	round(percentile_cont(0.9) WITHIN GROUP (ORDER BY p.score)::numeric, 1) AS highest_tenth
FROM nser.score AS s
JOIN nser.survey AS v USING (household_id, survey_id)
CROSS JOIN LATERAL (SELECT pmt_score(v.indicators, f.formula) AS score FROM registry.formula AS f WHERE f.name = 'ppi-pakistan-2009') AS p
GROUP BY poverty_band(s.score)
ORDER BY poverty_band(s.score);

\qecho '10. Wrong input is refused with what was expected, and never repeated: it may be a person''s number'
\set ON_ERROR_STOP off
SELECT v::cnic FROM (VALUES ('35202-123456-1')) AS entered (v);
SELECT v::indicators FROM (VALUES ('{"rooms": 3, "toilet": "flush"}')) AS entered (v);
\set ON_ERROR_STOP on
\qecho

-- A batch as it might come from a file, all text.
CREATE TEMP TABLE batch (row_no bigint, area text, phone text, answers text, land text);
INSERT INTO batch VALUES
	(1, 'PK70301004', '0300-1234567', '{"region": "urban", "rooms": 2, "toilet": "flush_sewer"}', '0 acre'),
	(2, 'PK70301', '+923331234567', '{"region": "rural", "rooms": 1, "toilet": "none"}', '2 acre 3 kanal'),
	(3, 'PK99', '0300-1234568', '{"region": "rural", "rooms": 1}', '1 acre'),
	(4, 'PK70301004', '0300-12345', '{"region": "urban", "rooms": 4}', '0 acre'),
	(5, 'PK70301004', '0321-1234569', '{"region": "urban", "rooms": "many"}', '0 acre'),
	(6, 'PK70301004', '0321-1234570', '{"region": "urban", "rooms": 3}', '2 bigha');

SELECT nextval('nser.load_id_seq') AS load \gset

INSERT INTO nser.load_error (load_id, row_no, source, column_name, sqlstate, reason, row)
	SELECT DISTINCT ON (b.row_no) :load, b.row_no, 'batch', c.name, e.error_code, concat_ws('. ', e.message, e.detail), to_jsonb(b)
	FROM batch AS b
	CROSS JOIN LATERAL (VALUES
		(1, 'area', 'registry.area_code'::regtype, b.area),
		(2, 'phone', 'registry.mobile_number', b.phone),
		(3, 'answers', 'registry.indicators', b.answers),
		(4, 'land', 'registry.land_area', b.land)) AS c (no, name, type, value)
	CROSS JOIN LATERAL input_error(c.type, c.value) AS e
	WHERE e.error_code IS NOT NULL
	ORDER BY b.row_no, c.no;

CREATE TEMP TABLE taken AS
	SELECT nextval('nser.household_household_id_seq') AS household_id, b.*
	FROM batch AS b
	WHERE NOT EXISTS (SELECT FROM nser.load_error AS e WHERE e.load_id = :load AND e.row_no = b.row_no);
INSERT INTO nser.household (household_id, area, phone)
	SELECT t.household_id, t.area::area_code, t.phone::mobile_number FROM taken AS t;
SELECT record_survey(t.household_id, t.answers::indicators, NULL, t.land::land_area) AS survey FROM taken AS t \g /dev/null

\qecho '11. A batch of six households: two load, the other four are kept with the reason'
SELECT b.row_no, t.household_id AS loaded_as, e.column_name, e.reason
FROM batch AS b
LEFT JOIN taken AS t USING (row_no)
LEFT JOIN nser.load_error AS e ON e.load_id = :load AND e.row_no = b.row_no
ORDER BY b.row_no;

-- A widow who heads a household with children, and a widower elsewhere.
SELECT h.household_id AS hers, (SELECT min(c.line) FROM nser.member AS c WHERE c.household_id = h.household_id AND c.relationship = 'child' AND c.birth_date < '2005-01-01') AS stays,
	(SELECT max(c.line) FROM nser.member AS c WHERE c.household_id = h.household_id AND c.relationship = 'child' AND c.birth_date > '2010-01-01') AS goes
FROM nser.household AS h
JOIN nser.member AS m ON m.household_id = h.household_id AND m.line = 1 AND m.sex = 'female' AND m.marital_status = 'widowed' AND m.cnic IS NOT NULL
WHERE (SELECT count(*) FROM nser.member AS c WHERE c.household_id = h.household_id) = 4
AND EXISTS (SELECT FROM nser.member AS c WHERE c.household_id = h.household_id AND c.relationship = 'child' AND c.birth_date < '2005-01-01')
AND EXISTS (SELECT FROM nser.member AS c WHERE c.household_id = h.household_id AND c.relationship = 'child' AND c.birth_date > '2010-01-01')
ORDER BY h.household_id LIMIT 1 \gset
SELECT h.household_id AS his
FROM nser.household AS h
JOIN nser.member AS m ON m.household_id = h.household_id AND m.line = 1 AND m.sex = 'male' AND m.marital_status = 'widowed' AND m.birth_date > '1965-01-01'
WHERE (SELECT count(*) FROM nser.member AS c WHERE c.household_id = h.household_id) BETWEEN 2 AND 3
ORDER BY h.household_id LIMIT 1 \gset

\qecho '12. A number is one person''s: the widow of another household tries to register anew, and is told the way out'
\set ON_ERROR_STOP off
\set SHOW_CONTEXT never
INSERT INTO nser.household (area) VALUES ('PK70301004') RETURNING household_id AS new \gset
SELECT register_member(:new, m.name, 'female', 'head', m.cnic) FROM nser.member AS m WHERE m.household_id = :hers AND m.line = 1;
\set ON_ERROR_STOP on
\qecho

\qecho '13. She marries into that widower''s house, and takes her youngest along; a grown child heads those who stay'
SELECT * FROM move_member(:hers, 1, :his, 'spouse', 'married', spouse_line => 1, new_head => :stays, with_lines => ARRAY[:goes]);
SELECT CASE m.household_id WHEN :hers THEN 'hers' ELSE 'his' END AS household, m.line, m.version, m.name, m.relationship, m.marital_status, m.spouse_line AS spouse,
	m.mother_line AS mother, m.end_reason
FROM nser.member AS m
WHERE m.household_id IN (:hers, :his)
ORDER BY m.household_id = :his, m.line, m.version;

-- The same man again, as another clerk might write him, without his card.
SELECT m.household_id AS first_one
FROM nser.member AS m
WHERE m.line = 1 AND m.name LIKE 'Muhammad %' AND m.birth_date > '1970-01-01' AND m.father_name LIKE '%Hussain%' AND m.household_id > 100
ORDER BY m.household_id LIMIT 1 \gset
INSERT INTO nser.household (area) SELECT area FROM nser.household WHERE household_id = :first_one RETURNING household_id AS again \gset
SELECT register_member(:again, replace(m.name, 'Muhammad', 'Mohd'), 'male', 'head', father_name => replace(m.father_name, 'Hussain', 'Husein'),
	birth_date => date_trunc('year', m.birth_date)::date) FROM nser.member AS m WHERE m.household_id = :first_one AND m.line = 1 \g /dev/null

\qecho '14. A man registered twice, spelled otherwise, without his card and with a guessed birth date: found, and merged after review'
SELECT d.line, d.other_household = :first_one AS is_the_first, d.other_line, d.score, d.evidence FROM find_duplicates(:again) AS d;
SELECT queue_duplicates(:again) AS queued;
SELECT r.name, r.other_name, r.father_name, r.other_father_name, r.birth_date, r.other_birth_date, r.score FROM nser.duplicate_review AS r;
SELECT decide_duplicate(:first_one, 1, :again, 1, 'same', 'the clerk knows him') \g /dev/null
SELECT h.status, m.end_reason FROM nser.household AS h JOIN nser.member AS m USING (household_id) WHERE household_id = :again;

-- One household in seven was registered at a centre, and nobody was at its door.
UPDATE nser.household SET place = NULL WHERE household_id % 7 = 0;
INSERT INTO nser.census (area, counted_on, households, population, source)
	SELECT g.code, g.counted_on, g.households, g.population, 'Pakistan Bureau of Statistics' FROM gazetteer() AS g WHERE g.counted_on IS NOT NULL;

\qecho '15. Where: no boundary file here, so areas are drawn around the centres of real tehsils, and say that they are approximate'
SET client_min_messages = notice;
SELECT approximate_areas();
RESET client_min_messages;
SELECT f.places, f.placed, f.disagreeing, round(100.0 * f.disagreeing / f.places, 1) AS disagreeing_pct FROM fill_places() AS f;
ANALYZE nser.household, nser.household_place;

\qecho '16. Coverage: registered households of Dadu against the census of 2023, now and a year before the last registration'
SELECT c.area, c.name, c.census_households, y.registered AS a_year_before, c.registered, c.gap, round(c.coverage_pct::numeric, 1) AS coverage_pct, c.rank
FROM coverage('tehsil', '2025-12-31', 'PK703') AS c
JOIN coverage('tehsil', '2024-06-30', 'PK703') AS y USING (area)
ORDER BY c.rank;

\qecho '17. Who is far: two made-up centres for four tehsils, and where two more would help most'
INSERT INTO nser.centre (name, kind, place, opens, closes, valid) VALUES
	('Dadu', 'fixed', place(67.776, 26.732), '09:00', '17:00', '[2023-02-01,)'),
	('Mehar', 'fixed', place(67.820, 27.181), '09:00', '17:00', '[2023-02-01,)');
SELECT d.area, d.name, d.households, d.with_place, round(d.mean_km::numeric, 1) AS mean_km, round(d.p90_km::numeric, 1) AS p90_km, d.beyond_20_km
FROM centre_distances('tehsil', 'PK703', '2025-12-31') AS d
ORDER BY d.area;
SELECT p.step, p.area, p.people_nearer, round(p.mean_km_before::numeric, 1) AS mean_km_before, round(p.mean_km_after::numeric, 1) AS mean_km_after, p.reason
FROM plan_centres(2, 'PK703', 'tehsil', '2025-12-31') AS p
ORDER BY p.step;

\qecho '18. A flood along the Indus, drawn by hand: who is hit, by the place of the dwelling where it is known, by the tehsil where not'
SELECT declare_shock('flood of the demonstration', 'flood', '[2025-08-25,2025-09-30]',
	polygon => ST_SetSRID(ST_GeomFromText('POLYGON((67.62 26.55, 67.95 26.50, 68.02 27.30, 67.80 27.42, 67.70 27.05, 67.62 26.55))'), 4326),
	update_window => '[2025-10-01,2026-03-31]') AS shock \gset
SELECT s.area, s.name, round(s.share::numeric, 2) AS share, round(s.km2::numeric) AS km2, s.by_point, s.by_area, s.outside, s.undecided, s.families, s.members
FROM nser.shock_summary AS s
WHERE s.shock_id = :shock
ORDER BY s.area;

\qecho '   to those, and those alone, the update type shock is open in its window'
SELECT w.day, shock_window(k.hit, w.day) AS window_of_one_hit, w.day <@ shock_window(k.hit, w.day) AS open, shock_window(k.not_hit, w.day) AS of_one_not_hit
FROM (VALUES ('2025-09-15'::date), ('2025-10-15'), ('2026-04-15')) AS w (day)
CROSS JOIN (SELECT min(h.household_id) FILTER (WHERE x.household_id IS NOT NULL) AS hit, min(h.household_id) FILTER (WHERE x.household_id IS NULL) AS not_hit
			FROM nser.household AS h LEFT JOIN nser.shock_household AS x USING (household_id)) AS k;

\qecho '19. On a map: a tile of coverage, and the same as GeoJSON'
SELECT refresh_area_summary('hies-2015-demo') > 0 AS refreshed;
SELECT length(map_tile('coverage', 8, 176, 109)) > 100 AS tile_has_areas,
	jsonb_array_length(map_geojson('coverage', 'PK703') -> 'features') AS features,
	map_geojson('coverage', 'PK703') #>> '{features,0,properties,is_approximate}' AS approximate;

\qecho '20. Updates: a poor family of four by the Indus, a beneficiary since 2022: what may be done for it, and when'
\ir ../update/happens.sql
-- the story is told long after it happened
UPDATE nser.update_policy SET late_by = '10 years';
SELECT s.household_id AS poor
FROM nser.score AS s
JOIN nser.household AS h ON h.household_id = s.household_id AND s.survey_id = h.current_survey
JOIN nser.shock_household AS k ON k.household_id = h.household_id AND k.shock_id = :shock AND k.found_by = 'point'
JOIN nser.member AS w ON w.household_id = h.household_id AND w.line = 2 AND w.sex = 'female' AND w.marital_status = 'married' AND w.birth_date > '1990-01-01'
WHERE s.score <= 26 AND (SELECT count(*) FROM nser.member AS m WHERE m.household_id = h.household_id AND m.valid_to IS NULL) = 4
AND (SELECT max(v.submitted_at) FROM nser.survey AS v WHERE v.household_id = h.household_id) < '2025-06-01'
ORDER BY s.household_id LIMIT 1 \gset
INSERT INTO nser.enrolment (household_id, area, programme, unit, line, recipient, entered_on, entry_reason, certified_on)
	SELECT m.household_id, m.area, 'demo', 'family', m.line, m.cnic, '2022-11-15', 'loaded', '2022-11-15' FROM nser.member AS m WHERE m.household_id = :poor AND m.line = 2;
SELECT w.day, t.type, v.allowed, v.reason, v.allowed_from
FROM (VALUES ('2025-09-15'::date), ('2025-10-15'), ('2025-11-15')) AS w (day)
CROSS JOIN unnest('{roster,shock,cyclic,recertification}'::update_type[]) AS t (type)
CROSS JOIN LATERAL may_update(:poor, t.type, w.day) AS v
ORDER BY w.day, t.type;

\qecho '   October: the flood took its house; November: a daughter is born; December: three years are over'
SELECT c.steps, c.state, c.no_change FROM pg_temp.happens('2025-10-15', 'shock', :poor, pg_temp.survey(:poor, '{"rooms": 1, "wall": "raw_brick_or_mud", "toilet": "none", "electricity": "none"}')) AS c;
SELECT c.steps, c.state, c.no_change FROM pg_temp.happens('2025-11-20', 'roster', :poor, '{"changes": [{"change": "birth", "name": "Sahil", "sex": "male", "birth_date": "2025-11-14", "mother_line": 2, "disabilities": []}]}') AS c;
SELECT c.steps, c.state, c.no_change FROM pg_temp.happens('2025-12-04', 'recertification', :poor, pg_temp.survey(:poor, '{"rooms": 2}')) AS c;
SELECT v.submitted_at::date AS day, v.update_type, v.indicators -> 'members' AS members, v.indicators -> 'rooms' AS rooms, v.indicators ->> 'toilet' AS toilet, s.score
FROM nser.survey AS v JOIN nser.score AS s USING (household_id, survey_id)
WHERE v.household_id = :poor AND s.formula = 'hies-2015-demo' ORDER BY v.survey_id;
SELECT x.term, x.answer_before, x.answer_after, x.points_before, x.points_after, x.change
FROM nser.household AS h
CROSS JOIN LATERAL score_change(h.household_id, (SELECT min(v.survey_id) FROM nser.survey AS v WHERE v.household_id = h.household_id), h.current_survey, 'hies-2015-demo') AS x
WHERE h.household_id = :poor;
SELECT e.programme, e.line, e.entered_on, e.certified_on, e.exit_reason, c.outcome, c.reason, c.score, c.cutoff
FROM nser.enrolment AS e JOIN nser.certification AS c USING (household_id, enrolment_id) WHERE e.household_id = :poor;

\qecho '21. A step that is not permitted is nobody''s to take, and what is altered is found'
\set ON_ERROR_STOP off
SELECT advance_case(c.household_id, c.case_id, 'submit', gen_random_uuid(), '{}') FROM nser.update_case AS c WHERE c.household_id = :poor AND c.update_type = 'shock';
INSERT INTO nser.case_step (household_id, case_id, step, update_type, from_state, event, to_state)
	SELECT c.household_id, c.case_id, c.last_step + 1, c.update_type, c.state, 'verify', 'verified' FROM nser.update_case AS c WHERE c.household_id = :poor AND c.update_type = 'shock';
\set ON_ERROR_STOP on
\qecho
ALTER TABLE nser.case_step DISABLE TRIGGER USER;
UPDATE nser.case_step AS s SET content = jsonb_set(s.content, '{answers,rooms}', '5') WHERE s.household_id = :poor AND s.update_type = 'shock' AND s.event = 'submit';
ALTER TABLE nser.case_step ENABLE TRIGGER USER;
SELECT v.step, v.problem FROM verify_chain(:poor) AS v;

\qecho '22. Who was due on New Year''s Day 2026, and from when the others are'
SELECT t.type AS update_type, v.reason, count(*) AS households, min(v.allowed_from) AS first, max(v.allowed_from) AS last
FROM nser.update_facts_on('2026-01-01') AS f
CROSS JOIN LATERAL (SELECT CASE WHEN f.beneficiary THEN 'recertification' ELSE 'cyclic' END::update_type AS type) AS t
CROSS JOIN LATERAL update_verdict(t.type, ROW(f.registered, f.beneficiary, f.score, f.cutoff, f.last_survey, f.last_certified, f.shock_window, f.appeal_condition, f.open_case)::update_facts,
	(SELECT policy_on('2026-01-01')), '2026-01-01') AS v
WHERE f.last_survey < '2026-01-01'
GROUP BY t.type, v.reason ORDER BY t.type, v.reason;

\ir sharing.sql
\ir report.sql
\ir profile.sql
