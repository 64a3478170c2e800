/** What a restored database must know of the one whose place it takes: how far it went, and what no backup may undo. */
import type { EmailAddress } from '../core/email-address.ts';
import type { SuppressionReason } from '../core/events.ts';
import { foldState } from '../core/evolve.ts';
import { STATE_VERSION } from '../core/state.ts';
import type { Sql } from './database.ts';

export type LogFacts = Readonly<{
  events: number;
  /** The newest event's, and when it was recorded; 0 and null without events. */
  position: number;
  newestAt: Date | null;
}>;

export type Marks = Readonly<{ epoch: number; leaseToken: number }>;

export type Suppression = Readonly<{ address: EmailAddress; reason: SuppressionReason }>;

/** A row of accounts as it stands. */
export type AccountRow = Readonly<Record<string, string | null>>;

export async function readLogFacts(sql: Sql): Promise<LogFacts> {
  const [row] = await sql<[{ events: number; position: number; newest_at: Date | null }]>`
    select count(*)::float8 as events, coalesce(max(position), 0)::float8 as position, max(at) as newest_at from events
  `;
  return { events: row.events, position: row.position, newestAt: row.newest_at };
}

/** How many events of each type were recorded after this position. */
export async function countEventsAfter(sql: Sql, position: number): Promise<Readonly<Record<string, number>>> {
  const rows = await sql<{ type: string; n: number }[]>`
    select type, count(*)::float8 as n from events where position > ${position} group by type order by type
  `;
  return Object.fromEntries(rows.map(({ type, n }) => [type, n]));
}

/** The tables of schema public. */
export async function listTables(sql: Sql): Promise<readonly string[]> {
  const rows = await sql<
    { name: string }[]
  >`select tablename as name from pg_tables where schemaname = 'public' order by 1`;
  return rows.map(({ name }) => name);
}

/** Rows of each of these, where it is there. */
export async function countRows(sql: Sql, tables: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const rows = await sql<{ name: string; n: number }[]>`
    select name, (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from public.%I', name), false, true, '')))[1]::text::float8 as n
    from jsonb_array_elements_text(${sql.json(tables)}) as name
    where to_regclass(format('public.%I', name)) is not null
  `;
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
}

export async function readMarks(sql: Sql): Promise<Marks> {
  const [row] = await sql<[Marks]>`
    select epoch, (select coalesce(max(token), 0)::float8 from leases) as "leaseToken" from installation
  `;
  return row;
}

/**
 * Above its own and above those given: every code of either is dead, and what a scheduler of either still writes is refused.
 * The token leaps, since the lease may pass on until the databases change places.
 */
export async function raiseMarks(sql: Sql, { epoch, leaseToken }: Marks): Promise<void> {
  await sql`
    with raised as (
      update leases
      set token = greatest(token, ${leaseToken}::bigint) + 1000, holder = '', expires_at = '-infinity'
    )
    update installation set epoch = greatest(epoch, ${epoch}::integer) + 1
  `;
}

/** A page of the addresses that no mail goes to, in order. */
export async function suppressionsAfter(sql: Sql, last: string, limit: number): Promise<readonly Suppression[]> {
  return sql<Suppression[]>`
    select id as address, state -> 'suppression' ->> 'reason' as reason
    from streams
    where id > ${last} and state ? 'suppression' and id not like 'erased-%@erased.invalid'
    order by id
    limit ${limit}
  `;
}

/** What an erasure says of an address that it closed or opened again, by a keyed hash. */
export type ClosedHash = Readonly<{ addressHash: string; reason: SuppressionReason | null }>;

/** A page of the newest word of each hash, in order. */
export async function closedHashesAfter(sql: Sql, last: string, limit: number): Promise<readonly ClosedHash[]> {
  return sql<ClosedHash[]>`
    select distinct on (data ->> 'addressHash') data ->> 'addressHash' as "addressHash", data ->> 'reason' as reason
    from events
    where type = 'erased' and data ->> 'addressHash' > ${last}
    order by data ->> 'addressHash', position desc
    limit ${limit}
  `;
}

/** Says the same again where it is not the newest word here: an erasure of nobody, which nothing else is known of. */
export async function closeAgain(sql: Sql, { addressHash, reason }: ClosedHash, by: string): Promise<void> {
  const data = { by, addressHash, ...(reason && { reason }) };
  const [row] = await sql<[{ at: number; same: boolean }]>`
    select (extract(epoch from date_trunc('milliseconds', event_clock())) * 1000)::float8 as at, coalesce((
      select data ->> 'reason' is not distinct from ${reason}
      from events
      where type = 'erased' and data ->> 'addressHash' = ${addressHash}
      order by position desc
      limit 1
    ), false) as same
  `;
  if (row.same) return;
  const state = foldState([{ type: 'erased', version: 1, at: row.at, data }]);
  await sql`
    with nobody as (
      insert into streams (id, version, state, state_version)
      values ('erased-' || gen_random_uuid() || '@erased.invalid', 1, ${sql.json(state)}, ${STATE_VERSION})
      returning id
    )
    insert into events (stream_id, version, type, at, data)
    select id, 1, 'erased', to_timestamp(${row.at}::float8 / 1000), ${sql.json(data)} from nobody
  `;
}

export async function readAccounts(sql: Sql): Promise<readonly AccountRow[]> {
  const rows = await sql<{ account: AccountRow }[]>`select to_jsonb(accounts) as account from accounts`;
  return rows.map(({ account }) => account);
}

/** Puts these in the place of those with the same id or address; others stay. */
export async function overwriteAccounts(sql: Sql, accounts: readonly AccountRow[]): Promise<void> {
  await sql`
    delete from accounts
    using jsonb_populate_recordset(null::accounts, ${sql.json(accounts)}) as given
    where accounts.id = given.id or accounts.email = given.email
  `;
  // Rows of a database that has not been migrated yet lack what is newer.
  await sql`
    insert into accounts
    select given.*
    from jsonb_array_elements(${sql.json(accounts)}) as account,
      jsonb_populate_record(null::accounts, '{"credentials_version": 1}'::jsonb || account) as given
  `;
}

/** Whoever has an account signs in anew. Returns how many sessions there were. */
export async function endSessions(sql: Sql): Promise<number> {
  const ended = await sql<{ id: string }[]>`
    with ended as (
      delete from sessions returning id
    ), gone as (
      delete from refresh_tokens returning family
    )
    select id from ended union select family from gone
  `;
  return ended.length;
}
