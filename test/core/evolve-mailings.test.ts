/** Where a mail is after reports in any order, and what of an address's past its state keeps. */
import { describe, expect, test } from 'vitest';
import type { Recorded, SendFailure } from '../../services/core/events.ts';
import type { Delivery } from '../../services/core/state.ts';
import { user } from '../support/api.ts';
import { at, code, given, happened, iso, issue, requested } from '../support/given.ts';

const which = { otpId: 'code-1', mailing: 1 };
const report = { ...which, feedbackId: 'f-1' };
const asked = requested(0);
const softly = (seconds: number, feedbackId: string) =>
  happened(seconds, 'bounced', { ...which, feedbackId, permanent: false, subType: 'MailboxFull' });

const names = (events: readonly Recorded[]) => given(events).codes.map(({ otpId }) => otpId);

describe('where a mail is', () => {
  const sent = happened(1, 'sent', { ...which, messageId: 'm' });
  const gaveUp = (reason: SendFailure) => happened(2, 'send_failed', { ...which, reason });
  const delivered = happened(3, 'delivered', report);
  const bounced = happened(4, 'bounced', { ...report, permanent: true, subType: 'General' });
  const complained = happened(5, 'complained', { ...report, complaint: 'abuse' });

  test.each<[string, readonly Recorded[], Delivery]>([
    ['asked for', [], 'queued'],
    ['taken', [sent], 'sent'],
    ['given up', [gaveUp('rejected')], 'failed'],
    ['given up and taken after all', [gaveUp('unanswered'), sent], 'sent'],
    ['taken, then said to be given up', [sent, gaveUp('unanswered')], 'sent'],
    ['delivered', [sent, delivered], 'delivered'],
    ['delivered before it was taken', [delivered, sent], 'delivered'],
    ['delivered, then given up', [delivered, gaveUp('expired')], 'delivered'],
    ['bounced', [sent, bounced], 'bounced'],
    ['bounced after it was delivered', [sent, delivered, bounced], 'bounced'],
    ['delivered after it bounced', [sent, bounced, delivered], 'bounced'],
    ['complained of', [sent, delivered, complained], 'complained'],
    ['complained of, then bounced', [complained, bounced], 'complained'],
    ['bounced, then complained of', [bounced, complained], 'complained'],
  ])('%s', (_, events, delivery) => {
    expect(given([asked, ...events]).codes[0]?.mailings).toEqual([{ at: at(0), delivery }]);
  });

  test('is told of the mailing that is meant, and of no other', () => {
    const again = requested(60, { mailing: 2, issuedAt: iso(0), expiresAt: iso(600) });
    const second = happened(61, 'sent', { otpId: 'code-1', mailing: 2, messageId: 'm2' });
    expect(given([asked, again, second]).codes[0]?.mailings.map(({ delivery }) => delivery)).toEqual([
      'queued',
      'sent',
    ]);
    expect(given([asked, again, sent]).codes[0]?.mailings.map(({ delivery }) => delivery)).toEqual(['sent', 'queued']);
    const elsewhere = happened(61, 'sent', { otpId: 'code-9', mailing: 1, messageId: 'm3' });
    expect(given([asked, elsewhere]).codes).toEqual([code]);
  });
});

describe('what is kept', () => {
  test('of reports the newest sixteen', () => {
    const ids = Array.from({ length: 18 }, (_, n) => `f-${n + 1}`);
    const state = given([asked, ...ids.map((id, n) => happened(n + 1, 'delivered', { ...which, feedbackId: id }))]);
    expect(state.feedback).toEqual({ ids: ids.slice(2), softBounces: [] });
  });

  test('of bounces for now the newest three; those for ever are not among them', () => {
    const hard = happened(9, 'bounced', { ...which, feedbackId: 'h', permanent: true, subType: 'General' });
    const state = given([asked, softly(1, 'a'), softly(2, 'b'), hard, softly(10, 'c'), softly(11, 'd')]);
    expect(state.feedback).toEqual({ ids: ['a', 'b', 'h', 'c', 'd'], softBounces: [at(2), at(10), at(11)] });
  });

  const code1Over = happened(600, 'expired', { otpId: 'code-1' });
  const day = 86_400;

  test('of codes those mailed within a day; one mailed a day ago and closed goes with the next request', () => {
    // Of another user's first, so that it is not kept as this user's newest.
    const other = requested(10, { otpId: 'code-0', emailId: 11 });
    expect(names([asked, code1Over, other, requested(day - 1, { otpId: 'code-2' })])).toEqual([
      'code-1',
      'code-0',
      'code-2',
    ]);
    expect(names([asked, code1Over, other, requested(day, { otpId: 'code-2' })])).toEqual(['code-0', 'code-2']);
  });

  test('of codes mailed again those whose last mail was within a day, for the caps count it', () => {
    const again = requested(200, { mailing: 2, issuedAt: issue.issuedAt, expiresAt: issue.expiresAt });
    const other = requested(300, { otpId: 'code-0', emailId: 11 });
    const told = (seconds: number) =>
      names([asked, again, code1Over, other, requested(day + seconds, { otpId: 'code-2' })]);
    expect(told(199)).toEqual(['code-1', 'code-0', 'code-2']);
    expect(told(200)).toEqual(['code-0', 'code-2']);
  });

  test('of codes those still open, however old, and each user’s newest', () => {
    const others = requested(2 * day, { otpId: 'code-9', userId: user(9), emailId: 19 });
    expect(names([asked, others])).toEqual(['code-1', 'code-9']);
    const elsewhere = requested(700, { otpId: 'code-2', purpose: 'driver', emailId: 12 });
    expect(names([asked, elsewhere, others])).toEqual(['code-1', 'code-2', 'code-9']);
    expect(names([asked, code1Over, elsewhere, others])).toEqual(['code-2', 'code-9']);
    expect(names([asked, code1Over, others])).toEqual(['code-1', 'code-9']);
    const newer = requested(700, { otpId: 'code-2' });
    const newerOver = happened(1300, 'expired', { otpId: 'code-2' });
    expect(names([asked, code1Over, newer, newerOver, others])).toEqual(['code-2', 'code-9']);
  });

  test('of codes at most 64', () => {
    const many = Array.from({ length: 70 }, (_, n) =>
      requested(n, { otpId: `code-${n}`, userId: user(n), emailId: n + 1 }),
    );
    const { codes, links } = given(many);
    expect([codes.length, codes[0]?.otpId, codes.at(-1)?.otpId]).toEqual([64, 'code-6', 'code-69']);
    expect(links).toHaveLength(70);
  });

  test('what a code is derived from, as the event has it', () => {
    const more = { salt: 's', keyId: 'k9', epoch: 4, digest: 'd', codeDigits: 8, attemptsMax: 5 };
    expect(given([requested(0, more)]).codes[0]).toEqual({ ...code, ...more });
  });
});
