/** Composes the api and starts it: store, sending, HTTP, metrics; and stops them in the order that loses nothing. */
import { STATEMENT_TIMEOUT_MILLISECONDS } from '../config/database.ts';
import { STEPS, stepsOf } from '../core/steps.ts';
import { createComposer } from '../mail/message.ts';
import { createCodeBook } from '../mail/otp-code.ts';
import { createSnsCheck } from '../mail/sns.ts';
import { closedHashes } from '../runtime/keys.ts';
import { createLog, type Log } from '../runtime/log.ts';
import { createMetrics, type Metrics } from '../runtime/metrics.ts';
import { createStepCounter } from '../runtime/metrics/count-steps.ts';
import { startMetricsServer } from '../runtime/metrics-server.ts';
import { createReports, type LoopReport } from '../runtime/repeat.ts';
import { connectForAdmins } from '../store/admin-reads.ts';
import { connect, type Pool } from '../store/database.ts';
import { createHandler, type Handler } from '../store/handle.ts';
import { createTakeOne } from '../store/limits/take-one.ts';
import { assertSchema } from '../store/migrate.ts';
import { createApp } from './app.ts';
import { createTokenCheck } from './identity/token-check.ts';
import { startTraces, tracedHandler } from './traced.ts';
import type { ApiConfig } from './config.ts';
import { READ_TIMEOUT_MILLISECONDS } from './env.ts';
import { createClientIp } from './http/client-ip.ts';
import { startServer } from './http/server.ts';
import { createRefreshTokens } from './identity/refresh-token.ts';
import { startSending } from './sending.ts';
import { withSessions } from './identity/session-check.ts';
import { createWriteWatch, type WriteWatch } from './watch-writes.ts';

export type RunningApi = Readonly<{
  url: string;
  port: number;
  metricsPort: number;
  log: Log;
  /** Not ready, then no new connections, then the mails under way, then the pool. */
  stop(): Promise<void>;
}>;

const LANES = 2;

/** Starts the api. Throws SchemaMismatch, or the listening error, before anything is served. */
export async function startApi(
  config: ApiConfig,
  log: Log = createLog({ service: 'api', ...config.log }),
): Promise<RunningApi> {
  const { otpKeys, adminRoles, serviceRoles, cors, ipLimit, erasureLedger } = config;
  const metrics = createMetrics('api');
  log.onLost((lines) => metrics.logLinesLost.inc(lines));
  const reportOn = createReports(log, metrics);
  const pool = connect({ ...config.database, onForgotten: () => log.warn('database_connections_forgotten') });
  await assertSchema(pool);
  const traces = await startTraces(config.traces, reportOn('send-traces'), metrics);
  const reads = connectForAdmins(config.database);
  const sql = pool.within(READ_TIMEOUT_MILLISECONDS);
  let draining = false;

  const writes = createWriteWatch();
  const handler = startHandler(config, pool, { metrics, report: reportOn('count-steps') }, writes);
  const composer = createComposer(config.message);
  const sending = startSending(config, { pool, handler, composer, log, metrics, traces, reportOn });
  const { refreshSecret, refreshLifeSeconds, ...issuing } = config.accounts;
  const app = createApp({
    sql,
    reads,
    handler: tracedHandler(handler, traces),
    ...sending,
    localeFor: composer.localeFor,
    otpKeys,
    purposes: config.purposes,
    tokenCheck: withSessions(createTokenCheck(config.tokens, reportOn('fetch-issuer-keys')), sql),
    issuer: config.tokens.issuer,
    accounts: { ...issuing, refreshTokens: createRefreshTokens(refreshSecret, refreshLifeSeconds) },
    snsCheck: createSnsCheck(config.sns),
    takeOne: createTakeOne(sql),
    clientIp: createClientIp(config.trustedProxies),
    ipLimit,
    erasureLedger,
    adminRoles,
    serviceRoles,
    cors,
    log,
    metrics,
    traces,
    isDraining: () => draining,
    writesFail: writes.fails,
  });
  // Served is only once it is known who is to get no mail; where it cannot be, the watch tells.
  await sending.looked;
  const { port, drain } = await startServer(app.fetch, config, { log, metrics });
  const metricsServer = await startMetricsServer(metrics, { host: config.metricsHost, port: config.metricsPort });
  log.info('listening', { port, metricsPort: metricsServer.port });
  return { url: `http://127.0.0.1:${port}`, port, metricsPort: metricsServer.port, log, stop };

  async function stop(): Promise<void> {
    draining = true;
    await drain();
    await sending.stop();
    await metricsServer.close();
    await Promise.all([traces.close(), pool.end({ timeout: 5 }), reads.end({ timeout: 5 })]);
  }
}

function startHandler(
  { policy, otpKeys, addressKeys, purposes }: ApiConfig,
  pool: Pool,
  counting: Readonly<{ metrics: Metrics; report: LoopReport }>,
  writes: WriteWatch,
): Handler {
  const { metrics } = counting;
  const count = createStepCounter({ ...counting, purposes, known: STEPS });
  return createHandler({
    sql: pool,
    policy,
    codeBook: (epoch) => createCodeBook(otpKeys, epoch),
    closedHashes: (address) => closedHashes(addressKeys, address),
    timeoutMilliseconds: STATEMENT_TIMEOUT_MILLISECONDS,
    lanes: LANES,
    onBatch: ({ commands, lostRaces, milliseconds }) => {
      metrics.batchCommands.observe(commands);
      metrics.batchSeconds.observe(milliseconds / 1000);
      metrics.lostRaces.inc(lostRaces);
    },
    onStep: (step, milliseconds) => metrics.storeSeconds.observe({ step }, milliseconds / 1000),
    onRecorded: (events, state) => count(() => stepsOf(events, state)),
    onStore: writes.saw,
  });
}
