/**
 * The lease by which one of several schedulers works. Its token is a fence: a pool that is opened with it
 * (DatabaseOptions.leaseToken) can write nothing any more once another has taken the lease over (migration 021).
 */
import postgres from 'postgres';
import type { Sql } from './database.ts';

/** Renews the lease, or takes it where it is free or over; resolves to its token, or undefined where another holds it. */
export async function holdLease(sql: Sql, holder: string, seconds: number): Promise<number | undefined> {
  const [row] = await sql<{ token: number }[]>`
    update leases
    set holder = ${holder},
      token = case when holder = ${holder} then token else token + 1 end,
      expires_at = clock_timestamp() + ${seconds} * interval '1 second'
    where name = 'scheduler'
      -- One that would last for longer than an hour was taken by a clock that was wrong.
      and (
        holder = ${holder}
        or expires_at < clock_timestamp()
        or expires_at > clock_timestamp() + interval '1 hour'
      )
    returning token
  `;
  return row?.token;
}

/** Gives it back, for another to take at once. */
export async function releaseLease(sql: Sql, holder: string): Promise<void> {
  await sql`update leases set expires_at = '-infinity' where name = 'scheduler' and holder = ${holder}`;
}

/** Whether somebody holds it now. */
export async function isLeaseHeld(sql: Sql): Promise<boolean> {
  const rows = await sql`select from leases
    where name = 'scheduler' and expires_at > clock_timestamp() and expires_at <= clock_timestamp() + interval '1 hour'`;
  return rows.length > 0;
}

export type Leader = Readonly<{
  held: boolean;
  /** The number of its term; 0 where nobody ever had it. */
  term: number;
  /** Since the lease ended; null while it is held, and where it was given back. */
  endedSeconds: number | null;
}>;

/** Who works, and since when nobody does. */
export async function readLeader(sql: Sql): Promise<Leader> {
  const [row] = await sql<[Leader]>`
    select
      expires_at > clock_timestamp() and expires_at <= clock_timestamp() + interval '1 hour' as held,
      token as term,
      case
        when isfinite(expires_at) and expires_at <= clock_timestamp()
        then extract(epoch from clock_timestamp() - expires_at)::float8
      end as "endedSeconds"
    from leases
    where name = 'scheduler'
  `;
  return row;
}

/** True for a write that was refused because the lease has passed to another. */
export const isStaleLease = (error: unknown): boolean =>
  error instanceof postgres.PostgresError && error.code === 'SP001';
