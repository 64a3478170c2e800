/** What an admin looks up, and the figures. */
import type { EmailAddress } from '../core/email-address.ts';
import type { Sql } from './database.ts';

/** A row of user_email_addresses as the guide's clients read it. */
export type EmailRecord = Readonly<{
  id: number;
  user_id: string;
  email_address: EmailAddress;
  is_verified: boolean;
  verified_at: Date | null;
  purpose: string;
  verification_method: string;
  created_at: Date;
  updated_at: Date;
}>;

export async function readEmail(sql: Sql, id: number): Promise<EmailRecord | undefined> {
  const [row] = await sql<EmailRecord[]>`select * from user_email_addresses where id = ${id}`;
  return row;
}

export async function findEmail(
  sql: Sql,
  address: EmailAddress,
  userId: string,
  purpose: string,
): Promise<EmailRecord | undefined> {
  const [row] = await sql<EmailRecord[]>`
    select * from user_email_addresses
    where user_id = ${userId} and email_address = ${address} and purpose = ${purpose}
  `;
  return row;
}

export type Stats = Readonly<{
  total_emails: number;
  verified_emails: number;
  pending_emails: number;
  registration_verified: number;
  otp_verified: number;
  business_emails: number;
  driver_emails: number;
}>;

export type PurposeStats = Readonly<{ purpose: string; total: number; verified: number }>;

export type RecentVerification = Readonly<{ email_address: string; verified_at: Date; verification_method: string }>;

export type Figures = Readonly<{
  stats: Stats;
  byPurpose: readonly PurposeStats[];
  recent: readonly RecentVerification[];
  /** By the database's clock. */
  asOf: Date;
}>;

/** Counts all addresses: see createFigures, which asks for it no more often than it must. */
export async function readStats(sql: Sql): Promise<Figures> {
  const [[counted], recent] = await Promise.all([
    sql<[Stats & { by_purpose: PurposeStats[]; as_of: Date }]>`
      with groups as materialized (
        select purpose, is_verified, verification_method as method, count(*) as n
        from user_email_addresses
        group by purpose, is_verified, verification_method
      ), purposes as (
        select purpose, sum(n) as total, coalesce(sum(n) filter (where is_verified), 0) as verified
        from groups
        group by purpose
        order by total desc, purpose
        limit 100
      )
      select
        coalesce(sum(n), 0)::float8 as total_emails,
        coalesce(sum(n) filter (where is_verified), 0)::float8 as verified_emails,
        coalesce(sum(n) filter (where not is_verified), 0)::float8 as pending_emails,
        coalesce(sum(n) filter (where is_verified and method = 'registration'), 0)::float8 as registration_verified,
        coalesce(sum(n) filter (where is_verified and method = 'otp'), 0)::float8 as otp_verified,
        coalesce(sum(n) filter (where purpose = 'business'), 0)::float8 as business_emails,
        coalesce(sum(n) filter (where purpose = 'driver'), 0)::float8 as driver_emails,
        (select coalesce(jsonb_agg(to_jsonb(purposes) order by purposes.total desc, purposes.purpose), '[]') from purposes) as by_purpose,
        event_clock() as as_of
      from groups
    `,
    sql<RecentVerification[]>`
      select email_address, verified_at, verification_method
      from user_email_addresses
      where is_verified and verified_at > (select event_clock()) - interval '7 days'
      order by verified_at desc
      limit 10
    `,
  ]);
  const { by_purpose: byPurpose, as_of: asOf, ...stats } = counted;
  return { stats, byPurpose, recent, asOf };
}

/** The address that a code was for. */
export async function addressOfCode(sql: Sql, otpId: string): Promise<EmailAddress | undefined> {
  const [row] = await sql<{ email: EmailAddress }[]>`select email from email_otp_verifications where id = ${otpId}`;
  return row?.email;
}
