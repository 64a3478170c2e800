/**
 * The embedded default database: real PostgreSQL 18 from an npm package, on a data directory of ours, with a clean start and stop.
 * No signal hooks here: whoever starts it decides when it stops. Linux is tested; macOS and Windows are written with care only.
 */
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chooseAccount } from './account.ts';
import { findPackage, prepareBinaries } from './binaries.ts';
import { ensureCluster } from './cluster.ts';
import { codeOf, EmbeddedPostgresError, reasonOf } from './errors.ts';
import { launch, type LaunchPlan, type RunningPostgres } from './launch.ts';
import { clearLeftover } from './leftover.ts';
import { takeLock } from './lock.ts';
import { choosePort, rememberPort } from './port.ts';
import { type StopMode, stopServer } from './stopping.ts';

export type EmbeddedPostgresOptions = Readonly<{
  /** Absolute; made when missing. Beside it D.password, D.port and, while in use, D.owner. */
  dataDir: string;
  /** 0 or absent: the last one if it is free, else any free one. */
  port?: number;
  /** PostgreSQL settings that go before ours. */
  settings?: Readonly<Record<string, string>>;
  /** PostgreSQL's log and our few words, a line at a time. */
  log?: (line: string) => void;
  /** How long each step of a stop may take. */
  stopTimeoutMilliseconds?: number;
}>;

export type EmbeddedPostgres = Readonly<{
  port: number;
  pid: number;
  /** The superuser's, with the password in it: not for logs. */
  url(database?: string): string;
  /** Resolves when nothing runs any more; goes on to the next harder mode when one takes too long. Again: does nothing. */
  stop(mode?: StopMode): Promise<void>;
}>;

const STOP_MILLISECONDS = 10_000;
const TRIES_MAX = 20;
const AGAIN_MILLISECONDS = 250;

/** Resolves when the server accepts connections. Throws EmbeddedPostgresError, fit to print, and then leaves nothing running. */
export async function startPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    return await start(options);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new EmbeddedPostgresError(`PostgreSQL does not start on ${options.dataDir}: ${reasonOf(error)}`);
  }
}

async function start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => {});
  const stepMilliseconds = options.stopTimeoutMilliseconds ?? STOP_MILLISECONDS;
  const settings = options.settings ?? {};
  const dataDir = settle(options.dataDir);
  const account = chooseAccount(dataDir);
  const lock = takeLock(dataDir);
  try {
    const cacheDir = account === undefined ? join(dirname(dataDir), 'postgres-programs') : sharedCache;
    const binaries = await prepareBinaries(findPackage(), { account, cacheDir, log });
    lock.confirm();
    await clearLeftover(dataDir, { pgCtl: binaries.pgCtl, stepMilliseconds, log });
    const password = await ensureCluster(dataDir, { binaries, account, sync: settings.fsync !== 'off', log });
    lock.confirm();
    const plan = { binaries, account, dataDir, settings, stepMilliseconds, log };
    const { port, server } = await launchSomewhere(plan, options.port ?? 0);
    let stopping = false;
    void server.ended.then((how) => {
      lock.release();
      if (!stopping) log(`PostgreSQL ${server.pid} ended by itself: ${how}`);
    });
    return {
      port,
      pid: server.pid,
      url: (database = 'postgres') =>
        `postgres://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
      stop: async (mode = 'fast') => {
        stopping = true;
        if (!(await server.goneWithin(0))) await stopServer(server, mode, stepMilliseconds);
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

// Writable by root only, so that nobody else can plant programs there.
const sharedCache = process.platform === 'darwin' ? '/Library/Caches/sealpost' : '/var/cache/sealpost';

// One name for one directory, whatever links lead to it: the lock and the password lie beside the real one.
function settle(dataDir: string): string {
  if (existsSync(dataDir)) return realpathSync(dataDir);
  mkdirSync(dirname(dataDir), { recursive: true });
  return join(realpathSync(dirname(dataDir)), basename(dataDir));
}

async function launchSomewhere(
  plan: Omit<LaunchPlan, 'port'>,
  asked: number,
): Promise<{ port: number; server: RunningPostgres }> {
  for (let tries = 1; ; tries += 1) {
    const port = asked === 0 ? await choosePort(plan.dataDir) : asked;
    const result = await launch({ ...plan, port });
    if (result.state === 'ready') {
      if (asked === 0) rememberPort(plan.dataDir, port);
      return { port, server: result.server };
    }
    const worthAgain = result.cause === 'survivors' || (result.cause === 'portBusy' && asked === 0);
    if (!worthAgain || tries === TRIES_MAX) throw result.error;
    await sleep(AGAIN_MILLISECONDS);
  }
}
