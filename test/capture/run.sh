#!/bin/sh
# The owner of the database may create in PostGIS's schema, and plants better matches
# for calls that a careless script would make: none runs when a superuser installs the
# extension and works with the store.  That the plants are live is shown first.
set -eu

database=registry_capture
trap 'dropdb --if-exists $database; psql -Xq -d postgres -c "DROP ROLE IF EXISTS regress_registry_planter"' EXIT
dropdb --if-exists $database
psql -Xq -v ON_ERROR_STOP=1 -d postgres -c 'DROP ROLE IF EXISTS regress_registry_planter' -c 'CREATE ROLE regress_registry_planter'
createdb -O regress_registry_planter $database

run() {
	PGOPTIONS='-c client_min_messages=warning' psql -Xq -v ON_ERROR_STOP=1 -d $database "$@"
}

run <<'SQL'
CREATE EXTENSION postgis;
CREATE EXTENSION pg_trgm;
SET ROLE regress_registry_planter;
CREATE FUNCTION public.captured() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'captured: running as %', current_user; END $$;
DO $plant$
DECLARE
	plant	record;
	nth		integer := 0;
BEGIN
	-- exact where a call leaves types open: better than what the core has
	FOR plant IN SELECT * FROM (VALUES
		('daterange(text, text)', 'pg_catalog.daterange'), ('format(text, name)', 'text'), ('format(text, text)', 'text'),
		('format(text, regprocedure, text)', 'text'), ('format(text, bigint)', 'text'), ('format(text, bigint, bigint)', 'text'),
		('hashtextextended(text, integer)', 'bigint'), ('pg_extension_config_dump(text, text)', 'text')) AS p (signature, result)
	LOOP
		EXECUTE format('CREATE FUNCTION public.%s RETURNS %s LANGUAGE plpgsql AS %L',
			plant.signature, plant.result, 'BEGIN PERFORM public.captured(); RETURN NULL; END');
	END LOOP;
	FOR plant IN
		SELECT o AS operator, l AS left_type, r AS right_type, CASE WHEN o IN ('+', '-', '*', '/') THEN l ELSE 'boolean' END AS result
		FROM unnest('{<,<=,=,>=,>,<>,+,-,*,/}'::text[]) AS o,
			unnest('{float8,bigint,numeric,smallint,integer,text}'::text[]) AS l,
			unnest('{float8,bigint,numeric,smallint,integer,text}'::text[]) AS r
		WHERE l <> r
	LOOP
		nth := nth + 1;
		EXECUTE format('CREATE FUNCTION public.plant_%s(%s, %s, OUT result %s) LANGUAGE plpgsql AS %L',
			nth, plant.left_type, plant.right_type, plant.result, 'BEGIN PERFORM public.captured(); END');
		EXECUTE format('CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = public.plant_%s)',
			plant.operator, plant.left_type, plant.right_type, nth);
	END LOOP;
END $plant$;
-- better for a row of no type than what PostGIS has for any
CREATE FUNCTION public.plant_row(text, record, text, integer, text) RETURNS text LANGUAGE plpgsql AS 'BEGIN PERFORM public.captured(); RETURN NULL; END';
CREATE AGGREGATE public.st_asmvt(record, text, integer, text) (SFUNC = public.plant_row, STYPE = text);
SQL

said=$(mktemp)
for call in "daterange('2020-01-01', NULL)" '1::float8 < 2' "format('%s', 1::bigint)" \
	"public.st_asmvt(t, 'x'::text, 4096, 'geom'::text) FROM (SELECT 1 AS n) AS t"; do
	if run -c "SELECT $call" >/dev/null 2>"$said" || ! grep -q 'captured: running as' "$said"; then
		echo "not captured, so nothing is shown by this test: $call" >&2
		exit 1
	fi
done
rm -f "$said"

run >/dev/null <<'SQL'
CREATE EXTENSION registry;
CALL registry.create_store();
INSERT INTO nser.household (household_id, area, phone, place)
	VALUES (1, 'PK61701003', '0300-1234567', public.st_geomfromtext('POINT(74 31)'::text, 4326));
INSERT INTO nser.member (household_id, line, area, document, name) VALUES (1, 1, 'PK61701003', 'none', 'Nobody');
UPDATE nser.member SET valid_to = 'infinity', end_reason = 'left';
INSERT INTO registry.formula (name, formula, source) VALUES ('draft', '{"terms": [{"indicator": "rooms", "each": 10}]}', 'this test');
SELECT registry.record_survey(1, '{"rooms": 2, "disabled_members": 1}', NULL, '2 acre');
INSERT INTO nser.programme (code, name, formula, cutoff) VALUES ('p', 'P', 'draft', 15);
INSERT INTO nser.relaxation (programme, indicator, cutoff) VALUES ('p', 'disabled_members', 37);
CALL registry.score_all('draft');
CALL registry.score_all('draft', 1);
-- for the names of types, temporary ones come first
CREATE FUNCTION pg_temp.caught(bigint) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN PERFORM public.captured(); RETURN true; END';
CREATE DOMAIN pg_temp.counted AS bigint CHECK (pg_temp.caught(VALUE));
CREATE TEMP TABLE record (surveys pg_temp.counted, written pg_temp.counted);
CALL registry.derive_all();
CALL registry.derive_all(1);
SELECT registry.score_survey(household_id, survey_id, 'draft'), registry.eligible('p', 1), registry.eligible('p', 1, '2020-01-01') FROM nser.survey;
SELECT * FROM nser.eligibility;
SELECT * FROM nser.household_profile;
SELECT * FROM nser.member_profile;
SELECT * FROM nser.family_profile;
SELECT * FROM nser.family_count;
SELECT registry.record_survey(1, '{}', '[{"line": 1, "relationship": "head", "sex": "female", "age": 30, "marital_status": "married", "mother_line": 1}]');
SELECT (registry.family_tally(v.roster, 18)).*, registry.composition_totals(registry.composition_tally(v.roster)) FROM nser.survey AS v;
SELECT registry.poverty_band(s.score), registry.cutoff_for(registry.pmt_tally(s.score), 5::bigint), registry.targeting_errors(true, false)
	FROM nser.score AS s GROUP BY s.score;
SELECT registry.acres('2 acre'), registry.square_metres('2 acre'), registry.sum('1 acre'::registry.land_area);
SELECT registry.input_error('registry.cnic', 'x'), registry.input_error('integer', 'x');
UPDATE nser.household SET area = 'PK701';
UPDATE nser.programme SET cutoff = 16;
UPDATE registry.formula SET source = 'me' WHERE NOT shipped;
INSERT INTO nser.household (household_id, area) VALUES (2, 'PK617'), (3, 'PK617');
INSERT INTO nser.household (household_id, area) VALUES (9, 'PK617');
INSERT INTO nser.member (household_id, line, area, document, name, father_name, birth_date, relationship) VALUES
	(9, 1, 'PK617', 'none', 'Nobody', 'None', '1980-01-02', 'head'), (9, 2, 'PK617', 'none', 'Nobodi', 'None', '1980-01-02', 'other');
SELECT registry.count_names(), registry.name_key('Nobody'), registry.queue_duplicates(9, 1), registry.queue_duplicates('{9}'::bigint[], 1);
SELECT registry.decide_duplicate(9, 1, 9, 2, 'different'), registry.undo_duplicate(9, 1, 9, 2), registry.decide_duplicate(9, 1, 9, 2, 'same');
SELECT * FROM nser.duplicate_review;
SELECT * FROM registry.find_duplicates(9);
SELECT setval('nser.household_household_id_seq', 9);
SELECT registry.register_member(2, 'Nobody', 'male', 'head', '30201-0000001-1', birth_date => '1980-01-01'),
	registry.register_member(2, 'Nobody', 'female', 'spouse', marital_status => 'married', spouse_line => 1),
	registry.register_member(2, 'Nobody', 'male', 'child', father_line => 1, mother_line => 2),
	registry.register_member(3, 'Nobody', 'female', 'head');
SELECT registry.record_survey(2, '{}', registry.live_roster(2, current_date)), registry.record_survey(3, '{}', registry.live_roster(3, current_date));
SELECT * FROM registry.change_head(2, 2);
SELECT * FROM registry.move_member(2, 3, 3, 'child', mother_line => 1);
SELECT registry.split_household(3, '{2}', 2) AS split \gset
SELECT * FROM registry.merge_households(:split, 3, 'child');
SELECT registry.end_member(2, 1, 'died'), registry.reinstate_member(2, 1), registry.identity_error('30201-0000001-1', 9, 9);
SELECT registry.correct_cnic(2, 1, '30201-0000003-1'), registry.correct_member(2, 1, '{"sex": "male"}', current_date), registry.flag_members(1, 9);
CALL registry.upgrade_store();
INSERT INTO nser.area (code, name, source, geom) VALUES ('PK6', 'Nowhere', 'this test', registry.polygons(registry.box(61, 24, 77, 37)));
SELECT registry.map_tile('area', 0, 0, 0), registry.map_geojson('area');
-- an aggregate, and then a function in its place
SET ROLE regress_registry_planter;
DROP AGGREGATE public.st_asmvt(pg_catalog.record, text, integer, text);
CREATE FUNCTION public.st_asmvt(pg_catalog.record, text, integer, text) RETURNS bytea LANGUAGE plpgsql AS 'BEGIN PERFORM public.captured(); RETURN NULL; END';
RESET ROLE;
SELECT registry.map_tile('area', 0, 0, 0);
SQL
