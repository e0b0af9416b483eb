
-- Cases: how long people wait for an interview, and the registry for an end.
CREATE INDEX update_case_grievance ON nser.update_case (opened_on) WHERE update_type = 'grievance';

CREATE VIEW nser.token_case WITH (security_invoker = true) AS
	SELECT c.household_id, c.case_id, c.area, c.opened_on AS day, c.centre, c.token, c.priority, c.update_type, c.state, o.taken_at AS opened_at,
		i.taken_at AS served_at,
		CASE WHEN registry.day_in_pakistan(i.taken_at) = c.opened_on THEN 'served'
			WHEN i.taken_at IS NOT NULL THEN 'served_later'
			WHEN c.state = 'rejected' THEN 'turned_away'
			WHEN c.state IN ('requested', 'screened') AND c.opened_on = registry.today() THEN 'waiting'
			ELSE 'left' END AS outcome,
		CASE WHEN registry.day_in_pakistan(i.taken_at) = c.opened_on
			THEN greatest(extract(epoch FROM i.taken_at - o.taken_at)::double precision / 60, 0) END AS minutes
	FROM nser.update_case AS c
	JOIN nser.case_step AS o ON o.household_id = c.household_id AND o.case_id = c.case_id AND o.step = 1
	LEFT JOIN LATERAL (
		-- a change of the roster may be submitted without an interview
		SELECT x.taken_at FROM nser.case_step AS x
		WHERE x.household_id = c.household_id AND x.case_id = c.case_id AND x.event IN ('start_interview', 'submit')
		ORDER BY x.step LIMIT 1) AS i ON true
	WHERE c.token IS NOT NULL;
COMMENT ON VIEW nser.token_case IS 'cases that had a number in the queue of a centre, and what became of the wait';
COMMENT ON COLUMN nser.token_case.served_at IS 'the start of the interview, or the submission where there was none; NULL not yet, or never';
COMMENT ON COLUMN nser.token_case.outcome IS
	'served: on the day of the token; served_later: on another; turned_away: rejected before any interview; waiting: today; left: the case ended otherwise, '
	'or its day has passed';
COMMENT ON COLUMN nser.token_case.minutes IS 'waited, of who was served on the day; 0 where a tablet''s clock went back; NULL of all others';

CREATE VIEW nser.token_wait WITH (security_invoker = true) AS
	SELECT w.area, a.name, g.centre, c.name AS centre_name, g.day, g.has_priority, g.tokens, g.served, g.served_later, g.turned_away, g.left, g.waiting,
		round(100.0 * g.left / g.tokens, 1) AS left_pct, round(g.minutes[1]::numeric, 1) AS median_minutes, round(g.minutes[2]::numeric, 1) AS p90_minutes,
		round(g.longest::numeric, 1) AS longest_minutes,
		round(extract(epoch FROM now() - g.waiting_since) / 60, 1) AS waiting_minutes
	FROM (SELECT t.centre, t.day, t.priority <> '{}' AS has_priority, count(*) AS tokens,
			count(*) FILTER (WHERE t.outcome = 'served') AS served,
			count(*) FILTER (WHERE t.outcome = 'served_later') AS served_later,
			count(*) FILTER (WHERE t.outcome = 'turned_away') AS turned_away,
			count(*) FILTER (WHERE t.outcome = 'left') AS left,
			count(*) FILTER (WHERE t.outcome = 'waiting') AS waiting,
			percentile_cont('{0.5,0.9}'::double precision[]) WITHIN GROUP (ORDER BY t.minutes) AS minutes, max(t.minutes) AS longest,
			min(t.opened_at) FILTER (WHERE t.outcome = 'waiting') AS waiting_since
		  FROM nser.token_case AS t
		  GROUP BY t.centre, t.day, t.priority <> '{}') AS g
	LEFT JOIN nser.centre AS c ON c.centre_id = g.centre
	LEFT JOIN nser.centre_stop AS s ON s.centre_id = g.centre AND c.kind = 'mobile' AND s.during @> g.day
	CROSS JOIN LATERAL (SELECT coalesce(s.area, c.area, 'PK') AS area) AS w
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) w.area
	WHERE w.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.token_wait IS
	'waiting at centres by day, from the token to the interview, apart for those with a priority; minutes are of who was served that day, NULL where nobody '
	'was; a limited role is told of centres in its area, and of the households that it sees';
COMMENT ON COLUMN nser.token_wait.area IS 'where the centre stood that day';
COMMENT ON COLUMN nser.token_wait.has_priority IS 'disabled, pregnant or elderly: who is served first';
COMMENT ON COLUMN nser.token_wait.turned_away IS 'rejected at screening; left: not interviewed for another reason; waiting: now, for waiting_minutes the longest';

-- Two branches, as each has an index that holds its few open cases alone.
CREATE VIEW nser.case_ageing WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, g.update_type, g.state, g.cases, g.opened_7, g.opened_30, g.opened_90, g.opened_older,
		g.heard_7, g.heard_30, g.heard_90, g.heard_older, g.median_days::integer AS median_days, g.oldest_days
	FROM (SELECT l.level, registry.ancestor(o.area, l.level) AS area, o.update_type, o.state, count(*) AS cases,
			count(*) FILTER (WHERE o.days <= 7) AS opened_7,
			count(*) FILTER (WHERE o.days BETWEEN 8 AND 30) AS opened_30,
			count(*) FILTER (WHERE o.days BETWEEN 31 AND 90) AS opened_90,
			count(*) FILTER (WHERE o.days > 90) AS opened_older,
			count(*) FILTER (WHERE o.quiet <= 7) AS heard_7,
			count(*) FILTER (WHERE o.quiet BETWEEN 8 AND 30) AS heard_30,
			count(*) FILTER (WHERE o.quiet BETWEEN 31 AND 90) AS heard_90,
			count(*) FILTER (WHERE o.quiet > 90) AS heard_older,
			percentile_disc(0.5) WITHIN GROUP (ORDER BY o.days) AS median_days, max(o.days) AS oldest_days
		  FROM (SELECT c.area, c.update_type, c.state, (SELECT registry.today()) - c.opened_on AS days,
					(SELECT registry.today()) - registry.day_in_pakistan(c.stepped_at) AS quiet
				FROM nser.update_case AS c
				WHERE NOT registry.is_final(c.state) AND c.update_type <> 'grievance'
				UNION ALL
				SELECT c.area, c.update_type, c.state, (SELECT registry.today()) - c.opened_on AS days,
					(SELECT registry.today()) - registry.day_in_pakistan(c.stepped_at) AS quiet
				FROM nser.update_case AS c
				WHERE NOT registry.is_final(c.state) AND c.update_type = 'grievance') AS o
		  CROSS JOIN unnest('{country,province,district,tehsil}'::registry.area_level[]) AS l (level)
		  GROUP BY 1, 2, 3, 4) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.case_ageing IS 'open cases by area, type and state, and for how many days, in Pakistan, they have been open, and quiet';
COMMENT ON COLUMN nser.case_ageing.opened_7 IS 'opened at most 7 days ago; opened_30: 8 to 30; opened_90: 31 to 90; opened_older: more';
COMMENT ON COLUMN nser.case_ageing.heard_7 IS 'of which the registry heard last at most 7 days ago; and so on';
COMMENT ON COLUMN nser.case_ageing.median_days IS 'since they were opened, the lower of two in the middle';

CREATE VIEW nser.case_outcome WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, g.day, g.update_type, g.ended, g.applied, g.no_change, g.rejected, g.cancelled, g.expired,
		round(g.days[1]::numeric, 1) AS median_days, round(g.days[2]::numeric, 1) AS p90_days
	FROM (SELECT l.level, registry.ancestor(c.area, l.level) AS area, c.day, c.update_type, count(*) AS ended,
			count(*) FILTER (WHERE c.state = 'applied') AS applied,
			count(*) FILTER (WHERE c.no_change) AS no_change,
			count(*) FILTER (WHERE c.state = 'rejected') AS rejected,
			count(*) FILTER (WHERE c.state = 'cancelled') AS cancelled,
			count(*) FILTER (WHERE c.state = 'expired') AS expired,
			percentile_cont('{0.5,0.9}'::double precision[]) WITHIN GROUP (ORDER BY CASE WHEN c.state = 'applied' THEN c.day - c.opened_on END) AS days
		  FROM (SELECT x.area, x.update_type, x.state, x.no_change, x.opened_on, registry.day_in_pakistan(x.stepped_at) AS day
				FROM nser.update_case AS x
				WHERE registry.is_final(x.state)) AS c
		  CROSS JOIN unnest('{country,province,district,tehsil}'::registry.area_level[]) AS l (level)
		  GROUP BY 1, 2, 3, 4) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.case_outcome IS
	'cases by area, the day in Pakistan on which the registry heard of their end, and type: how they ended, and after how many days; reads all cases, '
	'whatever days are asked for';
COMMENT ON COLUMN nser.case_outcome.no_change IS 'of applied: those that left the household as it was';
COMMENT ON COLUMN nser.case_outcome.median_days IS 'of applied cases, from the day they were opened to this one; NULL where none was applied; p90_days likewise';

CREATE VIEW nser.step_time WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, g.day, g.update_type, g.event, g.steps, round(g.hours[1]::numeric, 1) AS median_hours, round(g.hours[2]::numeric, 1) AS p90_hours
	FROM (SELECT l.level, registry.ancestor(s.area, l.level) AS area, s.day, s.update_type, s.event, count(*) AS steps,
			percentile_cont('{0.5,0.9}'::double precision[]) WITHIN GROUP (ORDER BY s.hours) AS hours
		  FROM (SELECT x.area, registry.day_in_pakistan(x.taken_at) AS day, x.update_type, x.event,
					greatest(extract(epoch FROM x.taken_at - b.taken_at)::double precision / 3600, 0) AS hours
				FROM nser.case_step AS x
				JOIN nser.case_step AS b ON b.household_id = x.household_id AND b.case_id = x.case_id AND b.step = x.after_step) AS s
		  CROSS JOIN unnest('{country,province,district,tehsil}'::registry.area_level[]) AS l (level)
		  GROUP BY 1, 2, 3, 4, 5) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.step_time IS
	'steps of cases by area, day in Pakistan on which they were taken, type and event, and the hours since the step before: of verify, how long verification '
	'was waited for; of apply, how long what was verified; ask for days';
COMMENT ON COLUMN nser.step_time.median_hours IS '0 where a tablet''s clock went back';

CREATE VIEW nser.grievance_flow WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, g.day, g.opened, g.about_case, g.open, g.answered, g.rejected, g.cancelled, g.expired,
		round(g.days[1]::numeric, 1) AS median_days, round(g.days[2]::numeric, 1) AS p90_days
	FROM (SELECT l.level, registry.ancestor(c.area, l.level) AS area, c.opened_on AS day, count(*) AS opened, count(c.about_case) AS about_case,
			count(*) FILTER (WHERE NOT registry.is_final(c.state)) AS open,
			count(*) FILTER (WHERE c.state = 'applied') AS answered,
			count(*) FILTER (WHERE c.state = 'rejected') AS rejected,
			count(*) FILTER (WHERE c.state = 'cancelled') AS cancelled,
			count(*) FILTER (WHERE c.state = 'expired') AS expired,
			percentile_cont('{0.5,0.9}'::double precision[]) WITHIN GROUP (ORDER BY CASE WHEN c.state = 'applied'
				THEN registry.day_in_pakistan(c.stepped_at) - c.opened_on END) AS days
		  FROM nser.update_case AS c
		  CROSS JOIN unnest('{country,province,district,tehsil}'::registry.area_level[]) AS l (level)
		  WHERE c.update_type = 'grievance'
		  GROUP BY 1, 2, 3) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.grievance_flow IS 'grievances by area and the day on which they were opened, and what became of them until now';
COMMENT ON COLUMN nser.grievance_flow.about_case IS 'that are about a case';
COMMENT ON COLUMN nser.grievance_flow.median_days IS 'from opening to the answer; NULL where none was answered; p90_days likewise';

CREATE VIEW nser.submission_flow WITH (security_invoker = true) AS
	SELECT g.day, g.state, g.sqlstate, g.submissions, g.devices, round(g.hours[1]::numeric, 1) AS median_hours, round(g.hours[2]::numeric, 1) AS p90_hours
	FROM (SELECT registry.day_in_pakistan(s.received_at) AS day, s.state, s.sqlstate, count(*) AS submissions, count(DISTINCT s.device) AS devices,
			percentile_cont('{0.5,0.9}'::double precision[]) WITHIN GROUP (ORDER BY extract(epoch FROM s.received_at - s.taken_at)::double precision / 3600) AS hours
		  FROM nser.submission AS s
		  GROUP BY 1, 2, 3) AS g;
COMMENT ON VIEW nser.submission_flow IS
	'what offline tablets sent, by the day in Pakistan on which it arrived: done, waiting for what it follows, refused and why; for the owner, who alone sees any';
COMMENT ON COLUMN nser.submission_flow.sqlstate IS 'of a refusal, or of what hinders one that waits: registry.case_errors(); NULL none';
COMMENT ON COLUMN nser.submission_flow.median_hours IS 'from the step, by the tablet''s clock, to its arrival; NULL where no time of it could be read';

CREATE VIEW nser.verification_day WITH (security_invoker = true) AS
	SELECT g.level, g.area, a.name, g.day, g.checks, g.verified, g.mismatch, g.not_found, g.no_document,
		round(100.0 * g.verified / nullif(g.checks - g.no_document, 0), 1) AS verified_pct
	FROM (SELECT l.level, registry.ancestor(v.area, l.level) AS area, registry.day_in_pakistan(v.verified_at) AS day, count(*) AS checks,
			count(*) FILTER (WHERE v.outcome = 'verified') AS verified,
			count(*) FILTER (WHERE v.outcome = 'mismatch') AS mismatch,
			count(*) FILTER (WHERE v.outcome = 'not_found') AS not_found,
			count(*) FILTER (WHERE v.outcome = 'no_document') AS no_document
		  FROM nser.verification AS v
		  CROSS JOIN unnest('{country,province,district,tehsil}'::registry.area_level[]) AS l (level)
		  GROUP BY 1, 2, 3) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.area
	WHERE g.area OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.verification_day IS
	'verifications of members by area and day in Pakistan, and their outcomes; one that found what the last had found is not stored, and not counted; '
	'reads all of them, whatever days are asked for';
COMMENT ON COLUMN nser.verification_day.verified_pct IS 'of those with a document; NULL where there is none';

CREATE VIEW nser.verification_standing WITH (security_invoker = true) AS
	SELECT 'district'::registry.area_level AS level, g.district AS area, a.name, CASE WHEN g.of_all = 1 THEN 'all' ELSE g.sex::text END AS sex,
		g.members, g.verified, g.mismatch, g.not_found, g.no_document, g.not_checked, g.unpayable,
		round(100.0 * g.verified / nullif(g.members - g.no_document, 0), 1) AS verified_pct
	FROM (SELECT v.district, v.sex, GROUPING(v.sex) AS of_all, sum(v.members)::bigint AS members, sum(v.verified)::bigint AS verified,
			sum(v.mismatch)::bigint AS mismatch, sum(v.not_found)::bigint AS not_found, sum(v.no_document)::bigint AS no_document,
			sum(v.not_checked)::bigint AS not_checked, sum(v.unpayable)::bigint AS unpayable
		  FROM nser.verification_count AS v
		  WHERE v.district IS NOT NULL
		  GROUP BY GROUPING SETS ((v.district), (v.district, v.sex))
		  HAVING GROUPING(v.sex) = 1 OR v.sex IS NOT NULL) AS g
	LEFT JOIN nser.area AS a ON a.code OPERATOR(registry.=) g.district
	WHERE g.district OPERATOR(registry.<@) ANY ((SELECT registry.seen_areas())::registry.area_code[]);
COMMENT ON VIEW nser.verification_standing IS
	'members of registered households by district and sex, and what their last verification says: nser.verification_count without operators; reads every member';
COMMENT ON COLUMN nser.verification_standing.sex IS 'all, whose sex is unknown included; female; male; transgender';
COMMENT ON COLUMN nser.verification_standing.verified_pct IS 'of all members but those found without a document, so of those not checked yet too; NULL where there is none';
