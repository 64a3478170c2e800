/** What follows from the log: the rows of an address's story, and where the tables say something else. */
import type postgres from 'postgres';
import type { EmailAddress } from '../core/email-address.ts';
import type { AddressEvent } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import { type CodeRow, type EmailRow, project } from '../core/projections.ts';
import { emptyAddress, nextExpiry, STATE_VERSION } from '../core/state.ts';
import { upcast } from '../core/upcast.ts';
import type { Sql } from './database.ts';
import { nullableTime, rowAsJson } from './row-json.ts';

/** An event as it is stored, its time in milliseconds. */
export type EventRow = {
  stream_id: EmailAddress;
  version: number;
  type: AddressEvent['type'];
  at: number;
  data: object;
};

/** All events of one address, in order; at least one. */
export type Story = readonly [EventRow, ...EventRow[]];

/** The rows of several addresses as they follow from their stories, to be read by jsonb_populate_recordset. */
export type Derived = Readonly<Record<Table, readonly object[]>>;

export type Table = 'streams' | 'user_email_addresses' | 'email_otp_verifications';

/** A row that is not as the log has it: changed, missing, or of nothing. */
export type Difference = Readonly<{
  table: Table;
  address: string;
  /** False of a snapshot of another version, which this program does not believe and which is not wrong for that. */
  wrong: boolean;
  /** False where the snapshot is not of the story's last event, so that the address is being written to. */
  settled: boolean;
}>;

/** The rows that follow from the story of one address. */
export function fold(story: Story) {
  const address = story[0].stream_id;
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

export function derive(stories: readonly Story[]): Derived {
  const folded = stories.map(fold);
  return {
    streams: folded.map(({ stream }) => stream),
    user_email_addresses: folded.flatMap(({ emails }) => emails),
    email_otp_verifications: folded.flatMap(({ codes }) => codes),
  };
}

/**
 * Compares all rows of these addresses with what was derived for them. What the clean-up took is not missed. Rows are looked up by
 * their keys one by one (lateral, any): of addresses the planner has no statistics, and would take a join with some for one with half.
 */
export function differencesOf(
  sql: Sql,
  addresses: readonly string[],
  derived: Derived,
): Promise<readonly Difference[]> {
  return sql<Difference[]>`
    with given as materialized (
      select ${sql.json(derived as unknown as postgres.JSONValue)}::jsonb as g
    ), asked as materialized (
      select jsonb_array_elements_text(${sql.json(addresses)}) as address
    ), new_streams as materialized (
      select rebuilt.* from given, jsonb_populate_recordset(null::streams, g -> 'streams') as rebuilt
    ), new_emails as materialized (
      select rebuilt.*
      from given, jsonb_populate_recordset(null::user_email_addresses, g -> 'user_email_addresses') as rebuilt
      where is_verified or updated_at >= (select emails_cleaned_before from installation)
    ), new_codes as materialized (
      select rebuilt.*
      from given, jsonb_populate_recordset(null::email_otp_verifications, g -> 'email_otp_verifications') as rebuilt
      where expires_at >= (select codes_cleaned_before from installation)
    ), different as (
      select
        'streams' as "table",
        id as address,
        (
          present.state_version <> rebuilt.state_version
          and (present.version, present.expires_at) is not distinct from (rebuilt.version, rebuilt.expires_at)
        ) is not true as wrong
      from (select * from streams where id = any(array(table asked))) as present
      full join new_streams as rebuilt using (id)
      where present is distinct from rebuilt
      union all
      select 'user_email_addresses', coalesce(rebuilt.email_address, present.email_address), true
      from (
        select * from user_email_addresses where id = any(array(
          select own.id from asked, lateral (select id from user_email_addresses where email_address = address offset 0) as own
          union
          select id from new_emails
        ))
      ) as present
      full join new_emails as rebuilt using (id)
      where present is distinct from rebuilt
      union all
      select 'email_otp_verifications', coalesce(rebuilt.email, present.email), true
      from (
        select * from email_otp_verifications where id = any(array(
          select own.id from asked, lateral (select id from email_otp_verifications where email = address offset 0) as own
          union
          select id from new_codes
        ))
      ) as present
      full join new_codes as rebuilt using (id)
      where present is distinct from rebuilt
    )
    select different.*, exists (
      select from streams join new_streams using (id, version) where id = different.address
    ) as settled
    from different
  `;
}

/** Stories by address, of events that are ordered by it. */
export function storiesOf(events: readonly EventRow[]): readonly Story[] {
  return [...Map.groupBy(events, ({ stream_id }) => stream_id).values()] as unknown as readonly Story[];
}
