/** How long a user waits for the next guess at an address: alone, beside others, and as days go by. */
import { describe, expect, test } from 'vitest';
import { nextGuessAt } from '../../services/core/guessing.ts';
import { defaultPolicy } from '../../services/core/policy.ts';
import { user } from '../support/api.ts';
import { at } from '../support/given.ts';

const DAY = 86_400;

/** So many wrong guesses of a user, all at once. */
const by = (n: number, times: number, seconds = 0) =>
  Array.from({ length: times }, () => ({ userId: user(n), at: at(seconds) }));
/** One each of so many users. */
const strangers = (times: number, seconds = 0) =>
  Array.from({ length: times }, (_, n) => ({ userId: user(100 + n), at: at(seconds) }));

const next = (guesses: ReturnType<typeof by>, { who = 1, now = 0, policy = {} } = {}) =>
  nextGuessAt(guesses, user(who), { ...defaultPolicy, ...policy }, at(now));

describe('the next guess of a user', () => {
  test.each([
    [0, 0],
    [4, 0],
    [5, at(30)],
    [6, at(60)],
    [7, at(120)],
    [9, at(480)],
    [10, at(DAY)],
    [20, at(DAY)],
  ])('after %d wrong ones of its own may be judged at %d', (count, expected) => {
    expect(next(by(1, count))).toBe(expected);
  });

  test('waits an hour at most before the lock', () => {
    expect(next(by(1, 15), { policy: { wrongGuessesPerUserMax: 100 } })).toBe(at(3600));
  });

  test('is locked at another number, and by the cap of the address where that is lower', () => {
    expect(next(by(1, 6), { policy: { wrongGuessesPerUserMax: 6 } })).toBe(at(DAY));
    expect(next(by(1, 6), { policy: { wrongGuessesMax: 6 } })).toBe(at(DAY));
  });

  test('is forgotten a day later, guess by guess', () => {
    const guesses = [...by(1, 5, 0), ...by(1, 5, 1000)];
    expect(next(guesses, { now: 1000 })).toBe(at(DAY));
    expect(next(guesses, { now: DAY })).toBe(at(1030));
    expect(next(guesses, { now: DAY + 1000 })).toBe(0);
  });

  test('of a clock that was a day and more ahead counts for nothing', () => {
    expect(next(by(1, 10, 30 * DAY))).toBe(0);
    expect(next(by(1, 10, DAY - 1))).toBe(at(2 * DAY - 1));
  });
});

describe('what others guessed wrong', () => {
  test('keeps nobody from a first guess, or waiting', () => {
    expect(next(by(2, 10))).toBe(0);
    expect(next([...by(2, 10), ...by(3, 10)])).toBe(0);
    expect(next([...by(2, 9), ...by(1, 1)])).toBe(0);
  });

  test('with one of its own it is the cap of the address, until that one or so many of all are a day old', () => {
    const twenty = [...by(2, 10, 100), ...by(3, 9, 200), ...by(1, 1, 300)];
    expect(next(twenty, { now: 300 })).toBe(at(DAY + 100));
    expect(next([...by(1, 1, 0), ...by(2, 10, 100), ...by(3, 9, 200)], { now: 300 })).toBe(at(DAY));
    expect(next(twenty, { now: DAY + 100 })).toBe(0);
  });

  test('a hundred in a day end it for everybody, whoever made them, until the first is a day old', () => {
    expect(next(strangers(99))).toBe(0);
    expect(next(strangers(100))).toBe(at(DAY));
    expect(next([...strangers(1, 0), ...strangers(99, 50)], { now: 50 })).toBe(at(DAY));
    expect(next([...strangers(1, 0), ...strangers(99, 50)], { now: DAY })).toBe(0);
  });
});
