/** The settings: the guide's 32 variables are all known, secrets also come from files, and every problem is told at once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readApiConfig } from '../../services/api/config.ts';
import { chapters } from '../../services/config/all.ts';
import { goodSettings as good, problemsOf } from '../support/settings.ts';

/** What is wrong with these settings, a line each. */
const problems = (environment: Record<string, string>) => problemsOf(() => readApiConfig(environment));

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'secret'), text);
  return join(folder, 'secret');
}

describe('settings', () => {
  test('V1: what the guide requires is required, and what is missing is listed at once', () => {
    const names = problems({}).map((line) => line.split(':')[0]);
    expect(names.toSorted()).toEqual(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'JWT_SECRET', 'SES_FROM_EMAIL']);
    expect(problems(good)).toEqual([]);
  });

  test("the guide's sample secrets are refused in production, each by name and none shown", () => {
    const samples = {
      ...good,
      NODE_ENV: 'production',
      DB_PASSWORD: 'secure_password_here',
      JWT_SECRET: 'super_secure_jwt_secret_for_production_use_256_bits',
      AWS_ACCESS_KEY_ID: 'AKIA...',
      AWS_SECRET_ACCESS_KEY: '...',
      REDIS_PASSWORD: 'redis_password_here',
      OTP_KEYS: 'k1:change-me-change-me-change-me-change-me',
      DATABASE_URL: 'postgres://request_app:secure_password_here@127.0.0.1/x',
    };
    const found = problems(samples);
    expect(found.map((line) => line.split(':')[0]).toSorted()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'DATABASE_URL',
      'DB_PASSWORD',
      'JWT_SECRET',
      'OTP_KEYS',
      'REDIS_PASSWORD',
    ]);
    expect(found.join()).not.toMatch(/super_secure|secure_password|redis_password|change-me/);
    expect(problems({ ...samples, NODE_ENV: 'development' })).toEqual([]);
  });

  test('a secret comes from its file, without the last line break; both at once are refused', () => {
    const file = fileWith(`${good.JWT_SECRET}\n`);
    const { JWT_SECRET, ...rest } = good;
    expect(readApiConfig({ ...rest, JWT_SECRET_FILE: file }).tokens.secrets).toEqual([JWT_SECRET]);
    expect(problems({ ...good, JWT_SECRET_FILE: file })).toEqual([expect.stringContaining('not both')]);
    expect(problems({ ...rest, OTP_KEYS: '', JWT_SECRET_FILE: '/nowhere' }).join()).toContain(
      'JWT_SECRET_FILE: the file cannot be read (ENOENT)',
    );
  });

  test.each([
    ['PORT', '70000'],
    ['PORT', 'eighty'],
    ['EMAIL_OTP_EXPIRES_IN', '601'],
    ['EMAIL_OTP_MAX_ATTEMPTS', '0'],
    ['EMAIL_OTP_LENGTH', '5'],
    ['DB_SSL', 'maybe'],
    ['LOG_LEVEL', 'loud'],
    ['JWT_SECRET', 'short'],
    ['OTP_KEYS', 'k1:short'],
    ['OTP_KEYS', `k1:${good.JWT_SECRET},k1:${good.JWT_SECRET}`],
    ['JWT_ALGORITHMS', 'HS256'],
    ['CORS_ORIGIN', 'app.example.com'],
    ['CORS_ORIGIN', 'https://app.example.com/path'],
    ['SES_FROM_EMAIL', 'nobody'],
    ['SES_FROM_NAME', 'Shop\r\nBcc: all@example.com'],
    ['DATABASE_URL', 'mysql://x'],
  ])('%s=%s is refused by name', (name, value) => {
    const found = problems({ ...good, [name]: value });
    expect(found.map((line) => line.split(':')[0])).toEqual([name]);
  });

  test('* as origin goes without credentials only', () => {
    expect(problems({ ...good, CORS_ORIGIN: '*', CORS_CREDENTIALS: 'true' })[0]).toMatch(/^CORS_ORIGIN: \* with/);
    expect(problems({ ...good, CORS_ORIGIN: '*' })).toEqual([]);
  });

  test('every setting has a sentence, and codes longer than 600 s must be forced', () => {
    for (const table of Object.values(chapters))
      for (const { sentence } of Object.values(table)) expect(sentence).toMatch(/^\S.{8,}\.$/s);
    expect(problems({ ...good, EMAIL_OTP_EXPIRES_IN: '900', EMAIL_OTP_EXPIRES_FORCE: 'true' })).toEqual([]);
  });
});
