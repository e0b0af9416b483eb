
-- One household after the other in one session, as at a centre's desk.
CREATE TABLE planted.look_up (ms double precision NOT NULL, members integer NOT NULL);
DO $$
DECLARE
	looked_up	record;
	started		timestamptz;
	no			integer := 0;
BEGIN
	FOR looked_up IN
		SELECT h.household_id, (SELECT count(*) FROM nser.member AS m WHERE m.household_id = h.household_id) AS members
		FROM nser.household AS h
		WHERE h.household_id % (SELECT greatest(count(*) / 2000, 1) FROM nser.household) = 0
		ORDER BY hashint8(h.household_id)
	LOOP
		started := clock_timestamp();
		PERFORM FROM registry.find_duplicates(looked_up.household_id) AS d;
		-- the first plans the statement
		no := no + 1;
		IF no > 10 THEN
			INSERT INTO planted.look_up VALUES (extract(epoch FROM clock_timestamp() - started) * 1000, looked_up.members);
		END IF;
	END LOOP;
END;
$$;

\pset footer off
\echo
\echo Looking up duplicates: a household at a time, all its members
SELECT (SELECT count(*) FROM nser.member) AS members, count(*) AS "look-ups", round(avg(l.members), 1) AS "members each",
	round(p.p[1]::numeric, 1) AS "p50 ms", round(p.p[2]::numeric, 1) AS "p95 ms", round(p.p[3]::numeric, 1) AS "p99 ms",
	round(max(l.ms)::numeric, 1) AS "max ms", round((sum(l.ms) / sum(l.members))::numeric, 2) AS "ms a member",
	'p99 under 20 ms' AS target, CASE WHEN p.p[3] < 20 THEN 'yes' ELSE 'NO' END AS met
FROM planted.look_up AS l
CROSS JOIN (SELECT percentile_cont('{0.5,0.95,0.99}'::float8[]) WITHIN GROUP (ORDER BY x.ms) AS p FROM planted.look_up AS x) AS p
GROUP BY p.p;

SELECT c.relname AS "index", pg_size_pretty(pg_relation_size(c.oid)) AS size
FROM pg_class AS c
WHERE c.oid IN ('nser.member_names'::regclass, 'nser.member_birth'::regclass, 'nser.household_phone'::regclass, 'nser.name_part_trigrams'::regclass)
ORDER BY c.relname;
