#!/bin/sh
# Runs a goal of the Makefile on a throwaway cluster.
#
#   test/run.sh demo|test|bench|reference
#
# A copy of the tree is built and installed under one temporary directory, where
# the cluster lives too, reached through a socket there and through no port.  The
# system's PostgreSQL directories and clusters are not touched.  At the end, by
# Ctrl-C too, the cluster is stopped and the directory removed.
set -eu
umask 022
cd "$(dirname "$0")/.."
tree=$(pwd -P)

goal=$1
version=$(sh test/setup.sh "$goal")
bin=/usr/lib/postgresql/$version/bin

# Servers refuse to run as root.
become=
user=$(id -un)
if [ "$(id -u)" -eq 0 ]; then
	become="setpriv --reuid=postgres --regid=postgres --init-groups"
	user=postgres
fi

work=$(mktemp -d "${TMPDIR:-/var/tmp}/registry.XXXXXX")
running=
finish() {
	status=$?
	trap '' HUP INT TERM
	if [ -n "$running" ]; then
		kill -s TERM -- "-$running" 2>/dev/null || :
		wait "$running" || :
	fi
	rm -rf "$work"
	exit "$status"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Everything after the set-up runs as a user fit for a server, with nothing of the
# caller's environment, and in a process group of its own: a shell answers a
# signal only when its child has ended, so the whole group is told.
run() {
	# shellcheck disable=SC2086  # a list
	setsid $become env -i PATH="$work/root$bin:$bin:/usr/sbin:/usr/bin:/sbin:/bin" LC_ALL=C.UTF-8 USER="$user" LOGNAME="$user" \
		HOME="$work" TMPDIR="$work" PG_CONFIG="$bin/pg_config" REGISTRY_SHARED="$shared" \
		N="${N:-}" SUITES="${SUITES:-}" PROFILE_KEEP="${PROFILE_KEEP:-}" "$@" &
	running=$!
	status=0
	wait "$running" || status=$?
	running=
	return "$status"
}

mkdir "$work/tree" "$work/root" "$work/socket"
tar -cf - --exclude=./.git . | tar -xf - --no-same-owner -C "$work/tree"

# What lies beside the tree lies beside the copy.
shared=
if [ -d ../shared/data ]; then
	shared=$work/shared
	ln -s "$(cd ../shared && pwd -P)" "$shared"
fi

if [ -n "$become" ]; then
	chown -R -h postgres:postgres "$work"
	if ! $become test -w "$work"; then
		echo "make $goal: user postgres cannot enter $work, set TMPDIR elsewhere" >&2
		exit 1
	fi
	if [ -n "$shared" ] && ! $become test -r "$shared/data"; then
		echo "make $goal: user postgres cannot read $(readlink "$shared")/data, what needs it will be skipped" >&2
	fi
fi
cd "$work/tree"

# Objects made elsewhere, without assertions perhaps, would not be made again.
# The JIT's bitcode is only compiled to see that it can be: the server does not
# look for it here.
# The server's headers are named once more as the system's, whose warnings are not
# ours; callbacks, and error contexts before 16, leave parameters unused.
case $goal in
	test) set -- COPT="-Werror -Wall -Wextra -Wno-unused-parameter -DUSE_ASSERT_CHECKING \
		-isystem $("$bin/pg_config" --includedir-server)" ;;
	*) set -- with_llvm=no ;;
esac
[ "$goal" = test ] || echo "make $goal: building" >&2
started=$(date +%s)
if ! run sh -c 'make -s clean && make -s -j "$(nproc)" install "$@"' sh DESTDIR="$work/root" "$@" >"$work/build.log" 2>&1; then
	cat "$work/build.log" >&2
	echo "make $goal: the build failed" >&2
	exit 1
fi
[ "$goal" != test ] || printf '%-12s ok %5d s\n' build $(($(date +%s) - started))

# Commits wait for the disk where it is being timed, and nowhere else.  In tests no
# plan depends on when autovacuum looked, such as at tables that a test rolled back.
# An empty listen_addresses would leave pg_createcluster's default in force: hence a space.
fsync=off
[ "$goal" != bench ] || fsync=on
autovacuum=on
[ "$goal" != test ] || autovacuum=off
# What is timed has the cache that PostgreSQL's manual advises: a quarter of the memory.
buffers=128MB
[ "$goal" != bench ] || buffers=$(awk '$1 == "MemTotal:" { print int($2 / 4) }' /proc/meminfo)kB
if ! run pg_virtualenv -t -v "$version" -i --auth=trust \
	-c "--socketdir=$work/socket --encoding=UTF8 --locale=C.UTF-8 --createclusterconf=/dev/null --environment=/dev/null" \
	-o "listen_addresses= " -o external_pid_file="$work/server.pid" -o fsync=$fsync -o autovacuum=$autovacuum \
	-o shared_buffers="$buffers" \
	-o extension_destdir="$work/root" -o dynamic_library_path="$work/root$("$bin/pg_config" --pkglibdir):\$libdir" \
	env PGHOST="$work/socket" sh test/in-cluster.sh "$goal" 3>&1 >"$work/cluster.log" 2>&1; then
	cat "$work/cluster.log" >&2
	echo "make $goal: failed$(cat "$work/failed" 2>/dev/null)" >&2
	exit 1
fi

# What the demonstration made stays: beside the Makefile, or where files may be written.
if [ "$goal" = demo ]; then
	page=registry-profile-PK703.html
	for folder in "$tree" "${TMPDIR:-/tmp}"; do
		if cp "$work/$page" "$folder/$page" 2>/dev/null; then
			echo
			echo "The profile of Dadu, made of what is public of it: $folder/$page"
			exit 0
		fi
	done
	echo "make demo: the profile can be written neither to $tree nor to ${TMPDIR:-/tmp}" >&2
	exit 1
fi

# What is made for the tree goes back into it.
if [ "$goal" = reference ]; then
	rm -rf "$tree/docs/reference"
	cp -R "$work/tree/docs/reference" "$work/tree/docs/reference.md" "$work/tree/docs/entity.md" "$tree/docs"
fi
