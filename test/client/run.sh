#!/bin/sh
# registry-report against a server over TCP: what it prints, what it says when it
# cannot, and that nothing half-done stays.
#
# The server is one of its own under TMPDIR, with passwords, at a free port of the
# loopback address.  Programs are found beside the pg_config that PG_CONFIG names, or
# that is first in PATH; the extension's files where the running server (PG*
# environment) finds them.  Servers refuse to run as root, and so does this.
set -eu
cd "$(dirname "$0")/../.."

bin=$("${PG_CONFIG:-pg_config}" --bindir)
destdir=$(psql -XqAt -d postgres -c "SELECT current_setting('extension_destdir', true)")
libraries=$(psql -XqAt -d postgres -c "SHOW dynamic_library_path")
command -v registry-report >/dev/null || { echo "registry-report is not in PATH" >&2; exit 1; }

work=$(mktemp -d "${TMPDIR:-/tmp}/client.XXXXXX")
finish() {
	status=$?
	trap '' HUP INT TERM
	"$bin/pg_ctl" -D "$work/data" -s -m immediate stop 2>/dev/null || :
	rm -rf "$work"
	exit "$status"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

# Another server's settings are not this one's, and nobody's files are read.
unset PGDATABASE PGOPTIONS PGSERVICE PGHOSTADDR PGPASSWORD PGDATESTYLE PGTZ
export HOME="$work" PGUSER=boss PGPASSFILE="$work/none" PGSERVICEFILE="$work/none" PGCONNECT_TIMEOUT=30

echo 'the boss' >"$work/password"
"$bin/initdb" -D "$work/data" -E UTF8 --locale=C.UTF-8 -U boss -A scram-sha-256 --pwfile="$work/password" >"$work/initdb.log"
port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport')
{
	echo "listen_addresses = '127.0.0.1'"
	echo "port = $port"
	echo "unix_socket_directories = ''"
	echo "fsync = off"
	echo "dynamic_library_path = '$libraries'"
	[ -z "$destdir" ] || echo "extension_destdir = '$destdir'"
} >>"$work/data/postgresql.conf"
export PGHOST=127.0.0.1 PGPORT="$port"
"$bin/pg_ctl" -D "$work/data" -l "$work/server.log" -s -w start || { cat "$work/server.log"; exit 1; }

query() {
	PGPASSWORD='the boss' PGOPTIONS='-c client_min_messages=error' psql -XqAt -U boss -v ON_ERROR_STOP=1 "$@"
}

for database in registry bare empty older; do
	query -d postgres -c "CREATE DATABASE $database"
done
query -d registry -f test/client/reports.sql >"$work/setup.log"
query -d bare -c 'CREATE EXTENSION registry CASCADE'
query -d older -c 'CREATE EXTENSION registry CASCADE' -c 'CREATE SCHEMA nser' -c 'CREATE TABLE nser.household (household_id bigint)'

fail() {
	echo "FAILED: $*"
	for shown in "$work/out" "$work/err"; do
		echo "--- $(basename "$shown")"
		head -n 20 "$shown"
	done
	exit 1
}

# expect STATUS WORDS...: runs it without a terminal, keeps what it prints in out and err.
expect() {
	wanted=$1
	shift
	status=0
	setsid -w registry-report "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
	[ "$status" -eq "$wanted" ] || fail "registry-report $*: exit status $status, not $wanted"
	[ "$wanted" -eq 0 ] || [ ! -s "$work/out" ] || fail "registry-report $*: output before its failure"
}

# says TEXT: the messages hold it.  All of them are ours, and no password is in them.
says() {
	grep -qF -e "$1" "$work/err" || fail "it does not say: $1"
	! grep -v -e '^registry-report: ' -e '^	' -e '^Cancel request sent$' "$work/err" || fail "messages of somebody else"
	! grep -q -e 'the boss' -e 'all of it' -e 'one district' -e 'not much' -e 'no such word' "$work/err" || fail "a password"
}

# full WORDS...: its output meets a full disk
full() {
	status=0
	registry-report "$@" >/dev/full 2>"$work/err" || status=$?
	[ $status -eq 6 ] || fail "registry-report $*, to a full disk: exit status $status"
	says 'cannot write standard output: No space left on device'
}

silent() {
	[ ! -s "$work/err" ] || fail "it says something"
}

for part in test/client/[0-9]*.sh; do
	# shellcheck source=/dev/null
	. "$part"
done
