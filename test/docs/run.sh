#!/bin/sh
# Outputs shown in README and docs/ are real: a block fenced as "text FILE" or
# "sql FILE" must stand in that file, line for line; and what stands between
# <!-- NAME --> and <!-- end --> must be what NAME.sql prints, and stand in one page.
set -eu
cd "$(dirname "$0")/../.."

database=registry_docs
made=$(mktemp -d)
trap 'rm -rf "$made"; dropdb --if-exists $database' EXIT
dropdb --if-exists $database 2>/dev/null
createdb $database
PGOPTIONS='-c client_min_messages=warning' psql -Xq -v ON_ERROR_STOP=1 -d $database -c 'CREATE EXTENSION registry CASCADE'

set --
for script in test/docs/*.sql; do
	name=$(basename "$script" .sql)
	psql -XqAt -v ON_ERROR_STOP=1 -d $database -f "$script" >"$made/$name"
	set -- "$@" "$name=$made/$name"
done
perl test/docs/check.pl "$@" README.md docs/*.md
