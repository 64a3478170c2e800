/** Replays the log: what the read tables and the snapshots must be, compared with what they are, or put in their place. */
import postgres from 'postgres';
import type { EmailAddress } from '../core/email-address.ts';
import type { AddressEvent } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import { type CodeRow, type EmailRow, project } from '../core/projections.ts';
import { emptyAddress, nextExpiry, STATE_VERSION } from '../core/state.ts';
import { upcast } from '../core/upcast.ts';
import { nullableTime, rowAsJson } from './row-json.ts';

export type Differences = Readonly<Record<'streams' | 'user_email_addresses' | 'email_otp_verifications', number>>;

export type RebuildOptions = Readonly<{
  /** Compares only, and writes nothing. */
  check: boolean;
  onProgress?: (streams: number) => void;
}>;

/** An event as it is stored, its time in milliseconds. */
export type EventRow = {
  stream_id: EmailAddress;
  version: number;
  type: AddressEvent['type'];
  at: number;
  data: object;
};
type Transaction = postgres.TransactionSql;

const ROWS_AT_ONCE = 2000;

/**
 * Replays everything into temporary tables, counts the rows that differ in either direction, and unless `check`
 * replaces the read tables and snapshots. One transaction; writers wait while it runs. Not for api or scheduler.
 */
export async function rebuild(url: string, { check, onProgress }: RebuildOptions): Promise<Differences> {
  const options = { max: 1, fetch_types: false, onnotice: () => {}, connection: { timezone: 'UTC' } };
  const sql = postgres(url, options);
  // A cursor keeps its connection to itself, so the log is read over one of its own.
  const reader = postgres(url, options);
  try {
    return await sql.begin(async (transaction) => {
      // Nobody appends meanwhile; readers and a check go on beside the api's reads.
      await transaction`lock table streams in ${check ? transaction`share` : transaction`exclusive`} mode`;
      await transaction`create temporary table new_streams (like streams) on commit drop`;
      await transaction`create temporary table new_user_email_addresses (like user_email_addresses) on commit drop`;
      await transaction`create temporary table new_email_otp_verifications (like email_otp_verifications) on commit drop`;
      await replay(reader, transaction, onProgress);
      const found = await differences(transaction);
      if (!check) await replace(transaction);
      return found;
    });
  } finally {
    await Promise.all([sql.end({ timeout: 5 }), reader.end({ timeout: 5 })]);
  }
}

async function replay(reader: postgres.Sql, sql: Transaction, onProgress: RebuildOptions['onProgress']): Promise<void> {
  let streams: object[] = [];
  let emails: object[] = [];
  let codes: object[] = [];
  let done = 0;
  const cursor = reader<EventRow[]>`
    select stream_id, version, type, (extract(epoch from at) * 1000)::float8 as at, data
    from events
    order by stream_id, version
  `.cursor(ROWS_AT_ONCE);
  let story: EventRow[] = [];
  for await (const rows of cursor) {
    for (const row of rows) {
      if (story.length > 0 && story[0]?.stream_id !== row.stream_id) await closeStory();
      story.push(row);
    }
  }
  await closeStory();
  await write();
  await leaveOutCleaned(sql);

  async function closeStory(): Promise<void> {
    const [first] = story;
    if (!first) return;
    const rows = fold(first.stream_id, story);
    streams.push(rows.stream);
    emails.push(...rows.emails);
    codes.push(...rows.codes);
    story = [];
    done++;
    if (streams.length >= ROWS_AT_ONCE) await write();
  }

  async function write(): Promise<void> {
    await sql`insert into new_streams select * from jsonb_populate_recordset(null::streams, ${json(streams)})`;
    await sql`
      insert into new_user_email_addresses
      select * from jsonb_populate_recordset(null::user_email_addresses, ${json(emails)})
    `;
    await sql`
      insert into new_email_otp_verifications
      select * from jsonb_populate_recordset(null::email_otp_verifications, ${json(codes)})
    `;
    [streams, emails, codes] = [[], [], []];
    onProgress?.(done);
  }

  function json(rows: readonly object[]) {
    return sql.json(rows as postgres.JSONValue);
  }
}

// What the clean-up took is not to come back.
async function leaveOutCleaned(sql: Transaction): Promise<void> {
  await sql`
    delete from new_email_otp_verifications where expires_at < (select codes_cleaned_before from installation)
  `;
  await sql`
    delete from new_user_email_addresses
    where not is_verified and updated_at < (select emails_cleaned_before from installation)
  `;
}

/** The rows that follow from the story of one address. */
export function fold(address: EmailAddress, story: readonly EventRow[]) {
  let state = emptyAddress;
  const emails = new Map<number, EmailRow>();
  const codes = new Map<string, CodeRow>();
  for (const { version, type, at, data } of story) {
    const event = upcast({ type, version, at, data });
    state = evolve(state, event);
    const rows = project(address, state, event);
    if (rows.email) emails.set(rows.email.id, rows.email);
    if (rows.code) codes.set(rows.code.id, rows.code);
  }
  const stream = {
    id: address,
    version: story.length,
    state,
    state_version: STATE_VERSION,
    expires_at: nullableTime(nextExpiry(state)),
  };
  return { stream, emails: [...emails.values()].map(rowAsJson), codes: [...codes.values()].map(rowAsJson) };
}

const tables = ['streams', 'user_email_addresses', 'email_otp_verifications'] as const;

async function differences(sql: Transaction): Promise<Differences> {
  const counts = await Promise.all(
    tables.map(async (table) => {
      const [row] = await sql<[{ n: number }]>`
        select count(*)::float8 as n
        from ${sql(table)} as present
        full join ${sql(`new_${table}`)} as rebuilt using (id)
        where present is distinct from rebuilt
          ${table === 'streams' ? sql`and ${ofAnotherVersion(sql)} is not true` : sql``}
      `;
      return [table, row.n] as const;
    }),
  );
  return Object.fromEntries(counts) as Differences;
}

// A snapshot of another version is not believed by this program, and is not wrong for that; the rest of its row is compared.
function ofAnotherVersion(sql: Transaction) {
  return sql`(
    present.state_version <> rebuilt.state_version
    and (present.version, present.expires_at) is not distinct from (rebuilt.version, rebuilt.expires_at)
  )`;
}

async function replace(sql: Transaction): Promise<void> {
  for (const table of tables) {
    await sql`delete from ${sql(table)}`;
    await sql`insert into ${sql(table)} select * from ${sql(`new_${table}`)} order by id`;
  }
  await sql`
    select setval('user_email_addresses_id_seq', greatest(
      (select coalesce(max(id), 1) from user_email_addresses),
      (select last_value from user_email_addresses_id_seq)
    ))
  `;
}
