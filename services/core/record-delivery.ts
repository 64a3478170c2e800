/**
 * What the mail service answered. It is a fact whatever the state says; only a give-up can come too late, and of an
 * address that was erased meanwhile nothing is known any more.
 */
import type { Decision } from './decide.ts';
import { recorded, unchanged } from './decision.ts';
import type { EmailAddress } from './email-address.ts';
import { type AddressState, findCode } from './state.ts';

type Mailed = Readonly<{ address: EmailAddress; otpId: string; mailing: number }>;

export type RecordSent = Mailed & Readonly<{ type: 'record-sent'; messageId: string }>;

export type RecordSendFailed = Mailed & Readonly<{ type: 'record-send-failed'; reason: 'rejected' | 'unanswered' }>;

export function recordSent(state: AddressState, { otpId, mailing, messageId }: RecordSent): Decision {
  if (isUnknown(state)) return unchanged('nothing-to-do');
  return recorded([{ type: 'sent', data: { otpId, mailing, messageId } }]);
}

export function recordSendFailed(state: AddressState, { otpId, mailing, reason }: RecordSendFailed): Decision {
  if (isUnknown(state)) return unchanged('nothing-to-do');
  const delivery = findCode(state, otpId)?.mailings[mailing - 1]?.delivery;
  if (delivery !== 'queued' && delivery !== undefined) return unchanged('nothing-to-do');
  return recorded([{ type: 'send_failed', data: { otpId, mailing, reason } }]);
}

function isUnknown(state: AddressState): boolean {
  return state.lastEventAt === 0;
}
