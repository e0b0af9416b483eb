-- Bytes from a hostile client: values of a binary COPY with random changes.  Each is
-- refused as no value of its type, or is one that text can spell.
BEGIN;
SET client_min_messages = warning;
SET search_path = tap, registry, public;
SELECT setseed(0.1973);
SELECT plan(8);

CREATE TEMP TABLE verdict (type regtype, accepted boolean, sqlstate text, spelled boolean);

-- Change, drop or add some bytes.
CREATE FUNCTION pg_temp.mutate(bytes bytea) RETURNS bytea LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 0 .. floor(random() * 3)::int LOOP
		CASE floor(random() * 8)::int
			WHEN 0 THEN bytes := substr(bytes, 1, floor(random() * length(bytes))::int);
			WHEN 1 THEN bytes := bytes || substr(bytes, 1 + floor(random() * length(bytes))::int);
			ELSE bytes := CASE WHEN length(bytes) > 0
				THEN set_byte(bytes, floor(random() * length(bytes))::int, floor(random() * 256)::int) ELSE bytes END;
		END CASE;
	END LOOP;
	RETURN bytes;
END $$;

CREATE FUNCTION pg_temp.attack(type regtype, seeds bytea[], tries int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	file	text := current_setting('data_directory') || '/registry_hostile.bin';
	bytes	bytea;
	code	text;
	same	boolean;
BEGIN
	EXECUTE format('CREATE TEMP TABLE target (value %s)', type);
	FOR i IN 1 .. tries LOOP
		bytes := pg_temp.mutate(seeds[1 + i % cardinality(seeds)]);
		EXECUTE format('COPY (SELECT %L::bytea) TO %L (FORMAT binary)', bytes, file);
		BEGIN
			EXECUTE format('COPY target FROM %L (FORMAT binary)', file);
			EXECUTE format('SELECT value::text::%s = value FROM target', type) INTO same;
			INSERT INTO verdict VALUES (type, true, NULL, same);
			DELETE FROM target;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
			INSERT INTO verdict VALUES (type, false, code, NULL);
		END;
	END LOOP;
	DROP TABLE target;
	EXECUTE format('COPY (SELECT 1) TO %L', file);
END $$;

SELECT pg_temp.attack('indicators', ARRAY[indicators_send('{}'), indicators_send('{"rooms": 3, "toilet": "none", "car": true, "members": 5}')], 1500);
SELECT pg_temp.attack('roster', ARRAY[
	roster_send('[{"line": 1, "relationship": "head", "sex": "male", "age": 45, "disabilities": ["other"], "literate": true}, {"line": 2}]'),
	roster_send('[{"line": 254, "marital_status": "nikah_only", "chronic_diseases": ["other"]}]')], 1500);
SELECT pg_temp.attack('pmt_formula', (SELECT array_agg(pmt_formula_send(formula)) FROM registry.formula)
	|| pmt_formula_send('{"terms": [{"indicator": "rooms", "bands": [[1, 0.5], [null, 2]]}]}'), 1500);

SELECT is((SELECT count(*)::int FROM verdict), 4500, 'every value was tried, and the server is still there');
SELECT is_empty('SELECT type, count(*) FROM verdict WHERE accepted AND NOT spelled GROUP BY 1', 'what is accepted is what its text says');
SELECT is_empty(format('SELECT type, sqlstate, count(*) FROM verdict WHERE NOT accepted AND sqlstate NOT IN (%L, %L, %L, %L) GROUP BY 1, 2',
	'22P02', '22P03', '08P01', '22021'), 'what is refused is refused as malformed, and for no other cause');
SELECT cmp_ok((SELECT count(*)::int FROM verdict WHERE type = t AND accepted), '>', 20, 'some are accepted: ' || t)
FROM unnest('{indicators,roster}'::regtype[]) AS t;
SELECT cmp_ok((SELECT count(*)::int FROM verdict WHERE type = t AND NOT accepted), '>', 500, 'most are refused: ' || t)
FROM unnest('{indicators,roster,pmt_formula}'::regtype[]) AS t;

SELECT * FROM finish();
ROLLBACK;
