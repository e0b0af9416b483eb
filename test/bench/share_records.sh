#!/bin/sh
# Times a release of anonymized records of N generated households, 190,000 by
# default (1 million people), and registry.anonymity() over as many.
#
#	test/bench/share_records.sh [N]
#
# PG* names a throwaway cluster that has the extension to install.
set -eu
cd "$(dirname "$0")/../.."
export PGOPTIONS='-c client_min_messages=warning -c search_path=registry,public'
database=registry_bench_share_records
trap 'dropdb --if-exists $database' EXIT
dropdb --if-exists $database
createdb $database
psql -Xq -v ON_ERROR_STOP=1 -d $database -c 'CREATE EXTENSION registry CASCADE'
psql -Xq -v ON_ERROR_STOP=1 -v people="${1:-190000}" -P pager=off -d $database -f test/bench/share_records.sql
