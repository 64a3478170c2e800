/** What a base backup and the receiver of the WAL must know of the database's cluster. */
import type { Sql } from './database.ts';

/** The one replication slot: what is not received yet stays, up to max_slot_wal_keep_size. */
export const WAL_SLOT = 'sealpost';

export type ClusterFacts = Readonly<{
  /** Of the cluster, made with it: WAL of one says nothing to another. */
  systemId: string;
  server: string;
  epoch: number;
  /** The newest event. */
  position: number;
  schema: Readonly<{ number: number; name: string }>;
}>;

export async function readClusterFacts(sql: Sql): Promise<ClusterFacts> {
  const [row] = await sql<
    [{ system_id: string; server: string; epoch: number; position: number; number: number; name: string }]
  >`
    select
      (select system_identifier::text from pg_control_system()) as system_id,
      split_part(current_setting('server_version'), ' ', 1) as server,
      (select epoch from installation) as epoch,
      (select coalesce(max(position), 0)::float8 from events) as position,
      number,
      name
    from schema_migrations
    order by number desc
    limit 1
  `;
  const { system_id: systemId, server, epoch, position, number, name } = row;
  return { systemId, server, epoch, position, schema: { number, name } };
}

export async function readSystemId(sql: Sql): Promise<string> {
  const [row] = await sql<[{ id: string }]>`select system_identifier::text as id from pg_control_system()`;
  return row.id;
}

export type SlotFacts = Readonly<{
  /** Somebody receives now. */
  active: boolean;
  /** PostgreSQL's wal_status: reserved, extended, unreserved or lost. */
  status: string;
  /** WAL that was written and not received yet. */
  lagBytes: number;
}>;

/** Undefined where there is no slot. */
export async function readSlot(sql: Sql): Promise<SlotFacts | undefined> {
  const [row] = await sql<SlotFacts[]>`
    select active, coalesce(wal_status, 'lost') as status,
      coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), coalesce(sent_lsn, restart_lsn)), 0)::float8 as "lagBytes"
    from pg_replication_slots left join pg_stat_replication on pid = active_pid
    where slot_name = ${WAL_SLOT}
  `;
  return row;
}

export type LogSum = Readonly<{ events: number; position: number; sum: string }>;

/** The log up to a position, by what no erasure changes; the same sum is the same log. */
export async function readLogSum(sql: Sql, position: number): Promise<LogSum> {
  const [row] = await sql<[LogSum]>`
    select count(*)::float8 as events, coalesce(max(position), 0)::float8 as position,
      coalesce(sum(hashtextextended(concat_ws(' ', position, version, type, extract(epoch from at)), 0)::numeric), 0)::text as sum
    from events
    where position <= ${position}
  `;
  return row;
}
