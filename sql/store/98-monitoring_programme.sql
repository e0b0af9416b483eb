
-- Programmes: from the invitation to the exit, and what was due.
CREATE VIEW nser.invitation_flow WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, g.programme, g.day, g.sent, g.reached, g.accepted, g.declined, g.enrolled, g.not_eligible, g.did_not_come, g.open, g.overdue,
		round(100.0 * g.enrolled / nullif(g.sent - g.open, 0), 1) AS enrolled_pct
	FROM (SELECT l.level, registry.ancestor(i.area, l.level) AS area, i.programme, i.invited_on AS day, count(*) AS sent,
			count(*) FILTER (WHERE i.answer IS NOT NULL OR i.outcome IN ('enrolled', 'declined')) AS reached,
			count(*) FILTER (WHERE i.answer = 'accepted') AS accepted,
			count(*) FILTER (WHERE i.outcome = 'declined') AS declined,
			count(*) FILTER (WHERE i.outcome = 'enrolled') AS enrolled,
			count(*) FILTER (WHERE i.outcome = 'not_eligible') AS not_eligible,
			count(*) FILTER (WHERE i.outcome = 'did_not_come') AS did_not_come,
			count(*) FILTER (WHERE i.outcome IS NULL) AS open,
			count(*) FILTER (WHERE i.outcome IS NULL AND i.answer_by < (SELECT registry.today())) AS overdue
		  FROM nser.invitation AS i
		  CROSS JOIN unnest('{country,province,district,tehsil}'::registry.area_level[]) AS l (level)
		  GROUP BY 1, 2, 3, 4) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.invitation_flow IS 'invitations by area, programme and the day of invitation, and what came of them until now';
COMMENT ON COLUMN nser.invitation_flow.reached IS 'who answered, or came; of the others nobody knows';
COMMENT ON COLUMN nser.invitation_flow.overdue IS 'of open: their last day has passed, and registry.settle_invitations() has not run';
COMMENT ON COLUMN nser.invitation_flow.enrolled_pct IS 'of those that are settled; NULL where none is';

CREATE VIEW nser.enrolment_flow WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, g.programme, g.day, g.change, g.reason, g.enrolments, g.without_number
	FROM (SELECT l.level, registry.ancestor(e.area, l.level) AS area, e.programme, e.day, e.change, e.reason, count(*) AS enrolments,
			count(*) FILTER (WHERE e.has_no_number) AS without_number
		  FROM (SELECT x.area, x.programme, x.entered_on AS day, 'entered' AS change, x.entry_reason AS reason, x.recipient IS NULL AS has_no_number
				FROM nser.enrolment AS x
				UNION ALL
				SELECT x.area, x.programme, x.exited_on AS day, 'exited' AS change, x.exit_reason AS reason, x.recipient IS NULL AS has_no_number
				FROM nser.enrolment AS x WHERE x.exited_on IS NOT NULL) AS e
		  CROSS JOIN unnest('{country,province,district,tehsil}'::registry.area_level[]) AS l (level)
		  GROUP BY 1, 2, 3, 4, 5, 6) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.enrolment_flow IS
	'who entered programmes and who left them, by area, where the household lives now, and day, and why; a benefit that moves exits and enters';
COMMENT ON COLUMN nser.enrolment_flow.without_number IS 'whose recipient has no identity number, and is paid nothing';

-- Few sums are left before the thirteen days are joined.
CREATE VIEW nser.enrolment_month WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, g.programme, g.day, g.enrolled, g.entered, g.exited
	FROM (SELECT l.level, registry.ancestor(e.area, l.level) AS area, e.programme, d.day,
			coalesce(sum(e.enrolments) FILTER (WHERE e.exited_on IS NULL OR e.exited_on > d.day), 0)::bigint AS enrolled,
			coalesce(sum(e.enrolments) FILTER (WHERE e.entered_on > d.before), 0)::bigint AS entered,
			coalesce(sum(e.enrolments) FILTER (WHERE e.exited_on > d.before AND e.exited_on <= d.day), 0)::bigint AS exited
		  FROM (SELECT x.area, x.programme, x.entered_on, x.exited_on, count(*) AS enrolments
				FROM nser.enrolment AS x GROUP BY x.area, x.programme, x.entered_on, x.exited_on) AS e
		  JOIN (SELECT m::date AS day, (m - interval '1 month')::date AS before
				FROM generate_series(date_trunc('month', registry.today()) - interval '12 months', date_trunc('month', registry.today())::timestamp, interval '1 month') AS m) AS d
			ON e.entered_on <= d.day
		  CROSS JOIN unnest('{country,province,district,tehsil}'::registry.area_level[]) AS l (level)
		  GROUP BY 1, 2, 3, 4) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.enrolment_month IS
	'enrolments open on the first of this month and of the twelve before it, by area and programme; who left on a day is not open on it';
COMMENT ON COLUMN nser.enrolment_month.entered IS 'in the month until the day, itself included; exited likewise';

CREATE VIEW nser.recertification_flow WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, g.programme, g.day, g.recertified, g.kept, g.exited, g.unknown, round(100.0 * g.kept / nullif(g.kept + g.exited, 0), 1) AS kept_pct
	FROM (SELECT l.level, registry.ancestor(c.area, l.level) AS area, e.programme, c.certified_on AS day, count(*) AS recertified,
			count(*) FILTER (WHERE c.outcome = 'kept') AS kept,
			count(*) FILTER (WHERE c.outcome = 'exited') AS exited,
			count(*) FILTER (WHERE c.outcome = 'unknown') AS unknown
		  FROM nser.certification AS c
		  JOIN nser.enrolment AS e ON e.household_id = c.household_id AND e.enrolment_id = c.enrolment_id
		  CROSS JOIN unnest('{country,province,district,tehsil}'::registry.area_level[]) AS l (level)
		  GROUP BY 1, 2, 3, 4) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.recertification_flow IS
	'recertifications of enrolments by area, programme and day, and their outcome; who is due is in nser.due_level';
COMMENT ON COLUMN nser.recertification_flow.kept_pct IS 'of kept and exited; NULL where all are unknown';

CREATE VIEW nser.due_level WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, g.month AS day, g.update_type, g.households
	FROM (SELECT l.level, registry.ancestor(d.area, l.level) AS area, d.month, d.update_type, sum(d.households)::bigint AS households
		  FROM nser.due_month AS d
		  CROSS JOIN unnest('{country,province,district}'::registry.area_level[]) AS l (level)
		  GROUP BY 1, 2, 3, 4) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.due_level IS
	'households due for a cyclic update or recertification, by area and month: nser.due_month at every level, which judges all households';
COMMENT ON COLUMN nser.due_level.day IS 'the first of the month in which they fall due; this month holds who has been due for long';

CREATE VIEW nser.funnel_level WITH (security_invoker = true) AS
	SELECT registry.level(f.area) AS level, f.area, a.name, f.programme, f.registered, f.scored, f.eligible, round(100.0 * f.eligible / nullif(f.scored, 0), 1) AS eligible_pct,
		f.passes_filters, f.meets_criteria, f.invited, f.accepted, f.enrolled
	FROM nser.programme_funnel AS f
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) f.area
	WHERE f.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.funnel_level IS
	'nser.programme_funnel with names: households eligible in each programme of today, invited and enrolled, by nation, province and district; judges all households, '
	'whatever area is asked for: nser.funnel() counts one programme and area alone';
COMMENT ON COLUMN nser.funnel_level.eligible_pct IS 'of those scored; NULL where none is';

CREATE VIEW nser.shock_response WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, s.shock_id, s.name AS shock, s.kind, lower(s.during) AS day, g.households, g.cases, g.open, g.applied, g.ended,
		round(100.0 * g.cases / g.households, 1) AS cases_pct, round(g.days[1]::numeric, 1) AS median_days
	FROM (SELECT l.level, registry.ancestor(k.area, l.level) AS area, k.shock_id, count(*) AS households,
			count(c.opened_on) AS cases,
			count(*) FILTER (WHERE NOT registry.is_final(c.state)) AS open,
			count(*) FILTER (WHERE c.state = 'applied') AS applied,
			count(*) FILTER (WHERE c.state IN ('rejected', 'cancelled', 'expired')) AS ended,
			percentile_cont('{0.5}'::double precision[]) WITHIN GROUP (ORDER BY CASE WHEN c.state = 'applied'
				THEN registry.day_in_pakistan(c.stepped_at) - lower(w.update_window) END) AS days
		  FROM nser.shock_household AS k
		  JOIN nser.shock AS w ON w.shock_id = k.shock_id
		  LEFT JOIN LATERAL (
			-- of several in the window the one that was applied, else the last
			SELECT x.opened_on, x.state, x.stepped_at FROM nser.update_case AS x
			WHERE x.household_id = k.household_id AND x.update_type = 'shock' AND x.opened_on <@ w.update_window
			ORDER BY x.state = 'applied' DESC, x.case_id DESC LIMIT 1) AS c ON true
		  CROSS JOIN unnest('{country,province,district,tehsil}'::registry.area_level[]) AS l (level)
		  GROUP BY 1, 2, 3) AS g
	JOIN nser.shock AS s ON s.shock_id = g.shock_id
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.shock_response IS
	'households hit by each shock, by area, and their shock updates opened in its window; looks up the cases of every household hit';
COMMENT ON COLUMN nser.shock_response.day IS 'the first of the shock';
COMMENT ON COLUMN nser.shock_response.cases IS 'households with a case; open, applied and ended (rejected, cancelled, expired) are how far that is';
COMMENT ON COLUMN nser.shock_response.median_days IS 'from the first day of the window until it was applied; NULL where none was';
