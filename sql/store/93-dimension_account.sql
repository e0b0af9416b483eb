
-- Of what was agreed, and what of it was shown: a release that was made and no more
-- showed nothing.  What is public is everybody's, and no partner's.
CREATE VIEW nser.partner_dimension WITH (security_invoker = true) AS
	SELECT registry.partner_of(a.organization_id) AS partner, a.organization_id, a.agreement_id, a.category, d.dimension, d.locked,
		bool_or(w.attribute = 'score' OR w.attribute IS NULL) AS exact,
		array_agg(DISTINCT w.attribute ORDER BY w.attribute) FILTER (WHERE w.attribute IS NOT NULL) AS attributes,
		count(l.release_id) > 0 AS shown, min(l.made_at) AS first_shown_at
	FROM nser.agreement AS a
	JOIN nser.data_request AS r ON r.request_id = a.request_id
	CROSS JOIN LATERAL (
		SELECT s.attribute, s.dimension FROM nser.share_attribute AS s WHERE s.attribute = ANY (r.attributes)
		UNION ALL
		-- what else tells of a score: a service without attributes, in bands; lists, by their poverty level
		SELECT 'score_band' AS attribute, 'score' AS dimension WHERE a.category IN ('score', 'beneficiary_list', 'beneficiary_dimensions') AND NOT 'score' = ANY (r.attributes)
		UNION ALL
		-- of whom it is told who is in it
		SELECT 'disabled' AS attribute, 'disability' AS dimension WHERE 'disabled' = ANY (r.member_types)
		UNION ALL
		SELECT NULL AS attribute, 'score' AS dimension WHERE coalesce(upper(r.score_range), 100) - coalesce(lower(r.score_range), 0) < 5) AS w
	JOIN nser.dimension AS d ON d.dimension = w.dimension
	LEFT JOIN nser.release AS l ON l.agreement_id = a.agreement_id AND l.state IN ('published', 'replaced', 'revoked')
	WHERE NOT (r.audience = 'public' AND a.category IN ('summary', 'map'))
	GROUP BY a.organization_id, a.agreement_id, a.category, d.dimension, d.locked;
COMMENT ON VIEW nser.partner_dimension IS 'dimensions that each partner was agreed to have, and has had, by agreement; attributes outside the 17 are not here';
COMMENT ON COLUMN nser.partner_dimension.partner IS 'the topmost organization, whose affiliates count as it';
COMMENT ON COLUMN nser.partner_dimension.exact IS 'whether the score itself is shown, or tells as much: a range of scores narrower than five points';
COMMENT ON COLUMN nser.partner_dimension.shown IS 'whether a release of the agreement was ever published, or its score service open';
