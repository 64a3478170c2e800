/** The work of the scheduler that holds the lease: each job by its pattern, what was missed, and what somebody asks for. */
import { Cron } from 'croner';
import { forgetMeasures, type Metrics } from '../runtime/metrics.ts';
import { type LoopReport, withReport } from '../runtime/repeat.ts';
import type { Sql } from '../store/database.ts';
import {
  beginAskedRun,
  beginRun,
  INTERRUPTED,
  type JobRun,
  newestRuns,
  oldestAskedRun,
  replaceJobs,
} from '../store/job-runs.ts';
import type { Job } from './job.ts';
import type { Term } from './leadership.ts';
import type { RunJob } from './run-job.ts';

type Options = Readonly<{
  token: number;
  table: readonly Job[];
  sql: Sql;
  metrics: Metrics;
  /** Of recording that runs begin. */
  report: LoopReport;
  runJob: RunJob;
  /** Ends the term's signal. */
  abort(): void;
  /** Lets go of what the term holds, once its work has ended. */
  close(): Promise<void>;
}>;

/** Begins with what should have run while no scheduler worked. Throws where the store does not answer. */
export async function startTerm({ token, table, sql, metrics, report, runJob, abort, close }: Options): Promise<Term> {
  await replaceJobs(
    sql,
    table.map(({ name, pattern, deadlineSeconds }) => ({ name, pattern, deadline_seconds: deadlineSeconds })),
  );
  const before = Map.groupBy(await newestRuns(sql), ({ job }) => job);
  const underWay = new Map<string, Promise<void>>();
  let ended = false;
  const crons = table.map((job) => {
    const runs = before.get(job.name) ?? [];
    showLast(metrics, job.name, runs);
    const cron: Cron = cronOf(job, () => runSlot(job, slotOf(cron)));
    metrics.jobOverdueAfter.set({ job_name: job.name }, longestPauseSeconds(cron) + job.deadlineSeconds);
    const missed = missedSlot(job, cron, runs[0]);
    if (missed) void runSlot(job, missed);
    return cron;
  });
  return { token, renewed, end };

  function runSlot(job: Job, slot: Date): Promise<void> {
    return alone(job, () => beginRun(sql, job.name, slot));
  }

  /** Never twice at once in one process. */
  function alone(job: Job, begin: () => Promise<number | undefined>): Promise<void> {
    if (ended || underWay.has(job.name)) return Promise.resolve();
    const work = withReport(report, begin)
      .catch(() => undefined)
      .then((id) => (id === undefined ? undefined : runJob(id, job)))
      .finally(() => underWay.delete(job.name));
    underWay.set(job.name, work);
    return work;
  }

  async function renewed(): Promise<void> {
    const idle = table.filter(({ name }) => !underWay.has(name));
    const names = idle.map(({ name }) => name);
    const asked = await oldestAskedRun(sql, names);
    const job = idle.find(({ name }) => name === asked?.job);
    if (asked && job) void alone(job, () => beginAskedRun(sql, asked.id, job.name));
  }

  async function end(): Promise<void> {
    ended = true;
    for (const cron of crons) cron.stop();
    abort();
    await Promise.all(underWay.values());
    forgetMeasures(metrics);
    await close();
  }
}

/** The job's clock, which runs at once. */
export const cronOf = ({ pattern }: Pick<Job, 'pattern'>, work: () => Promise<void>): Cron =>
  new Cron(pattern, { timezone: 'UTC' }, work);

/** Between two of the next thirteen runs: months are not of one length. */
function longestPauseSeconds(cron: Cron): number {
  const times = cron.nextRuns(13).map((date) => date.getTime() / 1000);
  return Math.max(...times.slice(1).map((time, before) => time - (times[before] ?? time)));
}

/** The newest moment at which the job was due: the same for every scheduler, however late its timer. */
function slotOf(cron: Cron): Date {
  const now = new Date();
  return cron.previousRuns(1, new Date(now.getTime() + 1))[0] ?? now;
}

/**
 * What should have run and did not: the newest slot since the job's last run, or once more a slot whose run was interrupted:
 * that is a slot of its own, a millisecond later. A job that never ran has missed nothing, but for one whose first run is not waited for.
 */
function missedSlot({ firstAtOnce }: Job, cron: Cron, last: JobRun | undefined): Date | undefined {
  const due = slotOf(cron);
  if (!last) return firstAtOnce ? due : undefined;
  if (last.slot < due) return due;
  const interrupted = last.ended_at === null || last.error === INTERRUPTED;
  const again = last.asked || last.slot.getMilliseconds() > 0;
  return interrupted && !again ? new Date(last.slot.getTime() + 1) : undefined;
}

function showLast(metrics: Metrics, job: string, runs: readonly JobRun[]): void {
  const success = runs.find(({ ended_at, error }) => ended_at !== null && error === null);
  if (success?.ended_at) metrics.jobLastSuccess.set({ job_name: job }, success.ended_at.getTime() / 1000);
  const [last] = runs;
  if (last?.ended_at) metrics.jobFailing.set({ job_name: job }, last.error === null ? 0 : 1);
}
