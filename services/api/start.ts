/** Composes the api and starts it: store, sender, HTTP, metrics; and stops them in the order that loses nothing. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { STATEMENT_TIMEOUT_MILLISECONDS } from '../config/database.ts';
import type { Recorded } from '../core/events.ts';
import { createCapacity } from '../mail/capacity.ts';
import { createCompose } from '../mail/compose.ts';
import { createMailer } from '../mail/mailer.ts';
import type { Outbox } from '../mail/outbox.ts';
import { createComposer } from '../mail/message.ts';
import { createCodeBook } from '../mail/otp-code.ts';
import { createSnsCheck } from '../mail/sns.ts';
import { createLog, type Log } from '../runtime/log.ts';
import { createMetrics } from '../runtime/metrics.ts';
import { startMetricsServer } from '../runtime/metrics-server.ts';
import { createReports } from '../runtime/repeat.ts';
import { createTakeOne } from '../store/limits/take.ts';
import { connect } from '../store/database.ts';
import { createHandler } from '../store/handle.ts';
import { assertSchema } from '../store/migrate.ts';
import { claimMails, countUnsure, deferMail, takePermits } from '../store/outbox.ts';
import { createApp } from './app.ts';
import { createTokenCheck } from './auth.ts';
import { createClientIp } from './http/client-ip.ts';
import type { ApiConfig } from './config.ts';
import { READ_TIMEOUT_MILLISECONDS } from './env.ts';
import { drainable } from './http/drain.ts';
import { createRefreshTokens } from './refresh-token.ts';
import { answerUnreadable } from './http/malformed-request.ts';
import { watchBacklog } from './watch-backlog.ts';
import { watchReputation } from './watch-reputation.ts';

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
  const { policy, otpKeys } = config;
  const composer = createComposer(config.message);
  const metrics = createMetrics();
  const reportOn = createReports(log, metrics);
  const pool = connect(config.database);
  await assertSchema(pool);
  const sql = pool.within(READ_TIMEOUT_MILLISECONDS);
  let draining = false;

  const handler = createHandler({
    sql: pool,
    policy,
    codeBook: (epoch) => createCodeBook(otpKeys, epoch),
    timeoutMilliseconds: STATEMENT_TIMEOUT_MILLISECONDS,
    lanes: LANES,
    onBatch: ({ commands, lostRaces, milliseconds }) => {
      metrics.batchCommands.observe(commands);
      metrics.batchSeconds.observe(milliseconds / 1000);
      metrics.lostRaces.inc(lostRaces);
    },
    onRecorded: (events: readonly Recorded[]) => {
      for (const { type } of events) metrics.events.inc({ type });
    },
  });
  const outbox: Outbox = {
    claim: (limit) => claimMails(pool, limit),
    defer: (mail, milliseconds) => deferMail(pool, mail, milliseconds),
    countUnsure: (mail) => countUnsure(pool, mail),
    record: (command) => handler.handle(command),
    permits: (wanted, perSecond) => takePermits(pool, wanted, perSecond),
  };
  const reputation = watchReputation(sql, config.reputation, { log, metrics, reportOn });
  const mailer = createMailer({
    outbox,
    transport: config.openTransport(),
    compose: createCompose(otpKeys, composer),
    mayMail: reputation.mayMail,
    reportOn,
    onResult: (result, milliseconds) => metrics.sendSeconds.observe({ result }, milliseconds / 1000),
  });
  const backlog = watchBacklog(sql, policy.codeTtlSeconds, { ratePerSecond: mailer.rate, metrics, reportOn });
  const tokenCheck = createTokenCheck(config.tokens);
  const isDraining = () => draining;
  const { adminRoles, cors, ipLimit, erasureLedger } = config;
  const { refreshSecret, refreshLifeSeconds, ...issuing } = config.accounts;
  const accounts = { ...issuing, refreshTokens: createRefreshTokens(refreshSecret, refreshLifeSeconds) };
  const app = createApp({
    sql,
    handler,
    mailer,
    capacity: createCapacity({ mayMail: reputation.mayMail, isAvailable: mailer.isAvailable, isFull: backlog.isFull }),
    localeFor: composer.localeFor,
    otpKeys,
    tokenCheck,
    accounts,
    snsCheck: createSnsCheck(config.sns),
    takeOne: createTakeOne(sql),
    clientIp: createClientIp(config.trustedProxies),
    ipLimit,
    erasureLedger,
    adminRoles,
    cors,
    log,
    metrics,
    isDraining,
  });

  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.requestTimeout = 30_000;
  server.headersTimeout = 15_000;
  const connections = drainable(server);
  answerUnreadable(server);
  server.listen(config.port, config.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const metricsServer = await startMetricsServer(metrics, { host: config.host, port: config.metricsPort });
  log.info('listening', { port, metricsPort: metricsServer.port });
  return { url: `http://127.0.0.1:${port}`, port, metricsPort: metricsServer.port, log, stop };

  async function stop(): Promise<void> {
    draining = true;
    await connections.drain();
    await Promise.all([mailer.stop(), reputation.stop(), backlog.stop()]);
    await metricsServer.close();
    await pool.end({ timeout: 5 });
  }
}
