/**
 * What the mail service answered. It is a fact whatever the state says; only a give-up can come too late, a fact that may stand
 * in the log already is not recorded twice, and of an address that was erased meanwhile nothing is known any more.
 */
import { type Decision, recorded, unchanged } from './decision.ts';
import type { EmailAddress } from './email-address.ts';
import type { SaidOfMail } from './events.ts';
import { type AddressState, findCode } from './state.ts';

type Mailed = Readonly<{ address: EmailAddress; otpId: string; mailing: number }>;

export type RecordSent = Mailed &
  Readonly<{
    type: 'record-sent';
    messageId: string;
    /** An earlier attempt to record this very answer ended without one. */
    mayBeRecorded?: boolean;
  }>;

export type RecordSendFailed = Mailed &
  SaidOfMail &
  Readonly<{ type: 'record-send-failed'; reason: 'rejected' | 'unanswered' }>;

export function recordSent(state: AddressState, command: RecordSent): Decision {
  const { otpId, mailing, messageId, mayBeRecorded = false } = command;
  if (isUnknown(state)) return unchanged('nothing-to-do');
  if (mayBeRecorded && !isWaiting(state, command)) return unchanged('nothing-to-do');
  return recorded([{ type: 'sent', data: { otpId, mailing, messageId } }]);
}

export function recordSendFailed(state: AddressState, command: RecordSendFailed): Decision {
  const { otpId, mailing, reason, status, words } = command;
  if (isUnknown(state) || !isWaiting(state, command)) return unchanged('nothing-to-do');
  const said = { ...(status !== undefined && { status }), ...(words !== undefined && { words }) };
  return recorded([{ type: 'send_failed', data: { otpId, mailing, reason, ...said } }]);
}

/** Nothing came of the mail yet, as far as the state remembers it. */
function isWaiting(state: AddressState, { otpId, mailing }: Mailed): boolean {
  const delivery = findCode(state, otpId)?.mailings[mailing - 1]?.delivery;
  return delivery === 'queued' || delivery === undefined;
}

function isUnknown(state: AddressState): boolean {
  return state.lastEventAt === 0;
}
