#!/bin/sh
# Outputs shown in README and docs/ are real: a block fenced as "text FILE" or
# "sql FILE" must stand in that file, line for line; the codebook's table must be what
# registry.codebook() says, and the diagram of cases what registry.transitions() does.
set -eu
cd "$(dirname "$0")/../.."

database=registry_docs
trap 'dropdb --if-exists $database' EXIT
dropdb --if-exists $database
createdb $database
PGOPTIONS='-c client_min_messages=warning' psql -Xq -v ON_ERROR_STOP=1 -d $database -c 'CREATE EXTENSION registry CASCADE'

table=$(mktemp)
psql -XqAt -v ON_ERROR_STOP=1 -d $database -f test/docs/codebook.sql >"$table"
diagram=$(mktemp)
psql -XqAt -v ON_ERROR_STOP=1 -d $database -f test/docs/transition.sql >"$diagram"

status=0
perl test/docs/check.pl "$table" "$diagram" README.md docs/*.md || status=$?
rm -f "$table" "$diagram"
exit $status
