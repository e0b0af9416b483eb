#!/bin/sh
# Clerks take cases on, the server is stopped at once in the middle, and starts again:
# what was answered is there, whole, and what was not is not there at all.
#
# The cluster is one of its own under TMPDIR.  The server's programs are found beside
# the pg_config that PG_CONFIG names, or that is first in PATH; the extension's files
# where the running server (PG* environment) finds them, whose settings are copied.
# Servers refuse to run as root, and so does this.
set -eu
cd "$(dirname "$0")/../.."

rounds=4
clients=3
bin=$("${PG_CONFIG:-pg_config}" --bindir)
destdir=$(psql -XqAt -d postgres -c "SELECT current_setting('extension_destdir', true)")
libraries=$(psql -XqAt -d postgres -c "SHOW dynamic_library_path")

work=$(mktemp -d "${TMPDIR:-/tmp}/crash.XXXXXX")
clerks=
finish() {
	for clerk in $clerks; do
		kill "$clerk" 2>/dev/null || :
	done
	"$bin/pg_ctl" -D "$work/data" -s -m immediate stop 2>/dev/null || :
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

# The system does not crash, so commits need not wait for the disk.
"$bin/initdb" -D "$work/data" -E UTF8 --locale=C.UTF-8 -A trust >"$work/initdb.log"
{
	echo "listen_addresses = ''"
	echo "unix_socket_directories = '$work'"
	echo "fsync = off"
	echo "dynamic_library_path = '$libraries'"
	[ -z "$destdir" ] || echo "extension_destdir = '$destdir'"
} >>"$work/data/postgresql.conf"
# Another server's settings are not this one's.
unset PGPORT PGUSER PGDATABASE PGOPTIONS PGSERVICE PGHOSTADDR
export PGHOST="$work" PGDATABASE=postgres

start() {
	"$bin/pg_ctl" -D "$work/data" -l "$work/server.log" -s -w start || { cat "$work/server.log"; exit 1; }
}

query() {
	PGOPTIONS='-c client_min_messages=warning' psql -XqAt -v ON_ERROR_STOP=1 "$@"
}

# Each line is one call of the registry, its own transaction, and its request id is
# written down only once it is answered.
clerk() {
	n=0
	while [ $n -lt 20000 ]; do
		n=$((n + 1))
		echo "SELECT crash.work($1, $n);"
	done | PGOPTIONS='-c client_min_messages=error -c search_path=crash' psql -XqAt -v ON_ERROR_STOP=0 >>"$work/answered.$1" 2>>"$work/said.$1" || :
}

start
query -f test/crash/work.sql >"$work/setup.log"

round=1
while [ $round -le $rounds ]; do
	clerks=
	client=1
	while [ $client -le $clients ]; do
		clerk $client &
		clerks="$clerks $!"
		client=$((client + 1))
	done
	sleep 1.$round
	"$bin/pg_ctl" -D "$work/data" -s -m immediate stop
	for pid in $clerks; do
		wait "$pid" || :
	done
	clerks=
	start
	cat "$work"/answered.* | grep -v '^$' | sort -u >"$work/answered"
	query -c 'TRUNCATE crash.answered' -c "\\copy crash.answered FROM '$work/answered'" -f test/crash/check.sql >"$work/wrong"
	if [ -s "$work/wrong" ]; then
		echo "after crash $round:"
		cat "$work/wrong"
		exit 1
	fi
	round=$((round + 1))
done

# Nothing was tried, nothing is shown.
taken=$(wc -l <"$work/answered")
[ "$taken" -gt 100 ] || { cat "$work"/said.*; echo "only $taken calls were answered"; exit 1; }
query -c "SELECT format('figure: %s crashes of the server while %s clients took cases on: %s calls answered, %s steps, %s cases applied; '
	'nothing lost, nothing half-done', $rounds, $clients, $taken, count(*), count(*) FILTER (WHERE event = 'apply')) FROM nser.case_step"
