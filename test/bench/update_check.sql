-- What was timed did change households, and every step of it is in order.
SELECT count(*) AS applied, count(*) FILTER (WHERE c.no_change OR c.survey_id IS NULL) AS idle, (SELECT count(*) FROM registry.verify_chain()) AS problems
FROM nser.update_case AS c WHERE c.state = 'applied' \gset
SELECT format('%s cases were applied', :applied);
SELECT :idle > 0 OR :problems > 0 AS wrong \gset
\if :wrong
	DO $$ BEGIN RAISE EXCEPTION 'some cases changed nothing, or their steps are not in order'; END $$;
\endif
