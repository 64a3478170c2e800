/** A scheduler in the test's own process, with a table of jobs of the test's own. */
import { onTestFinished } from 'vitest';
import { createLog } from '../../services/runtime/log.ts';
import { readSchedulerConfig } from '../../services/scheduler/config.ts';
import type { Job, JobServices } from '../../services/scheduler/job.ts';
import { type RunningScheduler, startScheduler } from '../../services/scheduler/start.ts';
import { JWT_SECRET } from './api.ts';
import type { TestDatabase } from './database.ts';

export const schedulerEnvironment = (db: TestDatabase) => ({
  DATABASE_URL: db.url,
  JWT_SECRET,
  HOST: '127.0.0.1',
  METRICS_PORT: '0',
});

/** Runs until the test has ended; stopping it twice is stopping it once. */
export async function runScheduler(db: TestDatabase, table: readonly Job[]): Promise<RunningScheduler> {
  const log = createLog({ service: 'scheduler', level: 'silent' });
  const started = await startScheduler(readSchedulerConfig(schedulerEnvironment(db)), log, table);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= started.stop());
  onTestFinished(stop);
  return { ...started, stop };
}

/** Every second, unless another pattern is given. */
export const jobOf = (
  name: string,
  runOnce: (services: JobServices) => Promise<number>,
  pattern = '* * * * * *',
): Job => ({ name, pattern, deadlineSeconds: 60, runOnce });

export const metricsOf = async ({ metricsPort }: RunningScheduler): Promise<string> =>
  (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
