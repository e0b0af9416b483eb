# Families and counts from rosters, after report.awk, whose medians it takes.
/^members [0-9]+$/ { members = $2; next }

function family_row(title, what, target, met,	ms) {
	ms = median("family " what)
	if (ms == 0 || members == 0)
		return
	printf "%-58s %9.1f %9.1f  %-27s %s\n", title, ms * 1e6 / members, members / ms / 1000, target, met
}

# DuckDB's peer is its faster form.
function faster(a, b) {
	return median(a) > 0 && median(a) <= median(b) ? a : b
}

END {
	if (members > 0) {
		printf "\n%-58s %9s %9s  %-27s %s\n", "families by kind, and counts", "ns each", "million/s", "target", "met"
		for (k = 1; k <= 2; k++) {
			print "-- a member; " (k == 1 ? "one process" : "two processes")
			registry = "family registry " k
			duckdb = faster("family duckjoin " k, "family duckgroup " k)
			family_row("count(*) of nser.survey", "count " k, "", "")
			family_row("family_tally() of the rosters", "kinds " k, "", "")
			family_row("family_tally() and composition_tally()", "registry " k, k == 2 ? "at least 30 million/s" : "",
				k == 2 ? yes(members >= 30000 * median(registry)) : "")
			family_row("SQL self-join, a row a member", "join " k, "at least 15 x the registry", at_least(15, registry, "family join " k))
			family_row("SQL, one pass, sets of lines as bits", "group " k, "", "")
			family_row("PL/pgSQL, arrays of a household", "plpgsql " k, "", "")
			family_row("DuckDB self-join, " k " thread" (k > 1 ? "s" : ""), "duckjoin " k,
				duckdb ~ /join/ ? "at least 3 x the registry" : "", duckdb ~ /join/ ? at_least(3, registry, duckdb) : "")
			family_row("DuckDB, one pass, sets of lines as bits", "duckgroup " k,
				duckdb ~ /group/ ? "at least 3 x the registry" : "", duckdb ~ /group/ ? at_least(3, registry, duckdb) : "")
		}
		print "-- stored, a member; one process"
		family_row("bare INSERT ... SELECT of equal rows, equal key", "bare 1", "", "")
		family_row("INSERT ... SELECT of registry.families(roster)", "store 1", "at least 2 million/s", yes(members >= 2000 * median("family store 1")))
		family_row("the same into a table without its key", "keyless 1", "", "")
		family_row("the key, made after", "key 1", "", "")
		family_row("derive_all, the first time, with what is wrong", "derive 1", "", "")
		family_row("derive_all, nothing changed", "again 1", "", "")
		printf "the registry reads nser.survey, the peers a row a member; medians of %d; %d members\n", runs["family registry 1"], members
	}
}
