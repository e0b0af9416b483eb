
-- find: look up every :every-th household, and see who is found ------------------

SELECT registry.count_names() AS names \gset

CREATE TABLE planted.found AS
	SELECT d.*
	FROM (SELECT array_agg(h.household_id) AS households FROM nser.household AS h
		  WHERE h.household_id % :every = 0 GROUP BY h.household_id / (50 * :every)) AS batch
	CROSS JOIN LATERAL registry.find_duplicates(batch.households, 16) AS d;

-- a pair once, though it is found from both sides
CREATE TABLE planted.judged AS
	SELECT f.score, p.names, p.birth, p.place, p.pair IS NOT NULL AS planted
	FROM (SELECT least(x.a, x.b) || greatest(x.a, x.b) AS pair, max(x.score) AS score
		  FROM (SELECT ARRAY[household_id, line] AS a, ARRAY[other_household, other_line] AS b, score FROM planted.found) AS x
		  GROUP BY 1) AS f
	FULL JOIN (SELECT least(x.a, x.b) || greatest(x.a, x.b) AS pair, x.*
			   FROM (SELECT ARRAY[household_id, line] AS a, ARRAY[other_household, other_line] AS b, names, birth, place FROM planted.pair) AS x) AS p
		ON p.pair = f.pair;
