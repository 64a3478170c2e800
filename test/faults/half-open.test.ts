/** Somebody between program and database forgets their connections and tells neither: a request or two are lost, and nothing stands still. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../services/runtime/log.ts';
import { readSchedulerConfig } from '../../services/scheduler/config.ts';
import { startScheduler } from '../../services/scheduler/start.ts';
import { JWT_SECRET, tokenOf, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startForgetfulProxy } from '../support/forgetful-proxy.ts';
import { handlerOn, requestOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';
import { serve } from '../support/served.ts';

/** What a statement may take, and the second after it. */
const LOST_MILLISECONDS = 6000;
const READ_MILLISECONDS_MAX = 3000;
const EXPIRED_MILLISECONDS_MAX = 20_000;

async function behindProxy() {
  const db = await createTestDatabase();
  const url = new URL(db.url);
  const proxy = await startForgetfulProxy(url.hostname, Number(url.port));
  url.port = String(proxy.port);
  onTestFinished(async () => {
    proxy.close();
    await db.drop();
  });
  return { db, proxy, proxied: { ...db, url: url.href } satisfies TestDatabase };
}

test('the api answers everybody in time, and a moment later everybody well', { timeout: 60_000 }, async () => {
  const { proxy, proxied } = await behindProxy();
  const { api, call } = await serve(proxied);
  onTestFinished(() => api.stop());
  const token = await tokenOf(user(1));
  const ask = async () => {
    const started = performance.now();
    const path = '/api/email-verification/list';
    const { status } = await call('GET', path, { token });
    return { status, started, milliseconds: performance.now() - started };
  };
  const wave = () => Promise.all([1, 2, 3, 4].map(ask));
  expect((await wave()).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const forgotten = performance.now();
  expect(proxy.forget()).toBeGreaterThan(1);
  const answers = await wave();
  while (performance.now() - forgotten < LOST_MILLISECONDS + 2000) {
    answers.push(...(await wave()));
    await sleep(100);
  }
  expect(answers.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
  expect(answers.filter(({ milliseconds }) => milliseconds > READ_MILLISECONDS_MAX)).toEqual([]);
  const after = answers.filter(({ started }) => started - forgotten > LOST_MILLISECONDS);
  expect(after.length).toBeGreaterThan(3);
  expect(after.filter(({ status }) => status !== 200)).toEqual([]);
  expect((await call('GET', '/health')).status).toBe(200);
});

test(
  'the scheduler says what failed, keeps its lease, and the work is done all the same',
  { timeout: 60_000 },
  async () => {
    const { db, proxy, proxied } = await behindProxy();
    const lines: string[] = [];
    const stream = { write: (line: string) => void lines.push(line) };
    const config = readSchedulerConfig({ DATABASE_URL: proxied.url, JWT_SECRET, HOST: '127.0.0.1', METRICS_PORT: '0' });
    const scheduler = await startScheduler(config, createLog({ service: 'scheduler', level: 'info', stream }));
    onTestFinished(() => scheduler.stop());
    const handler = handlerOn(db.sql);
    const expired = () => db.owner`select stream_id from events where type = 'expired'`;
    const overdue = async (name: string, seconds: number) => {
      await handler.handle(requestOf(addressOf(`${name}@example.com`), user(1)));
      await db.setClockAhead(seconds);
    };
    await overdue('before', 700);
    await expect.poll(expired, { timeout: EXPIRED_MILLISECONDS_MAX }).toHaveLength(1);
    expect(proxy.forget()).toBeGreaterThan(0);
    await overdue('after', 1400);
    await expect.poll(expired, { timeout: EXPIRED_MILLISECONDS_MAX }).toHaveLength(2);
    const told = (event: string) => lines.filter((line) => line.includes(`"${event}"`)).length;
    // The lease and the beginning of a run are lost with a connection of each pool, or one of them, where the other was between two
    // statements; the line of each comes when its time is over.
    await expect.poll(() => told('loop_failing'), { timeout: 10_000 }).toBeGreaterThan(0);
    await expect.poll(() => told('loop_recovered'), { timeout: 10_000 }).toBe(told('loop_failing'));
    expect([told('lease_taken'), told('lease_lost')]).toEqual([1, 0]);
    expect(told('database_connections_forgotten')).toBeGreaterThan(0);
    await expect.poll(() => told('job_done')).toBe(2);
  },
);
