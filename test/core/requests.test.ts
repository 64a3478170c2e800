/** Asking for a code: whole decisions in values written by hand, and what becomes of the code before. */
import { describe, expect, test } from 'vitest';
import { user } from '../support/api.ts';
import { ask, book, type Given, guessed, sent, types } from '../support/asking.ts';
import { happened, iso, requested } from '../support/given.ts';

const asked = requested(0);

describe('asking', () => {
  const anew = {
    type: 'requested',
    data: {
      otpId: 'code-2',
      userId: '00000000-0000-4000-8000-000000000001',
      purpose: 'business',
      mailing: 1,
      emailId: 77,
      salt: 'salt-2',
      keyId: 'k1',
      epoch: 1,
      digest: `code-2 a@example.com ${user(1)} business salt-2 k1 1 6`,
      codeDigits: 6,
      attemptsMax: 3,
      issuedAt: '2026-03-01T12:01:40.000Z',
      expiresAt: '2026-03-01T12:11:40.000Z',
      resendAfterSeconds: 60,
      locale: 'de',
      ipHash: 'net-1',
    },
  };

  test('issues a code by the policy and the keys of now', () => {
    expect(ask({})).toEqual([anew]);
    const codeBook = { ...book, keyId: 'k2', epoch: 5 };
    const policy = { codeDigits: 8, attemptsMax: 4, codeTtlSeconds: 90, cooldownSeconds: 30 };
    const digest = `code-2 a@example.com ${user(1)} business salt-2 k2 5 8`;
    const own = { keyId: 'k2', epoch: 5, digest, codeDigits: 8, attemptsMax: 4, resendAfterSeconds: 30 };
    expect(ask({ policy, codeBook })).toEqual([
      { type: 'requested', data: { ...anew.data, ...own, expiresAt: '2026-03-01T12:03:10.000Z' } },
    ]);
  });

  test('mails a fresh code again: the same in all but the mailing, the language and the network', () => {
    const codeBook = { ...book, digest: () => 'never asked' };
    expect(ask({ events: [asked, sent], codeBook, policy: { codeDigits: 8, codeTtlSeconds: 90 } })).toEqual([
      {
        type: 'requested',
        data: {
          ...anew.data,
          otpId: 'code-1',
          mailing: 2,
          emailId: 11,
          salt: 'salt-1',
          digest: 'digest-of1',
          issuedAt: iso(0),
          expiresAt: iso(600),
        },
      },
    ]);
    const twice = requested(100, { mailing: 2, issuedAt: iso(0), expiresAt: iso(600) });
    const policy = { requestsPerHourShare: 5 };
    expect(ask({ events: [asked, sent, twice], seconds: 200, policy })).toMatchObject([{ data: { mailing: 3 } }]);
  });

  const replaced = [
    { type: 'superseded', data: { otpId: 'code-1', by: 'code-2' } },
    { ...anew, data: { ...anew.data, emailId: 11 } },
  ];

  test('replaces a guessed code; the row of the address is the same', () => {
    expect(ask({ events: [asked, sent, guessed(5, 1)] })).toEqual(replaced);
    const givenUp = { type: 'send_failed', data: { otpId: 'code-1', mailing: 1, reason: 'superseded' } };
    expect(ask({ events: [asked, guessed(5, 1)] })).toEqual([replaced[0], givenUp, replaced[1]]);
  });

  test.each([
    ['at half its life it is mailed again', { seconds: 300 }, 'requested'],
    ['a millisecond later it is replaced', { seconds: 300.001 }, 'superseded requested'],
    ['of another epoch', { codeBook: { ...book, epoch: 2 } }, 'superseded requested'],
    ['of a key that is gone', { codeBook: { ...book, hasKey: () => false } }, 'superseded requested'],
    ['lapsed, it expires', { seconds: 600 }, 'expired requested'],
  ])('a code %s', (_, about: Given, expected) => {
    expect(types(ask({ events: [asked, sent], ...about }))).toBe(expected);
  });

  const who = { userId: user(1), purpose: 'business' };
  const takenBack = { ...who, emailId: 11, method: 'admin' as const, by: user(9), before: true, after: false };

  test.each([
    ['expired', 700, [happened(600, 'expired', { otpId: 'code-1' })]],
    ['superseded', 100, [happened(50, 'superseded', { otpId: 'code-1', by: 'x' })]],
    [
      'used, and its proof taken back,',
      100,
      [happened(9, 'verified', { ...who, otpId: 'code-1', method: 'otp' }), happened(20, 'asserted', takenBack)],
    ],
  ])('a code that is %s stays so: a new one, and nothing more of the old', (_, seconds, end) => {
    expect(ask({ events: [asked, sent, ...end], seconds })).toMatchObject([
      { type: 'requested', data: { otpId: 'code-2', mailing: 1 } },
    ]);
  });

  test("another user's code, and the same user's of another purpose, stay as they are", () => {
    expect(types(ask({ events: [asked, sent, guessed(5, 1)] }, { userId: user(2) }))).toBe('requested');
    expect(types(ask({ events: [asked, sent, guessed(5, 1)] }, { purpose: 'driver' }))).toBe('requested');
    expect(ask({ events: [asked] }, { purpose: 'driver' })).toMatchObject([{ data: { emailId: 77 } }]);
  });
});
