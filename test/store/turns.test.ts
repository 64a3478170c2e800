/** Turns and counts: so many at once, in order, few waiting; and one count for all who ask while another is under way. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Busy, createTurns } from '../../services/store/turns.ts';
import type { Figures } from '../../services/store/admin-queries.ts';
import { COUNTED_EACH_TIME_MAX, createFigures } from '../../services/store/figures.ts';

/** Work that is done when the test says so. */
function works() {
  const begun: number[] = [];
  const ends = new Map<number, PromiseWithResolvers<number>>();
  const work = (n: number) => () => {
    begun.push(n);
    const end = Promise.withResolvers<number>();
    ends.set(n, end);
    return end.promise;
  };
  return {
    begun,
    work,
    end: (n: number) => ends.get(n)?.resolve(n),
    fail: (n: number) => ends.get(n)?.reject(new Error('x')),
  };
}

const stays = () => new AbortController().signal;

test('two work, two wait in order, one more is refused at once; a failure ends a turn as well', async () => {
  const { begun, work, end, fail } = works();
  const take = createTurns({ atOnce: 2, waitingMax: 2 });
  const [first, second, third, fourth] = [0, 1, 2, 3].map((n) => take(work(n), stays()));
  await expect(take(work(4), stays())).rejects.toBeInstanceOf(Busy);
  expect(begun).toEqual([0, 1]);
  fail(0);
  await expect(first).rejects.toThrow('x');
  expect(begun).toEqual([0, 1, 2]);
  end(1);
  expect(await second).toBe(1);
  expect(begun).toEqual([0, 1, 2, 3]);
  end(2);
  end(3);
  expect(await Promise.all([third, fourth])).toEqual([2, 3]);
  const again = [5, 6, 7].map((n) => take(work(n), stays()));
  await turn();
  expect(begun.slice(4)).toEqual([5, 6]);
  for (const n of [5, 6]) end(n);
  await expect.poll(() => begun.at(-1)).toBe(7);
  end(7);
  expect(await Promise.all(again)).toEqual([5, 6, 7]);
});

test('who has left before the turn takes none, and leaves the place to another', async () => {
  const { begun, work, end } = works();
  const take = createTurns({ atOnce: 1, waitingMax: 1 });
  const leaver = new AbortController();
  const first = take(work(0));
  const left = take(work(1), leaver.signal);
  leaver.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  await expect(take(work(2), leaver.signal)).rejects.toThrow('left');
  const next = take(work(3));
  end(0);
  await first;
  await expect.poll(() => begun).toEqual([0, 3]);
  end(3);
  expect(await next).toBe(3);
});

/** The figures of so many addresses. */
const of = (total: number): Figures =>
  ({ stats: { total_emails: total }, byPurpose: [], recent: [], asOf: new Date(0) }) as unknown as Figures;

test('fifty who ask at once share two counts; who comes while one is under way gets what was written before', async () => {
  const counts: PromiseWithResolvers<Figures>[] = [];
  const { figures } = createFigures(() => {
    counts.push(Promise.withResolvers<Figures>());
    return counts.at(-1)?.promise as Promise<Figures>;
  });
  const asked = Array.from({ length: 50 }, () => figures());
  expect(counts).toHaveLength(1);
  counts[0]?.resolve(of(1));
  expect(await asked[0]).toEqual(of(1));
  await expect.poll(() => counts.length).toBe(2);
  counts[1]?.resolve(of(2));
  expect(await Promise.all(asked.slice(1))).toEqual(Array(49).fill(of(2)));
});

test('a count that fails is told, and the next one is made', async () => {
  let fails = true;
  const { figures, latest } = createFigures(async () => {
    if (fails) throw new Error('x');
    return of(3);
  });
  await expect(Promise.all([figures(), figures()])).rejects.toThrow('x');
  fails = false;
  expect(await figures()).toEqual(of(3));
  expect(latest()).toEqual(of(3));
});

test.each([
  [COUNTED_EACH_TIME_MAX, 0, 2],
  [COUNTED_EACH_TIME_MAX + 1, 59_999, 1],
  [COUNTED_EACH_TIME_MAX + 1, 60_000, 2],
])('of %i addresses, asked again after %i ms: counted %i times', async (total, later, times) => {
  let now = 5;
  let counted = 0;
  const { figures } = createFigures(
    async () => {
      counted++;
      return of(total);
    },
    () => now,
  );
  await figures();
  now += later;
  await figures();
  expect(counted).toBe(times);
});
