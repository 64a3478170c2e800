/** The pool of a running program: how its sessions are set up, what counts as the store being away, how it survives a cut. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  answerWithin,
  connect,
  type DatabaseOptions,
  StoreUnavailable,
  violates,
} from '../../services/store/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { atOnce } from '../support/load.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

/** A pool of the test's own, under a name that no other has. */
function open(more: Partial<DatabaseOptions> = {}) {
  const name = `pool ${randomBytes(6).toString('hex')}`;
  const options = { url: db.url, ssl: 'off' as const, poolMax: 2, applicationName: name };
  const sql = connect({ ...options, statementTimeoutMilliseconds: 5000, ...more });
  const pids = async () =>
    (await db.owner`select pid from pg_stat_activity where application_name = ${name}`).map(({ pid }) => pid as number);
  return { sql, name, pids, [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) };
}

const raising = (code: string) =>
  db.owner.unsafe(`do $$ begin raise exception using errcode = '${code}', message = 'no'; end $$`);

const told = (statement: Promise<unknown>): Promise<unknown> =>
  statement.then(
    () => 'an answer',
    (error: unknown) => error,
  );

/** The same of what no pool has looked at yet. */
const judged = (statement: PromiseLike<unknown>, milliseconds = 5000) => told(answerWithin(statement, milliseconds));

describe('what the server says', () => {
  test.each([
    ['08006', 'a connection lost'],
    ['08001', 'a connection refused'],
    ['25006', 'a standby that may not write'],
    ['28000', 'a login that may not'],
    ['28P01', 'a wrong password'],
    ['3D000', 'no such database'],
    ['40001', 'a serialization failure'],
    ['40P01', 'a deadlock'],
    ['53100', 'a full disk'],
    ['53200', 'no memory'],
    ['53300', 'too many connections'],
    ['55000', 'a database that is not open'],
    ['57014', 'a statement that took too long'],
    ['57P01', 'a server that stops'],
    ['57P03', 'a server that starts'],
    ['58030', 'a disk that fails'],
  ])('%s, %s, is the store being away', async (code) => {
    const error = await judged(raising(code));
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toMatchObject({ retryAfterSeconds: 1, cause: { code } });
  });

  test.each([
    ['22001', 'a value too long'],
    ['23502', 'a value missing'],
    ['23505', 'a value twice'],
    ['23514', 'a value forbidden'],
    ['25P02', 'a statement after a failure'],
    ['2D000', 'a transaction ended wrongly'],
    ['42501', 'a right that is not there'],
    ['42601', 'a mistake in the statement'],
    ['42P01', 'a table that is not there'],
    ['54000', 'a statement too long'],
    ['55P03', 'a lock not to be had'],
    ['P0001', 'a function’s own word'],
    ['XX000', 'a fault inside'],
  ])('%s, %s, is the statement’s own and stays what it is', async (code) => {
    expect(await judged(raising(code))).toMatchObject({ name: 'PostgresError', code });
  });
});

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
const failing = (code: string | undefined) => Promise.reject(Object.assign(new Error('no'), { code }));

describe('what did not come from the server', () => {
  test.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOTFOUND',
    'EPIPE',
    'ETIMEDOUT',
    'CONNECT_TIMEOUT',
    'CONNECTION_CLOSED',
    'CONNECTION_ENDED',
    'CONNECTION_DESTROYED',
  ])('%s is the store being away', async (code) => {
    expect(await judged(failing(code))).toBeInstanceOf(StoreUnavailable);
  });

  test.each([
    undefined,
    'UNDEFINED_VALUE',
    'MAX_PARAMETERS_EXCEEDED',
    'ERR_INVALID_ARG_TYPE',
    'SASL_SIGNATURE_MISMATCH',
    'EX',
  ])('%s is a mistake and stays one', async (code) => {
    const error = await judged(failing(code));
    expect(error).not.toBeInstanceOf(StoreUnavailable);
    expect(error).toMatchObject({ message: 'no' });
  });

  test('several addresses that all refuse are the store being away, and what is away already stays so', async () => {
    expect(await judged(Promise.reject(new AggregateError([])))).toBeInstanceOf(StoreUnavailable);
    expect(await judged(Promise.reject(new StoreUnavailable('gone')))).toBeInstanceOf(StoreUnavailable);
  });

  test('an answer that does not come in time is the store being away; one that does is the answer', async () => {
    expect(await judged(new Promise(() => {}), 20)).toBeInstanceOf(StoreUnavailable);
    expect(await answerWithin(Promise.resolve(7), 5000)).toBe(7);
  });

  test('what was answered, or failed, leaves no timer behind that would keep the process', async () => {
    const before = timers();
    await atOnce(100, (n) => judged(n % 2 === 0 ? Promise.resolve(7) : failing('EPIPE'), 600_000));
    expect(timers() - before).toBeLessThan(10);
  });
});

test('a violation is told by the name of its constraint, and another’s is not it', async () => {
  const insert = () => db.owner`insert into streams (id, version, state) values ('twice@example.com', 1, '{}')`;
  await insert();
  const error: unknown = await insert().catch((failure: unknown) => failure);
  expect([violates(error, 'streams_pkey'), violates(error, 'outbox_pkey')]).toEqual([true, false]);
  const check: unknown = await db.owner`insert into streams (id, version, state) values ('x', 0, '{}')`.catch(
    (failure: unknown) => failure,
  );
  expect(violates(check, 'a stream has at least one event')).toBe(false);
  expect(violates(Object.assign(new Error('no'), { code: '23505', constraint_name: 'c' }), 'c')).toBe(false);
});

describe('a session', () => {
  test('speaks UTC, has a name, ends a statement that takes too long, and reads counts as numbers', async () => {
    const [own] = await db.owner`select current_database() as name`;
    await db.owner.unsafe(`alter database ${own?.name} set timezone = 'Asia/Tokyo'`);
    await using pool = open({ statementTimeoutMilliseconds: 1000 });
    const [row] = await pool.sql`select
      current_setting('TimeZone') as zone,
      current_setting('application_name') as name,
      current_setting('statement_timeout') as timeout,
      9007199254740991::bigint as large,
      count(*) as n from streams where false`;
    expect(row).toEqual({ zone: 'UTC', name: pool.name, timeout: '1s', large: 9007199254740991, n: 0 });
    const late = await told(pool.sql`select pg_sleep(30)`);
    expect(late).toMatchObject({ name: 'StoreUnavailable', cause: { code: '57014' } });
  });

  test('a pool has as many as it may have, under any number of statements, and none once it ended, whatever is asked of it', async () => {
    const pool = open({ poolMax: 3 });
    await atOnce(30, () => pool.sql`select pg_sleep(0.01)`);
    expect(await pool.pids()).toHaveLength(3);
    await pool.sql.end({ timeout: 1 });
    await expect.poll(pool.pids).toEqual([]);
    expect(await told(pool.sql`select 1`)).toMatchObject({ cause: { code: 'CONNECTION_ENDED' } });
    expect(await pool.pids()).toEqual([]);
  });
});

test('a server that takes a connection and says nothing is given up after two seconds', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const url = `postgres://nobody@127.0.0.1:${typeof address === 'object' && address?.port}/nothing`;
  await using pool = open({ url, poolMax: 1 });
  const error = await told(pool.sql`select 1`);
  silent.close();
  expect(error).toMatchObject({ name: 'StoreUnavailable', cause: { code: 'CONNECT_TIMEOUT' } });
});

test('a pool that lost a connection is replaced whole: the next statements are answered, and none of its sessions stays', async () => {
  await using pool = open({ poolMax: 3 });
  await atOnce(6, () => pool.sql`select pg_sleep(0.01)`);
  const before = await pool.pids();
  expect(before).toHaveLength(3);
  await db.owner`select pg_terminate_backend(${before[0] ?? 0})`;
  await expect.poll(async () => (await pool.pids()).filter((pid) => before.includes(pid))).toEqual([]);
  const answers = await atOnce(6, () => told(pool.sql`select 1`));
  expect(answers).toEqual(answers.map(() => 'an answer'));
});
