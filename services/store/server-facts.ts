/** What an operator asks of the database: its version and durability, the role's rights, its clock, codes left open. */
import type { Sql } from './database.ts';

export type ServerFacts = Readonly<{
  /** Such as 18.4. */
  version: string;
  major: number;
  readOnly: boolean;
  /** PostgreSQL's settings that decide what survives a crash, as it spells them. */
  fsync: string;
  synchronousCommit: string;
  fullPageWrites: string;
  dataChecksums: string;
}>;

export async function readServerFacts(sql: Sql): Promise<ServerFacts> {
  const [row] = await sql<[ServerFacts]>`
    select
      split_part(current_setting('server_version'), ' ', 1) as version,
      current_setting('server_version_num')::integer / 10000 as major,
      pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean as "readOnly",
      current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as "synchronousCommit",
      current_setting('full_page_writes') as "fullPageWrites",
      current_setting('data_checksums') as "dataChecksums"
  `;
  return row;
}

export type RoleRights = Readonly<{
  role: string;
  /** Rights that the running programs need and the role lacks, such as "insert on events". */
  lacking: readonly string[];
  /** Rights that would let a program change the log. */
  excessive: readonly string[];
}>;

/** The rights of the role that is logged in. The tables are there: see assertSchema. */
export async function readRights(sql: Sql): Promise<RoleRights> {
  const [row] = await sql<[RoleRights]>`
    with needed (tab, privilege) as (
      values
        ('events', 'select'), ('events', 'insert'),
        ('streams', 'select'), ('streams', 'insert'), ('streams', 'update'),
        ('outbox', 'select'), ('outbox', 'insert'), ('outbox', 'update'), ('outbox', 'delete'),
        ('idempotency_keys', 'insert'), ('idempotency_keys', 'delete'),
        ('user_email_addresses', 'insert'), ('user_email_addresses', 'update'),
        ('email_otp_verifications', 'insert'), ('email_otp_verifications', 'update'),
        ('accounts', 'select'), ('refresh_tokens', 'update'), ('rate_windows', 'update'),
        ('sessions', 'update'), ('sign_ins', 'insert'),
        ('leases', 'update'), ('jobs', 'insert'), ('job_runs', 'insert'), ('job_runs', 'update')
    ),
    harmful (privilege) as (values ('update'), ('delete'), ('truncate'))
    select
      current_user::text as role,
      (
        select coalesce(jsonb_agg(privilege || ' on ' || tab), '[]')
        from needed
        where not has_table_privilege(tab, privilege)
      ) as lacking,
      (
        select coalesce(jsonb_agg(privilege || ' on events'), '[]')
        from harmful
        where has_table_privilege('events', privilege)
      ) as excessive
  `;
  return row;
}

/** Milliseconds that the rules' clock, the database's, is ahead of this process's; half the round trip is the error. */
export async function readClockDifference(sql: Sql): Promise<number> {
  const asked = Date.now();
  const [row] = await sql<[{ now: number }]>`select (extract(epoch from event_clock()) * 1000)::float8 as now`;
  return row.now - (asked + Date.now()) / 2;
}

/** Seconds since the time of the longest overdue code was over; 0 where each was closed. */
export async function readOverdueSeconds(sql: Sql): Promise<number> {
  const [row] = await sql<[{ seconds: number }]>`
    select coalesce(extract(epoch from event_clock() - min(expires_at)), 0)::float8 as seconds
    from streams
    where expires_at <= (select event_clock())
  `;
  return row.seconds;
}
