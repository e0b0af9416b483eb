#!/bin/sh
# Are the generated households what they should be?  N of them, 20,000 by default.
set -eu
cd "$(dirname "$0")"

createdb registry_population
PGOPTIONS='-c client_min_messages=warning' psql -Xq -v ON_ERROR_STOP=1 -P pager=off -d registry_population <<-SQL
	CREATE EXTENSION registry CASCADE;
	CALL registry.create_store();
	\\i population.sql
	CALL population.load(${N:-20000});
	\\i check.sql
SQL
