#!/bin/sh
# Does a store come through pg_upgrade?  It makes every object of the extension by itself,
# functions first, so that a bound body may ask for nothing that is made after it: a GROUP BY
# of one of our types is such.  From this version to this version, in clusters of its own.
set -eu
cd "$(dirname "$0")/../.."

bin=$(pg_config --bindir)
work=$(mktemp -d)
running=
finish() {
	[ -z "$running" ] || "$bin/pg_ctl" -D "$work/$running" -s -m immediate stop
	rm -rf "$work"
}
trap finish EXIT

# where the server of this run finds the extension
settings=$(psql -XqAt -d postgres -c "SELECT format('%s=%L', name, setting) FROM pg_settings WHERE name IN ('extension_destdir', 'dynamic_library_path')")
for cluster in old new; do
	"$bin/initdb" -D "$work/$cluster" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
	printf '%s\n' "$settings" port=5432 "listen_addresses=''" "unix_socket_directories='$work'" fsync=off >>"$work/$cluster/postgresql.conf"
done
start() {
	"$bin/pg_ctl" -D "$work/$1" -l "$work/$1.log" -s -w start
	running=$1
}
stop() {
	running=
	"$bin/pg_ctl" -D "$work/$1" -s -w -m fast stop
}
query() {
	PGOPTIONS='-c client_min_messages=warning' PGHOST=$work PGPORT=5432 PGUSER=postgres psql -XqAt -v ON_ERROR_STOP=1 "$@"
}
contents() {
	query -d store <<-'SQL'
		SELECT format('SELECT %L, md5(string_agg(t::text, E''\n'' ORDER BY t::text)), count(*) FROM %s AS t;', c.oid::regclass, c.oid::regclass)
		FROM pg_class AS c WHERE c.relnamespace = 'nser'::regnamespace AND c.relkind = 'r' ORDER BY c.oid::regclass::text \gexec
		SELECT eligible, count(*) FROM nser.eligibility GROUP BY 1 ORDER BY 1;
		SELECT * FROM nser.funnel('demo', 'PK');
		SELECT count(*) FROM nser.due;
		SELECT * FROM nser.role_limit;
		SELECT md5(string_agg(p.oid::regprocedure::text, ' ' ORDER BY p.oid::regprocedure::text)) FROM pg_proc AS p;
		SET ROLE clerk;
		SELECT count(*) FROM nser.household;
	SQL
}

start old
query -d postgres -c 'CREATE DATABASE store' -c 'CREATE ROLE clerk'
query -d store >/dev/null <<-'SQL'
	CREATE EXTENSION registry CASCADE;
	CALL registry.create_store();
	\i test/population/population.sql
	CALL population.load(500);
	DROP SCHEMA population CASCADE;
	CALL registry.derive_all();
	CALL registry.score_all('hies-2015-demo');
	INSERT INTO nser.programme (code, name, formula, cutoff) VALUES ('demo', 'Demonstration', 'hies-2015-demo', 32);
	GRANT USAGE ON SCHEMA nser TO clerk;
	GRANT SELECT ON nser.household TO clerk;
	SELECT registry.limit_role('clerk', 'PK6');
SQL
contents >"$work/before"
stop old
if ! (cd "$work" && "$bin/pg_upgrade" -b "$bin" -B "$bin" -d "$work/old" -D "$work/new" -U postgres -s "$work" >"$work/upgrade" 2>&1); then
	tail -n 5 "$work/upgrade"
	grep -ah -A 3 'error: ' "$work"/new/pg_upgrade_output.d/*/log/pg_upgrade_dump_*.log "$work"/new/pg_upgrade_dump_*.log "$work"/pg_upgrade_dump_*.log 2>/dev/null | cut -c 1-200
	exit 1
fi
start new
contents >"$work/after"
diff -u "$work/before" "$work/after"
[ "$(wc -l <"$work/after")" -gt 90 ]
stop new
