/**
 * The events of an address: what happened, in the past tense, never the code and never a guess.
 * The address itself is the stream's name and stands in no event.
 */

/** Milliseconds since the epoch by the database's clock. */
export type Instant = number;

/** As ISO 8601, in UTC. */
export const isoOf = (instant: Instant): string => new Date(instant).toISOString();

/** A code was asked for. Mailing 1 issues it, a later one mails the same code again; each holds all that a mail needs. */
export type Requested = Readonly<{
  type: 'requested';
  data: Readonly<{
    otpId: string;
    userId: string;
    purpose: string;
    mailing: number;
    emailId: number;
    salt: string;
    keyId: string;
    epoch: number;
    digest: string;
    codeDigits: number;
    attemptsMax: number;
    issuedAt: string;
    expiresAt: string;
    resendAfterSeconds: number;
    locale: string;
    ipHash: string | null;
    /** Absent where no request over HTTP asked, and in what was recorded before it was known. */
    requestId?: string;
    /** For the spans of its mail; absent where it was not traced. */
    traceparent?: string;
  }>;
}>;

/** The mail service took the mail. */
export type Sent = Readonly<{ type: 'sent'; data: Readonly<{ otpId: string; mailing: number; messageId: string }> }>;

type ReportedMailing = Readonly<{ otpId: string; mailing: number; feedbackId: string }>;

/** The recipient's server took the mail. */
export type Delivered = Readonly<{ type: 'delivered'; data: ReportedMailing }>;

/** The recipient's server gave it back, permanently or for now. */
export type Bounced = Readonly<{
  type: 'bounced';
  data: ReportedMailing & Readonly<{ permanent: boolean; subType: string }>;
}>;

/** Its recipient called it spam. */
export type Complained = Readonly<{ type: 'complained'; data: ReportedMailing & Readonly<{ complaint: string }> }>;

export type SendFailure = 'rejected' | 'expired' | 'superseded' | 'verified' | 'erased' | 'unanswered';

/** What the mail service said when it refused the mail, with nothing in it that names a person. */
export type SaidOfMail = Readonly<{ status?: number; words?: string }>;

/** The mail was given up and will not be sent. */
export type SendFailed = Readonly<{
  type: 'send_failed';
  data: Readonly<{ otpId: string; mailing: number; reason: SendFailure }> & SaidOfMail;
}>;

/** A wrong guess was judged; `attempts` counts those of this code, `wrongGuesses` those of the last day at the address. */
export type Attempted = Readonly<{
  type: 'attempted';
  data: Readonly<{ otpId: string; attempts: number; attemptsMax: number; wrongGuesses: number; ipHash: string | null }>;
}>;

/** The right code was typed in time. */
export type Verified = Readonly<{
  type: 'verified';
  data: Readonly<{ otpId: string; userId: string; purpose: string; method: 'otp' }>;
}>;

/** A code's time ran out before the right guess. */
export type Expired = Readonly<{ type: 'expired'; data: Readonly<{ otpId: string }> }>;

/** A newer code of the same user and purpose replaced this one: `by` is its otpId, or `erasure` where none follows. */
export type Superseded = Readonly<{ type: 'superseded'; data: Readonly<{ otpId: string; by: string }> }>;

/** Somebody who knows said that the user's address is verified, or is not: an admin, or the host application. */
export type Asserted = Readonly<{
  type: 'asserted';
  data: Readonly<{
    emailId: number;
    userId: string;
    purpose: string;
    method: 'admin' | 'registration';
    by: string;
    before: boolean;
    after: boolean;
  }>;
}>;

/** An operator gave the address its budget of wrong guesses back; `before` is how many there were. */
export type Unlocked = Readonly<{ type: 'unlocked'; data: Readonly<{ by: string; before: number }> }>;

export type SuppressionReason = 'admin' | 'bounce' | 'complaint';

/** No mail goes to this address until it is lifted. `by` is null where the mail service's word did it. */
export type Suppressed = Readonly<{
  type: 'suppressed';
  data: Readonly<{ reason: SuppressionReason; by: string | null }>;
}>;

export type Unsuppressed = Readonly<{
  type: 'unsuppressed';
  data: Readonly<{ by: string; before: SuppressionReason }>;
}>;

/**
 * A person asked to be forgotten. The store then takes the address and the users' ids out of the stream. Of an address that gets no
 * mail a keyed hash stays, and why it gets none, so that it goes on to get none; without a reason it gets mail again.
 */
export type Erased = Readonly<{
  type: 'erased';
  data: Readonly<{ by: string; addressHash?: string; reason?: SuppressionReason }>;
}>;

/** What another system knew before: a user's address, or a code that is history. `at` is when it was taken over. */
export type Imported = Readonly<{ type: 'imported'; data: ImportedAddress | ImportedCode }>;

export type ImportedAddress = Readonly<{
  what: 'address';
  emailId: number;
  userId: string;
  purpose: string;
  method: 'otp' | 'registration' | 'admin';
  verifiedAt: string | null;
  createdAt: string;
  updatedAt: string;
}>;

export type ImportedCode = Readonly<{
  what: 'code';
  otpId: string;
  userId: string;
  purpose: string;
  attempts: number;
  attemptsMax: number;
  verifiedAt: string | null;
  expiresAt: string;
  issuedAt: string;
  updatedAt: string;
}>;

export type AddressEvent =
  | Requested
  | Sent
  | SendFailed
  | Delivered
  | Bounced
  | Complained
  | Attempted
  | Verified
  | Expired
  | Superseded
  | Asserted
  | Unlocked
  | Suppressed
  | Unsuppressed
  | Imported
  | Erased;

/** An event with its place in the stream. Times of one stream strictly increase, but where a clock that was wrong was put right. */
export type Recorded<E extends AddressEvent = AddressEvent> = E & Readonly<{ version: number; at: Instant }>;
