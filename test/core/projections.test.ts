/** What the guide's two tables hold after each of the sixteen events, row by row, in values written by hand. */
import { describe, expect, test } from 'vitest';
import type { Recorded } from '../../services/core/events.ts';
import { user } from '../support/api.ts';
import { at, codeRow, emailRow, given, happened, iso, requested, rowsOf } from '../support/given.ts';

const asked = requested(0);
const which = { otpId: 'code-1', mailing: 1 };
const report = { ...which, feedbackId: 'f-1' };
const guessed = (seconds: number, attempts: number, otpId = 'code-1') =>
  happened(seconds, 'attempted', { otpId, attempts, attemptsMax: 3, wrongGuesses: attempts, ipHash: null });
const verified = (seconds: number) =>
  happened(seconds, 'verified', { otpId: 'code-1', userId: user(1), purpose: 'business', method: 'otp' });
const superseded = (seconds: number) => happened(seconds, 'superseded', { otpId: 'code-1', by: 'code-2' });
const said = { userId: user(1), purpose: 'business', by: user(9), before: false, after: true };

describe('requested', () => {
  test('makes a row of the address and a row of the code', () => {
    expect(rowsOf(asked)).toEqual({ email: emailRow, code: codeRow });
  });

  test('with limits and a life of its own, these stand in the row', () => {
    const more = { attemptsMax: 5, expiresAt: iso(90), digest: 'other-dige', otpId: 'code-7', emailId: 70 };
    expect(rowsOf(requested(30, more))).toEqual({
      email: { ...emailRow, id: 70, created_at: at(30), updated_at: at(30) },
      code: {
        ...codeRow,
        id: 'code-7',
        otp: 'other-dige',
        max_attempts: 5,
        created_at: at(30),
        updated_at: at(30),
        expires_at: at(90),
      },
    });
  });

  test('again for the same user and purpose: the row of the address keeps its id and its making and is of today', () => {
    const rows = rowsOf(asked, superseded(70), requested(70, { otpId: 'code-2', digest: 'digest-of2' }));
    expect(rows).toEqual({
      email: { ...emailRow, updated_at: at(70) },
      code: {
        ...codeRow,
        id: 'code-2',
        otp: 'digest-of2',
        created_at: at(70),
        updated_at: at(70),
        expires_at: at(670),
      },
    });
  });

  test('for another user or another purpose: a row of its own, with the id that the event names', () => {
    const second = requested(60, { otpId: 'code-2', userId: user(2), emailId: 12 });
    expect(rowsOf(asked, second).email).toEqual({
      ...emailRow,
      id: 12,
      user_id: user(2),
      created_at: at(60),
      updated_at: at(60),
    });
    const third = requested(120, { otpId: 'code-3', purpose: 'driver', emailId: 13 });
    expect(rowsOf(asked, second, third).email).toEqual({
      ...emailRow,
      id: 13,
      purpose: 'driver',
      created_at: at(120),
      updated_at: at(120),
    });
  });

  test('as a later mailing of the same code it changes no row', () => {
    expect(rowsOf(asked, requested(60, { mailing: 2 }))).toEqual({});
  });
});

describe('attempted', () => {
  test('counts in the row of the code, and in no other', () => {
    expect(rowsOf(asked, guessed(5, 1))).toEqual({ code: { ...codeRow, attempts: 1, updated_at: at(5) } });
    expect(rowsOf(asked, guessed(5, 1), guessed(6, 2))).toEqual({
      code: { ...codeRow, attempts: 2, updated_at: at(6) },
    });
  });

  test('of one of two codes leaves the other as it is', () => {
    const other = requested(60, { otpId: 'code-2', userId: user(2), emailId: 12, digest: 'digest-of2' });
    expect(rowsOf(asked, other, guessed(65, 1, 'code-2')).code).toEqual({
      ...codeRow,
      id: 'code-2',
      user_id: user(2),
      otp: 'digest-of2',
      attempts: 1,
      created_at: at(60),
      expires_at: at(660),
      updated_at: at(65),
    });
  });
});

describe('verified', () => {
  test('both rows say so and when; what was guessed before stays counted', () => {
    expect(rowsOf(asked, guessed(5, 1), verified(9))).toEqual({
      email: { ...emailRow, is_verified: true, verified_at: at(9), verification_method: 'otp', updated_at: at(9) },
      code: { ...codeRow, attempts: 1, verified: true, verified_at: at(9), updated_at: at(9) },
    });
  });

  test("another user's row of the same address and the same user's of another purpose stay unverified", () => {
    const other = requested(1, { otpId: 'code-2', userId: user(2), emailId: 12 });
    const another = requested(2, { otpId: 'code-3', purpose: 'driver', emailId: 13 });
    const { links } = given([asked, other, another, verified(9)]);
    expect(links.map(({ emailId, proof }) => [emailId, proof.kind])).toEqual([
      [11, 'verified'],
      [12, 'none'],
      [13, 'none'],
    ]);
  });

  test('once more, after an admin took it back, the row has the time and the way of the last', () => {
    const taken = happened(20, 'asserted', { ...said, emailId: 11, method: 'admin', before: true, after: false });
    const anew = requested(80, { otpId: 'code-2' });
    const again = happened(85, 'verified', { otpId: 'code-2', userId: user(1), purpose: 'business', method: 'otp' });
    expect(rowsOf(asked, verified(9), taken, anew, again).email).toEqual({
      ...emailRow,
      is_verified: true,
      verified_at: at(85),
      updated_at: at(85),
    });
  });
});

describe('superseded', () => {
  test('a replaced code reads as one whose time was over when it was replaced', () => {
    expect(rowsOf(asked, guessed(5, 1), superseded(70))).toEqual({
      code: { ...codeRow, attempts: 1, expires_at: at(70), updated_at: at(70) },
    });
  });

  test('where its own time was over before, that stays', () => {
    expect(rowsOf(asked, superseded(700))).toEqual({ code: { ...codeRow, updated_at: at(700) } });
  });
});

describe('expired', () => {
  test('changes no row: the row says already until when it lived', () => {
    expect(rowsOf(asked, happened(600, 'expired', { otpId: 'code-1' }))).toEqual({});
  });
});

describe('no row changes by', () => {
  test.each<[string, Recorded]>([
    ['sent', happened(1, 'sent', { ...which, messageId: 'm' })],
    ['send_failed', happened(1, 'send_failed', { ...which, reason: 'rejected' })],
    ['delivered', happened(1, 'delivered', report)],
    ['bounced', happened(1, 'bounced', { ...report, permanent: true, subType: 'General' })],
    ['complained', happened(1, 'complained', { ...report, complaint: 'abuse' })],
    ['unlocked', happened(1, 'unlocked', { by: user(9), before: 3 })],
    ['suppressed', happened(1, 'suppressed', { reason: 'admin', by: user(9) })],
    ['unsuppressed', happened(1, 'unsuppressed', { by: user(9), before: 'admin' })],
    ['erased', happened(1, 'erased', { by: user(9) })],
  ])('%s', (_, event) => {
    expect(rowsOf(asked, event)).toEqual({});
  });
});
