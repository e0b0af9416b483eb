#!/bin/sh
# Times verdicts of updates over N households, 1,000,000 by default, and who is due.
#
#	test/bench/update_verdict.sh [N]
#
# PG* names a throwaway cluster that has the extension to install.
set -eu
n=${1:-1000000}
here=$(cd "$(dirname "$0")" && pwd)
export PGOPTIONS='-c client_min_messages=warning'

database=registry_bench_update
trap 'dropdb --if-exists $database' EXIT
dropdb --if-exists $database
createdb $database
echo "bench: generating $n households to update" >&2
psql -Xq -v ON_ERROR_STOP=1 -v n="$n" -P pager=off -d $database -f "$here/update_verdict.sql"
