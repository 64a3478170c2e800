/** A sender that stood still with mails in hand: what it held is judged again before a byte goes out, and none goes out twice by its doing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Mail } from '../../services/core/mail.ts';
import { mailOf, moved, senderTold, stopTheClock, taken, told } from '../support/sender.ts';

beforeEach(stopTheClock);

/** So long the machine sleeps: no timer runs, and only the wall clock knows. */
const standsStill = (milliseconds: number): void => void vi.setSystemTime(Date.now() + milliseconds);

test('what waited for a permit goes back unsent when the claim is over, or the code dead', async () => {
  let open = false;
  const { mailer, sent, deferred } = senderTold({ permits: (wanted) => (open ? wanted : 0) });
  await moved(100);
  for (const mail of [mailOf('claimed'), mailOf('dies', 4000)]) mailer.offer(mail);
  standsStill(5000);
  open = true;
  await moved(500);
  expect([sent, deferred]).toEqual([['claimed'], [['dies', 0]]]);
  open = false;
  mailer.offer(mailOf('later'));
  standsStill(9000);
  open = true;
  await moved(500);
  expect([sent, deferred.at(-1)]).toEqual([['claimed'], ['later', 0]]);
});

test.each([
  [13_000, 'x sent'],
  [15_000, undefined],
])('a claim that was asked for %i ms ago counts from then, whenever its answer came', async (milliseconds, outcome) => {
  let claims = 0;
  const { sent, recorded, deferred } = senderTold({
    attemptMillisecondsMax: 500,
    claim: async (): Promise<readonly Mail[]> => {
      if (claims++ > 0) return [];
      await sleep(10);
      standsStill(milliseconds);
      return [mailOf('x')];
    },
  });
  await moved(1000);
  expect([sent, told(recorded), deferred]).toEqual(outcome ? [['x'], [outcome], []] : [[], [], [['x', 0]]]);
});

test('a mail that was decided on before the stop counts from then', async () => {
  const { mailer, sent, deferred } = senderTold();
  await moved(100);
  const since = mailer.now();
  standsStill(15_000);
  mailer.offer(mailOf('x'), since);
  await moved(100);
  expect([sent, deferred]).toEqual([[], [['x', 0]]]);
});

describe('a transport is told how long the bytes may still go out', () => {
  test.each([
    ['until the claim is over, less a second for the way', 600_000, [14_000, 11_000, 1000, -1000]],
    ['until the code is dead', 5000, [5000, 2000, -8000, -10_000]],
  ])('%s', async (_what, lives, expected) => {
    const seen: number[] = [];
    const { mailer, results, recorded, deferred } = senderTold({
      answer: async (_n, left) => {
        seen.push(left());
        await sleep(3000);
        seen.push(left());
        standsStill(10_000);
        seen.push(left());
        await sleep(2000);
        seen.push(left());
        return { kind: 'late' };
      },
    });
    await moved(100);
    mailer.offer(mailOf('x', lives));
    await moved(6000);
    expect(seen).toEqual(expected);
    expect([results.map(([kind]) => kind), recorded, deferred]).toEqual([['late'], [], [['x', 0]]]);
    expect(mailer.isAvailable()).toBe(true);
  });
});

describe('a mail that is claimed once more while this sender has it in hand', () => {
  test('goes out once: its claim ran out by a clock that went ahead, or while the process stood still', async () => {
    let open = false;
    const { sent, recorded } = senderTold({
      permits: (wanted) => (open ? wanted : 0),
      claim: (n) => (n <= 3 ? [mailOf('x')] : []),
      answer: () => new Promise((resolve) => setTimeout(() => resolve(taken), 3000)),
    });
    await moved(600);
    open = true;
    await moved(5000);
    expect([sent, told(recorded)]).toEqual([['x'], ['x sent']]);
  });

  test('is no longer in hand when its outcome is recorded', async () => {
    const { sent } = senderTold({ claim: (n) => (n === 1 || n === 3 ? [mailOf('x')] : []) });
    await moved(2000);
    expect(sent).toEqual(['x', 'x']);
  });
});
