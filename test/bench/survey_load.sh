#!/bin/sh
# Times a load of a file of N generated surveys, 20,000 by default: staged and applied,
# against COPY of the same lines into a bare table, which is the floor.
#
#	test/bench/survey_load.sh [N]
#
# PG* names a throwaway cluster that has the extension to install; REGISTRY_REPORT the
# client, by default the one built in report/.
set -eu
n=${1:-20000}
cd "$(dirname "$0")/../.."
report=${REGISTRY_REPORT:-$PWD/report/registry-report}
work=$(mktemp -d "${TMPDIR:-/tmp}/registry_bench_load.XXXXXX")
database=registry_bench_load
trap 'rm -rf "$work"; dropdb --if-exists $database' EXIT
export PGOPTIONS='-c client_min_messages=warning' PGDATABASE=$database

query() {
	psql -XqAt -v ON_ERROR_STOP=1 "$@"
}

now() {
	date +%s.%N
}

# WHAT SINCE: a line of seconds and rows a second
say() {
	awk -v what="$1" -v n="$n" -v since="$2" -v now="$(now)" 'BEGIN { printf "%-40s %8.1f s %10.0f rows/s\n", what, now - since, n / (now - since) }'
}

fresh() {
	dropdb --if-exists $database
	createdb $database
	query -c 'CREATE EXTENSION registry CASCADE' -c 'CALL registry.create_store()' \
		-c "INSERT INTO nser.programme (code, name, unit, formula, cutoff) VALUES ('TEST', 'of the test', 'family', 'hies-2015-demo', 32)"
}

echo "bench: generating $n households" >&2
fresh
query -f test/population/population.sql -c "CALL population.load($n)" -f test/load/export.sql
query -c 'SELECT line FROM population.survey_line ORDER BY household_id' >"$work/surveys.jsonl"
fresh

# a JSON line has no tab, and what it escapes is doubled once
sed 's/\\/\\\\/g' "$work/surveys.jsonl" >"$work/floor"
query -c 'CREATE TABLE public.floor (payload text)'
began=$(now)
query -c "\\copy public.floor FROM '$work/floor'"
say 'COPY into a bare table (floor)' "$began"

query -c "SELECT load_id FROM nser.begin_load('staged', sha256('staged'), $n, 1)" >"$work/id"
awk -v id="$(cat "$work/id")" '{ print id "\t" NR "\t" $0 "\t\\N" }' "$work/floor" >"$work/staged"
began=$(now)
query -1 -c "\\copy nser.survey_load_line FROM '$work/staged'" -c "SELECT nser.stage_chunk($(cat "$work/id"), $n)" >"$work/chunk"
say 'COPY into nser.survey_load_line' "$began"
query -c "SELECT nser.discard_load($(cat "$work/id"))" >"$work/discarded"

began=$(now)
"$report" load "$work/surveys.jsonl" 2>"$work/said" >"$work/done"
say 'registry-report load, whole' "$began"
grep -q "$n households loaded, 0 rows refused" "$work/done" || { cat "$work/done" "$work/said" >&2; exit 1; }
