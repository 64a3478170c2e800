/** Takes from a limit at once and for good, without the append: exact with any number of processes. */
import type { Sql } from '../database.ts';
import type { LimitKey } from './window.ts';

/** `max` in each window, counted from its first; and at most `burst` at once, `perSecond` flowing back. 0 means no such limit. */
export type Limit = Readonly<{ max: number; windowSeconds: number; burst?: number; perSecond?: number }>;

export type LimitRequest = Readonly<{ key: LimitKey; limit: Limit; n: number }>;

export type Grant = Readonly<{
  granted: number;
  /** What is left in the window, and in how many seconds it is whole again. */
  left: number;
  resetSeconds: number;
  /** For those who were granted nothing: exact, and in whole seconds, at least 1. */
  waitMilliseconds: number;
  retryAfterSeconds: number;
}>;

type GrantRow = {
  key: string;
  granted: number;
  left: number | null;
  reset_seconds: number;
  wait_seconds: number;
};

/** The requests as take_allowances (migration 019) reads them; each key once. */
function requestRows(requests: readonly LimitRequest[]) {
  return requests.map(({ key, n, limit: { max, windowSeconds, burst = 0, perSecond = 0 } }) => ({
    key,
    n,
    max: max > 0 ? max : null,
    window_seconds: windowSeconds,
    burst: perSecond > 0 ? burst : null,
    per_second: perSecond > 0 ? perSecond : null,
  }));
}

function grantsOf(rows: readonly GrantRow[]): ReadonlyMap<string, Grant> {
  return new Map(
    rows.map(({ key, granted: n, left, reset_seconds, wait_seconds }) => [
      key,
      {
        granted: n,
        left: left ?? Number.POSITIVE_INFINITY,
        resetSeconds: reset_seconds,
        waitMilliseconds: wait_seconds * 1000,
        retryAfterSeconds: Math.max(1, Math.ceil(wait_seconds)),
      },
    ]),
  );
}

/** Takes of each key at once, as far as its limit allows. */
export async function take(sql: Sql, requests: readonly LimitRequest[]): Promise<ReadonlyMap<string, Grant>> {
  const [row] = await sql<[{ taken: GrantRow[] }]>`select take_allowances(${sql.json(requestRows(requests))}) as taken`;
  return grantsOf(row.taken);
}

/** Forgets what was counted under the key. */
export async function forgetCount(sql: Sql, key: LimitKey): Promise<void> {
  await sql`delete from rate_windows where key = ${key}`;
}

/** Takes one of a window back that was granted and not needed after all. */
export async function giveBack(sql: Sql, key: LimitKey): Promise<void> {
  await sql`update rate_windows set count = greatest(0, count - 1) where key = ${key}`;
}

/** Forgets every count whose key is this or begins with it and a blank. */
export async function forgetCounts(sql: Sql, key: LimitKey): Promise<void> {
  await sql`delete from rate_windows where key = ${key} or starts_with(key, ${`${key} `})`;
}

export type TakeOne = (key: LimitKey, limit: Limit) => Promise<Grant>;

type Waiting = Readonly<{
  limit: Limit;
  resolve: (one: Grant) => void;
  reject: (error: unknown) => void;
}>;

/**
 * Makes the function that takes one of a key. All that is asked while a statement is under way goes into the next one,
 * so that a flood costs one statement a round trip. `granted` is 1 or 0. Throws StoreUnavailable.
 */
export function createTakeOne(sql: Sql): TakeOne {
  let waiting = new Map<LimitKey, Waiting[]>();
  let running = false;

  return (key, limit) =>
    new Promise((resolve, reject) => {
      const one = { limit, resolve, reject };
      const same = waiting.get(key);
      if (same) same.push(one);
      else waiting.set(key, [one]);
      if (running) return;
      running = true;
      setImmediate(run);
    });

  async function run(): Promise<void> {
    while (waiting.size > 0) {
      const batch = waiting;
      waiting = new Map();
      await serve(batch);
    }
    running = false;
  }

  async function serve(batch: ReadonlyMap<LimitKey, readonly Waiting[]>): Promise<void> {
    try {
      const requests = [...batch].flatMap(([key, [first, ...others]]) =>
        first ? [{ key, limit: first.limit, n: 1 + others.length }] : [],
      );
      const grants = await take(sql, requests);
      for (const [key, callers] of batch) {
        const grant = grants.get(key);
        if (!grant) throw new Error('A limit was not judged.');
        for (const [index, { resolve }] of callers.entries()) {
          resolve({
            ...grant,
            granted: index < grant.granted ? 1 : 0,
            left: grant.left + Math.max(0, grant.granted - index - 1),
          });
        }
      }
    } catch (error) {
      for (const callers of batch.values()) for (const { reject } of callers) reject(error);
    }
  }
}
