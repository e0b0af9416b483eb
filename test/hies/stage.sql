-- The two files as they are: every column text, rows numbered as they come.
-- run.sh copies into these tables; nothing here judges what a cell says.

CREATE SCHEMA hies;
COMMENT ON SCHEMA hies IS 'HIES 2015-16 on its way into the store: files as read, mappings, what was found wrong';

CREATE TABLE hies.household (
	row_no				bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	household_code		text,
	psu					text,
	province			text,
	region				text,
	weight				text,
	dwelling			text,
	tenure				text,
	annual_rent			text,
	rooms				text,
	electricity			text,
	gas					text,
	water				text,
	toilet				text,
	internet			text,
	mobile				text,
	landline			text,
	desktop				text,
	laptop				text,
	owned_land_acres	text,
	cattle_value		text,
	buffalo_value		text,
	camel_value			text,
	sheep_value			text,
	goat_value			text,
	annual_expenditure	text,
	annual_durables		text
);
COMMENT ON TABLE hies.household IS 'hies_household.csv, a row a household';

CREATE TABLE hies.member (
	row_no					bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	household_code			text,
	line					text,
	relationship			text,
	sex						text,
	present					text,
	age						text,
	birth_day				text,
	birth_month				text,
	birth_year				text,
	marital_status			text,
	spouse_line				text,
	father_line				text,
	mother_line				text,
	is_member				text,
	can_read				text,
	can_write				text,
	ever_attended			text,
	highest_class			text,
	attending				text,
	worked_last_month		text,
	activity				text,
	occupation				text,
	status_in_employment	text
);
COMMENT ON TABLE hies.member IS 'hies_member.csv, a row a line of a roster';

-- What is wrong with a row.  A row may have several; load_error takes the first.
CREATE TABLE hies.fault (
	fault_id			bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	source				text NOT NULL,
	row_no				bigint NOT NULL,
	household_code		text,
	column_name			text,
	sqlstate			text NOT NULL,
	reason				text NOT NULL,
	-- false where a line is left out and the household stands without it
	refuses_household	boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE hies.fault IS 'what is wrong with a row of the files, without quoting what it says';

-- One row of the files: a cell a line.  For rules that hold of many columns.
CREATE VIEW hies.cell AS
	SELECT 'hies_household' AS source, h.row_no, h.household_code, c.key AS column_name, c.value
	FROM hies.household AS h CROSS JOIN LATERAL jsonb_each_text(to_jsonb(h)) AS c
	WHERE c.key <> 'row_no'
	UNION ALL
	SELECT 'hies_member', m.row_no, m.household_code, c.key, c.value
	FROM hies.member AS m CROSS JOIN LATERAL jsonb_each_text(to_jsonb(m)) AS c
	WHERE c.key <> 'row_no';
COMMENT ON VIEW hies.cell IS 'the files cell by cell; value is NULL where the cell is blank';

CREATE FUNCTION hies.check_that(claim text, holds boolean) RETURNS text
	LANGUAGE plpgsql
AS $$
BEGIN
	IF holds IS NOT TRUE THEN
		RAISE EXCEPTION 'test/hies: it does not hold that %', claim;
	END IF;
	RETURN 'ok: ' || claim;
END;
$$;
COMMENT ON FUNCTION hies.check_that(text, boolean) IS 'the claim, or an error where it is false or unknown';
