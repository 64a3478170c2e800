/**
 * What an address's rules need to know, folded from its events (see evolve.ts) and kept as the stream's snapshot.
 */
import type { Instant, SuppressionReason } from './events.ts';

export type Delivery = 'queued' | 'sent' | 'delivered' | 'bounced' | 'complained' | 'failed';

export type Mailing = Readonly<{ at: Instant; delivery: Delivery }>;

export type CodeStatus =
  | Readonly<{ kind: 'pending' }>
  | Readonly<{ kind: 'verified'; at: Instant }>
  | Readonly<{ kind: 'expired' }>
  | Readonly<{ kind: 'superseded'; at: Instant }>;

export type Code = Readonly<{
  otpId: string;
  userId: string;
  purpose: string;
  salt: string;
  keyId: string;
  epoch: number;
  digest: string;
  codeDigits: number;
  attempts: number;
  attemptsMax: number;
  issuedAt: Instant;
  expiresAt: Instant;
  changedAt: Instant;
  mailings: readonly Mailing[];
  status: CodeStatus;
}>;

export type VerificationMethod = 'otp' | 'registration' | 'admin';

export type Verification = Readonly<{ kind: 'verified'; at: Instant; method: VerificationMethod }>;

/** One user's claim to the address for one purpose: a row of user_email_addresses. */
export type Link = Readonly<{
  emailId: number;
  userId: string;
  purpose: string;
  createdAt: Instant;
  changedAt: Instant;
  /** `takenBack`: an admin has said that it is not verified. */
  proof: Readonly<{ kind: 'none'; takenBack?: true }> | Verification;
}>;

export type VerifiedLink = Link & Readonly<{ proof: Verification }>;

export type WrongGuess = Readonly<{ userId: string; at: Instant }>;

export type AddressState = Readonly<{
  links: readonly Link[];
  codes: readonly Code[];
  /** Wrong guesses of the last day, over all codes, each until its user's next success; a new code takes none away. */
  wrongGuesses: readonly WrongGuess[];
  /** The newest reports of the mail service, and the bounces for now that still count. Absent where there was none. */
  feedback?: Readonly<{ ids: readonly string[]; softBounces: readonly Instant[] }>;
  /** Present while no mail may go to the address. */
  suppression?: Readonly<{ reason: SuppressionReason; at: Instant }>;
  /** When an admin last let mails go to it again. */
  reopenedAt?: Instant;
  /** Present once its person is to be forgotten: nothing more happens under this name. */
  erasedAt?: Instant;
  lastEventAt: Instant;
}>;

/**
 * Counts up with every change of AddressState's shape or meaning. A snapshot of another version is not believed: its state is
 * folded from the events anew, so that during an upgrade two versions read and write beside each other. `erasedAt`,
 * `suppression` and `userId` keep their names in every version: the store and the erasure (migration 030) look for them.
 */
export const STATE_VERSION = 3;

/** So many bounces for now within a week close an address; a state keeps as many. */
export const SOFT_BOUNCES_MAX = 3;

export const emptyAddress: AddressState = {
  links: [],
  codes: [],
  wrongGuesses: [],
  lastEventAt: 0,
};

/** The user's verified link of this address, the latest where there are several purposes. */
export function verifiedLink(state: AddressState, userId: string): VerifiedLink | undefined {
  let latest: VerifiedLink | undefined;
  for (const link of state.links) {
    if (link.userId !== userId || !isVerified(link)) continue;
    if (latest === undefined || link.proof.at > latest.proof.at) latest = link;
  }
  return latest;
}

function isVerified(link: Link): link is VerifiedLink {
  return link.proof.kind === 'verified';
}

/** Whether somebody showed that mails to it are read: a user verified it, or a mail that the state remembers is known to have arrived. */
export function isProven({ links, codes }: AddressState): boolean {
  const hasArrived = codes.some(({ mailings }) => mailings.some(({ delivery }) => delivery === 'delivered'));
  return hasArrived || links.some(isVerified);
}

export function findLink(state: AddressState, userId: string, purpose: string): Link | undefined {
  return state.links.find((link) => link.userId === userId && link.purpose === purpose);
}

export function findCode(state: AddressState, otpId: string): Code | undefined {
  return state.codes.find((code) => code.otpId === otpId);
}

/** The user's newest code, of one purpose or of any. */
export function newestCode(state: AddressState, userId: string, purpose?: string): Code | undefined {
  return state.codes.findLast((code) => code.userId === userId && (purpose === undefined || code.purpose === purpose));
}

/** Where the mail of the user's newest request is. */
export function latestDelivery(state: AddressState, userId: string): Delivery | undefined {
  return newestCode(state, userId)?.mailings.at(-1)?.delivery;
}

/** When the first open code's time is over; null where none is open. */
export function nextExpiry(state: AddressState): Instant | null {
  const open = state.codes.filter((code) => code.status.kind === 'pending').map((code) => code.expiresAt);
  return open.length === 0 ? null : Math.min(...open);
}
