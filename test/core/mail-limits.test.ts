/** How many mails an address gets, and how many of them one user may ask for: both sides of every bound. */
import { describe, expect, test } from 'vitest';
import { user } from '../support/api.ts';
import { ask } from '../support/asking.ts';
import { requested } from '../support/given.ts';

/** A mail each at these seconds, asked for by the user with this number. */
const mails = (...asked: readonly (readonly [who: number, seconds: number])[]) =>
  asked.map(([who, seconds], n) => requested(seconds, { otpId: `code-${n}`, userId: user(who), emailId: n + 1 }));

/** The refusal of one more, or `requested`. */
function next(events: ReturnType<typeof mails>, { who = 1, seconds = 1000, policy = {} } = {}) {
  const outcome = ask({ events, seconds, policy }, { userId: user(who) });
  if (typeof outcome === 'string') return outcome;
  return 'code' in outcome ? Object.values(outcome).join(' ') : 'requested';
}

describe('a user’s share of an hour', () => {
  test('is two of the address’s five: the third waits until the first is an hour old', () => {
    expect(next(mails([1, 0]))).toBe('requested');
    expect(next(mails([1, 0], [1, 100]))).toBe('hourly_limit 2600');
    expect(next(mails([1, 0], [1, 100]), { seconds: 3599.999 })).toBe('hourly_limit 1');
    expect(next(mails([1, 0], [1, 100]), { seconds: 3600 })).toBe('requested');
  });

  test('takes nothing from others', () => {
    expect(next(mails([2, 0], [2, 100]))).toBe('requested');
    expect(next(mails([2, 0], [2, 100], [3, 200], [3, 300]))).toBe('requested');
    expect(next(mails([2, 0], [2, 100], [3, 200], [3, 300], [4, 400]))).toBe('hourly_limit 2600');
  });

  test('the last of the hour is for a user who has not asked in it', () => {
    const four = mails([1, 0], [2, 100], [3, 200], [4, 300]);
    expect(next(four)).toBe('hourly_limit 2600');
    expect(next(four, { who: 9 })).toBe('requested');
    // The own one ends later than the first of all: then three are left, and room for one more of anybody.
    expect(next(mails([2, 0], [3, 100], [4, 200], [1, 300]))).toBe('hourly_limit 2600');
    expect(next(mails([2, 0], [3, 100], [4, 200], [1, 300]), { seconds: 3600 })).toBe('requested');
  });

  test('is as it is set; as many as there are is no share, and nothing is kept', () => {
    const three = mails([1, 0], [1, 100], [1, 200]);
    const four = [...three, ...mails([1, 300])];
    expect(next(three, { policy: { requestsPerHourShare: 4 } })).toBe('requested');
    expect(next(four, { policy: { requestsPerHourShare: 4 } })).toBe('hourly_limit 2600');
    expect(next(four, { policy: { requestsPerHourShare: 5 } })).toBe('requested');
    expect(next(mails([1, 0]), { policy: { requestsPerHourMax: 1 } })).toBe('hourly_limit 2600');
    expect(next([], { policy: { requestsPerHourMax: 1 } })).toBe('requested');
  });
});

/** A mail each two thousand seconds. */
const hourly = (who: number, times: number, from = 0) =>
  Array.from({ length: times }, (_, n) => [who, from + n * 2000] as const);

describe('a user’s share of a day', () => {
  test('is eight of the address’s twenty', () => {
    expect(next(mails(...hourly(1, 7)), { seconds: 20_000 })).toBe('requested');
    expect(next(mails(...hourly(1, 8)), { seconds: 20_000 })).toBe('daily_limit 66400');
    expect(next(mails(...hourly(1, 8)), { who: 2, seconds: 20_000 })).toBe('requested');
  });

  test('whatever two strangers ask for, there is one left for whoever has not asked', () => {
    const strangers = mails(...hourly(2, 8), ...hourly(3, 8, 16_000), ...hourly(4, 3, 32_000));
    expect(strangers).toHaveLength(19);
    expect(next(strangers, { who: 4, seconds: 60_000 })).toMatch(/^daily_limit/);
    expect(next(strangers, { who: 1, seconds: 60_000 })).toBe('requested');
  });
});

describe('mails that a wrong clock dated ahead', () => {
  test.each([
    ['the cooldown', [[2, 30 * 86_400]], 0, 'requested'],
    ['the hour and the day', [1, 2, 3, 4, 5].map((n) => [n, 30 * 86_400 + n * 100]), 0, 'requested'],
    ['a step back of half a minute', [[2, 30]], 0, 'resend_cooldown 90'],
  ] as const)('%s: nobody waits for them, but where the clock stepped back a little', (_, asked, seconds, expected) => {
    expect(next(mails(...(asked as readonly (readonly [number, number])[])), { seconds })).toBe(expected);
  });

  test('a code that it issued is dead, and is not mailed again', () => {
    const ahead = [requested(30 * 86_400)];
    expect(ask({ events: ahead, seconds: 0 })).toMatchObject([{ type: 'expired' }, {}, { data: { mailing: 1 } }]);
  });
});
