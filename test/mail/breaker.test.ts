/** The circuit breaker: when it opens, how it probes, what closes it. */
import { expect, test } from 'vitest';
import { createBreaker } from '../../services/mail/breaker.ts';

test('the breaker lets one probe through every ten seconds, and closes when the service answers it', () => {
  const breaker = createBreaker();
  breaker.saw({ kind: 'unavailable', reason: 'quota' }, 0, 0);
  expect([breaker.take(1), breaker.take(9999), breaker.take(10_000), breaker.take(10_001)]).toEqual([
    false,
    false,
    true,
    false,
  ]);
  breaker.saw({ kind: 'unsure' }, 10_000, 10_002);
  expect(breaker.take(10_003)).toBe(false);
  breaker.saw({ kind: 'accepted', messageId: 'm' }, 10_000, 10_004);
  expect([breaker.take(10_005), breaker.take(10_005)]).toEqual([true, true]);
});

test('an answer to a request from before the circuit opened closes nothing', () => {
  const breaker = createBreaker();
  breaker.saw({ kind: 'unavailable', reason: 'paused' }, 50, 100);
  breaker.saw({ kind: 'accepted', messageId: 'm' }, 60, 120);
  expect(breaker.state(121)).toBe('open');
});

test('five connections in a row that fail open the circuit; one that comes about between them starts the count anew', () => {
  const breaker = createBreaker();
  for (let n = 0; n < 4; n++) breaker.saw({ kind: 'unreached' }, n, n);
  breaker.saw({ kind: 'rejected' }, 5, 5);
  for (let n = 6; n < 10; n++) breaker.saw({ kind: 'unreached' }, n, n);
  expect(breaker.state(10)).toBe('closed');
  breaker.saw({ kind: 'unreached' }, 10, 10);
  expect(breaker.state(11)).toBe('open');
});
