-- Into the store.  A household goes in whole or not at all: with a line missing
-- its counts, and so its score, would be wrong.  What does not go in is in
-- nser.load_error, a row for each row of the files, with the reason.

-- The types judge what is left: the answers and the roster, as JSON, household by household.
INSERT INTO hies.fault (source, row_no, household_code, column_name, sqlstate, reason)
SELECT 'hies_household', h.row_no, h.household_id::text, NULL, e.error_code, concat_ws('; ', e.message, e.detail)
FROM hies.household_fact AS h
CROSS JOIN LATERAL (
	SELECT jsonb_agg(jsonb_strip_nulls(to_jsonb(m) - '{row_no,household_id,birth,cultivates_own_land}'::text[])) AS json
	FROM hies.member_fact AS m WHERE m.household_id = h.household_id
) AS roster
CROSS JOIN LATERAL (
	SELECT * FROM registry.input_error('registry.indicators', h.answers::text)
	UNION ALL
	SELECT * FROM registry.input_error('registry.roster', roster.json::text)
) AS e
WHERE e.error_code IS NOT NULL
ORDER BY h.row_no;

CREATE TABLE hies.refused AS
	SELECT DISTINCT household_code FROM hies.fault WHERE refuses_household AND household_code IS NOT NULL;
ALTER TABLE hies.refused ADD PRIMARY KEY (household_code);
COMMENT ON TABLE hies.refused IS 'households of which something could not be taken';

INSERT INTO hies.fault (source, row_no, household_code, sqlstate, reason)
SELECT 'hies_household', h.row_no, h.household_code, '23514',
	'refused with a line of its roster that could not be taken'
FROM hies.household AS h JOIN hies.refused USING (household_code)
WHERE NOT EXISTS (SELECT FROM hies.fault AS f WHERE f.source = 'hies_household' AND f.row_no = h.row_no)
ORDER BY h.row_no;

INSERT INTO hies.fault (source, row_no, household_code, sqlstate, reason)
SELECT 'hies_member', m.row_no, m.household_code, '23514',
	'refused with its household, of which something could not be taken'
FROM hies.member AS m JOIN hies.refused USING (household_code)
WHERE NOT EXISTS (SELECT FROM hies.fault AS f WHERE f.source = 'hies_member' AND f.row_no = m.row_no)
ORDER BY m.row_no;

SELECT nextval('nser.load_id_seq') AS load_id \gset

-- The first fault of a row is the one it is told.
INSERT INTO nser.load_error (load_id, row_no, source, column_name, sqlstate, reason, row)
SELECT DISTINCT ON (f.source, f.row_no) :load_id, f.row_no, f.source, f.column_name, f.sqlstate, f.reason,
	coalesce(to_jsonb(h), to_jsonb(m)) - 'row_no'
FROM hies.fault AS f
LEFT JOIN hies.household AS h ON f.source = 'hies_household' AND h.row_no = f.row_no
LEFT JOIN hies.member AS m ON f.source = 'hies_member' AND m.row_no = f.row_no
ORDER BY f.source, f.row_no, f.fault_id;

-- The survey is of the year to June 2016, and the files do not date the
-- interviews: all of them carry the last day.
INSERT INTO nser.household (household_id, area, registered_on)
SELECT h.household_id, h.area, '2016-06-30'
FROM hies.household_fact AS h
WHERE h.household_id::text NOT IN (SELECT household_code FROM hies.refused)
ORDER BY h.household_id;

-- The files name nobody and hold no numbers: members have a placeholder for a
-- name and no document.
INSERT INTO nser.member (household_id, line, area, document, name, sex, birth_date, relationship, marital_status,
						 spouse_line, father_line, mother_line, valid_from)
SELECT m.household_id, m.line, h.area, 'none', 'HIES line ' || m.line, m.sex,
	make_date(m.birth[1], m.birth[2], m.birth[3]), m.relationship, m.marital_status,
	m.spouse_line, m.father_line, m.mother_line, h.registered_on
FROM nser.household AS h JOIN hies.member_fact AS m USING (household_id)
ORDER BY m.household_id, m.line;

-- Disability and chronic disease are not asked: unknown, so nobody is counted well.
CREATE TABLE hies.roster AS
SELECT household_id, registry.roster_agg(line, relationship, sex, age, marital_status, spouse_line, father_line,
										 mother_line, class, ever_attended, attending_school, literate, employment,
										 work, elementary_occupation, NULL, NULL) AS roster
FROM hies.member_fact JOIN nser.household USING (household_id)
GROUP BY household_id;
ALTER TABLE hies.roster ADD PRIMARY KEY (household_id);
COMMENT ON TABLE hies.roster IS 'rosters of the households that were taken';

INSERT INTO nser.survey (household_id, indicators, area, submitted_at, update_type, mode, form_version, land, roster)
SELECT h.household_id, registry.complete(f.answers::registry.indicators, r.roster, land.area), h.area,
	'2016-06-30 00:00+05', 'missed_out', 'door', 'HIES 2015-16', land.area, r.roster
FROM nser.household AS h
JOIN hies.household_fact AS f USING (household_id)
JOIN hies.roster AS r USING (household_id)
CROSS JOIN LATERAL (SELECT f.sarsai::registry.land_area AS area) AS land
ORDER BY h.household_id;

UPDATE nser.household AS h SET current_survey = s.survey_id
FROM nser.survey AS s WHERE s.household_id = h.household_id;

ANALYZE nser.household, nser.member, nser.survey;

-- Which rows of the files went where: every row once.
CREATE VIEW hies.accounting AS
	SELECT 'hies_household' AS source, (SELECT count(*) FROM hies.household) AS rows,
		(SELECT count(*) FROM nser.household) AS loaded,
		(SELECT count(*) FROM nser.load_error AS e WHERE e.source = 'hies_household') AS refused
	UNION ALL
	SELECT 'hies_member', (SELECT count(*) FROM hies.member), (SELECT count(*) FROM nser.member),
		(SELECT count(*) FROM nser.load_error AS e WHERE e.source = 'hies_member');
COMMENT ON VIEW hies.accounting IS 'rows of the files, how many were loaded and how many are in nser.load_error';
