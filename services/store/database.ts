/** The connection pool of a running program, and the one error that says the store did not answer. */
import postgres from 'postgres';

type Parameter = postgres.SerializableParameter;

/**
 * A running program's way to the database: single statements, sent when they are written down and settled within a bound.
 * Nothing else can be asked of it, so that no transaction is held over a connection that may drop (see connect).
 * Rejects with StoreUnavailable where the store does not answer.
 */
export type Sql = {
  <T extends readonly (object | undefined)[] = postgres.Row[]>(
    statement: TemplateStringsArray,
    ...parameters: readonly Parameter[]
  ): Promise<postgres.RowList<T>>;
  /** A value as one parameter of type jsonb. */
  readonly json: postgres.Sql['json'];
};

export type BoundedSql = Sql & {
  /** The same connections, for statements whose caller waits no longer than this; with a signal, until it is aborted: then none is sent. */
  within(milliseconds: number, gone?: AbortSignal): BoundedSql;
};

export type Pool = BoundedSql & {
  /** Lets statements under way end for so many seconds at most, then closes. */
  end(how: { timeout: number }): Promise<void>;
};

export type DatabaseOptions = Readonly<{
  /** postgres://user:password@host:port/database */
  url: string;
  ssl: 'off' | 'require' | 'verify';
  poolMax: number;
  applicationName: string;
  /** The bound of every statement, for the server and for who waits. */
  statementTimeoutMilliseconds: number;
  /** Of a scheduler: its writes are refused once the lease with this token has passed to another (see lease.ts). */
  leaseToken?: number;
  /** Of the server, for these connections alone. */
  serverSettings?: Readonly<Record<string, string | number>>;
  /** Told when somebody on the way has forgotten a connection, and the pool is replaced. */
  onForgotten?: () => void;
}>;

/** The store did not answer in time or at all; whether the command was recorded may be unknown. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly retryAfterSeconds = 1;
}

/** A server that lives has ended the statement itself by then: somebody on the way has forgotten the connection. */
const LOST_AFTER_MILLISECONDS = 1000;

/**
 * Opens a pool; connections are made on first use. `fetch_types: false`, and no `begin` or `reserve` by its users: with
 * those the driver ends the process when a connection drops (porsager/postgres 1066, 1154). A pool that lost a connection
 * takes no more statements and a new one takes its place: in the driver a connection that died with bytes not yet
 * flushed never sends its next start-up message, and every statement it is given waits for the timeout. A statement that
 * the server should have ended a second ago is such a loss too.
 */
export function connect(options: DatabaseOptions): Pool {
  const lostMilliseconds = options.statementTimeoutMilliseconds + LOST_AFTER_MILLISECONDS;
  let ended = false;
  let current = open();
  return Object.assign(within(lostMilliseconds), { end });

  function within(milliseconds: number, gone?: AbortSignal): BoundedSql {
    const ask = async <T extends readonly (object | undefined)[] = postgres.Row[]>(
      statement: TemplateStringsArray,
      ...parameters: readonly Parameter[]
    ): Promise<postgres.RowList<T>> => {
      gone?.throwIfAborted();
      const pool = current;
      const sent = Promise.resolve(pool<T>(statement, ...parameters));
      watch(sent, pool);
      return answerWithin(sent, milliseconds);
    };
    return Object.assign(ask, { within, json: (value: postgres.JSONValue) => current.json(value) });
  }

  function watch(sent: Promise<unknown>, pool: postgres.Sql): void {
    const lost = setTimeout(() => {
      if (replace(pool)) options.onForgotten?.();
    }, lostMilliseconds).unref();
    const settled = (): void => clearTimeout(lost);
    sent.then(settled, settled);
  }

  function open(): postgres.Sql {
    const pool: postgres.Sql = openPool(options, () => replace(pool));
    return pool;
  }

  function replace(pool: postgres.Sql): boolean {
    if (ended || pool !== current) return false;
    current = open();
    void pool.end({ timeout: options.statementTimeoutMilliseconds / 1000 });
    return true;
  }

  function end(how: { timeout: number }): Promise<void> {
    ended = true;
    return current.end(how);
  }
}

/** A pool for one piece of work, which ends with it. */
export async function withPool<T>(options: DatabaseOptions, work: (sql: Pool) => Promise<T>): Promise<T> {
  const pool = connect(options);
  try {
    return await work(pool);
  } finally {
    await pool.end({ timeout: 5 });
  }
}

function openPool(options: DatabaseOptions, onclose: () => void): postgres.Sql {
  const { url, ssl, poolMax, applicationName, statementTimeoutMilliseconds, leaseToken, serverSettings } = options;
  return postgres(url, {
    ssl: ssl === 'off' ? false : ssl === 'require' ? 'require' : 'verify-full',
    max: poolMax,
    fetch_types: false,
    connect_timeout: 2,
    idle_timeout: 300,
    keep_alive: 10,
    backoff: (retries: number) => Math.min(0.02 * 2 ** retries, 0.25),
    onclose,
    onnotice: () => {},
    types: { bigint: bigintAsNumber },
    connection: {
      application_name: applicationName,
      statement_timeout: statementTimeoutMilliseconds,
      timezone: 'UTC',
      ...serverSettings,
      ...(leaseToken !== undefined && { 'sealpost.lease_token': leaseToken }),
    },
  });
}

// Positions and counts stay far below 2^53.
const bigintAsNumber = {
  to: 20,
  from: [20],
  parse: Number,
  serialize: (value: number) => value.toString(),
};

/** Waits for a statement at most so long; every failure that is not the statement's own becomes StoreUnavailable. */
export async function answerWithin<T>(statement: PromiseLike<T>, timeoutMilliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreUnavailable('The database did not answer in time.')), timeoutMilliseconds);
  });
  try {
    return await Promise.race([statement, late]);
  } catch (error) {
    throw isOutage(error) ? new StoreUnavailable('The database is not reachable.', { cause: error }) : error;
  } finally {
    clearTimeout(timer);
  }
}

// SQLSTATE 08 connection, 0A000 an unlogged table while the server recovers or stands by, 25006 read-only standby, 28 login,
// 3D and 55000 no such or no open database, 40 rollback, 53 resources (disk full, connections), 57 operator and timeouts, 58 the system; what has no SQLSTATE did not come from the server.
function isOutage(error: unknown): boolean {
  if (!(error instanceof postgres.PostgresError)) return isLostConnection(error);
  return /^(?:08|0A000|25006|28|3D|40|53|55000|57|58)/.test(error.code);
}

// The driver's own codes, and the system's; a mistake in a statement's parameters has neither and stays an error.
function isLostConnection(error: unknown): boolean {
  if (error instanceof StoreUnavailable || error instanceof AggregateError) return true;
  return /^(?:CONNECT|E[A-Z]{3,}$)/.test(String((error as NodeJS.ErrnoException).code));
}

/** True for a unique violation of the constraint with this name (SQLSTATE 23505). */
export function violates(error: unknown, constraint: string): boolean {
  return error instanceof postgres.PostgresError && error.code === '23505' && error.constraint_name === constraint;
}
