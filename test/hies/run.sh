#!/bin/sh
# HIES 2015-16 through the registry: load, score, report, check.
#
# Needs a running server with the extension's files (PG* environment) and the
# microdata, which are not part of the project: without them it says so and ends
# well.  Works in databases of its own, which it drops.
set -eu

cd "$(dirname "$0")/../.."
data=${REGISTRY_SHARED:-../shared}/data/hies2015
for file in hies_household hies_member; do
	if [ ! -r "$data/$file.csv.gz" ]; then
		echo "SKIP test/hies: there is no $data/$file.csv.gz (REGISTRY_SHARED names the folder with data/)"
		exit 0
	fi
done

database=registry_hies_$$
defects=${database}_defects
trap 'dropdb --if-exists "$defects"; dropdb --if-exists "registry_hies_$$"' EXIT
trap 'exit 1' HUP INT TERM

export PGCLIENTENCODING=UTF8
export PGOPTIONS='-c client_min_messages=warning -c timezone=Asia/Karachi -c search_path=public,registry'

sql() {
	psql -X -q -v ON_ERROR_STOP=1 -P pager=off -d "$database" "$@"
}

# The scripts of these names, one after the other.
run() {
	for part; do
		sql -f "test/hies/$part.sql"
	done
}

# A file into its table.  The header must name the table's columns, all of them.
copy() {
	columns=$(sql -At -c "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
		WHERE attrelid = '$2'::regclass AND attnum > 0 AND attname <> 'row_no'")
	gzip -dc "$data/$1.csv.gz" | sql -c "COPY $2 ($columns) FROM STDIN (FORMAT csv, HEADER match)"
}

createdb -T template0 -E UTF8 --locale=C "$database"
sql -c 'CREATE EXTENSION registry CASCADE' -c 'CALL registry.create_store()'
run stage label occupation
createdb -T "$database" "$defects"

copy hies_household hies.household
copy hies_member hies.member
sql -c 'ANALYZE hies.household, hies.member'
run fault map load score report check check_counts family theme quality

database=$defects
run defect
