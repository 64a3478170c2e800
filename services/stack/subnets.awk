# Of the networks in the input (name, project, subnets) the first of another project that overlaps `subnet`; IPv4 only.
function number(address,   part) {
  split(address, part, ".")
  return ((part[1] * 256 + part[2]) * 256 + part[3]) * 256 + part[4]
}
function overlaps(one, other,   a, b, size) {
  split(one, a, "/")
  split(other, b, "/")
  size = 2 ^ (32 - (a[2] < b[2] ? a[2] + 0 : b[2] + 0))
  return int(number(a[1]) / size) == int(number(b[1]) / size)
}
$2 != own {
  for (n = 3; n <= NF; n++) {
    if ($n ~ /^[0-9.]+\/[0-9]+$/ && overlaps($n, subnet)) {
      print "the network " $1 " has " $n
      exit
    }
  }
}
