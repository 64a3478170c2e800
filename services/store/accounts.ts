/** The operators' accounts and their refresh tokens. Passwords come hashed, tokens as keyed hashes; one statement each. */
import type { EmailAddress } from '../core/email-address.ts';
import { type Sql, violates } from './database.ts';

export type Account = Readonly<{ id: string; email: string; role: string }>;

export type AccountWithHash = Account & Readonly<{ password_hash: string }>;

export type ListedAccount = Account & Readonly<{ created_at: Date; disabled_at: Date | null }>;

/** An account that may log in. */
export async function findAccount(sql: Sql, email: EmailAddress): Promise<AccountWithHash | undefined> {
  const [row] = await sql<AccountWithHash[]>`
    select id, email, role, password_hash from accounts where email = ${email} and disabled_at is null
  `;
  return row;
}

export async function createAccount(sql: Sql, account: AccountWithHash): Promise<'created' | 'exists'> {
  const { id, email, role, password_hash } = account;
  try {
    await sql`insert into accounts (id, email, role, password_hash) values (${id}, ${email}, ${role}, ${password_hash})`;
    return 'created';
  } catch (error) {
    if (violates(error, 'an address has one account')) return 'exists';
    throw error;
  }
}

export async function listAccounts(sql: Sql): Promise<readonly ListedAccount[]> {
  return sql<ListedAccount[]>`select id, email, role, created_at, disabled_at from accounts order by email`;
}

/** Ends the account's refresh tokens too; tokens that are out live until they expire. False: there is no such account. */
export async function disableAccount(sql: Sql, email: EmailAddress): Promise<boolean> {
  const rows = await sql`
    with disabled as (
      update accounts set disabled_at = coalesce(disabled_at, event_clock()) where email = ${email} returning id
    ), ended as (
      delete from refresh_tokens using disabled where account_id = disabled.id
    )
    select id from disabled
  `;
  return rows.length > 0;
}

/** A new password; the account works again and its refresh tokens are ended. False: there is no such account. */
export async function resetPassword(sql: Sql, email: EmailAddress, passwordHash: string): Promise<boolean> {
  const rows = await sql`
    with reset as (
      update accounts set password_hash = ${passwordHash}, disabled_at = null where email = ${email} returning id
    ), ended as (
      delete from refresh_tokens using reset where account_id = reset.id
    )
    select id from reset
  `;
  return rows.length > 0;
}

export type NewRefreshToken = Readonly<{ tokenHash: string; lifeSeconds: number }>;

export async function startFamily(
  sql: Sql,
  family: string,
  accountId: string,
  { tokenHash, lifeSeconds }: NewRefreshToken,
): Promise<void> {
  await sql`
    insert into refresh_tokens (token_hash, family, account_id, expires_at)
    values (${tokenHash}, ${family}, ${accountId}, event_clock() + ${lifeSeconds} * interval '1 second')
  `;
}

/** Uses a refresh token up and puts the next in its place. Undefined: it is unknown, used, over, or its account disabled. */
export async function rotate(sql: Sql, tokenHash: string, next: NewRefreshToken): Promise<Account | undefined> {
  const [row] = await sql<Account[]>`
    with used as (
      update refresh_tokens
      set used_at = event_clock()
      from accounts
      where token_hash = ${tokenHash}
        and used_at is null
        and expires_at > (select event_clock())
        and accounts.id = account_id
        and accounts.disabled_at is null
      returning family, accounts.id, accounts.email, accounts.role
    ), added as (
      insert into refresh_tokens (token_hash, family, account_id, expires_at)
      select ${next.tokenHash}, family, id, event_clock() + ${next.lifeSeconds} * interval '1 second' from used
    )
    select id, email, role from used
  `;
  return row;
}

/** Ends the family that this token belongs to, used or not. */
export async function endFamily(sql: Sql, tokenHash: string): Promise<void> {
  await sql`
    delete from refresh_tokens
    where family = (select family from refresh_tokens where token_hash = ${tokenHash})
  `;
}
