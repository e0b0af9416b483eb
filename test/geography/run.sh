#!/bin/sh
# Real boundaries through registry.load_boundaries(): provinces, districts and tehsils
# with none refused; the union councils of the flood of 2010 with each defect named;
# where 100,000 points lie; the same areas by ogr2ogr; districts found by the names of calamity declarations.
#
# Needs a running server with the extension's files (PG* environment) and the
# boundaries, which are not part of the project: without them it says so and ends
# well.  Works in a database of its own, which it drops.
set -eu

cd "$(dirname "$0")/../.."
shared=${REGISTRY_SHARED:-../shared}/data
for file in geography/adm1.geojson geography/adm2.geojson geography/adm3.geojson geography/adm4_uc.geojson; do
	if [ ! -r "$shared/$file.gz" ]; then
		echo "skip test/geography: there is no $shared/$file.gz (REGISTRY_SHARED names the folder with data/)"
		exit 0
	fi
done

database=registry_geography_$$
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"; dropdb --if-exists "registry_geography_$$"' EXIT
trap 'exit 1' HUP INT TERM

export PGCLIENTENCODING=UTF8
export PGOPTIONS='-c client_min_messages=warning -c search_path=public,registry'

sql() {
	psql -X -q -v ON_ERROR_STOP=1 -P pager=off -d "$database" "$@"
}

for level in adm1 adm2 adm3 adm4_uc; do
	gzip -dc "$shared/geography/$level.geojson.gz" >"$scratch/$level.geojson"
done

createdb -T template0 -E UTF8 --locale=C.UTF-8 "$database"
sql -c 'CREATE EXTENSION registry CASCADE' -c 'CALL registry.create_store()'
sql -v scratch="$scratch" -f test/geography/load.sql
sql -f test/geography/check.sql -f test/geography/place.sql

if [ -r "$shared/events/calamity_declarations.csv" ]; then
	sql -f test/geography/names.sql <"$shared/events/calamity_declarations.csv"
else
	echo "skip: there is no $shared/events/calamity_declarations.csv"
fi

# ogr2ogr reads what psql read, and a shapefile in metres, and the areas are the same.
if ! command -v ogr2ogr >/dev/null; then
	echo 'skip: there is no ogr2ogr (Debian package gdal-bin)'
	exit 0
fi
to="PG:dbname=$database"
ogr2ogr -f PostgreSQL "$to" "$scratch/adm2.geojson" -nln ogr_geojson -lco SCHEMA=public -lco GEOMETRY_NAME=geom -nlt PROMOTE_TO_MULTI
ogr2ogr -f 'ESRI Shapefile' "$scratch/utm42.shp" "$scratch/adm2.geojson" -t_srs EPSG:32642
ogr2ogr -f PostgreSQL "$to" "$scratch/utm42.shp" -nln ogr_shapefile -lco SCHEMA=public -lco GEOMETRY_NAME=geom -nlt PROMOTE_TO_MULTI
sql -f test/geography/ogr.sql
