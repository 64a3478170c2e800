/** What compose.yaml denies every container and gives to some: read from the file, expected by hand, service by service. */
import { describe, expect, test } from 'vitest';
import { compose, each, ofEach } from '../support/stack-files.ts';

/** Of which commit the image is, for its label. */
const commit = { COMMIT: '${SEALPOST_COMMIT:-}' };
const ours = 'sealpost:${SEALPOST_VERSION:-0.1.0}';
/** Of a program of ours. */
const TMP = ['/tmp:mode=1777,size=64m,noexec,nosuid,nodev'];
const backups = { type: 'bind', source: '${BACKUP_DIR:-./backups}', target: '/var/backups' };
const offSite = { type: 'bind', source: '${OFF_SITE_DIR:-${BACKUP_DIR:-./backups}}', target: '/mnt/off-site' };
/** What the operator names, which the engine does not make where it is missing. */
const named = (source: string, target: string): object => ({
  type: 'bind',
  source,
  target,
  read_only: true,
  bind: { create_host_path: false },
});
const programs = ['secrets', 'folders', 'migrate', 'mailbox', 'api', 'scheduler', 'receiver', 'cli'];
const ofPrograms = (value: unknown): Record<string, unknown> =>
  Object.fromEntries(programs.map((name) => [name, value]));

/** The folder of the secrets for one kind of reader. */
const secret = (reader: string): object => ({
  type: 'volume',
  source: 'secrets',
  target: `/run/secrets/${reader}`,
  read_only: true,
  volume: { subpath: reader },
});
const secrets = (readers: string): readonly object[] => readers.split(' ').map(secret);

/** Everything that is said of a service anywhere; a key that is not here has no row in these tests. */
const known = new Set(
  [
    'build cap_add cap_drop command depends_on entrypoint env_file environment extends healthcheck image init logging',
    'mem_limit network_mode networks pids_limit ports profiles pull_policy read_only restart scale security_opt shm_size',
    'stop_grace_period tmpfs user volumes',
  ]
    .join(' ')
    .split(' '),
);

const rules: readonly [string, string, Record<string, unknown>][] = [
  ['cannot write to its image', 'read_only', each(true)],
  ['has no capability of Docker’s usual ones', 'cap_drop', each(['ALL'])],
  [
    'has none given back, but PostgreSQL those of its start, Caddy that of low ports, what reads .env that of files, and what makes a folder those of that',
    'cap_add',
    each(undefined, {
      postgres: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'],
      caddy: ['NET_BIND_SERVICE'],
      secrets: ['DAC_OVERRIDE'],
      folders: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'],
    }),
  ],
  [
    'is of the user of its image, but what reads the operator’s .env or makes a folder',
    'user',
    each(undefined, { secrets: '0:0', folders: '0:0' }),
  ],
  ['gains no privilege by a program that it starts', 'security_opt', each(['no-new-privileges:true'])],
  ['has at most 256 processes', 'pids_limit', each(256)],
  ['has a first process that reaps the others', 'init', each(true)],
  [
    'logs at most 30 files of 10 MB',
    'logging',
    each({ driver: 'json-file', options: { 'max-size': '10m', 'max-file': '30', compress: 'true' } }),
  ],
  [
    'is started again unless it was stopped; what runs once is not',
    'restart',
    each('unless-stopped', { secrets: 'no', folders: 'no', migrate: 'no', cli: 'no' }),
  ],
  [
    'has a limit of memory',
    'mem_limit',
    {
      secrets: '384m',
      folders: '64m',
      postgres: '${POSTGRES_MEMORY:-1g}',
      migrate: '256m',
      mailbox: '512m',
      api: '${API_MEMORY:-1g}',
      scheduler: '${API_MEMORY:-1g}',
      caddy: '256m',
      prometheus: '512m',
      alertmanager: '128m',
      grafana: '512m',
      receiver: '256m',
      cli: '1g',
    },
  ],
  [
    'has a place for passing files where it needs one, for any user, and nothing there is run',
    'tmpfs',
    each(undefined, {
      ...ofPrograms(TMP),
      scheduler: [...TMP, '/var/lib/postgresql:mode=1777,size=1m'],
      receiver: [...TMP, '/var/lib/postgresql:mode=1777,size=1m'],
      cli: [...TMP, '/var/lib/postgresql:mode=1777,size=1m'],
      postgres: ['/tmp', '/var/run/postgresql'],
      caddy: ['/run/caddy:mode=700'],
      grafana: ['/tmp'],
    }),
  ],
  [
    'has the time to end what it has begun',
    'stop_grace_period',
    each(undefined, { ...ofPrograms('30s'), postgres: '60s', caddy: '30s' }),
  ],
  ['shares no memory; PostgreSQL has enough of it', 'shm_size', each(undefined, { postgres: '128m' })],
  [
    'is of a version that is named',
    'image',
    {
      ...ofPrograms(ours),
      scheduler: 'sealpost-tools:${SEALPOST_VERSION:-0.1.0}',
      receiver: 'sealpost-tools:${SEALPOST_VERSION:-0.1.0}',
      cli: 'sealpost-tools:${SEALPOST_VERSION:-0.1.0}',
      postgres: 'postgres:18',
      caddy: 'caddy:2',
      prometheus: 'prom/prometheus:v3.5.3',
      alertmanager: 'prom/alertmanager:v0.33.1',
      grafana: 'grafana/grafana:latest',
    },
  ],
  [
    'of ours is made here and never looked for elsewhere',
    'pull_policy',
    each(undefined, { ...ofPrograms('never'), secrets: 'missing', scheduler: 'missing' }),
  ],
  [
    'is built from the root, each image by one service',
    'build',
    each(undefined, {
      secrets: { context: '.', dockerfile: 'services/Dockerfile', target: 'programs', args: commit },
      scheduler: { context: '.', dockerfile: 'services/Dockerfile', target: 'tools', args: commit },
    }),
  ],
  ['but for the command line starts with the stack', 'profiles', each(undefined, { cli: ['cli'] })],
  ['is one, but the apis as many as asked for', 'scale', each(undefined, { api: '${API_REPLICAS:-1}' })],
];

describe('every container', () => {
  test('is one of thirteen, and nothing is said of it that is not looked at', () => {
    expect(Object.keys(compose.services)).toEqual(
      'secrets folders postgres migrate mailbox api scheduler receiver caddy prometheus alertmanager grafana cli'.split(
        ' ',
      ),
    );
    const unknown = ofEach((service) => Object.keys(service).filter((key) => !known.has(key)));
    expect(unknown).toEqual(each([]));
  });

  test.each(rules)('%s', (_, key, expected) => {
    expect(ofEach((service) => service[key])).toEqual(expected);
  });

  test('has the folders and volumes that are its own: of the machine it writes the backups, and the engine is none of them', () => {
    const authority = named('${DATABASE_CA:-./compose.modes.yaml}', '/etc/sealpost/database-ca.pem');
    const templates = named('${MAIL_TEMPLATES:-./caddy/web}', '/etc/sealpost/templates');
    const ledger = 'ledger:/var/lib/sealpost';
    const logs = 'logs:/var/log/request-marketplace';
    const clone = { type: 'bind', source: '.', target: '/clone', read_only: true };
    const ofTools = [authority, backups, offSite];
    expect(ofEach(({ volumes }) => volumes)).toEqual({
      secrets: ['secrets:/secrets', 'caddy_data:/edge', clone, backups],
      folders: [backups],
      postgres: ['database:/var/lib/postgresql', './services/backup/postgresql:/etc/sealpost:ro', secret('postgres')],
      migrate: [secret('app'), secret('database'), secret('backup'), authority],
      mailbox: [secret('mail')],
      api: [secret('app'), secret('mail'), ledger, templates, authority, logs],
      scheduler: [...secrets('app mail backup off-site'), ...ofTools, `${ledger}:ro`, logs],
      receiver: [secret('backup'), backups, logs],
      caddy: [
        './caddy:/etc/caddy:ro',
        named('${WEB_ROOT:-./caddy/web}', '/srv/web'),
        './prometheus:/srv/pages/prometheus:ro',
        './docs:/srv/pages/docs:ro',
        'caddy_data:/data',
        'caddy_config:/config',
      ],
      prometheus: ['./prometheus:/etc/prometheus:ro', 'prometheus:/prometheus'],
      alertmanager: [secret('alertmanager'), 'alertmanager:/alertmanager'],
      grafana: [
        './grafana/provisioning:/etc/grafana/provisioning:ro',
        './grafana/dashboards:/etc/grafana/dashboards:ro',
        'grafana:/var/lib/grafana',
        secret('grafana'),
      ],
      cli: [...secrets('app mail database backup off-site alertmanager'), ledger, templates, ...ofTools],
    });
    const volumes = 'secrets database caddy_data caddy_config prometheus alertmanager grafana ledger logs'.split(' ');
    expect(compose.volumes).toEqual(Object.fromEntries(volumes.map((name) => [name, {}])));
  });
});
