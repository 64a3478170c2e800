/**
 * The admins' way to the database, so that nobody who wants a code waits for what an admin looks at: a few connections of their
 * own, turns with a short queue, and no statement for who has left or whose time is up: what waits is not sent, and the server ends
 * what it is at.
 */
import { randomBytes } from 'node:crypto';
import { type Figures, readStats } from './admin-queries.ts';
import { connect, type DatabaseOptions, type Pool, type Sql, StoreUnavailable } from './database.ts';
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

/** What a process holds for admins beside its pool: the connections of the reads, the one that counts, and the one that ends reads. */
export const ADMIN_CONNECTIONS = READS_AT_ONCE + 2;

/** One core each at most, and nothing is written. */
const serverSettings = { max_parallel_workers_per_gather: 0, jit: 'off', default_transaction_read_only: 'on' };

/** A connection for one read at a time; the server knows it by a name that no other has. */
type Place = Readonly<{ name: string; pool: Pool }>;

/** Opens the pools; connections are made on first use. */
export function connectForAdmins(options: DatabaseOptions): AdminReads {
  const own = { ...options, applicationName: `${options.applicationName}-admin`, serverSettings };
  const places = Array.from({ length: READS_AT_ONCE }, () => openPlace(own));
  const free = [...places];
  const besidePool = connect({ ...own, poolMax: 2, statementTimeoutMilliseconds: COUNT_MILLISECONDS });
  const takeTurn = createTurns({ atOnce: READS_AT_ONCE, waitingMax: WAITING_MAX });
  const counted = createFigures(() => readStats(besidePool));

  return {
    read: (signal, work) =>
      inTime(signal, (gone) => takeTurn(() => readAt(nextFree(), gone, work), gone).catch(refuseBusy)),
    figures: (signal) =>
      inTime(signal, () => counted.figures()).catch((error: unknown) => {
        const latest = error instanceof StoreUnavailable ? counted.latest() : undefined;
        if (latest) return latest;
        throw error;
      }),
    end: async (how) => {
      await Promise.all([besidePool, ...places.map(({ pool }) => pool)].map((pool) => pool.end(how)));
    },
  };

  function nextFree(): Place {
    const place = free.pop();
    if (!place) throw new Error('There are more turns than places.');
    return place;
  }

  /** Free again when the server has ended what it was asked to end, lest it end the next one's statement. */
  async function readAt<T>(place: Place, gone: AbortSignal, work: (sql: Sql) => Promise<T>): Promise<T> {
    let ended: Promise<unknown> | undefined;
    const end = (): void => {
      ended = endStatements(besidePool.within(READ_MILLISECONDS), place).catch(() => {});
    };
    gone.addEventListener('abort', end, { once: true });
    try {
      return await work(place.pool.within(READ_MILLISECONDS, gone));
    } finally {
      gone.removeEventListener('abort', end);
      await ended;
      free.push(place);
    }
  }
}

function openPlace(own: DatabaseOptions): Place {
  const name = `${own.applicationName}-${randomBytes(4).toString('hex')}`;
  const pool = connect({
    ...own,
    applicationName: name,
    poolMax: 1,
    statementTimeoutMilliseconds: READ_MILLISECONDS,
  });
  return { name, pool };
}

/** Not the driver's own way, which ends the process where the server cannot be reached for it. Where this is not, their time ends them. */
const endStatements = (sql: Sql, { name }: Place) => sql`
  select pg_cancel_backend(pid) from pg_stat_activity
  where application_name = ${name} and usename = current_user and state = 'active'
`;

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
