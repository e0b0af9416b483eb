-- What is wrong with the files, before anything is cast: blanks where there must
-- be an answer, numbers that are none, labels nobody has met.  A fault names the
-- row and the column and never quotes the cell.

-- Not members of the household: PBS asks of every line whether it is one, and
-- asks the others nothing more.  They are left out; their household stands.
INSERT INTO hies.fault (source, row_no, household_code, column_name, sqlstate, reason, refuses_household)
SELECT 'hies_member', row_no, household_code, 'is_member', '23514', 'not a member of the household', false
FROM hies.member WHERE is_member = 'no' ORDER BY row_no;

-- What a cell must look like.  A blank is an answer nobody gave, and is refused
-- only where a household or a line cannot be placed without it.
CREATE TABLE hies.form (
	source		text NOT NULL,
	column_name	text NOT NULL,
	required	boolean NOT NULL,
	pattern		text,
	expected	text,
	PRIMARY KEY (source, column_name),
	CHECK ((pattern IS NULL) = (expected IS NULL))
);
COMMENT ON TABLE hies.form IS 'columns that are no labels: the form of a cell, and whether it may be blank';

INSERT INTO hies.form (source, column_name, required, pattern, expected) VALUES
	('hies_household', 'household_code', true, '^[1-9]\d{9}$', 'ten digits'),
	('hies_household', 'psu', true, '^[1-9]\d{7}$', 'eight digits'),
	('hies_household', 'province', true, NULL, NULL),
	('hies_household', 'region', true, NULL, NULL),
	('hies_household', 'weight', true, '^\d+(\.\d{1,3})?$', 'a number with up to three decimals'),
	('hies_household', 'rooms', false, '^\d{1,3}$', 'a whole number'),
	('hies_household', 'owned_land_acres', false, '^\d+(\.\d+)?$', 'a number of acres'),
	('hies_household', 'annual_expenditure', false, '^\d+(\.\d+)?(e\+\d+)?$', 'a number of rupees'),
	('hies_member', 'household_code', true, '^[1-9]\d{9}$', 'ten digits'),
	-- 98 and 99 say of a parent that he is dead or elsewhere: no line may be called so
	('hies_member', 'line', true, '^([1-9]|[1-8]\d|9[0-7])$', 'a number from 1 to 97'),
	('hies_member', 'is_member', true, NULL, NULL),
	('hies_member', 'age', false, '^(\d|[1-9]\d|1[0-4]\d|150)$', 'a whole number of years up to 150'),
	('hies_member', 'birth_day', false, '^([0-9]|[12]\d|3[01])$', 'a day of the month, 0 where unknown'),
	('hies_member', 'birth_month', false, '^(\d|1[0-2])$', 'a month, 0 where unknown'),
	('hies_member', 'birth_year', false, '^(18|19|20)\d\d$', 'a year'),
	('hies_member', 'spouse_line', false, '^[1-9]\d?$', 'a line, or 98 or 99'),
	('hies_member', 'father_line', false, '^[1-9]\d?$', 'a line, or 98 or 99'),
	('hies_member', 'mother_line', false, '^[1-9]\d?$', 'a line, or 98 or 99');

-- Columns of labels: those of the mapping, the occupation and the province.
CREATE VIEW hies.known_label AS
	SELECT source, column_name, label FROM hies.label
	UNION ALL SELECT 'hies_member', 'occupation', label FROM hies.occupation
	UNION ALL SELECT DISTINCT 'hies_household', 'province', label FROM hies.province;

INSERT INTO hies.fault (source, row_no, household_code, column_name, sqlstate, reason)
SELECT c.source, c.row_no, c.household_code, c.column_name,
	CASE WHEN c.value IS NULL THEN '23502' ELSE '22P02' END,
	CASE WHEN c.value IS NULL THEN 'blank, and must not be'
		 WHEN f.pattern IS NOT NULL THEN format('expected %s', f.expected)
		 ELSE 'a label the mapping does not know' END
FROM hies.cell AS c
LEFT JOIN hies.form AS f USING (source, column_name)
WHERE CASE
		WHEN c.value IS NULL THEN f.required
		WHEN f.pattern IS NOT NULL THEN c.value !~ f.pattern
		ELSE (c.source, c.column_name) IN (SELECT source, column_name FROM hies.known_label)
			AND (c.source, c.column_name, c.value) NOT IN (SELECT source, column_name, label FROM hies.known_label)
	  END
AND (c.source, c.row_no) NOT IN (SELECT source, row_no FROM hies.fault)
ORDER BY c.source, c.row_no, c.column_name;

-- The same household or line twice: which is right nobody can say, so the
-- household waits.
INSERT INTO hies.fault (source, row_no, household_code, column_name, sqlstate, reason)
SELECT 'hies_household', row_no, household_code, 'household_code', '23505', 'a household of this code stands above'
FROM (SELECT *, row_number() OVER (PARTITION BY household_code ORDER BY row_no) AS nth FROM hies.household) AS h
WHERE nth > 1;

INSERT INTO hies.fault (source, row_no, household_code, column_name, sqlstate, reason)
SELECT 'hies_member', row_no, household_code, 'line', '23505', 'the line stands above in the same household'
FROM (SELECT *, row_number() OVER (PARTITION BY household_code, line ORDER BY row_no) AS nth FROM hies.member) AS m
WHERE nth > 1;

INSERT INTO hies.fault (source, row_no, household_code, column_name, sqlstate, reason)
SELECT 'hies_member', m.row_no, m.household_code, 'household_code', '23503', 'no household has this code'
FROM hies.member AS m
WHERE NOT EXISTS (SELECT FROM hies.household AS h WHERE h.household_code = m.household_code);

-- A sampling unit lies in one province, and its number begins with its province's digit.
INSERT INTO hies.fault (source, row_no, household_code, column_name, sqlstate, reason)
SELECT 'hies_household', h.row_no, h.household_code, 'province', '23514', 'not the province its sampling unit lies in'
FROM hies.household AS h
WHERE h.psu <> left(h.household_code, 8)
OR NOT EXISTS (SELECT FROM hies.province AS p WHERE p.psu_digit = left(h.psu, 1) AND p.label = h.province);
