-- The life of a case as the diagram in docs/update.md: a line a step, and for which
-- update types where it is not for all.
SELECT line FROM (
	SELECT 0 AS no, NULL::registry.case_state AS from_state, NULL::registry.case_event AS event, '```mermaid' AS line
	UNION ALL SELECT 1, NULL, NULL, 'stateDiagram-v2'
	UNION ALL
	SELECT 2, t.from_state, t.event, format('    %s --> %s: %s', coalesce(t.from_state::text, '[*]'), t.to_state, t.event)
		|| CASE
			WHEN cardinality(others.types) = 0 THEN ''
			WHEN cardinality(others.types) < count(*) THEN format(' (not %s)', array_to_string(others.types, ', '))
			ELSE format(' (%s)', string_agg(t.update_type::text, ', ' ORDER BY t.update_type)) END
	FROM registry.transitions() AS t
	CROSS JOIN LATERAL (
		SELECT ARRAY(SELECT u.type FROM unnest(enum_range(NULL::registry.update_type)) AS u (type)
					 WHERE registry.next_state(u.type, t.from_state, t.event) IS DISTINCT FROM t.to_state ORDER BY u.type) AS types) AS others
	GROUP BY t.from_state, t.event, t.to_state, others.types
	UNION ALL
	SELECT 3, s.state, NULL, format('    %s --> [*]', s.state)
	FROM unnest(enum_range(NULL::registry.case_state)) AS s (state) WHERE registry.is_final(s.state)
	UNION ALL SELECT 4, NULL, NULL, '```') AS d
ORDER BY no, from_state NULLS FIRST, event, line;
