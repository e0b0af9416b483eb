#!/bin/sh
# Times pseudonyms, a trace, and reads through a share view beside the same reads of its
# table, over N records, 1,000,000 by default.
#
#	test/bench/share_pseudonym.sh [N]
#
# PG* names a throwaway cluster that has the extension to install.
set -eu
n=${1:-1000000}
here=$(cd "$(dirname "$0")" && pwd)
export PGOPTIONS='-c client_min_messages=warning -c jit=off -c max_parallel_workers_per_gather=0'

database=registry_bench_share
clean() {
	dropdb --if-exists $database
	psql -Xq -d postgres -c 'DROP ROLE IF EXISTS bench_share_owner, bench_share_partner'
}
trap clean EXIT
clean
createdb $database
echo "bench: making a release of $n records" >&2
psql -Xqt -A -v ON_ERROR_STOP=1 -v n="$n" -d $database -f "$here/share_pseudonym.sql"
