-- agree: before any is timed, all give the same scores of the same households.
-- Prints their sum, in tenths, and number.  -v card -v formula -v case -v columns

SELECT format('%s %s', sum(round(registry.pmt_score(s.indicators, f.formula) * 10)::bigint),
			  count(registry.pmt_score(s.indicators, f.formula))) AS by_registry
	FROM nser.survey AS s, registry.formula AS f WHERE f.name = :'formula' \gset
SELECT format('%s %s', sum(round((:case) * 10)::bigint), count(:case)) AS by_case FROM bench.:card \gset
SELECT format('%s %s', sum(round(x.score * 10)::bigint), count(x.score)) AS by_plpgsql
	FROM (SELECT bench.score_:card(:columns) AS score FROM bench.:card OFFSET 0) AS x \gset
SELECT format('%s %s', sum(round(x.score * 10)::bigint), count(x.score)) AS by_stored
	FROM (SELECT bench.stored_:card(s.indicators) AS score FROM nser.survey AS s OFFSET 0) AS x \gset
SELECT :'by_registry' = :'by_case' AND :'by_registry' = :'by_plpgsql' AND :'by_registry' = :'by_stored' AS same \gset
\if :same
	\echo :by_registry
\else
	\warn 'the engines disagree (sum of scores in tenths, how many): registry' :by_registry ', CASE' :by_case ', PL/pgSQL' :by_plpgsql 'and' :by_stored
	\quit 1
\endif
