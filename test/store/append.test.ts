/** The statement that records, called directly: a stream that lost its race is in no table, and the others are whole. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EmailAddress } from '../../services/core/email-address.ts';
import { append } from '../../services/store/append.ts';
import { additionTo, codeRow, emailRow, recordedAs, requestedData } from '../support/additions.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addressOf } from '../support/rules.ts';
import { stopClockAt } from '../support/still-clock.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await stopClockAt(db, '2026-05-04T10:00:01Z');
});
beforeEach(async () => {
  await db.empty();
});
afterAll(() => db.drop());

const a = addressOf('a@example.com');
const b = addressOf('b@example.com');
const c = addressOf('c@example.com');

/** Every row that belongs to the address, in every table. */
async function traceOf(address: EmailAddress): Promise<readonly string[]> {
  const rows = await db.owner<{ row: string }[]>`
    select 'event ' || to_jsonb(e)::text as row from events e where stream_id = ${address}
    union all select 'stream ' || to_jsonb(s)::text from streams s where id = ${address}
    union all select 'email ' || to_jsonb(e)::text from user_email_addresses e where email_address = ${address}
    union all select 'code ' || to_jsonb(c)::text from email_otp_verifications c where email = ${address}
    union all select 'mail ' || to_jsonb(o)::text from outbox o where stream_id = ${address}
    union all select 'key ' || to_jsonb(k)::text from idempotency_keys k where stream_id = ${address}
    order by 1
  `;
  return rows.map(({ row }) => row);
}

const countOf = async (key: string) =>
  (await db.owner`select count from rate_windows where key = ${key}`)[0]?.count as number;

const roomFor = (key: string, count = 0) =>
  db.owner`insert into rate_windows (key, started_at, count) values (${key}, '2026-05-04T09:59:00Z', ${count})`;

/** Something for each table, from the version after `expectedVersion` on. */
function everythingOf(address: EmailAddress, n: number, expectedVersion: number) {
  const settles = { type: 'sent' as const, data: { otpId: user(n - 1), mailing: 1, messageId: 'm' } };
  return additionTo(address, {
    expectedVersion,
    events: [
      recordedAs(settles, expectedVersion + 1),
      recordedAs({ type: 'requested', data: requestedData(n) }, expectedVersion + 2),
    ],
    emails: [emailRow(n, address)],
    codes: [codeRow(n, address)],
    keys: [{ key: { caller: user(1), keyHash: `k${n}`, fingerprint: 'f' }, version: expectedVersion + 2 }],
    reservations: [{ key: 'user 1', address, n: 1, max: 10, seconds: 3600 }],
  });
}

/** A stream with one event, one row in each table and a mail that waits. */
async function begin(address: EmailAddress, n: number): Promise<void> {
  const requested = recordedAs({ type: 'requested', data: requestedData(n) }, 1);
  const rows = { emails: [emailRow(n, address)], codes: [codeRow(n, address)] };
  const won = await append(db.sql, [additionTo(address, { events: [requested], ...rows })]);
  expect([...won]).toEqual([address]);
}

describe('a stream whose version is not the expected one', () => {
  test.each([
    ['one that is there already, expected new', 0],
    ['one that is further', -1],
    ['one that is not so far', 1],
  ])('%s: nothing of it changes, and the others of its batch are recorded whole', async (_name, off) => {
    await roomFor('user 1');
    await begin(b, 20);
    await append(db.sql, [additionTo(b, { expectedVersion: 1 })]);
    const before = await traceOf(b);
    const expected = off === 0 ? 0 : 2 + off;
    const won = await append(db.sql, [everythingOf(a, 11, 0), everythingOf(b, 21, expected), everythingOf(c, 31, 0)]);
    expect([...won].toSorted()).toEqual([a, c]);
    expect(await traceOf(b)).toEqual(before);
    for (const winner of [a, c]) {
      expect((await traceOf(winner)).map((row) => row.split(' ')[0])).toEqual([
        'code',
        'email',
        'event',
        'event',
        'key',
        'mail',
        'stream',
      ]);
    }
    expect(await countOf('user 1')).toBe(2);
  });

  test('one that is nowhere, expected to be there: nothing of it is made', async () => {
    await roomFor('user 1');
    expect([...(await append(db.sql, [everythingOf(a, 11, 3), everythingOf(b, 21, 0)]))]).toEqual([b]);
    expect(await traceOf(a)).toEqual([]);
    expect(await countOf('user 1')).toBe(1);
  });
});

const waiting = async () => (await db.owner`select from pg_locks where not granted`).length;

test('a stream that another process changes at the same moment loses once that is done, and its neighbour wins', async () => {
  await begin(a, 10);
  await roomFor('user 1');
  const before = await traceOf(a);
  let won: Promise<ReadonlySet<string>> | undefined;
  await db.owner.begin(async (other) => {
    await other`update streams set version = 2 where id = ${a}`;
    won = append(db.sql, [everythingOf(a, 11, 1), everythingOf(b, 21, 0)]);
    await expect.poll(waiting).toBeGreaterThan(0);
  });
  expect([...((await won) ?? [])]).toEqual([b]);
  await db.owner`update streams set version = 1 where id = ${a}`;
  expect([await traceOf(a), await countOf('user 1')]).toEqual([before, 1]);
});
