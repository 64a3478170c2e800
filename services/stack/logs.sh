#!/bin/sh
# `./sealpost logs [service] [--since 1h] [--errors]`: the log of our programs, or of one service, newest last.
set -eu

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}
usage='It is "./sealpost logs [service] [--since 1h] [--errors]".'

service= since=24h errors=
while [ $# -gt 0 ]; do
  case "$1" in
    --since)
      [ $# -gt 1 ] || fail "--since is followed by a time such as 1h, 30m or 2026-03-01T12:00:00. $usage"
      since=$2
      shift
      ;;
    --since=*) since=${1#--since=} ;;
    --errors) errors=yes ;;
    -*) fail "$usage" ;;
    *)
      [ -z "$service" ] || fail "$usage"
      service=$1
      ;;
  esac
  shift
done

known=$(docker compose config --services)
if [ -z "$service" ]; then
  services='secrets migrate api scheduler receiver mailbox'
else
  printf '%s\n' "$known" | grep -qxF -e "$service" ||
    fail "There is no service $service; there are $(printf '%s\n' "$known" | sort | tr '\n' ' ' | sed 's/ $//')."
  services=$service
fi
docker compose ps --quiet >/dev/null || fail 'The Docker engine does not answer: "./sealpost check" says more.'

# shellcheck disable=SC2086
docker compose logs --no-color --timestamps --since "$since" $services | LC_ALL=C sort -s -k 3,3 |
  if [ -n "$errors" ]; then awk -f services/stack/logs.awk; else cat; fi
