/** One statement that reads all a batch of commands needs: the clock, the snapshots, fresh ids, earlier answers, counts. */
import { foldState } from '../core/evolve.ts';
import { type AddressState, STATE_VERSION } from '../core/state.ts';
import { type StoredEvent, upcast } from '../core/upcast.ts';
import type { Instant, Recorded, Requested, SuppressionReason } from '../core/events.ts';
import type { Sql } from './database.ts';
import { type EarlierUse, keyName, type KeyUse } from './idempotency.ts';
import type { Count, Window } from './limits/window.ts';

export type Snapshot = Readonly<{ version: number; state: AddressState }>;

export type Loaded = Readonly<{
  now: Instant;
  epoch: number;
  snapshots: ReadonlyMap<string, Snapshot>;
  freshEmailIds: readonly number[];
  earlierUses: ReadonlyMap<string, EarlierUse>;
  counts: ReadonlyMap<string, Count>;
  /** What erasures say of the addresses behind these hashes, in order: closed to mails for a reason, or open again. */
  closed: readonly Readonly<{ hash: string; reason: SuppressionReason | null }>[];
}>;

export type Wanted = Readonly<{
  streamIds: readonly string[];
  freshEmailIds: number;
  keys: readonly KeyUse[];
  windows: readonly Window[];
  closedHashes: readonly string[];
}>;

type Row = {
  now: number;
  epoch: number;
  /** The state, or where its snapshot has another shape the whole story. */
  streams: [id: string, version: number, state: AddressState | null, story: StoredEvent[] | null][];
  email_ids: number[];
  keys: {
    caller: string;
    key_hash: string;
    fingerprint: string;
    answer: EarlierUse['answer'];
    version: number;
    at: number;
    data: Requested['data'];
  }[];
  counts: { key: string; count: number; ends_in: number }[];
  closed: Loaded['closed'];
};

export async function load(sql: Sql, wanted: Wanted): Promise<Loaded> {
  const keys = wanted.keys.map(({ caller, keyHash }) => ({ caller, key_hash: keyHash }));
  const [row] = await sql<[Row]>`
    with windows as materialized (
      select key, seconds * interval '1 second' as span
      from jsonb_to_recordset(${sql.json(wanted.windows)}) as w (key text, seconds float8)
    ), ensured as (
      insert into rate_windows (key, started_at, count)
      select key, event_clock(), 0 from windows order by key
      on conflict do nothing
    )
    select
      (extract(epoch from event_clock()) * 1000)::float8 as now,
      (select epoch from installation) as epoch,
      (
        select coalesce(jsonb_agg(jsonb_build_array(
          id,
          version,
          case when state_version = ${STATE_VERSION} then state end,
          case when state_version <> ${STATE_VERSION} then (
            select jsonb_agg(jsonb_build_object(
              'type', type,
              'version', story.version,
              'at', (extract(epoch from at) * 1000)::float8,
              'data', data
            ) order by story.version)
            from events as story
            where stream_id = streams.id
          ) end
        )), '[]')
        from streams
        where id in (select jsonb_array_elements_text(${sql.json(wanted.streamIds)}))
      ) as streams,
      (
        select coalesce(jsonb_agg(nextval('user_email_addresses_id_seq')), '[]')
        from generate_series(1, ${wanted.freshEmailIds}::integer)
      ) as email_ids,
      (
        select coalesce(jsonb_agg(jsonb_build_object(
          'caller', caller,
          'key_hash', key_hash,
          'fingerprint', fingerprint,
          'answer', answer,
          'version', version,
          'at', (extract(epoch from at) * 1000)::float8,
          'data', data
        )), '[]')
        from jsonb_to_recordset(${sql.json(keys)}) as given (caller uuid, key_hash text)
        join idempotency_keys using (caller, key_hash)
        join events using (stream_id, version)
      ) as keys,
      (
        select coalesce(jsonb_agg(jsonb_build_object(
          'key', key,
          'count', case when window_is_over(started_at, span, event_clock()) then 0 else count end,
          'ends_in', extract(epoch from started_at + span - event_clock())
        )), '[]')
        from rate_windows join windows using (key)
      ) as counts,
      (
        select coalesce(jsonb_agg(jsonb_build_object(
          'hash', data ->> 'addressHash',
          'reason', data ->> 'reason'
        ) order by position), '[]')
        from jsonb_array_elements_text(${sql.json(wanted.closedHashes)}) as hash, lateral (
          select position, data from events where type = 'erased' and data ->> 'addressHash' = hash offset 0
        ) as erased
      ) as closed
  `;
  return {
    now: row.now,
    epoch: row.epoch,
    snapshots: new Map(
      row.streams.map(([id, version, state, story]) => [
        id,
        { version, state: state ?? foldState((story ?? []).map((event) => upcast(event))) },
      ]),
    ),
    freshEmailIds: row.email_ids,
    closed: row.closed,
    counts: new Map(row.counts.map(({ key, count, ends_in }) => [key, { count, endsInSeconds: ends_in }])),
    earlierUses: new Map(
      row.keys.map(({ caller, key_hash: keyHash, fingerprint, answer, version, at, data }) => [
        keyName({ caller, keyHash }),
        answer === 'requested'
          ? { fingerprint, answer, event: upcast({ type: 'requested', version, at, data }) as Recorded<Requested> }
          : { fingerprint, answer },
      ]),
    ),
  };
}
