/** The connection pool of a running program, and the one error that says the store did not answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { driverOptions } from './driver.ts';
import { type DatabaseOptions, openPool } from './open-pool.ts';

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

export type { DatabaseOptions } from './open-pool.ts';

/** The store did not answer in time or at all; whether the command was recorded may be unknown. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly retryAfterSeconds = 1;
}

/** A server that lives has ended the statement itself by then: somebody on the way has forgotten the connection. */
const LOST_AFTER_MILLISECONDS = 1000;

/** Between two attempts of a statement for which a new connection was refused. */
const LOGIN_PAUSE_MILLISECONDS = 50;

/** The driver's pool. `served`: it has a connection that works. `refused`: logins that the server did not let in, and has not closed yet. */
type Held = { sql: postgres.Sql; served: boolean; refused: number };

/**
 * Opens a pool; connections are made on first use. `fetch_types: false`, and no `begin` or `reserve` by its users: with
 * those the driver ends the process when a connection drops (porsager/postgres 1066, 1154). A pool that lost a connection
 * takes no more statements and a new one takes its place: in the driver a connection that died with bytes not yet
 * flushed never sends its next start-up message, and every statement it is given waits for the timeout. A statement that
 * the server should have ended a second ago is such a loss too. A login that was refused is none: while a password is
 * changed, the connections that are open serve on, and a statement that asked for one more waits for one of them.
 */
export function connect(options: DatabaseOptions): Pool {
  const lostMilliseconds = options.statementTimeoutMilliseconds + LOST_AFTER_MILLISECONDS;
  // Once: its file of authorities may be gone when a connection is lost.
  const server = driverOptions(options.url, options.ssl);
  let ended = false;
  let current = open();
  return Object.assign(within(lostMilliseconds), { end });

  function within(milliseconds: number, gone?: AbortSignal): BoundedSql {
    const ask = async <T extends readonly (object | undefined)[] = postgres.Row[]>(
      statement: TemplateStringsArray,
      ...parameters: readonly Parameter[]
    ): Promise<postgres.RowList<T>> => {
      gone?.throwIfAborted();
      const until = performance.now() + milliseconds;
      const send = (): Sent<postgres.RowList<T>> => {
        const held = current;
        const sent = Promise.resolve(held.sql<T>(statement, ...parameters));
        watch(sent, held);
        return { sent, held };
      };
      return answerWithin(sendPatiently(send, until, gone), milliseconds);
    };
    return Object.assign(ask, { within, json: (value: postgres.JSONValue) => current.sql.json(value) });
  }

  function watch(sent: Promise<unknown>, held: Held): void {
    const lost = setTimeout(() => {
      if (replace(held)) options.onForgotten?.();
    }, lostMilliseconds).unref();
    const settled = (): void => clearTimeout(lost);
    sent.then(settled, settled);
  }

  function open(): Held {
    const held: Held = { served: false, refused: 0, sql: openPool(options, server, () => closed(held)) };
    return held;
  }

  function closed(held: Held): void {
    if (held.refused > 0) held.refused--;
    else replace(held);
  }

  function replace(held: Held): boolean {
    if (ended || held !== current) return false;
    current = open();
    void held.sql.end({ timeout: options.statementTimeoutMilliseconds / 1000 });
    return true;
  }

  function end(how: { timeout: number }): Promise<void> {
    ended = true;
    return current.sql.end(how);
  }
}

type Sent<T> = Readonly<{ sent: Promise<T>; held: Held }>;

/** Sends it again where a new connection was refused, as long as others of the pool work: nothing of it was sent. */
async function sendPatiently<T>(send: () => Sent<T>, until: number, gone?: AbortSignal): Promise<T> {
  for (;;) {
    const { sent, held } = send();
    try {
      const answer = await sent;
      held.served = true;
      return answer;
    } catch (error) {
      if (!isRefusedLogin(error)) throw error;
      held.refused++;
      if (!held.served || performance.now() + LOGIN_PAUSE_MILLISECONDS >= until) throw error;
    }
    await sleep(LOGIN_PAUSE_MILLISECONDS);
    gone?.throwIfAborted();
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

/** SQLSTATE class 28: the server did not let a new connection in. */
const isRefusedLogin = (error: unknown): boolean =>
  error instanceof postgres.PostgresError && error.code.startsWith('28');

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
