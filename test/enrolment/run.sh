#!/bin/sh
# What beneficiaries cost: candidates of a nation of generated households, one
# household at a time, and a recertification.  Says figures, and fails where one
# household takes longer than a centre should wait.
#
#   N=100000 test/enrolment/run.sh
#
# Needs a running server with the extension's files (PG* environment); works in a
# database of its own, which it drops.
set -eu

cd "$(dirname "$0")/../.."
database=registry_enrolment_$$
trap 'dropdb --if-exists "$database"' EXIT
trap 'exit 1' HUP INT TERM
export PGOPTIONS='-c client_min_messages=warning -c jit=off'

createdb "$database"
psql -X -q -At -v ON_ERROR_STOP=1 -v n="${N:-100000}" -d "$database" -f test/enrolment/time.sql
