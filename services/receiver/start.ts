/** Receives the WAL as it is written, by pg_receivewal and a slot: what is away meanwhile is fetched later, and a gap is told. */
import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { currentSeries, seriesAt } from '../backup/series.ts';
import { libpqEnvironment, startTool, type ToolOptions } from '../backup/tool.ts';
import { STATEMENT_TIMEOUT_MILLISECONDS } from '../config/database.ts';
import { createLog, type Log } from '../runtime/log.ts';
import { createMetrics } from '../runtime/metrics.ts';
import { startMetricsServer } from '../runtime/metrics-server.ts';
import { createReports } from '../runtime/repeat.ts';
import { PlainError } from '../runtime/safe-error.ts';
import { connect, type Pool } from '../store/database.ts';
import { readSlot, readSystemId, WAL_SLOT } from '../store/wal.ts';
import type { ReceiverConfig } from './config.ts';

export type RunningReceiver = Readonly<{ log: Log; metricsPort: number; stop(): Promise<void> }>;

const AGAIN_AFTER_MILLISECONDS = 1000;
/** The server's words where it has no more of what was not received. */
const REMOVED = /has already been removed/;
const LOOKED_EVERY_MILLISECONDS = 500;

/** Throws the listening error before anything runs. */
export async function startReceiver(
  config: ReceiverConfig,
  log: Log = createLog({ service: 'receiver', ...config.log }),
): Promise<RunningReceiver> {
  const metrics = createMetrics('receiver');
  log.onLost((lines) => metrics.logLinesLost.inc(lines));
  const report = createReports(log, metrics)('receive-wal');
  let receiving = false;
  const failing = (): readonly string[] => (receiving ? [] : ['receive-wal']);
  const server = await startMetricsServer(metrics, { host: config.metricsHost, port: config.metricsPort }, failing);
  const { login } = config.wal;
  const sql = connect({
    ...login,
    poolMax: 1,
    applicationName: 'sealpost-receiver',
    statementTimeoutMilliseconds: STATEMENT_TIMEOUT_MILLISECONDS,
  });
  const stopping = new AbortController();
  const began = (): void => {
    receiving = true;
    report.succeeded();
  };
  log.info('started', { metricsPort: server.port });
  const running = run();
  return { log, metricsPort: server.port, stop };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await receive({ sql, config, log, signal: stopping.signal, began });
      } catch (error) {
        receiving = false;
        if (!stopping.signal.aborted) report.failed(error);
      }
      await sleep(AGAIN_AFTER_MILLISECONDS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await running;
    await Promise.all([server.close(), sql.end({ timeout: 5 })]);
  }
}

type Receive = Readonly<{ sql: Pool; config: ReceiverConfig; log: Log; signal: AbortSignal; began(): void }>;

/**
 * Until it breaks: rejects with pg_receivewal's words. Where it was away for longer than max_slot_wal_keep_size allows the WAL has
 * a gap, which only a base backup makes up for: another series begins.
 */
async function receive({ sql, config, log, signal, began }: Receive): Promise<void> {
  const { wal, tools: place } = config;
  const series = await currentSeries(wal.folder, await readSystemId(sql));
  await mkdir(series.wal, { recursive: true, mode: 0o700 });
  const how: ToolOptions = { place, environment: libpqEnvironment(wal.login, place), signal };
  const tool = (...args: string[]) => {
    const started = startTool('pg_receivewal', ['--no-password', '--slot', WAL_SLOT, ...args], how);
    started.stdout.resume();
    return started.ended;
  };
  const beginNext = async (): Promise<void> => {
    log.error('wal_lost');
    await mkdir(seriesAt(wal.folder, series.systemId, series.n + 1).wal, { recursive: true, mode: 0o700 });
    // It stands where the WAL is gone.
    await tool('--drop-slot');
  };
  if ((await readSlot(sql))?.status === 'lost') return beginNext();
  await tool('--create-slot', '--if-not-exists');
  const receiving = tool('--directory', series.wal, '--no-loop');
  await Promise.all([receiving, watch(sql, receiving, began)]).catch((error: Error) => {
    if (REMOVED.test(error.message)) return beginNext();
    throw error;
  });
  throw new PlainError('pg_receivewal ended.');
}

/** Says once that the server sends. */
async function watch(sql: Pool, ended: Promise<void>, began: () => void): Promise<void> {
  const over = new AbortController();
  const end = (): void => over.abort();
  ended.then(end, end);
  while (!over.signal.aborted) {
    if ((await readSlot(sql).catch(() => undefined))?.active) return began();
    await sleep(LOOKED_EVERY_MILLISECONDS, undefined, { signal: over.signal }).catch(() => {});
  }
}
