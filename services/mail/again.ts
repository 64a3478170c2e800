/** Doing a thing that may fail: at intervals, until it succeeds, or once and without it. */
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

/** What the work gives, or undefined where it throws. */
export function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
