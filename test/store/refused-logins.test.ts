/** While a server lets no new connection in, as where the password was just changed, those that are open serve on. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeAll, afterAll, beforeEach, expect, test } from 'vitest';
import { connect, type Pool } from '../../services/store/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { atOnce } from '../support/load.ts';

let db: TestDatabase;
let pool: Pool;
const role = `shut_out_${randomBytes(4).toString('hex')}`;
const name = `pool ${role}`;
beforeAll(async () => void (db = await createTestDatabase()));
afterAll(async () => {
  await db.owner.unsafe(`drop role if exists ${role}`);
  await db.drop();
});
beforeEach(async () => {
  await db.owner.unsafe(`create role ${role} login password 'x'`);
  const url = new URL(db.url);
  url.username = role;
  url.password = 'x';
  const bounds = { poolMax: 5, statementTimeoutMilliseconds: 3000 };
  pool = connect({ url: url.href, ssl: 'off', applicationName: name, ...bounds });
});
afterEach(async () => {
  await pool.end({ timeout: 1 });
  await expect.poll(pids).toEqual([]);
  await db.owner.unsafe(`drop role ${role}`);
});

const pids = async () =>
  (await db.owner`select pid from pg_stat_activity where application_name = ${name}`).map(({ pid }) => pid as number);
const shutOut = () => db.owner.unsafe(`alter role ${role} nologin`);
const letIn = () => db.owner.unsafe(`alter role ${role} login`);
const outcome = (statement: Promise<unknown>) =>
  statement.then(
    () => 'an answer',
    (error: Error & { cause?: { code?: string } }) => `${error.name} ${error.cause?.code ?? ''}`,
  );

test('many statements at once are answered by the connections that are open, each once', async () => {
  await pool`select 1`;
  const [before] = await pids();
  await shutOut();
  const counted = await atOnce(40, (n) => pool`select ${n}::int as n, pg_backend_pid() as pid, pg_sleep(0.01)`);
  expect(counted.map(([row]) => row?.n)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  expect(new Set(counted.map(([row]) => row?.pid))).toEqual(new Set([before]));
  await letIn();
  await atOnce(40, () => pool`select pg_sleep(0.01)`);
  expect((await pids()).length).toBeGreaterThan(1);
});

test('a statement is given up when its time is over, and by whoever no longer wants it', async () => {
  await pool`select 1`;
  await shutOut();
  const holding = pool`select pg_sleep(2.5)`;
  const late = outcome(pool.within(300)`select 1`);
  const gone = new AbortController();
  const unwanted = outcome(pool.within(3000, gone.signal)`select 1`);
  gone.abort(new DOMException('gone', 'AbortError'));
  expect(await late).toMatch(/^StoreUnavailable/);
  expect(await unwanted).toBe('AbortError ');
  await holding;
});

test('where none is open it is told at once', async () => {
  await shutOut();
  expect(await outcome(pool`select 1`)).toBe('StoreUnavailable 28000');
  await letIn();
  expect(await outcome(pool`select 1`)).toBe('an answer');
});

test('a connection that breaks meanwhile is missed, and what is asked then is told at once', async () => {
  await pool`select 1`;
  await shutOut();
  await atOnce(5, () => pool`select pg_sleep(0.05)`);
  await db.owner`select pg_terminate_backend(${(await pids())[0] ?? 0})`;
  await expect.poll(() => outcome(pool`select 1`), { timeout: 20_000 }).toBe('StoreUnavailable 28000');
  await letIn();
  await expect.poll(() => outcome(pool`select 1`), { timeout: 20_000 }).toBe('an answer');
});
