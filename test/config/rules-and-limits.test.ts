/** Settings of the rules, of the limits per IP and of the embedded default: defaults, bounds on both sides, and what is made of them. */
import { describe, expect, test } from 'vitest';
import { limitOf, limitSettings, trustedProxies } from '../../services/config/limits.ts';
import { localSettings } from '../../services/config/local.ts';
import { checkRules, policyOf, ruleSettings } from '../../services/config/rules.ts';
import { unusedSettings } from '../../services/config/unused.ts';
import { readSettings } from '../../services/runtime/settings.ts';
import { problemsIn } from '../support/settings.ts';

const numbers = { ...ruleSettings, ...limitSettings, ...localSettings, ...unusedSettings };
const rules = (environment: Record<string, string>) => policyOf(readSettings(ruleSettings, environment, checkRules));
const problemOf = (environment: Record<string, string>) => problemsIn(ruleSettings, environment, checkRules);
const limits = (environment: Record<string, string>) => limitOf(readSettings(limitSettings, environment));

test.each([
  ['EMAIL_OTP_EXPIRES_IN', 600, 30, 86_400],
  ['EMAIL_OTP_MAX_ATTEMPTS', 3, 1, 10],
  ['EMAIL_OTP_LENGTH', 6, 6, 10],
  ['EMAIL_RESEND_COOLDOWN', 60, 1, 3600],
  ['EMAIL_RATE_LIMIT_PER_HOUR', 5, 1, 50],
  ['EMAIL_RATE_LIMIT_PER_DAY', 20, 1, 50],
  ['EMAIL_RATE_LIMIT_PER_USER_HOUR', 10, 0, 1_000_000],
  ['EMAIL_RATE_LIMIT_ALL_PER_MINUTE', 3000, 0, 10_000_000],
  ['EMAIL_RATE_LIMIT_USER_SHARE_PER_HOUR', 2, 1, 50],
  ['EMAIL_RATE_LIMIT_USER_SHARE_PER_DAY', 8, 1, 50],
  ['EMAIL_WRONG_GUESSES_MAX', 20, 5, 100],
  ['EMAIL_WRONG_GUESSES_PER_USER_MAX', 10, 5, 100],
  ['RATE_LIMIT_WINDOW_MS', 900_000, 1000, 86_400_000],
  ['RATE_LIMIT_MAX_REQUESTS', 100, 0, 10_000_000],
  ['RATE_LIMIT_PER_SECOND', 10, 0, 100_000],
  ['RATE_LIMIT_BURST', 20, 1, 100_000],
  ['MAILBOX_PORT', 8005, 0, 65_535],
  ['SEALPOST_MAIL_RATE', 200, 1, 100_000],
  ['REDIS_PORT', 6379, 0, 65_535],
] as const)('%s is %i where it is not given, and a whole number from %i to %i', (name, fallback, min, max) => {
  const read = (text: string) => readSettings(numbers, { [name]: text })[name];
  const problem = (text: string) => problemsIn(numbers, { [name]: text });
  const { sentence } = numbers[name];
  expect([readSettings(numbers, {})[name], read('')]).toEqual([fallback, fallback]);
  expect([read(String(min)), read(String(max))]).toEqual([min, max]);
  expect(problem(String(min - 1))).toEqual([`${name}: must be a whole number from ${min} to ${max}. ${sentence}`]);
  expect(problem(String(max + 1))).toEqual([`${name}: must be a whole number from ${min} to ${max}. ${sentence}`]);
  for (const text of ['many', `${min + 1}.5`]) {
    expect(problem(text)).toEqual([`${name}: must be a whole number from ${min} to ${max}. ${sentence}`]);
  }
});

test('all that is wrong is told at once, in the order of the settings', () => {
  const wrong = { EMAIL_OTP_MAX_ATTEMPTS: '0', EMAIL_OTP_LENGTH: '11', RATE_LIMIT_BURST: '0', MAILBOX_PORT: 'x' };
  expect(problemsIn(numbers, wrong).map((problem) => problem.split(':')[0])).toEqual(Object.keys(wrong));
});

describe('the rules', () => {
  test('are each taken from their own setting', () => {
    expect(
      rules({
        EMAIL_OTP_LENGTH: '7',
        EMAIL_OTP_EXPIRES_IN: '599',
        EMAIL_OTP_MAX_ATTEMPTS: '2',
        EMAIL_RESEND_COOLDOWN: '61',
        EMAIL_RATE_LIMIT_PER_HOUR: '4',
        EMAIL_RATE_LIMIT_PER_DAY: '21',
        EMAIL_RATE_LIMIT_USER_SHARE_PER_HOUR: '3',
        EMAIL_RATE_LIMIT_USER_SHARE_PER_DAY: '9',
        EMAIL_WRONG_GUESSES_MAX: '22',
        EMAIL_WRONG_GUESSES_PER_USER_MAX: '12',
        EMAIL_RATE_LIMIT_PER_USER_HOUR: '11',
        EMAIL_RATE_LIMIT_ALL_PER_MINUTE: '3001',
      }),
    ).toEqual({
      codeDigits: 7,
      codeTtlSeconds: 599,
      attemptsMax: 2,
      cooldownSeconds: 61,
      requestsPerHourMax: 4,
      requestsPerDayMax: 21,
      requestsPerHourShare: 3,
      requestsPerDayShare: 9,
      wrongGuessesMax: 22,
      wrongGuessesPerUserMax: 12,
      requestsPerUserHourMax: 11,
      requestsPerMinuteMax: 3001,
    });
  });

  test('let a code live for 600 s, and for longer only where that is forced', () => {
    const refused = 'EMAIL_OTP_EXPIRES_IN: must be at most 600 unless EMAIL_OTP_EXPIRES_FORCE=true (ASVS 6.5.5).';
    expect(problemOf({ EMAIL_OTP_EXPIRES_IN: '600' })).toEqual([]);
    expect(problemOf({ EMAIL_OTP_EXPIRES_IN: '601' })).toEqual([refused]);
    expect(problemOf({ EMAIL_OTP_EXPIRES_IN: '601', EMAIL_OTP_EXPIRES_FORCE: 'false' })).toEqual([refused]);
    expect(problemOf({ EMAIL_OTP_EXPIRES_IN: '601', EMAIL_OTP_EXPIRES_FORCE: 'true' })).toEqual([]);
    expect(problemOf({ EMAIL_OTP_EXPIRES_FORCE: 'perhaps' })).toEqual([
      'EMAIL_OTP_EXPIRES_FORCE: must be true or false. Allows codes that live longer than 600 seconds.',
    ]);
    expect(readSettings(ruleSettings, {}).EMAIL_OTP_EXPIRES_FORCE).toBe(false);
  });

  test('say one thing of a wrong setting and not two', () => {
    const twice = { EMAIL_OTP_EXPIRES_IN: '86401' };
    expect(problemsIn(ruleSettings, twice, checkRules)).toHaveLength(1);
    expect(checkRules({})).toEqual([]);
  });
});

describe('the limits per IP', () => {
  test('have their window in seconds', () => {
    expect(limits({})).toEqual({ max: 100, windowSeconds: 900, perSecond: 10, burst: 20 });
    expect(
      limits({
        RATE_LIMIT_MAX_REQUESTS: '101',
        RATE_LIMIT_WINDOW_MS: '1500',
        RATE_LIMIT_PER_SECOND: '9',
        RATE_LIMIT_BURST: '21',
      }),
    ).toEqual({ max: 101, windowSeconds: 1.5, perSecond: 9, burst: 21 });
  });

  test('believe nobody about a client’s address unless told', () => {
    const none = trustedProxies(readSettings(limitSettings, {}));
    for (const address of ['127.0.0.1', '10.0.0.1']) expect(none.check(address)).toBe(false);
    expect(none.check('::1', 'ipv6')).toBe(false);
  });

  test('believe the addresses and blocks that are named, and their neighbours not', () => {
    const text = '192.0.2.7, 172.30.0.0/24,2001:db8::5,2001:db8:1::/48,198.51.100.9/32';
    const list = trustedProxies(readSettings(limitSettings, { TRUSTED_PROXIES: text }));
    const trusts = (address: string) => list.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
    const believed = ['192.0.2.7', '172.30.0.0', '172.30.0.255', '2001:db8::5', '2001:db8:1:ffff::1', '198.51.100.9'];
    expect(believed.filter((address) => !trusts(address))).toEqual([]);
    const neighbours = ['192.0.2.6', '192.0.2.8', '172.29.255.255', '172.30.1.0', '2001:db8::4', '198.51.100.8'];
    expect([...neighbours, '2001:db8::6', '2001:db8:2::1'].filter(trusts)).toEqual([]);
  });

  test.each([
    '172.30.0.0/33',
    '2001:db8::/129',
    'proxy',
    '192.0.2.256',
    '192.0.2.1/',
    '/24',
    '192.0.2.1/24/1',
    'x 192.0.2.1',
  ])('refuse %s as a proxy', (text) => {
    expect(problemsIn(limitSettings, { TRUSTED_PROXIES: `192.0.2.1,${text}` })).toEqual([
      'TRUSTED_PROXIES: must be addresses or CIDR blocks such as 172.30.0.0/24, separated by commas. ' +
        "Proxies in front of the API, as IP addresses or CIDR blocks; from them, the last hop of X-Forwarded-For is the client's IP.",
    ]);
  });

  test.each(['192.0.2.1/0', '192.0.2.1/32', '2001:DB8::/128', '::/0'])('take %s as a proxy', (text) => {
    expect(problemsIn(limitSettings, { TRUSTED_PROXIES: text })).toEqual([]);
  });
});

test('what stands for Redis is accepted, and a password of it never appears', () => {
  const given = { REDIS_HOST: 'redis', REDIS_PASSWORD: 'hidden', REDIS_PORT: 'x' };
  expect(problemsIn(unusedSettings, given)).toEqual([
    'REDIS_PORT: must be a whole number from 0 to 65535. Accepted and ignored: PostgreSQL does what Redis did.',
  ]);
  expect(readSettings(unusedSettings, {})).toEqual({
    REDIS_HOST: undefined,
    REDIS_PORT: 6379,
    REDIS_PASSWORD: undefined,
  });
  expect(readSettings(localSettings, {}).SEALPOST_DATA).toBe('.data');
});
