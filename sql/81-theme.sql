
-- theme: the thematic indicators of the annual report -------------------------------
--
-- A theme is defined once, in registry.themes(), over the cells that
-- registry.theme_tally() counts and registry.theme_cells() names.

CREATE FUNCTION registry.theme_cells(OUT cell integer, OUT indicator text, OUT sex text, OUT answer text) RETURNS SETOF record
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 130 AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.theme_cells() IS
	'what registry.theme_tally() counts, by position in its array: an indicator''s answers, and of persons by sex (unknown where it is); '
	'sex NULL: households';

CREATE FUNCTION registry.theme_tally_add(bigint[], registry.indicators, registry.roster) RETURNS bigint[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.theme_tally_add(bigint[], registry.indicators, registry.roster) IS 'aggregate transition function';

CREATE FUNCTION registry.theme_tally_combine(bigint[], bigint[]) RETURNS bigint[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.theme_tally_combine(bigint[], bigint[]) IS 'aggregate combine function';

CREATE AGGREGATE registry.theme_tally(registry.indicators, registry.roster) (
	SFUNC = registry.theme_tally_add,
	STYPE = bigint[],
	SSPACE = 1100,
	COMBINEFUNC = registry.theme_tally_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE registry.theme_tally(registry.indicators, registry.roster) IS
	'households and persons of many surveys by what they answered, a count for each of registry.theme_cells(); a household without indicators '
	'is not counted, and nobody of a roster that is NULL';

CREATE AGGREGATE registry.theme_sum(bigint[]) (
	SFUNC = registry.theme_tally_combine,
	STYPE = bigint[],
	SSPACE = 1100,
	COMBINEFUNC = registry.theme_tally_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE registry.theme_sum(bigint[]) IS 'what registry.theme_tally() counted of several areas, added up; NULL adds nothing';

CREATE FUNCTION registry.theme_scores_add(bigint[], score double precision) RETURNS bigint[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.theme_scores_add(bigint[], double precision) IS 'aggregate transition function';

CREATE FUNCTION registry.theme_scores_combine(bigint[], bigint[]) RETURNS bigint[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.theme_scores_combine(bigint[], bigint[]) IS 'aggregate combine function';

CREATE AGGREGATE registry.theme_scores(score double precision) (
	SFUNC = registry.theme_scores_add,
	STYPE = bigint[],
	SSPACE = 850,
	COMBINEFUNC = registry.theme_scores_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE registry.theme_scores(double precision) IS
	'scores by whole points: 102 counts, of NULL, of 0 to 0.99, 1 to 1.99, ..., of 100';

CREATE AGGREGATE registry.theme_scores_sum(bigint[]) (
	SFUNC = registry.theme_scores_combine,
	STYPE = bigint[],
	SSPACE = 850,
	COMBINEFUNC = registry.theme_scores_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE registry.theme_scores_sum(bigint[]) IS 'what registry.theme_scores() counted of several areas, added up; NULL adds nothing';

-- The definitions.  holds is the definition in SQL, of nser.household_profile or
-- nser.member_profile, asked_of the persons it is asked of; where the answer is a label
-- of the codebook, the labels are the definition.  Reports count by the cells, and
-- registry.count_themes() by this SQL: tests compare them.
CREATE FUNCTION registry.themes(OUT theme text, OUT measure text, OUT unit text, OUT is_headline boolean, OUT indicator text, OUT answers text[],
								OUT asked_of text, OUT holds text, OUT base text, OUT definition text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 45
BEGIN ATOMIC
	SELECT t.theme, t.measure, 'household', t.is_headline, t.indicator, t.answers, NULL::text, format('%I = ANY (%L)', t.indicator, t.answers), t.base, t.definition
	FROM (VALUES
		('structure', 'pacca', true, 'structure', '{pacca}'::text[], 'households whose walls and roof are known',
		 'roof and walls both of burnt brick, concrete or stone, or prefabricated'),
		('structure', 'kacha', false, 'structure', '{kacha}', 'households whose walls and roof are known',
		 'roof or walls of anything else'),
		('water', 'safe', true, 'water', '{piped,hand_pump,motor_pump,covered_well,protected_spring,bottled,filtration_plant}',
		 'households whose main source of drinking water is known',
		 'tap or covered well, read as piped, hand or motor pump, covered well, protected spring, filtration plant or bottled'),
		('water', 'other', false, 'water', '{open_well,unprotected_spring,surface,tanker,rain,karez,other}',
		 'households whose main source of drinking water is known', 'any other source'),
		('electricity', 'electricity', true, 'electricity', '{own_meter,extension}', 'households of whom it is known',
		 'own connection or an extension of another''s'),
		('electricity', 'own_meter', false, 'electricity', '{own_meter}', 'households of whom it is known', 'own connection'),
		('electricity', 'extension', false, 'electricity', '{extension}', 'households of whom it is known', 'an extension of another''s connection'),
		('latrine', 'formal', true, 'toilet', '{flush_sewer,flush_septic,flush_pit,flush_open_drain}', 'households whose toilet is known',
		 'flush, to whatever'),
		('latrine', 'informal', false, 'toilet', '{dry_raised,dry_pit,other}', 'households whose toilet is known', 'dry, or other'),
		('latrine', 'open', false, 'toilet', '{none}', 'households whose toilet is known', 'open defecation: no toilet')
	) AS t (theme, measure, is_headline, indicator, answers, base, definition)
	UNION ALL
	SELECT 'water_source', l.label, 'household', l.label = 'piped', 'water', ARRAY[l.label], NULL, format('water = %L', l.label),
		'households whose main source of drinking water is known', 'main source: ' || replace(l.label, '_', ' ')
	FROM registry.codebook() AS c CROSS JOIN LATERAL unnest(c.labels) AS l (label)
	WHERE c.name = 'water'
	UNION ALL
	SELECT t.theme, t.measure, t.unit, t.is_headline, t.indicator, '{yes}', t.asked_of, t.holds, t.base, t.definition
	FROM (VALUES
		('livestock', 'livestock', 'household', true, 'livestock', NULL, 'buffaloes > 0 OR cows > 0 OR goats > 0 OR sheep > 0 OR camels > 0',
		 'households who own some, or said of every kind that they own none', 'own buffaloes, cows, goats, sheep, camels, horses or donkeys'),
		('livestock', 'buffaloes', 'household', false, 'buffaloes', NULL, 'buffaloes > 0', 'households of whom it is known', 'own buffaloes or bullocks'),
		('livestock', 'cows', 'household', false, 'cows', NULL, 'cows > 0', 'households of whom it is known', 'own cows'),
		('livestock', 'goats', 'household', false, 'goats', NULL, 'goats > 0', 'households of whom it is known', 'own goats'),
		('livestock', 'sheep', 'household', false, 'sheep', NULL, 'sheep > 0', 'households of whom it is known', 'own sheep'),
		('livestock', 'camels', 'household', false, 'camels', NULL, 'camels > 0', 'households of whom it is known', 'own camels, horses or donkeys'),
		('disability_household', 'with_disabled', 'household', true, 'disabled_member', NULL, 'disabled_members > 0',
		 'households of whom it is known of every member', 'with a member who has a disability'),
		('chronic_disease_household', 'with_chronically_ill', 'household', true, 'chronically_ill_member', NULL, 'chronically_ill_members > 0',
		 'households of whom it is known of every member', 'with a member who has a chronic disease'),
		('out_of_school', 'out_of_school', 'person', true, 'out_of_school', 'age BETWEEN 4 AND 18',
		 'NOT coalesce(attending_school, CASE WHEN NOT ever_attended THEN false END)', 'children aged 4 to 18 of whom it is known',
		 'never enrolled, or dropped out: not attending school'),
		('out_of_school', 'never_enrolled', 'person', false, 'never_enrolled', 'age BETWEEN 4 AND 18', 'NOT ever_attended',
		 'children aged 4 to 18 of whom it is known', 'never attended school'),
		('literacy', 'literate', 'person', true, 'literate', 'age >= 10', 'literate', 'persons aged 10 or older of whom it is known',
		 'read and write with understanding'),
		('employment', 'employed', 'person', true, 'employed', 'age BETWEEN 14 AND 60', 'employment = ''employed''',
		 'persons aged 14 to 60 of whom it is known', 'at work'),
		('disability', 'disabled', 'person', true, 'disabled', 'true', 'cardinality(disabilities) > 0', 'persons of whom it is known',
		 'have a disability, of whatever kind'),
		('chronic_disease', 'chronically_ill', 'person', true, 'chronically_ill', 'true', 'cardinality(chronic_diseases) > 0',
		 'persons of whom it is known', 'have a chronic disease')
	) AS t (theme, measure, unit, is_headline, indicator, asked_of, holds, base, definition);
END;
COMMENT ON FUNCTION registry.themes() IS
	'the measures of the annual report''s themes: unit household or person (persons are told by sex), the headline of its theme, the cells whose answers are '
	'the numerator, the same in SQL over nser.household_profile or nser.member_profile (asked_of, holds), and in words who is in the base, and what holds; '
	'household size, poverty bands and families are no shares of answers, and stand beside these';

CREATE FUNCTION registry.theme_min_base() RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 30;
COMMENT ON FUNCTION registry.theme_min_base() IS 'a district whose base is smaller is left out of nser.theme_extreme''s highest and lowest';
