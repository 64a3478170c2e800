/** The fields of requests: both sides of each bound, what is absent, and the words of each refusal. */
import type { z } from '@hono/zod-openapi';
import { describe, expect, test } from 'vitest';
import { localeField, momentField, purposeField } from '../../services/api/fields.ts';
import { idempotencyHeader, sendBody } from '../../services/api/routes/send-otp-form.ts';
import { verifyBody } from '../../services/api/routes/verify-otp.ts';

/** What comes of it: the value, or what is wrong, each with its place. */
function read(schema: z.ZodType, given: unknown): unknown {
  const parsed = schema.safeParse(given);
  return parsed.success ? parsed.data : parsed.error.issues.map(({ path, message }) => [...path, message].join(' '));
}

const email = 'a@example.com';
const needed = 'must be an email address, such as a@example.com';
const letter = 'must be a letter followed by up to 49 letters, digits, _ or -';
const erased = 'must not be below .invalid, where there is no mail';
const digits = 'must be the code, as a string of digits';
const uuid = '6f1b8a52-0a3e-4d6c-9f57-2b8f3c1d7e90';

describe('send-otp', () => {
  test.each<[string, unknown, unknown]>([
    ['only an address', { email }, { email, purpose: 'verification' }],
    ['an address in capitals and blanks', { email: ' A@Example.COM ' }, { email, purpose: 'verification' }],
    ['all of it', { email, purpose: 'driver', locale: 'pt-BR' }, { email, purpose: 'driver', locale: 'pt-BR' }],
    [
      'null for what is optional',
      { email, purpose: null, locale: null },
      { email, purpose: 'verification', locale: null },
    ],
    ['a locale of another type', { email, locale: 3 }, { email, purpose: 'verification', locale: undefined }],
    ['members that are not known', { email, otp: '1', userId: 'x' }, { email, purpose: 'verification' }],
    ['nothing', {}, [`email ${needed}`]],
    ['no object', [], ['Invalid input: expected object, received array']],
    ['what stands for an erased address', { email: `erased-${uuid}@erased.invalid` }, [`email ${erased}`]],
    ['all wrong', { email: 1, purpose: 2, locale: 3 }, [`email ${needed}`, 'purpose must be a string']],
  ])('%s', (_what, given, wanted) => {
    expect(read(sendBody, given)).toEqual(wanted);
  });

  test.each(['a', 'Z9_-', 'p'.repeat(50)])('the purpose %s is taken', (purpose) => {
    expect(read(purposeField, purpose)).toBe(purpose);
  });

  test.each(['', '9a', '_a', '-a', 'p'.repeat(51), 'a.b', 'a/b', 'a b', 'ä', 'a\n'])(
    'the purpose %j is refused',
    (purpose) => {
      expect(read(purposeField, purpose)).toEqual([letter]);
    },
  );

  // Which language that is, mail/locale.ts finds out.
  test.each(['', 'en', 'pt_BR', 'de_DE.UTF-8', 'zh-Hans-CN-u-nu-latn', 'xx en', '../en', 'x'.repeat(100)])(
    'the locale %j is a wish',
    (locale) => {
      expect(read(localeField, locale)).toBe(locale);
    },
  );

  test.each([7, ['en'], {}, true, 'x'.repeat(101)])('the locale %j is no wish', (locale) => {
    expect(read(localeField, locale)).toBeUndefined();
  });
});

describe('verify-otp', () => {
  test.each<[string, unknown, unknown]>([
    ['an address and a code', { email, otp: '123456' }, { email, otp: '123456' }],
    [
      'all of it',
      { email, otp: '123456', otpId: uuid, purpose: 'p' },
      { email, otp: '123456', otpId: uuid, purpose: 'p' },
    ],
    ['a code with blanks and dashes', { email, otp: ' 12-34 5\t6-' }, { email, otp: '123456' }],
    ['a code of 64 characters', { email, otp: '1'.repeat(64) }, { email, otp: '1'.repeat(64) }],
    ['a code of 65', { email, otp: '1'.repeat(65) }, ['otp must have at most 64 characters']],
    ['no code', { email }, [`otp ${digits}`]],
    ['a code of blanks and dashes', { email, otp: ' - ' }, [`otp ${digits}`]],
    ['a number', { email, otp: 123_456 }, [`otp ${digits}`]],
    [
      'an otpId of 64 characters',
      { email, otp: '1', otpId: 'x'.repeat(64) },
      { email, otp: '1', otpId: 'x'.repeat(64) },
    ],
    ['an otpId of 65', { email, otp: '1', otpId: 'x'.repeat(65) }, ['otpId must be a UUID']],
    ['an otpId that is a number', { email, otp: '1', otpId: 7 }, ['otpId must be a UUID']],
    ['a wrong purpose', { email, otp: '1', purpose: '' }, [`purpose ${letter}`]],
  ])('%s', (_what, given, wanted) => {
    expect(read(verifyBody, given)).toEqual(wanted);
  });
});

describe('an Idempotency-Key', () => {
  const name = 'idempotency-key';
  test.each(['k'.repeat(16), '~'.repeat(255), '!!!!!!!!!!!!!!!!'])('%s is taken', (key) => {
    expect(read(idempotencyHeader, { [name]: key })).toEqual({ [name]: key });
  });

  test.each([
    '',
    'k'.repeat(15),
    'k'.repeat(256),
    `${'k'.repeat(16)} `,
    `${'k'.repeat(16)}é`,
    `${'k'.repeat(16)}\u007f`,
  ])('%j is refused', (key) => {
    const wrong = 'Idempotency-Key: must be 16 to 255 visible ASCII characters';
    expect(read(idempotencyHeader, { [name]: key })).toEqual([`${name} ${wrong}`]);
  });

  test('may be absent', () => {
    expect(read(idempotencyHeader, {})).toEqual({});
  });
});

describe('a moment of the past', () => {
  test.each([
    ['2026-03-03', '2026-03-03T23:59:59.999Z'],
    ['2026-03-03T12:00:00Z', '2026-03-03T12:00:00.000Z'],
    ['2026-03-03T12:00:00.5+02:00', '2026-03-03T10:00:00.500Z'],
  ])('%s is %s', (text, wanted) => {
    expect(read(momentField, text)).toEqual(new Date(wanted));
  });

  test.each(['', 'yesterday', '2026-02-30', '03/03/2026', '2026-03-03T12:00:00', '1772539200'])(
    '%j is none',
    (text) => {
      const wrong = 'must be a date such as 2026-03-03 or a time such as 2026-03-03T12:00:00Z';
      expect(read(momentField, text)).toEqual([wrong]);
    },
  );
});
