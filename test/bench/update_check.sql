-- What was timed did change households: one survey, at least one row of a member or of the household, for each case.
SELECT format('%s cases applied, %s of them without a change; a chain that does not hold: %s', count(*), count(*) FILTER (WHERE c.no_change),
	(SELECT count(*) FROM registry.verify_chain()))
FROM nser.update_case AS c WHERE c.state = 'applied';
