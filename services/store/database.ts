/** The connection pool of a running program, and the one error that says the store did not answer. */
import postgres from 'postgres';

export type Sql = postgres.Sql<{ bigint: number }>;

export type DatabaseOptions = Readonly<{
  /** postgres://user:password@host:port/database */
  url: string;
  ssl: 'off' | 'require' | 'verify';
  poolMax: number;
  applicationName: string;
  statementTimeoutMilliseconds: number;
}>;

/** The store did not answer in time or at all; whether the command was recorded may be unknown. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly retryAfterSeconds = 1;
}

/**
 * Opens a pool; connections are made on first use. `fetch_types: false`, and no `begin` or `reserve` by its users: with
 * those the driver ends the process when a connection drops (porsager/postgres 1066, 1154). A pool that lost a connection
 * takes no more statements and a new one takes its place: in the driver a connection that died with bytes not yet
 * flushed never sends its next start-up message, and every statement it is given waits for the timeout.
 */
export function connect(options: DatabaseOptions): Sql {
  let ended = false;
  let current = open();
  // A function, so that the pool in use answers both sql`…` and sql.json(…).
  const anyPool = (() => {}) as unknown as Sql;
  return new Proxy(anyPool, {
    apply: (_target, _self, parts) => Reflect.apply(current, undefined, parts) as unknown,
    get: (_target, name) => (name === 'end' ? end : (Reflect.get(current, name) as unknown)),
  });

  function open(): Sql {
    const pool: Sql = openPool(options, () => {
      if (ended || pool !== current) return;
      current = open();
      void pool.end({ timeout: options.statementTimeoutMilliseconds / 1000 });
    });
    return pool;
  }

  function end(how: { timeout?: number }): Promise<void> {
    ended = true;
    return current.end(how);
  }
}

function openPool(options: DatabaseOptions, onclose: () => void): Sql {
  const { url, ssl, poolMax, applicationName, statementTimeoutMilliseconds } = options;
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
export async function answered<T>(statement: PromiseLike<T>, timeoutMilliseconds: number): Promise<T> {
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

// SQLSTATE 08 connection, 25006 read-only standby, 28 login, 3D and 55000 no such or no open database, 40 rollback,
// 53 resources (disk full, connections), 57 operator and timeouts, 58 the system; what has no SQLSTATE did not come from the server.
function isOutage(error: unknown): boolean {
  if (!(error instanceof postgres.PostgresError)) return isLostConnection(error);
  return /^(?:08|25006|28|3D|40|53|55000|57|58)/.test(error.code);
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
