# Who gets in, by which password, and what is said to who does not.
# shellcheck shell=sh disable=SC2154

expect 2 -d registry -U analyst list
says 'no password supplied'
says 'hint: Give the password in a password file'
PGPASSWORD='no such word' expect 2 -d registry -U analyst list
says 'password authentication failed for user "analyst"'
says 'hint: Check where the registry is, and who asks'
expect 2 -d "postgresql://analyst:no%20such%20word@127.0.0.1:$port/registry" list
says 'password authentication failed'
PGPASSWORD='all of it' expect 0 -d registry -U analyst list
silent

# passwords from where libpq looks for them
echo "127.0.0.1:$port:registry:analyst:all of it" >"$work/passfile"
chmod 600 "$work/passfile"
PGPASSFILE="$work/passfile" expect 0 list -U analyst -d registry
printf '[nser]\nhost=127.0.0.1\nport=%s\ndbname=registry\nuser=analyst\npassword=all of it\n' "$port" >"$work/services"
PGHOST=/nowhere PGSERVICEFILE="$work/services" PGSERVICE=nser expect 0 list
PGSERVICEFILE="$work/services" expect 0 list -d service=nser
PGPORT=1 expect 0 list -d "host=127.0.0.1 port=$port dbname=registry user=analyst password='all of it'"
PGHOST=/nowhere expect 0 -h 127.0.0.1 -p "$port" -d "postgresql://analyst:all%20of%20it@/registry" list

# Asked at a terminal, and nowhere else: what stands on standard input is no password.
status=0
echo 'all of it' | setsid -w registry-report -d registry -U analyst list >"$work/out" 2>"$work/err" || status=$?
[ "$status" -eq 2 ] || fail "a password read from standard input: $status"
expect 2 -W -d registry -U analyst list
says 'cannot ask for a password: there is no terminal'
if command -v script >/dev/null; then
	{ sleep 1; echo 'all of it'; sleep 1; } |
		script -qec "registry-report -d registry -U analyst list -o $work/asked" "$work/typescript" >"$work/out" 2>"$work/err" || fail "asked for a password"
	grep -q 'Password for user analyst: ' "$work/out" || fail "not asked for a password"
	! grep -q 'all of it' "$work/out" || fail "the password is shown"
	[ -s "$work/asked" ] || fail "nothing after the password"
	status=0
	script -qec 'registry-report -w -d registry -U analyst list' "$work/typescript" >"$work/out" 2>"$work/err" </dev/null || status=$?
	[ "$status" -eq 2 ] || fail "-w: $status"
	! grep -q 'Password' "$work/out" || fail "asked in spite of -w"
else
	echo "skip: passwords asked at a terminal, for want of script"
fi

# nobody there, or not what is needed
version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" registry.control)
export PGPASSWORD='the boss'
closed=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport')
expect 2 -p "$closed" -d registry list
says 'Connection refused'
says 'hint: Check where the registry is, and who asks'
expect 2 -d nowhere list
says 'database "nowhere" does not exist'
expect 3 -d empty list
says "database \"empty\" has no extension registry, and version $version is expected"
expect 3 -d bare list
says "database \"bare\" has extension registry $version, but no store"
expect 3 -d older list
says 'table nser.report is expected'
query -d bare -c "UPDATE pg_extension SET extversion = '7.3' WHERE extname = 'registry'"
expect 3 -d bare list
says "database \"bare\" has version 7.3 of extension registry, and $version is expected"

perl test/client/old_server.pl "$work/old_port" >"$work/asked_old" &
old=$!
tries=0
while [ ! -s "$work/old_port" ] && [ $tries -lt 100 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
expect 3 -p "$(cat "$work/old_port")" -d registry list
says 'the server is PostgreSQL 14.0, and 15 or later is expected'
wait "$old"
[ "$(cat "$work/asked_old")" = X ] || fail "an old server is asked something"

expect 0 -d registry show setting --format csv
cat >"$work/expected" <<-'CSV'
	name,setting
	DateStyle,"ISO, YMD"
	IntervalStyle,postgres
	application_name,registry-report
	client_encoding,UTF8
	search_path,"pg_catalog, pg_temp"
	transaction_read_only,on
	work_mem,4096
CSV
diff "$work/expected" "$work/out"
export PGPASSWORD='all of it' PGUSER=analyst PGDATABASE=registry
PGCLIENTENCODING=LATIN1 PGAPPNAME=nightly PGOPTIONS='-c work_mem=5MB -c search_path=nser' expect 0 show setting --format=csv
sed -i -e 's/work_mem,4096/work_mem,5120/' -e 's/application_name,.*/application_name,nightly/' "$work/expected"
diff "$work/expected" "$work/out"
