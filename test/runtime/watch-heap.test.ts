/** A heap beyond what is usual: told once when it grows so large, once when it is back, and looked at once a minute. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLog } from '../../services/runtime/log.ts';
import { watchHeap } from '../../services/runtime/watch-heap.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const MEBIBYTE = 2 ** 20;

function watched() {
  const lines: Record<string, unknown>[] = [];
  const log = createLog({
    service: 'api',
    level: 'info',
    stream: { write: (line) => void lines.push(JSON.parse(line)) },
  });
  const heap = { megabytes: 100, looks: 0 };
  const stop = watchHeap(log, () => (heap.looks++, heap.megabytes * MEBIBYTE));
  const told = () => lines.map(({ level, event, megabytes }) => [level, event, megabytes]);
  return { heap, stop, told };
}

test('what is usual is not told, however long; 500 MB are usual, one more is not', () => {
  const { heap, told } = watched();
  vi.advanceTimersByTime(10 * 60_000);
  heap.megabytes = 500;
  vi.advanceTimersByTime(10 * 60_000);
  expect([heap.looks, told()]).toEqual([20, []]);
  heap.megabytes = 501;
  vi.advanceTimersByTime(60_000);
  expect(told()).toEqual([[40, 'heap_high', 501]]);
});

test('each change is told once, and after the end nothing is looked at', () => {
  const { heap, stop, told } = watched();
  for (const megabytes of [700, 900, 300, 200, 800]) {
    heap.megabytes = megabytes;
    vi.advanceTimersByTime(3 * 60_000);
  }
  expect(told()).toEqual([
    [40, 'heap_high', 700],
    [30, 'heap_usual', 300],
    [40, 'heap_high', 800],
  ]);
  stop();
  const { looks } = heap;
  vi.advanceTimersByTime(60 * 60_000);
  expect(heap.looks).toBe(looks);
});

test('by itself it is the heap of this process', () => {
  const read = vi.spyOn(process, 'memoryUsage').mockReturnValue({ heapUsed: 600 * MEBIBYTE } as NodeJS.MemoryUsage);
  const lines: string[] = [];
  watchHeap(createLog({ service: 'api', level: 'info', stream: { write: (line) => void lines.push(line) } }));
  vi.advanceTimersByTime(60_000);
  read.mockRestore();
  expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['heap_high']);
});
