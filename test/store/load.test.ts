/** The statement that reads for a batch: the clock, the snapshots asked for, ids, earlier uses of a key, counts. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { append } from '../../services/store/append.ts';
import type { KeyUse } from '../../services/store/idempotency.ts';
import { load, type Wanted } from '../../services/store/load.ts';
import { additionTo, recordedAs, requestedData } from '../support/additions.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addressOf } from '../support/rules.ts';
import { stopClockAt } from '../support/still-clock.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(() => stopClockAt(db, '2026-05-04T10:00:00.125Z'));
afterAll(() => db.drop());

const [a, b] = [addressOf('a@example.com'), addressOf('b@example.com')];
const nothing: Wanted = { streamIds: [], freshEmailIds: 0, keys: [], windows: [], closedHashes: [] };
const wanting = (wanted: Partial<Wanted>) => load(db.sql, { ...nothing, ...wanted });

test('the time is the database’s in milliseconds, the epoch the installation’s, and what was not asked for is empty', async () => {
  const { now, epoch, ...rest } = await wanting({});
  expect([now, epoch]).toEqual([Date.parse('2026-05-04T10:00:00.125Z'), 1]);
  expect(rest).toEqual({
    snapshots: new Map(),
    freshEmailIds: [],
    closed: [],
    counts: new Map(),
    earlierUses: new Map(),
  });
  await db.owner`update installation set epoch = 7`;
  expect((await wanting({})).epoch).toBe(7);
});

test('snapshots are of the addresses asked for, each with its version and state', async () => {
  await append(db.sql, [additionTo(a), additionTo(b)]);
  await append(db.sql, [additionTo(a, { expectedVersion: 1 })]);
  const { snapshots } = await wanting({ streamIds: [a, addressOf('unknown@example.com')] });
  const state = { links: [], codes: [], wrongGuesses: [], lastEventAt: 1 };
  expect(snapshots).toEqual(new Map([[a, { version: 2, state }]]));
});

test('fresh ids are as many as asked for, and nobody’s before or after', async () => {
  const ids = [
    ...(await wanting({ freshEmailIds: 3 })).freshEmailIds,
    ...(await wanting({ freshEmailIds: 2 })).freshEmailIds,
  ];
  expect(ids).toEqual([1, 2, 3, 4, 5]);
  expect((await wanting({})).freshEmailIds).toEqual([]);
});

const use = (caller: number, keyHash: string): KeyUse => ({
  caller: user(caller),
  keyHash,
  fingerprint: `of ${keyHash}`,
});

test('an earlier use is of this caller and this key, and brings the event recorded then', async () => {
  const data = [requestedData(1), requestedData(2)] as const;
  const address = addressOf('key@example.com');
  await append(db.sql, [
    additionTo(address, {
      events: data.map((one, index) =>
        recordedAs({ type: 'requested', data: one }, index + 1, `2026-05-04T09:00:0${index}.250Z`),
      ),
      keys: [
        { key: use(1, 'x'), version: 1 },
        { key: use(2, 'x'), version: 2 },
      ],
    }),
  ]);
  await db.owner`update idempotency_keys set answer = 'already-verified' where caller = ${user(2)}`;
  const { earlierUses } = await wanting({ keys: [use(2, 'x'), use(1, 'x'), use(1, 'y'), use(3, 'x')] });
  expect([...earlierUses].toSorted()).toEqual([
    [
      `${user(1)} x`,
      {
        fingerprint: 'of x',
        answer: 'requested',
        event: { type: 'requested', version: 1, at: Date.parse('2026-05-04T09:00:00.250Z'), data: data[0] },
      },
    ],
    [`${user(2)} x`, { fingerprint: 'of x', answer: 'already-verified' }],
  ]);
});

test('a window’s count is of a window that runs; where it is over or new it is 0; none is begun anew by looking', async () => {
  await db.owner`insert into rate_windows (key, started_at, count) values
    ('ip runs', '2026-05-04T09:00:00.126Z', 4), ('ip over', '2026-05-04T09:00:00.125Z', 5), ('not asked for', now(), 6)`;
  const windows = (['ip runs', 'ip over', 'ip new'] as const).map((key) => ({ key, seconds: 3600 }));
  expect([...(await wanting({ windows })).counts].toSorted()).toEqual([
    // It is made by this statement, which does not see it yet.
    ['ip over', { count: 0, endsInSeconds: 0 }],
    ['ip runs', { count: 4, endsInSeconds: 0.001 }],
  ]);
  expect((await wanting({ windows })).counts.get('ip new')).toEqual({ count: 0, endsInSeconds: 3600 });
  expect(
    await db.owner`select key, started_at, count from rate_windows where key <> 'not asked for' order by key`,
  ).toEqual([
    { key: 'ip new', started_at: new Date('2026-05-04T10:00:00.125Z'), count: 0 },
    { key: 'ip over', started_at: new Date('2026-05-04T09:00:00.125Z'), count: 5 },
    { key: 'ip runs', started_at: new Date('2026-05-04T09:00:00.126Z'), count: 4 },
  ]);
});
