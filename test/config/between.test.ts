/** What is wrong between settings that are each right: what goes with what, and the sample secrets of other people. */
import { describe, expect, test } from 'vitest';
import { readApiConfig } from '../../services/api/config.ts';
import { refusePlaceholders } from '../../services/config/placeholders.ts';
import { secret, setting } from '../../services/runtime/settings.ts';
import { z } from 'zod';
import { goodSettings as good, problemsOf } from '../support/settings.ts';

const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...withoutSes } = good;
const { JWT_SECRET: ___, ...withoutSecret } = good;
const smtp = { ...withoutSes, MAIL_TRANSPORT: 'smtp', SMTP_HOST: 'mail.example.com' };
const issuer = { ...withoutSecret, JWT_JWKS_URL: 'https://issuer.example.com/jwks' };
const [x32, y32] = ['x'.repeat(32), 'y'.repeat(32)];
const base64 = Buffer.alloc(32, 1).toString('base64');

const problems = (environment: Record<string, string>) => problemsOf(() => readApiConfig(environment));

const keyRequired = 'JWT_SECRET: required unless JWT_JWKS_URL, or a URL as JWT_ISSUER, is set.';
const loginHalf = 'SMTP_USER: set both SMTP_USER and SMTP_PASSWORD, or neither.';
const tooLong = 'EMAIL_OTP_EXPIRES_IN: must be at most 600 unless EMAIL_OTP_EXPIRES_FORCE=true (ASVS 6.5.5).';
const open = 'CORS_ORIGIN: * with CORS_CREDENTIALS=true would let every page act as its visitor: name the origins.';

describe('settings that go together', () => {
  test.each<[string, Record<string, string>, readonly string[]]>([
    ['a secret and SES', good, []],
    ['no secret', withoutSecret, [keyRequired]],
    ['an issuer and keys of the codes, without a secret', { ...issuer, OTP_KEYS: `k:${x32}` }, []],
    ['an issuer beside the secret', { ...good, JWT_JWKS_URL: issuer.JWT_JWKS_URL }, []],
    ['an issuer alone', issuer, ['OTP_KEYS: required when JWT_SECRET is not set.']],
    ['keys of the codes alone', { ...withoutSecret, OTP_KEYS: `k:${x32}` }, [keyRequired]],
    [
      'two keys of one id',
      { ...good, OTP_KEYS: `k:${x32},k:${y32}` },
      ['OTP_KEYS: must not contain the same id twice.'],
    ],
    [
      'two keys of one id, with a blank',
      { ...good, OTP_KEYS: `k:${x32}, k:${y32}` },
      ['OTP_KEYS: must not contain the same id twice.'],
    ],
    [
      'two keys of the ledger of one id',
      { ...good, ERASURE_KEYS: `k:${base64},k:${base64}` },
      ['ERASURE_KEYS: must not contain the same id twice.'],
    ],
    [
      'an id of the ledger that is another key of the codes',
      { ...good, OTP_KEYS: `k:${x32}`, ERASURE_KEYS: `k:${base64}` },
      ['ERASURE_KEYS: the id k stands for another key in OTP_KEYS; give this one another id.'],
    ],
    [
      'keys of the ledger and of the codes under ids of their own',
      { ...good, OTP_KEYS: `k:${x32},l:${y32}`, ERASURE_KEYS: `own:${base64},m:${base64}` },
      [],
    ],
    [
      'one that is the same key of the codes',
      { ...good, OTP_KEYS: `k:${x32}`, ERASURE_KEYS: `k:${Buffer.from(x32).toString('base64')}` },
      [],
    ],
    ['two keys of two ids', { ...good, OTP_KEYS: `k:${x32},l:${x32}` }, []],
    ['SES without its keys', withoutSes, ['AWS_ACCESS_KEY_ID: required.', 'AWS_SECRET_ACCESS_KEY: required.']],
    ['SES without one of them', { ...withoutSes, AWS_ACCESS_KEY_ID: 'x' }, ['AWS_SECRET_ACCESS_KEY: required.']],
    ['SMTP without keys of SES', smtp, []],
    ['SMTP without a host', { ...withoutSes, MAIL_TRANSPORT: 'smtp' }, ['SMTP_HOST: required.']],
    ['SMTP with a login', { ...smtp, SMTP_USER: 'u', SMTP_PASSWORD: 'p' }, []],
    ['half a login', { ...smtp, SMTP_USER: 'u' }, [loginHalf]],
    ['the other half', { ...smtp, SMTP_PASSWORD: 'p' }, [loginHalf]],
    ['a code of 600 seconds', { ...good, EMAIL_OTP_EXPIRES_IN: '600' }, []],
    ['a code of 601 seconds', { ...good, EMAIL_OTP_EXPIRES_IN: '601' }, [tooLong]],
    ['one that is forced', { ...good, EMAIL_OTP_EXPIRES_IN: '86400', EMAIL_OTP_EXPIRES_FORCE: 'true' }, []],
    ['TLS as the URL says, too', { ...good, DATABASE_URL: 'postgres://h/d?sslmode=require', DB_SSL: 'true' }, []],
    ['TLS by the URL', { ...good, DATABASE_URL: 'postgres://h/d?sslmode=disable', DB_SSL: 'by-url' }, []],
    [
      'no TLS where the URL demands it',
      { ...good, DATABASE_URL: 'postgres://h/d?sslmode=verify-full', DB_SSL: 'off' },
      ['DB_SSL: is off, and DATABASE_URL says sslmode=verify-full: take one of them out.'],
    ],
    [
      'TLS that the URL denies',
      { ...good, DATABASE_URL: 'postgres://h/d?sslmode=disable', DB_SSL: 'verify' },
      ['DB_SSL: is verify, and DATABASE_URL says sslmode=disable: take one of them out.'],
    ],
    ['any origin', { ...good, CORS_ORIGIN: '*' }, []],
    ['any origin with credentials', { ...good, CORS_ORIGIN: '*', CORS_CREDENTIALS: 'true' }, [open]],
    ['any origin among others', { ...good, CORS_ORIGIN: 'https://a.example.com,*', CORS_CREDENTIALS: 'true' }, [open]],
    ['an origin with credentials', { ...good, CORS_ORIGIN: 'https://a.example.com', CORS_CREDENTIALS: 'true' }, []],
    ['credentials of no origin', { ...good, CORS_CREDENTIALS: 'true' }, []],
    ['a language that is there', { ...good, MAIL_LOCALE: 'zh-Hant' }, []],
  ])('%s', (_what, environment, wanted) => {
    expect(problems(environment)).toEqual(wanted);
  });

  test('a language that is not there is told those that are', () => {
    expect(problems({ ...good, MAIL_LOCALE: 'xx' })).toEqual([
      'MAIL_LOCALE: must be one of ar, de, en, es, fa, fr, he, hi, id, it, ja, ko, nl, pl, pt, ru, sv, tr, uk, vi, zh-Hans, zh-Hant.',
    ]);
  });

  test('a folder of templates that is not there is told, and no language beside it', () => {
    const [first, ...others] = problems({ ...good, MAIL_TEMPLATES: '/nowhere/at/all' });
    expect(first).toMatch(/^MAIL_TEMPLATES: .*\.$/);
    expect(others).toEqual([]);
  });

  test('all of it at once, in one order', () => {
    const environment = {
      SES_FROM_EMAIL: 'noreply@example.com',
      EMAIL_OTP_EXPIRES_IN: '700',
      CORS_ORIGIN: '*',
      CORS_CREDENTIALS: 'true',
      AWS_ACCESS_KEY_ID: 'x',
    };
    expect(problems(environment)).toEqual([tooLong, keyRequired, 'AWS_SECRET_ACCESS_KEY: required.', open]);
  });

  test('what is wrong by itself is told once', () => {
    expect(problems({ ...good, JWT_SECRET: 'short' }).map((line) => line.split(':')[0])).toEqual(['JWT_SECRET']);
  });
});

const table = {
  NODE_ENV: setting(z.string().optional(), 'x'),
  KEY: secret(z.unknown(), 'x'),
  NAME: setting(z.string(), 'x'),
};
const judge = (KEY: unknown, NODE_ENV = 'production', NAME = 'change-me') =>
  refusePlaceholders(table)({ KEY, NODE_ENV, NAME } as { KEY: string });
const refused = ['KEY: this is a sample value, and production needs one of your own.'];

describe('sample secrets', () => {
  test.each([
    'super_secure_jwt_secret_for_production_use_256_bits',
    'secure_password_here',
    'redis_password_here',
    'AKIA...',
    '...',
    'change-me',
    'changeme',
    'CHANGE_ME_please',
    'your-secret-key',
    'your_jwt_secret',
    'postgres://u:secure_password_here@db.example.com/x',
    `k1:change-me-${x32}`,
    `k1:${x32},k2:your-key-${x32}`,
    `k1:${x32}, k2:your-key-${x32}`,
  ])('%s is refused in production, and only there', (value) => {
    expect(judge(value)).toEqual(refused);
    for (const elsewhere of ['development', 'test']) expect(judge(value, elsewhere)).toEqual([]);
  });

  test.each([
    x32,
    'my-change-me',
    'xyour-key',
    'yours truly',
    'AKIATEST',
    'a...',
    'postgres://change-me:its-own@db.example.com/change-me',
    'postgres://u:its-own@change-me/x',
    `k1:${x32},k2:${y32}`,
    `k1:${x32}:change-me`,
    `.k1:..${x32}`,
    undefined,
    7,
  ])('%s is none', (value) => {
    expect(judge(value)).toEqual([]);
  });

  test('a URL that cannot be read is looked at as it stands', () => {
    expect([judge('change-me://['), judge('x://[')]).toEqual([refused, []]);
  });
});
