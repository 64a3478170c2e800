# Of `docker compose logs --timestamps` the lines that tell of a warning or an error. Lines of JSON say it themselves: pino by a
# number, Caddy by a word. A line of our programs that is none tells of a crash or of a start that was refused, unless it is one of
# those by which it says what it has done. Of the others, such as PostgreSQL, the words are looked for.
{
  line = $0
  sub(/^[^|]*\| [^ ]+ ?/, "", line)
}
line ~ /^\{.*"level":/ {
  if (line ~ /"level":([4-9][0-9]|"(warn|error|fatal|panic)")/) print
  next
}
/^(api|scheduler|mailbox|secrets|migrate|folders)-/ {
  if (line != "" && line !~ /^(Running |Applied |The database is up to date|Made |The secrets are there|Local SES |  [a-z])/) print
  next
}
line ~ / (WARNING|ERROR|FATAL|PANIC): |level=(warn|error)/
