# `./sealpost rotate NAME`: another password in the place of one that the stack has made itself, taken up by rolling.

# What a password is for, and what its change ends.
use_of() {
  case "$1" in
    DB_PASSWORD) say 'the programs log in to the database with it' ;;
    BACKUP_DB_PASSWORD) say 'the receiver and the base backups log in to the database with it' ;;
    POSTGRES_PASSWORD) say 'migrations, backups and restores log in to the database with it' ;;
    *) fail "It is \"./sealpost rotate NAME\", or \"./sealpost rotate NAME --yes\", with DB_PASSWORD, BACKUP_DB_PASSWORD or POSTGRES_PASSWORD.
Any other secret is changed in .env, and taken up by ./sealpost apply (docs/docker.md, Change a setting or a secret)." ;;
  esac
}

# Within the database's own container, where the owner needs no password; and left out of the statistics of statements.
tell_owner() {
  compose exec -T -u postgres postgres psql --quiet --no-psqlrc -v ON_ERROR_STOP=1 -d postgres <<'END'
set pg_stat_statements.track = 'none';
\set password `cat /run/secrets/postgres/POSTGRES_PASSWORD`
alter role postgres password :'password';
END
}

rotate() {
  used=$(use_of "$1")
  may_apply
  say "Another $1 is made: $used.
It ends no token, no session and no code; connections that are open stay open."
  tell_apply
  agreed "$2" 'Rotate?'
  compose run --rm --no-deps -T secrets node services/cli/main.ts secrets --folder /secrets --from /clone/.env --rotate "$1" </dev/null ||
    fail "$1 was not rotated. Nothing was changed."
  [ "$1" != POSTGRES_PASSWORD ] || tell_owner || fail 'The database did not take the new password. ./sealpost rotate POSTGRES_PASSWORD makes another one.'
  take_up
  say "Rotated: $1 is another one, and what runs has it."
}
