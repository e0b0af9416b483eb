#!/bin/sh
# Times a protected summary by district and three attributes over N generated
# households, 100,000 by default, and an attack on it.
#
#	test/bench/share_cells.sh [N]
#
# PG* names a throwaway cluster that has the extension to install.
set -eu
n=${1:-100000}
here=$(cd "$(dirname "$0")" && pwd)
export PGOPTIONS='-c client_min_messages=warning -c jit=off'

database=registry_bench_share_cells
trap 'dropdb --if-exists $database' EXIT
dropdb --if-exists $database
createdb $database
echo "bench: generating $n households with people" >&2
psql -Xqt -A -v ON_ERROR_STOP=1 -v n="$n" -d $database -f "$here/share_cells.sql"
