-- From the rosters as they are stored: families by kind, members of none, and the sums of the
-- counts of each household, which are missing where a fact is; the peers have ten of them.
SELECT (t.families).couples, (t.families).couples_with_children, (t.families).divorced_or_separated_women, (t.families).widows,
	(t.families).in_no_family,
	c.totals[1], c.totals[2], c.totals[3], c.totals[4], c.totals[5], c.totals[6], c.totals[7], c.totals[8], c.totals[9], c.totals[10]
FROM (
	SELECT registry.family_tally(s.roster, 18) AS families, registry.composition_tally(s.roster) AS counts FROM :rosters AS s
) AS t
CROSS JOIN LATERAL (
	SELECT array_agg(x.total ORDER BY w.n) AS totals
	FROM unnest('{members,dependants,children_0_13,children_5_16,children_5_16_at_school,ever_married_women,widows,elderly,disabled_members,workers}'::text[])
		WITH ORDINALITY AS w (name, n)
	JOIN registry.composition_totals(t.counts) AS x ON x.name = w.name
) AS c
