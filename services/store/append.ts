/**
 * The one statement that records: events, snapshots, both read tables, outbox and idempotency keys together, for every
 * stream of a batch whose version is still the expected one. A stream that lost its race is left out whole.
 */
import type { EmailAddress } from '../core/email-address.ts';
import type { Recorded } from '../core/events.ts';
import type { CodeRow, EmailRow } from '../core/projections.ts';
import { type AddressState, nextExpiry } from '../core/state.ts';
import type { Sql } from './database.ts';
import type { KeyUse } from './load.ts';
import { nullableTime, time, timed } from './rows.ts';

/** All that a batch adds to one stream. */
export type Addition = Readonly<{
  address: EmailAddress;
  expectedVersion: number;
  state: AddressState;
  events: readonly Recorded[];
  emails: readonly EmailRow[];
  codes: readonly CodeRow[];
  /** The requested events' versions whose mail this process sends itself, and those under an Idempotency-Key. */
  claimed: ReadonlySet<number>;
  keys: readonly Readonly<{ key: KeyUse; version: number }>[];
}>;

/** A process that wrote a mail's row has so long to send it before others may. */
export const CLAIM_SECONDS = 15;

/** Appends, and returns the ids of the streams that won. All or nothing for each stream; durable when it returns. */
export async function append(sql: Sql, additions: readonly Addition[]): Promise<ReadonlySet<string>> {
  const [row] = await sql<[{ won: string[] }]>`
    with batch as materialized (
      select ${sql.json(batchOf(additions))}::jsonb as b
    ), given as materialized (
      select s.*
      from batch, jsonb_to_recordset(b -> 'streams')
        as s (id text, expected integer, version integer, state jsonb, expires_at timestamptz)
    ), locked as materialized (
      -- In one order everywhere, so that two batches never wait for each other in a ring.
      select id
      from streams
      where id in (select id from given where expected > 0)
      order by id
      for update
    ), updated as (
      update streams
      set version = given.version, state = given.state, expires_at = given.expires_at
      from given join locked using (id)
      where streams.id = given.id
        and streams.version = given.expected
      returning streams.id
    ), inserted as (
      insert into streams (id, version, state, expires_at)
      select id, version, state, expires_at from given where expected = 0 order by id
      on conflict (id) do nothing
      returning id
    ), won as materialized (
      select id from updated union all select id from inserted
    ), logged as (
      insert into events (stream_id, version, type, at, data)
      select e.stream_id, e.version, e.type, e.at, e.data
      from batch, jsonb_to_recordset(b -> 'events')
        as e (n integer, stream_id text, version integer, type text, at timestamptz, data jsonb)
      join won on won.id = e.stream_id
      order by e.n
    ), emails as (
      insert into user_email_addresses as old (
        id, user_id, email_address, is_verified, verified_at, purpose, verification_method, created_at, updated_at
      )
      select e.id, e.user_id, e.email_address, e.is_verified, e.verified_at, e.purpose, e.verification_method,
        e.created_at, e.updated_at
      from batch, jsonb_populate_recordset(null::user_email_addresses, b -> 'emails') as e
      join won on won.id = e.email_address
      where e.is_verified or e.updated_at >= (select emails_cleaned_before from installation)
      on conflict (id) do update set
        is_verified = excluded.is_verified,
        verified_at = excluded.verified_at,
        verification_method = excluded.verification_method,
        updated_at = excluded.updated_at
    ), codes as (
      insert into email_otp_verifications as old (
        id, user_id, email, otp, purpose, verified, verified_at, expires_at, attempts, max_attempts, created_at, updated_at
      )
      select c.id, c.user_id, c.email, c.otp, c.purpose, c.verified, c.verified_at, c.expires_at, c.attempts,
        c.max_attempts, c.created_at, c.updated_at
      from batch, jsonb_populate_recordset(null::email_otp_verifications, b -> 'codes') as c
      join won on won.id = c.email
      where c.expires_at >= (select codes_cleaned_before from installation)
      on conflict (id) do update set
        verified = excluded.verified,
        verified_at = excluded.verified_at,
        expires_at = excluded.expires_at,
        attempts = excluded.attempts,
        updated_at = excluded.updated_at
    ), mails as (
      insert into outbox (otp_id, mailing, stream_id, version, created_at, expires_at, claimed_until)
      select m.otp_id, m.mailing, m.stream_id, m.version, m.created_at, m.expires_at,
        m.created_at + m.claim_seconds * interval '1 second'
      from batch, jsonb_to_recordset(b -> 'mails') as m (
        otp_id uuid, mailing integer, stream_id text, version integer, created_at timestamptz, expires_at timestamptz,
        claim_seconds integer
      )
      join won on won.id = m.stream_id
    ), settled as (
      delete from outbox
      using batch, jsonb_to_recordset(b -> 'settled') as s (otp_id uuid, mailing integer, stream_id text), won
      where outbox.otp_id = s.otp_id
        and outbox.mailing = s.mailing
        and won.id = s.stream_id
    ), keys as (
      insert into idempotency_keys (caller, key_hash, fingerprint, stream_id, version, created_at)
      select k.caller, k.key_hash, k.fingerprint, k.stream_id, k.version, k.created_at
      from batch, jsonb_populate_recordset(null::idempotency_keys, b -> 'keys') as k
      join won on won.id = k.stream_id
      order by k.caller, k.key_hash
    )
    select coalesce(jsonb_agg(id), '[]') as won from won
  `;
  return new Set(row.won);
}

function batchOf(additions: readonly Addition[]) {
  let n = 0;
  return {
    streams: additions.map(({ address, expectedVersion, state, events }) => ({
      id: address,
      expected: expectedVersion,
      version: expectedVersion + events.length,
      state,
      expires_at: nullableTime(nextExpiry(state)),
    })),
    events: additions.flatMap(({ address, events }) =>
      events.map(({ type, version, at, data }) => ({ n: n++, stream_id: address, version, type, at: time(at), data })),
    ),
    emails: additions.flatMap(({ emails }) => emails.map(timed)),
    codes: additions.flatMap(({ codes }) => codes.map(timed)),
    mails: additions.flatMap(mailsOf),
    settled: additions.flatMap(({ address, events }) =>
      events.flatMap((event) =>
        event.type === 'sent' || event.type === 'send_failed'
          ? [{ otp_id: event.data.otpId, mailing: event.data.mailing, stream_id: address }]
          : [],
      ),
    ),
    keys: additions.flatMap(({ address, keys, state }) =>
      keys.map(({ key: { caller, keyHash, fingerprint }, version }) => ({
        caller,
        key_hash: keyHash,
        fingerprint,
        stream_id: address,
        version,
        created_at: time(state.lastEventAt),
      })),
    ),
  };
}

function mailsOf({ address, events, claimed }: Addition) {
  return events.flatMap((event) =>
    event.type === 'requested'
      ? [
          {
            otp_id: event.data.otpId,
            mailing: event.data.mailing,
            stream_id: address,
            version: event.version,
            created_at: time(event.at),
            expires_at: event.data.expiresAt,
            claim_seconds: claimed.has(event.version) ? CLAIM_SECONDS : 0,
          },
        ]
      : [],
  );
}
