/** The handler's bounds and its word: batches, queue, deadline, lost races; and nothing is told before it is durable. */
import { closedHashes } from '../../services/runtime/keys.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Command } from '../../services/core/decide.ts';
import type { EmailAddress } from '../../services/core/email-address.ts';
import { defaultPolicy, type Policy } from '../../services/core/policy.ts';
import { createCodeBook } from '../../services/mail/otp-code.ts';
import { type Sql, StoreUnavailable } from '../../services/store/database.ts';
import { createHandler, type HandlerOptions } from '../../services/store/handle.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { codeOf, counted, guessOf, requestOf } from '../support/handlers.ts';
import { atOnce } from '../support/load.ts';
import { addressOf, testKeys } from '../support/rules.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  // An address whose stream can't be changed any more: its commands lose every race.
  await db.owner.unsafe(`
    create function lose() returns trigger language plpgsql as $$ begin return null; end $$;
    create trigger lose before update on streams for each row when (new.id like 'lost%') execute function lose();
  `);
});
beforeEach(async () => {
  await db.empty();
});
afterAll(() => db.drop());

type Batch = Parameters<NonNullable<HandlerOptions['onBatch']>>[0];

/** A handler, what it said of its batches, and the events it said were recorded. */
function watched(sql: Sql, policy: Partial<Policy> = {}, more: Partial<HandlerOptions> = {}) {
  const batches: Batch[] = [];
  const told: string[] = [];
  const handler = createHandler({
    sql,
    policy: { ...defaultPolicy, requestsPerUserHourMax: 0, requestsPerMinuteMax: 0, ...policy },
    codeBook: (epoch) => createCodeBook(testKeys, epoch),
    closedHashes: (address) => closedHashes(testKeys, address),
    timeoutMilliseconds: 5000,
    lanes: 1,
    onBatch: (batch) => batches.push(batch),
    onRecorded: (events) => told.push(...events.map(({ type, version }) => `${type} ${version}`)),
    ...more,
  });
  return { handler, batches, told };
}

const at = (name: string, n = 0) => addressOf(`${name}${n}@example.com`);
const suppressing = (address: EmailAddress): Command => ({ type: 'suppress', address, by: user(900) });
const nothing = (n: number): Command => ({ type: 'expire-codes', address: at('idle', n) });
const outcome = (handled: Promise<unknown>) =>
  handled.then(
    () => 'handled',
    (error: unknown) => error,
  );
const versions = async (address: EmailAddress) =>
  (await db.owner`select version from events where stream_id = ${address} order by 1`).map(
    ({ version }) => version as number,
  );

const waitingForStreams = async () =>
  (await db.owner`select from pg_locks where not granted and relation = 'streams'::regclass`).length;

/** While `during` runs, nothing can be appended: what is under way waits for the lock. */
async function whileBlocked(during: () => Promise<void>): Promise<void> {
  await db.owner.begin(async (sql) => {
    await sql`lock table streams in share mode`;
    await during();
  });
}

describe('a batch', () => {
  test('has at most 512 commands, those that came first, and says how many it had and lost', async () => {
    const { handler, batches } = watched(db.sql);
    const handled = await atOnce(1000, (n) => handler.handle(nothing(n)));
    expect(handled.every(({ kind }) => kind === 'unchanged')).toBe(true);
    expect(batches.map(({ commands, lostRaces }) => [commands, lostRaces])).toEqual([
      [512, 0],
      [488, 0],
    ]);
    expect(batches.every(({ milliseconds }) => milliseconds > 0)).toBe(true);
    expect(handler.pending()).toBe(0);
  });

  test('decides the commands of one address one after the other, each on what the last one left', async () => {
    const { handler, told } = watched(db.sql);
    const address = at('story');
    const commands = [
      suppressing(address),
      { type: 'lift-suppression' as const, address, by: user(900) },
      suppressing(address),
    ];
    const handled = await Promise.all(commands.map((command) => handler.handle(command)));
    expect(handled.map(({ kind }) => kind)).toEqual(['recorded', 'recorded', 'recorded']);
    expect(told).toEqual(['suppressed 1', 'unsuppressed 2', 'suppressed 3']);
    expect(await versions(address)).toEqual([1, 2, 3]);
  });

  test('for which the database is away is asked once, and every command hears of it', async () => {
    const gone = await createTestDatabase();
    await gone.drop();
    const pool = counted(gone.sql);
    const { handler, told } = watched(pool.sql);
    const heard = await atOnce(5, (n) => outcome(handler.handle(suppressing(at('away', n)))));
    expect(heard.every((error) => error instanceof StoreUnavailable)).toBe(true);
    expect([pool.statements(), told, handler.pending()]).toEqual([1, [], 0]);
  });
});

test('one stream is always of one lane: over eight lanes no command races another of the same handler', async () => {
  const { handler, batches } = watched(db.sql, { cooldownSeconds: 0 }, { lanes: 8 });
  await atOnce(12, async (n) => {
    for (let round = 0; round < 5; round++) {
      await atOnce(4, (one) => handler.handle(requestOf(at('lane', n % 4), user(one), `purpose${round}`)));
    }
  });
  expect(batches.reduce((sum, { lostRaces }) => sum + lostRaces, 0)).toBe(0);
  expect(Math.max(...batches.map(({ commands }) => commands))).toBeLessThan(48);
});

test('20000 may wait; one more is told at once that too many do, and is welcome again afterwards', async () => {
  const { handler, batches } = watched(db.sql, {}, { timeoutMilliseconds: 50_000 });
  const waiting = Array.from({ length: 20_000 }, (_, n) => handler.handle(nothing(n)));
  expect(handler.pending()).toBe(20_000);
  const error = await outcome(handler.handle(suppressing(at('surplus'))));
  expect(error).toBeInstanceOf(StoreUnavailable);
  expect((error as Error).message).toContain('Too many');
  expect((await Promise.all(waiting)).every(({ kind }) => kind === 'unchanged')).toBe(true);
  expect(batches.reduce((sum, { commands }) => sum + commands, 0)).toBe(20_000);
  expect(await versions(at('surplus'))).toEqual([]);
  expect(await handler.handle(suppressing(at('surplus')))).toMatchObject({ kind: 'recorded' });
});

test('a command whose time is over before its turn is told so, and no statement is made for it', async () => {
  const pool = counted(db.sql);
  const { handler, batches } = watched(pool.sql, {}, { timeoutMilliseconds: 300 });
  const handled = outcome(handler.handle(suppressing(at('late'))));
  // Its turn comes when the process, busy with something else, lets it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 350);
  expect(await handled).toBeInstanceOf(StoreUnavailable);
  await expect.poll(() => batches.length).toBe(1);
  expect([pool.statements(), await versions(at('late')), handler.pending()]).toEqual([0, [], 0]);
});

test('a database that does not answer is a StoreUnavailable when the time is over, and the handler goes on', async () => {
  const { handler, told } = watched(db.sql, {}, { timeoutMilliseconds: 600 });
  await whileBlocked(async () => {
    expect(await outcome(handler.handle(suppressing(at('stalled'))))).toBeInstanceOf(StoreUnavailable);
    expect([told, handler.pending()]).toEqual([[], 0]);
  });
  await expect.poll(() => outcome(handler.handle(nothing(0)))).toBe('handled');
});

test('a command that loses every race is given up after as many as there can be; its neighbours are recorded once', async () => {
  const policy = { requestsPerDayMax: 1 };
  const { handler, batches, told } = watched(db.sql, policy);
  const lost = at('lost');
  await handler.handle(suppressing(lost));
  const lifting = handler.handle({ type: 'lift-suppression', address: lost, by: user(900) });
  const [error, neighbour] = await Promise.all([outcome(lifting), handler.handle(suppressing(at('neighbour')))]);
  expect(error).toMatchObject({ name: 'StoreUnavailable', message: 'The address is too busy.' });
  expect(neighbour).toMatchObject({ kind: 'recorded' });
  // 4 for the one mail of a day, 100 guesses and 1 may be lost; the next is the last.
  expect(batches.map(({ lostRaces }) => lostRaces)).toEqual([0, ...Array.from({ length: 106 }, () => 1)]);
  expect(told).toEqual(['suppressed 1', 'suppressed 1']);
  expect([await versions(lost), await versions(at('neighbour')), handler.pending()]).toEqual([[1], [1], 0]);
});

describe('what is told', () => {
  test('comes once it is durable, to the caller and to who counts the events', async () => {
    const { handler, told, batches } = watched(db.sql);
    const heard: string[] = [];
    let handled: Promise<void> | undefined;
    await whileBlocked(async () => {
      handled = handler.handle(suppressing(at('durable'))).then(({ kind }) => void heard.push(kind));
      await expect.poll(waitingForStreams).toBeGreaterThan(0);
      expect([heard, told, batches]).toEqual([[], [], []]);
    });
    await handled;
    expect([heard, told, batches.length]).toEqual([['recorded'], ['suppressed 1'], 1]);
  });

  test('is what was recorded, not what was refused, failed or unchanged', async () => {
    const { handler, told } = watched(db.sql);
    const address = at('told');
    await handler.handle(requestOf(address, user(1)));
    const right = await codeOf(db.sql, address, user(1));
    const tooLong = handler.handle(requestOf(at('long'), user(2), 'p'.repeat(51)));
    const others = [requestOf(address, user(3)), nothing(1), guessOf(address, user(1), right)];
    const [failed] = await Promise.all([outcome(tooLong), ...others.map((command) => handler.handle(command))]);
    expect(failed).toMatchObject({ code: '22001' });
    const all = await db.owner`select type || ' ' || version as event from events order by position`;
    expect(told.toSorted()).toEqual(all.map(({ event }) => event as string).toSorted());
    expect(told.slice(0, 1)).toEqual(['requested 1']);
    expect(told).toHaveLength(new Set(told).size);
  });
});
