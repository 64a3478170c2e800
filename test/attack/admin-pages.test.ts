/** Pages of an admin: however deep, and whatever is searched for, a bounded number of rows is read, and nothing is missed or told twice. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageOfCodes, pageOfEmails, pageOfSuppressed } from '../../services/store/admin-lists.ts';
import type { Bounds, Page, Paged } from '../../services/store/admin-pages.ts';
import { tokenOf, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Served, serve } from '../support/served.ts';

const base = '/api/admin/email-management';
const ROWS = 40;

let db: TestDatabase;
let served: Served;
let admin: string;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.owner`insert into user_email_addresses (user_id, email_address)
    select gen_random_uuid(), case when n % 5 = 0 then 'rare' else 'often' end || n || '@example.com' from generate_series(1, ${ROWS}) as n`;
  // Several of each moment, one microsecond apart: a page may end among them.
  await db.owner`insert into email_otp_verifications (user_id, email, otp, expires_at, created_at)
    select gen_random_uuid(), case when n % 5 = 0 then 'rare' else 'often' end || n || '@example.com', 'x', now(),
      timestamptz '2026-05-04 10:00:00.000001Z' + n / 6 * interval '1 microsecond'
    from generate_series(1, ${ROWS}) as n`;
  await db.owner`insert into streams (id, version, state)
    select 'quiet' || n || '@example.com', 1, '{"suppression": {"reason": "admin", "at": 1}}' from generate_series(1, ${ROWS}) as n`;
  await db.owner`vacuum analyze`;
  served = await serve(db);
  admin = await tokenOf(user(900), 'super_admin');
});
afterAll(async () => {
  await served.api.stop();
  await db.drop();
});

type PageOf = (page: Page<never>, search: string, bounds?: Bounds) => Promise<Paged<object, unknown>>;

const lists: readonly (readonly [string, PageOf, key: string, search: string, found: number])[] = [
  ['addresses', (...asked) => pageOfEmails(db.sql, ...asked), 'id', '', ROWS],
  ['addresses with a part', (...asked) => pageOfEmails(db.sql, ...asked), 'id', 'rare', ROWS / 5],
  ['addresses with a part that none has', (...asked) => pageOfEmails(db.sql, ...asked), 'id', 'none', 0],
  ['codes', (...asked) => pageOfCodes(db.sql, ...asked), 'id', '', ROWS],
  ['codes of addresses with a part', (...asked) => pageOfCodes(db.sql, ...asked), 'id', 'rare', ROWS / 5],
  ['suppressed addresses', (page, _search, bounds) => pageOfSuppressed(db.sql, page, bounds), 'email', '', ROWS],
];

describe.each(lists)('%s', (_name, pageOf, key, search, found) => {
  test.each([
    ['all at once', { searched: 1000, counted: 1000 }],
    ['a few at a time', { searched: 7, counted: 7 }],
    ['one at a time', { searched: 1, counted: 1 }],
  ])('from cursor to cursor, looked through %s, are all there once and in one order', async (_bounds, bounds) => {
    const seen: unknown[] = [];
    let after: unknown;
    for (let pages = 0; pages === 0 || after !== undefined; pages++) {
      expect(pages).toBeLessThan(ROWS + 2);
      const { rows, next } = await pageOf({ page: 1, limit: 3, after } as Page<never>, search, bounds);
      expect(rows.length).toBeLessThan(4);
      seen.push(...rows.map((row) => (row as Record<string, unknown>)[key]));
      after = next;
    }
    const whole = await pageOf({ page: 1, limit: 100 }, search);
    expect(seen).toEqual(whole.rows.map((row) => (row as Record<string, unknown>)[key]));
    expect(seen).toHaveLength(found);
    expect(whole).toMatchObject({ total: found, totalIsEstimate: false });
    expect(whole.next).toBeUndefined();
  });

  test('beyond what is counted the total is an estimate, and says so', async () => {
    const { total, totalIsEstimate } = await pageOf({ page: 1, limit: 3 }, search, { searched: 1000, counted: 10 });
    expect(totalIsEstimate).toBe(true);
    if (search === '') expect(total).toBe(ROWS);
  });
});

test('a whole address is found however old it is, and one that is not there is looked for as a part', async () => {
  const few = { searched: 1, counted: 100 };
  const { rows, total } = await pageOfEmails(db.sql, { page: 1, limit: 3 }, ' Often1@Example.com', few);
  expect([rows.map(({ email_address }) => email_address), total]).toEqual([['often1@example.com'], 1]);
  expect((await pageOfCodes(db.sql, { page: 1, limit: 3 }, 'often1@example.com', few)).rows).toHaveLength(1);
  const part = await pageOfEmails(db.sql, { page: 1, limit: 50 }, 'n1@example.com');
  expect(part.rows.map(({ email_address }) => email_address)).toEqual(['often1@example.com']);
});

test('what comes and goes between two pages moves nothing onto another page', async () => {
  const first = await pageOfEmails(db.sql, { page: 1, limit: 5 }, '');
  await db.owner`insert into user_email_addresses (user_id, email_address) values (${user(1)}, 'new@example.com')`;
  await db.owner`delete from user_email_addresses where id = ${first.rows[4]?.id as number}`;
  const second = await pageOfEmails(db.sql, { page: 1, limit: 5, after: first.next }, '');
  expect(second.rows.map(({ id }) => id)).toEqual([35, 34, 33, 32, 31]);
});

describe('the story of an address that was asked for without end', () => {
  const EVENTS = 2345;
  beforeAll(async () => {
    await db.owner`insert into events (stream_id, version, type, at, data)
      select 'long@example.com', n, 'sent', now(), jsonb_build_object('otpId', case when n % 3 = 0 then ${user(3)} else ${user(4)} end)
      from generate_series(1, ${EVENTS}) as n`;
    await db.owner`insert into email_otp_verifications (id, user_id, email, otp, expires_at)
      values (${user(3)}, ${user(1)}, 'long@example.com', 'x', now())`;
  });

  type Told = Readonly<{ events: readonly { version: number }[]; pagination: { limit: number; nextCursor?: string } }>;

  test.each([
    ['email=long@example.com', 1000, (n: number) => n > 0],
    ['email=long@example.com&limit=469', 469, (n: number) => n > 0],
    [`otpId=${user(3)}`, 1000, (n: number) => n % 3 === 0],
    [`otpId=${user(3)}&limit=71`, 71, (n: number) => n % 3 === 0],
  ])('%s: at most %i at a time, each once and in order', async (query, limit, isMeant) => {
    const wanted = Array.from({ length: EVENTS }, (_, n) => n + 1).filter(isMeant);
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const after = cursor === undefined ? '' : `&after=${cursor}`;
      const answer = await served.call('GET', `${base}/timeline?${query}${after}`, { token: admin });
      const { events, pagination } = answer.body as unknown as Told;
      const left = wanted.length - seen.length;
      expect([events.length, pagination.nextCursor === undefined]).toEqual([Math.min(limit, left), left <= limit]);
      expect(pagination.limit).toBe(limit);
      seen.push(...events.map(({ version }) => version));
      cursor = pagination.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(wanted);
  });
});

test.each<readonly [string, number]>([
  ['timeline?email=a@example.com&after=999999999', 200],
  ['timeline?email=a@example.com&after=9999999999', 400],
  ['timeline?email=a@example.com&limit=1001', 400],
  ['user-emails?page=100000&limit=200', 400],
  ['otp-history?page=2000&limit=51', 400],
  ['suppressions?page=501&limit=200', 400],
  ['user-emails?page=100001', 400],
  ['user-emails?page=2000&limit=50', 200],
  ['user-emails?after=2147483648', 200],
  ['user-emails?after=9999999999', 200],
  ['user-emails?after=1%00', 400],
  ['otp-history?after=9999999999999999_00000000-0000-4000-8000-000000000001', 200],
  ['otp-history?after=1_x', 400],
  ['suppressions?after=%00', 400],
  [`user-emails?search=${'%25'.repeat(254)}`, 200],
  [`user-emails?search=${'%5C'.repeat(254)}`, 200],
  [`otp-history?email=${'_%25'.repeat(127)}`, 200],
])('%s is answered %i', async (path, status) => {
  const answer = await served.call('GET', `${base}/${path}`, { token: admin });
  expect(answer.status).toBe(status);
  if (path.includes('page=') && status === 400 && !path.includes('100001'))
    expect(String(answer.body.detail)).toContain('after');
});
