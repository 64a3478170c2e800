/** Composes the scheduler and starts it: each job by its pattern, never twice at once in one process. */
import { Cron } from 'croner';
import { STATEMENT_TIMEOUT_MILLISECONDS } from '../config/database.ts';
import { createCodeBook } from '../mail/otp-code.ts';
import { createLog, type Log } from '../runtime/log.ts';
import { createMetrics } from '../runtime/metrics.ts';
import { startMetricsServer } from '../runtime/metrics-server.ts';
import { connect } from '../store/database.ts';
import { createHandler } from '../store/handle.ts';
import { assertSchema } from '../store/migrate.ts';
import type { SchedulerConfig } from './config.ts';
import type { Job } from './job.ts';
import { jobs } from './jobs.ts';

export type RunningScheduler = Readonly<{ log: Log; metricsPort: number; stop(): Promise<void> }>;

class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
}

export async function startScheduler(
  config: SchedulerConfig,
  log: Log = createLog({ service: 'scheduler', ...config.log }),
  table: readonly Job[] = jobs,
): Promise<RunningScheduler> {
  const metrics = createMetrics();
  log.onLost((lines) => metrics.logLinesLost.inc(lines));
  const sql = connect({ ...config.database, onForgotten: () => log.warn('database_connections_forgotten') });
  await assertSchema(sql);
  const stopping = new AbortController();
  const services = {
    sql,
    metrics,
    handler: createHandler({
      sql,
      policy: config.policy,
      codeBook: (epoch) => createCodeBook(config.otpKeys, epoch),
      timeoutMilliseconds: STATEMENT_TIMEOUT_MILLISECONDS,
      lanes: 1,
      onRecorded: (events) => {
        for (const { type } of events) metrics.events.inc({ type });
      },
    }),
  };
  const underWay = new Set<Promise<void>>();
  const crons = table.map((job) => cronOf(job, () => track(run(job))));
  const metricsServer = await startMetricsServer(metrics, { host: config.host, port: config.metricsPort });
  return { log, metricsPort: metricsServer.port, stop };

  function track(work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    return tracked;
  }

  async function run(job: Job): Promise<void> {
    const started = performance.now();
    let outcome = 'done';
    try {
      const count = await withinDeadline(job, stopping.signal, (signal) => job.runOnce({ ...services, signal }));
      if (count > 0) log.info('job_done', { job: job.name, count });
    } catch (error) {
      outcome = 'failed';
      log.error('job_failed', { job: job.name }, error);
    }
    metrics.jobSeconds.observe({ job: job.name, outcome }, (performance.now() - started) / 1000);
  }

  async function stop(): Promise<void> {
    for (const cron of crons) cron.stop();
    stopping.abort();
    await Promise.all(underWay);
    await metricsServer.close();
    await sql.end({ timeout: 5 });
  }
}

// Nothing that a job waits for is without a bound of its own, so what is left behind at a deadline ends soon after it.
async function withinDeadline(
  { deadlineSeconds }: Job,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const deadline = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    deadline.abort();
    late.reject(new DeadlinePassed());
  }, deadlineSeconds * 1000);
  try {
    return await Promise.race([work(AbortSignal.any([deadline.signal, stopping])), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The job's clock, which runs at once: never again while the work is under way. */
export const cronOf = ({ pattern }: Pick<Job, 'pattern'>, work: () => Promise<void>): Cron =>
  new Cron(pattern, { timezone: 'UTC', protect: true }, work);
