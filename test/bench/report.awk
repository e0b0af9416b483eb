# Medians of what was timed, as one table.  -v n=HOUSEHOLDS
/^([a-z]+ )?[a-z]+ [12]$/ { what = $0; next }
# The first after a name: SET is timed, too.
/^Time: / {
	if (what != "")
		times[what, ++runs[what]] = $2
	what = ""
	next
}
/^DuckDB / { duckdb = $2 }
function median(what,	i, j, k, m, sorted) {
	k = runs[what]
	if (k == 0)
		return 0
	for (i = 1; i <= k; i++)
		sorted[i] = times[what, i]
	for (i = 2; i <= k; i++)
		for (j = i; j > 1 && sorted[j - 1] + 0 > sorted[j] + 0; j--) {
			m = sorted[j]
			sorted[j] = sorted[j - 1]
			sorted[j - 1] = m
		}
	return k % 2 ? sorted[(k + 1) / 2] : (sorted[k / 2] + sorted[k / 2 + 1]) / 2
}

function row(title, what, target, met,	ms, base) {
	ms = median(what)
	if (ms == 0)
		return
	base = median("scorecard count " substr(what, length(what)))
	printf "%-58s %9.1f %8.1f  %-26s %s\n", title, ms * 1e6 / n, ms / base, target, met
}

function yes(holds) {
	return holds ? "yes" : "NO"
}

# of b over a, where there is one
function at_least(times_as_long, a, b) {
	return median(b) ? yes(median(b) >= times_as_long * median(a)) : ""
}

function card(name, columns, processes,	ended, score) {
	ended = " " processes
	score = name " score" ended
	row("count(*) of nser.survey", name " count" ended, "", "")
	row("avg(pmt_score(...)) of nser.survey", score, "at most 2.2 x count(*)", yes(median(score) <= 2.2 * median(name " count" ended)))
	row("SQL CASE, " columns " smallint columns, jit off", name " case" ended, "", "")
	row("SQL CASE, " columns " smallint columns, jit on", name " jit" ended, "", "")
	row("PL/pgSQL, " columns " smallint columns", name " plpgsql" ended, "at least 20 x pmt_score", at_least(20, score, name " plpgsql" ended))
	row("PL/pgSQL, the answers as stored in nser.survey", name " stored" ended, "at least 20 x pmt_score", at_least(20, score, name " stored" ended))
	row("DuckDB, same CASE and columns, " processes " thread" (processes > 1 ? "s" : ""), name " duckdb" ended,
		"at least 1.5 x pmt_score", at_least(1.5, score, name " duckdb" ended))
}

END {
	printf "%-58s %9s %8s  %-26s %s\n", "work", "ns each", "x count", "target", "met"
	for (processes = 1; processes <= 2; processes++) {
		note = processes == 1 ? "one process" : sprintf("two processes; starting the second takes %.1f ms, part of each", median("scorecard start 2"))
		print "-- a scorecard of 12 items (psc-2010's, stand-in points), " note
		card("scorecard", 27, processes)
	}
	for (processes = 1; processes <= 2; processes++) {
		print "-- the shorter hies-2015-demo, " (processes == 1 ? "one process" : "two processes")
		card("hies", 13, processes)
	}
	print "-- stored, hies-2015-demo"
	row("bare INSERT ... SELECT of equal rows, equal key", "bare 1", "", "")
	row("score_all, the first time", "first 1", "at most 1.3 x bare INSERT", yes(median("first 1") <= 1.3 * median("bare 1")))
	row("score_all, nothing changed", "nothing 1", "writes nothing", "yes")
	row("score_all, 5 % have a new survey", "changed 1", "writes those 5 % alone", "yes")
	printf "pmt_score reads nser.survey (%s a household), the peers tables of the columns they need (%s, %s);\n", survey, scorecard, hies
	printf "medians of %d; DuckDB %s\n", runs["scorecard count 1"], duckdb ? duckdb : "not there, skipped"
}
