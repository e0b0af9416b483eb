#!/bin/sh
# The flood of 2022 as satellites saw it, over Pakistan's provinces, districts and
# tehsils: what lies under it and who, against PostGIS alone.
#
# Needs a running server with the extension's files (PG* environment) and the
# boundaries and the flood, which are not part of the project: without them it says
# so and ends well.  Works in a database of its own, which it drops.
set -eu

cd "$(dirname "$0")/../.."
data=${REGISTRY_SHARED:-../shared}/data
for file in geography/adm1.geojson.gz geography/adm2.geojson.gz geography/adm3.geojson.gz \
		events/flood2022_viirs_simplified.geojson.gz events/calamity_declarations.csv; do
	if [ ! -r "$data/$file" ]; then
		echo "SKIP test/flood: there is no $data/$file (REGISTRY_SHARED names the folder with data/)"
		exit 0
	fi
done

database=registry_flood_$$
trap 'dropdb --if-exists "registry_flood_$$"' EXIT
trap 'exit 1' HUP INT TERM

export PGCLIENTENCODING=UTF8
export PGOPTIONS='-c client_min_messages=warning -c timezone=Asia/Karachi -c search_path=public,registry'

sql() {
	psql -X -q -v ON_ERROR_STOP=1 -P pager=off -d "$database" "$@"
}

createdb -T template0 -E UTF8 --locale=C "$database"
sql -c 'CREATE EXTENSION registry CASCADE' -c 'CALL registry.create_store()' -c 'CREATE TABLE source (file text, geojson jsonb)'
# a file is one value: no byte of it separates or quotes
for file in geography/adm1 geography/adm2 geography/adm3 events/flood2022_viirs_simplified; do
	gzip -dc "$data/$file.geojson.gz" | tr -d '\r\n' |
		sql -c "COPY source (geojson) FROM STDIN (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')" \
			-c "UPDATE source SET file = '$file' WHERE file IS NULL"
done
sql -f test/flood/load.sql
sql -At -f test/flood/check.sql

sql -c 'CREATE TABLE declaration (event text, declared_on date, province text, written text, area area_code, name text, source text)' \
	-c 'COPY declaration FROM STDIN (FORMAT csv, HEADER)' <"$data/events/calamity_declarations.csv"
sql -At -f test/flood/declared.sql
