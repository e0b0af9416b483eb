# Every format against what psql and the server print of the same rows.
# shellcheck shell=sh disable=SC2154

same() {
	diff "$1" "$2" >"$work/err" || fail "$3"
}

# as FORMAT QUERY TITLE: the same by others, into the file other
as() {
	case $1 in
		aligned) PGOPTIONS='-c datestyle=ISO' psql -Xq -P pager=off -P title="$3" -c "$2" >"$work/other" ;;
		csv) PGOPTIONS='-c datestyle=ISO' psql -Xq -c "\\copy ($2) TO '$work/other' (FORMAT csv, HEADER)" ;;
		json) psql -XqAt -c "SELECT coalesce(json_agg(t), '[]') FROM ($2) AS t" >"$work/other" ;;
	esac
}

for report in value none steady registration; do
	statement=$(psql -XqAt -c "SELECT registry.report_query('$report')")
	title=$(psql -XqAt -c "SELECT title FROM nser.report WHERE name = '$report'")
	for format in aligned csv json; do
		as $format "$statement" "$title"
		expect 0 show $report --format $format
		silent
		if [ $format = json ]; then
			perl test/client/same_json.pl "$work/out" "$work/other" 2>"$work/err" || fail "$report as json"
		else
			same "$work/out" "$work/other" "$report as $format"
		fi
		expect 0 show $report --format $format --output "$work/file"
		[ ! -s "$work/out" ] || fail "output in two places"
		expect 0 show $report --format $format
		same "$work/out" "$work/file" "$report as $format in a file"
	done
done

# what is closed is not written to, nor is the connection in its place
status=0
registry-report list >&- 2>"$work/err" || status=$?
[ $status -eq 6 ] || fail "without a standard output it ended with $status"

# what only its owner read stays so
chmod 600 "$work/file"
expect 0 show value --output "$work/file"
[ "$(stat -c %a "$work/file")" = 600 ] || fail "a file is for others to read"
rm "$work/file"

expect 0 show value --format json
for text in '"value":"say \"yes\""' '"number":1.50,' '"number":"NaN"' '"double":"-Infinity"' '"whole":9223372036854775807' '"yes":false' '"document":{"a": 1}' \
	'"value":"one\ntwo\r\nthree\ttab"' '"value":""' '"value":null' 'ضلع لاہور، پنجاب' '"day":"infinity"' '\u001b[31m'; do
	grep -qF -e "$text" "$work/out" || fail "JSON without $text"
done
expect 0 show value
! grep -q "$(printf '\033')" "$work/out" || fail "a table that colours the terminal"

# the statement's own words, and the list
expect 0 list --format csv
head -n 1 "$work/out" | grep -qx 'subject,name,title,meaning' || fail "the list's columns"
[ "$(psql -XqAt -c "SELECT count(*) FROM nser.report WHERE subject = 'client'")" = "$(grep -c '^client,' "$work/out")" ] || fail "not all reports"
expect 0 list --format json
psql -XqAt -c 'SELECT json_agg(r) FROM (SELECT subject, name, title, meaning FROM nser.report ORDER BY subject, name) AS r' >"$work/other"
perl test/client/same_json.pl "$work/out" "$work/other" 2>"$work/err" || fail "the list as json"
expect 0 list
grep -q 'Households by area and day' "$work/out" || fail "the list as a table"

# narrowed, with options before and after; days as everybody writes them
PGOPTIONS='-c datestyle=German' expect 0 --area PK6 show registration --since 2024-01-02 --format csv --until=2024-01-02
printf 'level,area,day,households\nunion_council,PK61701003,2024-01-02,1\nunion_council,PK61702001,2024-01-02,1\nunion_council,PK61801001,2024-01-02,1\n' >"$work/expected"
same "$work/out" "$work/expected" "a report narrowed"
expect 0 show registration --level province --format csv
printf 'level,area,day,households\nprovince,PK7,2024-01-03,1\n' >"$work/expected"
same "$work/out" "$work/expected" "a report of one level"

# who is limited to a district gets its rows alone
for format in aligned csv json; do
	PGPASSWORD='one district' expect 0 -U clerk show registration --format $format
	[ "$(grep -c 'PK617' "$work/out")" -eq 3 ] || fail "a clerk lacks rows"
	! grep -q -e PK618 -e PK7 "$work/out" || fail "a clerk sees rows of others"
done

# refused
expect 4 show literacy_of_mars
says 'cannot show report "literacy_of_mars": there is no such report (42704)'
says 'hint: "registry-report list" lists them.'
expect 4 show "x'; DROP TABLE nser.report; --"
PGPASSWORD='not much' expect 4 -U stranger show registration
says 'permission denied for table household (42501)'
expect 4 show registration --area 'PK"6'
says '(22P02)'
expect 4 show registration --level village_green
says 'village_green'
says 'hint: A level is country, province,'
expect 4 show registration --since tomorrowish
says '(22007)'
expect 4 show registration --since 01/02/2024
says '(22008)'
says 'hint: Write a day as 2025-03-01.'
expect 4 show value --area PK6
says 'report value has no areas to be narrowed by (22023)'
expect 4 show error
says 'the rule is broken (NS001)'
says 'hint: Mend the rule.'
! grep -q 35202 "$work/err" || fail "a personal value"
expect 4 show write
says 'cannot execute DELETE in a read-only transaction (25006)'
expect 0 show warning --format csv
says 'warning: counted as of last night'
same "$work/out" - "a warning among the output" <<-'CSV'
	what
	shown
CSV

# A table's columns keep the widths of the first batch, and grow where they must.
expect 0 show number
tail -n +4 "$work/out" | head -n 1200 |
	awk 'length($0) < width { exit 1 } { width = length($0) } NR == 1 { first = width } END { exit !(NR == 1200 && width == first + 1) }' ||
	fail "widths of a long table"
grep -qx '(1200 rows)' "$work/out" || fail "the number of rows"
