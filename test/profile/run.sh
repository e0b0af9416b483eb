#!/bin/sh
# Does a role that sees what is public write a district's profile, does a browser like
# it, and has it no number but those?  Pictures and the page are copied to PROFILE_KEEP,
# where that names a folder.
set -eu
cd "$(dirname "$0")/../.."

database=registry_profile
out=$(mktemp -d "${TMPDIR:-/tmp}/profile.XXXXXX")
failed=
fail() {
	echo "FAILED: $*"
	failed=1
}

if ! command -v gnuplot >/dev/null; then
	echo "skip: profile, gnuplot is not installed"
	exit 0
fi
createdb "$database"
psql -Xq -v ON_ERROR_STOP=1 -v households="${N:-600}" -v dadu=2000 -d "$database" -f test/profile/store.sql >"$out/store.log" 2>&1 || { cat "$out/store.log"; exit 1; }

export PGDATABASE="$database"
page=$out/registry-profile-PK703.html
mkdir "$out/again" "$out/bin" "$out/taken" "$out/taken/registry-profile-PK703.html.partial"
# DISTRICT FOLDER: writes it there
report() {
	(cd "$2" && PGUSER="${reader:-regress_page}" registry-report profile "$1")
}
[ "$(report PK703 "$out")" = registry-profile-PK703.html ] || fail "the file is not named"
report dadu "$out/again" >/dev/null
cmp "$page" "$out/again/registry-profile-PK703.html" || fail "a district by its name is another page"
rm "$out/again/registry-profile-PK703.html"

# how it ends, as scripts rely on it
ends() {
	want=$1
	shift
	status=0
	"$@" >"$out/said" 2>&1 || status=$?
	[ "$status" = "$want" ] || fail "$* ends by $status, not $want: $(cat "$out/said")"
}
ends 1 report PK799 "$out/again"
ends 6 report PK703 "$out/taken"
reader=regress_nobody
ends 4 report PK703 "$out/again"
grep -q 'registry.grant_public' "$out/said" || fail "who lets it read is not said: $(cat "$out/said")"
reader=
ln -s "$(command -v registry-report)" "$out/bin/registry-report"
before=$PATH
PATH=$out/bin
ends 6 report PK703 "$out/again"
PATH=$before
grep -q 'install the package gnuplot-nox' "$out/said" || fail "a missing gnuplot is not named: $(cat "$out/said")"
# what comes from another program is not copied unread
for drawn in '<script>1</script>' '<g onload="1"></g>' '<image href="x.png"/>' '<use href="x.svg#a"/>' '<g fill="url(http://x)"></g>' '<g id="a'; do
	printf '#!/bin/sh\ncat <<"SVG"\n<svg viewBox="0 0 1 1">%s</svg>\nSVG\n' "$drawn" >"$out/bin/gnuplot"
	chmod +x "$out/bin/gnuplot"
	PATH=$out/bin:$before
	ends 6 report PK703 "$out/again"
	PATH=$before
done
[ -z "$(ls "$out/again")" ] || fail "what failed left a file"

# no number but what is public
python=/usr/bin/python3
PGUSER=regress_page $python test/profile/numbers.py "$page" PK703 || fail "the page has numbers that are not public"
hidden=$(psql -XAtqc "SELECT c.count FROM nser.cube_cell AS c WHERE c.area OPERATOR(registry.=) 'PK703' AND c.level = 'district' AND c.hidden ORDER BY c.count DESC LIMIT 1")
[ -n "$hidden" ] || fail "nothing is hidden, so nothing is tried"
if PGUSER=regress_page $python test/profile/numbers.py "$page" PK703 "$hidden" >/dev/null; then
	fail "a hidden count in the page is not found"
fi

if command -v tidy >/dev/null; then
	tidy -e -q "$page" || fail "tidy has something to say of the page"
else
	echo "skip: profile, the page's HTML is not validated: tidy is not installed"
fi
# names of areas are text, whatever is in them
psql -Xqc "UPDATE nser.area SET name = E'<b>D\"a''du</b> & \`x\`' WHERE code OPERATOR(registry.=) 'PK703'"
report PK703 "$out/again" >/dev/null
if grep -q '<b>' "$out/again/registry-profile-PK703.html"; then
	fail "a name is taken for HTML"
fi
psql -Xqc "UPDATE nser.area SET name = 'Dadu' WHERE code OPERATOR(registry.=) 'PK703'"

# a long name is not cut within a letter
psql -Xqc "UPDATE nser.area SET name = repeat('ضلع', 70) WHERE code OPERATOR(registry.=) 'PK703'"
report PK703 "$out/again" >/dev/null
iconv -f UTF-8 -t UTF-8 "$out/again/registry-profile-PK703.html" >/dev/null || fail "the page is not UTF-8"
psql -Xqc "UPDATE nser.area SET name = 'Dadu' WHERE code OPERATOR(registry.=) 'PK703'"

# those of whom only the province is known are not the district's, nor the country's the province's
twice=$(psql -XAtq -c 'BEGIN' -c "INSERT INTO nser.cube_cell (snapshot_id, attributes, \"values\", level, area, division, count, hidden)
	SELECT c.snapshot_id, c.attributes, c.\"values\", c.level, CASE c.level WHEN 'district' THEN 'PK7' ELSE 'PK' END::registry.area_code, c.division, c.count, c.hidden
	FROM nser.cube_cell AS c WHERE c.level = 'district' AND c.area OPERATOR(registry.=) 'PK703' OR c.level = 'province' AND c.area OPERATOR(registry.=) 'PK7'
	ON CONFLICT DO NOTHING" \
	-c "SELECT count(*) - count(DISTINCT (s.no, s.label)) FROM share.profile_sections('PK703') AS s WHERE s.label IS NOT NULL" -c 'ROLLBACK')
[ "$twice" = 0 ] || fail "$twice rows of a profile are others'"
# what was counted on another day says so
psql -Xq -c 'SET session_replication_role = replica' -c "UPDATE nser.snapshot SET made_at = made_at - interval '9 days' WHERE unit = 'household'"
report PK703 "$out/again" >/dev/null
day=$(psql -XAtqc "SELECT (made_at AT TIME ZONE 'Asia/Karachi')::date FROM nser.snapshot WHERE unit = 'household' ORDER BY 1 LIMIT 1")
grep -q "Households, and percentages.*$day.*</caption>" "$out/again/registry-profile-PK703.html" || fail "a table does not say of which day it is"

if command -v chromium >/dev/null && $python -c 'import selenium' 2>/dev/null; then
	$python test/profile/browse.py "$page" "$out" || fail "the browser does not like the page"
	if [ -n "${PROFILE_KEEP:-}" ]; then
		cp "$page" "$out"/profile-*.png "$out/profile.pdf" "$PROFILE_KEEP"
	fi
else
	echo "skip: profile, the page is not opened in a browser: chromium or python3-selenium is not installed"
fi
echo "figure: profile of $(wc -c <"$page") bytes"

unset PGDATABASE
dropdb "$database"
psql -Xq -d postgres -f test/profile/end.sql
[ -z "$failed" ]
