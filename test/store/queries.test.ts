/** What is read and not decided: a user's list, what lapsed, what was imported, an address's story; and what is forgotten. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readClockDifference, readOverdueSeconds, readRights } from '../../services/store/server-facts.ts';
import {
  importedCodes,
  lapsedAddresses,
  listEmails,
  ping,
  pingPrimary,
  readEvents,
  readRecorded,
  readState,
} from '../../services/store/queries.ts';
import { STATE_VERSION } from '../../services/core/state.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addressOf } from '../support/rules.ts';
import { stopClockAt } from '../support/still-clock.ts';
import { unstopped } from '../support/handlers.ts';
import { forgetIdempotencyKeys } from '../../services/store/retention.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await stopClockAt(db, '2026-05-04T10:00:00.000Z');
  await db.empty();
});
afterAll(() => db.drop());

const a = addressOf('a@example.com');

describe('a user’s addresses', () => {
  test('are the user’s alone, those verified first come first, then by their birth', async () => {
    await db.owner`
      insert into user_email_addresses (id, user_id, email_address, is_verified, verified_at, purpose, verification_method)
      values (1, ${user(1)}, 'a@example.com', false, null, 'p', 'otp'),
        (2, ${user(1)}, 'b@example.com', true, '2026-05-04 09:00Z', 'p', 'registration'),
        (3, ${user(1)}, 'c@example.com', true, '2026-05-04 08:00Z', 'p', 'otp'),
        (5, ${user(1)}, 'e@example.com', true, '2026-05-04 09:00Z', 'p', 'otp'),
        (4, ${user(1)}, 'd@example.com', false, null, 'p', 'otp'),
        (6, ${user(2)}, 'f@example.com', true, '2026-05-04 07:00Z', 'p', 'otp')
    `;
    const rows = await listEmails(db.sql, user(1), true);
    expect(rows.map(({ email_address }) => email_address.slice(0, 1)).join('')).toBe('cbead');
    expect(rows[1]).toEqual({
      email_address: 'b@example.com',
      is_verified: true,
      verified_at: new Date('2026-05-04T09:00:00Z'),
      purpose: 'p',
      verification_method: 'registration',
      total: 5,
    });
    expect(await listEmails(db.sql, user(3), true)).toEqual([]);
    const verified = await listEmails(db.sql, user(1), false);
    expect(verified.map(({ email_address, total }) => [email_address, total])).toEqual([
      ['c@example.com', 3],
      ['b@example.com', 3],
      ['e@example.com', 3],
    ]);
  });

  test('are at most 500, and the total says how many there are', async () => {
    await db.owner`insert into user_email_addresses (user_id, email_address)
      select ${user(1)}, n || '@example.com' from generate_series(1, 502) as n`;
    const rows = await listEmails(db.sql, user(1), true);
    expect([rows.length, rows[0]?.total]).toEqual([500, 502]);
  });
});

test('addresses whose code’s time is over, the longest overdue first, at it and not before', async () => {
  await db.owner`insert into streams (id, version, state, expires_at) values
    ('now@example.com', 1, '{}', '2026-05-04 10:00Z'), ('old@example.com', 1, '{}', '2026-05-04 09:00Z'),
    ('soon@example.com', 1, '{}', '2026-05-04 10:00:00.001Z'), ('none@example.com', 1, '{}', null),
    ('older@example.com', 1, '{}', '2026-05-04 08:59:30Z')`;
  expect(await lapsedAddresses(db.sql, 10)).toEqual(['older@example.com', 'old@example.com', 'now@example.com']);
  expect(await lapsedAddresses(db.sql, 1)).toEqual(['older@example.com']);
  expect(await readOverdueSeconds(db.sql)).toBe(3630);
  await db.owner`delete from streams where expires_at <= '2026-05-04 10:00Z'`;
  expect(await readOverdueSeconds(db.sql)).toBe(0);
  expect(await lapsedAddresses(db.sql, 10)).toEqual([]);
});

test('Idempotency-Keys are forgotten after 24 hours and not at them', async () => {
  await db.owner`insert into idempotency_keys (caller, key_hash, fingerprint, stream_id, version, created_at) values
    (${user(1)}, 'day', 'f', ${a}, 1, '2026-05-03 10:00Z'), (${user(1)}, 'older', 'f', ${a}, 1, '2026-05-03 09:59:59.999Z'),
    (${user(1)}, 'now', 'f', ${a}, 1, '2026-05-04 10:00Z'), (${user(1)}, 'oldest', 'f', ${a}, 1, '2026-01-01 10:00Z')`;
  expect(await forgetIdempotencyKeys(db.sql, unstopped)).toBe(2);
  const left = await db.owner`select key_hash from idempotency_keys order by 1`;
  expect(left.map(({ key_hash }) => key_hash as string)).toEqual(['day', 'now']);
});

test('of codes to import, those that are there already: codes, imported, of those asked for', async () => {
  const happened = (version: number, type: string, data: object) =>
    db.owner`insert into events (stream_id, version, type, at, data)
      values (${a}, ${version}, ${type}, now(), ${db.owner.json(data as never)})`;
  await happened(1, 'imported', { what: 'code', otpId: user(1) });
  await happened(2, 'imported', { what: 'code', otpId: user(2) });
  await happened(3, 'imported', { what: 'address', otpId: user(3) });
  await happened(4, 'requested', { what: 'code', otpId: user(4) });
  expect(await importedCodes(db.sql, [user(1), user(3), user(4), user(5)])).toEqual(new Set([user(1)]));
  expect(await importedCodes(db.sql, [])).toEqual(new Set());
});

test('an address’s story is its own, in the order of its versions', async () => {
  const events = [
    [a, 2, 'sent'],
    [a, 1, 'requested'],
    ['b@example.com', 1, 'requested'],
    [a, 3, 'expired'],
  ] as const;
  for (const [stream, version, type] of events) {
    await db.owner`insert into events (stream_id, version, type, at, data)
      values (${stream}, ${version}, ${type}, '2026-05-04 09:00:00.125Z', ${db.owner.json({ version })})`;
  }
  const at = new Date('2026-05-04T09:00:00.125Z');
  const told = (await readEvents(db.sql, a)).map(({ position, ...event }) => [typeof position, event]);
  expect(told).toEqual([
    ['number', { version: 1, type: 'requested', at, data: { version: 1 } }],
    ['number', { version: 2, type: 'sent', at, data: { version: 2 } }],
    ['number', { version: 3, type: 'expired', at, data: { version: 3 } }],
  ]);
  expect((await readRecorded(db.sql, a))[2]).toEqual({
    version: 3,
    type: 'expired',
    at: Date.parse('2026-05-04T09:00:00.125Z'),
    data: { version: 3 },
  });
  expect(await readEvents(db.sql, addressOf('c@example.com'))).toEqual([]);
});

test('a snapshot is of its address, and none of one where nothing happened', async () => {
  await db.owner`insert into streams (id, version, state, state_version)
    values (${a}, 1, '{"links": []}', ${STATE_VERSION}), ('b@example.com', 1, '{}', ${STATE_VERSION})`;
  expect(await readState(db.sql, a)).toEqual({ links: [] });
  expect(await readState(db.sql, addressOf('c@example.com'))).toBeUndefined();
  await expect(Promise.all([ping(db.sql), pingPrimary(db.sql)])).resolves.toEqual([undefined, undefined]);
});

test('the clock is told as the database’s less one’s own', async () => {
  await db.setClockAhead(3600);
  const difference = await readClockDifference(db.sql);
  expect(Math.abs(difference - 3_600_000)).toBeLessThan(60_000);
});

test('rights that are lacking and rights that are too many are told by name, of this login', async () => {
  expect(await readRights(db.sql)).toEqual({ role: 'request_app', lacking: [], excessive: [] });
  await db.owner`revoke insert on events, idempotency_keys from sealpost_app`;
  await db.owner`grant delete, truncate, update on events to sealpost_app`;
  const { lacking, excessive } = await readRights(db.sql);
  expect(lacking.toSorted()).toEqual(['insert on events', 'insert on idempotency_keys']);
  expect(excessive.toSorted()).toEqual(['delete on events', 'truncate on events', 'update on events']);
});
