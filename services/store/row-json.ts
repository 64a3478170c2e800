/** The read tables' rows as JSON that PostgreSQL reads: instants become ISO 8601 text. */
import type { Instant } from '../core/events.ts';
import type { CodeRow, EmailRow } from '../core/projections.ts';

export const time = (instant: Instant): string => new Date(instant).toISOString();

export const nullableTime = (instant: Instant | null): string | null => (instant === null ? null : time(instant));

export function rowAsJson(row: EmailRow | CodeRow) {
  const { verified_at, created_at, updated_at } = row;
  const times = { verified_at: nullableTime(verified_at), created_at: time(created_at), updated_at: time(updated_at) };
  return 'expires_at' in row ? { ...row, ...times, expires_at: time(row.expires_at) } : { ...row, ...times };
}
