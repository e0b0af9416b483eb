#!/bin/sh
# Every harness beside this file under the address and undefined-behaviour
# sanitizers, for a bounded number of cases.  No server header is on the path:
# what is fuzzed is pure C.
#
#   test/fuzz/run.sh [CASES]
set -eu
cd "$(dirname "$0")/../.."

cases=${1:-1000000}
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

for source in test/fuzz/*.c; do
	if [ ! -f "$source" ]; then
		echo "skip: no harness in test/fuzz"
		exit 0
	fi
	gcc -g -O1 -Wall -Wextra -Werror -DSTANDALONE -ffp-contract=off -fno-omit-frame-pointer \
		-fsanitize=address,undefined -fno-sanitize-recover=all \
		-Isrc "$source" -o "$build/harness" -lm
	echo "$source"
	"$build/harness" "$cases"
done
