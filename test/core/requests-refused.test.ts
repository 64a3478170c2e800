/** When asking for a code is refused: both sides of every bound, and which of two reasons is told. */
import { describe, expect, test } from 'vitest';
import { user } from '../support/api.ts';
import { ask, guessedTimes, sent } from '../support/asking.ts';
import { happened, iso, requested } from '../support/given.ts';

const asked = requested(0);

const mails = (count: number, gap: number) =>
  Array.from({ length: count }, (_, n) =>
    requested(n * gap, { otpId: `code-${n}`, userId: user(n + 10), emailId: n + 1 }),
  );

/** So many wrong guesses of user 1 at the address, all at 100 s. */
const locked = (count: number) => [asked, sent, ...guessedTimes(count, 100, 3)];
const nobody = { sending: { to: 'nobody', code: 'mail_unavailable', retryAfterSeconds: 10 } } as const;

describe('asking is refused', () => {
  const proof = happened(9, 'verified', { otpId: 'code-1', userId: user(1), purpose: 'business', method: 'otp' });
  const closed = happened(2, 'suppressed', { reason: 'bounce', by: null });

  test('where the user verified the address for any purpose; that is no refusal, and comes before every other', () => {
    expect(ask({ events: [asked, proof, closed], seconds: 10 }, { purpose: 'driver', ...nobody })).toBe(
      'already-verified',
    );
    expect(ask({ events: [asked, proof], seconds: 10 }, { userId: user(2) })).toMatchObject({
      code: 'resend_cooldown',
    });
  });

  test('where the address is closed, and that is said before how long to wait', () => {
    expect(ask({ events: [asked, closed], seconds: 10 })).toEqual({ code: 'address_suppressed' });
  });

  test('where no mail would go out; a limit is said before, since waiting for it is longer', () => {
    expect(ask({}, nobody)).toEqual({ code: 'mail_unavailable', retryAfterSeconds: 10 });
    expect(ask({ events: [asked], seconds: 10 }, nobody)).toEqual({
      code: 'resend_cooldown',
      retryAfterSeconds: 50,
    });
  });

  test('where too many mails came back: an address that is proven gets one, and no other', () => {
    const sending = { to: 'proven', code: 'sending_paused', retryAfterSeconds: 777 } as const;
    const refusal = { code: 'sending_paused', retryAfterSeconds: 777 };
    const later = { seconds: 4000 };
    expect(ask(later, { sending })).toEqual(refusal);
    expect(ask({ ...later, events: [asked, sent] }, { sending })).toEqual(refusal);
    const arrived = happened(2, 'delivered', { otpId: 'code-1', mailing: 1, feedbackId: 'f' });
    for (const proven of [proof, arrived])
      expect(ask({ ...later, events: [asked, sent, proven] }, { sending, userId: user(2) })).toMatchObject([{}]);
    const nobodyAtAll = { to: 'nobody', code: 'user_paused', retryAfterSeconds: 777 } as const;
    expect(ask({ ...later, events: [asked, sent, arrived] }, { sending: nobodyAtAll, userId: user(2) })).toMatchObject({
      code: 'user_paused',
    });
  });

  test.each([
    [0.001, 60],
    [1, 59],
    [59, 1],
    [59.001, 1],
    [59.999, 1],
  ])('%d s after the last mail to the address: %d s more', (seconds, retryAfterSeconds) => {
    expect(ask({ events: [asked], seconds }, { userId: user(2) })).toEqual({
      code: 'resend_cooldown',
      retryAfterSeconds,
    });
  });

  test('no longer at 60 s', () => {
    expect(ask({ events: [asked], seconds: 60 }, { userId: user(2) })).toMatchObject([{ type: 'requested' }]);
  });

  test.each([
    ['hourly_limit', 5, 100, 3599.999, 1],
    ['hourly_limit', 5, 100, 500, 3100],
    ['daily_limit', 20, 1000, 86_399.999, 1],
    ['daily_limit', 20, 1000, 20_000, 66_400],
  ] as const)('%s: after %d mails, one each %d s, at %d s: %d s more', (code, count, gap, seconds, wait) => {
    expect(ask({ events: mails(count, gap), seconds })).toEqual({ code, retryAfterSeconds: wait });
    expect(ask({ events: mails(count - 1, gap), seconds })).not.toMatchObject({ code });
  });

  test('the hour and the day slide: they end with their oldest mail, and mails of one code again count too', () => {
    expect(ask({ events: mails(5, 100), seconds: 3600 })).toMatchObject([{ type: 'requested' }]);
    expect(ask({ events: mails(20, 1000), seconds: 86_400 })).toMatchObject([{ type: 'requested' }]);
    const again = [2, 3, 4, 5].map((mailing) =>
      requested(mailing * 60, { mailing, issuedAt: iso(0), expiresAt: iso(600) }),
    );
    expect(ask({ events: [asked, ...again], seconds: 400 }, { userId: user(2) })).toEqual({
      code: 'hourly_limit',
      retryAfterSeconds: 3200,
    });
  });

  test('as the policy says: another cooldown, hour and day', () => {
    const policy = { cooldownSeconds: 10, requestsPerHourMax: 2, requestsPerDayMax: 3 };
    expect(ask({ events: [asked], seconds: 9, policy })).toEqual({ code: 'resend_cooldown', retryAfterSeconds: 1 });
    expect(ask({ events: mails(2, 100), seconds: 300, policy })).toEqual({
      code: 'hourly_limit',
      retryAfterSeconds: 3300,
    });
    expect(ask({ events: mails(3, 4000), seconds: 9000, policy })).toEqual({
      code: 'daily_limit',
      retryAfterSeconds: 77_400,
    });
  });

  test('where guesses are locked for longer than a code lives: it would die unjudged', () => {
    const lapsed = happened(700, 'expired', { otpId: 'code-1' });
    // The tenth wrong guess locks this user until the first is a day old; nobody else, who has none.
    expect(ask({ events: [...locked(10), lapsed], seconds: 4000 })).toEqual({
      code: 'address_locked',
      retryAfterSeconds: 82_500,
    });
    expect(ask({ events: [...locked(10), lapsed], seconds: 4000 }, { userId: user(2) })).toMatchObject([{}]);
    expect(ask({ events: [...locked(100), lapsed], seconds: 4000 }, { userId: user(2) })).toMatchObject({
      code: 'address_locked',
    });
    // 9 wrong guesses: the next may be judged at 580 s.
    const policy = { codeTtlSeconds: 120 };
    expect(ask({ events: locked(9), seconds: 459, policy })).toEqual({
      code: 'address_locked',
      retryAfterSeconds: 121,
    });
    expect(ask({ events: locked(9), seconds: 460, policy })).toMatchObject([{ type: 'superseded' }, {}]);
  });

  test('by a limit beyond the address; of two waits the longer is said', () => {
    const overLimit = { code: 'user_limit', retryAfterSeconds: 30 } as const;
    expect(ask({ overLimit })).toEqual(overLimit);
    expect(ask({ events: [asked], seconds: 10, overLimit })).toEqual({
      code: 'resend_cooldown',
      retryAfterSeconds: 50,
    });
    expect(ask({ events: [asked], seconds: 40, overLimit })).toEqual(overLimit);
  });
});
