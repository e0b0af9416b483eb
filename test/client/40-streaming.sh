# A million rows in little memory.
# shellcheck shell=sh disable=SC2154

mkfifo "$work/pipe"
for format in aligned csv json; do
	registry-report show million --format $format >"$work/pipe" 2>"$work/err" &
	reporter=$!
	peak=$(perl test/client/peak.pl $reporter 1000000 <"$work/pipe")
	status=0
	wait $reporter || status=$?
	: >"$work/out"
	[ $status -eq 0 ] || fail "a million rows: $status"
	silent
	# with headers, title, footer and blank line; with a header; with brackets
	case $format in
		aligned) lines=1000005 ;;
		csv) lines=1000001 ;;
		json) lines=1000002 ;;
	esac
	[ "${peak#* }" -eq "$lines" ] || fail "a million rows as $format: ${peak#* } lines"
	[ "${peak% *}" -lt 20000 ] || fail "a million rows as $format: ${peak% *} kB"
	echo "figure: a million rows as $format: ${peak% *} kB at most"
done

# Whoever has seen enough is not told about it.
{ status=0; registry-report show million --format csv 2>"$work/err" || status=$?; echo $status >"$work/status"; } | head -n 3 >"$work/out"
[ "$(wc -l <"$work/out")" -eq 3 ] || fail "head gets no three lines"
[ "$(cat "$work/status")" -eq 141 ] || fail "a closed pipe: $(cat "$work/status")"
silent
