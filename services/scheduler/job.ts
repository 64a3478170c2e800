/** What a scheduled job is, and what its run is given. */
import type { Metrics } from '../runtime/metrics.ts';
import type { Sql } from '../store/database.ts';
import type { Handler } from '../store/handle.ts';

export type JobServices = Readonly<{
  /** Fenced: once another scheduler has the lease its writes are refused. */
  sql: Sql;
  /** The same for the few statements that take longer than any other: up to the job's own deadline. */
  slowSql: Sql;
  handler: Handler;
  metrics: Metrics;
  /** Aborted at the run's deadline, when the lease is lost and when the scheduler stops: the job then ends after what it is at. */
  signal: AbortSignal;
  /** Tells the person who waits how far it is, and the record how it ended; at most so often that it costs nothing. */
  say(note: string): void;
}>;

export type Job = Readonly<{
  name: string;
  /** A cron pattern; six fields have seconds first. */
  pattern: string;
  /** Runs once as soon as a scheduler works, where it never ran: its first time is not waited for. */
  firstAtOnce?: boolean;
  /** Needs somebody outside: a failure is told and measured, and is no matter of the scheduler's own health. */
  outside?: boolean;
  /** A run that has not ended by then has failed. */
  deadlineSeconds: number;
  /** Does the work once and returns how many things it did. Safe to run beside another scheduler's. */
  runOnce(services: JobServices): Promise<number>;
}>;
