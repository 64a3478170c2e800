/** The limits beyond an address as the append takes them: with what is recorded, only for it, and within what is left. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EmailAddress } from '../../services/core/email-address.ts';
import { append } from '../../services/store/append.ts';
import type { Reservation } from '../../services/store/limits/reservations.ts';
import type { LimitKey } from '../../services/store/limits/window.ts';
import { additionTo } from '../support/additions.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addressOf } from '../support/rules.ts';
import { stopClockAt } from '../support/still-clock.ts';

const NOW = '2026-05-04T10:00:00.000Z';
const HOUR_AGO = '2026-05-04T09:00:00.000Z';
const NEARLY_AN_HOUR_AGO = '2026-05-04T09:00:00.001Z';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await stopClockAt(db, NOW);
});
beforeEach(async () => {
  await db.empty();
});
afterAll(() => db.drop());

const [a, b, c] = ['a', 'b', 'c'].map((name) => addressOf(`${name}@example.com`)) as [
  EmailAddress,
  EmailAddress,
  EmailAddress,
];

const windowOf = (key: string, count: number, startedAt = NEARLY_AN_HOUR_AGO) =>
  db.owner`insert into rate_windows (key, started_at, count) values (${key}, ${startedAt}, ${count})`;

const reserving = (address: EmailAddress, key: LimitKey, n = 1, max = 3, seconds = 3600): Reservation => {
  return { key, address, n, max, seconds };
};

const adding = (address: EmailAddress, reservations: readonly Reservation[], expectedVersion = 0) =>
  additionTo(address, { expectedVersion, reservations });

async function recordedOf(...additions: Parameters<typeof append>[1]): Promise<readonly string[]> {
  const won = [...(await append(db.sql, additions))].toSorted();
  const rows = await db.owner`select stream_id from events where type = 'unlocked' order by 1`;
  // What it says is what it did.
  expect([...new Set(rows.map(({ stream_id }) => stream_id as string))]).toEqual(won);
  return won;
}

const windows = async () =>
  (await db.owner`select key, count, started_at from rate_windows order by key`).map(
    ({ key, count, started_at }) => `${key} ${count} ${(started_at as Date).toISOString()}`,
  );

const waiting = async () => (await db.owner`select from pg_locks where not granted`).length;

describe('a window that runs', () => {
  test('gives what is left of it to the last, and goes on from its own beginning', async () => {
    await windowOf('user u', 1);
    expect(await recordedOf(adding(a, [reserving(a, 'user u', 2)]))).toEqual([a]);
    expect(await windows()).toEqual([`user u 3 ${NEARLY_AN_HOUR_AGO}`]);
  });

  test('without room for one more holds back the whole stream, a new one and a known one, and counts nothing', async () => {
    await windowOf('user u', 3);
    await db.owner`insert into streams (id, version, state) values (${b}, 1, '{}')`;
    expect(await recordedOf(adding(a, [reserving(a, 'user u')]), adding(b, [reserving(b, 'user u')], 1))).toEqual([]);
    expect(await windows()).toEqual([`user u 3 ${NEARLY_AN_HOUR_AGO}`]);
    expect(await db.owner`select id, version from streams`).toEqual([{ id: b, version: 1 }]);
  });

  test('with room for one of two streams of a batch holds back both; a stream of another window is recorded', async () => {
    await windowOf('user u', 2);
    await windowOf('user other', 0);
    const additions = [
      adding(a, [reserving(a, 'user u')]),
      adding(b, [reserving(b, 'user u')]),
      adding(c, [reserving(c, 'user other')]),
    ];
    expect(await recordedOf(...additions)).toEqual([c]);
    expect(await windows()).toEqual([`user other 1 ${NEARLY_AN_HOUR_AGO}`, `user u 2 ${NEARLY_AN_HOUR_AGO}`]);
  });

  test('of two that a stream needs, the full one spares the other', async () => {
    await windowOf('installation', 7);
    await windowOf('user u', 0);
    const reservations = [reserving(a, 'user u'), reserving(a, 'installation', 1, 7, 3600)];
    expect(await recordedOf(adding(a, reservations), adding(b, []))).toEqual([b]);
    expect(await windows()).toEqual([`installation 7 ${NEARLY_AN_HOUR_AGO}`, `user u 0 ${NEARLY_AN_HOUR_AGO}`]);
  });

  test('counts what was recorded and not what lost its race for the address', async () => {
    await windowOf('user u', 0);
    await db.owner`insert into streams (id, version, state) values (${b}, 5, '{}'), (${c}, 1, '{}')`;
    const stale = [adding(b, [reserving(b, 'user u')], 4)];
    expect(
      await recordedOf(adding(a, [reserving(a, 'user u', 1)]), ...stale, adding(c, [reserving(c, 'user u')], 1)),
    ).toEqual([a, c]);
    expect(await windows()).toEqual([`user u 2 ${NEARLY_AN_HOUR_AGO}`]);
  });

  test('that another process fills at the same moment is full once that is done', async () => {
    await windowOf('user u', 2);
    let won: Promise<ReadonlySet<string>> | undefined;
    await db.owner.begin(async (other) => {
      await other`update rate_windows set count = 3`;
      won = append(db.sql, [adding(a, [reserving(a, 'user u')])]);
      await expect.poll(waiting).toBeGreaterThan(0);
    });
    expect([...((await won) ?? [])]).toEqual([]);
    expect(await windows()).toEqual([`user u 3 ${NEARLY_AN_HOUR_AGO}`]);
    expect(await db.owner`select from events`).toHaveLength(0);
  });

  test('that nobody made is no room', async () => {
    expect(await recordedOf(adding(a, [reserving(a, 'user nowhere')]))).toEqual([]);
    expect(await windows()).toEqual([]);
  });
});

describe('a window that is over', () => {
  test('begins anew now, with what is taken now', async () => {
    await windowOf('user u', 3, HOUR_AGO);
    expect(await recordedOf(adding(a, [reserving(a, 'user u', 1)]), adding(b, [reserving(b, 'user u', 2)]))).toEqual([
      a,
      b,
    ]);
    expect(await windows()).toEqual([`user u 3 ${NOW}`]);
  });

  test('gives no more than a fresh one', async () => {
    await windowOf('user u', 1, HOUR_AGO);
    expect(await recordedOf(adding(a, [reserving(a, 'user u', 4)]))).toEqual([]);
    expect(await windows()).toEqual([`user u 1 ${HOUR_AGO}`]);
  });

  test('is over by its own length: a minute that is over beside an hour that runs', async () => {
    await windowOf('installation', 9, '2026-05-04T09:59:00.000Z');
    await windowOf('user u', 2, '2026-05-04T09:59:00.000Z');
    const reservations = [reserving(a, 'user u'), reserving(a, 'installation', 1, 9, 60)];
    expect(await recordedOf(adding(a, reservations))).toEqual([a]);
    expect(await windows()).toEqual([`installation 1 ${NOW}`, 'user u 3 2026-05-04T09:59:00.000Z']);
  });

  test('is left alone by a stream that takes nothing of it', async () => {
    await windowOf('user u', 3, HOUR_AGO);
    expect(await recordedOf(adding(a, []))).toEqual([a]);
    expect(await windows()).toEqual([`user u 3 ${HOUR_AGO}`]);
  });
});
