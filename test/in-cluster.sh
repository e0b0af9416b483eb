#!/bin/sh
# What run.sh runs in the built tree, where PG* names the cluster.
#
# demo.sql starts in an empty database.  A suite is test/NAME/run.sh: it makes the
# databases it needs, drops its roles, fails by its exit status, and says what it
# leaves out, and why, in a line that begins with "skip".
set -eu
exec >&3 2>&1 3>&-

failed=

# One line when a suite passes, and what it says it skipped or measured ("figure:");
# all it said when it does not, or was asked for by name.
suite() {
	name=$1
	shift
	case " ${SUITES:-$name} " in
		*" $name "*) ;;
		*) return 0 ;;
	esac
	started=$(date +%s)
	if "$@" >"$TMPDIR/$name.log" 2>&1; then
		printf '%-12s ok %5d s\n' "$name" $(($(date +%s) - started))
		if [ -n "${SUITES:-}" ]; then
			cat "$TMPDIR/$name.log"
		else
			sed -n -e 's/^[Ss][Kk][Ii][Pp]/    &/p' -e 's/^figure: /    /p' "$TMPDIR/$name.log"
		fi
	else
		cat "$TMPDIR/$name.log"
		printf '%-12s FAILED\n' "$name"
		failed="$failed $name"
	fi
}

# Modules share one name space: nothing but what the server looks up may be seen.
symbols() {
	nm -D --defined-only registry.so | awk '
		{ seen[$NF] }
		END {
			for (name in seen) {
				function_name = name
				sub(/^pg_finfo_/, "", function_name)
				if (name == "Pg_magic_func" || name == "_PG_init")
					continue
				if (!(function_name in seen) || !("pg_finfo_" function_name in seen)) {
					print "exported, and not an SQL function: " name
					stray = 1
				}
			}
			exit stray
		}'
}

regress() {
	make -s installcheck ISOLATION= || { cat regression.diffs; return 1; }
}

isolation() {
	make -s installcheck REGRESS= || { cat regression.diffs; return 1; }
}

# In a database with the store, where there is one already to make.
prove() {
	createdb registry_pgtap && PGOPTIONS='-c client_min_messages=warning' \
		psql -Xq -v ON_ERROR_STOP=1 -d registry_pgtap <<-'SQL' &&
		CREATE EXTENSION registry CASCADE;
		CREATE SCHEMA tap;
		CREATE EXTENSION pgtap SCHEMA tap;
		SELECT to_regprocedure('registry.create_store()') IS NOT NULL AS store \gset
		\if :store
			CALL registry.create_store();
		\endif
	SQL
		PGOPTIONS='-c search_path=tap,public' pg_prove --failures --comments -d registry_pgtap test/pgtap/*.sql
}

case $1 in
demo)
	createdb registry_demo
	PGOPTIONS='-c client_min_messages=warning' \
		psql -Xq -v ON_ERROR_STOP=1 -P pager=off -d registry_demo -f test/demo/demo.sql
	# test/run.sh takes it away before all this goes
	(cd "$TMPDIR" && PGDATABASE=registry_demo PGUSER=demo_page registry-report profile PK703 >/dev/null)
	;;
reference)
	sh docs/generate/run.sh
	;;
bench)
	sh test/bench/run.sh ${N:+"$N"}
	;;
test)
	suite symbols symbols
	suite regress regress
	[ ! -d test/specs ] || suite isolation isolation
	for script in test/*/run.sh; do
		name=$(basename "$(dirname "$script")")
		[ "$name" = bench ] || [ ! -f "$script" ] || suite "$name" "$script"
	done
	# Last, so that its verdict is what a run ends with.
	case " ${SUITES:-prove} " in
		*" prove "*) prove || failed="$failed prove" ;;
	esac
	if [ -n "$failed" ]; then
		echo ":$failed" >"$TMPDIR/failed"
		exit 1
	fi
	;;
esac
