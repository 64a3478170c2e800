# `./sealpost rotate NAME`: another secret in the place of one that the stack has made itself, taken up by rolling.

# What a secret is for, and what its change ends.
use_of() {
  none='It ends no token, no session and no code; connections that are open stay open.'
  case "$1" in
    JWT_SECRET) say 'tokens and codes are signed with it.
What was signed with the one before is accepted until the next rotation, what is older no more. Sessions of accounts end, unless
REFRESH_TOKEN_SECRET is set. First all apis accept the new one, then they sign with it: each is made anew twice, and no request fails.' ;;
    DB_PASSWORD) say "the programs log in to the database with it.
$none" ;;
    BACKUP_DB_PASSWORD) say "the receiver and the base backups log in to the database with it.
$none" ;;
    POSTGRES_PASSWORD) say "migrations, backups and restores log in to the database with it.
$none" ;;
    ERASURE_KEYS) say 'the ledger names those who are erased by it.
The keys before it stay behind it, since what was written with them is read with them. It ends nothing.' ;;
    *) fail "It is \"./sealpost rotate NAME\", or \"./sealpost rotate NAME --yes\", with JWT_SECRET, DB_PASSWORD, BACKUP_DB_PASSWORD,
POSTGRES_PASSWORD or ERASURE_KEYS. Any other secret is changed in .env, and taken up by ./sealpost apply (docs/docker.md, Change a
setting or a secret)." ;;
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

make_secret() {
  compose run --rm --no-deps -T secrets node services/cli/main.ts secrets --folder /secrets --from /clone/.env "$@" </dev/null
}

rotate() {
  used=$(use_of "$1")
  may_apply
  say "Another $1 is made: $used"
  tell_apply
  agreed "$2" 'Rotate?'
  [ "$1" != JWT_SECRET ] || {
    make_secret --next JWT_SECRET || fail 'JWT_SECRET was not rotated. Nothing was changed.'
    # What else has changed in .env is written down now, too.
    compose run --rm --no-deps -T migrate </dev/null
    roll_apis
  }
  make_secret --rotate "$1" || fail "$1 was not rotated. Nothing that runs was changed."
  [ "$1" != POSTGRES_PASSWORD ] || tell_owner || fail 'The database did not take the new password. ./sealpost rotate POSTGRES_PASSWORD makes another one.'
  take_up
  say "Rotated: $1 is another one, and what runs has it. $EXPORT_AGAIN"
  [ "$1" != JWT_SECRET ] || say 'Give it to whoever signs tokens themselves; this shows it: docker compose exec api cat /run/secrets/app/JWT_SECRET'
}
