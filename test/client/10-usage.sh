# Words of the command line, help, and what the program is linked with.
# shellcheck shell=sh disable=SC2154

expect 0 --help
silent
grep -q '^Usage:' "$work/out" || fail "--help shows no usage"
expect 0 '-?'
expect 0 list --version
grep -qx 'registry-report (registry) [0-9.]*' "$work/out" || fail "--version"
[ "$(sed 's/.* //' "$work/out")" = "$(sed -n "s/^default_version = '\(.*\)'/\1/p" registry.control)" ] || fail "another version than the extension's"

expect 1
says 'no command is given'
says 'hint: Try "registry-report --help".'
expect 1 frobnicate
says 'there is no command "frobnicate"'
expect 1 show
says 'show needs a REPORT'
expect 1 show one two
says 'show does not take "two"'
expect 1 list --area=PK6
says 'list does not take --area'
expect 1 --format xml list
says 'there is no format "xml"'
expect 1 --nonsense list
expect 1 -x
expect 1 list -h
says 'requires an argument'
full --help

# libpq, what that hashes by, and the C library of which the mathematical one is a part
needed=$(readelf -d "$(command -v registry-report)" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p' | grep -v -x -e 'libpq\.so\.5' -e 'libcrypto\.so\.3' -e 'libc\.so\.6' -e 'libm\.so\.6') || :
[ -z "$needed" ] || fail "linked with $needed"

# The help and the man page know the same options, and each exit status.
for option in $(registry-report --help | grep -o -e ' --[a-z-]*' | sort -u); do
	grep -qE -e "^\.It.* \\\\-${option#--}( |\$)" report/registry-report.1 || fail "the man page lacks $option"
done
for status in 0 1 2 3 4 5 6 130; do
	grep -qx ".It $status" report/registry-report.1 || fail "the man page lacks exit status $status"
done
if command -v mandoc >/dev/null; then
	mandoc -T lint -W warning report/registry-report.1 >"$work/out" || fail "mandoc"
elif command -v man >/dev/null; then
	MANWIDTH=80 man --warnings -l report/registry-report.1 >"$work/out" 2>"$work/err" </dev/null
	silent
else
	echo "skip: the man page's form, for want of mandoc and man"
fi
