-- Since 16 the server can ask whether a text is input of a type without failing.
-- Every type answers, and says the same as when it fails.
BEGIN;
SET client_min_messages = warning;
SET search_path = tap, registry, public;
SELECT plan(3);

CREATE TEMP TABLE input (type text, value text);
INSERT INTO input VALUES
	('cnic', '35202-123456-1'), ('cnic', ''), ('mobile_number', '0300-123456'), ('land_area', '0.3 marla'), ('land_area', '2 bigha'),
	('land_area', '99999999999999999999 acre'), ('area_code', 'PK600'), ('area_code', 'IN6'),
	('indicators', '{"rooms": "x"}'), ('indicators', '{"room": 1}'), ('indicators', '{"toilet": "x"}'), ('indicators', '{"car": 1}'),
	('indicators', '{"rooms": 1'), ('indicators', '[]'), ('indicators', '{"rooms": 1, "rooms": 1}'),
	('roster', '[]'), ('roster', '[{"line": 1}, {"line": 1}]'), ('roster', '[{"line": 1, "age": -1}]'), ('roster', '[{"line": 1, "x": 1}]'),
	('roster', '[{"age": 1}]'), ('roster', '[1]'), ('roster', 'x'),
	('pmt_formula', '{}'), ('pmt_formula', '{"terms": [{"indicator": "room", "points": 1}]}'), ('pmt_formula', 'x');

SELECT current_setting('server_version_num')::int >= 160000 AS soft \gset
\if :soft
	SELECT is_empty('SELECT * FROM input WHERE pg_input_is_valid(value, ''registry.'' || type)', 'what is no input is told softly');
	SELECT is_empty($$
		SELECT type, value FROM input, registry.input_error(('registry.' || type)::regtype, value) AS hard, pg_input_error_info(value, 'registry.' || type) AS soft
		WHERE (hard.error_code, hard.message, hard.detail) IS DISTINCT FROM (soft.sql_error_code, soft.message, soft.detail)
	$$, 'the soft error is the hard one');
	SELECT is_empty($$
		SELECT name FROM registry.formula WHERE NOT pg_input_is_valid(formula::text, 'registry.pmt_formula')
		UNION ALL SELECT 'cnic' WHERE NOT pg_input_is_valid('35202-1234567-1', 'registry.cnic')
	$$, 'what is input is told so');
\else
	SELECT skip('this server has no soft errors', 3);
\endif

SELECT * FROM finish();
ROLLBACK;
