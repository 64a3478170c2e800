/** Secrets reach a container as files of its own folder and never as environment; what each program is told beside them. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSecrets } from '../../services/cli/secrets.ts';
import { compose, each, ofEach, yamlOf } from '../support/stack-files.ts';

const app =
  'DATABASE_URL DB_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS OTP_KEYS ERASURE_KEYS REFRESH_TOKEN_SECRET SESSION_SECRET ' +
  'OTEL_EXPORTER_OTLP_HEADERS REDIS_PASSWORD';
const folders: Record<string, readonly string[]> = {
  app: app.split(' '),
  mail: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'SMTP_PASSWORD'],
  database: ['DATABASE_ADMIN_URL'],
  backup: ['BACKUP_DB_PASSWORD'],
  'off-site': ['BACKUP_REPOSITORY_PASSWORD', 'BACKUP_REPOSITORY_KEY_ID', 'BACKUP_REPOSITORY_SECRET_KEY'],
  alertmanager: 'ALERT_WEBHOOK_URL ALERT_SLACK_WEBHOOK_URL ALERT_PAGERDUTY_ROUTING_KEY ALERT_HEARTBEAT_URL'.split(' '),
};
const ofAlertmanager = ['alertmanager.yml', 'mail_password', 'sealpost.tmpl'];

/** Each secret is empty in the environment, whatever .env says, and names its file. */
const asFiles = Object.fromEntries(
  Object.entries(folders).flatMap(([folder, names]) =>
    names.flatMap((name) => [
      [name, ''],
      [`${name}_FILE`, `/run/secrets/${folder}/${name}`],
    ]),
  ),
);

const settings = {
  ...asFiles,
  POSTGRES_PASSWORD: '',
  GRAFANA_PASSWORD: '',
  DB_HOST: 'postgres',
  DB_PORT: 5432,
  DB_SSL: '${DATABASE_URL:+${DB_SSL:-by-url}}',
  PORT: '${PORT:-3001}',
  METRICS_HOST: '0.0.0.0',
  METRICS_PORT: 9464,
  TRUSTED_PROXIES: '${EDGE_SUBNET:-172.31.240.0/24}',
  ERASURE_LEDGER: '/var/lib/sealpost/erasures.jsonl',
  BACKUP_DIR: '/var/backups/postgresql',
  REPORT_DIR: '/var/backups/reports',
  WAL_DIR: '/var/backups/wal',
  MAIL_TEMPLATES: '${MAIL_TEMPLATES:+/etc/sealpost/templates}',
  NODE_EXTRA_CA_CERTS: '${DATABASE_CA:+/etc/sealpost/database-ca.pem}',
  NODE_OPTIONS: '--max-old-space-size=${API_HEAP_MEGABYTES:-768}',
};

const GRAFANA_URL = '${GRAFANA_URL:-http://127.0.0.1:${GRAFANA_PORT:-3000}}';

test('the environment of every container, to the letter: no secret stands in it', () => {
  expect(ofEach(({ environment }) => environment)).toEqual({
    secrets: undefined,
    postgres: {
      POSTGRES_DB: '${DB_NAME:-request_marketplace_prod}',
      POSTGRES_PASSWORD_FILE: '/run/secrets/postgres/POSTGRES_PASSWORD',
      POSTGRES_INITDB_ARGS: '--auth-local=peer --auth-host=scram-sha-256',
    },
    migrate: settings,
    mailbox: {
      HOST: '0.0.0.0',
      AWS_REGION: '${AWS_REGION:-us-east-1}',
      SES_FEEDBACK_URL: 'http://api:${PORT:-3001}/api/ses/notifications',
      SNS_CERTIFICATE_URL: 'http://mailbox:8005/sns.pem',
      AWS_ACCESS_KEY_ID_FILE: '/run/secrets/mail/AWS_ACCESS_KEY_ID',
      AWS_SECRET_ACCESS_KEY_FILE: '/run/secrets/mail/AWS_SECRET_ACCESS_KEY',
    },
    api: settings,
    scheduler: { ...settings, API_DOMAIN: '${API_DOMAIN:-localhost}', EDGE_ADDRESS: 'caddy.metrics:443' },
    receiver: settings,
    caddy: {
      API_DOMAIN: '${API_DOMAIN:-localhost}',
      APP_DOMAIN: '${APP_DOMAIN:-}',
      APP_SITE: '${APP_DOMAIN:+app}',
      ACME_EMAIL: '${ACME_EMAIL:-}',
      PORT: '${PORT:-3001}',
      HTTPS_PORT: '${HTTPS_PORT:-443}',
      OUTER_PROXIES: '${OUTER_PROXIES:-}',
    },
    grafana: {
      GF_SECURITY_ADMIN_PASSWORD__FILE: '/run/secrets/grafana/GRAFANA_PASSWORD',
      GF_SERVER_ROOT_URL: GRAFANA_URL,
      GF_USERS_ALLOW_SIGN_UP: 'false',
      GF_ANALYTICS_REPORTING_ENABLED: 'false',
      GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
      GF_PLUGINS_PREINSTALL_DISABLED: 'true',
    },
    cli: { ...settings, HOST: 'api', ALERTMANAGER_URL: 'http://alertmanager:9093' },
    folders: undefined,
    prometheus: { API_DOMAIN: '${API_DOMAIN:-localhost}', GRAFANA_URL },
    alertmanager: { MADE_OF: expect.stringContaining('${ALERT_WEBHOOK_URL:+webhook}') },
  });
});

test('.env reaches the programs of ours alone, and not the mailbox; it may be missing', () => {
  const env = [{ path: '.env', required: false }];
  const programs = { migrate: env, api: env, scheduler: env, receiver: env, cli: env };
  const none = { secrets: [], mailbox: [], folders: [] };
  expect(ofEach(({ env_file }) => env_file)).toEqual(each(undefined, { ...programs, ...none }));
});

test('the folders that are mounted hold just the files that are named, so that no secret is looked for in vain', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-folders-'));
  try {
    writeSecrets(folder, {});
    for (const [reader, names] of Object.entries(folders)) {
      const files = reader === 'alertmanager' ? [...names, ...ofAlertmanager] : names;
      expect(readdirSync(join(folder, reader)).toSorted(), reader).toEqual([...files].toSorted());
    }
    // What was made is kept where nothing is mounted.
    expect(readdirSync(folder).toSorted()).toEqual([
      'alertmanager',
      'app',
      'backup',
      'database',
      'grafana',
      'made',
      'mail',
      'off-site',
      'postgres',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every secret that is written to a file is empty in the environment of whoever has .env', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-written-'));
  try {
    writeSecrets(folder, {});
    const readers = readdirSync(folder).filter((name) => name !== 'made');
    const all = readers.flatMap((reader) => readdirSync(join(folder, reader)));
    const written = all.filter((name) => !ofAlertmanager.includes(name));
    expect(written.length).toBeGreaterThan(13);
    for (const [name, { env_file: files, environment }] of Object.entries(compose.services)) {
      if (!Array.isArray(files) || files.length === 0) continue;
      for (const secret of written) expect(environment, `${name} ${secret}`).toHaveProperty(secret, '');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const modes = (service: string): object => ({ file: 'compose.modes.yaml', service });

test('a setting turns the own PostgreSQL and the mailbox off, and the way of the mails with it', () => {
  const mailing = modes('mailing${AWS_ACCESS_KEY_ID:+-by-amazon}');
  expect(ofEach((service) => service.extends)).toEqual(
    each(undefined, {
      postgres: modes('${DATABASE_URL:+un}used'),
      mailbox: modes('${AWS_ACCESS_KEY_ID:+un}used'),
      api: mailing,
      scheduler: mailing,
      receiver: modes('${DATABASE_URL:+un}used'),
      cli: mailing,
      alertmanager: modes('alerting${ALERTMANAGER_FOLDER:+-by-own-file}'),
    }),
  );
  const target = '/etc/alertmanager';
  expect(yamlOf('compose.modes.yaml')).toEqual({
    services: {
      used: {},
      unused: { scale: 0 },
      mailing: {
        environment: {
          SES_ENDPOINT: 'http://mailbox:8005',
          SES_FROM_EMAIL: '${SES_FROM_EMAIL:-noreply@example.com}',
          SES_TOPIC_ARNS: 'arn:aws:sns:us-east-1:000000000000:local-ses',
          SNS_CERTIFICATE_URL: 'http://mailbox:8005/sns.pem',
        },
      },
      'mailing-by-amazon': {},
      alerting: {
        volumes: [{ type: 'volume', source: 'secrets', target, read_only: true, volume: { subpath: 'alertmanager' } }],
      },
      'alerting-by-own-file': {
        volumes: [
          {
            type: 'bind',
            source: '${ALERTMANAGER_FOLDER:-./compose.modes.yaml}',
            target,
            read_only: true,
            bind: { create_host_path: false },
          },
        ],
      },
    },
  });
  expect(compose.name).toBe('sealpost');
});
