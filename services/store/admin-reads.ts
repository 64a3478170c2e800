/**
 * The admins' way to the database, so that nobody who wants a code waits for what an admin looks at: a few connections of their
 * own, turns with a short queue, and no statement for who has left or whose time is up.
 */
import { type Figures, readStats } from './admin-queries.ts';
import { connect, type DatabaseOptions, type Sql, StoreUnavailable } from './database.ts';
import { createFigures } from './figures.ts';
import { Busy, createTurns } from './turns.ts';

export type AdminReads = Readonly<{
  /**
   * Does the work when its turn comes. Rejects with StoreUnavailable at once where too many wait already, and when its time is up;
   * with the signal's reason where that says that who asked has left.
   */
  read<T>(signal: AbortSignal, work: (sql: Sql) => Promise<T>): Promise<T>;
  /** The figures: of now or, where there is very much to count, of the last minute. Rejects as read does. */
  figures(signal: AbortSignal): Promise<Figures>;
  end(how: { timeout: number }): Promise<void>;
}>;

const READS_AT_ONCE = 2;
const WAITING_MAX = 16;
/** Of a read from its arrival to its answer, and for the server of each of its statements. */
const READ_MILLISECONDS = 3000;
const COUNT_MILLISECONDS = 30_000;

/** What a process holds for admins beside its pool: the connections of the reads, and the one that counts. */
export const ADMIN_CONNECTIONS = READS_AT_ONCE + 1;

/** One core each at most, and nothing is written. */
const serverSettings = { max_parallel_workers_per_gather: 0, jit: 'off', default_transaction_read_only: 'on' };

/** Opens the pools; connections are made on first use. */
export function connectForAdmins(options: DatabaseOptions): AdminReads {
  const own = { ...options, applicationName: `${options.applicationName}-admin`, serverSettings };
  const pool = connect({ ...own, poolMax: READS_AT_ONCE, statementTimeoutMilliseconds: READ_MILLISECONDS });
  const countingPool = connect({ ...own, poolMax: 1, statementTimeoutMilliseconds: COUNT_MILLISECONDS });
  const takeTurn = createTurns({ atOnce: READS_AT_ONCE, waitingMax: WAITING_MAX });
  const counted = createFigures(() => readStats(countingPool));

  return {
    read: (signal, work) =>
      inTime(signal, (gone) => takeTurn(() => work(pool.within(READ_MILLISECONDS, gone)), gone).catch(refuseBusy)),
    figures: (signal) =>
      inTime(signal, () => counted.figures()).catch((error: unknown) => {
        const latest = error instanceof StoreUnavailable ? counted.latest() : undefined;
        if (latest) return latest;
        throw error;
      }),
    end: async (how) => {
      await Promise.all([pool.end(how), countingPool.end(how)]);
    },
  };
}

function refuseBusy(error: unknown): never {
  throw error instanceof Busy ? new StoreUnavailable('Too many reads are waiting.') : error;
}

/** The answer is due when the time is up; what was begun may still be settling, and holds its turn as long as that. */
async function inTime<T>(signal: AbortSignal, work: (gone: AbortSignal) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const gone = new AbortController();
  const late = new StoreUnavailable('The database did not answer in time.');
  const timer = setTimeout(() => gone.abort(late), READ_MILLISECONDS);
  const leave = () => gone.abort(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  const left = Promise.withResolvers<never>();
  gone.signal.addEventListener('abort', () => left.reject(gone.signal.reason), { once: true });
  try {
    return await Promise.race([work(gone.signal), left.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}
