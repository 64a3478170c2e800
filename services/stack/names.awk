# Known names, then .env: a sentence for each name of .env that nothing reads, with the one that is nearest.
function least(a, b) { return a < b ? a : b }
# How many letters have to be changed, added or left out.
function distance(one, other,   i, j, row, before, corner) {
  for (j = 0; j <= length(other); j++) row[j] = j
  for (i = 1; i <= length(one); i++) {
    corner = row[0]
    row[0] = i
    for (j = 1; j <= length(other); j++) {
      before = row[j]
      row[j] = least(least(row[j], row[j - 1]) + 1, corner + (substr(one, i, 1) != substr(other, j, 1)))
      corner = before
    }
  }
  return row[length(other)]
}
NR == FNR {
  known[$0] = 1
  next
}
# The lines of a value that began with a quote.
quote != "" {
  if (index($0, quote)) quote = ""
  next
}
/^[[:space:]]*(#|$)/ { next }
{
  name = $0
  sub(/^[[:space:]]*(export[[:space:]]+)?/, "", name)
  value = name
  sub(/[[:space:]]*=.*/, "", name)
  sub(/^[^=]*=?[[:space:]]*/, "", value)
  if (value ~ /^["']/ && !index(substr(value, 2), substr(value, 1, 1))) quote = substr(value, 1, 1)
  base = name
  sub(/_FILE$/, "", base)
  if (name in known || base in known || name ~ /^(COMPOSE|DOCKER|BUILDKIT)_/ || name ~ /^(TZ|[A-Za-z]*_[Pp][Rr][Oo][Xx][Yy])$/) next
  if (name !~ /^[A-Za-z_][A-Za-z0-9_]*$/) {
    print ".env has a line (" FNR ") that is no NAME=value. Right would be such a line, or a # before it."
    next
  }
  nearest = ""
  closest = least(4, length(name) / 3 + 1)
  for (one in known) {
    far = distance(toupper(name), one)
    if (far < closest || (far == closest && one < nearest)) {
      closest = far
      nearest = one
    }
  }
  print ".env has " name ", which nothing reads. Right would be " (nearest == "" ? "a name of docs/settings.md or docs/docker.md." : nearest ".")
}
