/** Typing a code: whole decisions in values written by hand, and both sides of every bound. */
import { describe, expect, test } from 'vitest';
import { user } from '../support/api.ts';
import { book, type Given, guess, guessed, guessedTimes, rightDigits, sent } from '../support/asking.ts';
import { happened, requested } from '../support/given.ts';

const asked = requested(0);
const again = requested(60, { mailing: 2, issuedAt: asked.data.issuedAt, expiresAt: asked.data.expiresAt });
const right = {
  type: 'verified',
  data: { otpId: 'code-1', userId: '00000000-0000-4000-8000-000000000001', purpose: 'business', method: 'otp' },
};
const wrong = (attempts: number, wrongGuesses: number) => ({
  type: 'attempted',
  data: { otpId: 'code-1', attempts, attemptsMax: 3, wrongGuesses, ipHash: 'net-1' },
});

describe('the right code', () => {
  test('verifies; a mail of it that waits is given up, one that went out is not', () => {
    expect(guess({ events: [asked, sent] })).toEqual([right]);
    expect(guess({ events: [asked, sent, again] })).toEqual([
      right,
      { type: 'send_failed', data: { otpId: 'code-1', mailing: 2, reason: 'verified' } },
    ]);
  });

  test('is accepted to the last millisecond of its life, and not at its end', () => {
    expect(guess({ events: [asked, sent], seconds: 599.999 })).toEqual([right]);
    expect(guess({ events: [asked, sent], seconds: 600 })).toEqual({ code: 'otp_expired' });
  });

  test('of an epoch before a restore is dead', () => {
    expect(guess({ events: [asked, sent], codeBook: { ...book, epoch: 2 } })).toEqual({ code: 'otp_expired' });
  });

  test('of a code whose key this process does not have is not judged, and costs nothing', () => {
    const without = { events: [asked, sent], codeBook: { ...book, hasKey: () => false, isCode: () => false } };
    const refusal = { code: 'otp_key_unavailable', retryAfterSeconds: 2 };
    expect(guess(without)).toEqual(refusal);
    expect(guess(without, { guess: '000000' })).toEqual(refusal);
    expect(guess({ ...without, seconds: 600 })).toEqual({ code: 'otp_expired' });
    const replaced = [asked, sent, happened(50, 'superseded', { otpId: 'code-1', by: 'x' })];
    expect(guess({ ...without, events: replaced })).toEqual({ code: 'otp_superseded' });
  });

  test('is accepted as the third guess and not as the fourth', () => {
    expect(guess({ events: [asked, sent, guessed(5, 1), guessed(6, 2)] })).toEqual([right]);
    expect(guess({ events: [asked, sent, guessed(5, 1), guessed(6, 2), guessed(7, 3)] })).toEqual({
      code: 'too_many_attempts',
      attemptsRemaining: 0,
    });
  });

  const verified = happened(9, 'verified', { otpId: 'code-1', userId: user(1), purpose: 'business', method: 'otp' });

  test('again within a minute is welcome and records nothing; wrong digits, or a minute later, it is used up', () => {
    expect(guess({ events: [asked, verified], seconds: 68.999 })).toBe('just-verified');
    expect(guess({ events: [asked, verified], seconds: 69 })).toEqual({ code: 'otp_used' });
    expect(guess({ events: [asked, verified], seconds: 10 }, { guess: '000000' })).toEqual({ code: 'otp_used' });
  });

  test.each([
    ['superseded', happened(50, 'superseded', { otpId: 'code-1', by: 'x' }), 'otp_superseded'],
    ['expired', happened(600, 'expired', { otpId: 'code-1' }), 'otp_expired'],
  ])('of a code that is %s is refused and counts as no guess', (_, end, code) => {
    expect(guess({ events: [asked, sent, end] })).toEqual({ code });
  });
});

describe('a wrong code', () => {
  test('counts: of the code, and of the address, over all its codes', () => {
    expect(guess({ events: [asked] }, { guess: '000000' })).toEqual([wrong(1, 1)]);
    const more = guessedTimes(3, 5, 2);
    expect(guess({ events: [asked, ...more] }, { guess: '000000' })).toEqual([wrong(3, 4)]);
  });

  test('judged is what the code is for: its own address, user, purpose and keys, not the caller’s words', () => {
    const seen: unknown[] = [];
    const codeBook = {
      ...book,
      isCode: (identity: unknown, digits: string) => {
        seen.push(identity, digits);
        return false;
      },
    };
    guess({ events: [asked], codeBook }, { guess: '123456' });
    expect(seen).toMatchObject([
      {
        otpId: 'code-1',
        address: 'a@example.com',
        userId: user(1),
        purpose: 'business',
        salt: 'salt-1',
        keyId: 'k1',
        epoch: 1,
        codeDigits: 6,
      },
      '123456',
    ]);
  });

  test.each<[string, Given, number]>([
    ['5 wrong: at once', { events: [asked, ...guessedTimes(5, 5, 1)], seconds: 5 }, 30],
    ['5 wrong: a millisecond before', { events: [asked, ...guessedTimes(5, 5, 1)], seconds: 34.999 }, 1],
    ['6 wrong', { events: [asked, ...guessedTimes(6, 5, 1)], seconds: 5 }, 60],
    ['10 wrong: until they are a day old', { events: [asked, ...guessedTimes(10, 5, 1)], seconds: 500 }, 85_905],
  ])('by a user with %s is not judged, nor is the right one', (_, about, retryAfterSeconds) => {
    const refusal = { code: 'address_locked', retryAfterSeconds };
    expect(guess(about)).toEqual(refusal);
    expect(guess(about, { guess: '000000' })).toEqual(refusal);
  });

  test('is judged again when the wait is over', () => {
    expect(guess({ events: [asked, sent, ...guessedTimes(5, 5, 1)], seconds: 35 })).toEqual([right]);
    expect(guess({ events: [asked, ...guessedTimes(5, 5, 1)], seconds: 35 }, { guess: '000000' })).toEqual([
      wrong(2, 6),
    ]);
  });

  test('goes by the guesses its code was issued with, whatever is set since', () => {
    const one = requested(0, { attemptsMax: 1 });
    expect(guess({ events: [asked, sent, guessed(5, 1)], policy: { attemptsMax: 1 } })).toEqual([right]);
    expect(guess({ events: [one, guessed(5, 1)], policy: { attemptsMax: 3 } })).toMatchObject({
      code: 'too_many_attempts',
    });
  });

  test('of a used-up code is told so before that the address is locked', () => {
    expect(guess({ events: [asked, ...guessedTimes(20, 5, 3)] })).toMatchObject({ code: 'too_many_attempts' });
  });
});

describe('what cannot be the code', () => {
  test.each(['11111', '1111111', '', '0'])(
    '%j is no guess: it is told how many digits are needed, and counts nowhere',
    (typed) => {
      const refusal = { code: 'invalid_request', field: 'otp', detail: 'the code has 6 digits' };
      expect(guess({ events: [asked] }, { guess: typed })).toEqual(refusal);
      expect(guess({ events: [] }, { guess: typed })).toEqual(refusal);
      expect(guess({ events: [asked, ...guessedTimes(20, 5, 3)] }, { guess: typed })).toEqual(refusal);
    },
  );

  test('goes by the code that is meant, and by the policy where none is', () => {
    const long = requested(0, { codeDigits: 8 });
    expect(guess({ events: [long] })).toEqual({
      code: 'invalid_request',
      field: 'otp',
      detail: 'the code has 8 digits',
    });
    expect(guess({ events: [long] }, { guess: '00000000' })).toMatchObject([{ type: 'attempted' }]);
    expect(guess({ policy: { codeDigits: 8 } })).toMatchObject({ detail: 'the code has 8 digits' });
    expect(guess({ policy: { codeDigits: 8 } }, { guess: '00000000' })).toEqual({ code: 'otp_unknown' });
  });
});

describe('which code is meant', () => {
  const unknown = { code: 'otp_unknown' };
  const other = requested(61, { otpId: 'code-2', userId: user(2), emailId: 12 });
  const driver = requested(122, { otpId: 'code-3', purpose: 'driver', emailId: 13 });
  const plain = requested(183, { otpId: 'code-4', purpose: 'verification', emailId: 14 });
  const events = [asked, sent, other, driver, plain];
  const later = { events, seconds: 200 };

  test('the one named, if it is the caller’s; another’s and an unheard-of id are alike unknown', () => {
    expect(guess(later, { otpId: 'code-3', guess: rightDigits('code-3') })).toMatchObject([
      { data: { otpId: 'code-3' } },
      {},
    ]);
    const whatever = { otpId: 'code-3', purpose: 'business', guess: rightDigits('code-3') };
    expect(guess(later, whatever)).toMatchObject([{ data: { otpId: 'code-3', purpose: 'driver' } }, {}]);
    expect(guess(later, { otpId: 'code-2', guess: rightDigits('code-2') })).toEqual(unknown);
    expect(guess(later, { otpId: 'code-9', guess: rightDigits('code-9') })).toEqual(unknown);
    expect(guess({ events: [] }, {})).toEqual(unknown);
  });

  test('without an id the newest of the caller and the purpose, `verification` where none is said', () => {
    const none = { otpId: undefined };
    expect(guess(later, { ...none, guess: rightDigits('code-4') })).toMatchObject([{ data: { otpId: 'code-4' } }, {}]);
    expect(guess(later, { ...none, purpose: 'driver', guess: rightDigits('code-3') })).toMatchObject([
      { data: { otpId: 'code-3', purpose: 'driver' } },
      {},
    ]);
    expect(guess(later, { ...none, userId: user(2) })).toEqual(unknown);
    expect(guess({ events: [asked] }, none)).toEqual(unknown);
    const newer = requested(200, { otpId: 'code-5' });
    const old = happened(200, 'superseded', { otpId: 'code-1', by: 'code-5' });
    expect(
      guess(
        { events: [asked, old, newer], seconds: 201 },
        { ...none, purpose: 'business', guess: rightDigits('code-5') },
      ),
    ).toMatchObject([{ data: { otpId: 'code-5' } }, {}]);
  });
});
