/** One statement that gets all a batch of commands needs: the clock, the snapshots, fresh ids, earlier answers, allowances. */
import type { AddressState } from '../core/state.ts';
import type { Instant, Recorded, Requested } from '../core/events.ts';
import { type AllowanceRow, granted, type Granted, type Wish, wished } from './allowances.ts';
import type { Sql } from './database.ts';

export type Snapshot = Readonly<{ version: number; state: AddressState }>;

/** An Idempotency-Key of a caller; hashes, never the key or the body. */
export type KeyUse = Readonly<{ caller: string; keyHash: string; fingerprint: string }>;

/** What was recorded under a key before. */
export type EarlierUse = Readonly<{
  fingerprint: string;
  answer: 'requested' | 'already-verified';
  /** For `requested`: the event that the answer is read off. */
  event: Recorded<Requested>;
}>;

export type Loaded = Readonly<{
  now: Instant;
  epoch: number;
  snapshots: ReadonlyMap<string, Snapshot>;
  freshEmailIds: readonly number[];
  earlierUses: ReadonlyMap<string, EarlierUse>;
  grants: ReadonlyMap<string, Granted>;
}>;

export type Wanted = Readonly<{
  streamIds: readonly string[];
  freshEmailIds: number;
  keys: readonly KeyUse[];
  wishes: readonly Wish[];
}>;

type Row = {
  now: number;
  epoch: number;
  streams: [id: string, version: number, state: AddressState][];
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
  taken: AllowanceRow[];
};

export const keyName = (key: Pick<KeyUse, 'caller' | 'keyHash'>): string => `${key.caller} ${key.keyHash}`;

export async function load(sql: Sql, wanted: Wanted): Promise<Loaded> {
  const keys = wanted.keys.map(({ caller, keyHash }) => ({ caller, key_hash: keyHash }));
  const [row] = await sql<[Row]>`
    select
      (extract(epoch from event_clock()) * 1000)::float8 as now,
      (select epoch from installation) as epoch,
      (
        select coalesce(jsonb_agg(jsonb_build_array(id, version, state)), '[]')
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
      case when ${wanted.wishes.length > 0} then take_allowances(${sql.json(wished(wanted.wishes))}) else '[]' end as taken
  `;
  return {
    now: row.now,
    epoch: row.epoch,
    snapshots: new Map(row.streams.map(([id, version, state]) => [id, { version, state }])),
    freshEmailIds: row.email_ids,
    grants: granted(row.taken),
    earlierUses: new Map(
      row.keys.map(({ caller, key_hash: keyHash, fingerprint, answer, version, at, data }) => [
        keyName({ caller, keyHash }),
        { fingerprint, answer, event: { type: 'requested', version, at, data } },
      ]),
    ),
  };
}
