#!/bin/sh
# Times families and counts from rosters against the same work over a row a member;
# run.sh calls it in its database.
#
#	test/bench/family.sh WORK [DUCKDB]
#
# Prints names and times as psql does.  WORK is run.sh's folder, DUCKDB yes where it has
# DuckDB.  What it makes for the peers it drops: the memory is for others, too.
set -eu
work=$1
duckdb=${2:-}
here=$(cd "$(dirname "$0")" && pwd)

# A query's text, without its comments.
text() {
	sed '/^--/d' "$here/family_$1.sql"
}

# A script, for which the queries are variables.
script() {
	psql -Xq -v ON_ERROR_STOP=1 -v registry="$(text registry)" -v join="$(text join)" -v group="$(text group)" \
		-v plpgsql="$(text plpgsql)" -v composition="$(text composition)" -v store="$(text derived)" -v bits=bench.bits \
		-f "$here/family_$1.sql"
}

echo "bench: families: rows for the peers" >&2
script prepare
echo "bench: families: reading and storing, 3 rounds" >&2
counts=$(script agree)
script read >/dev/null		# warm
[ -z "$duckdb" ] || psql -Xq -c "\\copy bench.member TO '$work/members.csv' (FORMAT csv, HEADER)"
for _ in 0 1 2; do
	script read >"$work/family"
	if [ "$(grep -c 'Workers Launched: 1' "$work/family")" -lt 2 ]; then
		echo "bench: not every plan for two processes had two" >&2
		exit 1
	fi
	cat "$work/family"
	[ -z "$duckdb" ] || (cd "$work/duckdb" && node "$here/family.mjs" "$work/members.csv" "$counts")
	script store
done
rm -f "$work/members.csv"
psql -Xqt -A -c "SELECT 'members ' || count(*) FROM bench.member" -c 'DROP TABLE bench.member, bench.household, bench.family' \
	-c 'TRUNCATE nser.family'
