#!/bin/sh
# Secrets come as files below /run/secrets: pnr-passphrase, pnr-kafka-password … (docs/keystores.md), and database-password,
# which becomes the password file of PostgreSQL's client: that is taken only where nobody else may read it.
set -eu
umask 077
export CREDENTIALS_DIRECTORY=/run/secrets
if [ -f /run/secrets/database-password ]; then
  printf '*:*:*:*:%s\n' "$(sed 's/[\\:]/\\&/g' /run/secrets/database-password)" > /run/pnr/pgpass
  export PGPASSFILE=/run/pnr/pgpass
fi
exec pnr "$@"
