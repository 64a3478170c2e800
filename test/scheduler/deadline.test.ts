/** A job that hangs: it fails at its deadline, learns of it, and keeps neither its next run nor a stop waiting. */
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSchedulerConfig } from '../../services/scheduler/config.ts';
import type { JobServices } from '../../services/scheduler/job.ts';
import { startScheduler } from '../../services/scheduler/start.ts';
import { JWT_SECRET } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { keptLog } from '../support/log-lines.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** Ends when it is told to, with three things done. */
const obeys = ({ signal }: JobServices): Promise<number> => once(signal, 'abort').then(() => 3);

test('a job that does not end has failed at its deadline, is told to stop, and runs again at its time; a stop does not wait for it', async () => {
  const { said, log } = keptLog('scheduler');
  const signals: AbortSignal[] = [];
  const runOnce = ({ signal }: JobServices) => {
    signals.push(signal);
    return new Promise<number>(() => {});
  };
  const table = [
    { name: 'hangs', pattern: '* * * * * *', deadlineSeconds: 1, runOnce },
    { name: 'obeys', pattern: '* * * * * *', deadlineSeconds: 3600, runOnce: obeys },
  ];
  const environment = { DATABASE_URL: db.url, JWT_SECRET, HOST: '127.0.0.1', METRICS_PORT: '0' };
  const scheduler = await startScheduler(readSchedulerConfig(environment), log, table);
  await expect.poll(() => signals.length).toBeGreaterThanOrEqual(2);
  // A job that looks at its signal now and then learns of it also where nothing but its signal is left of the run.
  collectGarbage();
  expect(signals[0]?.aborted).toBe(true);
  const metrics = await (await fetch(`http://127.0.0.1:${scheduler.metricsPort}/metrics`)).text();
  expect(metrics).toMatch(/sealpost_job_duration_seconds_count\{job_name="hangs",outcome="failed"\} [12]/);
  await scheduler.stop();
  expect(said.filter(({ job }) => job === 'obeys')).toEqual([expect.objectContaining({ event: 'job_done', count: 3 })]);
  expect(said.find(({ event }) => event === 'job_failed')).toMatchObject({
    job: 'hangs',
    errorName: 'DeadlinePassed',
  });
});
