/** How busy the database server is, what stands on it, and what it keeps for others that read its log. */
import type { Sql } from './database.ts';

export type ServerUse = Readonly<{
  databaseBytes: number;
  /** To all databases of the server, but for this one. */
  connections: number;
  /** Those kept for superusers among them. */
  connectionsMax: number;
  /** Of the transaction that has been open longest, in any database; null where none is, or none may be seen. */
  oldestTransactionSeconds: number | null;
}>;

/** What this login may see: transactions of other roles only with pg_read_all_stats. */
export async function readServerUse(sql: Sql): Promise<ServerUse> {
  const [row] = await sql<[ServerUse]>`
    select
      pg_database_size(current_database())::float8 as "databaseBytes",
      (select sum(numbackends) from pg_stat_database)::float8 - 1 as connections,
      current_setting('max_connections')::integer as "connectionsMax",
      extract(epoch from clock_timestamp() - min(xact_start))::float8 as "oldestTransactionSeconds"
    from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid()
  `;
  return row;
}

export type ReplicationSlot = Readonly<{
  name: string;
  active: boolean;
  /** reserved, extended, unreserved or lost: whether what its reader still needs is kept. */
  walStatus: string | null;
  /** How far its reader is behind. */
  lagBytes: number | null;
}>;

const SLOTS_MAX = 20;

/** The one that is furthest behind first. */
export const readReplicationSlots = (sql: Sql): Promise<ReplicationSlot[]> =>
  sql<ReplicationSlot[]>`
    select
      slot_name::text as name,
      active,
      wal_status as "walStatus",
      pg_wal_lsn_diff(
        case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end,
        restart_lsn
      )::float8 as "lagBytes"
    from pg_replication_slots
    order by 4 desc nulls last
    limit ${SLOTS_MAX}
  `;

/** The newest migration that this database has. The ledger is there: see assertSchema. */
export async function readSchemaName(sql: Sql): Promise<string> {
  const [row] = await sql<[{ name: string }]>`select name from schema_migrations order by number desc limit 1`;
  return row.name;
}
