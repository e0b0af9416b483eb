# What docs/client.md shows is what happens: transcript.out is made again from its
# commands, the lines that begin with a dollar sign.
# shellcheck shell=sh disable=SC2154

sed -n 's/^\$ //p' test/client/transcript.out >"$work/commands"
while read -r command; do
	echo "\$ $command"
	(cd "$work" && setsid -w sh -c "$command") 2>&1 </dev/null || :
done <"$work/commands" >"$work/transcript"
[ "$(wc -l <"$work/commands")" -gt 5 ] || fail "no commands in the transcript"
same test/client/transcript.out "$work/transcript" "what the page shows: see the differences in err"
