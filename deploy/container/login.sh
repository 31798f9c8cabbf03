#!/bin/sh
# Run once by PostgreSQL's image on an empty database: the login of the pipeline; `pnr database prepare` makes the roles it is given.
set -eu
psql --username=postgres --dbname=pnr_le --set=ON_ERROR_STOP=1 --set=word="$(cat /run/secrets/database-password)" <<'SQL'
CREATE ROLE pnr_run LOGIN PASSWORD :'word';
SQL
