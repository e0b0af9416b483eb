#!/bin/sh
# Times the update of one household from submit to applied among N generated
# households, 1,000,000 by default.
#
#	test/bench/update.sh [N]
#
# PG* names a throwaway cluster that has the extension to install.  Every update is
# a case of its own, opened and screened beforehand; submit, verify and apply are
# three calls and three commits, or one: of 10 updates 5 are births, 2 deaths, 2 changes of
# address and telephone, 1 a disability.
set -eu
n=${1:-1000000}
here=$(cd "$(dirname "$0")" && pwd)
seconds=20
work=$(mktemp -d "${TMPDIR:-/tmp}/registry_bench_update.XXXXXX")
export PGOPTIONS='-c client_min_messages=warning'

database=registry_bench_case
trap 'rm -rf "$work"; dropdb --if-exists $database' EXIT
dropdb --if-exists $database
createdb $database
echo "bench: generating $n households with people, and opening cases" >&2
psql -Xq -v ON_ERROR_STOP=1 -v n="$n" -v cases=30000 -P pager=off -d $database -f "$here/update_prepare.sql"

# NAME CLIENTS SCRIPT: a line of rate and percentiles, by pgbench's log of every update
measure() {
	(cd "$work" && pgbench -n -M prepared -c "$2" -j "$2" -T "$seconds" -f "$here/$3" -l --log-prefix="$1" "$database" >"$1.out" 2>&1) || {
		cat "$work/$1.out" >&2
		exit 1
	}
	if ! grep -q 'number of failed transactions: 0 ' "$work/$1.out"; then
		cat "$work/$1.out" >&2
		exit 1
	fi
	sort -k 3 -n "$work/$1".[0-9]* | awk -v name="$1" -v clients="$2" -v seconds="$seconds" '
		{ us[NR] = $3 }
		END {
			if (NR < 100) { print "bench: " name ": too few updates" >"/dev/stderr"; exit 1 }
			printf "%-34s %8d %10.0f %10.2f %10.2f %10.2f\n", name, clients, NR / seconds,
				us[int((NR + 1) / 2)] / 1000, us[int(NR * 0.95) + 1] / 1000, us[int(NR * 0.99) + 1] / 1000
		}'
}

printf '\n%-34s %8s %10s %10s %10s %10s\n' 'one household, ms' clients 'a second' median 'p95' 'p99'
measure 'a bare INSERT of such rows' 1 update_floor.sql
measure 'register_member() alone' 1 update_birth.sql
measure 'submit, verify and apply' 1 update_case.sql
measure 'submit, verify and apply, two' 2 update_case.sql
measure 'in one transaction' 1 update_once.sql
measure 'in one transaction, two' 2 update_once.sql
psql -Xqt -A -v ON_ERROR_STOP=1 -d $database -f "$here/update_check.sql"
