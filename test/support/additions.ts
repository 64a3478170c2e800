/** What a batch adds to a stream, written by hand: for calling the append itself. */
import type { EmailAddress } from '../../services/core/email-address.ts';
import type { AddressEvent, Recorded, Requested } from '../../services/core/events.ts';
import type { CodeRow, EmailRow } from '../../services/core/projections.ts';
import { emptyAddress } from '../../services/core/state.ts';
import type { Addition } from '../../services/store/batch.ts';
import { user } from './api.ts';

export const at = (moment: string): number => Date.parse(moment);

/** A requested event's data; the otpId is of the number. */
export function requestedData(n: number, more: Partial<Requested['data']> = {}): Requested['data'] {
  return {
    otpId: user(n),
    userId: user(1),
    purpose: 'verification',
    mailing: 1,
    emailId: n,
    salt: 'salt',
    keyId: 'k1',
    epoch: 1,
    digest: 'aaaaaaaaaa',
    codeDigits: 6,
    attemptsMax: 3,
    issuedAt: '2026-05-04T10:00:00.000Z',
    expiresAt: '2026-05-04T10:10:00.000Z',
    resendAfterSeconds: 60,
    locale: 'en',
    ipHash: null,
    ...more,
  };
}

export const recordedAs = (body: AddressEvent, version: number, moment = '2026-05-04T10:00:00.000Z'): Recorded => ({
  ...body,
  version,
  at: at(moment),
});

export function emailRow(id: number, address: EmailAddress, more: Partial<EmailRow> = {}): EmailRow {
  const times = { created_at: at('2026-05-04T10:00:00.000Z'), updated_at: at('2026-05-04T10:00:00.000Z') };
  const row = { id, user_id: user(1), email_address: address, is_verified: false, verified_at: null, ...times };
  return { ...row, purpose: 'verification', verification_method: 'otp', ...more };
}

export function codeRow(n: number, address: EmailAddress, more: Partial<CodeRow> = {}): CodeRow {
  return {
    id: user(n),
    user_id: user(1),
    email: address,
    otp: 'aaaaaaaaaa',
    purpose: 'verification',
    verified: false,
    verified_at: null,
    expires_at: at('2026-05-04T10:10:00.000Z'),
    attempts: 0,
    max_attempts: 3,
    created_at: at('2026-05-04T10:00:00.000Z'),
    updated_at: at('2026-05-04T10:00:00.000Z'),
    ...more,
  };
}

export function additionTo(address: EmailAddress, more: Partial<Addition> = {}): Addition {
  const none = { emails: [], codes: [], claimed: new Set<number>(), keys: [], reservations: [] };
  const { expectedVersion = 0 } = more;
  const events = [recordedAs({ type: 'unlocked', data: { by: user(900), before: 0 } }, expectedVersion + 1)];
  return { address, expectedVersion, state: { ...emptyAddress, lastEventAt: 1 }, events, ...none, ...more };
}
