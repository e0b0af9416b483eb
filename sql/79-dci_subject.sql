
-- dci_subject: a household in a standard's words ------------------------------------
--
-- Whole and by name: for the registry's own web layer, by the rights of whoever calls,
-- and for no partner.

CREATE FUNCTION registry.dci_relationship(relationship registry.relationship, sex registry.sex) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE relationship
		WHEN 'spouse' THEN CASE sex WHEN 'male' THEN 'HUSB' WHEN 'female' THEN 'WIFE' ELSE 'SPS' END
		WHEN 'child' THEN CASE sex WHEN 'male' THEN 'SON' WHEN 'female' THEN 'DAU' ELSE 'CHILD' END
		WHEN 'grandchild' THEN 'GRNDCHILD'
		WHEN 'parent' THEN CASE sex WHEN 'male' THEN 'FTH' WHEN 'female' THEN 'MTH' ELSE 'PRN' END
		WHEN 'sibling' THEN CASE sex WHEN 'male' THEN 'BRO' WHEN 'female' THEN 'SIS' ELSE 'SIB' END
		WHEN 'grandparent' THEN CASE sex WHEN 'male' THEN 'GRFTH' WHEN 'female' THEN 'GRMTH' ELSE 'GRPRN' END
		WHEN 'nephew_or_niece' THEN CASE sex WHEN 'male' THEN 'NEPHEW' WHEN 'female' THEN 'NEICE' ELSE 'FAMMEMB' END
		WHEN 'uncle_or_aunt' THEN CASE sex WHEN 'male' THEN 'UNCLE' WHEN 'female' THEN 'AUNT' ELSE 'FAMMEMB' END
		WHEN 'child_in_law' THEN 'FAMMEMB' WHEN 'sibling_in_law' THEN 'FAMMEMB' WHEN 'parent_in_law' THEN 'FAMMEMB'
	END;
COMMENT ON FUNCTION registry.dci_relationship(registry.relationship, registry.sex) IS
	'the standard''s code of what somebody is to the head; NEICE is its own spelling; NULL of a head, a servant or others, for which it has none';

CREATE FUNCTION registry.subject_json(cnic registry.cnic, formula text DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql STABLE
	SET jit = off
AS $$
DECLARE
	home	record;
	people	jsonb;
BEGIN
	SELECT h.household_id, h.area, h.registered_on, h.address, h.current_survey, s.score INTO home
	FROM nser.member AS m
	JOIN nser.household AS h ON h.household_id = m.household_id AND h.status = 'registered'
	LEFT JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	LEFT JOIN nser.score AS s ON s.household_id = v.household_id AND s.survey_id = v.survey_id AND s.area OPERATOR(registry.=) v.area
		AND s.formula = subject_json.formula
	WHERE m.cnic OPERATOR(registry.=) subject_json.cnic AND m.valid_to IS NULL AND m.superseded_at IS NULL;
	IF NOT FOUND THEN
		RETURN NULL;
	END IF;
	SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('@type', 'spdci:Member',
			'member_identifier', CASE WHEN m.cnic IS NOT NULL THEN jsonb_build_array(jsonb_build_object('@type', 'Identifier', 'identifier_type', 'UIN',
				'identifier_value', m.cnic::text)) END,
			'demographic_info', jsonb_build_object('@type', 'SRPerson', 'name', jsonb_build_object('@type', 'Name', 'given_name', m.name),
				'sex', CASE m.sex WHEN 'transgender' THEN 'other' ELSE coalesce(m.sex::text, 'unknown') END, 'birth_date', m.birth_date),
			'is_disabled', r.disabled,
			'marital_status', CASE m.marital_status WHEN 'never_married' THEN 'S' WHEN 'nikah_only' THEN 'S' WHEN 'married' THEN 'M' WHEN 'widowed' THEN 'W'
				WHEN 'divorced' THEN 'D' WHEN 'separated' THEN 'L' ELSE 'U' END,
			'related_person', CASE WHEN k.code IS NOT NULL AND m.head IS NOT NULL THEN jsonb_build_array(jsonb_build_object('@type', 'RelatedPerson',
				'relationship_type', k.code, 'related_member', jsonb_build_object('@type', 'Member', 'member_identifier', jsonb_build_array(
					jsonb_build_object('@type', 'Identifier', 'identifier_type', 'UIN', 'identifier_value', m.head))))) END,
			'additional_attributes', CASE WHEN m.relationship IS NOT NULL THEN jsonb_build_array(jsonb_build_object('relationship_to_head', m.relationship)) END))
		ORDER BY m.line)
	INTO people
	FROM (
		SELECT x.line, x.cnic, x.name, x.sex, x.birth_date, x.relationship, x.marital_status, max(x.cnic::text) FILTER (WHERE x.relationship = 'head') OVER () AS head
		FROM nser.member AS x
		WHERE x.household_id = home.household_id AND x.valid_to IS NULL AND x.superseded_at IS NULL) AS m
	LEFT JOIN (
		SELECT y.line, cardinality(y.disabilities) > 0 AS disabled
		FROM nser.survey AS v CROSS JOIN LATERAL registry.members(v.roster) AS y
		WHERE v.household_id = home.household_id AND v.survey_id = home.current_survey) AS r ON r.line = m.line
	CROSS JOIN LATERAL (SELECT registry.dci_relationship(m.relationship, m.sex) AS code) AS k;
	RETURN jsonb_strip_nulls(jsonb_build_object('@type', 'spdci:Group',
		'group_identifier', jsonb_build_array(jsonb_build_object('@type', 'Identifier', 'identifier_type', 'HOUSEHOLD_ID', 'identifier_value', home.household_id::text)),
		'group_type', 'household', 'group_size', jsonb_array_length(people), 'member_list', people,
		'address', jsonb_build_object('@type', 'Address', 'address_line_1', home.address, 'sub_region_code', registry.ancestor(home.area, 'district')::text,
			'region_code', registry.ancestor(home.area, 'province')::text, 'country_code', 'PK'),
		'poverty_score', home.score, 'poverty_score_type', CASE WHEN home.score IS NOT NULL THEN subject_json.formula END, 'registration_date', home.registered_on));
END;
$$;
COMMENT ON FUNCTION registry.subject_json(registry.cnic, text) IS
	'the registered household of whoever holds a number, as a Group of the Digital Convergence Initiative''s interface with its Members, by name, and with the '
	'score by a formula, if one is given; NULL where the caller sees none; for the registry''s own web layer, by the caller''s rights and row '
	'security, and never for a partner; unlogged';
