/** What follows from the service's answer to one attempt at a mail. */
import type { Command } from '../core/decide.ts';
import type { Mail } from '../core/mail.ts';
import type { SendResult } from './transport.ts';

export type Next =
  | Readonly<{ do: 'record'; command: Command }>
  /** To the outbox: it may be tried again after so many milliseconds. */
  | Readonly<{ do: 'give-back'; milliseconds: number }>
  /** The claim runs out by itself, so that a lost answer makes one more attempt and not a burst of them. */
  | Readonly<{ do: 'count-unsure' }>;

/** A mail that may have been taken is tried once more, and not again. */
export const UNSURE_MAX = 2;

/** `random` from 0 to 1 spreads the next attempts, so that they don't come all at once. */
export function afterAttempt(result: SendResult, mail: Mail, random: number): Next {
  switch (result.kind) {
    case 'accepted':
      return { do: 'record', command: { type: 'record-sent', ...nameOf(mail), messageId: result.messageId } };
    case 'rejected':
      return { do: 'record', command: sendFailed(mail, 'rejected') };
    case 'throttled':
      return { do: 'give-back', milliseconds: 200 + random * 1800 };
    case 'unreached':
      return { do: 'give-back', milliseconds: 1000 + random * 3000 };
    case 'unavailable':
      return { do: 'give-back', milliseconds: 5000 };
    case 'unsure':
      return { do: 'count-unsure' };
  }
}

export function sendFailed(mail: Mail, reason: 'rejected' | 'unanswered'): Command {
  return { type: 'record-send-failed', ...nameOf(mail), reason };
}

function nameOf({ address, event }: Mail) {
  return { address, otpId: event.data.otpId, mailing: event.data.mailing };
}
