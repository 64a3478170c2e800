/** What the programs are given is what was set: every option by its own setting, in its own unit. */
import { describe, expect, test } from 'vitest';
import { secondsOf } from '../../services/config/accounts.ts';
import { databaseOptions, databaseSettings, STATEMENT_TIMEOUT_MILLISECONDS } from '../../services/config/database.ts';
import { reputationOptions, snsOptions } from '../../services/config/feedback.ts';
import { otpKeysOf } from '../../services/config/keys.ts';
import { limitOf, limitSettings, trustedProxies } from '../../services/config/limits.ts';
import { messageOptions } from '../../services/config/message.ts';
import { policyOf } from '../../services/config/rules.ts';
import { builtInTemplates } from '../../services/mail/templates.ts';
import { readSettings } from '../../services/runtime/settings.ts';

const secret = 'a-secret-that-is-long-enough-0123456789';
const before = 'the-secret-before-this-one-0123456789ab';

const database = (environment: Record<string, string>) =>
  databaseOptions(readSettings(databaseSettings, environment), 'sealpost-api');

describe('the database', () => {
  test('is the URL as it stands, before all parts', () => {
    const url = 'postgres://u:p@db.example.com:6000/x?options=y%3D1';
    expect(
      database({ DATABASE_URL: url, DB_HOST: 'elsewhere', DB_PASSWORD: 'other', DB_SSL: 'verify', DB_POOL_MAX: '3' }),
    ).toEqual({
      url,
      ssl: 'verify',
      poolMax: 3,
      applicationName: 'sealpost-api',
      statementTimeoutMilliseconds: 5000,
    });
    expect(STATEMENT_TIMEOUT_MILLISECONDS).toBe(5000);
  });

  test('is put together from its parts, each encoded as a URL needs it', () => {
    const parts = {
      DB_HOST: 'db.example.com',
      DB_PORT: '6000',
      DB_NAME: 'a/b',
      DB_USER: 'us@er',
      DB_PASSWORD: 'p:/?#@ß',
    };
    expect(database(parts).url).toBe('postgres://us%40er:p%3A%2F%3F%23%40%C3%9F@db.example.com:6000/a%2Fb');
    expect(database({}).url).toBe('postgres://request_app@localhost/request_marketplace_prod');
    expect(database({ DB_HOST: '::1' }).url).toBe('postgres://request_app@[::1]/request_marketplace_prod');
    expect(database({ DB_HOST: '[::1]' }).url).toBe('postgres://request_app@[::1]/request_marketplace_prod');
    expect(database({ DB_HOST: '/run/postgresql', DB_PORT: '6' }).url).toBe(
      'postgres://request_app@/request_marketplace_prod?host=%2Frun%2Fpostgresql&port=6',
    );
  });

  test.each<[Record<string, string>, string]>([
    [{}, 'off'],
    [{ DB_SSL: 'require' }, 'require'],
    [{ DB_SSL: 'by-url' }, 'verify'],
    [{ DATABASE_URL: 'postgres://h/d?sslmode=require' }, 'require'],
    [{ DATABASE_URL: 'postgres://h/d?sslmode=require', DB_SSL: 'by-url' }, 'require'],
    [{ DATABASE_URL: 'postgres://h/d?sslmode=disable', DB_SSL: 'by-url' }, 'off'],
    [{ DATABASE_URL: 'postgres://h/d', DB_SSL: 'by-url' }, 'verify'],
    [{ DATABASE_URL: 'postgres://h/d', DB_SSL: 'verify' }, 'verify'],
  ])('with %j: TLS %s', (environment, ssl) => {
    expect(database(environment).ssl).toBe(ssl);
  });
});

test.each([
  ['1s', 1],
  ['90s', 90],
  ['1m', 60],
  ['24h', 86_400],
  ['2h', 7200],
  ['7d', 604_800],
])('%s is %i seconds', (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

const hex = (text: string) => Buffer.from(text, 'utf8').toString('hex');

const keys = (given: Partial<Parameters<typeof otpKeysOf>[0]>) =>
  otpKeysOf(given as Parameters<typeof otpKeysOf>[0]).map(({ id, secret: key }) => [id, key.export().toString('hex')]);

describe('the keys of the codes', () => {
  test('are those given, in their order, with all that follows the first colon', () => {
    expect(keys({ OTP_KEYS: `new:${'x'.repeat(31)}:ß, old:${'y'.repeat(32)}`, JWT_SECRET: secret })).toEqual([
      ['new', hex(`${'x'.repeat(31)}:ß`)],
      ['old', hex('y'.repeat(32))],
    ]);
  });

  // By openssl: openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt key:… -kdfopt info:'sealpost otp key' HKDF
  test('are else derived from the secret and the one before it, each named for its secret', () => {
    const derived = keys({ JWT_SECRET: secret, JWT_SECRET_PREVIOUS: before });
    expect(derived).toEqual([
      ['jwt_15b80100', '816e28f0375b3c125946cd474c31b24b30f7a6b4072beba1d4ae4bdd5a6a95ca'],
      ['jwt_260ea17e', '29408307235b33d0dfca51cbb61fa49fb75cfc4dc12e77d75564c57a80b1b6cc'],
    ]);
    expect(keys({ JWT_SECRET: secret })).toEqual(derived.slice(0, 1));
  });
});

const read = (environment: Record<string, string>) => readSettings(limitSettings, environment);

describe('limits', () => {
  test('are given in seconds', () => {
    const set = {
      RATE_LIMIT_MAX_REQUESTS: '7',
      RATE_LIMIT_WINDOW_MS: '1500',
      RATE_LIMIT_PER_SECOND: '3',
      RATE_LIMIT_BURST: '11',
    };
    expect(limitOf(read(set))).toEqual({ max: 7, windowSeconds: 1.5, perSecond: 3, burst: 11 });
  });

  test('trust the proxies that are named, to the last bit, and no other', () => {
    const list = trustedProxies(read({ TRUSTED_PROXIES: '10.1.0.0/16,192.0.2.7,2001:db8:1::/48,2001:db8:2::5' }));
    const trusted = (ip: string) => list.check(ip, ip.includes(':') ? 'ipv6' : 'ipv4');
    expect(['10.1.0.0', '10.1.255.255', '192.0.2.7', '2001:db8:1:ffff::1', '2001:db8:2::5'].map(trusted)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(
      ['10.0.255.255', '10.2.0.0', '192.0.2.6', '192.0.2.8', '2001:db8:2::4', '2001:db8:2::6', '2001:db8:3::1'].map(
        trusted,
      ),
    ).toEqual(Array.from({ length: 7 }, () => false));
    expect(trustedProxies(read({})).check('127.0.0.1')).toBe(false);
  });
});

test('the reports, the reputation, the rules and the message have each their own setting', () => {
  const numbers = ['7', '120', '4', '61', '9', '21', '22', '31', '41', '3', '5', '12'];
  const names = ['EMAIL_OTP_LENGTH', 'EMAIL_OTP_EXPIRES_IN', 'EMAIL_OTP_MAX_ATTEMPTS', 'EMAIL_RESEND_COOLDOWN'];
  const more = [
    'EMAIL_RATE_LIMIT_PER_HOUR',
    'EMAIL_RATE_LIMIT_PER_DAY',
    'EMAIL_WRONG_GUESSES_MAX',
    'EMAIL_RATE_LIMIT_PER_USER_HOUR',
    'EMAIL_RATE_LIMIT_ALL_PER_MINUTE',
    'EMAIL_RATE_LIMIT_USER_SHARE_PER_HOUR',
    'EMAIL_RATE_LIMIT_USER_SHARE_PER_DAY',
    'EMAIL_WRONG_GUESSES_PER_USER_MAX',
  ];
  const set = Object.fromEntries([...names, ...more].map((name, n) => [name, Number(numbers[n])]));
  expect(policyOf(set as unknown as Parameters<typeof policyOf>[0])).toEqual({
    codeDigits: 7,
    codeTtlSeconds: 120,
    attemptsMax: 4,
    cooldownSeconds: 61,
    requestsPerHourMax: 9,
    requestsPerDayMax: 21,
    wrongGuessesMax: 22,
    requestsPerUserHourMax: 31,
    requestsPerMinuteMax: 41,
    requestsPerHourShare: 3,
    requestsPerDayShare: 5,
    wrongGuessesPerUserMax: 12,
  });
  const feedback = {
    SES_TOPIC_ARNS: ['arn'],
    SNS_CERTIFICATE_URL: 'http://c',
    MAIL_BOUNCE_PERCENT_MAX: 4,
    MAIL_COMPLAINT_PERCENT_MAX: 0.2,
  };
  expect(snsOptions(feedback)).toEqual({ topicArns: ['arn'], certificateUrl: 'http://c' });
  expect(reputationOptions({ ...feedback, EMAIL_RATE_LIMIT_PER_USER_HOUR: 10 })).toEqual({
    limits: { bouncePercentMax: 4, complaintPercentMax: 0.2 },
    people: 'users',
  });
  const message = { MAIL_LOCALE: 'de', MAIL_TEMPLATES: undefined, MAIL_AUTOFILL_DOMAIN: 'shop.example.com' };
  expect(messageOptions(message, 'Shop')).toEqual({
    sender: 'Shop',
    defaultLocale: 'de',
    autofillDomain: 'shop.example.com',
    templates: builtInTemplates,
  });
});
