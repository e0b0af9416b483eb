#!/bin/sh
# Does the demonstration still say what demo.out says?
set -eu
cd "$(dirname "$0")/../.."

createdb registry_demo_test
PGOPTIONS='-c client_min_messages=warning' \
	psql -Xq -v ON_ERROR_STOP=1 -P pager=off -d registry_demo_test -f test/demo/demo.sql >"${TMPDIR:-/tmp}/demo.out" 2>&1
diff -u test/demo/demo.out "${TMPDIR:-/tmp}/demo.out"
