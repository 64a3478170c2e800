# `./sealpost apply`: takes up what was changed in .env, by new apis beside the old ones.

# Services of which compose would make another container now, for their settings or for an image that was fetched since, but for those
# that are made anew in any case. It looks and does nothing.
others_changed() {
  {
    {
      compose ps --format '{{.Service}} {{.Label "com.docker.compose.config-hash"}}'
      say '--'
      compose config --hash '*'
    } | awk '$1 == "--" { now = 1; next }
      !now { ran[$1] = $2; next }
      $1 in ran && ran[$1] != $2 { print $1 }'
    newer_images
  } | sort -u | awk '!/^(secrets|folders|migrate|api|scheduler|receiver)$/ { printf "%s%s", told++ ? ", " : "", $1 }'
}

# Sets `image`. Between a pull and the upgrade this clone has another one than runs.
same_version() {
  tag=$(running_tag)
  image=$(compose config --images secrets) || fail 'Compose does not accept these settings. Nothing was changed.'
  [ -z "$tag" ] || [ "$tag" = "${image##*:}" ] ||
    fail "Version $tag runs, and this clone has ${image##*:}. Nothing was changed. Right would be ./sealpost upgrade, which takes up the settings too."
}

# Sets `anew`. Compose reads .env here, the one-shot `secrets` reads all of it, and the api its own settings with what is mounted.
may_apply() {
  running api || fail 'The stack is not running: docker compose up -d --wait starts it with the settings as they are.'
  same_version
  compose run --rm --no-deps -T secrets node services/cli/main.ts secrets --folder /secrets --from /clone/.env --check </dev/null ||
    fail 'These settings are not accepted. Nothing was changed.'
  accepts_settings "${image##*:}" || fail 'The api does not accept these settings. Nothing was changed.'
  anew=$(others_changed)
}

tell_apply() {
  say 'To be made anew: api, beside what runs, so that no request fails; then scheduler and receiver.'
  [ -z "$anew" ] || say "Also $anew, whose settings or images have changed: without caddy or postgres requests fail for some seconds."
  say 'Nothing has been changed yet.'
}

take_up() {
  compose run --rm --no-deps -T secrets </dev/null
  # The password of the programs' role changes here, just before they come that know it. Connections that are open stay so.
  compose run --rm --no-deps -T migrate </dev/null
  roll_apis
  compose up -d --wait --no-deps --force-recreate scheduler receiver
  # As many apis as .env says, and what else has changed.
  compose up -d --wait
  reload
}

apply() {
  may_apply
  tell_apply
  agreed "$1" 'Apply?'
  take_up
  say 'Applied: what runs has the settings and secrets of .env.'
}
