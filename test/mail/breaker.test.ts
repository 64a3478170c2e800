/** The circuit breaker: when it opens, how it probes, what closes it. */
import { describe, expect, test } from 'vitest';
import { createBreaker } from '../../services/mail/breaker.ts';
import type { SendResult } from '../../services/mail/transport.ts';

test('the breaker lets one probe through every ten seconds, and closes when the service answers it', () => {
  const breaker = createBreaker();
  breaker.saw({ kind: 'unavailable', reason: 'quota' }, 0, 0, 'm');
  expect([breaker.take(1), breaker.take(9999), breaker.take(10_000), breaker.take(10_001)]).toEqual([
    false,
    false,
    true,
    false,
  ]);
  breaker.saw({ kind: 'unsure' }, 10_000, 10_002, 'm');
  expect(breaker.take(10_003)).toBe(false);
  breaker.saw({ kind: 'accepted', messageId: 'm' }, 10_000, 10_004, 'm');
  expect([breaker.take(10_005), breaker.take(10_005)]).toEqual([true, true]);
});

test('an answer to a request from before the circuit opened closes nothing', () => {
  const breaker = createBreaker();
  breaker.saw({ kind: 'unavailable', reason: 'paused' }, 50, 100, 'm');
  breaker.saw({ kind: 'accepted', messageId: 'm' }, 60, 120, 'm');
  expect(breaker.state(121)).toBe('open');
});

test('five connections in a row that fail open the circuit; one that comes about between them starts the count anew', () => {
  const breaker = createBreaker();
  for (let n = 0; n < 4; n++) breaker.saw({ kind: 'unreached' }, n, n, 'm');
  breaker.saw({ kind: 'rejected' }, 5, 5, 'm');
  for (let n = 6; n < 10; n++) breaker.saw({ kind: 'unreached' }, n, n, 'm');
  expect(breaker.state(10)).toBe('closed');
  breaker.saw({ kind: 'unreached' }, 10, 10, 'm');
  expect(breaker.state(11)).toBe('open');
});

test('ten seconds after it opened, and not a moment before, it is half-open: for one', () => {
  const breaker = createBreaker();
  expect(breaker.state(0)).toBe('closed');
  breaker.saw({ kind: 'unavailable', reason: 'credentials' }, 0, 1000, 'm');
  expect([1000, 10_999, 11_000, 99_999].map(breaker.state)).toEqual(['open', 'open', 'half-open', 'half-open']);
  expect(breaker.take(12_000)).toBe(true);
  expect([12_000, 21_999, 22_000].map(breaker.state)).toEqual(['open', 'open', 'half-open']);
});

test.each([
  [{ kind: 'accepted', messageId: 'm' }, 'closed'],
  [{ kind: 'throttled' }, 'closed'],
  [{ kind: 'rejected' }, 'closed'],
  [{ kind: 'unsure' }, 'open'],
  [{ kind: 'unreached' }, 'open'],
  [{ kind: 'deferred' }, 'closed'],
  [{ kind: 'disputed' }, 'open'],
  [{ kind: 'late' }, 'open'],
  [{ kind: 'unavailable', reason: 'quota' }, 'open'],
] as const)('a probe that comes to %j leaves it %s', (result, state) => {
  const breaker = createBreaker();
  breaker.saw({ kind: 'unavailable', reason: 'quota' }, 0, 0, 'm');
  breaker.take(10_000);
  breaker.saw(result, 10_000, 10_100, 'm');
  expect(breaker.state(10_101)).toBe(state);
});

test('a probe that is refused again is followed by another ten seconds later', () => {
  const breaker = createBreaker();
  breaker.saw({ kind: 'unavailable', reason: 'quota' }, 0, 0, 'm');
  breaker.take(10_000);
  breaker.saw({ kind: 'unavailable', reason: 'quota' }, 10_000, 13_000, 'm');
  expect([22_999, 23_000].map(breaker.state)).toEqual(['open', 'half-open']);
});

test('an answer counts from the moment at which it opened first, also where it was refused again since', () => {
  const breaker = createBreaker();
  breaker.saw({ kind: 'unavailable', reason: 'quota' }, 0, 100, 'm');
  breaker.saw({ kind: 'unavailable', reason: 'quota' }, 10_100, 10_200, 'm');
  breaker.saw({ kind: 'accepted', messageId: 'm' }, 99, 10_300, 'm');
  expect(breaker.state(10_300)).toBe('open');
  breaker.saw({ kind: 'accepted', messageId: 'm' }, 100, 10_300, 'm');
  expect(breaker.state(10_300)).toBe('closed');
});

test('once closed it opens again only after five more in a row; an answer that was lost is one of a service that is there', () => {
  const breaker = createBreaker();
  for (let n = 0; n < 5; n++) breaker.saw({ kind: 'unreached' }, n, n, 'm');
  expect(breaker.state(5)).toBe('open');
  breaker.saw({ kind: 'accepted', messageId: 'm' }, 20_000, 20_001, 'm');
  for (let n = 0; n < 4; n++) breaker.saw({ kind: 'unreached' }, 20_002, 20_002, 'm');
  breaker.saw({ kind: 'unsure' }, 20_003, 20_003, 'm');
  for (let n = 0; n < 4; n++) breaker.saw({ kind: 'unreached' }, 20_004, 20_004, 'm');
  expect(breaker.state(20_005)).toBe('closed');
});

const sees = (...seen: readonly (readonly [SendResult, string])[]) => {
  const breaker = createBreaker();
  for (const [result, mail] of seen) breaker.saw(result, 0, 0, mail);
  return breaker.state(1);
};

describe('refusals that are on no list', () => {
  const disputed = { kind: 'disputed' } as const;
  const accepted = { kind: 'accepted', messageId: 'm' } as const;

  test.each<[string, 'open' | 'closed', ...(readonly [SendResult, string])[]]>([
    ['of three mails in a row open the circuit', 'open', [disputed, 'a'], [disputed, 'b'], [disputed, 'c']],
    [
      'of one mail, however often, do not',
      'closed',
      [disputed, 'a'],
      [disputed, 'a'],
      [disputed, 'a'],
      [disputed, 'a'],
    ],
    ['of two, in turns, do not', 'closed', [disputed, 'a'], [disputed, 'b'], [disputed, 'a'], [disputed, 'b']],
    [
      'with a mail taken between them count anew',
      'closed',
      [disputed, 'a'],
      [disputed, 'b'],
      [accepted, 'x'],
      [disputed, 'c'],
    ],
    [
      'with a recipient refused between them count on: that says nothing of the account',
      'open',
      [disputed, 'a'],
      [{ kind: 'rejected' }, 'x'],
      [disputed, 'b'],
      [{ kind: 'deferred' }, 'y'],
      [disputed, 'c'],
    ],
  ])('%s', (_what, state, ...seen) => {
    expect(sees(...seen)).toBe(state);
  });
});

test('a mail whose time was over before its turn says nothing of the service', () => {
  const breaker = createBreaker();
  for (let n = 0; n < 4; n++) breaker.saw({ kind: 'unreached' }, n, n, 'm');
  breaker.saw({ kind: 'late' }, 5, 5, 'm');
  expect(breaker.state(5)).toBe('closed');
  breaker.saw({ kind: 'unreached' }, 6, 6, 'm');
  expect(breaker.state(6)).toBe('open');
});
