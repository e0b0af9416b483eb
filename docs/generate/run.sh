#!/bin/sh
# Writes the pages that are made from the catalog: the reference and the entity diagrams.
#
#	sh docs/generate/run.sh [FOLDER]	in the tree, where PG* names a cluster
#
# The extension is installed into a database of its own, which goes at the end.  FOLDER
# takes the pages, docs by default: docs/reference.md, docs/reference/*.md, docs/entity.md.
set -eu
cd "$(dirname "$0")/../.."

into=${1:-docs}
database=registry_reference
made=$(mktemp -d)
trap 'rm -rf "$made"; dropdb --if-exists $database' EXIT
dropdb --if-exists $database 2>/dev/null
createdb -T template0 -E UTF8 -l C.UTF-8 $database
PGOPTIONS='-c client_min_messages=warning' psql -Xq -v ON_ERROR_STOP=1 -d $database \
	-c 'CREATE EXTENSION registry CASCADE' -c 'CALL registry.create_store()'

# Which part of sql/ makes what, and what its heading says of it.  The catalog does not know.
awk '
FNR == 1 { headed = 0 }
FILENAME !~ /store/ && !headed && /^-- [a-zA-Z]/ {
	headed = 1
	heading = $0
	sub(/^-- /, "", heading)
	sub(/ *-*$/, "", heading)
	print "part\t" FILENAME "\t" heading
}
{
	line = $0
	while (match(line, /CREATE (OR REPLACE |UNLOGGED )?(TABLE|VIEW|TYPE|FUNCTION|PROCEDURE|AGGREGATE|DOMAIN) (registry|nser|share)\.[a-z_0-9]+/)) {
		words = split(substr(line, RSTART, RLENGTH), word, " ")
		line = substr(line, RSTART + RLENGTH)
		print word[words] "\t" FILENAME "\t"
	}
}' sql/[0-9]*.sql sql/store/[0-9]*.sql >"$made/parts"

for script in reference entity; do
	PGOPTIONS='-c client_min_messages=warning' psql -XqAt -v ON_ERROR_STOP=1 -d $database -f docs/generate/$script.sql <"$made/parts" >"$made/$script"
done

# A line "@page" begins a page.
mkdir -p "$into/reference"
rm -f "$into"/reference/*.md
awk -v into="$into" '/^@/ { close(page); page = into "/" substr($0, 2); printf "" >page; next } { print >page }' "$made/reference" "$made/entity"
