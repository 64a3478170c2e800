# Which version is of which commit, and `./sealpost back`: to the version before the last upgrade. `./sealpost` reads this file whole,
# so that the checkout changes nothing that is still to be run.

# The commit of this clone; nothing where it is none of git.
commit_here() { [ ! -e .git ] || git rev-parse --quiet --verify HEAD 2>/dev/null || true; }

# The last commit of this clone's history that has a version.
commit_of() {
  [ ! -e .git ] || git log --format=%H -- package.json 2>/dev/null | {
    newer=
    while read -r commit; do
      [ "$(git show "$commit:package.json" | version)" != "$1" ] || {
        [ -z "$newer" ] || git rev-parse --quiet --verify "$newer^" || true
        break
      }
      newer=$commit
    done
  }
}

# The commit of what runs: its image says it if `./sealpost` built it.
commit_running() {
  container=$(compose ps --quiet api | head -n 1)
  label=$(docker inspect --format '{{index .Config.Labels "org.opencontainers.image.revision"}}' "$container" 2>/dev/null) || label=
  say "${label:-$(commit_of "$before")}"
}

# A line of own/versions: when, version and commit before, version after, the backup made before anything was changed. The same commit
# again is nothing to go back from.
note() {
  from=$(commit_running)
  [ -z "$from" ] || [ "$from" != "$SEALPOST_COMMIT" ] || return 0
  mkdir -p own
  say "$(date -u +%Y-%m-%dT%H:%M:%SZ) $before ${from:--} $after ${dump:--}" >>own/versions
}

# Everything that would stop it, before anything is done.
may_go_back() {
  line=$(tail -n 1 own/versions 2>/dev/null) || line=
  [ -n "$line" ] || fail 'own/versions names no upgrade, so there is none to go back from. Nothing was changed.
Right would be: git checkout the version before, then ./sealpost upgrade.'
  read -r when before from after dump <<END
$line
END
  [ -n "$(commit_here)" ] || fail "This folder is no git clone, so that git cannot bring $before. Nothing was changed.
Right would be: put the files of $before here, then ./sealpost upgrade."
  case "$from" in
    '' | *[!0-9a-f]*) fail "own/versions does not say of which commit $before was. Nothing was changed.
Right would be: git checkout that commit, then ./sealpost upgrade." ;;
  esac
  git cat-file -e "$from^{commit}" 2>/dev/null ||
    fail "This clone does not have the commit $from of $before. Nothing was changed. Right would be: git fetch first."
  changes=$(git status --porcelain --untracked-files=no)
  [ -z "$changes" ] || fail "This clone has changes of its own:
$changes
Nothing was changed. Right would be: git stash, which puts them aside, first."
}

# The image of the version before is made of its commit, and looks at the settings and the database. Sets `broken` to what it cannot run after.
look_back() {
  tree=$(mktemp -d)
  trap 'rm -rf "$tree"' EXIT
  git archive "$from" | tar -x -C "$tree"
  same_postgres "$tree"
  export SEALPOST_COMMIT="$from"
  (cd "$tree" && SEALPOST_VERSION=next compose -f compose.yaml build --quiet secrets scheduler)
  accepts_settings next || fail "$before does not accept these settings. Nothing was changed."
  broken=
  said=$(SEALPOST_VERSION=next compose run --rm --no-deps -T cli migrate --check </dev/null 2>&1) || case "$said" in
    *'is newer than this program ('*) broken=$(say "$said" | sed -n 's/.*is newer than this program (\([^)]*\)).*/\1/p') ;;
    *) fail "$said
$before does not accept this database. Nothing was changed." ;;
  esac
  [ -z "$broken" ] || [ "${dump:--}" != - ] || fail "$before cannot run after $broken, and own/versions names no backup to restore. Nothing was changed."
}

tell_back() {
  say "Back from $after to $before, the commit $(git log -1 --format='%h (%cs)' "$from"), as before the upgrade of $when."
  if [ -n "$broken" ]; then
    say "$before cannot run after $broken. So the backup of the upgrade is restored: $dump.
What was recorded since $when is lost to it; the newer database is kept under another name.
Requests fail until $before runs."
  else
    say "$before runs on the database as it is: nothing that was recorded is lost, and no request fails."
  fi
  say 'Nothing has been changed yet.'
}

# Whatever fails here leaves the newer version running. Nobody records anything that the restore would lose.
restore_before() {
  compose stop api scheduler
  SEALPOST_VERSION=next compose run --rm --no-deps -T cli restore "$dump" --yes </dev/null || {
    git checkout --quiet "$branch"
    compose start api scheduler
    fail "The backup was not restored: $after goes on running, on its own database."
  }
}

back() {
  may_go_back
  look_back
  tell_back
  agreed "$1" 'Go back?'
  branch=$(git symbolic-ref --quiet --short HEAD || commit_here)
  git checkout --quiet --detach "$from" || fail 'git cannot check that commit out. Nothing was changed.'
  [ -z "$broken" ] || restore_before
  change
  sed '$d' own/versions >own/versions.new
  mv own/versions.new own/versions
  say "Forth again: git checkout $branch, then ./sealpost upgrade."
  exit 0
}
