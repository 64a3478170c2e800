/** Permits of the shared bucket, on a clock that the test moves. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createSharedPace } from '../../services/mail/shared-pace.ts';
import { moved, stopTheClock } from '../support/sender.ts';

beforeEach(stopTheClock);

type Grant = Readonly<{ granted: number; waitMilliseconds: number }>;

/** A pace of 8 a second whose bucket answers as told, and how often it was ready. */
function paceOf(answer: (n: number) => Grant | Promise<Grant>) {
  const asked: [number, number][] = [];
  const seen = { ready: 0 };
  const pace = createSharedPace(
    async (wanted, perSecond) => answer(asked.push([wanted, perSecond])),
    () => void seen.ready++,
  );
  pace.setRate(8);
  return { pace, asked, seen };
}

describe('permits', () => {
  test('are not asked for before there is a rate', async () => {
    const { pace, asked } = paceOf(() => ({ granted: 1, waitMilliseconds: 0 }));
    pace.setRate(0);
    expect([pace.take(1), pace.rate()]).toEqual([false, 0]);
    await moved(1000);
    expect(asked).toEqual([]);
  });

  test('are asked for in one question at a time, for as many as wait at the pace', async () => {
    const answer = Promise.withResolvers<Grant>();
    const { pace, asked, seen } = paceOf((n) => (n === 1 ? answer.promise : { granted: 0, waitMilliseconds: 100 }));
    expect([pace.take(3), pace.take(4)]).toEqual([false, false]);
    await moved(5000);
    expect([asked, seen.ready]).toEqual([[[3, 8]], 0]);
    answer.resolve({ granted: 2, waitMilliseconds: 0 });
    await moved();
    expect(seen.ready).toBe(1);
    expect([pace.take(4), pace.take(3), pace.take(2)]).toEqual([true, true, false]);
    expect(asked).toEqual([
      [3, 8],
      [2, 8],
    ]);
  });

  test('that are not there are asked for again when the bucket says, and not before', async () => {
    const { pace, seen } = paceOf(() => ({ granted: 0, waitMilliseconds: 125 }));
    pace.take(1);
    await moved(124);
    expect(seen.ready).toBe(0);
    await moved(1);
    expect(seen.ready).toBe(1);
    await moved(10_000);
    expect(seen.ready).toBe(1);
  });

  test('are never asked for in a ring: a bucket that says at once is waited for a moment', async () => {
    const { pace, seen } = paceOf(() => ({ granted: 0, waitMilliseconds: -5 }));
    pace.take(1);
    await moved();
    expect(seen.ready).toBe(0);
    await moved(1);
    expect(seen.ready).toBe(1);
  });

  test('wake once: a new question takes the place of the waiting', async () => {
    const { pace, asked, seen } = paceOf(() => ({ granted: 0, waitMilliseconds: 100 }));
    pace.take(1);
    await moved(60);
    pace.take(2);
    await moved(99);
    expect([asked.length, seen.ready]).toEqual([2, 0]);
    await moved(1000);
    expect(seen.ready).toBe(1);
  });

  test('of a store that is away are none, asked for again after half a second', async () => {
    const { pace, asked, seen } = paceOf(() => Promise.reject(new Error('away')));
    expect(pace.take(1)).toBe(false);
    await moved(499);
    expect(seen.ready).toBe(0);
    await moved(1);
    expect([seen.ready, pace.take(1), asked.length]).toEqual([1, false, 2]);
  });

  test('wake nobody after a stop, neither from a waiting nor from a question under way', async () => {
    const waiting = paceOf(() => ({ granted: 0, waitMilliseconds: 100 }));
    waiting.pace.take(1);
    await moved(1);
    waiting.pace.stop();
    const asking = paceOf(() => new Promise((resolve) => setTimeout(resolve, 50, { granted: 1, waitMilliseconds: 0 })));
    asking.pace.take(1);
    asking.pace.stop();
    const empty = paceOf(() => new Promise((resolve) => setTimeout(resolve, 50, { granted: 0, waitMilliseconds: 0 })));
    empty.pace.take(1);
    empty.pace.stop();
    await moved(10_000);
    expect([waiting.seen.ready, asking.seen.ready, empty.seen.ready]).toEqual([0, 0, 0]);
  });
});
