/** A row of the other system as a command, or the reason why it cannot be taken over. */
import { DEFAULT_PURPOSE } from '../../core/purpose.ts';
import { type EmailAddress, parseEmailAddress } from '../../core/email-address.ts';
import type { ImportCode, ImportLink } from '../../core/import.ts';
import type { SourceAddress, SourceCode } from '../../store/import-source.ts';

export type Read<Command> = Readonly<{ command: Command } | { reason: string }>;

/** What a Date can hold; PostgreSQL's infinity is beyond it. */
const INSTANT_MAX = 8_640_000_000_000_000;
const FOREIGN_PURPOSE = /^\P{C}{1,50}$/u;

/** Whether this address was erased here, and is not to come back. */
export type IsErased = (address: EmailAddress) => boolean;

export function linkOf(row: SourceAddress, now: number, isErased: IsErased): Read<ImportLink> {
  const common = commonOf(row, isErased);
  if ('reason' in common) return common;
  const createdAt = row.created_at ?? row.updated_at ?? now;
  const updatedAt = row.updated_at ?? createdAt;
  // A proof without a time is as old as the row's last change.
  const verified = row.verified ? { at: row.verified_at ?? updatedAt, method: methodOf(row.method) } : null;
  return { command: { type: 'import-link', ...common, verified, createdAt, updatedAt } };
}

export function codeOf(row: SourceCode, now: number, isErased: IsErased): Read<ImportCode> {
  const common = commonOf(row, isErased);
  if ('reason' in common) return common;
  const createdAt = row.created_at ?? Math.min(row.expires_at, now);
  const updatedAt = row.updated_at ?? createdAt;
  const { id: otpId, attempts, max_attempts: attemptsMax, expires_at: expiresAt } = row;
  const verifiedAt = row.verified ? (row.verified_at ?? updatedAt) : null;
  return {
    command: {
      type: 'import-code',
      ...common,
      otpId,
      attempts,
      attemptsMax,
      verifiedAt,
      expiresAt,
      createdAt,
      updatedAt,
    },
  };
}

type Common = Readonly<{ address: EmailAddress; userId: string; purpose: string }>;

function commonOf(row: SourceAddress | SourceCode, isErased: IsErased): Common | Readonly<{ reason: string }> {
  const times = Object.values(row).filter((value) => typeof value === 'number');
  if (!times.every((value) => Math.abs(value) <= INSTANT_MAX))
    return { reason: 'a time is outside the range of dates' };
  const { email, user_id, purpose } = row;
  const parsed = parseEmailAddress(email);
  if (!parsed.ok) return { reason: `email ${parsed.reason}` };
  if (isErased(parsed.address)) return { reason: 'the address was erased here' };
  const given = purpose?.trim() || DEFAULT_PURPOSE;
  if (!FOREIGN_PURPOSE.test(given)) return { reason: 'purpose must have 1 to 50 characters and no control characters' };
  return { address: parsed.address, userId: user_id, purpose: given };
}

/** The three there are; whatever else the other system knew was the host application's word. */
function methodOf(text: string | null): 'otp' | 'registration' | 'admin' {
  return text === 'otp' || text === 'admin' ? text : 'registration';
}
