/** Windows and buckets by a clock that stands still: what is granted, what is left, how long to wait, when one begins anew. */
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { forgetCount, type Limit, type LimitRequest, take } from '../../services/store/limits/take.ts';
import { createTakeOne } from '../../services/store/limits/take-one.ts';
import type { LimitKey } from '../../services/store/limits/window.ts';
import { StoreUnavailable } from '../../services/store/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { stopClockAt } from '../support/still-clock.ts';
import { unstopped } from '../support/handlers.ts';
import { forgetRateWindows } from '../../services/store/retention.ts';

const START = Date.parse('2026-05-04T10:00:00.000Z');

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await after(0);
  await db.empty();
});
afterAll(() => db.drop());

/** The clock so many milliseconds after the start. */
const after = (milliseconds: number) => stopClockAt(db, new Date(START + milliseconds).toISOString());

const three: Limit = { max: 3, windowSeconds: 900 };
const bucket: Limit = { max: 0, windowSeconds: 900, burst: 20, perSecond: 10 };
const both: Limit = { max: 12, windowSeconds: 60, burst: 10, perSecond: 10 };

async function taken(n: number, limit: Limit, key: LimitKey = 'ip k') {
  const one = (await take(db.sql, [{ key, limit, n }])).get(key);
  return one && [one.granted, one.left, one.resetSeconds, one.waitMilliseconds, one.retryAfterSeconds];
}

const whole = Number.POSITIVE_INFINITY;

describe('a window', () => {
  test('gives what is left and no more, and says exactly how long it is until the next', async () => {
    expect(await taken(2, three)).toEqual([2, 1, 900, 0, 1]);
    await after(600_000);
    expect(await taken(2, three)).toEqual([1, 0, 300, 300_000, 300]);
    await after(600_500);
    expect(await taken(1, three)).toEqual([0, 0, 300, 299_500, 300]);
    expect(await taken(9, three, 'ip of another')).toEqual([3, 0, 900, 900_000, 900]);
  });

  test('runs from its first to the millisecond, whatever was refused meanwhile, and then begins anew now', async () => {
    await taken(3, three);
    await after(899_999);
    expect(await taken(5, three)).toEqual([0, 0, 1, 1, 1]);
    await after(900_000);
    expect(await taken(1, three)).toEqual([1, 2, 900, 0, 1]);
    await after(1_000_000);
    expect(await taken(1, three)).toEqual([1, 1, 800, 0, 1]);
  });
});

describe('a bucket', () => {
  test('gives its burst, then one with each step of its rate, and is never fuller than full', async () => {
    expect(await taken(50, bucket)).toEqual([20, whole, 900, 100, 1]);
    expect(await taken(1, bucket)).toEqual([0, whole, 900, 100, 1]);
    await after(99);
    expect(await taken(50, bucket)).toEqual([0, whole, 900, 1, 1]);
    await after(100);
    expect(await taken(50, bucket)).toEqual([1, whole, 900, 100, 1]);
    await after(1100);
    expect(await taken(7, bucket)).toEqual([7, whole, 899, 0, 1]);
    expect(await taken(50, bucket)).toEqual([3, whole, 899, 100, 1]);
    await after(60_000);
    expect(await taken(50, bucket)).toEqual([20, whole, 840, 100, 1]);
  });

  test('in a window gives the lesser of the two', async () => {
    expect(await taken(50, both)).toEqual([10, 2, 60, 100, 1]);
    await after(5000);
    expect(await taken(50, both)).toEqual([2, 0, 55, 55_000, 55]);
    await after(60_000);
    expect(await taken(50, both)).toEqual([10, 2, 60, 100, 1]);
  });
});

test('several keys at once: each by its own limit', async () => {
  const requests: readonly LimitRequest[] = [
    { key: 'ip b', limit: three, n: 9 },
    { key: 'ip a', limit: { ...three, max: 1 }, n: 1 },
    { key: 'ip c', limit: { max: 0, windowSeconds: 60, burst: 5, perSecond: 0 }, n: 99 },
  ];
  const granted = async () =>
    [...(await take(db.sql, requests))].map(([key, one]) => `${key}${one.granted}`).toSorted();
  expect(await granted()).toEqual(['ip a1', 'ip b3', 'ip c99']);
  expect(await granted()).toEqual(['ip a0', 'ip b0', 'ip c99']);
});

test('a window that began a moment after the clock was read, by who was faster, lasts no longer than a window', async () => {
  await db.owner`insert into rate_windows (key, started_at, count) values ('ip k', event_clock() + interval '1 second', 3)`;
  expect(await taken(1, three)).toEqual([0, 0, 900, 900_000, 900]);
});

describe('asked for one by one in one turn', () => {
  test('the first are granted, each told what is left after it', async () => {
    const takeOne = createTakeOne(db.sql);
    const keys = ['ip k', 'ip k', 'ip other', 'ip k', 'ip k', 'ip k'] as const;
    const asked = keys.map((key) => takeOne(key, three));
    expect((await Promise.all(asked)).map(({ granted, left }) => [granted, left])).toEqual([
      [1, 2],
      [1, 1],
      [1, 2],
      [1, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(await takeOne('ip k', three)).toMatchObject({ granted: 0, retryAfterSeconds: 900 });
  });

  test(
    'what is asked while a statement is under way goes into the next, and nobody is forgotten',
    { timeout: 20_000 },
    async () => {
      const takeOne = createTakeOne(db.sql);
      const asked = [takeOne('ip k', three)];
      // The turn after it the statement is on its way.
      await setImmediate();
      asked.push(takeOne('ip k', three), takeOne('ip other', three));
      expect((await Promise.all(asked)).map(({ left }) => left)).toEqual([2, 1, 2]);
    },
  );

  test('a store that is away is told to each, grants none, and the next is asked again', async () => {
    const takeOne = createTakeOne(db.sql);
    await db.owner`alter function take_allowances rename to away`;
    const raise = `create function take_allowances(wishes jsonb) returns jsonb language plpgsql as
      $$ begin raise exception using errcode = '53300', message = 'full'; end $$`;
    await db.owner.unsafe(raise);
    const asked = await Promise.allSettled([
      takeOne('ip k', three),
      takeOne('ip other', three),
      takeOne('ip k', three),
    ]);
    await db.owner`drop function take_allowances`;
    await db.owner`alter function away rename to take_allowances`;
    expect(asked.map((one) => one.status === 'rejected' && one.reason instanceof StoreUnavailable)).toEqual(
      asked.map(() => true),
    );
    expect(await takeOne('ip k', three)).toMatchObject({ granted: 1, left: 2 });
  });
});

const keys = async () => (await db.owner`select key from rate_windows order by 1`).map(({ key }) => key as string);

describe('what is forgotten', () => {
  test('daily: windows that began more than a day ago; one of a day and all that run stay as they are', async () => {
    await db.owner`insert into rate_windows (key, started_at, count) values
      ('now', '2026-05-04T10:00:00Z', 1), ('day', '2026-05-03T10:00:00Z', 2), ('older', '2026-05-03T09:59:59.999Z', 3),
      ('oldest', '2026-04-01T00:00:00Z', 4)`;
    expect(await forgetRateWindows(db.sql, unstopped)).toBe(2);
    expect(await keys()).toEqual(['day', 'now']);
    expect(await forgetRateWindows(db.sql, unstopped)).toBe(0);
  });

  test('on demand: the count of one key', async () => {
    for (const key of ['login a', 'login ab', 'login '] as const) await taken(1, three, key);
    await forgetCount(db.sql, 'login a');
    expect(await keys()).toEqual(['login ', 'login ab']);
    expect(await taken(1, three, 'login a')).toEqual([1, 2, 900, 0, 1]);
  });
});
