#!/bin/sh
# Do the tutorials say what their .out files say?  The pages show those: test/docs.
set -eu
cd "$(dirname "$0")"

made=$(mktemp -d)
finish() {
	for tutorial in analyst partner; do dropdb --if-exists registry_tutorial_$tutorial; done
	psql -Xq -d postgres -f roles.sql
	rm -rf "$made"
}
trap finish EXIT
for tutorial in analyst partner; do
	createdb registry_tutorial_$tutorial
	PGOPTIONS='-c client_min_messages=warning' \
		psql -Xq -v ON_ERROR_STOP=1 -P pager=off -d registry_tutorial_$tutorial <$tutorial.sql >"$made/$tutorial.out" 2>&1 || { tail -n 5 "$made/$tutorial.out"; exit 1; }
	diff -u $tutorial.out "$made/$tutorial.out"
done
