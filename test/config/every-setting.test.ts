/** Every setting there is: its chapter, its default and sentence, what the guide used it for, and all problems at once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chapters, problemsOf, settingsAsEnvironmentFile, settingsAsMarkdown } from '../../services/config/all.ts';
import { guideUses } from '../../services/config/guide.ts';

const root = join(import.meta.dirname, '../..');

const good = {
  JWT_SECRET: 'a-secret-that-is-long-enough-0123456789',
  AWS_ACCESS_KEY_ID: 'AKIATEST',
  AWS_SECRET_ACCESS_KEY: 'test',
  SES_FROM_EMAIL: 'noreply@example.com',
};

describe('every setting', () => {
  test('stands in its chapter, and the chapters stand in this order', () => {
    const sizes = Object.entries(chapters).map(([title, table]) => [title, Object.keys(table).length]);
    expect(sizes).toEqual([
      ['The server', 7],
      ['The database', 9],
      ['Keys and tokens', 14],
      ['Operator accounts', 4],
      ['Sending email', 13],
      ['The email', 3],
      ['Delivery reports', 4],
      ['Codes and limits', 14],
      ['Limits per IP', 5],
      ['The log', 2],
      ['Traces', 3],
      ['Alerts', 17],
      ['Backups', 9],
      ['The monthly report', 2],
      ['Erasure', 1],
      ['CORS', 2],
      ['The doctor', 1],
      ['Not needed', 3],
      ['Only for npm start', 3],
    ]);
  });

  test('is in docs/settings.md and in .env.example as the code has it, with default, bounds and sentence', () => {
    expect(settingsAsMarkdown()).toMatch(/\n\| setting \| .*\n\| --- \|/);
    expect(readFileSync(join(root, 'docs/settings.md'), 'utf8')).toContain(`\n${settingsAsMarkdown()}\n`);
    expect(readFileSync(join(root, '.env.example'), 'utf8')).toBe(settingsAsEnvironmentFile());
  });

  test('in .env.example is commented out, under its sentence, and one without a default has no value', () => {
    const lines = settingsAsEnvironmentFile().split('\n');
    const above = (name: string) => lines.slice(lines.indexOf(name) - 1, lines.indexOf(name) + 1);
    expect(above('#PORT=3001')).toEqual(['# Port of the API (0 to 65535).', '#PORT=3001']);
    expect(lines).toContain('#SES_FROM_EMAIL=');
    expect(lines).toContain('#JWT_SECRET=');
    expect(lines).toContain('#JWT_ALGORITHMS=EdDSA,Ed25519,ES256,RS256');
    expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });

  test('of the guide’s 32 is known by its name, and what becomes of it is told', () => {
    const used =
      'NODE_ENV PORT HOST DB_HOST DB_PORT DB_NAME DB_USER DB_PASSWORD JWT_SECRET JWT_EXPIRES_IN REFRESH_TOKEN_SECRET ' +
      'REFRESH_TOKEN_EXPIRES_IN AWS_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY SES_FROM_EMAIL SES_FROM_NAME ' +
      'EMAIL_OTP_EXPIRES_IN EMAIL_OTP_MAX_ATTEMPTS EMAIL_RATE_LIMIT_PER_HOUR LOG_LEVEL LOG_FILE CORS_ORIGIN ' +
      'CORS_CREDENTIALS BCRYPT_ROUNDS RATE_LIMIT_WINDOW_MS RATE_LIMIT_MAX_REQUESTS';
    expect(guideUses).toEqual({
      ...Object.fromEntries(used.split(' ').map((name) => [name, 'used'])),
      DB_SSL: 'adapted',
      REDIS_HOST: 'not needed',
      REDIS_PORT: 'not needed',
      REDIS_PASSWORD: 'not needed',
      SESSION_SECRET: 'not needed',
    });
    const known = new Set(Object.values(chapters).flatMap((table) => Object.keys(table)));
    expect(Object.keys(guideUses).filter((name) => !known.has(name))).toEqual([]);
  });

  test('that is secret is marked as such, and no other one is', () => {
    const secrets = Object.values(chapters).flatMap((table) =>
      Object.keys(table).filter((name) => table[name]?.secret),
    );
    expect(secrets.join(' ')).toBe(
      'DATABASE_URL DB_PASSWORD DATABASE_ADMIN_URL JWT_SECRET JWT_SECRET_PREVIOUS OTP_KEYS ERASURE_KEYS ' +
        'REFRESH_TOKEN_SECRET ' +
        'SESSION_SECRET AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY SMTP_PASSWORD OTEL_EXPORTER_OTLP_HEADERS ALERT_WEBHOOK_URL ALERT_SLACK_WEBHOOK_URL ' +
        'ALERT_PAGERDUTY_ROUTING_KEY ALERT_HEARTBEAT_URL BACKUP_DB_PASSWORD BACKUP_REPOSITORY_PASSWORD ' +
        'BACKUP_REPOSITORY_KEY_ID BACKUP_REPOSITORY_SECRET_KEY REDIS_PASSWORD',
    );
  });
});

describe('the problems of all programs together', () => {
  test('are none where the required ones are given, and name each that is missing', () => {
    expect(problemsOf(good)).toEqual([]);
    expect(problemsOf({}).map((problem) => problem.split(':')[0])).toEqual([
      'SES_FROM_EMAIL',
      'JWT_SECRET',
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
    ]);
  });

  test('are told at once, of every chapter and of what must fit together', () => {
    const wrong = {
      ...good,
      PORT: '70000',
      EMAIL_OTP_EXPIRES_IN: '601',
      OTP_KEYS: `a:${'x'.repeat(32)},a:${'y'.repeat(32)}`,
      SMTP_USER: 'me',
      MAIL_LOCALE: 'tlh',
      CORS_ORIGIN: '*',
      CORS_CREDENTIALS: 'true',
      NODE_ENV: 'production',
      REDIS_PASSWORD: 'redis_password_here',
      MAILBOX_PORT: '-1',
    };
    const found = problemsOf(wrong);
    expect(found.map((problem) => problem.split(':')[0])).toEqual([
      'PORT',
      'MAILBOX_PORT',
      'EMAIL_OTP_EXPIRES_IN',
      'OTP_KEYS',
      'SMTP_USER',
      'MAIL_LOCALE',
      'CORS_ORIGIN',
      'REDIS_PASSWORD',
    ]);
    expect(found.join()).not.toContain('redis_password_here');
  });

  test('are of the settings alone: another fault is not taken for one', () => {
    const broken = new Proxy(good, {
      get: () => {
        throw new TypeError('no environment');
      },
    });
    expect(() => problemsOf(broken)).toThrow(TypeError);
  });
});
