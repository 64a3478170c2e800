/**
 * The guide's clean-up of the read tables, one statement each: the mark is moved first, and rows beyond it are deleted.
 * Appends and rebuilds keep to the marks, so that the tables stay what the log and the marks say.
 */
import type { Sql } from './database.ts';

/** Codes whose time was over a day ago (the guide's weekly task); returns how many rows went. */
export async function cleanUpCodes(sql: Sql): Promise<number> {
  const gone = await sql`
    with mark as (
      update installation
      set codes_cleaned_before = greatest(codes_cleaned_before, event_clock() - interval '1 day')
      returning codes_cleaned_before
    )
    delete from email_otp_verifications
    using mark
    where expires_at < codes_cleaned_before
  `;
  return gone.count;
}

/** Unverified addresses whose last change was six months ago (the guide's monthly task meant them); returns how many rows went. */
export async function cleanUpEmails(sql: Sql): Promise<number> {
  const gone = await sql`
    with mark as (
      update installation
      set emails_cleaned_before = greatest(emails_cleaned_before, event_clock() - interval '6 months')
      returning emails_cleaned_before
    )
    delete from user_email_addresses
    using mark
    where not is_verified
      and updated_at < emails_cleaned_before
  `;
  return gone.count;
}
