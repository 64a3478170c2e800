/** What follows from the service's answer to one attempt at a mail. */
import type { Command } from '../core/decide.ts';
import type { SaidOfMail } from '../core/events.ts';
import type { Mail } from '../core/mail.ts';
import type { Refusal, SendResult } from './transport.ts';

export type Next =
  | Readonly<{ do: 'record'; command: Command }>
  /** To the outbox: it may be tried again after so many milliseconds; at 0 it is as if nobody had ever held it. */
  | Readonly<{ do: 'give-back'; milliseconds: number }>
  /** The claim runs out by itself, so that a lost answer makes one more attempt and not a burst of them. */
  | Readonly<{ do: 'count-unsure' }>;

/** A mail that may have been taken is tried once more, and not again. */
export const UNSURE_MAX = 2;
/** Greylisting lets a mail through after one to five minutes: a code of ten is tried in the seventh at the latest. */
const PAUSE_MILLISECONDS_MAX = 120_000;
const KEYLESS_MILLISECONDS_MAX = 10_000;

/** `random` from 0 to 1 spreads the next attempts, so that they don't come all at once. */
export function afterAttempt(result: SendResult, mail: Mail, random: number): Next {
  switch (result.kind) {
    case 'accepted':
      return { do: 'record', command: { type: 'record-sent', ...nameOf(mail), messageId: result.messageId } };
    case 'rejected':
      return { do: 'record', command: sendFailed(mail, 'rejected', result.refusal) };
    case 'throttled':
      return giveBack(growing(500 + random * 1500, mail));
    case 'unreached':
      return giveBack(growing(1000 + random * 3000, mail));
    case 'deferred':
    case 'disputed':
      return giveBack(growing(15_000 + random * 3000, mail));
    case 'unavailable':
      return giveBack(5000);
    case 'late':
      return giveBack(0);
    case 'unsure':
      return { do: 'count-unsure' };
  }
}

/** For how long a mail is left to whoever has its key; nobody may have it yet. */
export const keylessMilliseconds = (mail: Mail, random: number): number =>
  Math.min(KEYLESS_MILLISECONDS_MAX, growing(500 + random * 1500, mail));

/** Twice as long with each refusal. */
const growing = (milliseconds: number, { deferrals }: Mail): number =>
  Math.min(PAUSE_MILLISECONDS_MAX, milliseconds * 2 ** Math.min(deferrals, 10));

const giveBack = (milliseconds: number): Next => ({ do: 'give-back', milliseconds });

export function sendFailed(mail: Mail, reason: 'rejected' | 'unanswered', refusal?: Refusal): Command {
  const said: SaidOfMail = refusal ? { status: refusal.status, words: refusal.words } : {};
  return { type: 'record-send-failed', ...nameOf(mail), reason, ...said };
}

function nameOf({ address, event }: Mail) {
  return { address, otpId: event.data.otpId, mailing: event.data.mailing };
}
