/** All that stands in the Caddyfile, block by block, and what each guarantees. */

const API = '{$API_DOMAIN}';
const PROXY = [API, 'handle', 'reverse_proxy'];
const OPERATORS_MAILBOX = 'http://localhost:8005, http://127.0.0.1:8005';
const OPERATORS_GRAFANA = 'http://localhost:3000, http://127.0.0.1:3000';
const PROBLEM =
  'respond `{"type":"/docs#{args[0]}","title":"{args[1]}","status":{args[2]},"detail":"{args[3]}","success":false,"message":"{args[3]}","error":"{args[0]}"}` {args[2]}';
const plainRefusal =
  'import problem https_required "HTTPS is required" 403 "Send it to https, and take what was sent here for known to others."';

/** What it guarantees, the way to the block, all of its lines. */
export const edgeBlocks: readonly [string, readonly string[], readonly string[]][] = [
  [
    'there is the api, its refusal of plain HTTP, the operator’s two pages, a health site, and a web app where one is named',
    [],
    [
      '{',
      '(headers) {',
      '(api_headers) {',
      '(compression) {',
      '(problem) {',
      '(plain) {',
      `${API} {`,
      `http://${API} {`,
      'http://, http://:8005, http://:3000 {',
      `${OPERATORS_MAILBOX} {`,
      `${OPERATORS_GRAFANA} {`,
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
    'the name in TLS is the request’s, and headers are bounded',
    ['', 'servers'],
    ['strict_sni_host on', 'max_header_size 32KiB', 'timeouts {'],
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
  ['what is said of every answer is in headers', ['(headers)'], ['header {']],
  [
    'the four headers are the edge’s own, whatever the api says; two policies are the api’s where it has them; nobody is named',
    ['(headers)', 'header'],
    [
      '>X-Frame-Options DENY',
      '>X-Content-Type-Options nosniff',
      '>X-XSS-Protection "1; mode=block"',
      '>Strict-Transport-Security "max-age=31536000; includeSubDomains"',
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
    'in plain HTTP only reads are sent on',
    ['(plain)'],
    ['header -Server', '@read method GET HEAD', 'handle @read {', 'handle {'],
  ],
  ['reads go to https for good', ['(plain)', 'handle @read'], ['redir https://{host}{uri} 301']],
  ['anything else in plain HTTP is refused and told why', ['(plain)', 'handle'], [plainRefusal]],
  [
    'the api has its headers, compression, a log without its health, a bound of bodies, and what is inside stays there',
    [API],
    [
      'tls {',
      'import api_headers',
      'import compression',
      'log',
      '@health path /health /health/*',
      'log_skip @health',
      'log_append request_id {http.reverse_proxy.header.X-Request-Id}',
      'request_body {',
      'header /static/* {',
      '@inside path /metrics /metrics/* /config /config/*',
      'handle @inside {',
      'handle {',
      'handle_errors {',
    ],
  ],
  ['the api speaks TLS 1.2 and 1.3 only', [API, 'tls'], ['protocols tls1.2 tls1.3']],
  ['a body has a mebibyte at most', [API, 'request_body'], ['max_size 1MiB']],
  [
    'the page’s own files are kept for a year, where they are there',
    [API, 'header /static/*'],
    ['>Cache-Control "public, max-age=31536000, immutable"', 'match status 2xx'],
  ],
  [
    'what is inside is not found',
    [API, 'handle @inside'],
    ['import problem not_found "Not found" 404 "There is nothing here."'],
  ],
  ['what is not inside goes to the apis', [API, 'handle'], ['reverse_proxy {']],
  [
    'only what repeats nothing is tried again, in turn among the apis, within bounds that end before the client gives up',
    PROXY,
    [
      'dynamic a {',
      'lb_policy round_robin',
      'lb_try_duration 10s',
      'lb_try_interval 100ms',
      'lb_retry_match method GET HEAD',
      'lb_retry_match header Idempotency-Key *',
      'fail_duration 1s',
      'request_buffers 8KiB',
      'header_up X-Real-IP {remote_host}',
      'transport http {',
    ],
  ],
  [
    'apis are found each second by the name that is the edge’s network’s only',
    [...PROXY, 'dynamic a'],
    ['name api.edge', 'port {$PORT}', 'refresh 1s', 'versions ipv4'],
  ],
  [
    'an api that does not answer is given up after 30 s, and its connections are left before it closes them',
    [...PROXY, 'transport http'],
    ['dial_timeout 2s', 'response_header_timeout 30s', 'write_timeout 30s', 'read_timeout 35s', 'keepalive 4s'],
  ],
  [
    'an api that is away is told as one, with a time to try again',
    [API, 'handle_errors'],
    [
      'import api_headers',
      'header Retry-After 1',
      'import problem api_unavailable "The api is away" {err.status_code} "No api could answer just now: try again."',
    ],
  ],
  ['the api’s name in plain HTTP is not the api', [`http://${API}`], ['import plain']],
  [
    'a name that is not ours is answered by nothing',
    ['http://, http://:8005, http://:3000'],
    ['header -Server', 'respond 421'],
  ],
  ['the mailbox is there or told as missing', [OPERATORS_MAILBOX], ['reverse_proxy mailbox:8005', 'handle_errors {']],
  [
    'a mailbox that is not there is told as such',
    [OPERATORS_MAILBOX, 'handle_errors'],
    ['respond "There is no mailbox: with AWS keys Amazon SES sends for real." 404'],
  ],
  ['Grafana is behind its own port', [OPERATORS_GRAFANA], ['reverse_proxy grafana:3000']],
  ['health and metrics are on a port of their own', ['http://:9180'], ['respond /health OK', 'metrics /metrics']],
];
