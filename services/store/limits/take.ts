/** Takes from a limit at once and for good, without the append: exact with any number of processes. */
import type { Sql } from '../database.ts';
import type { LimitKey } from './window.ts';

/** `max` in each window, counted from its first; and at most `burst` at once, `perSecond` flowing back. 0 means no such limit. */
export type Limit = Readonly<{ max: number; windowSeconds: number; burst?: number; perSecond?: number }>;

/** What one request counts in. */
export type Limited = Readonly<{ key: LimitKey; limit: Limit }>;

export type LimitRequest = Limited & Readonly<{ n: number }>;

/** A wider limit, which is asked for as much as the narrower one grants. */
export type WiderLimit = Limited & Readonly<{ of: LimitKey }>;

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
  key: LimitKey;
  granted: number;
  left: number | null;
  reset_seconds: number;
  wait_seconds: number;
};

/** A limit as take_allowances (migration 019) reads it. */
function wishOf({ key, limit: { max, windowSeconds, burst = 0, perSecond = 0 } }: Limited) {
  return {
    key,
    max: max > 0 ? max : null,
    window_seconds: windowSeconds,
    burst: perSecond > 0 ? burst : null,
    per_second: perSecond > 0 ? perSecond : null,
  };
}

/** Each key once. */
const requestRows = (requests: readonly LimitRequest[]) => requests.map((one) => ({ ...wishOf(one), n: one.n }));

function grantsOf(rows: readonly GrantRow[]): ReadonlyMap<LimitKey, Grant> {
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
export async function take(sql: Sql, requests: readonly LimitRequest[]): Promise<ReadonlyMap<LimitKey, Grant>> {
  const [row] = await sql<[{ taken: GrantRow[] }]>`select take_allowances(${sql.json(requestRows(requests))}) as taken`;
  return grantsOf(row.taken);
}

/**
 * Takes of each key, and then of the wider ones, and then of those that are wider still, only what the narrower ones
 * granted: what a narrow limit refuses is not counted against its neighbours. What a wider one refuses stays counted in
 * the narrower ones, whose own it is. Every statement locks from narrow to wide, so that none waits for another in a ring.
 */
export async function takeWithin(
  sql: Sql,
  requests: readonly LimitRequest[],
  wider: readonly WiderLimit[],
): Promise<ReadonlyMap<LimitKey, Grant>> {
  const wishes = sql.json(wider.map((one) => ({ ...wishOf(one), of: one.of })));
  const [row] = await sql<[{ taken: GrantRow[] }]>`
    with narrow as materialized (
      select take_allowances(${sql.json(requestRows(requests))}) as taken
    ), middle as materialized (
      select take_allowances(coalesce(jsonb_agg(wish || jsonb_build_object('n', n)), '[]')) as taken
      from (
        select wish - 'of' as wish, sum(granted) as n
        from narrow, jsonb_to_recordset(taken) as one (key text, granted integer)
          join jsonb_array_elements(${wishes}) as wish on wish ->> 'of' = key
        where granted > 0
        group by 1
      ) as passed
    ), wide as materialized (
      select take_allowances(coalesce(jsonb_agg(wish || jsonb_build_object('n', n)), '[]')) as taken
      from (
        select wish - 'of' as wish, sum(granted) as n
        from middle, jsonb_to_recordset(taken) as one (key text, granted integer)
          join jsonb_array_elements(${wishes}) as wish on wish ->> 'of' = key
        where granted > 0
        group by 1
      ) as passed
    )
    select narrow.taken || middle.taken || wide.taken as taken from narrow, middle, wide
  `;
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
