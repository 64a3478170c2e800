/** The rules as numbers: their defaults and bounds, the waits they lead to, and what an address's state is asked for. */
import { describe, expect, test } from 'vitest';
import {
  CODE_TTL_SECONDS_FORCED_MAX,
  CODE_TTL_SECONDS_MAX,
  defaultPolicy,
  lostRacesMax,
  policyBounds,
  retryAfterSeconds,
} from '../../services/core/policy.ts';
import {
  type AddressState,
  findCode,
  findLink,
  latestDelivery,
  newestCode,
  nextExpiry,
  verifiedLink,
} from '../../services/core/state.ts';
import { user } from '../support/api.ts';
import { at, code, given, link, requested } from '../support/given.ts';
import { Story } from '../support/rules.ts';

describe('a rule', () => {
  test('has the default of the guide, or a sane one', () => {
    expect(defaultPolicy).toEqual({
      codeDigits: 6,
      codeTtlSeconds: 600,
      attemptsMax: 3,
      cooldownSeconds: 60,
      requestsPerHourMax: 5,
      requestsPerDayMax: 20,
      requestsPerHourShare: 2,
      requestsPerDayShare: 8,
      wrongGuessesMax: 20,
      wrongGuessesPerUserMax: 10,
      requestsPerUserHourMax: 10,
      requestsPerMinuteMax: 3000,
    });
  });

  test.each([
    ['codeDigits', 6, 10],
    ['codeTtlSeconds', 30, 86_400],
    ['attemptsMax', 1, 10],
    ['cooldownSeconds', 1, 3600],
    ['requestsPerHourMax', 1, 50],
    ['requestsPerDayMax', 1, 50],
    ['requestsPerHourShare', 1, 50],
    ['requestsPerDayShare', 1, 50],
    ['wrongGuessesMax', 5, 100],
    ['wrongGuessesPerUserMax', 5, 100],
    ['requestsPerUserHourMax', 0, 1_000_000],
    ['requestsPerMinuteMax', 0, 10_000_000],
  ] as const)('%s is from %d to %d and says what it is', (name, min, max) => {
    expect(policyBounds[name]).toMatchObject({ min, max });
    expect(policyBounds[name].sentence).toMatch(/^[A-Z].+\.$/);
  });

  test('a code lives ten minutes unless forced, and then a day at most (ASVS 5.0 6.5.5)', () => {
    expect([CODE_TTL_SECONDS_MAX, CODE_TTL_SECONDS_FORCED_MAX]).toEqual([600, 86_400]);
  });
});

describe('Retry-After', () => {
  test.each([
    [0, 1],
    [-5000, 1],
    [1, 1],
    [1000, 1],
    [1001, 2],
    [86_400_000, 86_400],
    [86_400_001, 86_400],
    [Number.POSITIVE_INFINITY, 86_400],
  ])('of %d ms is %d s: whole, at least 1, at most a day', (milliseconds, seconds) => {
    expect(retryAfterSeconds(at(0) + milliseconds, at(0))).toBe(seconds);
  });
});

test('a command may lose as many races as the policy lets others record: 4 a mail of the day, each guess, one more', () => {
  expect(lostRacesMax(defaultPolicy)).toBe(181);
  expect(lostRacesMax({ ...defaultPolicy, requestsPerDayMax: 50 })).toBe(301);
});

const proven = (seconds: number) => ({ kind: 'verified', at: at(seconds), method: 'otp' }) as const;

describe('of a state', () => {
  const links = [
    { ...link, emailId: 1, purpose: 'business', proof: proven(5) },
    { ...link, emailId: 2, purpose: 'driver', proof: proven(9) },
    { ...link, emailId: 3, purpose: 'verification', proof: proven(7) },
    { ...link, emailId: 4, purpose: 'other' },
    { ...link, emailId: 5, userId: user(2), proof: proven(50) },
    { ...link, emailId: 6, userId: user(3) },
  ];
  const state: AddressState = { ...given([]), links };

  test('a user is verified by the latest proof of any purpose, and never by another user’s', () => {
    expect(verifiedLink(state, user(1))?.emailId).toBe(2);
    expect(verifiedLink(state, user(2))?.emailId).toBe(5);
    expect(verifiedLink(state, user(3))).toBeUndefined();
    expect(verifiedLink(state, user(4))).toBeUndefined();
  });

  test('a link is found by user and purpose together', () => {
    expect(findLink(state, user(1), 'driver')?.emailId).toBe(2);
    expect(findLink(state, user(2), 'driver')).toBeUndefined();
    expect(findLink(state, user(2), 'business')?.emailId).toBe(5);
  });

  const several = given([
    requested(0, { otpId: 'a', purpose: 'business' }),
    requested(60, { otpId: 'b', purpose: 'driver', emailId: 12 }),
    requested(120, { otpId: 'c', purpose: 'business' }),
    requested(180, { otpId: 'd', userId: user(2), emailId: 13 }),
  ]);

  test('a code is found by its id; the newest is the last asked for, of one purpose or of any', () => {
    expect(findCode(several, 'b')?.purpose).toBe('driver');
    expect(findCode(several, 'z')).toBeUndefined();
    expect(newestCode(several, user(1), 'business')?.otpId).toBe('c');
    expect(newestCode(several, user(1), 'driver')?.otpId).toBe('b');
    expect(newestCode(several, user(1))?.otpId).toBe('c');
    expect(newestCode(several, user(2))?.otpId).toBe('d');
    expect(newestCode(several, user(2), 'driver')).toBeUndefined();
    expect(newestCode(several, user(3))).toBeUndefined();
  });

  test('the delivery is that of the last mailing of the newest code', () => {
    const mailings = [
      { at: at(0), delivery: 'bounced' },
      { at: at(60), delivery: 'sent' },
    ] as const;
    const one: AddressState = { ...given([]), codes: [code, { ...code, otpId: 'code-2', mailings }] };
    expect(latestDelivery(one, user(1))).toBe('sent');
    expect(latestDelivery(one, user(2))).toBeUndefined();
  });

  test('the next expiry is the earliest of the open codes; none where none is open', () => {
    const closed = { ...code, otpId: 'c', expiresAt: at(1), status: { kind: 'expired' } } as const;
    const later = { ...code, otpId: 'b', expiresAt: at(900) };
    expect(nextExpiry({ ...given([]), codes: [closed, later, code] })).toBe(at(600));
    expect(nextExpiry({ ...given([]), codes: [closed] })).toBeNull();
    expect(nextExpiry(given([]))).toBeNull();
  });
});

describe('a cap at its highest setting', () => {
  const [hour, day] = [policyBounds.requestsPerHourMax.max, policyBounds.requestsPerDayMax.max];

  test.each([
    ['hour', hour, { requestsPerHourMax: hour, requestsPerDayMax: day, cooldownSeconds: 1 }, 3600 / hour - 1],
    ['day', day, { requestsPerHourMax: hour, requestsPerDayMax: day, cooldownSeconds: 1 }, 86_400 / day - 1],
  ])('of a %s, %i, holds: the state remembers as many codes', (_what, max, policy, apart) => {
    const story = new Story({ ...policy, requestsPerUserHourMax: 0 });
    for (let n = 0; n < max; n++) expect(story.after(n === 0 ? 0 : apart).request(user(n)).kind).toBe('recorded');
    expect(story.after(1).request(user(999)).kind).toBe('rejected');
  });
});
