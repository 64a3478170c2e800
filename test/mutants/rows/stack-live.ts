/** Faults that the running stack shows: `npm run mutants -- --stack`. */
import { mutantsOf } from '../file-rows.ts';

export const stackLiveMutants = [
  ...mutantsOf('caddy/Caddyfile', 'test/stack/edge-alone.test.ts', [
    [
      'a key does not make a request one to be sent again',
      ['I21'],
      '\t\t\tlb_retry_match header Idempotency-Key *\n',
      '',
      'a POST with an Idempotency-Key is tried again',
    ],
    [
      'a guess is sent again where its connection breaks',
      ['I21', 'T2'],
      'lb_retry_match method GET HEAD',
      'lb_retry_match method GET HEAD POST',
      'POST without a key is told as failed',
    ],
    [
      'what a client says of its own address is handed on',
      ['T16'],
      '\t\tstrict_sni_host on\n',
      '\t\tstrict_sni_host on\n\t\ttrusted_proxies static private_ranges\n',
      'it hears the connection',
    ],
    [
      'bodies of any size reach the api',
      ['T29'],
      '\trequest_body {\n\t\tmax_size 1MiB\n\t}\n',
      '',
      'a body of more than a mebibyte',
    ],
    ['metrics are asked of the api', ['T22'], '@inside path /metrics /metrics/* ', '@inside path ', '/metrics/x'],
    [
      'the api may let itself be framed',
      ['T28'],
      '>X-Frame-Options DENY',
      '?X-Frame-Options DENY',
      'the four headers are the edge',
    ],
  ]),
  ...mutantsOf('caddy/Caddyfile', 'test/stack/edge-errors.test.ts', [
    [
      'a body that stops half way is answered by nothing',
      ['T29', 'T32'],
      '\t\terror @short 408\n\t\terror @late 408\n',
      '',
      'that stops half way is late',
    ],
    [
      'HTTP/3 is offered where nobody listens',
      ['T28'],
      '\t\t>Alt-Svc :443 {https_port}\n',
      '',
      'is where reads are redirected to',
    ],
  ]),
  ...mutantsOf('caddy/Caddyfile', 'test/stack/one-stack.test.ts', [
    [
      'another site’s page may read the mailbox by a name of its own',
      ['T22'],
      'http://localhost:8005, http://127.0.0.1:8005 {',
      'http://localhost:8005, http://127.0.0.1:8005, http://*.example.com:8005 {',
      'the mailbox answers its own name only',
    ],
  ]),
  ...mutantsOf('compose.yaml', 'test/stack/one-stack.test.ts', [
    [
      'whoever reaches the database is its owner',
      ['T24', 'T26'],
      '--auth-host=scram-sha-256',
      '--auth-host=trust',
      'a login without the password is refused',
    ],
  ]),
  ...mutantsOf('compose.yaml', 'test/stack/outside.test.ts', [
    [
      'Grafana answers from outside',
      ['I23', 'T22'],
      '127.0.0.1:${GRAFANA_PORT:-3000}:3000',
      '${GRAFANA_PORT:-3000}:3000',
      'only 80 and 443 of the host answer',
    ],
  ]),
  ...mutantsOf('compose.yaml', 'test/stack/survive.test.ts', [
    [
      'a killed process stays away',
      ['I22'],
      '  restart: unless-stopped\n',
      "  restart: 'no'\n",
      'every service comes back healthy',
    ],
  ]),
  ...mutantsOf('sealpost', 'test/stack/upgrade.test.ts', [
    ['--check migrates', ['I24', 'F18'], 'cli migrate --check', 'cli migrate', 'says what would come'],
  ]),
  ...mutantsOf('compose.yaml', 'test/stack/elsewhere.test.ts', [
    [
      'whoever answers for another database is believed',
      ['T28'],
      '${DB_SSL:-by-url}',
      '${DB_SSL:-require}',
      'a certificate of an authority that is not named',
    ],
  ]),
];
