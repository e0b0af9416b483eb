#!/bin/sh
# registry-report load against a server of its own over TCP: cut off while it copies and
# while it applies, killed, interrupted, with the server going down; with lines of every
# kind that is bad; and a whole population, which becomes what it was.
#
# The server's programs are found beside the pg_config that PG_CONFIG names, or that is
# first in PATH; the extension's files where the running server (PG* environment) finds
# them.  LOAD_HOUSEHOLDS is how many households the population has.
set -eu
cd "$(dirname "$0")/../.."

households=${LOAD_HOUSEHOLDS:-8000}
cut=2600
report=${REGISTRY_REPORT:-$PWD/report/registry-report}
bin=$("${PG_CONFIG:-pg_config}" --bindir)
destdir=$(psql -XqAt -d postgres -c "SELECT current_setting('extension_destdir', true)")
libraries=$(psql -XqAt -d postgres -c "SHOW dynamic_library_path")

work=$(mktemp -d "${TMPDIR:-/tmp}/load.XXXXXX")
client=
finish() {
	[ -z "$client" ] || kill "$client" 2>/dev/null || :
	"$bin/pg_ctl" -D "$work/data" -s -m immediate stop 2>/dev/null || :
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

fail() {
	echo "$*"
	exit 1
}

"$bin/initdb" -D "$work/data" -E UTF8 --locale=C.UTF-8 -A trust >"$work/initdb.log"
{
	echo "listen_addresses = '127.0.0.1'"
	echo "unix_socket_directories = ''"
	echo "fsync = off"
	echo "dynamic_library_path = '$libraries'"
	[ -z "$destdir" ] || echo "extension_destdir = '$destdir'"
} >>"$work/data/postgresql.conf"
unset PGPORT PGUSER PGDATABASE PGOPTIONS PGSERVICE PGHOSTADDR
export PGHOST=127.0.0.1 PGDATABASE=postgres

# a port that nobody has
port=$((20000 + $$ % 20000))
until PGPORT=$port "$bin/pg_ctl" -D "$work/data" -o "-p $port" -l "$work/server.log" -s -w start 2>/dev/null; do
	port=$((port + 7))
	[ $port -lt 60000 ] || { cat "$work/server.log"; exit 1; }
done
export PGPORT=$port

query() {
	PGOPTIONS='-c client_min_messages=warning' psql -XqAt -v ON_ERROR_STOP=1 "$@"
}

# A database with an empty store, and a programme whose formula scores.
store() {
	createdb "$1"
	query -d "$1" -c 'CREATE EXTENSION registry CASCADE' -c 'CALL registry.create_store()' \
		-c "INSERT INTO nser.programme (code, name, unit, formula, cutoff) VALUES ('TEST', 'of the test', 'family', 'hies-2015-demo', 32)"
}

# Runs the client, and wants this exit code.
expect() {
	wanted=$1
	shift
	code=0
	"$report" "$@" >"$work/out" 2>"$work/err" || code=$?
	[ $code = "$wanted" ] || { cat "$work/out" "$work/err"; fail "registry-report $*: exit code $code, not $wanted"; }
}

said() {
	grep -q -- "$1" "$work/out" "$work/err" || { cat "$work/out" "$work/err"; fail "not said: $1"; }
}

# Until a backend of the load sleeps where it was told to.
wait_for_pause() {
	tries=0
	until [ "$(query -c "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = 'cut' AND pid <> pg_backend_pid()")" = 1 ]; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || { cat "$work/client.err"; fail "the load did not come to where it was to be cut off"; }
		sleep 0.1
	done
}

pause_at() {
	query -d cut -c 'DELETE FROM pause.at' -c "INSERT INTO pause.at VALUES ($1, $2)"
}

begin_load() {
	"$report" load "$work/cut.jsonl" >"$work/client.out" 2>"$work/client.err" &
	client=$!
}

cut_off() {
	query -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = 'cut'" >"$work/cut_off"
}

# The population, and the same as a file.
store population
query -d population -f test/population/population.sql -c "CALL population.load($households)" -f test/load/export.sql -c 'ANALYZE' \
	-c 'CALL registry.derive_all()' -c "CALL registry.score_all('hies-2015-demo')"
query -d population -c 'SELECT line FROM population.survey_line ORDER BY household_id' >"$work/all.jsonl"
head -n $cut "$work/all.jsonl" >"$work/cut.jsonl"
query -d population -v until=$cut -f test/load/state.sql >"$work/cut.wanted"
query -d population -v until=$households -f test/load/state.sql >"$work/all.wanted"

# Cut off in every way: one load, which goes on each time.
store cut
query -d cut -f test/load/pause.sql
export PGDATABASE=cut
pause_at 2500 NULL
begin_load
wait_for_pause
[ "$(query -d cut -c 'SELECT staged FROM nser.survey_load')" = 2000 ] || fail 'the first chunk was not kept'
pause_at NULL 500
cut_off
# it goes on by itself, from the second chunk on
wait_for_pause
[ "$(query -d cut -c 'SELECT staged, decided FROM nser.survey_load')" = "$cut|500" ] || fail 'the load did not go on'
pause_at NULL 1000
cut_off
wait_for_pause
pause_at NULL 1500
kill -9 $client
wait $client || [ $? = 137 ] || fail 'the client was not killed'
# the server has not noticed: who comes too early is told
expect 4 load "$work/cut.jsonl"
said 'being worked on by another session'
cut_off
sleep 0.3
begin_load
wait_for_pause
kill -INT $client
code=0
wait $client || code=$?
[ $code = 130 ] || { cat "$work/client.err"; fail "interrupted, the client ended with exit code $code"; }
grep -q 'the same command goes on from row 1501' "$work/client.err" || { cat "$work/client.err"; fail 'how to go on was not said'; }
pause_at NULL 2000
begin_load
wait_for_pause
"$bin/pg_ctl" -D "$work/data" -s -m immediate stop
"$bin/pg_ctl" -D "$work/data" -o "-p $port" -l "$work/server.log" -s -w start
pause_at NULL NULL
wait $client || { cat "$work/client.err"; fail 'the load did not survive a restart of the server'; }
client=
grep -q "load 1: $cut rows, $cut households loaded, 0 rows refused, 0 blank" "$work/client.out" || { cat "$work/client.out"; fail 'the load was not ended'; }
expect 0 load "$work/cut.jsonl"
said 'which was done already'
query -d cut -v until=1000000000 -f test/load/state.sql >"$work/cut.state"
cmp "$work/cut.wanted" "$work/cut.state" || fail 'a load that was cut off is not what an undisturbed one is'
[ "$(query -d cut -c 'SELECT count(*) FROM nser.survey_load_row')" = 0 ] || fail 'rows were left behind'

# A stream that is cut off cannot be read again, and leaves nothing.
pause_at 2500 NULL
sed 1d "$work/cut.jsonl" | "$report" load - >"$work/client.out" 2>"$work/client.err" &
client=$!
wait_for_pause
pause_at NULL NULL
cut_off
code=0
wait $client || code=$?
[ $code = 2 ] || { cat "$work/client.err"; fail "a stream that was cut off ended with exit code $code"; }
grep -q 'nothing was loaded: a stream is given again from its start' "$work/client.err" || { cat "$work/client.err"; fail 'how to go on was not said'; }

# A server that does not come back: the client gives up, while the test goes on.
pause_at 2500 NULL
sed 2d "$work/cut.jsonl" >"$work/gone.jsonl"
"$report" load "$work/gone.jsonl" >"$work/gone.out" 2>"$work/gone.err" &
client=$!
wait_for_pause
export PGDATABASE=postgres
query -c 'ALTER DATABASE cut ALLOW_CONNECTIONS false'
cut_off

# The whole population in one go, by a login that may load and nothing else.
store whole
query -d whole -c 'CREATE ROLE registry_load_test LOGIN' -c "SELECT registry.grant_loader('registry_load_test')" >"$work/granted"
export PGDATABASE=whole
started=$(date +%s)
PGUSER=registry_load_test expect 0 load "$work/all.jsonl"
took=$(($(date +%s) - started))
query -d whole -v until=1000000000 -f test/load/state.sql >"$work/all.state"
cmp "$work/all.wanted" "$work/all.state" || fail 'the population is not what it was'
echo "figure: $households households loaded in $took s"
# as a stream the same file is known at its end
cat "$work/all.jsonl" | PGUSER=registry_load_test expect 0 load -
said 'which was done already'

# Lines of every kind that is bad, among good ones.
store bad
export PGDATABASE=bad
one=$(sed -n 1p "$work/all.jsonl")
{
	printf '\357\273\277%s\n' "$one"
	printf 'no JSON\n'
	printf '%s\n' "$one" | sed 's/"form_version"/"form_versoin"/'
	printf '{"area":\000}\n'
	head -c 1100000 /dev/zero | tr '\000' x
	printf '\n{"area": "\377"}\n'
	printf '%s\n' "$one"
	sed -n 2p "$work/all.jsonl" | sed 's/"area": "PK[0-9]*"/"area": "PK69901"/'
	printf '\n \t\r\n'
	sed -n 3p "$work/all.jsonl" | sed 's/$/\r/'
	printf '{"area": "PK6\\u0000"}\n'
	printf '%s' "$(sed -n 4p "$work/all.jsonl")"
} >"$work/bad.jsonl"
expect 5 load "$work/bad.jsonl" --output "$work/bad.csv"
said 'load 1: 13 rows, 3 households loaded, 8 rows refused, 2 blank'
cat >"$work/bad.wanted" <<-'CSV'
	row,column,sqlstate,reason
	2,,22P02,"the line is no JSON, or has a value that no text can hold"
	3,form_versoin,RG010,form_versoin: there is no such key.
	4,,22021,the line has a NUL in it
	5,,54000,the line is longer than 1048576 bytes
	6,,22021,the line is not UTF-8
	8,area,RG010,area: there is none such in nser.area or registry.gazetteer().
	12,,22P05,"the line is no JSON, or has a value that no text can hold"
CSV
grep -v '^7,' "$work/bad.csv" | cmp - "$work/bad.wanted" || { cat "$work/bad.csv"; fail 'other reasons'; }
grep -q '^7,members,RG014,"\{0,1\}Member 1, cnic: the number is held by household ' "$work/bad.csv" || { cat "$work/bad.csv"; fail 'no word of who holds the number'; }
[ "$(query -c "SELECT count(*) FROM nser.load_error AS e WHERE e.reason ~ '[0-9]{5}-[0-9]{7}'")" = 0 ] || fail 'a reason quotes a number'
expect 5 load "$work/bad.jsonl"
said 'which was done already'

# Files that are none, or empty.
: >"$work/empty.jsonl"
expect 0 load "$work/empty.jsonl"
said ': 0 rows, 0 households loaded'
expect 6 load "$work/none.jsonl"
expect 6 load "$work"
expect 5 load "$work/bad.jsonl" --quiet
[ ! -s "$work/err" ] || fail '--quiet was not quiet'
expect 6 load "$work/bad.jsonl" --output "$work/none/bad.csv"
# as every file: whole, or that of yesterday
echo yesterday >"$work/kept.csv"
: >"$work/kept.csv.partial"
expect 6 load "$work/bad.jsonl" --output "$work/kept.csv"
[ "$(cat "$work/kept.csv")" = yesterday ] || fail 'the file of yesterday is gone'
# reasons do not take the place of the surveys, by whatever name, nor of a file that is watched
cp "$work/bad.jsonl" "$work/kept.jsonl"
ln -s bad.jsonl "$work/linked.csv"
for output in bad.jsonl linked.csv; do
	expect 1 load "$work/bad.jsonl" --output "$work/$output"
	expect 1 load - --output "$work/$output" <"$work/bad.jsonl"
	cmp "$work/bad.jsonl" "$work/kept.jsonl" || fail 'the surveys were written over'
done
rm "$work/bad.csv"
echo precious >"$work/other"
ln "$work/other" "$work/bad.csv"
expect 5 load "$work/bad.jsonl" --output "$work/bad.csv"
[ "$(cat "$work/other")" = precious ] || fail 'reasons were written into a file that was there'
if [ -w /dev/full ]; then
	code=0
	"$report" load "$work/empty.jsonl" >/dev/full 2>"$work/err" || code=$?
	[ $code = 6 ] || fail "what was done was not told, and the exit code is $code"
fi
# whoever was started by nohup stays when the terminal goes
mkfifo "$work/pipe"
(trap '' HUP; exec "$report" load "$work/pipe" >"$work/out" 2>"$work/err") &
hung=$!
exec 9>"$work/pipe"
sleep 0.5
kill -HUP $hung
echo '{}' >&9
exec 9>&-
code=0
wait $hung || code=$?
[ $code = 5 ] || { cat "$work/err"; fail "a load under nohup ended with exit code $code"; }
! grep -q 'goes on from' "$work/err" || fail 'a new stream goes on'

# It has given up meanwhile.
code=0
wait $client || code=$?
client=
[ $code = 2 ] || { cat "$work/gone.err"; fail "without a server the client ended with exit code $code"; }
grep -q 'the connection is lost; the same command goes on from row 2001' "$work/gone.err" || { cat "$work/gone.err"; fail 'how to go on was not said'; }

# No store that takes loads, and no server.
createdb bare
PGDATABASE=bare expect 3 load "$work/cut.jsonl"
"$bin/pg_ctl" -D "$work/data" -s -m immediate stop
expect 2 load "$work/cut.jsonl"
