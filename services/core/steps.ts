/** What an event is to who counts: a step of codes with a purpose, what came of it, and after how long. */
import type { AddressEvent, Instant, Recorded } from './events.ts';
import { type AddressState, type Code, findCode } from './state.ts';

export type Step = Readonly<{
  type: AddressEvent['type'];
  /** Of the code or of what was asserted; empty where an event is of an address. */
  purpose: string;
  /** Empty where a type has but one. */
  outcome: string;
  /** Of `sent` since its mail was asked for, of `verified` since its code was issued. */
  afterMilliseconds?: number;
}>;

/** The types of which every purpose has steps, with their outcomes. */
export const STEPS: readonly (readonly [AddressEvent['type'], ...string[]])[] = [
  ['requested', 'new', 'again'],
  ['sent', ''],
  ['send_failed', 'rejected', 'expired', 'superseded', 'verified', 'erased', 'unanswered'],
  ['delivered', ''],
  ['bounced', 'permanent', 'transient'],
  ['complained', ''],
  ['attempted', 'wrong', 'last'],
  ['verified', 'otp'],
  ['expired', ''],
  ['superseded', ''],
  ['asserted', 'verified', 'unverified'],
];

/** With the state that these events have led to. */
export function stepsOf(events: readonly Recorded[], state: AddressState): readonly Step[] {
  return events.map((event) => {
    const { type, data } = event;
    const code = 'otpId' in data ? findCode(state, data.otpId) : undefined;
    const purpose = 'purpose' in data ? data.purpose : (code?.purpose ?? '');
    const since = beganAt(event, code);
    const step = { type, purpose, outcome: outcomeOf(event) };
    return since === undefined ? step : { ...step, afterMilliseconds: Math.max(0, event.at - since) };
  });
}

/** When that began which such an event ends; undefined where nothing did, or nobody knows any more. */
function beganAt(event: AddressEvent, code: Code | undefined): Instant | undefined {
  if (event.type === 'sent') return code?.mailings[event.data.mailing - 1]?.at;
  return event.type === 'verified' ? code?.issuedAt : undefined;
}

function outcomeOf(event: AddressEvent): string {
  switch (event.type) {
    case 'requested':
      return event.data.mailing === 1 ? 'new' : 'again';
    case 'send_failed':
    case 'suppressed':
      return event.data.reason;
    case 'bounced':
      return event.data.permanent ? 'permanent' : 'transient';
    case 'attempted':
      return event.data.attempts < event.data.attemptsMax ? 'wrong' : 'last';
    case 'verified':
      return event.data.method;
    case 'asserted':
      return event.data.after ? 'verified' : 'unverified';
    case 'imported':
      return event.data.what;
    default:
      return '';
  }
}
