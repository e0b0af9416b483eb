-- family_agree: before any is timed, all give the same counts.  Prints what the peers count.
--
-- The peers go by the lines of kin alone: of rosters that leave nothing to the relationship
-- to the head, the registry must count the same.

SET work_mem = '1GB';
SET jit = off;
\pset tuples_only on
\pset format unaligned
\set as_text '(SELECT string_agg(c.value, ''|'' ORDER BY c.n) FROM regexp_split_to_table(btrim(x::text, ''()''), '','') WITH ORDINALITY AS c (value, n))'
\set members bench.member
SELECT :as_text AS by_join FROM (:join) AS x \gset
SELECT :as_text AS by_group FROM (:group) AS x \gset
SELECT :as_text AS by_plpgsql FROM (:plpgsql) AS x \gset

CREATE TEMP TABLE plain AS
	SELECT s.household_id, s.roster FROM nser.survey AS s
	WHERE NOT EXISTS (SELECT FROM registry.families(s.roster) AS f WHERE 'relationship' = ANY (f.evidence));
CREATE TEMP TABLE plain_member AS
	SELECT m.* FROM bench.member AS m JOIN plain USING (household_id);
ANALYZE plain, plain_member;
\set rosters plain
\set members plain_member
SELECT :as_text AS plain_by_registry FROM (:registry) AS x \gset
SELECT :as_text AS plain_by_join FROM (:join) AS x \gset

SELECT :'by_join' = :'by_group' AND :'by_join' = :'by_plpgsql' AND :'plain_by_registry' = :'plain_by_join'
	AND count(*) > 0.99 * (SELECT count(*) FROM nser.survey) AS same FROM plain \gset
\if :same
	\echo :by_join
\else
	\warn 'the engines disagree: join' :by_join ', group' :by_group ', PL/pgSQL' :by_plpgsql ', by lines alone registry' :plain_by_registry 'and join' :plain_by_join
	\quit 1
\endif
