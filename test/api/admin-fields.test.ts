/** The fields of the admin's and the operator's requests: both sides of each bound, and the words of each refusal. */
import type { z } from '@hono/zod-openapi';
import { describe, expect, test } from 'vitest';
import { manualBody, toggleBody } from '../../services/api/routes/admin/assert-verification.ts';
import { suppressionsQuery } from '../../services/api/routes/admin/limits.ts';
import { codesQuery } from '../../services/api/routes/admin/otp-history.ts';
import { timelineQuery } from '../../services/api/routes/admin/timeline.ts';
import { emailsQuery } from '../../services/api/routes/admin/user-emails.ts';
import { loginBody } from '../../services/api/routes/auth/login.ts';
import { refreshBody } from '../../services/api/routes/auth/refresh.ts';

/** What comes of it: the value, or what is wrong, each with its place. */
function read(schema: z.ZodType, given: unknown): unknown {
  const parsed = schema.safeParse(given);
  return parsed.success ? parsed.data : parsed.error.issues.map(({ path, message }) => [...path, message].join(' '));
}

const email = 'a@example.com';
const uuid = '6f1b8a52-0a3e-4d6c-9f57-2b8f3c1d7e90';

describe("the admin's pages", () => {
  const page = 'page must be a whole number from 1 to 100000';
  const limit = 'limit must be a whole number from 1 to 200';
  const deep =
    'page must not lie beyond row 100000: go on with after, which takes pagination.nextCursor of the page before';

  test.each<[Record<string, string>, unknown]>([
    [{}, { page: 1, limit: 50 }],
    [
      { page: '1', limit: '1' },
      { page: 1, limit: 1 },
    ],
    [
      { page: '100000', limit: '1' },
      { page: 100_000, limit: 1 },
    ],
    [
      { page: '500', limit: '200' },
      { page: 500, limit: 200 },
    ],
    [{ page: '501', limit: '200' }, [deep]],
    [{ page: '100000', limit: '2' }, [deep]],
    [
      { page: '100000', limit: '200', after: 'b@example.com' },
      { page: 100_000, limit: 200, after: 'b@example.com' },
    ],
    [{ page: '0', limit: '0' }, [page, limit]],
    [{ page: '-1', limit: '-1' }, [page, limit]],
    [{ page: '1.5', limit: '1.5' }, [page, limit]],
    [{ page: 'x', limit: 'x' }, [page, limit]],
    [{ page: '-1.5', limit: '201.5' }, [page, limit]],
    [{ page: '100001', limit: '201' }, [page, limit]],
  ])('%j', (given, wanted) => {
    expect(read(suppressionsQuery, given)).toEqual(wanted);
  });

  test.each<readonly [string, z.ZodType, string, unknown]>([
    ['an address', emailsQuery, '2147483647', 2_147_483_647],
    ['a code', codesQuery, `1777888999123456_${uuid}`, { microseconds: 1_777_888_999_123_456, id: uuid }],
    ['a suppressed address', suppressionsQuery, email, email],
  ])('after names %s; anything else is refused and told', (_what, schema, after, place) => {
    expect(read(schema, { after })).toMatchObject({ after: place });
    for (const wrong of ['', `${after}\0`, `\0`, `${'9'.repeat(17)}_${uuid}`.repeat(5), "' or 1=1\n"])
      expect(read(schema, { after: wrong })).toEqual(['after must be the pagination.nextCursor of the page before']);
  });

  test.each([
    ['search', emailsQuery],
    ['email', codesQuery],
  ])('%s is trimmed, may be absent, and has at most 254 characters', (name, schema) => {
    const first = { page: 1, limit: 50 };
    expect(read(schema, {})).toEqual({ ...first, [name]: '' });
    expect(read(schema, { [name]: ` ${'x'.repeat(254)} ` })).toEqual({ ...first, [name]: 'x'.repeat(254) });
    expect(read(schema, { [name]: 'x'.repeat(255) })).toEqual([`${name} must have at most 254 characters`]);
  });
});

describe("the admin's changes", () => {
  const id = 'emailId must be the id of an email';
  test.each<[unknown, unknown]>([
    [
      { emailId: 7, verified: true },
      { emailId: 7, verified: true },
    ],
    [
      { emailId: '2147483647', verified: false },
      { emailId: 2_147_483_647, verified: false },
    ],
    [{ emailId: '2147483648', verified: true }, [id]],
    [{ emailId: 'x', verified: true }, [id]],
    [{ emailId: 1.5, verified: true }, [id]],
    [{ verified: true }, [id]],
    [{ emailId: 1, verified: 'true' }, ['verified must be true or false']],
    [{ emailId: 1 }, ['verified must be true or false']],
  ])('toggle %j', (given, wanted) => {
    expect(read(toggleBody, given)).toEqual(wanted);
  });

  test.each([0, -1])('toggle of the id %i is refused', (emailId) => {
    expect(read(toggleBody, { emailId, verified: true })).toHaveLength(1);
  });

  test('manual-verify takes the id that the user’s tokens have, and the purpose verification where none is said', () => {
    const body = (userId: unknown) => read(manualBody, { userId, email });
    for (const userId of [uuid, uuid.toUpperCase(), 'auth0|5f7c8ec7', ' a ', '7'])
      expect(body(userId)).toEqual({ userId, email, purpose: 'verification', method: 'admin' });
    expect(body(7)).toEqual(body('7'));
    expect(read(manualBody, { userId: uuid, email, purpose: 'p' })).toEqual({
      userId: uuid,
      email,
      purpose: 'p',
      method: 'admin',
    });
    const neither = "userId must be the user's id, as the user's tokens have it";
    for (const [wrong, fault] of [
      ['', 'userId must not be empty'],
      [1.5, 'userId must be a text, or a whole number below 2^53'],
      ['a'.repeat(1001), 'userId must have at most 1000 characters'],
      ['\uD800', 'userId must be well-formed Unicode'],
      [null, neither],
      [undefined, neither],
      [[uuid], neither],
    ])
      expect(body(wrong)).toEqual([fault]);
  });

  test('a timeline is of an address or of a code, not of both or of nothing', () => {
    expect(read(timelineQuery, { email })).toEqual({ email, limit: 1000 });
    expect(read(timelineQuery, { otpId: uuid })).toEqual({ otpId: uuid, limit: 1000 });
    for (const given of [{}, { email, otpId: uuid }]) {
      expect(read(timelineQuery, given)).toEqual(['give one of email and otpId, and one of them only']);
    }
  });

  test.each<[Record<string, string>, unknown]>([
    [
      { limit: '1', after: '999999999' },
      { email, limit: 1, after: 999_999_999 },
    ],
    [{ after: '1000000000' }, ['after must be the pagination.nextCursor of the page before']],
    [{ after: '-1' }, ['after must be the pagination.nextCursor of the page before']],
    [{ limit: '0' }, ['limit must be a whole number from 1 to 1000']],
    [{ limit: '1001' }, ['limit must be a whole number from 1 to 1000']],
  ])('a timeline with %j', (given, wanted) => {
    expect(read(timelineQuery, { email, ...given })).toEqual(wanted);
  });
});

describe('login and refresh', () => {
  test.each<[z.ZodType, string, number, string, string]>([
    [loginBody, 'password', 256, 'must be a password', 'must have at most 256 characters'],
    [refreshBody, 'refreshToken', 256, 'must be a refresh token', 'must be a refresh token'],
  ])('%#: one to 256 characters', (schema, name, max, missing, tooLong) => {
    const rest = name === 'password' ? { email } : {};
    for (const text of ['x', 'x'.repeat(max)])
      expect(read(schema, { ...rest, [name]: text })).toEqual({ ...rest, [name]: text });
    for (const text of ['', undefined, 7])
      expect(read(schema, { ...rest, [name]: text })).toEqual([`${name} ${missing}`]);
    expect(read(schema, { ...rest, [name]: 'x'.repeat(max + 1) })).toEqual([`${name} ${tooLong}`]);
  });
});
