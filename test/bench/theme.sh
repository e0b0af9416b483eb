#!/bin/sh
# Times the themes of N households of one district, 100,000 by default: counting all, counting what
# changed of 1 % of households in a few areas, and what a mark costs who changes one.
#
#	test/bench/theme.sh [N]
#
# PG* names a throwaway cluster that has the extension to install.
set -eu
n=${1:-100000}
here=$(cd "$(dirname "$0")" && pwd)
export PGOPTIONS='-c client_min_messages=warning'

database=registry_bench_theme
trap 'dropdb --if-exists $database' EXIT
dropdb --if-exists $database
createdb $database
psql -Xq -v ON_ERROR_STOP=1 -P pager=off -d $database -c 'CREATE EXTENSION registry CASCADE' -c 'CALL registry.create_store()' \
	-f "$here/../population/population.sql" -c "CALL population.load($n, district => 'PK617', people => false)" -c "CALL registry.score_all('hies-2015-demo')" \
	-c 'CALL registry.derive_all()' -c 'SELECT registry.refresh_themes(true)' >/dev/null
psql -Xq -d $database -c 'VACUUM ANALYZE' 2>/dev/null
psql -Xq -v ON_ERROR_STOP=1 -P pager=off -d $database -f "$here/theme.sql"
