#!/bin/sh
# `./sealpost restore --from REPOSITORY`, on a machine that has nothing yet: the newest copy of the backups comes back, then the secrets. What is
# restored from it is the next command's.
set -eu

compose() { docker compose --progress quiet "$@"; }
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

repository=${1:-}
[ -n "$repository" ] || fail 'It is "./sealpost restore --from REPOSITORY", with the repository as in BACKUP_REPOSITORY.'
shift
name=$(compose config --format json | sed -n 's/^  "name": "\(.*\)",$/\1/p')
volumes=$(docker volume ls --quiet --filter "label=com.docker.compose.project=$name")
[ -z "$volumes" ] || fail "The stack $name has been here already, and its secrets would be overwritten. Restore here with \"./sealpost restore latest\"."

# Nothing of them was here before.
undo() { docker volume rm "${name}_secrets" "${name}_ledger" "${name}_caddy_data" >/dev/null 2>&1 || true; }
trap 'undo' EXIT

compose build --quiet secrets scheduler
# For as long as it takes to fetch; those of the copy take their place.
compose run --rm --no-deps -T secrets </dev/null >/dev/null
compose run --rm --no-deps -T folders </dev/null
fetch() { compose run --rm --no-deps cli backup fetch "$repository"; }
# Standard input that is no terminal has the passphrase, which is for the import.
{ if [ -t 0 ]; then fetch; else fetch </dev/null; fi; } || fail "Nothing was fetched from $repository, and nothing is left of the attempt but the folder of the backups."
[ -e .env ] || (umask 077 && : >.env)
brought=0
compose run --rm --no-deps --volume "$(pwd -P):/target" secrets node services/cli/main.ts secrets --folder /secrets --edge /edge --from /target/.env \
  import --force /var/backups/postgresql/.fetched/secrets.sealpost "$@" || brought=$?
[ -s .env ] || rm -f .env
[ "$brought" -eq 0 ] || fail 'The secrets were not put back. Run the same command again.'
trap - EXIT
echo 'The backups and the secrets are here. Next: "docker compose up -d --wait", then "./sealpost restore latest".'
