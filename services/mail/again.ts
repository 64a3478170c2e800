/** Doing a thing again: at intervals, or until it succeeds; both end when told to stop. */
import { setTimeout as sleep } from 'node:timers/promises';

const AFTER_FAILURE_MILLISECONDS = 1000;
const RETRY_MILLISECONDS = 500;

/** At once, then again and again; a failure waits for the next time, a second at most. Resolves once stopped. */
export async function every(signal: AbortSignal, milliseconds: number, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    const failed = await work().then(
      () => false,
      () => true,
    );
    const pause = failed ? Math.min(milliseconds, AFTER_FAILURE_MILLISECONDS) : milliseconds;
    await sleep(pause, undefined, { signal, ref: false }).catch(() => {});
  }
}

/** Tries until it succeeds, the time by performance.now() is over, or it is told to stop. */
export async function untilDone(signal: AbortSignal, deadline: number, work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch {
      if (performance.now() > deadline || signal.aborted) return;
      await sleep(RETRY_MILLISECONDS);
    }
  }
}
