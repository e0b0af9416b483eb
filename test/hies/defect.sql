-- Rows with one defect each, through the same loading: what is wrong must be told
-- of the row it is in, naming the column, and nothing of that household may reach
-- the store.  The households are made up; the first is sound.

INSERT INTO hies.household (household_code, psu, province, region, weight, dwelling, tenure, rooms, electricity, gas,
							water, toilet, internet, mobile, landline, desktop, laptop, annual_expenditure)
SELECT '21000001' || to_char(n, 'FM00'), '21000001', 'Punjab', 'urban', '1826.467', 'part of compound', 'on rent', '2',
	'yes extension', 'no', 'hand pump', 'dry pit latrine', 'no', 'yes', 'no', 'no', 'yes', '120000'
FROM generate_series(1, 16) AS n;

-- A couple with a child, and a guest who is no member.
INSERT INTO hies.member (household_code, line, relationship, sex, present, age, birth_day, birth_month, birth_year,
						 marital_status, spouse_line, father_line, mother_line, is_member, can_read, can_write,
						 ever_attended, highest_class, attending, worked_last_month, activity, occupation,
						 status_in_employment)
SELECT h.household_code, m.*
FROM hies.household AS h
CROSS JOIN (VALUES
	('1', 'Head', 'Male', 'present', '40', '0', '0', '1975', 'Currently Married', '51', '98', '98', 'yes', 'yes', 'yes',
	 'yes', 'class 5', 'no', 'yes', NULL, 'Freight handlers', 'Paid employee'),
	('51', 'Spouse', 'Female', 'present', '38', '0', '0', '1977', 'Currently Married', '1', '98', '99', 'yes', 'no',
	 NULL, 'no', NULL, NULL, 'no', 'no not seeking work', NULL, NULL),
	('52', 'Son/Daughter', 'Female', 'present', '8', '28', '2', '2007', 'Unmarried/Never Married', NULL, '1', '51',
	 'yes', NULL, NULL, 'yes', 'class 2', 'yes', NULL, NULL, NULL, NULL),
	('2', 'Brother\Sister', 'Male', 'present', '20', '0', '0', '1995', 'Unmarried/Never Married', NULL, '98', '98',
	 'no', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)) AS m
ORDER BY h.household_code, m.column1;

-- A defect a household, from the third on; the second comes twice, and which of
-- the two is right nobody can say.
CREATE TABLE hies.planted (
	household_code	text NOT NULL,
	line			text,
	column_name		text,
	value			text,
	sqlstate		text NOT NULL
);
INSERT INTO hies.planted (household_code, line, column_name, value, sqlstate) VALUES
	('2100000103', NULL, 'toilet', 'flush connected to the moon', '22P02'),
	('2100000104', NULL, 'rooms', 'two', '22P02'),
	('2100000105', NULL, 'weight', NULL, '23502'),
	('2100000106', NULL, 'province', 'Sindh', '23514'),
	('2100000107', NULL, 'gas', 'Yes', '22P02'),
	('2100000108', '51', 'relationship', 'Wife', '22P02'),
	('2100000109', '52', 'age', '-8', '22P02'),
	('2100000110', '1', 'occupation', 'Astronauts', '22P02'),
	('2100000111', '52', 'birth_day', '30', '22008'),
	('2100000112', '52', 'mother_line', '52', '23514'),
	('2100000113', '52', 'mother_line', '1', '23514'),
	('2100000114', '51', 'line', '98', '22P02'),
	('2100000115', '51', 'is_member', NULL, '23502'),
	('2100000116', '52', 'highest_class', 'class 11', '22P02');

DO $$
DECLARE
	p	record;
BEGIN
	FOR p IN SELECT * FROM hies.planted WHERE line IS NULL LOOP
		EXECUTE format('UPDATE hies.household SET %I = $1 WHERE household_code = $2', p.column_name)
			USING p.value, p.household_code;
	END LOOP;
	FOR p IN SELECT * FROM hies.planted WHERE line IS NOT NULL LOOP
		EXECUTE format('UPDATE hies.member SET %I = $1 WHERE household_code = $2 AND line = $3', p.column_name)
			USING p.value, p.household_code, p.line;
	END LOOP;
END;
$$;

-- Of several rows: a household twice, a line twice, no head, two heads, a line of no household.
INSERT INTO hies.household (household_code, psu, province, region, weight, rooms)
SELECT household_code, '21000001', 'Punjab', 'urban', '1826.467', '3'
FROM (VALUES ('2100000102'), ('2100000117'), ('2100000118'), ('2100000119'), ('2100000121')) AS h (household_code);
INSERT INTO hies.member (household_code, line, relationship, sex, age, is_member) VALUES
	('2100000117', '1', 'Head', 'Male', '30', 'yes'),
	('2100000117', '1', 'Brother\Sister', 'Male', '20', 'yes'),
	('2100000118', '1', 'Brother\Sister', 'Male', '20', 'yes'),
	('2100000119', '1', 'Head', 'Male', '30', 'yes'),
	('2100000119', '2', 'Head', 'Male', '30', 'yes'),
	('2100000120', '1', 'Head', 'Male', '30', 'yes');
INSERT INTO hies.planted (household_code, line, column_name, sqlstate) VALUES
	('2100000102', NULL, 'household_code', '23505'),
	('2100000117', '1', 'line', '23505'),
	('2100000118', NULL, NULL, '23514'),
	('2100000119', NULL, NULL, '23514'),
	('2100000120', '1', 'household_code', '23503'),
	-- a household of no lines
	('2100000121', NULL, NULL, '23514');

\ir fault.sql
\ir map.sql
\ir load.sql

-- What must have become of them.

\pset tuples_only on
\pset format unaligned

SELECT hies.check_that('rows with a planted defect: each is loaded or told of, once', bool_and(rows = loaded + refused))
FROM hies.accounting;

SELECT hies.check_that(format('told of its row: %s, %s', coalesce(p.column_name, 'of the household'), e.reason),
	e.row_no IS NOT NULL)
FROM hies.planted AS p
LEFT JOIN nser.load_error AS e ON e.row ->> 'household_code' = p.household_code
	AND e.source = CASE WHEN p.line IS NULL THEN 'hies_household' ELSE 'hies_member' END
	AND e.row ->> 'line' IS NOT DISTINCT FROM
		CASE p.column_name WHEN 'line' THEN coalesce(p.value, p.line) ELSE p.line END
	AND e.column_name IS NOT DISTINCT FROM p.column_name AND e.sqlstate = p.sqlstate
ORDER BY p.household_code;

SELECT hies.check_that('the sound household is in the store, and no other', array_agg(household_id) = '{2100000101}')
FROM nser.household;

SELECT hies.check_that('without its guest, who is told to be no member',
	(SELECT array_agg(line ORDER BY line) FROM nser.member) = '{1,51,52}'
	AND EXISTS (SELECT FROM nser.load_error AS e WHERE e.source = 'hies_member' AND e.column_name = 'is_member'
				AND e.row ->> 'household_code' = '2100000101' AND e.row ->> 'line' = '2'));

SELECT hies.check_that('no reason quotes the cell',
	NOT EXISTS (SELECT FROM nser.load_error AS e JOIN hies.planted AS p ON length(p.value) > 2
				AND strpos(e.reason, p.value) > 0));
