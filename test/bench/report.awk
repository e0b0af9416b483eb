# Medians of what was timed, as one table.  -v n=HOUSEHOLDS
/^[a-z]+ [12]$/ { what = $0; next }
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
	base = median("count " substr(what, length(what)))
	printf "%-58s %9.1f %8.1f  %-26s %s\n", title, ms * 1e6 / n, ms / base, target, met
}

function yes(holds) {
	return holds ? "yes" : "NO"
}

# of b over a, where there is one
function at_least(times_as_long, a, b) {
	return median(b) ? yes(median(b) >= times_as_long * median(a)) : ""
}

END {
	printf "%-58s %9s %8s  %-26s %s\n", "work", "ns each", "x count", "target", "met"
	row("count(*) of nser.survey", "count 1", "", "")
	row("avg(pmt_score(...)) of nser.survey", "score 1", "at most 2.2 x count(*)", yes(median("score 1") <= 2.2 * median("count 1")))
	row("SQL CASE, 13 smallint columns, jit off", "case 1", "", "")
	row("SQL CASE, 13 smallint columns, jit on", "jit 1", "", "")
	row("SQL CASE, 63 smallint columns, jit off", "wide 1", "", "")
	row("PL/pgSQL, 13 smallint columns", "plpgsql 1", "at least 20 x pmt_score", at_least(20, "score 1", "plpgsql 1"))
	row("DuckDB, same CASE and columns, in memory, 1 thread", "duckdb 1", "at least 1.5 x pmt_score", at_least(1.5, "score 1", "duckdb 1"))
	printf "-- two processes; starting the second takes %.1f ms, which is part of each\n", median("start 2")
	row("count(*) of nser.survey", "count 2", "", "")
	row("avg(pmt_score(...)) of nser.survey", "score 2", "at most 2.2 x count(*)", yes(median("score 2") <= 2.2 * median("count 2")))
	row("SQL CASE, 13 smallint columns, jit off", "case 2", "", "")
	row("SQL CASE, 13 smallint columns, jit on", "jit 2", "", "")
	row("DuckDB, same CASE and columns, in memory, 2 threads", "duckdb 2", "at least 1.5 x pmt_score", at_least(1.5, "score 2", "duckdb 2"))
	print "-- stored"
	row("bare INSERT ... SELECT of equal rows, equal key", "bare 1", "", "")
	row("score_all, the first time", "first 1", "at most 1.3 x bare INSERT", yes(median("first 1") <= 1.3 * median("bare 1")))
	row("score_all, nothing changed", "nothing 1", "writes nothing", "yes")
	row("score_all, 5 % have a new survey", "changed 1", "writes those 5 % alone", "yes")
	printf "pmt_score reads nser.survey (%s a household), the peers narrow or wide tables (%s, %s); ", survey, narrow, wide
	printf "medians of %d; DuckDB %s\n", runs["count 1"], duckdb ? duckdb : "not there, skipped"
}
