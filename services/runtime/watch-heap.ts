/** Looks once a minute how large the heap is, and tells when it grows beyond what is usual and when it is back. */
import type { Log } from './log.ts';

const LOOK_MILLISECONDS = 60_000;
const MEBIBYTE = 2 ** 20;
/** The guide's. */
const USUAL_MEGABYTES_MAX = 500;

/** Log lines `heap_high` and `heap_usual`, once at each change. Returns what ends the watch. */
export function watchHeap(log: Log, usedBytes = () => process.memoryUsage().heapUsed): () => void {
  let isHigh = false;
  const looking = setInterval(() => {
    const megabytes = Math.round(usedBytes() / MEBIBYTE);
    const before = isHigh;
    isHigh = megabytes > USUAL_MEGABYTES_MAX;
    if (isHigh && !before) log.warn('heap_high', { megabytes });
    if (!isHigh && before) log.info('heap_usual', { megabytes });
  }, LOOK_MILLISECONDS).unref();
  return () => clearInterval(looking);
}
