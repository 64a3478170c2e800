/** What is measured of the database all the time: one statement, of catalogues and of one index. */
import type { Sql } from './database.ts';

export type DatabaseMeasures = Readonly<{
  bytes: number;
  /** To all databases of the server. */
  connections: number;
  /** Without those that are kept for superusers. */
  connectionsMax: number;
  /** Of the transaction that has been open longest, of those that this login may see; 0 where none is. */
  oldestTransactionSeconds: number;
  /** Of accounts, that have not ended; a thousand are counted at most. */
  sessions: number;
  /** Since the time of the longest overdue code was over; 0 where each was closed. */
  overdueSeconds: number;
}>;

export async function measureDatabase(sql: Sql): Promise<DatabaseMeasures> {
  const [row] = await sql<[DatabaseMeasures]>`
    select
      pg_database_size(current_database())::float8 as bytes,
      (select sum(numbackends) from pg_stat_database)::float8 as connections,
      current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer as "connectionsMax",
      (
        select coalesce(extract(epoch from clock_timestamp() - min(xact_start)), 0)::float8
        from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid()
      ) as "oldestTransactionSeconds",
      (
        select count(*)::float8
        from (select from sessions where expires_at > (select event_clock()) and ended_at is null limit 1000) as live
      ) as sessions,
      (
        select coalesce(extract(epoch from event_clock() - min(expires_at)), 0)::float8
        from streams
        where expires_at <= (select event_clock())
      ) as "overdueSeconds"
  `;
  return row;
}
