/** What is read and not decided. */
import type { EmailAddress } from '../core/email-address.ts';
import type { Recorded } from '../core/events.ts';
import { foldState } from '../core/evolve.ts';
import { type AddressState, STATE_VERSION } from '../core/state.ts';
import { upcast } from '../core/upcast.ts';
import { type Sql, StoreUnavailable } from './database.ts';

export type ListedEmail = Readonly<{
  email_address: string;
  is_verified: boolean;
  verified_at: Date | null;
  purpose: string;
  verification_method: string;
  total: number;
}>;

/** The state of an address; undefined where nothing ever happened to it. */
export async function readState(sql: Sql, address: EmailAddress): Promise<AddressState | undefined> {
  const [row] = await sql<{ state: AddressState; state_version: number }[]>`
    select state, state_version from streams where id = ${address}
  `;
  if (row === undefined || row.state_version === STATE_VERSION) return row?.state;
  return foldState(await readRecorded(sql, address));
}

const LISTED_MAX = 500;

/** A user's addresses, those verified first come first; without `all` only the verified ones. */
export async function listEmails(sql: Sql, userId: string, all: boolean): Promise<readonly ListedEmail[]> {
  return sql<ListedEmail[]>`
    select email_address, is_verified, verified_at, purpose, verification_method, (count(*) over ())::float8 as total
    from user_email_addresses
    where user_id = ${userId} and (is_verified or ${all})
    order by verified_at nulls last, id
    limit ${LISTED_MAX}
  `;
}

/** Those of the otpIds that were imported already. */
export async function importedCodes(sql: Sql, otpIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql<{ otp_id: string }[]>`
    select data ->> 'otpId' as otp_id
    from events
    where type = 'imported'
      and data ->> 'what' = 'code'
      and data ->> 'otpId' in (select jsonb_array_elements_text(${sql.json(otpIds)}))
  `;
  return new Set(rows.map(({ otp_id }) => otp_id));
}

/** Whether the store answers. Throws where it does not. */
export async function ping(sql: Sql): Promise<void> {
  await sql`select 1`;
}

/** The same of a store that may be written to. Throws StoreUnavailable where it may not. */
export async function pingPrimary(sql: Sql): Promise<void> {
  const [row] = await sql<[{ standby: boolean }]>`select pg_is_in_recovery() as standby`;
  if (row.standby) throw new StoreUnavailable('The database is a standby, and takes no writes.');
}

/** Addresses with an open code whose time is over, by the database's clock. */
export async function lapsedAddresses(sql: Sql, limit: number): Promise<readonly EmailAddress[]> {
  const rows = await sql<{ id: EmailAddress }[]>`
    select id
    from streams
    where expires_at <= (select event_clock())
    order by expires_at
    limit ${limit}
  `;
  return rows.map(({ id }) => id);
}

/** Addresses with an open code, a page at a time, in order. */
export async function openAddressesAfter(sql: Sql, last: string, limit: number): Promise<readonly EmailAddress[]> {
  const rows = await sql<{ id: EmailAddress }[]>`
    select id from streams where id > ${last} and expires_at is not null order by id limit ${limit}
  `;
  return rows.map(({ id }) => id);
}

export type LoggedEvent = Readonly<{ position: number; version: number; type: string; at: Date; data: object }>;

/** The same as the rules read it. */
export async function readRecorded(sql: Sql, address: EmailAddress): Promise<readonly Recorded[]> {
  const events = await readEvents(sql, address);
  return events.map(({ version, type, at, data }) => upcast({ version, type, at: at.getTime(), data }));
}

/** The whole story of an address, in order. */
export async function readEvents(sql: Sql, address: EmailAddress): Promise<readonly LoggedEvent[]> {
  return sql<LoggedEvent[]>`
    select position, version, type, at, data
    from events
    where stream_id = ${address}
    order by version
  `;
}

export type StoryPart = Readonly<{ otpId: string | undefined; after: number; limit: number }>;

/** A part of it behind a version: of the whole, or of one code. */
export async function readEventsAfter(
  sql: Sql,
  address: EmailAddress,
  { otpId, after, limit }: StoryPart,
): Promise<readonly LoggedEvent[]> {
  const code = otpId ?? null;
  return sql<LoggedEvent[]>`
    select position, version, type, at, data
    from events
    where stream_id = ${address} and version > ${after} and (${code}::text is null or data ->> 'otpId' = ${code})
    order by version
    limit ${limit}
  `;
}
