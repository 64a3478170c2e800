/** The clock by which a claim runs out: a process that stood still, or a machine that slept, has used its time up. */
import { expect, test } from 'vitest';
import { createClock } from '../../services/mail/clock.ts';

/** Steps of both clocks in milliseconds, and how far ours went in all after each. */
test.each<[string, readonly (readonly [monotonic: number, wall: number])[], readonly number[]]>([
  [
    'both go on',
    [
      [10, 10],
      [1000, 1000],
    ],
    [10, 1010],
  ],
  ['the process was stopped: both went on', [[16_000, 16_000]], [16_000]],
  [
    'the machine slept: only the wall clock knows',
    [
      [5, 60_005],
      [5, 5],
    ],
    [60_005, 60_010],
  ],
  [
    'it slept twice',
    [
      [0, 20_000],
      [10, 10],
      [0, 30_000],
    ],
    [20_000, 20_010, 50_010],
  ],
  [
    'the wall clock was set back: nothing runs back',
    [
      [10, -3_600_000],
      [10, 10],
    ],
    [10, 20],
  ],
  [
    'it was set back, and then the machine slept',
    [
      [10, -3_600_000],
      [0, 20_000],
    ],
    [10, 20_010],
  ],
  [
    'the wall clock is set right by less than a second',
    [
      [1000, 1999],
      [10, 10],
    ],
    [1000, 1010],
  ],
  [
    'by a second it may have been sleep',
    [
      [1000, 2000],
      [10, 10],
    ],
    [2000, 2010],
  ],
  [
    'the wall clock counts whole milliseconds',
    [
      [0.25, 0],
      [0.25, 0],
      [0.25, 0],
      [0.25, 1],
    ],
    [0.25, 0.5, 0.75, 1],
  ],
])('%s', (_what, steps, expected) => {
  let [monotonic, wall] = [500, 1_000_000];
  const clock = createClock(
    () => monotonic,
    () => wall,
  );
  const start = clock();
  const seen = steps.map(([a, b]) => {
    monotonic += a;
    wall += b;
    return clock() - start;
  });
  expect(seen).toEqual(expected);
});
