
-- public_label: what attributes, values and figures are called, in English and Urdu -----

CREATE FUNCTION registry.public_labels(OUT attribute text, OUT value text, OUT place integer, OUT english text, OUT urdu text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT l.attribute, l.value, l.place, l.english, l.urdu
	FROM (VALUES
		('sex', 'male', 1, 'Male', 'مرد'),
		('sex', 'female', 2, 'Female', 'عورت'),
		('sex', 'transgender', 3, 'Transgender', 'خواجہ سرا'),
		('age_group', 'minor', 1, '0 to 12 years', '0 تا 12 سال'),
		('age_group', 'teenage', 2, '13 to 17 years', '13 تا 17 سال'),
		('age_group', 'adult', 3, '18 to 59 years', '18 تا 59 سال'),
		('age_group', 'old-age', 4, '60 years or more', '60 سال یا زیادہ'),
		('literate', 'true', 1, 'Literate', 'خواندہ'),
		('literate', 'false', 2, 'Not literate', 'ناخواندہ'),
		('attending_school', 'true', 1, 'At school', 'زیر تعلیم'),
		('attending_school', 'false', 2, 'Not at school', 'اسکول سے باہر'),
		('disabled', 'true', 1, 'With a disability', 'معذوری کے ساتھ'),
		('disabled', 'false', 2, 'Without a disability', 'معذوری کے بغیر'),
		('employment', 'employed', 1, 'Working', 'برسر روزگار'),
		('employment', 'seeking', 2, 'Looking for work', 'کام کی تلاش میں'),
		('employment', 'unemployed', 3, 'Without work', 'کام نہیں کرتے'),
		('employment', 'housewife', 4, 'Housewife', 'گھریلو خاتون'),
		('employment', 'student', 5, 'Student', 'طالب علم'),
		('employment', 'not able', 6, 'Retired or not able', 'ریٹائرڈ یا کام کے قابل نہیں'),
		('household_size', '1-3', 1, '1 to 3 members', '1 تا 3 افراد'),
		('household_size', '4-6', 2, '4 to 6 members', '4 تا 6 افراد'),
		('household_size', '7+', 3, '7 members or more', '7 یا زیادہ افراد'),
		('region', 'urban', 1, 'Urban', 'شہری'),
		('region', 'rural', 2, 'Rural', 'دیہی'),
		('structure', 'pacca', 1, 'Pacca', 'پکا'),
		('structure', 'kacha', 2, 'Kacha', 'کچا'),
		('lighting', 'electricity', 1, 'Electricity', 'بجلی'),
		('lighting', 'solar', 2, 'Solar', 'شمسی توانائی'),
		('lighting', 'kerosene', 3, 'Kerosene', 'مٹی کا تیل'),
		('lighting', 'firewood', 4, 'Firewood', 'لکڑی'),
		('lighting', 'candle', 5, 'Candles', 'موم بتی'),
		('lighting', 'other', 6, 'Other', 'دیگر'),
		('electricity', 'own_meter', 1, 'Own meter', 'اپنا میٹر'),
		('electricity', 'extension', 2, 'Extension of another', 'دوسرے سے لی گئی لائن'),
		('electricity', 'none', 3, 'None', 'بجلی نہیں'),
		('water', 'piped', 1, 'Piped', 'پائپ لائن'),
		('water', 'filtration_plant', 2, 'Filtration plant', 'فلٹریشن پلانٹ'),
		('water', 'motor_pump', 3, 'Motor pump', 'موٹر پمپ'),
		('water', 'hand_pump', 4, 'Hand pump', 'ہینڈ پمپ'),
		('water', 'covered_well', 5, 'Covered well', 'ڈھکا ہوا کنواں'),
		('water', 'protected_spring', 6, 'Protected spring', 'محفوظ چشمہ'),
		('water', 'bottled', 7, 'Bottled', 'بوتل بند پانی'),
		('water', 'tanker', 8, 'Tanker', 'ٹینکر'),
		('water', 'open_well', 9, 'Open well', 'کھلا کنواں'),
		('water', 'unprotected_spring', 10, 'Unprotected spring', 'غیر محفوظ چشمہ'),
		('water', 'surface', 11, 'River, canal or pond', 'دریا، نہر یا تالاب'),
		('water', 'rain', 12, 'Rain', 'بارش کا پانی'),
		('water', 'karez', 13, 'Karez', 'کاریز'),
		('water', 'other', 14, 'Other', 'دیگر'),
		('toilet', 'flush_sewer', 1, 'Flush to a sewer', 'فلش، سیوریج سے منسلک'),
		('toilet', 'flush_septic', 2, 'Flush to a septic tank', 'فلش، سیپٹک ٹینک'),
		('toilet', 'flush_pit', 3, 'Flush to a pit', 'فلش، گڑھا'),
		('toilet', 'flush_open_drain', 4, 'Flush to an open drain', 'فلش، کھلی نالی'),
		('toilet', 'dry_raised', 5, 'Dry, raised', 'خشک، اونچا'),
		('toilet', 'dry_pit', 6, 'Dry, pit', 'خشک، گڑھا'),
		('toilet', 'other', 7, 'Other', 'دیگر'),
		('toilet', 'none', 8, 'None', 'بیت الخلا نہیں'),
		('score_band', '0-16.17', 1, 'Score 0 to 16.17', 'اسکور 0 تا 16.17'),
		('score_band', '16.18-32', 2, 'Score 16.18 to 32', 'اسکور 16.18 تا 32'),
		('score_band', '32.01-100', 3, 'Score above 32', 'اسکور 32 سے زیادہ')
	) AS l (attribute, value, place, english, urdu)
	UNION ALL
	SELECT a.attribute, 'unknown', 99, 'Not known', 'معلوم نہیں'
	FROM unnest('{sex,age_group,employment,attending_school,disabled,household_size,region,structure,lighting,electricity,water,toilet,score_band}'::text[]) AS a (attribute);
END;
COMMENT ON FUNCTION registry.public_labels() IS
	'English and Urdu words for values of attributes that a profile shows, in the order in which it does';

-- A row of a section is a cell: what is given, what is counted, and a value of each
-- attribute in by.  It is a part of what is given where nothing is counted; of those
-- of its row's values where something is.
CREATE FUNCTION registry.profile_sections(OUT no integer, OUT section text, OUT unit text, OUT by text[], OUT given jsonb, OUT counted jsonb,
										  OUT only_values jsonb, OUT english text, OUT urdu text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 19
BEGIN ATOMIC
	SELECT s.no, s.section, s.unit, s.by::text[], s.given::jsonb, s.counted::jsonb, s.only_values::jsonb, s.english, s.urdu
	FROM (VALUES
		(1, 'sex', 'person', '{sex}', '{}', '{}', '{}', 'People by sex', 'آبادی بلحاظ جنس'),
		(2, 'age', 'person', '{age_group}', '{}', '{}', '{}', 'People by age', 'آبادی بلحاظ عمر'),
		(3, 'literacy', 'person', '{age_group}', '{}', '{"literate": "true"}', '{"age_group": ["teenage", "adult", "old-age"]}', 'Who is literate', 'خواندہ افراد'),
		(4, 'literacy_sex', 'person', '{age_group,sex}', '{}', '{"literate": "true"}', '{"sex": ["male", "female"], "age_group": ["teenage", "adult", "old-age"]}',
			'Who is literate, by sex', 'خواندہ افراد بلحاظ جنس'),
		(5, 'school', 'person', '{attending_school}', '{"age_group": "teenage"}', '{}', '{}', 'Schooling at 13 to 17 years', '13 تا 17 سال کے بچوں کی تعلیم'),
		(6, 'school_sex', 'person', '{sex}', '{"age_group": "teenage"}', '{"attending_school": "true"}', '{"sex": ["male", "female"]}',
			'At school at 13 to 17 years, by sex', '13 تا 17 سال کے زیر تعلیم بچے بلحاظ جنس'),
		(7, 'work', 'person', '{employment}', '{"age_group": "adult"}', '{}', '{}', 'Work at 18 to 59 years', '18 تا 59 سال کے افراد کا روزگار'),
		(8, 'work_women', 'person', '{employment}', '{"sex": "female", "age_group": "adult"}', '{}', '{}', 'Work of women of 18 to 59', '18 تا 59 سال کی خواتین کا روزگار'),
		(9, 'work_men', 'person', '{employment}', '{"sex": "male", "age_group": "adult"}', '{}', '{}', 'Work of men of 18 to 59', '18 تا 59 سال کے مردوں کا روزگار'),
		(10, 'disability', 'person', '{disabled}', '{}', '{}', '{}', 'Disability', 'معذوری'),
		(11, 'disability_sex', 'person', '{sex}', '{}', '{"disabled": "true"}', '{"sex": ["male", "female"]}', 'People with a disability, by sex', 'معذوری کے ساتھ افراد بلحاظ جنس'),
		(12, 'size', 'household', '{household_size}', '{}', '{}', '{}', 'Households by size', 'گھرانے بلحاظ افراد کی تعداد'),
		(13, 'region', 'household', '{region}', '{}', '{}', '{}', 'Households by region', 'گھرانے بلحاظ علاقہ'),
		(14, 'structure', 'household', '{structure}', '{}', '{}', '{}', 'Dwellings', 'مکانات کی ساخت'),
		(15, 'lighting', 'household', '{lighting}', '{}', '{}', '{}', 'Main source of light', 'روشنی کا بڑا ذریعہ'),
		(16, 'electricity', 'household', '{electricity}', '{}', '{}', '{}', 'Electricity connection', 'بجلی کا کنکشن'),
		(17, 'water', 'household', '{water}', '{}', '{}', '{}', 'Drinking water', 'پینے کا پانی'),
		(18, 'toilet', 'household', '{toilet}', '{}', '{}', '{}', 'Toilet', 'بیت الخلا'),
		(19, 'score', 'household', '{score_band}', '{}', '{}', '{}', 'Households by poverty score', 'گھرانے بلحاظ غربت اسکور')
	) AS s (no, section, unit, by, given, counted, only_values, english, urdu);
END;
COMMENT ON FUNCTION registry.profile_sections() IS
	'what a district''s profile shows: of household or person, a row a value of each attribute in by (only_values: of these alone), a part of what is given; '
	'of the persons of its row where something is counted';

CREATE FUNCTION registry.profile_indicators(OUT no integer, OUT indicator text, OUT section text, OUT unit text, OUT cell jsonb, OUT base jsonb,
											OUT english text, OUT urdu text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 13
BEGIN ATOMIC
	SELECT i.no, i.indicator, i.section, i.unit, i.cell::jsonb, i.base::jsonb, i.english, i.urdu
	FROM (VALUES
		(1, 'literate', 'literacy', 'person', '{"literate": "true", "age_group": "adult"}', '{"age_group": "adult"}',
			'Literate, 18 to 59 years', 'خواندہ، 18 تا 59 سال'),
		(2, 'literate_women', 'literacy_sex', 'person', '{"sex": "female", "literate": "true", "age_group": "adult"}', '{"sex": "female", "age_group": "adult"}',
			'Literate women, 18 to 59 years', 'خواندہ خواتین، 18 تا 59 سال'),
		(3, 'at_school', 'school', 'person', '{"attending_school": "true", "age_group": "teenage"}', '{"age_group": "teenage"}',
			'At school, 13 to 17 years', 'زیر تعلیم، 13 تا 17 سال'),
		(4, 'girls_at_school', 'school_sex', 'person', '{"sex": "female", "attending_school": "true", "age_group": "teenage"}', '{"sex": "female", "age_group": "teenage"}',
			'Girls at school, 13 to 17 years', 'زیر تعلیم لڑکیاں، 13 تا 17 سال'),
		(5, 'working', 'work', 'person', '{"employment": "employed", "age_group": "adult"}', '{"age_group": "adult"}', 'Working, 18 to 59 years', 'برسر روزگار، 18 تا 59 سال'),
		(6, 'working_women', 'work_women', 'person', '{"sex": "female", "employment": "employed", "age_group": "adult"}', '{"sex": "female", "age_group": "adult"}',
			'Working women, 18 to 59 years', 'برسر روزگار خواتین، 18 تا 59 سال'),
		(7, 'disabled', 'disability', 'person', '{"disabled": "true"}', '{}', 'People with a disability', 'معذوری کے ساتھ افراد'),
		(8, 'large', 'size', 'household', '{"household_size": "7+"}', '{}', 'Households of 7 or more', '7 یا زیادہ افراد کے گھرانے'),
		(9, 'kacha', 'structure', 'household', '{"structure": "kacha"}', '{}', 'Kacha dwellings', 'کچے مکانات'),
		(10, 'no_electricity', 'electricity', 'household', '{"electricity": "none"}', '{}', 'Households without electricity', 'بجلی کے بغیر گھرانے'),
		(11, 'no_toilet', 'toilet', 'household', '{"toilet": "none"}', '{}', 'Households without a toilet', 'بیت الخلا کے بغیر گھرانے'),
		(12, 'low_scores', 'score', 'household', '{"score_band": "16.18-32"}', '{}', 'Households with a score of 16.18 to 32', '16.18 تا 32 اسکور والے گھرانے'),
		(13, 'lowest_scores', 'score', 'household', '{"score_band": "0-16.17"}', '{}', 'Households with a score up to 16.17', '16.17 تک اسکور والے گھرانے')
	) AS i (no, indicator, section, unit, cell, base, english, urdu);
END;
COMMENT ON FUNCTION registry.profile_indicators() IS
	'by what districts are compared in a profile: a cell, and of which other it is the part';

CREATE FUNCTION registry.profile_tables(OUT no integer, OUT unit text, OUT attributes text[]) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 12
BEGIN ATOMIC
	WITH asked AS (
		SELECT s.no, s.unit, ARRAY(SELECT u.a FROM unnest(s.by || ARRAY(SELECT k.k FROM jsonb_object_keys(s.given || s.counted) AS k (k))) AS u (a) ORDER BY u.a) AS attributes
		FROM registry.profile_sections() AS s)
	-- a table shows the sums over its attributes, too
	SELECT min(a.no), a.unit, a.attributes
	FROM asked AS a
	WHERE NOT EXISTS (SELECT FROM asked AS o WHERE o.unit = a.unit AND o.attributes @> a.attributes AND o.attributes <> a.attributes)
	GROUP BY a.unit, a.attributes ORDER BY 1;
END;
COMMENT ON FUNCTION registry.profile_tables() IS
	'the tables, by what they are counted by, that have to be public for a profile to have all its sections: each is a request of its own';
