/** Typing a code: what is judged, what it costs, and that a new code does not refill the address's budget. */
import { describe, expect, test } from 'vitest';
import { user } from '../support/api.ts';
import { Story, told } from '../support/rules.ts';

function started(policy = {}): Story {
  const story = new Story(policy);
  story.request();
  return story;
}

describe('typing a code', () => {
  test('the right one verifies once, and a repeat within a minute is welcome and records nothing', () => {
    const story = started();
    expect(told(story.guess(story.code()))).toBe('verified send_failed');
    const recorded = story.events.length;
    expect(told(story.after(59).guess(story.code()))).toBe('just-verified');
    expect(told(story.guess(story.wrong()))).toBe('otp_used');
    expect(told(story.after(2).guess(story.code()))).toBe('otp_used');
    expect(story.events).toHaveLength(recorded);
  });

  test('three wrong ones end it: the right one is then refused', () => {
    const story = started();
    for (let n = 0; n < 3; n++) expect(told(story.guess(story.wrong()))).toBe('attempted');
    expect(story.events.at(-1)?.data).toMatchObject({ attempts: 3, attemptsMax: 3, wrongGuesses: 3 });
    expect(told(story.guess(story.code()))).toBe('too_many_attempts');
    expect(story.types()).not.toContain('verified');
  });

  test('the right one among the first three is accepted, whatever comes after', () => {
    const story = started();
    story.guess(story.wrong());
    story.guess(story.wrong());
    expect(told(story.guess(story.code()))).toContain('verified');
    expect(told(story.guess(story.wrong()))).toBe('otp_used');
  });

  test('at its last millisecond it is valid, at its end it is not', () => {
    const story = started();
    story.after(599.999);
    const late = new Story();
    late.state = story.state;
    expect(told(story.guess(story.code()))).toContain('verified');
    late.nowSeconds = 600;
    expect(told(late.guess(late.code()))).toBe('otp_expired');
    expect(late.events).toHaveLength(0);
  });

  test("another user's and an unheard-of id are as unknown; without an id so is another purpose's", () => {
    const story = started();
    const otpId = 'otp-1';
    const answers = [
      story.guess(story.code(), { userId: user(2), otpId }),
      story.guess(story.code(), { purpose: 'business' }),
      story.guess(story.code(), { otpId: 'otp-99' }),
      story.guess(story.code(), { userId: user(2) }),
    ];
    expect(answers.map(told)).toEqual(Array(4).fill('otp_unknown'));
    expect(story.events).toHaveLength(1);
    expect(told(story.guess(story.code(), { purpose: 'business', otpId }))).toContain('verified');
    expect(story.events.find(({ type }) => type === 'verified')).toMatchObject({ data: { purpose: 'verification' } });
  });

  test('what has not its length is no guess: nothing is recorded, and it is told before anything else of the code', () => {
    const story = started();
    for (const guess of ['12345', '1234567', '', story.code().slice(1), `${story.code()}0`]) {
      for (const which of [{ otpId: 'otp-1' }, { otpId: 'otp-99' }, {}]) {
        expect(story.guess(guess, which)).toEqual({
          kind: 'rejected',
          rejection: { code: 'invalid_request', field: 'otp', detail: 'the code has 6 digits' },
        });
      }
    }
    expect(story.events).toHaveLength(1);
  });

  test('a code that was made longer than codes are now keeps its length', () => {
    const long = new Story({ codeDigits: 8 });
    long.request();
    const now = new Story({ codeDigits: 6 });
    now.state = long.state;
    expect(told(now.guess('123456'))).toBe('invalid_request');
    expect(told(now.guess(long.code()))).toContain('verified');
  });

  test('without an id it is the newest of this user and purpose', () => {
    const story = started();
    story.guess(story.wrong());
    story.after(61).request();
    expect(told(story.guess(story.code('otp-2')))).toContain('verified');
  });

  test('a code from before a restore is dead', () => {
    const story = started();
    expect(told(story.guess(story.code(), { epoch: 2 }))).toBe('otp_expired');
    expect(story.events).toHaveLength(1);
  });

  test('a new code does not refill the budget of wrong guesses: 100 guesses at each of 8 codes of a day, exactly 10 judged', () => {
    const story = new Story();
    let judged = 0;
    let codes = 0;
    for (let n = 0; n < 8; n++) {
      if (told(story.after(2 * 3600).request()).includes('requested')) codes++;
      for (let m = 0; m < 100; m++) if (told(story.after(1).guess(story.wrong())) === 'attempted') judged++;
    }
    expect(judged).toBe(10);
    expect(codes).toBeLessThan(8);
    expect(told(story.request())).toBe('address_locked');
    expect(told(story.guess(story.code()))).not.toContain('verified');
  });

  test('from the fifth wrong guess on the next one has to wait, twice as long each time', () => {
    const story = started({ attemptsMax: 10 });
    for (let n = 0; n < 5; n++) expect(told(story.guess(story.wrong()))).toBe('attempted');
    // Five events in one millisecond stand five milliseconds apart, so the wait may be a little over the whole seconds.
    expect(story.guess(story.code())).toEqual({
      kind: 'rejected',
      rejection: { code: 'address_locked', retryAfterSeconds: 31 },
    });
    expect(told(story.after(30).guess(story.code()))).toBe('address_locked');
    expect(told(story.after(1).guess(story.wrong()))).toBe('attempted');
    expect(story.guess(story.code())).toMatchObject({ rejection: { retryAfterSeconds: 60 } });
    expect(told(story.after(60).guess(story.code()))).toContain('verified');
  });

  test('success gives the budget back', () => {
    const story = started();
    story.guess(story.wrong());
    story.guess(story.code());
    expect(story.state.wrongGuesses).toEqual([]);
  });
});
