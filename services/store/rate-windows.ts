/** Counting how often something happened in a window of time: exact with any number of processes, one statement. */
import type { Sql } from './database.ts';

export type Counted = Readonly<{ count: number; retryAfterSeconds: number }>;

/** Counts one more under the key and says how many there are in its window, and when that ends. */
export async function countOne(sql: Sql, key: string, windowSeconds: number): Promise<Counted> {
  const [row] = await sql<[{ count: number; left: number }]>`
    insert into rate_windows as old (key, started_at, count)
    values (${key}, event_clock(), 1)
    on conflict (key) do update set
      count = case when old.started_at + ${windowSeconds} * interval '1 second' > event_clock() then old.count + 1 else 1 end,
      started_at = case when old.started_at + ${windowSeconds} * interval '1 second' > event_clock() then old.started_at else event_clock() end
    returning count, extract(epoch from started_at + ${windowSeconds} * interval '1 second' - event_clock())::float8 as left
  `;
  return { count: row.count, retryAfterSeconds: Math.max(1, Math.ceil(row.left)) };
}

export async function clearCount(sql: Sql, key: string): Promise<void> {
  await sql`delete from rate_windows where key = ${key}`;
}

/** Forgets windows that began more than a day ago; returns how many. */
export async function forgetOldWindows(sql: Sql): Promise<number> {
  return (await sql`delete from rate_windows where started_at < event_clock() - interval '1 day'`).count;
}
