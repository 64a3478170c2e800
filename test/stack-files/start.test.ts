/** What starts with which command, what waits for what, and what counts as healthy. */
import { expect, test } from 'vitest';
import { ADMIN_CONNECTIONS } from '../../services/store/admin-reads.ts';
import { databaseSettings } from '../../services/config/database.ts';
import { compose, each, ofEach } from '../support/stack-files.ts';

const done = { condition: 'service_completed_successfully' };
const healthy = { condition: 'service_healthy' };
/** Of a service that a setting may leave out. */
const healthyIfThere = { ...healthy, required: false };

test('the secrets come first, then the database, the migrations, the programs, the edge', () => {
  expect(ofEach(({ depends_on }) => depends_on)).toEqual(
    each(undefined, {
      folders: { secrets: done },
      postgres: { secrets: done },
      migrate: { secrets: done, postgres: healthyIfThere },
      mailbox: { secrets: done },
      api: { migrate: done, mailbox: healthyIfThere },
      scheduler: { migrate: done, folders: done },
      receiver: { migrate: done, folders: done },
      caddy: { api: healthy },
      grafana: { secrets: done },
      alertmanager: { secrets: done },
    }),
  );
});

const cli = (...words: readonly string[]): readonly string[] => ['node', 'services/cli/main.ts', ...words];

test('each runs its program; only the migrations and the operator have the owner’s hand', () => {
  const retention = ['time=${PROMETHEUS_RETENTION:-30d}', 'size=${PROMETHEUS_RETENTION_SIZE:-4GB}'];
  expect(ofEach(({ command }) => command)).toEqual({
    postgres: expect.any(Array),
    secrets: cli('secrets', '--folder', '/secrets', '--from', '/clone/.env'),
    folders: [
      'install',
      '-d',
      '-o',
      'node',
      '-g',
      'node',
      '-m',
      '700',
      '/var/backups/postgresql',
      '/var/backups/reports',
      '/var/backups/wal',
    ],
    migrate: cli('migrate', '--login'),
    mailbox: ['node', 'services/ses-local/main.ts'],
    api: ['node', 'services/api/main.ts'],
    scheduler: ['node', 'services/scheduler/main.ts'],
    receiver: ['node', 'services/receiver/main.ts'],
    caddy: undefined,
    prometheus: [
      '--config.file=/etc/prometheus/prometheus.yml',
      '--storage.tsdb.path=/prometheus',
      ...retention.map((word) => `--storage.tsdb.retention.${word}`),
      '--web.external-url=http://127.0.0.1:${PROMETHEUS_PORT:-9090}/',
    ],
    alertmanager: [
      '--config.file=/etc/alertmanager/alertmanager.yml',
      '--storage.path=/alertmanager',
      '--enable-feature=receiver-name-in-metrics',
      '--web.external-url=http://127.0.0.1:${ALERTMANAGER_PORT:-9093}/',
    ],
    grafana: undefined,
    cli: ['--help'],
  });
  expect(ofEach(({ entrypoint }) => entrypoint)).toEqual(each(undefined, { cli: cli() }));
});

/** By whom, of what, and how it is asked. */
const probes: Record<string, readonly string[]> = {
  postgres: ['CMD', 'pg_isready', '-q', '-h', '127.0.0.1', '-U', 'postgres'],
  mailbox: nodeProbe("'http://127.0.0.1:8005/health'"),
  api: nodeProbe('`http://127.0.0.1:$${process.env.PORT}/health`'),
  scheduler: nodeProbe("'http://127.0.0.1:9464/health'"),
  receiver: nodeProbe("'http://127.0.0.1:9464/health'"),
  caddy: wgetProbe('9180/health'),
  prometheus: wgetProbe('9090/-/ready'),
  alertmanager: wgetProbe('9093/-/ready'),
  grafana: wgetProbe('3000/api/health'),
};

function nodeProbe(url: string): readonly string[] {
  return ['CMD', 'node', '-e', `fetch(${url}).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`];
}

function wgetProbe(target: string): readonly string[] {
  return ['CMD', 'wget', '-q', '--spider', `http://127.0.0.1:${target}`];
}

test('what goes on running is asked for its health each 10 s, sooner while it starts, and has 5 s to answer', () => {
  const often = { interval: '10s', timeout: '5s', start_interval: '500ms' };
  const long = { start_period: '60s' };
  const short = { start_period: '30s' };
  const patience = Object.fromEntries(
    ['postgres', 'mailbox', 'api', 'scheduler', 'receiver'].map((name) => [name, long]),
  );
  const expected = Object.entries(probes).map(([name, asked]) => [
    name,
    { test: asked, ...often, ...(patience[name] ?? short) },
  ]);
  const once = { secrets: undefined, folders: undefined, migrate: undefined, cli: undefined };
  expect(ofEach(({ healthcheck }) => healthcheck)).toEqual({ ...Object.fromEntries(expected), ...once });
});

test('PostgreSQL runs with the guide’s sizes, and with nothing that loses what was acknowledged or logs an address', () => {
  expect(compose.services.postgres?.command).toEqual([
    'postgres',
    '-cmax_connections=100',
    '-cshared_buffers=256MB',
    '-ceffective_cache_size=1GB',
    '-cshared_preload_libraries=pg_stat_statements',
    '-clog_error_verbosity=terse',
    '-clog_min_error_statement=panic',
    '-chba_file=/etc/sealpost/pg_hba.conf',
    '-cmax_slot_wal_keep_size=2GB',
  ]);
});

test('the connections are enough for three apis, as many beside them in an upgrade, a scheduler and the operator', () => {
  const ofOneProcess = databaseSettings.DB_POOL_MAX.schema.parse(undefined);
  expect(ofOneProcess).toBe(8);
  // Three are kept for the superuser; a metric, a dump, a migration and the receiver's two have one each.
  const ofTheApis = (3 + 3) * (ofOneProcess + ADMIN_CONNECTIONS);
  expect(ofTheApis + (1 + 1) * ofOneProcess + 3 + 5).toBeLessThanOrEqual(100);
});
