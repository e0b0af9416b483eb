
-- subject_access: who could have read of a person, and who did ----------------------

CREATE FUNCTION registry.subject_access(cnic registry.cnic, OUT access text, OUT organization text, OUT day date, OUT times bigint,
										OUT agreement_id bigint, OUT category registry.share_category, OUT purpose text, OUT shown text[],
										OUT since timestamptz, OUT until timestamptz)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE
	SET jit = off
AS $$
BEGIN
	RETURN QUERY
		-- every household in which the number was a member's, from when until when the registry said so
		WITH lived AS (
			SELECT m.household_id, m.line, m.recorded_at AS since,
				least(coalesce(m.superseded_at, 'infinity'), CASE WHEN m.valid_to IS NULL THEN 'infinity' ELSE coalesce(m.ended_at, m.recorded_at) END) AS until
			FROM nser.member AS m
			WHERE m.cnic OPERATOR(registry.=) subject_access.cnic
		), released AS (
			SELECT DISTINCT ON (r.release_id) r.release_id, r.agreement_id, r.made_at,
				least((SELECT min(n.made_at) FROM nser.release AS n
					   WHERE n.agreement_id = r.agreement_id AND n.release_no > r.release_no AND n.state IN ('published', 'replaced', 'revoked')),
					  a.ended_at, upper(a.valid)::timestamp AT TIME ZONE 'Asia/Karachi') AS until
			FROM lived AS l
			JOIN nser.release_subject AS s ON s.household_id = l.household_id AND (s.lines IS NULL OR l.line = ANY (s.lines))
			JOIN nser.release AS r ON r.release_id = s.release_id AND r.state IN ('published', 'replaced', 'revoked')
				AND l.since <= r.made_at AND l.until > r.made_at
			JOIN nser.agreement AS a ON a.agreement_id = r.agreement_id
		), answered AS (
			SELECT DISTINCT ON (t.ticket, s.no) t.agreement_id, t.requested_at,
				CASE WHEN s.survey_id IS NULL THEN 'score_asked' WHEN s.line = l.line THEN 'score_read' ELSE 'household_score_read' END AS access
			FROM lived AS l
			JOIN nser.score_answer AS s ON s.household_id = l.household_id AND (s.survey_id IS NOT NULL OR s.line = l.line)
			JOIN nser.score_ticket AS t ON t.ticket = s.ticket AND l.since <= t.requested_at AND l.until > t.requested_at
			ORDER BY t.ticket, s.no, s.line = l.line DESC
		), asked AS (
			-- not looked up yet: what was asked counts, read or not
			SELECT t.agreement_id, t.requested_at, 'score_asked' AS access
			FROM nser.score_ticket AS t
			WHERE t.numbers IS NOT NULL AND t.settled_at IS NULL AND EXISTS (
				SELECT FROM unnest(t.numbers) AS n (number) WHERE registry.cnic_or_null(n.number) OPERATOR(registry.=) subject_access.cnic)
		), found AS (
			SELECT 'could_read' AS access, x.agreement_id, NULL::date AS day, NULL::bigint AS times, x.made_at AS since, x.until FROM released AS x
			UNION ALL
			SELECT x.access, x.agreement_id, (x.requested_at AT TIME ZONE 'Asia/Karachi')::date, count(*), min(x.requested_at), max(x.requested_at)
			FROM (SELECT y.access, y.agreement_id, y.requested_at FROM answered AS y UNION ALL SELECT z.access, z.agreement_id, z.requested_at FROM asked AS z) AS x
			GROUP BY 1, 2, 3
			UNION ALL
			SELECT 'list_opened', e.agreement_id, (e.logged_at AT TIME ZONE 'Asia/Karachi')::date, count(*), min(e.logged_at), max(e.logged_at)
			FROM released AS x
			JOIN nser.read_log AS e ON e.release_id = x.release_id AND e.event LIKE 'open\_%'
			GROUP BY 1, 2, 3
		)
		SELECT f.access, o.name, f.day, f.times, f.agreement_id, a.category, q.purpose,
			CASE WHEN a.category IN ('beneficiary_list', 'beneficiary_dimensions') THEN '{name,address,poverty_level}'::text[] ELSE '{}' END
				|| CASE WHEN q.with_cnic THEN '{cnic}'::text[] ELSE '{}' END
				|| CASE WHEN a.category = 'score' AND NOT 'score' = ANY (q.attributes) THEN '{score_band}'::text[] ELSE '{}' END
				|| q.attributes,
			f.since, f.until
		FROM found AS f
		JOIN nser.agreement AS a ON a.agreement_id = f.agreement_id
		JOIN nser.data_request AS q ON q.request_id = a.request_id
		JOIN nser.organization AS o ON o.organization_id = a.organization_id
		ORDER BY f.since, f.access, f.agreement_id;
END;
$$;
COMMENT ON FUNCTION registry.subject_access(registry.cnic) IS
	'a person''s own record, of who holds or held the number: could_read (she is in a release: from when until when it was shown), list_opened, '
	'score_asked and score_read (her score was asked for, and looked up), and household_score_read (that of her household, by another member''s '
	'number), by day and organization, with how often; shown: which columns; until is to come where the agreement runs on; summaries and maps tell of nobody; the owner''s, and of whom '
	'registry.grant_duty() lets';
