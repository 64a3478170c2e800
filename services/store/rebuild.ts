/** Replays the log beside the writers: what the read tables and the snapshots must be, compared with what they are, or put right. */
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { derive, type Difference, differencesOf, type EventRow, type Story, storiesOf, type Table } from './derive.ts';
import { mend, type Mended, raiseSequence } from './mend.ts';

export type Differences = Readonly<Record<Table, number>>;

export type RebuildOptions = Readonly<{
  /** Compares only, and writes nothing. */
  check: boolean;
  onProgress?: (streams: number) => void;
}>;

type Transaction = postgres.TransactionSql;

/** What is not as the log has it, of some addresses that have events in the snapshot, or that have none. */
type Found = Readonly<{ differences: readonly Difference[]; inLog: boolean }>;

const MENDED_AT_ONCE = 200;
const TRIES_MAX = 200;
const PASSES_MAX = 20;
const PAUSE_MILLISECONDS = 50;

/**
 * Counts the rows that differ, in one snapshot that locks nothing, and unless `check` puts them right, some addresses at a time:
 * only who writes to one of these waits, for as long as that takes. Not for api or scheduler.
 */
export async function rebuild(url: string, { check, onProgress }: RebuildOptions): Promise<Differences> {
  const options = { max: 1, fetch_types: false, onnotice: () => {}, connection: { timezone: 'UTC' } };
  // The snapshot keeps its connection to itself.
  const reader = postgres(url, options);
  const writer = postgres(url, options);
  const counts = { streams: 0, user_email_addresses: 0, email_otp_verifications: 0 };
  const count = (differences: readonly Difference[]) => {
    for (const { table, wrong } of differences) if (wrong) counts[table]++;
  };
  try {
    // What was erased before it could be put right has another name now: it is looked for once more.
    for (let again = true, passes = 1; again; passes++) {
      if (passes > PASSES_MAX) throw new Error('Addresses are erased all the time: run it again when fewer are.');
      again = false;
      await compareAll(reader, onProgress, async ({ differences, inLog }) => {
        if (check) return count(differences);
        const addresses = [...new Set(differences.map(({ address }) => address))];
        for (let from = 0; from < addresses.length; from += MENDED_AT_ONCE) {
          const mended = await mendPatiently(writer, addresses.slice(from, from + MENDED_AT_ONCE));
          count(mended.differences);
          again ||= inLog && mended.withoutEvents > 0;
        }
      });
    }
    if (!check) await raiseSequence(writer);
    return counts;
  } finally {
    await Promise.all([reader.end({ timeout: 5 }), writer.end({ timeout: 5 })]);
  }
}

/** Compares everything with the log in one snapshot, part by part: what has events, then what has none. */
async function compareAll(
  reader: postgres.Sql,
  onProgress: RebuildOptions['onProgress'],
  tell: (found: Found) => Promise<void>,
): Promise<void> {
  await reader.begin('isolation level repeatable read read only', async (sql) => {
    // All of it will be read: a plan that is quick with the first rows would be slow with the rest.
    await sql`set local cursor_tuple_fraction = 1`;
    let done = 0;
    for await (const stories of readStories(sql)) {
      const addresses = stories.map(([{ stream_id }]) => stream_id);
      const differences = await differencesOf(sql, addresses, derive(stories));
      if (differences.length > 0) await tell({ differences, inLog: true });
      onProgress?.((done += stories.length));
    }
    for await (const differences of readStrays(sql)) await tell({ differences, inLog: false });
  });
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

/** All stories, some at a time. A cursor of the server, so that its connection can compare what it gave. */
async function* readStories(sql: Transaction): AsyncGenerator<readonly Story[]> {
  await sql`
    declare log no scroll cursor for
    select stream_id, version, type, (extract(epoch from at) * 1000)::float8 as at, data
    from events
    order by stream_id, version
  `;
  let begun: readonly EventRow[] = [];
  for (let over = false; !over;) {
    const events = await sql<EventRow[]>`fetch 2000 from log`;
    over = events.length === 0;
    const stories = storiesOf([...begun, ...events]);
    // The last one may go on.
    begun = over ? [] : (stories.at(-1) ?? []);
    const whole = over ? stories : stories.slice(0, -1);
    if (whole.length > 0) yield whole;
  }
}

/** Rows of addresses without an event, some at a time. */
async function* readStrays(sql: Transaction): AsyncGenerator<readonly Difference[]> {
  await sql`
    declare strays no scroll cursor for
    select 'streams' as "table", id as address, true as wrong, true as settled
    from streams
    where not exists (select from events where stream_id = streams.id)
    union all
    select 'user_email_addresses', email_address, true, true
    from user_email_addresses
    where not exists (select from events where stream_id = email_address)
    union all
    select 'email_otp_verifications', email, true, true
    from email_otp_verifications
    where not exists (select from events where stream_id = email)
  `;
  for (;;) {
    const strays = await sql<Difference[]>`fetch 500 from strays`;
    if (strays.length === 0) return;
    yield strays;
  }
}
