/** The gate that takes a person's fields out: of that address alone, everywhere, once, and only where the log says so. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EmailAddress } from '../../services/core/email-address.ts';
import {
  addressesAfter,
  eraseAddress,
  takeOutPersonalFields,
  unfinishedErasures,
} from '../../services/store/erasure.ts';
import { rebuild } from '../../services/store/rebuild.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { guessOf, handlerOn, requestOf, wrongCodeOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await db.empty();
});
afterAll(() => db.drop());

const [gone, stays] = [addressOf('gone@example.com'), addressOf('stays@example.com')];
const tables = ['events', 'streams', 'outbox', 'idempotency_keys', 'user_email_addresses', 'email_otp_verifications'];
const limits = { cooldownSeconds: 0, requestsPerUserHourMax: 50 };

/** Every row of the tables, one text each, without those of the windows. */
async function rowsWith(text: string): Promise<readonly string[]> {
  const all = await Promise.all(
    tables.map(
      (table) => db.owner<{ row: string }[]>`select ${table} || to_jsonb(t)::text as row from ${db.owner(table)} as t`,
    ),
  );
  return all
    .flatMap((rows) => rows.map(({ row }) => row))
    .filter((row) => row.includes(text))
    .toSorted();
}

/** Two users with a code each, a wrong guess, mails that wait, keys and windows; users 1 and 2 at both addresses. */
async function live(address: EmailAddress): Promise<void> {
  const handler = handlerOn(db.sql, limits);
  for (const n of [1, 2]) {
    const key = { caller: user(n), keyHash: address, fingerprint: 'f' };
    await handler.handle({ ...requestOf(address, user(n), 'business'), ipHash: 'hash of an ip' }, { key });
    const guess = await wrongCodeOf(db.sql, address, user(n));
    await handler.handle({ ...guessOf(address, user(n), guess), purpose: 'business', ipHash: 'hash of an ip' });
  }
  // The admin of the erasure is a user too.
  const said = { address, by: user(900), purpose: 'driver', method: 'admin' as const, verified: true };
  await handler.handle({ type: 'assert-verification', ...said, userId: user(900) });
}

const erase = () => eraseAddress({ sql: db.sql, handler: handlerOn(db.sql, limits) }, gone, user(900));

async function eventsOf(stream: string) {
  return db.owner<{ version: number; type: string; at: Date; data: Record<string, unknown> }[]>`
    select version, type, at, data from events where stream_id = ${stream} order by version
  `;
}

const pseudonym = async () =>
  (await db.owner`select id from streams where id like 'erased-%@erased.invalid'`)[0]?.id as string;

describe('erasing an address', () => {
  test('leaves the rows of every other address as they are, also of the same users', async () => {
    await live(gone);
    await live(stays);
    const before = await rowsWith(stays);
    expect(before.length).toBeGreaterThan(12);
    await erase();
    expect(await rowsWith(stays)).toEqual(before);
    expect(await rowsWith(gone)).toEqual([]);
  });

  test('takes out of its events the users’ ids and the hashes of their addresses on the network, and nothing else', async () => {
    await live(gone);
    await db.owner`update events set data = data || '{"other": "field"}'`;
    await db.owner`update events set data = data || '{"requestId": "of a request", "traceparent": "of a trace"}'
      where type = 'requested'`;
    const before = await eventsOf(gone);
    await erase();
    const after = await eventsOf(await pseudonym());
    const ended = after.slice(before.length);
    expect(ended.at(-1)).toMatchObject({ type: 'erased', data: { by: user(900) } });
    const becomes = new Map<unknown, unknown>();
    const idsOfRequests = new Set(['requestId', 'traceparent']);
    for (const [index, { data }] of before.entries()) {
      if (data.userId) becomes.set(data.userId, after[index]?.data.userId);
    }
    expect(becomes.size).toBe(3);
    expect(new Set(becomes.values()).size).toBe(3);
    expect([...becomes.values()].filter((id) => becomes.has(id))).toEqual([]);
    expect(after.slice(0, before.length)).toEqual(
      before.map(({ data, ...event }) => ({
        ...event,
        data: {
          ...Object.fromEntries(Object.entries(data).filter(([field]) => !idsOfRequests.has(field))),
          ...(data.userId ? { userId: becomes.get(data.userId) } : {}),
          ...('ipHash' in data ? { ipHash: null } : {}),
        },
      })),
    );
    expect(before.filter(({ data }) => data.ipHash === 'hash of an ip')).toHaveLength(4);
    for (const word of ['hash of an ip', 'of a request', 'of a trace'])
      expect(JSON.stringify(after)).not.toContain(word);
    expect(JSON.stringify(before)).toContain('of a trace');
    // Who administered stands in `by`, and stays.
    expect(after.filter(({ data }) => data.by === user(900)).map(({ type }) => type)).toEqual(['asserted', 'erased']);
    // The same made-up users stand everywhere, so that a rebuild finds what it must.
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual({
      streams: 0,
      user_email_addresses: 0,
      email_otp_verifications: 0,
    });
    expect((await rowsWith(user(1))).concat(await rowsWith(user(2)))).toEqual([]);
  });

  test('keeps each row of the read tables but for the name and the user', async () => {
    await live(gone);
    await db.owner`update user_email_addresses set updated_at = '2020-01-01Z' where purpose = 'driver'`;
    const emails =
      () => db.owner`select id, is_verified, verified_at, purpose, verification_method, created_at, updated_at
      from user_email_addresses order by id`;
    const codes = () => db.owner`select id, otp, purpose, verified, verified_at, attempts, max_attempts, created_at
      from email_otp_verifications order by id`;
    const before = [await emails(), await codes()];
    expect(before.map((rows) => rows.length)).toEqual([3, 2]);
    await erase();
    expect([await emails(), await codes()]).toEqual(before);
  });

  test('takes its mails, its keys and its users’ windows; other windows and other addresses’ mails and keys stay', async () => {
    await live(gone);
    await live(stays);
    await db.owner`insert into rate_windows (key, started_at, count) values
      (${`user ${user(3)}`}, now(), 1), ('installation', now(), 5), (${`login ${user(1)}`}, now(), 1)`;
    // A mail of a code that is over already.
    await db.owner`insert into outbox (otp_id, mailing, stream_id, version, created_at, expires_at, claimed_until)
      values (${user(77)}, 1, ${gone}, 1, now(), now(), now())`;
    await erase();
    const left = async (table: string) =>
      (await db.owner`select distinct stream_id from ${db.owner(table)}`).map(({ stream_id }) => stream_id as string);
    expect([await left('outbox'), await left('idempotency_keys')]).toEqual([[stays], [stays]]);
    const windows = await db.owner`select key from rate_windows order by 1`;
    expect(windows.map(({ key }) => key as string)).toEqual(['installation', `login ${user(1)}`, `user ${user(3)}`]);
  });

  test('a second time does nothing, neither to the name that is gone nor to what stands for it', async () => {
    await live(gone);
    await erase();
    const before = await rowsWith('');
    await erase();
    const name = await pseudonym();
    await takeOutPersonalFields(db.sql, addressOf(gone));
    const [row] = await db.sql`select erase_stream(${name}) as done`;
    expect(row?.done).toBe(false);
    await eraseAddress({ sql: db.sql, handler: handlerOn(db.sql) }, name as EmailAddress, user(900));
    expect(await rowsWith('')).toEqual(before);
  });
});

describe('the gate', () => {
  test('does nothing where the log has no such event of this very address, whatever else says so', async () => {
    await live(gone);
    await db.owner`insert into events (stream_id, version, type, at, data) values (${stays}, 1, 'erased', now(), '{}')`;
    await db.owner`update streams set state = state || '{"erasedAt": 1}'`;
    const before = await rowsWith('');
    const [row] = await db.sql`select erase_stream(${gone}) as done`;
    expect([row?.done, await rowsWith('')]).toEqual([false, before]);
  });

  test('is the programs’ and the owner’s, and no one else’s', async () => {
    const [row] = await db.owner`select proacl::text as rights, prosecdef as definer, proconfig::text as path
      from pg_proc where proname = 'erase_stream'`;
    expect(row?.rights).toContain('sealpost_app=X/');
    expect(row?.rights).not.toMatch(/[{,]=X/);
    expect(row).toMatchObject({ definer: true, path: '{"search_path=public, pg_temp"}' });
  });
});

test('erasures that are not finished are found, so many at once; what is finished or alive is not', async () => {
  const erased = db.owner.json({ erasedAt: 1 });
  await db.owner`insert into streams (id, version, state) values ('b@example.com', 1, ${erased}), ('c@example.com', 1, ${erased}),
    ('erased-1@erased.invalid', 1, ${erased}), ('alive@example.com', 1, '{}'), ('erased-me@example.com', 1, ${erased})`;
  const found = ['b@example.com', 'c@example.com', 'erased-me@example.com'];
  expect((await unfinishedErasures(db.sql, 10)).toSorted()).toEqual(found);
  expect(await unfinishedErasures(db.sql, 2)).toHaveLength(2);
  expect(await addressesAfter(db.sql, '', 2)).toEqual(['alive@example.com', 'b@example.com']);
  expect(await addressesAfter(db.sql, 'b@example.com', 9)).toEqual([
    'c@example.com',
    'erased-1@erased.invalid',
    'erased-me@example.com',
  ]);
});
