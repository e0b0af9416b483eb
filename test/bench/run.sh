#!/bin/sh
# Times scoring, families, duplicates, places, updates and benefits on N generated households, 1,000,000 by default, against peers.
#
#	test/bench/run.sh [N]
#
# PG* names a throwaway cluster that has the extension to install; make bench sets one
# up.  Needs about 1.5 kB a household on disk and in memory.  DuckDB comes through npm
# into the temporary folder, and is left out where it cannot be had.
set -eu
n=${1:-1000000}
if ! [ "$n" -ge 20000 ] 2>/dev/null; then
	echo "bench: N must be a number of households from 20000 up: fewer are not worth two processes" >&2
	exit 1
fi
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/registry_bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
export PGOPTIONS='-c client_min_messages=warning'

query() {
	psql -Xqt -A -v ON_ERROR_STOP=1 "$@"
}

say() {
	echo "bench: $*" >&2
}

# All tables fit in shared memory, or else copying pages from the system's cache is
# half of what is timed.  Only the cluster of make bench is restarted for it.
wanted=$((n * 13 / 8 / 1024 + 192))
half=$(awk '/^MemTotal/ { print int($2 / 2048) }' /proc/meminfo)
[ "$wanted" -le "$half" ] || wanted=$half
data=$(query -d postgres -c 'SHOW data_directory')
case ${PGHOST:-} in
	"${HOME:-/nowhere}"/*)
		query -d postgres -c "ALTER SYSTEM SET shared_buffers = '${wanted}MB'" -c "ALTER SYSTEM SET max_wal_size = '4GB'" \
			-c "ALTER SYSTEM SET checkpoint_timeout = '1h'" -c "ALTER SYSTEM SET autovacuum = off"
		pg_ctl -D "$data" -s -w -m fast -l "$work/server.log" restart
		;;
esac

createdb registry_bench
export PGDATABASE=registry_bench

say "generating $n households"
query -v n="$n" -v scorecard="$(cat "$here/scorecard.json")" -f "$here/prepare.sql"
jit=$(query -c 'SELECT pg_jit_available()')
[ "$jit" = t ] || say "skip: no JIT on this server"

bytes() {
	query -c "SELECT round(pg_relation_size('$1') / $n::numeric) || ' B'"
}
size=$(bytes nser.survey)

# Only certificates: npm keeps its configuration.
[ ! -r /etc/ssl/certs/ca-certificates.crt ] || export NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}"
mkdir "$work/duckdb"
duckdb=
if command -v node >/dev/null && command -v npm >/dev/null &&
	(cd "$work/duckdb" && npm install --silent --no-audit --no-fund --prefix . @duckdb/node-api) >"$work/npm.log" 2>&1; then
	duckdb=yes
else
	say "skip: npm cannot install @duckdb/node-api here"
fi

# Two formulas: the short one that is shipped, and one of the length of a national scorecard.
for card in hies scorecard; do
	formula=bench-scorecard
	[ "$card" = scorecard ] || formula=hies-2015-demo
	case=$(sed '/^--/d' "$here/case_$card.sql")
	columns=$(query -c "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'bench.$card'::regclass AND attnum > 0")

	by_card() {
		psql -Xq -v ON_ERROR_STOP=1 -v card="$card" -v formula="$formula" -v case="$case" -v columns="$columns" -f "$here/$1"
	}

	say "$card: reading, 5 rounds"
	scores=$(by_card agree.sql)
	by_card read.sql >/dev/null		# warm
	[ -z "$duckdb" ] || query -c "\\copy bench.$card TO '$work/answers.csv' (FORMAT csv, HEADER)"
	# the peers take turns: a machine's speed may change from one minute to the next
	for round in 0 1 2 3 4; do
		by_card read.sql >>"$work/times"
		[ "$jit" != t ] || by_card jit.sql >>"$work/times"
		[ -z "$duckdb" ] || (cd "$work/duckdb" && node "$here/duckdb.mjs" "$card" "$work/answers.csv" "$here/case_$card.sql" "$scores") >>"$work/times"
	done
	rm -f "$work/answers.csv"
done
# each round explains four plans
if [ "$(grep -c 'Workers Launched: 1' "$work/times")" -ne 40 ]; then
	echo "bench: not every plan for two processes had two" >&2
	exit 1
fi

sh "$here/family.sh" "$work" "$duckdb" >>"$work/times"

say "storing, 5 rounds"
for round in 0 1 2 3 4; do
	psql -Xq -v ON_ERROR_STOP=1 -f "$here/store.sql" >>"$work/times"
done
for round in 0 1 2 3 4; do
	psql -Xq -v ON_ERROR_STOP=1 -v round="$round" -f "$here/change.sql" >>"$work/times"
done
if grep -q '^written f' "$work/times"; then
	echo "bench: score_all did not write what had changed, and that alone" >&2
	exit 1
fi

awk -v n="$n" -v survey="$size" -v hies="$(bytes bench.hies)" -v scorecard="$(bytes bench.scorecard)" -f "$here/report.awk" -f "$here/family.awk" "$work/times"
printf 'machine: %s, %s cores, PostgreSQL %s, shared_buffers %s, %s households\n' \
	"$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
	"$(query -c 'SHOW server_version')" "$(query -c 'SHOW shared_buffers')" "$n"

# Look-ups of duplicates have a database of their own, with people; so have places, with boundaries, updates, with cases, benefits, checks, and sharing.
dropdb registry_bench
sh "$here/duplicates.sh" "$n"
sh "$here/geography.sh" "$n"
sh "$here/update.sh" "$n"
sh "$here/theme.sh" "$n"
sh "$here/update_verdict.sh" "$n"
sh "$here/enrolment.sh" "$((n / 10))"
sh "$here/quality.sh" "$((n / 10))"
sh "$here/share_pseudonym.sh" "$n"
sh "$here/share_records.sh" "$((n * 19 / 100))"
sh "$here/share_cells.sh" "$((n / 10))"
sh "$here/survey_load.sh" "$((n / 50))"
