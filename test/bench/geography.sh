#!/bin/sh
# Times places, households of a district and map tiles on N households, 1,000,000
# by default, in 2,527 union councils: those of ../shared/data/geography where they
# are, else cells around points, of as many corners.
#
#	test/bench/geography.sh [N]
#
# PG* names a throwaway cluster that has the extension to install.
set -eu
n=${1:-1000000}
here=$(cd "$(dirname "$0")" && pwd)
real=${REGISTRY_SHARED:-$here/../../../shared}/data/geography/adm4_uc.geojson.gz
export PGOPTIONS='-c client_min_messages=warning'

database=registry_bench_geography
trap 'dropdb --if-exists $database' EXIT
dropdb --if-exists $database
createdb $database
# by a shell of psql's: no argument could hold them
if [ -r "$real" ]; then
	echo "bench: $n households in the union councils of $(basename "$real")" >&2
	export BENCH_FEATURES="zcat '$real'"
else
	echo "bench: $n households in generated union councils" >&2
	export BENCH_FEATURES="echo '{\"features\": []}'"
fi
psql -Xq -v ON_ERROR_STOP=1 -v n="$n" -P pager=off -d $database -f "$here/geography_prepare.sql" -f "$here/geography_place.sql" \
	-f "$here/geography_read.sql"
