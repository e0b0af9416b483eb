#!/bin/sh
# Dump a filled database, restore it, and compare: every row, every definition.
set -eu

before=registry_dump_before
after=registry_dump_after
clerk=regress_registry_dump_clerk
unit=regress_registry_dump_unit
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"; dropdb --if-exists $before; dropdb --if-exists $after; psql -Xq -d postgres -c "DROP ROLE IF EXISTS $clerk, $unit"' EXIT

query() {
	PGOPTIONS='-c client_min_messages=warning' psql -XqAt -v ON_ERROR_STOP=1 -d "$@"
}

# What people ask of the data, and a line for each row of each table.
contents() {
	query "$1" <<-'SQL'
		SELECT format('SELECT %L, md5(string_agg(t::text, E''\n'' ORDER BY t::text)), count(*) FROM %s AS t;', c.oid::regclass, c.oid::regclass)
		FROM pg_class AS c WHERE c.relnamespace IN ('nser'::regnamespace, 'release'::regnamespace) AND c.relkind = 'r' OR c.oid = 'registry.formula'::regclass
		ORDER BY c.oid::regclass::text \gexec
		SELECT programme, eligible, count(*), sum(score::numeric) FROM nser.eligibility GROUP BY 1, 2 ORDER BY 1, 2;
		SELECT md5(string_agg(p::text, '' ORDER BY household_id)) FROM nser.household_profile AS p;
		SELECT md5(string_agg(p::text, '' ORDER BY household_id, line)) FROM nser.member_profile AS p;
		SELECT md5(string_agg(p::text, '' ORDER BY household_id, family_no)) FROM nser.family_profile AS p;
		SELECT count(*) FROM registry.verify_requests();
		SELECT nextval('nser.household_household_id_seq'), nextval('nser.survey_survey_id_seq'), nextval('nser.load_id_seq');
	SQL
}

dropdb --if-exists $before
dropdb --if-exists $after
createdb $before
createdb $after
query postgres -c "DROP ROLE IF EXISTS $clerk, $unit" -c "CREATE ROLE $clerk" -c "CREATE ROLE $unit"
query $before <<-'SQL'
	CREATE EXTENSION registry CASCADE;
	CALL registry.create_store();
	\i test/population/population.sql
	CALL population.load(2000);
	DROP SCHEMA population CASCADE;
	INSERT INTO registry.formula (name, formula, source)
		VALUES ('site', '{"terms": [{"indicator": "rooms", "each": 9.5}], "base": 3}', 'this test');
	INSERT INTO nser.programme (code, name, formula, cutoff) VALUES ('demo', 'Demonstration', 'hies-2015-demo', 32), ('site', 'Site', 'site', 40);
	INSERT INTO nser.relaxation (programme, indicator, cutoff) VALUES ('demo', 'disabled_members', 37);
	INSERT INTO nser.load_error (load_id, row_no, source, sqlstate, reason, row) VALUES (nextval('nser.load_id_seq'), 1, 'file', '22P02', 'a reason', '{"a": 1}');
	-- a survey of a time when the rules of counting were others
	ALTER TABLE nser.survey DISABLE TRIGGER survey_complete;
	INSERT INTO nser.survey (household_id, indicators, area, roster)
		SELECT household_id, '{"members": 9}', area, '[{"line": 1}]' FROM nser.household WHERE household_id = 1;
	ALTER TABLE nser.survey ENABLE TRIGGER survey_complete;
	CALL registry.score_all('hies-2015-demo', 700);
	CALL registry.score_all('site', 700);
	CALL registry.derive_all(700);
	-- a case in the middle of its life, one that is over, and one that a tablet sent
	SELECT count(*) FROM generate_series(1, 3) AS h, registry.open_case('grievance', h, gen_random_uuid()) AS o,
		registry.advance_case(o.household_id, o.case_id, 'screen', gen_random_uuid());
	SELECT count(*) FROM nser.update_case AS c, registry.advance_case(c.household_id, c.case_id, 'submit', gen_random_uuid(), '{"about": "conduct", "statement": "1.0"}')
		WHERE c.household_id < 3;
	SELECT count(*) FROM nser.update_case AS c, registry.advance_case(c.household_id, c.case_id, 'reject', gen_random_uuid(), reason => 'said twice') WHERE c.household_id = 2;
	SELECT count(*) FROM registry.receive_submissions('[null, {"request_id": "00000000-0000-0000-0000-000000000001", "call": "open",
		"taken_at": "2025-03-01T10:00:00+05:00", "update_type": "grievance", "household_id": 4}]');
	GRANT USAGE ON SCHEMA nser TO regress_registry_dump_clerk;
	GRANT SELECT ON nser.household TO regress_registry_dump_clerk;
	SELECT registry.limit_role('regress_registry_dump_clerk', 'PK6') > 10;
	SELECT registry.refresh_area_summary() > 0;
	CREATE VIEW nser.own_report WITH (security_invoker = true) AS SELECT h.area, count(*) AS households FROM nser.household AS h GROUP BY h.area;
	INSERT INTO nser.report VALUES ('own', 'ours', 'Our own', 'Households by area.', 'nser.own_report', '{-households,area}');
	-- a request in the middle of its chain
	SELECT registry.grant_duty('regress_registry_dump_unit', 'unit') > 0;
	SET SESSION AUTHORIZATION regress_registry_dump_unit;
	SELECT nser.judge_organization(nser.enter_organization('a university', 'academic', 'regress_registry_dump_partner'), true);
	SELECT nser.submit_request(nser.enter_request(1, jsonb_build_object('contact', 'the dean', 'purpose', 'a study', 'storage', 'a server', 'category', 'anonymized',
		'attributes', '{sex}'::text[], 'gratis_ground', 'research', 'valid', daterange(registry.today(), registry.today() + 9))));
	RESET SESSION AUTHORIZATION;
SQL

pg_dump -Fc -f "$scratch/dump" $before
pg_restore --exit-on-error -d $after "$scratch/dump"

# A key of its own in every dump since August 2025.
pg_dump -s $before | grep -v '^\\\(un\)\?restrict' >"$scratch/before.sql"
pg_dump -s $after | grep -v '^\\\(un\)\?restrict' >"$scratch/after.sql"
diff -u "$scratch/before.sql" "$scratch/after.sql"
contents $before >"$scratch/before.txt"
contents $after >"$scratch/after.txt"
diff -u "$scratch/before.txt" "$scratch/after.txt"
[ "$(grep -c '|' "$scratch/after.txt")" -gt 15 ]

# What was stored by other rules has come along, and does not keep a household in its place.
query $after -c "UPDATE nser.household SET area = 'PK7' WHERE household_id = 1"

# Shipped formulas come with the extension, a site's own with the dump.
[ "$(query $after -c 'SELECT count(*) FILTER (WHERE shipped), count(*) FILTER (WHERE NOT shipped) FROM registry.formula')" = '3|1' ]

# A site's own report is asked for as before, and so are those that came with the store.
[ "$(query $after -c "SELECT registry.report_query('own', 'PK6')" -c "SELECT count(*) > 20 AND bool_and(registry.report_query(name) IS NOT NULL) FROM nser.report" | tr '\n' ' ')" = \
	"SELECT * FROM nser.own_report WHERE area OPERATOR(registry.<@) 'PK6'::registry.area_code ORDER BY households DESC, area t " ]

# Its cases go on where they were, and their chains hold.
[ "$(query $after -c "SELECT count(*) FROM nser.update_case WHERE state = 'submitted'" -c 'SELECT count(*) FROM registry.verify_chain()' \
	-c "SELECT state FROM registry.advance_case(1, (SELECT case_id FROM nser.update_case WHERE household_id = 1), 'verify', gen_random_uuid())" \
	-c 'SELECT count(*) FROM registry.verify_chain()' | tr '\n' ' ')" = '1 0 verified 0 ' ]
if query $after -c 'DELETE FROM nser.case_step' 2>"$scratch/refusal"; then
	echo 'steps of cases can be deleted after a restore' >&2
	exit 1
fi
grep -q 'are history and cannot be changed or deleted' "$scratch/refusal"

# Who saw one province sees that one province.
for database in $before $after; do
	[ "$(query $database -c "SET ROLE $clerk" -c "SELECT bool_and(area OPERATOR(registry.<@) 'PK6') AND count(*) > 0 FROM nser.household")" = t ]
done

# The extension does not go while people's data need it.
if query $after -c 'DROP EXTENSION registry' 2>"$scratch/refusal"; then
	echo 'DROP EXTENSION registry did not refuse' >&2
	exit 1
fi
grep -q 'cannot drop extension registry because other objects depend on it' "$scratch/refusal"
