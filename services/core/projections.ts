/**
 * The guide's two read tables as functions of an address's state: which rows an event changes, each whole.
 * `updated_at` is the event's time, so that a rebuild gives the same bytes.
 */
import type { EmailAddress } from './email-address.ts';
import type { ImportedCode, Instant, Recorded } from './events.ts';
import { type AddressState, type Code, findCode, findLink, type Link } from './state.ts';

/** A row of user_email_addresses. Instants become timestamptz in the store. */
export type EmailRow = Readonly<{
  id: number;
  user_id: string;
  email_address: EmailAddress;
  is_verified: boolean;
  verified_at: Instant | null;
  purpose: string;
  verification_method: string;
  created_at: Instant;
  updated_at: Instant;
}>;

/** A row of email_otp_verifications. `otp` holds a keyed digest, never the code. */
export type CodeRow = Readonly<{
  id: string;
  user_id: string;
  email: EmailAddress;
  otp: string;
  purpose: string;
  verified: boolean;
  verified_at: Instant | null;
  expires_at: Instant;
  attempts: number;
  max_attempts: number;
  created_at: Instant;
  updated_at: Instant;
}>;

export type Rows = Readonly<{ email?: EmailRow | undefined; code?: CodeRow | undefined }>;

/** The rows that the event changed, read off the state that it led to. */
export function project(address: EmailAddress, state: AddressState, event: Recorded): Rows {
  switch (event.type) {
    case 'requested': {
      const { otpId, userId, purpose, mailing } = event.data;
      if (mailing > 1) return {};
      const link = findLink(state, userId, purpose);
      return { email: link && emailRow(address, link), code: codeOf(otpId) };
    }
    case 'attempted':
    case 'superseded':
      return { code: codeOf(event.data.otpId) };
    case 'asserted':
    case 'verified': {
      const link = findLink(state, event.data.userId, event.data.purpose);
      const email = link && emailRow(address, link);
      return event.type === 'verified' ? { email, code: codeOf(event.data.otpId) } : { email };
    }
    case 'imported': {
      const { data } = event;
      if (data.what === 'code') return { code: importedRow(address, data) };
      const link = findLink(state, data.userId, data.purpose);
      return { email: link && emailRow(address, link) };
    }
    case 'sent':
    case 'send_failed':
    case 'delivered':
    case 'bounced':
    case 'complained':
    case 'expired':
    case 'unlocked':
    case 'suppressed':
    case 'unsuppressed':
    case 'erased':
      return {};
  }

  function codeOf(otpId: string): CodeRow | undefined {
    const code = findCode(state, otpId);
    return code && codeRow(address, code);
  }
}

function emailRow(address: EmailAddress, link: Link): EmailRow {
  const { proof } = link;
  return {
    id: link.emailId,
    user_id: link.userId,
    email_address: address,
    is_verified: proof.kind === 'verified',
    verified_at: proof.kind === 'verified' ? proof.at : null,
    purpose: link.purpose,
    verification_method: proof.kind === 'verified' ? proof.method : 'otp',
    created_at: link.createdAt,
    updated_at: link.changedAt,
  };
}

function codeRow(address: EmailAddress, code: Code): CodeRow {
  const { status } = code;
  return {
    id: code.otpId,
    user_id: code.userId,
    email: address,
    otp: code.digest,
    purpose: code.purpose,
    verified: status.kind === 'verified',
    verified_at: status.kind === 'verified' ? status.at : null,
    // The guide's table has no column for it: a replaced code reads as one whose time is over.
    expires_at: status.kind === 'superseded' ? Math.min(status.at, code.expiresAt) : code.expiresAt,
    attempts: code.attempts,
    max_attempts: code.attemptsMax,
    created_at: code.issuedAt,
    updated_at: code.changedAt,
  };
}

/** Stands where a digest of the code would; nothing is known of it and nothing could verify it. */
const NO_DIGEST = 'imported';

function importedRow(address: EmailAddress, data: ImportedCode): CodeRow {
  return {
    id: data.otpId,
    user_id: data.userId,
    email: address,
    otp: NO_DIGEST,
    purpose: data.purpose,
    verified: data.verifiedAt !== null,
    verified_at: data.verifiedAt === null ? null : Date.parse(data.verifiedAt),
    expires_at: Date.parse(data.expiresAt),
    attempts: data.attempts,
    max_attempts: data.attemptsMax,
    created_at: Date.parse(data.issuedAt),
    updated_at: Date.parse(data.updatedAt),
  };
}
