-- A store of made-up households, and reports of what is hard to print or to stop.
CREATE EXTENSION registry CASCADE;
CREATE ROLE registry_owner;
SELECT format('GRANT CREATE ON DATABASE %I TO registry_owner', current_database()) \gexec
GRANT SELECT, INSERT, UPDATE, DELETE ON registry.formula TO registry_owner;
SET ROLE registry_owner;
CALL registry.create_store();

INSERT INTO nser.household (household_id, area, registered_on) VALUES
	(1, 'PK61701003', '2024-01-01'), (2, 'PK61701003', '2024-01-02'), (3, 'PK61702001', '2024-01-02'),
	(4, 'PK61801001', '2024-01-02'), (5, 'PK7', '2024-01-03');

CREATE VIEW nser.client_registration WITH (security_invoker = true) AS
	SELECT registry.level(h.area) AS level, h.area, h.registered_on AS day, count(*) AS households
	FROM nser.household AS h
	GROUP BY h.area, h.registered_on;

CREATE VIEW nser.client_value AS
	SELECT v.no, v.what, v.value, v.number, v.double, v.whole, v.yes, v.document, v.written, v.day, 'a column' AS r
	FROM (VALUES
		(1, 'quotes', 'say "yes"', 1.50::numeric, 0.1::double precision, 9223372036854775807::bigint, true, '{"a": 1}'::jsonb, '{"b":
  [1,
   2]}'::json, '2025-03-01'::date),
		(2, 'commas, too', 'a,b;c', 'NaN', 'NaN', -1, false, '[]', '"x"', '2025-03-02'),
		(3, 'line ends', E'one\ntwo\r\nthree\ttab', 'Infinity', '-Infinity', 0, true, '"\\n"', 'null', 'infinity'),
		(4, 'backslash', '\ \\ \n \.', '-Infinity', 1e300, 42, false, 'null', '{}', '2025-03-04'),
		(5, 'empty', '', 0, 0, 0, true, '{}', '[]', '2025-03-05'),
		(6, 'NULL', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
		(7, 'Urdu', 'ضلع لاہور، پنجاب', 7, 7, 7, true, '{"نام": "لاہور"}', '{"نام" : "لاہور"}', '2025-03-07'),
		(8, '\.', E'\x01\x1b[31m</script>', 8, 8, 8, true, '"\u0001"', '"\u0001"', '2025-03-08')
	) AS v (no, what, value, number, double, whole, yes, document, written, day);

CREATE VIEW nser.client_none AS SELECT 1 AS n, 'x'::text AS what WHERE false;

-- the first batch is the widest in one column, the last in others
CREATE VIEW nser.client_number AS
	SELECT n, CASE WHEN n = 1 THEN 'the first, and the longest' ELSE 'row ' || n END AS what, n * 0.5 AS half FROM generate_series(1, 1200) AS n;

-- as wide in the first batch as in the last
CREATE VIEW nser.client_steady AS
	SELECT 1000000 + n AS n, lpad(n::text, 8, '0') AS what, CASE WHEN n % 7 > 0 THEN 'some' END AS maybe FROM generate_series(1, 1200) AS n;

CREATE VIEW nser.client_million AS
	SELECT n, md5(n::text) AS what, n / 7.0 AS ratio, repeat('x', 40) AS filler FROM generate_series(1, 1000000) AS n;

-- rows come for half a minute, some at a time
CREATE VIEW nser.client_slow AS
	SELECT n, repeat('x', 100) AS filler, CASE WHEN n % 1000 = 0 THEN pg_sleep(0.1)::text END AS rest FROM generate_series(1, 300000) AS n;

CREATE VIEW nser.client_asleep AS SELECT pg_sleep(30)::text AS rest;

-- rows, and then none
CREATE VIEW nser.client_failing AS SELECT n, 10 / (5000 - n) AS tenth FROM generate_series(1, 6000) AS n;

CREATE VIEW nser.client_setting AS
	SELECT s.name, s.setting FROM pg_catalog.pg_settings AS s
	WHERE s.name IN ('search_path', 'DateStyle', 'IntervalStyle', 'client_encoding', 'application_name', 'transaction_read_only', 'work_mem');

CREATE FUNCTION nser.client_warn() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RAISE WARNING 'counted as of last night' USING HINT = 'Refresh it.';
	RETURN 'shown';
END $$;
CREATE VIEW nser.client_warning AS SELECT nser.client_warn() AS what;

CREATE FUNCTION nser.client_raise() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'the rule is broken' USING ERRCODE = 'NS001', DETAIL = 'Key (cnic)=(35202-0000000-1) is there.', HINT = 'Mend the rule.';
END $$;
CREATE VIEW nser.client_error AS SELECT nser.client_raise() AS what;

CREATE FUNCTION nser.client_write() RETURNS text LANGUAGE sql AS $$ DELETE FROM nser.household RETURNING 'gone' $$;
CREATE VIEW nser.client_write AS SELECT nser.client_write() AS what;

INSERT INTO nser.report (subject, name, title, meaning, relation, sorted_by)
	SELECT 'client', substr(c.relname, 8), initcap(substr(c.relname, 8)), 'a report of this test', 'nser.' || c.relname, '{}'
	FROM pg_catalog.pg_class AS c
	WHERE c.relnamespace = 'nser'::regnamespace AND c.relkind = 'v' AND c.relname LIKE 'client\_%';
UPDATE nser.report SET title = 'Households by area and day', meaning = 'households, by the area they are stated in and the day they were registered on',
	sorted_by = '{area,day}' WHERE name = 'registration';
UPDATE nser.report SET sorted_by = '{no}' WHERE name = 'value';
UPDATE nser.report SET sorted_by = '{name}' WHERE name = 'setting';

-- who sees all, who sees a district, and who lacks a table
RESET ROLE;
CREATE ROLE analyst LOGIN PASSWORD 'all of it';
CREATE ROLE clerk LOGIN PASSWORD 'one district';
CREATE ROLE stranger LOGIN PASSWORD 'not much';
ALTER ROLE analyst SET search_path = 'nser';
ALTER ROLE analyst SET datestyle = 'German';
SET ROLE registry_owner;
GRANT USAGE ON SCHEMA nser TO analyst, clerk, stranger;
GRANT SELECT ON nser.report TO analyst, clerk, stranger;
GRANT SELECT ON nser.client_registration TO analyst, clerk, stranger;
GRANT SELECT ON nser.household TO analyst, clerk;
SELECT format('GRANT SELECT ON %s TO analyst', r.relation) FROM nser.report AS r WHERE r.subject = 'client' \gexec
SELECT registry.limit_role('analyst', 'PK'), registry.limit_role('clerk', 'PK617');
