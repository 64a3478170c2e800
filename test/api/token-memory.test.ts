/** What is remembered of tokens that were checked: bounded by their count and by their length. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { user } from '../support/api.ts';
import { checkOf, jwt as signed, told } from '../support/tokens.ts';

const now = Date.parse('2026-03-01T12:00:00Z') / 1000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 }));
afterEach(() => void vi.useRealTimers());
const at = (seconds: number) => vi.setSystemTime((now + seconds) * 1000);

const jwt = (claims: object, by?: string) => signed({ exp: now + 60, ...claims }, 'HS256', by);
const early = 'The token is not valid yet: its claim nbf lies ahead.';

// Seen by a clock that goes back: only who was remembered is still let in before its time.
test.each([
  [2, user(1)],
  [3, early],
])('of three: beside %i newer ones a token is %s', async (others, wanted) => {
  const [check, token] = [checkOf({}, { count: 3, characters: 1e6 }), jwt({ sub: user(1), nbf: now + 30 })];
  at(40);
  expect(await told(check, token)).toBe(user(1));
  const newer = Promise.allSettled(Array.from({ length: others }, (_, n) => check(jwt({ sub: user(n) }, `other${n}`))));
  at(0);
  expect(await told(check, token)).toBe(wanted);
  expect((await newer).every(({ status }) => status === 'rejected')).toBe(true);
});

test('is bounded in characters too: the oldest goes first, and what goes is judged anew', async () => {
  const token = jwt({ sub: user(1), nbf: now + 30 });
  const check = checkOf({}, { count: 100, characters: 3 * token.length });
  at(40);
  await check(token);
  await check(jwt({ sub: user(2) }));
  at(0);
  expect(await told(check, token)).toBe(user(1));
  await check(jwt({ sub: user(3), pad: 'p'.repeat(2 * token.length) }));
  expect(await told(check, token)).toBe(early);
});

test('a token that was refused is looked at again, and takes up no room', async () => {
  const token = jwt({ sub: user(1), nbf: now + 30 });
  const check = checkOf({}, { count: 1, characters: 1e6 });
  expect(await told(check, token)).toBe(early);
  at(40);
  expect(await told(check, token)).toBe(user(1));
});
