/** What should have run while no scheduler worked, and what is recorded of each run. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { beginRun, endRun, INTERRUPTED, readHistory } from '../../services/store/job-runs.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { jobOf, metricsOf, runScheduler } from '../support/scheduler.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(() => db.empty());

const NIGHTLY = '0 2 * * *';
const history = (name?: string) => readHistory(db.sql, { job: name, failed: false, limit: 100 });

const lastNight = () => {
  const due = new Date();
  due.setUTCHours(2, 0, 0, 0);
  return due.getTime() > Date.now() ? new Date(due.getTime() - 86_400_000) : due;
};
const nightsAgo = (nights: number) => new Date(lastNight().getTime() - nights * 86_400_000);

async function recorded(slot: Date, end?: string): Promise<void> {
  const id = Number(await beginRun(db.sql, 'nightly', slot));
  if (end !== undefined) await endRun(db.sql, id, { count: 1, error: end === 'done' ? null : end });
}

test('each job says after how long it is overdue: the longest pause between two runs, and the time of one', async () => {
  const patterns = { often: '*/5 * * * * *', nightly: NIGHTLY, weekly: '0 3 * * 0', monthly: '0 4 1 * *' };
  const jobs = Object.entries(patterns).map(([name, pattern]) => jobOf(name, async () => 0, pattern));
  const started = await runScheduler(db, jobs);
  const seconds = { often: 65, nightly: 86_460, weekly: 604_860, monthly: 31 * 86_400 + 60 };
  for (const [name, value] of Object.entries(seconds))
    await expect
      .poll(() => metricsOf(started))
      .toContain(`\nsealpost_job_overdue_after_seconds{job_name="${name}"} ${value}\n`);
});

describe('what was missed', () => {
  test.each<[string, () => Promise<void>, number, (() => Date)?]>([
    ['never ran', async () => {}, 0],
    ['ran last night', () => recorded(lastNight(), 'done'), 0],
    ['failed last night', () => recorded(lastNight(), 'failed'), 0],
    ['ran three nights ago', () => recorded(nightsAgo(3), 'done'), 1, lastNight],
    ['failed three nights ago', () => recorded(nightsAgo(3), 'no space'), 1, lastNight],
    ['was interrupted last night', () => recorded(lastNight()), 1, () => new Date(lastNight().getTime() + 1)],
    [
      'was interrupted, and is told so',
      () => recorded(lastNight(), INTERRUPTED),
      1,
      () => new Date(lastNight().getTime() + 1),
    ],
    [
      'was interrupted twice',
      async () => {
        await recorded(lastNight());
        await recorded(new Date(lastNight().getTime() + 1));
      },
      0,
    ],
    ['was interrupted the night before', () => recorded(nightsAgo(1)), 1, lastNight],
  ])('a nightly job that %s', async (_, before, times, slot) => {
    await before();
    let ran = 0;
    const ticked = Promise.withResolvers<void>();
    await runScheduler(db, [
      jobOf('nightly', async () => ++ran, NIGHTLY),
      jobOf('tick', async () => {
        ticked.resolve();
        return 0;
      }),
    ]);
    await ticked.promise;
    await expect.poll(() => ran).toBe(times);
    if (!slot) return;
    await expect.poll(async () => (await history('nightly'))[0]).toMatchObject({ slot: slot(), count: 1, error: null });
    const open = (await history('nightly')).filter(({ ended_at }) => ended_at === null);
    expect(open).toEqual([]);
  });
});

test('a job whose first run is not waited for runs at once where it never ran, and at no other start', async () => {
  let ran = 0;
  const table = [{ ...jobOf('nightly', async () => ++ran, NIGHTLY), firstAtOnce: true }];
  const first = await runScheduler(db, table);
  await expect.poll(async () => (await history('nightly'))[0]).toMatchObject({ slot: lastNight(), count: 1 });
  await first.stop();
  const ticked = Promise.withResolvers<number>();
  const tick = async () => {
    ticked.resolve(0);
    return 0;
  };
  await runScheduler(db, [...table, jobOf('tick', tick)]);
  await ticked.promise;
  expect(ran).toBe(1);
});

describe('the record of runs', () => {
  test('has what each did, said and failed with, in words that hold no address', async () => {
    const started = await runScheduler(db, [
      jobOf('does', async ({ say }) => {
        say('half way');
        say('all of it');
        return 7;
      }),
      jobOf('fails', () => Promise.reject(new TypeError('victim@example.com'))),
      { ...jobOf('asks', () => Promise.reject(new TypeError('away'))), outside: true },
    ]);
    await expect.poll(async () => (await history()).filter(({ ended_at }) => ended_at).length).toBeGreaterThan(3);
    const does = (await history('does')).find(({ ended_at }) => ended_at);
    expect(does).toMatchObject({ count: 7, error: null, note: 'all of it', asked: false });
    const fails = (await history('fails')).find(({ ended_at }) => ended_at);
    expect(fails).toMatchObject({ count: null, error: 'TypeError', note: null });
    expect(JSON.stringify(await history())).not.toContain('victim');
    const metrics = await metricsOf(started);
    expect(metrics).toMatch(/^sealpost_job_failing\{job_name="fails"\} 1$/m);
    expect(metrics).toMatch(/^sealpost_job_failing\{job_name="does"\} 0$/m);
    await expect.poll(() => metricsOf(started)).toMatch(/^sealpost_job_failing\{job_name="asks"\} 1$/m);
    const health = await fetch(`http://127.0.0.1:${started.metricsPort}/health`);
    expect([health.status, await health.json()]).toEqual([503, { status: 'FAILING', failing: ['fails'] }]);
  });

  test('tells of the success before this process, and takes a failure back when the job works again', async () => {
    const id = Number(await beginRun(db.sql, 'comes-back', new Date(Date.now() - 5000)));
    await endRun(db.sql, id, { count: 1, error: null });
    await db.owner`update job_runs set ended_at = '2026-01-01Z'`;
    let works = false;
    const started = await runScheduler(db, [
      jobOf('comes-back', async () => {
        if (works) return 0;
        throw new TypeError('x');
      }),
    ]);
    const health = async () => (await fetch(`http://127.0.0.1:${started.metricsPort}/health`)).status;
    await expect.poll(health).toBe(503);
    const seconds = Date.UTC(2026, 0, 1) / 1000;
    expect(await metricsOf(started)).toContain(
      `sealpost_job_last_success_timestamp_seconds{job_name="comes-back"} ${seconds}\n`,
    );
    works = true;
    await expect.poll(health, { timeout: 5000 }).toBe(200);
    expect(await metricsOf(started)).toMatch(/^sealpost_job_failing\{job_name="comes-back"\} 0$/m);
  });
});
