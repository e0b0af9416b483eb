#!/bin/sh
# Outputs shown in README and docs/ are real: a block fenced as "text FILE" or
# "sql FILE" must stand in that file, line for line; and what stands between
# <!-- NAME --> and <!-- end --> must be what NAME.sql prints, and stand in one page.
# What is made from the catalog is what the catalog makes now, and links lead somewhere.
set -eu
cd "$(dirname "$0")/../.."

database=registry_docs
made=$(mktemp -d)
trap 'rm -rf "$made"; dropdb --if-exists $database' EXIT
dropdb --if-exists $database 2>/dev/null
createdb $database
PGOPTIONS='-c client_min_messages=warning' psql -Xq -v ON_ERROR_STOP=1 -d $database -c 'CREATE EXTENSION registry CASCADE'

mkdir "$made/pages"
sh docs/generate/run.sh "$made/pages"
for page in reference reference.md entity.md; do
	diff -ru "docs/$page" "$made/pages/$page" || { echo "docs/$page is not what the catalog says: make reference writes it" >&2; exit 1; }
done
perl test/docs/links.pl README.md docs/*.md docs/reference/*.md

set --
for script in test/docs/*.sql; do
	name=$(basename "$script" .sql)
	psql -XqAt -v ON_ERROR_STOP=1 -d $database -f "$script" >"$made/$name"
	set -- "$@" "$name=$made/$name"
done
perl test/docs/check.pl "$@" README.md docs/*.md
