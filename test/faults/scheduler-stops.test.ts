/** The working scheduler stands still as a paused machine does, and goes on: no code is closed twice, no slot run twice, no late write. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { handlerOn, requestOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';
import { schedulerEnvironment } from '../support/scheduler.ts';

const TTL = 600;
const ADDRESSES = 300;
const TAKEN_OVER_WITHIN_MILLISECONDS = 30_000;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

function startProcess() {
  const child = spawn(process.execPath, ['services/scheduler/main.ts'], {
    env: { PATH: process.env.PATH ?? '', ...schedulerEnvironment(db), LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, output: () => text, ended: once(child, 'close') };
}

const tokenNow = async () => Number((await db.owner`select token from leases`)[0]?.token);
const count = async (type: string) =>
  Number((await db.owner`select count(*)::int as n from events where type = ${type}`)[0]?.n);

test('a paused leader is replaced within 30 s, and when it goes on it changes nothing and stands by', async () => {
  const first = startProcess();
  await expect.poll(first.output).toContain('lease_taken');
  const token = await tokenNow();
  const second = startProcess();
  const names = Array.from({ length: ADDRESSES }, (_, n) => addressOf(`pause${n}@example.com`));
  await Promise.all(names.map((address) => handlerOn(db.sql).handle(requestOf(address, user(1)))));

  // Amid its work: a lock holds up what it writes.
  const held = Promise.withResolvers<void>();
  const lock = db.owner.begin(async (sql) => {
    await sql`select from streams order by id for update`;
    await held.promise;
  });
  await db.setClockAhead(TTL + 1);
  const waits = () => db.owner`
    select from pg_stat_activity
    where application_name = 'sealpost-scheduler' and wait_event_type = 'Lock' and datname = current_database()`;
  await expect.poll(waits, { timeout: 15_000 }).not.toHaveLength(0);
  first.child.kill('SIGSTOP');
  const stopped = performance.now();
  held.resolve();
  await lock;

  await expect.poll(tokenNow, { timeout: TAKEN_OVER_WITHIN_MILLISECONDS }).toBe(token + 1);
  await expect.poll(second.output, { timeout: 5000 }).toContain('lease_taken');
  expect(performance.now() - stopped).toBeLessThan(TAKEN_OVER_WITHIN_MILLISECONDS);
  await expect.poll(() => count('expired'), { timeout: 15_000 }).toBe(ADDRESSES);

  first.child.kill('SIGCONT');
  await expect.poll(first.output, { timeout: 15_000 }).toContain('lease_lost');
  await db.owner`select pg_sleep(6)`;
  expect(await tokenNow()).toBe(token + 1);
  expect([await count('expired'), await count('send_failed')]).toEqual([ADDRESSES, ADDRESSES]);
  const twice = await db.owner`select job, slot from job_runs group by 1, 2 having count(*) > 1`;
  expect(twice).toEqual([]);
  // One works: of each job one run at most is under way.
  const open = await db.owner`select job from job_runs where ended_at is null group by job having count(*) > 1`;
  expect(open).toEqual([]);
  for (const { child, ended } of [first, second]) {
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  }
});
