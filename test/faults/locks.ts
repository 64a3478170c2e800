/** Stops the api at a chosen statement: an owner's table lock, and a look at who waits for it. */
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import type { World } from './world.ts';

const WAIT_MILLISECONDS_MAX = 4000;

/** Holds a table lock while the work is done. */
export async function locked(world: World, lock: string, work: () => Promise<void>): Promise<void> {
  const sql = postgres(world.db.ownerUrl, { max: 1, fetch_types: false, onnotice: () => {} });
  await sql.unsafe('begin').simple();
  await sql.unsafe(lock);
  try {
    await work();
  } finally {
    await sql.unsafe('commit').simple();
    await sql.end({ timeout: 1 });
  }
}

/** Waits until so many statements of the api, with this in their text, wait for a lock; the pids of their backends, in the order of their start. */
export async function waiting(world: World, count: number, text = ''): Promise<readonly number[]> {
  for (const deadline = performance.now() + WAIT_MILLISECONDS_MAX; ; await sleep(10)) {
    const rows = await world.db.owner<{ pid: number }[]>`
      select pid
      from pg_stat_activity
      where datname = current_database()
        and application_name = 'sealpost-api'
        and wait_event_type = 'Lock'
        and position(${text} in query) > 0
      order by query_start
    `;
    if (rows.length === count) return rows.map(({ pid }) => pid);
    if (performance.now() > deadline) throw new Error(`${rows.length} of ${count} statements wait for a lock`);
  }
}

/** Ends a backend together with the statement that it waits with. */
export async function endBackend(world: World, pid: number | undefined): Promise<void> {
  await world.db.owner`select pg_terminate_backend(${pid ?? 0}::integer)`;
}
