/** What another system knew of an address before Sealpost: taken over once, as it was. */
import type { Context } from './context.ts';
import { type Decision, recorded, unchanged } from './decision.ts';
import type { EmailAddress } from './email-address.ts';
import { type Instant, isoOf } from './events.ts';
import { type AddressState, findLink, type VerificationMethod } from './state.ts';

/** A user's claim to the address: a row of the other system's user_email_addresses. */
export type ImportLink = Readonly<{
  type: 'import-link';
  address: EmailAddress;
  userId: string;
  purpose: string;
  /** Null where it is not verified. */
  verified: Readonly<{ at: Instant; method: VerificationMethod }> | null;
  createdAt: Instant;
  updatedAt: Instant;
}>;

/** A code that is history: it can be looked at and never typed. The caller sees to it that it comes once. */
export type ImportCode = Readonly<{
  type: 'import-code';
  address: EmailAddress;
  otpId: string;
  userId: string;
  purpose: string;
  attempts: number;
  attemptsMax: number;
  verifiedAt: Instant | null;
  expiresAt: Instant;
  createdAt: Instant;
  updatedAt: Instant;
}>;

/** A link that is there already stays as it is, but for a proof that it lacks and no admin has taken back. */
export function importLink(state: AddressState, command: ImportLink, { freshEmailId }: Context): Decision {
  const { userId, purpose, verified, createdAt, updatedAt } = command;
  const link = findLink(state, userId, purpose);
  const isKept = link && (link.proof.kind === 'verified' || link.proof.takenBack || verified === null);
  if (isKept) return unchanged('nothing-to-do');
  const data = {
    what: 'address' as const,
    emailId: link?.emailId ?? freshEmailId,
    userId,
    purpose,
    method: verified?.method ?? ('otp' as const),
    verifiedAt: verified && isoOf(verified.at),
    createdAt: isoOf(link?.createdAt ?? createdAt),
    updatedAt: isoOf(updatedAt),
  };
  return recorded([{ type: 'imported', data }]);
}

export function importCode(command: ImportCode): Decision {
  const { otpId, userId, purpose, attempts, attemptsMax, verifiedAt, expiresAt, createdAt, updatedAt } = command;
  const times = {
    verifiedAt: verifiedAt === null ? null : isoOf(verifiedAt),
    expiresAt: isoOf(expiresAt),
    issuedAt: isoOf(createdAt),
    updatedAt: isoOf(updatedAt),
  };
  const data = { what: 'code' as const, otpId, userId, purpose, attempts, attemptsMax, ...times };
  return recorded([{ type: 'imported', data }]);
}
