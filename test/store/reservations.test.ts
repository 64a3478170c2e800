/** The limits beyond one address in memory: which windows a batch needs, who is refused, what the append is to take. */
import { describe, expect, test } from 'vitest';
import type { Command } from '../../services/core/decide.ts';
import { defaultPolicy } from '../../services/core/policy.ts';
import { openReservations, windowsOf } from '../../services/store/limits/reservations.ts';
import { user } from '../support/api.ts';
import { guessOf, requestOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';

const [a, b] = [addressOf('a@example.com'), addressOf('b@example.com')];
const policy = { ...defaultPolicy, requestsPerUserHourMax: 3, requestsPerMinuteMax: 5 };
const none = { ...defaultPolicy, requestsPerUserHourMax: 0, requestsPerMinuteMax: 0 };
const first = `user ${user(1)}`;

const counts = (of: Readonly<Record<string, readonly [count: number, endsInSeconds: number]>>) =>
  new Map(Object.entries(of).map(([key, [count, endsInSeconds]]) => [key, { count, endsInSeconds }]));

describe('the windows of a batch', () => {
  test('are of who asks for a mail, an hour each and once, and a minute of the installation', () => {
    const commands = [requestOf(a, user(1)), requestOf(b, user(1)), requestOf(b, user(2)), guessOf(a, user(3), '1')];
    expect(windowsOf(commands, policy)).toEqual([
      { key: first, seconds: 3600 },
      { key: `user ${user(2)}`, seconds: 3600 },
      { key: 'installation', seconds: 60 },
    ]);
  });

  test('are none where nobody asks for a mail, or no limit is set', () => {
    expect(windowsOf([guessOf(a, user(1), '1')], policy)).toEqual([]);
    expect(windowsOf([requestOf(a, user(1))], none)).toEqual([]);
    expect(windowsOf([requestOf(a, user(1))], { ...none, requestsPerMinuteMax: 1 })).toEqual([
      { key: 'installation', seconds: 60 },
    ]);
  });
});

describe('a refusal', () => {
  test.each([
    [{}, undefined],
    [{ [first]: [2, 100] }, undefined],
    [{ [first]: [3, 100] }, { code: 'user_limit', retryAfterSeconds: 100 }],
    [{ [first]: [4, 99.001] }, { code: 'user_limit', retryAfterSeconds: 100 }],
    [{ [first]: [3, 0.2] }, { code: 'user_limit', retryAfterSeconds: 1 }],
    [{ [first]: [3, -7] }, { code: 'user_limit', retryAfterSeconds: 1 }],
    [{ [`user ${user(2)}`]: [3, 100] }, undefined],
    [{ installation: [4, 30] }, undefined],
    [{ installation: [5, 30] }, { code: 'installation_limit', retryAfterSeconds: 30 }],
    [
      { [first]: [3, 100], installation: [5, 30] },
      { code: 'user_limit', retryAfterSeconds: 100 },
    ],
  ] as const)('with the counts %j: %j', (of, refusal) => {
    expect(openReservations(counts(of), policy).refusalOf(requestOf(a, user(1)))).toEqual(refusal);
  });

  test('is of requests for a mail alone, and of limits that are set', () => {
    const full = counts({ [first]: [99, 100], installation: [99, 30] });
    const guess: Command = guessOf(a, user(1), '123456');
    expect(openReservations(full, policy).refusalOf(guess)).toBeUndefined();
    expect(openReservations(full, none).refusalOf(requestOf(a, user(1)))).toBeUndefined();
  });
});

describe('what is spent', () => {
  test('counts for the rest of the batch, whatever its address', () => {
    const reservations = openReservations(counts({ [first]: [1, 100] }), policy);
    reservations.add(requestOf(a, user(1)));
    expect(reservations.refusalOf(requestOf(b, user(1)))).toBeUndefined();
    reservations.add(requestOf(b, user(1)));
    expect(reservations.refusalOf(requestOf(a, user(1)))).toEqual({ code: 'user_limit', retryAfterSeconds: 100 });
    expect(reservations.refusalOf(requestOf(a, user(2)))).toBeUndefined();
    for (const n of [3, 4, 5]) reservations.add(requestOf(a, user(n)));
    // A window that nobody counted in before is whole again after its whole length.
    expect(reservations.refusalOf(requestOf(a, user(2)))).toEqual({
      code: 'installation_limit',
      retryAfterSeconds: 60,
    });
  });

  test('is taken with the stream it was spent for, all of one window together', () => {
    const reservations = openReservations(new Map(), policy);
    for (const command of [
      requestOf(a, user(1)),
      requestOf(a, user(1)),
      requestOf(a, user(2)),
      requestOf(b, user(1)),
    ]) {
      reservations.add(command);
    }
    reservations.add(guessOf(a, user(1), '1'));
    expect(reservations.of(a)).toEqual([
      { key: first, address: a, n: 2, max: 3, seconds: 3600 },
      { key: 'installation', address: a, n: 3, max: 5, seconds: 60 },
      { key: `user ${user(2)}`, address: a, n: 1, max: 3, seconds: 3600 },
    ]);
    expect(reservations.of(b)).toEqual([
      { key: first, address: b, n: 1, max: 3, seconds: 3600 },
      { key: 'installation', address: b, n: 1, max: 5, seconds: 60 },
    ]);
    expect(reservations.of(addressOf('c@example.com'))).toEqual([]);
  });
});
