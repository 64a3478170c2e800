/** Every number among the settings: both ends of it pass, what is one beyond is refused, and so is what is no whole number. */
import { describe, expect, test } from 'vitest';
import { chapters } from '../../services/config/all.ts';
import { InvalidSettings, readSettings, type SettingsTable } from '../../services/runtime/settings.ts';

const every: SettingsTable = Object.assign({}, ...Object.values(chapters));
const enough = { SES_FROM_EMAIL: 'noreply@example.com' };

const read = (name: string, text: string): unknown => readSettings(every, { ...enough, [name]: text })[name];

/** The one line that refuses it, without the sentence. */
function refusal(name: string, text: string): string {
  try {
    return `accepted as ${String(read(name, text))}`;
  } catch (error) {
    const problems = error instanceof InvalidSettings ? error.problems : [String(error)];
    expect(problems).toHaveLength(1);
    const { sentence = '' } = every[name] ?? {};
    expect(problems[0]).toContain(`. ${sentence}`);
    return String(problems[0]).slice(0, -`. ${sentence}`.length);
  }
}

const numbers = [
  ['PORT', 0, 65_535],
  ['METRICS_PORT', 0, 65_535],
  ['DB_PORT', 0, 65_535],
  ['DB_POOL_MAX', 2, 100],
  ['BACKUP_KEEP_DAYS', 1, 3650],
  ['WAL_KEEP_DAYS', 1, 90],
  ['BCRYPT_ROUNDS', 10, 15],
  ['SMTP_PORT', 0, 65_535],
  ['SMTP_RATE_PER_SECOND', 1, 10_000],
  ['EMAIL_OTP_EXPIRES_IN', 30, 86_400],
  ['EMAIL_OTP_MAX_ATTEMPTS', 1, 10],
  ['EMAIL_OTP_LENGTH', 6, 10],
  ['EMAIL_RESEND_COOLDOWN', 1, 3600],
  ['EMAIL_RATE_LIMIT_PER_HOUR', 1, 50],
  ['EMAIL_RATE_LIMIT_PER_DAY', 1, 50],
  ['EMAIL_RATE_LIMIT_PER_USER_HOUR', 0, 1_000_000],
  ['EMAIL_RATE_LIMIT_ALL_PER_MINUTE', 0, 10_000_000],
  ['EMAIL_RATE_LIMIT_USER_SHARE_PER_HOUR', 1, 50],
  ['EMAIL_RATE_LIMIT_USER_SHARE_PER_DAY', 1, 50],
  ['EMAIL_WRONG_GUESSES_MAX', 5, 100],
  ['EMAIL_WRONG_GUESSES_PER_USER_MAX', 5, 100],
  ['RATE_LIMIT_WINDOW_MS', 1000, 86_400_000],
  ['RATE_LIMIT_MAX_REQUESTS', 0, 10_000_000],
  ['RATE_LIMIT_PER_SECOND', 0, 100_000],
  ['RATE_LIMIT_BURST', 1, 100_000],
  ['ALERT_ERRORS_PER_THOUSAND', 1, 100],
  ['ALERT_SLOW_MILLISECONDS', 50, 10_000],
  ['ALERT_MAIL_WAIT_SECONDS', 10, 3600],
  ['ALERT_SES_QUOTA_PERCENT', 10, 99],
  ['ALERT_WRONG_CODES_PERCENT', 5, 95],
  ['ALERT_CONNECTIONS_PERCENT', 10, 99],
  ['ALERT_DISK_PERCENT', 10, 99],
  ['ALERT_CERTIFICATE_DAYS', 1, 60],
  ['ALERT_BACKUP_HOURS', 1, 744],
  ['ALERT_CLOCK_SECONDS', 1, 300],
  ['REDIS_PORT', 0, 65_535],
  ['MAILBOX_PORT', 0, 65_535],
  ['SEALPOST_MAIL_RATE', 1, 100_000],
] as const;

describe('whole numbers', () => {
  test.each(numbers)('%s is from %i to %i', (name, min, max) => {
    expect([read(name, String(min)), read(name, String(max))]).toEqual([min, max]);
    expect(refusal(name, String(min - 1))).toBe(`${name}: must be a whole number from ${min} to ${max}`);
    expect(refusal(name, String(max + 1))).toBe(`${name}: must be a whole number from ${min} to ${max}`);
    for (const text of [`${min}.5`, 'ten', 'NaN', 'Infinity', `${min} s`, `${min},${max}`]) {
      expect(refusal(name, text), text).toBe(`${name}: must be a whole number from ${min} to ${max}`);
    }
  });

  test('there are no others', () => {
    const named = Object.entries(every).filter(([, { schema }]) => /^\d+ to \d+$/.test(String(schema.meta()?.values)));
    const percents = ['MAIL_BOUNCE_PERCENT_MAX', 'MAIL_COMPLAINT_PERCENT_MAX'];
    expect(named.map(([name]) => name).toSorted()).toEqual(
      [...numbers.map(([name]) => name as string), ...percents].toSorted(),
    );
  });
});

test.each([
  ['MAIL_BOUNCE_PERCENT_MAX', 10],
  ['MAIL_COMPLAINT_PERCENT_MAX', 1],
] as const)('%s is a number from 0 to %i, also between whole ones', (name, max) => {
  expect([read(name, '0'), read(name, '0.05'), read(name, String(max))]).toEqual([0, 0.05, max]);
  expect(refusal(name, '-0.01')).toBe(`${name}: must be a number from 0 to ${max}`);
  expect(refusal(name, String(max + 0.01))).toBe(`${name}: must be a number from 0 to ${max}`);
  expect(refusal(name, 'few')).toBe(`${name}: must be a number from 0 to ${max}`);
});

test.each(['EMAIL_OTP_EXPIRES_FORCE', 'CORS_CREDENTIALS'])('%s is true or false', (name) => {
  expect(['true', 'false'].map((text) => read(name, text))).toEqual([true, false]);
  expect(refusal(name, 'perhaps')).toBe(`${name}: must be true or false`);
});

describe('how long tokens live', () => {
  test.each([
    ['JWT_EXPIRES_IN', '24h'],
    ['REFRESH_TOKEN_EXPIRES_IN', '7d'],
  ])('%s is a number of one to six digits and a unit', (name, example) => {
    for (const text of ['1s', '15m', '24h', '999999d']) expect(read(name, text)).toBe(text);
    for (const text of ['24', 'h', '1w', '1000000s', ' 1h', '1h ', '1.5h', '-1h', '1h1m', '24H', '1h\n']) {
      expect(refusal(name, text), text).toBe(`${name}: must be a number followed by s, m, h or d, such as ${example}`);
    }
  });
});

test.each([
  ['REFRESH_TOKEN_SECRET', 'must have at least 32 characters'],
  ['JWT_SECRET', 'must have at least 32 bytes (RFC 7518 3.2)'],
  ['JWT_SECRET_PREVIOUS', 'must have at least 32 bytes (RFC 7518 3.2)'],
  ['OTP_KEYS', 'must be id:secret pairs separated by commas, newest first, each secret of at least 32 bytes', 'k1:'],
])('%s has 32 or more, 31 are refused and not shown', (name, message, before = '') => {
  const [right, short] = [`${before}${'q'.repeat(32)}`, `${before}${'q'.repeat(31)}`];
  expect(read(name, right)).toBe(right);
  expect(refusal(name, short)).toBe(`${name}: ${message}`);
});

test.each([
  ['JWT_SECRET', ''],
  ['OTP_KEYS', 'k1:'],
])('%s is measured in bytes', (name, before) => {
  const [right, short] = [`${before}${'ü'.repeat(16)}`, `${before}${'ü'.repeat(15)}`];
  expect(read(name, right)).toBe(right);
  expect(refusal(name, short)).toMatch(/32 bytes/);
});
