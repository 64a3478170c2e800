/** What an event is to who counts: its purpose, what came of it, and after how long. */
import { describe, expect, test } from 'vitest';
import type { Recorded } from '../../services/core/events.ts';
import { STEPS, type Step, stepsOf } from '../../services/core/steps.ts';
import { user } from '../support/api.ts';
import { given, happened, iso, requested } from '../support/given.ts';

const which = { otpId: 'code-1', mailing: 1 };
const report = { ...which, feedbackId: 'f' };
const { purpose } = requested(0).data;
const again = requested(60, { mailing: 2, issuedAt: iso(0), expiresAt: iso(600) });
const attempted = (attempts: number) =>
  happened(9, 'attempted', { otpId: 'code-1', attempts, attemptsMax: 3, wrongGuesses: attempts, ipHash: null });
const asserted = (after: boolean) =>
  happened(9, 'asserted', {
    emailId: 1,
    userId: user(1),
    purpose: 'driver',
    method: 'admin',
    by: 'x',
    before: !after,
    after,
  });
const verified = { otpId: 'code-1', userId: user(1), purpose, method: 'otp' as const };

/** The step of the last of these. */
const lastOf = (...events: readonly Recorded[]): Step | undefined => stepsOf(events, given(events)).at(-1);

type Case = [event: Recorded, purpose: string, outcome: string, afterMilliseconds?: number];

const cases: readonly Case[] = [
  [requested(0), purpose, 'new'],
  [again, purpose, 'again'],
  [happened(7, 'sent', { ...which, messageId: 'm' }), purpose, '', 7000],
  [happened(7, 'send_failed', { ...which, reason: 'rejected' }), purpose, 'rejected'],
  [happened(7, 'delivered', report), purpose, ''],
  [happened(7, 'bounced', { ...report, permanent: true, subType: 'General' }), purpose, 'permanent'],
  [happened(7, 'bounced', { ...report, permanent: false, subType: 'MailboxFull' }), purpose, 'transient'],
  [happened(7, 'complained', { ...report, complaint: 'abuse' }), purpose, ''],
  [attempted(2), purpose, 'wrong'],
  [attempted(3), purpose, 'last'],
  [happened(42, 'verified', verified), purpose, 'otp', 42_000],
  [happened(700, 'expired', { otpId: 'code-1' }), purpose, ''],
  [happened(70, 'superseded', { otpId: 'code-1', by: 'code-2' }), purpose, ''],
  [asserted(true), 'driver', 'verified'],
  [asserted(false), 'driver', 'unverified'],
  [happened(9, 'suppressed', { reason: 'bounce', by: null }), '', 'bounce'],
  [happened(9, 'unsuppressed', { by: 'x', before: 'bounce' }), '', ''],
  [happened(9, 'unlocked', { by: 'x', before: 3 }), '', ''],
  [happened(9, 'erased', { by: 'x' }), '', ''],
];

describe('the step of', () => {
  const named = cases.map((one): [string, ...Case] => [`${one[0].type} ${one[2] || '(one outcome)'}`, ...one]);

  test.each(named)('%s', (_name, event, ofPurpose, outcome, afterMilliseconds) => {
    const wanted = { type: event.type, purpose: ofPurpose, outcome };
    const events = event.type === 'requested' && event.data.mailing === 1 ? [event] : [requested(0), event];
    expect(lastOf(...events)).toEqual(afterMilliseconds === undefined ? wanted : { ...wanted, afterMilliseconds });
  });

  test('a second mail is measured from when it was asked for, and not from the first', () => {
    const sent = happened(63, 'sent', { otpId: 'code-1', mailing: 2, messageId: 'm' });
    expect(lastOf(requested(0), again, sent)?.afterMilliseconds).toBe(3000);
  });

  test('a code that the state has forgotten has no purpose and no time, and no event takes less than none', () => {
    expect(lastOf(happened(7, 'sent', { ...which, messageId: 'm' }))).toEqual({
      type: 'sent',
      purpose: '',
      outcome: '',
    });
    expect(lastOf(requested(50), happened(7, 'sent', { ...which, messageId: 'm' }))?.afterMilliseconds).toBe(0);
  });

  test('each kind is one that is counted from the start', () => {
    const known = new Set(STEPS.flatMap(([type, ...outcomes]) => outcomes.map((outcome) => `${type} ${outcome}`)));
    const steps = cases
      .filter(([, ofPurpose]) => ofPurpose !== '')
      .map(([{ type }, , outcome]) => `${type} ${outcome}`);
    expect(steps.filter((step) => !known.has(step))).toEqual([]);
    expect(known.size).toBe(new Set(steps).size + 5);
  });
});
