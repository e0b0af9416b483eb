-- The life of a request and its agreement as the diagram in docs: a line for two states,
-- by which steps, and whose duty those are.
SELECT line FROM (
	SELECT 0 AS no, NULL::registry.request_state AS from_state, NULL::registry.request_event AS event, '```mermaid' AS line
	UNION ALL SELECT 1, NULL, NULL, 'stateDiagram-v2'
	UNION ALL
	SELECT 2, t.from_state, min(t.event), format('    %s --> %s: %s (%s)', coalesce(t.from_state::text, '[*]'), t.to_state,
		string_agg(t.event::text, ', ' ORDER BY t.event), coalesce(nullif(array_to_string(t.duties, ', '), ''), 'anyone who can'))
	FROM registry.request_transitions() AS t
	GROUP BY t.from_state, t.to_state, t.duties
	UNION ALL
	SELECT 3, s.state, NULL, format('    %s --> [*]', s.state)
	FROM unnest(enum_range(NULL::registry.request_state)) AS s (state) WHERE registry.is_final(s.state)
	UNION ALL SELECT 4, NULL, NULL, '```') AS d
ORDER BY no, from_state NULLS FIRST, event, line;
