
-- share_column: what an attribute shows, and what it coarsens to ---------------------
--
-- Fragments of SQL over h (nser.household_profile), m (nser.member_profile) and s
-- (nser.score, of the agreement's formula): step 0 is the finest that is ever shown.
-- A coarser step tells nothing that the one before does not, and NULL stays NULL.

CREATE FUNCTION registry.share_columns(OUT attribute text, OUT step integer, OUT expression text, OUT meaning text)
	RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 200
BEGIN ATOMIC
	SELECT c.name, x.step, x.expression, x.meaning
	FROM registry.codebook() AS c
	CROSS JOIN LATERAL (
		SELECT 0 AS step, format(CASE
			WHEN c.kind <> 'count' THEN 'h.%1$I::text'
			WHEN c.name = 'head_age' THEN
				'CASE WHEN h.%1$I <= 17 THEN ''0-17'' WHEN h.%1$I <= 39 THEN ''18-39'' WHEN h.%1$I <= 59 THEN ''40-59'' WHEN h.%1$I >= 60 THEN ''60+'' END'
			WHEN c.name IN ('head_class', 'female_head_or_spouse_class') THEN
				'CASE WHEN h.%1$I = 0 THEN ''0'' WHEN h.%1$I <= 5 THEN ''1-5'' WHEN h.%1$I <= 10 THEN ''6-10'' WHEN h.%1$I >= 11 THEN ''11+'' END'
			WHEN c.name = 'land_kanals' THEN
				'CASE WHEN h.%1$I = 0 THEN ''0'' WHEN h.%1$I <= 8 THEN ''1-8'' WHEN h.%1$I <= 40 THEN ''9-40'' WHEN h.%1$I >= 41 THEN ''41+'' END'
			ELSE 'CASE WHEN h.%1$I = 0 THEN ''0'' WHEN h.%1$I <= 2 THEN ''1-2'' WHEN h.%1$I <= 5 THEN ''3-5'' WHEN h.%1$I >= 6 THEN ''6+'' END'
			END, c.name) AS expression, c.meaning AS meaning
		UNION ALL
		SELECT 1, format(CASE WHEN c.name = 'head_age' THEN
				'CASE WHEN h.%1$I <= 39 THEN ''0-39'' WHEN h.%1$I >= 40 THEN ''40+'' END'
			ELSE 'CASE WHEN h.%1$I = 0 THEN ''none'' WHEN h.%1$I >= 1 THEN ''some'' END' END, c.name),
			c.meaning || CASE WHEN c.name = 'head_age' THEN ': below 40, or 40 or more' ELSE ': none or some' END WHERE c.kind = 'count') AS x
	WHERE c.name NOT LIKE 'reserved%' AND c.name <> 'province'
	UNION ALL
	SELECT f.attribute, f.step, f.expression, f.meaning
	FROM (VALUES
		('sex', 0, 'm.sex::text', 'sex'),
		('age_group', 0, 'CASE WHEN m.age <= 12 THEN ''minor'' WHEN m.age <= 17 THEN ''teenage'' WHEN m.age <= 59 THEN ''adult'' WHEN m.age >= 60 THEN ''old-age'' END',
			'minor 0-12, teenage 13-17, adult 18-59, old-age 60 or more'),
		('age_group', 1, 'CASE WHEN m.age <= 17 THEN ''under 18'' WHEN m.age >= 18 THEN ''18 or more'' END', 'under 18, or 18 or more'),
		('relationship', 0, 'm.relationship::text', 'relationship to the head'),
		('relationship', 1, 'CASE WHEN m.relationship IN (''head'', ''spouse'') THEN m.relationship::text WHEN m.relationship IN (''child'', ''grandchild'') THEN ''descendant'' '
			'WHEN m.relationship IS NOT NULL THEN ''other'' END', 'head, spouse, descendant (child or grandchild) or other'),
		('marital_status', 0, 'm.marital_status::text', 'marital status'),
		('marital_status', 1, 'CASE WHEN m.marital_status IN (''never_married'', ''nikah_only'') THEN ''not yet'' WHEN m.marital_status = ''married'' THEN ''married'' '
			'WHEN m.marital_status IS NOT NULL THEN ''was married'' END', 'not married yet, married, or was married: widowed, divorced or separated'),
		('marital_status', 2, 'CASE WHEN m.marital_status IN (''never_married'', ''nikah_only'') THEN ''not yet'' WHEN m.marital_status IS NOT NULL THEN ''ever'' END',
			'not married yet, or ever married'),
		('disabled', 0, '(cardinality(m.disabilities) > 0)::text', 'whether with a disability'),
		('chronically_ill', 0, '(cardinality(m.chronic_diseases) > 0)::text', 'whether with a chronic disease'),
		-- disabled is an answer to it, and would tell past l
		('employment', 0, 'CASE WHEN m.employment IN (''retired'', ''disabled'') THEN ''not able'' ELSE m.employment END', 'employment; not able: retired, or disabled'),
		('employment', 1, 'CASE WHEN m.employment = ''employed'' THEN ''employed'' WHEN m.employment IS NOT NULL THEN ''not employed'' END', 'employed or not'),
		('literate', 0, 'm.literate::text', 'whether literate'),
		('attending_school', 0, 'm.attending_school::text', 'whether attending school'),
		('score_band', 0, 'CASE WHEN s.score <= 16.17 THEN ''0-16.17'' WHEN s.score <= 32 THEN ''16.18-32'' WHEN s.score > 32 THEN ''32.01-100'' END', 'poverty score in bands'),
		('score_band', 1, 'CASE WHEN s.score <= 32 THEN ''0-32'' WHEN s.score > 32 THEN ''32.01-100'' END', 'poverty score up to 32, or above'),
		('score', 0, 's.score::text', 'poverty score'),
		('land_band', 0, 'CASE WHEN h.land_kanals = 0 THEN ''none'' WHEN h.land_kanals <= 40 THEN ''1-40 kanals'' WHEN h.land_kanals >= 41 THEN ''more than 40 kanals'' END',
			'land in bands, 8 kanals being an acre'),
		('land_band', 1, 'CASE WHEN h.land_kanals = 0 THEN ''none'' WHEN h.land_kanals >= 1 THEN ''some'' END', 'land: none or some'),
		('household_size', 0, 'CASE WHEN h.members <= 3 THEN ''1-3'' WHEN h.members <= 6 THEN ''4-6'' WHEN h.members >= 7 THEN ''7+'' END', 'members of the household'),
		('household_size', 1, 'CASE WHEN h.members <= 6 THEN ''1-6'' WHEN h.members >= 7 THEN ''7+'' END', 'members of the household: up to 6, or more')
		) AS f (attribute, step, expression, meaning);
END;
COMMENT ON FUNCTION registry.share_columns() IS
	'what an attribute of nser.share_attribute shows at each step of coarsening, from 0, as SQL over h (nser.household_profile), m '
	'(nser.member_profile) and s (nser.score); beyond its last step it is not shown; area coarsens by its levels and is not here';

-- What stands at a finer step, as it would stand at a coarser one: for two releases
-- that show an attribute differently.
CREATE FUNCTION registry.coarser_value(attribute text, step integer, value text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE
		WHEN step = 0 OR value IS NULL THEN value
		WHEN attribute = 'head_age' THEN CASE WHEN value IN ('0-17', '18-39', '0-39') THEN '0-39' ELSE '40+' END
		WHEN attribute = 'age_group' THEN CASE WHEN value IN ('minor', 'teenage', 'under 18') THEN 'under 18' ELSE '18 or more' END
		WHEN attribute = 'relationship' THEN CASE WHEN value IN ('head', 'spouse') THEN value WHEN value IN ('child', 'grandchild', 'descendant') THEN 'descendant' ELSE 'other' END
		WHEN attribute = 'marital_status' THEN CASE WHEN value IN ('never_married', 'nikah_only', 'not yet') THEN 'not yet' WHEN step = 2 THEN 'ever'
			WHEN value = 'married' THEN value ELSE 'was married' END
		WHEN attribute = 'employment' THEN CASE WHEN value = 'employed' THEN value ELSE 'not employed' END
		WHEN attribute = 'score_band' THEN CASE WHEN value IN ('0-16.17', '16.18-32') THEN '0-32' ELSE value END
		WHEN attribute = 'household_size' THEN CASE WHEN value IN ('1-3', '4-6') THEN '1-6' ELSE value END
		-- counts, and land in bands
		ELSE CASE WHEN value IN ('0', 'none') THEN 'none' ELSE 'some' END END;
COMMENT ON FUNCTION registry.coarser_value(text, integer, text) IS
	'what a value that registry.share_columns() shows of an attribute becomes at a step as coarse or coarser; NULL stays NULL';
