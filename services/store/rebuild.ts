/** Replays the log beside the writers: what the read tables and the snapshots must be, compared with what they are, or put right. */
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { derive, type Difference, differencesOf, type Table } from './derive.ts';
import { mend, type Mended, raiseSequence } from './mend.ts';
import { readStories } from './stories.ts';
import { driverOptions } from './driver.ts';

export type Differences = Readonly<Record<Table, number>>;

export type RebuildOptions = Readonly<{
  /** Compares only, and writes nothing. */
  check: boolean;
  onProgress?: (streams: number) => void;
}>;

type Transaction = postgres.TransactionSql;

/** What is not as the log has it, of some addresses that have events, or that have none, or not from the first. */
type Found = Readonly<{ differences: readonly Difference[]; inLog: boolean }>;

/** So many addresses are compared in one snapshot: one that was kept for all would keep every row version of meanwhile. */
const ADDRESSES_AT_ONCE = 1000;
const ROWS_AT_ONCE = 5000;
const MENDED_AT_ONCE = 200;
const TRIES_MAX = 200;
const PASSES_MAX = 20;
const PAUSE_MILLISECONDS = 50;

/**
 * Counts the rows that differ, some addresses at a time, in snapshots that lock nothing, and unless `check` puts them right: only
 * who writes to one of these waits, for as long as that takes. Not for api or scheduler.
 */
export async function rebuild(url: string, { check, onProgress }: RebuildOptions): Promise<Differences> {
  const server = driverOptions(url);
  const connection = { ...server.connection, timezone: 'UTC' };
  const options = { ...server, max: 1, fetch_types: false, onnotice: () => {}, connection };
  // The snapshot keeps its connection to itself.
  const reader = postgres(options);
  const writer = postgres(options);
  const counts = { streams: 0, user_email_addresses: 0, email_otp_verifications: 0 };
  const count = (differences: readonly Difference[]) => {
    for (const { table, wrong } of differences) if (wrong) counts[table]++;
  };
  try {
    // What was erased before it could be put right has another name now: it is looked for once more.
    for (let again = true, passes = 1; again; passes++) {
      if (passes > PASSES_MAX) throw new Error('Addresses are erased all the time: run it again when fewer are.');
      again = false;
      for await (const { differences, inLog } of compareAll(reader, onProgress)) {
        if (check) {
          count(differences);
          continue;
        }
        const addresses = [...new Set(differences.map(({ address }) => address))];
        for (let from = 0; from < addresses.length; from += MENDED_AT_ONCE) {
          const mended = await mendPatiently(writer, addresses.slice(from, from + MENDED_AT_ONCE));
          count(mended.differences);
          again ||= inLog && mended.withoutEvents > 0;
        }
      }
    }
    if (!check) await raiseSequence(writer);
    return counts;
  } finally {
    await Promise.all([reader.end({ timeout: 5 }), writer.end({ timeout: 5 })]);
  }
}

/** Compares everything with the log, part by part: what has events, then what has none. */
async function* compareAll(reader: postgres.Sql, onProgress: RebuildOptions['onProgress']): AsyncGenerator<Found> {
  let done = 0;
  for await (const { differences, compared } of compareStories(reader)) {
    onProgress?.((done += compared));
    if (differences.length > 0) yield { differences, inLog: true };
  }
  for (const [table, column] of ADDRESS_COLUMNS) {
    for await (const strays of readStrays(reader, table, column)) {
      const differences = strays.map((address) => ({ table, address, wrong: true, settled: true }));
      if (differences.length > 0) yield { differences, inLog: false };
    }
  }
}

type Compared = Readonly<{ differences: readonly Difference[]; compared: number }>;

/** By their first events, which keep their places in the log whatever name an address takes meanwhile. */
async function* compareStories(reader: postgres.Sql): AsyncGenerator<Compared> {
  const [last] = await reader<{ position: string | null }[]>`select max(position) as position from events`;
  const end = last?.position ?? 0;
  let after: string | undefined = '0';
  while (after !== undefined) {
    const from: string = after;
    const page = await reader.begin('isolation level repeatable read read only', async (sql) => {
      const firsts = await sql<{ position: string; stream_id: string }[]>`
        select position, stream_id
        from events
        where version = 1 and position > ${from} and position <= ${end}
        order by position
        limit ${ADDRESSES_AT_ONCE}
      `;
      const addresses = firsts.map(({ stream_id }) => stream_id);
      return { ...(await compareSome(sql, addresses)), next: firsts.at(-1)?.position };
    });
    if (page.compared > 0) yield page;
    after = page.next;
  }
}

async function compareSome(sql: Transaction, addresses: readonly string[]): Promise<Compared> {
  const differences: Difference[] = [];
  for await (const stories of readStories(sql, addresses)) {
    const told = stories.map(([{ stream_id }]) => stream_id);
    differences.push(...(await differencesOf(sql, told, derive(stories))));
  }
  return { differences, compared: addresses.length };
}

// Without patience the rebuild would be what others wait for: whoever writes to one of the addresses goes first.
async function mendPatiently(writer: postgres.Sql, addresses: readonly string[]): Promise<Mended> {
  for (let tries = 1; ; tries++) {
    try {
      return (await writer.begin((sql) => mend(sql, addresses))) as Mended;
    } catch (error) {
      if (tries === TRIES_MAX || !isLockTaken(error)) throw error;
      await sleep(PAUSE_MILLISECONDS);
    }
  }
}

/** 55P03 lock_timeout, 40P01 a ring of waiting. */
const isLockTaken = (error: unknown): boolean =>
  error instanceof postgres.PostgresError && (error.code === '55P03' || error.code === '40P01');

const ADDRESS_COLUMNS = [
  ['streams', 'id'],
  ['user_email_addresses', 'email_address'],
  ['email_otp_verifications', 'email'],
] as const;

/** The addresses of a table's rows that have no first event, some at a time. */
async function* readStrays(sql: postgres.Sql, table: Table, column: string): AsyncGenerator<readonly string[]> {
  let last: string | null | undefined;
  do {
    const [page] = await sql<{ last: string | null; strays: readonly string[] | null }[]>`
      with part as materialized (
        select id, ${sql(column)} as address
        from ${sql(table)}
        ${last === undefined ? sql`` : sql`where id > ${last}`}
        order by id
        limit ${ROWS_AT_ONCE}
      )
      select
        (select id::text from part order by part.id desc limit 1) as last,
        (select jsonb_agg(address) from part where not exists (
          select from events where stream_id = address and version = 1
        )) as strays
    `;
    last = page?.last;
    yield page?.strays ?? [];
  } while (last);
}
