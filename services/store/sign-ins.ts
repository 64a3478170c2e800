/** The record of sign-ins: what became of logins, and who changed an account. Appended to, and kept for 90 days (migration 025). */
import type { EmailAddress } from '../core/email-address.ts';
import type { Sql } from './database.ts';

export type SignIn = Readonly<{
  at: Date;
  what: string;
  /** Null where there is no such account: an address without one is not kept. */
  email: string | null;
  network: string | null;
  doneBy: string | null;
}>;

/** Who tried: the account, or the keyed hash of an address that has none. */
export type Tried = Readonly<{ accountId: string | null; addressHash: string | null; network: string | null }>;

export async function recordFailure(sql: Sql, { accountId, addressHash, network }: Tried): Promise<void> {
  await sql`
    insert into sign_ins (what, account_id, address_hash, network)
    values ('failure', ${accountId}, ${addressHash}, ${network})
  `;
}

/** The newest first; of one account, or of all and of addresses without one. */
export async function listSignIns(sql: Sql, email: EmailAddress | null, limit: number): Promise<readonly SignIn[]> {
  return sql<SignIn[]>`
    select at, what, email, network, done_by as "doneBy"
    from sign_ins
    left join accounts on accounts.id = account_id
    where ${email}::text is null or account_id = (select id from accounts where email = ${email})
    order by sign_ins.id desc
    limit ${limit}
  `;
}
