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

  test('an event dated before the last puts right what a wrong clock dated ahead: it happened by then at the latest', () => {
    const soft = happened(999, 'bounced', {
      otpId: 'code-1',
      mailing: 1,
      feedbackId: 'f',
      permanent: false,
      subType: 's',
    });
    const state = given([
      requested(990),
      guessed(995, 1),
      soft,
      happened(20, 'unsuppressed', { by: user(9), before: 'admin' }),
    ]);
    expect(state).toMatchObject({ reopenedAt: at(20), lastEventAt: at(20), wrongGuesses: [{ at: at(20) }] });
    expect(state.codes[0]?.mailings).toEqual([{ at: at(20), delivery: 'bounced' }]);
    const again = given([requested(990), soft, happened(20, 'sent', { otpId: 'code-1', mailing: 1, messageId: 'm' })]);
    expect(again.feedback?.softBounces).toEqual([at(20)]);
  });
});
