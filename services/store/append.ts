/**
 * The one statement that records: events, snapshots, both read tables, outbox and idempotency keys together, for every
 * stream of a batch whose version is still the expected one. A stream that lost its race is left out whole.
 */
import { type Addition, batchOf } from './batch.ts';
import { type Sql, StoreUnavailable } from './database.ts';

/** Appends what was decided, if anything was, and tells whether the store took it. */
export async function record(
  sql: Sql,
  additions: readonly Addition[],
  onStore?: (failure: StoreUnavailable | undefined) => void,
): Promise<ReadonlySet<string>> {
  if (additions.length === 0) return new Set();
  try {
    const won = await append(sql, additions);
    onStore?.(undefined);
    return won;
  } catch (error) {
    if (error instanceof StoreUnavailable) onStore?.(error);
    throw error;
  }
}

/** Appends, and returns the ids of the streams that won. All or nothing for each stream; durable when it returns. */
export async function append(sql: Sql, additions: readonly Addition[]): Promise<ReadonlySet<string>> {
  const [row] = await sql<[{ won: string[] }]>`
    with batch as materialized (
      select ${sql.json(batchOf(additions))}::jsonb as b
    ), given as materialized (
      select s.*
      from batch, jsonb_to_recordset(b -> 'streams')
        as s (id text, expected integer, version integer, state jsonb, state_version integer, expires_at timestamptz)
    ), locked as materialized (
      -- The known streams, in one order everywhere. Without this lock each batch would wait within its update, for streams in
      -- whatever order the plan meets them, and two batches with two streams in common could wait for each other in a ring.
      select id
      from streams
      where id in (select id from given where expected > 0)
      order by id
      for update
    ), reserved as materialized (
      select r.*
      from batch, jsonb_to_recordset(b -> 'reservations')
        as r (key text, stream_id text, n integer, max integer, seconds float8)
    ), windows as materialized (
      -- The counts of the limits. Without this lock two batches would both find room for the last one and count beyond the
      -- limit. After the streams, so that who waits for a stream holds no window that others need; in one order everywhere.
      select key, max, span, n, window_is_over(started_at, span, event_clock()) as is_over, count
      from rate_windows
      join (
        select key, min(max) as max, max(seconds) * interval '1 second' as span, sum(n)::integer as n
        from reserved
        group by key
      ) as wanted using (key)
      where (select count(*) from locked) >= 0
      order by key
      for update of rate_windows
    ), over_limit as materialized (
      select stream_id
      from reserved
      where key not in (select key from windows where case when is_over then 0 else count end + n <= max)
    ), updated as (
      update streams
      set
        version = given.version,
        state = given.state,
        state_version = given.state_version,
        expires_at = given.expires_at
      from given join locked using (id)
      where streams.id = given.id
        and streams.version = given.expected
        and streams.id not in (select stream_id from over_limit)
      returning streams.id
    ), inserted as (
      -- A stream that another batch is inserting is waited for at the unique index: in one order too, and the loser does nothing.
      insert into streams (id, version, state, state_version, expires_at)
      select id, version, state, state_version, expires_at
      from given
      where expected = 0 and id not in (select stream_id from over_limit)
      order by id
      on conflict (id) do nothing
      returning id
    ), won as materialized (
      select id from updated union all select id from inserted
    ), counted as (
      update rate_windows
      set
        count = case when is_over then 0 else windows.count end + won_n,
        started_at = case when is_over then event_clock() else rate_windows.started_at end
      from windows
      join (
        select key, sum(n)::integer as won_n from reserved join won on won.id = stream_id group by key
      ) as of_winners using (key)
      where rate_windows.key = windows.key
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
