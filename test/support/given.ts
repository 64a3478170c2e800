/** given(events): the story of one address in plain values, for tests that say by hand what follows from each event. */
import type { AddressEvent, Recorded, Requested } from '../../services/core/events.ts';
import { evolve } from '../../services/core/evolve.ts';
import { type CodeRow, type EmailRow, project, type Rows } from '../../services/core/projections.ts';
import { type AddressState, type Code, emptyAddress, type Link } from '../../services/core/state.ts';
import { user } from './api.ts';
import { anAddress, START } from './rules.ts';

/** So many seconds after noon of 1 March 2026, as an instant and as text. */
export const at = (seconds: number): number => START + seconds * 1000;
export const iso = (seconds: number): string => new Date(at(seconds)).toISOString();

type Data<T extends AddressEvent['type']> = Extract<AddressEvent, { type: T }>['data'];

/** An event at so many seconds. */
export function happened<T extends AddressEvent['type']>(
  seconds: number,
  type: T,
  data: Data<T>,
): Recorded<Extract<AddressEvent, { type: T }>> {
  return { type, data, version: 1, at: at(seconds) } as unknown as Recorded<Extract<AddressEvent, { type: T }>>;
}

/** The first mailing of code-1: user 1, `business`, issued at 0 s, dead at 600 s, row 11 of user_email_addresses. */
export const issue: Requested['data'] = {
  otpId: 'code-1',
  userId: user(1),
  purpose: 'business',
  mailing: 1,
  emailId: 11,
  salt: 'salt-1',
  keyId: 'k1',
  epoch: 1,
  digest: 'digest-of1',
  codeDigits: 6,
  attemptsMax: 3,
  issuedAt: '2026-03-01T12:00:00.000Z',
  expiresAt: '2026-03-01T12:10:00.000Z',
  resendAfterSeconds: 60,
  locale: 'en',
  ipHash: null,
};

/** A code asked for at so many seconds, that lives for ten minutes. */
export function requested(seconds: number, more: Partial<Requested['data']> = {}): Recorded<Requested> {
  return happened(seconds, 'requested', { ...issue, issuedAt: iso(seconds), expiresAt: iso(seconds + 600), ...more });
}

/** The state that the events lead to, from nothing or from the one given. */
export function given(events: readonly Recorded[], from: AddressState = emptyAddress): AddressState {
  return events.reduce(evolve, from);
}

/** The rows that the last of the events changes. */
export function rowsOf(...events: readonly Recorded[]): Rows {
  const last = events.at(-1);
  if (!last) throw new Error('no event');
  return project(anAddress, given(events), last);
}

/** What the first mailing of code-1 makes of the two tables. */
export const emailRow: EmailRow = {
  id: 11,
  user_id: '00000000-0000-4000-8000-000000000001',
  email_address: anAddress,
  is_verified: false,
  verified_at: null,
  purpose: 'business',
  verification_method: 'otp',
  created_at: at(0),
  updated_at: at(0),
};

export const codeRow: CodeRow = {
  id: 'code-1',
  user_id: '00000000-0000-4000-8000-000000000001',
  email: anAddress,
  otp: 'digest-of1',
  purpose: 'business',
  verified: false,
  verified_at: null,
  expires_at: at(600),
  attempts: 0,
  max_attempts: 3,
  created_at: at(0),
  updated_at: at(0),
};

/** And of the state. */
export const link: Link = {
  emailId: 11,
  userId: '00000000-0000-4000-8000-000000000001',
  purpose: 'business',
  createdAt: at(0),
  changedAt: at(0),
  proof: { kind: 'none' },
};
export const code: Code = {
  otpId: 'code-1',
  userId: '00000000-0000-4000-8000-000000000001',
  purpose: 'business',
  salt: 'salt-1',
  keyId: 'k1',
  epoch: 1,
  digest: 'digest-of1',
  codeDigits: 6,
  attempts: 0,
  attemptsMax: 3,
  issuedAt: at(0),
  expiresAt: at(600),
  changedAt: at(0),
  mailings: [{ at: at(0), delivery: 'queued' }],
  status: { kind: 'pending' },
};
