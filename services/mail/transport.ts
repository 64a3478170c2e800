/** What any mail service answers, in the words the sender acts on. */
import type { Message } from './message.ts';

export type OutgoingMail = Readonly<{ to: string; reference: string; message: Message }>;

/**
 * Whose a refusal is. `session`: the connection's, or the pace's; `sender`: our address may not send; the other four are the
 * account's; `unlisted`: nobody knows, so never the recipient's.
 */
export type Fault =
  | 'recipient'
  | 'message'
  | 'session'
  | 'sender'
  | 'quota'
  | 'paused'
  | 'credentials'
  | 'account'
  | 'unlisted';

/** A refusal in the service's own words, which no longer name anybody: see wordsOf. */
export type Refusal = Readonly<{ fault: Fault; status: number; words: string }>;

type Refused = Readonly<{ refusal?: Refusal }>;

export type SendResult =
  | Readonly<{ kind: 'accepted'; messageId: string }>
  /** Too fast, or too busy to take it: the same mail again, a little later. */
  | (Readonly<{ kind: 'throttled' }> & Refused)
  /** The service was not reached, or did not let us come as far as the mail: it cannot have taken it. */
  | (Readonly<{ kind: 'unreached' }> & Refused)
  /** This mail alone is not taken for now. */
  | (Readonly<{ kind: 'deferred' }> & Refused)
  /** No mail of ours goes out at present. */
  | (Readonly<{ kind: 'unavailable'; reason: Fault }> & Refused)
  /** Refused for good, and no list says whose fault it is: the mail waits, and so do all once several were refused so. */
  | (Readonly<{ kind: 'disputed' }> & Refused)
  /** This mail will never be taken. */
  | (Readonly<{ kind: 'rejected' }> & Refused)
  /** No clear answer: it may or may not have been taken. */
  | (Readonly<{ kind: 'unsure' }> & Refused)
  /** It was not ours to send any more when its turn came, and nothing went out. */
  | Readonly<{ kind: 'late' }>;

export type Transport = Readonly<{
  /** Makes exactly one request, and never throws. `leftMilliseconds` is asked right before the bytes go out: at 0 none goes. */
  send(mail: OutgoingMail, leftMilliseconds?: () => number): Promise<SendResult>;
  /** Mails a second that the service takes at most. Throws where it cannot be learnt. */
  sendRate(): Promise<number>;
  /** How long a send takes at most. */
  attemptMillisecondsMax: number;
  /** So many sends at once the service takes of us; absent: as many as there are. */
  attemptsAtOnceMax?: number;
  close(): void;
}>;
