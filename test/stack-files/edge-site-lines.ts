/** What stands in the sites of the Caddyfile, block by block, and what each block guarantees. */
import type { EdgeBlock } from './edge-lines.ts';

const API = '{$API_DOMAIN}';
const PROXY = [API, 'handle', 'reverse_proxy'];
const operators = (port: number): string => `http://localhost:${port}, http://127.0.0.1:${port}`;

export const siteBlocks: readonly EdgeBlock[] = [
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
      '@unsized not header Content-Length *',
      'request_body @unsized {',
      'header /static/* {',
      '@inside path /metrics /metrics/* /config /config/*',
      'handle @inside {',
      'handle {',
      'handle_errors {',
    ],
  ],
  ['the api speaks TLS 1.2 and 1.3 only', [API, 'tls'], ['protocols tls1.2 tls1.3']],
  ['a body has a mebibyte at most', [API, 'request_body'], ['max_size 1MiB']],
  ['a body of no stated size has 16 KiB at most', [API, 'request_body @unsized'], ['max_size 16KiB']],
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
  [
    'what is not inside goes to the apis once its body is known to be whole and not too long',
    [API, 'handle'],
    [
      '@short expression <<CEL',
      '{http.request.header.Content-Length}.matches("^[0-9]{1,5}$")',
      '&& size(bytes({http.request.body})) < int({http.request.header.Content-Length})',
      'CEL',
      '@late expression <<CEL',
      '{http.request.header.Content-Length} == ""',
      '&& size(bytes({http.request.body})) >= 0 && double({http.request.duration_ms}) > 19500.0',
      'CEL',
      '@long expression <<CEL',
      '{http.request.header.Content-Length}.matches("^[0-9]{7,}$") && double({http.request.header.Content-Length}) > 1048576.0',
      '|| {http.request.header.Content-Length} == "" && size(bytes({http.request.body})) >= 16384',
      'CEL',
      'error @short 408',
      'error @late 408',
      'error @long 413',
      'reverse_proxy {',
    ],
  ],
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
      'header_up X-Forwarded-For {client_ip}',
      'header_up X-Real-IP {client_ip}',
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
    'each error of the edge is told as what it is',
    [API, 'handle_errors'],
    [
      'import api_headers',
      '@late expression {err.status_code} == 408',
      'handle @late {',
      '@long expression {err.status_code} == 413',
      'handle @long {',
      '@away expression {err.status_code} in [502, 503]',
      'handle @away {',
      '@slow expression {err.status_code} == 504',
      'handle @slow {',
      'handle {',
    ],
  ],
  [
    'a body that is late is told as such',
    [API, 'handle_errors', 'handle @late'],
    [
      'import problem request_timeout "Request timeout" 408 "The body did not arrive whole within 30 seconds, or 20 where no Content-Length says its size."',
    ],
  ],
  [
    'a body that is too long is told as such',
    [API, 'handle_errors', 'handle @long'],
    [
      'import problem body_too_large "Body too large" 413 "The body must not exceed 1 MiB, or 16 KiB where no Content-Length says its size."',
    ],
  ],
  [
    'an api that is away is told as one, with a time to try again',
    [API, 'handle_errors', 'handle @away'],
    [
      'header Retry-After 1',
      'import problem api_unavailable "The api is away" {err.status_code} "No api could answer just now: try again."',
    ],
  ],
  [
    'an api that takes too long may still do what was asked, and that is told',
    [API, 'handle_errors', 'handle @slow'],
    [
      'header Retry-After 1',
      'import problem api_timeout "The api is slow" 504 "No api answered within 30 seconds: what was asked may still be done."',
    ],
  ],
  [
    'any other is told as the edge’s own',
    [API, 'handle_errors', 'handle'],
    ['import problem internal_error "Internal error" 500 "Something went wrong at the edge; its log says what."'],
  ],
  ['the api’s name in plain HTTP is not the api', [`http://${API}`], ['import plain']],
  [
    'a name that is not ours is no page',
    ['http://, http://:8005, http://:3000, http://:9090, http://:9093'],
    ['import unknown_host'],
  ],
  ['nor by https', ['https://'], ['import unknown_host', 'handle_errors {']],
  [
    'a name that is not its TLS connection’s is told as such',
    ['https://', 'handle_errors'],
    [`import headers no-referrer "default-src 'none'"`, 'import unknown_host'],
  ],
  ['the mailbox is there or told as missing', [operators(8005)], ['reverse_proxy mailbox:8005', 'handle_errors {']],
  [
    'a mailbox that is not there is told as such',
    [operators(8005), 'handle_errors'],
    [
      'respond "The mailbox does not answer. With AWS keys there is none: Amazon SES sends for real." {err.status_code}',
    ],
  ],
  [
    'Grafana is behind its own port, and before it the runbooks and the documents',
    [operators(3000)],
    [
      '@runbooks path /runbooks',
      'vars @runbooks document /prometheus/README.md',
      '@document {',
      'vars @document document {re.document.0}',
      '@page vars_regexp document .',
      'handle @page {',
      '@picture path /docs/*.png /docs/*/*.png',
      'handle @picture {',
      'import of_the_operator grafana:3000',
    ],
  ],
  [
    'a document is one that is there, in docs/ itself',
    [operators(3000), '@document'],
    ['path_regexp document ^/docs/[a-z-]+\\.md$', 'file {'],
  ],
  ['and is looked for among what is mounted', [operators(3000), '@document', 'file'], ['root /srv/pages']],
  [
    'each is shown as a page',
    [operators(3000), 'handle @page'],
    ['root /etc/caddy/pages', 'rewrite /page.html', 'templates {', 'file_server'],
  ],
  ['that reads what is mounted and nothing else', [operators(3000), 'handle @page', 'templates'], ['root /srv/pages']],
  ['with its pictures', [operators(3000), 'handle @picture'], ['root /srv/pages', 'file_server']],
  ['Prometheus is behind its own port', [operators(9090)], ['import of_the_operator prometheus:9090']],
  ['Alertmanager is behind its own port', [operators(9093)], ['import of_the_operator alertmanager:9093']],
  ['health and metrics are on a port of their own', ['http://:9180'], ['respond /health OK', 'metrics /metrics']],
];
