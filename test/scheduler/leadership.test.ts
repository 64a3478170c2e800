/** Two schedulers: one works and one stands by; what has lost the lease ends. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JobServices } from '../../services/scheduler/job.ts';
import { readHistory } from '../../services/store/job-runs.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { jobOf, metricsOf, runScheduler } from '../support/scheduler.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(() => db.empty());

const tokenNow = async () => Number((await db.owner`select token from leases`)[0]?.token);

const history = (name?: string) => readHistory(db.sql, { job: name, failed: false, limit: 100 });

describe('two schedulers', () => {
  test('one works and one stands by; the second goes on when the first stops; no slot runs twice', async () => {
    const ran: string[] = [];
    const table = (who: string) => [jobOf('ticks', async () => ran.push(who))];
    const first = await runScheduler(db, table('first'));
    await expect.poll(() => ran.length).toBeGreaterThan(0);
    const second = await runScheduler(db, table('second'));
    await expect.poll(() => ran.length).toBeGreaterThan(3);
    expect(new Set(ran)).toEqual(new Set(['first']));
    expect(await metricsOf(first)).toMatch(/^sealpost_scheduler_leading 1$/m);
    const standingBy = await metricsOf(second);
    expect(standingBy).toMatch(/^sealpost_scheduler_leading 0$/m);
    expect(standingBy).not.toContain('sealpost_job_last_success_timestamp_seconds{');
    await first.stop();
    const before = ran.length;
    await expect.poll(() => ran.length, { timeout: 10_000 }).toBeGreaterThan(before + 1);
    expect(new Set(ran.slice(before))).toEqual(new Set(['second']));
    const runs = await history('ticks');
    expect(new Set(runs.map(({ slot }) => slot.getTime())).size).toBe(runs.length);
    expect(runs.filter(({ started_at }) => started_at !== null)).toHaveLength(ran.length);
    expect(await metricsOf(second)).toMatch(/^sealpost_job_last_success_timestamp_seconds\{job_name="ticks"\} \d+/m);
  });

  test('who stands by after its jobs failed is healthy again', async () => {
    const started = await runScheduler(db, [jobOf('fails', () => Promise.reject(new TypeError('no')))]);
    const health = async () => (await fetch(`http://127.0.0.1:${started.metricsPort}/health`)).status;
    await expect.poll(health).toBe(503);
    await db.owner`update leases set holder = 'another', token = token + 1, expires_at = now() + interval '1 hour'`;
    await expect.poll(health, { timeout: 5000 }).toBe(200);
  });

  test('once it stands by, what it has measured is forgotten: the other measures it now', async () => {
    const started = await runScheduler(db, [
      jobOf('measures', async ({ metrics }) => {
        metrics.sesSent.set(7);
        metrics.diskFreeBytes.set({ disk: 'backups' }, 7);
        return 0;
      }),
    ]);
    await expect.poll(() => metricsOf(started)).toMatch(/^sealpost_ses_sent_last_24_hours 7$/m);
    await db.owner`update leases set holder = 'another', token = token + 1, expires_at = now() + interval '1 hour'`;
    await expect.poll(() => metricsOf(started), { timeout: 5000 }).toMatch(/^sealpost_scheduler_leading 0$/m);
    await expect.poll(() => metricsOf(started)).not.toMatch(/^sealpost_(?:ses_sent|disk_free|job_last)\S* \d/m);
  });

  test('a lease that passed on ends the work: its signal is aborted and what it writes is refused', async () => {
    const held = Promise.withResolvers<JobServices>();
    await runScheduler(db, [
      jobOf('works', (services) => {
        held.resolve(services);
        return new Promise((resolve) => services.signal.addEventListener('abort', () => resolve(0)));
      }),
    ]);
    const { signal, sql } = await held.promise;
    await db.owner`update leases set holder = 'another', token = token + 1, expires_at = now() + interval '1 hour'`;
    const token = await tokenNow();
    await expect(sql`delete from rate_windows`).rejects.toMatchObject({ code: 'SP001' });
    await expect.poll(() => signal.aborted, { timeout: 5000 }).toBe(true);
    expect(await tokenNow()).toBe(token);
  });
});
