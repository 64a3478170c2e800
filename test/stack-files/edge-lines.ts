/** What stands in the Caddyfile before its sites, block by block, and what each block guarantees. */

const PROBLEM =
  'respond `{"type":"/docs#{args[0]}","title":"{args[1]}","status":{args[2]},"detail":"{args[3]}","success":false,"message":"{args[3]}","error":"{args[0]}"}` {args[2]}';
const unknownHost =
  'import problem unknown_host "Unknown host" 421 "Nothing is served under this host name: use the name that this server is set up for."';
const plainRefusal =
  'import problem https_required "HTTPS is required" 403 "Send it to https, and take what was sent here for known to others."';

/** What it guarantees, the way to the block, all of its lines. */
export type EdgeBlock = readonly [string, readonly string[], readonly string[]];

export const edgeBlocks: readonly EdgeBlock[] = [
  [
    'there is the api, its refusal of plain HTTP and of other names, the operator’s four pages, a health site, and a web app where one is named',
    [],
    [
      '{',
      '(published) {',
      '(headers) {',
      '(api_headers) {',
      '(compression) {',
      '(problem) {',
      '(of_the_operator) {',
      '(unknown_host) {',
      '(plain) {',
      '{$API_DOMAIN} {',
      'http://{$API_DOMAIN} {',
      'http://, http://:8005, http://:3000, http://:9090, http://:9093 {',
      'https:// {',
      'http://localhost:8005, http://127.0.0.1:8005 {',
      'http://localhost:3000, http://127.0.0.1:3000 {',
      'http://localhost:9090, http://127.0.0.1:9090 {',
      'http://localhost:9093, http://127.0.0.1:9093 {',
      'http://:9180 {',
      'import sites.d/{$APP_SITE}.caddy*',
    ],
  ],
  [
    'its own configuration has no port, redirects are ours, a reload ends within 10 s, no client’s word is trusted',
    [''],
    [
      'admin unix//run/caddy/admin.sock',
      'auto_https disable_redirects',
      'email "{$ACME_EMAIL}"',
      'metrics',
      'skip_install_trust',
      'grace_period 10s',
      'servers {',
      'log {',
      'import global.d/*.caddy',
    ],
  ],
  [
    'the name in TLS is the request’s, only outer proxies that are named speak for a client, and headers are bounded',
    ['', 'servers'],
    [
      'strict_sni_host on',
      'trusted_proxies static {$OUTER_PROXIES}',
      'trusted_proxies_strict',
      'max_header_size 64KiB',
      'timeouts {',
    ],
  ],
  [
    'who is slow is not waited for, and what stands behind has ended before the edge gives up',
    ['', 'servers', 'timeouts'],
    ['read_header 10s', 'read_body 30s', 'write 70s', 'idle 2m'],
  ],
  ['what is logged is chosen by one filter', ['', 'log'], ['format filter {']],
  [
    'no path, header or TLS name is logged, and of an address its network only',
    ['', 'log', 'format filter'],
    [
      'request>uri delete',
      'request>headers delete',
      'resp_headers delete',
      'request>tls delete',
      'request>remote_ip ip_mask 24 48',
      'request>client_ip ip_mask 24 48',
    ],
  ],
  [
    'clients are told the port of HTTPS that is published; a redirect leaves the usual one out',
    ['(published)'],
    ['map {$HTTPS_PORT} {https_port} {redirect_port} {'],
  ],
  [
    'the published port is HTTPS_PORT’s, whatever address stands before it',
    ['(published)', 'map {$HTTPS_PORT} {https_port} {redirect_port}'],
    ['~^(?:.*:)?443$ :443 ""', '~(\\d+)$ ":${1}" ":${1}"'],
  ],
  ['what is said of every answer is in headers', ['(headers)'], ['import published', 'header {']],
  [
    'the four headers are the edge’s own, whatever the api says; HTTP/3 is at the published port; two policies are the api’s where it has them; nobody is named',
    ['(headers)', 'header'],
    [
      '>X-Frame-Options DENY',
      '>X-Content-Type-Options nosniff',
      '>X-XSS-Protection "1; mode=block"',
      '>Strict-Transport-Security "max-age=31536000; includeSubDomains"',
      '>Alt-Svc :443 {https_port}',
      '?Referrer-Policy {args[0]}',
      '?Content-Security-Policy {args[1]}',
      '-Server',
      '-Via',
    ],
  ],
  [
    'an answer of the api loads nothing, sends nothing and is framed by nobody',
    ['(api_headers)'],
    [`import headers no-referrer "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"`],
  ],
  ['an answer is compressed as its reader can read it', ['(compression)'], ['encode zstd gzip {']],
  ['what has a kibibyte is compressed', ['(compression)', 'encode zstd gzip'], ['minimum_length 1024']],
  [
    'a refusal of the edge’s own is a problem like every other, and never kept',
    ['(problem)'],
    ['header Content-Type application/problem+json', 'header Cache-Control no-store', `${PROBLEM} {`],
  ],
  ['and its connection is over', ['(problem)', PROBLEM], ['close']],
  [
    'a page of the operator’s is what stands behind it, or said to be away',
    ['(of_the_operator)'],
    ['reverse_proxy {args[0]}', 'handle_errors {'],
  ],
  [
    'who is away is named, with where to look',
    ['(of_the_operator)', 'handle_errors'],
    ['respond "{args[0]} does not answer: docker compose ps shows whether it runs." {err.status_code}'],
  ],
  ['a name that is not ours is told as such', ['(unknown_host)'], ['header -Server', unknownHost]],
  [
    'in plain HTTP only reads are sent on',
    ['(plain)'],
    ['header -Server', 'import published', '@read method GET HEAD', 'handle @read {', 'handle {'],
  ],
  ['reads go to https for good', ['(plain)', 'handle @read'], ['redir https://{host}{redirect_port}{uri} 301']],
  ['anything else in plain HTTP is refused and told why', ['(plain)', 'handle'], [plainRefusal]],
];
