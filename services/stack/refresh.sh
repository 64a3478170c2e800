# `./sealpost refresh`: the images of others as they are today, and ours built upon them; and what is common with an upgrade.

# The files of a database are of one major version of PostgreSQL, and no other reads them. Another version's compose.yaml is in the folder named.
same_postgres() {
  has=$(compose exec -T -u postgres postgres psql --no-psqlrc -At -d postgres -c 'show server_version_num' </dev/null 2>/dev/null) || has=
  wants=$(compose ${1:+-f "$1/compose.yaml"} config --images postgres | sed -n 's/.*postgres:\([0-9]*\).*/\1/p')
  [ -z "$has" ] || [ -z "$wants" ] || [ "$((has / 10000))" = "$wants" ] ||
    fail "This version runs PostgreSQL $wants, which does not read the database of PostgreSQL $((has / 10000)). Nothing was changed.
The way over is in docs/upgrade.md, The next major version of PostgreSQL."
}

# Services that run another image than the one that their tag stands for now; ours with the tag that is named.
newer_images() {
  compose ps --format '{{.Service}} {{.Image}} {{.ID}}' | while read -r service image id; do
    case "$image" in sealpost:* | sealpost-tools:*) image=${image%%:*}:${1:-${image#*:}} ;; esac
    runs=$(docker inspect --format '{{.Image}}' "$id")
    [ "$runs" = "$(docker image inspect --format '{{.Id}}' "$image" 2>/dev/null)" ] || say "$service"
  done | sort -u
}

refresh() {
  running api || fail 'The stack is not running: docker compose up -d --wait starts it.'
  same_version
  SEALPOST_COMMIT=$(commit_here)
  export SEALPOST_COMMIT
  before=$(compose exec -T api cat package.json | version)
  runs=$(commit_running)
  [ -z "$runs" ] || [ -z "$SEALPOST_COMMIT" ] || [ "$runs" = "$SEALPOST_COMMIT" ] ||
    fail "The commit $runs runs, and this clone has another. Nothing was changed. Right would be ./sealpost upgrade, which takes the newer images too."
  say 'The images are fetched, and ours are built on them. What runs goes on as it is.'
  compose pull --quiet --ignore-buildable || fail 'The images cannot be fetched. What runs was not changed.'
  SEALPOST_VERSION=next compose build --quiet --pull secrets scheduler || fail 'Our images cannot be built. What runs was not changed.'
  same_postgres
  accepts_settings next || fail 'The new image does not accept these settings. What runs was not changed.'
  newer=$(newer_images next | paste -s -d ' ' -)
  [ -n "$newer" ] || {
    say 'Every image that runs is the newest. Nothing was changed.'
    return
  }
  say "Newer images for $newer.
The apis are made anew beside what runs. While caddy or postgres is made anew, requests fail for some seconds.
What runs has not been changed yet. After a no, the newer images stay here, and the next apply or upgrade takes them."
  agreed "$1" 'Refresh?'
  change
  say 'Refreshed: what runs has the newest images.'
}
