#!/bin/sh
# Times the checks of surveys over N generated households, 100,000 by default: the whole
# in one pass and in batches, one household, and views; beside a floor, a bare scan.
#
#	test/bench/quality.sh [N]
#
# PG* names a throwaway cluster that has the extension to install.
set -eu
n=${1:-100000}
here=$(cd "$(dirname "$0")" && pwd)
export PGOPTIONS='-c client_min_messages=warning -c jit=off'

database=registry_bench_quality
trap 'dropdb --if-exists $database' EXIT
dropdb --if-exists $database
createdb $database
echo "bench: generating $n households with people, operators and defects" >&2
psql -Xqt -A -v ON_ERROR_STOP=1 -v n="$n" -d $database -f "$here/quality.sql"
