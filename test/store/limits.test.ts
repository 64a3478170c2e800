/** Limits beyond one address: exact with several processes; what is refused or lost spends nothing. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Limit } from '../../services/store/limits/take.ts';
import { createTakeOne } from '../../services/store/limits/take-one.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { counted, handlerOn, requestOf } from '../support/handlers.ts';
import { atOnce } from '../support/load.ts';
import { addressOf } from '../support/rules.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => db.setClockAhead(0));
afterAll(() => db.drop());

const deadlocks = async () =>
  (await db.owner`select deadlocks::int as n from pg_stat_database where datname = current_database()`)[0]?.n as number;

const at = (name: string, n: number) => addressOf(`${name}${n}@example.com`);

describe('taking from a limit', () => {
  const hundred: Limit = { max: 100, windowSeconds: 900 };

  test('900 at once over three processes: exactly 100 are granted, the others hear when the window ends', async () => {
    const takers = Array.from({ length: 3 }, () => createTakeOne(db.sql));
    const all = await atOnce(
      900,
      (n) => takers[n % 3]?.('ip window', hundred) ?? Promise.reject(new Error('no taker')),
    );
    expect(all.filter(({ granted }) => granted === 1)).toHaveLength(100);
    const refused = all.filter(({ granted }) => granted === 0);
    expect(refused.every(({ retryAfterSeconds }) => retryAfterSeconds > 890 && retryAfterSeconds <= 900)).toBe(true);
    expect(Math.max(...all.map(({ left }) => left))).toBe(99);
    const take = createTakeOne(db.sql);
    await db.setClockAhead(899);
    expect(await take('ip window', hundred)).toMatchObject({ granted: 0 });
    await db.setClockAhead(901);
    expect(await take('ip window', hundred)).toMatchObject({ granted: 1, left: 99, resetSeconds: 900 });
  });

  test('a burst of 20, then ten a second, for each key alone', async () => {
    const burst: Limit = { max: 0, windowSeconds: 900, burst: 20, perSecond: 10 };
    const take = createTakeOne(db.sql);
    await db.setClockAhead(10);
    const first = await atOnce(50, () => take('ip burst', burst));
    const granted = first.filter((one) => one.granted === 1).length;
    // A statement or two may pass between the first and the last.
    expect(granted).toBeGreaterThanOrEqual(20);
    expect(granted).toBeLessThanOrEqual(22);
    expect(first.at(-1)).toMatchObject({ granted: 0, retryAfterSeconds: 1 });
    expect(await take('ip another', burst)).toMatchObject({ granted: 1 });
    await db.setClockAhead(11);
    const second = (await atOnce(50, () => take('ip burst', burst))).filter((one) => one.granted === 1).length;
    expect(second).toBeGreaterThanOrEqual(10);
    expect(second).toBeLessThanOrEqual(14);
  });

  test('a flood in one turn is one statement', async () => {
    const pool = counted(db.sql);
    const take = createTakeOne(pool.sql);
    await atOnce(500, (n) => take(`ip flood${n % 50}`, hundred));
    expect(pool.statements()).toBe(1);
  });
});

describe('the limits of a user and of the installation', () => {
  test('one user, 40 addresses at once over two processes: exactly ten mails, and another user has his own', async () => {
    const handlers = [
      handlerOn(db.sql, { requestsPerUserHourMax: 10 }),
      handlerOn(db.sql, { requestsPerUserHourMax: 10 }),
    ];
    const handled = await atOnce(
      40,
      (n) => handlers[n % 2]?.handle(requestOf(at('u', n), user(1))) ?? Promise.reject(),
    );
    const codes = handled.map((one) => (one.kind === 'rejected' ? one.rejection.code : one.kind));
    expect(codes.filter((code) => code === 'recorded')).toHaveLength(10);
    expect(codes.filter((code) => code === 'user_limit')).toHaveLength(30);
    const [row] = await db.owner`select count(*)::int as n from events where stream_id like 'u%@example.com'`;
    expect(row?.n).toBe(10);
    expect(await handlers[0]?.handle(requestOf(at('u', 99), user(2)))).toMatchObject({ kind: 'recorded' });
    await db.setClockAhead(3601);
    expect(await handlers[1]?.handle(requestOf(at('u', 98), user(1)))).toMatchObject({ kind: 'recorded' });
  });

  test('what another limit refuses, or a lost race repeats, spends nothing of it, not even while it is under way', async () => {
    const policy = { requestsPerUserHourMax: 3 };
    const handlers = [handlerOn(db.sql, policy), handlerOn(db.sql, policy), handlerOn(db.sql, policy)];
    const address = at('cooled', 1);
    const handled = await atOnce(90, (n) => handlers[n % 3]?.handle(requestOf(address, user(3))) ?? Promise.reject());
    const codes = handled.map((one) => (one.kind === 'rejected' ? one.rejection.code : one.kind));
    expect(codes.filter((code) => code === 'recorded')).toHaveLength(1);
    expect(codes.filter((code) => code === 'resend_cooldown')).toHaveLength(89);
    for (const n of [2, 3]) {
      expect(await handlers[0]?.handle(requestOf(at('cooled', n), user(3)))).toMatchObject({ kind: 'recorded' });
    }
    const fourth = await handlers[0]?.handle(requestOf(at('cooled', 4), user(3)));
    expect(fourth).toMatchObject({ kind: 'rejected', rejection: { code: 'user_limit' } });
  });

  test('three processes full of refusals and of mails: nobody waits in a ring, and no user’s first mail is refused', async () => {
    const policy = { requestsPerUserHourMax: 5, requestsPerMinuteMax: 100_000 };
    const handlers = Array.from({ length: 3 }, () => handlerOn(db.sql, policy));
    const before = await deadlocks();
    const outcomes = await atOnce(60, async (person) => {
      const refused = atOnce(
        30,
        (n) => handlers[n % 3]?.handle(requestOf(at('busy', person % 7), user(1000 + person))) ?? Promise.reject(),
      );
      const first = await handlers[person % 3]?.handle(requestOf(at('own', person), user(1000 + person)));
      await refused;
      return first?.kind;
    });
    expect(outcomes.filter((kind) => kind !== 'recorded')).toEqual([]);
    expect(await deadlocks()).toBe(before);
  });

  test('the brake holds the whole installation, and lets go after its minute', async () => {
    await db.owner`delete from rate_windows`;
    const handler = handlerOn(db.sql, { requestsPerMinuteMax: 5 });
    const handled = await atOnce(12, (n) => handler.handle(requestOf(at('brake', n), user(100 + n))));
    const codes = handled.map((one) => (one.kind === 'rejected' ? one.rejection.code : one.kind));
    expect(codes.filter((code) => code === 'recorded')).toHaveLength(5);
    expect(codes.filter((code) => code === 'installation_limit')).toHaveLength(7);
    await db.setClockAhead(61);
    expect(await handler.handle(requestOf(at('brake', 50), user(150)))).toMatchObject({ kind: 'recorded' });
  });

  test('a batch with limits is still two statements', async () => {
    const pool = counted(db.sql);
    const handler = handlerOn(pool.sql, { requestsPerUserHourMax: 10, requestsPerMinuteMax: 100_000 }, 1);
    await atOnce(100, (n) => handler.handle(requestOf(at('two', n), user(200 + n))));
    expect(pool.statements()).toBe(2);
  });
});
