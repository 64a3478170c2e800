/** The operators' accounts. Passwords come hashed; one statement each, which records in sign_ins who did it. */
import type { EmailAddress } from '../core/email-address.ts';
import { type Sql, violates } from './database.ts';

export type Account = Readonly<{ id: string; email: string; role: string }>;

export type AccountWithHash = Account & Readonly<{ password_hash: string }>;

/** `known`: it logged in from one of these networks of late. */
export type FoundAccount = AccountWithHash & Readonly<{ known: boolean }>;

export type ListedAccount = Account &
  Readonly<{ created_at: Date; disabled_at: Date | null; last_login_at: Date | null }>;

/** A disabled one too: whose password is tried is on record, and it begins no session (sessions.ts). */
export async function findAccount(
  sql: Sql,
  email: EmailAddress,
  networks: readonly string[],
): Promise<FoundAccount | undefined> {
  const [row] = await sql<FoundAccount[]>`
    select id, email, role, password_hash, exists (
      select from sign_ins
      where account_id = accounts.id
        and what = 'login'
        and at > (select event_clock()) - interval '30 days'
        and network in (select jsonb_array_elements_text(${sql.json(networks)}))
    ) as known
    from accounts
    where email = ${email}
  `;
  return row;
}

export async function createAccount(
  sql: Sql,
  account: AccountWithHash,
  doneBy: string | null = null,
): Promise<'created' | 'exists'> {
  const { id, email, role, password_hash } = account;
  try {
    await sql`
      with created as (
        insert into accounts (id, email, role, password_hash)
        values (${id}, ${email}, ${role}, ${password_hash})
        returning id
      )
      insert into sign_ins (what, account_id, done_by) select 'created', id, ${doneBy} from created
    `;
    return 'created';
  } catch (error) {
    if (violates(error, 'an address has one account')) return 'exists';
    throw error;
  }
}

export async function listAccounts(sql: Sql): Promise<readonly ListedAccount[]> {
  return sql<ListedAccount[]>`
    select id, email, role, created_at, disabled_at, (
      select at from sign_ins where account_id = accounts.id and what = 'login' order by id desc limit 1
    ) as last_login_at
    from accounts
    order by email
  `;
}

/** Ends the account's sessions too (count_credentials_version in migration 025). False: there is no such account. */
export async function disableAccount(sql: Sql, email: EmailAddress, doneBy: string | null = null): Promise<boolean> {
  const rows = await sql`
    with disabled as (
      update accounts set disabled_at = coalesce(disabled_at, event_clock()) where email = ${email} returning id
    ), ended as (
      delete from refresh_tokens
      where token_hash in (
        select token_hash from refresh_tokens where account_id = (select id from disabled) order by token_hash for update
      )
    ), recorded as (
      insert into sign_ins (what, account_id, done_by) select 'disabled', id, ${doneBy} from disabled
    )
    select id from disabled
  `;
  return rows.length > 0;
}

/** A new password; the account works again and its sessions are ended. False: there is no such account. */
export async function resetPassword(
  sql: Sql,
  email: EmailAddress,
  passwordHash: string,
  doneBy: string | null = null,
): Promise<boolean> {
  const rows = await sql`
    with reset as (
      update accounts set password_hash = ${passwordHash}, disabled_at = null where email = ${email} returning id
    ), ended as (
      delete from refresh_tokens
      where token_hash in (
        select token_hash from refresh_tokens where account_id = (select id from reset) order by token_hash for update
      )
    ), recorded as (
      insert into sign_ins (what, account_id, done_by) select 'reset', id, ${doneBy} from reset
    )
    select id from reset
  `;
  return rows.length > 0;
}

/** Records that its limits of wrong passwords were lifted. False: there is no such account. */
export async function recordUnlock(sql: Sql, email: EmailAddress, doneBy: string | null): Promise<boolean> {
  const rows = await sql`
    insert into sign_ins (what, account_id, done_by)
    select 'unlocked', id, ${doneBy} from accounts where email = ${email}
    returning id
  `;
  return rows.length > 0;
}
