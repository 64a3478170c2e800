/** What a state remembers of wrong guesses, and of times that a wrong clock dated ahead. */
import { describe, expect, test } from 'vitest';
import { user } from '../support/api.ts';
import { guessed } from '../support/asking.ts';
import { at, given, happened, requested } from '../support/given.ts';

const asked = requested(0);
const verified = happened(9, 'verified', { otpId: 'code-1', userId: user(1), purpose: 'business', method: 'otp' });

describe('the state after', () => {
  test('verified: what others guessed wrong stays as it is', () => {
    const other = requested(1, { otpId: 'code-2', userId: user(2), emailId: 12 });
    const by2 = happened(6, 'attempted', { ...guessed(5, 1).data, otpId: 'code-2' });
    expect(given([asked, other, guessed(5, 1), by2, verified]).wrongGuesses).toEqual([{ userId: user(2), at: at(6) }]);
  });

  test('attempted remembers the wrong guesses of a day, and a hundred of them', () => {
    const many = Array.from({ length: 130 }, (_, n) => guessed(n, 1));
    const { wrongGuesses } = given([asked, ...many]);
    expect([wrongGuesses.length, wrongGuesses[0]?.at]).toEqual([100, at(30)]);
    expect(given([asked, ...many, guessed(86_400 + 128, 1)]).wrongGuesses).toEqual([
      { userId: user(1), at: at(129) },
      { userId: user(1), at: at(86_528) },
    ]);
  });

  test('an event dated before the last puts right what a wrong clock dated days ahead: it happened by then at the latest', () => {
    const DAYS = 2 * 86_400;
    const soft = { otpId: 'code-1', mailing: 1, feedbackId: 'f', permanent: false, subType: 's' };
    const sent = happened(20, 'sent', { otpId: 'code-1', mailing: 1, messageId: 'm' });
    const state = given([requested(DAYS), guessed(DAYS + 5, 1), happened(DAYS + 9, 'bounced', soft), sent]);
    expect(state).toMatchObject({ lastEventAt: at(20), wrongGuesses: [{ at: at(20) }] });
    expect(state.codes[0]?.mailings).toEqual([{ at: at(20), delivery: 'bounced' }]);
    expect(state.feedback?.softBounces).toEqual([at(20)]);
  });

  test('what lies less than a day ahead stays: it may be the earlier event whose clock is wrong', () => {
    const sent = happened(20, 'sent', { otpId: 'code-1', mailing: 1, messageId: 'm' });
    const state = given([requested(3600), guessed(3605, 1), sent]);
    expect(state).toMatchObject({ lastEventAt: at(20), wrongGuesses: [{ at: at(3605) }] });
    expect(state.codes[0]?.mailings).toMatchObject([{ at: at(3600) }]);
  });
});
