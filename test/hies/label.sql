-- What the labels of HIES mean in the codebook and the vocabularies.
--
-- A label that is not here is refused, with the column's name.  One that is here
-- with a value of NULL is known, and says less than the registry asks for: it is
-- unknown by decision, which the comment beside it gives.

CREATE TABLE hies.label (
	source		text NOT NULL,
	column_name	text NOT NULL,
	label		text NOT NULL,
	value		text,
	PRIMARY KEY (source, column_name, label)
);
COMMENT ON TABLE hies.label IS 'labels of the files and what they become; NULL: known, but says too little';

-- Province: HIES of 2015-16 covers the four provinces and Islamabad, which it
-- files under Punjab.  The first digit of a sampling unit tells the two apart
-- (PBS processing codes: 1 KP, 2 Punjab, 3 Sindh, 4 Balochistan, 6 Islamabad).
-- Areas are P-codes (OCHA COD-AB 2022): the province is all HIES says of where.
CREATE TABLE hies.province (
	psu_digit	text PRIMARY KEY,
	label		text NOT NULL,
	province	text NOT NULL,
	area		text NOT NULL
);
INSERT INTO hies.province (psu_digit, label, province, area) VALUES
	('1', 'KP', 'khyber_pakhtunkhwa', 'PK5'),
	('2', 'Punjab', 'punjab', 'PK6'),
	('3', 'Sindh', 'sindh', 'PK7'),
	('4', 'Balochistan', 'balochistan', 'PK2'),
	('6', 'Punjab', 'islamabad', 'PK4');

INSERT INTO hies.label (source, column_name, label, value) VALUES
	('hies_household', 'region', 'rural', 'rural'),
	('hies_household', 'region', 'urban', 'urban');

INSERT INTO hies.label (source, column_name, label, value) VALUES
	('hies_household', 'dwelling', 'independent house/compound', 'independent_house'),
	('hies_household', 'dwelling', 'Aparttment/Flat', 'apartment'),
	('hies_household', 'dwelling', 'part of large unit', 'part_of_large_unit'),
	('hies_household', 'dwelling', 'part of compound', 'part_of_compound'),
	('hies_household', 'dwelling', 'others', 'other'),
	('hies_household', 'tenure', 'owner occupied(not self hired)', 'owned'),
	('hies_household', 'tenure', 'owner occupied (self hired)', 'owned_self_hired'),
	('hies_household', 'tenure', 'on rent', 'rented'),
	('hies_household', 'tenure', 'subsidized rent', 'subsidised'),
	('hies_household', 'tenure', 'rent free', 'rent_free'),
	('hies_household', 'electricity', 'yes', 'own_meter'),
	('hies_household', 'electricity', 'yes extension', 'extension'),
	('hies_household', 'electricity', 'no', 'none'),
	('hies_household', 'gas', 'yes', 'own_meter'),
	('hies_household', 'gas', 'yes extension', 'extension'),
	('hies_household', 'gas', 'no', 'none'),
	('hies_household', 'water', 'piped water', 'piped'),
	('hies_household', 'water', 'hand pump', 'hand_pump'),
	('hies_household', 'water', 'motorized pumping/tubewell', 'motor_pump'),
	('hies_household', 'water', 'closed well', 'covered_well'),
	('hies_household', 'water', 'open well', 'open_well'),
	-- protected or not makes the difference, and HIES did not ask
	('hies_household', 'water', 'spring', NULL),
	('hies_household', 'water', 'pound/canal/river/stream', 'surface'),
	('hies_household', 'water', 'tanker/truck/water be arer', 'tanker'),
	('hies_household', 'water', 'mineral water', 'bottled'),
	('hies_household', 'water', 'filtration plant', 'filtration_plant'),
	('hies_household', 'water', 'others', 'other'),
	('hies_household', 'toilet', 'flush connected to public sewerage', 'flush_sewer'),
	-- HIES has one label for pit and septic tank
	('hies_household', 'toilet', 'flush connected to pit', 'flush_pit'),
	('hies_household', 'toilet', 'flush connected to open drain', 'flush_open_drain'),
	('hies_household', 'toilet', 'dry raised laterine', 'dry_raised'),
	('hies_household', 'toilet', 'dry pit latrine', 'dry_pit'),
	('hies_household', 'toilet', 'no toilet in the household', 'none');

INSERT INTO hies.label (source, column_name, label, value)
SELECT c.source, c.column_name, answer.label, answer.value
FROM (VALUES
	('hies_household', 'internet'), ('hies_household', 'mobile'), ('hies_household', 'landline'),
	('hies_household', 'desktop'), ('hies_household', 'laptop'),
	('hies_member', 'is_member'), ('hies_member', 'can_read'), ('hies_member', 'can_write'),
	('hies_member', 'ever_attended'), ('hies_member', 'attending'), ('hies_member', 'worked_last_month')
) AS c (source, column_name)
CROSS JOIN (VALUES ('yes', 'true'), ('no', 'false')) AS answer (label, value);

-- Members.
INSERT INTO hies.label (source, column_name, label, value) VALUES
	('hies_member', 'relationship', 'Head', 'head'),
	('hies_member', 'relationship', 'Spouse', 'spouse'),
	('hies_member', 'relationship', 'Son/Daughter', 'child'),
	('hies_member', 'relationship', 'Grand Child', 'grandchild'),
	('hies_member', 'relationship', 'Father/Mother', 'parent'),
	('hies_member', 'relationship', 'Brother\Sister', 'sibling'),
	('hies_member', 'relationship', 'Nephew\Niece', 'nephew_or_niece'),
	('hies_member', 'relationship', 'Son/Daughter-in-law', 'child_in_law'),
	('hies_member', 'relationship', 'Brother/Sister-in-law', 'sibling_in_law'),
	('hies_member', 'relationship', 'Father/Mother-in-law', 'parent_in_law'),
	('hies_member', 'relationship', 'Grand Father/Mother', 'grandparent'),
	('hies_member', 'relationship', 'Real Uncle/Aunty', 'uncle_or_aunt'),
	('hies_member', 'relationship', 'Servants/Their Relatives', 'servant'),
	('hies_member', 'relationship', 'Others(Specify)', 'other'),
	('hies_member', 'sex', 'Male', 'male'),
	('hies_member', 'sex', 'Female', 'female'),
	('hies_member', 'present', 'present', 'true'),
	-- still a member: away for a while, not gone
	('hies_member', 'present', 'Temporarily Absent at the time of enumeration', 'false'),
	('hies_member', 'marital_status', 'Unmarried/Never Married', 'never_married'),
	('hies_member', 'marital_status', 'Currently Married', 'married'),
	('hies_member', 'marital_status', 'Widow/Widower', 'widowed'),
	('hies_member', 'marital_status', 'Divorced', 'divorced'),
	('hies_member', 'marital_status', 'Nikah has been solemnised but the rukhsati has not taken place', 'nikah_only');

-- Highest level passed, as years of schooling it takes: FA and FSc 12, BA two
-- more, MA two more; a diploma of associate engineer is three years after class
-- 10; engineering and agriculture four after FSc, medicine and law five.
INSERT INTO hies.label (source, column_name, label, value)
SELECT 'hies_member', 'highest_class', 'class ' || c, c::text FROM generate_series(1, 10) AS c;
INSERT INTO hies.label (source, column_name, label, value) VALUES
	('hies_member', 'highest_class', 'less than 1', '0'),
	('hies_member', 'highest_class', 'FA/FSc/I-COM', '12'),
	('hies_member', 'highest_class', 'Polytechnic Diploma', '13'),
	('hies_member', 'highest_class', 'BA/BSc/B.com/B.Ed/Post Graduate', '14'),
	('hies_member', 'highest_class', 'MA/MSc/MEd', '16'),
	('hies_member', 'highest_class', 'Degree in Engineering', '16'),
	('hies_member', 'highest_class', 'Degree in Agriculture', '16'),
	('hies_member', 'highest_class', 'Degree in Medicine', '17'),
	('hies_member', 'highest_class', 'Degree in Law', '17'),
	('hies_member', 'highest_class', 'Mphil/PhD', '18'),
	-- schooling outside the classes, madrassas for one: attended, at no known class
	('hies_member', 'highest_class', 'Others', NULL);

-- "Even if did not work last month, did .. have a job or enterprise?" (question
-- 3 of section 1B) is asked of those who did not.  Why somebody neither works nor
-- seeks is not asked, so housewives, retired and disabled people are not told
-- apart: they are unemployed here, pupils excepted, who are students.
INSERT INTO hies.label (source, column_name, label, value) VALUES
	('hies_member', 'activity', 'yes', 'employed'),
	('hies_member', 'activity', 'not but seeking work', 'seeking'),
	('hies_member', 'activity', 'no not seeking work', 'unemployed');

INSERT INTO hies.label (source, column_name, label, value) VALUES
	('hies_member', 'status_in_employment', 'Employer, employing 10 or more persons', 'self_non_agri'),
	('hies_member', 'status_in_employment', 'Employer, employing less than 10 person', 'self_non_agri'),
	('hies_member', 'status_in_employment', 'Self employed non agri', 'self_non_agri'),
	('hies_member', 'status_in_employment', 'Own cultivator', 'self_agri'),
	('hies_member', 'status_in_employment', 'Share cropper', 'self_agri'),
	('hies_member', 'status_in_employment', 'Contract cultivator', 'self_agri'),
	('hies_member', 'status_in_employment', 'Live stock (only)', 'self_agri'),
	-- regular, seasonal or by the day: HIES does not ask
	('hies_member', 'status_in_employment', 'Paid employee', NULL),
	-- unpaid, on the family's land or in its shop
	('hies_member', 'status_in_employment', 'Contributing family worker', NULL);
