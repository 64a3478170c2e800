/** What a decision knows beside the state and the command: the time, the rules, the keyed functions, and what stands elsewhere of the address. */
import type { EmailAddress } from './email-address.ts';
import type { Instant, SuppressionReason } from './events.ts';
import type { Policy } from './policy.ts';
import type { Rejection } from './rejections.ts';
import type { AddressState } from './state.ts';

/** What a code is derived from; see mail/otp-code.ts. */
export type CodeIdentity = Readonly<{
  otpId: string;
  address: EmailAddress;
  userId: string;
  purpose: string;
  salt: string;
  keyId: string;
  epoch: number;
  codeDigits: number;
}>;

/** The keyed functions of the installation's present epoch, handed in because core holds no key. */
export type CodeBook = Readonly<{
  keyId: string;
  epoch: number;
  /** Whether the key with this id is still there. */
  hasKey(keyId: string): boolean;
  /** Ten characters that stand for the code in the guide's `otp` column and cannot show it. */
  digest(identity: CodeIdentity): string;
  /** Constant time. False for a code of another epoch or of a key that is gone. */
  isCode(identity: CodeIdentity, guess: string): boolean;
}>;

export type Context = Readonly<{
  now: Instant;
  policy: Policy;
  codeBook: CodeBook;
  /** The id that a new row of user_email_addresses would take. */
  freshEmailId: number;
  /** What a limit beyond this address says of one more mail; its counting is the store's. */
  overLimit?: Extract<Rejection, { retryAfterSeconds: number }> | undefined;
  /** The address was closed to mails when it was erased: a keyed hash of it is all that is known of that. */
  closed?: Closed | undefined;
  /** Such a hash of it, for the next time. */
  addressHash?: string | undefined;
}>;

export type Closed = Readonly<{ reason: SuppressionReason }>;

/** Why no mail may go to the address; undefined where one may. */
export function suppressionOf(state: AddressState, { closed }: Pick<Context, 'closed'>): Closed | undefined {
  if (state.suppression) return state.suppression;
  // What the stream remembers is later than the erasure: before it the stream had another name.
  return state.reopenedAt === undefined ? closed : undefined;
}
