/** What holds where nothing is set, setting by setting, and what the files say of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chapters, problemsOf, settingsAsEnvironmentFile, settingsAsMarkdown } from '../../services/config/all.ts';
import { guideUses } from '../../services/config/guide.ts';
import { readSettings, type SettingsTable } from '../../services/runtime/settings.ts';

const every: SettingsTable = Object.assign({}, ...Object.values(chapters));
const read = (name: string): string => readFileSync(join(import.meta.dirname, '../..', name), 'utf8');

const secrets = [
  'ALERT_HEARTBEAT_URL',
  'ALERT_PAGERDUTY_ROUTING_KEY',
  'ALERT_SLACK_WEBHOOK_URL',
  'ALERT_WEBHOOK_URL',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'BACKUP_DB_PASSWORD',
  'BACKUP_REPOSITORY_KEY_ID',
  'BACKUP_REPOSITORY_PASSWORD',
  'BACKUP_REPOSITORY_SECRET_KEY',
  'DATABASE_ADMIN_URL',
  'DATABASE_URL',
  'DB_PASSWORD',
  'ERASURE_KEYS',
  'JWT_SECRET',
  'JWT_SECRET_PREVIOUS',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTP_KEYS',
  'REDIS_PASSWORD',
  'REFRESH_TOKEN_SECRET',
  'SESSION_SECRET',
  'SMTP_PASSWORD',
];

const plain = [
  'ALERTMANAGER_URL',
  'ALERT_EMAIL_FROM',
  'BACKUP_DIR',
  'BACKUP_REPOSITORY',
  'EDGE_ADDRESS',
  'ERASURE_LEDGER',
  'JWT_AUDIENCE',
  'JWT_ISSUER',
  'JWT_JWKS_URL',
  'LOG_FILE',
  'MAIL_AUTOFILL_DOMAIN',
  'MAIL_TEMPLATES',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'REDIS_HOST',
  'REPORT_DIR',
  'REPORT_EMAIL',
  'SES_ENDPOINT',
  'SMTP_HOST',
  'SMTP_USER',
  'SNS_CERTIFICATE_URL',
  'WAL_DIR',
];

const defaults = {
  NODE_ENV: 'development',
  HOST: '0.0.0.0',
  PORT: 3001,
  METRICS_HOST: '127.0.0.1',
  METRICS_PORT: 9464,
  DB_HOST: 'localhost',
  DB_PORT: 5432,
  DB_NAME: 'request_marketplace_prod',
  DB_USER: 'request_app',
  DB_SSL: undefined,
  DB_POOL_MAX: 8,
  JWT_ALGORITHMS: ['EdDSA', 'Ed25519', 'ES256', 'RS256'],
  JWT_USER_CLAIMS: ['userId', 'sub'],
  JWT_ROLE_CLAIMS: ['roles', 'role'],
  JWT_EXPIRES_IN: '24h',
  ADMIN_ROLES: ['admin', 'super_admin', 'country_admin'],
  SERVICE_ROLES: [],
  JWT_TRUST_EMAIL: false,
  REFRESH_TOKEN_EXPIRES_IN: '7d',
  BACKUP_KEEP_DAYS: 30,
  WAL_KEEP_DAYS: 7,
  BCRYPT_ROUNDS: 12,
  MAIL_TRANSPORT: 'ses',
  AWS_REGION: 'us-east-1',
  SES_FROM_NAME: 'Sealpost',
  SMTP_PORT: 587,
  SMTP_TLS: 'starttls',
  SMTP_RATE_PER_SECOND: 10,
  MAIL_LOCALE: 'en',
  SES_TOPIC_ARNS: [],
  MAIL_BOUNCE_PERCENT_MAX: 5,
  MAIL_COMPLAINT_PERCENT_MAX: 0.3,
  EMAIL_OTP_EXPIRES_IN: 600,
  EMAIL_OTP_EXPIRES_FORCE: false,
  EMAIL_OTP_MAX_ATTEMPTS: 3,
  EMAIL_OTP_LENGTH: 6,
  EMAIL_RESEND_COOLDOWN: 60,
  EMAIL_RATE_LIMIT_PER_HOUR: 5,
  EMAIL_RATE_LIMIT_PER_DAY: 20,
  EMAIL_RATE_LIMIT_PER_USER_HOUR: 10,
  EMAIL_RATE_LIMIT_ALL_PER_MINUTE: 3000,
  EMAIL_PURPOSES: ['verification', 'business', 'driver'],
  EMAIL_RATE_LIMIT_USER_SHARE_PER_HOUR: 2,
  EMAIL_RATE_LIMIT_USER_SHARE_PER_DAY: 8,
  EMAIL_WRONG_GUESSES_MAX: 20,
  EMAIL_WRONG_GUESSES_PER_USER_MAX: 10,
  TRUSTED_PROXIES: [],
  RATE_LIMIT_WINDOW_MS: 900_000,
  RATE_LIMIT_MAX_REQUESTS: 100,
  RATE_LIMIT_PER_SECOND: 10,
  RATE_LIMIT_BURST: 20,
  LOG_LEVEL: 'info',
  OTEL_TRACES_SAMPLER_ARG: 1,
  ALERT_ERRORS_PER_THOUSAND: 1,
  ALERT_SLOW_MILLISECONDS: 1000,
  ALERT_MAIL_WAIT_SECONDS: 120,
  ALERT_SES_QUOTA_PERCENT: 80,
  ALERT_WRONG_CODES_PERCENT: 50,
  ALERT_CONNECTIONS_PERCENT: 80,
  ALERT_DISK_PERCENT: 85,
  ALERT_CERTIFICATE_DAYS: 14,
  ALERT_BACKUP_HOURS: 26,
  ALERT_CLOCK_SECONDS: 2,
  ALERT_EMAIL_TO: [],
  CORS_ORIGIN: [],
  CORS_CREDENTIALS: false,
  API_DOMAIN: 'localhost',
  DNS_SERVERS: [],
  REDIS_PORT: 6379,
  SEALPOST_DATA: '.data',
  MAILBOX_PORT: 8005,
  SEALPOST_MAIL_RATE: 200,
};

test('where nothing is set but the sender, every setting has its default, and no secret has one', () => {
  const absent = Object.fromEntries([...secrets, ...plain].map((name) => [name, undefined]));
  const settings = readSettings(every, { SES_FROM_EMAIL: 'noreply@example.com' });
  expect(settings).toStrictEqual({ ...absent, ...defaults, SES_FROM_EMAIL: 'noreply@example.com' });
});

test('exactly these are secret: no message shows them, and each may come from a file', () => {
  const named = Object.entries(every).filter(([, one]) => one.secret);
  expect(named.map(([name]) => name).toSorted()).toEqual(secrets);
});

test.each(Object.keys(defaults))('%s: an empty value and blanks are as if it were absent', (name) => {
  for (const nothing of ['', ' ', '\t \n']) {
    const found = readSettings(every, { SES_FROM_EMAIL: 'noreply@example.com', [name]: nothing });
    expect(found[name]).toEqual(defaults[name as keyof typeof defaults]);
  }
});

test('.env.example and the tables of docs/settings.md are what the code says', () => {
  expect(settingsAsEnvironmentFile()).toBe(read('.env.example'));
  expect(read('docs/settings.md')).toContain(settingsAsMarkdown());
});

test("the guide's 32 variables are all there: 27 used, one adapted, four not needed", () => {
  const uses = Object.entries(guideUses);
  expect(uses.filter(([, use]) => use === 'used')).toHaveLength(27);
  expect(uses.filter(([, use]) => use === 'adapted')).toEqual([['DB_SSL', 'adapted']]);
  const unneeded = ['REDIS_HOST', 'REDIS_PORT', 'REDIS_PASSWORD', 'SESSION_SECRET'];
  expect(uses.filter(([, use]) => use === 'not needed').map(([name]) => name)).toEqual(unneeded);
  for (const [name] of uses) expect(every, name).toHaveProperty(name);
});

test('all programs’ settings together: what is wrong is a line each, and nothing where nothing is', () => {
  const enough = {
    JWT_SECRET: 'a-secret-that-is-long-enough-0123456789',
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'test',
    SES_FROM_EMAIL: 'noreply@example.com',
  };
  expect(problemsOf(enough)).toEqual([]);
  const wrong = {
    ...enough,
    NODE_ENV: 'production',
    JWT_SECRET: 'change-me-change-me-change-me-change-me',
    DNS_SERVERS: 'ns.example.com',
    EMAIL_OTP_EXPIRES_IN: '601',
    OTP_KEYS: `a:${'x'.repeat(32)},a:${'y'.repeat(32)}`,
    AWS_ACCESS_KEY_ID: '',
    MAIL_LOCALE: 'xx',
    CORS_ORIGIN: '*',
    CORS_CREDENTIALS: 'true',
  };
  expect(problemsOf(wrong).map((line) => line.split(':')[0])).toEqual([
    'DNS_SERVERS',
    'EMAIL_OTP_EXPIRES_IN',
    'OTP_KEYS',
    'AWS_ACCESS_KEY_ID',
    'MAIL_LOCALE',
    'CORS_ORIGIN',
    'JWT_SECRET',
  ]);
});
