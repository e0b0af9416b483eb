#!/bin/sh
# Times the look-up of duplicates among N generated households, 1,000,000 by default
# (5.2 million members), and prints its recall and precision at that size.
#
#	test/bench/duplicates.sh [N]
#
# PG* names a throwaway cluster that has the extension to install.  The members of
# every so many households, 4,000 in all, are looked up; 3 in 100 of them are
# registered again somewhere, with their names written otherwise.
set -eu
n=${1:-1000000}
here=$(cd "$(dirname "$0")" && pwd)
every=$((n / 4000 + (n < 4000)))
export PGOPTIONS='-c client_min_messages=warning'

database=registry_bench_duplicates
trap 'dropdb --if-exists $database' EXIT
dropdb --if-exists $database
createdb $database
echo "bench: generating $n households with people" >&2
psql -Xq -v ON_ERROR_STOP=1 -v n="$n" -v every="$every" -v share=30 -P pager=off -d $database -f "$here/duplicate.sql"
