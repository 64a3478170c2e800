/** What a scheduled job is, and what its run is given. */
import type { Metrics } from '../runtime/metrics.ts';
import type { Sql } from '../store/database.ts';
import type { Handler } from '../store/handle.ts';

export type JobServices = Readonly<{
  sql: Sql;
  handler: Handler;
  metrics: Metrics;
  /** Aborted at the run's deadline and when the scheduler stops: the job then ends after what it is at. */
  signal: AbortSignal;
}>;

export type Job = Readonly<{
  name: string;
  /** A cron pattern; six fields have seconds first. */
  pattern: string;
  /** A run that has not ended by then has failed. */
  deadlineSeconds: number;
  /** Does the work once and returns how many things it did. Safe to run beside another scheduler's. */
  runOnce(services: JobServices): Promise<number>;
}>;
