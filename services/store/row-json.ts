/** The read tables' rows as JSON that PostgreSQL reads: instants become ISO 8601 text. */
import { type Instant, isoOf } from '../core/events.ts';
import type { CodeRow, EmailRow } from '../core/projections.ts';

export const nullableTime = (instant: Instant | null): string | null => (instant === null ? null : isoOf(instant));

export function rowAsJson(row: EmailRow | CodeRow) {
  const { verified_at, created_at, updated_at } = row;
  const times = {
    verified_at: nullableTime(verified_at),
    created_at: isoOf(created_at),
    updated_at: isoOf(updated_at),
  };
  return 'expires_at' in row ? { ...row, ...times, expires_at: isoOf(row.expires_at) } : { ...row, ...times };
}
