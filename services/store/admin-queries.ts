/** What an admin looks at: pages of the read tables, figures, suppressed addresses. One statement each. */
import type { EmailAddress } from '../core/email-address.ts';
import type { SuppressionReason } from '../core/events.ts';
import type { Sql } from './database.ts';

export type Page = Readonly<{ page: number; limit: number }>;

export type Paged<Row> = Readonly<{ rows: readonly Row[]; total: number }>;

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

export type CodeRecord = Readonly<{
  id: string;
  user_id: string;
  email: string;
  purpose: string;
  verified: boolean;
  verified_at: Date | null;
  attempts: number;
  created_at: Date;
}>;

export type SuppressedAddress = Readonly<{ email: string; reason: SuppressionReason; at: number }>;

export async function pageOfEmails(sql: Sql, { page, limit }: Page, search: string): Promise<Paged<EmailRecord>> {
  const pattern = containing(search);
  const [rows, [count]] = await Promise.all([
    sql<EmailRecord[]>`
      select *
      from user_email_addresses
      where email_address ilike ${pattern}
      order by id desc
      limit ${limit} offset ${(page - 1) * limit}
    `,
    sql<[{ total: number }]>`
      select count(*)::float8 as total from user_email_addresses where email_address ilike ${pattern}
    `,
  ]);
  return { rows, total: count.total };
}

export async function pageOfCodes(sql: Sql, { page, limit }: Page, email: string): Promise<Paged<CodeRecord>> {
  const pattern = containing(email);
  const [rows, [count]] = await Promise.all([
    sql<CodeRecord[]>`
      select id, user_id, email, purpose, verified, verified_at, attempts, created_at
      from email_otp_verifications
      where email ilike ${pattern}
      order by created_at desc, id
      limit ${limit} offset ${(page - 1) * limit}
    `,
    sql<[{ total: number }]>`
      select count(*)::float8 as total from email_otp_verifications where email ilike ${pattern}
    `,
  ]);
  return { rows, total: count.total };
}

/** What a person types to search, wherever it stands; its % and _ are meant as they are. */
function containing(text: string): string {
  return `%${text.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

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

export async function readStats(
  sql: Sql,
): Promise<Readonly<{ stats: Stats; byPurpose: readonly PurposeStats[]; recent: readonly RecentVerification[] }>> {
  const [[stats], byPurpose, recent] = await Promise.all([
    sql<[Stats]>`
      select
        count(*)::float8 as total_emails,
        (count(*) filter (where is_verified))::float8 as verified_emails,
        (count(*) filter (where not is_verified))::float8 as pending_emails,
        (count(*) filter (where is_verified and verification_method = 'registration'))::float8 as registration_verified,
        (count(*) filter (where is_verified and verification_method = 'otp'))::float8 as otp_verified,
        (count(*) filter (where purpose = 'business'))::float8 as business_emails,
        (count(*) filter (where purpose = 'driver'))::float8 as driver_emails
      from user_email_addresses
    `,
    sql<PurposeStats[]>`
      select purpose, count(*)::float8 as total, (count(*) filter (where is_verified))::float8 as verified
      from user_email_addresses
      group by purpose
      order by total desc, purpose
      limit 100
    `,
    sql<RecentVerification[]>`
      select email_address, verified_at, verification_method
      from user_email_addresses
      where is_verified and verified_at > (select event_clock()) - interval '7 days'
      order by verified_at desc
      limit 10
    `,
  ]);
  return { stats, byPurpose, recent };
}

export async function pageOfSuppressed(sql: Sql, { page, limit }: Page): Promise<Paged<SuppressedAddress>> {
  const [rows, [count]] = await Promise.all([
    sql<SuppressedAddress[]>`
      select id as email, state -> 'suppression' ->> 'reason' as reason, (state -> 'suppression' -> 'at')::float8 as at
      from streams
      where state ? 'suppression'
      order by id
      limit ${limit} offset ${(page - 1) * limit}
    `,
    sql<[{ total: number }]>`select count(*)::float8 as total from streams where state ? 'suppression'`,
  ]);
  return { rows, total: count.total };
}

/** The address that a code was for. */
export async function addressOfCode(sql: Sql, otpId: string): Promise<EmailAddress | undefined> {
  const [row] = await sql<{ email: EmailAddress }[]>`select email from email_otp_verifications where id = ${otpId}`;
  return row?.email;
}
