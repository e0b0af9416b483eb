#!/bin/sh
# Anonymity of real records: counts by another tool, and how alike real households are.
#
# Needs a running server with the extension's files (PG* environment) and the data,
# which are not part of the project: without them it says so and ends well.  Works in
# a database of its own, which it drops.
set -eu

cd "$(dirname "$0")/../.."
data=${REGISTRY_SHARED:-../shared}/data
records=$data/sdc/testdata.csv
rosters=$data/hies2015/hies_member.csv.gz
if [ ! -r "$records" ]; then
	echo "SKIP test/sdc: there is no $records (REGISTRY_SHARED names the folder with data/)"
	exit 0
fi

database=registry_sdc_$$
trap 'dropdb --if-exists "$database"' EXIT
trap 'exit 1' HUP INT TERM
export PGOPTIONS='-c client_min_messages=warning -c search_path=public'

sql() {
	psql -X -q -At -v ON_ERROR_STOP=1 -d "$database" "$@"
}

# The same by awk: groups, the fewest persons and households of one, persons in groups under 2, 3 and 5.
by_awk() {
	awk -F, -v keys="$1" '
		NR == 1 { gsub(/"/, ""); for (i = 1; i <= NF; i++) at[$i] = i; n = split(keys, key, " "); next }
		{
			group = ""
			for (i = 1; i <= n; i++) group = group SUBSEP $at[key[i]]
			persons[group]++
			if (!((group, $at["ori_hid"]) in seen)) { seen[group, $at["ori_hid"]]; households[group]++ }
		}
		END {
			for (group in persons) {
				groups++
				if (!smallest || persons[group] < smallest) smallest = persons[group]
				if (!fewest || households[group] < fewest) fewest = households[group]
				if (persons[group] < 2) two += persons[group]
				if (persons[group] < 3) three += persons[group]
				if (persons[group] < 5) five += persons[group]
			}
			printf "%d|%d|%d|%d|%d|%d\n", groups, smallest, fewest, two, three, five
		}' "$records"
}

createdb -T template0 -E UTF8 --locale=C "$database"
sql -c 'CREATE EXTENSION registry CASCADE'
sql -c "CREATE TABLE testdata ($(head -n 1 "$records" | tr -d '\r' | sed 's/,/ text, /g') text)"
tr -d '\r' <"$records" | sql -c "COPY testdata FROM STDIN (FORMAT csv, HEADER match, NULL 'NA')"

for keys in 'urbrur roof walls water electcon relat sex' 'urbrur roof walls relat sex age' 'sex' 'urbrur water sex age hhcivil'; do
	list=$(echo "$keys" | tr ' ' ',')
	here=$(sql -c "SELECT a.* FROM registry.anonymity('testdata', '{$list}', 'ori_hid') AS a")
	there=$(by_awk "$keys")
	if [ "$here" != "$there" ]; then
		echo "anonymity of testdata.csv by $list: $here, awk counts $there" >&2
		exit 1
	fi
	echo "testdata.csv by $list: $here, as awk counts"
done

if [ ! -r "$rosters" ]; then
	echo "SKIP test/sdc: there is no $rosters"
	exit 0
fi
sql -c "CREATE TABLE roster ($(gzip -dc "$rosters" | head -n 1 | tr -d '\r' | sed 's/,/ text, /g') text)"
gzip -dc "$rosters" | sql -c 'COPY roster FROM STDIN (FORMAT csv, HEADER match)'
sql -c "ALTER TABLE roster ADD COLUMN age_group text" -c "UPDATE roster SET age_group = CASE WHEN age::numeric <= 12 THEN 'minor' WHEN age::numeric <= 17 THEN 'teenage'
	WHEN age::numeric <= 59 THEN 'adult' ELSE 'old-age' END WHERE age ~ '^[0-9.]+\$'"
sql -c "SELECT format('figure: of %s real households %s %% are the only ones like them by sex, age group, marital status and relationship of their members, %s %% share it with fewer than 5',
		h.households, round(100.0 * h.households_under_2 / h.households), round(100.0 * h.households_under_5 / h.households))
	FROM registry.household_anonymity('roster', '{sex,age_group,marital_status,relationship}', 'household_code') AS h"
sql -c "SELECT CASE WHEN a.smallest_persons < 5 THEN format('figure: of %s real people %s are in groups of fewer than 5 by the same four', (SELECT count(*) FROM roster), a.persons_under_5) END
	FROM registry.anonymity('roster', '{sex,age_group,marital_status,relationship}', 'household_code') AS a"
# the same by another way: the members of a household as one text
told="concat(coalesce(sex, '?'), '|', coalesce(age_group, '?'), '|', coalesce(marital_status, '?'), '|', coalesce(relationship, '?'))"
test "$(sql -c "SELECT h.households_under_2 FROM registry.household_anonymity('roster', '{sex,age_group,marital_status,relationship}', 'household_code') AS h")" = \
	"$(sql -c "SELECT count(*) FROM (SELECT FROM (SELECT string_agg($told, ';' ORDER BY $told) AS members FROM roster GROUP BY household_code) AS h GROUP BY members HAVING count(*) = 1) AS o")"
