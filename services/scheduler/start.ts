/** Composes the scheduler and starts it: it works while it holds the lease, and stands by while another does. */
import { STATEMENT_TIMEOUT_MILLISECONDS } from '../config/database.ts';
import { STEPS, stepsOf } from '../core/steps.ts';
import { createCodeBook } from '../mail/otp-code.ts';
import { closedHashes } from '../runtime/keys.ts';
import { createLog, type Log } from '../runtime/log.ts';
import { createMetrics, type Metrics } from '../runtime/metrics.ts';
import { createStepCounter } from '../runtime/metrics/count-steps.ts';
import { startMetricsServer } from '../runtime/metrics-server.ts';
import { createReports, type LoopReport } from '../runtime/repeat.ts';
import { connect, type Sql } from '../store/database.ts';
import { createHandler, type Handler } from '../store/handle.ts';
import { assertSchema } from '../store/migrate.ts';
import type { SchedulerConfig } from './config.ts';
import type { Job } from './job.ts';
import { jobsOf } from './jobs.ts';
import { startLeadership, type Term } from './leadership.ts';
import { createRunJob } from './run-job.ts';
import { startTerm } from './term.ts';

export type RunningScheduler = Readonly<{ log: Log; metricsPort: number; stop(): Promise<void> }>;

/** Of a statement that works on a whole table, such as VACUUM; its job's deadline ends it earlier. */
const SLOW_STATEMENT_MILLISECONDS = 3_600_000;

/** Throws SchemaMismatch, or the listening error, before anything runs. */
export async function startScheduler(
  config: SchedulerConfig,
  log: Log = createLog({ service: 'scheduler', ...config.log }),
  table: readonly Job[] = jobsOf(config),
): Promise<RunningScheduler> {
  const metrics = createMetrics('scheduler');
  log.onLost((lines) => metrics.logLinesLost.inc(lines));
  for (const [name, value] of Object.entries(config.alertThresholds)) metrics.alertThreshold.set({ name }, value);
  const reportOn = createReports(log, metrics);
  const database = { ...config.database, onForgotten: () => log.warn('database_connections_forgotten') };
  const leaseSql = connect({ ...database, poolMax: 1 });
  await assertSchema(leaseSql);
  const failing = new Set<string>();
  const lease = watched(reportOn('lease'), (fails) => (fails ? failing.add('lease') : failing.delete('lease')));
  const outside = new Set(table.filter((job) => job.outside).map(({ name }) => name));
  const unwell = (): readonly string[] => [...failing].filter((name) => !outside.has(name));
  const metricsServer = await startMetricsServer(
    metrics,
    { host: config.metricsHost, port: config.metricsPort },
    unwell,
  );
  const stopWorking = startLeadership({ sql: leaseSql, log, metrics, report: lease, begin });
  return { log, metricsPort: metricsServer.port, stop };

  function begin(token: number): Promise<Term> {
    const ended = new AbortController();
    const sql = connect({ ...database, leaseToken: token });
    const slowSql = connect({
      ...database,
      leaseToken: token,
      poolMax: 1,
      statementTimeoutMilliseconds: SLOW_STATEMENT_MILLISECONDS,
    });
    const handler = createTermHandler(config, sql, metrics, reportOn('count-steps'));
    const services = { sql, slowSql, metrics, handler };
    const close = async (): Promise<void> => {
      // Whoever stands by has no job that fails.
      for (const { name } of table) failing.delete(name);
      await Promise.all([sql, slowSql].map((one) => one.end({ timeout: 5 })));
    };
    const runJob = createRunJob({ log, services, failing, signal: ended.signal });
    const abort = (): void => ended.abort();
    return startTerm({ token, table, sql, metrics, report: reportOn('job-runs'), runJob, abort, close }).catch(
      async (error: unknown) => {
        await close();
        throw error;
      },
    );
  }

  async function stop(): Promise<void> {
    await stopWorking();
    await metricsServer.close();
    await leaseSql.end({ timeout: 5 });
  }
}

/** The same report, and somebody else who is told whether it fails now. */
function watched(report: LoopReport, tell: (fails: boolean) => void): LoopReport {
  return {
    succeeded: () => {
      tell(false);
      report.succeeded();
    },
    failed: (error) => {
      tell(true);
      report.failed(error);
    },
  };
}

function createTermHandler(config: SchedulerConfig, sql: Sql, metrics: Metrics, report: LoopReport): Handler {
  const { policy, otpKeys, addressKeys, purposes } = config;
  const count = createStepCounter({ metrics, report, purposes, known: STEPS });
  return createHandler({
    sql,
    policy,
    codeBook: (epoch) => createCodeBook(otpKeys, epoch),
    closedHashes: (address) => closedHashes(addressKeys, address),
    timeoutMilliseconds: STATEMENT_TIMEOUT_MILLISECONDS,
    lanes: 1,
    onRecorded: (events, state) => count(() => stepsOf(events, state)),
  });
}
