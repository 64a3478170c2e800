/** All that is derived from the log, a text a row: both read tables and the snapshots. */
import type { TestDatabase } from './database.ts';

export async function derivedRows(db: TestDatabase): Promise<readonly string[]> {
  const rows = await db.owner<{ row: string }[]>`
    select 'e' || e::text as row from user_email_addresses e
    union all select 'c' || c::text from email_otp_verifications c
    union all select 's' || s::text from streams s
    order by 1
  `;
  return rows.map(({ row }) => row);
}
