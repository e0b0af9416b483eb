#!/bin/sh
# Are people who are registered twice found, and nobody else?  N generated households,
# 8,000 by default; 3 in 100 of their members are registered again, with their names
# written otherwise.  Prints recall and precision, and fails below floors.
set -eu
cd "$(dirname "$0")"

database=registry_duplicates
trap 'dropdb --if-exists $database' EXIT
dropdb --if-exists $database
createdb $database
export PGOPTIONS='-c client_min_messages=warning'

sql() {
	psql -Xq -v ON_ERROR_STOP=1 -v every=1 -v share=30 -P pager=off -d $database "$@"
}

sql <<-SQL
	CREATE EXTENSION registry CASCADE;
	CALL registry.create_store();
	\\i ../population/population.sql
	CALL population.load(${N:-8000});
	SET search_path = registry, public;
	\\i spelling.sql
	\\i keys.sql
	\\i plant.sql
	\\i find.sql
	SELECT count(*) AS members, (SELECT count(*) FROM planted.pair) AS "of these again" FROM nser.member;
	\\i report.sql
	\\i check.sql
SQL

names=${REGISTRY_SHARED:-../../../shared}/data/names/names.csv
if [ -r "$names" ]; then
	sql -c 'SET search_path = registry, public' -f collisions.sql <"$names"
else
	echo "skip: there is no $names"
fi
