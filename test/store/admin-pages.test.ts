/** What an admin pages through: the order, the limit, the offset, the total, and a search that means what was typed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageOfCodes, pageOfEmails, pageOfSuppressed } from '../../services/store/admin-lists.ts';
import { addressOfCode, findEmail, readEmail } from '../../services/store/admin-queries.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addressOf } from '../support/rules.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.owner`
    insert into user_email_addresses (id, user_id, email_address, purpose)
    select n, ('00000000-0000-4000-8000-00000000000' || n)::uuid, name || '@example.com', 'verification'
    from (values (3, 'c'), (1, 'a.one'), (5, 'a.two'), (2, 'per%cent'), (4, 'under_score'), (6, 'back\\slash'), (7, 'a.three'))
      as t (n, name)
  `;
  await db.owner`
    insert into email_otp_verifications (id, user_id, email, otp, purpose, verified, verified_at, expires_at, attempts, created_at)
    select ('00000000-0000-4000-8000-00000000000' || n)::uuid, ${user(1)}, name || '@example.com', 'SECRET', 'business', n = 1,
      case when n = 1 then timestamptz '2026-05-04 10:01Z' end, '2026-05-04 10:10Z', n, at::timestamptz
    from (values (1, 'a.one', '2026-05-04 10:00Z'), (3, 'a.one', '2026-05-04 12:00Z'), (2, 'a.one', '2026-05-04 12:00Z'),
      (4, 'a.two', '2026-05-04 11:00Z'), (5, 'b_b', '2026-05-04 09:00Z'), (6, 'bxb', '2026-05-04 08:00Z')) as t (n, name, at)
  `;
});
afterAll(() => db.drop());

async function emails(search: string, page = 1, limit = 100) {
  const { rows, total } = await pageOfEmails(db.sql, { page, limit }, search);
  return [rows.map(({ id }) => id), total];
}

async function codes(search: string, page = 1, limit = 100) {
  const { rows, total } = await pageOfCodes(db.sql, { page, limit }, search);
  return [rows.map(({ id }) => Number(id.slice(-1))), total];
}

describe('addresses', () => {
  test.each([
    [1, [7, 6, 5]],
    [2, [4, 3, 2]],
    [3, [1]],
    [4, []],
  ])('page %d of three each, the newest first: %j of seven', async (page, ids) => {
    expect(await emails('', page, 3)).toEqual([ids, 7]);
  });

  test.each([
    ['a.', [7, 5, 1]],
    ['A.T', [7, 5]],
    ['two@EXAMPLE', [5]],
    ['%', [2]],
    ['_', [4]],
    ['r_s', [4]],
    ['r%c', [2]],
    ['\\', [6]],
    ['nobody', []],
  ])('a search for %s finds just what has it', async (search, ids) => {
    expect(await emails(search)).toEqual([ids, ids.length]);
  });

  test('the total is of what was searched, whatever the page', async () => {
    expect(await emails('a.', 2, 2)).toEqual([[1], 3]);
  });

  test('a row has all that the guide’s clients read', async () => {
    const { rows } = await pageOfEmails(db.sql, { page: 1, limit: 1 }, 'a.one');
    const row = {
      id: 1,
      user_id: user(1),
      email_address: 'a.one@example.com',
      is_verified: false,
      verified_at: null,
      purpose: 'verification',
      verification_method: 'otp',
      created_at: expect.any(Date),
      updated_at: expect.any(Date),
    };
    expect(rows).toEqual([row]);
    expect(await readEmail(db.sql, 1)).toEqual(row);
    expect(await readEmail(db.sql, 99)).toBeUndefined();
  });

  test('one is found by its address, its user and its purpose together', async () => {
    const address = addressOf('a.one@example.com');
    expect(await findEmail(db.sql, address, user(1), 'verification')).toMatchObject({ id: 1 });
    expect(await findEmail(db.sql, addressOf('a.two@example.com'), user(1), 'verification')).toBeUndefined();
    expect(await findEmail(db.sql, address, user(2), 'verification')).toBeUndefined();
    expect(await findEmail(db.sql, address, user(1), 'business')).toBeUndefined();
  });
});

describe('codes', () => {
  test.each([
    [1, [2, 3]],
    [2, [4, 1]],
    [3, [5, 6]],
    [4, []],
  ])('page %d of two each, the newest first and of one moment by id: %j of six', async (page, ids) => {
    expect(await codes('', page, 2)).toEqual([ids, 6]);
  });

  test.each([
    ['a.one', [2, 3, 1]],
    ['A.T', [4]],
    ['b_b', [5]],
    ['%', []],
  ])('of an address with %s', async (search, ids) => {
    expect(await codes(search)).toEqual([ids, ids.length]);
  });

  test('a row shows what became of the code and nothing of the code', async () => {
    const { rows } = await pageOfCodes(db.sql, { page: 3, limit: 1 }, 'a.one');
    expect(rows).toEqual([
      {
        id: user(1),
        user_id: user(1),
        email: 'a.one@example.com',
        purpose: 'business',
        verified: true,
        verified_at: new Date('2026-05-04T10:01:00Z'),
        attempts: 1,
        created_at: new Date('2026-05-04T10:00:00Z'),
        created_microseconds: Date.parse('2026-05-04T10:00:00Z') * 1000,
      },
    ]);
  });

  test('the address of a code is its own', async () => {
    expect(await addressOfCode(db.sql, user(4))).toBe('a.two@example.com');
    expect(await addressOfCode(db.sql, user(99))).toBeUndefined();
  });
});

describe('suppressed addresses', () => {
  test('by name, with their reason and since when; what is not suppressed is not there', async () => {
    const suppressed = (reason: string, at: number) => db.owner.json({ suppression: { reason, at } });
    await db.owner`insert into streams (id, version, state) values
      ('d@example.com', 1, ${suppressed('bounce', 4)}), ('b@example.com', 1, ${suppressed('admin', 2)}),
      ('a@example.com', 1, '{"links": []}'), ('c@example.com', 1, ${suppressed('complaint', 1_777_888_999_123)})`;
    expect(await pageOfSuppressed(db.sql, { page: 1, limit: 2 })).toEqual({
      rows: [
        { email: 'b@example.com', reason: 'admin', at: 2 },
        { email: 'c@example.com', reason: 'complaint', at: 1_777_888_999_123 },
      ],
      total: 3,
      totalIsEstimate: false,
      next: 'c@example.com',
    });
    expect((await pageOfSuppressed(db.sql, { page: 2, limit: 2 })).rows.map(({ email }) => email)).toEqual([
      'd@example.com',
    ]);
  });
});
