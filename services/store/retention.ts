/**
 * What is forgotten, and after how long. Every deletion goes in batches, so that no statement grows with what is there.
 * Of the read tables the mark is moved first, and rows beyond it are deleted: appends and rebuilds keep to the marks, so
 * that the tables stay what the log and the marks say.
 */
import type { Sql } from './database.ts';
import { KEY_KEPT } from './idempotency.ts';
import { inBatches } from './in-batches.ts';

/** As PostgreSQL writes intervals. The guide's weekly and monthly tasks have the first two. */
export const KEPT = {
  codesAfterTheirEnd: '1 day',
  unverifiedAddresses: '6 months',
  idempotencyKeys: KEY_KEPT,
  rateWindows: '1 day',
} as const;

/** Rows of codes that ended long ago; resolves to how many went. The log keeps their events. */
export async function cleanUpCodes(sql: Sql, signal: AbortSignal): Promise<number> {
  await sql`
    update installation
    set codes_cleaned_before = greatest(codes_cleaned_before, event_clock() - ${KEPT.codesAfterTheirEnd}::interval)
  `;
  return inBatches(
    signal,
    (rows) => sql`
      delete from email_otp_verifications
      where ctid = any (array(
        select ctid
        from email_otp_verifications
        where expires_at < (select codes_cleaned_before from installation)
        order by expires_at
        limit ${rows}
      ))
    `,
  );
}

/** Rows of addresses that were never verified and changed last long ago; resolves to how many went. */
export async function cleanUpAddresses(sql: Sql, signal: AbortSignal): Promise<number> {
  await sql`
    update installation
    set emails_cleaned_before = greatest(emails_cleaned_before, event_clock() - ${KEPT.unverifiedAddresses}::interval)
  `;
  return inBatches(
    signal,
    (rows) => sql`
      delete from user_email_addresses
      where ctid = any (array(
        select ctid
        from user_email_addresses
        where not is_verified
          and updated_at < (select emails_cleaned_before from installation)
        order by updated_at
        limit ${rows}
      ))
    `,
  );
}

export function forgetIdempotencyKeys(sql: Sql, signal: AbortSignal): Promise<number> {
  return inBatches(
    signal,
    (rows) => sql`
      delete from idempotency_keys
      where ctid = any (array(
        select ctid
        from idempotency_keys
        where created_at < (select event_clock()) - ${KEPT.idempotencyKeys}::interval
        order by created_at
        limit ${rows}
      ))
    `,
  );
}

/** Refresh tokens that are over. */
export function forgetRefreshTokens(sql: Sql, signal: AbortSignal): Promise<number> {
  return inBatches(
    signal,
    (rows) => sql`
      delete from refresh_tokens
      where ctid = any (array(
        select ctid
        from refresh_tokens
        where expires_at < (select event_clock())
        order by expires_at
        limit ${rows}
      ))
    `,
  );
}

/** Sessions of which nothing lives any more. */
export function forgetSessions(sql: Sql, signal: AbortSignal): Promise<number> {
  return inBatches(
    signal,
    (rows) => sql`
      delete from sessions
      where ctid = any (array(
        select ctid
        from sessions
        where expires_at < (select event_clock())
          and (select true from refresh_tokens where family = sessions.id limit 1) is null
        order by expires_at
        limit ${rows}
      ))
    `,
  );
}

/** Of the record of sign-ins what is older than 90 days, as migration 025 has it: nothing else may be deleted there. */
export function forgetSignIns(sql: Sql, signal: AbortSignal): Promise<number> {
  return inBatches(signal, (rows) => sql`select from forget_sign_ins(${rows})`);
}

/** Windows that began long ago; a window lasts a day at most. */
export function forgetRateWindows(sql: Sql, signal: AbortSignal): Promise<number> {
  return inBatches(
    signal,
    (rows) => sql`
      delete from rate_windows
      where ctid = any (array(
        select ctid
        from rate_windows
        where started_at < (select event_clock()) - ${KEPT.rateWindows}::interval
        order by started_at
        limit ${rows}
      ))
    `,
  );
}
