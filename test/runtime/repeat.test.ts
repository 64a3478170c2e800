/** What goes on as long as a process: when its rounds come, and what is told of those that fail. On a clock that the test moves. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../services/runtime/log.ts';
import { createMetrics } from '../../services/runtime/metrics.ts';
import { createReports, repeat, withReport, retry } from '../../services/runtime/repeat.ts';
import { collectReports } from '../support/reports.ts';
import { moved, stopTheClock } from '../support/sender.ts';

beforeEach(stopTheClock);

const away = () => new Error('away');

describe('a loop', () => {
  test.each([
    ['at its interval', 60_000, false, 60_000],
    ['after a second where it failed', 60_000, true, 1000],
    ['at its interval where that is shorter than the second', 300, true, 300],
  ])('begins at once and comes %s', async (_what, milliseconds, fails, after) => {
    const { signal, abort } = abortable();
    const { reportOn, failures, successes } = collectReports();
    let times = 0;
    const work = async () => {
      times++;
      if (fails) throw away();
    };
    const ended = repeat({ signal, milliseconds, report: reportOn('look'), work });
    await moved();
    expect(times).toBe(1);
    await moved(after - 1);
    expect(times).toBe(1);
    await moved(1);
    expect(times).toBe(2);
    abort();
    await ended;
    await moved(600_000);
    expect(times).toBe(2);
    expect([failures.length, successes.length]).toEqual(fails ? [2, 0] : [0, 2]);
  });
});

test('a thing tried until it succeeds ends with its success, its time or the stop', async () => {
  const stopping = abortable();
  const times = { good: 0, late: 0, stopped: 0 };
  const fails = (name: keyof typeof times, last = Number.POSITIVE_INFINITY) => {
    return async () => {
      if (++times[name] < last) throw away();
    };
  };
  const now = performance.now();
  const all = [
    retry(abortable().signal, now + 60_000, fails('good', 3)),
    retry(abortable().signal, now + 1000, fails('late')),
    retry(stopping.signal, now + 60_000, fails('stopped')),
  ];
  await moved(999);
  expect(times).toEqual({ good: 2, late: 2, stopped: 2 });
  stopping.abort();
  await moved(501);
  await Promise.all(all);
  expect(times).toEqual({ good: 3, late: 4, stopped: 3 });
  await moved(60_000);
  expect(times).toEqual({ good: 3, late: 4, stopped: 3 });
});

describe('what is told of a loop', () => {
  test('is when it begins to fail and when it works again, once each; every failure and the last success are counted', async () => {
    const lines: string[] = [];
    const log = createLog({ service: 'api', level: 'info', stream: { write: (line) => void lines.push(line) } });
    const metrics = createMetrics('api');
    const report = createReports(log, metrics)('look');
    const told = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const outcomes = [true, true, false, false, false, true, true, false];
    for (const well of outcomes) {
      await moved(1000);
      await withReport(report, async () => (well ? 7 : Promise.reject(away()))).catch(() => {});
    }
    expect(told().map(({ event, loop, count }) => [event, loop, count])).toEqual([
      ['loop_failing', 'look', undefined],
      ['loop_recovered', 'look', 3],
      ['loop_failing', 'look', undefined],
    ]);
    expect((await metrics.loopFailures.get()).values).toMatchObject([{ value: 4, labels: { loop: 'look' } }]);
    const [last] = (await metrics.loopLastSuccess.get()).values;
    expect(last).toMatchObject({ labels: { loop: 'look' }, value: (Date.now() - 1000) / 1000 });
  });

  test('leaves the value a value and the failure a failure', async () => {
    const { reportOn } = collectReports();
    expect(await withReport(reportOn('x'), async () => 7)).toBe(7);
    await expect(withReport(reportOn('x'), () => Promise.reject(away()))).rejects.toThrow('away');
  });
});

function abortable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
