# What ends in the middle leaves nothing that looks whole.
# shellcheck shell=sh disable=SC2154

# starts WORDS...: in the background, writing to file, until its first rows are there
starts() {
	rm -f "$work/file" "$work/file.partial"
	registry-report "$@" --output "$work/file" >"$work/out" 2>"$work/err" </dev/null &
	reporter=$!
	tries=0
	while [ ! -s "$work/file.partial" ] && [ $tries -lt 100 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	[ -s "$work/file.partial" ] || fail "nothing is written"
	[ ! -e "$work/file" ] || fail "a file that is not whole has its name"
}

# ends STATUS: as the one that was started must, and no file is left
ends() {
	status=0
	wait $reporter || status=$?
	[ "$status" -eq "$1" ] || fail "ended in $status, not $1"
	[ ! -e "$work/file" ] || fail "half a file is taken for whole"
	[ ! -e "$work/file.partial" ] || fail "half a file is left"
}

running() {
	query -d registry -c "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'registry-report' AND state = 'active'"
}

# An error after rows; the file of yesterday stays.
for format in aligned csv json; do
	echo yesterday >"$work/file"
	expect 4 show failing --format $format --output "$work/file"
	says 'division by zero (22012)'
	[ "$(cat "$work/file")" = yesterday ] || fail "the file of yesterday is gone"
	[ ! -e "$work/file.partial" ] || fail "half a file is left"
done
status=0
registry-report show failing --format json >"$work/out" 2>"$work/err" || status=$?
[ $status -eq 4 ] || fail "an error after rows: $status"
[ "$(tail -n 1 "$work/out")" != ']' ] || fail "half an array looks whole"
PGOPTIONS='-c statement_timeout=500' starts show slow --format csv
ends 4
says 'canceling statement due to statement timeout (57014)'

# Ctrl-C, in the middle and before the first row, stops the server's work, too.
for format in aligned csv json; do
	starts show slow --format $format
	kill -INT $reporter
	ends 130
	says 'interrupted'
done
starts show slow --format csv
kill -TERM $reporter
ends 130
registry-report show asleep >"$work/out" 2>"$work/err" &
reporter=$!
tries=0
while [ "$(running)" -eq 0 ] && [ $tries -lt 100 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
rm -f "$work/file"
kill -INT $reporter
ends 130
says 'interrupted'
grep -q 'canceling statement due to user request' "$work/server.log" || fail "the server goes on"

# the disk is full, or is not to be written
expect 6 show million --output /dev/full
says 'cannot write /dev/full: No space left on device'
for format in aligned csv json; do
	full show value --format $format
done
expect 6 show value --output "$work/nowhere/file"
says "cannot create $work/nowhere/file.partial: No such file or directory"
: >"$work/file.partial"
expect 6 show value --output "$work/file"
says 'hint: Another registry-report is writing it'
rm "$work/file.partial"
rm -f "$work/file"
ln -s "$work/elsewhere" "$work/file"
echo yesterday >"$work/elsewhere"
expect 0 show value --output "$work/file"
[ -h "$work/file" ] || fail "a link is replaced by a file"
grep -q Urdu "$work/elsewhere" || fail "a link's file is not written"
expect 6 list --output "$work"
says "cannot write $work: Is a directory"
registry-report show number --format csv --output /dev/stdout >"$work/out" 2>"$work/err"
[ "$(wc -l <"$work/out")" -eq 1201 ] || fail "standard output by its name"
rm "$work/file"
expect 4 show literacy_of_mars --output "$work/file"
[ ! -e "$work/file.partial" ] || fail "a file for nothing"

# the backend ends, and then the server
for format in aligned csv json; do
	starts show slow --format $format
	query -d registry -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'registry-report'" >"$work/ended"
	ends 2
	says 'terminating connection due to administrator command (57P01)'
done
starts show slow --format json
"$bin/pg_ctl" -D "$work/data" -s -m immediate stop
ends 2
says 'cannot show report "slow"'
says 'hint: '
expect 2 list
