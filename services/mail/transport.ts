/** What any mail service answers, in the words the sender acts on. */
import type { Message } from './message.ts';

export type OutgoingMail = Readonly<{ to: string; reference: string; message: Message }>;

export type SendResult =
  | Readonly<{ kind: 'accepted'; messageId: string }>
  /** Too fast, or too busy to take it: the same mail again, a little later. */
  | Readonly<{ kind: 'throttled' }>
  /** The service was not reached: it cannot have taken the mail. */
  | Readonly<{ kind: 'unreached' }>
  /** No mail of ours goes out at present: the day's quota, a paused account, credentials. */
  | Readonly<{ kind: 'unavailable'; reason: 'quota' | 'paused' | 'credentials' }>
  /** This mail will never be taken. */
  | Readonly<{ kind: 'rejected' }>
  /** No clear answer: it may or may not have been taken. */
  | Readonly<{ kind: 'unsure' }>;

export type Transport = Readonly<{
  /** Makes exactly one request, and never throws. */
  send(mail: OutgoingMail): Promise<SendResult>;
  /** Mails a second that the service takes at most. Throws where it cannot be learnt. */
  sendRate(): Promise<number>;
  /** How long a send takes at most. */
  attemptMillisecondsMax: number;
  close(): void;
}>;
