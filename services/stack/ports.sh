# A part of check.sh: whether the ports of the stack are free, or held by it.

# Ports that a process of this machine listens on, one a line.
listening() {
  if [ -r /proc/net/tcp ]; then
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" { n = split($2, part, ":"); print part[n] }' | while read -r hex; do
      printf '%d\n' "0x$hex"
    done
  else
    netstat -an 2>/dev/null | awk '/LISTEN/ { n = split($4, part, "."); print part[n] }'
  fi
}

look_at_ports() {
  project=$(setting COMPOSE_PROJECT_NAME sealpost)
  held=$([ -z "$engine" ] || docker ps --format '{{.Label "com.docker.compose.project"}} {{.Names}} {{.Ports}}' 2>/dev/null)
  busy=$(listening)
  seen=' '
  for pair in HTTP_PORT:80 HTTPS_PORT:443 MAILBOX_PORT:8005 GRAFANA_PORT:3000; do
    name=${pair%:*} port=$(setting "${pair%:*}" "${pair#*:}")
    case "$port" in
      *[!0-9]* | '')
        problem "$name is \"$port\". Right would be the number of a free port."
        continue
        ;;
    esac
    case "$seen" in
      *" $port "*)
        problem "$name is $port, as another one is. Right would be a port of its own."
        continue
        ;;
    esac
    seen="$seen$port "
    holder=$(printf '%s\n' "$held" | grep -E ":$port->" | head -n 1)
    if [ -n "$holder" ]; then
      case "$holder" in
        "$project "*) good "Port $port ($name) is held by this stack." ;;
        *) problem "Port $port is held by the container $(printf '%s' "$holder" | cut -d ' ' -f 2). Right would be to stop it, or another $name in .env." ;;
      esac
    elif printf '%s\n' "$busy" | grep -qx "$port"; then
      problem "Port $port is in use by another program. Right would be to stop it, or another $name in .env."
    else good "Port $port ($name) is free."; fi
  done
}
