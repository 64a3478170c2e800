#!/bin/sh
# `./sealpost check`: what this machine, this clone and .env lack for the stack, all of it at once. It changes nothing.
set -u

ENGINE_MIN=26
COMPOSE_MIN=2.30
# A machine of 2 GiB has a little less for its programs.
MEMORY_KIB_MIN=1900000
DISK_GIB_MIN=10

engine= compose= problems=0 wrong= rest=
newline='
'
problem() {
  problems=$((problems + 1))
  wrong="$wrong${newline}wrong    $*"
}
good() { rest="$rest${newline}ok       $*"; }
left_out() { rest="$rest${newline}skipped  $*"; }

# An engine that hangs is one that does not answer.
if command -v timeout >/dev/null; then docker() { timeout 30 docker "$@"; }; fi

# A setting as compose has it: of the environment, else of .env, else the default. Without quotes, and without a remark.
setting() {
  eval "given=\${$1-}"
  [ -n "$given" ] || ! [ -r .env ] || given=$(sed -n "s/^[[:space:]]*\(export \)\{0,1\}$1[[:space:]]*=[[:space:]]*//p" .env | tail -n 1 |
    sed -e "s/^'\([^']*\)'.*/\1/" -e t -e 's/^"\([^"]*\)".*/\1/' -e t -e 's/[[:space:]]#.*//' -e 's/[[:space:]]*$//')
  printf '%s' "${given:-$2}"
}

# Whether a version such as 2.40.3 is at least another.
at_least() {
  awk -v has="$1" -v wants="$2" 'BEGIN {
    split(has, a, /[.+-]/); split(wants, b, ".")
    exit !(a[1] + 0 > b[1] + 0 || (a[1] + 0 == b[1] + 0 && a[2] + 0 >= b[2] + 0))
  }'
}

# shellcheck source=services/stack/ports.sh
. services/stack/ports.sh

look_at_docker() {
  docker --version >/dev/null 2>&1 || {
    problem "There is no docker on this machine. Right would be Docker Engine $ENGINE_MIN or later with Compose $COMPOSE_MIN or later."
    return
  }
  if engine=$(docker version --format '{{.Server.Version}}' 2>/dev/null) && [ -n "$engine" ]; then
    if at_least "$engine" "$ENGINE_MIN.0"; then good "Docker Engine $engine answers."
    else problem "Docker Engine is $engine. Right would be $ENGINE_MIN or later."; fi
  else
    engine=
    problem 'The Docker engine does not answer. Right would be one that runs and that this user may use: "docker version" says why.'
  fi
  compose=$(docker compose version --short 2>/dev/null)
  compose=${compose#v}
  if [ -z "$compose" ]; then problem "Docker has no Compose. Right would be its plugin, $COMPOSE_MIN or later."
  elif at_least "$compose" "$COMPOSE_MIN"; then good "Compose is $compose."
  else problem "Compose is $compose. Right would be $COMPOSE_MIN or later."; fi
}

# Names that a program or a compose file reads.
known_names() {
  {
    sed -n 's/^#\([A-Z][A-Z0-9_]*\)=.*/\1/p' .env.example
    cat compose.yaml compose.modes.yaml compose.override.yaml 2>/dev/null | grep -o '\${[A-Za-z_][A-Za-z0-9_]*' | cut -c 3-
    printf '%s\n' MAILBOX
    # Secrets, which reach who reads them as files.
    sed -n "s/^ *\([A-Z][A-Z0-9_]*\): ''$/\1/p" compose.yaml
  } | sort -u
}

look_at_names() {
  [ -r .env ] || {
    good 'There is no .env: every setting is its default.'
    return
  }
  found=$(known_names | awk -f services/stack/names.awk - .env)
  if [ -z "$found" ]; then good '.env has no name that nothing reads.'
  else
    while IFS= read -r line; do problem "$line"; done <<END
$found
END
  fi
}

look_at_settings() {
  if ! said=$(docker compose config --quiet 2>&1); then
    # What follows these words is the text of .env, in which secrets stand.
    said=$(printf '%s' "$said" | tail -n 1 | sed -e 's/ near .*//' -e 's/\(quoted value\).*/\1/')
    problem "Compose cannot read the settings: $said. Right would be NAME=value lines, and values as docs/docker.md has them."
    return
  fi
  image=sealpost:$(setting SEALPOST_VERSION "$(sed -n 's/.*SEALPOST_VERSION:-\([^}]*\)}.*/\1/p' compose.yaml | head -n 1)")
  docker image inspect "$image" >/dev/null 2>&1 || {
    left_out 'The values of the settings: the image is not built yet, and the first start says what is wrong with them.'
    return
  }
  # Without a network, and gone when it has answered.
  said=$(cat .env 2>/dev/null |
    docker run --rm -i --network none --workdir /app --entrypoint node "$image" --input-type=module -e "$(cat services/stack/read-settings.js)" 2>/dev/null)
  case $? in
    0) good 'The settings are valid.' ;;
    3)
      while IFS= read -r line; do problem "$line"; done <<END
$said
END
      ;;
    *) left_out "The values of the settings: the image $image cannot be asked, and the first start says what is wrong with them." ;;
  esac
}

look_at_memory() {
  memory=$(docker info --format '{{.MemTotal}}' 2>/dev/null) || memory=
  case "$memory" in '' | 0 | *[!0-9]*) return 0 ;; esac
  told=$(awk -v bytes="$memory" 'BEGIN { printf "%.1f GiB", bytes / 1073741824 }')
  if [ "$((memory / 1024))" -ge "$MEMORY_KIB_MIN" ]; then good "Docker has $told of memory."
  else problem "Docker has $told of memory. Right would be 2 GiB or more."; fi
}

# The folder, and what is kept there. One that is not there yet is made within the nearest that is.
room_in() {
  folder=$1
  while ! [ -d "$folder" ] && [ "$folder" != / ] && [ "$folder" != . ]; do folder=$(dirname "$folder"); done
  free=$(df -Pk "$folder" 2>/dev/null | awk 'NR == 2 { printf "%d", $4 / 1048576 }')
  [ -n "$free" ] || return 0
  if [ "$free" -ge "$DISK_GIB_MIN" ]; then good "$free GiB are free for $2 ($1)."
  else problem "$free GiB are free for $2 ($1). Right would be $DISK_GIB_MIN GiB or more."; fi
}

look_at_disks() {
  root=$(docker info --format '{{.DockerRootDir}}' 2>/dev/null) || root=
  if [ -n "$root" ] && [ -d "$root" ]; then room_in "$root" "Docker's data"
  elif [ -n "$root" ]; then left_out "The room for Docker's data: it is not on this machine ($root)."; fi
  room_in "$(setting BACKUP_DIR ./backups)" 'the backups'
}

# Caddy, Grafana and Prometheus read their files as users of their own.
look_at_files() {
  closed=$(find caddy grafana prometheus services/backup/postgresql \( -type f ! -perm -004 \) -o \( -type d ! -perm -005 \) 2>/dev/null | head -n 3 | tr '\n' ' ')
  if [ -z "$closed" ]; then good 'The files of caddy/, grafana/ and prometheus/ can be read by all.'
  else problem "Others cannot read ${closed% }. Right would be what a clone with umask 022 has: chmod -R o+rX caddy grafana prometheus"; fi
  for name in WEB_ROOT MAIL_TEMPLATES DATABASE_CA; do
    path=$(setting "$name" '')
    [ -z "$path" ] || [ -e "$path" ] ||
      problem "$name is $path, which is not there. Right would be the path of what exists: Docker makes an empty folder of any other."
  done
}

look_at_domain() {
  domain=$(setting API_DOMAIN localhost)
  [ "$domain" != localhost ] || return 0
  command -v getent >/dev/null || {
    left_out "Whether $domain has an address: there is no getent here to ask with."
    return
  }
  if address=$(getent hosts "$domain" | head -n 1 | cut -d ' ' -f 1) && [ -n "$address" ]; then good "$domain is $address."
  else problem "API_DOMAIN is $domain, which has no address. Right would be a record (A, AAAA) that names this machine."; fi
}

# The kernel's own list, where there is one to look at.
look_at_ipv6() {
  list=${IF_INET6:-/proc/net/if_inet6}
  [ "$(setting EDGE_IPV6 true)" != false ] && [ -d "$(dirname "$list")" ] || return 0
  if [ -e "$list" ]; then good 'This machine has IPv6, as the network of the edge.'
  else problem 'This machine has no IPv6, and the network of the edge is to have it. Right would be EDGE_IPV6=false in .env.'; fi
}

look_at_networks() {
  subnet=$(setting EDGE_SUBNET 172.31.240.0/24)
  ids=$(docker network ls --quiet 2>/dev/null) || return
  # shellcheck disable=SC2086
  overlapping=$([ -z "$ids" ] || docker network inspect --format \
    '{{.Name}} {{with index .Labels "com.docker.compose.project"}}{{.}}{{else}}-{{end}}{{range .IPAM.Config}} {{.Subnet}}{{end}}' \
    $ids 2>/dev/null | awk -v own="$(setting COMPOSE_PROJECT_NAME sealpost)" -v subnet="$subnet" -f services/stack/subnets.awk)
  if [ -z "$overlapping" ]; then good "No other network of Docker overlaps $subnet (EDGE_SUBNET)."
  else problem "EDGE_SUBNET is $subnet, and $overlapping. Right would be a network that nobody uses, such as 172.31.241.0/24."; fi
}

printf '%s\n' 'Nothing is changed.'
look_at_docker
if [ -n "$engine" ]; then look_at_memory; fi
look_at_disks
look_at_files
look_at_names
if [ -n "$compose" ]; then look_at_settings; fi
look_at_ports
look_at_domain
look_at_ipv6
if [ -n "$engine" ]; then look_at_networks; fi
printf '%s\n' "$wrong$rest" ''
if [ "$problems" -gt 0 ]; then
  printf '%s\n' "$problems wrong. Put it right, then run ./sealpost check again."
  exit 1
fi
printf '%s\n' 'Nothing is wrong: start with docker compose up -d --wait'
