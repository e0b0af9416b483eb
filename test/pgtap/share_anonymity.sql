-- What must hold of whatever records are made, of random people and random requests:
-- every group is large, nothing depends on the order of rows or on workers, and the
-- way that was chosen is the one that trying them all finds.
\set QUIET on
BEGIN;
SET client_min_messages = warning;
\i test/population/population.sql
CALL population.load(1500);
SET search_path = tap, registry, public;
-- an agreement as if every step had been taken
CREATE FUNCTION pg_temp.agree(login name, category registry.share_category, asks jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	asked	bigint;
	agreed	bigint;
BEGIN
	SET session_replication_role = replica;
	INSERT INTO nser.organization (name, kind, login) VALUES (agree.login, 'government', agree.login) ON CONFLICT DO NOTHING;
	INSERT INTO nser.data_request (organization_id, contact, purpose, category, attributes, level, area, formula, score_range, member_types, with_household, valid, state, last_step)
	SELECT o.organization_id, 'the director', 'a trial', agree.category, coalesce(r.attributes, '{}'), coalesce(r.level, 'district'), coalesce(r.area, 'PK'),
		coalesce(r.formula, 'hies-2015-demo'), r.score_range, coalesce(r.member_types, '{}'), coalesce(r.with_household, false),
		daterange(registry.today(), registry.today() + 365), 'agreed', 1
	FROM nser.organization AS o, jsonb_populate_record(NULL::nser.data_request, agree.asks) AS r WHERE o.login = agree.login
	RETURNING request_id INTO asked;
	INSERT INTO nser.agreement (request_id, organization_id, category, valid)
	SELECT r.request_id, r.organization_id, r.category, r.valid FROM nser.data_request AS r WHERE r.request_id = asked RETURNING agreement_id INTO agreed;
	RESET session_replication_role;
	RETURN agreed;
END $$;
SELECT setseed(0.5);
SELECT plan(19);

INSERT INTO nser.score (household_id, survey_id, score, area, formula)
	SELECT v.household_id, v.survey_id, (hashint8(v.household_id)::bigint & 1023) % 101, v.area, 'hies-2015-demo' FROM nser.survey AS v
	WHERE v.household_id % 11 > 0;
ANALYZE nser.household, nser.survey, nser.score;

-- anonymity() and diversity() against a count by hand, with NULLs.
CREATE TABLE public.random_rows AS
	SELECT (random() * 80)::int AS household, CASE WHEN random() < 0.9 THEN (random() * 3)::int::text END AS a,
		CASE WHEN random() < 0.7 THEN (random() * 2)::int::text END AS b, CASE WHEN random() < 0.5 THEN (random() * 1)::int::text END AS c
	FROM generate_series(1, 400);
SELECT is(
	(SELECT x FROM anonymity('public.random_rows', '{a,b}', 'household') AS x),
	(SELECT (count(*), min(n), min(h), coalesce(sum(n) FILTER (WHERE n < 2), 0)::bigint, coalesce(sum(n) FILTER (WHERE n < 3), 0)::bigint,
		coalesce(sum(n) FILTER (WHERE n < 5), 0)::bigint)::record
	 FROM (SELECT count(*) AS n, count(DISTINCT household) AS h FROM public.random_rows GROUP BY coalesce(a, '-'), coalesce(b, '-')) AS g)::record,
	'anonymity() is the count of a GROUP BY');
SELECT is(diversity('public.random_rows', '{a,b}', 'c'),
	(SELECT min(v) FROM (SELECT count(DISTINCT c) AS v FROM public.random_rows GROUP BY coalesce(a, '-'), coalesce(b, '-')) AS g WHERE v > 0),
	'diversity() is one of known values');

-- Every way of showing three attributes, by hand: the least lost where nothing is left out.
CREATE FUNCTION pg_temp.by_hand(people int[], x int[], y int[], s int[], k int, l int) RETURNS int LANGUAGE sql AS $$
	WITH person AS (SELECT * FROM unnest(people, x, y, s) AS p (household, x, y, s)),
	way AS (SELECT i, j, h, CASE i WHEN 0 THEN 0 WHEN 1 THEN 300000 ELSE 1000000 END + CASE j WHEN 0 THEN 0 ELSE 1000000 END
				+ CASE h WHEN 0 THEN 0 ELSE 1000000 END AS loss
			FROM generate_series(0, 2) AS i, generate_series(0, 1) AS j, generate_series(0, 1) AS h),
	grouped AS (SELECT w.i, w.j, w.h, w.loss, count(*) >= k AND count(DISTINCT p.household) >= k
					AND (w.h = 1 OR count(DISTINCT nullif(p.s, 0)) NOT BETWEEN 1 AND l - 1) AS holds
				FROM way AS w CROSS JOIN person AS p
				GROUP BY w.i, w.j, w.h, w.loss, CASE w.i WHEN 0 THEN p.x WHEN 1 THEN (p.x + 1) / 2 END, CASE w.j WHEN 0 THEN p.y END)
	SELECT min(g.loss) / 3 FROM (SELECT i, j, h, loss, bool_and(holds) AS holds FROM grouped GROUP BY 1, 2, 3, 4) AS g WHERE g.holds
$$;
CREATE TEMP TABLE trial AS
	SELECT t, ARRAY(SELECT (dense_rank() OVER (ORDER BY v) - 1)::int FROM unnest(r.household) AS v) AS household, r.x, r.y, r.s, 1 + t % 4 AS k, 1 + t % 2 AS l
	FROM (SELECT t, (SELECT array_agg(v ORDER BY v) FROM (SELECT (random() * 15)::int + 0 * i * t AS v FROM generate_series(1, 20 + t % 130) AS i) AS q) AS household,
			(SELECT array_agg((random() * 4)::int + 0 * i * t) FROM generate_series(1, 20 + t % 130) AS i) AS x,
			(SELECT array_agg((random() * 1)::int + 0 * i * t) FROM generate_series(1, 20 + t % 130) AS i) AS y,
			(SELECT array_agg((random() * 2.6)::int + 0 * i * t) FROM generate_series(1, 20 + t % 130) AS i) AS s
		  FROM generate_series(1, 300) AS t) AS r;
CREATE TEMP TABLE answer AS
	SELECT t.*, c.step, c.loss, pg_temp.by_hand(t.household, t.x, t.y, t.s, t.k, t.l) AS wanted
	FROM trial AS t, least_coarse(t.household, t.x || t.y || t.s, '{2,1,1}', '{5,3,5}', '{0,1,2,3,4,0,1,1,2,2,0,1,2,0,1,2,3,4}', '{0,300000,0,0}', '{1,1,1}', '{0,0,1}', '{0,0,0}',
		t.k, t.l, 0) AS c;
SELECT cmp_ok((SELECT count(DISTINCT step)::int FROM answer), '>=', 5, 'random tables are shown in many ways');
SELECT is_empty('SELECT t, step, loss, wanted FROM answer WHERE loss IS DISTINCT FROM wanted', 'least_coarse() finds the least loss that trying all finds');

-- Some may be left out: what is kept holds, and what is left is many of each value.
CREATE TEMP TABLE left_out AS
	SELECT t.t, t.k, p.no, p.household, CASE c.step[1] WHEN 0 THEN p.x WHEN 1 THEN (p.x + 1) / 2 END AS x, CASE c.step[2] WHEN 0 THEN p.y END AS y,
		p.no = ANY (c.left_out) AS gone, c.loss, t.loss AS without
	FROM answer AS t
	CROSS JOIN LATERAL least_coarse(t.household, t.x || t.y, '{2,1}', '{5,3}', '{0,1,2,3,4,0,1,1,2,2,0,1,2}', '{0,300000,0}', '{1,1}', '{0,0}', '{0,0}', t.k, 1,
		cardinality(t.household) / 3) AS c
	CROSS JOIN LATERAL unnest(t.household, t.x, t.y) WITH ORDINALITY AS p (household, x, y, no);
SELECT cmp_ok((SELECT count(DISTINCT t)::int FROM left_out WHERE gone), '>', 20, 'of many tables records are left out');
SELECT is_empty('SELECT t, x, y FROM left_out WHERE NOT gone GROUP BY t, k, x, y HAVING count(*) < k OR count(DISTINCT household) < k', 'what is kept holds k');
SELECT is_empty($$
	SELECT t, 'x', x FROM left_out WHERE gone GROUP BY t, k, x HAVING count(*) < k OR count(DISTINCT household) < k
	UNION ALL SELECT t, 'y', y FROM left_out WHERE gone GROUP BY t, k, y HAVING count(*) < k OR count(DISTINCT household) < k
$$, 'what is left out is k of every value it has');
SELECT is_empty('SELECT t FROM left_out GROUP BY t HAVING count(*) FILTER (WHERE gone) > count(*) / 3', 'and no more than may be');

-- Releases of random requests.
CREATE TEMP TABLE made (release_id bigint, category share_category, losses jsonb, checks jsonb, refused text);
CREATE FUNCTION pg_temp.make(n int, category share_category, asks jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	agreed bigint := pg_temp.agree(('regress_partner_' || n)::name, category, asks);
	id bigint;
BEGIN
	INSERT INTO nser.release (agreement_id, release_no, definition) VALUES (agreed, 1, '{}') RETURNING release_id INTO id;
	UPDATE nser.release SET relation = 'r' || id WHERE release_id = id;
	INSERT INTO made (release_id, category, losses, checks) SELECT id, make.category, m.losses, m.checks FROM registry.make_records(id) AS m;
	UPDATE nser.release AS l SET losses = m.losses, state = 'published' FROM made AS m WHERE m.release_id = id AND l.release_id = id;
	-- who each is, by the pseudonyms
	EXECUTE format('CREATE TEMP TABLE person_%s AS SELECT p.household_id, r.* FROM release.r%1$s AS r JOIN pg_temp.registry_share_person AS p ON p.person = r.person', id);
EXCEPTION WHEN SQLSTATE 'RG024' THEN
	INSERT INTO made (category, refused) VALUES (make.category, SQLERRM);
END $$;
SELECT pg_temp.make(n, CASE WHEN n % 4 = 0 THEN 'geo_tagged' ELSE 'anonymized' END::share_category, jsonb_build_object(
	'attributes', (SELECT jsonb_agg(a.attribute) FROM (SELECT a.attribute FROM nser.share_attribute AS a WHERE a.reviewed AND a.attribute <> 'area'
					ORDER BY md5(n || a.attribute) LIMIT 1 + n % 5) AS a) || CASE WHEN n % 3 = 0 THEN '["disabled"]'::jsonb ELSE '[]' END
					|| CASE WHEN n % 3 = 1 THEN '["chronically_ill"]'::jsonb ELSE '[]' END,
	'level', (enum_range(NULL::area_level))[1 + n % 7], 'area', CASE WHEN n % 5 = 0 THEN 'PK6' ELSE 'PK' END, 'with_household', n % 2 = 0,
	'member_types', CASE WHEN n % 7 = 0 THEN '["woman", "elderly"]'::jsonb ELSE '[]' END)) FROM generate_series(1, 24) AS n;
-- one of so many attributes that not all ways can be tried
SELECT pg_temp.make(25, 'anonymized', '{"attributes": ["sex", "age_group", "relationship", "marital_status", "literate", "attending_school", "employment", "score_band",
	"household_size", "region", "disabled"], "level": "tehsil"}');
SELECT is_empty('SELECT refused FROM made WHERE refused IS NOT NULL AND refused !~ ''no way of showing|of each that''', 'requests are answered, or cannot be');
SELECT cmp_ok((SELECT count(*)::int FROM made WHERE release_id IS NOT NULL), '>', 20, 'most are');

CREATE FUNCTION pg_temp.worst(id bigint, OUT persons bigint, OUT households bigint, OUT told bigint, OUT fingerprints bigint) LANGUAGE plpgsql AS $$
DECLARE
	quasi text := (SELECT string_agg(format('coalesce(%I::text, ''?'')', attname), ', ') FROM pg_attribute WHERE attrelid = ('release.r' || id)::regclass AND attnum > 0
		AND attname NOT IN ('person', 'household', 'area_name', 'disabled', 'chronically_ill'));
	extra text := (SELECT string_agg(format('nullif(count(DISTINCT %I), 0)', attname), ', ') FROM pg_attribute WHERE attrelid = ('release.r' || id)::regclass
		AND attname IN ('disabled', 'chronically_ill'));
BEGIN
	EXECUTE format('SELECT min(n), min(h), min(t) FROM (SELECT count(*) AS n, count(DISTINCT household_id) AS h, least(%s) AS t FROM person_%s GROUP BY %s) AS g',
		coalesce(extra, 'NULL::bigint'), id, quasi) INTO persons, households, told;
	IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = ('release.r' || id)::regclass AND attname = 'household') THEN
		EXECUTE format('SELECT min(n) FROM (SELECT count(*) AS n FROM (SELECT array_agg(v ORDER BY v) AS v FROM (SELECT household, ROW(%s%s)::text AS v FROM person_%s
			WHERE household IS NOT NULL) AS p GROUP BY household) AS f GROUP BY v) AS g', quasi,
			(SELECT string_agg(format(', %I', attname), '') FROM pg_attribute WHERE attrelid = ('release.r' || id)::regclass AND attname IN ('disabled', 'chronically_ill')), id)
		INTO fingerprints;
	END IF;
END $$;
CREATE TEMP TABLE worst AS SELECT m.release_id, m.losses, m.checks, w.* FROM made AS m, pg_temp.worst(m.release_id) AS w WHERE m.release_id IS NOT NULL;
SELECT is_empty('SELECT release_id, persons, households FROM worst WHERE NOT coalesce(persons >= 5 AND households >= 5, false)', 'every group of every release holds k persons and households');
SELECT is_empty('SELECT release_id, told FROM worst WHERE told < 2', 'and l known values of what is sensitive');
SELECT is_empty('SELECT release_id, fingerprints FROM worst WHERE fingerprints < 5', 'a household''s key is shown where k households look alike, or not at all');
SELECT is_empty($$SELECT release_id FROM worst WHERE (checks ->> 'smallest_persons')::bigint <> persons OR (checks ->> 'smallest_households')::bigint <> households$$,
	'and the checks say what was counted here');
SELECT cmp_ok((SELECT max((checks ->> 'ways_tried')::int) FROM made), '>=', 1000, 'of one not all ways were tried');
SELECT is_empty('SELECT a.release_id FROM worst AS a, worst AS b, LATERAL linkage(a.release_id, b.release_id) AS k
	WHERE a.release_id <> b.release_id AND NOT coalesce(k.share <= 0.01, false)', 'no release joins another');

-- The same again from other rows, by other workers.
CREATE FUNCTION pg_temp.same(id bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	was jsonb := (SELECT losses FROM made WHERE release_id = id);
	n bigint;
	again jsonb;
BEGIN
	EXECUTE format('ALTER TABLE release.r%s RENAME TO was', id);
	DELETE FROM nser.release_subject WHERE release_id = id;
	again := (SELECT losses FROM registry.make_records(id));
	EXECUTE format('SELECT count(*) FROM ((TABLE release.was EXCEPT ALL TABLE release.r%s) UNION ALL (TABLE release.r%1$s EXCEPT ALL TABLE release.was)) AS d', id) INTO n;
	DROP TABLE release.was CASCADE;
	RETURN CASE WHEN n > 0 OR again <> was THEN format('%s: %s rows differ, %s and %s', id, n, was, again) END;
END $$;
DO $$ BEGIN
	-- rows move to the end of their table, in another order
	UPDATE nser.score SET scored_at = now() WHERE household_id % 3 = 1;
	UPDATE nser.household SET phone = phone WHERE household_id IN (SELECT h.household_id FROM nser.household AS h ORDER BY md5(h.household_id::text) LIMIT 700);
END $$;
SELECT is_empty('SELECT d FROM (SELECT pg_temp.same(release_id) AS d FROM made WHERE release_id % 4 = 1) AS s WHERE d IS NOT NULL', 'the same in another order of rows');
SET max_parallel_workers_per_gather = 0;
SELECT is_empty('SELECT d FROM (SELECT pg_temp.same(release_id) AS d FROM made WHERE release_id % 4 = 2) AS s WHERE d IS NOT NULL', 'the same without workers');
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT is_empty('SELECT d FROM (SELECT pg_temp.same(release_id) AS d FROM made WHERE release_id % 4 IN (2, 3)) AS s WHERE d IS NOT NULL', 'the same with two');
SELECT * FROM finish();
ROLLBACK;
